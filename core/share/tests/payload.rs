//! The text of a link: round trips, every rule of the guide, every tolerance.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use kosha_crypto::SystemEntropy;
use kosha_crypto::link::LinkSecret;
use kosha_share::payload::{self, Flags, MAX_LABEL_CHARS, Oddity, Payload, PayloadError, link_text, parse};
use proptest::prelude::*;

const KEY: &str = "rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q";

fn link(json: &str) -> String {
    format!("shlink:/{}", URL_SAFE_NO_PAD.encode(json))
}

/// A payload of the two required members and whatever else is given.
fn with(members: &str) -> String {
    link(&format!(r#"{{"url":"https://r.example.org/l/{KEY}","key":"{KEY}"{members}}}"#))
}

fn payload() -> Payload {
    Payload {
        url: format!("https://r.example.org/l/{KEY}"),
        key: KEY.to_owned().into(),
        exp: Some(1_795_390_000),
        flag: Flags { long_term: true, passcode: true, direct: false },
        label: Some("Records".to_owned()),
        v: 1,
        oddities: Vec::new(),
    }
}

#[test]
fn what_is_written_is_known_to_the_letter() {
    let text = payload::encode(&payload()).unwrap();
    let json = URL_SAFE_NO_PAD.decode(text.strip_prefix("shlink:/").unwrap()).unwrap();
    assert_eq!(
        String::from_utf8(json).unwrap(),
        format!(
            r#"{{"url":"https://r.example.org/l/{KEY}","exp":1795390000,"flag":"LP","key":"{KEY}","label":"Records"}}"#
        )
    );
}

#[test]
fn writing_is_strict() {
    type Change = fn(&mut Payload);
    let cases: [(Change, PayloadError); 8] = [
        (|p| p.url = format!("https://r.example.org/{}", "a".repeat(107)), PayloadError::UrlTooLong),
        (|p| p.url = "r.example.org".to_owned(), PayloadError::UrlMalformed),
        (|p| p.url = "mailto:a@example.org".to_owned(), PayloadError::UrlMalformed),
        (|p| p.key = KEY[1..].to_owned().into(), PayloadError::KeyMalformed),
        (|p| p.key = "*".repeat(43).into(), PayloadError::KeyMalformed),
        (|p| p.flag.direct = true, PayloadError::FlagConflict),
        (|p| p.label = Some("ä".repeat(MAX_LABEL_CHARS + 1)), PayloadError::LabelTooLong),
        (|p| p.v = 2, PayloadError::NewerVersion),
    ];
    for (change, error) in cases {
        let mut payload = payload();
        change(&mut payload);
        assert_eq!(payload::encode(&payload).err(), Some(error));
    }
    let mut longest = payload();
    longest.url = format!("https://r.example.org/{}", "a".repeat(106));
    longest.label = Some("ä".repeat(MAX_LABEL_CHARS));
    assert!(payload::encode(&longest).is_ok());
}

#[test]
fn reading_names_each_defect() {
    let url_of = |length: usize| format!("https://r.example.org/{}", "a".repeat(length - 22));
    for (text, error) in [
        ("hello".to_owned(), PayloadError::NotALink),
        (format!("shlink:/{}", "A".repeat(9000)), PayloadError::TooLong),
        ("shlink:/".to_owned(), PayloadError::NotBase64url),
        ("shlink:/A".to_owned(), PayloadError::NotBase64url),
        (link("{"), PayloadError::NotJson),
        (link("[]"), PayloadError::NotJson),
        (link(r#"["https://r.example.org/", "k"]"#), PayloadError::NotJson),
        (link("\u{feff}{}"), PayloadError::NotJson),
        (link(&"[".repeat(3000)), PayloadError::NotJson),
        (link("{}"), PayloadError::UrlMissing),
        (link(r#"{"url":7}"#), PayloadError::NotJson),
        (link(r#"{"url":"https://a.example.org/x"}"#), PayloadError::KeyMissing),
        (link(r#"{"url":"https://a.example.org/x","key":7}"#), PayloadError::KeyMalformed),
        (link(r#"{"url":"https://a.example.org/x","key":"short"}"#), PayloadError::KeyMalformed),
        (link(&format!(r#"{{"url":"{}","key":"{KEY}"}}"#, url_of(129))), PayloadError::UrlTooLong),
        (link(&format!(r#"{{"url":"x","key":"{KEY}"}}"#)), PayloadError::UrlMalformed),
        (with(r#","flag":"PU""#), PayloadError::FlagConflict),
        (with(r#","flag":["P"]"#), PayloadError::NotJson),
        (with(r#","label":{}"#), PayloadError::NotJson),
        (with(r#","v":"1""#), PayloadError::NotJson),
        (with(r#","v":0"#), PayloadError::NotJson),
        (with(r#","v":2"#), PayloadError::NewerVersion),
        (with(&format!(r#","key":"{KEY}""#)), PayloadError::NotJson),
    ] {
        assert_eq!(parse(&text).err(), Some(error), "{text:.60}");
    }
    assert!(parse(&link(&format!(r#"{{"url":"{}","key":"{KEY}"}}"#, url_of(128)))).is_ok());
}

#[test]
fn reading_bears_what_does_no_harm() {
    for (members, exp, flag, oddities) in [
        ("", None, "", vec![]),
        (r#","exp":1795390000.75"#, Some(1_795_390_000), "", vec![]),
        (r#","exp":1.79539e9"#, Some(1_795_390_000), "", vec![]),
        (r#","exp":-1.5"#, Some(-2), "", vec![]),
        (r#","exp":"1767225600000""#, None, "", vec![Oddity::ExpNotANumber]),
        (r#","exp":1767225600000"#, Some(1_767_225_600), "", vec![Oddity::ExpInMilliseconds]),
        (r#","flag":"PL""#, None, "LP", vec![Oddity::FlagOrder]),
        (r#","flag":"LXU""#, None, "LU", vec![Oddity::UnknownFlag, Oddity::FlagOrder]),
        (r#","flag":"""#, None, "", vec![]),
        (r#","extension":[1],"_x":{},"labelzzz":"a""#, None, "", vec![]),
        (r#","v":1,"exp":null,"label":null"#, None, "", vec![]),
    ] {
        let read = parse(&with(members)).unwrap();
        assert_eq!(
            (read.exp, read.flag.letters().as_str(), &read.oddities),
            (exp, flag, &oddities),
            "{members}"
        );
    }
    let json = format!(r#"{{"url":"https://r.example.org/l/{KEY}","key":"{KEY}" }}"#);
    let padded = URL_SAFE.encode(json);
    assert!(padded.ends_with('='));
    for text in [
        format!("shlink:/{padded}"),
        format!("SHLINK:/{padded} and more"),
        format!("https://v.example.org/#shlink:/{padded}"),
    ] {
        assert!(parse(&text).is_ok(), "{text:.40}");
    }
    let guessable = parse(&link(&format!(r#"{{"url":"https://r.example.org/l/7","key":"{KEY}"}}"#))).unwrap();
    assert_eq!(guessable.oddities, [Oddity::GuessableUrl]);
}

#[test]
fn labels_cannot_disguise_themselves() {
    let read = parse(&with(r#","label":"  A\u202eB\u0007C\u200b\n ""#)).unwrap();
    assert_eq!(read.label.as_deref(), Some("ABC"));
    let long = parse(&with(&format!(r#","label":"{}""#, "ब".repeat(200)))).unwrap();
    assert_eq!(long.label.unwrap().chars().count(), MAX_LABEL_CHARS);
    assert_eq!(long.oddities, [Oddity::LabelCut]);
}

#[test]
fn a_share_gives_a_link_that_any_camera_opens() {
    let secret = LinkSecret::generate(&SystemEntropy).unwrap();
    let flag = Flags { passcode: true, ..Flags::default() };
    for base in ["https://relay.example.org", "https://relay.example.org/"] {
        let link = link_text(base, &secret, 1_795_390_000, flag, Some("Health records")).unwrap();
        assert!(link.as_str().starts_with("https://relay.example.org/v/#shlink:/ey"));
        assert_eq!(link.as_str().split_once('#').unwrap().1, link.bare());
        let read = parse(link.as_str()).unwrap();
        assert_eq!(read.url, format!("https://relay.example.org/l/{}", secret.id_text()));
        assert_eq!(read.key.as_str(), secret.key_text().as_str());
        assert_eq!(read.oddities, []);
        assert_eq!(format!("{link:?}"), "ShareLink(…)");
        assert!(
            !format!("{read:?}").contains(read.key.as_str())
                && !format!("{read:?}").contains(&secret.id_text())
        );
    }
    let long = format!("https://{}.example.org", "a".repeat(75));
    assert_eq!(link_text(&long, &secret, 0, flag, None).err(), Some(PayloadError::UrlTooLong));
}

proptest! {
    #[test]
    fn round_trip(
        path in "[a-zA-Z0-9_-]{0,60}",
        key: [u8; 32],
        exp in prop::option::of(0..100_000_000_000_i64),
        (long_term, passcode, direct) in any::<(bool, bool, bool)>(),
        label in prop::option::of("[\\p{L}\\p{N}][\\p{L}\\p{N} \"\\\\/]{0,78}[\\p{L}\\p{N}]"),
        prefix in prop::sample::select(vec!["", "https://viewer.example.org/v/#", "see "]),
    ) {
        let payload = Payload {
            url: format!("https://r.example.org/{path}"),
            key: URL_SAFE_NO_PAD.encode(key).into(),
            exp,
            flag: Flags { long_term, passcode: passcode && !direct, direct },
            label,
            v: 1,
            oddities: Vec::new(),
        };
        let text = payload::encode(&payload).unwrap();
        let mut read = parse(&format!("{prefix}{}", text.as_str())).unwrap();
        read.oddities.retain(|oddity| *oddity != Oddity::GuessableUrl);
        prop_assert!(read == payload);
    }

    #[test]
    fn never_panics(text in "\\PC*", json in "[\\[\\]{}\":,a-z0-9.eE+-]{0,200}") {
        let _ = parse(&text);
        let _ = parse(&format!("shlink:/{text}"));
        let _ = parse(&link(&json));
        let _ = parse(&with(&format!(",\"exp\":{json}")));
    }
}
