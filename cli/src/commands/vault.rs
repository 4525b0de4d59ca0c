//! `init`, `check` and `log`.

use kosha::LockedWallet;
use serde_json::json;

use super::{Context, warned};
use crate::output::{Failure, Status};
use crate::{args, progress, prompt, terminal, words};

pub(crate) fn init(context: &Context) -> Result<Status, Failure> {
    let dir = context.vault_dir()?;
    LockedWallet::may_create(&dir)?;
    let passphrase = prompt::new_passphrase()?;
    drop(LockedWallet::create(&dir, passphrase.expose(), Context::environment()?)?);
    let shown = dir.to_string_lossy().into_owned();
    context.output.print(&json!({ "vault": shown }), || {
        vec![
            words::say("init-ready", &[("folder", &terminal::line(&shown))]),
            words::text("init-passphrase").to_owned(),
            words::text("init-next").to_owned(),
        ]
    })?;
    Ok(Status::Done)
}

pub(crate) fn check(context: &Context, args: &args::Check) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let accepted = if args.accept_copy { session.accept_copy()? } else { None };
    let bar = progress::bar(0);
    let report = session.check(&mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let mut report = report?;
    for warning in &mut report.warnings {
        warning.message = warned(warning);
    }
    context.output.print(&report, || {
        let mut lines = Vec::new();
        if accepted.is_some() {
            lines.push(words::text("check-accepted").to_owned());
        }
        if report.problems.is_empty() {
            lines.push(words::say("check-sound", &[("count", &report.records.to_string())]));
            if !report.ok {
                lines.push(words::text("check-otherCopy").to_owned());
            }
            return lines;
        }
        lines.push(terminal::warning(&words::counted("check-problems", report.problems.len())));
        for problem in &report.problems {
            lines.push(format!("  {}: {}", terminal::line(&problem.place), terminal::line(&problem.reason)));
            lines.extend(problem.about.iter().map(|about| format!("    {}", terminal::line(about))));
        }
        lines
    })?;
    Ok(if report.ok { Status::Done } else { Status::Failed })
}

/// What an event is called; the code of one that is not known.
pub(super) fn event_name(code: &str) -> &str {
    words::find("event", code).unwrap_or(code)
}

pub(crate) fn log(context: &Context) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let fresh = session.refresh_shares();
    let log = session.log()?;
    context.output.print(&log, || {
        let mut lines: Vec<String> = log
            .entries
            .iter()
            .map(|entry| {
                let event = terminal::column(event_name(&entry.event), 20);
                let when = terminal::time(&entry.time);
                format!("{:>4}  {when}  {event}  {}", entry.index, terminal::line(&entry.detail))
            })
            .collect();
        if lines.is_empty() {
            lines.push(words::text("history-none").to_owned());
        }
        if !fresh.is_complete() {
            lines.push(terminal::faint(words::text("history-stale")));
        }
        lines
    })?;
    Ok(Status::Done)
}
