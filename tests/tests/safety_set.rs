//! What is refuted, not done, not to be done or entered in error is never a fact: not in the timeline, not in a share.

use kosha_tests::programs::{Kosha, Relay};
use serde_json::{Value, json};

/// Words that only stand in records that are no facts, and the words that must then stand before them.
const NO_FACTS: [(&str, &[&str]); 9] = [
    ("Quarantine fever", &["Ruled out"]),
    ("Zebra pollen", &["Ruled out"]),
    ("Marsh vaccine", &["Not given"]),
    ("Lantern operation", &["Not done"]),
    ("Thornapple drops", &["Do NOT take", "Do not take"]),
    ("Cobalt tablets", &["Not taken", "Not taking"]),
    ("Mistaken sugar", &["Entered in error"]),
    ("Mistaken fever", &["Entered in error"]),
    ("Mistaken pills", &["Entered in error"]),
];

/// One patient with one fact, and one record of each kind that is none.
fn bundle() -> Value {
    let status = |system: &str, code: &str| json!({"coding": [{"system": format!("http://terminology.hl7.org/CodeSystem/{system}"), "code": code}]});
    let patient = json!({"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"});
    let resources = [
        json!({"resourceType": "Patient", "name": [{"text": "Invented Person"}], "birthDate": "1970-01-01"}),
        json!({"resourceType": "Condition", "clinicalStatus": status("condition-clinical", "active"), "verificationStatus": status("condition-ver-status", "confirmed"), "code": {"text": "Real headache"}, "subject": patient, "onsetDateTime": "2024-01-01"}),
        json!({"resourceType": "Condition", "verificationStatus": status("condition-ver-status", "refuted"), "code": {"text": "Quarantine fever"}, "subject": patient, "onsetDateTime": "2024-01-02"}),
        json!({"resourceType": "Condition", "verificationStatus": status("condition-ver-status", "entered-in-error"), "code": {"text": "Mistaken fever"}, "subject": patient, "onsetDateTime": "2024-01-03"}),
        json!({"resourceType": "AllergyIntolerance", "verificationStatus": status("allergyintolerance-verification", "refuted"), "code": {"text": "Zebra pollen"}, "patient": patient, "recordedDate": "2024-01-04"}),
        json!({"resourceType": "Immunization", "status": "not-done", "vaccineCode": {"text": "Marsh vaccine"}, "patient": patient, "occurrenceDateTime": "2024-01-05"}),
        json!({"resourceType": "Procedure", "status": "not-done", "code": {"text": "Lantern operation"}, "subject": patient, "performedDateTime": "2024-01-06"}),
        json!({"resourceType": "MedicationRequest", "status": "active", "intent": "order", "doNotPerform": true, "medicationCodeableConcept": {"text": "Thornapple drops"}, "subject": patient, "authoredOn": "2024-01-07"}),
        json!({"resourceType": "MedicationStatement", "status": "not-taken", "medicationCodeableConcept": {"text": "Cobalt tablets"}, "subject": patient, "effectiveDateTime": "2024-01-08"}),
        json!({"resourceType": "MedicationRequest", "status": "entered-in-error", "intent": "order", "medicationCodeableConcept": {"text": "Mistaken pills"}, "subject": patient, "authoredOn": "2024-01-09"}),
        json!({"resourceType": "Observation", "status": "entered-in-error", "code": {"text": "Mistaken sugar"}, "subject": patient, "effectiveDateTime": "2024-01-10", "valueQuantity": {"value": 900, "unit": "mg/dL"}}),
    ];
    let entries: Vec<Value> = resources
        .into_iter()
        .enumerate()
        .map(|(number, resource)| json!({"fullUrl": format!("urn:uuid:00000000-0000-4000-8000-{:012}", number + 1), "resource": resource}))
        .collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
}

/// Every text in which the word stands says what kind of no fact it is.
fn never_a_fact(texts: &[String], place: &str) {
    for (word, marks) in NO_FACTS {
        for text in texts.iter().filter(|text| text.contains(word)) {
            assert!(marks.iter().any(|mark| text.contains(mark)), "{place} shows {text:?} as a fact");
        }
    }
}

fn titles(page: &Value) -> Vec<String> {
    page["records"]
        .as_array()
        .expect("records")
        .iter()
        .map(|record| format!("{} {}", record["title"], record["summary"]))
        .collect()
}

#[test]
fn timeline_search_and_share_tell_no_fact_that_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let relay = Relay::start(&folder.path().join("relay"), &folder.path().join("relay.log"));
    let kosha = Kosha::init(folder.path().join("vault")).with_relay(&relay);
    let file = folder.path().join("records.json");
    std::fs::write(&file, bundle().to_string()).expect("a file");
    kosha.json(["import".as_ref(), file.as_os_str()]);

    let timeline = titles(&kosha.json(["timeline", "--limit", "100"]));
    assert!(timeline.iter().any(|title| title.contains("Real headache")));
    assert!(
        !timeline.iter().any(|title| title.contains("Mistaken")),
        "the timeline lists what was entered in error"
    );
    never_a_fact(&timeline, "the timeline");
    for (word, _) in NO_FACTS {
        never_a_fact(&titles(&kosha.json(["search", word])), "the search");
    }

    let share = kosha.json(["share", "--all", "--purpose", "Check-up", "--yes"]);
    let link = share["share"]["link"].as_str().expect("a link");
    let seen = kosha.command(["view", link, "--allow-loopback"]).output().expect("kosha starts");
    assert!(seen.status.success());
    let lines: Vec<String> = String::from_utf8_lossy(&seen.stdout).lines().map(str::to_owned).collect();
    assert!(lines.iter().any(|line| line.contains("Real headache")));
    assert!(!lines.iter().any(|line| line.contains("Mistaken")), "a share has what was entered in error");
    never_a_fact(&lines, "the doctor's view");

    // In the document itself they stand in a section of their own, or carry their status.
    let document =
        kosha.command(["view", link, "--allow-loopback", "--original"]).output().expect("kosha starts");
    let document: Value = serde_json::from_slice(&document.stdout).expect("the document");
    let facts = document["entry"][0]["resource"]["section"].as_array().expect("sections");
    for section in facts {
        let narrative = section["text"]["div"].as_str().unwrap_or_default();
        for (word, marks) in NO_FACTS.iter().filter(|(word, _)| narrative.contains(word)) {
            assert!(
                marks.iter().any(|mark| narrative.contains(mark)),
                "{} tells {word} as a fact",
                section["title"]
            );
        }
    }
}

/// What every view prints for people, one text each.
fn printed(kosha: &Kosha, language: &str) -> Vec<(&'static str, String)> {
    let views: [&[&str]; 16] = [
        &["timeline", "--limit", "1000"],
        &["medicines", "--limit", "1000"],
        &["medicines", "--all", "--limit", "1000"],
        &["allergies", "--limit", "1000"],
        &["allergies", "--all", "--limit", "1000"],
        &["problems", "--limit", "1000"],
        &["problems", "--all", "--limit", "1000"],
        &["vaccinations"],
        &["documents", "--limit", "1000"],
        &["documents", "--all", "--limit", "1000"],
        &["results", "--limit", "1000"],
        &["results", "--vitals", "--limit", "1000"],
        &["visits", "--limit", "1000"],
        &["changes", "--since", "1900", "--limit", "1000"],
        &["emergency"],
        &["trend", "Real sugar"],
    ];
    let print = |view: &&[&'static str]| {
        let words = ["--language", language].into_iter().chain(view.iter().copied());
        let output = kosha.command(words).env("COLUMNS", "200").output().expect("kosha starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{view:?} in {language}: {said}");
        (view[0], String::from_utf8_lossy(&output.stdout).into_owned())
    };
    views.iter().map(print).collect()
}

/// The bundle, with a series of which one value is withdrawn, another never was done.
fn with_a_series() -> Value {
    let mut bundle = bundle();
    let patient = json!({"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"});
    let sugar = |number: usize, status: &str, value: u32| {
        json!({"fullUrl": format!("urn:uuid:00000000-0000-4000-9000-{number:012}"), "resource": {
            "resourceType": "Observation", "status": status, "code": {"text": "Real sugar"}, "subject": patient,
            "effectiveDateTime": format!("2024-02-{number:02}"), "valueQuantity": {"value": value, "unit": "mg/dL"}}})
    };
    let entries = bundle["entry"].as_array_mut().expect("entries");
    entries.extend([sugar(1, "final", 101), sugar(2, "entered-in-error", 7777), sugar(3, "cancelled", 8888)]);
    bundle
}

#[test]
fn no_view_and_no_chart_tells_a_fact_that_is_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    let file = folder.path().join("records.json");
    std::fs::write(&file, with_a_series().to_string()).expect("a file");
    kosha.json(["import".as_ref(), file.as_os_str()]);
    let svg = folder.path().join("sugar.svg");
    kosha.json(["trend".as_ref(), "Real sugar".as_ref(), "--svg".as_ref(), svg.as_os_str()]);
    let chart = std::fs::read_to_string(&svg).expect("a chart");

    for language in ["en", "hi"] {
        let all = printed(&kosha, language);
        for shown in ["Thornapple drops", "Cobalt tablets", "Marsh vaccine", "Quarantine fever"] {
            assert!(all.iter().any(|(_, text)| text.contains(shown)), "{shown} is hidden in {language}");
        }
        for (view, text) in all {
            assert!(!text.contains("Mistaken"), "{view} in {language} shows what was entered in error");
            if language == "en" {
                let lines: Vec<String> = text.lines().map(str::to_owned).collect();
                never_a_fact(&told_with_headings(&lines), view);
            }
            for number in ["7777", "8888"] {
                assert!(!text.contains(number), "{view} in {language} shows a value that is none");
            }
        }
    }
    assert!(chart.contains("101") && !chart.contains("7777") && !chart.contains("8888"), "{chart}");
    let person = kosha.json(["persons"])["persons"][0]["name"].as_str().expect("a name").to_owned();
    assert_eq!(person, "Invented Person");
}

/// Each line behind the heading that it stands under: a line at the margin with nothing but words.
fn told_with_headings(lines: &[String]) -> Vec<String> {
    let mut heading = "";
    let mut told = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let begins = at == 0 || lines[at - 1].trim().is_empty();
        if begins {
            heading = line;
        }
        told.push(format!("{heading} {line}"));
    }
    told
}
