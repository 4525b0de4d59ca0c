//! `backup` and `restore`.

use kosha::LockedWallet;
use kosha::backup::{BackupReport, BackupSeen};
use kosha::restore::RestoreWish;
use serde_json::json;

use super::Context;
use crate::output::{Failure, Status};
use crate::progress::Work;
use crate::{args, terminal, words};

pub(crate) fn backup(context: &Context, args: &args::Backup) -> Result<Status, Failure> {
    if args.verify {
        return verify(context, args);
    }
    let mut session = context.unlock()?;
    let mut work = Work::new(args.progress, context.output.json);
    let result = session.backup(&args.file, args.full, &mut |done, total| work.tell(done, total));
    drop(work);
    let report = result.map_err(|error| added(error, args.full))?;
    context.output.print(&report, || lines(&report))?;
    Ok(if report.damaged.is_empty() { Status::Done } else { Status::Partly })
}

fn lines(report: &BackupReport) -> Vec<String> {
    let new = &report.new;
    let what = match (report.outcome, report.reason) {
        ("new", _) => "backup-new",
        ("added", _) => "backup-added",
        (_, Some("keys-replaced")) => "backup-otherKeys",
        (_, Some("secrets-changed")) => "backup-otherSecrets",
        _ => "backup-replaced",
    };
    let mut lines = vec![
        terminal::strong(words::text(what)),
        words::say_all(
            "backup-newInIt",
            &[
                ("records", new.records.to_string()),
                ("files", new.documents.to_string()),
                ("attachments", new.attachments.to_string()),
                ("log", new.log.to_string()),
                ("size", size(report.written)),
            ],
        ),
    ];
    lines.extend(seen(&report.backup));
    if !report.damaged.is_empty() {
        lines.push(terminal::warning(&words::counted("backup-damaged", report.damaged.len())));
    }
    lines.push(words::text("backup-opens").to_owned());
    lines
}

fn seen(backup: &BackupSeen) -> Vec<String> {
    vec![
        words::say_all(
            "backup-holds",
            &[
                ("records", backup.records.to_string()),
                ("attachments", backup.attachments.to_string()),
                ("time", terminal::time(&backup.made)),
                ("size", size(backup.bytes)),
            ],
        ),
        terminal::faint(&terminal::line(&backup.checkpoint.replace('\n', " "))),
    ]
}

/// A refusal, and what to type next.
fn with_next(error: kosha::Error, next: Option<&str>) -> Failure {
    let mut failure = Failure::from(error);
    if let Some(next) = next {
        failure.then(next);
    }
    failure
}

/// Why nothing was added to a backup, or none was made.
fn added(error: kosha::Error, full: bool) -> Failure {
    let next = match error.code() {
        "backup-altered" | "backup-cut-short" | "backup-surplus" | "backup-mixed" if !full => {
            Some(words::text("backup-nextFull"))
        }
        "newer-backup" => Some(words::text("backup-nextOther")),
        _ => None,
    };
    with_next(error, next)
}

/// Why a backup does not bear being relied on, to somebody who may still have the vault.
fn verified(error: kosha::Error) -> Failure {
    let next = match error.code() {
        "backup-unfinished" => Some(words::text("backup-nextGoOn")),
        "backup-surplus" => Some(words::text("backup-nextAnew")),
        "backup-altered" | "backup-cut-short" | "backup-mixed" => Some(words::text("backup-nextCopy")),
        "backup-unsound" => Some(words::text("restore-nextReadable")),
        "no-scratch" => Some(words::text("backup-nextScratch")),
        "disk-full" => Some(words::text("backup-nextRoom")),
        _ => None,
    };
    with_next(error, next)
}

/// Why nothing was restored, to somebody who may have nothing but this backup.
fn restored(error: kosha::Error, last_whole: bool) -> Failure {
    let next = match error.code() {
        "backup-unfinished" | "backup-surplus" => Some(words::text("restore-nextLastWhole")),
        "backup-altered" | "backup-mixed" if !last_whole => Some(words::text("restore-nextCopy")),
        "backup-altered" | "backup-mixed" | "backup-cut-short" => Some(words::text("restore-nextNone")),
        "backup-unsound" => Some(words::text("restore-nextReadable")),
        _ => None,
    };
    with_next(error, next)
}

/// A number of bytes, for people.
fn size(bytes: u64) -> String {
    let mut value = bytes;
    let mut rest = 0;
    for unit in ["bytes", "KB", "MB", "GB"] {
        if value < 1000 {
            return if unit == "bytes" {
                words::say("backup-bytes", &[("count", &value.to_string())])
            } else {
                format!("{value}.{rest} {unit}")
            };
        }
        (value, rest) = (value / 1000, value % 1000 / 100);
    }
    format!("{value}.{rest} TB")
}

fn verify(context: &Context, args: &args::Backup) -> Result<Status, Failure> {
    let environment = Context::environment()?;
    let given = context.given()?;
    let mut work = Work::new(args.progress, context.output.json);
    let result = kosha::backup::verify_backup(
        &args.file,
        &given.unlock(),
        &environment,
        &std::env::temp_dir(),
        &mut |done, total| work.tell(done, total),
    );
    drop(work);
    let report = result.map_err(verified)?;
    context.output.print(&json!({ "ok": true, "backup": report }), || {
        let mut lines = vec![terminal::strong(words::text("backup-whole"))];
        lines.extend(seen(&report));
        lines
    })?;
    Ok(Status::Done)
}

pub(crate) fn restore(context: &Context, args: &args::Restore) -> Result<Status, Failure> {
    let dir = context.vault_dir()?;
    if args.discard_old {
        let wallet = LockedWallet::open(&dir, Context::environment()?)?;
        let given = context.given()?;
        let removed = wallet.discard_replaced(&given.unlock())?;
        context.output.print(&json!({ "removed": removed }), || {
            vec![words::say("restore-removed", &[("count", &removed.to_string())])]
        })?;
        return Ok(Status::Done);
    }
    let file = args.file.as_ref().ok_or_else(|| Failure::usage(words::text("restore-which")))?;
    if !args.replace {
        LockedWallet::may_create(&dir)?;
    }
    let environment = Context::environment()?;
    let given = context.given()?;
    let mut work = Work::new(args.progress, context.output.json);
    let result = LockedWallet::restore(
        file,
        &dir,
        &given.unlock(),
        RestoreWish { replace: args.replace, last_whole: args.last_whole, damaged: args.damaged },
        environment,
        &mut |done, total| work.tell(done, total),
    );
    drop(work);
    let (_session, report) = result.map_err(|error| restored(error, args.last_whole))?;
    let shown = dir.to_string_lossy().into_owned();
    context.output.print(&json!({ "vault": shown, "restored": report }), || {
        let mut lines =
            vec![terminal::strong(&words::say("restore-done", &[("folder", &terminal::line(&shown))]))];
        lines.extend(seen(&report.backup));
        if let Some(aside) = &report.replaced {
            let folder = terminal::line(&aside.to_string_lossy());
            lines.push(words::say("restore-aside", &[("folder", &folder)]));
            lines.push(words::text("restore-discard").to_owned());
        }
        if !report.problems.is_empty() {
            lines.push(terminal::warning(&words::counted("restore-damaged", report.problems.len())));
            lines.extend(report.problems.iter().map(|problem| {
                format!("  {}: {}", terminal::line(&problem.place), terminal::line(&problem.reason))
            }));
        }
        lines
    })?;
    Ok(if report.problems.is_empty() { Status::Done } else { Status::Partly })
}
