//! The emergency card: off by default, chosen fields only, readable on the locked vault, gone when switched off.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use std::sync::{Arc, Mutex};

use common::{Desk, MemoryKeystore, environment};
use kosha::changes::ChangeListener;
use kosha::emergency::{CardField, CardWish, EmergencyCard};
use kosha::{Environment, Error, LockedWallet};

fn with_keystore(keystore: &Arc<MemoryKeystore>) -> Environment {
    let mut environment = environment();
    environment.keystore = Some(keystore.clone());
    environment
}

fn status(system: &str, code: &str) -> String {
    format!(r#"{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/{system}","code":"{code}"}}]}}"#)
}

/// One patient with facts, and with one of each kind that is none or is over.
fn records() -> String {
    let verification = |code: &str| status("allergyintolerance-verification", code);
    let condition = |code: &str| status("condition-ver-status", code);
    let resources = [
        r#"{"resourceType":"Patient","name":[{"text":"Asha Rao"}],"birthDate":"1980-01-02"}"#.to_owned(),
        r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"882-1"}],"text":"ABO and Rh group"},"valueCodeableConcept":{"text":"O negative"},"effectiveDateTime":"2019-05-06"}"#.to_owned(),
        r#"{"resourceType":"Observation","status":"entered-in-error","code":{"text":"Blood group"},"valueCodeableConcept":{"text":"Mistaken AB"}}"#.to_owned(),
        format!(r#"{{"resourceType":"AllergyIntolerance","verificationStatus":{},"code":{{"text":"Penicillin"}},"recordedDate":"2018"}}"#, verification("confirmed")),
        format!(r#"{{"resourceType":"AllergyIntolerance","verificationStatus":{},"code":{{"text":"Zebra pollen"}}}}"#, verification("refuted")),
        format!(r#"{{"resourceType":"AllergyIntolerance","verificationStatus":{},"code":{{"text":"Mistaken nuts"}}}}"#, verification("entered-in-error")),
        format!(r#"{{"resourceType":"Condition","verificationStatus":{},"code":{{"text":"Diabetes"}}}}"#, condition("confirmed")),
        format!(r#"{{"resourceType":"Condition","verificationStatus":{},"code":{{"text":"Quarantine fever"}}}}"#, condition("refuted")),
        format!(r#"{{"resourceType":"Condition","clinicalStatus":{},"verificationStatus":{},"code":{{"text":"Bygone flu"}}}}"#, status("condition-clinical", "resolved"), condition("confirmed")),
        r#"{"resourceType":"MedicationStatement","status":"active","medicationCodeableConcept":{"text":"Metformin"}}"#.to_owned(),
        r#"{"resourceType":"MedicationStatement","status":"not-taken","medicationCodeableConcept":{"text":"Cobalt tablets"}}"#.to_owned(),
        r#"{"resourceType":"MedicationStatement","status":"entered-in-error","medicationCodeableConcept":{"text":"Mistaken pills"}}"#.to_owned(),
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","doNotPerform":true,"medicationCodeableConcept":{"text":"Thornapple drops"}}"#.to_owned(),
    ];
    let entries: Vec<String> =
        resources.iter().map(|resource| format!(r#"{{"resource":{resource}}}"#)).collect();
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(","))
}

fn all_fields() -> CardWish {
    CardWish { fields: CardField::ALL.to_vec(), person: None, contact: Some("Ravi, +91 1".to_owned()) }
}

fn texts(facts: Option<&Vec<kosha::emergency::CardFact>>) -> Vec<&str> {
    facts.unwrap().iter().map(|fact| fact.text.as_str()).collect()
}

fn locked(desk: &Desk, keystore: &Arc<MemoryKeystore>) -> Result<EmergencyCard, Error> {
    LockedWallet::open(&desk.vault(), with_keystore(keystore)).unwrap().emergency_card()
}

#[test]
fn the_card_holds_facts_only_follows_them_and_goes_with_its_key() {
    let keystore = Arc::new(MemoryKeystore::default());
    let mut desk = Desk::with(with_keystore(&keystore));
    desk.take("1.json", &records());
    let file = desk.vault().join("emergency");
    assert!(!file.exists(), "off by default");
    assert_eq!(locked(&desk, &keystore).unwrap_err(), Error::NoEmergencyCard);
    assert!(!desk.session.emergency_card().unwrap().on);

    desk.session.switch_emergency_card_on(&all_fields()).unwrap();
    // Read beside the open vault, as on a locked phone: neither lock nor passphrase.
    let card = locked(&desk, &keystore).unwrap();
    assert_eq!((card.name.as_deref(), card.birth_year.as_deref()), (Some("Asha Rao"), Some("1980")));
    assert_eq!(card.contact.as_deref(), Some("Ravi, +91 1"));
    assert_eq!(texts(card.blood_group.as_ref()), ["O negative"]);
    assert_eq!(card.blood_group.as_ref().unwrap()[0].date.as_deref(), Some("2019-05-06"));
    assert_eq!(texts(card.allergies.as_ref()), ["Allergy: Penicillin"]);
    assert_eq!(texts(card.conditions.as_ref()), ["Diabetes"]);
    assert_eq!(texts(card.medicines.as_ref()), ["Metformin"]);
    let bytes = std::fs::read(&file).unwrap();
    assert!(!bytes.windows(10).any(|window| window == b"Penicillin"));
    assert!(!EmergencyCard::notices(kosha::Language::English).is_empty());

    // It follows an import, and a new choice; what was not chosen is absent.
    desk.take("2.json", r#"{"resourceType":"AllergyIntolerance","code":{"text":"Latex"}}"#);
    let mut allergies = locked(&desk, &keystore).unwrap().allergies.unwrap();
    allergies.sort();
    assert_eq!(allergies.len(), 2);
    let only = CardWish { fields: vec![CardField::Allergies], ..CardWish::default() };
    desk.session.switch_emergency_card_on(&only).unwrap();
    let card = locked(&desk, &keystore).unwrap();
    assert!(card.name.is_none() && card.conditions.is_none() && card.contact.is_none());

    // Refiled away: gone from the card. Nothing left says so by an empty list.
    let allergies: Vec<String> = desk
        .records(None)
        .into_iter()
        .filter(|record| record.kind == "allergy")
        .map(|record| record.id)
        .collect();
    desk.session
        .add_person(&kosha::family::NewPerson { name: "Ravi".to_owned(), ..Default::default() })
        .unwrap();
    desk.session.refile(&allergies, "Ravi").unwrap();
    assert_eq!(locked(&desk, &keystore).unwrap().allergies, Some(Vec::new()));
    desk.session.undo_refile().unwrap();
    assert_eq!(locked(&desk, &keystore).unwrap().allergies.unwrap().len(), 2);

    // Whoever removes or changes the file: made anew at the next unlock.
    let mut bytes = std::fs::read(&file).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    assert_eq!(locked(&desk, &keystore).unwrap_err(), Error::Damaged);
    let mut desk = desk.reopen(with_keystore(&keystore));
    assert_eq!(locked(&desk, &keystore).unwrap().allergies.unwrap().len(), 2);
    assert!(desk.session.check(&mut |_, _| {}).unwrap().ok);

    assert!(keystore.labels().iter().any(|label| label.starts_with("kosha-emergency-")));
    let copy = std::fs::read(&file).unwrap();
    assert!(!desk.session.switch_emergency_card_off().unwrap().on);
    assert!(!file.exists());
    assert!(!keystore.labels().iter().any(|label| label.starts_with("kosha-emergency-")));
    std::fs::write(&file, copy).unwrap();
    assert_eq!(locked(&desk, &keystore).unwrap_err(), Error::Keystore, "a copy that was kept opens no more");
    let desk = desk.reopen(with_keystore(&keystore));
    assert!(!file.exists(), "what is left of a card that is off is removed");
    drop(desk);
}

fn allergy(id: &str, what: &str, verification: &str, more: &str) -> String {
    format!(
        r#"{{"resourceType":"AllergyIntolerance","id":"{id}","verificationStatus":{},"code":{{"text":"{what}"}}{more}}}"#,
        status("allergyintolerance-verification", verification)
    )
}

fn group(id: &str, said: &str, day: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"882-1"}}]}},"valueCodeableConcept":{{"text":"{said}"}},"effectiveDateTime":"{day}"}}"#
    )
}

/// What the lists say beside a fact, the card says too.
#[test]
fn what_speaks_against_a_fact_stands_with_it() {
    let mut desk = Desk::new();
    let patient =
        r#"{"resourceType":"Patient","name":[{"text":"Asha Rao"}],"birthDate":"1980-01-02"}"#.to_owned();
    let rash = r#","recordedDate":"2018","reaction":[{"manifestation":[{"text":"Rash"}]}]"#;
    let hives = r#","recordedDate":"2020","reaction":[{"manifestation":[{"text":"Hives"}]}]"#;
    let medicine = |id: &str, name: &str, status: &str, more: &str| {
        format!(
            r#"{{"resourceType":"MedicationRequest","id":"{id}","intent":"order","status":"{status}","medicationCodeableConcept":{{"text":"{name}"}}{more}}}"#
        )
    };
    let coded = r#"{"resourceType":"Condition","id":"c1","code":{"coding":[{"system":"http://snomed.info/sct","code":"38341003"}]}}"#;
    let resources = [
        patient,
        group("g1", "O negative", "2019-05-06"),
        group("g2", "O+", "2021-05-06"),
        allergy("a1", "Penicillin", "confirmed", rash),
        allergy("a2", "Penicillin", "confirmed", hives),
        allergy("a3", "Penicillin", "refuted", r#","recordedDate":"2021""#),
        allergy("a4", "Denies allergy to iodine", "confirmed", ""),
        allergy("a5", "No known food allergies", "confirmed", ""),
        coded.to_owned(),
        medicine("m1", "Aspirin 75 mg", "active", r#","authoredOn":"2024-01-02""#),
        medicine("m2", "Aspirin 75 mg", "stopped", r#","authoredOn":"2024-03-02""#),
        medicine("m3", "Aspirin", "active", r#","doNotPerform":true,"authoredOn":"2024-02-02""#),
    ];
    let entries: Vec<String> =
        resources.iter().map(|resource| format!(r#"{{"resource":{resource}}}"#)).collect();
    desk.take(
        "1.json",
        &format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(",")),
    );
    let card = desk.session.emergency(None).unwrap().card;
    let notes = |facts: &Option<Vec<kosha::emergency::CardFact>>, at: usize| {
        facts.as_ref().unwrap()[at].notes.clone()
    };

    assert_eq!(texts(card.blood_group.as_ref()), ["O+", "O negative"]);
    for at in [0, 1] {
        assert_eq!(notes(&card.blood_group, at), ["The records do not agree on the blood group."]);
    }
    assert_eq!(texts(card.allergies.as_ref()), ["Allergy: Penicillin"], "a denial is no allergy");
    assert_eq!(
        notes(&card.allergies, 0),
        ["Reaction: Hives", "Reaction: Rash", "Another record says: Ruled out (2021)."]
    );
    assert_eq!(texts(card.conditions.as_ref()), ["Code 38341003 (SNOMED CT) (High blood pressure)"]);
    assert_eq!(texts(card.medicines.as_ref()), ["Aspirin 75 mg"]);
    let against = notes(&card.medicines, 0);
    assert!(against.iter().any(|note| note == "Another record says: Stopped (2 Mar 2024)."), "{against:?}");
    assert!(against.iter().any(|note| note == "On file as not to be taken: Aspirin"), "{against:?}");
    assert_eq!(texts(Some(&card.not_to_be_taken)), ["Do NOT take: Aspirin"]);
    let listed = desk.session.allergies(&kosha::views::AllergiesQuery::default()).unwrap();
    assert_eq!((listed.none_known.len(), listed.allergies.len()), (1, 1));
    assert_eq!(listed.none_known[0].text, "No known food allergies");
}

#[test]
fn without_a_keystore_it_is_refused_by_name_and_wrong_choices_are_told() {
    let mut desk = Desk::new();
    desk.take("1.json", &records());
    assert_eq!(desk.session.switch_emergency_card_on(&all_fields()).unwrap_err(), Error::NoKeystore);
    assert_eq!(Error::NoKeystore.code(), "no-keystore");
    assert!(!desk.vault().join("emergency").exists());

    let keystore = Arc::new(MemoryKeystore::default());
    let mut desk = desk.reopen(with_keystore(&keystore));
    let wish = |fields: &[CardField], contact: Option<&str>| CardWish {
        fields: fields.to_vec(),
        person: None,
        contact: contact.map(str::to_owned),
    };
    for (wish, error) in [
        (wish(&[], None), Error::NothingChosen),
        (wish(&[CardField::Contact], None), Error::BadContact),
        (wish(&[CardField::Name], Some("Ravi")), Error::BadContact),
        (wish(&[CardField::Contact], Some(&"x".repeat(201))), Error::BadContact),
    ] {
        assert_eq!(desk.session.switch_emergency_card_on(&wish).unwrap_err(), error);
    }
    assert_eq!("blood".parse::<CardField>().unwrap_err(), Error::BadField);
}

/// Says on a channel that it was called, after it has taken the shell's lock.
struct Ears {
    lock: Arc<Mutex<()>>,
    say: Mutex<std::sync::mpsc::Sender<()>>,
}

impl ChangeListener for Ears {
    fn changed(&self) {
        let _own = self.lock.lock().unwrap();
        self.say.lock().unwrap().send(()).unwrap();
    }
}

#[test]
fn a_shell_hears_of_changes_and_asks_what_they_were() {
    let lock = Arc::new(Mutex::new(()));
    let (say, hear) = std::sync::mpsc::channel();
    let mut environment = environment();
    environment.listener = Some(Arc::new(Ears { lock: lock.clone(), say: Mutex::new(say) }));
    let mut desk = Desk::with(environment);
    let start = desk.session.change_token();
    assert!(desk.session.changes(start).unwrap().is_empty());

    // The shell holds its own lock around a call into the session; the listener waits for it and blocks nobody.
    let held = lock.lock().unwrap();
    desk.take("1.json", &common::file("Asha Rao", "1980-01-02", "Cough"));
    drop(held);
    hear.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
    let changes = desk.session.changes(start).unwrap();
    let asha = desk.session.persons().unwrap().persons[0].id.clone();
    assert_eq!(changes.records_of, [asha]);
    assert!(changes.persons && changes.documents && changes.log && !changes.shares && !changes.everything);
    let token: kosha::changes::ChangeToken = changes.now.to_string().parse().unwrap();
    assert!(desk.session.changes(token).unwrap().is_empty());
    desk.session.rename_person("Asha Rao", "Asha Nair", false).unwrap();
    let changes = desk.session.changes(token).unwrap();
    assert!(changes.persons && changes.records_of.is_empty());
    assert!("x".parse::<kosha::changes::ChangeToken>().is_err());
}
