//! Consent from the outside: what a scope lets through, what a grant allows, what a release needs, what is stored.

// Helpers outside a test function may fail a test too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod invariants;
mod release;
mod review;
mod sample;
mod stored;
