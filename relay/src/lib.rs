//! Kosha's relay: it holds ciphertext for SMART Health Links, counts views and passcode attempts, ends links when they
//! are to end, and serves the doctor's reader page. It holds no key, no plaintext, no address and no viewer's name.
//!
//! As a library, for tests and for other programs: [`Relay::open`] with a [`Config`], then [`Relay::serve`] on a
//! listener, or [`Relay::start`] without async. `docs/relay.md` describes running it.

mod answer;
mod check;
mod config;
mod links;
mod owner;
mod page;
mod rate;
pub mod reader_assets;
mod relay;
mod request;
mod routes;
mod secrets;
mod server;
mod store;
mod upload_tokens;

pub use config::{Clock, Config, Limits, LogSink, Rate, RelayFailure, StderrLog, SystemClock};
pub use relay::{Relay, Running};
pub use upload_tokens::{UploadTokens, token_line};
