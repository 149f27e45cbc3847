//! Whether authenticator data ends where it should: what it announces is there, and nothing follows. The library reads
//! as far as it needs and leaves the rest.

/// Flags of authenticator data: attested credential, extensions.
const ATTESTED: u8 = 0x40;
const EXTENSIONS: u8 = 0x80;

/// Hash of the relying party, flags, counter.
const BARE: usize = 37;
/// Nobody nests deeper than that.
const DEEP: u8 = 8;

/// Authenticator data of a proof: no new key.
pub(super) fn is_proof(data: &[u8]) -> bool {
    ends(data).is_some_and(|(flags, is_whole)| flags & ATTESTED == 0 && is_whole)
}

/// An attestation object whose authenticator data has a new key.
pub(super) fn is_registration(object: &[u8]) -> bool {
    let data = data_of(object);
    data.and_then(ends).is_some_and(|(flags, is_whole)| flags & ATTESTED != 0 && is_whole)
}

/// The flags, and whether the data ends where they say.
fn ends(data: &[u8]) -> Option<(u8, bool)> {
    let flags = *data.get(32)?;
    let mut rest = data.get(BARE..)?;
    if flags & ATTESTED != 0 {
        // The model's id, then the credential's with its length, then its public key.
        let length = rest.get(16..18)?.iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
        rest = past(rest.get(18 + length..)?, DEEP)?;
    }
    if flags & EXTENSIONS != 0 {
        rest = past(rest, DEEP)?;
    }
    Some((flags, rest.is_empty()))
}

/// The authenticator data of an attestation object, which is a map of three.
fn data_of(object: &[u8]) -> Option<&[u8]> {
    let (5, pairs, mut rest) = head(object)? else { return None };
    if pairs > 8 {
        return None;
    }
    let mut found = None;
    for _ in 0..pairs {
        let value = past(rest, DEEP)?;
        let (3, length, name) = head(rest)? else { return None };
        let after = past(value, DEEP)?;
        if name.get(..length)? == b"authData" {
            let (2, length, data) = head(value)? else { return None };
            found = data.get(..length);
        }
        rest = after;
    }
    found.filter(|_| rest.is_empty())
}

/// What follows one CBOR item; nothing where it is cut short, of no definite length, or too deep.
fn past(bytes: &[u8], deep: u8) -> Option<&[u8]> {
    let (major, length, rest) = head(bytes)?;
    let items = match major {
        2 | 3 => return rest.get(length..),
        4 => length,
        5 => length.checked_mul(2)?,
        6 => 1,
        _ => 0,
    };
    let mut rest = rest;
    for _ in 0..items {
        rest = past(rest, deep.checked_sub(1)?)?;
    }
    Some(rest)
}

/// The kind of an item, its length or number, and what follows its head.
fn head(bytes: &[u8]) -> Option<(u8, usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let width = match first & 31 {
        short @ 0..=23 => return Some((first >> 5, usize::from(short), rest)),
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => return None,
    };
    let number = rest.get(..width)?.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Some((first >> 5, usize::try_from(number).ok()?, rest.get(width..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_item_is_passed_and_no_more() {
        for (item, left) in [
            (&[0x00][..], Some(0)),
            (&[0x18, 0xff, 0x01], Some(1)),
            (&[0x43, 1, 2, 3], Some(0)),
            (&[0x43, 1, 2], None),
            (&[0xa1, 0x01, 0x81, 0x20, 0xf6], Some(1)),
            (&[0xa1, 0x01], None),
            (&[0x5f, 0xff], None),
            (&[0x81; 20], None),
        ] {
            assert_eq!(past(item, DEEP).map(<[u8]>::len), left, "{item:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_judged_without_an_end_of_the_process(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            is_proof(&bytes);
            is_registration(&bytes);
        }
    }
}
