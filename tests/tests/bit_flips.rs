//! One bit flipped anywhere in a vault is named, or changes nothing that a person can read.

use kosha_crypto::SystemEntropy;
use kosha_tests::faults::rounds;
use kosha_tests::generator::Dice;
use kosha_tests::keystore::OpenKeystore;
use kosha_tests::programs::{files_below, samples};
use kosha_tests::wallets::vault_with;
use kosha_vault::{Env, Unlock, Vault};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn flips() -> usize {
    rounds(1_000, 100_000)
}

/// Everything that can be read out of a vault, or the first thing that is named as wrong.
fn export(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let env = Env { entropy: Arc::new(SystemEntropy) };
    let vault =
        Vault::open(folder, Unlock::Device(&OpenKeystore, "test"), env).map_err(|error| error.to_string())?;
    let report = vault.check(&mut |_, _| {}).map_err(|error| error.to_string())?;
    if let Some(problem) = report.problems.first() {
        return Err(problem.to_string());
    }
    let mut out = BTreeMap::new();
    for person in vault.persons() {
        out.insert(format!("person {}", person.id), person.profile.clone());
    }
    let entries: Vec<_> =
        vault.index().iter().map(|entry| (entry.id(), entry.title().to_owned(), entry.document())).collect();
    for (id, title, document) in entries {
        let body = vault.body(id).map_err(|error| error.to_string())?;
        out.insert(format!("record {id} {title}"), body.resource.to_vec());
        // One document holds many records.
        if let Some(document) = document
            && let Entry::Vacant(place) = out.entry(format!("document {document}"))
        {
            let mut bytes = Vec::new();
            vault.document_to(document, &mut bytes).map_err(|error| error.to_string())?;
            place.insert(bytes);
        }
    }
    for entry in vault.log(None, 1_000).map_err(|error| error.to_string())? {
        out.insert(format!("log {}", entry.index), format!("{} {}", entry.event, entry.detail).into_bytes());
    }
    Ok(out)
}

#[test]
fn each_is_named_or_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("vault");
    drop(vault_with(&made, &[samples()]));
    let whole = export(&made).expect("the vault is whole");
    assert!(whole.len() > 180, "{}", whole.len());
    let vault = Held::read(&made);

    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let (named, harmless) = std::thread::scope(|scope| {
        let running: Vec<_> = (0..workers)
            .map(|worker| {
                let (vault, whole) = (&vault, &whole);
                let share = flips() / workers + usize::from(worker < flips() % workers);
                scope.spawn(move || flip_bits(vault, whole, 77 + worker as u64, share))
            })
            .collect();
        running
            .into_iter()
            .map(|worker| worker.join().expect("a worker"))
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    });
    println!("{} flips: {named} named, {harmless} harmless beside those in snapshots, none unseen", flips());
    assert!(named > harmless, "most of a vault is sealed content");
}

/// The files of a vault, in memory.
struct Held(Vec<(PathBuf, Vec<u8>)>);

impl Held {
    fn read(folder: &Path) -> Self {
        let files = files_below(folder).into_iter().map(|file| {
            let bytes = std::fs::read(&file).expect("a file");
            (file.strip_prefix(folder).expect("below").to_owned(), bytes)
        });
        Self(files.collect())
    }

    /// Puts them into a folder, where nothing else stays.
    fn write(&self, folder: &Path) {
        for file in files_below(folder) {
            std::fs::remove_file(file).expect("removed");
        }
        for (name, bytes) in &self.0 {
            let file = folder.join(name);
            std::fs::create_dir_all(file.parent().expect("a parent")).expect("a folder");
            std::fs::write(file, bytes).expect("a file");
        }
    }

    /// A place in a file that is not empty. Small files get their share: a third of the flips go to files chosen evenly,
    /// the others by size.
    fn place(&self, flip: usize, dice: &mut Dice) -> (&Path, &[u8], usize) {
        let files: Vec<_> = self.0.iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
        let (name, bytes) = if flip.is_multiple_of(3) {
            *dice.pick(&files)
        } else {
            let mut at = dice.below(files.iter().map(|(_, bytes)| bytes.len()).sum());
            *files
                .iter()
                .find(|(_, bytes)| {
                    let here = at < bytes.len();
                    at = at.wrapping_sub(bytes.len());
                    here
                })
                .expect("within the sum")
        };
        (name, bytes, dice.below(bytes.len()))
    }
}

/// So many flips, each in a fresh copy of the vault; how many were named, how many changed nothing.
fn flip_bits(vault: &Held, whole: &BTreeMap<String, Vec<u8>>, seed: u64, flips: usize) -> (usize, usize) {
    // In memory where the machine has such a folder: nothing here is about a disk.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a folder");
    let work = folder.path();
    let mut dice = Dice::new(seed);
    let (mut named, mut harmless) = (0, 0);
    for flip in 0..flips {
        vault.write(work);
        let (name, bytes, at) = vault.place(flip, &mut dice);
        let bit = dice.below(8);
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 1 << bit;
        std::fs::write(work.join(name), &flipped).expect("a file");
        match export(work) {
            Err(_) => named += 1,
            Ok(found) => {
                let shown = name.display();
                assert!(found == *whole, "bit {bit} of byte {at} in {shown} changed the content unseen");
                // Snapshots of what was in memory are never needed: they say nothing of how well the rest is sealed.
                harmless += usize::from(name != Path::new("index") && name != Path::new("search"));
            }
        }
    }
    (named, harmless)
}
