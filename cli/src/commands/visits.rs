//! What belongs together, and what is new: `visits`, `changes`.

use kosha::Person;
use kosha::views::news::{News, NewsItem, NewsQuery};
use kosha::views::visits::{VisitGroup, VisitsQuery};

use super::Context;
use super::results::{more, name_of};
use crate::output::{Failure, Status};
use crate::records::{self, short};
use crate::{result_args, terminal, words};

pub(crate) fn visits(context: &Context, args: result_args::Visits) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let query = VisitsQuery {
        person: args.narrow.person,
        from: args.narrow.from,
        to: args.narrow.to,
        limit: args.paged.limit,
        after: args.paged.after,
    };
    let page = session.visits(&query)?;
    let persons = session.persons()?.persons;
    context.output.print(&page, || {
        let mut lines: Vec<String> =
            page.visits.iter().flat_map(|visit| visit_lines(visit, &persons)).collect();
        if lines.is_empty() {
            lines.push(words::text("visits-none").to_owned());
        }
        lines.extend(more(page.next.as_deref()));
        lines
    })?;
    Ok(Status::Done)
}

fn visit_lines(visit: &VisitGroup, persons: &[Person]) -> Vec<String> {
    let width = terminal::width();
    let room = width.saturating_sub(12).max(16);
    let mut when = words::day_or_none(visit.date.as_deref());
    if let Some(until) = &visit.until {
        when = words::say("visits-span", &[("from", &when), ("to", &words::day(until))]);
    }
    let id = visit.record.as_deref().map_or("", short);
    let title = terminal::line(&visit.title);
    let title = if visit.group == "day" { title } else { terminal::strong(&title) };
    let mut lines = vec![format!("{when}  {title}  {}", terminal::faint(id)).trim_end().to_owned()];
    let mut say = |text: String| {
        if !text.is_empty() {
            lines.extend(terminal::wrap(&text, room).into_iter().map(|line| format!("{:12}{line}", "")));
        }
    };
    let place: Vec<&str> = [name_of(&visit.person, persons), visit.place.as_deref(), visit.reason.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    say(terminal::line(&place.join(" · ")));
    let counts: Vec<&str> = visit.counts.iter().map(|count| count.text.as_str()).collect();
    say(terminal::line(&counts.join(", ")));
    lines
}

pub(crate) fn changes(context: &Context, args: result_args::Changes) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let query = NewsQuery { person: args.person, since: args.since, limit: args.limit };
    let news = session.news(&query)?;
    let persons = session.persons()?.persons;
    context.output.print(&news, || news_lines(&news, &persons))?;
    Ok(Status::Done)
}

fn news_lines(news: &News, persons: &[Person]) -> Vec<String> {
    let width = terminal::width();
    let mut lines = match &news.visit {
        Some(visit) => vec![terminal::strong(&terminal::line(&words::say(
            "changes-sinceVisit",
            &[("title", &visit.title), ("date", &words::day_or_none(visit.date.as_deref()))],
        )))],
        None => {
            vec![terminal::strong(&words::say("changes-since", &[("time", &terminal::time(&news.since))]))]
        }
    };
    let happened: usize = news.counts.iter().map(|count| count.happened).sum();
    let older: usize = news.counts.iter().map(|count| count.older).sum();
    let counts = [("happened", happened.to_string()), ("older", older.to_string())];
    lines.push(words::say_all("changes-counts", &counts));
    let mut before = None;
    for item in &news.items {
        if before != Some(item.happened) {
            let heading = if item.happened { "changes-happened" } else { "changes-older" };
            lines.extend([String::new(), terminal::strong(words::text(heading))]);
            before = Some(item.happened);
        }
        lines.extend(item_lines(item, persons, width));
    }
    if news.more > 0 {
        lines.extend([String::new(), terminal::faint(&words::counted("changes-more", news.more))]);
    }
    lines
}

fn item_lines(item: &NewsItem, persons: &[Person], width: usize) -> Vec<String> {
    let record = &item.record;
    let word = match item.change {
        "new" => item.medicine_text.unwrap_or_default(),
        _ => item.change_text,
    };
    let (kind, kind_width) = records::kind_column(record);
    let day_width = words::day_width();
    let margin = day_width + kind_width + 4;
    let title = terminal::line(&record.title);
    let mut lines = vec![format!(
        "{}  {}  {}  {}",
        terminal::column(&words::day_or_none(record.date.as_deref()), day_width),
        terminal::column(kind, kind_width),
        terminal::column(&title, width.saturating_sub(margin + 10).max(16)),
        terminal::faint(short(&record.id))
    )];
    let mut parts: Vec<&str> = vec![word, record.summary.as_str()];
    parts.extend(item.flag.as_ref().map(|flag| flag.text.as_str()));
    parts.extend(name_of(&record.person, persons));
    parts.extend(record.source.as_deref());
    parts.retain(|part| !part.is_empty());
    let came_in = words::say("changes-cameIn", &[("date", &words::day(&item.came_in))]);
    parts.push(&came_in);
    let text = terminal::line(&parts.join(" · "));
    lines.extend(
        terminal::wrap(&text, width.saturating_sub(margin).max(16))
            .into_iter()
            .map(|line| format!("{:margin$}{line}", "")),
    );
    lines
}
