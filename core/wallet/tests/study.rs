//! Imaging studies: many files, one entry, every file given back as it came.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod common;

use common::Desk;
use kosha::import::ImportWish;
use kosha::same::Study;
use kosha::show::Shown;
use kosha::timeline::{RecordCard, SearchQuery};
use kosha::views::news::NewsQuery;

/// An element in the explicit little-endian syntax (DICOM PS3.5, section 7.1.2).
fn element(group: u16, number: u16, kind: &str, value: &[u8]) -> Vec<u8> {
    let mut value = value.to_vec();
    if value.len() % 2 == 1 {
        value.push(if kind == "UI" { 0 } else { b' ' });
    }
    let mut out = [group.to_le_bytes(), number.to_le_bytes()].concat();
    out.extend(kind.as_bytes());
    if kind == "OW" {
        out.extend([0, 0]);
        out.extend(u32::try_from(value.len()).unwrap().to_le_bytes());
    } else {
        out.extend(u16::try_from(value.len()).unwrap().to_le_bytes());
    }
    out.extend(value);
    out
}

/// One picture of a study.
fn slice(patient: &str, study: &str, series: usize, number: usize) -> Vec<u8> {
    let mut out = vec![0; 128];
    out.extend(b"DICM");
    out.extend(element(2, 0x10, "UI", b"1.2.840.10008.1.2.1"));
    for (group, at, kind, value) in [
        (8, 0x16, "UI", "1.2.840.10008.5.1.4.1.1.2".to_owned()),
        (8, 0x18, "UI", format!("{study}.{series}.{number}")),
        (8, 0x20, "DA", "20240305".to_owned()),
        (8, 0x30, "TM", "101500".to_owned()),
        (8, 0x60, "CS", "CT".to_owned()),
        (8, 0x201, "SH", "+0530".to_owned()),
        (8, 0x1030, "LO", "Abdomen with contrast".to_owned()),
        (0x10, 0x10, "PN", patient.to_owned()),
        (0x10, 0x20, "LO", patient.len().to_string()),
        (0x10, 0x30, "DA", "19800102".to_owned()),
        (0x20, 0xd, "UI", study.to_owned()),
        (0x20, 0xe, "UI", format!("{study}.{series}")),
        (0x20, 0x13, "IS", number.to_string()),
    ] {
        out.extend(element(group, at, kind, value.as_bytes()));
    }
    out.extend(element(0x7fe0, 0x10, "OW", &[u8::try_from(number % 251).unwrap(); 64]));
    out
}

/// Writes files into a folder of their own and imports it.
fn take(desk: &mut Desk, folder: &str, files: &[Vec<u8>]) {
    let path = desk.folder.path().join(folder);
    std::fs::create_dir(&path).unwrap();
    for (number, bytes) in files.iter().enumerate() {
        std::fs::write(path.join(format!("IM{number:05}")), bytes).unwrap();
    }
    let report = desk.session.import(&ImportWish { paths: vec![path], person: None }, &mut ()).unwrap();
    assert_eq!((report.totals.files, report.totals.refused), (files.len(), 0));
}

fn studies(desk: &Desk) -> Vec<RecordCard> {
    desk.records(None).into_iter().filter(|card| card.kind == "imaging").collect()
}

/// The ids of all records of the study that a record is of.
fn parts(desk: &Desk, id: &str) -> Vec<String> {
    let Shown::Record(shown) = desk.session.show(id).unwrap() else { panic!() };
    let mut parts = shown.parts;
    parts.push(id.to_owned());
    parts
}

#[test]
fn many_files_of_two_imports_are_one_entry_and_each_comes_back_as_it_came() {
    let mut desk = Desk::new();
    let files: Vec<Vec<u8>> = (0..90).map(|n| slice("Rao^Asha", "1.2.3", n / 50, n)).collect();
    take(&mut desk, "first", &files[..60]);
    let [only] = <[RecordCard; 1]>::try_from(studies(&desk)).unwrap();
    assert_eq!(only.study, Some(Study { series: 2, images: 60 }));
    take(&mut desk, "second", &files[60..]);
    let desk = desk.reopen(common::environment());
    let [only] = <[RecordCard; 1]>::try_from(studies(&desk)).unwrap();
    assert_eq!(only.study, Some(Study { series: 2, images: 90 }));
    assert_eq!(only.summary, "Abdomen with contrast · 2 series, 90 images");
    assert!(only.also.is_empty(), "a part tells nothing that the others do");
    let mut given: Vec<Vec<u8>> = Vec::new();
    for part in parts(&desk, &only.id) {
        let mut bytes = Vec::new();
        desk.session.document_to(&part, &mut bytes).unwrap();
        given.push(bytes);
        // Each part knows the others.
        assert_eq!(parts(&desk, &part).len(), 90);
    }
    let mut expected = files;
    given.sort();
    expected.sort();
    assert!(given == expected);
}

#[test]
fn a_study_is_found_once_and_is_news_once() {
    let mut desk = Desk::new();
    take(&mut desk, "a", &(0..70).map(|n| slice("Rao^Asha", "1.2.3", 0, n)).collect::<Vec<_>>());
    take(&mut desk, "b", &[slice("Rao^Asha", "1.2.4", 0, 0)]);
    let query = SearchQuery { limit: 5, ..SearchQuery::words("contrast") };
    let found = desk.session.search(&query).unwrap().records;
    let mut counts: Vec<_> = found.iter().map(|card| card.study.map(|study| study.images)).collect();
    counts.sort();
    assert_eq!(counts, [Some(1), Some(70)].map(|n| n.filter(|n| *n > 1)), "two studies, also of one minute");
    let news = desk.session.news(&NewsQuery { since: "2020".to_owned(), ..NewsQuery::default() }).unwrap();
    assert_eq!(news.items.iter().filter(|item| item.record.kind == "imaging").count(), 2);
}

#[test]
fn somebody_of_whom_no_birth_date_is_known_is_one_person_in_all_files_of_a_study() {
    let mut desk = Desk::new();
    let birth = element(0x10, 0x30, "DA", b"19800102");
    let without = |bytes: Vec<u8>| {
        let at = bytes.windows(birth.len()).position(|window| window == birth).unwrap();
        [&bytes[..at], &bytes[at + birth.len()..]].concat()
    };
    let files: Vec<_> = (0..5).map(|n| without(slice("Rao^Asha", "1.2.3", 0, n))).collect();
    take(&mut desk, "a", &files[..3]);
    take(&mut desk, "b", &files[3..]);
    assert_eq!(desk.names().len(), 1);
    assert_eq!(studies(&desk)[0].study, Some(Study { series: 1, images: 5 }));
    // The same name in another study may be somebody else.
    take(&mut desk, "c", &[without(slice("Rao^Asha", "1.2.4", 0, 1))]);
    assert_eq!(desk.names().len(), 2);
}

#[test]
fn two_studies_two_persons_and_files_without_a_number_stay_apart() {
    let mut desk = Desk::new();
    let files = [
        slice("Rao^Asha", "1.2.3", 0, 1),
        slice("Rao^Asha", "1.2.4", 0, 1),
        slice("Marigold^Ravi", "1.2.3", 0, 1),
    ];
    take(&mut desk, "a", &files);
    assert_eq!(studies(&desk).len(), 3);
    assert!(studies(&desk).iter().all(|card| card.study.is_none() && card.also.is_empty()));
}

#[test]
fn a_record_of_the_whole_study_stands_for_its_files() {
    let mut desk = Desk::new();
    take(&mut desk, "a", &(0..3).map(|n| slice("Rao^Asha", "1.2.3", 0, n)).collect::<Vec<_>>());
    let whole = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","name":[{"family":"Rao","given":["Asha"]}],"identifier":[{"value":"8"}]}},
        {"fullUrl":"urn:uuid:s","resource":{"resourceType":"ImagingStudy","status":"available","subject":{"reference":"urn:uuid:p"},
         "identifier":[{"system":"urn:dicom:uid","value":"urn:oid:1.2.3"}],"started":"2024-03-05","description":"Told by the archive",
         "numberOfSeries":1,"numberOfInstances":3}}]}"#;
    let path = desk.write("whole.json", whole.as_bytes());
    let person = desk.session.persons().unwrap().persons[0].id.clone();
    desk.session.import(&ImportWish { paths: vec![path], person: Some(person) }, &mut ()).unwrap();
    let [only] = <[RecordCard; 1]>::try_from(studies(&desk)).unwrap();
    assert!(only.summary.contains("3 images") || only.title.contains("archive"), "{}", only.summary);
    assert_eq!(only.study, Some(Study { series: 1, images: 3 }));
    assert_eq!(parts(&desk, &only.id).len(), 4);
}

#[test]
fn whatever_is_done_with_a_study_is_done_with_all_its_files() {
    let mut desk = Desk::new();
    take(&mut desk, "a", &(0..6).map(|n| slice("Rao^Asha", "1.2.3", 0, n)).collect::<Vec<_>>());
    take(&mut desk, "b", &[slice("Marigold^Ravi", "1.2.9", 0, 1)]);
    let study = studies(&desk).into_iter().find(|card| card.study.is_some()).unwrap();
    let persons = desk.session.persons().unwrap().persons;
    let other = persons.iter().find(|person| person.id != study.person).unwrap().id.clone();
    assert_eq!(desk.session.refile(std::slice::from_ref(&study.id), &other).unwrap().records.len(), 6);
    assert!(studies(&desk).iter().all(|card| card.person == other));

    let all = parts(&desk, &study.id);
    let files: Vec<String> = all
        .iter()
        .map(|part| {
            let Shown::Record(shown) = desk.session.show(part).unwrap() else { panic!() };
            shown.document.unwrap().id
        })
        .collect();
    let plan = desk.session.plan_deletion(&[all[0].clone()]).unwrap();
    assert_eq!(plan.records.len(), 6);
    assert_eq!(desk.session.delete(&[all[0].clone()]).unwrap().deleted, plan);
    assert_eq!(studies(&desk).len(), 1, "the other study stays");
    for (part, file) in all.iter().zip(files) {
        assert!(desk.session.show(part).is_err());
        let mut bytes = Vec::new();
        let given = desk.session.document_to(&file, &mut bytes);
        assert!(given.is_err() && bytes.is_empty(), "the file went with it");
    }
}

#[test]
fn a_part_that_somebody_tells_apart_is_listed_and_deleted_by_itself() {
    let mut desk = Desk::new();
    take(&mut desk, "a", &(0..4).map(|n| slice("Rao^Asha", "1.2.3", 0, n)).collect::<Vec<_>>());
    let lead = studies(&desk).remove(0).id;
    let part = parts(&desk, &lead).remove(0);
    desk.session.tell_apart(&lead, &part).unwrap();
    assert_eq!(studies(&desk).len(), 2);
    assert_eq!(desk.session.plan_deletion(std::slice::from_ref(&part)).unwrap().records.len(), 1);
    assert_eq!(desk.session.plan_deletion(std::slice::from_ref(&lead)).unwrap().records.len(), 3);
    desk.session.tell_together(&lead, &part).unwrap();
    assert_eq!(studies(&desk).len(), 1);
}

#[test]
fn a_file_that_begins_as_a_picture_is_still_of_its_study() {
    let mut desk = Desk::new();
    let mut files: Vec<Vec<u8>> = (0..3).map(|n| slice("Rao^Asha", "1.2.3", 0, n)).collect();
    for file in &mut files[..2] {
        file[..4].copy_from_slice(b"II*\0");
    }
    take(&mut desk, "a", &files);
    let [only] = <[RecordCard; 1]>::try_from(studies(&desk)).unwrap();
    assert_eq!(only.study, Some(Study { series: 1, images: 3 }));
    // Where nothing can be read behind it, it is the picture that it says it is.
    let mut broken = files.remove(0);
    broken.truncate(150);
    let path = desk.write("picture", &broken);
    let report = desk.session.import(&ImportWish { paths: vec![path], person: None }, &mut ()).unwrap();
    assert_eq!((report.totals.stored, report.files[0].warnings[0].reason), (1, "kept-as-document"));
}

#[test]
fn files_of_other_programs_are_joined_by_their_numbers() {
    let named = std::env::var_os("KOSHA_TEST_DATA").map(std::path::PathBuf::from);
    let beside = || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = named.unwrap_or_else(beside).join("fhir/attachments/dicom");
    if !folder.is_dir() {
        return;
    }
    let mut desk = Desk::new();
    take(&mut desk, "own", &[slice("Rao^Asha", "1.2.3", 0, 1)]);
    let person = desk.session.persons().unwrap().persons[0].id.clone();
    let wish = ImportWish { paths: vec![folder], person: Some(person) };
    let report = desk.session.import(&wish, &mut ()).unwrap();
    let studies = studies(&desk);
    let joined: usize = studies.iter().filter_map(|card| card.study).map(|study| study.images).sum();
    assert!(joined >= 10, "several of these files are of one study: {joined}");
    // Each file stands in one study and no other, and none is lost.
    let mut all: Vec<String> = studies.iter().flat_map(|card| parts(&desk, &card.id)).collect();
    let listed = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), listed);
    assert!(listed >= 20 && report.totals.refused <= 3, "{listed}");
}
