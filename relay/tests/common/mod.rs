//! A relay in this process with a clock of ours, and a client that speaks HTTP/1.1 by hand, so that a test sees every byte.
#![allow(dead_code, unreachable_pub)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use kosha_crypto::{LinkSecret, SystemEntropy};
use kosha_relay::{Clock, Config, LogSink, Relay, Running};
use kosha_wire::manifest::{FHIR_JSON, Manifest};
use kosha_wire::relay::{CreateLink, LinkMode, LinkStatus, UploadFile, ViewRecord, Views};

/// 2026-01-01.
pub const START: u64 = 1_767_225_600;
pub const HOUR: u64 = 3600;
pub const DAY: u64 = 24 * HOUR;

/// A clock that stands still until it is moved.
pub struct TestClock(AtomicU64);

impl TestClock {
    pub fn forward(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// Keeps the log for inspection.
#[derive(Default)]
pub struct KeptLog(Mutex<String>);

impl KeptLog {
    pub fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

impl LogSink for KeptLog {
    fn line(&self, line: &str) {
        let mut text = self.0.lock().unwrap();
        text.push_str(line);
        text.push('\n');
    }
}

/// A running relay over a temporary folder.
pub struct World {
    pub folder: tempfile::TempDir,
    pub clock: Arc<TestClock>,
    pub log: Arc<KeptLog>,
    pub running: Option<Running>,
}

impl World {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut world = Self {
            folder: tempfile::tempdir().unwrap(),
            clock: Arc::new(TestClock(AtomicU64::new(START))),
            log: Arc::default(),
            running: None,
        };
        world.start(change);
        world
    }

    pub fn start(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = Config::new(self.folder.path());
        config.clock = Arc::clone(&self.clock) as Arc<dyn Clock>;
        config.log = Arc::clone(&self.log) as Arc<dyn LogSink>;
        change(&mut config);
        self.running = Some(Relay::open(config).unwrap().start("127.0.0.1:0".parse().unwrap()).unwrap());
    }

    pub fn stop(&mut self) {
        self.running.take().unwrap().stop().unwrap();
    }

    pub fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().address()
    }

    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        call(self.address(), method, path, headers, body)
    }

    pub fn create(&self, link: &TestLink) -> Answer {
        self.call("PUT", &link.api(""), &[], &link.create_body())
    }

    pub fn manifest(&self, link: &TestLink, passcode: Option<&str>) -> Answer {
        self.call("POST", &link.path(), &[JSON], &manifest_body("Dr A", passcode, None))
    }

    pub fn status(&self, link: &TestLink) -> LinkStatus {
        let answer = self.managed("GET", link, "");
        assert_eq!(answer.status, 200);
        answer.json()
    }

    pub fn managed(&self, method: &str, link: &TestLink, rest: &str) -> Answer {
        self.call(method, &link.api(rest), &[("authorization", &link.bearer())], b"")
    }

    pub fn views(&self, link: &TestLink, after: u64, wait: u64) -> Vec<(u64, ViewRecord)> {
        let answer = self.managed("GET", link, &format!("/views?after={after}&wait={wait}"));
        assert_eq!(answer.status, 200);
        let opened = answer.json::<Views>().views.into_iter().map(|view| {
            let plain = link.secret.open_view(&view.sealed).unwrap();
            (view.seq, serde_json::from_slice(&plain).unwrap())
        });
        opened.collect()
    }
}

pub const JSON: (&str, &str) = ("content-type", "application/json");

/// A link as a wallet would make it.
pub struct TestLink {
    pub secret: LinkSecret,
    pub create: CreateLink,
}

impl TestLink {
    pub fn new(mode: LinkMode, plaintexts: &[&[u8]]) -> Self {
        let secret = LinkSecret::generate(&SystemEntropy).unwrap();
        let files = plaintexts.iter().map(|plain| UploadFile {
            content_type: FHIR_JSON.to_owned(),
            fhir_version: Some("4.0.1".to_owned()),
            last_updated: Some("2026-01-01T00:00:00Z".to_owned()),
            jwe: seal(&secret, plain),
        });
        let create = CreateLink {
            mode,
            management_hash: secret.management_hash_text(),
            view_key: secret.view_public_text(),
            expires: START + DAY,
            max_views: None,
            passcode: None,
            passcode_attempts: None,
            files: files.collect(),
        };
        Self { secret, create }
    }

    pub fn manifest() -> Self {
        Self::new(LinkMode::Manifest, &[b"{\"resourceType\":\"Bundle\"}"])
    }

    pub fn direct() -> Self {
        Self::new(LinkMode::Direct, &[b"{\"resourceType\":\"Bundle\"}"])
    }

    pub fn with_passcode(mut self, passcode: &str, attempts: u32) -> Self {
        self.create.passcode = Some(passcode.to_owned());
        self.create.passcode_attempts = Some(attempts);
        self
    }

    pub fn with_views(mut self, most: u32) -> Self {
        self.create.max_views = Some(most);
        self
    }

    pub fn path(&self) -> String {
        format!("/l/{}", self.secret.id_text())
    }

    pub fn direct_path(&self) -> String {
        format!("{}?recipient=Dr%20A", self.path())
    }

    pub fn api(&self, rest: &str) -> String {
        format!("/api/v1/links/{}{rest}", self.secret.id_text())
    }

    pub fn bearer(&self) -> String {
        format!("Bearer {}", *self.secret.management_token_text())
    }

    pub fn create_body(&self) -> Vec<u8> {
        serde_json::to_vec(&self.create).unwrap()
    }
}

pub fn seal(secret: &LinkSecret, plain: &[u8]) -> String {
    let header = r#"{"alg":"dir","enc":"A256GCM","cty":"application/fhir+json"}"#;
    secret.seal_jwe(header, plain, &SystemEntropy).unwrap()
}

pub fn manifest_body(recipient: &str, passcode: Option<&str>, longest: Option<u64>) -> Vec<u8> {
    let request = kosha_wire::manifest::ManifestRequest {
        recipient: recipient.to_owned(),
        passcode: passcode.map(str::to_owned),
        embedded_length_max: longest,
    };
    serde_json::to_vec(&request).unwrap()
}

/// An answer, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// The head without its `date` line.
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn manifest(&self) -> Manifest {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()
    }

    pub fn code(&self) -> String {
        self.json::<kosha_wire::relay::RelayError>().code
    }

    /// The path of the n-th file's location.
    pub fn location(&self, n: usize) -> String {
        let location = self.manifest().files[n].location.clone().unwrap();
        location.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).unwrap()
    }
}

pub fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
    stream
}

/// One request on a connection of its own.
pub fn call(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    try_call(address, method, path, headers, body).expect("an answer")
}

/// As [`call`]; `None` when the connection broke.
pub fn try_call(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: relay\r\nconnection: close\r\n");
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    if !body.is_empty() || method == "POST" || method == "PUT" {
        head.extend(["content-length: ", &body.len().to_string(), "\r\n"]);
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).ok()?;
    // A server that refuses early may stop reading; its answer is what counts.
    let _ = stream.write_all(body);
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    parse(&bytes)
}

pub fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|w| w == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let kept: Vec<&str> =
        head.split("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("date:")).collect();
    Some(Answer { status, head: kept.join("\n"), body: bytes[end + 4..].to_vec() })
}

/// Runs `work` on `n` threads that begin together.
pub fn together<T: Send>(n: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let barrier = std::sync::Barrier::new(n);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..n)
            .map(|i| {
                let (barrier, work) = (&barrier, &work);
                scope.spawn(move || {
                    barrier.wait();
                    work(i)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
