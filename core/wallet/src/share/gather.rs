//! Collecting what a share may hold: candidates from the index, bodies and those whom they name from the files.

use std::collections::{BTreeMap, BTreeSet};

use kosha_consent::{Attachment, Candidate, Held, HeldSection, PatientFields, Record, Span, Supporting};
use kosha_crypto::Zeroizing;
use kosha_crypto::id::{DocumentId, PersonId, RecordId};
use kosha_fhir::summary::empty_sections;
use kosha_fhir::{Kind, Limits, Reading, Sensitivity, Standing};
use kosha_vault::{Entry, Vault};

use crate::attachment::named;
use crate::family::Circle;
use crate::import::format;
use crate::person::{self, Profile};
use crate::timeline::RecordCard;
use crate::{Error, Session, date};

/// A record's bytes, and where they stood.
pub(crate) struct Loaded {
    pub(crate) bytes: Zeroizing<Vec<u8>>,
    pub(crate) bundle: String,
    pub(crate) full_url: String,
}

/// Bodies of records and the resources that they may name.
#[derive(Default)]
pub(crate) struct Bodies {
    pub(crate) records: BTreeMap<RecordId, Loaded>,
    pub(crate) supporting: Vec<Supporting>,
}

/// Every record of a person, and of those who are the same person, that is not deleted, newest first.
pub(crate) fn candidates(session: &Session, person: PersonId) -> Result<Vec<Candidate>, Error> {
    let (vault, circle) = (session.vault(), session.circle()?);
    vault
        .index()
        .iter()
        .filter(|entry| !entry.tombstone() && circle.one(entry.person()) == person)
        .map(|entry| candidate(vault, entry, &circle))
        .collect()
}

pub(crate) fn candidate(vault: &Vault, entry: Entry<'_>, circle: &Circle) -> Result<Candidate, Error> {
    let card = RecordCard::of(entry, circle);
    let attachments = if entry.has_attachments() { attachments(vault, entry.id())? } else { Vec::new() };
    Ok(Candidate {
        record: entry.id(),
        person: circle.one(entry.person()),
        kind: Kind::from_u16(entry.kind()).unwrap_or(Kind::Other),
        resource_type: entry.resource_type().to_owned(),
        standing: Standing::from_u8(entry.standing()).unwrap_or(Standing::Unconfirmed),
        sensitivity: Sensitivity::from_bits(entry.sensitivity()),
        title: card.title,
        line: card.summary,
        date: entry.date().map(|date| Span { start_ms: date.start_ms, end_ms: date.end_ms }),
        date_text: card.date.unwrap_or_default(),
        source: card.source.unwrap_or_default(),
        codes: entry.codes().map(|code| (code.system.clone(), code.code.clone())).collect(),
        attachments,
        sections: Vec::new(),
        contained: Vec::new(),
    })
}

fn attachments(vault: &Vault, record: RecordId) -> Result<Vec<Attachment>, Error> {
    let header = vault.header(record)?;
    Ok(header
        .attachments
        .iter()
        .map(|attachment| Attachment {
            title: named(attachment.title.clone()),
            content_type: attachment.media.clone(),
            length: attachment.len,
        })
        .collect())
}

/// Reads the bodies of `wanted`, file by file: only the file knows under which address each of its records stood.
pub(crate) fn bodies(session: &Session, wanted: &BTreeSet<RecordId>) -> Result<Bodies, Error> {
    let vault = session.vault();
    let mut by_document: BTreeMap<Option<DocumentId>, Vec<Entry<'_>>> = BTreeMap::new();
    for record in wanted {
        let entry = vault.index().get(*record).ok_or(Error::NoSuchRecord)?;
        by_document.entry(entry.document()).or_default().push(entry);
    }
    let mut out = Bodies::default();
    for (document, entries) in by_document {
        match document {
            Some(document) => from_document(vault, document, &entries, &mut out)?,
            None => {
                for entry in entries {
                    let bytes = vault.body(entry.id())?.resource;
                    out.records
                        .insert(entry.id(), Loaded { bytes, bundle: String::new(), full_url: String::new() });
                }
            }
        }
    }
    Ok(out)
}

fn from_document(
    vault: &Vault,
    document: DocumentId,
    entries: &[Entry<'_>],
    out: &mut Bodies,
) -> Result<(), Error> {
    let mut file = Zeroizing::new(Vec::new());
    vault.document_to(document, &mut *file)?;
    // It was read when it came in; what cannot be read now is damage.
    let reading = format::records(&file, &Limits::default()).ok_or(Error::Damaged)?;
    for entry in entries {
        let bytes = Zeroizing::new(reading.bytes(entry.ordinal()).to_vec());
        if kosha_crypto::digest::sha256(&[&bytes]) != *entry.content() {
            // Made of a file of another format by an earlier version of Kosha, in other words.
            let bytes = vault.body(entry.id())?.resource;
            out.records.insert(entry.id(), Loaded { bytes, bundle: String::new(), full_url: String::new() });
            continue;
        }
        let (bundle, full_url) = place(&reading, document, entry.ordinal());
        out.records.insert(entry.id(), Loaded { bytes, bundle, full_url });
    }
    for entry in &reading.entries {
        if entry.resource_type().is_some_and(kosha_consent::is_supporting) {
            let (bundle, full_url) = place(&reading, document, entry.ordinal);
            let bytes = Zeroizing::new(reading.bytes(entry.ordinal).to_vec());
            out.supporting.push(Supporting { bytes, bundle, full_url });
        }
    }
    Ok(())
}

/// The key within which references resolve, and the address of an entry.
fn place(reading: &Reading<'_>, document: DocumentId, ordinal: u32) -> (String, String) {
    let entry = usize::try_from(ordinal).ok().and_then(|at| reading.entries.get(at));
    let bundle = entry.and_then(|entry| entry.bundle).map_or(String::new(), |bundle| format!("/{bundle}"));
    (format!("{document}{bundle}"), entry.and_then(|entry| entry.full_url.clone()).unwrap_or_default())
}

/// The candidates and bodies put together as they go out.
pub(crate) fn records(
    vault: &Vault,
    included: &[Candidate],
    bodies: &mut Bodies,
) -> Result<Vec<Record>, Error> {
    let mut records = Vec::with_capacity(included.len());
    for candidate in included {
        let loaded = bodies.records.remove(&candidate.record).ok_or(Error::Internal)?;
        let received_ms = vault.index().get(candidate.record).map_or(0, Entry::added_ms);
        let mut candidate = candidate.clone();
        let inside = kosha_fhir::summary::inside(&loaded.bytes);
        candidate.sections = inside.sections;
        candidate.contained = inside.contained;
        records.push(Record {
            candidate,
            bytes: loaded.bytes,
            bundle: loaded.bundle,
            full_url: loaded.full_url,
            received_ms,
        });
    }
    Ok(records)
}

/// The patient as the newest of their own `Patient` resources says, else as the vault knows them.
pub(crate) fn patient(
    session: &Session,
    person: PersonId,
    profile: &Profile,
) -> Result<PatientFields, Error> {
    let (vault, circle) = (session.vault(), session.circle()?);
    let mut own: Vec<Entry<'_>> = vault
        .index()
        .iter()
        .filter(|entry| {
            circle.one(entry.person()) == person && entry.resource_type() == "Patient" && !entry.tombstone()
        })
        .collect();
    own.sort_by_key(|entry| std::cmp::Reverse((entry.added_ms(), entry.ordinal())));
    for entry in own {
        let fields = PatientFields::from_resource(&vault.body(entry.id())?.resource);
        let same = person::same_name(fields.name.as_deref().unwrap_or_default(), &profile.name);
        if same && fields.birth_date == profile.birth_date {
            return Ok(fields);
        }
    }
    Ok(PatientFields {
        name: Some(profile.name.clone()).filter(|name| !name.is_empty()),
        birth_date: profile.birth_date.clone(),
        gender: profile.gender.clone(),
        ..PatientFields::default()
    })
}

/// What the wallet holds in the sections that are always spoken of.
pub(crate) fn held(session: &Session, person: PersonId) -> Result<Held, Error> {
    let (vault, circle) = (session.vault(), session.circle()?);
    let mut held = Held::default();
    let own = |entry: &Entry<'_>| circle.one(entry.person()) == person && !entry.tombstone();
    for entry in vault.index().iter().filter(own) {
        // What its source withdrew says nothing, neither that there is something nor that there is nothing.
        if Standing::from_u8(entry.standing()) == Some(Standing::InError) {
            continue;
        }
        if matches!(entry.resource_type(), "List" | "Composition") {
            nil_known(&vault.body(entry.id())?.resource, &mut held);
        }
        if let Some(section) = held_section(&mut held, Kind::from_u16(entry.kind())) {
            section.records += 1;
        }
    }
    Ok(held)
}

/// Lists and sections that are empty because their source knows of none.
fn nil_known(resource: &[u8], held: &mut Held) {
    for empty in empty_sections(resource).into_iter().filter(|empty| empty.nil_known) {
        if let Some(section) = held_section(held, Some(empty.kind)) {
            section.recorded_as_none = true;
        }
    }
}

fn held_section(held: &mut Held, kind: Option<Kind>) -> Option<&mut HeldSection> {
    match kind {
        Some(Kind::Problem) => Some(&mut held.problems),
        Some(Kind::Allergy) => Some(&mut held.allergies),
        Some(Kind::Medicine) => Some(&mut held.medicines),
        _ => None,
    }
}

/// The date as shown in a review.
pub(crate) fn until(ms: i64) -> String {
    date::rfc3339(ms)
}
