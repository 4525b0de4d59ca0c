//! Days, periods and spans of time as people write them.

pub(crate) use kosha_fhir::days_from_civil;

use crate::Error;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Longest time for which a share may be granted.
pub(crate) const LONGEST_SHARE_MS: i64 = 366 * DAY;

/// The first and the last millisecond (UTC) of a year (`2024`), month (`2024-03`) or day (`2024-03-05`).
///
/// Fails with [`Error::BadDate`] when `text` is none of these.
pub(crate) fn period(text: &str) -> Result<(i64, i64), Error> {
    let mut parts = text.split('-');
    let year = number(parts.next(), 4)?;
    let month = parts.next().map(|part| number(Some(part), 2)).transpose()?;
    let day = parts.next().map(|part| number(Some(part), 2)).transpose()?;
    if parts.next().is_some() || year == 0 || month.is_some_and(|month| !(1..=12).contains(&month)) {
        return Err(Error::BadDate);
    }
    let (first, next) = match (month, day) {
        (None, _) => (days_from_civil(year, 1, 1), days_from_civil(year + 1, 1, 1)),
        (Some(12), None) => (days_from_civil(year, 12, 1), days_from_civil(year + 1, 1, 1)),
        (Some(month), None) => (days_from_civil(year, month, 1), days_from_civil(year, month + 1, 1)),
        (Some(month), Some(day)) => {
            let first = days_from_civil(year, month, day);
            if civil_from_days(first) != (year, month, day) {
                return Err(Error::BadDate);
            }
            (first, first + 1)
        }
    };
    Ok((first * DAY, next * DAY - 1))
}

/// A span of time: a number and `m`, `h`, `d` or `w`. In milliseconds, at least a minute and at most a year.
///
/// Fails with [`Error::BadExpiry`].
pub(crate) fn span(text: &str) -> Result<i64, Error> {
    let text = text.trim();
    let split = text.len().checked_sub(1).filter(|at| text.is_char_boundary(*at)).ok_or(Error::BadExpiry)?;
    let (count, unit) = text.split_at(split);
    let unit = match unit {
        "m" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        "w" => 7 * DAY,
        _ => return Err(Error::BadExpiry),
    };
    if count.is_empty() || !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::BadExpiry);
    }
    let span = count.parse::<i64>().ok().and_then(|count| count.checked_mul(unit)).ok_or(Error::BadExpiry)?;
    if (MINUTE..=LONGEST_SHARE_MS).contains(&span) { Ok(span) } else { Err(Error::BadExpiry) }
}

/// `ms` as an RFC 3339 time in UTC, to the second: `2024-03-05T10:20:30Z`.
pub(crate) fn rfc3339(ms: i64) -> String {
    let (year, month, day) = civil_from_days(ms.div_euclid(DAY));
    let rest = ms.rem_euclid(DAY);
    let (hour, minute, second) = (rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE / SECOND);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// A date as exactly as it is known, as FHIR writes it. `precision` is that of [`kosha_fhir::Precision`].
pub(crate) fn as_exact(start_ms: i64, precision: u8, offset_minutes: Option<i16>) -> String {
    let offset = i64::from(offset_minutes.unwrap_or(0));
    let local = start_ms.saturating_add(offset * MINUTE);
    let (year, month, day) = civil_from_days(local.div_euclid(DAY));
    let rest = local.rem_euclid(DAY);
    let (hour, minute, second) = (rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE / SECOND);
    let zone = match offset_minutes {
        None | Some(0) => "Z".to_owned(),
        Some(minutes) => {
            let sign = if minutes < 0 { '-' } else { '+' };
            format!("{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
        }
    };
    match precision {
        1 => format!("{year:04}"),
        2 => format!("{year:04}-{month:02}"),
        4 => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}{zone}"),
        5 => format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    }
}

/// The last millisecond that a begin of this precision may mean.
pub(crate) fn last_instant(start_ms: i64, precision: u8) -> i64 {
    let (year, month, _) = civil_from_days(start_ms.div_euclid(DAY));
    let next = match precision {
        1 => days_from_civil(year + 1, 1, 1) * DAY,
        2 if month == 12 => days_from_civil(year + 1, 1, 1) * DAY,
        2 => days_from_civil(year, month + 1, 1) * DAY,
        3 => start_ms.saturating_add(DAY),
        4 => start_ms.saturating_add(MINUTE),
        _ => start_ms.saturating_add(SECOND),
    };
    next - 1
}

/// Seconds since 1970 of a FHIR instant, and its fraction of a second as digits without trailing zeros, so that two
/// compare in order. `None` for anything that is not a full time with a zone.
pub(crate) fn instant(text: &str) -> Option<(i64, String)> {
    let (day, time) = text.split_once('T')?;
    let (first, _) = period(day).ok().filter(|_| day.len() == 10)?;
    let zone_at = time.find(['Z', '+', '-'])?;
    let (clock, zone) = time.split_at_checked(zone_at)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = clock.split(':');
    let mut next = || number(parts.next(), 2).ok();
    let seconds = next()? * 3600 + next()? * 60 + next()?;
    let offset = match zone.split_at_checked(1)? {
        ("Z", "") => 0,
        (sign, rest) => {
            let (hours, minutes) = rest.split_once(':')?;
            let minutes = number(Some(hours), 2).ok()? * 60 + number(Some(minutes), 2).ok()?;
            if sign == "-" { -minutes } else { minutes }
        }
    };
    let digits = fraction.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| (first / SECOND + seconds - offset * 60, fraction.trim_end_matches('0').to_owned()))
}

fn number(part: Option<&str>, digits: usize) -> Result<i64, Error> {
    let part = part.ok_or(Error::BadDate)?;
    if part.len() != digits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::BadDate);
    }
    part.parse().map_err(|_| Error::BadDate)
}

/// The Gregorian date of a number of days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = (shifted + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{as_exact, civil_from_days, days_from_civil, last_instant, period, rfc3339, span};

    #[test]
    fn dates_are_written_as_exactly_as_they_are_known() {
        let ms = period("2024-03-05").unwrap().0 + 10 * 3_600_000 + 15 * 60_000 + 30_000;
        assert_eq!(as_exact(ms, 1, None), "2024");
        assert_eq!(as_exact(ms, 2, None), "2024-03");
        assert_eq!(as_exact(ms, 3, None), "2024-03-05");
        assert_eq!(as_exact(ms, 4, Some(330)), "2024-03-05T15:45+05:30");
        assert_eq!(as_exact(ms, 5, Some(-60)), "2024-03-05T09:15:30-01:00");
        assert_eq!(as_exact(ms, 5, Some(0)), "2024-03-05T10:15:30Z");
        for text in ["2024", "2024-03", "2024-12", "2024-03-05"] {
            let precision = u8::try_from(text.split('-').count()).unwrap();
            let (first, last) = period(text).unwrap();
            assert_eq!(last_instant(first, precision), last, "{text}");
        }
    }

    #[test]
    fn periods_cover_what_was_named() {
        assert_eq!(period("1970").unwrap(), (0, 365 * 86_400_000 - 1));
        assert_eq!(period("2024-02").unwrap(), (1_706_745_600_000, 1_709_251_199_999));
        assert_eq!(period("2024-02-29").unwrap(), (1_709_164_800_000, 1_709_251_199_999));
        assert_eq!(period("2024-12").unwrap().1, period("2024").unwrap().1);
        for wrong in [
            "",
            "24",
            "2024-13",
            "2024-00",
            "2023-02-29",
            "2024-1",
            "2024-01-01-01",
            "0000",
            "+024",
            "2024-٠1",
        ] {
            assert!(period(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn spans_are_a_number_and_a_unit() {
        assert_eq!(span("15m").unwrap(), 900_000);
        assert_eq!(span("1d").unwrap(), 86_400_000);
        assert_eq!(span("2w").unwrap(), 1_209_600_000);
        for wrong in ["", "d", "1", "0m", "-1d", "1.5h", "400d", "1é", "99999999999999999999d", "1y"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(1_709_251_199_999), "2024-02-29T23:59:59Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59Z");
    }

    proptest! {
        #[test]
        fn every_day_comes_back(days in -700_000_i64..3_000_000) {
            let (year, month, day) = civil_from_days(days);
            prop_assert_eq!(days_from_civil(year, month, day), days);
        }
    }
}
