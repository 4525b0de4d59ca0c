//! Resources of any shape: nothing panics, and the rules hold.

use kosha_fhir::Kind;
use kosha_fhir::summary::{PatientFields, collection, ips};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::source::{check, input_of, source};

/// Keys at which something happens, and some at which nothing does.
fn key() -> impl Strategy<Value = String> {
    let keys = [
        "reference",
        "_reference",
        "identifier",
        "display",
        "type",
        "subject",
        "patient",
        "contained",
        "resourceType",
        "text",
        "meta",
        "id",
        "section",
        "entry",
        "url",
        "contentType",
        "attachment",
        "extension",
        "valueReference",
        "status",
        "code",
        "coding",
        "clinicalStatus",
        "category",
        "result",
        "performer",
        "actor",
        "medicationReference",
        "focus",
        "name",
        "target",
        "hasMember",
        "resource",
    ];
    prop::sample::select(keys.map(str::to_owned).to_vec())
}

fn leaf() -> impl Strategy<Value = Value> {
    let texts = [
        "urn:uuid:1",
        "urn:uuid:2",
        "urn:uuid:99",
        "Observation/o2",
        "Patient/p",
        "Patient/other",
        "#",
        "#c1",
        "#c9",
        "http://elsewhere.example/Observation/5",
        "Practitioner/7",
        "Observation",
        "Patient",
        "Medication",
        "Composition",
        "entered-in-error",
        "CANARY-outside",
        "<script>",
        "a\u{0}b",
    ];
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(|number| json!(number)),
        prop::sample::select(texts.to_vec()).prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(5, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn resource() -> impl Strategy<Value = Map<String, Value>> {
    let kinds = ["Observation", "Composition", "MedicationRequest", "DiagnosticReport", "Claim", "Unheard"];
    (prop::sample::select(kinds.to_vec()), prop::collection::vec((key(), tree()), 0..10)).prop_map(
        |(kind, fields)| {
            let mut out: Map<String, Value> = fields.into_iter().collect();
            out.insert("resourceType".into(), kind.into());
            out
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_resource_is_written_by_the_rules(first in resource(), second in resource()) {
        let texts = [Value::Object(first).to_string(), Value::Object(second).to_string()];
        let mut sources = vec![
            source(&texts[0], "urn:uuid:1", "one"),
            source(&texts[1], "urn:uuid:2", "one"),
            source(r#"{"resourceType":"Patient","id":"p"}"#, "urn:uuid:3", "one"),
        ];
        for source in &mut sources {
            source.title = "A title".into();
            source.date_text = String::new();
        }
        let patient = PatientFields::default();
        let input = input_of(&sources, &patient, |source| source.kind != Kind::Support);
        let written = ips(&input).unwrap();
        check(&written, 2);
        check(&collection(&input).unwrap(), 2);
    }

    #[test]
    fn any_bytes_are_written_as_something(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut source = source("{}", "", "one");
        source.bytes = bytes;
        let patient = PatientFields::default();
        let sources = [source];
        let input = input_of(&sources, &patient, |_| true);
        check(&ips(&input).unwrap(), 1);
        check(&collection(&input).unwrap(), 1);
    }
}
