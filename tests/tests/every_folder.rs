//! Every folder of outside data: imported, accounted for entry by entry, known the second time, and
//! given back byte for byte.

use kosha_tests::programs::{Kosha, samples, test_data};
use serde_json::Value;
use std::io::Read as _;
use std::path::{Path, PathBuf};

fn folders() -> Vec<PathBuf> {
    let mut folders = vec![samples()];
    if let Some(data) = test_data() {
        collect(&data, &mut folders);
    }
    folders
}

/// The uppermost folders that hold files themselves.
fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let is_told_of = |path: &Path| ["README.md", "SOURCES.txt"].iter().any(|name| path.ends_with(name));
    if entries.iter().any(|path| path.is_file() && !is_told_of(path)) {
        // An import takes all that is below, so the folders below need no turn of their own.
        found.push(folder.to_path_buf());
        return;
    }
    for path in entries.iter().filter(|path| path.is_dir()) {
        collect(path, found);
    }
}

fn count(value: &Value) -> u64 {
    value.as_u64().or_else(|| value.as_array().map(|list| list.len() as u64)).expect("a count or a list")
}

/// `stored + updated + duplicate + skipped + refused = entries`, and the totals are the sums of the files.
fn accounted(report: &Value) {
    let totals = &report["totals"];
    let parts = ["stored", "updated", "duplicate", "skipped", "refused"];
    let sum: u64 = parts.iter().map(|part| count(&totals[part])).sum();
    assert_eq!(sum, count(&totals["entries"]), "{totals}");
    let files = report["files"].as_array().expect("files");
    assert_eq!(files.len() as u64, count(&totals["files"]));
    for part in parts {
        let sum: u64 = files.iter().map(|file| count(&file[part])).sum();
        assert_eq!(sum, count(&totals[part]), "{part}");
    }
    for file in files {
        for list in ["skipped", "refused", "warnings"] {
            for one in file[list].as_array().expect("a list") {
                assert!(one["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{one}");
                assert!(!one["entry"].is_null(), "{one}");
            }
        }
    }
}

/// The bytes of a file, or of what is below an archive.
fn file_or_member(path: &Path) -> Vec<u8> {
    let archive = path.ancestors().find(|above| above.is_file()).expect("a file");
    let inner = path.strip_prefix(archive).expect("a part").to_string_lossy().into_owned();
    if inner.is_empty() {
        return std::fs::read(path).expect("the file");
    }
    let mut archive = zip::ZipArchive::new(std::fs::File::open(archive).expect("it opens")).expect("a zip");
    let mut bytes = Vec::new();
    archive.by_name(&inner).expect("a member").read_to_end(&mut bytes).expect("it unpacks");
    bytes
}

fn import(kosha: &Kosha, folder: &Path) -> Value {
    let output = kosha.run(["import".as_ref(), folder.as_os_str()]);
    // 1: nothing in the folder could be taken; the report says why all the same.
    assert!(
        matches!(output.status.code(), Some(0 | 1 | 3)),
        "{}: {}",
        folder.display(),
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

#[test]
fn nothing_is_lost_and_files_come_back_as_they_were() {
    let place = tempfile::tempdir().expect("a folder");
    for (number, folder) in folders().into_iter().enumerate() {
        let kosha = Kosha::init(place.path().join(number.to_string()));
        let first = import(&kosha, &folder);
        accounted(&first);
        let second = import(&kosha, &folder);
        accounted(&second);
        assert_eq!(count(&second["totals"]["stored"]), 0, "{}", folder.display());
        assert_eq!(count(&second["totals"]["updated"]), 0, "{}", folder.display());
        assert_eq!(
            count(&second["totals"]["entries"]),
            count(&first["totals"]["entries"]),
            "{}",
            folder.display()
        );

        let mut given_back = 0;
        for file in first["files"].as_array().expect("files") {
            let taken = count(&file["stored"]) + count(&file["updated"]) + count(&file["duplicate"]) > 0;
            let how: &[&str] = match (file["document"].as_str(), file["record"].as_str()) {
                (Some(document), _) => &[document, "--document"],
                // A letter or a picture.
                (None, Some(record)) => &[record, "--attachment", "1"],
                (None, None) => {
                    assert!(!taken, "{file} was taken and is not there");
                    continue;
                }
            };
            let path = PathBuf::from(file["file"].as_str().expect("a name"));
            let path = if path.is_absolute() { path } else { folder.join(path) };
            let shown = kosha.command(std::iter::once(&"show").chain(how)).output().expect("kosha starts");
            assert!(shown.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&shown.stderr));
            assert!(shown.stdout == file_or_member(&path), "{} came back changed", path.display());
            given_back += 1;
        }
        let check = kosha.json(["check"]);
        assert_eq!(check["ok"], true, "{}: {check}", folder.display());
        println!(
            "{}: {} files, {given_back} given back, {}",
            folder.display(),
            first["totals"]["files"],
            first["totals"]
        );
    }
}
