//! Numbers with commas: `150,000` and `1,50,000` are grouped, `12,5` is twelve and a half where commas part fractions.

use std::borrow::Cow;

/// A number without the commas that group its digits: groups of three, or of two before the last three as in India. One
/// without commas is as it was. `None` where a comma is no sign of a group, and where it may stand before a fraction
/// (`0,500`).
pub(crate) fn ungrouped(written: &str) -> Option<Cow<'_, str>> {
    let written = written.trim();
    if !written.contains(',') {
        return Some(Cow::Borrowed(written));
    }
    let digits = written.strip_prefix(['-', '+']).unwrap_or(written);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let groups: Vec<&str> = whole.split(',').collect();
    let [first, middle @ .., last] = groups.as_slice() else { return None };
    let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = |most: usize| {
        first.len() <= most && middle.iter().all(|group| group.len() == most) && last.len() == 3
    };
    let fits = groups.iter().all(|group| are_digits(group))
        && are_digits(part)
        && !first.starts_with('0')
        && (grouped(3) || grouped(2));
    fits.then(|| Cow::Owned(written.replace(',', "")))
}

/// Whether a text has a number with a comma that groups no digits. Then a fraction stands behind it.
pub(crate) fn has_fraction_comma(text: &str) -> bool {
    let numbers = text.split(|letter: char| !letter.is_ascii_digit() && !matches!(letter, ',' | '.'));
    let numbers = numbers.map(|number| number.trim_matches([',', '.']));
    numbers.filter(|number| number.contains(',')).any(|number| ungrouped(number).is_none())
}

/// Whether a text is a number whose commas group digits and cannot stand before a fraction: `1,50,000`, `1,234.5`.
pub(crate) fn has_certain_groups(text: &str) -> bool {
    let text = text.trim_matches(|letter: char| !letter.is_ascii_digit());
    let several = text.matches(',').count() > 1 || (text.contains(',') && text.contains('.'));
    several && ungrouped(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::{has_certain_groups, has_fraction_comma, ungrouped};

    #[test]
    fn commas_that_group_digits_are_told_from_others() {
        for (written, expected) in [
            ("150000", "150000"),
            (" 150,000 ", "150000"),
            ("1,50,000", "150000"),
            ("12,34,567", "1234567"),
            ("1,234,567.50", "1234567.50"),
            ("-1,200", "-1200"),
            ("12.5", "12.5"),
            ("no number", "no number"),
        ] {
            assert_eq!(ungrouped(written).as_deref(), Some(expected), "{written}");
        }
        for doubtful in [
            "12,5", "0,500", "1,5000", "1500,000", "1,50,00", "1,500,00", "1,,000", ",500", "1,500.",
            "1,2.3,4",
        ] {
            assert_eq!(ungrouped(doubtful), None, "{doubtful}");
        }
        for (text, fraction) in [
            ("3,5-5,0", true),
            ("150,000 - 450,000", false),
            ("less than 10, or more", false),
            ("0,500", true),
        ] {
            assert_eq!(has_fraction_comma(text), fraction, "{text}");
        }
        for (text, certain) in [("150,000", false), ("1,50,000", true), ("1,234.5", true), ("12,5", false)] {
            assert_eq!(has_certain_groups(text), certain, "{text}");
        }
    }
}
