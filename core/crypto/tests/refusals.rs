//! What must not open does not, and says why in the words a caller can act on.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use common::{
    Counted, Dry, MemoryKeystore, OTHER_VAULT, RECORD, VAULT, WRITER, flips, hex, keys, place, version,
};
use kosha_crypto::digest::sha256;
use kosha_crypto::slot::{KdfStrength, SlotKind};
use kosha_crypto::{
    Anchor, AnchorError, CryptoError, DeviceKeystore as _, Field, ItemId, KeystoreError, LinkKey, LinkSecret,
    LogKey, LogSigner, PasscodeHash, PersonKeys, Place, RecordId, RecordKey, RecoveryPhrase, RootKey, Secret,
    Slot, SlotError, SystemEntropy, TicketKey, Token, VaultKeys, WriterId, Zeroizing, envelope, jwe, link,
    token,
};

fn buffer() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::new())
}

#[test]
fn no_envelope_opens_with_a_bit_turned() {
    let entropy = Counted::new(20);
    let keys = keys(&entropy);
    let (epochs, items, state) = (keys.person.epochs(), keys.vault.items(), keys.vault.state());
    let sealed = keys.person.seal_record(&place(), b"header", b"body", Some(b"text"), &entropy).unwrap();
    let key = epochs.unwrap_record(&place(), &sealed.key).unwrap();
    let text = sealed.text.unwrap();
    let mut buffer = buffer();

    for changed in flips(&sealed.key) {
        assert!(epochs.unwrap_record(&place(), &changed).is_err());
    }
    for changed in flips(&sealed.header) {
        assert!(keys.person.header().open_into(&place(), &changed, &mut buffer).is_err());
    }
    for changed in flips(&sealed.body) {
        assert!(key.open_into(&place(), Field::Body, &changed, &mut buffer).is_err());
    }
    for changed in flips(&text) {
        assert!(key.open_into(&place(), Field::Text, &changed, &mut buffer).is_err());
    }
    let item = Place::item(VAULT, 1, ItemId::from_bytes([1; 16]));
    for changed in flips(&items.seal(&item, Field::Body, b"item", &entropy).unwrap()) {
        assert!(items.open_into(&item, Field::Body, &changed, &mut buffer).is_err());
    }
    for changed in flips(&state.seal(VAULT, 3, b"state", &entropy).unwrap()) {
        assert!(state.open_into(VAULT, 3, &changed, &mut buffer).is_err());
    }
    for changed in flips(&keys.person.wrap(&keys.root, VAULT, &entropy).unwrap()) {
        assert!(PersonKeys::unwrap(&keys.root, VAULT, &changed).is_err());
    }
    for changed in flips(&keys.vault.wrap(&keys.root, VAULT, &entropy).unwrap()) {
        assert!(VaultKeys::unwrap(&keys.root, VAULT, &changed).is_err());
    }
    let signer = LogSigner::generate(WRITER, &entropy).unwrap();
    for changed in flips(&signer.wrap(keys.vault.epochs(), VAULT, &entropy).unwrap()) {
        assert!(LogSigner::unwrap(keys.vault.epochs(), VAULT, WRITER, &changed).is_err());
    }
}

#[test]
fn no_envelope_opens_cut_short_or_made_longer() {
    let entropy = Counted::new(21);
    let keys = keys(&entropy);
    let sealed = keys.person.seal_record(&place(), b"header", b"body", None, &entropy).unwrap();
    let key = keys.person.epochs().unwrap_record(&place(), &sealed.key).unwrap();
    let mut buffer = buffer();
    for len in 0..sealed.body.len() {
        assert!(key.open_into(&place(), Field::Body, &sealed.body[..len], &mut buffer).is_err());
    }
    for len in 0..sealed.header.len() {
        assert!(keys.person.header().open_into(&place(), &sealed.header[..len], &mut buffer).is_err());
    }
    for len in 0..sealed.key.len() {
        assert!(keys.person.epochs().unwrap_record(&place(), &sealed.key[..len]).is_err());
    }
    let longer = [&sealed.key[..], &[0]].concat();
    assert!(keys.person.epochs().unwrap_record(&place(), &longer).is_err());
    let longer = [&sealed.body[..], &[0]].concat();
    assert!(key.open_into(&place(), Field::Body, &longer, &mut buffer).is_err());
}

#[test]
fn bytes_open_only_where_they_belong() {
    let entropy = Counted::new(22);
    let keys = keys(&entropy);
    let sealed = keys.person.seal_record(&place(), b"header", b"body", Some(b"text"), &entropy).unwrap();
    let key = keys.person.epochs().unwrap_record(&place(), &sealed.key).unwrap();
    let other_writer = kosha_crypto::Version { writer: WriterId::from_bytes([9; 16]), counter: 7 };
    let mut buffer = buffer();
    for elsewhere in [
        Place::record(OTHER_VAULT, RECORD, version(7)),
        Place::record(VAULT, RecordId::from_bytes([9; 16]), version(7)),
        Place::record(VAULT, RECORD, version(8)),
        Place::record(VAULT, RECORD, other_writer),
        Place::log_entry(VAULT, WRITER, 7),
    ] {
        let refused = Err(CryptoError::Refused);
        assert_eq!(key.open_into(&elsewhere, Field::Body, &sealed.body, &mut buffer), refused);
        assert_eq!(keys.person.header().open_into(&elsewhere, &sealed.header, &mut buffer), refused);
        assert_eq!(
            keys.person.epochs().unwrap_record(&elsewhere, &sealed.key).map(drop),
            Err(CryptoError::Refused)
        );
    }
    // The body is not the text, and one person's key set does not know another's keys.
    assert_eq!(key.open_into(&place(), Field::Text, &sealed.body, &mut buffer), Err(CryptoError::Refused));
    let other = PersonKeys::generate(&entropy).unwrap();
    assert_eq!(other.header().open_into(&place(), &sealed.header, &mut buffer), Err(CryptoError::UnknownKey));
    assert_eq!(other.epochs().unwrap_record(&place(), &sealed.key).map(drop), Err(CryptoError::UnknownKey));
    assert_eq!(envelope::header_key_id(&sealed.header).unwrap(), keys.person.header().id());
    assert_eq!(envelope::wrapped_epoch(&sealed.key).unwrap(), keys.person.epochs().current().id());
    // Another root, another vault.
    let set = keys.person.wrap(&keys.root, VAULT, &entropy).unwrap();
    assert!(PersonKeys::unwrap(&RootKey::generate(&entropy).unwrap(), VAULT, &set).is_err());
    assert!(PersonKeys::unwrap(&keys.root, OTHER_VAULT, &set).is_err());
    assert!(VaultKeys::unwrap(&keys.root, VAULT, &set).is_err());
}

#[test]
fn a_retired_epoch_opens_nothing_and_a_rewrapped_key_opens_the_same() {
    let entropy = Counted::new(23);
    let mut keys = keys(&entropy).person;
    let sealed = keys.seal_record(&place(), b"header", b"body", None, &entropy).unwrap();
    keys.epochs_mut().roll(&entropy).unwrap();
    let again = keys.epochs().rewrap(keys.epochs(), &place(), &sealed.key, &entropy).unwrap();
    assert_ne!(envelope::wrapped_epoch(&again), envelope::wrapped_epoch(&sealed.key));
    keys.epochs_mut().retire_older();
    assert_eq!(keys.epochs().unwrap_record(&place(), &sealed.key).map(drop), Err(CryptoError::UnknownKey));
    let key = keys.epochs().unwrap_record(&place(), &again).unwrap();
    assert_eq!(key.open_into(&place(), Field::Body, &sealed.body, &mut buffer()).unwrap(), b"body");

    // A whole new set, as after a deletion.
    let fresh = PersonKeys::generate(&entropy).unwrap();
    let moved = fresh.epochs().rewrap(keys.epochs(), &place(), &again, &entropy).unwrap();
    let key = fresh.epochs().unwrap_record(&place(), &moved).unwrap();
    assert_eq!(key.open_into(&place(), Field::Body, &sealed.body, &mut buffer()).unwrap(), b"body");
}

#[test]
fn a_slot_tells_a_wrong_key_from_damage() {
    let entropy = Counted::new(24);
    let root = RootKey::generate(&entropy).unwrap();
    let slot = Slot::for_passphrase(b"right", KdfStrength::FLOOR, VAULT, &root, &entropy).unwrap();
    assert_eq!(slot.open_passphrase(b"wrong").map(drop), Err(SlotError::WrongKey));
    assert_eq!(slot.open_passphrase(b"").map(drop), Err(SlotError::WrongKey));
    slot.open_passphrase(b"right").unwrap();
    assert_eq!(slot.open_device(&MemoryKeystore::default(), "why").map(drop), Err(SlotError::OtherKind));
    let bytes = slot.to_bytes();
    for changed in flips(&bytes) {
        assert_eq!(Slot::from_bytes(&changed).map(drop), Err(SlotError::Damaged));
    }
    for len in 0..bytes.len() {
        assert_eq!(Slot::from_bytes(&bytes[..len]).map(drop), Err(SlotError::Damaged));
    }
    // Changed on purpose, the checksum put right: the seals still tell. Offsets: crate documentation.
    let forged = |offset: usize| {
        let mut forged = bytes.clone();
        forged[offset] ^= 1;
        let content = forged.len() - 32;
        let checksum = sha256(&[&forged[..content]]);
        forged[content..].copy_from_slice(&checksum);
        Slot::from_bytes(&forged)
    };
    let (private, sealed_root) = (bytes.len() - 32 - 80 - 60, bytes.len() - 32 - 80);
    for offset in [private, private + 30, sealed_root, sealed_root + 40] {
        assert_eq!(forged(offset).unwrap().open_passphrase(b"right").map(drop), Err(SlotError::Damaged));
    }
    for offset in [10, 30, 60, private - 1, private - 40] {
        let refused = forged(offset).unwrap().open_passphrase(b"right").map(drop);
        assert_eq!(refused, Err(SlotError::WrongKey), "offset {offset}");
    }
    assert_eq!(forged(4).map(drop), Err(SlotError::Unsupported));
    // The highest bytes of memory and passes: refused before any work.
    assert_eq!(forged(40).map(drop), Err(SlotError::Crypto(CryptoError::KdfParameters)));
    assert_eq!(forged(44).map(drop), Err(SlotError::Crypto(CryptoError::KdfParameters)));
}

#[test]
fn a_recovery_slot_opens_with_its_own_phrase_alone() {
    let entropy = SystemEntropy;
    let root = RootKey::generate(&entropy).unwrap();
    let (own, other) =
        (RecoveryPhrase::generate(&entropy).unwrap(), RecoveryPhrase::generate(&entropy).unwrap());
    let slot = Slot::for_recovery(&own, VAULT, &root, &entropy).unwrap();
    assert_eq!(slot.kind(), SlotKind::Recovery);
    assert_eq!((slot.device_label(), slot.strength()), (None, None));
    slot.open_recovery(&RecoveryPhrase::parse(&own.to_text()).unwrap()).unwrap();
    assert_eq!(slot.open_recovery(&other).map(drop), Err(SlotError::WrongKey));
    assert_eq!(slot.open_passphrase(own.to_text().as_bytes()).map(drop), Err(SlotError::OtherKind));
    assert_eq!(slot.open_device(&MemoryKeystore::default(), "why").map(drop), Err(SlotError::OtherKind));
    let bytes = slot.to_bytes();
    for changed in flips(&bytes) {
        assert_eq!(Slot::from_bytes(&changed).map(drop), Err(SlotError::Damaged));
    }
    let mut longer = bytes[..40].to_vec();
    longer[39] = 1;
    longer.push(0);
    longer.extend_from_slice(&bytes[40..bytes.len() - 32]);
    let sum = sha256(&[&longer]);
    longer.extend_from_slice(&sum);
    assert_eq!(Slot::from_bytes(&longer).map(drop), Err(SlotError::Damaged), "the opening part is empty");
    assert_eq!(format!("{own:?}"), "RecoveryPhrase(…)");
}

#[test]
fn kdf_parameters_have_bounds() {
    let with = |memory_kib, passes, lanes| KdfStrength { memory_kib, passes, lanes }.accepted();
    assert!(KdfStrength::DEFAULT.accepted() && KdfStrength::FLOOR.accepted());
    assert!(with(1024 * 1024, 8, 4));
    assert!(!with(1024 * 1024 + 1, 2, 1), "memory");
    assert!(!with(1024 * 1024, 9, 1), "work");
    assert!(!with(65536, 1, 1) && !with(1024, 3, 1), "floor");
    assert!(!with(65536, 3, 0) && !with(65536, 3, 17), "lanes");
    let root = RootKey::generate(&SystemEntropy).unwrap();
    let weak = KdfStrength { memory_kib: 64, passes: 1, lanes: 1 };
    assert_eq!(
        Slot::for_passphrase(b"x", weak, VAULT, &root, &SystemEntropy).map(drop),
        Err(SlotError::Crypto(CryptoError::KdfParameters))
    );
}

#[test]
fn a_new_root_key_reaches_each_slot_without_its_secret() {
    let entropy = Counted::new(25);
    let keystore = MemoryKeystore::default();
    let old = RootKey::generate(&entropy).unwrap();
    let mut slots = [
        Slot::for_passphrase(b"right", KdfStrength::FLOOR, VAULT, &old, &entropy).unwrap(),
        Slot::for_device(&keystore, "kosha.1", VAULT, &old, &entropy).unwrap(),
    ];
    let new = RootKey::generate(&entropy).unwrap();
    let keys = VaultKeys::generate(&entropy).unwrap();
    let (under_old, under_new) =
        (keys.wrap(&old, VAULT, &entropy).unwrap(), keys.wrap(&new, VAULT, &entropy).unwrap());
    for slot in &mut slots {
        slot.reseal(&new, &entropy).unwrap();
        let slot = Slot::from_bytes(&slot.to_bytes()).unwrap();
        let root = match slot.kind() {
            SlotKind::Passphrase => slot.open_passphrase(b"right").unwrap(),
            _ => slot.open_device(&keystore, "Unlock").unwrap(),
        };
        VaultKeys::unwrap(&root, VAULT, &under_new).unwrap();
        assert!(VaultKeys::unwrap(&root, VAULT, &under_old).is_err());
    }
}

#[test]
fn a_device_slot_names_what_the_keystore_did() {
    let entropy = Counted::new(26);
    let keystore = MemoryKeystore::default();
    let root = RootKey::generate(&entropy).unwrap();
    let slot = Slot::for_device(&keystore, "kosha.1", VAULT, &root, &entropy).unwrap();
    assert_eq!(slot.device_label(), Some("kosha.1"));
    let other = MemoryKeystore::default();
    assert_eq!(
        slot.open_device(&other, "Unlock").map(drop),
        Err(SlotError::Keystore(KeystoreError::KeyMissing))
    );
    // A key of the same name that holds another secret.
    Slot::for_device(&other, "kosha.1", VAULT, &root, &entropy).unwrap();
    assert_eq!(slot.open_device(&other, "Unlock").map(drop), Err(SlotError::WrongKey));
    keystore.delete("kosha.1").unwrap();
    assert_eq!(
        slot.open_device(&keystore, "Unlock").map(drop),
        Err(SlotError::Keystore(KeystoreError::KeyMissing))
    );
    for label in ["", &"x".repeat(129)] {
        assert!(Slot::for_device(&keystore, label, VAULT, &root, &entropy).is_err());
    }
}

#[test]
fn a_checkpoint_holds_only_as_it_was_signed() {
    let entropy = Counted::new(27);
    let signer = LogSigner::generate(WRITER, &entropy).unwrap();
    let note = signer.checkpoint(12, &[7; 32]).unwrap();
    assert_eq!(signer.public().open_checkpoint(&note).unwrap().size, 12);
    for changed in flips(note.as_bytes()) {
        if let Ok(changed) = String::from_utf8(changed) {
            assert!(signer.public().open_checkpoint(&changed).is_err(), "{changed}");
        }
    }
    let other = LogSigner::generate(WRITER, &entropy).unwrap();
    assert_eq!(other.public().open_checkpoint(&note), Err(CryptoError::UnknownKey));
    assert!(signer.public().open_checkpoint(&"x".repeat(5000)).is_err());
    // A signature of someone else beside is no harm.
    let cosigned = format!("{note}\u{2014} witness.example AAAAAAAA\n");
    assert_eq!(signer.public().open_checkpoint(&cosigned).unwrap().size, 12);
}

#[test]
fn a_jwe_is_pinned_to_one_algorithm_and_one_spelling() {
    let entropy = Counted::new(28);
    let secret = LinkSecret::generate(&entropy).unwrap();
    let header = r#"{"alg":"dir","enc":"A256GCM"}"#;
    let good = jwe::seal(secret.key(), header, b"file", &entropy).unwrap();
    let parts: Vec<&str> = good.split('.').collect();
    let open = |text: &str| jwe::open(secret.key(), text).map(drop);
    open(&good).unwrap();
    let encoded = |json: &str| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
    };
    for json in [
        r#"{"alg":"none","enc":"A256GCM"}"#,
        r#"{"alg":"dir","enc":"A128GCM"}"#,
        r#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#,
        r#"{"alg":"dir","enc":"A256GCM","crit":["b64"]}"#,
    ] {
        assert_eq!(jwe::seal(secret.key(), json, b"", &entropy), Err(CryptoError::Unsupported));
        assert_eq!(open(&good.replace(parts[0], &encoded(json))), Err(CryptoError::Unsupported));
    }
    for json in ["", "[]", r#"{"alg":"dir"}"#, r#"{"alg":"dir","alg":"dir","enc":"A256GCM"}"#] {
        let refused = open(&good.replace(parts[0], &encoded(json)));
        assert!(matches!(refused, Err(CryptoError::Malformed(_))), "{json}");
    }
    let padded = format!("{}{}", r#"{"alg":"dir","enc":"A256GCM","x":""#, "y".repeat(5000)) + "\"}";
    assert_eq!(open(&good.replace(parts[0], &encoded(&padded))), Err(CryptoError::TooLarge));
    // The same header in other words is another header.
    assert_eq!(
        open(&good.replace(parts[0], &encoded(r#"{"enc":"A256GCM","alg":"dir"}"#))),
        Err(CryptoError::Refused)
    );
    let [protected, _, nonce, ciphertext, tag] = parts[..] else { panic!("five parts") };
    for text in [
        format!("{protected}.AAAA.{nonce}.{ciphertext}.{tag}"),
        format!("{protected}..{nonce}.{ciphertext}"),
        format!("{protected}..{nonce}.{ciphertext}.{tag}."),
        format!("{protected}..{nonce}AA.{ciphertext}.{tag}"),
        format!("{protected}..{nonce}.{ciphertext}.{}", &tag[..20]),
        format!("{protected}..{nonce}.{ciphertext}.{tag}=="),
        format!("{protected}..{nonce}.{ciphertext}=.{tag}"),
        format!("{protected}..{nonce}.{}+.{tag}", &ciphertext[1..]),
        format!(" {good}"),
    ] {
        assert!(matches!(open(&text), Err(CryptoError::Malformed(_))), "{text}");
    }
    for changed in flips(good.as_bytes()) {
        if let Ok(changed) = String::from_utf8(changed) {
            assert!(open(&changed).is_err());
        }
    }
    let other = LinkSecret::generate(&entropy).unwrap();
    assert_eq!(jwe::open(other.key(), &good).map(drop), Err(CryptoError::Refused));
}

#[test]
fn the_example_of_the_health_links_guide_opens() {
    let data = std::env::var("KOSHA_TEST_DATA")
        .unwrap_or_else(|_| format!("{}/../../../shared/data", env!("CARGO_MANIFEST_DIR")));
    let stem = format!("{data}/shl/ig/spec-text-encryption-example");
    let Ok(compact) = std::fs::read_to_string(format!("{stem}.jwe.txt")) else {
        println!("no test data: the guide's example was not opened");
        return;
    };
    // The key stands in the guide beside the example.
    let key = LinkKey::from_text("rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q").unwrap();
    let (header, plain) = jwe::open(&key, compact.trim()).unwrap();
    assert!(header.contains("application/smart-health-card"), "{header}");
    let expected = std::fs::read_to_string(format!("{stem}.plaintext.json")).unwrap();
    let [plain, expected] = [plain.as_slice(), expected.as_bytes()]
        .map(|json| serde_json::from_slice::<serde_json::Value>(json).unwrap());
    assert_eq!(plain, expected);
}

#[test]
fn link_secrets_have_one_spelling() {
    let entropy = Counted::new(29);
    let secret = LinkSecret::generate(&entropy).unwrap();
    let bytes = secret.to_bytes();
    for len in 0..bytes.len() {
        assert!(LinkSecret::from_bytes(&bytes[..len]).is_err());
    }
    let mut newer = bytes.to_vec();
    newer[0] = 2;
    assert_eq!(LinkSecret::from_bytes(&newer).map(drop), Err(CryptoError::Unsupported));
    for text in [secret.id_text(), secret.key_text().to_string(), secret.view_public_text()] {
        assert_eq!(text.len(), 43);
    }
    assert_eq!(link::id_hash(&secret.id_text()).unwrap(), secret.id_hash());
    let key = secret.key_text();
    // 43 characters carry two bits too many: they must be zero.
    let loose = format!("{}B", &key[..42]);
    for text in ["", &key[..42], &format!("{}A", key.as_str()), &loose, &format!("{}=", &key[..42])] {
        assert!(LinkKey::from_text(text).is_err(), "{text}");
    }

    let sealed = link::seal_view(&secret.view_public_text(), &secret.id_hash(), b"view", &entropy).unwrap();
    assert_eq!(secret.open_view(&sealed).unwrap().as_slice(), b"view");
    let other = LinkSecret::generate(&entropy).unwrap();
    assert_eq!(other.open_view(&sealed).map(drop), Err(CryptoError::Refused));
    let moved = link::seal_view(&secret.view_public_text(), &other.id_hash(), b"view", &entropy).unwrap();
    assert_eq!(secret.open_view(&moved).map(drop), Err(CryptoError::Refused));
    assert!(secret.open_view("AAAA").is_err());
}

#[test]
fn tokens_tickets_and_passcodes_hold_only_for_their_own() {
    let entropy = Counted::new(30);
    let [one, two] = [(); 2].map(|()| Token::generate(&entropy).unwrap());
    assert!(token::verify(&one.hash_text(), &one.text()));
    assert!(!token::verify(&one.hash_text(), &two.text()));
    assert!(
        !token::verify("", "") && !token::verify(&one.hash_text(), "") && !token::verify("x", &one.text())
    );
    assert_eq!(Token::from_text(&one.text()).unwrap().hash_text(), one.hash_text());

    let [key, other] = [(); 2].map(|()| TicketKey::generate(&entropy).unwrap());
    let ticket = key.seal(b"payload").unwrap();
    assert_eq!(key.open(&ticket).unwrap(), b"payload");
    assert_eq!(other.open(&ticket), Err(CryptoError::Refused));
    for changed in flips(ticket.as_bytes()) {
        if let Ok(changed) = String::from_utf8(changed) {
            assert!(key.open(&changed).is_err());
        }
    }
    assert!(key.open(&"A".repeat(100_000)).is_err() && key.open("").is_err());
    assert_eq!(key.seal(&[0; 1025]), Err(CryptoError::TooLarge));

    let hash = PasscodeHash::create("1234", &entropy).unwrap().to_text();
    for text in [
        hash.replace("m=19456", "m=1048576"),
        hash.replace("argon2id", "argon2i"),
        hash[..hash.len() - 2].to_owned(),
        format!("{hash}$"),
        String::new(),
    ] {
        assert!(PasscodeHash::from_text(&text).is_err(), "{text}");
    }
    assert_eq!(PasscodeHash::create(&"x".repeat(1025), &entropy).map(drop), Err(CryptoError::TooLarge));
}

#[test]
fn without_randomness_nothing_is_sealed() {
    let keys = keys(&Counted::new(31));
    assert_eq!(RootKey::generate(&Dry).map(drop), Err(CryptoError::Entropy));
    assert_eq!(
        keys.person.seal_record(&place(), b"h", b"b", None, &Dry).map(drop),
        Err(CryptoError::Entropy)
    );
    assert_eq!(keys.vault.wrap(&keys.root, VAULT, &Dry).map(drop), Err(CryptoError::Entropy));
    assert!(LinkSecret::generate(&Dry).is_err());
    assert!(LogSigner::generate(WRITER, &Dry).is_err());
}

#[test]
fn debug_shows_no_key() {
    // Randomness of one repeated byte makes every key byte easy to find, in any notation.
    struct Same;
    impl kosha_crypto::Entropy for Same {
        fn fill(&self, out: &mut [u8]) -> Result<(), CryptoError> {
            out.fill(0xC7);
            Ok(())
        }
    }
    let keys = keys(&Same);
    let mut stream = Vec::new();
    let attachment = kosha_crypto::AttachmentKey::generate(&Same).unwrap();
    let sealer = kosha_crypto::StreamSealer::new(&attachment, &place(), &Same, &mut stream).unwrap();
    let opener = kosha_crypto::StreamOpener::new(&attachment, &place(), &stream[..18], 1).unwrap();
    let secret = LinkSecret::generate(&Same).unwrap();
    let shown = [
        format!("{:?} {:?} {:?}", keys.root, keys.person, keys.vault),
        format!("{:?} {:?}", keys.person.header(), keys.person.epochs()),
        format!("{:?} {:?}", keys.person.epochs().current(), keys.vault.items()),
        format!("{:?} {:?}", keys.vault.state(), keys.vault.state().row_hasher()),
        format!("{:?} {:?}", RecordKey::generate(&Same).unwrap(), attachment),
        format!("{sealer:?} {opener:?}"),
        format!("{:?} {:?}", secret, secret.key()),
        format!("{:?} {:?}", Token::generate(&Same).unwrap(), TicketKey::generate(&Same).unwrap()),
        format!("{:?} {:?}", LogSigner::generate(WRITER, &Same).unwrap(), Secret::new(vec![0xC7; 4])),
        format!("{:?}", PasscodeHash::create("4711", &Same).unwrap()),
        format!("{:?}", Slot::for_device(&MemoryKeystore::default(), "a", VAULT, &keys.root, &Same).unwrap()),
        format!("{:?}", keys.person.seal_record(&place(), b"", b"", None, &Same).unwrap()),
    ]
    .join(" ")
    .to_lowercase();
    for notation in ["c7", "199", "x8fh", "4711", &hex(b"4711")] {
        assert!(!shown.contains(notation), "{notation} in {shown}");
    }
    assert!(shown.contains("rootkey(…)"));
}

#[test]
fn an_anchor_is_believed_only_as_it_was_made() {
    let entropy = Counted::new(41);
    let signer = LogSigner::generate(WRITER, &entropy).unwrap();
    let anchor = Anchor {
        vault: VAULT,
        instance: [1; 16],
        sequence: 7,
        state: [2; 32],
        log_size: 3,
        log_root: [3; 32],
    };
    let bytes = anchor.seal(&signer);
    assert_eq!(bytes.len(), kosha_crypto::anchor::ANCHOR_LEN);
    assert_eq!(Anchor::open(&bytes, VAULT, &signer), Ok(anchor));
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let expected = match at {
            4 => AnchorError::Unsupported,
            5..53 => AnchorError::OtherVault,
            _ => AnchorError::Damaged,
        };
        assert_eq!(Anchor::open(&changed, VAULT, &signer), Err(expected), "byte {at}");
        assert!(Anchor::open(&bytes[..at], VAULT, &signer).is_err());
    }
    assert_eq!(Anchor::open(&[bytes.clone(), vec![0]].concat(), VAULT, &signer), Err(AnchorError::Damaged));
    let other = LogSigner::generate(WRITER, &entropy).unwrap();
    assert_eq!(Anchor::open(&bytes, VAULT, &other), Err(AnchorError::OtherVault));
    let elsewhere = kosha_crypto::VaultId::from_bytes([9; 16]);
    assert_eq!(Anchor::open(&bytes, elsewhere, &signer), Err(AnchorError::OtherVault));
}

#[test]
fn a_verifier_text_names_the_key_that_it_holds() {
    let signer = LogSigner::generate(WRITER, &Counted::new(42)).unwrap();
    let text = signer.public().verifier_text();
    assert_eq!(LogKey::from_verifier_text(&text), Ok(signer.public()));
    for at in 0..text.len() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(LogKey::from_verifier_text(&changed).is_err(), "{changed}");
        assert!(LogKey::from_verifier_text(&text[..at]).is_err());
    }
    assert_eq!(LogKey::from_verifier_text(&"x".repeat(300)), Err(CryptoError::TooLarge));
}
