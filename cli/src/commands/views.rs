//! Views: `medicines`, `allergies`, `problems`, `documents`, `emergency`.

use kosha::Person;
use kosha::views::{
    Allergies, AllergiesQuery, Allergy, AllergyState, Contrary, Document, Documents, DocumentsQuery, Match,
    Medicine, MedicineState, Medicines, MedicinesQuery, NoneKnown, Problem, ProblemSection, ProblemState,
    Problems, ProblemsQuery, Source, Which,
};

use super::{Context, emergency};
use crate::output::{Failure, Status};
use crate::{records, terminal, view_args, words};

/// Most sources that are named in a line.
const MOST_SOURCES: usize = 4;

/// Lines of a view, section by section.
pub(super) struct Listing<'p> {
    persons: &'p [Person],
    width: usize,
    lines: Vec<String>,
    heading: Option<String>,
}

impl<'p> Listing<'p> {
    pub(super) fn new(persons: &'p [Person]) -> Self {
        Self { persons, width: terminal::width(), lines: Vec::new(), heading: None }
    }

    /// A heading, where it is another than the one before.
    pub(super) fn heading(&mut self, text: &str) {
        if self.heading.as_deref() != Some(text) {
            if !self.lines.is_empty() {
                self.lines.push(String::new());
            }
            self.lines.push(terminal::strong(text));
            self.heading = Some(text.to_owned());
        }
    }

    /// The first line of an entry: its name, whose it is where there are several persons, and a record's id.
    pub(super) fn entry(&mut self, name: &str, person: &str, record: Option<&str>) {
        let whose = self.persons.iter().find(|known| known.id == person && self.persons.len() > 1);
        let whose = whose.map(|known| format!(" ({})", known.name)).unwrap_or_default();
        let name = terminal::line(&format!("{name}{whose}"));
        let id = record.map(records::short).unwrap_or_default();
        let room = self.width.saturating_sub(id.len() + 4).max(16);
        let mut parts = terminal::wrap(&name, room).into_iter();
        let first = parts.next().unwrap_or_default();
        let line = format!("  {}  {}", terminal::column(&first, room), terminal::faint(id));
        self.lines.push(line.trim_end().to_owned());
        self.lines.extend(parts.map(|part| format!("  {part}")));
    }

    /// What an entry is called in plain words.
    pub(super) fn plain(&mut self, plain: Option<&str>) {
        if let Some(plain) = plain {
            self.below(&format!("({plain})"));
        }
    }

    /// A line below an entry; nothing where it says nothing.
    pub(super) fn below(&mut self, text: &str) {
        let text = terminal::line(text);
        if !text.is_empty() {
            let wrapped = terminal::wrap(&text, self.width.saturating_sub(6).max(16));
            self.lines.extend(wrapped.into_iter().map(|part| format!("      {part}")));
        }
    }

    /// A line below an entry that deserves a second look.
    pub(super) fn warn(&mut self, text: &str) {
        let wrapped = terminal::wrap(&terminal::line(text), self.width.saturating_sub(6).max(16));
        self.lines.extend(wrapped.into_iter().map(|part| format!("      {}", terminal::warning(&part))));
    }

    /// A line of its own behind everything.
    pub(super) fn note(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        let wrapped = terminal::wrap(&terminal::line(text), self.width);
        self.lines.extend(wrapped.iter().map(|part| terminal::faint(part)));
    }

    /// The lines; `nothing` where there are none. What damage and further pages mean is said last.
    pub(super) fn finish(mut self, nothing: &str, next: Option<&str>, incomplete: bool) -> Vec<String> {
        if self.lines.is_empty() {
            self.lines.push(nothing.to_owned());
        }
        if incomplete {
            self.note(words::text("list-incomplete"));
        }
        if let Some(next) = next {
            self.note(&words::say("list-more", &[("next", next)]));
        }
        self.lines
    }
}

/// `Apollo Clinic, 2024-03-05`, `added by hand, 2024`.
pub(super) fn said_by(source: Option<&str>, own: bool, date: Option<&str>) -> String {
    let who = if own { Some(words::text("said-own")) } else { source };
    let who = who.unwrap_or_else(|| words::text("said-nobody"));
    words::say("said-by", &[("who", who), ("date", &words::day_or_none(date))])
}

fn listed(mut parts: Vec<String>) -> String {
    let more = parts.len().saturating_sub(MOST_SOURCES);
    parts.truncate(MOST_SOURCES);
    if more > 0 {
        parts.push(words::counted("list-andMore", more));
    }
    parts.join("; ")
}

/// Who said it, and how often where that is more than once.
fn times(said: String, count: usize) -> String {
    if count > 1 { words::say("said-times", &[("said", &said), ("count", &count.to_string())]) } else { said }
}

pub(super) fn sources(sources: &[Source]) -> String {
    listed(
        sources
            .iter()
            .map(|one| times(said_by(one.source.as_deref(), one.own, one.date.as_deref()), one.count))
            .collect(),
    )
}

/// From when and until when.
fn span(from: Option<&str>, to: Option<&str>) -> String {
    let (from, to) = (from.map(words::day), to.map(words::day));
    match (&from, &to) {
        (Some(from), Some(to)) => words::say("span-both", &[("from", from), ("to", to)]),
        (Some(from), None) => words::say("span-since", &[("from", from)]),
        (None, Some(to)) => words::say("span-until", &[("to", to)]),
        (None, None) => String::new(),
    }
}

fn which(args: &view_args::Timed) -> Which {
    match (args.all, args.before) {
        (true, _) => Which::All,
        (_, true) => Which::Before,
        _ => Which::Current,
    }
}

pub(crate) fn medicines(context: &Context, args: view_args::Timed) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let which = which(&args);
    let query =
        MedicinesQuery { person: args.part.person, which, limit: args.part.limit, after: args.part.after };
    let found = session.medicines(&query)?;
    let persons = session.persons()?.persons;
    context.output.print(&found, || medicine_lines(&found, which, &persons))?;
    Ok(Status::Done)
}

fn medicine_heading(state: MedicineState) -> &'static str {
    match state {
        MedicineState::Current => words::text("medicines-current"),
        MedicineState::HandedOut => words::text("medicines-handedOut"),
        MedicineState::OnHold => words::text("medicines-onHold"),
        MedicineState::Unknown => words::text("medicines-unknown"),
        MedicineState::MayHaveEnded => words::text("medicines-mayHaveEnded"),
        MedicineState::Planned => words::text("medicines-planned"),
        MedicineState::Stopped => words::text("medicines-stopped"),
        MedicineState::Ended => words::text("medicines-ended"),
        MedicineState::Given => words::text("medicines-given"),
        MedicineState::Cancelled => words::text("medicines-cancelled"),
        MedicineState::NotGiven => words::text("medicines-notGiven"),
        MedicineState::NotTaken => words::text("medicines-notTaken"),
        MedicineState::DoNotTake => words::text("medicines-doNotTake"),
    }
}

fn medicine_lines(found: &Medicines, which: Which, persons: &[Person]) -> Vec<String> {
    let mut listing = Listing::new(persons);
    for order in &found.do_not_take {
        listing.heading(medicine_heading(order.state));
        listing.entry(&order.title, &order.person, Some(&order.record));
        listing.below(&said_by(order.source.as_deref(), order.own, order.date.as_deref()));
    }
    for medicine in &found.medicines {
        listing.heading(medicine_heading(medicine.state));
        push_medicine(medicine, &mut listing);
    }
    push_none_known(&found.none_known, words::text("medicines-onFile"), &mut listing);
    let counts = &found.counts;
    let hidden = match (which, counts.before, counts.planned, counts.current) {
        (Which::Current, 0, 0, _) | (Which::Before, .., 0) | (Which::All, ..) => None,
        (Which::Current, before, 0, _) => Some(words::counted("medicines-hiddenBefore", before)),
        (Which::Current, 0, planned, _) => Some(words::counted("medicines-hiddenPlanned", planned)),
        (Which::Current, before, planned, _) => Some(words::say_all(
            "medicines-hiddenBoth",
            &[("before", before.to_string()), ("planned", planned.to_string())],
        )),
        (Which::Before, .., current) => Some(words::counted("medicines-hiddenCurrent", current)),
    };
    let nothing = if which == Which::Current { "medicines-noneCurrent" } else { "medicines-none" };
    let mut lines = listing.finish(words::text(nothing), found.next.as_deref(), found.incomplete);
    lines.extend(hidden.map(|hidden| terminal::faint(&hidden)));
    lines
}

fn push_medicine(medicine: &Medicine, listing: &mut Listing<'_>) {
    let record = medicine.sources.first().and_then(|source| source.records.first());
    listing.entry(&medicine.name, &medicine.person, record.map(String::as_str));
    listing.plain(medicine.plain.as_deref());
    for warning in &medicine.warnings {
        let origin = said_by(warning.source.as_deref(), false, warning.date.as_deref());
        let by = match warning.matched_by {
            Match::Code => words::text("medicines-sameCode"),
            Match::Name => words::text("medicines-sameName"),
        };
        let places = [("against", warning.against.as_str()), ("by", by), ("said", &origin)];
        listing.warn(&match warning.kind {
            "allergy" => words::say("medicines-warnAllergy", &places),
            _ => words::say("medicines-warnNotToTake", &places),
        });
    }
    let dosages: std::collections::BTreeSet<&str> =
        medicine.sources.iter().filter_map(|source| source.dosage.as_deref()).collect();
    match &medicine.dosage {
        Some(_) if dosages.len() > 1 => {}
        Some(dosage) if medicine.dosage_generated => {
            listing.below(&words::say("medicines-fromFields", &[("dosage", dosage)]));
        }
        Some(dosage) => listing.below(dosage),
        None if matches!(medicine.state, MedicineState::Current) => {
            listing.below(words::text("medicines-noDosage"));
        }
        None => {}
    }
    // Of a medicine with one record the date stands beside its source.
    let since = medicine.since.as_deref().filter(|_| medicine.records > 1);
    listing.below(&span(since, medicine.until.as_deref()));
    let sources = medicine.sources.iter().map(|source| {
        let mut text = said_by(source.source.as_deref(), source.own, source.date.as_deref());
        if let Some(dosage) = source.dosage.as_deref().filter(|_| dosages.len() > 1) {
            text = words::say("said-dosage", &[("said", &text), ("dosage", dosage)]);
        }
        times(text, source.count)
    });
    listing.below(&listed(sources.collect()));
    for contrary in &medicine.contrary {
        listing.warn(&contrary_text(contrary));
    }
}

fn contrary_text(contrary: &Contrary) -> String {
    let origin = said_by(contrary.source.as_deref(), contrary.own, contrary.date.as_deref());
    let state = medicine_heading(contrary.state).to_lowercase();
    words::say("said-but", &[("state", &state), ("said", &origin)])
}

pub(crate) fn allergies(context: &Context, args: view_args::Allergies) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let query = AllergiesQuery {
        person: args.part.person,
        all: args.all,
        limit: args.part.limit,
        after: args.part.after,
    };
    let found = session.allergies(&query)?;
    let persons = session.persons()?.persons;
    context.output.print(&found, || allergy_lines(&found, &persons))?;
    Ok(Status::Done)
}

fn allergy_lines(found: &Allergies, persons: &[Person]) -> Vec<String> {
    let mut listing = Listing::new(persons);
    for allergy in &found.allergies {
        listing.heading(match allergy.state {
            AllergyState::Stated => words::text("allergies-stated"),
            AllergyState::Unconfirmed => words::text("allergies-unconfirmed"),
            AllergyState::Over => words::text("allergies-over"),
            AllergyState::RuledOut => words::text("allergies-ruledOut"),
        });
        push_allergy(allergy, &mut listing);
    }
    push_none_known(&found.none_known, words::text("allergies-onFile"), &mut listing);
    listing.finish(words::text("allergies-none"), found.next.as_deref(), found.incomplete)
}

/// Statements that there is none; `on_file` says of one that there is one all the same.
fn push_none_known(said: &[NoneKnown], on_file: &str, listing: &mut Listing<'_>) {
    for none in said {
        listing.heading(words::text("allergies-saidNone"));
        listing.entry(&none.text, &none.person, first_record(&none.sources));
        listing.below(&sources(&none.sources));
        if none.on_file {
            listing.warn(on_file);
        }
    }
}

fn first_record(sources: &[Source]) -> Option<&str> {
    sources.first().and_then(|source| source.records.first()).map(String::as_str)
}

fn push_allergy(allergy: &Allergy, listing: &mut Listing<'_>) {
    let name = if allergy.intolerance {
        words::say("allergies-intolerance", &[("name", &allergy.name)])
    } else {
        allergy.name.clone()
    };
    listing.entry(&name, &allergy.person, first_record(&allergy.sources));
    listing.plain(allergy.plain.as_deref());
    if allergy.serious {
        listing.warn(words::text("allergies-serious"));
    }
    for told in [&allergy.summary].into_iter().chain(&allergy.also) {
        listing.below(told);
    }
    listing.below(&sources(&allergy.sources));
    if !allergy.ruled_out_by.is_empty() {
        listing.warn(&words::say("allergies-butRuledOut", &[("said", &sources(&allergy.ruled_out_by))]));
    }
}

pub(crate) fn problems(context: &Context, args: view_args::Timed) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let which = which(&args);
    let query =
        ProblemsQuery { person: args.part.person, which, limit: args.part.limit, after: args.part.after };
    let found = session.problems(&query)?;
    let persons = session.persons()?.persons;
    context.output.print(&found, || problem_lines(&found, &persons))?;
    Ok(Status::Done)
}

fn problem_lines(found: &Problems, persons: &[Person]) -> Vec<String> {
    let mut listing = Listing::new(persons);
    for problem in &found.problems {
        listing.heading(match problem.section {
            ProblemSection::Problem => words::text("problems-problem"),
            ProblemSection::Suspected => words::text("problems-suspected"),
            ProblemSection::VisitDiagnosis => words::text("problems-visit"),
            ProblemSection::RuledOut => words::text("problems-sectionRuledOut"),
        });
        push_problem(problem, &mut listing);
    }
    push_none_known(&found.none_known, words::text("problems-onFile"), &mut listing);
    listing.finish(words::text("problems-none"), found.next.as_deref(), found.incomplete)
}

fn problem_word(state: ProblemState) -> &'static str {
    match state {
        ProblemState::Active => words::text("problems-active"),
        ProblemState::Recurrence => words::text("problems-recurrence"),
        ProblemState::Unknown => words::text("problems-unknown"),
        ProblemState::Remission => words::text("problems-remission"),
        ProblemState::Inactive => words::text("problems-inactive"),
        ProblemState::Resolved => words::text("problems-resolved"),
        ProblemState::RuledOut => words::text("problems-ruledOut"),
    }
}

fn push_problem(problem: &Problem, listing: &mut Listing<'_>) {
    listing.entry(&problem.name, &problem.person, first_record(&problem.sources));
    listing.plain(problem.plain.as_deref());
    let state = problem_word(problem.state).to_owned();
    let facts = [
        Some(state).filter(|_| problem.section != ProblemSection::RuledOut),
        Some(span(problem.since.as_deref(), problem.until.as_deref())).filter(|span| !span.is_empty()),
    ];
    listing.below(&facts.into_iter().flatten().collect::<Vec<_>>().join(", "));
    listing.below(&problem.summary);
    listing.below(&sources(&problem.sources));
    for contrary in &problem.contrary {
        let origin = said_by(contrary.source.as_deref(), contrary.own, contrary.date.as_deref());
        listing.warn(&words::say("said-but", &[("state", contrary.state_text), ("said", &origin)]));
    }
}

pub(crate) fn documents(context: &Context, args: view_args::Documents) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let query = DocumentsQuery {
        person: args.part.person,
        from: args.from,
        to: args.to,
        all: args.all,
        limit: args.part.limit,
        after: args.part.after,
    };
    let found = session.documents(&query)?;
    let persons = session.persons()?.persons;
    context.output.print(&found, || document_lines(&found, &persons))?;
    Ok(Status::Done)
}

fn document_lines(found: &Documents, persons: &[Person]) -> Vec<String> {
    let mut listing = Listing::new(persons);
    for document in &found.documents {
        let year = document
            .date
            .as_deref()
            .and_then(|date| date.get(..4))
            .unwrap_or_else(|| words::text("list-undated"));
        listing.heading(year);
        push_document(document, &mut listing);
    }
    listing.finish(words::text("documents-none"), found.next.as_deref(), found.incomplete)
}

fn push_document(document: &Document, listing: &mut Listing<'_>) {
    listing.entry(&document.title, &document.person, Some(&document.record));
    let origin = said_by(document.source.as_deref(), document.own, document.date.as_deref());
    listing.below(&format!("{}, {origin}", words::kind(document.kind, document.kind_text)));
    let marks: Vec<&str> = std::iter::once(document.summary.as_str())
        .chain(document.chips.iter().map(String::as_str))
        .filter(|text| !text.is_empty())
        .collect();
    listing.below(&marks.join(" · "));
    for file in &document.files {
        let media = Some(file.content_type.as_str()).filter(|media| !media.is_empty());
        let media = media.unwrap_or_else(|| words::text("documents-unknownType"));
        let (number, size) = (file.number.to_string(), size(file.bytes));
        let places = [("number", number.as_str()), ("title", &file.title), ("media", media), ("size", &size)];
        let id = if file.title.is_empty() { "documents-file" } else { "documents-fileTitled" };
        listing.below(&words::say(id, &places));
    }
}

/// `420 KB`: of 1000 bytes, rounded half up.
fn size(bytes: u64) -> String {
    match bytes {
        0..1000 => words::say("size-bytes", &[("n", &bytes.to_string())]),
        1000..1_000_000 => words::say("size-kb", &[("n", &((bytes + 500) / 1000).to_string())]),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            words::say("size-mb", &[("n", &format!("{}.{}", tenths / 10, tenths % 10))])
        }
    }
}

pub(crate) fn emergency(context: &Context, args: &view_args::OnePerson) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let view = session.emergency(args.person.as_deref())?;
    context.output.print(&view, || emergency::card_lines(&view.card, &view.notices, "emergency-asOf"))?;
    Ok(Status::Done)
}

#[cfg(test)]
mod tests {
    use super::{listed, said_by, size};

    #[test]
    fn who_said_it_and_when_is_always_said() {
        assert_eq!(said_by(Some("Apollo"), false, Some("2024-03-05T10:00:00Z")), "Apollo, 2024-03-05");
        assert_eq!(said_by(Some("You"), true, Some("2024")), "added by hand, 2024");
        assert_eq!(said_by(None, false, None), "source not named, no date");
        let many = (0..6).map(|n| n.to_string()).collect();
        assert_eq!(listed(many), "0; 1; 2; 3; 2 more");
    }

    #[test]
    fn sizes_are_rounded() {
        assert_eq!([size(999), size(1500), size(2_049_000)], ["999 bytes", "2 KB", "2.0 MB"]);
    }
}
