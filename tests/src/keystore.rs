//! A keystore that keeps nothing secret: for tests and benchmarks of what stands on one, never for more.

use kosha_crypto::digest::sha256;
use kosha_crypto::{Availability, DeviceKeystore, Entropy as _, KeystoreError, Secret, SystemEntropy};
use std::path::{Path, PathBuf};

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

/// Keys in a folder, one file for each label, so that they outlive a process: nothing opens once the file is gone. As
/// secret as the folder.
#[derive(Debug, Clone)]
pub struct FileKeystore(PathBuf);

impl FileKeystore {
    /// In a folder that is made when it is missing.
    pub fn new(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("a folder");
        Self(folder.to_owned())
    }

    fn file(&self, label: &str) -> PathBuf {
        self.0.join(label)
    }

    fn mask(key: &[u8], aad: &[u8], secret: &[u8]) -> Vec<u8> {
        let pad = sha256(&[key, aad]);
        secret.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect()
    }
}

impl DeviceKeystore for FileKeystore {
    fn seal(&self, label: &str, aad: &[u8], secret: &[u8]) -> Result<Vec<u8>, KeystoreError> {
        if !self.file(label).exists() {
            let mut key = [0; 32];
            SystemEntropy.fill(&mut key).map_err(|_| KeystoreError::Failed)?;
            std::fs::write(self.file(label), key).map_err(|_| KeystoreError::Failed)?;
        }
        let key = std::fs::read(self.file(label)).map_err(|_| KeystoreError::Failed)?;
        Ok(Self::mask(&key, aad, secret))
    }

    fn open(&self, label: &str, aad: &[u8], sealed: &[u8], _: &str) -> Result<Secret, KeystoreError> {
        let key = std::fs::read(self.file(label)).map_err(|_| KeystoreError::KeyMissing)?;
        Ok(Secret::new(Self::mask(&key, aad, sealed)))
    }

    fn delete(&self, label: &str) -> Result<(), KeystoreError> {
        match std::fs::remove_file(self.file(label)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(KeystoreError::Failed),
            _ => Ok(()),
        }
    }

    fn availability(&self) -> Availability {
        Availability::Software
    }
}
