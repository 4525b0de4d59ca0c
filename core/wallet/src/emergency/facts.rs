//! What stands on an emergency card: what the lists show as so now, each with what speaks against it.

use kosha_crypto::id::PersonId;
use kosha_fhir::Language;

use super::{CardFact, MOST_FACTS};
use crate::views::{
    AllergiesQuery, Allergy, Medicine, MedicineState, MedicinesQuery, Problem, ProblemState, ProblemsQuery,
    Source, Which,
};
use crate::words::WORDS;
use crate::{Error, Session};

/// Facts of a page that is asked for.
const PAGE: u32 = 1_000;

/// What the card says of medicines.
pub(super) struct MedicineFacts {
    pub(super) taken: Vec<CardFact>,
    pub(super) not_to_be_taken: Vec<CardFact>,
}

/// Every page of a list.
fn pages<T>(
    mut page: impl FnMut(Option<String>) -> Result<(Vec<T>, Option<String>), Error>,
) -> Result<Vec<T>, Error> {
    let (mut all, mut next) = page(None)?;
    while let Some(after) = next {
        let (more, further) = page(Some(after))?;
        all.extend(more);
        next = further;
    }
    Ok(all)
}

impl Session {
    pub(super) fn allergy_facts(
        &self,
        person: PersonId,
        left_out: &mut usize,
    ) -> Result<Vec<CardFact>, Error> {
        let mut none = Vec::new();
        let allergies = pages(|after| {
            let query = AllergiesQuery { person: Some(person.to_string()), all: false, limit: PAGE, after };
            let found = self.allergies(&query)?;
            none.extend(found.none_known);
            Ok((found.allergies, found.next))
        })?;
        let facts = allergies.iter().map(|allergy| self.allergy_fact(allergy)).collect();
        if allergies.is_empty() {
            // That no allergy is known is no fact of somebody who has one.
            let fact =
                |none: &crate::views::NoneKnown| fact(none.text.clone(), none.sources.first(), Vec::new());
            return Ok(bounded(none.iter().map(fact).collect(), left_out));
        }
        Ok(bounded(facts, left_out))
    }

    fn allergy_fact(&self, allergy: &Allergy) -> CardFact {
        let language = self.language();
        let serious = allergy.serious.then(|| WORDS.text(language, "card-serious").to_owned());
        let told =
            [&allergy.summary].into_iter().chain(&allergy.also).filter(|told| !told.is_empty()).cloned();
        let against = allergy.ruled_out_by.iter().map(|source| against(language, source.state_text, source));
        fact(
            allergy.title.clone(),
            allergy.sources.first(),
            serious.into_iter().chain(told).chain(against).collect(),
        )
    }

    pub(super) fn condition_facts(
        &self,
        person: PersonId,
        left_out: &mut usize,
    ) -> Result<Vec<CardFact>, Error> {
        let problems = pages(|after| {
            let which = Which::Current;
            let query = ProblemsQuery { person: Some(person.to_string()), which, limit: PAGE, after };
            let found = self.problems(&query)?;
            Ok((found.problems, found.next))
        })?;
        let facts = problems.iter().map(|problem| self.condition_fact(problem)).collect();
        Ok(bounded(facts, left_out))
    }

    fn condition_fact(&self, problem: &Problem) -> CardFact {
        let language = self.language();
        let state = matches!(problem.state, ProblemState::Remission | ProblemState::Recurrence);
        let notes = state.then(|| problem.state_text.to_owned()).into_iter();
        let against = problem.contrary.iter().map(|source| against(language, source.state_text, source));
        // The name of the source first, what it is called in plain words behind it.
        let text = match problem.plain.as_deref() {
            Some(plain) => WORDS.say(language, "card-named", &[("name", &problem.title), ("plain", plain)]),
            None => problem.title.clone(),
        };
        fact(text, problem.sources.first(), notes.chain(against).collect())
    }

    pub(super) fn medicine_facts(
        &self,
        person: PersonId,
        left_out: &mut usize,
    ) -> Result<MedicineFacts, Error> {
        let mut orders = Vec::new();
        let medicines = pages(|after| {
            let which = Which::Current;
            let query = MedicinesQuery { person: Some(person.to_string()), which, limit: PAGE, after };
            let found = self.medicines(&query)?;
            orders.extend(found.do_not_take);
            Ok((found.medicines, found.next))
        })?;
        let taken = medicines.iter().map(|medicine| self.medicine_fact(medicine)).collect();
        let not_to_be_taken = orders.into_iter().map(|order| CardFact {
            text: order.title,
            date: day(order.date),
            source: order.source,
            notes: Vec::new(),
        });
        Ok(MedicineFacts {
            taken: bounded(taken, left_out),
            not_to_be_taken: bounded(not_to_be_taken.collect(), left_out),
        })
    }

    fn medicine_fact(&self, medicine: &Medicine) -> CardFact {
        let language = self.language();
        let name = &medicine.title;
        let text = match &medicine.dosage {
            Some(dosage) => WORDS.say(language, "card-dosed", &[("name", name), ("dosage", dosage)]),
            None => name.clone(),
        };
        let state = (medicine.state != MedicineState::Current).then(|| medicine.state_text.to_owned());
        let doses = medicine.sources.iter().filter(|source| source.dosage != medicine.dosage);
        let doses = doses.filter_map(|source| {
            let by = by(language, source.source.as_deref(), source.date.as_deref());
            Some(told_otherwise(language, source.dosage.as_deref()?, by.as_deref()))
        });
        let against = medicine.contrary.iter().map(|one| {
            let by = by(language, one.source.as_deref(), one.date.as_deref());
            told_otherwise(language, one.state_text, by.as_deref())
        });
        let warnings = medicine.warnings.iter().map(|warning| warning.text.clone());
        let newest = medicine.sources.first();
        CardFact {
            text,
            date: day(newest.and_then(|source| source.date.clone())),
            source: newest.and_then(|source| source.source.clone()),
            notes: state.into_iter().chain(warnings).chain(against).chain(doses).collect(),
        }
    }
}

fn fact(text: String, newest: Option<&Source>, notes: Vec<String>) -> CardFact {
    CardFact {
        text,
        date: day(newest.and_then(|source| source.date.clone())),
        source: newest.and_then(|source| source.source.clone()),
        notes,
    }
}

/// The day of a moment: a card says no more.
fn day(date: Option<String>) -> Option<String> {
    date.map(|mut date| {
        date.truncate(10);
        date
    })
}

fn against(language: Language, said: &str, source: &Source) -> String {
    told_otherwise(language, said, by(language, source.source.as_deref(), source.date.as_deref()).as_deref())
}

pub(crate) fn told_otherwise(language: Language, said: &str, by: Option<&str>) -> String {
    match by {
        Some(by) => WORDS.say(language, "card-otherwiseBy", &[("said", said), ("by", by)]),
        None => WORDS.say(language, "card-otherwise", &[("said", said)]),
    }
}

/// Who said it, and when.
pub(crate) fn by(language: Language, source: Option<&str>, date: Option<&str>) -> Option<String> {
    let date = day(date.map(str::to_owned)).map(|date| crate::views::words::day(language, &date));
    match (source, date) {
        (Some(source), Some(date)) => {
            Some(WORDS.say(language, "card-by", &[("source", source), ("date", &date)]))
        }
        (Some(source), None) => Some(source.to_owned()),
        (None, date) => date,
    }
}

/// The same said again counts once, the newest of it.
pub(super) fn bounded(facts: Vec<CardFact>, left_out: &mut usize) -> Vec<CardFact> {
    let mut seen = std::collections::BTreeSet::new();
    let mut kept: Vec<CardFact> = facts
        .into_iter()
        .filter(|fact| seen.insert((fact.text.to_lowercase(), fact.notes.clone())))
        .collect();
    *left_out += kept.len().saturating_sub(MOST_FACTS);
    kept.truncate(MOST_FACTS);
    kept
}
