//! What a knob is, and how the list of them becomes a profile and what one file says of it.

use super::about::About;
use super::kinds::Override;
use serde::Serialize;

/// How values of a knob combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The stricter holds.
    Ordered,
    /// They add up.
    Union,
    /// The nearer one holds.
    Own,
    /// The nearer one holds, with a reason where it differs.
    Reasoned,
}

/// One knob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Knob {
    /// Its number in the clause index, or its own name where the documents say nothing (†).
    pub number: &'static str,
    /// Its name in a profile's file.
    pub name: &'static str,
    /// How its values combine.
    pub kind: Kind,
}

/// What stands above the knobs of a file and is its own (K-01 to K-04).
pub const HEADER: &[&str] = &["K-01", "K-02", "K-03", "K-04"];

/// A value as the rules page and the command line show it.
pub(super) fn shown<T: Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// A later file's reasons, and those of the one it amends for other knobs.
pub(super) fn reasons_of(given: Vec<Override>, amended: &[Override]) -> Vec<Override> {
    let mut all = given;
    let old = amended.iter().filter(|old| !all.iter().any(|entry| entry.knob == old.knob)).cloned();
    let old: Vec<Override> = old.collect();
    all.extend(old);
    all
}

/// A later file's header; what points to the documents stays as it was where it says nothing.
pub(super) fn about_of(given: About, amended: &About) -> About {
    let mut about = given;
    if about.issuer.is_empty() {
        about.issuer.clone_from(&amended.issuer);
    }
    if about.documents.is_empty() {
        about.documents.clone_from(&amended.documents);
    }
    about
}

macro_rules! knobs {
    ($($(#[doc = $doc:literal])+ $kind:ident $number:literal $name:ident: $type:ty = $combine:path;)+) => {
        /// A region's rules: what holds there after floor and region were weighed.
        #[derive(Debug, Clone, PartialEq)]
        pub struct Profile {
            /// Name of the profile.
            pub key: String,
            /// Rises with every amendment; acts record which one decided.
            pub version: u32,
            /// The version of the floor below it; 0 where it is the floor.
            pub floor: u32,
            /// K-01: what the rules are called.
            pub title: String,
            /// K-02 to K-04, and what the documents leave open.
            pub about: About,
            $($(#[doc = $doc])+ pub $name: $type,)+
            /// Values below the floor, and own ones that differ, each with its reason; the rules page shows them.
            pub overrides: Vec<Override>,
        }

        /// What one file says; it is silent on whatever it leaves out.
        #[derive(Debug, Clone, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct Given {
            #[serde(default)]
            pub key: String,
            #[serde(default)]
            pub version: u32,
            #[serde(default)]
            pub title: String,
            /// The version of the same profile that holds in whatever this one leaves out.
            #[serde(default)]
            pub rest_as: Option<u32>,
            #[serde(default)]
            pub about: About,
            $(pub $name: Option<$type>,)+
            #[serde(default)]
            pub overrides: Vec<Override>,
            /// Where all this stands.
            #[serde(skip)]
            pub source: Source,
        }

        /// Every knob, its number and its kind: what the rules page lists.
        pub const KNOBS: &[Knob] =
            &[$(Knob { number: $number, name: stringify!($name), kind: Kind::$kind }),+];

        impl Given {
            /// Of every knob, in the order of [`KNOBS`], what the file says.
            pub fn values(&self) -> Vec<Option<serde_json::Value>> {
                vec![$(self.$name.as_ref().map(shown)),+]
            }

            /// A file that says everything as these rules have it, and gives no reason.
            #[cfg(test)]
            pub fn saying(profile: &Profile) -> Self {
                Self {
                    key: "said".to_owned(),
                    version: 1,
                    title: "said".to_owned(),
                    rest_as: None,
                    about: About::default(),
                    $($name: Some(profile.$name.clone()),)+
                    overrides: Vec::new(),
                    source: Source::default(),
                }
            }

            /// A file that says of every knob what one of these says, or nothing.
            #[cfg(test)]
            pub fn mixed<'a>(mut from: impl FnMut() -> Option<&'a Self>) -> Self {
                Self {
                    key: String::new(),
                    version: 0,
                    title: String::new(),
                    rest_as: None,
                    about: About::default(),
                    $($name: from().and_then(|file| file.$name.clone()),)+
                    overrides: Vec::new(),
                    source: Source::default(),
                }
            }

            /// The same file with what it leaves out as in the one that it amends.
            pub fn amending(self, base: &Self) -> Self {
                Self {
                    $($name: self.$name.or_else(|| base.$name.clone()),)+
                    key: self.key,
                    version: self.version,
                    title: if self.title.is_empty() { base.title.clone() } else { self.title },
                    rest_as: None,
                    about: knobs::about_of(self.about, &base.about),
                    overrides: knobs::reasons_of(self.overrides, &base.overrides),
                    source: self.source.over(&base.source),
                }
            }
        }

        impl Profile {
            /// The floor: silent on nothing.
            pub(super) fn floor(given: Given) -> Result<Self, PolicyFault> {
                $(let Some($name) = given.$name else {
                    return Err(PolicyFault::Silent { at: given.source.at(stringify!($name)), knob: $number });
                };)+
                let (key, version, title) = (given.key, given.version, given.title);
                let (about, overrides) = (given.about, given.overrides);
                Ok(Self { key, version, floor: 0, title, about, overrides, $($name),+ })
            }

            /// What holds where this profile is the one above: a region under the floor, an office under its region.
            pub(super) fn tightened_by(&self, given: Given) -> Result<Self, PolicyFault> {
                given.check()?;
                let reasons = Reasons { source: &given.source, given: &given.overrides };
                $(let $name = $combine(
                    &self.$name,
                    given.$name,
                    &Knob { number: $number, name: stringify!($name), kind: Kind::$kind },
                    reasons,
                )?;)+
                let (key, version, title) = (given.key, given.version, given.title);
                let (about, overrides, floor) = (given.about, given.overrides, self.version);
                Ok(Self { key, version, floor, title, about, overrides, $($name),+ })
            }

            /// The value of every knob, in the order of [`KNOBS`].
            #[must_use]
            pub fn values(&self) -> Vec<serde_json::Value> {
                vec![$(shown(&self.$name)),+]
            }
        }
    };
}
pub(super) use knobs;
