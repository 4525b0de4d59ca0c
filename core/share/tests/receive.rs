//! Opening links: what works, and each way in which a server can fail or attack.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use common::{Answer, Script, ok, status, with_header};
use flate2::Compression;
use flate2::write::{DeflateEncoder, ZlibEncoder};
use kosha_crypto::SystemEntropy;
use kosha_crypto::jwe;
use kosha_crypto::link::LinkKey;
use kosha_share::address::UrlRefusal;
use kosha_share::payload::{Oddity, PayloadError};
use kosha_share::receive::{FileProblem, Limits, OpenOptions, ReceiveError, Received, Warning, receive};
use kosha_share::{Method, Request, Response, TransportError};
use serde_json::{Value, json};

const KEY: &str = "rxTgYlOaKJPFtcEd0qcceN8wEU4p94SqAwIWQe6uX7Q";
const NOW_MS: i64 = 1_795_000_000_000;
const FHIR: &str = r#"{"resourceType":"Bundle","type":"collection"}"#;
const CARD: &str = r#"{"verifiableCredential":["a.b.c"]}"#;

fn key() -> LinkKey {
    LinkKey::from_text(KEY).unwrap()
}

fn seal(header: &str, plaintext: &[u8]) -> String {
    jwe::seal(&key(), header, plaintext, &SystemEntropy).unwrap()
}

fn sealed(cty: &str, plaintext: &str) -> String {
    seal(&format!(r#"{{"alg":"dir","enc":"A256GCM","cty":"{cty}"}}"#), plaintext.as_bytes())
}

fn fhir() -> String {
    sealed("application/fhir+json", FHIR)
}

fn zipped(deflated: &[u8]) -> String {
    seal(r#"{"alg":"dir","enc":"A256GCM","cty":"application/fhir+json","zip":"DEF"}"#, deflated)
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn link_to(url: &str, flag: &str) -> String {
    let json = json!({"url": url, "key": KEY, "flag": flag, "label": "Records", "exp": 1_795_390_000});
    format!("https://viewer.example.org/#shlink:/{}", URL_SAFE_NO_PAD.encode(json.to_string()))
}

fn link(flag: &str) -> String {
    link_to(&format!("https://shl.example.org/l/{KEY}"), flag)
}

fn options() -> OpenOptions<'static> {
    OpenOptions { recipient: "Dr Example", passcode: None, allow_loopback: false, limits: Limits::default() }
}

fn open_with(
    text: &str,
    options: &OpenOptions<'_>,
    answer: impl Fn(&Request) -> Answer + Send + Sync,
) -> (Result<Received, ReceiveError>, Vec<Request>) {
    let script = Script::new(answer);
    let outcome = receive(text, &script, options, NOW_MS);
    (outcome, script.asked())
}

fn open(text: &str, answer: impl Fn(&Request) -> Answer + Send + Sync) -> Result<Received, ReceiveError> {
    open_with(text, &options(), answer).0
}

/// Opens a manifest link whose manifest holds `files`; every location answers with `at_location`.
fn open_files(
    files: &Value,
    at_location: impl Fn(&Request) -> Answer + Send + Sync,
) -> Result<Received, ReceiveError> {
    let manifest = json!({ "files": files }).to_string();
    open(&link(""), move |request| match request.method {
        Method::Post => ok(manifest.clone()),
        _ => at_location(request),
    })
}

fn embedded(jwe: &str) -> Value {
    json!([{"contentType": "application/fhir+json", "embedded": jwe}])
}

/// The problem of a manifest's only file.
fn problem(files: &Value) -> FileProblem {
    match open_files(files, |_| status(404, "")) {
        Err(ReceiveError::Unreadable(problem)) => problem,
        other => panic!("{other:?}"),
    }
}

#[test]
fn direct_link() {
    let (outcome, asked) = open_with(&link("LU"), &options(), |_| ok(fhir()));
    let received = outcome.unwrap();
    assert_eq!((received.label.as_deref(), received.expires), (Some("Records"), Some(1_795_390_000)));
    assert!(received.long_term && received.warnings.is_empty());
    assert_eq!(received.files.len(), 1);
    assert_eq!(received.files[0].content_type, "application/fhir+json");
    assert_eq!(received.files[0].bytes.as_slice(), FHIR.as_bytes());
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].method, Method::Get);
    assert_eq!(asked[0].url.as_str(), format!("https://shl.example.org/l/{KEY}?recipient=Dr+Example"));
    assert!(!asked[0].allow_loopback);
}

#[test]
fn direct_link_keeps_the_query_of_its_address() {
    let text = link_to(&format!("https://shl.example.org/get?id={KEY}"), "U");
    let (outcome, asked) = open_with(&text, &options(), |_| ok(fhir()));
    assert!(outcome.is_ok());
    assert!(asked[0].url.as_str().ends_with(&format!("?id={KEY}&recipient=Dr+Example")));
}

#[test]
fn manifest_with_embedded_and_located_files() {
    let manifest = json!({"list": {"resourceType": "List"}, "status": "finalized", "files": [
        {"contentType": "application/fhir+json", "embedded": fhir(), "fhirVersion": "4.0.1", "status": "finalized"},
        {"contentType": "application/smart-health-card", "location": "https://files.example.org/f/1"},
    ]});
    let (outcome, asked) = open_with(&link(""), &options(), |request| match request.method {
        Method::Post => with_header(ok(manifest.to_string()), "Retry-After", "60"),
        _ => ok(sealed("application/smart-health-card", CARD)),
    });
    let received = outcome.unwrap();
    assert_eq!(received.retry_after_s, Some(60));
    assert_eq!(received.files[0].fhir_version.as_deref(), Some("4.0.1"));
    assert_eq!(received.files[1].content_type, "application/smart-health-card");
    assert_eq!(received.files[1].bytes.as_slice(), CARD.as_bytes());
    let body: Value = serde_json::from_slice(&asked[0].body).unwrap();
    assert_eq!(body["recipient"], "Dr Example");
    assert!(body["embeddedLengthMax"].is_u64() && body.get("passcode").is_none());
    assert_eq!(asked[1].url.as_str(), "https://files.example.org/f/1");
}

#[test]
fn passcode() {
    let guarded = |request: &Request| {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        if body["passcode"] == "2468" {
            ok(json!({ "files": embedded(&fhir()) }).to_string())
        } else {
            status(401, r#"{"remainingAttempts":4}"#)
        }
    };
    let (outcome, asked) = open_with(&link("P"), &options(), guarded);
    assert_eq!(outcome.unwrap_err(), ReceiveError::PasscodeNeeded);
    assert!(asked.is_empty(), "no try is spent without a passcode");
    let wrong = OpenOptions { passcode: Some("1"), ..options() };
    assert_eq!(
        open_with(&link("P"), &wrong, guarded).0.unwrap_err(),
        ReceiveError::WrongPasscode { remaining: Some(4) }
    );
    let right = OpenOptions { passcode: Some("2468"), ..options() };
    assert_eq!(open_with(&link("P"), &right, guarded).0.unwrap().files.len(), 1);
    for body in ["", "no", r#"{"remainingAttempts":-1}"#, r#"{"remainingAttempts":"4"}"#] {
        let outcome = open_with(&link("P"), &wrong, |_| status(401, body)).0;
        assert_eq!(outcome.unwrap_err(), ReceiveError::WrongPasscode { remaining: None }, "{body}");
    }
    // A server that asks although the link does not say so.
    assert_eq!(open(&link(""), |_| status(401, "")).unwrap_err(), ReceiveError::PasscodeNeeded);
}

#[test]
fn endings_and_refusals_have_names() {
    for flag in ["", "U"] {
        for (answer, error) in [
            (status(404, "gone"), ReceiveError::Ended),
            (status(410, ""), ReceiveError::Ended),
            (with_header(status(429, ""), "retry-after", "7"), ReceiveError::Busy { retry_after_s: Some(7) }),
            (
                with_header(status(429, ""), "Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT"),
                ReceiveError::Busy { retry_after_s: None },
            ),
            (with_header(status(302, ""), "location", "http://169.254.169.254/"), ReceiveError::Redirected),
            (status(308, ""), ReceiveError::Redirected),
            (status(500, "oops"), ReceiveError::Status { status: 500 }),
            (status(204, ""), ReceiveError::Status { status: 204 }),
            (Err(TransportError::Offline), ReceiveError::Transport(TransportError::Offline)),
            (Err(TransportError::Timeout), ReceiveError::Transport(TransportError::Timeout)),
            (Err(TransportError::TooLarge), ReceiveError::Transport(TransportError::TooLarge)),
            (Err(TransportError::RefusedAddress), ReceiveError::Transport(TransportError::RefusedAddress)),
        ] {
            let (outcome, asked) = open_with(&link(flag), &options(), |_| answer.clone());
            assert_eq!(outcome.unwrap_err(), error);
            assert_eq!(asked.len(), 1, "nothing is followed or repeated");
        }
    }
}

#[test]
fn bad_links_are_refused_before_anything_is_sent() {
    for (text, error) in [
        ("hello".to_owned(), ReceiveError::Link(PayloadError::NotALink)),
        (format!("shlink:/{}", "A".repeat(100_000)), ReceiveError::Link(PayloadError::TooLong)),
        (link("PU"), ReceiveError::Link(PayloadError::FlagConflict)),
        (link_to("http://shl.example.org/l/x", ""), ReceiveError::Address(UrlRefusal::NotHttps)),
        (link_to("https://127.0.0.1/l/x", ""), ReceiveError::Address(UrlRefusal::PrivateAddress)),
        (link_to("https://[::1]/l/x", "U"), ReceiveError::Address(UrlRefusal::PrivateAddress)),
        (link_to("https://169.254.169.254/latest", "U"), ReceiveError::Address(UrlRefusal::PrivateAddress)),
        (link_to("https://printer.local/", "U"), ReceiveError::Address(UrlRefusal::PrivateAddress)),
        (link_to("https://a:b@shl.example.org/", "U"), ReceiveError::Address(UrlRefusal::Credentials)),
    ] {
        let (outcome, asked) = open_with(&text, &options(), |_| ok(fhir()));
        assert_eq!(outcome.unwrap_err(), error, "{text:.60}");
        assert!(asked.is_empty());
    }
    let local = OpenOptions { allow_loopback: true, ..options() };
    let (outcome, asked) = open_with(&link_to("http://127.0.0.1:8787/l/x", "U"), &local, |_| ok(fhir()));
    assert_eq!(outcome.unwrap().warnings, [Warning::Link(Oddity::GuessableUrl)]);
    assert!(asked[0].allow_loopback);
}

#[test]
fn nonsense_instead_of_a_manifest() {
    for body in [
        "",
        "<html>not found</html>",
        "[]",
        "null",
        "{}",
        r#"{"files":{}}"#,
        r#"{"files":"x"}"#,
        r#"{"files":[1,2"#,
        "\u{0}\u{1}",
        r#"{"files":[],"files":[]}"#,
    ] {
        assert_eq!(open(&link(""), |_| ok(body)).unwrap_err(), ReceiveError::NotAManifest, "{body}");
    }
    assert_eq!(open(&link(""), |_| ok(vec![0xff; 1000])).unwrap_err(), ReceiveError::NotAManifest);
    assert_eq!(open(&link(""), |_| ok("[".repeat(1_000_000))).unwrap_err(), ReceiveError::NotAManifest);
    assert_eq!(open(&link(""), |_| ok(r#"{"files":[]}"#)).unwrap_err(), ReceiveError::NoFiles);
}

#[test]
fn one_bad_file_never_loses_the_good_ones() {
    let other = LinkKey::from_text(&URL_SAFE_NO_PAD.encode([7; 32])).unwrap();
    let foreign =
        jwe::seal(&other, r#"{"alg":"dir","enc":"A256GCM"}"#, FHIR.as_bytes(), &SystemEntropy).unwrap();
    let files = json!([
        null,
        {"contentType": 7},
        {"contentType": "application/fhir+json"},
        {"contentType": "application/smart-api-access", "location": "https://files.example.org/token"},
        {"contentType": "application/fhir+json", "embedded": foreign},
        {"contentType": "application/fhir+json", "embedded": fhir()},
        {"contentType": "application/fhir+json", "location": "http://files.example.org/x"},
        {"contentType": "application/fhir+json", "location": "https://10.0.0.1/x"},
        {"contentType": "application/fhir+json", "location": "/relative"},
        {"contentType": "application/fhir+json", "location": "https://files.example.org/gone"},
        {"contentType": "application/fhir+json", "location": "https://files.example.org/moved"},
        {"contentType": "application/fhir+json", "location": "https://files.example.org/slow"},
    ]);
    let received = open_files(&files, |request| match request.url.path() {
        "/gone" => status(404, ""),
        "/moved" => status(301, ""),
        "/slow" => Err(TransportError::Timeout),
        other => panic!("{other} was fetched"),
    })
    .unwrap();
    assert_eq!(received.files.len(), 1);
    let problems: Vec<(usize, FileProblem)> = received
        .warnings
        .iter()
        .map(|warning| match warning {
            Warning::File { index, problem } => (*index, *problem),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        problems,
        [
            (0, FileProblem::Entry),
            (1, FileProblem::Entry),
            (2, FileProblem::Entry),
            (3, FileProblem::ApiAccess),
            (4, FileProblem::DoesNotDecrypt),
            (6, FileProblem::Address(UrlRefusal::NotHttps)),
            (7, FileProblem::Address(UrlRefusal::PrivateAddress)),
            (8, FileProblem::Address(UrlRefusal::Malformed)),
            (9, FileProblem::Gone),
            (10, FileProblem::Redirected),
            (11, FileProblem::Transport(TransportError::Timeout)),
        ]
    );
}

#[test]
fn files_that_do_not_decrypt() {
    let good = fhir();
    let parts: Vec<&str> = good.split('.').collect();
    let changed = |at: usize, text: &str| {
        let mut parts = parts.clone();
        parts[at] = text;
        parts.join(".")
    };
    let header = |json: &str| changed(0, &URL_SAFE_NO_PAD.encode(json));
    let flipped = URL_SAFE_NO_PAD
        .encode(URL_SAFE_NO_PAD.decode(parts[3]).unwrap().iter().map(|byte| byte ^ 1).collect::<Vec<u8>>());
    for (jwe, expected) in [
        (String::new(), FileProblem::NotAJwe),
        ("hello".to_owned(), FileProblem::NotAJwe),
        (parts[..3].join("."), FileProblem::NotAJwe),
        (format!("{good}.x"), FileProblem::NotAJwe),
        (changed(1, "AAAA"), FileProblem::NotAJwe),
        (changed(2, "AAAA"), FileProblem::NotAJwe),
        (changed(4, "AAAA"), FileProblem::NotAJwe),
        (changed(3, "***"), FileProblem::NotAJwe),
        (header("{"), FileProblem::NotAJwe),
        (header(r#"{"alg":"none","enc":"A256GCM"}"#), FileProblem::NotAJwe),
        (header(r#"{"alg":"dir","enc":"A128GCM"}"#), FileProblem::NotAJwe),
        (header(r#"{"alg":"dir","enc":"A256GCM"}"#), FileProblem::DoesNotDecrypt),
        (changed(3, &flipped), FileProblem::DoesNotDecrypt),
        (changed(3, parts[3].get(..20).unwrap()), FileProblem::DoesNotDecrypt),
        (seal(r#"{"alg":"dir","enc":"A256GCM","zip":"GZ"}"#, b"x"), FileProblem::Compression),
        (zipped(b"\xff\xff\xff"), FileProblem::Inflate),
        (zipped(&[deflate(FHIR.as_bytes()), b"more".to_vec()].concat()), FileProblem::Inflate),
        (sealed("application/pdf", "%PDF-1.4"), FileProblem::UnknownContent),
        (sealed("", "[1]"), FileProblem::UnknownContent),
        (sealed("application/smart-api-access", "{}"), FileProblem::ApiAccess),
    ] {
        let files = json!([{"contentType": "application/octet-stream", "embedded": jwe}]);
        assert_eq!(problem(&files), expected, "{jwe:.80}");
    }
    assert_eq!(
        open(&link("U"), |_| ok(vec![0xff; 64])).unwrap_err(),
        ReceiveError::Unreadable(FileProblem::NotAJwe)
    );
}

#[test]
fn compressed_files_are_bounded() {
    let content = format!(r#"{{"resourceType":"Bundle","x":"{}"}}"#, "a".repeat(100_000));
    let jwe = zipped(&deflate(content.as_bytes()));
    let received = open_files(&embedded(&jwe), |_| status(404, "")).unwrap();
    assert_eq!(received.files[0].bytes.as_slice(), content.as_bytes());
    let bomb = zipped(&deflate(&vec![b' '; 20 * 1024 * 1024 + 1]));
    assert!(bomb.len() < 40_000);
    assert_eq!(problem(&embedded(&bomb)), FileProblem::TooLarge);
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    zlib.write_all(FHIR.as_bytes()).unwrap();
    assert_eq!(problem(&embedded(&zipped(&zlib.finish().unwrap()))), FileProblem::Inflate);
}

#[test]
fn a_missing_content_type_is_made_up_for() {
    let bare = r#"{"alg":"dir","enc":"A256GCM","kid":"x"}"#;
    for (jwe, manifest_type, expected) in [
        (seal(bare, FHIR.as_bytes()), "application/fhir+json", "application/fhir+json"),
        (seal(bare, FHIR.as_bytes()), "application/fhir+json; fhirVersion=4.0", "application/fhir+json"),
        (seal(bare, FHIR.as_bytes()), "", "application/fhir+json"),
        (seal(bare, CARD.as_bytes()), "", "application/smart-health-card"),
        (sealed("fhir+json", FHIR), "", "application/fhir+json"),
        (
            sealed("application/smart-health-card", CARD),
            "application/fhir+json",
            "application/smart-health-card",
        ),
    ] {
        let mut entry = json!({"embedded": jwe});
        if !manifest_type.is_empty() {
            entry["contentType"] = manifest_type.into();
        }
        let received = open_files(&json!([entry]), |_| status(404, "")).unwrap();
        assert_eq!(received.files[0].content_type, expected);
    }
    assert_eq!(
        open(&link("U"), |_| ok(seal(bare, CARD.as_bytes()))).unwrap().files[0].content_type,
        "application/smart-health-card"
    );
}

#[test]
fn huge_answers_are_bounded() {
    // A transport that does not keep to the limit is not believed either.
    let limits = Limits { max_total_bytes: 4000, max_file_bytes: 1000, ..Limits::default() };
    let small = OpenOptions { limits, ..options() };
    for flag in ["", "U"] {
        let outcome = open_with(&link(flag), &small, |_| ok("x".repeat(4001))).0;
        assert_eq!(outcome.unwrap_err(), ReceiveError::Transport(TransportError::TooLarge));
    }
    let many = json!({"files": vec![json!({"location": "https://files.example.org/f"}); 20]}).to_string();
    let body =
        sealed("application/fhir+json", &format!(r#"{{"resourceType":"X","x":"{}"}}"#, "a".repeat(500)));
    let (outcome, asked) = open_with(&link(""), &small, |request| match request.method {
        Method::Post => ok(many.clone()),
        _ => ok(body.clone()),
    });
    let received = outcome.unwrap();
    assert_eq!(received.files.len(), 7, "4000 bytes of content at 529 each");
    assert!(asked.len() < 15, "no more is fetched than can be kept: {}", asked.len());
    assert!(asked.iter().skip(1).all(|request| request.max_response <= 1000));
    let long = json!([{"embedded": "a".repeat(1001)}]);
    let manifest = json!({ "files": long }).to_string();
    assert_eq!(
        open_with(&link(""), &small, |_| ok(manifest.clone())).0.unwrap_err(),
        ReceiveError::Unreadable(FileProblem::TooLarge)
    );
}

#[test]
fn files_beyond_a_hundred_are_left_and_said() {
    let file = json!({"contentType": "application/fhir+json", "embedded": fhir()});
    let received = open_files(&json!(vec![file; 101]), |_| status(404, "")).unwrap();
    assert_eq!(received.files.len(), 100);
    assert_eq!(received.warnings, [Warning::MoreFiles]);
    let numbers = "1,".repeat(2_000_000);
    let body = format!(r#"{{"files":[{numbers}1]}}"#);
    assert_eq!(
        open(&link(""), |_| ok(body.clone())).unwrap_err(),
        ReceiveError::Unreadable(FileProblem::Entry)
    );
}

#[test]
fn a_server_that_drips_runs_out_of_time() {
    let many = json!({"files": vec![json!({"location": "https://files.example.org/f"}); 100]}).to_string();
    let slow = |body: String| {
        Ok(Response { status: 200, headers: Vec::new(), body: body.into(), elapsed_ms: 19_000 })
    };
    let (outcome, asked) = open_with(&link(""), &options(), |request| match request.method {
        Method::Post => slow(many.clone()),
        _ => slow(fhir()),
    });
    assert_eq!(outcome.unwrap().files.len(), 3);
    assert_eq!(asked.len(), 4, "60 s are used up");
    assert!(asked.iter().all(|request| request.timeout_ms <= 20_000));
    assert_eq!(asked.last().unwrap().timeout_ms, 3_000);
    let (outcome, asked) = open_with(&link(""), &options(), |request| match request.method {
        Method::Post => ok(many.clone()),
        _ => Err(TransportError::Timeout),
    });
    assert_eq!(
        outcome.unwrap_err(),
        ReceiveError::Unreadable(FileProblem::Transport(TransportError::Timeout))
    );
    assert!(asked.len() <= 5, "{}", asked.len());
}

#[test]
fn nothing_inside_the_content_is_fetched() {
    let content = r#"{"resourceType":"DocumentReference","content":[{"attachment":{"url":"https://evil.example.org/"}}]}"#;
    let (outcome, asked) =
        open_with(&link("U"), &options(), |_| ok(sealed("application/fhir+json", content)));
    assert_eq!(outcome.unwrap().files[0].bytes.as_slice(), content.as_bytes());
    assert_eq!(asked.len(), 1);
}

#[test]
fn the_name_that_is_sent_is_bounded_and_never_empty() {
    for (name, sent) in [
        ("  Dr A \n B\u{7} ", "Dr A  B".to_owned()),
        ("", "Name not given".to_owned()),
        ("\n", "Name not given".to_owned()),
        (&"é".repeat(500), "é".repeat(120)),
    ] {
        let named = OpenOptions { recipient: name, ..options() };
        let (_, asked) = open_with(&link(""), &named, |_| status(404, ""));
        let body: Value = serde_json::from_slice(&asked[0].body).unwrap();
        assert_eq!(body["recipient"], sent);
    }
}

#[test]
fn a_past_time_is_said_but_the_server_decides() {
    let outcome = receive(&link("U"), &Script::new(|_: &Request| ok(fhir())), &options(), 1_795_390_000_001);
    assert_eq!(outcome.unwrap().warnings, [Warning::PastExpiry]);
}

#[test]
fn errors_and_debug_show_no_secret_and_no_content() {
    let (outcome, asked) = open_with(&link("U"), &options(), |_| ok(fhir()));
    let shown = format!("{outcome:?}{asked:?}{:?}{:?}", options(), status(200, FHIR));
    for secret in [KEY, "Bundle", "shl.example.org", "Dr Example"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}
