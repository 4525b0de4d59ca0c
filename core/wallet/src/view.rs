//! What a doctor does: opening a link that somebody shared, and reading it.

use std::collections::BTreeMap;

use kosha_crypto::log::read_checkpoint;
use kosha_crypto::{Secret, Zeroizing};
use kosha_fhir::summary::{LOG_CHECKPOINT, LOG_KEY, empty_sections};
use kosha_fhir::{Card, Extract, Kind, Language, Limits, Outcome, Patient, Reading};
use kosha_share::receive::{FileProblem, Limits as ReceiveLimits, Warning};
use kosha_share::{OpenOptions, ReceiveError, Received, TransportError, receive};
use kosha_wire::manifest::FHIR_JSON;
use serde::Serialize;

use crate::hidden::hidden_debug;
use crate::import::header;
use crate::words::{WORDS, of_code};
use crate::{Environment, Error, date};

/// What is to be opened, and how.
#[derive(Clone, Default)]
pub struct ViewWish {
    /// The text of the link, with or without its viewer.
    pub link: String,
    /// What the reader calls themselves; the person who shared sees it.
    pub recipient: Option<String>,
    /// Whether the link may point at this computer.
    pub allow_loopback: bool,
    /// The passcode, where one is known.
    pub passcode: Option<String>,
}

/// What a link showed.
#[derive(Clone, Serialize)]
pub struct Viewed {
    /// The maker's words for it; not verified.
    pub label: Option<String>,
    /// Who it is about, in one line; the first one, where there are several.
    pub patient: Option<String>,
    /// Everybody whom it is about, in one line each. With more than one, each entry says whose it is.
    pub persons: Vec<String>,
    /// Sections in the order in which a doctor reads. Problems, allergies and medicines are always there.
    pub sections: Vec<Section>,
    /// What could not be opened or was odd.
    pub warnings: Vec<String>,
    /// When the link ends, RFC 3339; its maker's word.
    pub expires: Option<String>,
    /// What the sender's log was like when this was shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<SharedCheckpoint>,
    #[serde(skip)]
    files: Vec<Zeroizing<Vec<u8>>>,
}

/// The signed checkpoint of the sender's log that a share carries. Who keeps it can tell later whether that log was cut off
/// or rewritten ([`crate::proof::verify`]); its signature can be checked only with the key, which a proof file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SharedCheckpoint {
    /// The text of the note.
    pub note: String,
    /// Fingerprint of the log's key, as the sender gave it.
    pub fingerprint: String,
    /// Number of entries that the log had.
    pub size: u64,
}

/// One section.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Stable code: `allergies`, `medicines`, …
    pub code: &'static str,
    /// Its heading, in the language of the environment.
    pub title: &'static str,
    /// Why it holds nothing, where the sender said so.
    pub absent: Option<String>,
    /// What it holds, newest first.
    pub entries: Vec<ViewedEntry>,
}

/// One record as a reader sees it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ViewedEntry {
    /// First line. Whatever is no fact says so here.
    pub title: String,
    /// When, as exactly as it is known.
    pub date: Option<String>,
    /// Second line.
    pub summary: String,
    /// Short marks.
    pub chips: Vec<String>,
    /// Whether it states a fact.
    pub standing: &'static str,
    /// Whose it is, where the link speaks of more than one person; absent where it names nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Index into [`Viewed::persons`].
    #[serde(skip)]
    whose: Option<usize>,
}

impl Viewed {
    /// The decrypted files, exactly as they were sealed.
    pub fn originals(&self) -> impl Iterator<Item = &[u8]> {
        self.files.iter().map(|file| file.as_slice())
    }
}

/// Sections by their codes, in the order in which a doctor reads.
const SECTIONS: [(&str, &[Kind]); 15] = [
    ("allergies", &[Kind::Allergy]),
    ("medicines", &[Kind::Medicine]),
    ("problems", &[Kind::Problem]),
    ("results", &[Kind::Result]),
    ("vitals", &[Kind::Vital]),
    ("reports", &[Kind::Report]),
    ("imaging", &[Kind::Imaging]),
    ("immunizations", &[Kind::Immunization]),
    ("procedures", &[Kind::Procedure]),
    ("visits", &[Kind::Visit]),
    ("documents", &[Kind::Document]),
    ("plans", &[Kind::Request, Kind::Plan, Kind::Appointment]),
    ("family", &[Kind::Family]),
    ("devices", &[Kind::Device]),
    ("other", &[Kind::Other, Kind::Billing, Kind::Consent]),
];

/// The sections whose absence is always explained (IPS 2.0.1).
const ALWAYS: [Kind; 3] = [Kind::Allergy, Kind::Medicine, Kind::Problem];

/// Opens a link and reads what it holds. Needs no vault; keeps nothing.
pub fn view(environment: &Environment, wish: &ViewWish) -> Result<Viewed, Error> {
    let options = OpenOptions {
        recipient: wish.recipient.as_deref().unwrap_or_default(),
        passcode: wish.passcode.as_deref(),
        allow_loopback: wish.allow_loopback,
        limits: ReceiveLimits::default(),
    };
    let now_ms = environment.now_ms();
    let received = receive(&wish.link, environment.transport.as_ref(), &options, now_ms)?;
    Ok(read(received, now_ms, environment.language))
}

/// What has been found in the files so far.
#[derive(Default)]
struct Found {
    language: Language,
    entries: BTreeMap<Kind, Vec<(i64, ViewedEntry)>>,
    /// Why there is none of a kind, in the sender's words.
    absent: BTreeMap<Kind, String>,
    /// Name and birth date by which persons are told apart, and their line.
    persons: Vec<((String, Option<String>), String)>,
    /// How many entries could not be read, by the code of the reason.
    unread: BTreeMap<&'static str, usize>,
}

fn read(received: Received, now_ms: i64, language: Language) -> Viewed {
    let mut warnings: Vec<String> = received.warnings.iter().map(|one| warning(language, one)).collect();
    let mut whole =
        !received.warnings.iter().any(|warning| matches!(warning, Warning::MoreFiles | Warning::File { .. }));
    let mut found = Found { language, ..Found::default() };
    let mut shared = None;
    let limits = Limits { now_ms: Some(now_ms), language, ..Limits::default() };
    let mut files = Vec::new();
    for file in received.files {
        match kosha_fhir::read(&file.bytes, &limits) {
            Ok(reading) if file.content_type.starts_with(FHIR_JSON) => {
                found.take(&reading);
                match checkpoint(&file.bytes) {
                    Ok(carried) => shared = shared.or(carried),
                    Err(()) => warnings.push(WORDS.text(language, "viewed-checkpointDamaged").to_owned()),
                }
            }
            Ok(_) => {
                whole = false;
                warnings.push(WORDS.text(language, "viewed-healthCards").to_owned());
            }
            Err(refusal) => {
                whole = false;
                warnings.push(kosha_fhir::reason_in(language, refusal.code).to_owned());
            }
        }
        files.push(file.bytes);
    }
    whole &= found.unread.is_empty();
    warnings.splice(0..0, found.several());
    warnings.extend(found.unread.iter().map(|(code, count)| unread(language, code, *count)));
    let persons: Vec<String> = found.persons.iter().map(|(_, line)| line.clone()).collect();
    Viewed {
        label: received.label,
        patient: persons.first().cloned(),
        sections: found.sections(whole),
        persons,
        warnings,
        expires: received.expires.map(|seconds| date::rfc3339(seconds.saturating_mul(1000))),
        checkpoint: shared,
        files,
    }
}

fn unread(language: Language, code: &str, count: usize) -> String {
    let n = language.count(count as u64);
    WORDS.say(language, "viewed-unread", &[("n", &n), ("reason", kosha_fhir::reason_in(language, code))])
}

impl Found {
    fn take(&mut self, reading: &Reading<'_>) {
        let whose: Vec<usize> = reading.patients.iter().map(|patient| self.person(patient)).collect();
        for entry in &reading.entries {
            match &entry.outcome {
                Outcome::Refused(code) => *self.unread.entry(code).or_default() += 1,
                Outcome::Skipped(_) => {}
                Outcome::Resource { resource_type } => match resource_type.as_str() {
                    // The document that carries the rest, not a record of the patient.
                    "Composition" | "List" | "Provenance" => {
                        let empty = empty_sections(reading.bytes(entry.ordinal)).into_iter();
                        self.absent.extend(empty.filter_map(|empty| Some((empty.kind, empty.text?))));
                    }
                    _ => self.record(reading.extract(entry.ordinal), &whose),
                },
            }
        }
    }

    fn record(&mut self, extract: Result<Extract, &'static str>, whose: &[usize]) {
        match extract {
            Ok(extract) if extract.kind == Kind::Support => {}
            Ok(extract) => {
                let start_ms = extract.card.date.as_ref().map_or(i64::MIN, |date| date.start_ms);
                let whose = extract.patient.and_then(|index| whose.get(index).copied());
                let entry = ViewedEntry { whose, ..ViewedEntry::of(extract.card) };
                self.entries.entry(extract.kind).or_default().push((start_ms, entry));
            }
            Err(code) => *self.unread.entry(code).or_default() += 1,
        }
    }

    /// The place of `patient` among the persons. Two are one only when name and birth date are the same.
    fn person(&mut self, patient: &Patient) -> usize {
        let key = (patient.name.to_lowercase(), patient.birth_date.clone());
        if let Some(place) = self.persons.iter().position(|(known, _)| *known == key) {
            return place;
        }
        let language = self.language;
        let name = Some(patient.name.clone()).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| WORDS.text(language, "viewed-nameless").to_owned());
        let born = |date: &String| WORDS.say(language, "viewed-born", &[("date", date)]);
        let gender = |code: &String| match of_code(language, "genders", code) {
            "" => code.clone(),
            words => words.to_owned(),
        };
        let birth = patient.birth_date.as_ref().map(born);
        let parts: Vec<String> =
            [Some(name), birth, patient.gender.as_ref().map(gender)].into_iter().flatten().collect();
        self.persons.push((key, parts.join(", ")));
        self.persons.len() - 1
    }

    /// What has to be said first, where the link speaks of more than one person.
    fn several(&self) -> Option<String> {
        let names: Vec<&str> = self.persons.iter().map(|(_, line)| line.as_str()).collect();
        (names.len() > 1).then(|| {
            let (n, names) = (self.language.count(names.len() as u64), names.join("; "));
            WORDS.say(self.language, "viewed-several", &[("n", &n), ("names", &names)])
        })
    }

    /// The sections. `whole`: everything could be read, so that what is not there was not sent.
    fn sections(mut self, whole: bool) -> Vec<Section> {
        let mut sections = Vec::new();
        for (code, kinds) in SECTIONS {
            let mut entries: Vec<(i64, ViewedEntry)> =
                kinds.iter().filter_map(|kind| self.entries.remove(kind)).flatten().collect();
            entries.sort_by_key(|(start_ms, entry)| (entry.whose, std::cmp::Reverse(*start_ms)));
            let always = kinds.iter().any(|kind| ALWAYS.contains(kind));
            let said = kinds.iter().find_map(|kind| self.absent.remove(kind));
            let absent = said.or_else(|| {
                let id = if whole { "viewed-nothingSaid" } else { "viewed-nothingReadable" };
                (entries.is_empty() && always).then(|| WORDS.text(self.language, id).to_owned())
            });
            if entries.is_empty() && absent.is_none() {
                continue;
            }
            let several = self.persons.len() > 1;
            let named = |(_, mut entry): (i64, ViewedEntry)| {
                let person = entry.whose.and_then(|place| self.persons.get(place));
                entry.person = person.filter(|_| several).map(|(_, line)| line.clone());
                entry
            };
            let title = of_code(self.language, "heading", code);
            sections.push(Section { code, title, absent, entries: entries.into_iter().map(named).collect() });
        }
        sections
    }
}

/// The checkpoint in the `meta` of a bundle of ours; `Err` when there is one that cannot be.
fn checkpoint(bundle: &[u8]) -> Result<Option<SharedCheckpoint>, ()> {
    #[derive(serde::Deserialize)]
    struct Bundle {
        #[serde(default)]
        meta: Meta,
    }
    #[derive(Default, serde::Deserialize)]
    struct Meta {
        #[serde(default)]
        extension: Vec<Extension>,
    }
    #[derive(serde::Deserialize)]
    struct Extension {
        #[serde(default)]
        url: String,
        #[serde(rename = "valueString")]
        value: Option<String>,
    }
    // Whatever else a reader of FHIR takes has no checkpoint.
    let Ok(bundle) = serde_json::from_slice::<Bundle>(bundle) else { return Ok(None) };
    let extensions = bundle.meta.extension;
    let value = |url: &str| {
        extensions.iter().find(|extension| extension.url == url).and_then(|extension| extension.value.clone())
    };
    let (Some(note), Some(fingerprint)) = (value(LOG_CHECKPOINT), value(LOG_KEY)) else { return Ok(None) };
    let said = read_checkpoint(&note).map_err(|_| ())?;
    let digits = said.origin.strip_prefix("kosha-log/").ok_or(())?;
    let whole = fingerprint.len() == 64 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !whole || !fingerprint.starts_with(digits) || digits.len() != 32 {
        return Err(());
    }
    Ok(Some(SharedCheckpoint { note, fingerprint, size: said.size }))
}

impl ViewedEntry {
    fn of(card: Card) -> Self {
        let date = card.date.map(|when| {
            let offset = when.offset_minutes.and_then(|minutes| i16::try_from(minutes).ok());
            date::as_exact(when.start_ms, when.precision as u8, offset)
        });
        let chips = header::chips(card.chips, card.flag.as_ref());
        Self {
            title: card.title,
            date,
            summary: card.line,
            chips,
            standing: card.standing.as_str(),
            person: None,
            whose: None,
        }
    }
}

fn warning(language: Language, warning: &Warning) -> String {
    match warning {
        Warning::Link(_) => WORDS.text(language, "viewed-oddLink").to_owned(),
        Warning::PastExpiry => WORDS.text(language, "viewed-pastExpiry").to_owned(),
        Warning::MoreFiles => WORDS.text(language, "viewed-moreFiles").to_owned(),
        Warning::File { index, problem } => {
            let number = language.count((index + 1) as u64);
            let places =
                [("number", &*number), ("problem", of_code(language, "leftOut", left_out(*problem)))];
            WORDS.say(language, "viewed-fileLeftOut", &places)
        }
    }
}

/// The code of why a file was left out.
fn left_out(problem: FileProblem) -> &'static str {
    match problem {
        FileProblem::Entry => "entry",
        FileProblem::ApiAccess => "api",
        FileProblem::Address(_) => "address",
        FileProblem::Transport(_) => "transport",
        FileProblem::Gone => "gone",
        FileProblem::Busy => "busy",
        FileProblem::Redirected => "redirected",
        FileProblem::Status(_) => "status",
        FileProblem::NotAJwe => "not-encrypted",
        FileProblem::DoesNotDecrypt => "wrong-key",
        FileProblem::Compression => "compression",
        FileProblem::Inflate => "inflate",
        FileProblem::TooLarge => "too-large",
        FileProblem::TotalTooLarge => "total-too-large",
        FileProblem::TotalTime => "total-time",
        FileProblem::UnknownContent => "unknown-content",
    }
}

impl From<ReceiveError> for Error {
    fn from(error: ReceiveError) -> Self {
        let failed = |code, reason| Self::LinkFailed { code, reason };
        match error {
            ReceiveError::Link(_) => Self::BadLink {
                detail: "unreadable",
                reason: "it is damaged, not complete, or made by a newer version.",
            },
            ReceiveError::Address(_) => {
                Self::BadLink { detail: "address", reason: "its address may not be opened." }
            }
            ReceiveError::PasscodeNeeded => Self::PasscodeNeeded,
            ReceiveError::WrongPasscode { remaining } => Self::WrongPasscode { remaining },
            ReceiveError::Ended => Self::LinkEnded,
            ReceiveError::Busy { .. } => failed("link-busy", "its server asks to wait before trying again."),
            ReceiveError::Transport(error) => match error {
                TransportError::Offline => failed("no-network", "its server could not be reached."),
                TransportError::RefusedAddress => Self::BadLink {
                    detail: "private-network",
                    reason: "its address points into a private network.",
                },
                TransportError::Timeout => failed("timeout", "its server took too long to answer."),
                TransportError::TooLarge => {
                    failed("answer-too-large", "its server sent more than is accepted.")
                }
                TransportError::Insecure => failed("insecure", "no secure connection was possible."),
                TransportError::Garbled => {
                    failed("not-understood", "its server's answer was not understood.")
                }
            },
            ReceiveError::Redirected => {
                failed("redirected", "its server sends elsewhere, which is not followed.")
            }
            ReceiveError::Status { .. } | ReceiveError::NotAManifest | ReceiveError::NoFiles => {
                failed("not-understood", "its server's answer was not understood.")
            }
            ReceiveError::Unreadable(_) => {
                failed("unreadable", "its content does not decrypt or cannot be read.")
            }
        }
    }
}

impl ViewWish {
    /// With a passcode that was asked for.
    #[must_use]
    pub fn with_passcode(mut self, passcode: &Secret) -> Self {
        self.passcode = std::str::from_utf8(passcode.expose()).ok().map(str::to_owned);
        self
    }
}

hidden_debug!(ViewWish, Viewed, Section, ViewedEntry);
