//! Links that others made: the samples of the guide and of the developer tools, with their known faults.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{Script, ok, status, test_data};
use kosha_share::address::UrlRefusal;
use kosha_share::classify::{Facts, Kind, classify};
use kosha_share::payload::{Oddity, parse};
use kosha_share::receive::{FileProblem, Limits, OpenOptions, ReceiveError, Warning, receive};
use kosha_share::{Method, Request, TransportError};

const KEY: &str = "rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q";

fn options() -> OpenOptions<'static> {
    OpenOptions { recipient: "Test", passcode: None, allow_loopback: false, limits: Limits::default() }
}

#[test]
fn the_guides_links_are_read() {
    let Some(folder) = test_data("shl/ig") else { return };
    for (file, host) in [
        ("IPS_IG-bundle-01-shl.txt", "raw.githubusercontent.com"),
        ("CARIN_INS_CD-bundle-01-shl.txt", "raw.githubusercontent.com"),
    ] {
        let text = fs::read_to_string(folder.join(file)).unwrap();
        let payload = parse(&text).unwrap();
        assert_eq!(payload.flag.letters(), "LU", "{file}");
        assert_eq!(payload.oddities, [Oddity::GuessableUrl], "{file}");
        let Facts::Shl(Ok(facts)) = classify(&text).facts else { panic!("{file}") };
        assert_eq!(facts.host.as_deref(), Some(host));
    }
}

#[test]
fn the_guides_payloads_are_read_and_their_faults_named() {
    let Some(folder) = test_data("shl/ig") else { return };
    let read = |file: &str| {
        let json = fs::read(folder.join(file)).unwrap();
        parse(&format!("shlink:/{}", URL_SAFE_NO_PAD.encode(json))).unwrap()
    };
    let first = read("shl-payload-1.json");
    assert_eq!((first.flag.letters().as_str(), first.exp, first.label), ("LP", None, None));
    assert_eq!(first.oddities, [Oddity::ExpNotANumber], "exp is a text, and the label is spelt otherwise");
    let second = read("shl-payload-2.json");
    assert_eq!(second.label.as_deref(), Some("Demo SHL for IPS_IG-bundle-01"));
}

#[test]
fn the_guides_encryption_example_opens() {
    let Some(folder) = test_data("shl/ig") else { return };
    let jwe = fs::read_to_string(folder.join("spec-text-encryption-example.jwe.txt")).unwrap();
    let plain = fs::read(folder.join("spec-text-encryption-example.plaintext.json")).unwrap();
    let received = open_direct(&jwe).unwrap();
    let value = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
    assert_eq!(value(&received.files[0].bytes), value(&plain));
    assert_eq!(received.files[0].content_type, "application/smart-health-card");
}

#[test]
fn the_guides_summary_without_content_type_opens() {
    let Some(folder) = test_data("shl/ig") else { return };
    let jwe = fs::read_to_string(folder.join("IPS_IG-bundle-01-enc.txt")).unwrap();
    let received = open_direct(&jwe).unwrap();
    assert_eq!(received.files[0].bytes.as_slice(), fs::read(folder.join("IPS_IG-bundle-01.json")).unwrap());
    assert_eq!(received.files[0].content_type, "application/fhir+json");
}

#[test]
fn a_health_card_in_place_of_an_encrypted_file_is_named() {
    let Some(folder) = test_data("shl/ig") else { return };
    let jws = fs::read_to_string(folder.join("CARIN_INS_CD-bundle-01-enc.txt")).unwrap();
    assert_eq!(open_direct(&jws).unwrap_err(), ReceiveError::Unreadable(FileProblem::NotAJwe));
}

#[test]
fn the_guides_manifest_is_read_entry_by_entry() {
    let Some(folder) = test_data("shl/ig") else { return };
    let manifest = fs::read_to_string(folder.join("shl-manifest-1.json")).unwrap();
    let card = fs::read_to_string(folder.join("spec-text-encryption-example.jwe.txt")).unwrap();
    let script = Script::new(|request: &Request| match (request.method, request.url.path()) {
        (Method::Post, _) => ok(manifest.clone()),
        (_, "/file1") => ok(card.clone()),
        (_, "/file2") => status(404, ""),
        _ => Err(TransportError::Offline),
    });
    let received = receive(&link_to("https://ehr.example.org/m", ""), &script, &options(), 0).unwrap();
    assert_eq!(received.files.len(), 1);
    assert_eq!(
        received.warnings,
        [
            Warning::Link(Oddity::GuessableUrl),
            // The example is cut short by the guide itself.
            Warning::File { index: 1, problem: FileProblem::NotAJwe },
            Warning::File { index: 2, problem: FileProblem::Gone },
        ]
    );
}

#[test]
fn links_to_a_developers_own_machine_are_refused() {
    let Some(folder) = test_data("shl/devtools") else { return };
    let text = fs::read_to_string(folder.join("shlink-link-direct.txt")).unwrap();
    assert_eq!(classify(&text).kind, Kind::Shl);
    let payload = parse(&text).unwrap();
    assert_eq!((payload.flag.direct, payload.exp, payload.oddities.len()), (true, Some(1_704_096_000), 0));
    let script = Script::new(|_: &Request| status(404, ""));
    let refused = receive(&text, &script, &options(), 0).unwrap_err();
    assert_eq!(refused, ReceiveError::Address(UrlRefusal::NotHttps));
    assert!(script.asked().is_empty());
    let local = OpenOptions { allow_loopback: true, ..options() };
    assert_eq!(receive(&text, &script, &local, 0).unwrap_err(), ReceiveError::Ended);
}

#[test]
fn a_developers_stored_link_is_read() {
    let Some(folder) = test_data("shl/devtools/shl-examples") else { return };
    for entry in fs::read_dir(folder).unwrap() {
        let stored: serde_json::Value =
            serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap();
        let payload = parse(stored["link"].as_str().unwrap()).unwrap();
        assert!(payload.flag.passcode);
        assert_eq!(payload.url, stored["payload"]["url"].as_str().unwrap());
    }
}

fn link_to(url: &str, flag: &str) -> String {
    let json = format!(r#"{{"url":"{url}","key":"{KEY}","flag":"{flag}"}}"#);
    format!("shlink:/{}", URL_SAFE_NO_PAD.encode(json))
}

fn open_direct(jwe: &str) -> Result<kosha_share::Received, ReceiveError> {
    let script = Script::new(|_: &Request| ok(jwe));
    receive(&link_to(&format!("https://shl.example.org/{KEY}"), "U"), &script, &options(), 0)
}
