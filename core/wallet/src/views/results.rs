//! Results and vital signs: one line for each series, its latest value first.

use std::cmp::Ordering;
use std::collections::HashMap;

use kosha_crypto::id::PersonId;
use kosha_fhir::series::{PressurePart, compare_digits, pressure_part};
use kosha_fhir::{Kind, Traits};
use kosha_vault::{Entry, EntryDate, Filter, Index};
use serde::Serialize;

use super::scope::Texts;
use super::series::{
    Identities, Place, argument, comparator, has_trait, is_ahead, is_corrected, report, states_fact, when,
};
use super::words::{count, day};
use crate::family::Circle;
use crate::hidden::hidden_debug;
use crate::spoken::source_of;
use crate::timeline::says;
use crate::words::{WORDS, of_code};
use crate::{Error, Session, timeline};

pub use super::series::ResultFlag;

/// Most lines of one page.
const MOST: u32 = 1_000;

/// Which results are wanted. The default: the first 50 lines of everybody's results.
#[derive(Clone)]
pub struct ResultsQuery {
    /// A person: id, the beginning of one, or name.
    pub person: Option<String>,
    /// Vital signs in place of laboratory and other results.
    pub vitals: bool,
    /// First year, month or day. Leaves out what has no date.
    pub from: Option<String>,
    /// Last year, month or day. Leaves out what has no date.
    pub to: Option<String>,
    /// Most lines, at most 1,000.
    pub limit: u32,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl Default for ResultsQuery {
    fn default() -> Self {
        Self { person: None, vitals: false, from: None, to: None, limit: 50, after: None }
    }
}

/// A page of results: the series whose latest value is newest first, those without a date last.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ResultsPage {
    /// One line for each series.
    pub results: Vec<ResultLine>,
    /// Where the next page begins; absent when there is none.
    pub next: Option<String>,
    /// Damage keeps some records from being listed; [`Session::check`] names them. Absent in JSON where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// A series of results: the same person, code and unit. Results in words are a series of their own.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_excessive_bools, reason = "each is a mark of its own beside the value")]
pub struct ResultLine {
    /// Whose it is.
    pub person: String,
    /// What was measured.
    pub name: String,
    /// What it is called in plain words of the session's language, where its own name does not say as much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// What [`Session::trend`] takes to mean this code.
    pub code: String,
    /// Latest value as lists show it, with sign and unit: `<5 mg/L`, `120/80 mmHg`, `Positive`.
    pub text: String,
    /// Digits of the latest value as its source wrote them, where it is one number.
    pub value: Option<String>,
    /// `<`, `≤`, `>`, `≥`: the value is only a bound.
    pub comparator: Option<&'static str>,
    /// Unit of `value`.
    pub unit: Option<String>,
    /// What the laboratory, or its range, says of it; never more than that.
    pub flag: Option<ResultFlag>,
    /// The laboratory's range for this value.
    pub range: Option<String>,
    /// When, as exactly as the source said.
    pub date: Option<String>,
    /// Who said it.
    pub source: Option<String>,
    /// The record of the latest value.
    pub record: String,
    /// The report or panel that it is a part of.
    pub report_id: Option<String>,
    /// What that is called.
    pub report: Option<String>,
    /// Written down by the patient or a carer.
    pub own: bool,
    /// The laboratory has not finished it.
    pub not_final: bool,
    /// The laboratory has corrected it.
    pub corrected: bool,
    /// Its unit in words and its unit code say different things: it is in no chart.
    pub unit_unclear: bool,
    /// How many results the series has; the same value at the same time from several sources counts once.
    pub count: usize,
    /// The one before it that certainly was earlier.
    pub previous: Option<PreviousResult>,
    /// Results that are dated after today: none of them is taken for the latest, unless there is no other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ahead: Option<Ahead>,
}

/// Results of a series that are dated after today.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Ahead {
    /// How many there are.
    pub count: usize,
    /// The record of the one dated last.
    pub record: String,
    /// All of it in words.
    pub text: String,
}

/// The result before the latest one, and how the latest compares.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct PreviousResult {
    /// Value as lists show it.
    pub text: String,
    /// When.
    pub date: Option<String>,
    /// The record.
    pub record: String,
    /// `higher`, `lower` or `same`: the latest against this one, as numbers. Absent where a value is only a bound or no
    /// number. Says nothing about better or worse.
    pub direction: Option<&'static str>,
    /// The same in words.
    #[serde(rename = "directionText", skip_serializing_if = "Option::is_none")]
    pub direction_text: Option<&'static str>,
}

/// A series in the making. Entries come newest first.
struct Gathered<'a> {
    person: PersonId,
    code: u32,
    latest: Entry<'a>,
    previous: Option<Entry<'a>>,
    count: usize,
    /// Date of the entry before, and the entries of it that count.
    at: Option<EntryDate>,
    seen: Vec<Entry<'a>>,
    /// Those dated after today, the last one first.
    ahead: Vec<Entry<'a>>,
}

impl<'a> Gathered<'a> {
    fn new(person: PersonId, code: u32, entry: Entry<'a>, now_ms: i64) -> Self {
        let ahead = if is_dated_ahead(entry, now_ms) { vec![entry] } else { Vec::new() };
        let (at, seen) = (entry.date(), vec![entry]);
        Self { person, code, latest: entry, previous: None, count: 1, at, seen, ahead }
    }

    /// All of its results so far are dated after today.
    fn is_all_ahead(&self) -> bool {
        self.ahead.first().is_some_and(|first| first.id() == self.latest.id())
    }

    fn add(&mut self, entry: Entry<'a>, now_ms: i64) {
        if !self.ahead.is_empty() {
            if is_dated_ahead(entry, now_ms) {
                return self.ahead.push(entry);
            }
            if self.is_all_ahead() {
                let ahead = std::mem::take(&mut self.ahead);
                *self = Self { ahead, ..Self::new(self.person, self.code, entry, now_ms) };
                return;
            }
        }
        let date = entry.date();
        let same_time = date.is_some() && date == self.at;
        if same_time {
            let text = value_of(entry);
            let same = |seen: &str| seen == text || compare_digits(seen, text) == Some(Ordering::Equal);
            if self.seen.iter().any(|seen| same(value_of(*seen))) {
                return;
            }
        } else {
            self.at = date;
            self.seen.clear();
        }
        self.seen.push(entry);
        self.count += 1;
        if self.previous.is_none()
            && let (Some(latest), Some(date)) = (self.latest.date(), date)
            && date.end_ms < latest.start_ms
        {
            self.previous = Some(entry);
        }
    }
}

/// What two results of the same time are compared by: the number, else the words; a bound is compared as it is shown.
fn value_of(entry: Entry<'_>) -> &str {
    let number = entry.measure().filter(|_| comparator(entry).is_empty());
    number.map_or(entry.line(), |measure| measure.value)
}

/// What a series is told apart by, beside person and code; `U` stands for a unit.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Form<U> {
    Number(U),
    /// The unit says two things: never joined with a clear one.
    Unclear(U),
    Words,
}

impl<U> Form<U> {
    fn map<V>(self, unit: impl FnOnce(U) -> V) -> Form<V> {
        match self {
            Self::Number(of) => Form::Number(unit(of)),
            Self::Unclear(of) => Form::Unclear(unit(of)),
            Self::Words => Form::Words,
        }
    }
}

impl Session {
    /// A page of results or vital signs, one line for each series. What is withdrawn, called off, planned or not done is
    /// not among them.
    ///
    /// Errors: [`Error::NoSuchPerson`], [`Error::BadDate`], [`Error::BadCursor`].
    pub fn results(&self, query: &ResultsQuery) -> Result<ResultsPage, Error> {
        let circle = self.circle()?;
        let persons = match &query.person {
            Some(text) => circle.all(self.person_called(text)?),
            None => Vec::new(),
        };
        let (from_ms, to_ms) = timeline::bounds(query.from.as_deref(), query.to.as_deref())?;
        let after: Option<Place> = query.after.as_deref().map(str::parse).transpose()?;
        let kinds = [if query.vitals { Kind::Vital } else { Kind::Result }.as_u16()];
        let filter = Filter {
            person: persons.first().copied(),
            also: &persons,
            kinds: Some(&kinds),
            from_ms,
            to_ms,
            ..Filter::default()
        };
        let index = self.vault().index();
        let mut identities = Identities::new(&circle);
        let now_ms = self.environment().now_ms();
        let gathered = gather(index, &filter, &mut identities, now_ms);
        let limit = usize::try_from(query.limit.min(MOST)).unwrap_or(usize::MAX);
        let rest =
            gathered.partition_point(|line| after.is_some_and(|after| Place::of(line.latest) <= after));
        let page: Vec<&Gathered<'_>> = gathered.iter().skip(rest).take(limit).collect();
        let more = gathered.len() > rest + page.len();
        let shown_of = page.iter().flat_map(|line| {
            let ahead = line.ahead.first().copied();
            [Some(line.latest), line.previous, ahead, report(index, line.latest)].into_iter().flatten()
        });
        let texts = self.texts(shown_of);
        let one = |line: &Gathered<'_>| {
            let shown = shown(line, index, &identities, &circle, &texts);
            let plain = self.meaning(line.latest).map(|meaning| meaning.name);
            ResultLine { plain: plain.filter(|plain| !says(&shown.name, plain)), ..shown }
        };
        Ok(ResultsPage {
            next: page.last().filter(|_| more).map(|line| Place::of(line.latest).to_string()),
            results: page.iter().map(|line| one(line)).collect(),
            incomplete: self.is_incomplete(),
        })
    }
}

/// A unit as its source spells it: by its number in the index, so that nothing of the record need be read; by its text
/// where it has none.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spelling<'a> {
    Number(u16),
    Text(&'a str),
}

impl<'a> Spelling<'a> {
    fn of(entry: Entry<'a>) -> Self {
        entry.unit_number().map_or_else(|| Self::Text(unit_of(entry)), Self::Number)
    }
}

fn unit_of(entry: Entry<'_>) -> &str {
    entry.measure().map_or("", |measure| measure.unit)
}

/// Where the series of one spelling of a unit is; few for each code, so that they are looked through.
struct Spelt<'a> {
    person: PersonId,
    form: Form<Spelling<'a>>,
    place: usize,
}

/// Every series, that of the newest value first.
fn gather<'a>(
    index: &'a Index,
    filter: &Filter<'_>,
    identities: &mut Identities<'a>,
    now_ms: i64,
) -> Vec<Gathered<'a>> {
    let mut lines: Vec<Gathered<'a>> = Vec::new();
    let mut spelt: Vec<Vec<Spelt<'a>>> = Vec::new();
    let mut known: HashMap<(PersonId, u32, Form<u32>), usize> = HashMap::new();
    for entry in index.of_kinds(filter.kinds.unwrap_or_default()) {
        if !filter.admits(entry) || !states_fact(entry) {
            continue;
        }
        let form = match entry.is_measured() {
            true if has_trait(entry, Traits::UNIT_UNCLEAR) => Form::Unclear(Spelling::of(entry)),
            true => Form::Number(Spelling::of(entry)),
            false if has_trait(entry, Traits::HEADING) => continue,
            false => Form::Words,
        };
        let (person, code) = (identities.person(entry), identities.code(entry));
        let at = usize::try_from(code).unwrap_or(usize::MAX);
        if spelt.len() <= at {
            spelt.resize_with(at + 1, Vec::new);
        }
        let Some(of_code) = spelt.get_mut(at) else { continue };
        let found = of_code.iter().find(|spelt| spelt.person == person && spelt.form == form);
        let place = if let Some(spelt) = found {
            spelt.place
        } else {
            let unit = form.map(|_| identities.unit(unit_of(entry)));
            let place = *known.entry((person, code, unit)).or_insert(lines.len());
            of_code.push(Spelt { person, form, place });
            place
        };
        match lines.get_mut(place) {
            Some(line) => line.add(entry, now_ms),
            None => lines.push(Gathered::new(person, code, entry, now_ms)),
        }
    }
    // Only a line that gave up a date after today has left its place.
    if lines.iter().any(|line| !line.ahead.is_empty()) {
        lines.sort_by_key(|line| Place::of(line.latest));
    }
    lines
}

fn shown(
    line: &Gathered<'_>,
    index: &Index,
    identities: &Identities<'_>,
    circle: &Circle,
    texts: &Texts,
) -> ResultLine {
    let latest = line.latest;
    let measure = latest.measure();
    let identity = identities.name(line.code);
    let report = report(index, latest);
    let unit = measure.map(|measure| measure.unit).filter(|unit| !unit.is_empty());
    ResultLine {
        person: circle.one(line.person).to_string(),
        name: texts.title(latest),
        plain: None,
        code: argument(identity),
        text: texts.line(latest),
        value: measure.map(|measure| measure.value.to_owned()),
        comparator: Some(comparator(latest)).filter(|sign| !sign.is_empty() && measure.is_some()),
        unit: unit.map(str::to_owned),
        flag: texts.flag(latest),
        range: measure.and_then(|measure| {
            texts.language().range(measure.range_low, measure.range_high, unit.unwrap_or_default())
        }),
        date: when(latest),
        source: source_of(latest, texts.language()),
        record: latest.id().to_string(),
        report_id: report.map(|report| report.id().to_string()),
        report: report.map(|report| texts.title(report)),
        own: has_trait(latest, Traits::OWN),
        not_final: has_trait(latest, Traits::NOT_FINAL),
        corrected: is_corrected(latest),
        unit_unclear: has_trait(latest, Traits::UNIT_UNCLEAR),
        count: line.count,
        ahead: ahead(line, texts),
        previous: line.previous.map(|previous| {
            let direction = direction(latest, previous, pressure_part(identity));
            PreviousResult {
                text: texts.line(previous),
                date: when(previous),
                record: previous.id().to_string(),
                direction,
                direction_text: direction.map(|code| of_code(texts.language(), "compared", code)),
            }
        }),
    }
}

fn is_dated_ahead(entry: Entry<'_>, now_ms: i64) -> bool {
    entry.date().is_some_and(|date| is_ahead(date, now_ms))
}

fn ahead(line: &Gathered<'_>, texts: &Texts) -> Option<Ahead> {
    let last = *line.ahead.first()?;
    let language = texts.language();
    let (n, text) = (count(language, line.ahead.len()), texts.line(last));
    let date = when(last).map(|date| day(language, &date)).unwrap_or_default();
    let id = if line.is_all_ahead() { "results-allAhead" } else { "results-ahead" };
    let text = WORDS.say(language, id, &[("n", &n), ("text", &text), ("date", &date)]);
    Some(Ahead { count: line.ahead.len(), record: last.id().to_string(), text })
}

/// How the latest compares with the one before, where both are numbers and neither is a mere bound or in a unit that is not
/// clear.
fn direction(latest: Entry<'_>, previous: Entry<'_>, part: Option<PressurePart>) -> Option<&'static str> {
    let plain = |entry: Entry<'_>| {
        comparator(entry).is_empty()
            && !has_trait(entry, Traits::UNIT_UNCLEAR)
            && part != Some(PressurePart::Pair)
    };
    let (now, before) = (latest.measure()?, previous.measure()?);
    if !plain(latest) || !plain(previous) {
        return None;
    }
    Some(match compare_digits(now.value, before.value)? {
        Ordering::Greater => "higher",
        Ordering::Less => "lower",
        Ordering::Equal => "same",
    })
}

impl std::fmt::Debug for ResultsQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResultsQuery").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ResultsPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResultsPage")
            .field("results", &self.results.len())
            .field("more", &self.next.is_some())
            .field("incomplete", &self.incomplete)
            .finish()
    }
}

hidden_debug!(ResultLine, PreviousResult, Ahead);
