//! The end of a transaction: all of it, or nothing.

use std::collections::HashMap;
use std::fs;

use kosha_crypto::id::RecordId;
use rusqlite::params;
use zeroize::Zeroizing;

use super::{Durability, Pending, Transaction};
use crate::attachment;
use crate::changes::Changed;
use crate::error::{Error, Part, Result};
use crate::header::View;
use crate::index::Entry;
use crate::search::Text;
use crate::spread::Spread;
use crate::vault::Vault;

impl Transaction<'_> {
    /// Makes everything durable and then visible. On an error nothing of the transaction is stored.
    pub fn commit(mut self) -> Result<()> {
        if !self.changed && self.failure.is_none() {
            return Ok(());
        }
        if self.dropped.is_some() {
            return Err(Error::Invalid("a deletion is committed with new keys"));
        }
        self.step(|tx| {
            tx.settle_files()?;
            tx.write_state()?;
            tx.vault.conn.prepare_cached("COMMIT")?.execute([])?;
            Ok(())
        })?;
        self.done = true;
        let records = self.records.len();
        self.publish();
        self.vault.keep_after(records, self.durability == Durability::Full);
        if let Some(listener) = &self.vault.recent.listener {
            listener(self.state.sequence);
        }
        Ok(())
    }

    /// What this transaction changes; asked before the index follows.
    fn changed_things(&self) -> Changed {
        let before = self.vault.state.as_ref();
        let mut changed = Changed {
            persons: self.members > 0 || !self.profiles.is_empty(),
            documents: self.added.documents().next().is_some(),
            items: self.items.keys().map(|(kind, _)| *kind).collect(),
            log: before.is_none_or(|state| state.log != self.state.log),
            ..Changed::default()
        };
        for pending in &self.records {
            // A record that moves is gone from where it was.
            changed.records_of.extend(self.vault.index.get(pending.record).map(Entry::person));
            changed.records_of.extend(View::read(&pending.header).ok().map(|header| header.person()));
        }
        changed
    }

    /// Attachment files get their names and are on the disk before any row names them.
    pub(super) fn settle_files(&mut self) -> Result<()> {
        if self.files.is_empty() && self.replaced.is_empty() {
            return Ok(());
        }
        self.settled = true;
        for name in self.files.iter().chain(&self.replaced) {
            attachment::settle(&self.vault.folder, name)?;
        }
        self.vault.folder.sync_files()
    }

    fn write_state(&mut self) -> Result<()> {
        self.state.sequence = self.state.sequence.checked_add(1).ok_or(Error::Damaged(Part::State))?;
        let grown = self.vault.state.as_ref().is_none_or(|state| state.log != self.state.log);
        let keys = &self.vault.keys;
        if let Some(signer) = keys.signer.as_ref().filter(|_| grown && self.durability == Durability::Full) {
            self.state.note = signer.checkpoint(self.state.log.size(), &self.state.log.root())?;
        }
        let sequence = self.state.sequence;
        let plain = Zeroizing::new(self.state.encode());
        let sealed = keys.own.state().seal(keys.vault, sequence, &plain, self.vault.env.entropy.as_ref())?;
        let sequence = i64::try_from(sequence).map_err(|_| Error::Damaged(Part::State))?;
        self.vault
            .conn
            .prepare_cached("UPDATE z SET c=?1,b=?2 WHERE n=1")?
            .execute(params![sequence, sealed])?;
        Ok(())
    }

    /// After the commit: what is in memory follows.
    fn publish(&mut self) {
        let changed = self.changed_things();
        let vault = &mut *self.vault;
        vault.recent.note(self.state.sequence, changed);
        vault.state = Some(self.state.clone());
        vault.stored.merge(std::mem::take(&mut self.added));
        for ((kind, item), row) in self.items.drain() {
            match row {
                Some(row) => vault.stored.set_item(kind, item, row),
                None => vault.stored.remove_item(kind, item),
            }
        }
        for (person, profile) in self.profiles.drain(..) {
            if let Some(member) = vault.keys.members.get_mut(person) {
                member.profile = profile;
            }
        }
        vault.unsearched = vault.unsearched.saturating_add(self.records.len());
        let texts = new_texts(vault, &mut self.records);
        self.by_record = HashMap::default();
        self.by_identity = HashMap::default();
        vault.index.apply(std::mem::take(&mut self.records), |pending| {
            // The bytes were made by the encoder a moment ago, so that they always read.
            let header = View::read(&pending.header).ok()?;
            Some((pending.record, pending.version, pending.row, &pending.wrapped[..], header))
        });
        vault.take_in(&texts);
    }
}

/// What a commit brings to the search; asked before the index follows.
fn new_texts(vault: &Vault, records: &mut [Pending]) -> Vec<Text> {
    let mut rows: HashMap<RecordId, i64, Spread> = HashMap::default();
    let text = |pending: &mut Pending| {
        let before = rows.insert(pending.record, pending.row);
        let replaces = before.or_else(|| vault.index.get(pending.record).map(Entry::row));
        Text { record: pending.record, row: pending.row, words: pending.text.take(), replaces }
    };
    if vault.search.borrow().is_none() {
        return Vec::new();
    }
    records.iter_mut().map(text).collect()
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        for _ in 0..self.members {
            self.vault.keys.members.pop();
        }
        // SQLite may have rolled back by itself; files that stay behind are swept at the next unlock.
        if !self.vault.conn.is_autocommit() {
            let _ = self.vault.conn.execute_batch("ROLLBACK");
        }
        // A file that was made anew stays: its content is what the row names.
        for name in &self.replaced {
            let _ = fs::remove_file(self.vault.folder.temporary(name));
        }
        for name in &self.files {
            let _ = fs::remove_file(self.vault.folder.temporary(name));
            if self.settled {
                let _ = fs::remove_file(self.vault.folder.file(name));
            }
        }
    }
}
