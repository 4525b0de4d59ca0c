//! `delete`.

use kosha::delete::DeletionPlan;
use kosha::show::DocumentLine;

use super::{Context, keys};
use crate::output::{Failure, Status};
use crate::{args, prompt, terminal};

pub(crate) fn delete(context: &Context, args: &args::Delete) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let plan = session.plan_deletion(&args.ids)?;
    // With JSON and nobody to ask, standard error is for the error alone.
    if (!args.yes && prompt::can_ask()) || !context.output.json {
        let mut text = lines(&plan).join("\n");
        text.push('\n');
        std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes())?;
    }
    if !args.yes && !prompt::agree("Delete this for good?")? {
        return Err(Failure::new(Status::Failed, "declined", "Nothing was deleted."));
    }
    let deleted = session.delete(&args.ids)?;
    context.output.print(&deleted, || {
        let mut lines = vec![format!("Deleted: {} record(s).", deleted.deleted.records.len())];
        lines.extend(keys::rotated_lines(&deleted.rotated));
        lines
    })?;
    Ok(Status::Done)
}

fn lines(plan: &DeletionPlan) -> Vec<String> {
    let mut lines = vec![terminal::strong("This goes for good:")];
    lines.extend(plan.records.iter().map(|record| {
        let date = record.date.as_deref().unwrap_or("no date");
        format!("  {}  {}  {}", terminal::line(date), record.kind, terminal::line(&record.title))
    }));
    if plan.versions > plan.records.len() {
        lines.push(format!("  with {} earlier version(s)", plan.versions - plan.records.len()));
    }
    if plan.attachments > 0 {
        lines.push(format!("  {} attachment(s), {} bytes", plan.attachments, plan.attachment_bytes));
    }
    files(&mut lines, "Files that go too, for nothing else was in them:", &plan.files_gone);
    files(
        &mut lines,
        "Files that are not kept as they came in any more (parts of them that were no records go; their other records stay):",
        &plan.files_opened,
    );
    lines.push(terminal::strong("What this does not reach:"));
    lines.extend(plan.not_reached.sentences.iter().map(|sentence| format!("  {}", terminal::line(sentence))));
    lines.extend(plan.not_reached.shares.iter().map(|share| {
        let recipient = share.recipient.as_deref().unwrap_or("nobody named");
        format!(
            "  share {}: {}, for {}, {}, opened {} time(s)",
            terminal::line(share.id.get(..8).unwrap_or(&share.id)),
            terminal::time(&share.granted),
            terminal::line(recipient),
            share.state,
            share.views
        )
    }));
    lines
}

fn files(lines: &mut Vec<String>, heading: &str, files: &[DocumentLine]) {
    if !files.is_empty() {
        lines.push(heading.to_owned());
        lines.extend(files.iter().map(|file| format!("  {}", terminal::line(&file.name))));
    }
}
