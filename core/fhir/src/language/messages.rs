//! Messages of a part of the program that is above this crate, in the same languages and by the same rules.

use std::sync::OnceLock;

use super::Language;
use super::words::Words;

/// The messages of one part of the program, such as the views or the command. Each language has one
/// [Fluent](https://projectfluent.org) source of messages named `section-key`, without terms and functions; a language
/// that lacks a message shows the English one.
///
/// ```
/// use kosha_fhir::{Language, Messages};
///
/// static WORDS: Messages = Messages::new(|language| match language {
///     Language::English => "list-empty = Nothing is here.\nlist-more = { $count } more",
///     Language::Hindi => "list-empty = यहाँ कुछ नहीं है।",
/// });
/// assert_eq!(WORDS.text(Language::Hindi, "list-empty"), "यहाँ कुछ नहीं है।");
/// assert_eq!(WORDS.say(Language::Hindi, "list-more", &[("count", "3")]), "3 more");
/// ```
pub struct Messages {
    source: fn(Language) -> &'static str,
    words: [OnceLock<Words>; Language::ALL.len()],
}

impl Messages {
    /// Messages by the source of each language. A source is read when its language is first spoken.
    pub const fn new(source: fn(Language) -> &'static str) -> Messages {
        Messages { source, words: [const { OnceLock::new() }; Language::ALL.len()] }
    }

    /// A message without places. Empty when English has none by that name.
    pub fn text(&'static self, language: Language, id: &str) -> &'static str {
        self.find(language, id, |words, section, key| words.text(section, key)).unwrap_or_default()
    }

    /// A message with its places filled; a place of which digits decide the form (`{ $n -> [one] … }`) is given them
    /// ungrouped. Empty when English has none by that name.
    pub fn say(&'static self, language: Language, id: &str, places: &[(&str, &str)]) -> String {
        self.find(language, id, |words, section, key| words.fill(section, key, places)).unwrap_or_default()
    }

    /// True when the language or English has a message by that name.
    pub fn has(&'static self, language: Language, id: &str) -> bool {
        self.find(language, id, |words, section, key| words.has(section, key).then_some(())).is_some()
    }

    fn find<T>(
        &'static self,
        language: Language,
        id: &str,
        get: impl Fn(&'static Words, &str, &str) -> Option<T>,
    ) -> Option<T> {
        let (section, key) = id.split_once('-')?;
        let of = |language: Language| {
            let place = self.words.get(language as usize)?;
            let words = place.get_or_init(|| Words::read(language.tag(), (self.source)(language)));
            get(words, section, key)
        };
        of(language).or_else(|| of(Language::English))
    }
}
