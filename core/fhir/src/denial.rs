//! Statements that there is none, or that nothing is known: by code, or in the words that people use for it. Of allergies,
//! problems and medicines.

use crate::label::{clean, codings};
use crate::language::Language;
use crate::table::{part, word};
use crate::tree::Node;

/// What a code or words deny.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// Anything of a known sort: key of the words `noKnown`.
    Sort(&'static str),
    /// Anything, in words of its own: `No known seasonal allergies`.
    Any(String),
    /// This: `Denies allergy to iodine`.
    To(String),
    /// It is no denial and no fact: looked for, not found. `Rule out malaria`.
    Maybe(String),
}

impl Denial {
    /// What a statement says that there is none, or that nothing is known; nothing where one thing is denied.
    pub(crate) fn statement(&self, language: Language) -> Option<String> {
        match self {
            Self::Sort(sort) => language.word("noKnown", sort).map(str::to_owned),
            Self::Any(said) => Some(said.clone()),
            Self::To(_) | Self::Maybe(_) => None,
        }
    }

    /// Whether it says that there is none at all, and not only that there is not one.
    pub(crate) fn says_none(&self) -> bool {
        match self {
            Self::Sort(sort) => !is_unknown(sort),
            Self::Any(_) => true,
            Self::To(_) | Self::Maybe(_) => false,
        }
    }

    /// Whether it says that nothing is known.
    pub(crate) fn says_nothing(&self) -> bool {
        matches!(self, Self::Sort(sort) if is_unknown(sort))
    }
}

fn is_unknown(sort: &str) -> bool {
    sort.starts_with("unknown")
}

/// Reads a record of a type that may deny. `None`: it names something, or nothing that is certainly a denial. A single
/// medicine is denied by its status and not here; a vaccine that was given may be unknown, so that only a code counts.
pub(crate) fn of(root: &Node<'_>, resource_type: &str) -> Option<Denial> {
    match resource_type {
        "AllergyIntolerance" => of_allergy(root),
        "Condition" => of_problem(root.at("code")),
        "Immunization" => by_code("noKnownMedicine", root.at("vaccineCode")),
        kind if kind.starts_with("Medication") => {
            let coded = root.at("medicationCodeableConcept");
            of_medicine(if coded.there() { coded } else { root.at("medication") })
        }
        _ => None,
    }
}

fn of_allergy(root: &Node<'_>) -> Option<Denial> {
    let code = root.any(&["code", "substance"]);
    // Whoever saw a reaction and not what made it knows of an allergy.
    let saw_one = |denial: &Denial| denial.says_nothing() && root.at("reaction").there();
    by_code("noKnownAllergy", code)
        .or_else(|| of_allergy_in_words(&said(code)?))
        .filter(|denial| !saw_one(denial))
}

fn of_problem(code: &Node<'_>) -> Option<Denial> {
    by_code("noKnownProblem", code).or_else(|| of_problem_in_words(&said(code)?))
}

fn of_medicine(code: &Node<'_>) -> Option<Denial> {
    by_code("noKnownMedicine", code).or_else(|| none_in_words("noKnownMedicine", &said(code)?))
}

fn by_code(table: &str, code: &Node<'_>) -> Option<Denial> {
    codings(concept(code)).find_map(|coding| word(table, &coding.str("code")?)).map(Denial::Sort)
}

/// R5: a `CodeableReference` holds the concept within.
fn concept<'n, 'a>(code: &'n Node<'a>) -> &'n Node<'a> {
    let code = code.first();
    if code.at("concept").there() { code.at("concept") } else { code }
}

/// The words as their source wrote them.
fn said(code: &Node<'_>) -> Option<String> {
    let concept = concept(code);
    let own = concept
        .text()
        .map(|text| text.to_string())
        .or_else(|| concept.str("text").map(|text| text.to_string()));
    let text = own.or_else(|| codings(concept).find_map(|coding| Some(coding.str("display")?.to_string())));
    text.map(|text| clean(&text)).filter(|text| !text.is_empty())
}

/// In lower case, without the full stop, and without who says it.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let lower = lower.trim_end_matches(['.', '।', ' ']);
    let by =
        |who: &str| lower.strip_prefix(who).map(str::trim_start).filter(|rest| rest.starts_with("denie"));
    part(&["denial", "who"])
        .items()
        .filter_map(Node::text)
        .find_map(|who| by(&who))
        .unwrap_or(lower)
        .to_owned()
}

/// Every word up to `to` has to be one that a denial is made of: "No NSAIDs, severe reaction" and "No known allergies
/// except penicillin" name a substance.
fn of_allergy_in_words(text: &str) -> Option<Denial> {
    let lower = plain(text);
    if let Some(sort) = word("noKnownAllergy", &lower) {
        return Some(Denial::Sort(sort));
    }
    let (said, to) = lower.split_once(" to ").map_or((lower.as_str(), None), |(said, to)| (said, Some(to)));
    let mut words = split(said);
    let begins = words.next().is_some_and(|word| is("starts", word));
    let denies = begins
        && words.all(|word| is("goes", word) || is_about_allergy(word))
        && split(said).any(is_about_allergy);
    match to {
        None if denies => Some(Denial::Any(text.to_owned())),
        None => of_substance(&lower),
        Some(_) if !denies => None,
        Some(to) if split(to).all(|word| is("goes", word)) => Some(Denial::Any(text.to_owned())),
        Some(to) if to.contains(['.', ',', ';', ':']) || split(to).any(|word| is("turns", word)) => None,
        Some(to) => Some(Denial::To(to.trim().to_owned())),
    }
}

/// `No penicillin allergy`, `पेनिसिलिन से एलर्जी नहीं`: the substance stands before the word for allergy.
fn of_substance(lower: &str) -> Option<Denial> {
    let is_one = |substance: &str| {
        !substance.contains(['.', ',', ';', ':', '(']) && !split(substance).any(|word| is("turns", word))
    };
    let hindi = part(&["denial", "ends"]).items().filter_map(Node::text).find_map(|end| {
        let rest = lower.strip_suffix(&*end)?.trim();
        Some(rest.strip_suffix("से").unwrap_or(rest).trim().to_owned())
    });
    if let Some(rest) = hindi {
        let of_none = split(&rest).all(|word| is("goes", word));
        return if of_none {
            Some(Denial::Sort("any"))
        } else {
            Some(rest).filter(|rest| is_one(rest)).map(Denial::To)
        };
    }
    // "Not" denies a word, and not the allergy: "Not severe penicillin allergy".
    let (begin, rest) = lower.split_once(' ').filter(|(begin, _)| is("starts", begin) && *begin != "not")?;
    let (substance, last) = rest.rsplit_once(' ')?;
    let is_whole = last.starts_with("allerg") && !begin.is_empty() && is_one(substance);
    is_whole.then(|| Denial::To(substance.trim().to_owned()))
}

/// `No known problems`: every word is one that such a statement is made of.
fn none_in_words(table: &str, text: &str) -> Option<Denial> {
    let lower = plain(text);
    if let Some(sort) = word(table, &lower) {
        return Some(Denial::Sort(sort));
    }
    let mut words = split(&lower);
    let denies = words.next().is_some_and(|word| is("starts", word) && word != "not");
    let is_about = |word: &str| is("things", word);
    let none = denies && split(&lower).any(is_about) && words.all(|word| is("goes", word) || is_about(word));
    none.then(|| Denial::Any(text.to_owned()))
}

/// `No history of stroke`, `Rule out malaria`; "No reflow phenomenon" and "Absence of kidney" are problems.
fn of_problem_in_words(text: &str) -> Option<Denial> {
    let none = none_in_words("noKnownProblem", text).or_else(|| {
        // Written down as a problem, and one all the same.
        of_allergy_in_words(text).filter(Denial::says_none)
    });
    if none.is_some() {
        return none;
    }
    let lower = plain(text);
    let after = |list: &str| {
        let begins = part(&["denial", list]);
        let rest = begins
            .items()
            .filter_map(Node::text)
            .find_map(|begin| lower.strip_prefix(&*begin).map(str::to_owned))?;
        let whole = !rest.contains(['.', ',', ';', ':']) && !split(&rest).any(|word| is("turns", word));
        Some(rest.trim().to_owned()).filter(|rest| whole && !rest.is_empty())
    };
    after("denied").map(Denial::To).or_else(|| after("suspects").map(Denial::Maybe))
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
            assert_eq!(of_allergy_in_words(text), any(text), "{text}");
        }
        for (text, sort) in [
            ("None", "any"),
            ("nil.", "any"),
            ("NKDA", "drug"),
            ("कोई नहीं", "any"),
            ("कोई ज्ञात एलर्जी नहीं", "any"),
        ] {
            assert_eq!(of_allergy_in_words(text), Some(Denial::Sort(sort)), "{text}");
        }
        assert_eq!(of_allergy_in_words("Denies allergy to iodine"), Some(Denial::To("iodine".into())));
        assert_eq!(of_allergy_in_words("Not allergic to bee venom"), Some(Denial::To("bee venom".into())));
        assert_eq!(of_allergy_in_words("No penicillin allergy"), Some(Denial::To("penicillin".into())));
        assert_eq!(
            of_allergy_in_words("Patient denies penicillin allergy."),
            Some(Denial::To("penicillin".into()))
        );
        assert_eq!(of_allergy_in_words("पेनिसिलिन से एलर्जी नहीं है"), Some(Denial::To("पेनिसिलिन".into())));
        assert_eq!(of_allergy_in_words("किसी भी दवा से एलर्जी नहीं"), Some(Denial::Sort("any")));
        for text in [
            "Not severe penicillin allergy",
            "No severe penicillin allergy",
            "No cross reaction",
            "No penicillin allergy, but hives",
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
            "",
        ] {
            assert_eq!(of_allergy_in_words(text), None, "{text}");
        }
        assert!(
            of_allergy_in_words("Unknown").is_some_and(|denial| denial.says_nothing() && !denial.says_none())
        );
    }

    #[test]
    fn problems_and_medicines_are_denied_too() {
        for text in ["No known problems", "No current problems or disability", "No known drug allergies"] {
            assert_eq!(of_problem_in_words(text), Some(Denial::Any(text.into())), "{text}");
        }
        assert_eq!(of_problem_in_words("None"), Some(Denial::Sort("problems")));
        for (text, not) in [
            ("No history of stroke", "stroke"),
            ("Denies asthma", "asthma"),
            ("Known absent diabetes", "diabetes"),
        ] {
            assert_eq!(of_problem_in_words(text), Some(Denial::To(not.into())), "{text}");
        }
        assert_eq!(of_problem_in_words("Rule out malaria"), Some(Denial::Maybe("malaria".into())));
        for text in [
            "No reflow phenomenon",
            "Absence of kidney",
            "Diabetes",
            "No history of stroke, but TIA",
            "Unknown primary tumour",
            "Noonan syndrome",
        ] {
            assert_eq!(of_problem_in_words(text), None, "{text}");
        }
        let medicine = |text: &str| none_in_words("noKnownMedicine", text);
        for text in ["No known medications", "No current medicines", "No regular medication"] {
            assert_eq!(medicine(text), Some(Denial::Any(text.into())), "{text}");
        }
        assert_eq!(medicine("nil"), Some(Denial::Sort("medicines")));
        for text in ["Metformin", "No-Spa 40 mg", "Nil by mouth", "Novamox"] {
            assert_eq!(medicine(text), None, "{text}");
        }
    }
}
