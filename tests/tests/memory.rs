//! After a vault is locked, this process's memory holds neither a key nor a word of the records.
//!
//! A program of its own, since its allocator is part of what is tested.

use kosha::import::ImportWish;
use kosha::timeline::{SearchQuery, TimelineQuery};
use kosha::{Environment, LockedWallet, Unlock};
use kosha_crypto::{CryptoError, Entropy, SystemEntropy};
use kosha_tests::wallets::environment;
use std::collections::HashSet;
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex};

#[global_allocator]
static ALLOCATOR: kosha::WipingAllocator = kosha::WIPING;

/// What is looked for is kept in another form, so that it is not found in the test itself.
const MASK: u64 = 0x9d3c_71e8_52b6_0fa5;
/// Bytes of a word or key that are compared.
const WINDOW: usize = 8;

fn masked(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(*bytes.first_chunk::<WINDOW>().expect("8 bytes")) ^ MASK
}

/// This machine's randomness, which remembers what may be a key: every draw of a key's length or more.
#[derive(Default)]
struct Remembering(Mutex<HashSet<u64>>);

impl Entropy for Remembering {
    fn fill(&self, out: &mut [u8]) -> Result<(), CryptoError> {
        SystemEntropy.fill(out)?;
        // A draw of 32 bytes is a key; a longer one begins with a key and goes on with nonces, which are no secret.
        if out.len() >= 32 {
            self.0.lock().expect("no panic").extend(out[..32].chunks(WINDOW).map(masked));
        }
        Ok(())
    }
}

/// Two bytes by which most places of the memory are told from what is looked for.
fn beginning(masked: u64) -> usize {
    usize::try_from(masked & 0xffff).expect("16 bits")
}

/// Ten letters that stand nowhere else, not in the built-in dictionary either.
fn word() -> String {
    let mut random = [0; 10];
    SystemEntropy.fill(&mut random).expect("randomness");
    random.iter().map(|byte| char::from(b'a' + byte % 26)).collect()
}

/// Writes a file of records with words of their own in every kind of place; tells their beginnings.
fn write_records(file: &Path) -> HashSet<u64> {
    let words: Vec<String> = (0..200).map(|_| word()).collect();
    let mut next = words.iter();
    let mut take = || next.next().expect("enough words");
    let mut entries = vec![format!(
        r#"{{"resource":{{"resourceType":"Patient","id":"p","name":[{{"family":"{}","given":["{}"]}}]}}}}"#,
        take(),
        take()
    )];
    while entries.len() < 60 {
        entries.push(format!(
            r#"{{"resource":{{"resourceType":"Observation","id":"o{}","status":"final","code":{{"text":"{}"}},"subject":{{"reference":"Patient/p"}},"effectiveDateTime":"2024-03-05","valueString":"{}","note":[{{"text":"{}"}}]}}}}"#,
            entries.len(),
            take(),
            take(),
            take()
        ));
    }
    let bundle =
        format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(","));
    std::fs::write(file, bundle).expect("written");
    words.iter().map(|word| masked(word.as_bytes())).collect()
}

/// Readable and writable memory of this process: what is found of `wanted`, by the region's name.
fn in_memory(wanted: &HashSet<u64>) -> Vec<String> {
    let mut starts = vec![false; 1 << 16];
    for value in wanted {
        starts[beginning(*value)] = true;
    }
    let memory = File::open("/proc/self/mem").expect("own memory");
    let maps = std::fs::read_to_string("/proc/self/maps").expect("own map");
    let mut found = Vec::new();
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (range, rights) = (fields.next().expect("a range"), fields.next().expect("rights"));
        let name = fields.nth(3).unwrap_or("no name");
        if !rights.starts_with("rw") || name.starts_with("[v") {
            continue;
        }
        let (from, to) = range.split_once('-').expect("two ends");
        let from = u64::from_str_radix(from, 16).expect("hex");
        let to = u64::from_str_radix(to, 16).expect("hex");
        let mut buffer = vec![0_u8; 1 << 20];
        let mut at = from;
        while at < to {
            let length = usize::try_from(to - at).expect("fits").min(buffer.len());
            // A page that is mapped and was never there cannot be read; it holds nothing.
            if memory.read_exact_at(&mut buffer[..length], at).is_ok() {
                let hits = buffer[..length]
                    .windows(WINDOW)
                    .map(masked)
                    .filter(|value| starts[beginning(*value)] && wanted.contains(value));
                found.extend(hits.map(|_| name.to_owned()));
            }
            // Regions overlap by what a window needs.
            at += u64::try_from(length).expect("fits");
            if at < to {
                at -= u64::try_from(WINDOW - 1).expect("fits");
            }
        }
    }
    found
}

fn environment_with(entropy: &Arc<Remembering>) -> Environment {
    let mut environment = environment();
    // The keystore of the tests hides nothing.
    environment.keystore = None;
    environment.entropy = Arc::clone(entropy) as Arc<dyn Entropy>;
    environment
}

/// Everything that brings records and keys into memory, on this thread; what of them is there before the lock.
#[inline(never)]
fn use_the_vault(
    folder: &Path,
    file: &Path,
    entropy: &Arc<Remembering>,
    words: &HashSet<u64>,
) -> (usize, usize) {
    let passphrase = b"a passphrase of this test";
    let mut session = LockedWallet::create(folder, passphrase, environment_with(entropy)).expect("a vault");
    let wish = ImportWish { paths: vec![file.to_owned()], person: None };
    assert_eq!(session.import(&wish, &mut ()).expect("an import").totals.stored, 60);
    drop(session);
    let session = LockedWallet::open(folder, environment_with(entropy))
        .and_then(|wallet| wallet.unlock(&Unlock::Passphrase(passphrase)))
        .expect("a session");
    let page = session.timeline(&TimelineQuery::default()).expect("a page");
    for record in &page.records {
        session.show(&record.id).expect("a record");
    }
    let first = page.records.first().expect("a record");
    assert!(!session.search(&SearchQuery::words(&first.title)).expect("an answer").records.is_empty());
    let keys = entropy.0.lock().expect("no panic").clone();
    (in_memory(words).len(), in_memory(&keys).len())
}

/// What this test itself has left on its stack.
#[inline(never)]
fn scrub() {
    std::hint::black_box(&mut [0_u8; 16 * 1024]);
}

#[test]
fn memory_after_lock_holds_no_key_and_no_word() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("records.json");
    let words = write_records(&file);
    scrub();
    assert_eq!(in_memory(&words), [] as [String; 0], "before anything was read");
    let entropy = Arc::new(Remembering::default());
    let (open_words, open_keys) = use_the_vault(&folder.path().join("vault"), &file, &entropy, &words);
    assert!(open_words > 100, "an open vault has its records in memory, else this test sees nothing");
    assert!(open_keys > 4, "an open vault has keys in memory, else this test sees nothing");

    assert_eq!(in_memory(&words), [] as [String; 0], "words of the records");
    let mut keys = entropy.0.lock().expect("no panic").clone();
    assert!(keys.len() > 200);
    // The salt of the passphrase stands in the slot for everyone to read: 32 random bytes that are no secret.
    let database = std::fs::read(folder.path().join("vault/vault.db")).expect("the database");
    let public: HashSet<u64> =
        database.windows(WINDOW).map(masked).filter(|value| keys.contains(value)).collect();
    assert_eq!(public.len(), 32 / WINDOW, "no key is in the file");
    keys.retain(|key| !public.contains(key));
    assert_eq!(in_memory(&keys), [] as [String; 0], "keys");
}
