//! Every word on the wire: commands, replies, events, refusals, close codes and limits. No I/O, no clock, no database.
//!
//! Reading order: [`frame`] (bytes ⇄ words), [`command`] (what a client may ask), [`event`] (what the server says
//! unasked), [`refusal`] (why not), then the wire shapes by noun.

pub mod account;
pub mod agreement;
pub mod close;
pub mod command;
pub mod consent;
pub mod device;
pub mod enrolment;
pub mod erasure;
pub mod event;
pub mod exception;
pub mod frame;
pub mod ids;
pub mod incident;
pub mod invitation;
pub mod leaving;
pub mod limits;
pub mod notice;
pub mod office;
pub mod opening;
pub mod passkey;
pub mod patient;
pub mod pledge;
pub mod post;
pub mod profile;
pub mod refusal;
pub mod role;
pub mod room;
pub mod rules;
pub mod schema;
pub mod sharing;
pub mod staff_change;
pub mod staff_import;
pub mod stewardship;
pub mod training;
pub mod verification;

pub use account::*;
pub use agreement::*;
pub use close::{Afterwards, Close, CloseReason};
pub use command::Command;
pub use consent::*;
pub use device::*;
pub use enrolment::*;
pub use erasure::*;
pub use event::Event;
pub use exception::*;
pub use frame::{Hello, HelloFrame, Known, Stale, Welcome, WelcomeFrame};
pub use ids::*;
pub use incident::*;
pub use invitation::*;
pub use leaving::*;
pub use notice::*;
pub use office::*;
pub use opening::*;
pub use passkey::*;
pub use patient::*;
pub use pledge::*;
pub use post::*;
pub use profile::{
    AskFaces, ChangeProfile, Face, FaceList, InviteRequires, Mark, NamePattern, Photo, ProfilePart, SetPhoto,
    Task,
};
pub use refusal::{Code, Lang, Refusal, Refused};
pub use role::*;
pub use room::*;
pub use rules::*;
pub use sharing::*;
pub use staff_change::*;
pub use staff_import::*;
pub use stewardship::*;
pub use training::*;
pub use verification::*;

/// Version of the protocol, in the URL (`/api/v1`) and in the first frame. It rises when an old client would
/// misread what the server says; new fields and events do not raise it.
pub const PROTOCOL: u32 = 1;

/// Oldest version this server still speaks. An older client is told `protocol_too_old` and what to do.
pub const OLDEST_PROTOCOL: u32 = 1;
