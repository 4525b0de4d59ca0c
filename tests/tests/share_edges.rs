//! Sharing at its edges, at the command line and against a real relay: values beyond every limit, passcodes in other
//! code points, nobody to ask, nowhere to write.

use kosha_tests::programs::{Kosha, Relay, at_a_relay};
use serde_json::Value;
use std::process::{Output, Stdio};

struct Desk {
    _folder: tempfile::TempDir,
    _relay: Relay,
    kosha: Kosha,
}

fn desk() -> Desk {
    let (folder, relay, kosha) = at_a_relay();
    Desk { _folder: folder, _relay: relay, kosha }
}

const SHARE: [&str; 6] = ["share", "--kind", "problem", "--purpose", "x", "--yes"];

impl Desk {
    fn shares(&self) -> Vec<Value> {
        self.kosha.json(["shares"])["shares"].as_array().unwrap().clone()
    }

    fn share(&self, more: &[&str], passcode: Option<&str>) -> Output {
        let mut command = self.kosha.command(["--json"]);
        command.args(SHARE).args(more).env_remove("KOSHA_PASSCODE");
        if let Some(passcode) = passcode {
            command.env("KOSHA_PASSCODE", passcode);
        }
        command.output().unwrap()
    }
}

fn error(output: &Output) -> (i32, String, String) {
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    let text = |key: &str| error["error"][key].as_str().unwrap().to_owned();
    (output.status.code().unwrap(), text("code"), text("message"))
}

#[test]
fn what_the_relay_would_refuse_is_refused_before_anything_is_recorded() {
    let desk = desk();
    for (more, code) in [
        (["--views", "1000001"], "bad-views"),
        (["--views", "4294967295"], "bad-views"),
        (["--views", "0"], "bad-views"),
        (["--expires", "367d"], "bad-expiry"),
        (["--expires", "53w"], "bad-expiry"),
    ] {
        let (status, found, _) = error(&desk.share(&more, None));
        assert_eq!((status, found.as_str()), (2, code), "{more:?}");
    }
    assert_eq!(desk.shares().len(), 0);
    let log = desk.kosha.json(["log"]);
    assert!(log["entries"].as_array().unwrap().iter().all(|entry| entry["event"] == "import"));
    // The limits themselves are taken.
    let output = desk.share(&["--views", "1000000", "--expires", "366d"], None);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(desk.shares()[0]["state"], "active");
}

#[test]
fn a_passcode_is_the_same_in_all_its_code_points() {
    let desk = desk();
    // One word: letters with their dot apart, letters with it, and what stands after canonical composition.
    let (apart, together) = ("\u{928}\u{93c}\u{91c}\u{93c}मीन", "\u{929}\u{95b}मीन");
    for (set, typed) in [(apart, together), (together, apart)] {
        let made: Value = serde_json::from_slice(&desk.share(&["--passcode"], Some(set)).stdout).unwrap();
        let link = made["share"]["link"].as_str().unwrap();
        let mut view = desk.kosha.command(["--json", "view", link, "--allow-loopback"]);
        let output = view.env("KOSHA_PASSCODE", typed).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn without_anyone_to_ask_for_the_passcode_the_error_speaks_of_the_passcode() {
    let desk = desk();
    let (status, code, message) = error(&desk.share(&["--passcode"], None));
    assert_eq!((status, code.as_str()), (2, "no-passcode"));
    assert!(
        message.contains("KOSHA_PASSCODE") && !message.to_lowercase().contains("passphrase"),
        "{message}"
    );
    assert_eq!(desk.shares().len(), 0);
}

#[test]
fn a_usage_error_in_json_says_all_that_it_says_in_text() {
    let desk = desk();
    let (status, code, message) = error(&desk.kosha.run(["share", "--all"]));
    assert_eq!((status, code.as_str()), (2, "usage"));
    assert!(message.contains("--purpose <TEXT>") && message.contains("Usage:"), "{message}");
    let (_, _, message) = error(&desk.kosha.run(["shares", "--jsn"]));
    assert!(message.contains("--json"), "{message}");
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_named_and_a_closed_one_is_left() {
    let desk = desk();
    let page = desk.kosha.json(["timeline"]);
    let id = page["records"][0]["id"].as_str().unwrap();
    for words in [
        &["--json", "check"][..],
        &["check"],
        &["--json", "timeline"],
        &["--json", "show", id, "--original"],
        &["--json", "show", id, "--document"],
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output =
            desk.kosha.command(words).stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("standard output"), "{said}");
        if words.contains(&"--json") {
            assert_eq!(error(&output).1, "output-not-written");
        }
    }
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    for words in [&["timeline"][..], &["show", id, "--original"]] {
        let stdout = writer.try_clone().unwrap();
        let child = desk.kosha.command(words).stdout(stdout).stderr(Stdio::piped()).spawn().unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &b""[..]));
    }
}
