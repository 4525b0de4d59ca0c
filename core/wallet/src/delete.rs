//! Deleting records for good, and saying what that does not reach.

use std::collections::BTreeSet;

use kosha_crypto::digest::sha256;
use kosha_crypto::id::{DocumentId, RecordId};
use kosha_fhir::Language;
use kosha_fhir::Limits;
use kosha_vault::{Deletion, Durability};
use serde::Serialize;

use crate::import::format;
use crate::rotate::Rotated;
use crate::share::stored::{State, StoredShare};
use crate::shares::ShareLine;
use crate::show::DocumentLine;
use crate::timeline::RecordCard;
use crate::unlocking::Ways;
use crate::words::WORDS;
use crate::{Error, Session};

/// What a deletion takes away, and what it does not reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeletionPlan {
    /// The records.
    pub records: Vec<RecordCard>,
    /// Number of their versions.
    pub versions: usize,
    /// Files that are not kept as they came in any more; their other records stay.
    #[serde(rename = "filesOpened")]
    pub files_opened: Vec<DocumentLine>,
    /// Files that held nothing else: they go too.
    #[serde(rename = "filesGone")]
    pub files_gone: Vec<DocumentLine>,
    /// Attachments that nothing else names.
    pub attachments: usize,
    /// Length of their content in bytes.
    #[serde(rename = "attachmentBytes")]
    pub attachment_bytes: u64,
    /// What stays readable somewhere.
    #[serde(rename = "notReached")]
    pub not_reached: NotReached,
}

/// What a deletion does not reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotReached {
    /// An older copy of the vault's folder opens with these, as they were when it was made.
    #[serde(rename = "oldCopiesOpenWith")]
    pub old_copies_open_with: Ways,
    /// Backups made before; each opens with passphrase or words of its day.
    pub backups: bool,
    /// Shares that held one of the records. Who opened one may have kept it.
    pub shares: Vec<ShareLine>,
    /// The same in plain sentences.
    pub sentences: Vec<String>,
}

/// Records were deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deleted {
    /// What went, and what stays readable somewhere.
    pub deleted: DeletionPlan,
    /// What giving the vault new keys did.
    pub rotated: Rotated,
}

impl Session {
    /// What the deletion of these records (ids or beginnings of some) would take away. Changes nothing.
    pub fn plan_deletion(&self, ids: &[String]) -> Result<DeletionPlan, Error> {
        let records = self.records_meant(ids)?;
        let deletion = self.vault().plan_deletion(&records, &self.originals_with(&records)?)?;
        self.described(&deletion)
    }

    /// Deletes records for good: every version, the files as they came in, attachments that nothing else names; then the
    /// vault gets new keys, so that this device's key opens no older copy of it. Shares that wait to be sent and hold one of
    /// the records are withdrawn. [`Error::Damaged`]: nothing was deleted.
    pub fn delete(&mut self, ids: &[String]) -> Result<Deleted, Error> {
        let records = self.records_meant(ids)?;
        let originals = self.originals_with(&records)?;
        let plan = self.described(&self.vault().plan_deletion(&records, &originals)?)?;
        for mut share in self.shares_with(&records)?.into_iter().filter(|share| share.state == State::Pending)
        {
            self.record_revocation(&mut share)?;
        }
        let key = self.renewed_device_key()?;
        let environment = self.environment().clone();
        environment.steps.reached("delete-begin");
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        let deletion = tx.delete_records(&records, &originals)?;
        let detail =
            format!("{} records, {} attachments", deletion.records.len(), deletion.attachments.len());
        tx.log(environment.now_ms(), "deleted", &detail)?;
        let rotation = tx.commit_with_new_keys(key.as_ref(), &|step| environment.steps.reached(step))?;
        let rotated = self.rotated(key.as_ref(), rotation);
        // What was deleted leaves the card too; where that fails now, the next unlock does it.
        drop(self.refresh_emergency_card());
        Ok(Deleted { deleted: plan, rotated })
    }

    fn records_meant(&self, ids: &[String]) -> Result<Vec<RecordId>, Error> {
        let records: BTreeSet<RecordId> =
            ids.iter().map(|id| self.record_meant(id)).collect::<Result<_, _>>()?;
        // Who sees a study once means all its files.
        if records.is_empty() { Err(Error::NoSuchRecord) } else { self.with_parts(records) }
    }

    /// Files kept whole, packed as they came in, that hold one of these records without being the ones it came in.
    fn originals_with(&self, records: &[RecordId]) -> Result<Vec<DocumentId>, Error> {
        let vault = self.vault();
        let packed: Vec<_> = vault.documents().into_iter().filter(|info| info.original.is_some()).collect();
        if packed.is_empty() {
            return Ok(Vec::new());
        }
        let mut contents = BTreeSet::new();
        for record in records {
            for version in vault.history(*record)? {
                contents.insert(vault.header_at(*record, version)?.content);
            }
        }
        let limits = Limits { now_ms: Some(self.environment().now_ms()), ..Limits::default() };
        let mut found = Vec::new();
        for info in packed {
            let mut bytes = kosha_crypto::Zeroizing::new(Vec::new());
            vault.document_to(info.id, &mut *bytes)?;
            // A file that cannot be read any more may hold anything.
            let holds = format::records(&bytes, &limits).is_none_or(|reading| {
                reading
                    .entries
                    .iter()
                    .any(|entry| contents.contains(&sha256(&[reading.bytes(entry.ordinal)])))
            });
            if holds {
                found.push(info.id);
            }
        }
        Ok(found)
    }

    fn shares_with(&self, records: &[RecordId]) -> Result<Vec<StoredShare>, Error> {
        let mut shares = StoredShare::all(self.vault())?;
        shares.retain(|share| {
            let scope = share.grant.scope();
            scope.records.as_ref().is_none_or(|held| records.iter().any(|record| held.contains(record)))
        });
        Ok(shares)
    }

    fn described(&self, deletion: &Deletion) -> Result<DeletionPlan, Error> {
        let vault = self.vault();
        let circle = self.circle()?;
        let cards = deletion
            .records
            .iter()
            .filter_map(|record| vault.index().get(*record))
            .map(|entry| RecordCard::of(entry, &circle));
        let lines = |documents: &[DocumentId]| -> Result<Vec<DocumentLine>, Error> {
            documents.iter().map(|document| self.document_line(*document)).collect()
        };
        let now_ms = self.environment().now_ms();
        // One that surely never left has shown nothing to anybody.
        let shares: Vec<ShareLine> = self
            .shares_with(&deletion.records)?
            .iter()
            .filter(|share| share.state != State::Failed)
            .map(|share| ShareLine::of(share, now_ms))
            .collect();
        Ok(DeletionPlan {
            records: cards.collect(),
            versions: deletion.versions,
            files_opened: lines(&deletion.documents_opened)?,
            files_gone: lines(&deletion.documents_gone)?,
            attachments: deletion.attachments.len(),
            attachment_bytes: deletion.attachment_bytes,
            not_reached: NotReached::of(self.ways()?, shares, self.language()),
        })
    }
}

impl NotReached {
    fn of(ways: Ways, shares: Vec<ShareLine>, language: Language) -> Self {
        let [copy, backup] = match (ways.passphrase, ways.recovery) {
            (true, true) => ["unreached-copy-both", "unreached-backup-both"],
            (false, true) => ["unreached-copy-words", "unreached-backup-words"],
            _ => ["unreached-copy-passphrase", "unreached-backup-passphrase"],
        };
        let mut ids = vec![copy, backup, "unreached-others"];
        if ways.device {
            ids.push("unreached-device");
        }
        let mut sentences: Vec<String> =
            ids.into_iter().map(|id| WORDS.text(language, id).to_owned()).collect();
        if !shares.is_empty() {
            let opened = shares.iter().filter(|share| share.views > 0).count();
            let [n, opened] = [shares.len(), opened].map(|count| language.count(count as u64));
            sentences.push(WORDS.say(language, "unreached-shares", &[("n", &n), ("opened", &opened)]));
        }
        Self { old_copies_open_with: Ways { device: false, ..ways }, backups: true, shares, sentences }
    }
}
