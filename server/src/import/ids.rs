//! The ids of what an import brings: the same at every import into one folder, others in every other folder.

use crate::crypto::lookup::Lookup;
use tsumugi_protocol::{AccountId, AffiliationId, CardId, OfficeId, PatientId, PostId, RegionId, RoomId};
use uuid::Uuid;

/// The ids of one region's things, by their keys in the files. Who has the files alone cannot tell them.
#[derive(Clone)]
pub struct Ids {
    lookup: Lookup,
    region: String,
}

impl Ids {
    /// Those of a region, by the keyed hashes of the folder it is brought into.
    #[must_use]
    pub fn of(lookup: &Lookup, region: &str) -> Self {
        Self { lookup: lookup.clone(), region: region.to_owned() }
    }

    fn id(&self, kind: &str, keys: &[&str]) -> Uuid {
        self.lookup.imported_id(kind, &[&[self.region.as_str()], keys].concat())
    }

    /// The region's.
    #[must_use]
    pub fn region(&self) -> RegionId {
        RegionId(self.id("region", &[]))
    }

    /// An office's.
    #[must_use]
    pub fn office(&self, key: &str) -> OfficeId {
        OfficeId(self.id("office", &[key]))
    }

    /// A person's account.
    #[must_use]
    pub fn account(&self, key: &str) -> AccountId {
        AccountId(self.id("account", &[key]))
    }

    /// A person's affiliation.
    #[must_use]
    pub fn affiliation(&self, key: &str) -> AffiliationId {
        AffiliationId(self.id("affiliation", &[key]))
    }

    /// A person's card.
    #[must_use]
    pub fn card(&self, key: &str) -> CardId {
        CardId(self.id("card", &[key]))
    }

    /// A patient's.
    #[must_use]
    pub fn patient(&self, key: &str) -> PatientId {
        PatientId(self.id("patient", &[key]))
    }

    /// A room's.
    #[must_use]
    pub fn room(&self, key: &str) -> RoomId {
        RoomId(self.id("room", &[key]))
    }

    /// A post's, within its room.
    #[must_use]
    pub fn post(&self, room: &str, reference: &str) -> PostId {
        PostId(self.id("post", &[room, reference]))
    }
}
