//! Allergy observations, as `AllergyIntolerance`. That there is none is told from an allergy, and from one that was
//! ruled out.

use super::datatypes::{identifiers, is_code};
use super::intervals::{Interval, moment_of};
use super::problems::standing;
use super::reader::{Reader, all, known, negated, one, path, related, status_of};
use super::templates::is_of;
use crate::json::{Json, list, object, text};
use crate::resource::{coded, named, none_known, somebody};
use crate::xml::Element;

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
const SNOMED: &str = "http://snomed.info/sct";

/// Kinds of allergy (SNOMED CT): the category, the type, and the code that says that there is none of the kind.
type Kind = (&'static str, Option<&'static str>, Option<&'static str>, &'static str);
const ANY: &str = "716186003";
const NO_DRUG: &str = "409137002";
const NO_FOOD: &str = "429625007";
const NO_ENVIRONMENT: &str = "428607008";
const KINDS: [Kind; 14] = [
    ("416098002", Some("medication"), Some("allergy"), NO_DRUG),
    ("419511003", Some("medication"), None, NO_DRUG),
    ("59037007", Some("medication"), Some("intolerance"), NO_DRUG),
    ("414285001", Some("food"), Some("allergy"), NO_FOOD),
    ("418471000", Some("food"), None, NO_FOOD),
    ("235719002", Some("food"), Some("intolerance"), NO_FOOD),
    ("426232007", Some("environment"), Some("allergy"), NO_ENVIRONMENT),
    ("232347008", Some("environment"), Some("allergy"), NO_ENVIRONMENT),
    ("419199007", None, Some("allergy"), ANY),
    ("418038007", None, None, ANY),
    ("420134006", None, None, ANY),
    ("106190000", None, Some("allergy"), ANY),
    ("609433001", None, None, ANY),
    ("782197009", None, Some("intolerance"), ANY),
];
/// Codes that say by themselves that there is none.
const NONE: [(&str, &str); 8] = [
    (ANY, ANY),
    ("160244002", ANY),
    (NO_DRUG, NO_DRUG),
    (NO_FOOD, NO_FOOD),
    (NO_ENVIRONMENT, NO_ENVIRONMENT),
    ("428197003", "428197003"),
    ("428607008", NO_ENVIRONMENT),
    ("1003774007", "1003774007"),
];
/// Substances that stand for all of their kind.
const EVERYTHING: [(&str, &str); 6] = [
    ("410942007", NO_DRUG),
    ("105590001", ANY),
    ("255620007", NO_FOOD),
    ("762766007", NO_FOOD),
    ("312415001", NO_ENVIRONMENT),
    ("373873005", NO_DRUG),
];

fn found<'a>(table: &'a [(&str, &'static str)], element: Option<Element<'_>>) -> Option<&'a &'static str> {
    let element = element?;
    table.iter().find(|(code, _)| is_code(element, &[code])).map(|(_, none)| none)
}

/// Words for an allergy to nothing in particular.
fn is_general(words: &str) -> bool {
    let words = words.trim().trim_end_matches('.').to_lowercase();
    matches!(
        words.as_str(),
        "allergy"
            | "allergies"
            | "drug allergy"
            | "drug allergies"
            | "food allergy"
            | "food allergies"
            | "medication"
            | "medications"
            | "drug"
            | "drugs"
            | "food"
            | "substance"
            | "environmental allergy"
            | "allergy to substance"
            | "allergy to drug"
            | "propensity to adverse reactions"
            | "drug or medicament"
            | "unknown"
            | "none"
    ) || none_known(&words).is_some()
}

impl<'t> Reader<'t> {
    /// `AllergyIntolerance`. `concern` is the act around the observation.
    pub(super) fn allergy(&mut self, observation: Element<'t>, concern: Option<Element<'t>>) {
        let value = one(observation, "value");
        let substance = substance(observation);
        let code = substance.and_then(|entity| one(entity, "code"));
        let name = substance.and_then(|entity| one(entity, "name")).and_then(|name| self.full_name(name));
        let kind = value.and_then(|value| KINDS.iter().find(|(code, ..)| is_code(value, &[code])));
        let said = code.and_then(|code| self.label(code)).or_else(|| name.clone());
        let of_value = value.filter(|_| kind.is_none());
        let negated = negated(observation) || concern.is_some_and(negated);
        let none = self.none_of_kind(negated, code, said.as_deref(), value, kind);
        let mut concept = code.and_then(|code| self.concept_or(code, name.clone()));
        concept = concept.or_else(|| name.clone().and_then(text).map(|name| object([("text", Some(name))])));
        concept = concept.or_else(|| of_value.and_then(|value| self.concept(value)));
        concept = concept.or_else(|| {
            let words = self.statement_text(observation).filter(|words| !is_general(words));
            words.and_then(text).map(|words| object([("text", Some(words))]))
        });
        if let Some(none) = none {
            let words = said.or_else(|| self.statement_text(observation));
            let mut said = coded(SNOMED, none);
            said.put("text", words.filter(|words| none_known(words).is_some()).and_then(text));
            concept = Some(said);
        }
        let Some(concept) = concept else {
            return self.leave(observation, "ccda-no-code");
        };
        let refuted = negated && none.is_none();
        let status = if none.is_some() { Some("active") } else { self.clinical(observation, concern) };
        let verification = match (refuted, nullified(observation, concern)) {
            (_, true) => Some("entered-in-error"),
            (true, _) => Some("refuted"),
            _ => None,
        };
        let category = kind.and_then(|(_, category, ..)| *category).and_then(text);
        let onset = Interval::of(observation);
        let (reactions, notes) = self.reactions(observation);
        let mut allergy = object([
            ("resourceType", text("AllergyIntolerance")),
            ("identifier", identifiers(observation)),
            (
                "clinicalStatus",
                status.filter(|_| verification.is_none()).map(|status| coded(CLINICAL, status)),
            ),
            ("verificationStatus", verification.map(|code| coded(VERIFICATION, code))),
            ("type", kind.and_then(|(_, _, kind, _)| *kind).filter(|_| none.is_none()).and_then(text)),
            ("category", list(category.filter(|_| none.is_none()))),
            ("criticality", Self::criticality(observation).filter(|_| none.is_none())),
            ("code", Some(concept)),
            ("patient", Some(somebody(self.subject()))),
            ("onsetDateTime", onset.start().cloned().filter(|_| none.is_none())),
            ("recordedDate", Self::noted(observation, concern)),
            ("recorder", self.recorder(observation, concern)),
            ("reaction", list(reactions).filter(|_| none.is_none())),
        ]);
        let remarks = concern.map(|concern| self.remarks(concern)).unwrap_or_default();
        allergy.put("note", self.notes(observation, notes.into_iter().chain(remarks).collect()));
        self.add(observation, allergy);
    }

    /// The code for "none known" where that is what is said: a negated one of nothing in particular, a code or words
    /// that say so.
    fn none_of_kind(
        &self,
        negated: bool,
        code: Option<Element<'t>>,
        said: Option<&str>,
        value: Option<Element<'t>>,
        kind: Option<&Kind>,
    ) -> Option<&'static str> {
        let by_code = found(&NONE, code).or_else(|| found(&NONE, value)).copied();
        let of_value = || value.and_then(|value| self.label(value)).and_then(|words| none_known(&words));
        let by_words = said.and_then(none_known).or_else(|| if said.is_none() { of_value() } else { None });
        if by_code.is_some() || by_words.is_some() {
            return by_code.or(by_words);
        }
        if !negated {
            return None;
        }
        let of_kind = kind.map_or(ANY, |(.., none)| *none);
        if let Some(none) = found(&EVERYTHING, code) {
            return Some(if *none == ANY { of_kind } else { none });
        }
        let named = code.and_then(known).is_some_and(|code| code.attribute("code").is_some())
            || code
                .is_some_and(|code| all(code, "translation").any(|other| other.attribute("code").is_some()));
        let general = !named && said.is_none_or(is_general);
        // A value that is no kind of allergy is the allergy itself.
        let specific =
            kind.is_none() && value.and_then(known).is_some_and(|value| value.attribute("code").is_some());
        (general && !specific).then_some(of_kind)
    }

    /// Allergy Status Observation, or else the concern's own status.
    fn clinical(&self, observation: Element<'t>, concern: Option<Element<'t>>) -> Option<&'static str> {
        if let Some(told) = self.told_status(observation) {
            return match told {
                "active" | "recurrence" | "relapse" => Some("active"),
                "remission" | "inactive" => Some("inactive"),
                other => Some(other),
            };
        }
        let ended = Interval::of(observation);
        standing(concern, &ended)
    }

    /// Criticality Observation.
    fn criticality(observation: Element<'t>) -> Option<Json> {
        let found = related(observation).map(|related| related.statement).find(|statement| {
            is_of(*statement, &["cda:22.4.145"])
                || one(*statement, "code").is_some_and(|code| is_code(code, &["82606-5"]))
        })?;
        let code = match known(one(found, "value")?)?.attribute("code")? {
            "CRITL" => "low",
            "CRITH" => "high",
            "CRITU" => "unable-to-assess",
            _ => return None,
        };
        text(code)
    }

    /// What the allergy does, and what is to be noted of it besides.
    fn reactions(&self, observation: Element<'t>) -> (Vec<Json>, Vec<String>) {
        let mut reactions = Vec::new();
        let mut notes = Vec::new();
        for found in related(observation).filter(|related| is_reaction(related.statement, related.kind)) {
            let reaction = found.statement;
            if negated(reaction) || reaction.name() != "observation" {
                continue;
            }
            let manifestation = one(reaction, "value")
                .and_then(|value| self.concept_or(value, self.statement_text(reaction)));
            let words =
                || self.statement_text(reaction).and_then(text).map(|words| object([("text", Some(words))]));
            let Some(manifestation) = manifestation.or_else(words) else { continue };
            let (severity, more) = self.severity(reaction);
            notes.extend(more);
            reactions.push(object([
                ("manifestation", list([manifestation])),
                ("onset", Interval::of(reaction).start().cloned()),
                ("severity", severity),
            ]));
        }
        // A severity of the allergy itself is that of its reaction only where there is one.
        let (severity, more) = self.severity(observation);
        notes.extend(more);
        let unclear = match (severity, reactions.as_mut_slice()) {
            (Some(severity), [only]) if !only.has("severity") => {
                only.put("severity", Some(severity));
                None
            }
            (Some(Json::Text(severity)), reactions)
                if reactions.iter().all(|reaction| !reaction.has("severity")) =>
            {
                Some(format!("Severity: {severity}"))
            }
            _ => None,
        };
        notes.extend(unclear);
        (reactions, notes)
    }

    /// Severity Observation: one that FHIR has, or else words.
    fn severity(&self, holder: Element<'t>) -> (Option<Json>, Option<String>) {
        let mut told = related(holder).map(|related| related.statement).filter(|found| !negated(*found));
        let found = told.find(|statement| {
            is_of(*statement, &["cda:22.4.8", "cda:1.55", "ihe:4.1"])
                || one(*statement, "code").is_some_and(|code| is_code(code, &["SEV"]))
        });
        let Some(value) = found.and_then(|found| one(found, "value")) else { return (None, None) };
        let words = self.label(value);
        let code = if is_code(value, &["255604002"]) {
            Some("mild")
        } else if is_code(value, &["6736007"]) {
            Some("moderate")
        } else if is_code(value, &["24484000", "399166001"]) {
            Some("severe")
        } else {
            match words.as_deref().map(str::to_lowercase).as_deref() {
                Some("mild") => Some("mild"),
                Some("moderate") => Some("moderate"),
                Some("severe") => Some("severe"),
                _ => None,
            }
        };
        match code {
            Some(code) => (text(code), None),
            None => (None, words.map(|words| format!("Severity: {words}"))),
        }
    }

    /// When it was put on record.
    pub(super) fn noted(observation: Element<'t>, concern: Option<Element<'t>>) -> Option<Json> {
        let mut authors =
            all(observation, "author").chain(concern.into_iter().flat_map(|concern| all(concern, "author")));
        authors.find_map(|author| moment_of(author, "time"))
    }

    pub(super) fn recorder(&self, observation: Element<'t>, concern: Option<Element<'t>>) -> Option<Json> {
        let own = self.actors(observation, "author").into_iter().next();
        let names = own.or_else(|| self.actors(concern?, "author").into_iter().next());
        named(names)
    }
}

/// The concern or its observation was withdrawn.
pub(super) fn nullified(observation: Element<'_>, concern: Option<Element<'_>>) -> bool {
    status_of(observation) == "nullified" || concern.is_some_and(|concern| status_of(concern) == "nullified")
}

fn is_reaction(statement: Element<'_>, kind: &str) -> bool {
    is_of(statement, &["cda:22.4.9", "cda:1.54", "ihe:4.5"]) || kind == "MFST"
}

/// What the patient is allergic to: `playingEntity` of the product.
fn substance(observation: Element<'_>) -> Option<Element<'_>> {
    let mut products = all(observation, "participant")
        .filter(|part| matches!(part.attribute("typeCode"), Some("CSM") | None));
    products.find_map(|part| path(part, &["participantRole", "playingEntity"]))
}
