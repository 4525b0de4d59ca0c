//! Fixed-length byte strings put together from parts.

/// The parts, one after another. Their lengths add up to `N`.
pub(crate) fn join<const N: usize>(parts: &[&[u8]]) -> [u8; N] {
    let mut out = [0; N];
    let mut rest = out.as_mut_slice();
    for part in parts {
        if let Some((slot, after)) = std::mem::take(&mut rest).split_at_mut_checked(part.len()) {
            slot.copy_from_slice(part);
            rest = after;
        }
    }
    debug_assert!(rest.is_empty(), "the parts fill the array");
    out
}
