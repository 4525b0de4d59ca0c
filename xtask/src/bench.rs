//! `cargo xtask bench`: programs of `tests/benches`, in full optimisation, one after the other.

use crate::run::{Outcome, cache_dir, cargo, root, succeed, target_dir};
use std::path::PathBuf;

/// Runs the named benchmarks, or all. `counts` is the vault's, counted in instructions.
pub(crate) fn run(names: &[&str]) -> Outcome {
    if names == ["counts"] {
        let mut counts = cargo(["bench", "--package", "kosha-tests", "--locked", "--bench", "vault"]);
        return succeed(counts.env("KOSHA_BENCH_COUNTS", "1"));
    }
    let mut command = cargo(["bench", "--package", "kosha-tests", "--locked"]);
    for name in names {
        command.args(["--bench", name]);
    }
    if names.is_empty() || names.contains(&"vault") {
        match sqlcipher() {
            Ok(program) => {
                command.env("KOSHA_BENCH_SQLCIPHER", program);
            }
            Err(reason) => println!("SQLCipher could not be built, its column is left out: {reason}"),
        }
    }
    if names.is_empty() || names.contains(&"records") {
        match typed() {
            Ok(program) => {
                command.env("KOSHA_BENCH_TYPED", program);
            }
            Err(reason) => println!("the typed FHIR could not be built, its line is left out: {reason}"),
        }
    }
    succeed(&mut command)
}

/// Builds the reader with other people's typed resources, a workspace of its own as well.
fn typed() -> Result<PathBuf, String> {
    let target = cache_dir().join("typed");
    let mut build = cargo(["build", "--release", "--locked", "--bin", "read_time", "--manifest-path"]);
    build.arg(root().join("tests/typed/Cargo.toml")).arg("--target-dir").arg(&target);
    succeed(&mut build)?;
    Ok(target.join("release/read_time"))
}

/// Builds the peer under `SQLCipher`, a workspace of its own: two builds of SQLite do not fit into one.
fn sqlcipher() -> Result<PathBuf, String> {
    let folder = root().join("tests/sqlcipher");
    let target = target_dir().join("sqlcipher");
    let mut build = cargo(["build", "--release", "--locked", "--manifest-path"]);
    build.arg(folder.join("Cargo.toml")).arg("--target-dir").arg(&target);
    succeed(&mut build)?;
    Ok(target.join("release/kosha-bench-sqlcipher"))
}
