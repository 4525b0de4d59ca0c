//! Writing of items.

use kosha_crypto::id::ItemId;
use kosha_crypto::{Field, Place};
use rusqlite::params;
use zeroize::Zeroizing;

use super::{MAX_ITEM, Transaction, damaged};
use crate::error::{Error, Part, Result};
use crate::keyring::{INTERNAL, ITEM};
use crate::rows::blob;

impl Transaction<'_> {
    fn item_row(&self, kind: u16, item: ItemId) -> Option<i64> {
        match self.items.get(&(kind, item)) {
            Some(row) => *row,
            None => self.vault.stored.item(kind, item),
        }
    }

    /// Adds an item or replaces the one of the same kind and id. Kinds from 0xFF00 on are the vault's own.
    pub fn put_item(&mut self, kind: u16, item: ItemId, bytes: &[u8]) -> Result<()> {
        if kind >= INTERNAL {
            return Err(Error::Invalid("items of this kind are the vault's own"));
        }
        self.put_internal(kind, item, bytes)
    }

    /// [`Transaction::put_item`] of any kind.
    pub(crate) fn put_internal(&mut self, kind: u16, item: ItemId, bytes: &[u8]) -> Result<()> {
        if bytes.len() > MAX_ITEM {
            return Err(Error::TooLarge("an item holds at most 16 MiB"));
        }
        self.step(|tx| {
            let part = Part::Item(item);
            let mut plain = Zeroizing::new(Vec::with_capacity(2 + bytes.len()));
            plain.extend_from_slice(&kind.to_le_bytes());
            plain.extend_from_slice(bytes);
            let place = Place::item(tx.vault.keys.vault, ITEM, item);
            let sealed =
                tx.vault.keys.own.items().seal(&place, Field::Body, &plain, tx.entropy().as_ref())?;
            let row = if let Some(row) = tx.item_row(kind, item) {
                tx.forget_item(item, row)?;
                tx.vault
                    .conn
                    .prepare_cached("UPDATE i SET b=?1 WHERE n=?2")?
                    .execute(params![sealed, row])?;
                row
            } else {
                tx.vault
                    .conn
                    .prepare_cached("INSERT INTO i(i,b) VALUES(?1,?2)")?
                    .execute(params![item.as_bytes(), sealed])?;
                tx.inserted()
            };
            tx.state.add(&tx.rows.item(row, item.as_bytes(), &sealed).map_err(damaged(part))?);
            tx.items.insert((kind, item), Some(row));
            Ok(())
        })
    }

    /// Takes an item's row out of the set-hash.
    fn forget_item(&mut self, item: ItemId, row: i64) -> Result<()> {
        let part = Part::Item(item);
        let old = self.vault.one("SELECT b FROM i WHERE n=?1", row, part, |found| {
            self.rows.item(row, item.as_bytes(), blob(found, 0)?)
        })?;
        self.state.remove(&old);
        Ok(())
    }

    /// Removes an item; [`Error::UnknownItem`] if there is none.
    pub fn remove_item(&mut self, kind: u16, item: ItemId) -> Result<()> {
        if kind >= INTERNAL {
            return Err(Error::UnknownItem(item));
        }
        let row = self.item_row(kind, item).ok_or(Error::UnknownItem(item))?;
        self.step(|tx| {
            tx.forget_item(item, row)?;
            tx.vault.conn.execute("DELETE FROM i WHERE n=?1", [row])?;
            tx.items.insert((kind, item), None);
            Ok(())
        })
    }

    /// One item, as this transaction sees it.
    pub fn item(&self, kind: u16, item: ItemId) -> Result<Zeroizing<Vec<u8>>> {
        let row = self.item_row(kind, item).ok_or(Error::UnknownItem(item))?;
        self.vault.item_in(kind, item, row)
    }
}
