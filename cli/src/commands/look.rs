//! Looking: `persons`, `timeline`, `search`, `show`, `scan`.

use kosha::show::{DocumentShown, RecordShown, Shown};
use kosha::timeline::{SearchQuery, TimelineQuery};

use super::{Context, attach, people, text_argument};
use crate::output::{Failure, Output, Status};
use crate::{args, records, terminal, words};

/// Most other files of an imaging study that are named.
const FEW_PARTS: usize = 8;

pub(crate) fn persons(context: &Context) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let persons = session.persons()?;
    context.output.print(&persons, || {
        if persons.persons.is_empty() {
            return vec![words::text("persons-none").to_owned()];
        }
        persons.persons.iter().flat_map(people::lines).collect()
    })?;
    Ok(Status::Done)
}

pub(crate) fn timeline(context: &Context, args: args::Timeline) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let query = TimelineQuery {
        person: args.list.person,
        kinds: args.list.kind,
        from: args.list.from,
        to: args.list.to,
        limit: args.list.limit,
        after: args.after,
    };
    let page = session.timeline(&query)?;
    let persons = session.persons()?.persons;
    context.output.print(&page, || {
        let mut lines = records::lines(&page, &persons, context.language);
        if let Some(next) = &page.next {
            lines.push(String::new());
            lines.push(terminal::faint(&words::say("list-more", &[("next", next)])));
        }
        lines
    })?;
    Ok(Status::Done)
}

pub(crate) fn search(context: &Context, args: args::Search) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let query = SearchQuery {
        words: args.words.join(" "),
        person: args.list.person,
        kinds: args.list.kind,
        from: args.list.from,
        to: args.list.to,
        // One more than is listed tells whether there are more.
        limit: args.list.limit.saturating_add(1),
    };
    let mut page = session.search(&query)?;
    let most = usize::try_from(args.list.limit).unwrap_or(usize::MAX);
    let more = page.records.len() > most;
    page.records.truncate(most);
    let persons = session.persons()?.persons;
    context.output.print(&page, || {
        let mut lines = records::lines(&page, &persons, context.language);
        if more {
            lines.push(String::new());
            let count = context.language.count(u64::from(args.list.limit));
            lines.push(terminal::faint(&words::say("list-limit", &[("count", &count)])));
        }
        lines
    })?;
    Ok(Status::Done)
}

pub(crate) fn different(context: &Context, args: &args::Different) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let apart = if args.undo {
        session.tell_together(&args.a, &args.b)?
    } else {
        session.tell_apart(&args.a, &args.b)?
    };
    context.output.print(&apart, || {
        let [a, b] = apart.records.each_ref().map(|id| records::short(id));
        let id = if apart.apart { "different-apart" } else { "different-together" };
        vec![words::say(id, &[("a", a), ("b", b)])]
    })?;
    Ok(Status::Done)
}

pub(crate) fn show(context: &Context, args: &args::Show) -> Result<Status, Failure> {
    let session = context.unlock()?;
    if let Some(number) = args.attachment {
        attach::write(&session, args, number)?;
        return Ok(Status::Done);
    }
    if args.original || args.document {
        Output::stream(|out| {
            if args.original {
                session.original_to(&args.id, out)
            } else {
                session.document_to(&args.id, out)
            }
        })?;
        return Ok(Status::Done);
    }
    let shown = session.show(&args.id)?;
    context.output.print(&shown, || match &shown {
        Shown::Record(record) => record_lines(record),
        Shown::Document(document) => document_lines(document),
    })?;
    Ok(Status::Done)
}

fn record_lines(record: &RecordShown) -> Vec<String> {
    let width = terminal::width();
    let card = &record.card;
    let mut lines = vec![terminal::strong(&terminal::line(&card.title))];
    for text in [card.summary.as_str(), card.chips.join(" · ").as_str()] {
        let text = terminal::line(text);
        if !text.is_empty() {
            lines.extend(terminal::wrap(&text, width));
        }
    }
    if let Some(meaning) = &record.meaning {
        lines.push(String::new());
        lines.extend(terminal::wrap(&terminal::line(meaning), width));
    }
    lines.push(String::new());
    for detail in &record.details {
        let label = terminal::column(&terminal::line(detail.label), 18);
        let mut value = terminal::wrap(&terminal::line(&detail.value), width.saturating_sub(20)).into_iter();
        lines.push(format!("{label}  {}", value.next().unwrap_or_default()));
        lines.extend(value.map(|rest| format!("{:20}{rest}", "")));
    }
    for also in &card.also {
        let source = terminal::line(also.source.as_deref().unwrap_or_else(|| words::text("show-nobody")));
        let why = also.because_text.join(", ");
        let told = [("source", source.as_str()), ("why", &why), ("id", records::short(&also.id))];
        lines.push(format!(
            "{}  {}",
            terminal::column(words::text("show-same"), 18),
            words::say("show-sameLine", &told)
        ));
    }
    if !record.parts.is_empty() {
        let few: Vec<&str> = record.parts.iter().take(FEW_PARTS).map(|id| records::short(id)).collect();
        let mut ids = few.join(", ");
        if record.parts.len() > FEW_PARTS {
            ids = words::say("show-partsCut", &[("ids", &ids)]);
        }
        let count = record.parts.len().to_string();
        let said = words::say("show-parts", &[("count", &count), ("ids", &ids)]);
        let mut said = terminal::wrap(&said, width.saturating_sub(20)).into_iter();
        let label = terminal::column(words::text("show-study"), 18);
        lines.push(format!("{label}  {}", said.next().unwrap_or_default()));
        lines.extend(said.map(|rest| format!("{:20}{rest}", "")));
    }
    for (number, attachment) in (1..).zip(&record.attachments) {
        lines.push(format!(
            "{}  {}",
            terminal::column(&words::say("show-attachment", &[("number", &number.to_string())]), 18),
            terminal::line(&words::say(
                "show-file",
                &[
                    ("title", &attachment.title),
                    ("media", &attachment.content_type),
                    ("count", &attachment.bytes.to_string()),
                ]
            )),
        ));
    }
    lines.push(String::new());
    lines.push(terminal::faint(&words::say("show-record", &[("id", &card.id)])));
    if let Some(document) = &record.document {
        let name = terminal::line(&document.name);
        lines.push(terminal::faint(&words::say("show-fromFile", &[("name", &name), ("id", &document.id)])));
    }
    lines
}

fn document_lines(document: &DocumentShown) -> Vec<String> {
    vec![
        terminal::strong(&terminal::line(&document.document.name)),
        words::say_all(
            "show-came",
            &[
                ("count", document.document.bytes.to_string()),
                ("time", terminal::time(&document.document.received)),
            ],
        ),
        terminal::faint(&words::say("show-document", &[("id", &document.document.id)])),
    ]
}

pub(crate) fn scan(context: &Context, text: &str) -> Result<Status, Failure> {
    let scanned = kosha::scan(&text_argument(text)?, words::language());
    context.output.print(&scanned, || {
        let mut lines = vec![terminal::strong(&terminal::line(&scanned.name))];
        lines.extend(scanned.facts.iter().map(|fact| {
            format!("{}  {}", terminal::column(&terminal::line(fact.label), 18), terminal::line(&fact.value))
        }));
        lines.push(terminal::faint(words::text("scan-unopened")));
        lines
    })?;
    Ok(Status::Done)
}
