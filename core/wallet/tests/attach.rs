//! Files that are in no FHIR: in, found, shown, out again whole and in parts.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may stop")]

mod common;

use std::io::{Read, Seek, SeekFrom};

use common::{Desk, environment, file};
use kosha::attach::{AttachReport, AttachWish};
use kosha::attachment::ByteRange;
use kosha::share::ShareWish;
use kosha::show::Shown;
use kosha::timeline::SearchQuery;
use kosha::{Error, family::NewPerson};

fn attach(desk: &mut Desk, name: &str, bytes: &[u8], wish: AttachWish) -> AttachReport {
    let files = vec![desk.write(name, bytes)];
    desk.session.attach(&AttachWish { files, ..wish }).unwrap()
}

fn pdf(len: usize) -> Vec<u8> {
    b"%PDF-1.7\n".iter().copied().chain((0..len).map(|at| u8::try_from(at * 31 % 251).unwrap())).collect()
}

#[test]
fn a_scan_becomes_a_document_that_is_found_shown_and_comes_out_byte_for_byte() {
    let mut desk = Desk::new();
    let bytes = pdf(300_000);
    let wish = AttachWish {
        title: Some("Discharge letter".to_owned()),
        date: Some("2019-04".to_owned()),
        ..AttachWish::default()
    };
    let report = attach(&mut desk, "scan-0017.pdf", &bytes, wish.clone());
    let kept = &report.attached[0];
    assert_eq!((kept.content_type.as_str(), kept.bytes), ("application/pdf", 300_009));
    assert!(!kept.duplicate);
    assert!(attach(&mut desk, "copy.pdf", &bytes, wish).attached[0].duplicate);

    let card = desk.records(None).remove(0);
    assert_eq!((card.kind, card.title.as_str()), ("document", "Discharge letter"));
    assert_eq!((card.date.as_deref(), card.source.as_deref()), (Some("2019-04"), Some("You")));
    assert_eq!(card.summary, "PDF, 300 KB · scan-0017.pdf");
    for words in ["discharge", "scan 0017"] {
        assert_eq!(desk.session.search(&SearchQuery::words(words)).unwrap().records.len(), 1, "{words}");
    }
    let mut desk = desk.reopen(environment());
    let Shown::Record(shown) = desk.session.show(&card.id).unwrap() else { panic!("a record") };
    assert_eq!((shown.attachments[0].bytes, shown.attachments[0].title.as_str()), (300_009, "scan-0017.pdf"));
    let mut out = Vec::new();
    desk.session.attachment_to(&card.id, 1, None, &mut out).unwrap();
    assert!(out == bytes);
    for (range, expected) in
        [("0-9", &bytes[..10]), ("65530-70000", &bytes[65_530..=70_000]), ("300000-", &bytes[300_000..])]
    {
        let mut out = Vec::new();
        let range: ByteRange = range.parse().unwrap();
        desk.session.attachment_to(&card.id, 1, Some(range), &mut out).unwrap();
        assert!(out == expected);
    }
    let behind = Some(ByteRange { first: 300_009, last: None });
    assert_eq!(desk.session.attachment_to(&card.id, 1, behind, &mut out).unwrap_err(), Error::BadRange);
    assert_eq!(desk.session.attachment_reader(&card.id, 2).unwrap_err(), Error::NoSuchAttachment);
    let mut reader = desk.session.attachment_reader(&card.id, 1).unwrap();
    reader.seek(SeekFrom::End(-4)).unwrap();
    let mut end = Vec::new();
    reader.read_to_end(&mut end).unwrap();
    assert_eq!(end, bytes[300_005..]);

    // The resource is valid FHIR with the content in it, and the hash that the vault holds is of just these bytes.
    let mut original = Vec::new();
    desk.session.original_to(&card.id, &mut original).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&original).unwrap();
    let attachment = &value["content"][0]["attachment"];
    assert_eq!(
        (value["resourceType"].as_str(), value["status"].as_str()),
        (Some("DocumentReference"), Some("current"))
    );
    assert_eq!(
        (attachment["size"].as_u64(), attachment["creation"].as_str()),
        (Some(300_009), Some("2019-04"))
    );
    let again = desk.take("again.json", std::str::from_utf8(&original).unwrap());
    assert_eq!(again.stored, 1);
    assert!(desk.session.check(&mut |_, _| {}).unwrap().ok);
}

#[test]
fn what_is_said_of_a_known_file_later_is_taken_and_the_rest_stays() {
    let mut desk = Desk::new();
    desk.take("1.json", &file("Asha Rao", "1980-01-02", "Cough"));
    let record = desk.records(None)[0].id.clone();
    let bytes = pdf(10_000);
    let asha = AttachWish { person: Some("Asha Rao".to_owned()), ..AttachWish::default() };
    let first = attach(&mut desk, "scan.pdf", &bytes, asha.clone()).attached.remove(0);
    let titled = AttachWish { title: Some("Letter".to_owned()), ..asha.clone() };
    let again = attach(&mut desk, "copy.pdf", &bytes, titled.clone()).attached.remove(0);
    assert_eq!((again.duplicate, again.updated, again.title.as_str()), (true, true, "Letter"));
    assert_eq!(again.id, first.id);
    let dated = AttachWish { date: Some("2018-05".to_owned()), record: Some(record), ..asha.clone() };
    assert!(attach(&mut desk, "copy.pdf", &bytes, dated.clone()).attached[0].updated);
    for wish in [titled, dated, asha] {
        let same = attach(&mut desk, "other.pdf", &bytes, wish).attached.remove(0);
        assert_eq!((same.updated, same.title.as_str()), (false, "Letter"), "nothing new");
    }
    let card = desk.records(None).into_iter().find(|card| card.id == first.id).unwrap();
    assert_eq!((card.title.as_str(), card.date.as_deref()), ("Letter", Some("2018-05")));
    assert_eq!(card.summary, "PDF, 10 KB · scan.pdf", "the file's first name stays");
    let mut out = Vec::new();
    desk.session.original_to(&first.id, &mut out).unwrap();
    let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(value["context"]["related"][0]["display"], "Cough");
    assert_eq!(desk.take("again.json", std::str::from_utf8(&out).unwrap()).stored, 1);
    assert!(desk.session.check(&mut |_, _| {}).unwrap().ok);
}

#[test]
fn whose_it_is_has_to_be_clear_and_what_cannot_be_kept_is_named() {
    let mut desk = Desk::new();
    desk.take("1.json", &file("Asha Rao", "1980-01-02", "Cough"));
    desk.session.add_person(&NewPerson { name: "Ravi".to_owned(), ..NewPerson::default() }).unwrap();
    let path = desk.write("photo.jpg", b"\xff\xd8\xff\xe0 a photo");
    let files = vec![path.clone()];
    let none = AttachWish { files: files.clone(), ..AttachWish::default() };
    assert_eq!(desk.session.attach(&none).unwrap_err(), Error::PersonNeeded);
    let record = desk.records(Some("Asha Rao"))[0].id.clone();
    let wrong = AttachWish { person: Some("Ravi".to_owned()), record: Some(record.clone()), ..none.clone() };
    assert_eq!(desk.session.attach(&wrong).unwrap_err(), Error::SeveralPersons);
    let bad = AttachWish { person: Some("Ravi".to_owned()), date: Some("soon".to_owned()), ..none.clone() };
    assert_eq!(desk.session.attach(&bad).unwrap_err(), Error::BadDate);
    let with_record = AttachWish { record: Some(record), ..none };
    desk.session.attach(&with_record).unwrap();
    assert_eq!(desk.records(Some("Asha Rao")).len(), 2);

    let large = desk.folder.path().join("large.bin");
    std::fs::File::create(&large).unwrap().set_len((1 << 31) + 1).unwrap();
    let many = AttachWish {
        files: vec![desk.write("empty", b""), large, desk.vault(), "missing.pdf".into(), path],
        person: Some("Ravi".to_owned()),
        ..AttachWish::default()
    };
    let report = desk.session.attach(&many).unwrap();
    let reasons: Vec<&str> = report.refused.iter().map(|refused| refused.reason).collect();
    assert_eq!(reasons, ["file-empty", "attachment-too-large", "not-a-file", "file-unreadable"]);
    assert!(report.refused.iter().all(|refused| !refused.text.is_empty()));
    assert_eq!(report.attached.len(), 1, "the good one came in");
    assert_eq!(std::fs::read_dir(desk.vault().join("files")).unwrap().count(), 1, "one content, one file");
}

#[test]
fn a_share_names_the_file_and_leaves_out_what_no_link_can_carry() {
    let mut desk = Desk::new();
    attach(&mut desk, "small.pdf", &pdf(10_000), AttachWish::default());
    attach(&mut desk, "large.pdf", &pdf(16_000_000), AttachWish::default());
    let wish = ShareWish {
        all: true,
        purpose: "Check-up".to_owned(),
        expires: "1d".to_owned(),
        ..ShareWish::default()
    };
    let plan = desk.session.plan_share(&wish).unwrap();
    assert_eq!(plan.review().notices, ["small.pdf has files inside: small.pdf"]);
    let left_out = &plan.review().left_out;
    assert!(left_out.iter().any(|line| line.contains("large.pdf") && line.contains("15 MB")), "{left_out:?}");
    let large = desk.records(None).into_iter().find(|record| record.title == "large.pdf").unwrap();
    let named = ShareWish { all: false, records: vec![large.id], ..wish };
    assert_eq!(desk.session.plan_share(&named).unwrap_err(), Error::TooLarge);
}

#[test]
fn every_file_inside_a_record_has_a_number_however_its_source_wrote_it() {
    let mut desk = Desk::new();
    let small = b"%PDF-1.4 one line";
    let large: Vec<u8> =
        b"%PDF-1.4\n".iter().copied().chain((0..9_000_u32).map(|at| (at % 251) as u8)).collect();
    let encoded = base64(&large);
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let broken = lines.join("\\r\\n");
    let text = format!(
        r#"{{"resourceType":"DocumentReference","status":"current","subject":{{"display":"Asha Rao"}},"content":[
        {{"attachment":{{"contentType":"application/pdf","title":"Small","data":"{}"}}}},
        {{"attachment":{{"contentType":"application/pdf","title":"In lines","data":"{broken}"}}}},
        {{"attachment":{{"contentType":"application/pdf","title":"Apart","data":"{}"}}}}]}}"#,
        base64(small),
        base64(&large),
    );
    desk.take("letters.json", &text);
    let id = desk.records(None)[0].id.clone();
    let Shown::Record(shown) = desk.session.show(&id).unwrap() else { panic!("a record") };
    let listed: Vec<(&str, u64)> =
        shown.attachments.iter().map(|file| (file.title.as_str(), file.bytes)).collect();
    assert_eq!(listed, [("Apart", 9_009), ("Small", 17), ("In lines", 9_009)]);
    for (number, expected) in [(1, &large[..]), (2, &small[..]), (3, &large[..])] {
        let mut out = Vec::new();
        desk.session.attachment_to(&id, number, None, &mut out).unwrap();
        assert!(out == expected, "{number}");
        out.clear();
        desk.session.attachment_to(&id, number, Some("5-16".parse().unwrap()), &mut out).unwrap();
        assert!(out == expected[5..17], "{number}");
    }
    for number in [0, 4] {
        assert_eq!(desk.session.attachment_reader(&id, number).unwrap_err(), Error::NoSuchAttachment);
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// An id says nothing to whoever keeps the letter.
#[test]
fn a_check_names_a_damaged_file_by_the_title_and_date_of_its_record() {
    let mut desk = Desk::new();
    let wish = AttachWish {
        title: Some("Discharge letter".to_owned()),
        date: Some("2019-04-02".to_owned()),
        ..AttachWish::default()
    };
    attach(&mut desk, "scan-0017.pdf", &pdf(300_000), wish);
    assert!(desk.session.check(&mut |_, _| {}).unwrap().ok);
    let folder = desk.vault().join("files");
    let file = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[100_000] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let report = desk.session.check(&mut |_, _| {}).unwrap();
    assert!(!report.ok);
    assert_eq!(report.problems[0].about, ["Discharge letter (2 Apr 2019)"]);
    assert!(!format!("{report:?}").contains("Discharge"));
}
