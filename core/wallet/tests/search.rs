//! Searching: what people type, and what narrows it.
#![allow(clippy::format_collect, clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod common;

use common::{Desk, environment};
use kosha::Error;
use kosha::timeline::SearchQuery;

fn bundle(name: &str, records: &[(&str, &str)]) -> String {
    let entries: String = records
        .iter()
        .enumerate()
        .map(|(number, (title, day))| {
            format!(
                r#",{{"resource":{{"resourceType":"Condition","id":"c{number}","subject":{{"reference":"Patient/p"}},"code":{{"text":"{title}"}},"onsetDateTime":"{day}"}}}},
                {{"resource":{{"resourceType":"Observation","id":"o{number}","status":"final","subject":{{"reference":"Patient/p"}},"code":{{"text":"Test of {title}"}},"effectiveDateTime":"{day}","valueString":"ok"}}}}"#
            )
        })
        .collect();
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","identifier":{{"value":"of {name}"}},"entry":[{{"resource":{{"resourceType":"Patient","id":"p","name":[{{"text":"{name}"}}],"birthDate":"1980-01-02"}}}}{entries}]}}"#
    )
}

fn titles(desk: &Desk, query: &SearchQuery) -> Vec<String> {
    desk.session.search(query).unwrap().records.into_iter().map(|record| record.title).collect()
}

#[test]
fn records_are_found_as_people_type_them_and_narrowed_by_person_kind_and_time() {
    let mut desk = Desk::new();
    let asha = [("हिन्दी बुख़ार", "2020-02-03"), ("ডায়াবেটিস", "2021-05-06"), ("Ménière", "2022-07-08")];
    desk.take("1.json", &bundle("Asha Rao", &asha));
    desk.take("2.json", &bundle("Ravi Rao", &[("உயர் இரத்த அழுத்தம்", "2023-01-01"), ("మధుమేహం", "2023-06-01")]));
    for reopened in [false, true] {
        for (words, title) in [
            ("हिंदी", asha[0].0),
            ("बुखा", asha[0].0),
            ("ডা\u{9af}\u{9bc}াবে", asha[1].0),
            ("MENIERE", asha[2].0),
            ("அழுத்", "உயர் இரத்த அழுத்தம்"),
            ("మధుమేహ", "మధుమేహం"),
        ] {
            let found = titles(&desk, &SearchQuery::words(words));
            assert_eq!(found.len(), 2, "{words}");
            assert!(found.iter().all(|found| found.contains(title)), "{words}: {found:?}");
        }
        if !reopened {
            desk = desk.reopen(environment());
        }
    }
    let test = || SearchQuery::words("test of");
    let ask = |query: SearchQuery| titles(&desk, &query).len();
    assert_eq!(ask(test()), 5);
    assert_eq!(ask(SearchQuery { limit: 2, ..test() }), 2);
    assert_eq!(ask(SearchQuery { person: Some("Ravi Rao".into()), ..test() }), 2);
    assert_eq!(ask(SearchQuery { kinds: vec!["problem".into()], ..test() }), 0);
    assert_eq!(ask(SearchQuery { kinds: vec!["problem".into()], ..SearchQuery::words("మధు") }), 1);
    assert_eq!(ask(SearchQuery { from: Some("2021".into()), to: Some("2022-07".into()), ..test() }), 2);
    let bad = SearchQuery { kinds: vec!["nothing".into()], ..test() };
    assert_eq!(desk.session.search(&bad).unwrap_err(), Error::BadKind);
    assert!(!format!("{:?}", SearchQuery::words("private")).contains("private"));

    // Persons who are one are searched as one.
    desk.session.merge_persons("Ravi Rao", "Asha Rao").unwrap();
    assert_eq!(titles(&desk, &SearchQuery { person: Some("Asha Rao".into()), ..test() }).len(), 5);
}
