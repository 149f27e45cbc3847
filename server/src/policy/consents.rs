//! What a patient is asked to consent to, as a region's file has it: numbered items, and the purposes on the back (002-T0, K-88).

use super::fault::PolicyFault;
use super::groups::ConsentWaiver;
use super::profile::{Given, Profile};
use super::words::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

words! {
    /// What an item is about; only that decides what an objection to it does.
    ItemAbout {
        /// The care itself.
        Care,
        /// That data is shared with other offices: without it nothing is shared (000-form4-7).
        Sharing,
        /// That this service is a means of it: without it nothing is shared here (c-13).
        Means,
        /// That the purposes on the back are agreed to.
        Purposes,
        /// How data is handled, and what the patient may ask for.
        Handling,
    }
}

/// One numbered item of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormItem {
    /// Its number on the paper.
    pub number: u32,
    /// What it is about.
    pub about: ItemAbout,
    /// Its words; `{patient}` stands for K-06 and `{service}` for K-05.
    pub text: String,
}

/// One form that patients sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentForm {
    /// Its name in records.
    pub key: String,
    /// Its heading.
    pub title: String,
    /// The form of the same file whose items it has, but for those it words itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub items_as: Option<String>,
    /// Its own items.
    #[serde(default)]
    pub items: Vec<FormItem>,
    /// Whether the purposes stand on its back.
    #[serde(default)]
    pub purposes: bool,
    /// Whether the rights of K-71 stand on it, with whom to ask.
    #[serde(default)]
    pub rights: bool,
}

/// Purposes of one kind, numbered from 1: `2-3` is the third of group 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposeGroup {
    /// Its number.
    pub number: u32,
    /// Its heading.
    pub title: String,
    /// The purposes.
    pub purposes: Vec<String>,
}

impl Profile {
    /// The form of that name, with all its items in order and its words filled in.
    #[must_use]
    pub fn consent_form(&self, key: &str) -> Option<ConsentForm> {
        let form = self.consent_forms.iter().find(|form| form.key == key)?;
        let mut items = merged(&self.consent_forms, form);
        for item in &mut items {
            item.text = self.filled(&item.text);
        }
        Some(ConsentForm { title: self.filled(&form.title), items, items_as: None, ..form.clone() })
    }

    /// Every form, likewise.
    pub fn all_consent_forms(&self) -> impl Iterator<Item = ConsentForm> + '_ {
        self.consent_forms.iter().filter_map(|form| self.consent_form(&form.key))
    }

    /// The purposes, their words filled in.
    pub fn filled_purposes(&self) -> impl Iterator<Item = PurposeGroup> + '_ {
        self.purpose_groups.iter().map(|group| PurposeGroup {
            number: group.number,
            title: self.filled(&group.title),
            purposes: group.purposes.iter().map(|purpose| self.filled(purpose)).collect(),
        })
    }

    /// Whether there is a purpose of that number, as `2-3`.
    #[must_use]
    pub fn has_purpose(&self, id: &str) -> bool {
        let Some((group, place)) = id.split_once('-') else { return false };
        self.purpose_groups.iter().any(|one| {
            one.number.to_string() == group && (1..=one.purposes.len()).any(|n| n.to_string() == place)
        })
    }

    fn filled(&self, text: &str) -> String {
        text.replace("{patient}", &self.term_patient).replace("{service}", &self.brand)
    }
}

/// The items of a form: those of the one it follows, and its own in their place or beside them.
fn merged(forms: &[ConsentForm], form: &ConsentForm) -> Vec<FormItem> {
    let followed = form.items_as.as_ref().and_then(|key| forms.iter().find(|one| one.key == *key));
    let mut items = followed.map(|one| one.items.clone()).unwrap_or_default();
    items.retain(|item| !form.items.iter().any(|own| own.number == item.number));
    items.extend(form.items.iter().cloned());
    items.sort_by_key(|item| item.number);
    items
}

impl Given {
    /// Forms and purposes that can be signed: numbered once each, and each form asks whether data is shared.
    pub(super) fn check_consents(&self) -> Result<(), PolicyFault> {
        let wrong = |name: &'static str, reason: Option<String>| match reason {
            Some(reason) => Err(PolicyFault::Unreadable { at: self.source.at(name), knob: name, reason }),
            None => Ok(()),
        };
        wrong("consent_forms", self.consent_forms.as_deref().and_then(form_flaw))?;
        wrong("purpose_groups", self.purpose_groups.as_deref().and_then(purpose_flaw))?;
        let implied = self.consent_waivers.iter().flatten().any(|one| *one == ConsentWaiver::Implied);
        let has_reason = self.overrides.iter().any(|one| one.knob == "K-67" && !one.reason.trim().is_empty());
        match implied && !has_reason {
            true => Err(PolicyFault::NoReason { at: self.source.at("consent_waivers"), knob: "K-67" }),
            false => Ok(()),
        }
    }
}

fn form_flaw(forms: &[ConsentForm]) -> Option<String> {
    if forms.is_empty() {
        return Some("there is no form".to_owned());
    }
    let mut keys = BTreeSet::new();
    forms.iter().find_map(|form| {
        if form.key.is_empty() || !keys.insert(form.key.as_str()) {
            return Some(format!("two forms are called {:?}, or one is not called anything", form.key));
        }
        let follows = form.items_as.as_ref();
        let is_there = |key: &String| forms.iter().any(|one| one.key == *key && one.items_as.is_none());
        if follows.is_some_and(|key| !is_there(key)) {
            return Some(format!("{}: there is no form whose items it could have", form.key));
        }
        let mut numbers = BTreeSet::new();
        let is_once = |item: &FormItem| item.number > 0 && numbers.insert(item.number);
        if !form.items.iter().all(is_once) {
            return Some(format!("{}: its items are numbered from 1, each once", form.key));
        }
        let items = merged(forms, form);
        if form.title.trim().is_empty() || items.iter().any(|item| item.text.trim().is_empty()) {
            return Some(format!("{}: its heading or an item has no words", form.key));
        }
        let is_shared = items.iter().any(|item| item.about == ItemAbout::Sharing);
        (!is_shared).then(|| format!("{}: no item asks whether data is shared", form.key))
    })
}

fn purpose_flaw(groups: &[PurposeGroup]) -> Option<String> {
    let mut numbers = BTreeSet::new();
    groups.iter().find_map(|group| {
        if group.number == 0 || !numbers.insert(group.number) {
            return Some("the groups are numbered from 1, each once".to_owned());
        }
        let is_empty = group.purposes.is_empty() || group.purposes.iter().any(|one| one.trim().is_empty());
        (is_empty || group.title.trim().is_empty())
            .then(|| format!("group {} or a purpose of it has no words", group.number))
    })
}
