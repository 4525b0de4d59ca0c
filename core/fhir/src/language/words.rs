//! The messages of one language, read once. What is text alone or text with places is kept ready; only a message that
//! chooses a form (plural) goes through the Fluent resolver.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::{Entry, Expression, InlineExpression, Message, Pattern, PatternElement};
use rustc_hash::FxHashMap;

/// A message that is ready to be shown.
enum Form {
    Text(String),
    Parts(Vec<Part>),
    /// By its identifier in the bundle.
    Chosen(&'static str),
}

enum Part {
    Text(&'static str),
    Place(&'static str),
}

type Section = FxHashMap<&'static str, Form>;

/// All messages of a language.
pub(crate) struct Words {
    sections: FxHashMap<&'static str, Section>,
    labels: FxHashMap<&'static str, Section>,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// Reads the source of a language. What is no message is left out; the tests see to it that there is none.
    pub(crate) fn read(tag: &str, source: &'static str) -> Words {
        let mut bundle = FluentBundle::new_concurrent(tag.parse().into_iter().collect());
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        let mut words = Words { sections: FxHashMap::default(), labels: FxHashMap::default(), bundle };
        let tree = fluent_syntax::parser::parse(source).unwrap_or_else(|(tree, _)| tree);
        for entry in tree.body {
            if let Entry::Message(message) = entry {
                words.add(&message);
            }
        }
        words
    }

    fn add(&mut self, message: &Message<&'static str>) {
        let id = message.id.name;
        let (Some((section, key)), Some(pattern)) = (id.split_once('-'), &message.value) else { return };
        let form = form(id, pattern);
        match key.split_once('-').filter(|_| section == "labels") {
            Some((set, key)) => self.labels.entry(set).or_default().insert(key, form),
            None => self.sections.entry(section).or_default().insert(key, form),
        };
    }

    fn get(&self, section: &str, key: &str) -> Option<&Form> {
        let section = self.sections.get(section)?;
        section.get(key).or_else(|| section.get(identifier(key)?.as_str()))
    }

    pub(crate) fn has(&self, section: &str, key: &str) -> bool {
        self.get(section, key).is_some()
    }

    pub(crate) fn text(&self, section: &str, key: &str) -> Option<&str> {
        self.get(section, key).and_then(Form::text)
    }

    pub(crate) fn label(&self, set: &str, key: &str) -> Option<&str> {
        self.labels.get(set)?.get(key).and_then(Form::text)
    }

    pub(crate) fn fill(&self, section: &str, key: &str, places: &[(&str, &str)]) -> Option<String> {
        let find = |name: &str| places.iter().find(|(place, _)| *place == name).map(|(_, text)| *text);
        Some(match self.get(section, key)? {
            Form::Text(text) => text.clone(),
            Form::Parts(parts) => {
                let mut out = String::with_capacity(64);
                for part in parts {
                    out.push_str(match part {
                        Part::Text(text) => text,
                        Part::Place(name) => find(name).unwrap_or_default(),
                    });
                }
                out
            }
            Form::Chosen(id) => self.chosen(id, places)?,
        })
    }

    fn chosen(&self, id: &str, places: &[(&str, &str)]) -> Option<String> {
        let mut arguments = FluentArgs::with_capacity(places.len());
        for (place, text) in places {
            arguments.set(*place, value(text));
        }
        let message = self.bundle.get_message(id)?;
        Some(self.bundle.format_pattern(message.value()?, Some(&arguments), &mut Vec::new()).into_owned())
    }

    /// Each part that is there, after the text that stands before it; nothing before the first.
    pub(crate) fn sentence(&self, key: &str, parts: &[(&str, Option<&str>)]) -> Option<String> {
        let Form::Parts(pattern) = self.get("sentences", key)? else { return None };
        let mut out = String::new();
        let mut before = "";
        for part in pattern {
            match part {
                Part::Text(text) => before = text,
                Part::Place(name) => {
                    let found = parts.iter().find(|(place, _)| place == name).and_then(|(_, text)| *text);
                    if let Some(text) = found.filter(|text| !text.is_empty()) {
                        if !out.is_empty() {
                            out.push_str(before);
                        }
                        out.push_str(text);
                    }
                }
            }
        }
        Some(out)
    }

    /// Of messages with a single place, what stands before and after it.
    pub(crate) fn frames(&self, section: &str) -> impl Iterator<Item = (&str, &str)> {
        self.sections.get(section).into_iter().flat_map(FxHashMap::values).filter_map(|form| match form {
            Form::Parts(parts) => match parts.as_slice() {
                [Part::Text(before), Part::Place(_)] => Some((*before, "")),
                [Part::Place(_), Part::Text(after)] => Some(("", *after)),
                [Part::Text(before), Part::Place(_), Part::Text(after)] => Some((*before, *after)),
                _ => None,
            },
            _ => None,
        })
    }
}

impl Form {
    fn text(&self) -> Option<&str> {
        match self {
            Form::Text(text) => Some(text),
            _ => None,
        }
    }
}

fn form(id: &'static str, pattern: &Pattern<&'static str>) -> Form {
    let mut parts = Vec::with_capacity(pattern.elements.len());
    for element in &pattern.elements {
        parts.push(match element {
            PatternElement::TextElement { value } => Part::Text(value),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::VariableReference { id }),
            } => Part::Place(id.name),
            PatternElement::Placeable { .. } => return Form::Chosen(id),
        });
    }
    let text = |part: &Part| match part {
        Part::Text(text) => Some(*text),
        Part::Place(_) => None,
    };
    parts.iter().map(text).collect::<Option<String>>().map_or(Form::Parts(parts), Form::Text)
}

/// A key as it may stand in an identifier; `None` for one that already can, or is too long to be one.
fn identifier(key: &str) -> Option<String> {
    let plain = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '_');
    let fits = key.len() <= 64 && !key.chars().all(plain);
    fits.then(|| key.chars().map(|char| if plain(char) { char } else { '_' }).collect())
}

/// A number chooses a plural form; its digits stay as they are. Other texts (`1 to 2`, `1,50,000`) take the default form.
fn value(text: &str) -> FluentValue<'_> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| (1..=9).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && digits(fraction) && (whole == "0" || !whole.starts_with('0')) {
        FluentValue::try_number(text)
    } else {
        FluentValue::from(text)
    }
}
