//! `cargo xtask bench`: programs of `tests/benches`, in full optimisation, one after the other.

use crate::run::{Outcome, cargo, succeed};

/// Runs the named benchmarks, or all.
pub(crate) fn run(names: &[&str]) -> Outcome {
    let mut command = cargo(["bench", "--package", "kosha-tests", "--locked"]);
    for name in names {
        command.args(["--bench", name]);
    }
    succeed(&mut command)
}
