//! What the whole-system tests and benchmarks share.

pub mod anchors;
pub mod canary;
pub mod faults;
pub mod generator;
pub mod keystore;
pub mod measure;
pub mod mounts;
pub mod noise;
pub mod programs;
pub mod python;
pub mod wallets;
