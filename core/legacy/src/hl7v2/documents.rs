//! TXA and the OBX behind it: a document, as `DocumentReference`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::datatypes::{concept, doctor, identifier};
use super::message::{Last, Reader};
use super::results::{attachment, is_elsewhere};
use super::syntax::Segment;
use crate::json::{Json, list, object, text};
use crate::resource::{is_instant, named};

impl<'a> Reader<'_, 'a> {
    pub(super) fn document(&mut self, segment: &Segment<'a>) {
        // Table 0270 names the common kinds by two letters; a name of one's own says more.
        let kind = concept(&segment.field(2));
        let withdrawn = self.event == "T11" || matches!(segment.field(19).raw(), "CA" | "UN");
        let status = match (withdrawn, segment.field(19).raw()) {
            (true, _) => "entered-in-error",
            (_, "OB") => "superseded",
            _ => "current",
        };
        let doc_status = match segment.field(17).raw() {
            "AU" | "LA" | "DO" => Some("final"),
            "DI" | "IN" | "IP" | "PA" => Some("preliminary"),
            _ => None,
        };
        let written = [6, 4, 8].into_iter().find_map(|n| self.time(&segment.field(n)));
        let authors = [9, 5].into_iter().flat_map(|n| segment.field(n).repetitions().collect::<Vec<_>>());
        let document = object([
            ("resourceType", text("DocumentReference")),
            ("masterIdentifier", identifier(&segment.field(12), 2)),
            ("status", text(status)),
            ("docStatus", doc_status.and_then(text)),
            ("type", kind),
            ("subject", self.subject()),
            ("date", written.clone().filter(is_instant)),
            ("author", list(authors.filter_map(|piece| named(doctor(&piece))))),
            ("custodian", self.organisation()),
            ("context", written.map(|start| object([("period", Some(object([("start", Some(start))])))]))),
        ]);
        let at = self.add(segment, document);
        (self.document, self.report, self.last) = (Some(at), None, Last::Nothing);
    }

    /// Lines of text become one text file; a file in a value is one of its own.
    pub(super) fn content_of_document(&mut self, segment: &Segment<'a>) {
        let value = segment.field(5);
        let Some(document) =
            self.document.and_then(|at| self.bundle.get_mut(at)).filter(|_| !value.is_empty())
        else {
            return self.bundle.leave(segment.number, "hl7-not-recorded");
        };
        if is_elsewhere(segment) {
            return self.bundle.leave(segment.number, "hl7-file-elsewhere");
        }
        let file = if segment.field(2).raw() == "ED" { attachment(&value) } else { None };
        if let Some(file) = file {
            return document.push("content", object([("attachment", Some(file))]));
        }
        let lines: Vec<String> = value.repetitions().map(|line| line.text().into_owned()).collect();
        let lines = lines.join("\n");
        add_text(document, &lines);
    }
}

/// Adds lines to the text file of a document.
fn add_text(document: &mut Json, lines: &str) {
    let made = |said: &str| {
        let data = text(STANDARD.encode(said));
        object([(
            "attachment",
            Some(object([("contentType", text("text/plain; charset=utf-8")), ("data", data)])),
        )])
    };
    let Json::Object(members) = &mut *document else { return };
    let Some((_, Json::List(files))) = members.iter_mut().find(|(key, _)| *key == "content") else {
        return document.push("content", made(lines));
    };
    let before = files.iter_mut().find_map(|file| said_in(file).map(|said| (file, said)));
    match before {
        Some((file, said)) => *file = made(&format!("{said}\n{lines}")),
        None => files.push(made(lines)),
    }
}

/// The text in a file that [`add_text`] made.
fn said_in(file: &Json) -> Option<String> {
    let member = |of: &Json, wanted: &str| match of {
        Json::Object(members) => {
            members.iter().find(|(key, _)| *key == wanted).map(|(_, value)| value.clone())
        }
        _ => None,
    };
    let attachment = member(file, "attachment")?;
    match (member(&attachment, "contentType")?, member(&attachment, "data")?) {
        (Json::Text(kind), Json::Text(data)) if kind.starts_with("text/plain") => {
            String::from_utf8(STANDARD.decode(data).ok()?).ok()
        }
        _ => None,
    }
}
