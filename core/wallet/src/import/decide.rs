//! Whether an entry is new, known, or a newer version of what is known. Never overwrite on doubt.

use std::collections::HashMap;

use kosha_crypto::digest::sha256;
use kosha_crypto::id::{PersonId, RecordId, Version};
use kosha_fhir::Reading;
use kosha_vault::{Transaction, Vault};

use super::latest::{Age, Latest};
use super::people::People;
use crate::Error;

/// Most separate records of one identity of the vault that an entry is compared with; beyond them it is one more record.
const MOST_COMPARED: usize = 1000;

/// Most earlier versions of a record that are asked with whom they were filed.
const MOST_EARLIER: usize = 100;

/// What is to be done with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It is a record of its own; `separate` when another one of the same identity is here.
    New { separate: bool },
    /// It is a newer version of a record.
    Update,
    /// It is what its sender has replaced since: a newer version of it is here.
    Replaced,
    /// Exactly this version is here.
    Known(Version),
    /// Exactly this stands at another place of the same file.
    Repeats(u32),
}

/// An entry, and what is to be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Planned {
    pub(crate) ordinal: u32,
    pub(crate) record: RecordId,
    pub(crate) decision: Decision,
    pub(crate) identity: [u8; 32],
    pub(crate) content: [u8; 32],
}

/// What is known of one identity: of the vault, and of the entries of the file that are decided already.
struct Known {
    contents: HashMap<[u8; 32], (RecordId, Decision)>,
    /// The records of the vault, the one added last first.
    records: Vec<RecordId>,
    /// The newest version of each record; of the vault's only once they are asked for.
    latest: Latest,
    /// The same under those with whom the records were filed before: their source goes on naming them.
    before: Latest,
    loaded: bool,
}

/// Decides for every entry of a file that holds a resource, in the order in which they are to be stored: as they stand,
/// save that versions of one record come oldest first, as a history needs them.
pub(crate) fn plan(
    tx: &mut Transaction<'_>,
    people: &mut People<'_>,
    reading: &Reading<'_>,
    document_hash: &[u8; 32],
) -> Result<Vec<Planned>, Error> {
    let mut entries: Vec<(u32, [u8; 32])> = reading
        .entries
        .iter()
        .filter(|entry| entry.resource_type().is_some())
        .map(|entry| (entry.ordinal, identity(reading, entry.ordinal, document_hash)))
        .collect();
    oldest_first(reading, &mut entries);
    let mut identities: HashMap<[u8; 32], Known> = HashMap::new();
    let mut owners = Owners { reading, people, found: None };
    let mut plan: Vec<Planned> = Vec::with_capacity(entries.len());
    for (ordinal, identity) in entries {
        let content = sha256(&[reading.bytes(ordinal)]);
        let known = identities.entry(identity).or_insert_with(|| Known::of(tx.vault(), &identity));
        let (record, decision) = match known.contents.get(&content) {
            Some(same) => *same,
            None if known.contents.is_empty() => (tx.new_record_id()?, Decision::New { separate: false }),
            None => {
                let person = owners.of(tx, &plan, ordinal)?;
                known.load(tx.vault(), reading, &owners)?;
                let older = person.and_then(|person| known.older_than(&age(reading, ordinal), person));
                let newer = || {
                    let person = person.filter(|_| reading.is_sent_by_order(ordinal))?;
                    known.latest.newer_than(&age(reading, ordinal), person)
                };
                match (older, newer()) {
                    (Some(record), _) => (record, Decision::Update),
                    (None, Some(record)) => (record, Decision::Replaced),
                    (None, None) => (tx.new_record_id()?, Decision::New { separate: true }),
                }
            }
        };
        let planned = Planned { ordinal, record, decision, identity, content };
        if matches!(decision, Decision::New { .. } | Decision::Update) {
            known.contents.insert(content, (record, Decision::Repeats(ordinal)));
            let person = owners.go_on(tx, ordinal)?;
            if let Some(person) = person.filter(|_| known.loaded) {
                let age = age(reading, ordinal);
                known.before.renew(record, &age);
                known.latest.note(record, person, age);
            }
        }
        plan.push(planned);
    }
    Ok(plan)
}

/// With whom the new entries of the file would be filed. Looked at only when one of them may be an update, and then for
/// all in their order, since the first person of an empty vault becomes its owner.
struct Owners<'a, 'p> {
    reading: &'a Reading<'a>,
    people: &'a mut People<'p>,
    found: Option<HashMap<u32, Option<PersonId>>>,
}

impl Owners<'_, '_> {
    fn of(
        &mut self,
        tx: &mut Transaction<'_>,
        plan: &[Planned],
        ordinal: u32,
    ) -> Result<Option<PersonId>, Error> {
        if self.found.is_none() {
            self.found = Some(HashMap::new());
            let new =
                |planned: &&Planned| matches!(planned.decision, Decision::New { .. } | Decision::Update);
            for planned in plan.iter().filter(new) {
                self.go_on(tx, planned.ordinal)?;
            }
        }
        self.go_on(tx, ordinal)
    }

    fn go_on(&mut self, tx: &mut Transaction<'_>, ordinal: u32) -> Result<Option<PersonId>, Error> {
        let Some(found) = &mut self.found else { return Ok(None) };
        if let Some(person) = found.get(&ordinal) {
            return Ok(*person);
        }
        let person = match self.reading.patient_of(ordinal) {
            Ok(patient) => self.people.of(tx, patient)?.map(|person| self.people.one(person)),
            Err(_) => None,
        };
        found.insert(ordinal, person);
        Ok(person)
    }

    fn known(&self, ordinal: u32) -> Option<PersonId> {
        self.found.as_ref()?.get(&ordinal).copied().flatten()
    }
}

impl Known {
    fn of(vault: &Vault, identity: &[u8; 32]) -> Self {
        let versions = vault.index().with_identity(identity);
        let mut contents = HashMap::new();
        for known in &versions {
            contents.entry(known.content).or_insert((known.record, Decision::Known(known.version)));
        }
        let records = versions.iter().filter(|known| known.current).map(|known| known.record).collect();
        Self { contents, records, latest: Latest::default(), before: Latest::default(), loaded: false }
    }

    /// The record of which an entry of this age is a newer version: one that is filed with `person`, or that was before
    /// somebody filed it elsewhere.
    fn older_than(&self, own: &Age, person: PersonId) -> Option<RecordId> {
        self.latest.older_than(own, person).or_else(|| self.before.older_than(own, person))
    }

    /// Gathers the newest version of each record, once.
    fn load(&mut self, vault: &Vault, reading: &Reading<'_>, owners: &Owners<'_, '_>) -> Result<(), Error> {
        if self.loaded {
            return Ok(());
        }
        self.loaded = true;
        for record in self.records.iter().take(MOST_COMPARED).rev() {
            let header = vault.header(*record)?;
            let age = Age::of(header.version_id.as_deref(), header.last_updated.as_deref());
            let person = owners.people.one(header.person);
            for former in vault.history(*record)?.into_iter().rev().skip(1).take(MOST_EARLIER) {
                // What cannot be read any more names nobody.
                let Ok(header) = vault.header_at(*record, former) else { continue };
                let former = owners.people.one(header.person);
                if former != person {
                    self.before.note(*record, former, age.clone());
                }
            }
            self.latest.note(*record, person, age);
        }
        // Before the first doubt, at most one entry of the file is new.
        let first = self.contents.values().find_map(|(record, decision)| match decision {
            Decision::Repeats(ordinal) => Some((*record, *ordinal)),
            _ => None,
        });
        if let Some((record, ordinal)) = first
            && let Some(person) = owners.known(ordinal)
        {
            self.latest.note(record, person, age(reading, ordinal));
        }
        Ok(())
    }
}

/// The hash by which the vault knows an entry's identity.
pub(crate) fn identity(reading: &Reading<'_>, ordinal: u32, document_hash: &[u8; 32]) -> [u8; 32] {
    sha256(&[b"kosha/identity/v1", reading.identity(ordinal, document_hash).key().as_bytes()])
}

/// Puts entries of one identity in the order of their age, within the places that they have.
fn oldest_first(reading: &Reading<'_>, entries: &mut [(u32, [u8; 32])]) {
    let mut places: HashMap<[u8; 32], Vec<usize>> = HashMap::new();
    for (place, (_, identity)) in entries.iter().enumerate() {
        places.entry(*identity).or_default().push(place);
    }
    for (identity, places) in places.into_iter().filter(|(_, places)| places.len() > 1) {
        let mut group: Vec<(u32, Age)> = places
            .iter()
            .filter_map(|place| entries.get(*place))
            .map(|(ordinal, _)| (*ordinal, age(reading, *ordinal)))
            .collect();
        sort(&mut group);
        for (place, (ordinal, _)) in places.into_iter().zip(group) {
            if let Some(entry) = entries.get_mut(place) {
                *entry = (ordinal, identity);
            }
        }
    }
}

/// By version where all have one, else by time. [`Age::is_newer_than`] itself is no order: with some of each it may go
/// round in a circle.
fn sort(group: &mut [(u32, Age)]) {
    if group.iter().all(|(_, age)| age.version.is_some()) {
        group.sort_by(|(_, a), (_, b)| a.cmp(b));
    } else {
        group.sort_by(|(_, a), (_, b)| (&a.updated, a.version).cmp(&(&b.updated, b.version)));
    }
}

fn age(reading: &Reading<'_>, ordinal: u32) -> Age {
    let (version, updated) = reading.age(ordinal);
    Age::of(version.as_deref(), updated.as_deref())
}

#[cfg(test)]
mod tests {
    use crate::import::latest::{Age, is_newer_than};

    fn age(version: &str, updated: &str) -> Age {
        Age::of(Some(version), Some(updated))
    }

    #[test]
    fn any_mixture_of_ages_is_put_in_order() {
        let mut group: Vec<(u32, Age)> = (0..64_u32)
            .map(|n| {
                let version = if n.is_multiple_of(3) { String::new() } else { (n * 7 % 13).to_string() };
                let updated = if n.is_multiple_of(5) {
                    String::new()
                } else {
                    format!("2024-01-{:02}T00:00:00Z", 1 + n * 11 % 28)
                };
                (n, age(&version, &updated))
            })
            .collect();
        super::sort(&mut group);
        assert!(group.windows(2).all(|pair| pair[0].1.updated <= pair[1].1.updated));
        group.retain(|(_, age)| age.version.is_some());
        super::sort(&mut group);
        assert!(group.windows(2).all(|pair| !is_newer_than(&pair[0].1, &pair[1].1)));
    }
}
