//! Formatting, clippy and the rules for dependencies.

use crate::run::{Outcome, cargo, root, succeed};
use crate::setup;
use std::process::Command;

/// All three; stops at the first that complains.
pub(crate) fn run() -> Outcome {
    succeed(&mut cargo(["fmt", "--all", "--check"]))?;
    clippy()?;
    deny()
}

/// Clippy over every target, warnings denied.
pub(crate) fn clippy() -> Outcome {
    succeed(&mut cargo([
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ]))
}

/// Licences, sources and banned crates as `deny.toml` says.
pub(crate) fn deny() -> Outcome {
    let mut deny = Command::new(setup::deny_program());
    deny.args(["check", "bans", "licenses", "sources"]).current_dir(root());
    succeed(&mut deny)
}
