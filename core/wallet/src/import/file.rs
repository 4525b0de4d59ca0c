//! One file: every entry decided, stored in one transaction, the file kept whole.

use std::collections::{HashMap, HashSet};

use kosha_crypto::digest::sha256;
use kosha_crypto::id::{DocumentId, PersonId, RecordId, Version};
use kosha_fhir::{Extract, Outcome, Reading};
use kosha_vault::{
    Carrier, DocHole, Durability, Header, HeaderAttachment, Hole, NewBody, NewDocument, Transaction, Vault,
};

use super::ask::Asker;
use super::decide::{Decision, Planned, plan};
use super::header;
use super::people::People;
use super::report::{FileOutcome, FileReport, Note};
use super::take::Named;
use crate::{Error, Session};

/// Attachments up to this length stay in the body. Larger ones leave it when their base64 is the canonical one, so that
/// encoding them gives the same text again.
const LARGEST_INLINE: usize = 4096;

/// Most attachments of one record that leave its body, since a header lists them; further ones stay in it.
const MOST_APART: usize = 100;

/// What is the same for all entries of a file.
struct File<'a> {
    reading: &'a Reading<'a>,
    document: DocumentId,
    now_ms: i64,
    /// The record of each entry.
    records: HashMap<u32, RecordId>,
}

impl Session {
    pub(super) fn import_file(
        &mut self,
        named: Named<'_>,
        bytes: &[u8],
        reading: &Reading<'_>,
        person: Option<PersonId>,
        asker: Option<&mut Asker<'_>>,
    ) -> Result<FileReport, Error> {
        let mut report = FileReport::new(named.name);
        report.warnings =
            reading.warnings.iter().map(|finding| Note::new(finding.entry, finding.reason)).collect();
        for entry in &reading.entries {
            match entry.outcome {
                Outcome::Resource { .. } => {}
                Outcome::Skipped(code) => report.skipped.push(Note::new(Some(entry.ordinal), code)),
                Outcome::Refused(code) => report.refused.push(Note::new(Some(entry.ordinal), code)),
            }
        }
        let hash = sha256(&[bytes]);
        let environment = self.environment().clone();
        // A file that is here already is gone through again: what it counts, and what was refused, is told as before.
        let known = self.vault().document_by_hash(&hash);
        if known.is_some() {
            report.warnings.push(Note::new(None, "known-file"));
        }
        let mut people = People::new(self.profiles()?, reading, hash, person);
        if let Some(asker) = asker {
            people.ask(named.name, self.vault(), asker)?;
        }
        let mut tx = self.vault_mut().begin(Durability::Full)?;
        let plan = plan(&mut tx, &mut people, reading, &hash)?;
        environment.steps.reached("import-begin");
        let document = match known {
            Some(known) => known,
            None => tx.new_document_id()?,
        };
        let file = File {
            reading,
            document,
            now_ms: environment.now_ms(),
            records: plan.iter().map(|planned| (planned.ordinal, planned.record)).collect(),
        };
        if let Some(wanted) = person
            && plan.iter().any(|planned| is_with_another(tx.vault(), planned, wanted, &people))
        {
            report.warnings.push(Note::new(None, "filed-with-another-person"));
        }
        let placed = store_entries(&mut tx, &file, &plan, &mut people, &mut report)?;
        report.document = Some(file.document.to_string());
        // A file of which everything is to be left out is not kept either.
        if placed.is_empty() && report.refused.iter().any(|note| note.reason == "left-out") {
            report.document = known.map(|known| known.to_string());
            report.judge();
            if known.is_none() {
                report.outcome = FileOutcome::Refused;
            }
            return Ok(report);
        }
        match known {
            None => keep_whole(&mut tx, &file, named.short(), bytes, hash, &placed)?,
            Some(known) if !tx.is_document_whole(known)? => {
                put_back_whole(&mut tx, &file, known, bytes, &placed)?;
                report.warnings.push(Note::new(None, "put-back"));
            }
            Some(_) => {}
        }
        let put_back = report.warnings.iter().any(|note| note.reason == "put-back");
        if known.is_some() && report.stored + report.updated == 0 && !put_back {
            report.judge();
            return Ok(report);
        }
        report.warnings.append(&mut people.warnings);
        report.judge();
        tx.log(file.now_ms, "import", &log_line(&report))?;
        environment.steps.reached("import-commit");
        tx.commit()?;
        environment.steps.reached("import-durable");
        Ok(report)
    }
}

/// Whether an entry is here already, with another person than the one wished for.
fn is_with_another(vault: &Vault, planned: &Planned, wanted: PersonId, people: &People<'_>) -> bool {
    matches!(planned.decision, Decision::Known(_))
        && vault
            .index()
            .get(planned.record)
            .is_some_and(|entry| people.one(entry.person()) != people.one(wanted))
}

/// Stores what is new; tells which version stands at which entry.
fn store_entries(
    tx: &mut Transaction<'_>,
    file: &File<'_>,
    plan: &[Planned],
    people: &mut People<'_>,
    report: &mut FileReport,
) -> Result<HashMap<u32, (RecordId, Version)>, Error> {
    let mut placed = HashMap::with_capacity(plan.len());
    let mut written = HashSet::new();
    let mut refused: HashMap<u32, &'static str> = HashMap::new();
    for planned in plan {
        let outcome = match planned.decision {
            Decision::Known(version) => {
                if !tx.is_whole(planned.record, version)? && put_back(tx, file, planned, version)? {
                    report.warnings.push(Note::new(Some(planned.ordinal), "put-back"));
                }
                report.duplicate += 1;
                Ok(version)
            }
            // It is kept with the file.
            Decision::Replaced => {
                report.skipped.push(Note::new(Some(planned.ordinal), "replaced-since"));
                continue;
            }
            Decision::Repeats(other) => match placed.get(&other) {
                Some((_, version)) => {
                    report.duplicate += 1;
                    Ok(*version)
                }
                None => Err(refused.get(&other).copied().unwrap_or("no-resource")),
            },
            Decision::New { .. } | Decision::Update => match file.reading.extract(planned.ordinal) {
                // The version that this one would have followed may itself have been refused.
                Ok(extract) => {
                    let update = planned.decision == Decision::Update
                        && (written.contains(&planned.record)
                            || tx.vault().index().get(planned.record).is_some());
                    store(tx, file, planned, extract, update, people, report)?
                }
                Err(code) => Err(code),
            },
        };
        match outcome {
            Ok(version) => {
                written.insert(planned.record);
                placed.insert(planned.ordinal, (planned.record, version));
            }
            Err(code) => {
                refused.insert(planned.ordinal, code);
                report.refused.push(Note::new(Some(planned.ordinal), code));
            }
        }
    }
    report.refused.sort_by_key(|note| note.entry);
    Ok(placed)
}

/// Stores one entry. A record that the vault does not take for its size is the inner error, a reason's code.
fn store(
    tx: &mut Transaction<'_>,
    file: &File<'_>,
    planned: &Planned,
    extract: Extract,
    update: bool,
    people: &mut People<'_>,
    report: &mut FileReport,
) -> Result<Result<Version, &'static str>, Error> {
    let Some(mut person) = people.of(tx, extract.patient)? else { return Ok(Err("left-out")) };
    if update {
        // A record stays with whom it is filed: with one of two who are one, or with whom its owner filed it.
        person = tx.header(planned.record)?.person;
    }
    let body = take_attachments(tx, file.reading, planned.ordinal, &extract)?;
    let text = extract.search_text.clone();
    let remarks = extract.warnings.clone();
    let new_body = NewBody { resource_skeleton: &body.bytes, holes: &body.holes, text: &text };
    let mut header: Header = header::of(person, extract, |ordinal| file.records.get(&ordinal).copied());
    header.attachments = body.attachments;
    header.identity = planned.identity;
    header.content = planned.content;
    header.document = Some(file.document);
    header.ordinal = planned.ordinal;
    header.added_ms = file.now_ms;
    let stored = if update {
        tx.update_record(planned.record, header, &new_body)
    } else {
        tx.add_record_as(planned.record, header, &new_body)
    };
    let version = match stored {
        Ok(version) => version,
        Err(kosha_vault::Error::TooLarge(_)) => return Ok(Err("record-too-large")),
        Err(error) => return Err(error.into()),
    };
    report.warnings.extend(remarks.iter().map(|code| Note::new(Some(planned.ordinal), code)));
    if update {
        report.updated += 1;
    } else {
        report.stored += 1;
    }
    if planned.decision == (Decision::New { separate: true }) {
        report.warnings.push(Note::new(Some(planned.ordinal), "separate-version"));
    }
    Ok(Ok(version))
}

/// A resource without its large attachments.
struct Skeleton<'a> {
    bytes: std::borrow::Cow<'a, [u8]>,
    holes: Vec<Hole>,
    attachments: Vec<HeaderAttachment>,
}

fn take_attachments<'a>(
    tx: &mut Transaction<'_>,
    reading: &'a Reading<'_>,
    ordinal: u32,
    extract: &Extract,
) -> Result<Skeleton<'a>, Error> {
    let bytes = reading.bytes(ordinal);
    let mut out = Skeleton { bytes: bytes.into(), holes: Vec::new(), attachments: Vec::new() };
    let start = span_start(reading, ordinal);
    let mut kept = Vec::new();
    let mut done = 0_usize;
    let mut spans: Vec<_> = extract.attachments.iter().collect();
    spans.sort_by_key(|attachment| attachment.span.start);
    for attachment in spans {
        let inside = attachment.span.start.checked_sub(start).zip(attachment.span.end.checked_sub(start));
        let Some((from, to)) = inside.filter(|(from, to)| *from >= done && from <= to) else { continue };
        if out.attachments.len() >= MOST_APART {
            break;
        }
        let large = attachment.canonical && attachment.length.is_some_and(|length| length > LARGEST_INLINE);
        let content = bytes.get(from..to).filter(|_| large).and_then(kosha_fhir::decode_base64);
        let Some(content) = content else { continue };
        let added = tx.add_attachment_bytes(&content)?;
        kept.extend_from_slice(bytes.get(done..from).unwrap_or_default());
        done = to;
        out.holes.push(Hole { at: length(kept.len()), attachment: added.id });
        out.attachments.push(HeaderAttachment {
            id: added.id,
            hash: added.hash,
            len: added.len,
            media: attachment.content_type.clone().unwrap_or_default(),
            title: attachment.title.clone().unwrap_or_default(),
        });
    }
    if done > 0 {
        kept.extend_from_slice(bytes.get(done..).unwrap_or_default());
        out.bytes = kept.into();
    }
    Ok(out)
}

fn span_start(reading: &Reading<'_>, ordinal: u32) -> usize {
    usize::try_from(ordinal).ok().and_then(|at| reading.entries.get(at)).map_or(0, |entry| entry.span.start)
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Stores the body of a known version once more, and its attachments where they are damaged or gone. Not when the entry
/// cannot be read in full.
fn put_back(
    tx: &mut Transaction<'_>,
    file: &File<'_>,
    planned: &Planned,
    version: Version,
) -> Result<bool, Error> {
    let Ok(extract) = file.reading.extract(planned.ordinal) else { return Ok(false) };
    let body = take_attachments(tx, file.reading, planned.ordinal, &extract)?;
    let body = NewBody { resource_skeleton: &body.bytes, holes: &body.holes, text: &extract.search_text };
    tx.put_back_body(planned.record, version, &body)?;
    Ok(true)
}

/// How the file is kept so that it comes back byte for byte: what is in no record with holes where the records go, or, when
/// it was compressed or XML, as it is.
enum Whole {
    Original,
    Skeleton(Vec<u8>, Vec<DocHole>),
}

impl Whole {
    fn of(file: &File<'_>, bytes: &[u8], placed: &HashMap<u32, (RecordId, Version)>) -> Self {
        // What precedes the text that was read: a byte order mark.
        let text = &file.reading.text;
        let same = !file.reading.inflated && !file.reading.converted && bytes.ends_with(text);
        let before = bytes.len().checked_sub(text.len()).filter(|_| same);
        let Some(before) = before else { return Self::Original };
        let mut skeleton = Vec::new();
        let mut holes = Vec::with_capacity(placed.len());
        let mut done = 0_usize;
        for entry in &file.reading.entries {
            let (from, to) = (entry.span.start + before, entry.span.end + before);
            let Some((record, version)) = placed.get(&entry.ordinal).filter(|_| from >= done) else {
                continue;
            };
            skeleton.extend_from_slice(bytes.get(done..from).unwrap_or_default());
            holes.push(DocHole { at: length(skeleton.len()), record: *record, version: *version });
            done = to;
        }
        skeleton.extend_from_slice(bytes.get(done..).unwrap_or_default());
        Self::Skeleton(skeleton, holes)
    }

    fn carrier(&self, tx: &mut Transaction<'_>, bytes: &[u8]) -> Result<Carrier<'_>, Error> {
        Ok(match self {
            Self::Original => Carrier::Original(tx.add_attachment_bytes(bytes)?.id),
            Self::Skeleton(bytes, holes) => Carrier::Skeleton { bytes, holes },
        })
    }
}

fn keep_whole(
    tx: &mut Transaction<'_>,
    file: &File<'_>,
    name: &str,
    bytes: &[u8],
    hash: [u8; 32],
    placed: &HashMap<u32, (RecordId, Version)>,
) -> Result<(), Error> {
    let whole = Whole::of(file, bytes, placed);
    let carrier = whole.carrier(tx, bytes)?;
    let document = NewDocument { name, received_ms: file.now_ms, hash, len: length(bytes.len()), carrier };
    Ok(tx.add_document_as(file.document, &document)?)
}

/// The file is known, and what is kept of it beside its records is damaged.
fn put_back_whole(
    tx: &mut Transaction<'_>,
    file: &File<'_>,
    known: DocumentId,
    bytes: &[u8],
    placed: &HashMap<u32, (RecordId, Version)>,
) -> Result<(), Error> {
    let whole = Whole::of(file, bytes, placed);
    let carrier = whole.carrier(tx, bytes)?;
    Ok(tx.put_back_document(known, &carrier)?)
}

/// Counts only: the log says nothing about what came in.
fn log_line(report: &FileReport) -> String {
    format!(
        "1 file: {} new, {} updated, {} known already, {} passed over, {} refused",
        report.stored,
        report.updated,
        report.duplicate,
        report.skipped.len(),
        report.refused.len()
    )
}
