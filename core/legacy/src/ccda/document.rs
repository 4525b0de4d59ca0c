//! The document as a whole: `Composition` for one with sections, `DocumentReference` for one that is a file.

use super::datatypes::identifiers;
use super::reader::{Reader, all, code_of, known, one, path};
use crate::json::{Json, list, object, text};
use crate::resource::{file, is_instant, somebody};
use crate::xml::Element;

impl<'t> Reader<'t> {
    /// Reads everything.
    pub(super) fn document(&mut self) {
        self.patient();
        let custodian = self.custodian();
        let authors = self.authors();
        let file = all(self.root, "component").find_map(|part| one(part, "nonXMLBody"));
        let file = file.and_then(|body| self.file_of_document(body));
        let bodies = all(self.root, "component").filter_map(|part| one(part, "structuredBody"));
        let sections: Vec<Element<'t>> = bodies.flat_map(super::sections::within).collect();
        let numbers = identifiers(self.root);
        if let Some((place, file)) = file {
            let written = self.written();
            let mut document = object([
                ("resourceType", text("DocumentReference")),
                ("masterIdentifier", one_of(numbers)),
                ("status", text("current")),
                ("type", self.kind()),
                ("subject", self.subject()),
                ("date", written.clone().filter(is_instant)),
                ("author", list(authors)),
                ("custodian", custodian),
                ("description", self.title().and_then(text)),
                ("content", list([object([("attachment", Some(file))])])),
            ]);
            let visit = self.visit_of_document();
            let period = written.map(|start| object([("start", Some(start))]));
            let context = object([("encounter", list(visit)), ("period", period)]);
            document.put("context", Some(context).filter(|context| *context != object([])));
            self.add(place, document);
            return;
        }
        let composition = object([
            ("resourceType", text("Composition")),
            ("identifier", one_of(numbers)),
            ("status", text("final")),
            ("type", self.kind()),
            ("subject", Some(somebody(self.subject()))),
            ("date", self.written()),
            ("author", list(authors).or_else(|| list(custodian.clone()))),
            ("title", self.title().and_then(text)),
            ("confidentiality", code_of(one(self.root, "confidentialityCode")).and_then(text)),
            ("custodian", custodian),
            ("relatesTo", list(all(self.root, "relatedDocument").filter_map(before))),
        ]);
        let at = self.add(self.root, composition);
        let visit = self.visit_of_document();
        let sections = list(self.sections(&sections));
        if let Some(composition) = self.made(at) {
            composition.put("encounter", visit);
            composition.put("section", sections);
        }
    }

    fn kind(&self) -> Option<Json> {
        self.concept_of(self.root, "code")
    }

    fn title(&self) -> Option<String> {
        let title = one(self.root, "title").and_then(|title| self.words(title));
        title.or_else(|| self.label(one(self.root, "code")?))
    }

    /// The file that the document is, as an `Attachment`.
    fn file_of_document(&mut self, body: Element<'t>) -> Option<(Element<'t>, Json)> {
        let Some(content) = one(body, "text") else {
            self.leave(body, "ccda-not-recorded");
            return None;
        };
        match attachment(content) {
            Ok(file) => Some((content, file)),
            Err(reason) => {
                self.leave(body, reason);
                None
            }
        }
    }

    /// `DocumentReference` of a picture or recording among the entries (`observationMedia`).
    pub(super) fn media(&mut self, statement: Element<'t>) {
        let file = one(statement, "value").ok_or("ccda-not-recorded").and_then(attachment);
        match file {
            Ok(file) => {
                let document = object([
                    ("resourceType", text("DocumentReference")),
                    ("identifier", identifiers(statement)),
                    ("status", text("current")),
                    ("subject", self.subject()),
                    ("description", self.statement_text(statement).and_then(text)),
                    ("content", list([object([("attachment", Some(file))])])),
                ]);
                self.add(statement, document);
            }
            Err(reason) => self.leave(statement, reason),
        }
    }
}

fn one_of(numbers: Option<Json>) -> Option<Json> {
    match numbers {
        Some(Json::List(numbers)) => numbers.into_iter().next(),
        _ => None,
    }
}

/// ED: a file, in base64 or as text.
fn attachment(content: Element<'_>) -> Result<Json, &'static str> {
    if content.attribute("compression").is_some() {
        return Err("ccda-file-not-read");
    }
    let said = content.raw_text();
    let media = content.attribute("mediaType").unwrap_or("text/plain").to_ascii_lowercase();
    if said.trim().is_empty() {
        let elsewhere =
            one(content, "reference").is_some_and(|reference| reference.attribute("value").is_some());
        return Err(if elsewhere { "ccda-file-elsewhere" } else { "ccda-not-recorded" });
    }
    if content.attribute("representation") == Some("B64") {
        let bytes = kosha_fhir::decode_base64(said.trim().as_bytes()).filter(|bytes| !bytes.is_empty());
        return bytes.map(|bytes| file(&bytes, &media)).ok_or("ccda-file-not-read");
    }
    if media == "text/plain" {
        // The letters were decoded with the document: whatever they were, they are UTF-8 now.
        let mut made = file(said.trim().as_bytes(), &media);
        made.put("contentType", text("text/plain; charset=utf-8"));
        return Ok(made);
    }
    Ok(file(said.trim().as_bytes(), &media))
}

/// The document that this one replaces or adds to.
fn before(related: Element<'_>) -> Option<Json> {
    let code = match related.attribute("typeCode")? {
        "RPLC" => "replaces",
        "APND" => "appends",
        "XFRM" => "transforms",
        _ => return None,
    };
    let parent = known(path(related, &["parentDocument"])?)?;
    Some(object([("code", text(code)), ("targetIdentifier", Some(one_of(identifiers(parent))?))]))
}
