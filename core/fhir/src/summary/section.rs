//! Which section a record belongs to, and in which order sections and entries stand.

use serde_json::Value;

use super::identity::Head;
use super::{Held, HeldSection, SummaryRecord};
use crate::{Kind, Standing};

pub(super) const LOINC: &str = "http://loinc.org";
/// Codes of Kosha's own for sections that LOINC has no word for.
pub(super) const OWN: &str = "urn:kosha:section";

/// The sections, in the order a clinician reads them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Section {
    Alerts,
    Allergies,
    Medicines,
    Problems,
    Results,
    Vitals,
    Immunizations,
    Procedures,
    Imaging,
    Visits,
    Devices,
    PastProblems,
    Pregnancy,
    SocialHistory,
    FamilyHistory,
    Plans,
    Documents,
    Consents,
    Billing,
    Other,
    NotCurrent,
}

/// Section, code system, code, title.
const TABLE: [(Section, &str, &str, &str); 21] = [
    (Section::Alerts, LOINC, "104605-1", "Alerts"),
    (Section::Allergies, LOINC, "48765-2", "Allergies and intolerances"),
    (Section::Medicines, LOINC, "10160-0", "Medicines"),
    (Section::Problems, LOINC, "11450-4", "Problems"),
    (Section::Results, LOINC, "30954-2", "Results"),
    (Section::Vitals, LOINC, "8716-3", "Vital signs"),
    (Section::Immunizations, LOINC, "11369-6", "Immunizations"),
    (Section::Procedures, LOINC, "47519-4", "Procedures"),
    (Section::Imaging, LOINC, "18748-4", "Imaging"),
    (Section::Visits, LOINC, "46240-8", "Visits"),
    (Section::Devices, LOINC, "46264-8", "Medical devices"),
    (Section::PastProblems, LOINC, "11348-0", "Past problems"),
    (Section::Pregnancy, LOINC, "10162-6", "Pregnancy"),
    (Section::SocialHistory, LOINC, "29762-2", "Social history"),
    (Section::FamilyHistory, LOINC, "10157-6", "Family history"),
    (Section::Plans, LOINC, "18776-5", "Plans, requests and appointments"),
    (Section::Documents, LOINC, "55107-7", "Documents"),
    (Section::Consents, LOINC, "59284-0", "Consents"),
    (Section::Billing, LOINC, "48768-6", "Bills and insurance"),
    (Section::Other, OWN, "other", "Other records"),
    (Section::NotCurrent, OWN, "not-current", "Not current or ruled out"),
];

impl Section {
    pub(super) fn all() -> impl Iterator<Item = Section> {
        TABLE.iter().map(|row| row.0)
    }

    fn row(self) -> (&'static str, &'static str, &'static str) {
        let found = TABLE.iter().find(|row| row.0 == self);
        found.map_or((OWN, "other", "Other records"), |row| (row.1, row.2, row.3))
    }

    pub(super) fn title(self) -> &'static str {
        self.row().2
    }

    /// `Section.code` or `List.code`.
    pub(super) fn code(self) -> Value {
        let (system, code, title) = self.row();
        super::shape::concept(system, code, title)
    }

    /// The code by which its LOINC name or ours knows it.
    pub(super) fn loinc(self) -> &'static str {
        self.row().1
    }

    /// The three that IPS demands, even empty, with the kind they are about.
    pub(super) fn required_kind(self) -> Option<Kind> {
        match self {
            Section::Allergies => Some(Kind::Allergy),
            Section::Medicines => Some(Kind::Medicine),
            Section::Problems => Some(Kind::Problem),
            _ => None,
        }
    }
}

/// What of a resource's content decides its place.
#[derive(Default, Clone, Copy)]
pub(super) struct Traits {
    phase: Phase,
    about: About,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Phase {
    #[default]
    Current,
    /// Stopped or completed.
    Ended,
    /// A problem that is over.
    Past,
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum About {
    #[default]
    Anything,
    Social,
    Pregnancy,
}

/// Read the traits from the fields of the same names.
pub(super) fn traits(status: &Value, clinical_status: &Value, category: &Value, code: &Value) -> Traits {
    let over = ["inactive", "remission", "resolved"];
    let ended = ["stopped", "completed", "on-hold", "ended", "inactive"];
    // LOINC codes of IPS 2.0.1 for pregnancy status, expected date of delivery and outcome counts.
    let pregnancy = [
        "82810-3", "11778-8", "11779-6", "11780-4", "11636-8", "11637-6", "11638-4", "11639-2", "11640-0",
        "11612-9", "11613-7", "11614-5", "33065-4",
    ];
    let any =
        |value: &Value, wanted: &[&str]| codes(value).iter().any(|code| wanted.contains(&code.as_str()));
    let phase = if any(clinical_status, &over) {
        Phase::Past
    } else if any(status, &ended) {
        Phase::Ended
    } else {
        Phase::Current
    };
    let about = if any(code, &pregnancy) {
        About::Pregnancy
    } else if any(category, &["social-history"]) {
        About::Social
    } else {
        About::Anything
    };
    Traits { phase, about }
}

/// Codes of a code, a `CodeableConcept` or a list of them.
fn codes(value: &Value) -> Vec<String> {
    match value {
        Value::String(code) => vec![code.clone()],
        Value::Array(list) => list.iter().take(16).flat_map(codes).collect(),
        Value::Object(concept) => match concept.get("coding") {
            Some(Value::Array(list)) => list
                .iter()
                .take(16)
                .filter_map(|coding| Some(coding.get("code")?.as_str()?.to_owned()))
                .collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The section of a record. What negates never stands among facts; what is only planned stands with the plans.
fn place(record: &SummaryRecord<'_>, head: &Head) -> Section {
    if record.standing.negates() {
        return Section::NotCurrent;
    }
    if head.resource_type == "Flag" {
        return Section::Alerts;
    }
    let planned = record.standing == Standing::Planned;
    let seen = matches!(record.kind, Kind::Result | Kind::Vital | Kind::Other);
    match record.kind {
        _ if seen && head.traits.about == About::Pregnancy => Section::Pregnancy,
        _ if seen && head.traits.about == About::Social => Section::SocialHistory,
        Kind::Medicine | Kind::Procedure | Kind::Immunization if planned => Section::Plans,
        Kind::Allergy => Section::Allergies,
        Kind::Problem if head.traits.phase == Phase::Past => Section::PastProblems,
        Kind::Problem => Section::Problems,
        Kind::Medicine => Section::Medicines,
        Kind::Immunization => Section::Immunizations,
        Kind::Result | Kind::Report => Section::Results,
        Kind::Vital => Section::Vitals,
        Kind::Procedure => Section::Procedures,
        Kind::Visit => Section::Visits,
        Kind::Document => Section::Documents,
        Kind::Imaging => Section::Imaging,
        Kind::Request | Kind::Plan | Kind::Appointment => Section::Plans,
        Kind::Family => Section::FamilyHistory,
        Kind::Device => Section::Devices,
        Kind::Billing => Section::Billing,
        Kind::Consent => Section::Consents,
        Kind::Other | Kind::Support => Section::Other,
    }
}

/// Every section with the numbers of its records: current before ended, newest first, undated last. Each record is
/// in exactly one.
pub(super) fn arrange(records: &[SummaryRecord<'_>], heads: &[Head]) -> Vec<(Section, Vec<usize>)> {
    let mut keyed: Vec<_> = records
        .iter()
        .zip(heads)
        .enumerate()
        .map(|(at, (record, head))| {
            let section = place(record, head);
            let ends = matches!(section, Section::Medicines | Section::Problems | Section::Allergies);
            let date = record.date_ms.map_or(i64::MAX, |ms| ms.saturating_neg().min(i64::MAX - 1));
            (section, ends && head.traits.phase != Phase::Current, date, at)
        })
        .collect();
    keyed.sort_unstable();
    Section::all()
        .map(|section| {
            let own = keyed.iter().filter(|entry| entry.0 == section);
            (section, own.map(|entry| entry.3).collect())
        })
        .collect()
}

/// Why a demanded section is empty: code of `list-empty-reason` and a sentence.
pub(super) fn empty_reason(section: Section, held: &Held, shared: u32) -> (&'static str, &'static str) {
    let held: HeldSection = match section {
        Section::Allergies => held.allergies,
        Section::Medicines => held.medicines,
        _ => held.problems,
    };
    if held.records > shared {
        ("withheld", "Not part of this share: the wallet holds entries of this kind that were not shared.")
    } else if held.recorded_as_none && shared == 0 {
        ("nilknown", "Recorded as none by a source.")
    } else if shared > 0 {
        ("unavailable", "No current entry. What was shared of this kind stands in other sections.")
    } else {
        ("unavailable", "Nothing in this wallet: no record of this kind has come in.")
    }
}
