//! Names of people, places and things that a reference leads to, and where references lead.

use crate::label::{clean, label};
use crate::language::Language;
use crate::reading::Reading;
use crate::tree::Node;

/// How far references are followed from one to the next.
const DEPTH: usize = 4;

/// A resource as the starting point of references: its contained resources, its bundle, its own address.
#[derive(Clone, Copy)]
pub(crate) struct Holder<'a> {
    pub(crate) reading: &'a Reading<'a>,
    pub(crate) ordinal: u32,
    pub(crate) root: &'a Node<'a>,
}

/// What a reference leads to.
pub(crate) enum Target<'a> {
    Contained(&'a Node<'a>),
    Entry(u32, Node<'a>),
}

impl<'a> Target<'a> {
    pub(crate) fn node(&self) -> &Node<'a> {
        match self {
            Target::Contained(node) => node,
            Target::Entry(_, node) => node,
        }
    }

    pub(crate) fn is(&self, resource_type: &str) -> bool {
        self.node().has("resourceType", resource_type)
    }
}

/// The reference in a `Reference`, a `CodeableReference`, or a bare string.
pub(crate) fn address<'a>(node: &Node<'a>) -> Option<std::borrow::Cow<'a, str>> {
    match node {
        Node::Text(text) => Some(text.get()),
        node if matches!(node.at("reference"), Node::Object(_)) => node.at("reference").str("reference"),
        node => node.str("reference"),
    }
}

impl<'a> Holder<'a> {
    /// The language in which the file is read.
    pub(crate) fn language(&self) -> Language {
        self.reading.language
    }

    /// The entry that an address leads to within the holder's own bundle; never over the network.
    pub(crate) fn ordinal_of(&self, address: &str) -> Option<u32> {
        let entry = self.reading.entry(self.ordinal)?;
        lookup(self.reading, entry.bundle, entry.full_url.as_deref(), address)
    }

    /// What a reference leads to: a contained resource, or an entry of the same bundle.
    pub(crate) fn resolve(&self, reference: &Node<'_>) -> Option<Target<'a>> {
        let address = address(reference)?;
        if let Some(id) = address.strip_prefix('#') {
            let contained = self.root.at("contained").items();
            return contained
                .filter(|item| item.there())
                .find(|item| item.str("id").is_some_and(|own| own == id))
                .map(Target::Contained);
        }
        let ordinal = self.ordinal_of(&address)?;
        let node = self.reading.node(ordinal);
        node.there().then_some(Target::Entry(ordinal, node))
    }

    /// A reference in words: its display, its target's name, its identifier. `None`: leave the line out.
    pub(crate) fn name(&self, reference: &Node<'_>) -> Option<String> {
        self.name_within(reference, DEPTH)
    }

    fn name_within(&self, reference: &Node<'_>, depth: usize) -> Option<String> {
        let reference = reference.first();
        let inner = if matches!(reference.at("reference"), Node::Object(_)) {
            reference.at("reference")
        } else {
            reference
        };
        if let Some(display) =
            inner.str("display").map(|display| clean(&display)).filter(|display| !display.is_empty())
        {
            return Some(display);
        }
        if depth > 0
            && let Some(target) = self.resolve(inner)
        {
            let found = match &target {
                Target::Contained(node) => self.title_within(node, depth - 1),
                Target::Entry(ordinal, node) => {
                    Holder { reading: self.reading, ordinal: *ordinal, root: node }
                        .title_within(node, depth - 1)
                }
            };
            if found.is_some() {
                return found;
            }
        }
        let identifier = inner.at("identifier");
        let value = identifier.str("value").map(|value| clean(&value))?;
        Some(match label(self.language(), identifier.at("type"), "other", "") {
            Some(kind) => format!("{kind} {value}"),
            None => value,
        })
    }

    /// What a resource is called when something else points at it.
    fn title_within(&self, node: &Node<'_>, depth: usize) -> Option<String> {
        let text = |key: &str| node.str(key).map(|text| clean(&text)).filter(|text| !text.is_empty());
        match node.str("resourceType").as_deref().unwrap_or_default() {
            "Patient" | "Practitioner" | "Person" | "RelatedPerson" => human_name(node.at("name")),
            "PractitionerRole" => self
                .name_within(node.at("practitioner"), depth)
                .or_else(|| self.name_within(node.at("organization"), depth)),
            "Medication" => medication_name(self.language(), node),
            "Device" => text("name")
                .or_else(|| node.at("deviceName").first().str("name").map(|name| clean(&name)))
                .or_else(|| label(self.language(), node.at("type"), "other", "")),
            _ => text("name")
                .or_else(|| label(self.language(), node.at("code"), "other", ""))
                .or_else(|| text("description"))
                .or_else(|| label(self.language(), node.at("type"), "other", "")),
        }
    }
}

/// A Medication's name; a product without one is named by its ingredients.
pub(crate) fn medication_name(language: Language, node: &Node<'_>) -> Option<String> {
    label(language, node.at("code"), "medication", "").or_else(|| {
        let items: Vec<String> = node
            .at("ingredient")
            .items()
            .filter_map(|item| label(language, item.any(&["itemCodeableConcept", "item"]), "medication", ""))
            .take(4)
            .collect();
        (!items.is_empty()).then(|| items.join(" + "))
    })
}

/// Finds an address in a bundle: exactly; made absolute by the holder's own address; as `Type/id`.
pub(crate) fn lookup(
    reading: &Reading<'_>,
    bundle: Option<usize>,
    full_url: Option<&str>,
    address: &str,
) -> Option<u32> {
    let address = address.split_once("/_history/").map_or(address, |(address, _)| address);
    let address = address.split_once('#').map_or(address, |(address, _)| address);
    let get = |key: String| reading.by_url.get(&(bundle, key)).copied();
    if address.contains("://") || address.starts_with("urn:") {
        return get(address.to_owned());
    }
    let base = full_url.and_then(|url| {
        let (rest, _) = url.rsplit_once('/')?;
        let (base, _) = rest.rsplit_once('/')?;
        base.contains("://").then(|| format!("{base}/{address}"))
    });
    base.and_then(get).or_else(|| get(address.to_owned()))
}

/// A `HumanName`: official before usual before others before old, its text or its parts.
pub(crate) fn human_name(names: &Node<'_>) -> Option<String> {
    let rank = |name: &Node<'_>| match (name.str("use").as_deref(), name.at("period").at("end").there()) {
        (Some("old"), _) => 4,
        (_, true) => 3,
        (Some("official"), _) => 0,
        (Some("usual"), _) => 1,
        _ => 2,
    };
    let mut all: Vec<&Node<'_>> = names.items().filter(|name| name.there()).collect();
    all.sort_by_key(|name| rank(name));
    all.into_iter().find_map(|name| {
        if let Node::Text(text) = name {
            return Some(clean(&text.get())).filter(|text| !text.is_empty());
        }
        if let Some(text) = name.str("text").map(|text| clean(&text)).filter(|text| !text.is_empty()) {
            return Some(text);
        }
        let parts = ["prefix", "given", "family", "suffix"]
            .iter()
            .flat_map(|key| name.at(key).items().filter_map(Node::text));
        let text = clean(&parts.collect::<Vec<_>>().join(" "));
        (!text.is_empty()).then_some(text)
    })
}
