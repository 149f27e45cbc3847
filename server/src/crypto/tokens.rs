//! Tokens: what a browser shows to be recognised, what a link carries, what confirms a previewed post.
use aws_lc_rs::{constant_time, hmac};
use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

use super::canonical::Canonical;
use super::master::MasterKey;
use super::random;
use super::secret::Secret;
use crate::clock::Millis;

/// What a token is for; a token of one purpose is nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// One signed-in device.
    Session,
    /// A link that works once: to set a password, to accept an invitation.
    Link,
}

/// What is stored of a token: whoever reads the database cannot sign in with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

/// Bytes of a token that nobody can guess.
const SECRET: usize = 32;
/// Bytes behind them that show that we issued it.
const SEAL: usize = 16;

/// Issues and recognises opaque tokens of 256 bits.
///
/// A token carries a seal of ours, so that one we never issued is known without a look at the rows. The seal opens
/// nothing: whether a token that we did issue still stands, only its row tells.
#[derive(Clone)]
pub struct Tokens {
    session: Keys,
    link: Keys,
}

#[derive(Clone)]
struct Keys {
    stored: hmac::Key,
    seal: hmac::Key,
}

impl Tokens {
    /// The tokens that belong to a master key.
    pub fn of(master: &MasterKey) -> Self {
        let keys = |stored, seal| Keys { stored: key(master, stored), seal: key(master, seal) };
        Self {
            session: keys("session token 1", "session token seal 1"),
            link: keys("link token 1", "link token seal 1"),
        }
    }

    /// A new token: the text to hand out once, and what to store.
    pub fn issue(&self, purpose: Purpose) -> (Secret, TokenHash) {
        let (secret, keys) = (random::secret(), self.keys(purpose));
        let mut token = Zeroizing::new([0; SECRET + SEAL]);
        let seal = mac(&keys.seal, secret.as_ref());
        token.iter_mut().zip(secret.iter().chain(&seal)).for_each(|(to, from)| *to = *from);
        let text = Secret::new(Base64UrlUnpadded::encode_string(token.as_ref()));
        (text, TokenHash(mac(&keys.stored, secret.as_ref())))
    }

    /// What a shown token is stored as, to look it up; `None` when it was never issued.
    pub fn recognise(&self, purpose: Purpose, text: &str) -> Option<TokenHash> {
        let mut token = Zeroizing::new([0; SECRET + SEAL]);
        let length = Base64UrlUnpadded::decode(text, token.as_mut()).ok()?.len();
        let (secret, shown) = token.split_first_chunk::<SECRET>().filter(|_| length == SECRET + SEAL)?;
        let keys = self.keys(purpose);
        let seal = mac(&keys.seal, secret);
        constant_time::verify_slices_are_equal(seal.first_chunk::<SEAL>()?, shown).ok()?;
        Some(TokenHash(mac(&keys.stored, secret)))
    }

    fn keys(&self, purpose: Purpose) -> &Keys {
        match purpose {
            Purpose::Session => &self.session,
            Purpose::Link => &self.link,
        }
    }
}

/// The key behind confirm tokens.
#[derive(Clone)]
pub struct ConfirmKey(hmac::Key);

impl ConfirmKey {
    /// The key that belongs to a master key.
    pub fn of(master: &MasterKey) -> Self {
        Self(key(master, "confirm token 1"))
    }
}

/// What a preview hands out and the send must carry: a MAC over the whole ask and an expiry, so that
/// nothing is remembered between the two. The caller builds the canonical bytes of the whole ask.
#[derive(Debug, Clone, Copy)]
pub struct ConfirmToken;

/// Why a confirm token does not confirm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConfirmWrong {
    /// Not a confirm token at all.
    #[error("the text is not a confirm token")]
    Malformed,
    /// It confirmed exactly this, but too long ago.
    #[error("the confirmation has expired")]
    Expired,
    /// It confirms something else, or was not issued here.
    #[error("the confirmation is for something else")]
    Foreign,
}

const CONFIRM_VERSION: u8 = 1;
const CONFIRM_BYTES: usize = 1 + 8 + 32;

impl ConfirmToken {
    /// A token for exactly these bytes, good until just before `expires`.
    pub fn issue(key: &ConfirmKey, canonical: &[u8], expires: Millis) -> String {
        let stamp = expires.0.to_be_bytes();
        let mac = mac(&key.0, &confirmed(canonical, expires));
        let token = [&[CONFIRM_VERSION], stamp.as_slice(), mac.as_slice()].concat();
        Base64UrlUnpadded::encode_string(&token)
    }

    /// Whether the token confirms exactly these bytes now.
    pub fn check(key: &ConfirmKey, token: &str, canonical: &[u8], now: Millis) -> Result<(), ConfirmWrong> {
        let mut bytes = [0; CONFIRM_BYTES];
        let read = Base64UrlUnpadded::decode(token, &mut bytes).map_err(|_| ConfirmWrong::Malformed)?;
        if read.len() != CONFIRM_BYTES {
            return Err(ConfirmWrong::Malformed);
        }
        let (version, rest) = bytes.split_first().ok_or(ConfirmWrong::Malformed)?;
        let (stamp, mac) = rest.split_first_chunk::<8>().ok_or(ConfirmWrong::Malformed)?;
        if *version != CONFIRM_VERSION {
            return Err(ConfirmWrong::Malformed);
        }
        let expires = Millis(i64::from_be_bytes(*stamp));
        // The MAC first: a forged expiry learns nothing. `verify` compares in constant time.
        hmac::verify(&key.0, &confirmed(canonical, expires), mac).map_err(|_| ConfirmWrong::Foreign)?;
        if now >= expires { Err(ConfirmWrong::Expired) } else { Ok(()) }
    }
}

fn confirmed(canonical: &[u8], expires: Millis) -> Vec<u8> {
    Canonical::of("confirm").number(expires.0).bytes(canonical).finish()
}

fn key(master: &MasterKey, label: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, master.derived(label).as_ref())
}

fn mac(key: &hmac::Key, data: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(hmac::sign(key, data).as_ref()) {
        *to = *from;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_token_is_recognised_for_its_purpose_only_and_is_not_what_is_stored() {
        let tokens = Tokens::of(&MasterKey::random());
        let (text, stored) = tokens.issue(Purpose::Session);
        assert_eq!(text.reveal().len(), 64);
        assert_eq!(tokens.recognise(Purpose::Session, text.reveal()), Some(stored));
        assert_eq!(tokens.recognise(Purpose::Link, text.reveal()), None);
        assert_ne!(Base64UrlUnpadded::encode_string(&stored.0), text.reveal());
        let elsewhere = Tokens::of(&MasterKey::random());
        assert_eq!(elsewhere.recognise(Purpose::Session, text.reveal()), None);
        assert_ne!(tokens.issue(Purpose::Session).1, stored);
    }

    #[test]
    fn what_was_never_issued_is_not_looked_up() {
        let tokens = Tokens::of(&MasterKey::random());
        let text = tokens.issue(Purpose::Link).0;
        let (cut, long) = (&text.reveal()[..63], format!("{}A", text.reveal()));
        let bare = &text.reveal()[..43];
        for wrong in [
            "",
            "a",
            cut,
            &long,
            bare,
            &"A".repeat(64),
            &"あ".repeat(64),
            &"/".repeat(64),
            &format!("{}=", text.reveal()),
            &format!(" {cut}"),
        ] {
            assert_eq!(tokens.recognise(Purpose::Link, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_confirmation_holds_for_exactly_its_ask_until_it_expires() {
        let key = ConfirmKey::of(&MasterKey::random());
        let token = ConfirmToken::issue(&key, b"ask", Millis(600_000));
        assert_eq!(ConfirmToken::check(&key, &token, b"ask", Millis(599_999)), Ok(()));
        assert_eq!(ConfirmToken::check(&key, &token, b"ask", Millis(600_000)), Err(ConfirmWrong::Expired));
        assert_eq!(ConfirmToken::check(&key, &token, b"asked", Millis(0)), Err(ConfirmWrong::Foreign));
        let elsewhere = ConfirmKey::of(&MasterKey::random());
        assert_eq!(ConfirmToken::check(&elsewhere, &token, b"ask", Millis(0)), Err(ConfirmWrong::Foreign));
        for wrong in ["", "x", &token[1..], &format!("{token}A"), &"あ".repeat(55)] {
            assert_eq!(
                ConfirmToken::check(&key, wrong, b"ask", Millis(0)),
                Err(ConfirmWrong::Malformed),
                "{wrong}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_changed_token_is_looked_up(at in 0..SECRET + SEAL, bit in 0..8_u8) {
            let tokens = Tokens::of(&MasterKey::random());
            let mut bytes = Base64UrlUnpadded::decode_vec(tokens.issue(Purpose::Session).0.reveal()).unwrap();
            bytes[at] ^= 1 << bit;
            let forged = Base64UrlUnpadded::encode_string(&bytes);
            prop_assert_eq!(tokens.recognise(Purpose::Session, &forged), None);
        }

        #[test]
        fn no_changed_confirmation_confirms(at in 0..CONFIRM_BYTES, bit in 0..8_u8, now in 0..1_200_000_i64) {
            let key = ConfirmKey::of(&MasterKey::random());
            let token = ConfirmToken::issue(&key, b"ask", Millis(600_000));
            let mut bytes = Base64UrlUnpadded::decode_vec(&token).unwrap();
            bytes[at] ^= 1 << bit;
            let forged = Base64UrlUnpadded::encode_string(&bytes);
            let expected = if at == 0 { ConfirmWrong::Malformed } else { ConfirmWrong::Foreign };
            prop_assert_eq!(ConfirmToken::check(&key, &forged, b"ask", Millis(now)), Err(expected));
        }
    }
}
