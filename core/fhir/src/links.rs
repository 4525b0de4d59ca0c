//! Which entry belongs to which: results to their report, members to their document, files to what describes them.

use std::collections::{HashMap, HashSet};

use crate::date::Found;
use crate::names::{Holder, address};
use crate::reading::Reading;
use crate::tree::Node;
use crate::{source, timeline};

/// Links that only the pointing side knows, gathered once for a file.
#[derive(Default)]
pub(crate) struct Links {
    /// Visits by their entry.
    pub(crate) visits: HashMap<u32, Visit>,
    /// Result to report or panel.
    pub(crate) report: HashMap<u32, u32>,
    /// Bundle to the composition that heads it.
    pub(crate) heading: HashMap<usize, u32>,
    /// Entries that a Composition's sections name.
    pub(crate) section: HashMap<u32, u32>,
    /// Files that a `DocumentReference` or Media describes.
    pub(crate) described: HashSet<u32>,
    /// Bundle to the name of its only organisation.
    pub(crate) organisation: HashMap<usize, String>,
    /// Heading composition to the source that is shown for its document.
    pub(crate) document_source: HashMap<u32, String>,
    /// Document bundle to the key of the organisation that keeps or wrote it.
    pub(crate) organisation_key: HashMap<usize, String>,
}

/// What a record takes over from its visit.
pub(crate) struct Visit {
    pub(crate) date: Option<Found>,
    pub(crate) place: Option<String>,
}

impl Links {
    pub(crate) fn of(reading: &Reading<'_>) -> Links {
        let mut links = Links::default();
        for entry in &reading.entries {
            let Some(
                kind @ ("DiagnosticReport" | "Composition" | "DocumentReference" | "Observation"
                | "Encounter"),
            ) = entry.resource_type()
            else {
                continue;
            };
            // Most observations have no members: the text tells more cheaply than a tree.
            if kind == "Observation" && !contains(reading.bytes(entry.ordinal), b"\"hasMember\"") {
                continue;
            }
            let node = reading.node(entry.ordinal);
            let holder = Holder { reading, ordinal: entry.ordinal, root: &node };
            let target = |reference: &Node<'_>| {
                address(reference)
                    .and_then(|address| holder.ordinal_of(&address))
                    .filter(|found| *found != entry.ordinal)
            };
            match kind {
                "Encounter" => {
                    let date = timeline::visit_date(reading.language, &node, reading.now_ms);
                    let place = source::organisation(&holder, node.at("serviceProvider"));
                    links.visits.insert(entry.ordinal, Visit { date, place });
                }
                "DiagnosticReport" => {
                    for found in node.at("result").items().filter_map(target) {
                        links.report.insert(found, entry.ordinal);
                    }
                }
                "Observation" => {
                    for found in node.at("hasMember").items().filter_map(target) {
                        links.report.entry(found).or_insert(entry.ordinal);
                    }
                }
                "Composition" => {
                    let document = entry.bundle.filter(|bundle| {
                        reading
                            .bundles
                            .get(*bundle)
                            .is_some_and(|info| info.bundle_type.as_deref() == Some("document"))
                    });
                    if let Some(bundle) = document {
                        links.heading.entry(bundle).or_insert(entry.ordinal);
                    }
                    sections(node.at("section"), 0, &mut |section| {
                        for found in section.at("entry").items().filter_map(target) {
                            links.section.entry(found).or_insert(entry.ordinal);
                        }
                    });
                }
                _ => {
                    for content in node.at("content").items() {
                        let url = content.at("attachment").str("url");
                        links.described.extend(url.and_then(|url| holder.ordinal_of(&url)));
                    }
                }
            }
        }
        links.organisation = source::only_organisations(reading);
        for (bundle, heading) in &links.heading {
            let (shown, key) = source::of_heading(reading, *heading);
            links.document_source.extend(shown.map(|shown| (*heading, shown)));
            links.organisation_key.extend(key.map(|key| (*bundle, key)));
        }
        links
    }

    /// The report, panel or document that an entry is a part of.
    pub(crate) fn parent(&self, reading: &Reading<'_>, ordinal: u32) -> Option<u32> {
        self.report
            .get(&ordinal)
            .or_else(|| self.section.get(&ordinal))
            .copied()
            .or_else(|| self.document(reading, ordinal))
    }

    /// The Composition of the document bundle that an entry came in.
    pub(crate) fn document(&self, reading: &Reading<'_>, ordinal: u32) -> Option<u32> {
        let bundle = reading.entry(ordinal)?.bundle?;
        self.heading.get(&bundle).copied().filter(|heading| *heading != ordinal)
    }
}

/// Visits sections and their sub-sections.
pub(crate) fn sections<'n, 'a>(list: &'n Node<'a>, depth: usize, visit: &mut dyn FnMut(&'n Node<'a>)) {
    if depth > 8 {
        return;
    }
    for section in list.items() {
        visit(section);
        sections(section.at("section"), depth + 1, visit);
    }
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
