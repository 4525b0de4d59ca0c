//! What the command says to people: every word and sentence stands in
//! `languages/<tag>/records.ftl`, `vault.ftl` and `failures.ftl` ([Fluent](https://projectfluent.org)). JSON keeps its English keys and codes.

use std::sync::OnceLock;

use kosha::{Language, Messages};

/// Takes the sources of each language from the list of all.
macro_rules! languages {
    ($($(#[$attribute:meta])* $variant:ident $tag:literal $name:literal $state:ident;)+) => {
        fn records(language: Language) -> &'static str {
            match language {
                $(Language::$variant => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/languages/", $tag, "/records.ftl")),)+
            }
        }

        fn vault(language: Language) -> &'static str {
            match language {
                $(Language::$variant => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/languages/", $tag, "/vault.ftl")),)+
            }
        }

        fn failures(language: Language) -> &'static str {
            match language {
                $(Language::$variant => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/languages/", $tag, "/failures.ftl")),)+
            }
        }
    };
}

include!("../../core/fhir/languages/languages.rs");

/// What the commands say that list and show records.
static RECORDS: Messages = Messages::new(records);
/// What all others say: the vault, persons, sharing, keeping safe.
static VAULT: Messages = Messages::new(vault);
/// What went wrong, and what to do next.
static FAILURES: Messages = Messages::new(failures);
static LANGUAGE: OnceLock<Language> = OnceLock::new();

/// Sets the language of this run, once, before anything is said.
pub(crate) fn speak(language: Language) {
    LANGUAGE.get_or_init(|| language);
}

/// The language of this run.
pub(crate) fn language() -> Language {
    LANGUAGE.get().copied().unwrap_or_default()
}

/// Where a message stands.
fn of(id: &str) -> &'static Messages {
    let all = [&RECORDS, &VAULT];
    all.into_iter().find(|messages| messages.has(Language::English, id)).unwrap_or(&FAILURES)
}

/// A message without places: `text("list-empty")`.
pub(crate) fn text(id: &str) -> &'static str {
    of(id).text(language(), id)
}

/// A message with its places filled: `say("list-more", &[("count", "3")])`.
pub(crate) fn say(id: &str, places: &[(&str, &str)]) -> String {
    of(id).say(language(), id, places)
}

/// The same, of places that are made for it.
pub(crate) fn say_all(id: &str, places: &[(&str, String)]) -> String {
    let places: Vec<(&str, &str)> = places.iter().map(|(name, text)| (*name, text.as_str())).collect();
    say(id, &places)
}

/// Whether there is such a message.
pub(crate) fn has(id: &str) -> bool {
    of(id).has(Language::English, id)
}

/// A message that may be missing: `code` of a section.
pub(crate) fn find(section: &str, code: &str) -> Option<&'static str> {
    let id = format!("{section}-{code}");
    Some(text(&id)).filter(|text| !text.is_empty())
}

/// A message with a number, which may choose its form: `counted("list-more", 3)`.
pub(crate) fn counted(id: &str, count: usize) -> String {
    say(id, &[("count", &count.to_string())])
}

/// A kind as it is listed: the word of JSON in English, words elsewhere.
pub(crate) fn kind(code: &'static str, in_words: &'static str) -> &'static str {
    if language() == Language::English { code } else { in_words }
}

/// A day in the language's form, as exactly as it is said: `2024`, `2024-03`, `2024-03-05` with or without a time.
pub(crate) fn day(date: &str) -> String {
    let day = date.get(..10).unwrap_or(date);
    if language() == Language::English {
        return day.to_owned();
    }
    let mut parts = day.split('-');
    let (year, month, number) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let month = month.and_then(|month| find("month", month.trim_start_matches('0')));
    match (month, number) {
        (Some(month), Some(number)) => {
            let number = number.trim_start_matches('0');
            say("dates-day", &[("day", number), ("month", month), ("year", year)])
        }
        (Some(month), None) => say("dates-month", &[("month", month), ("year", year)]),
        _ => day.to_owned(),
    }
}

/// [`day`], or that there is none.
pub(crate) fn day_or_none(date: Option<&str>) -> String {
    date.map_or_else(|| text("dates-none").to_owned(), day)
}

/// Cells that a day takes.
pub(crate) fn day_width() -> usize {
    if language() == Language::English { 10 } else { 16 }
}
