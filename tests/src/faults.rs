//! Processes that end at a moment that a test chooses: a worker that is killed and held to what it promised, and one that
//! kills itself at a named step.
//!
//! A test starts itself again as the worker (`Worker::start`). The worker says `ready` once the vault is open, then one line
//! for each thing that is durable. Whoever started it kills it at a moment of its choice and holds it to those lines.

use crate::generator::Dice;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// Names the work in the environment of the worker.
const WORK: &str = "KOSHA_FAULT_WORK";
/// Folder of the vault and what belongs to it.
const FOLDER: &str = "KOSHA_FAULT_FOLDER";
/// A number that makes one run of the work unlike another.
const SEED: &str = "KOSHA_FAULT_SEED";

/// How many rounds of a fault test there are: `usual`, and in `cargo xtask torture` (`KOSHA_TORTURE=1`) `long`, or the part of
/// it that `KOSHA_TORTURE=1/50` names.
pub fn rounds(usual: usize, long: usize) -> usize {
    match std::env::var("KOSHA_TORTURE") {
        Err(_) => usual,
        Ok(part) => {
            let part = part.strip_prefix("1/").and_then(|part| part.parse::<usize>().ok());
            (long / part.unwrap_or(1).max(1)).max(1)
        }
    }
}

/// What a worker was asked to do.
#[derive(Debug, Clone)]
pub struct Order {
    /// The name of the work.
    pub work: String,
    /// Where.
    pub folder: std::path::PathBuf,
    /// The number of this run.
    pub seed: u64,
}

/// The order given to this process, where it is a worker.
pub fn order() -> Option<Order> {
    let work = std::env::var(WORK).ok()?;
    let folder = std::env::var_os(FOLDER)?.into();
    let seed = std::env::var(SEED).ok()?.parse().ok()?;
    Some(Order { work, folder, seed })
}

/// Says that something is durable. The line is out before this returns.
pub fn promise(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "\n@{line}").and_then(|()| out.flush()).expect("somebody listens");
}

/// A worker at work.
#[derive(Debug)]
pub struct Worker {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts this test program again, as a worker: only the test `entry`, which asks for its [`order`].
    pub fn start(entry: &str, work: &str, folder: &Path, seed: u64) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("own path"))
            .args(["--exact", entry, "--nocapture", "--test-threads=1"])
            .env(WORK, work)
            .env(FOLDER, folder)
            .env(SEED, seed.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a worker");
        let lines = BufReader::new(child.stdout.take().expect("stdout"));
        Self { child, lines }
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        loop {
            line.clear();
            // A line without its end was cut by the kill: nothing was promised.
            if self.lines.read_line(&mut line).ok()? == 0 || !line.ends_with('\n') {
                return None;
            }
            if let Some(promised) = line.trim_end().strip_prefix('@') {
                return Some(promised.to_owned());
            }
        }
    }

    /// Waits until the vault is open.
    pub fn ready(&mut self) {
        assert_eq!(self.line().as_deref(), Some("ready"), "the worker opens the vault");
    }

    /// Kills it at the next moment of `aim`: what it promised, and whether it was still at work.
    pub fn killed(mut self, aim: &mut Aim) -> (Vec<String>, bool) {
        let at_work = aim.end(&mut self.child);
        (std::iter::from_fn(|| self.line()).collect(), at_work)
    }

    /// Lets it come to its end: what it promised, and how long it took.
    pub fn finished(mut self) -> (Vec<String>, Duration) {
        let start = Instant::now();
        let promised = std::iter::from_fn(|| self.line()).collect();
        let status = self.child.wait().expect("an end");
        assert!(status.success(), "the worker fails when nobody kills it");
        (promised, start.elapsed())
    }
}

/// Chooses the moments of kills over the whole length of some work. How long the work takes is learnt from the runs that
/// outlive their kill, so that a machine that is busy at first and idle later does not move every kill behind the end.
#[derive(Debug)]
pub struct Aim {
    dice: Dice,
    length: Duration,
}

impl Aim {
    /// For work that took `length` when it was tried.
    pub fn new(seed: u64, length: Duration) -> Self {
        Self { dice: Dice::new(seed), length: length.max(Duration::from_millis(1)) }
    }

    /// Runs `command` and kills it at the next moment: whether the kill came before its end.
    pub fn kill(&mut self, command: &mut Command) -> bool {
        self.end(
            &mut command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the command starts"),
        )
    }

    /// Kills a process whose work begins now: whether the kill came before its end.
    fn end(&mut self, child: &mut Child) -> bool {
        let reach = u64::try_from(self.length.as_micros()).expect("short");
        let delay = Duration::from_micros(self.dice.number() % reach);
        let start = Instant::now();
        loop {
            let elapsed = start.elapsed();
            if child.try_wait().expect("a status").is_some() {
                // Near its own length again, so that the end of the work is aimed at too.
                self.length = (elapsed + elapsed / 20).max(Duration::from_millis(1));
                return false;
            }
            if elapsed >= delay {
                // It may end in this very moment.
                let _ = child.kill();
                child.wait().expect("an end");
                self.length += self.length / 100;
                return true;
            }
            std::thread::sleep(delay.saturating_sub(elapsed).min(Duration::from_millis(1)));
        }
    }
}

/// Kills this process when the step of this name is reached, as a battery that runs out does.
#[derive(Debug)]
pub struct KillAt(pub String);

impl kosha::Steps for KillAt {
    fn reached(&self, step: &'static str) {
        if step == self.0 {
            let own = std::process::id().to_string();
            let _ = Command::new("kill").args(["-KILL", &own]).status();
            std::process::abort();
        }
    }
}
