//! Supplies: what was handed over, as `MedicationDispense`, and what may be, as a part of the prescription.

use super::datatypes::identifiers;
use super::dosage::is_count;
use super::intervals::{Interval, moment_of};
use super::medicines::Product;
use super::reader::{Mood, Reader, all, known, mood, negated, one, path, related, status_of};
use crate::json::{Json, list, object, text};
use crate::resource::{named, somebody};
use crate::xml::Element;

impl<'t> Reader<'t> {
    /// The supplies of a medicine. Those that may come belong to the prescription at a place; where there is none they
    /// are prescriptions themselves, and come back as references.
    pub(super) fn supplies(
        &mut self,
        statement: Element<'t>,
        product: &Product,
        prescription: Option<usize>,
    ) -> Vec<Json> {
        let mut orders = Vec::new();
        let supplies =
            related(statement).map(|related| related.statement).filter(|found| found.name() == "supply");
        for supply in supplies.collect::<Vec<_>>() {
            match (mood(supply), prescription) {
                _ if negated(supply) || known(supply).is_none() => self.leave(supply, "ccda-negated"),
                (Mood::Event, _) => self.dispensed(supply, product, prescription),
                (Mood::Planned(_), Some(at)) => {
                    let may = self.may_be_dispensed(supply);
                    match self.made(at).filter(|request| !request.has("dispenseRequest")) {
                        Some(request) => request.put("dispenseRequest", may),
                        None => self.leave(supply, "ccda-part-not-read"),
                    }
                }
                (Mood::Planned(intent), None) => {
                    let at = self.ordered(supply, product, intent);
                    orders.extend(at.and_then(|at| self.reference(at)));
                }
                _ => self.leave(supply, "ccda-not-read"),
            }
        }
        orders
    }

    /// A supply that stands alone.
    pub(super) fn supply(&mut self, supply: Element<'t>, mood: Mood) {
        let product = path(supply, &["product", "manufacturedProduct"]);
        let Some(product) = product.and_then(|product| self.product(product, self.statement_text(supply)))
        else {
            return match mood {
                Mood::Planned(_) => self.plan(supply, mood),
                _ => self.leave(supply, "ccda-no-code"),
            };
        };
        match mood {
            _ if negated(supply) => self.leave(supply, "ccda-negated"),
            Mood::Event => self.dispensed(supply, &product, None),
            Mood::Planned(intent) => {
                self.ordered(supply, &product, intent);
            }
            _ => self.leave(supply, "ccda-not-read"),
        }
    }

    fn amount_supplied(&self, supply: Element<'t>) -> Option<Json> {
        self.quantity(one(supply, "quantity")?)
    }

    /// `MedicationDispense`.
    fn dispensed(&mut self, supply: Element<'t>, product: &Product, prescription: Option<usize>) {
        let status = match status_of(supply) {
            "completed" | "" => "completed",
            "aborted" | "cancelled" => "stopped",
            "active" => "in-progress",
            "suspended" | "held" => "on-hold",
            "nullified" => "entered-in-error",
            _ => "unknown",
        };
        let own = path(supply, &["product", "manufacturedProduct"]).and_then(|own| self.product(own, None));
        let performers = self.actors(supply, "performer").into_iter().filter_map(|name| named(Some(name)));
        let dispense = object([
            ("resourceType", text("MedicationDispense")),
            ("identifier", identifiers(supply)),
            ("status", text(status)),
            ("medicationCodeableConcept", Some(own.map_or_else(|| product.code.clone(), |own| own.code))),
            ("subject", Some(somebody(self.subject()))),
            ("performer", list(performers.map(|name| object([("actor", Some(name))])))),
            ("authorizingPrescription", list(prescription.and_then(|at| self.reference(at)))),
            ("quantity", self.amount_supplied(supply)),
            ("whenHandedOver", Interval::of(supply).start().cloned()),
        ]);
        self.add(supply, dispense);
    }

    /// `dispenseRequest`. Of the fills that are allowed the first is none of the repeats (Medication Supply Order).
    fn may_be_dispensed(&self, supply: Element<'t>) -> Option<Json> {
        let fills = one(supply, "repeatNumber").and_then(known).and_then(|fills| {
            let high = one(fills, "high").and_then(known);
            fills.attribute("value").or_else(|| high?.attribute("value"))
        });
        let fills = fills.filter(|fills| is_count(fills)).and_then(|fills| fills.parse::<u32>().ok());
        let time = Interval::of(supply);
        let made = object([
            ("validityPeriod", time.period().filter(|_| time.value.is_none())),
            ("numberOfRepeatsAllowed", fills.map(|fills| Json::Number(fills.saturating_sub(1).to_string()))),
            ("quantity", self.amount_supplied(supply)),
        ]);
        (made != object([])).then_some(made)
    }

    /// The prescription of a medicine that is in use.
    fn ordered(&mut self, supply: Element<'t>, product: &Product, intent: &'static str) -> Option<usize> {
        let Some(may) = self.may_be_dispensed(supply) else {
            self.leave(supply, "ccda-not-recorded");
            return None;
        };
        let status = match status_of(supply) {
            "completed" => "completed",
            "aborted" => "stopped",
            "cancelled" => "cancelled",
            "suspended" | "held" => "on-hold",
            "active" | "new" => "active",
            "nullified" => "entered-in-error",
            _ => "unknown",
        };
        let own = path(supply, &["product", "manufacturedProduct"]).and_then(|own| self.product(own, None));
        let request = object([
            ("resourceType", text("MedicationRequest")),
            ("identifier", identifiers(supply)),
            ("status", text(status)),
            ("intent", text(if intent == "plan" { "order" } else { intent })),
            ("medicationCodeableConcept", Some(own.map_or_else(|| product.code.clone(), |own| own.code))),
            ("subject", Some(somebody(self.subject()))),
            ("authoredOn", all(supply, "author").find_map(|author| moment_of(author, "time"))),
            ("requester", named(self.actors(supply, "author").into_iter().next())),
            ("dispenseRequest", Some(may)),
        ]);
        Some(self.add(supply, request))
    }
}
