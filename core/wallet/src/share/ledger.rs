//! The consent crate's ledger on a transaction of the vault: grant, link secret, pending share and log entry become
//! durable together, before a byte may leave.

use kosha_consent::{Ledger, LedgerEntry};
use kosha_vault::Transaction;

use super::stored::StoredShare;
use crate::Error;

/// One transaction for one entry.
pub(crate) struct VaultLedger<'a> {
    pub(crate) tx: Transaction<'a>,
    /// The share that the entry is about; stored with the grant as it stands after the entry.
    pub(crate) share: StoredShare,
}

impl Ledger for VaultLedger<'_> {
    type Error = Error;

    fn commit(mut self, entry: &LedgerEntry) -> Result<(), Error> {
        if let Some(grant) = entry.grant() {
            self.share.grant = grant.clone();
        }
        self.share.put(&mut self.tx)?;
        self.tx.log(entry.at_ms, entry.name(), &entry.detail())?;
        Ok(self.tx.commit()?)
    }
}
