//! One bit flipped anywhere in a vault is named, or changes nothing that a person can read.

use kosha_crypto::SystemEntropy;
use kosha_tests::generator::Dice;
use kosha_tests::keystore::OpenKeystore;
use kosha_tests::programs::{copy_folder, files_below, samples};
use kosha_tests::wallets::vault_with;
use kosha_vault::{Env, Unlock, Vault};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

fn flips() -> usize {
    if std::env::var_os("KOSHA_TORTURE").is_some() { 20_000 } else { 1_000 }
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
        if let Some(document) = document {
            let mut bytes = Vec::new();
            vault.document_to(document, &mut bytes).map_err(|error| error.to_string())?;
            out.insert(format!("document {document}"), bytes);
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

    // Two workers, each with a copy of its own.
    let (named, harmless) = std::thread::scope(|scope| {
        let workers = [0, 1].map(|worker| {
            let (made, whole, work) = (&made, &whole, folder.path().join(format!("work-{worker}")));
            scope.spawn(move || flip_bits(made, &work, whole, 77 + worker, flips() / 2))
        });
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker"))
            .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
    });
    println!("{named} named, {harmless} harmless");
    assert!(named > harmless, "most of a vault is sealed content");
}

/// So many flips, each in a fresh copy of the vault; how many were named, how many changed nothing.
fn flip_bits(
    made: &Path,
    work: &Path,
    whole: &BTreeMap<String, Vec<u8>>,
    seed: u64,
    flips: usize,
) -> (usize, usize) {
    let mut dice = Dice::new(seed);
    let (mut named, mut harmless) = (0, 0);
    for flip in 0..flips {
        let _ = std::fs::remove_dir_all(work);
        copy_folder(made, work);
        let files: Vec<_> = files_below(work)
            .into_iter()
            .filter(|file| file.metadata().is_ok_and(|about| about.len() > 0))
            .collect();
        // Small files get their share: a third of the flips go to files chosen evenly, the others by size.
        let file = if flip % 3 == 0 { dice.pick(&files).clone() } else { by_size(&files, &mut dice) };
        let mut bytes = std::fs::read(&file).expect("a file");
        let (at, bit) = (dice.below(bytes.len()), dice.below(8));
        bytes[at] ^= 1 << bit;
        std::fs::write(&file, &bytes).expect("a file");
        match export(work) {
            Err(_) => named += 1,
            Ok(found) => {
                assert!(
                    found == *whole,
                    "bit {bit} of byte {at} in {} changed the content unseen",
                    file.display()
                );
                harmless += 1;
            }
        }
    }
    (named, harmless)
}

fn by_size(files: &[std::path::PathBuf], dice: &mut Dice) -> std::path::PathBuf {
    let sizes: Vec<u64> = files.iter().map(|file| file.metadata().map_or(0, |about| about.len())).collect();
    let mut at = dice.number() % sizes.iter().sum::<u64>();
    for (file, size) in files.iter().zip(sizes) {
        if at < size {
            return file.clone();
        }
        at -= size;
    }
    files[0].clone()
}
