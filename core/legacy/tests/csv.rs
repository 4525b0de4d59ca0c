//! Tables of readings.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop")]

use kosha_fhir::Limits;
use kosha_legacy::{Converted, csv, is_csv, reason_text};
use proptest::prelude::*;
use serde_json::{Value, json};

fn convert(text: &str) -> (Converted, Vec<Value>) {
    convert_bytes(text.as_bytes())
}

fn convert_bytes(bytes: &[u8]) -> (Converted, Vec<Value>) {
    assert!(is_csv(bytes));
    let converted = csv(bytes).unwrap();
    let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
    assert_eq!(reading.entries.len(), converted.resources);
    for entry in &reading.entries {
        let extract = reading.extract(entry.ordinal).unwrap();
        assert!(extract.warnings.is_empty(), "{:?}", extract.warnings);
        assert_eq!(extract.patient, None);
    }
    for left in &converted.left {
        assert!(!reason_text(left.reason).is_empty(), "{}", left.reason);
    }
    let bundle: Value = serde_json::from_slice(&converted.bundle).unwrap();
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let made = entries.iter().map(|entry| entry["resource"].clone()).collect();
    (converted, made)
}

fn code(made: &Value) -> &str {
    made["code"]["coding"][0]["code"].as_str().unwrap_or_default()
}

fn left(converted: &Converted) -> Vec<(usize, &'static str)> {
    converted.left.iter().map(|left| (left.place, left.reason)).collect()
}

#[test]
fn a_table_of_home_readings() {
    let (converted, made) = convert(
        "Date,Time,Glucose (mg/dL),Systolic,Diastolic,Pulse (bpm),Weight (kg),Notes\n\
         2024-03-05,07:30,110.50,120,80,72,70.0,before breakfast\n\
         2024-03-06,,,,,,,\n\
         2024-03-07,,abc,118,,,,\n",
    );
    assert_eq!(left(&converted), [(2, "csv-no-value"), (3, "csv-not-a-number")]);
    assert_eq!(
        made.iter().map(code).collect::<Vec<_>>(),
        ["2339-0", "8867-4", "29463-7", "85354-9", "85354-9"]
    );
    let glucose = &made[0];
    assert_eq!(glucose["valueQuantity"]["value"].to_string(), "110.50");
    assert_eq!(glucose["valueQuantity"]["unit"], "mg/dL");
    assert_eq!(glucose["effectiveDateTime"], "2024-03-05T07:30:00");
    assert_eq!(glucose["note"][0]["text"], "before breakfast");
    assert_eq!(glucose["category"][0]["coding"][0]["code"], "laboratory");
    assert!(glucose.get("subject").is_none() && glucose.get("performer").is_none());
    assert_eq!(made[1]["valueQuantity"]["code"], "/min");
    assert_eq!(made[3]["component"][1]["code"]["coding"][0]["code"], "8462-4");
    assert_eq!(made[4]["component"].as_array().unwrap().len(), 1, "the lower one was not written");
    let reading = kosha_fhir::read(&converted.bundle, &Limits::default()).unwrap();
    let line = reading.extract(3).unwrap().card;
    assert!(format!("{} {}", line.title, line.line).contains("120/80"));
}

#[test]
fn units_decide_codes_and_are_not_guessed() {
    let (_, made) = convert(
        "date,fasting blood sugar mmol/L,Blood Glucose,PPBS (mg/dl),BP,temp_f,SpO2\n2024-03-05,5.6,99,140,118/76,98.6,97%\n",
    );
    assert_eq!(
        made.iter().map(code).collect::<Vec<_>>(),
        ["14771-0", "", "", "8310-5", "59408-5", "85354-9"]
    );
    assert_eq!(made[1]["code"]["text"], "Blood Glucose");
    assert_eq!(made[1]["valueQuantity"], json!({"value": 99}));
    assert_eq!(made[2]["code"]["text"], "PPBS");
    assert_eq!(made[3]["valueQuantity"]["code"], "[degF]");
    assert_eq!(made[4]["valueQuantity"]["unit"], "%");
    assert_eq!(made[5]["component"][0]["valueQuantity"]["value"], 118);
    // A unit that is not one of this reading.
    let (_, made) = convert("date,weight,unit\n2024-03-05,70,mg/dL\n2024-03-06,150,lbs\n");
    assert_eq!(made.iter().map(code).collect::<Vec<_>>(), ["", "29463-7"]);
    assert_eq!(made[1]["valueQuantity"]["unit"], "lbs");
}

#[test]
fn hindi_names_and_the_rows_before_them() {
    let (converted, made) =
        convert("मेरी डायरी\n\nक्रमांक,तारीख,समय,शुगर (mg/dL),वजन (किलो),मन\n1,5 मार्च 2024,07:30,110,70,अच्छा\n");
    assert_eq!(left(&converted), [(1, "csv-column-unknown")]);
    assert_eq!(made.iter().map(code).collect::<Vec<_>>(), ["2339-0", "29463-7"]);
    assert_eq!(made[0]["effectiveDateTime"], "2024-03-05T07:30:00");
    assert_eq!(made[1]["valueQuantity"]["code"], "kg");
}

#[test]
fn a_table_that_names_what_each_row_is_about() {
    let (converted, made) = convert(
        "date,test,value,unit,low,high,flag,note,loinc\n\
         2024-03-05,Haemoglobin,11.40,g/dL,12.0,16.0,L,,718-7\n\
         2024-03-05,HbA1c,6.5,%,,,High,,\n\
         2024-03-05,Blood pressure,120/80,mmHg,,,,,\n\
         2024-03-05,Systolic,121,mmHg,,,,,\n\
         2024-03-05,CRP,<5,mg/L,,,,,bad\n\
         2024-03-05,HBsAg,Negative,,,,,,\n\
         2024-03-05,,5,,,,,,\n\
         2024-03-05,TSH,,,,,,,\n",
    );
    assert_eq!(left(&converted), [(6, "csv-not-a-number"), (7, "csv-no-name"), (8, "csv-no-value")]);
    assert_eq!(made.iter().map(code).collect::<Vec<_>>(), ["718-7", "4548-4", "85354-9", "8480-6", ""]);
    assert_eq!(made[0]["referenceRange"][0]["low"]["value"].to_string(), "12.0");
    assert_eq!(made[0]["interpretation"][0]["coding"][0]["code"], "L");
    assert_eq!(made[1]["interpretation"][0]["text"], "High");
    assert_eq!(made[4]["valueQuantity"]["comparator"], "<");
}

#[test]
fn dates_that_may_be_two_days_are_left() {
    let (converted, made) = convert("date;weight kg\n05/03/2024;70,5\n04/03/2024;71\n");
    assert_eq!(left(&converted), [(1, "csv-date-unclear"), (2, "csv-date-unclear")]);
    assert!(made.is_empty());
    let (converted, made) = convert("date;weight kg\n05/03/2024;70,5\n14/03/2024;71\n15/03/2024;72.5\n;73\n");
    assert_eq!(
        left(&converted),
        [(3, "csv-not-a-number")],
        "a point beside decimal commas may part thousands"
    );
    assert_eq!(made[0]["effectiveDateTime"], "2024-03-05");
    assert_eq!(made[0]["valueQuantity"]["value"].to_string(), "70.5");
    assert!(made[2].get("effectiveDateTime").is_none(), "no date is no other date");
}

#[test]
fn a_comma_in_a_number_groups_its_digits_or_is_left_as_it_stands() {
    let head = "date,test,value,unit,low,high\n";
    let (_, made) = convert(&format!(
        "{head}2024-03-05,Platelets,\"150,000\",/uL,\"1,50,000\",\"4,50,000\"\n2024-03-06,Platelets,\"<1,234.5\",/uL,,\n"
    ));
    assert_eq!(made[0]["valueQuantity"], json!({"value": 150_000, "unit": "/uL"}));
    assert_eq!(made[0]["referenceRange"][0]["low"]["value"], 150_000);
    assert_eq!(made[1]["valueQuantity"]["value"].to_string(), "1234.5");
    // One of them has a comma before a fraction: then `4,100` may be 4.1.
    let (converted, made) = convert(&format!(
        "{head}2024-03-05,Haemoglobin,\"12,5\",g/dL,\"11,5\",\"14,5\"\n2024-03-05,Potassium,\"4,100\",mmol/L,3.5,5.0\n"
    ));
    assert!(converted.left.is_empty());
    assert_eq!(
        (&made[0]["valueString"], &made[1]["valueString"]),
        (&json!("12,5 g/dL"), &json!("4,100 mmol/L"))
    );
    assert_eq!(made[0]["referenceRange"], json!([{"text": "11,5 - 14,5"}]));
    assert_eq!(made[1]["referenceRange"][0]["high"]["value"].to_string(), "5.0");
    // Where a semicolon parts the columns a comma mostly parts fractions.
    let platelets = |value: &str| {
        let (_, made) = convert(&format!("date;test;value;unit\n2024-03-05;Platelets;{value};/uL\n"));
        made[0].clone()
    };
    assert_eq!(platelets("150,000")["valueString"], "150,000 /uL");
    assert_eq!(platelets("1,50,000")["valueQuantity"]["value"], 150_000);
    assert_eq!(platelets("150,5")["valueQuantity"]["value"].to_string(), "150.5");
}

#[test]
fn what_no_body_can_have_is_refused_and_the_rest_comes_in() {
    let (converted, made) = convert(
        "date,pulse,spo2 (%),bp,weight,steps\n\
         2024-03-05,72,97,120/80,70,100\n\
         2024-03-06,-5,97,120/80,,\n\
         2024-03-07,72,0.97 %,80/128,,\n\
         2024-03-08,72,97,120/80,7000,-1\n\
         2024-03-09,,,300/5,,\n",
    );
    assert_eq!(
        left(&converted),
        [
            (2, "csv-not-possible"),
            (3, "csv-not-possible"),
            (3, "csv-pressure-turned"),
            (4, "csv-not-possible"),
            (5, "csv-not-possible")
        ]
    );
    assert_eq!(made.len(), 5 + 2 + 1 + 3);
    let (converted, made) = convert(
        "date,test,value,unit\n\
         2024-03-05,Pulse,-5,bpm\n\
         2024-03-05,Blood pressure,80/128,mmHg\n\
         2024-03-05,Glucose,110,mg/dL\n\
         2024-03-05,Glucose,110,mmol/L\n\
         2024-03-05,Glucose,9000,\n\
         2024-03-05,Weight,9000,stone\n\
         2024-03-05,Base excess,-5,mmol/L\n",
    );
    let refused = left(&converted);
    assert_eq!(
        refused,
        [(1, "csv-not-possible"), (2, "csv-pressure-turned"), (5, "csv-not-possible")],
        "in a unit that is not known nothing is said against a number"
    );
    assert_eq!(made.len(), 4);
}

#[test]
fn digits_of_hindi_are_read_in_numbers_and_dates() {
    let (converted, made) = convert(
        "तारीख,समय,शुगर (mg/dL),बीपी,नोट\n२३/११/२०२६,०७:३०,११०.५०,१२०/८०,कमरा २\n५ मार्च २०२४,,१,५०,,\n",
    );
    assert_eq!(made[0]["effectiveDateTime"], "2026-11-23T07:30:00");
    assert_eq!(made[0]["valueQuantity"]["value"].to_string(), "110.50");
    assert_eq!(made[0]["note"][0]["text"], "कमरा २", "words stay as they are");
    assert_eq!(made[1]["component"][1]["valueQuantity"]["value"], 80);
    assert_eq!(left(&converted), [(2, "csv-not-a-number"), (2, "csv-not-possible")]);
}

#[test]
fn a_row_with_a_cell_too_many_is_refused() {
    let (converted, made) =
        convert("Date,Steps,Weight\n2026-10-20,10,250,72\n2026-10-21,9000,72\n2026-10-22,9000,73,,\n");
    assert_eq!(left(&converted), [(1, "csv-row-cells")]);
    let weights: Vec<_> = made.iter().filter_map(|one| one["valueQuantity"]["value"].as_f64()).collect();
    assert!(!weights.contains(&250.0) && weights.contains(&72.0) && weights.contains(&73.0), "{weights:?}");
}

#[test]
fn a_bound_in_a_column_of_ends_is_told_in_words() {
    let (_, made) = convert("Date,Test,Result,Unit,Low,High\n2026-10-20,CRP,12,mg/L,<5,\n");
    assert_eq!(made[0]["referenceRange"][0], serde_json::json!({"text": "<5"}));
}

#[test]
fn a_row_that_is_there_twice_is_told_once() {
    let (converted, made) = convert(
        "no,date,time,glucose (mg/dL)\n1,2024-03-05,07:30,110\n2,2024-03-05,07:30,110\n3,2024-03-05,08:30,110\n",
    );
    assert_eq!(left(&converted), [(2, "csv-row-repeated")]);
    assert_eq!(made.len(), 2);
}

#[test]
fn encodings_and_separators_of_spreadsheets() {
    let text = "Date\tTemperature (°C)\r\n2024-03-05\t37.2\r\n";
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let western: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let unmarked: Vec<u8> =
        "Date,Weight kg\n2024-03-05,70\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [wide, western, marked] {
        assert_eq!(convert_bytes(&bytes).1[0]["valueQuantity"]["code"], "Cel");
    }
    assert_eq!(convert_bytes(&unmarked).1.len(), 1);
    assert_eq!(convert("\"Date\",\"Weight, kg\"\n\"2024-03-05\",\"70\"\n").1.len(), 1);
}

#[test]
fn what_is_no_table_of_readings_is_not_taken() {
    for other in [
        "",
        "name,phone\nAsha,555\n",
        "date,amount\n2024-03-05,120\n",
        "Dear doctor, my glucose on that date was 110, the weight 70.",
        "name,value\nfoo,1\n",
        "date\n2024-03-05\n",
        "{\"date\":1,\"glucose\":2}",
        "glucose,weight\n1,2\n",
        "%PDF-1.4\n\0\0",
    ] {
        assert!(!is_csv(other.as_bytes()), "{other}");
        assert!(csv(other.as_bytes()).is_err());
    }
    assert_eq!(csv(b"date,glucose\n").unwrap_err().0, "csv-no-readings");
    let many = format!("date,glucose\n{}", "2024-03-05,1\n".repeat(100_100));
    assert_eq!(csv(many.as_bytes()).unwrap_err().0, "too-many-parts");
    let broad = format!("date,glucose{}\n", ",x".repeat(300));
    assert_eq!(csv(broad.as_bytes()).unwrap_err().0, "too-many-parts");
}

proptest! {
    #[test]
    fn every_row_is_a_record_or_is_named(
        cells in prop::collection::vec(("[0-9a-z/ .-]{0,12}", "[0-9.,<>%x ]{0,6}"), 0..40),
        separator in prop_oneof![Just(','), Just(';'), Just('\t')],
    ) {
        let mut text = format!("date{separator}glucose (mg/dL)\n2024-03-05{separator}1\n");
        for (date, value) in &cells {
            text.extend(["\"", date, "\"", &separator.to_string(), "\"", value, "\"\n"]);
        }
        let (converted, made) = convert(&text);
        let blank = cells.iter().filter(|(date, value)| date.trim().is_empty() && value.trim().is_empty()).count();
        prop_assert_eq!(made.len() + converted.left.len() + blank, cells.len() + 1);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,80}") {
        let head = b"date,test,value,unit,glucose,bp\n".as_slice();
        for bytes in [bytes.clone(), [head, &bytes].concat(), [head, text.as_bytes()].concat()] {
            is_csv(&bytes);
            if let Ok(converted) = csv(&bytes) {
                prop_assert!(kosha_fhir::read(&converted.bundle, &Limits::default()).is_ok());
            }
        }
    }
}
