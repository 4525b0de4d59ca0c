//! The words under which a record is found.

use crate::label::tidy;
use crate::narrative::plain_text;
use crate::tree::Node;

/// Longest search text of a record, in bytes.
const LONGEST: usize = 16 * 1024;

/// Members whose strings people search for.
const WORDS: [&str; 26] = [
    "text",
    "display",
    "title",
    "description",
    "conclusion",
    "comment",
    "comments",
    "name",
    "family",
    "given",
    "valueString",
    "note",
    "patientInstruction",
    "lotNumber",
    "summary",
    "reason",
    "valueMarkdown",
    "instructions",
    "manufacturer",
    "deviceName",
    "alias",
    "unit",
    "city",
    "modelNumber",
    "onsetString",
    "bodySite",
];

/// Collects the words of a record: title and line first, then displays, notes, names, dosage, conclusion, narrative.
pub(crate) fn text(node: &Node<'_>, title: &str, line: &str, dosage: &str, extra: &[&str]) -> String {
    let mut words = Words { out: String::new(), seen: std::collections::HashSet::new() };
    for first in [title, line, dosage].iter().chain(extra) {
        words.add(first);
    }
    words.walk(node, "", 0);
    if let Some(div) = node.at("text").str("div") {
        words.add(&plain_text(&div));
    }
    words.out
}

struct Words {
    out: String,
    seen: std::collections::HashSet<String>,
}

impl Words {
    fn add(&mut self, text: &str) {
        let room = LONGEST.saturating_sub(self.out.len() + 1);
        let text = tidy(text);
        if text.is_empty() || room < 2 || self.seen.contains(&text) {
            return;
        }
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        let mut end = text.len().min(room);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        self.out.push_str(text.get(..end).unwrap_or_default());
        self.seen.insert(text);
    }

    fn walk(&mut self, node: &Node<'_>, key: &str, depth: usize) {
        match node {
            Node::Text(text) if WORDS.contains(&key) => self.add(&text.get()),
            Node::List(items) => items.iter().for_each(|item| self.walk(item, key, depth)),
            Node::Object(members) if depth < 40 => {
                for (name, value) in members {
                    let name = name.get();
                    // Narrative comes last; addresses of profiles and codes are no words.
                    if name != "meta" && name != "div" && !(depth == 0 && name == "text") {
                        self.walk(value, &name, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }
}
