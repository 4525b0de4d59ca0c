//! The languages in which records are shown. Every word and sentence stands in `languages/<tag>/display.ftl`
//! ([Fluent](https://projectfluent.org)); word order, plural forms and grouping of digits are the language's own.

mod messages;
mod number;
mod words;

use std::sync::OnceLock;

pub use messages::Messages;
use words::Words;

use crate::date::{Precision, day_month_of, day_text_of};
use crate::kind::Kind;
use crate::quantity::with_unit;

/// Declares the languages. A new one is a folder under `languages/` and one line here: name of the variant, tag
/// (BCP 47), its name in its own script, and whether every message is there (`complete`, else `partial`).
macro_rules! languages {
    ($($(#[$attribute:meta])* $variant:ident $tag:literal $name:literal $state:ident;)+) => {
        /// A language that records are shown in.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Language {
            $($(#[$attribute])* #[doc = concat!($name, " (`", $tag, "`)")] $variant,)+
        }

        impl Language {
            /// Every language, English first.
            pub const ALL: &'static [Language] = &[$(Language::$variant),+];

            /// The tag: `en`, `hi`.
            pub const fn tag(self) -> &'static str {
                match self { $(Language::$variant => $tag,)+ }
            }

            /// The language's own name in its own script.
            pub const fn name(self) -> &'static str {
                match self { $(Language::$variant => $name,)+ }
            }

            /// True when every message is translated. One that is not shows English where it has none.
            pub const fn is_complete(self) -> bool {
                match self { $(Language::$variant => languages!(@ $state),)+ }
            }

            pub(crate) fn display_source(self) -> &'static str {
                match self { $(Language::$variant => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/languages/", $tag, "/display.ftl")),)+ }
            }

            pub(crate) fn meaning_source(self) -> &'static str {
                match self { $(Language::$variant => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/languages/", $tag, "/meaning.ftl")),)+ }
            }

            pub(crate) fn reason_source(self) -> &'static str {
                match self { $(Language::$variant => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/languages/", $tag, "/reason.ftl")),)+ }
            }

            pub(crate) fn schedule_source(self) -> &'static str {
                match self { $(Language::$variant => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/languages/", $tag, "/schedule.ftl")),)+ }
            }
        }
    };
    (@ complete) => { true };
    (@ partial) => { false };
}

include!("../../languages/languages.rs");

/// A tag that names none of [`Language::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a language that records can be shown in")]
pub struct UnknownLanguage;

impl std::str::FromStr for Language {
    type Err = UnknownLanguage;

    /// Reads `hi`, `hi-IN`, `HI_in`: only the language itself counts (BCP 47, 2.2.1).
    fn from_str(tag: &str) -> Result<Language, UnknownLanguage> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let found = Language::ALL.iter().find(|language| language.tag().eq_ignore_ascii_case(primary));
        found.copied().ok_or(UnknownLanguage)
    }
}

impl std::fmt::Display for Language {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.tag())
    }
}

impl Language {
    fn words(self) -> &'static Words {
        static ALL: [OnceLock<Words>; Language::ALL.len()] = [const { OnceLock::new() }; Language::ALL.len()];
        static NONE: OnceLock<Words> = OnceLock::new();
        let place = ALL.get(self as usize).unwrap_or(&NONE);
        place.get_or_init(|| Words::read(self.tag(), self.display_source()))
    }

    /// What a kind of record is called in a list: `Vaccination`, `टीका`.
    pub fn kind(self, kind: Kind) -> &'static str {
        self.word("kinds", kind.as_str()).unwrap_or_default()
    }

    /// What a resource type is called when nothing better is known; `None` for a type without rules.
    pub fn noun(self, resource_type: &str) -> Option<&'static str> {
        self.word("nouns", resource_type)
    }

    /// The words of a flag by [`crate::Flag::code`].
    pub fn flag(self, code: &str) -> Option<&'static str> {
        self.word("flags", code)
    }

    /// `3 results`, `1 दवा`: how many records of a kind.
    pub fn counted(self, kind: Kind, count: usize) -> String {
        let n = count.to_string();
        let noun = self.say("counts", kind.as_str(), &[("n", &n)]);
        self.phrase("contains", &[("n", &self.count(count as u64)), ("kind", &noun)])
    }

    /// `2 series, 200 images`: what an imaging study holds.
    pub fn pictures(self, series: usize, images: usize) -> String {
        self.phrase("images", &[("series", &series.to_string()), ("images", &images.to_string())])
    }

    /// A count with its digits grouped as the language does from five digits on: `1,50,000`.
    pub fn count(self, count: u64) -> String {
        number::grouped(&count.to_string(), self.word("numbers", "grouping").unwrap_or_default())
    }

    /// A date in the language's form, only as exact as it is: `2024`, `मार्च 2024`, `5 मार्च 2024`. `offset_minutes` is
    /// that of [`crate::When`]; the clock is left out.
    pub fn date(self, ms: i64, precision: Precision, offset_minutes: Option<i32>) -> String {
        day_text_of(self, ms, precision, offset_minutes)
    }

    /// Day and month of an instant, in UTC: `5 Mar`.
    pub fn day_month(self, ms: i64) -> String {
        day_month_of(self, ms)
    }

    /// A range of which one end may be open: `12 - 16 g/dL`, `up to 5.7 %`, `40 or more`. `None` without an end.
    pub fn range(self, low: &str, high: &str, unit: &str) -> Option<String> {
        match (low.is_empty(), high.is_empty()) {
            (false, false) => Some(with_unit(&self.phrase("range", &[("low", low), ("high", high)]), unit)),
            (true, false) => Some(self.phrase("upTo", &[("high", &with_unit(high, unit))])),
            (false, true) => Some(self.phrase("orMore", &[("low", &with_unit(low, unit))])),
            (true, true) => None,
        }
    }

    /// Where a message is taken from that this language has not.
    fn fallback(self) -> Option<Language> {
        (self != Language::English).then_some(Language::English)
    }

    /// A message without places, by section and key; English where the language has none.
    pub(crate) fn word(self, section: &str, key: &str) -> Option<&'static str> {
        self.words().text(section, key).or_else(|| self.fallback()?.words().text(section, key))
    }

    /// The name of a code in a set: a short system name, or a field.
    pub(crate) fn label(self, set: &str, key: &str) -> Option<&'static str> {
        // "SNOMED CT": an identifier has no spaces.
        let set = set.split(' ').next().unwrap_or_default();
        self.words().label(set, key).or_else(|| self.fallback()?.words().label(set, key))
    }

    /// A message with its places filled; empty for one that no language has, which the tests rule out.
    pub(crate) fn say(self, section: &str, key: &str, places: &[(&str, &str)]) -> String {
        let fill = |language: Language| language.words().fill(section, key, places);
        fill(self).or_else(|| fill(self.fallback()?)).unwrap_or_default()
    }

    /// True when a section has such a message.
    pub(crate) fn has(self, section: &str, key: &str) -> bool {
        let has = |language: Language| language.words().has(section, key);
        has(self) || self.fallback().is_some_and(has)
    }

    /// A message of the section `phrases`.
    pub(crate) fn phrase(self, key: &str, places: &[(&str, &str)]) -> String {
        self.say("phrases", key, places)
    }

    /// A sentence of which parts may be absent, in the language's own order. `None` when all are.
    pub(crate) fn sentence(self, key: &str, parts: &[(&str, Option<&str>)]) -> Option<String> {
        let put = |language: Language| language.words().sentence(key, parts);
        put(self).or_else(|| put(self.fallback()?)).filter(|text| !text.is_empty())
    }

    /// What stands before and after the title of a record that is no fact, in every frame of every language.
    pub(crate) fn standing_frames() -> impl Iterator<Item = (&'static str, &'static str)> {
        Language::ALL.iter().flat_map(|language| language.words().frames("standing"))
    }
}

#[cfg(test)]
mod flat;
#[cfg(test)]
mod tests;
