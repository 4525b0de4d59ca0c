//! Immunization activities, as `Immunization`.

use super::datatypes::identifiers;
use super::dosage::is_count;
use super::intervals::{Interval, moment_of};
use super::reader::{Reader, all, known, negated, one, path, related, status_of};
use super::templates::is_of;
use crate::json::{Json, list, object, text};
use crate::resource::{named, somebody};
use crate::xml::Element;

/// LOINC: dose number in series.
const DOSE_NUMBER: [&str; 2] = ["30973-2", "30952-9"];
/// "No vaccine administered" (CVX).
const NO_VACCINE: [&str; 1] = ["998"];

impl<'t> Reader<'t> {
    /// A vaccination that was given, or was not.
    pub(super) fn vaccination(&mut self, statement: Element<'t>) {
        let product = path(statement, &["consumable", "manufacturedProduct"]);
        let material = product.and_then(|product| one(product, "manufacturedMaterial"));
        if material
            .and_then(|material| one(material, "code"))
            .is_some_and(|code| super::datatypes::is_code(code, &NO_VACCINE))
        {
            return self.none(statement);
        }
        let made = product.and_then(|product| self.product(product, None));
        let not_given = negated(statement);
        if not_given && made.is_none() {
            return self.none(statement);
        }
        let code = made.map(|made| made.code).or_else(|| {
            let words = self.statement_text(statement).and_then(text)?;
            Some(object([("text", Some(words))]))
        });
        let Some(code) = code else {
            return self.leave(statement, "ccda-no-code");
        };
        let status = match status_of(statement) {
            "nullified" => "entered-in-error",
            "aborted" | "cancelled" => "not-done",
            _ if not_given => "not-done",
            _ => "completed",
        };
        let number = material.and_then(|material| one(material, "lotNumberText")).and_then(known);
        let maker = product.and_then(|product| path(product, &["manufacturerOrganization", "name"]));
        let performers = self.actors(statement, "performer").into_iter().filter_map(|name| named(Some(name)));
        let performers: Vec<Json> = performers.map(|name| object([("actor", Some(name))])).collect();
        let reactions = self.reactions_in_words(statement);
        let mut vaccination = object([
            ("resourceType", text("Immunization")),
            ("identifier", identifiers(statement)),
            ("status", text(status)),
            ("statusReason", self.why_not(statement).filter(|_| status == "not-done")),
            ("vaccineCode", Some(code)),
            ("patient", Some(somebody(self.subject()))),
            ("recorded", all(statement, "author").find_map(|author| moment_of(author, "time"))),
            ("manufacturer", named(maker.and_then(|name| self.full_name(name)))),
            ("lotNumber", number.and_then(|number| self.words(number)).and_then(text)),
            ("site", self.concept_of(statement, "approachSiteCode")),
            ("route", self.concept_of(statement, "routeCode")),
            (
                "doseQuantity",
                one(statement, "doseQuantity")
                    .and_then(|dose| self.quantity(dose))
                    .filter(|_| status != "not-done"),
            ),
            ("performer", list(performers)),
            ("reasonCode", list(self.reasons(statement)).filter(|_| status != "not-done")),
        ]);
        match Interval::of(statement) {
            Interval { value: Some(time), .. }
            | Interval { low: Some(time), .. }
            | Interval { high: Some(time), .. } => {
                vaccination.put("occurrenceDateTime", Some(time));
            }
            _ => vaccination.put("occurrenceString", text("unknown")),
        }
        if let Some(number) = dose_number(statement).filter(|_| status == "completed") {
            let protocol = object([("doseNumberPositiveInt", Some(number))]);
            vaccination.put("protocolApplied", Some(Json::List(vec![protocol])));
        }
        vaccination.put("note", self.notes(statement, reactions));
        self.add(statement, vaccination);
    }

    /// Immunization Refusal Reason; also where it stands as an indication.
    fn why_not(&self, statement: Element<'t>) -> Option<Json> {
        let found = related(statement)
            .find(|related| is_of(related.statement, &["cda:22.4.53"]) || related.kind == "RSON")?
            .statement;
        let value = one(found, "value").and_then(|value| self.concept(value));
        let code = || self.concept_of(found, "code");
        if is_of(found, &["cda:22.4.53"]) { code().or(value) } else { value.or_else(code) }
    }

    /// What the vaccination brought about.
    fn reactions_in_words(&self, statement: Element<'t>) -> Vec<String> {
        let found = related(statement).map(|related| related.statement);
        let found = found.filter(|found| is_of(*found, &["cda:22.4.9", "cda:1.54"]) && !negated(*found));
        found.filter_map(|found| Some(format!("Reaction: {}", self.label(one(found, "value")?)?))).collect()
    }
}

fn dose_number(statement: Element<'_>) -> Option<Json> {
    let of_series = related(statement)
        .map(|related| related.statement)
        .filter(|found| !negated(*found))
        .find(|found| one(*found, "code").is_some_and(|code| super::datatypes::is_code(code, &DOSE_NUMBER)));
    let told = of_series.and_then(|found| one(found, "value")).or_else(|| one(statement, "repeatNumber"));
    let number = known(told?)?.attribute("value").filter(|number| is_count(number) && *number != "0")?;
    Json::number(number)
}
