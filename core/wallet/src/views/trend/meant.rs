//! Which measured thing a code or some words mean.

use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::Standing;
use kosha_fhir::series::{PressurePart, pressure_part};
use kosha_vault::{Entry, Index};
use rustc_hash::FxHashMap;

use super::{TrendChoice, TrendChoices};
use crate::Error;
use crate::family::Circle;
use crate::naming::is_mark;
use crate::views::series::{Identities, RESULTS, argument, standing, states_fact, when};

/// Most choices that are listed.
const MOST_CHOICES: usize = 50;
/// Longest question, in bytes.
const LONGEST: usize = 1024;

/// One thing that was measured, and every record of it.
pub(super) struct Meant<'a> {
    pub(super) person: PersonId,
    pub(super) name: String,
    /// As an argument.
    pub(super) code: String,
    /// The record that gives the name.
    pub(super) latest: Option<RecordId>,
    /// The records, newest first, with which value of a blood pressure they hold.
    pub(super) records: Vec<(Entry<'a>, Option<PressurePart>)>,
}

pub(super) enum Found<'a> {
    One(Meant<'a>),
    Several(TrendChoices),
}

/// What was asked for.
enum Wanted {
    /// A code identity.
    Identity(String),
    /// A system and a code as written.
    Coded(String, String),
    /// A bare code, else words.
    Open(String),
}

impl Wanted {
    fn of(text: &str) -> Self {
        let text = text.trim();
        if let Some((scheme, rest)) = text.split_once(':') {
            match scheme.to_ascii_lowercase().as_str() {
                "loinc" => return Self::Identity(format!("loinc|{}", rest.trim())),
                "text" => return Self::Identity(format!("text|{}", rest.trim().to_lowercase())),
                _ => {}
            }
        }
        match text.rsplit_once('|') {
            Some((system, code)) if system.eq_ignore_ascii_case("loinc") => {
                Self::Identity(format!("loinc|{}", code.trim()))
            }
            // As [`argument`] gives it.
            Some((code, words)) if code.contains('|') => {
                Self::Identity(format!("{code}|{}", words.trim().to_lowercase()))
            }
            Some((system, code)) => Self::Coded(system.trim().to_owned(), code.trim().to_owned()),
            None => Self::Open(text.to_owned()),
        }
    }

    /// Whether one of an entry's codes is the one asked for.
    fn is_coded(&self, entry: Entry<'_>) -> bool {
        match self {
            Self::Identity(_) => false,
            Self::Coded(system, wanted) => {
                entry.codes().any(|code| code.system == *system && code.code == *wanted)
            }
            Self::Open(wanted) => entry.codes().any(|code| code.code.eq_ignore_ascii_case(wanted)),
        }
    }
}

/// What is known of one code identity.
struct Candidate<'a> {
    identity: u32,
    latest: Entry<'a>,
    count: usize,
    /// 2: the name is exactly these words; 1: they are in it; 0: found by code.
    named: u8,
}

/// Finds what `what` means among the results of `persons` (of everybody when empty).
pub(super) fn find<'a>(
    index: &'a Index,
    what: &str,
    persons: &[PersonId],
    circle: &'a Circle,
) -> Result<Found<'a>, Error> {
    if what.trim().is_empty() || what.len() > LONGEST {
        return Err(Error::NoSuchResult);
    }
    let wanted = Wanted::of(what);
    let mut identities = Identities::new(circle);
    let of_person = |entry: &Entry<'_>| persons.is_empty() || persons.contains(&entry.person());
    let results = || index.of_kinds(&RESULTS).filter(|entry| !entry.tombstone()).filter(of_person);
    let mut candidates = coded(results(), &wanted, &mut identities);
    if candidates.is_empty() {
        candidates = named_so(results(), &wanted, &mut identities);
    }
    let chosen = best(candidates, &identities);
    let pressure = |candidate: &Candidate<'_>| pressure_part(identities.name(candidate.identity));
    let pair = chosen.len() > 1 && chosen.iter().all(|candidate| pressure(candidate).is_some());
    let one = match chosen.as_slice() {
        [] => return Err(Error::NoSuchResult),
        [one] => one,
        // The upper and the lower value are two lines of one chart.
        [first, ..] if pair => {
            let whole = chosen.iter().find(|candidate| pressure(candidate) == Some(PressurePart::Pair));
            whole.unwrap_or(first)
        }
        _ => return Ok(Found::Several(choices(&chosen, &identities))),
    };
    let part = if pair { Some(PressurePart::Pair) } else { pressure(one) };
    let latest = one.latest.id();
    let (name, identity, code) = (one.latest.title().to_owned(), one.identity, identities.name(one.identity));
    let (code, words) = (argument(code), code.strip_prefix("text|").map(str::to_owned));
    let mut person = None;
    let mut records = Vec::new();
    for entry in results() {
        let number = identities.code(entry);
        // Asked for few of all results.
        let holds = (number == identity || part.is_some()).then(|| pressure_part(identities.name(number)));
        let holds = holds.flatten();
        // A name that stands behind the word for its standing is the name all the same.
        let called = || {
            words.as_ref().is_some_and(|words| {
                standing(entry) == Standing::InError && entry.title().to_lowercase().ends_with(words.as_str())
            })
        };
        if number != identity && !wanted_part(part, holds) && !called() {
            continue;
        }
        let whose = identities.person(entry);
        if *person.get_or_insert(whose) != whose {
            return Err(Error::PersonNeeded);
        }
        records.push((entry, holds));
    }
    let person = person.ok_or(Error::NoSuchResult)?;
    Ok(Found::One(Meant { person, name, code, latest: Some(latest), records }))
}

/// Whether a record that holds a part of a blood pressure belongs to the part asked for.
fn wanted_part(wanted: Option<PressurePart>, holds: Option<PressurePart>) -> bool {
    match (wanted, holds) {
        (Some(PressurePart::Pair), Some(_)) => true,
        (Some(wanted), Some(holds)) => holds == wanted,
        _ => false,
    }
}

/// Every code identity that goes by the code asked for, that of the newest record first.
fn coded<'a>(
    results: impl Iterator<Item = Entry<'a>>,
    wanted: &Wanted,
    identities: &mut Identities<'a>,
) -> Vec<Candidate<'a>> {
    let exact = match wanted {
        Wanted::Identity(identity) => Some(identities.number_of(identity.clone())),
        _ => None,
    };
    let mut candidates = Candidates::default();
    // Thousands of results have a few hundred sets of codes.
    let mut by_set: FxHashMap<u32, bool> = FxHashMap::default();
    for entry in results {
        let identity = identities.code(entry);
        let is_meant = match exact {
            Some(exact) => exact == identity,
            None => {
                *by_set.entry(entry.code_set()).or_insert_with(|| wanted.is_coded(entry))
                    || candidates.known.contains_key(&identity)
            }
        };
        if is_meant {
            candidates.add(identity, entry, 0);
        }
    }
    candidates.found
}

/// Every code identity that goes by the words asked for, that of the newest record first.
fn named_so<'a>(
    results: impl Iterator<Item = Entry<'a>>,
    wanted: &Wanted,
    identities: &mut Identities<'a>,
) -> Vec<Candidate<'a>> {
    let Wanted::Open(words) = wanted else { return Vec::new() };
    let words = split(words);
    let mut names: FxHashMap<&str, u8> = FxHashMap::default();
    let mut candidates = Candidates::default();
    for entry in results {
        let identity = identities.code(entry);
        let named = if states_fact(entry) {
            *names.entry(entry.title()).or_insert_with(|| named(entry.title(), &words))
        } else {
            0
        };
        if named > 0 || candidates.known.contains_key(&identity) {
            candidates.add(identity, entry, named);
        }
    }
    candidates.found
}

/// What is known of each code identity so far.
#[derive(Default)]
struct Candidates<'a> {
    known: FxHashMap<u32, usize>,
    found: Vec<Candidate<'a>>,
}

impl<'a> Candidates<'a> {
    fn add(&mut self, identity: u32, entry: Entry<'a>, named: u8) {
        let place = *self.known.entry(identity).or_insert(self.found.len());
        let Some(candidate) = self.found.get_mut(place) else {
            self.found.push(Candidate { identity, latest: entry, count: 1, named });
            return;
        };
        candidate.count += 1;
        candidate.named = candidate.named.max(named);
        if !states_fact(candidate.latest) && states_fact(entry) {
            candidate.latest = entry;
        }
    }
}

/// The best of the candidates: those of exactly this name before those of some of its words.
fn best<'a>(mut found: Vec<Candidate<'a>>, identities: &Identities<'_>) -> Vec<Candidate<'a>> {
    let named = found.iter().map(|candidate| candidate.named).max().unwrap_or(0);
    found.retain(|candidate| candidate.named == named);
    found.sort_by(|a, b| {
        b.count.cmp(&a.count).then_with(|| identities.name(a.identity).cmp(identities.name(b.identity)))
    });
    found
}

/// Words in lower case, letters and digits only.
fn split(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let is_part = |c: char| c.is_alphanumeric() || is_mark(c);
    lower.split(|c: char| !is_part(c)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// How well a name goes with the words: each has to begin a word of it.
fn named(title: &str, words: &[String]) -> u8 {
    if words.is_empty() {
        return 0;
    }
    let parts = split(title);
    let begins = |word: &String| parts.iter().any(|part| part.starts_with(word.as_str()));
    if parts == words { 2 } else { u8::from(words.iter().all(begins)) }
}

fn choices(chosen: &[Candidate<'_>], identities: &Identities<'_>) -> TrendChoices {
    let choices = chosen.iter().take(MOST_CHOICES).map(|candidate| TrendChoice {
        code: argument(identities.name(candidate.identity)),
        name: candidate.latest.title().to_owned(),
        count: candidate.count,
        latest: when(candidate.latest),
    });
    TrendChoices { choices: choices.collect() }
}

#[cfg(test)]
mod tests {
    use super::{named, split};

    #[test]
    fn words_begin_words_of_a_name() {
        let words = |text: &str| split(text);
        assert_eq!(named("Haemoglobin A1c", &words("haemoglobin a1c")), 2);
        assert_eq!(named("Haemoglobin A1c", &words("haem")), 1);
        assert_eq!(named("Haemoglobin A1c", &words("globin")), 0);
        assert_eq!(named("हीमोग्लोबिन", &words("हीमो")), 1);
        assert_eq!(named("Anything", &words("  ")), 0);
    }
}
