//! Finds many words in many bytes at once: as UTF-8, as UTF-16, escaped as in JSON and in addresses,
//! in hexadecimal and in both alphabets of Base64.

use std::collections::HashMap;

/// Words, ready to be looked for.
pub struct Scanner {
    /// By their first four bytes: which word, and its whole form.
    forms: HashMap<[u8; 4], Vec<(String, Vec<u8>)>>,
}

impl Scanner {
    /// For these words.
    pub fn new(words: &[String]) -> Self {
        let mut forms: HashMap<[u8; 4], Vec<(String, Vec<u8>)>> = HashMap::new();
        for word in words {
            for form in forms_of(word) {
                let start = form.first_chunk::<4>().expect("words of four bytes at least");
                forms.entry(*start).or_default().push((word.clone(), form));
            }
        }
        Self { forms }
    }

    /// Words that stand in these bytes.
    pub fn hits(&self, bytes: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        for at in 0..bytes.len().saturating_sub(3) {
            let Some(start) = bytes[at..].first_chunk::<4>() else { break };
            for (word, form) in self.forms.get(start).into_iter().flatten() {
                if bytes[at..].starts_with(form) && !found.contains(word) {
                    found.push(word.clone());
                }
            }
        }
        found
    }
}

fn forms_of(word: &str) -> Vec<Vec<u8>> {
    let utf16: Vec<u16> = word.encode_utf16().collect();
    let escaped: String = utf16.iter().map(|unit| format!("\\u{unit:04x}")).collect();
    let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        word.as_bytes().to_vec(),
        utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        escaped.into_bytes(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let in_address: String = word
        .bytes()
        .map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    forms.extend([in_address.to_lowercase().into_bytes(), in_address.into_bytes()]);
    for form in (0..3).filter_map(|shift| base64(word.as_bytes(), shift)) {
        let other = form.iter().map(|sign| match sign {
            b'+' => b'-',
            b'/' => b'_',
            sign => *sign,
        });
        forms.extend([other.collect(), form]);
    }
    forms
}

/// What Base64 of a text always contains when the word stands in it after so many bytes modulo three.
fn base64(word: &[u8], shift: usize) -> Option<Vec<u8>> {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let whole = word.get((3 - shift) % 3..)?;
    let out: Vec<u8> = whole
        .chunks_exact(3)
        .flat_map(|three| {
            let bits = u32::from_be_bytes([0, three[0], three[1], three[2]]);
            [18, 12, 6, 0].map(|shift| LETTERS[(bits >> shift) as usize & 63])
        })
        .collect();
    (out.len() >= 8).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_every_form() {
        let scanner = Scanner::new(&["菊池 春江".to_owned()]);
        let around = |middle: &[u8]| [b"\0\xff..".as_slice(), middle, b"..\xfe"].concat();
        for form in forms_of("菊池 春江") {
            assert_eq!(scanner.hits(&around(&form)), ["菊池 春江"]);
        }
        // "はい菊池 春江さん" in Base64, from the ordinary tool.
        let encoded = "44Gv44GE6I+K5rGgIOaYpeaxn+OBleOCkw==";
        assert_eq!(scanner.hits(encoded.as_bytes()), ["菊池 春江"]);
        assert!(scanner.hits("菊地 晴江".as_bytes()).is_empty());
        assert!(scanner.hits(b"").is_empty());
    }
}
