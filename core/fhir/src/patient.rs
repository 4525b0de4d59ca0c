//! Whose records a file holds.

use crate::label::clean;
use crate::names::{Holder, Target, address, human_name};
use crate::reading::Reading;
use crate::tree::Node;

/// A person found in a file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Patient {
    /// The entry of the `Patient` resource; `None` for someone known only from `subject`.
    pub ordinal: Option<u32>,
    /// Name as it would be shown; empty when the file has none.
    pub name: String,
    /// As written: `1987`, `1987-04`, `1987-04-02`.
    pub birth_date: Option<String>,
    /// As written: `male`, `female`, `other`, `unknown`.
    pub gender: Option<String>,
    /// (system, value) of each identifier, ABHA numbers and addresses among them.
    pub identifiers: Vec<(String, String)>,
    pub(crate) key: String,
}

impl std::fmt::Debug for Patient {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Patient").field("ordinal", &self.ordinal).finish_non_exhaustive()
    }
}

/// The names under which a resource points at its patient.
pub(crate) fn subject<'n, 'a>(node: &'n Node<'a>) -> &'n Node<'a> {
    node.any(&["subject", "patient", "beneficiary", "individual"]).first()
}

/// Every person of a file: all `Patient` resources; where there is none, everyone that a `subject` names.
pub(crate) fn find(reading: &Reading<'_>) -> Vec<Patient> {
    let mut patients: Vec<Patient> = Vec::new();
    for entry in reading.entries.iter().filter(|entry| entry.resource_type() == Some("Patient")) {
        patients.push(of_node(&reading.node(entry.ordinal), Some(entry.ordinal)));
    }
    if !patients.is_empty() {
        return patients;
    }
    for entry in &reading.entries {
        if entry.resource_type().is_none() || patients.len() >= 1000 {
            continue;
        }
        let node = reading.node(entry.ordinal);
        let holder = Holder { reading, ordinal: entry.ordinal, root: &node };
        let Some(patient) = named(&holder) else { continue };
        match patients.iter_mut().find(|known| known.key == patient.key) {
            Some(known) if known.name.is_empty() => *known = patient,
            Some(_) => {}
            None => patients.push(patient),
        }
    }
    // Someone without a name or key of their own is one of those who have them.
    if patients.iter().any(|patient| !patient.name.is_empty()) {
        patients.retain(|patient| !patient.name.is_empty() || !patient.key.is_empty());
    }
    patients
}

fn of_node(node: &Node<'_>, ordinal: Option<u32>) -> Patient {
    let identifiers = node.at("identifier").items().take(50).filter_map(|identifier| {
        let value = clean(&identifier.str("value")?);
        Some((identifier.str("system").unwrap_or_default().into_owned(), value))
    });
    let name = human_name(node.at("name")).unwrap_or_default();
    let birth_date = node.str("birthDate").map(|date| clean(&date));
    Patient {
        ordinal,
        key: format!("{}|{}", name.to_lowercase(), birth_date.as_deref().unwrap_or_default()),
        identifiers: identifiers.collect(),
        name,
        birth_date,
        gender: node.str("gender").map(|gender| clean(&gender)),
    }
}

/// The person that a resource's subject names, where no `Patient` resource is in the file.
fn named(holder: &Holder<'_>) -> Option<Patient> {
    let subject = subject(holder.root);
    if !subject.there() {
        return None;
    }
    if let Some(Target::Contained(node)) = holder.resolve(subject) {
        return Some(of_node(node, None));
    }
    let address = address(subject).map(std::borrow::Cow::into_owned).unwrap_or_default();
    if ["Group/", "Device/", "Location/"].iter().any(|other| address.contains(other)) {
        return None;
    }
    let name = subject.str("display").map(|display| clean(&display)).unwrap_or_default();
    let identifier = subject.at("identifier").first();
    let identifiers: Vec<_> = identifier
        .str("value")
        .map(|value| (identifier.str("system").unwrap_or_default().into_owned(), clean(&value)))
        .into_iter()
        .collect();
    let key = if !address.is_empty() {
        address
    } else if let Some((system, value)) = identifiers.first() {
        format!("{system}|{value}")
    } else {
        name.to_lowercase()
    };
    (!key.is_empty()).then_some(Patient { name, identifiers, key, ..Patient::default() })
}

/// True when a file holds more than one person: the versions of one in a history are one.
pub(crate) fn several(patients: &[Patient]) -> bool {
    patients.windows(2).any(|pair| matches!(pair, [a, b] if a.key != b.key))
}

/// Whose an entry is, as an index into the patients; and whether its subject leads to nobody known.
pub(crate) fn of(holder: &Holder<'_>) -> (Option<usize>, bool) {
    let patients = &holder.reading.patients;
    let index_of =
        |ordinal: u32| patients.binary_search_by_key(&Some(ordinal), |patient| patient.ordinal).ok();
    if let Some(own) = index_of(holder.ordinal) {
        return (Some(own), false);
    }
    let only = if holder.reading.one_person { Some(0) } else { None };
    let subject = subject(holder.root);
    if !subject.there() {
        return (only, false);
    }
    let found = match address(subject).and_then(|address| holder.ordinal_of(&address)) {
        Some(ordinal) => index_of(ordinal),
        None => named(holder).and_then(|named| {
            patients.iter().position(|patient| patient.ordinal.is_none() && patient.key == named.key)
        }),
    };
    // An address that leads nowhere, in a file about one person, is taken as theirs, with a remark.
    match found {
        Some(index) => (Some(index), false),
        None => (only, only.is_some_and(|_| address(subject).is_some())),
    }
}
