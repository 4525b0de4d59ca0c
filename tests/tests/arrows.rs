//! Dependencies point down only. The table is the one in the README's map of the house.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Which of our crates each of our crates may name in `[dependencies]`.
const ALLOWED: [(&str, &[&str]); 14] = [
    ("kosha-crypto", &[]),
    ("kosha-fhir", &[]),
    ("kosha-legacy", &["kosha-fhir"]),
    ("kosha-wire", &[]),
    ("kosha-memory", &[]),
    ("kosha-vault", &["kosha-crypto", "kosha-memory"]),
    ("kosha-consent", &["kosha-fhir", "kosha-crypto"]),
    ("kosha-share", &["kosha-wire", "kosha-consent", "kosha-fhir", "kosha-crypto"]),
    (
        "kosha",
        &[
            "kosha-share",
            "kosha-wire",
            "kosha-consent",
            "kosha-vault",
            "kosha-legacy",
            "kosha-fhir",
            "kosha-crypto",
            "kosha-memory",
        ],
    ),
    ("kosha-relay", &["kosha-wire", "kosha-crypto"]),
    ("kosha-cli", &["kosha"]),
    ("kosha-seeds", &[]),
    ("xtask", &[]),
    ("kosha-tests", &[]),
];

/// Crates that touch keys or ciphers; only `kosha-crypto` may name them.
const CIPHERS: [&str; 5] = ["ring", "hpke", "argon2", "secrecy", "curve25519-dalek"];

/// Crates that bring an async runtime or a network stack; the core stays free of them, but for the facade's optional transport.
const RUNTIMES: [&str; 5] = ["tokio", "axum", "hyper", "reqwest", "async-std"];

#[derive(Debug)]
struct Edge {
    to: String,
    kind: Option<String>,
    optional: bool,
}

fn members() -> BTreeMap<String, Vec<Edge>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    metadata["packages"]
        .as_array()
        .expect("packages")
        .iter()
        .map(|package| {
            let edges = package["dependencies"].as_array().expect("dependencies").iter().map(|edge| Edge {
                to: text(&edge["name"]).expect("a name"),
                kind: text(&edge["kind"]),
                optional: edge["optional"].as_bool().unwrap_or(false),
            });
            (text(&package["name"]).expect("a name"), edges.collect())
        })
        .collect()
}

#[test]
fn every_edge_between_our_crates_is_in_the_table() {
    let members = members();
    let ours: BTreeSet<&str> = members.keys().map(String::as_str).collect();
    let table: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    assert_eq!(ours, table.keys().copied().collect(), "a crate is missing from the table, or gone");
    for (from, edges) in &members {
        for edge in edges.iter().filter(|edge| ours.contains(edge.to.as_str())) {
            // Edges across the house belong to the whole-system tests alone.
            if from == "kosha-tests" {
                continue;
            }
            assert!(
                table[from.as_str()].contains(&edge.to.as_str()),
                "{from} must not depend on {} ({:?})",
                edge.to,
                edge.kind
            );
        }
    }
}

#[test]
fn only_crypto_names_the_ciphers() {
    for (from, edges) in members() {
        for edge in edges.iter().filter(|edge| edge.kind.is_none()) {
            assert!(
                from == "kosha-crypto" || !CIPHERS.contains(&edge.to.as_str()),
                "{from} must not name {}",
                edge.to
            );
        }
    }
}

#[test]
fn the_core_brings_no_runtime() {
    for (from, edges) in members() {
        if from == "kosha-relay" || from == "kosha-tests" {
            continue;
        }
        for edge in edges.iter().filter(|edge| edge.kind.is_none()) {
            let transport = from == "kosha" && edge.to == "reqwest" && edge.optional;
            assert!(transport || !RUNTIMES.contains(&edge.to.as_str()), "{from} must not name {}", edge.to);
        }
    }
}

/// Every crate takes the lints of the workspace, which forbid unsafe code; `kosha-memory` alone has its own.
#[test]
fn only_memory_may_hold_unsafe_code() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let manifest =
        |folder: &str| std::fs::read_to_string(root.join(folder).join("Cargo.toml")).expect("a manifest");
    assert!(manifest("").contains("[workspace.lints.rust]\nunsafe_code = \"forbid\""));
    for folder in ["consent", "crypto", "fhir", "legacy", "share", "vault", "wallet", "wire"] {
        let folder = format!("core/{folder}");
        assert!(
            manifest(&folder).contains("[lints]\nworkspace = true"),
            "{folder} takes the workspace's lints"
        );
    }
}
