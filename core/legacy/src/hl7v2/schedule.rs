//! SCH and what belongs to it: an appointment, as `Appointment`.

use super::datatypes::{concept, doctor, identifier, words};
use super::message::{Last, Reader};
use super::syntax::Segment;
use crate::json::{Json, list, object, text};
use crate::resource::{is_instant, named};

impl<'a> Reader<'_, 'a> {
    /// The patient may stand behind it: they are put in when the first thing of the appointment is known.
    pub(super) fn appointment(&mut self, segment: &Segment<'a>) {
        let status = match (self.event.as_str(), segment.field(25).word(1).to_lowercase().as_str()) {
            ("S17", _) | (_, "deleted") => "entered-in-error",
            ("S15", _) | (_, "cancelled" | "dc" | "discontinued") => "cancelled",
            ("S26", _) | (_, "noshow") => "noshow",
            (_, "complete") => "fulfilled",
            (_, "pending" | "waitlist" | "overbook") => "pending",
            _ => "booked",
        };
        let timing = segment.field(11);
        let appointment = object([
            ("resourceType", text("Appointment")),
            ("identifier", list([1, 2].into_iter().filter_map(|n| identifier(&segment.field(n), 2)))),
            ("status", text(status)),
            ("appointmentType", concept(&segment.field(8))),
            ("reasonCode", list(concept(&segment.field(7)).or_else(|| concept(&segment.field(6))))),
            ("start", self.time(&timing.component(4)).filter(is_instant)),
            ("end", self.time(&timing.component(5)).filter(is_instant)),
        ]);
        let at = self.add(segment, appointment);
        (self.appointment, self.last) = (Some(at), Last::Noted(at));
    }

    /// TQ1 of an appointment: when it begins and ends.
    pub(super) fn timing(&mut self, segment: &Segment<'a>) {
        let (start, end) = (self.time(&segment.field(7)), self.time(&segment.field(8)));
        let appointment = self.appointment.and_then(|at| self.bundle.get_mut(at));
        let Some(appointment) = appointment else {
            return self.bundle.leave(segment.number, "hl7-nothing-for-records");
        };
        for (key, time) in [("start", start), ("end", end)] {
            if !appointment.has(key) {
                appointment.put(key, time.filter(is_instant));
            }
        }
    }

    /// AIS, AIL, AIP: what is to be done, where, by whom.
    pub(super) fn resource_of_appointment(&mut self, segment: &Segment<'a>) {
        let participant = match segment.name() {
            "AIL" => {
                let place = segment.field(3);
                let parts = [4, 1, 2].map(|n| place.word(n));
                let parts: Vec<&str> =
                    parts.iter().map(AsRef::as_ref).filter(|part| !part.is_empty()).collect();
                named(Some(parts.join(", ")))
            }
            "AIP" => named(doctor(&segment.field(3))),
            _ => None,
        };
        let service = if segment.name() == "AIS" { text(words(&segment.field(3))) } else { None };
        let start = self.time(&segment.field(4)).filter(is_instant);
        let patient = self.subject();
        let Some(appointment) = self.appointment.and_then(|at| self.bundle.get_mut(at)) else {
            return self.bundle.leave(segment.number, "hl7-nothing-for-records");
        };
        if !appointment.has("participant") {
            put_participant(appointment, patient);
        }
        put_participant(appointment, participant);
        if !appointment.has("start") && segment.name() == "AIS" {
            appointment.put("start", start);
        }
        if let Some(service) = service {
            appointment.push("serviceType", object([("text", Some(service))]));
        }
    }
}

fn put_participant(appointment: &mut Json, actor: Option<Json>) {
    if let Some(actor) = actor {
        appointment.push("participant", object([("actor", Some(actor)), ("status", text("accepted"))]));
    }
}
