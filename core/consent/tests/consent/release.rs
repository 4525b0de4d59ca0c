//! What a release needs, and what it says when it is refused.

use std::cell::RefCell;

use kosha_consent::{
    Event, GrantError, GrantState, Held, LeftOut, Origin, Outcome, OwnersCopy, PatientField, ReleaseError,
    Scope, Supporting, Terms, export, release, review,
};
use kosha_crypto::Zeroizing;
use kosha_fhir::summary::{collection, ips};
use kosha_fhir::{Kind, Sensitivity, Standing};

use crate::sample::{
    CHILD, DAY, DiskFull, Log, ME, NOW, candidate, grant, grant_id, log, outgoing, record, record_id, terms,
};

#[test]
fn the_entry_is_durable_before_the_release_exists() {
    let entries = RefCell::default();
    let candidates = vec![candidate(1, Kind::Result), candidate(2, Kind::Result)];
    let grant = grant(&Scope::of(ME), &candidates);
    let made = release(log(&entries), &grant, outgoing(candidates), NOW).unwrap();
    let logged = entries.borrow();
    let Event::Released { grant: counted, number, records } = &logged[0].event else { panic!() };
    assert_eq!((counted.releases(), *number), (1, 1));
    assert_eq!(records, &[record_id(1), record_id(2)]);
    assert_eq!(logged[0].name(), "released");
    assert!(logged[0].detail().contains("2 records") && !logged[0].detail().contains("CANARY"));
    assert_eq!(made.grant(), Some(grant_id()));
    assert_eq!(made.receipt().unwrap().purpose, "Second opinion");
    assert_eq!(made.patient().present(), [PatientField::Name], "the address was not granted");
    let ended = made.ended(Outcome::Failed { reason: "no-network" }, NOW + 5);
    assert_eq!((ended.name(), ended.at_ms), ("not-delivered", NOW + 5));
    assert_eq!(made.ended(Outcome::Delivered, NOW).name(), "delivered");
}

#[test]
fn a_ledger_that_fails_yields_no_release() {
    let entries = RefCell::default();
    let candidates = vec![candidate(1, Kind::Result)];
    let grant = grant(&Scope::of(ME), &candidates);
    let ledger = Log { entries: &entries, fails: true };
    let refused = release(ledger, &grant, outgoing(candidates.clone()), NOW).unwrap_err();
    assert_eq!(refused, ReleaseError::Ledger(DiskFull));
    let ledger = Log { entries: &entries, fails: true };
    let all = candidates.into_iter().map(record).collect();
    assert!(export(ledger, ME, all, Vec::new(), kosha_consent::PatientFields::default(), NOW).is_err());
    assert!(entries.borrow().is_empty());
}

#[test]
fn what_a_grant_does_not_allow_is_refused_and_not_logged() {
    let entries = RefCell::default();
    let candidates = vec![candidate(1, Kind::Result)];
    let scope = Scope::of(ME);
    let fresh = grant(&scope, &candidates);
    let refused = |grant: &kosha_consent::Grant, change: &dyn Fn(&mut kosha_consent::Outgoing), now| {
        let mut out = outgoing(candidates.clone());
        change(&mut out);
        release(log(&entries), grant, out, now).unwrap_err()
    };
    let nothing = |_: &mut kosha_consent::Outgoing| ();
    assert_eq!(refused(&fresh, &nothing, NOW + DAY), ReleaseError::Grant(GrantError::Expired));
    let purpose = refused(&fresh, &|out| out.purpose = "Research".into(), NOW);
    assert_eq!(purpose, ReleaseError::Grant(GrantError::OtherPurpose));
    assert_eq!(refused(&fresh, &|out| out.records.clear(), NOW), ReleaseError::Nothing);

    let mut revoked = fresh.clone();
    assert!(revoked.revoke(NOW + 1));
    assert!(!revoked.revoke(NOW + 2), "the first time counts");
    assert_eq!(revoked.state(NOW + 3), GrantState::Revoked { at_ms: NOW + 1 });
    assert_eq!(revoked.receipt().revoked_ms, Some(NOW + 1));
    assert_eq!(refused(&revoked, &nothing, NOW), ReleaseError::Grant(GrantError::Revoked));

    let named = Terms { recipient: Some("Dr Nair".into()), ..terms() };
    let named = review(&scope, &candidates).grant(grant_id(), named, NOW).unwrap();
    assert_eq!(refused(&named, &nothing, NOW), ReleaseError::Grant(GrantError::OtherRecipient));
    assert!(entries.borrow().is_empty());
}

#[test]
fn frequency_is_counted_through_the_stored_grant() {
    let entries = RefCell::default();
    let candidates = vec![candidate(1, Kind::Result)];
    let terms = Terms { min_interval_ms: Some(1000), ..terms() };
    let mut grant = review(&Scope::of(ME), &candidates).grant(grant_id(), terms, NOW).unwrap();
    for (now, expected) in [
        (NOW, Ok(())),
        (NOW + 999, Err(GrantError::TooSoon { not_before_ms: NOW + 1000 })),
        (NOW + 1000, Ok(())),
        (NOW + 5000, Err(GrantError::UsedUp)),
    ] {
        let made = release(log(&entries), &grant, outgoing(candidates.clone()), now);
        match (made, expected) {
            (Ok(_), Ok(())) => grant = entries.borrow().last().unwrap().grant().unwrap().clone(),
            (Err(ReleaseError::Grant(told)), Err(wanted)) => assert_eq!(told, wanted),
            (made, expected) => panic!("{made:?} instead of {expected:?}"),
        }
    }
    assert_eq!(grant.releases(), 2);
}

#[test]
fn a_clock_set_back_revives_nothing() {
    let candidates = vec![candidate(1, Kind::Result)];
    let terms = Terms::once("x", NOW + 10);
    let grant = review(&Scope::of(ME), &candidates).grant(grant_id(), terms, NOW).unwrap();
    assert_eq!(grant.state(NOW - DAY), GrantState::Active);
    assert_eq!(grant.state(NOW + 10), GrantState::Expired);
}

#[test]
fn records_beyond_the_grant_are_refused() {
    let entries = RefCell::default();
    let grant = grant(&Scope::of(ME), &[candidate(1, Kind::Result)]);
    let refused = |change: &dyn Fn(&mut kosha_consent::Candidate)| {
        let mut one = candidate(1, Kind::Result);
        change(&mut one);
        release(log(&entries), &grant, outgoing(vec![one]), NOW).unwrap_err()
    };
    let scope = ReleaseError::OutOfScope;
    assert_eq!(refused(&|it| it.record = record_id(2)), scope(LeftOut::NotChosen));
    assert_eq!(refused(&|it| it.person = CHILD), scope(LeftOut::OtherPerson));
    assert_eq!(refused(&|it| it.standing = Standing::InError), scope(LeftOut::EnteredInError));
    assert_eq!(refused(&|it| it.sensitivity = Sensitivity::from_bits(2)), scope(LeftOut::Sensitive));

    let mut swapped = outgoing(vec![candidate(1, Kind::Result)]);
    swapped.records[0].bytes = Zeroizing::new(br#"{"resourceType":"Condition"}"#.to_vec());
    assert_eq!(release(log(&entries), &grant, swapped, NOW).unwrap_err(), ReleaseError::NotAsReviewed);
    assert!(entries.borrow().is_empty());
}

#[test]
fn only_people_and_organisations_come_along() {
    let entries = RefCell::default();
    let grant = grant(&Scope::of(ME), &[candidate(1, Kind::Result)]);
    let with = |body: &str| {
        let mut out = outgoing(vec![candidate(1, Kind::Result)]);
        let bytes = Zeroizing::new(body.as_bytes().to_vec());
        out.supporting = vec![Supporting { bytes, bundle: "one".into(), full_url: String::new() }];
        release(log(&entries), &grant, out, NOW)
    };
    for allowed in ["Patient", "Practitioner", "PractitionerRole", "Organization"] {
        assert!(with(&format!(r#"{{"resourceType":"{allowed}"}}"#)).is_ok());
    }
    for refused in [r#"{"resourceType":"Observation"}"#, r#"{"resourceType":"RelatedPerson"}"#, "{}", "junk"]
    {
        assert_eq!(with(refused).unwrap_err(), ReleaseError::SupportingType);
    }
}

#[test]
fn the_owners_copy_is_whole_and_of_one_person() {
    let entries = RefCell::default();
    let mut wrong = candidate(1, Kind::Result);
    wrong.standing = Standing::InError;
    let mut private = candidate(2, Kind::Problem);
    private.sensitivity = Sensitivity::from_bits(1);
    let patient = kosha_consent::PatientFields::default;
    let all = |list: &[kosha_consent::Candidate]| list.iter().cloned().map(record).collect::<Vec<_>>();
    let made = export(log(&entries), ME, all(&[wrong.clone(), private]), Vec::new(), patient(), NOW).unwrap();
    assert_eq!(made.records().len(), 2);
    assert_eq!((made.grant(), made.receipt(), made.terms()), (None, None, None));
    assert_eq!(made.origin(), &Origin::Owner(ME));
    assert_eq!(entries.borrow()[0].name(), "exported");
    wrong.person = CHILD;
    let refused = export(log(&entries), ME, all(&[wrong]), Vec::new(), patient(), NOW).unwrap_err();
    assert_eq!(refused, ReleaseError::OutOfScope(LeftOut::OtherPerson));
}

#[test]
fn nothing_said_of_a_release_has_patient_data() {
    let entries = RefCell::default();
    let candidates = vec![candidate(1, Kind::Result)];
    let scope = Scope::of(ME);
    let found = review(&scope, &candidates);
    let grant = grant(&scope, &candidates);
    let out = outgoing(candidates.clone());
    let said = format!("{found:?} {grant:?} {out:?} {:?} {:?} {scope:?}", candidates, found.files());
    let made = release(log(&entries), &grant, out, NOW).unwrap();
    let told = format!("{said} {made:?} {:?} {:?} {:?}", made.receipt(), entries.borrow(), made.records());
    for secret in ["CANARY", "Asha", "Second opinion", "Scan.pdf", "City Hospital", "Investigations"] {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
}

#[test]
fn a_release_is_written_as_document_and_as_collection() {
    let entries = RefCell::default();
    let candidates = vec![candidate(1, Kind::Result), candidate(2, Kind::Result)];
    let mut scope = Scope::of(ME);
    scope.without = [record_id(2)].into();
    let grant = grant(&scope, &candidates);
    let mut out = outgoing(vec![candidates[0].clone()]);
    out.held = Held::default();
    let made = release(log(&entries), &grant, out, NOW).unwrap();
    let input = made.summary_input([3; 16], None);
    for written in [ips(&input).unwrap(), collection(&input).unwrap()] {
        let written = String::from_utf8(written).unwrap();
        assert!(written.contains("CANARY-BODY-1-END") && written.contains("Asha Verma"));
        for outside in ["CANARY-BODY-2", "CANARY-TITLE-2", "CANARY-ADDRESS"] {
            assert!(!written.contains(outside));
        }
    }
}

#[test]
fn the_owners_copy_goes_part_by_part_after_one_entry() {
    let entries = RefCell::default();
    let ledger = Log { entries: &entries, fails: true };
    assert_eq!(OwnersCopy::begin(ledger, ME, 3, NOW).unwrap_err(), DiskFull);
    assert!(entries.borrow().is_empty());

    let copy = OwnersCopy::begin(log(&entries), ME, 3, NOW).unwrap();
    assert_eq!(entries.borrow()[0].name(), "exported");
    assert!(entries.borrow()[0].detail().contains("3 records"));
    let part =
        copy.part(vec![record(candidate(1, Kind::Result)), record(candidate(2, Kind::Result))]).unwrap();
    assert_eq!((part.records().len(), part.origin(), part.grant()), (2, &Origin::Owner(ME), None));
    let mut other = candidate(3, Kind::Result);
    other.person = CHILD;
    let mixed = vec![record(candidate(4, Kind::Result)), record(other)];
    assert_eq!(copy.part(mixed).unwrap_err(), LeftOut::OtherPerson);
    assert_eq!(entries.borrow().len(), 1, "one entry for all parts");
    assert_eq!(copy.ended(Outcome::Delivered, NOW).name(), "delivered");
}
