//! A vault of which only a part can be used: where nothing can be written, and after its database was cut.

use kosha_tests::mounts::Mount;
use kosha_tests::programs::{Kosha, files_below, samples};

#[test]
fn where_nothing_can_be_written_everything_is_read_and_writing_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let kosha = Kosha::init(folder.path().join("vault"));
    kosha.json(["import".as_ref(), samples().as_os_str()]);
    let timeline = kosha.json(["timeline"]);
    let id = timeline["records"][0]["id"].as_str().unwrap();
    let bytes = || -> Vec<_> {
        files_below(kosha.vault()).iter().map(|file| (file.clone(), std::fs::read(file).unwrap())).collect()
    };
    let before = bytes();
    let Some(mounted) = Mount::read_only(kosha.vault(), &folder.path().join("mounted")) else { return };
    let there = Kosha::on(mounted.path());
    assert_eq!(there.json(["timeline"])["records"], timeline["records"]);
    for words in [&["show", id][..], &["search", "a"], &["log"], &["persons"]] {
        assert_eq!(there.json(words), kosha.json(words), "{words:?}");
    }
    assert_eq!(there.json(["check"])["ok"], true);
    let file = samples();
    let file = file.to_str().unwrap();
    for words in [&["import", file][..], &["delete", id, "--yes"], &["rotate"], &["person", "add", "Mina"]] {
        let (status, error) = there.error(words);
        assert_eq!((status, error["code"].as_str()), (1, Some("read-only")), "{words:?}");
    }
    drop(mounted);
    assert!(bytes() == before, "nothing was changed");
}

#[test]
fn check_names_what_a_cut_database_lost_and_the_rest_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let kosha = Kosha::init(folder.path().join("vault"));
    kosha.json(["import".as_ref(), samples().as_os_str()]);
    let all = kosha.json(["timeline", "--limit", "500"])["records"].as_array().unwrap().len();
    let database = kosha.vault().join("vault.db");
    let whole = std::fs::read(&database).unwrap();
    std::fs::write(&database, &whole[..whole.len() / 8192 * 4096]).unwrap();
    let output = kosha.run(["check"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let problems = report["problems"].as_array().unwrap();
    let named = |word: &str| problems.iter().any(|problem| problem["place"].as_str().unwrap().contains(word));
    assert!(report["ok"] == false && named("pages"), "{report}");
    let left = kosha.json(["timeline", "--limit", "500"])["records"].as_array().unwrap().len();
    assert!(left > 0 && left < all, "{left} of {all}");
    assert!(!kosha.json(["search", "a"])["records"].as_array().unwrap().is_empty());
    assert_eq!(kosha.error(["import", samples().to_str().unwrap()]).1["code"], "damaged");
}
