//! JSON shapes that the relay and the wallet exchange. Only data: no I/O, no keys, no decisions.
//!
//! * [`manifest`]: what a SMART Health Link reader and a relay say to each other (SMART Health Links STU1).
//! * [`relay`]: what a wallet and its relay say to each other (Kosha's own, versioned by path `/api/v1`).

pub mod manifest;
pub mod relay;
