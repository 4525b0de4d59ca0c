//! Checking a proof file: no vault, no passphrase; the file is hostile.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kosha_crypto::log::{Checkpoint, MAX_NOTE, read_checkpoint};
use kosha_crypto::merkle::{leaf_hash, root, verify_consistency, verify_inclusion};
use kosha_crypto::{CryptoError, LogKey};
use kosha_fhir::Language;
use kosha_vault::LogEntry;
use serde::Serialize;

use super::{Json, JsonEntry, JsonSince, MOST_BYTES, NAME, ProofFault, VERSION};
use crate::hidden::hidden_debug;
use crate::words::WORDS;
use crate::{Error, date};

/// Longest path that any tree has.
const MOST_NODES: usize = 64;
/// Longest canonical entry in base64: 256 bytes of event, 64 KiB of detail, and what frames them.
const MOST_ENTRY: usize = 90_000;

/// What is to be checked, and with what it is compared.
#[derive(Clone, Default)]
pub struct VerifyWish {
    /// The proof file.
    pub proof: Vec<u8>,
    /// The log's key as it is known otherwise: the 64 digits of its fingerprint, or the text of a verifier.
    pub key: Option<String>,
    /// A checkpoint that the verifier holds, from a share or an earlier proof.
    pub against: Option<String>,
}

/// How the key of the log is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyStanding {
    /// It is the one that was given.
    Compared,
    /// It is the one that signed the held checkpoint.
    SameAsCheckpoint,
    /// Only the file names it.
    NotCompared,
}

/// What holds.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Name of the log.
    pub log: String,
    /// Fingerprint of its key.
    pub fingerprint: String,
    /// How that key is known.
    pub key: KeyStanding,
    /// Number of entries in the log as signed.
    pub size: u64,
    /// The entries that were proved, in the log's order.
    pub entries: Vec<VerifiedEntry>,
    /// Sizes at which the log was the beginning of what it is now: of the checkpoint in the file, and of the one held.
    pub since: Vec<u64>,
    /// What this shows, in plain sentences.
    pub holds: Vec<String>,
    /// What it cannot show.
    pub unknown: Vec<String>,
}

/// One entry, as it stands in the log.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct VerifiedEntry {
    /// Its number.
    pub index: u64,
    /// When, by the clock of the device; RFC 3339 in UTC.
    pub time: String,
    /// What happened.
    pub event: String,
    /// More about it.
    pub detail: String,
}

/// What every version of a proof file begins with.
#[derive(serde::Deserialize)]
struct Front {
    kosha: String,
    v: u32,
}

/// A proof whose byte strings were read.
struct Proof {
    key: LogKey,
    checkpoint: Checkpoint,
    entries: Vec<Proven>,
    since: Option<Earlier>,
}

struct Proven {
    said: LogEntry,
    leaf: [u8; 32],
    path: Vec<[u8; 32]>,
}

struct Earlier {
    size: u64,
    path: Vec<[u8; 32]>,
    note: Option<String>,
}

/// Checks a proof file. [`Error::Proof`] names what does not hold; nothing in the file is believed before it was checked.
/// `language`: that of the sentences.
pub fn verify(wish: &VerifyWish, language: Language) -> Result<Verified, Error> {
    let proof = read(&wish.proof)?;
    let given = wish.key.as_deref().map(|text| is_key(text, proof.key)).transpose()?;
    if given == Some(false) {
        return Err(ProofFault::OtherKey.into());
    }
    let (size, top) = (proof.checkpoint.size, proof.checkpoint.root);
    for Proven { said, leaf, path } in &proof.entries {
        if !verify_inclusion(leaf, said.index, size, path, &top) {
            return Err(ProofFault::Entry(said.index).into());
        }
    }
    let mut since = Vec::new();
    if let Some(Earlier { path, note: Some(note), .. }) = &proof.since {
        let before = open(proof.key, note)?;
        if !verify_consistency(before.size, &before.root, size, &top, path) {
            return Err(ProofFault::Rewritten.into());
        }
        since.push(before.size);
    }
    let held = wish.against.as_deref().map(|note| open(proof.key, note.trim_start())).transpose()?;
    if let Some(held) = &held {
        compare(&proof, held)?;
        since.push(held.size);
    }
    since.sort_unstable();
    since.dedup();
    let key = match (given, &held) {
        (Some(_), _) => KeyStanding::Compared,
        (None, Some(_)) => KeyStanding::SameAsCheckpoint,
        (None, None) => KeyStanding::NotCompared,
    };
    Ok(report(proof, key, since, held.is_some(), language))
}

fn read(bytes: &[u8]) -> Result<Proof, ProofFault> {
    const WRONG: ProofFault = ProofFault::Unreadable;
    if bytes.len() > MOST_BYTES {
        return Err(WRONG);
    }
    // The version first: a later one may have members that this one does not know.
    let front: Front = serde_json::from_slice(bytes).map_err(|_| WRONG)?;
    if front.kosha != NAME {
        return Err(WRONG);
    }
    if front.v != VERSION {
        return Err(if front.v > VERSION { ProofFault::Newer } else { WRONG });
    }
    let json: Json = serde_json::from_slice(bytes).map_err(|_| WRONG)?;
    let key = LogKey::from_verifier_text(&json.verifier).map_err(|_| WRONG)?;
    let checkpoint = key.open_checkpoint(&json.checkpoint).map_err(|_| ProofFault::Signature)?;
    let mut entries: Vec<Proven> = Vec::with_capacity(json.entries.len());
    for entry in &json.entries {
        if entries.last().is_some_and(|before| before.said.index >= entry.index) {
            return Err(WRONG);
        }
        entries.push(read_entry(entry)?);
    }
    let since = json
        .since
        .map(|JsonSince { size, path, checkpoint }| {
            Ok::<_, ProofFault>(Earlier { size, path: nodes(&path)?, note: checkpoint })
        })
        .transpose()?;
    Ok(Proof { key, checkpoint, entries, since })
}

fn read_entry(entry: &JsonEntry) -> Result<Proven, ProofFault> {
    if entry.entry.len() > MOST_ENTRY {
        return Err(ProofFault::Unreadable);
    }
    let canonical = STANDARD.decode(&entry.entry).map_err(|_| ProofFault::Unreadable)?;
    let leaf = leaf_hash(&node(&entry.salt)?, &canonical);
    let path = nodes(&entry.path)?;
    let said =
        LogEntry::from_canonical(entry.index, &canonical).map_err(|_| ProofFault::Entry(entry.index))?;
    Ok(Proven { said, leaf, path })
}

fn node(text: &str) -> Result<[u8; 32], ProofFault> {
    let bytes = if text.len() == 44 { STANDARD.decode(text).ok() } else { None };
    bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(ProofFault::Unreadable)
}

fn nodes(path: &[String]) -> Result<Vec<[u8; 32]>, ProofFault> {
    if path.len() > MOST_NODES {
        return Err(ProofFault::Unreadable);
    }
    path.iter().map(|text| node(text)).collect()
}

/// Whether `text` is this key: a fingerprint (spaces, colons and capitals do not matter) or a verifier.
fn is_key(text: &str, key: LogKey) -> Result<bool, ProofFault> {
    if let Ok(other) = LogKey::from_verifier_text(text.trim()) {
        return Ok(other == key);
    }
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, ':' | '-'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    if digits.len() != 64 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(ProofFault::BadKey);
    }
    Ok(digits == key.fingerprint())
}

/// Opens a checkpoint that has to be of the same log.
fn open(key: LogKey, note: &str) -> Result<Checkpoint, ProofFault> {
    if note.len() > MAX_NOTE {
        return Err(ProofFault::BadCheckpoint);
    }
    let said = read_checkpoint(note).map_err(|_| ProofFault::BadCheckpoint)?;
    if said.origin != key.name() {
        return Err(ProofFault::OtherKey);
    }
    key.open_checkpoint(note).map_err(|error| match error {
        CryptoError::UnknownKey => ProofFault::OtherKey,
        _ => ProofFault::BadCheckpoint,
    })
}

/// Whether the log goes on from a checkpoint that the verifier holds.
fn compare(proof: &Proof, held: &Checkpoint) -> Result<(), ProofFault> {
    let (size, top) = (proof.checkpoint.size, proof.checkpoint.root);
    let same = if held.size > size {
        return Err(ProofFault::CutOff { held: held.size, here: size });
    } else if held.size == size {
        held.root == top
    } else if let Some(since) = proof.since.as_ref().filter(|since| since.size == held.size) {
        verify_consistency(held.size, &held.root, size, &top, &since.path)
    } else if held.size == 0 {
        verify_consistency(0, &held.root, size, &top, &[])
    } else {
        // Where every entry up to there is in the file, the root of that time can be made again.
        let front: Vec<[u8; 32]> =
            proof.entries.iter().take_while(|one| one.said.index < held.size).map(|one| one.leaf).collect();
        if u64::try_from(front.len()).ok() != Some(held.size) {
            return Err(ProofFault::NotComparable { held: held.size });
        }
        root(&front) == held.root
    };
    if same { Ok(()) } else { Err(ProofFault::Rewritten) }
}

fn report(proof: Proof, key: KeyStanding, since: Vec<u64>, held: bool, language: Language) -> Verified {
    let size = proof.checkpoint.size;
    let shown = u64::try_from(proof.entries.len()).unwrap_or(u64::MAX);
    let text = |id: &str| WORDS.text(language, id).to_owned();
    let counted = |id: &str, n: u64| WORDS.say(language, id, &[("n", &language.count(n))]);
    let mut holds = vec![counted("proved-size", size)];
    if shown == size && size > 0 {
        holds.push(text("proved-whole"));
    } else if shown > 0 {
        holds.push(counted("proved-each", shown));
    }
    holds.extend(since.iter().map(|before| counted("proved-since", *before)));
    let mut unknown = Vec::new();
    match key {
        KeyStanding::Compared => holds.push(text("proved-keyGiven")),
        KeyStanding::SameAsCheckpoint => holds.push(text("proved-keyOfCheckpoint")),
        KeyStanding::NotCompared => unknown.push(text("proved-whose")),
    }
    if !held {
        unknown.push(text("proved-others"));
    }
    unknown.push(text("proved-unwritten"));
    unknown.push(counted("proved-after", size));
    unknown.push(text("proved-times"));
    let entries = proof.entries.into_iter().map(|Proven { said, .. }| VerifiedEntry {
        index: said.index,
        time: date::rfc3339(said.time_ms),
        event: said.event,
        detail: said.detail,
    });
    Verified {
        log: proof.checkpoint.origin,
        fingerprint: proof.key.fingerprint(),
        key,
        size,
        entries: entries.collect(),
        since,
        holds,
        unknown,
    }
}

hidden_debug!(VerifyWish, Verified, VerifiedEntry);
