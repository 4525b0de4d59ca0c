//! Whose records a file holds.

use std::collections::{HashMap, HashSet};

use crate::label::clean;
use crate::names::{Holder, Target, address, human_name};
use crate::reading::{Entry, Reading};
use crate::tree::Node;

/// Most people that are known only from `subject`; records of further ones are refused (`subject-unknown`).
const MOST_NAMED: usize = 1000;
/// Longest system of an identifier, and longest reference, in bytes; longer ones tell nobody apart.
const LONGEST_ADDRESS: usize = 512;

/// A person found in a file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Patient {
    /// The entry of the `Patient` resource; `None` for someone known only from `subject`.
    pub ordinal: Option<u32>,
    /// Name as it would be shown; empty when the file has none.
    pub name: String,
    /// As written: `1987`, `1987-04`, `1987-04-02`.
    pub birth_date: Option<String>,
    /// As written: `male`, `female`, `other`, `unknown`.
    pub gender: Option<String>,
    /// (system, value) of each identifier, ABHA numbers and addresses among them. The system is empty where the file
    /// has none.
    pub identifiers: Vec<(String, String)>,
    /// The reference, as written, of someone known only from `subject`.
    pub reference: Option<String>,
    pub(crate) key: String,
}

impl std::fmt::Debug for Patient {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Patient").field("ordinal", &self.ordinal).finish_non_exhaustive()
    }
}

/// The names under which a resource points at its patient.
pub(crate) fn subject<'n, 'a>(node: &'n Node<'a>) -> &'n Node<'a> {
    node.any(&["subject", "patient", "beneficiary", "individual"]).first()
}

/// Every person of a file: all `Patient` resources; after them everyone else whom a `subject` names.
pub(crate) fn find(reading: &Reading<'_>) -> Vec<Patient> {
    let is_patient = |entry: &&Entry| entry.resource_type() == Some("Patient");
    let mut patients: Vec<Patient> = reading
        .entries
        .iter()
        .filter(is_patient)
        .map(|entry| of_node(&reading.node(entry.ordinal), Some(entry.ordinal)))
        .collect();
    let only = if several(&patients) { None } else { patients.first().cloned() };
    let addresses = if only.is_some() { addresses(reading) } else { Vec::new() };
    let described = patients.len();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let mut other = false;
    for entry in &reading.entries {
        if matches!(entry.resource_type(), None | Some("Patient")) || by_key.len() >= MOST_NAMED {
            continue;
        }
        // The text tells more cheaply than a tree that a record speaks of the file's only patient.
        let text = std::str::from_utf8(reading.bytes(entry.ordinal)).unwrap_or_default();
        if addresses.iter().any(|address| text.contains(address.as_str())) {
            continue;
        }
        let node = reading.node(entry.ordinal);
        let holder = Holder { reading, ordinal: entry.ordinal, root: &node };
        let Whose::Named(named) = whose(&holder, &patients) else { continue };
        other |= only.as_ref().is_none_or(|only| only.is_other_than(&named));
        match by_key.get(&named.key).and_then(|at| patients.get_mut(*at)) {
            Some(known) if known.name.is_empty() => *known = named,
            Some(_) => {}
            None => {
                by_key.insert(named.key.clone(), patients.len());
                patients.push(named);
            }
        }
    }
    // Addresses that lead nowhere are the only patient's, as long as none of them is clearly somebody else.
    if !other {
        patients.truncate(described);
    }
    patients
}

/// The ways in which the patients of a file are written in a reference, in quotes.
fn addresses(reading: &Reading<'_>) -> Vec<String> {
    let of = |entry: &Entry| [entry.full_url.clone(), entry.id.as_ref().map(|id| format!("Patient/{id}"))];
    let mut all: Vec<String> = reading
        .entries
        .iter()
        .filter(|entry| entry.resource_type() == Some("Patient"))
        .flat_map(of)
        .flatten()
        .map(|address| format!("\"{address}\""))
        .collect();
    all.sort_unstable();
    all.dedup();
    // Many versions of one patient: their records are looked at one by one.
    if all.len() > 4 { Vec::new() } else { all }
}

/// Whom the subject of a record leads to.
enum Whose {
    /// A `Patient` resource of the file, by its place in the list.
    Listed(usize),
    /// Someone whom the file only names.
    Named(Patient),
    /// There is no subject.
    NoSubject,
    /// A subject that names no person.
    Astray,
}

fn whose(holder: &Holder<'_>, patients: &[Patient]) -> Whose {
    // Those without an entry stand last.
    let order = |ordinal: Option<u32>| ordinal.map_or(u64::MAX, u64::from);
    let listed = |ordinal: u32| {
        let found = patients.binary_search_by_key(&u64::from(ordinal), |patient| order(patient.ordinal));
        found.ok()
    };
    if let Some(own) = listed(holder.ordinal) {
        return Whose::Listed(own);
    }
    let subject = subject(holder.root);
    if !subject.there() {
        return Whose::NoSubject;
    }
    let entry = address(subject)
        .and_then(|address| holder.ordinal_of(&address))
        .and_then(|ordinal| holder.reading.entry(ordinal))
        .filter(|entry| entry.resource_type().is_some());
    match entry {
        Some(entry) => listed(entry.ordinal).map_or(Whose::Astray, Whose::Listed),
        None => named(holder).map_or(Whose::Astray, Whose::Named),
    }
}

fn of_node(node: &Node<'_>, ordinal: Option<u32>) -> Patient {
    let identifiers = node.at("identifier").items().take(50).filter_map(|identifier| identified(identifier));
    let identifiers: Vec<(String, String)> = identifiers.collect();
    let name = human_name(node.at("name")).unwrap_or_default();
    let birth_date = node.str("birthDate").map(|date| clean(&date));
    let mut key = format!("{}|{}", name.to_lowercase(), birth_date.as_deref().unwrap_or_default());
    // A name alone, or nothing, does not make two one.
    if (name.is_empty() || birth_date.is_none())
        && let Some((system, value)) = identifiers.first()
    {
        key = format!("{key}|{system}|{value}");
    }
    Patient {
        ordinal,
        key,
        identifiers,
        reference: None,
        name,
        birth_date,
        gender: node.str("gender").map(|gender| clean(&gender)),
    }
}

/// An identifier that may tell people apart.
fn identified(identifier: &Node<'_>) -> Option<(String, String)> {
    let value = clean(&identifier.str("value")?);
    let system = identifier.str("system").unwrap_or_default().into_owned();
    (!value.is_empty() && system.len() <= LONGEST_ADDRESS).then_some((system, value))
}

/// The person that a resource's subject names, where that is no `Patient` resource of the file.
fn named(holder: &Holder<'_>) -> Option<Patient> {
    let subject = subject(holder.root);
    if let Some(Target::Contained(node)) = holder.resolve(subject) {
        return Some(of_node(node, None)).filter(|patient| patient.key != "|");
    }
    let address = address(subject).map(std::borrow::Cow::into_owned).unwrap_or_default();
    if ["Group/", "Device/", "Location/"].iter().any(|other| address.contains(other)) {
        return None;
    }
    let name = subject.str("display").map(|display| clean(&display)).unwrap_or_default();
    let identifiers: Vec<_> = identified(subject.at("identifier").first()).into_iter().collect();
    let key = if !address.is_empty() {
        address.clone()
    } else if let Some((system, value)) = identifiers.first() {
        format!("{system}|{value}")
    } else {
        name.to_lowercase()
    };
    let reference = Some(address).filter(|address| (1..=LONGEST_ADDRESS).contains(&address.len()));
    (!key.is_empty()).then_some(Patient { name, identifiers, reference, key, ..Patient::default() })
}

impl Patient {
    /// Whether `named` cannot be this one: another name or birth date, or another number of the same system. Titles,
    /// initials and a missing part of the name are no difference.
    fn is_other_than(&self, named: &Patient) -> bool {
        let dates = self.birth_date.as_ref().zip(named.birth_date.as_ref());
        let numbers = named.identifiers.iter().any(|(system, value)| {
            let mut own =
                self.identifiers.iter().filter(|(own, _)| own == system && !own.is_empty()).peekable();
            own.peek().is_some() && !own.any(|(_, own)| own == value)
        });
        numbers || dates.is_some_and(|(own, theirs)| own != theirs) || names_differ(&self.name, &named.name)
    }
}

/// Words before or instead of a name.
const NO_NAMES: [&str; 17] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "smt",
    "shri",
    "sri",
    "kumari",
    "km",
    "master",
    "baby",
    "prof",
    "patient",
    "self",
    "unknown",
    "anonymous",
];

fn names_differ(one: &str, other: &str) -> bool {
    let words = |name: &str| -> HashSet<String> {
        let lower = name.to_lowercase();
        let words = lower.split(|char: char| char.is_whitespace() || matches!(char, '.' | ',' | '(' | ')'));
        words.filter(|word| !word.is_empty() && !NO_NAMES.contains(word)).map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    let (few, many) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    // "A. Rao" may be "Asha Rao", and the reverse.
    let fits = |word: &String| {
        many.contains(word)
            || many.iter().any(|other| {
                (word.chars().count() == 1 || other.chars().count() == 1)
                    && word.chars().next() == other.chars().next()
            })
    };
    !few.is_empty() && !few.iter().all(fits)
}

/// True when a file holds more than one person: the versions of one in a history are one.
pub(crate) fn several(patients: &[Patient]) -> bool {
    patients.windows(2).any(|pair| matches!(pair, [a, b] if a.key != b.key))
}

/// Where everyone stands who is known only from `subject`.
pub(crate) fn by_key(patients: &[Patient]) -> HashMap<String, usize> {
    let named = patients.iter().enumerate().filter(|(_, patient)| patient.ordinal.is_none());
    named.map(|(at, patient)| (patient.key.clone(), at)).collect()
}

/// Whose an entry is, as an index into the patients; and whether its subject leads to nobody known. Nobody in
/// particular: `None`. A subject that is somebody else than all patients is the error `subject-unknown`.
pub(crate) fn of(holder: &Holder<'_>) -> Result<(Option<usize>, bool), &'static str> {
    let reading = holder.reading;
    let only = if reading.one_person { Some(0) } else { None };
    match whose(holder, &reading.patients) {
        Whose::Listed(at) => Ok((Some(at), false)),
        Whose::NoSubject => Ok((only, false)),
        // An address that leads nowhere, in a file about one person, is taken as theirs, with a remark.
        Whose::Astray => Ok((only, only.is_some() && address(subject(holder.root)).is_some())),
        Whose::Named(named) => {
            if let Some(at) = reading.by_subject.get(&named.key) {
                return Ok((Some(*at), false));
            }
            match only.and_then(|at| reading.patients.get(at)) {
                Some(patient) if !patient.is_other_than(&named) => Ok((only, true)),
                _ => Err("subject-unknown"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::names_differ;

    #[test]
    fn names_differ_only_when_a_word_does() {
        for (one, other, differ) in [
            ("Asha Rao", "RAO, Asha", false),
            ("Asha Rao", "Mrs. A. Rao", false),
            ("Asha Rao", "Asha", false),
            ("Asha Rao", "Patient", false),
            ("Asha Rao", "", false),
            ("Asha Rao", "Ravi Rao", true),
            ("Asha Rao", "Asha Iyer", true),
            ("Asha Rao", "R. Iyer", true),
        ] {
            assert_eq!(names_differ(one, other), differ, "{one} / {other}");
        }
    }
}
