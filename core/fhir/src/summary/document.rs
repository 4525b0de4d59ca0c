//! The IPS document: a Composition, then everything it speaks of.

use serde_json::{Map, Value, json};

use super::cut::Cutter;
use super::identity::{Index, Target};
use super::instant::instant;
use super::section::{LOINC, Section, arrange};
use super::write::{BundleWriter, check_counts, records_and_sources};
use super::{SummaryError, SummaryInput, listing, narrative, shape};

const TITLE: &str = "Health summary shared by the patient";
const SAID: &str = "The patient chose what this summary holds. It may not be complete. Each entry says which source \
                    it came from.";
/// Number of the Composition's id; see [`Index`].
const COMPOSITION: usize = 2;

/// Write it.
pub(super) fn write(input: &SummaryInput<'_>) -> Result<Vec<u8>, SummaryError> {
    check_counts(input)?;
    let index = Index::new(input);
    let mut writer = BundleWriter::begin("document", input, &index);
    let sections = arrange(&input.records, &index.heads);
    writer.entry(&index.ids.urn(COMPOSITION), &composition(input, &index, &sections))?;
    let patient = input.patient.resource(&index.uuid(Target::Patient));
    writer.entry(&index.urn(Target::Patient), &patient)?;
    let order: Vec<usize> = sections.into_iter().flat_map(|(_, records)| records).collect();
    let mut cutter = Cutter { index: &index, profiles: true, used: std::collections::BTreeSet::new() };
    records_and_sources(&mut writer, &mut cutter, input, &order, 0)?;
    Ok(writer.finish())
}

fn composition(input: &SummaryInput<'_>, index: &Index<'_>, sections: &[(Section, Vec<usize>)]) -> Value {
    let patient = shape::reference(&index.urn(Target::Patient));
    let mut kind = shape::concept(LOINC, "60591-5", "Patient summary");
    if let Some(coding) = kind.pointer_mut("/coding/0").and_then(Value::as_object_mut) {
        coding.insert("display".into(), "Patient summary Document".into());
    }
    let mut out = Map::new();
    out.insert("resourceType".into(), "Composition".into());
    out.insert("id".into(), index.ids.uuid(COMPOSITION).into());
    out.insert("text".into(), narrative::paragraph(SAID));
    out.insert("status".into(), "final".into());
    out.insert("type".into(), kind);
    out.insert("subject".into(), patient.clone());
    out.insert("date".into(), instant(input.now_ms).into());
    out.insert("author".into(), json!([patient]));
    out.insert("title".into(), TITLE.into());
    let written = sections.iter().filter_map(|(section, records)| written(*section, records, input, index));
    out.insert("section".into(), written.collect());
    Value::Object(out)
}

/// One section; `None` for an empty one that need not be there.
fn written(
    section: Section,
    records: &[usize],
    input: &SummaryInput<'_>,
    index: &Index<'_>,
) -> Option<Value> {
    let mut out = Map::new();
    out.insert("title".into(), section.title().into());
    out.insert("code".into(), section.code());
    if records.is_empty() {
        let (reason, sentence) = listing::absent(section, input)?;
        out.insert("text".into(), narrative::paragraph(sentence));
        out.insert("emptyReason".into(), reason);
        return Some(Value::Object(out));
    }
    out.insert("text".into(), narrative::table(records.iter().filter_map(|at| input.records.get(*at))));
    let entries = records.iter().map(|at| shape::reference(&index.urn(Target::Record(*at))));
    out.insert("entry".into(), entries.collect());
    Some(Value::Object(out))
}
