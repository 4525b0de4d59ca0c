//! Dates and numbers in sentences.

use kosha_vault::EntryDate;

use crate::date;

/// Short names of the months.
pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A date as exactly as it is known, as FHIR writes it.
pub(super) fn exact(when: EntryDate) -> String {
    date::as_exact(when.start_ms, when.precision, when.offset_minutes)
}

/// A date of [`exact`] as people write it, without the time of day: `5 Mar 2024`, `Mar 2024`, `2024`.
pub(super) fn day(exact: &str) -> String {
    let part = |from: usize, to: usize| exact.get(from..to).and_then(|part| part.parse::<usize>().ok());
    let year = exact.get(..4).unwrap_or(exact);
    let month = part(5, 7).and_then(|month| MONTHS.get(month.wrapping_sub(1)));
    match (month, part(8, 10)) {
        (Some(month), Some(day)) => format!("{day} {month} {year}"),
        (Some(month), None) => format!("{month} {year}"),
        (None, _) => year.to_owned(),
    }
}

/// `7.4 g/dL`; the number alone where there is no unit.
pub(super) fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.to_owned() } else { format!("{number} {unit}") }
}

/// `1 result`, `3 results`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// A range of a laboratory: `12 - 16 g/dL`, `up to 5.7 %`, `40 or more`. `None` without a bound.
pub(super) fn range(low: &str, high: &str, unit: &str) -> Option<String> {
    match (low.is_empty(), high.is_empty()) {
        (false, false) => Some(with_unit(&format!("{low} - {high}"), unit)),
        (true, false) => Some(format!("up to {}", with_unit(high, unit))),
        (false, true) => Some(format!("{} or more", with_unit(low, unit))),
        (true, true) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{day, range};

    #[test]
    fn dates_are_no_more_exact_in_words() {
        assert_eq!(day("2024-03-05T10:20:30+05:30"), "5 Mar 2024");
        assert_eq!(day("2024-03"), "Mar 2024");
        assert_eq!(day("2024"), "2024");
        assert_eq!(day(""), "");
    }

    #[test]
    fn ranges_have_one_or_two_ends() {
        assert_eq!(range("12", "16", "g/dL").as_deref(), Some("12 - 16 g/dL"));
        assert_eq!(range("", "5.7", "%").as_deref(), Some("up to 5.7 %"));
        assert_eq!(range("40", "", "").as_deref(), Some("40 or more"));
        assert_eq!(range("", "", "%"), None);
    }
}
