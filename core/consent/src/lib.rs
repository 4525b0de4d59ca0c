//! Scopes, grants, ledgers and releases: the one door through which records leave.
