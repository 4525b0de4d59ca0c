//! The manifest exchange of SMART Health Links STU1 (HL7 "SMART Health Cards and Links" 1.0.0).

use serde::{Deserialize, Serialize};

/// Content type of a file that holds a FHIR resource.
pub const FHIR_JSON: &str = "application/fhir+json";
/// Content type of a file that holds health cards.
pub const HEALTH_CARD: &str = "application/smart-health-card";
/// Content type of a file that grants access to a FHIR server instead of holding records.
pub const API_ACCESS: &str = "application/smart-api-access";
/// Content type of an encrypted file at its `location`.
pub const JOSE: &str = "application/jose";

/// Body of `POST <manifest url>`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestRequest {
    /// Who asks, as they call themselves; shown to the person who shared.
    pub recipient: String,
    /// The passcode, where the link carries flag `P`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passcode: Option<String>,
    /// Longest `embedded` file, in characters, that the reader wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedded_length_max: Option<u64>,
}

/// Answer to a [`ManifestRequest`] that was accepted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The files of the link.
    pub files: Vec<ManifestFile>,
}

/// One file of a [`Manifest`]. A producer sends exactly one of `location` and `embedded`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestFile {
    /// [`FHIR_JSON`], [`HEALTH_CARD`] or [`API_ACCESS`]. Empty when a foreign producer left it out.
    #[serde(default)]
    pub content_type: String,
    /// Where the encrypted file is; short-lived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The encrypted file itself: a compact JWE.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embedded: Option<String>,
    /// When the content last changed, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_updated: Option<String>,
    /// `finalized`, `can-change` or `no-longer-valid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// FHIR release of the content; `4.0.1` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fhir_version: Option<String>,
}

/// Body of the 401 answer to a wrong passcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasscodeRefused {
    /// How many more wrong passcodes the link will bear.
    pub remaining_attempts: u32,
}
