//! Splits a file into exact byte ranges, one for each record in it, whatever the file's form.

use std::borrow::Cow;
use std::ops::Range;

use crate::guard::Guarded;
use crate::reading::{Form, Limits};
use crate::reason::Refusal;
use crate::scan::{ATTACHMENT_FLOOR, Fault, Scanner, unescape};

/// Bundles inside bundles are opened to this depth; deeper ones are kept whole.
const BUNDLE_DEPTH: usize = 4;

/// A resource's range and the members of it that the reading needs.
#[derive(Default, Clone, Debug)]
pub(crate) struct RawResource {
    pub(crate) span: Range<usize>,
    pub(crate) resource_type: Option<Range<usize>>,
    pub(crate) id: Option<Range<usize>>,
    pub(crate) identifier: Option<Range<usize>>,
    pub(crate) bundle_type: Option<Range<usize>>,
    pub(crate) timestamp: Option<Range<usize>>,
    pub(crate) meta: Option<Range<usize>>,
    /// `Bundle.entry`, or what stands under that name in another resource.
    pub(crate) entries: Option<Vec<RawEntry>>,
    /// `entry` stood there more than once; `entries` has all of them.
    pub(crate) doubled_entries: bool,
    pub(crate) duplicate_key: bool,
    pub(crate) depth: usize,
    pub(crate) attachment_bytes: usize,
}

/// One entry of a bundle.
#[derive(Clone, Debug)]
pub(crate) struct RawEntry {
    pub(crate) span: Range<usize>,
    pub(crate) full_url: Option<Range<usize>>,
    pub(crate) content: RawContent,
    pub(crate) request: Option<Range<usize>>,
    pub(crate) response: Option<Range<usize>>,
    pub(crate) duplicate_key: bool,
}

/// What an entry, an item or a line holds.
#[derive(Clone, Debug)]
pub(crate) enum RawContent {
    Resource(Box<RawResource>),
    /// No `resource` in an entry, or `null`.
    Nothing,
    /// More than one `resource` in an entry, and not the same.
    Doubled,
    NotAnObject(Range<usize>),
    /// One of several values that cannot be read.
    Broken(Fault, Range<usize>),
}

/// A whole file.
pub(crate) struct Split {
    pub(crate) form: Form,
    pub(crate) items: Vec<RawContent>,
}

pub(crate) fn split(guarded: &Guarded<'_>, limits: &Limits) -> Result<Split, Refusal> {
    let text: &[u8] = &guarded.text;
    let from = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut splitter = Splitter { scanner: Scanner::new(text, from), text, count: 0, limit: limits.entries };
    let refusal = match guarded.doubt {
        Some(refusal) => refusal,
        None => match splitter.document() {
            Ok(split) => return Ok(split),
            Err(fault @ "too-many-entries") => return Err(Refusal::new(fault)),
            Err(fault) => Refusal::new(fault),
        },
    };
    splitter.count = 0;
    match splitter.sequence(from) {
        Some(result) => result.map_err(Refusal::new),
        None => Err(refusal),
    }
}

/// Walks values, entries and resources. [`crate::sequence`] adds files that hold several values.
pub(crate) struct Splitter<'a> {
    pub(crate) scanner: Scanner<'a>,
    pub(crate) text: &'a [u8],
    count: usize,
    limit: usize,
}

impl<'a> Splitter<'a> {
    fn document(&mut self) -> Result<Split, Fault> {
        self.scanner.space();
        let split = if self.scanner.peek() == Some(b'[') {
            let mut items = Vec::new();
            self.list(|splitter| {
                splitter.count()?;
                items.push(splitter.item()?);
                Ok(())
            })?;
            Split { form: Form::Array, items }
        } else {
            Split { form: Form::Resource, items: vec![self.item()?] }
        };
        self.scanner.space();
        if self.scanner.peek().is_some() { Err(self.scanner.fault()) } else { Ok(split) }
    }

    pub(crate) fn count(&mut self) -> Result<(), Fault> {
        self.count += 1;
        if self.count > self.limit { Err("too-many-entries") } else { Ok(()) }
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.scanner.eat(b'[')?;
        self.scanner.space();
        if self.scanner.peek() == Some(b']') {
            self.scanner.at += 1;
            return Ok(());
        }
        loop {
            item(self)?;
            if !self.scanner.more(b']')? {
                return Ok(());
            }
        }
    }

    /// Walks an object's members; `member` must read the value under the cursor.
    fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Range<usize>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.scanner.eat(b'{')?;
        self.scanner.space();
        if self.scanner.peek() == Some(b'}') {
            self.scanner.at += 1;
            return Ok(());
        }
        let keys = self.scanner.begin_keys();
        loop {
            let key = self.scanner.key()?;
            self.scanner.note_key(&key);
            member(self, key)?;
            if !self.scanner.more(b'}')? {
                self.scanner.end_keys(keys);
                return Ok(());
            }
        }
    }

    /// What stands for itself in a file, or in an array: there `null` is no more a record than a number is.
    pub(crate) fn item(&mut self) -> Result<RawContent, Fault> {
        match self.scanner.peek() {
            Some(b'{') => self.content(0),
            _ => self.scanner.skip().map(RawContent::NotAnObject),
        }
    }

    /// A key without its escapes, so that `"\u0065ntry"` is `entry`.
    fn name(&self, key: Range<usize>) -> Cow<'a, [u8]> {
        let name: &'a [u8] = self.text.get(key).unwrap_or_default();
        if name.contains(&b'\\') { unescape(name).into_bytes().into() } else { name.into() }
    }

    /// What stands where a resource may stand.
    fn content(&mut self, bundles: usize) -> Result<RawContent, Fault> {
        match self.scanner.peek() {
            Some(b'{') => Ok(RawContent::Resource(Box::new(self.resource(bundles)?))),
            Some(b'n') => self.scanner.skip().map(|_| RawContent::Nothing),
            _ => self.scanner.skip().map(RawContent::NotAnObject),
        }
    }

    fn resource(&mut self, bundles: usize) -> Result<RawResource, Fault> {
        let outer = (std::mem::take(&mut self.scanner.marks), std::mem::replace(&mut self.scanner.level, 1));
        self.scanner.marks.depth = 1;
        let start = self.scanner.at;
        let mut raw = RawResource::default();
        self.object(|splitter, key| {
            let name = splitter.name(key);
            let name = &*name;
            if name == b"entry"
                && bundles < BUNDLE_DEPTH
                && matches!(splitter.scanner.peek(), Some(b'[' | b'{'))
            {
                let more = splitter.entries(bundles + 1)?;
                match &mut raw.entries {
                    Some(entries) => {
                        entries.extend(more);
                        raw.doubled_entries = true;
                    }
                    None => raw.entries = Some(more),
                }
                return Ok(());
            }
            let text = splitter.scanner.peek() == Some(b'"');
            let value = splitter.scanner.skip()?;
            let file = text && value.len() > ATTACHMENT_FLOOR && matches!(name, b"data" | b"content");
            if file {
                splitter.scanner.marks.attachment_bytes += value.len();
            }
            let place = match name {
                b"resourceType" => &mut raw.resource_type,
                b"id" => &mut raw.id,
                b"identifier" => &mut raw.identifier,
                b"type" => &mut raw.bundle_type,
                b"timestamp" => &mut raw.timestamp,
                b"meta" => &mut raw.meta,
                _ => return Ok(()),
            };
            *place = Some(value);
            Ok(())
        })?;
        raw.span = start..self.scanner.at;
        let marks = std::mem::replace(&mut self.scanner.marks, outer.0);
        self.scanner.level = outer.1;
        raw.duplicate_key = marks.duplicate_key;
        raw.depth = marks.depth;
        raw.attachment_bytes = marks.attachment_bytes;
        Ok(raw)
    }

    fn entries(&mut self, bundles: usize) -> Result<Vec<RawEntry>, Fault> {
        let mut entries = Vec::new();
        if self.scanner.peek() == Some(b'{') {
            self.count()?;
            entries.push(self.entry(bundles)?);
        } else {
            self.list(|splitter| {
                splitter.count()?;
                entries.push(splitter.entry(bundles)?);
                Ok(())
            })?;
        }
        Ok(entries)
    }

    fn entry(&mut self, bundles: usize) -> Result<RawEntry, Fault> {
        let start = self.scanner.at;
        let mut entry = RawEntry {
            span: start..start,
            full_url: None,
            content: RawContent::Nothing,
            request: None,
            response: None,
            duplicate_key: false,
        };
        if self.scanner.peek() != Some(b'{') {
            let null = self.scanner.peek() == Some(b'n');
            entry.span = self.scanner.skip()?;
            if !null {
                entry.content = RawContent::NotAnObject(entry.span.clone());
            }
            return Ok(entry);
        }
        let outer = std::mem::take(&mut self.scanner.marks);
        let level = self.scanner.level;
        self.scanner.level += 2;
        self.object(|splitter, key| {
            let name = splitter.name(key);
            if &*name == b"resource" {
                let more = splitter.content(bundles)?;
                let before = std::mem::replace(&mut entry.content, RawContent::Nothing);
                entry.content = splitter.either(before, more);
                return Ok(());
            }
            let value = splitter.scanner.skip()?;
            match &*name {
                b"fullUrl" => entry.full_url = Some(value),
                b"request" => entry.request = Some(value),
                b"response" => entry.response = Some(value),
                _ => {}
            }
            Ok(())
        })?;
        entry.span = start..self.scanner.at;
        entry.duplicate_key = self.scanner.marks.duplicate_key;
        self.scanner.level = level;
        // What the entry's own members showed belongs to whatever holds it, in case that is no bundle.
        let own = std::mem::replace(&mut self.scanner.marks, outer);
        let inner = match &entry.content {
            RawContent::Resource(raw) => raw.depth + self.scanner.level + 2,
            _ => 0,
        };
        let marks = &mut self.scanner.marks;
        marks.depth = marks.depth.max(own.depth).max(inner);
        marks.attachment_bytes += own.attachment_bytes;
        marks.duplicate_key |= own.duplicate_key;
        Ok(entry)
    }

    /// What an entry holds that names its resource more than once.
    fn either(&self, before: RawContent, after: RawContent) -> RawContent {
        let bytes = |range: &Range<usize>| self.text.get(range.clone());
        match (&before, &after) {
            (RawContent::Nothing, _) => after,
            (_, RawContent::Nothing) => before,
            (RawContent::Resource(one), RawContent::Resource(other))
                if bytes(&one.span) == bytes(&other.span) =>
            {
                before
            }
            _ => RawContent::Doubled,
        }
    }
}
