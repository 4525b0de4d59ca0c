//! Figures of 10,000 records, printed. Run with `cargo test --release -p kosha-vault --test figures -- --ignored --nocapture`.
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

use std::time::Instant;

use common::{Place, add_person, create_quick, header, open_quick, resource};
use kosha_vault::{Durability, Filter, NewBody};

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

#[test]
#[ignore = "prints figures"]
fn figures() {
    let records: u32 = std::env::var("KOSHA_RECORDS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let place = Place::new();
    let mut vault = create_quick(&place.path);
    let person = add_person(&mut vault, b"");
    let start = Instant::now();
    for batch in 0..records / 100 {
        let mut tx = vault.begin(Durability::Normal).unwrap();
        for number in batch * 100..batch * 100 + 100 {
            let resource = resource(number).repeat(8);
            let body =
                NewBody { resource_skeleton: resource.as_bytes(), holes: &[], text: "haemoglobin in blood" };
            tx.add_record(header(person, number), &body).unwrap();
        }
        tx.commit().unwrap();
    }
    println!(
        "insert, batches of 100: {:.1} us a record",
        start.elapsed().as_secs_f64() * 1e6 / f64::from(records)
    );
    let start = Instant::now();
    for number in 0..200 {
        let mut tx = vault.begin(Durability::Full).unwrap();
        tx.add_record(header(person, number), &NewBody::default()).unwrap();
        tx.commit().unwrap();
    }
    println!("insert, one by one, FULL: {:.1} us a record", start.elapsed().as_secs_f64() * 1e6 / 200.0);
    drop(vault);
    let before = resident_kib();
    let start = Instant::now();
    let vault = open_quick(&place.path).unwrap();
    println!(
        "unlock: {:.1} ms, {} KiB more in memory",
        start.elapsed().as_secs_f64() * 1e3,
        resident_kib().saturating_sub(before)
    );
    let start = Instant::now();
    for _ in 0..1000 {
        assert_eq!(vault.index().page(&Filter::default(), None, 50).entries.len(), 50);
    }
    println!("page of 50: {:.1} us", start.elapsed().as_secs_f64() * 1e3);
    let ids: Vec<_> = vault.index().iter().map(kosha_vault::Entry::id).collect();
    let start = Instant::now();
    for id in ids.iter().step_by(7) {
        vault.body(*id).unwrap();
    }
    println!("body: {:.1} us", start.elapsed().as_secs_f64() * 1e6 / f64::from(records / 7));
    let start = Instant::now();
    vault.search("haemoglobin", &Filter::default(), 20).unwrap();
    println!("first search: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let start = Instant::now();
    vault.search("haemoglobin", &Filter::default(), 20).unwrap();
    println!("next search (all match): {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    let mut vault = vault;
    for round in 0..5 {
        let start = Instant::now();
        vault.rotate(None, &|_| {}).unwrap();
        println!("new keys, round {round}: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    }
    let start = Instant::now();
    let mut tx = vault.begin(Durability::Full).unwrap();
    tx.delete_records(&ids[..1], &[]).unwrap();
    tx.commit_with_new_keys(None, &|_| {}).unwrap();
    println!("deletion of one: {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
    let start = Instant::now();
    let report = vault.check(&mut |_, _| {}).unwrap();
    println!("check: {:.1} ms, {} problems", start.elapsed().as_secs_f64() * 1e3, report.problems.len());
}
