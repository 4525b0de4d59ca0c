//! Statements of an allergy that there is none: by code, or in the words that people use for it.

use crate::label::{codings, label};
use crate::language::Language;
use crate::table::{part, word};
use crate::tree::Node;

/// What an allergy's code or words deny.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// A known sort of allergy, or any: key of the words `noKnown`.
    Sort(&'static str),
    /// Allergies, in words of its own: `No known seasonal allergies`.
    Any(String),
    /// An allergy to this: `Denies allergy to iodine`.
    To(String),
}

impl Denial {
    /// Whether it says that there is no allergy, and not only that there is none to one substance.
    pub(crate) fn says_none(&self) -> bool {
        !matches!(self, Self::To(_))
    }
}

/// Reads the code of an `AllergyIntolerance`. `None`: it names a substance, or nothing that is certainly a denial.
pub(crate) fn of(code: &Node<'_>) -> Option<Denial> {
    codings(code.first())
        .find_map(|coding| word("noKnownAllergy", &coding.str("code")?))
        .map(Denial::Sort)
        .or_else(|| in_words(&label(Language::English, code, "medication", "")?))
}

/// Every word up to `to` has to be one that a denial is made of: "No NSAIDs, severe reaction" and "No known allergies
/// except penicillin" name a substance.
fn in_words(text: &str) -> Option<Denial> {
    let lower = text.to_lowercase();
    let lower = lower.strip_suffix('.').unwrap_or(&lower);
    if let Some(sort) = word("noKnownAllergy", lower) {
        return Some(Denial::Sort(sort));
    }
    let (said, to) = lower.split_once(" to ").map_or((lower, None), |(said, to)| (said, Some(to)));
    let mut words = split(said);
    let denies = words.next().is_some_and(|word| is("starts", word))
        && words.all(|word| is("goes", word) || is_about_allergy(word))
        && split(said).any(is_about_allergy);
    match to {
        _ if !denies => None,
        None => Some(Denial::Any(text.to_owned())),
        Some(to) if split(to).all(|word| is("goes", word)) => Some(Denial::Any(text.to_owned())),
        Some(to) if to.contains(['.', ',', ';', ':']) || split(to).any(|word| is("turns", word)) => None,
        Some(to) => Some(Denial::To(to.trim().to_owned())),
    }
}

fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '/', ',', '(', ')']).filter(|word| !word.is_empty())
}

fn is(list: &str, word: &str) -> bool {
    part(&["denial", list]).items().any(|known| matches!(known, Node::Text(known) if known.is(word)))
}

/// By the stem of a word.
fn is_about_allergy(word: &str) -> bool {
    part(&["denial", "about"]).items().filter_map(Node::text).any(|stem| word.starts_with(&*stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certainly_a_denial_is_one() {
        let any = |text: &str| Some(Denial::Any(text.to_owned()));
        for text in [
            "No known allergies",
            "No Known Allergies (NKA)",
            "no known drug/food allergies.",
            "Denies any history of drug allergy",
            "Not allergic to any medicines",
            "No known seasonal allergies",
            "No adverse reactions on file",
        ] {
            assert_eq!(in_words(text), any(text), "{text}");
        }
        for (text, sort) in [("None", "any"), ("nil.", "any"), ("NKDA", "drug"), ("कोई नहीं", "any")]
        {
            assert_eq!(in_words(text), Some(Denial::Sort(sort)), "{text}");
        }
        assert_eq!(in_words("Denies allergy to iodine"), Some(Denial::To("iodine".into())));
        assert_eq!(in_words("Not allergic to bee venom"), Some(Denial::To("bee venom".into())));
        for text in [
            "Penicillin",
            "No NSAIDs, severe reaction",
            "No known allergies except penicillin",
            "No known allergies, penicillin",
            "No known allergies to medicines except sulfa",
            "No allergy to eggs but to milk",
            "No allergy to eggs. Allergic to milk",
            "Not tolerated: codeine (reaction)",
            "Nonoxinol",
            "Known allergies",
            "unknown",
            "",
        ] {
            assert_eq!(in_words(text), None, "{text}");
        }
    }
}
