//! The kosha command: a shell for the desk and for demonstrations.

fn main() {}
