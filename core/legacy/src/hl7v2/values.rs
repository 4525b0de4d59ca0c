//! OBX-5 to OBX-7: a value with its unit and the range that it is held against.

use super::datatypes::{concept, words};
use super::syntax::{Piece, Segment};
use crate::digits::{has_fraction_comma, ungrouped};
use crate::json::{Json, object, text};
use crate::resource::add_note;
use crate::timestamp::date_time;

/// Whether a value of these segments, or a range, has a comma before the part of a whole. Of a sender who writes so,
/// `4,100` is in doubt, too.
pub(super) fn commas_part_fractions(segments: &[Segment<'_>]) -> bool {
    segments.iter().filter(|segment| segment.name() == "OBX").any(|segment| {
        matches!(segment.field(2).raw(), "NM" | "SN")
            && [5, 7].into_iter().any(|n| has_fraction_comma(segment.field(n).raw()))
    })
}

/// The numbers of one OBX.
pub(super) struct Numbers<'s, 'a> {
    pub(super) segment: &'s Segment<'a>,
    /// See [`commas_part_fractions`].
    pub(super) commas_part_fractions: bool,
}

impl Numbers<'_, '_> {
    /// Puts the value in as its type says (OBX-2); a value that is not of its type stays a text.
    pub(super) fn put_value(&self, observation: &mut Json, value: &Piece<'_>) {
        if value.is_empty() {
            return;
        }
        let kind = self.segment.field(2);
        let several = value.repetitions().count() > 1;
        match kind.raw() {
            "NM" if !several => {
                if let Some(quantity) = self.quantity(&value.word(1), None) {
                    return observation.put("valueQuantity", Some(quantity));
                }
            }
            "SN" if !several => {
                if let Some((key, value)) = self.structured(value) {
                    return observation.put(key, Some(value));
                }
                let parts = [1, 2, 3, 4].map(|n| value.word(n));
                return observation.put("valueString", text(self.with_unit(parts.concat())));
            }
            "CE" | "CWE" | "CNE" | "CF" | "IS" | "ID" => {
                let mut values = value.repetitions().filter_map(|value| concept(&value));
                observation.put("valueCodeableConcept", values.next());
                for value in value.repetitions().skip(1) {
                    add_note(observation, words(&value).into_owned());
                }
                return;
            }
            "DT" | "TS" | "DTM" if !several => {
                if let Some(time) = date_time(&value.word(1), "") {
                    return observation.put("valueDateTime", text(time));
                }
            }
            _ => {}
        }
        let lines: Vec<String> = value.repetitions().map(|line| line.text().into_owned()).collect();
        // A text type has no components: what looks like one is a part of the text.
        observation.put("valueString", text(self.with_unit(lines.join("\n"))));
    }

    /// A value that stays a text, with its unit behind it where it is one line with a number.
    fn with_unit(&self, value: String) -> String {
        let unit = words(&self.segment.field(6));
        let is_amount = value.bytes().any(|byte| byte.is_ascii_digit()) && !value.contains('\n');
        if !is_amount || unit.is_empty() || value.contains(unit.as_ref()) {
            return value;
        }
        format!("{value} {unit}")
    }

    fn number(&self, written: &str) -> Option<Json> {
        let plain = ungrouped(written).filter(|_| !self.commas_part_fractions || !written.contains(','))?;
        Json::number(&plain)
    }

    fn quantity(&self, number: &str, comparator: Option<&str>) -> Option<Json> {
        let units = self.segment.field(6);
        let (code, words, system) = (units.word(1), units.word(2), units.word(3));
        let ucum = system.eq_ignore_ascii_case("UCUM");
        let unit = if words.is_empty() { code.clone() } else { words };
        Some(object([
            ("value", Some(self.number(number)?)),
            ("comparator", comparator.and_then(text)),
            ("unit", text(unit)),
            ("system", if ucum && !code.is_empty() { text("http://unitsofmeasure.org") } else { None }),
            ("code", text(code).filter(|_| ucum)),
        ]))
    }

    /// SN: comparator, number, sign, number (2.A.71).
    fn structured(&self, value: &Piece<'_>) -> Option<(&'static str, Json)> {
        let (comparator, first, sign, second) = (value.word(1), value.word(2), value.word(3), value.word(4));
        let comparator = match comparator.as_ref() {
            "" | "=" => None,
            known @ ("<" | "<=" | ">" | ">=") => Some(known),
            _ => return None,
        };
        if second.is_empty() && sign.is_empty() {
            return Some(("valueQuantity", self.quantity(&first, comparator)?));
        }
        let (one, other) = (self.quantity(&first, comparator)?, self.quantity(&second, None)?);
        match sign.as_ref() {
            "-" if comparator.is_none() => {
                Some(("valueRange", object([("low", Some(one)), ("high", Some(other))])))
            }
            ":" | "/" => {
                Some(("valueRatio", object([("numerator", Some(one)), ("denominator", Some(other))])))
            }
            _ => None,
        }
    }

    /// OBX-7 of a value. Bounds only where the text is two numbers, or one behind `<` or `>`; the text stays in any case.
    /// Bounds of FHIR belong to their range: `<5` is given as one unless the value is 5, which would be taken to lie within.
    pub(super) fn reference_range(&self, range: &str, value: &str) -> Option<Json> {
        let bounds = range.trim();
        let number = |text: &str| self.quantity(text.trim(), None);
        let digits = |text: &str| match self.number(text.trim()) {
            Some(Json::Number(digits)) => digits.parse::<f64>().ok(),
            _ => None,
        };
        let strict = |end: &str| {
            let same =
                digits(end).zip(digits(value)).is_some_and(|(end, value)| end.total_cmp(&value).is_eq());
            number(end).filter(|_| !same)
        };
        let (low, high) = if let Some((low, high)) = self.two_numbers(bounds) {
            (number(low), number(high))
        } else if let Some(high) = bounds.strip_prefix("<=").or_else(|| bounds.strip_prefix('≤')) {
            (None, number(high))
        } else if let Some(low) = bounds.strip_prefix(">=").or_else(|| bounds.strip_prefix('≥')) {
            (number(low), None)
        } else if let Some(high) = bounds.strip_prefix('<') {
            (None, strict(high))
        } else if let Some(low) = bounds.strip_prefix('>') {
            (strict(low), None)
        } else {
            (None, None)
        };
        Some(object([("low", low), ("high", high), ("text", Some(text(bounds)?))]))
    }

    /// `3.5-5.0`, `-2 - 2`, `1,50,000-4,50,000`: both sides numbers, the first not larger.
    fn two_numbers<'t>(&self, range: &'t str) -> Option<(&'t str, &'t str)> {
        let at = range.char_indices().skip(1).find(|(_, letter)| *letter == '-').map(|(at, _)| at)?;
        let (low, high) = (range.get(..at)?.trim(), range.get(at + 1..)?.trim());
        let size = |written: &str| match self.number(written)? {
            Json::Number(digits) => digits.parse::<f64>().ok(),
            _ => None,
        };
        (size(low)? <= size(high)?).then_some((low, high))
    }
}
