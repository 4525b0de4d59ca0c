//! What must hold of everything that is read, whatever the bytes. A broken promise is a panic, which the fuzzer reports.

use kosha_fhir::{Extract, Language, Limits, Outcome, Reading, read, reason_text};
use kosha_legacy::{Converted, Refusal};

/// The bounds of the product, and a fixed time of day.
pub fn limits() -> Limits {
    Limits { now_ms: Some(1_790_000_000_000), ..Limits::default() }
}

/// Reads a file of records and looks at every entry.
pub fn fhir(bytes: &[u8]) {
    let first = read(bytes, &limits());
    let again = read(bytes, &limits());
    let (first, again) = match (first, again) {
        (Ok(first), Ok(again)) => (first, again),
        (Err(first), Err(again)) => {
            assert!(first == again);
            assert!(known(first.code), "a refusal without a sentence: {}", first.code);
            return;
        }
        _ => panic!("once read, once refused"),
    };
    entries(&first);
    same(&first, &again);
    other_language(bytes, &first);
}

/// Whether a code has a sentence of its own.
fn known(code: &str) -> bool {
    reason_text(code) != reason_text("no such code")
}

/// Every entry lies within the text, behind the one before, and tells either a record or a reason.
fn entries(reading: &Reading<'_>) {
    let mut last = 0;
    for (at, entry) in reading.entries.iter().enumerate() {
        assert_eq!(entry.ordinal as usize, at);
        assert!(entry.span.start >= last && entry.span.start < entry.span.end);
        assert!(entry.span.end <= reading.text.len());
        last = entry.span.end;
        match &entry.outcome {
            Outcome::Resource { .. } => {
                let text = reading.bytes(entry.ordinal);
                assert!(text.starts_with(b"{") && text.ends_with(b"}"));
                let extract = reading.extract(entry.ordinal).expect("a record can be looked at");
                record(reading, at, &extract);
            }
            Outcome::Skipped(code) | Outcome::Refused(code) => {
                assert!(known(code), "an outcome without a sentence: {code}");
                assert!(reading.extract(entry.ordinal).is_err());
            }
        }
    }
    for finding in &reading.warnings {
        assert!(known(finding.reason), "a remark without a sentence: {}", finding.reason);
        assert!(finding.entry.is_none_or(|entry| (entry as usize) < reading.entries.len()));
    }
}

/// What is told of a record is bounded and points at what is there.
fn record(reading: &Reading<'_>, at: usize, extract: &Extract) {
    let there =
        |ordinal: Option<u32>| ordinal.is_none_or(|ordinal| (ordinal as usize) < reading.entries.len());
    assert!(there(extract.parent) && there(extract.visit));
    assert!(extract.patient.is_none_or(|patient| patient < reading.patients.len()));
    assert!(!extract.card.title.is_empty() && extract.card.title.chars().count() <= 200);
    assert!(extract.search_text.len() <= 16 * 1024);
    let span = &reading.entries[at].span;
    for file in &extract.attachments {
        assert!(file.span.start > span.start && file.span.start <= file.span.end && file.span.end < span.end);
        assert_eq!(reading.text[file.span.start - 1], b'"');
        assert_eq!(reading.text[file.span.end], b'"');
    }
    for code in &extract.warnings {
        assert!(known(code), "a remark without a sentence: {code}");
    }
}

/// Two readings of the same bytes tell the same.
fn same(first: &Reading<'_>, again: &Reading<'_>) {
    assert!(first.text == again.text && first.form == again.form && first.patients == again.patients);
    assert_eq!(first.entries.len(), again.entries.len());
    for (one, other) in first.entries.iter().zip(&again.entries) {
        assert!(one.span == other.span && one.outcome == other.outcome && one.full_url == other.full_url);
        let (Ok(one), Ok(other)) = (first.extract(one.ordinal), again.extract(other.ordinal)) else {
            continue;
        };
        assert!(one.card == other.card && one.codes == other.codes && one.search_text == other.search_text);
        assert!(one.patient == other.patient && one.parent == other.parent && one.visit == other.visit);
        assert!(one.warnings == other.warnings && one.attachments == other.attachments);
        assert!(one.value == other.value && one.unit == other.unit && one.dosage == other.dosage);
    }
}

/// A language changes words, never what is said.
fn other_language(bytes: &[u8], english: &Reading<'_>) {
    let hindi = read(bytes, &Limits { language: Language::Hindi, ..limits() }).expect("read in English");
    for entry in &english.entries {
        let (Ok(one), Ok(other)) = (english.extract(entry.ordinal), hindi.extract(entry.ordinal)) else {
            continue;
        };
        assert!(
            one.kind == other.kind && one.card.standing == other.card.standing && one.value == other.value
        );
    }
}

/// Converts a file of another format, and reads what it became: Kosha never refuses what it wrote itself. `parts` is how
/// many places the file has at most.
pub fn converted(bytes: &[u8], parts: usize, convert: fn(&[u8]) -> Result<Converted, Refusal>) {
    let (first, again) = (convert(bytes), convert(bytes));
    assert!(first == again);
    let converted = match first {
        Ok(converted) => converted,
        Err(refusal) => {
            assert!(
                !kosha_legacy::reason_text(refusal.0).is_empty(),
                "a refusal without a sentence: {}",
                refusal.0
            );
            return;
        }
    };
    for left in &converted.left {
        assert!(
            !kosha_legacy::reason_text(left.reason).is_empty(),
            "left without a sentence: {}",
            left.reason
        );
        assert!(left.place < parts, "{} is beyond {parts} parts", left.place);
    }
    let reading = read(&converted.bundle, &limits()).expect("what was made is read");
    assert_eq!(reading.entries.len(), converted.resources);
    for entry in &reading.entries {
        assert!(matches!(entry.outcome, Outcome::Resource { .. }), "{:?}", entry.outcome);
    }
    entries(&reading);
}

/// How many lines bytes have at most, whatever ends them.
pub fn lines(bytes: &[u8]) -> usize {
    1 + bytes.iter().filter(|byte| matches!(byte, b'\r' | b'\n' | 0xb | 0x1c)).count()
}
