//! Why a file or an entry did not come in, or came in with a remark: stable codes and their plain sentences
//! (`languages/<tag>/reason.ftl`).

use crate::language::{Language, Messages};

/// A whole file that cannot be read. `code` is stable; the sentence is for people.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", reason_text(.code))]
pub struct Refusal {
    /// Stable kebab-case code, e.g. `truncated`.
    pub code: &'static str,
    /// What the bytes look like when they are no FHIR: `pdf`, `ccda`, `xml`, `hl7v2`, `dicom`, `image`, `zip`, `text`,
    /// `binary`; else empty.
    pub looks_like: &'static str,
}

impl Refusal {
    pub(crate) const fn new(code: &'static str) -> Refusal {
        Refusal { code, looks_like: "" }
    }
}

static WORDS: Messages = Messages::new(Language::reason_source);

/// The plain English sentence of a reason code; the same sentence for a code this version does not know.
pub fn reason_text(code: &str) -> &'static str {
    reason_in(Language::English, code)
}

/// [`reason_text`] in a language.
pub fn reason_in(language: Language, code: &str) -> &'static str {
    match WORDS.text(language, &format!("reasons-{code}")) {
        "" => WORDS.text(language, "reasons-unknown"),
        text => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_own_sentence() {
        let mut known = std::collections::BTreeSet::new();
        let lines = Language::English.reason_source().lines().filter_map(|line| line.split_once(" = "));
        for (id, text) in lines {
            assert!(text.ends_with('.') && !id.contains('_') && known.insert(text.to_owned()), "{id}");
        }
        assert!(known.len() > 30);
        assert_eq!(reason_text("no such code"), "This could not be read.");
        assert_ne!(reason_in(Language::Hindi, "empty"), reason_text("empty"));
    }
}
