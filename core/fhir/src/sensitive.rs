//! Kinds of record that stay out of a share until the patient ticks them: HIV, mental health, sexual and
//! reproductive health, substance use. Told by security labels, codes and words; better one too many than one too few.

use std::collections::HashMap;
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

/// The table, turned round for quick looking up.
struct Rules {
    security: HashMap<String, Sensitivity>,
    snomed: HashMap<String, Sensitivity>,
    loinc: HashMap<String, Sensitivity>,
    icd10: Vec<(String, Sensitivity)>,
    words: Words,
    title_words: Words,
}

/// Words by their first byte: 256 lists.
type Words = Vec<Vec<(String, Sensitivity)>>;

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let table = Node::parse(include_str!("../data/sensitive.json"));
    let pairs = |key: &str| {
        let mut all = Vec::new();
        for (name, kind) in Sensitivity::NAMES {
            let list = table.at(name).at(key);
            all.extend(list.items().filter_map(Node::text).map(|text| (text.into_owned(), kind)));
        }
        all
    };
    let map = |key: &str| {
        let mut map = HashMap::new();
        for (code, kind) in pairs(key) {
            *map.entry(code).or_insert(Sensitivity::NONE) |= kind;
        }
        map
    };
    let words = |key: &str| {
        let mut words: Words = vec![Vec::new(); 256];
        for (word, kind) in pairs(key) {
            if let Some(list) = words.get_mut(usize::from(word.bytes().next().unwrap_or_default())) {
                list.push((word, kind));
            }
        }
        words
    };
    Rules {
        security: map("security"),
        snomed: map("snomed"),
        loinc: map("loinc"),
        icd10: pairs("icd10").into_iter().map(|(prefix, kind)| (bare(&prefix), kind)).collect(),
        words: words("words"),
        title_words: words("titleWords"),
    }
});

/// The sensitive kinds of a record. `codes` are all codes in it, `text` its search text.
pub(crate) fn of(node: &Node<'_>, codes: &[(String, String)], title: &str, text: &str) -> Sensitivity {
    let rules = &*RULES;
    let mut found = Sensitivity::NONE;
    let mut add = |kind: Option<&Sensitivity>| {
        if let Some(kind) = kind {
            found |= *kind;
        }
    };
    for label in node.at("meta").at("security").items().filter_map(|label| label.str("code")) {
        add(rules.security.get(&*label));
    }
    for (system, code) in codes {
        match system_name(system) {
            Some("SNOMED CT") => add(rules.snomed.get(code)),
            Some("LOINC") => add(rules.loinc.get(code)),
            Some("ICD-10") => add(Some(&icd(&rules.icd10, code))),
            None if system.to_lowercase().contains("icd") => add(Some(&icd(&rules.icd10, code))),
            _ => {}
        }
    }
    add(Some(&spoken(&text.to_lowercase(), &rules.words)));
    add(Some(&spoken(&title.to_lowercase(), &rules.title_words)));
    found
}

fn bare(code: &str) -> String {
    code.replace('.', "").to_ascii_uppercase()
}

fn icd(prefixes: &[(String, Sensitivity)], code: &str) -> Sensitivity {
    let code = bare(code);
    let matching = prefixes.iter().filter(|(prefix, _)| code.starts_with(prefix.as_str()));
    matching.fold(Sensitivity::NONE, |all, (_, kind)| all | *kind)
}

/// The kinds whose words begin somewhere in the text; short words must be whole.
fn spoken(text: &str, words: &Words) -> Sensitivity {
    let mut found = Sensitivity::NONE;
    let mut within = false;
    for (at, char) in text.char_indices() {
        let starts = !within;
        within = char.is_alphanumeric();
        if !starts || !within {
            continue;
        }
        let rest = text.get(at..).unwrap_or_default();
        for (word, kind) in
            rest.bytes().next().and_then(|first| words.get(usize::from(first))).into_iter().flatten()
        {
            if let Some(after) = rest.strip_prefix(word.as_str())
                && (word.chars().count() > 4 || !after.starts_with(char::is_alphabetic))
            {
                found |= *kind;
            }
        }
    }
    found
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
