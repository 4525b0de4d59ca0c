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
