//! The keys of an unlocked vault: its own set, one set for each person, the signer of its log.

use std::collections::HashMap;
use std::fmt;

use kosha_crypto::id::{HeaderKeyId, ItemId, PersonId, VaultId, WriterId};
use kosha_crypto::{Entropy, LogSigner, PersonKeys, Place, RootKey, VaultKeys, envelope};
use zeroize::Zeroizing;

use crate::bytes::{Malformed, Read};
use crate::error::{Error, Result};

/// Kind in the place of a profile's seal. Items have [`ITEM`].
const PROFILE: u16 = 0;
/// Kind in the place of every item's seal; the caller's kind is inside.
pub(crate) const ITEM: u16 = 1;

/// Kinds of items from here on are the vault's own; callers may not use them.
pub(crate) const INTERNAL: u16 = 0xff00;
/// The vault's instance.
pub(crate) const INSTANCE: u16 = 0xff00;

/// A person of the vault.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// What the caller keeps of them.
    pub profile: Vec<u8>,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A person with their keys.
pub(crate) struct Member {
    pub(crate) id: PersonId,
    pub(crate) row: i64,
    pub(crate) keys: PersonKeys,
    pub(crate) profile: Zeroizing<Vec<u8>>,
}

fn profile_place(vault: VaultId, person: PersonId) -> Place {
    Place::item(vault, PROFILE, ItemId::from_bytes(*person.as_bytes()))
}

impl Member {
    /// Opens the row of a person.
    pub(crate) fn open(
        root: &RootKey,
        vault: VaultId,
        row: i64,
        id: PersonId,
        k: &[u8],
        h: &[u8],
    ) -> Read<Self> {
        let keys = PersonKeys::unwrap(root, vault, k).map_err(|_| Malformed)?;
        let mut buffer = Zeroizing::new(Vec::new());
        let profile =
            keys.header().open_into(&profile_place(vault, id), h, &mut buffer).map_err(|_| Malformed)?;
        let profile = Zeroizing::new(profile.to_vec());
        Ok(Self { id, row, keys, profile })
    }

    /// The sealed profile.
    pub(crate) fn seal_profile(
        &self,
        vault: VaultId,
        profile: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>> {
        Ok(self.keys.header().seal(&profile_place(vault, self.id), profile, entropy)?)
    }

    pub(crate) fn person(&self) -> Person {
        Person { id: self.id, profile: self.profile.to_vec() }
    }
}

/// Everyone of a vault, with their keys.
#[derive(Default)]
pub(crate) struct Members {
    list: Vec<Member>,
    by_id: HashMap<PersonId, usize>,
    by_header_key: HashMap<HeaderKeyId, usize>,
}

impl Members {
    pub(crate) fn push(&mut self, member: Member) {
        self.by_id.insert(member.id, self.list.len());
        self.by_header_key.insert(member.keys.header().id(), self.list.len());
        self.list.push(member);
    }

    /// Forgets the member added last.
    pub(crate) fn pop(&mut self) {
        if let Some(member) = self.list.pop() {
            self.by_id.remove(&member.id);
            self.by_header_key.remove(&member.keys.header().id());
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Member> {
        self.list.iter()
    }

    pub(crate) fn get(&self, person: PersonId) -> Result<&Member> {
        self.by_id.get(&person).and_then(|at| self.list.get(*at)).ok_or(Error::UnknownPerson(person))
    }

    pub(crate) fn get_mut(&mut self, person: PersonId) -> Option<&mut Member> {
        self.by_id.get(&person).and_then(|at| self.list.get_mut(*at))
    }

    /// The member whose key sealed this header.
    pub(crate) fn of_header(&self, sealed: &[u8]) -> Read<&Member> {
        let id = envelope::header_key_id(sealed).map_err(|_| Malformed)?;
        self.by_header_key.get(&id).and_then(|at| self.list.get(*at)).ok_or(Malformed)
    }
}

/// Keys of an unlocked vault.
pub(crate) struct Keyring {
    pub(crate) vault: VaultId,
    pub(crate) root: RootKey,
    pub(crate) own: VaultKeys,
    pub(crate) writer: WriterId,
    /// Absent when its row is damaged; the log cannot be signed then.
    pub(crate) signer: Option<LogSigner>,
    pub(crate) members: Members,
}
