//! Where anchors are kept: in files, and behind a keystore that destroys its keys.
#![allow(clippy::unwrap_used, reason = "a test may stop")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use kosha::anchor::{FileAnchors, KeystoreAnchors};
use kosha::{AnchorStore, AnchorStoreError, Availability, DeviceKeystore, KeystoreError, Secret};

#[test]
fn files_keep_what_was_written_last() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("below/anchors");
    let store = FileAnchors::new(&place);
    assert_eq!(store.read("one"), Ok(None));
    store.write("one", b"first").unwrap();
    store.write("one", b"second").unwrap();
    store.write("two", b"other").unwrap();
    assert_eq!(store.read("one"), Ok(Some(b"second".to_vec())));
    assert_eq!(std::fs::read_dir(&place).unwrap().count(), 2, "nothing is left beside them");
    for name in ["", "../one", "a/b", "one.tmp", &"x".repeat(65)] {
        assert_eq!(store.read(name), Err(AnchorStoreError::Unavailable), "{name}");
        assert_eq!(store.write(name, b"x"), Err(AnchorStoreError::Unavailable), "{name}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&place).unwrap().permissions().mode() & 0o777, 0o700);
    }
    std::fs::remove_dir_all(&place).unwrap();
    std::fs::write(&place, b"a file where the folder should be").unwrap();
    assert_eq!(store.write("one", b"x"), Err(AnchorStoreError::Unavailable));
}

/// Each key has a number; what it sealed opens as long as the key of that label is still the same one.
#[derive(Default)]
struct Keys {
    made: Mutex<(u64, HashMap<String, u64>)>,
    closed: std::sync::atomic::AtomicBool,
}

impl DeviceKeystore for Keys {
    fn seal(&self, label: &str, aad: &[u8], secret: &[u8]) -> Result<Vec<u8>, KeystoreError> {
        let mut made = self.made.lock().unwrap();
        made.0 += 1;
        let next = made.0;
        let key = *made.1.entry(label.to_owned()).or_insert(next);
        Ok([&key.to_be_bytes(), &(aad.len() as u64).to_be_bytes(), aad, secret].concat())
    }

    fn open(&self, label: &str, aad: &[u8], sealed: &[u8], reason: &str) -> Result<Secret, KeystoreError> {
        assert!(!reason.is_empty());
        if self.closed.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(KeystoreError::Unavailable);
        }
        let key = *self.made.lock().unwrap().1.get(label).ok_or(KeystoreError::KeyMissing)?;
        let front = [&key.to_be_bytes(), &(aad.len() as u64).to_be_bytes(), aad].concat();
        let secret = sealed.strip_prefix(front.as_slice()).ok_or(KeystoreError::Refused)?;
        Ok(Secret::new(secret.to_vec()))
    }

    fn delete(&self, label: &str) -> Result<(), KeystoreError> {
        self.made.lock().unwrap().1.remove(label);
        Ok(())
    }

    fn availability(&self) -> Availability {
        Availability::Hardware
    }
}

#[test]
fn an_older_anchor_put_back_opens_with_no_key() {
    let folder = tempfile::tempdir().unwrap();
    let files = Arc::new(FileAnchors::new(folder.path()));
    let keys = Arc::new(Keys::default());
    let store = KeystoreAnchors::new(keys.clone(), files.clone());
    assert_eq!(store.read("vault"), Ok(None));
    let mut older: Vec<Vec<u8>> = Vec::new();
    for n in 0..6_u8 {
        store.write("vault", &[n; 181]).unwrap();
        assert_eq!(store.read("vault"), Ok(Some(vec![n; 181])));
        assert_eq!(keys.made.lock().unwrap().1.len(), 1, "one key lives");
        let newest = files.read("vault").unwrap().unwrap();
        for bytes in &older {
            files.write("vault", bytes).unwrap();
            assert_eq!(store.read("vault"), Err(AnchorStoreError::Replaced), "before {n}");
        }
        files.write("vault", &newest).unwrap();
        older.push(newest);
    }
    // Not that of another vault either, nor anything else.
    store.write("other", b"other").unwrap();
    files.write("vault", &files.read("other").unwrap().unwrap()).unwrap();
    assert_eq!(store.read("vault"), Err(AnchorStoreError::Replaced));
    files.write("vault", b"").unwrap();
    assert_eq!(store.read("vault"), Err(AnchorStoreError::Replaced));
    // Written over, it is a key of its own once more, and what was older stays shut.
    store.write("vault", b"new").unwrap();
    assert_eq!(store.read("vault"), Ok(Some(b"new".to_vec())));
    for bytes in &older {
        files.write("vault", bytes).unwrap();
        assert_eq!(store.read("vault"), Err(AnchorStoreError::Replaced));
    }
    keys.closed.store(true, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(store.read("other"), Err(AnchorStoreError::Unavailable));
}
