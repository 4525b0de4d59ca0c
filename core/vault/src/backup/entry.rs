//! What stands inside segments of rows and files.
//!
//! `type 1 | length 4 | content`. Type 0: zeros, to hide sizes. A letter: a row of that table. 1: a piece of a file.

use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, Row};
use zeroize::Zeroizing;

use super::BackupFault;
use super::segment::{Reader as Segment, Writer};
use crate::bytes::{Malformed, Read, Reader};
use crate::error::{Error, Part, Result};

/// Zeros.
pub(super) const PADDING: u8 = 0;
/// A piece of an attachment's file.
pub(super) const PIECE: u8 = 1;
/// Type and length.
pub(super) const FRONT: usize = 5;
/// Largest entry that is read: above what the vault stores in one row.
const MAX_ENTRY: usize = 160 * 1024 * 1024;
/// Name and offset before the bytes of a piece.
pub(super) const PIECE_FRONT: usize = 16 + 8;

/// Columns of a table behind `n`; `c` alone is a number.
pub(super) fn columns(table: char) -> &'static [&'static str] {
    match table {
        's' | 'v' | 'b' => &["b"],
        'w' | 'i' => &["i", "b"],
        'p' | 'f' => &["i", "k", "h"],
        'h' => &["i", "w", "c", "k", "h"],
        'd' => &["i", "k", "h", "b"],
        'l' => &["w", "k", "b", "h"],
        'z' => &["c", "b"],
        _ => &[],
    }
}

fn letter(table: char) -> u8 {
    u8::try_from(table).unwrap_or(0)
}

pub(super) fn is_table(kind: u8) -> Option<char> {
    let table = char::from(kind);
    (!columns(table).is_empty()).then_some(table)
}

/// Type and length of an entry.
pub(super) fn front(kind: u8, len: usize) -> Result<[u8; FRONT]> {
    let len = u32::try_from(len).map_err(|_| Error::TooLarge("a row for a backup"))?;
    let [a, b, c, d] = len.to_le_bytes();
    Ok([kind, a, b, c, d])
}

/// A value of a row, as it is put in.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Number(i64),
    Blob(&'a [u8]),
}

impl Value<'_> {
    fn len(self) -> usize {
        match self {
            Self::Number(_) => 8,
            Self::Blob(bytes) => 4 + bytes.len(),
        }
    }
}

/// Puts one row in: `n`, then each column, a number as 8 bytes, a blob with its length before.
pub(super) fn put_row(out: &mut Writer<'_>, table: char, n: i64, values: &[Value<'_>]) -> Result<()> {
    let len = 8 + values.iter().map(|value| value.len()).sum::<usize>();
    out.put(&front(letter(table), len)?)?;
    out.put(&n.to_le_bytes())?;
    for value in values {
        match value {
            Value::Number(number) => out.put(&number.to_le_bytes())?,
            Value::Blob(bytes) => {
                let len = u32::try_from(bytes.len()).map_err(|_| Error::TooLarge("a row for a backup"))?;
                out.put(&len.to_le_bytes())?;
                out.put(bytes)?;
            }
        }
    }
    Ok(())
}

/// The values of a row read as `SELECT n,<columns>`.
pub(super) fn values<'a>(table: char, row: &'a Row<'_>) -> Result<Vec<Value<'a>>> {
    let damaged = Error::Damaged(Part::Rows(table));
    let read = || -> Read<Vec<Value<'a>>> {
        let columns = columns(table).iter().enumerate();
        columns
            .map(|(at, name)| {
                if *name == "c" {
                    row.get(at + 1).map(Value::Number).map_err(|_| Malformed)
                } else {
                    crate::rows::blob(row, at + 1).map(Value::Blob)
                }
            })
            .collect()
    };
    read().map_err(|_| damaged)
}

/// Type and length of the next entry, or `None` at the end of the segment.
pub(super) fn next(segment: &mut Segment<'_>) -> Result<Option<(u8, usize)>> {
    if segment.at_end()? {
        return Ok(None);
    }
    let [kind, length @ ..]: [u8; FRONT] = segment.array()?;
    let len = usize::try_from(u32::from_le_bytes(length)).map_err(|_| BackupFault::Altered)?;
    if len > MAX_ENTRY {
        return Err(BackupFault::Altered.into());
    }
    Ok(Some((kind, len)))
}

/// Reads the content of an entry into `buffer`, which grows only as bytes arrive.
pub(super) fn content(segment: &mut Segment<'_>, len: usize, buffer: &mut Zeroizing<Vec<u8>>) -> Result<()> {
    buffer.clear();
    while buffer.len() < len {
        let piece = segment.piece(len - buffer.len())?;
        if piece.is_empty() {
            return Err(BackupFault::Altered.into());
        }
        buffer.extend_from_slice(piece);
    }
    Ok(())
}

/// Steps over padding; anything but zeros is refused.
pub(super) fn padding(segment: &mut Segment<'_>, mut len: usize) -> Result<()> {
    while len > 0 {
        let piece = segment.piece(len)?;
        if piece.is_empty() || piece.iter().any(|byte| *byte != 0) {
            return Err(BackupFault::Altered.into());
        }
        len -= piece.len();
    }
    Ok(())
}

/// Writes a row into the database that is being built.
pub(super) fn insert(conn: &Connection, table: char, bytes: &[u8]) -> Result<()> {
    let altered = |_| Error::from(BackupFault::Altered);
    let mut reader = Reader::new(bytes);
    let n = reader.i64().map_err(altered)?;
    let mut values: Vec<ToSqlOutput<'_>> = vec![n.into()];
    for name in columns(table) {
        let mut read = || -> Read<ToSqlOutput<'_>> {
            if *name == "c" {
                return Ok(reader.i64()?.into());
            }
            let len = usize::try_from(reader.u32()?).map_err(|_| Malformed)?;
            Ok(ToSqlOutput::Borrowed(rusqlite::types::ValueRef::Blob(reader.take(len)?)))
        };
        values.push(read().map_err(altered)?);
    }
    reader.finish().map_err(altered)?;
    let names = columns(table).join(",");
    let marks = (1..=values.len()).map(|at| format!("?{at}")).collect::<Vec<_>>().join(",");
    let mut statement = conn.prepare_cached(&format!("INSERT INTO {table}(n,{names}) VALUES({marks})"))?;
    match statement.execute(rusqlite::params_from_iter(values)) {
        Ok(_) => Ok(()),
        Err(rusqlite::Error::SqliteFailure(failure, _))
            if failure.code == rusqlite::ErrorCode::ConstraintViolation =>
        {
            Err(BackupFault::Altered.into())
        }
        Err(error) => Err(error.into()),
    }
}
