//! Reading and writing of the vault's own byte formats: little-endian integers, LEB128 lengths, bounded slices.

use zeroize::{Zeroize as _, Zeroizing};

/// Why stored bytes could not be read: they end early, hold a forbidden value, or have bytes left over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Result of reading stored bytes.
pub(crate) type Read<T> = std::result::Result<T, Malformed>;

/// Takes values off the front of a byte slice; never reads past its end and never allocates more than it holds.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Bytes not read so far.
    pub(crate) fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Fails unless every byte was read: formats have one encoding per value.
    pub(crate) fn finish(self) -> Read<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed) }
    }

    pub(crate) fn take(&mut self, len: usize) -> Read<&'a [u8]> {
        let (head, tail) = self.rest.split_at_checked(len).ok_or(Malformed)?;
        self.rest = tail;
        Ok(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        let (head, tail) = self.rest.split_first_chunk::<N>().ok_or(Malformed)?;
        self.rest = tail;
        Ok(*head)
    }

    pub(crate) fn u8(&mut self) -> Read<u8> {
        let [byte] = self.array::<1>()?;
        Ok(byte)
    }

    pub(crate) fn u16(&mut self) -> Read<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    pub(crate) fn u32(&mut self) -> Read<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    pub(crate) fn u64(&mut self) -> Read<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    pub(crate) fn i64(&mut self) -> Read<i64> {
        Ok(i64::from_le_bytes(self.array()?))
    }

    /// Unsigned LEB128 of at most 32 bits, in its shortest form.
    pub(crate) fn varint(&mut self) -> Read<u32> {
        let mut value = 0_u64;
        for index in 0..5_u32 {
            let byte = self.u8()?;
            value |= u64::from(byte & 0x7f) << (7 * index);
            if byte & 0x80 == 0 {
                let shortest = byte != 0 || index == 0;
                return if shortest { u32::try_from(value).map_err(|_| Malformed) } else { Err(Malformed) };
            }
        }
        Err(Malformed)
    }

    /// A `u64` length or offset that has to fit into memory addresses.
    pub(crate) fn length(&mut self) -> Read<usize> {
        usize::try_from(self.u64()?).map_err(|_| Malformed)
    }

    /// Bytes after their LEB128 length.
    pub(crate) fn sized(&mut self) -> Read<&'a [u8]> {
        let len = self.varint()?;
        self.take(usize::try_from(len).map_err(|_| Malformed)?)
    }

    /// UTF-8 text after its LEB128 length.
    pub(crate) fn text(&mut self) -> Read<&'a str> {
        std::str::from_utf8(self.sized()?).map_err(|_| Malformed)
    }
}

/// Appends `value` as unsigned LEB128 in its shortest form.
pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u32) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or(0);
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Appends the LEB128 length of `bytes`, then `bytes`. Callers bound the length far below 4 GiB.
pub(crate) fn put_sized(out: &mut Vec<u8>, bytes: &[u8]) {
    put_varint(out, u32::try_from(bytes.len()).unwrap_or(u32::MAX));
    out.extend_from_slice(bytes);
}

/// Empties a buffer of health data that is used again, with room for `len` bytes. Growing would move the content without
/// wiping the old place, so that is wiped before.
pub(crate) fn make_room(buffer: &mut Zeroizing<Vec<u8>>, len: usize) {
    if buffer.capacity() < len {
        buffer.zeroize();
        buffer.reserve(len);
    } else {
        buffer.clear();
    }
}

/// Appends a length as `u64`.
pub(crate) fn put_length(out: &mut Vec<u8>, len: usize) {
    out.extend_from_slice(&u64::try_from(len).unwrap_or(u64::MAX).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_have_one_form() {
        for value in [0, 1, 127, 128, 300, 65_535, u32::MAX] {
            let mut out = Vec::new();
            put_varint(&mut out, value);
            let mut reader = Reader::new(&out);
            assert_eq!(reader.varint(), Ok(value));
            assert!(reader.is_empty());
        }
        assert_eq!(Reader::new(&[0x80, 0x00]).varint(), Err(Malformed), "longer than needed");
        assert_eq!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x1f]).varint(), Err(Malformed), "over 32 bits");
        assert_eq!(Reader::new(&[0x80]).varint(), Err(Malformed), "cut short");
    }
}
