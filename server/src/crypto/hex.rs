//! Hexadecimal digits, for key files and the lines that go to the audit sink.

/// The bytes as lower-case digits.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 0x0f] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    text
}

/// Fills `out` from exactly twice as many digits; `None` when the text is anything else.
pub fn decode(text: &str, out: &mut [u8]) -> Option<()> {
    let digits = text.as_bytes();
    if digits.len() != out.len() * 2 {
        return None;
    }
    let (pairs, _) = digits.as_chunks::<2>();
    for ([high, low], byte) in pairs.iter().zip(out) {
        let high = char::from(*high).to_digit(16)?;
        let low = char::from(*low).to_digit(16)?;
        *byte = u8::try_from(high << 4 | low).ok()?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_back_and_other_texts_do_not() {
        let all: Vec<u8> = (0..=255).collect();
        let mut back = vec![0; 256];
        assert_eq!(encode(&all[..3]), "000102");
        decode(&encode(&all), &mut back).unwrap();
        assert_eq!(back, all);
        decode(&encode(&all).to_uppercase(), &mut back).unwrap();
        for wrong in ["0", "000", "0g", "é", "+1", " 1"] {
            assert_eq!(decode(wrong, &mut [0]), None, "{wrong}");
        }
    }
}
