//! `export`.

use super::Context;
use crate::output::{Failure, Status};
use crate::progress::Work;
use crate::{args, prompt, terminal};

const WARNING: &str = "Everything is written in plain form: whoever can open the folder can read all of it, and Kosha cannot take it back.";

pub(crate) fn export(context: &Context, args: &args::Export) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    if !args.yes {
        if prompt::can_ask() {
            prompt::say(WARNING)?;
        }
        if !prompt::agree("Write it?")? {
            return Err(Failure::new(Status::Failed, "declined", "Nothing was written."));
        }
    }
    let mut work = Work::new(args.progress, context.output.json);
    let result = session.export(&args.dir, args.person.as_deref(), &mut |done, total| work.tell(done, total));
    drop(work);
    let report = result?;
    context.output.print(&report, || {
        let mut lines = vec![
            terminal::strong(&format!(
                "{} records of {} persons: {} files that came in, {} records in bundles, {} attachments.",
                report.records, report.persons, report.documents, report.bundled, report.attachments
            )),
            "Open index.html in it with any browser.".to_owned(),
            terminal::warning(WARNING),
        ];
        if !report.unreadable.is_empty() {
            lines.push(terminal::warning(&format!("Could not be read: {}", report.unreadable.len())));
            lines.extend(report.unreadable.iter().take(20).map(|id| format!("  {}", terminal::line(id))));
        }
        lines
    })?;
    Ok(if report.unreadable.is_empty() { Status::Done } else { Status::Partly })
}
