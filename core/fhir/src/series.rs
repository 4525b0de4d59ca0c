//! What makes results comparable: the identity of a code, that of a unit, numbers by their digits, and the two values of a
//! blood pressure.

use std::cmp::Ordering;

use crate::flag;
use crate::label::{clean, has_code, system_name};
use crate::language::Language;
use crate::quantity::{self, Decimal, Quantity, normal_unit};
use crate::table::part;
use crate::tree::Node;

/// Identity of what was measured: `loinc|718-7`, else the first system and code with the words in lower case, since other
/// systems have codes as wide as "laboratory test", else `text|` and the words. `codes` are (system, code).
pub fn code_identity<'a>(codes: impl Iterator<Item = (&'a str, &'a str)>, words: &str) -> String {
    let mut first = None;
    for (system, code) in codes.filter(|(_, code)| !code.is_empty()) {
        if system_name(system) == Some("LOINC") {
            return format!("loinc|{code}");
        }
        first.get_or_insert_with(|| format!("{system}|{code}"));
    }
    let words = clean(words).to_lowercase();
    match first {
        Some(first) if words.is_empty() => first,
        first => format!("{}|{words}", first.as_deref().unwrap_or("text")),
    }
}

/// Identity of a unit: spellings of one unit are the same text (`gm/dl`, `g/dL`). Empty for none.
pub fn unit_identity(unit: &str) -> String {
    normal_unit(unit)
}

/// Compares two numbers by their digits, of any length. `None` when one is no number.
pub fn compare_digits(one: &str, other: &str) -> Option<Ordering> {
    Some(Decimal::parse(one.trim())?.compare(&Decimal::parse(other.trim())?))
}

/// A number as it is shown: as sent with up to three decimals; a longer one rounded, yet never across one of the bounds.
pub fn shown_digits(digits: &str, bounds: &[&str]) -> String {
    let bounds: Vec<Decimal> = bounds.iter().filter_map(|bound| Decimal::parse(bound.trim())).collect();
    quantity::shown(digits, &bounds)
}

/// Which of the two values of a blood pressure a code stands for, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PressurePart {
    /// The pair (LOINC 85354-9, 55284-4).
    Pair,
    /// The upper value (LOINC 8480-6).
    Systolic,
    /// The lower value (LOINC 8462-4).
    Diastolic,
}

/// Reads a code identity (see [`code_identity`]) as one of a blood pressure.
pub fn pressure_part(identity: &str) -> Option<PressurePart> {
    let code = identity.strip_prefix("loinc|")?;
    let pressure = part(&["bloodPressure"]);
    let is = |key: &str| pressure.str(key).is_some_and(|known| known == code);
    if pressure.at("panel").items().filter_map(Node::text).any(|known| known == code) {
        Some(PressurePart::Pair)
    } else if is("systolic") {
        Some(PressurePart::Systolic)
    } else if is("diastolic") {
        Some(PressurePart::Diastolic)
    } else {
        None
    }
}

/// One value of a blood pressure.
#[derive(Clone, PartialEq, Eq)]
pub struct Pressure {
    /// As the source wrote it.
    pub digits: String,
    /// `<`, `≤`, `>`, `≥` or empty.
    pub comparator: &'static str,
    /// In words; empty where the source names none.
    pub unit: String,
    /// Unit in words and unit code say different things.
    pub unit_unclear: bool,
    /// Lower end of its only usable range, digits of the source.
    pub range_low: Option<String>,
    /// Upper end.
    pub range_high: Option<String>,
    /// What its source or its range says of it, in words.
    pub flag: Option<crate::Flag>,
}

impl std::fmt::Debug for Pressure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Pressure(..)")
    }
}

/// The upper and the lower value of a blood pressure observation (`component`), either of which may be missing. `None`
/// when the text is no JSON that was read before, or holds neither. `language`: that of the words of its flags.
pub fn blood_pressure(resource: &[u8], language: Language) -> Option<(Option<Pressure>, Option<Pressure>)> {
    let text = std::str::from_utf8(resource).ok()?;
    let root = Node::parse(text.trim_start_matches('\u{feff}'));
    let pressure = part(&["bloodPressure"]);
    let find = |key: &str| {
        let code = pressure.str(key)?;
        let component = root.at("component").items().find(|item| has_code(item.at("code"), &[&code]))?;
        let quantity = Quantity::read(component.at("valueQuantity"))?;
        let ranges = flag::ranges(language, component);
        let range = flag::range_of(&ranges, Some(&quantity));
        let digits = |bound: Option<&Option<Quantity>>| {
            bound.and_then(Option::as_ref).map(|bound| bound.digits.clone())
        };
        Some(Pressure {
            flag: flag::flag(language, component, Some(&quantity), &ranges),
            comparator: quantity.comparator,
            unit_unclear: quantity.unclear,
            range_low: digits(range.map(|range| &range.low)),
            range_high: digits(range.map(|range| &range.high)),
            unit: quantity.unit,
            digits: quantity.digits,
        })
    };
    let pair = (find("systolic"), find("diastolic"));
    (pair.0.is_some() || pair.1.is_some()).then_some(pair)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_known_by_loinc_first_then_by_what_comes_first_then_by_its_words() {
        let loinc = [("urn:lab", "HB"), ("http://loinc.org", "718-7")];
        assert_eq!(code_identity(loinc.into_iter(), "Hb"), "loinc|718-7");
        assert_eq!(code_identity([("urn:lab", "HB"), ("urn:b", "C")].into_iter(), "Hb"), "urn:lab|HB|hb");
        assert_eq!(code_identity(std::iter::empty(), "Serum  Iron"), "text|serum iron");
    }

    #[test]
    fn the_two_values_of_a_blood_pressure_are_read_with_their_digits() {
        let text = br#"{"component":[
            {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120.0,"unit":"mmHg"}},
            {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mmHg"},
             "referenceRange":[{"high":{"value":90,"unit":"mmHg"}}]}]}"#;
        let (systolic, diastolic) = blood_pressure(text, Language::English).unwrap();
        let (systolic, diastolic) = (systolic.unwrap(), diastolic.unwrap());
        assert_eq!((systolic.digits.as_str(), systolic.unit.as_str()), ("120.0", "mmHg"));
        assert_eq!((diastolic.digits.as_str(), diastolic.range_high.as_deref()), ("80", Some("90")));
        assert!(blood_pressure(b"{}", Language::English).is_none());
        assert!(blood_pressure(b"\xff", Language::English).is_none());
        assert_eq!(pressure_part("loinc|85354-9"), Some(PressurePart::Pair));
        assert_eq!(pressure_part("loinc|8462-4"), Some(PressurePart::Diastolic));
        assert_eq!(pressure_part("text|8462-4"), None);
    }
}
