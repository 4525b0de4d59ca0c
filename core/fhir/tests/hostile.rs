//! Whatever bytes come, nothing panics and every range stays in bounds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::format_collect)]

use kosha_fhir::{Limits, Outcome, read};
use proptest::prelude::*;

fn seed() -> Vec<String> {
    let cases: Vec<serde_json::Value> = serde_json::from_str(include_str!("../fixtures/cards.json")).unwrap();
    let all: Vec<String> = cases.iter().map(|case| case["resource"].to_string()).collect();
    let entries: Vec<String> = all
        .iter()
        .take(12)
        .enumerate()
        .map(|(at, resource)| format!(r#"{{"fullUrl":"urn:uuid:{at}","resource":{resource}}}"#))
        .collect();
    let mut seeds = all;
    seeds.push(format!(r#"{{"resourceType":"Bundle","type":"document","entry":[{}]}}"#, entries.join(",")));
    seeds.push(seeds.iter().take(5).map(|line| format!("{line}\n")).collect());
    seeds.push(format!("[{}]", seeds[..6].join(",")));
    seeds
}

fn examine(bytes: &[u8]) {
    let Ok(reading) = read(bytes, &Limits::default()) else { return };
    for entry in &reading.entries {
        let text = reading.text.get(entry.span.clone()).expect("span in bounds");
        if matches!(entry.outcome, Outcome::Resource { .. }) {
            serde_json::from_slice::<&serde_json::value::RawValue>(text).expect("span is JSON");
            let extract = match reading.extract(entry.ordinal) {
                Ok(extract) => extract,
                Err(code) => {
                    assert_eq!(code, "subject-unknown");
                    continue;
                }
            };
            assert!(!extract.card.title.is_empty());
            for file in &extract.attachments {
                assert!(reading.text.get(file.span.clone()).is_some());
            }
        }
    }
}

fn value() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        Just(Value::from("2024-03-05T10:15:00+05:30")),
        Just(Value::from("#x")),
        Just(Value::from("Patient/p1")),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let key = prop_oneof![
            Just("code"),
            Just("coding"),
            Just("text"),
            Just("reference"),
            Just("value"),
            Just("unit"),
            Just("system"),
            Just("start"),
            Just("end"),
            Just("period"),
            Just("repeat"),
            Just("display"),
            Just("data"),
            Just("contentType"),
            Just("entry"),
            Just("resource"),
        ];
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            proptest::collection::vec((key.prop_map(str::to_owned), inner), 0..5)
                .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Bytes of a real file changed, cut out or doubled.
    #[test]
    fn changed_bytes(at in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), byte in any::<u8>(), how in 0u8..4, length in 1usize..40) {
        let seeds = seed();
        let mut bytes = at.get(&seeds[..]).clone().into_bytes();
        let place = place.index(bytes.len());
        let end = (place + length).min(bytes.len());
        match how {
            0 => bytes[place] = byte,
            1 => { bytes.drain(place..end); }
            2 => { let part = bytes[place..end].to_vec(); bytes.splice(place..place, part); }
            _ => bytes.truncate(place),
        }
        examine(&bytes);
    }

    /// Fields of a real record replaced by anything.
    #[test]
    fn changed_fields(at in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), new in value()) {
        let seeds = seed();
        let Ok(serde_json::Value::Object(mut record)) = serde_json::from_str(at.get::<String>(&seeds[..]).as_str()) else { return Ok(()) };
        let keys: Vec<String> = record.keys().filter(|key| *key != "resourceType").cloned().collect();
        if !keys.is_empty() {
            record.insert(place.get(&keys).clone(), new);
        }
        examine(serde_json::Value::Object(record).to_string().as_bytes());
    }

    /// Splitting agrees with a plain JSON reader on what is JSON.
    #[test]
    fn agrees_on_json(at in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), byte in prop::sample::select(b"{}[],:\"\\ 0-.eutfn\n".to_vec())) {
        let mut bytes = at.get(&seed()[..20]).clone().into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        let json = serde_json::from_slice::<&serde_json::value::RawValue>(&bytes).is_ok();
        match read(&bytes, &Limits::default()) {
            Ok(_) => prop_assert!(json),
            Err(refusal) if !json => prop_assert_ne!(refusal.code, "no-resource-type"),
            Err(refusal) => prop_assert!(matches!(refusal.code, "no-resource-type" | "broken-json"), "{}", refusal.code),
        }
    }
}

#[test]
fn bombs_stop_at_their_limits() {
    let code = |bytes: &[u8]| read(bytes, &Limits::default()).map(|_| ()).unwrap_err().code;
    let deep = format!(
        r#"{{"resourceType":"Observation","extension":{}1{}}}"#,
        "[".repeat(500_000),
        "]".repeat(500_000)
    );
    assert_eq!(code(deep.as_bytes()), "too-deep");
    let many = format!(r#"{{"resourceType":"Bundle","entry":[{}]}}"#, vec!["{}"; 100_001].join(","));
    assert_eq!(code(many.as_bytes()), "too-many-entries");
    let lines = "{\"resourceType\":\"Basic\"}\n".repeat(100_001);
    assert_eq!(code(lines.as_bytes()), "too-many-entries");
    let large = format!(r#"{{"resourceType":"Basic","x":"{}"}}"#, "y".repeat(5 << 20));
    assert_eq!(code(large.as_bytes()), "resource-too-large");
    let attached = format!(
        r#"{{"resourceType":"Binary","contentType":"text/plain","data":"{}"}}"#,
        "QUJD".repeat(2 << 20)
    );
    assert!(read(attached.as_bytes(), &Limits::default()).is_ok());
    assert_eq!(code(&vec![b' '; (32 << 20) + 1]), "too-large");
    let keys: Vec<String> = (0..200_000).map(|at| format!("\"k{at}\":0")).collect();
    assert!(
        read(format!(r#"{{"resourceType":"Basic",{}}}"#, keys.join(",")).as_bytes(), &Limits::default())
            .is_ok()
    );
}

#[test]
fn one_bad_entry_never_loses_the_good_ones() {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let text = format!(
        r#"{{"entry":[{{"resource":{{"resourceType":"Patient","id":"p","name":[{{"text":"A"}}]}}}},
        {{"resource":{{"id":"x"}}}},{{"resource":"words"}},{{"resource":{{"resourceType":"Basic","x":{deep}}}}},7,{{}},null,
        {{"request":{{"method":"DELETE"}}}},{{"resource":{{"resourceType":"OperationOutcome"}}}},
        {{"resource":{{"resourceType":"Bundle","type":"document","entry":[{{"resource":{{"resourceType":"Basic","id":"in"}}}}]}}}},
        {{"resource":{{"resourceType":"Basic","id":"last","a":1,"a":2}}}}],"type":"batch","resourceType":"Bundle"}}"#
    );
    let reading = read(text.as_bytes(), &Limits::default()).unwrap();
    let outcomes: Vec<String> = reading
        .entries
        .iter()
        .map(|entry| match &entry.outcome {
            Outcome::Resource { resource_type } => resource_type.clone(),
            Outcome::Skipped(code) | Outcome::Refused(code) => (*code).to_owned(),
        })
        .collect();
    assert_eq!(
        outcomes,
        [
            "Patient",
            "no-resource-type",
            "not-an-object",
            "too-deep",
            "not-an-object",
            "no-resource",
            "no-resource",
            "deleted",
            "operation-outcome",
            "Basic",
            "Basic"
        ]
    );
    assert_eq!(reading.bundles.len(), 2);
    assert_eq!(reading.entries[9].bundle, Some(1));
    assert!(
        reading.warnings.iter().any(|finding| finding.entry == Some(10) && finding.reason == "duplicate-key")
    );
}

#[test]
fn lines_are_judged_one_by_one_and_a_broken_bundle_is_not_lines() {
    let text = "{\"resourceType\":\"Patient\",\"id\":\"a\"}\r\n\r\n{bad\r\n{\"resourceType\":\"Basic\"}";
    let reading = read(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(reading.entries.len(), 3);
    assert_eq!(reading.entries[1].outcome, Outcome::Refused("broken-json"));
    let cut = "{\"resourceType\":\"Bundle\",\"entry\":[\n{\"resource\":\n{\"resourceType\":\"Patient\"}\n},{\"resource\":\n{\"resourceType\":\"Basic\"}\n}";
    assert_eq!(read(cut.as_bytes(), &Limits::default()).unwrap_err().code, "truncated");
}

fn bundle(entries: &[String]) -> String {
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(","))
}

#[test]
fn a_subject_who_is_not_in_the_file_is_never_one_who_is() {
    let patient = |id: &str, name: &str| {
        format!(
            r#"{{"fullUrl":"urn:uuid:{id}","resource":{{"resourceType":"Patient","name":[{{"text":"{name}"}}],"birthDate":"1980"}}}}"#
        )
    };
    let problem = |subject: &str| {
        format!(r#"{{"resource":{{"resourceType":"Condition","code":{{"text":"Cough"}}{subject}}}}}"#)
    };
    let owner_of = |text: &str, at: u32| {
        let reading = read(text.as_bytes(), &Limits::default()).unwrap();
        let place = reading.patient_of(at).unwrap();
        assert_eq!(place, reading.extract(at).unwrap().patient);
        place.map(|place| reading.patients[place].name.clone())
    };
    let unknown = r#","subject":{"reference":"Patient/9"}"#;
    let ravi = r#","subject":{"reference":"Patient/9","display":"Ravi Rao"}"#;
    let asha = r#","subject":{"reference":"Patient/9","display":"Mrs. A. Rao"}"#;
    let one = |subject: &str| bundle(&[patient("a", "Asha Rao"), problem(subject)]);
    let two = |subject: &str| bundle(&[patient("a", "Asha Rao"), patient("b", "Uma Iyer"), problem(subject)]);
    let found = [one(""), one(unknown), one(asha), one(ravi)].map(|text| owner_of(&text, 1));
    assert_eq!(
        found.each_ref().map(Option::as_deref),
        [Some("Asha Rao"), Some("Asha Rao"), Some("Asha Rao"), Some("Ravi Rao")]
    );
    let found = [two(""), two(unknown), two(asha), two(ravi)].map(|text| owner_of(&text, 2));
    assert_eq!(
        found.each_ref().map(Option::as_deref),
        [None, Some(""), Some("Mrs. A. Rao"), Some("Ravi Rao")]
    );
    // Named only in passing, the file's own patient does not make the record theirs.
    let passing =
        r#","subject":{"reference":"Patient/9","display":"Ravi Rao"},"asserter":{"reference":"urn:uuid:a"}"#;
    let text = one(passing);
    let reading = read(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(reading.extract(1).unwrap_err(), "subject-unknown");
}

#[test]
fn long_codes_and_versions_stay_out() {
    let long = "7".repeat(300_000);
    let text = format!(
        r#"{{"resourceType":"Observation","id":"{long}","meta":{{"versionId":"{long}","lastUpdated":"{long}"}},
        "code":{{"coding":[{{"system":"{long}","code":"1"}},{{"system":"s","code":"{long}"}},{{"system":"s","code":"1"}}]}},
        "effectivePeriod":{{"start":"2020","end":"{long}"}}}}"#
    );
    let reading = read(text.as_bytes(), &Limits::default()).unwrap();
    let extract = reading.extract(0).unwrap();
    assert_eq!(extract.codes, [("s".to_owned(), "1".to_owned())]);
    assert_eq!((extract.logical_id, extract.version_id, extract.last_updated), (None, None, None));
    assert!(extract.card.date.is_none_or(|date| date.raw.len() <= 800));
    assert_eq!(reading.age(0), (None, None));
}

#[test]
fn the_source_of_many_records_is_looked_for_once() {
    let mut entries = vec![
        r#"{"fullUrl":"urn:uuid:c","resource":{"resourceType":"Composition","author":[{"reference":"urn:uuid:o"}]}}"#.to_owned(),
        r#"{"fullUrl":"urn:uuid:o","resource":{"resourceType":"Organization","name":"Kaveri Clinic"}}"#.to_owned(),
    ];
    for _ in 0..40_000 {
        entries.push(r#"{"resource":{"resourceType":"Condition"}}"#.to_owned());
    }
    let text = bundle(&entries);
    let reading = read(text.as_bytes(), &Limits::default()).unwrap();
    let started = std::time::Instant::now();
    for entry in &reading.entries {
        assert_eq!(reading.extract(entry.ordinal).unwrap().source_label, "Kaveri Clinic");
    }
    // Looked for once per record, this takes some minutes.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
