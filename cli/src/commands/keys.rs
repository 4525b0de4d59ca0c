//! `recovery`, `passphrase`, `rotate`.

use kosha::recovery::{NewRecovery, WayChanged};
use kosha::rotate::Rotated;
use kosha::{Secret, Session};
use serde::Serialize;

use super::Context;
use crate::args::{Recovery, RecoveryAction};
use crate::output::{Failure, Status};
use crate::{prompt, terminal};

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
        return Err(Failure::new(
            Status::Usage,
            "not-agreed",
            "There is no terminal to show the words on. Add --yes to print them to standard output.",
        ));
    }
    let mut session = context.unlock()?;
    let new = session.new_recovery()?;
    if yes {
        let changed = session.use_recovery(&new)?;
        let words = new.words();
        context.output.print(&Made { words: &words, changed }, || vec![words.to_string()])?;
        return Ok(Status::Done);
    }
    show_once(&new)?;
    ask_back(&new)?;
    let changed = session.use_recovery(&new)?;
    context.output.print(&changed, || {
        vec![
            "The 24 words open this vault from now on. They are not kept anywhere but on your paper."
                .to_owned(),
            "To open with them: kosha --recovery COMMAND".to_owned(),
        ]
    })?;
    Ok(Status::Done)
}

/// Shows the words until the person says that they are written down, then takes them off the screen.
fn show_once(new: &NewRecovery) -> Result<(), Failure> {
    let words = new.words();
    let mut text = String::with_capacity(1024);
    text.push_str("Write these 24 words on paper, in this order. They are shown once and kept nowhere.\n");
    text.push_str("Whoever has them and a copy of the vault can read it. They open nothing until you have typed three of them back.\n\n");
    let words: Vec<&str> = words.split(' ').collect();
    for row in 0..8 {
        for column in 0..3 {
            let at = column * 8 + row;
            let word = words.get(at).copied().unwrap_or_default();
            let number = (at + 1).to_string();
            text.extend([" ".repeat(4_usize.saturating_sub(number.len())), number, format!(". {word:<10}")]);
        }
        text.push('\n');
    }
    prompt::show_until_enter(Secret::new(text.into_bytes()), "\nPress Enter when they are written down. ")
}

fn ask_back(new: &NewRecovery) -> Result<(), Failure> {
    for position in new.questions() {
        let mut right = false;
        for _ in 0..TRIES {
            let typed = prompt::word(&format!("Word {position}: "))?;
            right = std::str::from_utf8(typed.expose()).is_ok_and(|word| new.is_word(*position, word));
            if right {
                break;
            }
        }
        if !right {
            return Err(Failure::new(
                Status::Failed,
                "not-the-same",
                "This is not the word at that place. Nothing was changed, and these words open nothing: run `kosha recovery` again.",
            ));
        }
    }
    Ok(())
}

fn status(context: &Context) -> Result<Status, Failure> {
    let status = context.unlock()?.recovery_status()?;
    context.output.print(&status, || {
        let way = |there: bool, name: &str| format!("{name}: {}", if there { "yes" } else { "no" });
        vec![
            way(status.ways.passphrase, "Passphrase"),
            way(status.ways.recovery, "Recovery words"),
            way(status.ways.device, "Device key"),
            status.advice.to_owned(),
        ]
    })?;
    Ok(Status::Done)
}

fn remove(context: &Context, yes: bool) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    if !yes && !prompt::agree("Take the recovery words away? They then open no new copy of this vault.")? {
        return Err(Failure::new(Status::Failed, "declined", "Nothing was changed."));
    }
    let changed = session.remove_recovery()?;
    said(
        context,
        &changed,
        "The recovery words no longer open this vault. An old copy of it still opens with them.",
    )
}

pub(crate) fn passphrase(context: &Context) -> Result<Status, Failure> {
    let mut session: Session = context.unlock()?;
    let new = prompt::changed_passphrase()?;
    let changed = session.change_passphrase(new.expose(), None)?;
    said(
        context,
        &changed,
        "The passphrase is changed. An old copy of the vault still opens with the old one.",
    )
}

fn said(context: &Context, changed: &WayChanged, sentence: &str) -> Result<Status, Failure> {
    context.output.print(changed, || {
        let mut lines = vec![sentence.to_owned()];
        match &changed.rotated {
            Some(rotated) => lines.extend(rotated_lines(rotated)),
            None => lines.push(terminal::warning(
                "The vault is damaged, so it could not be given new keys. `kosha check` names the places.",
            )),
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
    let mut lines = vec!["The vault has new keys throughout.".to_owned()];
    if !rotated.cleared {
        lines.push("The system did not let everything old be overwritten yet. It is done when the vault is opened next.".to_owned());
    }
    if rotated.old_keys_left > 0 {
        lines.push("The device's keystore has not destroyed its old key yet. It is asked again each time the vault is opened.".to_owned());
    }
    if rotated.other_devices > 0 {
        lines.push("Another device has a key for this vault; it opens old copies on that device.".to_owned());
    }
    lines
}
