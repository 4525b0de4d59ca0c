use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use serde_json::{Map, Value, json};

use super::Language;
use crate::Kind;

/// A message flattened: the texts of its forms by the key of the form (`""` for the only one), and its places.
struct Flat {
    forms: Vec<(String, String)>,
    places: BTreeSet<String>,
}

fn walk(pattern: &Pattern<&str>, into: &mut String, flat: &mut Flat) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => into.push_str(value),
            PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
                InlineExpression::VariableReference { id } => {
                    into.extend(["{", id.name, "}"]);
                    flat.places.insert(id.name.to_owned());
                }
                InlineExpression::StringLiteral { value } => into.push_str(value),
                _ => panic!("only texts, places and forms are used"),
            },
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                assert!(matches!(selector, InlineExpression::VariableReference { .. }));
                for variant in variants {
                    let (VariantKey::Identifier { name: key } | VariantKey::NumberLiteral { value: key }) =
                        &variant.key;
                    let mut text = String::new();
                    walk(&variant.value, &mut text, flat);
                    flat.forms.push(((*key).to_owned(), text));
                }
            }
        }
    }
}

/// Every message of a source, attributes as `id.attribute`; no entry may be anything else.
fn messages(source: &str) -> Vec<(String, Flat)> {
    let tree = fluent_syntax::parser::parse(source).map_err(|(_, errors)| errors).unwrap();
    let mut all: Vec<(String, Flat)> = Vec::new();
    let mut add = |id: String, pattern: &Pattern<&str>| {
        let mut flat = Flat { forms: Vec::new(), places: BTreeSet::new() };
        let mut text = String::new();
        walk(pattern, &mut text, &mut flat);
        if flat.forms.is_empty() {
            flat.forms.push((String::new(), text));
        }
        all.push((id, flat));
    };
    for entry in tree.body {
        match entry {
            Entry::Message(message) => {
                if let Some(value) = &message.value {
                    add(message.id.name.to_owned(), value);
                }
                for attribute in &message.attributes {
                    add(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
                }
            }
            Entry::Term(_) | Entry::Junk { .. } => panic!("only messages are used"),
            _ => {}
        }
    }
    let mut ids: Vec<&String> = all.iter().map(|(id, _)| id).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "a message stands twice");
    all
}

fn sources() -> [fn(Language) -> &'static str; 2] {
    [Language::display_source, Language::meaning_source]
}

#[test]
fn every_language_has_the_messages_and_places_of_english() {
    for source in sources() {
        let english: BTreeMap<String, Flat> = messages(source(Language::English)).into_iter().collect();
        for language in Language::ALL {
            let own: BTreeMap<String, Flat> = messages(source(*language)).into_iter().collect();
            for (id, flat) in &own {
                let model = english.get(id).unwrap_or_else(|| panic!("{language}: {id} is not in English"));
                assert_eq!(flat.places, model.places, "{language}: {id}");
                assert!(
                    flat.forms.iter().all(|(_, text)| !text.trim().is_empty()),
                    "{language}: {id} is empty"
                );
            }
            if language.is_complete() {
                let missing: Vec<_> = english.keys().filter(|id| !own.contains_key(*id)).collect();
                assert!(missing.is_empty(), "{language}: {missing:?}");
            }
        }
    }
}

#[test]
fn nothing_is_left_in_english() {
    let latin_letters = |text: &str| {
        let plain: String = text
            .split('{')
            .flat_map(|part| part.split_once('}').map_or(part, |(_, rest)| rest).chars())
            .collect();
        plain.chars().filter(char::is_ascii_lowercase).count()
    };
    for source in sources() {
        let english: BTreeMap<String, Flat> = messages(source(Language::English)).into_iter().collect();
        for language in Language::ALL.iter().filter(|language| **language != Language::English) {
            for (id, flat) in messages(source(*language)) {
                let same = english.get(&id).is_some_and(|model| model.forms == flat.forms);
                let small = flat.forms.iter().map(|(_, text)| latin_letters(text)).max().unwrap_or(0);
                // Forms without words and abbreviations (PDF, ESR, aPTT) are the same everywhere.
                assert!(!same || small <= 1, "{language}: {id} is as in English");
                // HbA1c, WebP, anti-TPO have few small letters.
                let own_script = *language == Language::Hindi && !id.starts_with("numbers-");
                assert!(!own_script || small <= 6, "{language}: {id} is in Latin letters");
            }
        }
    }
}

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
