//! Named stages with their minutes, so that a slow one is seen.

use crate::run::Outcome;
use std::time::{Duration, Instant};

/// The stages of one run, in order.
#[derive(Default)]
pub(crate) struct Stages {
    done: Vec<(&'static str, Duration, Result<(), String>)>,
    skipped: Vec<String>,
}

impl Stages {
    /// Runs a stage and notes its time. A failed stage does not stop the next ones: one run shows all that is wrong.
    pub(crate) fn stage(&mut self, name: &'static str, work: impl FnOnce() -> Outcome) {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = work();
        if let Err(reason) = &outcome {
            println!("== {name}: {}", reason.lines().next().unwrap_or_default());
        }
        self.done.push((name, start.elapsed(), outcome));
    }

    /// Says in one line what this machine cannot check, and counts it.
    pub(crate) fn skip(&mut self, what: &str) {
        println!("skipped: {what}");
        self.skipped.push(what.to_owned());
    }

    /// Prints the table of minutes, and last of all what failed, where it is found without a search; an error when any
    /// stage failed.
    pub(crate) fn finish(self) -> Outcome {
        println!("\n{:<34}{:>9}", "stage", "minutes");
        let mut failed = 0_usize;
        for (name, took, outcome) in &self.done {
            let word = if outcome.is_ok() { "" } else { "  failed" };
            println!("{name:<34}{:>9.1}{word}", took.as_secs_f64() / 60.0);
            failed += usize::from(outcome.is_err());
        }
        let total: Duration = self.done.iter().map(|(_, took, _)| *took).sum();
        println!("{:<34}{:>9.1}", "all", total.as_secs_f64() / 60.0);
        for what in &self.skipped {
            println!("skipped: {what}");
        }
        for (name, _, outcome) in &self.done {
            if let Err(reason) = outcome {
                println!("\n== {name}: {reason}");
            }
        }
        println!(
            "stages: {} passed, {failed} failed, {} skipped",
            self.done.len() - failed,
            self.skipped.len()
        );
        if failed == 0 { Ok(()) } else { Err(format!("{failed} of {} stages failed", self.done.len())) }
    }
}
