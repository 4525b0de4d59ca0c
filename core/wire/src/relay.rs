//! What a wallet says to its relay. All binary values are base64url without padding.
//!
//! | call | meaning |
//! | --- | --- |
//! | `PUT /api/v1/links/{id}` | [`CreateLink`]; needs an upload token unless the relay listens on loopback; idempotent by id and management hash |
//! | `GET /api/v1/links/{id}` | [`LinkStatus`]; management token |
//! | `GET /api/v1/links/{id}/views?after=N&wait=SECONDS` | [`Views`]; management token; waits until there is a newer one, 30 s at most |
//! | `DELETE /api/v1/links/{id}` | ends the link and deletes its ciphertext; management token; idempotent; an unknown id becomes a tombstone, so that a creation still on its way cannot revive it |
//! | `POST /l/{id}` | manifest, [`crate::manifest`] |
//! | `GET /l/{id}?recipient=…` | the one file of a direct link (flag `U`) |
//! | `GET /f/{ticket}` | a file named by a manifest |
//!
//! A management token travels as `authorization: Bearer <43 characters>`, never in a path.
//!
//! `{id}` is 32 random bytes (43 characters). The relay stores only its SHA-256.

use serde::{Deserialize, Serialize};

/// Path prefix of the wallet's calls.
pub const API: &str = "/api/v1";
/// Most bytes of a [`CreateLink`] body.
pub const MAX_CREATE_BYTES: usize = 48 * 1024 * 1024;
/// Most views to which a link can be limited.
pub const MAX_LINK_VIEWS: u32 = 1_000_000;
/// Longest life of a link, in seconds: five years.
pub const MAX_LINK_SECONDS: u64 = 5 * 366 * 24 * 3600;
/// Longest `wait` of a views call, in seconds.
pub const MAX_WAIT_SECONDS: u64 = 30;
/// Longest recipient name that is kept, in characters.
pub const MAX_RECIPIENT_CHARS: usize = 120;
/// Header that carries the upload token of a relay which asks for one.
pub const UPLOAD_TOKEN_HEADER: &str = "kosha-upload-token";

/// How a link answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkMode {
    /// By manifest (`POST`).
    Manifest,
    /// With the file itself (`GET`, flag `U`).
    Direct,
}

/// Body of `PUT /api/v1/links/{id}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateLink {
    /// How the link answers.
    pub mode: LinkMode,
    /// SHA-256 of the management token.
    pub management_hash: String,
    /// X25519 public key to which each view record is sealed (HPKE).
    pub view_key: String,
    /// When the link ends, Unix seconds.
    pub expires: u64,
    /// How often it may be viewed; absent: as often as wanted until it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_views: Option<u32>,
    /// The passcode in clear (over TLS); the relay keeps only a slow hash. Manifest links only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passcode: Option<String>,
    /// How many wrong passcodes the link bears in its life; with `passcode`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passcode_attempts: Option<u32>,
    /// The encrypted files; exactly one when `mode` is direct.
    pub files: Vec<UploadFile>,
}

/// One encrypted file of a [`CreateLink`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadFile {
    /// Content type of the plaintext, for the manifest.
    pub content_type: String,
    /// FHIR release of the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fhir_version: Option<String>,
    /// When the content last changed, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_updated: Option<String>,
    /// The compact JWE.
    pub jwe: String,
}

/// State of a link, for whoever holds its management token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkStatus {
    /// Whether the link still answers readers.
    pub active: bool,
    /// When it ends or ended, Unix seconds.
    pub expires: u64,
    /// Successful manifest answers and direct fetches so far.
    pub views: u32,
    /// Views left, where they are limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views_left: Option<u32>,
    /// Wrong passcodes left, where there is a passcode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passcode_attempts_left: Option<u32>,
}

/// Answer to a views call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Views {
    /// Records newer than the `after` of the call, oldest first, at most 500.
    pub views: Vec<SealedView>,
}

/// One view, sealed on arrival to the link's `view_key`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SealedView {
    /// 1, 2, 3 … within the link.
    pub seq: u64,
    /// HPKE: encapsulated key and ciphertext of a [`ViewRecord`] as JSON.
    pub sealed: String,
}

/// What the relay seals about one view. It keeps no address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewRecord {
    /// What the reader called itself; never verified.
    pub recipient: String,
    /// When, Unix minutes.
    pub minute: u64,
}

/// Body of an error answer of the wallet's calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayError {
    /// Stable code: `token-needed`, `not-yours`, `no-such-link`, `too-large`, `too-many`, `malformed`, `conflict`.
    pub code: String,
}
