//! Every limit a client can meet, in one place (`decisions`: frames 256 KiB, posts 20,000 characters, pages of 50).

/// Largest frame or HTTP body of a command, in bytes: the longest post fits however its JSON is written.
pub const FRAME_BYTES: usize = 256 * 1024;
/// Longest post, in Unicode scalar values after NFC.
pub const POST_CHARS: usize = 20_000;

/// Bytes of the longest character in JSON: a surrogate pair, both halves escaped (`\ud83d\ude42`).
const ESCAPED: usize = 12;
/// Bytes around a post's text, generously: names, ids, the token, findings acknowledged.
const AROUND_A_POST: usize = 8 * 1024;
const _: () =
    assert!(POST_CHARS * ESCAPED + AROUND_A_POST <= FRAME_BYTES, "the longest post fits in a frame");

/// Characters of a room's newest post that its line in the list shows.
pub const LAST_CHARS: usize = 60;
/// Posts in a page when the client does not say.
pub const PAGE: u32 = 50;
/// Posts in a page at most.
pub const PAGE_MAX: u32 = 200;
/// Longest name or title, in Unicode scalar values.
pub const NAME_CHARS: usize = 100;
/// Longest aim of a free group, in Unicode scalar values.
pub const AIM_CHARS: usize = 1_000;
/// Longest part of a group's agreement: aim, usage, hours, in Unicode scalar values.
pub const AGREEMENT_CHARS: usize = 1_000;
/// Longest line on agreed hours, in Unicode scalar values.
pub const HOURS_CHARS: usize = 100;
/// Longest word on a consent that was obtained for a connection, in Unicode scalar values.
pub const PERMIT_CHARS: usize = 500;
/// Longest e-mail address, in bytes (RFC 5321: 254).
pub const EMAIL_BYTES: usize = 254;
/// Longest password, in bytes; refused before hashing.
pub const PASSWORD_BYTES: usize = 1_024;
/// Commands of one link that may be waiting for their answer.
pub const IN_FLIGHT: usize = 64;
/// Milliseconds for which a link is not heard, and a request not answered, at most, when its account asks faster than it may.
pub const UNHEARD_MS: u64 = 1_000;
/// How often a link may ask too fast, halved at each of the server's pings, before it is closed.
pub const HURRIES: u32 = 120;
/// Links that one session may have open; one more, and the oldest is closed.
pub const LINKS_OF_SESSION: usize = 20;
/// Rooms a client may name in its `hello`.
pub const HELLO_ROOMS: usize = 1_000;
/// People who may be invited when a free group is made.
pub const INVITE: usize = 100;
/// Bytes of events a link may be behind before it is told `behind`.
pub const OUTBOX_BYTES: usize = 1024 * 1024;
/// Milliseconds between the server's pings; a link that is silent for two of them is closed.
pub const PING_MS: u64 = 25_000;
/// Milliseconds a new link has to say `hello`.
pub const HELLO_MS: u64 = 10_000;
/// Bad frames a link may send before it is closed.
pub const BAD_FRAMES: u32 = 10;
/// Milliseconds a message may take from its first byte to its last; a link that takes longer is closed.
pub const MESSAGE_MS: u64 = 30_000;
/// Milliseconds a TLS handshake may take, the wait for its turn included; then the connection is dropped.
pub const HANDSHAKE_MS: u64 = 10_000;
/// Handshakes that may be under way; further ones wait for their turn.
pub const HANDSHAKES: usize = 4_096;
/// Handshakes of one source (an IPv4 address, or a /64 of IPv6) that may be under way.
pub const HANDSHAKES_OF_SOURCE: usize = 512;
/// Handshakes of all networks of one site of IPv6 (a /48) that may be under way.
pub const HANDSHAKES_OF_SITE: usize = 1_024;
/// Connections that may be open, or fewer where the system allows fewer files. One more is dropped.
pub const CONNECTIONS: usize = 20_000;
/// Of a hundred connections, those that one IPv4 address may hold: a whole house or carrier may stand behind it.
pub const ADDRESS_PERCENT: usize = 75;
/// Of a hundred connections, those that one network of IPv6 (a /64) may hold: it belongs to one customer.
pub const NETWORK_PERCENT: usize = 25;
/// Of a hundred connections, those that all networks of one site of IPv6 (a /48) may hold together.
pub const SITE_PERCENT: usize = 50;
/// Milliseconds after which a connection without an open request is ended, or up to a quarter later; links never are.
pub const IDLE_MS: u64 = 60_000;
/// Tokens of one source that may be looked up at once, where neither memory nor their form tells; others wait for their turn.
pub const LOOKUPS_OF_SOURCE: usize = 16;
/// Tokens of one source that were issued once and have ended which may be looked up at once; more are `rate_limited`.
pub const STALE_TOKENS_AT_ONCE: u32 = 60;
/// The same in every second after that.
pub const STALE_TOKENS_A_SECOND: u32 = 1;
/// Largest body of a request without a session, in bytes: a sign-in fits however its JSON is written.
pub const STRANGER_BYTES: usize = 16 * 1024;
const _: () = assert!((EMAIL_BYTES + PASSWORD_BYTES) * ESCAPED <= STRANGER_BYTES, "every sign-in fits");
/// Sign-ins of one source that may be under way; more are refused as `overloaded`.
pub const SIGN_INS_OF_SOURCE: usize = 32;
/// Milliseconds after which a sign-in that found no place is worth another try.
pub const SIGN_IN_RETRY_MS: u64 = 2_000;

/// Characters of a reason that somebody gives for what she does about an account or a device.
pub const REASON_CHARS: usize = 500;

/// Characters of what somebody has to do with a room, and of a word to her.
pub const INVOLVEMENT_CHARS: usize = 500;

/// † Devices that the ledger of an office holds, those given up aside.
pub const DEVICES_OF_OFFICE: usize = 500;
/// † Devices that one person holds, those given up aside.
pub const DEVICES_OF_HOLDER: usize = 20;

/// † Most people on the roster of a shared account.
pub const ROSTER: usize = 100;

/// † Most bytes of a photo as it is sent; the server keeps one of its own making.
pub const PHOTO_BYTES: usize = 64 * 1024;
/// † Pixels of a photo as it is kept, in each direction.
pub const PHOTO_PIXELS: u32 = 256;
/// † Most bytes of a document as it is sent: in base64 it fits in a frame.
pub const DOCUMENT_BYTES: usize = 190 * 1024;
/// † Pixels of a document as it is kept, at most, in each direction.
pub const DOCUMENT_PIXELS: u32 = 1_600;
const _: () = assert!(DOCUMENT_BYTES / 3 * 4 + 1_024 <= FRAME_BYTES, "a document fits in a frame");
/// † Rows of a list of staff that may come in at once.
pub const ROSTER_ROWS: usize = 200;
/// † Places that one training may name.
pub const ATTENDED: usize = 500;
/// † Scans of one consent.
pub const SCANS: i64 = 10;
/// † Most people who sign one consent.
pub const SIGNATORIES: usize = 4;
/// † Most items and purposes that are objected to.
pub const OBJECTIONS: usize = 60;
/// † Characters of what is written beside a consent.
pub const CONSENT_CHARS: usize = 300;
/// † People whose faces may be asked for at once.
pub const FACES: usize = 100;

/// † People whom a new office lists; further ones are registered by its own admin.
pub const ENROLLED_PEOPLE: usize = 30;
/// † Characters of a line of an office's application.
pub const ENROLMENT_CHARS: usize = 100;
/// † Things that the desk sends back at once.
pub const RETURN_REASONS: usize = 20;
