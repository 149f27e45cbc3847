//! Whether an account may be shared, as a pure decision (K-29).

use crate::policy::SharedAccount;
use tsumugi_protocol::{Code, PersonKind, Refusal};

/// What is known of the account and of who is to answer for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Facts {
    /// K-29 in the strictest of its regions.
    pub rule: SharedAccount,
    /// Staff, patient or family.
    pub kind: PersonKind,
    /// Somebody has signed in with it: then it is a person's.
    pub is_used: bool,
    /// Who is to answer for it works in the same office, and may act.
    pub is_answered_for: bool,
    /// She is an admin there.
    pub by_an_admin: bool,
    /// The account holds a role, which one person took on.
    pub has_role: bool,
}

/// Whether it may be shared.
///
/// # Errors
/// `shared_account_forbidden` where the region says so, for a person's account where only departments may have one, and for
/// patients and families; `holds_a_role`; `bad_field` for a responsible person who cannot be it.
pub(super) fn decide(facts: &Facts) -> Result<(), Refusal> {
    let is_open = if facts.is_used { facts.rule.lets_persons() } else { facts.rule.lets_departments() };
    if !is_open || facts.kind != PersonKind::Staff {
        return Err(Code::SharedAccountForbidden.into());
    }
    if facts.has_role {
        return Err(Code::HoldsARole.into());
    }
    let needs_admin = facts.rule == SharedAccount::DepartmentOnly;
    if !facts.is_answered_for || (needs_admin && !facts.by_an_admin) {
        return Err(Refusal::new(Code::BadField).with("field", "responsible"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_accounts_may_be_shared_where() {
        use SharedAccount::{DepartmentOnly, Discouraged, Forbidden};
        let fresh = Facts {
            rule: Discouraged,
            kind: PersonKind::Staff,
            is_used: false,
            is_answered_for: true,
            by_an_admin: true,
            has_role: false,
        };
        let used = Facts { is_used: true, ..fresh };
        let (no, field) = ("shared_account_forbidden", "bad_field");
        for (facts, wanted) in [
            (fresh, "ok"),
            (used, "ok"),
            (Facts { rule: Forbidden, ..fresh }, no),
            (Facts { rule: DepartmentOnly, ..fresh }, "ok"),
            (Facts { rule: DepartmentOnly, ..used }, no),
            (Facts { rule: DepartmentOnly, by_an_admin: false, ..fresh }, field),
            (Facts { by_an_admin: false, ..fresh }, "ok"),
            (Facts { is_answered_for: false, ..fresh }, field),
            (Facts { has_role: true, ..fresh }, "holds_a_role"),
            (Facts { has_role: true, rule: Forbidden, ..fresh }, no),
            (Facts { kind: PersonKind::Family, ..fresh }, no),
            (Facts { kind: PersonKind::Patient, ..fresh }, no),
        ] {
            let told = decide(&facts).map_or_else(|refusal| refusal.code.as_str(), |()| "ok");
            assert_eq!(told, wanted, "{facts:?}");
        }
    }
}
