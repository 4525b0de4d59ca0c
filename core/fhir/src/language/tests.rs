use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Language;
use super::flat::messages;
use crate::Kind;

#[test]
fn every_message_used_in_the_code_is_there() {
    let source = concat!(
        include_str!("../card/mod.rs"),
        include_str!("../card/clinical.rs"),
        include_str!("../card/medicine.rs"),
        include_str!("../card/observation.rs"),
        include_str!("../card/paper.rs"),
        include_str!("../card/care.rs"),
        include_str!("../date.rs"),
        include_str!("../dosage.rs"),
        include_str!("../flag.rs"),
        include_str!("../label.rs"),
        include_str!("../own/mark.rs"),
        include_str!("../timeline.rs"),
        include_str!("../value.rs"),
    );
    let words =
        |call: &str| call.split('"').skip(1).step_by(2).take(2).map(str::to_owned).collect::<Vec<_>>();
    let mut seen = 0;
    for call in source.split(".phrase(").skip(1).filter(|call| call.starts_with('"')) {
        let key = &words(call)[0];
        assert!(Language::English.has("phrases", key), "{key}");
        seen += 1;
    }
    for call in source.split(".say(").skip(1).map(str::trim_start).filter(|call| call.starts_with('"')) {
        let [section, key] = &words(call)[..] else { panic!() };
        // The key may be a variable.
        if call.split(',').nth(1).is_some_and(|second| second.contains('"')) {
            assert!(Language::English.has(section, key), "{section}-{key}");
            seen += 1;
        }
    }
    for call in
        include_str!("../dosage.rs").split("say(\"").skip(1).filter(|call| !call.starts_with("dosage\""))
    {
        let key = call.split('"').next().unwrap();
        assert!(Language::English.has("dosage", key) || key == "minutes" || key == "periods", "{key}");
    }
    assert!(seen > 60, "{seen}");
    for kind in Kind::ALL {
        assert!(!Language::English.kind(kind).is_empty());
    }
}

/// The part `en` of the table for the doctor's page, section by section; what is not listed the page has no need of.
fn english_of_the_page() -> (Map<String, Value>, Map<String, Value>) {
    const SECTIONS: [&str; 13] = [
        "months", "kinds", "nouns", "labels", "flags", "when", "days", "periods", "noKnown", "media",
        "standing", "phrases", "counts",
    ];
    let table: Value = serde_json::from_str(crate::DISPLAY_JSON).unwrap();
    let mut page: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let mut plurals = Map::new();
    for (id, flat) in messages(Language::English.display_source()) {
        let (section, key) = id.split_once('-').unwrap();
        let forms: Vec<&str> = flat.forms.iter().map(|(_, text)| text.as_str()).collect();
        let text = || Value::from(forms[0]);
        match (section, forms.as_slice()) {
            ("labels", _) => {
                let (set, key) = key.split_once('-').unwrap();
                let set = if set == "SNOMED" { "SNOMED CT" } else { set };
                let labels = page.entry("labels".to_owned()).or_default();
                labels
                    .entry(set)
                    .or_insert_with(|| json!({}))
                    .as_object_mut()
                    .unwrap()
                    .insert(key.into(), text());
            }
            ("doses", [one, many]) => drop(plurals.insert((*one).to_owned(), (*many).into())),
            ("periods" | "counts", _) => {
                drop(page.entry(section.to_owned()).or_default().insert(key.into(), json!(forms)));
            }
            // Keys that no identifier can hold are those of the table of files and of FHIR's times of day.
            ("when", _) => {
                drop(page.entry(section.to_owned()).or_default().insert(key.replace('_', "."), text()));
            }
            ("media", _) => {
                let key = key.replacen('_', "/", 1).replace('_', "+");
                page.entry(section.to_owned()).or_default().insert(key, text());
            }
            (_, [one, many]) => {
                let section = page.entry(section.to_owned()).or_default();
                section.insert(key.into(), (*many).into());
                section.insert(format!("{key}One"), (*one).into());
            }
            (section, _) => drop(page.entry(section.to_owned()).or_default().insert(key.into(), text())),
        }
    }
    assert!(table["version"].is_number());
    let mut en = Map::new();
    for section in SECTIONS.into_iter().chain(["dosage"]) {
        let words = page.remove(section).unwrap();
        let months: Vec<Value> = words.values().cloned().collect();
        en.insert(section.into(), if section == "months" { months.into() } else { words.into() });
    }
    (en, plurals)
}

/// `data/display.json` with its part `en` and its plurals of doses written anew, the rest as it stands.
fn written() -> String {
    let (en, plurals) = english_of_the_page();
    let (codes, _) = crate::DISPLAY_JSON.split_once("\n  \"en\": {").unwrap();
    let mut out = String::new();
    for line in codes.lines() {
        if line.trim_start().starts_with("\"plural\": ") {
            out.extend(["    \"plural\": ", &Value::from(plurals.clone()).to_string(), "\n"]);
        } else {
            out.extend([line, "\n"]);
        }
    }
    let sections: Vec<String> = en.iter().map(|(name, words)| format!("    \"{name}\": {words}")).collect();
    format!("{out}  \"en\": {{\n{}\n  }}\n}}\n", sections.join(",\n"))
}

/// The page and the wallet share one source of English: `languages/en/display.ftl`. With `KOSHA_BLESS=1` the table is
/// written from it.
#[test]
fn the_page_has_the_words_of_the_wallet() {
    let written = written();
    if std::env::var_os("KOSHA_BLESS").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/data/display.json"), written).unwrap();
    } else {
        assert!(written == crate::DISPLAY_JSON, "run this test with KOSHA_BLESS=1");
    }
}

#[test]
fn tags_are_read_by_their_language() {
    for tag in ["hi", "hi-IN", "HI_in", "hi-Deva-IN"] {
        assert_eq!(tag.parse(), Ok(Language::Hindi), "{tag}");
    }
    for tag in ["", "hin", "xx", "-hi"] {
        assert!(tag.parse::<Language>().is_err(), "{tag}");
    }
    for language in Language::ALL {
        assert_eq!(language.tag().parse(), Ok(*language));
        assert!(!language.name().is_empty());
    }
    assert_eq!(Language::default(), Language::English);
}

#[test]
fn counts_and_plural_forms_are_the_languages_own() {
    assert_eq!(Language::English.counted(Kind::Result, 1), "1 result");
    assert_eq!(Language::English.counted(Kind::Result, 3), "3 results");
    assert_eq!(Language::Hindi.counted(Kind::Medicine, 1), "1 दवा");
    assert_eq!(Language::Hindi.counted(Kind::Medicine, 3), "3 दवाएँ");
    assert_eq!(Language::Hindi.count(150_000), "1,50,000");
    assert_eq!(Language::Hindi.phrase("results", &[("n", "1")]), "1 नतीजा");
    assert_eq!(Language::Hindi.phrase("results", &[("n", "1,50,000")]), "1,50,000 नतीजे");
    assert_eq!(Language::English.phrase("to", &[("low", "{high}"), ("high", "3")]), "{high} to 3");
    let parts = [("name", None), ("value", Some("5")), ("flag", Some("High"))];
    assert_eq!(Language::English.sentence("flagged", &parts).unwrap(), "5 High");
    assert_eq!(Language::English.sentence("flagged", &[]), None);
}
