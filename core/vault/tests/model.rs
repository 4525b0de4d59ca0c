//! Random sequences of operations, with rollbacks and reopening, against a model in plain collections.
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

use std::collections::BTreeMap;

use common::{Place, create_quick, header, open_quick, problems};
use kosha_vault::{Durability, Filter, ItemId, NewBody, PersonId, RecordId, Transaction, Vault};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Op {
    Person(u8),
    Profile(usize, u8),
    Record(usize, u32, String),
    Update(usize, String),
    Item(u8, u8),
    RemoveItem(u8),
    Log(u8),
    Attachment(u16),
}

#[derive(Debug, Clone)]
enum End {
    Commit,
    CommitNormal,
    Drop,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        1 => any::<u8>().prop_map(Op::Person),
        1 => (any::<usize>(), any::<u8>()).prop_map(|(person, profile)| Op::Profile(person, profile)),
        4 => (any::<usize>(), 0..500_u32, "[a-e]{1,3}").prop_map(|(person, number, word)| Op::Record(person, number, word)),
        3 => (any::<usize>(), "[a-e]{1,3}").prop_map(|(record, word)| Op::Update(record, word)),
        2 => (0..4_u8, any::<u8>()).prop_map(|(item, value)| Op::Item(item, value)),
        1 => (0..4_u8).prop_map(Op::RemoveItem),
        1 => any::<u8>().prop_map(Op::Log),
        1 => (0..3_u16).prop_map(Op::Attachment),
    ]
}

/// Number of the header, and the words of all versions.
type Versions = (PersonId, u32, Vec<String>);

#[derive(Clone, Default, PartialEq, Debug)]
struct Model {
    persons: BTreeMap<PersonId, u8>,
    records: BTreeMap<RecordId, Versions>,
    items: BTreeMap<u8, u8>,
    log: Vec<u8>,
    attachments: std::collections::BTreeSet<u16>,
}

fn apply(tx: &mut Transaction<'_>, model: &mut Model, op: &Op) {
    match op {
        Op::Person(profile) => {
            model.persons.insert(tx.add_person(&[*profile]).unwrap(), *profile);
        }
        Op::Profile(pick, profile) => {
            let Some(person) = model.persons.keys().nth(pick % model.persons.len().max(1)).copied() else {
                return;
            };
            tx.set_person(person, &[*profile]).unwrap();
            model.persons.insert(person, *profile);
        }
        Op::Record(pick, number, word) => {
            let Some(person) = model.persons.keys().nth(pick % model.persons.len().max(1)).copied() else {
                return;
            };
            let body = NewBody { resource_skeleton: word.as_bytes(), holes: &[], text: word };
            let record = tx.add_record(header(person, *number), &body).unwrap();
            model.records.insert(record, (person, *number, vec![word.clone()]));
        }
        Op::Update(pick, word) => {
            let count = model.records.len().max(1);
            let Some((record, (person, number, words))) = model.records.iter_mut().nth(pick % count) else {
                return;
            };
            let body = NewBody { resource_skeleton: word.as_bytes(), holes: &[], text: word };
            let version = tx.update_record(*record, header(*person, *number), &body).unwrap();
            words.push(word.clone());
            assert_eq!(version.counter, words.len() as u64);
        }
        Op::Item(item, value) => {
            tx.put_item(1, ItemId::from_bytes([*item; 16]), &[*value]).unwrap();
            model.items.insert(*item, *value);
        }
        Op::RemoveItem(item) => {
            let removed = tx.remove_item(1, ItemId::from_bytes([*item; 16])).is_ok();
            assert_eq!(removed, model.items.remove(item).is_some());
        }
        Op::Log(value) => {
            tx.log(0, "e", &value.to_string()).unwrap();
            model.log.push(*value);
        }
        Op::Attachment(value) => {
            tx.add_attachment(&mut &value.to_le_bytes().repeat(100)[..]).unwrap();
            model.attachments.insert(*value);
        }
    }
}

fn compare(vault: &Vault, place: &Place, model: &Model) {
    let persons: BTreeMap<_, _> = vault.persons().into_iter().map(|p| (p.id, p.profile[0])).collect();
    assert_eq!(persons, model.persons);
    let items: BTreeMap<_, _> =
        vault.items(1).unwrap().into_iter().map(|(id, bytes)| (id.as_bytes()[0], bytes[0])).collect();
    assert_eq!(items, model.items);
    let log: Vec<String> = vault.log(None, 999).unwrap().into_iter().map(|entry| entry.detail).collect();
    assert_eq!(log, model.log.iter().map(u8::to_string).collect::<Vec<_>>());
    assert_eq!(place.files().len(), model.attachments.len());
    assert_eq!(vault.index().len(), model.records.len());
    for (record, (person, number, words)) in &model.records {
        let entry = vault.index().get(*record).unwrap();
        assert_eq!((entry.person(), entry.ordinal()), (*person, *number));
        let versions = vault.history(*record).unwrap();
        assert_eq!(versions.len(), words.len());
        for (version, word) in versions.iter().zip(words) {
            assert_eq!(*vault.body_at(*record, *version).unwrap().resource, word.as_bytes());
        }
        let known = vault.index().with_identity(entry.identity());
        assert_eq!(known.iter().filter(|k| k.record == *record).count(), words.len());
    }
    let mut order: Vec<(std::cmp::Reverse<u32>, RecordId)> =
        model.records.iter().map(|(id, (_, number, _))| (std::cmp::Reverse(*number), *id)).collect();
    order.sort();
    let order: Vec<RecordId> = order.into_iter().map(|(_, id)| id).collect();
    let (mut paged, mut after) = (Vec::new(), None);
    loop {
        let page = vault.index().page(&Filter::default(), after, 3);
        paged.extend(page.entries.iter().map(|entry| entry.id()));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(paged, order);
    let mut matching: Vec<RecordId> =
        order.into_iter().filter(|id| model.records[id].2.last().unwrap().starts_with('a')).collect();
    // Who holds the whole word counts as 14 days newer; a header's number is an hour.
    matching.sort_by_key(|id| {
        let (_, number, words) = &model.records[id];
        (std::cmp::Reverse(number + if words.last().unwrap() == "a" { 14 * 24 } else { 0 }), *id)
    });
    assert_eq!(vault.search("a", &Filter::default(), 999).unwrap(), matching);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_vault_is_what_was_committed(
        steps in proptest::collection::vec(
            (proptest::collection::vec(op(), 0..12), prop_oneof![2 => Just(End::Commit), 2 => Just(End::CommitNormal), 1 => Just(End::Drop)], any::<bool>()),
            1..8,
        )
    ) {
        let place = Place::new();
        let mut vault = create_quick(&place.path);
        let mut model = Model::default();
        for (ops, end, reopen) in &steps {
            let mut next = model.clone();
            let durability = if matches!(end, End::Commit) { Durability::Full } else { Durability::Normal };
            let mut tx = vault.begin(durability).unwrap();
            for op in ops {
                apply(&mut tx, &mut next, op);
            }
            if matches!(end, End::Drop) {
                drop(tx);
            } else {
                tx.commit().unwrap();
                model = next;
            }
            compare(&vault, &place, &model);
            if *reopen {
                drop(vault);
                vault = open_quick(&place.path).unwrap();
                compare(&vault, &place, &model);
            }
        }
        prop_assert_eq!(problems(&vault), [""; 0]);
    }
}
