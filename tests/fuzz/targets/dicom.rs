//! DICOM headers, and the bundle made of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = kosha_legacy::is_dicom(bytes);
    kosha_fuzz::converted(bytes, 1, kosha_legacy::dicom);
});
