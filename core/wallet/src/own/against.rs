//! What other records say against something that was just written down. It is told, and nothing is hindered.

use kosha_fhir::{Kind, Traits};

use crate::emergency::facts::{by, told_otherwise};
use crate::views::{AllergiesQuery, MedicinesQuery, Which};
use crate::words::WORDS;
use crate::{Error, Session};

impl Session {
    /// What speaks against a record, one sentence each in the session's language: another blood group on file, an allergy or
    /// an order not to take it where it is a medicine, an allergy where it says that there is none. Whoever has just written
    /// it down should see that.
    ///
    /// Errors: [`Error::NoSuchRecord`], [`Error::Ambiguous`].
    pub fn against(&self, record: &str) -> Result<Vec<String>, Error> {
        let id = self.record_meant(record)?;
        let entry = self.vault().index().get(id).ok_or(Error::NoSuchRecord)?;
        let (language, person) = (self.language(), Some(entry.person().to_string()));
        let kind = Kind::from_u16(entry.kind());
        if kind == Some(Kind::Medicine) {
            let query = MedicinesQuery { person, which: Which::All, limit: u32::MAX, after: None };
            let listed = self.medicines(&query)?.medicines;
            let is_it = |record: &String| *record == id.to_string();
            let own = listed
                .into_iter()
                .find(|one| one.sources.iter().any(|source| source.records.iter().any(is_it)));
            let warnings = own.map(|own| own.warnings).unwrap_or_default();
            return Ok(warnings.into_iter().map(|warning| warning.text).collect());
        }
        if kind == Some(Kind::Allergy) && Traits::from_bits(entry.traits()).contains(Traits::NONE_KNOWN) {
            let query = AllergiesQuery { person, ..AllergiesQuery::default() };
            let on_file = self.allergies(&query)?.none_known.iter().any(|none| none.on_file);
            return Ok(on_file
                .then(|| WORDS.text(language, "against-allergy").to_owned())
                .into_iter()
                .collect());
        }
        let others = self.other_blood_groups(id)?.into_iter().map(|fact| {
            let by = by(language, fact.source.as_deref(), fact.date.as_deref());
            let said = told_otherwise(language, &fact.text, by.as_deref());
            WORDS.say(language, "against-bloodGroup", &[("said", &said)])
        });
        Ok(others.collect())
    }
}
