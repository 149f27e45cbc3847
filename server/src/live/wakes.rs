//! Whom to wake, and when: gathered while outboxes are filled, woken once the callers have their answers.

use std::task::Waker;

/// Tasks that sleep and have something to do now: they are woken when this is dropped.
#[derive(Default)]
#[must_use = "dropping it wakes them at once"]
pub struct Wakes(Vec<Waker>);

impl Wakes {
    /// Room for so many.
    pub fn with_capacity(tasks: usize) -> Self {
        Self(Vec::with_capacity(tasks))
    }

    /// These and those.
    pub fn and(mut self, mut those: Self) -> Self {
        self.0.append(&mut those.0);
        self
    }
}

impl Extend<Waker> for Wakes {
    fn extend<T: IntoIterator<Item = Waker>>(&mut self, wakers: T) {
        self.0.extend(wakers);
    }
}

impl FromIterator<Waker> for Wakes {
    fn from_iter<T: IntoIterator<Item = Waker>>(wakers: T) -> Self {
        Self(wakers.into_iter().collect())
    }
}

impl FromIterator<Self> for Wakes {
    fn from_iter<T: IntoIterator<Item = Self>>(wakes: T) -> Self {
        wakes.into_iter().fold(Self::default(), Self::and)
    }
}

impl From<()> for Wakes {
    fn from((): ()) -> Self {
        Self::default()
    }
}

impl Drop for Wakes {
    fn drop(&mut self) {
        self.0.drain(..).for_each(Waker::wake);
    }
}
