//! What the patient is shown before agreeing.

use kosha_consent::{LeftOut, PatientField, Scope, Span, Terms, TermsError, review};
use kosha_fhir::{Kind, Sensitivity, Standing};

use crate::sample::{CHILD, DAY, ME, NOW, candidate, grant_id, record_id};

#[test]
fn every_reason_is_told_and_counted() {
    let mut candidates = vec![candidate(1, Kind::Result)];
    let mut add = |number, kind, change: &dyn Fn(&mut kosha_consent::Candidate)| {
        let mut one = candidate(number, kind);
        change(&mut one);
        candidates.push(one);
    };
    add(2, Kind::Result, &|it| it.person = CHILD);
    add(3, Kind::Result, &|it| it.standing = Standing::InError);
    add(4, Kind::Support, &|_| ());
    add(5, Kind::Billing, &|_| ());
    add(6, Kind::Result, &|_| ());
    add(7, Kind::Result, &|it| it.date = None);
    add(8, Kind::Result, &|it| it.date = Some(Span { start_ms: NOW - 99 * DAY, end_ms: NOW - 99 * DAY }));
    add(9, Kind::Result, &|it| it.sensitivity = Sensitivity::from_bits(1));
    let mut scope = Scope::of(ME);
    scope.kinds = Some([Kind::Result].into());
    scope.from_ms = Some(NOW - 9 * DAY);
    scope.without = [record_id(6)].into();
    let found = review(&scope, &candidates);
    assert_eq!(found.included().iter().map(|it| it.record).collect::<Vec<_>>(), [record_id(1)]);
    let reasons: Vec<LeftOut> = found.left_out().keys().copied().collect();
    assert_eq!(
        reasons,
        [
            LeftOut::OtherPerson,
            LeftOut::EnteredInError,
            LeftOut::Supporting,
            LeftOut::OtherKind,
            LeftOut::NotChosen,
            LeftOut::Undated,
            LeftOut::OutsidePeriod,
            LeftOut::Sensitive
        ]
    );
    assert!(found.left_out().values().all(|count| *count == 1));

    scope.sensitive = Sensitivity::from_bits(1);
    assert_eq!(review(&scope, &candidates).included().len(), 2);
}

#[test]
fn a_date_known_to_the_year_is_not_inside_a_part_of_it() {
    let mut year = candidate(1, Kind::Result);
    year.date = Some(Span { start_ms: NOW - 100 * DAY, end_ms: NOW });
    let mut scope = Scope::of(ME);
    scope.from_ms = Some(NOW - 50 * DAY);
    assert_eq!(scope.admits(&year), Err(LeftOut::OutsidePeriod));
    scope.from_ms = Some(NOW - 100 * DAY);
    scope.to_ms = Some(NOW);
    assert_eq!(scope.admits(&year), Ok(()));
    scope.to_ms = Some(NOW - 1);
    assert_eq!(scope.admits(&year), Err(LeftOut::OutsidePeriod));
}

#[test]
fn what_negates_may_be_shared_with_its_standing() {
    let mut refuted = candidate(1, Kind::Problem);
    refuted.standing = Standing::Refuted;
    assert_eq!(Scope::of(ME).admits(&refuted), Ok(()));
}

#[test]
fn files_sections_and_contained_are_named() {
    let found = review(&Scope::of(ME), &[candidate(1, Kind::Document)]);
    assert_eq!(found.files()[0].name, "Scan.pdf");
    assert_eq!(found.sections()[0].name, "Investigations");
    assert_eq!(found.contained()[0].title, "CANARY-TITLE-1");
    assert!(found.patient_fields().contains(&PatientField::Name));
    assert!(!found.patient_fields().contains(&PatientField::Address));
    assert_eq!(found.kinds()[&Kind::Document], 1);
}

#[test]
fn narrowing_holds_in_the_grant() {
    let candidates = [candidate(1, Kind::Result), candidate(2, Kind::Result), candidate(3, Kind::Visit)];
    let mut found = review(&Scope::of(ME), &candidates);
    assert!(found.untick(record_id(1)));
    assert!(!found.untick(record_id(1)));
    assert_eq!(found.untick_kind(Kind::Visit), 1);
    assert!(found.untick_field(PatientField::BirthDate));
    assert_eq!(found.left_out()[&LeftOut::NotChosen], 2);
    let grant = found.grant(grant_id(), Terms::once("x", NOW + 1), NOW).unwrap();
    assert_eq!(grant.scope().records, Some([record_id(2)].into()));
    assert_eq!(grant.scope().admits(&candidates[0]), Err(LeftOut::NotChosen));
    assert_eq!(grant.scope().admits(&candidate(4, Kind::Result)), Err(LeftOut::NotChosen), "came in later");
    assert!(!grant.scope().patient_fields.contains(&PatientField::BirthDate));
}

#[test]
fn terms_that_make_no_sense_are_refused() {
    let grant = |terms| review(&Scope::of(ME), &[]).grant(grant_id(), terms, NOW).unwrap_err();
    assert_eq!(grant(Terms::once(" ", NOW + 1)), TermsError::NoPurpose);
    assert_eq!(grant(Terms::once("x", NOW)), TermsError::AlreadyExpired);
    assert_eq!(grant(Terms::once(&"x".repeat(201), NOW + 1)), TermsError::TextTooLong);
    assert_eq!(grant(Terms { view_limit: Some(0), ..Terms::once("x", NOW + 1) }), TermsError::ZeroLimit);
    assert_eq!(grant(Terms { max_releases: 0, ..Terms::once("x", NOW + 1) }), TermsError::ZeroLimit);
}
