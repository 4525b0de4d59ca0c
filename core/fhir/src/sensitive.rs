//! Kinds of record that stay out of a share until the patient ticks them: HIV, mental health, sexual and
//! reproductive health, substance use. Told by security labels, codes and words; better one too many than one too few.

use std::sync::LazyLock;

use crate::label::system_name;
use crate::tree::Node;

/// A set of sensitive kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sensitivity(u32);

impl Sensitivity {
    /// None.
    pub const NONE: Sensitivity = Sensitivity(0);
    /// HIV infection, its tests and medicines.
    pub const HIV: Sensitivity = Sensitivity(1);
    /// Mental health.
    pub const MENTAL: Sensitivity = Sensitivity(2);
    /// Sexual and reproductive health.
    pub const SEXUAL: Sensitivity = Sensitivity(4);
    /// Use of alcohol and other drugs.
    pub const SUBSTANCE: Sensitivity = Sensitivity(8);
    /// All kinds known here.
    pub const ALL: Sensitivity = Sensitivity(15);

    const NAMES: [(&'static str, Sensitivity); 4] = [
        ("hiv", Sensitivity::HIV),
        ("mental", Sensitivity::MENTAL),
        ("sexual", Sensitivity::SEXUAL),
        ("substance", Sensitivity::SUBSTANCE),
    ];

    /// The bits as kept in a record's header.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// From stored bits; bits that this version does not know stay set, so that nothing loses its protection.
    pub fn from_bits(bits: u32) -> Sensitivity {
        Sensitivity(bits)
    }

    /// True when every kind of `other` is in this set.
    pub fn contains(self, other: Sensitivity) -> bool {
        self.0 & other.0 == other.0
    }

    /// True when no kind is set.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kind of a stable word: `hiv`, `mental`, `sexual`, `substance`.
    pub fn from_name(name: &str) -> Option<Sensitivity> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// The stable words of the kinds in the set.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(_, kind)| self.contains(*kind)).map(|(name, _)| name)
    }
}

impl std::ops::BitOr for Sensitivity {
    type Output = Sensitivity;

    fn bitor(self, other: Sensitivity) -> Sensitivity {
        Sensitivity(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for Sensitivity {
    fn bitor_assign(&mut self, other: Sensitivity) {
        self.0 |= other.0;
    }
}

struct Rules {
    kind: Sensitivity,
    security: Vec<String>,
    icd10: Vec<String>,
    snomed: Vec<String>,
    loinc: Vec<String>,
    words: Vec<String>,
    title_words: Vec<String>,
}

static RULES: LazyLock<Vec<Rules>> = LazyLock::new(|| {
    let table = Node::parse(include_str!("../data/sensitive.json"));
    let list =
        |node: &Node<'_>| node.items().filter_map(Node::text).map(std::borrow::Cow::into_owned).collect();
    Sensitivity::NAMES
        .iter()
        .map(|(name, kind)| {
            let of = table.at(name);
            Rules {
                kind: *kind,
                security: list(of.at("security")),
                icd10: list(of.at("icd10")),
                snomed: list(of.at("snomed")),
                loinc: list(of.at("loinc")),
                words: list(of.at("words")),
                title_words: list(of.at("titleWords")),
            }
        })
        .collect()
});

/// The sensitive kinds of a record. `codes` are all codes in it, `text` its search text.
pub(crate) fn of(node: &Node<'_>, codes: &[(String, String)], title: &str, text: &str) -> Sensitivity {
    let labels: Vec<_> =
        node.at("meta").at("security").items().filter_map(|label| label.str("code")).collect();
    let (title, text) = (title.to_lowercase(), text.to_lowercase());
    let mut found = Sensitivity::NONE;
    for rules in RULES.iter() {
        let labelled = labels.iter().any(|label| rules.security.iter().any(|code| code == label));
        let coded = codes.iter().any(|(system, code)| match system_name(system) {
            Some("SNOMED CT") => rules.snomed.contains(code),
            Some("LOINC") => rules.loinc.contains(code),
            Some("ICD-10") => is_icd(&rules.icd10, code),
            // An ICD code is known by its shape where the system is not named.
            None => system.to_lowercase().contains("icd") && is_icd(&rules.icd10, code),
            Some(_) => false,
        });
        if labelled || coded || spoken(&text, &rules.words) || spoken(&title, &rules.title_words) {
            found |= rules.kind;
        }
    }
    found
}

fn is_icd(prefixes: &[String], code: &str) -> bool {
    let bare = |text: &str| text.replace('.', "").to_ascii_uppercase();
    let code = bare(code);
    prefixes.iter().any(|prefix| code.starts_with(&bare(prefix)))
}

/// True when a word begins somewhere in the text; short ones must be whole.
fn spoken(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| {
        text.match_indices(word.as_str()).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let after = text.get(at + word.len()..).and_then(|after| after.chars().next());
            let starts = !before.is_some_and(char::is_alphanumeric);
            starts && (word.chars().count() > 4 || !after.is_some_and(char::is_alphabetic))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(json: &str, title: &str, text: &str, code: (&str, &str)) -> String {
        let codes = [(code.0.to_owned(), code.1.to_owned())];
        of(&Node::parse(json), &codes, title, text).names().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn labels_codes_and_words() {
        let none = ("", "");
        assert_eq!(kinds(r#"{"meta":{"security":[{"code":"HIV"}]}}"#, "", "", none), "hiv");
        assert_eq!(kinds(r#"{"meta":{"security":[{"code":"R"},{"code":"V"}]}}"#, "", "", none), "");
        assert_eq!(kinds("{}", "", "", ("http://hl7.org/fhir/sid/icd-10", "F32.1")), "mental");
        assert_eq!(kinds("{}", "", "", ("http://hl7.org/fhir/sid/icd-10", "F10.2")), "substance");
        assert_eq!(kinds("{}", "", "", ("http://hl7.org/fhir/sid/icd-10", "B201")), "hiv");
        assert_eq!(kinds("{}", "", "", ("http://snomed.info/sct", "86406008")), "hiv");
        assert_eq!(kinds("{}", "", "", ("http://loinc.org", "44261-6")), "mental");
        assert_eq!(kinds("{}", "", "Rapid HIV test", none), "hiv");
        assert_eq!(kinds("{}", "", "archived", none), "");
        assert_eq!(kinds("{}", "Depression", "", none), "mental");
        assert_eq!(kinds("{}", "ECG", "ST segment depression", none), "");
        assert_eq!(kinds("{}", "Type 2 diabetes", "metformin", ("http://snomed.info/sct", "44054006")), "");
    }
}
