//! The date under which a record stands in the timeline: its own, else that of what it belongs to.

use crate::date::{self, Basis, Found};
use crate::label::clean;
use crate::language::Language;
use crate::names::{Holder, address};
use crate::tree::Node;
use crate::value;

/// How a field is read.
#[derive(Clone, Copy)]
enum Field {
    /// `effective[x]`: dateTime, Period, Timing, instant, Age, Range, string.
    Choice(&'static str),
    /// A path to a date or a Period.
    Path(&'static [&'static str]),
}

use Field::{Choice, Path};

/// The fields that date a record, best first.
fn fields(resource_type: &str) -> &'static [(Field, Basis)] {
    use Basis::{Clinical, Recorded, Reported};
    match resource_type {
        "Observation" | "DiagnosticReport" => &[(Choice("effective"), Clinical)],
        "MedicationRequest" | "MedicationOrder" => {
            &[(Path(&["authoredOn"]), Clinical), (Path(&["dateWritten"]), Clinical)]
        }
        "MedicationStatement" | "MedicationUsage" => {
            &[(Choice("effective"), Clinical), (Path(&["dateAsserted"]), Recorded)]
        }
        "MedicationDispense" => &[
            (Path(&["whenHandedOver"]), Clinical),
            (Path(&["whenPrepared"]), Clinical),
            (Path(&["recorded"]), Recorded),
        ],
        "MedicationAdministration" => &[
            (Choice("effective"), Clinical),
            (Choice("occurence"), Clinical),
            (Choice("occurrence"), Clinical),
        ],
        "Condition" => &[
            (Choice("onset"), Clinical),
            (Path(&["recordedDate"]), Recorded),
            (Path(&["assertedDate"]), Recorded),
            (Path(&["dateRecorded"]), Recorded),
        ],
        "AllergyIntolerance" => &[
            (Choice("onset"), Clinical),
            (Path(&["onset"]), Clinical),
            (Path(&["recordedDate"]), Recorded),
            (Path(&["assertedDate"]), Recorded),
            (Path(&["lastOccurrence"]), Clinical),
            (Path(&["lastOccurence"]), Clinical),
        ],
        "Immunization" => {
            &[(Choice("occurrence"), Clinical), (Path(&["date"]), Clinical), (Path(&["recorded"]), Recorded)]
        }
        "ImmunizationRecommendation" => {
            &[(Path(&["recommendation", "dateCriterion", "value"]), Clinical), (Path(&["date"]), Recorded)]
        }
        "Encounter" | "EpisodeOfCare" => &[
            (Path(&["period"]), Clinical),
            (Path(&["actualPeriod"]), Clinical),
            (Path(&["plannedStartDate"]), Clinical),
        ],
        "Procedure" => &[
            (Choice("performed"), Clinical),
            (Choice("occurrence"), Clinical),
            (Path(&["recorded"]), Recorded),
        ],
        "ImagingStudy" => &[(Path(&["started"]), Clinical)],
        "DocumentReference" => &[
            (Path(&["context", "period"]), Clinical),
            (Path(&["period"]), Clinical),
            (Path(&["date"]), Clinical),
            (Path(&["created"]), Clinical),
            (Path(&["indexed"]), Recorded),
            (Path(&["content", "attachment", "creation"]), Clinical),
        ],
        "Media" => &[
            (Choice("created"), Clinical),
            (Path(&["issued"]), Reported),
            (Path(&["content", "creation"]), Clinical),
        ],
        "Composition" => &[(Path(&["event", "period"]), Clinical), (Path(&["date"]), Clinical)],
        "Appointment" => &[
            (Path(&["start"]), Clinical),
            (Path(&["requestedPeriod"]), Clinical),
            (Path(&["created"]), Recorded),
        ],
        "Goal" => &[(Choice("start"), Clinical), (Path(&["statusDate"]), Recorded)],
        "Claim" | "ExplanationOfBenefit" => {
            &[(Path(&["billablePeriod"]), Clinical), (Path(&["created"]), Recorded)]
        }
        "Consent" => &[(Path(&["dateTime"]), Clinical), (Path(&["date"]), Clinical)],
        _ => &[
            (Path(&["period"]), Clinical),
            (Choice("effective"), Clinical),
            (Choice("occurrence"), Clinical),
            (Choice("performed"), Clinical),
            (Path(&["date"]), Clinical),
            (Path(&["dateTime"]), Clinical),
            (Path(&["authored"]), Clinical),
            (Path(&["authoredOn"]), Clinical),
            (Path(&["orderedOn"]), Clinical),
            (Path(&["created"]), Clinical),
            (Path(&["issued"]), Reported),
            (Path(&["recorded"]), Recorded),
            (Path(&["recordedOn"]), Recorded),
            (Path(&["statusDate"]), Recorded),
            (Path(&["sent"]), Clinical),
        ],
    }
}

/// The timeline date of a record, with the fallbacks of its type.
pub(crate) fn of(holder: &Holder<'_>, resource_type: &str) -> Option<Found> {
    dated(holder, resource_type, 3)
}

fn dated(holder: &Holder<'_>, resource_type: &str, depth: usize) -> Option<Found> {
    let language = holder.language();
    let now = holder.reading.now_ms;
    let node = holder.root;
    if let Some(found) = own(language, node, fields(resource_type), now) {
        return Some(found);
    }
    if matches!(resource_type, "Observation" | "DiagnosticReport") {
        if resource_type == "Observation"
            && depth > 0
            && let Some(found) = report(holder, depth - 1)
        {
            return Some(begin(language, found, now));
        }
        let specimen = holder.resolve(node.at("specimen").first());
        let collected = specimen.and_then(|specimen| {
            let collection = specimen.node().at("collection");
            choice(language, collection, "collected", Basis::Clinical, now)
        });
        if collected.is_some() {
            return collected;
        }
        if let Some(issued) = path(language, node, &["issued"], Basis::Reported, now) {
            return Some(issued);
        }
    }
    // Who and where is not dated by the document that it came in.
    if crate::card::kind_of(resource_type) == crate::Kind::Support {
        return path(language, node, &["meta", "lastUpdated"], Basis::Received, now);
    }
    let visit = address(encounter(node)).and_then(|address| {
        if let Some(ordinal) = holder.ordinal_of(&address) {
            return holder.reading.links().visits.get(&ordinal)?.date.clone();
        }
        let visit = holder.resolve(encounter(node))?;
        visit.is("Encounter").then(|| visit_date(language, visit.node(), now)).flatten()
    });
    if let Some(visit) = visit {
        return Some(begin(language, visit, now));
    }
    if resource_type != "Composition"
        && let Some(document) = holder.reading.links().document(holder.reading, holder.ordinal)
    {
        let composition = holder.reading.node(document);
        if !is_patient_summary(&composition)
            && let Some(found) = own(language, &composition, fields("Composition"), now)
        {
            return Some(begin(language, found, now));
        }
    }
    path(language, node, &["meta", "lastUpdated"], Basis::Received, now)
}

/// A patient summary gathers what happened at any time: its date is the day it was put together and dates nothing in it.
fn is_patient_summary(composition: &Node<'_>) -> bool {
    composition.at("type").at("coding").items().any(|coding| coding.has("code", "60591-5"))
}

/// The date of a visit itself.
pub(crate) fn visit_date(language: Language, visit: &Node<'_>, now: Option<i64>) -> Option<Found> {
    own(language, visit, fields("Encounter"), now)
}

/// Of a date that is taken over only the begin: how long the visit was says nothing of what happened in it.
fn begin(language: Language, found: Found, now: Option<i64>) -> Found {
    match &found {
        Found::Date(when, _) => match when.raw.split_once('/') {
            Some((start, _)) if !start.is_empty() => date::date(language, start, when.basis, now),
            _ => found,
        },
        _ => found,
    }
}

/// The reference to the visit, under the names of the releases.
pub(crate) fn encounter<'n, 'a>(node: &'n Node<'a>) -> &'n Node<'a> {
    let direct = node.at("encounter");
    if direct.there() {
        return direct.first();
    }
    let context = node.at("context");
    if context.at("encounter").there() { context.at("encounter").first() } else { context.first() }
}

fn report(holder: &Holder<'_>, depth: usize) -> Option<Found> {
    let language = holder.language();
    let links = holder.reading.links();
    let parent = links.report.get(&holder.ordinal).copied()?;
    let node = holder.reading.node(parent);
    let kind = node.str("resourceType")?.into_owned();
    let parent = Holder { reading: holder.reading, ordinal: parent, root: &node };
    // Only the report's own dates; visit and document are asked once, by the result itself.
    if depth > 0 {
        dated(&parent, &kind, depth)
    } else {
        own(language, &node, fields(&kind), holder.reading.now_ms)
    }
}

fn own(language: Language, node: &Node<'_>, fields: &[(Field, Basis)], now: Option<i64>) -> Option<Found> {
    let mut unclear = None;
    for (field, basis) in fields {
        let found = match field {
            Choice(stem) => choice(language, node, stem, *basis, now),
            Path(names) => path(language, node, names, *basis, now),
        };
        match found {
            // An unclear date is better than none, yet not than a clear one elsewhere of the same clinical weight.
            Some(Found::Unclear) => {
                unclear = Some(Found::Unclear);
                break;
            }
            Some(found) => return Some(found),
            None => {}
        }
    }
    unclear
}

fn path(
    language: Language,
    node: &Node<'_>,
    names: &[&str],
    basis: Basis,
    now: Option<i64>,
) -> Option<Found> {
    let node = names.iter().fold(node, |node, name| node.at(name).first());
    match node {
        Node::Object(_) if node.at("start").there() || node.at("end").there() => {
            date::period(language, node, basis, now)
        }
        Node::Text(_) | Node::Number(_) => node.text().map(|text| date::date(language, &text, basis, now)),
        _ => None,
    }
}

fn choice(language: Language, node: &Node<'_>, stem: &str, basis: Basis, now: Option<i64>) -> Option<Found> {
    let (kind, node) = node.choice(stem)?;
    match &*kind {
        "DateTime" | "Date" | "Instant" => node.text().map(|text| date::date(language, &text, basis, now)),
        "Period" => date::period(language, node, basis, now),
        "Timing" => path(language, node, &["event"], basis, now)
            .or_else(|| path(language, node, &["repeat", "boundsPeriod"], basis, now)),
        "Age" => value::of_kind(language, "Age", node, &[])
            .map(|age| Found::Words(language.phrase("age", &[("age", age_text(&age))]))),
        "Range" => {
            let digits = |key: &str| node.at(key).str("value").unwrap_or_default().into_owned();
            Some(Found::Words(language.phrase("ages", &[("from", &digits("low")), ("to", &digits("high"))])))
        }
        "String" => node.text().map(|text| Found::Words(clean(&text))),
        _ => None,
    }
}

/// `45 years` reads better as `45`.
pub(crate) fn age_text(age: &str) -> &str {
    age.strip_suffix(" years")
        .or_else(|| age.strip_suffix(" year"))
        .or_else(|| age.strip_suffix(" yr"))
        .unwrap_or(age)
}

/// The date in words, with what it is the date of where that is not the event itself.
pub(crate) fn text(language: Language, found: Option<&Found>) -> String {
    match found {
        None => language.phrase("noDate", &[]),
        Some(Found::Unclear) => language.phrase("dateUnclear", &[]),
        Some(Found::Words(text)) => text.clone(),
        Some(Found::Date(when, text)) => match when.basis {
            Basis::Clinical => text.clone(),
            Basis::Recorded => language.phrase("recorded", &[("date", text)]),
            Basis::Reported => language.phrase("reported", &[("date", text)]),
            Basis::Received => language.phrase("received", &[("date", text)]),
        },
    }
}
