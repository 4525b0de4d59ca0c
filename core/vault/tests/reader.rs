//! Any part of an attachment: what the plain content holds, in bounded memory, and damage found where it is.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use std::io::{BufReader, Cursor, ErrorKind, Read, Seek, SeekFrom};

use common::Place;
use kosha_crypto::digest::Sha256;
use kosha_vault::{AttachmentId, Durability, Error, Part, Vault};
use proptest::prelude::*;

const CHUNK: usize = 64 * 1024;

fn add(vault: &mut Vault, source: &mut dyn Read) -> AttachmentId {
    let mut tx = vault.begin(Durability::Full).unwrap();
    let added = tx.add_attachment(source).unwrap();
    tx.commit().unwrap();
    added.id
}

/// Bytes that differ from place to place.
fn content(len: usize) -> Vec<u8> {
    (0..len).map(|at| u8::try_from((at / 251 + at * 7) % 256).unwrap()).collect()
}

/// So many bytes, made as they are read.
struct Made {
    at: u64,
    len: u64,
}

fn byte(at: u64) -> u8 {
    (at ^ (at >> 13) ^ (at >> 29)).to_le_bytes()[0]
}

impl Read for Made {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let len = usize::try_from(self.len - self.at).unwrap_or(usize::MAX).min(out.len());
        for slot in &mut out[..len] {
            *slot = byte(self.at);
            self.at += 1;
        }
        Ok(len)
    }
}

#[test]
fn every_length_reads_back_and_seeks() {
    let place = Place::new();
    let mut vault = place.create();
    for len in [0, 1, 4096, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17] {
        let plain = content(len);
        let id = add(&mut vault, &mut plain.as_slice());
        let mut reader = vault.attachment_reader(id).unwrap();
        assert_eq!((reader.len(), reader.is_empty()), (len as u64, len == 0));
        let mut read = Vec::new();
        reader.read_to_end(&mut read).unwrap();
        assert!(read == plain, "length {len}");
        assert_eq!(reader.seek(SeekFrom::End(0)).unwrap(), len as u64);
        assert_eq!(reader.read(&mut [0; 8]).unwrap(), 0);
        assert_eq!(reader.seek(SeekFrom::Start(u64::MAX)).unwrap(), u64::MAX);
        assert_eq!(reader.read(&mut [0; 8]).unwrap(), 0, "behind the end is the end");
        assert_eq!(reader.seek(SeekFrom::Start(0)).unwrap(), 0);
        assert_eq!(reader.seek(SeekFrom::Current(-1)).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert!(matches!(
        vault.attachment_reader(AttachmentId::from_bytes([9; 16])),
        Err(Error::UnknownAttachment(_))
    ));
}

#[test]
fn random_reads_and_seeks_are_those_of_the_plain_content() {
    let place = Place::new();
    let mut vault = place.create();
    let plain = content(5 * CHUNK + 1234);
    let id = add(&mut vault, &mut plain.as_slice());
    let step = prop_oneof![
        (0..6 * CHUNK as u64).prop_map(SeekFrom::Start),
        (-6 * 65536_i64..10).prop_map(SeekFrom::End),
        (-70_000..70_000_i64).prop_map(SeekFrom::Current),
    ];
    let steps = proptest::collection::vec((step, 0..2 * CHUNK), 1..20);
    proptest!(ProptestConfig::with_cases(64), |(steps in steps, buffered in any::<bool>())| {
        let mut model = Cursor::new(&plain);
        let mut reader = vault.attachment_reader(id).unwrap();
        for (to, len) in steps {
            match (model.seek(to), reader.seek(to)) {
                (Ok(expected), Ok(found)) => prop_assert_eq!(expected, found),
                (expected, found) => prop_assert_eq!(expected.is_err(), found.is_err()),
            }
            let (mut expected, mut found) = (Vec::new(), Vec::new());
            model.by_ref().take(len as u64).read_to_end(&mut expected).unwrap();
            if buffered {
                // Buffering reads ahead; the place is put right again.
                let at = reader.stream_position().unwrap();
                BufReader::new(&mut reader).take(len as u64).read_to_end(&mut found).unwrap();
                reader.seek(SeekFrom::Start(at + found.len() as u64)).unwrap();
            } else {
                reader.by_ref().take(len as u64).read_to_end(&mut found).unwrap();
            }
            prop_assert!(expected == found);
        }
    });
}

#[test]
fn a_chunk_that_was_changed_swapped_or_cut_is_found_when_it_is_read_and_others_stay_readable() {
    let place = Place::new();
    let mut vault = place.create();
    let plain = content(4 * CHUNK);
    let id = add(&mut vault, &mut plain.as_slice());
    let file = place.files().remove(0);
    let whole = std::fs::read(&file).unwrap();
    let sealed = CHUNK + 16;
    let at = |chunk: usize| 18 + chunk * sealed;

    let read = |chunk: usize| {
        let mut reader = vault.attachment_reader(id).unwrap();
        reader.seek(SeekFrom::Start((chunk * CHUNK) as u64)).unwrap();
        let mut out = vec![0; 100];
        reader.read_exact(&mut out).map(|()| out)
    };
    let mut changed = whole.clone();
    changed[at(1) + 5] ^= 1;
    std::fs::write(&file, &changed).unwrap();
    assert_eq!(read(0).unwrap(), plain[..100]);
    assert_eq!(read(1).unwrap_err().kind(), ErrorKind::InvalidData);
    assert_eq!(read(3).unwrap(), plain[3 * CHUNK..3 * CHUNK + 100]);

    let mut swapped = whole.clone();
    swapped.copy_within(at(2)..at(3), at(1));
    swapped[at(2)..at(3)].copy_from_slice(&whole[at(1)..at(2)]);
    std::fs::write(&file, &swapped).unwrap();
    for chunk in [1, 2] {
        assert_eq!(read(chunk).unwrap_err().kind(), ErrorKind::InvalidData);
    }
    assert!(read(0).is_ok());

    for cut in [0, 17, 18, at(3), whole.len() - 1] {
        std::fs::write(&file, &whole[..cut]).unwrap();
        let damaged = vault.attachment_reader(id);
        assert!(matches!(damaged, Err(Error::Damaged(Part::Attachment(_)))), "cut to {cut}");
    }
    std::fs::write(&file, [&whole[..], b"x"].concat()).unwrap();
    assert!(vault.attachment_reader(id).is_err(), "extended");

    // Cut while it is open.
    std::fs::write(&file, &whole).unwrap();
    let mut reader = vault.attachment_reader(id).unwrap();
    std::fs::File::options().write(true).open(&file).unwrap().set_len(at(2) as u64).unwrap();
    reader.seek(SeekFrom::Start(3 * CHUNK as u64)).unwrap();
    assert_eq!(reader.read(&mut [0; 10]).unwrap_err().kind(), ErrorKind::InvalidData);
    std::fs::remove_file(&file).unwrap();
    assert!(matches!(vault.attachment_reader(id), Err(Error::Damaged(_))));
}

/// Writes `len` bytes, reads them whole and at a few places, and tells the most memory the process ever had.
fn large(len: u64) -> u64 {
    let place = Place::new();
    let mut vault = place.create();
    let id = add(&mut vault, &mut Made { at: 0, len });
    let mut reader = vault.attachment_reader(id).unwrap();
    let (mut buffer, mut hash, mut read) = (vec![0; 1 << 20], Sha256::new(), 0);
    loop {
        let got = reader.read(&mut buffer).unwrap();
        if got == 0 {
            break;
        }
        hash.update(&buffer[..got]);
        read += got as u64;
    }
    assert_eq!(read, len);
    let (mut made, mut expected) = (Made { at: 0, len }, Sha256::new());
    loop {
        let got = made.read(&mut buffer).unwrap();
        if got == 0 {
            break;
        }
        expected.update(&buffer[..got]);
    }
    assert_eq!(hash.finish(), expected.finish());
    for at in [0, 1, len / 3, len / 2 + 65_536, len - 1] {
        reader.seek(SeekFrom::Start(at)).unwrap();
        let mut one = [0];
        reader.read_exact(&mut one).unwrap();
        assert_eq!(one[0], byte(at), "byte {at}");
    }
    peak_kib()
}

/// Most memory that this process ever had, in KiB; 0 where the system does not tell.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

/// The passphrase takes 19 MiB, the other tests of this file a few; the content is many times that.
#[test]
fn two_hundred_megabytes_go_in_and_out_in_bounded_memory() {
    let peak = large(200 << 20);
    assert!(peak < 100 << 10, "{peak} KiB");
}
