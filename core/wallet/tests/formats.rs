//! Files of every kind in one gesture: archives, letters, pictures, each told by its content.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::Desk;
use kosha::import::{FileOutcome, ImportReport, ImportWish};
use kosha::timeline::TimelineQuery;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

fn take(desk: &mut Desk, name: &str, bytes: &[u8]) -> ImportReport {
    let wish = ImportWish { paths: vec![desk.write(name, bytes)], person: None };
    let report = desk.session.import(&wish, &mut ()).unwrap();
    let totals = &report.totals;
    let sum = totals.stored + totals.updated + totals.duplicate + totals.skipped + totals.refused;
    assert_eq!(sum, totals.entries);
    assert_eq!(report.stopped, None);
    report
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn reasons(report: &ImportReport) -> Vec<(String, &'static str)> {
    report
        .files
        .iter()
        .flat_map(|file| {
            let name = file.file.split_once(".zip/").map_or("", |(_, inner)| inner).to_owned();
            file.refused.iter().chain(&file.skipped).map(move |note| (name.clone(), note.reason))
        })
        .collect()
}

const PATIENT: &str =
    r#"{"resourceType":"Patient","id":"p","name":[{"text":"Asha Rao"}],"birthDate":"1980-01-02"}"#;
const WEIGHT: &str = r#"{"resourceType":"Observation","id":"w","status":"final","code":{"text":"Weight"},"effectiveDateTime":"2024-03-05","valueQuantity":{"value":71.50,"unit":"kg"}}"#;
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF";

#[test]
fn an_archive_is_taken_in_file_by_file() {
    let mut desk = Desk::new();
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{PATIENT}}},{{"resource":{WEIGHT}}}]}}"#
    );
    let inner = zipped(&[("again.json", WEIGHT.as_bytes())]);
    let archive = zipped(&[
        ("records/all.json", bundle.as_bytes()),
        ("records/letter.bin", PDF),
        ("readme.txt", b"Dear patient, these are your files."),
        ("__MACOSX/._all.json", b"\0\0"),
        ("inner.zip", &inner),
        ("broken.json", b"{\"resourceType\":"),
    ]);
    let report = take(&mut desk, "all.zip", &archive);
    assert_eq!(report.totals.files, 5);
    assert_eq!(report.totals.stored, 4);
    assert_eq!(
        reasons(&report),
        [("readme.txt".to_owned(), "not-fhir-json"), ("broken.json".to_owned(), "truncated")]
    );
    let letter = report.files.iter().find(|file| file.file.ends_with("letter.bin")).unwrap();
    assert_eq!(letter.outcome, FileOutcome::Imported);
    let mut bytes = Vec::new();
    desk.session.attachment_to(letter.record.as_deref().unwrap(), 1, None, &mut bytes).unwrap();
    assert_eq!(bytes, PDF);
    let again = take(&mut desk, "all.zip", &archive);
    assert_eq!((again.totals.stored, again.totals.updated), (0, 0));
    assert_eq!(again.totals.entries, report.totals.entries);
    let titles: Vec<String> = desk
        .session
        .timeline(&TimelineQuery::default())
        .unwrap()
        .records
        .into_iter()
        .map(|card| card.title)
        .collect();
    assert!(titles.contains(&"letter.bin".to_owned()), "{titles:?}");
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// A clinical document with one allergy.
const CCDA: &str = r#"<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<recordTarget><patientRole><id root="1.2.3" extension="7"/><patient><name><given>René</given><family>Rao</family></name><birthTime value="19800102"/></patient></patientRole></recordTarget>
<component><structuredBody><component><section><code code="48765-2" codeSystem="2.16.840.1.113883.6.1"/><entry><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.7"/><statusCode code="completed"/>
<participant typeCode="CSM"><participantRole><playingEntity><name>Café au lait</name></playingEntity></participantRole></participant></observation></entry></section></component></structuredBody></component></ClinicalDocument>"#;

/// The exact bytes of the file of the only report.
fn given_back(desk: &Desk, report: &ImportReport) -> Vec<u8> {
    let mut bytes = Vec::new();
    desk.session.document_to(report.files[0].document.as_deref().unwrap(), &mut bytes).unwrap();
    bytes
}

#[test]
fn other_letters_and_packed_files_are_read_and_given_back_as_they_came() {
    let patient = r#"<Patient xmlns="http://hl7.org/fhir"><name><text value="René Rao"/></name><birthDate value="1980-01-02"/></Patient>"#;
    let utf16 = |text: &str| -> Vec<u8> {
        let text = text.replace("UTF-8", "UTF-16");
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect()
    };
    let latin = |text: &str| -> Vec<u8> {
        let declared =
            format!("<?xml version='1.0' encoding='ISO-8859-1'?>{}", text.split("?>").last().unwrap());
        declared.chars().map(|letter| u8::try_from(letter).unwrap()).collect()
    };
    let message = "MSH|^~\\&|A|B|C|D|20240305||ADT^A08|1|P|2.5\rPID|1||7^^^H&1.2.3&ISO||Rao^René||19800102|F\rAL1|1|FA|^Café au lait\r";
    for bytes in [
        utf16(CCDA),
        latin(CCDA),
        utf16(patient),
        latin(patient),
        gzipped(CCDA.as_bytes()),
        gzipped(&utf16(CCDA)),
        gzipped(&utf16(patient)),
        gzipped(&gzipped(CCDA.as_bytes())),
        gzipped(&gzipped(PATIENT.as_bytes())),
        gzipped(message.as_bytes()),
    ] {
        let mut desk = Desk::new();
        let report = take(&mut desk, "file.gz", &bytes);
        assert_eq!((report.totals.refused, report.files[0].outcome), (0, FileOutcome::Imported));
        assert!(given_back(&desk, &report) == bytes);
        let name = desk.names().remove(0);
        assert!(name.contains("Ren\u{e9}") || name == "Asha Rao", "{name}");
        let again = take(&mut desk, "again", &bytes);
        assert_eq!((again.totals.stored, again.totals.updated), (0, 0));
        if bytes == gzipped(CCDA.as_bytes()) {
            // What holds a record that is deleted goes too, packed or not.
            let mut listed = desk.records(None).into_iter();
            let allergy = listed.find(|card| card.kind == "allergy").unwrap();
            assert_eq!(allergy.title, "Allergy: Café au lait");
            let file = report.files[0].document.clone().unwrap();
            desk.session.delete(&[allergy.id]).unwrap();
            assert!(desk.session.document_to(&file, &mut Vec::new()).is_err());
        }
    }
}

#[test]
fn hostile_packed_files_are_refused_by_name() {
    let whole = gzipped(CCDA.as_bytes());
    let deep = gzipped(&gzipped(&whole));
    let bomb = gzipped(&[CCDA.as_bytes(), &vec![b' '; 70 << 20]].concat());
    let small_bomb = gzipped(&[CCDA.as_bytes(), &vec![b' '; 12 << 20]].concat());
    let of_one = gzipped(&bomb);
    let in_archive = zipped(&[("deep.gz", &deep), ("ok.xml.gz", &whole)]);
    let mut wrong_sum = whole.clone();
    let at = wrong_sum.len() - 5;
    wrong_sum[at] ^= 1;
    for (bytes, reason) in [
        (&whole[..whole.len() / 2], "broken-gzip"),
        (&whole[..11], "broken-gzip"),
        (&wrong_sum, "broken-gzip"),
        (&bomb, "inflates-too-large"),
        (&small_bomb, "inflates-too-large"),
        (&of_one, "inflates-too-large"),
        (&deep, "zip-too-deep"),
        (&gzipped(&gzipped(&gzipped(PATIENT.as_bytes()))), "zip-too-deep"),
        (&gzipped(b""), "empty"),
    ] {
        let mut desk = Desk::new();
        let report = take(&mut desk, "x.gz", bytes);
        assert_eq!(report.files[0].refused.iter().map(|note| note.reason).collect::<Vec<_>>(), [reason]);
        assert!(desk.records(None).is_empty());
    }
    let mut desk = Desk::new();
    let report = take(&mut desk, "a.zip", &in_archive);
    assert_eq!(reasons(&report), [("deep.gz".to_owned(), "zip-too-deep")]);
    assert_eq!(desk.records(None).iter().filter(|card| card.kind == "allergy").count(), 1);
}

#[test]
fn a_letter_and_a_picture_are_kept_as_documents_whatever_their_names_say() {
    let mut desk = Desk::new();
    let report = take(&mut desk, "result.json", PDF);
    assert_eq!((report.totals.stored, report.files[0].warnings[0].reason), (1, "kept-as-document"));
    let picture = [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 9000]].concat();
    let report = take(&mut desk, "scan.pdf", &picture);
    let mut bytes = Vec::new();
    desk.session.attachment_to(report.files[0].record.as_deref().unwrap(), 1, None, &mut bytes).unwrap();
    assert_eq!(bytes, picture);
    // A letter is records when it holds them.
    let report = take(&mut desk, "letter.pdf", WEIGHT.as_bytes());
    assert!(report.files[0].document.is_some());
}

#[test]
fn hostile_archives_are_refused_by_name() {
    let mut desk = Desk::new();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("../../outside.json", plain).unwrap();
    zip.write_all(WEIGHT.as_bytes()).unwrap();
    zip.start_file("bomb.json", SimpleFileOptions::default()).unwrap();
    for _ in 0..40 {
        zip.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    zip.start_file("good.json", plain).unwrap();
    zip.write_all(WEIGHT.as_bytes()).unwrap();
    zip.add_symlink("link.json", "/etc/passwd", plain).unwrap();
    let archive = zip.finish().unwrap().into_inner();
    let report = take(&mut desk, "bad.zip", &archive);
    assert_eq!(report.totals.stored, 1);
    let codes: Vec<&str> = reasons(&report).into_iter().map(|(_, code)| code).collect();
    assert_eq!(codes, ["zip-outside", "inflates-too-large", "file-is-a-link"]);

    // Deeper than two.
    let mut nested = zipped(&[("w.json", WEIGHT.as_bytes())]);
    for _ in 0..3 {
        nested = zipped(&[("inner.zip", &nested)]);
    }
    let report = take(&mut desk, "deep.zip", &nested);
    assert_eq!(reasons(&report).last().unwrap().1, "zip-too-deep");

    // Cut, damaged, lying.
    let mut whole = zipped(&[("w.json", WEIGHT.as_bytes())]);
    let cut = &whole[..whole.len() - 30];
    assert_eq!(take(&mut desk, "cut.zip", cut).files[0].refused[0].reason, "zip-broken");
    let at = whole.windows(4).position(|sign| sign == b"PK\x03\x04").unwrap() + 60;
    whole[at] ^= 0x55;
    let report = take(&mut desk, "damaged.zip", &whole);
    assert_eq!(report.totals.stored, 0);
    assert_eq!(report.totals.refused, 1);
    assert_eq!(take(&mut desk, "empty.zip", &zipped(&[])).files[0].refused[0].reason, "empty");
}

#[test]
fn every_byte_of_an_archive_may_be_wrong() {
    let mut desk = Desk::new();
    let whole = zipped(&[("w.json", WEIGHT.as_bytes()), ("l.pdf", PDF)]);
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << (at % 8);
        let report = take(&mut desk, "f.zip", &bytes);
        assert!(report.totals.entries > 0 || report.files.is_empty(), "{at}");
    }
}

#[test]
fn a_table_and_a_picture_of_a_scanner_become_records_and_the_files_stay_as_they_were() {
    let mut desk = Desk::new();
    let table = "date;weight (kg);glucose (mg/dL)\n2024-03-05;71,5;110\n2024-03-06;;\n";
    let report = take(&mut desk, "readings.txt", table.as_bytes());
    assert_eq!(report.totals.stored, 2, "{:?}", report.files[0].skipped);
    let mut bytes = Vec::new();
    desk.session.document_to(report.files[0].document.as_deref().unwrap(), &mut bytes).unwrap();
    assert_eq!(bytes, table.as_bytes());
    assert!(desk.records(None).iter().any(|card| card.summary.contains("71.5 kg")));

    let mut study = vec![0; 128];
    study.extend_from_slice(b"DICM");
    for (group, element, vr, value) in [
        (2_u16, 0x10_u16, b"UI", "1.2.840.10008.1.2.1\0"),
        (8, 0x20, b"DA", "20240305"),
        (8, 0x60, b"CS", "CT"),
        (0x10, 0x10, b"PN", "Rao^Asha"),
        (0x20, 0xd, b"UI", "1.2.3.4."),
    ] {
        study.extend_from_slice(&group.to_le_bytes());
        study.extend_from_slice(&element.to_le_bytes());
        study.extend_from_slice(vr);
        study.extend_from_slice(&u16::try_from(value.len()).unwrap().to_le_bytes());
        study.extend_from_slice(value.as_bytes());
    }
    let report = take(&mut desk, "image", &study);
    assert!(report.totals.stored >= 1, "{:?}", report.files[0].refused);
    let mut bytes = Vec::new();
    desk.session.document_to(report.files[0].document.as_deref().unwrap(), &mut bytes).unwrap();
    assert_eq!(bytes, study);
}

/// An element of DICOM in the explicit little-endian syntax.
fn element(group: u16, number: u16, kind: &str, value: &[u8]) -> Vec<u8> {
    let mut out = [group.to_le_bytes(), number.to_le_bytes()].concat();
    out.extend(kind.as_bytes());
    let filled = value.len() + value.len() % 2;
    if matches!(kind, "OB" | "OW") {
        out.extend([0, 0]);
        out.extend(u32::try_from(filled).unwrap().to_le_bytes());
    } else {
        out.extend(u16::try_from(filled).unwrap().to_le_bytes());
    }
    out.extend(value);
    out.resize(out.len() + value.len() % 2, 0);
    out
}

/// A letter in an envelope of DICOM.
fn envelope(letter: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(element(2, 0x10, "UI", b"1.2.840.10008.1.2.1"));
    out.extend(element(8, 0x16, "UI", b"1.2.840.10008.5.1.4.1.1.104.1"));
    out.extend(element(8, 0x18, "UI", b"1.2.3.4.5"));
    out.extend(element(0x10, 0x10, "PN", b"Rao^Asha"));
    out.extend(element(0x42, 0x10, "ST", b"Discharge letter"));
    out.extend(element(0x42, 0x11, "OB", letter));
    out.extend(element(0x42, 0x12, "LO", b"application/pdf"));
    out
}

fn letter(megabytes: usize) -> Vec<u8> {
    let mut letter = PDF.to_vec();
    letter.resize(megabytes << 20, b'x');
    letter
}

#[test]
fn a_letter_as_large_as_a_file_may_be_comes_out_of_its_envelope_whole() {
    let mut desk = Desk::new();
    let letter = letter(31);
    let report = take(&mut desk, "letter.dcm", &envelope(&letter));
    assert_eq!((report.totals.refused, report.files[0].outcome), (0, FileOutcome::Imported));
    let shown = desk.records(None).into_iter().find(|card| card.kind == "document").unwrap();
    let mut bytes = Vec::new();
    desk.session.attachment_to(&shown.id, 1, None, &mut bytes).unwrap();
    assert!(bytes == letter);
}

#[test]
fn beyond_its_bound_each_format_is_refused_or_kept_whole_and_says_which() {
    let mut desk = Desk::new();
    let large = envelope(&letter(33));
    let report = take(&mut desk, "letter.dcm", &large);
    assert_eq!((report.totals.stored, report.files[0].warnings[0].reason), (1, "too-large-to-read"));
    let mut bytes = Vec::new();
    desk.session.attachment_to(report.files[0].record.as_deref().unwrap(), 1, None, &mut bytes).unwrap();
    assert!(bytes == large);
    let report = take(&mut desk, "letter.pdf", &letter(33));
    assert_eq!((report.totals.stored, report.files[0].warnings[0].reason), (1, "kept-as-document"));

    let padded = |text: &str| [text.as_bytes(), &vec![b' '; 33 << 20]].concat();
    let message = padded("MSH|^~\\&|A|B|C|D|20240305||ADT^A08|1|P|2.5\rPID|1||7||Rao^Asha\r");
    let table = padded("date,systolic,diastolic\n2024-03-05,120,80\n");
    for (name, bytes) in [
        ("a.json", padded(PATIENT)),
        ("a.xml", padded(CCDA)),
        ("a.hl7", message),
        ("a.csv", table),
        ("a.gz", [gzipped(PATIENT.as_bytes()), vec![0; 33 << 20]].concat()),
    ] {
        let report = take(&mut desk, name, &bytes);
        let told = &report.files[0].refused[0];
        assert_eq!((report.totals.entries, told.reason), (1, "file-too-large"), "{name}");
        assert!(told.text.contains("32 MB"), "{}", told.text);
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("large.json", plain).unwrap();
    zip.write_all(&padded(PATIENT)).unwrap();
    zip.start_file("weight.json", plain).unwrap();
    zip.write_all(WEIGHT.as_bytes()).unwrap();
    let report = take(&mut desk, "a.zip", &zip.finish().unwrap().into_inner());
    assert_eq!(reasons(&report), [("large.json".to_owned(), "file-too-large")]);
    assert_eq!(report.totals.stored, 1);
    // What is small, and large as records.
    let mut rows = "date,systolic,diastolic,pulse,weight,height,temperature,spo2\n".to_owned();
    for row in 0..90_000 {
        writeln!(rows, "2024-03-05,120,80,70,71.{row:05},170,37.1,98").unwrap();
    }
    let report = take(&mut desk, "rows.csv", rows.as_bytes());
    assert_eq!(report.files[0].refused[0].reason, "too-many-parts");
    let mut message =
        "MSH|^~\\&|A|B|C|D|20240305||ORU^R01|1|P|2.5\rPID|1||7||Rao^Asha\rOBR|1|||1^Course^L\r".to_owned();
    message += &"OBX||NM|8867-4^Pulse^LN||72|/min^^UCUM|60-100|H|||F|||20240305\r".repeat(190_000);
    let report = take(&mut desk, "many.hl7", message.as_bytes());
    assert_eq!(report.files[0].refused[0].reason, "becomes-too-large");
}
