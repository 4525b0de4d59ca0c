//! An entry as a record of the vault.

use kosha_crypto::Entropy;
use kosha_crypto::digest::sha256;
use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::own::{By, Now, OwnEntry, Subject, Written, same_said};
use kosha_fhir::{Extract, Limits};
use kosha_vault::{Header, NewBody, Transaction, Vault};

use super::Said;
use crate::import::{decide, header};
use crate::person::Profile;
use crate::{Error, export};

/// The source of an entry of somebody who has no name yet, as it is kept; shown in words of the language.
pub(crate) const NO_NAME: &str = "Entered by you";
/// For so long the very same again is asked about.
const SAME_MS: i64 = 60_000;

/// Whose entry it is, and who writes it down.
pub(super) struct Writer {
    subject: Subject,
    by: By,
    source: String,
}

impl Writer {
    /// Of a vault that knows nobody yet.
    pub(super) fn nobody_named() -> Self {
        Self { subject: Subject::default(), by: By::Patient, source: NO_NAME.to_owned() }
    }

    /// `own`: the person writes about themselves; else the owner, of this name, writes for them.
    pub(super) fn new(person: PersonId, profile: Option<&Profile>, own: bool, owner: Option<String>) -> Self {
        // A name would stand in the resource for ever; the address leads to the person as they are called in an export.
        let named = profile.is_some_and(|profile| !profile.says_nobody());
        let subject = Subject { reference: named.then(|| export::address(person)), display: None };
        let owner = owner.filter(|name| !name.is_empty());
        let own_name = profile.map(|profile| profile.name.clone()).filter(|name| !name.is_empty());
        let source = if own { own_name } else { owner.clone() }.unwrap_or_else(|| NO_NAME.to_owned());
        Self { subject, by: if own { By::Patient } else { By::Other(owner) }, source }
    }
}

/// A resource and what the vault keeps beside it.
pub(super) struct Made {
    bytes: Vec<u8>,
    extract: Extract,
    identity: [u8; 32],
    now_ms: i64,
}

impl Made {
    pub(super) fn of(
        entry: &OwnEntry,
        writer: &Writer,
        said: &Said,
        identifier: &str,
        version: u32,
        now: Now,
    ) -> Result<Self, Error> {
        let bytes = entry.to_resource(&Written {
            subject: &writer.subject,
            by: &writer.by,
            when: said.when.as_ref(),
            note: said.note.as_ref(),
            now,
            identifier,
            version,
        });
        Self::read(bytes, now.ms)
    }

    /// What the vault keeps beside this resource.
    pub(super) fn read(bytes: Vec<u8>, now_ms: i64) -> Result<Self, Error> {
        let limits = Limits { now_ms: Some(now_ms), ..Limits::default() };
        let reading = kosha_fhir::read(&bytes, &limits).map_err(|_| Error::Internal)?;
        let extract = reading.extract(0).map_err(|_| Error::Internal)?;
        let identity = decide::identity(&reading, 0, &sha256(&[&bytes]));
        drop(reading);
        Ok(Self { bytes, extract, identity, now_ms })
    }

    fn header(&self, person: PersonId, writer: &Writer) -> Header {
        let mut header = header::of(person, self.extract.clone(), |_| None);
        header.source.clone_from(&writer.source);
        header.identity = self.identity;
        header.content = sha256(&[&self.bytes]);
        header.added_ms = self.now_ms;
        header
    }

    fn body(&self) -> NewBody<'_> {
        NewBody { resource_skeleton: &self.bytes, holes: &[], text: &self.extract.search_text }
    }

    pub(super) fn add(
        &self,
        tx: &mut Transaction<'_>,
        person: PersonId,
        writer: &Writer,
        added_ms: i64,
    ) -> Result<RecordId, Error> {
        let header = Header { added_ms, ..self.header(person, writer) };
        Ok(tx.add_record(header, &self.body())?)
    }

    /// A new version. It stays with its person and with what it belongs to; the time at which it first came is kept.
    pub(super) fn update(
        &self,
        tx: &mut Transaction<'_>,
        record: RecordId,
        writer: &Writer,
    ) -> Result<(), Error> {
        let before = tx.header(record)?;
        let header = Header {
            parent: before.parent,
            visit: before.visit,
            added_ms: before.added_ms,
            identity: before.identity,
            ..self.header(before.person, writer)
        };
        tx.update_record(record, header, &self.body())?;
        Ok(())
    }

    pub(super) fn says_the_same(&self, resource: &[u8]) -> bool {
        same_said(&self.bytes, resource)
    }

    /// Whether the very same was written down of this person less than a minute ago.
    pub(super) fn was_said(&self, vault: &Vault, person: PersonId, now_ms: i64) -> Result<bool, Error> {
        let recent = |added_ms: i64| (0..SAME_MS).contains(&now_ms.saturating_sub(added_ms));
        for entry in vault.index().iter() {
            let alike = entry.document().is_none()
                && entry.person() == person
                && !entry.tombstone()
                && entry.resource_type() == self.extract.resource_type
                && entry.title() == self.extract.card.title;
            if alike && recent(entry.added_ms()) && self.says_the_same(&vault.body(entry.id())?.resource) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A random UUID (RFC 9562, version 4), by which an entry is known wherever it goes.
pub(super) fn identifier(entropy: &dyn Entropy) -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    entropy.fill(&mut bytes).map_err(|_| Error::Internal)?;
    let number = u128::from_be_bytes(bytes);
    let number = number & !(0xf << 76) | (0x4 << 76);
    let number = number & !(0x3 << 62) | (0x2 << 62);
    let hex = format!("{number:032x}");
    let piece = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    Ok(format!(
        "urn:uuid:{}-{}-{}-{}-{}",
        piece(0, 8),
        piece(8, 12),
        piece(12, 16),
        piece(16, 20),
        piece(20, 32)
    ))
}

#[cfg(test)]
mod tests {
    #[test]
    fn identifiers_are_uuids_of_version_4() {
        let one = super::identifier(&kosha_crypto::SystemEntropy).unwrap();
        let other = super::identifier(&kosha_crypto::SystemEntropy).unwrap();
        assert_eq!(one.len(), 45);
        assert_eq!(one.as_bytes()[23], b'4');
        assert!(b"89ab".contains(&one.as_bytes()[28]));
        assert_ne!(one, other);
    }
}
