//! What a record is to a patient: one word out of twenty-one, drawn from its resource type.

use serde::Serialize;

/// The kind of a record: decides icon, list and what `--kind` selects.
///
/// `Support` is kept and exported, yet never a card of its own (Patient, Practitioner, Organization ...).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[repr(u16)]
#[allow(missing_docs)]
pub enum Kind {
    Allergy = 1,
    Problem = 2,
    Medicine = 3,
    Immunization = 4,
    Result = 5,
    Vital = 6,
    Report = 7,
    Procedure = 8,
    Visit = 9,
    Document = 10,
    Imaging = 11,
    Request = 12,
    Plan = 13,
    Appointment = 14,
    Family = 15,
    Device = 16,
    Billing = 17,
    Consent = 18,
    Other = 19,
    Support = 20,
}

impl Kind {
    /// Every kind, in the order a clinician reads them.
    pub const ALL: [Kind; 20] = [
        Kind::Allergy,
        Kind::Problem,
        Kind::Medicine,
        Kind::Immunization,
        Kind::Result,
        Kind::Vital,
        Kind::Report,
        Kind::Procedure,
        Kind::Visit,
        Kind::Document,
        Kind::Imaging,
        Kind::Request,
        Kind::Plan,
        Kind::Appointment,
        Kind::Family,
        Kind::Device,
        Kind::Billing,
        Kind::Consent,
        Kind::Other,
        Kind::Support,
    ];

    /// The stable word used on the command line and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Allergy => "allergy",
            Kind::Problem => "problem",
            Kind::Medicine => "medicine",
            Kind::Immunization => "immunization",
            Kind::Result => "result",
            Kind::Vital => "vital",
            Kind::Report => "report",
            Kind::Procedure => "procedure",
            Kind::Visit => "visit",
            Kind::Document => "document",
            Kind::Imaging => "imaging",
            Kind::Request => "request",
            Kind::Plan => "plan",
            Kind::Appointment => "appointment",
            Kind::Family => "family",
            Kind::Device => "device",
            Kind::Billing => "billing",
            Kind::Consent => "consent",
            Kind::Other => "other",
            Kind::Support => "support",
        }
    }

    /// The stable number kept in a record's header. Never reused.
    pub const fn as_u16(self) -> u16 {
        self as u16
    }

    /// The kind of a stored number; `None` for one that this version does not know.
    pub fn from_u16(number: u16) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_u16() == number)
    }
}

/// A word that names no kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a kind of record")]
pub struct UnknownKind;

impl std::str::FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Kind, UnknownKind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == word).ok_or(UnknownKind)
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}
