//! `cargo xtask demo`: from a hospital's file to the doctor's page, with the programs as they ship.

use crate::run::{Outcome, built, root};
use crate::test::build;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What happens when the story is told.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum After {
    /// The relay keeps serving until Ctrl-C.
    KeepServing,
    /// Everything is stopped and removed.
    Exit,
}

/// Opens the vault of the sample patient; it is made for this demo and thrown away with it.
const PASSPHRASE: &str = "seven quiet herons";

/// Plays the whole story.
pub(crate) fn run(after: After) -> Outcome {
    build()?;
    let stopped = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stopped);
    ctrlc::set_handler(move || flag.store(true, Ordering::SeqCst)).map_err(|reason| reason.to_string())?;
    let folder = tempfile::tempdir().map_err(|reason| reason.to_string())?;
    let mut relay = Relay::start(&folder.path().join("relay"), after)?;
    let told = tell(folder.path(), &relay.address, after);
    if told.is_ok() && after == After::KeepServing {
        while !stopped.load(Ordering::SeqCst) && relay.runs() {
            std::thread::sleep(Duration::from_millis(100));
        }
    }
    drop(relay);
    told
}

fn tell(folder: &Path, relay: &str, after: After) -> Outcome {
    let kosha = Kosha { vault: folder.join("vault"), relay: relay.to_owned() };
    let samples = root().join("tests").join("fixtures").join("demo");
    heading("A patient makes a vault");
    kosha.show(&["init"])?;
    heading("and brings in what three hospitals gave her");
    kosha.show(&["import", &samples.to_string_lossy()])?;
    heading("Everything is in one timeline");
    kosha.show(&["timeline", "--limit", "16"])?;
    heading("She looks for one thing");
    kosha.show(&["search", "HbA1c", "--limit", "4"])?;
    heading("She shares her records with a doctor for a day: first she sees what will be seen");
    let qr = folder.join("share.png");
    let said = kosha.tell(&[
        "share",
        "--all",
        "--purpose",
        "Second opinion on diabetes",
        "--recipient",
        "Dr. Rao",
        "--expires",
        "1d",
        "--yes",
        "--qr",
        &qr.to_string_lossy(),
    ])?;
    let link = said
        .split_whitespace()
        .find(|word| word.contains("shlink:/"))
        .ok_or("the share printed no link")?
        .to_owned();
    heading("The doctor opens the link");
    kosha.show(&["view", &link, "--recipient", "Dr. Rao", "--allow-loopback"])?;
    heading("The patient sees who looked");
    kosha.show(&["log"])?;
    heading("The doctor's page");
    println!("Open this on this computer: {link}");
    println!("(A phone can open it when the relay has a name and https: see docs/relay.md.)");
    if after == After::KeepServing {
        println!(
            "\nThe relay keeps serving at {relay}. Ctrl-C ends it and removes everything the demo made."
        );
    }
    Ok(())
}

fn heading(text: &str) {
    println!("\n\u{2500}\u{2500} {text}");
}

/// The `kosha` command on the demo's vault.
struct Kosha {
    vault: std::path::PathBuf,
    relay: String,
}

impl Kosha {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(built("kosha"));
        command
            .args(arguments)
            .env("KOSHA_VAULT", &self.vault)
            .env("KOSHA_ANCHOR", self.vault.with_extension("anchors"))
            .env("KOSHA_RELAY", &self.relay)
            .env("KOSHA_PASSPHRASE", PASSPHRASE)
            .stdin(Stdio::null());
        command
    }

    /// Runs a command in view of the reader of the demo.
    fn show(&self, arguments: &[&str]) -> Outcome {
        println!("$ kosha {}", shortened(arguments).join(" "));
        crate::run::succeed(&mut self.command(arguments))
    }

    /// Runs a command in view, and gives back what it printed.
    fn tell(&self, arguments: &[&str]) -> Result<String, String> {
        println!("$ kosha {}", shortened(arguments).join(" "));
        let output = self
            .command(arguments)
            .stderr(Stdio::inherit())
            .output()
            .map_err(|reason| format!("kosha could not be started: {reason}"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        print!("{text}");
        if output.status.success() { Ok(text) } else { Err(format!("kosha ended with {}", output.status)) }
    }
}

/// The arguments as a person would read them: no long paths, no whole link.
fn shortened(arguments: &[&str]) -> Vec<String> {
    arguments
        .iter()
        .map(|word| match word.rsplit_once(std::path::MAIN_SEPARATOR) {
            _ if word.contains("shlink:/") => "LINK".to_owned(),
            Some((_, last)) => last.to_owned(),
            None if word.contains(' ') => format!("\"{word}\""),
            None => (*word).to_owned(),
        })
        .collect()
}

/// The relay, ended when dropped.
struct Relay {
    child: Child,
    address: String,
}

impl Relay {
    /// Starts on the usual port, or on any free one when that is taken or the demo ends at once.
    fn start(data: &Path, after: After) -> Result<Self, String> {
        let wanted = match after {
            After::KeepServing if std::net::TcpListener::bind("127.0.0.1:8787").is_ok() => "127.0.0.1:8787",
            _ => "127.0.0.1:0",
        };
        let mut child = Command::new(built("kosha-relay"))
            .args(["--listen", wanted, "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|reason| format!("kosha-relay could not be started: {reason}"))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).map_err(|reason| reason.to_string())?;
        }
        let address = line.split_whitespace().find(|word| word.starts_with("http://")).map(str::to_owned);
        if let Some(address) = address {
            return Ok(Self { child, address });
        }
        let _ = child.kill();
        let _ = child.wait();
        Err("kosha-relay did not say where it listens".into())
    }

    fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
