//! `import`.

use kosha::import::{FileReport, ImportReport, Note};

use super::Context;
use super::people::AskOnTerminal;
use crate::output::{Failure, Status};
use crate::progress::ImportProgress;
use crate::{args, terminal};

/// Most reasons that are listed as text for one file.
const MOST_REASONS: usize = 20;

pub(crate) fn import(context: &Context, args: args::Import) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let mut progress = ImportProgress::new(args.progress, context.output.json);
    let wish = kosha::import::ImportWish { paths: args.paths, person: args.person };
    let result = match AskOnTerminal::new(progress.bar()) {
        Some(mut asker) => session.import_asking(&wish, &mut progress, &mut asker),
        None => session.import(&wish, &mut progress),
    };
    drop(progress);
    let report = result?;
    context.output.print(&report, || lines(&report))?;
    if let Some(stopped) = &report.stopped {
        return Err(stopped.clone().into());
    }
    let totals = &report.totals;
    let kept = totals.stored + totals.updated + totals.duplicate;
    Ok(match (totals.refused, kept) {
        (0, _) => Status::Done,
        (_, 0) => Status::Failed,
        _ => Status::Partly,
    })
}

fn lines(report: &ImportReport) -> Vec<String> {
    let mut lines = Vec::new();
    for file in &report.files {
        push_file(file, &mut lines);
    }
    let totals = &report.totals;
    let mut sum = vec![format!("{} new", totals.stored)];
    for (count, word) in [
        (totals.updated, "updated"),
        (totals.duplicate, "known already"),
        (totals.skipped, "passed over"),
        (totals.refused, "refused"),
    ] {
        if count > 0 {
            sum.push(format!("{count} {word}"));
        }
    }
    let files = if totals.files == 1 { "1 file".to_owned() } else { format!("{} files", totals.files) };
    lines.push(terminal::strong(&format!("{files}: {}", sum.join(", "))));
    lines
}

/// A file that came in whole needs no line of its own.
fn push_file(file: &FileReport, lines: &mut Vec<String>) {
    let notes = [("refused", &file.refused), ("passed over", &file.skipped), ("note", &file.warnings)];
    if notes.iter().all(|(_, notes)| notes.is_empty()) {
        return;
    }
    lines.push(terminal::line(&file.file));
    let mut said = 0_usize;
    for (word, notes) in notes {
        for note in notes {
            said += 1;
            if said <= MOST_REASONS {
                lines.push(format!("  {}: {}", word, sentence(note)));
            }
        }
    }
    if said > MOST_REASONS {
        lines.push(format!("  and {} more; --json lists all", said - MOST_REASONS));
    }
}

fn sentence(note: &Note) -> String {
    let text = terminal::line(note.text);
    match &note.entry {
        kosha::import::Place::File => text,
        kosha::import::Place::Entry(ordinal) => format!("entry {ordinal}: {text}"),
    }
}
