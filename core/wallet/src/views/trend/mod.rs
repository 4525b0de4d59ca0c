//! The course of one value over time: its points, what cannot be drawn and why, and a sentence that says it all.

mod meant;
mod points;
mod sentence;

use kosha_crypto::id::RecordId;
use kosha_fhir::Language;
use kosha_vault::EntryDate;
use serde::Serialize;

use super::results::ResultFlag;
use crate::hidden::hidden_debug;
use crate::{Error, Session, timeline};

/// What is to be followed over time.
#[derive(Clone, Default)]
pub struct TrendQuery {
    /// A code (`718-7`, `loinc:718-7`, `system|code`), or words of the name (`haemoglobin`), or a code as
    /// [`super::results::ResultLine::code`] gives it.
    pub what: String,
    /// A person: id, the beginning of one, or name. Needed when several persons have such results.
    pub person: Option<String>,
    /// First year, month or day.
    pub from: Option<String>,
    /// Last year, month or day.
    pub to: Option<String>,
}

/// What was found for it.
#[derive(Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum TrendAnswer {
    /// One thing that was measured.
    Trend(Box<Trend>),
    /// Several different things are called so; one has to be chosen.
    Several(TrendChoices),
}

/// Things that go by the words asked for.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TrendChoices {
    /// The one with the most results first; at most 50.
    pub choices: Vec<TrendChoice>,
}

/// One of several things.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TrendChoice {
    /// What [`TrendQuery::what`] takes to mean this one.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// How many records there are.
    pub count: usize,
    /// Date of the latest.
    pub latest: Option<String>,
}

/// The course of one value. As JSON it is the table beside a chart.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trend {
    /// Whose it is.
    pub person: String,
    /// What was measured.
    pub name: String,
    /// What [`TrendQuery::what`] takes to mean it.
    pub code: String,
    /// All of it in words, for whoever does not see the chart.
    pub sentence: String,
    /// One for each unit that does not join exactly with another; of a blood pressure, the upper and the lower value.
    pub series: Vec<TrendSeries>,
    /// What is in no series, newest first; at most 1,000.
    pub not_drawn: Vec<NotDrawn>,
    /// How many records are in no series, by reason.
    pub not_drawn_counts: Vec<NotDrawnCount>,
    /// The language of its words.
    #[serde(skip)]
    pub language: Language,
    /// Damage keeps some records from being listed; [`Session::check`] names them. Absent in JSON where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// Points that can be compared with each other.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrendSeries {
    /// What it is; of a blood pressure the upper or the lower value.
    pub name: String,
    /// Unit of its latest point, or empty. All points have this unit, however it is spelt.
    pub unit: String,
    /// Series of the same number belong into one chart.
    pub chart: usize,
    /// It in words.
    pub sentence: String,
    /// Its points, oldest first.
    pub points: Vec<TrendPoint>,
}

/// One point.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_excessive_bools, reason = "each is a mark of its own beside the value")]
pub struct TrendPoint {
    /// When, as exactly as the source said.
    pub date: String,
    /// First and last instant that `date` may mean, Unix milliseconds.
    #[serde(skip)]
    pub span_ms: (i64, i64),
    /// Digits as the source wrote them.
    pub value: String,
    /// The number as it is shown: long ones rounded, never across an end of the range.
    pub shown: String,
    /// `<`, `≤`, `>`, `≥`: the value is only a bound. Else empty.
    pub comparator: &'static str,
    /// Unit as the source wrote it.
    pub unit: String,
    /// What the source sent, where `value`, `unit` and range are converted from another unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// Lower end of the laboratory's range for this point.
    pub range_low: Option<String>,
    /// Upper end.
    pub range_high: Option<String>,
    /// The range in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<String>,
    /// What the laboratory, or its range, says of it.
    pub flag: Option<ResultFlag>,
    /// Who said it; more than one when they said the same of the same time.
    pub sources: Vec<String>,
    /// The records.
    pub records: Vec<String>,
    /// Written down by the patient or a carer.
    pub own: bool,
    /// The laboratory has not finished it.
    pub not_final: bool,
    /// The laboratory has corrected it.
    pub corrected: bool,
}

/// A record that is in no series.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct NotDrawn {
    /// The record.
    pub record: String,
    /// When, where known.
    pub date: Option<String>,
    /// Its value as lists show it; empty for what was withdrawn.
    pub text: String,
    /// Why, see [`NotDrawnCount::reason`].
    pub reason: &'static str,
    /// Why, in words.
    #[serde(rename = "reasonText")]
    pub reason_text: String,
}

/// How many records are not drawn for one reason.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct NotDrawnCount {
    /// Stable code: `no-date`, `unit-unclear`, `no-number`, `too-large`, `withdrawn`, `not-a-fact`, `too-many`.
    pub reason: &'static str,
    /// In words.
    pub text: String,
    /// How many.
    pub count: usize,
}

impl Session {
    /// The course of a value over time. A unit joins another one where it is the same unit in another spelling, or where
    /// [`kosha_fhir::convert`] knows the factor for this very code; else it is a series of its own. Nothing is averaged or
    /// filled in. Withdrawn results are never in a series.
    ///
    /// Errors: [`Error::NoSuchResult`] when nothing goes by this code or name, [`Error::PersonNeeded`] when several persons
    /// have such results, [`Error::NoSuchPerson`], [`Error::BadDate`].
    pub fn trend(&self, query: &TrendQuery) -> Result<TrendAnswer, Error> {
        let circle = self.circle()?;
        let persons = match &query.person {
            Some(text) => circle.all(self.person_called(text)?),
            None => Vec::new(),
        };
        let (from_ms, to_ms) = timeline::bounds(query.from.as_deref(), query.to.as_deref())?;
        let found = meant::find(self.vault().index(), &query.what, &persons, &circle)?;
        let meant = match found {
            meant::Found::One(meant) => meant,
            meant::Found::Several(choices) => return Ok(TrendAnswer::Several(choices)),
        };
        let during = |date: Option<EntryDate>| {
            // What has no date may belong to any time; it is counted, not drawn.
            date.is_none_or(|date| {
                from_ms.is_none_or(|from| date.end_ms >= from) && to_ms.is_none_or(|to| date.start_ms <= to)
            })
        };
        let gathered =
            points::gather(self.vault(), &meant, &during, (self.language(), self.environment().now_ms()))?;
        Ok(TrendAnswer::Trend(Box::new(Trend {
            person: meant.person.to_string(),
            name: self.name_of(&meant.name, meant.latest),
            code: meant.code,
            sentence: sentence::of_all(self.language(), &gathered.series, &gathered.counts),
            series: gathered.series,
            not_drawn: gathered.not_drawn,
            not_drawn_counts: gathered.counts,
            language: self.language(),
            incomplete: self.is_incomplete(),
        })))
    }
}

impl Session {
    /// A name in the session's language.
    fn name_of(&self, kept: &str, latest: Option<RecordId>) -> String {
        let spoken = latest.and_then(|latest| self.spoken(&[latest]).remove(&latest));
        spoken.map_or_else(|| kept.to_owned(), |card| card.title)
    }
}

impl TrendPoint {
    /// The value as lists show it: sign, number, unit.
    pub fn text(&self) -> String {
        super::words::with_unit(&self.number(), &self.unit)
    }

    /// Sign and number.
    pub fn number(&self) -> String {
        format!("{}{}", self.comparator, self.shown)
    }
}

impl std::fmt::Debug for TrendQuery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TrendQuery(..)")
    }
}

hidden_debug!(
    TrendAnswer,
    TrendChoices,
    TrendChoice,
    Trend,
    TrendSeries,
    TrendPoint,
    NotDrawn,
    NotDrawnCount
);
