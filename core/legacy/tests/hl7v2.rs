//! HL7 v2 messages as FHIR: what a message says, no more and no less.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

use kosha_fhir::{Limits, Standing};
use kosha_legacy::{Converted, hl7v2, reason_text};
use serde_json::Value;

const HEAD: &str = "MSH|^~\\&|LAB|City Hospital|K|K|20240305101500+0530||";
const PID: &str = "PID|1||77^^^H&1.2.3&ISO^MR||Rao^Asha^M||19800102|F|||12 Lake Road^^Pune^MH^411001^IN||^PRN^PH^^91^20^555";

fn convert(kind: &str, segments: &[&str]) -> Converted {
    let mut lines = vec![format!("{HEAD}{kind}|1|P|2.5.1"), PID.to_owned()];
    lines.extend(segments.iter().map(|segment| (*segment).to_owned()));
    let converted = hl7v2(lines.join("\r").as_bytes()).unwrap();
    // Whatever is made is FHIR that the wallet reads, and every entry of it can be looked at.
    let limits = Limits { now_ms: Some(1_770_000_000_000), ..Limits::default() };
    let reading = kosha_fhir::read(&converted.bundle, &limits).unwrap();
    assert_eq!(reading.entries.len(), converted.resources);
    for entry in &reading.entries {
        let extract = reading.extract(entry.ordinal).unwrap();
        assert!(extract.warnings.is_empty(), "{:?}", extract.warnings);
        assert_eq!(extract.patient, Some(0));
    }
    for left in &converted.left {
        assert!(!reason_text(left.reason).is_empty(), "{}", left.reason);
    }
    converted
}

fn resources(converted: &Converted) -> Vec<Value> {
    let bundle: Value = serde_json::from_slice(&converted.bundle).unwrap();
    bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect()
}

fn of(converted: &Converted, kind: &str) -> Vec<Value> {
    resources(converted).into_iter().filter(|resource| resource["resourceType"] == kind).collect()
}

fn standing(converted: &Converted, ordinal: u32) -> Standing {
    let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
    reading.extract(ordinal).unwrap().card.standing
}

#[test]
fn a_patient_is_described() {
    let converted = convert("ADT^A04", &["NK1|1|Rao^Ravi|SPO^Spouse^HL70063||^PRN^PH^^91^20^556"]);
    let patient = &of(&converted, "Patient")[0];
    assert_eq!(patient["name"][0]["given"], serde_json::json!(["Asha", "M"]));
    assert_eq!((&patient["gender"], &patient["birthDate"]), (&"female".into(), &"1980-01-02".into()));
    assert_eq!(patient["identifier"][0]["system"], "urn:oid:1.2.3");
    assert_eq!(patient["address"][0]["city"], "Pune");
    assert_eq!(patient["contact"][0]["relationship"][0]["text"], "Spouse");
}

#[test]
fn values_are_what_their_types_say() {
    let converted = convert(
        "ORU^R01",
        &[
            "ORC|RE|9|8",
            "OBR|1|9^K|8^LAB|58410-2^Blood count^LN|||202403050800|||||||||7^Shah^Uma^^^Dr||||||20240305101500+0530||HM|F",
            "NTE|1||Sample was\\.br\\haemolysed",
            "OBX|1|NM|718-7^Haemoglobin^LN||11.40|g/dL^^UCUM|12.0-16.0|L|||F|||20240305080000+0530",
            "NTE|1||Repeat in a month",
            "OBX|2|SN|6690-2^Leucocytes^LN||>^20|10*3/uL|<11||||F",
            "OBX|3|SN|5196-1^HBsAg titre^LN||^1^:^128|||||||F",
            "OBX|4|SN|x^Cells^L||^2^-^5|/hpf|none seen|N|||F",
            "OBX|5|CWE|883-9^ABO group^LN||112144000^Blood group A^SCT||||||F",
            "OBX|6|ST|c^Colour^L||pale ^ clear||||||F",
            "OBX|7|TX|c^Remark^L||one~two||||||F",
            "OBX|8|NM|c^Odd number^L||12 or so|mg|||||P",
            "OBX|9|DT|c^Last period^L||20240201||||||F",
        ],
    );
    let report = &of(&converted, "DiagnosticReport")[0];
    assert_eq!((&report["status"], &report["code"]["text"]), (&"final".into(), &"Blood count".into()));
    assert_eq!(report["effectiveDateTime"], "2024-03-05T08:00:00+05:30", "the message's own zone");
    assert_eq!(report["conclusion"], "Sample was\nhaemolysed");
    assert_eq!(report["result"].as_array().unwrap().len(), 9);
    let values = of(&converted, "Observation");
    let raw = String::from_utf8(converted.bundle.clone()).unwrap();
    assert!(raw.contains("\"value\":11.40,"), "digits stay");
    assert_eq!(values[0]["valueQuantity"]["system"], "http://unitsofmeasure.org");
    assert_eq!(values[0]["referenceRange"][0]["high"]["value"], 16.0);
    assert_eq!(values[0]["interpretation"][0]["coding"][0]["code"], "L");
    assert_eq!(values[0]["note"][0]["text"], "Repeat in a month");
    assert_eq!(values[1]["valueQuantity"]["comparator"], ">");
    assert_eq!(values[1]["valueQuantity"].get("code"), None, "no system named, so no code");
    assert_eq!(values[1]["referenceRange"][0]["high"]["value"], 11);
    assert_eq!(values[2]["valueRatio"]["denominator"]["value"], 128);
    assert_eq!(values[3]["valueRange"]["low"]["value"], 2);
    assert_eq!(values[3]["referenceRange"][0].get("low"), None);
    assert_eq!(values[4]["valueCodeableConcept"]["text"], "Blood group A");
    assert_eq!(values[5]["valueString"], "pale ^ clear");
    assert_eq!(values[6]["valueString"], "one\ntwo");
    assert_eq!(
        (&values[7]["valueString"], &values[7]["status"]),
        (&"12 or so mg".into(), &"preliminary".into())
    );
    assert_eq!(values[8]["valueDateTime"], "2024-02-01");
}

#[test]
fn a_value_at_a_bound_that_is_outside_the_range_is_not_within() {
    let of_crp = |value: &str, range: &str| {
        let result = format!("OBX|1|NM|1988-5^CRP^LN||{value}|mg/L|{range}||||F");
        let converted = convert("ORU^R01", &["OBR|1|||1988-5^CRP^LN|||20240305|||||||||||||||||F", &result]);
        of(&converted, "Observation")[0]["referenceRange"][0].clone()
    };
    assert_eq!(of_crp("5", "<5"), serde_json::json!({"text": "<5"}), "in words, and judged by nobody");
    assert_eq!(of_crp("5.0", "<5").get("high"), None);
    assert_eq!(of_crp("12", "<5")["high"]["value"], 5);
    assert_eq!(of_crp("5", "<=5")["high"]["value"], 5);
    assert_eq!(of_crp("60", ">60").get("low"), None);
    assert_eq!(of_crp("60", "≥60")["low"]["value"], 60);
}

#[test]
fn numbers_grouped_by_commas_keep_their_units_and_ranges() {
    let converted = convert(
        "ORU^R01",
        &[
            "OBR|1|||58410-2^Blood count^LN|||20240305|||||||||||||||||F",
            "OBX|1|NM|777-3^Platelets^LN||150,000|/uL|150,000-450,000||||F",
            "OBX|2|NM|777-3^Platelets^LN||1,50,000|/uL|1,50,000 - 4,50,000||||F",
            "OBX|3|SN|6690-2^Leucocytes^LN||>^11,000|/uL|<11,000||||F",
            "OBX|4|ST|c^Platelets by hand^L||90,000|/uL|||||F",
        ],
    );
    let values = of(&converted, "Observation");
    for value in &values[..2] {
        assert_eq!(value["valueQuantity"], serde_json::json!({"value": 150_000, "unit": "/uL"}));
        let range = &value["referenceRange"][0];
        assert_eq!((&range["low"]["value"], &range["high"]["value"]), (&150_000.into(), &450_000.into()));
        assert_eq!(range["high"]["unit"], "/uL");
    }
    assert_eq!(values[0]["referenceRange"][0]["text"], "150,000-450,000", "as it was written, too");
    assert_eq!(values[2]["valueQuantity"]["value"], 11_000);
    assert_eq!(values[2]["referenceRange"][0]["high"]["value"], 11_000);
    assert_eq!(values[3]["valueString"], "90,000 /uL");
}

#[test]
fn a_comma_before_a_fraction_is_never_guessed() {
    let converted = convert(
        "ORU^R01",
        &[
            "OBR|1|||58410-2^Blood count^LN|||20240305|||||||||||||||||F",
            "OBX|1|NM|718-7^Haemoglobin^LN||12,5|g/dL^^UCUM|11,5-14,5||||F",
            "OBX|2|NM|2823-3^Potassium^LN||4,100|mmol/L|3.5-5.0||||F",
            "OBX|3|SN|5196-1^CRP^LN||<^0,5|mg/L^milligram per litre|||||F",
            "OBX|4|NM|2951-2^Sodium^LN||140|mmol/L|135-145||||F",
        ],
    );
    let values = of(&converted, "Observation");
    let told: Vec<&str> = values.iter().filter_map(|value| value["valueString"].as_str()).collect();
    assert_eq!(
        told,
        ["12,5 g/dL", "4,100 mmol/L", "<0,5 milligram per litre"],
        "their sender parts fractions so"
    );
    assert_eq!(values[0]["referenceRange"], serde_json::json!([{"text": "11,5-14,5"}]));
    assert_eq!(values[1]["referenceRange"][0]["high"]["value"], 5.0);
    assert_eq!(values[3]["valueQuantity"]["value"], 140);
}

/// Address, version and value of each observation, in the order of the bundle.
fn sent(converted: &Converted) -> Vec<(String, u64, String)> {
    let bundle: Value = serde_json::from_slice(&converted.bundle).unwrap();
    let entries = bundle["entry"].as_array().unwrap().iter();
    entries
        .filter(|entry| entry["resource"]["resourceType"] == "Observation")
        .map(|entry| {
            let resource = &entry["resource"];
            let version =
                resource["meta"]["versionId"].as_str().map_or(0, |version| version.parse().unwrap());
            let value = &resource["valueQuantity"]["value"];
            (entry["fullUrl"].as_str().unwrap().to_owned(), version, value.to_string())
        })
        .collect()
}

fn message(sent: &str, segments: &[&str]) -> Vec<u8> {
    let head = format!("MSH|^~\\&|LAB|City Hospital|K|K|{sent}||ORU^R01|1|P|2.5.1");
    [&[head.as_str(), PID], segments].concat().join("\r").into_bytes()
}

#[test]
fn what_is_sent_again_is_a_newer_version_and_never_guessed_to_be_one() {
    let order = "OBR|1|9^K|8^LAB|58410-2^Blood count^LN|||20240305";
    let haemoglobin = |value: &str, status: &str, more: &str| {
        format!("OBX|1|NM|718-7^Haemoglobin^LN||{value}|g/dL|||||{status}|||{more}")
    };
    // In one message, with and without the number of an order.
    for order in [order, "OBR|1|||58410-2^Blood count^LN|||20240305"] {
        for (first, second) in [("F", "C"), ("P", "F"), ("F", "W"), ("F", "D")] {
            let lines = [haemoglobin("11.4", first, ""), haemoglobin("11.9", second, "")];
            let converted = convert("ORU^R01", &[order, &lines[0], &lines[1]]);
            let found = sent(&converted);
            assert_eq!(
                (&found[0].0, &*found[0].2),
                (&found[1].0, "11.9"),
                "{first} {second}: the newest first"
            );
            assert!(found[0].1 > found[1].1, "{found:?}");
            assert_eq!(of(&converted, "DiagnosticReport")[0]["result"].as_array().unwrap().len(), 1);
        }
    }
    // A second one of the same kind is another value.
    for lines in [
        [haemoglobin("11.4", "F", ""), haemoglobin("11.9", "F", "")],
        [haemoglobin("11.4", "P", ""), haemoglobin("11.9", "P", "")],
        [haemoglobin("11.4", "F", "20240305080000"), haemoglobin("11.9", "F", "20240305100000")],
    ] {
        let converted = convert("ORU^R01", &[order, &lines[0], &lines[1]]);
        let found = sent(&converted);
        assert_ne!(found[0].0, found[1].0, "{lines:?}");
    }
    // Which of two a correction means is not guessed.
    let lines = [haemoglobin("11.4", "F", ""), haemoglobin("11.9", "F", ""), haemoglobin("12", "C", "")];
    let converted = convert("ORU^R01", &[order, &lines[0], &lines[1], &lines[2]]);
    let addresses: std::collections::HashSet<String> =
        sent(&converted).into_iter().map(|(address, ..)| address).collect();
    assert_eq!(addresses.len(), 3);
    // In another message, sent later, or at the same time and corrected.
    let of_message = |at: &str, value: &str, status: &str, order: &str| {
        sent(&hl7v2(&message(at, &[order, &haemoglobin(value, status, "")])).unwrap()).remove(0)
    };
    let before = of_message("20240305101500+0530", "11.4", "F", order);
    for later in [
        of_message("20240305101500+0530", "11.9", "C", order),
        of_message("20240305044600+0000", "11.9", "F", order),
        of_message("20240306", "11.9", "C", order),
    ] {
        assert_eq!(later.0, before.0);
        assert!(later.1 > before.1);
    }
    for other in [
        "OBR|1|9^K|7^LAB|58410-2^Blood count^LN|||20240305",
        "OBR|1|9^K|8^LAB|1^Another^L|||20240305",
        "OBR|1|||58410-2^Blood count^LN|||20240305",
    ] {
        assert_ne!(of_message("20240306", "11.9", "C", other).0, before.0, "{other}");
    }
}

#[test]
fn what_is_no_fact_never_becomes_one() {
    let converted = convert(
        "ADT^A08",
        &[
            "AL1|1|DA|^NKDA",
            "AL1|2|DA|70618^Penicillin^RXNORM|SV|Hives~Wheeze|201003",
            "IAM|1|FA|^Peanut|MI|Itch|D",
            "IAM|2|FA|^Milk|MI|Itch|A|||||||||||E",
            "DG1|1||I10^Hypertension^I10||20240101|W",
            "DG1|2||E11^Diabetes^I10||20240101|F|||||||||||||||D",
            "PRB|AD|20240101|^Asthma|||||||||||Resolved",
            "PRB|DE|20240101|^Gout",
            "OBX|1|NM|8867-4^Pulse^LN||72|/min|||||D",
            "OBX|2|NM|8867-4^Pulse^LN|||/min|||||N",
        ],
    );
    let allergies = of(&converted, "AllergyIntolerance");
    assert_eq!(allergies.len(), 3);
    assert_eq!(allergies[0]["code"]["coding"][0]["code"], "409137002");
    assert_eq!(allergies[0].get("clinicalStatus"), None);
    assert_eq!(allergies[1]["reaction"].as_array().unwrap().len(), 2);
    assert_eq!(allergies[1]["onsetDateTime"], "2010-03");
    assert_eq!(allergies[2]["verificationStatus"]["coding"][0]["code"], "entered-in-error");
    assert_eq!(allergies[2].get("clinicalStatus"), None, "FHIR ait-2");
    let conditions = of(&converted, "Condition");
    assert_eq!(conditions.len(), 2);
    assert_eq!(conditions[0]["verificationStatus"]["coding"][0]["code"], "provisional");
    assert_eq!(conditions[1]["clinicalStatus"]["coding"][0]["code"], "resolved");
    assert_eq!(of(&converted, "Observation")[0]["status"], "entered-in-error");
    let reasons: Vec<&str> = converted.left.iter().map(|left| left.reason).collect();
    assert_eq!(reasons.iter().filter(|reason| **reason == "hl7-withdrawn").count(), 3);
    assert!(reasons.contains(&"hl7-not-recorded"));
    let last = u32::try_from(converted.resources - 1).unwrap();
    assert_eq!(standing(&converted, last), Standing::InError);
}

#[test]
fn an_allergy_stands_as_its_status_says() {
    for (status, verification, clinical) in [
        ("C", Some("confirmed"), Some("active")),
        ("I", Some("confirmed"), Some("inactive")),
        ("D", Some("unconfirmed"), Some("active")),
        ("", None, Some("active")),
    ] {
        let converted =
            convert("ADT^A60", &[&format!("IAM|1|FA|^Milk^L|MI|Itch|A|||||||||||{status}^said^HL70438")]);
        let allergy = &of(&converted, "AllergyIntolerance")[0];
        let code = |key: &str| allergy[key]["coding"][0]["code"].as_str().map(str::to_owned);
        assert_eq!(
            (code("verificationStatus").as_deref(), code("clinicalStatus").as_deref()),
            (verification, clinical),
            "{status}"
        );
    }
}

#[test]
fn a_value_that_is_empty_elsewhere_or_still_to_come_is_no_result() {
    let converted = convert(
        "ORU^R01",
        &[
            "OBR|1|||58410-2^Blood count^LN",
            "OBX|1|FT|x^Doctor's notes^L||||||||F",
            "OBX|2|NM|718-7^Haemoglobin^LN||||||||I",
            "OBX|3|TX|y^Microscopy^L||||||||F",
            "NTE|1||Nothing was seen",
            "OBX|4|NM|z^Potassium^L|||||HH|||F",
            "OBX|5|RP|p^Slide^L||https://slides.example.org/7^^image^PICT||||||F",
            "NTE|1||A remark on the slide",
            "OBX|6|CWE|q^Last dose^L||1^Yes^L||||||O",
            "OBX|7|NM|r^Sodium^L||140||||||B",
        ],
    );
    let statuses: Vec<Value> =
        of(&converted, "Observation").iter().map(|value| value["status"].clone()).collect();
    assert_eq!(statuses, ["registered", "final", "final", "registered", "amended"]);
    let noted = &of(&converted, "Observation")[1];
    assert_eq!(noted["note"][0]["text"], "Nothing was seen", "some write the result as a note");
    let left: Vec<_> = converted.left.iter().map(|left| left.reason).collect();
    for reason in ["hl7-not-recorded", "hl7-file-elsewhere", "hl7-not-read"] {
        assert!(left.contains(&reason), "{reason}");
    }
}

#[test]
fn a_document_among_specimens_ends_where_the_next_one_begins() {
    let converted = convert(
        "OUL^R22",
        &[
            "SPM|1|A",
            "OBR|1|||SCAN^Slide^L",
            "ORC|SC",
            "TXA|1|DIS||20240101||20240101|||||||7^a",
            "OBX|1|TX|a^Report^L||Benign||||||F",
            "SPM|2|B",
            "OBX|1|NM|8867-4^Pulse^LN||72|/min|||||F",
        ],
    );
    assert_eq!(of(&converted, "DocumentReference")[0]["content"].as_array().unwrap().len(), 1);
    assert_eq!(of(&converted, "Observation").len(), 1);
}

#[test]
fn a_vaccine_is_one_in_any_message() {
    let converted = convert(
        "RAS^O17",
        &[
            "ORC|RE|9",
            "RXA|0|1|20240101||03^MMR^CVX|0.5|mL",
            "ORC|RE|10",
            "RXA|0|1|20240101||161^Paracetamol^RXNORM|500|mg",
        ],
    );
    assert_eq!(
        (of(&converted, "Immunization").len(), of(&converted, "MedicationAdministration").len()),
        (1, 1)
    );
}

#[test]
fn vaccinations_given_and_refused() {
    let converted = convert(
        "VXU^V04",
        &[
            "ORC|RE||1^K",
            "RXA|0|1|20200101||03^MMR^CVX|0.5|mL^^UCUM||00^New^NIP001|7^Shah^Uma|||||LOT7|20210101|MSD^Merck^MVX|||CP|A",
            "RXR|SC^Subcutaneous^HL70162|LA^Left arm^HL70163",
            "OBX|1|NM|30973-2^Dose number^LN||2||||||F",
            "OBX|2|CE|64994-7^Eligibility^LN||V01^Not eligible^HL70064||||||F",
            "ORC|RE||2^K",
            "RXA|0|1|20200201||08^Hep B^CVX|999||||||||||||00^Parental decision^NIP002||RE|A",
            "ORC|RE||3^K",
            "RXA|0|1|20200301||998^No vaccine^CVX|999||||||||||||||NA|A",
        ],
    );
    let vaccines = of(&converted, "Immunization");
    assert_eq!(vaccines.len(), 2);
    assert_eq!(
        (&vaccines[0]["status"], &vaccines[0]["occurrenceDateTime"]),
        (&"completed".into(), &"2020-01-01".into())
    );
    assert_eq!(vaccines[0]["protocolApplied"][0]["doseNumberPositiveInt"], 2);
    assert_eq!(
        (&vaccines[0]["lotNumber"], &vaccines[0]["site"]["text"]),
        (&"LOT7".into(), &"Left arm".into())
    );
    assert_eq!(vaccines[0]["note"][0]["text"], "Eligibility: Not eligible");
    assert_eq!(vaccines[1]["status"], "not-done");
    assert_eq!(vaccines[1]["statusReason"]["text"], "Parental decision");
    assert_eq!(of(&converted, "Observation").len(), 0);
    assert_eq!(standing(&converted, 2), Standing::NotDone);
}

#[test]
fn medicines_documents_visits_and_appointments() {
    let medicines = convert(
        "RDE^O11",
        &[
            "ORC|NW|1|2|||||20240305||||7^Shah^Uma^^^Dr",
            "RXO|^Amoxicillin 500 mg",
            "RXE||^Amoxicillin 500 mg capsule|1|2|CAP^capsule||^Three times a day for 5 days|||15||2",
            "RXR|PO^By mouth^HL70162",
            "ORC|DC|3|4",
            "RXE||^Aspirin|75||mg",
        ],
    );
    let requests = of(&medicines, "MedicationRequest");
    assert_eq!(requests.len(), 2);
    assert_eq!((&requests[0]["status"], &requests[1]["status"]), (&"active".into(), &"stopped".into()));
    let dosage = &requests[0]["dosageInstruction"][0];
    assert_eq!(dosage["text"], "Three times a day for 5 days");
    assert_eq!(dosage["doseAndRate"][0]["doseRange"]["high"]["value"], 2);
    assert_eq!(dosage["route"]["text"], "By mouth");
    assert_eq!(requests[0]["requester"]["display"], "Dr Uma Shah");

    let documents = convert(
        "MDM^T02",
        &[
            "PV1|1|I|W1^2^3^City Hospital||||7^Shah^Uma|||MED|||||||||V9|||||||||||||||||||||||||202403010800|202403050900",
            "OBR|1||8|DS^Discharge",
            "TXA|1|DS^Discharge summary|TX||7^Shah^Uma|20240305101500+0530|||||||D1^K||||LA||AV",
            "OBX|1|TX|||Went home well.||||||F",
            "OBX|2|TX|||Review in a week.||||||F",
            "OBX|3|ED|PDF^Scan||^application^pdf^Base64^JVBERi0xLjQK||||||F",
        ],
    );
    let document = &of(&documents, "DocumentReference")[0];
    assert_eq!(
        (&document["type"]["text"], &document["docStatus"]),
        (&"Discharge summary".into(), &"final".into())
    );
    assert_eq!(document["content"].as_array().unwrap().len(), 2);
    assert_eq!(document["content"][1]["attachment"]["contentType"], "application/pdf");
    let visit = &of(&documents, "Encounter")[0];
    assert_eq!((&visit["class"]["code"], &visit["status"]), (&"IMP".into(), &"finished".into()));
    assert_eq!(visit["period"]["end"], "2024-03-05T09:00:00+05:30");
    assert_eq!(of(&documents, "DiagnosticReport").len(), 0);

    let booked = convert(
        "SIU^S12",
        &[
            "SCH|1^K||||||^Follow-up||||^^^20240401093000+0530^20240401100000+0530||||||||||||||Booked",
            "AIS|1||^Eye check",
            "AIL|1||R4^^^City Hospital",
            "AIP|1||7^Shah^Uma^^^Dr",
        ],
    );
    // Some senders put the appointment before the patient; here it stands behind.
    let appointment = &of(&booked, "Appointment")[0];
    assert_eq!(
        (&appointment["status"], &appointment["start"]),
        (&"booked".into(), &"2024-04-01T09:30:00+05:30".into())
    );
    assert_eq!(appointment["participant"].as_array().unwrap().len(), 3);
    assert_eq!(
        of(&convert("SIU^S15", &["SCH|1^K", "AIS|1||^Eye check"]), "Appointment")[0]["status"],
        "cancelled"
    );
}

#[test]
fn an_order_is_no_result() {
    let orders = convert(
        "OML^O21",
        &[
            "ORC|NW|1|||||||20240305",
            "OBR|1|1^K||2345-7^Glucose^LN",
            "ORC|CA|2",
            "OBR|2|2^K||718-7^Haemoglobin^LN",
        ],
    );
    let requests = of(&orders, "ServiceRequest");
    assert_eq!(
        (&requests[0]["status"], &requests[0]["authoredOn"]),
        (&"active".into(), &"2024-03-05".into())
    );
    assert_eq!(requests[1]["status"], "revoked");
    assert_eq!(of(&orders, "DiagnosticReport").len(), 0);
}

#[test]
fn a_file_that_is_no_message_is_refused_by_name() {
    for (bytes, reason) in [
        (&b"hello"[..], "hl7-no-message"),
        (b"", "hl7-no-message"),
        (b"MSH", "hl7-bad-separators"),
        (b"MSH||||", "hl7-bad-separators"),
    ] {
        assert_eq!(hl7v2(bytes).unwrap_err().0, reason);
    }
    let latin = [HEAD.as_bytes(), b"ADT^A04\rPID|1||||M\xfcller^J\xf6rg"].concat();
    assert!(String::from_utf8(hl7v2(&latin).unwrap().bundle).unwrap().contains("Müller"));
}
