//! Filing the entries of one file with the right persons.

use std::collections::HashMap;
use std::fmt::Write as _;

use kosha_crypto::id::PersonId;
use kosha_fhir::{Patient, Reading};
use kosha_vault::Transaction;

use super::decide::identity;
use super::report::Note;
use crate::Error;
use crate::person::{Match, Profile};
use crate::roster::Roster;

/// The persons of a vault while one file comes in.
pub(crate) struct People<'a> {
    known: Roster,
    reading: &'a Reading<'a>,
    patients: &'a [Patient],
    /// SHA-256 of the file.
    file: [u8; 32],
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
        reading: &'a Reading<'a>,
        file: [u8; 32],
        wanted: Option<PersonId>,
    ) -> Self {
        let patients = &reading.patients;
        Self {
            known: Roster::new(known),
            reading,
            patients,
            file,
            wanted,
            found: HashMap::new(),
            nobody: None,
            warnings: Vec::new(),
        }
    }

    /// The person with whom an entry about `patient` (a place in the file's list) is filed.
    pub(crate) fn of(&mut self, tx: &mut Transaction<'_>, patient: Option<usize>) -> Result<PersonId, Error> {
        let Some((at, named)) = patient.and_then(|at| Some((at, self.patients.get(at)?))) else {
            return self.nobody(tx, false);
        };
        if let Some(person) = self.found.get(&at) {
            return Ok(*person);
        }
        let described = self.profile_of(named);
        // A bare reference that is new here says nothing about who it is.
        if described.says_nobody() && self.patients.len() == 1 && !self.known.knows_reference(&described) {
            return self.nobody(tx, true);
        }
        let person = match self.wanted {
            Some(wanted) => {
                if self.known.get(wanted).is_some_and(|profile| profile.is_other_than(&described)) {
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
        let (id, conflicts) = match self.known.find(described) {
            Match::Known(id, conflicts) => (id, conflicts),
            Match::Owner(id) => (id, Vec::new()),
            Match::Unknown => {
                let first = self.known.len() == 0;
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
        if !doubtful && let Some(profile) = self.known.learn(id, described) {
            tx.set_person(id, &profile.write()?)?;
        }
        Ok(id)
    }

    /// What names nobody is the owner's. With a remark wherever it could be someone else's: several are known here or
    /// in the file, or there is a `reference` and no telling to whom.
    fn nobody(&mut self, tx: &mut Transaction<'_>, reference: bool) -> Result<PersonId, Error> {
        if let Some(person) = self.wanted.or(self.nobody) {
            return Ok(person);
        }
        let named = self.known.iter().any(|profile| !profile.is_blank());
        if self.known.len() > 1 || self.patients.len() > 1 || (reference && named) {
            self.warnings.push(Note::new(None, "person-not-named"));
        }
        let person = match self.known.owner() {
            Some(owner) => owner,
            None => self.add(tx, Profile { owner: true, ..Profile::default() })?,
        };
        self.nobody = Some(person);
        Ok(person)
    }

    fn add(&mut self, tx: &mut Transaction<'_>, profile: Profile) -> Result<PersonId, Error> {
        let id = tx.add_person(&profile.write()?)?;
        self.known.add(id, profile);
        Ok(id)
    }

    fn warn(&mut self, patient: &Patient, code: &'static str) {
        self.warnings.push(Note::new(patient.ordinal, code));
    }

    fn profile_of(&self, patient: &Patient) -> Profile {
        let mut profile = Profile {
            name: patient.name.clone(),
            birth_date: patient.birth_date.clone(),
            gender: patient.gender.clone(),
            identifiers: patient.identifiers.clone(),
            references: Vec::new(),
            owner: false,
        };
        profile.references.extend(self.reference_of(patient));
        profile
    }

    /// By what someone is known again of whom name and birth date do not tell: the identity of their `Patient` record,
    /// or the reference to them.
    fn reference_of(&self, patient: &Patient) -> Option<String> {
        if let Some(ordinal) = patient.ordinal {
            let doubtful = patient.birth_date.is_none() || patient.name.is_empty();
            return doubtful.then(|| format!("record:{}", hex(identity(self.reading, ordinal, &self.file))));
        }
        let address = patient.reference.as_ref()?;
        let absolute = ["http://", "https://"].iter().any(|scheme| address.starts_with(scheme));
        // `Patient/1` without a name is someone else in every file.
        if patient.name.is_empty() && !absolute {
            return Some(format!("file:{}|{address}", hex(self.file)));
        }
        Some(address.clone())
    }
}

fn hex(hash: [u8; 32]) -> String {
    hash.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
