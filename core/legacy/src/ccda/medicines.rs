//! Medication activities: `MedicationStatement` for what is taken, `MedicationRequest` for what is meant to be.

use super::allergies::nullified;
use super::datatypes::{identifiers, is_code};
use super::dosage::single_moment;
use super::intervals::{Interval, moment_of};
use super::problems::status_value;
use super::reader::{Mood, Reader, all, known, negated, one, path, related, status_of};
use super::templates::is_of;
use crate::json::{Json, list, object, text};
use crate::resource::{named, somebody};
use crate::xml::Element;

/// SNOMED CT: no drug therapy; not on medicines; no known medicines.
const NO_MEDICINES: [&str; 2] = ["182849000", "787481004"];
/// SNOMED CT: drug or medicament, pharmaceutical product: none in particular.
const ANY_MEDICINE: [&str; 2] = ["410942007", "373873005"];

/// A medicine, its name, and the numbers on its box.
pub(super) struct Product {
    pub(super) code: Json,
    pub(super) name: Option<String>,
}

impl<'t> Reader<'t> {
    /// `manufacturedProduct` of a consumable or a product.
    pub(super) fn product(&self, product: Element<'t>, otherwise: Option<String>) -> Option<Product> {
        let kind =
            one(product, "manufacturedMaterial").or_else(|| one(product, "manufacturedLabeledDrug"))?;
        let name = one(kind, "name").and_then(known).and_then(|name| self.words(name));
        let code = one(kind, "code");
        let label = code.and_then(|code| self.label(code)).or_else(|| name.clone()).or(otherwise);
        let code = match code {
            Some(code) => self.concept_or(code, label.clone())?,
            None => object([("text", Some(text(label.clone()?)?))]),
        };
        Some(Product { code, name: label })
    }

    /// A medicine that somebody takes, or is to take. `planned` tells that the section is about what is planned.
    pub(super) fn medicine(&mut self, statement: Element<'t>, mood: Mood, planned: bool) {
        let product = path(statement, &["consumable", "manufacturedProduct"]);
        let code = product.and_then(|product| {
            let kind =
                one(product, "manufacturedMaterial").or_else(|| one(product, "manufacturedLabeledDrug"))?;
            one(kind, "code")
        });
        if code.is_some_and(|code| is_code(code, &NO_MEDICINES)) {
            return self.none(statement);
        }
        let said = || self.statement_text(statement);
        let made = product.and_then(|product| self.product(product, None));
        let general = made.is_none() || code.is_some_and(|code| is_code(code, &ANY_MEDICINE));
        if negated(statement) && general {
            return self.none(statement);
        }
        let made = made.or_else(|| {
            let words = said()?;
            let code = object([("text", Some(text(words.clone())?))]);
            Some(Product { code, name: Some(words) })
        });
        let Some(made) = made else {
            return self.leave(statement, "ccda-no-code");
        };
        if made.name.as_deref().is_some_and(is_none) {
            return self.none(statement);
        }
        match mood {
            Mood::Planned(intent) => self.prescribed(statement, &made, intent, planned),
            _ => self.taken(statement, &made),
        }
    }

    fn taken(&mut self, statement: Element<'t>, product: &Product) {
        let status = if nullified(statement, None) {
            "entered-in-error"
        } else if negated(statement) {
            "not-taken"
        } else {
            self.status_of_medicine(statement)
        };
        let reasons = self.reasons(statement);
        let mut dosages = self.dosages(statement, product.name.as_deref(), false);
        if negated(statement) {
            without_bare_doses(&mut dosages);
        }
        let mut taken = object([
            ("resourceType", text("MedicationStatement")),
            ("identifier", identifiers(statement)),
            ("status", text(status)),
            ("medicationCodeableConcept", Some(product.code.clone())),
            ("subject", Some(somebody(self.subject()))),
            ("dateAsserted", all(statement, "author").find_map(|author| moment_of(author, "time"))),
            ("informationSource", named(self.actors(statement, "author").into_iter().next())),
            ("reasonCode", list(reasons)),
            ("dosage", list(dosages)),
        ]);
        Interval::of(statement).put(&mut taken, "effectiveDateTime", "effectivePeriod");
        taken.put("note", self.notes(statement, Vec::new()));
        let at = self.add(statement, taken);
        if negated(statement) {
            return;
        }
        let orders = self.supplies(statement, product, None);
        if let Some(taken) = self.made(at) {
            taken.put("basedOn", list(orders));
        }
    }

    fn prescribed(&mut self, statement: Element<'t>, product: &Product, intent: &'static str, planned: bool) {
        let status = match status_of(statement) {
            _ if nullified(statement, None) => "entered-in-error",
            "completed" => "completed",
            "aborted" => "stopped",
            "cancelled" => "cancelled",
            "suspended" | "held" => "on-hold",
            "active" | "new" => "active",
            _ => "unknown",
        };
        // The list of medicines holds what was prescribed; plans stand in the section about plans.
        let intent = if intent == "plan" && !planned { "order" } else { intent };
        let mut dosages = self.dosages(statement, product.name.as_deref(), true);
        if negated(statement) {
            without_bare_doses(&mut dosages);
        }
        let moment = single_moment(statement);
        let mut request = object([
            ("resourceType", text("MedicationRequest")),
            ("identifier", identifiers(statement)),
            ("status", text(status)),
            ("intent", text(intent)),
            ("doNotPerform", negated(statement).then_some(Json::Bool(true))),
            ("medicationCodeableConcept", Some(product.code.clone())),
            ("subject", Some(somebody(self.subject()))),
            ("authoredOn", all(statement, "author").find_map(|author| moment_of(author, "time"))),
            ("requester", named(self.actors(statement, "author").into_iter().next())),
            ("reasonCode", list(self.reasons(statement))),
            ("dosageInstruction", list(dosages)),
        ]);
        if let Some(moment) = moment {
            let event = object([("event", list([moment]))]);
            let once = object([("timing", Some(event))]);
            if !request.has("dosageInstruction") && !negated(statement) {
                request.put("dosageInstruction", list([once]));
            }
        }
        request.put("note", self.notes(statement, Vec::new()));
        let at = self.add(statement, request);
        if !negated(statement) {
            self.supplies(statement, product, Some(at));
        }
    }

    /// Medication Status Observation, or else the status of the act. In CCD, and what was before it, that one is
    /// `completed` for every medicine.
    fn status_of_medicine(&self, statement: Element<'t>) -> &'static str {
        if let Some(value) = status_value(statement) {
            let told = [
                ("55561003", "active"),
                ("421139008", "on-hold"),
                ("392521001", "completed"),
                ("73425007", "stopped"),
                ("413322009", "completed"),
            ];
            let found = told.iter().find(|(code, _)| is_code(value, &[code])).map(|(_, status)| *status);
            let by_words = || match self.label(value)?.trim().to_lowercase().as_str() {
                "active" | "current" | "taking" => Some("active"),
                "on hold" => Some("on-hold"),
                "no longer active" | "inactive" | "discontinued" | "stopped" => Some("stopped"),
                "prior history" | "completed" => Some("completed"),
                _ => None,
            };
            if let Some(status) = found.or_else(by_words) {
                return status;
            }
        }
        let old = is_of(statement, &["cda:1.24"]) && !is_of(statement, &["cda:22.4.16"]);
        match status_of(statement) {
            "active" | "new" => "active",
            "completed" if old => "unknown",
            "completed" => "completed",
            "aborted" | "cancelled" => "stopped",
            "suspended" | "held" => "on-hold",
            _ => "unknown",
        }
    }

    /// Why something was done (Indication).
    pub(super) fn reasons(&self, statement: Element<'t>) -> Vec<Json> {
        let found = related(statement).filter(|related| {
            let statement = related.statement;
            statement.name() == "observation"
                && (related.kind == "RSON" || is_of(statement, &["cda:22.4.19"]))
                && !negated(statement)
                && !is_of(statement, &["cda:22.4.53"])
        });
        found
            .filter_map(|related| {
                let words = self.statement_text(related.statement);
                self.concept_or(one(related.statement, "value")?, words)
            })
            .collect()
    }
}

/// Takes doses without a unit out: of what is not to be taken, or is not, a bare 1 stands there only since the template asks
/// for a dose.
fn without_bare_doses(dosages: &mut Vec<Json>) {
    let has_unit = |dose: &Json| {
        let amounts = ["doseQuantity", "rateQuantity"].into_iter().filter_map(|key| dose.get(key));
        let ranges = ["doseRange", "rateRange"].into_iter().filter_map(|key| dose.get(key));
        let ends = ranges.flat_map(|range| ["low", "high"].into_iter().filter_map(|end| range.get(end)));
        amounts.chain(ends).any(|amount| amount.has("unit"))
    };
    for dosage in dosages.iter_mut() {
        let is_bare = match dosage.get("doseAndRate") {
            Some(Json::List(doses)) => !doses.iter().any(has_unit),
            _ => false,
        };
        if is_bare {
            dosage.take("doseAndRate");
        }
    }
    dosages.retain(|dosage| *dosage != object([]));
}

/// Words that say that there is no medicine.
fn is_none(words: &str) -> bool {
    let words = words.trim().trim_end_matches('.').to_lowercase();
    matches!(
        words.as_str(),
        "none"
            | "none known"
            | "no medications"
            | "no known medications"
            | "no current medications"
            | "no active medications"
    )
}
