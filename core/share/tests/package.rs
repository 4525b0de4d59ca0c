//! From consent to an opened link: what was granted arrives, and nothing else is in any released byte.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{Script, ok};
use kosha_consent::{
    Candidate, Held, Ledger, LedgerEntry, Outgoing, PatientFields, Record, Release, Scope, Supporting, Terms,
    export, release, review,
};
use kosha_crypto::id::{GrantId, PersonId, RecordId};
use kosha_crypto::{LinkSecret, SystemEntropy};
use kosha_fhir::summary::Checkpoint;
use kosha_fhir::{Kind, Sensitivity, Standing};
use kosha_share::payload::{Flags, link_text};
use kosha_share::receive::{Limits, OpenOptions, Received, receive};
use kosha_share::{Method, Package, PackageError, PackageOptions, Request, package};
use kosha_wire::manifest::{Manifest, ManifestFile};
use kosha_wire::relay::LinkMode;
use serde_json::Value;

const NOW_MS: i64 = 1_795_000_000_000;
const EXPIRES_MS: i64 = NOW_MS + 86_400_000;
/// Stands in everything that was not granted.
const CANARY: &str = "Quetzalcoatl-7731";

struct Durable;

impl Ledger for Durable {
    type Error = ();

    fn commit(self, _: &LedgerEntry) -> Result<(), ()> {
        Ok(())
    }
}

fn id(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

fn person() -> PersonId {
    PersonId::from_bytes([99; 16])
}

fn record(number: u8, kind: Kind, resource_type: &str, title: &str, json: &str) -> Record {
    Record {
        candidate: Candidate {
            record: id(number),
            person: person(),
            kind,
            resource_type: resource_type.to_owned(),
            standing: Standing::Fact,
            sensitivity: Sensitivity::default(),
            title: title.to_owned(),
            line: String::new(),
            date: None,
            date_text: "2024".to_owned(),
            source: "City Hospital".to_owned(),
            codes: Vec::new(),
            attachments: Vec::new(),
            sections: Vec::new(),
            contained: Vec::new(),
        },
        bytes: json.as_bytes().to_vec().into(),
        bundle: "file-1".to_owned(),
        full_url: format!("urn:test:{number}"),
        received_ms: NOW_MS - 1000,
    }
}

/// An allergy and a medicine that are granted; both point at things that are not.
fn granted() -> Vec<Record> {
    vec![
        record(
            1,
            Kind::Allergy,
            "AllergyIntolerance",
            "Penicillin",
            &format!(
                r#"{{"resourceType":"AllergyIntolerance","id":"a","code":{{"text":"Penicillin"}},
                "patient":{{"reference":"Patient/p","display":"{CANARY}"}},
                "text":{{"status":"generated","div":"<div>{CANARY}</div>"}},
                "encounter":{{"reference":"urn:test:9","display":"{CANARY}"}}}}"#
            ),
        ),
        record(
            2,
            Kind::Medicine,
            "MedicationRequest",
            "Metformin 500 mg",
            &format!(
                r#"{{"resourceType":"MedicationRequest","status":"active","intent":"order",
                "medicationCodeableConcept":{{"text":"Metformin 500 mg"}},"subject":{{"reference":"Patient/p"}},
                "reasonReference":[{{"reference":"urn:test:9","display":"{CANARY}"}}]}}"#
            ),
        ),
    ]
}

/// What the wallet holds besides: another problem, and the patient's own resource with more than was agreed to.
fn withheld() -> Record {
    record(
        9,
        Kind::Problem,
        "Condition",
        CANARY,
        &format!(r#"{{"resourceType":"Condition","code":{{"text":"{CANARY}"}}}}"#),
    )
}

fn patient() -> PatientFields {
    PatientFields::from_resource(
        format!(
            r#"{{"resourceType":"Patient","id":"p","name":[{{"text":"Asha Rao"}}],"birthDate":"1980-01-02",
            "gender":"female","telecom":[{{"system":"phone","value":"{CANARY}"}}],
            "address":[{{"text":"{CANARY}"}}],"identifier":[{{"system":"x","value":"{CANARY}"}}]}}"#
        )
        .as_bytes(),
    )
}

fn terms() -> Terms {
    Terms { view_limit: Some(3), ..Terms::once("Second opinion", EXPIRES_MS) }
}

fn released(records: Vec<Record>, terms: Terms) -> Release {
    let mut candidates: Vec<Candidate> = records.iter().map(|record| record.candidate.clone()).collect();
    candidates.push(withheld().candidate);
    let mut scope = Scope::of(person());
    scope.kinds = Some(BTreeSet::from([Kind::Allergy, Kind::Medicine, Kind::Document]));
    let grant = review(&scope, &candidates).grant(GrantId::from_bytes([5; 16]), terms, NOW_MS).unwrap();
    let outgoing = Outgoing {
        purpose: "Second opinion".to_owned(),
        recipient: None,
        records,
        supporting: vec![Supporting {
            bytes: format!(
                r#"{{"resourceType":"Practitioner","id":"nobody","name":[{{"text":"{CANARY}"}}]}}"#
            )
            .into_bytes()
            .into(),
            bundle: "file-1".to_owned(),
            full_url: "urn:test:77".to_owned(),
        }],
        patient: patient(),
        held: Held::default(),
    };
    release(Durable, &grant, outgoing, NOW_MS).unwrap()
}

fn options(mode: LinkMode) -> PackageOptions<'static> {
    let checkpoint = Checkpoint { note: "kosha.log\n12\nAAAA\n", key_fingerprint: "ab:cd" };
    PackageOptions { mode, passcode: None, passcode_attempts: 10, checkpoint: Some(checkpoint) }
}

fn packaged(release: &Release, mode: LinkMode) -> (LinkSecret, Package) {
    let secret = LinkSecret::generate(&SystemEntropy).unwrap();
    let package = package(release, &secret, &options(mode), &SystemEntropy).unwrap();
    (secret, package)
}

/// Opens the link as a stranger would, from a relay that holds `package` and nothing else.
fn opened(secret: &LinkSecret, package: &Package) -> Received {
    let direct = package.create.mode == LinkMode::Direct;
    let flag = Flags { direct, ..Flags::default() };
    let link = link_text("https://relay.example.org", secret, package.create.expires, flag, None).unwrap();
    let file = package.create.files[0].clone();
    let manifest = Manifest {
        files: vec![ManifestFile {
            content_type: file.content_type.clone(),
            embedded: Some(file.jwe.clone()),
            fhir_version: file.fhir_version.clone(),
            ..ManifestFile::default()
        }],
    };
    let manifest = serde_json::to_string(&manifest).unwrap();
    let relay = Script::new(|request: &Request| match request.method {
        Method::Post => ok(manifest.clone()),
        _ => ok(file.jwe.clone()),
    });
    let options = OpenOptions {
        recipient: "Dr Example",
        passcode: None,
        allow_loopback: false,
        limits: Limits::default(),
    };
    receive(link.as_str(), &relay, &options, NOW_MS).unwrap()
}

fn bundle(received: &Received) -> Value {
    serde_json::from_slice(&received.files[0].bytes).unwrap()
}

fn types(bundle: &Value) -> Vec<&str> {
    bundle["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["resource"]["resourceType"].as_str().unwrap())
        .collect()
}

#[test]
fn a_manifest_link_carries_a_summary_document() {
    let (secret, package) = packaged(&released(granted(), terms()), LinkMode::Manifest);
    let received = opened(&secret, &package);
    assert!(received.warnings.is_empty());
    assert_eq!(received.files[0].content_type, "application/fhir+json");
    assert_eq!(received.files[0].fhir_version.as_deref(), Some("4.0.1"));
    let bundle = bundle(&received);
    assert_eq!(bundle["type"], "document");
    let types = types(&bundle);
    assert_eq!(types[0], "Composition");
    for expected in ["Patient", "AllergyIntolerance", "MedicationRequest"] {
        assert!(types.contains(&expected), "{expected} in {types:?}");
    }
    let text = bundle.to_string();
    assert!(text.contains("Asha Rao") && text.contains("Penicillin") && text.contains("Metformin 500 mg"));
    assert!(text.contains("urn:kosha:log-checkpoint") && text.contains("kosha.log"));
}

#[test]
fn a_direct_link_carries_a_collection() {
    let (secret, package) = packaged(&released(granted(), terms()), LinkMode::Direct);
    let received = opened(&secret, &package);
    let bundle = bundle(&received);
    assert_eq!(bundle["type"], "collection");
    let types = types(&bundle);
    assert_eq!(types.iter().filter(|&&name| name == "Patient").count(), 1);
    assert!(!types.contains(&"Composition") && types.contains(&"AllergyIntolerance"));
    assert_eq!(received.expires, Some(EXPIRES_MS / 1000));
}

#[test]
fn the_creation_says_what_the_grant_says() {
    let (secret, package) = packaged(&released(granted(), terms()), LinkMode::Manifest);
    let create = &package.create;
    assert_eq!(create.expires, u64::try_from(EXPIRES_MS / 1000).unwrap());
    assert_eq!(create.max_views, Some(3));
    assert_eq!(create.management_hash, secret.management_hash_text());
    assert_eq!(create.view_key, secret.view_public_text());
    assert_eq!((create.passcode.as_deref(), create.passcode_attempts), (None, None));
    assert_eq!(create.files.len(), 1);
    assert_eq!(package.sizes.jwe, create.files[0].jwe.len());
}

#[test]
fn what_was_not_granted_is_in_no_released_byte() {
    for mode in [LinkMode::Manifest, LinkMode::Direct] {
        let (secret, package) = packaged(&released(granted(), terms()), mode);
        let content = opened(&secret, &package).files[0].bytes.clone();
        let upload = serde_json::to_vec(&package.create).unwrap();
        let utf16: Vec<u8> = CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let hex = CANARY.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        for form in [CANARY.as_bytes(), &utf16, hex.as_bytes()] {
            assert!(!contains(&content, form) && !contains(&upload, form));
        }
        for start in 0..3 {
            // Base64 of a text looks different at each of three offsets; what lies inside whole groups is compared.
            let encoded = STANDARD.encode(&CANARY.as_bytes()[start..start + (CANARY.len() - start) / 3 * 3]);
            assert!(!contains(&content, encoded.as_bytes()) && !contains(&upload, encoded.as_bytes()));
        }
        assert!(contains(&content, b"Penicillin"), "the search itself works");
        for secret_text in
            [secret.key_text().as_str(), secret.management_token_text().as_str(), "Penicillin", "Asha"]
        {
            assert!(!contains(&upload, secret_text.as_bytes()), "the relay must not learn this");
        }
    }
}

#[test]
fn two_packages_of_the_same_release_share_no_ciphertext() {
    let release = released(granted(), terms());
    let (_, first) = packaged(&release, LinkMode::Manifest);
    let (_, second) = packaged(&release, LinkMode::Manifest);
    let body = |package: &Package| package.create.files[0].jwe.split('.').nth(3).unwrap()[..64].to_owned();
    assert_ne!(body(&first), body(&second));
}

#[test]
fn compression_is_used_only_where_it_saves_much() {
    let (_, small) = packaged(&released(granted(), terms()), LinkMode::Manifest);
    assert_eq!(small.sizes.compressed, None);
    assert!(!header(&small).contains("zip"));
    let note = |number, data: &str| {
        record(
            number,
            Kind::Document,
            "DocumentReference",
            "Letter",
            &format!(
                r#"{{"resourceType":"DocumentReference","status":"current","content":[{{"attachment":
                {{"contentType":"text/plain","data":"{data}"}}}}]}}"#
            ),
        )
    };
    let (secret, large) = packaged(
        &released(vec![note(1, &STANDARD.encode("all is well. ".repeat(20_000)))], terms()),
        LinkMode::Manifest,
    );
    let compressed = large.sizes.compressed.expect("hundreds of kB of the same words");
    assert!(large.sizes.document - compressed > 64 * 1024);
    assert!(
        header(&large).contains(r#""zip":"DEF""#)
            && header(&large).contains(r#""cty":"application/fhir+json""#)
    );
    assert_eq!(opened(&secret, &large).files[0].bytes.len(), large.sizes.document);
    // A reader opens 20 MiB, however small they were on the way.
    let endless = released(vec![note(1, &STANDARD.encode(vec![b'a'; 16 * 1024 * 1024]))], terms());
    let outcome = package(&endless, &secret, &options(LinkMode::Manifest), &SystemEntropy);
    assert_eq!(outcome.unwrap_err(), PackageError::TooLarge);
}

#[test]
fn passcodes_are_where_the_grant_wants_them() {
    let secret = LinkSecret::generate(&SystemEntropy).unwrap();
    let asks = released(granted(), Terms { passcode: true, ..terms() });
    let open = released(granted(), terms());
    let with = |mode, passcode| PackageOptions { passcode, ..options(mode) };
    for (release, mode, passcode, error) in [
        (&asks, LinkMode::Manifest, None, PackageError::PasscodeMissing),
        (&asks, LinkMode::Manifest, Some(""), PackageError::EmptyPasscode),
        (&asks, LinkMode::Direct, None, PackageError::PasscodeOnDirect),
        (&open, LinkMode::Direct, Some("2468"), PackageError::PasscodeOnDirect),
        (&open, LinkMode::Manifest, Some("2468"), PackageError::PasscodeNotAgreed),
    ] {
        assert_eq!(package(release, &secret, &with(mode, passcode), &SystemEntropy).unwrap_err(), error);
    }
    let create =
        package(&asks, &secret, &with(LinkMode::Manifest, Some("2468")), &SystemEntropy).unwrap().create;
    assert_eq!((create.passcode.as_deref(), create.passcode_attempts), (Some("2468"), Some(10)));
}

#[test]
fn the_owners_own_copy_is_not_shared() {
    let copy = export(Durable, person(), granted(), Vec::new(), patient(), NOW_MS).unwrap();
    let secret = LinkSecret::generate(&SystemEntropy).unwrap();
    let outcome = package(&copy, &secret, &options(LinkMode::Manifest), &SystemEntropy);
    assert_eq!(outcome.unwrap_err(), PackageError::NotAGrant);
}

#[test]
fn debug_shows_no_content() {
    let (_, package) = packaged(&released(granted(), terms()), LinkMode::Manifest);
    let shown = format!("{package:?}{:?}", options(LinkMode::Manifest));
    assert!(!shown.contains(&package.create.files[0].jwe) && !shown.contains("kosha.log"));
}

fn header(package: &Package) -> String {
    let header = package.create.files[0].jwe.split('.').next().unwrap();
    String::from_utf8(base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
