//! Whether two records that have a code in common name one thing.
//!
//! Sources write a code such as "drug allergy" or "laboratory report" and what is meant beside it in words. Two records of
//! one code are then two things, and to show one of them would hide the other. So a code alone is enough only where its
//! system names nothing so wide; else the names have to agree as well. Two that are one may so be listed twice; two that
//! are two are never listed once.

use kosha_fhir::{Kind, is_allergy_word, named_alike, system_name};
use kosha_vault::Code;

/// Systems of which each code names one product, substance or vaccine.
const OF_ONE_THING: [&str; 3] = ["RxNorm", "NDC", "CVX"];
/// Letters and digits of the ATC code of a substance; shorter ones name groups.
const ATC_SUBSTANCE: usize = 7;

/// Longest abbreviation, in bytes: `HTN`, `T2DM`, `COPD`.
const LONGEST_SHORT: usize = 5;

/// Words that say what sort of thing is meant, and not which; beside those of allergies and medicines.
const OF_A_SORT: [&str; 36] = [
    "disease",
    "diseases",
    "condition",
    "problem",
    "diagnosis",
    "drug",
    "drugs",
    "medications",
    "medicinal",
    "product",
    "food",
    "foods",
    "environmental",
    "of",
    "the",
    "and",
    "in",
    "unspecified",
    "other",
    "nos",
    "unknown",
    "report",
    "reports",
    "laboratory",
    "lab",
    "diagnostic",
    "test",
    "tests",
    "study",
    "imaging",
    "procedure",
    "vaccine",
    "vaccines",
    "vaccination",
    "immunization",
    "immunisation",
];

/// Whether every record of such a kind that has this code names the same.
pub(crate) fn names_one_thing(kind: Option<Kind>, code: &Code) -> bool {
    let of_one_thing = |system: &str| match system {
        "ATC" => code.code.trim().len() == ATC_SUBSTANCE,
        // A report has the code of its sort, a measured value that of what was measured.
        "LOINC" => matches!(kind, Some(Kind::Result | Kind::Vital)),
        system => OF_ONE_THING.contains(&system),
    };
    system(code).is_some_and(of_one_thing)
}

/// The short name of a code's system.
fn system(code: &Code) -> Option<&'static str> {
    match code.system.trim_end_matches('/') {
        "urn:oid:2.16.840.1.113883.12.292" => Some("CVX"),
        "urn:oid:2.16.840.1.113883.6.73" => Some("ATC"),
        system => system_name(system),
    }
}

/// A name as it is compared with others of the same code.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Naming {
    words: Vec<String>,
    /// Its plain name, as a key.
    common: Option<&'static str>,
}

impl Naming {
    /// Of a name as its source wrote it.
    pub(crate) fn of(kind: Option<Kind>, name: &str) -> Self {
        let mut words = words(name);
        words.retain(|word| !is_allergy_word(word) && !OF_A_SORT.contains(&word.as_str()));
        Self { words, common: kind.and_then(|kind| named_alike(kind, name)) }
    }

    /// Whether one name says what the other does, or a part of it.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        let (fewer, more) = if self.words.len() <= other.words.len() { (self, other) } else { (other, self) };
        let is_part = !fewer.words.is_empty() && fewer.words.iter().all(|word| more.words.contains(word));
        // Words in full may be of near things that have one plain name.
        let is_short = self.is_short() || other.is_short();
        is_part || (is_short && self.common.is_some() && self.common == other.common)
    }

    fn is_short(&self) -> bool {
        matches!(self.words.as_slice(), [only] if only.len() <= LONGEST_SHORT)
    }
}

/// Whether one of two second lines says what the other does, or a part of it, or nothing.
pub(crate) fn lines_agree(one: &str, other: &str) -> bool {
    if one.is_empty() || other.is_empty() || one == other {
        return true;
    }
    let (one, other) = (words(one), words(other));
    let (fewer, more) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    fewer.iter().all(|word| more.contains(word))
}

/// Words in lower case; numbers whole, with their signs.
fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let is_part = |char: char| char.is_alphanumeric() || is_mark(char) || "<>≤≥+".contains(char);
    let parts = lower.split(|char: char| !is_part(char) && !matches!(char, '.' | ',' | '/' | '-'));
    // A sign within a number belongs to it; at the end of a word it does not.
    let words = parts.flat_map(|part| {
        let number = part.chars().any(|char| char.is_ascii_digit());
        let whole = part.trim_matches(['.', ',', '/', '-']);
        if number { vec![whole] } else { whole.split(['.', ',', '/', '-']).collect() }
    });
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Vowel signs and joiners of Indian scripts, which belong to their words, and accents.
pub(crate) fn is_mark(char: char) -> bool {
    matches!(char, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{200c}' | '\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_wide_code_are_told_apart() {
        let agree = |kind, one, other| {
            Naming::of(Some(kind), one).agrees(&Naming::of(Some(kind), other))
                && Naming::of(Some(kind), other).agrees(&Naming::of(Some(kind), one))
        };
        for (one, other) in [("Penicillin", "Allergy to penicillin"), ("Penicillin V", "penicillin")] {
            assert!(agree(Kind::Allergy, one, other), "{one}: {other}");
        }
        assert!(agree(Kind::Problem, "Hypertension", "HTN"), "an abbreviation");
        assert!(!agree(Kind::Problem, "Hepatitis B", "Hepatitis C"), "one plain name");
        for (one, other) in [("Penicillin", "Sulfa"), ("Drug allergy", "Allergy to drug"), ("", "Penicillin")]
        {
            assert!(!agree(Kind::Allergy, one, other), "{one}: {other}");
        }
        assert!(!agree(Kind::Problem, "Diabetes mellitus type 1", "Diabetes mellitus type 2"));
        assert!(!agree(Kind::Problem, "Cataract, left eye", "Cataract, right eye"));
        assert!(!agree(Kind::Report, "Liver biopsy", "Complete blood count"));
    }

    #[test]
    fn lines_that_say_another_thing_do_not_agree() {
        for (one, other) in
            [("", "Left foot"), ("Dose 2", "Dose 2 · lot X12"), ("500 mg/5 mL", "500 mg/5 mL")]
        {
            assert!(lines_agree(one, other), "{one}: {other}");
        }
        for (one, other) in [
            ("Left foot", "Right foot"),
            ("Benign", "Invasive carcinoma"),
            ("2.5 mg", "25 mg"),
            ("1/2 tablet", "12 tablet"),
            ("<1:40", ">1:40"),
        ] {
            assert!(!lines_agree(one, other), "{one}: {other}");
        }
    }

    #[test]
    fn a_code_alone_is_enough_where_it_names_one_thing() {
        let code = |system: &str, code: &str| Code { system: system.into(), code: code.into() };
        let one = |kind, system, number| names_one_thing(Some(kind), &code(system, number));
        assert!(one(Kind::Medicine, "http://www.whocc.no/atc", "N02BE01"));
        assert!(!one(Kind::Medicine, "http://www.whocc.no/atc", "N02B"));
        assert!(one(Kind::Result, "http://loinc.org", "718-7"));
        assert!(!one(Kind::Report, "http://loinc.org", "11502-2"));
        assert!(!one(Kind::Allergy, "http://snomed.info/sct", "416098002"));
    }
}
