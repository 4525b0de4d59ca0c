//! Content of any length, without holding it.

use std::io::{Read, Result};

/// Bytes that do not repeat and do not compress, the same for the same seed.
#[derive(Debug, Clone)]
pub struct Noise {
    state: u64,
    left: u64,
}

impl Noise {
    /// So many bytes.
    pub fn new(seed: u64, len: u64) -> Self {
        Self { state: seed, left: len }
    }

    /// All of it.
    pub fn bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.read_to_end(&mut bytes).expect("nothing fails");
        bytes
    }
}

impl Read for Noise {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let len = usize::try_from(self.left).unwrap_or(out.len()).min(out.len());
        for eight in out[..len].chunks_mut(8) {
            self.state =
                self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let bytes = (self.state ^ (self.state >> 29)).to_le_bytes();
            eight.copy_from_slice(&bytes[..eight.len()]);
        }
        self.left -= len as u64;
        Ok(len)
    }
}
