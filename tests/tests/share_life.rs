//! The life of a share at the command line, against a real relay: agreed to, sent, opened, told, stopped.

use kosha_tests::programs::{Kosha, PASSPHRASE, Relay, at_a_relay};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

struct Desk {
    _folder: tempfile::TempDir,
    relay: Option<Relay>,
    kosha: Kosha,
}

fn desk() -> Desk {
    let (folder, relay, kosha) = at_a_relay();
    Desk { _folder: folder, relay: Some(relay), kosha }
}

impl Desk {
    fn share(&self, words: &[&str]) -> Value {
        let mut all = vec!["share", "--purpose", "Check-up", "--yes"];
        all.extend(words);
        self.kosha.json(all)["share"].clone()
    }

    fn view(&self, link: &str, passcode: Option<&str>) -> Result<Value, (i32, Value)> {
        let mut command =
            self.kosha.command(["--json", "view", link, "--allow-loopback", "--recipient", "Dr Rao"]);
        command.env_remove("KOSHA_PASSCODE");
        if let Some(passcode) = passcode {
            command.env("KOSHA_PASSCODE", passcode);
        }
        let output = command.output().unwrap();
        if output.status.success() {
            return Ok(serde_json::from_slice(&output.stdout).unwrap());
        }
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        Err((output.status.code().unwrap(), error["error"].clone()))
    }

    fn state(&self, share: &Value) -> Value {
        let shares = self.kosha.json(["shares"]);
        let all = shares["shares"].as_array().unwrap();
        all.iter().find(|line| line["id"] == share["id"]).unwrap().clone()
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} in {value}"))
}

#[test]
fn a_share_is_opened_told_and_stopped() {
    let desk = desk();
    let share = desk.share(&["--all", "--recipient", "Dr Rao"]);
    assert_eq!(share["state"], "active");
    assert!(share["records"].as_u64().unwrap() > 100);

    let seen = desk.view(text(&share, "link"), None).unwrap();
    let sections: Vec<&str> =
        seen["sections"].as_array().unwrap().iter().map(|section| text(section, "title")).collect();
    for expected in ["Allergies", "Medicines", "Problems", "Results", "Immunisations"] {
        assert!(sections.contains(&expected), "{expected} in {sections:?}");
    }
    assert!(text(&seen, "patient").starts_with("Asha"));

    let state = desk.state(&share);
    assert_eq!((&state["state"], &state["views"]), (&Value::from("active"), &Value::from(1)));
    let log = desk.kosha.json(["log"]);
    let viewed = log["entries"].as_array().unwrap().iter().find(|entry| entry["event"] == "viewed").unwrap();
    assert!(text(viewed, "detail").contains("Dr Rao") && text(viewed, "detail").contains(text(&share, "id")));

    let revoked = desk.kosha.json(["revoke", text(&share, "id")]);
    assert_eq!(revoked["share"]["state"], "revoked");
    let (status, error) = desk.view(text(&share, "link"), None).unwrap_err();
    assert_eq!((status, text(&error, "code")), (1, "link-ended"));
    let events = desk.kosha.events();
    let order: Vec<&str> = events.iter().map(String::as_str).filter(|event| *event != "import").collect();
    assert_eq!(
        order,
        ["consent-granted", "released", "delivered", "viewed", "consent-withdrawn", "revocation-confirmed"]
    );
    assert_eq!(desk.kosha.json(["revoke", text(&share, "id")])["share"]["state"], "revoked");
    assert_eq!(desk.kosha.json(["check"])["ok"], true);
}

#[test]
fn a_wrong_passcode_tells_the_tries_left_and_views_run_out() {
    let desk = desk();
    let mut command = desk.kosha.command([
        "--json",
        "share",
        "--kind",
        "medicine",
        "--purpose",
        "x",
        "--passcode",
        "--views",
        "1",
        "--yes",
    ]);
    let output = command.env("KOSHA_PASSCODE", "4711-rose").output().unwrap();
    assert!(output.status.success());
    let share: Value = serde_json::from_slice(&output.stdout).unwrap();
    let link = text(&share["share"], "link");

    assert_eq!(text(&desk.view(link, None).unwrap_err().1, "code"), "passcode-needed");
    let (status, first) = desk.view(link, Some("wrong")).unwrap_err();
    let (_, second) = desk.view(link, Some("wrong")).unwrap_err();
    assert_eq!((status, text(&first, "code")), (1, "wrong-passcode"));
    let left = |error: &Value| error["remainingAttempts"].as_u64().unwrap();
    assert_eq!(left(&second) + 1, left(&first));

    let seen = desk.view(link, Some("4711-rose")).unwrap();
    let absent = |title: &str| {
        let sections = seen["sections"].as_array().unwrap();
        sections.iter().find(|section| section["title"] == title).unwrap()["absent"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(absent("Allergies").starts_with("Not part of this share"), "{}", absent("Allergies"));
    assert_eq!(text(&desk.view(link, Some("4711-rose")).unwrap_err().1, "code"), "link-ended");
    assert_eq!(desk.state(&share["share"])["state"], "used-up");
}

#[test]
fn a_direct_link_gives_the_same_records_as_one_file() {
    let desk = desk();
    let share = desk.share(&["--kind", "allergy", "--direct"]);
    let seen = desk.view(text(&share, "link"), None).unwrap();
    let allergies =
        seen["sections"].as_array().unwrap().iter().find(|section| section["title"] == "Allergies").unwrap();
    assert_eq!(allergies["entries"].as_array().unwrap().len(), 2);
    let original = desk
        .kosha
        .command(["view", text(&share, "link"), "--allow-loopback", "--original"])
        .output()
        .unwrap();
    let bundle: Value = serde_json::from_slice(&original.stdout).unwrap();
    assert_eq!(
        (&bundle["resourceType"], &bundle["type"]),
        (&Value::from("Bundle"), &Value::from("collection"))
    );
}

#[test]
fn without_the_relay_a_share_waits_and_a_withdrawal_is_not_yet_confirmed() {
    let mut desk = desk();
    let share = desk.share(&["--kind", "problem"]);
    desk.relay = None;
    let output = desk.kosha.run(["share", "--kind", "problem", "--purpose", "later", "--yes"]);
    let waiting: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &waiting["share"]["state"]), (Some(3), &Value::from("pending")));
    let output = desk.kosha.run(["revoke", text(&share, "id")]);
    let revoked: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &revoked["share"]["state"]), (Some(3), &Value::from("revoking")));
    assert_eq!(desk.state(&share)["state"], "revoking");
    assert_eq!(desk.kosha.json(["check"])["ok"], true);
}

#[test]
fn what_is_not_understood_ends_with_two_and_what_is_locked_with_four() {
    let desk = desk();
    for (words, code) in [
        (vec!["share", "--purpose", "x", "--yes"], "nothing-chosen"),
        (vec!["share", "--all", "--purpose", "x", "--expires", "soon", "--yes"], "bad-expiry"),
        (vec!["share", "--kind", "wonder", "--purpose", "x", "--yes"], "bad-kind"),
        (vec!["timeline", "--from", "yesterday"], "bad-date"),
        (vec!["timeline", "--after", "x"], "bad-cursor"),
        (vec!["timeline", "--no-such-option"], "usage"),
        (vec!["nonsense"], "usage"),
    ] {
        let (status, error) = desk.kosha.error(words.clone());
        assert_eq!((status, text(&error, "code")), (2, code), "{words:?}");
    }
    for (words, code) in [
        (vec!["show", "00000000"], "no-such-record"),
        (vec!["revoke", "00000000"], "no-such-share"),
        (vec!["init"], "vault-exists"),
        (vec!["view", "hello"], "bad-link"),
        (
            vec![
                "view",
                "shlink:/eyJ1cmwiOiJodHRwczovLzEwLjAuMC4xL3giLCJrZXkiOiJBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBIn0",
            ],
            "bad-link",
        ),
    ] {
        let (status, error) = desk.kosha.error(words.clone());
        assert_eq!((status, text(&error, "code")), (1, code), "{words:?}");
    }
    let locked = desk
        .kosha
        .command(["--json", "persons"])
        .env("KOSHA_PASSPHRASE", "not the right one")
        .output()
        .unwrap();
    let error: Value = serde_json::from_slice(&locked.stderr).unwrap();
    assert_eq!((locked.status.code(), text(&error["error"], "code")), (Some(4), "wrong-key"));
    let (status, error) = Kosha::on(Path::new("/nonexistent/vault")).error(["persons"]);
    assert_eq!((status, text(&error, "code")), (1, "no-vault"));
}

/// What happens to requests on their way to the relay.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Open,
    /// They arrive; the answer to an upload is lost.
    UploadAnswersLost,
    /// Uploads are refused with 401 before they reach the relay.
    UploadsRefused,
    /// Everything is refused with 401 before it reaches the relay.
    AllRefused,
    /// Withdrawals meet a 404 that is not the relay's.
    WithdrawalsLost,
}

/// Stands between wallet and relay.
struct Between {
    address: String,
    way: Arc<Mutex<Way>>,
    /// How many withdrawals came by.
    withdrawals: Arc<AtomicUsize>,
}

impl Between {
    fn start(relay: &Relay) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let relay = relay.address.trim_start_matches("http://").to_owned();
        let way = Arc::new(Mutex::new(Way::Open));
        let withdrawals = Arc::new(AtomicUsize::new(0));
        let (shared, counted) = (Arc::clone(&way), Arc::clone(&withdrawals));
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let way = *shared.lock().unwrap();
                pass(client, &relay, way, &counted);
            }
        });
        Self { address, way, withdrawals }
    }

    fn set(&self, way: Way) {
        *self.way.lock().unwrap() = way;
    }

    fn withdrawals(&self) -> usize {
        self.withdrawals.load(Ordering::SeqCst)
    }
}

/// Carries one request and its answer.
fn pass(mut client: TcpStream, relay: &str, way: Way, withdrawals: &AtomicUsize) {
    let mut request = Vec::new();
    let mut buffer = vec![0; 65_536];
    let complete = |request: &[u8]| {
        let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
        let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
        request.len() >= end + 4 + length.map_or(0, |length| length.trim().parse::<usize>().unwrap())
    };
    while !complete(&request) {
        let count = client.read(&mut buffer).unwrap();
        if count == 0 {
            return;
        }
        request.extend_from_slice(&buffer[..count]);
    }
    let upload = request.starts_with(b"PUT ");
    if request.starts_with(b"DELETE ") {
        withdrawals.fetch_add(1, Ordering::SeqCst);
    }
    let refuse = |client: &mut TcpStream, status: &str| {
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno");
        client.write_all(answer.as_bytes()).unwrap();
    };
    match way {
        Way::AllRefused => return refuse(&mut client, "401 Unauthorized"),
        Way::UploadsRefused if upload => return refuse(&mut client, "401 Unauthorized"),
        Way::WithdrawalsLost if request.starts_with(b"DELETE ") => {
            return refuse(&mut client, "404 Not Found");
        }
        _ => {}
    }
    let line = request.windows(2).position(|two| two == b"\r\n").unwrap() + 2;
    let mut server = TcpStream::connect(relay).unwrap();
    let close: &[u8] = b"connection: close\r\n";
    server.write_all(&[&request[..line], close, &request[line..]].concat()).unwrap();
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).unwrap();
    if upload && way == Way::UploadAnswersLost {
        let _ = client.shutdown(Shutdown::Both);
    } else {
        let _ = client.write_all(&answer);
    }
}

/// A desk whose way to its relay can be disturbed.
fn disturbed() -> (Desk, Between) {
    let mut desk = desk();
    let between = Between::start(desk.relay.as_ref().unwrap());
    let relay = desk.relay.as_mut().unwrap();
    relay.address.clone_from(&between.address);
    desk.kosha = Kosha::on(desk.kosha.vault()).with_relay(relay);
    (desk, between)
}

#[test]
fn a_share_that_arrived_is_not_called_failed_when_its_repetition_is_refused() {
    let (desk, between) = disturbed();
    between.set(Way::UploadAnswersLost);
    let words = ["share", "--kind", "problem", "--purpose", "x", "--yes"];
    let output = desk.kosha.run(words);
    let waiting: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &waiting["share"]["state"]), (Some(3), &Value::from("pending")));
    // Whoever refuses everything has not said that the link is dead.
    between.set(Way::AllRefused);
    assert_eq!(desk.state(&waiting["share"])["state"], "pending");
    between.set(Way::UploadsRefused);
    assert_eq!(desk.state(&waiting["share"])["state"], "active");
    desk.view(text(&waiting["share"], "link"), None).unwrap();

    // What never arrived is refused at once, and nothing is left to be opened.
    let (status, error) = desk.kosha.error(words);
    assert_eq!((status, text(&error, "code")), (1, "upload-token-needed"));
    assert!(text(&error, "message").contains("KOSHA_RELAY_TOKEN"));
    assert_eq!(desk.kosha.json(["shares"])["shares"][0]["state"], "failed");
}

#[test]
fn a_404_on_the_way_confirms_no_withdrawal() {
    let (desk, between) = disturbed();
    let share = desk.share(&["--kind", "problem"]);
    desk.view(text(&share, "link"), None).unwrap();
    between.set(Way::WithdrawalsLost);
    let output = desk.kosha.run(["revoke", text(&share, "id")]);
    let revoked: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((output.status.code(), &revoked["share"]["state"]), (Some(3), &Value::from("revoking")));
    desk.view(text(&share, "link"), None).unwrap();
    between.set(Way::Open);
    let state = desk.state(&share);
    assert_eq!((&state["state"], &state["views"]), (&Value::from("revoked"), &Value::from(2)));
    assert_eq!(desk.kosha.events().iter().filter(|event| *event == "viewed").count(), 2);
    assert_eq!(text(&desk.view(text(&share, "link"), None).unwrap_err().1, "code"), "link-ended");
}

#[test]
fn withdrawing_what_never_arrived_is_recorded_and_said_to_the_relay_once() {
    let (desk, between) = disturbed();
    between.set(Way::UploadsRefused);
    desk.kosha.error(["share", "--kind", "problem", "--purpose", "x", "--yes"]);
    let failed = desk.kosha.json(["shares"])["shares"][0].clone();
    assert_eq!((&failed["state"], between.withdrawals()), (&Value::from("failed"), 0));

    between.set(Way::WithdrawalsLost);
    let revoked = desk.kosha.json(["revoke", text(&failed, "id")]);
    assert_eq!((&revoked["share"]["state"], between.withdrawals()), (&Value::from("failed"), 1));
    assert_eq!(desk.state(&failed)["state"], "failed");
    desk.kosha.json(["log"]);
    assert_eq!(between.withdrawals(), 1, "nobody waits for an answer about a link that never was");

    between.set(Way::Open);
    assert_eq!(desk.kosha.json(["revoke", text(&failed, "id")])["share"]["state"], "revoked");
    let count = |event: &str| desk.kosha.events().iter().filter(|found| *found == event).count();
    assert_eq!((count("consent-withdrawn"), count("revocation-confirmed")), (1, 1));
    assert_eq!(desk.kosha.json(["check"])["ok"], true);
}

/// This machine's clock, so many milliseconds ahead.
struct Ahead(i64);

impl kosha::Clock for Ahead {
    fn now_ms(&self) -> i64 {
        kosha::Clock::now_ms(&kosha::SystemClock) + self.0
    }
}

#[test]
fn a_withdrawal_without_an_answer_ends_with_the_time_of_the_share() {
    let (desk, between) = disturbed();
    let share = desk.share(&["--kind", "problem", "--expires", "1h"]);
    desk.view(text(&share, "link"), None).unwrap();
    between.set(Way::WithdrawalsLost);
    assert_eq!(desk.kosha.run(["revoke", text(&share, "id")]).status.code(), Some(3));
    assert_eq!(desk.state(&share)["state"], "revoking");
    desk.view(text(&share, "link"), None).unwrap();
    {
        let relay = kosha::RelayAddress { url: between.address.clone(), token: None };
        let transport = Arc::new(kosha::http::HttpTransport::new().unwrap());
        let mut environment = kosha::Environment::system(transport, relay);
        environment.clock = Arc::new(Ahead(2 * 3_600_000));
        let wallet = kosha::LockedWallet::open(desk.kosha.vault(), environment).unwrap();
        let mut session = wallet.unlock(&kosha::Unlock::Passphrase(PASSPHRASE.as_bytes())).unwrap();
        assert_eq!(session.shares().unwrap().shares[0].state, "expired");
        let before = between.withdrawals();
        session.refresh_shares();
        session.refresh_shares();
        assert_eq!(between.withdrawals(), before + 1, "told once more, and no more after that");
    }
    assert_eq!(desk.state(&share)["state"], "expired");
    let viewed = || desk.kosha.events().iter().filter(|event| *event == "viewed").count();
    assert_eq!(viewed(), 2);
    // Whoever wants to be sure asks again.
    between.set(Way::Open);
    assert_eq!(desk.kosha.json(["revoke", text(&share, "id")])["share"]["state"], "revoked");
    assert_eq!(viewed(), 2);
    assert_eq!(text(&desk.view(text(&share, "link"), None).unwrap_err().1, "code"), "link-ended");
}

#[test]
fn a_withdrawn_nothing_known_is_no_nothing_known() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(&folder.path().join("relay"), &folder.path().join("relay.log"));
    let absent = |status: &str| {
        let bundle = serde_json::json!({"resourceType": "Bundle", "type": "collection", "entry": [
            {"fullUrl": "urn:uuid:00000000-0000-4000-8000-000000000001", "resource":
                {"resourceType": "Patient", "id": "p", "name": [{"text": "Asha Rao"}], "birthDate": "1980-01-01"}},
            {"resource": {"resourceType": "Condition", "id": "c", "code": {"text": "Asthma"},
                "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"}}},
            {"resource": {"resourceType": "List", "id": "l", "status": status, "mode": "snapshot",
                "subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
                "code": {"coding": [{"system": "http://loinc.org", "code": "48765-2"}]},
                "emptyReason": {"coding": [{"code": "nilknown"}]}}}
        ]});
        let file = folder.path().join(format!("{status}.json"));
        std::fs::write(&file, bundle.to_string()).unwrap();
        let kosha = Kosha::init(folder.path().join(status)).with_relay(&relay);
        kosha.json(["import".as_ref(), file.as_os_str()]);
        let share = kosha.json(["share", "--kind", "problem", "allergy", "--purpose", "x", "--yes"]);
        let seen = kosha.json(["view", text(&share["share"], "link"), "--allow-loopback"]);
        let sections = seen["sections"].as_array().unwrap().clone();
        let allergies = sections.iter().find(|section| section["title"] == "Allergies").unwrap();
        text(allergies, "absent").to_owned()
    };
    assert_eq!(absent("current"), "Recorded as none by a source.");
    assert_ne!(absent("entered-in-error"), "Recorded as none by a source.");
}

#[test]
fn a_picture_that_cannot_be_written_stops_the_share_before_it_begins() {
    let desk = desk();
    let path = desk.kosha.vault().join("no-such-folder/code.png");
    let (status, error) = desk.kosha.error([
        "share".as_ref(),
        "--all".as_ref(),
        "--purpose".as_ref(),
        "x".as_ref(),
        "--yes".as_ref(),
        "--qr".as_ref(),
        path.as_os_str(),
    ]);
    assert_eq!((status, text(&error, "code")), (1, "file-no-folder"));
    assert!(
        text(&error, "message").contains("does not exist")
            && text(&error, "message").contains("Nothing was shared")
    );
    assert_eq!(desk.kosha.json(["shares"])["shares"].as_array().unwrap().len(), 0);
    let photo = desk.kosha.vault().with_file_name("photo.png");
    std::fs::write(&photo, b"a photo").unwrap();
    let words = ["share", "--all", "--purpose", "x", "--yes", "--qr", photo.to_str().unwrap()];
    assert_eq!(text(&desk.kosha.error(words).1, "code"), "file-exists");
    assert_eq!(std::fs::read(&photo).unwrap(), b"a photo");
    #[cfg(target_os = "linux")]
    {
        // A link to a device that is always full takes the file and refuses its content.
        let full = desk.kosha.vault().with_file_name("full.svg");
        std::os::unix::fs::symlink("/dev/full", &full).unwrap();
        let words = ["--json", "share", "--kind", "problem", "--purpose", "x", "--yes", "--qr"];
        let output = desk.kosha.command(words).arg(&full).output().unwrap();
        let shared: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(text(&shared["share"], "link").contains("shlink:/"));
        let error: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!((output.status.code(), text(&error["error"], "code")), (Some(3), "qr-not-written"));
    }
}
