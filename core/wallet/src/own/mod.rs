//! What people write down themselves: added, corrected by a new version, removed by one that says that it was a mistake.
//! Older versions stay as history; [`Session::delete`] takes an entry away for good.

mod against;
mod stored;

use kosha_crypto::id::{PersonId, RecordId};
pub use kosha_fhir::own::{
    Allergy, BloodGroup, Meal, Measured, Medicine, Now, OwnDate, OwnEntry, Problem, Refused, Setting,
    Severity, Vaccination, Visit, What, Words,
};
use kosha_fhir::own::{OwnMark, kept_from, own_mark, withdrawn};
use kosha_vault::Durability;

pub(crate) use self::stored::NO_NAME;
use self::stored::{Made, Writer};
use crate::hidden::hidden_debug;
use crate::person::Profile;
use crate::timeline::RecordCard;
use crate::{Error, Session};

/// What is to be written down.
#[derive(Clone)]
pub struct OwnWish {
    /// The entry.
    pub entry: OwnEntry,
    /// Whose: id, the beginning of one, or name. Needed when there are several persons.
    pub person: Option<String>,
    /// When it was so: a year, month, day, or day with time. A measurement, a vaccination, a visit or a note without one is
    /// of now; a correction without one keeps the date that the entry had.
    pub when: Option<String>,
    /// A remark. A correction without one keeps it; an empty one takes it away.
    pub note: Option<String>,
    /// It is meant although the very same was written down less than a minute ago.
    pub again: bool,
}

impl OwnWish {
    /// This entry, of now, of the only person.
    pub fn of(entry: OwnEntry) -> Self {
        Self { entry, person: None, when: None, note: None, again: false }
    }
}

hidden_debug!(OwnWish);

impl Session {
    /// The time of day by which dates of entries are read.
    pub fn now(&self) -> Now {
        self.environment().now()
    }

    /// Writes an entry down, durably.
    ///
    /// Errors: [`Error::Own`] for what cannot be taken as it is, [`Error::PersonNeeded`], [`Error::NoSuchPerson`],
    /// [`Error::SaidAlready`].
    pub fn add(&mut self, wish: &OwnWish) -> Result<RecordCard, Error> {
        self.add_together(std::slice::from_ref(wish))?.pop().ok_or(Error::Internal)
    }

    /// Writes several entries of one person down at once: all of them, or none. The person is that of the first wish.
    pub fn add_together(&mut self, wishes: &[OwnWish]) -> Result<Vec<RecordCard>, Error> {
        let person = wishes.first().and_then(|wish| wish.person.as_deref());
        let person = self.person_to_attach_to(person, None)?;
        let environment = self.environment().clone();
        let now = environment.now();
        let writer = self.writer(person)?;
        let mut made = Vec::with_capacity(wishes.len());
        for wish in wishes {
            let said = Said::of(wish, now)?;
            wish.entry.check(said.when.as_ref())?;
            made.push((said, wish));
        }
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        environment.steps.reached("entry-begin");
        let person = match person {
            Some(person) => person,
            None => tx.add_person(&Profile { owner: true, ..Profile::default() }.write()?)?,
        };
        let mut records = Vec::with_capacity(made.len());
        for (said, wish) in made {
            let identifier = stored::identifier(environment.entropy.as_ref())?;
            let made = Made::of(&wish.entry, &writer, &said, &identifier, 1, now)?;
            if !wish.again && made.was_said(tx.vault(), person, now.ms)? {
                return Err(Error::SaidAlready);
            }
            records.push(made.add(&mut tx, person, &writer, now.ms)?);
        }
        let detail =
            if records.len() == 1 { "1 entry".to_owned() } else { format!("{} entries", records.len()) };
        tx.log(now.ms, "entry-added", &detail)?;
        environment.steps.reached("entry-commit");
        tx.commit()?;
        environment.steps.reached("entry-durable");
        self.refresh_emergency_card()?;
        records.into_iter().map(|record| self.card_of(record)).collect()
    }

    /// Corrects an entry by a new version, which says everything anew; the older one stays as history.
    ///
    /// Errors: those of [`Session::add`], [`Error::NotOwnEntry`], [`Error::EntryRemoved`], [`Error::OtherSort`],
    /// [`Error::PersonStays`], [`Error::NothingToChange`].
    pub fn correct(&mut self, id: &str, wish: &OwnWish) -> Result<RecordCard, Error> {
        let (record, resource, mark) = self.own_entry(id)?;
        if mark.sort != wish.entry.sort() {
            return Err(Error::OtherSort);
        }
        let person = self.vault().header(record)?.person;
        if let Some(named) = wish.person.as_deref()
            && self.person_called(named)? != self.circle()?.one(person)
        {
            return Err(Error::PersonStays);
        }
        let now = self.environment().now();
        let mut said = Said::of(wish, now)?;
        let (when, note) = kept_from(&resource, &wish.entry, now);
        said.when = said.when.or(when);
        if wish.note.is_none() {
            said.note = note;
        }
        wish.entry.check(said.when.as_ref())?;
        let writer = self.writer(Some(person))?;
        let made =
            Made::of(&wish.entry, &writer, &said, &mark.identifier, mark.version.saturating_add(1), now)?;
        if made.says_the_same(&resource) {
            return Err(Error::NothingToChange);
        }
        self.put_version(record, &made, &writer, "entry-corrected")
    }

    /// Removes an entry: a new version says that it was entered in error, so that it is no fact anywhere. What it said stays
    /// as history; [`Session::delete`] takes that away too.
    ///
    /// Errors: [`Error::NoSuchRecord`], [`Error::NotOwnEntry`], [`Error::EntryRemoved`].
    pub fn remove_own(&mut self, id: &str) -> Result<RecordCard, Error> {
        let (record, resource, _) = self.own_entry(id)?;
        let now = self.environment().now();
        let bytes = withdrawn(&resource, now).ok_or(Error::NotOwnEntry)?;
        let writer = self.writer(Some(self.vault().header(record)?.person))?;
        self.put_version(record, &Made::read(bytes, now.ms)?, &writer, "entry-removed")
    }

    /// An entry that somebody wrote down here and that was not removed.
    fn own_entry(&self, id: &str) -> Result<(RecordId, Vec<u8>, OwnMark), Error> {
        let record = self.record_meant(id)?;
        let resource = self.vault().body(record)?.resource.to_vec();
        let mark = own_mark(&resource).ok_or(Error::NotOwnEntry)?;
        if mark.removed { Err(Error::EntryRemoved) } else { Ok((record, resource, mark)) }
    }

    fn put_version(
        &mut self,
        record: RecordId,
        made: &Made,
        writer: &Writer,
        event: &str,
    ) -> Result<RecordCard, Error> {
        let environment = self.environment().clone();
        let now_ms = environment.now_ms();
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        environment.steps.reached("entry-begin");
        made.update(&mut tx, record, writer)?;
        tx.log(now_ms, event, "1 entry")?;
        environment.steps.reached("entry-commit");
        tx.commit()?;
        environment.steps.reached("entry-durable");
        self.refresh_emergency_card()?;
        self.card_of(record)
    }

    /// Who writes about this person: they themselves if the vault is theirs, else its owner for them.
    fn writer(&self, person: Option<PersonId>) -> Result<Writer, Error> {
        let circle = self.circle()?;
        let profiles = self.profiles()?;
        let Some(person) = person.map(|person| circle.one(person)) else { return Ok(Writer::nobody_named()) };
        let owner = self.persons()?.persons.into_iter().find(|person| person.owner);
        let own = owner.as_ref().is_none_or(|owner| owner.id == person.to_string());
        let profile = profiles.into_iter().find(|(id, _)| *id == person).map(|(_, profile)| profile);
        Ok(Writer::new(person, profile.as_ref(), own, owner.map(|owner| owner.name)))
    }

    fn card_of(&self, record: RecordId) -> Result<RecordCard, Error> {
        let entry = self.vault().index().get(record).ok_or(Error::NoSuchRecord)?;
        let mut card = self.card(entry, &self.circle()?);
        self.speak(std::slice::from_mut(&mut card));
        Ok(card)
    }
}

/// What a wish says beside its entry, read.
struct Said {
    when: Option<OwnDate>,
    note: Option<Words>,
}

impl Said {
    fn of(wish: &OwnWish, now: Now) -> Result<Self, Error> {
        let when = wish.when.as_deref().map(|text| OwnDate::parse(text, now)).transpose()?;
        let note =
            wish.note.as_deref().filter(|text| !text.trim().is_empty()).map(Words::note).transpose()?;
        if note.is_some() && matches!(wish.entry, OwnEntry::Note(_)) {
            return Err(Refused::NoteOfNote.into());
        }
        Ok(Self { when, note })
    }
}
