//! The same records in another language: words and dates change, what the source wrote does not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::Desk;
use kosha::{Environment, Language};

const FILE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
  {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"p","name":[{"text":"Asha Rao"}],"birthDate":"1980-01-02"}},
  {"fullUrl":"urn:uuid:m","resource":{"resourceType":"Medication","id":"m","code":{"text":"Metformin 500 mg"}}},
  {"fullUrl":"urn:uuid:r","resource":{"resourceType":"MedicationRequest","id":"r","status":"active","intent":"order","subject":{"reference":"urn:uuid:p"},"medicationReference":{"reference":"urn:uuid:m"},"authoredOn":"2024-03-05","dosageInstruction":[{"doseAndRate":[{"doseQuantity":{"value":1,"unit":"tablet"}}],"timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}}}]}},
  {"fullUrl":"urn:uuid:o","resource":{"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"urn:uuid:p"},"code":{"text":"Haemoglobin"},"effectiveDateTime":"2024-03","valueQuantity":{"value":9.40,"unit":"g/dL"},"referenceRange":[{"low":{"value":12,"unit":"g/dL"}}]}}]}"#;

fn desk(language: Language) -> Desk {
    let mut desk = Desk::with(Environment { language, ..common::environment() });
    desk.take("file.json", FILE);
    desk
}

#[test]
fn words_and_dates_are_in_the_language_and_names_and_values_as_the_source_wrote_them() {
    let english = desk(Language::English).records(None);
    let hindi = desk(Language::Hindi).records(None);
    assert_eq!(english.len(), 2);
    for (english, hindi) in english.iter().zip(&hindi) {
        assert_eq!((english.kind, &english.date), (hindi.kind, &hindi.date));
        // Names stay: what stands on the box is what is looked for.
        assert_eq!(english.title, hindi.title);
        assert_ne!(english.kind_text, hindi.kind_text);
        assert_ne!((&english.summary, &english.chips), (&hindi.summary, &hindi.chips));
    }
    let medicine = hindi.iter().find(|card| card.kind == "medicine").unwrap();
    assert_eq!(medicine.title, "Metformin 500 mg");
    assert_eq!(medicine.date_text.as_deref(), Some("5 मार्च 2024"));
    assert!(medicine.summary.contains("दिन में"), "{}", medicine.summary);
    let result = hindi.iter().find(|card| card.kind == "result").unwrap();
    assert_eq!(result.date_text.as_deref(), Some("मार्च 2024"));
    assert!(result.summary.contains("9.40 g/dL"), "{}", result.summary);
}

#[test]
fn the_language_can_change_while_the_vault_is_open() {
    let mut desk = desk(Language::English);
    let before = desk.records(None);
    desk.session.set_language(Language::Hindi);
    assert!(desk.records(None) != before);
    desk.session.set_language(Language::English);
    assert!(desk.records(None) == before);
}
