//! Secrets and agreement: from the environment, else from the terminal.

use std::io::{BufRead, IsTerminal, Write};

use kosha::Secret;

use crate::output::{Failure, Status};
use crate::words;

/// The passphrase of an existing vault.
pub(crate) fn passphrase() -> Result<Secret, Failure> {
    if let Some(text) = variable("KOSHA_PASSPHRASE") {
        return Ok(text);
    }
    hidden("prompt-passphrase")
}

/// The passphrase of a new vault, asked twice.
pub(crate) fn new_passphrase() -> Result<Secret, Failure> {
    let chosen = match variable("KOSHA_PASSPHRASE") {
        Some(text) => text,
        None => twice("prompt-choose", "prompt-differ")?,
    };
    Ok(chosen)
}

/// The passphrase that takes the place of the one before, asked twice.
pub(crate) fn changed_passphrase() -> Result<Secret, Failure> {
    match variable("KOSHA_NEW_PASSPHRASE") {
        Some(text) => Ok(text),
        None if !can_ask() => {
            Err(Failure::new(Status::Usage, "no-passphrase", words::text("prompt-noTerminalNew")))
        }
        None => twice("prompt-new", "prompt-differ"),
    }
}

/// The 24 words that open the vault.
pub(crate) fn recovery() -> Result<Secret, Failure> {
    match variable("KOSHA_RECOVERY") {
        Some(text) => Ok(text),
        None => ask(&question("prompt-recovery"))
            .map_err(|_| Failure::new(Status::Locked, "locked", words::text("prompt-noTerminalRecovery"))),
    }
}

/// Whether the environment holds recovery words and no passphrase.
pub(crate) fn only_recovery_given() -> bool {
    variable("KOSHA_PASSPHRASE").is_none() && variable("KOSHA_RECOVERY").is_some()
}

/// One word of a phrase, typed without being shown.
pub(crate) fn word(question: &str) -> Result<Secret, Failure> {
    Ok(ask(question)?)
}

/// Shows a secret on the terminal until Enter is pressed, then clears the screen and what can be scrolled back to.
pub(crate) fn show_until_enter(secret: Secret, question: &str) -> Result<(), Failure> {
    const CLEAR: &[u8] = b"\x1b[H\x1b[2J\x1b[3J";
    let mut err = std::io::stderr().lock();
    err.write_all(secret.expose())?;
    drop(secret);
    err.write_all(question.as_bytes())?;
    err.flush()?;
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if std::io::stderr().is_terminal() {
        err.write_all(CLEAR)?;
        err.flush()?;
    }
    read?;
    Ok(())
}

/// The passcode that a new share asks for.
pub(crate) fn new_passcode() -> Result<Secret, Failure> {
    match variable("KOSHA_PASSCODE") {
        Some(text) => Ok(text),
        None if !can_ask() => {
            Err(Failure::new(Status::Usage, "no-passcode", words::text("prompt-noTerminalPasscodeNew")))
        }
        None => twice("prompt-passcodeNew", "prompt-passcodesDiffer"),
    }
}

/// The passcode of a link that is being opened, if there is a way to get one.
pub(crate) fn passcode() -> Result<Secret, Failure> {
    match variable("KOSHA_PASSCODE") {
        Some(text) => Ok(text),
        None => ask(&question("prompt-passcode")).map_err(|_| {
            Failure::new(Status::Failed, "passcode-needed", words::text("prompt-noTerminalPasscode"))
        }),
    }
}

/// The passcode from the environment alone.
pub(crate) fn passcode_given() -> Option<Secret> {
    variable("KOSHA_PASSCODE")
}

/// A sentence before a question.
pub(crate) fn say(sentence: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stderr(), "{sentence}")?)
}

/// Whether there is somebody to ask.
pub(crate) fn can_ask() -> bool {
    std::io::stdin().is_terminal()
}

/// Asks a question that is answered by yes or no; no terminal means that there is nobody to ask.
pub(crate) fn agree(question: &str) -> Result<bool, Failure> {
    if !can_ask() {
        return Err(Failure::new(Status::Usage, "not-agreed", words::text("prompt-noTerminalAgree")));
    }
    let mut err = std::io::stderr().lock();
    write!(err, "{} ", words::say("prompt-yesNo", &[("question", question)]))?;
    err.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "ह" | "हाँ" | "हां"))
}

fn variable(name: &str) -> Option<Secret> {
    std::env::var(name).ok().filter(|text| !text.is_empty()).map(|text| Secret::new(text.into_bytes()))
}

fn twice(first: &str, differ: &str) -> Result<Secret, Failure> {
    let chosen = hidden(first)?;
    let again = hidden("prompt-again")?;
    if chosen.expose() == again.expose() {
        Ok(chosen)
    } else {
        Err(Failure::new(Status::Failed, "not-the-same", words::text(differ)))
    }
}

/// A question, and a space for the answer.
fn question(id: &str) -> String {
    format!("{} ", words::text(id))
}

fn hidden(id: &str) -> Result<Secret, Failure> {
    ask(&question(id))
        .map_err(|_| Failure::new(Status::Locked, "locked", words::text("prompt-noTerminalPassphrase")))
}

fn ask(question: &str) -> std::io::Result<Secret> {
    rpassword::prompt_password(question).map(|text| Secret::new(text.into_bytes()))
}
