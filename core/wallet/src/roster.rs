//! Finding a person among many by what a file says of them, without looking at everyone.

#[cfg(test)]
use std::cell::Cell;
use std::collections::HashMap;

use kosha_crypto::id::PersonId;

use crate::person::{Match, Profile, comparable};

/// The persons of a vault, and where each of the marks stands by which they are known.
#[derive(Default)]
pub(crate) struct Roster {
    list: Vec<(PersonId, Profile)>,
    by_id: HashMap<PersonId, usize>,
    /// The first who has this identifier.
    by_identifier: HashMap<(String, String), usize>,
    /// All of this name and birth date, in order.
    by_name: HashMap<(String, String), Vec<usize>>,
    /// All who once had this name, and have this birth date.
    by_former: HashMap<(String, String), Vec<usize>>,
    /// All who came under this reference and name, in order.
    by_reference: HashMap<(String, String), Vec<usize>>,
    /// Those to whom the vault belongs: one, as a rule.
    owners: Vec<usize>,
    /// How many profiles were compared.
    #[cfg(test)]
    pub(crate) compared: Cell<usize>,
}

impl Roster {
    pub(crate) fn new(known: Vec<(PersonId, Profile)>) -> Self {
        let mut roster = Self::default();
        for (id, profile) in known {
            roster.add(id, profile);
        }
        roster
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn get(&self, id: PersonId) -> Option<&Profile> {
        self.by_id.get(&id).and_then(|at| self.at(*at)).map(|(_, profile)| profile)
    }

    /// Everyone, in the order in which they were added.
    pub(crate) fn pairs(&self) -> &[(PersonId, Profile)] {
        &self.list
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Profile> {
        self.list.iter().map(|(_, profile)| profile)
    }

    /// The person to whom the vault belongs, else the first.
    pub(crate) fn owner(&self) -> Option<PersonId> {
        self.owners.first().copied().or(Some(0)).and_then(|at| self.list.get(at)).map(|(id, _)| *id)
    }

    pub(crate) fn add(&mut self, id: PersonId, profile: Profile) {
        let at = self.list.len();
        if profile.owner {
            self.owners.push(at);
        }
        self.by_id.insert(id, at);
        self.list.push((id, profile));
        self.note(at);
    }

    /// Takes over what `patient` says and the person's profile does not. The profile, if anything changed.
    pub(crate) fn learn(&mut self, id: PersonId, patient: &Profile) -> Option<&Profile> {
        let at = *self.by_id.get(&id)?;
        if !self.list.get_mut(at)?.1.learn(patient) {
            return None;
        }
        self.note(at);
        self.at(at).map(|(_, profile)| profile)
    }

    /// Finds the person whom `patient` describes: by an identifier with its system, else by name and birth date, else by
    /// the reference under which someone of this name came before. Of several, the one added first, which is said.
    pub(crate) fn find(&self, patient: &Profile) -> Match {
        let key = name_key(&comparable(&patient.name), patient);
        let named = |names: &HashMap<(String, String), Vec<usize>>| {
            key.as_ref().and_then(|key| names.get(key)).cloned()
        };
        let found = self.sharing_identifier(patient).map(|at| vec![at]);
        // Who has this name now goes before who had it once.
        let found = found.or_else(|| named(&self.by_name)).or_else(|| named(&self.by_former));
        let found = found.or_else(|| self.sharing_reference(patient).map(|at| vec![at])).unwrap_or_default();
        if let Some((id, profile)) = found.first().and_then(|at| self.at(*at)) {
            let mut conflicts = profile.conflicts(patient);
            let persons = found.iter().filter_map(|at| self.list.get(*at));
            if persons.filter(|(_, profile)| profile.merged_into.is_none()).count() > 1 {
                conflicts.push("several-persons-fit");
            }
            return Match::Known(*id, conflicts);
        }
        let blank = self.owners.iter().filter_map(|at| self.at(*at)).find(|(_, profile)| profile.is_blank());
        blank.map_or(Match::Unknown, |(id, _)| Match::Owner(*id))
    }

    /// Whether someone came under a reference of `patient` before.
    pub(crate) fn knows_reference(&self, patient: &Profile) -> bool {
        self.sharing_reference(patient).is_some()
    }

    fn sharing_identifier(&self, patient: &Profile) -> Option<usize> {
        let telling = patient.identifiers.iter().filter(|identifier| Profile::is_telling(identifier));
        telling.filter_map(|identifier| self.by_identifier.get(identifier)).copied().min()
    }

    fn sharing_reference(&self, patient: &Profile) -> Option<usize> {
        let name = comparable(&patient.name);
        let lists = patient
            .references
            .iter()
            .filter_map(|reference| self.by_reference.get(&(reference.clone(), name.clone())));
        let shares =
            |at: &&usize| self.at(**at).is_some_and(|(_, profile)| profile.shares_reference(patient));
        lists.filter_map(|list| list.iter().find(shares)).copied().min()
    }

    fn at(&self, at: usize) -> Option<&(PersonId, Profile)> {
        #[cfg(test)]
        self.compared.set(self.compared.get() + 1);
        self.list.get(at)
    }

    /// Notes the marks of the profile at a place. What is known is never replaced, so that earlier marks stay right; save
    /// under an empty name, and a reference is compared in full.
    fn note(&mut self, at: usize) {
        let Some((_, profile)) = self.list.get(at) else { return };
        let first = |known: &mut usize| *known = at.min(*known);
        for identifier in profile.identifiers.iter().filter(|identifier| Profile::is_telling(identifier)) {
            self.by_identifier.entry(identifier.clone()).and_modify(first).or_insert(at);
        }
        for (place, name) in profile.names().map(comparable).enumerate() {
            if let Some(key) = name_key(&name, profile) {
                let names = if place == 0 { &mut self.by_name } else { &mut self.by_former };
                let list = names.entry(key).or_default();
                if let Err(place) = list.binary_search(&at) {
                    list.insert(place, at);
                }
            }
            for reference in &profile.references {
                let list = self.by_reference.entry((reference.clone(), name.clone())).or_default();
                if let Err(place) = list.binary_search(&at) {
                    list.insert(place, at);
                }
            }
        }
    }
}

/// A name alone is shared by many strangers: the birth date has to be known too.
fn name_key(name: &str, profile: &Profile) -> Option<(String, String)> {
    let birth_date = profile.birth_date.clone().filter(|_| !name.is_empty())?;
    Some((name.to_owned(), birth_date))
}

#[cfg(test)]
mod tests {
    use super::Roster;
    use crate::person::{Match, Profile};
    use kosha_crypto::id::PersonId;

    fn person(number: u32) -> (PersonId, Profile) {
        let mut id = [0; 16];
        id[..4].copy_from_slice(&number.to_be_bytes());
        let profile = Profile {
            name: format!("Person {number}"),
            birth_date: Some("1980-01-02".to_owned()),
            identifiers: vec![("urn:x".to_owned(), number.to_string())],
            references: vec![format!("http://h/Patient/{number}")],
            ..Profile::default()
        };
        (PersonId::from_bytes(id), profile)
    }

    /// Everyone looked for once by each mark, and someone unknown.
    fn work(count: u32) -> usize {
        let roster = Roster::new((0..count).map(person).collect());
        for number in 0..count {
            let (id, whole) = person(number);
            let named = Profile { identifiers: Vec::new(), ..whole.clone() };
            let referred = Profile { birth_date: None, ..named.clone() };
            for patient in [whole, named, referred] {
                assert_eq!(roster.find(&patient), Match::Known(id, vec![]));
            }
            assert_eq!(roster.find(&person(count + number).1), Match::Unknown);
        }
        roster.compared.get()
    }

    #[test]
    fn the_work_for_each_person_does_not_grow_with_their_number() {
        let (few, many) = (work(100), work(3200));
        assert!(few >= 300 && many <= 32 * few, "{few} and {many} comparisons");
    }

    #[test]
    fn what_is_learned_is_found_and_the_first_of_several_is_meant() {
        let mut roster = Roster::new(vec![person(1), person(2)]);
        let (id, _) = person(1);
        let mut more = person(2).1;
        more.name.clear();
        more.references.clear();
        more.identifiers.push(("urn:y".to_owned(), "9".to_owned()));
        assert!(roster.learn(id, &more).is_some());
        assert!(roster.learn(id, &more).is_none());
        let by = |system: &str, value: &str| Profile {
            identifiers: vec![(system.to_owned(), value.to_owned())],
            ..Profile::default()
        };
        assert_eq!(roster.find(&by("urn:y", "9")), Match::Known(id, vec![]));
        assert_eq!(roster.find(&by("urn:x", "2")), Match::Known(id, vec![]));
        assert_eq!(roster.owner(), Some(id));
        assert!(roster.get(id).is_some() && roster.len() == 2 && roster.iter().count() == 2);
    }
}
