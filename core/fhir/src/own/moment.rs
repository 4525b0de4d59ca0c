//! When something was so, as people type it.

use super::Refused;
use super::number::ascii;
use crate::date::{self, Precision};
use crate::summary::instant;

const MINUTE: i64 = 60_000;
/// The farthest clock ahead of UTC.
const FARTHEST: i64 = 14 * 60 * MINUTE;

/// The time of day of whoever writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// Unix milliseconds.
    pub ms: i64,
    /// Minutes east of UTC of the clock on the wall; `None` where nobody knows: UTC is written then.
    pub offset_minutes: Option<i16>,
}

impl Now {
    /// The clock on the wall as if it showed UTC.
    fn wall_ms(self) -> i64 {
        self.ms.saturating_add(self.offset_minutes.map_or(FARTHEST, |offset| i64::from(offset) * MINUTE))
    }

    /// This moment to the second on the writer's clock, as a FHIR `instant`.
    pub fn instant(self) -> String {
        let offset = self.offset_minutes.unwrap_or(0);
        let wall = instant::instant(self.ms.saturating_add(i64::from(offset) * MINUTE));
        format!("{}{}", wall.get(..19).unwrap_or_default(), zone(offset))
    }
}

/// A year, month, day or minute, as FHIR writes it.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnDate {
    text: String,
    start_ms: i64,
    /// The first millisecond after all that it may mean.
    next_ms: i64,
}

impl OwnDate {
    /// This minute, with the offset of the writer's clock.
    pub fn now(now: Now) -> OwnDate {
        let offset = now.offset_minutes.unwrap_or(0);
        let minute = now.ms.div_euclid(MINUTE) * MINUTE;
        let wall = instant::instant(minute.saturating_add(i64::from(offset) * MINUTE));
        let text = format!("{}:00{}", wall.get(..16).unwrap_or_default(), zone(offset));
        OwnDate { text, start_ms: minute, next_ms: minute.saturating_add(MINUTE) }
    }

    /// Reads `2024`, `2024-03`, `2024-03-05`, `2024-03-05T10:20`, also with seconds and an offset. Without an offset the
    /// time is that of the writer's clock. A time ahead of now is refused.
    pub fn parse(text: &str, now: Now) -> Result<OwnDate, Refused> {
        let date = Self::parse_any(text, now)?;
        let is_time = date.text.contains('T');
        let now_ms = if is_time && now.offset_minutes.is_some() { now.ms + MINUTE } else { now.wall_ms() };
        if date.start_ms > now_ms { Err(Refused::Future) } else { Ok(date) }
    }

    /// The same for what may lie ahead: the end of a course of medicine.
    pub fn parse_any(text: &str, now: Now) -> Result<OwnDate, Refused> {
        let text: String = text.trim().chars().map(ascii).collect();
        let text = match text.split_once([' ', 'T', 't']) {
            Some((day, time)) => format!("{day}T{}", timed(time.trim(), now.offset_minutes.unwrap_or(0))),
            None => text,
        };
        let Some(moment) = date::parse(&text) else {
            // Dates are read up to 2200: a year after that is one, and far ahead.
            let year = text.get(..4).filter(|_| matches!(text.as_bytes().get(4), None | Some(b'-')));
            let ahead = year.and_then(|year| year.parse::<u32>().ok()).is_some_and(|year| year > 2200);
            return Err(if ahead { Refused::Future } else { Refused::BadDate });
        };
        let next_ms = if text.contains('T') { moment.ms + MINUTE } else { next(moment.ms, moment.precision) };
        Ok(OwnDate { text, start_ms: moment.ms, next_ms })
    }

    /// As FHIR writes it: `date` or `dateTime`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The day, or the month or year where no more is known.
    pub(super) fn day(&self) -> &str {
        self.text.split('T').next().unwrap_or_default()
    }

    /// Whether all that it may mean lies before `now`.
    pub(super) fn is_over(&self, now: Now) -> bool {
        // A day is one of the calendar on the wall, a time one of the world.
        let offset = if self.text.contains('T') { 0 } else { i64::from(now.offset_minutes.unwrap_or(0)) };
        self.next_ms <= now.ms.saturating_add(offset * MINUTE)
    }

    pub(super) fn ends_before(&self, other: &OwnDate) -> bool {
        self.next_ms <= other.start_ms
    }
}

/// Seconds and an offset, where they are missing (FHIR R4, dateTime: both are needed beside a time).
fn timed(time: &str, offset: i16) -> String {
    let at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, given) = time.split_at_checked(at).unwrap_or((time, ""));
    let clock = clock.trim();
    let seconds = if clock.matches(':').count() == 1 { ":00" } else { "" };
    let zone = if given.is_empty() { zone(offset) } else { given.to_uppercase() };
    format!("{clock}{seconds}{zone}")
}

fn zone(offset: i16) -> String {
    match offset {
        0 => "Z".to_owned(),
        minutes => {
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
        }
    }
}

/// The first millisecond after a year, month or day that begins at `ms`.
fn next(ms: i64, precision: Precision) -> i64 {
    const DAY: i64 = 24 * 60 * MINUTE;
    let begins = |text: &str| date::parse(text).map(|moment| moment.ms);
    // Far enough into the next year or month, and still in it.
    let within = |days: i64, to: usize| {
        let text = instant::instant(ms + days * DAY);
        text.get(..to).and_then(begins)
    };
    match precision {
        Precision::Year => within(370, 4),
        Precision::Month => within(33, 7),
        _ => None,
    }
    .unwrap_or(ms + DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23T20:30:15Z; in India the 24th, 02:00.
    const NOW: Now = Now { ms: 1_795_465_815_000, offset_minutes: Some(330) };

    #[test]
    fn dates_are_as_exact_as_typed() {
        assert_eq!(OwnDate::now(NOW).as_str(), "2026-11-24T02:00:00+05:30");
        assert_eq!(OwnDate::now(Now { offset_minutes: None, ..NOW }).as_str(), "2026-11-23T20:30:00Z");
        assert_eq!(NOW.instant(), "2026-11-24T02:00:15+05:30");
        for (typed, kept) in [
            ("2024", "2024"),
            ("2024-03", "2024-03"),
            ("2024-03-05", "2024-03-05"),
            ("२०२४-०३", "2024-03"),
            ("2024-03-05T10:20", "2024-03-05T10:20:00+05:30"),
            ("2024-03-05 10:20", "2024-03-05T10:20:00+05:30"),
            ("2024-03-05T10:20:30", "2024-03-05T10:20:30+05:30"),
            ("2024-03-05T10:20Z", "2024-03-05T10:20:00Z"),
            ("2024-03-05T10:20-05:00", "2024-03-05T10:20:00-05:00"),
            ("2026-11-24", "2026-11-24"),
            ("2026-11-24T02:00", "2026-11-24T02:00:00+05:30"),
            ("2026", "2026"),
        ] {
            assert_eq!(OwnDate::parse(typed, NOW).map(|date| date.text), Ok(kept.to_owned()), "{typed}");
        }
        assert_eq!(OwnDate::parse("2999-01-01", NOW), Err(Refused::Future));
        for typed in ["2026-11-25", "2026-12", "2027", "2026-11-24T03:00"] {
            assert_eq!(OwnDate::parse(typed, NOW), Err(Refused::Future), "{typed}");
            assert!(OwnDate::parse_any(typed, NOW).is_ok(), "{typed}");
        }
        for typed in [
            "",
            "5 March",
            "05/03/2024",
            "2024-02-30",
            "2024-13",
            "10:20",
            "2024-03T10:20",
            "1700",
            "24",
            "2024-03-05T",
        ] {
            assert_eq!(OwnDate::parse(typed, NOW), Err(Refused::BadDate), "{typed}");
        }
    }

    #[test]
    fn spans_know_whether_they_are_over() {
        let date = |text| OwnDate::parse_any(text, NOW).unwrap();
        for (text, over) in [
            ("2025", true),
            ("2026", false),
            ("2026-10", true),
            ("2026-11", false),
            ("2026-11-23", true),
            ("2026-11-24", false),
        ] {
            assert_eq!(date(text).is_over(NOW), over, "{text}");
        }
        assert!(date("2023").ends_before(&date("2024-01-01")));
        assert!(!date("2024").ends_before(&date("2024-05")));
        assert!(!date("2024-12").ends_before(&date("2024-12-31")));
        assert!(date("2024-12").ends_before(&date("2025")));
    }
}
