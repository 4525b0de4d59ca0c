//! Holds ciphertext for health links and serves the doctor's reader page.

fn main() {}
