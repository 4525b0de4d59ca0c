//! A vault of every format there ever was opens, is whole, gives back what went in, and can be written to.
//!
//! `fixtures/vaults/<format>` is such a vault, as a program of its day left it; `fixtures/README.md` says what is in it.

use kosha_tests::programs::{Kosha, copy_folder, root, samples};
use std::path::PathBuf;

fn frozen() -> Vec<PathBuf> {
    let folder = root().join("tests/fixtures/vaults");
    let mut vaults: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the fixtures")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    vaults.sort();
    vaults
}

#[test]
fn frozen_vaults_open_and_go_on() {
    let vaults = frozen();
    assert!(!vaults.is_empty());
    for vault in vaults {
        let folder = tempfile::tempdir().expect("a folder");
        let copy = folder.path().join("vault");
        copy_folder(&vault, &copy);
        let kosha = Kosha::on(&copy);
        let check = kosha.json(["check"]);
        assert_eq!((&check["ok"], &check["records"]), (&true.into(), &85.into()), "{}", vault.display());

        // The two files are known byte for byte, and come out byte for byte.
        for name in ["kaveri-general-hospital.json", "sundaram-family-clinic.json"] {
            let file = samples().join(name);
            let again = kosha.json(["import".as_ref(), file.as_os_str()]);
            assert_eq!(again["totals"]["duplicate"], again["totals"]["entries"]);
            let document = again["files"][0]["document"].as_str().expect("an id");
            let whole = kosha.run(["show", document, "--document"]).stdout;
            assert!(whole == std::fs::read(&file).expect("a sample"), "{name} of {}", vault.display());
        }
        assert!(!kosha.json(["search", "blood"])["records"].as_array().expect("records").is_empty());

        let file = samples().join("lakeside-diagnostics.json");
        let more = kosha.json(["import".as_ref(), file.as_os_str()]);
        assert!(more["totals"]["stored"].as_u64().expect("a count") > 50);
        assert_eq!(kosha.json(["check"])["ok"], true);
    }
}
