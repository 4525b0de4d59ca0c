//! Procedure activities, as `Procedure`.

use super::datatypes::identifiers;
use super::intervals::Interval;
use super::reader::{Reader, all, negated, one, path, related, status_of};
use super::templates::is_of;
use crate::json::{Json, list, object, text};
use crate::resource::{named, somebody};
use crate::xml::Element;

impl<'t> Reader<'t> {
    /// What was done; an act, observation or procedure.
    pub(super) fn procedure(&mut self, statement: Element<'t>) {
        let words = self.statement_text(statement);
        let code = one(statement, "code").and_then(|code| self.concept_or(code, words.clone()));
        let Some(code) = code.or_else(|| words.and_then(text).map(|words| object([("text", Some(words))])))
        else {
            if negated(statement) {
                self.none(statement);
            } else {
                self.leave(statement, "ccda-no-code");
            }
            return;
        };
        let status = match status_of(statement) {
            "nullified" => "entered-in-error",
            _ if negated(statement) => "not-done",
            "completed" => "completed",
            "active" => "in-progress",
            "aborted" => "stopped",
            "cancelled" => "not-done",
            "new" => "preparation",
            "suspended" | "held" => "on-hold",
            _ => "unknown",
        };
        let performers = self.actors(statement, "performer").into_iter().filter_map(|name| named(Some(name)));
        let performers: Vec<Json> = performers.map(|name| object([("actor", Some(name))])).collect();
        let mut procedure = object([
            ("resourceType", text("Procedure")),
            ("identifier", identifiers(statement)),
            ("status", text(status)),
            ("code", Some(code)),
            ("subject", Some(somebody(self.subject()))),
            ("performer", list(performers)),
            ("location", named(self.place_name(statement))),
            ("reasonCode", list(self.reasons(statement))),
            ("bodySite", list(all(statement, "targetSiteCode").filter_map(|site| self.concept(site)))),
            ("usedCode", list(self.devices_used(statement)).filter(|_| status != "not-done")),
        ]);
        Interval::of(statement).put(&mut procedure, "performedDateTime", "performedPeriod");
        let mut notes = Vec::new();
        // What a Procedure Activity Observation found.
        if statement.name() == "observation" && status != "not-done" {
            let mut found = object([]);
            notes = self.put_value(&mut found, statement);
            match found {
                Json::Object(members) => {
                    for (key, value) in members {
                        match (key, value) {
                            ("valueCodeableConcept", value) => procedure.put("outcome", Some(value)),
                            (_, Json::Text(words)) => notes.insert(0, words),
                            _ => {}
                        }
                    }
                }
                other => procedure.put("outcome", Some(other)),
            }
        }
        procedure.put("note", self.notes(statement, notes));
        self.add(statement, procedure);
    }

    /// Product Instance: what was put in or used.
    fn devices_used(&self, statement: Element<'t>) -> Vec<Json> {
        let devices = all(statement, "participant").filter_map(|part| one(part, "participantRole"));
        let devices = devices.filter_map(|role| path(role, &["playingDevice"]));
        devices
            .filter_map(|device| {
                let model = || one(device, "manufacturerModelName").and_then(|name| self.words(name));
                let model = model().and_then(text).map(|name| object([("text", Some(name))]));
                one(device, "code").and_then(|code| self.concept(code)).or(model)
            })
            .collect()
    }

    /// The diagnoses in the acts of a visit, as concerns of their own.
    pub(super) fn diagnoses_of(&mut self, visit: Element<'t>) -> Vec<usize> {
        let before = self.count();
        let held = related(visit).map(|related| related.statement);
        let acts = held.filter(|statement| is_of(*statement, &super::entries::DIAGNOSES));
        for act in acts.collect::<Vec<_>>() {
            self.statement(act, super::templates::Topic::Diagnoses);
        }
        (before..self.count()).collect()
    }
}
