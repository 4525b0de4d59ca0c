//! OBR and OBX: reports and their values, as `DiagnosticReport` and `Observation`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::datatypes::{concept, doctor, identifier};
use super::message::{Last, Reader};
use super::syntax::{Piece, Segment};
use crate::json::{Json, list, object, text};
use crate::resource::{add_note, coded, file, is_instant, named, put_effective, somebody};
use crate::timestamp::date_time;

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
            ("referenceRange", list(reference_range(&range.text(), segment))),
        ]);
        put_value(&mut observation, segment, &value);
        let at = self.add(segment, observation);
        self.last = Last::Noted(at);
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

/// Puts the value in as its type says (OBX-2); a value that is not of its type stays a text.
fn put_value(observation: &mut Json, segment: &Segment<'_>, value: &Piece<'_>) {
    if value.is_empty() {
        return;
    }
    let kind = segment.field(2);
    let several = value.repetitions().count() > 1;
    match kind.raw() {
        "NM" if !several => {
            if let Some(quantity) = quantity(&value.word(1), None, segment) {
                return observation.put("valueQuantity", Some(quantity));
            }
        }
        "SN" if !several => {
            if let Some((key, value)) = structured(value, segment) {
                return observation.put(key, Some(value));
            }
        }
        "CE" | "CWE" | "CNE" | "CF" | "IS" | "ID" => {
            let mut values = value.repetitions().filter_map(|value| concept(&value));
            observation.put("valueCodeableConcept", values.next());
            for value in value.repetitions().skip(1) {
                add_note(observation, super::datatypes::words(&value).into_owned());
            }
            return;
        }
        "DT" | "TS" | "DTM" if !several => {
            if let Some(time) = date_time(&value.word(1), "") {
                return observation.put("valueDateTime", text(time));
            }
        }
        _ => {}
    }
    let lines: Vec<String> = value.repetitions().map(|line| line.text().into_owned()).collect();
    // A text type has no components: what looks like one is a part of the text.
    observation.put("valueString", text(lines.join("\n")));
}

fn quantity(number: &str, comparator: Option<&str>, segment: &Segment<'_>) -> Option<Json> {
    let units = segment.field(6);
    let (code, words, system) = (units.word(1), units.word(2), units.word(3));
    let ucum = system.eq_ignore_ascii_case("UCUM");
    let unit = if words.is_empty() { code.clone() } else { words };
    Some(object([
        ("value", Some(Json::number(number)?)),
        ("comparator", comparator.and_then(text)),
        ("unit", text(unit)),
        ("system", if ucum && !code.is_empty() { text("http://unitsofmeasure.org") } else { None }),
        ("code", text(code).filter(|_| ucum)),
    ]))
}

/// SN: comparator, number, sign, number (2.A.71).
fn structured(value: &Piece<'_>, segment: &Segment<'_>) -> Option<(&'static str, Json)> {
    let (comparator, first, sign, second) = (value.word(1), value.word(2), value.word(3), value.word(4));
    let comparator = match comparator.as_ref() {
        "" | "=" => None,
        known @ ("<" | "<=" | ">" | ">=") => Some(known),
        _ => return None,
    };
    if second.is_empty() && sign.is_empty() {
        return Some(("valueQuantity", quantity(&first, comparator, segment)?));
    }
    let (one, other) = (quantity(&first, comparator, segment)?, quantity(&second, None, segment)?);
    match sign.as_ref() {
        "-" if comparator.is_none() => {
            Some(("valueRange", object([("low", Some(one)), ("high", Some(other))])))
        }
        ":" | "/" => Some(("valueRatio", object([("numerator", Some(one)), ("denominator", Some(other))]))),
        _ => None,
    }
}

/// OBX-7. Bounds only where the text is two numbers, or one behind `<` or `>`; the text stays in any case.
fn reference_range(range: &str, segment: &Segment<'_>) -> Option<Json> {
    let bounds = range.trim();
    let number = |text: &str| quantity(text.trim(), None, segment);
    let (low, high) = if let Some((low, high)) = two_numbers(bounds) {
        (number(low), number(high))
    } else if let Some(high) = bounds.strip_prefix("<=").or_else(|| bounds.strip_prefix('<')) {
        (None, number(high))
    } else if let Some(low) = bounds.strip_prefix(">=").or_else(|| bounds.strip_prefix('>')) {
        (number(low), None)
    } else {
        (None, None)
    };
    Some(object([("low", low), ("high", high), ("text", Some(text(bounds)?))]))
}

/// `3.5-5.0`, `-2 - 2`: both sides numbers, the first not larger.
fn two_numbers(range: &str) -> Option<(&str, &str)> {
    let at = range.char_indices().skip(1).find(|(_, letter)| *letter == '-').map(|(at, _)| at)?;
    let (low, high) = (range.get(..at)?.trim(), range.get(at + 1..)?.trim());
    let (from, to): (f64, f64) = (low.parse().ok()?, high.parse().ok()?);
    (Json::number(low).is_some() && Json::number(high).is_some() && from <= to).then_some((low, high))
}
