//! The kinds of small sealed things that the wallet keeps in the vault. Numbers are never used again.

/// A grant and the share made under it.
pub(crate) const SHARE: u16 = 1;
/// What is to be uploaded for a pending share; gone once the relay has it.
pub(crate) const UPLOAD: u16 = 2;
