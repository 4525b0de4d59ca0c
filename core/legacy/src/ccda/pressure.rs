//! Blood pressure: C-CDA has its two values as two observations of one organizer, FHIR as two parts of one observation
//! (FHIR R4, profile "Observation Blood Pressure").

use super::reader::Reader;
use crate::json::{Json, list, object, text};

const LOINC: &str = "http://loinc.org";
const SYSTOLIC: &str = "8480-6";
const DIASTOLIC: &str = "8462-4";
/// "Blood pressure panel with all children optional".
const PAIR: &str = "85354-9";
/// Most observations of one organizer that are looked through for pairs.
const MOST: usize = 200;

/// What must be the same in both for them to be one reading.
const ALIKE: [&str; 7] =
    ["status", "subject", "effectiveDateTime", "effectivePeriod", "effectiveTiming", "bodySite", "method"];

impl Reader<'_> {
    /// Makes one of a systolic and a diastolic value that were made at these places, which are in rising order. Only where
    /// it is clear which belongs to which: both of the same time, status, place and method, and no other such value there.
    /// The reading takes the place of the first of the two.
    pub(super) fn join_pressures(&mut self, found: &[usize]) {
        let found = found.get(..found.len().min(MOST)).unwrap_or_default();
        let (upper, lower) = (self.of_code(found, SYSTOLIC), self.of_code(found, DIASTOLIC));
        let mut pairs = Vec::new();
        for systolic in &upper {
            let alike = |among: &[usize]| -> Vec<usize> {
                among.iter().copied().filter(|other| self.is_alike(*systolic, *other)).collect()
            };
            if let ([_], [diastolic]) = (alike(&upper).as_slice(), alike(&lower).as_slice()) {
                pairs.push((*systolic, *diastolic));
            }
        }
        // From behind, so that the places before stay as they are.
        pairs.sort_by_key(|(systolic, diastolic)| std::cmp::Reverse(*systolic.max(diastolic)));
        for (systolic, diastolic) in pairs {
            let Some(second) = self.unmake(systolic.max(diastolic)) else { continue };
            let Some(first) = self.made(systolic.min(diastolic)) else { continue };
            let (upper, lower) =
                if systolic < diastolic { (first.clone(), second) } else { (second, first.clone()) };
            *first = pair(upper, lower);
        }
    }

    /// The places of the measured values of a code.
    fn of_code(&mut self, places: &[usize], wanted: &str) -> Vec<usize> {
        let mut found = Vec::new();
        for at in places {
            let Some(made) = self.made(*at) else { continue };
            if made.has("valueQuantity") && is_of(made, wanted) {
                found.push(*at);
            }
        }
        found
    }

    fn is_alike(&self, one: usize, other: usize) -> bool {
        let (Some(one), Some(other)) = (self.resource(one), self.resource(other)) else { return false };
        ALIKE.iter().all(|key| one.get(key) == other.get(key))
    }
}

/// Whether an observation is of a code of LOINC.
fn is_of(observation: &Json, wanted: &str) -> bool {
    let Some(Json::List(codings)) = observation.get("code").and_then(|code| code.get("coding")) else {
        return false;
    };
    let is = |coding: &Json, key: &str, wanted: &str| matches!(coding.get(key), Some(Json::Text(said)) if said == wanted);
    codings.iter().any(|coding| is(coding, "system", LOINC) && is(coding, "code", wanted))
}

/// One reading: what both say alike, once; what each says of its value, as a component.
fn pair(mut systolic: Json, mut diastolic: Json) -> Json {
    let mut joined = Vec::new();
    for key in ["identifier", "performer", "note"] {
        let mut all: Vec<Json> = Vec::new();
        for half in [&mut systolic, &mut diastolic] {
            let Some(Json::List(items)) = half.take(key) else { continue };
            for item in items {
                if !all.contains(&item) {
                    all.push(item);
                }
            }
        }
        joined.push((key, list(all)));
    }
    let parts = [&mut systolic, &mut diastolic].map(|half| {
        let keys = ["code", "valueQuantity", "dataAbsentReason", "interpretation", "referenceRange"];
        Json::Object(keys.into_iter().filter_map(|key| Some((key, half.take(key)?))).collect())
    });
    let coding = object([
        ("system", text(LOINC)),
        ("code", text(PAIR)),
        ("display", text("Blood pressure panel with all children optional")),
    ]);
    let mut reading = systolic;
    reading.put("code", Some(object([("coding", list([coding])), ("text", text("Blood pressure"))])));
    reading.put("component", list(parts));
    for (key, items) in joined {
        reading.put(key, items);
    }
    reading
}
