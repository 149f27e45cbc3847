//! Words of devices that go out, of what is written and shown, and of what is published (clauses.md 7.3, 7.6 and 7.7).

use super::words::words;
use serde::{Deserialize, Serialize};

words! {
    /// What somebody or something may do, loose to strict.
    Permit {
        /// It may.
        Allowed,
        /// It may not.
        Forbidden,
    }
    /// K-37: where people sign out when they leave the seat, loose to strict.
    LogoutOn {
        /// On computers.
        Computers,
        /// On every device.
        AllDevices,
    }
    /// K-77: what a device asks when it starts, loose to strict.
    StartUpRule {
        /// It has a lock.
        Lock,
        /// Eight characters or more, letters and digits.
        EightCharacters,
    }
    /// K-79: what happens before data or devices are carried out, loose to strict.
    Carryout {
        /// What the office says.
        OfficeSets,
        /// The office's admin is told.
        Notify,
        /// The office's admin approves.
        Approve,
    }
    /// K-80: devices that the association lends.
    LentDevices {
        /// None.
        None,
        /// On an application of each.
        OnApplication,
    }
    /// K-81: what lifts the rule of devices.
    DeviceException {
        /// A disaster.
        Disaster,
        /// Life or body in danger.
        LifeOrBody,
    }
    /// K-82: who says that it is so; all is looked at afterwards (c-28).
    ExceptionDeclaredBy {
        /// The association's desk.
        Secretariat,
        /// An admin, for the own office.
        OfficeAdmin,
        /// Whoever needs it.
        Holder,
    }
    /// K-83: what may be done with an attachment, loose to strict.
    AttachmentMode {
        /// It is taken from those one trusts.
        Trusted,
        /// What its provider permits.
        ByPermission,
        /// It is looked at.
        ViewOnly,
    }
    /// K-84: use beyond the care.
    SecondaryUse {
        /// None.
        None,
        /// With the patient's consent.
        WithConsent,
        /// Within the purposes consented to.
        ConsentedPurposes,
        /// Within them; outside the network with a consent each time.
        ConsentedPurposesAndEachTime,
        /// Within the stated purpose.
        StatedPurpose,
        /// For the care with the provider's permission, else with the manager's as well.
        ByPermissions,
    }
    /// K-87: when data goes out without the patient's consent.
    ProvisionException {
        /// A law demands it.
        Law,
        /// Life, body or property is in danger.
        LifeBodyProperty,
        /// Public health or a child's.
        PublicHealthOrChild,
        /// Another case of the guideline, which is named.
        GuidelineCase,
    }
    /// K-88: the purposes on the consent form.
    Purposes {
        /// Nine inside, fourteen to others, two more.
        TwentyFive,
        /// The same, with the remark which are not in use.
        TwentyFiveWithRemark,
        /// One paragraph.
        OneParagraph,
    }
    /// K-89: what is shared of a patient.
    SharedDataKind {
        /// Identity and contact.
        IdentityAndContact,
        /// History and diagnoses.
        HistoryAndDiagnoses,
        /// Treatment and tests.
        TreatmentAndTests,
        /// How the days go, with pictures.
        DailyState,
        /// Who else looks after the patient.
        ConcernedOffices,
        /// What else belongs to it.
        OtherRelated,
    }
    /// K-91: whether a post says to whom, what for, and who answers.
    PostHeader {
        /// It does not.
        Off,
        /// It does.
        Required,
    }
    /// K-92: whether a list is gone through before a post.
    PostChecklist {
        /// There is none.
        Off,
        /// It is shown.
        Shown,
        /// It is ticked.
        Required,
    }
    /// K-95: what goes with an urgent post.
    UrgentRule {
        /// The numbers to call are shown.
        Remind,
        /// A call goes with it.
        WithCall,
        /// A call goes before it.
        CallFirst,
    }
    /// K-98: lists of offices and people.
    Directories {
        /// There are none.
        Off,
        /// Once the committee has decided it.
        AfterDecision,
    }
    /// K-102: what mail tells of; each can be switched off.
    MailNotification {
        /// An invitation.
        Invitation,
        /// A request to approve.
        ApprovalRequest,
        /// Posts in groups.
        GroupPost,
        /// Posts in connections.
        ConnectionPost,
    }
}

/// K-94: hours in which notices sound, in Japan: `none`, or `07:00-20:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Hours {
    /// Always.
    None,
    /// From one minute of the day to another.
    Between(u16, u16),
}

impl TryFrom<String> for Hours {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "none" {
            return Ok(Self::None);
        }
        let between = text.split_once('-').and_then(|(from, to)| Some((minute(from)?, minute(to)?)));
        match between {
            Some((from, to)) if from < to => Ok(Self::Between(from, to)),
            _ => Err(format!("{text:?} is neither \"none\" nor like \"07:00-20:00\"")),
        }
    }
}

/// The minute of a day, of `07:30`; none where it is no time.
fn minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

impl From<Hours> for String {
    fn from(hours: Hours) -> Self {
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        match hours {
            Hours::None => "none".to_owned(),
            Hours::Between(from, to) => format!("{}-{}", time(from), time(to)),
        }
    }
}
