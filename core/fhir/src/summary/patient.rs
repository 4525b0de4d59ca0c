//! What a share says of the patient: chosen fields only.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// A field of the patient that may go along.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PatientField {
    /// The name.
    Name,
    /// The birth date.
    BirthDate,
    /// Administrative gender.
    Gender,
    /// Numbers such as the ABHA number or a hospital's.
    Identifiers,
    /// Telephone and mail.
    Telecom,
    /// Postal address.
    Address,
}

impl PatientField {
    /// Every field.
    pub const ALL: [PatientField; 6] = [
        PatientField::Name,
        PatientField::BirthDate,
        PatientField::Gender,
        PatientField::Identifiers,
        PatientField::Telecom,
        PatientField::Address,
    ];

    /// What a clinic needs to know whom it sees: name, birth date, gender.
    pub fn usual() -> BTreeSet<PatientField> {
        [PatientField::Name, PatientField::BirthDate, PatientField::Gender].into()
    }

    /// The stable word for storage and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            PatientField::Name => "name",
            PatientField::BirthDate => "birth-date",
            PatientField::Gender => "gender",
            PatientField::Identifiers => "identifiers",
            PatientField::Telecom => "telecom",
            PatientField::Address => "address",
        }
    }

    /// The field of a stored word.
    pub fn from_word(word: &str) -> Option<PatientField> {
        PatientField::ALL.into_iter().find(|field| field.as_str() == word)
    }
}

/// A number that names the patient in some system.
#[derive(Clone, PartialEq, Eq)]
pub struct Identifier {
    /// The system's address; may be empty.
    pub system: String,
    /// The number.
    pub value: String,
    /// What it is, e.g. `Medical record number`; may be empty.
    pub label: String,
}

impl std::fmt::Debug for Identifier {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Identifier(..)")
    }
}

/// The patient as shared. A field that is `None` or empty is not written; `withheld` says which of them were left out
/// by choice, so that a reader sees "not shared" and not "unknown".
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PatientFields {
    /// The name as one text.
    pub name: Option<String>,
    /// Family name, where the source has it apart.
    pub family: Option<String>,
    /// Given names, where the source has them apart.
    pub given: Vec<String>,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// `male`, `female`, `other` or `unknown`.
    pub gender: Option<String>,
    /// Numbers.
    pub identifiers: Vec<Identifier>,
    /// Telephone and mail as (system, value), e.g. (`phone`, `+91 ...`).
    pub telecom: Vec<(String, String)>,
    /// Addresses, one text each.
    pub addresses: Vec<String>,
    /// Fields that the patient chose not to share.
    pub withheld: BTreeSet<PatientField>,
}

impl std::fmt::Debug for PatientFields {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("PatientFields").field("withheld", &self.withheld).finish_non_exhaustive()
    }
}

impl PatientFields {
    /// Read the fields of a FHIR `Patient` resource, leniently; what is not there or has another shape is left empty.
    pub fn from_resource(resource: &[u8]) -> PatientFields {
        let Ok(Value::Object(patient)) = serde_json::from_slice(resource) else {
            return PatientFields::default();
        };
        let name = best_name(patient.get("name"));
        let family = name.and_then(|name| text(name.get("family")));
        let given: Vec<String> =
            name.map(|name| texts(name.get("given"))).unwrap_or_default().into_iter().take(8).collect();
        let joined = name.and_then(|name| text(name.get("text"))).or_else(|| {
            let prefixes = name.map(|name| texts(name.get("prefix"))).unwrap_or_default();
            let words: Vec<String> =
                prefixes.into_iter().chain(given.iter().cloned()).chain(family.clone()).collect();
            (!words.is_empty()).then(|| words.join(" "))
        });
        PatientFields {
            name: joined,
            family,
            given,
            birth_date: text(patient.get("birthDate")),
            gender: text(patient.get("gender")),
            identifiers: objects(patient.get("identifier")).filter_map(identifier).collect(),
            telecom: objects(patient.get("telecom"))
                .filter_map(|point| Some((text(point.get("system"))?, text(point.get("value"))?)))
                .collect(),
            addresses: objects(patient.get("address")).filter_map(address).collect(),
            withheld: BTreeSet::new(),
        }
    }

    /// Keep only these fields; the others are emptied and counted as withheld.
    #[must_use]
    pub fn only(mut self, fields: &BTreeSet<PatientField>) -> PatientFields {
        for field in PatientField::ALL {
            if fields.contains(&field) {
                continue;
            }
            match field {
                PatientField::Name => {
                    self.name = None;
                    self.family = None;
                    self.given.clear();
                }
                PatientField::BirthDate => self.birth_date = None,
                PatientField::Gender => self.gender = None,
                PatientField::Identifiers => self.identifiers.clear(),
                PatientField::Telecom => self.telecom.clear(),
                PatientField::Address => self.addresses.clear(),
            }
            self.withheld.insert(field);
        }
        self
    }

    /// The fields that are filled and so will be seen.
    pub fn present(&self) -> Vec<PatientField> {
        PatientField::ALL
            .into_iter()
            .filter(|field| match field {
                PatientField::Name => self.name.is_some() || self.family.is_some() || !self.given.is_empty(),
                PatientField::BirthDate => self.birth_date.is_some(),
                PatientField::Gender => self.gender.is_some(),
                PatientField::Identifiers => !self.identifiers.is_empty(),
                PatientField::Telecom => !self.telecom.is_empty(),
                PatientField::Address => !self.addresses.is_empty(),
            })
            .collect()
    }

    /// The `Patient` resource of a share. `id` is its logical id (a UUID).
    pub(super) fn resource(&self, id: &str) -> Value {
        let mut out = Map::new();
        out.insert("resourceType".into(), "Patient".into());
        out.insert("id".into(), id.into());
        if !self.identifiers.is_empty() {
            out.insert("identifier".into(), self.identifiers.iter().map(identifier_json).collect());
        }
        match self.name_json() {
            Some(name) => out.insert("name".into(), json!([name])),
            None => out.insert("name".into(), json!([self.absent(PatientField::Name)])),
        };
        if !self.telecom.is_empty() {
            let points = self.telecom.iter().map(|(system, value)| json!({"system": system, "value": value}));
            out.insert("telecom".into(), points.collect());
        }
        match self.gender.as_deref().filter(|word| matches!(*word, "male" | "female" | "other" | "unknown")) {
            Some(word) => out.insert("gender".into(), word.into()),
            None => out.insert("_gender".into(), self.absent(PatientField::Gender)),
        };
        match self.birth_date.as_deref().filter(|date| super::shape::is_date(date)) {
            Some(date) => out.insert("birthDate".into(), date.into()),
            None => out.insert("_birthDate".into(), self.absent(PatientField::BirthDate)),
        };
        if !self.addresses.is_empty() {
            out.insert("address".into(), self.addresses.iter().map(|text| json!({"text": text})).collect());
        }
        Value::Object(out)
    }

    fn name_json(&self) -> Option<Value> {
        let mut name = Map::new();
        if let Some(text) = &self.name {
            name.insert("text".into(), text.as_str().into());
        }
        if let Some(family) = &self.family {
            name.insert("family".into(), family.as_str().into());
        }
        if !self.given.is_empty() {
            name.insert("given".into(), self.given.iter().map(String::as_str).collect());
        }
        (!name.is_empty()).then_some(Value::Object(name))
    }

    fn absent(&self, field: PatientField) -> Value {
        super::shape::data_absent(if self.withheld.contains(&field) { "masked" } else { "unknown" })
    }
}

/// Official before usual before one without a use before old; the first of equals.
fn best_name(names: Option<&Value>) -> Option<&Map<String, Value>> {
    objects(names).min_by_key(|name| match name.get("use").and_then(Value::as_str) {
        Some("official") => 0,
        Some("usual") => 1,
        None => 2,
        Some(_) => 3,
    })
}

fn identifier(entry: &Map<String, Value>) -> Option<Identifier> {
    let kind = entry.get("type").and_then(Value::as_object);
    let coding = kind.and_then(|kind| objects(kind.get("coding")).find_map(|code| text(code.get("display"))));
    Some(Identifier {
        value: text(entry.get("value"))?,
        system: text(entry.get("system")).unwrap_or_default(),
        label: kind.and_then(|kind| text(kind.get("text"))).or(coding).unwrap_or_default(),
    })
}

fn identifier_json(identifier: &Identifier) -> Value {
    let mut out = Map::new();
    if !identifier.label.is_empty() {
        out.insert("type".into(), json!({"text": identifier.label}));
    }
    if !identifier.system.is_empty() {
        out.insert("system".into(), identifier.system.as_str().into());
    }
    out.insert("value".into(), identifier.value.as_str().into());
    Value::Object(out)
}

fn address(entry: &Map<String, Value>) -> Option<String> {
    text(entry.get("text")).or_else(|| {
        let mut parts = texts(entry.get("line"));
        for part in ["city", "district", "state", "postalCode", "country"] {
            parts.extend(text(entry.get(part)));
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    })
}

fn objects(value: Option<&Value>) -> impl Iterator<Item = &Map<String, Value>> {
    let list = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_object).take(64)
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|item| text(Some(item))).collect()
}

fn text(value: Option<&Value>) -> Option<String> {
    let trimmed = value?.as_str()?.trim();
    (!trimmed.is_empty()).then(|| trimmed.chars().take(500).collect())
}
