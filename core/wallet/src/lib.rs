//! The facade of Kosha: LockedWallet, Session and every use case.
