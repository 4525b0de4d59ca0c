//! Values of observations, with what else tells how to read them.

use super::intervals::{Interval, moment};
use super::reader::{Reader, all, known, one};
use super::ucum::is_ucum;
use crate::digits::ungrouped;
use crate::json::{Json, list, object, text};
use crate::resource::coded;
use crate::xml::Element;

const INTERPRETATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
const ABSENT: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
const UCUM: &str = "http://unitsofmeasure.org";

/// The unit of a PQ as members of a `Quantity`. One that is no unit of UCUM stays a word.
pub(super) fn quantity_of(number: Json, comparator: Option<&str>, unit: Option<&str>) -> Json {
    let unit = unit.filter(|unit| *unit != "1");
    let of_ucum = unit.filter(|unit| is_ucum(unit));
    object([
        ("value", Some(number)),
        ("comparator", comparator.and_then(text)),
        ("unit", unit.and_then(text)),
        ("system", of_ucum.and_then(|_| text(UCUM))),
        ("code", of_ucum.and_then(text)),
    ])
}

/// How the digits of a number are read.
type Digits<'d> = &'d dyn Fn(&str) -> Option<Json>;

fn bound(element: Option<Element<'_>>, comparator: Option<&str>, digits: Digits<'_>) -> Option<Json> {
    let element = known(element?)?;
    let number = digits(element.attribute("value")?)?;
    Some(quantity_of(number, comparator, element.attribute("unit")))
}

/// Low and high of an `IVL_PQ`, `IVL_INT` or `IVL_REAL`.
pub(super) fn bounds(element: Element<'_>, digits: Digits<'_>) -> (Option<Json>, Option<Json>) {
    (bound(one(element, "low"), None, digits), bound(one(element, "high"), None, digits))
}

/// One bound alone says that the value lies beyond it.
fn beyond(element: Element<'_>, digits: Digits<'_>) -> Option<Json> {
    let sign = |name: &'static str, within: &'static str, without: &'static str| {
        let end = one(element, name)?;
        let sign = if end.attribute("inclusive") == Some("false") { without } else { within };
        bound(Some(end), Some(sign), digits)
    };
    sign("low", ">=", ">").or_else(|| sign("high", "<=", "<"))
}

/// Why there is no value (HL7 v3 `NullFlavor`).
pub(super) fn absent(why: &str) -> Json {
    let code = match why {
        "ASKU" => "asked-unknown",
        "NAV" => "temp-unknown",
        "NASK" => "not-asked",
        "MSK" => "masked",
        "NA" => "not-applicable",
        "NINF" => "negative-infinity",
        "PINF" => "positive-infinity",
        "OTH" => "unsupported",
        _ => "unknown",
    };
    coded(ABSENT, code)
}

impl<'t> Reader<'t> {
    /// PQ, INT, REAL as a `Quantity`, with the digits of the document. One that is told only in another unit
    /// (`translation`) is told in that.
    pub(super) fn quantity(&self, element: Element<'t>) -> Option<Json> {
        self.quantity_with(element, &Json::number)
    }

    /// The digits of a result. A writer may group them by commas; XML knows none, so those of an amount of medicine are
    /// not read.
    fn number(&self, written: &str) -> Option<Json> {
        if written.contains(',') && self.commas_part_fractions() {
            return None;
        }
        Json::number(&ungrouped(written)?)
    }

    fn quantity_with(&self, element: Element<'t>, digits: Digits<'_>) -> Option<Json> {
        if let Some(quantity) = bound(Some(element), None, digits) {
            return Some(quantity);
        }
        let other = all(element, "translation").find(|other| other.attribute("value").is_some())?;
        let number = digits(known(other)?.attribute("value")?)?;
        let unit = other.attribute("unit").map(str::to_owned).or_else(|| self.label(other));
        let unit = unit.or_else(|| other.attribute("code").map(str::to_owned));
        Some(quantity_of(number, None, unit.as_deref()))
    }

    /// RTO.
    pub(super) fn ratio(&self, element: Element<'t>) -> Option<Json> {
        let part = |name| self.quantity(one(element, name)?);
        Some(object([("numerator", Some(part("numerator")?)), ("denominator", Some(part("denominator")?))]))
    }

    /// Puts the value of an observation in as its type says; one that is not of its type stays a text. Several: the
    /// first is the value, and the others come back as words.
    pub(super) fn put_value(&self, resource: &mut Json, statement: Element<'t>) -> Vec<String> {
        let mut values = all(statement, "value");
        let Some(first) = values.next() else { return Vec::new() };
        if let Some((key, value)) = self.value(first) {
            resource.put(key, Some(value));
        } else if let Some(why) = first.attribute("nullFlavor") {
            resource.put("dataAbsentReason", Some(absent(why)));
        }
        values.filter_map(|value| self.value_in_words(value)).collect()
    }

    /// The member and value that a value becomes.
    pub(super) fn value(&self, value: Element<'t>) -> Option<(&'static str, Json)> {
        let number = |written: &str| self.number(written);
        let made = match value.schema_type().unwrap_or_else(|| guessed(value)) {
            "CD" | "CE" | "CV" | "CO" | "CS" | "CR" => {
                self.concept(value).map(|concept| ("valueCodeableConcept", concept))
            }
            "INT" => {
                let digits = known(value)?.attribute("value").unwrap_or_default();
                let whole = digits.trim_start_matches('-').replace(',', "");
                let fits = whole.len() <= 9 && !whole.contains('.');
                number(digits).map(|number| {
                    if fits {
                        ("valueInteger", number)
                    } else {
                        ("valueQuantity", object([("value", Some(number))]))
                    }
                })
            }
            "PQ" | "REAL" | "MO" => {
                self.quantity_with(value, &number).map(|quantity| ("valueQuantity", quantity))
            }
            "IVL_PQ" | "IVL_INT" | "IVL_REAL" => match bounds(value, &number) {
                (Some(low), Some(high)) => {
                    Some(("valueRange", object([("low", Some(low)), ("high", Some(high))])))
                }
                _ => beyond(value, &number)
                    .or_else(|| bound(one(value, "center"), None, &number))
                    .or_else(|| self.quantity_with(value, &number))
                    .map(|quantity| ("valueQuantity", quantity)),
            },
            "BL" => match known(value)?.attribute("value") {
                Some("true") => Some(("valueBoolean", Json::Bool(true))),
                Some("false") => Some(("valueBoolean", Json::Bool(false))),
                _ => None,
            },
            "TS" => moment(value).map(|moment| ("valueDateTime", moment)),
            "IVL_TS" => {
                let interval = Interval::read(value);
                match &interval.value {
                    Some(moment) => Some(("valueDateTime", moment.clone())),
                    None => interval.period().map(|period| ("valuePeriod", period)),
                }
            }
            kind if kind.starts_with("RTO") => self.ratio(value).map(|ratio| ("valueRatio", ratio)),
            _ => None,
        };
        let words = || self.value_in_words(value).or_else(|| interval_in_words(value));
        made.or_else(|| Some(("valueString", text(words()?)?)))
    }

    /// A value as it stands there, whatever its type.
    fn value_in_words(&self, value: Element<'t>) -> Option<String> {
        if let Some(words) = self.label(value).or_else(|| self.said(value).map(|said| said.words)) {
            return Some(words);
        }
        let value = known(value)?;
        let parts = [value.attribute("value").or_else(|| value.attribute("code")), value.attribute("unit")];
        let words: Vec<&str> = parts.into_iter().flatten().collect();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// `interpretationCode`.
    pub(super) fn interpretations(&self, statement: Element<'t>) -> Option<Json> {
        let codes = all(statement, "interpretationCode").filter_map(|code| {
            let mut concept = self.concept(code)?;
            // A code without a system is of the one that CDA fixes.
            if code.attribute("codeSystem").is_none()
                && let Some(code) = known(code).and_then(|code| code.attribute("code"))
            {
                let words = self.label(one(statement, "interpretationCode")?);
                concept = coded(INTERPRETATION, code);
                concept.put("text", words.and_then(text));
            }
            Some(concept)
        });
        list(codes)
    }

    /// `referenceRange`. Bounds that stand for something else than what is normal are told in words alone.
    pub(super) fn ranges(&self, statement: Element<'t>) -> Option<Json> {
        let ranges = all(statement, "referenceRange").filter_map(|range| one(range, "observationRange"));
        list(ranges.filter_map(|range| self.range(range)))
    }

    fn range(&self, range: Element<'t>) -> Option<Json> {
        let value = one(range, "value").and_then(known);
        let number = |written: &str| self.number(written);
        let (low, high) = value.map(|value| bounds(value, &number)).unwrap_or_default();
        let unread = low.is_none() && high.is_none();
        let other = one(range, "interpretationCode").filter(|code| {
            known(*code).and_then(|code| code.attribute("code")).is_some_and(|code| code != "N")
        });
        let said = one(range, "text").and_then(|text| self.said(text)).map(|said| said.words);
        let of_value = value.and_then(|value| self.value_in_words(value));
        let words = said.or(of_value);
        if let Some(other) = other {
            let kind = self.concept(other);
            let words = words.or_else(|| interval_in_words(one(range, "value")?));
            return Some(object([("type", kind), ("text", Some(text(words?)?))]));
        }
        let words = words.or_else(|| value.and_then(interval_in_words).filter(|_| unread));
        let applies = one(range, "code").and_then(|code| self.concept(code));
        let made = object([
            ("low", low),
            ("high", high),
            ("appliesTo", list(applies)),
            ("text", words.and_then(text)),
        ]);
        (made.has("low") || made.has("high") || made.has("text")).then_some(made)
    }
}

/// The bounds of an interval as they are written.
fn interval_in_words(value: Element<'_>) -> Option<String> {
    let end = |name: &'static str| one(value, name).and_then(known)?.attribute("value");
    let unit = one(value, "low")
        .or_else(|| one(value, "high"))
        .and_then(|end| end.attribute("unit"))
        .unwrap_or_default();
    let words = match (end("low"), end("high")) {
        (Some(low), Some(high)) => format!("{low} - {high} {unit}"),
        (Some(low), None) => format!(">= {low} {unit}"),
        (None, Some(high)) => format!("<= {high} {unit}"),
        (None, None) => return None,
    };
    Some(words.trim().to_owned())
}

/// The type of a value that does not say it, by what it holds.
fn guessed(value: Element<'_>) -> &'static str {
    if value.attribute("code").is_some() || one(value, "translation").is_some() {
        "CD"
    } else if value.attribute("unit").is_some() {
        "PQ"
    } else if one(value, "low").is_some() || one(value, "high").is_some() {
        "IVL_PQ"
    } else {
        "ST"
    }
}
