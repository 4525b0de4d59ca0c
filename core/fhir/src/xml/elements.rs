//! What FHIR's elements are, which XML does not say: lists, numbers, Booleans, and elements of elements.
//!
//! The table is `data/elements.txt`; `data/README.md` tells how it is written and where it is from.

use std::collections::HashMap;
use std::sync::OnceLock;

const TABLE: &str = include_str!("../../data/elements.txt");

/// How a primitive value is written in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    Text,
    Number,
    Bool,
}

/// What is known of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// JSON has a list, be it of one.
    pub(super) list: bool,
    pub(super) primitive: Primitive,
    /// It consists of elements.
    pub(super) complex: bool,
    /// The type by which those are known; empty where they are all plain.
    pub(super) inside: &'static str,
}

/// An element that the table does not have: a single text, or whatever its content shows.
const PLAIN: Element = Element { list: false, primitive: Primitive::Text, complex: false, inside: "" };

type Types = HashMap<&'static str, HashMap<&'static str, Element>>;

fn types() -> &'static Types {
    static TYPES: OnceLock<Types> = OnceLock::new();
    TYPES.get_or_init(|| {
        let rows = TABLE.lines().filter_map(|line| line.split_once(' '));
        let names: HashMap<&str, &str> = rows.collect();
        names.iter().map(|(name, fields)| (*name, fields_of(name, fields, &names))).collect()
    })
}

fn fields_of(
    parent: &str,
    fields: &'static str,
    names: &HashMap<&'static str, &'static str>,
) -> HashMap<&'static str, Element> {
    let known = |name: &str| names.get_key_value(name).map_or("", |(name, _)| *name);
    let read = |field: &'static str| {
        let end = field.find(['*', '#', '!', '+', '~', ':']).unwrap_or(field.len());
        let (name, signs) = field.split_at_checked(end)?;
        let (list, sign) = signs.strip_prefix('*').map_or((false, signs), |sign| (true, sign));
        let mut element = Element { list, ..PLAIN };
        match sign.split_at_checked(1) {
            Some(("#", _)) => element.primitive = Primitive::Number,
            Some(("!", _)) => element.primitive = Primitive::Bool,
            Some((kind, named)) => {
                element.complex = true;
                element.inside = match kind {
                    "+" => known(&within(parent, name)),
                    "~" => capitals(name).map(known).find(|found| !found.is_empty()).unwrap_or_default(),
                    _ => known(named),
                };
            }
            None => {}
        }
        Some((name, element))
    };
    fields.split(' ').filter_map(read).collect()
}

/// The type of an element that belongs to its parent alone: `PatientContact`.
fn within(parent: &str, name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    parent.chars().chain(first).chain(letters).collect()
}

/// The ends of a name from each capital on, longest first.
fn capitals(name: &str) -> impl Iterator<Item = &str> {
    let starts = name.char_indices().filter(|(_, letter)| letter.is_ascii_uppercase());
    starts.filter_map(|(at, _)| name.get(at..))
}

/// The type of a resource, by its name; empty for one that is not known.
pub(super) fn resource(name: &str) -> &'static str {
    types().get_key_value(name).map_or("", |(name, _)| *name)
}

/// What an element of a type is.
pub(super) fn element(parent: &str, is_resource: bool, name: &str) -> Element {
    let find = |parent: &str| types().get(parent).and_then(|fields| fields.get(name)).copied();
    let common = || match name {
        "extension" | "modifierExtension" => {
            Some(Element { list: true, complex: true, inside: resource("Extension"), ..PLAIN })
        }
        "contained" => Some(Element { list: true, complex: true, ..PLAIN }),
        _ if is_resource => find("DomainResource").or_else(|| find("Resource")),
        _ => None,
    };
    find(parent).or_else(common).unwrap_or(PLAIN)
}

#[cfg(test)]
mod tests {
    use super::{Primitive, element, types};

    #[test]
    fn elements_are_what_their_releases_say() {
        let contact = element("Patient", true, "contact");
        assert!(contact.list && contact.complex);
        assert_eq!(contact.inside, "PatientContact");
        assert!(!element("PatientContact", false, "name").list);
        assert!(element("Patient", true, "name").list);
        assert_eq!(element("Patient", true, "name").inside, "HumanName");
        assert_eq!(element("Patient", true, "active").primitive, Primitive::Bool);
        assert_eq!(element("Patient", true, "meta").inside, "Meta");
        assert!(element("Meta", false, "profile").list);
        assert_eq!(element("Observation", true, "valueQuantity").inside, "Quantity");
        assert_eq!(element("Quantity", false, "value").primitive, Primitive::Number);
        assert_eq!(element("Extension", false, "valueDecimal").primitive, Primitive::Number);
        assert_eq!(element("Attachment", false, "size").primitive, Primitive::Number);
        assert_eq!(
            element("MedicationOrder", true, "dosageInstruction").inside,
            "MedicationOrderDosageInstruction"
        );
        assert_eq!(element("Observation", true, "birthDate"), super::PLAIN);
        // No type refers to one that is not there.
        assert!(types().len() > 900);
    }
}
