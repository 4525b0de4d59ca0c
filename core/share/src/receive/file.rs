//! One encrypted file: compact JWE in, plaintext out.

use std::io::Read as _;

use flate2::read::DeflateDecoder;
use kosha_crypto::{CryptoError, LinkKey, Zeroizing, jwe};
use kosha_wire::manifest::{API_ACCESS, FHIR_JSON, HEALTH_CARD};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{FileProblem, ReceivedFile};

/// A file before it is opened.
pub(super) struct Encrypted {
    jwe: String,
    content_type: Option<String>,
    fhir_version: Option<String>,
}

/// What matters here of a JWE's protected header; `alg` and `enc` are pinned where it is opened.
#[derive(Deserialize)]
struct Header {
    cty: Option<String>,
    zip: Option<String>,
}

impl Encrypted {
    pub(super) fn from_body(
        body: Vec<u8>,
        content_type: Option<String>,
        fhir_version: Option<String>,
    ) -> Result<Self, FileProblem> {
        let jwe = String::from_utf8(body).map_err(|_| FileProblem::NotAJwe)?;
        Ok(Self { jwe, content_type, fhir_version })
    }

    /// Decrypts and inflates; what comes out is taken from `room`.
    pub(super) fn open(
        self,
        key: &LinkKey,
        max_inflated: usize,
        room: &mut usize,
    ) -> Result<ReceivedFile, FileProblem> {
        let (header, plaintext) = jwe::open(key, self.jwe.trim()).map_err(|error| match error {
            CryptoError::Refused => FileProblem::DoesNotDecrypt,
            _ => FileProblem::NotAJwe,
        })?;
        let header: Header = serde_json::from_str(&header).map_err(|_| FileProblem::NotAJwe)?;
        let bytes = match header.zip.as_deref() {
            None => plaintext,
            Some("DEF") => inflate(&plaintext, max_inflated)?,
            Some(_) => return Err(FileProblem::Compression),
        };
        *room = room.checked_sub(bytes.len()).ok_or(FileProblem::TotalTooLarge)?;
        let content_type = known_type(header.cty.as_deref(), self.content_type.as_deref(), &bytes)?;
        Ok(ReceivedFile { content_type: content_type.to_owned(), fhir_version: self.fhir_version, bytes })
    }
}

/// Raw DEFLATE (RFC 1951), bounded; what follows the end of the stream would go unseen and is refused.
fn inflate(deflated: &[u8], max: usize) -> Result<Zeroizing<Vec<u8>>, FileProblem> {
    let mut decoder = DeflateDecoder::new(deflated);
    let mut bytes = Zeroizing::new(Vec::new());
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    decoder.by_ref().take(limit).read_to_end(&mut bytes).map_err(|_| FileProblem::Inflate)?;
    if bytes.len() > max {
        return Err(FileProblem::TooLarge);
    }
    if usize::try_from(decoder.total_in()) != Ok(deflated.len()) {
        return Err(FileProblem::Inflate);
    }
    Ok(bytes)
}

/// What the sealed header says goes first, since nobody on the way could change it; then the manifest; then the content.
fn known_type(cty: Option<&str>, manifest: Option<&str>, bytes: &[u8]) -> Result<&'static str, FileProblem> {
    for name in [cty, manifest].into_iter().flatten() {
        match full_name(name).as_str() {
            FHIR_JSON | "application/json+fhir" => return Ok(FHIR_JSON),
            HEALTH_CARD => return Ok(HEALTH_CARD),
            API_ACCESS => return Err(FileProblem::ApiAccess),
            _ => {}
        }
    }
    sniff(bytes).ok_or(FileProblem::UnknownContent)
}

/// In lower case, without parameters; a name without a slash is short for `application/…` (RFC 7515, section 4.1.10).
fn full_name(name: &str) -> String {
    let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if name.is_empty() || name.contains('/') { name } else { format!("application/{name}") }
}

fn sniff(bytes: &[u8]) -> Option<&'static str> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Members {
        verifiable_credential: Option<IgnoredAny>,
        resource_type: Option<IgnoredAny>,
    }
    match serde_json::from_slice(bytes).ok()? {
        Members { verifiable_credential: Some(_), .. } => Some(HEALTH_CARD),
        Members { resource_type: Some(_), .. } => Some(FHIR_JSON),
        Members { .. } => None,
    }
}
