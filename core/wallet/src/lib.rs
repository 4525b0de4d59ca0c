//! Kosha, a patient's encrypted health wallet: the facade. Shells and bindings see only this crate.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use kosha::{Environment, LockedWallet, RelayAddress, Unlock, http::HttpTransport};
//!
//! let relay = RelayAddress { url: "https://relay.example".to_owned(), token: None };
//! let environment = Environment::system(Arc::new(HttpTransport::new()?), relay);
//! let wallet = LockedWallet::open("vault".as_ref(), environment)?;
//! let session = wallet.unlock(&Unlock::Passphrase(b"correct horse battery"))?;
//! let page = session.timeline(&kosha::timeline::TimelineQuery::default())?;
//! # drop(page); Ok(()) }
//! ```
//!
//! [`LockedWallet`] makes, finds and unlocks a vault; what it gives is a [`Session`], and each use case is a method of
//! it, in a module of its own. Everything is synchronous. Facts come from the crates below; the wallet decides.
//!
//! Whatever is not the wallet's own comes in with the [`Environment`]: time, randomness, keystore, network, relay.

pub mod anchor;
pub mod attachment;
pub mod backup;
pub mod changes;
mod date;
pub mod delete;
pub mod emergency;
mod environment;
mod error;
pub mod export;
pub mod family;
#[cfg(feature = "http")]
pub mod http;
pub mod import;
mod locked;
pub mod log;
mod naming;
pub mod own;
mod person;
pub mod proof;
pub mod qr;
pub mod recovery;
pub mod refile;
mod relay;
mod remembered;
pub mod restore;
mod roster;
pub mod rotate;
pub mod same;
mod scan;
mod session;
pub mod share;
pub mod shares;
pub mod show;
mod spoken;
pub mod timeline;
mod unlocking;
pub mod view;
pub mod views;
pub mod watch;

pub mod attach;
mod check;
mod hidden;
mod items;
mod reason;
mod words;

pub use anchor::{AnchorStore, AnchorStoreError, Warning};
pub use attachment::AttachmentReader;
pub use check::{CheckReport, CheckedProblem};
pub use environment::{Clock, Environment, NoSteps, RelayAddress, Steps, SystemClock};
pub use error::{Error, ErrorClass};
pub use kosha_crypto::{
    Availability, CryptoError, DeviceKeystore, Entropy, KeystoreError, PhraseError, Secret, SystemEntropy,
};
pub use kosha_fhir::{Language, Messages, UnknownLanguage};
/// For `#[global_allocator]` of a program that embeds Kosha: memory is overwritten when it is given back, so that a locked
/// vault leaves nothing behind.
pub use kosha_memory::{WIPING, WipingAllocator};
pub use kosha_share::{Method, Request, Response, Transport, TransportError};
pub use locked::{LockedWallet, Unlock};
pub use person::Person;
pub use relay::Freshness;
pub use scan::{Fact, Scanned, scan};
pub use session::{Persons, Session};
pub use unlocking::Ways;
