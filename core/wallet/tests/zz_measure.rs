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
}

fn versions(count: u32, meta: impl Fn(u32) -> String) -> String {
    let entries: Vec<String> = (0..count).map(|n| format!(
        r#"{{"fullUrl":"http://h/Condition/1","resource":{{"resourceType":"Condition",{}"code":{{"text":"Problem {n}"}}}}}}"#, meta(n))).collect();
    format!(r#"{{"resourceType":"Bundle","type":"history","entry":[{}]}}"#, entries.join(","))
}

#[test]
fn measure() {
    let run = |name: &str, text: String| {
        let mut desk = desk();
        let started = std::time::Instant::now();
        let report = desk.take("history.json", &text);
        println!("{name}: {:?} {} {} {}", started.elapsed(), report.stored, report.updated, report.duplicate);
    };
    for count in [750, 1500, 3000] {
        run(&format!("updates {count}"), versions(count, |n| format!(r#""meta":{{"versionId":"{n}"}},"#)));
        run(&format!("separate {count}"), versions(count, |_| String::new()));
        let people: Vec<String> = (0..count).map(|n| format!(r#"{{"resourceType":"Patient","id":"{n}","name":[{{"text":"Person {n}"}}],"birthDate":"1980-01-02"}}"#)).collect();
        run(&format!("people {count}"), people.join("\n"));
    }
}
