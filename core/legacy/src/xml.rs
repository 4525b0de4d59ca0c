//! XML as a tree of bounded size, for formats that are read whole.
//!
//! After "Extensible Markup Language (XML) 1.0" and "Namespaces in XML 1.0". There is no DTD, no entity but the five
//! that XML itself has, and nothing is ever loaded. Nodes lie in one list, so that neither reading nor dropping a tree
//! recurses.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

pub(crate) use kosha_fhir::xml_text as decoded;

/// Deepest nesting.
const DEEPEST: usize = 100;
/// Most nodes: elements and texts.
const MOST_NODES: usize = 1_000_000;
/// Most attributes of one element.
const MOST_ATTRIBUTES: usize = 256;
/// Longest value of an attribute, in bytes.
const LONGEST_VALUE: usize = 1 << 20;
/// Most namespace prefixes that hold at one place.
const MOST_PREFIXES: usize = 256;
/// In place of the number of a node: there is none.
const NONE: u32 = u32::MAX;

/// The vocabulary that a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Space {
    /// No namespace.
    None,
    /// `urn:hl7-org:v3`.
    Hl7,
    /// `urn:hl7-org:sdtc`, extensions of the US realm.
    Sdtc,
    /// `http://www.w3.org/2001/XMLSchema-instance`.
    Schema,
    /// Any other.
    Other,
}

impl Space {
    fn of(address: &str) -> Self {
        match address {
            "" => Self::None,
            "urn:hl7-org:v3" => Self::Hl7,
            "urn:hl7-org:sdtc" => Self::Sdtc,
            "http://www.w3.org/2001/XMLSchema-instance" => Self::Schema,
            _ => Self::Other,
        }
    }
}

enum Content<'a> {
    /// With the range of its attributes.
    Element(Space, &'a str, u32, u32),
    Text(Cow<'a, str>),
}

struct Node<'a> {
    content: Content<'a>,
    parent: u32,
    next: u32,
    first: u32,
}

struct Attribute<'a> {
    space: Space,
    name: &'a str,
    value: Cow<'a, str>,
}

/// A document.
pub(crate) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    attributes: Vec<Attribute<'a>>,
}

/// An element of a tree.
#[derive(Clone, Copy)]
pub(crate) struct Element<'t> {
    tree: &'t Tree<'t>,
    at: u32,
}

/// A step of a walk through what is in an element, in the order of the document.
pub(crate) enum Step<'t> {
    Enter(Element<'t>),
    Leave(Element<'t>),
    Text(&'t str),
}

/// Reads a document.
///
/// Errors, as reason codes: `xml-broken`, `xml-doctype`, `xml-too-deep`, `xml-too-long`, `too-many-parts`.
pub(crate) fn parse(source: &str) -> Result<Tree<'_>, &'static str> {
    let mut building = Building {
        source,
        tree: Tree { nodes: Vec::new(), attributes: Vec::new() },
        open: Vec::new(),
        prefixes: Vec::new(),
    };
    let mut reader = Reader::from_str(source);
    loop {
        match reader.read_event().map_err(|_| "xml-broken")? {
            Event::Start(start) => building.open(&start)?,
            Event::Empty(start) => {
                building.open(&start)?;
                building.close();
            }
            Event::End(_) => building.close(),
            Event::Text(text) => building.text(building.within(&text)?.into())?,
            Event::CData(text) => building.text(building.within(&text)?.into())?,
            Event::GeneralRef(name) => {
                let letter = reference(&name)?;
                building.text(letter.to_string().into())?;
            }
            Event::DocType(_) => return Err("xml-doctype"),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    if !building.open.is_empty() || building.tree.nodes.is_empty() {
        return Err("xml-broken");
    }
    Ok(building.tree)
}

struct Building<'a> {
    source: &'a str,
    tree: Tree<'a>,
    /// The elements that are open, each with its last child.
    open: Vec<(u32, u32)>,
    /// Prefixes that hold, each with the depth at which it was declared.
    prefixes: Vec<(usize, &'a str, Space)>,
}

impl<'a> Building<'a> {
    /// The same text, borrowed from the source.
    fn within(&self, part: &str) -> Result<&'a str, &'static str> {
        let start =
            (part.as_ptr() as usize).checked_sub(self.source.as_ptr() as usize).ok_or("xml-broken")?;
        self.source.get(start..start + part.len()).ok_or("xml-broken")
    }

    fn add(&mut self, content: Content<'a>) -> Result<u32, &'static str> {
        if self.tree.nodes.len() >= MOST_NODES {
            return Err("too-many-parts");
        }
        let at = u32::try_from(self.tree.nodes.len()).map_err(|_| "too-many-parts")?;
        let parent = self.open.last().map_or(NONE, |(parent, _)| *parent);
        if let Some((parent, last)) = self.open.last_mut() {
            let before = if *last == NONE { *parent } else { *last };
            if let Some(node) = self.tree.nodes.get_mut(before as usize) {
                if *last == NONE {
                    node.first = at;
                } else {
                    node.next = at;
                }
            }
            *last = at;
        }
        self.tree.nodes.push(Node { content, parent, next: NONE, first: NONE });
        Ok(at)
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), &'static str> {
        if self.open.len() >= DEEPEST {
            return Err("xml-too-deep");
        }
        if self.open.is_empty() && !self.tree.nodes.is_empty() {
            return Err("xml-broken");
        }
        let depth = self.open.len();
        let mut found = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| "xml-broken")?;
            let key = self.within(attribute.key.as_ref())?;
            // The value is borrowed from the source, too, unless the reader made it anew.
            let value = unescaped(self.within(&attribute.value)?, true)?;
            if value.len() > LONGEST_VALUE {
                return Err("xml-too-long");
            }
            if let Some(prefix) = key.strip_prefix("xmlns:").or((key == "xmlns").then_some("")) {
                self.prefixes.push((depth, prefix, Space::of(value.trim())));
            } else {
                found.push((key, value));
            }
            if found.len() > MOST_ATTRIBUTES || self.prefixes.len() > MOST_PREFIXES {
                return Err("too-many-parts");
            }
        }
        let first = u32::try_from(self.tree.attributes.len()).map_err(|_| "too-many-parts")?;
        if self.tree.attributes.len() + found.len() > 2 * MOST_NODES {
            return Err("too-many-parts");
        }
        for (key, value) in found {
            let (space, name) = match key.split_once(':') {
                Some((prefix, name)) => (self.space(prefix), name),
                None => (Space::None, key),
            };
            self.tree.attributes.push(Attribute { space, name, value });
        }
        let last = u32::try_from(self.tree.attributes.len()).map_err(|_| "too-many-parts")?;
        let name = self.within(start.name().as_ref())?;
        let (prefix, name) = name.split_once(':').unwrap_or(("", name));
        let at = self.add(Content::Element(self.space(prefix), name, first, last))?;
        self.open.push((at, NONE));
        Ok(())
    }

    /// Writers that forget to declare these two prefixes mean what everybody means by them.
    fn space(&self, prefix: &str) -> Space {
        let declared = self.prefixes.iter().rev().find(|(_, known, _)| *known == prefix);
        match (declared, prefix) {
            (Some((.., space)), _) => *space,
            (None, "") => Space::None,
            (None, "xsi") => Space::Schema,
            (None, "sdtc") => Space::Sdtc,
            (None, _) => Space::Other,
        }
    }

    fn close(&mut self) {
        self.open.pop();
        let depth = self.open.len();
        while self.prefixes.last().is_some_and(|(declared, ..)| *declared >= depth) {
            self.prefixes.pop();
        }
    }

    fn text(&mut self, text: Cow<'a, str>) -> Result<(), &'static str> {
        let Some((_, last)) = self.open.last() else {
            return if text.trim().is_empty() { Ok(()) } else { Err("xml-broken") };
        };
        if let Some(Node { content: Content::Text(before), .. }) = self.tree.nodes.get_mut(*last as usize) {
            before.to_mut().push_str(&text);
            return Ok(());
        }
        self.add(Content::Text(text)).map(|_| ())
    }
}

/// The letter that `&name;` stands for.
fn reference(name: &str) -> Result<char, &'static str> {
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix('x') {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => digits.parse(),
        },
        None => {
            return match name {
                "amp" => Ok('&'),
                "lt" => Ok('<'),
                "gt" => Ok('>'),
                "quot" => Ok('"'),
                "apos" => Ok('\''),
                _ => Err("xml-doctype"),
            };
        }
    };
    let letter = number.ok().and_then(char::from_u32);
    // XML 1.0, 2.2: the letters that a document may hold.
    letter.filter(|letter| *letter >= ' ' || matches!(letter, '\t' | '\n' | '\r')).ok_or("xml-broken")
}

/// A value with its references resolved; in an attribute a line break is a space (XML 1.0, 3.3.3).
fn unescaped(raw: &str, attribute: bool) -> Result<Cow<'_, str>, &'static str> {
    let broken = |letter: char| attribute && matches!(letter, '\n' | '\r' | '\t');
    if !raw.contains(|letter: char| letter == '&' || broken(letter)) {
        return Ok(Cow::Borrowed(raw));
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once('&') {
        out.extend(before.chars().map(|letter| if broken(letter) { ' ' } else { letter }));
        let (name, after) = after.split_once(';').ok_or("xml-broken")?;
        out.push(reference(name)?);
        rest = after;
    }
    out.extend(rest.chars().map(|letter| if broken(letter) { ' ' } else { letter }));
    Ok(Cow::Owned(out))
}

impl Tree<'_> {
    pub(crate) fn root(&self) -> Element<'_> {
        Element { tree: self, at: 0 }
    }
}

impl<'t> Element<'t> {
    fn node(self) -> Option<&'t Node<'t>> {
        self.tree.nodes.get(self.at as usize)
    }

    /// Its number among all parts of the document, in their order.
    pub(crate) fn place(self) -> usize {
        self.at as usize
    }

    /// Its name, without a prefix.
    pub(crate) fn name(self) -> &'t str {
        match self.node().map(|node| &node.content) {
            Some(Content::Element(_, name, ..)) => name,
            _ => "",
        }
    }

    pub(crate) fn space(self) -> Space {
        match self.node().map(|node| &node.content) {
            Some(Content::Element(space, ..)) => *space,
            _ => Space::Other,
        }
    }

    fn attribute_of(self, space: Space, wanted: &str) -> Option<&'t str> {
        let Content::Element(_, _, first, last) = &self.node()?.content else { return None };
        let attributes = self.tree.attributes.get(*first as usize..*last as usize)?;
        attributes
            .iter()
            .find(|attribute| attribute.space == space && attribute.name == wanted)
            .map(|attribute| attribute.value.as_ref())
    }

    /// An attribute of no namespace, trimmed; none where it is empty.
    pub(crate) fn attribute(self, name: &str) -> Option<&'t str> {
        self.attribute_of(Space::None, name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// `xsi:type` without its prefix.
    pub(crate) fn schema_type(self) -> Option<&'t str> {
        let name = self.attribute_of(Space::Schema, "type")?.trim();
        Some(name.rsplit(':').next().unwrap_or(name))
    }

    /// The elements in it, of any vocabulary.
    pub(crate) fn children(self) -> impl Iterator<Item = Element<'t>> {
        let mut next = self.node().map_or(NONE, |node| node.first);
        std::iter::from_fn(move || {
            loop {
                let node = self.tree.nodes.get(next as usize)?;
                let at = std::mem::replace(&mut next, node.next);
                if matches!(node.content, Content::Element(..)) {
                    return Some(Element { tree: self.tree, at });
                }
            }
        })
    }

    /// Everything in it.
    pub(crate) fn walk(self) -> impl Iterator<Item = Step<'t>> {
        // What comes next: a node to enter, or an element to leave.
        let mut next = self.node().map(|node| node.first).filter(|first| *first != NONE);
        let mut leaving = None;
        std::iter::from_fn(move || {
            if let Some(at) = next {
                let node = self.tree.nodes.get(at as usize)?;
                let element = Element { tree: self.tree, at };
                match &node.content {
                    Content::Text(text) => {
                        (next, leaving) = after(node);
                        return Some(Step::Text(text));
                    }
                    Content::Element(..) => {
                        (next, leaving) =
                            if node.first == NONE { (None, Some(at)) } else { (Some(node.first), None) };
                        return Some(Step::Enter(element));
                    }
                }
            }
            let at = leaving.take().filter(|at| *at != self.at)?;
            (next, leaving) = after(self.tree.nodes.get(at as usize)?);
            Some(Step::Leave(Element { tree: self.tree, at }))
        })
    }

    /// All text in it, as it is written.
    pub(crate) fn raw_text(self) -> String {
        let texts =
            self.walk().filter_map(|step| if let Step::Text(text) = step { Some(text) } else { None });
        texts.collect()
    }
}

/// Behind a node: the one beside it, or else the element around it, which ends.
fn after(node: &Node<'_>) -> (Option<u32>, Option<u32>) {
    if node.next == NONE { (None, Some(node.parent)) } else { (Some(node.next), None) }
}

#[cfg(test)]
mod tests {
    use super::{Space, Step, parse};

    #[test]
    fn names_are_known_by_their_namespace() {
        let tree = parse(
            "<a:x xmlns:a='urn:hl7-org:v3' xmlns:s=\"urn:hl7-org:sdtc\" id='1&amp;2\n3' s:y='z'>t<s:b/><c xmlns='urn:o' xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:type='a:PQ'/>&lt;<![CDATA[<&]]>&#x41;</a:x>",
        )
        .unwrap();
        let root = tree.root();
        assert_eq!((root.name(), root.space()), ("x", Space::Hl7));
        assert_eq!((root.attribute("id"), root.attribute("y")), (Some("1&2 3"), None));
        let names: Vec<_> = root.children().map(|child| (child.name(), child.space())).collect();
        assert_eq!(names, [("b", Space::Sdtc), ("c", Space::Other)]);
        assert_eq!(root.children().last().unwrap().schema_type(), Some("PQ"));
        assert_eq!(root.raw_text(), "t<<&A");
    }

    #[test]
    fn a_walk_goes_through_everything_in_an_element_and_not_beyond_it() {
        let tree = parse("<r><a>1<b/>2<c>3</c></a><d>4</d></r>").unwrap();
        let inside = tree.root().children().next().unwrap();
        let told: Vec<String> = inside
            .walk()
            .map(|step| match step {
                Step::Enter(element) => format!("+{}", element.name()),
                Step::Leave(element) => format!("-{}", element.name()),
                Step::Text(text) => text.to_owned(),
            })
            .collect();
        assert_eq!(told, ["1", "+b", "-b", "2", "+c", "3", "-c"]);
        assert_eq!(parse("<r/>").unwrap().root().walk().count(), 0);
        assert_eq!(tree.root().raw_text(), "1234");
    }

    #[test]
    fn what_is_no_xml_or_asks_for_more_than_itself_is_refused() {
        for (source, reason) in [
            ("", "xml-broken"),
            ("no", "xml-broken"),
            ("<a>", "xml-broken"),
            ("<a></b>", "xml-broken"),
            ("<a/><b/>", "xml-broken"),
            ("<a/>x", "xml-broken"),
            ("<a b='1' b='2'/>", "xml-broken"),
            ("<a b=1/>", "xml-broken"),
            ("<a>&#0;</a>", "xml-broken"),
            ("<a>&#xD800;</a>", "xml-broken"),
            ("<a>&nbsp;</a>", "xml-doctype"),
            ("<a b='&x;'/>", "xml-doctype"),
            ("<!DOCTYPE a><a/>", "xml-doctype"),
            ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hosts'>]><a>&x;</a>", "xml-doctype"),
        ] {
            assert_eq!(parse(source).err(), Some(reason), "{source}");
        }
        assert_eq!(parse(&"<a>".repeat(100_000)).err(), Some("xml-too-deep"));
        let fits = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        assert!(parse(&fits).is_ok());
        let attributes: Vec<String> = (0..300).map(|n| format!("b{n}=''")).collect();
        let wide = format!("<a {}/>", attributes.join(" "));
        assert_eq!(parse(&wide).err(), Some("too-many-parts"));
    }
}
