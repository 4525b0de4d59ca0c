//! One thing that several sources tell: shown once, every source named, nothing merged and nothing hidden.
//!
//! Records are compared when they are listed; none is changed for it. Whoever knows better tells two apart, and takes that
//! back again ([`Session::tell_apart`], [`Session::tell_together`]).

mod apart;
mod grouping;
mod study;
mod telling;

use std::collections::HashSet;
use std::sync::Arc;

use kosha_crypto::id::RecordId;
use serde::Serialize;

use crate::hidden::hidden_debug;
use crate::spoken::source_of;
use crate::words::of_code;
use crate::{Error, Session};

pub use apart::Apart;
pub(crate) use grouping::Groups;
pub use study::Study;

/// Another record that tells the same.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Also {
    /// The record.
    pub id: String,
    /// Its source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Why it is taken for the same: `same-code`, `same-name`, `same-time`, `same-day`, `same-value`, `no-date`.
    pub because: Vec<&'static str>,
    /// The same in words of the session's language.
    #[serde(rename = "becauseText")]
    pub because_text: Vec<&'static str>,
}

impl Session {
    /// Which records tell one thing. Worked out once after each change.
    pub(crate) fn same(&self) -> Result<Arc<Groups>, Error> {
        self.remembered().same.of(self.vault().sequence(), || {
            Ok(Groups::of(self.vault().index(), &self.circle()?, &apart::pairs(self)?))
        })
    }

    /// Pairs of records that somebody told apart, the lower id first.
    pub(crate) fn told_apart(&self) -> Result<HashSet<(RecordId, RecordId)>, Error> {
        apart::pairs(self)
    }

    /// The others that tell the same as a record. Parts of one study are none of them: [`Session::study`].
    pub(crate) fn also(&self, groups: &Groups, record: RecordId) -> Vec<Also> {
        groups
            .others(record)
            .filter(|(_, because)| !because.is_part())
            .filter_map(|(other, because)| {
                let entry = self.vault().index().get(other)?;
                let because = because.words();
                let because_text = because.iter().map(|code| of_code(self.language(), "because", code));
                Some(Also {
                    id: other.to_string(),
                    source: source_of(entry, self.language()),
                    because_text: because_text.collect(),
                    because,
                })
            })
            .collect()
    }
}

hidden_debug!(Also);
