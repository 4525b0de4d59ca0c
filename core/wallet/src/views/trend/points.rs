//! Points of a series, and what does not become one.

use std::cmp::Ordering;
use std::collections::HashMap;

use kosha_fhir::series::{
    Pressure, PressurePart, blood_pressure, compare_digits, shown_digits, unit_identity,
};
use kosha_fhir::{Language, Standing, Traits, convert};
use kosha_vault::{Entry, EntryDate, Vault};

use super::meant::Meant;
use super::{NotDrawn, NotDrawnCount, TrendPoint, TrendSeries, sentence};
use crate::Error;
use crate::spoken::source_of;
use crate::views::results::ResultFlag;
use crate::views::series::{comparator, has_trait, is_ahead, is_corrected, standing, states_fact, when};
use crate::views::words;
use crate::words::WORDS;

/// Most records whose bodies are opened for one chart; older ones are counted.
const MOST_BODIES: usize = 20_000;
/// Most records that are named as not drawn; all are counted.
const MOST_NAMED: usize = 1_000;

/// Why something is not drawn, in the order in which it is told.
const REASONS: [&str; 8] =
    ["no-date", "ahead", "unit-unclear", "no-number", "too-large", "withdrawn", "not-a-fact", "too-many"];

/// The words for why so many records are not drawn.
fn reason_text(language: Language, reason: &str, count: usize) -> String {
    let (n, most) = (words::count(language, count), words::count(language, MOST_BODIES));
    WORDS.say(language, &format!("notDrawn-{reason}"), &[("n", &n), ("most", &most)])
}

/// Series and what is in none.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) series: Vec<TrendSeries>,
    pub(super) not_drawn: Vec<NotDrawn>,
    pub(super) counts: Vec<NotDrawnCount>,
}

/// A value on its way into a series.
struct Value {
    part: Option<PressurePart>,
    digits: String,
    comparator: &'static str,
    unit: String,
    low: Option<String>,
    high: Option<String>,
    flag: Option<ResultFlag>,
}

/// Reads every record of what is meant that is of the time asked for.
pub(super) fn gather(
    vault: &Vault,
    meant: &Meant<'_>,
    during: &dyn Fn(Option<EntryDate>) -> bool,
    (language, now_ms): (Language, i64),
) -> Result<Gathered, Error> {
    let mut out = Gathered::default();
    let mut counts: HashMap<&'static str, usize> = HashMap::new();
    let mut series: Vec<Growing> = Vec::new();
    let mut bodies = 0;
    for (entry, holds) in meant.records.iter().copied().filter(|(entry, _)| during(entry.date())) {
        let pair = holds == Some(PressurePart::Pair);
        let values = match reason_against(entry, pair, now_ms) {
            Some(reason) => Err(reason),
            None if pair && entry.measure().is_none() => {
                bodies += 1;
                if bodies > MOST_BODIES { Err("too-many") } else { pressure(vault, entry, language)? }
            }
            None => single(entry, holds, language).map(|value| vec![value]),
        };
        match values {
            Ok(values) => values.into_iter().for_each(|value| put(&mut series, entry, value, language)),
            // It says nothing of its own, whatever stands under it.
            Err(_) if has_trait(entry, Traits::HEADING) && states_fact(entry) => {}
            Err(reason) => {
                *counts.entry(reason).or_default() += 1;
                if out.not_drawn.len() < MOST_NAMED {
                    out.not_drawn.push(not_drawn(entry, reason, language));
                }
            }
        }
    }
    out.counts = REASONS
        .into_iter()
        .filter_map(|reason| {
            let count = *counts.get(reason)?;
            Some(NotDrawnCount { reason, text: reason_text(language, reason, count), count })
        })
        .collect();
    join_units(&mut series, &meant.code);
    out.series = finished(series, &meant.name, language);
    Ok(out)
}

/// What keeps a record out of every series, as far as the index tells.
fn reason_against(entry: Entry<'_>, pair: bool, now_ms: i64) -> Option<&'static str> {
    if standing(entry) == Standing::InError {
        return Some("withdrawn");
    }
    if !states_fact(entry) {
        return Some("not-a-fact");
    }
    if has_trait(entry, Traits::UNIT_UNCLEAR) {
        return Some("unit-unclear");
    }
    if entry.measure().is_none() && !pair {
        return Some("no-number");
    }
    match entry.date() {
        None => Some("no-date"),
        Some(date) => is_ahead(date, now_ms).then_some("ahead"),
    }
}

fn not_drawn(entry: Entry<'_>, reason: &'static str, language: Language) -> NotDrawn {
    // What was withdrawn, called off or never done has no value to be told.
    let is_fact = !matches!(reason, "withdrawn" | "not-a-fact");
    let text = if is_fact { entry.line().to_owned() } else { String::new() };
    NotDrawn {
        record: entry.id().to_string(),
        date: when(entry),
        text,
        reason,
        reason_text: reason_text(language, reason, 1),
    }
}

/// Whether digits are a number that has a place on an axis.
fn drawable(digits: &str) -> Result<(), &'static str> {
    let Ok(number) = digits.trim().parse::<f64>() else { return Err("no-number") };
    if number.is_finite() && compare_digits(digits, "0").is_some() { Ok(()) } else { Err("too-large") }
}

fn single(entry: Entry<'_>, part: Option<PressurePart>, language: Language) -> Result<Value, &'static str> {
    let measure = entry.measure().ok_or("no-number")?;
    drawable(measure.value)?;
    let end = |end: &str| Some(end).filter(|end| !end.is_empty()).map(str::to_owned);
    Ok(Value {
        part: part.filter(|part| *part != PressurePart::Pair),
        digits: measure.value.to_owned(),
        comparator: comparator(entry),
        unit: measure.unit.to_owned(),
        low: end(measure.range_low),
        high: end(measure.range_high),
        flag: ResultFlag::of(entry, language),
    })
}

/// The two values of a blood pressure, from the record's body.
fn pressure(
    vault: &Vault,
    entry: Entry<'_>,
    language: Language,
) -> Result<Result<Vec<Value>, &'static str>, Error> {
    let body = vault.body(entry.id())?.resource;
    let Some((systolic, diastolic)) = blood_pressure(&body, language) else {
        return Ok(Err("no-number"));
    };
    let value = |part: PressurePart, value: Pressure| {
        if value.unit_unclear {
            return Err("unit-unclear");
        }
        drawable(&value.digits)?;
        Ok(Value {
            part: Some(part),
            digits: value.digits,
            comparator: value.comparator,
            unit: value.unit,
            low: value.range_low,
            high: value.range_high,
            flag: value.flag.as_ref().map(ResultFlag::read),
        })
    };
    let values = [(PressurePart::Systolic, systolic), (PressurePart::Diastolic, diastolic)];
    let values = values.into_iter().filter_map(|(part, found)| Some(value(part, found?)));
    Ok(values.collect())
}

/// A series in the making: points newest first.
struct Growing {
    part: Option<PressurePart>,
    unit: String,
    points: Vec<TrendPoint>,
}

fn put(series: &mut Vec<Growing>, entry: Entry<'_>, value: Value, language: Language) {
    let Some(date) = entry.date() else { return };
    let unit = unit_identity(&value.unit);
    let place = series.iter().position(|one| one.part == value.part && one.unit == unit);
    let place = place.unwrap_or_else(|| {
        series.push(Growing { part: value.part, unit, points: Vec::new() });
        series.len() - 1
    });
    let Some(growing) = series.get_mut(place) else { return };
    let point = point(entry, date, value, language);
    let same = |known: &&mut TrendPoint| {
        known.date == point.date
            && known.comparator == point.comparator
            && compare_digits(&known.value, &point.value) == Some(Ordering::Equal)
    };
    // Entries come in the order of time, so that those of one time stand together.
    let of_this_time = growing.points.iter_mut().rev().take_while(|known| known.span_ms.0 == point.span_ms.0);
    match of_this_time.into_iter().find(same) {
        Some(known) => join(known, point),
        None => growing.points.push(point),
    }
}

fn point(entry: Entry<'_>, date: EntryDate, value: Value, language: Language) -> TrendPoint {
    let bounds: Vec<&str> = [&value.low, &value.high].into_iter().flatten().map(String::as_str).collect();
    TrendPoint {
        date: words::exact(date),
        span_ms: (date.start_ms, date.end_ms),
        shown: shown_digits(&value.digits, &bounds),
        value: value.digits,
        comparator: value.comparator,
        unit: value.unit,
        sent: None,
        range_low: value.low,
        range_high: value.high,
        range: None,
        flag: value.flag,
        sources: source_of(entry, language).into_iter().collect(),
        records: vec![entry.id().to_string()],
        own: has_trait(entry, Traits::OWN),
        not_final: has_trait(entry, Traits::NOT_FINAL),
        corrected: is_corrected(entry),
    }
}

/// The same said twice: one point, which is as sure as the surer of the two.
fn join(known: &mut TrendPoint, other: TrendPoint) {
    for source in other.sources {
        if !known.sources.contains(&source) {
            known.sources.push(source);
        }
    }
    known.records.extend(other.records);
    known.own &= other.own;
    known.not_final &= other.not_final;
    known.corrected |= other.corrected;
    known.flag = known.flag.take().or(other.flag);
    if known.range_low.is_none() && known.range_high.is_none() {
        (known.range_low, known.range_high) = (other.range_low, other.range_high);
    }
}

/// Takes a unit into that of the most points, where the factor between the two is certain for this code. All of a series
/// is converted, or nothing.
fn join_units(series: &mut Vec<Growing>, code: &str) {
    let Some(loinc) = code.strip_prefix("loinc:") else { return };
    series.sort_by(|a, b| b.points.len().cmp(&a.points.len()).then_with(|| a.unit.cmp(&b.unit)));
    let mut rest = series.split_off(series.len().min(1));
    let Some(first) = series.first_mut() else { return };
    let to = first.points.first().map(|point| point.unit.clone()).unwrap_or_default();
    rest.retain_mut(|other| {
        let points: Option<Vec<TrendPoint>> =
            other.points.iter().map(|point| converted(point, loinc, &to)).collect();
        let joins = other.part == first.part && !to.is_empty();
        match points.filter(|_| joins) {
            Some(points) => {
                first.points.extend(points);
                false
            }
            None => true,
        }
    });
    first.points.sort_by_key(|point| std::cmp::Reverse(point.span_ms));
    series.extend(rest);
}

/// A point in another unit, with what was sent beside it. A range that cannot be converted is left out.
fn converted(point: &TrendPoint, loinc: &str, to: &str) -> Option<TrendPoint> {
    let number = |digits: &str| convert("http://loinc.org", loinc, digits, &point.unit, to);
    let ends = [&point.range_low, &point.range_high].map(|end| end.as_deref().map(number));
    let whole = ends.iter().flatten().all(Option::is_some);
    let [range_low, range_high] = ends.map(|end| end.flatten().filter(|_| whole));
    let value = number(&point.value)?;
    Some(TrendPoint {
        shown: value.clone(),
        value,
        unit: to.to_owned(),
        sent: Some(point.text()),
        range_low,
        range_high,
        ..point.clone()
    })
}

/// The series in the order in which they are shown: upper before lower value, the unit with the most points first.
fn finished(mut growing: Vec<Growing>, name: &str, language: Language) -> Vec<TrendSeries> {
    let mut by_unit: HashMap<String, usize> = HashMap::new();
    for one in &growing {
        *by_unit.entry(one.unit.clone()).or_default() += one.points.len();
    }
    let mut units: Vec<(String, usize)> = by_unit.into_iter().collect();
    units.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let chart = |unit: &str| units.iter().position(|(known, _)| known == unit).unwrap_or(0);
    growing.sort_by_key(|one| (chart(&one.unit), one.part == Some(PressurePart::Diastolic)));
    let series = growing.into_iter().map(|one| {
        let mut points = one.points;
        points.reverse();
        for point in &mut points {
            let end = |end: &Option<String>| end.clone().unwrap_or_default();
            point.range = language.range(&end(&point.range_low), &end(&point.range_high), &point.unit);
        }
        let unit = points.last().map(|point| point.unit.clone()).unwrap_or_default();
        TrendSeries {
            name: match one.part {
                Some(PressurePart::Systolic) => WORDS.text(language, "trend-systolic").to_owned(),
                Some(PressurePart::Diastolic) => WORDS.text(language, "trend-diastolic").to_owned(),
                _ => name.to_owned(),
            },
            chart: chart(&one.unit),
            sentence: sentence::of_points(language, &points, &unit),
            unit,
            points,
        }
    });
    series.collect()
}
