//! The wallet's own messages: every sentence that it makes of records stands in `languages/<tag>/wallet.ftl`.

use kosha_fhir::{Language, Messages};

/// Takes the source of each language from the list of all.
macro_rules! languages {
    ($($(#[$attribute:meta])* $variant:ident $tag:literal $name:literal $state:ident;)+) => {
        fn source(language: Language) -> &'static str {
            match language {
                $(Language::$variant => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/languages/", $tag, "/wallet.ftl")),)+
            }
        }
    };
}

include!("../../fhir/languages/languages.rs");

/// All messages. An identifier is a section and a key: `trend-nothing`.
pub(crate) static WORDS: Messages = Messages::new(source);

/// The words of a stable code: `of_code(language, "medicine", "on-hold")`.
pub(crate) fn of_code(language: Language, section: &str, code: &str) -> &'static str {
    WORDS.text(language, &format!("{section}-{code}"))
}
