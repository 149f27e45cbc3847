//! How a closed list of words is written down: an enum whose variants are the words of a profile's file.

macro_rules! words {
    ($($(#[doc = $what:literal])+ $type:ident { $($(#[doc = $doc:literal])+ $name:ident),+ $(,)? })+) => {$(
        $(#[doc = $what])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $type { $($(#[doc = $doc])+ $name),+ }
    )+};
}
pub(super) use words;
