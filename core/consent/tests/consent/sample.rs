//! Invented records and a ledger that can be told to fail.

use std::cell::RefCell;

use kosha_consent::{
    Attachment, Candidate, Grant, Held, Ledger, LedgerEntry, Outgoing, PatientFields, Record, Scope, Span,
    Terms, review,
};
use kosha_crypto::Zeroizing;
use kosha_crypto::id::{GrantId, PersonId, RecordId};
use kosha_fhir::{Kind, Sensitivity, Standing};

pub(crate) const ME: PersonId = PersonId::from_bytes([1; 16]);
pub(crate) const CHILD: PersonId = PersonId::from_bytes([2; 16]);
pub(crate) const NOW: i64 = 1_795_384_667_000;
pub(crate) const DAY: i64 = 86_400_000;

pub(crate) fn record_id(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

pub(crate) fn grant_id() -> GrantId {
    GrantId::from_bytes([9; 16])
}

pub(crate) fn candidate(number: u8, kind: Kind) -> Candidate {
    Candidate {
        record: record_id(number),
        person: ME,
        kind,
        resource_type: "Observation".into(),
        standing: Standing::Fact,
        sensitivity: Sensitivity::NONE,
        title: format!("CANARY-TITLE-{number}"),
        line: String::new(),
        date: Some(Span { start_ms: NOW - DAY, end_ms: NOW - DAY }),
        date_text: "21 Nov 2026".into(),
        source: "City Hospital".into(),
        codes: Vec::new(),
        attachments: vec![Attachment {
            title: "Scan.pdf".into(),
            content_type: "application/pdf".into(),
            length: 9,
        }],
        sections: vec!["Investigations".into()],
        contained: vec!["Medication: Metformin".into()],
    }
}

pub(crate) fn record(candidate: Candidate) -> Record {
    let number = candidate.record.as_bytes()[0];
    let resource_type = &candidate.resource_type;
    let body =
        format!(r#"{{"resourceType":"{resource_type}","code":{{"text":"CANARY-BODY-{number}-END"}}}}"#);
    Record {
        candidate,
        bytes: Zeroizing::new(body.into_bytes()),
        bundle: "one".into(),
        full_url: format!("urn:uuid:{number}"),
        received_ms: NOW - DAY,
    }
}

pub(crate) fn terms() -> Terms {
    Terms { max_releases: 2, ..Terms::once("Second opinion", NOW + DAY) }
}

pub(crate) fn grant(scope: &Scope, candidates: &[Candidate]) -> Grant {
    review(scope, candidates).grant(grant_id(), terms(), NOW).unwrap()
}

pub(crate) fn outgoing(candidates: Vec<Candidate>) -> Outgoing {
    Outgoing {
        purpose: "Second opinion".into(),
        recipient: None,
        records: candidates.into_iter().map(record).collect(),
        supporting: Vec::new(),
        patient: PatientFields {
            name: Some("Asha Verma".into()),
            addresses: vec!["CANARY-ADDRESS".into()],
            ..PatientFields::default()
        },
        held: Held::default(),
    }
}

/// Writes entries down, or fails.
pub(crate) struct Log<'a> {
    pub(crate) entries: &'a RefCell<Vec<LedgerEntry>>,
    pub(crate) fails: bool,
}

#[derive(Debug, PartialEq)]
pub(crate) struct DiskFull;

impl Ledger for Log<'_> {
    type Error = DiskFull;

    fn commit(self, entry: &LedgerEntry) -> Result<(), DiskFull> {
        if self.fails {
            return Err(DiskFull);
        }
        self.entries.borrow_mut().push(entry.clone());
        Ok(())
    }
}

pub(crate) fn log(entries: &RefCell<Vec<LedgerEntry>>) -> Log<'_> {
    Log { entries, fails: false }
}
