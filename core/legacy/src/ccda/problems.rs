//! Problem observations and diagnoses, as `Condition`.

use super::allergies::nullified;
use super::datatypes::{identifiers, is_code};
use super::intervals::Interval;
use super::reader::{Reader, all, known, negated, one, related, status_of};
use super::templates::{Topic, is_of};
use crate::json::{Json, list, object, text};
use crate::resource::{coded, somebody};
use crate::xml::Element;

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";

/// SNOMED CT: no current problems or disability; no known problems.
const NO_PROBLEMS: [&str; 3] = ["160245001", "160243008", "787479009"];
/// SNOMED CT: problem, disease, finding: none in particular.
const ANY_PROBLEM: [&str; 6] = ["55607006", "64572001", "404684003", "409586006", "418799008", "282291009"];
/// Codes of a status, and what it is (value sets Problem Status and HITSP Problem Status).
const STATUS: [(&str, &str); 9] = [
    ("55561003", "active"),
    ("90734009", "active"),
    ("73425007", "inactive"),
    ("413322009", "resolved"),
    ("246455001", "recurrence"),
    ("255227004", "recurrence"),
    ("263855007", "relapse"),
    ("277022003", "remission"),
    ("7087005", "active"),
];
/// Statuses that tell whether it is so at all.
const RULED_OUT: &str = "410516002";
const RULE_OUT: &str = "415684004";

/// Whether what a concern follows is there still. A time at which it ended says that it ended; of the status of the
/// concern, CCD and what was before it say nothing, as it was always `completed` there.
pub(super) fn standing(concern: Option<Element<'_>>, told: &Interval) -> Option<&'static str> {
    let status = concern.map(status_of).unwrap_or_default();
    let tells = concern.is_some_and(|act| is_of(act, &["cda:22.4.3", "cda:22.4.30"]));
    if told.high.is_some() {
        return Some("resolved");
    }
    match status {
        // An end at an unknown time against a concern that goes on: neither is taken for sure.
        "active" if told.ended => None,
        "active" => Some("active"),
        _ if told.ended => Some("resolved"),
        "completed" | "aborted" | "suspended" if tells => Some("inactive"),
        _ => None,
    }
}

impl<'t> Reader<'t> {
    /// `Condition`. `concern` is the act around the observation.
    pub(super) fn problem(&mut self, observation: Element<'t>, concern: Option<Element<'t>>, topic: Topic) {
        let value = one(observation, "value");
        if value.is_some_and(|value| is_code(value, &NO_PROBLEMS)) {
            return self.none(observation);
        }
        let negated = negated(observation) || concern.is_some_and(negated);
        let general = value.is_none_or(|value| is_code(value, &ANY_PROBLEM) || known(value).is_none());
        let label = value.and_then(|value| self.label(value));
        if negated && general && (label.is_none() || value.is_some_and(|value| is_code(value, &ANY_PROBLEM)))
        {
            return self.none(observation);
        }
        let words = || self.statement_text(observation);
        if label.as_deref().is_some_and(is_none) {
            return self.none(observation);
        }
        let code = value
            .and_then(|value| self.concept_or(value, words()))
            .or_else(|| words().and_then(text).map(|words| object([("text", Some(words))])));
        let Some(code) = code else {
            return self.leave(observation, "ccda-no-code");
        };
        let told = Interval::of(observation);
        let (status, doubt) = (self.told_status(observation), told_doubt(observation));
        let clinical = match status {
            Some(status) => Some(status),
            None if doubt.is_some() => None,
            None => standing(concern, &told),
        };
        let verification = match (nullified(observation, concern), negated) {
            (true, _) => Some("entered-in-error"),
            (_, true) => Some("refuted"),
            _ => doubt,
        };
        let category = if topic == Topic::Diagnoses { "encounter-diagnosis" } else { "problem-list-item" };
        let out = matches!(verification, Some("refuted" | "entered-in-error"));
        let mut condition = object([
            ("resourceType", text("Condition")),
            ("identifier", identifiers(observation)),
            ("clinicalStatus", clinical.filter(|_| !out).map(|code| coded(CLINICAL, code))),
            ("verificationStatus", verification.map(|code| coded(VERIFICATION, code))),
            ("category", list([coded(CATEGORY, category)]).filter(|_| topic != Topic::Other)),
            ("severity", self.severity_of_problem(observation)),
            ("code", Some(code)),
            ("bodySite", list(all(observation, "targetSiteCode").filter_map(|site| self.concept(site)))),
            ("subject", Some(somebody(self.subject()))),
            ("onsetDateTime", told.start().cloned()),
            ("recordedDate", Self::noted(observation, concern)),
            ("recorder", self.recorder(observation, concern)),
        ]);
        // FHIR con-4: what has an end is not active.
        let over = clinical.is_none_or(|status| matches!(status, "inactive" | "resolved" | "remission"));
        condition.put("abatementDateTime", told.high.clone().filter(|_| over));
        let remarks = concern.map(|concern| self.remarks(concern)).unwrap_or_default();
        condition.put("note", self.notes(observation, remarks));
        self.add(observation, condition);
    }

    /// Problem Status or Allergy Status Observation.
    pub(super) fn told_status(&self, observation: Element<'t>) -> Option<&'static str> {
        let value = status_value(observation)?;
        let by_code = STATUS.iter().find(|(code, _)| is_code(value, &[code])).map(|(_, status)| *status);
        by_code.or_else(|| match self.label(value)?.trim().to_lowercase().as_str() {
            "active" | "chronic" | "current" => Some("active"),
            "inactive" => Some("inactive"),
            "resolved" => Some("resolved"),
            _ => None,
        })
    }

    fn severity_of_problem(&self, observation: Element<'t>) -> Option<Json> {
        let found = related(observation)
            .map(|related| related.statement)
            .find(|statement| is_of(*statement, &["cda:22.4.8", "cda:1.55", "ihe:4.1"]));
        self.concept_of(found?, "value")
    }
}

/// A status that says that it is suspected, or was ruled out.
fn told_doubt(observation: Element<'_>) -> Option<&'static str> {
    let value = status_value(observation)?;
    if is_code(value, &[RULED_OUT]) {
        Some("refuted")
    } else if is_code(value, &[RULE_OUT]) {
        Some("unconfirmed")
    } else {
        None
    }
}

/// The value of the observation that tells the status (LOINC 33999-4).
pub(super) fn status_value(holder: Element<'_>) -> Option<Element<'_>> {
    let templates = [
        "cda:22.4.6",
        "cda:22.4.28",
        "cda:22.4.47",
        "cda:1.39",
        "cda:1.47",
        "cda:1.50",
        "cda:1.57",
        "ihe:4.1.1",
    ];
    let found = related(holder).map(|related| related.statement).find(|statement| {
        is_of(*statement, &templates)
            || one(*statement, "code").is_some_and(|code| is_code(code, &["33999-4"]))
    });
    one(found?, "value")
}

/// Words that say that there is no problem.
fn is_none(words: &str) -> bool {
    let words = words.trim().trim_end_matches('.').to_lowercase();
    matches!(
        words.as_str(),
        "none"
            | "none known"
            | "no known problems"
            | "no current problems"
            | "no known active problems"
            | "no active problems"
            | "no problems"
            | "no current problems or disability"
    )
}
