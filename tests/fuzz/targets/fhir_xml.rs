//! FHIR in XML: made JSON, split, then every entry looked at. Other bytes are `fhir_json`'s.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if !bytes.starts_with(b"{") && !bytes.starts_with(b"[") {
        kosha_fuzz::fhir(bytes);
    }
});
