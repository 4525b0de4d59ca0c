//! PV1 and PV2: the visit, as an `Encounter`.

use super::datatypes::{concept, doctor, identifier};
use super::message::{Last, Reader};
use super::syntax::{Piece, Segment};
use crate::json::{Json, list, object, text};
use crate::resource::named;

/// Classes of table 0004 as FHIR's `v3-ActCode` names them.
fn class(code: &str) -> Option<&'static str> {
    match code {
        "I" => Some("IMP"),
        "O" | "R" | "C" => Some("AMB"),
        "E" => Some("EMER"),
        "P" => Some("PRENC"),
        "B" => Some("ACUTE"),
        _ => None,
    }
}

/// Names of the parts of a PL (ward, room, bed, house) as one text.
fn place(piece: &Piece<'_>) -> Option<String> {
    let parts = [4, 1, 2, 3].map(|n| piece.word(n));
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

impl<'a> Reader<'_, 'a> {
    /// `Encounter`, where the segment says more of it than that there is none.
    pub(super) fn visit(&mut self, segment: &Segment<'a>) {
        let (start, end) = (self.time(&segment.field(44)), self.time(&segment.field(45)));
        let class = class(&segment.field(2).word(1));
        let place = place(&segment.field(3));
        let says_something =
            start.is_some() || end.is_some() || place.is_some() || !segment.field(19).is_empty();
        if class.is_none() && !says_something {
            return self.bundle.leave(segment.number, "hl7-nothing-for-records");
        }
        let status = match self.event.as_str() {
            "A11" | "A27" | "A38" => "cancelled",
            "A23" => "entered-in-error",
            "A03" => "finished",
            "A05" | "A14" => "planned",
            _ if end.is_some() => "finished",
            "A01" | "A02" | "A04" | "A06" | "A07" | "A08" => "in-progress",
            _ => "unknown",
        };
        let doctors = [7, 8, 9].into_iter().flat_map(|n| segment.field(n).repetitions().collect::<Vec<_>>());
        let doctors = doctors.filter_map(|piece| named(doctor(&piece)));
        let encounter = object([
            ("resourceType", text("Encounter")),
            ("identifier", list(identifier(&segment.field(19), 4))),
            ("status", text(status)),
            (
                "class",
                Some(object([
                    ("system", text("http://terminology.hl7.org/CodeSystem/v3-ActCode")),
                    ("code", text(class.unwrap_or("AMB"))),
                ]))
                .filter(|_| class.is_some())
                .or_else(|| Some(object([("display", text("Visit"))]))),
            ),
            ("serviceType", concept(&segment.field(10))),
            ("subject", self.subject()),
            ("participant", list(doctors.map(|doctor| object([("individual", Some(doctor))])))),
            ("period", Some(object([("start", start), ("end", end)])).filter(|period| *period != object([]))),
            ("location", list(named(place).map(|place| object([("location", Some(place))])))),
            ("serviceProvider", self.organisation()),
        ]);
        let at = self.add(segment, encounter);
        self.visit = Some(at);
        self.last = Last::Nothing;
    }

    /// The reason of the visit.
    pub(super) fn more_of_visit(&mut self, segment: &Segment<'a>) {
        let reason = concept(&segment.field(3));
        let visit = self.visit.and_then(|at| self.bundle.get_mut(at));
        match (visit, reason) {
            (Some(visit), Some(reason)) => visit.put("reasonCode", Some(Json::List(vec![reason]))),
            _ => self.bundle.leave(segment.number, "hl7-nothing-for-records"),
        }
    }
}
