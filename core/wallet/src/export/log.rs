//! The log, so that whoever has the export can verify it: every entry with its salt, and the signed checkpoint.

use std::io::{BufWriter, Write};

use serde::Deserialize;
use serde_json::json;

use super::folder::{Folder, failed};
use crate::{Error, Session, date};

/// Lowercase hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
        text
    })
}

/// How the file begins, so that an import of the folder passes it over.
const FRONT: &[u8] = b"{\"kosha\":\"log/1\",";

/// All that a log has: with any other field it is none, so that nothing that holds a record is taken for one.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "asked is only whether it can be read")]
struct Shape {
    kosha: String,
    about: String,
    checkpoint: String,
    verifier: String,
    entries: Vec<EntryShape>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "asked is only whether it can be read")]
struct EntryShape {
    index: u64,
    time: String,
    event: String,
    detail: String,
    salt: String,
    canonical: String,
}

/// Whether these are the bytes of a whole log that was written here.
pub(crate) fn is_log(bytes: &[u8]) -> bool {
    bytes.starts_with(FRONT) && serde_json::from_slice::<Shape>(bytes).is_ok()
}

pub(super) fn write(session: &Session, folder: &mut Folder) -> Result<(), Error> {
    let all: Vec<u64> = (0..session.vault().log_len()).collect();
    let proof = session.vault().prove(&all, None)?;
    let mut out = BufWriter::new(folder.create("log.json")?);
    let mut put = |bytes: &[u8]| out.write_all(bytes).map_err(|error| failed(&error));
    let front = json!({
        "about": "Leaf = SHA-256(00, salt, canonical); the root of the tree over them (RFC 9162) is signed in the checkpoint.",
        "checkpoint": proof.checkpoint.note,
        "verifier": proof.verifier,
    });
    let front = front.to_string();
    put(FRONT)?;
    put(front.trim_matches(['{', '}']).as_bytes())?;
    put(b",\"entries\":[")?;
    for (at, proven) in proof.entries.iter().enumerate() {
        let entry = kosha_vault::LogEntry::from_canonical(proven.index, &proven.canonical)?;
        let line = json!({
            "index": entry.index,
            "time": date::rfc3339(entry.time_ms),
            "event": entry.event,
            "detail": entry.detail,
            "salt": hex(&*proven.salt),
            "canonical": hex(&proven.canonical),
        });
        put(if at == 0 { b"\n" } else { b",\n" })?;
        put(line.to_string().as_bytes())?;
    }
    put(b"\n]}\n")?;
    out.flush().map_err(|error| failed(&error))
}
