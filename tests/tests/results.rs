//! Results, their course, visits and what is new, through the command.

use kosha_tests::programs::Kosha;
use serde_json::{Value, json};

fn bundle() -> Value {
    let patient = json!({"reference": "urn:uuid:p"});
    let mut entries = vec![
        json!({"fullUrl": "urn:uuid:p", "resource": {"resourceType": "Patient", "name": [{"text": "Asha Marigold"}], "birthDate": "1980-01-02"}}),
        json!({"fullUrl": "urn:uuid:e", "resource": {"resourceType": "Encounter", "status": "finished", "class": {"code": "AMB"}, "type": [{"text": "Check-up"}],
            "subject": patient, "period": {"start": "2024-03-05", "end": "2024-03-05"}}}),
    ];
    for (number, (day, value, status)) in [
        ("2021-01-02", "13.20", "final"),
        ("2022-02-03", "11.9", "final"),
        ("2024-03-05", "12.4", "final"),
        ("2024-03-06", "777.125", "entered-in-error"),
    ]
    .into_iter()
    .enumerate()
    {
        let digits: Value = serde_json::from_str(value).expect("a number");
        entries.push(json!({"fullUrl": format!("urn:uuid:o{number}"), "resource": {"resourceType": "Observation", "status": status, "subject": patient,
            "code": {"text": "Haemoglobin", "coding": [{"system": "http://loinc.org", "code": "718-7"}]}, "effectiveDateTime": day,
            "encounter": {"reference": "urn:uuid:e"}, "valueQuantity": {"value": digits, "unit": "g/dL"},
            "referenceRange": [{"low": {"value": 12, "unit": "g/dL"}, "high": {"value": 16, "unit": "g/dL"}}]}}));
    }
    for (code, name) in [("2345-7", "Glucose random"), ("1558-6", "Glucose fasting")] {
        entries.push(json!({"fullUrl": format!("urn:uuid:{code}"), "resource": {"resourceType": "Observation", "status": "final", "subject": patient,
            "code": {"text": name, "coding": [{"system": "http://loinc.org", "code": code}]}, "effectiveDateTime": "2023-01-01", "valueString": "not done"}}));
    }
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries})
}

#[test]
fn results_are_listed_drawn_and_grouped_and_a_picture_is_never_written_over_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let kosha = Kosha::init(folder.path().join("vault"));
    let file = folder.path().join("1.json");
    std::fs::write(&file, bundle().to_string()).expect("a file");
    kosha.json(["import".as_ref(), file.as_os_str()]);

    let page = kosha.json(["results"]);
    let hb = &page["results"][0];
    assert_eq!(
        (&hb["text"], &hb["count"], &hb["code"]),
        (&json!("12.4 g/dL"), &json!(3), &json!("loinc:718-7"))
    );
    assert_eq!(
        (&hb["previous"]["text"], &hb["previous"]["direction"]),
        (&json!("11.9 g/dL"), &json!("higher"))
    );
    assert_eq!(hb["flag"]["text"], "Within the lab's range");
    assert!(!page.to_string().contains("777.125"), "a withdrawn value is told");

    let picture = folder.path().join("hb.svg");
    let drawn = ["trend".as_ref(), "718-7".as_ref(), "--svg".as_ref(), picture.as_os_str()];
    let trend = kosha.json(drawn);
    assert_eq!(
        trend["sentence"].as_str().map(|text| text.starts_with(
            "3 results from 2021 to 2024, lowest 11.9, highest 13.20, last 12.4 g/dL on 5 Mar 2024."
        )),
        Some(true)
    );
    assert_eq!(trend["series"][0]["points"][0]["value"], "13.20");
    assert_eq!(trend["notDrawnCounts"][0]["reason"], "withdrawn");
    let svg = std::fs::read_to_string(&picture).expect("a picture");
    assert!(
        svg.starts_with("<svg ")
            && svg.contains("<title id=\"t\">Haemoglobin</title>")
            && !svg.contains("777.125")
    );
    let (status, error) = kosha.error(drawn);
    assert_eq!((status, error["code"].as_str()), (1, Some("file-exists")));
    let database =
        std::fs::read_dir(kosha.vault()).expect("a vault").next().expect("a file").expect("a file").path();
    let before = std::fs::metadata(&database).expect("a file").len();
    let (status, _) =
        kosha.error(["trend".as_ref(), "718-7".as_ref(), "--svg".as_ref(), database.as_os_str()]);
    assert_eq!((status, std::fs::metadata(&database).expect("a file").len()), (1, before));

    for (words, sign) in [(vec!["trend", "haemoglobin"], '●'), (vec!["trend", "haemoglobin", "--ascii"], '*')]
    {
        let shown = kosha.command(&words).env("LC_ALL", "C.UTF-8").output().expect("kosha starts");
        let shown = String::from_utf8(shown.stdout).expect("text");
        assert!(
            shown.contains(sign)
                && shown.contains("13.20 g/dL")
                && shown.contains("not drawn: its source withdrew it"),
            "{shown}"
        );
        let plot = shown.lines().take_while(|line| !line.starts_with("2024-03-05"));
        assert!(plot.clone().all(|line| line.chars().count() <= 80), "{shown}");
    }
    let choices = kosha.json(["trend", "glucose"]);
    assert_eq!(choices["choices"].as_array().map(Vec::len), Some(2));
    assert_eq!(kosha.error(["trend", "nothing"]).1["code"], "no-such-result");

    let visits = kosha.json(["visits"]);
    assert_eq!(
        (&visits["visits"][0]["group"], &visits["visits"][0]["counts"]),
        (&json!("visit"), &json!([{"kind": "result", "count": 3, "text": "3 results"}]))
    );
    let news = kosha.json(["changes"]);
    assert_eq!(news["visit"]["title"], visits["visits"][0]["title"]);
    assert_eq!(news["items"][0]["happened"], true);
    assert_eq!(kosha.json(["changes", "--since", news["now"].as_str().expect("a time")])["more"], 0);
    for words in
        [vec!["results"], vec!["results", "--vitals"], vec!["visits"], vec!["changes", "--since", "2020"]]
    {
        let shown = kosha.command(&words).output().expect("kosha starts");
        assert!(shown.status.success() && !shown.stdout.is_empty(), "{words:?}");
    }
}
