//! `kosha-bench-sqlcipher RECORDS`: the vault's benchmark on SQLCipher, with a raw key so that no key derivation counts.
//! Prints `name nanoseconds` for each piece of work, processor time of this process.

#[path = "../../src/measure.rs"]
#[allow(dead_code)]
mod measure;
#[path = "../../benches/vault/peer.rs"]
#[allow(dead_code)]
mod peer;

use measure::cpu_of;
use peer::{Peer, Row};
use std::path::Path;

const KEY: &str = "2dd29ca851e7b56e4697b0e1f08507293d761a05ce4d1b628663f411a8086d99";

fn rows(bytes: &[u8]) -> Vec<Row> {
    let mut rest = bytes;
    let next = |rest: &mut &[u8]| {
        let (len, tail) = rest.split_first_chunk::<4>()?;
        let (value, tail) = tail.split_at(u32::from_le_bytes(*len) as usize);
        *rest = tail;
        Some(value.to_vec())
    };
    let mut rows = Vec::new();
    while let Some(kind) = next(&mut rest) {
        let mut text = || String::from_utf8(next(&mut rest).expect("a value")).expect("text");
        let (title, text) = (text(), text());
        let date = next(&mut rest).expect("a date");
        let date_ms = i64::from_le_bytes(date.try_into().expect("eight bytes"));
        let bytes = next(&mut rest).expect("bytes");
        rows.push(Row { resource_type: String::from_utf8(kind).expect("text"), title, text, date_ms, bytes });
    }
    rows
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let records = Path::new(arguments.get(1).expect("a file of records"));
    let rows = rows(&std::fs::read(records).expect("records"));
    let say = |name: &str, time: std::time::Duration| println!("{name} {}", time.as_nanos());
    let mut random = |out: &mut [u8]| getrandom::fill(out).expect("randomness");
    for searched in [false, true] {
        let path = records.with_extension(if searched { "fts" } else { "plain" });
        let mut peer = Peer::create(&path, Some(KEY), searched);
        let time = cpu_of(|| peer.insert(&rows, 100, &mut random)).1;
        say(if searched { "insert-search" } else { "insert" }, time);
        if !searched {
            say("single", cpu_of(|| peer.insert(&rows[..200], 1, &mut random)).1);
        }
        peer.checkpoint();
        drop(peer);
        if searched {
            let peer = Peer::open(&path, Some(KEY), true);
            say("first-search", cpu_of(|| peer.search("haemoglobin")).1);
            let content = vec![0xa5; 20 << 20];
            say("write-file", cpu_of(|| peer.write_file(&content)).1);
            say("read-file", cpu_of(|| peer.read_file()).1);
        } else {
            let (peer, time) = cpu_of(|| {
                let peer = Peer::open(&path, Some(KEY), false);
                peer.page();
                peer
            });
            say("open", time);
            say("page", cpu_of(|| (0..200).for_each(|_| peer.page())).1);
            say("page-bodies", cpu_of(|| (0..100).for_each(|_| assert!(peer.bodies(50) > 0))).1);
            say("scan", cpu_of(|| assert!(peer.bodies(rows.len()) > 0)).1);
            let count = rows.len();
            say("point", cpu_of(|| (0..count).step_by(7).for_each(|at| peer.point(at * 7919 % count))).1);
        }
        std::fs::remove_file(&path).expect("removed");
    }
}
