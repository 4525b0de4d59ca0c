//! What the views say of a person's records, and what they never say.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{Desk, environment};
use kosha::import::ImportWish;
use kosha::show::Shown;
use kosha::views::{
    AllergiesQuery, AllergyState, DocumentsQuery, Match, MedicineState, MedicinesQuery, ProblemSection,
    ProblemState, ProblemsQuery, VaccinationsQuery, Which,
};
use kosha::{Clock, Session};
use proptest::prelude::*;
use serde_json::{Value, json};

/// 2026-11-23.
const NOW: i64 = 1_795_392_000_000;

struct Noon;

impl Clock for Noon {
    fn now_ms(&self) -> i64 {
        NOW
    }
}

fn desk() -> Desk {
    let mut environment = environment();
    environment.clock = Arc::new(Noon);
    Desk::with(environment)
}

/// One file of one hospital about one person.
fn bundle(hospital: &str, person: &str, resources: Vec<Value>) -> String {
    let mut entries = vec![
        json!({"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient", "name": [{"text": person}], "birthDate": "1970-02-03"}}),
        json!({"fullUrl": "urn:uuid:o", "resource": {"resourceType": "Organization", "name": hospital}}),
        json!({"fullUrl": "urn:uuid:d", "resource": {"resourceType": "Composition", "status": "final", "title": "Letter",
            "type": {"text": "Letter"}, "date": "2024-01-01", "custodian": {"reference": "urn:uuid:o"},
            "author": [{"reference": "urn:uuid:o"}], "subject": {"reference": "urn:uuid:p"}}}),
    ];
    entries.rotate_left(2);
    entries.extend(resources.into_iter().enumerate().map(|(number, mut resource)| {
        let key = match resource["resourceType"].as_str() {
            Some("AllergyIntolerance" | "Immunization" | "ImmunizationRecommendation") => "patient",
            _ => "subject",
        };
        resource[key] = json!({"reference": "urn:uuid:p"});
        json!({"fullUrl": format!("urn:uuid:r{number}"), "resource": resource})
    }));
    json!({"resourceType": "Bundle", "type": "document", "identifier": {"system": "urn:h", "value": hospital}, "entry": entries})
        .to_string()
}

fn status(system: &str, code: &str) -> Value {
    json!({"coding": [{"system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code}]})
}

fn prescription(name: &str, state: &str, date: &str, dosage: &str) -> Value {
    json!({"resourceType": "MedicationRequest", "status": state, "intent": "order", "authoredOn": date,
        "medicationCodeableConcept": {"text": name}, "dosageInstruction": [{"text": dosage}]})
}

fn allergy(name: &str, verification: &str, date: &str) -> Value {
    json!({"resourceType": "AllergyIntolerance", "recordedDate": date, "code": {"text": name},
        "clinicalStatus": status("allergyintolerance-clinical", "active"),
        "verificationStatus": status("allergyintolerance-verification", verification)})
}

fn serious(name: &str, date: &str) -> Value {
    let mut serious = allergy(name, "confirmed", date);
    serious["criticality"] = json!("high");
    serious
}

fn none_known() -> Value {
    json!({"resourceType": "AllergyIntolerance", "recordedDate": "2018",
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "716186003", "display": "No known allergy"}]}})
}

fn problem(name: &str, clinical: &str, date: &str) -> Value {
    json!({"resourceType": "Condition", "onsetDateTime": date, "code": {"text": name},
        "clinicalStatus": status("condition-clinical", clinical),
        "verificationStatus": status("condition-ver-status", "confirmed")})
}

fn all_medicines(session: &Session, which: Which) -> kosha::views::Medicines {
    session.medicines(&MedicinesQuery { which, limit: 1000, ..MedicinesQuery::default() }).unwrap()
}

#[test]
fn one_medicine_of_two_hospitals_is_one_and_another_strength_is_another() {
    let mut desk = desk();
    let first = vec![
        prescription("Metformin 500 mg tablet", "active", "2024-02-01", "1-0-1"),
        prescription("Metformin 850 mg tablet", "active", "2024-03-01", "1-0-0"),
        prescription("Metformin SR 500 mg tablet", "active", "2024-03-02", "0-0-1"),
    ];
    desk.take("a.json", &bundle("Asha Hospital", "Uma Rao", first));
    let second = vec![prescription("Tab. METFORMIN 500MG", "active", "2025-02-01", "1-1-1")];
    desk.take("b.json", &bundle("Bharat Clinic", "Uma Rao", second));
    let found = all_medicines(&desk.session, Which::Current);
    let names: Vec<(&str, usize)> =
        found.medicines.iter().map(|one| (one.name.as_str(), one.sources.len())).collect();
    assert_eq!(
        names,
        [("Tab. METFORMIN 500MG", 2), ("Metformin SR 500 mg tablet", 1), ("Metformin 850 mg tablet", 1)]
    );
    let both = &found.medicines[0];
    assert_eq!(both.state, MedicineState::Current);
    assert_eq!(both.since.as_deref(), Some("2024-02-01"));
    assert!(both.sources[0].dosage.as_deref().unwrap().starts_with("1-1-1"));
    assert!(both.sources[1].dosage.as_deref().unwrap().starts_with("1-0-1"));
    assert_eq!(found.counts.current, 3);
}

#[test]
fn a_medicine_stands_as_its_records_say() {
    let mut desk = desk();
    let mut over = prescription("Zinc 20 mg", "active", "2024-01-01", "");
    over["dosageInstruction"] = json!([{"timing": {"repeat": {"boundsPeriod": {"end": "2024-01-15"}}}}]);
    let not_taken = json!({"resourceType": "MedicationStatement", "status": "not-taken", "effectiveDateTime": "2025-01-01",
        "medicationCodeableConcept": {"text": "Aspirin 75 mg"}});
    let mut order = prescription("Cobalt drops", "active", "2024-01-01", "");
    order["doNotPerform"] = json!(true);
    let dispensed = |name: &str, date: &str| {
        json!({"resourceType": "MedicationDispense", "status": "completed", "whenHandedOver": date,
            "medicationCodeableConcept": {"text": name}})
    };
    let resources = vec![
        over,
        not_taken,
        order,
        prescription("Aspirin 75 mg", "active", "2023-01-01", "1-0-0"),
        prescription("Iron 100 mg", "stopped", "2024-01-01", ""),
        prescription("Iron 65 mg", "completed", "2024-01-01", ""),
        prescription("Iron 30 mg", "on-hold", "2024-01-01", ""),
        prescription("Mistaken pills", "entered-in-error", "2024-01-01", ""),
        prescription("Called off pills", "cancelled", "2024-01-01", ""),
        prescription("Draft pills", "draft", "2024-01-01", ""),
        dispensed("Fresh pills", "2026-11-01"),
        dispensed("Old pills", "2020-11-01"),
    ];
    desk.take("a.json", &bundle("Asha Hospital", "Uma Rao", resources));
    let words = |which| {
        let mut found: Vec<String> = all_medicines(&desk.session, which)
            .medicines
            .iter()
            .map(|one| format!("{} {}", one.name, one.state.as_str()))
            .collect();
        found.sort();
        found
    };
    assert_eq!(
        words(Which::Current),
        [
            "Aspirin 75 mg current",
            "Fresh pills handed-out",
            "Iron 30 mg on-hold",
            "Zinc 20 mg may-have-ended"
        ]
    );
    assert_eq!(
        words(Which::Before),
        ["Called off pills cancelled", "Iron 100 mg stopped", "Iron 65 mg ended", "Old pills handed-out"]
    );
    assert!(words(Which::All).contains(&"Draft pills planned".to_owned()));
    assert!(!words(Which::All).iter().any(|one| one.contains("Mistaken") || one.contains("Cobalt")));
    let found = all_medicines(&desk.session, Which::Current);
    assert_eq!(found.do_not_take.len(), 1);
    assert_eq!(found.do_not_take[0].title, "Do NOT take: Cobalt drops");
    let aspirin = found.medicines.iter().find(|one| one.name.starts_with("Aspirin")).unwrap();
    assert_eq!(aspirin.contrary.len(), 1);
    assert_eq!(aspirin.contrary[0].state, MedicineState::NotTaken);
    assert_eq!(found.counts.planned, 1);
}

#[test]
fn a_medicine_warns_of_an_allergy_that_is_a_fact_of_the_same_person() {
    let mut desk = desk();
    let resources = vec![
        prescription("Penicillin V 250 mg tablet", "active", "2024-01-01", "1-0-1"),
        prescription("Ranitidine 150 mg", "active", "2024-01-01", "1-0-1"),
        allergy("Allergy to penicillin", "confirmed", "2020"),
        allergy("Ranitidine", "refuted", "2020"),
    ];
    desk.take("a.json", &bundle("Asha Hospital", "Uma Rao", resources));
    let other = vec![prescription("Penicillin V 250 mg tablet", "active", "2024-01-02", "1-0-1")];
    let wish = desk.wish("b.json", &bundle("Bharat Clinic", "Ravi Rao", other));
    desk.session
        .add_person(&kosha::family::NewPerson {
            name: "Ravi Rao".to_owned(),
            birth_date: Some("1970-02-03".to_owned()),
            relation: Some("sibling".to_owned()),
            ..kosha::family::NewPerson::default()
        })
        .unwrap();
    desk.session.import(&wish, &mut ()).unwrap();
    let found = all_medicines(&desk.session, Which::Current).medicines;
    assert_eq!(found.len(), 3, "two persons' medicines stay apart");
    let warned: Vec<(&str, &str)> = found
        .iter()
        .flat_map(|one| one.warnings.iter().map(|warning| (one.name.as_str(), warning.against.as_str())))
        .collect();
    assert_eq!(warned, [("Penicillin V 250 mg tablet", "Allergy to penicillin")]);
    assert_eq!(found.iter().find_map(|one| one.warnings.first()).unwrap().matched_by, Match::Name);
}

#[test]
fn allergies_stand_apart_by_what_is_said_of_them() {
    let mut desk = desk();
    let resources = vec![
        allergy("Dust", "confirmed", "2024"),
        serious("Peanut", "2019"),
        allergy("Zebra pollen", "refuted", "2024"),
        allergy("Latex", "unconfirmed", "2024"),
        allergy("Mistake", "entered-in-error", "2024"),
        none_known(),
    ];
    desk.take("a.json", &bundle("Asha Hospital", "Uma Rao", resources));
    let again = vec![allergy("Allergy to peanut", "confirmed", "2021"), allergy("Dust", "refuted", "2025")];
    desk.take("b.json", &bundle("Bharat Clinic", "Uma Rao", again));
    let found = desk.session.allergies(&AllergiesQuery::default()).unwrap();
    let listed: Vec<(&str, bool, usize)> =
        found.allergies.iter().map(|one| (one.name.as_str(), one.serious, one.sources.len())).collect();
    assert_eq!(listed, [("Allergy to peanut", true, 2), ("Dust", false, 1), ("Latex", false, 1)]);
    assert_eq!(found.allergies[1].ruled_out_by.len(), 1);
    assert_eq!(found.allergies[2].state, AllergyState::Unconfirmed);
    assert_eq!(found.none_known.len(), 1);
    assert!(found.none_known[0].on_file);
    let all = desk.session.allergies(&AllergiesQuery { all: true, ..AllergiesQuery::default() }).unwrap();
    let ruled_out: Vec<&str> = all
        .allergies
        .iter()
        .filter(|one| one.state == AllergyState::RuledOut)
        .map(|one| one.title.as_str())
        .collect();
    assert_eq!(ruled_out.len(), 2);
    assert!(ruled_out.iter().all(|title| title.starts_with("Ruled out")));
}

#[test]
fn problems_are_listed_once_with_all_sources_and_never_hidden_by_a_later_one() {
    let mut desk = desk();
    let mut visit = problem("Cold", "active", "2026-01-01");
    visit["category"] = json!([{"coding": [{"code": "encounter-diagnosis"}]}]);
    let mut suspected = problem("Anaemia", "active", "2026-01-02");
    suspected["verificationStatus"] = status("condition-ver-status", "provisional");
    let mut ruled_out = problem("Quarantine fever", "active", "2026-01-02");
    ruled_out["verificationStatus"] = status("condition-ver-status", "refuted");
    let resources = vec![
        problem("Diabetes", "active", "2015"),
        problem("Asthma", "remission", "2015"),
        problem("Fracture", "resolved", "2014"),
        visit,
        suspected,
        ruled_out,
    ];
    desk.take("a.json", &bundle("Asha Hospital", "Uma Rao", resources));
    desk.take("b.json", &bundle("Bharat Clinic", "Uma Rao", vec![problem("DIABETES", "resolved", "2024")]));
    let of =
        |which| desk.session.problems(&ProblemsQuery { which, ..ProblemsQuery::default() }).unwrap().problems;
    let current = of(Which::Current);
    let listed: Vec<(&str, ProblemSection, ProblemState)> =
        current.iter().map(|one| (one.name.as_str(), one.section, one.state)).collect();
    assert_eq!(
        listed,
        [
            ("Diabetes", ProblemSection::Problem, ProblemState::Active),
            ("Asthma", ProblemSection::Problem, ProblemState::Remission),
            ("Anaemia", ProblemSection::Suspected, ProblemState::Active),
            ("Cold", ProblemSection::VisitDiagnosis, ProblemState::Active),
        ]
    );
    assert_eq!(current[0].sources.len(), 2);
    assert_eq!(current[0].contrary[0].source.as_deref(), Some("Bharat Clinic"));
    assert_eq!(of(Which::Before).iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Fracture"]);
    let all = of(Which::All);
    let out = all.iter().find(|one| one.name == "Quarantine fever").unwrap();
    assert_eq!((out.section, out.title.as_str()), (ProblemSection::RuledOut, "Ruled out: Quarantine fever"));
}

#[test]
fn documents_name_their_files() {
    let mut desk = desk();
    let data = "JVBERi0xLjQK".repeat(1000);
    let letter = json!({"resourceType": "DocumentReference", "status": "current", "type": {"text": "Discharge summary"},
        "date": "2025-02-03T00:00:00Z", "content": [{"attachment": {"contentType": "application/pdf", "title": "letter.pdf", "data": data}}]});
    desk.take("a.json", &bundle("Asha Hospital", "Uma Rao", vec![letter]));
    let found = desk.session.documents(&DocumentsQuery::default()).unwrap().documents;
    let letter = found.iter().find(|one| one.title == "Discharge summary").unwrap();
    assert_eq!(letter.kind, "document");
    assert_eq!((letter.files[0].content_type.as_str(), letter.files[0].bytes), ("application/pdf", 9000));
    let none = DocumentsQuery { to: Some("2020".to_owned()), ..DocumentsQuery::default() };
    assert!(desk.session.documents(&none).unwrap().documents.is_empty());
}

#[test]
fn what_helps_in_an_emergency_is_shown_without_a_keystore() {
    let mut desk = desk();
    let resources = vec![
        prescription("Metformin 500 mg tablet", "active", "2024-02-01", "1-0-1"),
        allergy("Peanut", "confirmed", "2019"),
        allergy("Zebra pollen", "refuted", "2019"),
        none_known(),
        serious("Latex", "2001"),
        problem("Diabetes", "active", "2015"),
        problem("Fracture", "resolved", "2014"),
    ];
    desk.take("a.json", &bundle("Asha Hospital", "Uma Rao", resources));
    let view = desk.session.emergency(None).unwrap();
    let texts = |facts: &Option<Vec<kosha::emergency::CardFact>>| -> Vec<String> {
        facts.as_ref().unwrap().iter().map(|fact| fact.text.clone()).collect()
    };
    assert_eq!(view.card.name.as_deref(), Some("Uma Rao"));
    assert_eq!(view.card.birth_year.as_deref(), Some("1970"));
    assert_eq!(texts(&view.card.allergies), ["Allergy: Latex", "Allergy: Peanut"], "serious ones first");
    assert_eq!(texts(&view.card.conditions), ["Diabetes"]);
    assert_eq!(texts(&view.card.medicines).len(), 1);
    assert!(view.card.contact.is_none() && view.card.made.starts_with("2026-11-23"));
}

/// Files of the sample data, of which some hold what must never be a fact.
fn samples(folders: &[&str]) -> Vec<PathBuf> {
    let root = std::env::var_os("KOSHA_TEST_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let files = folders.iter().filter_map(|folder| std::fs::read_dir(root.join(folder)).ok()).flatten();
    let mut files: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "json" || kind == "ndjson"));
    files.sort();
    files
}

/// One of everything that must never look like a fact.
fn no_facts() -> Vec<Value> {
    let mut order = prescription("Thornapple drops", "active", "2024-01-07", "");
    order["doNotPerform"] = json!(true);
    let not_taken = json!({"resourceType": "MedicationStatement", "status": "not-taken",
        "medicationCodeableConcept": {"text": "Cobalt tablets"}, "effectiveDateTime": "2024-01-08"});
    let mut ruled_out = problem("Quarantine fever", "active", "2024-01-02");
    ruled_out["verificationStatus"] = status("condition-ver-status", "refuted");
    let mut mistake = problem("Mistaken fever", "active", "2024-01-03");
    mistake["verificationStatus"] = status("condition-ver-status", "entered-in-error");
    let letter = json!({"resourceType": "DocumentReference", "status": "entered-in-error", "type": {"text": "Mistaken letter"}, "content": []});
    let vaccine = json!({"resourceType": "Immunization", "status": "not-done", "vaccineCode": {"text": "Marsh vaccine"}, "occurrenceDateTime": "2024-01-05"});
    vec![
        order,
        not_taken,
        ruled_out,
        mistake,
        letter,
        vaccine,
        allergy("Zebra pollen", "refuted", "2024-01-04"),
        allergy("Mistaken dust", "entered-in-error", "2024-01-04"),
        prescription("Mistaken pills", "entered-in-error", "2024-01-09", ""),
        problem("Real headache", "active", "2024-01-01"),
    ]
}

fn standing(session: &Session, record: &str) -> &'static str {
    match session.show(record).unwrap() {
        Shown::Record(record) => record.card.standing,
        Shown::Document(_) => panic!("a record"),
    }
}

const NEGATED: [&str; 6] = ["in-error", "refuted", "not-done", "do-not-perform", "cancelled", "not-taken"];

#[test]
fn nothing_that_is_no_fact_is_one_in_any_view() {
    let mut desk = desk();
    desk.take("no-facts.json", &bundle("Asha Hospital", "Uma Rao", no_facts()));
    let files = samples(&["fhir/edge/generated", "abdm", "fhir/abdm-nrces", "fhir/spec-r4", "ips"]);
    if files.is_empty() {
        println!("no sample data; set KOSHA_TEST_DATA");
    } else {
        desk.session
            .import(&ImportWish { paths: files, person: Some("Uma Rao".to_owned()) }, &mut ())
            .unwrap();
    }
    let session = &desk.session;
    let medicines = all_medicines(session, Which::All);
    let negating = ["cancelled", "not-given", "not-taken", "do-not-take"];
    for medicine in &medicines.medicines {
        for source in &medicine.sources {
            let standings: Vec<&str> =
                source.records.iter().map(|record| standing(session, record)).collect();
            assert!(!standings.contains(&"in-error") && !standings.contains(&"do-not-perform"));
            if standings.iter().all(|standing| NEGATED.contains(standing)) {
                assert!(negating.contains(&source.state.as_str()), "{} {standings:?}", medicine.name);
            }
        }
    }
    for medicine in &all_medicines(session, Which::Current).medicines {
        assert!(!negating.contains(&medicine.state.as_str()) && medicine.state != MedicineState::Planned);
        let marks = ["Not taken", "Do NOT", "Entered in error", "Ruled out", "Cancelled", "Not given"];
        assert!(!marks.iter().any(|mark| medicine.title.starts_with(mark)), "{}", medicine.title);
    }
    assert!(medicines.do_not_take.iter().all(|order| standing(session, &order.record) == "do-not-perform"));
    assert!(medicines.do_not_take.iter().any(|order| order.name == "Thornapple drops"));
    let allergies =
        session.allergies(&AllergiesQuery { all: true, limit: 1000, ..AllergiesQuery::default() }).unwrap();
    for one in &allergies.allergies {
        for record in one.sources.iter().flat_map(|source| &source.records) {
            let negated = NEGATED.contains(&standing(session, record));
            assert_eq!(negated, one.state == AllergyState::RuledOut, "{}", one.name);
        }
    }
    let query = ProblemsQuery { which: Which::All, limit: 1000, ..ProblemsQuery::default() };
    for one in &session.problems(&query).unwrap().problems {
        for record in one.sources.iter().flat_map(|source| &source.records) {
            let negated = NEGATED.contains(&standing(session, record));
            assert_eq!(negated, one.section == ProblemSection::RuledOut, "{}", one.name);
        }
    }
    let all = DocumentsQuery { all: true, limit: 1000, ..DocumentsQuery::default() };
    assert!(session.documents(&all).unwrap().documents.iter().all(|one| one.standing != "in-error"));
    let current = |texts: Vec<String>| {
        for word in ["Quarantine", "Zebra", "Thornapple", "Cobalt", "Mistaken", "Marsh"] {
            assert!(!texts.iter().any(|text| text.contains(word)), "{word}");
        }
    };
    let names = all_medicines(session, Which::Current).medicines.into_iter().map(|one| one.title);
    current(names.collect());
    let found = session.allergies(&AllergiesQuery { limit: 1000, ..AllergiesQuery::default() }).unwrap();
    current(found.allergies.into_iter().map(|one| one.title).collect());
    let found = session.problems(&ProblemsQuery { limit: 1000, ..ProblemsQuery::default() }).unwrap();
    assert!(found.problems.iter().any(|one| one.name == "Real headache"));
    current(found.problems.into_iter().map(|one| one.title).collect());
    let found = session.documents(&DocumentsQuery { limit: 1000, ..DocumentsQuery::default() }).unwrap();
    current(found.documents.into_iter().map(|one| one.title).collect());
}

/// All pages of a view put together.
fn together<T>(mut page: impl FnMut(Option<String>) -> (Vec<T>, Option<String>)) -> Vec<T> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let (items, next) = page(after);
        all.extend(items);
        after = next;
        if after.is_none() {
            return all;
        }
    }
}

#[test]
fn pages_put_together_are_the_whole_and_hold_nothing_twice() {
    let mut desk = desk();
    let states = ["active", "stopped", "completed", "on-hold", "cancelled", "unknown"];
    let mut resources = Vec::new();
    for number in 0..60 {
        let date = format!("{}-{:02}", 2010 + number % 9, 1 + number % 12);
        let state = states[number % states.len()];
        resources.push(prescription(&format!("Medicine {} mg", 1 + number % 25), state, &date, "1-0-1"));
        resources.push(allergy(
            &format!("Thing{}", number % 30),
            ["confirmed", "refuted", "unconfirmed"][number % 3],
            &date,
        ));
        resources.push(problem(
            &format!("Illness{}", number % 35),
            ["active", "resolved"][number % 2],
            &date,
        ));
        resources.push(json!({"resourceType": "DocumentReference", "status": "current", "date": format!("{date}-01T00:00:00Z"),
            "description": format!("Letter {number}"), "content": []}));
    }
    desk.take("a.json", &bundle("Asha Hospital", "Uma Rao", resources));
    let session = &desk.session;
    proptest!(ProptestConfig::with_cases(24), |(limit in 1_u32..40)| {
        for which in [Which::Current, Which::Before, Which::All] {
            let medicines = |limit: u32| together(|after| {
                let page = session.medicines(&MedicinesQuery { which, limit, after, ..MedicinesQuery::default() }).unwrap();
                (page.medicines, page.next)
            });
            prop_assert!(medicines(limit) == medicines(10_000));
            let problems = |limit: u32| together(|after| {
                let page = session.problems(&ProblemsQuery { which, limit, after, ..ProblemsQuery::default() }).unwrap();
                (page.problems, page.next)
            });
            prop_assert!(problems(limit) == problems(10_000));
        }
        let allergies = |limit: u32| together(|after| {
            let page = session.allergies(&AllergiesQuery { all: true, limit, after, ..AllergiesQuery::default() }).unwrap();
            (page.allergies, page.next)
        });
        prop_assert!(allergies(limit) == allergies(10_000));
        let documents = |limit: u32| together(|after| {
            let page = session.documents(&DocumentsQuery { limit, after, ..DocumentsQuery::default() }).unwrap();
            (page.documents, page.next)
        });
        let found = documents(limit);
        prop_assert!(found == documents(10_000));
        let records: BTreeSet<&str> = found.iter().map(|one| one.record.as_str()).collect();
        prop_assert_eq!(records.len(), found.len());
    });
    let records: Vec<String> = all_medicines(session, Which::All)
        .medicines
        .into_iter()
        .flat_map(|one| one.sources.into_iter().flat_map(|source| source.records))
        .collect();
    assert_eq!(
        records.iter().collect::<BTreeSet<_>>().len(),
        60,
        "every prescription is in exactly one medicine"
    );
    assert_eq!(records.len(), 60);
    let wrong = MedicinesQuery { after: Some("x".to_owned()), ..MedicinesQuery::default() };
    assert_eq!(session.medicines(&wrong).unwrap_err().code(), "bad-cursor");
}

fn dose(name: &str, date: &str) -> Value {
    json!({"resourceType": "Immunization", "status": "completed", "vaccineCode": {"text": name}, "occurrenceDateTime": date})
}

fn child(birth_date: &str, resources: Vec<Value>) -> Desk {
    let mut desk = desk();
    let text = bundle("Asha Hospital", "Mina Rao", resources).replace("1970-02-03", birth_date);
    desk.take("child.json", &text);
    desk
}

#[test]
fn vaccinations_are_grouped_and_the_schedule_names_what_is_due() {
    let mut refused = dose("MR-1", "2026-10-01");
    refused["status"] = json!("not-done");
    let advice = json!({"resourceType": "ImmunizationRecommendation", "date": "2026-01-10", "recommendation": [{
        "vaccineCode": [{"text": "Hepatitis A vaccine"}], "forecastStatus": {"coding": [{"code": "due"}]},
        "dateCriterion": [{"code": {"text": "due"}, "value": "2026-12-10"}]}]});
    let given = vec![
        dose("BCG", "2025-12-01"),
        dose("OPV 0", "2025-12-01"),
        dose("Pentavalent 1", "2026-01-13"),
        dose("Pentavalent-2", "2026-02-12"),
        refused,
        advice,
    ];
    let mut desk = child("2025-12-01", given);
    // The same dose in the card of a clinic.
    let again = bundle("Bharat Clinic", "Mina Rao", vec![dose("BCG vaccine", "2025-12-01")])
        .replace("1970-02-03", "2025-12-01");
    desk.take("again.json", &again);
    let found = desk.session.vaccinations(&VaccinationsQuery::default()).unwrap();
    let groups: Vec<(&str, usize)> =
        found.given.iter().map(|one| (one.name.as_str(), one.doses.len())).collect();
    assert_eq!(groups.len(), 3);
    assert!(groups.contains(&("Pentavalent-2", 2)));
    let bcg = found.given.iter().find(|one| one.vaccines == ["bcg"]).unwrap();
    assert_eq!((bcg.doses.len(), bcg.doses[0].sources.len()), (1, 2));
    assert_eq!(found.not_given.len(), 1);
    assert_eq!(
        (found.not_given[0].standing, found.not_given[0].title.as_str()),
        ("not-done", "Not given: MR-1")
    );
    assert_eq!((found.advice.len(), found.advice[0].standing), (1, "planned"));
    let states = |vaccine: &str| -> Vec<&str> {
        found.due.iter().filter(|dose| dose.vaccine == vaccine).map(|dose| dose.state.as_str()).collect()
    };
    assert_eq!(states("bcg"), ["given"]);
    assert_eq!(states("dtp"), ["overdue", "later", "later", "given", "given"]);
    assert_eq!(states("mr"), ["due", "later"], "a dose that was not given is no dose");
    assert_eq!(states("je"), ["depends", "later"]);
    assert!(found.schedules.iter().any(|schedule| schedule.name.contains("National Immunization Schedule")));
    assert!(found.notices.iter().any(|notice| notice.contains("Ask your doctor; districts differ")));
    let all = serde_json::to_string(&found).unwrap().to_lowercase();
    assert!(!all.contains("protected"), "nobody is called protected");
}

#[test]
fn without_a_birth_date_nothing_is_due_and_it_says_why() {
    let mut desk = desk();
    let text = bundle("Asha Hospital", "Mina Rao", vec![dose("BCG", "2025-12-01")])
        .replace(r#","birthDate":"1970-02-03""#, "")
        .replace(r#""birthDate":"1970-02-03","#, "");
    assert!(!text.contains("birthDate"));
    desk.take("a.json", &text);
    let found = desk.session.vaccinations(&VaccinationsQuery::default()).unwrap();
    assert_eq!(found.given.len(), 1);
    assert!(found.due.is_empty());
    assert_eq!(found.due_unknown, Some("birth-date-unknown"));
}

#[test]
fn what_somebody_told_apart_stays_apart() {
    let mut desk = desk();
    for hospital in ["Asha Hospital", "Bharat Clinic"] {
        desk.take(hospital, &bundle(hospital, "Uma Rao", vec![allergy("Dust", "confirmed", "2024")]));
    }
    let listed = |desk: &Desk| desk.session.allergies(&AllergiesQuery::default()).unwrap().allergies;
    let one = listed(&desk);
    assert_eq!((one.len(), one[0].sources.len()), (1, 2));
    let ids: Vec<&String> = one[0].sources.iter().flat_map(|source| &source.records).collect();
    desk.session.tell_apart(ids[0], ids[1]).unwrap();
    assert_eq!(listed(&desk).len(), 2);
}

#[test]
fn plain_words_and_the_language_of_the_session_leave_names_as_they_are() {
    let mut desk = desk();
    let mut coded = problem("Hypertensive disorder, systemic arterial", "active", "2015");
    coded["code"]["coding"] = json!([{"system": "http://snomed.info/sct", "code": "38341003"}]);
    let mut order = prescription("Cobalt drops", "active", "2024-01-01", "");
    order["doNotPerform"] = json!(true);
    let resources = vec![coded, order, allergy("Zebra pollen", "refuted", "2024")];
    desk.take("a.json", &bundle("Asha Hospital", "Uma Rao", resources));
    let all = AllergiesQuery { all: true, ..AllergiesQuery::default() };
    let mut titles = BTreeSet::new();
    for language in kosha::Language::ALL {
        desk.session.set_language(*language);
        let problems = desk.session.problems(&ProblemsQuery::default()).unwrap().problems;
        assert_eq!(problems[0].name, "Hypertensive disorder, systemic arterial");
        assert!(problems[0].plain.is_some(), "{language}");
        let order = all_medicines(&desk.session, Which::Current).do_not_take.remove(0);
        assert_eq!(order.name, "Cobalt drops");
        assert_ne!(order.title, order.name);
        let ruled_out = desk.session.allergies(&all).unwrap().allergies.remove(0);
        assert_eq!((ruled_out.name.as_str(), ruled_out.state), ("Zebra pollen", AllergyState::RuledOut));
        titles.insert((order.title, ruled_out.title));
    }
    assert_eq!(titles.len(), kosha::Language::ALL.len(), "titles are told in each language");
}
