//! Every language of every part of the program: nothing is missing, nothing has other places, nothing is left in English, and
//! each message is used.

#![allow(missing_docs, unreachable_pub)]

#[path = "../../core/fhir/src/language/flat.rs"]
mod flat;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use flat::{Flat, messages};
use kosha::Language;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn list(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|item| item.path()).collect();
    all.sort();
    all
}

/// The folders of crates that have messages of their own.
fn crates() -> Vec<PathBuf> {
    let root = repository();
    let all = list(&root).into_iter().chain(list(&root.join("core")));
    all.filter(|folder| folder.join("languages/en").is_dir()).collect()
}

/// A file of messages: where it stands, and the file of the same name of each language.
struct File {
    folder: PathBuf,
    name: String,
}

impl File {
    fn all() -> Vec<File> {
        let of_crate = |folder: PathBuf| {
            let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
            let files = list(&folder.join("languages/en"));
            files.into_iter().map(move |path| File { folder: folder.clone(), name: name(path) })
        };
        crates().into_iter().flat_map(of_crate).collect()
    }

    fn read(&self, language: Language) -> BTreeMap<String, Flat> {
        let path = self.folder.join("languages").join(language.tag()).join(&self.name);
        let source =
            std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("there is no {}", self.of(language)));
        messages(Box::leak(source.into_boxed_str())).into_iter().collect()
    }

    /// What it is called in a failure.
    fn of(&self, language: Language) -> String {
        format!("{}/languages/{language}/{}", self.folder.file_name().unwrap().to_str().unwrap(), self.name)
    }
}

#[test]
fn every_language_has_the_messages_and_places_of_english() {
    let files = File::all();
    assert!(files.len() >= 6, "{}", files.len());
    for file in files {
        let english = file.read(Language::English);
        assert!(!english.is_empty());
        for language in Language::ALL {
            let (own, name) = (file.read(*language), file.of(*language));
            for (id, flat) in &own {
                let model = english.get(id).unwrap_or_else(|| panic!("{name}: {id} is not in English"));
                assert_eq!(flat.places, model.places, "{name}: {id}");
                for (form, text) in &flat.forms {
                    assert!(!text.trim().is_empty(), "{name}: {id} is empty");
                    // Unicode CLDR, Language Plural Rules.
                    let known = ["", "zero", "one", "two", "few", "many", "other"].contains(&form.as_str());
                    assert!(known || form.parse::<u32>().is_ok(), "{name}: {id} has a form {form}");
                }
            }
            if language.is_complete() {
                let missing: Vec<_> = english.keys().filter(|id| !own.contains_key(*id)).collect();
                assert!(missing.is_empty(), "{name}: {missing:?}");
            }
        }
    }
}

#[test]
fn every_folder_is_of_a_language_and_has_no_file_but_those_of_english() {
    for folder in crates() {
        let english: BTreeSet<_> = list(&folder.join("languages/en"))
            .iter()
            .map(|path| path.file_name().unwrap().to_owned())
            .collect();
        for of_language in list(&folder.join("languages")).into_iter().filter(|path| path.is_dir()) {
            let tag = of_language.file_name().unwrap().to_str().unwrap().to_owned();
            assert!(Language::ALL.iter().any(|language| language.tag() == tag), "{tag} is in no list");
            let own = list(&of_language);
            assert!(own.iter().all(|path| english.contains(path.file_name().unwrap())), "{own:?}");
        }
    }
}

/// A text without its places, without what is typed or named in it (`kosha check`), and without the command's own name.
fn said(text: &str) -> String {
    let without = |text: String, from: char, to: char| {
        let mut parts = text.split(from);
        let mut out = parts.next().unwrap_or_default().to_owned();
        parts.for_each(|part| out.push_str(part.split_once(to).map_or(part, |(_, rest)| rest)));
        out
    };
    let text = without(text.to_owned(), '{', '}');
    text.split('`').step_by(2).collect::<String>().replace("kosha", "")
}

#[test]
fn nothing_is_left_in_english() {
    for file in File::all() {
        let english = file.read(Language::English);
        for language in Language::ALL.iter().filter(|language| **language != Language::English) {
            for (id, flat) in file.read(*language) {
                let same = english.get(&id).is_some_and(|model| model.forms == flat.forms);
                let small = |text: &str| said(text).chars().filter(char::is_ascii_lowercase).count();
                let small = flat.forms.iter().map(|(_, text)| small(text)).max().unwrap_or(0);
                let name = file.of(*language);
                // Forms without words and abbreviations (PDF, ESR, aPTT) are the same everywhere.
                assert!(!same || small <= 1, "{name}: {id} is as in English");
                // HbA1c, WebP, anti-TPO have few small letters.
                let own_script = *language == Language::Hindi && !id.starts_with("numbers-");
                assert!(!own_script || small <= 6, "{name}: {id} is in Latin letters");
            }
        }
    }
}

fn sources(folder: &Path, endings: &[&str], into: &mut Vec<String>) {
    for path in list(folder) {
        if path.is_dir() {
            sources(&path, endings, into);
        } else if path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known)) {
            into.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

/// What stands between quotation marks in sources outside comments, each with what stands before it.
fn literals(sources: &[String]) -> BTreeSet<(&str, bool)> {
    let called = |before: &str| {
        let before = before.trim_end();
        ["text(", "say(", "counted("].iter().any(|call| before.ends_with(call)) || before.contains("WORDS.")
    };
    let lines =
        sources.iter().flat_map(|source| source.lines()).filter(|line| !line.trim_start().starts_with("//"));
    lines
        .flat_map(|line| {
            let mut before = "";
            line.split('"').map(move |text| (text, called(std::mem::replace(&mut before, text))))
        })
        .filter(|(text, _)| text.len() < 80)
        .collect()
}

/// An id is used where it stands as a whole, or where its section is named and its key is a code that stands somewhere. The
/// words of cards and the plain names are looked up otherwise; the tests of their crate see to them.
#[test]
fn every_id_of_the_source_is_there_and_every_message_is_used() {
    let mut everywhere = Vec::new();
    for part in ["core", "cli/src"] {
        sources(&repository().join(part), &["rs", "json"], &mut everywhere);
    }
    let codes: BTreeSet<&str> = literals(&everywhere).into_iter().map(|(text, _)| text).collect();
    let mut seen = 0;
    for folder in crates() {
        let files = File::all().into_iter().filter(|file| file.folder == folder);
        let files = files.filter(|file| !["display.ftl", "meaning.ftl"].contains(&file.name.as_str()));
        let ids: BTreeSet<String> = files.flat_map(|file| file.read(Language::English).into_keys()).collect();
        let sections: BTreeSet<&str> = ids.iter().filter_map(|id| Some(id.split_once('-')?.0)).collect();
        let mut own = Vec::new();
        sources(&folder.join("src"), &["rs"], &mut own);
        let own = literals(&own);
        let name = folder.file_name().unwrap().to_str().unwrap();
        for (literal, called) in &own {
            let key = literal.split_once('-').filter(|(section, _)| sections.contains(section));
            let is_id = key.is_some_and(|(_, key)| {
                !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            });
            // Options of the command look like ids.
            let is_id = is_id && (*called || name != "cli");
            assert!(!is_id || ids.contains(*literal), "{name}: there is no {literal}");
        }
        let own: BTreeSet<&str> = own.into_iter().map(|(text, _)| text).collect();
        for id in &ids {
            let (section, key) = id.split_once('-').unwrap_or_else(|| panic!("{name}: {id} has no section"));
            let built =
                own.contains(section) || own.iter().any(|one| one.starts_with(&format!("{section}-{{")));
            assert!(own.contains(id.as_str()) || (built && codes.contains(key)), "{name}: {id} is not used");
            seen += 1;
        }
    }
    assert!(seen > 150, "{seen}");
}
