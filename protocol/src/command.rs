//! Everything a client may ask, in one list: the name on the wire, the shape of the ask, the shape of the reply.
//!
//! The socket and HTTP read commands through [`Command::read`] alone, so they cannot differ.

use crate::{
    AskPage, AskSince, Code, Connect, CreateFree, Done, Draft, Enter, Focus, MarkRead, Me, MemberList,
    Nothing, Now, OpenRoom, Page, Preview, Refusal, RoomList, RoomMade, SendPost, Sent, SignIn, SignedIn,
    Since, WhichRoom,
};
use serde::de::DeserializeOwned;

/// Over which transport a command may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Both.
    Both,
    /// HTTP only: it sets or clears cookies.
    Http,
    /// A link only: it is about the link.
    Link,
}

/// Who may ask a command at all; what she may do with it is the rules' business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// Anybody: it is how a session begins.
    Anybody,
    /// Who is signed in.
    SignedIn,
}

/// One line of the command list, for documentation and tests.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// Name on the wire.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// Name of the ask's shape.
    pub ask: &'static str,
    /// Name of the reply's shape.
    pub reply: &'static str,
    /// Where it may come from.
    pub door: Door,
    /// Who may ask it.
    pub asker: Asker,
}

macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:literal $variant:ident($ask:ty) -> $reply:ty, $door:ident, $asker:ident;)+) => {
        /// Something a client asks.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Command { $($(#[doc = $doc])+ $variant($ask)),+ }

        impl Command {
            /// The whole surface.
            pub const LIST: &'static [Entry] = &[$(Entry {
                name: $name,
                doc: concat!($($doc),+),
                ask: stringify!($ask),
                reply: stringify!($reply),
                door: Door::$door,
                asker: Asker::$asker,
            }),+];

            /// Its name on the wire.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name),+ }
            }

            /// Where it may come from.
            #[must_use]
            pub const fn door(&self) -> Door {
                match self { $(Self::$variant(_) => Door::$door),+ }
            }

            /// Reads the ask of a named command.
            ///
            /// # Errors
            /// `unknown_command`, or `bad_field` with the field's name where there is one.
            pub fn read(name: &str, ask: &[u8]) -> Result<Self, Refusal> {
                match name {
                    $($name => read_ask(ask).map(Self::$variant),)+
                    _ => Err(Refusal::new(Code::UnknownCommand)),
                }
            }

            /// Names every reply's type, so that a wrong name in the list does not compile.
            #[expect(dead_code, reason = "only its types matter")]
            fn replies() {
                $(let _: Option<$reply> = None;)+
            }

            /// The ask as JSON (clients).
            #[must_use]
            pub fn ask_json(&self) -> String {
                match self { $(Self::$variant(ask) => serde_json::to_string(ask).unwrap_or_default()),+ }
            }
        }
    };
}

commands! {
    /// Signs in with e-mail and password.
    "accounts.sign_in" SignIn(SignIn) -> SignedIn, Http, Anybody;
    /// Signs in for the first time, by a link that is good once, and sets the password.
    "accounts.enter" Enter(Enter) -> SignedIn, Http, Anybody;
    /// Ends this session everywhere.
    "accounts.sign_out" SignOut(Nothing) -> Done, Http, SignedIn;
    /// Who is signed in.
    "accounts.me" Me(Nothing) -> Me, Both, SignedIn;
    /// All rooms of the reader, with unread counts.
    "rooms.list" ListRooms(Nothing) -> RoomList, Both, SignedIn;
    /// One room with its members and the posts around the first unread one.
    "rooms.open" OpenRoom(WhichRoom) -> OpenRoom, Both, SignedIn;
    /// A page of history.
    "rooms.page" PageRoom(AskPage) -> Page, Both, SignedIn;
    /// What changed after a change one knows.
    "rooms.since" RoomSince(AskSince) -> Since, Both, SignedIn;
    /// Marks posts as read.
    "rooms.read" MarkRead(MarkRead) -> Done, Both, SignedIn;
    /// Says which room is on screen.
    "rooms.focus" Focus(Focus) -> Done, Link, SignedIn;
    /// Opens a free group.
    "rooms.create_free" CreateFree(CreateFree) -> RoomMade, Both, SignedIn;
    /// Asks somebody for a connection.
    "rooms.connect" Connect(Connect) -> RoomMade, Both, SignedIn;
    /// Accepts an invitation.
    "rooms.accept" Accept(WhichRoom) -> RoomMade, Both, SignedIn;
    /// Members of a room and how far they have read.
    "members.list" ListMembers(WhichRoom) -> MemberList, Both, SignedIn;
    /// Who will read a draft, and the token to send it.
    "posts.preview" Preview(Draft) -> Preview, Both, SignedIn;
    /// Posts a confirmed draft.
    "posts.send" Send(SendPost) -> Sent, Both, SignedIn;
    /// The server's clock.
    "time.now" Now(Nothing) -> Now, Both, SignedIn;
}

fn read_ask<T: DeserializeOwned>(ask: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(ask).map_err(|error| bad_field(&error))
}

/// Names a field only where the name is ours: serde's own sentence, and the name of a field nobody knows, would repeat
/// what was written.
fn bad_field(error: &serde_json::Error) -> Refusal {
    let said = error.to_string();
    let named = ["missing field `", "duplicate field `"].iter().find_map(|start| {
        let rest = said.strip_prefix(start)?;
        rest.split('`').next()
    });
    Refusal::new(Code::BadField).with("field", named.unwrap_or("?")).with("column", error.column())
}
