//! `view`: what a doctor does with a link.

use std::path::Path;

use kosha::view::{ViewWish, Viewed};

use super::{Context, text_argument};
use crate::output::{Failure, Output, Status};
use crate::{args, new_file, prompt, terminal, words};

pub(crate) fn view(context: &Context, args: &args::View) -> Result<Status, Failure> {
    let environment = Context::environment()?;
    let mut wish = ViewWish {
        link: text_argument(&args.link)?,
        recipient: args.recipient.clone(),
        allow_loopback: args.allow_loopback,
        passcode: None,
    };
    if let Some(passcode) = prompt::passcode_given() {
        wish = wish.with_passcode(&passcode);
    }
    let mut result = kosha::view::view(&environment, &wish);
    if wish.passcode.is_none() && matches!(result, Err(kosha::Error::PasscodeNeeded)) && !context.output.json
    {
        wish = wish.with_passcode(&prompt::passcode()?);
        result = kosha::view::view(&environment, &wish);
    }
    let viewed = result?;
    let kept = args.checkpoint.as_deref().map(|file| keep(&viewed, file));
    if args.original {
        for file in viewed.originals() {
            Output::raw(file)?;
            Output::raw(b"\n")?;
        }
    } else {
        context.output.print(&viewed, || lines(&viewed))?;
    }
    kept.transpose()?;
    Ok(Status::Done)
}

/// Writes the checkpoint of the sender's log; what was opened is shown in any case.
fn keep(viewed: &Viewed, file: &Path) -> Result<(), Failure> {
    let Some(checkpoint) = &viewed.checkpoint else {
        let message = words::text("view-noCheckpoint");
        return Err(Failure::new(Status::Failed, "no-checkpoint", message));
    };
    new_file::write(file, checkpoint.note.as_bytes())
}

fn lines(viewed: &Viewed) -> Vec<String> {
    let width = terminal::width();
    let mut lines = Vec::new();
    if let Some(label) = &viewed.label {
        lines.push(terminal::faint(&terminal::line(label)));
    }
    if let Some(patient) = &viewed.patient {
        lines.push(terminal::strong(&terminal::line(patient)));
    }
    // Whatever is doubtful is known before the first record is read.
    for warning in &viewed.warnings {
        lines.push(terminal::warning(&terminal::line(warning)));
    }
    for section in &viewed.sections {
        lines.push(String::new());
        lines.push(terminal::strong(&terminal::line(section.title)));
        if let Some(reason) = &section.absent {
            lines.push(format!("  {}", terminal::line(reason)));
        }
        let several = viewed.persons.len() > 1;
        let mut before = None;
        for entry in &section.entries {
            if several && before != Some(&entry.person) {
                let whose = entry.person.as_deref().unwrap_or(words::text("view-whoseUnsaid"));
                lines.push(format!("  {}", terminal::strong(&terminal::line(whose))));
                before = Some(&entry.person);
            }
            let date = terminal::column(
                &terminal::line(entry.date.as_deref().map_or("", |date| date.get(..10).unwrap_or(date))),
                10,
            );
            let mut text = terminal::line(&entry.title);
            for more in std::iter::once(entry.summary.as_str()).chain(entry.chips.iter().map(String::as_str))
            {
                let more = terminal::line(more);
                if !more.is_empty() {
                    text = format!("{text} · {more}");
                }
            }
            let mut rest = terminal::wrap(&text, width.saturating_sub(14)).into_iter();
            lines.push(format!("  {date}  {}", rest.next().unwrap_or_default()));
            lines.extend(rest.map(|line| format!("{:14}{line}", "")));
        }
    }
    if let Some(checkpoint) = &viewed.checkpoint {
        lines.push(String::new());
        lines.push(terminal::faint(&words::say("view-key", &[("key", &checkpoint.fingerprint)])));
    }
    lines
}
