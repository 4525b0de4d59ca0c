//! A new version of a record with the body it has: for another person, or with other words in its header.

use kosha_crypto::id::{RecordId, Version};

use super::{Transaction, damaged};
use crate::body::{self, NewBody};
use crate::error::{Error, Part, Result};
use crate::header::Header;

impl Transaction<'_> {
    /// Adds a version with this header and the body of the current version, sealed under the keys of the header's
    /// person; attachments stay where they are. The version before stays as history.
    ///
    /// Not for a record that this transaction has changed already.
    pub fn update_header(&mut self, record: RecordId, header: Header) -> Result<Version> {
        if self.by_record.contains_key(&record) {
            return Err(Error::Invalid("the record was changed in this transaction"));
        }
        let part = Part::Record(record);
        let entry = self.vault.index.get(record).ok_or(if self.vault.damaged.contains_key(&record) {
            Error::Damaged(part)
        } else {
            Error::UnknownRecord(record)
        })?;
        let bytes = self.vault.container(record, entry.version(), entry.row())?;
        let container = body::decode(&bytes).map_err(damaged(part))?;
        let same =
            NewBody { resource_skeleton: container.skeleton, holes: &container.holes, text: container.text };
        self.update_record(record, header, &same)
    }
}
