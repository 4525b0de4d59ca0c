//! `import`.

use kosha::import::{FileReport, ImportReport, Note};

use super::Context;
use super::people::AskOnTerminal;
use crate::output::{Failure, Status};
use crate::progress::ImportProgress;
use crate::{args, terminal, words};

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
    let mut sum = vec![words::counted("import-new", totals.stored)];
    for (count, id) in [
        (totals.updated, "import-updated"),
        (totals.duplicate, "import-duplicate"),
        (totals.skipped, "import-skipped"),
        (totals.refused, "import-refused"),
    ] {
        if count > 0 {
            sum.push(words::counted(id, count));
        }
    }
    let places = [("count", totals.files.to_string()), ("sum", sum.join(", "))];
    lines.push(terminal::strong(&words::say_all("import-total", &places)));
    lines
}

/// A file that came in whole needs no line of its own.
fn push_file(file: &FileReport, lines: &mut Vec<String>) {
    let notes = [
        ("import-lineRefused", &file.refused),
        ("import-lineSkipped", &file.skipped),
        ("import-lineNote", &file.warnings),
    ];
    if notes.iter().all(|(_, notes)| notes.is_empty()) {
        return;
    }
    lines.push(terminal::line(&file.file));
    let mut said = 0_usize;
    for (id, notes) in notes {
        for note in notes {
            said += 1;
            if said <= MOST_REASONS {
                lines.push(format!("  {}", words::say(id, &[("text", &sentence(note))])));
            }
        }
    }
    if said > MOST_REASONS {
        lines.push(format!("  {}", words::counted("import-more", said - MOST_REASONS)));
    }
}

fn sentence(note: &Note) -> String {
    let text = terminal::line(note.text);
    match &note.entry {
        kosha::import::Place::File => text,
        kosha::import::Place::Entry(ordinal) => {
            words::say("import-entry", &[("n", &ordinal.to_string()), ("text", &text)])
        }
    }
}
