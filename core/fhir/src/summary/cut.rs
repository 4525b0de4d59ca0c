//! One resource made fit for a share: references point into the bundle or are gone, narrative and foreign ids are
//! gone, contained resources stay only where they are needed.
//!
//! Works on the JSON tree, never on text, so no form of a reference escapes: whatever object has a `reference`, or
//! names its target by `identifier`, is treated as one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::identity::{Index, Target};
use super::shape::{self, SUBJECT_FIELDS};
use super::{SummaryRecord, narrative, supporting};
use crate::{Language, Standing};

/// Types whose name may stay as text where the reference to them is cut: who acted, and where.
const ACTORS: [&str; 3] = ["Practitioner", "PractitionerRole", "Organization"];

/// Contained types that never go along: other people, and wrappers that could hold anything.
const NEVER_CONTAINED: [&str; 7] =
    ["Patient", "RelatedPerson", "Person", "Bundle", "Parameters", "Composition", "Group"];

/// What is needed to cut the resources of one bundle.
pub(super) struct Cutter<'a> {
    pub(super) index: &'a Index<'a>,
    /// Keep `meta.profile`.
    pub(super) profiles: bool,
    /// Supporting resources that something refers to.
    pub(super) used: BTreeSet<usize>,
}

impl Cutter<'_> {
    /// A granted record as it goes out. One that cannot be read as a tree (nested beyond the parser's limit, lone
    /// surrogates) goes out as a `Basic` resource with its title, so that nothing granted is silently missing.
    pub(super) fn record(&mut self, at: usize, record: &SummaryRecord<'_>) -> Value {
        let id = self.index.uuid(Target::Record(at));
        let Ok(Value::Object(resource)) = serde_json::from_slice(record.bytes) else {
            return unreadable(&id, record, &self.index.urn(Target::Patient));
        };
        if resource.get("resourceType").and_then(Value::as_str).is_none() {
            return unreadable(&id, record, &self.index.urn(Target::Patient));
        }
        self.granted(resource, &id, record)
    }

    fn granted(&mut self, mut resource: Map<String, Value>, id: &str, record: &SummaryRecord<'_>) -> Value {
        let resource_type = text(&resource, "resourceType").to_owned();
        let had_text = resource.shift_remove("text").is_some();
        let mut walk = Walk::new(self, record.bundle, record.full_url, &resource_type);
        walk.same_as_patient = subjects(&resource);
        walk.contained = Contained::take(&mut resource);
        walk.fields(&mut resource, &resource_type, true);
        let contained = walk.contained_resources();

        let urn = self.index.urn(Target::Patient);
        name_what_was_cut(&mut resource, record);
        if resource_type == "Composition" {
            keep_sections(&mut resource);
        }
        if let Some(field) = shape::subject_field(&resource_type) {
            resource.entry(field).or_insert_with(|| shape::reference(&urn));
        }
        let mut out = self.frame(&resource_type, id, resource.shift_remove("meta"));
        if had_text {
            out.insert("text".into(), narrative::of_record(record));
        }
        if !contained.is_empty() {
            out.insert("contained".into(), contained.into());
        }
        out.extend(resource.into_iter().filter(|(key, _)| !matches!(key.as_str(), "resourceType" | "id")));
        Value::Object(out)
    }

    /// A supporting resource as it goes out; `None` if it may not.
    pub(super) fn supporting(&mut self, at: usize, resource: &super::Supporting<'_>) -> Option<Value> {
        let mut reduced = supporting::reduced(resource.bytes)?;
        let resource_type = text(&reduced, "resourceType").to_owned();
        let mut walk = Walk::new(self, resource.bundle, resource.full_url, &resource_type);
        walk.fields(&mut reduced, &resource_type, true);
        let mut out = self.frame(&resource_type, &self.index.uuid(Target::Supporting(at)), None);
        out.extend(reduced.into_iter().filter(|(key, _)| key != "resourceType"));
        Some(Value::Object(out))
    }

    fn frame(&self, resource_type: &str, id: &str, meta: Option<Value>) -> Map<String, Value> {
        let mut out = Map::new();
        out.insert("resourceType".into(), resource_type.into());
        out.insert("id".into(), id.into());
        if let Some(Value::Object(mut meta)) = meta {
            let keep: &[&str] = if self.profiles {
                &["lastUpdated", "profile", "security"]
            } else {
                &["lastUpdated", "security"]
            };
            meta.retain(|key, _| keep.contains(&key.as_str()));
            if !meta.is_empty() {
                out.insert("meta".into(), meta.into());
            }
        }
        out
    }
}

/// What a resource contains, by local id.
#[derive(Default)]
struct Contained {
    resources: BTreeMap<String, Map<String, Value>>,
    patients: BTreeSet<String>,
    needed: BTreeSet<String>,
}

impl Contained {
    fn take(resource: &mut Map<String, Value>) -> Contained {
        let mut out = Contained::default();
        let Some(Value::Array(list)) = resource.shift_remove("contained") else { return out };
        for item in list {
            let Value::Object(inner) = item else { continue };
            let (id, kind) = (text(&inner, "id").to_owned(), text(&inner, "resourceType"));
            if kind == "Patient" {
                out.patients.insert(id);
            } else if !id.is_empty() && !NEVER_CONTAINED.contains(&kind) && !in_error(&inner) {
                out.resources.entry(id).or_insert(inner);
            }
        }
        out
    }
}

/// One resource being walked.
struct Walk<'c, 'a, 'r> {
    cutter: &'c mut Cutter<'a>,
    bundle: &'r str,
    full_url: &'r str,
    resource_type: String,
    same_as_patient: BTreeSet<String>,
    contained: Contained,
    inside_contained: bool,
}

impl<'c, 'a, 'r> Walk<'c, 'a, 'r> {
    fn new(cutter: &'c mut Cutter<'a>, bundle: &'r str, full_url: &'r str, resource_type: &str) -> Self {
        Walk {
            cutter,
            bundle,
            full_url,
            resource_type: resource_type.to_owned(),
            same_as_patient: BTreeSet::new(),
            contained: Contained::default(),
            inside_contained: false,
        }
    }

    /// Cut within the fields of an object; `owner` is the type of the resource at its top, else the field that the
    /// object stands in. False if nothing is left of it.
    fn fields(&mut self, object: &mut Map<String, Value>, owner: &str, top: bool) -> bool {
        let was_empty = object.is_empty();
        object.retain(|key, value| {
            if key == "_reference" || (key == "reference" && !matches!(value, Value::Object(_))) {
                return false;
            }
            if top && (key == "contained" || key == "meta") {
                return true;
            }
            self.value(value, owner, key, top)
        });
        was_empty || !object.is_empty()
    }

    /// Cut within a value that stands in `field` of `owner`. False if it is to go.
    fn value(&mut self, value: &mut Value, owner: &str, field: &str, top: bool) -> bool {
        match value {
            Value::Array(list) => {
                let was_empty = list.is_empty();
                list.retain_mut(|item| self.value(item, owner, field, top));
                was_empty || !list.is_empty()
            }
            Value::Object(object) if is_resource(object) => false,
            Value::Object(object) if is_reference(object) || (top && is_subject(field)) => {
                match self.reference(object, owner, field, top) {
                    Some(kept) => {
                        *value = kept;
                        true
                    }
                    None => false,
                }
            }
            Value::Object(object) => {
                if is_narrative_link(object) {
                    return false;
                }
                if is_attachment(object, field) {
                    self.attachment(object);
                }
                self.fields(object, field, false)
            }
            _ => true,
        }
    }

    /// What becomes of a reference.
    fn reference(
        &mut self,
        object: &Map<String, Value>,
        owner: &str,
        field: &str,
        top: bool,
    ) -> Option<Value> {
        if top && is_subject(field) && !self.inside_contained {
            return Some(self.to(Target::Patient));
        }
        let reference = text(object, "reference");
        if let Some(kept) = self.resolved(reference, object) {
            return Some(kept);
        }
        let named = object.get("display").filter(|display| display.is_string());
        let only_named = reference.is_empty() && !object.contains_key("identifier");
        let may_name = if only_named { !is_person(text(object, "type")) } else { is_actor(object) };
        let mut out = Map::new();
        if let (Some(display), true) = (named, may_name) {
            out.insert("display".into(), display.clone());
        } else if shape::must_stay(owner, field) {
            return Some(shape::data_absent("masked"));
        }
        (!out.is_empty()).then_some(Value::Object(out))
    }

    fn resolved(&mut self, reference: &str, object: &Map<String, Value>) -> Option<Value> {
        if let Some(local) = reference.strip_prefix('#') {
            return self.local(local);
        }
        if reference.is_empty() {
            return None;
        }
        if self.same_as_patient.contains(reference) {
            return Some(self.to(Target::Patient));
        }
        let target = self.cutter.index.resolve(reference, self.bundle, self.full_url)?;
        if let Target::Supporting(at) = target {
            self.cutter.used.insert(at);
            let mut kept = Map::new();
            kept.insert("reference".into(), self.cutter.index.urn(target).into());
            if let Some(display @ Value::String(_)) = object.get("display") {
                kept.insert("display".into(), display.clone());
            }
            return Some(Value::Object(kept));
        }
        Some(self.to(target))
    }

    fn local(&mut self, id: &str) -> Option<Value> {
        if id.is_empty() {
            return self.inside_contained.then(|| shape::reference("#"));
        }
        if self.contained.patients.contains(id) {
            return Some(self.to(Target::Patient));
        }
        if !self.contained.resources.contains_key(id) && !self.contained.needed.contains(id) {
            return None;
        }
        self.contained.needed.insert(id.to_owned());
        Some(shape::reference(&format!("#{id}")))
    }

    fn to(&self, target: Target) -> Value {
        shape::reference(&self.cutter.index.urn(target))
    }

    /// An address inside an attachment leads out of the share, unless its target is in it.
    fn attachment(&self, object: &mut Map<String, Value>) {
        let target = self.cutter.index.resolve(text(object, "url"), self.bundle, self.full_url);
        match target {
            Some(target @ Target::Record(_)) => {
                object.insert("url".into(), self.cutter.index.urn(target).into());
            }
            _ => {
                object.shift_remove("url");
            }
        }
        object.shift_remove("_url");
    }

    /// The contained resources that the walk came to need, each walked in turn.
    fn contained_resources(&mut self) -> Vec<Value> {
        let mut out = Vec::new();
        self.inside_contained = true;
        loop {
            let known = &self.contained.resources;
            let Some(id) = self.contained.needed.iter().find(|id| known.contains_key(*id)).cloned() else {
                return out;
            };
            let Some(mut resource) = self.contained.resources.remove(&id) else { return out };
            resource.shift_remove("text");
            resource.shift_remove("contained");
            resource.shift_remove("meta");
            let resource_type = text(&resource, "resourceType").to_owned();
            let outer = std::mem::replace(&mut self.resource_type, resource_type.clone());
            self.fields(&mut resource, &resource_type, true);
            self.resource_type = outer;
            out.push(Value::Object(resource));
        }
    }
}

/// What stands in for a record whose bytes cannot be put into a tree.
fn unreadable(id: &str, record: &SummaryRecord<'_>, patient: &str) -> Value {
    json!({
        "resourceType": "Basic",
        "id": id,
        "text": narrative::of_record(record),
        "code": {"text": shape::shown(record.title)},
        "subject": {"reference": patient},
    })
}

/// Where the medicine or device was a resource of its own that does not come along, say what it is in words and
/// codes of the card that the patient saw.
fn name_what_was_cut(resource: &mut Map<String, Value>, record: &SummaryRecord<'_>) {
    let resource_type = text(resource, "resourceType").to_owned();
    if !resource_type.starts_with("Medication") {
        if resource_type == "DeviceUseStatement"
            && resource.get("device").is_some_and(|device| device.get("reference").is_none())
        {
            resource.insert("device".into(), json!({"display": bare_title(record)}));
        }
        return;
    }
    let named = ["medicationReference", "medicationCodeableConcept", "medication"];
    if named.iter().any(|key| resource.contains_key(*key)) || resource_type == "Medication" {
        return;
    }
    let mut concept = Map::new();
    let codings: Vec<Value> =
        record.codes.iter().map(|(system, code)| json!({"system": system, "code": code})).collect();
    if !codings.is_empty() {
        concept.insert("coding".into(), codings.into());
    }
    concept.insert("text".into(), bare_title(record).into());
    resource.insert("medicationCodeableConcept".into(), concept.into());
}

/// The title without the word that says its standing, which the resource's own status says again.
fn bare_title(record: &SummaryRecord<'_>) -> String {
    let title = shape::shown(record.title);
    if record.standing == Standing::Fact {
        return title;
    }
    // A title was written in the language of its day.
    let bare = Language::standing_frames()
        .find_map(|(before, after)| Some(title.strip_prefix(before)?.strip_suffix(after)?.to_owned()));
    bare.unwrap_or(title)
}

/// Keep of a document's sections only those that lead to something in the share.
fn keep_sections(composition: &mut Map<String, Value>) {
    if let Some(Value::Array(sections)) = composition.get_mut("section") {
        sections.retain_mut(keep_section);
        if sections.is_empty() {
            composition.shift_remove("section");
        }
    }
}

fn keep_section(section: &mut Value) -> bool {
    let Value::Object(section) = section else { return false };
    section.shift_remove("text");
    section.shift_remove("emptyReason");
    keep_sections(section);
    if let Some(Value::Array(entries)) = section.get_mut("entry") {
        entries.retain(|entry| entry.get("reference").is_some());
    }
    let full =
        |field: &str| section.get(field).and_then(Value::as_array).is_some_and(|list| !list.is_empty());
    full("entry") || full("section")
}

/// References by which the resource itself names its patient.
fn subjects(resource: &Map<String, Value>) -> BTreeSet<String> {
    let own = |field: &&str| {
        let reference = resource.get(*field)?.get("reference")?.as_str()?;
        (!reference.starts_with('#') && !reference.is_empty()).then(|| reference.to_owned())
    };
    SUBJECT_FIELDS.iter().filter_map(own).collect()
}

fn is_subject(field: &str) -> bool {
    SUBJECT_FIELDS.contains(&field)
}

fn is_resource(object: &Map<String, Value>) -> bool {
    object.contains_key("resourceType")
}

/// An object with a `reference` text, or one that names its target by identifier or by words alone. Nothing else in
/// FHIR has only these fields and an `identifier` that is one object.
fn is_reference(object: &Map<String, Value>) -> bool {
    if object.get("reference").is_some_and(Value::is_string) {
        return true;
    }
    let only = |key: &String| {
        matches!(key.as_str(), "type" | "identifier" | "display" | "id" | "extension" | "reference")
    };
    let logical = object.get("identifier").is_some_and(Value::is_object);
    let typed = object.get("type").is_some_and(Value::is_string) && object.contains_key("display");
    (logical || typed) && object.keys().all(only)
}

/// Whether the reference itself shows that its target is a professional or an organisation.
fn is_actor(object: &Map<String, Value>) -> bool {
    let reference = text(object, "reference");
    let of_type = |name: &str| {
        text(object, "type") == name
            || reference.rsplit('/').nth(1) == Some(name)
            || reference.split(['?', '/']).next() == Some(name)
    };
    ACTORS.iter().any(|name| of_type(name))
}

fn is_person(type_name: &str) -> bool {
    matches!(type_name, "Patient" | "RelatedPerson" | "Person")
}

fn is_attachment(object: &Map<String, Value>, field: &str) -> bool {
    let named = field.to_ascii_lowercase();
    object.contains_key("contentType")
        || matches!(named.as_str(), "attachment" | "presentedform" | "photo" | "valueattachment")
        || named.ends_with("attachment")
        || (field == "content" && object.contains_key("url"))
}

fn is_narrative_link(object: &Map<String, Value>) -> bool {
    text(object, "url") == "http://hl7.org/fhir/StructureDefinition/narrativeLink"
}

fn in_error(resource: &Map<String, Value>) -> bool {
    let coded = |status: &Value| {
        status.get("coding").and_then(Value::as_array).is_some_and(|list| {
            list.iter().any(|coding| coding.get("code").and_then(Value::as_str) == Some("entered-in-error"))
        })
    };
    text(resource, "status") == "entered-in-error" || resource.get("verificationStatus").is_some_and(coded)
}

fn text<'m>(object: &'m Map<String, Value>, key: &str) -> &'m str {
    object.get(key).and_then(Value::as_str).unwrap_or_default()
}
