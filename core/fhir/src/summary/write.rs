//! Writing a bundle entry by entry, so that only one resource is ever held as a tree.

use serde_json::{Map, Value, json};

use super::cut::Cutter;
use super::identity::{Index, Target};
use super::instant::instant;
use super::{LOG_CHECKPOINT, LOG_KEY, MAX_BYTES, MAX_RECORDS, SummaryError, SummaryInput, shape};

const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/// A bundle being written.
pub(super) struct BundleWriter {
    out: Limited,
    first: bool,
}

/// A buffer with an end.
struct Limited(Vec<u8>);

impl std::io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_BYTES {
            return Err(std::io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl BundleWriter {
    /// Begin a bundle of a type, up to its entries.
    pub(super) fn begin(bundle_type: &str, input: &SummaryInput<'_>, index: &Index<'_>) -> BundleWriter {
        let mut head = Map::new();
        head.insert("resourceType".into(), "Bundle".into());
        head.insert("id".into(), index.ids.uuid(0).into());
        head.insert("meta".into(), meta(input));
        head.insert("identifier".into(), json!({"system": "urn:ietf:rfc:3986", "value": index.ids.urn(0)}));
        head.insert("type".into(), bundle_type.into());
        head.insert("timestamp".into(), instant(input.now_ms).into());
        let mut text = Value::Object(head).to_string();
        text.pop();
        text.push_str(",\"entry\":[");
        BundleWriter { out: Limited(text.into_bytes()), first: true }
    }

    /// Add one entry under the id with this number.
    pub(super) fn entry(&mut self, urn: &str, resource: &Value) -> Result<(), SummaryError> {
        let comma = if self.first { "" } else { "," };
        self.first = false;
        let opened = format!("{comma}{{\"fullUrl\":\"{urn}\",\"resource\":");
        let written = std::io::Write::write_all(&mut self.out, opened.as_bytes()).is_ok()
            && serde_json::to_writer(&mut self.out, resource).is_ok()
            && std::io::Write::write_all(&mut self.out, b"}").is_ok();
        if written { Ok(()) } else { Err(SummaryError::TooLarge) }
    }

    /// End the bundle.
    pub(super) fn finish(self) -> Vec<u8> {
        let mut out = self.out.0;
        out.extend_from_slice(b"]}");
        out
    }
}

/// Refuse more than one share may hold.
pub(super) fn check_counts(input: &SummaryInput<'_>) -> Result<(), SummaryError> {
    let most = input.records.len().max(input.supporting.len());
    if most > MAX_RECORDS { Err(SummaryError::TooManyRecords) } else { Ok(()) }
}

fn meta(input: &SummaryInput<'_>) -> Value {
    let restricted = input.records.iter().any(|record| record.sensitive);
    let level = if restricted { "R" } else { "N" };
    let mut meta = Map::new();
    if let Some(checkpoint) = &input.checkpoint {
        let note = json!({"url": LOG_CHECKPOINT, "valueString": checkpoint.note});
        let key = json!({"url": LOG_KEY, "valueString": checkpoint.key_fingerprint});
        meta.insert("extension".into(), json!([note, key]));
    }
    meta.insert("security".into(), json!([{"system": CONFIDENTIALITY, "code": level}]));
    Value::Object(meta)
}

/// Write the records in this order, then who they name, then where they came from.
pub(super) fn records_and_sources(
    writer: &mut BundleWriter,
    cutter: &mut Cutter<'_>,
    input: &SummaryInput<'_>,
    order: &[usize],
    mut spare: usize,
) -> Result<(), SummaryError> {
    for at in order {
        if let Some(record) = input.records.get(*at) {
            let resource = cutter.record(*at, record);
            writer.entry(&cutter.index.urn(Target::Record(*at)), &resource)?;
        }
    }
    named(writer, cutter, input)?;
    for provenance in provenances(input, cutter.index, order) {
        let number = cutter.index.spare(spare);
        spare += 1;
        let mut resource = Map::new();
        resource.insert("resourceType".into(), "Provenance".into());
        resource.insert("id".into(), cutter.index.ids.uuid(number).into());
        resource.extend(provenance);
        writer.entry(&cutter.index.ids.urn(number), &Value::Object(resource))?;
    }
    Ok(())
}

/// Supporting resources that are referred to, and those that they refer to (a role's organisation).
fn named(
    writer: &mut BundleWriter,
    cutter: &mut Cutter<'_>,
    input: &SummaryInput<'_>,
) -> Result<(), SummaryError> {
    let mut written = std::collections::BTreeSet::new();
    loop {
        let Some(at) = cutter.used.difference(&written).next().copied() else { return Ok(()) };
        written.insert(at);
        let Some(resource) = input.supporting.get(at) else { continue };
        if let Some(reduced) = cutter.supporting(at, resource) {
            writer.entry(&cutter.index.urn(Target::Supporting(at)), &reduced)?;
        }
    }
}

/// One `Provenance` for each source document: which entries, from whom, when they came in.
fn provenances(input: &SummaryInput<'_>, index: &Index<'_>, order: &[usize]) -> Vec<Map<String, Value>> {
    struct Group<'g> {
        source: &'g str,
        received_ms: i64,
        targets: Vec<Value>,
    }
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for at in order {
        let Some(record) = input.records.get(*at) else { continue };
        let (source, received_ms) = (record.source, record.received_ms);
        let place = *places.entry((record.bundle, source, received_ms)).or_insert_with(|| {
            groups.push(Group { source, received_ms, targets: Vec::new() });
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(place) {
            group.targets.push(shape::reference(&index.urn(Target::Record(*at))));
        }
    }
    groups.into_iter().map(|group| provenance(group.source, group.received_ms, group.targets)).collect()
}

fn provenance(source: &str, received_ms: i64, targets: Vec<Value>) -> Map<String, Value> {
    const PARTICIPANT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
    let label = shape::shown(source);
    let label = if label.is_empty() { "Source not stated".to_owned() } else { label };
    let mut out = Map::new();
    out.insert("target".into(), targets.into());
    out.insert("recorded".into(), instant(received_ms).into());
    let kind = json!({"coding": [{"system": PARTICIPANT, "code": "author", "display": "Author"}]});
    out.insert("agent".into(), json!([{"type": kind, "who": {"display": label}}]));
    out
}
