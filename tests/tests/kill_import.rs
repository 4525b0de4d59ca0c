//! The import is killed at any moment, again and again; what was acknowledged stays, and the vault stays whole.

use kosha_tests::generator::{Dice, STYLES, bundle};
use kosha_tests::programs::Kosha;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

/// How often the command is killed. `kill_work` kills the same work more often, without the price of a passphrase.
const KILLS: usize = 40;

#[test]
fn kills_of_the_command_lose_nothing_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    std::fs::create_dir_all(&files).expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    let mut dice = Dice::new(2026);
    let mut acknowledged: BTreeMap<String, u64> = BTreeMap::new();
    let mut written = 0_usize;
    let mut inside = 0_usize;

    for round in 0..KILLS {
        // New files wait behind those that are already in, so that the kill falls between two durable files.
        for _ in 0..8 {
            let style = STYLES[written % STYLES.len()];
            let name = format!("export-{written:06}.json");
            std::fs::write(files.join(name), bundle(style, written as u64, 6)).expect("a file");
            written += 1;
        }
        // Now and then before the first durable file, mostly between two of them.
        let wanted = if round % 10 == 0 { 0 } else { 1 + dice.below(5) };
        let mut command = kosha.command(["import", "--progress", "json"]);
        for number in written - 8..written {
            command.arg(files.join(format!("export-{number:06}.json")));
        }
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("kosha starts");
        let mut lines = BufReader::new(child.stderr.take().expect("stderr")).lines();
        let mut seen = 0;
        while seen < wanted {
            let Some(Ok(line)) = lines.next() else { break };
            note(&line, &mut acknowledged);
            seen += 1;
        }
        std::thread::sleep(Duration::from_micros(dice.number() % 6_000));
        child.kill().expect("a kill");
        child.wait().expect("an end");
        // Lines that were written before the kill are acknowledged too.
        let mut later = 0;
        for line in lines.map_while(Result::ok) {
            note(&line, &mut acknowledged);
            later += 1;
        }
        if (1..8).contains(&(seen + later)) {
            inside += 1;
        }
        if round % 4 == 3 {
            verify(&kosha, &acknowledged);
        }
    }
    verify(&kosha, &acknowledged);
    assert!(inside * 4 >= KILLS * 3, "only {inside} kills fell between the first and the last durable file");

    // What was acknowledged is known to the vault, entry by entry.
    let again = kosha.json(["import".as_ref(), files.as_os_str()]);
    for file in again["files"].as_array().expect("files") {
        let name = file["file"].as_str().expect("a name").rsplit('/').next().expect("a name").to_owned();
        if acknowledged.contains_key(&name) {
            assert_eq!(file["stored"], 0, "{name} was acknowledged and is not there");
        }
    }
    verify(&kosha, &acknowledged);
}

fn note(line: &str, acknowledged: &mut BTreeMap<String, u64>) {
    // The last line may be cut by the kill; then nothing was acknowledged.
    let Ok(line) = serde_json::from_str::<Value>(line) else { return };
    let Some(file) = line["file"].as_str() else { return };
    let name = file.rsplit('/').next().expect("a name").to_owned();
    acknowledged.insert(name, line["stored"].as_u64().expect("a count"));
}

fn verify(kosha: &Kosha, acknowledged: &BTreeMap<String, u64>) {
    let check = kosha.json(["check"]);
    assert_eq!(check["ok"], true, "{check}");
    let promised: u64 = acknowledged.values().sum();
    assert!(
        check["records"].as_u64().expect("a count") >= promised,
        "{check} but {promised} were acknowledged"
    );
}
