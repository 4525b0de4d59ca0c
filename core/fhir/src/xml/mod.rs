//! FHIR in XML, of any release, as the JSON that says the same (FHIR R4, "XML Representation of Resources" and "JSON
//! Representation of Resources").
//!
//! The document is hostile until shown otherwise: no document types and thus no entities, bounds on depth and size, and no
//! recursion.

mod elements;
mod frame;
mod letters;

use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::{NsReader, XmlVersion};

use crate::reading::Limits;
use crate::reason::Refusal;
use frame::Frame;
pub(crate) use letters::is_xml;
pub use letters::xml_text;

const FHIR: Namespace<'static> = Namespace("http://hl7.org/fhir");
const XHTML: Namespace<'static> = Namespace("http://www.w3.org/1999/xhtml");
const HL7_V3: Namespace<'static> = Namespace("urn:hl7-org:v3");

/// Deepest nesting of elements, resources within resources counted. What a single resource may have is judged later.
const DEEPEST: usize = 200;

/// Most attributes of an element. FHIR's own have at most three.
const MOST_ATTRIBUTES: usize = 32;

/// How much of a file is looked at for its first element, in bytes.
const HEAD: usize = 64 << 10;

/// What an XML document holds, by its first element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Root {
    Fhir,
    /// A document of the Clinical Document Architecture.
    Ccda,
    Other,
}

/// Looks for the first element, in whatever letters; where those are not known, as far as it can be read without them.
pub(crate) fn root(bytes: &[u8]) -> Root {
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let text = xml_text(head).map_or_else(|_| String::from_utf8_lossy(head), |(text, _)| text);
    let mut reader = NsReader::from_str(&text);
    loop {
        let found = match reader.read_resolved_event() {
            Ok((ResolveResult::Bound(space), Event::Start(start) | Event::Empty(start))) => (space, start),
            Ok((_, Event::Start(_) | Event::Empty(_) | Event::Eof)) | Err(_) => return Root::Other,
            Ok(_) => continue,
        };
        return match found {
            (FHIR, _) => Root::Fhir,
            (HL7_V3, start) if start.local_name().as_ref() == "ClinicalDocument" => Root::Ccda,
            _ => Root::Other,
        };
    }
}

/// The document as JSON: one resource.
pub(crate) fn convert(text: &str, limits: &Limits) -> Result<Vec<u8>, Refusal> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut converter = Converter { text, open: Vec::new(), done: None, narrative: None, foreign: 0 };
    let mut before = 0;
    loop {
        let event = reader.read_resolved_event();
        let (space, event) = event.map_err(|_| Refusal::new("xml-broken"))?;
        if matches!(event, Event::Eof) {
            break;
        }
        let space = match space {
            ResolveResult::Bound(space) => space.0.to_owned(),
            _ => String::new(),
        };
        let behind = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        converter.event(&space, &event, before..behind).map_err(Refusal::new)?;
        before = behind;
    }
    let json = converter.done.filter(|_| converter.open.is_empty() && converter.narrative.is_none());
    let json = json.ok_or(Refusal::new("xml-broken"))?;
    if json.len() > limits.inflated_bytes {
        return Err(Refusal::new("xml-too-large"));
    }
    Ok(json.into_bytes())
}

/// A narrative that is being copied.
struct Narrative {
    markup: String,
    depth: usize,
}

struct Converter<'t> {
    text: &'t str,
    open: Vec<Frame>,
    /// The document, once its first element has ended.
    done: Option<String>,
    narrative: Option<Narrative>,
    /// How deep inside an element of another language, which JSON has no place for.
    foreign: usize,
}

impl Converter<'_> {
    /// Follows one event, which stands in the text between two places.
    fn event(
        &mut self,
        space: &str,
        event: &Event<'_>,
        at: std::ops::Range<usize>,
    ) -> Result<(), &'static str> {
        if matches!(event, Event::DocType(_)) {
            return Err("xml-doctype");
        }
        if self.narrative.is_some() {
            self.copy(event, at);
            return Ok(());
        }
        match event {
            Event::Start(_) if self.foreign > 0 => self.foreign += 1,
            Event::End(_) if self.foreign > 0 => self.foreign -= 1,
            Event::Start(start) if space == FHIR.0 => self.open(start)?,
            Event::Start(_) if self.open.is_empty() => return Err("xml-broken"),
            Event::Start(_) if space == XHTML.0 => {
                self.narrative = Some(Narrative { markup: String::new(), depth: 0 });
                self.copy(event, at);
            }
            Event::Start(_) => self.foreign = 1,
            Event::End(_) => self.close()?,
            // Values stand in attributes: text between elements is only there to look good.
            _ => {}
        }
        Ok(())
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Result<(), &'static str> {
        let name = start.local_name();
        let name = name.as_ref();
        let is_resource = name.starts_with(|letter: char| letter.is_ascii_uppercase());
        let mut frame = match self.open.last() {
            _ if self.open.len() >= DEEPEST => return Err("too-deep"),
            // One resource to a file, and one to a wrapper.
            None if is_resource && self.done.is_none() => Frame::resource(name),
            Some(parent) if is_resource && !parent.is_resource => Frame::resource(name),
            Some(parent) if !is_resource => Frame::inside(parent, name),
            _ => return Err("xml-broken"),
        };
        for (count, attribute) in start.attributes().enumerate() {
            let attribute = attribute.map_err(|_| "xml-broken")?;
            if count >= MOST_ATTRIBUTES {
                return Err("xml-broken");
            }
            if !matches!(attribute.key.0, "value" | "id" | "url") {
                continue;
            }
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| "xml-broken")?;
            frame.attribute(attribute.key.0, &value);
        }
        self.open.push(frame);
        Ok(())
    }

    fn close(&mut self) -> Result<(), &'static str> {
        let frame = self.open.pop().ok_or("xml-broken")?;
        if let Some(parent) = self.open.last_mut() {
            return parent.take(frame);
        }
        self.done = Some(frame.object());
        Ok(())
    }

    /// Copies a piece of a narrative as it is written, without prefixes, which JSON could not declare, and comments.
    fn copy(&mut self, event: &Event<'_>, at: std::ops::Range<usize>) {
        let Some(narrative) = &mut self.narrative else { return };
        let raw = self.text.get(at).unwrap_or_default();
        let (prefix, opens, closes) = match event {
            Event::Start(start) => (start.name().prefix().map(|prefix| prefix.into_inner().to_owned()), 1, 0),
            Event::End(end) => (end.name().prefix().map(|prefix| prefix.into_inner().to_owned()), 0, 1),
            Event::Comment(_) | Event::PI(_) => return,
            _ => (None, 0, 0),
        };
        let raw = match prefix {
            Some(prefix) => raw.replacen(&format!("{prefix}:"), "", 1),
            None => raw.to_owned(),
        };
        if let Event::Start(start) = event
            && narrative.depth == 0
            && start.try_get_attribute("xmlns").is_ok_and(|found| found.is_none())
        {
            let name = 1 + start.local_name().as_ref().len();
            let (tag, rest) = raw.split_at_checked(name).unwrap_or((&raw, ""));
            narrative.markup.extend([tag, " xmlns=\"", XHTML.0, "\"", rest]);
        } else {
            narrative.markup.push_str(&raw);
        }
        narrative.depth = (narrative.depth + opens).saturating_sub(closes);
        if narrative.depth == 0 {
            let narrative = self.narrative.take();
            if let (Some(frame), Some(narrative)) = (self.open.last_mut(), narrative) {
                frame.markup(&narrative.markup);
            }
        }
    }
}
