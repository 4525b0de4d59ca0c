//! What may be typed after `kosha`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::{own_args, people_args, result_args, view_args};

/// Keeps your health records encrypted, and shows a doctor exactly what you agree to.
#[derive(Debug, Parser)]
#[command(name = "kosha", version, about, long_about = None, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    /// Folder of the vault [default: the data folder of this user]
    #[arg(long, global = true, env = "KOSHA_VAULT", value_name = "DIR")]
    pub(crate) vault: Option<PathBuf>,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Speak this language: `en`, `hi`
    #[arg(long, global = true, env = "KOSHA_LANGUAGE", value_name = "TAG", default_value = "en")]
    pub(crate) language: kosha::Language,
    /// Open the vault with the 24 recovery words (from `KOSHA_RECOVERY`, else asked for)
    #[arg(long = "recovery", global = true)]
    pub(crate) by_recovery: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
The passphrase comes from KOSHA_PASSPHRASE, else it is asked for; it is never an argument.
With --recovery the 24 recovery words come from KOSHA_RECOVERY, else they are asked for.
Other variables: KOSHA_NEW_PASSPHRASE, KOSHA_VAULT, KOSHA_LANGUAGE, KOSHA_RELAY, KOSHA_RELAY_TOKEN, KOSHA_PASSCODE,
KOSHA_PROXY, KOSHA_ANCHOR.
Exit status: 0 done, 1 failed, 2 not understood, 3 done in part or not yet confirmed, 4 locked or wrong passphrase.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a new vault
    Init,
    /// List the persons whose records are kept
    Persons,
    /// Add, rename and merge persons
    #[command(subcommand)]
    Person(people_args::Person),
    /// File records with another person
    Refile(people_args::Refile),
    /// Keep PDFs, photos and scans as documents
    Attach(people_args::Attach),
    /// Write down something yourself: a weight, a medicine, an allergy, a note
    #[command(subcommand)]
    Add(own_args::Entry),
    /// Correct what you wrote down; what it said before stays as an older version
    Correct(own_args::Correct),
    /// Remove what you wrote down, as entered in error
    Remove(own_args::Remove),
    /// A few chosen facts that can be read on the locked device
    #[command(subcommand)]
    EmergencyCard(people_args::EmergencyCard),
    /// Bring in files, folders, or standard input (-)
    Import(Import),
    /// List records, newest first
    Timeline(Timeline),
    /// What is taken now, and what is not to be taken
    Medicines(view_args::Timed),
    /// Allergies and intolerances, serious ones first
    Allergies(view_args::Allergies),
    /// Problems, what is suspected, and diagnoses of visits
    Problems(view_args::Timed),
    /// Vaccines given, and what a schedule names as due
    Vaccinations(view_args::Vaccinations),
    /// Letters, reports with files, pictures
    Documents(view_args::Documents),
    /// What whoever helps in an emergency needs to know
    Emergency(view_args::OnePerson),
    /// Show one record, or the file it came in
    Show(Show),
    /// Results of laboratories, or vital signs: the latest of each
    Results(result_args::Results),
    /// How one value changed over time
    Trend(result_args::Trend),
    /// List visits, each with what belongs to it
    Visits(result_args::Visits),
    /// List what came in since a day or since the last visit
    Changes(result_args::Changes),
    /// Find records by words
    Search(Search),
    /// Say that two records, taken for the same, are not
    Different(Different),
    /// Say what a scanned text is, without opening anything
    Scan(TextInput),
    /// Let a doctor see a part of the records for a while
    Share(Share),
    /// List shares and what became of them
    Shares(Shares),
    /// Stop a share
    Revoke(Revoke),
    /// Open a link that someone shared
    View(View),
    /// List what happened in this vault, and who looked; or prove it to others
    Log(Log),
    /// Check a proof of someone's log; needs no vault
    VerifyProof(VerifyProof),
    /// Verify every seal, the set of rows and the log
    Check(Check),
    /// Make 24 recovery words that open the vault when all else is lost
    Recovery(Recovery),
    /// Change the passphrase
    Passphrase,
    /// Give the vault new keys throughout
    Rotate,
    /// Delete records for good
    Delete(Delete),
    /// Keep a sealed copy of everything in one file, or add to it what is new
    Backup(Backup),
    /// Get everything back from a backup
    Restore(Restore),
    /// Write everything in plain form into a folder: your right to leave
    Export(Export),
}

#[derive(Debug, Args)]
pub(crate) struct Different {
    /// A record
    pub(crate) a: String,
    /// The record that is listed with it
    pub(crate) b: String,
    /// Take it back: they are the same
    #[arg(long)]
    pub(crate) undo: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Write a proof file that others can check with `verify-proof`
    #[arg(long, requires = "out")]
    pub(crate) prove: bool,
    /// Prove this entry, by its number in the log; may be given several times
    #[arg(long, value_name = "N", num_args = 1.., requires = "prove", allow_negative_numbers = true)]
    pub(crate) entry: Vec<u64>,
    /// Prove every entry about this share
    #[arg(long, value_name = "ID", requires = "prove")]
    pub(crate) share: Option<String>,
    /// Prove every entry
    #[arg(long, requires = "prove", conflicts_with_all = ["entry", "share"])]
    pub(crate) all: bool,
    /// Also prove that the log only grew since this checkpoint (a file), or since it had so many entries (a number)
    #[arg(long, value_name = "FILE|N", requires = "prove")]
    pub(crate) since: Option<PathBuf>,
    /// Where to write the proof file: a new one, nothing is written over
    #[arg(long, value_name = "FILE", requires = "prove")]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyProof {
    /// The proof file, or - for standard input
    pub(crate) file: PathBuf,
    /// The log's key as you know it: a fingerprint, or a verifier
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// A checkpoint of the log that you hold
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Take this copy of the records as the right one although a warning says otherwise; the log will tell
    #[arg(long)]
    pub(crate) accept_copy: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// File everything with this person (id or name)
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
    /// How progress is told; `json` writes one line to standard error for each file once it is durable
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) progress: Progress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Progress {
    /// A bar, when standard error is a terminal
    Auto,
    /// One JSON line for each file
    Json,
}

/// Which records are listed, and how many.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only this person (id or name)
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
    /// Only this kind; may be given several times
    #[arg(long, value_name = "K")]
    pub(crate) kind: Vec<String>,
    /// From this day, month or year (2024-03-05, 2024-03, 2024)
    #[arg(long, value_name = "D")]
    pub(crate) from: Option<String>,
    /// To the end of this day, month or year
    #[arg(long, value_name = "D")]
    pub(crate) to: Option<String>,
    /// Most records to list
    #[arg(long, default_value_t = 50, value_name = "N", allow_negative_numbers = true)]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Timeline {
    #[command(flatten)]
    pub(crate) list: List,
    /// Go on after the `next` of an earlier page
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A record or a document: its id, or the first letters of it
    pub(crate) id: String,
    /// Write the exact bytes of the resource
    #[arg(long, conflicts_with = "document")]
    pub(crate) original: bool,
    /// Write the exact bytes of the file it came in
    #[arg(long)]
    pub(crate) document: bool,
    /// Write the file inside it of this number, from 1
    #[arg(long, value_name = "N", conflicts_with_all = ["original", "document"], allow_negative_numbers = true)]
    pub(crate) attachment: Option<usize>,
    /// Write it to this new file and not to standard output
    #[arg(long, value_name = "FILE", requires = "attachment")]
    pub(crate) out: Option<PathBuf>,
    /// Only these bytes of it: first and last, from 0 (0-999, 1000-)
    #[arg(long, value_name = "A-B", requires = "attachment", allow_negative_numbers = true)]
    pub(crate) range: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// Words that must all occur; the last may be the beginning of a word
    #[arg(required = true)]
    pub(crate) words: Vec<String>,
    #[command(flatten)]
    pub(crate) list: List,
}

#[derive(Debug, Args)]
pub(crate) struct TextInput {
    /// The text, or - for standard input
    pub(crate) text: String,
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)]
pub(crate) struct Share {
    /// Everything of this person
    #[arg(long, conflicts_with_all = ["kind", "record"])]
    pub(crate) all: bool,
    /// Only this kind; may be given several times
    #[arg(long, value_name = "K", num_args = 1..)]
    pub(crate) kind: Vec<String>,
    /// Only this record; may be given several times
    #[arg(long, value_name = "ID", num_args = 1.., conflicts_with = "kind")]
    pub(crate) record: Vec<String>,
    /// From this day, month or year
    #[arg(long, value_name = "D")]
    pub(crate) from: Option<String>,
    /// To the end of this day, month or year
    #[arg(long, value_name = "D")]
    pub(crate) to: Option<String>,
    /// Whose records (id or name); needed when there are several persons
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
    /// Why it is shared, in your own words
    #[arg(long, value_name = "TEXT")]
    pub(crate) purpose: String,
    /// Whom it is for
    #[arg(long, value_name = "NAME")]
    pub(crate) recipient: Option<String>,
    /// For how long: 15m, 6h, 1d, 2w; 366d at most
    #[arg(long, default_value = "1d", value_name = "TIME")]
    pub(crate) expires: String,
    /// Ask the doctor for a passcode (from `KOSHA_PASSCODE`, else asked for)
    #[arg(long, conflicts_with = "direct")]
    pub(crate) passcode: bool,
    /// How often it may be opened, 1000000 times at most
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) views: Option<u32>,
    /// A link to the one file itself, for readers that know no manifest
    #[arg(long)]
    pub(crate) direct: bool,
    /// Sensitive kinds to include: hiv, mental, sexual, substance
    #[arg(long, value_name = "KIND", num_args = 1..)]
    pub(crate) sensitive: Vec<String>,
    /// Write the QR code to this file (.png or .svg)
    #[arg(long, value_name = "FILE")]
    pub(crate) qr: Option<PathBuf>,
    /// Agree without being asked
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Shares {
    /// Say of each opening as it happens, until no share is active
    #[arg(long)]
    pub(crate) watch: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The share: its id, or the first letters of it
    pub(crate) share: String,
}

#[derive(Debug, Args)]
pub(crate) struct View {
    /// The link, or - for standard input
    pub(crate) link: String,
    /// What to call yourself; the person who shared sees it
    #[arg(long, value_name = "NAME")]
    pub(crate) recipient: Option<String>,
    /// Print the decrypted content itself
    #[arg(long)]
    pub(crate) original: bool,
    /// Keep the checkpoint of the sender's log in this file, for `verify-proof --against`
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,
    /// Let the link point at this computer
    #[arg(long)]
    pub(crate) allow_loopback: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Recovery {
    #[command(subcommand)]
    pub(crate) action: Option<RecoveryAction>,
    /// Print the words to standard output and ask nothing; for scripts
    #[arg(long, global = true)]
    pub(crate) yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(crate) enum RecoveryAction {
    /// Say which ways open the vault
    Status,
    /// Take the recovery words away
    Remove,
}

#[derive(Debug, Args)]
pub(crate) struct Delete {
    /// Records: their ids, or the first letters of them
    #[arg(required = true, value_name = "ID")]
    pub(crate) ids: Vec<String>,
    /// Agree without being asked
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The backup's file
    pub(crate) file: PathBuf,
    /// Make it anew, also where something could be added
    #[arg(long, conflicts_with = "verify")]
    pub(crate) full: bool,
    /// Only read it, all of it, and verify everything
    #[arg(long)]
    pub(crate) verify: bool,
    /// How progress is told; `json` writes lines to standard error
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) progress: Progress,
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)]
pub(crate) struct Restore {
    /// The backup's file
    #[arg(required_unless_present = "discard_old")]
    pub(crate) file: Option<PathBuf>,
    /// Put the vault that is there aside
    #[arg(long)]
    pub(crate) replace: bool,
    /// Where the end of the backup is missing, take what is whole
    #[arg(long)]
    pub(crate) last_whole: bool,
    /// Take a vault that is damaged in parts, and name them
    #[arg(long)]
    pub(crate) damaged: bool,
    /// Remove vaults that earlier restores put aside
    #[arg(long, conflicts_with_all = ["file", "replace", "last_whole"])]
    pub(crate) discard_old: bool,
    /// How progress is told; `json` writes lines to standard error
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) progress: Progress,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The folder: empty, or not there yet
    pub(crate) dir: PathBuf,
    /// Only the records of this person (id or name)
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
    /// Agree without being asked
    #[arg(long)]
    pub(crate) yes: bool,
    /// How progress is told; `json` writes lines to standard error
    #[arg(long, value_enum, default_value = "auto")]
    pub(crate) progress: Progress,
}
