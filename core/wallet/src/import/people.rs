//! Filing the entries of one file with the right persons.

use std::collections::HashMap;

use kosha_crypto::id::PersonId;
use kosha_fhir::Patient;
use kosha_vault::Transaction;

use super::report::Note;
use crate::Error;
use crate::person::{self, Match, Profile};

/// The persons of a vault while one file comes in.
pub(crate) struct People<'a> {
    known: Vec<(PersonId, Profile)>,
    patients: &'a [Patient],
    /// The person that the user named.
    wanted: Option<PersonId>,
    /// Which person a patient of the file is.
    found: HashMap<usize, PersonId>,
    nobody: Option<PersonId>,
    pub(crate) warnings: Vec<Note>,
}

impl<'a> People<'a> {
    pub(crate) fn new(
        known: Vec<(PersonId, Profile)>,
        patients: &'a [Patient],
        wanted: Option<PersonId>,
    ) -> Self {
        Self { known, patients, wanted, found: HashMap::new(), nobody: None, warnings: Vec::new() }
    }

    /// The person with whom an entry about `patient` (a place in the file's list) is filed.
    pub(crate) fn of(&mut self, tx: &mut Transaction<'_>, patient: Option<usize>) -> Result<PersonId, Error> {
        // An entry that names nobody belongs to the first patient of its file.
        let at = patient.unwrap_or(0);
        let Some(named) = self.patients.get(at) else { return self.nobody(tx) };
        if let Some(person) = self.found.get(&at) {
            return Ok(*person);
        }
        let described = profile_of(named);
        // A bare reference says nothing about who it is.
        if described.is_blank() && self.patients.len() == 1 {
            return self.nobody(tx);
        }
        let person = match self.wanted {
            Some(wanted) => {
                let other =
                    self.known.iter().any(|(id, profile)| *id == wanted && profile.is_other_than(&described));
                if other {
                    self.warn(named, "other-person");
                }
                wanted
            }
            None => self.filed(tx, named, &described)?,
        };
        self.found.insert(at, person);
        Ok(person)
    }

    fn filed(
        &mut self,
        tx: &mut Transaction<'_>,
        named: &Patient,
        described: &Profile,
    ) -> Result<PersonId, Error> {
        let (id, conflicts) = match person::find(&self.known, described) {
            Match::Known(id, conflicts) => (id, conflicts),
            Match::Owner(id) => (id, Vec::new()),
            Match::Unknown => {
                let first = self.known.is_empty();
                if !first {
                    self.warn(named, "new-person");
                }
                return self.add(tx, Profile { owner: first, ..described.clone() });
            }
        };
        let doubtful = !conflicts.is_empty();
        for conflict in conflicts {
            self.warn(named, conflict);
        }
        // What conflicts in one thing teaches nothing in another.
        if !doubtful
            && let Some((_, profile)) = self.known.iter_mut().find(|(known, _)| *known == id)
            && profile.learn(described)
        {
            tx.set_person(id, &profile.write()?)?;
        }
        Ok(id)
    }

    /// A file that names nobody is the owner's.
    fn nobody(&mut self, tx: &mut Transaction<'_>) -> Result<PersonId, Error> {
        if let Some(person) = self.wanted.or(self.nobody) {
            return Ok(person);
        }
        if self.known.len() > 1 {
            self.warnings.push(Note::new(None, "person-not-named"));
        }
        let owner =
            self.known.iter().find(|(_, profile)| profile.owner).or(self.known.first()).map(|(id, _)| *id);
        let person = match owner {
            Some(owner) => owner,
            None => self.add(tx, Profile { owner: true, ..Profile::default() })?,
        };
        self.nobody = Some(person);
        Ok(person)
    }

    fn add(&mut self, tx: &mut Transaction<'_>, profile: Profile) -> Result<PersonId, Error> {
        let id = tx.add_person(&profile.write()?)?;
        self.known.push((id, profile));
        Ok(id)
    }

    fn warn(&mut self, patient: &Patient, code: &'static str) {
        self.warnings.push(Note::new(patient.ordinal, code));
    }
}

fn profile_of(patient: &Patient) -> Profile {
    Profile {
        name: patient.name.clone(),
        birth_date: patient.birth_date.clone(),
        gender: patient.gender.clone(),
        identifiers: patient.identifiers.clone(),
        owner: false,
    }
}
