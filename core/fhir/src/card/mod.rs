//! Cards: how a record appears in a list, to a patient and to a doctor.

mod care;
mod clinical;
mod medicine;
mod observation;
mod paper;

pub(crate) use observation::unit_unclear;
use serde::Serialize;

use crate::date::{Found, When};
use crate::denial::{self, Denial};
use crate::extract::main_codes;
pub use crate::flag::Flag;
use crate::kind::Kind;
use crate::label::{clean, clip, codings, label, tidy};
use crate::language::Language;
use crate::names::Holder;
use crate::narrative::plain_text;
use crate::reading::{Limits, Reading, read};
use crate::reason::Refusal;
use crate::standing::Standing;
use crate::table::word;
use crate::timeline;
use crate::tree::Node;

/// Longest line of a card, in characters.
const LINE: usize = 240;

/// A record in a list. As JSON it is what `fixtures/README.md` describes.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// What it is to a patient.
    pub kind: Kind,
    /// What it is called; never empty. Begins with the word for its standing unless that is a plain fact.
    pub title: String,
    /// The second line; may be empty.
    #[serde(rename = "summary")]
    pub line: String,
    /// Short remarks.
    pub chips: Vec<String>,
    /// Date for sorting; `None` when there is none or it is unclear.
    pub date: Option<When>,
    /// Date in words.
    pub date_text: String,
    /// What a result is said to be.
    pub flag: Option<Flag>,
    /// Reference ranges of a result, in words.
    pub range_text: Option<String>,
    /// Dosage of a medicine, in words.
    pub dosage: Option<String>,
    /// Whether it is a fact.
    pub standing: Standing,
    /// Its point in a chart; `None` for what must not be drawn.
    pub series: Option<Series>,
}

impl std::fmt::Debug for Card {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Card")
            .field("kind", &self.kind)
            .field("standing", &self.standing)
            .finish_non_exhaustive()
    }
}

/// A point of a series.
#[derive(Clone, PartialEq, Serialize)]
pub struct Series {
    /// Same key, same chart: code identity and normal unit.
    pub key: String,
    /// The number.
    pub value: f64,
    /// Its unit in words.
    pub unit: String,
    /// `<`, `≤`, `>`, `≥` or empty.
    pub comparator: String,
}

impl std::fmt::Debug for Series {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Series")
    }
}

/// A card in the making, with what else was learnt on the way.
pub(crate) struct Built {
    pub(crate) card: Card,
    pub(crate) codes: Vec<(String, String)>,
    pub(crate) warnings: Vec<&'static str>,
    /// The dosage line was put together from fields.
    pub(crate) dosage_generated: bool,
    /// More words to be found by.
    pub(crate) words: Vec<String>,
    /// What it denies, in place of naming something.
    pub(crate) denial: Option<Denial>,
}

/// What the rules of a type fill in.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) kind: Option<Kind>,
    pub(crate) title: Option<String>,
    pub(crate) line: Option<String>,
    pub(crate) chips: Vec<String>,
    /// Standing and the key of its sentence among the `standing` messages; an empty key adds none.
    pub(crate) standing: Option<(Standing, &'static str)>,
    pub(crate) flag: Option<Flag>,
    pub(crate) range_text: Option<String>,
    pub(crate) dosage: Option<String>,
    pub(crate) dosage_generated: bool,
    pub(crate) series: Option<Series>,
    pub(crate) words: Vec<String>,
    pub(crate) unit_unclear: bool,
    /// Known before the rules of a type begin.
    pub(crate) denial: Option<Denial>,
    /// In place of the timeline's date in words.
    pub(crate) date_text: Option<String>,
}

impl Draft {
    pub(crate) fn chip(&mut self, text: Option<impl Into<String>>) {
        if let Some(text) = text {
            let text = clean(&text.into());
            if !text.is_empty() && !self.chips.contains(&text) {
                self.chips.push(text);
            }
        }
    }

    pub(crate) fn stand(&mut self, standing: Standing, word: &'static str) {
        if self.standing.is_none() {
            self.standing = Some((standing, word));
        }
    }
}

/// The kind of a resource type before a look inside.
pub(crate) fn kind_of(resource_type: &str) -> Kind {
    word("kinds", resource_type).and_then(|word| word.parse().ok()).unwrap_or(Kind::Other)
}

/// Builds the card of an entry.
pub(crate) fn build(holder: &Holder<'_>, resource_type: &str) -> Built {
    let root = holder.root;
    let mut draft = Draft { denial: denial::of(root, resource_type), ..Draft::default() };
    match resource_type {
        "Observation" => observation::observation(holder, &mut draft),
        "DiagnosticReport" => observation::report(holder, &mut draft),
        "MedicationRequest" | "MedicationOrder" => medicine::request(holder, &mut draft),
        "MedicationStatement" | "MedicationUsage" => medicine::statement(holder, &mut draft),
        "MedicationDispense" => medicine::dispense(holder, &mut draft),
        "MedicationAdministration" => medicine::administration(holder, &mut draft),
        "Immunization" => medicine::immunization(holder, &mut draft),
        "ImmunizationRecommendation" => medicine::recommendation(holder, &mut draft),
        "Condition" => clinical::condition(holder, &mut draft),
        "AllergyIntolerance" => clinical::allergy(holder, &mut draft),
        "Procedure" => clinical::procedure(holder, &mut draft),
        "FamilyMemberHistory" => clinical::family(holder, &mut draft),
        "Encounter" | "EpisodeOfCare" => care::encounter(holder, &mut draft),
        "ImagingStudy" | "ImagingSelection" => care::imaging(holder, &mut draft),
        "CarePlan" | "Goal" | "CareTeam" => care::plan(holder, &mut draft),
        "Appointment" => care::appointment(holder, &mut draft),
        "Composition" => paper::composition(holder, &mut draft),
        "DocumentReference" | "Binary" | "Media" | "DocumentManifest" => paper::document(holder, &mut draft),
        _ if kind_of(resource_type) == Kind::Request => care::request(holder, &mut draft),
        _ if kind_of(resource_type) == Kind::Billing => care::billing(holder, &mut draft),
        _ => paper::other(holder, resource_type, &mut draft),
    }
    finish(holder, resource_type, draft, root)
}

fn finish(holder: &Holder<'_>, resource_type: &str, mut draft: Draft, root: &Node<'_>) -> Built {
    let language = holder.language();
    let found = timeline::of(holder, resource_type);
    let mut warnings = Vec::new();
    if matches!(found, Some(Found::Unclear)) {
        warnings.push("date-unclear");
    }
    let (standing, key) =
        overriding(root).or(draft.standing).or_else(|| general(root)).unwrap_or((Standing::Fact, ""));
    if standing.negates() {
        negate(&mut draft, standing);
    }
    if draft.unit_unclear {
        warnings.push("unit-unclear");
        draft.chip(Some(language.phrase("unitUnclear", &[])));
    }
    if has_modifier(root) {
        draft.chip(Some(language.phrase("modifier", &[])));
    }
    if crate::own::is_said_by_patient(root) {
        // It says more than these do.
        let less = [language.phrase("toldByPatient", &[]), language.phrase("reportedByPatient", &[])];
        draft.chips.retain(|chip| !less.contains(chip));
        draft.chip(Some(language.phrase("ownEntry", &[])));
    }
    let title =
        draft.title.take().filter(|title| !title.is_empty()).unwrap_or_else(|| noun(language, resource_type));
    let title = if key.is_empty() { title } else { language.say("standing", key, &[("title", &title)]) };
    let date_text = draft.date_text.take().unwrap_or_else(|| timeline::text(language, found.as_ref()));
    let date = match found {
        Some(Found::Date(when, _)) => Some(when),
        _ => None,
    };
    let card = Card {
        kind: draft.kind.unwrap_or_else(|| kind_of(resource_type)),
        title: clean(&title),
        line: clip(&tidy(&draft.line.unwrap_or_default()), LINE),
        chips: draft.chips,
        date,
        date_text,
        flag: draft.flag,
        range_text: draft.range_text,
        dosage: draft.dosage,
        standing,
        series: draft.series,
    };
    Built {
        codes: main_codes(root, resource_type),
        card,
        warnings,
        dosage_generated: draft.dosage_generated,
        words: draft.words,
        denial: draft.denial,
    }
}

/// What is no fact takes no part in flags, charts and lists of doses, and no chip calls it current or serious. Of
/// what was withdrawn as a mistake not even the value stays.
fn negate(draft: &mut Draft, standing: Standing) {
    draft.chips.clear();
    draft.flag = None;
    draft.series = None;
    draft.dosage = None;
    draft.unit_unclear = false;
    if standing == Standing::InError {
        draft.line = None;
        draft.range_text = None;
    }
}

/// The generic noun of a type.
pub(crate) fn noun(language: Language, resource_type: &str) -> String {
    language.noun(resource_type).map_or_else(|| language.phrase("otherRecord", &[]), str::to_owned)
}

/// True when any of a record's statuses is one of these codes.
pub(crate) fn status_is(root: &Node<'_>, codes: &[&str]) -> bool {
    // Other systems and words have other names for the same.
    let is = |said: &str| {
        codes.contains(&said) || word("status", said).is_some_and(|known| codes.contains(&known))
    };
    ["status", "docStatus", "verificationStatus", "clinicalStatus", "lifecycleStatus"].iter().any(|key| {
        root.at(key).items().any(|status| match status {
            Node::Text(text) => is(&text.get().trim().to_lowercase()),
            concept => {
                let coded = codings(concept)
                    .any(|coding| coding.str("code").is_some_and(|code| is(&code.trim().to_lowercase())));
                let in_words =
                    || concept.str("text").map(|text| text.trim().to_lowercase().replace(' ', "-"));
                coded || in_words().is_some_and(|text| is(&text))
            }
        })
    })
}

/// What outranks every rule of a type: a source's own withdrawal, an order not to act, a negation.
fn overriding(root: &Node<'_>) -> Option<(Standing, &'static str)> {
    if status_is(root, &["entered-in-error", "enteredinerror", "nullified"]) {
        return Some((Standing::InError, "in-error"));
    }
    if root.truth("doNotPerform") == Some(true) || extension_says(root, "donotperform") {
        // What was lifted, or has run its time, is no order any more.
        if status_is(root, &["stopped", "completed", "cancelled", "revoked", "ended", "inactive"]) {
            return Some((Standing::Cancelled, "cancelled"));
        }
        let medicine = root.str("resourceType").is_some_and(|kind| kind.starts_with("Medication"));
        return Some((Standing::DoNotPerform, if medicine { "do-not-take" } else { "do-not-perform" }));
    }
    None
}

/// True when the record itself says that it is a mistake or an order not to act.
pub(crate) fn is_negated(root: &Node<'_>) -> bool {
    overriding(root).is_some()
}

/// The statuses that mean the same for every type.
fn general(root: &Node<'_>) -> Option<(Standing, &'static str)> {
    let is = |codes: &[&str]| status_is(root, codes);
    if is(&["refuted", "disproved"]) {
        Some((Standing::Refuted, "refuted"))
    } else if root.truth("notDone") == Some(true) || is(&["not-done"]) {
        Some((Standing::NotDone, "not-done"))
    } else if is(&["cancelled", "canceled", "revoked", "abandoned", "abated-in-error"]) {
        Some((Standing::Cancelled, "cancelled"))
    } else if is(&["rejected", "declined"]) {
        Some((Standing::Cancelled, "declined"))
    } else if is(&["draft"]) {
        Some((Standing::Planned, "draft"))
    } else if is(&["planned", "proposed", "preparation", "pending"]) {
        Some((Standing::Planned, "planned"))
    } else {
        None
    }
}

/// True when an extension or modifier extension with such a name says yes.
fn extension_says(root: &Node<'_>, name: &str) -> bool {
    ["modifierExtension", "extension"].iter().any(|key| {
        root.at(key).items().any(|extension| {
            extension.str("url").is_some_and(|url| url.to_lowercase().replace('-', "").ends_with(name))
                && extension.truth("valueBoolean") == Some(true)
        })
    })
}

/// True when something unknown changes the meaning of the record.
fn has_modifier(root: &Node<'_>) -> bool {
    root.at("modifierExtension").items().any(|extension| {
        extension.there()
            && !extension
                .str("url")
                .is_some_and(|url| url.to_lowercase().replace('-', "").ends_with("donotperform"))
    })
}

/// The record's narrative in short, for want of anything better.
pub(crate) fn narrative(root: &Node<'_>, longest: usize) -> Option<String> {
    let text = plain_text(&root.at("text").str("div")?);
    (!text.is_empty()).then(|| clip(&text, longest))
}

/// Notes in one line.
pub(crate) fn note(root: &Node<'_>) -> Option<String> {
    let notes: Vec<String> = root
        .any(&["note", "comment", "comments"])
        .items()
        .filter_map(|note| note.str("text").or_else(|| note.text()))
        .map(|text| tidy(&text))
        .filter(|text| !text.is_empty())
        .take(3)
        .collect();
    (!notes.is_empty()).then(|| clip(&notes.join(" "), LINE))
}

/// A cleaned string member.
pub(crate) fn plain(node: &Node<'_>, key: &str) -> Option<String> {
    node.str(key).map(|text| clean(&text)).filter(|text| !text.is_empty())
}

/// Joins what there is with " · ".
pub(crate) fn join(parts: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// The word of a status in a set of the table; `None` for one that needs no word.
pub(crate) fn status_word(language: Language, root: &Node<'_>, key: &str, set: &str) -> Option<&'static str> {
    root.at(key).items().find_map(|status| match status {
        Node::Text(text) => language.label(set, &text.get()),
        concept => codings(concept).find_map(|coding| language.label(set, &coding.str("code")?)),
    })
}

/// The reasons of a record in words.
pub(crate) fn reasons(holder: &Holder<'_>) -> Option<String> {
    let language = holder.language();
    let root = holder.root;
    let coded = root.any(&["reasonCode", "reasonCodeableConcept", "reason", "indication"]);
    let list: Vec<String> = coded
        .items()
        .filter_map(|reason| match reason {
            Node::Object(_) if reason.at("reference").there() && !reason.at("concept").there() => {
                holder.name(reason)
            }
            Node::Object(_) if reason.at("value").there() => reason.at("value").items().find_map(|inner| {
                label(language, inner, "condition", "").or_else(|| holder.name(inner.at("reference")))
            }),
            reason => label(language, reason, "condition", ""),
        })
        .take(3)
        .collect();
    if !list.is_empty() {
        return Some(list.join(", "));
    }
    holder.name(root.at("reasonReference")).or_else(|| plain(root, "reasonString"))
}

/// The card of a lone resource. `context` are resources that it may refer to (`Type/id`, `urn:uuid:id`), or that
/// refer to it.
pub fn card_of(resource: &[u8], context: &[&[u8]], limits: &Limits) -> Result<Card, Refusal> {
    read(resource, limits)?;
    let mut text = Vec::with_capacity(resource.len() + 2);
    text.push(b'[');
    for (at, item) in std::iter::once(&resource).chain(context).enumerate() {
        if at > 0 {
            text.push(b',');
        }
        text.extend_from_slice(item.strip_prefix(b"\xef\xbb\xbf").unwrap_or(item));
    }
    text.push(b']');
    let mut reading: Reading<'_> = read(&text, limits)?;
    // Whoever writes a lone resource may address its neighbours by id alone.
    let urns: Vec<_> = reading
        .entries
        .iter()
        .filter_map(|entry| Some(((entry.bundle, format!("urn:uuid:{}", entry.id.as_ref()?)), entry.ordinal)))
        .collect();
    for (key, ordinal) in urns {
        reading.by_url.entry(key).or_insert(ordinal);
    }
    reading.extract(0).map(|extract| extract.card).map_err(Refusal::new)
}
