//! One unambiguous byte form of a list of fields, for what is signed, chained or looked up by hash.
use uuid::Uuid;

/// Collects fields; two different lists of fields never give the same bytes.
#[derive(Clone)]
#[must_use]
pub struct Canonical(Vec<u8>);

impl Canonical {
    /// Starts the form of one kind of thing, e.g. `posts.send`; kinds never share bytes.
    pub fn of(kind: &str) -> Self {
        Self(Vec::with_capacity(128)).text(kind)
    }

    /// Adds bytes, which may be sealed content or a hash.
    pub fn bytes(self, value: &[u8]) -> Self {
        self.sized(b'b', value)
    }

    /// Adds a text.
    pub fn text(self, value: &str) -> Self {
        self.sized(b't', value.as_bytes())
    }

    /// Adds an id.
    pub fn id(mut self, value: Uuid) -> Self {
        self.0.push(b'i');
        self.0.extend_from_slice(value.as_bytes());
        self
    }

    /// Adds a number: a position, a version, a time in milliseconds.
    pub fn number(mut self, value: i64) -> Self {
        self.0.push(b'n');
        self.0.extend_from_slice(&value.to_be_bytes());
        self
    }

    /// Says how many fields of a list follow, so that neighbouring lists cannot trade members.
    pub fn list(mut self, count: usize) -> Self {
        self.0.push(b'l');
        self.0.extend_from_slice(&u64::try_from(count).unwrap_or(u64::MAX).to_be_bytes());
        self
    }

    /// Adds a field that may be absent.
    pub fn maybe<T>(mut self, value: Option<T>, add: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => add(self, value),
            None => {
                self.0.push(b'-');
                self
            }
        }
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    fn sized(mut self, tag: u8, value: &[u8]) -> Self {
        self.0.push(tag);
        self.0.extend_from_slice(&u64::try_from(value.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.extend_from_slice(value);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(fields: &[Option<String>]) -> Vec<u8> {
        fields
            .iter()
            .fold(Canonical::of("test").list(fields.len()), |form, field| {
                form.maybe(field.as_deref(), Canonical::text)
            })
            .finish()
    }

    #[test]
    fn fields_cannot_flow_into_each_other() {
        let apart = Canonical::of("k").text("ab").text("c").finish();
        let moved = Canonical::of("k").text("a").text("bc").finish();
        assert_ne!(apart, moved);
        assert_ne!(
            Canonical::of("k").text("").finish(),
            Canonical::of("k").maybe(None, Canonical::text).finish()
        );
        assert_ne!(Canonical::of("k").text("x").finish(), Canonical::of("k").bytes(b"x").finish());
        assert_ne!(Canonical::of("a").finish(), Canonical::of("b").finish());
    }

    proptest! {
        #[test]
        fn different_lists_have_different_bytes(
            one in proptest::collection::vec(proptest::option::of("[ab]{0,3}"), 0..4),
            other in proptest::collection::vec(proptest::option::of("[ab]{0,3}"), 0..4),
        ) {
            prop_assert_eq!(one == other, form(&one) == form(&other));
        }
    }
}
