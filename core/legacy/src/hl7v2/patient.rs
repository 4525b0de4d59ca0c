//! PID and NK1: who the message is about, and whom to call.

use super::datatypes::{address, contact_point, gender, identifier, name, words};
use super::message::{Last, Reader};
use super::syntax::Segment;
use crate::json::{Json, list, object, text};
use crate::timestamp::date_time;

impl<'a> Reader<'_, 'a> {
    /// `Patient`. What follows is about this one; the visit of the one before is not theirs.
    pub(super) fn patient(&mut self, segment: &Segment<'a>) {
        let field = |n: usize| segment.field(n);
        let identifiers = [3, 2, 4].into_iter().flat_map(|n| field(n).repetitions().collect::<Vec<_>>());
        let phones = [13, 14].into_iter().flat_map(|n| field(n).repetitions().collect::<Vec<_>>());
        // A day of birth is a day wherever it is read.
        let born = field(7)
            .component(1)
            .text()
            .get(..8)
            .map(str::to_owned)
            .or_else(|| Some(field(7).text().into_owned()));
        let died = self.time(&field(29));
        let dead = match field(30).raw() {
            "Y" => Some(Json::Bool(true)),
            "N" => Some(Json::Bool(false)),
            _ => None,
        };
        let mut patient = object([
            ("resourceType", text("Patient")),
            ("identifier", list(identifiers.filter_map(|piece| identifier(&piece, 4)))),
            ("name", list(field(5).repetitions().filter_map(|piece| name(&piece)))),
            ("telecom", list(phones.filter_map(|piece| contact_point(&piece)))),
            ("gender", gender(field(8).word(1).as_ref()).and_then(text)),
            ("birthDate", born.and_then(|born| date_time(&born, "")).and_then(text)),
            ("address", list(field(11).repetitions().filter_map(|piece| address(&piece)))),
        ]);
        if died.is_some() {
            patient.put("deceasedDateTime", died);
        } else {
            patient.put("deceasedBoolean", dead);
        }
        let at = self.add(segment, patient);
        self.patient = Some(at);
        (self.visit, self.report, self.document, self.last) = (None, None, None, Last::Nothing);
    }

    /// `Patient.contact`.
    pub(super) fn contact(&mut self, segment: &Segment<'a>) {
        let relation = segment.field(3);
        let relation = text(words(&relation)).map(|words| object([("text", Some(words))]));
        let phones = [5, 6].into_iter().flat_map(|n| segment.field(n).repetitions().collect::<Vec<_>>());
        let mut named = name(&segment.field(2));
        if let Some(named) = &mut named {
            named.put("use", None);
        }
        let contact = object([
            ("relationship", list(relation)),
            ("name", named),
            ("telecom", list(phones.filter_map(|piece| contact_point(&piece)))),
        ]);
        let patient = self.patient.and_then(|at| self.bundle.get_mut(at));
        match patient.filter(|_| contact != object([])) {
            Some(patient) => patient.push("contact", contact),
            None => self.bundle.leave(segment.number, "hl7-nothing-for-records"),
        }
    }
}
