//! What a scope means, record by record, before anything is granted.

use std::collections::{BTreeMap, BTreeSet};

use kosha_crypto::id::{GrantId, RecordId};
use kosha_fhir::Kind;
use kosha_fhir::summary::PatientField;

use crate::{Candidate, Grant, LeftOut, Scope, Terms, TermsError};

/// Something inside an included record that is named on its own: a file, a section, a contained resource.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The record it is in.
    pub record: RecordId,
    /// The record's title.
    pub title: String,
    /// What is inside.
    pub name: String,
}

/// What will be seen, and what stays out. Made by [`review`]; narrowed by the patient; turned into a [`Grant`].
#[derive(Clone, PartialEq)]
pub struct Review {
    scope: Scope,
    included: Vec<Candidate>,
    left_out: BTreeMap<LeftOut, u32>,
}

/// Hold candidates against a scope. The order of the candidates is kept; one given twice counts once.
pub fn review(scope: &Scope, candidates: &[Candidate]) -> Review {
    let mut included = Vec::new();
    let mut left_out = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for candidate in candidates {
        if !seen.insert(candidate.record) {
            continue;
        }
        match scope.admits(candidate) {
            Ok(()) => included.push(candidate.clone()),
            Err(reason) => *left_out.entry(reason).or_insert(0) += 1,
        }
    }
    Review { scope: scope.clone(), included, left_out }
}

impl Review {
    /// What will be seen: title, kind, date and source of each record.
    pub fn included(&self) -> &[Candidate] {
        &self.included
    }

    /// How many stay out, by reason.
    pub fn left_out(&self) -> &BTreeMap<LeftOut, u32> {
        &self.left_out
    }

    /// The patient's own fields that may go along.
    pub fn patient_fields(&self) -> &BTreeSet<PatientField> {
        &self.scope.patient_fields
    }

    /// The scope that was asked for, with what was unticked since.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// How many will be seen of each kind.
    pub fn kinds(&self) -> BTreeMap<Kind, u32> {
        let mut counts = BTreeMap::new();
        for candidate in &self.included {
            *counts.entry(candidate.kind).or_insert(0) += 1;
        }
        counts
    }

    /// PDFs, pictures and other files inside what will be seen.
    pub fn files(&self) -> Vec<Named> {
        self.named(|candidate| candidate.attachments.iter().map(|file| file.title.clone()).collect())
    }

    /// Sections of the documents among what will be seen.
    pub fn sections(&self) -> Vec<Named> {
        self.named(|candidate| candidate.sections.clone())
    }

    /// Resources contained in what will be seen.
    pub fn contained(&self) -> Vec<Named> {
        self.named(|candidate| candidate.contained.clone())
    }

    fn named(&self, names: impl Fn(&Candidate) -> Vec<String>) -> Vec<Named> {
        let of = |candidate: &Candidate| {
            let (record, title) = (candidate.record, candidate.title.clone());
            names(candidate).into_iter().map(move |name| Named { record, title: title.clone(), name })
        };
        self.included.iter().flat_map(of).collect()
    }

    /// Take a record out. False if it was not in.
    pub fn untick(&mut self, record: RecordId) -> bool {
        self.untick_where(|candidate| candidate.record == record) > 0
    }

    /// Take every record of a kind out; tells how many.
    pub fn untick_kind(&mut self, kind: Kind) -> u32 {
        self.untick_where(|candidate| candidate.kind == kind)
    }

    /// Leave one of the patient's own fields out. False if it was not in.
    pub fn untick_field(&mut self, field: PatientField) -> bool {
        self.scope.patient_fields.remove(&field)
    }

    fn untick_where(&mut self, gone: impl Fn(&Candidate) -> bool) -> u32 {
        let before = self.scope.without.len();
        let without = &mut self.scope.without;
        self.included.retain(|candidate| {
            let keep = !gone(candidate);
            if !keep {
                without.insert(candidate.record);
            }
            keep
        });
        let count = u32::try_from(self.scope.without.len() - before).unwrap_or(u32::MAX);
        if count > 0 {
            *self.left_out.entry(LeftOut::NotChosen).or_insert(0) += count;
        }
        count
    }

    /// Agree to exactly this: the grant names the records that the review showed, so a record that comes in later is
    /// not part of it, even of the same kind and period.
    pub fn grant(self, id: GrantId, terms: Terms, now_ms: i64) -> Result<Grant, TermsError> {
        let mut scope = self.scope;
        scope.records = Some(self.included.iter().map(|candidate| candidate.record).collect());
        scope.without.clear();
        Grant::new(id, scope, terms, now_ms)
    }
}

impl std::fmt::Debug for Named {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Named").field("record", &self.record).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Review {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Review")
            .field("included", &self.included.len())
            .field("left_out", &self.left_out)
            .finish_non_exhaustive()
    }
}
