//! What the wallet keeps of its relay's word: every view, and the end of a share that never arrived.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use kosha::import::ImportWish;
use kosha::share::ShareWish;
use kosha::{
    Clock, Environment, LockedWallet, Method, RelayAddress, Request, Response, Session, Transport,
    TransportError,
};
use kosha_crypto::digest::sha256;
use kosha_crypto::link::seal_view;
use serde_json::{Value, json};

/// More than two answers with views hold.
const VIEWS: u64 = 1_203;
const HOUR_MS: i64 = 3_600_000;

/// A relay of its own making: takes one link, says that it was viewed often and is used up.
#[derive(Default)]
struct Played {
    offline: AtomicBool,
    view_key: Mutex<String>,
}

impl Transport for Played {
    fn send(&self, request: Request) -> Result<Response, TransportError> {
        if self.offline.load(Ordering::SeqCst) {
            return Err(TransportError::Offline);
        }
        if request.method != Method::Put && self.view_key.lock().unwrap().is_empty() {
            let body = br#"{"code":"no-such-link"}"#.to_vec();
            return Ok(Response { status: 404, headers: Vec::new(), body, elapsed_ms: 1 });
        }
        let body = match request.method {
            Method::Put => {
                let create: Value = serde_json::from_slice(&request.body).unwrap();
                create["viewKey"].as_str().unwrap().clone_into(&mut self.view_key.lock().unwrap());
                json!({})
            }
            Method::Get if request.url.path().ends_with("/views") => self.page(&request),
            _ => json!({"active": false, "expires": 4_000_000_000_u64, "views": VIEWS, "viewsLeft": 0}),
        };
        Ok(Response { status: 200, headers: Vec::new(), body: body.to_string().into_bytes(), elapsed_ms: 1 })
    }
}

impl Played {
    fn page(&self, request: &Request) -> Value {
        let query: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
        let after: u64 = query.iter().find(|(name, _)| name == "after").unwrap().1.parse().unwrap();
        let id = sha256(&[&decoded(request.url.path().split('/').nth(4).unwrap())]);
        let key = self.view_key.lock().unwrap().clone();
        let sealed = |seq: u64| {
            let view = json!({"recipient": "Dr Rao", "minute": 29_000_000}).to_string();
            let sealed = seal_view(&key, &id, view.as_bytes(), &kosha_crypto::SystemEntropy).unwrap();
            json!({"seq": seq, "sealed": sealed})
        };
        let views: Vec<Value> = (after + 1..=VIEWS).take(500).map(sealed).collect();
        json!({ "views": views })
    }
}

fn decoded(text: &str) -> Vec<u8> {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bits, mut held, mut out) = (0_u32, 0, Vec::new());
    for byte in text.bytes() {
        bits = bits << 6 | u32::try_from(alphabet.iter().position(|known| *known == byte).unwrap()).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).unwrap());
        }
    }
    out
}

struct Moved(AtomicI64);

impl Clock for Moved {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

fn desk(folder: &Path) -> (Session, Arc<Played>, Arc<Moved>) {
    let relay = Arc::new(Played::default());
    let clock = Arc::new(Moved(AtomicI64::new(1_767_225_600_000)));
    let address = RelayAddress { url: "http://127.0.0.1:9".to_owned(), token: None };
    let mut environment = Environment::system(Arc::clone(&relay) as Arc<dyn Transport>, address);
    environment.clock = Arc::clone(&clock) as Arc<dyn Clock>;
    let mut session =
        LockedWallet::create(&folder.join("vault"), b"seven quiet herons", environment).unwrap();
    let demo = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/demo");
    session.import(&ImportWish { paths: vec![demo], person: None }, &mut ()).unwrap();
    (session, relay, clock)
}

fn wish() -> ShareWish {
    let (purpose, expires) = ("Check-up".to_owned(), "1h".to_owned());
    ShareWish { kinds: vec!["problem".to_owned()], purpose, expires, ..ShareWish::default() }
}

fn count(session: &Session, event: &str) -> usize {
    session.log().unwrap().entries.iter().filter(|entry| entry.event == event).count()
}

#[test]
fn every_view_of_a_used_up_share_arrives_once() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, _, _) = desk(folder.path());
    let plan = session.plan_share(&wish()).unwrap();
    session.share(plan, None).unwrap();
    assert!(session.refresh_shares().is_complete());
    assert_eq!(session.shares().unwrap().shares[0].state, "used-up");
    assert_eq!(count(&session, "viewed"), usize::try_from(VIEWS).unwrap());
    assert!(session.refresh_shares().is_complete());
    assert_eq!(count(&session, "viewed"), usize::try_from(VIEWS).unwrap());
}

#[test]
fn a_share_that_waits_past_its_end_is_closed_and_never_sent() {
    let folder = tempfile::tempdir().unwrap();
    let (mut session, relay, clock) = desk(folder.path());
    relay.offline.store(true, Ordering::SeqCst);
    let plan = session.plan_share(&wish()).unwrap();
    assert_eq!(session.share(plan, None).unwrap().share.state, "pending");
    clock.0.fetch_add(2 * HOUR_MS, Ordering::SeqCst);
    session.refresh_shares();
    assert_eq!(session.shares().unwrap().shares[0].state, "expired");
    assert_eq!(count(&session, "not-delivered"), 1);
    relay.offline.store(false, Ordering::SeqCst);
    session.refresh_shares();
    assert!(relay.view_key.lock().unwrap().is_empty(), "nothing is sent after the end");
    assert_eq!((count(&session, "not-delivered"), count(&session, "delivered")), (1, 0));
}
