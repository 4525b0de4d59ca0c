//! What a wallet is given from outside: time, randomness, keystore, network.

use std::fmt;
use std::sync::Arc;

use kosha_crypto::{DeviceKeystore, Entropy};
use kosha_fhir::Language;
use kosha_share::Transport;

use crate::anchor::AnchorStore;
use crate::changes::ChangeListener;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, in Unix milliseconds.
    fn now_ms(&self) -> i64;

    /// Minutes east of UTC of the clock on the wall at this moment; `None` where the platform does not tell. What people
    /// write down gets its time by it.
    fn offset_minutes(&self) -> Option<i16> {
        None
    }
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now_ms(&self) -> i64 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
    }
}

/// Hears of each step of work that must survive a loss of power between any two steps.
///
/// The wallet calls it and goes on; a test ends its process there. The names are stable within one version.
pub trait Steps: Send + Sync {
    /// The work has come to `step`: everything before it has happened, nothing after it has.
    fn reached(&self, step: &'static str);
}

/// Nobody listens.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSteps;

impl Steps for NoSteps {
    fn reached(&self, _step: &'static str) {}
}

/// Where a wallet's relay is.
#[derive(Clone)]
pub struct RelayAddress {
    /// Base URL: `https://…`, or `http://` of this machine.
    pub url: String,
    /// Upload token, where the relay asks for one.
    pub token: Option<String>,
}

impl fmt::Debug for RelayAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelayAddress").field("token", &self.token.is_some()).finish_non_exhaustive()
    }
}

/// Everything that is not the wallet's own.
#[derive(Clone)]
pub struct Environment {
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Gives randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The platform's keystore, where there is one.
    pub keystore: Option<Arc<dyn DeviceKeystore>>,
    /// Where it is kept how far a vault had come; without one an older copy of a vault is not noticed.
    pub anchors: Option<Arc<dyn AnchorStore>>,
    /// The way to the network.
    pub transport: Arc<dyn Transport>,
    /// The relay that new shares go to.
    pub relay: RelayAddress,
    /// Hears of steps; see [`Steps`].
    pub steps: Arc<dyn Steps>,
    /// In which language records are shown.
    pub language: Language,
    /// Hears that something has changed; see [`crate::changes`].
    pub listener: Option<Arc<dyn ChangeListener>>,
}

impl Environment {
    /// The machine's own clock and randomness, no keystore, no store of anchors, and `transport`.
    pub fn system(transport: Arc<dyn Transport>, relay: RelayAddress) -> Self {
        Self {
            clock: Arc::new(SystemClock),
            entropy: Arc::new(kosha_crypto::SystemEntropy),
            keystore: None,
            anchors: None,
            transport,
            relay,
            steps: Arc::new(NoSteps),
            language: Language::default(),
            listener: None,
        }
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }

    /// Now, on the clock of whoever writes.
    pub(crate) fn now(&self) -> kosha_fhir::own::Now {
        kosha_fhir::own::Now { ms: self.clock.now_ms(), offset_minutes: self.clock.offset_minutes() }
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").field("relay", &self.relay).finish_non_exhaustive()
    }
}
