//! Allergies and intolerances, statements that there are none, and those that were ruled out.

use kosha_crypto::id::PersonId;
use kosha_fhir::{Kind, MedicineName, Standing, Traits};
use kosha_vault::{Code, Entry};
use serde::Serialize;

use super::grouping::{Keys, Member, Source, distinct, grouped, since, sources, telling};
use super::medicines::is_allergy;
use super::none_known::{NoneKnown, is_none_known, none_known};
use super::paging::{Place, cut};
use super::scope::{Texts, has, name, standing};
use crate::hidden::hidden_debug;
use crate::naming::{Naming, names_one_thing};
use crate::words::of_code;
use crate::{Error, Session};

/// The section of the words of a state.
const STATES: &str = "allergy";
/// Most further reactions that are told of one substance.
const MOST_TOLD: usize = 10;

const KINDS: [u16; 1] = [Kind::Allergy.as_u16()];

/// Which allergies are wanted. The default: the first 50 of everybody, without those that were ruled out or are over.
#[derive(Clone)]
pub struct AllergiesQuery {
    /// A person: id, the beginning of one, or name.
    pub person: Option<String>,
    /// Also those that were ruled out, and those that are over.
    pub all: bool,
    /// Most allergies.
    pub limit: u32,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl Default for AllergiesQuery {
    fn default() -> Self {
        Self { person: None, all: false, limit: 50, after: None }
    }
}

/// How an allergy stands, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum AllergyState {
    /// Stated by its source.
    Stated,
    /// Not confirmed.
    Unconfirmed,
    /// Over, by its source.
    Over,
    /// Looked for and not found.
    RuledOut,
}

impl AllergyState {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Unconfirmed => "unconfirmed",
            Self::Over => "over",
            Self::RuledOut => "ruled-out",
        }
    }
}

/// A page of allergies: by state, serious ones first, then newest first.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Allergies {
    /// The allergies.
    pub allergies: Vec<Allergy>,
    /// Statements that there is none; all of them on the first page, none on the others.
    pub none_known: Vec<NoneKnown>,
    /// Where the next page begins; absent when there is none.
    pub next: Option<String>,
    /// Damage keeps some records from being listed. Absent in JSON where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// One substance.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Allergy {
    /// Whose it is.
    pub person: String,
    /// The substance as the source wrote it. Says nothing of the state.
    pub name: String,
    /// What it is called in plain words of the session's language, where its own name does not say as much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// Title of the newest record; whatever is no fact says so here.
    pub title: String,
    /// How it stands.
    pub state: AllergyState,
    /// The state in words of the session's language.
    #[serde(rename = "stateText")]
    pub state_text: &'static str,
    /// It can be serious, by one of the records.
    pub serious: bool,
    /// An intolerance by all of the records.
    pub intolerance: bool,
    /// Second line of the newest record that has one: what happened.
    pub summary: String,
    /// What other records tell of what happened, where it is something else; at most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Date of its first record.
    pub since: Option<String>,
    /// Who says so, the newest first.
    pub sources: Vec<Source>,
    /// How many records say so.
    pub records: usize,
    /// Who has ruled it out.
    #[serde(rename = "ruledOutBy", skip_serializing_if = "Vec::is_empty")]
    pub ruled_out_by: Vec<Source>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Name(PersonId, u8, String),
    Code(PersonId, u8, &'a Code),
}

fn state(entry: Entry<'_>) -> AllergyState {
    match standing(entry) {
        Standing::Fact if is_allergy(entry) => AllergyState::Stated,
        Standing::Fact => AllergyState::Over,
        Standing::Unconfirmed | Standing::Planned => AllergyState::Unconfirmed,
        _ => AllergyState::RuledOut,
    }
}

/// The words of the substance, in order: `Allergy to penicillin` and `Penicillin` are one.
fn substance(entry: Entry<'_>) -> String {
    let read = MedicineName::read(name(entry));
    let words = read.substance().join(" ");
    if words.is_empty() { read.base } else { format!("{words} {}", read.strengths.join(" ")) }
}

fn naming(entry: Entry<'_>) -> Naming {
    Naming::of(Some(Kind::Allergy), name(entry))
}

fn keys<'a>(member: &Member<'a>) -> Keys<Key<'a>> {
    let state = state(member.entry) as u8;
    let keys = Keys::new().codes(member.entry, |code| Key::Code(member.person, state, code));
    keys.alone(Key::Name(member.person, state, substance(member.entry)))
}

fn word(entry: Entry<'_>) -> &'static str {
    state(entry).as_str()
}

impl Session {
    /// A page of the allergies of a person, or of everybody; each person's stay apart.
    ///
    /// Errors: [`Error::NoSuchPerson`], [`Error::Ambiguous`], [`Error::BadCursor`].
    pub fn allergies(&self, query: &AllergiesQuery) -> Result<Allergies, Error> {
        let scope = self.scope(query.person.as_deref())?;
        let members = scope.entries(self, &KINDS).map(|(person, entry)| Member { person, entry });
        let (none, some): (Vec<Member<'_>>, Vec<Member<'_>>) = members.partition(is_none_known);
        let on_file: Vec<PersonId> =
            some.iter().filter(|member| is_allergy(member.entry)).map(|member| member.person).collect();
        let refuted: Vec<Member<'_>> =
            some.iter().copied().filter(|member| state(member.entry) == AllergyState::RuledOut).collect();
        let groups = grouped(some, &self.told_apart()?, keys)
            .into_iter()
            .filter_map(|group| {
                let newest = group.first()?.entry;
                let state = state(newest);
                let shown = query.all || matches!(state, AllergyState::Stated | AllergyState::Unconfirmed);
                let serious = group.iter().any(|member| has(member.entry, Traits::SERIOUS));
                let rank = (state as u8) << 1 | u8::from(!serious);
                shown.then(|| (Place::of(rank, newest), group))
            })
            .collect();
        let page = cut(groups, query.after.as_deref(), query.limit)?;
        let none = if query.after.is_none() { none } else { Vec::new() };
        let newest = page.groups.iter().filter_map(|group| Some(group.first()?.entry));
        let of_page = newest.chain(page.groups.iter().flat_map(|group| told(group)));
        let texts = self.texts(of_page.chain(none.iter().map(|member| member.entry)));
        let allergies = page.groups.iter().filter_map(|group| {
            let plain = self.plain(group.first()?.entry);
            Some(Allergy { plain, ..shown(group, &refuted, &texts)? })
        });
        Ok(Allergies {
            allergies: allergies.collect(),
            none_known: none_known(none, &on_file, &self.told_apart()?, &texts),
            next: page.next,
            incomplete: self.is_incomplete(),
        })
    }
}

/// The records of a group that say what happened, the newest of each that says something else.
fn told<'a>(group: &[Member<'a>]) -> Vec<Entry<'a>> {
    let mut told: Vec<Entry<'a>> = Vec::new();
    for entry in group.iter().map(|member| member.entry).filter(|entry| !entry.line().is_empty()) {
        if told.len() <= MOST_TOLD
            && !told.iter().any(|known| known.line().eq_ignore_ascii_case(entry.line()))
        {
            told.push(entry);
        }
    }
    told
}

fn shown(group: &[Member<'_>], refuted: &[Member<'_>], texts: &Texts) -> Option<Allergy> {
    let newest = group.first()?;
    let state = state(newest.entry);
    let substances: Vec<String> = distinct(group).map(substance).collect();
    let codes: Vec<&Code> = distinct(group).flat_map(Entry::codes).filter(|code| telling(code)).collect();
    let namings: Vec<Naming> = distinct(group).map(naming).collect();
    let against: Vec<Member<'_>> = refuted
        .iter()
        .copied()
        .filter(|one| state != AllergyState::RuledOut && one.person == newest.person)
        .filter(|one| {
            // A code as wide as "drug allergy" rules out what is named beside it, and nothing else.
            let names = || namings.iter().any(|own| own.agrees(&naming(one.entry)));
            let is_of = |code: &Code| {
                codes.contains(&code) && (names_one_thing(Some(Kind::Allergy), code) || names())
            };
            substances.contains(&substance(one.entry)) || one.entry.codes().any(is_of)
        })
        .collect();
    let mut lines = told(group).into_iter().map(|entry| texts.line(entry));
    Some(Allergy {
        person: newest.person.to_string(),
        name: name(newest.entry).to_owned(),
        plain: None,
        title: texts.title(newest.entry),
        state,
        state_text: of_code(texts.language(), STATES, state.as_str()),
        serious: state != AllergyState::RuledOut
            && group.iter().any(|member| has(member.entry, Traits::SERIOUS)),
        intolerance: group.iter().all(|member| has(member.entry, Traits::INTOLERANCE)),
        summary: lines.next().unwrap_or_default(),
        also: lines.collect(),
        since: since(group),
        sources: sources(group, (texts.language(), STATES), word),
        records: group.len(),
        ruled_out_by: sources(&against, (texts.language(), STATES), word),
    })
}

hidden_debug!(AllergiesQuery, Allergies, Allergy);
