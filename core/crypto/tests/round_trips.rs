//! What is sealed opens to the same, whatever it is; and what holds for all inputs.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use common::{Counted, VAULT, keys, place};
use kosha_crypto::stream::{self, CHUNK, HEADER, SEALED_CHUNK};
use kosha_crypto::{
    AttachmentId, AttachmentKey, CryptoError, Field, LinkSecret, Place, RecordId, SetHash, StreamOpener,
    StreamSealer, Zeroizing, envelope, jwe, padme,
};
use proptest::prelude::*;

fn bytes(max: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn records(header in bytes(600), body in bytes(5000), text in proptest::option::of(bytes(2000)), seed: u64) {
        let entropy = Counted::new(seed);
        let keys = keys(&entropy).person;
        let sealed = keys.seal_record(&place(), &header, &body, text.as_deref(), &entropy).unwrap();
        let padded = |len: usize| usize::try_from(padme(4 + len as u64)).unwrap();
        prop_assert_eq!(sealed.header.len(), padded(header.len()) + envelope::KEYED_OVERHEAD);
        prop_assert_eq!(sealed.body.len(), padded(body.len()) + envelope::PLAIN_OVERHEAD);
        let key = keys.epochs().unwrap_record(&place(), &sealed.key).unwrap();
        let mut buffer = Zeroizing::new(Vec::new());
        prop_assert_eq!(keys.header().open_into(&place(), &sealed.header, &mut buffer).unwrap(), &header[..]);
        prop_assert_eq!(key.open_into(&place(), Field::Body, &sealed.body, &mut buffer).unwrap(), &body[..]);
        prop_assert_eq!(sealed.text.is_some(), text.is_some());
        if let (Some(sealed), Some(text)) = (sealed.text, text) {
            prop_assert_eq!(key.open_into(&place(), Field::Text, &sealed, &mut buffer).unwrap(), &text[..]);
        }
    }

    #[test]
    fn hostile_bytes_are_refused_without_a_panic(hostile in bytes(300), keep in 0usize..3) {
        let mut hostile = hostile;
        for (byte, fixed) in hostile.iter_mut().zip([1, 1]).take(keep) {
            *byte = fixed;
        }
        let keys = keys(&Counted::new(1));
        let mut buffer = Zeroizing::new(Vec::new());
        prop_assert!(keys.person.header().open_into(&place(), &hostile, &mut buffer).is_err());
        prop_assert!(keys.vault.items().open_into(&place(), Field::Body, &hostile, &mut buffer).is_err());
        prop_assert!(keys.person.epochs().unwrap_record(&place(), &hostile).is_err());
        prop_assert!(kosha_crypto::Slot::from_bytes(&hostile).is_err());
        prop_assert!(kosha_crypto::PersonKeys::unwrap(&keys.root, VAULT, &hostile).is_err());
        // Stored inside a sealed item, so any 32 bytes are a secret; only version and length can be wrong.
        let fits = hostile.len() == 129 && hostile[0] == 1;
        prop_assert_eq!(LinkSecret::from_bytes(&hostile).is_ok(), fits);
        let text = String::from_utf8_lossy(&hostile);
        let secret = LinkSecret::generate(&Counted::new(2)).unwrap();
        prop_assert!(jwe::open(secret.key(), &text).is_err());
        prop_assert!(secret.open_view(&text).is_err());
    }

    #[test]
    fn jwe_files(plain in bytes(4000), seed: u64) {
        let entropy = Counted::new(seed);
        let secret = LinkSecret::generate(&entropy).unwrap();
        let header = r#"{"alg":"dir","enc":"A256GCM","zip":"DEF"}"#;
        let compact = secret.seal_jwe(header, &plain, &entropy).unwrap();
        let (read, opened) = jwe::open(secret.key(), &compact).unwrap();
        prop_assert_eq!(read, header);
        prop_assert_eq!(opened.as_slice(), &plain[..]);
    }

    #[test]
    fn ids_have_one_text(id: [u8; 16], text in "[0-9a-fA-F]{32}") {
        let id = RecordId::from_bytes(id);
        prop_assert_eq!(id.to_string().parse::<RecordId>().unwrap(), id);
        let spelt = text.parse::<RecordId>().map(|id| id.to_string()).ok();
        prop_assert_eq!(spelt, (text.to_lowercase() == text).then_some(text));
    }

    #[test]
    fn the_set_hash_forgets_order(rows in proptest::collection::vec(bytes(40), 1..20), seed: u64) {
        let keys = keys(&Counted::new(seed));
        let hasher = keys.vault.state().row_hasher();
        let (mut forward, mut backward) = (SetHash::EMPTY, SetHash::EMPTY);
        for row in &rows {
            forward.add(&hasher.row(1, &[row]));
        }
        for row in rows.iter().rev() {
            backward.add(&hasher.row(1, &[row]));
        }
        prop_assert_eq!(forward, backward);
        prop_assert_ne!(forward, SetHash::EMPTY);
        let mut other_table = forward;
        other_table.remove(&hasher.row(1, &[&rows[0]]));
        prop_assert_ne!(other_table, forward);
        other_table.add(&hasher.row(2, &[&rows[0]]));
        prop_assert_ne!(other_table, forward);
        for row in &rows {
            forward.remove(&hasher.row(1, &[row]));
        }
        prop_assert_eq!(forward, SetHash::EMPTY);
        prop_assert!(hasher.row(1, &[b"ab", b"c"]) != hasher.row(1, &[b"a", b"bc"]));
    }
}

const ATTACHMENT: Place = Place::attachment(VAULT, AttachmentId::from_bytes([6; 16]));

fn sealed(key: &AttachmentKey, plain: &[u8], piece: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut sealer = StreamSealer::new(key, &ATTACHMENT, &Counted::new(40), &mut out).unwrap();
    for piece in plain.chunks(piece) {
        sealer.update(piece, &mut out).unwrap();
    }
    assert_eq!(sealer.finish(&mut out).unwrap(), plain.len() as u64);
    out
}

#[test]
fn streams_of_every_size_around_a_chunk() {
    let key = AttachmentKey::generate(&Counted::new(41)).unwrap();
    for len in
        [0, 1, 2, 4096, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1, 5 * CHUNK + 100]
    {
        let plain: Vec<u8> = (0..len).map(|i| u8::try_from(i % 251).unwrap()).collect();
        let stream = sealed(&key, &plain, 10_000);
        assert_eq!(stream, sealed(&key, &plain, 1 << 20), "{len}: the pieces do not matter");
        let opener = StreamOpener::new(&key, &ATTACHMENT, &stream[..HEADER], len as u64).unwrap();
        assert_eq!(stream.len() as u64, opener.sealed_len(), "{len}");
        assert_eq!(stream.len() as u64, stream::sealed_len(len as u64).unwrap(), "{len}");
        assert_eq!(opener.open_all(&stream).unwrap().as_slice(), plain, "{len}");
        // Any chunk alone.
        let last = opener.chunks() - 1;
        let (start, size) = opener.sealed_range(last).unwrap();
        let start = usize::try_from(start).unwrap();
        let mut buffer = Zeroizing::new(Vec::new());
        let content = opener.open_chunk(last, &stream[start..start + size], &mut buffer).unwrap();
        let from = (usize::try_from(last).unwrap() * CHUNK).min(len);
        assert_eq!(content, &plain[from..], "{len}");
        assert!(opener.sealed_range(last + 1).is_none());
    }
}

#[test]
fn a_stream_that_was_cut_extended_or_shuffled_does_not_open() {
    let key = AttachmentKey::generate(&Counted::new(42)).unwrap();
    let plain = vec![3; 3 * CHUNK];
    let stream = sealed(&key, &plain, CHUNK);
    let open = |stream: &[u8], len: usize| {
        StreamOpener::new(&key, &ATTACHMENT, &stream[..HEADER], len as u64)?.open_all(stream).map(drop)
    };
    open(&stream, plain.len()).unwrap();
    // A chunk less, with the length that would fit it: the last chunk that is left does not say it is the last.
    let cut = &stream[..stream.len() - SEALED_CHUNK];
    assert_eq!(open(cut, 2 * CHUNK), Err(CryptoError::Refused));
    assert!(open(cut, plain.len()).is_err());
    let mut longer = stream.clone();
    longer.extend_from_slice(&stream[HEADER..HEADER + SEALED_CHUNK]);
    assert!(open(&longer, plain.len()).is_err());
    assert_eq!(open(&longer, 4 * CHUNK), Err(CryptoError::Refused));
    let mut shuffled = stream.clone();
    shuffled[HEADER..HEADER + SEALED_CHUNK]
        .copy_from_slice(&stream[HEADER + SEALED_CHUNK..HEADER + 2 * SEALED_CHUNK]);
    assert_eq!(open(&shuffled, plain.len()), Err(CryptoError::Refused));
    for position in [2, HEADER - 1, HEADER, HEADER + SEALED_CHUNK + 5, stream.len() - 1] {
        let mut changed = stream.clone();
        changed[position] ^= 0x40;
        assert_eq!(open(&changed, plain.len()), Err(CryptoError::Refused), "{position}");
    }
    let elsewhere = Place::attachment(VAULT, AttachmentId::from_bytes([7; 16]));
    let opener = StreamOpener::new(&key, &elsewhere, &stream[..HEADER], plain.len() as u64).unwrap();
    assert_eq!(opener.open_all(&stream).map(drop), Err(CryptoError::Refused));
    assert!(StreamOpener::new(&key, &ATTACHMENT, &stream[..HEADER], u64::MAX).is_err());
    assert!(StreamOpener::new(&key, &ATTACHMENT, &stream[..HEADER - 1], 1).is_err());
}

#[test]
fn a_short_stream_refuses_every_turned_bit() {
    let key = AttachmentKey::generate(&Counted::new(43)).unwrap();
    let stream = sealed(&key, b"forty-two", 100);
    for changed in common::flips(&stream) {
        let opened = StreamOpener::new(&key, &ATTACHMENT, &changed[..HEADER], 9)
            .and_then(|opener| opener.open_all(&changed).map(drop));
        assert!(opened.is_err());
    }
    // Another length than the true one shows up as padding or as missing bytes.
    for len in [8, 10] {
        let opener = StreamOpener::new(&key, &ATTACHMENT, &stream[..HEADER], len).unwrap();
        assert_eq!(opener.open_all(&stream).is_ok(), len == 10, "{len}");
    }
}
