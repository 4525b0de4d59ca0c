//! What is planned, ordered or wished for: `ServiceRequest` and `Goal`.

use super::datatypes::identifiers;
use super::intervals::{Interval, moment_of};
use super::reader::{Mood, Reader, all, negated, one, path, status_of};
use crate::json::{list, object, text};
use crate::resource::{named, somebody};
use crate::xml::Element;

impl<'t> Reader<'t> {
    /// A planned act, encounter, observation, procedure or supply.
    pub(super) fn plan(&mut self, statement: Element<'t>, mood: Mood) {
        let intent = match mood {
            Mood::Goal => return self.goal(statement),
            Mood::Planned(intent) => intent,
            _ => return self.leave(statement, "ccda-not-read"),
        };
        let words = self.statement_text(statement);
        let product = path(statement, &["product", "manufacturedProduct"])
            .and_then(|product| self.product(product, None));
        let code = one(statement, "code").and_then(|code| self.concept_or(code, words.clone()));
        let code = code.or_else(|| product.map(|product| product.code));
        let Some(code) = code.or_else(|| words.and_then(text).map(|words| object([("text", Some(words))])))
        else {
            return self.leave(statement, "ccda-no-code");
        };
        let status = match status_of(statement) {
            "active" | "new" => "active",
            "completed" => "completed",
            "aborted" | "cancelled" => "revoked",
            "suspended" | "held" => "on-hold",
            "nullified" => "entered-in-error",
            _ => "unknown",
        };
        let mut request = object([
            ("resourceType", text("ServiceRequest")),
            ("identifier", identifiers(statement)),
            ("status", text(status)),
            ("intent", text(intent)),
            ("doNotPerform", negated(statement).then_some(crate::json::Json::Bool(true))),
            ("code", Some(code)),
            ("subject", Some(somebody(self.subject()))),
            ("authoredOn", all(statement, "author").find_map(|author| moment_of(author, "time"))),
            ("requester", named(self.actors(statement, "author").into_iter().next())),
            (
                "performer",
                list(self.actors(statement, "performer").into_iter().filter_map(|name| named(Some(name)))),
            ),
            ("reasonCode", list(self.reasons(statement))),
            ("bodySite", list(all(statement, "targetSiteCode").filter_map(|site| self.concept(site)))),
        ]);
        Interval::of(statement).put(&mut request, "occurrenceDateTime", "occurrencePeriod");
        request.put("note", self.notes(statement, Vec::new()));
        self.add(statement, request);
    }

    /// `Goal`.
    fn goal(&mut self, statement: Element<'t>) {
        if negated(statement) {
            return self.leave(statement, "ccda-negated");
        }
        let code = one(statement, "code");
        let label = code.and_then(|code| self.label(code));
        let value = one(statement, "value").and_then(|value| self.value(value));
        let words = self.statement_text(statement);
        let of_value = match &value {
            Some(("valueString", crate::json::Json::Text(words))) => Some(words.clone()),
            _ => None,
        };
        let described = match &value {
            Some(("valueCodeableConcept", concept)) => Some(concept.clone()),
            _ => words.or(of_value).or(label).and_then(text).map(|words| object([("text", Some(words))])),
        };
        let described = described.or_else(|| code.and_then(|code| self.concept(code)));
        let Some(described) = described else {
            return self.leave(statement, "ccda-no-code");
        };
        let status = match status_of(statement) {
            "active" | "new" => "active",
            "completed" => "completed",
            "aborted" | "cancelled" => "cancelled",
            "suspended" | "held" => "on-hold",
            "nullified" => "entered-in-error",
            _ => "proposed",
        };
        let time = Interval::of(statement);
        let target = match value {
            Some(("valueQuantity", quantity)) => Some(object([
                ("measure", code.and_then(|code| self.concept(code))),
                ("detailQuantity", Some(quantity)),
                ("dueDate", time.high.clone().filter(|date| !crate::resource::is_instant(date))),
            ])),
            _ => None,
        };
        let goal = object([
            ("resourceType", text("Goal")),
            ("identifier", identifiers(statement)),
            ("lifecycleStatus", text(status)),
            ("description", Some(described)),
            ("subject", Some(somebody(self.subject()))),
            ("startDate", time.start().cloned().filter(|date| !crate::resource::is_instant(date))),
            ("target", list(target)),
            ("note", self.notes(statement, Vec::new())),
        ]);
        self.add(statement, goal);
    }
}
