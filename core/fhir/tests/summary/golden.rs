//! One invented patient, written both ways, compared byte for byte.
//!
//! `KOSHA_BLESS=1` writes the files anew after an intended change; look at the difference before committing it.

use std::path::{Path, PathBuf};

use kosha_fhir::summary::{Checkpoint, Held, HeldSection, PatientField, PatientFields, collection, ips};
use kosha_fhir::{Kind, Standing};

use crate::source::{check, input, split};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/summary").join(name)
}

#[test]
fn the_golden_share_is_written_as_it_was() {
    let text = std::fs::read_to_string(fixture("source.json")).unwrap();
    let mut sources = split(&text, "visit-1");
    for source in &mut sources {
        if source.title == "Asthma" {
            source.standing = Standing::Refuted;
            source.title = "Ruled out: Asthma".into();
        }
    }
    let patient = PatientFields::from_resource(&sources[0].bytes).only(&PatientField::usual());
    let mut input = input(&sources, &patient);
    // The second allergy stays at home, so the section is withheld; no problem of any kind was shared but the ruled out.
    input.records.retain(|record| record.kind != Kind::Allergy);
    input.held = Held {
        allergies: HeldSection { records: 1, recorded_as_none: false },
        problems: HeldSection { records: 1, recorded_as_none: false },
        medicines: HeldSection { records: 1, recorded_as_none: false },
    };
    input.checkpoint = Some(Checkpoint { note: "kosha log\n7\nabc\n", key_fingerprint: "f1f2" });
    for (name, written) in [("ips.json", ips(&input)), ("collection.json", collection(&input))] {
        let written = written.unwrap();
        let bundle = check(&written, input.records.len());
        let pretty = serde_json::to_string_pretty(&bundle).unwrap() + "\n";
        if std::env::var_os("KOSHA_BLESS").is_some() {
            std::fs::write(fixture(name), &pretty).unwrap();
        }
        assert_eq!(std::fs::read_to_string(fixture(name)).unwrap(), pretty, "{name}");
        assert!(!pretty.contains("CANARY"), "{name} tells what was not shared");
    }
}
