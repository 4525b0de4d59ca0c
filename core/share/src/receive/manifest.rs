//! The manifest: asking for it and reading its entries one by one.

use std::fmt;

use kosha_crypto::passcode::normal_form;
use kosha_wire::manifest::{API_ACCESS, ManifestFile, ManifestRequest, PasscodeRefused};
use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::fetch::{Fetcher, ending};
use super::file::Encrypted;
use super::{FileProblem, ReceiveError, Received, Warning};

/// Longest file that is asked for inside the manifest: it spares an exchange, and a larger one is better fetched alone.
const EMBEDDED_LENGTH_MAX: u64 = 4 * 1024 * 1024;
/// Most entries that are kept in memory; the limit of files that are read is lower.
const MAX_ENTRIES: usize = 1000;

/// A manifest whose entries have not been read yet, so that a bad one does not spoil the others.
#[derive(Deserialize)]
struct Answer<'a> {
    #[serde(borrow)]
    files: Entries<'a>,
}

/// The first [`MAX_ENTRIES`] members of an array; the rest is skipped without being kept.
struct Entries<'a>(Vec<&'a RawValue>);

pub(super) fn fetch(
    fetcher: &mut Fetcher<'_>,
    url: &str,
    recipient: &str,
    passcode: Option<&str>,
    received: &mut Received,
) -> Result<Vec<Result<Encrypted, FileProblem>>, ReceiveError> {
    let request = ManifestRequest {
        recipient: recipient.to_owned(),
        passcode: passcode.map(|passcode| normal_form(passcode).as_str().to_owned()),
        embedded_length_max: Some(EMBEDDED_LENGTH_MAX),
    };
    let body = serde_json::to_vec(&request).map_err(|_| ReceiveError::NotAManifest)?;
    let response = fetcher.manifest(url, body)?;
    match response.status {
        200 => {}
        401 if passcode.is_none() => return Err(ReceiveError::PasscodeNeeded),
        401 => return Err(ReceiveError::WrongPasscode { remaining: remaining(&response.body) }),
        _ => return Err(ending(&response)),
    }
    received.retry_after_s = response.retry_after();
    let answer: Answer<'_> =
        serde_json::from_slice(&response.body).map_err(|_| ReceiveError::NotAManifest)?;
    let max_files = fetcher.limits.max_files;
    if answer.files.0.len() > max_files {
        received.warnings.push(Warning::MoreFiles);
    }
    Ok(answer.files.0.into_iter().take(max_files).map(|entry| read(fetcher, entry)).collect())
}

fn read(fetcher: &mut Fetcher<'_>, entry: &RawValue) -> Result<Encrypted, FileProblem> {
    let entry: ManifestFile = serde_json::from_str(entry.get()).map_err(|_| FileProblem::Entry)?;
    if entry.content_type.trim().eq_ignore_ascii_case(API_ACCESS) {
        return Err(FileProblem::ApiAccess);
    }
    let body = match (entry.embedded, entry.location) {
        (Some(embedded), _) if embedded.len() > fetcher.limits.max_file_bytes => {
            return Err(FileProblem::TooLarge);
        }
        (Some(embedded), _) => embedded.into_bytes(),
        (None, Some(location)) => fetcher.location(&location)?,
        (None, None) => return Err(FileProblem::Entry),
    };
    Encrypted::from_body(body, Some(entry.content_type), entry.fhir_version)
}

/// `remainingAttempts` of a 401, where it is there.
fn remaining(body: &[u8]) -> Option<u32> {
    serde_json::from_slice::<PasscodeRefused>(body).ok().map(|refused| refused.remaining_attempts)
}

impl<'de: 'a, 'a> Deserialize<'de> for Entries<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Vec<&'de RawValue>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of files")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while entries.len() < MAX_ENTRIES {
                    let Some(entry) = seq.next_element()? else { return Ok(entries) };
                    entries.push(entry);
                }
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(entries)
            }
        }
        deserializer.deserialize_seq(Collect).map(Entries)
    }
}
