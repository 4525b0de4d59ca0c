//! RXA: a vaccination as `Immunization`, and elsewhere a medicine that was given as `MedicationAdministration`.

use super::datatypes::{concept, doctor, words};
use super::message::{Last, Reader};
use super::syntax::Segment;
use crate::json::{Json, list, object, text};
use crate::resource::{add_note, is_instant, named, somebody};

/// "No vaccine administered" (CVX).
const NO_VACCINE: &str = "998";
/// LOINC: dose number in series; it is a part of the vaccination.
const DOSE_NUMBER: [&str; 2] = ["30973-2", "30952-9"];

impl<'a> Reader<'_, 'a> {
    pub(super) fn administration(&mut self, segment: &Segment<'a>) {
        (self.vaccine, self.last) = (None, Last::Nothing);
        let given = segment.field(5);
        let Some(code) = concept(&given) else {
            return self.bundle.leave(segment.number, "hl7-no-code");
        };
        if given.word(1) == NO_VACCINE {
            return self.bundle.leave(segment.number, "hl7-not-recorded");
        }
        let status = match (segment.field(21).raw(), segment.field(20).raw()) {
            ("D", _) => "entered-in-error",
            (_, "RE" | "NA") => "not-done",
            _ if !segment.field(18).is_empty() => "not-done",
            _ => "completed",
        };
        let immunisation = matches!(self.kind.as_str(), "VXU" | "VXR" | "VXX" | "RSP");
        if immunisation || given.word(3).eq_ignore_ascii_case("CVX") {
            let at = self.immunization(segment, code, status);
            (self.vaccine, self.last) = (Some(at), Last::Noted(at));
        } else {
            let at = self.medicine_given(segment, code, status);
            (self.medicine, self.last) = (Some(at), Last::Noted(at));
        }
    }

    fn immunization(&mut self, segment: &Segment<'a>, code: Json, status: &str) -> usize {
        // Table NIP001: 00 is a dose that was given there; the others are told from elsewhere.
        let source = segment.field(9).word(1);
        let primary = match source.as_ref() {
            "00" => Some(true),
            "01" | "02" | "03" | "04" | "05" | "06" | "07" | "08" => Some(false),
            _ => None,
        };
        // 999 stands for an amount that nobody noted.
        let dose = Some(segment.field(6).word(1)).filter(|dose| dose != "999");
        let unit = words(&segment.field(7));
        let dose = dose.and_then(|dose| Json::number(&dose));
        let dose = dose.map(|dose| object([("value", Some(dose)), ("unit", text(unit))]));
        let mut vaccination = object([
            ("resourceType", text("Immunization")),
            ("status", text(status)),
            ("statusReason", concept(&segment.field(18)).filter(|_| status == "not-done")),
            ("vaccineCode", Some(code)),
            ("patient", Some(somebody(self.subject()))),
            ("encounter", self.encounter()),
            ("primarySource", primary.map(Json::Bool)),
            (
                "manufacturer",
                named(Some(words(&segment.field(17)).into_owned()).filter(|name| !name.is_empty())),
            ),
            ("lotNumber", text(segment.field(15).text())),
            ("expirationDate", self.time(&segment.field(16)).filter(|date| !is_instant(date))),
            ("doseQuantity", dose),
        ]);
        match self.time(&segment.field(3)) {
            Some(time) => vaccination.put("occurrenceDateTime", Some(time)),
            None => vaccination.put("occurrenceString", text("unknown")),
        }
        let doctors = segment.field(10).repetitions().filter_map(|piece| named(doctor(&piece)));
        vaccination.put("performer", list(doctors.map(|doctor| object([("actor", Some(doctor))]))));
        self.add(segment, vaccination)
    }

    fn medicine_given(&mut self, segment: &Segment<'a>, code: Json, status: &str) -> usize {
        let amount = Json::number(&segment.field(6).word(1)).filter(|_| segment.field(6).word(1) != "999");
        let amount =
            amount.map(|amount| object([("value", Some(amount)), ("unit", text(words(&segment.field(7))))]));
        let given = object([
            ("resourceType", text("MedicationAdministration")),
            ("status", text(status)),
            ("medicationCodeableConcept", Some(code)),
            ("subject", Some(somebody(self.subject()))),
            ("context", self.encounter()),
            ("effectiveDateTime", self.time(&segment.field(3))),
            ("dosage", amount.map(|amount| object([("dose", Some(amount))]))),
        ]);
        self.add(segment, given)
    }

    /// An OBX behind a vaccination says more about it: the number of the dose, or something to note.
    pub(super) fn particular_of_vaccine(&mut self, segment: &Segment<'a>) {
        let (asked, answer) = (segment.field(3), segment.field(5));
        let Some(vaccination) =
            self.vaccine.and_then(|at| self.bundle.get_mut(at)).filter(|_| !answer.is_empty())
        else {
            return self.bundle.leave(segment.number, "hl7-not-recorded");
        };
        let number = answer.word(1).parse::<u32>().ok().filter(|number| (1..100).contains(number));
        if let Some(number) = number.filter(|_| DOSE_NUMBER.contains(&asked.word(1).as_ref())) {
            let protocol = object([("doseNumberPositiveInt", Some(Json::Number(number.to_string())))]);
            return vaccination.put("protocolApplied", Some(Json::List(vec![protocol])));
        }
        let said =
            if segment.field(2).raw().starts_with('C') { words(&answer) } else { answer.first().text() };
        add_note(vaccination, format!("{}: {said}", words(&asked)));
    }
}
