//! Vaccinations: what was given, what was not, and what a schedule names as due. It says of nobody that they are protected.

use kosha_crypto::id::PersonId;
use kosha_fhir::{
    DoseState, GivenDose, Kind, Language, Recipient, Standing, Traits, condition_text, dose_name,
    schedule_source, scheduled, vaccine_name, vaccines_of,
};
use kosha_vault::{Code, Entry};
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::grouping::{Keys, Member, Source, grouped, sources};
use super::paging::{Place, cut};
use super::scope::{Texts, day, has, name, standing, when};
use crate::family::Circle;
use crate::hidden::hidden_debug;
use crate::spoken::source_of;
use crate::words::{WORDS, of_code};
use crate::{Error, Session, date};

const DAY: i64 = 86_400_000;
const KINDS: [u16; 2] = [Kind::Immunization.as_u16(), Kind::Plan.as_u16()];
/// The section of the words of a state.
const STATES: &str = "dose";

/// Whose vaccinations are wanted. The default: the first 50 vaccines of the owner.
#[derive(Clone)]
pub struct VaccinationsQuery {
    /// A person: id, the beginning of one, or name; else the owner.
    pub person: Option<String>,
    /// Most vaccines under `given`.
    pub limit: u32,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl Default for VaccinationsQuery {
    fn default() -> Self {
        Self { person: None, limit: 50, after: None }
    }
}

/// The vaccinations of one person.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Vaccinations {
    /// Whose they are.
    pub person: String,
    /// What was given, by vaccine; the vaccine given last comes first.
    pub given: Vec<VaccineGroup>,
    /// Records that say of a dose that it was not given, or not surely; all on the first page. They never count as doses.
    pub not_given: Vec<NotGiven>,
    /// What the schedules name, overdue and due first; all on the first page. Empty where `dueUnknown` says why.
    pub due: Vec<DueDose>,
    /// `birth-date-unknown` where nothing can be said of what is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_unknown: Option<&'static str>,
    /// The same in words of the session's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_unknown_text: Option<&'static str>,
    /// What a source advises; all on the first page.
    pub advice: Vec<Advice>,
    /// The schedules that `due` names.
    pub schedules: Vec<ScheduleName>,
    /// What has to be read with `due`.
    pub notices: Vec<&'static str>,
    /// Where the next page of `given` begins; absent when there is none.
    pub next: Option<String>,
    /// Damage keeps some records from being listed. Absent in JSON where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

impl Vaccinations {
    /// What has to be read with a list of what is due.
    pub fn notices(language: Language) -> [&'static str; 2] {
        ["due-ask", "due-unrecorded"].map(|id| WORDS.text(language, id))
    }
}

/// The doses of one vaccine.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct VaccineGroup {
    /// Ids in the schedules for which its doses count, e.g. `["hepb","dtp"]`; empty where the schedules do not know it.
    pub vaccines: Vec<&'static str>,
    /// Name as the source of the newest dose wrote it.
    pub name: String,
    /// What it is called in plain words of the session's language, where its own name does not say as much.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plain: Option<String>,
    /// The doses, the newest first.
    pub doses: Vec<Dose>,
}

/// One dose. Records of the same day are one.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Dose {
    /// Name as the source wrote it.
    pub name: String,
    /// When, as exactly as the source said.
    pub date: Option<String>,
    /// Second line: number, site, lot, maker.
    pub summary: String,
    /// Who says so.
    pub sources: Vec<Source>,
}

/// A dose that was not given, or of which that is not sure.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct NotGiven {
    /// Name as the source wrote it; says nothing of the standing.
    pub name: String,
    /// Title of the record; says that it was not given.
    pub title: String,
    /// Why, where the source says so.
    pub summary: String,
    /// `not-done`, `refuted`, `cancelled`, `planned`, `unconfirmed`.
    pub standing: &'static str,
    /// When.
    pub date: Option<String>,
    /// Who says it.
    pub source: Option<String>,
    /// Written down in Kosha by the patient or a carer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// The record.
    pub record: String,
}

/// One dose of a schedule.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DueDose {
    /// Id of the vaccine, e.g. `opv`.
    pub vaccine: &'static str,
    /// Its name in the session's language.
    pub name: &'static str,
    /// Which dose, in the session's language.
    pub label: &'static str,
    /// What the schedule says.
    pub state: DoseState,
    /// The same in words of the session's language.
    pub state_text: &'static str,
    /// From which day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Until which day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Date of the dose on record that it is, or of the last one before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_record: Option<String>,
    /// Under which condition: `endemic-district`, `pregnancy`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition: Option<&'static str>,
    /// The condition in words of the session's language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition_text: Option<&'static str>,
    /// Id of the schedule, of `schedules`.
    pub schedule: &'static str,
}

/// What a source advises (`ImmunizationRecommendation`).
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// Name of the vaccine or disease as the source wrote it; says nothing of the standing.
    pub name: String,
    /// Title of the record: due, advised, not to be given.
    pub title: String,
    /// Second line: when.
    pub summary: String,
    /// `planned`, `do-not-perform`, …
    pub standing: &'static str,
    /// When it is due or was advised.
    pub date: Option<String>,
    /// Who says it.
    pub source: Option<String>,
    /// The record.
    pub record: String,
}

/// A schedule.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ScheduleName {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
}

#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Vaccines(Vec<&'static str>),
    Code(&'a Code),
    Name(String),
}

/// What the doses of a record count for.
fn counts_for(entry: Entry<'_>) -> Vec<&'static str> {
    vaccines_of(entry.codes().map(|code| (code.system.as_str(), code.code.as_str())), name(entry))
}

fn keys<'a>(member: &Member<'a>) -> Keys<Key<'a>> {
    let vaccines = counts_for(member.entry);
    if !vaccines.is_empty() {
        return Keys::new().alone(Key::Vaccines(vaccines));
    }
    let name = kosha_fhir::clean(name(member.entry)).to_lowercase();
    Keys::new().codes(member.entry, Key::Code).alone(Key::Name(name))
}

/// The doses of a vaccine, newest first, each with its records.
type Vaccine<'a> = Vec<Vec<Member<'a>>>;

fn newest<'a>(vaccine: &Vaccine<'a>) -> Option<Entry<'a>> {
    Some(vaccine.first()?.first()?.entry)
}

/// Doses of a vaccine, newest first; records of one day are one dose.
fn doses<'a>(group: &[Member<'a>]) -> Vaccine<'a> {
    let mut of_day: FxHashMap<i64, usize> = FxHashMap::default();
    let mut doses: Vec<Vec<Member<'a>>> = Vec::new();
    for member in group {
        let exact = member.entry.date().filter(|date| date.precision >= 3);
        let local = exact.map(|date| {
            let offset = i64::from(date.offset_minutes.unwrap_or(0)) * 60_000;
            date.start_ms.saturating_add(offset).div_euclid(DAY)
        });
        let known = local.and_then(|day| of_day.get(&day).copied());
        if let Some(dose) = known.and_then(|at| doses.get_mut(at)) {
            dose.push(*member);
            continue;
        }
        if let Some(day) = local {
            of_day.insert(day, doses.len());
        }
        doses.push(vec![*member]);
    }
    doses
}

/// The newest record of a dose that says more of it, else the newest.
fn told<'a>(dose: &[Member<'a>]) -> Option<Entry<'a>> {
    dose.iter().find(|member| !member.entry.line().is_empty()).or(dose.first()).map(|member| member.entry)
}

fn dose_shown(dose: &[Member<'_>], texts: &Texts) -> Option<Dose> {
    let newest = dose.first()?.entry;
    Some(Dose {
        name: name(newest).to_owned(),
        date: when(newest),
        summary: told(dose).map(|entry| texts.line(entry)).unwrap_or_default(),
        sources: sources(dose, (texts.language(), STATES), |_| "given"),
    })
}

fn not_given(entry: Entry<'_>, texts: &Texts) -> NotGiven {
    NotGiven {
        name: name(entry).to_owned(),
        title: texts.title(entry),
        summary: texts.line(entry),
        standing: standing(entry).as_str(),
        date: when(entry),
        source: source_of(entry, texts.language()),
        own: has(entry, Traits::OWN),
        record: entry.id().to_string(),
    }
}

fn advice(entry: Entry<'_>, texts: &Texts) -> Advice {
    Advice {
        name: name(entry).to_owned(),
        title: texts.title(entry),
        summary: texts.line(entry),
        standing: standing(entry).as_str(),
        date: when(entry),
        source: source_of(entry, texts.language()),
        record: entry.id().to_string(),
    }
}

impl Session {
    /// The vaccinations of a person, and what the schedules say of them today.
    ///
    /// Errors: [`Error::PersonNeeded`], [`Error::NoSuchPerson`], [`Error::Ambiguous`], [`Error::BadCursor`].
    pub fn vaccinations(&self, query: &VaccinationsQuery) -> Result<Vaccinations, Error> {
        let person = self.person_or_owner(query.person.as_deref())?;
        let scope = self.scope(Some(&person.to_string()))?;
        let person = scope.circle.one(person);
        let (mut given, mut refused, mut advised) = (Vec::new(), Vec::new(), Vec::new());
        for (_, entry) in scope.entries(self, &KINDS) {
            match (entry.resource_type(), standing(entry)) {
                ("ImmunizationRecommendation", _) => advised.push(entry),
                _ if entry.kind() == Kind::Plan.as_u16() => {}
                ("ImmunizationEvaluation", _) => {}
                _ if has(entry, Traits::NONE_KNOWN) => {}
                (_, Standing::Fact) => given.push(Member { person, entry }),
                _ => refused.push(entry),
            }
        }
        let groups = grouped(given, &self.told_apart()?, keys);
        let vaccines: Vec<Vaccine<'_>> = groups.into_iter().map(|group| doses(&group)).collect();
        let first = query.after.is_none();
        let recipient = self.recipient(person, &scope.circle)?;
        let due = match recipient {
            Some(recipient) if first => self.due(&recipient, &vaccines),
            _ => Vec::new(),
        };
        let placed = vaccines
            .into_iter()
            .filter_map(|vaccine| Some((Place::of(0, newest(&vaccine)?), vaccine)))
            .collect();
        let page = cut(placed, query.after.as_deref(), query.limit)?;
        if !first {
            refused.clear();
            advised.clear();
        }
        let given = page.groups.iter().flatten().filter_map(|dose| told(dose));
        let texts = self.texts(given.chain(refused.iter().copied()).chain(advised.iter().copied()));
        let mut ids: Vec<&'static str> = due.iter().map(|dose| dose.schedule).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.dedup();
        let name_of =
            |id: &'static str| Some(ScheduleName { id, name: schedule_source(self.language(), id)? });
        let due_unknown = recipient.is_none().then_some("birth-date-unknown");
        Ok(Vaccinations {
            person: person.to_string(),
            given: page
                .groups
                .iter()
                .filter_map(|vaccine| {
                    Some(VaccineGroup { plain: self.plain(newest(vaccine)?), ..shown(vaccine, &texts)? })
                })
                .collect(),
            not_given: refused.into_iter().map(|entry| not_given(entry, &texts)).collect(),
            notices: if due.is_empty() {
                Vec::new()
            } else {
                Vaccinations::notices(self.language()).to_vec()
            },
            due,
            due_unknown,
            due_unknown_text: due_unknown.map(|code| of_code(self.language(), "due", code)),
            advice: advised.into_iter().map(|entry| advice(entry, &texts)).collect(),
            schedules: ids.into_iter().filter_map(name_of).collect(),
            next: page.next,
            incomplete: self.is_incomplete(),
        })
    }

    /// What a schedule asks of a person; `None` without a birth date. What is not known of the person may be of those who
    /// were found to be the same.
    fn recipient(&self, person: PersonId, circle: &Circle) -> Result<Option<Recipient>, Error> {
        let profiles = self.profiles()?;
        let parts = circle.all(person);
        let known = || {
            let of =
                |id: &PersonId| profiles.iter().find(|(known, _)| known == id).map(|(_, profile)| profile);
            parts.iter().filter_map(of)
        };
        let born = known().find_map(|profile| date::period(profile.birth_date.as_deref()?).ok());
        let gender = known().find_map(|profile| profile.gender.as_deref());
        Ok(born.map(|(first, last)| Recipient {
            born_first: first.div_euclid(DAY),
            born_last: last.div_euclid(DAY),
            may_be_pregnant: gender != Some("male"),
        }))
    }

    fn due(&self, recipient: &Recipient, vaccines: &[Vaccine<'_>]) -> Vec<DueDose> {
        let today = self.environment().now_ms().div_euclid(DAY);
        let language = self.language();
        let (mut given, mut entries) = (Vec::new(), Vec::new());
        // Thousands of doses have a few names and sets of codes.
        let mut counted: FxHashMap<(u32, u32), Vec<&'static str>> = FxHashMap::default();
        for entry in vaccines.iter().flatten().filter_map(|dose| Some(dose.first()?.entry)) {
            let day = entry.date().map(|date| date.start_ms.div_euclid(DAY));
            // What is dated in the future was not given yet.
            if day.is_none_or(|day| day <= today) {
                let alike = (entry.title_number(), entry.code_set());
                let vaccines = counted.entry(alike).or_insert_with(|| counts_for(entry)).clone();
                given.push(GivenDose { day, vaccines });
                entries.push(entry);
            }
        }
        let mut due: Vec<DueDose> = scheduled(recipient, today, &given)
            .into_iter()
            .map(|dose| DueDose {
                vaccine: dose.vaccine,
                name: vaccine_name(language, dose.vaccine).unwrap_or(dose.vaccine),
                label: dose_name(language, dose.label).unwrap_or(dose.label),
                state: dose.state,
                state_text: of_code(language, STATES, dose.state.as_str()),
                from: dose.from.map(|from| day(from.saturating_mul(DAY))),
                to: dose.to.map(|to| day(to.saturating_mul(DAY))),
                on_record: dose.given.and_then(|at| when(*entries.get(at)?)),
                condition: dose.condition,
                condition_text: dose.condition.and_then(|condition| condition_text(language, condition)),
                schedule: dose.source,
            })
            .collect();
        due.sort_by_key(|dose| dose.state);
        due
    }
}

fn shown(vaccine: &Vaccine<'_>, texts: &Texts) -> Option<VaccineGroup> {
    let newest = newest(vaccine)?;
    Some(VaccineGroup {
        vaccines: counts_for(newest)
            .into_iter()
            .filter(|id| vaccine_name(texts.language(), id).is_some())
            .collect(),
        name: name(newest).to_owned(),
        plain: None,
        doses: vaccine.iter().filter_map(|dose| dose_shown(dose, texts)).collect(),
    })
}

hidden_debug!(VaccinationsQuery, Vaccinations, VaccineGroup, Dose, NotGiven, DueDose, Advice);

impl std::fmt::Debug for ScheduleName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ScheduleName").field(&self.id).finish()
    }
}
