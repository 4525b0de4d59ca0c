//! Two things are never shown as one: records of a wide code, names that differ by a sign, and what is no fact at all.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod common;

use std::sync::Arc;

use common::{Desk, environment};
use kosha::Clock;
use kosha::timeline::TimelineQuery;
use kosha::views::results::ResultsQuery;
use kosha::views::{AllergiesQuery, MedicineState, MedicinesQuery, ProblemsQuery, Which};
use serde_json::{Value, json};

/// 2026-11-23.
struct Noon;

impl Clock for Noon {
    fn now_ms(&self) -> i64 {
        1_795_392_000_000
    }
}

const SNOMED: &str = "http://snomed.info/sct";

fn coded(system: &str, code: &str, text: &str) -> Value {
    json!({"text": text, "coding": [{"system": system, "code": code}]})
}

fn file(resources: Vec<Value>) -> String {
    let patient = json!({"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient", "name": [{"text": "Uma Rao"}], "birthDate": "1970-02-03"}});
    let entries = resources.into_iter().map(|mut resource| {
        let is_allergy = resource["resourceType"] == "AllergyIntolerance";
        resource[if is_allergy { "patient" } else { "subject" }] = json!({"reference": "urn:uuid:p"});
        json!({"resource": resource})
    });
    let entries: Vec<Value> = std::iter::once(patient).chain(entries).collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
}

fn desk(files: Vec<Vec<Value>>) -> Desk {
    let mut environment = environment();
    environment.clock = Arc::new(Noon);
    let mut desk = Desk::with(environment);
    for (number, resources) in files.into_iter().enumerate() {
        desk.take(&format!("{number}.json"), &file(resources));
    }
    desk
}

fn timeline(desk: &Desk) -> Vec<(String, String)> {
    let page = desk.session.timeline(&TimelineQuery::default()).unwrap();
    let mut listed: Vec<_> = page.records.into_iter().map(|card| (card.title, card.summary)).collect();
    listed.sort();
    listed
}

#[test]
fn a_code_as_wide_as_drug_allergy_joins_no_two_substances() {
    let allergy = |text: &str, severity: &str| {
        json!({"resourceType": "AllergyIntolerance", "code": coded(SNOMED, "416098002", text), "recordedDate": "2020",
            "reaction": [{"manifestation": [{"text": severity}]}]})
    };
    let problem = |text: &str| json!({"resourceType": "Condition", "code": coded(SNOMED, "64572001", text)});
    let medicine = |text: &str| {
        json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order", "authoredOn": "2026-11-01",
            "medicationCodeableConcept": coded(SNOMED, "763158003", text)})
    };
    let value = |text: &str, day: u8| {
        json!({"resourceType": "Observation", "status": "final", "code": coded(SNOMED, "118246004", text),
            "effectiveDateTime": format!("2026-10-{day:02}"), "valueQuantity": {"value": 5, "unit": "ng/mL"}})
    };
    let first = vec![
        allergy("Penicillin", "Anaphylaxis"),
        problem("Epilepsy"),
        medicine("Amoxicillin 500 mg"),
        value("Troponin I", 1),
    ];
    let second = vec![
        allergy("Sulfa drugs", "Rash"),
        allergy("Allergy to penicillin", "Anaphylaxis"),
        problem("Asthma"),
        medicine("Paracetamol 500 mg"),
        value("PSA", 2),
    ];
    let desk = desk(vec![first, second]);
    let found = desk.session.allergies(&AllergiesQuery::default()).unwrap().allergies;
    let mut allergies: Vec<(&str, usize)> =
        found.iter().map(|one| (one.name.as_str(), one.records)).collect();
    allergies.sort_unstable();
    assert!(matches!(allergies[..], [(_, 2), ("Sulfa drugs", 1)]), "{allergies:?}");
    let problems = desk.session.problems(&ProblemsQuery::default()).unwrap().problems;
    assert_eq!(problems.len(), 2);
    let medicines = desk.session.medicines(&MedicinesQuery::default()).unwrap().medicines;
    assert_eq!(medicines.len(), 2);
    let results = desk.session.results(&ResultsQuery::default()).unwrap().results;
    assert!(results.len() == 2 && results.iter().all(|line| line.count == 1 && line.previous.is_none()));
}

#[test]
fn an_allergy_is_not_ruled_out_by_a_record_of_another_under_a_wide_code() {
    let allergy = |text: &str, verification: &str| {
        json!({"resourceType": "AllergyIntolerance", "code": coded(SNOMED, "416098002", text),
            "verificationStatus": {"coding": [{"code": verification}]}})
    };
    let desk = desk(vec![vec![allergy("Sulfa", "confirmed")], vec![allergy("Penicillin", "refuted")]]);
    let found = desk.session.allergies(&AllergiesQuery::default()).unwrap().allergies;
    assert!(found.len() == 1 && found[0].ruled_out_by.is_empty());
}

#[test]
fn the_timeline_hides_no_other_report_of_the_day() {
    let report = |text: &str, conclusion: &str| {
        json!({"resourceType": "DiagnosticReport", "status": "final", "code": coded("http://loinc.org", "11502-2", text),
            "effectiveDateTime": "2026-10-01", "conclusion": conclusion})
    };
    let side = |side: &str| {
        json!({"resourceType": "Procedure", "status": "completed", "code": {"text": "Amputation of toe"},
            "performedDateTime": "2026-10-01", "bodySite": [{"text": side}]})
    };
    let one = vec![
        report("Complete blood count", "Normal"),
        report("Histopathology report", "Benign naevus"),
        side("Left"),
    ];
    let other = vec![
        report("Liver biopsy", "Hepatocellular carcinoma"),
        report("Histopathology report", "Invasive carcinoma"),
        side("Right"),
        report("Complete blood count", "Normal"),
    ];
    let listed = timeline(&desk(vec![one, other]));
    let titles: Vec<&str> = listed.iter().map(|(title, _)| title.as_str()).collect();
    assert_eq!(
        titles,
        [
            "Amputation of toe",
            "Amputation of toe",
            "Complete blood count",
            "Histopathology report",
            "Histopathology report",
            "Liver biopsy"
        ],
        "only what is the same is there once"
    );
}

#[test]
fn a_decimal_point_a_slash_and_a_bound_tell_two_apart() {
    let medicine = |name: &str, dosage: &str| {
        json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order", "authoredOn": "2026-11-01",
            "medicationCodeableConcept": {"text": name}, "dosageInstruction": [{"text": dosage}]})
    };
    let titre = |value: &str| {
        json!({"resourceType": "Observation", "status": "final", "code": {"text": "Widal"},
            "effectiveDateTime": "2026-11-01", "valueString": value})
    };
    let one = vec![
        medicine("Methotrexate 2.5 mg tablet", "weekly"),
        medicine("Warfarin 5 mg tablet", "1/2 tablet"),
        titre("<1:40"),
    ];
    let other = vec![
        medicine("Methotrexate 25 mg tablet", "weekly"),
        medicine("Warfarin 5 mg tablet", "12 tablet"),
        titre(">1:40"),
    ];
    assert_eq!(timeline(&desk(vec![one, other])).len(), 6);
}

#[test]
fn that_there_is_none_is_listed_apart_and_never_as_one() {
    const ABSENT: &str = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";
    let problem = |code: Value| json!({"resourceType": "Condition", "code": code});
    let medicine = |code: Value| json!({"resourceType": "MedicationStatement", "status": "active", "medicationCodeableConcept": code});
    let allergy = |code: Value| json!({"resourceType": "AllergyIntolerance", "code": code});
    let code = |code: &str| json!({"coding": [{"system": ABSENT, "code": code}]});
    let desk = desk(vec![vec![
        problem(code("no-known-problems")),
        problem(json!({"text": "Asthma"})),
        medicine(code("no-known-medications")),
        allergy(code("no-allergy-info")),
        allergy(json!({"text": "No penicillin allergy"})),
    ]]);
    let problems = desk.session.problems(&ProblemsQuery::default()).unwrap();
    assert_eq!(problems.problems.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Asthma"]);
    assert!(problems.none_known.len() == 1 && problems.none_known[0].on_file);
    let medicines = desk.session.medicines(&MedicinesQuery::default()).unwrap();
    assert!(
        medicines.medicines.is_empty() && medicines.none_known.len() == 1 && !medicines.none_known[0].on_file
    );
    let allergies = desk.session.allergies(&AllergiesQuery::default()).unwrap();
    assert!(allergies.allergies.is_empty() && allergies.none_known.is_empty());
}

#[test]
fn a_stop_is_as_new_as_the_day_of_the_stop() {
    let prescribed = json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order", "authoredOn": "2022-01-01",
        "medicationCodeableConcept": {"text": "Warfarin 5 mg"}});
    let stopped = json!({"resourceType": "MedicationStatement", "status": "stopped", "medicationCodeableConcept": {"text": "Warfarin 5 mg"},
        "effectivePeriod": {"start": "2020-01-01", "end": "2024-01-01"}});
    let desk = desk(vec![vec![prescribed, stopped]]);
    let found = desk.session.medicines(&MedicinesQuery::default()).unwrap().medicines;
    assert_eq!((found.len(), found[0].contrary.len()), (1, 1));
    assert_eq!(found[0].contrary[0].state, MedicineState::Stopped);
    assert_eq!(found[0].contrary[0].date.as_deref(), Some("2024-01-01"));
}

#[test]
fn an_end_that_is_not_exact_is_the_end_of_what_was_said() {
    let taken = |name: &str, period: Value| json!({"resourceType": "MedicationStatement", "status": "active", "medicationCodeableConcept": {"text": name}, "effectivePeriod": period});
    let over = |name: &str, key: &str, value: Value| json!({"resourceType": "Condition", "code": {"text": name}, key: value});
    let desk = desk(vec![vec![
        taken("Iron 100 mg", json!({"start": "2020", "end": "2026-11"})),
        taken("Folic acid 5 mg", json!({"start": "2027-06-01"})),
        over("Asthma", "abatementString", json!("childhood")),
        over("Eczema", "abatementAge", json!({"value": 12, "unit": "a"})),
        over("Gout", "abatementDateTime", json!("2019")),
        json!({"resourceType": "Condition", "code": {"text": "Anaemia"}}),
    ]]);
    let medicines =
        desk.session.medicines(&MedicinesQuery { which: Which::All, ..MedicinesQuery::default() }).unwrap();
    let states: Vec<(&str, MedicineState, Option<&str>)> =
        medicines.medicines.iter().map(|one| (one.name.as_str(), one.state, one.until.as_deref())).collect();
    assert_eq!(
        states,
        [
            ("Iron 100 mg", MedicineState::Current, Some("2026-11-30")),
            ("Folic acid 5 mg", MedicineState::Planned, None)
        ]
    );
    let now = desk.session.problems(&ProblemsQuery::default()).unwrap().problems;
    assert_eq!(now.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Anaemia"]);
    let before = ProblemsQuery { which: Which::Before, ..ProblemsQuery::default() };
    let before = desk.session.problems(&before).unwrap().problems;
    let gout = before.iter().find(|one| one.name == "Gout").unwrap();
    assert_eq!((before.len(), gout.until.as_deref()), (3, Some("2019-12-31")));
}
