//! What people write down themselves, through the command: added, refused with a reason, corrected, removed, and read by a
//! doctor as the patient's word.

use kosha_tests::programs::{Kosha, Relay};
use serde_json::{Value, json};

fn one(answer: &Value) -> &Value {
    &answer["records"][0]
}

#[test]
fn entries_are_written_down_corrected_removed_and_seen_by_a_doctor_as_the_patients_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let relay = Relay::start(&folder.path().join("relay"), &folder.path().join("relay.log"));
    let kosha = Kosha::init(folder.path().join("vault")).with_relay(&relay);
    kosha.json(["person", "add", "Asha Marigold", "--owner"]);

    let weight = kosha.json(["add", "weight", "72.50", "kg", "--on", "2024-03-05"]);
    assert_eq!(
        (&one(&weight)["summary"], &one(&weight)["chips"], &one(&weight)["date"]),
        (&json!("72.50 kg"), &json!(["Own entry"]), &json!("2024-03-05"))
    );
    let pressure = kosha.json(["add", "bp", "130/85", "--pulse", "78", "--note", "left arm"]);
    let summaries: Vec<&Value> =
        pressure["records"].as_array().expect("records").iter().map(|card| &card["summary"]).collect();
    assert_eq!(summaries, [&json!("130/85 mmHg"), &json!("78 per min")]);
    added_as_typed(&kosha);
    refused_with_a_reason(&kosha);
    let id = one(&weight)["id"].as_str().expect("an id").to_owned();
    corrected_and_removed(&kosha, &id);
    seen_by_a_doctor(&kosha);
    assert!(kosha.json(["check"])["ok"] == json!(true));
    let log = kosha.json(["log"]).to_string();
    for word in ["Metformin", "Migraine", "72.5", "dizzy"] {
        assert!(!log.contains(word), "the log tells {word}");
    }
}

fn added_as_typed(kosha: &Kosha) {
    for (words, kind, title, summary) in [
        (vec!["sugar", "110 mg/dL", "--fasting"], "result", "Blood sugar, fasting", "110 mg/dL"),
        (vec!["temperature", "३८.२", "C"], "vital", "Body temperature", "38.2 °C"),
        (vec!["height", "5 ft 11 in"], "vital", "Body height", "71 in"),
        (vec!["oxygen", "97"], "vital", "Oxygen saturation", "97 %"),
        (
            vec![
                "medicine",
                "Metformin 500 mg",
                "--dose",
                "1 tablet",
                "--times-a-day",
                "2",
                "--when",
                "after food",
                "--since",
                "2024-01",
            ],
            "medicine",
            "Metformin 500 mg",
            "1 tablet, 2 times a day, after food",
        ),
        (
            vec!["allergy", "Penicillin", "--reaction", "rash", "--serious"],
            "allergy",
            "Allergy: Penicillin",
            "Reaction: rash",
        ),
        (vec!["problem", "Migraine", "--on", "2015"], "problem", "Migraine", ""),
        (
            vec!["vaccination", "Tdap", "--dose", "1", "--at", "City clinic"],
            "immunization",
            "Tdap",
            "Dose 1 · City clinic",
        ),
        (
            vec!["visit", "City clinic", "--doctor", "Dr. Kulkarni", "--reason", "Cough"],
            "visit",
            "Clinic visit",
            "City clinic · Dr. Kulkarni",
        ),
        (vec!["note", "Felt dizzy after lunch"], "document", "Felt dizzy after lunch", "Text, 22 bytes"),
        (vec!["blood-group", "B+"], "result", "Blood group", "B+"),
    ] {
        let added = kosha.json([vec!["add"], words.clone()].concat());
        let card = one(&added);
        assert_eq!(
            (card["kind"].as_str(), card["title"].as_str(), card["summary"].as_str()),
            (Some(kind), Some(title), Some(summary)),
            "{words:?}"
        );
        assert_eq!(
            (&card["source"], &card["standing"]),
            (&json!("Asha Marigold"), &json!("fact")),
            "{words:?}"
        );
    }
}

fn refused_with_a_reason(kosha: &Kosha) {
    for (words, status, code) in [
        (vec!["weight", "7200 kg"], 2, "out-of-bounds"),
        (vec!["weight", "72.5"], 2, "bad-unit"),
        (vec!["temperature", "-5", "C"], 2, "not-a-number"),
        (vec!["sugar", "1,100 mg/dL"], 2, "ambiguous-number"),
        (vec!["bp", "85/130"], 2, "bad-blood-pressure"),
        (vec!["blood-group", "C"], 2, "bad-blood-group"),
        (vec!["weight", "70 kg", "--on", "2999"], 2, "future-date"),
        (vec!["weight", "70 kg", "--on", "soon"], 2, "bad-date"),
        (vec!["note", " "], 2, "bad-text"),
        (vec!["allergy", "Penicillin", "--reaction", "rash", "--serious"], 1, "said-already"),
    ] {
        let (got, error) = kosha.error([vec!["add"], words.clone()].concat());
        assert_eq!((got, error["code"].as_str()), (status, Some(code)), "{words:?}");
        let message = error["message"].as_str().expect("a message");
        assert!(!message.contains("7200") && !message.contains("Penicillin"), "{message}");
    }
}

fn corrected_and_removed(kosha: &Kosha, id: &str) {
    let corrected = kosha.json(["correct", id, "weight", "73 kg"]);
    assert_eq!(
        (&corrected["record"]["summary"], &corrected["record"]["date"]),
        (&json!("73 kg"), &json!("2024-03-05"))
    );
    assert_eq!(kosha.error(["correct", id, "pulse", "70"]).1["code"], "other-sort");
    let shown = kosha.json(["show", id]);
    let versions =
        shown["details"].as_array().expect("details").iter().find(|detail| detail["label"] == "Versions");
    assert_eq!(versions.map(|detail| &detail["value"]), Some(&json!("2")));

    let allergy = kosha.json(["timeline", "--kind", "allergy"]);
    let allergy = one(&allergy)["id"].as_str().expect("an id").to_owned();
    assert_eq!(kosha.json(["remove", &allergy])["record"]["standing"], "in-error");
    assert_eq!(kosha.error(["remove", &allergy]).1["code"], "entry-removed");
    assert_eq!(kosha.json(["timeline", "--kind", "allergy"])["records"], json!([]));
}

/// Whose word it is, and nothing of what was removed.
fn seen_by_a_doctor(kosha: &Kosha) {
    let share = kosha.json(["share", "--all", "--purpose", "Check-up", "--yes"]);
    let link = share["share"]["link"].as_str().expect("a link");
    let seen = kosha.json(["view", link, "--allow-loopback"]);
    let entries: Vec<&Value> = seen["sections"]
        .as_array()
        .expect("sections")
        .iter()
        .flat_map(|section| section["entries"].as_array().expect("entries"))
        .collect();
    let weights: Vec<&&Value> = entries.iter().filter(|entry| entry["title"] == "Body weight").collect();
    assert_eq!((weights.len(), &weights[0]["summary"]), (1, &json!("73 kg")));
    assert!(entries.len() >= 10);
    for entry in &entries {
        let chips = entry["chips"].as_array().expect("chips");
        assert!(chips.contains(&json!("Own entry")), "{entry}");
    }
    assert!(!seen.to_string().contains("Penicillin"));
    let original =
        kosha.command(["view", link, "--allow-loopback", "--original"]).output().expect("kosha starts");
    let original = String::from_utf8_lossy(&original.stdout);
    assert!(original.contains("PATAST") && original.contains("\"value\":73"));
}
