//! Asking whose records a file holds, before anything of it is stored, wherever that is in doubt.

use std::collections::HashSet;

use kosha_crypto::digest::sha256;
use kosha_crypto::id::PersonId;
use kosha_fhir::Language;
use kosha_fhir::Reading;
use kosha_vault::Vault;
use serde::Serialize;

use super::decide::identity;
use super::people::{Answer, People};
use crate::person::{self, Match, Profile};
use crate::roster::Roster;
use crate::{Error, Person, family, reason};

/// Answers whose records a file holds. Called before the file is stored, with no transaction open; it may wait for a
/// person to decide.
pub trait PersonChoice {
    /// Whose are these?
    fn choose(&mut self, question: &PersonQuestion) -> PersonAnswer;
}

/// Somebody whom a file speaks of, and why it is not clear who that is.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct PersonQuestion {
    /// The file, as it was given or found.
    pub file: String,
    /// Why it is asked: `new-person` (nobody known fits), `other-person` (not the one the import was told to file with),
    /// `person-differs` (known by an identifier, yet something else differs), `person-not-named` (the file does not say).
    pub reason: &'static str,
    /// The reason as a plain sentence.
    pub text: &'static str,
    /// Name in the file; empty where it has none.
    pub name: String,
    /// Birth date in the file.
    #[serde(rename = "birthDate", skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
    /// Gender in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// Everyone known, those first for whom something speaks.
    pub candidates: Vec<Candidate>,
}

/// Somebody whom it could be.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The person.
    pub person: Person,
    /// What speaks for and against: `same-identifier`, `same-name`, `same-birth-date`, `name-differs`, `birth-date-differs`,
    /// `gender-differs`, `wished` (the import was told to file with this person).
    pub reasons: Vec<&'static str>,
}

/// Whose the records are.
#[derive(Clone, PartialEq, Eq)]
pub enum PersonAnswer {
    /// This person, by id. Their name and birth date stay; the file's are remembered, so that it is not asked again.
    This(String),
    /// Somebody who is not known yet.
    New,
    /// They are not to come in. They can be imported later.
    LeaveOut,
    /// No answer: what an import does that asks nobody.
    Unsure,
}

/// Asks, and remembers during one import who was to be left out.
pub(super) struct Asker<'a> {
    choice: &'a mut dyn PersonChoice,
    language: Language,
    left_out: Vec<Profile>,
}

impl<'a> Asker<'a> {
    pub(super) fn new(choice: &'a mut dyn PersonChoice, language: Language) -> Self {
        Self { choice, language, left_out: Vec::new() }
    }

    /// Whose a file is that is no record and says nothing about it.
    pub(super) fn whose_document(&mut self, file: &str, persons: Vec<Person>) -> PersonAnswer {
        let reason = "person-not-named";
        self.choice.choose(&PersonQuestion {
            file: file.to_owned(),
            reason,
            text: reason::question(self.language, reason),
            name: String::new(),
            birth_date: None,
            gender: None,
            candidates: persons.into_iter().map(|person| Candidate { person, reasons: Vec::new() }).collect(),
        })
    }
}

impl People<'_> {
    /// Asks about everyone in the file for whom it is in doubt who they are and of whom something new would come in.
    pub(super) fn ask(&mut self, file: &str, vault: &Vault, asker: &mut Asker<'_>) -> Result<(), Error> {
        let mut wanted: Option<HashSet<Option<usize>>> = None;
        let mut asked: Vec<(usize, Profile)> = Vec::new();
        let persons = std::iter::once(None).chain((0..self.patients.len()).map(Some));
        for at in persons {
            let Some((reason, described)) = self.doubt(at) else { continue };
            let wanted = wanted.get_or_insert_with(|| with_something_new(self.reading, vault, &self.file));
            if !wanted.contains(&at) {
                continue;
            }
            let fits = |other: &Profile| {
                let one = Roster::new(vec![(PersonId::from_bytes([0; 16]), other.clone())]);
                matches!(one.find(&described), Match::Known(..))
                    || (!described.name.is_empty() && *other == described)
            };
            // The same person described twice is one question.
            let before = asked.iter().find(|(_, other)| fits(other)).map(|(before, _)| *before);
            let answer = if let Some(before) = before {
                Answer::As(before)
            } else if asker.left_out.iter().any(fits) {
                Answer::LeaveOut
            } else {
                let question = self.question(file, reason, &described, asker.language);
                match asker.choice.choose(&question) {
                    PersonAnswer::This(id) => Answer::This(person::meant(self.known.pairs(), &id)?),
                    PersonAnswer::New => Answer::New,
                    PersonAnswer::LeaveOut => {
                        asker.left_out.push(described.clone());
                        Answer::LeaveOut
                    }
                    PersonAnswer::Unsure => continue,
                }
            };
            if let Some(at) = at {
                asked.push((at, described));
            }
            self.answers.insert(at, answer);
        }
        Ok(())
    }

    /// Why it is in doubt who somebody in the file is (`None`: those of whom the file says nothing).
    fn doubt(&self, at: Option<usize>) -> Option<(&'static str, Profile)> {
        let named = at.and_then(|at| self.patients.get(at));
        let described = named.map(|patient| self.profile_of(patient)).unwrap_or_default();
        if named.is_none() || self.is_nobody(&described) {
            let several = self.circle.ones().len() > 1;
            return (several && self.wanted.is_none()).then_some(("person-not-named", described));
        }
        if let Some(wanted) = self.wanted {
            return self.is_other_than(wanted, &described).then_some(("other-person", described));
        }
        match self.known.find(&described) {
            Match::Known(_, conflicts) if !conflicts.is_empty() => Some(("person-differs", described)),
            Match::Known(..) | Match::Owner(_) => None,
            Match::Unknown => (self.known.len() > 0).then_some(("new-person", described)),
        }
    }

    fn question(
        &self,
        file: &str,
        reason: &'static str,
        described: &Profile,
        language: Language,
    ) -> PersonQuestion {
        let mut candidates: Vec<(usize, Candidate)> = family::shown(self.known.pairs())
            .into_iter()
            .map(|person| {
                let members: Vec<&Profile> = person
                    .id
                    .parse()
                    .map(|id| self.circle.all(id))
                    .unwrap_or_default()
                    .into_iter()
                    .filter_map(|member| self.known.get(member))
                    .collect();
                let mut reasons = speaks_for(&members, described);
                if self.wanted.is_some_and(|wanted| wanted.to_string() == person.id) {
                    reasons.insert(0, "wished");
                }
                let weight = reasons.iter().filter(|reason| !reason.ends_with("-differs")).count();
                if let Some(own) = members.first() {
                    reasons.extend(own.conflicts(described));
                }
                (weight, Candidate { person, reasons })
            })
            .collect();
        candidates.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        PersonQuestion {
            file: file.to_owned(),
            reason,
            text: reason::question(language, reason),
            name: described.name.clone(),
            birth_date: described.birth_date.clone(),
            gender: described.gender.clone(),
            candidates: candidates.into_iter().map(|(_, candidate)| candidate).collect(),
        }
    }
}

fn speaks_for(members: &[&Profile], described: &Profile) -> Vec<&'static str> {
    let any = |test: &dyn Fn(&Profile) -> bool| members.iter().any(|profile| test(profile));
    let mut reasons = Vec::new();
    if any(&|profile| profile.shares_identifier(described)) {
        reasons.push("same-identifier");
    }
    if any(&|profile| profile.same_name(described)) {
        reasons.push("same-name");
    }
    if described.birth_date.is_some() && any(&|profile| profile.birth_date == described.birth_date) {
        reasons.push("same-birth-date");
    }
    reasons
}

/// Of whom the file holds something that is not here already.
fn with_something_new(reading: &Reading<'_>, vault: &Vault, file: &[u8; 32]) -> HashSet<Option<usize>> {
    let is_new = |ordinal: u32| {
        let content = sha256(&[reading.bytes(ordinal)]);
        let identity = identity(reading, ordinal, file);
        !vault.index().with_identity(&identity).iter().any(|known| known.content == content)
    };
    reading
        .entries
        .iter()
        .filter(|entry| entry.resource_type().is_some() && is_new(entry.ordinal))
        .filter_map(|entry| reading.patient_of(entry.ordinal).ok())
        .collect()
}

impl std::fmt::Debug for PersonQuestion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonQuestion").field("reason", &self.reason).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Candidate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Candidate").field("reasons", &self.reasons).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PersonAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::This(_) => "This(..)",
            Self::New => "New",
            Self::LeaveOut => "LeaveOut",
            Self::Unsure => "Unsure",
        })
    }
}
