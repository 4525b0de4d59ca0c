//! What is one series: the same person, the same code, the same unit. And what a result in the index says of itself.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::str::FromStr;

use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::series::{code_identity, unit_identity};
use kosha_fhir::{Kind, Language, Standing, Traits};
use kosha_vault::{Entry, EntryDate, Index};
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::scope::name;
use super::words;
use crate::Error;
use crate::family::Circle;
use crate::hidden::hidden_debug;
use crate::import::header::flag_code;

/// What a result is said to be: by its laboratory, or by comparing it with the laboratory's own range.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ResultFlag {
    /// Stable code: `high`, `very-low`, `positive`, `above-range`, …; `other` where only words are known.
    pub code: &'static str,
    /// In words.
    pub text: String,
    /// Worked out here from the laboratory's range, not said by it.
    pub computed: bool,
}

hidden_debug!(ResultFlag);

/// Flags that say "not as expected".
const OUTSIDE: [&str; 8] =
    ["high", "low", "very-high", "very-low", "critical", "outside", "above-range", "below-range"];
/// Flags that are worked out from a range.
const COMPUTED: [&str; 3] = ["above-range", "below-range", "within-range"];

impl ResultFlag {
    pub(super) fn new(code: &'static str, text: String) -> Self {
        Self { code, text, computed: COMPUTED.contains(&code) }
    }

    /// The flag of a record of the index. In English its words are the first mark of the card, as are those of a flag that
    /// has no code.
    pub(super) fn of(entry: Entry<'_>, language: Language) -> Option<Self> {
        let code = flag_code(entry.flag())?;
        let spoken = (language != Language::English).then(|| language.flag(code)).flatten();
        let text = spoken.or(entry.chips().next()).unwrap_or_default().to_owned();
        (!text.is_empty()).then(|| Self::new(code, text))
    }

    /// From what the reader of FHIR found.
    pub(super) fn read(flag: &kosha_fhir::Flag) -> Self {
        let known = (1..=u8::MAX).map_while(flag_code).find(|code| *code == flag.code);
        Self { code: known.unwrap_or("other"), text: flag.text.clone(), computed: flag.computed }
    }

    /// Whether it says "not as expected". No statement about health: only that the laboratory, or its range, says so.
    pub fn is_outside(&self) -> bool {
        OUTSIDE.contains(&self.code)
    }

    /// Whether the flag of a record does.
    pub(super) fn is_outside_of(entry: Entry<'_>) -> bool {
        // As in [`ResultFlag::of`]: without words there is no flag.
        let outside = flag_code(entry.flag()).is_some_and(|code| OUTSIDE.contains(&code));
        outside && entry.chips().next().is_some_and(|words| !words.is_empty())
    }
}

/// Numbers for the identities of persons, codes and units, made while entries are looked at.
pub(super) struct Identities<'a> {
    circle: &'a Circle,
    persons: Vec<(PersonId, PersonId)>,
    /// By set of codes, title and standing.
    by_set: FxHashMap<(u32, u32, u8), u32>,
    by_name: HashMap<String, u32>,
    names: Vec<String>,
    units: HashMap<&'a str, u32>,
    unit_names: HashMap<String, u32>,
}

impl<'a> Identities<'a> {
    pub(super) fn new(circle: &'a Circle) -> Self {
        Self {
            circle,
            persons: Vec::new(),
            by_set: FxHashMap::default(),
            by_name: HashMap::new(),
            names: Vec::new(),
            units: HashMap::new(),
            unit_names: HashMap::new(),
        }
    }

    /// The person under whom an entry is shown.
    pub(super) fn person(&mut self, entry: Entry<'_>) -> PersonId {
        let id = entry.person();
        if let Some((_, one)) = self.persons.iter().find(|(known, _)| *known == id) {
            return *one;
        }
        let one = self.circle.one(id);
        self.persons.push((id, one));
        one
    }

    /// Number of the entry's code identity.
    pub(super) fn code(&mut self, entry: Entry<'_>) -> u32 {
        let alike = (entry.code_set(), entry.title_number(), entry.standing());
        if let Some(known) = self.by_set.get(&alike) {
            return *known;
        }
        let codes = entry.codes().map(|code| (code.system.as_str(), code.code.as_str()));
        let number = self.number_of(code_identity(codes, name(entry)));
        self.by_set.insert(alike, number);
        number
    }

    /// Number of an identity that is known as text.
    pub(super) fn number_of(&mut self, identity: String) -> u32 {
        if let Some(known) = self.by_name.get(&identity) {
            return *known;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.names.push(identity.clone());
        self.by_name.insert(identity, number);
        number
    }

    /// The identity of a number.
    pub(super) fn name(&self, number: u32) -> &str {
        usize::try_from(number).ok().and_then(|at| self.names.get(at)).map_or("", String::as_str)
    }

    /// Number of a unit: equal for spellings of one unit.
    pub(super) fn unit(&mut self, unit: &'a str) -> u32 {
        if let Some(known) = self.units.get(unit) {
            return *known;
        }
        let next = u32::try_from(self.unit_names.len()).unwrap_or(u32::MAX);
        let number = *self.unit_names.entry(unit_identity(unit)).or_insert(next);
        self.units.insert(unit, number);
        number
    }
}

/// A code identity as `trend` takes it: `loinc:718-7`, `system|code`, `text:words`.
pub(super) fn argument(identity: &str) -> String {
    match identity.split_once('|') {
        Some((scheme @ ("loinc" | "text"), rest)) => format!("{scheme}:{rest}"),
        _ => identity.to_owned(),
    }
}

/// The kinds that have series.
pub(crate) const RESULTS: [u16; 2] = [Kind::Result.as_u16(), Kind::Vital.as_u16()];

/// Whether a record is of one of them.
pub(super) fn is_result(entry: Entry<'_>) -> bool {
    RESULTS.contains(&entry.kind())
}

pub(super) fn standing(entry: Entry<'_>) -> Standing {
    Standing::from_u8(entry.standing()).unwrap_or(Standing::InError)
}

/// Whether a record states something that was so. What is withdrawn, ruled out, not done or only planned does not.
pub(super) fn states_fact(entry: Entry<'_>) -> bool {
    matches!(standing(entry), Standing::Fact | Standing::Unconfirmed)
}

pub(super) fn has_trait(entry: Entry<'_>, wanted: Traits) -> bool {
    Traits::from_bits(entry.traits()).contains(wanted)
}

/// The sign before a value that is a bound: `<`, `≤`, `>`, `≥`, or nothing.
pub(super) fn comparator(entry: Entry<'_>) -> &'static str {
    let plain = match (has_trait(entry, Traits::BELOW), has_trait(entry, Traits::ABOVE)) {
        (true, _) => "<",
        (_, true) => ">",
        _ => return "",
    };
    // The card says whether the bound itself may be the value.
    match entry.line().chars().next() {
        Some('≤') if plain == "<" => "≤",
        Some('≥') if plain == ">" => "≥",
        _ => plain,
    }
}

/// Whether its source has corrected or added to it.
pub(super) fn is_corrected(entry: Entry<'_>) -> bool {
    ["amended", "corrected", "appended"].iter().any(|code| entry.clinical_status().eq_ignore_ascii_case(code))
}

/// The report that a result is a part of, else the panel.
pub(super) fn report<'a>(index: &'a Index, entry: Entry<'a>) -> Option<Entry<'a>> {
    /// Panels in panels are followed so far.
    const DEEPEST: usize = 4;
    let up = |entry: &Entry<'a>| entry.parent().and_then(|parent| index.get(parent));
    let above: Vec<Entry<'a>> = std::iter::successors(up(&entry), up)
        .take(DEEPEST)
        .filter(|above| !above.tombstone() && states_fact(*above))
        .collect();
    let of = |kind: &str| above.iter().copied().find(|above| above.resource_type() == kind);
    of("DiagnosticReport").or_else(|| of("Observation"))
}

/// When an entry was, as exactly as its source says.
pub(super) fn when(entry: Entry<'_>) -> Option<String> {
    entry.date().map(words::exact)
}

/// Whether a date lies after today, wherever on earth today is: nothing was measured then.
pub(super) fn is_ahead(date: EntryDate, now_ms: i64) -> bool {
    const DAY: i64 = 86_400_000;
    date.start_ms > now_ms.saturating_add(DAY)
}

/// A place in a list that is newest first, undated last, equal ones by id; it stays right while others are added.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    undated: bool,
    newest: Reverse<i64>,
    id: RecordId,
}

impl Place {
    pub(super) fn new(start_ms: Option<i64>, id: RecordId) -> Self {
        Self { undated: start_ms.is_none(), newest: Reverse(start_ms.unwrap_or(0)), id }
    }

    pub(super) fn of(entry: Entry<'_>) -> Self {
        Self::new(entry.date().map(|date| date.start_ms), entry.id())
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:02x}{:016x}{}", u8::from(self.undated), self.newest.0.cast_unsigned(), self.id)
    }
}

impl FromStr for Place {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let hex = text.len() == 50 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let (undated, rest) = text.split_at_checked(2).filter(|_| hex).ok_or(Error::BadCursor)?;
        let (start, id) = rest.split_at_checked(16).ok_or(Error::BadCursor)?;
        let start = u64::from_str_radix(start, 16).map_err(|_| Error::BadCursor)?.cast_signed();
        let id = id.parse().map_err(|_| Error::BadCursor)?;
        match undated {
            "00" => Ok(Self::new(Some(start), id)),
            "01" => Ok(Self::new(None, id)),
            _ => Err(Error::BadCursor),
        }
    }
}
