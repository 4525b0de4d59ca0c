//! The anchor on real files: an older copy, another history, another vault, a restore.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use std::path::Path;

use common::{Place, add_person, add_record, copy, create, open};
use kosha_vault::{Durability, Error, ItemId, Standing, Vault};

fn log(vault: &mut Vault, detail: &str) {
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.log(1_700_000_000_000, "event", detail).unwrap();
    tx.commit().unwrap();
}

#[test]
fn where_a_vault_stands() {
    let place = Place::new();
    let mut vault = place.create();
    let person = add_person(&mut vault, b"Asha");
    log(&mut vault, "one");
    let first = vault.sealed_anchor().unwrap();
    assert_eq!(vault.standing(&first), Standing::Current);
    let older = place.path.with_extension("older");
    drop(vault);
    copy(&place.path, &older);

    let mut vault = place.open();
    assert_eq!(vault.standing(&first), Standing::Current);
    add_record(&mut vault, person, 1);
    log(&mut vault, "two");
    assert_eq!(vault.standing(&first), Standing::Current, "further on");
    let second = vault.sealed_anchor().unwrap();
    let here = vault.anchor().unwrap().sequence;
    drop(vault);

    let mut copy = open(&older).unwrap();
    assert!(copy.problems().is_empty(), "nothing inside the vault can tell");
    assert_eq!(copy.standing(&second), Standing::Older { known: here, here: here - 2 });
    add_record(&mut copy, person, 2);
    log(&mut copy, "another");
    assert_eq!(copy.standing(&second), Standing::Changed, "as many changes, and others");
    log(&mut copy, "and more");
    assert_eq!(copy.standing(&second), Standing::Changed, "more changes, and another log");
    assert_eq!(copy.standing(&first), Standing::Current);

    let vault = place.open();
    for at in 0..second.len() {
        let mut spoilt = second.clone();
        spoilt[at] ^= 1;
        let standing = vault.standing(&spoilt);
        assert!(matches!(standing, Standing::Unreadable | Standing::OtherVault), "byte {at}: {standing:?}");
    }
    assert_eq!(vault.standing(b""), Standing::Unreadable);
    let elsewhere = Place::new();
    assert_eq!(elsewhere.create().standing(&second), Standing::OtherVault);
}

#[test]
fn a_restore_is_no_older_copy() {
    let place = Place::new();
    let mut vault = place.create();
    let born = vault.instance().unwrap();
    assert_ne!(born, [0; 16]);
    log(&mut vault, "one");
    let backup = place.path.with_extension("backup");
    drop(vault);
    copy(&place.path, &backup);
    let mut vault = place.open();
    log(&mut vault, "two");
    log(&mut vault, "three");
    let lost = vault.sealed_anchor().unwrap();

    let mut restored = open(&backup).unwrap();
    assert!(matches!(restored.standing(&lost), Standing::Older { .. }));
    restored.new_instance().unwrap();
    assert_ne!(restored.instance().unwrap(), born);
    assert_eq!(restored.standing(&lost), Standing::Restored);
    let anchor = restored.sealed_anchor().unwrap();
    assert_eq!(vault.standing(&anchor), Standing::OtherInstance, "the vault from before the restore");
    let instance = restored.instance().unwrap();
    drop(restored);
    let restored = open(&backup).unwrap();
    assert_eq!(restored.instance().unwrap(), instance);
    assert_eq!(restored.standing(&anchor), Standing::Current);
    assert!(restored.check(&mut |_, _| {}).unwrap().problems.is_empty());
}

#[test]
fn a_vault_of_before_has_no_instance_and_can_get_one() {
    let place = Place::new();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/v1/vault"), &place.path);
    let mut vault = place.open();
    assert_eq!(vault.instance().unwrap(), [0; 16]);
    let anchor = vault.sealed_anchor().unwrap();
    assert_eq!(vault.standing(&anchor), Standing::Current);
    vault.new_instance().unwrap();
    assert_eq!(vault.standing(&anchor), Standing::Restored);
}

#[test]
fn callers_cannot_touch_the_items_of_the_vault() {
    let place = Place::new();
    let mut vault = create(&place.path).unwrap();
    assert!(vault.items(0xff00).unwrap().is_empty());
    let instance = vault.instance().unwrap();
    let mut tx = vault.begin(Durability::Full).unwrap();
    let item = ItemId::from_bytes([1; 16]);
    assert!(matches!(tx.put_item(0xff00, item, b"x"), Err(Error::Invalid(_))));
    assert!(matches!(tx.remove_item(0xffff, item), Err(Error::UnknownItem(_))));
    drop(tx);
    assert_eq!(vault.instance().unwrap(), instance);
}
