//! What a record is, in plain words: by its codes first, by its cleaned title where that is a common name. Shown beside
//! the words of the record, never in their place. Names and sentences are our own; the tables in `data/meaning/` say
//! which code stands for which of them.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use fluent_syntax::ast::{Entry, Pattern, PatternElement};

use crate::kind::Kind;
use crate::label::system_name;
use crate::language::Language;

/// A plain name and what it means, in one or two sentences; no advice, and nothing said of whether a value is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// `Haemoglobin`, `हीमोग्लोबिन`; of a medicine, what kind of medicine it is.
    pub name: String,
    /// `The part of red blood cells that carries oxygen.`
    pub text: String,
}

/// Most codes of one record that are looked up.
const CODES: usize = 32;
/// Longest title that is looked at, in bytes, and most ingredients that are named of one medicine.
const LONGEST: usize = 300;
const INGREDIENTS: usize = 3;

type Names = HashMap<&'static str, &'static str>;

struct Tables {
    /// Short name of a system to its codes.
    codes: HashMap<&'static str, Names>,
    /// ICD-10 chapters: first and last three-character category, key.
    chapters: Vec<(&'static str, &'static str, &'static str)>,
    /// Group of names (`result`, `problem`, `medicine`, `vaccine`, `document`) to its names.
    names: HashMap<&'static str, Names>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables { codes: HashMap::new(), chapters: Vec::new(), names: HashMap::new() };
    let sources = [
        ("LOINC", include_str!("../data/meaning/loinc.tsv")),
        ("SNOMED CT", include_str!("../data/meaning/snomed.tsv")),
        ("ICD-10", include_str!("../data/meaning/icd10.tsv")),
        ("ATC", include_str!("../data/meaning/atc.tsv")),
        ("CVX", include_str!("../data/meaning/cvx.tsv")),
    ];
    for (system, source) in sources {
        for (code, key) in source.lines().filter_map(|line| line.split_once('\t')) {
            match code.split_once('-').filter(|_| system == "ICD-10") {
                Some((first, last)) => tables.chapters.push((first, last, key)),
                None => drop(tables.codes.entry(system).or_default().insert(code, key)),
            }
        }
    }
    for line in include_str!("../data/meaning/names.tsv").lines() {
        let mut columns = line.split('\t');
        if let (Some(group), Some(name), Some(key)) = (columns.next(), columns.next(), columns.next()) {
            tables.names.entry(group).or_default().insert(name, key);
        }
    }
    tables
});

/// The meaning of a record of such a kind: by (system, code) pairs as [`crate::Extract::codes`] gives them, else by
/// its title. `None` when neither is known; of a medicine of several ingredients, all that are known.
pub fn meaning<'a>(
    language: Language,
    kind: Kind,
    codes: impl IntoIterator<Item = (&'a str, &'a str)>,
    title: &str,
) -> Option<Meaning> {
    let codes: Vec<(&str, &str)> = codes.into_iter().take(CODES).collect();
    if let Some(key) = codes.iter().find_map(|(system, code)| of_code(system, code)) {
        return put(language, &[key]);
    }
    let named = of_title(kind, title);
    if !named.is_empty() {
        return put(language, &named);
    }
    codes.iter().find_map(|(system, code)| of_chapter(system, code)).and_then(|key| put(language, &[key]))
}

/// What a problem is called in plain words, as a key: `HTN` and `Hypertension` have the same. Near ones may share it too
/// (gastric and duodenal ulcers). `None` where the title is not known, and for other kinds, of which it would be a class.
pub fn named_alike(kind: Kind, title: &str) -> Option<&'static str> {
    if kind != Kind::Problem {
        return None;
    }
    of_title(kind, title).first().copied()
}

fn put(language: Language, keys: &[&str]) -> Option<Meaning> {
    let found: Vec<&(String, String)> = keys.iter().filter_map(|key| entry(language, key)).collect();
    let join = |part: fn(&(String, String)) -> &str, between: &str| {
        found.iter().map(|entry| part(entry)).collect::<Vec<_>>().join(between)
    };
    (!found.is_empty())
        .then(|| Meaning { name: join(|(name, _)| name, " + "), text: join(|(_, text)| text, " ") })
}

type Texts = HashMap<&'static str, (String, String)>;

fn entry(language: Language, key: &str) -> Option<&'static (String, String)> {
    texts(language).get(key).or_else(|| texts(Language::English).get(key))
}

fn texts(language: Language) -> &'static Texts {
    static ALL: [OnceLock<Texts>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];
    static NONE: OnceLock<Texts> = OnceLock::new();
    ALL.get(language as usize).unwrap_or(&NONE).get_or_init(|| read(language.meaning_source()))
}

fn read(source: &'static str) -> Texts {
    let tree = fluent_syntax::parser::parse(source).unwrap_or_else(|(tree, _)| tree);
    let text = |pattern: &Pattern<&str>| {
        let texts = pattern.elements.iter().map(|element| match element {
            PatternElement::TextElement { value } => *value,
            PatternElement::Placeable { .. } => "",
        });
        texts.collect::<String>()
    };
    let messages = tree.body.into_iter().filter_map(|entry| match entry {
        Entry::Message(message) => {
            let meaning = message.attributes.iter().find(|attribute| attribute.id.name == "meaning")?;
            Some((message.id.name, (text(message.value.as_ref()?), text(&meaning.value))))
        }
        _ => None,
    });
    messages.collect()
}

/// The system's short name, also for the addresses of ICD-10 that countries use for their own editions.
fn short_name(system: &str) -> Option<&'static str> {
    system_name(system).or_else(|| system.to_ascii_lowercase().contains("icd-10").then_some("ICD-10"))
}

/// A code with a meaning of its own; of ICD-10 its three-character category, of ATC the narrowest class but the first
/// level.
fn of_code(system: &str, code: &str) -> Option<&'static str> {
    let system = short_name(system)?;
    let codes = TABLES.codes.get(system)?;
    let code = code.trim();
    match system {
        "ICD-10" => codes.get(category(code)?.as_str()).copied(),
        "ATC" => [7, 5, 4, 3].iter().find_map(|length| codes.get(code.get(..*length)?).copied()),
        "CVX" if code.len() == 1 => codes.get(format!("0{code}").as_str()).copied(),
        _ => codes.get(code).copied(),
    }
}

fn category(code: &str) -> Option<String> {
    code.get(..3).map(str::to_ascii_uppercase)
}

/// The chapter of an ICD-10 code, or the first level of ATC.
fn of_chapter(system: &str, code: &str) -> Option<&'static str> {
    match short_name(system)? {
        "ICD-10" => {
            let category = category(code.trim())?;
            let mut chapters = TABLES.chapters.iter();
            let within = chapters.find(|(first, last, _)| (*first..=*last).contains(&category.as_str()));
            within.map(|(.., key)| *key)
        }
        "ATC" => TABLES.codes.get("ATC")?.get(code.trim().get(..1)?).copied(),
        _ => None,
    }
}

fn of_title(kind: Kind, title: &str) -> Vec<&'static str> {
    if title.len() > LONGEST {
        return Vec::new();
    }
    let title = Language::standing_frames()
        .find_map(|(before, after)| title.strip_prefix(before)?.strip_suffix(after))
        .unwrap_or(title);
    let (outer, inner) = parted(title);
    let (outer, inner) = (tokens(&outer), tokens(&inner));
    let exact = |group: &str| {
        let names = TABLES.names.get(group);
        let get = |words: &[String]| names.and_then(|names| names.get(words.join(" ").as_str()).copied());
        get(&outer).or_else(|| get(&inner)).into_iter().collect::<Vec<_>>()
    };
    match kind {
        Kind::Medicine | Kind::Allergy => scanned("medicine", &outer),
        Kind::Immunization => {
            let found = scanned("vaccine", &outer);
            // Two vaccines in one name are neither of them.
            if found.len() == 1 { found } else { Vec::new() }
        }
        Kind::Result | Kind::Vital | Kind::Report => {
            [&outer, &inner].into_iter().find_map(|words| of_test(words)).into_iter().collect()
        }
        Kind::Problem => exact("problem"),
        Kind::Document => exact("document"),
        _ => Vec::new(),
    }
}

/// A title without what stands in round brackets, and that.
fn parted(title: &str) -> (String, String) {
    let (mut outer, mut inner, mut depth) = (String::new(), String::new(), 0usize);
    for char in title.chars() {
        match char {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let bracket = matches!(char, '(' | ')');
        let side = if depth > 0 { &mut inner } else { &mut outer };
        side.push(if bracket { ' ' } else { char });
    }
    (outer, inner)
}

/// Words in lower case; all else parts them.
fn tokens(text: &str) -> Vec<String> {
    let words = text.split(|char: char| !char.is_alphanumeric());
    words.filter(|word| !word.is_empty()).take(24).map(str::to_lowercase).collect()
}

/// The names of a group within a title, the longest first at each word.
fn scanned(group: &str, words: &[String]) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    let Some(names) = TABLES.names.get(group) else { return found };
    let mut at = 0;
    while at < words.len() {
        let hit = (1..=4).rev().find_map(|length| {
            let run = words.get(at..at + length)?.join(" ");
            names.get(run.as_str()).map(|key| (length, *key))
        });
        match hit {
            Some((length, key)) => {
                if !found.contains(&key) && found.len() < INGREDIENTS {
                    found.push(key);
                }
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

/// A test by its name: as it is; without the words that all tests share; without the commonest specimen.
fn of_test(words: &[String]) -> Option<&'static str> {
    const SHARED: [&str; 9] = ["in", "of", "level", "levels", "test", "value", "estimation", "by", "or"];
    const SPECIMEN: [&str; 4] = ["serum", "plasma", "blood", "whole"];
    let names = TABLES.names.get("result")?;
    let get = |words: &[&str]| names.get(words.join(" ").as_str()).copied();
    let words: Vec<&str> = words
        .iter()
        .enumerate()
        .map(|(at, word)| match word.as_str() {
            "sr" => "serum",
            "s" if at == 0 => "serum",
            word => word,
        })
        .collect();
    let bare: Vec<&str> = words.iter().copied().filter(|word| !SHARED.contains(word)).collect();
    let alone: Vec<&str> = bare.iter().copied().filter(|word| !SPECIMEN.contains(word)).collect();
    get(&words).or_else(|| get(&bare)).or_else(|| get(&alone))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOINC: &str = "http://loinc.org";

    fn name(kind: Kind, codes: &[(&str, &str)], title: &str) -> String {
        meaning(Language::English, kind, codes.iter().copied(), title).map_or("-".into(), |found| found.name)
    }

    #[test]
    fn every_key_of_the_tables_has_words() {
        let tables = &*TABLES;
        let of_maps = tables.codes.values().chain(tables.names.values()).flat_map(HashMap::values).copied();
        let keys: Vec<&str> = of_maps.chain(tables.chapters.iter().map(|(.., key)| *key)).collect();
        for key in &keys {
            for language in Language::ALL {
                let found = entry(*language, key).unwrap_or_else(|| panic!("{key}"));
                assert!(found.1.ends_with(['.', '।']), "{language} {key}");
            }
        }
        for key in texts(Language::English).keys() {
            assert!(keys.contains(key), "{key} is never shown");
        }
        assert!(tables.codes["LOINC"].len() >= 150 && tables.names["medicine"].len() >= 100);
        assert!(tables.codes["CVX"].len() >= 60 && tables.chapters.len() == 22);
    }

    #[test]
    fn no_advice_and_no_judgement() {
        for (key, (_, text)) in texts(Language::English) {
            let words = tokens(text);
            for word in ["normal", "abnormal", "consult", "must", "avoid", "recommended"] {
                assert!(!words.iter().any(|own| own == word), "{key}: {word}");
            }
        }
    }

    #[test]
    fn names_are_written_as_they_are_looked_up() {
        for (group, names) in &TABLES.names {
            for name in names.keys() {
                assert_eq!(tokens(name).join(" "), *name, "{group}");
            }
        }
    }

    #[test]
    fn codes_come_first() {
        assert_eq!(name(Kind::Result, &[(LOINC, "718-7")], "TSH"), "Haemoglobin");
        assert_eq!(
            name(Kind::Problem, &[("http://hl7.org/fhir/sid/icd-10", "E11.9")], ""),
            "Type 2 diabetes"
        );
        assert_eq!(
            name(Kind::Problem, &[("http://hl7.org/fhir/sid/icd-10-cm", "H93.1")], ""),
            "Illness of the ear"
        );
        assert_eq!(
            name(Kind::Problem, &[("http://hl7.org/fhir/sid/icd-10", "Q90")], ""),
            "Present from birth"
        );
        assert_eq!(name(Kind::Problem, &[("http://snomed.info/sct", "38341003")], ""), "High blood pressure");
        assert_eq!(
            name(Kind::Medicine, &[("http://www.whocc.no/atc", "C10AA05")], ""),
            "Cholesterol medicine (statin)"
        );
        assert_eq!(name(Kind::Medicine, &[("http://www.whocc.no/atc", "V08AB02")], ""), "Other medicine");
        assert_eq!(name(Kind::Immunization, &[("http://hl7.org/fhir/sid/cvx", "3")], ""), "MMR vaccine");
        assert_eq!(name(Kind::Result, &[("urn:local", "718-7")], "?"), "-");
        assert_eq!(name(Kind::Result, &[(LOINC, "é1")], ""), "-");
    }

    #[test]
    fn indian_spellings_are_known() {
        for (title, expected) in [
            ("Hb", "Haemoglobin"),
            ("Haemoglobin (Hb)", "Haemoglobin"),
            ("Hemoglobin in Blood", "Haemoglobin"),
            ("SGPT", "ALT (SGPT)"),
            ("SGOT (AST)", "AST (SGOT)"),
            ("Sr. Creatinine", "Creatinine"),
            ("S. Uric Acid", "Uric acid"),
            ("FBS", "Fasting blood sugar"),
            ("PPBS", "Blood sugar after a meal"),
            ("T.S.H.", "-"),
            ("TSH", "TSH"),
            ("Serum Bilirubin (Total)", "Total bilirubin"),
            ("Creatinine in Urine", "Creatinine in urine"),
            // Of which fluid is not said.
            ("Glucose", "-"),
            ("Calcium in Urine", "-"),
        ] {
            assert_eq!(name(Kind::Result, &[], title), expected, "{title}");
        }
        assert_eq!(name(Kind::Problem, &[], "Ruled out: Dengue fever"), "Dengue");
        assert_eq!(name(Kind::Problem, &[], "Essential hypertension (disorder)"), "High blood pressure");
        assert_eq!(name(Kind::Medicine, &[], "Tab. Pantoprazole 40 mg"), "Stomach acid medicine");
        assert_eq!(
            name(Kind::Medicine, &[], "Amoxicillin 500 mg + Clavulanic Acid 125 mg"),
            "Antibiotic (penicillin)"
        );
        assert_eq!(
            name(Kind::Medicine, &[], "Telmisartan 40 + Amlodipine 5"),
            "Blood pressure medicine (sartan) + Blood pressure medicine (calcium channel blocker)"
        );
        assert_eq!(name(Kind::Immunization, &[], "Pentavalent-1"), "Pentavalent vaccine");
        assert_eq!(name(Kind::Immunization, &[], "Covaxin"), "COVID-19 vaccine");
        assert_eq!(name(Kind::Immunization, &[], "BCG and OPV"), "-");
        assert_eq!(name(Kind::Visit, &[], "Dengue"), "-");
        let hindi = meaning(Language::Hindi, Kind::Result, [(LOINC, "718-7")], "").unwrap();
        assert_eq!(hindi.name, "हीमोग्लोबिन");
    }
}
