//! What a relay is told at its start: where it stores, how it is reached, its limits, its clock and its randomness.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kosha_crypto::{Entropy, SystemEntropy};

use crate::upload_tokens::UploadTokens;

/// Where the relay reads the time from, so that tests own it.
pub trait Clock: Send + Sync {
    /// Unix time in seconds.
    fn now(&self) -> u64;
}

/// The clock of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
    }
}

/// Where log lines go. A line never holds an id, a token, an address or a name.
pub trait LogSink: Send + Sync {
    /// Takes one line, without line break.
    fn line(&self, line: &str);
}

/// Writes log lines to standard error.
#[derive(Debug, Clone, Copy, Default)]
pub struct StderrLog;

impl LogSink for StderrLog {
    fn line(&self, line: &str) {
        use std::io::Write;
        // A closed stderr is no reason to stop serving.
        let _ = writeln!(std::io::stderr().lock(), "{line}");
    }
}

/// How many requests one remote address may send.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Requests that may come at once.
    pub burst: u32,
    /// Requests per second that are given back.
    pub per_second: u32,
}

/// Every bound of a relay that an operator or a test may want to change. The others are constants beside their use.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Rate of the wallet's calls.
    pub owner_rate: Rate,
    /// Rate of manifests, direct links and files.
    pub reader_rate: Rate,
    /// Rate of the reader page.
    pub page_rate: Rate,
    /// Connections open at once.
    pub connections: usize,
    /// Connections open at once from one address.
    pub connections_per_address: u32,
    /// How long a client may take over its request head, and stay silent between two requests.
    pub head_timeout: Duration,
    /// How long a request body may pause.
    pub body_pause: Duration,
    /// How long a request body may take, except a creation.
    pub body_total: Duration,
    /// How long a creation may take over its body.
    pub create_total: Duration,
    /// How long a client may refuse to take the bytes of an answer.
    pub write_pause: Duration,
    /// Longest life of a connection; also the grace in which a used-up link keeps its ciphertext for those who hold tickets.
    pub connection_life: Duration,
    /// How long running requests may take to finish after the signal to stop.
    pub stop_grace: Duration,
    /// Most ciphertext in the store, in bytes.
    pub stored_bytes: u64,
    /// Most tombstones of ids that were never created here; the oldest go first.
    pub tombstones: u32,
    /// View records kept per link; further views are counted without record.
    pub views_per_link: u32,
    /// Passcode verifications (19 MiB each) at once.
    pub passcode_checks: usize,
    /// Bytes of large request and answer bodies in memory at once.
    pub body_memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            owner_rate: Rate { burst: 300, per_second: 20 },
            reader_rate: Rate { burst: 300, per_second: 20 },
            page_rate: Rate { burst: 600, per_second: 60 },
            connections: 1024,
            connections_per_address: 256,
            head_timeout: Duration::from_secs(15),
            body_pause: Duration::from_secs(15),
            body_total: Duration::from_secs(20),
            create_total: Duration::from_mins(10),
            write_pause: Duration::from_secs(30),
            connection_life: Duration::from_mins(15),
            stop_grace: Duration::from_secs(20),
            stored_bytes: 16 * 1024 * 1024 * 1024,
            tombstones: 100_000,
            views_per_link: 10_000,
            passcode_checks: std::thread::available_parallelism().map_or(2, |n| n.get().clamp(2, 8)),
            body_memory: 192 * 1024 * 1024,
        }
    }
}

/// All that [`crate::Relay::open`] needs.
pub struct Config {
    /// Folder of the store; made (mode 0700) if absent.
    pub data: PathBuf,
    /// How readers reach the relay, `http(s)://host[:port][/path]`; absent: `http://<listening address>`.
    pub public_url: Option<String>,
    /// Tokens that allow creating; `None`: creating is free, but only where relay and public URL are on loopback.
    pub upload_tokens: Option<UploadTokens>,
    /// Proxies whose last `X-Forwarded-For` entry is the client's address.
    pub trusted_proxies: Vec<IpAddr>,
    /// The bounds.
    pub limits: Limits,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for tickets and seals.
    pub entropy: Arc<dyn Entropy>,
    /// Where log lines go.
    pub log: Arc<dyn LogSink>,
}

impl Config {
    /// The configuration of an ordinary relay that stores in `data`.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            public_url: None,
            upload_tokens: None,
            trusted_proxies: Vec::new(),
            limits: Limits::default(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            log: Arc::new(StderrLog),
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Config")
            .field("public_url", &self.public_url)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Why a relay does not start or does not go on.
#[derive(Debug, thiserror::Error)]
pub enum RelayFailure {
    /// The data folder cannot be made, opened or written.
    #[error("the data folder cannot be used: {0}")]
    Folder(std::io::ErrorKind),
    /// Another relay uses the data folder.
    #[error("another relay is using this data folder")]
    InUse,
    /// The store is damaged, full, or not a relay's store.
    #[error("the store cannot be used: {0}")]
    Store(String),
    /// The store was written by a newer relay.
    #[error("the store was written by a newer version of the relay")]
    Newer,
    /// `public_url` is not an http or https URL without query and fragment.
    #[error("the public URL must be http:// or https:// with a host, and without query or fragment")]
    PublicUrl,
    /// The file of upload tokens cannot be read, or a line of it is not a SHA-256.
    #[error("the file of upload tokens cannot be used: {0}")]
    UploadTokens(String),
    /// The address cannot be listened on.
    #[error("cannot listen: {0}")]
    Listen(std::io::ErrorKind),
    /// The operating system gives no randomness.
    #[error("no randomness from the operating system")]
    Randomness,
}
