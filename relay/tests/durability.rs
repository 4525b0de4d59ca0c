//! What a relay keeps through restarts and kills, and what it never writes down.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

mod common;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use common::{JSON, TestLink, World, call, manifest_body, try_call};
use kosha_relay::{Config, Relay, RelayFailure};
use kosha_wire::relay::{LinkMode, LinkStatus};

#[test]
fn a_restart_keeps_links_views_and_owners() {
    let mut world = World::new();
    let link = TestLink::new(LinkMode::Manifest, &[b"one", &vec![2; 300_000]]).with_views(3);
    let gone = TestLink::manifest();
    world.create(&link);
    world.manifest(&link, None);
    world.managed("DELETE", &gone, "");
    world.stop();
    world.start(|_| {});
    let status = world.status(&link);
    assert_eq!((status.active, status.views, status.views_left), (true, 1, Some(2)));
    assert_eq!(world.views(&link, 0, 0).len(), 1);
    let answer = world.manifest(&link, None);
    assert_eq!(answer.manifest().files[0].embedded.as_ref(), Some(&link.create.files[0].jwe));
    let file = world.call("GET", &answer.location(1), &[], b"");
    assert_eq!(file.body, link.create.files[1].jwe.as_bytes());
    assert_eq!(world.create(&gone).status, 409, "a tombstone outlives the restart");
}

#[test]
fn a_second_relay_stays_out_of_the_folder() {
    let world = World::new();
    assert!(matches!(Relay::open(Config::new(world.folder.path())), Err(RelayFailure::InUse)));
}

#[test]
fn a_foreign_or_damaged_store_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("relay.db");
    std::fs::write(&file, vec![0x5a; 8192]).unwrap();
    assert!(matches!(Relay::open(Config::new(folder.path())), Err(RelayFailure::Store(_))));
    assert_eq!(std::fs::read(&file).unwrap(), vec![0x5a; 8192]);
    std::fs::remove_file(&file).unwrap();
    let other = rusqlite::Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE t (x); PRAGMA user_version = 9").unwrap();
    drop(other);
    assert!(matches!(Relay::open(Config::new(folder.path())), Err(RelayFailure::Store(_))));
}

/// The program itself, in a process that can be killed.
struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    fn start(data: &Path, log: &Path) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(log).unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_kosha-relay"))
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("kosha-relay listening on http://").unwrap().parse().unwrap();
        Self { child, address }
    }

    fn terminate(mut self) -> bool {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.child.wait().unwrap().success()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[test]
fn a_kill_during_creations_loses_nothing_acknowledged_and_leaves_nothing_half() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let sent = Mutex::new(Vec::<(TestLink, bool)>::new());
    let mut acknowledged = 0;
    for round in 0..8_u64 {
        let mut program = Program::start(&data, &log);
        let address = program.address;
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    loop {
                        let mut link = TestLink::new(LinkMode::Manifest, &[b"small", &vec![9; 200_000]]);
                        link.create.expires = now() + 3600;
                        let answer = try_call(address, "PUT", &link.api(""), &[], &link.create_body());
                        let over = answer.is_none();
                        sent.lock().unwrap().push((link, answer.is_some_and(|answer| answer.status == 201)));
                        if over {
                            return;
                        }
                    }
                });
            }
            std::thread::sleep(Duration::from_millis(150 + 37 * round));
            program.child.kill().unwrap();
            program.child.wait().unwrap();
        });
    }
    let program = Program::start(&data, &log);
    for (link, known) in sent.into_inner().unwrap() {
        let answer =
            call(program.address, "POST", &link.path(), &[JSON], &manifest_body("Dr A", None, Some(0)));
        if answer.status == 429 {
            std::thread::sleep(Duration::from_secs(1));
            continue;
        }
        acknowledged += u32::from(known);
        if known || answer.status == 200 {
            for (n, file) in link.create.files.iter().enumerate() {
                let whole = call(program.address, "GET", &answer.location(n), &[], b"");
                assert!(whole.status == 429 || whole.body == file.jwe.as_bytes());
            }
        } else {
            assert_eq!(answer.status, 404);
        }
    }
    assert!(acknowledged > 8, "{acknowledged}");
    assert!(program.terminate(), "it stops cleanly on SIGTERM");
}

#[test]
fn neither_folder_nor_log_holds_what_would_tell() {
    let folder = tempfile::tempdir().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let program = Program::start(&data, &log);
    let plain =
        b"{\"resourceType\":\"Condition\",\"code\":{\"text\":\"canary diagnosis ventricular\"}}".repeat(40);
    let (recipient, passcode) = ("Doktor Kanarienvogel", "passcode-canary-77");
    let mut link = TestLink::new(LinkMode::Manifest, &[&plain, &plain.repeat(40)]).with_passcode(passcode, 5);
    let mut direct = TestLink::new(LinkMode::Direct, &[&plain]);
    (link.create.expires, direct.create.expires) = (now() + 3600, now() + 3600);
    for link in [&link, &direct] {
        assert_eq!(call(program.address, "PUT", &link.api(""), &[], &link.create_body()).status, 201);
    }
    let ask = |passcode: &str| {
        let agent = ("user-agent", "Canary Browser 9");
        call(
            program.address,
            "POST",
            &link.path(),
            &[JSON, agent],
            &manifest_body(recipient, Some(passcode), None),
        )
    };
    assert_eq!(ask("wrong-canary-12").status, 401);
    let answer = ask(passcode);
    let ticket = answer.location(1);
    assert_eq!(call(program.address, "GET", &ticket, &[], b"").status, 200);
    let asked = format!("{}?recipient=Doktor%20Kanarienvogel", direct.path());
    assert_eq!(call(program.address, "GET", &asked, &[], b"").status, 200);
    assert_eq!(call(program.address, "GET", "/v/canary-path", &[], b"").status, 404);
    let bearer = link.bearer();
    let status = call(program.address, "GET", &link.api(""), &[("authorization", &bearer)], b"");
    assert_eq!(status.json::<LinkStatus>().views, 1);

    let mut canaries: Vec<Vec<u8>> =
        [recipient, passcode, "wrong-canary-12", "canary diagnosis", "resourceType", "Canary Browser"]
            .iter()
            .map(|text| text.as_bytes().to_vec())
            .collect();
    canaries.extend([b"Kanarienvogel".to_vec(), b"canary-path".to_vec(), b"127.0.0.1".to_vec()]);
    canaries.push(ticket.trim_start_matches("/f/").as_bytes().to_vec());
    for secret in [&link.secret, &direct.secret] {
        let texts =
            [secret.id_text(), (*secret.key_text()).clone(), (*secret.management_token_text()).clone()];
        for text in texts {
            canaries.push(base64_decoded(&text));
            canaries.push(text.into_bytes());
        }
        // Version, then id, key, token and private view key, 32 bytes each.
        canaries.extend(secret.to_bytes()[1..].chunks(32).map(<[u8]>::to_vec));
    }
    let look = |moment: &str| {
        let mut files: Vec<_> =
            std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.push(log.clone());
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            for canary in &canaries {
                let found = bytes.windows(canary.len()).any(|window| window == canary);
                let what = String::from_utf8_lossy(canary);
                assert!(!found, "{moment}: {what} in {name}");
            }
            let utf16: Vec<u8> = "Kanarienvogel".encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert!(!bytes.windows(utf16.len()).any(|window| window == utf16), "{moment}: {name}");
        }
    };
    look("while it runs");
    assert!(
        std::fs::read_to_string(&log).unwrap().contains(" POST /l/{id} 401 "),
        "there is a log to look at"
    );
    assert!(program.terminate());
    look("after it ended");
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&data).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o700);
}

fn base64_decoded(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap()
}
