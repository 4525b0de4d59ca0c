//! The end of a transaction that gives the vault new keys.

use rusqlite::params;
use zeroize::Zeroizing;

use super::Transaction;
use crate::error::{Error, Part, Result};
use crate::keyring::Keyring;
use crate::rotate::{NewKeys, Rewriter, Rotation};
use crate::slots::NewDeviceKey;
use crate::state::State;
use crate::unlock::Loader;
use crate::vault::Vault;

/// What is in memory of a vault, made anew from its rows.
struct Reloaded {
    keys: Keyring,
    index: crate::index::Index,
    stored: crate::stored::Stored,
}

impl Transaction<'_> {
    /// Makes everything durable under new keys ([`Vault::rotate`]), and leaves nothing of what was deleted in the database
    /// or its write-ahead log.
    pub fn commit_with_new_keys(
        mut self,
        device: Option<&NewDeviceKey>,
        reached: &dyn Fn(&'static str),
    ) -> Result<Rotation> {
        reached("rotate-begin");
        let old_device = self.vault.opened_by;
        let (reloaded, rotation) = self.step(|tx| {
            if let Some(device) = device {
                tx.use_device_key(device)?;
            }
            let rotation = tx.rotation(device)?;
            tx.settle_files()?;
            let reloaded = tx.rewrite()?;
            // What they hold is of the keys of before.
            tx.vault.forget_snapshots()?;
            reached("rotate-commit");
            tx.vault.conn.execute_batch("COMMIT")?;
            Ok((reloaded, rotation))
        })?;
        self.done = true;
        reached("rotate-durable");
        let state = self.state.clone();
        let dropped = self.dropped.take().unwrap_or_default();
        let vault = &mut *self.vault;
        vault.keys = reloaded.keys;
        vault.index = reloaded.index;
        vault.stored = reloaded.stored;
        vault.state = Some(state);
        // Holds words of what was deleted; filled anew by the next search.
        vault.forget_search();
        if let Some(device) = device
            && old_device.is_some_and(|slot| device.replaces(slot))
        {
            vault.opened_by = Some(device.slot());
        }
        // From here on nothing can be taken back; what fails is done by the next unlock.
        vault.conn.flush_prepared_statement_cache();
        let emptied = vault.truncate_log();
        reached("rotate-truncated");
        let removed: Vec<_> =
            dropped.iter().map(|name| std::fs::remove_file(vault.folder.file(name))).collect();
        let gone = removed.iter().all(|result| match result {
            Ok(()) => true,
            Err(error) => error.kind() == std::io::ErrorKind::NotFound,
        });
        let synced = vault.folder.sync_files();
        reached("rotate-done");
        if let Some(listener) = &self.vault.recent.listener {
            listener(self.state.sequence);
        }
        Ok(Rotation { cleared: emptied.is_ok() && gone && synced.is_ok(), ..rotation })
    }

    fn rotation(&self, device: Option<&NewDeviceKey>) -> Result<Rotation> {
        let other_devices = self
            .vault
            .slots()?
            .iter()
            .filter(|slot| slot.label.is_some() && device.map(NewDeviceKey::slot) != Some(slot.id))
            .count();
        Ok(Rotation { other_devices, old_keys: self.labels()?.len(), cleared: false })
    }

    /// Every row under new keys, the state last; then the whole vault as an unlock with the new keys finds it.
    fn rewrite(&mut self) -> Result<Reloaded> {
        let entropy = self.entropy();
        let entropy = entropy.as_ref();
        let new = NewKeys::generate(entropy)?;
        let vault: &Vault = self.vault;
        let mut rewriter = Rewriter::new(&vault.conn, &vault.keys, &new, entropy);
        rewriter.run()?;
        // New keys must not make good what somebody else has put into the vault.
        if rewriter.before.set != self.state.set || rewriter.before.count != self.state.count {
            return Err(Error::Damaged(Part::Set));
        }
        let signer = vault.keys.signer.as_ref().ok_or(Error::Damaged(Part::LogSigner))?;
        let state = State {
            sequence: self.state.sequence.checked_add(1).ok_or(Error::Damaged(Part::State))?,
            count: rewriter.after.count,
            set: rewriter.after.set,
            log: self.state.log.clone(),
            note: signer.checkpoint(self.state.log.size(), &self.state.log.root())?,
        };
        let plain = Zeroizing::new(state.encode());
        let sealed = new.own.state().seal(vault.keys.vault, state.sequence, &plain, entropy)?;
        let sequence = i64::try_from(state.sequence).map_err(|_| Error::Damaged(Part::State))?;
        vault.conn.execute("UPDATE z SET c=?1,b=?2 WHERE n=1", params![sequence, sealed])?;

        let mut loader = Loader::new(&vault.conn, vault.keys.vault, &new.root, &new.own, 0);
        loader.tables()?;
        loader.compare(Some(&state));
        if let Some(problem) = loader.problems.first() {
            return Err(Error::Damaged(problem.place));
        }
        let (members, writer, signer, index, stored) = loader.into_parts();
        self.state = state;
        let NewKeys { root, own } = new;
        let keys = Keyring { vault: self.vault.keys.vault, root, own, writer, signer, members };
        Ok(Reloaded { keys, index, stored })
    }
}
