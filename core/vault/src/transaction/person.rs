//! Writing of persons.

use kosha_crypto::PersonKeys;
use kosha_crypto::id::PersonId;
use rusqlite::params;
use zeroize::Zeroizing;

use super::{MAX_ITEM, Transaction, damaged};
use crate::error::{Error, Part, Result};
use crate::keyring::{Member, Person};
use crate::rows::blob;

impl Transaction<'_> {
    /// Adds a person with keys of their own. `profile` is the caller's.
    pub fn add_person(&mut self, profile: &[u8]) -> Result<PersonId> {
        if profile.len() > MAX_ITEM {
            return Err(Error::TooLarge("a profile holds at most 16 MiB"));
        }
        self.step(|tx| {
            let entropy = tx.entropy();
            let entropy = entropy.as_ref();
            let id = PersonId::random(entropy)?;
            let keys = PersonKeys::generate(entropy)?;
            let wrapped = keys.wrap(&tx.vault.keys.root, tx.vault.keys.vault, entropy)?;
            let mut member = Member { id, row: 0, keys, profile: Zeroizing::new(profile.to_vec()) };
            let sealed = member.seal_profile(tx.vault.keys.vault, profile, entropy)?;
            tx.vault.conn.prepare_cached("INSERT INTO p(i,k,h) VALUES(?1,?2,?3)")?.execute(params![
                id.as_bytes(),
                wrapped,
                sealed
            ])?;
            member.row = tx.inserted();
            let row = tx.rows.person(member.row, id.as_bytes(), &wrapped, &sealed);
            tx.state.add(&row.map_err(damaged(Part::Person(id)))?);
            // Known at once, since records of this transaction are sealed with these keys; taken back on rollback.
            tx.vault.keys.members.push(member);
            tx.members += 1;
            Ok(id)
        })
    }

    /// Replaces the profile of a person.
    pub fn set_person(&mut self, person: PersonId, profile: &[u8]) -> Result<()> {
        if profile.len() > MAX_ITEM {
            return Err(Error::TooLarge("a profile holds at most 16 MiB"));
        }
        let row = self.vault.keys.members.get(person)?.row;
        self.step(|tx| {
            let part = Part::Person(person);
            let old = tx.vault.one("SELECT k,h FROM p WHERE n=?1", row, part, |found| {
                Ok((blob(found, 0)?.to_vec(), blob(found, 1)?.to_vec()))
            })?;
            let (wrapped, old) = old;
            let entropy = tx.entropy();
            let member = tx.vault.keys.members.get(person)?;
            let sealed = member.seal_profile(tx.vault.keys.vault, profile, entropy.as_ref())?;
            let hash = |h: &[u8]| tx.rows.person(row, person.as_bytes(), &wrapped, h).map_err(damaged(part));
            let (before, now) = (hash(&old)?, hash(&sealed)?);
            tx.vault.conn.execute("UPDATE p SET h=?1 WHERE n=?2", params![sealed, row])?;
            tx.state.remove(&before);
            tx.state.add(&now);
            tx.profiles.push((person, Zeroizing::new(profile.to_vec())));
            Ok(())
        })
    }

    /// Everyone, with the changes of this transaction.
    pub fn persons(&self) -> Vec<Person> {
        let mut persons = self.vault.persons();
        for (changed, profile) in &self.profiles {
            if let Some(person) = persons.iter_mut().find(|person| person.id == *changed) {
                person.profile = profile.to_vec();
            }
        }
        persons
    }
}
