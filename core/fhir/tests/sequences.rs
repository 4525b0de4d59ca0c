//! Files of several values: lines, arrays, documents one after another, gzip of several members. What is bad is refused
//! by itself and counted; what is good comes in.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::io::Write as _;

use kosha_fhir::{Form, Limits, Outcome, Reading, read};
use proptest::prelude::*;

const GOOD: &str = r#"{"resourceType":"Basic","id":"good"}"#;

fn outcomes(reading: &Reading<'_>) -> Vec<String> {
    let word = |outcome: &Outcome| match outcome {
        Outcome::Resource { resource_type } => resource_type.clone(),
        Outcome::Skipped(code) | Outcome::Refused(code) => (*code).to_owned(),
    };
    reading.entries.iter().map(|entry| word(&entry.outcome)).collect()
}

fn of(bytes: &[u8]) -> Vec<String> {
    match read(bytes, &Limits::default()) {
        Ok(reading) => outcomes(&reading),
        Err(refusal) => vec![format!("whole: {}", refusal.code)],
    }
}

fn warnings(bytes: &[u8]) -> Vec<&'static str> {
    read(bytes, &Limits::default()).unwrap().warnings.iter().map(|finding| finding.reason).collect()
}

/// A bad line and the reason for which it is refused.
fn bad_lines() -> Vec<(Vec<u8>, &'static str)> {
    let deep = format!(r#"{{"resourceType":"Basic","x":{}1{}}}"#, "[".repeat(200), "]".repeat(200));
    vec![
        (b"{\"resourceType\":\"Basic\",\"id\":\"Ren\xe9\"}".to_vec(), "encoding-not-utf8"),
        (b"\xff\xfe\x00".to_vec(), "encoding-not-utf8"),
        (b"null".to_vec(), "not-an-object"),
        (b"12".to_vec(), "not-an-object"),
        (b"\"words\"".to_vec(), "not-an-object"),
        (b"[1]".to_vec(), "not-an-object"),
        (b"not json".to_vec(), "broken-json"),
        (b"{bad".to_vec(), "broken-json"),
        (b"{\"resourceType\":\"Basic\"".to_vec(), "truncated"),
        (b"{\"resourceType\":\"Basic\",\"id\":\"x".to_vec(), "truncated"),
        (b"{\"resourceType\":\"Basic\"}}".to_vec(), "broken-json"),
        (b"{\"resourceType\":\"Basic\"},".to_vec(), "broken-json"),
        (b"{\"resourceType\":\"Basic\",}".to_vec(), "trailing-comma"),
        (b"// a remark".to_vec(), "json-comment"),
        (b"<html>".to_vec(), "broken-json"),
        (b"{\"id\":\"x\"}".to_vec(), "no-resource-type"),
        (deep.into_bytes(), "too-deep"),
        (
            format!(r#"{{"resourceType":"Basic","x":"{}"}}"#, "y".repeat(4 << 20)).into_bytes(),
            "resource-too-large",
        ),
    ]
}

#[test]
fn a_bad_line_is_refused_alone_wherever_it_stands() {
    for (bad, code) in bad_lines() {
        let shown = String::from_utf8_lossy(&bad[..bad.len().min(40)]).into_owned();
        let good = GOOD.as_bytes();
        for (lines, expected) in [
            (vec![&bad[..], good], vec![code, "Basic"]),
            (vec![good, &bad], vec!["Basic", code]),
            (vec![good, &bad, good], vec!["Basic", code, "Basic"]),
            (vec![&bad, &bad, &bad, good, &bad], vec![code, code, code, "Basic", code]),
        ] {
            for end in ["\n", "\r\n", "\n\n"] {
                assert_eq!(of(&lines.join(end.as_bytes())), expected, "{shown}");
            }
        }
    }
}

#[test]
fn a_line_that_is_cut_where_the_next_could_go_on_costs_only_itself_when_most_lines_are_good() {
    for cut in [r#"{"resourceType":"Basic","a":"#, r#"{"resourceType":"Bundle","entry":["#, "[", "{"] {
        assert_eq!(of([cut, GOOD, GOOD].join("\n").as_bytes()), ["truncated", "Basic", "Basic"], "{cut}");
        assert_eq!(of([GOOD, cut, GOOD].join("\n").as_bytes()), ["Basic", "truncated", "Basic"], "{cut}");
    }
    // One document, cut: nothing of it passes for a record of its own.
    for text in [
        "[\n{\"resourceType\":\"Basic\"}\n".to_owned(),
        format!(
            "{{\"resourceType\":\"Bundle\",\"entry\":[\n{{\"resource\":\n{GOOD}\n}},\n{{\"resource\":\n{GOOD}\n}}"
        ),
        format!("[\n{GOOD},\n{GOOD},\n{GOOD}"),
    ] {
        assert_eq!(of(text.as_bytes()), ["whole: truncated"], "{text}");
    }
}

#[test]
fn one_document_over_many_lines_is_no_lines() {
    let text = "{\n\"resourceType\":\"Bundle\",\n\"entry\":[\n{\"resource\":\n{\"resourceType\":\"Basic\"}\n}\n]\n}\n";
    let reading = read(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!((reading.form, outcomes(&reading)), (Form::Bundle, vec!["Basic".to_owned()]));
    // Valid but for one byte that is no UTF-8: not lines either.
    let bytes: Vec<u8> = text
        .replace("Basic", "Basic\",\"id\":\"#")
        .bytes()
        .map(|b| if b == b'#' { 0xe9 } else { b })
        .collect();
    assert_eq!(of(&bytes), ["whole: encoding-not-utf8"]);
    // A brace that ends a record too early must not make what is left of it a record.
    assert_eq!(
        of(br#"{"resourceType":"Condition"},"verificationStatus":{"text":"refuted"}}"#),
        ["whole: broken-json"]
    );
    assert_eq!(of(b"{\n\"resourceType\":\"Condition\"\n},\n\"code\":1}"), ["whole: broken-json"]);
}

#[test]
fn an_item_of_an_array_that_is_no_record_is_refused_alone() {
    let text = format!("[null,{GOOD},12,\"x\",[],{{}},{GOOD}]");
    assert_eq!(
        of(text.as_bytes()),
        [
            "not-an-object",
            "Basic",
            "not-an-object",
            "not-an-object",
            "not-an-object",
            "no-resource-type",
            "Basic"
        ]
    );
    assert_eq!(of(b"[null]"), ["whole: no-resource-type"]);
}

#[test]
fn documents_one_after_another_are_read_like_lines() {
    let spread = "{\n  \"resourceType\": \"Basic\",\n  \"x\": [\n    1\n  ]\n}";
    assert_eq!(of(format!("{GOOD}{GOOD}").as_bytes()), ["Basic", "Basic"]);
    assert_eq!(of(format!("{GOOD} {GOOD}\r{GOOD}").as_bytes()), ["Basic", "Basic", "Basic"]);
    assert_eq!(of(format!("{GOOD}{{bad").as_bytes()), ["Basic", "broken-json"]);
    assert_eq!(of(format!("{spread}\n{spread}").as_bytes()), ["Basic", "Basic"]);
    assert_eq!(of(format!("{spread}{spread}\n\n{GOOD}").as_bytes()), ["Basic", "Basic", "Basic"]);
    let broken = spread.replace("1\n", "1,\n");
    assert_eq!(
        of(format!("{spread}\n{broken}\n{spread}\n").as_bytes()),
        ["Basic", "trailing-comma", "Basic"]
    );
    let cut = &spread[..spread.len() - 8];
    assert_eq!(of(format!("{spread}\n{cut}\n{spread}").as_bytes()), ["Basic", "truncated", "Basic"]);
    // Where the lines of an object begin like objects themselves, no part of a damaged one passes for a record.
    let flat = format!("{{\"resourceType\":\"Basic\",\"contained\":[\n{GOOD}\n]}}");
    let damaged = flat.replace("]}", "}}");
    assert_eq!(of(format!("{flat}\n{damaged}").as_bytes()), ["Basic", "broken-json"]);
    assert_eq!(of(format!("{spread}\n{cut}").as_bytes()), ["Basic", "truncated"]);
}

#[test]
fn a_doubled_entry_or_resource_loses_nothing_silently() {
    let entry = |id: &str| format!(r#"{{"resource":{{"resourceType":"Basic","id":"{id}"}}}}"#);
    let (a, b) = (entry("a"), entry("b"));
    let text = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{a}],"entry":[{b},7]}}"#);
    assert_eq!(of(text.as_bytes()), ["Basic", "Basic", "not-an-object"]);
    assert_eq!(warnings(text.as_bytes()), ["doubled-entry-list"]);
    for odd in [format!(r#""\u0065ntry":[{b}]"#), format!(r#""entry":{b}"#)] {
        let text = format!(r#"{{"resourceType":"Bundle","entry":[{a}],{odd}}}"#);
        assert_eq!(of(text.as_bytes()), ["Basic", "Basic"], "{odd}");
    }
    let escaped = format!(r#"{{"resourceTyp\u0065":"Bundle","\u0065ntry":[{a}]}}"#);
    assert_eq!(of(escaped.as_bytes()), ["Basic"]);

    let two = |one: &str, other: &str| {
        format!(r#"{{"resourceType":"Bundle","entry":[{{"resource":{one},"resource":{other}}},{a}]}}"#)
    };
    let other = GOOD.replace("good", "other");
    assert_eq!(of(two(GOOD, &other).as_bytes()), ["doubled-resource", "Basic"]);
    assert_eq!(of(two(GOOD, "5").as_bytes()), ["doubled-resource", "Basic"]);
    for text in [two(GOOD, GOOD), two(GOOD, "null"), two("null", GOOD)] {
        assert_eq!(of(text.as_bytes()), ["Basic", "Basic"]);
        assert!(warnings(text.as_bytes()).contains(&"duplicate-key"));
    }
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(text).unwrap();
    writer.finish().unwrap()
}

#[test]
fn every_member_of_a_gzip_file_is_read_and_what_follows_them_is_told() {
    let line = format!("{GOOD}\n");
    let (one, empty) = (gzip(line.as_bytes()), gzip(b""));
    let several = [&one[..], &empty, &one].concat();
    assert_eq!(of(&several), ["Basic", "Basic"]);
    assert!(warnings(&several).is_empty());
    // A document may be cut anywhere by the members.
    let (front, back) = GOOD.split_at(9);
    assert_eq!(of(&[gzip(front.as_bytes()), gzip(back.as_bytes())].concat()), ["Basic"]);
    let padded = [&one[..], &[0; 512]].concat();
    assert_eq!((of(&padded), warnings(&padded)), (vec!["Basic".to_owned()], vec![]));
    let garbage = [&several[..], b"\r\nEND"].concat();
    assert_eq!((of(&garbage), warnings(&garbage)), (vec!["Basic".to_owned(); 2], vec!["gzip-unread-rest"]));

    assert_eq!(of(&several[..several.len() - 3]), ["whole: broken-gzip"]);
    assert_eq!(of(&one[..one.len() - 3]), ["whole: broken-gzip"]);
    assert_eq!(of(&empty.repeat(10_001)), ["whole: too-many-parts"]);
    let limits = Limits { inflated_bytes: 2 * line.len() - 1, ..Limits::default() };
    assert_eq!(read(&several, &limits).unwrap_err().code, "inflates-too-large");
    let limits = Limits { inflated_bytes: 2 * line.len(), ..Limits::default() };
    assert!(read(&several, &limits).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any mixture of good lines, bad lines and bytes: every line is an entry, and every good line comes in. The first
    /// line is one that the next cannot go on; what else may be is in the tests above.
    #[test]
    fn every_line_is_accounted_for(
        lines in prop::collection::vec(prop_oneof![
            3 => Just(None),
            2 => (0usize..17).prop_map(|at| Some(bad_lines()[at].0.clone())),
            1 => prop::collection::vec(any::<u8>().prop_filter("no line end", |byte| !matches!(byte, b'\n' | b'{')), 1..20).prop_map(Some),
            1 => prop::sample::select(vec!["{", "[", "}", "]", "{\"a\":", "\"a\":1,"]).prop_map(|text| Some(text.as_bytes().to_vec())),
        ], 1..12),
        end in prop::sample::select(vec!["\n", "\r\n", "\n \n"]),
    ) {
        let mut text = format!("{GOOD}{end}").into_bytes();
        let (mut good, mut all) = (1, 1);
        for line in &lines {
            let line = line.as_deref().unwrap_or(GOOD.as_bytes());
            good += usize::from(line == GOOD.as_bytes());
            all += usize::from(!line.trim_ascii().is_empty());
            text.extend_from_slice(line);
            text.extend_from_slice(end.as_bytes());
        }
        let result = read(&text, &Limits::default());
        if all == 1 {
            return Ok(());
        }
        let reading = result.unwrap();
        prop_assert_eq!(reading.form, Form::Ndjson);
        prop_assert_eq!(reading.entries.len(), all);
        let kept = reading.entries.iter().filter(|entry| reading.bytes(entry.ordinal) == GOOD.as_bytes()).count();
        prop_assert_eq!(kept, good);
        let mut last = 0;
        for entry in &reading.entries {
            prop_assert!(entry.span.start >= last && !entry.span.is_empty());
            last = entry.span.end;
        }
    }

    /// Documents put together in any number of ways come back as many.
    #[test]
    fn documents_come_back_as_many(spread in prop::collection::vec(any::<bool>(), 2..8), gaps in prop::collection::vec(0usize..4, 8)) {
        let mut text = String::new();
        for (spread, gap) in spread.iter().zip(gaps) {
            let value: serde_json::Value = serde_json::from_str(GOOD).unwrap();
            text += &if *spread { serde_json::to_string_pretty(&value).unwrap() } else { GOOD.to_owned() };
            text += ["", "\n", " ", "\r\n\n"][gap];
        }
        let several_lines = spread[0] || !spread.contains(&true);
        let reading = read(text.as_bytes(), &Limits::default());
        if several_lines {
            let reading = reading.unwrap();
            prop_assert_eq!(reading.entries.len(), spread.len());
            prop_assert!(reading.entries.iter().all(|entry| entry.resource_type().is_some()));
        }
    }
}
