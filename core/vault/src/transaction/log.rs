//! Writing of the log.

use kosha_crypto::log::leaf_salt;
use kosha_crypto::merkle::leaf_hash;
use kosha_crypto::{Field, Place, RecordKey};
use rusqlite::params;
use zeroize::Zeroizing;

use super::{Transaction, damaged};
use crate::error::{Error, Part, Result};
use crate::log;

impl Transaction<'_> {
    /// Adds an entry to the log; its number.
    pub fn log(&mut self, time_ms: i64, event: &str, detail: &str) -> Result<u64> {
        let writer = self.vault.keys.writer;
        let entry = log::canonical(writer, time_ms, event, detail)?;
        self.step(|tx| {
            let entropy = tx.entropy();
            let entropy = entropy.as_ref();
            let index = tx.state.log.size();
            let part = Part::LogEntry(index);
            let salt = leaf_salt(entropy)?;
            let leaf = leaf_hash(&salt, &entry);
            let place = Place::log_entry(tx.vault.keys.vault, writer, index);
            let key = RecordKey::generate(entropy)?;
            let wrapped = tx.vault.keys.own.epochs().wrap_record(&place, &key, entropy)?;
            let mut plain = Zeroizing::new(Vec::with_capacity(32 + entry.len()));
            plain.extend_from_slice(salt.as_slice());
            plain.extend_from_slice(&entry);
            let sealed = key.seal(&place, Field::Body, &plain, entropy)?;
            let n = i64::try_from(index).ok().and_then(|n| n.checked_add(1)).ok_or(Error::Damaged(part))?;
            tx.vault
                .conn
                .prepare_cached("INSERT INTO l(n,w,k,b,h) VALUES(?1,?2,?3,?4,?5)")?
                .execute(params![n, writer.as_bytes(), wrapped, sealed, leaf])?;
            let row = tx.rows.log_entry(n, writer.as_bytes(), &wrapped, &sealed, &leaf);
            tx.state.add(&row.map_err(damaged(part))?);
            tx.state.log.push(leaf);
            Ok(index)
        })
    }
}
