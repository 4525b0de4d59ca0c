//! `backup` and `restore`.

use kosha::LockedWallet;
use kosha::backup::{BackupReport, BackupSeen};
use kosha::restore::RestoreWish;
use serde_json::json;

use super::Context;
use crate::output::{Failure, Status};
use crate::progress::Work;
use crate::{args, terminal};

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
        ("new", _) => "A new backup was made.",
        ("added", _) => "What is new was added to the backup.",
        (_, Some("keys-replaced")) => {
            "The vault's keys are other ones than those of the backup that was here. A new one took its place."
        }
        (_, Some("secrets-changed")) => {
            "The vault opens with another passphrase or phrase than the backup that was here. A new one took its place."
        }
        _ => "A new backup took the place of the one that was here.",
    };
    let mut lines = vec![
        terminal::strong(what),
        format!(
            "New in it: {} records, {} files, {} attachments, {} log entries; {} written",
            new.records,
            new.documents,
            new.attachments,
            new.log,
            size(report.written)
        ),
    ];
    lines.extend(seen(&report.backup));
    if !report.damaged.is_empty() {
        lines.push(terminal::warning(&format!(
            "{} of the attachments are damaged, in the vault and now in the backup. Attach or import their files again, then make the backup anew with --full.",
            report.damaged.len()
        )));
    }
    lines.push(
        "It opens with the passphrase or the recovery phrase of the vault, and with nothing else.".to_owned(),
    );
    lines
}

fn seen(backup: &BackupSeen) -> Vec<String> {
    vec![
        format!(
            "It holds {} records and {} attachments as of {}, {} in all",
            backup.records,
            backup.attachments,
            terminal::time(&backup.made),
            size(backup.bytes)
        ),
        terminal::faint(&terminal::line(&backup.checkpoint.replace('\n', " "))),
    ]
}

/// A refusal, and what to type next.
fn with_next(error: kosha::Error, next: Option<&str>) -> Failure {
    let mut failure = Failure::from(error);
    if let Some(next) = next {
        failure.message = format!("{} {next}", failure.message);
    }
    failure
}

/// Why nothing was added to a backup, or none was made.
fn added(error: kosha::Error, full: bool) -> Failure {
    let next = match error.code() {
        "backup-altered" | "backup-cut-short" | "backup-surplus" | "backup-mixed" if !full => Some(
            "Nothing was added to it. `kosha backup FILE --full` makes a whole new one, and only then lets it take this one's place.",
        ),
        "newer-backup" => Some("Until then, choose another file for the backup."),
        _ => None,
    };
    with_next(error, next)
}

/// Why a backup does not bear being relied on, to somebody who may still have the vault.
fn verified(error: kosha::Error) -> Failure {
    let next = match error.code() {
        "backup-unfinished" => Some(
            "As long as the vault is there, `kosha backup FILE` goes on with it. Without it, `kosha restore FILE --last-whole` takes what is whole.",
        ),
        "backup-surplus" => Some(
            "As long as the vault is there, `kosha backup FILE --full` makes a whole new one. Without it, `kosha restore FILE --last-whole` takes what is whole.",
        ),
        "backup-altered" | "backup-cut-short" | "backup-mixed" => Some(
            "As long as the vault is there, `kosha backup FILE --full` makes a whole new one. Without it, take another copy of the backup; `kosha restore FILE --last-whole` brings back the last state in front of the damage, if one is whole.",
        ),
        "backup-unsound" => {
            Some("`kosha restore FILE --damaged` takes what is readable, and names the rest.")
        }
        "no-scratch" => Some("Set TMPDIR to a folder with as much room as the backup has bytes."),
        "disk-full" => Some(
            "Verifying takes as much room as the backup has bytes, in the folder for temporary files; TMPDIR names another one.",
        ),
        _ => None,
    };
    with_next(error, next)
}

/// Why nothing was restored, to somebody who may have nothing but this backup.
fn restored(error: kosha::Error, last_whole: bool) -> Failure {
    let next = match error.code() {
        "backup-unfinished" | "backup-surplus" => Some("`kosha restore FILE --last-whole` takes that."),
        "backup-altered" | "backup-mixed" if !last_whole => Some(
            "Take another copy of the backup, if there is one. Else `kosha restore FILE --last-whole` brings back the last state in front of the damage, if one is whole.",
        ),
        "backup-altered" | "backup-mixed" | "backup-cut-short" => {
            Some("No state in it is whole. Take another copy of the backup.")
        }
        "backup-unsound" => {
            Some("`kosha restore FILE --damaged` takes what is readable, and names the rest.")
        }
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
            return if unit == "bytes" { format!("{value} bytes") } else { format!("{value}.{rest} {unit}") };
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
        let mut lines = vec![terminal::strong(
            "The backup is whole: every seal, the set of rows, the files and the log.",
        )];
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
            vec![format!("Vaults put aside by earlier restores, now removed: {removed}")]
        })?;
        return Ok(Status::Done);
    }
    let file = args.file.as_ref().ok_or_else(|| Failure::usage("Say which backup."))?;
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
            vec![terminal::strong(&format!("Your vault is restored in {}", terminal::line(&shown)))];
        lines.extend(seen(&report.backup));
        if let Some(aside) = &report.replaced {
            lines.push(format!(
                "The vault that was here is now in {}",
                terminal::line(&aside.to_string_lossy())
            ));
            lines.push("`kosha restore --discard-old` removes it.".to_owned());
        }
        if !report.problems.is_empty() {
            lines.push(terminal::warning(&format!("Damaged in it: {}", report.problems.len())));
            lines.extend(report.problems.iter().map(|problem| {
                format!("  {}: {}", terminal::line(&problem.place), terminal::line(&problem.reason))
            }));
        }
        lines
    })?;
    Ok(if report.problems.is_empty() { Status::Done } else { Status::Partly })
}
