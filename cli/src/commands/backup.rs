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
    let report = result?;
    context.output.print(&report, || lines(&report))?;
    Ok(Status::Done)
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
    let report = result?;
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
    let (_session, report) = result?;
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
