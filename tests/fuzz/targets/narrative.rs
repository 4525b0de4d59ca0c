//! XHTML as plain words: nothing is left in it that a browser would run.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let plain = kosha_fhir::plain_text(text);
    assert!(plain == kosha_fhir::plain_text(text));
    // Words and the signs between them: no reference is shorter than the letter that it stands for.
    assert!(plain.len() <= text.len().min(64 << 10));
    assert!(!plain.chars().any(char::is_control));
    assert!(!plain.starts_with(' ') && !plain.ends_with(' ') && !plain.contains("  "));
});
