//! What a vault has lost and the person still has elsewhere comes back from there; what is damaged keeps nothing else away.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kosha::CheckReport;
use kosha::Session;
use kosha::attach::AttachWish;
use kosha::import::{FileOutcome, FileReport, ImportWish};
use kosha_tests::noise::Noise;
use kosha_tests::programs::{Kosha, files_below};
use kosha_tests::wallets;
use rusqlite::Connection;

/// A report with a file in it, and a second resource.
fn bundle(content: &[u8]) -> String {
    serde_json::json!({ "resourceType": "Bundle", "type": "collection", "entry": [
        { "fullUrl": "urn:uuid:p", "resource": { "resourceType": "Patient", "name": [{ "text": "Asha Rao" }] } },
        { "fullUrl": "urn:uuid:d", "resource": { "resourceType": "DocumentReference", "status": "current",
            "subject": { "reference": "urn:uuid:p" }, "description": "Letter", "date": "2024-02-03",
            "content": [{ "attachment": { "contentType": "application/pdf", "data": STANDARD.encode(content) } }] } },
        { "fullUrl": "urn:uuid:c", "resource": { "resourceType": "Condition", "subject": { "reference": "urn:uuid:p" },
            "code": { "text": "Cough" }, "onsetDateTime": "2024-02-01" } },
    ] })
    .to_string()
}

fn import(session: &mut Session, file: &Path) -> FileReport {
    let wish = ImportWish { paths: vec![file.to_owned()], person: None };
    let mut report = session.import(&wish, &mut ()).unwrap();
    assert_eq!(report.stopped, None);
    report.files.remove(0)
}

fn check(session: &mut Session) -> CheckReport {
    session.check(&mut |_, _| {}).unwrap()
}

fn attach(session: &mut Session, file: &Path) -> kosha::attach::Attached {
    let wish = AttachWish { files: vec![file.to_owned()], ..AttachWish::default() };
    session.attach(&wish).unwrap().attached.remove(0)
}

fn attachments(vault: &Path) -> Vec<PathBuf> {
    files_below(&vault.join("files"))
}

fn notes(report: &FileReport) -> Vec<&str> {
    report.warnings.iter().map(|note| note.reason).collect()
}

fn flip(file: &Path, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[at] ^= 1;
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_file_that_was_lost_or_damaged_is_whole_again_when_it_is_added_again() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let mut session = wallets::vault_with(&vault, &[]);
    let scan = folder.path().join("scan.pdf");
    fs::write(&scan, Noise::new(1, 200_000).bytes()).unwrap();
    let first = attach(&mut session, &scan);
    assert!(!first.put_back);
    let again = attach(&mut session, &scan);
    assert!(again.duplicate && !again.put_back && !again.updated);

    let damages: [&dyn Fn(&Path); 4] = [
        &|file| fs::remove_file(file).unwrap(),
        &|file| flip(file, 150_000),
        &|file| fs::OpenOptions::new().write(true).open(file).unwrap().set_len(99_000).unwrap(),
        &|file| fs::write(file, b"").unwrap(),
    ];
    for damage in damages {
        damage(&attachments(&vault)[0]);
        assert!(!check(&mut session).ok);
        let again = attach(&mut session, &scan);
        assert!(again.duplicate && again.put_back);
        assert_eq!(again.id, first.id);
        assert!(check(&mut session).ok);
        let mut content = Vec::new();
        session.attachment_to(&first.id, 1, None, &mut content).unwrap();
        assert!(content == fs::read(&scan).unwrap());
        assert_eq!(attachments(&vault).len(), 1, "no second file, nothing left over");
    }
}

#[test]
fn an_import_puts_back_what_is_damaged_of_a_known_file() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let file = folder.path().join("records.json");
    fs::write(&file, bundle(&Noise::new(2, 100_000).bytes())).unwrap();
    let mut session = wallets::vault_with(&vault, std::slice::from_ref(&file));
    assert_eq!(notes(&import(&mut session, &file)), ["known-file"]);

    fs::remove_file(&attachments(&vault)[0]).unwrap();
    assert_eq!(check(&mut session).problems.len(), 3, "the file, its record, the document");
    let report = import(&mut session, &file);
    assert_eq!((report.outcome, report.duplicate), (FileOutcome::Duplicate, 3));
    assert_eq!(notes(&report), ["known-file", "put-back"]);
    assert!(check(&mut session).ok);

    // Bodies and what the document keeps beside them.
    let damage = |sql: &str| {
        let conn = Connection::open(vault.join("vault.db")).unwrap();
        conn.execute_batch(sql).unwrap();
    };
    drop(session);
    damage("UPDATE b SET b=zeroblob(40) WHERE n=3; DELETE FROM b WHERE n=2; UPDATE d SET b=zeroblob(9)");
    let mut session = wallets::open(&vault);
    assert!(!check(&mut session).ok);
    let report = import(&mut session, &file);
    assert_eq!(notes(&report).iter().filter(|reason| **reason == "put-back").count(), 3, "{report:?}");
    let found = check(&mut session);
    assert!(found.ok, "{found:?}");
    assert_eq!(notes(&import(&mut session, &file)), ["known-file"]);
    let mut original = Vec::new();
    session.document_to(&report.document.unwrap(), &mut original).unwrap();
    assert!(original == fs::read(&file).unwrap(), "byte for byte");
}

#[test]
fn a_lost_attachment_keeps_nobody_from_new_keys_or_from_deleting_it() {
    let folder = tempfile::tempdir().unwrap();
    let kosha = Kosha::init(folder.path().join("vault"));
    let scan = folder.path().join("scan.pdf");
    fs::write(&scan, Noise::new(3, 50_000).bytes()).unwrap();
    let attached = kosha.json(["attach", scan.to_str().unwrap(), "--title", "Scan"]);
    let id = attached["attached"][0]["id"].as_str().unwrap();
    fs::remove_file(&attachments(kosha.vault())[0]).unwrap();
    assert_eq!(kosha.run(["check"]).status.code(), Some(1));
    kosha.json(["rotate"]);
    kosha.json(["delete", id, "--yes"]);
    assert_eq!(kosha.json(["check"])["ok"], true);
}

#[test]
fn a_list_that_damage_makes_short_says_so_and_the_rest_can_be_taken_out() {
    let folder = tempfile::tempdir().unwrap();
    let kosha = Kosha::init(folder.path().join("vault"));
    let file = folder.path().join("records.json");
    fs::write(&file, bundle(b"short")).unwrap();
    kosha.json(["import", file.to_str().unwrap()]);
    assert!(kosha.json(["timeline"]).get("incomplete").is_none());
    let conn = Connection::open(kosha.vault().join("vault.db")).unwrap();
    conn.execute_batch("UPDATE h SET h=CAST(substr(h,1,80)||x'00000000'||substr(h,85) AS BLOB) WHERE n=3")
        .unwrap();
    drop(conn);

    // The unlock that finds it may have what it lists from a snapshot; from the next one on the row is missing.
    kosha.json(["timeline"]);
    let out = kosha.command(["timeline"]).output().unwrap();
    assert!(String::from_utf8_lossy(&out.stderr).contains("lists may be short"), "{out:?}");
    for command in [vec!["timeline"], vec!["search", "letter"]] {
        assert_eq!(kosha.json(command)["incomplete"], true);
    }
    let to = folder.path().join("export");
    let out = kosha.run(["export", to.to_str().unwrap(), "--yes"]);
    assert_eq!(out.status.code(), Some(3), "{out:?}");
    let all: String = files_below(&to)
        .iter()
        .map(|file| String::from_utf8_lossy(&fs::read(file).unwrap()).into_owned())
        .collect();
    assert!(all.contains("\"Letter\""), "what is readable is there");
}

#[test]
fn a_backup_names_what_is_damaged_in_the_vault_and_a_full_one_takes_what_came_back() {
    let folder = tempfile::tempdir().unwrap();
    let kosha = Kosha::init(folder.path().join("vault"));
    let scan = folder.path().join("scan.pdf");
    fs::write(&scan, Noise::new(4, 400_000).bytes()).unwrap();
    kosha.json(["attach", scan.to_str().unwrap()]);
    let file = &attachments(kosha.vault())[0];
    flip(file, 300_000);
    let backup = folder.path().join("backup");
    let backup = backup.to_str().unwrap();
    let out = kosha.run(["backup", backup]);
    assert_eq!(out.status.code(), Some(3), "{out:?}");
    let report: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(report["damaged"].as_array().unwrap().len(), 1);
    assert_eq!(kosha.error(["backup", "--verify", backup]).1["code"], "backup-unsound");
    kosha.json(["attach", scan.to_str().unwrap()]);
    assert!(kosha.json(["backup", "--full", backup]).get("damaged").is_none());
    assert_eq!(kosha.json(["backup", "--verify", backup])["ok"], true);
}
