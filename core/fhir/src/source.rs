//! Where a record comes from: the organisation a reader would name.

use std::collections::HashMap;

use crate::label::clean;
use crate::names::{Holder, Target, address};
use crate::reading::Reading;
use crate::timeline::encounter;
use crate::tree::Node;

/// Members that may name an organisation, the most telling first.
const OWN: [&str; 10] = [
    "serviceProvider",
    "managingOrganization",
    "custodian",
    "performer",
    "author",
    "organization",
    "provider",
    "requester",
    "recorder",
    "insurer",
];

/// The source as shown beside a record: its own organisation, its visit's, its document's, the bundle's only one.
pub(crate) fn label(holder: &Holder<'_>) -> String {
    crate::own::source(holder)
        .or_else(|| own(holder))
        .or_else(|| visit(holder))
        .or_else(|| document(holder))
        .or_else(|| only_organisation(holder.reading, holder.reading.entry(holder.ordinal)?.bundle))
        .or_else(|| {
            holder.root.at("meta").str("source").map(|source| host(&source)).filter(|host| !host.is_empty())
        })
        .unwrap_or_default()
}

fn own(holder: &Holder<'_>) -> Option<String> {
    if holder.root.has("resourceType", "Organization") {
        return holder.root.str("name").map(|name| clean(&name));
    }
    OWN.iter().find_map(|key| {
        holder.root.at(key).items().take(10).find_map(|item| {
            let reference = if item.at("actor").there() { item.at("actor") } else { item };
            organisation(holder, reference)
        })
    })
}

/// The name of what a reference leads to, when that is an organisation.
pub(crate) fn organisation(holder: &Holder<'_>, reference: &Node<'_>) -> Option<String> {
    match holder.resolve(reference) {
        Some(target) if target.is("Organization") => target.node().str("name").map(|name| clean(&name)),
        Some(target) if target.is("PractitionerRole") => {
            let node = target.node();
            let inner = match &target {
                Target::Entry(ordinal, _) => {
                    Holder { reading: holder.reading, ordinal: *ordinal, root: node }
                }
                Target::Contained(_) => *holder,
            };
            inner.name(node.at("organization"))
        }
        Some(_) => None,
        None => {
            let named = address(reference).is_some_and(|address| address.contains("Organization/"))
                || reference.has("type", "Organization");
            named.then(|| reference.str("display").map(|display| clean(&display))).flatten()
        }
    }
    .filter(|name| !name.is_empty())
}

fn visit(holder: &Holder<'_>) -> Option<String> {
    let ordinal = holder.ordinal_of(&address(encounter(holder.root))?)?;
    holder.reading.links().visits.get(&ordinal)?.place.clone()
}

fn document(holder: &Holder<'_>) -> Option<String> {
    let links = holder.reading.links();
    let ordinal = links.document(holder.reading, holder.ordinal)?;
    links.document_source.get(&ordinal).cloned()
}

fn only_organisation(reading: &Reading<'_>, bundle: Option<usize>) -> Option<String> {
    reading.links().organisation.get(&bundle?).cloned()
}

/// The name of the organisation of each bundle that has exactly one.
pub(crate) fn only_organisations(reading: &Reading<'_>) -> HashMap<usize, String> {
    let mut found: HashMap<usize, Option<u32>> = HashMap::new();
    for entry in reading.entries.iter().filter(|entry| entry.resource_type() == Some("Organization")) {
        let Some(bundle) = entry.bundle else { continue };
        found.entry(bundle).and_modify(|only| *only = None).or_insert(Some(entry.ordinal));
    }
    let name = |ordinal: u32| reading.node(ordinal).str("name").map(|name| clean(&name));
    let named = found.into_iter().filter_map(|(bundle, only)| Some((bundle, name(only?)?)));
    named.filter(|(_, name)| !name.is_empty()).collect()
}

fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    clean(rest.split(['/', '#', '?', ':']).next().unwrap_or_default())
}

/// What the composition that heads a document tells of its source: the name that is shown, and a key for the
/// organisation that keeps or wrote the document (its identifier, else its name).
pub(crate) fn of_heading(reading: &Reading<'_>, heading: u32) -> (Option<String>, Option<String>) {
    let node = reading.node(heading);
    let holder = Holder { reading, ordinal: heading, root: &node };
    let key = ["custodian", "author"].iter().find_map(|key| {
        node.at(key).items().take(10).find_map(|reference| {
            let target = holder.resolve(reference).filter(|target| target.is("Organization"))?;
            let identifier = target.node().at("identifier").first();
            match identifier.str("value") {
                Some(value) => Some(format!("{}|{value}", identifier.str("system").unwrap_or_default())),
                None => target.node().str("name").map(|name| clean(&name)),
            }
        })
    });
    (own(&holder), key)
}

/// The key of the organisation that keeps or wrote a document bundle.
pub(crate) fn organisation_key(reading: &Reading<'_>, bundle: usize) -> Option<String> {
    reading.links().organisation_key.get(&bundle).cloned()
}
