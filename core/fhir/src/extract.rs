//! All that a wallet keeps about one record, read at once.

use std::borrow::Cow;

use crate::attachment::{self, AttachmentSpan};
use crate::card::{self, Card};
use crate::date;
use crate::imaging;
use crate::kind::Kind;
use crate::label::{clean, codes, codings};
use crate::links::Links;
use crate::names::Holder;
use crate::patient;
use crate::quantity::Quantity;
use crate::reading::{Outcome, Reading};
use crate::sensitive::{self, Sensitivity};
use crate::timeline::encounter;
use crate::traits::{self, Traits};
use crate::tree::Node;
use crate::{flag, search, source};

/// Longest `id`, `versionId` and `lastUpdated` that is kept, in bytes (FHIR R4, 2.24.0.1 Primitive Types: id).
const LONGEST_ID: usize = 64;
/// Longest code, in bytes.
const LONGEST_CODE: usize = 256;
/// Longest address of a code system, in bytes.
const LONGEST_SYSTEM: usize = 512;

/// What is known about one record.
#[derive(Clone)]
pub struct Extract {
    /// As written.
    pub resource_type: String,
    /// `Resource.id`; like the two below, only when it has the length that FHIR allows, 64.
    pub logical_id: Option<String>,
    /// `meta.versionId`.
    pub version_id: Option<String>,
    /// `meta.lastUpdated`, as written.
    pub last_updated: Option<String>,
    /// `meta.lastUpdated` in Unix milliseconds.
    pub last_updated_ms: Option<i64>,
    /// What it is to a patient.
    pub kind: Kind,
    /// How it is shown.
    pub card: Card,
    /// The organisation it comes from; empty when unknown.
    pub source_label: String,
    /// Whose it is: index into [`Reading::patients`]. `None`: it names nobody, and the file is not about one person.
    pub patient: Option<usize>,
    /// (system, code) of `code` and its like, at most 32 of at most 512 and 256 bytes.
    pub codes: Vec<(String, String)>,
    /// Ordinal of the report, panel or document that it is a part of.
    pub parent: Option<u32>,
    /// Ordinal of the visit that it belongs to.
    pub visit: Option<u32>,
    /// Files inside it.
    pub attachments: Vec<AttachmentSpan>,
    /// Words under which it is found, at most 16 KiB.
    pub search_text: String,
    /// Sensitive kinds that it belongs to.
    pub sensitivity: Sensitivity,
    /// What else sets it apart in lists.
    pub traits: Traits,
    /// The last moment at which it holds, where it names one (a medicine's end, a problem's), in Unix milliseconds.
    pub until_ms: Option<i64>,
    /// `clinicalStatus` or `status`, the code as written.
    pub clinical_status: Option<String>,
    /// `verificationStatus`, the code as written.
    pub verification_status: Option<String>,
    /// Dosage line; empty when it has none.
    pub dosage: String,
    /// True when the dosage line was put together here from the record's fields, not written by its source.
    pub dosage_generated: bool,
    /// Source digits of a single numeric value.
    pub value: Option<String>,
    /// Its unit in words.
    pub unit: Option<String>,
    /// Source digits of the lower bound of its only usable range.
    pub range_low: Option<String>,
    /// Source digits of the upper bound.
    pub range_high: Option<String>,
    /// Remarks for the import report, codes of [`crate::reason_text`].
    pub warnings: Vec<&'static str>,
}

impl std::fmt::Debug for Extract {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Extract")
            .field("kind", &self.kind)
            .field("warnings", &self.warnings)
            .finish_non_exhaustive()
    }
}

impl Reading<'_> {
    /// Whose an entry is, as [`Extract::patient`] tells it, without looking at the rest. The error is a reason code.
    pub fn patient_of(&self, ordinal: u32) -> Result<Option<usize>, &'static str> {
        let root = self.node(ordinal);
        patient::of(&Holder { reading: self, ordinal, root: &root }).map(|(patient, _)| patient)
    }

    /// `meta.versionId` and `meta.lastUpdated` of an entry, as [`Extract`] tells them.
    pub fn age(&self, ordinal: u32) -> (Option<String>, Option<String>) {
        let root = self.node(ordinal);
        let meta = root.at("meta");
        let text = |key: &str| bounded(meta.str(key), LONGEST_ID);
        (text("versionId"), text("lastUpdated"))
    }

    /// Looks at one entry closely. The error is the reason code of an entry that holds no record.
    pub fn extract(&self, ordinal: u32) -> Result<Extract, &'static str> {
        let entry = self.entry(ordinal).ok_or("no-resource")?;
        let resource_type = match &entry.outcome {
            Outcome::Resource { resource_type } => resource_type.clone(),
            Outcome::Skipped(code) | Outcome::Refused(code) => return Err(code),
        };
        let root = self.node(ordinal);
        let holder = Holder { reading: self, ordinal, root: &root };
        let built = card::build(&holder, &resource_type);
        let links: &Links = self.links();
        let mut warnings = built.warnings;
        let (attachments, invalid) = attachment::find(&root, &self.text, entry.span.start);
        if invalid {
            warnings.push("invalid-base64");
        }
        if attachments.iter().any(AttachmentSpan::type_differs) {
            warnings.push("type-differs");
        }
        if is_odd(&root, &resource_type) {
            warnings.push("odd-shape");
        }
        let (patient, unclear) = patient::of(&holder)?;
        if unclear {
            warnings.push("subject-unclear");
        }
        let mut card = built.card;
        if let Some(date) = &mut card.date {
            date.raw = clean(&date.raw);
        }
        let dosage = card.dosage.clone().unwrap_or_default();
        let search_text = search::text(
            &root,
            &card.title,
            &card.line,
            &dosage,
            &built.words.iter().map(String::as_str).collect::<Vec<_>>(),
        );
        let sensitivity = sensitive::of(&root, &all_codes(&root), &card.title, &search_text);
        let quantity = Quantity::read(root.at("valueQuantity"))
            .filter(|_| resource_type == "Observation" && !card.standing.negates());
        let ranges =
            if resource_type == "Observation" { flag::ranges(self.language, &root) } else { Vec::new() };
        let range = flag::range_of(&ranges, quantity.as_ref());
        let digits = |bound: Option<&Option<Quantity>>| {
            bound.and_then(Option::as_ref).map(|bound| bound.digits.clone())
        };
        let meta = root.at("meta");
        let last_updated = bounded(meta.str("lastUpdated"), LONGEST_ID);
        Ok(Extract {
            logical_id: bounded(root.str("id"), LONGEST_ID),
            version_id: bounded(meta.str("versionId"), LONGEST_ID),
            last_updated_ms: last_updated.as_deref().and_then(date::parse).map(|moment| moment.ms),
            last_updated,
            kind: card.kind,
            source_label: source::label(&holder),
            patient,
            codes: built.codes.into_iter().filter(is_short).collect(),
            parent: links.parent(self, ordinal).filter(|_| card.kind != Kind::Support),
            visit: visit_of(&holder),
            attachments,
            search_text,
            sensitivity,
            traits: traits::of(&root, &resource_type, built.denial.as_ref())
                .with(Traits::DOSAGE_GENERATED, built.dosage_generated),
            until_ms: traits::until_ms(&root, &resource_type),
            clinical_status: status(root.at("clinicalStatus"))
                .or_else(|| traits::is_abated(&root).then(|| "resolved".to_owned()))
                .or_else(|| status(root.any(&["status", "lifecycleStatus"]))),
            verification_status: status(root.at("verificationStatus")),
            dosage,
            dosage_generated: built.dosage_generated,
            unit: quantity.as_ref().map(|quantity| quantity.unit.clone()).filter(|unit| !unit.is_empty()),
            value: quantity.map(|quantity| quantity.digits),
            range_low: digits(range.map(|range| &range.low)),
            range_high: digits(range.map(|range| &range.high)),
            warnings,
            card,
            resource_type,
        })
    }
}

/// A text of at most so many bytes. A longer one is none: cut, it would say something else.
fn bounded(text: Option<Cow<'_, str>>, longest: usize) -> Option<String> {
    text.filter(|text| text.len() <= longest).map(Cow::into_owned)
}

fn is_short((system, code): &(String, String)) -> bool {
    system.len() <= LONGEST_SYSTEM && code.len() <= LONGEST_CODE
}

/// The code of a status: bare, or in a `CodeableConcept`.
fn status(node: &Node<'_>) -> Option<String> {
    let text = match node.first() {
        concept @ Node::Object(_) => {
            codings(concept).find_map(|coding| coding.str("code")).or_else(|| concept.str("text"))
        }
        plain => plain.text(),
    };
    text.map(|text| clean(&text)).filter(|text| !text.is_empty())
}

fn visit_of(holder: &Holder<'_>) -> Option<u32> {
    let address = crate::names::address(encounter(holder.root))?;
    let ordinal = holder.ordinal_of(&address)?;
    let visit = holder.reading.entry(ordinal)?.resource_type() == Some("Encounter");
    visit.then_some(ordinal).filter(|ordinal| *ordinal != holder.ordinal)
}

/// Every code anywhere in the record, contained resources included.
fn all_codes(root: &Node<'_>) -> Vec<(String, String)> {
    let mut all = Vec::new();
    root.each_object(&mut |object| {
        if all.len() < 4096
            && let Some(code) = object.str("code").filter(|_| object.at("system").there())
        {
            all.push((object.str("system").unwrap_or_default().into_owned(), code.into_owned()));
        }
    });
    all
}

/// Marks what FHIR does not allow and readers stumble over: objects where lists or words should be and the reverse,
/// quoted numbers, empties and nulls.
fn is_odd(root: &Node<'_>, resource_type: &str) -> bool {
    if matches!(root.at("status"), Node::List(_))
        || matches!(root.at("subject"), Node::Text(_) | Node::List(_))
    {
        return true;
    }
    if resource_type == "Observation" && matches!(root.at("code"), Node::List(_) | Node::Text(_)) {
        return true;
    }
    let mut odd = false;
    root.each_object(&mut |object| {
        odd |= object.members().is_empty();
        for (name, value) in object.members() {
            odd |= match value {
                Node::Null => true,
                Node::List(items) => {
                    // Null may stand in for an item that has only an extension, or the reverse.
                    let placeholders = items.iter().any(|item| matches!(item, Node::Null));
                    let name = name.get();
                    let twin = name.strip_prefix('_').map_or_else(|| format!("_{name}"), str::to_owned);
                    items.is_empty() || (placeholders && !object.at(&twin).there())
                }
                Node::Text(text) => {
                    name.is("value") && object.at("unit").there() && text.get().parse::<f64>().is_ok()
                        || (text.span().is_empty())
                }
                _ => false,
            };
        }
        for (name, value) in object.members() {
            if name.get().ends_with("Quantity") && value.there() && !matches!(value, Node::Object(_)) {
                odd = true;
            }
            if (name.is("effectiveDateTime") || name.is("birthDate")) && matches!(value, Node::Number(_)) {
                odd = true;
            }
        }
    });
    odd
}

/// The codes of a record's own subject matter.
pub(crate) fn main_codes(root: &Node<'_>, resource_type: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let keys: &[&str] = match resource_type {
        "Encounter" => &["type", "reasonCode", "reason", "class"],
        "Immunization" => &["vaccineCode"],
        "DocumentReference" | "Composition" | "Binary" => &["type", "category", "class"],
        _ => &[
            "code",
            "medicationCodeableConcept",
            "medication",
            "vaccineCode",
            "substance",
            "type",
            "serviceType",
            "modality",
        ],
    };
    for key in keys {
        codes(root.at(key), &mut all);
    }
    if resource_type == "ImagingStudy" {
        all.extend(imaging::numbers(root));
    }
    all
}
