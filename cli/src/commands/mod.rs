//! One function for each command.

mod attach;
mod backup;
mod delete;
mod emergency;
mod export;
mod import;
mod keys;
mod look;
mod own;
mod people;
mod proof;
mod results;
mod share;
mod vaccinations;
mod vault;
mod view;
mod views;
mod visits;
mod watch;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kosha::anchor::FileAnchors;
use kosha::{Environment, LockedWallet, RelayAddress, Secret, Session, Unlock};

use crate::args::{Cli, Command};
use crate::clock::LocalClock;
use crate::output::{Failure, Output, Status};
use crate::{prompt, terminal, words};

/// The relay that is used when `KOSHA_RELAY` names none: one on this computer.
const DEFAULT_RELAY: &str = "http://127.0.0.1:8787";
/// Most bytes of a text that is read from standard input.
const MOST_TEXT: u64 = 1 << 20;

pub(crate) fn run(cli: Cli) -> Result<Status, Failure> {
    let context = Context {
        output: Output { json: cli.json },
        vault: cli.vault,
        by_recovery: cli.by_recovery,
        language: cli.language,
    };
    match cli.command {
        Command::Init => vault::init(&context),
        Command::Check(args) => vault::check(&context, &args),
        Command::Log(args) if args.prove => proof::prove(&context, args),
        Command::Log(_) => vault::log(&context),
        Command::VerifyProof(args) => proof::verify(&context, &args),
        Command::Recovery(args) => keys::recovery(&context, &args),
        Command::Passphrase => keys::passphrase(&context),
        Command::Rotate => keys::rotate(&context),
        Command::Delete(args) => delete::delete(&context, &args),
        Command::Persons => look::persons(&context),
        Command::Person(command) => people::person(&context, command),
        Command::Refile(args) => people::refile(&context, &args),
        Command::Attach(args) => attach::attach(&context, args),
        Command::Add(entry) => own::add(&context, entry),
        Command::Correct(args) => own::correct(&context, args),
        Command::Remove(args) => own::remove(&context, &args),
        Command::EmergencyCard(command) => emergency::emergency_card(&context, command),
        Command::Medicines(args) => views::medicines(&context, args),
        Command::Allergies(args) => views::allergies(&context, args),
        Command::Problems(args) => views::problems(&context, args),
        Command::Vaccinations(args) => vaccinations::vaccinations(&context, args),
        Command::Documents(args) => views::documents(&context, args),
        Command::Emergency(args) => views::emergency(&context, &args),
        Command::Timeline(args) => look::timeline(&context, args),
        Command::Different(args) => look::different(&context, &args),
        Command::Results(args) => results::results(&context, args),
        Command::Trend(args) => results::trend(&context, args),
        Command::Visits(args) => visits::visits(&context, args),
        Command::Changes(args) => visits::changes(&context, args),
        Command::Search(args) => look::search(&context, args),
        Command::Show(args) => look::show(&context, &args),
        Command::Scan(args) => look::scan(&context, &args.text),
        Command::Import(args) => import::import(&context, args),
        Command::Share(args) => share::share(&context, args),
        Command::Shares(args) if args.watch => watch::watch(&context),
        Command::Shares(_) => share::shares(&context),
        Command::Revoke(args) => share::revoke(&context, &args.share),
        Command::Backup(args) => backup::backup(&context, &args),
        Command::Restore(args) => backup::restore(&context, &args),
        Command::Export(args) => export::export(&context, &args),
        Command::View(args) => view::view(&context, &args),
    }
}

/// What all commands share.
pub(crate) struct Context {
    pub(crate) output: Output,
    vault: Option<PathBuf>,
    by_recovery: bool,
    pub(crate) language: kosha::Language,
}

impl Context {
    /// The folder of the vault: as given, else below the data folder of this user.
    pub(crate) fn vault_dir(&self) -> Result<PathBuf, Failure> {
        if let Some(dir) = &self.vault {
            return Ok(dir.clone());
        }
        data_folder()
            .map(|data| data.join("kosha"))
            .ok_or_else(|| Failure::usage(words::text("system-noDataFolder")))
    }

    /// What the wallet is given from outside.
    pub(crate) fn environment() -> Result<Environment, Failure> {
        let url = variable("KOSHA_RELAY").unwrap_or_else(|| DEFAULT_RELAY.to_owned());
        let mut transport = kosha::http::HttpTransport::new().map_err(no_network)?;
        if let Some(proxy) = variable("KOSHA_PROXY") {
            transport =
                transport.with_proxy(&proxy).map_err(|_| Failure::usage(words::text("system-badProxy")))?;
        }
        let relay = RelayAddress { url, token: variable("KOSHA_RELAY_TOKEN") };
        let mut environment = Environment::system(Arc::new(transport), relay);
        environment.clock = Arc::new(LocalClock);
        environment.anchors = anchors().map(|folder| Arc::new(FileAnchors::new(folder)) as _);
        Ok(environment)
    }

    /// The vault, not open yet.
    pub(crate) fn locked(&self) -> Result<LockedWallet, Failure> {
        let environment = Environment { language: self.language, ..Self::environment()? };
        Ok(LockedWallet::open(&self.vault_dir()?, environment)?)
    }

    /// Opens the vault, asking for passphrase or recovery words where the environment does not hold them.
    pub(crate) fn unlock(&self) -> Result<Session, Failure> {
        let session = self.locked()?.unlock(&self.given()?.unlock()).map_err(not_opened)?;
        self.warn(&session);
        Ok(session)
    }

    /// What opens a vault or a backup, from the environment or asked for: recovery words or the passphrase.
    pub(crate) fn given(&self) -> Result<Given, Failure> {
        if self.by_recovery || prompt::only_recovery_given() {
            prompt::recovery().map(Given::Words)
        } else {
            prompt::passphrase().map(Given::Passphrase)
        }
    }

    /// Says on standard error what should be known about the records as a whole. With `--json` only `check` does: what is on
    /// standard error is then one JSON document.
    pub(crate) fn warn(&self, session: &Session) {
        if !self.output.json {
            for warning in session.warnings() {
                // A closed standard error leaves nobody to tell.
                drop(writeln!(std::io::stderr(), "{}", terminal::warning(&warned(&warning))));
            }
        }
    }
}

/// A warning, and what to type.
pub(crate) fn warned(warning: &kosha::Warning) -> String {
    let next = match warning.code {
        "not-comparable" | "damaged" => "next-check",
        "anchor-unavailable" | "anchor-not-kept" => "next-anchor",
        _ => "next-accept",
    };
    format!("{} {}", warning.message, words::text(next))
}

/// Damage that keeps a vault from being opened: `kosha check` cannot open it either.
fn not_opened(error: kosha::Error) -> Failure {
    match error {
        kosha::Error::Damaged => Failure::new(Status::Failed, "damaged", words::text("system-notOpened")),
        other => other.into(),
    }
}

/// What a person typed to open a vault or a backup.
pub(crate) enum Given {
    Passphrase(Secret),
    Words(Secret),
}

impl Given {
    pub(crate) fn unlock(&self) -> Unlock<'_> {
        match self {
            Self::Passphrase(passphrase) => Unlock::Passphrase(passphrase.expose()),
            Self::Words(words) => Unlock::Recovery(std::str::from_utf8(words.expose()).unwrap_or_default()),
        }
    }
}

/// Folder of the anchors: as given, else below the folder for the state of this user's programs. Outside of the vault's.
fn anchors() -> Option<PathBuf> {
    variable("KOSHA_ANCHOR")
        .map(PathBuf::from)
        .or_else(|| state_folder().map(|state| state.join("kosha/anchors")))
}

fn no_network(_: kosha::TransportError) -> Failure {
    Failure::new(Status::Failed, "internal", words::text("system-noTransport"))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|text| !text.is_empty())
}

#[cfg(target_os = "macos")]
fn data_folder() -> Option<PathBuf> {
    variable("HOME").map(|home| Path::new(&home).join("Library/Application Support"))
}

#[cfg(target_os = "windows")]
fn data_folder() -> Option<PathBuf> {
    variable("LOCALAPPDATA").map(PathBuf::from)
}

/// XDG Base Directory: `XDG_DATA_HOME` when it is absolute, else `~/.local/share`.
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
fn data_folder() -> Option<PathBuf> {
    variable("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".local/share")))
}

#[cfg(target_os = "macos")]
fn state_folder() -> Option<PathBuf> {
    variable("HOME").map(|home| Path::new(&home).join("Library/Preferences"))
}

#[cfg(target_os = "windows")]
fn state_folder() -> Option<PathBuf> {
    variable("APPDATA").map(PathBuf::from)
}

/// XDG Base Directory: `XDG_STATE_HOME` when it is absolute, else `~/.local/state`.
#[cfg(not(any(target_os = "macos", target_os = "windows")))]
fn state_folder() -> Option<PathBuf> {
    variable("XDG_STATE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| variable("HOME").map(|home| Path::new(&home).join(".local/state")))
}

/// A text argument, where `-` stands for standard input.
pub(crate) fn text_argument(text: &str) -> Result<String, Failure> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::new();
    std::io::stdin().lock().take(MOST_TEXT + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MOST_TEXT {
        return Err(Failure::usage(words::text("system-textTooLong")));
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::usage(words::text("system-notText")))?;
    Ok(text.trim().to_owned())
}
