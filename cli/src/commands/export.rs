//! `export`.

use super::Context;
use crate::output::{Failure, Status};
use crate::progress::Work;
use crate::{args, prompt, terminal, words};

pub(crate) fn export(context: &Context, args: &args::Export) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    if !args.yes {
        if prompt::can_ask() {
            prompt::say(words::text("export-plain"))?;
        }
        if !prompt::agree(words::text("export-agree"))? {
            return Err(Failure::new(Status::Failed, "declined", words::text("export-declined")));
        }
    }
    let mut work = Work::new(args.progress, context.output.json);
    let result = session.export(&args.dir, args.person.as_deref(), &mut |done, total| work.tell(done, total));
    drop(work);
    let report = result?;
    context.output.print(&report, || {
        let mut lines = vec![
            terminal::strong(&words::say_all(
                "export-written",
                &[
                    ("records", report.records.to_string()),
                    ("persons", report.persons.to_string()),
                    ("documents", report.documents.to_string()),
                    ("bundled", report.bundled.to_string()),
                    ("attachments", report.attachments.to_string()),
                ],
            )),
            words::text("export-open").to_owned(),
            terminal::warning(words::text("export-plain")),
        ];
        if !report.unreadable.is_empty() {
            lines.push(terminal::warning(&words::counted("export-unreadable", report.unreadable.len())));
            lines.extend(report.unreadable.iter().take(20).map(|id| format!("  {}", terminal::line(id))));
        }
        lines
    })?;
    Ok(if report.unreadable.is_empty() { Status::Done } else { Status::Partly })
}
