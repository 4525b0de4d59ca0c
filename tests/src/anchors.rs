//! A store of anchors in memory.

use kosha::{AnchorStore, AnchorStoreError};
use std::collections::HashMap;
use std::sync::Mutex;

/// Keeps what it is given until it is dropped.
#[derive(Debug, Default)]
pub struct MemoryAnchors(Mutex<HashMap<String, Vec<u8>>>);

impl MemoryAnchors {
    /// A second store with what this one holds now.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self(Mutex::new(self.0.lock().expect("no thread stops with the lock").clone()))
    }
}

impl AnchorStore for MemoryAnchors {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, AnchorStoreError> {
        Ok(self.0.lock().map_err(|_| AnchorStoreError::Unavailable)?.get(name).cloned())
    }

    fn write(&self, name: &str, anchor: &[u8]) -> Result<(), AnchorStoreError> {
        let mut kept = self.0.lock().map_err(|_| AnchorStoreError::Unavailable)?;
        kept.insert(name.to_owned(), anchor.to_vec());
        Ok(())
    }
}
