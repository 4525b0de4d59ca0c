//! The kinds of small sealed things that the wallet keeps in the vault. Numbers are never used again.

/// A grant and the share made under it.
pub(crate) const SHARE: u16 = 1;
/// What is to be uploaded for a pending share; gone once the relay has it.
pub(crate) const UPLOAD: u16 = 2;
/// A refiling, so that it can be taken back.
pub(crate) const REFILING: u16 = 10;
/// Two records that are not the same.
pub(crate) const APART: u16 = 12;
/// The choice of what the emergency card shows.
pub(crate) const EMERGENCY: u16 = 11;
