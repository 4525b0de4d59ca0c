//! Visits with what belongs to them, and what came in since.
#![allow(
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use common::{Desk, environment};
use kosha::views::news::{News, NewsQuery};
use kosha::views::visits::{VisitGroup, VisitsQuery};
use kosha::{Clock, Error};
use serde_json::{Value, json};

fn file(name: &str, resources: Vec<Value>) -> String {
    let mut entries = vec![json!({"fullUrl": "http://x/Patient/p",
        "resource": {"resourceType": "Patient", "id": "p", "name": [{"text": "Asha Rao"}], "birthDate": "1980-01-02"}})];
    for resource in resources {
        let url = format!(
            "http://x/{}/{}",
            resource["resourceType"].as_str().unwrap(),
            resource["id"].as_str().unwrap()
        );
        entries.push(json!({"fullUrl": url, "resource": resource}));
    }
    json!({"resourceType": "Bundle", "type": "collection", "identifier": {"value": name}, "entry": entries})
        .to_string()
}

fn of(kind: &str, id: &str, rest: Value) -> Value {
    let mut resource = json!({"resourceType": kind, "id": id, "subject": {"reference": "Patient/p"}});
    for (key, value) in rest.as_object().unwrap() {
        resource[key] = value.clone();
    }
    resource
}

fn observation(id: &str, day: &str, rest: Value) -> Value {
    let mut resource = of(
        "Observation",
        id,
        json!({"status": "final", "code": {"text": format!("Test {id}")},
        "effectiveDateTime": day, "valueQuantity": {"value": 5, "unit": "g/L"}}),
    );
    for (key, value) in rest.as_object().unwrap() {
        resource[key] = value.clone();
    }
    resource
}

fn encounter(id: &str, from: &str, to: &str) -> Value {
    of(
        "Encounter",
        id,
        json!({"status": "finished", "type": [{"text": format!("Stay {id}")}],
        "reasonCode": [{"text": "Fever"}], "period": {"start": from, "end": to},
        "serviceProvider": {"reference": "Organization/1", "display": "City Hospital"}}),
    )
}

fn visits(desk: &Desk) -> Vec<VisitGroup> {
    desk.session.visits(&VisitsQuery::default()).unwrap().visits
}

fn counts(group: &VisitGroup) -> Vec<(&'static str, usize)> {
    group.counts.iter().map(|count| (count.kind, count.count)).collect()
}

#[test]
fn records_stand_under_their_visit_by_name_by_report_or_by_document_and_else_by_day() {
    let mut desk = Desk::new();
    let visit = json!({"reference": "Encounter/a"});
    desk.take("1.json", &file("1", vec![
        encounter("a", "2024-03-01", "2024-03-04"),
        observation("named", "2024-03-02", json!({"encounter": visit})),
        observation("member", "2024-03-02", json!({})),
        of("DiagnosticReport", "report", json!({"status": "final", "code": {"text": "Blood count"},
            "effectiveDateTime": "2024-03-02", "encounter": visit, "result": [{"reference": "Observation/member"}]})),
        observation("wrong", "2024-03-02", json!({"encounter": visit, "status": "entered-in-error"})),
        observation("alone", "2024-02-01T09:00:00+05:30", json!({})),
        observation("beside", "2024-02-01T11:00:00+05:30", json!({})),
        encounter("b", "2023-01-05", "2023-01-05"),
    ]));
    let groups = visits(&desk);
    let seen: Vec<(&str, &str, Option<&str>)> =
        groups.iter().map(|group| (group.group, group.title.as_str(), group.date.as_deref())).collect();
    assert_eq!(
        seen,
        [
            ("visit", "Stay a", Some("2024-03-01")),
            ("day", "Outside visits", Some("2024-02-01")),
            ("visit", "Stay b", Some("2023-01-05")),
        ]
    );
    assert_eq!(counts(&groups[0]), [("result", 2), ("report", 1)]);
    assert_eq!(
        (groups[0].until.as_deref(), groups[0].place.as_deref()),
        (Some("2024-03-04"), Some("City Hospital"))
    );
    assert!(groups[0].reason.as_deref().is_some_and(|reason| reason.contains("Fever")));
    assert_eq!((counts(&groups[1]), groups[1].records.len()), (vec![("result", 2)], 2));
    assert!(groups[2].until.is_none() && groups[2].counts.is_empty());

    // Pages hold each group once.
    let (mut titles, mut after) = (Vec::new(), None);
    loop {
        let page = desk.session.visits(&VisitsQuery { limit: 1, after, ..VisitsQuery::default() }).unwrap();
        titles.extend(page.visits.into_iter().map(|group| group.title));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(titles, ["Stay a", "Outside visits", "Stay b"]);
    assert!(!format!("{:?}", groups[0]).contains("Stay"));
}

#[test]
fn a_discharge_summary_without_a_visit_stands_for_one() {
    let mut desk = Desk::new();
    let summary = of(
        "Composition",
        "c",
        json!({"status": "final", "title": "Discharge summary", "date": "2024-05-06",
        "type": {"coding": [{"system": "http://snomed.info/sct", "code": "373942005"}]},
        "section": [{"title": "Results", "entry": [{"reference": "Observation/in"}]}]}),
    );
    let mut document: Value =
        serde_json::from_str(&file("d", vec![summary, observation("in", "2024-05-04", json!({}))])).unwrap();
    document["type"] = json!("document");
    document["entry"].as_array_mut().unwrap().swap(0, 1);
    desk.take("1.json", &document.to_string());
    let groups = visits(&desk);
    assert_eq!(groups.len(), 1, "{:?}", groups.iter().map(|group| &group.title).collect::<Vec<_>>());
    assert_eq!((groups[0].group, counts(&groups[0])), ("document", vec![("result", 1)]));
}

struct At(AtomicI64);

impl Clock for At {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// 1 June 2024 and a day later.
const FIRST: i64 = 1_717_200_000_000;
const DAY: i64 = 86_400_000;

#[test]
fn what_came_in_since_is_told_with_whether_it_happened_since() {
    let clock = Arc::new(At(AtomicI64::new(FIRST)));
    let mut environment = environment();
    environment.clock = Arc::clone(&clock) as _;
    let mut desk = Desk::with(environment);
    let news = |desk: &Desk, since: &str| -> Result<News, Error> {
        desk.session.news(&NewsQuery { since: since.to_owned(), ..NewsQuery::default() })
    };
    assert_eq!(news(&desk, "last-visit").unwrap_err(), Error::NoVisit);
    let changing = |value: u32, status: &str| {
        let mut resource = observation("changing", "2024-05-20", json!({"status": status}));
        resource["valueQuantity"]["value"] = json!(value);
        resource["identifier"] = json!([{"system": "urn:lab", "value": "1"}]);
        resource
    };
    desk.take("1.json", &file("1", vec![encounter("a", "2024-05-10", "2024-05-10"), changing(5, "final")]));
    clock.0.store(FIRST + DAY, Ordering::SeqCst);
    let begun = news(&desk, "2024-06-01").unwrap().now;

    clock.0.store(FIRST + 20 * DAY, Ordering::SeqCst);
    let high = json!({"interpretation": [{"coding": [{"code": "H"}]}]});
    let medicine = |id: &str, status: &str| {
        of(
            "MedicationRequest",
            id,
            json!({"status": status, "intent": "order",
        "medicationCodeableConcept": {"text": format!("Medicine {id}")}, "authoredOn": "2024-06-10"}),
        )
    };
    desk.take(
        "2.json",
        &file(
            "2",
            vec![
                observation("old", "2020-01-01", json!({})),
                observation("plain", "2024-06-12", json!({})),
                observation("high", "2024-06-11", high),
                medicine("one", "active"),
                medicine("two", "stopped"),
                observation("never", "2024-06-12", json!({"status": "entered-in-error"})),
            ],
        ),
    );
    let since = news(&desk, &begun).unwrap();
    let told: Vec<(&str, bool, &str, Option<&str>)> = since
        .items
        .iter()
        .map(|item| (item.record.title.as_str(), item.happened, item.change, item.medicine))
        .collect();
    assert_eq!(told[0], ("Test high", true, "new", None));
    assert!(told[1..3].contains(&("Medicine one", true, "new", Some("started"))), "{told:?}");
    assert!(told[1..3].iter().any(|told| told.0 == "Medicine two" && told.3 == Some("stopped")), "{told:?}");
    assert_eq!(told[3..], [("Test plain", true, "new", None), ("Test old", false, "new", None)]);
    let results = since.counts.iter().find(|count| count.kind == "result").unwrap();
    assert_eq!((results.happened, results.older), (2, 1));

    let visit = news(&desk, "last-visit").unwrap();
    assert_eq!(visit.visit.as_ref().map(|visit| visit.title.as_str()), Some("Stay a"));
    assert!(visit.items.len() > since.items.len(), "what came in since the day of the visit");
    let few = desk.session.news(&NewsQuery { since: begun, limit: 2, person: None }).unwrap();
    assert_eq!((few.items.len(), few.more), (2, since.items.len() - 2));
    assert_eq!(news(&desk, "yesterday").unwrap_err(), Error::BadDate);
    assert!(!format!("{visit:?}").contains("Stay"));
}
