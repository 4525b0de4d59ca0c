//! C-CDA documents, and the bundle made of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = kosha_legacy::is_ccda(bytes);
    // A place counts elements and the texts between them.
    let parts = 2 + 2 * bytes.iter().filter(|byte| **byte == b'<').count();
    kosha_fuzz::converted(bytes, parts, kosha_legacy::ccda);
});
