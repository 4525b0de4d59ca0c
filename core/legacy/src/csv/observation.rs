//! A reading as FHIR R4.

use kosha_fhir::own::is_pressure;

use super::measure::{self, DIASTOLIC, Measure, SYSTOLIC};
use crate::digits::ungrouped;
use crate::json::{Json, list, object, text};

const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const FLAG: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

/// What the commas in the numbers of a table are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Commas {
    /// They group digits: `1,50,000`.
    #[default]
    Groups,
    /// They stand before the part of a whole: `12,5`.
    Fractions,
    /// The table does not show which of these.
    Unclear,
}

/// A number with what stands at it.
#[derive(Clone)]
pub(super) struct Value {
    /// None where it may be two.
    number: Option<Json>,
    /// As it is written.
    words: String,
    comparator: Option<&'static str>,
    /// A sign of per cent stands behind it.
    percent: bool,
}

impl Value {
    /// Reads a cell.
    pub(super) fn read(cell: &str, commas: Commas) -> Result<Self, &'static str> {
        let signs = ["<=", ">=", "<", ">"];
        let sign = signs.into_iter().find(|sign| cell.starts_with(sign));
        let rest = cell.strip_prefix(sign.unwrap_or_default()).unwrap_or(cell).trim();
        let percent = rest.ends_with('%');
        let digits = rest.trim_end_matches('%').trim();
        let has_comma = digits.contains(',');
        let is_number = |text: &str| Json::number(text).ok_or("csv-not-a-number");
        let number = match commas {
            Commas::Fractions if digits.contains('.') => Err("csv-not-a-number"),
            Commas::Fractions => is_number(&digits.replacen(',', ".", 1)).map(Some),
            Commas::Groups => {
                ungrouped(digits).ok_or("csv-not-a-number").and_then(|plain| is_number(&plain).map(Some))
            }
            Commas::Unclear if has_comma => is_number(&digits.replace(',', "")).map(|_| None),
            Commas::Unclear => is_number(digits).map(Some),
        }?;
        Ok(Value { number, words: cell.to_owned(), comparator: sign, percent })
    }

    /// Why no body can have this value; none where nothing is known against it.
    pub(super) fn refused(&self, measure: Option<&Measure>, unit: &str) -> Option<&'static str> {
        let Some(Json::Number(digits)) = &self.number else { return None };
        let possible = measure.is_none_or(|measure| measure.is_possible(digits, self.unit(unit)));
        (!possible).then_some("csv-not-possible")
    }

    /// Its unit, where that of its column or row is `unit`: a sign of per cent counts where there is none.
    fn unit<'u>(&self, unit: &'u str) -> &'u str {
        if unit.is_empty() && self.percent { "%" } else { unit }
    }

    /// Whether it is one number and no other.
    pub(super) fn is_clear(&self) -> bool {
        self.number.is_some()
    }

    /// A text, where it may be two numbers: with its unit, as it is written.
    fn text(&self, unit: &str) -> Option<Json> {
        let unit = if self.percent { "" } else { unit };
        if self.is_clear() { None } else { text(format!("{} {unit}", self.words).trim()) }
    }

    fn quantity(self, unit: &str) -> Option<Json> {
        let unit = self.unit(unit);
        let number = self.number?;
        let code = measure::ucum(unit);
        Some(object([
            ("value", Some(number)),
            ("comparator", self.comparator.and_then(text)),
            // A rare name of a unit says the same as its code, which readers show in their own words.
            ("unit", text(unit).filter(|_| code.is_none() || measure::is_common(unit))),
            ("system", code.and_then(|_| text(UCUM))),
            ("code", code.and_then(text)),
        ]))
    }
}

/// What a table says of one value.
#[derive(Default)]
pub(super) struct Reading<'r> {
    /// What was measured, as the table names it.
    pub(super) name: &'r str,
    pub(super) measure: Option<&'static Measure>,
    /// The table's own code.
    pub(super) loinc: &'r str,
    pub(super) unit: &'r str,
    pub(super) value: Value,
    pub(super) when: Option<&'r str>,
    pub(super) note: &'r str,
    /// The bounds of its range as they are written.
    pub(super) low: &'r str,
    pub(super) high: &'r str,
    pub(super) commas: Commas,
    pub(super) range: &'r str,
    pub(super) flag: &'r str,
}

impl Default for Value {
    fn default() -> Self {
        Value {
            number: Some(Json::Number("0".to_owned())),
            words: "0".to_owned(),
            comparator: None,
            percent: false,
        }
    }
}

fn category(code: &str) -> Option<Json> {
    let coding = object([("system", text(CATEGORY)), ("code", text(code))]);
    list([object([("coding", list([coding]))])])
}

fn concept(code: Option<&str>, words: &str) -> Json {
    let coding = code.map(|code| object([("system", text(LOINC)), ("code", text(code))]));
    object([("coding", list(coding)), ("text", text(words))])
}

fn notes(note: &str) -> Option<Json> {
    list(text(note).map(|note| object([("text", Some(note))])))
}

/// `718-7`: digits, and a check digit.
fn is_loinc(code: &str) -> bool {
    let parts = code.split_once('-');
    parts.is_some_and(|(number, check)| {
        (1..=7).contains(&number.len())
            && check.len() == 1
            && [number, check].iter().all(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// An `Observation` of one value.
pub(super) fn single(reading: Reading<'_>) -> Json {
    let unit = reading.value.unit(reading.unit);
    let own = Some(reading.loinc).filter(|code| is_loinc(code));
    let known = reading.measure.and_then(|measure| measure.loinc(unit));
    let range = range(&reading, unit);
    let letter = matches!(reading.flag, "H" | "L" | "N" | "A" | "HH" | "LL" | "AA");
    let flag = text(reading.flag).map(|flag| {
        let coding = letter.then(|| object([("system", text(FLAG)), ("code", text(reading.flag))]));
        object([("coding", list(coding)), ("text", Some(flag).filter(|_| !letter))])
    });
    object([
        ("resourceType", text("Observation")),
        ("status", text("final")),
        ("category", reading.measure.and_then(|measure| category(measure.category))),
        ("code", Some(concept(own.or(known), reading.name))),
        ("effectiveDateTime", reading.when.and_then(text)),
        ("valueString", reading.value.text(unit)),
        ("valueQuantity", reading.value.quantity(unit)),
        ("interpretation", list(flag)),
        ("note", notes(reading.note)),
        ("referenceRange", list(range)),
    ])
}

/// The range of a reading. Bounds that are no clear numbers are told as they are written.
fn range(reading: &Reading<'_>, unit: &str) -> Option<Json> {
    // A bound of a bound ("<5" as the low end) says neither which end it is nor whether it belongs to the range.
    let plain =
        |written: &str| Value::read(written, reading.commas).ok().filter(|value| value.comparator.is_none());
    let bound = |written: &str| plain(written)?.quantity(unit);
    let (low, high) = (bound(reading.low), bound(reading.high));
    let unread = |written: &str, read: &Option<Json>| !written.is_empty() && read.is_none();
    let words = match reading.range {
        "" if unread(reading.low, &low) || unread(reading.high, &high) => [reading.low, reading.high]
            .iter()
            .filter(|end| !end.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" - "),
        words => words.to_owned(),
    };
    let range = object([("low", low), ("high", high), ("text", text(words))]);
    (range != object([])).then_some(range)
}

/// Why a blood pressure cannot be, upper before lower.
pub(super) fn refused_pressure([upper, lower]: &[Option<Value>; 2], unit: &str) -> Option<&'static str> {
    let one =
        |value: &Option<Value>, measure| value.as_ref().and_then(|value| value.refused(Some(measure), unit));
    let digits = |value: &Option<Value>| match value.as_ref().map(|value| &value.number) {
        Some(Some(Json::Number(digits))) => Some(digits.clone()),
        _ => None,
    };
    let turned = || {
        let pair = digits(upper).zip(digits(lower));
        pair.filter(|(upper, lower)| !is_pressure(upper, lower)).map(|_| "csv-pressure-turned")
    };
    one(upper, &SYSTOLIC).or_else(|| one(lower, &DIASTOLIC)).or_else(turned)
}

/// An `Observation` of a blood pressure, upper before lower; one of them may be missing.
pub(super) fn pressure(pair: [Option<Value>; 2], unit: &str, when: Option<&str>, note: &str) -> Json {
    let parts = pair.into_iter().zip([&SYSTOLIC, &DIASTOLIC]).filter_map(|(value, measure)| {
        let code = concept(measure.loinc(""), "");
        Some(object([("code", Some(code)), ("valueQuantity", Some(value?.quantity(unit)?))]))
    });
    object([
        ("resourceType", text("Observation")),
        ("status", text("final")),
        ("category", category(SYSTOLIC.category)),
        ("code", Some(concept(Some("85354-9"), "Blood pressure"))),
        ("effectiveDateTime", when.and_then(text)),
        ("component", list(parts)),
        ("note", notes(note)),
    ])
}

#[cfg(test)]
mod tests {
    use super::{Commas, Reading, Value, single};
    use crate::converted::Growing;
    use crate::csv::measure;

    #[test]
    fn every_spelling_of_a_unit_is_one_that_readers_hold_for_the_same() {
        let mut unclear = Vec::new();
        for spelling in measure::spellings() {
            let value = Value::read("7.5", Commas::Groups).unwrap_or_default();
            let mut bundle = Growing::default();
            bundle.add(
                "urn:kosha:csv:1".to_owned(),
                single(Reading { name: "x", unit: spelling, value, ..Reading::default() }),
            );
            let made = bundle.finish().bundle;
            let reading = kosha_fhir::read(&made, &kosha_fhir::Limits::default()).unwrap();
            if !reading.extract(0).unwrap().warnings.is_empty() {
                unclear.push(spelling);
            }
        }
        assert!(unclear.is_empty(), "{unclear:?}");
    }
}
