//! Trains the compression dictionary of the vault from generated records, and from nothing else.
//!
//! `cargo run -p kosha-tests --example train_dictionary -- core/vault/dictionaries/1.zdict`
//!
//! A dictionary that has shipped is frozen: a better one gets the next number.

use kosha_tests::generator::{STYLES, records};

/// Size that measured best: larger gains nothing.
const SIZE: usize = 64 * 1024;
/// Records of each style to learn from.
const SAMPLES: usize = 1_500;

fn main() {
    let target = std::env::args().nth(1).expect("the file to write");
    let samples: Vec<Vec<u8>> = (0_u64..)
        .zip(STYLES)
        .flat_map(|(seed, style)| {
            (0..30).flat_map(move |person| records(style, seed * 1_000 + person, SAMPLES / 30))
        })
        .map(|record| record.bytes)
        .collect();
    let dictionary = zstd::dict::from_samples(&samples, SIZE).unwrap();
    std::fs::write(&target, &dictionary).unwrap();

    let unseen: Vec<Vec<u8>> = STYLES
        .into_iter()
        .flat_map(|style| records(style, 987_654, 200))
        .map(|record| record.bytes)
        .collect();
    let (mut plain, mut packed, mut without) = (0, 0, 0);
    let mut with = zstd::bulk::Compressor::with_dictionary(3, &dictionary).unwrap();
    for record in &unseen {
        plain += record.len();
        packed += with.compress(record).unwrap().len();
        without += zstd::bulk::compress(record, 3).unwrap().len();
    }
    println!(
        "{} samples; unseen records: {plain} bytes, {without} without the dictionary, {packed} with it",
        samples.len()
    );
}
