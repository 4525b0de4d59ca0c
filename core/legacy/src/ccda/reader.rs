//! One document: its elements, the bundle that it becomes, and what more than one kind of entry needs.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;

use super::narrative::{lines, one_line};
use crate::converted::{Converted, Growing};
use crate::digits::has_fraction_comma;
use crate::json::{Json, object, text};
use crate::xml::{Element, Space, Step};

/// Longest text of a single value, in bytes.
const LONGEST: usize = 64 << 10;
/// Most bytes of narrative that entries may point to, all of them together: many may point to the same.
const MOST_POINTED_TO: usize = 16 << 20;
/// Longest piece of narrative that one entry may point to, in bytes.
const LONGEST_POINTED_TO: usize = 4 << 10;
/// Most resources of one document.
const MOST_RESOURCES: usize = 50_000;

/// Names of what CDA calls clinical statements.
const STATEMENTS: [&str; 9] = [
    "act",
    "encounter",
    "observation",
    "observationMedia",
    "organizer",
    "procedure",
    "regionOfInterest",
    "substanceAdministration",
    "supply",
];

/// Parts of a narrative that hold more than a name.
const WHOLE: [&str; 6] = ["tr", "table", "tbody", "list", "text", "section"];

/// Whether an element is of CDA itself. Documents that name no namespace at all mean CDA.
pub(super) fn of_cda(element: Element<'_>) -> bool {
    matches!(element.space(), Space::Hl7 | Space::None)
}

/// The child elements of CDA with a name.
pub(super) fn all<'t>(element: Element<'t>, name: &'static str) -> impl Iterator<Item = Element<'t>> {
    element.children().filter(move |child| child.name() == name && of_cda(*child))
}

/// The first child element with a name.
pub(super) fn one<'t>(element: Element<'t>, name: &'static str) -> Option<Element<'t>> {
    all(element, name).next()
}

/// The first element along a path of names.
pub(super) fn path<'t>(element: Element<'t>, names: &[&'static str]) -> Option<Element<'t>> {
    names.iter().try_fold(element, |element, name| one(element, name))
}

/// The first child element of the US realm's extensions with a name.
pub(super) fn extension<'t>(element: Element<'t>, name: &str) -> Option<Element<'t>> {
    element.children().find(|child| child.name() == name && child.space() == Space::Sdtc)
}

/// An element that does not say that it holds nothing (`nullFlavor`).
pub(super) fn known(element: Element<'_>) -> Option<Element<'_>> {
    element.attribute("nullFlavor").is_none().then_some(element)
}

/// A code's own value, unless it says that there is none.
pub(super) fn code_of(element: Option<Element<'_>>) -> Option<&str> {
    known(element?)?.attribute("code")
}

/// A statement that says that what it is about is not so.
pub(super) fn negated(statement: Element<'_>) -> bool {
    // A truth of XML is a word or a digit.
    matches!(statement.attribute("negationInd").map(str::trim), Some("true" | "1"))
}

/// The status of an act: `completed`, `active`, …; empty where it says none.
pub(super) fn status_of(statement: Element<'_>) -> &str {
    code_of(one(statement, "statusCode")).unwrap_or_default()
}

/// The clinical statements in an element: an entry, a component, a relationship.
pub(super) fn statements(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    element.children().filter(|child| of_cda(*child) && STATEMENTS.contains(&child.name()))
}

/// A statement within another, and what it is to it.
#[derive(Clone, Copy)]
pub(super) struct Related<'t> {
    /// `CAUS`, `COMP`, `MFST`, `REFR`, `RSON`, `SUBJ`, …
    pub(super) kind: &'t str,
    pub(super) statement: Element<'t>,
}

pub(super) fn related(statement: Element<'_>) -> impl Iterator<Item = Related<'_>> {
    all(statement, "entryRelationship").filter_map(known).flat_map(|relationship| {
        let kind = relationship.attribute("typeCode").unwrap_or_default();
        statements(relationship).map(move |statement| Related { kind, statement })
    })
}

/// How a statement stands to what is real: its mood (HL7 v3 `ActMood`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// It happened, or is so.
    Event,
    /// It is meant to happen; with the intent that FHIR calls it by.
    Planned(&'static str),
    Goal,
    /// A definition, a condition: nothing about this patient.
    Other,
}

pub(super) fn mood(statement: Element<'_>) -> Mood {
    match statement.attribute("moodCode") {
        None | Some("EVN") => Mood::Event,
        Some("INT" | "PRMS" | "APT" | "SLOT") => Mood::Planned("plan"),
        Some("RQO") => Mood::Planned("order"),
        Some("PRP" | "ARQ" | "PERM" | "PERMRQ") => Mood::Planned("proposal"),
        Some("GOL") => Mood::Goal,
        Some(_) => Mood::Other,
    }
}

/// Text that a narrative holds for an entry.
pub(super) struct Pointed {
    pub(super) words: String,
    /// It is a whole row or list, and no name.
    pub(super) whole: bool,
}

/// Reads a document into a bundle.
pub(super) struct Reader<'t> {
    pub(super) root: Element<'t>,
    bundle: Growing,
    pub(super) patient: Option<usize>,
    /// An entry of the section said that nothing of its kind is known.
    pub(super) none_known: bool,
    /// A number of it has a comma before a fraction; looked up when first asked for.
    commas_part_fractions: OnceCell<bool>,
    /// Parts of narratives that entries point to.
    anchors: HashMap<&'t str, Element<'t>>,
    pointed_to: Cell<usize>,
    /// Places of texts that were longer than what is taken.
    cut: RefCell<Vec<usize>>,
}

impl<'t> Reader<'t> {
    pub(super) fn new(root: Element<'t>) -> Self {
        let mut anchors = HashMap::new();
        for step in root.walk() {
            if let Step::Enter(element) = step
                && let Some(id) = element.attribute("ID").or_else(|| element.attribute("id"))
            {
                anchors.entry(id).or_insert(element);
            }
        }
        Self {
            root,
            bundle: Growing::default(),
            patient: None,
            none_known: false,
            commas_part_fractions: OnceCell::new(),
            anchors,
            pointed_to: Cell::new(0),
            cut: RefCell::default(),
        }
    }

    /// Whether a number of the document has a comma before the part of a whole. Of a writer who writes so, `4,100` is in
    /// doubt, too.
    pub(super) fn commas_part_fractions(&self) -> bool {
        let has = |element: Element<'t>| {
            // What has a unit, or is a bound, is a number.
            (element.attribute("unit").is_some() || matches!(element.name(), "low" | "high"))
                && element.attribute("value").is_some_and(has_fraction_comma)
        };
        *self
            .commas_part_fractions
            .get_or_init(|| self.root.walk().any(|step| matches!(step, Step::Enter(element) if has(element))))
    }

    /// Adds what an element became, and gives its place in the bundle.
    pub(super) fn add(&mut self, element: Element<'t>, resource: Json) -> usize {
        let address = format!("urn:kosha:ccda:{}:{}", element.place(), self.bundle.len());
        self.bundle.add(address, resource)
    }

    pub(super) fn made(&mut self, at: usize) -> Option<&mut Json> {
        self.bundle.get_mut(at)
    }

    pub(super) fn resource(&self, at: usize) -> Option<&Json> {
        self.bundle.get(at)
    }

    /// Takes out what was made; the places of all that came after it move up.
    pub(super) fn unmake(&mut self, at: usize) -> Option<Json> {
        self.bundle.remove(at)
    }

    pub(super) fn count(&self) -> usize {
        self.bundle.len()
    }

    /// How much of the document is accounted for.
    pub(super) fn accounted(&self) -> usize {
        self.bundle.len() + self.bundle.left()
    }

    pub(super) fn reference(&self, at: usize) -> Option<Json> {
        self.bundle.reference(at)
    }

    pub(super) fn leave(&mut self, element: Element<'t>, reason: &'static str) {
        self.bundle.leave(element.place(), reason);
    }

    /// An entry says that there is nothing of its kind: that is no record, and its section says so.
    pub(super) fn none(&mut self, element: Element<'t>) {
        self.none_known = true;
        self.leave(element, "ccda-none-known");
    }

    pub(super) fn subject(&self) -> Option<Json> {
        self.patient.and_then(|at| self.bundle.reference(at))
    }

    /// Errors, as a reason code: `too-many-parts`.
    pub(super) fn finish(mut self) -> Result<Converted, &'static str> {
        for place in self.cut.take() {
            self.bundle.leave(place, "ccda-text-cut");
        }
        if self.accounted() > 2 * MOST_RESOURCES || self.bundle.len() > MOST_RESOURCES {
            return Err("too-many-parts");
        }
        Ok(self.bundle.finish())
    }

    /// The words in an element, in one line.
    pub(super) fn words(&self, element: Element<'t>) -> Option<String> {
        let words = one_line(element, LONGEST)?;
        Some(self.cut_to(words, element, LONGEST))
    }

    /// The words in an element, line by line as a narrative has them.
    pub(super) fn told(&self, element: Element<'t>, most: usize) -> Vec<String> {
        let told = lines(element, most);
        if told.iter().map(String::len).sum::<usize>() < most {
            return told;
        }
        self.cut.borrow_mut().push(element.place());
        let mut room = most;
        let mut kept = Vec::new();
        for line in told {
            let line = cut(line, room);
            room -= line.len();
            kept.push(line);
            if room == 0 {
                break;
            }
        }
        kept
    }

    fn cut_to(&self, words: String, element: Element<'t>, most: usize) -> String {
        if words.len() > most {
            self.cut.borrow_mut().push(element.place());
        }
        cut(words, most)
    }

    /// What a `reference` points to in the narrative of its section.
    fn pointed(&self, reference: Element<'t>) -> Option<Pointed> {
        let value = reference.attribute("value")?;
        let target = *self.anchors.get(value.strip_prefix('#').unwrap_or(value))?;
        if self.pointed_to.get() > MOST_POINTED_TO {
            self.cut.borrow_mut().push(reference.place());
            return None;
        }
        let words = one_line(target, LONGEST_POINTED_TO)?;
        self.pointed_to.set(self.pointed_to.get() + words.len());
        let words = self.cut_to(words, reference, LONGEST_POINTED_TO);
        Some(Pointed { words, whole: WHOLE.contains(&target.name()) })
    }

    /// A text that either stands there or is pointed to: `text`, `originalText`, a value of type ED.
    pub(super) fn said(&self, element: Element<'t>) -> Option<Pointed> {
        let own = self.words(element).map(|words| Pointed { words, whole: false });
        own.or_else(|| self.pointed(one(element, "reference")?))
    }

    /// What the narrative says of a statement as a whole.
    pub(super) fn statement_text(&self, statement: Element<'t>) -> Option<String> {
        self.said(one(statement, "text")?).map(|said| said.words)
    }

    /// What authors remarked on a statement (Comment Activity).
    pub(super) fn remarks(&self, statement: Element<'t>) -> Vec<String> {
        related(statement)
            .filter(|related| {
                super::templates::is_of(related.statement, &["cda:22.4.64", "cda:1.40", "ihe:4.2"])
                    || code_of(one(related.statement, "code")) == Some("48767-8")
            })
            .filter_map(|related| self.statement_text(related.statement))
            .collect()
    }

    /// Notes of a resource: the remarks, and what else is to be said about it.
    pub(super) fn notes(&self, statement: Element<'t>, more: Vec<String>) -> Option<Json> {
        let notes = self.remarks(statement).into_iter().chain(more);
        crate::json::list(notes.filter_map(|note| Some(object([("text", Some(text(note)?))]))))
    }
}

/// The beginning of a text, at most so many bytes of it.
fn cut(mut words: String, most: usize) -> String {
    if words.len() > most {
        let end = (0..=most).rev().find(|at| words.is_char_boundary(*at)).unwrap_or(0);
        words.truncate(end);
    }
    words
}
