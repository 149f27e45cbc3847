//! What the patient's region asks her to consent to: the forms, the purposes on their back, and who signs.

use super::{at_the_door, rules};
use crate::app::App;
use crate::error::Result;
use crate::policy::{
    self, ConsentCopy, ConsentForm, ConsentObtainer, ItemAbout, Profile, Purposes, Signatory,
};
use crate::sessions::Session;
use tsumugi_protocol::{
    ConsentAbout, ConsentBasis, ConsentFormSeen, ConsentItem, ConsentTemplate, PurposesSeen, SignatoryRole,
    WhichPatient,
};

/// As the rules have it that hold now.
///
/// # Errors
/// `not_found` for whoever has nothing to do with the patient, there or not.
pub async fn template(app: &App, who: &Session, ask: WhichPatient) -> Result<ConsentTemplate> {
    let towards = {
        let mut view = app.store.view().await?;
        at_the_door(view.conn(), who, ask.patient).await?
    };
    Ok(shown(&*app.policies.named(&towards.profile)?))
}

fn shown(rules: &Profile) -> ConsentTemplate {
    let asks = |one| rules.consent_signatories.contains(&one);
    let roles = [
        (Signatory::Patient, SignatoryRole::Patient),
        (Signatory::Family, SignatoryRole::Family),
        (Signatory::Representative, SignatoryRole::Representative),
        (Signatory::ProxyWithStatement, SignatoryRole::Proxy),
    ];
    let purposes = rules.filled_purposes().map(|group| PurposesSeen {
        number: group.number,
        title: group.title,
        purposes: group.purposes,
    });
    ConsentTemplate {
        rules: rules.name(),
        forms: rules.all_consent_forms().map(form).collect(),
        purposes: purposes.collect(),
        has_remark: rules.purposes == Purposes::TwentyFiveWithRemark,
        kinds: rules.shared_data_kinds.iter().filter_map(word).collect(),
        roles: roles.into_iter().filter(|(one, _)| asks(*one)).map(|(_, role)| role).collect(),
        asks_relation: asks(Signatory::Relation),
        asks_explainer: asks(Signatory::Explainer),
        bases: std::iter::once(ConsentBasis::Form)
            .chain(rules.consent_waivers.iter().copied().map(basis))
            .collect(),
        copies: rules::holders(rules, true),
        two_originals: rules.consent_copies.contains(&ConsentCopy::TwoOriginals),
        partial: rules.partial_objection,
        by_physician: rules.consent_obtainer == ConsentObtainer::PhysicianOrInstructed,
    }
}

fn form(form: ConsentForm) -> ConsentFormSeen {
    let item = |item: policy::FormItem| ConsentItem {
        number: item.number,
        about: about(item.about),
        text: item.text,
    };
    ConsentFormSeen {
        key: form.key,
        title: form.title,
        items: form.items.into_iter().map(item).collect(),
        purposes: form.purposes,
        rights: form.rights,
    }
}

const fn about(item: ItemAbout) -> ConsentAbout {
    match item {
        ItemAbout::Care => ConsentAbout::Care,
        ItemAbout::Sharing => ConsentAbout::Sharing,
        ItemAbout::Means => ConsentAbout::Means,
        ItemAbout::Purposes => ConsentAbout::Purposes,
        ItemAbout::Handling => ConsentAbout::Handling,
    }
}

const fn basis(waiver: policy::ConsentWaiver) -> ConsentBasis {
    match waiver {
        policy::ConsentWaiver::ContractNamingOthers => ConsentBasis::ExistingContract,
        policy::ConsentWaiver::UseConsentedBefore => ConsentBasis::PreExistingUse,
        policy::ConsentWaiver::OwnForm => ConsentBasis::OwnForm,
        policy::ConsentWaiver::Implied => ConsentBasis::Implied,
    }
}

/// The word of a kind of data in a file of rules.
fn word<T: serde::Serialize>(kind: &T) -> Option<String> {
    serde_json::to_value(kind).ok()?.as_str().map(str::to_owned)
}
