//! The persons of a vault: adding, naming, merging two who are one, and taking that back.
//!
//! To merge is to note in the sealed profile of one person that they are a part of another. No record is touched: records of
//! both are shown under the one, and a file that fits either goes to the one. Taking it back removes the note.

use std::collections::{BTreeSet, HashMap};

use kosha_crypto::id::PersonId;
use kosha_vault::{Durability, Transaction};
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::person::{self, Profile};
use crate::{Error, Person, Session, date};

/// How a person may be related to the owner.
pub const RELATIONS: [&str; 8] =
    ["self", "partner", "parent", "child", "sibling", "grandparent", "grandchild", "other"];
/// Genders, as FHIR names them.
const GENDERS: [&str; 4] = ["female", "male", "other", "unknown"];
/// Longest name, in characters.
const LONGEST_NAME: usize = 200;

/// A person who is to be added.
#[derive(Clone, Default)]
pub struct NewPerson {
    /// Name.
    pub name: String,
    /// Birth date: `1980`, `1980-01`, `1980-01-02`.
    pub birth_date: Option<String>,
    /// Gender as FHIR writes it: `female`, `male`, `other`, `unknown`.
    pub gender: Option<String>,
    /// How they are related to the owner: one of [`RELATIONS`].
    pub relation: Option<String>,
    /// Whether the vault belongs to them. The first person is the owner unless a relation says otherwise.
    pub owner: bool,
    /// Whether they are another person than the one of this name who is here.
    pub same_name: bool,
}

/// What is to be another with a person; what is not named stays.
#[derive(Clone, Default)]
pub struct PersonChange {
    /// As in [`NewPerson`].
    pub birth_date: Option<String>,
    /// As in [`NewPerson`].
    pub gender: Option<String>,
    /// As in [`NewPerson`].
    pub relation: Option<String>,
    /// The vault belongs to them from now on, and no longer to whom it belonged.
    pub owner: bool,
}

/// One person after a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OnePerson {
    /// The person.
    pub person: Person,
}

/// Which of the persons are one.
pub(crate) struct Circle {
    /// Who they are part of (themselves, when of nobody).
    one: FxHashMap<PersonId, PersonId>,
    /// Those who are part of a person.
    parts: HashMap<PersonId, Vec<PersonId>>,
    ones: Vec<PersonId>,
}

impl Circle {
    pub(crate) fn of(profiles: &[(PersonId, Profile)]) -> Self {
        let known: HashMap<PersonId, &Profile> =
            profiles.iter().map(|(id, profile)| (*id, profile)).collect();
        let mut circle = Self { one: FxHashMap::default(), parts: HashMap::new(), ones: Vec::new() };
        for (id, _) in profiles {
            circle.put(*id, canonical(&known, *id));
        }
        circle
    }

    /// Takes in somebody who was added since.
    pub(crate) fn add(&mut self, id: PersonId, profile: &Profile) {
        let into = profile.merged_into.as_ref().and_then(|into| into.parse().ok()).unwrap_or(id);
        self.put(id, self.one(into));
    }

    fn put(&mut self, id: PersonId, one: PersonId) {
        self.one.insert(id, one);
        if id == one {
            self.ones.push(id);
        } else {
            self.parts.entry(one).or_default().push(id);
        }
    }

    /// The person under whom `id` is shown.
    pub(crate) fn one(&self, id: PersonId) -> PersonId {
        self.one.get(&id).copied().unwrap_or(id)
    }

    /// Everyone who is shown under the same person as `id`, that person first.
    pub(crate) fn all(&self, id: PersonId) -> Vec<PersonId> {
        let one = self.one(id);
        std::iter::once(one).chain(self.parts.get(&one).into_iter().flatten().copied()).collect()
    }

    /// Everyone who is part of nobody else.
    pub(crate) fn ones(&self) -> &[PersonId] {
        &self.ones
    }
}

/// The person whom `id` is part of. A note that leads nowhere or round in a circle is passed over.
fn canonical(known: &HashMap<PersonId, &Profile>, id: PersonId) -> PersonId {
    let into = |id: PersonId| {
        let into: PersonId = known.get(&id)?.merged_into.as_ref()?.parse().ok()?;
        known.contains_key(&into).then_some(into)
    };
    let mut seen = BTreeSet::from([id]);
    let mut at = id;
    while let Some(next) = into(at) {
        if !seen.insert(next) {
            return id;
        }
        at = next;
    }
    at
}

/// The persons as lists show them: the owner first, then by name; those who are part of another below that one.
pub(crate) fn shown(profiles: &[(PersonId, Profile)]) -> Vec<Person> {
    let circle = Circle::of(profiles);
    let known: HashMap<PersonId, &Profile> = profiles.iter().map(|(id, profile)| (*id, profile)).collect();
    let of = |id: PersonId| known.get(&id).copied();
    let mut persons: Vec<Person> = circle
        .ones()
        .iter()
        .filter_map(|one| {
            let one = *one;
            let parts: Vec<(PersonId, &Profile)> =
                circle.all(one).into_iter().skip(1).filter_map(|id| Some((id, of(id)?))).collect();
            let mut person = of(one)?.shown(one);
            person.owner |= parts.iter().any(|(_, profile)| profile.owner);
            person.merged = parts.into_iter().map(|(id, profile)| profile.shown(id)).collect();
            Some(person)
        })
        .collect();
    persons.sort_by(|a, b| {
        b.owner.cmp(&a.owner).then_with(|| a.name.cmp(&b.name)).then_with(|| a.id.cmp(&b.id))
    });
    persons
}

impl Session {
    pub(crate) fn circle(&self) -> Result<Circle, Error> {
        Ok(Circle::of(&self.profiles()?))
    }

    /// Adds a person.
    ///
    /// Errors: [`Error::OwnerIsKnown`] for the relation `self` where somebody is the owner and [`NewPerson::owner`] is not
    /// set; [`Error::SameName`] unless [`NewPerson::same_name`] is set, or birth dates tell the two apart.
    pub fn add_person(&mut self, new: &NewPerson) -> Result<OnePerson, Error> {
        let now_ms = self.environment().now_ms();
        let known = self.profiles()?;
        let relation = word(new.relation.as_deref(), &RELATIONS, Error::BadRelation)?;
        let owned = known.iter().any(|(_, profile)| profile.owner);
        let is_self = relation.as_deref() == Some("self");
        if is_self && owned && !new.owner {
            return Err(Error::OwnerIsKnown);
        }
        let owner = new.owner || is_self || (relation.is_none() && !owned);
        let profile = Profile {
            name: name(&new.name)?,
            birth_date: new.birth_date.as_deref().map(|day| birth_date(day, now_ms)).transpose()?,
            gender: word(new.gender.as_deref(), &GENDERS, Error::BadGender)?,
            relation,
            owner,
            ..Profile::default()
        };
        if !new.same_name && is_namesake(&known, &profile, None) {
            return Err(Error::SameName);
        }
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        if owner {
            disown(&mut tx, &known, None)?;
        }
        let id = tx.add_person(&profile.write()?)?;
        tx.log(now_ms, "person-added", &id.to_string())?;
        tx.commit()?;
        self.one_person(id)
    }

    /// Changes what is known of a person. Who the owner was is changed back in the same way.
    ///
    /// Errors: as of [`Session::add_person`]; [`Error::NothingToChange`].
    pub fn change_person(&mut self, person: &str, change: &PersonChange) -> Result<OnePerson, Error> {
        let id = self.person_meant(person)?;
        let now_ms = self.environment().now_ms();
        let known = self.profiles()?;
        let (_, mut profile) =
            known.iter().find(|(known, _)| *known == id).cloned().ok_or(Error::NoSuchPerson)?;
        let before = profile.clone();
        if let Some(day) = &change.birth_date {
            profile.birth_date = Some(birth_date(day, now_ms)?);
        }
        if change.gender.is_some() {
            profile.gender = word(change.gender.as_deref(), &GENDERS, Error::BadGender)?;
        }
        if change.relation.is_some() {
            profile.relation = word(change.relation.as_deref(), &RELATIONS, Error::BadRelation)?;
        }
        let owns = change.owner || profile.owner;
        if profile.relation.as_deref() == Some("self") && !owns {
            return Err(Error::OwnerIsKnown);
        }
        profile.owner = owns;
        if owns && change.relation.is_some() && profile.relation.as_deref() != Some("self") {
            return Err(Error::BadRelation);
        }
        if profile == before {
            return Err(Error::NothingToChange);
        }
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        if profile.owner {
            disown(&mut tx, &known, Some(id))?;
        }
        tx.set_person(id, &profile.write()?)?;
        let event = if profile.owner == before.owner { "person-changed" } else { "owner-changed" };
        tx.log(now_ms, event, &id.to_string())?;
        tx.commit()?;
        self.refresh_emergency_card()?;
        self.one_person(id)
    }

    /// Gives a person another name. Files that know them by an earlier name still find them. [`Error::SameName`] as of
    /// [`Session::add_person`], unless `same_name`.
    pub fn rename_person(&mut self, person: &str, new: &str, same_name: bool) -> Result<OnePerson, Error> {
        let id = self.person_meant(person)?;
        let new = name(new)?;
        let known = self.profiles()?;
        let renamed = known.iter().find(|(known, _)| *known == id);
        let renamed = renamed.map(|(_, profile)| Profile { name: new.clone(), ..profile.clone() });
        if !same_name && renamed.is_some_and(|profile| is_namesake(&known, &profile, Some(id))) {
            return Err(Error::SameName);
        }
        self.change_profile(id, "person-renamed", |profile| {
            let old = std::mem::replace(&mut profile.name, new);
            profile.former.retain(|former| !person::same_name(former, &profile.name));
            if !old.is_empty() && !person::same_name(&old, &profile.name) {
                profile.former.push(old);
            }
            profile.former.truncate(person::MOST_FORMER);
        })?;
        self.refresh_emergency_card()?;
        self.one_person(id)
    }

    /// Makes `part` a part of `one`: two entries for one person. [`Error::SamePerson`] when they are that already,
    /// [`Error::OwnerIsPart`] when the vault would so come to belong to somebody else.
    pub fn merge_persons(&mut self, part: &str, one: &str) -> Result<OnePerson, Error> {
        let (part, one) = (self.person_meant(part)?, self.person_meant(one)?);
        if part == one {
            return Err(Error::SamePerson);
        }
        let persons = self.persons()?.persons;
        let owns = |id: PersonId| persons.iter().any(|person| person.id == id.to_string() && person.owner);
        if owns(part) && !owns(one) {
            return Err(Error::OwnerIsPart);
        }
        self.change_profile(part, "persons-merged", |profile| profile.merged_into = Some(one.to_string()))?;
        self.refresh_emergency_card()?;
        self.one_person(one)
    }

    /// Takes a merge back: `part` is a person of their own again. [`Error::NotMerged`] when they are.
    pub fn unmerge_person(&mut self, part: &str) -> Result<OnePerson, Error> {
        let profiles = self.profiles()?;
        let merged: Vec<(PersonId, Profile)> =
            profiles.iter().filter(|(_, profile)| profile.merged_into.is_some()).cloned().collect();
        let part = person::meant(&merged, part).map_err(|error| match error {
            Error::NoSuchPerson if person::meant(&profiles, part).is_ok() => Error::NotMerged,
            error => error,
        })?;
        self.change_profile(part, "persons-unmerged", |profile| profile.merged_into = None)?;
        self.refresh_emergency_card()?;
        self.one_person(part)
    }

    /// The log names only the person's random id.
    fn change_profile(
        &mut self,
        id: PersonId,
        event: &str,
        change: impl FnOnce(&mut Profile),
    ) -> Result<(), Error> {
        let (_, mut profile) =
            self.profiles()?.into_iter().find(|(known, _)| *known == id).ok_or(Error::NoSuchPerson)?;
        change(&mut profile);
        let now_ms = self.environment().now_ms();
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        tx.set_person(id, &profile.write()?)?;
        tx.log(now_ms, event, &id.to_string())?;
        Ok(tx.commit()?)
    }

    fn one_person(&self, id: PersonId) -> Result<OnePerson, Error> {
        let id = id.to_string();
        let person = self.persons()?.persons.into_iter().find(|person| person.id == id);
        Ok(OnePerson { person: person.ok_or(Error::NoSuchPerson)? })
    }
}

fn name(text: &str) -> Result<String, Error> {
    let name = kosha_fhir::clean(text);
    if name.is_empty() || text.chars().count() > LONGEST_NAME { Err(Error::BadName) } else { Ok(name) }
}

/// Milliseconds of a year, more or less.
const YEAR_MS: i64 = 366 * 86_400_000;
/// Nobody is older, in years.
const OLDEST: i64 = 150;
/// Somewhere it is tomorrow already.
const AHEAD_MS: i64 = 86_400_000;

fn birth_date(text: &str, now_ms: i64) -> Result<String, Error> {
    let (first, last) = date::period(text)?;
    if first > now_ms.saturating_add(AHEAD_MS) || last < now_ms.saturating_sub(OLDEST * YEAR_MS) {
        return Err(Error::BadBirthDate);
    }
    Ok(text.to_owned())
}

/// Whether somebody else has this name, and no birth date tells them apart.
fn is_namesake(known: &[(PersonId, Profile)], profile: &Profile, own: Option<PersonId>) -> bool {
    let circle = Circle::of(known);
    known.iter().any(|(id, other)| {
        own.map(|own| circle.one(own)) != Some(circle.one(*id))
            && other.same_name(profile)
            && !cannot_be_one(profile.birth_date.as_deref(), other.birth_date.as_deref())
    })
}

/// Whether two birth dates rule each other out. A year does not rule out a day in it; what is no date is compared as text.
fn cannot_be_one(one: Option<&str>, other: Option<&str>) -> bool {
    let span = |text: Option<&str>| text.and_then(|text| date::period(text).ok());
    match (span(one), span(other)) {
        (Some((first, last)), Some((from, to))) => last < from || to < first,
        _ => person::differ(one, other),
    }
}

/// The vault no longer belongs to whom it belonged, but for `still`.
fn disown(
    tx: &mut Transaction<'_>,
    known: &[(PersonId, Profile)],
    still: Option<PersonId>,
) -> Result<(), Error> {
    for (id, profile) in known.iter().filter(|(id, profile)| profile.owner && Some(*id) != still) {
        let relation = profile.relation.clone().filter(|relation| relation != "self");
        let other = Profile { owner: false, relation, ..profile.clone() };
        tx.set_person(*id, &other.write()?)?;
    }
    Ok(())
}

fn word(text: Option<&str>, known: &[&str], error: Error) -> Result<Option<String>, Error> {
    match text.map(str::to_lowercase) {
        None => Ok(None),
        Some(word) if known.contains(&word.as_str()) => Ok(Some(word)),
        Some(_) => Err(error),
    }
}

impl std::fmt::Debug for NewPerson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewPerson").field("owner", &self.owner).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for PersonChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PersonChange").field("owner", &self.owner).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Circle, PersonId, Profile};

    #[test]
    fn who_is_part_of_whom_survives_chains_circles_and_dangling_notes() {
        let id = |n: u8| PersonId::from_bytes([n; 16]);
        let part = |n: u8, of: Option<u8>| {
            let merged_into = of.map(|of| id(of).to_string());
            (id(n), Profile { merged_into, ..Profile::default() })
        };
        let profiles = [
            part(1, None),
            part(2, Some(1)),
            part(3, Some(2)),
            part(4, Some(9)),
            part(5, Some(6)),
            part(6, Some(5)),
        ];
        let circle = Circle::of(&profiles);
        assert_eq!(circle.all(id(2)), [id(1), id(2), id(3)]);
        assert_eq!(circle.ones(), [id(1), id(4), id(5), id(6)]);
        assert_eq!(circle.one(id(7)), id(7));
    }
}
