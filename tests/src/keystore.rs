//! A keystore that keeps nothing secret: for tests and benchmarks of what stands on one, never for more.

use kosha_crypto::{Availability, DeviceKeystore, KeystoreError, Secret};

/// Hands back what it was given, whatever the label.
#[derive(Debug, Clone, Copy, Default)]
pub struct OpenKeystore;

impl DeviceKeystore for OpenKeystore {
    fn seal(&self, _: &str, _: &[u8], secret: &[u8]) -> Result<Vec<u8>, KeystoreError> {
        Ok(secret.to_vec())
    }

    fn open(&self, _: &str, _: &[u8], sealed: &[u8], _: &str) -> Result<Secret, KeystoreError> {
        Ok(Secret::new(sealed.to_vec()))
    }

    fn delete(&self, _: &str) -> Result<(), KeystoreError> {
        Ok(())
    }

    fn availability(&self) -> Availability {
        Availability::Software
    }
}
