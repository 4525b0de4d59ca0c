//! What people write down themselves: the exact resources, their cards, their removal, and texts of any kind.
//!
//! `KOSHA_BLESS=1` writes the files anew after an intended change; look at the difference before committing it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

use std::path::{Path, PathBuf};

use kosha_fhir::own::{
    Allergy, By, Meal, Measured, Medicine, Now, OwnDate, OwnEntry, Problem, Refused, Setting, Severity,
    Subject, Vaccination, Visit, What, Words, Written, kept_from, own_mark, own_note, same_said, withdrawn,
};
use kosha_fhir::{Card, Kind, Limits, Standing, card_of};
use proptest::prelude::*;
use serde_json::Value;

/// 2026-11-23T20:30:15Z; in India the 24th, 02:00.
const NOW: Now = Now { ms: 1_795_465_815_000, offset_minutes: Some(330) };
const IDENTIFIER: &str = "urn:uuid:0b6f2a3c-58d1-4e57-9a41-7c7a5e0d3f10";

fn words(text: &str) -> Words {
    Words::new("the name", text).unwrap()
}

fn date(text: &str) -> OwnDate {
    OwnDate::parse(text, NOW).unwrap()
}

fn measure(what: What, text: &str) -> OwnEntry {
    OwnEntry::Measure(Measured::parse(what, text).unwrap())
}

fn sugar(text: &str, meal: Meal) -> OwnEntry {
    OwnEntry::Sugar { value: Measured::parse(What::Sugar, text).unwrap(), meal }
}

fn medicine(name: &str) -> Medicine {
    Medicine {
        name: words(name),
        strength: None,
        dose: None,
        times_a_day: None,
        when: None,
        as_needed: false,
        since: None,
        until: None,
        reason: None,
    }
}

/// Name of the file, entry, date, remark.
type Example = (&'static str, OwnEntry, Option<&'static str>, Option<&'static str>);

#[allow(clippy::too_many_lines, reason = "a list")]
fn examples() -> Vec<Example> {
    let allergy = |severity, serious| {
        OwnEntry::Allergy(Box::new(Allergy {
            what: words("Penicillin"),
            reaction: Some(words("Rash on the arms")),
            severity,
            serious,
        }))
    };
    vec![
        ("weight", measure(What::Weight, "72.50 kg"), None, Some("In the morning")),
        ("weight-lb", measure(What::Weight, "160 lb"), Some("2024-03-05"), None),
        ("height", measure(What::Height, "5 ft 11 in"), Some("2024"), None),
        ("pulse", measure(What::Pulse, "78"), Some("2024-03-05T10:20"), None),
        ("temperature", measure(What::Temperature, "38.2 C"), None, None),
        ("oxygen", measure(What::Oxygen, "97"), None, None),
        ("blood-pressure", OwnEntry::blood_pressure("130/85").unwrap(), None, Some("Left arm, sitting")),
        ("sugar-fasting", sugar("110 mg/dL", Meal::Fasting), None, None),
        ("sugar-after-food", sugar("8.4 mmol/L", Meal::AfterFood), None, None),
        ("sugar-after-food-mass", sugar("160 mg/dL", Meal::AfterFood), None, None),
        ("sugar-random", sugar("140 mg/dL", Meal::Random), None, None),
        ("sugar-random-moles", sugar("7.8 mmol/L", Meal::Random), None, None),
        ("blood-group", OwnEntry::BloodGroup("B+".parse().unwrap()), None, None),
        (
            "medicine",
            OwnEntry::Medicine(Box::new(Medicine {
                strength: Some(words("500 mg")),
                dose: Some(words("1 tablet")),
                times_a_day: Some(2),
                when: Some(words("after food")),
                since: Some(date("2024-01")),
                reason: Some(words("Diabetes")),
                ..medicine("Metformin")
            })),
            None,
            None,
        ),
        (
            "medicine-over",
            OwnEntry::Medicine(Box::new(Medicine {
                dose: Some(words("1-0-1")),
                as_needed: true,
                when: Some(words("with warm milk")),
                since: Some(date("2024-01-02")),
                until: Some(date("2024-01-09")),
                ..medicine("क्रोसिन 650")
            })),
            None,
            Some("From the chemist"),
        ),
        ("medicine-name-only", OwnEntry::Medicine(Box::new(medicine("Neem powder"))), None, None),
        ("allergy", allergy(Some(Severity::Severe), true), Some("2018"), Some("Told by my mother")),
        (
            "problem",
            OwnEntry::Problem(Box::new(Problem { what: words("Migraine"), until: None })),
            Some("2015-06"),
            None,
        ),
        (
            "problem-over",
            OwnEntry::Problem(Box::new(Problem { what: words("Dengue"), until: Some(date("2023-10")) })),
            Some("2023-09"),
            None,
        ),
        (
            "vaccination",
            OwnEntry::Vaccination(Box::new(Vaccination {
                vaccine: words("Tdap"),
                dose: Some(1),
                place: Some(words("City clinic")),
            })),
            Some("2022-05-04"),
            None,
        ),
        (
            "visit",
            OwnEntry::Visit(Box::new(Visit {
                place: words("City clinic"),
                who: Some(words("Dr. S. Kulkarni")),
                reason: Some(words("Cough")),
                setting: Setting::Clinic,
                until: None,
            })),
            Some("2024-03-05T10:20"),
            Some("Come again in two weeks"),
        ),
        (
            "visit-stay",
            OwnEntry::Visit(Box::new(Visit {
                place: words("District Hospital"),
                who: None,
                reason: None,
                setting: Setting::Stay,
                until: Some(date("2024-03-09")),
            })),
            Some("2024-03-05"),
            None,
        ),
        (
            "note",
            OwnEntry::Note(Words::note("Felt dizzy after lunch.\nBetter by evening.").unwrap()),
            None,
            None,
        ),
    ]
}

fn resource(entry: &OwnEntry, by: &By, when: Option<&str>, note: Option<&str>) -> Vec<u8> {
    let subject = Subject {
        reference: Some("urn:uuid:5f0c2d66-1111-8222-8333-444455556666".to_owned()),
        display: None,
    };
    let (when, note) = (when.map(date), note.map(|note| Words::note(note).unwrap()));
    assert_eq!(entry.check(when.as_ref()), Ok(()));
    entry.to_resource(&Written {
        subject: &subject,
        by,
        when: when.as_ref(),
        note: note.as_ref(),
        now: NOW,
        identifier: IDENTIFIER,
        version: 1,
    })
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/own").join(name)
}

fn card(resource: &[u8]) -> Card {
    card_of(resource, &[], &Limits { now_ms: Some(NOW.ms), ..Limits::default() }).unwrap()
}

fn compare(name: &str, bytes: &[u8]) {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    let pretty = serde_json::to_string_pretty(&value).unwrap() + "\n";
    if std::env::var_os("KOSHA_BLESS").is_some() {
        std::fs::write(fixture(name), &pretty).unwrap();
    }
    assert_eq!(std::fs::read_to_string(fixture(name)).unwrap(), pretty, "{name}");
}

#[test]
fn every_entry_becomes_its_known_resource() {
    let mut cards = serde_json::Map::new();
    for (name, entry, when, note) in examples() {
        let bytes = resource(&entry, &By::Patient, when, note);
        compare(&format!("{name}.json"), &bytes);
        cards.insert(name.to_owned(), serde_json::to_value(card(&bytes)).unwrap());
        let mark = own_mark(&bytes).unwrap();
        assert_eq!((mark.sort.as_str(), mark.version, mark.removed), (entry.sort(), 1, false), "{name}");
        assert_eq!(mark.identifier, IDENTIFIER);
    }
    let bytes =
        resource(&measure(What::Temperature, "101 F"), &By::Other(Some("Asha Rao".to_owned())), None, None);
    compare("temperature-of-a-child.json", &bytes);
    cards.insert("temperature-of-a-child".to_owned(), serde_json::to_value(card(&bytes)).unwrap());
    compare("cards/all.json", Value::Object(cards).to_string().as_bytes());
}

#[test]
fn every_card_says_that_it_is_an_own_entry_and_a_removed_one_is_no_fact() {
    for (name, entry, when, note) in examples() {
        let bytes = resource(&entry, &By::Patient, when, note);
        let shown = card(&bytes);
        assert_eq!(shown.chips.iter().filter(|chip| *chip == "Own entry").count(), 1, "{name}");
        assert!(!shown.chips.iter().any(|chip| chip.contains("by patient")), "{name}");
        assert_eq!(shown.standing, Standing::Fact, "{name}");
        let later = Now { ms: NOW.ms + 60_000, ..NOW };
        let removed = withdrawn(&bytes, later).unwrap();
        compare(&format!("removed/{name}.json"), &removed);
        let shown = card(&removed);
        assert_eq!(
            (shown.standing, shown.series.is_none(), shown.line.as_str()),
            (Standing::InError, true, ""),
            "{name}"
        );
        assert_eq!(shown.chips, ["Own entry"], "{name}");
        let mark = own_mark(&removed).unwrap();
        assert_eq!((mark.version, mark.removed), (2, true), "{name}");
        assert!(!same_said(&bytes, &removed), "{name}");
        // A second resource of the same words is the same said, whatever its identifier and second.
        let text = String::from_utf8(bytes.clone())
            .unwrap()
            .replace("0b6f2a3c", "1b6f2a3c")
            .replace(":15+05:30", ":16+05:30");
        assert!(same_said(&bytes, text.as_bytes()), "{name}");
        let (kept, remark) = kept_from(&bytes, &entry, NOW);
        if let Some(when) = when {
            assert_eq!(kept.as_ref().map(OwnDate::as_str), Some(date(when).as_str()), "{name}");
        }
        assert_eq!(remark.as_ref().map(Words::as_str), note, "{name}");
        assert_eq!(own_note(&bytes).as_deref(), note, "{name}");
    }
    assert!(withdrawn(br#"{"resourceType":"Observation","status":"final"}"#, NOW).is_none());
}

#[test]
fn the_reading_keeps_whose_word_it_is_and_knows_the_entry_wherever_it_comes_from() {
    let bytes = resource(&measure(What::Weight, "72.5 kg"), &By::Patient, None, None);
    let child =
        resource(&measure(What::Weight, "12 kg"), &By::Other(Some("Asha Rao".to_owned())), None, None);
    for (bytes, source) in [(&bytes, "Entered by the patient"), (&child, "Asha Rao")] {
        let reading = kosha_fhir::read(bytes, &Limits::default()).unwrap();
        let extract = reading.extract(0).unwrap();
        assert_eq!((extract.source_label.as_str(), extract.kind), (source, Kind::Vital));
        let text = String::from_utf8(bytes.clone()).unwrap();
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"urn:uuid:1","resource":{text}}}]}}"#
        );
        let elsewhere = kosha_fhir::read(bundle.as_bytes(), &Limits::default()).unwrap();
        assert!(reading.identity(0, &[1; 32]) == elsewhere.identity(0, &[2; 32]));
    }
    // What only names the tag is no entry.
    let other = br#"{"resourceType":"Observation","id":"o","note":[{"text":"urn:kosha:own-entry"}]}"#;
    assert!(own_mark(other).is_none());
    let reading = kosha_fhir::read(other, &Limits::default()).unwrap();
    assert!(reading.identity(0, &[1; 32]) != reading.identity(0, &[2; 32]));
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let allergy = OwnEntry::Allergy(Box::new(Allergy {
        what: words("Nuts"),
        reaction: None,
        severity: Some(Severity::Mild),
        serious: false,
    }));
    assert_eq!(allergy.check(None), Err(Refused::SeverityOfNothing));
    let times = |times| OwnEntry::Medicine(Box::new(Medicine { times_a_day: Some(times), ..medicine("X") }));
    assert_eq!(times(0).check(None), Err(Refused::TimesADay));
    assert_eq!(times(25).check(None), Err(Refused::TimesADay));
    let backwards = Medicine { since: Some(date("2024")), until: Some(date("2023")), ..medicine("X") };
    assert_eq!(OwnEntry::Medicine(Box::new(backwards)).check(None), Err(Refused::EndsBeforeItBegins));
    let problem = OwnEntry::Problem(Box::new(Problem { what: words("X"), until: Some(date("2020")) }));
    assert_eq!(problem.check(Some(&date("2021"))), Err(Refused::EndsBeforeItBegins));
}

proptest! {
    #[test]
    fn any_text_comes_back_from_valid_json_or_is_refused(name in any::<String>(), note in "\\PC{0,80}(\n|\t)?\\PC{0,80}") {
        let name_words = Words::new("the name", &name);
        let note_words = Words::note(&note);
        if let Ok(kept) = &name_words {
            prop_assert_eq!(kept.as_str(), name.trim());
        } else {
            let shows = name.chars().any(|char| !char.is_control() && !char.is_whitespace());
            let control = name.trim().chars().any(char::is_control);
            let invisible = "\u{200b}\u{200e}\u{200f}\u{feff}";
            let hidden = |char: char| invisible.contains(char) || ('\u{202a}'..='\u{202e}').contains(&char)
                || ('\u{2066}'..='\u{2069}').contains(&char) || char.is_whitespace() || char.is_control();
            prop_assert!(!shows || control || name.chars().count() > 300 || name.chars().all(hidden));
        }
        if let (Ok(name), Ok(note)) = (name_words, note_words) {
            let entry = OwnEntry::Problem(Box::new(Problem { what: name.clone(), until: None }));
            let bytes = resource(&entry, &By::Patient, None, Some(note.as_str()));
            let value: Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(value["code"]["text"].as_str(), Some(name.as_str()));
            prop_assert_eq!(value["note"][0]["text"].as_str(), Some(note.as_str()));
            prop_assert_eq!(card(&bytes).kind, Kind::Problem);
            let removed = withdrawn(&bytes, NOW).unwrap();
            prop_assert_eq!(card(&removed).standing, Standing::InError);
        }
    }
}
