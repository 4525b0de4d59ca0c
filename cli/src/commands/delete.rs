//! `delete`.

use kosha::delete::DeletionPlan;
use kosha::show::DocumentLine;

use super::{Context, keys, share};
use crate::output::{Failure, Status};
use crate::{args, prompt, terminal, words};

pub(crate) fn delete(context: &Context, args: &args::Delete) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let plan = session.plan_deletion(&args.ids)?;
    // With JSON and nobody to ask, standard error is for the error alone.
    if (!args.yes && prompt::can_ask()) || !context.output.json {
        let mut text = lines(&plan).join("\n");
        text.push('\n');
        std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes())?;
    }
    if !args.yes && !prompt::agree(words::text("delete-agree"))? {
        return Err(Failure::new(Status::Failed, "declined", words::text("delete-declined")));
    }
    let deleted = session.delete(&args.ids)?;
    context.output.print(&deleted, || {
        let mut lines = vec![words::counted("delete-done", deleted.deleted.records.len())];
        lines.extend(keys::rotated_lines(&deleted.rotated));
        lines
    })?;
    Ok(Status::Done)
}

fn lines(plan: &DeletionPlan) -> Vec<String> {
    let mut lines = vec![terminal::strong(words::text("delete-goes"))];
    lines.extend(plan.records.iter().map(|record| {
        let date = record.date.as_deref().unwrap_or(words::text("delete-noDate"));
        format!("  {}  {}  {}", terminal::line(date), record.kind, terminal::line(&record.title))
    }));
    if plan.versions > plan.records.len() {
        lines.push(format!("  {}", words::counted("delete-versions", plan.versions - plan.records.len())));
    }
    if plan.attachments > 0 {
        let places = [("count", plan.attachments.to_string()), ("bytes", plan.attachment_bytes.to_string())];
        lines.push(format!("  {}", words::say_all("delete-attachments", &places)));
    }
    files(&mut lines, words::text("delete-filesGone"), &plan.files_gone);
    files(&mut lines, words::text("delete-filesOpened"), &plan.files_opened);
    lines.push(terminal::strong(words::text("delete-notReached")));
    lines.extend(plan.not_reached.sentences.iter().map(|sentence| format!("  {}", terminal::line(sentence))));
    lines.extend(plan.not_reached.shares.iter().map(|share| {
        let recipient = share.recipient.as_deref().unwrap_or(words::text("delete-nobody"));
        let places = [
            ("id", terminal::line(share.id.get(..8).unwrap_or(&share.id))),
            ("time", terminal::time(&share.granted)),
            ("name", terminal::line(recipient)),
            ("state", share::state_text(share.state).to_owned()),
            ("opened", share::opened(share.views)),
        ];
        format!("  {}", words::say_all("delete-share", &places))
    }));
    lines
}

fn files(lines: &mut Vec<String>, heading: &str, files: &[DocumentLine]) {
    if !files.is_empty() {
        lines.push(heading.to_owned());
        lines.extend(files.iter().map(|file| format!("  {}", terminal::line(&file.name))));
    }
}
