//! A family through the command: persons, refiling, attached files, and shares that never hold two of them.

use kosha_tests::programs::{Kosha, Relay};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn write(folder: &Path, name: &str, patient: &str, born: &str, problem: &str) -> PathBuf {
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient", "name": [{"text": patient}], "birthDate": born}},
        {"fullUrl": "urn:uuid:c", "resource": {"resourceType": "Condition", "subject": {"reference": "urn:uuid:p", "display": patient}, "code": {"text": problem}, "onsetDateTime": "2024-01-01"}},
    ]});
    let path = folder.join(name);
    std::fs::write(&path, bundle.to_string()).expect("a file");
    path
}

fn titles(page: &Value) -> Vec<String> {
    let records = page["records"].as_array().expect("records");
    let mut titles: Vec<String> =
        records.iter().map(|record| record["title"].as_str().expect("a title").to_owned()).collect();
    titles.sort();
    titles
}

#[test]
fn persons_are_merged_and_parted_and_a_refiled_record_is_shared_without_a_word_of_the_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let relay = Relay::start(&folder.path().join("relay"), &folder.path().join("relay.log"));
    let kosha = Kosha::init(folder.path().join("vault")).with_relay(&relay);
    for (name, patient, born, problem) in [
        ("1.json", "Asha Marigold", "1980-01-02", "Hay fever"),
        ("2.json", "A. Marigold", "1980-01-02", "Sprain"),
        ("3.json", "Ravi Basalt", "1950-01-02", "Gout"),
    ] {
        let file = write(folder.path(), name, patient, born, problem);
        kosha.json(["import".as_ref(), file.as_os_str()]);
    }
    let merged = kosha.json(["person", "merge", "A. Marigold", "Asha Marigold"]);
    assert_eq!(merged["person"]["merged"][0]["name"], "A. Marigold");
    assert_eq!(titles(&kosha.json(["timeline", "--person", "Asha Marigold"])), ["Hay fever", "Sprain"]);
    let (status, error) = kosha.error(["person", "merge", "A. Marigold", "Asha Marigold"]);
    assert_eq!((status, error["code"].as_str()), (1, Some("same-person")));

    // What came in for the wrong one goes to the right one.
    let all = kosha.json(["timeline", "--person", "Ravi Basalt"]);
    let record = all["records"][0]["id"].as_str().expect("an id").to_owned();
    kosha.json(["refile", &record, "--to", "Asha Marigold"]);
    assert_eq!(
        titles(&kosha.json(["timeline", "--person", "Asha Marigold"])),
        ["Gout", "Hay fever", "Sprain"]
    );
    let share = kosha.json(["share", "--all", "--person", "Asha Marigold", "--purpose", "Check-up", "--yes"]);
    let link = share["share"]["link"].as_str().expect("a link");
    let seen =
        kosha.command(["view", link, "--allow-loopback", "--original"]).output().expect("kosha starts");
    let seen = String::from_utf8_lossy(&seen.stdout);
    assert!(seen.contains("Gout") && seen.contains("Sprain") && seen.contains("Asha Marigold"));
    assert!(!seen.contains("Basalt"), "a share that holds a word of another person");
    let (status, error) = kosha.error(["share", "--all", "--purpose", "Check-up", "--yes"]);
    assert_eq!((status, error["code"].as_str()), (2, Some("person-needed")));

    kosha.json(["refile", "--undo"]);
    assert_eq!(titles(&kosha.json(["timeline", "--person", "Ravi Basalt"])), ["Gout"]);
    assert_eq!(kosha.error(["refile", "--undo"]).1["code"], "nothing-to-undo");
    kosha.json(["person", "unmerge", "A. Marigold"]);
    assert_eq!(titles(&kosha.json(["timeline", "--person", "Asha Marigold"])), ["Hay fever"]);
    let child = kosha.json(["person", "add", "Mina", "--relation", "child", "--birth-date", "2015"]);
    assert_eq!((&child["person"]["relation"], &child["person"]["owner"]), (&json!("child"), &json!(false)));
    kosha.json(["person", "rename", "Mina", "Mina Basalt"]);
    assert_eq!(kosha.json(["person", "list"])["persons"].as_array().expect("persons").len(), 4);

    // The owner changes by a word of its own, and back; what would be a second of a name is said.
    let owner = || kosha.json(["persons"])["persons"][0]["name"].clone();
    let (status, error) = kosha.error(["person", "add", "Uma", "--relation", "self"]);
    assert_eq!((status, error["code"].as_str()), (1, Some("owner-is-known")));
    assert!(error["message"].as_str().is_some_and(|text| text.contains("kosha person change P --owner")));
    kosha.json(["person", "change", "Ravi Basalt", "--owner"]);
    assert_eq!(owner(), "Ravi Basalt");
    kosha.json(["person", "change", "Asha Marigold", "--owner"]);
    assert_eq!(owner(), "Asha Marigold");
    assert_eq!(
        kosha.error(["person", "change", "Asha Marigold", "--relation", "child"]).1["code"],
        "bad-relation"
    );
    kosha.json(["person", "add", "Uma Basalt"]);
    let (status, error) = kosha.error(["person", "rename", "Uma Basalt", "Ravi Basalt"]);
    assert_eq!((status, error["code"].as_str()), (1, Some("same-name")));
    assert!(error["message"].as_str().is_some_and(|text| text.contains("--same-name")));
    let (status, error) = kosha.error(["person", "add", "Later", "--birth-date", "2999-01-01"]);
    assert_eq!((status, error["code"].as_str()), (2, Some("bad-birth-date")));
    let (status, error) = kosha.error(["timeline", "--after", "-x"]);
    assert_eq!((status, error["code"].as_str()), (2, Some("usage")));
    assert!(error["message"].as_str().is_some_and(|text| text.contains("'--after=-x'")));
    let log = kosha.json(["log"]).to_string();
    assert!(log.contains("persons-merged") && log.contains("refiled"));
    assert!(!log.contains("Marigold") && !log.contains("Basalt"), "the log names nobody");
    assert_eq!(kosha.json(["check"])["ok"], true);
}

#[test]
fn a_scan_goes_in_is_found_and_comes_out_whole_and_in_part() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    let scan: Vec<u8> =
        b"%PDF-1.7\n".iter().copied().chain((0..500_000_u32).map(|at| (at * 7 % 251) as u8)).collect();
    let path = folder.path().join("letter of march.pdf");
    std::fs::write(&path, &scan).expect("a file");
    let attach = ["attach".as_ref(), path.as_os_str(), "--title".as_ref(), "Discharge letter".as_ref()];
    let report = kosha.json(attach);
    let id = report["attached"][0]["id"].as_str().expect("an id");
    assert_eq!(report["attached"][0]["contentType"], "application/pdf");
    assert_eq!(kosha.json(attach)["attached"][0]["duplicate"], true);
    assert_eq!(titles(&kosha.json(["search", "march"])), ["Discharge letter"]);
    assert_eq!(kosha.json(["timeline", "--kind", "document"])["records"][0]["source"], "You");

    let out = folder.path().join("out.pdf");
    let show = |extra: &[&str]| {
        let mut words = vec!["show", id, "--attachment", "1"];
        words.extend(extra);
        kosha.command(words).output().expect("kosha starts")
    };
    assert!(show(&["--out", out.to_str().expect("a path")]).status.success());
    assert!(std::fs::read(&out).expect("the file") == scan);
    assert_eq!(show(&["--out", out.to_str().expect("a path")]).status.code(), Some(1), "never written over");
    assert!(show(&["--range", "70000-70009"]).stdout == scan[70_000..70_010]);
    assert_eq!(show(&["--range", "9-1"]).status.code(), Some(2));
    let refused = |words: &[&str]| kosha.error([&["show", id, "--attachment", "1"], words].concat());
    assert_eq!(refused(&["--range", "-5"]).1["code"], "bad-range");
    // An option is never taken for the value of the one before.
    assert_eq!(refused(&["--range", "--out", "x"]).1["code"], "usage");
    let nowhere = folder.path().join("no-such-folder/out.pdf");
    let (status, error) = refused(&["--out", nowhere.to_str().expect("a path")]);
    assert_eq!((status, error["code"].as_str()), (1, Some("file-no-folder")));
    let below_a_file = path.join("out.pdf");
    assert_eq!(refused(&["--out", below_a_file.to_str().expect("a path")]).1["code"], "file-no-folder");
    let proof = ["log", "--prove", "--all", "--out", nowhere.to_str().expect("a path")];
    assert_eq!(kosha.error(proof).1["code"], "file-no-folder");
    assert_eq!(kosha.error(["show", id, "--attachment", "2"]).1["code"], "no-such-attachment");
    let (status, error) = kosha.error(["emergency-card", "on", "--fields", "name,allergies"]);
    assert_eq!((status, error["code"].as_str()), (1, Some("no-keystore")));
    assert_eq!(kosha.error(["emergency-card", "show"]).1["code"], "no-emergency-card");
    assert_eq!(kosha.json(["check"])["ok"], true);
}

#[test]
fn a_newer_version_of_a_refiled_record_stays_where_it_was_filed() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    let version = |number: u32, problem: &str| {
        let bundle = json!({"resourceType": "Bundle", "type": "collection", "identifier": {"system": "https://hospital.example", "value": "7"}, "entry": [
            {"fullUrl": "https://hospital.example/Patient/1", "resource": {"resourceType": "Patient", "id": "1", "name": [{"text": "Ravi Basalt"}], "birthDate": "1950-01-02"}},
            {"fullUrl": "https://hospital.example/Condition/2", "resource": {"resourceType": "Condition", "id": "2", "meta": {"versionId": number.to_string()}, "subject": {"reference": "Patient/1"}, "code": {"text": problem}}},
        ]});
        let path = folder.path().join(format!("{number}.json"));
        std::fs::write(&path, bundle.to_string()).expect("a file");
        kosha.json(["import".as_ref(), path.as_os_str()])
    };
    version(1, "Gout");
    kosha.json(["person", "add", "Asha Marigold"]);
    let record =
        kosha.json(["timeline", "--kind", "problem"])["records"][0]["id"].as_str().expect("an id").to_owned();
    kosha.json(["refile", &record, "--to", "Asha Marigold"]);
    for (number, problem) in [(2, "Gout of the toe"), (3, "Gout of both toes")] {
        let report = version(number, problem);
        assert_eq!(report["totals"]["updated"], 1, "{report}");
        assert_eq!(titles(&kosha.json(["timeline", "--person", "Asha Marigold"])), [problem]);
    }
    assert!(titles(&kosha.json(["timeline", "--person", "Ravi Basalt"])).is_empty());
    assert_eq!(kosha.json(["show", &record])["record"]["id"], record.as_str());
    kosha.json(["refile", "--undo"]);
    assert_eq!(titles(&kosha.json(["timeline", "--person", "Ravi Basalt"])), ["Gout of both toes"]);
    assert_eq!(version(4, "Gout, gone")["totals"]["updated"], 1);
    assert_eq!(titles(&kosha.json(["timeline", "--person", "Ravi Basalt"])), ["Gout, gone"]);
}
