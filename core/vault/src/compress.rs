//! Compression before sealing: zstd level 3 with built-in dictionaries, bounded on the way back.

use std::io;
use std::sync::OnceLock;

use zeroize::Zeroizing;
use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::CParameter;

use crate::bytes::{Malformed, Read, Reader, make_room};
use crate::error::{Error, Result};

/// Dictionaries, by number from 1; number 0 is none. Once a dictionary is here it stays for ever: sealed bodies name it.
/// To add one: put `<n>.zdict` into `core/vault/dictionaries` and add its line here. New bodies use the last.
static DICTIONARIES: [Dictionary; 1] = [Dictionary::new(include_bytes!("../dictionaries/1.zdict"))];

/// A dictionary and what zstd makes of it, made once for the whole process: digesting it takes longer than a body.
struct Dictionary {
    bytes: &'static [u8],
    encoder: OnceLock<Option<EncoderDictionary<'static>>>,
    decoder: OnceLock<Option<DecoderDictionary<'static>>>,
}

impl Dictionary {
    const fn new(bytes: &'static [u8]) -> Self {
        Self { bytes, encoder: OnceLock::new(), decoder: OnceLock::new() }
    }

    fn encoder(&'static self) -> Option<&'static EncoderDictionary<'static>> {
        self.encoder.get_or_init(|| EncoderDictionary::try_copy(self.bytes, LEVEL).ok()).as_ref()
    }

    fn decoder(&'static self) -> Option<&'static DecoderDictionary<'static>> {
        self.decoder.get_or_init(|| DecoderDictionary::try_copy(self.bytes).ok()).as_ref()
    }
}

const LEVEL: i32 = 3;
const VERSION: u8 = 1;
const STORED: u8 = 0;
const ZSTD: u8 = 1;
/// Bytes before the content.
const HEAD: usize = 8;

/// Largest content before compression.
pub(crate) const MAX_RAW: usize = 64 * 1024 * 1024;

fn zstd_failed(_: io::Error) -> Error {
    Error::Io(io::ErrorKind::Other)
}

/// Compresses with one dictionary; keeps its working memory between calls.
pub(crate) struct Packer {
    number: u16,
    compressor: Option<Compressor<'static>>,
}

impl Packer {
    /// With the newest dictionary.
    pub(crate) fn new() -> Self {
        Self::numbered(u16::try_from(DICTIONARIES.len()).unwrap_or(0))
    }

    /// With the dictionary of this number, or without one for a number that there is not.
    fn numbered(number: u16) -> Self {
        Self { number, compressor: None }
    }

    fn compressor(&mut self) -> Result<&mut Compressor<'static>> {
        if self.compressor.is_none() {
            let dictionary = usize::from(self.number).checked_sub(1).and_then(|at| DICTIONARIES.get(at));
            let made = if let Some(encoder) = dictionary.and_then(Dictionary::encoder) {
                Compressor::with_prepared_dictionary(encoder)
            } else {
                self.number = 0;
                Compressor::new(LEVEL)
            };
            let mut made = made.map_err(zstd_failed)?;
            // The container names the dictionary already.
            made.set_parameter(CParameter::DictIdFlag(false)).map_err(zstd_failed)?;
            self.compressor = Some(made);
        }
        self.compressor.as_mut().ok_or(Error::Io(io::ErrorKind::Other))
    }

    /// Puts `version | method | dictionary u16 | raw length u32 | content` into `out`, whose old content is wiped or
    /// overwritten; stored as it is where zstd gains nothing.
    pub(crate) fn pack(&mut self, raw: &[u8], out: &mut Zeroizing<Vec<u8>>) -> Result<()> {
        if raw.len() > MAX_RAW {
            return Err(Error::TooLarge("a body holds at most 64 MiB beside its attachments"));
        }
        let len = u32::try_from(raw.len()).map_err(|_| Error::TooLarge("a body holds at most 64 MiB"))?;
        let room = HEAD + zstd::zstd_safe::compress_bound(raw.len()).max(raw.len());
        make_room(out, room);
        out.resize(room, 0);
        let (_, content) = out.split_at_mut(HEAD);
        let packed = self.compressor()?.compress_to_buffer(raw, content).map_err(zstd_failed)?;
        let (method, dictionary, size) = if packed < raw.len() {
            (ZSTD, self.number, packed)
        } else {
            content.iter_mut().zip(raw).for_each(|(to, from)| *to = *from);
            (STORED, 0, raw.len())
        };
        out.truncate(HEAD + size);
        let mut head = [VERSION, method, 0, 0, 0, 0, 0, 0];
        let (_, numbers) = head.split_at_mut(2);
        let (number, length) = numbers.split_at_mut(2);
        number.copy_from_slice(&dictionary.to_le_bytes());
        length.copy_from_slice(&len.to_le_bytes());
        if let Some(start) = out.first_chunk_mut::<HEAD>() {
            *start = head;
        }
        Ok(())
    }
}

/// Undoes [`Packer::pack`]; keeps its working memory between calls, one decompressor for each dictionary that was met.
#[derive(Default)]
pub(crate) struct Unpacker {
    decompressors: [Option<Decompressor<'static>>; DICTIONARIES.len() + 1],
}

impl Unpacker {
    fn decompressor(&mut self, number: u16) -> Read<&mut Decompressor<'static>> {
        let slot = self.decompressors.get_mut(usize::from(number)).ok_or(Malformed)?;
        if slot.is_none() {
            let made = match usize::from(number).checked_sub(1) {
                None => Decompressor::new(),
                Some(at) => {
                    let decoder = DICTIONARIES.get(at).and_then(Dictionary::decoder).ok_or(Malformed)?;
                    Decompressor::with_prepared_dictionary(decoder)
                }
            };
            *slot = Some(made.map_err(|_| Malformed)?);
        }
        slot.as_mut().ok_or(Malformed)
    }

    /// The content, of exactly the length that the container names and never more than 64 MiB.
    pub(crate) fn unpack(&mut self, packed: &[u8]) -> Read<Zeroizing<Vec<u8>>> {
        let mut reader = Reader::new(packed);
        let (version, method, dictionary) = (reader.u8()?, reader.u8()?, reader.u16()?);
        let len = usize::try_from(reader.u32()?).map_err(|_| Malformed)?;
        let content = reader.take(reader.remaining())?;
        if version != VERSION || len > MAX_RAW {
            return Err(Malformed);
        }
        let mut out = Zeroizing::new(Vec::with_capacity(len));
        match (method, dictionary) {
            (STORED, 0) => out.extend_from_slice(content),
            (ZSTD, dictionary) => {
                self.decompressor(dictionary)?
                    .decompress_to_buffer(content, &mut *out)
                    .map_err(|_| Malformed)?;
            }
            _ => return Err(Malformed),
        }
        if out.len() == len { Ok(out) } else { Err(Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(number: u16, raw: &[u8]) -> Vec<u8> {
        let mut out = Zeroizing::new(Vec::new());
        Packer::numbered(number).pack(raw, &mut out).unwrap();
        out.to_vec()
    }

    fn unpack(packed: &[u8]) -> Read<Zeroizing<Vec<u8>>> {
        Unpacker::default().unpack(packed)
    }

    fn round(raw: &[u8]) -> usize {
        for number in 0..=1 {
            assert_eq!(unpack(&packed(number, raw)).unwrap().as_slice(), raw);
        }
        packed(0, raw).len()
    }

    #[test]
    fn round_trips() {
        assert_eq!(round(b""), 8);
        assert_eq!(round(b"abc"), 11, "stored, since compression gains nothing");
        assert!(round(&vec![b'a'; 100_000]) < 100);
    }

    #[test]
    fn new_bodies_use_the_newest_dictionary_and_gain_by_it() {
        let raw = br#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org"}]}}"#;
        let mut out = Zeroizing::new(Vec::new());
        Packer::new().pack(raw, &mut out).unwrap();
        assert_eq!(out.get(1..4), Some(&[ZSTD, 1, 0][..]));
        assert!(out.len() * 2 < packed(0, raw).len());
        let mut other = out.clone();
        other[2] = 0;
        assert_ne!(unpack(&other).ok().as_deref().map(Vec::as_slice), Some(&raw[..]), "another dictionary");
    }

    #[test]
    fn one_packer_and_unpacker_serve_many_bodies() {
        let (mut packer, mut unpacker) = (Packer::new(), Unpacker::default());
        let mut out = Zeroizing::new(Vec::new());
        for len in [0, 5000, 10, 300_000, 1, 70_000] {
            let raw: Vec<u8> = (0..len).map(|n: u32| n.wrapping_mul(n).to_le_bytes()[1]).collect();
            packer.pack(&raw, &mut out).unwrap();
            assert_eq!(unpacker.unpack(&out).unwrap().as_slice(), raw);
        }
    }

    #[test]
    fn a_container_cannot_expand_beyond_what_it_names() {
        let mut packed = packed(1, &vec![0; 1_000_000]);
        packed[4..8].copy_from_slice(&1000_u32.to_le_bytes());
        assert_eq!(unpack(&packed), Err(Malformed));
        packed[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(unpack(&packed), Err(Malformed));
    }

    #[test]
    fn unknown_version_method_and_dictionary_are_refused() {
        let packed = packed(1, &[0; 1000]);
        for (at, value) in [(0, 2), (1, 2), (2, 99)] {
            let mut bad = packed.clone();
            bad[at] = value;
            assert_eq!(unpack(&bad), Err(Malformed), "byte {at}");
        }
        assert_eq!(unpack(&packed[..7]), Err(Malformed));
        assert_eq!(unpack(&packed[..packed.len() - 1]), Err(Malformed));
    }
}
