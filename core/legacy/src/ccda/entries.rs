//! Entries: which kind of record a clinical statement becomes.

use super::reader::{Mood, Reader, all, mood, one, path, related, statements};
use super::templates::{Topic, is_of};
use crate::xml::Element;

pub(super) const ALLERGY_CONCERN: [&str; 2] = ["cda:22.4.30", "ihe:4.5.3"];
pub(super) const PROBLEM_CONCERN: [&str; 5] = ["cda:22.4.3", "cda:1.27", "ihe:4.5.1", "ihe:4.5.2", "c32:7"];
/// Acts that hold the diagnoses of a visit.
pub(super) const DIAGNOSES: [&str; 5] =
    ["cda:22.4.80", "cda:22.4.33", "cda:22.4.34", "cda:22.4.65", "cda:22.4.51"];
const HEALTH_CONCERN: [&str; 2] = ["cda:22.4.132", "cda:22.4.136"];
pub(super) const ALLERGY: [&str; 5] = ["cda:22.4.7", "cda:22.4.90", "cda:1.18", "ihe:4.6", "c32:6"];
pub(super) const PROBLEM: [&str; 3] = ["cda:22.4.4", "cda:1.28", "ihe:4.5"];
const PROCEDURE: [&str; 6] = ["cda:22.4.12", "cda:22.4.13", "cda:22.4.14", "cda:1.29", "ihe:4.19", "c32:17"];
const VACCINE: [&str; 3] = ["cda:22.4.52", "ihe:4.12", "c32:13"];
const PLANNED_VACCINE: [&str; 1] = ["cda:22.4.120"];
const MEDICINE: [&str; 3] = ["cda:22.4.16", "cda:1.24", "ihe:4.7"];
const FAMILY: [&str; 3] = ["cda:22.4.45", "cda:1.23", "ihe:4.15"];
const VITALS: [&str; 3] = ["cda:22.4.26", "cda:1.35", "ihe:4.13.1"];
const VITAL: [&str; 2] = ["cda:22.4.27", "ihe:4.13.2"];
const REPORT: [&str; 2] = ["cda:22.4.1", "cda:1.32"];
const COVERAGE: [&str; 4] = ["cda:22.4.60", "cda:22.4.61", "cda:1.20", "cda:1.26"];
const DEVICE: [&str; 2] = ["cda:22.4.50", "cda:1.34"];
/// Words to and about the patient: they stand in the narrative.
const SAID: [&str; 6] = ["cda:22.4.64", "cda:1.40", "cda:22.4.20", "cda:1.49", "cda:22.4.53", "ihe:4.2"];
const SOCIAL: [&str; 5] = ["cda:22.4.78", "cda:22.4.85", "cda:22.4.38", "cda:1.33", "ihe:4.13.4"];

impl<'t> Reader<'t> {
    /// Makes of a statement what it is, by its template, and else by its section.
    pub(super) fn statement(&mut self, statement: Element<'t>, topic: Topic) {
        if statement.attribute("nullFlavor").is_some() {
            return self.leave(statement, "ccda-not-recorded");
        }
        let family = is_of(statement, &FAMILY) || topic == Topic::Family;
        if !family && path(statement, &["subject"]).is_some() {
            return self.leave(statement, "ccda-about-another");
        }
        if is_of(statement, &COVERAGE) {
            return self.leave(statement, "ccda-nothing-for-records");
        }
        if is_of(statement, &SAID) {
            return self.leave(statement, "ccda-in-section-text");
        }
        let mood = mood(statement);
        if mood == Mood::Other {
            return self.leave(statement, "ccda-not-read");
        }
        match statement.name() {
            "act" => self.act(statement, topic, mood),
            "observation" => self.observed(statement, topic, mood),
            "organizer" => self.organizer(statement, topic, family),
            "substanceAdministration" => self.substance(statement, topic, mood),
            "supply" if is_of(statement, &DEVICE) || topic == Topic::Devices => self.device(statement, mood),
            "supply" => self.supply(statement, mood),
            "procedure" => match mood {
                Mood::Event => self.procedure(statement),
                _ => self.plan(statement, mood),
            },
            "encounter" => match mood {
                Mood::Event => self.encounter(statement),
                _ => self.plan(statement, mood),
            },
            "observationMedia" => self.media(statement),
            _ => self.leave(statement, "ccda-not-read"),
        }
    }

    fn act(&mut self, act: Element<'t>, topic: Topic, mood: Mood) {
        if is_of(act, &ALLERGY_CONCERN) {
            return self.concern(act, Topic::Allergies);
        }
        if is_of(act, &DIAGNOSES) {
            return self.concern(act, Topic::Diagnoses);
        }
        if is_of(act, &PROBLEM_CONCERN) {
            let topic =
                if matches!(topic, Topic::Allergies | Topic::Diagnoses) { topic } else { Topic::Problems };
            return self.concern(act, topic);
        }
        if is_of(act, &HEALTH_CONCERN) {
            return self.concern(act, Topic::Other);
        }
        if mood != Mood::Event {
            return self.plan(act, mood);
        }
        if is_of(act, &PROCEDURE) {
            return self.procedure(act);
        }
        let mut held = related(act).map(|related| related.statement).peekable();
        if matches!(topic, Topic::Allergies | Topic::Problems | Topic::Diagnoses) && held.peek().is_some() {
            return self.concern(act, topic);
        }
        if topic == Topic::Procedures {
            return self.procedure(act);
        }
        // Discharge and admission medications, and other acts that only hold: what they hold is read.
        if held.peek().is_none() {
            return self.leave(act, "ccda-not-read");
        }
        for statement in held.collect::<Vec<_>>() {
            self.statement(statement, topic);
        }
    }

    /// A concern: observations that are followed together.
    fn concern(&mut self, act: Element<'t>, topic: Topic) {
        let before = self.accounted();
        for held in related(act) {
            let statement = held.statement;
            // What belongs to the concern itself is told with it.
            let aside =
                is_of(statement, &["cda:22.4.64", "cda:22.4.143", "cda:22.4.122", "cda:1.40", "ihe:4.2"]);
            let described =
                is_of(statement, &["cda:22.4.6", "cda:22.4.8", "cda:22.4.28"]) || held.kind == "RSON";
            if aside || described {
                continue;
            }
            if statement.attribute("nullFlavor").is_some() {
                self.leave(statement, "ccda-not-recorded");
            } else if one(statement, "subject").is_some() {
                self.leave(statement, "ccda-about-another");
            } else if statement.name() != "observation" || mood(statement) != Mood::Event {
                self.statement(statement, topic);
            } else if is_of(statement, &ALLERGY) {
                self.allergy(statement, Some(act));
            } else if is_of(statement, &PROBLEM) {
                self.problem(statement, Some(act), topic);
            } else {
                match topic {
                    Topic::Allergies => self.allergy(statement, Some(act)),
                    Topic::Problems | Topic::Diagnoses => self.problem(statement, Some(act), topic),
                    _ => self.statement(statement, topic),
                }
            }
        }
        if self.accounted() == before {
            self.leave(act, "ccda-not-recorded");
        }
    }

    fn observed(&mut self, observation: Element<'t>, topic: Topic, mood: Mood) {
        if mood != Mood::Event {
            return self.plan(observation, mood);
        }
        if is_of(observation, &ALLERGY) {
            self.allergy(observation, None);
        } else if is_of(observation, &PROBLEM) {
            self.problem(observation, None, topic);
        } else if is_of(observation, &PROCEDURE) {
            self.procedure(observation);
        } else if is_of(observation, &VITAL) {
            self.observation(observation, None, Some("vital-signs"));
        } else if is_of(observation, &SOCIAL) {
            self.observation(observation, None, Some("social-history"));
        } else {
            match topic {
                Topic::Allergies => self.allergy(observation, None),
                Topic::Problems | Topic::Diagnoses => self.problem(observation, None, topic),
                Topic::Family => self.leave(observation, "ccda-not-read"),
                Topic::Vitals => self.observation(observation, None, Some("vital-signs")),
                Topic::Social => self.observation(observation, None, Some("social-history")),
                Topic::Results => self.observation(observation, None, Some("laboratory")),
                _ => self.observation(observation, None, None),
            }
        }
    }

    fn organizer(&mut self, organizer: Element<'t>, topic: Topic, family: bool) {
        if family {
            self.family(organizer);
        } else if is_of(organizer, &VITALS) {
            self.vitals(organizer);
        } else if is_of(organizer, &REPORT) {
            self.report(organizer);
        } else {
            match topic {
                Topic::Vitals => self.vitals(organizer),
                Topic::Results => self.report(organizer),
                _ => self.gathered(organizer, topic),
            }
        }
    }

    /// An organizer that only holds others together.
    fn gathered(&mut self, organizer: Element<'t>, topic: Topic) {
        let before = self.accounted();
        for statement in all(organizer, "component").flat_map(statements).collect::<Vec<_>>() {
            self.statement(statement, topic);
        }
        if self.accounted() == before {
            self.leave(organizer, "ccda-not-recorded");
        }
    }

    fn substance(&mut self, statement: Element<'t>, topic: Topic, mood: Mood) {
        let vaccine = is_of(statement, &VACCINE) || is_of(statement, &PLANNED_VACCINE);
        let medicine = is_of(statement, &MEDICINE) && topic != Topic::Vaccines;
        if mood == Mood::Event && (vaccine || (topic == Topic::Vaccines && !medicine)) {
            return self.vaccination(statement);
        }
        let planned = vaccine
            || topic == Topic::Vaccines
            || topic == Topic::Plans
            || is_of(statement, &["cda:22.4.42"]);
        self.medicine(statement, mood, planned);
    }
}
