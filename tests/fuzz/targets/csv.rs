//! Tables of readings, and the bundle made of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = kosha_legacy::is_csv(bytes);
    kosha_fuzz::converted(bytes, kosha_fuzz::lines(bytes), kosha_legacy::csv);
});
