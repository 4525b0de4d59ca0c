//! What is worked out over all records, kept until something changes.

use std::sync::{Arc, Mutex, PoisonError};

use crate::Error;
use crate::same::Groups;
use crate::views::Anchored;

/// Something of the state of one sequence of the vault.
pub(crate) struct Kept<T>(Mutex<Option<(u64, Arc<T>)>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Kept<T> {
    /// What is kept of this sequence, else what `make` gives, which is kept from then on.
    pub(crate) fn of(&self, sequence: u64, make: impl FnOnce() -> Result<T, Error>) -> Result<Arc<T>, Error> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, known)) = kept.as_ref()
            && *of == sequence
        {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(make()?);
        *kept = Some((sequence, Arc::clone(&made)));
        Ok(made)
    }
}

/// All that a session keeps so.
#[derive(Default)]
pub(crate) struct Remembered {
    /// Which records tell one thing.
    pub(crate) same: Kept<Groups>,
    /// Which visit each record belongs to.
    pub(crate) visits: Kept<Anchored>,
}
