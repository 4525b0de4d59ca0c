//! Making a proof file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kosha_crypto::{CryptoError, Zeroizing};
use kosha_vault::LogProof;

use super::{Json, JsonEntry, JsonSince, MOST_BYTES, NAME, ProofFault, VERSION};
use crate::share::stored::StoredShare;
use crate::{Error, Session, session};

/// From where on the log is shown to have grown and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// From this checkpoint, the text of a signed note.
    Checkpoint(String),
    /// From this number of entries.
    Size(u64),
}

/// What is to be proved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProofWish {
    /// Numbers of entries, from 0.
    pub entries: Vec<u64>,
    /// Every entry about this share: its id, or the first letters of it.
    pub share: Option<String>,
    /// Every entry.
    pub all: bool,
    /// An earlier state of the log.
    pub since: Option<Since>,
}

/// A proof file that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct ProofFile {
    /// Its content, JSON. Shows the chosen entries in clear.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Numbers of the entries in it.
    pub entries: Vec<u64>,
    /// Number of entries in the log.
    pub size: u64,
    /// Fingerprint of the log's key.
    pub fingerprint: String,
}

impl std::fmt::Debug for ProofFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProofFile").field("size", &self.size).finish_non_exhaustive()
    }
}

impl Session {
    /// Makes a proof file. [`Error::Proof`] where nothing was chosen, or where the log does not go on from the checkpoint
    /// that was given: then it is not this log, or was cut off.
    pub fn prove_log(&self, wish: &ProofWish) -> Result<ProofFile, Error> {
        let size = self.vault().log_len();
        let mut entries = wish.entries.clone();
        if wish.all {
            entries.extend(0..size);
        }
        if let Some(share) = &wish.share {
            entries.extend(self.entries_of_share(share)?);
        }
        if entries.is_empty() && wish.since.is_none() && !(wish.all && size == 0) {
            return Err(ProofFault::NothingChosen.into());
        }
        let (since, checkpoint) = match &wish.since {
            None => (None, None),
            Some(Since::Size(size)) => (Some(*size), None),
            Some(Since::Checkpoint(note)) => {
                let key = self.vault().log_key().ok_or(Error::Damaged)?;
                let held = key.open_checkpoint(note).map_err(|error| match error {
                    CryptoError::UnknownKey => ProofFault::OtherKey,
                    _ => ProofFault::BadCheckpoint,
                })?;
                if held.size > size {
                    return Err(ProofFault::CutOff { held: held.size, here: size }.into());
                }
                (Some(held.size), Some((note.clone(), held.root)))
            }
        };
        let proof = self.vault().prove(&entries, since)?;
        if let (Some((_, root)), Some(since)) = (&checkpoint, &proof.since)
            && *root != since.root
        {
            return Err(ProofFault::Rewritten.into());
        }
        write(&proof, checkpoint.map(|(note, _)| note))
    }

    /// Numbers of the entries that name a share. The purpose of another one could quote its id; that shows one entry more.
    fn entries_of_share(&self, share: &str) -> Result<Vec<u64>, Error> {
        let shares = StoredShare::all(self.vault())?;
        let id = session::meant(shares.iter().map(|share| share.id), share)
            .map_err(|missing| missing.unwrap_or(Error::NoSuchShare))?;
        let names = [format!("consent {id}"), format!("share {id}")];
        let log = self.log()?;
        let about = log.entries.iter().filter(|entry| names.iter().any(|name| entry.detail.contains(name)));
        Ok(about.map(|entry| entry.index).collect())
    }
}

fn encoded(nodes: &[[u8; 32]]) -> Vec<String> {
    nodes.iter().map(|node| STANDARD.encode(node)).collect()
}

fn write(proof: &LogProof, since_note: Option<String>) -> Result<ProofFile, Error> {
    let json = Json {
        kosha: NAME.to_owned(),
        v: VERSION,
        verifier: proof.verifier.clone(),
        checkpoint: proof.checkpoint.note.clone(),
        entries: proof
            .entries
            .iter()
            .map(|entry| JsonEntry {
                index: entry.index,
                entry: STANDARD.encode(&*entry.canonical),
                salt: STANDARD.encode(*entry.salt),
                path: encoded(&entry.path),
            })
            .collect(),
        since: proof.since.as_ref().map(|since| JsonSince {
            size: since.size,
            path: encoded(&since.path),
            checkpoint: since_note,
        }),
    };
    let bytes = serde_json::to_vec(&json).map(Zeroizing::new).map_err(|_| Error::Internal)?;
    if bytes.len() > MOST_BYTES {
        return Err(Error::TooLarge);
    }
    Ok(ProofFile {
        bytes,
        entries: proof.entries.iter().map(|entry| entry.index).collect(),
        size: proof.checkpoint.size,
        fingerprint: proof.checkpoint.fingerprint.clone(),
    })
}
