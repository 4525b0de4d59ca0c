//! Whose records a view shows, and which part of them.

use std::borrow::Cow;
use std::collections::HashMap;

use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::{Card, Kind, Language, Standing, Traits, bare_title};
use kosha_vault::Entry;
use serde::Serialize;

use super::results::ResultFlag;
use crate::family::Circle;
use crate::import::header;
use crate::timeline::says;
use crate::{Error, Session, date};

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Which {
    /// What is so now, as far as the records say.
    #[default]
    Current,
    /// What was so before.
    Before,
    /// All of it, also what was planned, ruled out or not taken.
    All,
}

/// The persons of a view.
pub(super) struct Scope {
    pub(super) circle: Circle,
    /// Everybody where there is none; else the few who are one person.
    wanted: Option<Vec<PersonId>>,
}

impl Scope {
    /// The person under whom a record is shown, if the view has that person.
    pub(super) fn person(&self, entry: Entry<'_>) -> Option<PersonId> {
        let person = entry.person();
        let admitted = self.wanted.as_ref().is_none_or(|wanted| wanted.contains(&person));
        (admitted && !entry.tombstone()).then(|| self.circle.one(person))
    }

    /// The records of some kinds that are no mistakes of their source and say something, newest first, with whose they
    /// are.
    pub(super) fn entries<'a>(
        &self,
        session: &'a Session,
        kinds: &[u16],
    ) -> impl Iterator<Item = (PersonId, Entry<'a>)> {
        let entries = session.vault().index().of_kinds(kinds);
        let entries = entries
            .filter(|entry| standing(*entry) != Standing::InError && !has(*entry, Traits::NO_INFORMATION));
        entries.filter_map(|entry| Some((self.person(entry)?, entry)))
    }
}

impl Session {
    /// The person meant by `text`; everybody without one.
    pub(super) fn scope(&self, text: Option<&str>) -> Result<Scope, Error> {
        let circle = self.circle()?;
        let wanted = match text {
            Some(text) => Some(circle.all(self.person_called(text)?)),
            None => None,
        };
        Ok(Scope { circle, wanted })
    }

    /// The one person meant by `text`; without one the owner, or the only person there is.
    ///
    /// [`Error::PersonNeeded`] where that names nobody.
    pub(super) fn person_or_owner(&self, text: Option<&str>) -> Result<PersonId, Error> {
        if let Some(text) = text {
            return self.person_called(text);
        }
        let persons = self.persons()?.persons;
        let meant = persons.iter().find(|person| person.owner).or(match persons.as_slice() {
            [only] => Some(only),
            _ => None,
        });
        meant.ok_or(Error::PersonNeeded)?.id.parse().map_err(|_| Error::Internal)
    }
}

/// Texts of records in the session's language. In English they are those of the index.
pub(super) struct Texts {
    language: Language,
    spoken: HashMap<RecordId, Card>,
}

impl Texts {
    /// The language.
    pub(super) fn language(&self) -> Language {
        self.language
    }

    /// The title; whatever is no fact says so in it.
    pub(super) fn title(&self, entry: Entry<'_>) -> String {
        self.spoken.get(&entry.id()).map_or(entry.title(), |card| &card.title).to_owned()
    }

    /// The second line.
    pub(super) fn line(&self, entry: Entry<'_>) -> String {
        self.spoken.get(&entry.id()).map_or(entry.line(), |card| &card.line).to_owned()
    }

    /// The short marks.
    pub(super) fn chips(&self, entry: Entry<'_>) -> Vec<String> {
        match self.spoken.get(&entry.id()) {
            Some(card) => header::chips(card.chips.clone(), card.flag.as_ref()),
            None => entry.chips().map(str::to_owned).collect(),
        }
    }

    /// What a result is said to be.
    pub(super) fn flag(&self, entry: Entry<'_>) -> Option<ResultFlag> {
        match self.spoken.get(&entry.id()) {
            Some(card) => card.flag.as_ref().map(ResultFlag::read),
            None => ResultFlag::of(entry, self.language),
        }
    }

    /// The dosage; what its source wrote stays as it is.
    pub(super) fn dosage(&self, entry: Entry<'_>) -> String {
        let made = self.spoken.get(&entry.id()).and_then(|card| card.dosage.as_deref());
        made.unwrap_or(entry.dosage()).to_owned()
    }
}

impl Session {
    /// Texts of the records that a page shows.
    pub(super) fn texts<'a>(&self, shown: impl Iterator<Item = Entry<'a>>) -> Texts {
        Texts { language: self.language(), spoken: self.spoken(&shown.map(Entry::id).collect::<Vec<_>>()) }
    }

    /// What a record is called in plain words, where its own name does not say as much.
    pub(super) fn plain(&self, entry: Entry<'_>) -> Option<String> {
        self.meaning(entry).map(|meaning| meaning.name).filter(|plain| !says(name(entry), plain))
    }
}

/// How a record stands. A number that this version does not know is not taken for a fact.
pub(super) fn standing(entry: Entry<'_>) -> Standing {
    Standing::from_u8(entry.standing()).unwrap_or(Standing::Unconfirmed)
}

/// The clinical status as its source wrote it, in lower case: nearly every source writes the code as FHIR has it.
pub(super) fn status(entry: Entry<'_>) -> Cow<'_, str> {
    let mut status = Cow::from(entry.clinical_status().trim());
    if status.bytes().any(|byte| byte.is_ascii_uppercase()) {
        status.to_mut().make_ascii_lowercase();
    }
    status
}

/// Whether a record has a trait.
pub(super) fn has(entry: Entry<'_>, one: Traits) -> bool {
    Traits::from_bits(entry.traits()).contains(one)
}

/// The name that the source gave.
pub(super) fn name(entry: Entry<'_>) -> &str {
    let kind = Kind::from_u16(entry.kind()).unwrap_or(Kind::Other);
    bare_title(entry.title(), kind, standing(entry))
}

/// When, as exactly as the source said.
pub(super) fn when(entry: Entry<'_>) -> Option<String> {
    entry.date().map(|date| date::as_exact(date.start_ms, date.precision, date.offset_minutes))
}

/// Of a record that says when something ended, that; else its date.
pub(super) fn said_when(entry: Entry<'_>) -> Option<String> {
    entry.until_ms().map(day).or_else(|| when(entry))
}

/// Whether what one record says is known to be older than what another says: a stop is as new as the day of the stop, not
/// as the day on which began what was stopped.
pub(super) fn is_older(one: Entry<'_>, other: Entry<'_>) -> bool {
    let start = |entry: Entry<'_>| entry.date().map(|date| date.start_ms);
    let said = one.until_ms().max(start(one));
    matches!((said, start(other)), (Some(one), Some(other)) if one < other)
}

/// The day of a moment, in UTC.
pub(super) fn day(ms: i64) -> String {
    date::as_exact(ms, 3, None)
}
