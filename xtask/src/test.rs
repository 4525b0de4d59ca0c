//! `cargo xtask test` and its long form `torture`.

use crate::failures::succeed_or_say;
use crate::run::{Outcome, cargo, root, succeed};
use crate::stages::Stages;
use crate::{demo, lint, setup};
use std::process::Command;

/// How much is run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// Everything once.
    Once,
    /// The fault tests again, with many more rounds.
    Long,
}

/// Runs the stages and prints their minutes.
pub(crate) fn run(extent: Extent) -> Outcome {
    let mut stages = Stages::default();
    stages.stage("set-up", setup::run);
    if extent == Extent::Long {
        stages.stage("2,000 kills of each kind of work", || torture("kill_work"));
        stages.stage("100,000 flipped bits", || torture("bit_flips"));
        stages.stage("tampering", || torture("tamper"));
        stages.stage("an attachment of 2 GiB", || torture("large"));
        stages.stage("typed FHIR of other people", typed);
        return stages.finish();
    }
    if !root().join(data_folder()).is_dir() {
        stages.skip(
            "tests on outside data: KOSHA_TEST_DATA names no folder; the project's own fixtures are used",
        );
    }
    if !may_mount() {
        stages.skip("tests of a full disk and of a place that cannot be written: this process may not mount a file system");
    }
    if !setup::has_python_packages() {
        stages.skip("counts by other parsers of HL7 v2 and C-CDA: no Python with the packages for it");
    }
    stages.stage("formatting", || succeed(&mut cargo(["fmt", "--all", "--check"])));
    stages.stage("clippy", lint::clippy);
    stages.stage("dependency rules", lint::deny);
    stages.stage("build", build);
    stages.stage("tests of each crate", || all_tests(&["--workspace", "--exclude", "kosha-tests"]));
    stages.stage("whole-system tests", || all_tests(&["--package", "kosha-tests"]));
    stages.stage("reader page in Chromium", || node_tests("tests/reader"));
    stages.stage("other implementations", || node_tests("tests/peers"));
    stages.stage("demo", || demo::run(demo::After::Exit));
    stages.finish()
}

/// Cargo's tests of these packages. A failed one does not keep the next from being run.
fn all_tests(packages: &[&str]) -> Outcome {
    let mut test = cargo(["test", "--locked", "--no-fail-fast"]);
    succeed_or_say(test.args(packages).env("KOSHA_TEST_DATA", data()))
}

/// The programs that whole-system tests and the demo start.
pub(crate) fn build() -> Outcome {
    succeed(&mut cargo(["build", "--locked", "--package", "kosha-cli", "--package", "kosha-relay"]))
}

/// What Kosha writes, read by the typed resources of other people: a workspace of its own that takes minutes to build, so what
/// is built is kept between clones. Cargo builds again what has changed.
fn typed() -> Outcome {
    let mut test = cargo(["test", "--locked", "--manifest-path", "tests/typed/Cargo.toml", "--target-dir"]);
    test.arg(crate::run::cache_dir().join("typed")).env("KOSHA_TEST_DATA", data());
    succeed(test.env("KOSHA_BIN", crate::run::target_dir().join("debug")))
}

/// The tests of faults at their full length, as programs that ship are built, with their counts shown.
/// `KOSHA_TORTURE=1/50` takes a fiftieth.
fn torture(test: &str) -> Outcome {
    let part = std::env::var_os("KOSHA_TORTURE").unwrap_or_else(|| "1".into());
    let words = ["test", "--release", "--locked", "--package", "kosha-tests", "--test", test];
    let mut command = cargo(words);
    command.args(["--", "--nocapture"]);
    succeed(command.env("KOSHA_TEST_DATA", data()).env("KOSHA_TORTURE", part))
}

/// Whether a small file system in memory can be mounted, which some tests need.
fn may_mount() -> bool {
    let Ok(folder) = tempfile::tempdir() else { return false };
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(folder.path()).output();
    let mounted = mounted.is_ok_and(|output| output.status.success());
    if mounted {
        let _ = Command::new("umount").arg(folder.path()).output();
    }
    mounted
}

/// Runs the `*.test.mjs` of a folder by node's own runner.
fn node_tests(folder: &str) -> Outcome {
    let folder = root().join(folder);
    let mut tests: Vec<_> = std::fs::read_dir(&folder)
        .map_err(|reason| format!("{}: {reason}", folder.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.to_string_lossy().ends_with(".test.mjs"))
        .collect();
    tests.sort();
    let mut node = Command::new("node");
    node.arg("--test").arg("--test-concurrency=1").args(tests).current_dir(&folder);
    node.env("KOSHA_TEST_DATA", data()).env("KOSHA_BIN", crate::run::target_dir().join("debug"));
    succeed_or_say(&mut node)
}

/// Where outside test data is, as an absolute path.
fn data() -> std::path::PathBuf {
    root().join(data_folder())
}

fn data_folder() -> std::path::PathBuf {
    std::env::var_os("KOSHA_TEST_DATA").map_or_else(|| "../shared/data".into(), Into::into)
}
