//! Results, vital signs and their course over time: what is one series, what is never in one, what a line says.
#![allow(
    clippy::needless_pass_by_value,
    clippy::print_stdout,
    clippy::float_cmp,
    clippy::too_many_lines,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod common;

use std::fmt::Write as _;

use common::Desk;
use kosha::Error;
use kosha::views::results::{ResultLine, ResultsQuery};
use kosha::views::trend::{Trend, TrendAnswer, TrendQuery};
use serde_json::{Value, json};

/// A numeric observation.
fn observed(loinc: &str, name: &str, day: &str, value: &str, unit: &str) -> Value {
    let number: Value = serde_json::from_str(value).unwrap();
    json!({"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/p"},
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"text": name, "coding": [{"system": "http://loinc.org", "code": loinc}]},
        "effectiveDateTime": day, "valueQuantity": {"value": number, "unit": unit}})
}

fn with(mut resource: Value, key: &str, value: Value) -> Value {
    resource[key] = value;
    resource
}

/// A file of one patient.
fn file(patient: &str, source: &str, resources: Vec<Value>) -> String {
    let mut entries = vec![json!({"fullUrl": "http://x/Patient/p",
        "resource": {"resourceType": "Patient", "id": "p", "name": [{"text": patient}], "birthDate": "1980-01-02"}})];
    for (number, mut resource) in resources.into_iter().enumerate() {
        let kind = resource["resourceType"].as_str().unwrap().to_owned();
        let id = resource["id"].as_str().map_or(format!("r{number}"), str::to_owned);
        resource["id"] = json!(id);
        resource["performer"] = json!([{"type": "Organization", "display": source}]);
        entries.push(json!({"fullUrl": format!("http://x/{kind}/{id}"), "resource": resource}));
    }
    json!({"resourceType": "Bundle", "type": "collection", "identifier": {"value": format!("{patient} {source}")}, "entry": entries})
        .to_string()
}

fn results(desk: &Desk) -> Vec<ResultLine> {
    desk.session.results(&ResultsQuery::default()).unwrap().results
}

fn line<'a>(lines: &'a [ResultLine], name: &str) -> &'a ResultLine {
    lines.iter().find(|line| line.name == name).unwrap_or_else(|| panic!("no line {name}"))
}

fn asked(desk: &Desk, what: &str) -> TrendAnswer {
    desk.session.trend(&TrendQuery { what: what.to_owned(), ..TrendQuery::default() }).unwrap()
}

fn trend(desk: &Desk, what: &str) -> Trend {
    match asked(desk, what) {
        TrendAnswer::Trend(trend) => *trend,
        TrendAnswer::Several(_) => panic!("several go by {what}"),
    }
}

fn counts(trend: &Trend) -> Vec<(&'static str, usize)> {
    trend.not_drawn_counts.iter().map(|count| (count.reason, count.count)).collect()
}

const HB: &str = "718-7";

#[test]
fn a_series_is_one_line_with_its_latest_value_and_the_one_before() {
    let mut desk = Desk::new();
    let range = json!([{"low": {"value": 12, "unit": "g/dL"}, "high": {"value": 16, "unit": "g/dL"}}]);
    let latest = with(observed(HB, "Haemoglobin", "2024-03-05", "11.40", "gm/dl"), "referenceRange", range);
    desk.take(
        "1.json",
        &file(
            "Asha Rao",
            "City Lab",
            vec![
                observed(HB, "Haemoglobin", "2021-01-02", "13.0", "g/dL"),
                latest,
                observed(HB, "Haemoglobin", "2023-06", "12.5", "g/dL"),
                observed(HB, "Haemoglobin", "2020-01-02", "130", "g/L"),
                with(observed("1988-5", "CRP", "2024-01-01", "5", "mg/L"), "valueQuantity",
                    json!({"value": 5, "unit": "mg/L", "comparator": "<"})),
                json!({"resourceType": "Observation", "status": "preliminary", "subject": {"reference": "Patient/p"},
                    "code": {"text": "Dengue NS1"}, "effectiveDateTime": "2024-02-01",
                    "valueCodeableConcept": {"text": "Positive"}, "interpretation": [{"coding": [{"code": "POS"}]}]}),
            ],
        ),
    );
    let lines = results(&desk);
    let names: Vec<(&str, &str)> =
        lines.iter().map(|line| (line.name.as_str(), line.text.as_str())).collect();
    assert_eq!(
        names,
        [
            ("Haemoglobin", "11.40 gm/dl"),
            ("Dengue NS1", "Positive"),
            ("CRP", "<5 mg/L"),
            ("Haemoglobin", "130 g/L")
        ]
    );
    let hb = &lines[0];
    assert_eq!((hb.value.as_deref(), hb.range.as_deref()), (Some("11.40"), Some("12 - 16 gm/dl")));
    assert_eq!((hb.code.as_str(), hb.count, hb.source.as_deref()), ("loinc:718-7", 3, Some("City Lab")));
    let flag = hb.flag.as_ref().unwrap();
    assert_eq!(
        (flag.code, flag.text.as_str(), flag.computed),
        ("below-range", "Below the lab's range", true)
    );
    let before = hb.previous.as_ref().unwrap();
    assert_eq!((before.text.as_str(), before.date.as_deref()), ("12.5 g/dL", Some("2023-06")));
    assert_eq!(before.direction, Some("lower"));
    let dengue = line(&lines, "Dengue NS1");
    assert!(dengue.not_final && dengue.value.is_none());
    assert_eq!(dengue.flag.as_ref().map(|flag| (flag.code, flag.computed)), Some(("positive", false)));
    let crp = line(&lines, "CRP");
    assert_eq!((crp.comparator, crp.flag.is_none(), crp.previous.is_none()), (Some("<"), true, true));
    assert!(!format!("{:?} {:?}", lines[0], ResultsQuery::default()).contains("Haemo"));
}

#[test]
fn a_report_names_its_members_and_a_heading_is_no_result() {
    let mut desk = Desk::new();
    let member = with(observed(HB, "Haemoglobin", "2024-03-05", "12", "g/dL"), "id", json!("hb"));
    let panel = json!({"resourceType": "Observation", "id": "panel", "status": "final", "subject": {"reference": "Patient/p"},
        "code": {"text": "Blood count"}, "effectiveDateTime": "2024-03-05", "hasMember": [{"reference": "Observation/hb"}]});
    let report = json!({"resourceType": "DiagnosticReport", "id": "report", "status": "final", "subject": {"reference": "Patient/p"},
        "code": {"text": "Full blood count"}, "effectiveDateTime": "2024-03-05",
        "result": [{"reference": "Observation/hb"}, {"reference": "Observation/panel"}]});
    desk.take("1.json", &file("Asha Rao", "City Lab", vec![member, panel, report]));
    let lines = results(&desk);
    assert_eq!(lines.len(), 1, "{:?}", lines.iter().map(|line| &line.name).collect::<Vec<_>>());
    assert_eq!(lines[0].report.as_deref(), Some("Full blood count"));
    assert!(lines[0].report_id.is_some());
}

#[test]
fn what_is_no_fact_or_has_no_clear_unit_or_date_is_never_drawn_and_always_counted() {
    let mut desk = Desk::new();
    let good = |day: &str, value: &str| observed(HB, "Haemoglobin", day, value, "g/dL");
    let mut undated = good("2024", "9");
    undated.as_object_mut().unwrap().remove("effectiveDateTime");
    let conflict =
        json!({"value": 777, "unit": "g/dL", "system": "http://unitsofmeasure.org", "code": "mmol/L"});
    desk.take(
        "1.json",
        &file(
            "Asha Rao",
            "City Lab",
            vec![
                good("2023-01-01", "13"),
                good("2024-01-01", "14"),
                with(good("2024-02-01", "900.125"), "status", json!("entered-in-error")),
                with(good("2024-02-02", "901"), "status", json!("cancelled")),
                with(good("2024-02-03", "777"), "valueQuantity", conflict),
                with(good("2024-02-04", "1"), "valueQuantity", json!({"value": 1e300, "unit": "g/dL"})),
                undated,
                json!({"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/p"},
                    "code": {"coding": [{"system": "http://loinc.org", "code": HB}]}, "effectiveDateTime": "2024-02-05",
                    "valueString": "haemolysed"}),
            ],
        ),
    );
    let trend = trend(&desk, HB);
    let values: Vec<&str> = trend.series[0].points.iter().map(|point| point.value.as_str()).collect();
    assert_eq!(values, ["13", "14"]);
    assert_eq!(
        counts(&trend),
        [
            ("no-date", 1),
            ("unit-unclear", 1),
            ("no-number", 1),
            ("too-large", 1),
            ("withdrawn", 1),
            ("not-a-fact", 1)
        ]
    );
    let json = serde_json::to_string(&trend).unwrap();
    assert!(!json.contains("900.125"), "the value of what was withdrawn is told");
    assert!(trend.sentence.contains("1 record is not drawn: it has no date."), "{}", trend.sentence);
    for line in results(&desk) {
        assert!(!line.text.contains("900") && !line.text.contains("901"));
    }
    let unclear = results(&desk).into_iter().find(|line| line.unit_unclear).unwrap();
    assert!(unclear.flag.is_none() && unclear.previous.is_none() && unclear.count == 1);
}

#[test]
fn the_same_from_two_sources_is_one_point_and_two_values_of_a_time_stay_two() {
    let mut desk = Desk::new();
    let at = "2024-03-05T10:20:00+05:30";
    let hb = |value: &str| observed(HB, "Haemoglobin", at, value, "g/dL");
    desk.take("1.json", &file("Asha Rao", "City Lab", vec![hb("12.0"), hb("11.0")]));
    desk.take("2.json", &file("Asha Rao", "Hill Hospital", vec![hb("12.00")]));
    let trend = trend(&desk, "loinc:718-7");
    let points = &trend.series[0].points;
    assert_eq!(points.len(), 2);
    let twice = points.iter().find(|point| point.sources.len() == 2).unwrap();
    assert_eq!((twice.records.len(), twice.date.as_str()), (2, at));
    assert_eq!(results(&desk)[0].count, 2);
    assert!(results(&desk)[0].previous.is_none(), "nothing was earlier");
}

#[test]
fn units_that_do_not_join_exactly_are_series_of_their_own_and_one_sentence_says_it_all() {
    let mut desk = Desk::new();
    let a1c = |day: &str, value: &str| observed("4548-4", "Haemoglobin A1c", day, value, "%");
    let mut all: Vec<Value> = [
        ("2021-02-01", "6.1"),
        ("2022-02", "8.2"),
        ("2023", "7.0"),
        ("2024-01-01", "7.2"),
        ("2024-02-01", "7.1"),
        ("2024-03-05", "7.4"),
    ]
    .map(|(day, value)| a1c(day, value))
    .to_vec();
    desk.take("1.json", &file("Asha Rao", "City Lab", all.clone()));
    let alone = trend(&desk, "haemoglobin a1c");
    assert_eq!(
        alone.sentence,
        "6 results from 2021 to 2024, lowest 6.1, highest 8.2, last 7.4 % on 5 Mar 2024."
    );
    assert_eq!(alone.series[0].points[2].date, "2023");

    all = vec![observed("4548-4", "Haemoglobin A1c", "2020-01-01", "54", "mmol/mol")];
    desk.take("2.json", &file("Asha Rao", "Hill Hospital", all));
    let two = trend(&desk, "4548-4");
    assert_eq!(two.series.iter().map(|one| one.unit.as_str()).collect::<Vec<_>>(), ["%", "mmol/mol"]);
    assert_eq!(two.series.iter().map(|one| one.chart).collect::<Vec<_>>(), [0, 1]);
    assert!(two.sentence.ends_with("In mmol/mol: 1 result, 54 mmol/mol on 1 Jan 2020."), "{}", two.sentence);

    let during = TrendQuery {
        what: "4548-4".into(),
        from: Some("2022".into()),
        to: Some("2023".into()),
        person: None,
    };
    let TrendAnswer::Trend(during) = desk.session.trend(&during).unwrap() else { panic!("one") };
    assert_eq!(during.series[0].points.len(), 2);
}

#[test]
fn long_numbers_are_shown_short_and_kept_whole() {
    let mut desk = Desk::new();
    let a1c = |day: &str, value: &str| observed("4548-4", "A1c", day, value, "%");
    let range = json!([{"high": {"value": 5.7, "unit": "%"}}]);
    let near = with(a1c("2024-01-01", "5.69999"), "referenceRange", range);
    desk.take("1.json", &file("Asha Rao", "City Lab", vec![near, a1c("2023-01-01", "6.355123456")]));
    let trend = trend(&desk, "4548-4");
    assert_eq!(
        trend.sentence,
        "2 results from 2023 to 2024, lowest 5.69999, highest 6.355, last 5.69999 % on 1 Jan 2024."
    );
    assert_eq!(trend.series[0].points[0].value, "6.355123456");
}

#[test]
fn amounts_in_another_unit_join_where_the_factor_is_certain_for_the_code() {
    let mut desk = Desk::new();
    let glucose = |day: &str, value: &str, unit: &str| observed("2345-7", "Glucose", day, value, unit);
    let range = json!([{"low": {"value": 4.0, "unit": "mmol/L"}, "high": {"value": 6.0, "unit": "mmol/L"}}]);
    desk.take(
        "1.json",
        &file(
            "Asha Rao",
            "City Lab",
            vec![
                glucose("2022-01-01", "126", "mg/dL"),
                with(glucose("2022-06-01", "7.0", "mmol/L"), "referenceRange", range),
                glucose("2023-01-01", "110", "mg/dL"),
                glucose("2023-02-01", "9", "parts"),
            ],
        ),
    );
    let trend = trend(&desk, "2345-7");
    assert_eq!(trend.series.iter().map(|one| one.unit.as_str()).collect::<Vec<_>>(), ["mg/dL", "parts"]);
    let points = &trend.series[0].points;
    let values: Vec<(&str, Option<&str>)> =
        points.iter().map(|point| (point.value.as_str(), point.sent.as_deref())).collect();
    assert_eq!(values, [("126", None), ("126", Some("7.0 mmol/L")), ("110", None)]);
    assert_eq!((points[1].range_low.as_deref(), points[1].range_high.as_deref()), (Some("72"), Some("108")));
    assert!(trend.sentence.contains("1 was sent in another unit and is converted"), "{}", trend.sentence);
}

#[test]
fn a_blood_pressure_has_two_lines_read_from_the_records() {
    let mut desk = Desk::new();
    let part = |code: &str, value: Value| json!({"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": {"value": value, "unit": "mmHg"}});
    let pair = |day: &str, high: Value, low: Value| {
        json!({"resourceType": "Observation", "status": "final", "subject": {"reference": "Patient/p"},
        "category": [{"coding": [{"code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}, "effectiveDateTime": day,
        "component": [part("8480-6", high), part("8462-4", low)]})
    };
    let alone = with(
        observed("8480-6", "Systolic blood pressure", "2024-04-01", "131", "mm Hg"),
        "category",
        json!([{"coding": [{"code": "vital-signs"}]}]),
    );
    desk.take(
        "1.json",
        &file(
            "Asha Rao",
            "City Lab",
            vec![
                pair("2024-01-01", json!(120.0), json!(80)),
                pair("2024-02-01", json!(128), json!(84)),
                alone,
                with(pair("2024-03-01", json!(999.125), json!(998)), "status", json!("entered-in-error")),
            ],
        ),
    );
    for what in ["blood pressure", "85354-9"] {
        let trend = trend(&desk, what);
        let lines: Vec<(&str, usize, usize)> =
            trend.series.iter().map(|one| (one.name.as_str(), one.points.len(), one.chart)).collect();
        assert_eq!(lines, [("Systolic", 3, 0), ("Diastolic", 2, 0)], "{what}");
        assert_eq!(trend.series[0].points[0].value, "120.0");
        assert_eq!(counts(&trend), [("withdrawn", 1)]);
        assert!(!serde_json::to_string(&trend).unwrap().contains("999.125"));
    }
    let page = desk.session.results(&ResultsQuery { vitals: true, ..ResultsQuery::default() }).unwrap();
    let pressure = page.results.iter().find(|line| line.text == "128/84 mmHg").unwrap();
    assert_eq!(
        pressure.previous.as_ref().map(|before| (before.text.as_str(), before.direction)),
        Some(("120.0/80 mmHg", None))
    );
    assert!(results(&desk).is_empty(), "vital signs are asked for");
}

#[test]
fn words_that_mean_several_things_are_answered_with_a_choice_and_persons_are_never_mixed() {
    let mut desk = Desk::new();
    let two = || {
        vec![
            observed("2345-7", "Glucose", "2024-01-01", "90", "mg/dL"),
            observed("1558-6", "Glucose fasting", "2024-01-01", "80", "mg/dL"),
        ]
    };
    desk.take("1.json", &file("Asha Rao", "City Lab", two()));
    assert_eq!(trend(&desk, "GLUCOSE").code, "loinc:2345-7", "the very name is meant first");
    let TrendAnswer::Several(choices) = asked(&desk, "gluc") else { panic!("several") };
    let codes: Vec<&str> = choices.choices.iter().map(|choice| choice.code.as_str()).collect();
    assert_eq!(codes, ["loinc:1558-6", "loinc:2345-7"]);
    for code in codes {
        assert_eq!(trend(&desk, code).code, code);
    }
    assert_eq!(trend(&desk, "http://loinc.org|1558-6").name, "Glucose fasting");
    let nothing = TrendQuery { what: "unknown".into(), ..TrendQuery::default() };
    assert_eq!(desk.session.trend(&nothing).unwrap_err(), Error::NoSuchResult);

    desk.take("2.json", &file("Ravi Rao", "City Lab", two()));
    let query = |person: Option<&str>| TrendQuery {
        what: "2345-7".into(),
        person: person.map(str::to_owned),
        ..TrendQuery::default()
    };
    assert_eq!(desk.session.trend(&query(None)).unwrap_err(), Error::PersonNeeded);
    let TrendAnswer::Trend(ravi) = desk.session.trend(&query(Some("Ravi Rao"))).unwrap() else {
        panic!("one")
    };
    assert_eq!(ravi.series[0].points.len(), 1);
    assert_eq!(results(&desk).len(), 4, "a line for each person and code");
    desk.session.merge_persons("Ravi Rao", "Asha Rao").unwrap();
    assert_eq!(results(&desk).len(), 2);
    assert_eq!(trend(&desk, "2345-7").series[0].points[0].records.len(), 2);
}

#[test]
fn pages_hold_every_line_once_whatever_their_length() {
    let mut desk = Desk::new();
    let all = (0..23)
        .map(|number| observed(&format!("{number}-1"), &format!("Test {number}"), "2024-01-01", "1", "g"))
        .collect();
    desk.take("1.json", &file("Asha Rao", "City Lab", all));
    let whole: Vec<String> = results(&desk).into_iter().map(|line| line.code).collect();
    assert_eq!(whole.len(), 23);
    for limit in [1, 2, 7, 22, 23, 24] {
        let (mut codes, mut after) = (Vec::new(), None);
        loop {
            let page =
                desk.session.results(&ResultsQuery { limit, after, ..ResultsQuery::default() }).unwrap();
            assert!(page.results.len() <= usize::try_from(limit).unwrap());
            codes.extend(page.results.into_iter().map(|line| line.code));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(codes, whole, "in pages of {limit}");
    }
    let bad = ResultsQuery { after: Some("zz".into()), ..ResultsQuery::default() };
    assert_eq!(desk.session.results(&bad).unwrap_err(), Error::BadCursor);
}

/// Outside test data, where there is some; says in one line when there is none.
fn test_data() -> Option<std::path::PathBuf> {
    let beside = || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("KOSHA_TEST_DATA").map_or_else(beside, Into::into);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: KOSHA_TEST_DATA names no folder");
    None
}

/// A file of 100,000 results of one kind, one every half hour; the highest and the lowest stand alone among the others.
fn long_series(numbers: std::ops::Range<u32>) -> String {
    let mut text = String::from(
        r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","id":"p","name":[{"text":"Asha Rao"}],"birthDate":"1980-01-02"}}"#,
    );
    for number in numbers {
        let (day, slot) = (number / 48, number % 48);
        let (year, month, date) = (2018 + day / 336, day % 336 / 28 + 1, day % 28 + 1);
        let value = match number {
            33_333 => 31.5,
            66_666 => 2.25,
            _ => 5.0 + f64::from(number % 97) / 50.0,
        };
        write!(
            text,
            r#",{{"resource":{{"resourceType":"Observation","id":"o{number}","status":"final","subject":{{"reference":"Patient/p"}},"code":{{"text":"Glucose","coding":[{{"system":"http://loinc.org","code":"14745-4"}}]}},"effectiveDateTime":"{year}-{month:02}-{date:02}T{:02}:{:02}:00Z","valueQuantity":{{"value":{value},"unit":"mmol/L"}},"referenceRange":[{{"low":{{"value":4,"unit":"mmol/L"}},"high":{{"value":6,"unit":"mmol/L"}}}}]}}}}"#,
            slot / 2,
            slot % 2 * 30
        )
        .unwrap();
    }
    text.push_str("]}");
    text
}

#[test]
fn a_series_of_a_hundred_thousand_points_is_listed_and_followed() {
    let mut desk = Desk::new();
    for half in [0..50_000, 50_000..100_000] {
        let report = desk.take(&format!("{}.json", half.start), &long_series(half));
        assert_eq!((report.stored, report.refused.len()), (50_001, 0), "with the patient");
    }
    let begun = std::time::Instant::now();
    let lines = results(&desk);
    println!("first page over 100,000 records: {:?}", begun.elapsed());
    assert_eq!((lines.len(), lines[0].count), (1, 100_000));
    let begun = std::time::Instant::now();
    let trend = trend(&desk, "glucose");
    println!("trend of 100,000 points: {:?}", begun.elapsed());
    assert_eq!(trend.series[0].points.len(), 100_000);
    assert!(trend.sentence.contains("lowest 2.25, highest 31.5"), "{}", trend.sentence);
}

#[test]
fn nothing_withdrawn_and_no_unit_conflict_of_real_files_is_ever_in_a_series() {
    let Some(data) = test_data() else { return };
    let folder = data.join("fhir/edge/generated");
    let mut desk = Desk::new();
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    let whole = std::fs::read_dir(data.join("fhir/synthea-r4")).into_iter().flatten();
    files.extend(whole.map(|file| file.unwrap().path()).take(2));
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    desk.session.import(&kosha::import::ImportWish { paths: files, person: None }, &mut ()).unwrap();
    let mut drawn = 0;
    for vitals in [false, true] {
        let query = ResultsQuery { vitals, limit: 1000, ..ResultsQuery::default() };
        for line in desk.session.results(&query).unwrap().results {
            let asked = TrendQuery {
                what: line.code.clone(),
                person: Some(line.person.clone()),
                ..TrendQuery::default()
            };
            let TrendAnswer::Trend(trend) = desk.session.trend(&asked).unwrap() else {
                panic!("{} is one", line.code)
            };
            let unclear = trend.not_drawn_counts.iter().any(|count| count.reason == "unit-unclear");
            assert!(!line.unit_unclear || unclear);
            for point in trend.series.iter().flat_map(|one| &one.points) {
                // Opening each of thousands takes long, and the first ones tell.
                for record in point.records.iter().take(usize::from(drawn < 500)) {
                    let kosha::show::Shown::Record(shown) = desk.session.show(record).unwrap() else {
                        panic!("a record")
                    };
                    assert_eq!(shown.card.standing, "fact");
                    assert!(
                        !shown.card.chips.iter().any(|chip| chip.to_lowercase().contains("unit unclear"))
                    );
                    drawn += 1;
                }
            }
        }
    }
    assert!(drawn > 30, "{drawn}");
}

/// The clock of the tests stands at 23 November 2026.
#[test]
fn what_is_dated_after_today_is_not_the_latest() {
    let mut desk = Desk::new();
    let resources = vec![
        observed(HB, "Haemoglobin", "2024-01-05", "11.0", "g/dL"),
        observed(HB, "Haemoglobin", "2025-03-05", "12.5", "g/dL"),
        observed(HB, "Haemoglobin", "2027-03-05", "19.9", "g/dL"),
        observed(HB, "Haemoglobin", "2028-03-05", "20.1", "g/dL"),
        observed("2160-0", "Creatinine", "2027-03-05", "1.1", "mg/dL"),
        observed("2951-2", "Sodium", "2026-11-23", "140", "mmol/L"),
    ];
    desk.take("a.json", &file("Uma Rao", "City Lab", resources));
    let lines = results(&desk);
    let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
    assert_eq!(names, ["Creatinine", "Sodium", "Haemoglobin"], "each stands where its own date puts it");
    let hb = line(&lines, "Haemoglobin");
    assert_eq!((hb.text.as_str(), hb.date.as_deref(), hb.count), ("12.5 g/dL", Some("2025-03-05"), 2));
    assert_eq!(hb.previous.as_ref().unwrap().text, "11.0 g/dL");
    let ahead = hb.ahead.as_ref().unwrap();
    assert_eq!(ahead.count, 2);
    assert_eq!(
        ahead.text,
        "2 more are dated after today, and not taken for the latest. The last of them: 20.1 g/dL, 5 Mar 2028."
    );
    let alone = line(&lines, "Creatinine");
    assert_eq!(
        (alone.text.as_str(), alone.ahead.as_ref().unwrap().text.as_str()),
        ("1.1 mg/dL", "Its date lies after today.")
    );
    assert!(line(&lines, "Sodium").ahead.is_none());
    let course = trend(&desk, "haemoglobin");
    assert_eq!(counts(&course), [("ahead", 2)]);
    assert!(course.sentence.contains("last 12.5 g/dL on 5 Mar 2025"), "{}", course.sentence);
}
