//! Whatever the scope and the records: nothing outside gets out.

use std::cell::RefCell;
use std::collections::BTreeSet;

use kosha_consent::{Candidate, Grant, Scope, Span, Terms, release, review};
use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::summary::{collection, ips};
use kosha_fhir::{Kind, Sensitivity, Standing};
use proptest::prelude::*;

use crate::sample::{CHILD, DAY, ME, NOW, candidate, grant_id, log, outgoing, record_id};

fn standing() -> impl Strategy<Value = Standing> {
    (1u8..=9).prop_map(|number| Standing::from_u8(number).unwrap())
}

fn person() -> impl Strategy<Value = PersonId> {
    prop_oneof![5 => Just(ME), 1 => Just(CHILD)]
}

fn one(number: u8) -> impl Strategy<Value = Candidate> {
    let kind = prop::sample::select(Kind::ALL.to_vec());
    let date = prop::option::of((0i64..400, 0i64..40));
    (kind, standing(), person(), date, prop_oneof![3 => Just(0u32), 1 => 1u32..8]).prop_map(
        move |(kind, standing, person, date, bits)| Candidate {
            kind,
            standing,
            person,
            date: date.map(|(start, long)| Span {
                start_ms: NOW - start * DAY,
                end_ms: NOW - (start - long) * DAY,
            }),
            sensitivity: Sensitivity::from_bits(bits),
            ..candidate(number, kind)
        },
    )
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    (one(10), one(11), one(12), one(13), one(14), one(15))
        .prop_map(|it| vec![it.0, it.1, it.2, it.3, it.4, it.5])
}

fn scope() -> impl Strategy<Value = Scope> {
    let kinds =
        prop::option::of(prop::collection::btree_set(prop::sample::select(Kind::ALL.to_vec()), 0..15));
    let some = || prop::collection::btree_set((10u8..16).prop_map(record_id), 0..6);
    let period = (prop::option::of(0i64..400), prop::option::of(0i64..400));
    (kinds, prop::option::of(some()), some(), period, 0u32..8).prop_map(
        |(kinds, records, without, period, bits)| {
            let mut scope = Scope::of(ME);
            scope.kinds = kinds;
            scope.records = records;
            scope.without = if bits & 1 == 0 { BTreeSet::new() } else { without };
            scope.from_ms = period.0.map(|days| NOW - days * DAY);
            scope.to_ms = period.1.map(|days| NOW - days * DAY);
            scope.sensitive = Sensitivity::from_bits(bits);
            scope
        },
    )
}

/// The scope's meaning once more, written differently.
fn inside(scope: &Scope, it: &Candidate) -> bool {
    it.person == scope.person
        && it.standing != Standing::InError
        && it.kind != Kind::Support
        && scope.kinds.as_ref().is_none_or(|kinds| kinds.contains(&it.kind))
        && scope.records.as_ref().is_none_or(|records| records.contains(&it.record))
        && !scope.without.contains(&it.record)
        && match (scope.from_ms, scope.to_ms, it.date) {
            (None, None, _) => true,
            (_, _, None) => false,
            (from, to, Some(date)) => {
                date.start_ms >= from.unwrap_or(i64::MIN) && date.end_ms <= to.unwrap_or(i64::MAX)
            }
        }
        && (0..32).all(|bit| it.sensitivity.bits() >> bit & 1 == 0 || scope.sensitive.bits() >> bit & 1 == 1)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_review_is_the_scope(scope in scope(), all in candidates()) {
        let found = review(&scope, &all);
        let wanted: Vec<RecordId> = all.iter().filter(|it| inside(&scope, it)).map(|it| it.record).collect();
        prop_assert_eq!(found.included().iter().map(|it| it.record).collect::<Vec<_>>(), wanted);
        let left: u32 = found.left_out().values().sum();
        prop_assert_eq!(left as usize + found.included().len(), all.len());
    }

    #[test]
    fn a_release_holds_nothing_outside_the_scope(
        scope in scope(), all in candidates(), sent in prop::collection::btree_set(0usize..6, 1..6), pinned: bool,
    ) {
        let entries = RefCell::default();
        let terms = Terms::once("Second opinion", NOW + DAY);
        let grant = if pinned {
            review(&scope, &all).grant(grant_id(), terms, NOW).unwrap()
        } else {
            Grant::new(grant_id(), scope.clone(), terms, NOW).unwrap()
        };
        let chosen: Vec<Candidate> = sent.iter().map(|at| all[*at].clone()).collect();
        let every_one_inside = chosen.iter().all(|it| inside(&scope, it));
        let made = release(log(&entries), &grant, outgoing(chosen), NOW);
        prop_assert_eq!(made.is_ok(), every_one_inside);
        prop_assert_eq!(entries.borrow().len(), usize::from(every_one_inside));
        if let Ok(made) = made {
            let input = made.summary_input([5; 16], None);
            for written in [ips(&input).unwrap(), collection(&input).unwrap()] {
                let written = String::from_utf8(written).unwrap();
                for (at, it) in all.iter().enumerate() {
                    let number = it.record.as_bytes()[0];
                    let canaries = [format!("CANARY-BODY-{number}-END"), format!("CANARY-TITLE-{number}")];
                    prop_assert_eq!(written.contains(&canaries[0]), sent.contains(&at));
                    prop_assert!(sent.contains(&at) || !written.contains(&canaries[1]));
                }
                prop_assert!(!written.contains("CANARY-ADDRESS"));
            }
        }
    }

    #[test]
    fn a_grant_comes_back_from_its_bytes(scope in scope(), all in candidates(), revoked: bool, purpose in "[a-z]\\PC{0,40}") {
        let terms = Terms { view_limit: Some(3), recipient: Some("Dr".into()), ..Terms::once(&purpose, NOW + DAY) };
        let mut grant = review(&scope, &all).grant(grant_id(), terms, NOW).unwrap();
        if revoked {
            grant.revoke(NOW + 1);
        }
        prop_assert_eq!(&Grant::from_bytes(&grant.to_bytes()).unwrap(), &grant);
        let receipt = grant.receipt();
        prop_assert_eq!(&kosha_consent::Receipt::from_bytes(&receipt.to_bytes()).unwrap(), &receipt);
    }

    #[test]
    fn any_stored_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Grant::from_bytes(&bytes).is_err());
        prop_assert!(kosha_consent::Receipt::from_bytes(&bytes).is_err());
    }
}
