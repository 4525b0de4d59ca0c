//! Whose records these are: the persons of a vault, and which of them a file speaks of.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::Error;
use crate::family::Circle;
use kosha_crypto::id::PersonId;

/// Most identifiers that are kept of one person.
const MOST_IDENTIFIERS: usize = 64;
/// Most earlier names that are kept of one person.
pub(crate) const MOST_FORMER: usize = 16;
/// Fewest letters by which an id may be named.
const SHORTEST_PREFIX: usize = 4;
/// Fewest letters of a name by which a person may be called.
const SHORTEST_BEGINNING: usize = 2;

/// A person, as lists show them.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Id, 32 hex digits.
    pub id: String,
    /// Name as the first file gave it; empty when no file has named this person yet.
    pub name: String,
    /// Birth date as FHIR writes it.
    #[serde(rename = "birthDate", skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// Gender as FHIR writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// How they are related to the owner, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// Whether this is the person to whom the vault belongs.
    pub owner: bool,
    /// Those who were found to be the same person; their records are shown as this person's.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub merged: Vec<Person>,
}

/// What the vault keeps, sealed, of a person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Profile {
    #[serde(default)]
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) birth_date: Option<String>,
    #[serde(default)]
    pub(crate) gender: Option<String>,
    /// `(system, value)`.
    #[serde(default)]
    pub(crate) identifiers: Vec<(String, String)>,
    /// References under which records speak of someone whom no file has described.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) references: Vec<String>,
    #[serde(default)]
    pub(crate) owner: bool,
    /// Names that were known before somebody gave another one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) former: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) relation: Option<String>,
    /// The person of whom this one is a part, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) merged_into: Option<String>,
}

/// How well a patient in a file fits the persons of the vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Match {
    /// This one; what does not agree.
    Known(PersonId, Vec<&'static str>),
    /// Nobody yet, and the owner has no name so far: this is the owner.
    Owner(PersonId),
    /// Nobody known.
    Unknown,
}

impl Profile {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(bytes).map_err(|_| Error::Damaged)
    }

    pub(crate) fn write(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self).map_err(|_| Error::Internal)
    }

    /// Whether nothing tells who this is.
    pub(crate) fn is_blank(&self) -> bool {
        self.says_nobody() && self.references.is_empty()
    }

    /// Whether there is at most a reference.
    pub(crate) fn says_nobody(&self) -> bool {
        self.name.is_empty() && self.birth_date.is_none() && self.identifiers.is_empty()
    }

    /// One number in two systems is no match, nor is one without a system.
    pub(crate) fn is_telling((system, value): &(String, String)) -> bool {
        !system.is_empty() && !value.is_empty()
    }

    /// Identifiers that both have.
    pub(crate) fn shares_identifier(&self, other: &Self) -> bool {
        self.identifiers.iter().filter(|own| Self::is_telling(own)).any(|own| other.identifiers.contains(own))
    }

    /// The same reference, and nothing that speaks against it. Servers may count alike: a name or birth date counts more.
    pub(crate) fn shares_reference(&self, other: &Self) -> bool {
        self.references.iter().any(|own| other.references.contains(own))
            && (self.same_name(other) || (self.name.is_empty() && other.name.is_empty()))
            && !differ(self.birth_date.as_deref(), other.birth_date.as_deref())
    }

    pub(crate) fn same_name(&self, other: &Self) -> bool {
        let name = comparable(&other.name);
        !name.is_empty() && self.names().any(|own| comparable(own) == name)
    }

    /// The name, and those that were known before.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.former.iter().map(String::as_str))
    }

    /// What `other` says differently; both must say something.
    pub(crate) fn conflicts(&self, other: &Self) -> Vec<&'static str> {
        let mut found = Vec::new();
        let (own, theirs) = (comparable(&self.name), comparable(&other.name));
        if !own.is_empty() && !theirs.is_empty() && !self.same_name(other) {
            found.push("name-differs");
        }
        if differ(self.birth_date.as_deref(), other.birth_date.as_deref()) {
            found.push("birth-date-differs");
        }
        if differ(self.gender.as_deref(), other.gender.as_deref()) {
            found.push("gender-differs");
        }
        found
    }

    /// Whether both say the same of who it is.
    pub(crate) fn same_description(&self, other: &Self) -> bool {
        comparable(&self.name) == comparable(&other.name)
            && self.birth_date == other.birth_date
            && self.gender == other.gender
    }

    /// Whether a file's patient could be this person at all.
    pub(crate) fn is_other_than(&self, patient: &Self) -> bool {
        let agrees =
            self.same_name(patient) && !differ(self.birth_date.as_deref(), patient.birth_date.as_deref());
        !self.is_blank() && !self.shares_identifier(patient) && !self.shares_reference(patient) && !agrees
    }

    /// Takes over what is missing here. Nothing that is known is replaced. Whether anything changed.
    pub(crate) fn learn(&mut self, patient: &Self) -> bool {
        let before = self.clone();
        if self.name.is_empty() {
            self.name.clone_from(&patient.name);
        }
        if self.birth_date.is_none() {
            self.birth_date.clone_from(&patient.birth_date);
        }
        if self.gender.is_none() {
            self.gender.clone_from(&patient.gender);
        }
        for identifier in &patient.identifiers {
            if self.identifiers.len() < MOST_IDENTIFIERS && !self.identifiers.contains(identifier) {
                self.identifiers.push(identifier.clone());
            }
        }
        for reference in &patient.references {
            if self.references.len() < MOST_IDENTIFIERS && !self.references.contains(reference) {
                self.references.push(reference.clone());
            }
        }
        *self != before
    }

    pub(crate) fn shown(&self, id: PersonId) -> Person {
        Person {
            id: id.to_string(),
            name: self.name.clone(),
            birth_date: self.birth_date.clone(),
            gender: self.gender.clone(),
            // How they were related to who was the owner before is kept for the day when they are not.
            relation: self.relation.clone().filter(|relation| !self.owner || relation == "self"),
            owner: self.owner,
            merged: Vec::new(),
        }
    }
}

/// The person that a user means by an id, the beginning of one, or a name. One who is part of another stands for that one.
pub(crate) fn meant(known: &[(PersonId, Profile)], text: &str) -> Result<PersonId, Error> {
    let wanted = comparable(text);
    let lower = text.to_lowercase();
    let fits = |(id, profile): &&(PersonId, Profile)| {
        let id = id.to_string();
        id == lower
            || (lower.len() >= SHORTEST_PREFIX && id.starts_with(&lower))
            || comparable(&profile.name) == wanted
    };
    let circle = Circle::of(known);
    let found: BTreeSet<PersonId> = known.iter().filter(fits).map(|(id, _)| circle.one(*id)).collect();
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        _ if wanted.is_empty() => Err(Error::NoSuchPerson),
        (None, _) => Err(Error::NoSuchPerson),
        (Some(id), None) => Ok(id),
        (Some(_), Some(_)) => Err(Error::Ambiguous),
    }
}

/// [`meant`], also by the beginnings of words of a name where only one person has them: to look at somebody's records or to
/// bring some in. Who is to be changed is named in full.
pub(crate) fn called(known: &[(PersonId, Profile)], text: &str) -> Result<PersonId, Error> {
    let found = meant(known, text);
    let wanted = comparable(text);
    if found != Err(Error::NoSuchPerson) || wanted.chars().count() < SHORTEST_BEGINNING {
        return found;
    }
    let circle = Circle::of(known);
    let begins = |name: &str| {
        let name = comparable(name);
        wanted.split(' ').all(|begin| name.split(' ').any(|word| word.starts_with(begin)))
    };
    let fits = known.iter().filter(|(_, profile)| begins(&profile.name)).map(|(id, _)| circle.one(*id));
    let found: BTreeSet<PersonId> = fits.collect();
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (None, _) => Err(Error::NoSuchPerson),
        (Some(id), None) => Ok(id),
        (Some(_), Some(_)) => Err(Error::Ambiguous),
    }
}

/// Whether two names are the same apart from case, order and punctuation.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    comparable(one) == comparable(other)
}

pub(crate) fn differ(own: Option<&str>, theirs: Option<&str>) -> bool {
    matches!((own, theirs), (Some(own), Some(theirs)) if own != theirs)
}

/// A name without case, titles' dots and odd spaces, its words in alphabetical order: "RAO, Asha" is "Asha Rao".
pub(crate) fn comparable(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut words: Vec<&str> = lower
        .split(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '.' | ','))
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_unstable();
    words.join(" ")
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Person").field("id", &self.id).field("owner", &self.owner).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Match, Profile, meant};
    use crate::roster::Roster;
    use kosha_crypto::id::PersonId;

    fn find(known: &[(PersonId, Profile)], patient: &Profile) -> Match {
        Roster::new(known.to_vec()).find(patient)
    }

    fn profile(name: &str, birth_date: Option<&str>, identifier: Option<&str>) -> Profile {
        Profile {
            name: name.to_owned(),
            birth_date: birth_date.map(str::to_owned),
            identifiers: identifier.map(|value| ("urn:x".to_owned(), value.to_owned())).into_iter().collect(),
            ..Profile::default()
        }
    }

    fn id(byte: u8) -> PersonId {
        PersonId::from_bytes([byte; 16])
    }

    #[test]
    fn a_patient_is_known_by_identifier_or_by_name_and_birth_date() {
        let known = [
            (id(1), profile("Asha Rao", Some("1980-01-02"), Some("1"))),
            (id(2), profile("Ravi Rao", None, Some("2"))),
        ];
        let of = |name, birth, identifier| find(&known, &profile(name, birth, identifier));
        assert_eq!(of("RAO,  asha", Some("1980-01-02"), None), Match::Known(id(1), vec![]));
        assert_eq!(of("Asha Rao", Some("1980-01-02"), Some("9")), Match::Known(id(1), vec![]));
        assert_eq!(
            of("Asha Rau", Some("1981-01-02"), Some("1")),
            Match::Known(id(1), vec!["name-differs", "birth-date-differs"])
        );
        assert_eq!(of("Asha Rao", Some("1980-01-03"), None), Match::Unknown);
        assert_eq!(of("Asha Rao", None, None), Match::Unknown);
        assert_eq!(of("", None, None), Match::Unknown);
        // A name without birth dates, and a number without a system, are shared by strangers.
        assert_eq!(of("Ravi Rao", None, None), Match::Unknown);
        let bare = |name: &str| Profile {
            identifiers: vec![(String::new(), "7".to_owned())],
            ..profile(name, Some("1970"), None)
        };
        assert_eq!(find(&[(id(3), bare("Uma Rao"))], &bare("Ira Rao")), Match::Unknown);
    }

    #[test]
    fn who_is_only_referred_to_is_known_again_by_reference_and_name() {
        let referred = |name: &str, address: &str| Profile {
            references: vec![address.to_owned()],
            ..profile(name, None, None)
        };
        let known = [(id(1), referred("Asha Rao", "Patient/1")), (id(2), referred("", "http://h/Patient/2"))];
        assert_eq!(find(&known, &referred("asha rao", "Patient/1")), Match::Known(id(1), vec![]));
        assert_eq!(find(&known, &referred("", "http://h/Patient/2")), Match::Known(id(2), vec![]));
        assert_eq!(find(&known, &referred("Uma Rao", "Patient/1")), Match::Unknown);
        assert_eq!(find(&known, &referred("Asha Rao", "Patient/2")), Match::Unknown);
    }

    #[test]
    fn the_first_patient_is_the_owner_who_has_no_name_yet() {
        let owner = Profile { owner: true, ..Profile::default() };
        assert_eq!(find(&[(id(1), owner.clone())], &profile("A", None, None)), Match::Owner(id(1)));
        let mut named = owner;
        assert!(named.learn(&profile("A", Some("2000"), None)));
        assert!(!named.learn(&profile("B", Some("2001"), None)));
        assert_eq!(named.name, "A");
        assert_eq!(find(&[(id(1), named)], &profile("B", None, None)), Match::Unknown);
    }

    #[test]
    fn a_person_is_meant_by_name_or_by_the_beginning_of_the_id() {
        let known = [(id(1), profile("Asha Rao", None, None)), (id(0x11), profile("Ravi", None, None))];
        assert_eq!(meant(&known, "asha rao").unwrap(), id(1));
        assert_eq!(meant(&known, &id(0x11).to_string()).unwrap(), id(0x11));
        assert_eq!(meant(&known, "1111").unwrap(), id(0x11));
        assert_eq!(meant(&known, "11").unwrap_err(), crate::Error::NoSuchPerson);
        assert_eq!(meant(&known, " ").unwrap_err(), crate::Error::NoSuchPerson);
    }
}
