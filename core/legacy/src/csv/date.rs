//! Dates in tables. Of `05/03/2024` only the other dates of the column tell what it means.

use crate::timestamp::date_time;

/// What comes first in a date of three numbers with the year last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Day,
    Month,
    Unclear,
}

/// What the dates of a column show together.
#[derive(Default)]
pub(super) struct Dates {
    day_first: bool,
    month_first: bool,
}

impl Dates {
    pub(super) fn see(&mut self, cell: &str) {
        if let Some(Day::Either(first, second, _)) = day(split(cell).0) {
            self.day_first |= first > 12;
            self.month_first |= second > 12;
        }
    }

    pub(super) fn order(&self) -> Order {
        match (self.day_first, self.month_first) {
            (true, false) => Order::Day,
            (false, true) => Order::Month,
            _ => Order::Unclear,
        }
    }
}

/// A day as it is written.
enum Day {
    /// As FHIR writes it; a month or a year may be all that is known.
    Known(String),
    /// Two numbers before a year.
    Either(u8, u8, u16),
}

/// The date of a cell, and a time beside it, as FHIR writes them: on the clock of the place, with the zone where one is
/// given. None for what is no date, and for one that may be two.
pub(super) fn read(cell: &str, beside: &str, order: Order) -> Option<String> {
    let (day_text, time_text) = split(cell);
    let day = match day(day_text)? {
        Day::Known(day) => day,
        Day::Either(first, second, year) => {
            let (day, month) = match order {
                Order::Day => (first, second),
                Order::Month => (second, first),
                Order::Unclear if first == second => (first, second),
                Order::Unclear => return None,
            };
            format!("{year:04}-{month:02}-{day:02}")
        }
    };
    // Only days that there are, and years that a reading can be of.
    date_time(&day.replace('-', ""), "")?;
    day.get(..4).and_then(|year| year.parse::<u16>().ok()).filter(|year| (1880..=2200).contains(year))?;
    let time = if time_text.is_empty() { beside } else { time_text };
    match clock(time).filter(|_| day.len() == 10) {
        Some(clock) => Some(format!("{day}T{clock}")),
        None => Some(day),
    }
}

/// The day and the time of a cell.
fn split(cell: &str) -> (&str, &str) {
    let cell = cell.trim();
    let begins_time = |at: usize| {
        let rest = cell.get(at + 1..).unwrap_or_default();
        let hours = rest.trim_start().split_once(':').map(|(hours, _)| hours.trim());
        hours.is_some_and(|hours| {
            (1..=2).contains(&hours.len()) && hours.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let at = cell.char_indices().find(|(at, sign)| matches!(sign, 'T' | ' ' | ',') && begins_time(*at));
    match at.and_then(|(at, _)| cell.split_at_checked(at)) {
        Some((day, time)) => (day.trim_end_matches(','), time.get(1..).unwrap_or_default().trim()),
        None => (cell, ""),
    }
}

fn number<T: std::str::FromStr>(text: &str, most: usize) -> Option<T> {
    let fits = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok())?
}

fn day(text: &str) -> Option<Day> {
    let parts: Vec<&str> =
        text.split([' ', '/', '-', '.', ',']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let known = |year: u16, month: u8, day: u8| Day::Known(format!("{year:04}-{month:02}-{day:02}"));
    let year = |text: &str| number::<u16>(text, 4).filter(|_| text.len() == 4);
    match parts.as_slice() {
        [only] if only.len() == 8 && only.bytes().all(|byte| byte.is_ascii_digit()) => {
            let (year, month, day) = (only.get(..4)?, only.get(4..6)?, only.get(6..)?);
            Some(Day::Known(format!("{year}-{month}-{day}")))
        }
        [a, b] if year(a).is_some() => {
            Some(Day::Known(format!("{a}-{:02}", number::<u8>(b, 2).or_else(|| month(b))?)))
        }
        [a, b] if year(b).is_some() => Some(Day::Known(format!("{b}-{:02}", month(a)?))),
        [a, b, c] => match (year(a), year(c)) {
            (Some(year), _) => Some(known(year, number(b, 2).or_else(|| month(b))?, number(c, 2)?)),
            (None, Some(year)) => match (number::<u8>(a, 2), number::<u8>(b, 2)) {
                (Some(a), Some(b)) => Some(Day::Either(a, b, year)),
                (Some(a), None) => Some(known(year, month(b)?, a)),
                (None, Some(b)) => Some(known(year, month(a)?, b)),
                (None, None) => None,
            },
            (None, None) => None,
        },
        _ => None,
    }
}

/// A month by its name, in English or Hindi.
fn month(name: &str) -> Option<u8> {
    const NAMES: [(&str, &[&str]); 12] = [
        ("january", &["जनवरी"]),
        ("february", &["फरवरी", "फ़रवरी"]),
        ("march", &["मार्च"]),
        ("april", &["अप्रैल"]),
        ("may", &["मई"]),
        ("june", &["जून"]),
        ("july", &["जुलाई"]),
        ("august", &["अगस्त"]),
        ("september", &["सितंबर", "सितम्बर"]),
        ("october", &["अक्टूबर", "अक्तूबर"]),
        ("november", &["नवंबर", "नवम्बर"]),
        ("december", &["दिसंबर", "दिसम्बर"]),
    ];
    let name = name.to_lowercase();
    let at = NAMES.iter().position(|(full, others)| {
        *full == name
            || full.get(..3) == Some(name.as_str())
            || (name == "sept" && *full == "september")
            || others.contains(&name.as_str())
    })?;
    u8::try_from(at + 1).ok()
}

/// `07:30`, `7:30:15 pm`, `07:30:15.250+05:30` as FHIR writes a time.
fn clock(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase().replace("a.m.", "am").replace("p.m.", "pm");
    let (text, half) = match (text.strip_suffix("am"), text.strip_suffix("pm")) {
        (Some(text), _) => (text.trim(), Some(0)),
        (_, Some(text)) => (text.trim(), Some(12)),
        _ => (text.as_str(), None),
    };
    let (clock, zone) = match (text.strip_suffix('z'), text.rfind(['+', '-'])) {
        (Some(clock), _) => (clock, "Z".to_owned()),
        (None, Some(at)) => (text.get(..at)?, offset(text.get(at..)?)?),
        (None, None) => (text, String::new()),
    };
    let mut parts = clock.trim().split(':');
    let hour = number::<u8>(parts.next()?, 2)?;
    let minute = number::<u8>(parts.next()?, 2).filter(|minute| *minute < 60)?;
    let second = parts.next().unwrap_or("0").split('.').next().unwrap_or_default();
    let second = number::<u8>(second, 2).filter(|second| *second < 60)?;
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    (hour < 24 && parts.next().is_none()).then(|| format!("{hour:02}:{minute:02}:{second:02}{zone}"))
}

/// `+0530` or `+05:30`.
fn offset(zone: &str) -> Option<String> {
    let sign = zone.get(..1)?;
    let digits = zone.get(1..)?.replace(':', "");
    let (hours, minutes) = (digits.get(..2)?, digits.get(2..)?);
    let fits = number::<u8>(hours, 2)? <= 14 && number::<u8>(minutes, 2)? < 60 && minutes.len() == 2;
    fits.then(|| format!("{sign}{hours}:{minutes}"))
}

#[cfg(test)]
mod tests {
    use super::{Dates, Order, read};

    #[test]
    fn dates_are_read_as_written_and_never_guessed() {
        for (cell, beside, order, expected) in [
            ("2024-03-05", "", Order::Unclear, Some("2024-03-05")),
            ("2024-03-05", "7:30", Order::Unclear, Some("2024-03-05T07:30:00")),
            ("2024-03-05T07:30:15+05:30", "", Order::Unclear, Some("2024-03-05T07:30:15+05:30")),
            ("2024-03-05 07:30:15.250Z", "", Order::Unclear, Some("2024-03-05T07:30:15Z")),
            ("2024/3/5", "", Order::Unclear, Some("2024-03-05")),
            ("20240305", "", Order::Unclear, Some("2024-03-05")),
            ("2024-03", "7:30", Order::Unclear, Some("2024-03")),
            ("05 Mar 2024", "", Order::Unclear, Some("2024-03-05")),
            ("5-March-2024 7:30 PM", "", Order::Unclear, Some("2024-03-05T19:30:00")),
            ("Mar 5, 2024, 12:05 am", "", Order::Unclear, Some("2024-03-05T00:05:00")),
            ("5 मार्च 2024", "", Order::Unclear, Some("2024-03-05")),
            ("Mar 2024", "", Order::Unclear, Some("2024-03")),
            ("05/03/2024", "", Order::Day, Some("2024-03-05")),
            ("05/03/2024 07:30", "", Order::Month, Some("2024-05-03T07:30:00")),
            ("05.03.2024", "", Order::Unclear, None),
            ("05/05/2024", "", Order::Unclear, Some("2024-05-05")),
            ("13/13/2024", "", Order::Day, None),
            ("30/02/2024", "", Order::Day, None),
            ("05/03/24", "", Order::Day, None),
            ("2024-03-05", "25:99", Order::Unclear, Some("2024-03-05")),
            ("2024-03-05", "13:00 pm", Order::Unclear, Some("2024-03-05")),
            ("1024-03-05", "", Order::Day, None),
            ("yesterday", "", Order::Day, None),
            ("é", "é", Order::Day, None),
        ] {
            assert_eq!(read(cell, beside, order).as_deref(), expected, "{cell}");
        }
    }

    #[test]
    fn a_column_tells_its_order_when_all_its_dates_agree() {
        let order = |cells: &[&str]| {
            let mut dates = Dates::default();
            for cell in cells {
                dates.see(cell);
            }
            dates.order()
        };
        assert_eq!(order(&["05/03/2024", "13/03/2024"]), Order::Day);
        assert_eq!(order(&["05/03/2024", "03/13/2024 10:00"]), Order::Month);
        assert_eq!(order(&["05/03/2024", "04/03/2024"]), Order::Unclear);
        assert_eq!(order(&["13/03/2024", "03/13/2024"]), Order::Unclear);
    }
}
