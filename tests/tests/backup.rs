//! Backup and restore as a person does them: another machine's empty folder, and a process that ends at any moment.

use kosha_crypto::SystemEntropy;
use kosha_crypto::slot::KdfStrength;
use kosha_tests::faults::Aim;
use kosha_tests::generator::{STYLES, bundle};
use kosha_tests::measure::{cpu_of, peak_memory};
use kosha_tests::noise::Noise;
use kosha_tests::programs::{Kosha, samples};
use kosha_vault::{
    BackupOptions, CreateOptions, Durability, Env, Header, Hole, NewBody, RestoreOptions, Unlock, Vault,
    restore,
};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// How often the command is ended: few, since each run derives a key from a passphrase. `kill_work` ends the same work often.
const KILLS: usize = 10;

/// Every record with all that is shown of it, and every file.
fn content(kosha: &Kosha) -> Vec<Value> {
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut words = vec!["timeline".to_owned(), "--limit".to_owned(), "500".to_owned()];
        words.extend(after.iter().flat_map(|cursor| ["--after".to_owned(), cursor.clone()]));
        let page = kosha.json(words);
        found.extend(page["records"].as_array().expect("records").iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => return found,
        }
    }
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn everything_comes_back_on_another_machine() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    kosha.json(["import", path(&samples())]);
    let file = folder.path().join("backup.kosha");
    let first = kosha.json(["backup", path(&file)]);
    assert_eq!((first["outcome"].as_str(), first["backup"]["runs"].as_u64()), (Some("new"), Some(1)));
    let more = folder.path().join("more.json");
    std::fs::write(&more, bundle(STYLES[0], 7, 40)).expect("a file");
    kosha.json(["import", path(&more)]);
    let second = kosha.json(["backup", path(&file)]);
    assert_eq!((second["outcome"].as_str(), second["backup"]["runs"].as_u64()), (Some("added"), Some(2)));
    assert!(second["written"].as_u64() < first["written"].as_u64(), "{second}");
    let seen = kosha.json(["backup", "--verify", path(&file)]);
    assert_eq!((&seen["ok"], &seen["backup"]), (&Value::Bool(true), &second["backup"]));

    let there = Kosha::on(folder.path().join("another/machine"));
    std::fs::create_dir(folder.path().join("another")).expect("a folder");
    let restored = there.json(["restore", path(&file)]);
    assert_eq!(restored["restored"]["backup"], second["backup"]);
    assert_eq!(there.json(["check"])["ok"], true);
    assert_eq!(content(&there), content(&kosha));
    assert_eq!(there.json(["persons"]), kosha.json(["persons"]));
    let events = there.events();
    assert!(
        events.ends_with(&["import", "backup", "import", "backup", "restored"].map(str::to_owned)),
        "{events:?}"
    );
    // Files with their attachments, byte for byte.
    for record in content(&kosha).iter().step_by(17) {
        let id = record["id"].as_str().expect("an id");
        let whole =
            |kosha: &Kosha| kosha.command(["show", id, "--document"]).output().expect("it runs").stdout;
        assert_eq!(whole(&there), whole(&kosha));
    }
    // What the restored vault gets is added to the same backup; the vault that was left behind is then another copy.
    assert_eq!(there.json(["backup", path(&file)])["outcome"], "added");
    kosha.json(["import", path(&samples())]);
    let (status, error) = kosha.error(["backup", path(&file)]);
    assert_eq!((status, error["code"].as_str()), (1, Some("backup-of-another-copy")));
}

#[test]
fn faults_have_names_and_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    kosha.json(["import", path(&samples())]);
    let file = folder.path().join("backup.kosha");
    kosha.json(["backup", path(&file)]);
    let bytes = std::fs::read(&file).expect("a backup");
    let there = Kosha::on(folder.path().join("there"));
    let code = |(status, error): (i32, Value)| (status, error["code"].as_str().expect("a code").to_owned());
    let refused = |bytes: &[u8]| {
        let tried = folder.path().join("tried");
        std::fs::write(&tried, bytes).expect("a file");
        let restored = code(there.error(["restore", path(&tried)]));
        assert_eq!(restored, code(there.error(["backup", "--verify", path(&tried)])));
        assert!(!there.vault().exists(), "nothing is made");
        restored.1
    };
    assert_eq!(refused(&bytes[..bytes.len() - 1]), "backup-cut-short");
    assert_eq!(refused(&bytes[..1000]), "backup-cut-short");
    let mut changed = bytes.clone();
    changed[bytes.len() / 2] ^= 4;
    assert_eq!(refused(&changed), "backup-altered");
    let mut newer = bytes.clone();
    newer[4] = 2;
    assert_eq!(refused(&newer), "newer-backup");
    assert_eq!(
        refused(b"{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[]}"),
        "not-a-backup"
    );
    let output =
        there.command(["--json", "restore", path(&file)]).env("KOSHA_PASSPHRASE", "another one").output();
    assert_eq!(output.expect("it runs").status.code(), Some(4));

    let other = Kosha::init(folder.path().join("other"));
    assert_eq!(code(other.error(["backup", path(&file)])), (1, "backup-of-another-vault".to_owned()));
    assert_eq!(code(other.error(["restore", path(&file)])), (1, "vault-exists".to_owned()));
    assert_eq!(std::fs::read(&file).expect("a backup"), bytes);
    let before = other.json(["log"]);
    other.json(["restore", "--replace", path(&file)]);
    assert_eq!(content(&other), content(&kosha));
    assert_eq!(other.json(["restore", "--discard-old"])["removed"], 1);
    assert!(before["entries"].as_array().is_some_and(Vec::is_empty));
    assert_eq!(content(&other), content(&kosha));
    // Nothing of the patient is readable in a backup.
    let canaries = kosha_tests::canary::Canaries::new(
        content(&kosha).iter().filter_map(|record| record["title"].as_str().map(str::to_owned)),
    );
    assert!(!canaries.is_empty() && canaries.found_in(&bytes).is_none());
}

#[test]
fn kills_of_the_command_leave_the_old_vault_or_the_new_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    let mut backups: Vec<(PathBuf, Vec<Value>)> = Vec::new();
    for number in 0..2_u64 {
        let file = folder.path().join(format!("{number}.json"));
        std::fs::write(&file, bundle(STYLES[0], number, 60)).expect("a file");
        kosha.json(["import", path(&file)]);
        let backup = folder.path().join(format!("{number}.kosha"));
        kosha.json(["backup", path(&backup)]);
        backups.push((backup, content(&kosha)));
    }
    let start = Instant::now();
    kosha.json(["restore", "--replace", path(&backups[0].0)]);
    let mut current = 0;
    let mut aim = Aim::new(99, start.elapsed());
    let (mut tried, mut ended, mut placed) = (0, 0, 0);
    while ended < KILLS {
        tried += 1;
        assert!(tried < KILLS * 4, "{ended} of {tried} restores were still at work when they were killed");
        let other = 1 - current;
        ended += usize::from(aim.kill(&mut kosha.command(["restore", "--replace", path(&backups[other].0)])));
        // Where the end came before the new vault was noted outside of it, it is told as another copy (status 1), and whole.
        let check: Value = serde_json::from_slice(&kosha.run(["check"]).stdout).expect("one JSON document");
        assert_eq!(check["problems"].as_array().map(Vec::len), Some(0), "{check}");
        let now = content(&kosha);
        if now == backups[other].1 {
            current = other;
            placed += 1;
        } else {
            assert!(now == backups[current].1, "neither the old vault nor the new one");
        }
        for entry in std::fs::read_dir(folder.path()).expect("a folder").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.contains(".replaced-") || name.contains(".tmp") {
                std::fs::remove_dir_all(entry.path()).expect("removed");
            }
        }
    }
    println!("{ended} kills in {tried} restores, {placed} in place");
}

#[test]
#[allow(clippy::cast_precision_loss)]
fn memory_stays_small_with_an_attachment_of_200_mb() {
    const LEN: u64 = 200_000_000;
    let folder = tempfile::tempdir().expect("a folder");
    let env = Env { entropy: Arc::new(SystemEntropy) };
    let options =
        CreateOptions { passphrase: Some(b"passphrase"), device: None, strength: KdfStrength::FLOOR };
    let mut vault = Vault::create(&folder.path().join("vault"), &options, env.clone()).expect("a vault");
    let mut tx = vault.begin(Durability::Full).expect("a transaction");
    let person = tx.add_person(b"{}").expect("a person");
    let attachment = tx.add_attachment(&mut Noise::new(1, LEN)).expect("an attachment");
    let holes = [Hole { at: 1, attachment: attachment.id }];
    let body = NewBody { resource_skeleton: b"\"\"", holes: &holes, text: "scan" };
    tx.add_record(Header::new(person, 1), &body).expect("a record");
    tx.commit().expect("a commit");

    let file = folder.path().join("backup");
    let before = peak_memory();
    let job = vault.backup(&file, BackupOptions::default()).expect("prepared");
    let start = Instant::now();
    let (report, cpu) = cpu_of(|| job.run(&mut |_, _| {}).expect("written"));
    let wall = start.elapsed();
    let mb = report.written as f64 / 1e6;
    println!(
        "backup: {:.0} MB/s of processor time, {:.0} MB/s of the clock",
        mb / cpu.as_secs_f64(),
        mb / wall.as_secs_f64()
    );
    let grown = peak_memory() - before;
    println!("backup: {grown} bytes more at the peak");
    assert!(grown < 24_000_000, "{grown}");

    // An addition reads, and opens, all that is there: the price of never resting on what is damaged.
    let mut tx = vault.begin(Durability::Full).expect("a transaction");
    tx.add_record(Header::new(person, 2), &NewBody::default()).expect("a record");
    tx.commit().expect("a commit");
    let start = Instant::now();
    let (added, cpu) = cpu_of(|| {
        let job = vault.backup(&file, BackupOptions::default()).expect("prepared");
        job.run(&mut |_, _| {}).expect("written")
    });
    let wall = start.elapsed();
    assert!(added.written < 1_000_000, "{}", added.written);
    println!(
        "addition: {:.0} MB/s of processor time, {:.0} MB/s of the clock",
        mb / cpu.as_secs_f64(),
        mb / wall.as_secs_f64()
    );
    let grown = peak_memory() - before;
    assert!(grown < 24_000_000, "{grown}");

    let (start, unlock) = (Instant::now(), Unlock::Passphrase(b"passphrase"));
    let ((back, _), cpu) = cpu_of(|| {
        restore(
            &file,
            &folder.path().join("back"),
            unlock,
            &env,
            &RestoreOptions::default(),
            &mut |_, _| {},
            &mut |_, _| Ok(()),
        )
        .expect("restored")
    });
    let wall = start.elapsed();
    println!(
        "restore: {:.0} MB/s of processor time, {:.0} MB/s of the clock",
        mb / cpu.as_secs_f64(),
        mb / wall.as_secs_f64()
    );
    let grown = peak_memory() - before;
    // A passphrase takes 19 MiB of it.
    println!("restore: {grown} bytes more at the peak");
    assert!(grown < 48_000_000, "{grown}");
    back.attachment_to(attachment.id, &mut std::io::sink()).expect("byte for byte");
}
