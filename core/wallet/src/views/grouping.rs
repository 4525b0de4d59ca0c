//! The same thing said several times, as one group with all its sources.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::{Kind, Language, Traits};
use kosha_vault::{Code, Entry};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::scope::{has, name, when};
use crate::hidden::hidden_debug;
use crate::naming::{Naming, names_one_thing};
use crate::spoken::source_of;
use crate::words::of_code;

/// Most records that are named of one source; `count` has them all.
const MOST_RECORDS: usize = 100;

/// Who says it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Name of the source, absent where nobody is named.
    pub source: Option<String>,
    /// Written down in Kosha by the patient or a carer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// What state the newest of its records gives.
    pub state: &'static str,
    /// The state in words of the session's language.
    #[serde(rename = "stateText")]
    pub state_text: &'static str,
    /// Date of the newest of its records, as exactly as the source said.
    pub date: Option<String>,
    /// Its records, the newest first; 100 at most.
    pub records: Vec<String>,
    /// How many records it has.
    pub count: usize,
}

/// A record with whose it is, for grouping.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub(super) person: PersonId,
    pub(super) entry: Entry<'a>,
}

/// Pairs of records that somebody told apart, the lower id first.
pub(super) type Apart = HashSet<(RecordId, RecordId)>;

/// What a record is grouped by.
pub(super) struct Keys<K> {
    /// Each is enough alone.
    alone: Vec<K>,
    /// Codes with which the name has to agree too.
    named: Vec<K>,
}

impl<K> Keys<K> {
    pub(super) fn new() -> Self {
        Self { alone: Vec::new(), named: Vec::new() }
    }

    /// A key that is enough alone.
    pub(super) fn alone(mut self, key: K) -> Self {
        self.alone.push(key);
        self
    }

    /// The codes of a record that name something, each as a key.
    pub(super) fn codes<'a>(mut self, entry: Entry<'a>, key: impl Fn(&'a Code) -> K) -> Self {
        let kind = Kind::from_u16(entry.kind());
        for code in entry.codes().filter(|code| telling(code)) {
            let keys = if names_one_thing(kind, code) { &mut self.alone } else { &mut self.named };
            keys.push(key(code));
        }
        self
    }
}

/// Most names of one code that are compared with one another.
const MOST_NAMES: usize = 64;

/// Names that were met under each code, with the sets they are in.
struct Named<K>(FxHashMap<K, Vec<(usize, Naming)>>);

impl<K: Eq + Hash> Named<K> {
    /// Joins a set with the one whose names all agree with this one. Where two sets do, it is neither of them.
    fn join(&mut self, key: K, set: usize, naming: &Naming, sets: &mut Sets) {
        let known = self.0.entry(key).or_default();
        let mut agreeing: Vec<usize> = known.iter().map(|(other, _)| sets.root(*other)).collect();
        agreeing.sort_unstable();
        agreeing.dedup();
        agreeing.retain(|root| {
            let mut of_set = known.iter().filter(|(other, _)| sets.root(*other) == *root);
            of_set.all(|(_, other)| naming.agrees(other))
        });
        if let [only] = agreeing.as_slice() {
            sets.join(set, *only);
        }
        if known.len() < MOST_NAMES {
            known.push((set, naming.clone()));
        }
    }
}

/// Groups of records that have a key in common, directly or by way of others; each in the order that the records came in,
/// groups in the order of their first records. `keys` is asked once for each name and list of codes. Two that were told
/// apart are never in one group.
pub(super) fn grouped<'a, K: Eq + Hash>(
    members: impl IntoIterator<Item = Member<'a>>,
    apart: &Apart,
    mut keys: impl FnMut(&Member<'a>) -> Keys<K>,
) -> Vec<Vec<Member<'a>>> {
    let mut sets = Sets::default();
    let mut by_key: FxHashMap<K, usize> = FxHashMap::default();
    let mut named = Named(FxHashMap::default());
    let mut known: FxHashMap<(PersonId, u8, u32, u32), usize> = FxHashMap::default();
    let mut all: Vec<(usize, Member<'a>)> = Vec::new();
    for member in members {
        let entry = member.entry;
        let alike = (member.person, entry.standing(), entry.code_set(), entry.title_number());
        let set = if let Some(set) = known.get(&alike) {
            *set
        } else {
            let set = sets.add();
            let keys = keys(&member);
            for key in keys.alone {
                let other = *by_key.entry(key).or_insert(set);
                sets.join(set, other);
            }
            if !keys.named.is_empty() {
                let naming = Naming::of(Kind::from_u16(entry.kind()), name(entry));
                keys.named.into_iter().for_each(|key| named.join(key, set, &naming, &mut sets));
            }
            known.insert(alike, set);
            set
        };
        all.push((set, member));
    }
    let mut place: FxHashMap<usize, usize> = FxHashMap::default();
    let mut groups: Vec<Vec<Member<'a>>> = Vec::new();
    for (set, member) in all {
        let at = *place.entry(sets.root(set)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(at) {
            group.push(member);
        }
    }
    if apart.is_empty() {
        groups
    } else {
        groups.into_iter().flat_map(|group| parted(group, apart)).collect()
    }
}

/// A group in parts in which no two were told apart; each record in the first that has nothing against it.
fn parted<'a>(group: Vec<Member<'a>>, apart: &Apart) -> Vec<Vec<Member<'a>>> {
    let told: HashSet<RecordId> = apart.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let is_apart = |a: RecordId, b: RecordId| apart.contains(&(a.min(b), a.max(b)));
    let mut parts: Vec<Vec<Member<'a>>> = Vec::new();
    for member in group {
        let id = member.entry.id();
        let open = |part: &&mut Vec<Member<'a>>| {
            !told.contains(&id) || part.iter().all(|other| !is_apart(id, other.entry.id()))
        };
        match parts.iter_mut().find(open) {
            Some(part) => part.push(member),
            None => parts.push(vec![member]),
        }
    }
    parts
}

/// Sets that are joined one by one.
#[derive(Default)]
struct Sets(Vec<usize>);

impl Sets {
    fn add(&mut self) -> usize {
        self.0.push(self.0.len());
        self.0.len() - 1
    }

    fn root(&self, mut set: usize) -> usize {
        while let Some(above) = self.0.get(set).copied().filter(|above| *above != set) {
            set = above;
        }
        set
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(above) = self.0.get_mut(one.max(other)) {
            *above = one.min(other);
        }
    }
}

/// A code that names one thing: with a system, and neither empty nor a word for "unknown".
pub(super) fn telling(code: &Code) -> bool {
    !code.system.is_empty() && !code.code.is_empty() && !code.system.contains("v3-NullFlavor")
}

/// Where a member stands among the sources of its group.
pub(super) fn by_source<'m, 'a>(members: &'m [Member<'a>]) -> Vec<Vec<&'m Member<'a>>> {
    // By number of origin; several origins are of one source.
    let mut of_origin: FxHashMap<(u32, bool), usize> = FxHashMap::default();
    let mut places: HashMap<(&str, bool), usize> = HashMap::new();
    let mut sources: Vec<Vec<&Member<'a>>> = Vec::new();
    for member in members {
        let own = has(member.entry, Traits::OWN);
        let at = *of_origin.entry((member.entry.origin_number(), own)).or_insert_with(|| {
            *places.entry((member.entry.source(), own)).or_insert_with(|| {
                sources.push(Vec::new());
                sources.len() - 1
            })
        });
        if let Some(source) = sources.get_mut(at) {
            source.push(member);
        }
    }
    sources
}

/// The sources of a group, the newest first; `state` names the state of a record, of which the words stand in the section
/// `words`.
pub(super) fn sources(
    members: &[Member<'_>],
    words: (Language, &str),
    state: impl Fn(Entry<'_>) -> &'static str,
) -> Vec<Source> {
    sources_dated(members, words, state, when)
}

/// The same, with another date of each than that of its newest record.
pub(super) fn sources_dated(
    members: &[Member<'_>],
    (language, words): (Language, &str),
    state: impl Fn(Entry<'_>) -> &'static str,
    date: impl Fn(Entry<'_>) -> Option<String>,
) -> Vec<Source> {
    by_source(members)
        .into_iter()
        .filter_map(|own| {
            let newest = own.first()?.entry;
            Some(Source {
                source: source_of(newest, language),
                own: has(newest, Traits::OWN),
                state: state(newest),
                state_text: of_code(language, words, state(newest)),
                date: date(newest),
                records: records(&own),
                count: own.len(),
            })
        })
        .collect()
}

/// Ids of records, 100 at most.
pub(super) fn records(members: &[&Member<'_>]) -> Vec<String> {
    members.iter().take(MOST_RECORDS).map(|member| member.entry.id().to_string()).collect()
}

/// The earliest date of a group, as exactly as its source said: its records come newest first, undated last.
pub(super) fn since(members: &[Member<'_>]) -> Option<String> {
    members.iter().rev().find_map(|member| when(member.entry))
}

/// Records of a group of which no two have both name and codes in common.
pub(super) fn distinct<'m, 'a>(members: &'m [Member<'a>]) -> impl Iterator<Item = Entry<'a>> + use<'m, 'a> {
    let mut seen = FxHashSet::default();
    let new =
        move |entry: &Entry<'_>| seen.insert((entry.title_number(), entry.standing(), entry.code_set()));
    members.iter().map(|member| member.entry).filter(new)
}

hidden_debug!(Source);
