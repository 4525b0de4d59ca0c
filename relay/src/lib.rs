//! The relay as a library, so that tests can run it in their own process.
