//! Codes and packages: what a wallet shows to be scanned, and what it makes of a code that it scanned itself.
//!
//! * [`classify()`]: names any scanned text. It opens nothing.
//! * [`payload`]: the text of a SMART Health Link (STU1), written and read.
//! * [`package()`]: a [`kosha_consent::Release`] becomes the encrypted files of a link. There is no other way in.
//! * [`RelayClient`]: the wallet's calls to its relay.
//! * [`receive()`]: opens a link that somebody else made.
//! * [`qr`]: a text as a QR code: PNG, SVG, terminal.
//! * [`transport`]: the trait through which all network goes, and the rules that an implementation must keep.
//!
//! Nothing here does I/O or reads a clock; time, randomness and network are passed in.

pub mod address;
pub mod classify;
pub mod package;
pub mod payload;
pub mod qr;
pub mod receive;
pub mod relay_client;
pub mod transport;

mod base64url;
mod shown;

pub use address::address_allowed;
pub use classify::{Classified, Kind, classify};
pub use package::{LONGEST_DOCUMENT, Package, PackageError, PackageOptions, package};
pub use payload::{Payload, PayloadError, ShareLink, link_text};
pub use receive::{OpenOptions, ReceiveError, Received, ReceivedFile, receive};
pub use relay_client::{LinkWatch, RelayClient, RelayClientError, View};
pub use transport::{Method, Request, Response, Transport, TransportError};
