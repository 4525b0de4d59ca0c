//! What a command hands back: one JSON document or text on standard output, an error on standard error, a status.

use std::io::{BufWriter, StdoutLock, Write};

use serde::Serialize;
use serde_json::{Value, json};

use crate::{failures, terminal, words};

/// Exit status, as `docs/cli.md` lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Partly = 3,
    Locked = 4,
}

/// Code of a failure that nobody is told: standard output was closed.
const CLOSED: &str = "closed";

/// Why a command ended early.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) status: Status,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// Further members of the JSON error.
    pub(crate) details: Vec<(&'static str, Value)>,
}

impl Failure {
    pub(crate) fn new(status: Status, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), details: Vec::new() }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Status::Usage, "usage", message)
    }

    /// Adds a sentence.
    pub(crate) fn then(&mut self, sentence: &str) {
        self.message.push(' ');
        self.message.push_str(sentence);
    }

    /// Prints the failure to standard error.
    pub(crate) fn print(&self, as_json: bool) {
        // Whoever closed the pipe has seen enough.
        if self.code == CLOSED {
            return;
        }
        let text = if as_json {
            let mut error = json!({"code": self.code, "message": self.message});
            if let Value::Object(members) = &mut error {
                members.extend(self.details.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
            }
            terminal::json(&json!({ "error": error }).to_string())
        } else {
            let lines: Vec<String> = self.message.lines().map(terminal::line).collect();
            words::say("failure-prefix", &[("message", &lines.join("\n"))])
        };
        // A closed standard error leaves nobody to tell.
        drop(writeln!(std::io::stderr(), "{text}"));
    }
}

impl From<kosha::Error> for Failure {
    fn from(error: kosha::Error) -> Self {
        let status = match error.class() {
            kosha::ErrorClass::Failed => Status::Failed,
            kosha::ErrorClass::Usage => Status::Usage,
            kosha::ErrorClass::Unconfirmed => Status::Partly,
            kosha::ErrorClass::Locked => Status::Locked,
        };
        let details =
            error.remaining_attempts().map(|left| ("remainingAttempts", json!(left))).into_iter().collect();
        let mut failure = Self { status, code: error.code(), message: failures::sentence(&error), details };
        if let Some(hint) = words::find("hint", error.code()) {
            failure.then(hint);
        }
        failure
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::new(Status::Failed, CLOSED, String::new());
        }
        let message = match error.kind() {
            std::io::ErrorKind::StorageFull => "system-full",
            std::io::ErrorKind::PermissionDenied => "system-denied",
            _ => "system-failed",
        };
        Self::new(Status::Failed, "io", words::text(message))
    }
}

/// Standard output, as JSON or as text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) json: bool,
}

impl Output {
    /// Prints `document` as JSON, or the lines that `text` makes of it.
    pub(crate) fn print<T: Serialize>(
        self,
        document: &T,
        text: impl FnOnce() -> Vec<String>,
    ) -> Result<(), Failure> {
        if self.json {
            let json = serde_json::to_string(document)
                .map_err(|_| Failure::new(Status::Failed, "internal", words::text("system-noJson")))?;
            Self::raw(terminal::json(&json).as_bytes())?;
            return Self::raw(b"\n");
        }
        let mut lines = text().join("\n");
        if !lines.is_empty() {
            lines.push('\n');
        }
        Self::raw(lines.as_bytes())
    }

    /// Writes bytes as they are.
    pub(crate) fn raw(bytes: &[u8]) -> Result<(), Failure> {
        let mut out = std::io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| unwritten(error.kind()))
    }

    /// Has `write` write to standard output, piece by piece.
    pub(crate) fn stream(
        write: impl FnOnce(&mut dyn Write) -> Result<(), kosha::Error>,
    ) -> Result<(), Failure> {
        let mut stream = Stream { out: BufWriter::new(std::io::stdout().lock()), failed: None };
        let written = write(&mut stream).map_err(Failure::from);
        let flushed = stream.flush();
        match stream.failed {
            Some(kind) => Err(unwritten(kind)),
            None => written.and_then(|()| Ok(flushed?)),
        }
    }
}

/// Standard output for what is written piece by piece. It remembers its own failure, so that a full disk there is not told
/// as one of the vault's.
struct Stream {
    out: BufWriter<StdoutLock<'static>>,
    failed: Option<std::io::ErrorKind>,
}

impl Stream {
    fn noted<T>(&mut self, result: std::io::Result<T>) -> std::io::Result<T> {
        if let Err(error) = &result {
            self.failed.get_or_insert(error.kind());
        }
        result
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let result = self.out.write(bytes);
        self.noted(result)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let result = self.out.flush();
        self.noted(result)
    }
}

/// The command was carried out and its result cannot be told.
fn unwritten(kind: std::io::ErrorKind) -> Failure {
    let message = match kind {
        std::io::ErrorKind::BrokenPipe => return Failure::new(Status::Failed, CLOSED, String::new()),
        std::io::ErrorKind::StorageFull => "system-outputFull",
        std::io::ErrorKind::PermissionDenied => "system-outputDenied",
        _ => "system-outputFailed",
    };
    Failure::new(Status::Failed, "output-not-written", words::text(message))
}
