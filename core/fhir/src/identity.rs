//! What makes a record the same record when it comes again: source, bundle, address.
//!
//! `Type/id` alone is never an identity, since every hospital counts from 1. It stands in for a missing `fullUrl`, and then
//! holds only within one source and one bundle; without a bundle of known identity, only within one and the same file.

use std::fmt::Write as _;

use crate::reading::{Form, Reading};
use crate::source;

/// The identity of an entry. Two entries are the same record exactly when all three parts agree.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// System of the bundle's identifier, else the organisation that keeps or wrote it, else the document's hash.
    pub source: String,
    /// The bundle's identifier, else its id when that is a UUID, else the document's hash.
    pub bundle: String,
    /// `fullUrl`, else `Type/id`, else the entry's place in the file.
    pub url: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Identity")
    }
}

impl Identity {
    /// One text for all three, to be hashed: each part with its length before it.
    pub fn key(&self) -> String {
        format!(
            "{}:{}{}:{}{}:{}",
            self.source.len(),
            self.source,
            self.bundle.len(),
            self.bundle,
            self.url.len(),
            self.url
        )
    }
}

fn hex(hash: &[u8; 32]) -> String {
    hash.iter().fold("sha256:".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| {
            if matches!(at, 8 | 13 | 18 | 23) { byte == b'-' } else { byte.is_ascii_hexdigit() }
        })
}

/// Source and bundle of what somebody wrote down in Kosha: wherever it comes from, it is known by its own identifier.
const OWN: &str = "urn:kosha:own-entry";

/// How the address of a value of an HL7 v2 message begins that holds its sender and order: known by that in every message.
pub const OF_ORDER: &str = "urn:kosha:hl7v2:order:";

impl Reading<'_> {
    fn own_identifier(&self, ordinal: u32) -> Option<String> {
        // The text tells more cheaply than a tree that it is none.
        std::str::from_utf8(self.bytes(ordinal)).ok().filter(|text| text.contains(OWN))?;
        crate::own::identifier(&self.node(ordinal))
    }

    fn of_order(&self, ordinal: u32) -> Option<&str> {
        self.entry(ordinal)?.full_url.as_deref().filter(|url| url.starts_with(OF_ORDER))
    }

    /// Whether an entry is a value of an HL7 v2 message that says of which order it is. Such values are sent again whenever
    /// they change, each time with a higher version.
    pub fn is_sent_by_order(&self, ordinal: u32) -> bool {
        self.of_order(ordinal).is_some()
    }

    /// The identity of an entry. `document_hash` is SHA-256 of the file as it came.
    pub fn identity(&self, ordinal: u32, document_hash: &[u8; 32]) -> Identity {
        let document = hex(document_hash);
        let entry = self.entry(ordinal);
        if let Some(url) = self.own_identifier(ordinal) {
            return Identity { source: OWN.to_owned(), bundle: OWN.to_owned(), url };
        }
        if let Some(url) = self.of_order(ordinal) {
            return Identity {
                source: OF_ORDER.to_owned(),
                bundle: OF_ORDER.to_owned(),
                url: url.to_owned(),
            };
        }
        let index = entry.and_then(|entry| entry.bundle);
        let info = index.and_then(|index| self.bundles.get(index));
        let source = info
            .and_then(|info| info.identifier.as_ref())
            .map(|(system, _)| system.clone())
            .filter(|system| !system.is_empty())
            .or_else(|| source::organisation_key(self, index?))
            .unwrap_or_else(|| document.clone());
        let bundle = info.and_then(|info| {
            let identifier = info.identifier.as_ref().map(|(_, value)| value.clone());
            identifier.or_else(|| info.id.as_ref().filter(|id| is_uuid(id)).map(|id| id.to_ascii_lowercase()))
        });
        let address = entry.and_then(|entry| {
            entry
                .full_url
                .clone()
                .or_else(|| Some(format!("{}/{}", entry.resource_type()?, entry.id.as_ref()?)))
        });
        // Without an address of its own an entry is told by its place, and only within this very file.
        let placed = address.is_none();
        Identity {
            source,
            bundle: bundle.filter(|_| !placed && self.form != Form::Resource).unwrap_or(document),
            url: address.unwrap_or_else(|| format!("#{ordinal}")),
        }
    }
}
