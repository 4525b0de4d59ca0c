//! Builds one resource after the other for an invented patient of one source.

use super::tables::{
    ALLERGIES, CONDITIONS, FAMILY, GIVEN, MEDICINES, NOTES, PLACES, PROCEDURES, RESULTS, VACCINES, VITALS,
};
use super::{Dice, Generated, Style};
use serde_json::{Map, Value, json};

const LOINC: &str = "http://loinc.org";
const SNOMED: &str = "http://snomed.info/sct";
const UCUM: &str = "http://unitsofmeasure.org";
const TERMINOLOGY: &str = "http://terminology.hl7.org/CodeSystem";
/// 1 January 2012 as Unix seconds; records spread over the fourteen years after it.
const FIRST_SECOND: u64 = 1_325_376_000;
const SPREAD_SECONDS: u64 = 14 * 365 * 86_400;

/// One hospital's view of one invented patient.
pub(super) struct Source {
    style: Style,
    dice: Dice,
    place: &'static str,
    given: &'static str,
    family: &'static str,
    patient: String,
    organization: String,
    practitioner: String,
    encounter: String,
    count: u64,
}

impl Source {
    pub(super) fn new(style: Style, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let (place, given, family) = (*dice.pick(&PLACES), *dice.pick(&GIVEN), *dice.pick(&FAMILY));
        let mut source = Self {
            style,
            place,
            given,
            family,
            dice,
            patient: String::new(),
            organization: String::new(),
            practitioner: String::new(),
            encounter: String::new(),
            count: 0,
        };
        source.patient = source.id();
        source.organization = source.id();
        source.practitioner = source.id();
        source.encounter = source.id();
        source
    }

    /// A system URI of this source.
    pub(super) fn system(&self, of: &str) -> String {
        format!("https://{}.example/{of}", self.place.to_lowercase().replace([' ', ',', '\''], "-"))
    }

    /// Where a resource is found in its bundle.
    pub(super) fn full_url(&self, resource: &Value) -> String {
        self.reference_to(
            resource["resourceType"].as_str().unwrap_or_default(),
            resource["id"].as_str().unwrap_or_default(),
        )
    }

    /// As text, indented or on one line as the source does it.
    pub(super) fn write(&self, value: &Value) -> Vec<u8> {
        let text = match self.style {
            Style::Clinic | Style::Summary => serde_json::to_vec_pretty(value),
            Style::Laboratory | Style::Abdm | Style::Portal => serde_json::to_vec(value),
        };
        text.unwrap_or_default()
    }

    /// The next clinical record as bytes.
    pub(super) fn record(&mut self) -> Generated {
        let ((resource_type, date_ms, title), value) = self.record_value();
        Generated { resource_type, bytes: self.write(&value), date_ms, title }
    }

    /// The next clinical record: its type, date and title, and the resource.
    pub(super) fn record_value(&mut self) -> ((&'static str, i64, String), Value) {
        self.count += 1;
        let second = FIRST_SECOND + self.dice.number() % SPREAD_SECONDS;
        let date = date_time(second);
        // The text shows the clock of the place, five and a half hours ahead of UTC.
        let date_ms = i64::try_from((second - 19_800) * 1000).unwrap_or(0);
        let throw = self.dice.below(100);
        let (resource_type, title, mut value) = match throw {
            0..38 => self.result(&date),
            38..50 => self.vital(&date),
            50..56 => self.blood_pressure(&date),
            56..72 => self.medicine(&date),
            72..82 => self.condition(&date),
            82..90 => self.encounter(&date, second),
            90..94 => self.immunization(&date),
            94..97 => self.procedure(&date),
            97..99 => self.report(&date),
            _ => self.allergy(&date),
        };
        self.dress(resource_type, &title, &mut value);
        ((resource_type, date_ms, title), value)
    }

    pub(super) fn patient(&mut self) -> Value {
        let mut value = json!({
            "resourceType": "Patient", "id": self.patient,
            "identifier": [{"type": concept(&format!("{TERMINOLOGY}/v2-0203"), "MR", "Medical record number"), "system": self.system("patients"), "value": format!("{}", 100_000 + self.dice.below(899_999))}],
            "name": [{"use": "official", "text": format!("{} {}", self.given, self.family), "family": self.family, "given": [self.given]}],
            "gender": if self.dice.chance(50) { "female" } else { "male" },
            "birthDate": format!("19{:02}-{:02}-{:02}", 30 + self.dice.below(69), 1 + self.dice.below(12), 1 + self.dice.below(28)),
            "telecom": [{"system": "phone", "value": "+91 00000 00000", "use": "mobile"}],
            "address": [{"city": "Pune", "state": "Maharashtra", "country": "IN"}],
        });
        self.dress("Patient", "Patient", &mut value);
        value
    }

    pub(super) fn organization(&mut self) -> Value {
        json!({"resourceType": "Organization", "id": self.organization, "identifier": [{"system": self.system("facility"), "value": "IN2710000001"}], "name": self.place})
    }

    pub(super) fn practitioner(&mut self) -> Value {
        json!({"resourceType": "Practitioner", "id": self.practitioner, "identifier": [{"system": self.system("staff"), "value": "71-0000-0000-0001"}], "name": [{"text": format!("Dr. {}", self.family), "prefix": ["Dr."], "family": self.family}]})
    }

    fn id(&mut self) -> String {
        if self.style == Style::Abdm { format!("{}", 1 + self.dice.below(9_999)) } else { self.dice.uuid() }
    }

    fn reference_to(&self, resource_type: &str, id: &str) -> String {
        match self.style {
            Style::Clinic | Style::Laboratory | Style::Summary => format!("urn:uuid:{id}"),
            Style::Abdm => format!("{resource_type}/{id}"),
            Style::Portal => format!("{}/{resource_type}/{id}", self.system("fhir/R4")),
        }
    }

    fn reference(&self, resource_type: &str, id: &str, display: Option<&str>) -> Value {
        let mut reference = json!({"reference": self.reference_to(resource_type, id)});
        if let Some(display) = display {
            reference["display"] = json!(display);
        }
        reference
    }

    fn subject(&self) -> Value {
        let name = format!("{} {}", self.given, self.family);
        self.reference("Patient", &self.patient, (self.style == Style::Portal).then_some(name.as_str()))
    }

    fn code(&self, system: &str, code: &str, name: &str) -> Value {
        let mut concept = concept(system, code, name);
        if self.style != Style::Portal {
            concept["text"] = json!(name);
        }
        concept
    }

    /// What every record of a style carries besides its content.
    fn dress(&mut self, resource_type: &str, title: &str, value: &mut Value) {
        let Some(object) = value.as_object_mut() else { return };
        let profile = match self.style {
            Style::Abdm => Some(format!("https://nrces.in/ndhm/fhir/r4/StructureDefinition/{resource_type}")),
            Style::Portal => Some(format!(
                "http://hl7.org/fhir/us/core/StructureDefinition/us-core-{}",
                resource_type.to_lowercase()
            )),
            Style::Summary => {
                Some(format!("http://hl7.org/fhir/uv/ips/StructureDefinition/{resource_type}-uv-ips"))
            }
            Style::Clinic | Style::Laboratory => None,
        };
        if let Some(profile) = profile {
            object.insert("meta".into(), json!({"versionId": "1", "lastUpdated": date_time(FIRST_SECOND + SPREAD_SECONDS), "profile": [profile]}));
        }
        if matches!(self.style, Style::Portal | Style::Summary) {
            object.insert("text".into(), json!({"status": "generated", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\"><p><b>{title}</b></p></div>")}));
        }
        if self.style == Style::Portal {
            object.insert("identifier".into(), json!([{"use": "usual", "system": "urn:oid:2.16.840.1.113883.4.642.40", "value": format!("{:012}", self.count)}]));
        }
        if self.dice.chance(12) && resource_type != "Patient" {
            object.insert("note".into(), json!([{"text": *self.dice.pick(&NOTES)}]));
        }
    }

    fn start(&mut self, resource_type: &'static str, status: &str) -> Map<String, Value> {
        let mut object = Map::new();
        object.insert("resourceType".into(), json!(resource_type));
        object.insert("id".into(), json!(self.id()));
        object.insert("status".into(), json!(status));
        object
    }

    fn observation(&mut self, category: &str, date: &str, code: &str, name: &str) -> Map<String, Value> {
        let mut object = self.start("Observation", "final");
        let display = if category == "laboratory" { "Laboratory" } else { "Vital Signs" };
        object.insert(
            "category".into(),
            json!([concept(&format!("{TERMINOLOGY}/observation-category"), category, display)]),
        );
        object.insert("code".into(), self.code(LOINC, code, name));
        object.insert("subject".into(), self.subject());
        object.insert("encounter".into(), self.reference("Encounter", &self.encounter, None));
        object.insert("effectiveDateTime".into(), json!(date));
        object
    }

    fn result(&mut self, date: &str) -> (&'static str, String, Value) {
        let &(code, name, unit, ucum, low, high, digits) = self.dice.pick(&RESULTS);
        let value = self.between(low * 0.8, high * 1.25, digits);
        let mut object = self.observation("laboratory", date, code, name);
        if self.style == Style::Laboratory || self.style == Style::Portal {
            object.insert("issued".into(), json!(date));
            let flag = if value.1 < low {
                ("L", "Low")
            } else if value.1 > high {
                ("H", "High")
            } else {
                ("N", "Normal")
            };
            object.insert(
                "interpretation".into(),
                json!([concept(&format!("{TERMINOLOGY}/v3-ObservationInterpretation"), flag.0, flag.1)]),
            );
        }
        object.insert(
            "performer".into(),
            json!([self.reference("Organization", &self.organization, Some(self.place))]),
        );
        object.insert("valueQuantity".into(), quantity(&value.0, unit, ucum));
        if self.style != Style::Abdm {
            object.insert("referenceRange".into(), json!([{"low": quantity(&number(low, digits), unit, ucum), "high": quantity(&number(high, digits), unit, ucum)}]));
        }
        ("Observation", name.to_owned(), Value::Object(object))
    }

    fn vital(&mut self, date: &str) -> (&'static str, String, Value) {
        let &(code, name, unit, ucum, low, high, digits) = self.dice.pick(&VITALS);
        let value = self.between(low, high, digits);
        let mut object = self.observation("vital-signs", date, code, name);
        object.insert("valueQuantity".into(), quantity(&value.0, unit, ucum));
        ("Observation", name.to_owned(), Value::Object(object))
    }

    fn blood_pressure(&mut self, date: &str) -> (&'static str, String, Value) {
        let (systolic, diastolic) = (self.between(98.0, 168.0, 0), self.between(58.0, 102.0, 0));
        let mut object = self.observation("vital-signs", date, "85354-9", "Blood pressure");
        object.insert("component".into(), json!([
            {"code": concept(LOINC, "8480-6", "Systolic blood pressure"), "valueQuantity": quantity(&systolic.0, "mmHg", "mm[Hg]")},
            {"code": concept(LOINC, "8462-4", "Diastolic blood pressure"), "valueQuantity": quantity(&diastolic.0, "mmHg", "mm[Hg]")},
        ]));
        ("Observation", "Blood pressure".to_owned(), Value::Object(object))
    }

    fn medicine(&mut self, date: &str) -> (&'static str, String, Value) {
        let &(code, name, dosage) = self.dice.pick(&MEDICINES);
        let status = *self.dice.pick(&["active", "active", "completed", "stopped"]);
        let mut object = self.start("MedicationRequest", status);
        object.insert("intent".into(), json!("order"));
        object.insert("medicationCodeableConcept".into(), self.code(SNOMED, code, name));
        object.insert("subject".into(), self.subject());
        object.insert("encounter".into(), self.reference("Encounter", &self.encounter, None));
        object.insert("authoredOn".into(), json!(date));
        object.insert("requester".into(), self.reference("Practitioner", &self.practitioner, Some("Dr.")));
        let instruction = if self.style == Style::Portal {
            json!([{"sequence": 1, "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}, "asNeededBoolean": false, "route": concept(SNOMED, "26643006", "Oral route"), "doseAndRate": [{"type": concept(&format!("{TERMINOLOGY}/dose-rate-type"), "ordered", "Ordered"), "doseQuantity": {"value": 1, "unit": "tablet"}}]}])
        } else {
            json!([{"text": dosage}])
        };
        object.insert("dosageInstruction".into(), instruction);
        ("MedicationRequest", name.to_owned(), Value::Object(object))
    }

    fn condition(&mut self, date: &str) -> (&'static str, String, Value) {
        let &(code, name, icd) = self.dice.pick(&CONDITIONS);
        let mut object = self.start("Condition", "final");
        object.remove("status");
        let clinical = *self.dice.pick(&["active", "active", "resolved", "remission"]);
        object.insert(
            "clinicalStatus".into(),
            json!({"coding": [{"system": format!("{TERMINOLOGY}/condition-clinical"), "code": clinical}]}),
        );
        object.insert("verificationStatus".into(), json!({"coding": [{"system": format!("{TERMINOLOGY}/condition-ver-status"), "code": "confirmed"}]}));
        object.insert(
            "category".into(),
            json!([concept(
                &format!("{TERMINOLOGY}/condition-category"),
                "problem-list-item",
                "Problem List Item"
            )]),
        );
        let mut coded = self.code(SNOMED, code, name);
        if let Some(codings) = coded["coding"].as_array_mut() {
            codings.push(json!({"system": "http://hl7.org/fhir/sid/icd-10", "code": icd, "display": name}));
        }
        object.insert("code".into(), coded);
        object.insert("subject".into(), self.subject());
        object.insert("onsetDateTime".into(), json!(date.get(..10)));
        object.insert("recordedDate".into(), json!(date));
        ("Condition", name.to_owned(), Value::Object(object))
    }

    fn encounter(&mut self, date: &str, second: u64) -> (&'static str, String, Value) {
        let mut object = self.start("Encounter", "finished");
        object["id"].as_str().unwrap_or_default().clone_into(&mut self.encounter);
        object.insert(
            "class".into(),
            json!({"system": format!("{TERMINOLOGY}/v3-ActCode"), "code": "AMB", "display": "ambulatory"}),
        );
        object.insert("type".into(), json!([self.code(SNOMED, "11429006", "Consultation")]));
        object.insert("subject".into(), self.subject());
        object.insert(
            "participant".into(),
            json!([{"individual": self.reference("Practitioner", &self.practitioner, Some("Dr."))}]),
        );
        object.insert("period".into(), json!({"start": date, "end": date_time(second + 1_500)}));
        object.insert(
            "serviceProvider".into(),
            self.reference("Organization", &self.organization, Some(self.place)),
        );
        ("Encounter", "Consultation".to_owned(), Value::Object(object))
    }

    fn immunization(&mut self, date: &str) -> (&'static str, String, Value) {
        let &(code, name) = self.dice.pick(&VACCINES);
        let mut object = self.start("Immunization", "completed");
        object.insert("vaccineCode".into(), self.code("http://hl7.org/fhir/sid/cvx", code, name));
        object.insert("patient".into(), self.subject());
        object.insert("occurrenceDateTime".into(), json!(date));
        object.insert("primarySource".into(), json!(true));
        object.insert("lotNumber".into(), json!(format!("{:06X}", self.dice.below(0xFF_FFFF))));
        object.insert("protocolApplied".into(), json!([{"doseNumberPositiveInt": 1 + self.dice.below(3)}]));
        ("Immunization", name.to_owned(), Value::Object(object))
    }

    fn procedure(&mut self, date: &str) -> (&'static str, String, Value) {
        let &(code, name) = self.dice.pick(&PROCEDURES);
        let mut object = self.start("Procedure", "completed");
        object.insert("code".into(), self.code(SNOMED, code, name));
        object.insert("subject".into(), self.subject());
        object.insert("performedPeriod".into(), json!({"start": date, "end": date}));
        ("Procedure", name.to_owned(), Value::Object(object))
    }

    fn report(&mut self, date: &str) -> (&'static str, String, Value) {
        let mut object = self.start("DiagnosticReport", "final");
        object.insert(
            "category".into(),
            json!([concept(&format!("{TERMINOLOGY}/v2-0074"), "LAB", "Laboratory")]),
        );
        object.insert("code".into(), self.code(LOINC, "58410-2", "Complete blood count"));
        object.insert("subject".into(), self.subject());
        object.insert("effectiveDateTime".into(), json!(date));
        object.insert("issued".into(), json!(date));
        object.insert(
            "performer".into(),
            json!([self.reference("Organization", &self.organization, Some(self.place))]),
        );
        let members: Vec<Value> = (0..6)
            .map(|_| {
                let id = self.id();
                self.reference("Observation", &id, None)
            })
            .collect();
        object.insert("result".into(), json!(members));
        object.insert("conclusion".into(), json!(*self.dice.pick(&NOTES)));
        ("DiagnosticReport", "Complete blood count".to_owned(), Value::Object(object))
    }

    fn allergy(&mut self, date: &str) -> (&'static str, String, Value) {
        let &(code, name, category) = self.dice.pick(&ALLERGIES);
        let mut object = self.start("AllergyIntolerance", "active");
        object.remove("status");
        object.insert("clinicalStatus".into(), json!({"coding": [{"system": format!("{TERMINOLOGY}/allergyintolerance-clinical"), "code": "active"}]}));
        object.insert("verificationStatus".into(), json!({"coding": [{"system": format!("{TERMINOLOGY}/allergyintolerance-verification"), "code": "confirmed"}]}));
        object.insert("type".into(), json!("allergy"));
        object.insert("category".into(), json!([category]));
        object.insert("criticality".into(), json!("high"));
        object.insert("code".into(), self.code(SNOMED, code, name));
        object.insert("patient".into(), self.subject());
        object.insert("recordedDate".into(), json!(date));
        object.insert(
            "reaction".into(),
            json!([{"manifestation": [self.code(SNOMED, "126485001", "Hives")], "severity": "moderate"}]),
        );
        ("AllergyIntolerance", name.to_owned(), Value::Object(object))
    }

    /// A value between two bounds as text and number.
    fn between(&mut self, low: f64, high: f64, digits: usize) -> (Value, f64) {
        #[allow(clippy::cast_precision_loss)]
        let part = self.dice.below(10_000) as f64 / 10_000.0;
        let value = low + (high - low) * part;
        (number(value, digits), value)
    }
}

fn concept(system: &str, code: &str, display: &str) -> Value {
    json!({"coding": [{"system": system, "code": code, "display": display}]})
}

fn quantity(value: &Value, unit: &str, ucum: &str) -> Value {
    json!({"value": value, "unit": unit, "system": UCUM, "code": ucum})
}

/// A number with exactly so many digits after the point, as a laboratory prints it.
fn number(value: f64, digits: usize) -> Value {
    serde_json::from_str(&format!("{value:.digits$}")).unwrap_or_default()
}

/// Unix seconds as `2024-03-05T10:15:00+05:30` (the shown clock is UTC, the offset is that of the place).
fn date_time(second: u64) -> String {
    let (days, rest) = (second / 86_400, second % 86_400);
    // Civil date from days since 1970-01-01 (Howard Hinnant's algorithm for the proleptic Gregorian calendar).
    let z = days + 719_468;
    let era = z / 146_097;
    let doe = z % 146_097;
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + u64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}+05:30",
        rest / 3_600,
        rest % 3_600 / 60,
        rest % 60
    )
}
