//! Kana in Latin letters, as people write names: Hepburn and Kunrei, with long vowels spelt out or left short.

use unicode_normalization::UnicodeNormalization;

/// A syllable as it is written in both ways.
type Syllable = (&'static str, &'static str, &'static str);

/// Pairs of kana before single ones: the longer match wins.
#[rustfmt::skip]
const SYLLABLES: &[Syllable] = &[
    ("きゃ", "kya", "kya"), ("きゅ", "kyu", "kyu"), ("きょ", "kyo", "kyo"),
    ("ぎゃ", "gya", "gya"), ("ぎゅ", "gyu", "gyu"), ("ぎょ", "gyo", "gyo"),
    ("しゃ", "sha", "sya"), ("しゅ", "shu", "syu"), ("しょ", "sho", "syo"), ("しぇ", "she", "sye"),
    ("じゃ", "ja", "zya"), ("じゅ", "ju", "zyu"), ("じょ", "jo", "zyo"), ("じぇ", "je", "zye"),
    ("ぢゃ", "ja", "zya"), ("ぢゅ", "ju", "zyu"), ("ぢょ", "jo", "zyo"),
    ("ちゃ", "cha", "tya"), ("ちゅ", "chu", "tyu"), ("ちょ", "cho", "tyo"), ("ちぇ", "che", "tye"),
    ("にゃ", "nya", "nya"), ("にゅ", "nyu", "nyu"), ("にょ", "nyo", "nyo"),
    ("ひゃ", "hya", "hya"), ("ひゅ", "hyu", "hyu"), ("ひょ", "hyo", "hyo"),
    ("びゃ", "bya", "bya"), ("びゅ", "byu", "byu"), ("びょ", "byo", "byo"),
    ("ぴゃ", "pya", "pya"), ("ぴゅ", "pyu", "pyu"), ("ぴょ", "pyo", "pyo"),
    ("みゃ", "mya", "mya"), ("みゅ", "myu", "myu"), ("みょ", "myo", "myo"),
    ("りゃ", "rya", "rya"), ("りゅ", "ryu", "ryu"), ("りょ", "ryo", "ryo"),
    ("ふぁ", "fa", "fa"), ("ふぃ", "fi", "fi"), ("ふぇ", "fe", "fe"), ("ふぉ", "fo", "fo"),
    ("てぃ", "ti", "ti"), ("でぃ", "di", "di"), ("でゅ", "dyu", "dyu"), ("うぃ", "wi", "wi"),
    ("うぇ", "we", "we"), ("うぉ", "wo", "wo"), ("ゔぁ", "va", "va"), ("ゔぃ", "vi", "vi"),
    ("あ", "a", "a"), ("い", "i", "i"), ("う", "u", "u"), ("え", "e", "e"), ("お", "o", "o"),
    ("か", "ka", "ka"), ("き", "ki", "ki"), ("く", "ku", "ku"), ("け", "ke", "ke"), ("こ", "ko", "ko"),
    ("が", "ga", "ga"), ("ぎ", "gi", "gi"), ("ぐ", "gu", "gu"), ("げ", "ge", "ge"), ("ご", "go", "go"),
    ("さ", "sa", "sa"), ("し", "shi", "si"), ("す", "su", "su"), ("せ", "se", "se"), ("そ", "so", "so"),
    ("ざ", "za", "za"), ("じ", "ji", "zi"), ("ず", "zu", "zu"), ("ぜ", "ze", "ze"), ("ぞ", "zo", "zo"),
    ("た", "ta", "ta"), ("ち", "chi", "ti"), ("つ", "tsu", "tu"), ("て", "te", "te"), ("と", "to", "to"),
    ("だ", "da", "da"), ("ぢ", "ji", "zi"), ("づ", "zu", "zu"), ("で", "de", "de"), ("ど", "do", "do"),
    ("な", "na", "na"), ("に", "ni", "ni"), ("ぬ", "nu", "nu"), ("ね", "ne", "ne"), ("の", "no", "no"),
    ("は", "ha", "ha"), ("ひ", "hi", "hi"), ("ふ", "fu", "hu"), ("へ", "he", "he"), ("ほ", "ho", "ho"),
    ("ば", "ba", "ba"), ("び", "bi", "bi"), ("ぶ", "bu", "bu"), ("べ", "be", "be"), ("ぼ", "bo", "bo"),
    ("ぱ", "pa", "pa"), ("ぴ", "pi", "pi"), ("ぷ", "pu", "pu"), ("ぺ", "pe", "pe"), ("ぽ", "po", "po"),
    ("ま", "ma", "ma"), ("み", "mi", "mi"), ("む", "mu", "mu"), ("め", "me", "me"), ("も", "mo", "mo"),
    ("や", "ya", "ya"), ("ゆ", "yu", "yu"), ("よ", "yo", "yo"),
    ("ら", "ra", "ra"), ("り", "ri", "ri"), ("る", "ru", "ru"), ("れ", "re", "re"), ("ろ", "ro", "ro"),
    ("わ", "wa", "wa"), ("ゐ", "i", "i"), ("ゑ", "e", "e"), ("を", "o", "o"), ("ん", "n", "n"), ("ゔ", "vu", "vu"),
    ("ぁ", "a", "a"), ("ぃ", "i", "i"), ("ぅ", "u", "u"), ("ぇ", "e", "e"), ("ぉ", "o", "o"),
    ("ゃ", "ya", "ya"), ("ゅ", "yu", "yu"), ("ょ", "yo", "yo"),
];

#[derive(Clone, Copy)]
enum Style {
    Hepburn,
    Kunrei,
}

/// Every reading of the kana, without repeats; what is no kana is left out.
pub(super) fn readings(kana: &str) -> Vec<String> {
    let mut all = Vec::new();
    for style in [Style::Hepburn, Style::Kunrei] {
        let full = spelt(kana, style);
        for reading in [shortened(&full), full] {
            if !reading.is_empty() && !all.contains(&reading) {
                all.push(reading);
            }
        }
    }
    all
}

/// Whether it is a kana, or the mark of a long vowel.
pub(super) fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー')
}

fn spelt(kana: &str, style: Style) -> String {
    let hiragana: String = kana.nfkc().map(hiragana).collect();
    let mut rest = hiragana.as_str();
    let (mut out, mut is_doubled) = (String::new(), false);
    while let Some(first) = rest.chars().next() {
        let found = SYLLABLES.iter().find(|(kana, ..)| rest.starts_with(kana));
        let Some((kana, hepburn, kunrei)) = found else {
            is_doubled = first == 'っ';
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        };
        let latin = match style {
            Style::Hepburn => hepburn,
            Style::Kunrei => kunrei,
        };
        if is_doubled {
            // まっちゃ is matcha in Hepburn, mattya in Kunrei.
            out.push(if latin.starts_with("ch") { 't' } else { latin.chars().next().unwrap_or_default() });
        }
        if matches!(style, Style::Hepburn) && out.ends_with('n') && latin.starts_with(['b', 'm', 'p']) {
            out.pop();
            out.push('m');
        }
        out.push_str(latin);
        is_doubled = false;
        rest = rest.get(kana.len()..).unwrap_or_default();
    }
    out
}

fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        other => other,
    }
}

/// さとう as passports write it: sato.
fn shortened(full: &str) -> String {
    let mut out = full.to_owned();
    for (long, short) in [("ou", "o"), ("oo", "o"), ("uu", "u")] {
        out = out.replace(long, short);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_both_ways_long_and_short() {
        assert_eq!(readings("さとう"), ["sato", "satou"]);
        assert_eq!(readings("しんじょう"), ["shinjo", "shinjou", "sinzyo", "sinzyou"]);
        assert_eq!(readings("ミズカミ"), ["mizukami"]);
        assert_eq!(readings("ﾂﾁﾔ"), ["tsuchiya", "tutiya"], "half-width kana are kana");
        assert_eq!(readings("はっとり"), ["hattori"]);
        assert_eq!(readings("こっちょう"), ["kotcho", "kotchou", "kottyo", "kottyou"]);
        assert_eq!(readings("なんば"), ["namba", "nanba"]);
        assert_eq!(readings("ケアー"), ["kea"]);
        assert!(readings("水上").is_empty());
    }
}
