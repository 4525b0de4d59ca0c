//! Who is who in a share: fresh ids for what is in it, and what a reference of a source means.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

use super::{SummaryInput, section};

/// Ids of one bundle: its own random UUID with the last four bytes counted on.
pub(super) struct Ids(u128);

impl Ids {
    /// Version 4 and variant bits are set as RFC 9562 asks.
    pub(super) fn new(root: [u8; 16]) -> Ids {
        const FIXED: u128 = 0xf000_c000_0000_0000_0000;
        const VERSION_4: u128 = 0x4000_8000_0000_0000_0000;
        Ids((u128::from_be_bytes(root) & !FIXED) | VERSION_4)
    }

    /// The how-manieth id as a UUID; 0 is the bundle's own.
    pub(super) fn uuid(&self, number: usize) -> String {
        let counted = self.0 ^ u128::from(u32::try_from(number).unwrap_or(u32::MAX));
        let hex = format!("{counted:032x}");
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32];
        parts.map(|part| hex.get(part).unwrap_or_default()).join("-")
    }

    /// The same as `urn:uuid:`.
    pub(super) fn urn(&self, number: usize) -> String {
        format!("urn:uuid:{}", self.uuid(number))
    }
}

/// Something a reference can point to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    Patient,
    Record(usize),
    Supporting(usize),
}

/// What was read of a resource before anything is written.
#[derive(Default)]
pub(super) struct Head {
    pub(super) resource_type: String,
    pub(super) id: String,
    pub(super) traits: section::Traits,
}

#[derive(Deserialize)]
struct Raw {
    #[serde(rename = "resourceType", default)]
    resource_type: Value,
    #[serde(default)]
    id: Value,
    #[serde(default)]
    status: Value,
    #[serde(rename = "clinicalStatus", default)]
    clinical_status: Value,
    #[serde(default)]
    category: Value,
    #[serde(default)]
    code: Value,
}

/// Read a head; an unreadable resource has an empty one.
pub(super) fn head(bytes: &[u8]) -> Head {
    let Ok(raw) = serde_json::from_slice::<Raw>(bytes) else { return Head::default() };
    Head {
        resource_type: raw.resource_type.as_str().unwrap_or_default().to_owned(),
        id: raw.id.as_str().unwrap_or_default().to_owned(),
        traits: section::traits(&raw.status, &raw.clinical_status, &raw.category, &raw.code),
    }
}

/// The numbers of a bundle's ids, and what its sources' references mean.
pub(super) struct Index<'a> {
    pub(super) ids: Ids,
    pub(super) heads: Vec<Head>,
    records: usize,
    supporting: usize,
    bundles: HashMap<&'a str, Names>,
}

/// Names within one source bundle; `None` marks a name that two resources claim, which then means neither.
#[derive(Default)]
struct Names {
    urls: HashMap<String, Option<Target>>,
    locals: HashMap<String, Option<Target>>,
}

impl<'a> Index<'a> {
    pub(super) fn new(input: &SummaryInput<'a>) -> Index<'a> {
        let mut index = Index {
            ids: Ids::new(input.bundle_id),
            heads: input.records.iter().map(|record| head(record.bytes)).collect(),
            records: input.records.len(),
            supporting: input.supporting.len(),
            bundles: HashMap::new(),
        };
        for (at, record) in input.records.iter().enumerate() {
            let names = index.bundles.entry(record.bundle).or_default();
            if let Some(head) = index.heads.get(at) {
                names.add(record.full_url, head, Target::Record(at));
            }
        }
        let mut patients: HashMap<&str, usize> = HashMap::new();
        let heads: Vec<Head> = input.supporting.iter().map(|resource| head(resource.bytes)).collect();
        let is_patient = |head: &Head| head.resource_type == "Patient";
        for (resource, _) in input.supporting.iter().zip(&heads).filter(|(_, head)| is_patient(head)) {
            *patients.entry(resource.bundle).or_default() += 1;
        }
        for (at, (resource, head)) in input.supporting.iter().zip(&heads).enumerate() {
            let target = if is_patient(head) { Target::Patient } else { Target::Supporting(at) };
            // Of several patients in one file none is taken for the one of the share; a record's own subject tells.
            if target != Target::Patient || patients.get(resource.bundle) == Some(&1) {
                index.bundles.entry(resource.bundle).or_default().add(resource.full_url, head, target);
            }
        }
        index
    }

    pub(super) fn urn(&self, target: Target) -> String {
        self.ids.urn(self.number(target))
    }

    pub(super) fn uuid(&self, target: Target) -> String {
        self.ids.uuid(self.number(target))
    }

    /// Ids that no target has: 2 for the Composition, then those after the last target.
    pub(super) fn spare(&self, nth: usize) -> usize {
        3 + self.records + self.supporting + nth
    }

    fn number(&self, target: Target) -> usize {
        match target {
            Target::Patient => 1,
            Target::Record(at) => 3 + at,
            Target::Supporting(at) => 3 + self.records + at,
        }
    }

    /// What a reference means for a resource that came in `bundle` under `full_url`. Only names of the same bundle
    /// count: two hospitals may both have a `Patient/1`.
    pub(super) fn resolve(&self, reference: &str, bundle: &str, full_url: &str) -> Option<Target> {
        let names = self.bundles.get(bundle)?;
        let reference = reference.split_once("/_history/").map_or(reference, |(before, _)| before);
        if let Some(found) = names.urls.get(&folded(reference)) {
            return *found;
        }
        if reference.contains(':') || reference.contains('?') {
            return None;
        }
        if let Some(base) = base(full_url)
            && let Some(found) = names.urls.get(&format!("{base}/{reference}"))
        {
            return *found;
        }
        names.locals.get(reference).copied().flatten()
    }
}

impl Names {
    fn add(&mut self, full_url: &str, head: &Head, target: Target) {
        if full_url.is_empty() {
            if !head.id.is_empty() {
                claim(&mut self.urls, folded(&format!("urn:uuid:{}", head.id)), target);
            }
        } else {
            claim(&mut self.urls, folded(full_url), target);
        }
        if !head.id.is_empty() && !head.resource_type.is_empty() {
            claim(&mut self.locals, format!("{}/{}", head.resource_type, head.id), target);
        }
    }
}

fn claim(names: &mut HashMap<String, Option<Target>>, name: String, target: Target) {
    names
        .entry(name)
        .and_modify(|held| {
            if *held != Some(target) {
                *held = None;
            }
        })
        .or_insert(Some(target));
}

/// UUIDs are the same in capitals (RFC 9562); other addresses are not.
fn folded(url: &str) -> String {
    match url.get(..9) {
        Some(scheme) if scheme.eq_ignore_ascii_case("urn:uuid:") => url.to_ascii_lowercase(),
        _ => url.to_owned(),
    }
}

/// The address of the server in `https://server/fhir/Type/id`.
fn base(full_url: &str) -> Option<&str> {
    if !full_url.starts_with("http") {
        return None;
    }
    let (before_id, _) = full_url.rsplit_once('/')?;
    before_id.rsplit_once('/').map(|(base, _)| base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_and_differ() {
        let ids = Ids::new([0xff; 16]);
        assert_eq!(ids.uuid(0), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(ids.uuid(1), "ffffffff-ffff-4fff-bfff-fffffffffffe");
    }

    #[test]
    fn a_name_claimed_twice_means_neither() {
        let mut names = HashMap::new();
        claim(&mut names, "a".into(), Target::Record(1));
        claim(&mut names, "a".into(), Target::Record(2));
        assert_eq!(names.get("a"), Some(&None));
    }
}
