//! `cargo xtask fuzz`: feeds what reads foreign bytes with ever new ones, one target after the other.

use crate::run::{Outcome, cache_dir, cargo, root, succeed, target_dir};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Minutes for each target, where none are named.
const MINUTES: u64 = 15;

/// What libFuzzer needs in the code under test, and the address sanitizer: as cargo-fuzz sets them.
const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares -Zsanitizer=address";

/// Largest input in bytes, and the seconds that one may take.
const BOUNDS: [&str; 3] = ["-max_len=65536", "-timeout=10", "-rss_limit_mb=2048"];

/// What became of a target.
struct Ran {
    target: String,
    executions: u64,
    seconds: u64,
    crashes: Vec<PathBuf>,
}

/// Builds the targets and runs each of the named ones, or all.
pub(crate) fn run(words: &[&str]) -> Outcome {
    let (names, minutes) = wishes(words)?;
    let all = targets()?;
    if let Some(unknown) = names.iter().find(|name| !all.iter().any(|target| target == *name)) {
        return Err(format!("no target {unknown}; there are {}", all.join(", ")));
    }
    let Some(host) = nightly_host() else {
        println!("skipped: fuzzing needs a nightly compiler (rustup toolchain install nightly)");
        return Ok(());
    };
    let programs = build(&host)?;
    let kept = cache_dir().join("fuzz");
    let seeds = kept.join("seeds");
    succeed(cargo(["run", "--quiet", "--locked", "--package", "kosha-seeds", "--"]).arg(&seeds))?;
    let mut done = Vec::new();
    for target in all.iter().filter(|target| names.is_empty() || names.contains(&target.as_str())) {
        println!("\n== {target}");
        done.push(fuzz(target, &programs, &kept, minutes * 60)?);
    }
    report(&done, &programs)
}

/// The names and the minutes of a command line.
fn wishes<'w>(words: &[&'w str]) -> Result<(Vec<&'w str>, u64), String> {
    let (mut names, mut minutes) = (Vec::new(), MINUTES);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if *word == "--minutes" {
            let number = words.next().and_then(|number| number.parse().ok()).filter(|number| *number > 0);
            minutes = number.ok_or("--minutes N, a whole number from 1")?;
        } else {
            names.push(*word);
        }
    }
    Ok((names, minutes))
}

/// The names of the files in `tests/fuzz/targets`.
fn targets() -> Result<Vec<String>, String> {
    let folder = root().join("tests/fuzz/targets");
    let entries = std::fs::read_dir(&folder).map_err(|reason| format!("{}: {reason}", folder.display()))?;
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut names: Vec<String> =
        paths.filter_map(|path| path.file_stem().map(|name| name.to_string_lossy().into_owned())).collect();
    names.sort();
    Ok(names)
}

/// A command of the nightly toolchain. rustup finds it; this run's own cargo is of another one.
fn nightly(program: &str) -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", program]).env_remove("CARGO").env_remove("RUSTC");
    command
}

/// The machine for which nightly builds; none where there is no nightly.
fn nightly_host() -> Option<String> {
    let output = nightly("rustc").arg("-vV").stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    text.lines().find_map(|line| line.strip_prefix("host: ").map(str::to_owned))
}

/// Builds all targets; gives the folder that they are in.
fn build(host: &str) -> Result<PathBuf, String> {
    let target = target_dir().join("fuzz");
    let mut build = nightly("cargo");
    build.args(["build", "--release", "--locked", "--bins", "--target", host, "--manifest-path"]);
    build.arg(root().join("tests/fuzz/Cargo.toml")).arg("--target-dir").arg(&target);
    succeed(build.env("RUSTFLAGS", FLAGS))?;
    Ok(target.join(host).join("release"))
}

/// Runs one target for so many seconds. Its corpus grows from run to run; only this run's crashes are counted.
fn fuzz(target: &str, programs: &Path, kept: &Path, seconds: u64) -> Result<Ran, String> {
    let crashes = kept.join("crashes").join(target);
    let corpus = kept.join("corpus").join(target);
    let seeds = kept.join("seeds").join(target);
    for folder in [&crashes, &corpus, &seeds] {
        std::fs::create_dir_all(folder).map_err(|reason| format!("{}: {reason}", folder.display()))?;
    }
    let before = files(&crashes);
    let mut command = Command::new(programs.join(target));
    command.arg(&corpus).arg(&seeds).args(BOUNDS).arg(format!("-max_total_time={seconds}"));
    command.arg(format!("-artifact_prefix={}/", crashes.display())).arg("-print_final_stats=1");
    let start = Instant::now();
    let output = command.output().map_err(|reason| format!("{target} could not be started: {reason}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let counted = said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    if !output.status.success() {
        let last: Vec<&str> = said.lines().rev().take(60).collect();
        last.iter().rev().for_each(|line| println!("{line}"));
    }
    let crashes: Vec<PathBuf> = files(&crashes).into_iter().filter(|file| !before.contains(file)).collect();
    if !output.status.success() && crashes.is_empty() {
        return Err(format!("{target} ended with {}", output.status));
    }
    Ok(Ran {
        target: target.to_owned(),
        executions: counted.and_then(|number| number.trim().parse().ok()).unwrap_or(0),
        seconds: start.elapsed().as_secs(),
        crashes,
    })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect()
}

/// Prints the table; an error when anything crashed, took too long or too much memory.
fn report(done: &[Ran], programs: &Path) -> Outcome {
    println!("\n{:<14}{:>14}{:>10}{:>10}", "target", "executions", "seconds", "crashes");
    for ran in done {
        println!("{:<14}{:>14}{:>10}{:>10}", ran.target, ran.executions, ran.seconds, ran.crashes.len());
    }
    for ran in done {
        for crash in &ran.crashes {
            println!("again: {} {}", programs.join(&ran.target).display(), crash.display());
        }
    }
    let crashed = done.iter().filter(|ran| !ran.crashes.is_empty()).count();
    if crashed == 0 { Ok(()) } else { Err(format!("{crashed} of {} targets crashed", done.len())) }
}
