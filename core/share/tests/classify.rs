//! Names for scanned texts: genuine ones, odd ones, hostile ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use kosha_share::classify::{AbhaForm, Facts, Kind, MAX_TEXT_BYTES, Part, classify};
use kosha_share::payload::{self, Flags, Payload, PayloadError};
use proptest::prelude::*;

const KEY: &str = "rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q";

fn link(json: &str) -> String {
    use base64::Engine as _;
    format!("shlink:/{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json))
}

fn good_link() -> String {
    link(&format!(
        r#"{{"url":"https://relay.example.org/l/{KEY}","flag":"P","exp":1795390000,"key":"{KEY}","label":"Records"}}"#
    ))
}

#[test]
fn each_kind_is_named() {
    let link = good_link();
    for (text, kind) in [
        (link.clone(), Kind::Shl),
        (format!("https://viewer.example.org/v/#{link}"), Kind::Shl),
        (link.replacen("shlink", "SHLink", 1), Kind::Shl),
        (format!("  Please scan {link} soon\n"), Kind::Shl),
        ("shc:/5676290952432060".to_owned(), Kind::Shc),
        ("SHC:/2/3/5676290952".to_owned(), Kind::Shc),
        ("HC1:6BF+70790T9WJWG.FKY*4GO0".to_owned(), Kind::Hc1),
        ("hc1:6BF".to_owned(), Kind::Hc1),
        ("vhlink:/eyJ1cmwi".to_owned(), Kind::Vhlink),
        ("91-5408-0214-0264".to_owned(), Kind::Abha),
        ("91540802140264".to_owned(), Kind::Abha),
        ("asha.rao@abdm".to_owned(), Kind::Abha),
        ("Asha_92@SBX".to_owned(), Kind::Abha),
        (r#"{"hidn":"42-7175-8604-4553","phr":"name@sbx","name":"Asha Rao"}"#.to_owned(), Kind::Abha),
        (r#"{"hidn":"","hid":"name@abdm","name":"Asha Rao"}"#.to_owned(), Kind::Abha),
        ("upi://pay?pa=someone@bank&am=500".to_owned(), Kind::Upi),
        ("UPI://pay?pa=someone@bank".to_owned(), Kind::Upi),
        (format!("upi://pay?pa=a@b&tn={link}"), Kind::Upi),
        ("https://example.org/a?b=c".to_owned(), Kind::Url),
        ("HTTP://example.org".to_owned(), Kind::Url),
        ("hello".to_owned(), Kind::Text),
        (String::new(), Kind::Text),
        ("https://".to_owned(), Kind::Text),
        ("https://example.org is a site".to_owned(), Kind::Text),
        ("javascript:alert(1)".to_owned(), Kind::Text),
        ("9154080214026".to_owned(), Kind::Text),
        ("915-408-0214-0264".to_owned(), Kind::Text),
        ("someone@bank".to_owned(), Kind::Text),
        (".a@abdm".to_owned(), Kind::Text),
        (r#"{"hidn":{"a":1}}"#.to_owned(), Kind::Text),
        (r#"{"name":"Asha"}"#.to_owned(), Kind::Text),
        ("[".repeat(10_000), Kind::Text),
        (format!("{{\"hidn\":{}", "[".repeat(10_000)), Kind::Text),
    ] {
        assert_eq!(classify(&text).kind, kind, "{text:.60}");
    }
}

#[test]
fn a_link_shows_its_safe_facts_and_nothing_else() {
    let classified = classify(&good_link());
    let Facts::Shl(Ok(facts)) = &classified.facts else { panic!("{classified:?}") };
    assert_eq!(facts.label.as_deref(), Some("Records"));
    assert_eq!(facts.expires, Some(1_795_390_000));
    assert_eq!(facts.flags, Flags { passcode: true, ..Flags::default() });
    assert_eq!(facts.host.as_deref(), Some("relay.example.org"));
    assert!(!format!("{classified:?}").contains(KEY));
}

#[test]
fn a_newer_link_shows_its_label_though_it_cannot_be_opened() {
    let newer = link(r#"{"v":2,"label":"From tomorrow","address":["x"]}"#);
    let Facts::Shl(Ok(facts)) = classify(&newer).facts else { panic!() };
    assert_eq!((facts.version, facts.label.as_deref()), (2, Some("From tomorrow")));
    assert_eq!(payload::parse(&newer).unwrap_err(), PayloadError::NewerVersion);
}

#[test]
fn damaged_codes_are_named_with_the_damage() {
    for (text, error) in [
        ("shlink:/".to_owned(), PayloadError::NotBase64url),
        ("shlink:/!!!".to_owned(), PayloadError::NotBase64url),
        ("shlink:/eyJ1cmwi".to_owned(), PayloadError::NotJson),
        (format!("shlink:/{}", "A".repeat(MAX_TEXT_BYTES * 3)), PayloadError::TooLong),
    ] {
        assert_eq!(classify(&text).facts, Facts::Shl(Err(error)), "{text:.40}");
    }
    for text in ["shc:/", "shc:/12a4", "shc:/0/3/1234", "shc:/4/3/1234", "shc:/1/3/", "shc:/1/99999999999/12"]
    {
        assert_eq!(classify(text).facts, Facts::Shc { part: None, intact: false }, "{text}");
    }
    assert_eq!(
        classify("shc:/2/3/1234").facts,
        Facts::Shc { part: Some(Part { number: 2, of: 3 }), intact: true }
    );
}

#[test]
fn abha_numbers_are_checked_and_people_are_not_shown() {
    for (text, form, checksum_ok) in [
        ("91-5408-0214-0264", AbhaForm::Number, Some(true)),
        ("91-5408-0214-0265", AbhaForm::Number, Some(false)),
        ("name@abdm", AbhaForm::Address, None),
        (r#"{"hidn":"42-7175-8604-4553","name":"Asha Rao","dob":"1-1-1980"}"#, AbhaForm::Card, Some(true)),
    ] {
        let classified = classify(text);
        let Facts::Abha(facts) = &classified.facts else { panic!("{text}") };
        assert_eq!((facts.form, facts.checksum_ok), (form, checksum_ok), "{text}");
        let shown = format!("{classified:?}{}", classified.code());
        assert!(!shown.contains("Asha") && !shown.contains("7175") && !shown.contains("name@"));
    }
}

#[test]
fn payments_and_addresses_are_never_offered_for_opening() {
    let payment = classify("upi://pay?pa=someone@bank&pn=Some%20One&am=500");
    assert_eq!(payment.facts, Facts::None);
    let address = classify("https://www.xn--80ak6aa92e.com/login?token=abc");
    assert_eq!(address.facts, Facts::Url { host: "www.xn--80ak6aa92e.com".to_owned(), secure: true });
    assert!(!format!("{payment:?}{address:?}").contains("token"));
    assert_eq!((payment.code(), address.code()), ("upi", "url"));
}

#[test]
fn letters_that_look_alike_show_in_the_host() {
    let Facts::Url { host, .. } = classify("https://аррӏе.com/").facts else { panic!() };
    assert!(host.starts_with("xn--"));
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC*") {
        let _ = classify(&text).code();
    }

    #[test]
    fn never_panics_on_almost_codes(
        head in prop::sample::select(vec!["shlink:/", "shc:/", "HC1:", "upi://", "https://", "{\"hidn\":", "91-5408-", "é"]),
        tail in "[\\x00-\\x7fé€😀]{0,300}",
        padding in 0..3_usize,
    ) {
        let filler = "€".repeat(padding * MAX_TEXT_BYTES / 4);
        let _ = classify(&format!("{head}{tail}"));
        let _ = classify(&format!("{filler}{tail}{head}"));
        let _ = classify(&link(&tail));
    }

    #[test]
    fn every_written_link_is_named(label in "[a-zA-Z ]{1,20}[a-z]", exp in 0..4_000_000_000_i64, direct: bool) {
        let payload = Payload {
            url: format!("https://relay.example.org/l/{KEY}"),
            key: KEY.to_owned().into(),
            exp: Some(exp),
            flag: Flags { direct, ..Flags::default() },
            label: Some(label.trim().to_owned()),
            v: 1,
            oddities: Vec::new(),
        };
        let text = payload::encode(&payload).unwrap();
        let Facts::Shl(Ok(facts)) = classify(&text).facts else { panic!() };
        prop_assert_eq!(facts.expires, Some(exp));
        prop_assert_eq!(facts.label.as_deref(), Some(label.trim()));
    }
}
