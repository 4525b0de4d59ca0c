//! The database: its schema, its settings, and what is looked at before SQLite may touch the file.
//!
//! Names of tables and columns are single letters on purpose: the schema is stored in clear. `docs/formats.md` says what
//! they hold.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Part, Result};

/// Marks the file as a vault of Kosha: "KSHA".
const APPLICATION_ID: u32 = 0x4b53_4841;
/// Format of everything in the database.
pub(crate) const FORMAT: u32 = 1;

/// In order of name.
const TABLES: [&str; 11] = [
    "CREATE TABLE b(n INTEGER PRIMARY KEY,b BLOB NOT NULL)",
    "CREATE TABLE d(n INTEGER PRIMARY KEY,i BLOB NOT NULL,k BLOB NOT NULL,h BLOB NOT NULL,b BLOB NOT NULL)",
    "CREATE TABLE f(n INTEGER PRIMARY KEY,i BLOB NOT NULL,k BLOB NOT NULL,h BLOB NOT NULL)",
    "CREATE TABLE h(n INTEGER PRIMARY KEY,i BLOB NOT NULL,w BLOB NOT NULL,c INTEGER NOT NULL,k BLOB NOT NULL,h BLOB NOT NULL)",
    "CREATE TABLE i(n INTEGER PRIMARY KEY,i BLOB NOT NULL,b BLOB NOT NULL)",
    "CREATE TABLE l(n INTEGER PRIMARY KEY,w BLOB NOT NULL,k BLOB NOT NULL,b BLOB NOT NULL,h BLOB NOT NULL)",
    "CREATE TABLE p(n INTEGER PRIMARY KEY,i BLOB NOT NULL,k BLOB NOT NULL,h BLOB NOT NULL)",
    "CREATE TABLE s(n INTEGER PRIMARY KEY,b BLOB NOT NULL)",
    "CREATE TABLE v(n INTEGER PRIMARY KEY,b BLOB NOT NULL)",
    "CREATE TABLE w(n INTEGER PRIMARY KEY,i BLOB NOT NULL,b BLOB NOT NULL)",
    "CREATE TABLE z(n INTEGER PRIMARY KEY,c INTEGER NOT NULL,b BLOB NOT NULL)",
];

/// Refuses a format that no version of this program knows, or only a newer one.
fn is_known(format: u32) -> Result<()> {
    match format {
        0 => Err(Error::NotAVault),
        1..=FORMAT => Ok(()),
        newer => Err(Error::Newer(newer)),
    }
}

/// The format that the database is in, what waits in the WAL included.
pub(crate) fn format(conn: &Connection) -> Result<u32> {
    Ok(conn.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Marks the database as being in another format; part of the transaction that is open.
pub(crate) fn set_format(conn: &Connection, format: u32) -> Result<()> {
    Ok(conn.execute_batch(&format!("PRAGMA user_version={format}"))?)
}

/// Looks at the first bytes without SQLite: a vault or not, of a format that is known. Gives the pages, first and last,
/// that a cut file lacks. Changes nothing.
pub(crate) fn inspect(database: &Path, wal: &Path) -> Result<Option<(u32, u32)>> {
    let mut file = match File::open(database) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(Error::NotAVault),
        Err(error) => return Err(error.into()),
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(Error::NotAVault);
    }
    let mut head = [0_u8; 100];
    let mut filled = 0;
    while let Some(rest) = head.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => {
                return Err(if head.starts_with(b"SQLite format 3\0") {
                    Error::Damaged(Part::Database)
                } else {
                    Error::NotAVault
                });
            }
            read => filled += read,
        }
    }
    let number = |at: usize| {
        head.get(at..).and_then(<[u8]>::first_chunk::<4>).map_or(0, |bytes| u32::from_be_bytes(*bytes))
    };
    if !head.starts_with(b"SQLite format 3\0") || number(68) != APPLICATION_ID {
        return Err(Error::NotAVault);
    }
    is_known(number(60))?;
    let page =
        head.get(16..18).map_or(0, |bytes| bytes.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
    let page = if page == 1 { 65_536 } else { page };
    let last = number(28);
    if has_content(wal) || page == 0 || metadata.len() >= page * u64::from(last) {
        return Ok(None);
    }
    let whole = u32::try_from(metadata.len() / page).unwrap_or(last);
    if whole == 0 { Err(Error::Damaged(Part::Database)) } else { Ok(Some((whole + 1, last))) }
}

/// Whether a file is there and not empty.
pub(crate) fn has_content(file: &Path) -> bool {
    file.metadata().is_ok_and(|file| file.len() > 0)
}

fn settings(conn: &Connection) -> Result<()> {
    conn.busy_timeout(std::time::Duration::from_secs(2))?;
    conn.set_prepared_statement_cache_capacity(64);
    // Plans never hang on bound values. Otherwise SQLite prepares a join anew each time that a value is bound.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    conn.execute_batch(
        "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF; \
         PRAGMA synchronous=FULL; PRAGMA cache_size=-4096; PRAGMA mmap_size=0;",
    )?;
    Ok(())
}

/// Makes the empty database. Only called in a folder that nobody else knows yet.
pub(crate) fn create(database: &Path) -> Result<Connection> {
    let conn = Connection::open_with_flags(
        database,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    conn.execute_batch(&format!(
        "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={FORMAT};"
    ))?;
    settings(&conn)?;
    for table in TABLES {
        conn.execute_batch(table)?;
    }
    Ok(conn)
}

/// Opens the database of a vault. Until [`accept`], closing it writes nothing into the main file.
pub(crate) fn open(database: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(database, flags)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    settings(&conn)?;
    // A newer format may still be in the WAL alone.
    let found = format(&conn)?;
    is_known(found)?;
    if found == FORMAT {
        has_tables(&conn)?;
    }
    Ok(conn)
}

/// The tables are those of today's format, and nothing else is there.
pub(crate) fn has_tables(conn: &Connection) -> Result<()> {
    let mut statement = conn.prepare("SELECT sql FROM sqlite_schema ORDER BY name")?;
    let found: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    if found == TABLES { Ok(()) } else { Err(Error::Damaged(Part::Database)) }
}

/// Opens the database where nothing is or can be written. The caller holds the vault's lock, so that nobody else writes
/// either: SQLite then needs no locks and no shared memory of its own.
///
/// A log of SQLite that was left behind holds commits, which must not be passed over. It is read too, with its index in
/// memory. Without one the file is taken as it is.
pub(crate) fn open_reading(database: &Path, wal: &Path) -> Result<Connection> {
    const READ: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);
    let conn = if has_content(wal) {
        let conn = Connection::open_with_flags_and_vfs(database, READ, UNLOCKED)?;
        conn.query_row("PRAGMA locking_mode=EXCLUSIVE", [], |_| Ok(()))?;
        conn
    } else {
        let conn = Connection::open_with_flags(
            format!("file:{}?immutable=1", uri_path(database)?),
            READ.union(OpenFlags::SQLITE_OPEN_URI),
        )?;
        // Without this SQLite refuses a file that was cut as a whole.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, true)?;
        conn
    };
    settings(&conn)?;
    let found = format(&conn)?;
    is_known(found)?;
    // An older format would have to be brought up to date first.
    if found != FORMAT {
        return Err(Error::NotWritable);
    }
    has_tables(&conn)?;
    Ok(conn)
}

/// SQLite's access to files without locks.
const UNLOCKED: &std::ffi::CStr = if cfg!(windows) { c"win32-none" } else { c"unix-none" };

/// A path inside a URI (RFC 3986): every byte but the plainest is escaped.
fn uri_path(path: &Path) -> Result<String> {
    use std::fmt::Write as _;
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str());
    #[cfg(not(unix))]
    let text =
        format!("/{}", path.to_str().ok_or(Error::Io(io::ErrorKind::InvalidFilename))?.replace('\\', "/"));
    #[cfg(not(unix))]
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b':') {
            out.push(char::from(*byte));
        } else {
            write!(out, "%{byte:02X}").map_err(|_| Error::Io(io::ErrorKind::InvalidFilename))?;
        }
    }
    Ok(out)
}

/// Whether SQLite could not go on because nothing can be written.
pub(crate) fn is_not_writable(error: &Error) -> bool {
    // With all its extended codes, where the WAL cannot be made.
    matches!(error, Error::NotWritable)
        || matches!(error, Error::Database(code) if code & 0xff == rusqlite::ffi::SQLITE_CANTOPEN)
}

/// The vault opened: from here on SQLite may checkpoint, and writes go through the WAL.
pub(crate) fn accept(conn: &Connection) -> Result<()> {
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    let mode: String = conn.query_row("PRAGMA journal_mode=WAL", [], |row| row.get(0))?;
    if mode == "wal" { Ok(()) } else { Err(Error::Damaged(Part::Database)) }
}

/// Whether an error of SQLite says that stored bytes are damaged, so that a scan may go on behind them.
pub(crate) fn is_corrupt(error: &rusqlite::Error) -> bool {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => {
            matches!(failure.code, rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase)
        }
        _ => false,
    }
}

/// Calls `each` for every readable row of a table, in order of `n`, which must be the first column of `select`
/// (`SELECT n,… FROM t WHERE n>?1 ORDER BY n`). Rows in damaged pages are stepped over; `true` when none was.
pub(crate) fn scan(
    conn: &Connection,
    table: char,
    columns: &str,
    each: impl FnMut(i64, &rusqlite::Row<'_>) -> Result<()>,
) -> Result<bool> {
    scan_behind(conn, table, columns, i64::MIN, each)
}

/// [`scan`] for the rows behind the one of number `after`.
pub(crate) fn scan_behind(
    conn: &Connection,
    table: char,
    columns: &str,
    mut after: i64,
    mut each: impl FnMut(i64, &rusqlite::Row<'_>) -> Result<()>,
) -> Result<bool> {
    let mut whole = true;
    let mut statement = conn.prepare(&format!("SELECT n,{columns} FROM {table} WHERE n>?1 ORDER BY n"))?;
    loop {
        let mut rows = statement.query([after])?;
        let failed = loop {
            match rows.next() {
                Ok(Some(row)) => match row.get::<_, i64>(0) {
                    // A page that is not what its table thinks gives rows that were not asked for.
                    Ok(n) if n <= after => break after,
                    Ok(n) => {
                        after = n;
                        each(n, row)?;
                    }
                    Err(_) => whole = false,
                },
                Ok(None) => return Ok(whole),
                Err(error) if is_corrupt(&error) => break after,
                Err(error) => return Err(error.into()),
            }
        };
        whole = false;
        drop(rows);
        match behind(conn, table, failed)? {
            Some(next) => after = next,
            None => return Ok(false),
        }
    }
}

/// What stands first behind a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Row(i64),
    Unreadable,
    End,
}

/// The smallest place behind `after` from which rows can be read again; `None` when there is none.
///
/// Where only a row's content cannot be read, its number can, and only that row is stepped over. Where its page cannot be
/// read, doubling steps and then halving ones find the end of what is lost: row numbers have gaps of any size.
fn behind(conn: &Connection, table: char, after: i64) -> Result<Option<i64>> {
    let mut probe = conn.prepare_cached(&format!("SELECT n FROM {table} WHERE n>?1 ORDER BY n LIMIT 1"))?;
    let mut next = |place: i64| -> Result<Next> {
        let mut rows = probe.query([place])?;
        match rows.next() {
            Ok(Some(row)) => match row.get(0) {
                Ok(number) if number > place => Ok(Next::Row(number)),
                _ => Ok(Next::Unreadable),
            },
            Ok(None) => Ok(Next::End),
            Err(error) if is_corrupt(&error) => Ok(Next::Unreadable),
            Err(error) => Err(error.into()),
        }
    };
    if let Next::Row(number) = next(after)? {
        return Ok(Some(number));
    }
    let start = after.max(0);
    let mut bad = start;
    let mut good = None;
    for shift in 0..62_u32 {
        let place = start.saturating_add(1 << shift);
        match next(place)? {
            Next::Unreadable => bad = place,
            found => {
                good = Some((place, found));
                break;
            }
        }
    }
    let Some((mut place, mut found)) = good else { return Ok(None) };
    while place - bad > 1 {
        let middle = bad + (place - bad) / 2;
        match next(middle)? {
            Next::Unreadable => bad = middle,
            better => (place, found) = (middle, better),
        }
    }
    Ok(match found {
        Next::Row(number) => Some(number.saturating_sub(1).max(place)),
        Next::Unreadable | Next::End => None,
    })
}
