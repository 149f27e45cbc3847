//! Whether a profile has what rules ask for, before its owner joins a room (003-note(3)e, 002-2.1S6).

use super::store;
use crate::app::App;
use crate::error::Result;
use crate::policy::{Asked, Profile};
use crate::store::Conn;
use std::collections::BTreeSet;
use tsumugi_protocol::{
    Card, CardId, Code, Face, InviteRequires, Mark, Occupation, PersonKind, ProfilePart, Refusal, Task,
};

/// What of a profile is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completeness {
    kind: PersonKind,
    has_name: bool,
    has_office: bool,
    has_occupation: bool,
    has_photo: bool,
    mark: Option<Mark>,
}

impl Completeness {
    /// Of the person whose card it is.
    ///
    /// # Errors
    /// When rows cannot be read or opened.
    pub async fn of(app: &App, conn: &mut Conn, card: CardId) -> Result<Self> {
        let card = app.cards.one(app, conn, card).await?;
        let face = store::face(conn, card.account).await?;
        Ok(Self::seen(&card, &face))
    }

    /// Of a card, with what stands beside its name.
    pub(super) fn seen(card: &Card, face: &Face) -> Self {
        Self {
            kind: card.kind,
            has_name: !card.name.trim().is_empty(),
            has_office: card.office.as_ref().is_some_and(|office| !office.trim().is_empty()),
            has_occupation: card.occupation != Occupation::Unstated,
            has_photo: face.photo.is_some(),
            mark: card.mark,
        }
    }

    /// Name, office and occupation; patient and family have no office, and their occupation is what they are.
    fn text(&self) -> Vec<ProfilePart> {
        let is_staff = self.kind == PersonKind::Staff;
        let mut missing = Vec::new();
        missing.extend((!self.has_name).then_some(ProfilePart::Name));
        missing.extend((is_staff && !self.has_office).then_some(ProfilePart::Office));
        missing.extend((is_staff && !self.has_occupation).then_some(ProfilePart::Occupation));
        missing
    }

    /// What of the mark that her kind may have is missing; family have none.
    fn mark(&self) -> Option<ProfilePart> {
        let (mark, part) = match self.kind {
            PersonKind::Staff => (Mark::Verified, ProfilePart::Verified),
            PersonKind::Patient => (Mark::Confirmed, ProfilePart::Confirmed),
            PersonKind::Family => return None,
        };
        (self.mark != Some(mark)).then_some(part)
    }

    fn photo(&self) -> Option<ProfilePart> {
        (!self.has_photo).then_some(ProfilePart::Photo)
    }

    /// Whether she may have such a profile in a region: nobody takes out what is required there (K-43).
    ///
    /// # Errors
    /// `profile_incomplete` with what would be missing.
    pub(super) fn let_become(&self, new: &Self, rules: &Profile) -> Result<(), Refusal> {
        let mut missing = if rules.profile == Asked::Required { new.text() } else { Vec::new() };
        let before = self.text();
        missing.retain(|part| !before.contains(part));
        told(Code::ProfileIncomplete, &missing)
    }

    /// Whether she may be in a room of the region at all (K-41 to K-44).
    ///
    /// # Errors
    /// `profile_incomplete` with what is missing.
    pub fn let_in(&self, rules: &Profile) -> Result<(), Refusal> {
        let mut missing = if rules.profile == Asked::Required { self.text() } else { Vec::new() };
        let is_asked = rules.photo == Asked::Required && self.kind == PersonKind::Staff;
        missing.extend(self.photo().filter(|_| is_asked));
        missing.extend(self.mark().filter(|part| rules.asks_for(*part) == Asked::Required));
        told(Code::ProfileIncomplete, &missing)
    }

    /// Whether she has what a free group asks of whoever joins it.
    ///
    /// # Errors
    /// `invitee_profile_incomplete` with what is missing.
    pub fn let_join(&self, asked: &BTreeSet<InviteRequires>) -> Result<(), Refusal> {
        let mut missing = Vec::new();
        for one in asked {
            match one {
                InviteRequires::Profile => missing.extend(self.text()),
                InviteRequires::Photo => missing.extend(self.photo()),
                // Only what staff do is looked at.
                InviteRequires::Verified => {
                    missing.extend(self.mark().filter(|part| *part == ProfilePart::Verified));
                }
            }
        }
        told(Code::InviteeProfileIncomplete, &missing)
    }

    /// What an administrator sees missing before she approves (002-3.2(1)b).
    #[must_use]
    pub fn lacks(&self) -> Vec<ProfilePart> {
        let is_staff = self.kind == PersonKind::Staff;
        let mut missing = self.text();
        missing.extend(self.photo().filter(|_| is_staff));
        missing.extend(self.mark());
        missing
    }

    /// What she is reminded of.
    #[must_use]
    pub fn tasks(&self, rules: &Profile) -> BTreeSet<Task> {
        let is_staff = self.kind == PersonKind::Staff;
        let mut tasks = BTreeSet::new();
        tasks.extend((rules.profile != Asked::Off && !self.text().is_empty()).then_some(Task::Profile));
        tasks.extend((rules.photo != Asked::Off && is_staff && !self.has_photo).then_some(Task::Photo));
        // That an account is a patient's own is no task of hers: staff see to it.
        let lacks = self.mark() == Some(ProfilePart::Verified);
        let is_looked_at = rules.professional_verification != Asked::Off;
        tasks.extend((is_looked_at && lacks).then_some(Task::Verification));
        tasks
    }
}

fn told(code: Code, missing: &[ProfilePart]) -> Result<(), Refusal> {
    if missing.is_empty() {
        return Ok(());
    }
    let words: Vec<&str> = missing.iter().map(|part| part.as_str()).collect();
    Err(Refusal::new(code).with("missing", words.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;

    const NURSE: Completeness = Completeness {
        kind: PersonKind::Staff,
        has_name: true,
        has_office: true,
        has_occupation: true,
        has_photo: true,
        mark: Some(Mark::Verified),
    };

    fn rules(profile: Asked, photo: Asked) -> Profile {
        let floor = Policies::shipped().unwrap().named("vendor-floor").unwrap();
        Profile { profile, photo, ..(*floor).clone() }
    }

    fn missing(answer: Result<(), Refusal>) -> String {
        answer.err().map(|refusal| refusal.params["missing"].clone()).unwrap_or_default()
    }

    // clause("003-note(3)e", "003§guide-①4a")
    #[test]
    fn who_is_let_into_rooms_by_table() {
        use Asked::{Off, Recommended, Required};
        let unnamed = Completeness { has_name: false, ..NURSE };
        let nowhere = Completeness { has_office: false, ..NURSE };
        let unstated = Completeness { has_occupation: false, ..NURSE };
        let unseen = Completeness { has_photo: false, ..NURSE };
        let bare = Completeness { has_name: false, has_office: false, has_occupation: false, ..unseen };
        let daughter = Completeness { kind: PersonKind::Family, has_office: false, ..unseen };
        for (of, profile, photo, expected) in [
            (NURSE, Required, Required, ""),
            (unnamed, Required, Off, "name"),
            (nowhere, Required, Off, "office"),
            (unstated, Required, Off, "occupation"),
            (bare, Required, Recommended, "name,office,occupation"),
            (bare, Recommended, Recommended, ""),
            (bare, Off, Off, ""),
            (unseen, Required, Recommended, ""),
            (unseen, Off, Required, "photo"),
            (bare, Required, Required, "name,office,occupation,photo"),
            (daughter, Required, Required, ""),
            (Completeness { has_name: false, ..daughter }, Required, Off, "name"),
        ] {
            assert_eq!(missing(of.let_in(&rules(profile, photo))), expected, "{of:?} {profile:?} {photo:?}");
        }
    }

    #[test]
    fn where_marks_are_required_nobody_comes_in_without_her_own() {
        use Asked::{Off, Recommended, Required};
        let plain = Completeness { mark: None, ..NURSE };
        let patient = Completeness { kind: PersonKind::Patient, has_office: false, ..plain };
        let confirmed = Completeness { mark: Some(Mark::Confirmed), ..patient };
        let daughter = Completeness { kind: PersonKind::Family, ..patient };
        for (of, staff, patients, expected) in [
            (plain, Required, Off, "verified"),
            (plain, Recommended, Required, ""),
            (NURSE, Required, Required, ""),
            (patient, Required, Off, ""),
            (patient, Off, Recommended, ""),
            (patient, Off, Required, "confirmed"),
            (confirmed, Required, Required, ""),
            (daughter, Required, Required, ""),
        ] {
            let rules = Profile {
                professional_verification: staff,
                patient_confirmation: patients,
                ..rules(Off, Off)
            };
            assert_eq!(missing(of.let_in(&rules)), expected, "{of:?} {staff:?} {patients:?}");
        }
    }

    #[test]
    fn what_a_group_asks_by_table() {
        use InviteRequires::{Photo, Profile as Text, Verified};
        let bare = Completeness { has_occupation: false, has_photo: false, mark: None, ..NURSE };
        for (asked, expected) in [
            (vec![], ""),
            (vec![Text], "occupation"),
            (vec![Photo], "photo"),
            (vec![Verified], "verified"),
            (vec![Verified, Photo, Text], "occupation,photo,verified"),
        ] {
            let asked: BTreeSet<InviteRequires> = asked.into_iter().collect();
            assert_eq!(missing(bare.let_join(&asked)), expected, "{asked:?}");
            assert_eq!(missing(NURSE.let_join(&asked)), "", "{asked:?}");
            let daughter = Completeness { kind: PersonKind::Family, has_photo: true, ..bare };
            assert_eq!(missing(daughter.let_join(&asked)), "", "{asked:?}");
        }
    }

    #[test]
    fn what_somebody_is_reminded_of() {
        let bare = Completeness { has_occupation: false, has_photo: false, mark: None, ..NURSE };
        let floor = rules(Asked::Recommended, Asked::Recommended);
        let all = BTreeSet::from([Task::Profile, Task::Photo, Task::Verification]);
        assert_eq!(bare.tasks(&floor), all);
        assert_eq!(NURSE.tasks(&floor), BTreeSet::new());
        let off = Profile { professional_verification: Asked::Off, ..rules(Asked::Off, Asked::Off) };
        assert_eq!(bare.tasks(&off), BTreeSet::new());
        assert_eq!(Completeness { kind: PersonKind::Family, ..bare }.tasks(&floor), BTreeSet::new());
    }
}
