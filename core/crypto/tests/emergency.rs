//! What is no emergency card, was changed, or is of another keystore, is refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use common::{Counted, MemoryKeystore, VAULT, flips};
use kosha_crypto::emergency::{self, EmergencyFile};
use kosha_crypto::{DeviceKeystore as _, KeystoreError, SlotError};

#[test]
fn every_changed_or_cut_card_is_refused_and_another_keystore_does_not_open_it() {
    let keystore = MemoryKeystore::default();
    let bytes = emergency::seal(&keystore, "card", VAULT, b"O negative", &Counted::new(41)).unwrap();
    let open = |bytes: &[u8]| EmergencyFile::read(bytes)?.open(&keystore, "Emergency");
    assert_eq!(*open(&bytes).unwrap(), b"O negative");
    for changed in flips(&bytes) {
        assert!(open(&changed).is_err());
    }
    for len in 0..bytes.len() {
        assert!(open(&bytes[..len]).is_err(), "cut to {len}");
    }
    assert!(open(&[&bytes[..], b"x"].concat()).is_err());
    assert!(!bytes.windows(8).any(|window| window == b"negative"));

    let other = MemoryKeystore::default();
    let missing = EmergencyFile::read(&bytes).unwrap().open(&other, "Emergency").unwrap_err();
    assert_eq!(missing, SlotError::Keystore(KeystoreError::KeyMissing));
    keystore.delete("card").unwrap();
    assert_eq!(open(&bytes).unwrap_err(), SlotError::Keystore(KeystoreError::KeyMissing));
    let long = vec![0; emergency::MAX_CONTENT + 1];
    assert!(emergency::seal(&keystore, "card", VAULT, &long, &Counted::new(42)).is_err());
    assert!(emergency::seal(&keystore, "", VAULT, b"", &Counted::new(43)).is_err());
}
