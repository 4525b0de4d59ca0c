//! Which records a consent is about.

use std::collections::BTreeSet;

use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::summary::PatientField;
use kosha_fhir::{Kind, Sensitivity, Standing};

use crate::Candidate;

/// What may be seen. Every condition must hold; `None` sets no condition. Sensitive kinds are the other way round:
/// they stay out unless ticked.
#[derive(Clone, PartialEq)]
pub struct Scope {
    /// Whose records. One scope, one person.
    pub person: PersonId,
    /// Only these kinds.
    pub kinds: Option<BTreeSet<Kind>>,
    /// Only these records.
    pub records: Option<BTreeSet<RecordId>>,
    /// Never these records, whatever else holds.
    pub without: BTreeSet<RecordId>,
    /// Only what lies wholly at or after this time, Unix milliseconds.
    pub from_ms: Option<i64>,
    /// Only what lies wholly at or before this time, Unix milliseconds.
    pub to_ms: Option<i64>,
    /// Sensitive kinds that the patient ticked.
    pub sensitive: Sensitivity,
    /// Which of the patient's own fields go along.
    pub patient_fields: BTreeSet<PatientField>,
}

/// Why a record stays out of a share. In the order in which it is checked: the first that applies is the one told,
/// so the count of sensitive records is the count of those that a tick would bring in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// It belongs to someone else.
    OtherPerson,
    /// Its source withdrew it as a mistake. Such records never leave, whatever the scope says: out of the wallet's
    /// context a reader could take them for facts.
    EnteredInError,
    /// It only describes a person or a place that other records name; it goes along where one of them does.
    Supporting,
    /// It is of a kind that was not chosen.
    OtherKind,
    /// It was not chosen, or was unticked.
    NotChosen,
    /// It has no date, and a period was chosen.
    Undated,
    /// It is not wholly inside the chosen period.
    OutsidePeriod,
    /// It is of a sensitive kind that was not ticked.
    Sensitive,
}

impl LeftOut {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            LeftOut::OtherPerson => "other-person",
            LeftOut::EnteredInError => "entered-in-error",
            LeftOut::Supporting => "supporting",
            LeftOut::OtherKind => "other-kind",
            LeftOut::NotChosen => "not-chosen",
            LeftOut::Undated => "undated",
            LeftOut::OutsidePeriod => "outside-period",
            LeftOut::Sensitive => "sensitive",
        }
    }
}

impl Scope {
    /// Everything of one person that is not sensitive, with name, birth date and gender.
    pub fn of(person: PersonId) -> Scope {
        Scope {
            person,
            kinds: None,
            records: None,
            without: BTreeSet::new(),
            from_ms: None,
            to_ms: None,
            sensitive: Sensitivity::NONE,
            patient_fields: PatientField::usual(),
        }
    }

    /// Whether a record is inside; `Err` says why not.
    ///
    /// The period is kept strictly: a record counts as inside only if all of its stated time is. A result of "2024"
    /// is outside "from March 2024", since it may be from January.
    pub fn admits(&self, candidate: &Candidate) -> Result<(), LeftOut> {
        if candidate.person != self.person {
            return Err(LeftOut::OtherPerson);
        }
        if candidate.standing == Standing::InError {
            return Err(LeftOut::EnteredInError);
        }
        if candidate.kind == Kind::Support {
            return Err(LeftOut::Supporting);
        }
        if self.kinds.as_ref().is_some_and(|kinds| !kinds.contains(&candidate.kind)) {
            return Err(LeftOut::OtherKind);
        }
        let chosen = self.records.as_ref().is_none_or(|records| records.contains(&candidate.record));
        if !chosen || self.without.contains(&candidate.record) {
            return Err(LeftOut::NotChosen);
        }
        self.admits_date(candidate)?;
        if candidate.sensitivity.bits() & !self.sensitive.bits() != 0 {
            return Err(LeftOut::Sensitive);
        }
        Ok(())
    }

    fn admits_date(&self, candidate: &Candidate) -> Result<(), LeftOut> {
        if self.from_ms.is_none() && self.to_ms.is_none() {
            return Ok(());
        }
        let Some(span) = candidate.date else { return Err(LeftOut::Undated) };
        let (first, last) = (span.start_ms.min(span.end_ms), span.start_ms.max(span.end_ms));
        let early = self.from_ms.is_some_and(|from| first < from);
        let late = self.to_ms.is_some_and(|to| last > to);
        if early || late { Err(LeftOut::OutsidePeriod) } else { Ok(()) }
    }
}

impl std::fmt::Debug for Scope {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Scope").field("person", &self.person).finish_non_exhaustive()
    }
}
