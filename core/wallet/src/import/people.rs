//! Filing the entries of one file with the right persons.

use std::collections::HashMap;
use std::fmt::Write as _;

use kosha_crypto::id::PersonId;
use kosha_fhir::{Patient, Reading};
use kosha_vault::Transaction;

use super::decide::identity;
use super::report::Note;
use crate::Error;
use crate::family::Circle;
use crate::person::{Match, Profile};
use crate::roster::Roster;

/// What was answered when it was asked whose records these are.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// Somebody known.
    This(PersonId),
    /// Somebody new.
    New,
    /// Nobody's: they are not to come in.
    LeaveOut,
    /// The same as the patient at this place of the file's list.
    As(usize),
}

/// The persons of a vault while one file comes in.
pub(crate) struct People<'a> {
    pub(super) known: Roster,
    pub(super) circle: Circle,
    pub(super) reading: &'a Reading<'a>,
    pub(super) patients: &'a [Patient],
    /// SHA-256 of the file.
    pub(super) file: [u8; 32],
    /// The person that the user named.
    pub(super) wanted: Option<PersonId>,
    /// What was answered about a patient of the file, or about those of whom it says nothing.
    pub(super) answers: HashMap<Option<usize>, Answer>,
    /// Which person a patient of the file is; `None` when they are to be left out.
    found: HashMap<usize, Option<PersonId>>,
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
            circle: Circle::of(&known),
            known: Roster::new(known),
            reading,
            patients,
            file,
            wanted,
            answers: HashMap::new(),
            found: HashMap::new(),
            nobody: None,
            warnings: Vec::new(),
        }
    }

    /// The person with whom an entry about `patient` (a place in the file's list) is filed; `None` when it is to be left
    /// out.
    pub(crate) fn of(
        &mut self,
        tx: &mut Transaction<'_>,
        patient: Option<usize>,
    ) -> Result<Option<PersonId>, Error> {
        let Some((at, named)) = patient.and_then(|at| Some((at, self.patients.get(at)?))) else {
            return match self.answers.get(&None) {
                Some(Answer::This(person)) => Ok(Some(*person)),
                Some(Answer::LeaveOut) => Ok(None),
                _ => self.nobody(tx, false).map(Some),
            };
        };
        if let Some(person) = self.found.get(&at) {
            return Ok(*person);
        }
        let described = self.profile_of(named);
        if let Some(answer) = self.answers.get(&Some(at)).copied() {
            let person = self.answered(tx, answer, &described)?;
            self.found.insert(at, person);
            return Ok(person);
        }
        if self.is_nobody(&described) {
            return self.nobody(tx, true).map(Some);
        }
        let person = match self.wanted {
            Some(wanted) => {
                if self.is_other_than(wanted, &described) {
                    self.warn(named, "other-person");
                }
                wanted
            }
            None => self.filed(tx, named, &described)?,
        };
        self.found.insert(at, Some(person));
        Ok(Some(person))
    }

    /// Whether the file says nothing about who this is: a bare reference that is new here.
    pub(super) fn is_nobody(&self, described: &Profile) -> bool {
        described.says_nobody() && self.patients.len() == 1 && !self.known.knows_reference(described)
    }

    fn answered(
        &mut self,
        tx: &mut Transaction<'_>,
        answer: Answer,
        described: &Profile,
    ) -> Result<Option<PersonId>, Error> {
        match answer {
            Answer::LeaveOut => Ok(None),
            Answer::New => self.add(tx, described.clone()).map(Some),
            Answer::As(before) => self.of(tx, Some(before)),
            Answer::This(id) => {
                if described.says_nobody() {
                    return Ok(Some(id));
                }
                let members = self.circle.all(id);
                let mut own = members.iter().filter_map(|member| Some((*member, self.known.get(*member)?)));
                let agrees = |profile: &Profile| {
                    !profile.is_other_than(described) && profile.conflicts(described).is_empty()
                };
                // What the file says of them is kept beside what is known, so that the next such file is no question and
                // the decision can be taken back.
                if let Some((known, _)) =
                    own.find(|(_, profile)| agrees(profile) || profile.same_description(described))
                {
                    if let Some(profile) = self.known.learn(known, described) {
                        tx.set_person(known, &profile.write()?)?;
                    }
                    return Ok(Some(known));
                }
                let part = Profile { merged_into: Some(id.to_string()), ..described.clone() };
                self.add(tx, part).map(Some)
            }
        }
    }

    /// The person under whom `id` is shown.
    pub(crate) fn one(&self, id: PersonId) -> PersonId {
        self.circle.one(id)
    }

    /// Whether a file's patient can be neither this person nor anyone who is the same.
    pub(super) fn is_other_than(&self, id: PersonId, described: &Profile) -> bool {
        let members = self.circle.all(id);
        members
            .iter()
            .filter_map(|member| self.known.get(*member))
            .all(|profile| profile.is_other_than(described))
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
        if self.circle.ones().len() > 1 || self.patients.len() > 1 || (reference && named) {
            self.warnings.push(Note::new(None, "person-not-named"));
        }
        let person = match self.known.owner() {
            Some(owner) => self.circle.one(owner),
            None => self.add(tx, Profile { owner: true, ..Profile::default() })?,
        };
        self.nobody = Some(person);
        Ok(person)
    }

    fn add(&mut self, tx: &mut Transaction<'_>, profile: Profile) -> Result<PersonId, Error> {
        let id = tx.add_person(&profile.write()?)?;
        self.circle.add(id, &profile);
        self.known.add(id, profile);
        Ok(id)
    }

    fn warn(&mut self, patient: &Patient, code: &'static str) {
        self.warnings.push(Note::new(patient.ordinal, code));
    }

    pub(super) fn profile_of(&self, patient: &Patient) -> Profile {
        let mut profile = Profile {
            name: patient.name.clone(),
            birth_date: patient.birth_date.clone(),
            gender: patient.gender.clone(),
            identifiers: patient.identifiers.clone(),
            references: Vec::new(),
            ..Profile::default()
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
