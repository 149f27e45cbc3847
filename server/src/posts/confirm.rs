//! The confirm step (000-note(3)h): what an author confirmed, as bytes that a token can be bound to.

use super::Text;
use crate::crypto::canonical::Canonical;
use crate::rooms::Standing;
use tsumugi_protocol::{AccountId, Draft, RosterPersonId};

/// The canonical bytes of everything that was confirmed.
///
/// Whole ask, author, rules in force and who reads: if any of it changes, the confirmation is none.
pub struct Confirmed(Vec<u8>);

impl Confirmed {
    /// What this author confirms by sending this draft now.
    #[must_use]
    pub fn of(
        draft: &Draft,
        text: &Text,
        (author, acting): (AccountId, Option<RosterPersonId>),
        standing: &Standing,
        rules: &str,
        findings: &[String],
    ) -> Self {
        // Every field is bound: one that is added does not compile until it stands here. The text is the normal form.
        let Draft { room, post, text: _, reply_to, about } = draft;
        let form = Canonical::of("posts.send 3")
            .id(room.0)
            .id(post.0)
            .text(text.as_str())
            .maybe(*reply_to, |form, post| form.id(post.0))
            .maybe(*about, |form, patient| form.id(patient.0))
            .id(author.0)
            .maybe(acting, |form, person| form.id(person.0))
            .text(rules)
            .number(standing.head.member_version)
            .list(findings.len());
        // In whatever order they are ticked, they are the same.
        let mut codes: Vec<&String> = findings.iter().collect();
        codes.sort_unstable();
        let form = codes.into_iter().fold(form, |form, code| form.text(code));
        Self(form.finish())
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
