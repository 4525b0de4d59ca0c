//! C-CDA documents as FHIR: what a document says, no more and no less.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kosha_fhir::{Kind, Limits, Standing};
use kosha_legacy::{Converted, ccda, is_ccda, reason_text};
use proptest::prelude::*;
use serde_json::{Value, json};

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/fixtures/ccda/{name}.xml", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn convert(bytes: &[u8]) -> Converted {
    assert!(is_ccda(bytes));
    let converted = ccda(bytes).unwrap();
    // Whatever is made is FHIR that the wallet reads, and every entry of it can be looked at.
    let limits = Limits { now_ms: Some(1_770_000_000_000), ..Limits::default() };
    let reading = kosha_fhir::read(&converted.bundle, &limits).unwrap();
    assert_eq!(reading.entries.len(), converted.resources);
    for entry in &reading.entries {
        let extract = reading.extract(entry.ordinal).unwrap();
        assert!(extract.warnings.is_empty(), "{} {:?}", extract.resource_type, extract.warnings);
    }
    for left in &converted.left {
        assert!(!reason_text(left.reason).is_empty(), "{}", left.reason);
    }
    converted
}

fn of(converted: &Converted, kind: &str) -> Vec<Value> {
    let bundle: Value = serde_json::from_slice(&converted.bundle).unwrap();
    let resources = bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone());
    resources.filter(|resource| resource["resourceType"] == kind).collect()
}

/// How the records of a kind stand, in their order.
fn standings(converted: &Converted, kind: &str) -> Vec<Standing> {
    let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
    let extracts = reading.entries.iter().map(|entry| reading.extract(entry.ordinal).unwrap());
    extracts.filter(|extract| extract.resource_type == kind).map(|extract| extract.card.standing).collect()
}

fn left(converted: &Converted) -> Vec<&'static str> {
    let mut left: Vec<_> = converted.left.iter().map(|left| left.reason).collect();
    left.sort_unstable();
    left
}

fn code(concept: &Value) -> &str {
    concept["coding"][0]["code"].as_str().unwrap_or_default()
}

#[test]
fn the_header_tells_of_the_patient_and_who_wrote() {
    let converted = convert(&fixture("allergies"));
    let patient = &of(&converted, "Patient")[0];
    assert_eq!(
        patient["identifier"],
        json!([{"system": "urn:oid:1.2.3.5", "value": "77", "assigner": {"display": "City Hospital"}}])
    );
    assert_eq!(
        patient["name"][0],
        json!({"use": "official", "family": "Rao", "given": ["Asha", "M"], "prefix": ["Dr."]})
    );
    assert_eq!((&patient["gender"], &patient["birthDate"]), (&json!("female"), &json!("1980-01-02")));
    assert_eq!(patient["address"][0]["line"][0], "12 Lake Road");
    assert_eq!(patient["telecom"].as_array().unwrap().len(), 2);
    assert_eq!(patient["telecom"][1], json!({"system": "email", "value": "asha@example.org"}));
    assert_eq!(patient["deceasedBoolean"], false);
    assert_eq!(patient["contact"][0]["name"]["given"][0], "Ravi");
    assert_eq!(patient["communication"][0]["preferred"], true);
    assert_eq!(of(&converted, "Organization")[0]["name"], "City Hospital");
    let author = &of(&converted, "Practitioner")[0];
    assert_eq!(author["identifier"][0]["system"], "http://hl7.org/fhir/sid/us-npi");
    let composition = &of(&converted, "Composition")[0];
    assert_eq!(composition["title"], "Summary of Care");
    assert_eq!(composition["date"], "2024-03-05T10:15:30+05:30");
    assert_eq!(composition["author"][1]["display"], "Chart 3");
    assert_eq!(code(&composition["type"]), "34133-9");
    assert_eq!(composition["identifier"]["value"], "doc-7");
    let section = &composition["section"][0];
    assert_eq!(
        (section["title"].as_str(), code(&section["code"])),
        (Some("Allergies & Reactions"), "48765-2")
    );
    assert_eq!(section["entry"].as_array().unwrap().len(), 10);
    let told = section["text"]["div"].as_str().unwrap();
    assert!(told.ends_with("<p>Penicillin G | Hives</p></div>"), "{told}");
}

#[test]
fn an_allergy_is_told_from_none_and_from_one_ruled_out() {
    let converted = convert(&fixture("allergies"));
    let allergies = of(&converted, "AllergyIntolerance");
    assert_eq!(allergies.len(), 10);
    let first = &allergies[0];
    assert_eq!(first["code"]["text"], "Penicillin G", "what was struck out is not said");
    assert_eq!(first["code"]["coding"][0]["system"], "http://www.nlm.nih.gov/research/umls/rxnorm");
    assert_eq!(first["code"]["coding"][1]["system"], "http://hl7.org/fhir/ndfrt");
    assert_eq!((&first["type"], &first["category"]), (&json!("allergy"), &json!(["medication"])));
    assert_eq!((&first["criticality"], &first["onsetDateTime"]), (&json!("high"), &json!("2019")));
    assert_eq!((code(&first["clinicalStatus"]), &first["recordedDate"]), ("active", &json!("2023-01-01")));
    assert_eq!(first["recorder"]["display"], "Uma Shah");
    let reactions = first["reaction"].as_array().unwrap();
    assert_eq!(reactions.len(), 2, "one that did not occur is none");
    assert!(reactions[0].get("severity").is_none(), "FHIR has nothing between moderate and severe");
    assert_eq!((&reactions[1]["severity"], &reactions[1]["onset"]), (&json!("mild"), &json!("2019-03")));
    let notes: Vec<_> =
        first["note"].as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap()).collect();
    assert_eq!(notes, ["Seen by the mother", "Severity: Moderate to severe"]);

    assert_eq!(
        (code(&allergies[1]["clinicalStatus"]), &allergies[1]["reaction"][0]["severity"]),
        ("resolved", &json!("severe"))
    );
    for (at, none) in [(2, "409137002"), (3, "429625007"), (4, "716186003"), (7, "409137002")] {
        assert_eq!(code(&allergies[at]["code"]), none, "{at}");
        assert_eq!(code(&allergies[at]["clinicalStatus"]), "active", "{at}");
        assert!(
            allergies[at].get("category").is_none() && allergies[at].get("verificationStatus").is_none(),
            "{at}"
        );
    }
    assert_eq!(code(&allergies[5]["verificationStatus"]), "refuted");
    assert!(allergies[5].get("clinicalStatus").is_none());
    assert_eq!(allergies[6]["code"], json!({"text": "Bee stings"}));
    assert_eq!(code(&allergies[8]["code"]), "91936005", "what the value itself names");
    let stands = standings(&converted, "AllergyIntolerance");
    assert_eq!((stands[0], stands[5], stands[9]), (Standing::Fact, Standing::Refuted, Standing::InError));
    assert_eq!(left(&converted), ["ccda-about-another", "ccda-no-code", "ccda-not-recorded"]);
}

#[test]
fn a_problem_is_as_current_as_it_is_told_to_be() {
    let converted = convert(&fixture("problems"));
    let problems = of(&converted, "Condition");
    let told: Vec<_> = problems
        .iter()
        .map(|problem| {
            let text = problem["code"]["text"].as_str().unwrap();
            (text, code(&problem["clinicalStatus"]), code(&problem["verificationStatus"]))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Diabetes mellitus type 2", "active", ""),
            ("Asthma", "resolved", ""),
            ("Hypertension", "resolved", ""),
            ("Headache", "", ""),
            ("Pneumonia", "active", ""),
            ("Myocardial infarction", "", "refuted"),
            ("Sugar disease", "active", ""),
            ("Sugar disease", "active", ""),
            ("Fracture of arm (Left)", "active", ""),
            ("High blood sugar", "active", ""),
            ("Diabetes", "", "refuted"),
            ("Kidney malrotation", "active", ""),
        ]
    );
    assert_eq!(problems[0]["code"]["coding"][1]["system"], "http://hl7.org/fhir/sid/icd-10-cm");
    assert_eq!(
        problems[0]["identifier"][0],
        json!({"system": "urn:ietf:rfc:3986", "value": "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6"})
    );
    assert_eq!(problems[0]["onsetDateTime"], "2012-03");
    assert_eq!(problems[1]["abatementDateTime"], "2013-04-01");
    assert_eq!(code(&problems[6]["code"]), "250.00", "a translation is a code as well");
    assert_eq!(code(&problems[0]["category"][0]), "problem-list-item");
    assert_eq!(code(&problems[11]["category"][0]), "encounter-diagnosis");
    assert_eq!(left(&converted), ["ccda-none-known"; 3]);
    let sections = &of(&converted, "Composition")[0]["section"];
    assert!(sections[0].get("emptyReason").is_none());
    assert_eq!(code(&sections[1]["emptyReason"]), "nilknown");
}

#[test]
fn a_medicine_comes_with_its_dosage() {
    let converted = convert(&fixture("medicines"));
    let taken = of(&converted, "MedicationStatement");
    let first = &taken[0];
    assert_eq!(
        (first["status"].as_str(), code(&first["medicationCodeableConcept"])),
        (Some("active"), "197361")
    );
    assert_eq!(first["effectivePeriod"], json!({"start": "2024-01-01"}));
    assert_eq!(first["reasonCode"][0]["text"], "Hypertension");
    let dosage = &first["dosage"][0];
    assert_eq!(
        (&dosage["text"], &dosage["patientInstruction"]),
        (&json!("One in the morning"), &json!("With water"))
    );
    assert_eq!(dosage["timing"]["repeat"], json!({"frequency": 2, "period": 1, "periodUnit": "d"}));
    assert_eq!(dosage["route"]["text"], "Oral");
    let ucum = "http://unitsofmeasure.org";
    assert_eq!(
        dosage["doseAndRate"][0]["doseQuantity"],
        serde_json::from_str::<Value>(&format!(
            r#"{{"value":1.50,"unit":"mg","system":"{ucum}","code":"mg"}}"#
        ))
        .unwrap(),
        "digits are kept"
    );
    assert_eq!(dosage["doseAndRate"][0]["rateQuantity"]["unit"], "mL/h");
    assert_eq!(dosage["maxDosePerPeriod"]["denominator"]["unit"], "h");
    let second = &taken[1]["dosage"][0];
    assert_eq!(second["timing"]["repeat"], json!({"frequency": 1, "period": 6, "periodUnit": "h"}));
    assert_eq!(second["asNeededCodeableConcept"]["text"], "Pain");
    assert_eq!(second["doseAndRate"][0]["doseRange"]["high"], json!({"value": 2, "unit": "Tablet"}));
    assert_eq!(taken[2]["dosage"][0]["timing"]["repeat"], json!({"offset": 30, "when": ["AC"]}));
    assert_eq!(
        taken[3]["dosage"][0]["timing"]["repeat"],
        json!({"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"})
    );
    assert_eq!(
        (&taken[4]["status"], &taken[4]["effectiveDateTime"]),
        (&json!("completed"), &json!("2024-01-05"))
    );
    let statuses: Vec<_> = taken[5..8].iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["stopped", "on-hold", "not-taken"]);
    assert_eq!(standings(&converted, "MedicationStatement")[7], Standing::NotTaken);
    let steps = taken[8]["dosage"].as_array().unwrap();
    assert_eq!((&steps[0]["sequence"], &steps[1]["sequence"]), (&json!(1), &json!(2)));
    assert!(taken[9].get("dosage").is_none(), "a unit of time that nobody knows is not guessed");
    assert_eq!(taken[10]["medicationCodeableConcept"], json!({"text": "Herbal tea"}));
    assert_eq!(taken.len(), 12, "discharge medicines as well");

    let orders = of(&converted, "MedicationRequest");
    assert_eq!(orders[0]["dispenseRequest"]["numberOfRepeatsAllowed"], 2, "three fills are two repeats");
    assert_eq!(orders[0]["dispenseRequest"]["quantity"]["unit"], "{tablet}");
    assert_eq!(orders[0]["requester"]["display"], "Dr Uma Shah");
    assert!(first["basedOn"][0]["reference"].is_string());
    assert_eq!((&orders[1]["intent"], &orders[1]["status"]), (&json!("order"), &json!("active")));
    assert_eq!(orders[1]["dosageInstruction"][0]["timing"]["repeat"]["count"], 10);
    assert_eq!(orders[1]["dispenseRequest"]["validityPeriod"]["end"], "2024-12-31");
    assert_eq!(orders[2]["intent"], "plan");
    assert_eq!(orders[3]["doNotPerform"], true);
    assert_eq!(standings(&converted, "MedicationRequest")[3], Standing::DoNotPerform);
    let dispense = &of(&converted, "MedicationDispense")[0];
    assert_eq!(
        (&dispense["whenHandedOver"], &dispense["quantity"]),
        (&json!("2024-01-02"), &json!({"value": 30}))
    );
    assert_eq!(dispense["performer"][0]["actor"]["display"], "Corner Pharmacy");
    assert_eq!(
        left(&converted),
        ["ccda-no-code", "ccda-none-known", "ccda-none-known", "ccda-part-not-read"]
    );
    assert_eq!(code(&of(&converted, "Composition")[0]["section"][2]["emptyReason"]), "nilknown");
}

#[test]
fn nothing_of_what_is_negated_reads_as_a_fact() {
    let medicines = String::from_utf8(fixture("medicines")).unwrap();
    let event = r#"moodCode="EVN" negationInd="true">"#;
    let order = r#"moodCode="INT" negationInd="true">"#;
    assert!(medicines.contains(event) && medicines.contains(order));
    let with = |dose: &str, truth: &str| {
        let dosed = |start: &str| format!("{}{dose}", start.replace("true", truth));
        let text = medicines.replace(event, &dosed(event)).replace(order, &dosed(order));
        let converted = convert(text.as_bytes());
        let taken = of(&converted, "MedicationStatement").remove(7);
        let ordered = of(&converted, "MedicationRequest").remove(3);
        assert_eq!((&taken["status"], &ordered["doNotPerform"]), (&json!("not-taken"), &json!(true)));
        (taken["dosage"].clone(), ordered["dosageInstruction"].clone())
    };
    for truth in ["true", "1"] {
        let (taken, ordered) = with(r#"<doseQuantity value="1"/>"#, truth);
        assert!(!format!("{taken}{ordered}").contains("doseQuantity"), "{taken} {ordered}");
        let (taken, _) = with(r#"<doseQuantity value="75" unit="mg"/>"#, truth);
        assert_eq!(taken[0]["doseAndRate"][0]["doseQuantity"]["unit"], "mg", "what it is that is not taken");
    }
    // Particulars that are said not to be so.
    let others = String::from_utf8(fixture("others")).unwrap();
    let death = of(&convert(&fixture("others")), "FamilyMemberHistory");
    assert!(death.iter().any(|one| one["condition"][0]["contributedToDeath"] == true));
    let template = r#"<templateId root="2.16.840.1.113883.10.20.22.4.47"/>"#;
    let (before, _) = others.split_once(template).unwrap();
    let at = before.rfind('>').unwrap();
    let denied = format!("{} negationInd=\"true\">{}", &others[..at], &others[at + 1..]);
    let death = of(&convert(denied.as_bytes()), "FamilyMemberHistory");
    assert!(death.iter().all(|one| one["condition"][0].get("contributedToDeath").is_none()));
}

#[test]
fn values_are_what_their_types_say() {
    let converted = convert(&fixture("results"));
    let report = &of(&converted, "DiagnosticReport")[0];
    assert_eq!(
        (report["status"].as_str(), report["code"]["text"].as_str()),
        (Some("final"), Some("Blood count"))
    );
    assert_eq!(
        report["effectiveDateTime"], "2024-03-05T08:00:00+05:30",
        "the moment that all its values share"
    );
    assert_eq!(report["result"].as_array().unwrap().len(), 18);
    let values = of(&converted, "Observation");
    let value = |at: usize, key: &str| values[at][key].to_string();
    let ucum = r#""system":"http://unitsofmeasure.org""#;
    assert_eq!(value(0, "valueQuantity"), format!(r#"{{"value":11.40,"unit":"g/dL",{ucum},"code":"g/dL"}}"#));
    assert_eq!(code(&values[0]["interpretation"][0]), "L");
    assert_eq!(
        (&values[0]["referenceRange"][0]["text"], values[0]["referenceRange"][0]["low"]["value"].to_string()),
        (&json!("12 to 16"), "12.0".into())
    );
    assert_eq!(values[0]["specimen"]["display"], "Blood");
    assert_eq!(code(&values[0]["category"][0]), "laboratory");
    assert_eq!(values[1]["valueInteger"], 7);
    let high = &values[1]["referenceRange"][0];
    assert!(high.get("low").is_none(), "what is high is no normal range");
    assert_eq!((&high["text"], high["type"]["text"].as_str()), (&json!(">= 20"), Some("High")));
    assert_eq!(
        (&values[2]["valueQuantity"]["comparator"], &values[3]["valueQuantity"]["comparator"]),
        (&json!(">"), &json!("<="))
    );
    assert_eq!(values[2]["referenceRange"], json!([{"text": "none seen"}]));
    assert_eq!(values[4]["valueRange"]["high"]["value"], 5);
    assert_eq!(values[5]["valueRatio"], json!({"numerator": {"value": 1}, "denominator": {"value": 128}}));
    assert_eq!(code(&values[6]["valueCodeableConcept"]), "112144000");
    assert_eq!(values[7]["valueString"], "pale, clear");
    assert_eq!(values[8]["valueString"], "one < two");
    assert_eq!(values[9]["valueBoolean"], true);
    assert_eq!(values[10]["valueDateTime"], "2024-02");
    assert_eq!(value(11, "valueQuantity"), r#"{"value":0.70}"#);
    assert_eq!(code(&values[12]["dataAbsentReason"]), "not-asked");
    assert_eq!(values[13]["valueString"], "<5 mg");
    assert_eq!((&values[14]["status"], values[14].get("dataAbsentReason")), (&json!("preliminary"), None));
    assert_eq!(values[15]["valueQuantity"], json!({"value": 2, "unit": "tablet"}));
    assert_eq!(values[16]["valueQuantity"]["code"], "mg");
    assert_eq!(values[17]["valuePeriod"], json!({"start": "2020", "end": "2021"}));
    assert_eq!(values[18]["status"], "cancelled");
    assert_eq!(
        (code(&values[19]["category"][0]), &values[20]["effectiveDateTime"]),
        ("vital-signs", &json!("2024-03-05"))
    );
    assert_eq!(
        (code(&values[21]["category"][0]), code(&values[22]["valueCodeableConcept"])),
        ("social-history", "77386006")
    );
    assert_eq!(left(&converted), ["ccda-negated", "ccda-no-code", "ccda-no-code", "ccda-not-recorded"]);
}

#[test]
fn a_comma_in_a_number_groups_its_digits_or_is_left_as_it_stands() {
    let range = |low: &str, high: &str| {
        format!(
            r#"<referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="{low}" unit="/uL"/><high value="{high}" unit="/uL"/></value></observationRange></referenceRange>"#
        )
    };
    let value = |number: &str| format!(r#"<value xsi:type="PQ" value="{number}" unit="/uL"/>"#);
    let grouped = vitals(&[
        ("777-3", &value("150,000"), &range("150,000", "4,50,000")),
        ("6690-2", r#"<value xsi:type="INT" value="11,000"/>"#, ""),
    ]);
    let found = signs(&grouped);
    assert_eq!(
        (&found[0]["valueQuantity"]["value"], &found[0]["valueQuantity"]["unit"]),
        (&json!(150_000), &json!("/uL"))
    );
    assert_eq!(found[0]["referenceRange"][0]["high"]["value"], 450_000);
    assert_eq!(found[1]["valueInteger"], 11_000);

    let doubtful = vitals(&[
        ("777-3", &value("12,5"), &range("11,5", "14,5")),
        ("6690-2", &value("4,100"), &range("3.5", "5")),
    ]);
    let found = signs(&doubtful);
    assert_eq!(
        (&found[0]["valueString"], &found[1]["valueString"]),
        (&json!("12,5 /uL"), &json!("4,100 /uL"))
    );
    assert_eq!(found[0]["referenceRange"], json!([{"text": "11,5 - 14,5 /uL"}]));
    assert_eq!(found[1]["referenceRange"][0]["high"]["value"], 5);
}

/// The fixture of results with these vital signs in place of its own: code, value, what else stands in the observation.
fn vitals(signs: &[(&str, &str, &str)]) -> Converted {
    let document = String::from_utf8(fixture("results")).unwrap();
    let observation = |(code, value, more): &(&str, &str, &str)| {
        format!(
            r#"<component><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.27"/>
            <id root="1.2.3.11" extension="{code}"/><code code="{code}" displayName="Sign" codeSystem="2.16.840.1.113883.6.1"/>
            <statusCode code="completed"/>{value}{more}</observation></component>"#
        )
    };
    let organizer = "<organizer classCode=\"BATTERY\" moodCode=\"EVN\"><templateId root=\"2.16.840.1.113883.10.20.22.4.26\"/>";
    let (before, behind) = document.split_once(organizer).unwrap();
    let (_, behind) = behind.split_once("</organizer>").unwrap();
    let signs: String = signs.iter().map(observation).collect();
    convert(format!("{before}{organizer}<statusCode code=\"completed\"/><effectiveTime value=\"20240305\"/>{signs}</organizer>{behind}").as_bytes())
}

fn signs(converted: &Converted) -> Vec<Value> {
    let mut found = of(converted, "Observation");
    found.retain(|made| made["category"][0]["coding"][0]["code"] == "vital-signs");
    found
}

#[test]
fn the_two_values_of_a_blood_pressure_are_one_reading() {
    let value = |number: &str| format!(r#"<value xsi:type="PQ" value="{number}" unit="mm[Hg]"/>"#);
    let (upper, lower, pulse) =
        (value("120"), value("80"), r#"<value xsi:type="PQ" value="72" unit="/min"/>"#);
    let flag = r#"<interpretationCode code="N" codeSystem="2.16.840.1.113883.5.83"/>"#;
    let converted = vitals(&[("8867-4", pulse, ""), ("8462-4", &lower, ""), ("8480-6", &upper, flag)]);
    let found = signs(&converted);
    assert_eq!(found.len(), 2);
    let reading = &found[1];
    assert_eq!((code(&reading["code"]), &reading["effectiveDateTime"]), ("85354-9", &json!("2024-03-05")));
    assert_eq!(reading["identifier"].as_array().unwrap().len(), 2, "the numbers of both");
    assert_eq!(reading.get("valueQuantity"), None);
    assert_eq!(reading.get("interpretation"), None, "what was said of one value is not said of both");
    let parts = reading["component"].as_array().unwrap();
    assert_eq!((code(&parts[0]["code"]), &parts[0]["valueQuantity"]["value"]), ("8480-6", &json!(120)));
    assert_eq!((code(&parts[1]["code"]), &parts[1]["valueQuantity"]["value"]), ("8462-4", &json!(80)));
    assert_eq!(code(&parts[0]["interpretation"][0]), "N");
    let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
    let cards = reading.entries.iter().map(|entry| reading.extract(entry.ordinal).unwrap().card);
    let line =
        cards.filter(|card| card.title.contains("lood pressure")).map(|card| card.line).next().unwrap();
    assert!(line.contains("120/80"), "{line}");
    // Every entry of a section is still one that is there.
    let addresses: Vec<Value> = serde_json::from_slice::<Value>(&converted.bundle).unwrap()["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["fullUrl"].clone())
        .collect();
    for section in of(&converted, "Composition")[0]["section"].as_array().unwrap() {
        for entry in section["entry"].as_array().into_iter().flatten() {
            assert!(addresses.contains(&entry["reference"]));
        }
    }
}

#[test]
fn values_that_may_not_belong_together_stay_apart() {
    let value = |number: &str| format!(r#"<value xsi:type="PQ" value="{number}" unit="mm[Hg]"/>"#);
    let (upper, lower) = (value("120"), value("80"));
    let time = r#"<effectiveTime value="20240305"/>"#;
    let later = r#"<effectiveTime value="20240306"/>"#;
    let left =
        r#"<targetSiteCode code="368208006" displayName="Left arm" codeSystem="2.16.840.1.113883.6.96"/>"#;
    let absent = r#"<value xsi:type="PQ" nullFlavor="UNK"/>"#;
    for (given, expected) in [
        (vec![("8480-6", upper.as_str(), ""), ("8462-4", lower.as_str(), later)], 2),
        (vec![("8480-6", &upper, ""), ("8462-4", &lower, left)], 2),
        (vec![("8480-6", &upper, ""), ("8462-4", absent, "")], 2),
        (vec![("8480-6", &upper, ""), ("8480-6", &upper, ""), ("8462-4", &lower, "")], 3),
        (
            vec![
                ("8480-6", &upper, time),
                ("8480-6", &upper, later),
                ("8462-4", &lower, later),
                ("8462-4", &lower, time),
            ],
            2,
        ),
        (vec![("8480-6", &upper, "")], 1),
    ] {
        assert_eq!(signs(&vitals(&given)).len(), expected, "{given:?}");
    }
}

#[test]
fn vaccinations_procedures_visits_and_plans() {
    let converted = convert(&fixture("others"));
    let vaccines = of(&converted, "Immunization");
    assert_eq!(
        (&vaccines[0]["status"], &vaccines[0]["occurrenceDateTime"]),
        (&json!("completed"), &json!("2023-11-02"))
    );
    assert_eq!(
        (&vaccines[0]["lotNumber"], &vaccines[0]["manufacturer"]["display"]),
        (&json!("L-9"), &json!("Serum Works"))
    );
    assert_eq!(vaccines[0]["protocolApplied"][0]["doseNumberPositiveInt"], 2);
    assert_eq!((&vaccines[1]["status"], code(&vaccines[1]["statusReason"])), (&json!("not-done"), "PATOBJ"));
    assert_eq!(vaccines[2]["occurrenceString"], "unknown");
    assert_eq!(vaccines.len(), 3, "one that is planned was not given");
    assert_eq!(standings(&converted, "Immunization")[1], Standing::NotDone);

    let procedures = of(&converted, "Procedure");
    let statuses: Vec<_> = procedures.iter().map(|one| one["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["completed", "not-done", "stopped", "completed"]);
    assert_eq!(procedures[0]["performedPeriod"], json!({"start": "2023-01-01", "end": "2023-01-02"}));
    assert_eq!(
        (code(&procedures[0]["bodySite"][0]), &procedures[0]["performer"][0]["actor"]["display"]),
        ("71854001", &json!("Uma Shah"))
    );
    assert_eq!(procedures[3]["note"][0]["text"], "clear");

    let visit = &of(&converted, "Encounter")[0];
    assert_eq!((&visit["status"], &visit["class"]["code"]), (&json!("finished"), &json!("AMB")));
    assert_eq!(visit["period"]["start"], "2024-01-05T09:00:00+05:30");
    assert_eq!(
        (&visit["location"][0]["location"]["display"], &visit["participant"][0]["individual"]["display"]),
        (&json!("Lake Clinic"), &json!("Dr Uma Shah"))
    );
    let diagnosis = &of(&converted, "Condition")[0];
    assert_eq!(
        (code(&diagnosis["category"][0]), &diagnosis["code"]["text"]),
        ("encounter-diagnosis", &json!("Bronchitis"))
    );
    assert!(
        diagnosis["encounter"]["reference"].is_string()
            && visit["diagnosis"][0]["condition"]["reference"].is_string()
    );

    let father = &of(&converted, "FamilyMemberHistory")[0];
    assert_eq!(
        (code(&father["relationship"]), &father["deceasedBoolean"], &father["bornDate"]),
        ("FTH", &json!(true), &json!("1940"))
    );
    assert_eq!(
        father["condition"].as_array().unwrap().len(),
        1,
        "what the father does not have is not said of him"
    );
    assert_eq!(
        (&father["condition"][0]["contributedToDeath"], &father["condition"][0]["onsetAge"]["value"]),
        (&json!(true), &json!(57))
    );

    let requests = of(&converted, "ServiceRequest");
    assert_eq!((&requests[0]["intent"], &requests[1]["intent"]), (&json!("order"), &json!("plan")));
    assert_eq!(requests[1]["occurrenceDateTime"], "2024-09-01");
    assert_eq!(of(&converted, "MedicationRequest")[0]["intent"], "plan", "a vaccine that is due");
    assert_eq!(of(&converted, "Goal")[0]["target"][0]["detailQuantity"]["value"], 70);
    let device = &of(&converted, "Device")[0];
    assert_eq!((code(&device["type"]), &device["identifier"][0]["value"]), ("14106009", &json!("udi-1")));
    assert_eq!(left(&converted), ["ccda-in-section-text", "ccda-negated", "ccda-nothing-for-records"]);
    for kind in ["ServiceRequest", "MedicationRequest"] {
        assert!(standings(&converted, kind).iter().all(|standing| *standing == Standing::Planned), "{kind}");
    }

    let sections = &of(&converted, "Composition")[0]["section"];
    let course = sections.as_array().unwrap().iter().find(|section| section["title"] == "Course").unwrap();
    assert_eq!(
        course["text"]["div"],
        "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Got &lt;script&gt; better</p><p>A | B</p><p>1 2 |</p></div>"
    );
    let past = sections.as_array().unwrap().last().unwrap();
    assert_eq!(code(&past["emptyReason"]), "unavailable", "nothing told is not nothing known");
}

#[test]
fn documents_from_before_c_cda_are_read() {
    let converted = convert(&fixture("c32"));
    let allergy = &of(&converted, "AllergyIntolerance")[0];
    assert_eq!(
        (code(&allergy["clinicalStatus"]), &allergy["code"]["text"]),
        ("active", &json!("Penicillin"))
    );
    let problem = &of(&converted, "Condition")[0];
    assert_eq!((&problem["code"], problem.get("clinicalStatus")), (&json!({"text": "Asthma"}), None));
    let medicine = &of(&converted, "MedicationStatement")[0];
    assert_eq!(
        (&medicine["status"], &medicine["medicationCodeableConcept"]["text"]),
        (&json!("unknown"), &json!("Atenolol"))
    );
    assert_eq!(medicine["dosage"][0]["text"], "1 tablet daily");
    assert_eq!(
        of(&converted, "DiagnosticReport")[0]["effectiveDateTime"],
        "2000-03-23",
        "no zone, no time of day"
    );
    assert_eq!(of(&converted, "Observation")[0]["valueQuantity"]["value"].to_string(), "13.2");
    let vaccine = &of(&converted, "Immunization")[0];
    assert_eq!(
        (&vaccine["occurrenceDateTime"], &vaccine["vaccineCode"]["coding"][0]["system"]),
        (&json!("1999-11"), &json!("http://hl7.org/fhir/sid/cvx"))
    );
    assert!(converted.left.is_empty());
}

#[test]
fn a_document_that_is_a_file_keeps_it() {
    let converted = convert(&fixture("unstructured"));
    let document = &of(&converted, "DocumentReference")[0];
    let file = &document["content"][0]["attachment"];
    assert_eq!((&file["contentType"], &file["data"]), (&json!("application/pdf"), &json!("JVBERi0xLjQK")));
    assert_eq!((&document["description"], code(&document["type"])), (&json!("Summary of Care"), "34133-9"));
    assert!(of(&converted, "Composition").is_empty());
    let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
    let kinds: Vec<_> =
        reading.entries.iter().map(|entry| reading.extract(entry.ordinal).unwrap().card.kind).collect();
    assert!(kinds.contains(&Kind::Document));

    let file =
        of(&convert(&fixture("unstructured-text")), "DocumentReference")[0]["content"][0]["attachment"]
            .clone();
    assert_eq!(file["contentType"], "text/plain; charset=utf-8");
    assert_eq!(STANDARD.decode(file["data"].as_str().unwrap()).unwrap(), "All is well, café".as_bytes());
    let elsewhere = convert(&fixture("unstructured-elsewhere"));
    assert_eq!(
        (left(&elsewhere), of(&elsewhere, "DocumentReference").len()),
        (vec!["ccda-file-elsewhere"], 0)
    );
}

#[test]
fn a_document_is_known_in_whatever_letters_and_dress_it_comes() {
    let source = String::from_utf8(fixture("allergies")).unwrap().replace("Asha", "Åsa");
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(source.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin = source.replace("UTF-8", "iso-8859-1");
    let latin: Vec<u8> = latin.chars().map(|letter| u8::try_from(letter).unwrap()).collect();
    let marked = format!("\u{feff}{source}");
    // The same names with a prefix of their own.
    let prefixed = source
        .replace("xmlns=\"urn:hl7-org:v3\"", "xmlns:n=\"urn:hl7-org:v3\"")
        .replace("</", "</n:")
        .replace('<', "<n:")
        .replace("<n:/n:", "</n:")
        .replace("<n:?", "<?")
        .replace("n:sdtc:", "sdtc:");
    for bytes in [source.into_bytes(), utf16, latin, marked.into_bytes(), prefixed.into_bytes()] {
        let converted = convert(&bytes);
        assert_eq!(of(&converted, "Patient")[0]["name"][0]["given"][0], "Åsa");
        assert_eq!(of(&converted, "AllergyIntolerance").len(), 10);
    }
    for other in [
        "",
        "<a/>",
        "{}",
        "<?xml version='1.0'?><Patient xmlns='http://hl7.org/fhir'/>",
        "<!-- ClinicalDocument",
    ] {
        assert!(!is_ccda(other.as_bytes()), "{other}");
    }
    assert!(is_ccda(b"<?xml version='1.0'?>\n<!-- a --><x:ClinicalDocument xmlns:x='urn:hl7-org:v3'"));
    assert_eq!(ccda(b"<Bundle xmlns='http://hl7.org/fhir'/>").unwrap_err().0, "ccda-not-a-document");
    assert_eq!(ccda(b"<ClinicalDocument xmlns='urn:other'/>").unwrap_err().0, "ccda-not-a-document");
}

#[test]
fn what_is_made_to_harm_is_refused_or_read_soon() {
    let open = "<ClinicalDocument xmlns=\"urn:hl7-org:v3\">";
    let laughs = "<!DOCTYPE ClinicalDocument [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]><ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>&b;</title></ClinicalDocument>".to_owned();
    let outside = "<!DOCTYPE ClinicalDocument [<!ENTITY x SYSTEM \"file:///etc/hostname\">]><ClinicalDocument xmlns=\"urn:hl7-org:v3\"><title>&x;</title></ClinicalDocument>".to_owned();
    let deep = format!("{open}{}", "<component>".repeat(100_000));
    let long = format!("{open}<code displayName=\"{}\"/></ClinicalDocument>", "x".repeat(10 << 20));
    let wide = format!("{open}{}</ClinicalDocument>", "<id/>".repeat(1_000_000));
    let section = |entries: &str| {
        format!(
            "{open}<component><structuredBody><component><section><text><content ID=\"x\">{}</content></text>{entries}</section></component></structuredBody></component></ClinicalDocument>",
            "word ".repeat(100_000)
        )
    };
    // Every entry points to all of the narrative.
    let pointing = section(&"<entry><observation><code code=\"1\"/><value xsi:type=\"ED\"><reference value=\"#x\"/></value></observation></entry>".repeat(20_000));
    let many = section(&"<entry><observation><code code=\"1\"/></observation></entry>".repeat(60_000));
    for (name, source, expected) in [
        ("laughs", laughs, Some("xml-doctype")),
        ("outside", outside, Some("xml-doctype")),
        ("deep", deep, Some("xml-too-deep")),
        ("long", long, Some("xml-too-long")),
        ("wide", wide, Some("too-many-parts")),
        ("pointing", pointing, None),
        ("many", many, Some("too-many-parts")),
        ("large", " ".repeat((32 << 20) + 1), Some("file-too-large")),
    ] {
        let start = Instant::now();
        let made = ccda(source.as_bytes());
        assert_eq!(made.as_ref().err().map(|refusal| refusal.0), expected, "{name}");
        if let Ok(made) = made {
            assert!(made.bundle.len() < 64 << 20, "{name}");
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{name}: {:?}", start.elapsed());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn a_damaged_document_is_read_or_refused(
        name in prop::sample::select(vec!["allergies", "problems", "medicines", "results", "others", "c32", "unstructured"]),
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
        twice in prop::option::of((any::<prop::sample::Index>(), any::<prop::sample::Index>())),
    ) {
        let mut bytes = fixture(name);
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some((from, to)) = twice {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let part = bytes[from.min(to)..from.max(to)].to_vec();
            let at = from.max(to);
            bytes.splice(at..at, part);
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _sniffed = is_ccda(&bytes);
        match ccda(&bytes) {
            Ok(converted) => {
                let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
                prop_assert_eq!(reading.entries.len(), converted.resources);
            }
            Err(refusal) => prop_assert!(!reason_text(refusal.0).is_empty()),
        }
    }

    /// Elements taken out, doubled or moved keep the document well-formed: what is odd then is what it says.
    #[test]
    fn a_document_in_disorder_is_read(
        name in prop::sample::select(vec!["allergies", "problems", "medicines", "results", "others", "c32"]),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4), 1..12),
    ) {
        let mut source = String::from_utf8(fixture(name)).unwrap();
        for (at, edit) in edits {
            let empty: Vec<usize> = source.match_indices("/>").map(|(at, _)| at).collect();
            if empty.is_empty() {
                break;
            }
            let end = empty[at.index(empty.len())] + 2;
            let start = source[..end].rfind('<').unwrap();
            let part = source[start..end].to_owned();
            match edit {
                0 => source.replace_range(start..end, ""),
                1 => source.insert_str(end, &part),
                2 => source.insert_str(end - 2, " nullFlavor=\"UNK\""),
                _ => source = source.replacen(" value=\"", " value=\"-", 3),
            }
        }
        // A name twice in one tag is no XML; all else is read.
        match ccda(source.as_bytes()) {
            Ok(converted) => {
                let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
                prop_assert_eq!(reading.entries.len(), converted.resources);
            }
            Err(refusal) => prop_assert_eq!(refusal.0, "xml-broken"),
        }
    }
}
