//! Proofs of the log: what verifies, and what does not once the log is another.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use common::Place;
use kosha_crypto::LogKey;
use kosha_crypto::merkle::{leaf_hash, verify_consistency, verify_inclusion};
use kosha_vault::{Durability, Error, LogEntry, LogProof, Vault};

fn grow(vault: &mut Vault, from: u64, to: u64) {
    let mut tx = vault.begin(Durability::Full).unwrap();
    for n in from..to {
        tx.log(1_700_000_000_000, "event", &format!("number {n}")).unwrap();
    }
    tx.commit().unwrap();
}

/// What someone without the vault does.
fn holds(proof: &LogProof) -> bool {
    let key = LogKey::from_verifier_text(&proof.verifier).unwrap();
    let signed = key.open_checkpoint(&proof.checkpoint.note).unwrap();
    let entries = proof.entries.iter().all(|entry| {
        let leaf = leaf_hash(&entry.salt, &entry.canonical);
        verify_inclusion(&leaf, entry.index, signed.size, &entry.path, &signed.root)
    });
    let since = proof.since.as_ref().is_none_or(|since| {
        verify_consistency(since.size, &since.root, signed.size, &signed.root, &since.path)
    });
    entries && since
}

#[test]
fn every_entry_is_proved_at_every_size() {
    let place = Place::new();
    let mut vault = place.create();
    let mut roots = vec![vault.checkpoint(0).unwrap().root];
    for size in 1..=20 {
        grow(&mut vault, size - 1, size);
        let all: Vec<u64> = (0..size).collect();
        for since in 0..=size {
            let proof = vault.prove(&all, Some(since)).unwrap();
            assert!(holds(&proof), "{since} of {size}");
            assert_eq!(proof.entries.len() as u64, size);
            if let Some(root) = roots.get(usize::try_from(since).unwrap()) {
                assert_eq!(proof.since.as_ref().unwrap().root, *root, "as it was signed then");
            }
            let last = proof.entries.last().unwrap();
            let entry = LogEntry::from_canonical(last.index, &last.canonical).unwrap();
            assert_eq!(entry.detail, format!("number {}", size - 1));
        }
        roots.push(vault.checkpoint(0).unwrap().root);
    }
    let proof = vault.prove(&[3, 1, 3], None).unwrap();
    assert_eq!(proof.entries.iter().map(|entry| entry.index).collect::<Vec<_>>(), [1, 3]);
    assert!(matches!(vault.prove(&[20], None), Err(Error::UnknownEntry(20))));
    assert!(matches!(vault.prove(&[], Some(21)), Err(Error::UnknownEntry(21))));
}

#[test]
fn a_proof_shows_nothing_of_the_neighbours() {
    let place = Place::new();
    let mut vault = place.create();
    grow(&mut vault, 0, 9);
    let proof = vault.prove(&[4], None).unwrap();
    let bytes = format!("{:?}{:?}", proof.entries[0].canonical, proof.entries[0].path);
    assert!(holds(&proof));
    assert!(!bytes.contains(&format!("{:?}", b"number 3")), "only its own text");
    assert_eq!(format!("{:?}", proof.entries[0]), "ProvenEntry { index: 4, .. }");
}

#[test]
fn leaves_that_are_not_those_of_the_tree_give_no_proof() {
    let place = Place::new();
    let mut vault = place.create();
    grow(&mut vault, 0, 5);
    drop(vault);
    place.sql("UPDATE l SET h=(SELECT h FROM l WHERE n=1) WHERE n=2");
    let vault = place.open();
    assert!(!vault.problems().is_empty());
    assert!(matches!(vault.prove(&[0], None), Err(Error::Damaged(_))));
    drop(vault);
    place.sql("DELETE FROM l WHERE n=3");
    assert!(matches!(place.open().prove(&[0], None), Err(Error::Damaged(_))));
}
