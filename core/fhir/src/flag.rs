//! Flags and reference ranges: the laboratory's word, else its own range, else nothing.

use std::cmp::Ordering;

use serde::Serialize;

use crate::label::{clean, codings, has_code, known, label};
use crate::language::Language;
use crate::quantity::{Decimal, Quantity, shown, with_unit};
use crate::table::word;
use crate::tree::Node;

/// What a result is said to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flag {
    /// Stable code (`high`, `very-low`, `positive`, `above-range` ...); `other` when only words are known.
    pub code: String,
    /// In words.
    pub text: String,
    /// True when worked out here from the laboratory's range, not said by it.
    pub computed: bool,
}

/// A range of the source, read.
pub(crate) struct Range {
    pub(crate) low: Option<Quantity>,
    pub(crate) high: Option<Quantity>,
    pub(crate) text: String,
    usable: bool,
}

/// Every range of a result that says something.
pub(crate) fn ranges(language: Language, node: &Node<'_>) -> Vec<Range> {
    let list = node.at("referenceRange").items().filter(|range| range.there());
    list.take(20).filter_map(|range| read_range(language, range)).collect()
}

fn read_range(language: Language, node: &Node<'_>) -> Option<Range> {
    let low = Quantity::read(node.at("low"));
    let high = Quantity::read(node.at("high"));
    let kind = node.any(&["type", "meaning"]);
    let normal = !kind.there() || has_code(kind, &["normal", "N"]);
    let own = node.str("text").map(|text| clean(&text)).filter(|text| !text.is_empty());
    let numbers = bounds_text(language, "range", low.as_ref(), high.as_ref());
    let plain = numbers.or(own)?;
    let meaning = if normal {
        None
    } else {
        known(language, kind, "rangeType").or_else(|| label(language, kind, "other", "rangeType"))
    };
    let text = match &meaning {
        Some(meaning) => language.phrase("rangeOf", &[("meaning", meaning), ("range", &plain)]),
        None => plain,
    };
    // Whom a range applies to is not known here well enough to judge by it.
    // "0 - 0" stands for no range at all.
    let bound = |quantity: &Option<Quantity>| quantity.as_ref().and_then(Quantity::decimal);
    let empty = matches!((bound(&low), bound(&high)), (Some(low), Some(high)) if low.compare(&high) != Ordering::Less);
    let usable = normal
        && !empty
        && !node.at("appliesTo").there()
        && !node.at("age").there()
        && (low.is_some() || high.is_some());
    Some(Range { low, high, text, usable })
}

/// `1 to 3 mg/L`, `up to 5`, `40 or more`; `between` is the phrase that joins the two ends. Each end keeps its own unit where
/// these differ.
pub(crate) fn bounds_text(
    language: Language,
    between: &str,
    low: Option<&Quantity>,
    high: Option<&Quantity>,
) -> Option<String> {
    let number = |quantity: &Quantity| shown(&quantity.digits, &[]);
    let end = |quantity: &Quantity| with_unit(&number(quantity), quantity.unit_in(language));
    let (low, high) = match (low, high) {
        (Some(low), Some(high)) => (low, high),
        (None, Some(high)) => return Some(language.phrase("upTo", &[("high", &end(high))])),
        (Some(low), None) => return Some(language.phrase("orMore", &[("low", &end(low))])),
        (None, None) => return None,
    };
    if low.is_of_another_unit(high) {
        return Some(language.phrase(between, &[("low", &end(low)), ("high", &end(high))]));
    }
    let unit = if high.unit.is_empty() { low } else { high }.unit_in(language);
    Some(with_unit(&language.phrase(between, &[("low", &number(low)), ("high", &number(high))]), unit))
}

/// The ranges of a result in one line.
pub(crate) fn range_text(ranges: &[Range]) -> Option<String> {
    let texts: Vec<&str> = ranges.iter().map(|range| range.text.as_str()).collect();
    (!texts.is_empty()).then(|| clean(&texts.join("; ")))
}

/// Every bound, so that rounding does not cross one.
pub(crate) fn bounds(ranges: &[Range]) -> Vec<Decimal> {
    ranges
        .iter()
        .flat_map(|range| [&range.low, &range.high])
        .flatten()
        .filter_map(Quantity::decimal)
        .collect()
}

/// The only range of those that apply to everybody.
fn the_range(ranges: &[Range]) -> Option<&Range> {
    let mut usable = ranges.iter().filter(|range| range.usable);
    let first = usable.next();
    if usable.next().is_some() { None } else { first }
}

/// The only range a value may be compared with or drawn in: one in the value's own unit.
pub(crate) fn range_of<'r>(ranges: &'r [Range], quantity: Option<&Quantity>) -> Option<&'r Range> {
    let fits = |bound: &Quantity| quantity.is_none_or(|quantity| is_in_unit_of(bound, quantity));
    the_range(ranges).filter(|range| [&range.low, &range.high].into_iter().flatten().all(fits))
}

/// Whether a bound is in the unit of a value, or names none.
fn is_in_unit_of(bound: &Quantity, quantity: &Quantity) -> bool {
    !bound.unclear && (bound.normal == quantity.normal || bound.normal.is_empty())
}

/// The flag of a result or of one of its components.
pub(crate) fn flag(
    language: Language,
    node: &Node<'_>,
    quantity: Option<&Quantity>,
    ranges: &[Range],
) -> Option<Flag> {
    let stated = node.at("interpretation").items().find_map(|concept| stated(language, concept));
    if node.at("interpretation").there() {
        return stated;
    }
    let quantity = quantity.filter(|quantity| !quantity.unclear)?;
    let code = compare(quantity, range_of(ranges, Some(quantity))?)?;
    Some(Flag { code: code.to_owned(), text: language.word("flags", code)?.to_owned(), computed: true })
}

/// An interpretation: its code by the table, its words by the table, its words as they are.
fn stated(language: Language, concept: &Node<'_>) -> Option<Flag> {
    let by_code = codings(concept).find_map(|coding| word("interpretation", &coding.str("code")?));
    let by_words = || {
        let texts = [concept.text(), concept.str("text")].into_iter().flatten();
        let displays = codings(concept).filter_map(|coding| coding.str("display"));
        texts.chain(displays).find_map(|text| {
            let text = text.trim();
            word("interpretation", text).or_else(|| word("interpretationWords", &text.to_lowercase()))
        })
    };
    if let Some(code) = by_code.or_else(by_words) {
        return Some(Flag {
            code: code.to_owned(),
            text: language.word("flags", code)?.to_owned(),
            computed: false,
        });
    }
    let text = label(language, concept, "other", "")?;
    Some(Flag { code: "other".to_owned(), text, computed: false })
}

/// Where a value lies in a range; `None` unless it is certain. Bounds belong to the range.
fn compare(quantity: &Quantity, range: &Range) -> Option<&'static str> {
    let value = quantity.decimal()?;
    let against = |bound: &Option<Quantity>| match bound {
        None => Some(None),
        Some(bound) => bound.decimal().map(|bound| Some(value.compare(&bound))),
    };
    let (low, high) = (against(&range.low)?, against(&range.high)?);
    match quantity.comparator {
        "" => Some(match (low, high) {
            (Some(Ordering::Less), _) => "below-range",
            (_, Some(Ordering::Greater)) => "above-range",
            _ => "within-range",
        }),
        // "<5" is certainly low when 5 is not above the lower bound, certainly nothing else.
        "<" => (matches!(low, Some(Ordering::Less | Ordering::Equal))).then_some("below-range"),
        "≤" => (low == Some(Ordering::Less)).then_some("below-range"),
        ">" => (matches!(high, Some(Ordering::Greater | Ordering::Equal))).then_some("above-range"),
        _ => (high == Some(Ordering::Greater)).then_some("above-range"),
    }
}

/// True for a flag that counts as "outside range".
pub(crate) fn is_outside(flag: &Flag) -> bool {
    crate::table::part(&["outside"]).items().any(|code| code.text().is_some_and(|code| code == flag.code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> String {
        let node = Node::parse(json);
        let quantity = Quantity::read(node.at("valueQuantity"));
        let ranges = ranges(Language::English, &node);
        let flag = flag(Language::English, &node, quantity.as_ref(), &ranges);
        let flag = flag
            .map_or("-".to_owned(), |flag| format!("{}{}", flag.code, if flag.computed { "*" } else { "" }));
        format!("{flag}|{}", range_text(&ranges).unwrap_or_default())
    }

    #[test]
    fn the_laboratory_speaks_first() {
        assert_eq!(
            of(
                r#"{"interpretation":[{"coding":[{"code":"HH"}]}],"valueQuantity":{"value":1},"referenceRange":[{"low":{"value":5}}]}"#
            ),
            "very-high|5 or more"
        );
        assert_eq!(of(r#"{"interpretation":{"text":"Low"}}"#), "low|");
        assert_eq!(of(r#"{"interpretation":"H"}"#), "high|");
        assert_eq!(
            of(
                r#"{"interpretation":[{"text":"See comment"}],"valueQuantity":{"value":1},"referenceRange":[{"low":{"value":5}}]}"#
            ),
            "other|5 or more"
        );
    }

    #[test]
    fn compares_only_when_certain() {
        let with = |value: &str, range: &str| {
            of(&format!(r#"{{"valueQuantity":{value},"referenceRange":{range}}}"#))
        };
        let range = r#"[{"low":{"value":12,"unit":"g/dL"},"high":{"value":16,"unit":"gm/dl"}}]"#;
        assert_eq!(with(r#"{"value":11.9,"unit":"g/dL"}"#, range), "below-range*|12 - 16 gm/dl");
        assert_eq!(with(r#"{"value":16.0,"unit":"g/dL"}"#, range), "within-range*|12 - 16 gm/dl");
        assert_eq!(with(r#"{"value":160,"unit":"g/L"}"#, range), "-|12 - 16 gm/dl");
        assert_eq!(
            with(r#"{"value":12,"comparator":"<","unit":"g/dL"}"#, range),
            "below-range*|12 - 16 gm/dl"
        );
        assert_eq!(with(r#"{"value":14,"comparator":"<","unit":"g/dL"}"#, range), "-|12 - 16 gm/dl");
        assert_eq!(
            with(r#"{"value":6,"unit":"%"}"#, r#"[{"high":{"value":5.7,"unit":"%"}}]"#),
            "above-range*|up to 5.7 %"
        );
        assert_eq!(
            with(r#"{"value":6}"#, r#"[{"low":{"value":1}},{"low":{"value":2}}]"#),
            "-|1 or more; 2 or more"
        );
        assert_eq!(with(r#"{"value":9}"#, r#"[{"low":{"value":0},"high":{"value":0}}]"#), "-|0 - 0");
        assert_eq!(with(r#"{"value":6}"#, r#"[{"text":"Negative"}]"#), "-|Negative");
        assert_eq!(with(r#"{"value":6}"#, r#"[{"low":{"unit":"g"}}]"#), "-|");
        assert_eq!(
            with(
                r#"{"value":14,"unit":"g/dL"}"#,
                r#"[{"low":{"value":120,"unit":"g/L"},"high":{"value":16,"unit":"g/dL"}}]"#
            ),
            "-|120 g/L - 16 g/dL"
        );
        assert_eq!(
            with(
                r#"{"value":6,"unit":"g/dL"}"#,
                r#"[{"low":{"value":12,"unit":"g/dL"},"high":{"value":16}}]"#
            ),
            "below-range*|12 - 16 g/dL"
        );
        assert_eq!(
            with(r#"{"value":6}"#, r#"[{"high":{"value":5},"age":{"low":{"value":3}}}]"#),
            "-|up to 5"
        );
        assert_eq!(
            with(
                r#"{"value":6}"#,
                r#"[{"low":{"value":10},"high":{"value":20},"type":{"coding":[{"code":"therapeutic"}]}}]"#
            ),
            "-|therapeutic 10 - 20"
        );
        assert_eq!(
            with(r#"{"value":6,"unit":"g/dL","code":"mg/dL"}"#, r#"[{"high":{"value":5,"unit":"g/dL"}}]"#),
            "-|up to 5 g/dL"
        );
    }
}
