//! Lists of records as text: what a timeline and a search look like on a terminal.

use kosha::timeline::{Page, RecordCard};

use crate::{terminal, words};

/// Columns of the date and of the kind.
const DATE: usize = 10;
const DATE_IN_WORDS: usize = 16;
const KIND: usize = 12;
const KIND_IN_WORDS: usize = 18;
/// Letters of an id that are shown; enough to name a record again.
const SHORT_ID: usize = 8;

/// The lines of a page; a heading for each year.
pub(crate) fn lines(page: &Page, persons: &[kosha::Person], language: kosha::Language) -> Vec<String> {
    let width = terminal::width();
    let mut lines = Vec::new();
    let mut heading = None;
    for record in &page.records {
        let year = record
            .date
            .as_deref()
            .and_then(|date| date.get(..4))
            .unwrap_or_else(|| words::text("list-undated"));
        if heading != Some(year) {
            if heading.is_some() {
                lines.push(String::new());
            }
            lines.push(terminal::strong(year));
            heading = Some(year);
        }
        push_card(record, person_name(record, persons), language, width, &mut lines);
    }
    if page.records.is_empty() {
        lines.push(words::text("list-none").to_owned());
    }
    lines
}

/// The day as it is listed and the width of its column: figures in English, words in another language.
fn when(record: &RecordCard, language: kosha::Language) -> (String, usize) {
    if language != kosha::Language::English {
        return (terminal::line(record.date_text.as_deref().unwrap_or_default()), DATE_IN_WORDS);
    }
    let day = record.date.as_deref().and_then(|date| date.get(..DATE.min(date.len())));
    (day.unwrap_or_default().to_owned(), DATE)
}

/// The kind as it is listed, and the width of its column: the word of JSON in English, words in another language.
pub(crate) fn kind_column(record: &RecordCard) -> (&'static str, usize) {
    let width = if words::language() == kosha::Language::English { KIND } else { KIND_IN_WORDS };
    (words::kind(record.kind, record.kind_text), width)
}

/// The name to show beside a record, where there is more than one person.
fn person_name<'a>(record: &RecordCard, persons: &'a [kosha::Person]) -> Option<&'a str> {
    if persons.len() < 2 {
        return None;
    }
    persons.iter().find(|person| person.id == record.person).map(|person| person.name.as_str())
}

fn push_card(
    record: &RecordCard,
    person: Option<&str>,
    language: kosha::Language,
    width: usize,
    lines: &mut Vec<String>,
) {
    let (date, date_width) = when(record, language);
    let (kind, kind_width) = kind_column(record);
    let indent = date_width + kind_width + 4;
    let title_width = width.saturating_sub(indent + SHORT_ID + 2).max(16);
    let title = match &record.plain {
        Some(plain) => format!("{} ({})", terminal::line(&record.title), terminal::line(plain)),
        None => terminal::line(&record.title),
    };
    let shown = terminal::column(&title, title_width);
    let shown = if record.standing == "fact" { terminal::strong(&shown) } else { shown };
    lines.push(format!(
        "{}  {}  {}  {}",
        terminal::column(&date, date_width),
        terminal::column(kind, kind_width),
        shown,
        terminal::faint(short(&record.id)),
    ));
    let room = width.saturating_sub(indent).max(16);
    let margin = " ".repeat(indent);
    let mut summary = terminal::line(&record.summary);
    for chip in &record.chips {
        let chip = terminal::line(chip);
        if !chip.is_empty() {
            if !summary.is_empty() {
                summary.push_str(" · ");
            }
            summary.push_str(&chip);
        }
    }
    if !summary.is_empty() {
        lines.extend(terminal::wrap(&summary, room).iter().take(3).map(|line| format!("{margin}{line}")));
    }
    let also = record
        .also
        .iter()
        .map(|also| also.source.as_deref().unwrap_or_else(|| words::text("said-anotherSource")));
    let origin: Vec<String> = [person, record.source.as_deref()]
        .into_iter()
        .flatten()
        .chain(also)
        .map(terminal::line)
        .filter(|text| !text.is_empty())
        .collect();
    if !origin.is_empty() {
        lines.push(terminal::faint(&format!("{margin}{}", terminal::cut(&origin.join(" · "), room))));
    }
}

/// The first letters of an id.
pub(crate) fn short(id: &str) -> &str {
    id.get(..SHORT_ID).unwrap_or(id)
}
