//! DG1, PRB and PR1: diagnoses, problems and procedures.

use super::datatypes::{concept, doctor, identifier};
use super::message::{Last, Reader};
use super::syntax::Segment;
use crate::json::{list, object, text};
use crate::resource::{coded, named, somebody};

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";

impl<'a> Reader<'_, 'a> {
    /// `Condition` of a visit.
    pub(super) fn diagnosis(&mut self, segment: &Segment<'a>) {
        if segment.field(21).raw() == "D" {
            return self.bundle.leave(segment.number, "hl7-withdrawn");
        }
        let described = text(segment.field(4).text()).map(|words| object([("text", Some(words))]));
        let Some(code) = concept(&segment.field(3)).or(described) else {
            return self.bundle.leave(segment.number, "hl7-no-code");
        };
        // Table 0052: a working or admitting diagnosis is a supposition.
        let verification = match segment.field(6).word(1).as_ref() {
            "F" => Some("confirmed"),
            "A" | "W" => Some("provisional"),
            _ => None,
        };
        let condition = object([
            ("resourceType", text("Condition")),
            ("identifier", list(identifier(&segment.field(20), 2))),
            ("verificationStatus", verification.map(|code| coded(VERIFICATION, code))),
            ("category", list([coded(CATEGORY, "encounter-diagnosis")])),
            ("code", Some(code)),
            ("subject", self.subject()),
            ("encounter", self.encounter()),
            ("onsetDateTime", self.time(&segment.field(5))),
            ("recordedDate", self.time(&segment.field(19))),
            ("asserter", named(doctor(&segment.field(16)))),
        ]);
        let at = self.add(segment, condition);
        self.last = Last::Noted(at);
    }

    /// `Condition` of the problem list.
    pub(super) fn problem(&mut self, segment: &Segment<'a>) {
        if segment.field(1).raw() == "DE" {
            return self.bundle.leave(segment.number, "hl7-withdrawn");
        }
        let Some(code) = concept(&segment.field(3)) else {
            return self.bundle.leave(segment.number, "hl7-no-code");
        };
        let verification = match segment.field(13).word(1).to_lowercase().as_str() {
            "c" | "confirmed" => Some("confirmed"),
            "p" | "provisional" => Some("provisional"),
            "d" | "differential" => Some("differential"),
            "s" | "u" | "suspected" | "unconfirmed" => Some("unconfirmed"),
            "r" | "refuted" | "ruled out" => Some("refuted"),
            _ => None,
        };
        let ended = self.time(&segment.field(9));
        let clinical = match segment.field(14).word(1).to_lowercase().as_str() {
            "active" | "a" => Some("active"),
            "inactive" | "i" => Some("inactive"),
            "resolved" | "r" => Some("resolved"),
            _ if ended.is_some() => Some("resolved"),
            _ => None,
        };
        let condition = object([
            ("resourceType", text("Condition")),
            ("identifier", list(identifier(&segment.field(4), 2))),
            (
                "clinicalStatus",
                clinical.map(|code| coded(CLINICAL, code)).filter(|_| verification != Some("refuted")),
            ),
            ("verificationStatus", verification.map(|code| coded(VERIFICATION, code))),
            ("category", list([coded(CATEGORY, "problem-list-item")])),
            ("code", Some(code)),
            ("subject", self.subject()),
            ("encounter", self.encounter()),
            ("onsetDateTime", self.time(&segment.field(16)).or_else(|| self.time(&segment.field(7)))),
            ("abatementDateTime", ended),
            ("recordedDate", self.time(&segment.field(2))),
        ]);
        let at = self.add(segment, condition);
        self.last = Last::Noted(at);
    }

    /// `Procedure`.
    pub(super) fn procedure(&mut self, segment: &Segment<'a>) {
        if segment.field(20).raw() == "D" {
            return self.bundle.leave(segment.number, "hl7-withdrawn");
        }
        let described = text(segment.field(4).text()).map(|words| object([("text", Some(words))]));
        let Some(code) = concept(&segment.field(3)).or(described) else {
            return self.bundle.leave(segment.number, "hl7-no-code");
        };
        let doctors =
            [11, 8, 12].into_iter().flat_map(|n| segment.field(n).repetitions().collect::<Vec<_>>());
        let performers = doctors.filter_map(|piece| named(doctor(&piece)));
        let subject = somebody(self.subject());
        let procedure = object([
            ("resourceType", text("Procedure")),
            ("identifier", list(identifier(&segment.field(19), 2))),
            ("status", text("completed")),
            ("code", Some(code)),
            ("subject", Some(subject)),
            ("encounter", self.encounter()),
            ("performedDateTime", self.time(&segment.field(5))),
            ("performer", list(performers.map(|doctor| object([("actor", Some(doctor))])))),
        ]);
        let at = self.add(segment, procedure);
        self.last = Last::Noted(at);
    }
}
