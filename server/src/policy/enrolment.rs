//! Words of who stands behind a region and how offices and people come in (clauses.md 7.1 and 7.2).

use super::words::words;
use serde::{Deserialize, Serialize};

words! {
    /// K-08: how dates are shown.
    Calendar {
        /// 2026年
        Western,
        /// 令和8年
        Wareki,
    }
    /// K-11: who stands behind a network.
    Body {
        /// The association.
        Association,
        /// A committee of it.
        Committee,
        /// Its desk.
        Secretariat,
        /// A support centre.
        SupportCentre,
        /// A vendor's support desk.
        SupportDesk,
        /// Bodies inside each office.
        OfficeBodies,
    }
    /// K-15: how an office from outside the area comes in.
    OutsideOffices {
        /// With the same forms.
        SameForms,
        /// With the same forms, and it says whether it has an id from elsewhere.
        SameFormsAndEarlierId,
        /// When people of the area work with it.
        WorkingWithTheArea,
    }
    /// K-16 to K-19: what is handed in.
    Form {
        /// An application.
        Application,
        /// The pledge of the office's head.
        HeadPledge,
        /// The pledge of each admin.
        AdminPledge,
        /// The pledge of each person, to whom K-24 says.
        StaffPledge,
        /// A request for an id, where one is needed.
        IdRequest,
        /// A notice of a change.
        ChangeNotice,
        /// A word to the desk, however it comes.
        AnyNotice,
        /// That the role was explained.
        RoleExplanation,
    }
    /// K-20: what stands for the papers of a new office.
    EnrolmentWaiver {
        /// Nothing.
        None,
        /// A visit of the desk's.
        SiteVisit,
    }
    /// K-21: who gives the first id.
    FirstIdIssuer {
        /// The office itself.
        OwnOffice,
        /// The desk, afterwards the office's admin, who tells it.
        Secretariat,
        /// The desk's invitation for the list of a new office, afterwards the office's admin.
        SecretariatInvites,
        /// The desk when it is asked, else the office's admin.
        SecretariatOnRequest,
    }
    /// K-24: to whom staff pledge.
    PledgeTo {
        /// The head of their office.
        OfficeHead,
        /// The association.
        Association,
    }
    /// K-26: who pledges.
    PledgeScope {
        /// Everybody who comes in.
        All,
        /// Everybody, also staff who do not.
        AllStaff,
        /// Only who works across offices.
        NetworkOnly,
    }
    /// K-27: who is told that somebody left.
    LeaverNotice {
        /// The office's admin.
        OfficeAdmin,
        /// The association's desk.
        Secretariat,
    }
}

/// K-10: a guideline that the rules name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guideline {
    /// What it is called.
    pub title: String,
    /// Its edition; the latest where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
}

/// K-12: how the desk is reached; what the documents leave open stays open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Telephone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Fax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// When somebody is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
}
