//! Sections: what they are called, what they say to people, and the entries in them.

use super::narrative::div;
use super::reader::{Reader, all, one};
use super::templates::{Topic, topic};
use crate::json::{Json, list, object, text};
use crate::resource::coded;
use crate::xml::Element;

/// Most narrative of one section and of all, in bytes: what one resource may hold.
const LONGEST: usize = 256 << 10;
const LONGEST_OF_ALL: usize = 2 << 20;
const EMPTY: &str = "http://terminology.hl7.org/CodeSystem/list-empty-reason";

/// The sections of a body, those within sections behind the one that they are in.
pub(super) fn within(body: Element<'_>) -> Vec<Element<'_>> {
    let inner = |holder| {
        let mut sections: Vec<_> = all(holder, "component").filter_map(|part| one(part, "section")).collect();
        sections.reverse();
        sections
    };
    let mut open = inner(body);
    let mut found = Vec::new();
    while let Some(section) = open.pop() {
        found.push(section);
        open.extend(inner(section));
    }
    found
}

impl<'t> Reader<'t> {
    /// `Composition.section`, all entries of them read.
    pub(super) fn sections(&mut self, sections: &[Element<'t>]) -> Vec<Json> {
        let mut room = LONGEST_OF_ALL;
        sections.iter().map(|section| self.section(*section, &mut room)).collect()
    }

    fn section(&mut self, section: Element<'t>, room: &mut usize) -> Json {
        let code = one(section, "code");
        let title = one(section, "title").and_then(|title| self.words(title));
        let title = title.or_else(|| self.label(code?));
        let told = one(section, "text").map(|told| self.told(told, LONGEST.min(*room))).unwrap_or_default();
        *room = room.saturating_sub(told.iter().map(String::len).sum());
        let topic = topic(section);
        let before = self.count();
        self.none_known = false;
        // A newborn's section in its mother's document is about somebody else.
        let other = one(section, "subject").is_some() && topic != Topic::Family;
        for entry in all(section, "entry") {
            if other {
                self.leave(entry, "ccda-about-another");
            } else {
                self.entry(entry, topic);
            }
        }
        let made: Vec<Json> = (before..self.count()).filter_map(|at| self.reference(at)).collect();
        let empty = if made.is_empty() { self.why_empty(section) } else { None };
        object([
            ("title", title.and_then(text)),
            ("code", code.and_then(|code| self.concept(code))),
            ("text", div(&told)),
            ("entry", list(made)),
            ("emptyReason", empty.map(|reason| coded(EMPTY, reason))),
        ])
    }

    fn why_empty(&self, section: Element<'t>) -> Option<&'static str> {
        if self.none_known {
            return Some("nilknown");
        }
        if one(section, "entry").is_some() {
            return None;
        }
        match section.attribute("nullFlavor")? {
            "NASK" => Some("notasked"),
            "MSK" => Some("withheld"),
            "NI" | "UNK" | "NAV" | "ASKU" => Some("unavailable"),
            _ => None,
        }
    }

    fn entry(&mut self, entry: Element<'t>, topic: Topic) {
        let before = self.accounted();
        if topic == Topic::Office {
            return self.leave(entry, "ccda-nothing-for-records");
        }
        for statement in super::reader::statements(entry) {
            self.statement(statement, topic);
        }
        if self.accounted() == before {
            self.leave(entry, "ccda-not-read");
        }
    }
}
