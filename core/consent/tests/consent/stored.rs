//! Stored bytes are frozen.

use kosha_consent::{Grant, PatientField, Receipt, Scope, StoredError, Terms};
use kosha_crypto::id::GrantId;
use kosha_fhir::{Kind, Sensitivity};

use crate::sample::{DAY, ME, NOW, record_id};

const GRANT: &[u8] = include_bytes!("../known/grant-1.json");
const RECEIPT: &[u8] = include_bytes!("../known/receipt-1.json");

fn known() -> Grant {
    let mut scope = Scope::of(ME);
    scope.kinds = Some([Kind::Allergy, Kind::Medicine].into());
    scope.records = Some([record_id(3), record_id(4)].into());
    scope.without = [record_id(5)].into();
    scope.from_ms = Some(NOW - 365 * DAY);
    scope.sensitive = Sensitivity::from_bits(2);
    scope.patient_fields = [PatientField::Name, PatientField::Telecom].into();
    let terms = Terms {
        purpose: "दूसरी राय \"x\"".into(),
        recipient: Some("Dr Nair".into()),
        expires_ms: NOW + DAY,
        view_limit: Some(5),
        passcode: true,
        max_releases: 2,
        min_interval_ms: Some(60_000),
    };
    let mut grant = Grant::new(GrantId::from_bytes([0xab; 16]), scope, terms, NOW).unwrap();
    grant.revoke(NOW + 1);
    grant
}

#[test]
fn the_bytes_of_version_1_stay() {
    let grant = known();
    assert_eq!(String::from_utf8(grant.to_bytes()).unwrap(), String::from_utf8_lossy(GRANT).trim_end());
    assert_eq!(Grant::from_bytes(GRANT).unwrap(), grant);
    let receipt = grant.receipt();
    assert_eq!(String::from_utf8(receipt.to_bytes()).unwrap(), String::from_utf8_lossy(RECEIPT).trim_end());
    assert_eq!(Receipt::from_bytes(RECEIPT).unwrap(), receipt);
}

#[test]
fn another_version_and_unknown_conditions_are_refused() {
    let text = String::from_utf8(known().to_bytes()).unwrap();
    let newer = text.replacen("\"v\":1", "\"v\":2", 1);
    assert_eq!(Grant::from_bytes(newer.as_bytes()), Err(StoredError::UnknownVersion));
    let more = text.replacen("\"v\":1", "\"v\":1,\"only_on_mondays\":true", 1);
    assert_eq!(Grant::from_bytes(more.as_bytes()), Err(StoredError::Damaged));
    let kind = text.replacen("\"kinds\":[1,3]", "\"kinds\":[1,999]", 1);
    assert_ne!(kind, text);
    assert_eq!(Grant::from_bytes(kind.as_bytes()), Err(StoredError::Damaged));
    assert_eq!(Receipt::from_bytes(b""), Err(StoredError::Damaged));
}

#[test]
fn a_receipt_names_no_record() {
    let text = String::from_utf8(known().receipt().to_bytes()).unwrap();
    assert!(!text.contains(&record_id(3).to_string()) && !text.contains(&ME.to_string()));
}
