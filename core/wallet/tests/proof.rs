//! A proof file of version 1, made once: every later version has to hold it for true, and for nothing else.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

use kosha::Error;
use kosha::proof::{KeyStanding, ProofFault, VerifyWish, verify};

const FILE: &[u8] = include_bytes!("known/log-proof-1.json");
const FINGERPRINT: &str = "6a1b6a2a2b771e1282138d31eb7f7a8d5bdfcdd637ee89be5d4bc0b3273800a0";

#[test]
fn a_proof_file_of_version_1_verifies() {
    let wish = VerifyWish { proof: FILE.to_vec(), key: Some(FINGERPRINT.to_owned()), against: None };
    let verified = verify(&wish, kosha::Language::English).unwrap();
    assert_eq!((verified.size, verified.key), (5, KeyStanding::Compared));
    assert_eq!(verified.fingerprint, FINGERPRINT);
    let said: Vec<(u64, &str, &str)> = verified
        .entries
        .iter()
        .map(|entry| (entry.index, entry.event.as_str(), entry.time.as_str()))
        .collect();
    assert_eq!(said, [(1, "consent-granted", "2026-11-23T03:03:53Z"), (3, "import", "2026-11-23T03:03:54Z")]);
    assert!(verified.entries[0].detail.ends_with("purpose \"Check-up\""));

    let file: serde_json::Value = serde_json::from_slice(FILE).unwrap();
    let note = file["checkpoint"].as_str().unwrap().to_owned();
    let against = |note: &str| {
        verify(&VerifyWish { against: Some(note.to_owned()), ..wish.clone() }, kosha::Language::English)
    };
    assert_eq!(against(&note).unwrap().since, [5]);
    let spoilt = note.replace("\n5\n", "\n4\n");
    assert_eq!(against(&spoilt), Err(Error::Proof(ProofFault::BadCheckpoint)));
    let other = note.replace("kosha-log/6a", "kosha-log/6b");
    assert_eq!(against(&other), Err(Error::Proof(ProofFault::OtherKey)));
    assert_eq!(against("nothing"), Err(Error::Proof(ProofFault::BadCheckpoint)));
}
