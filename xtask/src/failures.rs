//! What failed, kept out of a long output, so that it can be said again where a reader looks first: at the end.

use crate::run::{Outcome, ended};
use std::io::{BufRead as _, BufReader, Read, Write};
use std::process::{Command, Stdio};

/// How many lines are kept of one output.
const KEPT: usize = 120;
/// How many lines are kept from one beginning on.
const EACH: usize = 40;

/// The lines of an output that say what failed.
#[derive(Default)]
struct Failures {
    lines: Vec<String>,
    /// How many more lines belong to what began last.
    open: usize,
}

impl Failures {
    fn read(&mut self, line: &str) {
        let begins = line == "failures:" || line.starts_with("error") || line.contains("failing tests:");
        if begins {
            self.open = EACH;
        }
        if self.open > 0 && self.lines.len() < KEPT {
            self.lines.push(line.to_owned());
            self.open -= 1;
        }
        if line.starts_with("test result:") {
            self.open = 0;
        }
    }
}

/// Runs to the end with its output shown as it comes. An exit status other than 0 is an error with what failed in it.
pub(crate) fn succeed_or_say(command: &mut Command) -> Outcome {
    let name = command.get_program().to_string_lossy().into_owned();
    let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = started.map_err(|reason| format!("{name} could not be run: {reason}"))?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    let lines = std::thread::scope(|scope| {
        let out = scope.spawn(|| pass_on(out, &mut std::io::stdout()));
        let mut lines = pass_on(err, &mut std::io::stderr());
        lines.extend(out.join().unwrap_or_default());
        lines
    });
    ended(&name, child.wait()).map_err(|reason| format!("{reason}\n{}", lines.join("\n")))
}

/// Writes what comes, line by line, and gives back what says that something failed.
fn pass_on(from: Option<impl Read>, to: &mut impl Write) -> Vec<String> {
    let mut failures = Failures::default();
    let Some(from) = from else { return failures.lines };
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        let _ = to.write_all(&line);
        failures.read(String::from_utf8_lossy(&line).trim_end());
        line.clear();
    }
    failures.lines
}

#[cfg(test)]
mod tests {
    use super::{pass_on, succeed_or_say};
    use std::process::Command;

    #[test]
    fn what_failed_is_kept_and_all_is_shown() {
        let output = "fine\nfailures:\na panicked\ntest result: FAILED\nafter\nerror: one more\n";
        let mut shown = Vec::new();
        let kept = pass_on(Some(output.as_bytes()), &mut shown);
        assert_eq!(kept, ["failures:", "a panicked", "test result: FAILED", "error: one more"]);
        assert_eq!(shown, output.as_bytes());
    }

    #[test]
    fn the_exit_status_decides() {
        assert_eq!(succeed_or_say(&mut Command::new("true")), Ok(()));
        assert!(succeed_or_say(&mut Command::new("false")).is_err());
    }
}
