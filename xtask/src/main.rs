//! Set-up, demo, test, lint and bench of this repository.

fn main() {}
