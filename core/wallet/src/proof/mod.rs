//! Proof files: a part of the log that someone who trusts neither the phone nor its owner can verify, without a vault.
//!
//! `docs/formats.md`, section Proof file, describes the JSON. [`crate::Session::prove_log`] makes one, [`verify`] checks one.

mod export;
mod verify;

use serde::{Deserialize, Serialize};

pub use export::{ProofFile, ProofWish, Since};
pub use verify::{KeyStanding, Verified, VerifiedEntry, VerifyWish, verify};

/// Largest proof file that is written and read, in bytes.
pub const MOST_BYTES: usize = 128 * 1024 * 1024;

/// What the first member of a proof file says.
const NAME: &str = "log-proof";
/// The only version that is written and read.
const VERSION: u32 = 1;

/// Why a proof was not made, or does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProofFault {
    /// Not a proof file, cut, or larger than is read.
    #[error("This is not a proof file, or it is damaged.")]
    Unreadable,
    /// Of a later version.
    #[error("This proof file was made by a newer version of Kosha.")]
    Newer,
    /// Neither a fingerprint nor a verifier.
    #[error("This is not a key: give the 64 digits of a fingerprint, or the text of a verifier.")]
    BadKey,
    /// Not a checkpoint, or its signature does not hold.
    #[error("What is to be compared with is not a checkpoint of a log, or it was changed.")]
    BadCheckpoint,
    /// Signed with another key than the one given, or than the held checkpoint.
    #[error("This log is signed with another key than the one to compare with. It is not the same log.")]
    OtherKey,
    /// The checkpoint in the file is not as it was signed.
    #[error("The signature in this proof file does not hold: what it says of the log was changed.")]
    Signature,
    /// An entry is not in the log as signed.
    #[error("Entry {0} is not in the log as it was signed: it was changed, moved, or was never there.")]
    Entry(u64),
    /// The log does not begin with the earlier one.
    #[error(
        "The log is not the one of the earlier checkpoint: something in it was changed, removed or reordered."
    )]
    Rewritten,
    /// The held checkpoint knows of more entries.
    #[error(
        "The checkpoint to compare with knows of {held} entries, and this log ends at {here}: it is older, or was cut \
         off at its end."
    )]
    CutOff {
        /// Entries that the checkpoint knows of.
        held: u64,
        /// Entries here.
        here: u64,
    },
    /// No way from the held checkpoint to the one in the file.
    #[error(
        "This proof file does not show how the log grew from the {held} entries of your checkpoint. Ask for one that was \
         made with it."
    )]
    NotComparable {
        /// Entries that the held checkpoint knows of.
        held: u64,
    },
    /// Nothing was chosen.
    #[error("Say what to prove: single entries, those of a share, or all.")]
    NothingChosen,
}

impl ProofFault {
    /// Stable code, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "proof-unreadable",
            Self::Newer => "proof-newer",
            Self::BadKey => "bad-key",
            Self::BadCheckpoint => "bad-checkpoint",
            Self::OtherKey => "proof-other-key",
            Self::Signature => "proof-signature",
            Self::Entry(_) => "proof-entry",
            Self::Rewritten => "proof-rewritten",
            Self::CutOff { .. } => "proof-cut-off",
            Self::NotComparable { .. } => "proof-not-comparable",
            Self::NothingChosen => "nothing-to-prove",
        }
    }
}

/// The file. Byte strings are base64 with padding.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Json {
    kosha: String,
    v: u32,
    verifier: String,
    checkpoint: String,
    entries: Vec<JsonEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<JsonSince>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonEntry {
    index: u64,
    entry: String,
    salt: String,
    path: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonSince {
    size: u64,
    path: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    checkpoint: Option<String>,
}
