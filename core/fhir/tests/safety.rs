//! Nothing refuted, not done, forbidden, cancelled, not taken or entered in error reads as a fact, for any type.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

use kosha_fhir::{Card, Limits, Standing, card_of, read};

const TYPES: [&str; 30] = [
    "AllergyIntolerance",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "MedicationDispense",
    "MedicationAdministration",
    "MedicationOrder",
    "Immunization",
    "ImmunizationRecommendation",
    "Observation",
    "DiagnosticReport",
    "Procedure",
    "Encounter",
    "Composition",
    "DocumentReference",
    "Media",
    "ImagingStudy",
    "ServiceRequest",
    "ProcedureRequest",
    "NutritionOrder",
    "CarePlan",
    "Goal",
    "Appointment",
    "FamilyMemberHistory",
    "DeviceUseStatement",
    "Claim",
    "Consent",
    "QuestionnaireResponse",
    "ClinicalImpression",
    "MoodDiary",
];

fn card(resource_type: &str, members: &str) -> Card {
    let json = format!(
        r#"{{"resourceType":"{resource_type}","code":{{"text":"Substance Q"}},"vaccineCode":{{"text":"Substance Q"}},"title":"Substance Q",
        "medicationCodeableConcept":{{"text":"Substance Q"}},"description":"Substance Q","valueQuantity":{{"value":77,"unit":"mg"}},
        "interpretation":[{{"text":"High"}}],"criticality":"high","dosageInstruction":[{{"text":"Take 77"}}],"dosage":[{{"text":"Take 77"}}],
        "clinicalStatus":{{"coding":[{{"code":"active"}}]}},{members}}}"#
    );
    card_of(json.as_bytes(), &[], &Limits::default()).unwrap()
}

fn no_fact(card: &Card, standing: Standing, word: &str) {
    assert_eq!(card.standing, standing, "{}", card.title);
    assert!(card.title.starts_with(word), "{}", card.title);
    assert!(card.flag.is_none() && card.series.is_none() && card.dosage.is_none(), "{}", card.title);
    assert!(card.chips.is_empty(), "{} {:?}", card.title, card.chips);
}

#[test]
fn entered_in_error_for_every_type_and_every_place_of_a_status() {
    let concept = r#"{"coding":[{"system":"x","code":"entered-in-error"}]}"#;
    for resource_type in TYPES {
        for members in [
            r#""status":"entered-in-error""#.to_owned(),
            r#""status":["entered-in-error"]"#.to_owned(),
            r#""status":"Entered-In-Error""#.to_owned(),
            r#""docStatus":"entered-in-error""#.to_owned(),
            r#""lifecycleStatus":"entered-in-error""#.to_owned(),
            format!(r#""verificationStatus":{concept}"#),
            r#""verificationStatus":"entered-in-error""#.to_owned(),
            r#""verificationStatus":{"text":"Entered in error"}"#.to_owned(),
            r#""status":"entered-in-error","doNotPerform":true"#.to_owned(),
        ] {
            let card = card(resource_type, &members);
            no_fact(&card, Standing::InError, "Entered in error: ");
            assert!(card.line.is_empty() && card.range_text.is_none(), "{resource_type}");
        }
    }
}

#[test]
fn each_negation_by_its_own_word() {
    for (resource_type, members, standing, word) in [
        (
            "Condition",
            r#""verificationStatus":{"coding":[{"code":"refuted"}]}"#,
            Standing::Refuted,
            "Ruled out: ",
        ),
        ("Condition", r#""verificationStatus":"refuted""#, Standing::Refuted, "Ruled out: "),
        (
            "AllergyIntolerance",
            r#""verificationStatus":{"coding":[{"code":"refuted"}]}"#,
            Standing::Refuted,
            "Ruled out: ",
        ),
        ("AllergyIntolerance", r#""status":"refuted""#, Standing::Refuted, "Ruled out: "),
        ("Immunization", r#""status":"not-done""#, Standing::NotDone, "Not given: "),
        ("Immunization", r#""notGiven":true"#, Standing::NotDone, "Not given: "),
        ("Immunization", r#""wasNotGiven":"true""#, Standing::NotDone, "Not given: "),
        ("Procedure", r#""status":"not-done""#, Standing::NotDone, "Not done: "),
        ("Procedure", r#""notPerformed":true"#, Standing::NotDone, "Not done: "),
        ("MedicationAdministration", r#""status":"not-done""#, Standing::NotDone, "Not given: "),
        ("MedicationAdministration", r#""wasNotGiven":true"#, Standing::NotDone, "Not given: "),
        ("MedicationStatement", r#""status":"not-taken""#, Standing::NotTaken, "Not taken: "),
        ("MedicationStatement", r#""wasNotTaken":true"#, Standing::NotTaken, "Not taken: "),
        ("MedicationStatement", r#""taken":"n""#, Standing::NotTaken, "Not taken: "),
        (
            "MedicationStatement",
            r#""adherence":{"code":{"coding":[{"code":"not-taking"}]}}"#,
            Standing::NotTaken,
            "Not taken: ",
        ),
        ("MedicationRequest", r#""doNotPerform":true"#, Standing::DoNotPerform, "Do NOT take: "),
        ("MedicationRequest", r#""doNotPerform":"true""#, Standing::DoNotPerform, "Do NOT take: "),
        ("MedicationRequest", r#""status":"cancelled""#, Standing::Cancelled, "Cancelled: "),
        ("MedicationDispense", r#""status":"declined""#, Standing::Cancelled, "Not given: "),
        ("ServiceRequest", r#""doNotPerform":true"#, Standing::DoNotPerform, "Do NOT do: "),
        ("ServiceRequest", r#""status":"revoked""#, Standing::Cancelled, "Cancelled: "),
        ("Observation", r#""status":"cancelled""#, Standing::Cancelled, "Cancelled: "),
        ("DiagnosticReport", r#""status":"cancelled""#, Standing::Cancelled, "Cancelled: "),
        ("Encounter", r#""status":"cancelled""#, Standing::Cancelled, "Cancelled: "),
        ("Appointment", r#""status":"noshow""#, Standing::Cancelled, "Missed: "),
        ("CarePlan", r#""status":"revoked""#, Standing::Cancelled, "Cancelled: "),
        ("Goal", r#""lifecycleStatus":"rejected""#, Standing::Cancelled, "Declined: "),
        ("ImagingStudy", r#""status":"cancelled""#, Standing::Cancelled, "Cancelled: "),
        ("Claim", r#""status":"cancelled""#, Standing::Cancelled, "Cancelled: "),
        ("Media", r#""status":"not-done""#, Standing::NotDone, "Not done: "),
        ("QuestionnaireResponse", r#""status":"not-done""#, Standing::NotDone, "Not done: "),
        ("MoodDiary", r#""status":"refuted""#, Standing::Refuted, "Ruled out: "),
    ] {
        no_fact(&card(resource_type, members), standing, word);
    }
}

#[test]
fn what_is_only_planned_or_suspected_says_so() {
    for (resource_type, members, standing, word) in [
        (
            "Condition",
            r#""verificationStatus":{"coding":[{"code":"differential"}]}"#,
            Standing::Unconfirmed,
            "Suspected: ",
        ),
        (
            "AllergyIntolerance",
            r#""verificationStatus":{"coding":[{"code":"unconfirmed"}]}"#,
            Standing::Unconfirmed,
            "Not confirmed: ",
        ),
        ("MedicationRequest", r#""status":"active","intent":"proposal""#, Standing::Planned, "Suggested: "),
        ("MedicationRequest", r#""status":"draft","intent":"order""#, Standing::Planned, "Draft: "),
        ("MedicationStatement", r#""status":"intended""#, Standing::Planned, "Planned: "),
        ("ServiceRequest", r#""status":"completed""#, Standing::Planned, "Advised: "),
        ("Encounter", r#""status":"planned""#, Standing::Planned, "Planned: "),
        ("Procedure", r#""status":"preparation""#, Standing::Planned, "Planned: "),
    ] {
        let card = card(resource_type, members);
        assert_eq!(card.standing, standing, "{}", card.title);
        assert!(card.title.starts_with(word), "{}", card.title);
    }
}

#[test]
fn the_safety_file_has_no_fact_in_it() {
    let folder = std::env::var_os("KOSHA_TEST_DATA").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        std::path::PathBuf::from,
    );
    let Ok(bytes) = std::fs::read(folder.join("fhir/edge/generated/entered-in-error.json")) else {
        println!("no safety file; set KOSHA_TEST_DATA");
        return;
    };
    let reading = read(&bytes, &Limits::default()).unwrap();
    for entry in &reading.entries {
        let card = reading.extract(entry.ordinal).unwrap().card;
        assert!(card.standing.negates(), "{}", card.title);
    }
}
