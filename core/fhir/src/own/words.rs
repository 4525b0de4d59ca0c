//! Text that somebody typed.

use super::Refused;

/// A text as it was typed, without blanks around it: not empty, no control characters, bounded.
#[derive(Clone, PartialEq, Eq)]
pub struct Words(String);

/// Most characters of a name, a reason, a dose.
const NAME: usize = 300;
/// Most characters of a note.
const NOTE: usize = 20_000;

impl Words {
    /// A short text: a name, a dose, a reason. At most 300 characters. `field` is what an error calls it.
    pub fn new(field: &'static str, text: &str) -> Result<Words, Refused> {
        let words = Self::bounded(field, text, NAME)?;
        if words.0.contains(['\n', '\r', '\t']) {
            return Err(Refused::ControlCharacter { field });
        }
        Ok(words)
    }

    /// A note: at most 20,000 characters, over several lines.
    pub fn note(text: &str) -> Result<Words, Refused> {
        Self::bounded("the note", text, NOTE)
    }

    fn bounded(field: &'static str, text: &str, most: usize) -> Result<Words, Refused> {
        let text = text.trim();
        // What shows nothing is empty too.
        if crate::label::tidy(text).is_empty() {
            return Err(Refused::Empty { field });
        }
        if text.chars().count() > most {
            return Err(Refused::TooLong { field, most });
        }
        // FHIR R4, 2.24.0.1 Primitive Types, string: no control characters but tab, line feed, carriage return.
        if text.chars().any(|char| char.is_control() && !matches!(char, '\t' | '\n' | '\r')) {
            return Err(Refused::ControlCharacter { field });
        }
        Ok(Words(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
