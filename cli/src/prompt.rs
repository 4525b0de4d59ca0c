//! Secrets and agreement: from the environment, else from the terminal.

use std::io::{BufRead, IsTerminal, Write};

use kosha::Secret;

use crate::output::{Failure, Status};

/// The passphrase of an existing vault.
pub(crate) fn passphrase() -> Result<Secret, Failure> {
    if let Some(text) = variable("KOSHA_PASSPHRASE") {
        return Ok(text);
    }
    hidden("Passphrase: ")
}

/// The passphrase of a new vault, asked twice.
pub(crate) fn new_passphrase() -> Result<Secret, Failure> {
    let chosen = match variable("KOSHA_PASSPHRASE") {
        Some(text) => text,
        None => twice("Choose a passphrase: ", "Once more: ", "The two passphrases differ.")?,
    };
    Ok(chosen)
}

/// The passphrase that takes the place of the one before, asked twice.
pub(crate) fn changed_passphrase() -> Result<Secret, Failure> {
    match variable("KOSHA_NEW_PASSPHRASE") {
        Some(text) => Ok(text),
        None if !can_ask() => Err(Failure::new(
            Status::Usage,
            "no-passphrase",
            "There is no terminal to ask for the new passphrase on. Set KOSHA_NEW_PASSPHRASE to it. Nothing was changed.",
        )),
        None => twice("New passphrase: ", "Once more: ", "The two passphrases differ."),
    }
}

/// The 24 words that open the vault.
pub(crate) fn recovery() -> Result<Secret, Failure> {
    match variable("KOSHA_RECOVERY") {
        Some(text) => Ok(text),
        None => ask("The 24 recovery words, in one line: ").map_err(|_| {
            Failure::new(
                Status::Locked,
                "locked",
                "The recovery words are needed, and there is no terminal to ask on. Set KOSHA_RECOVERY to them.",
            )
        }),
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
        None if !can_ask() => Err(Failure::new(
            Status::Usage,
            "no-passcode",
            "There is no terminal to ask for the passcode on. Set KOSHA_PASSCODE to the one that the doctor will be asked for. Nothing was shared.",
        )),
        None => twice("Passcode for the doctor: ", "Once more: ", "The two passcodes differ."),
    }
}

/// The passcode of a link that is being opened, if there is a way to get one.
pub(crate) fn passcode() -> Result<Secret, Failure> {
    match variable("KOSHA_PASSCODE") {
        Some(text) => Ok(text),
        None => ask("Passcode: ").map_err(|_| {
            Failure::new(
                Status::Failed,
                "passcode-needed",
                "This link asks for a passcode, and there is no terminal to ask on. Set KOSHA_PASSCODE to it.",
            )
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
        return Err(Failure::new(
            Status::Usage,
            "not-agreed",
            "There is no terminal to ask on. Add --yes to agree beforehand.",
        ));
    }
    let mut err = std::io::stderr().lock();
    write!(err, "{question} [y/N] ")?;
    err.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn variable(name: &str) -> Option<Secret> {
    std::env::var(name).ok().filter(|text| !text.is_empty()).map(|text| Secret::new(text.into_bytes()))
}

fn twice(first: &str, second: &str, differ: &str) -> Result<Secret, Failure> {
    let chosen = hidden(first)?;
    let again = hidden(second)?;
    if chosen.expose() == again.expose() {
        Ok(chosen)
    } else {
        Err(Failure::new(Status::Failed, "not-the-same", differ))
    }
}

fn hidden(question: &str) -> Result<Secret, Failure> {
    ask(question).map_err(|_| {
        Failure::new(
            Status::Locked,
            "locked",
            "The passphrase is needed, and there is no terminal to ask on. Set KOSHA_PASSPHRASE to it.",
        )
    })
}

fn ask(question: &str) -> std::io::Result<Secret> {
    rpassword::prompt_password(question).map(|text| Secret::new(text.into_bytes()))
}
