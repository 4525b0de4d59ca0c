//! Every byte format, frozen. Each test makes the bytes with the same randomness as when they were frozen, compares, and
//! opens what is in the file. A file that changes is a new format version, not a new file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use common::{Counted, MemoryKeystore, RECORD, VAULT, WRITER, hex, keys, place};
use kosha_crypto::digest::sha256;
use kosha_crypto::passcode::normal_form;
use kosha_crypto::slot::KdfStrength;
use kosha_crypto::{
    Anchor, AttachmentId, AttachmentKey, BackupKey, DocumentId, Epochs, Field, ItemId, LinkSecret, LogKey,
    LogSigner, PasscodeHash, PersonKeys, Place, RecordKey, RecoveryPhrase, SetHash, Slot, StreamOpener,
    StreamSealer, TicketKey, VaultKeys, Zeroizing, emergency, link, merkle,
};

/// The frozen bytes, after a look that `made` is the same. `KOSHA_FREEZE=1` writes a file that is not there yet.
fn frozen(name: &str, made: &[u8]) -> Vec<u8> {
    let path = format!("{}/tests/known-answers/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("KOSHA_FREEZE").is_some() && !std::path::Path::new(&path).exists() {
        let lines: Vec<String> = made.chunks(48).map(hex).collect();
        std::fs::write(&path, lines.join("\n") + "\n").unwrap();
    }
    let text: String = std::fs::read_to_string(&path).unwrap().split_whitespace().collect();
    let bytes: Vec<u8> =
        (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect();
    assert_eq!(hex(made), hex(&bytes), "{name} is not written as it was frozen");
    bytes
}

fn buffer() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::new())
}

#[test]
fn slots() {
    let entropy = Counted::new(1);
    let root = keys(&entropy).root;
    let wrapped = keys(&Counted::new(2)).vault.wrap(&root, VAULT, &Counted::new(3)).unwrap();

    let slot = Slot::for_passphrase(b"correct horse", KdfStrength::FLOOR, VAULT, &root, &entropy).unwrap();
    let slot = Slot::from_bytes(&frozen("slot-passphrase", &slot.to_bytes())).unwrap();
    VaultKeys::unwrap(&slot.open_passphrase(b"correct horse").unwrap(), VAULT, &wrapped).unwrap();

    let keystore = MemoryKeystore::default();
    let slot = Slot::for_device(&keystore, "kosha.1", VAULT, &root, &entropy).unwrap();
    let slot = Slot::from_bytes(&frozen("slot-device", &slot.to_bytes())).unwrap();
    VaultKeys::unwrap(&slot.open_device(&keystore, "Unlock").unwrap(), VAULT, &wrapped).unwrap();

    let phrase = RecoveryPhrase::parse(
        "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol \
         group space point ten exist slush involve unfold",
    )
    .unwrap();
    let slot = Slot::for_recovery(&phrase, VAULT, &root, &entropy).unwrap();
    let slot = Slot::from_bytes(&frozen("slot-recovery", &slot.to_bytes())).unwrap();
    VaultKeys::unwrap(&slot.open_recovery(&phrase).unwrap(), VAULT, &wrapped).unwrap();
}

#[test]
fn emergency_card() {
    let keystore = MemoryKeystore::default();
    let entropy = Counted::new(40);
    let made = emergency::seal(&keystore, "kosha.emergency", VAULT, b"a few facts", &entropy).unwrap();
    let bytes = frozen("emergency-card", &made);
    let file = emergency::EmergencyFile::read(&bytes).unwrap();
    assert_eq!((file.label(), file.vault()), ("kosha.emergency", VAULT));
    assert_eq!(*file.open(&keystore, "Emergency").unwrap(), b"a few facts");
}

#[test]
fn key_sets() {
    let entropy = Counted::new(4);
    let mut keys = keys(&entropy);
    keys.person.epochs_mut().roll(&entropy).unwrap();
    let record = RecordKey::generate(&entropy).unwrap();
    let wrapped = keys.person.epochs().wrap_record(&place(), &record, &entropy).unwrap();

    let set = frozen("key-set-person", &keys.person.wrap(&keys.root, VAULT, &entropy).unwrap());
    let person = PersonKeys::unwrap(&keys.root, VAULT, &set).unwrap();
    assert_eq!(person.header().id(), keys.person.header().id());
    person.epochs().unwrap_record(&place(), &wrapped).unwrap();

    let item = keys.vault.items().seal(&place(), Field::Body, b"item", &entropy).unwrap();
    let set = frozen("key-set-vault", &keys.vault.wrap(&keys.root, VAULT, &entropy).unwrap());
    let vault = VaultKeys::unwrap(&keys.root, VAULT, &set).unwrap();
    assert_eq!(vault.items().open_into(&place(), Field::Body, &item, &mut buffer()).unwrap(), b"item");
}

#[test]
fn records() {
    let entropy = Counted::new(5);
    let keys = keys(&entropy).person;
    let made = keys.seal_record(&place(), b"a header", b"a body", Some(b"some text"), &entropy).unwrap();
    let key = frozen("wrapped-record-key", &made.key);
    let key = keys.epochs().unwrap_record(&place(), &key).unwrap();
    let header = frozen("record-header", &made.header);
    let body = frozen("record-body", &made.body);
    let text = frozen("record-text", &made.text.unwrap());
    let mut buffer = buffer();
    assert_eq!(keys.header().open_into(&place(), &header, &mut buffer).unwrap(), b"a header");
    assert_eq!(key.open_into(&place(), Field::Body, &body, &mut buffer).unwrap(), b"a body");
    assert_eq!(key.open_into(&place(), Field::Text, &text, &mut buffer).unwrap(), b"some text");
}

fn sealed_under(epochs: &Epochs, place: Place, field: Field, name: &str, plain: &[u8], entropy: &Counted) {
    let key = RecordKey::generate(entropy).unwrap();
    let wrapped = epochs.wrap_record(&place, &key, entropy).unwrap();
    let sealed = frozen(name, &key.seal(&place, field, plain, entropy).unwrap());
    let key = epochs.unwrap_record(&place, &wrapped).unwrap();
    assert_eq!(key.open_into(&place, field, &sealed, &mut buffer()).unwrap(), plain);
}

#[test]
fn what_the_vault_keys_seal() {
    let entropy = Counted::new(6);
    let keys = keys(&entropy).vault;
    let document = Place::document(VAULT, DocumentId::from_bytes([0x44; 16]));
    sealed_under(keys.epochs(), document, Field::Body, "document-body", b"a skeleton", &entropy);
    let entry = Place::log_entry(VAULT, WRITER, 5);
    sealed_under(keys.epochs(), entry, Field::Body, "log-entry-body", b"salt and text", &entropy);

    let mut buffer = buffer();
    let place = Place::item(VAULT, 3, ItemId::from_bytes([0x55; 16]));
    let item = frozen("item", &keys.items().seal(&place, Field::Body, b"an item", &entropy).unwrap());
    assert_eq!(keys.items().open_into(&place, Field::Body, &item, &mut buffer).unwrap(), b"an item");

    let state = frozen("state", &keys.state().seal(VAULT, 9, b"the state", &entropy).unwrap());
    assert_eq!(keys.state().open_into(VAULT, 9, &state, &mut buffer).unwrap(), b"the state");

    let hasher = keys.state().row_hasher();
    let mut set = SetHash::EMPTY;
    set.add(&hasher.row(1, &[RECORD.as_bytes(), b"one"]));
    set.add(&hasher.row(2, &[RECORD.as_bytes(), b"two"]));
    frozen("set-hash", set.as_bytes());
}

#[test]
fn attachments() {
    let entropy = Counted::new(7);
    let keys = keys(&entropy).vault;
    let place = Place::attachment(VAULT, AttachmentId::from_bytes([0x66; 16]));
    let key = AttachmentKey::generate(&entropy).unwrap();
    let wrapped = keys.epochs().wrap_attachment(&place, &key, &entropy).unwrap();
    let wrapped = frozen("wrapped-attachment-key", &wrapped);

    let stream = |plain: &[u8]| {
        let mut out = Vec::new();
        let mut sealer = StreamSealer::new(&key, &place, &entropy, &mut out).unwrap();
        sealer.update(plain, &mut out).unwrap();
        (sealer.finish(&mut out).unwrap(), out)
    };
    let key = keys.epochs().unwrap_attachment(&place, &wrapped).unwrap();
    let (len, short) = stream(b"a short attachment");
    let short = frozen("stream-short", &short);
    let opener = StreamOpener::new(&key, &place, &short[..18], len).unwrap();
    assert_eq!(opener.open_all(&short).unwrap().as_slice(), b"a short attachment");

    // Four chunks: by hash, to keep the file small.
    let plain = vec![0xA5; 200_000];
    let (len, long) = stream(&plain);
    frozen("stream-long-sha256", &sha256(&[&long]));
    let opener = StreamOpener::new(&key, &place, &long[..18], len).unwrap();
    assert_eq!((opener.chunks(), opener.open_all(&long).unwrap().as_slice()), (4, plain.as_slice()));
}

#[test]
fn snapshots() {
    let entropy = Counted::new(21);
    let keys = keys(&entropy).vault;
    let place = Place::snapshot(VAULT, 1, 77);
    let mut made = Vec::new();
    let mut sealer = StreamSealer::new(&keys.state().snapshot(), &place, &entropy, &mut made).unwrap();
    sealer.update(b"what was in memory", &mut made).unwrap();
    sealer.finish(&mut made).unwrap();
    let made = frozen("snapshot", &made);
    let open = |place: &Place, made: &[u8]| {
        let key = keys.state().snapshot();
        let opener = StreamOpener::of_sealed_len(&key, place, &made[..18], made.len() as u64)?;
        let mut chunk = made[18..].to_vec();
        let len = opener.open_in_place(0, &mut chunk)?;
        chunk.truncate(len);
        Ok::<_, kosha_crypto::CryptoError>(chunk)
    };
    let opened = open(&place, &made).unwrap();
    assert!(opened.starts_with(b"what was in memory") && opened[18..].iter().all(|byte| *byte == 0));
    open(&Place::snapshot(VAULT, 2, 77), &made).unwrap_err();
    open(&Place::snapshot(VAULT, 1, 78), &made).unwrap_err();
    open(&place, &made[..made.len() - 1]).unwrap_err();
}

#[test]
fn log() {
    let entropy = Counted::new(8);
    let keys = keys(&entropy).vault;
    let signer = LogSigner::generate(WRITER, &entropy).unwrap();
    let wrapped = frozen("log-signer", &signer.wrap(keys.epochs(), VAULT, &entropy).unwrap());
    let signer = LogSigner::unwrap(keys.epochs(), VAULT, WRITER, &wrapped).unwrap();

    let leaf = merkle::leaf_hash(&[0x77; 32], b"an entry");
    frozen("log-leaf", &leaf);
    let root = merkle::root(&[leaf, merkle::leaf_hash(&[0x78; 32], b"another"), leaf]);
    let note = signer.checkpoint(3, &root).unwrap();
    let note = String::from_utf8(frozen("checkpoint", note.as_bytes())).unwrap();
    let said = signer.public().open_checkpoint(&note).unwrap();
    assert_eq!((said.size, said.root), (3, root));
    let text = String::from_utf8(frozen("log-verifier", signer.public().verifier_text().as_bytes())).unwrap();
    assert_eq!(LogKey::from_verifier_text(&text), Ok(signer.public()));

    let anchor = Anchor {
        vault: VAULT,
        instance: [0x31; 16],
        sequence: 0x1122_3344_5566,
        state: [0x32; 32],
        log_size: 3,
        log_root: root,
    };
    assert_eq!(Anchor::open(&frozen("anchor", &anchor.seal(&signer)), VAULT, &signer), Ok(anchor));
}

#[test]
fn links() {
    let entropy = Counted::new(9);
    let made = LinkSecret::generate(&entropy).unwrap();
    let secret = LinkSecret::from_bytes(&frozen("link-secret", &made.to_bytes())).unwrap();
    let shown = [
        secret.id_text(),
        secret.key_text().to_string(),
        secret.management_token_text().to_string(),
        secret.management_hash_text(),
        secret.view_public_text(),
        hex(&secret.id_hash()),
    ];
    frozen("link-texts", shown.join("\n").as_bytes());

    let sealed = link::seal_view(&secret.view_public_text(), &secret.id_hash(), b"a view", &entropy).unwrap();
    let sealed = String::from_utf8(frozen("view-record", sealed.as_bytes())).unwrap();
    assert_eq!(secret.open_view(&sealed).unwrap().as_slice(), b"a view");

    let header = r#"{"alg":"dir","enc":"A256GCM","cty":"application/fhir+json"}"#;
    let jwe = secret.seal_jwe(header, b"a file", &entropy).unwrap();
    let jwe = String::from_utf8(frozen("jwe", jwe.as_bytes())).unwrap();
    let (read, plain) = kosha_crypto::jwe::open(secret.key(), &jwe).unwrap();
    assert_eq!((read.as_str(), plain.as_slice()), (header, &b"a file"[..]));
}

#[test]
fn what_a_relay_keeps() {
    let entropy = Counted::new(10);
    let key = TicketKey::generate(&entropy).unwrap();
    let ticket =
        String::from_utf8(frozen("ticket", key.seal(b"file 1 until 600").unwrap().as_bytes())).unwrap();
    assert_eq!(key.open(&ticket).unwrap(), b"file 1 until 600");

    let hash = PasscodeHash::create("4711", &entropy).unwrap();
    let hash = String::from_utf8(frozen("passcode-hash", hash.to_text().as_bytes())).unwrap();
    let hash = PasscodeHash::from_text(&hash).unwrap();
    assert_eq!((hash.verify("4711"), hash.verify("4712")), (Ok(true), Ok(false)));
}

#[test]
fn a_passcode_is_hashed_in_one_form() {
    // नज़ with its dots apart, and with letters that hold theirs; the second letter has no composed form in NFC.
    let (apart, together) = ("\u{928}\u{93c}\u{91c}\u{93c}", "\u{929}\u{95b}");
    for text in [apart, together] {
        assert_eq!(normal_form(text).as_str(), "\u{929}\u{91c}\u{93c}");
        let made = PasscodeHash::create(text, &Counted::new(11)).unwrap().to_text();
        let hash = String::from_utf8(frozen("passcode-hash-hindi", made.as_bytes())).unwrap();
        let hash = PasscodeHash::from_text(&hash).unwrap();
        assert_eq!((hash.verify(apart), hash.verify(together)), (Ok(true), Ok(true)));
    }
}

#[test]
fn backup_frames() {
    let entropy = Counted::new(40);
    let root = keys(&entropy).root;
    let key = BackupKey::generate(&entropy).unwrap();
    let slot = Slot::for_passphrase(b"correct horse", KdfStrength::FLOOR, VAULT, &root, &entropy).unwrap();
    let copy = key.slot(&slot, &entropy).unwrap();
    assert!(copy.opens_alike(&slot) && copy != slot);
    let own = key.seal_for(&root, b"head", &entropy).unwrap();
    let segment = key.segment(&[7; 16]);
    let mut made = [copy.to_bytes().as_slice(), &own, &key.commitment(b"head")].concat();
    for (index, last) in [(0, false), (1, true)] {
        let mut frame = b"content of a frame".to_vec();
        segment.seal_frame(index, last, b"header", &mut frame).unwrap();
        made.extend_from_slice(&frame);
    }
    let bytes = frozen("backup-frames", &made);

    let (copy, rest) = bytes.split_at(copy.to_bytes().len());
    let (own, rest) = rest.split_first_chunk::<60>().unwrap();
    let (commitment, frames) = rest.split_first_chunk::<32>().unwrap();
    let given = Slot::from_bytes(copy).unwrap().open_passphrase(b"correct horse").unwrap();
    for key in [BackupKey::from_slot(given), BackupKey::open_with(&root, b"head", own).unwrap()] {
        assert!(key.commits(b"head", commitment) && !key.commits(b"heap", commitment));
        let (segment, mut first) = (key.segment(&[7; 16]), frames[..34].to_vec());
        assert!(segment.open_frame(1, false, b"header", &mut first.clone()).is_err());
        assert!(segment.open_frame(0, true, b"header", &mut first.clone()).is_err());
        assert!(segment.open_frame(0, false, b"heider", &mut first.clone()).is_err());
        assert!(key.segment(&[8; 16]).open_frame(0, false, b"header", &mut first.clone()).is_err());
        let len = segment.open_frame(0, false, b"header", &mut first).unwrap();
        assert_eq!(&first[..len], b"content of a frame");
        segment.open_frame(1, true, b"header", &mut frames[34..].to_vec()).unwrap();
    }
    assert!(BackupKey::open_with(&keys(&entropy).root, b"head", own).is_err());
    assert!(BackupKey::open_with(&root, b"heap", own).is_err());
}
