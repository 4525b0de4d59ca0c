//! Grants and receipts as bytes: JSON with a version, for sealed storage. Byte format: `docs/formats.md`; known
//! answers: `tests/known/`.

use std::collections::BTreeSet;
use std::str::FromStr;

use kosha_crypto::id::{GrantId, PersonId, RecordId};
use kosha_fhir::summary::PatientField;
use kosha_fhir::{Kind, Sensitivity};
use serde::{Deserialize, Serialize};

use crate::{Grant, Receipt, Scope, Terms};

/// The version that this code writes, and the only one it reads.
const VERSION: u32 = 1;

/// Stored bytes that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoredError {
    /// Written by a newer version: update the wallet.
    #[error("this consent was stored by a newer version")]
    UnknownVersion,
    /// Not what this crate wrote.
    #[error("this stored consent cannot be read")]
    Damaged,
}

#[derive(Deserialize)]
struct Versioned {
    v: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredGrant {
    v: u32,
    id: String,
    scope: StoredScope,
    terms: StoredTerms,
    granted_ms: i64,
    revoked_ms: Option<i64>,
    releases: u32,
    last_release_ms: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredScope {
    person: String,
    kinds: Option<Vec<u16>>,
    records: Option<Vec<String>>,
    without: Vec<String>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    sensitive: u32,
    patient_fields: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTerms {
    purpose: String,
    recipient: Option<String>,
    expires_ms: i64,
    view_limit: Option<u32>,
    passcode: bool,
    max_releases: u32,
    min_interval_ms: Option<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredReceipt {
    v: u32,
    grant: String,
    purpose: String,
    recipient: Option<String>,
    kinds: Option<Vec<String>>,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    granted_ms: i64,
    expires_ms: i64,
    view_limit: Option<u32>,
    passcode: bool,
    revoked_ms: Option<i64>,
}

impl Grant {
    /// The grant as bytes for sealed storage.
    pub fn to_bytes(&self) -> Vec<u8> {
        let scope = &self.scope;
        let terms = &self.terms;
        write(&StoredGrant {
            v: VERSION,
            id: self.id.to_string(),
            scope: StoredScope {
                person: scope.person.to_string(),
                kinds: scope.kinds.as_ref().map(|kinds| kinds.iter().map(|kind| kind.as_u16()).collect()),
                records: scope.records.as_ref().map(texts),
                without: texts(&scope.without),
                from_ms: scope.from_ms,
                to_ms: scope.to_ms,
                sensitive: scope.sensitive.bits(),
                patient_fields: scope.patient_fields.iter().map(|field| field.as_str().to_owned()).collect(),
            },
            terms: StoredTerms {
                purpose: terms.purpose.clone(),
                recipient: terms.recipient.clone(),
                expires_ms: terms.expires_ms,
                view_limit: terms.view_limit,
                passcode: terms.passcode,
                max_releases: terms.max_releases,
                min_interval_ms: terms.min_interval_ms,
            },
            granted_ms: self.granted_ms,
            revoked_ms: self.revoked_ms,
            releases: self.releases,
            last_release_ms: self.last_release_ms,
        })
    }

    /// Read what [`Grant::to_bytes`] wrote. Anything unknown is refused: a condition that this version does not
    /// understand must not be passed over.
    pub fn from_bytes(bytes: &[u8]) -> Result<Grant, StoredError> {
        let stored: StoredGrant = read(bytes)?;
        let scope = stored.scope;
        let terms = stored.terms;
        Ok(Grant {
            id: id::<GrantId>(&stored.id)?,
            scope: Scope {
                person: id::<PersonId>(&scope.person)?,
                kinds: scope.kinds.map(|kinds| each(&kinds, |kind| Kind::from_u16(*kind))).transpose()?,
                records: scope.records.map(|records| ids(&records)).transpose()?,
                without: ids(&scope.without)?,
                from_ms: scope.from_ms,
                to_ms: scope.to_ms,
                sensitive: Sensitivity::from_bits(scope.sensitive),
                patient_fields: each(&scope.patient_fields, |word| PatientField::from_word(word))?,
            },
            terms: Terms {
                purpose: terms.purpose,
                recipient: terms.recipient,
                expires_ms: terms.expires_ms,
                view_limit: terms.view_limit,
                passcode: terms.passcode,
                max_releases: terms.max_releases,
                min_interval_ms: terms.min_interval_ms,
            },
            granted_ms: stored.granted_ms,
            revoked_ms: stored.revoked_ms,
            releases: stored.releases,
            last_release_ms: stored.last_release_ms,
        })
    }
}

impl Receipt {
    /// The receipt as bytes: JSON that a person can read too.
    pub fn to_bytes(&self) -> Vec<u8> {
        let words = |kinds: &BTreeSet<Kind>| kinds.iter().map(|kind| kind.as_str().to_owned()).collect();
        write(&StoredReceipt {
            v: VERSION,
            grant: self.grant.to_string(),
            purpose: self.purpose.clone(),
            recipient: self.recipient.clone(),
            kinds: self.kinds.as_ref().map(words),
            from_ms: self.from_ms,
            to_ms: self.to_ms,
            granted_ms: self.granted_ms,
            expires_ms: self.expires_ms,
            view_limit: self.view_limit,
            passcode: self.passcode,
            revoked_ms: self.revoked_ms,
        })
    }

    /// Read what [`Receipt::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Receipt, StoredError> {
        let stored: StoredReceipt = read(bytes)?;
        let kinds = stored.kinds.map(|kinds| each(&kinds, |word| Kind::from_str(word).ok())).transpose()?;
        Ok(Receipt {
            grant: id::<GrantId>(&stored.grant)?,
            purpose: stored.purpose,
            recipient: stored.recipient,
            kinds,
            from_ms: stored.from_ms,
            to_ms: stored.to_ms,
            granted_ms: stored.granted_ms,
            expires_ms: stored.expires_ms,
            view_limit: stored.view_limit,
            passcode: stored.passcode,
            revoked_ms: stored.revoked_ms,
        })
    }
}

fn write<T: Serialize>(stored: &T) -> Vec<u8> {
    // Plain structs of numbers and texts: serde_json has no way to fail on them.
    serde_json::to_vec(stored).unwrap_or_default()
}

fn read<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, StoredError> {
    let version: Versioned = serde_json::from_slice(bytes).map_err(|_| StoredError::Damaged)?;
    if version.v != VERSION {
        return Err(StoredError::UnknownVersion);
    }
    serde_json::from_slice(bytes).map_err(|_| StoredError::Damaged)
}

fn texts(records: &BTreeSet<RecordId>) -> Vec<String> {
    records.iter().map(RecordId::to_string).collect()
}

fn id<T: FromStr>(text: &str) -> Result<T, StoredError> {
    text.parse().map_err(|_| StoredError::Damaged)
}

fn ids(texts: &[String]) -> Result<BTreeSet<RecordId>, StoredError> {
    each(texts, |text| text.parse().ok())
}

fn each<S, T: Ord>(list: &[S], read: impl Fn(&S) -> Option<T>) -> Result<BTreeSet<T>, StoredError> {
    list.iter().map(|item| read(item).ok_or(StoredError::Damaged)).collect()
}
