//! The header of a document: who it is about, who wrote it and who keeps it.

use super::datatypes::{contact_point, gender, identifiers};
use super::intervals::moment_of;
use super::reader::{Reader, all, extension, known, one, path};
use crate::json::{Json, list, object, text};
use crate::resource::named;
use crate::timestamp::date_time;
use crate::xml::Element;

/// Most people or organisations of one kind that are taken from a header.
const MOST_NAMED: usize = 32;

impl<'t> Reader<'t> {
    /// `Patient`. A document about several is read as one about the first.
    pub(super) fn patient(&mut self) {
        let mut targets = all(self.root, "recordTarget");
        let Some(role) = targets.next().and_then(|target| one(target, "patientRole")) else { return };
        for other in targets {
            self.leave(other, "ccda-about-another");
        }
        let person = one(role, "patient").or_else(|| one(role, "patientPatient"));
        let of_person = |name: &'static str| person.and_then(|person| one(person, name));
        let names = person.into_iter().flat_map(|person| all(person, "name"));
        let mut patient = object([
            ("resourceType", text("Patient")),
            ("identifier", identifiers(role)),
            ("name", list(names.filter_map(|name| self.human_name(name)))),
            ("telecom", list(all(role, "telecom").filter_map(contact_point))),
            ("gender", gender(of_person("administrativeGenderCode"))),
            ("birthDate", of_person("birthTime").and_then(day)),
            ("address", list(all(role, "addr").filter_map(|address| self.postal(address)))),
            ("maritalStatus", of_person("maritalStatusCode").and_then(|code| self.concept(code))),
            ("contact", list(self.contacts(person))),
            ("communication", list(person.into_iter().flat_map(languages))),
        ]);
        if let Some(person) = person {
            let died = extension(person, "deceasedTime").and_then(super::intervals::moment);
            let dead =
                extension(person, "deceasedInd").and_then(|dead| match known(dead)?.attribute("value")? {
                    "true" => Some(Json::Bool(true)),
                    "false" => Some(Json::Bool(false)),
                    _ => None,
                });
            if died.is_some() {
                patient.put("deceasedDateTime", died);
            } else {
                patient.put("deceasedBoolean", dead);
            }
        }
        self.patient = Some(self.add(role, patient));
    }

    /// Guardians, and whom to call in an emergency.
    fn contacts(&self, person: Option<Element<'t>>) -> Vec<Json> {
        let guardians = person.into_iter().flat_map(|person| all(person, "guardian"));
        let called = all(self.root, "participant").filter_map(|part| one(part, "associatedEntity"));
        let called = called.filter(|role| {
            matches!(role.attribute("classCode"), Some("ECON" | "NOK" | "CAREGIVER" | "PRS" | "GUARD"))
        });
        let described = guardians.chain(called).take(MOST_NAMED).filter_map(|role| {
            let person = one(role, "guardianPerson").or_else(|| one(role, "associatedPerson"));
            let name = person.and_then(|person| one(person, "name")).and_then(|name| self.human_name(name));
            let name = name.map(|mut name| {
                name.put("use", None);
                name
            });
            let telecom = list(all(role, "telecom").filter_map(contact_point));
            (name.is_some() || telecom.is_some()).then(|| {
                object([
                    ("relationship", list(self.concept_of(role, "code"))),
                    ("name", name),
                    ("telecom", telecom),
                    ("address", one(role, "addr").and_then(|address| self.postal(address))),
                ])
            })
        });
        described.collect()
    }

    /// `Organization` that keeps the document, as a reference.
    pub(super) fn custodian(&mut self) -> Option<Json> {
        let keeper =
            path(self.root, &["custodian", "assignedCustodian", "representedCustodianOrganization"])?;
        let at = self.organization(keeper)?;
        self.reference(at)
    }

    pub(super) fn organization(&mut self, element: Element<'t>) -> Option<usize> {
        let name = one(element, "name").and_then(|name| self.full_name(name));
        let numbers = identifiers(element);
        if name.is_none() && numbers.is_none() {
            return None;
        }
        let organization = object([
            ("resourceType", text("Organization")),
            ("identifier", numbers),
            ("name", name.and_then(text)),
            ("telecom", list(all(element, "telecom").filter_map(contact_point))),
            ("address", list(all(element, "addr").filter_map(|address| self.postal(address)))),
        ]);
        Some(self.add(element, organization))
    }

    /// Who wrote the document: people as `Practitioner`, devices and organisations by their names.
    pub(super) fn authors(&mut self) -> Vec<Json> {
        let mut references: Vec<Json> = Vec::new();
        let mut before: Vec<(Json, Json)> = Vec::new();
        for role in
            all(self.root, "author").filter_map(|author| one(author, "assignedAuthor")).take(MOST_NAMED)
        {
            let name = path(role, &["assignedPerson", "name"]);
            let Some(person) = name.and_then(|name| self.human_name(name)) else {
                references.extend(named(self.actor(role)).filter(|name| !references.contains(name)));
                continue;
            };
            let numbers = identifiers(role);
            let same = (person.clone(), object([("identifier", numbers.clone())]));
            if before.contains(&same) {
                continue;
            }
            before.push(same);
            let practitioner = object([
                ("resourceType", text("Practitioner")),
                ("identifier", numbers),
                ("name", Some(Json::List(vec![person]))),
                ("telecom", list(all(role, "telecom").filter_map(contact_point))),
            ]);
            let at = self.add(role, practitioner);
            references.extend(self.reference(at));
        }
        references
    }

    /// The visit that the whole document is of (`encompassingEncounter`).
    pub(super) fn visit_of_document(&mut self) -> Option<Json> {
        let visit = path(self.root, &["componentOf", "encompassingEncounter"])?;
        let at = self.encounter_of_header(visit)?;
        self.reference(at)
    }

    /// When the document was written.
    pub(super) fn written(&self) -> Option<Json> {
        moment_of(self.root, "effectiveTime")
    }
}

/// A day of birth is a day wherever it is read.
fn day(birth: Element<'_>) -> Option<Json> {
    let written = known(birth)?.attribute("value")?;
    date_time(written.get(..8).unwrap_or(written), "").and_then(text)
}

fn languages(person: Element<'_>) -> impl Iterator<Item = Json> {
    all(person, "languageCommunication").take(MOST_NAMED).filter_map(|spoken| {
        let code = known(one(spoken, "languageCode")?)?.attribute("code")?;
        let language =
            object([("coding", list([object([("system", text("urn:ietf:bcp:47")), ("code", text(code))])]))]);
        let preferred = one(spoken, "preferenceInd").and_then(|preferred| preferred.attribute("value"));
        Some(object([
            ("language", Some(language)),
            ("preferred", (preferred == Some("true")).then_some(Json::Bool(true))),
        ]))
    })
}
