//! Writing of records and their versions.

use kosha_crypto::Place;
use kosha_crypto::id::{RecordId, Version};
use rusqlite::params;
use zeroize::Zeroizing;

use super::{Pending, Transaction, damaged};
use crate::body::{self, NewBody};
use crate::error::{Error, Part, Result};
use crate::header::Header;
use crate::index::Known;

impl Transaction<'_> {
    /// Adds a record under a new id.
    pub fn add_record(&mut self, header: Header, body: &NewBody<'_>) -> Result<RecordId> {
        let record = self.new_record_id()?;
        self.add_record_as(record, header, body)?;
        Ok(record)
    }

    /// Adds a record under an id of [`Transaction::new_record_id`]; its first version.
    #[allow(clippy::needless_pass_by_value, reason = "a header is made for one record")]
    pub fn add_record_as(&mut self, record: RecordId, header: Header, body: &NewBody<'_>) -> Result<Version> {
        let taken = self.by_record.contains_key(&record)
            || self.vault.index.get(record).is_some()
            || self.vault.damaged.contains_key(&record);
        if taken {
            return Err(Error::Invalid("there is already a record of this id"));
        }
        self.put_record(record, 1, &header, body)
    }

    /// Adds a version to a record; the version before stays as history. The identity stays the record's own.
    #[allow(clippy::needless_pass_by_value, reason = "a header is made for one record")]
    pub fn update_record(&mut self, record: RecordId, header: Header, body: &NewBody<'_>) -> Result<Version> {
        let pending = self.by_record.get(&record).and_then(|at| self.records.get(*at));
        let (version, identity) = match (pending, self.vault.index.get(record)) {
            (Some(pending), _) => (pending.version, pending.identity),
            (None, Some(entry)) => (entry.version(), *entry.identity()),
            (None, None) if self.vault.damaged.contains_key(&record) => {
                return Err(Error::Damaged(Part::Record(record)));
            }
            (None, None) => return Err(Error::UnknownRecord(record)),
        };
        if identity != header.identity {
            return Err(Error::Invalid("the identity of a record never changes"));
        }
        let highest =
            self.vault.damaged.get(&record).into_iter().flatten().map(|(version, _)| version.counter).max();
        let counter = highest.unwrap_or(0).max(version.counter).saturating_add(1);
        self.put_record(record, counter, &header, body)
    }

    fn put_record(
        &mut self,
        record: RecordId,
        counter: u64,
        header: &Header,
        body: &NewBody<'_>,
    ) -> Result<Version> {
        self.vault.keys.members.get(header.person)?;
        for hole in body.holes {
            self.knows_attachment(hole.attachment)?;
        }
        let encoded =
            header.encode().map(Zeroizing::new).ok_or(Error::TooLarge("a header holds at most 256 KiB"))?;
        body::encode(body, &mut self.container)?;
        self.step(|tx| {
            let part = Part::Record(record);
            tx.vault.packer.pack(&tx.container, &mut tx.packed)?;
            let version = Version { writer: tx.vault.keys.writer, counter };
            let place = Place::record(tx.vault.keys.vault, record, version);
            let entropy = tx.entropy();
            let member = tx.vault.keys.members.get(header.person)?;
            let sealed = member.keys.seal_record(&place, &encoded, &tx.packed, None, entropy.as_ref())?;
            let stored = i64::try_from(counter).map_err(|_| Error::Damaged(part))?;
            let conn = &tx.vault.conn;
            conn.prepare_cached("INSERT INTO h(i,w,c,k,h) VALUES(?1,?2,?3,?4,?5)")?.execute(params![
                record.as_bytes(),
                version.writer.as_bytes(),
                stored,
                sealed.key,
                sealed.header
            ])?;
            let row = tx.inserted();
            conn.prepare_cached("INSERT INTO b(n,b) VALUES(?1,?2)")?.execute(params![row, sealed.body])?;
            let (i, w) = (record.as_bytes(), version.writer.as_bytes());
            let hash = tx.rows.record(row, i, w, counter, &sealed.key, &sealed.header);
            tx.state.add(&hash.map_err(damaged(part))?);
            let text = tx.vault.search.borrow().is_some().then(|| Zeroizing::new(body.text.to_owned()));
            let at = tx.records.len();
            if header.identity != [0; 32] {
                tx.by_identity.entry(header.identity).or_default().push(at);
            }
            tx.by_record.insert(record, at);
            let (identity, content) = (header.identity, header.content);
            let wrapped = sealed.key;
            tx.records.push(Pending {
                record,
                version,
                row,
                wrapped,
                identity,
                content,
                header: encoded,
                text,
            });
            Ok(version)
        })
    }

    /// The header of a record, this transaction's version if there is one.
    pub fn header(&self, record: RecordId) -> Result<Header> {
        match self.by_record.get(&record).and_then(|at| self.records.get(*at)) {
            Some(pending) => Header::read(&pending.header).map_err(damaged(Part::Record(record))),
            None => self.vault.header(record),
        }
    }

    /// Every version of every record of this identity, this transaction's included, newest first.
    pub fn with_identity(&self, identity: &[u8; 32]) -> Vec<Known> {
        let pending = self.by_identity.get(identity).into_iter().flatten().rev();
        let mut found: Vec<Known> = pending
            .filter_map(|at| Some((*at, self.records.get(*at)?)))
            .map(|(at, pending)| Known {
                record: pending.record,
                version: pending.version,
                content: pending.content,
                current: self.by_record.get(&pending.record) == Some(&at),
            })
            .collect();
        found.extend(self.vault.index.with_identity(identity).into_iter().map(|known| Known {
            current: known.current && !self.by_record.contains_key(&known.record),
            ..known
        }));
        found
    }
}
