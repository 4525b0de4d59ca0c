//! What templates say that a section or an entry is.

use super::reader::all;
use crate::xml::Element;

/// Roots of template numbers, by the short names that they have here: `cda:` for HL7 (C-CDA, and CCD below `cda:1.`),
/// `ihe:` for IHE patient care coordination, `c32:` for HITSP C83.
const ROOTS: [(&str, &str); 3] = [
    ("cda:", "2.16.840.1.113883.10.20."),
    ("ihe:", "1.3.6.1.4.1.19376.1.5.3.1."),
    ("c32:", "2.16.840.1.113883.3.88.11.83."),
];

/// Whether an element states one of these templates, in any version: `cda:22.4.16`.
pub(super) fn is_of(element: Element<'_>, templates: &[&str]) -> bool {
    all(element, "templateId").filter_map(|id| id.attribute("root")).any(|root| {
        ROOTS.iter().any(|(short, long)| {
            root.strip_prefix(long).is_some_and(|number| {
                templates.iter().any(|template| template.strip_prefix(short) == Some(number))
            })
        })
    })
}

/// What a section is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic {
    Allergies,
    Medicines,
    Problems,
    Diagnoses,
    Results,
    Vitals,
    Vaccines,
    Procedures,
    Encounters,
    Social,
    Family,
    Devices,
    Plans,
    /// What belongs into an office's files.
    Office,
    Other,
}

/// Sections by their templates and LOINC codes.
const SECTIONS: [(Topic, &[&str], &[&str]); 14] = [
    (Topic::Allergies, &["cda:22.2.6", "cda:22.2.6.1", "cda:1.2", "ihe:3.13", "c32:102"], &["48765-2"]),
    (
        Topic::Medicines,
        &[
            "cda:22.2.1",
            "cda:22.2.1.1",
            "cda:1.8",
            "ihe:3.19",
            "ihe:3.20",
            "ihe:3.21",
            "ihe:3.22",
            "c32:112",
            "c32:113",
            "c32:114",
            "cda:22.2.11",
            "cda:22.2.11.1",
            "cda:22.2.44",
            "cda:22.2.38",
        ],
        &["10160-0", "10183-2", "42346-7", "29549-3", "75311-1"],
    ),
    (
        Topic::Problems,
        &[
            "cda:22.2.5",
            "cda:22.2.5.1",
            "cda:1.11",
            "ihe:3.6",
            "ihe:3.8",
            "c32:103",
            "c32:104",
            "cda:22.2.20",
            "cda:22.2.58",
        ],
        &["11450-4", "11348-0", "75310-3"],
    ),
    (
        Topic::Diagnoses,
        &[
            "cda:22.2.24",
            "cda:22.2.43",
            "cda:22.2.34",
            "cda:22.2.35",
            "cda:22.2.36",
            "cda:22.2.37",
            "ihe:3.7",
        ],
        &["11535-2", "46241-6", "10219-4", "10218-6", "29308-4"],
    ),
    (
        Topic::Results,
        &["cda:22.2.3", "cda:22.2.3.1", "cda:1.14", "ihe:3.27", "ihe:3.28", "c32:122"],
        &["30954-2"],
    ),
    (
        Topic::Vitals,
        &["cda:22.2.4", "cda:22.2.4.1", "cda:1.16", "ihe:3.25", "ihe:1.5.3.2", "c32:119"],
        &["8716-3"],
    ),
    (Topic::Vaccines, &["cda:22.2.2", "cda:22.2.2.1", "cda:1.6", "ihe:3.23", "c32:117"], &["11369-6"]),
    (
        Topic::Procedures,
        &["cda:22.2.7", "cda:22.2.7.1", "cda:1.12", "ihe:3.11", "ihe:3.12", "c32:108", "c32:145"],
        &["47519-4", "29554-3"],
    ),
    (Topic::Encounters, &["cda:22.2.22", "cda:22.2.22.1", "cda:1.3", "ihe:1.5.3.3", "c32:127"], &["46240-8"]),
    (Topic::Social, &["cda:22.2.17", "cda:1.15", "ihe:3.16", "c32:126"], &["29762-2"]),
    (Topic::Family, &["cda:22.2.15", "cda:1.4", "ihe:3.14", "ihe:3.15", "c32:125"], &["10157-6"]),
    (Topic::Devices, &["cda:22.2.23", "cda:1.7", "ihe:1.5.3.5", "c32:128"], &["46264-8"]),
    (
        Topic::Plans,
        &[
            "cda:22.2.10",
            "cda:22.2.9",
            "cda:22.2.30",
            "cda:1.10",
            "cda:22.2.60",
            "ihe:3.31",
            "ihe:3.36",
            "c32:124",
        ],
        &["18776-5", "51847-2", "59772-4", "61146-7"],
    ),
    (Topic::Office, &["cda:22.2.18", "cda:1.9", "ihe:1.5.3.7", "c32:101"], &["48768-6"]),
];

/// What a section is about, by its templates, or else by its code.
pub(super) fn topic(section: Element<'_>) -> Topic {
    let of_template = SECTIONS.iter().find(|(_, templates, _)| is_of(section, templates));
    let of_code = || {
        let code = all(section, "code").next()?.attribute("code")?;
        SECTIONS.iter().find(|(.., codes)| codes.contains(&code))
    };
    of_template.or_else(of_code).map_or(Topic::Other, |(topic, ..)| *topic)
}
