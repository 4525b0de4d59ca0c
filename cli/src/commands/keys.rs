//! `recovery`, `passphrase`, `rotate`.

use kosha::recovery::{NewRecovery, WayChanged};
use kosha::rotate::Rotated;
use kosha::{Secret, Session};
use serde::Serialize;

use super::Context;
use crate::args::{Recovery, RecoveryAction};
use crate::output::{Failure, Status};
use crate::{prompt, terminal, words};

/// How often a word may be typed wrongly.
const TRIES: usize = 3;

pub(crate) fn recovery(context: &Context, args: &Recovery) -> Result<Status, Failure> {
    match args.action {
        None => make(context, args.yes),
        Some(RecoveryAction::Status) => status(context),
        Some(RecoveryAction::Remove) => remove(context, args.yes),
    }
}

/// The words in JSON: only with `--yes`, since whoever reads standard output then has them.
#[derive(Serialize)]
struct Made<'a> {
    words: &'a str,
    #[serde(flatten)]
    changed: WayChanged,
}

fn make(context: &Context, yes: bool) -> Result<Status, Failure> {
    if !yes && !prompt::can_ask() {
        return Err(Failure::new(Status::Usage, "not-agreed", words::text("recovery-noTerminal")));
    }
    let mut session = context.unlock()?;
    let new = session.new_recovery()?;
    if yes {
        let changed = session.use_recovery(&new)?;
        let phrase = new.words();
        context.output.print(&Made { words: &phrase, changed }, || vec![phrase.to_string()])?;
        return Ok(Status::Done);
    }
    show_once(&new)?;
    ask_back(&new)?;
    let changed = session.use_recovery(&new)?;
    context.output.print(&changed, || {
        vec![words::text("recovery-made").to_owned(), words::text("recovery-use").to_owned()]
    })?;
    Ok(Status::Done)
}

/// Shows the words until the person says that they are written down, then takes them off the screen.
fn show_once(new: &NewRecovery) -> Result<(), Failure> {
    let phrase = new.words();
    let mut text = String::with_capacity(1024);
    text.extend([words::text("recovery-write"), "\n", words::text("recovery-whoever"), "\n\n"]);
    let each: Vec<&str> = phrase.split(' ').collect();
    for row in 0..8 {
        for column in 0..3 {
            let at = column * 8 + row;
            let word = each.get(at).copied().unwrap_or_default();
            let number = (at + 1).to_string();
            text.extend([" ".repeat(4_usize.saturating_sub(number.len())), number, format!(". {word:<10}")]);
        }
        text.push('\n');
    }
    let question = format!("\n{} ", words::text("recovery-enter"));
    prompt::show_until_enter(Secret::new(text.into_bytes()), &question)
}

fn ask_back(new: &NewRecovery) -> Result<(), Failure> {
    for position in new.questions() {
        let mut right = false;
        for _ in 0..TRIES {
            let typed =
                prompt::word(&format!("{} ", words::say("recovery-word", &[("n", &position.to_string())])))?;
            right = std::str::from_utf8(typed.expose()).is_ok_and(|word| new.is_word(*position, word));
            if right {
                break;
            }
        }
        if !right {
            return Err(Failure::new(Status::Failed, "not-the-same", words::text("recovery-wrongWord")));
        }
    }
    Ok(())
}

fn status(context: &Context) -> Result<Status, Failure> {
    let status = context.unlock()?.recovery_status()?;
    context.output.print(&status, || {
        let way = |there: bool, id: &str| {
            let there = words::text(if there { "ways-yes" } else { "ways-no" });
            format!("{}: {there}", words::text(id))
        };
        vec![
            way(status.ways.passphrase, "ways-passphrase"),
            way(status.ways.recovery, "ways-recovery"),
            way(status.ways.device, "ways-device"),
            status.advice.to_owned(),
        ]
    })?;
    Ok(Status::Done)
}

fn remove(context: &Context, yes: bool) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    if !yes && !prompt::agree(words::text("recovery-removeAgree"))? {
        return Err(Failure::new(Status::Failed, "declined", words::text("recovery-declined")));
    }
    let changed = session.remove_recovery()?;
    said(context, &changed, words::text("recovery-removed"))
}

pub(crate) fn passphrase(context: &Context) -> Result<Status, Failure> {
    let mut session: Session = context.unlock()?;
    let new = prompt::changed_passphrase()?;
    let changed = session.change_passphrase(new.expose(), None)?;
    said(context, &changed, words::text("rotate-passphrase"))
}

fn said(context: &Context, changed: &WayChanged, sentence: &str) -> Result<Status, Failure> {
    context.output.print(changed, || {
        let mut lines = vec![sentence.to_owned()];
        match &changed.rotated {
            Some(rotated) => lines.extend(rotated_lines(rotated)),
            None => lines.push(terminal::warning(words::text("rotate-damaged"))),
        }
        lines
    })?;
    Ok(Status::Done)
}

pub(crate) fn rotate(context: &Context) -> Result<Status, Failure> {
    let rotated = context.unlock()?.rotate()?;
    context.output.print(&serde_json::json!({ "rotated": rotated }), || rotated_lines(&rotated))?;
    Ok(Status::Done)
}

pub(crate) fn rotated_lines(rotated: &Rotated) -> Vec<String> {
    let mut lines = vec![words::text("rotate-done").to_owned()];
    if !rotated.cleared {
        lines.push(words::text("rotate-notCleared").to_owned());
    }
    if rotated.old_keys_left > 0 {
        lines.push(words::text("rotate-oldKeys").to_owned());
    }
    if rotated.other_devices > 0 {
        lines.push(words::text("rotate-otherDevices").to_owned());
    }
    lines
}
