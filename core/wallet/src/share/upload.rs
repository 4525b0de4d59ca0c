//! What is to be uploaded for a pending share, kept sealed in the vault in parts, so that the very same can be sent
//! again after any interruption.

use kosha_crypto::Zeroizing;
use kosha_crypto::digest::sha256;
use kosha_crypto::id::ItemId;
use kosha_vault::{Transaction, Vault};
use kosha_wire::relay::CreateLink;

use crate::{Error, items};

/// First byte of what is kept: the only version that is written and read.
const VERSION: u8 = 1;
/// Longest part; an item of the vault holds no more than 16 MiB.
const PART: usize = 8 * 1024 * 1024;

/// More parts than any upload has.
const MOST_PARTS: u32 = 64;

/// Keeps `create` for the share `id`.
pub(crate) fn put(tx: &mut Transaction<'_>, id: ItemId, create: &CreateLink) -> Result<(), Error> {
    let mut bytes = Zeroizing::new(vec![VERSION]);
    serde_json::to_writer(&mut *bytes, create).map_err(|_| Error::Internal)?;
    for (number, part) in (0_u32..).zip(bytes.chunks(PART)) {
        tx.put_item(items::UPLOAD, part_id(id, number), part)?;
    }
    Ok(())
}

/// What was kept for the share `id`, if anything.
pub(crate) fn get(vault: &Vault, id: ItemId) -> Result<Option<CreateLink>, Error> {
    let mut bytes = Zeroizing::new(Vec::new());
    for part in parts(vault, id) {
        bytes.extend_from_slice(&vault.item(items::UPLOAD, part)?);
    }
    match bytes.split_first() {
        None => Ok(None),
        Some((&VERSION, json)) => serde_json::from_slice(json).map(Some).map_err(|_| Error::Damaged),
        Some(_) => Err(Error::NewerVault),
    }
}

/// The ids of the parts that are kept for the share `id`, in order.
pub(crate) fn parts(vault: &Vault, id: ItemId) -> Vec<ItemId> {
    (0_u32..MOST_PARTS)
        .map(|number| part_id(id, number))
        .take_while(|part| vault.item(items::UPLOAD, *part).is_ok())
        .collect()
}

/// Forgets the parts that [`parts`] named.
pub(crate) fn remove(tx: &mut Transaction<'_>, parts: &[ItemId]) -> Result<(), Error> {
    for part in parts {
        tx.remove_item(items::UPLOAD, *part)?;
    }
    Ok(())
}

fn part_id(id: ItemId, number: u32) -> ItemId {
    let hash = sha256(&[b"kosha/upload/v1", id.as_bytes(), &number.to_be_bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(hash.split_at(16).0);
    ItemId::from_bytes(bytes)
}
