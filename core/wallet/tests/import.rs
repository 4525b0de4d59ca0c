//! Bringing files in, with a real vault: nothing lost, nothing twice, everything back byte for byte.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use kosha::import::{FileReport, ImportReport, ImportWish};
use kosha::timeline::TimelineQuery;
use kosha::{
    Environment, LockedWallet, RelayAddress, Request, Response, Session, Transport, TransportError, Unlock,
};

struct NoNetwork;

impl Transport for NoNetwork {
    fn send(&self, _request: Request) -> Result<Response, TransportError> {
        Err(TransportError::Offline)
    }
}

fn environment() -> Environment {
    let relay = RelayAddress { url: "http://127.0.0.1:9".to_owned(), token: None };
    Environment::system(Arc::new(NoNetwork), relay)
}

struct Desk {
    folder: tempfile::TempDir,
    session: Session,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let session =
        LockedWallet::create(&folder.path().join("vault"), b"seven quiet herons", environment()).unwrap();
    Desk { folder, session }
}

impl Desk {
    fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn import(&mut self, path: &Path) -> ImportReport {
        let wish = ImportWish { paths: vec![path.to_owned()], person: None };
        let report = self.session.import(&wish, &mut ()).unwrap();
        let totals = &report.totals;
        let sum = totals.stored + totals.updated + totals.duplicate + totals.skipped + totals.refused;
        assert_eq!(sum, totals.entries);
        assert_eq!(report.stopped, None);
        report
    }

    fn take(&mut self, name: &str, text: &str) -> FileReport {
        let path = self.write(name, text.as_bytes());
        let mut report = self.import(&path);
        report.files.remove(0)
    }

    fn document(&self, id: &str) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.session.document_to(id, &mut bytes).unwrap();
        bytes
    }

    fn titles(&self) -> Vec<String> {
        let query = TimelineQuery { limit: 1000, ..TimelineQuery::default() };
        self.session.timeline(&query).unwrap().records.into_iter().map(|record| record.title).collect()
    }
}

fn reasons(notes: &[kosha::import::Note]) -> Vec<&'static str> {
    notes.iter().map(|note| note.reason).collect()
}

/// A bundle of known identity with one problem.
fn bundle(patient: &str, problem: &str, meta: &str) -> String {
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","identifier":{{"system":"urn:h","value":"b1"}},"entry":[
  {{"fullUrl":"urn:uuid:p","resource":{{"resourceType":"Patient","name":[{{"text":"{patient}"}}],"birthDate":"1980-01-02"}}}},
  {{"fullUrl":"urn:uuid:c","resource": {{"resourceType":"Condition",{meta}"subject":{{"reference":"urn:uuid:p"}},"code":{{"text":"{problem}"}},"onsetDateTime":"2020-01-01"}} }}]}}"#
    )
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let mut group = [0_u8; 3];
        group[..chunk.len()].copy_from_slice(chunk);
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for at in 0..4 {
            let symbol = ALPHABET[(bits >> (18 - 6 * at)) as usize & 63];
            out.push(if at > chunk.len() { '=' } else { char::from(symbol) });
        }
    }
    out
}

#[test]
fn an_attachment_leaves_the_body_and_everything_comes_back_byte_for_byte() {
    let mut desk = desk();
    let pdf: Vec<u8> =
        b"%PDF-1.4\n".iter().copied().chain((0..20_000_u32).map(|n| n.to_le_bytes()[0])).collect();
    let text = format!(
        "\u{feff}{{\"resourceType\" : \"DocumentReference\",\r\n \"status\":\"current\", \"content\":[{{\"attachment\":{{\"contentType\":\"application/pdf\",\"title\":\"Scan\",\"data\":\"{}\"}}}}], \"x\":7.40 }}\n",
        base64(&pdf)
    );
    let report = desk.take("scan.json", &text);
    assert_eq!((report.stored, report.refused.len()), (1, 0));
    let document = report.document.unwrap();
    assert_eq!(desk.document(&document), text.as_bytes());
    let record = desk.session.timeline(&TimelineQuery::default()).unwrap().records.remove(0);
    let mut original = Vec::new();
    desk.session.original_to(&record.id, &mut original).unwrap();
    assert_eq!(original, text.trim_start_matches('\u{feff}').trim_end().as_bytes());
    let kosha::show::Shown::Record(shown) = desk.session.show(&record.id[..8]).unwrap() else {
        panic!("a record")
    };
    assert_eq!((shown.attachments[0].bytes, shown.attachments[0].title.as_str()), (20_009, "Scan"));
    assert!(desk.session.check(&mut |_, _| {}).unwrap().ok);
}

#[test]
fn the_same_again_is_a_duplicate_a_newer_version_an_update_and_doubt_is_kept_apart() {
    let mut desk = desk();
    let version = |number: u32| format!(r#""meta":{{"versionId":"{number}"}},"#);
    let first = bundle("Asha Rao", "Cough", &version(1));
    assert_eq!(desk.take("1.json", &first).stored, 2);
    let again = desk.take("again.json", &first);
    assert_eq!((again.stored, again.duplicate, reasons(&again.warnings)), (0, 2, vec!["known-file"]));
    let spaced = desk.take("spaced.json", &first.replace('\n', " \n"));
    assert_eq!((spaced.stored, spaced.duplicate), (0, 2));

    let newer = desk.take("2.json", &bundle("Asha Rao", "Pneumonia", &version(2)));
    assert_eq!((newer.stored, newer.updated, newer.duplicate), (0, 1, 1));
    assert_eq!(desk.titles(), ["Pneumonia"]);
    // The older bytes are known from the history; an older version with other bytes is doubt.
    assert_eq!(desk.take("old.json", &first.replace('\n', "  \n")).duplicate, 2);
    let doubt = desk.take("doubt.json", &bundle("Asha Rao", "Asthma", &version(1)));
    assert_eq!((doubt.stored, doubt.updated, reasons(&doubt.warnings)), (1, 0, vec!["separate-version"]));
    assert_eq!(desk.titles().len(), 2);
    assert_eq!(
        desk.document(&newer.document.unwrap()),
        bundle("Asha Rao", "Pneumonia", &version(2)).as_bytes()
    );
    assert_eq!(desk.document(&again.document.unwrap()), first.as_bytes());
}

#[test]
fn people_are_told_apart_and_nothing_is_lost_to_a_bad_entry() {
    let mut desk = desk();
    assert!(desk.take("a.json", &bundle("Asha Rao", "Cough", "")).warnings.is_empty());
    let other = bundle("Ravi Rao", "Fever", "").replace("b1", "b2").replace("1980", "1975");
    assert_eq!(reasons(&desk.take("b.json", &other).warnings), ["new-person"]);
    let persons = desk.session.persons().unwrap().persons;
    assert_eq!(
        persons.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(),
        ["Asha Rao", "Ravi Rao"]
    );
    assert!(persons[0].owner && !persons[1].owner);

    let path = desk.write("c.json", bundle("Third One", "Rash", "").replace("b1", "b3").as_bytes());
    let wish = ImportWish { paths: vec![path], person: Some("ravi rao".to_owned()) };
    let report = desk.session.import(&wish, &mut ()).unwrap();
    assert_eq!(reasons(&report.files[0].warnings), ["other-person"]);
    assert_eq!(desk.session.persons().unwrap().persons.len(), 2);

    let lines = "{\"resourceType\":\"Condition\",\"code\":{\"text\":\"Burn\"}}\nnot json\n{\"resourceType\":\"Condition\",\"code\":{\"text\":\"Cut\"}}\n";
    let report = desk.take("lines.ndjson", lines);
    assert_eq!((report.stored, report.refused.len()), (2, 1));
    assert_eq!(desk.document(&report.document.unwrap()), lines.as_bytes());
}

#[test]
fn bad_lines_are_refused_alone_and_the_file_comes_back_byte_for_byte() {
    let mut desk = desk();
    let good =
        |text: &str| format!(r#"{{"resourceType":"Condition","code":{{"text":"{text}"}}}}"#).into_bytes();
    let lines: [&[u8]; 7] = [
        b"Ren\xe9",
        &good("Burn"),
        b"null",
        b"{\"resourceType\":\"Condition\",\"id\":\"\xff\"}",
        b"[",
        b"",
        &good("Cut"),
    ];
    let bytes = lines.join(&b"\r\n"[..]);
    let path = desk.write("lines.ndjson", &bytes);
    let report = desk.import(&path).files.remove(0);
    assert_eq!((report.stored, report.entries()), (2, 6));
    assert_eq!(
        reasons(&report.refused),
        ["encoding-not-utf8", "not-an-object", "encoding-not-utf8", "truncated"]
    );
    assert_eq!(desk.document(&report.document.unwrap()), bytes);
    assert_eq!(desk.titles().len(), 2);
}

#[test]
fn a_history_in_one_file_ends_with_its_newest_version() {
    let mut desk = desk();
    let entry = |version: u32, text: &str| {
        format!(
            r#"{{"fullUrl":"http://h/Condition/1","resource":{{"resourceType":"Condition","id":"1","meta":{{"versionId":"{version}"}},"code":{{"text":"{text}"}}}}}}"#
        )
    };
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"history","entry":[{},{},{}]}}"#,
        entry(3, "Third"),
        entry(2, "Second"),
        entry(1, "First")
    );
    let report = desk.take("history.json", &text);
    assert_eq!((report.stored, report.updated), (1, 2));
    assert_eq!(desk.titles(), ["Third"]);
    assert_eq!(desk.document(&report.document.unwrap()), text.as_bytes());
}

#[test]
fn a_vault_opens_only_with_its_passphrase_and_for_one_at_a_time() {
    let Desk { folder, session } = desk();
    let dir = folder.path().join("vault");
    let open = |passphrase: &[u8]| {
        LockedWallet::open(&dir, environment())
            .and_then(|wallet| wallet.unlock(&Unlock::Passphrase(passphrase)))
    };
    assert_eq!(open(b"seven quiet herons").unwrap_err(), kosha::Error::InUse);
    drop(session);
    assert_eq!(open(b"seven quiet heron").unwrap_err(), kosha::Error::WrongKey);
    assert!(open(b"seven quiet herons").is_ok());
    let short = LockedWallet::create(&folder.path().join("other"), b"short", environment()).unwrap_err();
    assert_eq!(short, kosha::Error::WeakPassphrase);
}

#[test]
fn many_versions_of_one_record_with_mixed_signs_of_age_come_in() {
    let mut desk = desk();
    let entries: Vec<String> = (0..64)
        .map(|n: u32| {
            let version = if n.is_multiple_of(3) { String::new() } else { format!(r#""versionId":"{}","#, n * 7 % 13) };
            let updated = 1 + n * 11 % 28;
            format!(
                r#"{{"fullUrl":"http://h/Condition/1","resource":{{"resourceType":"Condition","meta":{{{version}"lastUpdated":"2024-01-{updated:02}T00:00:00Z"}},"code":{{"text":"Problem {n}"}}}}}}"#
            )
        })
        .collect();
    let text = format!(r#"{{"resourceType":"Bundle","type":"history","entry":[{}]}}"#, entries.join(","));
    let report = desk.take("history.json", &text);
    assert_eq!((report.stored + report.updated, report.refused.len()), (64, 0));
    assert_eq!(desk.document(&report.document.unwrap()), text.as_bytes());
    let again = desk.take("again.json", &text);
    assert_eq!((again.duplicate, again.entries()), (64, 64));
}

#[test]
fn a_record_of_nobody_in_the_file_is_filed_with_nobody_known() {
    let mut desk = desk();
    let file = |who: &str| {
        format!(
            r#"{{"resourceType":"Bundle","type":"searchset","entry":[
  {{"fullUrl":"urn:uuid:a","resource":{{"resourceType":"Patient","name":[{{"text":"Asha Rao"}}],"birthDate":"1980-01-02"}}}},
  {{"fullUrl":"urn:uuid:b","resource":{{"resourceType":"Patient","name":[{{"text":"Uma Iyer"}}],"birthDate":"1990-01-02"}}}},
  {{"resource":{{"resourceType":"Condition",{who}"code":{{"text":"Cough"}}}}}}]}}"#
        )
    };
    let ravi = desk.take("a.json", &file(r#""subject":{"reference":"Patient/9","display":"Ravi Rao"},"#));
    assert_eq!(reasons(&ravi.warnings), ["several-patients", "new-person", "new-person"]);
    let owner_of = |desk: &Desk, at: usize| {
        let query = TimelineQuery { limit: 10, ..TimelineQuery::default() };
        desk.session.timeline(&query).unwrap().records[at].person.clone()
    };
    let persons = desk.session.persons().unwrap().persons;
    let ravi = persons.iter().find(|person| person.name == "Ravi Rao").unwrap();
    assert_eq!(owner_of(&desk, 0), ravi.id);
    let nobody = desk.take("b.json", &file(""));
    assert_eq!(reasons(&nobody.warnings), ["several-patients", "person-not-named"]);
    assert_eq!(desk.session.persons().unwrap().persons.len(), 3);
}

#[test]
fn a_name_alone_makes_no_two_one_and_what_is_the_same_record_stays_one() {
    let mut desk = desk();
    let born = |text: String| text.replace(r#","birthDate":"1980-01-02""#, "");
    desk.take("a.json", &born(bundle("Asha Rao", "Cough", r#""meta":{"versionId":"1"},"#)));
    let other = desk.take("b.json", &born(bundle("Asha Rao", "Fever", "")).replace("b1", "b2"));
    assert_eq!(reasons(&other.warnings), ["new-person"]);
    // The next version of the same bundle speaks of the same person.
    let newer = desk.take("c.json", &born(bundle("Asha Rao", "Pneumonia", r#""meta":{"versionId":"2"},"#)));
    assert_eq!((newer.updated, newer.duplicate, newer.warnings.len()), (1, 1, 0));
    assert_eq!(desk.session.persons().unwrap().persons.len(), 2);
}

#[test]
fn an_update_never_moves_a_record_to_another_person() {
    let mut desk = desk();
    let version = |number: u32| format!(r#""meta":{{"versionId":"{number}"}},"#);
    let first = bundle("Asha Rao", "Cough", &version(1));
    desk.take("1.json", &first);
    let ravi = bundle("Ravi Rao", "Fever", "").replace("b1", "b2").replace("1980", "1975");
    desk.take("ravi.json", &ravi);
    let moved = bundle("Ravi Rao", "Pneumonia", &version(2)).replace("1980", "1975");
    let report = desk.take("2.json", &moved);
    assert_eq!((report.stored, report.updated), (2, 0));
    assert!(reasons(&report.warnings).contains(&"separate-version"));
    assert!(desk.titles().contains(&"Cough".to_owned()));

    let path = desk.write("again.json", first.as_bytes());
    let wish = ImportWish { paths: vec![path], person: Some("ravi rao".to_owned()) };
    let again = desk.session.import(&wish, &mut ()).unwrap().files.remove(0);
    assert_eq!((again.duplicate, again.stored), (2, 0));
    assert_eq!(reasons(&again.warnings), ["known-file", "filed-with-another-person"]);
}

#[test]
fn what_is_too_large_for_a_header_is_refused_alone_and_told_again() {
    let mut desk = desk();
    let long = "7".repeat(300_000);
    let document = |count: usize| {
        let file = format!(
            r#"{{"attachment":{{"contentType":"text/plain","title":"{}","data":"{}"}}}}"#,
            "\u{0915}".repeat(199),
            base64(&[b'a'; 5000])
        );
        format!(
            r#"{{"resource":{{"resourceType":"DocumentReference","content":[{}]}}}}"#,
            vec![file; count].join(",")
        )
    };
    let text = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[
  {{"resource":{{"resourceType":"Condition","meta":{{"versionId":"{long}"}},"code":{{"text":"Cough","coding":[{{"system":"{long}","code":"{long}"}}]}}}}}},
  {}, 7]}}"#,
        document(400)
    );
    let report = desk.take("large.json", &text);
    assert_eq!((report.stored, reasons(&report.refused)), (2, vec!["not-an-object"]));
    assert_eq!(desk.document(&report.document.unwrap()), text.as_bytes());
    let again = desk.take("large-again.json", &text);
    assert_eq!((again.duplicate, reasons(&again.refused)), (2, vec!["not-an-object"]));
    assert!(desk.session.check(&mut |_, _| {}).unwrap().ok);
}

#[test]
fn what_was_refused_is_refused_again() {
    let mut desk = desk();
    // Named only in passing, the file's own patient does not make this record theirs.
    let text = bundle("Asha Rao", "Cough", r#""asserter":{"reference":"urn:uuid:p"},"#).replace(
        r#""subject":{"reference":"urn:uuid:p"}"#,
        r#""subject":{"reference":"Patient/9","display":"Ravi Rao"}"#,
    );
    for known in [false, true] {
        let report = desk.take("a.json", &text);
        assert_eq!((report.stored, report.duplicate), (usize::from(!known), usize::from(known)));
        assert_eq!(reasons(&report.refused), ["subject-unknown"]);
        assert_eq!(desk.document(&report.document.unwrap()), text.as_bytes());
    }
    assert_eq!(desk.session.persons().unwrap().persons.len(), 1);
}

#[test]
fn the_sample_patient_of_three_hospitals_is_one_person() {
    let mut desk = desk();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/demo");
    let report = desk.import(&folder);
    assert_eq!((report.totals.files, report.totals.refused), (3, 0));
    let persons = desk.session.persons().unwrap().persons;
    assert_eq!(persons.len(), 1);
    assert_eq!(persons[0].name.to_lowercase(), "asha raghunathan");
}

#[test]
fn a_message_from_before_fhir_becomes_records_and_comes_back_as_it_was() {
    let mut desk = desk();
    let message = "MSH|^~\\&|LAB|City Hospital|K|K|20240305101500+0530||ORU^R01|1|P|2.5.1\r\
                   PID|1||77^^^H&1.2.3&ISO^MR||Rao^Asha||19800102|F\r\
                   OBR|1||8|58410-2^Blood count^LN|||20240305\r\
                   OBX|1|NM|718-7^Haemoglobin^LN||11.40|g/dL^^UCUM|12.0-16.0|L|||F\r\
                   OBX|2|NM|||5\r";
    let report = desk.take("result.hl7", message);
    assert_eq!((report.stored, report.refused.len()), (3, 0));
    assert_eq!(report.skipped.len(), 1);
    assert_eq!(report.skipped[0].reason, "hl7-no-code");
    assert!(!report.skipped[0].text.is_empty());
    let records = desk.session.timeline(&TimelineQuery::default()).unwrap().records;
    assert!(records.iter().any(|card| card.title == "Blood count"), "{records:?}");
    let mut original = Vec::new();
    desk.session.document_to(&report.document.unwrap(), &mut original).unwrap();
    assert_eq!(original, message.as_bytes());
    let again = desk.take("again.hl7", message);
    assert_eq!((again.stored, again.duplicate), (0, 3));
}

#[test]
fn a_corrected_value_of_a_message_stands_for_the_one_before() {
    let message = |at: &str, lines: &[&str]| {
        let head = format!("MSH|^~\\&|LAB|City Hospital|K|K|{at}||ORU^R01|1|P|2.5.1");
        let start = [
            head.as_str(),
            "PID|1||77^^^H&1.2.3&ISO^MR||Rao^Asha||19800102|F",
            "OBR|1||8^LAB|58410-2^Blood count^LN|||20240305",
        ];
        [&start, lines].concat().join("\r")
    };
    let final_one = "OBX|1|NM|718-7^Haemoglobin^LN||11.4|g/dL|||||F";
    let corrected = "OBX|2|NM|718-7^Haemoglobin^LN||14.1|g/dL|||||C";
    let deleted = "OBX|1|NM|718-7^Haemoglobin^LN||||||||D";
    // In one file, and in two.
    for files in [
        vec![message("20240305101500+0530", &[final_one, corrected])],
        vec![message("20240305101500+0530", &[final_one]), message("20240306101500+0530", &[corrected])],
    ] {
        let mut desk = desk();
        let mut updated = 0;
        for (at, file) in files.iter().enumerate() {
            updated += desk.take(&format!("{at}.hl7"), file).updated;
        }
        assert_eq!(updated, 1);
        let found: Vec<_> = desk
            .session
            .timeline(&TimelineQuery::default())
            .unwrap()
            .records
            .into_iter()
            .filter(|card| card.title == "Haemoglobin")
            .collect();
        let [card] = found.as_slice() else { panic!("{}", found.len()) };
        assert!(card.summary.contains("14.1"), "{}", card.summary);
        let kosha::show::Shown::Record(shown) = desk.session.show(&card.id).unwrap() else { panic!() };
        let before: Vec<&str> = shown
            .details
            .iter()
            .filter(|detail| detail.label == "Before")
            .map(|detail| detail.value.as_str())
            .collect();
        assert!(
            before.len() == 1 && before[0].contains("11.4 g/dL"),
            "what it said before is told: {before:?}"
        );
        // The same once more changes nothing.
        for (at, file) in files.iter().enumerate() {
            let again = desk.take(&format!("again-{at}.hl7"), file);
            assert_eq!((again.stored, again.updated), (0, 0));
        }
        // Taken back by its sender.
        let report = desk.take("deleted.hl7", &message("20240307", &[deleted]));
        assert_eq!(report.updated, 1);
        assert!(
            desk.session
                .timeline(&TimelineQuery::default())
                .unwrap()
                .records
                .iter()
                .all(|card| card.title != "Haemoglobin")
        );
    }
    // What came in late is not listed beside what replaced it.
    let mut desk = desk();
    desk.take("b.hl7", &message("20240306101500+0530", &[corrected]));
    let late = desk.take("a.hl7", &message("20240305101500+0530", &[final_one]));
    assert_eq!(reasons(&late.skipped), ["replaced-since"]);
    let all = desk.session.timeline(&TimelineQuery::default()).unwrap().records;
    let values: Vec<_> =
        all.iter().filter(|card| card.title == "Haemoglobin").map(|card| &card.summary).collect();
    assert!(values.len() == 1 && values[0].contains("14.1"), "{values:?}");
}

#[test]
fn a_file_in_xml_becomes_records_and_comes_back_as_it_was() {
    let mut desk = desk();
    let file = include_str!("../../fhir/fixtures/xml/records.xml");
    let report = desk.take("records.xml", file);
    assert_eq!((report.stored, report.refused.len()), (3, 0));
    let mut original = Vec::new();
    desk.session.document_to(&report.document.unwrap(), &mut original).unwrap();
    assert_eq!(original, file.as_bytes());
    let again = desk.take("again.xml", file);
    assert_eq!((again.stored, again.updated, again.duplicate), (0, 0, 3));
}
