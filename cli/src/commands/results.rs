//! Results and what became of them over time: `results`, `trend`.

use kosha::Person;
use kosha::views::chart::text::TextStyle;
use kosha::views::chart::{Chart, svg, text};
use kosha::views::results::{ResultLine, ResultsQuery};
use kosha::views::trend::{Trend, TrendAnswer, TrendChoices, TrendPoint, TrendQuery, TrendSeries};

use super::Context;
use crate::output::{Failure, Status};
use crate::records::short;
use crate::{new_file, result_args, terminal, words};

pub(crate) fn results(context: &Context, args: result_args::Results) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let query = ResultsQuery {
        person: args.narrow.person,
        vitals: args.vitals,
        from: args.narrow.from,
        to: args.narrow.to,
        limit: args.paged.limit,
        after: args.paged.after,
    };
    let page = session.results(&query)?;
    let persons = session.persons()?.persons;
    context.output.print(&page, || {
        let mut lines: Vec<String> =
            page.results.iter().flat_map(|line| result_lines(line, &persons)).collect();
        if lines.is_empty() {
            lines.push(words::text("results-none").to_owned());
        }
        lines.extend(more(page.next.as_deref()));
        lines
    })?;
    Ok(Status::Done)
}

/// How to get the next page.
pub(super) fn more(next: Option<&str>) -> Vec<String> {
    next.map_or_else(Vec::new, |next| {
        vec![String::new(), terminal::faint(&words::say("list-more", &[("next", next)]))]
    })
}

/// The name of a person, where there is more than one.
pub(super) fn name_of<'a>(id: &str, persons: &'a [Person]) -> Option<&'a str> {
    persons.iter().find(|person| person.id == id && persons.len() > 1).map(|person| person.name.as_str())
}

fn result_lines(line: &ResultLine, persons: &[Person]) -> Vec<String> {
    let width = terminal::width();
    let value = terminal::line(&line.text);
    let name_width = 30.min(width / 2);
    // Neither name nor value is ever cut: where one is long it has lines of its own.
    let value_width = width.saturating_sub(name_width + words::day_width() + 14);
    let is_long = |text: &str, room: usize| terminal::cut(text, room) != text;
    let name = terminal::line(&line.name);
    let (long_name, long_value) = (is_long(&name, name_width), is_long(&value, value_width));
    let first = format!(
        "{}  {}  {}  {}",
        terminal::strong(&terminal::column(if long_name { "" } else { &name }, name_width)),
        terminal::column(if long_value { "" } else { &value }, value_width),
        terminal::column(&words::day_or_none(line.date.as_deref()), words::day_width()),
        terminal::faint(short(&line.record)),
    );
    let mut marks = Vec::new();
    marks.extend(line.flag.as_ref().map(|flag| flag.text.clone()));
    marks.extend(line.range.as_ref().map(|range| words::say("results-range", &[("range", range)])));
    marks.extend(line.not_final.then(|| words::text("results-notFinal").to_owned()));
    marks.extend(line.corrected.then(|| words::text("results-corrected").to_owned()));
    marks.extend(line.unit_unclear.then(|| words::text("results-unitUnclear").to_owned()));
    marks.extend(line.own.then(|| words::text("results-own").to_owned()));
    marks.extend(line.previous.as_ref().map(|before| {
        let id = match before.direction {
            Some("same") => "results-same",
            Some("higher") => "results-higher",
            Some("lower") => "results-lower",
            _ => "results-before",
        };
        let date = words::day_or_none(before.date.as_deref());
        words::say(id, &[("value", &before.text), ("date", &date)])
    }));
    marks.extend((line.count > 1).then(|| words::counted("results-count", line.count)));
    marks.extend(line.report.as_ref().map(|report| words::say("results-partOf", &[("report", report)])));
    let marks = terminal::line(&marks.join(" · "));
    let origin: Vec<String> = [name_of(&line.person, persons), line.source.as_deref()]
        .into_iter()
        .flatten()
        .map(terminal::line)
        .collect();
    let mut lines = Vec::new();
    if long_name {
        lines.extend(terminal::wrap(&name, width).iter().map(|part| terminal::strong(part)));
    }
    lines.push(first);
    if long_value {
        let parts = terminal::wrap(&value, width.saturating_sub(4));
        lines.extend(parts.iter().map(|part| format!("    {part}")));
    }
    if let Some(plain) = &line.plain {
        lines.push(format!("    ({})", terminal::line(plain)));
    }
    if let Some(ahead) = &line.ahead {
        let text = terminal::line(&ahead.text);
        let wrapped = terminal::wrap(&text, width.saturating_sub(4));
        lines.extend(wrapped.iter().map(|line| format!("    {}", terminal::warning(line))));
    }
    if !marks.is_empty() {
        lines
            .extend(terminal::wrap(&marks, width.saturating_sub(4)).iter().map(|line| format!("    {line}")));
    }
    if !origin.is_empty() {
        lines.push(terminal::faint(&format!(
            "    {}",
            terminal::cut(&origin.join(" · "), width.saturating_sub(4))
        )));
    }
    lines
}

pub(crate) fn trend(context: &Context, args: result_args::Trend) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let query = TrendQuery {
        what: args.what.join(" "),
        person: args.narrow.person,
        from: args.narrow.from,
        to: args.narrow.to,
    };
    let answer = session.trend(&query)?;
    let status = match (&answer, &args.svg) {
        (TrendAnswer::Trend(trend), Some(file)) => {
            new_file::write(file, svg::draw(&Chart::of(trend)).as_bytes())?;
            Status::Done
        }
        // No picture of several things.
        (TrendAnswer::Several(_), Some(_)) => Status::Failed,
        (_, None) => Status::Done,
    };
    let style = TextStyle {
        columns: terminal::width().min(80),
        ascii: args.ascii || is_plain(),
        ..TextStyle::default()
    };
    context.output.print(&answer, || match &answer {
        TrendAnswer::Trend(trend) => trend_lines(trend, style),
        TrendAnswer::Several(choices) => choice_lines(choices),
    })?;
    Ok(status)
}

/// Whether the locale of this user names another character set than UTF-8 (POSIX, 8.2 Internationalization Variables).
fn is_plain() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|set| !set.is_empty()));
    set.is_some_and(|set| !set.to_ascii_lowercase().replace('-', "").contains("utf8"))
}

fn choice_lines(choices: &TrendChoices) -> Vec<String> {
    let mut lines = vec![words::text("trend-several").to_owned()];
    lines.extend(choices.choices.iter().map(|choice| {
        let places = [
            ("name", choice.name.clone()),
            ("count", choice.count.to_string()),
            ("date", words::day_or_none(choice.latest.as_deref())),
        ];
        // The code is there to be typed: never cut.
        format!(
            "  {:30}  {}",
            terminal::line(&choice.code),
            terminal::line(&words::say_all("trend-choice", &places))
        )
    }));
    lines
}

fn trend_lines(trend: &Trend, style: TextStyle) -> Vec<String> {
    let width = terminal::width();
    let mut lines = vec![terminal::strong(&terminal::line(&trend.name))];
    lines.extend(terminal::wrap(&terminal::line(&trend.sentence), width));
    let drawn = text::draw(&Chart::of(trend), style);
    if !drawn.is_empty() {
        lines.push(String::new());
        lines.extend(drawn);
    }
    for series in &trend.series {
        lines.push(String::new());
        lines.extend(table(series, trend.series.len() > 1));
    }
    for not_drawn in &trend.not_drawn {
        let places = [("value", terminal::line(&not_drawn.text)), ("reason", not_drawn.reason_text.clone())];
        let text = format!(
            "{}  {}",
            terminal::column(&words::day_or_none(not_drawn.date.as_deref()), words::day_width()),
            words::say_all("trend-notDrawn", &places)
        );
        lines.push(terminal::faint(&format!(
            "{}  {}",
            terminal::cut(&text, width.saturating_sub(10)),
            short(&not_drawn.record)
        )));
    }
    lines
}

/// The points as a table, newest first.
fn table(series: &TrendSeries, named: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if named {
        lines.push(terminal::strong(&terminal::line(&format!("{} {}", series.name, series.unit))));
    }
    lines.extend(series.points.iter().rev().map(point_line));
    lines
}

fn point_line(point: &TrendPoint) -> String {
    let width = terminal::width();
    let mut marks = Vec::new();
    marks.extend(point.flag.as_ref().map(|flag| flag.text.clone()));
    marks.extend(point.range.as_ref().map(|range| words::say("results-range", &[("range", range)])));
    marks.extend(point.sent.as_ref().map(|sent| words::say("trend-sent", &[("value", sent)])));
    marks.extend(point.own.then(|| words::text("results-own").to_owned()));
    marks.extend(point.not_final.then(|| words::text("results-notFinal").to_owned()));
    marks.extend(point.corrected.then(|| words::text("results-corrected").to_owned()));
    marks.extend((!point.sources.is_empty()).then(|| point.sources.join(", ")));
    let text = format!(
        "{}  {}  {}",
        terminal::column(&words::day(&point.date), words::day_width()),
        terminal::column(&terminal::line(&point.text()), 18),
        terminal::line(&marks.join(" · "))
    );
    let record = point.records.first().map_or("", |record| short(record));
    format!("{}  {}", terminal::column(&text, width.saturating_sub(10)), terminal::faint(record))
}
