//! An authenticator made of software, for tests: it does as it should, or exactly one thing wrong.
//!
//! The story from outside uses this very file.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::{SystemRandom, fill};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

/// Present, verified, attested credential; eligible for backup, backed up.
pub const UP: u8 = 0x01;
pub const UV: u8 = 0x04;
pub const BE: u8 = 0x08;
pub const BS: u8 = 0x10;
pub const AT: u8 = 0x40;
pub const ED: u8 = 0x80;

/// One credential.
pub struct SoftKey {
    pair: EcdsaKeyPair,
    pub id: Vec<u8>,
    pub counter: u32,
}

/// All that goes into an answer, before it is signed; `flip` comes after.
pub struct Made {
    pub client: Value,
    pub host: String,
    pub flags: u8,
    pub counter: u32,
    pub id: Vec<u8>,
    pub told_id: Vec<u8>,
    pub told_type: &'static str,
    pub user: Option<Vec<u8>>,
    pub algorithm: i64,
    pub curve: i64,
    pub format: &'static str,
    pub tail: Vec<u8>,
    pub cut: usize,
    pub after_object: Vec<u8>,
    pub by_another: bool,
    /// The bit of the signature that is turned round.
    pub flip: Option<usize>,
    /// What is signed is not what is sent.
    pub sent_counter: Option<u32>,
    pub no_signature: bool,
}

/// A way to be wrong: what is wrong, and how it is done.
pub type Wrong = (&'static str, fn(&mut Made));

impl Made {
    fn of(kind: &str, options: &Value, origin: &str, key: &SoftKey, flags: u8) -> Self {
        let host = options.get("rpId").or_else(|| options.pointer("/rp/id")).and_then(Value::as_str);
        Self {
            client: json!({ "type": kind, "challenge": options["challenge"], "origin": origin, "crossOrigin": false }),
            host: host.expect("a relying party").to_owned(),
            flags,
            counter: key.counter,
            id: key.id.clone(),
            told_id: key.id.clone(),
            told_type: "public-key",
            user: None,
            algorithm: -7,
            curve: 1,
            format: "none",
            tail: Vec::new(),
            cut: 0,
            after_object: Vec::new(),
            by_another: false,
            flip: None,
            sent_counter: None,
            no_signature: false,
        }
    }

    fn data(&self, counter: u32, attested: &[u8]) -> Vec<u8> {
        let mut data = digest(&SHA256, self.host.as_bytes()).as_ref().to_vec();
        data.push(self.flags);
        data.extend(counter.to_be_bytes());
        data.extend(attested);
        data.extend(&self.tail);
        data.truncate(data.len() - self.cut);
        data
    }
}

impl SoftKey {
    /// A new one, with an id of its own.
    pub fn new() -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let mut id = vec![0; 32];
        fill(&mut id).expect("random bytes");
        Self { pair, id, counter: 1 }
    }

    /// What a page sends after it was asked to make this credential.
    pub fn register(&self, options: &Value, origin: &str, wrong: fn(&mut Made)) -> Value {
        let mut made = Made::of("webauthn.create", options, origin, self, UP | UV | AT);
        wrong(&mut made);
        let mut attested = vec![0; 16];
        attested.extend(u16::try_from(made.id.len()).expect("short").to_be_bytes());
        attested.extend(&made.id);
        attested.extend(self.cose(&made));
        let data = made.data(made.counter, if made.flags & AT == 0 { &[] } else { &attested });
        let mut object = head(5, 3);
        object.extend([text("fmt"), text(made.format), text("attStmt"), head(5, 0)].concat());
        object.extend([text("authData"), bytes(&data)].concat());
        object.extend(&made.after_object);
        json!({
            "id": base64(&made.told_id), "rawId": base64(&made.told_id), "type": made.told_type,
            "response": { "clientDataJSON": base64(made.client.to_string().as_bytes()), "attestationObject": base64(&object) },
            "clientExtensionResults": {},
        })
    }

    /// What a page sends after it was asked for a proof; the counter moves on.
    pub fn assert(&mut self, options: &Value, origin: &str, wrong: fn(&mut Made)) -> Value {
        self.counter += 1;
        let mut made = Made::of("webauthn.get", options, origin, self, UP | UV);
        wrong(&mut made);
        let client = made.client.to_string();
        let mut data = made.data(made.counter, &[]);
        let signed = [data.as_slice(), digest(&SHA256, client.as_bytes()).as_ref()].concat();
        let pair = if made.by_another { &Self::new().pair } else { &self.pair };
        let mut signature = pair.sign(&SystemRandom::new(), &signed).expect("a signature").as_ref().to_vec();
        if let Some(bit) = made.flip {
            let at = bit / 8 % signature.len();
            signature[at] ^= 1 << (bit % 8);
        }
        if made.no_signature {
            signature.clear();
        }
        if let Some(counter) = made.sent_counter {
            data = made.data(counter, &[]);
        }
        json!({
            "id": base64(&made.told_id), "rawId": base64(&made.told_id), "type": made.told_type,
            "response": {
                "clientDataJSON": base64(client.as_bytes()), "authenticatorData": base64(&data),
                "signature": base64(&signature), "userHandle": made.user.as_deref().map(base64),
            },
            "clientExtensionResults": {},
        })
    }

    fn cose(&self, made: &Made) -> Vec<u8> {
        let public = self.pair.public_key().as_ref();
        let (x, y) = (&public[1..33], &public[33..65]);
        let pairs = [
            (1, number(2)),
            (3, number(made.algorithm)),
            (-1, number(made.curve)),
            (-2, bytes(x)),
            (-3, bytes(y)),
        ];
        let mut all = head(5, pairs.len());
        for (label, value) in pairs {
            all.extend([number(label), value].concat());
        }
        all
    }
}

/// Nothing is wrong.
pub fn right(_: &mut Made) {}

fn origin(made: &mut Made, change: fn(&str) -> String) {
    let own = made.client["origin"].as_str().expect("an origin").to_owned();
    made.client["origin"] = json!(change(&own));
}

/// What both ceremonies share; `webauthn.none` is the type of neither.
const OF_BOTH: &[Wrong] = &[
    ("no scheme of ours", |m| origin(m, |own| own.replace("https:", "http:"))),
    ("a host that ends like ours", |m| origin(m, |own| own.replace("//", "//bad"))),
    ("a host that begins like ours", |m| origin(m, |own| own.replace("localhost", "localhost.evil.example"))),
    ("a host below ours", |m| origin(m, |own| own.replace("//", "//sub."))),
    ("another port", |m| origin(m, |own| format!("{own}1"))),
    ("no port", |m| origin(m, |own| own.rsplit_once(':').expect("a port").0.to_owned())),
    ("capitals", |m| origin(m, |own| own.replace("localhost", "LocalHost"))),
    ("a dot behind the host", |m| origin(m, |own| own.replace("localhost", "localhost."))),
    ("a slash behind the origin", |m| origin(m, |own| format!("{own}/"))),
    ("a path behind the origin", |m| origin(m, |own| format!("{own}/x"))),
    ("a name before the host", |m| origin(m, |own| own.replace("//", "//a@"))),
    ("the host in numbers", |m| origin(m, |own| own.replace("localhost", "127.0.0.1"))),
    ("no origin at all", |m| origin(m, |_| "null".to_owned())),
    ("an empty origin", |m| origin(m, |_| String::new())),
    ("a page within another", |m| m.client["crossOrigin"] = json!(true)),
    ("a page above", |m| m.client["topOrigin"] = json!("https://evil.example")),
    ("our own page above", |m| m.client["topOrigin"] = m.client["origin"].clone()),
    ("another challenge", |m| m.client["challenge"] = json!(base64(&[7; 32]))),
    ("no challenge", |m| m.client["challenge"] = json!("")),
    ("a challenge cut short", |m| {
        let whole = m.client["challenge"].as_str().expect("a challenge").to_owned();
        m.client["challenge"] = json!(whole[..whole.len() - 4]);
    }),
    ("the type of no ceremony", |m| m.client["type"] = json!("webauthn.none")),
    ("the type in capitals", |m| m.client["type"] = json!("WEBAUTHN.GET")),
    ("client data that is none", |m| m.client = json!("x")),
    ("another relying party", |m| m.host = "evil.example".to_owned()),
    ("the origin as relying party", |m| m.host = "https://localhost".to_owned()),
    ("nobody there", |m| m.flags &= !UP),
    ("nobody verified", |m| m.flags &= !UV),
    ("neither", |m| m.flags &= !(UP | UV)),
    ("backed up but not eligible", |m| m.flags |= BS),
    ("bytes behind", |m| m.tail = vec![0; 3]),
    ("an extension announced and not there", |m| m.flags |= ED),
    ("an extension of two", |m| {
        m.flags |= ED;
        m.tail = vec![0xa0, 0xa0];
    }),
    ("cut by one", |m| m.cut = 1),
    ("cut to nearly nothing", |m| m.cut = 30),
    ("another kind of credential", |m| m.told_type = "password"),
    ("a foreign id", |m| m.told_id = vec![9; 32]),
    ("no id", |m| m.told_id = Vec::new()),
];

const OF_REGISTRATION: &[Wrong] = &[
    ("the type of a proof", |m| m.client["type"] = json!("webauthn.get")),
    ("no credential in it", |m| m.flags &= !AT),
    ("an algorithm nobody asked for", |m| m.algorithm = -47),
    ("an algorithm of another key", |m| m.algorithm = -257),
    ("a curve of another key", |m| m.curve = 2),
    ("a format nobody knows", |m| m.format = "mine"),
    ("a statement that is missing", |m| m.format = "packed"),
    ("bytes behind the object", |m| m.after_object = vec![0]),
    ("an id too long", |m| m.id = vec![1; 1_024]),
];

const OF_PROOF: &[Wrong] = &[
    ("the type of a registration", |m| m.client["type"] = json!("webauthn.create")),
    ("the first bit of the signature", |m| m.flip = Some(0)),
    ("a bit of its length", |m| m.flip = Some(9)),
    ("a bit in its middle", |m| m.flip = Some(200)),
    ("a bit near its end", |m| m.flip = Some(68 * 8)),
    ("no signature", |m| m.no_signature = true),
    ("another's signature", |m| m.by_another = true),
    ("a counter that was not signed", |m| m.sent_counter = Some(m.counter + 1)),
    ("a counter that stands still", |m| m.counter = 1),
    ("a counter that went back", |m| m.counter = 0),
    ("a key that turned eligible for backup", |m| m.flags |= BE),
    ("a key that turned backed up", |m| m.flags |= BE | BS),
    ("a credential in a proof", |m| m.flags |= AT),
    ("another person's handle", |m| m.user = Some(vec![1; 16])),
    ("an empty handle", |m| m.user = Some(Vec::new())),
];

/// Every way a registration can be wrong.
pub fn wrong_registrations() -> impl Iterator<Item = &'static Wrong> {
    OF_BOTH.iter().chain(OF_REGISTRATION)
}

/// Every way a proof can be wrong, for a key that counts and stood above 1 before.
pub fn wrong_proofs() -> impl Iterator<Item = &'static Wrong> {
    OF_BOTH.iter().chain(OF_PROOF)
}

/// Base64 for URLs, without padding.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for sextet in 0..=chunk.len() {
            let at = usize::try_from(bits >> (18 - 6 * sextet) & 63).expect("six bits");
            text.push(char::from(LETTERS[at]));
        }
    }
    text
}

fn head(major: u8, length: usize) -> Vec<u8> {
    let short = u8::try_from(length);
    match short {
        Ok(length @ 0..=23) => vec![major << 5 | length],
        Ok(length) => vec![major << 5 | 24, length],
        Err(_) => {
            [[major << 5 | 25].as_slice(), &u16::try_from(length).expect("short").to_be_bytes()].concat()
        }
    }
}

fn number(value: i64) -> Vec<u8> {
    let (major, value) = if value < 0 { (1, -1 - value) } else { (0, value) };
    head(major, usize::try_from(value).expect("small"))
}

fn bytes(value: &[u8]) -> Vec<u8> {
    [head(2, value.len()), value.to_vec()].concat()
}

fn text(value: &str) -> Vec<u8> {
    [head(3, value.len()), value.as_bytes().to_vec()].concat()
}
