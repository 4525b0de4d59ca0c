//! The blood group, as each record says it, and whether records differ.

use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::Kind;
use kosha_vault::Entry;
use rustc_hash::FxHashMap;

use super::{CardFact, facts::bounded, is_fact};
use crate::spoken::source_of;
use crate::words::WORDS;
use crate::{Error, Session, date};

/// Kinds that may state one.
const KINDS: [u16; 2] = [Kind::Result.as_u16(), Kind::Vital.as_u16()];
/// Codes (LOINC, SNOMED CT) and words of titles of a blood group.
const CODES: [&str; 6] = ["882-1", "883-9", "10331-7", "34530-6", "365637002", "112143006"];
const NAMES: [&str; 8] =
    ["blood group", "blood grouping", "blood type", "bloodgroup", "abo", "rh", "ब्लड ग्रुप", "रक्त समूह"];
/// Words that may stand beside those. Any other may say that it is somebody else's: a husband's, a donor's, a baby's.
const BESIDE: [&str; 24] = [
    "and",
    "with",
    "or",
    "the",
    "of",
    "my",
    "own",
    "patient",
    "patient's",
    "rh",
    "rhd",
    "d",
    "rhesus",
    "factor",
    "typing",
    "type",
    "test",
    "result",
    "group",
    "blood",
    "in",
    "aborh",
    "panel",
    "system",
];
/// Words of titles by which it is another one's, whatever the code.
const OTHERS: [&str; 22] = [
    "husband", "wife", "spouse", "partner", "father", "mother", "maternal", "paternal", "baby", "infant",
    "newborn", "neonatal", "fetal", "foetal", "fetus", "cord", "child", "son", "daughter", "donor", "unit",
    "bag",
];

/// A blood group as far as it is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Group {
    /// `A`, `B`, `AB`, `O`.
    abo: Option<&'static str>,
    rh_positive: Option<bool>,
}

impl Group {
    /// Reads `O negative`, `AB +ve`, `B Rh(D) Positive`, `A1B+`, `Positive`; what is not certain stays open.
    fn read(text: &str) -> Self {
        let upper = text.to_uppercase();
        let is_letter = |char: char| char.is_ascii_alphanumeric();
        let words = || upper.split(|char: char| !is_letter(char)).filter(|word| !word.is_empty());
        let abo = words().find_map(|word| match word {
            "A" | "A1" | "A2" => Some("A"),
            "B" => Some("B"),
            "AB" | "A1B" | "A2B" => Some("AB"),
            "O" => Some("O"),
            _ => None,
        });
        let says = |stems: &[&str]| words().any(|word| stems.iter().any(|stem| word.starts_with(stem)));
        let negative = says(&["NEG"]) || upper.contains(['-', '−', '–']);
        let positive = says(&["POS"]) || upper.contains('+');
        // A dash may also part two words.
        let rh_positive = match (positive, negative) {
            (true, false) => Some(true),
            (true, true) if says(&["POS"]) && !says(&["NEG"]) => Some(true),
            (false, true) if says(&["NEG"]) || ends_in_sign(&upper) => Some(false),
            _ => None,
        };
        Self { abo, rh_positive }
    }

    fn contradicts(self, other: Self) -> bool {
        let differ =
            |one: Option<&str>, two: Option<&str>| matches!((one, two), (Some(one), Some(two)) if one != two);
        let rh = matches!((self.rh_positive, other.rh_positive), (Some(one), Some(two)) if one != two);
        differ(self.abo, other.abo) || rh
    }
}

/// `O-`, `AB-VE`: the sign belongs to the group.
fn ends_in_sign(upper: &str) -> bool {
    let bare = upper.trim_end_matches(['V', 'E', ' ', ')', '.']);
    bare.ends_with(['-', '−', '–'])
}

impl Session {
    /// What the records say of the blood group; several where they differ, and then each says so.
    pub(super) fn blood_groups(
        &self,
        person: PersonId,
        left_out: &mut usize,
    ) -> Result<Vec<CardFact>, Error> {
        let (_, mut facts): (Vec<RecordId>, Vec<CardFact>) = self.groups_said(person)?.into_iter().unzip();
        let groups: Vec<Group> = facts.iter().map(|fact| Group::read(&fact.text)).collect();
        let differ = |one: &Group| groups.iter().any(|other| one.contradicts(*other));
        for (fact, _) in facts.iter_mut().zip(&groups).filter(|(_, group)| differ(group)) {
            fact.notes.push(WORDS.text(self.language(), "card-bloodGroupsDiffer").to_owned());
        }
        Ok(bounded(facts, left_out))
    }

    /// What other records of the same person say, where a record states another blood group.
    pub(crate) fn other_blood_groups(&self, record: RecordId) -> Result<Vec<CardFact>, Error> {
        let entry = self.vault().index().get(record);
        // Most of what is written down is none, and then no others are looked at.
        let Some(entry) = entry.filter(|entry| is_coded(*entry) || is_named(entry.title())) else {
            return Ok(Vec::new());
        };
        let said = self.groups_said(entry.person())?;
        let Some((_, stated)) = said.iter().find(|(id, _)| *id == record) else { return Ok(Vec::new()) };
        let group = Group::read(&stated.text);
        let others = said.iter().filter(|(_, fact)| group.contradicts(Group::read(&fact.text)));
        Ok(bounded(others.map(|(_, fact)| fact.clone()).collect(), &mut 0))
    }

    /// Every record of a person that states a blood group, with what it says.
    fn groups_said(&self, person: PersonId) -> Result<Vec<(RecordId, CardFact)>, Error> {
        let mut facts = Vec::new();
        let circle = self.circle()?;
        let person = circle.one(person);
        let is_theirs =
            |entry: &Entry<'_>| is_fact(*entry) && !entry.tombstone() && circle.one(entry.person()) == person;
        // Thousands of results have a few hundred sets of codes and names.
        let (mut coded, mut named): (FxHashMap<(u32, u32), bool>, FxHashMap<u32, bool>) = Default::default();
        for entry in self.vault().index().of_kinds(&KINDS).filter(is_theirs) {
            if !*coded.entry((entry.code_set(), entry.title_number())).or_insert_with(|| is_coded(entry))
                && !*named.entry(entry.title_number()).or_insert_with(|| is_named(entry.title()))
            {
                continue;
            }
            if let Some(text) = said(&self.vault().body(entry.id())?.resource) {
                let date =
                    entry.date().map(|date| date::as_exact(date.start_ms, date.precision.min(3), None));
                let source = source_of(entry, self.language());
                facts.push((entry.id(), CardFact { text, date, source, notes: Vec::new() }));
            }
        }
        Ok(facts)
    }
}

/// Whether a record has the code of a blood group, and its title does not say that it is another one's.
fn is_coded(entry: Entry<'_>) -> bool {
    entry.codes().any(|code| CODES.contains(&code.code.as_str())) && !is_anothers(entry.title())
}

fn is_anothers(title: &str) -> bool {
    let title = title.to_lowercase();
    title.split(|char: char| !char.is_alphanumeric()).any(|word| OTHERS.contains(&word))
}

/// Whether a title says that it is of the blood group of the patient.
fn is_named(title: &str) -> bool {
    let mut title = title.to_lowercase();
    let mut named = false;
    for name in NAMES {
        let is_word = |at: usize, end: usize| {
            let edge = |char: Option<char>| char.is_none_or(|char| !char.is_alphanumeric());
            edge(title.get(..at).and_then(|before| before.chars().next_back()))
                && edge(title.get(end..).and_then(|behind| behind.chars().next()))
        };
        if let Some(at) = title.find(name).filter(|at| is_word(*at, at + name.len())) {
            named |= name != "rh";
            title.replace_range(at..at + name.len(), " ");
        }
    }
    let is_beside = |word: &str| word.is_empty() || BESIDE.contains(&word);
    named && title.split(|char: char| !char.is_alphanumeric() && char != '\'').all(is_beside)
}

/// The value of an Observation that is a word.
fn said(resource: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(resource).ok()?;
    let concept = value.get("valueCodeableConcept");
    let text = concept
        .and_then(|concept| concept.get("text"))
        .or_else(|| concept?.pointer("/coding/0/display"))
        .or_else(|| concept?.pointer("/coding/0/code"))
        .or_else(|| value.get("valueString"))?;
    Some(kosha_fhir::clean(text.as_str()?)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Group, is_anothers, is_named};

    #[test]
    fn the_blood_group_of_somebody_else_is_not_taken() {
        for title in [
            "Blood group",
            "Blood Group & Rh Typing",
            "ABO group [Type] in Blood",
            "ABO and Rh group [Type] in Blood",
            "Patient's blood type",
            "ब्लड ग्रुप",
        ] {
            assert!(is_named(title) && !is_anothers(title), "{title}");
        }
        for title in [
            "Husband's blood group",
            "Donor blood group",
            "Cord blood group (baby)",
            "ABO and Rh antibody screen",
            "Blood group of unit",
            "Rh factor antibodies",
            "Rheumatoid factor",
            "Abortion",
        ] {
            assert!(!is_named(title), "{title}");
        }
        assert!(is_anothers("Husband's ABO group"));
    }

    #[test]
    fn groups_are_read_as_far_as_they_are_said() {
        for (text, abo, rh_positive) in [
            ("O negative", Some("O"), Some(false)),
            ("O-", Some("O"), Some(false)),
            ("O -ve", Some("O"), Some(false)),
            ("AB +ve", Some("AB"), Some(true)),
            ("Blood group A Rh(D) positive", Some("A"), Some(true)),
            ("A1B+", Some("AB"), Some(true)),
            ("B Rh-Positive", Some("B"), Some(true)),
            ("Rh-D", None, None),
            ("A", Some("A"), None),
            ("Positive", None, Some(true)),
            ("not done", None, None),
        ] {
            assert_eq!(Group::read(text), Group { abo, rh_positive }, "{text}");
        }
        let contradict = |one, two| Group::read(one).contradicts(Group::read(two));
        assert!(contradict("O negative", "O+") && contradict("A positive", "B positive"));
        assert!(!contradict("A", "Positive") && !contradict("O-", "O Rh negative") && !contradict("?", "O"));
    }
}
