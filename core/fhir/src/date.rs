//! Dates as FHIR gives them: only as exact as they are, on the clock of the place where they were made.

use serde::Serialize;

use crate::language::Language;
use crate::tree::Node;

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[repr(u8)]
pub enum Precision {
    /// `2024`
    #[serde(rename = "Y")]
    Year = 1,
    /// `2024-03`
    #[serde(rename = "M")]
    Month = 2,
    /// `2024-03-05`, also a time of exactly midnight
    #[serde(rename = "D")]
    Day = 3,
    /// `2024-03-05T10:15Z`
    #[serde(rename = "min")]
    Minute = 4,
    /// `2024-03-05T10:15:30Z` and finer
    #[serde(rename = "s")]
    Second = 5,
}

impl Precision {
    /// The precision of a stored number.
    pub fn from_u8(number: u8) -> Option<Precision> {
        use Precision::{Day, Minute, Month, Second, Year};
        [Year, Month, Day, Minute, Second].into_iter().find(|precision| *precision as u8 == number)
    }
}

/// What a record's date is the date of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Basis {
    /// When it was so: own date, or that of the report, visit or document that it belongs to.
    Clinical = 1,
    /// When it was written down.
    Recorded = 2,
    /// When the result was given out.
    Reported = 3,
    /// When the source last touched the record; nothing better is known.
    Received = 4,
}

/// A point or span of time with what is known about it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct When {
    /// Begin in Unix milliseconds; of a date without time, midnight UTC of its first day, so that it never
    /// shifts with a zone. A span without begin holds its end here.
    #[serde(rename = "start")]
    pub start_ms: i64,
    /// End of a span in Unix milliseconds.
    #[serde(rename = "end")]
    pub end_ms: Option<i64>,
    /// How exact the begin is.
    pub precision: Precision,
    /// Minutes east of UTC, when the source gave a time with its zone.
    #[serde(rename = "offset")]
    pub offset_minutes: Option<i32>,
    /// What it is the date of.
    pub basis: Basis,
    /// As written; of a span `begin/end`.
    pub raw: String,
}

impl std::fmt::Debug for When {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("When")
            .field("precision", &self.precision)
            .field("basis", &self.basis)
            .finish_non_exhaustive()
    }
}

/// One date or date-time, read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) ms: i64,
    pub(crate) precision: Precision,
    pub(crate) offset: Option<i32>,
    civil: (i64, u32, u32),
    clock: (u32, u32),
}

const DAY_MS: i64 = 86_400_000;

impl Moment {
    /// Of the end of something: where only its month or year is said, the beginning of the last day that it may be. What
    /// ends in November is not over on the first.
    pub(crate) fn as_end_ms(&self) -> i64 {
        let (year, month, _) = self.civil;
        match self.precision {
            Precision::Year => days_from_civil(year + 1, 1, 1) * DAY_MS - DAY_MS,
            Precision::Month => {
                let days = i64::from(days_in(year, month));
                days_from_civil(year, i64::from(month), days) * DAY_MS
            }
            _ => self.ms,
        }
    }
}

/// Days since 1970-01-01 of a civil date (proleptic Gregorian): year, month from 1, day from 1.
pub fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let of_year = (153 * shifted + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The civil date of a number of days since 1970-01-01.
fn civil_from_days(days: i64) -> (i64, u32, u32) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, u32::try_from(month).unwrap_or(1), u32::try_from(day).unwrap_or(1))
}

/// The day of a stored date, in a language's form and only as exact as it is.
pub(crate) fn day_text_of(language: Language, ms: i64, precision: Precision, offset: Option<i32>) -> String {
    let local = ms.saturating_add(i64::from(offset.unwrap_or(0)) * 60_000);
    let civil = civil_from_days(local.div_euclid(DAY_MS));
    Moment { ms, precision, offset, civil, clock: (0, 0) }.day_text(language)
}

/// Day and month of an instant, in UTC.
pub(crate) fn day_month_of(language: Language, ms: i64) -> String {
    let civil = civil_from_days(ms.div_euclid(DAY_MS));
    let moment = Moment { ms, precision: Precision::Day, offset: None, civil, clock: (0, 0) };
    let places = [("day", &*civil.2.to_string()), ("month", moment.month_name(language))];
    language.say("dates", "dayMonth", &places)
}

fn year_of(ms: i64) -> i64 {
    // A year's mean length is enough to tell years two apart.
    1970 + ms.div_euclid(31_556_952_000)
}

pub(crate) fn days_in(year: i64, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn number(text: &str, width: usize) -> Option<u32> {
    (text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Reads a FHIR date, dateTime or instant. `None` for anything else, for days that do not exist, and for years
/// before 1880 or after 2200.
pub(crate) fn parse(text: &str) -> Option<Moment> {
    let (date, time) = text.split_once('T').map_or((text, None), |(date, time)| (date, Some(time)));
    let mut parts = date.split('-');
    let year = i64::from(number(parts.next()?, 4)?);
    let month = parts.next().map(|part| number(part, 2).filter(|month| (1..=12).contains(month)));
    let month = if let Some(month) = month { Some(month?) } else { None };
    let day = match (parts.next(), month) {
        (Some(part), Some(month)) => {
            Some(number(part, 2).filter(|day| (1..=days_in(year, month)).contains(day))?)
        }
        (Some(_), None) => return None,
        (None, _) => None,
    };
    if parts.next().is_some() || !(1880..=2200).contains(&year) {
        return None;
    }
    let days = days_from_civil(year, month.unwrap_or(1).into(), day.unwrap_or(1).into());
    let precision = match (month, day) {
        (None, _) => Precision::Year,
        (_, None) => Precision::Month,
        _ => Precision::Day,
    };
    let civil = (year, month.unwrap_or(1), day.unwrap_or(1));
    let plain = Moment { ms: days * DAY_MS, precision, offset: None, civil, clock: (0, 0) };
    let Some(time) = time else {
        return Some(plain);
    };
    day?;
    let (clock, offset) = zone(time)?;
    let mut parts = clock.split(':');
    let hour = number(parts.next()?, 2).filter(|hour| *hour < 24)?;
    let minute = number(parts.next()?, 2).filter(|minute| *minute < 60)?;
    let (second, millis, has_second) = match parts.next() {
        None => (0, 0, false),
        Some(second) => {
            let (whole, fraction) =
                second.split_once('.').map_or((second, ""), |(whole, part)| (whole, part));
            if !fraction.bytes().all(|byte| byte.is_ascii_digit())
                || (second.contains('.') && fraction.is_empty())
            {
                return None;
            }
            let padded: String = fraction.chars().chain("000".chars()).take(3).collect();
            // A leap second stands at the end of its minute.
            (number(whole, 2).filter(|second| *second <= 60)?.min(59), padded.parse().ok()?, true)
        }
    };
    if parts.next().is_some() {
        return None;
    }
    if hour == 0 && minute == 0 && second == 0 && millis == 0 {
        return Some(plain);
    }
    let of_day = i64::from(hour) * 3_600_000 + i64::from(minute) * 60_000 + i64::from(second) * 1000 + millis;
    Some(Moment {
        ms: days * DAY_MS + of_day - i64::from(offset.unwrap_or(0)) * 60_000,
        precision: if has_second { Precision::Second } else { Precision::Minute },
        offset,
        civil,
        clock: (hour, minute),
    })
}

/// Splits a time into its clock and its zone in minutes.
fn zone(time: &str) -> Option<(&str, Option<i32>)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, Some(0)));
    }
    let Some(at) = time.rfind(['+', '-']) else {
        return Some((time, None));
    };
    let (clock, zone) = time.split_at_checked(at)?;
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let hours = i32::try_from(number(hours, 2).filter(|hours| *hours <= 14)?).ok()?;
    let minutes = i32::try_from(number(minutes, 2).filter(|minutes| *minutes < 60)?).ok()?;
    Some((clock, Some(sign * (hours * 60 + minutes))))
}

impl Moment {
    fn month_name(&self, language: Language) -> &'static str {
        const KEYS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"];
        let index = usize::try_from(self.civil.1).unwrap_or(1).saturating_sub(1);
        KEYS.get(index).and_then(|key| language.word("months", key)).unwrap_or_default()
    }

    /// `2024`, `Mar 2024`, `5 Mar 2024`.
    pub(crate) fn day_text(&self, language: Language) -> String {
        let (year, _, day) = self.civil;
        match self.precision {
            Precision::Year => year.to_string(),
            Precision::Month => {
                let places = [("month", self.month_name(language)), ("year", &*year.to_string())];
                language.say("dates", "month", &places)
            }
            _ => {
                let (day, year) = (day.to_string(), year.to_string());
                let places = [("day", &*day), ("month", self.month_name(language)), ("year", &year)];
                language.say("dates", "day", &places)
            }
        }
    }

    /// With the clock, when one is known: `5 Mar 2024, 10:15`.
    pub(crate) fn text(&self, language: Language) -> String {
        let (hour, minute) = self.clock;
        if self.precision < Precision::Minute {
            return self.day_text(language);
        }
        language.phrase(
            "dateTime",
            &[("date", &self.day_text(language)), ("time", &format!("{hour:02}:{minute:02}"))],
        )
    }

    fn when(self, end: Option<Moment>, basis: Basis, raw: String) -> When {
        When {
            start_ms: self.ms,
            end_ms: end.map(|end| end.ms),
            precision: self.precision,
            offset_minutes: self.offset,
            basis,
            raw,
        }
    }
}

/// What a date field holds.
#[derive(Clone)]
pub(crate) enum Found {
    /// A date and how to write it.
    Date(When, String),
    /// Something that is no possible date.
    Unclear,
    /// Words in place of a date (`onsetString`) or an age.
    Words(String),
}

/// Reads one date of any basis; `now_ms` bounds the future of what claims to have happened.
pub(crate) fn date(language: Language, text: &str, basis: Basis, now_ms: Option<i64>) -> Found {
    match parse(text).filter(|moment| !beyond(moment, now_ms)) {
        Some(moment) => Found::Date(moment.when(None, basis, text.to_owned()), moment.text(language)),
        None => Found::Unclear,
    }
}

fn beyond(moment: &Moment, now_ms: Option<i64>) -> bool {
    now_ms.is_some_and(|now| year_of(moment.ms) > year_of(now) + 2)
}

/// Reads a Period. `None` when it has neither end.
pub(crate) fn period(
    language: Language,
    node: &Node<'_>,
    basis: Basis,
    now_ms: Option<i64>,
) -> Option<Found> {
    let start = node.str("start");
    let end = node.str("end").filter(|end| !end.starts_with("9999"));
    let raw = format!("{}/{}", start.as_deref().unwrap_or(""), end.as_deref().unwrap_or(""));
    let first = start.as_deref().map(|start| parse(start).filter(|moment| !beyond(moment, now_ms)));
    let last = end.as_deref().and_then(parse);
    match (first, last) {
        (None, None) => end.map(|_| Found::Unclear),
        (Some(None), _) => Some(Found::Unclear),
        (None, Some(last)) => {
            let text = language.phrase("until", &[("date", &last.day_text(language))]);
            Some(Found::Date(last.when(Some(last), basis, raw), text))
        }
        (Some(Some(first)), None) => {
            let text = language.phrase("since", &[("date", &first.day_text(language))]);
            Some(Found::Date(first.when(None, basis, raw), text))
        }
        (Some(Some(first)), Some(last)) => {
            let last = if last.ms < first.ms { first } else { last };
            Some(Found::Date(first.when(Some(last), basis, raw), span_text(language, &first, &last)))
        }
    }
}

/// `5–9 Mar 2024`, `28 Feb–3 Mar 2024`, `5 Mar 2024, 10:15`.
fn span_text(language: Language, first: &Moment, last: &Moment) -> String {
    let (from, to) = (first.day_text(language), last.day_text(language));
    if from == to {
        return first.text(language);
    }
    let both_days = first.precision >= Precision::Day && last.precision >= Precision::Day;
    let from = match (first.civil, last.civil) {
        ((y1, m1, day), (y2, m2, _)) if both_days && y1 == y2 && m1 == m2 => day.to_string(),
        ((y1, _, day), (y2, _, _)) if both_days && y1 == y2 => {
            let places = [("day", &*day.to_string()), ("month", first.month_name(language))];
            language.say("dates", "dayMonth", &places)
        }
        _ => from,
    };
    language.phrase("period", &[("from", &from), ("to", &to)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> String {
        parse(raw).map_or("unclear".into(), |moment| moment.text(Language::English))
    }

    #[test]
    fn shows_only_what_is_known() {
        assert_eq!(text("2024"), "2024");
        assert_eq!(text("2024-03"), "Mar 2024");
        assert_eq!(text("2024-03-05"), "5 Mar 2024");
        assert_eq!(text("2024-03-05T10:15:00+05:30"), "5 Mar 2024, 10:15");
        assert_eq!(text("2024-03-05T10:15:30.123456789Z"), "5 Mar 2024, 10:15");
        assert_eq!(text("2024-03-05T00:00:00+05:30"), "5 Mar 2024");
        assert_eq!(text("2016-12-31T23:59:60Z"), "31 Dec 2016, 23:59");
    }

    #[test]
    fn never_guesses() {
        for raw in [
            "2024-02-30",
            "05/03/2024",
            "2024-3-5",
            "1024-01-01",
            "2024-13",
            "2024-03-05T24:00:00Z",
            "2024-03-05 10:15",
            "",
            "2024-03T10:00:00Z",
            "20240305",
            "2024-03-05T10:15:00+0530",
            "2024-03-05T10:15:00.Z",
            "２０２４",
            "2024-03-05T10:15:00+5:30",
        ] {
            assert_eq!(text(raw), "unclear", "{raw}");
        }
    }

    #[test]
    fn instants_agree_across_zones_and_days_do_not_shift() {
        assert_eq!(parse("1970-01-01").unwrap().ms, 0);
        assert_eq!(parse("2000-02-29").unwrap().ms, 951_782_400_000);
        let india = parse("2024-03-05T05:30:00+05:30").unwrap();
        assert_eq!(india.ms, 1_709_596_800_000);
        assert_eq!(india.offset, Some(330));
        assert_eq!(parse("2024-03-04T19:00:00-05:00").unwrap().ms, india.ms);
    }

    #[test]
    fn a_stored_date_reads_as_it_was_written() {
        for raw in [
            "2024",
            "2024-03",
            "2024-03-05",
            "2000-02-29",
            "1880-01-01",
            "2024-03-05T23:30:00+05:30",
            "1969-12-31",
        ] {
            let moment = parse(raw).unwrap();
            let again = day_text_of(Language::English, moment.ms, moment.precision, moment.offset);
            assert_eq!(again, moment.day_text(Language::English), "{raw}");
        }
        let moment = parse("2024-03-05").unwrap();
        assert_eq!(day_text_of(Language::Hindi, moment.ms, Precision::Day, None), "5 मार्च 2024");
        assert_eq!(day_text_of(Language::Hindi, moment.ms, Precision::Month, None), "मार्च 2024");
        assert!(!day_text_of(Language::English, i64::MAX, Precision::Second, Some(840)).is_empty());
    }

    #[test]
    fn spans() {
        let span = |json: &str| match period(Language::English, &Node::parse(json), Basis::Clinical, None) {
            Some(Found::Date(_, text)) => text,
            Some(_) => "unclear".into(),
            None => "none".into(),
        };
        assert_eq!(span(r#"{"start":"2024-03-05","end":"2024-03-09"}"#), "5–9 Mar 2024");
        assert_eq!(span(r#"{"start":"2024-02-28","end":"2024-03-03"}"#), "28 Feb–3 Mar 2024");
        assert_eq!(span(r#"{"start":"2023-12-28","end":"2024-01-03"}"#), "28 Dec 2023–3 Jan 2024");
        assert_eq!(span(r#"{"start":"2024-03"}"#), "since Mar 2024");
        assert_eq!(span(r#"{"end":"2024-03-09"}"#), "until 9 Mar 2024");
        assert_eq!(
            span(r#"{"start":"2024-03-05T10:15:00Z","end":"2024-03-05T11:00:00Z"}"#),
            "5 Mar 2024, 10:15"
        );
        assert_eq!(span("{}"), "none");
        assert_eq!(span(r#"{"start":"soon"}"#), "unclear");
    }

    #[test]
    fn a_far_future_is_unclear_once_now_is_known() {
        let now = Some(1_709_596_800_000);
        assert!(matches!(date(Language::English, "2126-01-01", Basis::Clinical, now), Found::Unclear));
        assert!(matches!(date(Language::English, "2025-01-01", Basis::Clinical, now), Found::Date(..)));
        assert!(matches!(date(Language::English, "2126-01-01", Basis::Clinical, None), Found::Date(..)));
    }
}
