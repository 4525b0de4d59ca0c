//! FHIR in XML reads as the JSON that says the same.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing, reason = "a test may stop")]

use std::path::{Path, PathBuf};

use kosha_fhir::{Limits, read, reason_text};
use proptest::prelude::*;

const XML: &str = include_str!("../fixtures/xml/records.xml");
const JSON: &str = include_str!("../fixtures/xml/records.json");

fn refused(xml: &str) -> &'static str {
    let code = read(xml.as_bytes(), &Limits::default()).map(|_| ()).unwrap_err().code;
    assert_ne!(reason_text(code), reason_text("no such code"));
    code
}

fn converted(xml: &str) -> String {
    let reading = read(xml.as_bytes(), &Limits::default()).unwrap();
    assert!(reading.converted);
    String::from_utf8(reading.text.into_owned()).unwrap()
}

/// A resource with `inside` in it.
fn patient(inside: &str) -> String {
    format!("<Patient xmlns=\"http://hl7.org/fhir\">{inside}</Patient>")
}

#[test]
fn a_file_in_xml_is_the_same_in_json_to_the_digit() {
    assert_eq!(converted(XML), JSON.trim_end());
    let (xml, json) = (read(XML.as_bytes(), &Limits::default()), read(JSON.as_bytes(), &Limits::default()));
    let (xml, json) = (xml.unwrap(), json.unwrap());
    assert!(!json.converted);
    assert_eq!((xml.form, xml.entries.len(), xml.patients.len()), (json.form, 3, json.patients.len()));
    for entry in &xml.entries {
        assert_eq!(xml.bytes(entry.ordinal), json.bytes(entry.ordinal));
        let cards = [&xml, &json]
            .map(|reading| serde_json::to_string(&reading.extract(entry.ordinal).unwrap().card).unwrap());
        assert_eq!(cards[0], cards[1]);
    }
}

#[test]
fn elements_of_other_releases_and_unknown_ones_are_kept() {
    let order = "<MedicationOrder xmlns='http://hl7.org/fhir'><dateWritten value='2015-01-15'/>\
        <dosageInstruction><text value='one'/></dosageInstruction></MedicationOrder>";
    assert_eq!(
        converted(order),
        r#"{"resourceType":"MedicationOrder","dateWritten":"2015-01-15","dosageInstruction":[{"text":"one"}]}"#
    );
    assert_eq!(
        converted(
            "<Novelty xmlns='http://hl7.org/fhir'><a value='1'/><b value='1'/><b><c value='x'/></b><d/></Novelty>"
        ),
        r#"{"resourceType":"Novelty","a":"1","b":["1",{"c":"x"}]}"#
    );
    // What is no number or no truth value stays a text; other languages have no place in JSON.
    assert_eq!(
        converted(&patient(
            "<active value='yes'/><multipleBirthInteger value='01'/><x xmlns='urn:y'><id value='1'/></x> words "
        )),
        r#"{"resourceType":"Patient","active":"yes","multipleBirthInteger":"01"}"#
    );
    let narrative = "<text><h:div xmlns:h='http://www.w3.org/1999/xhtml'><h:p>a</h:p>&#233;</h:div></text>";
    assert!(converted(&patient(narrative)).contains(
        r#""div":"<div xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:h='http://www.w3.org/1999/xhtml'><p>a</p>&#233;</div>""#
    ));
    let packed = {
        use std::io::Write as _;
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        writer.write_all(XML.as_bytes()).unwrap();
        writer.finish().unwrap()
    };
    let reading = read(&packed, &Limits::default()).unwrap();
    assert!(reading.inflated && reading.converted);
}

#[test]
fn what_is_not_safe_or_not_whole_is_refused_by_name() {
    let laughs = "<!DOCTYPE lolz [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>";
    assert_eq!(refused(&format!("{laughs}{}", patient("<gender value='&b;'/>"))), "xml-doctype");
    let outside = "<!DOCTYPE x [<!ENTITY xxe SYSTEM 'file:///etc/passwd'>]>";
    assert_eq!(refused(&format!("{outside}{}", patient("<gender value='&xxe;'/>"))), "xml-doctype");
    for broken in [
        patient("<gender value='&xxe;'/>"),
        patient("<gender value='x'>"),
        patient("<resourceType value='Bundle'/>"),
        patient("<Observation/>"),
        patient("<a:gender value='x'/></b:gender>"),
        format!("{}{}", patient(""), patient("")),
        patient("").replace("</Patient>", ""),
        patient("<text><div xmlns='http://www.w3.org/1999/xhtml'><p></div></text>"),
        patient(&format!("<gender {}/>", "x='1' ".repeat(2))),
        patient(&format!("<gender {}/>", (0..40).map(|n| format!("x{n}='1'")).collect::<Vec<_>>().join(" "))),
        "<patient xmlns='http://hl7.org/fhir'/>".to_owned(),
    ] {
        assert_eq!(refused(&broken), "xml-broken", "{broken}");
    }
    let names = (0..300).map(|n| format!("<a{n} value='1'/>")).collect::<Vec<_>>().concat();
    assert_eq!(refused(&patient(&names)), "too-many-parts");
    let deep = |n: usize| patient(&format!("{}{}", "<extension>".repeat(n), "</extension>".repeat(n)));
    assert_eq!(refused(&deep(100_000)), "too-deep");
    let filled = |n: usize| {
        let opens = "<extension url='x'>".repeat(n);
        patient(&format!("{opens}<valueCode value='x'/>{}", "</extension>".repeat(n)))
    };
    assert!(read(filled(20).as_bytes(), &Limits::default()).is_ok());
    assert_eq!(refused(&filled(150)), "too-deep");
    assert_eq!(refused("<ClinicalDocument xmlns='urn:hl7-org:v3'/>"), "not-fhir-json");
}

fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|kind| kind == "xml") {
            into.push(path);
        }
    }
}

#[test]
fn files_of_other_systems_are_read_or_refused_by_name() {
    let named = std::env::var_os("KOSHA_TEST_DATA").map(PathBuf::from);
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = named.unwrap_or_else(beside).join("fhir");
    if !folder.exists() {
        println!("no data of other systems here: KOSHA_TEST_DATA names none");
        return;
    }
    let mut files = Vec::new();
    collect(&folder, &mut files);
    let mut taken = 0;
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let is_fhir = String::from_utf8_lossy(&bytes).contains("\"http://hl7.org/fhir\"");
        match read(&bytes, &Limits::default()) {
            Ok(reading) => {
                assert!(is_fhir && reading.converted);
                for entry in &reading.entries {
                    if entry.resource_type().is_some() {
                        assert!(!reading.extract(entry.ordinal).unwrap().card.title.is_empty());
                        taken += 1;
                    }
                }
                assert!(serde_json::from_slice::<serde_json::Value>(&reading.text).is_ok());
                let reader = read(&reading.text, &Limits::default()).unwrap();
                assert_eq!(reader.entries.len(), reading.entries.len());
            }
            Err(refusal) => {
                assert_ne!(reason_text(refusal.code), reason_text("no such code"));
                assert!(!is_fhir, "{} of {}", refusal.code, path.display());
            }
        }
    }
    assert!(taken > 10, "{taken}");
}

proptest! {
    #[test]
    fn any_damage_is_survived(
        changes in prop::collection::vec((any::<prop::sample::Index>(), "[<>/&;\"'=a-zA-Z! -]"), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = XML.as_bytes().to_vec();
        for (at, sign) in changes {
            let at = at.index(bytes.len());
            bytes[at] = sign.as_bytes()[0];
        }
        bytes.truncate(cut.index(bytes.len() * 4).max(1).min(bytes.len()));
        if let Ok(reading) = read(&bytes, &Limits::default())
            && reading.converted
        {
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&reading.text).is_ok());
            for entry in &reading.entries {
                drop(reading.extract(entry.ordinal));
            }
        }
    }
}

/// The fixture in other letters, with a name in it that needs them.
fn written(encoding: &str) -> String {
    let declared = XML.replacen("UTF-8", encoding, 1);
    assert_ne!(declared, XML);
    declared
}

#[test]
fn a_file_in_other_letters_is_the_same() {
    let expected = converted(XML);
    let utf16 = written("UTF-16");
    let units = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { utf16.encode_utf16().flat_map(unit).collect() };
    let (little, big) = (units(u16::to_le_bytes), units(u16::to_be_bytes));
    for bytes in
        [[&[0xff, 0xfe], little.as_slice()].concat(), [&[0xfe, 0xff], big.as_slice()].concat(), little, big]
    {
        let reading = read(&bytes, &Limits::default()).unwrap();
        assert!(reading.converted && reading.warnings.iter().all(|found| found.reason != "xml-letters-lost"));
        assert_eq!(String::from_utf8_lossy(&reading.text), expected);
    }
    let text = |head: &str, name: &[u8]| {
        let inside = [b"<name><text value='", name, b"'/></name>"].concat();
        [head.as_bytes(), b"<Patient xmlns=\"http://hl7.org/fhir\">", &inside, b"</Patient>"].concat()
    };
    let named = |bytes: &[u8]| {
        let reading = read(bytes, &Limits::default()).unwrap();
        let lost = reading.warnings.iter().any(|found| found.reason == "xml-letters-lost");
        (reading.patients[0].name.clone(), lost)
    };
    for (encoding, name, expected) in [
        ("ISO-8859-1", &b"Ren\xe9"[..], "René"),
        ("windows-1252", b"Ren\xe9 \x93D\x94", "René “D”"),
        ("Shift_JIS", b"\x8a\xb3", "患"),
    ] {
        let head = format!("<?xml version='1.0' encoding='{encoding}'?>");
        assert_eq!(named(&text(&head, name)), (expected.to_owned(), false), "{encoding}");
    }
    // Western letters that nobody declared: what they are is not guessed, and said.
    assert_eq!(named(&text("", b"Ren\xe9")), ("Ren\u{fffd}".to_owned(), true));
    let strange = text("<?xml version='1.0' encoding='x-of-our-own'?>", b"A");
    assert_eq!(read(&strange, &Limits::default()).map(|_| ()).unwrap_err().code, "xml-encoding");
}

#[test]
fn letters_that_grow_stay_within_the_bound() {
    let head = b"<?xml version='1.0' encoding='windows-1252'?><Patient xmlns='http://hl7.org/fhir'><name><text value='";
    let bytes = [head.as_slice(), &vec![0x80; 600_000][..], b"'/></name></Patient>"].concat();
    let limits = Limits { inflated_bytes: 1_000_000, ..Limits::default() };
    assert_eq!(read(&bytes, &limits).map(|_| ()).unwrap_err().code, "xml-too-large");
    for cut in [1, 2, 3, 5, 41, 150] {
        let utf16: Vec<u8> = XML.trim_end().encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cut = [&[0xff, 0xfe], &utf16[..utf16.len() - cut]].concat();
        assert_eq!(read(&cut, &Limits::default()).map(|_| ()).unwrap_err().code, "xml-broken");
    }
}
