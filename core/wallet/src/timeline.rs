//! The timeline and the search: cards from the index in memory, no decryption.

use std::collections::HashSet;

use kosha_crypto::id::PersonId;
use kosha_fhir::{Kind, Language, Standing};
use kosha_vault::{Bookmark, Entry, EntryDate, Filter};
use serde::Serialize;

use crate::family::Circle;
use crate::same::{Also, Groups, Study};
use crate::spoken::source_of;
use crate::{Error, Session, date};

/// Most records of one page.
const MOST: u32 = 10_000;

/// Which part of the timeline is wanted. The default: the first 50 records of everybody.
#[derive(Clone)]
pub struct TimelineQuery {
    /// A person: id, the beginning of one, or name.
    pub person: Option<String>,
    /// Kinds (`medicine`, `result`, …); none: all that have a place in a timeline.
    pub kinds: Vec<String>,
    /// First year, month or day.
    pub from: Option<String>,
    /// Last year, month or day.
    pub to: Option<String>,
    /// Most records.
    pub limit: u32,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl Default for TimelineQuery {
    fn default() -> Self {
        Self { person: None, kinds: Vec::new(), from: None, to: None, limit: 50, after: None }
    }
}

/// What is looked for. The default: at most 50 records of everybody, of any kind and time.
#[derive(Clone)]
pub struct SearchQuery {
    /// Words that must all occur; the last may be the beginning of one.
    pub words: String,
    /// A person: id, the beginning of one, or name.
    pub person: Option<String>,
    /// Kinds (`medicine`, `result`, …); none: all but supporting records.
    pub kinds: Vec<String>,
    /// First year, month or day.
    pub from: Option<String>,
    /// Last year, month or day.
    pub to: Option<String>,
    /// Most records.
    pub limit: u32,
}

impl Default for SearchQuery {
    fn default() -> Self {
        Self { words: String::new(), person: None, kinds: Vec::new(), from: None, to: None, limit: 50 }
    }
}

impl SearchQuery {
    /// These words, and nothing else said.
    pub fn words(words: &str) -> Self {
        Self { words: words.to_owned(), ..Self::default() }
    }
}

/// A page of records, newest first.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Page {
    /// The records.
    pub records: Vec<RecordCard>,
    /// Where the next page begins; absent when there is none.
    pub next: Option<String>,
    /// Damage keeps some records from being listed; [`Session::check`] names them. Absent in JSON where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// A record as a list shows it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct RecordCard {
    /// Id, 32 hex digits.
    pub id: String,
    /// Whose it is.
    pub person: String,
    /// Kind, e.g. `medicine`.
    pub kind: &'static str,
    /// The kind in words of the session's language.
    #[serde(rename = "kindText")]
    pub kind_text: &'static str,
    /// First line. Whatever is no fact says so here.
    pub title: String,
    /// When, as exactly as the source said: `2024`, `2024-03`, `2024-03-05`, `2024-03-05T10:20:30+05:30`.
    pub date: Option<String>,
    /// The date in words of the session's language.
    #[serde(rename = "dateText", skip_serializing_if = "Option::is_none")]
    pub date_text: Option<String>,
    /// Who said it.
    pub source: Option<String>,
    /// Second line.
    pub summary: String,
    /// Short marks.
    pub chips: Vec<String>,
    /// Whether it states a fact: `fact`, `planned`, `refuted`, …
    pub standing: &'static str,
    /// What it is called in plain words of the session's language, beside the title and never in its place. Absent where
    /// the title says as much, or nothing is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// Records of other sources that tell the same, and are not listed beside it. Absent in JSON where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Also>,
    /// What it stands for, where it is one of several files of an imaging study. Absent in JSON where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub study: Option<Study>,
}

/// What never is an entry of its own.
const WITHOUT: [Kind; 1] = [Kind::Support];
/// What a timeline shows only when asked for.
const ASKED_FOR: [Kind; 3] = [Kind::Support, Kind::Billing, Kind::Consent];

/// Bits of the standings that a timeline leaves out.
fn hidden() -> u64 {
    [Standing::InError, Standing::Refuted, Standing::Cancelled]
        .into_iter()
        .fold(0, |bits, standing| bits | 1_u64 << standing.as_u8())
}

/// What a list is narrowed to.
struct Narrowed {
    persons: Vec<PersonId>,
    kinds: Vec<u16>,
    /// Kinds that come only when they are asked for.
    without: Vec<u16>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
}

impl Narrowed {
    fn of(
        persons: Vec<PersonId>,
        kinds: &[String],
        without: &[Kind],
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<Self, Error> {
        let kinds = self::kinds(kinds)?;
        let (from_ms, to_ms) = bounds(from, to)?;
        let without =
            if kinds.is_empty() { without.iter().map(|kind| kind.as_u16()).collect() } else { Vec::new() };
        Ok(Self { persons, kinds, without, from_ms, to_ms })
    }

    fn filter(&self) -> Filter<'_> {
        Filter {
            person: self.persons.first().copied(),
            also: &self.persons,
            kinds: (!self.kinds.is_empty()).then_some(&self.kinds),
            without_kinds: &self.without,
            from_ms: self.from_ms,
            to_ms: self.to_ms,
            ..Filter::default()
        }
    }
}

impl Session {
    /// A page of the timeline, newest first, undated last. Ruled-out, withdrawn and called-off records are left out;
    /// so are bills, consents and supporting records unless their kind is asked for. What several sources tell is there
    /// once, with the others beside it.
    pub fn timeline(&self, query: &TimelineQuery) -> Result<Page, Error> {
        let circle = self.circle()?;
        let persons = self.persons_option(query.person.as_deref(), &circle)?;
        let narrowed =
            Narrowed::of(persons, &query.kinds, &ASKED_FOR, query.from.as_deref(), query.to.as_deref())?;
        let after: Option<Bookmark> =
            query.after.as_deref().map(|text| text.parse().map_err(|_| Error::BadCursor)).transpose()?;
        let filter = Filter { hide_standing: hidden(), ..narrowed.filter() };
        let groups = self.same()?;
        let wanted = limit(query.limit);
        let mut records = Vec::new();
        let mut next = after;
        loop {
            let page = self.vault().page(&filter, next, wanted - records.len())?;
            for entry in page.entries.into_iter().filter(|entry| !groups.is_told_by_another(*entry)) {
                records.push(self.card_of_group(entry, &circle, &groups));
            }
            next = page.next;
            if next.is_none() || records.len() >= wanted {
                break;
            }
        }
        self.speak(&mut records);
        self.count_studies(&mut records);
        Ok(Page { records, next: next.map(|place| place.to_string()), incomplete: self.is_incomplete() })
    }

    /// Records in which all words occur, newest first; one that has them in its title counts as four weeks newer, one
    /// that has the last of them as a whole word as two. What a timeline hides is found here, and says what it is.
    pub fn search(&self, query: &SearchQuery) -> Result<Page, Error> {
        let circle = self.circle()?;
        let persons = self.persons_option(query.person.as_deref(), &circle)?;
        let narrowed =
            Narrowed::of(persons, &query.kinds, &WITHOUT, query.from.as_deref(), query.to.as_deref())?;
        let index = self.vault().index();
        let groups = self.same()?;
        let wanted = limit(query.limit);
        let mut most = wanted;
        let found = loop {
            let found = self.vault().search(&query.words, &narrowed.filter(), most)?;
            let all = found.len() < most || most >= limit(MOST);
            // A study of many files is found once: where it hides others, more are asked for.
            let mut studies = HashSet::new();
            let mut once: Vec<_> = found
                .into_iter()
                .filter(|id| groups.parts(*id).next().is_none_or(|lead| studies.insert(lead)))
                .collect();
            if all || once.len() >= wanted {
                once.truncate(wanted);
                break once;
            }
            most = most.saturating_mul(4).min(limit(MOST));
        };
        let mut records: Vec<RecordCard> = found
            .into_iter()
            .filter_map(|id| index.get(id))
            .map(|entry| self.card_of_group(entry, &circle, &groups))
            .collect();
        self.speak(&mut records);
        self.count_studies(&mut records);
        Ok(Page { records, next: None, incomplete: self.is_incomplete() })
    }

    /// A card with what is known of the others of its group.
    fn card_of_group(&self, entry: Entry<'_>, circle: &Circle, groups: &Groups) -> RecordCard {
        let (also, study) = (self.also(groups, entry.id()), self.study(groups, entry.id()));
        RecordCard { also, study, ..self.card(entry, circle) }
    }

    /// A card as it is kept, its date in words of the session's language.
    pub(crate) fn card(&self, entry: Entry<'_>, circle: &Circle) -> RecordCard {
        let text = |date: EntryDate| self.date_text(date.start_ms, date.precision, date.offset_minutes);
        let kind = Kind::from_u16(entry.kind()).unwrap_or(Kind::Other);
        RecordCard {
            date_text: entry.date().map(text),
            kind_text: self.language().kind(kind),
            source: source_of(entry, self.language()),
            plain: self.meaning(entry).map(|meaning| meaning.name).filter(|name| !says(entry.title(), name)),
            ..RecordCard::of(entry, circle)
        }
    }

    /// Everyone who is shown under the person meant; nobody when none is named.
    fn persons_option(&self, text: Option<&str>, circle: &Circle) -> Result<Vec<PersonId>, Error> {
        Ok(match text {
            Some(text) => circle.all(self.person_called(text)?),
            None => Vec::new(),
        })
    }
}

/// Whether a title already says what the plain name would.
pub(crate) fn says(title: &str, name: &str) -> bool {
    title.to_lowercase().contains(&name.to_lowercase())
}

/// The bounds that `--from` and `--to` set.
pub(crate) fn bounds(from: Option<&str>, to: Option<&str>) -> Result<(Option<i64>, Option<i64>), Error> {
    let from = from.map(date::period).transpose()?.map(|(first, _)| first);
    let to = to.map(date::period).transpose()?.map(|(_, last)| last);
    Ok((from, to))
}

fn kinds(words: &[String]) -> Result<Vec<u16>, Error> {
    words.iter().map(|word| word.parse::<Kind>().map(Kind::as_u16).map_err(|_| Error::BadKind)).collect()
}

fn limit(wanted: u32) -> usize {
    usize::try_from(wanted.min(MOST)).unwrap_or(usize::MAX)
}

impl RecordCard {
    pub(crate) fn of(entry: Entry<'_>, circle: &Circle) -> Self {
        Self {
            id: entry.id().to_string(),
            person: circle.one(entry.person()).to_string(),
            kind: Kind::from_u16(entry.kind()).unwrap_or(Kind::Other).as_str(),
            kind_text: Language::English.kind(Kind::from_u16(entry.kind()).unwrap_or(Kind::Other)),
            title: entry.title().to_owned(),
            date: entry.date().map(|date| date::as_exact(date.start_ms, date.precision, date.offset_minutes)),
            date_text: None,
            source: Some(entry.source()).filter(|source| !source.is_empty()).map(str::to_owned),
            summary: entry.line().to_owned(),
            chips: entry.chips().map(str::to_owned).collect(),
            standing: Standing::from_u8(entry.standing()).unwrap_or(Standing::Unconfirmed).as_str(),
            plain: None,
            also: Vec::new(),
            study: None,
        }
    }
}

impl std::fmt::Debug for TimelineQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TimelineQuery").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SearchQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchQuery").field("limit", &self.limit).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page")
            .field("records", &self.records.len())
            .field("more", &self.next.is_some())
            .field("incomplete", &self.incomplete)
            .finish()
    }
}

impl std::fmt::Debug for RecordCard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordCard").field("id", &self.id).finish_non_exhaustive()
    }
}
