//! Which documents lend their date to the undated records in them.

#![allow(clippy::unwrap_used)]

use kosha_fhir::{Limits, read};

fn date_of_an_undated_allergy(document_type: &str) -> Option<String> {
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"document","entry":[
        {{"fullUrl":"urn:uuid:1","resource":{{"resourceType":"Composition","status":"final","type":{{"coding":[{document_type}]}},"date":"2026-11-22T10:00:00Z","section":[{{"entry":[{{"reference":"urn:uuid:2"}}]}}]}}}},
        {{"fullUrl":"urn:uuid:2","resource":{{"resourceType":"AllergyIntolerance","code":{{"text":"Peanut"}}}}}}]}}"#
    );
    let reading = read(bundle.as_bytes(), &Limits::default()).unwrap();
    let card = reading.extract(1).unwrap().card;
    card.date.map(|when| when.raw)
}

#[test]
fn a_visit_document_does_and_a_patient_summary_does_not() {
    let prescription = r#"{"system":"http://snomed.info/sct","code":"440545006"}"#;
    assert_eq!(date_of_an_undated_allergy(prescription).as_deref(), Some("2026-11-22T10:00:00Z"));
    let summary = r#"{"system":"http://loinc.org","code":"60591-5"}"#;
    assert_eq!(date_of_an_undated_allergy(summary), None);
}
