//! Medicines: what is taken now as far as the records say, what was before, and what is not to be taken.
//!
//! One medicine is one name or code in one strength and form; different strengths and forms stay apart, and so does a name
//! without a strength from one that has it.

use std::collections::BTreeSet;

use kosha_crypto::id::PersonId;
use kosha_fhir::{Kind, Language, MedicineName, Standing, Traits};
use kosha_vault::{Code, Entry};
use serde::Serialize;

use super::grouping::{Keys, Member, by_source, distinct, grouped, records, since, telling};
use super::none_known::{NoneKnown, none_known};
use super::paging::{Place, cut};
use super::scope::{Texts, Which, day, has, is_older, name, said_when, standing, status, when};
use super::series::is_ahead;
use crate::hidden::hidden_debug;
use crate::spoken::source_of;
use crate::words::{WORDS, of_code};
use crate::{Error, Session};

const DAY: i64 = 86_400_000;
const KINDS: [u16; 2] = [Kind::Medicine.as_u16(), Kind::Allergy.as_u16()];
/// For how long what was handed out is listed as current: a supply seldom lasts longer.
const SUPPLY: i64 = 90 * DAY;
/// Most contrary statements and warnings that are named of one medicine.
const MOST_NAMED: usize = 10;

/// Which medicines are wanted. The default: the first 50 current ones of everybody.
#[derive(Clone)]
pub struct MedicinesQuery {
    /// A person: id, the beginning of one, or name.
    pub person: Option<String>,
    /// Which of them.
    pub which: Which,
    /// Most medicines.
    pub limit: u32,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl Default for MedicinesQuery {
    fn default() -> Self {
        Self { person: None, which: Which::Current, limit: 50, after: None }
    }
}

/// How a medicine stands, in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum MedicineState {
    /// Prescribed or taken, and no end has passed.
    Current,
    /// Handed out; whether it is taken is not said.
    HandedOut,
    /// Paused.
    OnHold,
    /// Its source does not say.
    Unknown,
    /// Still marked current by its source, and its time has run out.
    MayHaveEnded,
    /// Suggested, drafted or planned.
    Planned,
    /// Stopped before its end.
    Stopped,
    /// Taken to its end.
    Ended,
    /// Given by somebody, once or several times.
    Given,
    /// Called off before it was taken.
    Cancelled,
    /// Was to be given, and was not.
    NotGiven,
    /// The patient does not take it.
    NotTaken,
    /// An order not to take it.
    DoNotTake,
}

impl MedicineState {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::HandedOut => "handed-out",
            Self::OnHold => "on-hold",
            Self::Unknown => "unknown",
            Self::MayHaveEnded => "may-have-ended",
            Self::Planned => "planned",
            Self::Stopped => "stopped",
            Self::Ended => "ended",
            Self::Given => "given",
            Self::Cancelled => "cancelled",
            Self::NotGiven => "not-given",
            Self::NotTaken => "not-taken",
            Self::DoNotTake => "do-not-take",
        }
    }

    fn text(self, language: Language) -> &'static str {
        of_code(language, "medicine", self.as_str())
    }

    fn negates(self) -> bool {
        matches!(self, Self::Cancelled | Self::NotGiven | Self::NotTaken | Self::DoNotTake)
    }

    /// Whether it speaks against a record that says "current".
    fn ends(self) -> bool {
        matches!(self, Self::OnHold | Self::Stopped | Self::Ended | Self::NotTaken | Self::Cancelled)
    }
}

/// A page of medicines: by state, then newest first.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Medicines {
    /// Orders not to take something; all of them on the first page, none on the others. Never among `medicines`.
    pub do_not_take: Vec<DoNotTake>,
    /// The medicines.
    pub medicines: Vec<Medicine>,
    /// Statements that there is none; all of them on the first page, none on the others and none of before.
    pub none_known: Vec<NoneKnown>,
    /// How many there are in each part, on all pages.
    pub counts: MedicineCounts,
    /// Where the next page begins; absent when there is none.
    pub next: Option<String>,
    /// Damage keeps some records from being listed. Absent in JSON where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// Numbers of medicines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MedicineCounts {
    /// Current ones.
    pub current: usize,
    /// Those of before.
    pub before: usize,
    /// Planned ones.
    pub planned: usize,
}

/// One medicine in one strength and form.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Medicine {
    /// Whose it is.
    pub person: String,
    /// Its name as the source wrote it. Says nothing of its state.
    pub name: String,
    /// What it is called in plain words of the session's language, where its own name does not say as much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// Title of the record that gives the state; whatever is no fact says so here.
    pub title: String,
    /// How it stands.
    pub state: MedicineState,
    /// The same in words of the session's language.
    pub state_text: &'static str,
    /// How to take it, of the newest record that says so; absent where none does.
    pub dosage: Option<String>,
    /// The dosage line was put together from fields.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dosage_generated: bool,
    /// Date of its first record.
    pub since: Option<String>,
    /// Until when, where the record that gives the state names an end.
    pub until: Option<String>,
    /// Who prescribed, handed out or named it, the newest first.
    pub sources: Vec<MedicineSource>,
    /// How many records say so.
    pub records: usize,
    /// What speaks against the state and is not older than it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contrary: Vec<Contrary>,
    /// Allergies and orders not to take it that name the same. What is absent here was not looked for: classes of
    /// substances are not compared.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<MedicineWarning>,
}

/// What one source says of a medicine.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct MedicineSource {
    /// Name of the source, absent where nobody is named.
    pub source: Option<String>,
    /// Written down in Kosha by the patient or a carer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// How it stands by this source alone.
    pub state: MedicineState,
    /// The same in words of the session's language.
    #[serde(rename = "stateText")]
    pub state_text: &'static str,
    /// How to take it, by this source.
    pub dosage: Option<String>,
    /// Date of its newest record.
    pub date: Option<String>,
    /// Its records, the newest first; 100 at most.
    pub records: Vec<String>,
    /// How many records it has.
    pub count: usize,
}

/// A statement that does not agree.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Contrary {
    /// What it says.
    pub state: MedicineState,
    /// The same in words of the session's language.
    #[serde(rename = "stateText")]
    pub state_text: &'static str,
    /// Who says it.
    pub source: Option<String>,
    /// Written down in Kosha by the patient or a carer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// When.
    pub date: Option<String>,
    /// The record.
    pub record: String,
}

/// By what two records name the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Match {
    /// Both have this code.
    Code,
    /// One name holds the words of the other.
    Name,
}

/// Something on file against a medicine. It says what matched and gives no advice.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct MedicineWarning {
    /// `allergy` or `do-not-take`.
    pub kind: &'static str,
    /// All of it in words of the session's language.
    pub text: String,
    /// What it is against, as its source wrote it.
    pub against: String,
    /// By what they match.
    #[serde(rename = "matchedBy")]
    pub matched_by: Match,
    /// The record.
    pub record: String,
    /// Who says it.
    pub source: Option<String>,
    /// When.
    pub date: Option<String>,
}

/// An order not to take something.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DoNotTake {
    /// Whose it is.
    pub person: String,
    /// The name as the source wrote it; says nothing of the order.
    pub name: String,
    /// Title of the record; says that it is not to be taken.
    pub title: String,
    /// Always `do-not-take`.
    pub state: MedicineState,
    /// The same in words of the session's language.
    #[serde(rename = "stateText")]
    pub state_text: &'static str,
    /// Who says it.
    pub source: Option<String>,
    /// Written down in Kosha by the patient or a carer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// When.
    pub date: Option<String>,
    /// The record.
    pub record: String,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Name(PersonId, MedicineName, Vec<&'a Code>),
    Code(PersonId, &'a Code, Vec<String>, Vec<String>),
}

/// A record as one medicine. A code joins two names only where both have the same strength: a code may stand for a
/// substance. Where no strength is known, names join only under the same codes: a code may stand for a strength.
fn keys<'a>(member: &Member<'a>) -> Keys<Key<'a>> {
    let read = MedicineName::read(name(member.entry));
    if read.strengths.is_empty() {
        let codes: BTreeSet<&Code> = member.entry.codes().filter(|code| telling(code)).collect();
        return Keys::new().alone(Key::Name(member.person, read, codes.into_iter().collect()));
    }
    let coded = |code| Key::Code(member.person, code, read.strengths.clone(), read.forms.clone());
    let keys = Keys::new().codes(member.entry, coded);
    keys.alone(Key::Name(member.person, read, Vec::new()))
}

/// How a medicine stands by one record.
fn state(entry: Entry<'_>, now_ms: i64) -> MedicineState {
    use MedicineState as State;
    match standing(entry) {
        Standing::DoNotPerform => return State::DoNotTake,
        Standing::NotTaken | Standing::Refuted | Standing::InError => return State::NotTaken,
        Standing::NotDone => return State::NotGiven,
        Standing::Cancelled => return State::Cancelled,
        Standing::Planned => return State::Planned,
        Standing::Fact | Standing::Unconfirmed => {}
    }
    let over = entry.until_ms().is_some_and(|until| until.saturating_add(DAY) <= now_ms);
    let ahead = entry.date().is_some_and(|date| is_ahead(date, now_ms));
    let open = |state: State| match (over, ahead) {
        (true, _) => State::MayHaveEnded,
        // What begins later is not taken now.
        (false, true) => State::Planned,
        (false, false) => state,
    };
    match (entry.resource_type(), status(entry).as_ref()) {
        ("MedicationAdministration", _) => State::Given,
        (_, "stopped" | "discontinued" | "inactive") => State::Stopped,
        (_, "on-hold" | "suspended") => State::OnHold,
        ("MedicationDispense", _) => open(State::HandedOut),
        (_, "active" | "taking" | "in-progress") => open(State::Current),
        (_, "completed" | "ended") => State::Ended,
        _ => open(State::Unknown),
    }
}

/// How a medicine stands by several records, newest first.
#[derive(Clone, Copy)]
struct Summary<'a> {
    state: MedicineState,
    /// The record that gives the state.
    lead: Entry<'a>,
}

fn summed<'a>(members: impl Iterator<Item = Entry<'a>>, now_ms: i64) -> Option<Summary<'a>> {
    use MedicineState as State;
    let (mut stated, mut denied, mut least) = (None, None, None::<Summary<'a>>);
    for lead in members {
        let one = Summary { state: state(lead, now_ms), lead };
        match one.state {
            State::Current => return Some(one),
            State::NotTaken => denied = denied.or(Some(one)),
            state if !state.negates() && state != State::Planned => stated = stated.or(Some(one)),
            _ => {}
        }
        least = least.filter(|least| least.state <= one.state).or(Some(one));
    }
    match (stated, denied) {
        (Some(stated), Some(denied)) if is_older(denied.lead, stated.lead) => Some(stated),
        (Some(_), Some(denied)) => Some(denied),
        (Some(stated), None) => Some(stated),
        (None, _) => least,
    }
}

/// The part of the list in which a medicine stands; planned ones are in none but all.
fn part(summary: &Summary<'_>, now_ms: i64) -> Which {
    use MedicineState as State;
    match summary.state {
        State::Current | State::OnHold | State::Unknown | State::MayHaveEnded => Which::Current,
        State::HandedOut => {
            let recent =
                summary.lead.date().is_some_and(|date| date.start_ms.saturating_add(SUPPLY) > now_ms);
            if recent { Which::Current } else { Which::Before }
        }
        State::Planned | State::DoNotTake => Which::All,
        _ => Which::Before,
    }
}

/// What is on file against medicines: an allergy that is a fact, an order not to take something.
struct Against<'a> {
    person: PersonId,
    kind: &'static str,
    name: MedicineName,
    entry: Entry<'a>,
}

impl<'a> Against<'a> {
    fn of(person: PersonId, kind: &'static str, entry: Entry<'a>) -> Self {
        Self { person, kind, name: MedicineName::read(name(entry)), entry }
    }

    fn matches(&self, codes: &BTreeSet<&Code>, names: &[MedicineName]) -> Option<Match> {
        if self.entry.codes().any(|code| telling(code) && codes.contains(code)) {
            return Some(Match::Code);
        }
        names.iter().any(|name| name.shares_substance(&self.name)).then_some(Match::Name)
    }

    fn warning(&self, matched_by: Match, language: Language) -> MedicineWarning {
        let against = name(self.entry).to_owned();
        MedicineWarning {
            kind: self.kind,
            text: WORDS.say(language, &format!("warnings-{}", self.kind), &[("against", &against)]),
            against,
            matched_by,
            record: self.entry.id().to_string(),
            source: source_of(self.entry, language),
            date: when(self.entry),
        }
    }
}

/// The same said by one source again says no more: the newest of it.
fn once<'a>(against: Vec<(PersonId, &'static str, Entry<'a>)>) -> Vec<Against<'a>> {
    let mut seen = BTreeSet::new();
    let one = |(person, kind, entry): (PersonId, &'static str, Entry<'a>)| {
        let new = seen.insert((person, kind, name(entry), entry.code_set(), entry.source()));
        new.then(|| Against::of(person, kind, entry))
    };
    against.into_iter().filter_map(one).collect()
}

/// Whether an allergy counts as one: stated, and not over.
pub(super) fn is_allergy(entry: Entry<'_>) -> bool {
    standing(entry) == Standing::Fact
        && !has(entry, Traits::NONE_KNOWN)
        && !["resolved", "inactive"].iter().any(|over| entry.clinical_status().eq_ignore_ascii_case(over))
}

impl Session {
    /// A page of the medicines of a person, or of everybody; each person's stay apart.
    ///
    /// Errors: [`Error::NoSuchPerson`], [`Error::Ambiguous`], [`Error::BadCursor`].
    pub fn medicines(&self, query: &MedicinesQuery) -> Result<Medicines, Error> {
        let scope = self.scope(query.person.as_deref())?;
        let now_ms = self.environment().now_ms();
        let (mut members, mut against, mut orders) = (Vec::new(), Vec::new(), Vec::new());
        let (mut none, mut on_file) = (Vec::new(), Vec::new());
        let apart = self.told_apart()?;
        for (person, entry) in scope.entries(self, &KINDS) {
            match standing(entry) {
                _ if entry.kind() == Kind::Allergy.as_u16() => {
                    if is_allergy(entry) {
                        against.push((person, "allergy", entry));
                    }
                }
                Standing::DoNotPerform => orders.push((person, entry)),
                Standing::Refuted => {}
                _ if has(entry, Traits::NONE_KNOWN) => none.push(Member { person, entry }),
                _ => members.push(Member { person, entry }),
            }
        }
        against.extend(orders.iter().map(|(person, entry)| (*person, "do-not-take", *entry)));
        let against = once(against);
        let mut counts = MedicineCounts::default();
        let mut groups = Vec::new();
        for group in grouped(members, &apart, keys) {
            let summary = summed(group.iter().map(|member| member.entry), now_ms);
            let (Some(summary), Some(newest)) = (summary, group.first()) else { continue };
            let part = part(&summary, now_ms);
            match part {
                Which::Current => {
                    counts.current += 1;
                    on_file.push(newest.person);
                }
                Which::Before => counts.before += 1,
                Which::All => counts.planned += 1,
            }
            if query.which == Which::All || query.which == part {
                groups.push((Place::of(summary.state as u8, newest.entry), (group, summary)));
            }
        }
        let page = cut(groups, query.after.as_deref(), query.limit)?;
        if query.after.is_some() || query.which == Which::Before {
            orders.clear();
            none.clear();
        }
        let listed = page.groups.iter().flat_map(|(group, summary)| {
            let sources = by_source(group);
            let dosed = sources.into_iter().filter_map(|own| dosed(own.into_iter())).collect::<Vec<_>>();
            dosed.into_iter().chain([summary.lead])
        });
        let said = orders.iter().map(|(_, entry)| *entry).chain(none.iter().map(|member| member.entry));
        let texts = self.texts(listed.chain(said));
        Ok(Medicines {
            do_not_take: do_not_take(&orders, &texts),
            medicines: page
                .groups
                .iter()
                .map(|(group, summary)| Medicine {
                    plain: self.plain(summary.lead),
                    ..shown(group, summary, &against, &texts, now_ms)
                })
                .collect(),
            none_known: none_known(none, &on_file, &apart, &texts),
            counts,
            next: page.next,
            incomplete: self.is_incomplete(),
        })
    }
}

/// Orders not to take something; the same from one source once.
fn do_not_take(orders: &[(PersonId, Entry<'_>)], texts: &Texts) -> Vec<DoNotTake> {
    let mut seen = BTreeSet::new();
    orders
        .iter()
        .filter(|(person, entry)| seen.insert((*person, entry.source(), name(*entry).to_lowercase())))
        .map(|(person, entry)| DoNotTake {
            person: person.to_string(),
            name: name(*entry).to_owned(),
            title: texts.title(*entry),
            state: MedicineState::DoNotTake,
            state_text: MedicineState::DoNotTake.text(texts.language()),
            source: source_of(*entry, texts.language()),
            own: has(*entry, Traits::OWN),
            date: when(*entry),
            record: entry.id().to_string(),
        })
        .collect()
}

/// The newest record that says how to take it.
fn dosed<'m, 'a: 'm>(mut members: impl Iterator<Item = &'m Member<'a>>) -> Option<Entry<'a>> {
    members.find(|member| !member.entry.dosage().is_empty()).map(|member| member.entry)
}

fn shown(
    group: &[Member<'_>],
    summary: &Summary<'_>,
    against: &[Against<'_>],
    texts: &Texts,
    now_ms: i64,
) -> Medicine {
    let lead = summary.lead;
    let stated: Vec<Member<'_>> =
        group.iter().copied().filter(|member| !standing(member.entry).negates()).collect();
    let dosed = dosed(stated.iter());
    let sources = by_source(group);
    Medicine {
        person: group.first().map(|member| member.person.to_string()).unwrap_or_default(),
        name: name(lead).to_owned(),
        plain: None,
        title: texts.title(lead),
        state: summary.state,
        state_text: summary.state.text(texts.language()),
        dosage: dosed.map(|entry| texts.dosage(entry)),
        dosage_generated: dosed.is_some_and(|entry| has(entry, Traits::DOSAGE_GENERATED)),
        since: since(&stated),
        until: lead.until_ms().map(day),
        sources: sources.iter().filter_map(|own| by_one(own, texts, now_ms)).collect(),
        records: group.len(),
        contrary: contrary(group, summary, texts.language(), now_ms),
        warnings: warnings(group, summary, against, texts.language()),
    }
}

/// What one source says.
fn by_one(own: &[&Member<'_>], texts: &Texts, now_ms: i64) -> Option<MedicineSource> {
    let newest = own.first()?.entry;
    let state = summed(own.iter().map(|member| member.entry), now_ms)?.state;
    Some(MedicineSource {
        source: source_of(newest, texts.language()),
        own: has(newest, Traits::OWN),
        state,
        state_text: state.text(texts.language()),
        dosage: dosed(own.iter().copied()).map(|entry| texts.dosage(entry)),
        date: when(newest),
        records: records(own),
        count: own.len(),
    })
}

/// What speaks against "current" and is not older.
fn contrary(group: &[Member<'_>], summary: &Summary<'_>, language: Language, now_ms: i64) -> Vec<Contrary> {
    if summary.state != MedicineState::Current {
        return Vec::new();
    }
    let mut seen = BTreeSet::new();
    group
        .iter()
        .map(|member| (state(member.entry, now_ms), member.entry))
        .filter(|(state, entry)| state.ends() && !is_older(*entry, summary.lead))
        .filter(|(state, entry)| seen.insert((*state, entry.source())))
        .take(MOST_NAMED)
        .map(|(state, entry)| Contrary {
            state,
            state_text: state.text(language),
            source: source_of(entry, language),
            own: has(entry, Traits::OWN),
            date: said_when(entry),
            record: entry.id().to_string(),
        })
        .collect()
}

/// What is on file against a medicine that may be taken now or is planned.
fn warnings(
    group: &[Member<'_>],
    summary: &Summary<'_>,
    against: &[Against<'_>],
    language: Language,
) -> Vec<MedicineWarning> {
    if summary.state.negates() || matches!(summary.state, MedicineState::Ended | MedicineState::Stopped) {
        return Vec::new();
    }
    let names: BTreeSet<&str> = distinct(group).map(name).collect();
    let codes: BTreeSet<&Code> = distinct(group).flat_map(Entry::codes).collect();
    let names: Vec<MedicineName> = names.into_iter().map(MedicineName::read).collect();
    let person = group.first().map(|member| member.person);
    let mut seen = BTreeSet::new();
    against
        .iter()
        .filter(|one| Some(one.person) == person)
        .filter_map(|one| one.matches(&codes, &names).map(|by| one.warning(by, language)))
        .filter(|warning| seen.insert((warning.kind, warning.against.to_lowercase(), warning.source.clone())))
        .take(MOST_NAMED)
        .collect()
}

hidden_debug!(MedicinesQuery, Medicines, Medicine, MedicineSource, Contrary, MedicineWarning, DoNotTake);
