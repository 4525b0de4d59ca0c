//! A vault that is open: what it is made of, and how it comes to be.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use kosha_crypto::id::{RecordId, SlotId, VaultId, Version, WriterId};
use kosha_crypto::{
    DeviceKeystore, Entropy, KdfStrength, LogSigner, RecoveryPhrase, RootKey, Slot, SlotError, SlotKind,
    VaultKeys,
};
use rusqlite::{Connection, params};
use zeroize::Zeroizing;

use crate::changes::Recent;
use crate::compress::{Packer, Unpacker};
use crate::error::{Error, Part, Problem, Result};
use crate::folder::{Folder, Ownership, create_whole};
use crate::index::Index;
use crate::keyring::{Keyring, Person};
use crate::resume::Stamp;
use crate::rows::Rows;
use crate::search::Search;
use crate::state::State;
use crate::stored::Stored;
use crate::transaction::Durability;
use crate::verify::Verdict;
use crate::{anchor, migration, schema, unlock};

/// What a vault needs from outside.
#[derive(Clone)]
pub struct Env {
    /// Where keys, ids and nonces are drawn.
    pub entropy: Arc<dyn Entropy>,
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Env")
    }
}

/// How a new vault can be unlocked; at least one way has to be given.
#[derive(Clone, Copy)]
pub struct CreateOptions<'a> {
    /// A passphrase, not empty.
    pub passphrase: Option<&'a [u8]>,
    /// The device keystore and the label of its key.
    pub device: Option<(&'a dyn DeviceKeystore, &'a str)>,
    /// How hard the passphrase is worked on.
    pub strength: KdfStrength,
}

impl fmt::Debug for CreateOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CreateOptions(redacted)")
    }
}

/// A way to unlock.
#[derive(Clone, Copy)]
pub enum Unlock<'a> {
    /// By passphrase.
    Passphrase(&'a [u8]),
    /// By the device keystore, with the sentence that it shows to the person.
    Device(&'a dyn DeviceKeystore, &'a str),
    /// By the recovery phrase.
    Recovery(&'a RecoveryPhrase),
}

impl fmt::Debug for Unlock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unlock(redacted)")
    }
}

/// What may be done with a vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Everything.
    Write,
    /// Reading, since nothing can be written at its place.
    ReadOnlyPlace,
    /// Reading what is left: the pages from the first to the last are missing.
    Cut(u32, u32),
}

/// A vault found and attached to, not unlocked.
pub(crate) struct Attached {
    pub(crate) folder: Folder,
    pub(crate) ownership: Ownership,
    pub(crate) conn: Connection,
    pub(crate) access: Access,
}

/// An unlocked vault. `Send`, not `Sync`: one thread at a time, or a mutex around it. Dropping it locks it.
pub struct Vault {
    pub(crate) conn: Connection,
    pub(crate) folder: Folder,
    pub(crate) env: Env,
    pub(crate) keys: Keyring,
    /// Absent when the state's row is damaged: the vault can then only be read.
    pub(crate) state: Option<State>,
    pub(crate) index: Index,
    pub(crate) stored: Stored,
    pub(crate) verdict: Verdict,
    /// Sequence and file of the database that the snapshot of the index on the disk was made for.
    pub(crate) kept: Option<(u64, Stamp)>,
    /// Records that came in since.
    pub(crate) unkept: usize,
    /// Versions whose header does not open, by record.
    pub(crate) damaged: BTreeMap<RecordId, Vec<(Version, i64)>>,
    pub(crate) packer: Packer,
    pub(crate) unpacker: RefCell<Unpacker>,
    /// Working memory of point reads, used again for the next one.
    pub(crate) opened: RefCell<Zeroizing<Vec<u8>>>,
    pub(crate) search: RefCell<Option<Search>>,
    /// Records that came in since the vault was opened; the sealed searched text may not know them.
    pub(crate) unsearched: usize,
    pub(crate) synchronous: Durability,
    pub(crate) recent: Recent,
    pub(crate) opened_by: Option<SlotId>,
    pub(crate) access: Access,
    // Behind everything else, so that the database is closed before another owner may come.
    pub(crate) _ownership: Ownership,
    pub(crate) _stack: ScrubbedStack,
}

/// Dropped last: wipes what the use of the vault left on the stack.
pub(crate) struct ScrubbedStack;

impl Drop for ScrubbedStack {
    fn drop(&mut self) {
        kosha_memory::scrub_stack();
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("id", &self.keys.vault).finish_non_exhaustive()
    }
}

pub(crate) fn slot_failed(error: SlotError) -> Error {
    match error {
        SlotError::WrongKey => Error::WrongKey,
        SlotError::Damaged => Error::Damaged(Part::Slot),
        SlotError::Keystore(error) => Error::Keystore(error),
        SlotError::Crypto(error) => Error::Crypto(error),
        _ => Error::NoSlot,
    }
}

/// Writes the first rows of a vault: slots, its keys, the writer of its log, its state.
fn fill(folder: &Folder, options: &CreateOptions<'_>, root: &RootKey, env: &Env) -> Result<()> {
    let entropy = env.entropy.as_ref();
    let vault = VaultId::random(entropy)?;
    let mut slots = Vec::new();
    if let Some(passphrase) = options.passphrase {
        slots.push(
            Slot::for_passphrase(passphrase, options.strength, vault, root, entropy).map_err(slot_failed)?,
        );
    }
    if let Some((keystore, label)) = options.device {
        slots.push(Slot::for_device(keystore, label, vault, root, entropy).map_err(slot_failed)?);
    }
    let own = VaultKeys::generate(entropy)?;
    let writer = WriterId::random(entropy)?;
    let signer = LogSigner::generate(writer, entropy)?;
    let rows = Rows(own.state().row_hasher());
    let mut state = State::empty();

    let malformed = |_| Error::Damaged(Part::Keys);
    let conn = schema::create(&folder.database())?;
    conn.execute_batch("BEGIN IMMEDIATE")?;
    for (n, slot) in (1_i64..).zip(&slots) {
        let bytes = slot.to_bytes();
        conn.execute("INSERT INTO s(n,b) VALUES(?1,?2)", params![n, bytes])?;
        state.add(&rows.slot(n, &bytes));
    }
    let wrapped = own.wrap(root, vault, entropy)?;
    conn.execute("INSERT INTO v(n,b) VALUES(1,?1)", params![wrapped])?;
    state.add(&rows.vault_keys(1, &wrapped).map_err(malformed)?);
    let wrapped = signer.wrap(own.epochs(), vault, entropy)?;
    conn.execute("INSERT INTO w(n,i,b) VALUES(1,?1,?2)", params![writer.as_bytes(), wrapped])?;
    state.add(&rows.writer(1, writer.as_bytes(), &wrapped).map_err(malformed)?);
    let (item, sealed) = anchor::first_instance(&own, vault, entropy)?;
    conn.execute("INSERT INTO i(n,i,b) VALUES(1,?1,?2)", params![item.as_bytes(), sealed])?;
    state.add(&rows.item(1, item.as_bytes(), &sealed).map_err(malformed)?);
    state.note = signer.checkpoint(0, &state.log.root())?;
    let sealed = own.state().seal(vault, 0, &state.encode(), entropy)?;
    conn.execute("INSERT INTO z(n,c,b) VALUES(1,0,?1)", params![sealed])?;
    conn.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE);")?;
    conn.close().map_err(|(_, error)| error.into())
}

/// Finds the slot that opens: its id, the vault's id, the root key.
fn open_slot(conn: &Connection, unlock: &Unlock<'_>) -> Result<(SlotId, VaultId, RootKey)> {
    schema::scan(conn, 's', "b", |_, _| Ok(()))?;
    let mut statement = conn.prepare("SELECT b FROM s ORDER BY n")?;
    let mut rows = statement.query([])?;
    let mut slots = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes = crate::rows::blob(row, 0).map_err(|_| SlotError::Damaged);
        slots.push(bytes.and_then(Slot::from_bytes));
    }
    open_with(slots.into_iter(), unlock)
}

/// The first of the slots that opens: its id, the vault's id and what the slot gives.
pub(crate) fn open_with(
    slots: impl Iterator<Item = std::result::Result<Slot, SlotError>>,
    unlock: &Unlock<'_>,
) -> Result<(SlotId, VaultId, RootKey)> {
    let mut failure = Error::NoSlot;
    for slot in slots {
        let opened = slot.and_then(|slot| match (unlock, slot.kind()) {
            (Unlock::Passphrase(passphrase), SlotKind::Passphrase) => {
                slot.open_passphrase(passphrase).map(|root| (slot, root))
            }
            (Unlock::Device(keystore, reason), SlotKind::Device) => {
                slot.open_device(*keystore, reason).map(|root| (slot, root))
            }
            (Unlock::Recovery(phrase), SlotKind::Recovery) => {
                slot.open_recovery(phrase).map(|root| (slot, root))
            }
            _ => Err(SlotError::OtherKind),
        });
        match opened {
            Ok((slot, root)) => return Ok((slot.id(), slot.vault(), root)),
            Err(SlotError::OtherKind) => {}
            // A whole slot that says "another key" tells more than a damaged one beside it.
            Err(SlotError::Damaged) => {
                if matches!(failure, Error::NoSlot) {
                    failure = Error::Damaged(Part::Slot);
                }
            }
            Err(error) => failure = slot_failed(error),
        }
    }
    Err(failure)
}

impl Vault {
    /// Makes a vault at `place`, where nothing (or an empty folder) may be, and opens it. It appears whole or not at all.
    ///
    /// Errors: [`Error::Exists`], [`Error::Invalid`] without a way to unlock, and those of the file system and keystore.
    pub fn create(place: &Path, options: &CreateOptions<'_>, env: Env) -> Result<Self> {
        if options.passphrase.is_none() && options.device.is_none() {
            return Err(Error::Invalid("a vault needs a way to be unlocked"));
        }
        if options.passphrase.is_some_and(<[u8]>::is_empty) {
            return Err(Error::Invalid("the passphrase is empty"));
        }
        kosha_memory::adopt_sqlite();
        crate::backup::settle_replacement(place)?;
        let root = RootKey::generate(env.entropy.as_ref())?;
        create_whole(place, env.entropy.as_ref(), |folder| fill(folder, options, &root, &env))?;
        let attached = Self::attach(place)?;
        let slot = attached
            .conn
            .query_row("SELECT b FROM s ORDER BY n LIMIT 1", [], |row| row.get::<_, Vec<u8>>(0))?;
        let vault = Slot::from_bytes(&slot).map_err(slot_failed)?.vault();
        unlock::load(attached, vault, root, env)
    }

    /// Opens the vault at `place` and becomes its one owner.
    ///
    /// Where nothing can be written, and where the database was cut, it opens for reading: see [`Vault::is_writable`].
    ///
    /// Errors: [`Error::Missing`], [`Error::NotAVault`], [`Error::Newer`], [`Error::InUse`], [`Error::WrongKey`],
    /// [`Error::NoSlot`], [`Error::Keystore`], [`Error::Damaged`]. None of them changes the vault.
    /// Damage that leaves the rest readable is no error here: see [`Vault::problems`].
    pub fn open(place: &Path, unlock: Unlock<'_>, env: Env) -> Result<Self> {
        kosha_memory::adopt_sqlite();
        let attached = Self::attach(place)?;
        let (slot, vault, root) = open_slot(&attached.conn, &unlock)?;
        let writes = attached.access == Access::Write;
        if writes {
            migration::bring_up_to_date(&attached.conn, vault, &root, &env)?;
        }
        let left_behind = schema::has_content(&attached.folder.wal());
        let mut opened = unlock::load(attached, vault, root, env)?;
        opened.opened_by = Some(slot);
        // The process before ended in between. What it deleted may still stand in the write-ahead log.
        if writes && left_behind && opened.problems().is_empty() {
            opened.truncate_log()?;
        }
        Ok(opened)
    }

    pub(crate) fn attach(place: &Path) -> Result<Attached> {
        crate::backup::settle_replacement(place)?;
        match std::fs::metadata(place) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(Error::NotAVault),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(Error::Missing),
            Err(error) => return Err(error.into()),
        }
        let folder = Folder::new(place);
        let (database, wal) = (folder.database(), folder.wal());
        schema::inspect(&database, &wal)?;
        let ownership = folder.own()?;
        // Looked at again, now that nobody else writes.
        let (conn, access) = match schema::inspect(&database, &wal)? {
            Some((first, last)) => (schema::open_reading(&database, &wal)?, Access::Cut(first, last)),
            None if ownership.shared => (schema::open_reading(&database, &wal)?, Access::ReadOnlyPlace),
            None => match schema::open(&database) {
                Err(error) if schema::is_not_writable(&error) => {
                    (schema::open_reading(&database, &wal)?, Access::ReadOnlyPlace)
                }
                opened => (opened?, Access::Write),
            },
        };
        Ok(Attached { folder, ownership, conn, access })
    }

    /// Whether anything can be written. Else [`Vault::begin`] says why not: [`Error::NotWritable`], [`Error::ReadOnly`].
    pub fn is_writable(&self) -> bool {
        self.access == Access::Write && self.state.is_some()
    }

    /// The vault's id.
    pub fn id(&self) -> VaultId {
        self.keys.vault
    }

    /// The writer of this installation's versions and log entries.
    pub fn writer(&self) -> WriterId {
        self.keys.writer
    }

    /// Everyone whose records are here.
    pub fn persons(&self) -> Vec<Person> {
        self.keys.members.iter().map(crate::keyring::Member::person).collect()
    }

    /// The records in memory.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Damage found when the vault was opened; empty for a whole vault. [`Vault::check`] looks deeper. Where the unlock
    /// was a quick one, every row is still being looked at in the background, and this waits for the end of it.
    pub fn problems(&self) -> &[Problem] {
        self.verdict.problems()
    }

    /// Damage by which rows are missing from what is in memory, so that lists are short: found while this vault was opened.
    /// Unlike [`Vault::problems`] it waits for nothing, since an unlock from a snapshot has all rows in memory.
    pub fn problems_at_hand(&self) -> &[Problem] {
        self.verdict.known_so_far()
    }

    /// The folder it is in.
    pub fn place(&self) -> &Path {
        self.folder.root()
    }
}

#[cfg(test)]
mod tests {
    use kosha_crypto::SystemEntropy;
    use kosha_crypto::digest::sha256;

    use super::*;
    use crate::{Header, NewBody};

    #[test]
    fn a_full_disk_loses_nothing_and_the_vault_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault");
        let options =
            CreateOptions { passphrase: Some(b"passphrase"), device: None, strength: KdfStrength::FLOOR };
        let mut vault = Vault::create(&path, &options, Env { entropy: Arc::new(SystemEntropy) }).unwrap();
        let mut tx = vault.begin(Durability::Full).unwrap();
        let person = tx.add_person(b"").unwrap();
        let kept = tx.add_record(Header::new(person, 1), &NewBody::default()).unwrap();
        tx.commit().unwrap();

        // SQLite answers SQLITE_FULL when it may not grow, as it does on a full disk.
        let pages: i64 = vault.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        vault.conn.query_row(&format!("PRAGMA max_page_count={}", pages + 3), [], |_| Ok(())).unwrap();
        let noise: Vec<u8> =
            (0..200_000_u32).flat_map(|n| sha256(&[&n.to_le_bytes()])[..2].to_vec()).collect();
        let body = NewBody { resource_skeleton: &noise, holes: &[], text: "" };
        let mut tx = vault.begin(Durability::Full).unwrap();
        tx.add_attachment_bytes(b"content").unwrap();
        assert!(matches!(tx.add_record(Header::new(person, 1), &body), Err(Error::DiskFull)));
        assert!(matches!(tx.add_person(b""), Err(Error::DiskFull)), "the transaction is lost");
        assert!(matches!(tx.commit(), Err(Error::DiskFull)));
        assert_eq!((vault.index().len(), vault.persons().len()), (1, 1));
        vault.body(kept).unwrap();
        assert_eq!(std::fs::read_dir(path.join("files")).unwrap().count(), 0);

        vault.conn.query_row("PRAGMA max_page_count=1000000", [], |_| Ok(())).unwrap();
        let mut tx = vault.begin(Durability::Full).unwrap();
        let added = tx.add_record(Header::new(person, 1), &body).unwrap();
        tx.commit().unwrap();
        assert_eq!(*vault.body(added).unwrap().resource, noise);
        assert!(vault.check(&mut |_, _| {}).unwrap().problems.is_empty());
    }
}
