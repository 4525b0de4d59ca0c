//! What two hospitals tell of one thing: listed once, both named, told apart on request, never merged.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::Desk;
use kosha::Error;
use kosha::show::Shown;
use kosha::timeline::RecordCard;

fn observation(id: &str, date: &str, value: &str, hospital: &str) -> String {
    format!(
        r#"{{"resourceType":"Observation","id":"{id}","status":"final","subject":{{"reference":"urn:uuid:p"}},"performer":[{{"reference":"Organization/1","display":"{hospital}"}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"718-7","display":"Haemoglobin"}}]}},"effectiveDateTime":"{date}","valueQuantity":{{"value":{value},"unit":"g/dL"}}}}"#
    )
}

fn bundle(resources: &[String]) -> String {
    let entries: Vec<String> =
        resources.iter().map(|resource| format!(r#"{{"resource":{resource}}}"#)).collect();
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"urn:uuid:p","resource":{{"resourceType":"Patient","name":[{{"text":"Asha Rao"}}],"birthDate":"1980-01-02"}}}},{}]}}"#,
        entries.join(",")
    )
}

fn listed(desk: &Desk) -> Vec<RecordCard> {
    desk.records(None)
}

#[test]
fn a_result_told_by_two_is_listed_once_with_both_and_told_apart_on_request() {
    let mut desk = Desk::new();
    desk.take("a.json", &bundle(&[observation("1", "2024-03-05T10:15:00+05:30", "11.40", "City Lab")]));
    desk.take("b.json", &bundle(&[observation("9", "2024-03-05", "11.4", "District Hospital")]));
    let records = listed(&desk);
    assert_eq!(records.len(), 1);
    let [also] = records[0].also.as_slice() else { panic!("{}", records[0].also.len()) };
    assert_eq!(also.because, ["same-code", "same-day", "same-value"]);
    let sources = [records[0].source.clone().unwrap(), also.source.clone().unwrap()];
    assert!(sources.contains(&"City Lab".to_owned()) && sources.contains(&"District Hospital".to_owned()));
    // The other one is there, and says so of itself.
    let Shown::Record(other) = desk.session.show(&also.id).unwrap() else { panic!() };
    assert_eq!(other.card.also[0].id, records[0].id);

    let (a, b) = (records[0].id.clone(), also.id.clone());
    assert!(desk.session.tell_apart(&b, &a).unwrap().apart);
    assert_eq!(listed(&desk).len(), 2);
    assert!(listed(&desk).iter().all(|card| card.also.is_empty()));
    // Also after the vault was closed.
    let mut desk = desk.reopen(common::environment());
    assert_eq!(listed(&desk).len(), 2);
    assert!(!desk.session.tell_together(&a, &b).unwrap().apart);
    assert_eq!(listed(&desk).len(), 1);
    assert_eq!(desk.session.tell_together(&a, &b), Err(Error::NothingToUndo));
}

#[test]
fn what_differs_in_anything_that_counts_is_two_things() {
    for (date, value) in [
        ("2024-03-05T10:16:00+05:30", "11.4"),
        ("2024-03-06", "11.4"),
        ("2024-03", "11.4"),
        ("2024-03-05T10:15:00+05:30", "11.5"),
    ] {
        let mut desk = Desk::new();
        desk.take("a.json", &bundle(&[observation("1", "2024-03-05T10:15:00+05:30", "11.40", "City Lab")]));
        desk.take("b.json", &bundle(&[observation("9", date, value, "District Hospital")]));
        let records = listed(&desk);
        assert_eq!(records.len(), 2, "{date} {value}");
        assert_eq!(desk.session.tell_apart(&records[0].id, &records[1].id), Err(Error::NotTheSame));
    }
    // Two in one file are two, also when another file tells the same.
    let mut desk = Desk::new();
    let twice = ["1", "2"].map(|id| observation(id, "2024-03-05", "11.4", "City Lab"));
    desk.take("a.json", &bundle(&twice));
    assert_eq!(listed(&desk).len(), 2);
    desk.take("b.json", &bundle(&[observation("9", "2024-03-05", "11.4", "District Hospital")]));
    assert_eq!(listed(&desk).len(), 2);
    // What its source withdrew tells nothing.
    let mut desk = Desk::new();
    desk.take("a.json", &bundle(&[observation("1", "2024-03-05", "11.4", "City Lab")]));
    let withdrawn = observation("9", "2024-03-05", "11.4", "X").replace("final", "entered-in-error");
    desk.take("b.json", &bundle(&[withdrawn]));
    assert!(listed(&desk).iter().all(|card| card.also.is_empty()));
}

#[test]
fn pages_hold_each_thing_once_whatever_their_size() {
    let mut desk = Desk::new();
    for hospital in ["A", "B", "C"] {
        let days: Vec<String> = (1..=9)
            .map(|day| observation(&format!("{hospital}{day}"), &format!("2024-03-0{day}"), "11.4", hospital))
            .collect();
        desk.take(&format!("{hospital}.json"), &bundle(&days));
    }
    for limit in [1, 2, 4, 50] {
        let mut query = kosha::timeline::TimelineQuery { limit, ..Default::default() };
        let mut dates = Vec::new();
        loop {
            let page = desk.session.timeline(&query).unwrap();
            assert!(page.records.len() <= limit as usize);
            for card in page.records {
                assert_eq!(card.also.len(), 2);
                dates.push(card.date.unwrap());
            }
            match page.next {
                Some(next) => query.after = Some(next),
                None => break,
            }
        }
        let expected: Vec<String> = (1..=9).rev().map(|day| format!("2024-03-0{day}")).collect();
        assert_eq!(dates, expected, "{limit}");
    }
}
