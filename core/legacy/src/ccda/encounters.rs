//! Encounter activities and the visit of a document, as `Encounter`.

use super::datatypes::identifiers;
use super::intervals::Interval;
use super::reader::{Reader, all, code_of, extension, known, negated, one, path, status_of};
use crate::json::{Json, list, object, text};
use crate::resource::{named, somebody};
use crate::xml::Element;

const ACT_CODE: &str = "2.16.840.1.113883.5.4";
const CLASS: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
/// Kinds of visit that HL7 v3 `ActCode` has.
const CLASSES: [&str; 11] =
    ["AMB", "EMER", "FLD", "HH", "IMP", "ACUTE", "NONAC", "OBSENC", "PRENC", "SS", "VR"];

impl<'t> Reader<'t> {
    /// A visit that took place.
    pub(super) fn encounter(&mut self, statement: Element<'t>) {
        if negated(statement) {
            return self.leave(statement, "ccda-negated");
        }
        let time = Interval::of(statement);
        let status = match status_of(statement) {
            "completed" => "finished",
            "active" => "in-progress",
            "cancelled" | "aborted" => "cancelled",
            "nullified" => "entered-in-error",
            // The entry tells of what was; without an end it may still go on.
            "" if time.value.is_some() || time.high.is_some() => "finished",
            _ => "unknown",
        };
        let words = self.statement_text(statement);
        let code = one(statement, "code");
        let kind = code.and_then(|code| self.concept_or(code, words.clone()));
        let kind = kind.or_else(|| words.and_then(text).map(|words| object([("text", Some(words))])));
        if kind.is_none() && time.start().is_none() && time.high.is_none() {
            return self.leave(statement, "ccda-no-code");
        }
        let performers = self.actors(statement, "performer");
        let visit = self.visit(statement, code, kind, status, &time, performers);
        let at = self.add(statement, visit);
        let diagnoses = self.diagnoses_of(statement);
        let reference = self.reference(at);
        for diagnosis in &diagnoses {
            if let Some(diagnosis) = self.made(*diagnosis) {
                diagnosis.put("encounter", reference.clone());
            }
        }
        let diagnoses: Vec<Json> = diagnoses
            .into_iter()
            .filter_map(|at| self.reference(at))
            .map(|condition| object([("condition", Some(condition))]))
            .collect();
        if let Some(visit) = self.made(at) {
            visit.put("diagnosis", list(diagnoses));
        }
    }

    /// `encompassingEncounter`.
    pub(super) fn encounter_of_header(&mut self, visit: Element<'t>) -> Option<usize> {
        let time = one(visit, "effectiveTime").map(Interval::read).unwrap_or_default();
        let code = one(visit, "code");
        let kind = code.and_then(|code| self.concept(code));
        if time.start().is_none() && time.high.is_none() && kind.is_none() && identifiers(visit).is_none() {
            return None;
        }
        let status = if time.value.is_some() || time.high.is_some() { "finished" } else { "unknown" };
        let doctors = all(visit, "responsibleParty").chain(all(visit, "encounterParticipant"));
        let mut names: Vec<String> = Vec::new();
        for name in doctors.filter_map(|part| self.actor(one(part, "assignedEntity")?)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut encounter = self.visit(visit, code, kind, status, &time, names);
        let place = path(visit, &["location", "healthCareFacility"]).and_then(|facility| {
            let name = path(facility, &["location", "name"])
                .or_else(|| path(facility, &["serviceProviderOrganization", "name"]));
            name.and_then(|name| self.full_name(name)).or_else(|| self.label(one(facility, "code")?))
        });
        if let Some(place) = named(place) {
            encounter.put("location", list([object([("location", Some(place))])]));
        }
        Some(self.add(visit, encounter))
    }

    fn visit(
        &self,
        element: Element<'t>,
        code: Option<Element<'t>>,
        kind: Option<Json>,
        status: &'static str,
        time: &Interval,
        people: Vec<String>,
    ) -> Json {
        let people = people.into_iter().filter_map(|name| named(Some(name)));
        let people: Vec<Json> = people.map(|name| object([("individual", Some(name))])).collect();
        let place = named(self.place_name(element)).map(|place| object([("location", Some(place))]));
        let left = extension(element, "dischargeDispositionCode")
            .or_else(|| one(element, "dischargeDispositionCode"));
        let left = left.and_then(|code| self.concept(code));
        object([
            ("resourceType", text("Encounter")),
            ("identifier", identifiers(element)),
            ("status", text(status)),
            ("class", code.and_then(class)),
            ("type", list(kind)),
            ("subject", Some(somebody(self.subject()))),
            ("participant", list(people)),
            ("period", time.period()),
            ("reasonCode", list(self.reasons(element))),
            ("hospitalization", left.map(|code| object([("dischargeDisposition", Some(code))]))),
            ("location", list(place)),
        ])
    }
}

/// The kind of visit, where one of the codes says it.
fn class(code: Element<'_>) -> Option<Json> {
    let mut codes = std::iter::once(code).chain(all(code, "translation"));
    let found = codes.find_map(|code| {
        let system = known(code)?.attribute("codeSystem");
        code_of(Some(code)).filter(|value| system == Some(ACT_CODE) && CLASSES.contains(value))
    })?;
    Some(object([("system", text(CLASS)), ("code", text(found))]))
}
