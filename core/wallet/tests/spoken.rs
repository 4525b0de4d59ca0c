//! The same records in another language: words and dates change, what the source wrote does not.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::Desk;
use kosha::{Environment, Language};

const FILE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
  {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"p","name":[{"text":"Asha Rao"}],"birthDate":"1980-01-02"}},
  {"fullUrl":"urn:uuid:m","resource":{"resourceType":"Medication","id":"m","code":{"text":"Metformin 500 mg"}}},
  {"fullUrl":"urn:uuid:r","resource":{"resourceType":"MedicationRequest","id":"r","status":"active","intent":"order","subject":{"reference":"urn:uuid:p"},"medicationReference":{"reference":"urn:uuid:m"},"authoredOn":"2024-03-05","dosageInstruction":[{"doseAndRate":[{"doseQuantity":{"value":1,"unit":"tablet"}}],"timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}}}]}},
  {"fullUrl":"urn:uuid:o","resource":{"resourceType":"Observation","id":"o","status":"final","subject":{"reference":"urn:uuid:p"},"code":{"text":"Haemoglobin"},"effectiveDateTime":"2024-03","valueQuantity":{"value":9.40,"unit":"g/dL"},"referenceRange":[{"low":{"value":12,"unit":"g/dL"}}]}}]}"#;

fn desk(language: Language) -> Desk {
    let mut desk = Desk::with(Environment { language, ..common::environment() });
    desk.take("file.json", FILE);
    desk
}

#[test]
fn words_and_dates_are_in_the_language_and_names_and_values_as_the_source_wrote_them() {
    let english = desk(Language::English).records(None);
    let hindi = desk(Language::Hindi).records(None);
    assert_eq!(english.len(), 2);
    for (english, hindi) in english.iter().zip(&hindi) {
        assert_eq!((english.kind, &english.date), (hindi.kind, &hindi.date));
        // Names stay: what stands on the box is what is looked for.
        assert_eq!(english.title, hindi.title);
        assert_ne!(english.kind_text, hindi.kind_text);
        assert_ne!((&english.summary, &english.chips), (&hindi.summary, &hindi.chips));
    }
    let medicine = hindi.iter().find(|card| card.kind == "medicine").unwrap();
    assert_eq!(medicine.title, "Metformin 500 mg");
    assert_eq!(medicine.date_text.as_deref(), Some("5 मार्च 2024"));
    assert!(medicine.summary.contains("दिन में"), "{}", medicine.summary);
    let result = hindi.iter().find(|card| card.kind == "result").unwrap();
    assert_eq!(result.date_text.as_deref(), Some("मार्च 2024"));
    assert!(result.summary.contains("9.40 g/dL"), "{}", result.summary);
}

#[test]
fn the_language_can_change_while_the_vault_is_open() {
    let mut desk = desk(Language::English);
    let before = desk.records(None);
    desk.session.set_language(Language::Hindi);
    assert!(desk.records(None) != before);
    desk.session.set_language(Language::English);
    assert!(desk.records(None) == before);
}

#[test]
fn what_a_report_counts_is_counted_in_every_language() {
    const REPORT: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
      {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"1","name":[{"text":"Asha Rao"}]}},
      {"fullUrl":"urn:uuid:r","resource":{"resourceType":"DiagnosticReport","id":"2","status":"final","subject":{"reference":"urn:uuid:p"},"code":{"text":"Blood count"},"effectiveDateTime":"2024-03-05","result":[{"reference":"urn:uuid:a"},{"reference":"urn:uuid:b"}]}},
      {"fullUrl":"urn:uuid:a","resource":{"resourceType":"Observation","id":"3","status":"final","subject":{"reference":"urn:uuid:p"},"code":{"text":"Haemoglobin"},"valueQuantity":{"value":9.4,"unit":"g/dL"}}},
      {"fullUrl":"urn:uuid:b","resource":{"resourceType":"Observation","id":"4","status":"final","subject":{"reference":"urn:uuid:p"},"code":{"text":"Platelets"},"valueQuantity":{"value":210,"unit":"/nL"}}}]}"#;
    let mut desk = Desk::with(common::environment());
    desk.take("file.json", REPORT);
    let report = |desk: &Desk| desk.records(None).into_iter().find(|card| card.kind == "report").unwrap();
    assert!(report(&desk).summary.starts_with("2 results"), "{}", report(&desk).summary);
    desk.session.set_language(Language::Hindi);
    let hindi = report(&desk).summary;
    assert!(hindi.starts_with("2 नतीजे") && !hindi.contains("शामिल नहीं"), "{hindi}");
}

/// A life in one file. Every name in it is in [`NAMES`].
const LIFE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
  {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"p","name":[{"text":"Asha Rao"}],"birthDate":"1980-01-02","gender":"female"}},
  {"fullUrl":"urn:uuid:org","resource":{"resourceType":"Organization","id":"org","name":"Sanjeevani Clinic"}},
  {"fullUrl":"urn:uuid:v","resource":{"resourceType":"Encounter","id":"v","status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"subject":{"reference":"urn:uuid:p"},"serviceProvider":{"reference":"urn:uuid:org"},"period":{"start":"2024-03-05","end":"2024-03-07"}}},
  {"fullUrl":"urn:uuid:m1","resource":{"resourceType":"MedicationRequest","id":"m1","status":"active","intent":"order","subject":{"reference":"urn:uuid:p"},"encounter":{"reference":"urn:uuid:v"},"medicationCodeableConcept":{"text":"Penicillin 500 mg"},"authoredOn":"2024-03-05","dosageInstruction":[{"doseAndRate":[{"doseQuantity":{"value":1,"unit":"tablet"}}],"timing":{"repeat":{"frequency":2,"period":1,"periodUnit":"d"}},"route":{"coding":[{"system":"http://snomed.info/sct","code":"26643006"}]}}]}},
  {"fullUrl":"urn:uuid:m2","resource":{"resourceType":"MedicationRequest","id":"m2","status":"stopped","intent":"order","subject":{"reference":"urn:uuid:p"},"medicationCodeableConcept":{"text":"Ibuprofen"},"authoredOn":"2023-03-05"}},
  {"fullUrl":"urn:uuid:m3","resource":{"resourceType":"MedicationRequest","id":"m3","status":"active","intent":"order","doNotPerform":true,"subject":{"reference":"urn:uuid:p"},"medicationCodeableConcept":{"text":"Aspirin"},"authoredOn":"2023-03-05"}},
  {"fullUrl":"urn:uuid:a","resource":{"resourceType":"AllergyIntolerance","id":"a","clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"confirmed"}]},"criticality":"high","code":{"text":"Penicillin"},"patient":{"reference":"urn:uuid:p"},"recordedDate":"2020-01-01"}},
  {"fullUrl":"urn:uuid:c","resource":{"resourceType":"Condition","id":"c","clinicalStatus":{"coding":[{"code":"active"}]},"verificationStatus":{"coding":[{"code":"provisional"}]},"code":{"text":"Asthma"},"subject":{"reference":"urn:uuid:p"},"onsetDateTime":"2019"}},
  {"fullUrl":"urn:uuid:i","resource":{"resourceType":"Immunization","id":"i","status":"completed","vaccineCode":{"text":"Covishield"},"patient":{"reference":"urn:uuid:p"},"occurrenceDateTime":"2021-06-01","protocolApplied":[{"doseNumberPositiveInt":1,"seriesDosesPositiveInt":2}]}},
  {"fullUrl":"urn:uuid:j","resource":{"resourceType":"Immunization","id":"j","status":"not-done","vaccineCode":{"text":"Covishield"},"patient":{"reference":"urn:uuid:p"},"occurrenceDateTime":"2021-07-01"}},
  {"fullUrl":"urn:uuid:o1","resource":{"resourceType":"Observation","id":"o1","status":"final","subject":{"reference":"urn:uuid:p"},"performer":[{"reference":"urn:uuid:org"}],"code":{"text":"Haemoglobin","coding":[{"system":"http://loinc.org","code":"718-7"}]},"effectiveDateTime":"2023-03-05","valueQuantity":{"value":9.4,"unit":"g/dL"},"referenceRange":[{"low":{"value":12,"unit":"g/dL"},"high":{"value":16,"unit":"g/dL"}}]}},
  {"fullUrl":"urn:uuid:o2","resource":{"resourceType":"Observation","id":"o2","status":"preliminary","subject":{"reference":"urn:uuid:p"},"code":{"text":"Haemoglobin","coding":[{"system":"http://loinc.org","code":"718-7"}]},"effectiveDateTime":"2024-03-05","interpretation":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation","code":"A"}]}],"valueQuantity":{"value":10.1,"unit":"g/dL"},"referenceRange":[{"low":{"value":12,"unit":"g/dL"}}]}},
  {"fullUrl":"urn:uuid:o3","resource":{"resourceType":"Observation","id":"o3","status":"final","subject":{"reference":"urn:uuid:p"},"code":{"text":"Haemoglobin","coding":[{"system":"http://loinc.org","code":"718-7"}]},"valueQuantity":{"value":11,"unit":"g/dL"}}},
  {"fullUrl":"urn:uuid:o4","resource":{"resourceType":"Observation","id":"o4","status":"entered-in-error","subject":{"reference":"urn:uuid:p"},"code":{"text":"Haemoglobin","coding":[{"system":"http://loinc.org","code":"718-7"}]},"effectiveDateTime":"2024-01-05","valueQuantity":{"value":99,"unit":"g/dL"}}},
  {"fullUrl":"urn:uuid:b1","resource":{"resourceType":"Observation","id":"b1","status":"final","category":[{"coding":[{"code":"vital-signs"}]}],"subject":{"reference":"urn:uuid:p"},"code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"effectiveDateTime":"2024-03-05","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":120,"unit":"mmHg"}},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"unit":"mmHg"}}]}},
  {"fullUrl":"urn:uuid:b2","resource":{"resourceType":"Observation","id":"b2","status":"final","category":[{"coding":[{"code":"vital-signs"}]}],"subject":{"reference":"urn:uuid:p"},"code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},"effectiveDateTime":"2024-04-05","component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":130,"unit":"mmHg"}},{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":85,"unit":"mmHg"}}]}},
  {"fullUrl":"urn:uuid:d","resource":{"resourceType":"DocumentReference","id":"d","status":"superseded","docStatus":"preliminary","type":{"coding":[{"system":"http://loinc.org","code":"18842-5"}]},"subject":{"reference":"urn:uuid:p"},"date":"2024-03-08T10:00:00Z","content":[{"attachment":{"contentType":"application/pdf","data":"JVBERi0xLjQKJSVFT0YK"}}]}}]}"#;

/// What stands in records and is shown as it stands there.
const NAMES: [&str; 12] = [
    "Asha",
    "Rao",
    "Sanjeevani",
    "Clinic",
    "Penicillin",
    "Ibuprofen",
    "Aspirin",
    "Asthma",
    "Covishield",
    "Haemoglobin",
    "mmHg",
    "PDF",
];

/// Fields whose texts are codes, ids and times for programs.
const FOR_PROGRAMS: [&str; 23] = [
    "because",
    "id",
    "record",
    "records",
    "person",
    "kind",
    "state",
    "standing",
    "code",
    "change",
    "direction",
    "section",
    "vaccine",
    "vaccines",
    "condition",
    "schedule",
    "group",
    "dueUnknown",
    "matchedBy",
    "report_id",
    "contentType",
    "cameIn",
    "medicine",
];

/// Words in Latin letters of everything that is there for people.
fn foreign(value: &serde_json::Value, out: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(list) => list.iter().for_each(|one| foreign(one, out)),
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                // Of a reason the code stands beside its words.
                let coded =
                    name == "reason" && fields.contains_key("reasonText") | fields.contains_key("count");
                let is_code = value.is_string()
                    || value.as_array().is_some_and(|list| list.iter().all(serde_json::Value::is_string));
                if !(coded || is_code && FOR_PROGRAMS.contains(&name.as_str())) {
                    foreign(value, out);
                }
            }
        }
        serde_json::Value::String(text) => words_of(text, out),
        _ => {}
    }
}

fn words_of(text: &str, out: &mut Vec<String>) {
    let words = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 2);
    out.extend(words.filter(|word| !NAMES.contains(word)).map(|word| format!("{word} in {text}")));
}

#[track_caller]
fn all_hindi(view: &impl serde::Serialize) {
    let (mut found, value) = (Vec::new(), serde_json::to_value(view).unwrap());
    foreign(&value, &mut found);
    assert!(found.is_empty(), "{found:#?} in {value:#}");
}

#[test]
fn every_view_speaks_hindi_but_for_what_the_records_say() {
    use kosha::views::trend::{TrendAnswer, TrendQuery};
    use kosha::views::*;
    let mut desk = Desk::with(Environment { language: Language::Hindi, ..common::environment() });
    desk.take("file.json", LIFE);
    let session = &desk.session;
    let medicines =
        session.medicines(&MedicinesQuery { which: Which::All, ..MedicinesQuery::default() }).unwrap();
    assert_eq!((medicines.medicines.len(), medicines.do_not_take.len()), (2, 1));
    assert_eq!(medicines.medicines[0].warnings.len(), 1);
    all_hindi(&medicines);
    all_hindi(&session.allergies(&AllergiesQuery { all: true, ..AllergiesQuery::default() }).unwrap());
    all_hindi(&session.problems(&ProblemsQuery { which: Which::All, ..ProblemsQuery::default() }).unwrap());
    let vaccinations = session.vaccinations(&VaccinationsQuery::default()).unwrap();
    assert!(
        !vaccinations.due.is_empty()
            && !vaccinations.notices.is_empty()
            && !vaccinations.not_given.is_empty()
    );
    all_hindi(&vaccinations);
    all_hindi(&session.documents(&DocumentsQuery::default()).unwrap());
    for vitals in [false, true] {
        let results = session.results(&results::ResultsQuery { vitals, ..Default::default() }).unwrap();
        assert!(!results.results.is_empty());
        all_hindi(&results);
    }
    let visits = session.visits(&visits::VisitsQuery::default()).unwrap();
    assert!(visits.visits.iter().any(|visit| visit.group == "day"));
    all_hindi(&visits);
    all_hindi(&session.news(&news::NewsQuery::default()).unwrap());
    all_hindi(&session.emergency(None).unwrap());
    for what in ["haemoglobin", "85354-9"] {
        let query = TrendQuery { what: what.to_owned(), ..TrendQuery::default() };
        let TrendAnswer::Trend(trend) = session.trend(&query).unwrap() else { panic!("one thing") };
        all_hindi(&trend);
        let chart = chart::Chart::of(&trend);
        let mut words = Vec::new();
        for line in chart::text::draw(&chart, chart::text::TextStyle::default()) {
            words_of(&line, &mut words);
        }
        let picture = chart::svg::draw(&chart);
        assert!(picture.contains("lang=\"hi\""));
        let texts = picture.split('>').filter_map(|part| part.split_once("</")).map(|(text, _)| text);
        for text in texts {
            words_of(text, &mut words);
        }
        assert!(words.is_empty(), "{words:#?}");
    }
    let query = TrendQuery { what: "718-7".to_owned(), ..TrendQuery::default() };
    let TrendAnswer::Trend(trend) = session.trend(&query).unwrap() else { panic!("one thing") };
    assert_eq!(
        trend.sentence,
        "2023 से 2024 तक 2 नतीजे, सबसे कम 9.4, सबसे ज़्यादा 10.1, आख़िरी नतीजा 5 मार्च 2024 को 10.1 g/dL। 1 रिकॉर्ड चार्ट में नहीं है: \
         उसकी तारीख़ नहीं लिखी है। 1 रिकॉर्ड चार्ट में नहीं है: भेजने वाले ने उसे ग़लती बताकर वापस ले लिया।"
    );
}

#[test]
fn own_entries_details_and_reports_speak_hindi() {
    use kosha::own::{Measured, OwnEntry, OwnWish, What};
    let mut desk = Desk::with(Environment { language: Language::Hindi, ..common::environment() });
    let weight = OwnEntry::Measure(Measured::parse(What::Weight, "72.50 kg").unwrap());
    let card = desk.session.add(&OwnWish::of(weight)).unwrap();
    assert_eq!((card.title.as_str(), card.source.as_deref()), ("वज़न", Some("आपका लिखा हुआ")));
    let vitals = kosha::views::results::ResultsQuery { vitals: true, ..Default::default() };
    assert!(desk.session.results(&vitals).unwrap().results[0].own);
    all_hindi(&card);
    let kosha::show::Shown::Record(shown) = desk.session.show(&card.id).unwrap() else { panic!("a record") };
    for detail in &shown.details {
        assert!(
            !detail.label.is_empty() && !detail.label.contains(|c: char| c.is_ascii_alphabetic()),
            "{}",
            detail.label
        );
    }
    assert!(shown.details.iter().any(|detail| detail.label == "स्थिति" && detail.value == "अंतिम"));

    // The same result of two hospitals, a damaged file, and one that has a record of nobody.
    desk.take("first.json", LIFE);
    let again = LIFE.replace("Sanjeevani", "Asha").replace("urn:uuid:v\"}", "urn:uuid:w\"}");
    desk.take("second.json", &again);
    let told: Vec<_> = desk.records(None).into_iter().flat_map(|record| record.also).collect();
    assert!(!told.is_empty());
    all_hindi(&told);
    let report = desk.take("cut.json", r#"{"resourceType":"Bundle","entry":["#);
    assert_eq!(report.refused.len(), 1);
    let csv = desk
        .take("values.csv", "date,test,value,unit\n2024-13-45,Haemoglobin,9.4,g/dL\n2024-03-05,,9.4,g/dL\n");
    for note in report.refused.iter().chain(&csv.refused).chain(&csv.skipped).chain(&csv.warnings) {
        let mut words = Vec::new();
        words_of(note.text, &mut words);
        assert!(note.text.ends_with('।') && words.is_empty(), "{}: {}", note.reason, note.text);
    }
}
