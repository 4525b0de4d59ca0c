//! Opens a health link that somebody made: by manifest, with or without passcode, or the file directly.
//!
//! Everything that comes back is hostile until it has decrypted, and hardly less so afterwards: sizes, number of files,
//! inflated size and time are bounded, no redirect is followed, no address inside the content is ever fetched. A file
//! that cannot be read is a warning as long as another one can.

mod fetch;
mod file;
mod manifest;

use kosha_crypto::Zeroizing;
use kosha_crypto::link::LinkKey;
use kosha_wire::relay::MAX_RECIPIENT_CHARS;

use crate::address::UrlRefusal;
use crate::payload::{self, Oddity, Payload, PayloadError};
use crate::shown::shown;
use crate::transport::{Transport, TransportError};
use fetch::Fetcher;

/// Bounds of [`receive`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most files that are read; further ones are reported and left.
    pub max_files: usize,
    /// Most bytes of one encrypted file.
    pub max_file_bytes: usize,
    /// Most bytes that one file may inflate to.
    pub max_inflated_bytes: usize,
    /// Most bytes of all opened files together, and of the manifest.
    pub max_total_bytes: usize,
    /// Longest duration of one exchange, milliseconds.
    pub request_timeout_ms: u64,
    /// Longest duration of all exchanges together, milliseconds.
    pub total_timeout_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_files: 100,
            max_file_bytes: 48 * 1024 * 1024,
            max_inflated_bytes: 20 * 1024 * 1024,
            max_total_bytes: 64 * 1024 * 1024,
            request_timeout_ms: 20_000,
            total_timeout_ms: 60_000,
        }
    }
}

/// How to ask.
#[derive(Clone, Copy)]
pub struct OpenOptions<'a> {
    /// Who asks; the person who shared will see it. Cut to 120 characters.
    pub recipient: &'a str,
    /// The passcode, if the person gave one.
    pub passcode: Option<&'a str>,
    /// Whether this very machine may be asked (demonstrations and tests).
    pub allow_loopback: bool,
    /// Bounds.
    pub limits: Limits,
}

/// What a link gave.
#[derive(Clone, PartialEq, Eq)]
pub struct Received {
    /// The maker's words for it; unverified.
    pub label: Option<String>,
    /// When it ends, Unix seconds; a hint.
    pub expires: Option<i64>,
    /// Whether the content may change later (flag `L`).
    pub long_term: bool,
    /// Seconds to wait before asking again, where the server said so.
    pub retry_after_s: Option<u64>,
    /// The files that could be opened, at least one.
    pub files: Vec<ReceivedFile>,
    /// What could not be opened or was odd.
    pub warnings: Vec<Warning>,
}

/// One opened file.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedFile {
    /// `application/fhir+json` or `application/smart-health-card`.
    pub content_type: String,
    /// FHIR release, where the manifest says so.
    pub fhir_version: Option<String>,
    /// The content as it was sealed. Health data.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Something that was left out or is odd, without content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// The link's text is odd.
    Link(Oddity),
    /// The time in the link is past, yet the server still answered.
    PastExpiry,
    /// The manifest names more files than are read.
    MoreFiles,
    /// A file was left out.
    File {
        /// Its place in the manifest, from 0.
        index: usize,
        /// Why.
        problem: FileProblem,
    },
}

/// Why a file was left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// The manifest's entry is not understood.
    #[error("its entry is not understood")]
    Entry,
    /// It grants access to a server instead of holding records; such access is not used.
    #[error("it offers access to a server, which is not used")]
    ApiAccess,
    /// Its address cannot be used.
    #[error("{0}")]
    Address(#[from] UrlRefusal),
    /// It could not be fetched.
    #[error("{0}")]
    Transport(#[from] TransportError),
    /// The server no longer has it.
    #[error("the server no longer has it")]
    Gone,
    /// The server asks to wait.
    #[error("the server is busy")]
    Busy,
    /// The server sends elsewhere, which is not followed.
    #[error("the server sends elsewhere, which is not followed")]
    Redirected,
    /// A status that has no meaning here.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// Not a compact JWE of the kind that links use (`dir`, `A256GCM`).
    #[error("it is not encrypted in the way of health links")]
    NotAJwe,
    /// The link's key does not open it, or it was changed.
    #[error("the key in the link does not open it")]
    DoesNotDecrypt,
    /// Compressed in an unknown way.
    #[error("it is compressed in an unknown way")]
    Compression,
    /// Its compressed content is damaged.
    #[error("its compressed content is damaged")]
    Inflate,
    /// It is, or inflates to, more than is accepted.
    #[error("it is larger than is accepted")]
    TooLarge,
    /// The files together are more than is accepted.
    #[error("the files together are larger than is accepted")]
    TotalTooLarge,
    /// The files together took longer than is accepted.
    #[error("the files together took too long")]
    TotalTime,
    /// Neither FHIR nor health cards.
    #[error("it holds neither records nor health cards")]
    UnknownContent,
}

/// Why a link could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReceiveError {
    /// The text is no link that can be opened.
    #[error(transparent)]
    Link(#[from] PayloadError),
    /// The link's address cannot be used.
    #[error(transparent)]
    Address(#[from] UrlRefusal),
    /// The link asks for a passcode and none was given.
    #[error("this link asks for a passcode")]
    PasscodeNeeded,
    /// The passcode is wrong.
    #[error("the passcode is not right")]
    WrongPasscode {
        /// How many more tries there are, where the server said so.
        remaining: Option<u32>,
    },
    /// The link has ended; servers do not say which way.
    #[error("this link has expired, was withdrawn or is used up")]
    Ended,
    /// The server asks to wait.
    #[error("the server asks to wait before trying again")]
    Busy {
        /// Seconds to wait, where the server said so.
        retry_after_s: Option<u64>,
    },
    /// There was no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server sends elsewhere, which is not followed.
    #[error("the server sends elsewhere, which is not followed")]
    Redirected,
    /// A status that has no meaning here.
    #[error("the server answered with status {status}")]
    Status {
        /// HTTP status.
        status: u16,
    },
    /// The answer is not a manifest.
    #[error("the server's answer was not understood")]
    NotAManifest,
    /// The manifest names no file.
    #[error("this link holds no files")]
    NoFiles,
    /// None of the files could be opened; this is the reason for the first.
    #[error("the content of this link cannot be read: {0}")]
    Unreadable(FileProblem),
}

/// Opens the link in `link_text` over `transport`. `now_ms` serves only to say that a link's time is past.
pub fn receive(
    link_text: &str,
    transport: &dyn Transport,
    options: &OpenOptions<'_>,
    now_ms: i64,
) -> Result<Received, ReceiveError> {
    let payload = payload::parse(link_text)?;
    let key = LinkKey::from_text(&payload.key).map_err(|_| PayloadError::KeyMalformed)?;
    let recipient = recipient(options.recipient);
    let mut fetcher = Fetcher::new(transport, options);
    let mut received = Received::of(&payload, now_ms);
    let outcomes = if payload.flag.direct {
        vec![fetcher.direct(&payload.url, &recipient)?]
    } else {
        if payload.flag.passcode && options.passcode.is_none() {
            return Err(ReceiveError::PasscodeNeeded);
        }
        manifest::fetch(&mut fetcher, &payload.url, &recipient, options.passcode, &mut received)?
    };
    received.open(outcomes, &key, options.limits)?;
    Ok(received)
}

impl Received {
    fn of(payload: &Payload, now_ms: i64) -> Self {
        let past = payload.exp.is_some_and(|exp| exp.saturating_mul(1000) < now_ms);
        let mut warnings: Vec<Warning> = payload.oddities.iter().copied().map(Warning::Link).collect();
        warnings.extend(past.then_some(Warning::PastExpiry));
        Self {
            label: payload.label.clone(),
            expires: payload.exp,
            long_term: payload.flag.long_term,
            retry_after_s: None,
            files: Vec::new(),
            warnings,
        }
    }

    /// Decrypts what was fetched; every file that fails becomes a warning, unless all do.
    fn open(
        &mut self,
        outcomes: Vec<Result<file::Encrypted, FileProblem>>,
        key: &LinkKey,
        limits: Limits,
    ) -> Result<(), ReceiveError> {
        let mut room = limits.max_total_bytes;
        let mut first = None;
        for (index, outcome) in outcomes.into_iter().enumerate() {
            match outcome.and_then(|encrypted| encrypted.open(key, limits.max_inflated_bytes, &mut room)) {
                Ok(file) => self.files.push(file),
                Err(problem) => {
                    first = first.or(Some(problem));
                    self.warnings.push(Warning::File { index, problem });
                }
            }
        }
        match first {
            _ if !self.files.is_empty() => Ok(()),
            Some(problem) => Err(ReceiveError::Unreadable(problem)),
            None => Err(ReceiveError::NoFiles),
        }
    }
}

/// The name that is sent: the guide demands one, so a person who gave none is said to be so.
fn recipient(name: &str) -> String {
    let name = shown(name.trim(), MAX_RECIPIENT_CHARS);
    if name.is_empty() { "Name not given".to_owned() } else { name }
}

impl std::fmt::Debug for OpenOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenOptions").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Received {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Received")
            .field("files", &self.files)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ReceivedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReceivedFile")
            .field("content_type", &self.content_type)
            .field("len", &self.bytes.len())
            .finish_non_exhaustive()
    }
}
