//! What changes in an office's staff is told to the region's desk in the same act, where its rules say so (001§12-2, 003-form1※c,
//! 004§3): nobody is told of a change that was not made, and no change is made without it.

mod list;
mod note;
mod process;
pub(crate) mod store;

pub use list::list;
pub use note::NewId;
pub use process::process;

use crate::policy::{Form, LeaverNotice, Profile};
use tsumugi_protocol::{StaffChangeKind, StaffForm};

/// What a change comes to under a region's rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Told {
    /// Whether the desk is told.
    is_told: bool,
    /// What is to be handed in with it.
    forms: Vec<StaffForm>,
}

/// Whether the desk is told of a change, and what it wants with it (K-18, K-19, K-27). An id is asked for only where there was none
/// (004-form3※c).
fn decide(kind: StaffChangeKind, new_id: NewId, rules: &Profile) -> Told {
    let asked = match kind {
        StaffChangeKind::Added => &rules.forms_user_add,
        StaffChangeKind::Changed | StaffChangeKind::Left => &rules.forms_user_change,
    };
    let is_notice = |form: &Form| matches!(form, Form::IdRequest | Form::ChangeNotice | Form::AnyNotice);
    let leaves_to_desk =
        kind == StaffChangeKind::Left && rules.leaver_notice.contains(&LeaverNotice::Secretariat);
    if !leaves_to_desk && !asked.iter().any(is_notice) {
        return Told::default();
    }
    let is_needed = |form: &&Form| match form {
        Form::IdRequest => new_id == NewId::Made || kind != StaffChangeKind::Added,
        Form::Application
        | Form::HeadPledge
        | Form::AdminPledge
        | Form::StaffPledge
        | Form::ChangeNotice
        | Form::AnyNotice
        | Form::RoleExplanation => true,
    };
    Told { is_told: true, forms: asked.iter().filter(is_needed).map(|form| shown(*form)).collect() }
}

const fn shown(form: Form) -> StaffForm {
    match form {
        Form::Application => StaffForm::Application,
        Form::HeadPledge => StaffForm::HeadPledge,
        Form::AdminPledge => StaffForm::AdminPledge,
        Form::StaffPledge => StaffForm::StaffPledge,
        Form::IdRequest => StaffForm::IdRequest,
        Form::ChangeNotice => StaffForm::ChangeNotice,
        Form::AnyNotice => StaffForm::AnyNotice,
        Form::RoleExplanation => StaffForm::RoleExplanation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;
    use std::collections::BTreeSet;

    #[test]
    fn what_the_desk_is_told_by_table() {
        use Form::{AdminPledge, AnyNotice, ChangeNotice, IdRequest, StaffPledge};
        use StaffChangeKind::{Added, Changed, Left};
        let floor = Policies::shipped().unwrap().named("vendor-floor").unwrap();
        let rules = |add: &[Form], change: &[Form], leaver: &[LeaverNotice]| Profile {
            forms_user_add: add.iter().copied().collect(),
            forms_user_change: change.iter().copied().collect(),
            leaver_notice: leaver.iter().copied().collect::<BTreeSet<_>>(),
            ..(*floor).clone()
        };
        let silent = rules(&[StaffPledge], &[], &[LeaverNotice::OfficeAdmin]);
        let leavers = rules(&[StaffPledge], &[], &[LeaverNotice::Secretariat]);
        let notices = rules(&[StaffPledge, ChangeNotice], &[ChangeNotice], &[LeaverNotice::OfficeAdmin]);
        let any = rules(&[StaffPledge, AnyNotice], &[AnyNotice], &[]);
        let requests = rules(&[StaffPledge, IdRequest], &[IdRequest], &[]);
        let printed = rules(&[AdminPledge, StaffPledge, IdRequest], &[IdRequest], &[]);
        for (rules, kind, id, expected) in [
            (&silent, Added, NewId::Made, None),
            (&silent, Changed, NewId::HadOne, None),
            (&silent, Left, NewId::HadOne, None),
            (&leavers, Left, NewId::HadOne, Some(vec![])),
            (&leavers, Added, NewId::Made, None),
            (&notices, Added, NewId::HadOne, Some(vec![StaffForm::StaffPledge, StaffForm::ChangeNotice])),
            (&notices, Changed, NewId::HadOne, Some(vec![StaffForm::ChangeNotice])),
            (&any, Left, NewId::HadOne, Some(vec![StaffForm::AnyNotice])),
            (&requests, Added, NewId::Made, Some(vec![StaffForm::StaffPledge, StaffForm::IdRequest])),
            (&requests, Added, NewId::HadOne, Some(vec![StaffForm::StaffPledge])),
            (&requests, Left, NewId::HadOne, Some(vec![StaffForm::IdRequest])),
            (
                &printed,
                Added,
                NewId::Made,
                Some(vec![StaffForm::AdminPledge, StaffForm::StaffPledge, StaffForm::IdRequest]),
            ),
        ] {
            let told = decide(kind, id, rules);
            assert_eq!(told.is_told.then_some(told.forms), expected, "{kind:?} {id:?}");
        }
    }
}
