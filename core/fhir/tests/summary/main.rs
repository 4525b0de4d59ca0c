//! What a share is written as: golden files, rules, foreign bundles, mutations.

// Helpers outside a test function may fail a test too.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout)]

mod data;
mod golden;
mod mutations;
mod rules;
mod source;
