//! What a file of another format became.

use std::collections::HashMap;
use std::fmt;

use kosha_fhir::{Language, Messages};

use crate::json::{Json, list, object, text};
use crate::resource::complete;

/// A file as a FHIR R4 bundle, and what of it is not in there.
#[derive(Clone, PartialEq, Eq)]
pub struct Converted {
    /// A `Bundle` of type `collection`, in JSON. Every resource of it was made here; the file itself is to be kept beside.
    pub bundle: Vec<u8>,
    /// How many resources are in it.
    pub resources: usize,
    /// What was not taken.
    pub left: Vec<Left>,
}

/// A piece of the file of which no resource was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Place in the file, from 0: the segment of HL7 v2, the row of a table, the element or text of XML counted in document
    /// order; 0 in a DICOM file.
    pub place: usize,
    /// Why, a stable code of [`reason_text`].
    pub reason: &'static str,
}

/// The code of a part that belongs into an office's files and not into health records. There is one in every message.
pub const NOTHING_FOR_RECORDS: &str = "hl7-nothing-for-records";

/// Why a file as a whole cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", reason_text(self.0))]
pub struct Refusal(pub &'static str);

impl fmt::Debug for Converted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Converted")
            .field("resources", &self.resources)
            .field("left", &self.left.len())
            .finish_non_exhaustive()
    }
}

/// Takes the source of each language from the list of all.
macro_rules! languages {
    ($($(#[$attribute:meta])* $variant:ident $tag:literal $name:literal $state:ident;)+) => {
        fn source(language: Language) -> &'static str {
            match language {
                $(Language::$variant => include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/languages/", $tag, "/reason.ftl")),)+
            }
        }
    };
}

include!("../../fhir/languages/languages.rs");

static WORDS: Messages = Messages::new(source);

/// The plain English sentence of a code of [`Left`] or [`Refusal`]; empty for another one.
pub fn reason_text(code: &str) -> &'static str {
    reason_in(Language::English, code)
}

/// [`reason_text`] in a language.
pub fn reason_in(language: Language, code: &str) -> &'static str {
    WORDS.text(language, &format!("reasons-{code}"))
}

/// A bundle that grows.
#[derive(Default)]
pub(crate) struct Growing {
    entries: Vec<(String, Json)>,
    left: Vec<Left>,
    identifier: Option<Json>,
}

impl Growing {
    /// Adds a resource; gives its place. `address` is unique within the file.
    pub(crate) fn add(&mut self, address: String, resource: Json) -> usize {
        self.entries.push((address, resource));
        self.entries.len() - 1
    }

    /// Says which whole the file is a part of: what has the same address in two such files is the same.
    pub(crate) fn identify(&mut self, identifier: Json) {
        self.identifier = Some(identifier);
    }

    /// How many resources are in it.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How much was left.
    pub(crate) fn left(&self) -> usize {
        self.left.len()
    }

    pub(crate) fn get(&self, at: usize) -> Option<&Json> {
        self.entries.get(at).map(|(_, resource)| resource)
    }

    pub(crate) fn address(&self, at: usize) -> Option<&str> {
        self.entries.get(at).map(|(address, _)| address.as_str())
    }

    pub(crate) fn get_mut(&mut self, at: usize) -> Option<&mut Json> {
        self.entries.get_mut(at).map(|(_, resource)| resource)
    }

    /// Takes a resource out; the places of all that came after it move up. Not for one to which there is a reference.
    pub(crate) fn remove(&mut self, at: usize) -> Option<Json> {
        (at < self.entries.len()).then(|| self.entries.remove(at).1)
    }

    /// A reference to the resource at a place.
    pub(crate) fn reference(&self, at: usize) -> Option<Json> {
        let (address, _) = self.entries.get(at)?;
        Some(object([("reference", text(address))]))
    }

    /// Puts versions of one resource, which have one address, so that the newest stands where the first of them did: what
    /// refers to it means that one.
    pub(crate) fn newest_first(&mut self) {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, (address, _)) in self.entries.iter().enumerate() {
            places.entry(address).or_default().push(at);
        }
        let several: Vec<Vec<usize>> = places.into_values().filter(|places| places.len() > 1).collect();
        for places in several {
            let mut versions: Vec<Json> = Vec::with_capacity(places.len());
            for at in &places {
                if let Some((_, resource)) = self.entries.get_mut(*at) {
                    versions.push(std::mem::replace(resource, Json::Bool(false)));
                }
            }
            versions.sort_by_key(|version| std::cmp::Reverse(version_of(version)));
            for (at, version) in places.into_iter().zip(versions) {
                if let Some((_, resource)) = self.entries.get_mut(at) {
                    *resource = version;
                }
            }
        }
    }

    pub(crate) fn leave(&mut self, place: usize, reason: &'static str) {
        self.left.push(Left { place, reason });
    }

    pub(crate) fn finish(self) -> Converted {
        let resources = self.entries.len();
        let entries = self.entries.into_iter().map(|(address, mut resource)| {
            complete(&mut resource);
            object([("fullUrl", text(address)), ("resource", Some(resource))])
        });
        let bundle = object([
            ("resourceType", text("Bundle")),
            ("identifier", self.identifier),
            ("type", text("collection")),
            ("entry", list(entries)),
        ]);
        let mut out = String::new();
        bundle.write(&mut out);
        Converted { bundle: out.into_bytes(), resources, left: self.left }
    }
}

/// `meta.versionId`, where it is a number.
fn version_of(resource: &Json) -> Option<u64> {
    match resource.get("meta")?.get("versionId")? {
        Json::Text(version) => version.parse().ok(),
        _ => None,
    }
}
