//! A file, read: where each record in it stands and what became of each entry.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::OnceLock;

use crate::guard::guard;
use crate::language::Language;
use crate::links::Links;
use crate::patient::Patient;
use crate::reason::Refusal;
use crate::release::{self, FhirVersion};
use crate::scan::unescape;
use crate::split::{self, RawContent, RawResource};
use crate::tree::Node;

/// Bounds on what is read, and the time of day.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest file, in bytes as it comes.
    pub file_bytes: usize,
    /// Largest text that a compressed file may unpack to, in bytes.
    pub inflated_bytes: usize,
    /// Most entries in one file, those of bundles inside bundles counted.
    pub entries: usize,
    /// Largest single resource without its attachments, in bytes.
    pub resource_bytes: usize,
    /// Deepest nesting within one resource.
    pub depth: usize,
    /// Now, in Unix milliseconds: decides whether a prescription has run out and whether a date lies in an
    /// impossible future. `None`: neither is judged.
    pub now_ms: Option<i64>,
    /// The language in which cards are written.
    pub language: Language,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            file_bytes: 32 << 20,
            inflated_bytes: 64 << 20,
            entries: 100_000,
            resource_bytes: 4 << 20,
            depth: 120,
            now_ms: None,
            language: Language::English,
        }
    }
}

/// How a file holds its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One `Bundle` of any type.
    Bundle,
    /// One other resource.
    Resource,
    /// A JSON array of resources or bundles.
    Array,
    /// One resource or bundle a line (Bulk Data), or one directly after another.
    Ndjson,
}

/// What became of an entry. Reason codes: [`crate::reason_text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A resource of this type; [`Reading::extract`] tells the rest.
    Resource {
        /// As written, unknown types included.
        resource_type: String,
    },
    /// Nothing to keep, by the nature of the entry: `deleted`, `no-resource`, `operation-outcome`.
    Skipped(&'static str),
    /// Cannot be kept: `no-resource-type`, `not-an-object`, `too-deep`, `resource-too-large`, `doubled-resource`, or what is
    /// wrong with a value of NDJSON.
    Refused(&'static str),
}

/// One place in the file where a record may stand.
#[derive(Clone)]
pub struct Entry {
    /// Place in the file, from 0; the same each time the same bytes are read.
    pub ordinal: u32,
    /// The resource's bytes in [`Reading::text`], braces included; of a skipped or refused entry, the entry's.
    pub span: Range<usize>,
    /// `entry.fullUrl`, as written.
    pub full_url: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// Index into [`Reading::bundles`] of the innermost bundle that holds it.
    pub bundle: Option<usize>,
    pub(crate) id: Option<String>,
}

impl Entry {
    /// The resource type, if the entry holds a resource that is kept.
    pub fn resource_type(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Resource { resource_type } => Some(resource_type),
            _ => None,
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Entry")
            .field("ordinal", &self.ordinal)
            .field("span", &self.span)
            .finish_non_exhaustive()
    }
}

/// A bundle in the file.
#[derive(Clone)]
pub struct BundleInfo {
    /// `Bundle.type`, as written: `document`, `collection`, `searchset` ...
    pub bundle_type: Option<String>,
    /// `Bundle.id`.
    pub id: Option<String>,
    /// `Bundle.identifier` as (system, value).
    pub identifier: Option<(String, String)>,
    /// `Bundle.timestamp`, as written.
    pub timestamp: Option<String>,
    /// How many entries it has.
    pub entries: usize,
    pub(crate) meta_profile: String,
}

impl fmt::Debug for BundleInfo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("BundleInfo").field("entries", &self.entries).finish_non_exhaustive()
    }
}

/// A remark that belongs into the import report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The entry's ordinal; `None` for the file as a whole.
    pub entry: Option<u32>,
    /// Code of [`crate::reason_text`].
    pub reason: &'static str,
}

/// A file that was read. Holds the text and ranges into it; a record is looked at only when asked for.
pub struct Reading<'a> {
    /// What all ranges index: the file's bytes, unpacked when it was compressed, as JSON when it was XML.
    pub text: Cow<'a, [u8]>,
    /// True when the file was gzip.
    pub inflated: bool,
    /// True when the file was FHIR in XML: `text` is the JSON made of it, and no part of the file.
    pub converted: bool,
    /// How the file holds its records.
    pub form: Form,
    /// The FHIR release that the file seems to follow.
    pub fhir_version: FhirVersion,
    /// Every bundle in the file that was opened, in order; the first is the file itself when `form` is `Bundle`.
    pub bundles: Vec<BundleInfo>,
    /// Every entry, in file order; `entries[n].ordinal == n`.
    pub entries: Vec<Entry>,
    /// Patients found: `Patient` resources first, in file order, then people whom only a `subject` names.
    pub patients: Vec<Patient>,
    /// Remarks known after splitting; those of single records come with [`crate::Extract`].
    pub warnings: Vec<Finding>,
    pub(crate) now_ms: Option<i64>,
    pub(crate) language: Language,
    /// All patients found are the same person, and there is one.
    pub(crate) one_person: bool,
    /// Where in `patients` those stand who are known only from `subject`.
    pub(crate) by_subject: HashMap<String, usize>,
    pub(crate) by_url: HashMap<(Option<usize>, String), u32>,
    pub(crate) links: OnceLock<Links>,
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Reading")
            .field("form", &self.form)
            .field("fhir_version", &self.fhir_version)
            .field("entries", &self.entries.len())
            .finish_non_exhaustive()
    }
}

impl Reading<'_> {
    /// The bundle that the file is, if it is one.
    pub fn bundle(&self) -> Option<&BundleInfo> {
        if self.form == Form::Bundle { self.bundles.first() } else { None }
    }

    /// The exact bytes of an entry; empty for an ordinal that is not there.
    pub fn bytes(&self, ordinal: u32) -> &[u8] {
        self.entry(ordinal).and_then(|entry| self.text.get(entry.span.clone())).unwrap_or_default()
    }

    /// The same with its text as its own.
    pub fn into_owned(self) -> Reading<'static> {
        Reading { text: Cow::Owned(self.text.into_owned()), ..self }
    }

    pub(crate) fn entry(&self, ordinal: u32) -> Option<&Entry> {
        self.entries.get(usize::try_from(ordinal).ok()?)
    }

    /// The resource of an entry as a tree; `Null` for an entry without one.
    pub(crate) fn node(&self, ordinal: u32) -> Node<'_> {
        match self.entry(ordinal) {
            Some(Entry { outcome: Outcome::Resource { .. }, .. }) => {
                std::str::from_utf8(self.bytes(ordinal)).map_or(Node::Null, Node::parse)
            }
            _ => Node::Null,
        }
    }

    pub(crate) fn links(&self) -> &Links {
        self.links.get_or_init(|| Links::of(self))
    }
}

/// Reads a file: guards it, splits it, names every entry's outcome. A file is read whole or refused whole, save
/// single bad entries, items of an array, and values of a file that holds several. Never panics, never recurses on the file's depth.
pub fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Reading<'a>, Refusal> {
    let guarded = guard(bytes, limits)?;
    let split = split::split(&guarded, limits)?;
    let mut builder = Builder {
        text: &guarded.text,
        limits,
        entries: Vec::new(),
        bundles: Vec::new(),
        warnings: Vec::new(),
        profile: String::new(),
    };
    builder.warnings.extend(guarded.remarks.iter().map(|reason| Finding { entry: None, reason }));
    let mut form = split.form;
    if form == Form::Resource
        && let [RawContent::Resource(raw)] = split.items.as_slice()
    {
        if builder.is_bundle(raw) {
            form = Form::Bundle;
        } else if let Err(code) = builder.judge(raw) {
            return Err(Refusal::new(code));
        }
    }
    for item in split.items {
        builder.item(item);
    }
    let Builder { entries, bundles, mut warnings, profile, .. } = builder;
    if form == Form::Array
        && !entries.iter().any(|entry| matches!(entry.outcome, Outcome::Resource { .. }))
        && bundles.is_empty()
    {
        return Err(Refusal::new("no-resource-type"));
    }
    let fhir_version = release::of(&guarded.text, &entries, &profile);
    if !matches!(fhir_version, FhirVersion::R4 | FhirVersion::R4B) {
        warnings.push(Finding { entry: None, reason: "other-release" });
    }
    let by_url = urls(&entries);
    let mut reading = Reading {
        text: guarded.text,
        inflated: guarded.inflated,
        converted: guarded.converted,
        form,
        fhir_version,
        bundles,
        entries,
        patients: Vec::new(),
        warnings,
        now_ms: limits.now_ms,
        language: limits.language,
        one_person: false,
        by_subject: HashMap::new(),
        by_url,
        links: OnceLock::new(),
    };
    reading.patients = crate::patient::find(&reading);
    reading.by_subject = crate::patient::by_key(&reading.patients);
    let several = crate::patient::several(&reading.patients);
    reading.one_person = !several && !reading.patients.is_empty();
    if several {
        reading.warnings.push(Finding { entry: None, reason: "several-patients" });
    }
    Ok(reading)
}

/// Where each address of an entry leads: its `fullUrl`, else `Type/id`. The first of a kind wins, since a history
/// lists the newest version first.
fn urls(entries: &[Entry]) -> HashMap<(Option<usize>, String), u32> {
    let mut map = HashMap::with_capacity(entries.len() * 2);
    for entry in entries {
        if let Some(url) = &entry.full_url {
            map.entry((entry.bundle, url.clone())).or_insert(entry.ordinal);
        }
    }
    // A relative reference falls back to `Type/id`; an address that is written so stands above it.
    for entry in entries {
        if let (Some(kind), Some(id)) = (entry.resource_type(), &entry.id) {
            map.entry((entry.bundle, format!("{kind}/{id}"))).or_insert(entry.ordinal);
        }
    }
    map
}

struct Builder<'t, 'l> {
    text: &'t [u8],
    limits: &'l Limits,
    entries: Vec<Entry>,
    bundles: Vec<BundleInfo>,
    warnings: Vec<Finding>,
    profile: String,
}

impl Builder<'_, '_> {
    /// The text of a JSON string; `None` for any other value.
    fn string(&self, range: Option<&Range<usize>>) -> Option<String> {
        let raw = self.text.get(range?.clone())?.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        (!raw.is_empty()).then(|| unescape(raw))
    }

    fn node(&self, range: Option<&Range<usize>>) -> Node<'_> {
        let text = range.and_then(|range| self.text.get(range.clone())).unwrap_or_default();
        std::str::from_utf8(text).map_or(Node::Null, Node::parse)
    }

    fn is_bundle(&self, raw: &RawResource) -> bool {
        let name = raw.resource_type.as_ref().and_then(|range| self.text.get(range.clone()));
        name.is_some_and(|name| name.contains(&b'\\') || name == b"\"Bundle\"")
            && self.string(raw.resource_type.as_ref()).as_deref() == Some("Bundle")
    }

    /// The type of a resource that may be kept, or why it may not.
    fn judge(&self, raw: &RawResource) -> Result<String, &'static str> {
        let plain = |word: &str| {
            word.len() <= 64 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        if raw.depth > self.limits.depth {
            return Err("too-deep");
        }
        if raw.span.len().saturating_sub(raw.attachment_bytes) > self.limits.resource_bytes {
            return Err("resource-too-large");
        }
        self.string(raw.resource_type.as_ref()).filter(|word| plain(word)).ok_or("no-resource-type")
    }

    fn item(&mut self, content: RawContent) {
        match content {
            RawContent::Resource(raw) => self.resource(*raw, None, None),
            // Only entries of bundles hold these.
            RawContent::Nothing | RawContent::Doubled => {}
            RawContent::NotAnObject(span) => {
                self.push(span, None, None, Outcome::Refused("not-an-object"), None);
            }
            RawContent::Broken(fault, span) => self.push(span, None, None, Outcome::Refused(fault), None),
        }
    }

    fn push(
        &mut self,
        span: Range<usize>,
        full_url: Option<String>,
        bundle: Option<usize>,
        outcome: Outcome,
        id: Option<String>,
    ) {
        let ordinal = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        self.entries.push(Entry { ordinal, span, full_url, outcome, bundle, id });
    }

    fn resource(&mut self, raw: RawResource, full_url: Option<String>, bundle: Option<usize>) {
        if self.is_bundle(&raw)
            && let Some(entries) =
                raw.entries.as_ref().filter(|entries| !entries.is_empty() || bundle.is_none())
        {
            let count = entries.len();
            return self.bundle(raw, count);
        }
        if self.is_bundle(&raw) && bundle.is_none() && raw.entries.is_none() {
            return self.bundle(raw, 0);
        }
        let outcome = match self.judge(&raw) {
            Ok(resource_type) if resource_type == "OperationOutcome" => Outcome::Skipped("operation-outcome"),
            Ok(resource_type) => Outcome::Resource { resource_type },
            Err(code) => Outcome::Refused(code),
        };
        let ordinal = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        if matches!(outcome, Outcome::Resource { .. }) {
            if raw.duplicate_key {
                self.warnings.push(Finding { entry: Some(ordinal), reason: "duplicate-key" });
            }
            if raw.depth > 64 {
                self.warnings.push(Finding { entry: Some(ordinal), reason: "deep-nesting" });
            }
            if self.profile.len() < 4096 {
                let meta = self.node(raw.meta.as_ref());
                let profile = meta.at("profile").text().map(Cow::into_owned);
                self.profile.extend(profile.into_iter().flat_map(|profile| [profile, "\n".to_owned()]));
            }
        }
        let id = self.string(raw.id.as_ref());
        self.push(raw.span, full_url, bundle, outcome, id);
    }

    fn bundle(&mut self, raw: RawResource, count: usize) {
        let index = self.bundles.len();
        let info = {
            let identifier = self.node(raw.identifier.as_ref());
            let identifier = identifier.first();
            let meta = self.node(raw.meta.as_ref());
            BundleInfo {
                bundle_type: self.string(raw.bundle_type.as_ref()),
                id: self.string(raw.id.as_ref()),
                identifier: identifier.str("value").map(|value| {
                    (identifier.str("system").unwrap_or_default().into_owned(), value.into_owned())
                }),
                timestamp: self.string(raw.timestamp.as_ref()),
                entries: count,
                meta_profile: meta.at("profile").text().unwrap_or_default().into_owned(),
            }
        };
        if raw.doubled_entries {
            self.warnings.push(Finding { entry: None, reason: "doubled-entry-list" });
        } else if raw.duplicate_key {
            self.warnings.push(Finding { entry: None, reason: "duplicate-key" });
        }
        self.profile.push_str(&info.meta_profile);
        self.bundles.push(info);
        for entry in raw.entries.into_iter().flatten() {
            let full_url = self.string(entry.full_url.as_ref());
            match entry.content {
                RawContent::Resource(resource) => {
                    let first = self.entries.len();
                    self.resource(*resource, full_url, Some(index));
                    if entry.duplicate_key
                        && let Some(Entry { ordinal, outcome: Outcome::Resource { .. }, .. }) =
                            self.entries.get(first)
                    {
                        self.warnings.push(Finding { entry: Some(*ordinal), reason: "duplicate-key" });
                    }
                }
                RawContent::Nothing => {
                    let gone = self
                        .node(entry.request.as_ref())
                        .str("method")
                        .is_some_and(|method| method == "DELETE")
                        || self
                            .node(entry.response.as_ref())
                            .str("status")
                            .is_some_and(|status| status.starts_with("410"));
                    let reason = if gone { "deleted" } else { "no-resource" };
                    self.push(entry.span, full_url, Some(index), Outcome::Skipped(reason), None);
                }
                RawContent::Doubled => {
                    let outcome = Outcome::Refused("doubled-resource");
                    self.push(entry.span, full_url, Some(index), outcome, None);
                }
                RawContent::NotAnObject(_) | RawContent::Broken(..) => {
                    self.push(entry.span, full_url, Some(index), Outcome::Refused("not-an-object"), None);
                }
            }
        }
    }
}
