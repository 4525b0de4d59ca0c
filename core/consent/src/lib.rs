//! The one door through which records leave the wallet.
//!
//! The order of things: a [`Scope`] says what is asked for; [`review`] shows what that means, record by record, and
//! what stays out and why; the patient narrows the [`Review`] and turns it into a [`Grant`]; [`release()`] checks the
//! grant and every record, writes the log entry through the caller's [`Ledger`], and only from that `Ok` makes a
//! [`Release`]. Whatever sends data takes a `Release`, so a new way of sharing cannot forget consent: it does not
//! compile. A [`Receipt`] is what the patient keeps, and holds no health data.
//!
//! Pure logic: no I/O, no randomness, no clock. Times are Unix milliseconds and passed in.
//!
//! A release cannot be made from outside this crate,
//!
//! ```compile_fail,E0451
//! # use kosha_consent::{Record, Release};
//! fn forge(made: Release, other: Vec<Record>) -> Release {
//!     Release { records: other, ..made }
//! }
//! ```
//!
//! nor copied,
//!
//! ```compile_fail,E0277
//! fn copy<T: Clone>() {}
//! copy::<kosha_consent::Release>();
//! ```
//!
//! nor come from nothing,
//!
//! ```compile_fail,E0277
//! fn empty<T: Default>() {}
//! empty::<kosha_consent::Release>();
//! ```
//!
//! nor be read back from bytes.
//!
//! ```compile_fail,E0277
//! fn read<T: serde::de::DeserializeOwned>() {}
//! read::<kosha_consent::Release>();
//! ```
//!
//! A ledger is used up by the entry that it commits, so one transaction cannot stand for two releases:
//!
//! ```compile_fail,E0382
//! # use kosha_consent::{Ledger, LedgerEntry};
//! fn twice<L: Ledger>(ledger: L, entry: &LedgerEntry) {
//!     let _ = ledger.commit(entry);
//!     let _ = ledger.commit(entry);
//! }
//! ```

mod candidate;
mod grant;
mod ledger;
mod owner;
mod receipt;
mod release;
mod review;
mod scope;
mod stored;
mod terms;

pub use candidate::{Attachment, Candidate, Span};
pub use grant::{Grant, GrantError, GrantState};
pub use kosha_fhir::summary::{Held, HeldSection, PatientField, PatientFields};
pub use ledger::{Event, Ledger, LedgerEntry, Outcome};
pub use owner::OwnersCopy;
pub use receipt::Receipt;
pub use release::{
    Origin, Outgoing, Record, Release, ReleaseError, Supporting, export, is_supporting, release,
};
pub use review::{Named, Review, review};
pub use scope::{LeftOut, Scope};
pub use stored::StoredError;
pub use terms::{Terms, TermsError};
