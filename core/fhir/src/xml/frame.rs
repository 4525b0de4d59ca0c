//! One element of the document while it is open, and how it is written as JSON.

use std::fmt::Write as _;

use super::elements::{self, Element, Primitive};

/// Most different elements within one. FHIR has none with nearly as many.
const MOST_NAMES: usize = 256;

/// All elements of one name: values beside what primitives have besides a value. Empty texts stand for none.
struct Member {
    name: String,
    list: bool,
    values: Vec<String>,
    extras: Vec<String>,
}

/// An open element.
pub(super) struct Frame {
    pub(super) name: String,
    element: Element,
    /// The type by which its elements are known.
    inside: &'static str,
    pub(super) is_resource: bool,
    value: Option<String>,
    members: Vec<Member>,
    /// Resources that it is only a wrapper of.
    resources: Vec<String>,
}

/// What an element became: its value, and of a primitive, its id and extensions.
struct Closed {
    values: Vec<String>,
    extra: String,
}

impl Frame {
    /// A resource.
    pub(super) fn resource(name: &str) -> Self {
        let mut frame = Frame::new(name, elements::element("", false, ""), elements::resource(name));
        frame.is_resource = true;
        frame
    }

    /// An element of an open one.
    pub(super) fn inside(parent: &Frame, name: &str) -> Self {
        let element = elements::element(parent.inside, parent.is_resource, name);
        Frame::new(name, element, element.inside)
    }

    fn new(name: &str, element: Element, inside: &'static str) -> Self {
        Frame {
            name: name.to_owned(),
            element,
            inside,
            is_resource: false,
            value: None,
            members: Vec::new(),
            resources: Vec::new(),
        }
    }

    /// Takes an attribute of the element. One that FHIR does not have says nothing.
    pub(super) fn attribute(&mut self, name: &str, value: &str) {
        match name {
            "value" => self.value = Some(primitive(value, self.element.primitive)),
            "id" => self.text("id", value),
            "url" if self.name.to_ascii_lowercase().ends_with("extension") => self.text("url", value),
            _ => {}
        }
    }

    fn text(&mut self, name: &str, value: &str) {
        // A name of our own: there is always room for it.
        let _ = self.put(name, false, vec![quoted(value)], String::new());
    }

    /// Adds to the elements of a name.
    fn put(
        &mut self,
        name: &str,
        list: bool,
        values: Vec<String>,
        extra: String,
    ) -> Result<(), &'static str> {
        // Elements of one name follow one another.
        let at = self.members.iter().rposition(|member| member.name == name);
        let at = match at {
            Some(at) => at,
            None if self.members.len() >= MOST_NAMES => return Err("too-many-parts"),
            None => {
                self.members.push(Member {
                    name: name.to_owned(),
                    list,
                    values: Vec::new(),
                    extras: Vec::new(),
                });
                self.members.len() - 1
            }
        };
        if let Some(member) = self.members.get_mut(at) {
            member.extras.push(extra);
            member.extras.extend(values.iter().skip(1).map(|_| String::new()));
            member.values.extend(values);
        }
        Ok(())
    }

    /// Takes the markup of a narrative.
    pub(super) fn markup(&mut self, markup: &str) {
        self.text("div", markup);
    }

    /// Takes an element of it that has ended; an error where there are too many of different names, or one would stand for
    /// the resource's type.
    pub(super) fn take(&mut self, child: Frame) -> Result<(), &'static str> {
        if child.is_resource {
            self.resources.push(child.object());
            return Ok(());
        }
        if self.is_resource && child.name == "resourceType" {
            return Err("xml-broken");
        }
        let (name, list) = (child.name.clone(), child.element.list);
        match child.close() {
            Some(closed) => self.put(&name, list, closed.values, closed.extra),
            None => Ok(()),
        }
    }

    /// Nothing for an element without any content.
    fn close(mut self) -> Option<Closed> {
        if !self.resources.is_empty() {
            return Some(Closed { values: std::mem::take(&mut self.resources), extra: String::new() });
        }
        let only_extensions =
            self.members.iter().all(|member| matches!(member.name.as_str(), "id" | "extension"));
        let value = self.value.take();
        if value.is_none() && self.members.is_empty() {
            return None;
        }
        if value.is_some() || (only_extensions && !self.element.complex) {
            let extra = if self.members.is_empty() { String::new() } else { self.object() };
            return Some(Closed { values: vec![value.unwrap_or_default()], extra });
        }
        Some(Closed { values: vec![self.object()], extra: String::new() })
    }

    /// The element as a JSON object.
    pub(super) fn object(&self) -> String {
        let mut out = String::from("{");
        if self.is_resource {
            let _ = write!(out, "\"resourceType\":{}", quoted(&self.name));
        }
        for member in &self.members {
            for (sign, values) in [("", &member.values), ("_", &member.extras)] {
                if values.iter().all(String::is_empty) {
                    continue;
                }
                if out.len() > 1 {
                    out.push(',');
                }
                out.push_str(&quoted(&format!("{sign}{}", member.name)));
                out.push(':');
                write_values(values, member.list || values.len() > 1, &mut out);
            }
        }
        out.push('}');
        out
    }
}

fn write_values(values: &[String], list: bool, out: &mut String) {
    if !list {
        out.extend(values.first().map(String::as_str));
        return;
    }
    for (at, value) in values.iter().enumerate() {
        out.push(if at == 0 { '[' } else { ',' });
        out.push_str(if value.is_empty() { "null" } else { value });
    }
    out.push(']');
}

/// A primitive value as JSON. A number keeps its digits; what is none, or neither true nor false, stays a text.
fn primitive(value: &str, kind: Primitive) -> String {
    let plain = value.trim();
    let fits = match kind {
        Primitive::Text => false,
        Primitive::Bool => matches!(plain, "true" | "false"),
        Primitive::Number => is_number(plain),
    };
    if fits { plain.to_owned() } else { quoted(value) }
}

/// A number of JSON (RFC 8259, section 6).
fn is_number(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = text.strip_prefix('-').unwrap_or(text);
    let (number, exponent) =
        text.split_once(['e', 'E']).map_or((text, "0"), |(number, exponent)| (number, exponent));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    digits(whole) && digits(part) && digits(exponent) && (whole == "0" || !whole.starts_with('0'))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_else(|_| String::from("\"\""))
}
