//! The plain sentences of reason codes in an import report: the wallet's own, else those of the readers.

use kosha_fhir::Language;

use crate::words::{WORDS, of_code};

/// The sentence for why it is asked whose records a file holds.
pub(crate) fn question(language: Language, code: &str) -> &'static str {
    of_code(language, "questions", code)
}

/// The sentence of `code`.
pub(crate) fn text(language: Language, code: &str) -> &'static str {
    let own = format!("reasons-{code}");
    if WORDS.has(language, &own) {
        return WORDS.text(language, &own);
    }
    match kosha_legacy::reason_in(language, code) {
        "" => kosha_fhir::reason_in(language, code),
        text => text,
    }
}
