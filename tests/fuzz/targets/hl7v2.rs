//! HL7 v2 messages, and the bundle made of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    kosha_fuzz::converted(bytes, kosha_fuzz::lines(bytes), kosha_legacy::hl7v2);
});
