//! Statements that there is none: of allergies, problems or medicines.

use kosha_crypto::id::PersonId;
use kosha_fhir::{Standing, Traits};
use serde::Serialize;

use super::grouping::{Apart, Keys, Member, Source, grouped, sources};
use super::scope::{Texts, has, standing};
use crate::hidden::hidden_debug;

/// The section of the words of a state.
const STATES: &str = "allergy";

/// A statement that there is none known.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoneKnown {
    /// Whose it is.
    pub person: String,
    /// What it says.
    pub text: String,
    /// Who says it, the newest first.
    pub sources: Vec<Source>,
    /// One of this person is on file all the same.
    pub on_file: bool,
}

/// Whether a record is such a statement, and no fact of its kind.
pub(super) fn is_none_known(member: &Member<'_>) -> bool {
    has(member.entry, Traits::NONE_KNOWN)
}

/// The statements, the same words once; those that were themselves withdrawn are left out. `on_file`: who has one.
pub(super) fn none_known(
    none: Vec<Member<'_>>,
    on_file: &[PersonId],
    apart: &Apart,
    texts: &Texts,
) -> Vec<NoneKnown> {
    let stated = none.into_iter().filter(|member| standing(member.entry) == Standing::Fact);
    let key = |member: &Member<'_>| Keys::new().alone((member.person, member.entry.title().to_lowercase()));
    grouped(stated, apart, key)
        .into_iter()
        .filter_map(|group| {
            let newest = group.first()?;
            Some(NoneKnown {
                person: newest.person.to_string(),
                text: texts.title(newest.entry),
                sources: sources(&group, (texts.language(), STATES), |_| "none-known"),
                on_file: on_file.contains(&newest.person),
            })
        })
        .collect()
}

hidden_debug!(NoneKnown);
