//! Whether an entry is new, known, or a newer version of what is known. Never overwrite on doubt.

use std::cmp::Ordering;
use std::collections::HashMap;

use kosha_crypto::Entropy;
use kosha_crypto::digest::sha256;
use kosha_crypto::id::{RecordId, Version};
use kosha_fhir::Reading;
use kosha_vault::Vault;

use crate::Error;

/// What is to be done with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It is a record of its own; `separate` when another one of the same identity is here.
    New { separate: bool },
    /// It is a newer version of a record.
    Update,
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

/// What a source says about how new an entry is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Age {
    pub(crate) version_id: Option<String>,
    pub(crate) last_updated: Option<String>,
}

/// Decides for every entry of a file that holds a resource, in the order in which they are to be stored: as they stand,
/// save that versions of one record come oldest first, as a history needs them.
pub(crate) fn plan(
    vault: &Vault,
    reading: &Reading<'_>,
    document_hash: &[u8; 32],
    entropy: &dyn Entropy,
) -> Result<Vec<Planned>, Error> {
    let mut entries: Vec<(u32, [u8; 32])> = reading
        .entries
        .iter()
        .filter(|entry| entry.resource_type().is_some())
        .map(|entry| (entry.ordinal, identity(reading, entry.ordinal, document_hash)))
        .collect();
    oldest_first(reading, &mut entries);
    let mut seen: HashMap<[u8; 32], Vec<Planned>> = HashMap::new();
    let mut plan = Vec::with_capacity(entries.len());
    for (ordinal, identity) in entries {
        let content = sha256(&[reading.bytes(ordinal)]);
        let earlier = seen.entry(identity).or_default();
        let (record, decision) = decide(vault, reading, ordinal, &identity, &content, earlier)?;
        let record = match record {
            Some(record) => record,
            None => RecordId::random(entropy).map_err(|_| Error::Internal)?,
        };
        let planned = Planned { ordinal, record, decision, identity, content };
        earlier.push(planned);
        plan.push(planned);
    }
    Ok(plan)
}

fn identity(reading: &Reading<'_>, ordinal: u32, document_hash: &[u8; 32]) -> [u8; 32] {
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
        group.sort_by(|(_, a), (_, b)| {
            if a.is_newer_than(b) {
                Ordering::Greater
            } else if b.is_newer_than(a) {
                Ordering::Less
            } else {
                Ordering::Equal
            }
        });
        for (place, (ordinal, _)) in places.into_iter().zip(group) {
            if let Some(entry) = entries.get_mut(place) {
                *entry = (ordinal, identity);
            }
        }
    }
}

fn age(reading: &Reading<'_>, ordinal: u32) -> Age {
    reading
        .extract(ordinal)
        .map(|extract| Age { version_id: extract.version_id, last_updated: extract.last_updated })
        .unwrap_or_default()
}

/// `earlier` are the entries of the same file and identity that are decided already.
fn decide(
    vault: &Vault,
    reading: &Reading<'_>,
    ordinal: u32,
    identity: &[u8; 32],
    content: &[u8; 32],
    earlier: &[Planned],
) -> Result<(Option<RecordId>, Decision), Error> {
    if let Some(same) = earlier.iter().find(|planned| planned.content == *content) {
        let decision = match same.decision {
            Decision::Known(version) => Decision::Known(version),
            _ => Decision::Repeats(same.ordinal),
        };
        return Ok((Some(same.record), decision));
    }
    let known = vault.index().with_identity(identity);
    if let Some(same) = known.iter().find(|known| known.content == *content) {
        return Ok((Some(same.record), Decision::Known(same.version)));
    }
    if earlier.is_empty() && known.is_empty() {
        return Ok((None, Decision::New { separate: false }));
    }
    let own = age(reading, ordinal);
    // The latest word on each record is what an update has to be newer than.
    let mut latest: Vec<(RecordId, Age)> = Vec::new();
    let written = |planned: &&Planned| matches!(planned.decision, Decision::New { .. } | Decision::Update);
    for planned in earlier.iter().rev().filter(written) {
        if !latest.iter().any(|(record, _)| *record == planned.record) {
            latest.push((planned.record, age(reading, planned.ordinal)));
        }
    }
    for known in known.iter().filter(|known| known.current) {
        if !latest.iter().any(|(record, _)| *record == known.record) {
            let header = vault.header(known.record)?;
            latest.push((
                known.record,
                Age { version_id: header.version_id, last_updated: header.last_updated },
            ));
        }
    }
    let older = latest.iter().find(|(_, known)| own.is_newer_than(known));
    Ok(older
        .map_or((None, Decision::New { separate: true }), |(record, _)| (Some(*record), Decision::Update)))
}

impl Age {
    /// By `versionId` where both are numbers and differ, else by `lastUpdated`.
    fn is_newer_than(&self, known: &Self) -> bool {
        let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<u64>().ok());
        match (number(&self.version_id), number(&known.version_id)) {
            (Some(own), Some(theirs)) if own != theirs => own > theirs,
            _ => match (instant(self.last_updated.as_deref()), instant(known.last_updated.as_deref())) {
                (Some(own), Some(theirs)) => own > theirs,
                _ => false,
            },
        }
    }
}

/// Unix time of a FHIR instant, with its fraction as text for the order within a second.
fn instant(text: Option<&str>) -> Option<(i64, String)> {
    crate::date::instant(text?)
}

#[cfg(test)]
mod tests {
    use super::Age;

    fn age(version: &str, updated: &str) -> Age {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Age { version_id: some(version), last_updated: some(updated) }
    }

    #[test]
    fn newer_is_a_higher_version_or_a_later_update_and_never_a_guess() {
        for (own, theirs, newer) in [
            (age("2", ""), age("1", ""), true),
            (age("10", ""), age("9", ""), true),
            (age("1", "2024-01-02T00:00:00Z"), age("2", "2024-01-01T00:00:00Z"), false),
            (age("a", "2024-01-02T00:00:00Z"), age("b", "2024-01-01T00:00:00Z"), true),
            (age("", "2024-01-01T05:30:00+05:30"), age("", "2024-01-01T00:00:00Z"), false),
            (age("", "2024-01-01T05:30:00.001+05:30"), age("", "2024-01-01T00:00:00Z"), true),
            (age("", "2024-01-01T00:00:00.20Z"), age("", "2024-01-01T00:00:00.1999Z"), true),
            (age("", "2024-01-01"), age("", ""), false),
            (age("", "nonsense"), age("", "2024-01-01T00:00:00Z"), false),
            (age("x", ""), age("w", ""), false),
            (age("", ""), age("", ""), false),
        ] {
            assert_eq!(own.is_newer_than(&theirs), newer, "{own:?} {theirs:?}");
        }
    }
}
