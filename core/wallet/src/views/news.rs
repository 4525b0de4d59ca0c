//! What came in since a day or since the last visit: what a patient tells at the next one.

use std::collections::{BTreeMap, HashSet};

use kosha_crypto::id::PersonId;
use kosha_fhir::{Kind, Language, Standing};
use kosha_vault::{Entry, Filter};
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::results::ResultFlag;
use super::series::{is_result, standing, states_fact};
use super::visits::{is_shown, is_visit};
use crate::family::Circle;
use crate::hidden::hidden_debug;
use crate::timeline::RecordCard;
use crate::words::of_code;
use crate::{Error, Session, date};

/// Most records of one answer.
const MOST: u32 = 1_000;

/// What is asked for. The default: everybody's, since the last visit, the first 100.
#[derive(Clone)]
pub struct NewsQuery {
    /// A person: id, the beginning of one, or name. With several persons needed for `last-visit`.
    pub person: Option<String>,
    /// A year, month or day, a time as [`News::now`] gives it, or `last-visit`.
    pub since: String,
    /// Most records, at most 1,000.
    pub limit: u32,
}

impl Default for NewsQuery {
    fn default() -> Self {
        Self { person: None, since: "last-visit".to_owned(), limit: 100 }
    }
}

/// What came in since.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct News {
    /// Since when, RFC 3339.
    pub since: String,
    /// The visit that is meant by `last-visit`.
    pub visit: Option<RecordCard>,
    /// Give this as [`NewsQuery::since`] the next time.
    pub now: String,
    /// How many, by kind.
    pub counts: Vec<NewsCount>,
    /// What happened since, before what came in since but is older. Among each: results that are not as expected, medicines,
    /// allergies and problems, all else; newest first.
    pub items: Vec<NewsItem>,
    /// How many more there are.
    pub more: usize,
    /// Damage keeps some records from being listed; [`Session::check`] names them. Absent in JSON where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// How many records of one kind.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct NewsCount {
    /// The kind.
    pub kind: &'static str,
    /// The kind in words of the session's language.
    #[serde(rename = "kindText")]
    pub kind_text: &'static str,
    /// That happened since.
    pub happened: usize,
    /// That came in since and are older, or have no date.
    pub older: usize,
}

/// A record that is new or another than before.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewsItem {
    /// The record.
    pub record: RecordCard,
    /// `new`; `changed`: its source sent it anew; `withdrawn`: its source took it back.
    pub change: &'static str,
    /// The same in words of the session's language.
    pub change_text: &'static str,
    /// When it came in, RFC 3339.
    pub came_in: String,
    /// By its own date it happened since. Else it is older, or has no date.
    pub happened: bool,
    /// What the laboratory, or its range, says of a result.
    pub flag: Option<ResultFlag>,
    /// Of a medicine: `started` or `stopped` since, where its dates or its status say so.
    pub medicine: Option<&'static str>,
    /// The same in words of the session's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medicine_text: Option<&'static str>,
}

/// From when on, and how it was meant.
struct Since {
    ms: i64,
    visit: Option<RecordCard>,
}

impl Session {
    /// What came in since a day, since an earlier answer, or since the last visit. Counted by when it came in; whether it also
    /// happened since is said of each.
    ///
    /// Errors: [`Error::BadDate`], [`Error::NoSuchPerson`]; for `last-visit` [`Error::PersonNeeded`] when several persons have
    /// visits, [`Error::NoVisit`] when nobody has one.
    pub fn news(&self, query: &NewsQuery) -> Result<News, Error> {
        let circle = self.circle()?;
        let persons = match &query.person {
            Some(text) => circle.all(self.person_called(text)?),
            None => Vec::new(),
        };
        let now_ms = self.environment().now_ms();
        let since = self.since(&query.since, &persons, &circle, now_ms)?;
        let without = [Kind::Support, Kind::Billing, Kind::Consent].map(Kind::as_u16);
        let filter = Filter {
            person: persons.first().copied(),
            also: &persons,
            without_kinds: &without,
            ..Filter::default()
        };
        let vault = self.vault();
        let same = self.same()?;
        // Of a study of many files one is news.
        let mut studies = HashSet::new();
        let mut found = Found::default();
        for entry in
            vault.index().iter().filter(|entry| entry.added_ms() >= since.ms && filter.admits(*entry))
        {
            // What was withdrawn before it came in was never news.
            if is_shown(entry)
                || (standing(entry) == Standing::InError && vault.history(entry.id())?.len() > 1)
            {
                let study = (entry.kind() == Kind::Imaging.as_u16()).then(|| same.parts(entry.id()).next());
                if study.flatten().is_some_and(|lead| !studies.insert(lead)) {
                    continue;
                }
                found.add(entry.date().is_some_and(|date| date.start_ms >= since.ms), entry);
            }
        }
        let language = self.language();
        let (counts, all) = (found.counts(language), found.len());
        let limit = usize::try_from(query.limit.min(MOST)).unwrap_or(usize::MAX);
        let found = found.first(limit);
        let more = all.saturating_sub(limit);
        let mut cards: Vec<RecordCard> = found.iter().map(|(_, entry)| self.card(*entry, &circle)).collect();
        self.speak(&mut cards);
        let item = |((happened, entry), record): ((bool, Entry<'_>), RecordCard)| -> Result<NewsItem, Error> {
            let changed = vault.history(entry.id())?.len() > 1;
            let change = match (standing(entry), changed) {
                (Standing::InError, _) => "withdrawn",
                (_, true) => "changed",
                (_, false) => "new",
            };
            let medicine = medicine(entry, since.ms, now_ms);
            Ok(NewsItem {
                record,
                change,
                change_text: of_code(language, "news", change),
                came_in: date::rfc3339(entry.added_ms()),
                happened,
                flag: ResultFlag::of(entry, language).filter(|_| is_result(entry)),
                medicine,
                medicine_text: medicine.map(|change| of_code(language, "news", change)),
            })
        };
        Ok(News {
            since: date::rfc3339(since.ms),
            visit: since.visit,
            now: date::rfc3339(now_ms),
            counts,
            items: found.into_iter().zip(cards).map(item).collect::<Result<_, Error>>()?,
            more,
            incomplete: self.is_incomplete(),
        })
    }

    fn since(&self, text: &str, persons: &[PersonId], circle: &Circle, now_ms: i64) -> Result<Since, Error> {
        let text = text.trim();
        if !matches!(text, "last-visit" | "the last visit" | "last visit") {
            let moment = date::instant(text).map(|(seconds, _)| seconds.saturating_mul(1000));
            let ms = moment.map_or_else(|| date::period(text).map(|(first, _)| first), Ok)?;
            return Ok(Since { ms, visit: None });
        }
        let mut whose = None;
        let mut last: Option<Entry<'_>> = None;
        let past = |entry: &Entry<'_>| entry.date().is_some_and(|date| date.start_ms <= now_ms);
        for visit in self
            .vault()
            .index()
            .of_kinds(&[Kind::Visit.as_u16()])
            .filter(|entry| is_visit(*entry) && states_fact(*entry))
        {
            let person = circle.one(visit.person());
            if !(persons.is_empty() || persons.contains(&visit.person())) || !past(&visit) {
                continue;
            }
            if *whose.get_or_insert(person) != person {
                return Err(Error::PersonNeeded);
            }
            last.get_or_insert(visit);
        }
        let visit = last.ok_or(Error::NoVisit)?;
        let ms = visit.date().map_or(now_ms, |date| date.start_ms);
        let mut card = self.card(visit, circle);
        self.speak(std::slice::from_mut(&mut card));
        Ok(Since { ms, visit: Some(card) })
    }
}

/// Ranks of records of one time.
const RANKS: usize = 4;

/// Rank of a record among those of its time.
fn rank(entry: Entry<'_>) -> usize {
    match Kind::from_u16(entry.kind()) {
        Some(Kind::Result | Kind::Vital) if ResultFlag::is_outside_of(entry) => 0,
        Some(Kind::Medicine) => 1,
        Some(Kind::Allergy | Kind::Problem) => 2,
        _ => RANKS - 1,
    }
}

/// What is news: what happened since, then what is older; of each those of the first rank first. The index has those of one
/// rank newest first already.
#[derive(Default)]
struct Found<'a> {
    ranked: [[Vec<Entry<'a>>; RANKS]; 2],
    /// By kind: how many happened since, and how many are older.
    by_kind: FxHashMap<u16, (usize, usize)>,
}

impl<'a> Found<'a> {
    fn add(&mut self, happened: bool, entry: Entry<'a>) {
        let (since, older) = self.by_kind.entry(entry.kind()).or_default();
        *(if happened { since } else { older }) += 1;
        let [first, last] = &mut self.ranked;
        if let Some(of_rank) = (if happened { first } else { last }).get_mut(rank(entry)) {
            of_rank.push(entry);
        }
    }

    fn len(&self) -> usize {
        self.ranked.iter().flatten().map(Vec::len).sum()
    }

    fn counts(&self, language: Language) -> Vec<NewsCount> {
        let by_kind: BTreeMap<u16, (usize, usize)> =
            self.by_kind.iter().map(|(kind, counts)| (*kind, *counts)).collect();
        by_kind
            .into_iter()
            .filter_map(|(kind, (happened, older))| {
                let kind = Kind::from_u16(kind)?;
                Some(NewsCount { kind: kind.as_str(), kind_text: language.kind(kind), happened, older })
            })
            .collect()
    }

    /// The first of them, and whether each happened since.
    fn first(self, limit: usize) -> Vec<(bool, Entry<'a>)> {
        let [since, older] = self.ranked;
        let all = [(true, since), (false, older)]
            .into_iter()
            .flat_map(|(happened, ranked)| ranked.into_iter().flatten().map(move |entry| (happened, entry)));
        all.take(limit).collect()
    }
}

/// Whether a medicine was started or stopped since.
fn medicine(entry: Entry<'_>, since_ms: i64, now_ms: i64) -> Option<&'static str> {
    if entry.kind() != Kind::Medicine.as_u16() || !states_fact(entry) && standing(entry) != Standing::Planned
    {
        return None;
    }
    let ended = entry.until_ms().is_some_and(|until| (since_ms..now_ms).contains(&until));
    let stopped = ["stopped", "completed", "ended"]
        .iter()
        .any(|code| entry.clinical_status().eq_ignore_ascii_case(code));
    let begun = entry.date().is_some_and(|date| date.start_ms >= since_ms);
    match (ended || (stopped && entry.until_ms().is_none_or(|until| until >= since_ms)), begun) {
        (true, _) => Some("stopped"),
        (false, true) if !stopped => Some("started"),
        _ => None,
    }
}

impl std::fmt::Debug for NewsQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewsQuery").field("limit", &self.limit).finish_non_exhaustive()
    }
}

hidden_debug!(News, NewsCount, NewsItem);
