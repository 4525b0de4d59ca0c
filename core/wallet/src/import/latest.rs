//! The newest version of each record of one identity, found by age without looking at them all.

#[cfg(test)]
use std::cell::Cell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Bound::{Excluded, Unbounded};

use kosha_crypto::id::{PersonId, RecordId};

/// What a source says about how new an entry is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Age {
    /// `versionId` where it is a number.
    pub(super) version: Option<u64>,
    /// `lastUpdated` in Unix seconds, its fraction as text for the order within a second.
    pub(super) updated: Option<(i64, String)>,
}

impl Age {
    pub(super) fn of(version_id: Option<&str>, last_updated: Option<&str>) -> Self {
        Self {
            version: version_id.and_then(|text| text.parse().ok()),
            updated: last_updated.and_then(crate::date::instant),
        }
    }

    fn without_time(version: Option<u64>) -> Self {
        Self { version, updated: None }
    }
}

/// Person, age, and the place in the order in which records came.
type ByAge = (PersonId, Age, usize);

/// The newest version of each record of one identity.
#[derive(Default)]
pub(super) struct Latest {
    records: Vec<RecordId>,
    places: HashMap<RecordId, (PersonId, Age, usize)>,
    by_age: BTreeSet<ByAge>,
    /// The same without the version, for entries that have none.
    by_time: BTreeSet<(PersonId, (i64, String), usize)>,
    /// How many records were looked at.
    #[cfg(test)]
    pub(super) looked: Cell<usize>,
}

impl Latest {
    /// Notes the newest version of a record, in place of the one before. The person of a record stays.
    pub(super) fn note(&mut self, record: RecordId, person: PersonId, age: Age) {
        let (person, place) = if let Some((person, before, place)) = self.places.remove(&record) {
            if let Some(time) = &before.updated {
                self.by_time.remove(&(person, time.clone(), place));
            }
            self.by_age.remove(&(person, before, place));
            (person, place)
        } else {
            self.records.push(record);
            (person, self.records.len() - 1)
        };
        if let Some(time) = &age.updated {
            self.by_time.insert((person, time.clone(), place));
        }
        self.by_age.insert((person, age.clone(), place));
        self.places.insert(record, (person, age, place));
    }

    /// Notes a newer version of a record that is noted; of any other nothing.
    pub(super) fn renew(&mut self, record: RecordId, age: &Age) {
        if let Some((person, _, _)) = self.places.get(&record) {
            self.note(record, *person, age.clone());
        }
    }

    /// The record of this person with a version whose number is higher than that of this age.
    pub(super) fn newer_than(&self, own: &Age, person: PersonId) -> Option<RecordId> {
        let from = (person, Age::without_time(Some(own.version?.checked_add(1)?)), 0);
        let found = self
            .by_age
            .range(from..)
            .next()
            .filter(|(whose, age, _)| *whose == person && age.version.is_some());
        found.and_then(|(_, _, place)| self.records.get(*place)).copied()
    }

    /// The record of this person of which an entry of this age is a newer version: by `versionId` where both have a
    /// number and they differ, else by `lastUpdated`. Of several the newest, of equals the one that came last.
    pub(super) fn older_than(&self, own: &Age, person: PersonId) -> Option<RecordId> {
        let below = |from: Age, to: Age| {
            #[cfg(test)]
            self.looked.set(self.looked.get() + 1);
            // Places start at 0 and stay below `MAX`: the bounds take in no record of the age `from` or `to` itself.
            let range = (Excluded((person, from, usize::MAX)), Excluded((person, to, 0)));
            self.by_age.range(range).next_back().map(|(_, _, place)| *place)
        };
        let Some(version) = own.version else {
            let time = own.updated.clone()?;
            #[cfg(test)]
            self.looked.set(self.looked.get() + 1);
            let range = (Unbounded, Excluded((person, time, 0)));
            let found = self.by_time.range(range).next_back().filter(|(whose, _, _)| *whose == person);
            return found.and_then(|(_, _, place)| self.records.get(*place)).copied();
        };
        let lower = || {
            #[cfg(test)]
            self.looked.set(self.looked.get() + 1);
            let to = (person, Age::without_time(Some(version)), 0);
            let found = self.by_age.range((Unbounded, Excluded(to))).next_back();
            found
                .filter(|(whose, age, _)| *whose == person && age.version.is_some())
                .map(|(_, _, place)| *place)
        };
        let earlier = |of: Option<u64>| {
            own.updated.as_ref()?;
            below(Age::without_time(of), Age { version: of, updated: own.updated.clone() })
        };
        let place = lower().or_else(|| earlier(Some(version))).or_else(|| earlier(None))?;
        self.records.get(place).copied()
    }
}

/// The rule that the index follows: by `versionId` where both are numbers and differ, else by `lastUpdated`.
#[cfg(test)]
pub(super) fn is_newer_than(own: &Age, known: &Age) -> bool {
    match (own.version, known.version) {
        (Some(own), Some(theirs)) if own != theirs => own > theirs,
        _ => match (&own.updated, &known.updated) {
            (Some(own), Some(theirs)) => own > theirs,
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Age, Latest, is_newer_than};
    use kosha_crypto::id::{PersonId, RecordId};

    fn record(number: usize) -> RecordId {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        RecordId::from_bytes(id)
    }

    fn age(number: usize) -> Age {
        let version = (!number.is_multiple_of(3)).then(|| (number * 7 % 13).to_string());
        let updated =
            (!number.is_multiple_of(4)).then(|| format!("2024-01-{:02}T00:00:00Z", 1 + number * 11 % 28));
        Age::of(version.as_deref(), updated.as_deref())
    }

    #[test]
    fn newer_is_a_higher_version_or_a_later_update_and_never_a_guess() {
        let age = |version, updated| Age::of(Some(version), Some(updated));
        let person = PersonId::from_bytes([1; 16]);
        for (own, theirs, newer) in [
            (age("2", ""), age("1", ""), true),
            (age("10", ""), age("9", ""), true),
            (age("1", "2024-01-02T00:00:00Z"), age("2", "2024-01-01T00:00:00Z"), false),
            (age("a", "2024-01-02T00:00:00Z"), age("b", "2024-01-01T00:00:00Z"), true),
            (age("", "2024-01-01T05:30:00+05:30"), age("", "2024-01-01T00:00:00Z"), false),
            (age("", "2024-01-01T05:30:00.001+05:30"), age("", "2024-01-01T00:00:00Z"), true),
            (age("", "2024-01-01T00:00:00.20Z"), age("", "2024-01-01T00:00:00.1999Z"), true),
            (age("", "2024-01-01"), age("", ""), false),
            (age("", "nonsense"), age("", "2024-01-01T00:00:00Z"), false),
            (age("x", ""), age("w", ""), false),
            (age("", ""), age("", ""), false),
        ] {
            let mut latest = Latest::default();
            latest.note(record(1), person, theirs.clone());
            assert_eq!(latest.older_than(&own, person).is_some(), newer, "{own:?} {theirs:?}");
            assert_eq!(is_newer_than(&own, &theirs), newer, "{own:?} {theirs:?}");
        }
    }

    #[test]
    fn what_is_found_is_older_and_something_is_found_where_anything_is_older() {
        let mut latest = Latest::default();
        let mut plain: Vec<(RecordId, PersonId, Age)> = Vec::new();
        for number in 0..600 {
            let person = PersonId::from_bytes([u8::try_from(number % 3).unwrap(); 16]);
            let own = age(number * 5 + 1);
            let fits =
                |(_, whose, age): &&(RecordId, PersonId, Age)| *whose == person && is_newer_than(&own, age);
            let found = latest.older_than(&own, person);
            assert_eq!(found.is_some(), plain.iter().any(|known| fits(&known)), "{own:?}");
            if let Some(found) = found {
                let known = plain.iter_mut().find(|(record, _, _)| *record == found).unwrap();
                assert!(fits(&&*known), "{own:?} {:?}", known.2);
                known.2 = own.clone();
                latest.note(found, person, own);
            } else {
                plain.push((record(number), person, own.clone()));
                latest.note(record(number), person, own);
            }
        }
        assert!(plain.len() > 20);
    }

    #[test]
    fn the_work_for_each_entry_does_not_grow_with_their_number() {
        let person = PersonId::from_bytes([1; 16]);
        for (name, of) in [
            ("the same age", (|_| Age::of(Some("1"), Some("2024-01-01T00:00:00Z"))) as fn(usize) -> Age),
            ("no age", |_| Age::default()),
            ("falling", |number| Age::of(Some(&(10_000 - number).to_string()), None)),
            ("rising", |number| Age::of(Some(&number.to_string()), None)),
            ("mixed", age),
        ] {
            let mut latest = Latest::default();
            for number in 0..5000 {
                let own = of(number);
                let found = latest.older_than(&own, person).unwrap_or_else(|| record(number));
                latest.note(found, person, own);
            }
            assert!(latest.looked.get() <= 3 * 5000, "{name}: {}", latest.looked.get());
        }
    }
}
