//! `shares --watch` at the command line, against a real relay: each opening is told as it happens, the vault stays free.

use kosha_tests::programs::{Kosha, Relay, at_a_relay};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

struct Desk {
    _folder: tempfile::TempDir,
    _relay: Relay,
    kosha: Kosha,
}

fn desk() -> Desk {
    let (folder, relay, kosha) = at_a_relay();
    Desk { _folder: folder, _relay: relay, kosha }
}

impl Desk {
    /// Runs a command that has to wait while the watcher has the vault open for a moment.
    fn run(&self, words: &[&str]) -> Output {
        let begun = Instant::now();
        loop {
            let output = self.kosha.run(words);
            let busy = String::from_utf8_lossy(&output.stderr).contains("\"in-use\"");
            if !busy || begun.elapsed() > Duration::from_mins(1) {
                return output;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    fn json(&self, words: &[&str]) -> Value {
        let output = self.run(words);
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn share(&self, more: &[&str]) -> Value {
        let words = [&["share", "--kind", "problem", "--purpose", "x", "--yes"], more].concat();
        self.json(&words)["share"].clone()
    }

    fn view(&self, share: &Value, recipient: &str) {
        let link = share["link"].as_str().unwrap();
        self.json(&["view", link, "--allow-loopback", "--recipient", recipient]);
    }

    fn viewed(&self) -> usize {
        let log = self.json(&["log"]);
        log["entries"].as_array().unwrap().iter().filter(|entry| entry["event"] == "viewed").count()
    }
}

/// A watcher at work, ended when dropped.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(desk: &Desk) -> Self {
        let mut command = desk.kosha.command(["--json", "shares", "--watch"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    fn next(&self) -> Value {
        let line = self.lines.recv_timeout(Duration::from_mins(1)).expect("an opening is told");
        serde_json::from_str(&line).unwrap()
    }

    /// Waits for its end: the status and what it still printed.
    fn end(mut self) -> (Option<i32>, Vec<String>) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status.code(), self.lines.iter().collect());
            }
            assert!(begun.elapsed() < Duration::from_mins(2), "it ends by itself");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn told(view: &Value) -> (&str, u64, &str) {
    (view["share"].as_str().unwrap(), view["number"].as_u64().unwrap(), view["recipient"].as_str().unwrap())
}

#[test]
fn each_opening_is_told_as_it_happens_and_the_vault_stays_free() {
    let desk = desk();
    let first = desk.share(&[]);
    let last = desk.share(&["--views", "1"]);
    let (one, two) = (first["id"].as_str().unwrap(), last["id"].as_str().unwrap());
    desk.view(&first, "Dr Rao");
    let watch = Watch::start(&desk);
    assert_eq!(told(&watch.next()), (one, 1, "Dr Rao"), "what was not in the log yet comes first");

    // Another command may be the first to fetch a view: it is told all the same, and logged once.
    desk.view(&first, "Dr Sen");
    assert_eq!(desk.viewed(), 2);
    assert_eq!(told(&watch.next()), (one, 2, "Dr Sen"));
    desk.view(&last, "Dr Iyer");
    assert_eq!(told(&watch.next()), (two, 1, "Dr Iyer"));
    assert_eq!(desk.json(&["persons"])["persons"].as_array().unwrap().len(), 1);
    assert_eq!(desk.viewed(), 3);

    // The one share is used up; once the other is withdrawn there is nothing left to wait for.
    assert_eq!(desk.json(&["revoke", one])["share"]["state"], "revoked");
    assert_eq!(watch.end(), (Some(0), vec![]));
    assert_eq!(desk.viewed(), 3);
    assert_eq!(desk.json(&["check"])["ok"], true);
}

#[test]
fn with_no_active_share_it_ends_at_once() {
    let desk = desk();
    let watch = Watch::start(&desk);
    assert_eq!(watch.end(), (Some(0), vec![]));
}
