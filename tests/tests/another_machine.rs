//! The phrase alone brings everything back on a machine that knows nothing else.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kosha_tests::noise::Noise;
use kosha_tests::programs::{Kosha, samples};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Output;

/// Runs the command where nobody knows the passphrase.
fn with_words(kosha: &Kosha, words: &str, arguments: &[&str]) -> Output {
    let mut command = kosha.command(arguments);
    command.env_remove("KOSHA_PASSPHRASE").env("KOSHA_RECOVERY", words);
    let output = command.output().expect("kosha starts");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn the_words_alone_restore_every_record_and_every_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let kosha = Kosha::init(at("vault"));
    kosha.json(["import", path(&samples())]);
    let person = kosha.json(["persons"])["persons"][0]["id"].as_str().expect("an id").to_owned();
    // Larger than a piece of a sealed stream: one file that is attached, two inside of what a hospital sends.
    let scan = Noise::new(1, 500_001).bytes();
    fs::write(at("scan.bin"), &scan).expect("a file");
    let attached = kosha.json(["attach", path(&at("scan.bin")), "--person", &person]);
    let inside = [Noise::new(2, 65_537).bytes(), Noise::new(3, 300_000).bytes()];
    let contents: Vec<Value> = inside
        .iter()
        .map(|bytes| {
            let data = STANDARD.encode(bytes);
            json!({ "attachment": { "contentType": "application/octet-stream", "data": data } })
        })
        .collect();
    let letter = json!({ "resourceType": "DocumentReference", "id": "letter", "status": "current", "content": contents });
    fs::write(at("letter.json"), letter.to_string()).expect("a file");
    kosha.json(["import", path(&at("letter.json")), "--person", &person]);
    let words = kosha.json(["recovery", "--yes"])["words"].as_str().expect("words").to_owned();
    kosha.json(["backup", path(&at("backup.kosha"))]);
    let listed = kosha.json(["timeline", "--limit", "500"])["records"].clone();
    let events = kosha.events();

    // Another machine: only the file is carried there.
    fs::create_dir(at("there")).expect("a folder");
    fs::rename(at("backup.kosha"), at("there/stick.kosha")).expect("moved");
    fs::remove_dir_all(kosha.vault()).expect("removed");
    fs::remove_dir_all(kosha.anchors()).expect("removed");
    let there = Kosha::on(at("there/vault"));
    let restored = with_words(&there, &words, &["--json", "restore", path(&at("there/stick.kosha"))]);
    assert!(json(&restored)["restored"]["backup"]["records"].as_u64() > Some(100));
    assert_eq!(json(&with_words(&there, &words, &["--json", "check"]))["ok"], true);
    let now = json(&with_words(&there, &words, &["--json", "timeline", "--limit", "500"]));
    assert_eq!(now["records"], listed);
    let log = json(&with_words(&there, &words, &["--json", "log"]));
    assert_eq!(log["entries"].as_array().map(Vec::len), Some(events.len() + 1), "and that it was restored");

    let file = |id: &str, number: usize| {
        with_words(&there, &words, &["show", id, "--attachment", &number.to_string()]).stdout
    };
    assert!(file(attached["attached"][0]["id"].as_str().expect("an id"), 1) == scan);
    let records = listed.as_array().expect("records");
    let letter = records.iter().find(|record| {
        let id = record["id"].as_str().expect("an id");
        let shown = json(&with_words(&there, &words, &["--json", "show", id]));
        shown["attachments"].as_array().is_some_and(|files| files.len() == 2 && files[0]["bytes"] == 65_537)
    });
    let letter = letter.expect("the letter")["id"].as_str().expect("an id");
    assert!(file(letter, 1) == inside[0] && file(letter, 2) == inside[1], "byte for byte");
}
