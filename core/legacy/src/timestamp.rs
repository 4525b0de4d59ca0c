//! Points in time as HL7 v2 and version 3 write them.

/// DT, TS, DTM as FHIR writes them, as exactly as they were sent: a time of day only with its zone, its own or else
/// `zone`, since FHIR has none without. What is no date is none.
pub(crate) fn date_time(written: &str, zone: &str) -> Option<String> {
    let written = written.trim();
    let (moment, own) = match written.find(['+', '-']) {
        Some(at) => (written.get(..at)?, written.get(at..)?),
        None => (written, ""),
    };
    let digits = moment.split('.').next().unwrap_or_default();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (digits.get(..4)?, digits.get(4..6), digits.get(6..8));
    if !matches!(digits.len(), 4 | 6 | 8 | 10 | 12 | 14) || !is_day(year, month, day) {
        return None;
    }
    let (Some(month), Some(day)) = (month, day) else {
        return Some(month.map_or_else(|| year.to_owned(), |month| format!("{year}-{month}")));
    };
    let date = format!("{year}-{month}-{day}");
    let (hour, minute, second) = (digits.get(8..10), digits.get(10..12), digits.get(12..14).unwrap_or("00"));
    let zone = if own.is_empty() { zone } else { own };
    let (Some(hour), Some(minute), Some(zone)) = (hour, minute, offset(zone)) else { return Some(date) };
    let below = |text: &str, limit: u8| text.parse::<u8>().is_ok_and(|value| value < limit);
    if !below(hour, 24) || !below(minute, 60) || !below(second, 60) {
        return Some(date);
    }
    Some(format!("{date}T{hour}:{minute}:{second}{zone}"))
}

/// A moment as a count of seconds, so that of two the later is larger. A time without a zone, its own or else `zone`, counts
/// as it stands, and a day as its beginning.
pub(crate) fn seconds(written: &str, zone: &str) -> Option<u64> {
    // A time without any zone is no time to FHIR.
    let some = if zone.is_empty() { "+0000" } else { zone };
    let moment = date_time(written, some)?;
    let part = |from: usize, to: usize| moment.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    // The first of March of the year 0 is day 1.
    let days = kosha_fhir::days_from_civil(year, month, day) + 719_469;
    let clock = match (part(11, 13), part(14, 16), part(17, 19)) {
        (Some(hours), Some(minutes), Some(seconds)) => hours * 3600 + minutes * 60 + seconds,
        _ => 0,
    };
    let sign = if moment.get(19..20) == Some("-") { -1 } else { 1 };
    let offset =
        part(20, 22).zip(part(23, 25)).map_or(0, |(hours, minutes)| sign * (hours * 3600 + minutes * 60));
    u64::try_from(days * 86_400 + clock - offset).ok()
}

/// The zone of a time, if it has one.
pub(crate) fn zone_of(written: &str) -> &str {
    written.find(['+', '-']).and_then(|at| written.get(at..)).unwrap_or_default().trim()
}

/// `+0530` as `+05:30`.
fn offset(zone: &str) -> Option<String> {
    let sign = zone.get(..1).filter(|sign| matches!(*sign, "+" | "-"))?;
    let (hours, minutes) = (zone.get(1..3)?, zone.get(3..5)?);
    let fits = zone.len() == 5
        && hours.parse::<u8>().is_ok_and(|hours| hours <= 14)
        && minutes.parse::<u8>().is_ok_and(|minutes| minutes < 60);
    fits.then(|| format!("{sign}{hours}:{minutes}"))
}

fn is_day(year: &str, month: Option<&str>, day: Option<&str>) -> bool {
    let number = |text: &str| text.parse::<u16>().unwrap_or(0);
    let year = number(year);
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    let days = |month: u16| match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    };
    let Some(month) = month.map(number) else { return year > 0 };
    year > 0
        && (1..=12).contains(&month)
        && day.map(number).is_none_or(|day| (1..=days(month)).contains(&day))
}

#[cfg(test)]
mod tests {
    use super::date_time;

    #[test]
    fn dates_are_as_exact_as_they_were_sent() {
        for (sent, zone, expected) in [
            ("2024", "", Some("2024")),
            ("202403", "", Some("2024-03")),
            ("20240305", "", Some("2024-03-05")),
            ("20240305101530+0530", "", Some("2024-03-05T10:15:30+05:30")),
            ("202403051015.5-0400", "", Some("2024-03-05T10:15:00-04:00")),
            ("202403051015", "+0530", Some("2024-03-05T10:15:00+05:30")),
            ("202403051015", "", Some("2024-03-05")),
            ("2024030510", "+0530", Some("2024-03-05")),
            ("202403052575", "+0530", Some("2024-03-05")),
            ("20240230", "", None),
            ("20241301", "", None),
            ("0000", "", None),
            ("yesterday", "", None),
            ("202", "", None),
            ("2024é", "", None),
            ("", "", None),
        ] {
            assert_eq!(date_time(sent, zone).as_deref(), expected, "{sent}");
        }
    }
}
