//! OBR and OBX: reports and their values, as `DiagnosticReport` and `Observation`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::datatypes::{concept, doctor, identifier};
use super::message::{Last, Reader};
use super::syntax::{Piece, Segment};
use super::values::Numbers;
use crate::json::{Json, list, object, text};
use crate::resource::{coded, file, is_instant, named, put_effective, somebody};

const INTERPRETATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

/// Status of a report, table 0123.
fn report_status(code: &str) -> &'static str {
    match code {
        "F" => "final",
        "C" | "M" => "corrected",
        "P" | "N" => "preliminary",
        "A" | "R" => "partial",
        "X" => "cancelled",
        "O" | "I" | "S" => "registered",
        _ => "unknown",
    }
}

/// Status of a value, table 0085.
fn value_status(code: &str) -> &'static str {
    match code {
        "F" | "U" | "V" => "final",
        "C" => "corrected",
        "A" | "B" => "amended",
        "P" | "R" | "S" => "preliminary",
        "X" => "cancelled",
        "D" | "W" => "entered-in-error",
        // What was only asked for, or is still in the laboratory.
        "I" | "O" => "registered",
        _ => "unknown",
    }
}

impl<'a> Reader<'_, 'a> {
    /// `DiagnosticReport`. The values behind it belong to it.
    pub(super) fn report(&mut self, segment: &Segment<'a>) {
        self.last = Last::Nothing;
        // In a message about documents it is the order that the document answers.
        let Some(code) = concept(&segment.field(4)).filter(|_| self.kind != "MDM") else {
            self.report = None;
            return self.bundle.leave(segment.number, "hl7-no-code");
        };
        if matches!(self.kind.as_str(), "OML" | "OMG" | "ORM" | "OMI" | "OMQ") {
            return self.advised(segment, code);
        }
        let identifiers = [3, 2].into_iter().filter_map(|n| identifier(&segment.field(n), 2));
        let start = self.time(&segment.field(7));
        let end = self.time(&segment.field(8));
        let interpreter = named(doctor(&segment.field(32)));
        let mut report = object([
            ("resourceType", text("DiagnosticReport")),
            ("identifier", list(identifiers)),
            ("status", text(report_status(segment.field(25).raw()))),
            ("category", list(concept(&segment.field(24)))),
            ("code", Some(code)),
            ("subject", self.subject()),
            ("encounter", self.encounter()),
            ("issued", self.time(&segment.field(22)).filter(is_instant)),
            ("performer", list(self.organisation())),
            ("resultsInterpreter", list(interpreter)),
        ]);
        put_effective(&mut report, start, end);
        let at = self.add(segment, report);
        self.report = Some(at);
        self.last = Last::Report(at);
    }

    /// `ServiceRequest`: what was ordered, and is no result.
    fn advised(&mut self, segment: &Segment<'a>, code: Json) {
        let control = self.of_order(1).map(|control| control.raw().to_owned()).unwrap_or_default();
        let status = match control.as_str() {
            "CA" | "OC" | "CR" | "DC" | "OD" | "DR" => "revoked",
            "HD" | "OH" | "HR" => "on-hold",
            _ => "active",
        };
        let request = object([
            ("resourceType", text("ServiceRequest")),
            ("identifier", list([2, 3].into_iter().filter_map(|n| identifier(&segment.field(n), 2)))),
            ("status", text(status)),
            ("intent", text("order")),
            ("code", Some(code)),
            ("subject", Some(somebody(self.subject()))),
            ("encounter", self.encounter()),
            ("authoredOn", self.of_order(9).and_then(|piece| self.time(&piece))),
            ("requester", named(doctor(&segment.field(16))).or_else(|| self.organisation())),
            ("reasonCode", list(concept(&segment.field(31)))),
        ]);
        let at = self.add(segment, request);
        (self.report, self.last) = (None, Last::Noted(at));
    }

    /// `Observation`; or what it is of: a document's text, a vaccination's particulars.
    pub(super) fn observation(&mut self, segment: &Segment<'a>) {
        if self.vaccine.is_some() {
            return self.particular_of_vaccine(segment);
        }
        if self.document.is_some() {
            return self.content_of_document(segment);
        }
        let Some(code) = concept(&segment.field(3)) else {
            return self.bundle.leave(segment.number, "hl7-no-code");
        };
        let status = segment.field(11).raw();
        if self.holds_nothing(segment) {
            self.last = Last::Nothing;
            return self.bundle.leave(segment.number, "hl7-not-recorded");
        }
        if segment.field(2).raw() == "ED" && self.file(segment) {
            return;
        }
        if is_elsewhere(segment) {
            self.last = Last::Nothing;
            return self.bundle.leave(segment.number, "hl7-file-elsewhere");
        }
        let (value, range) = (segment.field(5), segment.field(7));
        let numbers = Numbers { segment, commas_part_fractions: self.commas_part_fractions };
        let flags = segment.field(8).repetitions().filter_map(|flag| {
            let code = flag.word(1).into_owned();
            text(code.clone()).map(|_| coded(INTERPRETATION, &code))
        });
        let performer = named(text_of(&segment.field(23))).or_else(|| self.organisation());
        let mut observation = object([
            ("resourceType", text("Observation")),
            ("status", text(value_status(status))),
            ("code", Some(code)),
            ("subject", self.subject()),
            ("encounter", self.encounter()),
            ("effectiveDateTime", self.time(&segment.field(14))),
            ("performer", list(performer)),
            ("interpretation", list(flags)),
            ("referenceRange", list(numbers.reference_range(&range.text(), &value.text()))),
        ]);
        numbers.put_value(&mut observation, &value);
        let at = self.add_value(segment, observation);
        self.last = Last::Noted(at);
        // Versions of one value have one address.
        if self.is_listed(at) {
            return;
        }
        let reference = self.bundle.reference(at);
        if let (Some(reference), Some(report)) =
            (reference, self.report.and_then(|at| self.bundle.get_mut(at)))
        {
            report.push("result", reference);
        }
    }

    /// Neither a value nor a flag, and not because it is to come or cannot be had. Some write the result as a note behind it.
    fn holds_nothing(&self, segment: &Segment<'a>) -> bool {
        let (status, value) = (segment.field(11), segment.field(5));
        let says_why = matches!(status.raw(), "D" | "I" | "P" | "R" | "S" | "W" | "X");
        value.is_empty()
            && (matches!(status.raw(), "N" | "O")
                || (!says_why && segment.field(8).is_empty() && self.next != "NTE"))
    }

    /// A file in a value (ED): part of the report. Whether it was one.
    fn file(&mut self, segment: &Segment<'a>) -> bool {
        let Some(attachment) = attachment(&segment.field(5)) else { return false };
        if let Some(report) = self.report.and_then(|at| self.bundle.get_mut(at)) {
            report.push("presentedForm", attachment);
        } else {
            let document = object([
                ("resourceType", text("DocumentReference")),
                ("status", text("current")),
                ("type", concept(&segment.field(3))),
                ("subject", self.subject()),
                ("content", list([object([("attachment", Some(attachment))])])),
            ]);
            self.add(segment, document);
            self.last = Last::Nothing;
        }
        true
    }
}

/// A pointer to a file that is not part of the message (RP).
pub(super) fn is_elsewhere(segment: &Segment<'_>) -> bool {
    segment.field(2).raw() == "RP" && !segment.field(5).is_empty()
}

fn text_of(piece: &Piece<'_>) -> Option<String> {
    Some(piece.word(1).into_owned()).filter(|words| !words.is_empty())
}

/// ED with base64, or with text, as an `Attachment`.
pub(super) fn attachment(piece: &Piece<'_>) -> Option<Json> {
    let (kind, subtype, encoding) = (piece.word(2), piece.word(3), piece.word(4));
    let data: String = piece.component(5).raw().split_whitespace().collect();
    let bytes = match encoding.to_ascii_lowercase().as_str() {
        "base64" => STANDARD.decode(&data).ok()?,
        "a" | "" => piece.component(5).text().into_owned().into_bytes(),
        _ => return None,
    };
    if bytes.is_empty() {
        return None;
    }
    let named = format!("{}/{}", kind.to_ascii_lowercase(), subtype.to_ascii_lowercase());
    let named = if subtype.contains('/') { subtype.to_ascii_lowercase() } else { named };
    Some(file(&bytes, &named))
}
