//! One resource as a borrowed tree: nothing copied, numbers keep their digits, every access forgives a wrong shape.

use std::borrow::Cow;
use std::ops::Range;

use crate::scan::{space_run, unescape};

/// Deeper text is not read; [`crate::read`] has refused it long before.
const DEEPEST: usize = 128;

/// A JSON string where it stands: decoded only when asked.
#[derive(Clone, Copy)]
pub(crate) struct Text<'a> {
    raw: &'a str,
    at: usize,
    escaped: bool,
}

impl<'a> Text<'a> {
    pub(crate) fn get(&self) -> Cow<'a, str> {
        if self.escaped { Cow::Owned(unescape(self.raw.as_bytes())) } else { Cow::Borrowed(self.raw) }
    }

    /// The range between the quotes, in the text that was parsed.
    pub(crate) fn span(&self) -> Range<usize> {
        self.at..self.at + self.raw.len()
    }

    pub(crate) fn is(&self, word: &str) -> bool {
        if self.escaped { self.get() == word } else { self.raw == word }
    }
}

/// A value.
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Text<'a>),
    List(Vec<Node<'a>>),
    Object(Vec<(Text<'a>, Node<'a>)>),
}

static NULL: Node<'static> = Node::Null;

impl<'a> Node<'a> {
    /// Reads a text that the scanner has already accepted; anything else gives `Null`.
    pub(crate) fn parse(text: &'a str) -> Node<'a> {
        let mut parser = Parser { text, at: 0 };
        parser.value(0).unwrap_or(Node::Null)
    }

    /// A member; `Null` when absent. The last of several wins.
    pub(crate) fn at(&self, key: &str) -> &Node<'a> {
        match self {
            Node::Object(members) => {
                members.iter().rev().find(|(name, _)| name.is(key)).map_or(&NULL, |(_, value)| value)
            }
            // Sloppy producers wrap single objects in a list.
            Node::List(items) if items.len() == 1 => items.first().map_or(&NULL, |item| item.at(key)),
            _ => &NULL,
        }
    }

    /// The first member present among several names.
    pub(crate) fn any(&self, keys: &[&str]) -> &Node<'a> {
        keys.iter().map(|key| self.at(key)).find(|node| node.there()).unwrap_or(&NULL)
    }

    pub(crate) fn there(&self) -> bool {
        match self {
            Node::Null => false,
            Node::List(items) => items.iter().any(Node::there),
            Node::Object(members) => !members.is_empty(),
            Node::Text(text) => !text.raw.is_empty(),
            _ => true,
        }
    }

    /// The items of a list; a lone value is a list of one, `Null` an empty one.
    pub(crate) fn items(&self) -> std::slice::Iter<'_, Node<'a>> {
        match self {
            Node::List(items) => items.iter(),
            Node::Null => [].iter(),
            one => std::slice::from_ref(one).iter(),
        }
    }

    pub(crate) fn first(&self) -> &Node<'a> {
        self.items().find(|item| item.there()).unwrap_or(&NULL)
    }

    pub(crate) fn members(&self) -> &[(Text<'a>, Node<'a>)] {
        match self {
            Node::Object(members) => members,
            _ => &[],
        }
    }

    /// A string, a number's digits or a boolean's word; of a list, its first such item.
    pub(crate) fn text(&self) -> Option<Cow<'a, str>> {
        match self {
            Node::Text(text) if !text.raw.is_empty() => Some(text.get()),
            Node::Number(digits) => Some(Cow::Borrowed(digits)),
            Node::Bool(yes) => Some(Cow::Borrowed(if *yes { "true" } else { "false" })),
            Node::List(items) => items.iter().find_map(Node::text),
            _ => None,
        }
    }

    /// The string of a member.
    pub(crate) fn str(&self, key: &str) -> Option<Cow<'a, str>> {
        self.at(key).text()
    }

    /// True when the member is this word (in a list: when any item is).
    pub(crate) fn has(&self, key: &str, word: &str) -> bool {
        self.at(key).items().any(|item| matches!(item, Node::Text(text) if text.is(word)))
    }

    pub(crate) fn truth(&self, key: &str) -> Option<bool> {
        match self.at(key) {
            Node::Bool(yes) => Some(*yes),
            Node::Text(text) if text.is("true") => Some(true),
            Node::Text(text) if text.is("false") => Some(false),
            Node::List(items) => items.iter().find_map(|item| match item {
                Node::Bool(yes) => Some(*yes),
                _ => None,
            }),
            _ => None,
        }
    }

    /// A choice element: `value` finds `valueQuantity` and gives (`Quantity`, its node).
    pub(crate) fn choice(&self, stem: &str) -> Option<(Cow<'a, str>, &Node<'a>)> {
        self.members().iter().rev().find_map(|(name, node)| {
            let name = name.get();
            let suffix = name.strip_prefix(stem)?.to_owned();
            (suffix.starts_with(|first: char| first.is_ascii_uppercase()) && node.there())
                .then_some((Cow::Owned(suffix), node))
        })
    }

    /// Calls `visit` for every object in the tree, this one included, outermost first.
    pub(crate) fn each_object<'n>(&'n self, visit: &mut dyn FnMut(&'n Node<'a>)) {
        match self {
            Node::Object(members) => {
                visit(self);
                for (_, node) in members {
                    node.each_object(visit);
                }
            }
            Node::List(items) => {
                for item in items {
                    item.each_object(visit);
                }
            }
            _ => {}
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        self.at += space_run(self.text.as_bytes().get(self.at..).unwrap_or_default());
    }

    fn value(&mut self, depth: usize) -> Option<Node<'a>> {
        if depth > DEEPEST {
            return None;
        }
        self.space();
        match self.peek()? {
            b'{' => {
                self.at += 1;
                let mut members = Vec::new();
                loop {
                    self.space();
                    match self.peek()? {
                        b'}' => break,
                        b',' => self.at += 1,
                        _ => {
                            let key = self.string()?;
                            self.space();
                            self.at += 1;
                            members.push((key, self.value(depth + 1)?));
                        }
                    }
                }
                self.at += 1;
                Some(Node::Object(members))
            }
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.space();
                    match self.peek()? {
                        b']' => break,
                        b',' => self.at += 1,
                        _ => items.push(self.value(depth + 1)?),
                    }
                }
                self.at += 1;
                Some(Node::List(items))
            }
            b'"' => self.string().map(Node::Text),
            _ => self.scalar(),
        }
    }

    fn string(&mut self) -> Option<Text<'a>> {
        if self.peek()? != b'"' {
            return None;
        }
        let start = self.at + 1;
        let mut end = start;
        let mut escaped = false;
        let bytes = self.text.as_bytes();
        loop {
            end += memchr::memchr2(b'"', b'\\', bytes.get(end..)?)?;
            if bytes.get(end) == Some(&b'"') {
                break;
            }
            escaped = true;
            end += 2;
        }
        self.at = end + 1;
        Some(Text { raw: self.text.get(start..end)?, at: start, escaped })
    }

    fn scalar(&mut self) -> Option<Node<'a>> {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        {
            self.at += 1;
        }
        match self.text.get(start..self.at)? {
            "" => None,
            "null" => Some(Node::Null),
            "true" => Some(Node::Bool(true)),
            "false" => Some(Node::Bool(false)),
            digits => Some(Node::Number(digits)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_digits_forgives_shapes_and_lets_the_last_key_win() {
        let node = Node::parse(
            r#"{"a":[{"b":7.40}],"c":"x\u00e9\ud800","d":1,"d":2,"e":null,"f":["final"],"_g":{}}"#,
        );
        assert_eq!(node.at("a").at("b").text().unwrap(), "7.40");
        assert_eq!(node.str("c").unwrap(), "xé\u{fffd}");
        assert_eq!(node.str("d").unwrap(), "2");
        assert!(!node.at("e").there() && !node.at("nothing").there());
        assert!(node.has("f", "final"));
    }

    #[test]
    fn spans_point_into_the_text() {
        let text = r#"{"resource": {"data" : "QUJD"}}"#;
        let node = Node::parse(text);
        let Node::Text(data) = node.at("resource").at("data") else { panic!() };
        assert_eq!(&text[data.span()], "QUJD");
    }
}
