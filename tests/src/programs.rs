//! The programs under test, started as a person starts them.

use serde_json::Value;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Once;

/// Opens every vault of these tests.
pub const PASSPHRASE: &str = "seven quiet herons";

/// Where a built program is; builds both programs once per run, so that no test meets an old one.
pub fn program(name: &str) -> PathBuf {
    static BUILT: Once = Once::new();
    BUILT.call_once(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(["build", "--quiet", "--package", "kosha-cli", "--package", "kosha-relay"])
            .args((!cfg!(debug_assertions)).then_some("--release"))
            .current_dir(root())
            .status()
            .expect("cargo runs");
        assert!(status.success(), "the programs under test do not build");
    });
    let test = std::env::current_exe().expect("a test knows its own path");
    let folder = test.parent().and_then(Path::parent).expect("target/<profile>/deps/<test>");
    folder.join(name)
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ is in the repository").to_path_buf()
}

/// The sample patient's files.
pub fn samples() -> PathBuf {
    root().join("tests/fixtures/demo")
}

/// Outside test data, where there is some; says in one line when there is none.
pub fn test_data() -> Option<PathBuf> {
    let folder =
        std::env::var_os("KOSHA_TEST_DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: KOSHA_TEST_DATA names no folder");
    None
}

/// The `kosha` command on one vault.
#[derive(Debug, Clone)]
pub struct Kosha {
    vault: PathBuf,
    relay: Option<String>,
}

impl Kosha {
    /// On a vault that is there or is still to be made.
    pub fn on(vault: impl Into<PathBuf>) -> Self {
        Self { vault: vault.into(), relay: None }
    }

    /// Makes a vault at `vault`.
    pub fn init(vault: impl Into<PathBuf>) -> Self {
        let kosha = Self::on(vault);
        kosha.json(["init"]);
        kosha
    }

    /// The same vault, sharing through this relay.
    #[must_use]
    pub fn with_relay(mut self, relay: &Relay) -> Self {
        self.relay = Some(relay.address.clone());
        self
    }

    /// The folder of the vault.
    pub fn vault(&self) -> &Path {
        &self.vault
    }

    /// Where the command keeps anchors: beside the vault.
    pub fn anchors(&self) -> PathBuf {
        self.vault.with_extension("anchors")
    }

    /// A command that is ready to be started; not in JSON.
    pub fn command<I, S>(&self, words: I) -> Command
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let mut command = Command::new(program("kosha"));
        command
            .args(words)
            .env("KOSHA_VAULT", &self.vault)
            .env("KOSHA_ANCHOR", self.anchors())
            .env("KOSHA_PASSPHRASE", PASSPHRASE)
            .stdin(Stdio::null());
        match &self.relay {
            Some(address) => command.env("KOSHA_RELAY", address),
            None => command.env_remove("KOSHA_RELAY"),
        };
        command
    }

    /// Runs a command with `--json` to its end.
    pub fn run<I, S>(&self, words: I) -> Output
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let mut command = self.command(["--json"]);
        command.args(words).output().expect("kosha starts")
    }

    /// Runs a command with `--json` that must succeed, and reads what it printed.
    pub fn json<I, S>(&self, words: I) -> Value
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let output = self.run(words);
        assert!(output.status.success(), "{}: {}", output.status, String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON document")
    }

    /// What happened, by the log, oldest first.
    pub fn events(&self) -> Vec<String> {
        let log = self.json(["log"]);
        let entries = log["entries"].as_array().expect("entries").iter();
        entries.map(|entry| entry["event"].as_str().expect("an event").to_owned()).collect()
    }

    /// The error that a command with `--json` must end with: exit status and body.
    pub fn error<I, S>(&self, words: I) -> (i32, Value)
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        let output = self.run(words);
        let error: Value = serde_json::from_slice(&output.stderr).expect("one JSON document on stderr");
        (output.status.code().expect("an exit status"), error["error"].clone())
    }
}

/// A relay on a free port of loopback, ended when dropped.
#[derive(Debug)]
pub struct Relay {
    child: Child,
    /// Its base address, for example `http://127.0.0.1:40123`.
    pub address: String,
}

impl Relay {
    /// Starts it over a data folder; its log goes to the file `log`.
    pub fn start(data: &Path, log: &Path) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(log).expect("a log file");
        let mut child = Command::new(program("kosha-relay"))
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("kosha-relay starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a ready line");
        let address =
            line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
        Self { child, address }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every file below a folder.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// Copies a folder with all that is below it, empty folders too, to a place where nothing is.
pub fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a place where nothing is");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

/// A vault with the sample patient in it, sharing through a relay of its own; all of it below a folder that goes with the
/// first value.
pub fn at_a_relay() -> (tempfile::TempDir, Relay, Kosha) {
    let folder = tempfile::tempdir().expect("a folder");
    let relay = Relay::start(&folder.path().join("relay"), &folder.path().join("relay.log"));
    let kosha = Kosha::init(folder.path().join("vault")).with_relay(&relay);
    kosha.json(["import".as_ref(), samples().as_os_str()]);
    (folder, relay, kosha)
}
