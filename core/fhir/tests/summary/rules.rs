//! Each rule on its own.

use kosha_fhir::summary::{Held, HeldSection, PatientField, PatientFields, collection, inside, ips};
use kosha_fhir::{Kind, Standing};
use serde_json::{Value, json};

use crate::source::{Source, check, input, input_of, of_type, section, source};

fn patient() -> PatientFields {
    PatientFields {
        name: Some("Asha Verma".into()),
        birth_date: Some("1984".into()),
        ..PatientFields::default()
    }
}

/// A document of these resources, all of one source bundle with `urn:uuid:` and their place as address.
fn document(resources: &[Value]) -> Value {
    let sources = sources(resources);
    let patient = patient();
    let input = input(&sources, &patient);
    let records = input.records.len();
    check(&collection(&input).unwrap(), records);
    check(&ips(&input).unwrap(), records)
}

fn sources(resources: &[Value]) -> Vec<Source> {
    let each = resources.iter().enumerate();
    each.map(|(at, resource)| source(&resource.to_string(), &format!("urn:uuid:{at}"), "one")).collect()
}

#[test]
fn digits_stay() {
    let text = r#"{"resourceType":"Observation","code":{"text":"x"},"valueQuantity":{"value":7.40},
        "component":[{"valueQuantity":{"value":1.0E-30}},{"valueQuantity":{"value":123456789012345678901234567890.10}}]}"#;
    let sources = [source(text, "", "one")];
    let patient = patient();
    for written in [ips(&input(&sources, &patient)), collection(&input(&sources, &patient))] {
        let written = String::from_utf8(written.unwrap()).unwrap();
        for digits in ["\"value\":7.40}", "1.0e-30}", "123456789012345678901234567890.10}"] {
            assert!(written.contains(digits), "{digits}");
        }
    }
}

#[test]
fn references_follow_into_the_share_and_no_further() {
    let bundle = document(&[
        json!({"resourceType": "Patient", "id": "p"}),
        json!({"resourceType": "Observation", "id": "o", "subject": {"reference": "Patient/p"}, "code": {"text": "Hb"}}),
        json!({"resourceType": "DiagnosticReport", "subject": {"reference": "urn:uuid:0"}, "code": {"text": "CBC"},
            "result": [{"reference": "Observation/o/_history/2"}, {"reference": "Observation/gone", "display": "secret"}],
            "performer": [{"reference": "Organization/9", "display": "City Lab"}, {"identifier": {"value": "secret"}}],
            "basedOn": [{"reference": "http://elsewhere.example/ServiceRequest/secret"}],
            "extension": [{"url": "http://e.example/x", "valueReference": {"reference": "Patient/secret"}}]}),
    ]);
    let report = of_type(&bundle, "DiagnosticReport")[0];
    let result = of_type(&bundle, "Observation")[0];
    assert_eq!(
        report["result"],
        json!([{"reference": format!("urn:uuid:{}", result["id"].as_str().unwrap())}])
    );
    assert_eq!(report["performer"], json!([{"display": "City Lab"}]));
    assert!(report.get("basedOn").is_none());
    assert!(!bundle.to_string().contains("secret"));
    let patient = of_type(&bundle, "Patient")[0];
    assert_eq!(result["subject"]["reference"], format!("urn:uuid:{}", patient["id"].as_str().unwrap()));
}

#[test]
fn another_patient_of_the_same_file_is_not_taken_for_this_one() {
    let bundle = document(&[
        json!({"resourceType": "Patient", "id": "me"}),
        json!({"resourceType": "Patient", "id": "mother"}),
        json!({"resourceType": "Observation", "subject": {"reference": "Patient/me"}, "code": {"text": "Hb"},
            "performer": [{"reference": "Patient/mother", "display": "mother"}, {"reference": "Patient/me"}]}),
    ]);
    let result = of_type(&bundle, "Observation")[0];
    assert_eq!(result["performer"], json!([result["subject"]]));
    assert!(!bundle.to_string().contains("mother"));
}

#[test]
fn names_of_another_bundle_mean_nothing() {
    let mut sources = sources(&[
        json!({"resourceType": "Observation", "id": "1", "code": {"text": "a"}}),
        json!({"resourceType": "Observation", "id": "2", "code": {"text": "b"}, "hasMember": [{"reference": "Observation/1"}]}),
    ]);
    sources[1].bundle = "two".into();
    let patient = patient();
    let bundle = check(&ips(&input(&sources, &patient)).unwrap(), 2);
    assert!(of_type(&bundle, "Observation").iter().all(|it| it.get("hasMember").is_none()));
}

#[test]
fn what_negates_stands_apart() {
    let mut sources = sources(&[
        json!({"resourceType": "Condition", "code": {"text": "Asthma"}}),
        json!({"resourceType": "Immunization", "status": "not-done", "vaccineCode": {"text": "BCG"}}),
        json!({"resourceType": "MedicationRequest", "doNotPerform": true, "medicationCodeableConcept": {"text": "Aspirin"}}),
        json!({"resourceType": "Condition", "code": {"text": "Anaemia"}}),
    ]);
    for (source, standing) in
        sources.iter_mut().zip([Standing::Refuted, Standing::NotDone, Standing::DoNotPerform])
    {
        source.standing = standing;
    }
    let patient = patient();
    let input = input(&sources, &patient);
    let bundle = check(&ips(&input).unwrap(), 4);
    assert_eq!(section(&bundle, "Not current or ruled out").unwrap()["entry"].as_array().unwrap().len(), 3);
    assert_eq!(section(&bundle, "Problems").unwrap()["entry"].as_array().unwrap().len(), 1);
    assert!(section(&bundle, "Immunizations").is_none());
    let medicines = section(&bundle, "Medicines").unwrap();
    assert_eq!(medicines["emptyReason"]["coding"][0]["code"], "unavailable");
    let gathered = check(&collection(&input).unwrap(), 4);
    let lists = of_type(&gathered, "List");
    let apart = lists.iter().find(|list| list["title"] == "Not current or ruled out").unwrap();
    assert_eq!(apart["entry"].as_array().unwrap().len(), 3);
}

#[test]
fn an_empty_section_says_which_of_three_it_is() {
    let sources = sources(&[json!({"resourceType": "Observation", "code": {"text": "Hb"}})]);
    let patient = patient();
    let mut input = input(&sources, &patient);
    input.held = Held {
        problems: HeldSection { records: 0, recorded_as_none: true },
        allergies: HeldSection { records: 2, recorded_as_none: false },
        medicines: HeldSection::default(),
    };
    let wanted =
        [("Problems", "nilknown"), ("Allergies and intolerances", "withheld"), ("Medicines", "unavailable")];
    let bundle = check(&ips(&input).unwrap(), 1);
    let gathered = check(&collection(&input).unwrap(), 1);
    for (title, code) in wanted {
        assert_eq!(section(&bundle, title).unwrap()["emptyReason"]["coding"][0]["code"], code);
        let lists = of_type(&gathered, "List");
        let list = lists.iter().find(|list| list["title"] == title).unwrap();
        assert_eq!(list["emptyReason"]["coding"][0]["code"], code);
        assert!(list["emptyReason"]["text"].as_str().unwrap().ends_with('.'));
    }
}

#[test]
fn contained_resources_stay_only_where_needed_and_harmless() {
    let bundle = document(&[json!({
        "resourceType": "MedicationRequest",
        "contained": [
            {"resourceType": "Medication", "id": "m", "code": {"text": "Metformin"}, "manufacturer": {"reference": "#maker"},
             "text": {"div": "leak"}},
            {"resourceType": "Organization", "id": "maker", "name": "Maker"},
            {"resourceType": "Observation", "id": "unused", "code": {"text": "leak"}},
            {"resourceType": "RelatedPerson", "id": "mother", "name": [{"text": "leak"}]},
            {"resourceType": "Observation", "id": "wrong", "status": "entered-in-error", "code": {"text": "leak"}},
            {"resourceType": "Patient", "id": "p", "name": [{"text": "leak"}]}],
        "subject": {"reference": "#p"}, "requester": {"reference": "#mother"}, "reasonReference": [{"reference": "#wrong"}],
        "medicationReference": {"reference": "#m"}})]);
    let request = of_type(&bundle, "MedicationRequest")[0];
    let ids: Vec<&str> =
        request["contained"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["m", "maker"]);
    assert_eq!(request["medicationReference"]["reference"], "#m");
    assert!(request.get("requester").is_none() && request.get("reasonReference").is_none());
    assert!(!bundle.to_string().contains("leak"));
}

#[test]
fn a_medicine_that_was_a_resource_of_its_own_keeps_its_name() {
    let mut sources = sources(&[
        json!({"resourceType": "MedicationRequest", "medicationReference": {"reference": "Medication/9"}}),
    ]);
    sources[0].title = "Do NOT take: Aspirin 75 mg".into();
    sources[0].standing = Standing::DoNotPerform;
    sources[0].codes = vec![("http://snomed.info/sct".into(), "7947003".into())];
    let patient = patient();
    let bundle = check(&ips(&input(&sources, &patient)).unwrap(), 1);
    let concept = &of_type(&bundle, "MedicationRequest")[0]["medicationCodeableConcept"];
    assert_eq!(concept["text"], "Aspirin 75 mg");
    assert_eq!(concept["coding"][0]["code"], "7947003");
}

#[test]
fn demanded_references_are_masked_and_attachments_lead_nowhere() {
    let bundle = document(&[
        json!({"resourceType": "Observation", "code": {"text": "Heart rate"}, "focus": [{"reference": "Patient/fetus"}]}),
        json!({"resourceType": "DocumentReference", "id": "d", "content": [{"attachment": {"contentType": "application/pdf",
            "url": "https://files.example/secret?token=secret", "data": "JVBERg=="}}]}),
    ]);
    let focus = &of_type(&bundle, "Observation")[0]["focus"][0];
    assert_eq!(focus["extension"][0]["valueCode"], "masked");
    let attachment = &of_type(&bundle, "DocumentReference")[0]["content"][0]["attachment"];
    assert_eq!(attachment["data"], "JVBERg==");
    assert!(attachment.get("url").is_none() && !bundle.to_string().contains("secret"));
}

#[test]
fn narrative_is_text_never_markup() {
    let mut sources = sources(&[
        json!({"resourceType": "Basic", "text": {"status": "generated", "div": "<div>leak</div>"}}),
    ]);
    sources[0].title = "<script>alert('1')</script> & \u{0}\u{1f}more".into();
    let patient = patient();
    let bundle = check(&ips(&input(&sources, &patient)).unwrap(), 1);
    let basic = of_type(&bundle, "Basic")[0];
    let div = basic["text"]["div"].as_str().unwrap();
    assert!(div.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; more"));
    assert!(!bundle.to_string().contains("leak") && !bundle.to_string().contains("<script"));
}

#[test]
fn a_body_that_cannot_be_read_is_named_all_the_same() {
    let deep = format!("{{\"resourceType\":\"Observation\",\"x\":{}1{}}}", "[".repeat(500), "]".repeat(500));
    let mut sources = [source(&deep, "", "one")];
    sources[0].title = "Blood group".into();
    sources[0].kind = Kind::Result;
    let patient = patient();
    let bundle = check(&ips(&input_of(&sources, &patient, |_| true)).unwrap(), 1);
    assert_eq!(of_type(&bundle, "Basic")[0]["code"]["text"], "Blood group");
    assert!(section(&bundle, "Results").unwrap()["text"]["div"].as_str().unwrap().contains("Blood group"));
}

#[test]
fn a_bundle_inside_a_record_is_emptied() {
    let bundle = document(&[json!({"resourceType": "Parameters", "parameter": [
        {"name": "a", "resource": {"resourceType": "Observation", "code": {"text": "leak"}}}]})]);
    assert!(!bundle.to_string().contains("leak"));
}

#[test]
fn chosen_fields_of_the_patient_and_no_others() {
    let full = PatientFields::from_resource(
        br#"{"resourceType":"Patient","name":[{"given":["Asha"],"family":"Verma"}],"birthDate":"1984-03-12",
        "gender":"female","identifier":[{"value":"secret"}],"telecom":[{"system":"phone","value":"secret"}],
        "address":[{"line":["secret"]}]}"#,
    );
    assert_eq!(full.name.as_deref(), Some("Asha Verma"));
    let chosen = full.only(&[PatientField::Name, PatientField::Gender].into());
    let sources = sources(&[json!({"resourceType": "Observation"})]);
    let bundle = check(&ips(&input(&sources, &chosen)).unwrap(), 1);
    let patient = of_type(&bundle, "Patient")[0];
    assert_eq!(patient["_birthDate"]["extension"][0]["valueCode"], "masked");
    assert_eq!(patient["name"][0]["family"], "Verma");
    assert!(!bundle.to_string().contains("secret") && !bundle.to_string().contains("1984"));
}

#[test]
fn a_review_can_name_sections_and_contained() {
    let named = inside(
        br#"{"resourceType":"Composition","section":[{"title":"A","section":[{"code":{"text":"B"}}]},{}],
        "contained":[{"resourceType":"Medication","code":{"coding":[{"display":"Metformin"}]}},{"resourceType":"Basic"}]}"#,
    );
    assert_eq!(named.sections, ["A", "B", "Section without a title"]);
    assert_eq!(named.contained, ["Medication: Metformin", "Basic"]);
}
