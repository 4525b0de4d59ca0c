//! Compression before sealing: zstd level 3 with built-in dictionaries, bounded on the way back.

use std::io;

use zeroize::Zeroizing;
use zstd::bulk::{Compressor, Decompressor};

use crate::bytes::{Malformed, Read, Reader};
use crate::error::{Error, Result};

/// Dictionaries, by number from 1; number 0 is none. Once a dictionary is here it stays for ever: sealed bodies name it.
/// To add one: put `<n>.zdict` into `core/vault/dictionaries` and add its `include_bytes!` line here. New bodies use the last.
const DICTIONARIES: &[&[u8]] = &[];

const LEVEL: i32 = 3;
const VERSION: u8 = 1;
const STORED: u8 = 0;
const ZSTD: u8 = 1;

/// Largest content before compression.
pub(crate) const MAX_RAW: usize = 64 * 1024 * 1024;

/// Compresses with the newest dictionary; keeps its working memory between calls.
pub(crate) struct Packer {
    compressor: Compressor<'static>,
    dictionary: u16,
}

fn zstd_failed(_: io::Error) -> Error {
    Error::Io(io::ErrorKind::Other)
}

impl Packer {
    pub(crate) fn new() -> Result<Self> {
        let newest = DICTIONARIES.last().copied().unwrap_or_default();
        let compressor = Compressor::with_dictionary(LEVEL, newest).map_err(zstd_failed)?;
        Ok(Self { compressor, dictionary: u16::try_from(DICTIONARIES.len()).unwrap_or(0) })
    }

    /// `version | method | dictionary u16 | raw length u32 | content`; stored as it is where zstd gains nothing.
    pub(crate) fn pack(&mut self, raw: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        if raw.len() > MAX_RAW {
            return Err(Error::TooLarge("a body holds at most 64 MiB beside its attachments"));
        }
        let len = u32::try_from(raw.len()).map_err(|_| Error::TooLarge("a body holds at most 64 MiB"))?;
        let packed = Zeroizing::new(self.compressor.compress(raw).map_err(zstd_failed)?);
        let (method, dictionary, content) = if packed.len() < raw.len() {
            (ZSTD, self.dictionary, packed.as_slice())
        } else {
            (STORED, 0, raw)
        };
        let mut out = Zeroizing::new(Vec::with_capacity(8 + content.len()));
        out.extend_from_slice(&[VERSION, method]);
        out.extend_from_slice(&dictionary.to_le_bytes());
        out.extend_from_slice(&len.to_le_bytes());
        out.extend_from_slice(content);
        Ok(out)
    }
}

/// Undoes [`Packer::pack`]; keeps its working memory between calls, one decompressor for each dictionary.
pub(crate) struct Unpacker {
    decompressors: Vec<Decompressor<'static>>,
}

impl Unpacker {
    pub(crate) fn new() -> Result<Self> {
        let none: &[u8] = &[];
        let decompressors = std::iter::once(&none)
            .chain(DICTIONARIES)
            .map(|dictionary| Decompressor::with_dictionary(dictionary))
            .collect::<io::Result<_>>()
            .map_err(zstd_failed)?;
        Ok(Self { decompressors })
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
                let decompressor = self.decompressors.get_mut(usize::from(dictionary)).ok_or(Malformed)?;
                decompressor.decompress_to_buffer(content, &mut *out).map_err(|_| Malformed)?;
            }
            _ => return Err(Malformed),
        }
        if out.len() == len { Ok(out) } else { Err(Malformed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(raw: &[u8]) -> usize {
        let packed = Packer::new().unwrap().pack(raw).unwrap();
        assert_eq!(Unpacker::new().unwrap().unpack(&packed).unwrap().as_slice(), raw);
        packed.len()
    }

    #[test]
    fn round_trips() {
        assert_eq!(round(b""), 8);
        assert_eq!(round(b"abc"), 11, "stored, since compression gains nothing");
        assert!(round(&vec![b'a'; 100_000]) < 100);
    }

    #[test]
    fn a_container_cannot_expand_beyond_what_it_names() {
        let mut packed = Packer::new().unwrap().pack(&vec![0; 1_000_000]).unwrap();
        packed[4..8].copy_from_slice(&1000_u32.to_le_bytes());
        assert_eq!(Unpacker::new().unwrap().unpack(&packed), Err(Malformed));
        packed[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(Unpacker::new().unwrap().unpack(&packed), Err(Malformed));
    }

    #[test]
    fn unknown_version_method_and_dictionary_are_refused() {
        let packed = Packer::new().unwrap().pack(&[0; 1000]).unwrap();
        for (at, value) in [(0, 2), (1, 2), (2, 99)] {
            let mut bad = packed.clone();
            bad[at] = value;
            assert_eq!(Unpacker::new().unwrap().unpack(&bad), Err(Malformed), "byte {at}");
        }
        assert_eq!(Unpacker::new().unwrap().unpack(&packed[..7]), Err(Malformed));
        assert_eq!(Unpacker::new().unwrap().unpack(&packed[..packed.len() - 1]), Err(Malformed));
    }
}
