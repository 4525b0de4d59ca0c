//! AL1 and IAM: allergies, as `AllergyIntolerance`. That there is none is not an allergy.

use super::datatypes::{concept, words};
use super::message::{Last, Reader};
use super::syntax::{Piece, Segment};
use crate::json::{list, object, text};
use crate::resource::{coded, none_known};

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";

/// Table 0127.
fn category(code: &str) -> Option<&'static str> {
    match code {
        "DA" | "MA" => Some("medication"),
        "FA" => Some("food"),
        "EA" | "AA" | "PA" | "LA" => Some("environment"),
        _ => None,
    }
}

/// Table 0128. It tells how severe the reaction was, which is not how dangerous the next one may be.
fn severity(code: &str) -> Option<&'static str> {
    match code {
        "SV" => Some("severe"),
        "MO" => Some("moderate"),
        "MI" => Some("mild"),
        _ => None,
    }
}

impl<'a> Reader<'_, 'a> {
    /// AL1.
    pub(super) fn allergy(&mut self, segment: &Segment<'a>) {
        let reactions: Vec<Piece<'a>> = segment.field(5).repetitions().collect();
        self.put_allergy(segment, &segment.field(4), &reactions, &segment.field(6), (None, Some("active")));
    }

    /// IAM, which can also take an allergy back.
    pub(super) fn allergy_in_full(&mut self, segment: &Segment<'a>) {
        if segment.field(6).word(1) == "D" {
            return self.bundle.leave(segment.number, "hl7-withdrawn");
        }
        // Table 0438: confirmed; confirmed and inactive; unconfirmed, pending, suspect, doubt raised; erroneous.
        let (verification, clinical) = match segment.field(17).word(1).as_ref() {
            "C" => (Some("confirmed"), Some("active")),
            "I" => (Some("confirmed"), Some("inactive")),
            "U" | "P" | "S" | "D" => (Some("unconfirmed"), Some("active")),
            "E" => (Some("entered-in-error"), None),
            _ => (None, Some("active")),
        };
        let reactions: Vec<Piece<'a>> = segment.field(5).repetitions().collect();
        let told = (verification, clinical);
        self.put_allergy(segment, &segment.field(4), &reactions, &segment.field(11), told);
    }

    fn put_allergy(
        &mut self,
        segment: &Segment<'a>,
        severity_sent: &Piece<'a>,
        reactions: &[Piece<'a>],
        onset: &Piece<'a>,
        (verification, clinical): (Option<&str>, Option<&str>),
    ) {
        let substance = segment.field(3);
        let Some(code) = concept(&substance) else {
            return self.bundle.leave(segment.number, "hl7-no-code");
        };
        let none = none_known(&words(&substance));
        let code = none.map_or(code, |none| {
            let mut said = coded("http://snomed.info/sct", none);
            said.put("text", text(words(&substance)));
            said
        });
        let severity = severity(&severity_sent.word(1));
        let reaction = reactions.iter().filter_map(|reaction| {
            Some(object([
                ("manifestation", list([object([("text", Some(text(words(reaction))?))])])),
                ("severity", severity.and_then(text)),
            ]))
        });
        let allergy = object([
            ("resourceType", text("AllergyIntolerance")),
            ("clinicalStatus", clinical.filter(|_| none.is_none()).map(|code| coded(CLINICAL, code))),
            ("verificationStatus", verification.map(|code| coded(VERIFICATION, code))),
            ("category", list(category(&segment.field(2).word(1)).and_then(text))),
            ("code", Some(code)),
            ("patient", self.subject()),
            ("encounter", self.encounter()),
            ("onsetDateTime", self.time(onset)),
            ("reaction", list(reaction).filter(|_| none.is_none())),
        ]);
        let at = self.add(segment, allergy);
        self.last = Last::Noted(at);
    }
}
