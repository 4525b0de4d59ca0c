//! What is wrong with a backup or a place is named, with the next step, and nothing is changed by saying so.

use kosha_tests::noise::Noise;
use kosha_tests::programs::{Kosha, copy_folder};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

struct Desk {
    folder: tempfile::TempDir,
    kosha: Kosha,
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

impl Desk {
    /// A vault with one attachment of 3 MB.
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let kosha = Kosha::init(folder.path().join("vault"));
        kosha.json(["person", "add", "Asha"]);
        let desk = Self { folder, kosha };
        desk.attach(1, 3_000_000);
        desk
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn attach(&self, seed: u64, len: u64) {
        let file = self.at("scan.bin");
        fs::write(&file, Noise::new(seed, len).bytes()).expect("a file");
        self.kosha.json(["attach", path(&file)]);
    }

    fn backup(&self, name: &str) -> PathBuf {
        let file = self.at(name);
        self.kosha.json(["backup", path(&file)]);
        file
    }

    /// A vault that is not there yet, on another machine: its anchors are its own.
    fn elsewhere(&self, name: &str) -> Kosha {
        Kosha::on(self.at(name))
    }
}

/// Code and sentence of the error, which must have status 1.
fn refused(kosha: &Kosha, words: &[&str]) -> (String, String) {
    let (status, error) = kosha.error(words);
    assert_eq!(status, 1, "{error}");
    let text = |name: &str| error[name].as_str().expect("a text").to_owned();
    (text("code"), text("message"))
}

/// Another machine on which nothing is any more.
fn forget(there: &Kosha) {
    fs::remove_dir_all(there.vault()).expect("removed");
    fs::remove_dir_all(there.anchors()).expect("removed");
}

fn records(kosha: &Kosha) -> usize {
    kosha.json(["timeline"])["records"].as_array().expect("records").len()
}

fn flip(file: &Path, at: usize) {
    let mut bytes = fs::read(file).expect("a backup");
    bytes[at] ^= 0x10;
    fs::write(file, bytes).expect("a file");
}

#[test]
fn nothing_is_added_to_a_backup_whose_middle_is_damaged() {
    let desk = Desk::new();
    let file = desk.backup("backup");
    let first = fs::read(&file).expect("a backup");
    desk.attach(2, 40_000);
    desk.kosha.json(["backup", path(&file)]);
    let second = fs::read(&file).expect("a backup");
    desk.attach(3, 40_000);
    let before = desk.kosha.events();
    // A piece of the attachment, the rows behind it, the second run: each of them is what a third one rests on.
    for at in [1_500_000, first.len() - 9_000, first.len() + 20_000, second.len() - 3_000] {
        fs::write(&file, &second).expect("a file");
        flip(&file, at);
        let damaged = fs::read(&file).expect("a backup");
        let (code, message) = refused(&desk.kosha, &["backup", path(&file)]);
        assert_eq!(code, "backup-altered", "{at}");
        assert!(message.contains("Nothing was added") && message.contains("--full"), "{message}");
        assert_eq!(fs::read(&file).expect("a backup"), damaged);
    }
    assert_eq!(desk.kosha.events(), before, "no backup was made, so the log tells of none");
    // What was advised helps.
    assert_eq!(desk.kosha.json(["backup", "--full", path(&file)])["outcome"], "replaced");
    assert_eq!(desk.kosha.json(["backup", "--verify", path(&file)])["ok"], true);
    // And what is whole is added to.
    fs::write(&file, &second).expect("a file");
    assert_eq!(desk.kosha.json(["backup", path(&file)])["outcome"], "added");
    assert_eq!(desk.kosha.json(["backup", "--verify", path(&file)])["ok"], true);
}

#[test]
fn a_damaged_beginning_is_replaced_only_where_it_still_names_the_vault() {
    let desk = Desk::new();
    let file = desk.backup("backup");
    let whole = fs::read(&file).expect("a backup");
    flip(&file, 60);
    assert!(refused(&desk.kosha, &["backup", path(&file)]).1.contains("--full"));
    assert_eq!(desk.kosha.json(["backup", "--full", path(&file)])["outcome"], "replaced");
    fs::write(&file, &whole).expect("a file");
    flip(&file, 7);
    for words in [&["backup", path(&file)][..], &["backup", "--full", path(&file)]] {
        let (code, message) = refused(&desk.kosha, words);
        assert_eq!(code, "backup-head-altered");
        assert!(message.contains("choose another file") && !message.contains("--full"), "{message}");
    }
}

#[test]
fn what_stands_behind_the_end_is_told_from_an_end_that_is_missing() {
    let desk = Desk::new();
    let file = desk.backup("backup");
    let whole = fs::read(&file).expect("a backup");
    desk.attach(2, 100_000);
    desk.kosha.json(["backup", path(&file)]);
    let two = fs::read(&file).expect("a backup");
    for tail in [&b"hello"[..], &[7; 5_000], &whole[..300]] {
        let bytes = [&whole, tail].concat();
        fs::write(&file, &bytes).expect("a file");
        let (code, message) = refused(&desk.kosha, &["backup", path(&file)]);
        assert!(code == "backup-surplus" && message.contains("--full"), "{code}: {message}");
        assert_eq!(refused(&desk.kosha, &["backup", "--verify", path(&file)]).0, "backup-surplus");
        assert_eq!(fs::read(&file).expect("a backup"), bytes, "what is not ours is not cut away");
        let there = desk.elsewhere("there");
        let (code, message) = refused(&there, &["restore", path(&file)]);
        assert!(code == "backup-surplus" && message.contains("--last-whole"), "{code}: {message}");
        there.json(["restore", "--last-whole", path(&file)]);
        assert_eq!(records(&there), 1);
        forget(&there);
    }
    // The beginning of a run, and zeros, are what a loss of power leaves: the next run goes on.
    for bytes in [two[..whole.len() + 50].to_vec(), [whole.as_slice(), &[0; 3_000]].concat()] {
        fs::write(&file, bytes).expect("a file");
        let (code, message) = refused(&desk.kosha, &["backup", "--verify", path(&file)]);
        assert!(code == "backup-unfinished" && message.contains("goes on with it"), "{code}: {message}");
        assert_eq!(desk.kosha.json(["backup", path(&file)])["outcome"], "added");
        assert_eq!(desk.kosha.json(["backup", "--verify", path(&file)])["ok"], true);
    }
    // No state is whole.
    fs::write(&file, &whole[..2_000_000]).expect("a file");
    let (code, message) = refused(&desk.kosha, &["backup", path(&file)]);
    assert!(code == "backup-cut-short" && message.contains("--full"), "{code}: {message}");
    let (code, message) = refused(&desk.elsewhere("there"), &["restore", path(&file)]);
    assert!(code == "backup-cut-short" && message.contains("another copy of the backup"), "{message}");
    assert!(!message.contains("--full"), "who restores may have no vault: {message}");
}

#[test]
fn what_stands_in_front_of_the_damage_comes_back() {
    let desk = Desk::new();
    let file = desk.backup("backup");
    let first = fs::read(&file).expect("a backup").len();
    desk.attach(2, 200_000);
    desk.kosha.json(["backup", path(&file)]);
    let second = fs::read(&file).expect("a backup");
    // Within the second run: a seal, a header, a length.
    for at in [first + 100_000, first + 5, first + 78, second.len() - 20] {
        fs::write(&file, &second).expect("a file");
        flip(&file, at);
        let there = desk.elsewhere("there");
        let (code, message) = refused(&there, &["restore", path(&file)]);
        assert!(code.starts_with("backup-") && !message.contains("--full"), "{message}");
        assert!(message.contains("--last-whole"), "{at}: {message}");
        let restored = there.json(["restore", "--last-whole", path(&file)]);
        assert_eq!(restored["restored"]["backup"]["runs"], 1);
        assert_eq!(records(&there), 1);
        forget(&there);
    }
    flip(&file, 1_500_000);
    let (code, message) = refused(&desk.elsewhere("there"), &["restore", "--last-whole", path(&file)]);
    assert_eq!(code, "backup-altered");
    assert!(message.contains("another copy") && !message.contains("--last-whole"), "{message}");
}

#[test]
fn a_later_format_is_named() {
    let desk = Desk::new();
    let file = desk.backup("backup");
    let mut bytes = fs::read(&file).expect("a backup");
    bytes[4] = 7;
    fs::write(&file, bytes).expect("a file");
    for (kosha, command) in [(&desk.kosha, "backup"), (&desk.elsewhere("there"), "restore")] {
        let (code, message) = refused(kosha, &[command, path(&file)]);
        assert_eq!(code, "newer-backup");
        assert!(message.contains("format 7") && message.contains("Update Kosha"), "{message}");
    }
}

#[test]
fn a_vault_that_is_beyond_opening_is_put_aside_by_what_is_advised() {
    let desk = Desk::new();
    let file = desk.backup("backup");
    let vault = desk.kosha.vault();
    let whole = desk.at("whole");
    copy_folder(vault, &whole);
    let database = vault.join("vault.db");
    let spoil: [&dyn Fn(); 3] = [
        &|| fs::write(&database, b"").expect("emptied"),
        &|| fs::remove_file(&database).expect("removed"),
        &|| fs::write(&database, Noise::new(5, 9_000).bytes()).expect("overwritten"),
    ];
    for spoil in spoil {
        fs::remove_dir_all(vault).expect("removed");
        copy_folder(&whole, vault);
        spoil();
        for words in [&["init"][..], &["timeline"], &["restore", path(&file)]] {
            let (code, message) = refused(&desk.kosha, words);
            assert!(["vault-exists", "not-a-vault"].contains(&code.as_str()), "{words:?}: {code}");
            assert!(message.contains("--replace") && message.contains("aside"), "{message}");
        }
        let restored = desk.kosha.json(["restore", "--replace", path(&file)]);
        let aside = Path::new(restored["restored"]["replaced"].as_str().expect("a folder"));
        assert!(aside.join("files").is_dir(), "the old folder is kept");
        assert_eq!((records(&desk.kosha), desk.kosha.json(["check"])["ok"].as_bool()), (1, Some(true)));
    }
    // What is no vault is neither called one nor moved.
    let letters = desk.elsewhere("letters");
    fs::create_dir(letters.vault()).expect("a folder");
    fs::write(letters.vault().join("letter.txt"), b"mine").expect("a file");
    for words in [&["init"][..], &["timeline"], &["restore", "--replace", path(&file)]] {
        assert_eq!(refused(&letters, words).0, "other-files", "{words:?}");
    }
    assert_eq!(fs::read(letters.vault().join("letter.txt")).expect("a file"), b"mine");
}

#[cfg(unix)]
#[test]
fn a_link_to_the_vaults_folder_stays_and_what_it_leads_to_is_the_vault() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    let file = desk.backup("backup");
    let leads_to = |link: &Path, target: &Path| assert_eq!(fs::read_link(link).expect("a link"), target);

    // To an empty folder: a vault is made there, and restored there.
    for (number, words) in [&["init"][..], &["restore", path(&file)]].into_iter().enumerate() {
        let (target, link) = (desk.at(&format!("target{number}")), desk.at(&format!("link{number}")));
        fs::create_dir(&target).expect("a folder");
        symlink(&target, &link).expect("a link");
        let kosha = Kosha::on(&link);
        kosha.json(words);
        leads_to(&link, &target);
        assert!(target.join("vault.db").exists());
        assert_eq!(records(&kosha), number);
    }
    // To a vault, by a path of its own folder, and by a link to a link.
    let (target, link, second) = (desk.at("target1"), desk.at("relative"), desk.at("second"));
    symlink("target1", &link).expect("a link");
    symlink(&link, &second).expect("a link");
    let kosha = Kosha::on(&second);
    assert_eq!(refused(&kosha, &["restore", path(&file)]).0, "vault-exists");
    fs::write(target.join("files/mark"), b"the old one").expect("a file");
    let restored = kosha.json(["restore", "--replace", path(&file)]);
    let aside = PathBuf::from(restored["restored"]["replaced"].as_str().expect("a folder"));
    assert_eq!(fs::read(aside.join("files/mark")).expect("kept"), b"the old one");
    assert_eq!(aside.parent(), target.canonicalize().expect("there").parent(), "beside what is replaced");
    assert!(!target.join("files/mark").exists());
    leads_to(&link, Path::new("target1"));
    leads_to(&second, &link);
    assert_eq!(records(&kosha), 1);
    kosha.json(["backup", path(&desk.at("through a link"))]);
    assert_eq!(kosha.json(["restore", "--discard-old"])["removed"], 1);
    assert!(!aside.exists());

    // To nothing, or round in a circle: said, and nothing is made.
    let circle = desk.at("circle");
    symlink(&circle, &circle).expect("a link");
    let nowhere = desk.at("nowhere");
    symlink(desk.at("gone"), &nowhere).expect("a link");
    for link in [&circle, &nowhere] {
        let kosha = Kosha::on(link);
        let commands: [&[&str]; 4] =
            [&["init"], &["timeline"], &["restore", path(&file)], &["restore", "--replace", path(&file)]];
        for words in commands {
            assert_eq!(refused(&kosha, words).0, "dangling-link", "{words:?}");
        }
        assert_eq!(refused(&desk.kosha, &["backup", path(link)]).0, "dangling-link");
        assert!(!desk.at("gone").exists());
    }
    // A backup behind a link is replaced there.
    let link = desk.at("backup link");
    symlink(&file, &link).expect("a link");
    assert_eq!(desk.kosha.json(["backup", "--full", path(&link)])["outcome"], "replaced");
    leads_to(&link, &file);
    assert_eq!(desk.kosha.json(["backup", "--verify", path(&file)])["ok"], true);
}

#[test]
fn nothing_goes_into_the_vaults_own_folder() {
    let desk = Desk::new();
    let vault = desk.kosha.vault();
    let before = desk.kosha.events();
    let mut places = vec![vault.join("backup"), vault.join("files/backup"), vault.join("files/../backup")];
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(vault, desk.at("link")).expect("a link");
        std::os::unix::fs::symlink(vault.join("files"), desk.at("inner")).expect("a link");
        places.extend([desk.at("link/backup"), desk.at("inner/backup")]);
    }
    for place in &places {
        assert_eq!(refused(&desk.kosha, &["backup", path(place)]).0, "inside-vault", "{place:?}");
    }
    places.push(vault.join("not/there/yet"));
    places.push(desk.at("not/there/../../vault/there"));
    for place in &places {
        assert_eq!(refused(&desk.kosha, &["export", "--yes", path(place)]).0, "inside-vault", "{place:?}");
    }
    let inside = |words: &[&str]| {
        let output = desk.kosha.command(["--json"]).args(words).current_dir(vault).output().expect("it runs");
        let error: Value = serde_json::from_slice(&output.stderr).expect("one JSON document");
        error["error"]["code"].as_str().expect("a code").to_owned()
    };
    assert_eq!(inside(&["backup", "backup"]), "inside-vault");
    assert_eq!(inside(&["--vault", ".", "export", "--yes", "everything"]), "inside-vault");
    assert_eq!(desk.kosha.events(), before);
    let names = fs::read_dir(vault).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    assert!(names.into_iter().all(|name| {
        ["vault.db", "lock", "files", "index", "search"]
            .iter()
            .any(|known| name.to_string_lossy().starts_with(known))
    }));
    // Beside it is another place, also where the name begins alike.
    desk.backup("vault backup");
    desk.kosha.json(["export", "--yes", path(&desk.at("vault2"))]);
}

#[test]
fn what_is_missing_is_named_for_what_it_is() {
    let desk = Desk::new();
    let file = desk.backup("backup");
    let there = desk.elsewhere("there");
    let codes = [
        (refused(&desk.kosha, &["backup", path(&desk.at("no folder/backup"))]), "backup-no-folder"),
        (refused(&desk.kosha, &["backup", path(&file.join("backup"))]), "backup-no-folder"),
        (refused(&desk.kosha, &["backup", path(desk.folder.path())]), "backup-is-folder"),
        (refused(&there, &["backup", "--verify", path(&desk.at("none"))]), "backup-not-found"),
        (refused(&there, &["restore", path(&desk.at("none"))]), "backup-not-found"),
        (refused(&desk.elsewhere("no folder/vault"), &["init"]), "no-such-folder"),
        (refused(&desk.elsewhere("no folder/vault"), &["restore", path(&file)]), "no-such-folder"),
    ];
    for ((code, message), expected) in codes {
        assert_eq!(code, expected);
        assert!(!message.contains("vault's files") && !message.contains("no folder"), "{message}");
    }
    let output = there
        .command(["--json", "backup", "--verify", path(&file)])
        .env("TMPDIR", desk.at("no folder"))
        .output()
        .expect("it runs");
    let error: Value = serde_json::from_slice(&output.stderr).expect("one JSON document");
    assert_eq!(error["error"]["code"], "no-scratch");
    assert!(error["error"]["message"].as_str().expect("a text").contains("TMPDIR"));
}
