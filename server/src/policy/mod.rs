//! Region rules as typed data: the vendor floor below all of them, each knob of one kind, each version from a day on.

mod about;
mod book;
mod budgets;
mod cases;
mod choices;
mod consents;
mod content;
mod denied;
mod enrolment;
mod everybody;
mod fault;
mod groups;
mod kinds;
mod knobs;
mod office;
mod passwords;
mod profile;
mod readable;
mod reading;
mod second_factor;
mod shipped;
mod source;
mod spoken;
mod supplements;
#[cfg(test)]
mod tests;
mod why;
mod words;

pub use about::{About, Amendment, Document};
pub use budgets::{Budget, Daily, Guessing, Lockout, SessionSpan};
pub use cases::{Cases, Checked};
pub use choices::{
    AccountEndedBy, Asked, Compared, Confirm, FreeGroupBy, IncidentTo, Level, OwnDevice, SharedAccount,
    Wanted,
};
pub use consents::{ConsentForm, FormItem, ItemAbout, PurposeGroup};
pub use content::{
    AttachmentMode, Carryout, DeviceException, Directories, ExceptionDeclaredBy, Hours, LentDevices,
    LogoutOn, MailNotification, Permit, PostChecklist, PostHeader, ProvisionException, Purposes,
    SecondaryUse, SharedDataKind, StartUpRule, UrgentRule,
};
pub use denied::DenyList;
pub use enrolment::{
    Body, Calendar, Contact, EnrolmentWaiver, FirstIdIssuer, Form, Guideline, LeaverNotice, OutsideOffices,
    PledgeScope, PledgeTo,
};
pub use fault::{At, PolicyFault};
pub use groups::{
    ArchiveBy, ArchiveWhen, CompleteErasureBy, ConnectionPatientData, ConsentCopy, ConsentGate,
    ConsentObtainer, ConsentWaiver, GroupDeleteBy, InviteApprover, InviteProposer, MisuseActionBy,
    PatientGroupCreate, PhysicianMustJoin, RecipientParticipation, Right, Signatory, StewardDelegation,
};
pub use kinds::{AtLeast, AtMost, Override, Union};
pub use knobs::{HEADER, Kind, Knob};
pub use passwords::{CharClass, EndOfLong, FloorHolds, KindName, PasswordKind, PasswordRules};
pub use profile::{KNOBS, Profile};
pub use second_factor::{LockCloses, PasskeyUse, SecondFactorKind, SecondFactorRule, Since};
pub use spoken::{is_tightened_by_offices, word};
pub use supplements::OfficeRule;
pub use why::{Step, Why};

use crate::clock::{Clock, Millis};
use book::Book;
use profile::Given;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use supplements::Supplements;

/// Key of the vendor's rules, which stand below every region's.
pub const FLOOR: &str = "vendor-floor";

/// All profiles of the server; clones follow the same regions.
#[derive(Debug, Clone)]
pub struct Policies {
    books: BTreeMap<String, Book>,
    denied: DenyList,
    clock: Option<Clock>,
    supplements: Supplements,
}

impl Policies {
    /// The shipped profiles.
    ///
    /// # Errors
    /// [`PolicyFault`] when a file does not read or is below the floor without a reason.
    pub fn shipped() -> Result<Self, PolicyFault> {
        Self::of(shipped::regions()?)
    }

    /// The shipped profiles and those of a folder, which need not be there.
    ///
    /// # Errors
    /// As [`Policies::shipped`]; also when a file of the folder would replace the floor.
    pub fn with_folder(folder: &Path) -> Result<Self, PolicyFault> {
        let mut all = shipped::regions()?;
        all.extend(shipped::of_folder(folder)?);
        Self::of(all)
    }

    /// The same and one more file's, in place of the same version of its profile. What its profile is called.
    ///
    /// # Errors
    /// As [`Policies::with_folder`].
    pub fn with_file(mut self, file: &Path) -> Result<(Self, String), PolicyFault> {
        let given = shipped::of_file(file)?;
        let key = given.key.clone();
        let known = self.books.remove(&key).map(|book| book.editions().to_vec()).unwrap_or_default();
        let mut editions: Vec<Given> =
            known.into_iter().filter(|edition| edition.version != given.version).collect();
        editions.push(given);
        self.add(editions)?;
        Ok((self, key))
    }

    /// The shipped profiles and the one for measuring, whose confirm step is off. Only for `--bench`.
    ///
    /// # Errors
    /// As [`Policies::shipped`].
    pub fn for_bench() -> Result<Self, PolicyFault> {
        let mut all = shipped::regions()?;
        all.push(shipped::bench()?);
        Self::of(all)
    }

    /// The same, and one more profile, silent on nothing, in place of the one of its name. Only for a demo of a test.
    ///
    /// # Errors
    /// [`PolicyFault`] when it does not read.
    pub fn with_profile(self, text: &str) -> Result<Self, PolicyFault> {
        self.with_versions(&[text.to_owned()])
    }

    /// The same, and one more profile in all its versions. Only for a demo of a test.
    ///
    /// # Errors
    /// [`PolicyFault`] when one does not read, or they do not follow one another.
    pub fn with_versions(mut self, versions: &[String]) -> Result<Self, PolicyFault> {
        let read = |text: &String| reading::read_profile("profile", text);
        let book = Book::floor(versions.iter().map(read).collect::<Result<_, _>>()?)?;
        let key = book.first().key.clone();
        book.follow();
        self.books.insert(key, book);
        Ok(self)
    }

    /// Puts a floor and the regions above it together.
    fn of(all: Vec<Given>) -> Result<Self, PolicyFault> {
        let (floor, regions): (Vec<Given>, Vec<Given>) =
            all.into_iter().partition(|given| given.key == FLOOR);
        let floor = Book::floor(floor)?;
        floor.follow();
        let books = BTreeMap::from([(FLOOR.to_owned(), floor)]);
        let mut policies =
            Self { books, denied: DenyList::default(), clock: None, supplements: Supplements::default() };
        let mut by_key: BTreeMap<String, Vec<Given>> = BTreeMap::new();
        for given in regions {
            by_key.entry(given.key.clone()).or_default().push(given);
        }
        for editions in by_key.into_values() {
            policies.add(editions)?;
        }
        Ok(policies)
    }

    fn add(&mut self, editions: Vec<Given>) -> Result<(), PolicyFault> {
        let Some(floor) = self.books.get(FLOOR) else { return Err(PolicyFault::Missing(FLOOR.to_owned())) };
        let book = Book::region(floor, editions)?;
        self.books.insert(book.first().key.clone(), book);
        Ok(())
    }

    /// The same rules, of which that clock says which version holds. Without one the last of each does.
    #[must_use]
    pub fn timed(self, clock: Clock) -> Self {
        Self { clock: Some(clock), ..self }
    }

    fn now(&self) -> Millis {
        self.clock.as_ref().map_or(Millis(i64::MAX), Clock::now)
    }

    /// The rules of that name, as they hold now.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`].
    pub fn named(&self, key: &str) -> Result<Arc<Profile>, PolicyFault> {
        self.find(key).ok_or_else(|| PolicyFault::Missing(key.to_owned()))
    }

    /// The rules of that name as they held at a moment.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`].
    pub fn at(&self, key: &str, moment: Millis) -> Result<Arc<Profile>, PolicyFault> {
        let book = self.books.get(key).ok_or_else(|| PolicyFault::Missing(key.to_owned()))?;
        Ok(Arc::clone(book.at(moment)))
    }

    /// The rules of `key`, or of `key@version`.
    ///
    /// # Errors
    /// [`PolicyFault::Missing`].
    pub fn asked_for(&self, name: &str) -> Result<Arc<Profile>, PolicyFault> {
        let missing = || PolicyFault::Missing(name.to_owned());
        let Some((key, version)) = name.split_once('@') else { return self.named(name) };
        let book = self.books.get(key).ok_or_else(missing)?;
        let version: u32 = version.parse().map_err(|_| missing())?;
        book.terms()
            .map(|(_, profile)| profile)
            .rfind(|profile| profile.version == version)
            .cloned()
            .ok_or_else(missing)
    }

    /// The rules of every name, as they hold now.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Profile>> {
        let now = self.now();
        self.books.values().map(move |book| book.at(now))
    }

    /// From when on which version of that name holds; none is from the beginning.
    #[must_use]
    pub fn history(&self, key: &str) -> Vec<(Option<Millis>, Arc<Profile>)> {
        self.books.get(key).map(Book::history).unwrap_or_default()
    }

    /// From now on a region here follows the rules of that name.
    pub fn follow(&self, key: &str) {
        if let Some(book) = self.books.get(key) {
            book.follow();
        }
    }

    /// From now on the office that is found under that name adds these rules to its region's.
    pub fn supplement(&self, name: &str, rules: Vec<OfficeRule>) {
        self.supplements.set(name, rules);
    }

    fn find(&self, key: &str) -> Option<Arc<Profile>> {
        let held = |key: &str| self.books.get(key).map(|book| book.at(self.now()).clone());
        match key.split_once('#') {
            None => held(key),
            Some((region, _)) => Some(self.supplements.over(key, &held(region)?)),
        }
    }

    /// The rules that some region here follows, and the floor.
    fn followed(&self) -> impl Iterator<Item = &Arc<Profile>> {
        let now = self.now();
        self.books.values().filter(|book| book.is_followed()).map(move |book| book.at(now))
    }

    /// Changes every version of every profile: for demos.
    fn change(&mut self, change: impl Fn(&mut Profile)) {
        for book in self.books.values_mut() {
            book.change(&change);
        }
    }

    /// The same rules with the operator's list of refused passwords.
    #[must_use]
    pub fn denying(self, denied: DenyList) -> Self {
        Self { denied, ..self }
    }

    /// The operator's list of refused passwords.
    #[must_use]
    pub const fn denied(&self) -> &DenyList {
        &self.denied
    }
}
