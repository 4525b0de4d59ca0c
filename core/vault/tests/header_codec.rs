//! Header v1: what is encoded is decoded, unknown fields included, and nothing else decodes.
#![allow(
    clippy::format_collect,
    clippy::needless_for_each,
    clippy::redundant_closure_for_method_calls,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, and reads better short"
)]

use kosha_vault::{AttachmentId, Code, DocumentId, Header, HeaderAttachment, HeaderDate, PersonId, RecordId};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[ -~]{0,20}", "\\PC{0,12}"]
}

fn date() -> impl Strategy<Value = HeaderDate> {
    (any::<i64>(), any::<i64>(), any::<u8>(), any::<Option<i16>>(), any::<u8>(), text()).prop_map(
        |(start_ms, end_ms, precision, offset_minutes, basis, raw)| HeaderDate {
            start_ms,
            end_ms,
            precision,
            offset_minutes,
            basis,
            raw,
        },
    )
}

fn attachment() -> impl Strategy<Value = HeaderAttachment> {
    (any::<[u8; 16]>(), any::<[u8; 32]>(), any::<u64>(), text(), text()).prop_map(
        |(id, hash, len, media, title)| HeaderAttachment {
            id: AttachmentId::from_bytes(id),
            hash,
            len,
            media,
            title,
        },
    )
}

prop_compose! {
    fn header()(
        ids in (any::<[u8; 16]>(), any::<Option<[u8; 16]>>(), any::<Option<[u8; 16]>>(), any::<Option<[u8; 16]>>()),
        numbers in (any::<u16>(), any::<u8>(), any::<u8>(), any::<u32>(), any::<u32>(), any::<i64>()),
        texts in proptest::collection::vec(text(), 5),
        options in proptest::collection::vec(proptest::option::of(text()), 9),
        chips in proptest::collection::vec(text(), 0..4),
        codes in proptest::collection::vec((text(), text()), 0..4),
        date in proptest::option::of(date()),
        attachments in proptest::collection::vec(attachment(), 0..3),
        hashes in (any::<[u8; 32]>(), any::<[u8; 32]>(), any::<bool>()),
        marks in (any::<bool>(), any::<bool>()),
        unknown in proptest::collection::btree_map(35_u32.., proptest::collection::vec(any::<u8>(), 0..9), 0..3),
    ) -> Header {
        let mut header = Header::new(PersonId::from_bytes(ids.0), numbers.0);
        header.parent = ids.1.map(RecordId::from_bytes);
        header.visit = ids.2.map(RecordId::from_bytes);
        header.document = ids.3.map(DocumentId::from_bytes);
        header.supersedes = ids.1.map(RecordId::from_bytes);
        (header.flag, header.standing, header.sensitivity, header.ordinal, header.added_ms) =
            (numbers.1, numbers.2, numbers.3, numbers.4, numbers.5);
        let mut texts = texts.into_iter();
        for field in [&mut header.resource_type, &mut header.title, &mut header.line, &mut header.source] {
            *field = texts.next().unwrap();
        }
        let mut options = options.into_iter();
        for field in [
            &mut header.value, &mut header.unit, &mut header.range_low, &mut header.range_high,
            &mut header.clinical_status, &mut header.verification_status, &mut header.dosage,
            &mut header.version_id, &mut header.last_updated,
        ] {
            *field = options.next().unwrap();
        }
        header.chips = chips;
        header.codes = codes.into_iter().map(|(system, code)| Code { system, code }).collect();
        header.until_ms = date.as_ref().map(|date| date.end_ms);
        header.traits = numbers.3;
        header.date = date;
        header.attachments = attachments;
        header.identity = hashes.0;
        header.content = if hashes.2 { hashes.1 } else { [0; 32] };
        (header.do_not_perform, header.tombstone) = marks;
        header.unknown = unknown.into_iter().collect();
        header
    }
}

proptest! {
    #[test]
    fn round_trip(header in header()) {
        let bytes = header.encode().unwrap();
        prop_assert_eq!(Header::decode(&bytes), Some(header));
    }

    #[test]
    fn one_encoding_for_each_header(header in header(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut bytes = header.encode().unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Some(other) = Header::decode(&bytes) {
            prop_assert_eq!(other.encode(), Some(bytes));
        }
    }

    #[test]
    fn hostile_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Some(header) = Header::decode(&bytes) {
            prop_assert_eq!(header.encode(), Some(bytes));
        }
    }
}

#[test]
fn frozen_bytes() {
    let mut header = Header::new(PersonId::from_bytes([0xaa; 16]), 300);
    header.title = "T".into();
    header.date = Some(HeaderDate {
        start_ms: 1,
        end_ms: 2,
        precision: 3,
        offset_minutes: Some(-1),
        basis: 4,
        raw: "r".into(),
    });
    header.codes = vec![Code { system: "s".into(), code: "c".into() }];
    header.added_ms = 5;
    header.unknown = vec![(200, vec![9])];
    let expected = [
        &[1, 1, 16][..],
        &[0xaa; 16],
        &[2, 2, 0xac, 2],
        &[4, 1, b'T'],
        &[7, 4, 1, b's', 1, b'c'],
        &[8, 22, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 4, 1, 0xff, 0xff, b'r'],
        &[32, 8, 5, 0, 0, 0, 0, 0, 0, 0],
        &[0xc8, 1, 1, 9],
    ]
    .concat();
    assert_eq!(header.encode().unwrap(), expected);
    assert_eq!(Header::decode(&expected).unwrap(), header);
    header.unknown = vec![(4, vec![1])];
    assert_eq!(header.encode(), None, "a known tag is not an unknown one");
}
