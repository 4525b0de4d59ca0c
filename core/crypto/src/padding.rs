//! A length in front and zeros behind, so that the sealed size tells little.

use crate::CryptoError;

/// Length of the prefix that carries the plaintext's length (big-endian).
pub(crate) const PREFIX: usize = 4;

/// The Padmé size of `len`: at most 12 % more, and few distinct sizes.
///
/// Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with `PURBs`" (PETS 2019), section 4.
/// Saturates to `len` itself where the padded size would not fit.
pub const fn padme(len: u64) -> u64 {
    if len < 2 {
        return len;
    }
    let exponent = len.ilog2();
    if exponent == 0 {
        return len;
    }
    let kept = exponent.ilog2() + 1;
    let mask = (1u64 << (exponent - kept)) - 1;
    match len.checked_add(mask) {
        Some(sum) => sum & !mask,
        None => len,
    }
}

/// Bytes that a plaintext of `len` takes with prefix and padding.
pub(crate) fn padded_len(len: usize) -> Result<usize, CryptoError> {
    if u32::try_from(len).is_err() {
        return Err(CryptoError::TooLarge);
    }
    let with_prefix = u64::try_from(len).map_err(|_| CryptoError::TooLarge)? + PREFIX as u64;
    usize::try_from(padme(with_prefix)).map_err(|_| CryptoError::TooLarge)
}

/// Append prefix, plaintext and zeros to `out`, which should have the room already.
pub(crate) fn pad_into(plain: &[u8], out: &mut Vec<u8>) -> Result<(), CryptoError> {
    let end = out.len().checked_add(padded_len(plain.len())?).ok_or(CryptoError::TooLarge)?;
    let prefix = u32::try_from(plain.len()).map_err(|_| CryptoError::TooLarge)?;
    out.extend_from_slice(&prefix.to_be_bytes());
    out.extend_from_slice(plain);
    out.resize(end, 0);
    Ok(())
}

/// The plaintext inside `padded`. One plaintext has one padded form; any other is refused.
pub(crate) fn unpad(padded: &[u8]) -> Result<&[u8], CryptoError> {
    const WRONG: CryptoError = CryptoError::Malformed("padding does not fit the length");
    let (prefix, rest) = padded.split_first_chunk::<PREFIX>().ok_or(WRONG)?;
    let len = usize::try_from(u32::from_be_bytes(*prefix)).map_err(|_| WRONG)?;
    let (plain, zeros) = rest.split_at_checked(len).ok_or(WRONG)?;
    if padded_len(len)? != padded.len() || zeros.iter().any(|byte| *byte != 0) {
        return Err(WRONG);
    }
    Ok(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_worked_out_by_hand() {
        for (len, padded) in
            [(0, 0), (1, 1), (2, 2), (3, 3), (8, 8), (9, 10), (100, 104), (1000, 1024), (1025, 1088)]
        {
            assert_eq!(padme(len), padded, "padme({len})");
        }
        assert_eq!(padme(u64::MAX), u64::MAX);
    }

    proptest! {
        #[test]
        fn padded_is_never_smaller_nor_more_than_an_eighth_larger(len in 2u64..1 << 50) {
            let padded = padme(len);
            prop_assert!(padded >= len && padded - len <= len / 8 + 1);
            prop_assert_eq!(padme(padded), padded);
        }

        #[test]
        fn unpad_gives_back(plain in proptest::collection::vec(any::<u8>(), 0..3000)) {
            let mut padded = Vec::new();
            pad_into(&plain, &mut padded).unwrap();
            prop_assert_eq!(unpad(&padded).unwrap(), &plain[..]);
            padded.push(0);
            prop_assert!(unpad(&padded).is_err());
        }
    }
}
