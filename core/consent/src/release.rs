//! Records that may leave, and the checks that they passed.

use std::collections::BTreeSet;

use kosha_crypto::Zeroizing;
use kosha_crypto::id::{GrantId, PersonId, RecordId};
use kosha_fhir::summary::{Checkpoint, Held, PatientFields, SummaryInput, SummaryRecord};

use crate::{Candidate, Event, Grant, GrantError, Ledger, LedgerEntry, LeftOut, Outcome, Receipt, Terms};

/// Whether a resource of this FHIR type may come along because a record names it. Nothing clinical may.
pub fn is_supporting(resource_type: &str) -> bool {
    matches!(resource_type, "Patient" | "Practitioner" | "PractitionerRole" | "Organization")
}

/// A record with its body, on the way to a release.
pub struct Record {
    /// What the review showed.
    pub candidate: Candidate,
    /// The resource, exactly as it was received.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Which file or answer it came in; references are resolved within the same one only.
    pub bundle: String,
    /// The `fullUrl` it had there; may be empty.
    pub full_url: String,
    /// When it came into the wallet, Unix milliseconds.
    pub received_ms: i64,
}

/// A resource that records name: who wrote them, where.
pub struct Supporting {
    /// The resource, exactly as it was received.
    pub bytes: Zeroizing<Vec<u8>>,
    /// Which file or answer it came in.
    pub bundle: String,
    /// The `fullUrl` it had there; may be empty.
    pub full_url: String,
}

/// What is to leave under a grant.
pub struct Outgoing {
    /// What it is for; must be the purpose of the grant.
    pub purpose: String,
    /// For whom; must be the recipient of the grant where that names one.
    pub recipient: Option<String>,
    /// The records.
    pub records: Vec<Record>,
    /// Who they name: Patient, Practitioner, `PractitionerRole` or Organization, nothing else.
    pub supporting: Vec<Supporting>,
    /// The patient; fields outside the grant are dropped here.
    pub patient: PatientFields,
    /// What the wallet holds, for the reasons of empty sections.
    pub held: Held,
}

/// Why nothing was released. Nothing was written to the log either, except under `Ledger`, where that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError<E> {
    /// The grant does not allow it.
    #[error(transparent)]
    Grant(GrantError),
    /// A record is not covered; take it out and try again.
    #[error("a record is not part of what was agreed to: {}", .0.as_str())]
    OutOfScope(LeftOut),
    /// A record's bytes are not of the type that was reviewed.
    #[error("a record is not what the review showed")]
    NotAsReviewed,
    /// A supporting resource is of a type that may not come along.
    #[error("only people and organisations that records name may come along")]
    SupportingType,
    /// There is nothing to release.
    #[error("there is nothing to share")]
    Nothing,
    /// The log could not be written, so nothing may leave.
    #[error("the log could not be written, so nothing was shared")]
    Ledger(E),
}

/// On whose word a release was made.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// Under a grant; as it stands after this release.
    Grant(Box<Grant>),
    /// The owner's own full copy. Not for handing to anyone else: what sends to others refuses it.
    Owner(PersonId),
}

/// Records that may leave now. Made only by [`release()`], [`export`] and [`crate::OwnersCopy`], only after the log entry was committed; not
/// `Clone`, so it leaves once, and not serialisable, so it cannot be kept and used later.
pub struct Release {
    origin: Origin,
    number: u32,
    released_ms: i64,
    records: Vec<Record>,
    supporting: Vec<Supporting>,
    patient: PatientFields,
    held: Held,
}

/// Release records under a grant: checks the grant, the purpose, every record and every supporting resource, has the
/// ledger commit the entry, and only then hands the records out.
///
/// Rules on standing: what was entered in error never leaves. What is refuted, not done, not taken, called off or an
/// order not to do something leaves with its standing, which every summary shows.
pub fn release<L: Ledger>(
    ledger: L,
    grant: &Grant,
    outgoing: Outgoing,
    now_ms: i64,
) -> Result<Release, ReleaseError<L::Error>> {
    let Outgoing { purpose, recipient, records, supporting, patient, held } = outgoing;
    grant.allows(&purpose, recipient.as_deref(), now_ms).map_err(ReleaseError::Grant)?;
    if records.is_empty() {
        return Err(ReleaseError::Nothing);
    }
    for record in &records {
        grant.scope.admits(&record.candidate).map_err(ReleaseError::OutOfScope)?;
        check_type(record)?;
    }
    if !supporting.iter().all(|resource| may_come_along(&resource.bytes)) {
        return Err(ReleaseError::SupportingType);
    }
    let records = unique(records);
    let counted = grant.counted(now_ms);
    let number = counted.releases;
    let ids = records.iter().map(|record| record.candidate.record).collect();
    let event = Event::Released { grant: counted.clone(), number, records: ids };
    ledger.commit(&LedgerEntry { at_ms: now_ms, event }).map_err(ReleaseError::Ledger)?;
    Ok(Release {
        origin: Origin::Grant(Box::new(counted)),
        number,
        released_ms: now_ms,
        records,
        supporting,
        patient: patient.only(&grant.scope.patient_fields),
        held,
    })
}

/// The owner's own full copy: every record of one person as it is, those entered in error and sensitive ones too,
/// with all supporting resources. It is logged like any release.
pub fn export<L: Ledger>(
    ledger: L,
    person: PersonId,
    records: Vec<Record>,
    supporting: Vec<Supporting>,
    patient: PatientFields,
    now_ms: i64,
) -> Result<Release, ReleaseError<L::Error>> {
    if records.iter().any(|record| record.candidate.person != person) {
        return Err(ReleaseError::OutOfScope(LeftOut::OtherPerson));
    }
    let records = unique(records);
    let event = Event::Exported { person, records: u32::try_from(records.len()).unwrap_or(u32::MAX) };
    ledger.commit(&LedgerEntry { at_ms: now_ms, event }).map_err(ReleaseError::Ledger)?;
    let origin = Origin::Owner(person);
    Ok(Release {
        origin,
        number: 1,
        released_ms: now_ms,
        records,
        supporting,
        patient,
        held: Held::default(),
    })
}

/// A part of the owner's own copy, whose log entry was committed before.
pub(crate) fn owned(person: PersonId, records: Vec<Record>, released_ms: i64) -> Release {
    Release {
        origin: Origin::Owner(person),
        number: 1,
        released_ms,
        records: unique(records),
        supporting: Vec::new(),
        patient: PatientFields::default(),
        held: Held::default(),
    }
}

impl Release {
    /// On whose word.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The grant's id; `None` for the owner's own copy, which must not be sent to anyone.
    pub fn grant(&self) -> Option<GrantId> {
        match &self.origin {
            Origin::Grant(grant) => Some(grant.id),
            Origin::Owner(_) => None,
        }
    }

    /// The terms of the grant; `None` for the owner's own copy.
    pub fn terms(&self) -> Option<&Terms> {
        match &self.origin {
            Origin::Grant(grant) => Some(&grant.terms),
            Origin::Owner(_) => None,
        }
    }

    /// What the patient keeps; `None` for the owner's own copy.
    pub fn receipt(&self) -> Option<Receipt> {
        match &self.origin {
            Origin::Grant(grant) => Some(grant.receipt()),
            Origin::Owner(_) => None,
        }
    }

    /// Which release of its grant, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// When it was released, Unix milliseconds.
    pub fn released_ms(&self) -> i64 {
        self.released_ms
    }

    /// The records.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Who they name.
    pub fn supporting(&self) -> &[Supporting] {
        &self.supporting
    }

    /// The patient, with the granted fields.
    pub fn patient(&self) -> &PatientFields {
        &self.patient
    }

    /// The second ledger entry: how it ended.
    pub fn ended(&self, outcome: Outcome, now_ms: i64) -> LedgerEntry {
        LedgerEntry::ended(self.grant(), self.number, outcome, now_ms)
    }

    /// What [`kosha_fhir::summary::ips`] and [`kosha_fhir::summary::collection`] write. `bundle_id` is 16 fresh
    /// random bytes.
    pub fn summary_input<'a>(
        &'a self,
        bundle_id: [u8; 16],
        checkpoint: Option<Checkpoint<'a>>,
    ) -> SummaryInput<'a> {
        SummaryInput {
            patient: &self.patient,
            records: self.records.iter().map(summary_record).collect(),
            supporting: self.supporting.iter().map(summary_supporting).collect(),
            held: self.held,
            now_ms: self.released_ms,
            bundle_id,
            checkpoint,
        }
    }
}

fn summary_record(record: &Record) -> SummaryRecord<'_> {
    let candidate = &record.candidate;
    SummaryRecord {
        bytes: &record.bytes,
        kind: candidate.kind,
        standing: candidate.standing,
        title: &candidate.title,
        line: &candidate.line,
        date_text: &candidate.date_text,
        date_ms: candidate.date.map(|span| span.start_ms),
        codes: &candidate.codes,
        source: &candidate.source,
        received_ms: record.received_ms,
        bundle: &record.bundle,
        full_url: &record.full_url,
        sensitive: candidate.sensitivity.bits() != 0,
    }
}

fn summary_supporting(resource: &Supporting) -> kosha_fhir::summary::Supporting<'_> {
    kosha_fhir::summary::Supporting {
        bytes: &resource.bytes,
        bundle: &resource.bundle,
        full_url: &resource.full_url,
    }
}

#[derive(serde::Deserialize)]
struct Head<'a> {
    #[serde(rename = "resourceType", borrow)]
    resource_type: std::borrow::Cow<'a, str>,
}

/// The body that goes out must be of the type that was shown. A body too odd to tell (nested beyond what the parser
/// takes) passes: a summary does not put such a body in.
fn check_type<E>(record: &Record) -> Result<(), ReleaseError<E>> {
    match serde_json::from_slice::<Head<'_>>(&record.bytes) {
        Ok(head) if head.resource_type != record.candidate.resource_type => Err(ReleaseError::NotAsReviewed),
        _ => Ok(()),
    }
}

fn may_come_along(bytes: &[u8]) -> bool {
    serde_json::from_slice::<Head<'_>>(bytes).is_ok_and(|head| is_supporting(&head.resource_type))
}

fn unique(mut records: Vec<Record>) -> Vec<Record> {
    let mut seen: BTreeSet<RecordId> = BTreeSet::new();
    records.retain(|record| seen.insert(record.candidate.record));
    records
}

impl std::fmt::Debug for Record {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Record").field("record", &self.candidate.record).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Supporting {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Supporting(..)")
    }
}

impl std::fmt::Debug for Outgoing {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Outgoing").field("records", &self.records.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Release {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Release")
            .field("origin", &self.origin)
            .field("number", &self.number)
            .field("records", &self.records.len())
            .finish_non_exhaustive()
    }
}
