//! Problems: what the patient has or had, what is suspected, and diagnoses of single visits apart.

use kosha_crypto::id::PersonId;
use kosha_fhir::{Kind, Standing, Traits};
use kosha_vault::{Code, Entry};
use serde::Serialize;

use super::grouping::{Keys, Member, Source, grouped, since, sources, sources_dated};
use super::none_known::{NoneKnown, is_none_known, none_known};
use super::paging::{Place, cut};
use super::scope::{Texts, Which, day, has, is_older, name, said_when, standing, status};
use crate::hidden::hidden_debug;
use crate::words::of_code;
use crate::{Error, Session};

const DAY: i64 = 86_400_000;
const KINDS: [u16; 1] = [Kind::Problem.as_u16()];
/// The section of the words of a state.
const STATES: &str = "problem";

/// Which problems are wanted. The default: the first 50 current ones of everybody.
#[derive(Clone)]
pub struct ProblemsQuery {
    /// A person: id, the beginning of one, or name.
    pub person: Option<String>,
    /// Which of them.
    pub which: Which,
    /// Most problems.
    pub limit: u32,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl Default for ProblemsQuery {
    fn default() -> Self {
        Self { person: None, which: Which::Current, limit: 50, after: None }
    }
}

/// The section of the list in which a problem stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum ProblemSection {
    /// Of the problem list.
    Problem,
    /// Suspected, provisional, not confirmed.
    Suspected,
    /// A diagnosis of a visit, in no problem list.
    VisitDiagnosis,
    /// Ruled out.
    RuledOut,
}

impl ProblemSection {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Suspected => "suspected",
            Self::VisitDiagnosis => "visit-diagnosis",
            Self::RuledOut => "ruled-out",
        }
    }
}

/// How a problem stands, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum ProblemState {
    /// Present.
    Active,
    /// Present again.
    Recurrence,
    /// Its source does not say.
    Unknown,
    /// Without signs at present.
    Remission,
    /// No longer present.
    Inactive,
    /// Over.
    Resolved,
    /// Looked for and not found.
    RuledOut,
}

impl ProblemState {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Recurrence => "recurrence",
            Self::Unknown => "unknown",
            Self::Remission => "remission",
            Self::Inactive => "inactive",
            Self::Resolved => "resolved",
            Self::RuledOut => "ruled-out",
        }
    }

    fn is_over(self) -> bool {
        matches!(self, Self::Inactive | Self::Resolved | Self::RuledOut)
    }
}

/// A page of problems: by section, then by state, then newest first.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Problems {
    /// The problems.
    pub problems: Vec<Problem>,
    /// Statements that there is none; all of them on the first page, none on the others and none of before.
    #[serde(rename = "noneKnown")]
    pub none_known: Vec<NoneKnown>,
    /// Where the next page begins; absent when there is none.
    pub next: Option<String>,
    /// Damage keeps some records from being listed. Absent in JSON where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// One problem.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Whose it is.
    pub person: String,
    /// The section it belongs to.
    pub section: ProblemSection,
    /// The section in words of the session's language.
    #[serde(rename = "sectionText")]
    pub section_text: &'static str,
    /// Its name as the source wrote it. Says nothing of section and state.
    pub name: String,
    /// What it is called in plain words of the session's language, where its own name does not say as much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// Title of the record that gives the state; whatever is no fact says so here.
    pub title: String,
    /// How it stands: by the record that says most.
    pub state: ProblemState,
    /// The state in words of the session's language.
    #[serde(rename = "stateText")]
    pub state_text: &'static str,
    /// Second line of that record: severity, place.
    pub summary: String,
    /// Date of its first record.
    pub since: Option<String>,
    /// When it was over, where its record says so.
    pub until: Option<String>,
    /// Who says so, the newest first; each with the state that it gives.
    pub sources: Vec<Source>,
    /// How many records say so.
    pub records: usize,
    /// Records that say it is over or ruled out and are not older than the one that gives the state.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contrary: Vec<Source>,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Name(PersonId, bool, String),
    Code(PersonId, bool, &'a Code),
}

fn keys<'a>(member: &Member<'a>) -> Keys<Key<'a>> {
    // What was suspected and what is so are not the same thing said twice.
    let suspected = standing(member.entry) == Standing::Unconfirmed;
    let name = kosha_fhir::clean(name(member.entry)).to_lowercase();
    let keys = Keys::new().codes(member.entry, |code| Key::Code(member.person, suspected, code));
    keys.alone(Key::Name(member.person, suspected, name))
}

fn state(entry: Entry<'_>, now_ms: i64) -> ProblemState {
    if standing(entry).negates() {
        return ProblemState::RuledOut;
    }
    let over = entry.until_ms().is_some_and(|until| until.saturating_add(DAY) <= now_ms);
    match status(entry).as_ref() {
        "active" if !over => ProblemState::Active,
        "recurrence" | "relapse" if !over => ProblemState::Recurrence,
        "remission" => ProblemState::Remission,
        "inactive" => ProblemState::Inactive,
        "resolved" => ProblemState::Resolved,
        _ if over => ProblemState::Resolved,
        _ => ProblemState::Unknown,
    }
}

/// A group with what it comes to.
struct Found<'a> {
    members: Vec<Member<'a>>,
    section: ProblemSection,
    state: ProblemState,
    lead: Entry<'a>,
}

impl<'a> Found<'a> {
    fn of(members: Vec<Member<'a>>, now_ms: i64) -> Option<Self> {
        let (state, lead) = members
            .iter()
            .map(|member| (state(member.entry, now_ms), member.entry))
            .min_by_key(|(state, _)| *state)?;
        let stated = || members.iter().filter(|member| !standing(member.entry).negates());
        let section = if stated().next().is_none() {
            ProblemSection::RuledOut
        } else if standing(lead) == Standing::Unconfirmed {
            ProblemSection::Suspected
        } else if stated().all(|member| has(member.entry, Traits::VISIT_DIAGNOSIS)) {
            ProblemSection::VisitDiagnosis
        } else {
            ProblemSection::Problem
        };
        Some(Self { members, section, state, lead })
    }

    fn part(&self) -> Which {
        match (self.section, self.state.is_over()) {
            (ProblemSection::RuledOut, _) => Which::All,
            (_, true) => Which::Before,
            (_, false) => Which::Current,
        }
    }

    fn place(&self) -> Option<Place> {
        let rank = (self.section as u8) << 4 | self.state as u8;
        self.members.first().map(|newest| Place::of(rank, newest.entry))
    }

    fn shown(&self, texts: &Texts, now_ms: i64) -> Problem {
        let stated: Vec<Member<'_>> = self
            .members
            .iter()
            .copied()
            .filter(|member| self.section == ProblemSection::RuledOut || !standing(member.entry).negates())
            .collect();
        let against: Vec<Member<'_>> = self
            .members
            .iter()
            .copied()
            .filter(|member| state(member.entry, now_ms).is_over() && !is_older(member.entry, self.lead))
            .collect();
        let word = |entry: Entry<'_>| state(entry, now_ms).as_str();
        let language = texts.language();
        Problem {
            person: self.members.first().map(|member| member.person.to_string()).unwrap_or_default(),
            section: self.section,
            section_text: of_code(language, "section", self.section.as_str()),
            name: name(self.lead).to_owned(),
            plain: None,
            title: texts.title(self.lead),
            state: self.state,
            state_text: of_code(language, STATES, self.state.as_str()),
            summary: texts.line(self.lead),
            since: since(&stated),
            until: self.lead.until_ms().map(day),
            sources: sources(&stated, (language, STATES), word),
            records: stated.len(),
            contrary: if self.state.is_over() {
                Vec::new()
            } else {
                sources_dated(&against, (language, STATES), word, said_when)
            },
        }
    }
}

impl Session {
    /// A page of the problems of a person, or of everybody; each person's stay apart. Ruled-out ones only with
    /// [`Which::All`].
    ///
    /// Errors: [`Error::NoSuchPerson`], [`Error::Ambiguous`], [`Error::BadCursor`].
    pub fn problems(&self, query: &ProblemsQuery) -> Result<Problems, Error> {
        let scope = self.scope(query.person.as_deref())?;
        let now_ms = self.environment().now_ms();
        let members = scope.entries(self, &KINDS).map(|(person, entry)| Member { person, entry });
        let (none, members): (Vec<Member<'_>>, Vec<Member<'_>>) = members.partition(is_none_known);
        let apart = self.told_apart()?;
        let mut on_file = Vec::new();
        let groups = grouped(members, &apart, keys)
            .into_iter()
            .filter_map(|members| Found::of(members, now_ms))
            .inspect(|found| {
                let is_now = found.part() == Which::Current;
                on_file.extend(found.members.first().filter(|_| is_now).map(|member| member.person));
            })
            .filter(|found| query.which == Which::All || query.which == found.part())
            .filter_map(|found| Some((found.place()?, found)))
            .collect();
        let page = cut(groups, query.after.as_deref(), query.limit)?;
        let none = if query.after.is_none() && query.which != Which::Before { none } else { Vec::new() };
        let leads = page.groups.iter().map(|found| found.lead);
        let texts = self.texts(leads.chain(none.iter().map(|member| member.entry)));
        let shown =
            |found: &Found<'_>| Problem { plain: self.plain(found.lead), ..found.shown(&texts, now_ms) };
        Ok(Problems {
            problems: page.groups.iter().map(shown).collect(),
            none_known: none_known(none, &on_file, &apart, &texts),
            next: page.next,
            incomplete: self.is_incomplete(),
        })
    }
}

hidden_debug!(ProblemsQuery, Problems, Problem);
