//! `value[x]` in words.

use crate::date::{self, Basis, Found};
use crate::flag::bounds_text;
use crate::label::{clean, clip, known, label, tidy};
use crate::language::Language;
use crate::quantity::{Decimal, Quantity, dose_noun, dose_number, dose_unit, shown, with_unit};
use crate::tree::Node;

/// Longest string value on a card, in characters: about three lines.
const LONGEST: usize = 240;

/// A value in words. `bounds` keep a rounded number on its side of a reference range. `None`: there is no value.
pub(crate) fn text(language: Language, holder: &Node<'_>, stem: &str, bounds: &[Decimal]) -> Option<String> {
    let (kind, node) = holder.choice(stem)?;
    of_kind(language, &kind, node, bounds)
}

pub(crate) fn of_kind(language: Language, kind: &str, node: &Node<'_>, bounds: &[Decimal]) -> Option<String> {
    match kind {
        "Quantity" | "Age" | "Duration" | "Count" | "Money" | "SimpleQuantity" => {
            Quantity::read(node).map(|quantity| quantity.text(language, bounds))
        }
        "CodeableConcept" | "Coding" | "CodeableReference" => label(language, node, "other", ""),
        "Boolean" => node_truth(node).map(|yes| language.phrase(if yes { "yes" } else { "no" }, &[])),
        "Range" => range(language, node.at("low"), node.at("high")),
        "Ratio" => ratio(language, node),
        "SampledData" => Some(language.phrase("waveform", &[])),
        "Period" => date::period(language, node, Basis::Clinical, None).and_then(found_text),
        "DateTime" | "Date" | "Instant" => {
            let raw = node.text()?;
            Some(date::parse(&raw).map_or_else(|| clean(&raw), |moment| moment.text(language)))
        }
        "Time" => node.text().map(|time| clean(time.get(..5).unwrap_or(&time))),
        "Integer" | "Decimal" | "PositiveInt" | "UnsignedInt" | "Integer64" => {
            node.text().map(|digits| shown(&digits, bounds))
        }
        "Attachment" => node.str("title").map(|title| clean(&title)),
        "Reference" => node.str("display").map(|display| clean(&display)),
        _ => match node {
            Node::Object(_) => label(language, node, "other", "")
                .or_else(|| Quantity::read(node).map(|quantity| quantity.text(language, bounds))),
            _ => node.text().map(|text| clip(&tidy(&text), LONGEST)),
        },
    }
    .filter(|text| !text.is_empty())
}

fn node_truth(node: &Node<'_>) -> Option<bool> {
    match node.text().as_deref() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    }
}

fn found_text(found: Found) -> Option<String> {
    match found {
        Found::Date(_, text) | Found::Words(text) => Some(text),
        Found::Unclear => None,
    }
}

/// `1 to 3 mg/L`, `up to 5`, `40 or more`.
pub(crate) fn range(language: Language, low: &Node<'_>, high: &Node<'_>) -> Option<String> {
    let (low, high) = (Quantity::read(low), Quantity::read(high));
    bounds_text(language, "to", low.as_ref(), high.as_ref())
}

/// The same for doses: `1 to 2 tablets`.
pub(crate) fn dose_range(language: Language, node: &Node<'_>) -> Option<String> {
    let (low, high) = (Quantity::read(node.at("low")), Quantity::read(node.at("high")));
    let (Some(low), Some(high)) = (&low, &high) else {
        return low.or(high).map(|one| one.dose_text(language));
    };
    if low.is_of_another_unit(high) {
        return Some(
            language.phrase("to", &[("low", &low.dose_text(language)), ("high", &high.dose_text(language))]),
        );
    }
    let unit = dose_unit(if high.unit.is_empty() { &low.unit } else { &high.unit });
    let unit = dose_noun(language, &unit, "");
    let text =
        language.phrase("to", &[("low", &dose_number(&low.digits)), ("high", &dose_number(&high.digits))]);
    Some(with_unit(&text, &unit))
}

/// `1:128` where both parts have no unit, else `5 mg / 1 mL`.
fn ratio(language: Language, node: &Node<'_>) -> Option<String> {
    let (top, bottom) = (Quantity::read(node.at("numerator"))?, Quantity::read(node.at("denominator")));
    match bottom {
        None => Some(top.text(language, &[])),
        Some(bottom) if top.unit.is_empty() && bottom.unit.is_empty() => {
            Some(format!("{}:{}", top.number_text(), bottom.number_text()))
        }
        Some(bottom) => Some(format!("{} / {}", top.text(language, &[]), bottom.text(language, &[]))),
    }
}

/// Why there is no value, in words.
pub(crate) fn absent(language: Language, node: &Node<'_>) -> Option<String> {
    let reason = node.at("dataAbsentReason");
    let text = known(language, reason, "absentReason")
        .or_else(|| label(language, reason, "other", "absentReason"))?;
    Some(language.phrase("noValue", &[("reason", &text)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> String {
        text(Language::English, &Node::parse(json), "value", &[]).unwrap_or_else(|| "nothing".into())
    }

    #[test]
    fn every_type_has_words() {
        assert_eq!(of(r#"{"valueQuantity":{"value":178.83981,"unit":"cm"}}"#), "178.8 cm");
        assert_eq!(of(r#"{"valueBoolean":false}"#), "No");
        assert_eq!(
            of(r#"{"valueRange":{"low":{"value":1},"high":{"value":3,"unit":"mg/L"}}}"#),
            "1 to 3 mg/L"
        );
        assert_eq!(of(r#"{"valueRatio":{"numerator":{"value":1},"denominator":{"value":128}}}"#), "1:128");
        assert_eq!(
            of(
                r#"{"valueRatio":{"numerator":{"value":5,"unit":"mg"},"denominator":{"value":1,"unit":"mL"}}}"#
            ),
            "5 mg / 1 mL"
        );
        assert_eq!(of(r#"{"valueSampledData":{"data":"1 2"}}"#), "Waveform");
        assert_eq!(of(r#"{"valueTime":"10:15:00"}"#), "10:15");
        assert_eq!(of(r#"{"valueDateTime":"2024-03-05"}"#), "5 Mar 2024");
        assert_eq!(of(r#"{"valuePeriod":{"start":"2024-03-05","end":"2024-03-09"}}"#), "5–9 Mar 2024");
        assert_eq!(of(r#"{"valueInteger":4}"#), "4");
        assert_eq!(of(r#"{"valueCodeableConcept":{"text":"Clear"}}"#), "Clear");
        assert_eq!(of(r#"{"valueString":"  a  b "}"#), "a b");
        assert_eq!(of("{}"), "nothing");
    }
}
