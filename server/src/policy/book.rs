//! One profile in all its versions: which one holds from when on, over the floor of that time.

use super::fault::{At, PolicyFault};
use super::profile::{Given, Profile};
use super::shipped::floor_places;
use crate::clock::Millis;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The versions of one profile.
#[derive(Debug, Clone)]
pub struct Book {
    editions: Vec<Given>,
    first: Arc<Profile>,
    /// From when on another one holds, in that order.
    later: Vec<(Millis, Arc<Profile>)>,
    is_followed: Arc<AtomicBool>,
}

impl Book {
    /// Of the floor's versions: silent on nothing.
    pub fn floor(editions: Vec<Given>) -> Result<Self, PolicyFault> {
        let editions = in_order(editions)?;
        let profile = |edition: &Given| {
            edition.check()?;
            Profile::floor(edition.clone())
        };
        let mut terms = Vec::new();
        for edition in &editions {
            terms.push((start(edition), profile(edition)?));
        }
        Self::of(editions, terms)
    }

    /// Of a region's versions, over the floor.
    pub fn region(floor: &Self, editions: Vec<Given>) -> Result<Self, PolicyFault> {
        let editions = in_order(editions)?;
        let mut moments: Vec<Millis> = editions.iter().map(start).collect();
        moments.extend(floor.later.iter().map(|(from, _)| *from));
        moments.sort_unstable();
        moments.dedup();
        let mut terms = Vec::new();
        for moment in moments {
            let held = editions.iter().rfind(|edition| start(edition) <= moment).or(editions.first());
            let Some(edition) = held else { continue };
            let below = floor.at(moment);
            let tightened = below.tightened_by(edition.clone());
            terms.push((moment, tightened.map_err(|fault| fault.citing(&floor_places()))?));
        }
        Self::of(editions, terms)
    }

    fn of(editions: Vec<Given>, terms: Vec<(Millis, Profile)>) -> Result<Self, PolicyFault> {
        let mut terms = terms.into_iter().map(|(from, profile)| (from, Arc::new(profile)));
        // Before its first day nothing else held, so that one does.
        let Some((_, first)) = terms.next() else {
            return Err(PolicyFault::Missing(super::FLOOR.to_owned()));
        };
        Ok(Self { editions, first, later: terms.collect(), is_followed: Arc::default() })
    }

    /// What its files say, by version.
    pub fn editions(&self) -> &[Given] {
        &self.editions
    }

    /// What held first.
    pub const fn first(&self) -> &Arc<Profile> {
        &self.first
    }

    /// What holds at a moment.
    pub fn at(&self, moment: Millis) -> &Arc<Profile> {
        let held = self.later.iter().rfind(|(from, _)| *from <= moment);
        held.map_or(&self.first, |(_, profile)| profile)
    }

    /// From when on what holds; none is from the beginning.
    pub fn terms(&self) -> impl DoubleEndedIterator<Item = (Option<Millis>, &Arc<Profile>)> {
        let later = self.later.iter().map(|(from, profile)| (Some(*from), profile));
        std::iter::once((None, &self.first)).chain(later)
    }

    /// The versions of the profile itself, and since when each holds.
    pub fn history(&self) -> Vec<(Option<Millis>, Arc<Profile>)> {
        let mut versions: Vec<(Option<Millis>, Arc<Profile>)> = Vec::new();
        for (from, profile) in self.terms() {
            match versions.last_mut() {
                Some((_, last)) if last.version == profile.version => *last = Arc::clone(profile),
                _ => versions.push((from.or_else(|| profile.about.begins()), Arc::clone(profile))),
            }
        }
        versions
    }

    /// From now on a region follows it.
    pub fn follow(&self) {
        self.is_followed.store(true, Ordering::Relaxed);
    }

    /// Whether a region follows it.
    pub fn is_followed(&self) -> bool {
        self.is_followed.load(Ordering::Relaxed)
    }

    /// Changes every version.
    pub fn change(&mut self, change: impl Fn(&mut Profile)) {
        change(Arc::make_mut(&mut self.first));
        for (_, profile) in &mut self.later {
            change(Arc::make_mut(profile));
        }
    }
}

/// When a version begins to hold; an undated one always did.
fn start(edition: &Given) -> Millis {
    edition.about.begins().unwrap_or(Millis(i64::MIN))
}

/// By version, each whole, none twice, and none from an earlier day than the one before.
fn in_order(mut editions: Vec<Given>) -> Result<Vec<Given>, PolicyFault> {
    editions.sort_by_key(|edition| edition.version);
    let wrong = |edition: &Given, name: &str, reason: String| {
        let at = At { name: String::new(), ..edition.source.at(name) };
        Err(PolicyFault::Versions { at, reason })
    };
    for (one, next) in editions.iter().zip(editions.iter().skip(1)) {
        if one.version == next.version {
            let other = one.source.file();
            return wrong(next, "version", format!("version {} stands in {other} as well", next.version));
        }
        if start(next) <= start(one) {
            return wrong(
                next,
                "about",
                format!(
                    "version {} does not begin after version {}: say about.effective_from (K-03)",
                    next.version, one.version
                ),
            );
        }
    }
    let whole: Vec<Given> = editions.iter().filter(|edition| edition.rest_as.is_none()).cloned().collect();
    let mut all = Vec::new();
    for edition in editions {
        let Some(rest) = edition.rest_as else {
            all.push(edition);
            continue;
        };
        match whole.iter().find(|base| base.version == rest) {
            Some(base) => all.push(edition.amending(base)),
            None => {
                return wrong(
                    &edition,
                    "rest_as",
                    format!("there is no whole version {rest} of {}", edition.key),
                );
            }
        }
    }
    Ok(all)
}
