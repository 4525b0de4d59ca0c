//! Messages of a Fluent source as tests look at them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::collections::BTreeSet;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};

/// A message flattened: the texts of its forms by the key of the form (`""` for the only one), and its places.
pub(crate) struct Flat {
    pub(crate) forms: Vec<(String, String)>,
    pub(crate) places: BTreeSet<String>,
}

fn walk(pattern: &Pattern<&str>, into: &mut String, flat: &mut Flat) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => into.push_str(value),
            PatternElement::Placeable { expression: Expression::Inline(inline) } => match inline {
                InlineExpression::VariableReference { id } => {
                    into.extend(["{", id.name, "}"]);
                    flat.places.insert(id.name.to_owned());
                }
                InlineExpression::StringLiteral { value } => into.push_str(value),
                _ => panic!("only texts, places and forms are used"),
            },
            PatternElement::Placeable { expression: Expression::Select { selector, variants } } => {
                assert!(matches!(selector, InlineExpression::VariableReference { .. }));
                for variant in variants {
                    let (VariantKey::Identifier { name: key } | VariantKey::NumberLiteral { value: key }) =
                        &variant.key;
                    let mut text = String::new();
                    walk(&variant.value, &mut text, flat);
                    flat.forms.push(((*key).to_owned(), text));
                }
            }
        }
    }
}

/// Every message of a source, attributes as `id.attribute`; no entry may be anything else.
pub(crate) fn messages(source: &str) -> Vec<(String, Flat)> {
    let tree = fluent_syntax::parser::parse(source).map_err(|(_, errors)| errors).unwrap();
    let mut all: Vec<(String, Flat)> = Vec::new();
    let mut add = |id: String, pattern: &Pattern<&str>| {
        let mut flat = Flat { forms: Vec::new(), places: BTreeSet::new() };
        let mut text = String::new();
        walk(pattern, &mut text, &mut flat);
        if flat.forms.is_empty() {
            flat.forms.push((String::new(), text));
        }
        all.push((id, flat));
    };
    for entry in tree.body {
        match entry {
            Entry::Message(message) => {
                if let Some(value) = &message.value {
                    add(message.id.name.to_owned(), value);
                }
                for attribute in &message.attributes {
                    add(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value);
                }
            }
            Entry::Term(_) | Entry::Junk { .. } => panic!("only messages are used"),
            _ => {}
        }
    }
    let mut ids: Vec<&String> = all.iter().map(|(id, _)| id).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "a message stands twice");
    all
}
