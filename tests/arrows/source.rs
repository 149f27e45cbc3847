//! A Rust source without what does not count: comments, strings where unwanted, and tested-only items.

/// One file in two readings of equal length: every blanked byte is a space and every line keeps its number.
pub struct Source {
    /// No comments, no strings, no characters.
    pub code: String,
    /// No comments; strings as written.
    pub words: String,
}

impl Source {
    pub fn read(text: &str) -> Source {
        let bytes = text.as_bytes();
        let mut code = bytes.to_vec();
        let mut words = bytes.to_vec();
        let mut at = 0;
        while at < bytes.len() {
            let (end, kind) = piece(bytes, at);
            match kind {
                Piece::Code => {}
                Piece::Text => blank(&mut code, at, end),
                Piece::Comment => {
                    blank(&mut code, at, end);
                    blank(&mut words, at, end);
                }
            }
            at = end;
        }
        for (start, end) in tested_only(&code) {
            blank(&mut code, start, end);
            blank(&mut words, start, end);
        }
        Source { code: String::from_utf8(code).unwrap(), words: String::from_utf8(words).unwrap() }
    }
}

enum Piece {
    Code,
    Text,
    Comment,
}

/// The piece that starts at `at`, and where it ends.
fn piece(bytes: &[u8], at: usize) -> (usize, Piece) {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        return (at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()), Piece::Comment);
    }
    if rest.starts_with(b"/*") {
        return (at + block_comment(rest), Piece::Comment);
    }
    let inside_a_word = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    if !inside_a_word && let Some(length) = raw_string(rest) {
        return (at + length, Piece::Text);
    }
    match rest[0] {
        b'"' => (at + quoted(rest, b'"'), Piece::Text),
        b'\'' if is_character(rest) => (at + quoted(rest, b'\''), Piece::Text),
        _ => (at + 1, Piece::Code),
    }
}

fn block_comment(rest: &[u8]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// Length of `r"…"`, `r#"…"#`, `br"…"` and so on, if one starts here.
fn raw_string(rest: &[u8]) -> Option<usize> {
    let after_b = usize::from(rest.starts_with(b"b") || rest.starts_with(b"c"));
    if rest.get(after_b) != Some(&b'r') {
        return None;
    }
    let hashes = rest[after_b + 1..].iter().take_while(|byte| **byte == b'#').count();
    let open = after_b + 1 + hashes;
    if rest.get(open) != Some(&b'"') {
        return None;
    }
    let close = [b"\"".as_slice(), &b"#".repeat(hashes)].concat();
    let body = &rest[open + 1..];
    let end = body.windows(close.len()).position(|window| window == close);
    Some(end.map_or(rest.len(), |end| open + 1 + end + close.len()))
}

fn quoted(rest: &[u8], mark: u8) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == mark => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// A quote opens a character (`'a'`, `'\n'`, `'あ'`) unless it is a lifetime (`'a`).
fn is_character(rest: &[u8]) -> bool {
    match rest.get(1) {
        Some(b'\\') => true,
        Some(first) => {
            let width = match first {
                0xf0.. => 4,
                0xe0.. => 3,
                0xc0.. => 2,
                _ => 1,
            };
            rest.get(1 + width) == Some(&b'\'')
        }
        None => false,
    }
}

/// The ranges of items under `#[cfg(test)]`, attributes between included.
fn tested_only(code: &[u8]) -> Vec<(usize, usize)> {
    const MARK: &[u8] = b"#[cfg(test)]";
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(found) = code[at..].windows(MARK.len()).position(|window| window == MARK) {
        let start = at + found;
        at = end_of_item(code, start + MARK.len());
        ranges.push((start, at));
    }
    ranges
}

/// The end of the item that starts at `at`: its closing brace, or its semicolon if that comes first.
fn end_of_item(code: &[u8], mut at: usize) -> usize {
    let (mut braces, mut brackets) = (0, 0);
    while at < code.len() {
        match code[at] {
            b'[' | b'(' => brackets += 1,
            b']' | b')' => brackets -= 1,
            b'{' => braces += 1,
            b'}' => {
                braces -= 1;
                if braces <= 0 {
                    return at + 1;
                }
            }
            b';' if braces == 0 && brackets == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    code.len()
}

fn blank(bytes: &mut [u8], start: usize, end: usize) {
    let end = end.min(bytes.len());
    for byte in &mut bytes[start..end] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

#[test]
fn comments_and_strings_are_not_code() {
    let read =
        Source::read("let a = \"sqlx \\\" x\"; // axum\n/* tokio /* nested */ */ let b = 'x'; fn f<'a>() {}");
    assert!(!read.code.contains("sqlx") && !read.code.contains("axum") && !read.code.contains("tokio"));
    assert!(read.code.contains("fn f<'a>() {}"));
    assert!(read.words.contains("sqlx") && !read.words.contains("axum"));
}

#[test]
fn raw_strings_end_where_they_end() {
    let read = Source::read(
        "let a = r#\"one \" two\"#; axum::serve(); let r = 1; let c = '\"'; let d = '\\''; sqlx::q();",
    );
    assert!(!read.code.contains("two") && read.code.contains("axum::serve") && read.code.contains("sqlx::q"));
}

#[test]
fn tested_only_items_vanish_and_lines_stay() {
    let text = "use a;\n#[cfg(test)]\nmod tests {\n  fn f() { axum(); }\n}\nfn after() {}\n#[cfg(test)]\nuse sqlx;\nfn last() {}\n";
    let read = Source::read(text);
    assert!(!read.code.contains("axum") && !read.code.contains("sqlx"));
    assert!(read.code.contains("fn after") && read.code.contains("fn last"));
    assert_eq!(read.code.lines().count(), text.lines().count());
}
