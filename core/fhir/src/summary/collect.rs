//! The collection bundle for a direct link.

use serde_json::Value;

use super::cut::Cutter;
use super::identity::{Index, Target};
use super::instant::instant;
use super::section::{Section, arrange};
use super::write::{BundleWriter, check_counts, records_and_sources};
use super::{SummaryError, SummaryInput, listing, narrative, shape};

/// Write it: the Patient, a `List` for each absent section and for what is not current, the records in clinical
/// order, who they name, where they came from.
pub(super) fn write(input: &SummaryInput<'_>) -> Result<Vec<u8>, SummaryError> {
    check_counts(input)?;
    let index = Index::new(input);
    let mut writer = BundleWriter::begin("collection", input, &index);
    let patient = index.urn(Target::Patient);
    writer.entry(&patient, &input.patient.resource(&index.uuid(Target::Patient)))?;

    let sections = arrange(&input.records, &index.heads);
    let mut spare = 0;
    for (section, records) in &sections {
        let number = index.spare(spare);
        let (id, date) = (index.ids.uuid(number), instant(input.now_ms));
        let list = if records.is_empty() {
            let Some((reason, sentence)) = listing::absent(*section, input) else { continue };
            let mut list = listing::list(*section, &id, &patient, &date, Vec::new());
            list.insert("text".into(), narrative::paragraph(sentence));
            list.insert("emptyReason".into(), reason);
            list
        } else if *section == Section::NotCurrent {
            let items = records.iter().map(|at| shape::reference(&index.urn(Target::Record(*at))));
            listing::list(*section, &id, &patient, &date, items.collect())
        } else {
            continue;
        };
        spare += 1;
        writer.entry(&index.ids.urn(number), &Value::Object(list))?;
    }
    let order: Vec<usize> = sections.into_iter().flat_map(|(_, records)| records).collect();
    let mut cutter = Cutter { index: &index, profiles: false, used: std::collections::BTreeSet::new() };
    records_and_sources(&mut writer, &mut cutter, input, &order, spare)?;
    Ok(writer.finish())
}
