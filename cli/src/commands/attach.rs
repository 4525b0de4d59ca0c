//! Files that are in no FHIR: `attach`, and `show --attachment`.

use std::io::{BufWriter, Write};

use kosha::Session;
use kosha::attach::AttachWish;
use kosha::attachment::ByteRange;

use super::Context;
use crate::output::{Failure, Output, Status};
use crate::people_args::Attach;
use crate::{args, new_file, records, terminal, words};

pub(crate) fn attach(context: &Context, args: Attach) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let wish = AttachWish {
        files: args.files,
        person: args.person,
        title: args.title,
        date: args.date,
        record: args.record,
    };
    let report = session.attach(&wish)?;
    context.output.print(&report, || {
        let mut lines = Vec::new();
        for file in &report.attached {
            let known = match (file.put_back, file.updated, file.duplicate) {
                (true, ..) => "attached-putBack",
                (false, true, _) => "attached-updated",
                (false, false, true) => "attached-known",
                (false, false, false) => "attached-new",
            };
            let places = [
                ("title", file.title.clone()),
                ("type", file.content_type.clone()),
                ("bytes", file.bytes.to_string()),
            ];
            let text = terminal::line(&words::say_all(known, &places));
            lines.push(format!("{}  {text}", records::short(&file.id)));
        }
        for file in &report.refused {
            lines.push(format!("{}: {}", terminal::line(&file.file), file.text));
        }
        lines
    })?;
    Ok(match (report.attached.is_empty(), report.refused.is_empty()) {
        (_, true) => Status::Done,
        (true, false) => Status::Failed,
        (false, false) => Status::Partly,
    })
}

/// Writes the attachment, or a part of it, to the file named or to standard output.
pub(crate) fn write(session: &Session, args: &args::Show, number: usize) -> Result<(), Failure> {
    let range: Option<ByteRange> = args.range.as_deref().map(str::parse).transpose()?;
    let Some(path) = &args.out else {
        return Output::stream(|out| session.attachment_to(&args.id, number, range, out).map(drop));
    };
    // Asked first, so that a wrong number leaves no empty file.
    drop(session.attachment_reader(&args.id, number)?);
    let file = new_file::create(path)?;
    let mut out = BufWriter::new(&file);
    let written = session.attachment_to(&args.id, number, range, &mut out).map_err(Failure::from);
    let written = written.and_then(|_| Ok(out.flush()?)).and_then(|()| Ok(file.sync_all()?));
    if written.is_err() {
        // What is not whole is not left behind under the name of the whole.
        drop(std::fs::remove_file(path));
    }
    written
}
