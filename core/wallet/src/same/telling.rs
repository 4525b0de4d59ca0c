//! What a record tells, in the form in which two are compared.

use kosha_fhir::{Kind, Standing, Traits, imaging};
use kosha_vault::{Entry, EntryDate};

use crate::naming::is_mark;

/// Milliseconds of a day and of a minute.
const DAY: i64 = 86_400_000;
const MINUTE: i64 = 60_000;

/// Why two records are taken for the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Because(u8);

impl Because {
    pub(super) const CODE: Self = Self(1);
    pub(super) const NAME: Self = Self(2);
    const TIME: Self = Self(4);
    const DAY: Self = Self(8);
    pub(super) const VALUE: Self = Self(16);
    const UNDATED: Self = Self(32);
    /// Parts of one thing, which no other reason makes.
    pub(super) const STUDY: Self = Self(64);

    /// Whether the two are parts of one study, and none tells what the other does.
    pub(crate) fn is_part(self) -> bool {
        self == Self::STUDY
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The stable words.
    pub(crate) fn words(self) -> Vec<&'static str> {
        [
            (Self::CODE, "same-code"),
            (Self::NAME, "same-name"),
            (Self::TIME, "same-time"),
            (Self::DAY, "same-day"),
            (Self::VALUE, "same-value"),
            (Self::UNDATED, "no-date"),
            (Self::STUDY, "same-study"),
        ]
        .into_iter()
        .filter(|(reason, _)| self.0 & reason.0 != 0)
        .map(|(_, word)| word)
        .collect()
    }
}

/// What has to agree beside code or name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// Day or moment, and the value.
    TimeAndValue,
    /// Day or moment.
    Time,
    /// Nothing: it goes on. Dates must not speak against it.
    Nothing,
}

/// What a kind needs to be told once; `None` for kinds that are never put together.
pub(super) fn needs(kind: Kind) -> Option<Needs> {
    match kind {
        Kind::Result | Kind::Vital => Some(Needs::TimeAndValue),
        Kind::Immunization | Kind::Procedure | Kind::Report | Kind::Imaging | Kind::Medicine => {
            Some(Needs::Time)
        }
        Kind::Problem | Kind::Allergy => Some(Needs::Nothing),
        _ => None,
    }
}

/// Whether it tells something that another one may tell too. What negates, is suspected or unclear stands for itself.
pub(super) fn tells(entry: Entry<'_>) -> bool {
    !entry.tombstone()
        && Standing::from_u8(entry.standing()) == Some(Standing::Fact)
        && !Traits::from_bits(entry.traits()).contains(Traits::UNIT_UNCLEAR)
}

/// The number of the imaging study that a record is of.
pub(super) fn study(entry: Entry<'_>) -> Option<&str> {
    numbered(entry, imaging::STUDY)
}

/// The number of the series, where a record is one picture of a study.
pub(super) fn series(entry: Entry<'_>) -> Option<&str> {
    numbered(entry, imaging::SERIES)
}

fn numbered<'a>(entry: Entry<'a>, system: &str) -> Option<&'a str> {
    if entry.kind() != Kind::Imaging.as_u16() {
        return None;
    }
    entry.codes().find(|code| code.system == system).map(|code| code.code.as_str())
}

/// The day as the source saw it, counted from 1970.
pub(super) fn day(date: EntryDate) -> i64 {
    let local = date.offset_minutes.map_or(0, |minutes| i64::from(minutes) * MINUTE);
    date.start_ms.saturating_add(local).div_euclid(DAY)
}

/// Whether a date names a day at least.
pub(super) fn names_day(date: EntryDate) -> bool {
    date.end_ms.saturating_sub(date.start_ms) < DAY || date.precision >= kosha_fhir::Precision::Day as u8
}

/// How two times agree; `None`: they speak of different ones.
pub(super) fn times(a: Option<EntryDate>, b: Option<EntryDate>, needs: Needs) -> Option<Because> {
    let exact = |date: EntryDate| date.precision > kosha_fhir::Precision::Day as u8;
    match (a, b) {
        (Some(a), Some(b)) if exact(a) && exact(b) => {
            (a.start_ms.div_euclid(MINUTE) == b.start_ms.div_euclid(MINUTE)).then_some(Because::TIME)
        }
        (Some(a), Some(b)) if names_day(a) && names_day(b) => (day(a) == day(b)).then_some(Because::DAY),
        // A year beside a day in it.
        (Some(a), Some(b)) if needs == Needs::Nothing => {
            (a.start_ms <= b.end_ms && b.start_ms <= a.end_ms).then_some(Because::default())
        }
        (Some(_) | None, None) | (None, Some(_)) if needs == Needs::Nothing => Some(Because::UNDATED),
        _ => None,
    }
}

/// Value and unit in one spelling, or the text of a result that is none.
pub(super) fn value(entry: Entry<'_>) -> String {
    let bits = Traits::from_bits(entry.traits());
    let bound = if bits.contains(Traits::BELOW) {
        "<"
    } else if bits.contains(Traits::ABOVE) {
        ">"
    } else {
        ""
    };
    match entry.measure() {
        Some(measure) => format!("{bound}{} {}", plain(measure.value), folded(measure.unit)),
        None => folded(entry.line()),
    }
}

/// Digits without what changes nothing: `7.40` and `07.4` are `7.4`.
fn plain(digits: &str) -> String {
    let digits = digits.trim();
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-') {
        return digits.to_owned();
    }
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let digits =
        if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits };
    let digits = digits.trim_start_matches('0');
    let zero = if digits.is_empty() || digits.starts_with('.') { "0" } else { "" };
    format!("{sign}{zero}{digits}")
}

/// A text without case and spaces, and without the signs that change nothing: those of numbers and of bounds, and a plus or
/// minus at the end of a word, say something.
pub(super) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(char) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        let is_said = match char {
            _ if char.is_alphanumeric() || is_mark(char) => true,
            '%' | '+' | '<' | '>' | '=' | '≤' | '≥' | '±' | '~' => true,
            '.' | ',' | '/' | ':' | '^' | '*' => before.is_ascii_digit() && next.is_ascii_digit(),
            // `A-`, `-5`, `5-10`; not `B-12`, `A - B`.
            '-' | '−' | '–' if before.is_alphabetic() => !next.is_alphanumeric(),
            '-' | '−' | '–' => next.is_ascii_digit(),
            _ => false,
        };
        if is_said {
            folded.extend(char.to_lowercase());
        }
        before = char;
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::{folded, plain};

    #[test]
    fn spellings_of_one_number_and_one_name() {
        for (a, b) in
            [("7.40", "7.4"), ("07.4", "7.4"), ("5.0", "5"), ("0.50", "0.5"), (".5", "0.5"), ("0", "0")]
        {
            assert_eq!(plain(a), plain(b));
        }
        assert_ne!(plain("70"), plain("7"));
        assert_ne!(plain("-5"), plain("5"));
        assert_eq!(plain("1e3"), "1e3");
        assert_eq!(folded("Vitamin B-12 (serum)"), folded("vitamin b12, Serum"));
        assert_ne!(folded("हीमोग्लोबिन"), folded("ग्लूकोज"));
        for (one, other) in [
            ("A+", "A"),
            ("A-", "A"),
            ("A-", "A+"),
            ("Methotrexate 2.5 mg", "Methotrexate 25 mg"),
            ("12.5 mcg", "125 mcg"),
            ("1/2 tablet", "12 tablet"),
            ("<1:40", ">1:40"),
            ("1:40", "140"),
            ("1.5", "15"),
            ("-5", "5"),
            ("5-10", "510"),
            ("कि", "की"),
        ] {
            assert_ne!(folded(one), folded(other), "{one}: {other}");
        }
        assert_eq!(folded("Take 1 tablet, daily."), folded("take 1 tablet daily"));
    }
}
