//! Dates and numbers in sentences.

use kosha_fhir::{Language, Precision};
use kosha_vault::EntryDate;

use crate::date;

/// A date as exactly as it is known, as FHIR writes it.
pub(super) fn exact(when: EntryDate) -> String {
    date::as_exact(when.start_ms, when.precision, when.offset_minutes)
}

/// A date of [`exact`] in words, without the time of day: `5 Mar 2024`, `Mar 2024`, `2024`.
pub(crate) fn day(language: Language, exact: &str) -> String {
    let day = exact.get(..10).unwrap_or(exact);
    let precision = match day.len() {
        4 => Precision::Year,
        7 => Precision::Month,
        _ => Precision::Day,
    };
    date::period(day).map_or_else(|_| day.to_owned(), |(first, _)| language.date(first, precision, None))
}

/// `7.4 g/dL`; the number alone where there is no unit.
pub(super) fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.to_owned() } else { format!("{number} {unit}") }
}

/// How many, with its digits as the language groups them.
pub(super) fn count(language: Language, count: usize) -> String {
    language.count(count as u64)
}

#[cfg(test)]
mod tests {
    use kosha_fhir::Language::{English, Hindi};

    use super::day;

    #[test]
    fn dates_are_no_more_exact_in_words() {
        assert_eq!(day(English, "2024-03-05T10:20:30+05:30"), "5 Mar 2024");
        assert_eq!(day(Hindi, "2024-03-05T23:50:30-05:30"), "5 मार्च 2024");
        assert_eq!(day(English, "2024-03"), "Mar 2024");
        assert_eq!(day(English, "2024"), "2024");
        assert_eq!(day(English, ""), "");
    }
}
