//! What people write down themselves: in, corrected, removed, shared with its mark, out and in again elsewhere.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::{Desk, MemoryKeystore, environment, file};
use kosha::emergency::{CardField, CardWish};
use kosha::family::NewPerson;
use kosha::import::ImportWish;
use kosha::own::{Allergy, Measured, Medicine, OwnEntry, OwnWish, Refused, What, Words};
use kosha::share::ShareWish;
use kosha::show::Shown;
use kosha::timeline::{RecordCard, SearchQuery};
use kosha::{Clock, Environment, Error};
use proptest::prelude::*;

/// A clock that a test sets, on a wall in India.
struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    fn offset_minutes(&self) -> Option<i16> {
        Some(330)
    }
}

/// 2026-11-23T20:30:15Z; in India the 24th, 02:00.
const NOW_MS: i64 = 1_795_465_815_000;

fn set_clock() -> (Arc<SetClock>, Environment) {
    let clock = Arc::new(SetClock(AtomicI64::new(NOW_MS)));
    let mut environment = environment();
    environment.clock = clock.clone();
    (clock, environment)
}

fn weight(text: &str) -> OwnEntry {
    OwnEntry::Measure(Measured::parse(What::Weight, text).unwrap())
}

fn allergy(what: &str) -> OwnEntry {
    let what = Words::new("the allergy", what).unwrap();
    OwnEntry::Allergy(Box::new(Allergy { what, reaction: None, severity: None, serious: true }))
}

fn medicine(name: &str) -> OwnEntry {
    OwnEntry::Medicine(Box::new(Medicine {
        name: Words::new("the medicine", name).unwrap(),
        strength: None,
        dose: Some(Words::new("the dose", "1 tablet").unwrap()),
        times_a_day: Some(2),
        when: None,
        as_needed: false,
        since: None,
        until: None,
        reason: None,
    }))
}

fn original(desk: &Desk, id: &str) -> serde_json::Value {
    let mut out = Vec::new();
    desk.session.original_to(id, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn details(desk: &Desk, id: &str) -> Vec<(&'static str, String)> {
    let Shown::Record(shown) = desk.session.show(id).unwrap() else { panic!("a record") };
    shown.details.into_iter().map(|detail| (detail.label, detail.value)).collect()
}

fn found(desk: &Desk, words: &str) -> Vec<RecordCard> {
    desk.session.search(&SearchQuery::words(words)).unwrap().records
}

fn everything() -> ShareWish {
    ShareWish { all: true, purpose: "Check-up".to_owned(), expires: "1d".to_owned(), ..ShareWish::default() }
}

/// Told, never hindered.
#[test]
fn what_other_records_say_against_a_new_entry_is_told() {
    let mut desk = Desk::new();
    let words = |text: &str| Words::new("what", text).unwrap();
    let add = |desk: &mut Desk, entry: OwnEntry| {
        let record = desk.session.add(&OwnWish::of(entry)).unwrap();
        desk.session.against(&record.id).unwrap()
    };
    let group = |text: &str| OwnEntry::BloodGroup(text.parse().unwrap());
    let allergy = |what: &str| {
        OwnEntry::Allergy(Box::new(Allergy {
            what: words(what),
            reaction: None,
            severity: None,
            serious: false,
        }))
    };
    let medicine = |name: &str| {
        OwnEntry::Medicine(Box::new(Medicine {
            name: words(name),
            strength: None,
            dose: None,
            times_a_day: None,
            when: None,
            as_needed: false,
            since: None,
            until: None,
            reason: None,
        }))
    };
    assert!(add(&mut desk, group("O-")).is_empty());
    let against = add(&mut desk, group("B+"));
    assert_eq!(against.len(), 1);
    assert!(against[0].starts_with("Please check the blood group. Another record says: O"), "{against:?}");
    assert!(add(&mut desk, allergy("none")).is_empty());
    assert!(add(&mut desk, allergy("Penicillin")).is_empty());
    assert_eq!(add(&mut desk, allergy("nil")), ["An allergy of this person is on file all the same."]);
    assert_eq!(add(&mut desk, medicine("Penicillin 250 mg")), ["Allergy on file: Penicillin"]);
    assert!(add(&mut desk, medicine("Metformin 500 mg")).is_empty());
}

#[test]
fn an_entry_is_kept_corrected_and_removed_and_its_versions_stay() {
    let (clock, environment) = set_clock();
    let mut desk = Desk::with(environment.clone());
    let wish = OwnWish { note: Some("after breakfast".to_owned()), ..OwnWish::of(weight("72.50 kg")) };
    let card = desk.session.add(&wish).unwrap();
    assert_eq!((card.kind, card.title.as_str(), card.summary.as_str()), ("vital", "Body weight", "72.50 kg"));
    assert_eq!((card.chips.as_slice(), card.standing), (["Own entry".to_owned()].as_slice(), "fact"));
    assert_eq!(card.date.as_deref(), Some("2026-11-24T02:00:00+05:30"));
    assert_eq!(card.source.as_deref(), Some("Entered by you"));
    assert_eq!(desk.session.add(&wish).unwrap_err(), Error::SaidAlready);
    let again = OwnWish { again: true, ..wish.clone() };
    assert_eq!(desk.session.add(&again).unwrap().summary, "72.50 kg");
    clock.0.store(NOW_MS + 60_000, Ordering::Relaxed);
    desk.session.add(&wish).unwrap();
    assert_eq!(desk.records(None).len(), 3, "a minute later it is another reading");

    // A correction keeps the date and the remark, and is another version of the same record.
    let mut desk = desk.reopen(environment);
    let corrected = desk.session.correct(&card.id, &OwnWish::of(weight("73 kg"))).unwrap();
    assert_eq!((corrected.id.as_str(), corrected.summary.as_str()), (card.id.as_str(), "73 kg"));
    assert_eq!(corrected.date, card.date);
    let shown = details(&desk, &card.id);
    for expected in [("Versions", "2"), ("Value", "73 kg"), ("Note", "after breakfast")] {
        assert!(shown.contains(&(expected.0, expected.1.to_owned())), "{expected:?} {shown:?}");
    }
    let plain = OwnWish {
        note: Some(String::new()),
        when: Some("2026-11-20".to_owned()),
        ..OwnWish::of(weight("73 kg"))
    };
    let moved = desk.session.correct(&card.id, &plain).unwrap();
    assert_eq!(moved.date.as_deref(), Some("2026-11-20"));
    let resource = original(&desk, &card.id);
    assert_eq!((resource["meta"]["versionId"].as_str(), resource.get("note")), (Some("3"), None));
    assert_eq!(desk.session.correct(&card.id, &plain).unwrap_err(), Error::NothingToChange);
    assert_eq!(desk.session.correct(&card.id, &OwnWish::of(medicine("X"))).unwrap_err(), Error::OtherSort);

    let removed = desk.session.remove_own(&card.id).unwrap();
    assert_eq!((removed.title.as_str(), removed.standing), ("Entered in error: Body weight", "in-error"));
    assert_eq!(original(&desk, &card.id)["status"], "entered-in-error");
    assert!(desk.records(None).iter().all(|record| record.id != card.id));
    assert!(
        found(&desk, "weight").iter().all(|record| record.id != card.id || record.standing == "in-error")
    );
    assert_eq!(desk.session.remove_own(&card.id).unwrap_err(), Error::EntryRemoved);
    assert_eq!(desk.session.correct(&card.id, &plain).unwrap_err(), Error::EntryRemoved);
    let log = desk.session.log().unwrap();
    let events: Vec<(&str, &str)> =
        log.entries.iter().map(|entry| (entry.event.as_str(), entry.detail.as_str())).collect();
    assert_eq!(events.iter().filter(|event| **event == ("entry-added", "1 entry")).count(), 3);
    assert_eq!(events.iter().filter(|event| **event == ("entry-corrected", "1 entry")).count(), 2);
    assert_eq!(events.last(), Some(&("entry-removed", "1 entry")));
    assert!(desk.session.check(&mut |_, _| {}).unwrap().ok);
    desk.session.delete(std::slice::from_ref(&card.id)).unwrap();
    assert_eq!(desk.session.show(&card.id).unwrap_err(), Error::NoSuchRecord);
}

#[test]
fn several_are_written_down_at_once_or_not_at_all() {
    let (_, environment) = set_clock();
    let mut desk = Desk::with(environment);
    let pressure = OwnWish::of(OwnEntry::blood_pressure("130/85").unwrap());
    let pulse = OwnWish::of(OwnEntry::Measure(Measured::parse(What::Pulse, "78").unwrap()));
    let late = OwnWish { when: Some("2027".to_owned()), ..pulse.clone() };
    assert_eq!(
        desk.session.add_together(&[pressure.clone(), late]).unwrap_err(),
        Error::Own(Refused::Future)
    );
    assert!(desk.records(None).is_empty() && desk.session.log().unwrap().entries.is_empty());
    let added = desk.session.add_together(&[pressure, pulse]).unwrap();
    let summaries: Vec<&str> = added.iter().map(|card| card.summary.as_str()).collect();
    assert_eq!(summaries, ["130/85 mmHg", "78 per min"]);
    assert_eq!(desk.session.log().unwrap().entries.len(), 1);
}

#[test]
fn only_entries_are_corrected_and_whose_they_are_has_to_be_clear() {
    let mut desk = Desk::new();
    desk.take("1.json", &file("Asha Rao", "1980-01-02", "Cough"));
    let foreign = desk.records(None)[0].id.clone();
    assert_eq!(desk.session.remove_own(&foreign).unwrap_err(), Error::NotOwnEntry);
    let wish = OwnWish::of(weight("12 kg"));
    assert_eq!(desk.session.correct(&foreign, &wish).unwrap_err(), Error::NotOwnEntry);
    let own = desk.session.add(&OwnWish::of(weight("60 kg"))).unwrap();
    assert_eq!(own.source.as_deref(), Some("Asha Rao"));

    // A mother writes for her child: she is named, and not taken for the child.
    desk.session.add_person(&NewPerson { name: "Mina".to_owned(), ..NewPerson::default() }).unwrap();
    assert_eq!(desk.session.add(&wish).unwrap_err(), Error::PersonNeeded);
    let child = desk.session.add(&OwnWish { person: Some("Mina".to_owned()), ..wish.clone() }).unwrap();
    assert_eq!(child.source.as_deref(), Some("Asha Rao"));
    assert_eq!(original(&desk, &child.id)["performer"][0]["type"], "RelatedPerson");
    assert_eq!(original(&desk, &own.id)["performer"][0]["type"], "Patient");
    let other = OwnWish { person: Some("Asha Rao".to_owned()), ..OwnWish::of(weight("13 kg")) };
    assert_eq!(desk.session.correct(&child.id, &other).unwrap_err(), Error::PersonStays);
    assert_eq!(
        desk.session.add(&OwnWish { person: Some("Nobody".to_owned()), ..wish }).unwrap_err(),
        Error::NoSuchPerson
    );
}

#[test]
fn the_emergency_card_and_a_share_take_entries_and_lose_removed_ones() {
    let mut environment = environment();
    environment.keystore = Some(Arc::new(MemoryKeystore::default()));
    let mut desk = Desk::with(environment);
    desk.take("1.json", &file("Asha Rao", "1980-01-02", "Cough"));
    let card = CardWish {
        fields: vec![CardField::Allergies, CardField::Medicines, CardField::BloodGroup],
        person: None,
        contact: None,
    };
    desk.session.switch_emergency_card_on(&card).unwrap();
    let nuts = desk.session.add(&OwnWish::of(allergy("Peanuts"))).unwrap();
    desk.session.add(&OwnWish::of(medicine("Metformin 500 mg"))).unwrap();
    desk.session.add(&OwnWish::of(OwnEntry::BloodGroup("B+".parse().unwrap()))).unwrap();
    let shown = desk.session.emergency_card().unwrap().card.unwrap();
    assert_eq!(shown.allergies.as_ref().unwrap()[0].text, "Allergy: Peanuts");
    assert_eq!(shown.medicines.unwrap()[0].text, "Metformin 500 mg: 1 tablet, 2 times a day");
    assert_eq!(shown.blood_group.unwrap()[0].text, "B+");
    let plan = desk.session.plan_share(&everything()).unwrap();
    let included = serde_json::to_value(plan.review()).unwrap()["groups"].to_string();
    assert!(included.contains("Allergy: Peanuts") && included.contains("Metformin"), "{included}");

    desk.session.remove_own(&nuts.id).unwrap();
    let shown = desk.session.emergency_card().unwrap().card.unwrap();
    assert!(shown.allergies.unwrap().is_empty());
    let named = ShareWish { all: false, records: vec![nuts.id], ..everything() };
    assert_eq!(desk.session.plan_share(&named).unwrap_err(), Error::NothingToShare);
    let plan = desk.session.plan_share(&everything()).unwrap();
    let review = serde_json::to_value(plan.review()).unwrap();
    assert!(!review["groups"].to_string().contains("Peanuts"), "{review}");
}

#[test]
fn an_export_brings_entries_elsewhere_and_home_again_as_what_they_are() {
    let (clock, environment) = set_clock();
    let mut desk = Desk::with(environment);
    desk.take("1.json", &file("Asha Rao", "1980-01-02", "Cough"));
    let first = desk.session.add(&OwnWish::of(weight("72.50 kg"))).unwrap();
    let gone = desk.session.add(&OwnWish::of(allergy("Peanuts"))).unwrap();
    desk.session.remove_own(&gone.id).unwrap();
    let out = desk.folder.path().join("before");
    desk.session.export(&out, None, &mut |_, _| {}).unwrap();
    clock.0.store(NOW_MS + 60_000, Ordering::Relaxed);
    desk.session.correct(&first.id, &OwnWish::of(weight("73 kg"))).unwrap();
    let later = desk.folder.path().join("after");
    desk.session.export(&later, None, &mut |_, _| {}).unwrap();

    let mut other = Desk::new();
    let import = |desk: &mut Desk, folder: &std::path::Path| {
        desk.session.import(&ImportWish { paths: vec![folder.to_owned()], person: None }, &mut ()).unwrap()
    };
    import(&mut other, &out);
    assert_eq!(other.names(), ["Asha Rao"]);
    let weights = |desk: &Desk| -> Vec<RecordCard> {
        desk.records(None).into_iter().filter(|record| record.kind == "vital").collect()
    };
    let came = weights(&other);
    assert_eq!((came.len(), came[0].summary.as_str()), (1, "72.50 kg"));
    assert_eq!(
        (came[0].chips.as_slice(), came[0].source.as_deref()),
        (["Own entry".to_owned()].as_slice(), Some("Entered by the patient"))
    );
    assert!(other.records(None).iter().all(|record| !record.title.contains("Peanuts")));
    // The corrected one follows it, wherever it comes from, and the older one does not come back.
    for folder in [&later, &out] {
        import(&mut other, folder);
        let came = weights(&other);
        assert_eq!((came.len(), came[0].summary.as_str()), (1, "73 kg"));
    }
    // At home nothing is there twice.
    let before = desk.records(None).len();
    import(&mut desk, &out);
    import(&mut desk, &later);
    assert_eq!((desk.records(None).len(), weights(&desk)[0].summary.as_str()), (before, "73 kg"));
    // What came back is an entry still.
    let again = weights(&other).remove(0);
    other.session.correct(&again.id, &OwnWish::of(weight("74 kg"))).unwrap();
    assert_eq!(weights(&other)[0].summary, "74 kg");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn any_text_that_is_taken_comes_back(name in "\\PC{1,40}", note in "\\PC{1,60}\n\\PC{0,20}") {
        let mut desk = Desk::new();
        if let Ok(words) = Words::new("the medicine", &name) {
            let card = desk.session.add(&OwnWish { note: Some(note.clone()), ..OwnWish::of(medicine(words.as_str())) });
            if Words::note(&note).is_ok() || note.trim().is_empty() {
                let id = card.unwrap().id;
                let resource = original(&desk, &id);
                prop_assert_eq!(resource["medicationCodeableConcept"]["text"].as_str(), Some(words.as_str()));
                if !note.trim().is_empty() {
                    prop_assert_eq!(resource["note"][0]["text"].as_str(), Some(note.trim()));
                }
                desk.session.remove_own(&id).unwrap();
                prop_assert!(desk.records(None).is_empty());
            } else {
                prop_assert!(matches!(card.unwrap_err(), Error::Own(_)));
            }
        }
    }
}
