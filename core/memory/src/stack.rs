//! What function calls leave behind on the stack.

use std::hint::black_box;

/// Bytes below the caller that are overwritten: more than the deepest call of a cipher, a parser or SQLite takes, and well
/// below the smallest stack that a thread of ours has (512 KiB on iOS).
const DEPTH: usize = 192 * 1024;

/// Overwrites the part of this thread's stack that calls made so far may have used and that nobody uses now. Call it
/// after the last use of keys, from a place no deeper than where they were used.
#[inline(never)]
#[allow(clippy::large_stack_arrays, reason = "the stack is what is meant")]
pub fn scrub_stack() {
    let mut used = [0xa5_u8; DEPTH];
    black_box(&mut used);
    used.fill(0);
    black_box(&mut used);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_with_the_smallest_stack_survives() {
        std::thread::Builder::new().stack_size(512 * 1024).spawn(scrub_stack).unwrap().join().unwrap();
    }
}
