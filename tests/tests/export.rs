//! The right to leave: everything in a folder, as others can read it, and back again.

use kosha::{LockedWallet, Unlock};
use kosha_tests::canary::Canaries;
use kosha_tests::generator::{STYLES, bundle};
use kosha_tests::programs::{Kosha, PASSPHRASE, files_below, samples};
use kosha_tests::wallets::environment;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn records(kosha: &Kosha) -> Vec<Value> {
    kosha.json(["timeline", "--limit", "5000"])["records"].as_array().expect("records").clone()
}

/// Records by their own bytes: how many of each.
fn originals(kosha: &Kosha) -> BTreeMap<Vec<u8>, usize> {
    let listed = records(kosha);
    let session = LockedWallet::open(kosha.vault(), environment())
        .and_then(|wallet| wallet.unlock(&Unlock::Passphrase(PASSPHRASE.as_bytes())))
        .expect("a session");
    let mut found = BTreeMap::new();
    for record in listed {
        let mut bytes = Vec::new();
        session.original_to(record["id"].as_str().expect("an id"), &mut bytes).expect("a record");
        assert!(!bytes.is_empty());
        *found.entry(bytes).or_default() += 1;
    }
    found
}

#[test]
fn what_was_written_comes_in_again_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    kosha.json(["import", path(&samples())]);
    let out = folder.path().join("out");
    let exported = kosha.json(["export", "--yes", path(&out)]);
    assert_eq!(exported["unreadable"], Value::Array(Vec::new()));
    assert!(exported["documents"].as_u64() > Some(0) && exported["bundled"] == 0, "{exported}");

    // Each file that came in, byte for byte.
    let bytes = |folder: &Path| -> BTreeSet<Vec<u8>> {
        files_below(folder).iter().map(|file| std::fs::read(file).expect("a file")).collect()
    };
    let came_in: BTreeSet<Vec<u8>> = files_below(&samples())
        .iter()
        .filter(|file| file.extension().is_some_and(|ending| ending == "json"))
        .map(|file| std::fs::read(file).expect("a file"))
        .collect();
    assert_eq!(bytes(&out.join("fhir")), came_in);

    let again = Kosha::init(folder.path().join("again"));
    let imported = again.run(["import", path(&out.join("fhir"))]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stdout));
    assert_eq!(originals(&again), originals(&kosha));
    // The whole folder too: the page, the log and the attachments in it are no failure.
    let whole = Kosha::init(folder.path().join("whole"));
    let imported = whole.run(["import", path(&out)]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stdout));
    let report: Value = serde_json::from_slice(&imported.stdout).expect("a report");
    let logs = |report: &Value, list: &str| {
        let files = report["files"].as_array().expect("files").iter();
        files.filter(|file| file[list][0]["reason"] == "own-log").count()
    };
    assert_eq!((logs(&report, "skipped"), logs(&report, "refused")), (1, 0));
    let named = whole.run(["import", path(&out.join("log.json"))]);
    assert_eq!(named.status.code(), Some(1), "named by itself it is no file of records");
    assert_eq!(logs(&serde_json::from_slice(&named.stdout).expect("a report"), "refused"), 1);
    // What only begins like one, or is cut, may be a damaged record, and is refused.
    let log = std::fs::read_to_string(out.join("log.json")).expect("the log");
    let record = log.replacen("\"entries\"", "\"resourceType\":\"Patient\",\"entries\"", 1);
    assert_ne!(record, log);
    for (name, text) in [("record", record.as_str()), ("cut", &log[..log.len() - 5])] {
        let like = folder.path().join(name);
        std::fs::create_dir(&like).expect("a folder");
        std::fs::write(like.join("log.json"), text).expect("a file");
        let output = whole.run(["import", path(&like)]);
        let told: Value = serde_json::from_slice(&output.stdout).expect("a report");
        assert_eq!(logs(&told, "skipped") + logs(&told, "refused"), 0, "{name}: {told}");
    }
    assert_eq!(
        again.json(["persons"])["persons"].as_array().map(Vec::len),
        exported["persons"].as_u64().and_then(|count| usize::try_from(count).ok())
    );
    let out_again = folder.path().join("out-again");
    again.json(["export", "--yes", path(&out_again)]);
    for part in ["fhir", "attachments"] {
        assert!(!bytes(&out.join(part)).is_empty());
        assert_eq!(bytes(&out_again.join(part)), bytes(&out.join(part)), "{part}");
    }

    // The log says so, before and after; with what it takes to verify it.
    let events = kosha.events();
    assert!(events.ends_with(&["exported", "delivered"].map(str::to_owned)), "{events:?}");
    let written: Value =
        serde_json::from_slice(&std::fs::read(out.join("log.json")).expect("a log")).expect("JSON");
    let count = written["entries"].as_array().expect("entries").len();
    assert!(written["checkpoint"].as_str().expect("a note").lines().nth(1) == Some(&count.to_string()));

    // A page without scripts, in which no name of a file tells anything.
    let page = std::fs::read_to_string(out.join("index.html")).expect("a page");
    assert!(!page.contains("<script") && page.contains("<html lang=\"en\">") && page.contains("<caption>"));
    for record in records(&kosha) {
        let title = record["title"]
            .as_str()
            .expect("a title")
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;")
            .replace('\'', "&#39;");
        assert!(page.contains(&title), "{title}");
    }
    for file in files_below(&out) {
        let name = file.strip_prefix(&out).expect("below").to_str().expect("UTF-8").to_owned();
        let neutral = |name: &str| {
            name.trim_start_matches("person-").trim_end_matches("-own").chars().all(|c| c.is_ascii_digit())
        };
        let stem = name.split('/').next_back().expect("a name").split('.').next().expect("a stem");
        assert!(neutral(stem) || ["index", "log"].contains(&stem), "{name}");
    }

    // Never into what holds something; never without a word.
    let (status, error) = kosha.error(["export", "--yes", path(&out)]);
    assert_eq!((status, error["code"].as_str()), (1, Some("not-empty")));
    let (status, error) = kosha.error(["export", path(&folder.path().join("third"))]);
    assert_eq!((status, error["code"].as_str()), (2, Some("not-agreed")));
    assert!(!folder.path().join("third").exists());
}

#[test]
fn what_was_added_by_hand_comes_back_to_whom_it_belongs_and_old_versions_stay_old() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    for name in ["Asha Rao", "Ravi Rao"] {
        kosha.json(["person", "add", name]);
    }
    let scan = folder.path().join("scan.txt");
    std::fs::write(&scan, "a scan of Ravi's knee").expect("a file");
    let attach = |title: &str| kosha.json(["attach", path(&scan), "--person", "Ravi Rao", "--title", title]);
    attach("Knee");
    attach("Left knee");
    let id = records(&kosha)[0]["id"].as_str().expect("an id").to_owned();
    kosha.json(["refile", &id, "--to", "Asha Rao"]);
    kosha.json(["refile", "--undo"]);
    let out = folder.path().join("out");
    kosha.json(["export", "--yes", path(&out)]);
    let names: BTreeSet<String> = files_below(&out)
        .iter()
        .map(|file| file.strip_prefix(&out).expect("below").display().to_string())
        .collect();
    assert!(names.contains("fhir/person-2-own.json") && names.contains("earlier/person-2.json"), "{names:?}");

    let again = Kosha::init(folder.path().join("again"));
    again.json(["person", "add", "Asha Rao"]);
    let imported = again.run(["import", path(&out)]);
    assert!(imported.status.success(), "{}", String::from_utf8_lossy(&imported.stdout));
    let come = records(&again);
    assert_eq!(come.len(), 1, "{come:?}");
    assert_eq!(come[0]["title"], "Left knee");
    let ravi = again.json(["persons"])["persons"].as_array().expect("persons").clone();
    let ravi = ravi.iter().find(|person| person["name"] == "Ravi Rao").expect("Ravi");
    assert_eq!(come[0]["person"], ravi["id"]);
}

#[test]
fn one_persons_copy_holds_nothing_of_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    let person = |name: &str, birth: &str, number: u32| {
        let url = format!("urn:uuid:00000000-0000-4000-8000-{number:012}");
        format!(
            r#"{{"fullUrl":"{url}","resource":{{"resourceType":"Patient","id":"p{number}","identifier":[{{"system":"https://hospital.example/id","value":"N{number}"}}],"name":[{{"text":"{name}"}}],"birthDate":"{birth}"}}}},
{{"fullUrl":"{url}1","resource":{{"resourceType":"Condition","id":"c{number}","clinicalStatus":{{"coding":[{{"code":"active"}}]}},"code":{{"text":"Canaryitis of {name} <b>"}},"subject":{{"reference":"{url}"}}}}}}"#
        )
    };
    let collection = |entries: &[String]| {
        format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(",\n"))
    };
    let asha = person("Asha Raghunathan", "1980-02-03", 1);
    let ravi = person("Ravindranath Pillai", "2010-05-06", 2);
    let write = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).expect("a file");
        kosha.json(["import", path(&file)]);
    };
    write("Raghunathan-a.json", &collection(std::slice::from_ref(&asha)));
    write(
        "both.json",
        &collection(&[asha.clone(), ravi.clone()])
            .replace("\"c1\"", "\"c1b\"")
            .replace("of Asha", "again of Asha"),
    );
    write("Pillai-b.json", &collection(&[ravi]));
    assert_eq!(kosha.json(["persons"])["persons"].as_array().map(Vec::len), Some(2));

    let out = folder.path().join("out");
    let report = kosha.json(["export", "--yes", "--person", "Asha Raghunathan", path(&out)]);
    assert_eq!((report["persons"].as_u64(), report["documents"].as_u64()), (Some(1), Some(1)), "{report}");
    assert!(report["bundled"].as_u64() > Some(0), "{report}");
    Canaries::new(["Ravindranath", "Pillai-b", "2010-05-06"]).absent_below(&out);
    assert!(!out.join("log.json").exists(), "the log tells of everyone");
    let page = std::fs::read_to_string(out.join("index.html")).expect("a page");
    assert!(page.contains("Canaryitis of Asha Raghunathan &lt;b&gt;"));

    // What is in it is everything of hers.
    let again = Kosha::init(folder.path().join("again"));
    again.json(["import", path(&out.join("fhir"))]);
    let titles = |kosha: &Kosha| -> BTreeSet<String> {
        records(kosha).iter().map(|record| record["title"].as_str().expect("a title").to_owned()).collect()
    };
    let hers: BTreeSet<String> = titles(&kosha).into_iter().filter(|title| title.contains("Asha")).collect();
    assert!(hers.len() >= 2 && titles(&again).is_superset(&hers), "{hers:?} {:?}", titles(&again));
}

#[test]
fn many_styles_of_source_come_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    let files = folder.path().join("files");
    std::fs::create_dir(&files).expect("a folder");
    for (number, style) in STYLES.iter().enumerate() {
        std::fs::write(files.join(format!("{number}.json")), bundle(*style, number as u64, 25))
            .expect("a file");
    }
    kosha.json(["import", path(&files)]);
    let out = folder.path().join("out");
    kosha.json(["export", "--yes", path(&out)]);
    let again = Kosha::init(folder.path().join("again"));
    assert!(again.run(["import", path(&out.join("fhir"))]).status.success());
    assert_eq!(originals(&again), originals(&kosha));
}

#[test]
fn a_file_that_stands_within_its_record_is_written_as_a_file_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    let letter = folder.path().join("letter.json");
    let text = r#"{"resourceType":"DocumentReference","status":"current","subject":{"display":"Asha Marigold"},
        "content":[{"attachment":{"contentType":"application/pdf","title":"Letter of March","data":"JVBERi0x\r\nLjQK"}}]}"#;
    std::fs::write(&letter, text).expect("a file");
    kosha.json(["import", path(&letter)]);
    let out = folder.path().join("out");
    assert_eq!(kosha.json(["export", "--yes", path(&out)])["attachments"], 1);
    assert_eq!(std::fs::read(out.join("attachments/000001.pdf")).expect("a file"), b"%PDF-1.4\n");
    let page = std::fs::read_to_string(out.join("index.html")).expect("a page");
    assert!(page.contains("href=\"attachments/000001.pdf\"") && page.contains("Letter of March"), "{page}");
}
