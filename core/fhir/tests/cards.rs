//! The shared fixture: every case gives exactly its card.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use kosha_fhir::{Limits, card_of};
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    resource: Box<RawValue>,
    #[serde(default)]
    context: Vec<Box<RawValue>>,
    now: Option<i64>,
    #[serde(default)]
    card: Value,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../fixtures/cards.json")).unwrap()
}

fn card(case: &Case) -> Value {
    let context: Vec<&[u8]> = case.context.iter().map(|item| item.get().as_bytes()).collect();
    let limits = Limits { now_ms: case.now, ..Limits::default() };
    let card = card_of(case.resource.get().as_bytes(), &context, &limits).unwrap();
    serde_json::from_str(&serde_json::to_string(&card).unwrap()).unwrap()
}

#[test]
fn every_case_gives_its_card() {
    let cases = cases();
    let mut names: Vec<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert!(names.len() >= 60 && names.len() == cases.len(), "{} cases", cases.len());
    for case in &cases {
        assert_eq!(card(case), case.card, "{}", case.name);
    }
}

#[test]
fn what_is_no_fact_says_so_in_its_title_and_is_in_no_chart() {
    let cases = cases();
    let mut seen = std::collections::BTreeSet::new();
    for case in &cases {
        let standing = case.card["standing"].as_str().unwrap();
        seen.insert(standing.to_owned());
        if !matches!(standing, "fact" | "planned") {
            assert!(case.card["title"].as_str().unwrap().contains(": "), "{}", case.name);
            assert!(standing == "unconfirmed" || case.card["series"].is_null(), "{}", case.name);
            assert!(standing == "unconfirmed" || case.card["flag"].is_null(), "{}", case.name);
        }
    }
    assert_eq!(seen.len(), 9, "{seen:?}");
}

/// Prints the cards as they come out, for a look before a case is added.
#[test]
#[ignore = "prints"]
fn print() {
    for case in cases() {
        println!("{}", serde_json::to_string(&card(&case)).unwrap());
    }
}
