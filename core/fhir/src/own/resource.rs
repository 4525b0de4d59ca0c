//! Entries as FHIR R4 resources.

use serde_json::{Map, Value, json};

use super::{
    Allergy, BloodGroup, Meal, Measured, Medicine, Now, OwnDate, OwnEntry, Problem, Setting, Severity,
    Vaccination, Visit, What, Words,
};

/// Code system of the labels that say who asserted something (HL7 v3 `ObservationValue`, Security Labels: integrity).
pub(super) const SAID_BY: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";
/// System of the tag of every entry; its code is the sort of entry.
pub(super) const OWN_TAG: &str = "urn:kosha:own-entry";

const LOINC: &str = "http://loinc.org";
const SNOMED: &str = "http://snomed.info/sct";
const OBSERVATION_CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";

/// Whose the entry is.
#[derive(Clone, Default)]
pub struct Subject {
    /// `urn:uuid:…` of the person; it leads to their `Patient` in an export.
    pub reference: Option<String>,
    /// Their name, where the resource may say it.
    pub display: Option<String>,
}

/// Who wrote it down.
#[derive(Clone)]
pub enum By {
    /// The person whose entry it is.
    Patient,
    /// Somebody for them, by name where it is known.
    Other(Option<String>),
}

/// What an entry becomes a resource with.
#[derive(Clone)]
pub struct Written<'a> {
    /// Whose it is.
    pub subject: &'a Subject,
    /// Who wrote it down.
    pub by: &'a By,
    /// When it was so; `None` where only the time of writing is known.
    pub when: Option<&'a OwnDate>,
    /// A remark.
    pub note: Option<&'a Words>,
    /// The time of writing.
    pub now: Now,
    /// Identifies the entry in all its versions: `urn:uuid:…`.
    pub identifier: &'a str,
    /// Number of the version, from 1.
    pub version: u32,
}

super::hidden_debug!(Subject, By);

impl std::fmt::Debug for Written<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Written(..)")
    }
}

impl OwnEntry {
    /// The entry as a FHIR R4 resource in JSON, its numbers digit for digit as typed.
    pub fn to_resource(&self, written: &Written<'_>) -> Vec<u8> {
        let mut out = Resource { members: Map::new(), written };
        match self {
            OwnEntry::Measure(measured) => out.measure(self, measured),
            OwnEntry::BloodPressure { systolic, diastolic } => out.blood_pressure(self, systolic, diastolic),
            OwnEntry::Sugar { value, meal } => out.sugar(self, value, *meal),
            OwnEntry::BloodGroup(group) => out.blood_group(self, *group),
            OwnEntry::Medicine(medicine) => out.medicine(self, medicine),
            OwnEntry::Allergy(allergy) => out.allergy(self, allergy),
            OwnEntry::Problem(problem) => out.problem(self, problem),
            OwnEntry::Vaccination(vaccination) => out.vaccination(self, vaccination),
            OwnEntry::Visit(visit) => out.visit(self, visit),
            OwnEntry::Note(words) => out.note_entry(self, words),
        }
        Value::Object(out.members).to_string().into_bytes()
    }
}

/// A resource in the making.
struct Resource<'a> {
    members: Map<String, Value>,
    written: &'a Written<'a>,
}

impl Resource<'_> {
    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.members.insert(key.to_owned(), value.into());
    }

    fn put_some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    fn begin(&mut self, entry: &OwnEntry, resource_type: &str) {
        let (code, display) = match self.written.by {
            By::Patient => ("PATAST", "patient asserted"),
            By::Other(_) => ("SDMAST", "substitute decision maker asserted"),
        };
        self.put("resourceType", resource_type);
        self.put(
            "meta",
            json!({
                "versionId": self.written.version.to_string(),
                "lastUpdated": self.written.now.instant(),
                "security": [{ "system": SAID_BY, "code": code, "display": display }],
                "tag": [{ "system": OWN_TAG, "code": entry.sort() }],
            }),
        );
        self.put("identifier", json!([{ "system": "urn:ietf:rfc:3986", "value": self.written.identifier }]));
    }

    /// The subject, as a reference.
    fn subject(&self) -> Value {
        let mut subject = Map::new();
        let members =
            [("reference", &self.written.subject.reference), ("display", &self.written.subject.display)];
        for (key, value) in members {
            if let Some(value) = value {
                subject.insert(key.to_owned(), value.as_str().into());
            }
        }
        subject.insert("type".to_owned(), "Patient".into());
        subject.into()
    }

    /// Who said it, as a reference.
    fn teller(&self) -> Value {
        match self.written.by {
            By::Patient => self.subject(),
            By::Other(Some(name)) => json!({ "type": "RelatedPerson", "display": name }),
            By::Other(None) => json!({ "type": "RelatedPerson" }),
        }
    }

    fn when(&self) -> Option<&str> {
        self.written.when.map(OwnDate::as_str)
    }

    /// When it was so, where a resource needs such a date: else the time of writing.
    fn when_or_now(&self) -> String {
        self.when().map_or_else(|| OwnDate::now(self.written.now).as_str().to_owned(), str::to_owned)
    }

    /// A Period from then: to `until`, else to the end of the same day where it surely ended then.
    fn same_day(&self, until: Option<&OwnDate>, ended: bool) -> Value {
        let now = OwnDate::now(self.written.now);
        let start = self.written.when.unwrap_or(&now);
        let end = until.map(OwnDate::as_str).or_else(|| ended.then(|| start.day()));
        match end {
            Some(end) => json!({ "start": start.as_str(), "end": end }),
            None => json!({ "start": start.as_str() }),
        }
    }

    fn note(&mut self) {
        let note = self.written.note.map(|note| json!([{ "text": note.as_str() }]));
        self.put_some("note", note);
    }

    /// An Observation around its code and value.
    fn observation(&mut self, entry: &OwnEntry, category: &str, code: Value, value: (&str, Value)) {
        self.begin(entry, "Observation");
        self.put("status", "final");
        self.put("category", json!([{ "coding": [{ "system": OBSERVATION_CATEGORY, "code": category }] }]));
        self.put("code", code);
        self.put("subject", self.subject());
        if entry.is_of_a_moment() || self.when().is_some() {
            self.put("effectiveDateTime", self.when_or_now());
        }
        self.put("issued", self.written.now.instant());
        self.put("performer", json!([self.teller()]));
        self.put(value.0, value.1);
        self.note();
    }

    fn measure(&mut self, entry: &OwnEntry, measured: &Measured) {
        let code = match measured.what() {
            What::Weight => json!({ "coding": [loinc("29463-7", "Body weight")] }),
            What::Height => json!({ "coding": [loinc("8302-2", "Body height")] }),
            What::Pulse => json!({ "coding": [loinc("8867-4", "Heart rate")] }),
            What::Temperature => json!({ "coding": [loinc("8310-5", "Body temperature")] }),
            // The vital signs profile of FHIR R4 asks for the first of these.
            What::Oxygen => json!({
                "coding": [
                    loinc("2708-6", "Oxygen saturation in Arterial blood"),
                    loinc("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
                ],
                "text": "Oxygen saturation",
            }),
            What::Sugar => json!({ "text": "Blood sugar" }),
            What::Systolic => json!({ "coding": [loinc("8480-6", "Systolic blood pressure")] }),
            What::Diastolic => json!({ "coding": [loinc("8462-4", "Diastolic blood pressure")] }),
        };
        self.observation(entry, "vital-signs", code, ("valueQuantity", measured.quantity()));
    }

    fn blood_pressure(&mut self, entry: &OwnEntry, systolic: &Measured, diastolic: &Measured) {
        let code = json!({ "coding": [loinc("85354-9", "Blood pressure panel with all children optional")] });
        let component = |code: &str, display: &str, value: &Measured| json!({ "code": { "coding": [loinc(code, display)] }, "valueQuantity": value.quantity() });
        let components = json!([
            component("8480-6", "Systolic blood pressure", systolic),
            component("8462-4", "Diastolic blood pressure", diastolic),
        ]);
        self.observation(entry, "vital-signs", code, ("component", components));
    }

    fn sugar(&mut self, entry: &OwnEntry, value: &Measured, meal: Meal) {
        let mass = value.unit_code() == "mg/dL";
        // LOINC has a code of its own for each unit, and none for a fasting value of blood of any origin.
        let (loinc, snomed, text) = match meal {
            Meal::Fasting => (None, "271062006", "Blood sugar, fasting"),
            Meal::AfterFood if mass => (
                Some(loinc("87422-2", "Glucose [Mass/volume] in Blood --post meal")),
                "302788006",
                "Blood sugar, after food",
            ),
            Meal::AfterFood => (None, "302788006", "Blood sugar, after food"),
            Meal::Random if mass => (
                Some(loinc("2339-0", "Glucose [Mass/volume] in Blood")),
                "271061004",
                "Blood sugar, at any time",
            ),
            Meal::Random => (
                Some(loinc("15074-8", "Glucose [Moles/volume] in Blood")),
                "271061004",
                "Blood sugar, at any time",
            ),
        };
        let mut coding: Vec<Value> = loinc.into_iter().collect();
        coding.push(json!({ "system": SNOMED, "code": snomed }));
        let code = json!({ "coding": coding, "text": text });
        self.observation(entry, "laboratory", code, ("valueQuantity", value.quantity()));
    }

    fn blood_group(&mut self, entry: &OwnEntry, group: BloodGroup) {
        let (code, text, display) = match group {
            BloodGroup::APositive => ("278149003", "A+", "Blood group A Rh(D) positive"),
            BloodGroup::ANegative => ("278152006", "A-", "Blood group A Rh(D) negative"),
            BloodGroup::BPositive => ("278150003", "B+", "Blood group B Rh(D) positive"),
            BloodGroup::BNegative => ("278153001", "B-", "Blood group B Rh(D) negative"),
            BloodGroup::AbPositive => ("278151004", "AB+", "Blood group AB Rh(D) positive"),
            BloodGroup::AbNegative => ("278154007", "AB-", "Blood group AB Rh(D) negative"),
            BloodGroup::OPositive => ("278147001", "O+", "Blood group O Rh(D) positive"),
            BloodGroup::ONegative => ("278148006", "O-", "Blood group O Rh(D) negative"),
        };
        let value =
            json!({ "coding": [{ "system": SNOMED, "code": code, "display": display }], "text": text });
        let code =
            json!({ "coding": [loinc("882-1", "ABO and Rh group [Type] in Blood")], "text": "Blood group" });
        self.observation(entry, "laboratory", code, ("valueCodeableConcept", value));
    }

    fn medicine(&mut self, entry: &OwnEntry, medicine: &Medicine) {
        let name = match &medicine.strength {
            Some(strength) => format!("{} {}", medicine.name.as_str(), strength.as_str()),
            None => medicine.name.as_str().to_owned(),
        };
        let over = medicine.until.as_ref().is_some_and(|until| until.is_over(self.written.now));
        self.begin(entry, "MedicationStatement");
        self.put("status", if over { "completed" } else { "active" });
        self.put("medicationCodeableConcept", text(&name));
        self.put("subject", self.subject());
        let period = span(medicine.since.as_ref(), medicine.until.as_ref());
        if let Some(period) = period {
            self.put("effectivePeriod", period);
        } else if let Some(when) = self.when().map(str::to_owned) {
            self.put("effectiveDateTime", when);
        }
        self.put("dateAsserted", self.written.now.instant());
        self.put("informationSource", self.teller());
        let reason = medicine.reason.as_ref().map(|reason| json!([text(reason.as_str())]));
        self.put_some("reasonCode", reason);
        self.note();
        self.put_some("dosage", dosage(medicine).map(|dosage| json!([dosage])));
    }

    fn allergy(&mut self, entry: &OwnEntry, allergy: &Allergy) {
        self.begin(entry, "AllergyIntolerance");
        self.put(
            "clinicalStatus",
            coded("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active"),
        );
        self.put_some("criticality", allergy.serious.then_some("high"));
        self.put("code", text(allergy.what.as_str()));
        self.put("patient", self.subject());
        self.put_some("onsetDateTime", self.when().map(str::to_owned));
        self.put("recordedDate", self.written.now.instant());
        self.put("recorder", self.teller());
        self.put("asserter", self.teller());
        self.note();
        let reaction = allergy.reaction.as_ref().map(|reaction| {
            let mut members = Map::new();
            members.insert("manifestation".to_owned(), json!([text(reaction.as_str())]));
            if let Some(severity) = allergy.severity {
                let severity = match severity {
                    Severity::Mild => "mild",
                    Severity::Moderate => "moderate",
                    Severity::Severe => "severe",
                };
                members.insert("severity".to_owned(), severity.into());
            }
            json!([members])
        });
        self.put_some("reaction", reaction);
    }

    fn problem(&mut self, entry: &OwnEntry, problem: &Problem) {
        let status = if problem.until.is_some() { "resolved" } else { "active" };
        self.begin(entry, "Condition");
        self.put("clinicalStatus", coded("http://terminology.hl7.org/CodeSystem/condition-clinical", status));
        let category = coded("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item");
        self.put("category", json!([category]));
        self.put("code", text(problem.what.as_str()));
        self.put("subject", self.subject());
        self.put_some("onsetDateTime", self.when().map(str::to_owned));
        self.put_some("abatementDateTime", problem.until.as_ref().map(OwnDate::as_str));
        self.put("recordedDate", self.written.now.instant());
        self.put("recorder", self.teller());
        self.put("asserter", self.teller());
        self.note();
    }

    fn vaccination(&mut self, entry: &OwnEntry, vaccination: &Vaccination) {
        self.begin(entry, "Immunization");
        self.put("status", "completed");
        self.put("vaccineCode", text(vaccination.vaccine.as_str()));
        self.put("patient", self.subject());
        self.put("occurrenceDateTime", self.when_or_now());
        self.put("recorded", self.written.now.instant());
        self.put("primarySource", false);
        self.put(
            "reportOrigin",
            coded("http://terminology.hl7.org/CodeSystem/immunization-origin", "recall"),
        );
        self.put_some(
            "location",
            vaccination.place.as_ref().map(|place| json!({ "display": place.as_str() })),
        );
        self.note();
        let dose = vaccination.dose.map(|dose| json!([{ "doseNumberPositiveInt": dose }]));
        self.put_some("protocolApplied", dose);
    }

    fn visit(&mut self, entry: &OwnEntry, visit: &Visit) {
        let (code, display) = match visit.setting {
            Setting::Clinic => ("AMB", "ambulatory"),
            Setting::Emergency => ("EMER", "emergency"),
            Setting::Stay => ("IMP", "inpatient encounter"),
            Setting::Home => ("HH", "home health"),
            Setting::Online => ("VR", "virtual"),
        };
        self.begin(entry, "Encounter");
        // R4 has no note in an Encounter; this is the extension of HL7 for it.
        let note = self.written.note.map(|note| {
            json!([{ "url": "http://hl7.org/fhir/StructureDefinition/note", "valueAnnotation": { "text": note.as_str() } }])
        });
        self.put_some("extension", note);
        self.put("status", "finished");
        let class = json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": code, "display": display });
        self.put("class", class);
        self.put("subject", self.subject());
        let who = visit.who.as_ref().map(|who| json!([{ "individual": { "display": who.as_str() } }]));
        self.put_some("participant", who);
        self.put("period", self.same_day(visit.until.as_ref(), visit.setting != Setting::Stay));
        self.put_some("reasonCode", visit.reason.as_ref().map(|reason| json!([text(reason.as_str())])));
        self.put("serviceProvider", json!({ "type": "Organization", "display": visit.place.as_str() }));
    }

    fn note_entry(&mut self, entry: &OwnEntry, words: &Words) {
        use base64::Engine as _;
        let data = base64::engine::general_purpose::STANDARD.encode(words.as_str());
        self.begin(entry, "DocumentReference");
        self.put("status", "current");
        self.put("type", json!({ "coding": [loinc("51855-5", "Patient Note")] }));
        self.put("subject", self.subject());
        self.put("date", self.written.now.instant());
        self.put("author", json!([self.teller()]));
        // What readers show of a document.
        self.put("description", words.as_str());
        let attachment = json!({ "contentType": "text/plain; charset=utf-8", "data": data });
        self.put("content", json!([{ "attachment": attachment }]));
        self.put("context", json!({ "period": self.same_day(None, true) }));
    }
}

fn loinc(code: &str, display: &str) -> Value {
    json!({ "system": LOINC, "code": code, "display": display })
}

fn text(text: &str) -> Value {
    json!({ "text": text })
}

fn coded(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

/// A Period with the ends that are known.
fn span(since: Option<&OwnDate>, until: Option<&OwnDate>) -> Option<Value> {
    let ends = [("start", since), ("end", until)];
    let members: Map<String, Value> =
        ends.into_iter().filter_map(|(key, end)| Some((key.to_owned(), end?.as_str().into()))).collect();
    (!members.is_empty()).then(|| members.into())
}

/// Words for the times of a dose that FHIR has a code for (`EventTiming`).
const WHEN: [(&str, &[&str]); 8] = [
    ("PC", &["after food", "after meals", "after meal", "after eating"]),
    ("AC", &["before food", "before meals", "before meal", "before eating"]),
    ("C", &["with food", "with meals", "with a meal"]),
    ("HS", &["at bedtime", "bedtime", "before sleep"]),
    ("MORN", &["in the morning", "morning"]),
    ("NOON", &["at noon", "noon"]),
    ("EVE", &["in the evening", "evening"]),
    ("NIGHT", &["at night", "night"]),
];

/// What was said of the dose: in words, and where it is certain in fields too.
fn dosage(medicine: &Medicine) -> Option<Value> {
    let times = medicine.times_a_day.map(|times| match times {
        1 => "once a day".to_owned(),
        times => format!("{times} times a day"),
    });
    let needed = medicine.as_needed.then(|| "as needed".to_owned());
    let words = |words: &Option<Words>| words.as_ref().map(|words| words.as_str().to_owned());
    let said: Vec<String> =
        [words(&medicine.dose), times, words(&medicine.when), needed].into_iter().flatten().collect();
    if said.is_empty() {
        return None;
    }
    let mut repeat = Map::new();
    if let Some(times) = medicine.times_a_day {
        repeat.insert("frequency".to_owned(), times.into());
        repeat.insert("period".to_owned(), 1.into());
        repeat.insert("periodUnit".to_owned(), "d".into());
    }
    let mut extra = None;
    if let Some(when) = &medicine.when {
        let lower = when.as_str().to_lowercase();
        match WHEN.iter().find(|(_, spellings)| spellings.contains(&lower.as_str())) {
            Some((code, _)) => drop(repeat.insert("when".to_owned(), json!([code]))),
            None => extra = Some(json!([text(when.as_str())])),
        }
    }
    let mut dosage = Map::new();
    dosage.insert("text".to_owned(), said.join(", ").into());
    if let Some(extra) = extra {
        dosage.insert("additionalInstruction".to_owned(), extra);
    }
    if !repeat.is_empty() {
        dosage.insert("timing".to_owned(), json!({ "repeat": repeat }));
    }
    if medicine.as_needed {
        dosage.insert("asNeededBoolean".to_owned(), true.into());
    }
    if let Some(quantity) = medicine.dose.as_ref().and_then(dose_quantity) {
        dosage.insert("doseAndRate".to_owned(), json!([{ "doseQuantity": quantity }]));
    }
    Some(dosage.into())
}

/// `2 tablets` as a Quantity; `None` for what is not a number and one word.
fn dose_quantity(dose: &Words) -> Option<Value> {
    let (number, unit) = dose.as_str().split_once(' ')?;
    let number = super::number::Number::parse(number).ok()?;
    let word = !unit.is_empty() && unit.chars().all(|char| char.is_alphabetic() || is_joined(char));
    word.then(|| json!({ "value": number.json(), "unit": unit }))
}

/// Vowel signs and the like, which Indic words are full of.
fn is_joined(char: char) -> bool {
    (0x900..=0xdff).contains(&u32::from(char)) && !super::number::ascii(char).is_ascii_digit()
}
