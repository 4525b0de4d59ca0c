//! The wallet's calls to its relay, and what it makes of answers that are wrong, huge or nonsense.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::{Script, ok, status, with_header};
use kosha_crypto::SystemEntropy;
use kosha_crypto::link::{self, LinkSecret};
use kosha_share::address::UrlRefusal;
use kosha_share::relay_client::{RelayClient, RelayClientError, View};
use kosha_share::{Method, Request, TransportError};
use kosha_wire::relay::{CreateLink, LinkMode, SealedView, UploadFile, ViewRecord, Views};
use serde_json::json;

const BASE: &str = "https://relay.example.org";

fn secret() -> LinkSecret {
    LinkSecret::generate(&SystemEntropy).unwrap()
}

fn creation(secret: &LinkSecret, jwe: String) -> CreateLink {
    CreateLink {
        mode: LinkMode::Manifest,
        management_hash: secret.management_hash_text(),
        view_key: secret.view_public_text(),
        expires: 1_795_390_000,
        max_views: None,
        passcode: None,
        passcode_attempts: None,
        files: vec![UploadFile {
            content_type: "application/fhir+json".to_owned(),
            fhir_version: None,
            last_updated: None,
            jwe,
        }],
    }
}

#[test]
fn calls_are_as_the_relay_expects_them() {
    let secret = secret();
    let script = Script::new(|request: &Request| match request.method {
        Method::Put => status(201, ""),
        Method::Delete => status(204, ""),
        _ => ok(r#"{"active":true,"expires":7,"views":2,"viewsLeft":3,"later":1}"#),
    });
    let client =
        RelayClient::new(&script, "https://relay.example.org/kosha/", Some("upload".to_owned()), false)
            .unwrap();
    let creation = creation(&secret, "a.b.c".to_owned());
    client.create(&secret, &creation).unwrap();
    let state = client.status(&secret).unwrap();
    assert_eq!((state.active, state.views, state.views_left), (true, 2, Some(3)));
    client.revoke(&secret).unwrap();
    let asked = script.asked();
    let path = format!("https://relay.example.org/kosha/api/v1/links/{}", secret.id_text());
    assert!(asked.iter().all(|request| request.url.as_str() == path));
    assert_eq!(serde_json::from_slice::<CreateLink>(&asked[0].body).unwrap(), creation);
    assert!(asked[0].headers.contains(&("kosha-upload-token", "upload".to_owned())));
    let bearer = format!("Bearer {}", secret.management_token_text().as_str());
    for request in &asked[1..] {
        assert_eq!(request.headers, [("authorization", bearer.clone())]);
        assert!(request.body.is_empty());
    }
    let shown = format!("{client:?}{asked:?}");
    assert!(!shown.contains("upload\"") && !shown.contains(&secret.id_text()) && !shown.contains(&bearer));
}

#[test]
fn views_are_opened_in_order_and_bad_ones_are_counted() {
    let secret = secret();
    let seal = |recipient: &str, minute: u64| {
        let record = serde_json::to_vec(&ViewRecord { recipient: recipient.to_owned(), minute }).unwrap();
        seal_view(&secret, &record)
    };
    let views = Views {
        views: vec![
            SealedView { seq: 4, sealed: seal("before", 1) },
            SealedView { seq: 5, sealed: seal("Dr A", 29_900_000) },
            SealedView { seq: 6, sealed: "nonsense".to_owned() },
            SealedView { seq: 6, sealed: seal("twice", 1) },
            SealedView { seq: 7, sealed: seal_view(&secret, b"{}") },
            SealedView { seq: 8, sealed: seal("far", u64::MAX) },
            SealedView { seq: 9, sealed: seal("Dr\u{202e} B\n", 29_900_001) },
        ],
    };
    let body = serde_json::to_string(&views).unwrap();
    let script = Script::new(|_: &Request| ok(body.clone()));
    let client = RelayClient::new(&script, BASE, None, false).unwrap();
    let page = client.views(&secret, 4, 99).unwrap();
    assert_eq!(
        page.views,
        [
            View { seq: 5, recipient: "Dr A".to_owned(), time_ms: 1_794_000_000_000 },
            View { seq: 9, recipient: "Dr B".to_owned(), time_ms: 1_794_000_060_000 },
        ]
    );
    assert_eq!((page.unreadable, page.last_seq), (3, 9));
    let asked = script.asked();
    assert_eq!(asked[0].url.query(), Some("after=4&wait=30"));
    assert!(asked[0].timeout_ms > 30_000, "the relay may take its time to answer");
}

#[test]
fn each_refusal_has_a_name() {
    let secret = secret();
    let code = |code: &str| json!({ "code": code }).to_string();
    for (answer, error) in [
        (Err(TransportError::Offline), RelayClientError::Transport(TransportError::Offline)),
        (Err(TransportError::Timeout), RelayClientError::Transport(TransportError::Timeout)),
        (Err(TransportError::TooLarge), RelayClientError::Transport(TransportError::TooLarge)),
        (Err(TransportError::Insecure), RelayClientError::Transport(TransportError::Insecure)),
        (status(403, code("not-yours")), RelayClientError::NotYours),
        (status(404, code("no-such-link")), RelayClientError::NoSuchLink),
        (status(404, "<html>"), RelayClientError::Status { status: 404 }),
        (status(409, code("conflict")), RelayClientError::Conflict),
        (status(413, ""), RelayClientError::TooLarge),
        (status(400, code("malformed")), RelayClientError::Refused),
        (
            with_header(status(429, code("too-many")), "Retry-After", "30"),
            RelayClientError::Busy { retry_after_s: Some(30) },
        ),
        (status(302, ""), RelayClientError::Status { status: 302 }),
        (status(500, "panic"), RelayClientError::Status { status: 500 }),
    ] {
        let script = Script::new(|_: &Request| answer.clone());
        let client = RelayClient::new(&script, BASE, None, false).unwrap();
        assert_eq!(client.create(&secret, &creation(&secret, String::new())).unwrap_err(), error);
        assert_eq!(client.status(&secret).unwrap_err(), error);
        assert_eq!(client.revoke(&secret).unwrap_err(), error);
        assert_eq!(client.views(&secret, 0, 0).unwrap_err(), error);
    }
    let script = Script::new(|_: &Request| status(401, code("token-needed")));
    let client = RelayClient::new(&script, BASE, None, false).unwrap();
    assert_eq!(
        client.create(&secret, &creation(&secret, String::new())).unwrap_err(),
        RelayClientError::UploadTokenNeeded
    );
}

#[test]
fn nonsense_is_not_believed() {
    let secret = secret();
    let many = json!({"views": (1..=501).map(|seq| json!({"seq": seq, "sealed": ""})).collect::<Vec<_>>()})
        .to_string();
    for body in ["", "{}", "null", "[]", "<html>", "{\"views\":7}", &"[".repeat(100_000), &many] {
        let script = Script::new(|_: &Request| ok(body));
        let client = RelayClient::new(&script, BASE, None, false).unwrap();
        assert_eq!(client.status(&secret).unwrap_err(), RelayClientError::NotUnderstood, "{body:.40}");
        assert_eq!(client.views(&secret, 0, 0).unwrap_err(), RelayClientError::NotUnderstood, "{body:.40}");
    }
    let script = Script::new(|_: &Request| ok(""));
    let client = RelayClient::new(&script, BASE, None, false).unwrap();
    client.views(&secret, 0, 0).unwrap_err();
    client.status(&secret).unwrap_err();
    assert!(script.asked().iter().all(|request| request.max_response <= 2 * 1024 * 1024));
}

#[test]
fn a_creation_that_the_relay_cannot_take_is_not_sent() {
    let secret = secret();
    let script = Script::new(|_: &Request| status(201, ""));
    let client = RelayClient::new(&script, BASE, None, false).unwrap();
    let huge = creation(&secret, "a".repeat(48 * 1024 * 1024));
    assert_eq!(client.create(&secret, &huge).unwrap_err(), RelayClientError::TooLarge);
    assert!(script.asked().is_empty());
}

#[test]
fn a_relay_elsewhere_needs_https() {
    let script = Script::new(|_: &Request| ok(""));
    let refused = |base: &str, loopback| RelayClient::new(&script, base, None, loopback).err();
    assert_eq!(
        refused("http://relay.example.org", true),
        Some(RelayClientError::Address(UrlRefusal::NotHttps))
    );
    assert_eq!(
        refused("http://127.0.0.1:8787", false),
        Some(RelayClientError::Address(UrlRefusal::NotHttps))
    );
    assert_eq!(
        refused("https://192.168.1.5", true),
        Some(RelayClientError::Address(UrlRefusal::PrivateAddress))
    );
    assert_eq!(refused("http://127.0.0.1:8787", true), None);
}

fn seal_view(secret: &LinkSecret, record: &[u8]) -> String {
    link::seal_view(&secret.view_public_text(), &secret.id_hash(), record, &SystemEntropy).unwrap()
}
