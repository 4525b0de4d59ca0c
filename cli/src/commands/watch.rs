//! `shares --watch`: each opening as it happens, with the vault closed while there is nothing to tell.

use std::io::Write;
use std::time::{Duration, Instant};

use kosha::Session;
use kosha::watch::{NewView, Watcher};

use super::{Context, Given};
use crate::output::{Failure, Status};
use crate::{records, terminal, words};

/// Longest time for which the vault stays closed: shares that other commands made or stopped are then seen.
const MOST_QUIET: Duration = Duration::from_mins(5);
/// How long to wait for another command that has the vault open, and how long between two tries.
const MOST_PATIENCE: Duration = Duration::from_mins(10);
const TRY_AGAIN: Duration = Duration::from_millis(300);

pub(crate) fn watch(context: &Context) -> Result<Status, Failure> {
    // Without a vault nobody is asked for its passphrase.
    context.locked()?;
    let given = context.given()?;
    let mut watcher = Watcher::new();
    let mut reached = true;
    let mut before = None;
    loop {
        let told = {
            let patience = if before.is_some() { MOST_PATIENCE } else { Duration::ZERO };
            let mut session = open(context, &given, patience)?;
            if before.is_none() {
                context.warn(&session);
            }
            session.tell(&mut watcher)?
        };
        for view in &told.views {
            context.output.print(view, || vec![line(view)])?;
        }
        if let Some(error) = told.stopped {
            return Err(error.into());
        }
        if reached && !told.freshness.is_complete() {
            note(context, words::text("watch-unreached"));
        }
        reached = told.freshness.is_complete();
        if before != Some(watcher.active()) {
            note(context, &words::counted("watch-following", watcher.active()));
            before = Some(watcher.active());
        }
        if watcher.active() == 0 {
            return Ok(Status::Done);
        }
        watcher.wait(MOST_QUIET);
    }
}

/// Opens the vault; where another command has it open, tries again for so long.
fn open(context: &Context, given: &Given, patience: Duration) -> Result<Session, Failure> {
    let begun = Instant::now();
    loop {
        match context.locked()?.unlock(&given.unlock()) {
            Err(kosha::Error::InUse) if begun.elapsed() < patience => std::thread::sleep(TRY_AGAIN),
            opened => return Ok(opened?),
        }
    }
}

fn line(view: &NewView) -> String {
    let who = view.recipient.as_deref().map_or_else(
        || words::text("watch-openedNameless").to_owned(),
        |name| words::say("watch-opened", &[("name", &terminal::line(name))]),
    );
    format!("{}  {}  {who}", terminal::time(&view.time), records::short(&view.share))
}

/// What is no opening goes to standard error, and with `--json` nowhere.
fn note(context: &Context, text: &str) {
    if !context.output.json {
        // A closed standard error leaves nobody to tell.
        drop(writeln!(std::io::stderr(), "{}", terminal::faint(text)));
    }
}
