//! A reading as FHIR R4.

use super::measure::{self, DIASTOLIC, Measure, SYSTOLIC};
use crate::json::{Json, list, object, text};

const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const FLAG: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

/// A number with what stands at it.
#[derive(Clone)]
pub(super) struct Value {
    number: Json,
    comparator: Option<&'static str>,
    /// A sign of per cent stands behind it.
    percent: bool,
}

impl Value {
    /// Reads a cell. `comma` is the sign before the part of a whole.
    pub(super) fn read(cell: &str, comma: bool) -> Result<Self, &'static str> {
        let signs = ["<=", ">=", "<", ">"];
        let sign = signs.into_iter().find(|sign| cell.starts_with(sign));
        let rest = cell.strip_prefix(sign.unwrap_or_default()).unwrap_or(cell).trim();
        let percent = rest.ends_with('%');
        let digits = rest.trim_end_matches('%').trim();
        let digits = match comma {
            true if digits.contains('.') => return Err("csv-not-a-number"),
            true => digits.replacen(',', ".", 1),
            false => digits.to_owned(),
        };
        let number = Json::number(&digits).ok_or("csv-not-a-number")?;
        Ok(Value { number, comparator: sign, percent })
    }

    fn quantity(self, unit: &str) -> Json {
        let unit = if unit.is_empty() && self.percent { "%" } else { unit };
        let code = measure::ucum(unit);
        object([
            ("value", Some(self.number)),
            ("comparator", self.comparator.and_then(text)),
            // A rare name of a unit says the same as its code, which readers show in their own words.
            ("unit", text(unit).filter(|_| code.is_none() || measure::is_common(unit))),
            ("system", code.and_then(|_| text(UCUM))),
            ("code", code.and_then(text)),
        ])
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
    pub(super) low: Option<Value>,
    pub(super) high: Option<Value>,
    pub(super) range: &'r str,
    pub(super) flag: &'r str,
}

impl Default for Value {
    fn default() -> Self {
        Value { number: Json::Number("0".to_owned()), comparator: None, percent: false }
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
    let unit = if reading.unit.is_empty() && reading.value.percent { "%" } else { reading.unit };
    let own = Some(reading.loinc).filter(|code| is_loinc(code));
    let known = reading.measure.and_then(|measure| measure.loinc(unit));
    let bound = |value: Option<Value>| value.map(|value| value.quantity(unit));
    let (low, high) = (bound(reading.low), bound(reading.high));
    let range = object([("low", low), ("high", high), ("text", text(reading.range))]);
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
        ("valueQuantity", Some(reading.value.quantity(unit))),
        ("interpretation", list(flag)),
        ("note", notes(reading.note)),
        ("referenceRange", list((range != object([])).then_some(range))),
    ])
}

/// An `Observation` of a blood pressure, upper before lower; one of them may be missing.
pub(super) fn pressure(pair: [Option<Value>; 2], unit: &str, when: Option<&str>, note: &str) -> Json {
    let parts = pair.into_iter().zip([&SYSTOLIC, &DIASTOLIC]).filter_map(|(value, measure)| {
        let code = concept(measure.loinc(""), "");
        Some(object([("code", Some(code)), ("valueQuantity", Some(value?.quantity(unit)))]))
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
    use super::{Reading, Value, single};
    use crate::converted::Growing;
    use crate::csv::measure;

    #[test]
    fn every_spelling_of_a_unit_is_one_that_readers_hold_for_the_same() {
        let mut unclear = Vec::new();
        for spelling in measure::spellings() {
            let value = Value::read("7.5", false).unwrap_or_default();
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
