//! Documents, files, and every type that has no rules of its own.

use std::collections::{BTreeMap, HashSet};

use super::{Draft, join, kind_of, narrative, note, plain, status_is, status_word};
use crate::attachment::{decode_base64, media_of};
use crate::kind::Kind;
use crate::label::{clean, label};
use crate::language::Language;
use crate::links::sections;
use crate::names::{Holder, address, human_name};
use crate::standing::Standing;
use crate::tree::Node;
use crate::value;

/// A clinical document: its title, who wrote it, what is in it.
pub(crate) fn composition(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    draft.title = plain(root, "title").or_else(|| label(language, root.at("type"), "other", ""));
    draft.chip(status_word(language, root, "status", "documentStatus"));
    let author = holder.name(root.at("author").first());
    let custodian = holder.name(root.at("custodian")).filter(|name| author.as_ref() != Some(name));
    draft.line = join([author, custodian]);
    let mut counts: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut seen = HashSet::new();
    sections(root.at("section"), 0, &mut |section| {
        draft.words.extend(plain(section, "title"));
        for reference in section.at("entry").items().take(500) {
            let found = address(reference).and_then(|address| holder.ordinal_of(&address));
            if let Some(kind) = found
                .filter(|found| seen.insert(*found))
                .and_then(|found| holder.reading.entry(found)?.resource_type().map(kind_of))
            {
                *counts.entry(kind).or_default() += 1;
            }
        }
    });
    for (kind, count) in
        counts.into_iter().filter(|(kind, _)| !matches!(kind, Kind::Support | Kind::Other)).take(3)
    {
        draft.chip(Some(language.counted(kind, count)));
    }
}

/// A file or what describes one.
pub(crate) fn document(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    if root.has("resourceType", "Binary") && holder.reading.links().described.contains(&holder.ordinal) {
        // What describes it has the card.
        draft.kind = Some(Kind::Support);
    }
    let attachment = attachment(root);
    draft.title = plain(root, "description")
        .or_else(|| label(language, root.at("type"), "other", ""))
        .or_else(|| plain(attachment, "title"))
        .or_else(|| label(language, root.at("modality"), "other", "modality"));
    if status_is(root, &["not-done"]) {
        draft.stand(Standing::NotDone, "not-done");
    }
    draft.chip(status_word(language, root, "status", "documentStatus"));
    draft.chip(status_word(language, root, "docStatus", "documentStatus"));
    let named = plain(attachment, "title").filter(|title| draft.title.as_ref() != Some(title));
    let author = holder.name(root.any(&["author", "operator", "custodian"]).first());
    draft.line = join([described(holder, attachment), named, author]);
}

/// The attachment of a `DocumentReference`, Media or Binary, which is its own.
fn attachment<'n, 'a>(root: &'n Node<'a>) -> &'n Node<'a> {
    let content = root.at("content").first();
    if content.at("attachment").there() {
        content.at("attachment").first()
    } else if content.at("contentType").there() || content.at("url").there() || content.at("data").there() {
        content
    } else {
        root
    }
}

/// `PDF, 420 KB`, by the bytes when they are here.
fn described(holder: &Holder<'_>, attachment: &Node<'_>) -> Option<String> {
    let language = holder.language();
    let linked = attachment
        .str("url")
        .and_then(|url| holder.ordinal_of(&url))
        .map(|ordinal| holder.reading.node(ordinal));
    let node = linked.as_ref().unwrap_or(attachment);
    let data = match node.any(&["data", "content"]) {
        Node::Text(text) => decode_base64(text.get().as_bytes()),
        _ => None,
    };
    let shown = data.as_deref().and_then(media_of).map(|media| media.content_type);
    let declared = attachment.str("contentType").or_else(|| node.str("contentType"));
    let declared = declared
        .as_deref()
        .and_then(|text| text.split(';').next())
        .map(str::trim)
        .map(str::to_ascii_lowercase);
    let name = shown
        .or(declared.as_deref())
        .map(|kind| language.word("media", kind).map_or_else(|| clean(kind), str::to_owned));
    let length = data.map(|bytes| bytes.len() as u64).or_else(|| attachment.str("size")?.parse().ok());
    match (name, length.map(|length| size(language, length))) {
        (Some(name), Some(size)) => Some(language.phrase("sized", &[("type", &name), ("size", &size)])),
        (name, size) => name.or(size),
    }
}

/// `420 KB`: of 1000 bytes, rounded half up.
fn size(language: Language, bytes: u64) -> String {
    match bytes {
        0..1000 => language.phrase("bytes", &[("n", &bytes.to_string())]),
        1000..1_000_000 => language.phrase("kb", &[("n", &((bytes + 500) / 1000).to_string())]),
        _ => {
            let tenths = (bytes + 50_000) / 100_000;
            language.phrase("mb", &[("n", &format!("{}.{}", tenths / 10, tenths % 10))])
        }
    }
}

/// Any other type, unknown ones too: whatever names it, as received.
pub(crate) fn other(holder: &Holder<'_>, resource_type: &str, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    let concept = |keys: &[&str]| {
        keys.iter().find_map(|key| {
            label(language, root.at(key), "other", "").filter(|_| !matches!(root.at(key), Node::Bool(_)))
        })
    };
    let text = |key: &str| match root.at(key) {
        Node::Text(_) => plain(root, key),
        _ => None,
    };
    let name = match root.at("name").first() {
        Node::Text(_) => plain(root, "name"),
        Node::Object(_) => human_name(root.at("name")),
        _ => None,
    };
    draft.title = text("title")
        .or(name)
        .or_else(|| concept(&["code", "vaccineCode", "medicationCodeableConcept"]))
        .or_else(|| root.at("deviceName").first().str("name").map(|name| clean(&name)))
        .or_else(|| concept(&["type", "deviceCodeableConcept"]))
        .or_else(|| holder.name(root.any(&["device", "medicationReference"])))
        .or_else(|| text("description"))
        .or_else(|| concept(&["category", "scope", "class"]));
    if language.word("nouns", resource_type).is_none() && kind_of(resource_type) == Kind::Other {
        draft.chip(Some(language.phrase("asReceived", &[])));
    }
    if draft.title.is_none() && language.word("nouns", resource_type).is_none() {
        draft.title = narrative(root, 80);
    }
    let described = text("description").filter(|text| draft.title.as_ref() != Some(text));
    draft.line = described
        .or_else(|| text("summary"))
        .or_else(|| value::text(language, root, "value", &[]))
        .or_else(|| note(root))
        .or_else(|| {
            narrative(root, 140)
                .filter(|_| kind_of(resource_type) != Kind::Support)
                .filter(|text| draft.title.as_ref() != Some(text))
        });
}
