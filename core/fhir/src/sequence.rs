//! Files that hold several values: NDJSON, and JSON documents one after another.
//!
//! Each value is judged by itself, so that a bad one costs no other. What is one damaged document, broken over many
//! lines, must not pass as lines: single parts of it would then look like whole records.

use std::ops::Range;

use crate::reading::Form;
use crate::scan::{Fault, Scanner};
use crate::split::{RawContent, Split, Splitter};

/// How a file that is no single value begins.
enum Beginning {
    /// The first line is whole or broken by itself.
    Line,
    /// The first value is whole and goes over several lines.
    SpreadOut,
    /// The first line goes on below until something is wrong: one damaged document, or lines of which the first is cut.
    Doubtful,
}

/// The values found so far.
#[derive(Default)]
struct Found {
    items: Vec<RawContent>,
    /// How many are objects that say what they are.
    records: usize,
}

impl Found {
    fn push(&mut self, item: RawContent) {
        self.records += usize::from(is_record(&item));
        self.items.push(item);
    }

    fn truncate(&mut self, length: usize) {
        let cut = self.items.get(length..).unwrap_or_default();
        self.records -= cut.iter().filter(|item| is_record(item)).count();
        self.items.truncate(length);
    }

    /// Several values, at least one of them a record; where the beginning is doubtful, most of them.
    fn is_sequence(&self, doubtful: bool) -> bool {
        let (items, records) = (self.items.len(), self.records);
        items > 1 && if doubtful { records > 1 && records * 2 > items } else { records > 0 }
    }

    fn end(self, doubtful: bool) -> Option<Result<Split, Fault>> {
        self.is_sequence(doubtful).then_some(Ok(Split { form: Form::Ndjson, items: self.items }))
    }
}

fn is_record(item: &RawContent) -> bool {
    matches!(item, RawContent::Resource(raw) if raw.resource_type.is_some())
}

impl Splitter<'_> {
    /// Reads the text as several values. `None` when it is no such thing; an error when there are too many.
    pub(crate) fn sequence(&mut self, from: usize) -> Option<Result<Split, Fault>> {
        match self.beginning(from)? {
            Beginning::Line => self.lines(from, false),
            Beginning::Doubtful => self.lines(from, true),
            Beginning::SpreadOut => self.values(from),
        }
    }

    /// `None` when there is just one value.
    fn beginning(&self, from: usize) -> Option<Beginning> {
        let mut scanner = Scanner::new(self.text, from);
        scanner.space();
        let rest = self.text.get(scanner.at..)?;
        let end = scanner.at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
        let whole = scanner.skip().is_ok();
        let reached = scanner.at;
        if whole {
            scanner.space();
            scanner.peek()?;
            return Some(if reached <= end { Beginning::Line } else { Beginning::SpreadOut });
        }
        let mut below = Scanner::new(self.text, end);
        below.space();
        Some(if reached > below.at { Beginning::Doubtful } else { Beginning::Line })
    }

    /// Every line by itself.
    fn lines(&mut self, from: usize, doubtful: bool) -> Option<Result<Split, Fault>> {
        let text = self.text;
        let mut found = Found::default();
        let mut at = from;
        for line in text.get(from..)?.split_inclusive(|byte| *byte == b'\n') {
            let start = at;
            at += line.len();
            let left = line.trim_ascii_start();
            // A byte order mark heads the second of two files that were put together.
            let left = left.strip_prefix(b"\xef\xbb\xbf").unwrap_or(left).trim_ascii_start();
            let start = start + (line.len() - left.len());
            let length = left.trim_ascii_end().len();
            if length == 0 {
                continue;
            }
            if let Err(fault) = self.line(start..start + length, &mut found) {
                return found.is_sequence(doubtful).then_some(Err(fault));
            }
            if doubtful && found.items.len() > found.records * 2 + 16 {
                return None;
            }
        }
        found.end(doubtful)
    }

    /// A line: one value, or several directly after one another. What cannot be read is one refused item, to the end of
    /// the line.
    fn line(&mut self, line: Range<usize>, found: &mut Found) -> Result<(), Fault> {
        let text = self.text.get(..line.end).unwrap_or_default();
        let before = found.items.len();
        self.scanner = Scanner::new(text, line.start);
        if std::str::from_utf8(text.get(line.clone()).unwrap_or_default()).is_err() {
            self.count()?;
            found.push(RawContent::Broken("encoding-not-utf8", line));
            return Ok(());
        }
        loop {
            self.count()?;
            let start = self.scanner.at;
            match self.item() {
                Ok(item) => found.push(item),
                Err(fault @ "too-many-entries") => return Err(fault),
                Err(fault) => {
                    found.push(RawContent::Broken(fault, start..line.end));
                    return Ok(());
                }
            }
            self.scanner.space();
            match self.scanner.peek() {
                None => return Ok(()),
                Some(b'{') => {}
                // No value begins like this: the one before may have ended where it should not.
                Some(_) => {
                    let fault = self.scanner.fault();
                    found.truncate(before);
                    found.push(RawContent::Broken(fault, line));
                    return Ok(());
                }
            }
        }
    }

    /// Objects one after another, over any number of lines. After one that cannot be read it goes on where a line begins
    /// with the next, as long as no line inside of an object begins so.
    fn values(&mut self, from: usize) -> Option<Result<Split, Fault>> {
        let text = self.text;
        let mut found = Found::default();
        let mut indented = true;
        // What may be gone through again; hostile files must not cost more than their size.
        let mut spare = text.len().saturating_mul(8);
        self.scanner = Scanner::new(text, from);
        loop {
            self.scanner.space();
            let start = self.scanner.at;
            match self.scanner.peek() {
                None => return found.end(false),
                Some(b'{') => {}
                Some(_) => return None,
            }
            if let Err(fault) = self.count() {
                return Some(Err(fault));
            }
            let item = self.item();
            let reached = self.scanner.at;
            match item {
                Ok(item) => {
                    let span = start..reached;
                    let value = text.get(span.clone())?;
                    indented &= next_object(value).is_none();
                    let readable = std::str::from_utf8(value).is_ok();
                    found.push(if readable { item } else { RawContent::Broken("encoding-not-utf8", span) });
                }
                Err(fault @ "too-many-entries") => return Some(Err(fault)),
                Err(fault) => {
                    let next = next_object(text.get(start..)?).map(|at| start + at).filter(|_| indented);
                    let again = next.map_or(0, |next| reached.saturating_sub(next));
                    let end = if again <= spare { next } else { None }.unwrap_or(text.len());
                    spare = spare.saturating_sub(again);
                    let length = text.get(start..end)?.trim_ascii_end().len();
                    found.push(RawContent::Broken(fault, start..start + length));
                    self.scanner = Scanner::new(text, end);
                }
            }
        }
    }
}

/// Where the next line begins with an object.
fn next_object(text: &[u8]) -> Option<usize> {
    text.windows(2).position(|pair| pair == b"\n{").map(|at| at + 1)
}
