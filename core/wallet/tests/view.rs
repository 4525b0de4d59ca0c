//! What a reader is told of a link: whose it is, and what of it could not be read.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::sync::Arc;

use kosha::view::ViewWish;
use kosha::{Environment, Language, RelayAddress, Request, Response, Transport, TransportError};
use kosha_crypto::{LinkSecret, SystemEntropy, jwe};
use kosha_share::payload::Flags;
use serde_json::{Value, json};

const SENDER_SAID_NOTHING: &str = "The sender said nothing about these.";

/// Gives the same answer to every request.
struct Answer(Vec<u8>);

impl Transport for Answer {
    fn send(&self, _request: Request) -> Result<Response, TransportError> {
        Ok(Response { status: 200, headers: Vec::new(), body: self.0.clone(), elapsed_ms: 1 })
    }
}

fn opened(secret: &LinkSecret, answer: Vec<u8>, direct: bool) -> Value {
    opened_in(Language::English, secret, answer, direct)
}

fn opened_in(language: Language, secret: &LinkSecret, answer: Vec<u8>, direct: bool) -> Value {
    let relay = "http://127.0.0.1:9";
    let flags = Flags { long_term: false, passcode: false, direct };
    let link = kosha_share::link_text(relay, secret, 4_000_000_000, flags, None).unwrap();
    let address = RelayAddress { url: relay.to_owned(), token: None };
    let environment = Environment { language, ..Environment::system(Arc::new(Answer(answer)), address) };
    let wish = ViewWish { link: link.as_str().to_owned(), allow_loopback: true, ..ViewWish::default() };
    serde_json::to_value(kosha::view::view(&environment, &wish).unwrap()).unwrap()
}

fn sealed(secret: &LinkSecret, content: &Value) -> String {
    let header = r#"{"alg":"dir","enc":"A256GCM","cty":"application/fhir+json"}"#;
    jwe::seal(secret.key(), header, content.to_string().as_bytes(), &SystemEntropy).unwrap()
}

/// What a link to one bundle of these resources shows.
fn shown(resources: &[Value]) -> Value {
    let secret = LinkSecret::generate(&SystemEntropy).unwrap();
    let answer = sealed(&secret, &bundle(resources)).into_bytes();
    opened(&secret, answer, true)
}

fn bundle(resources: &[Value]) -> Value {
    let entries: Vec<Value> = resources
        .iter()
        .map(|resource| json!({"fullUrl": format!("urn:uuid:{}", resource["id"]), "resource": resource}))
        .collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
}

fn patient(id: &str, name: &str, born: &str) -> Value {
    json!({"resourceType": "Patient", "id": id, "name": [{"text": name}], "birthDate": born})
}

fn problem(id: &str, whose: Option<&str>, title: &str, onset: &str) -> Value {
    let mut problem =
        json!({"resourceType": "Condition", "id": id, "code": {"text": title}, "onsetDateTime": onset});
    if let Some(whose) = whose {
        problem["subject"] = json!({"reference": format!("Patient/{whose}")});
    }
    problem
}

fn section<'a>(seen: &'a Value, title: &str) -> &'a Value {
    seen["sections"].as_array().unwrap().iter().find(|section| section["title"] == title).unwrap()
}

fn warnings(seen: &Value) -> Vec<&str> {
    seen["warnings"].as_array().unwrap().iter().map(|warning| warning.as_str().unwrap()).collect()
}

#[test]
fn one_person_is_named_once_and_what_was_not_sent_is_the_senders_silence() {
    let seen = shown(&[
        patient("a", "Asha Verma", "1968-03-12"),
        // The same person, as another hospital wrote her down.
        patient("b", "ASHA VERMA", "1968-03-12"),
        problem("c", Some("a"), "Asthma", "2020"),
        problem("d", Some("b"), "Gout", "2021"),
    ]);
    assert_eq!(seen["persons"], json!(["Asha Verma, born 1968-03-12"]));
    assert_eq!((warnings(&seen), &seen["patient"]), (vec![], &json!("Asha Verma, born 1968-03-12")));
    assert!(section(&seen, "Problems")["entries"][0].get("person").is_none());
    assert_eq!(section(&seen, "Allergies")["absent"], SENDER_SAID_NOTHING);
}

#[test]
fn several_persons_are_named_first_and_kept_apart() {
    let seen = shown(&[
        patient("a", "Asha Verma", "1968-03-12"),
        patient("b", "Asha Verma", "1994-11-02"),
        problem("c", Some("b"), "Migraine", "2024"),
        problem("d", Some("a"), "Gout", "2019"),
        problem("e", Some("b"), "Anaemia", "2012"),
        problem("f", Some("a"), "Asthma", "2022"),
        problem("g", None, "Fever", "2025"),
    ]);
    let (mother, daughter) = ("Asha Verma, born 1968-03-12", "Asha Verma, born 1994-11-02");
    assert_eq!(seen["persons"], json!([mother, daughter]));
    let first = warnings(&seen)[0];
    assert!(
        first.contains("2 different persons") && first.contains(mother) && first.contains(daughter),
        "{first}"
    );
    let entries: Vec<(String, Value)> = section(&seen, "Problems")["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["title"].as_str().unwrap().to_owned(), entry["person"].clone()))
        .collect();
    let of = |person: &str| -> Vec<&str> {
        entries.iter().filter(|(_, whose)| whose == person).map(|(title, _)| title.as_str()).collect()
    };
    assert_eq!(
        (of(mother), of(daughter)),
        (vec!["Asthma", "Gout"], vec!["Migraine", "Anaemia"]),
        "{entries:?}"
    );
    let whose: Vec<&Value> = entries.iter().map(|(_, whose)| whose).collect();
    assert_eq!(whose.windows(2).filter(|two| two[0] != two[1]).count(), 2, "each person's stand together");
    assert!(entries.iter().any(|(title, whose)| title == "Fever" && whose.is_null()));
}

#[test]
fn what_cannot_be_read_is_counted_by_reason_and_is_nobodys_silence() {
    let seen = shown(&[
        patient("a", "Asha Verma", "1968-03-12"),
        problem("c", Some("a"), "Asthma", "2020"),
        json!({"id": "d", "code": {"text": "Penicillin"}}),
        json!({"id": "e", "code": {"text": "Latex"}}),
        json!("an allergy"),
    ]);
    let told = warnings(&seen);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told.iter().any(|text| text.starts_with("2 entries could not be read")), "{told:?}");
    assert!(told.iter().any(|text| text.starts_with("1 entry could not be read")), "{told:?}");
    for title in ["Allergies", "Medicines"] {
        let absent = section(&seen, title)["absent"].as_str().unwrap();
        assert!(absent.contains("could be read"), "{absent}");
    }
    assert!(!seen.to_string().contains(SENDER_SAID_NOTHING));
    assert_eq!(section(&seen, "Problems")["entries"].as_array().unwrap().len(), 1);
}

#[test]
fn a_file_that_does_not_open_is_nobodys_silence() {
    let secret = LinkSecret::generate(&SystemEntropy).unwrap();
    let good = sealed(&secret, &bundle(&[problem("c", None, "Asthma", "2020")]));
    let other = LinkSecret::generate(&SystemEntropy).unwrap();
    let bad = sealed(&other, &bundle(&[]));
    let file = |jwe: &str| json!({"contentType": "application/fhir+json", "embedded": jwe});
    let manifest = |files: Value| json!({ "files": files }).to_string().into_bytes();
    let seen = opened(&secret, manifest(json!([file(&good), file(&bad)])), false);
    assert_eq!(warnings(&seen).len(), 1);
    assert_ne!(section(&seen, "Allergies")["absent"], SENDER_SAID_NOTHING);
    let seen = opened(&secret, manifest(json!([file(&good)])), false);
    assert_eq!(section(&seen, "Allergies")["absent"], SENDER_SAID_NOTHING);
}

#[test]
fn a_reader_reads_in_their_own_language() {
    let secret = LinkSecret::generate(&SystemEntropy).unwrap();
    let two = bundle(&[
        patient("p", "Asha Rao", "1980-01-02"),
        patient("q", "", "1990-01-02"),
        problem("c", Some("p"), "Asthma", "2020-01-01"),
    ]);
    let seen = opened_in(Language::Hindi, &secret, sealed(&secret, &two).into_bytes(), true);
    assert_eq!(
        seen["warnings"][0],
        "यह लिंक 2 अलग-अलग लोगों के बारे में है: Asha Rao, जन्म 1980-01-02; जिनका नाम नहीं लिखा, जन्म 1990-01-02। हर रिकॉर्ड में लिखा है कि वह किसका है।"
    );
    let sections = seen["sections"].as_array().unwrap();
    let of = |code: &str| sections.iter().find(|section| section["code"] == code).unwrap();
    assert_eq!(
        (&of("problems")["title"], &of("medicines")["title"]),
        (&json!("सेहत की समस्याएँ"), &json!("दवाएँ"))
    );
    assert_eq!(of("allergies")["absent"], "भेजने वाले ने इनके बारे में कुछ नहीं बताया।");
}
