//! DICOM headers: what other programs write, what this file writes itself, and what is broken.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may stop"
)]

use std::path::{Path, PathBuf};

use kosha_fhir::Limits;
use kosha_legacy::{Converted, dicom, is_dicom, reason_text};
use proptest::prelude::*;
use serde_json::Value;

/// An element in the explicit little-endian syntax.
fn element(group: u16, number: u16, kind: &str, value: &[u8]) -> Vec<u8> {
    let mut out = [group.to_le_bytes(), number.to_le_bytes()].concat();
    let mut value = value.to_vec();
    if value.len() % 2 == 1 {
        value.push(if kind == "OB" || kind == "UI" { 0 } else { b' ' });
    }
    out.extend(kind.as_bytes());
    if matches!(kind, "OB" | "SQ" | "UN" | "OW") {
        out.extend([0, 0]);
        out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
    } else {
        out.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
    }
    out.extend(value);
    out
}

fn file(syntax: &str, data: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(element(2, 0x10, "UI", syntax.as_bytes()));
    out.extend(data);
    out
}

const EXPLICIT: &str = "1.2.840.10008.1.2.1";

fn picture() -> Vec<u8> {
    [
        element(8, 5, "CS", b"ISO_IR 192"),
        element(8, 0x16, "UI", b"1.2.840.10008.5.1.4.1.1.2"),
        element(8, 0x18, "UI", b"1.2.3.4.5"),
        element(8, 0x20, "DA", b"20240305"),
        element(8, 0x30, "TM", b"101530.25"),
        element(8, 0x50, "SH", b"A77"),
        element(8, 0x60, "CS", b"CT"),
        element(8, 0x90, "PN", b"Shah^Uma^^Dr"),
        element(8, 0x201, "SH", b"+0530"),
        element(8, 0x1030, "LO", "छाती".as_bytes()),
        // A sequence without a length, an item without one in it.
        [8, 0, 0x40, 0x11].to_vec(),
        b"SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff".to_vec(),
        element(8, 0x1150, "UI", b"1.9"),
        element(0x10, 0x20, "LO", b"not of this patient"),
        b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0".to_vec(),
        element(0x10, 0x10, "PN", "Rao^Asha^M^^=राव^आशा".as_bytes()),
        element(0x10, 0x20, "LO", b"77"),
        element(0x10, 0x21, "LO", b"City Hospital"),
        element(0x10, 0x30, "DA", b"19800102"),
        element(0x10, 0x40, "CS", b"F"),
        element(0x18, 0x15, "CS", b"CHEST"),
        element(0x20, 0xd, "UI", b"1.2.3"),
        element(0x20, 0xe, "UI", b"1.2.3.4"),
        element(0x20, 0x11, "IS", b"03"),
        element(0x20, 0x13, "IS", b" 12"),
        element(0x20, 0x60, "CS", b"L"),
        element(0x7fe0, 0x10, "OW", &[7; 100]),
    ]
    .concat()
}

fn convert(bytes: &[u8]) -> (Converted, Vec<Value>) {
    let converted = dicom(bytes).unwrap();
    let resources = resources(&converted);
    (converted, resources)
}

/// The resources made, each of which the wallet reads.
fn resources(converted: &Converted) -> Vec<Value> {
    let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
    assert_eq!(reading.entries.len(), converted.resources);
    for entry in &reading.entries {
        let extract = reading.extract(entry.ordinal).unwrap();
        assert!(extract.warnings.is_empty(), "{:?}", extract.warnings);
    }
    for left in &converted.left {
        assert!(!reason_text(left.reason).is_empty(), "{}", left.reason);
    }
    let bundle: Value = serde_json::from_slice(&converted.bundle).unwrap();
    bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"].clone()).collect()
}

#[test]
fn a_header_becomes_a_patient_and_a_study() {
    let (converted, made) = convert(&file(EXPLICIT, &picture()));
    assert!(converted.left.is_empty());
    let (patient, study) = (&made[0], &made[1]);
    assert_eq!(patient["name"][0]["family"], "Rao");
    assert_eq!(patient["name"][0]["given"], serde_json::json!(["Asha", "M"]));
    assert_eq!(patient["name"][1]["given"][0], "आशा");
    assert_eq!(patient["name"][1]["extension"][0]["valueCode"], "IDE");
    assert_eq!((&patient["gender"], &patient["birthDate"]), (&"female".into(), &"1980-01-02".into()));
    assert_eq!(patient["identifier"][0]["value"], "77");
    assert_eq!(patient["identifier"][0]["assigner"]["display"], "City Hospital");
    assert_eq!(study["identifier"][0]["value"], "urn:oid:1.2.3");
    assert_eq!(study["identifier"][1]["value"], "A77");
    assert_eq!(study["started"], "2024-03-05T10:15:30+05:30");
    assert_eq!(study["description"], "छाती");
    assert_eq!(study["referrer"]["display"], "Dr Uma Shah");
    let series = &study["series"][0];
    assert_eq!((&series["number"], &series["bodySite"]["display"]), (&3.into(), &"CHEST".into()));
    assert_eq!(series["laterality"]["display"], "Left");
    let instance = &series["instance"][0];
    assert_eq!(instance["sopClass"]["code"], "urn:oid:1.2.840.10008.5.1.4.1.1.2");
    assert_eq!((&instance["uid"], &instance["number"]), (&"1.2.3.4.5".into(), &12.into()));
    let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
    let card = reading.extract(1).unwrap().card;
    assert_eq!(card.title, "CT scan, CHEST");
}

#[test]
fn a_time_without_its_zone_is_left_out_and_nothing_is_filled_in() {
    let data = [element(8, 0x20, "DA", b"20240305"), element(8, 0x30, "TM", b"1015")].concat();
    let (_, made) = convert(&file(EXPLICIT, &data));
    assert_eq!(made.len(), 1, "nobody is named");
    assert_eq!(made[0]["started"], "2024-03-05");
    let data = [element(8, 0x20, "DA", b"20240230"), element(8, 0x60, "CS", b"MR")].concat();
    assert_eq!(convert(&file(EXPLICIT, &data)).1[0]["started"], Value::Null);
}

#[test]
fn a_preamble_of_another_format_and_none_at_all() {
    let mut tiff = file(EXPLICIT, &picture());
    tiff[..4].copy_from_slice(b"II*\0");
    assert!(is_dicom(&tiff));
    assert_eq!(convert(&tiff).1[0]["name"][0]["family"], "Rao");
    assert!(is_dicom(&picture()));
    assert_eq!(convert(&picture()).1[0]["name"][0]["family"], "Rao");
    for other in [
        b"".as_slice(),
        b"\x08\0\x05\0",
        b"%PDF-1.7 and so on and so on",
        b"\x08\x00Dear doctor, here is a letter.",
        &[0; 600],
        &[8; 600],
        "name,value\n".repeat(40).as_bytes(),
    ] {
        assert!(!is_dicom(other));
    }
}

#[test]
fn deflated_data_is_inflated_within_bounds() {
    use std::io::Write as _;
    let pack = |data: &[u8]| {
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(data).unwrap();
        packed.finish().unwrap()
    };
    let packed = pack(&picture());
    let whole = file("1.2.840.10008.1.2.1.99", &packed);
    assert_eq!(convert(&whole).1[1]["series"][0]["bodySite"]["display"], "CHEST");
    let bomb = [picture(), element(0x20, 0x60, "CS", b"R"), vec![0; 80 << 20]].concat();
    assert_eq!(convert(&file("1.2.840.10008.1.2.1.99", &pack(&bomb))).0.left[0].reason, "dicom-truncated");
    let cut = file("1.2.840.10008.1.2.1.99", &packed[..packed.len() - 60]);
    assert_eq!(convert(&cut).0.left[0].reason, "dicom-truncated");
}

#[test]
fn a_document_in_an_envelope_is_taken_out() {
    let pdf = b"%PDF-1.4\nsome pages\n%%EOF".as_slice();
    let data = [
        element(8, 0x16, "UI", b"1.2.840.10008.5.1.4.1.1.104.1"),
        element(8, 0x18, "UI", b"1.2.3.9"),
        element(8, 0x23, "DA", b"20240305"),
        element(0x10, 0x10, "PN", b"Rao^Asha"),
        element(0x42, 0x10, "ST", b"Discharge letter"),
        element(0x42, 0x11, "OB", pdf),
        element(0x42, 0x12, "LO", b"application/pdf"),
    ]
    .concat();
    let (converted, made) = convert(&file(EXPLICIT, &data));
    assert_eq!(made[1]["resourceType"], "DocumentReference");
    assert_eq!(made[1]["description"], "Discharge letter");
    assert_eq!(made[1]["context"]["period"]["start"], "2024-03-05");
    let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
    let attachment = &reading.extract(1).unwrap().attachments[0];
    assert_eq!((attachment.detected, attachment.length), (Some("application/pdf"), Some(pdf.len())));
    let listing = element(8, 0x16, "UI", b"1.2.840.10008.1.3.10");
    assert_eq!(dicom(&file(EXPLICIT, &listing)).unwrap_err().0, "dicom-directory");
}

#[test]
fn what_lies_about_its_length_is_not_believed() {
    let start = element(8, 0x60, "CS", b"CT");
    for lie in [
        b"\x08\0\x70\0LO\xff\xff".as_slice(),
        b"\x08\0\x70\0UT\0\0\xfe\xff\xff\xff",
        b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff",
        b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\xff\xff\xff\xff",
        b"\x08\0\x40\x11UN\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\xf0\xff\xff\xff",
        &b"\xfe\xff\0\xe0\xff\xff\xff\xff\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff".repeat(5_000),
        b"garbage",
    ] {
        let (converted, made) = convert(&file(EXPLICIT, &[&start, lie].concat()));
        assert_eq!(converted.left[0].reason, "dicom-truncated");
        assert_eq!(made[0]["modality"][0]["code"], "CT");
    }
    let deep = b"\x08\0\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\0\xe0\xff\xff\xff\xff".repeat(100_000);
    assert_eq!(convert(&file(EXPLICIT, &[start, deep].concat())).0.left.len(), 1);
    assert_eq!(dicom(&file(EXPLICIT, b"")).unwrap_err().0, "dicom-broken");
    assert_eq!(dicom(&[0; 128]).unwrap_err().0, "dicom-broken");
}

fn samples() -> Option<Vec<PathBuf>> {
    let named = std::env::var_os("KOSHA_TEST_DATA").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = named.unwrap_or_else(beside).join("fhir/attachments/dicom");
    if !folder.exists() {
        println!("no data of other systems here: KOSHA_TEST_DATA names none");
        return None;
    }
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|kind| kind == "dcm")).collect();
    files.sort();
    Some(files)
}

/// All ways of writing the name, as one text.
fn name_in(made: &[Value]) -> String {
    let names = made.iter().find(|made| made["resourceType"] == "Patient").map(|made| &made["name"]);
    let mut out = Vec::new();
    for name in names.and_then(Value::as_array).into_iter().flatten() {
        let given = name["given"].as_array().into_iter().flatten();
        let parts = std::iter::once(&name["family"]).chain(given).filter_map(Value::as_str);
        out.push(parts.collect::<Vec<_>>().join("^"));
    }
    out.join("=")
}

#[test]
fn files_of_other_programs_are_read() {
    let Some(files) = samples() else { return };
    assert!(!files.is_empty());
    let mut named = 0;
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(is_dicom(&bytes) || is_private(&file), "{file}");
        let converted = match dicom(&bytes) {
            Ok(converted) => converted,
            Err(refusal) => {
                assert!(!reason_text(refusal.0).is_empty());
                assert!(is_private(&file), "{file} is refused: {}", refusal.0);
                continue;
            }
        };
        let made = resources(&converted);
        let expected = match file.as_str() {
            "chrGerm.dcm" => "Äneas^Rüdiger",
            "chrGreek.dcm" => "Διονυσιος",
            "chrH31.dcm" => "Yamada^Tarou=山田^太郎=やまだ^たろう",
            "chrH32.dcm" => "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう",
            "chrHbrw.dcm" => "שרון^דבורה",
            "chrArab.dcm" => "قباني^لنزار",
            "chrJapMultiExplicitIR6.dcm" => "やまだ^たろう",
            "chrRuss.dcm" => "Люкceмбypг",
            "chrI2.dcm" => "Hong^Gildong=洪^吉洞=홍^길동",
            "chrX1.dcm" => "Wang^XiaoDong=王^小東",
            "chrX2.dcm" => "Wang^XiaoDong=王^小东",
            "chrFren.dcm" => "Buc^Jérôme",
            "CT_small.dcm" => "CompressedSamples^CT1",
            _ => continue,
        };
        named += 1;
        assert_eq!(name_in(&made), expected, "{file}");
    }
    assert!(named > 5);
}

/// Files that hold a private sequence alone, and nothing of a patient or a study.
fn is_private(file: &str) -> bool {
    matches!(file, "nested_priv_SQ.dcm" | "priv_SQ.dcm" | "UN_sequence.dcm")
}

proptest! {
    #[test]
    fn any_damage_is_survived(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<prop::sample::Index>(),
        bare in any::<bool>(),
    ) {
        let mut bytes = if bare { picture() } else { file(EXPLICIT, &picture()) };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        is_dicom(&bytes);
        if let Ok(converted) = dicom(&bytes) {
            prop_assert!(serde_json::from_slice::<Value>(&converted.bundle).is_ok());
            prop_assert!(kosha_fhir::read(&converted.bundle, &Limits::default()).is_ok());
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        is_dicom(&bytes);
        drop(dicom(&file(EXPLICIT, &bytes)));
        drop(dicom(&file("1.2.840.10008.1.2.1.99", &bytes)));
        drop(dicom(&bytes));
    }
}
