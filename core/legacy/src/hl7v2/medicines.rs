//! RXO, RXE, RXD and RXR: what was ordered, prescribed and handed over.

use super::datatypes::{concept, doctor, words};
use super::message::{Last, Order, Reader};
use super::syntax::Segment;
use crate::json::{Json, list, object, text};
use crate::resource::{named, somebody};

/// Control code (table 0119) and status (table 0038) of an order, as the status of a prescription.
fn order_status(order: &Order<'_>) -> &'static str {
    let field = |n: usize| order.segment.map(|segment| segment.field(n).raw().to_owned()).unwrap_or_default();
    match (field(1).as_str(), field(5).as_str()) {
        ("CA" | "OC" | "CR", _) | (_, "CA" | "RP") => "cancelled",
        ("DC" | "OD" | "DR", _) | (_, "DC") => "stopped",
        ("HD" | "OH" | "HR", _) | (_, "HD") => "on-hold",
        (_, "CM") => "completed",
        (_, "ER") => "entered-in-error",
        ("NW" | "OK" | "RE" | "SN" | "XO" | "XX" | "", _) => "active",
        _ => "unknown",
    }
}

impl<'a> Reader<'_, 'a> {
    /// `MedicationRequest`. An encoded order (RXE) says what the order before it (RXO) asked for: it takes its place.
    pub(super) fn prescription(&mut self, segment: &Segment<'a>) {
        let encoded = segment.name() == "RXE";
        let given = if encoded { segment.field(2) } else { segment.field(1) };
        let Some(code) = concept(&given) else {
            return self.bundle.leave(segment.number, "hl7-no-code");
        };
        let (low, high, unit) = if encoded { (3, 4, 5) } else { (2, 3, 4) };
        let unit = words(&segment.field(unit));
        let amount = |n: usize| {
            let amount = Json::number(&segment.field(n).word(1))?;
            Some(object([("value", Some(amount)), ("unit", text(unit.clone()))]))
        };
        let dose = match (amount(low), amount(high)) {
            (Some(low), Some(high)) if low != high => {
                Some(object([("doseRange", Some(object([("low", Some(low)), ("high", Some(high))])))]))
            }
            (Some(low), _) => Some(object([("doseQuantity", Some(low))])),
            _ => None,
        };
        let told = segment.field(if encoded { 7 } else { 6 });
        let told: Vec<String> = told.repetitions().map(|piece| words(&piece).into_owned()).collect();
        let dosage = object([("text", text(told.join("; "))), ("doseAndRate", list(dose))]);
        let refills = Json::number(segment.field(if encoded { 12 } else { 13 }).raw());
        let quantity = Json::number(&segment.field(if encoded { 10 } else { 11 }).word(1));
        let supply = object([
            (
                "numberOfRepeatsAllowed",
                refills
                    .filter(|number| matches!(number, Json::Number(digits) if !digits.contains(['.', '-']))),
            ),
            ("quantity", quantity.map(|quantity| object([("value", Some(quantity))]))),
        ]);
        let orderer = self.of_order(12).and_then(|piece| doctor(&piece));
        let written = self.of_order(9).and_then(|piece| self.time(&piece));
        let request = object([
            ("resourceType", text("MedicationRequest")),
            ("status", text(order_status(&self.order))),
            ("intent", text("order")),
            ("medicationCodeableConcept", Some(code)),
            ("subject", Some(somebody(self.subject()))),
            ("encounter", self.encounter()),
            ("authoredOn", written),
            ("requester", named(orderer).or_else(|| self.organisation())),
            ("dosageInstruction", list(Some(dosage).filter(|dosage| *dosage != object([])))),
            ("dispenseRequest", Some(supply).filter(|supply| *supply != object([]))),
        ]);
        match self.medicine.filter(|_| encoded) {
            Some(at) => {
                if let Some(before) = self.bundle.get_mut(at) {
                    *before = request;
                }
            }
            None => self.medicine = Some(self.add(segment, request)),
        }
        self.last = self.medicine.map_or(Last::Nothing, Last::Noted);
    }

    /// `MedicationDispense`.
    pub(super) fn dispense(&mut self, segment: &Segment<'a>) {
        let Some(code) = concept(&segment.field(2)) else {
            return self.bundle.leave(segment.number, "hl7-no-code");
        };
        let unit = words(&segment.field(5));
        let quantity = Json::number(&segment.field(4).word(1));
        let quantity = quantity.map(|value| object([("value", Some(value)), ("unit", text(unit))]));
        let prescription = self.medicine.and_then(|at| self.bundle.reference(at));
        let dispense = object([
            ("resourceType", text("MedicationDispense")),
            ("status", text("completed")),
            ("medicationCodeableConcept", Some(code)),
            ("subject", Some(somebody(self.subject()))),
            ("context", self.encounter()),
            ("authorizingPrescription", list(prescription)),
            ("quantity", quantity),
            ("whenHandedOver", self.time(&segment.field(3))),
        ]);
        let at = self.add(segment, dispense);
        self.last = Last::Noted(at);
    }

    /// Where and how: of the vaccination or the prescription before it.
    pub(super) fn route(&mut self, segment: &Segment<'a>) {
        let (route, site) = (concept(&segment.field(1)), concept(&segment.field(2)));
        if let Some(vaccination) = self.vaccine.and_then(|at| self.bundle.get_mut(at)) {
            vaccination.put("route", route);
            vaccination.put("site", site);
            return;
        }
        let medicine = self.medicine.and_then(|at| self.bundle.get_mut(at));
        let Some(Json::Object(members)) = medicine else {
            return self.bundle.leave(segment.number, "hl7-not-read");
        };
        let dosage = members.iter_mut().find(|(key, _)| matches!(*key, "dosageInstruction" | "dosage"));
        match dosage {
            Some((_, Json::List(dosages))) => {
                if let Some(dosage) = dosages.first_mut() {
                    dosage.put("route", route);
                    dosage.put("site", site);
                }
            }
            Some((_, dosage)) => {
                dosage.put("route", route);
                dosage.put("site", site);
            }
            None => {
                let dosage = object([("route", route), ("site", site)]);
                members.push(("dosageInstruction", Json::List(vec![dosage])));
            }
        }
    }
}
