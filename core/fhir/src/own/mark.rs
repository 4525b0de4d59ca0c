//! What says that the patient said it, and how it is read back.
//!
//! `meta.security` carries the label of HL7 v3 `ObservationValue` for who asserted it: `PATAST`, the patient, or `SDMAST`,
//! somebody who decides for them. It stays in a share. `meta.tag` says that Kosha wrote it, and what sort of entry it is.

use super::resource::{OWN_TAG, SAID_BY};
use crate::names::Holder;
use crate::tree::Node;

/// Labels of what the patient, or somebody for them, asserted.
const LABELS: [&str; 2] = ["PATAST", "SDMAST"];
/// Members that may name who said it.
const TELLERS: [&str; 5] = ["performer", "informationSource", "asserter", "recorder", "author"];

/// The mark of an entry that somebody wrote down in Kosha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnMark {
    /// The sort of entry, as [`super::OwnEntry::sort`] says it.
    pub sort: String,
    /// Number of the version, from 1.
    pub version: u32,
    /// Whether it was removed: it is marked as entered in error.
    pub removed: bool,
    /// The entry's own identifier, the same in all its versions.
    pub identifier: String,
}

/// Whether a resource says that the patient, or somebody for them, said it.
pub(crate) fn is_said_by_patient(root: &Node<'_>) -> bool {
    root.at("meta")
        .at("security")
        .items()
        .any(|label| label.has("system", SAID_BY) && LABELS.iter().any(|code| label.has("code", code)))
}

/// Whether a resource has the mark of an entry that somebody wrote down in Kosha.
pub(crate) fn is_marked(root: &Node<'_>) -> bool {
    root.at("meta").at("tag").items().any(|tag| tag.has("system", OWN_TAG))
}

/// Whether these bytes are an entry that somebody wrote down in Kosha.
pub fn is_own_entry(resource: &[u8]) -> bool {
    own_mark(resource).is_some()
}

/// The mark of an entry that somebody wrote down in Kosha; `None` for any other resource.
pub fn own_mark(resource: &[u8]) -> Option<OwnMark> {
    let text = std::str::from_utf8(resource).ok().filter(|text| text.contains(OWN_TAG))?;
    let root = Node::parse(text);
    let sort =
        root.at("meta").at("tag").items().find(|tag| tag.has("system", OWN_TAG))?.str("code")?.into_owned();
    let version = root.at("meta").str("versionId").and_then(|text| text.parse().ok()).unwrap_or(1);
    Some(OwnMark {
        sort,
        version,
        removed: crate::card::status_is(&root, &["entered-in-error"]),
        identifier: identifier(&root)?,
    })
}

/// The remark beside an entry, as it was typed; `None` without one, and for any other resource.
pub fn own_note(resource: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(resource).ok().filter(|text| text.contains(OWN_TAG))?;
    let root = Node::parse(text);
    identifier(&root)?;
    let of_extension = root.at("extension").first().at("valueAnnotation");
    let note = root.at("note").first().str("text").or_else(|| of_extension.str("text"));
    note.map(std::borrow::Cow::into_owned)
}

/// The identifier of an entry that Kosha wrote.
pub(crate) fn identifier(root: &Node<'_>) -> Option<String> {
    is_marked(root).then_some(())?;
    let value = root.at("identifier").first().str("value")?;
    value.starts_with("urn:uuid:").then(|| value.into_owned())
}

/// Who said it, for the place of the source: a name where there is one.
pub(crate) fn source(holder: &Holder<'_>) -> Option<String> {
    is_said_by_patient(holder.root).then(|| {
        TELLERS
            .iter()
            .find_map(|key| holder.root.at(key).items().find_map(|teller| teller.str("display")))
            .map(|name| crate::label::clean(&name))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| holder.language().say("own", "source", &[]))
    })
}
