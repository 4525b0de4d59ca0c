//! From an older format of the database to the one of today: all steps in one transaction, or the vault stays what it was.
//!
//! A format that is left behind gets a [`Step`] here and a frozen vault under `tests/fixtures/vaults`, which every test run
//! opens from then on. A step sees the vault's keys, since rows that change change the set-hash and the state.

use kosha_crypto::RootKey;
use kosha_crypto::id::VaultId;
use rusqlite::Connection;

use crate::error::{Error, Part, Result};
use crate::schema;
use crate::vault::Env;

/// What a step gets: the database within the transaction of the upgrade, and what it needs to seal anew.
type Run = fn(&Connection, VaultId, &RootKey, &Env) -> Result<()>;

/// Makes of one format the next one.
struct Step {
    /// The format that it finds.
    from: u32,
    /// What it does. On an error nothing of the upgrade is kept.
    run: Run,
}

/// Every step there ever was, in order. Format 1 is the first.
const STEPS: &[Step] = &[];

/// Brings the database of a vault that opens to today's format.
///
/// Errors: [`Error::Damaged`] when the tables are not those of its format, and those of SQLite; the vault is unchanged.
pub(crate) fn bring_up_to_date(conn: &Connection, vault: VaultId, root: &RootKey, env: &Env) -> Result<()> {
    upgrade(conn, STEPS, schema::FORMAT, &|step| (step.run)(conn, vault, root, env))?;
    schema::has_tables(conn)
}

/// Brings the database to `wanted`. Where it is there already, nothing is written.
fn upgrade(conn: &Connection, steps: &[Step], wanted: u32, take: &dyn Fn(&Step) -> Result<()>) -> Result<()> {
    let found = schema::format(conn)?;
    if found == wanted {
        return Ok(());
    }
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let taken = (|| {
        for format in found..wanted {
            let step = steps.iter().find(|step| step.from == format);
            take(step.ok_or(Error::Damaged(Part::Database))?)?;
        }
        schema::set_format(conn, wanted)?;
        Ok(conn.execute_batch("COMMIT")?)
    })();
    if taken.is_err() && !conn.is_autocommit() {
        conn.execute_batch("ROLLBACK")?;
    }
    taken
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kosha_crypto::SystemEntropy;

    use super::*;

    fn add_table(conn: &Connection, _: VaultId, _: &RootKey, _: &Env) -> Result<()> {
        Ok(conn.execute_batch("CREATE TABLE y(n INTEGER PRIMARY KEY,b BLOB NOT NULL)")?)
    }

    fn fill_it(conn: &Connection, _: VaultId, _: &RootKey, _: &Env) -> Result<()> {
        Ok(conn.execute_batch("INSERT INTO y VALUES(1,x'00')")?)
    }

    fn no_room(_: &Connection, _: VaultId, _: &RootKey, _: &Env) -> Result<()> {
        Err(Error::DiskFull)
    }

    /// Upgrades a database of format 1 to format 3 by these steps: the outcome, the format then, whether table y is there.
    fn upgraded(second: Run) -> (Result<()>, u32, bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.db");
        drop(schema::create(&path).unwrap());
        let steps = [Step { from: 1, run: add_table }, Step { from: 2, run: second }];
        let env = Env { entropy: Arc::new(SystemEntropy) };
        let root = RootKey::generate(env.entropy.as_ref()).unwrap();
        let vault = VaultId::random(env.entropy.as_ref()).unwrap();
        let conn = Connection::open(&path).unwrap();
        let outcome = upgrade(&conn, &steps, 3, &|step| (step.run)(&conn, vault, &root, &env));
        drop(conn);
        let conn = Connection::open(&path).unwrap();
        let there = conn.prepare("SELECT b FROM y").is_ok();
        (outcome, schema::format(&conn).unwrap(), there)
    }

    #[test]
    fn all_steps_are_taken_or_none() {
        let (outcome, format, there) = upgraded(fill_it);
        assert!(outcome.is_ok());
        assert_eq!((format, there), (3, true));
        let (outcome, format, there) = upgraded(no_room);
        assert!(matches!(outcome, Err(Error::DiskFull)));
        assert_eq!((format, there), (1, false), "the first step is taken back with the second");
    }

    #[test]
    fn every_format_before_this_one_has_its_step() {
        let known: Vec<u32> = STEPS.iter().map(|step| step.from).collect();
        assert_eq!(known, (1..schema::FORMAT).collect::<Vec<_>>());
    }
}
