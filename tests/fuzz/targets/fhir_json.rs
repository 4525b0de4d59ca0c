//! FHIR in JSON: split, then every entry looked at.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kosha_fuzz::fhir(bytes));
