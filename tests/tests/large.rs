//! A file as large as any that is kept (2 GiB in `cargo xtask torture`) is added, backed up, restored on another device and
//! read out again, in memory that does not grow with it.

use kosha::attach::AttachWish;
use kosha::restore::RestoreWish;
use kosha::{LockedWallet, Unlock};
use kosha_crypto::digest::Sha256;
use kosha_tests::faults::rounds;
use kosha_tests::measure::peak_memory;
use kosha_tests::noise::Noise;
use kosha_tests::wallets::{environment, vault_with};
use std::fs::{self, File};
use std::io::{self, Seek as _, SeekFrom};
use std::time::Instant;

const MIB: u64 = 1 << 20;

fn hash(mut from: impl io::Read) -> [u8; 32] {
    let mut hash = Sha256::new();
    io::copy(&mut from, &mut hash).expect("read");
    hash.finish()
}

#[test]
fn a_large_file_goes_in_and_comes_back_in_little_memory() {
    let mib = rounds(64, 2_048) as u64;
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    // Mostly holes, with a piece of noise in each 16 MiB: it takes no room of its own.
    let mut file = File::create(path("scan")).expect("a file");
    file.set_len(mib * MIB).expect("a length");
    for piece in 0..mib / 16 {
        file.seek(SeekFrom::Start(piece * 16 * MIB + piece * 4_001)).expect("a place");
        io::copy(&mut Noise::new(piece, MIB), &mut file).expect("written");
    }
    let original = hash(File::open(path("scan")).expect("a file"));
    let before = peak_memory();
    let timed = |what: &str, start: Instant| {
        let seconds = start.elapsed().as_secs_f64();
        println!("{what}: {seconds:.1} s; {} MiB more memory at the peak", (peak_memory() - before) / MIB);
    };

    let mut session = vault_with(&path("vault"), &[]);
    let words = session.new_recovery().expect("words");
    session.use_recovery(&words).expect("a way");
    let start = Instant::now();
    let wish = AttachWish { files: vec![path("scan")], ..AttachWish::default() };
    let report = session.attach(&wish).expect("a report");
    let attached = report.attached.first().expect("kept");
    assert_eq!((attached.bytes, attached.duplicate), (mib * MIB, false));
    timed(&format!("{mib} MiB added"), start);
    let start = Instant::now();
    session.backup(&path("backup"), false, &mut |_, _| {}).expect("a backup");
    timed("backed up", start);
    drop(session);
    fs::remove_dir_all(path("vault")).expect("removed");
    fs::remove_file(path("scan")).expect("removed");

    let start = Instant::now();
    let (words, wish) = (words.words(), RestoreWish::default());
    let unlock = Unlock::Recovery(&words);
    let (session, _) =
        LockedWallet::restore(&path("backup"), &path("back"), &unlock, wish, environment(), &mut |_, _| {})
            .expect("restored");
    timed("restored", start);
    let start = Instant::now();
    let mut back = Sha256::new();
    assert_eq!(session.attachment_to(&attached.id, 1, None, &mut back), Ok(mib * MIB));
    assert!(back.finish() == original, "byte for byte");
    timed("read out", start);
    let grown = peak_memory() - before;
    assert!(grown < 40 * MIB, "{grown} bytes more");
}
