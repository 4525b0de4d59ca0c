//! Deletion for good: what goes when a record goes.

use std::collections::BTreeSet;

use kosha_crypto::id::{AttachmentId, DocumentId, RecordId, Version};

use crate::error::{Error, Part, Result};
use crate::header::Header;
use crate::vault::Vault;
use crate::{body, document};

/// What a deletion takes away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deletion {
    /// The records, every version of them.
    pub records: Vec<RecordId>,
    /// Number of versions.
    pub versions: usize,
    /// Files that held one of the records and are not kept as they came in any more; other records of them stay.
    pub documents_opened: Vec<DocumentId>,
    /// Files that held nothing but such records: nothing of them stays.
    pub documents_gone: Vec<DocumentId>,
    /// Attachments that nothing else names.
    pub attachments: Vec<AttachmentId>,
    /// Length of their content in bytes.
    pub attachment_bytes: u64,
}

/// A version that goes.
pub(crate) struct Going {
    pub(crate) record: RecordId,
    pub(crate) version: Version,
    pub(crate) row: i64,
}

impl Vault {
    /// What the deletion of these records would take away. `holders` are files of which the caller knows that they hold
    /// one of them; those kept as skeletons, and those in which the records came, are found without.
    pub fn plan_deletion(&self, records: &[RecordId], holders: &[DocumentId]) -> Result<Deletion> {
        let going = self.going(records)?;
        let mut named = BTreeSet::new();
        let mut holders: BTreeSet<DocumentId> = holders.iter().copied().collect();
        for one in &going {
            let header = self.header_in(one.record, one.version, one.row)?;
            named.extend(header.attachments.iter().map(|attachment| attachment.id));
            named.extend(self.holes_of(one.record, one.version, one.row)?);
            holders.extend(header.document.filter(|document| {
                self.stored.document(*document).is_some_and(|stored| stored.info.original.is_some())
            }));
        }
        self.skeletons_with(&going, &mut holders)?;
        holders.retain(|document| self.stored.document(*document).is_some());
        named.extend(holders.iter().filter_map(|document| self.stored.document(*document)?.info.original));
        self.keep_named_elsewhere(&going, &holders, &mut named)?;

        let still = self.documents_named(&going)?;
        let (documents_opened, documents_gone) =
            holders.into_iter().partition(|document| still.contains(document));
        let attachments: Vec<AttachmentId> =
            named.into_iter().filter(|id| self.stored.attachment(*id).is_some()).collect();
        let lengths = attachments.iter().filter_map(|id| Some(self.stored.attachment(*id)?.len));
        let mut ids: Vec<RecordId> = going.iter().map(|one| one.record).collect();
        ids.dedup();
        Ok(Deletion {
            records: ids,
            versions: going.len(),
            documents_opened,
            documents_gone,
            attachment_bytes: lengths.fold(0, u64::saturating_add),
            attachments,
        })
    }

    /// Every version of these records, in order.
    pub(crate) fn going(&self, records: &[RecordId]) -> Result<Vec<Going>> {
        let records: BTreeSet<RecordId> = records.iter().copied().collect();
        let mut going = Vec::new();
        for record in records {
            if self.damaged.contains_key(&record) {
                return Err(Error::Damaged(Part::Record(record)));
            }
            for version in self.history(record)? {
                going.push(Going { record, version, row: self.row_of(record, version)? });
            }
        }
        Ok(going)
    }

    fn holes_of(&self, record: RecordId, version: Version, row: i64) -> Result<Vec<AttachmentId>> {
        let bytes = self.container(record, version, row)?;
        let container = body::decode(&bytes).map_err(|_| Error::Damaged(Part::Record(record)))?;
        Ok(container.holes.iter().map(|hole| hole.attachment).collect())
    }

    /// Adds the skeletons with a hole for one of these versions.
    fn skeletons_with(&self, going: &[Going], found: &mut BTreeSet<DocumentId>) -> Result<()> {
        let going: BTreeSet<(RecordId, Version)> =
            going.iter().map(|one| (one.record, one.version)).collect();
        let skeletons = self
            .stored
            .documents()
            .filter(|stored| stored.info.original.is_none() && !stored.info.parts_deleted);
        for stored in skeletons {
            let raw = self.skeleton(stored)?;
            let part = Part::Document(stored.info.id);
            let (_, holes) = document::decode_skeleton(&raw).map_err(|_| Error::Damaged(part))?;
            if holes.iter().any(|hole| going.contains(&(hole.record, hole.version))) {
                found.insert(stored.info.id);
            }
        }
        Ok(())
    }

    /// Every version that stays.
    fn staying<'a>(&'a self, going: &[Going]) -> impl Iterator<Item = (RecordId, Version, i64)> + use<'a> {
        let going: BTreeSet<i64> = going.iter().map(|one| one.row).collect();
        let mut staying: Vec<_> = self.versions().filter(|(_, _, row)| !going.contains(row)).collect();
        staying.sort_unstable_by_key(|(_, _, row)| *row);
        staying.into_iter()
    }

    /// Takes out of `named` what a version or document that stays names too.
    fn keep_named_elsewhere(
        &self,
        going: &[Going],
        holders: &BTreeSet<DocumentId>,
        named: &mut BTreeSet<AttachmentId>,
    ) -> Result<()> {
        for stored in self.stored.documents().filter(|stored| !holders.contains(&stored.info.id)) {
            if let Some(original) = stored.info.original {
                named.remove(&original);
            }
        }
        // Headers first: they are small, and mostly tell.
        for (record, version, row) in self.staying(going) {
            if named.is_empty() {
                return Ok(());
            }
            let header = self.header_in(record, version, row)?;
            for attachment in &header.attachments {
                named.remove(&attachment.id);
            }
        }
        for (record, version, row) in self.staying(going) {
            if named.is_empty() {
                return Ok(());
            }
            for attachment in self.holes_of(record, version, row)? {
                named.remove(&attachment);
            }
        }
        Ok(())
    }

    /// Documents in which a version that stays came.
    fn documents_named(&self, going: &[Going]) -> Result<BTreeSet<DocumentId>> {
        let gone: BTreeSet<RecordId> = going.iter().map(|one| one.record).collect();
        let stays = |record: &RecordId| !gone.contains(record);
        let mut named: BTreeSet<DocumentId> =
            self.index.iter().filter(|entry| stays(&entry.id())).filter_map(crate::Entry::document).collect();
        for (record, past) in self.index.all_past().filter(|(record, _)| stays(record)) {
            let header: Header = self.header_in(record, past.version, past.row)?;
            named.extend(header.document);
        }
        Ok(named)
    }
}
