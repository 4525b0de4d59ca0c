//! No file of a vault holds anything readable: not during a transaction, not after it, not after locking.
#![allow(
    clippy::format_collect,
    clippy::needless_for_each,
    clippy::redundant_closure_for_method_calls,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, and reads better short"
)]

mod common;

use base64::Engine as _;
use common::{Place, add_person, create_quick, header, snapshot};
use kosha_vault::{Carrier, Durability, Hole, ItemId, NewBody, NewDocument};

const CANARY: &str = "QzCanaryVishnupriya77";

/// The canary as files might hold it.
fn forms(word: &str) -> Vec<Vec<u8>> {
    let hex: String = word.bytes().map(|b| format!("{b:02x}")).collect();
    let mut forms = vec![
        word.as_bytes().to_vec(),
        word.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        word.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
    ];
    // Base64 at each of the three offsets, without the characters that depend on neighbours.
    for offset in 0..3 {
        let padded = [&b"xx"[..offset], word.as_bytes()].concat();
        let encoded = base64::engine::general_purpose::STANDARD_NO_PAD.encode(padded);
        forms.push(encoded.as_bytes()[4..encoded.len() - 2].to_vec());
    }
    forms
}

fn scan(place: &Place, when: &str) {
    let words = [CANARY, "Observation", "Haemoglobin", "haemoglobin", "report.json", "loinc.org"];
    for (path, bytes) in snapshot(&place.path) {
        // All forms are ASCII and zeros, which this leaves as they are; text is searched much faster than windows.
        let text = String::from_utf8_lossy(&bytes);
        for word in words {
            for form in forms(word) {
                let form = String::from_utf8(form).unwrap();
                assert!(!text.contains(&form), "{word} in {} {when}", path.display());
            }
        }
    }
}

#[test]
fn nothing_readable_in_any_file() {
    assert!(forms("abcdefghi").contains(&b"ZGVmZ2".to_vec()), "the scan knows base64");
    let place = Place::new();
    let mut vault = create_quick(&place.path);
    let person = add_person(&mut vault, CANARY.as_bytes());
    let content = CANARY.repeat(1_000).into_bytes();
    let mut fill = |commit: bool, count: u32| {
        let mut tx = vault.begin(Durability::Normal).unwrap();
        for number in 0..count {
            let text = format!("{CANARY} {number}");
            let mut with = header(person, number);
            with.title = text.clone();
            let attachment = tx.add_attachment_bytes(&content[usize::try_from(number).unwrap()..]).unwrap();
            let holes = [Hole { at: 0, attachment: attachment.id }];
            let noise: String =
                (0..2000_u32).map(|n| format!("{text}{:x}", n.wrapping_mul(number + 7))).collect();
            tx.add_record(with, &NewBody { resource_skeleton: noise.as_bytes(), holes: &holes, text: &text })
                .unwrap();
        }
        let carrier = Carrier::Skeleton { bytes: CANARY.as_bytes(), holes: &[] };
        let hash = kosha_crypto::digest::sha256(&[CANARY.as_bytes(), &count.to_le_bytes()]);
        tx.add_document(&NewDocument { name: "report.json", received_ms: 0, hash, len: 1, carrier }).unwrap();
        tx.put_item(1, ItemId::from_bytes([1; 16]), CANARY.as_bytes()).unwrap();
        tx.log(1, CANARY, CANARY).unwrap();
        scan(&place, "during a transaction");
        if commit { tx.commit().unwrap() } else { drop(tx) }
    };
    fill(false, 60);
    fill(true, 60);
    scan(&place, "after a commit");
    vault.search(CANARY, &kosha_vault::Filter::default(), 10).unwrap();
    assert_eq!(vault.search("QzCanary", &kosha_vault::Filter::default(), 100).unwrap().len(), 60);
    vault.check(&mut |_, _| {}).unwrap();
    scan(&place, "after a search and a check");
    drop(vault);
    scan(&place, "after locking");
}
