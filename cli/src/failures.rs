//! Errors of the facade in the session's language: the sentence goes by the code, and by what the error says beside it.

use kosha::own::Refused;
use kosha::proof::ProofFault;
use kosha::{Error, PhraseError, Ways};

use crate::words;

/// What went wrong, as a sentence or two. English is what the error says of itself; so is what has no words elsewhere.
pub(crate) fn sentence(error: &Error) -> String {
    match error {
        Error::Locked { ways } | Error::NeedsRecovery { ways } => with_ways(error.code(), *ways),
        Error::WrongPasscode { remaining: Some(left) } => {
            let left = words::say("passcode-left", &[("count", &left.to_string())]);
            format!("{} {left}", coded(error, &[]))
        }
        Error::BadPhrase { error: PhraseError::NotInList { position } } => {
            coded(error, &[("position", position.to_string())])
        }
        Error::BadPhrase { error: PhraseError::WordCount { found } } => {
            coded(error, &[("count", found.to_string())])
        }
        Error::NewerBackup { format } => coded(error, &[("format", format.to_string())]),
        Error::NotPermitted { detail, reason }
        | Error::RelayRefused { detail, reason }
        | Error::BadLink { detail, reason } => {
            let section = match error {
                Error::NotPermitted { .. } => "errorPermit",
                Error::RelayRefused { .. } => "errorRelay",
                _ => "errorLink",
            };
            coded(error, &[("reason", words::find(section, detail).unwrap_or(reason).to_owned())])
        }
        Error::Backup { code, .. } => {
            words::find("errorBackup", code).map_or_else(|| coded(error, &[]), str::to_owned)
        }
        Error::Proof(fault) => match fault {
            ProofFault::Entry(entry) => coded(error, &[("n", entry.to_string())]),
            ProofFault::CutOff { held, here } => {
                coded(error, &[("held", held.to_string()), ("here", here.to_string())])
            }
            ProofFault::NotComparable { held } => coded(error, &[("held", held.to_string())]),
            _ => coded(error, &[]),
        },
        Error::Own(refused) => own(*refused).unwrap_or_else(|| coded(error, &[])),
        _ => coded(error, &[]),
    }
}

/// The sentence of a code, with its places filled.
fn coded(error: &Error, places: &[(&str, String)]) -> String {
    let id = format!("error-{}", error.code());
    if words::has(&id) { words::say_all(&id, places) } else { error.to_string() }
}

fn with_ways(code: &str, ways: Ways) -> String {
    let locked = words::find("error", code).unwrap_or_default();
    let opens = match (ways.passphrase, ways.recovery) {
        (true, true) => "opens-both",
        (true, false) => "opens-passphrase",
        (false, true) => "opens-recovery",
        (false, false) if ways.device => "opens-device",
        (false, false) => return locked.to_owned(),
    };
    format!("{locked} {}", words::text(opens))
}

/// Which units are taken, in words.
fn in_words(units: &'static str) -> &'static str {
    let id = match units {
        "kg or lb" => "weight",
        "cm, m, in, or 5 ft 11 in" => "height",
        "per minute, or nothing" => "pulse",
        "C or F" => "temperature",
        "%, or nothing" => "oxygen",
        "mg/dL or mmol/L" => "sugar",
        _ => return units,
    };
    words::find("entryUnits", id).unwrap_or(units)
}

/// What of an own entry is not taken, where several sentences share a code.
fn own(refused: Refused) -> Option<String> {
    let simple = match refused {
        Refused::OutOfBounds { what, low, high, unit } => {
            let places = [("what", measured(what)), ("low", low), ("high", high), ("unit", unit)];
            return Some(words::say("error-out-of-bounds", &places));
        }
        Refused::UnitMissing { units } => {
            return Some(words::say("entry-unitMissing", &[("units", in_words(units))]));
        }
        Refused::UnitUnknown { units } => {
            return Some(words::say("entry-unitUnknown", &[("units", in_words(units))]));
        }
        Refused::Empty { field: name } => {
            return Some(words::say("entry-empty", &[("field", field(name))]));
        }
        Refused::TooLong { field: name, most } => {
            let most = words::language().count(u64::try_from(most).unwrap_or(u64::MAX));
            return Some(words::say("entry-tooLong", &[("field", field(name)), ("most", &most)]));
        }
        Refused::ControlCharacter { field: name } => {
            return Some(words::say("entry-controlCharacter", &[("field", field(name))]));
        }
        Refused::AmbiguousNumber => "entry-ambiguousNumber",
        Refused::AmbiguousFeet => "entry-ambiguousFeet",
        Refused::BloodPressure => "entry-bloodPressure",
        Refused::BloodPressureOrder => "entry-bloodPressureOrder",
        Refused::BadDate => "entry-date",
        Refused::TimesADay => "entry-timesADay",
        Refused::DoseNumber => "entry-doseNumber",
        _ => return None,
    };
    Some(words::text(simple).to_owned())
}

/// The field in which the text stands. This command names all but one itself, in the session's language.
fn field(name: &'static str) -> &'static str {
    if name == "the note" { words::text("field-note") } else { name }
}

/// What was measured.
fn measured(noun: &'static str) -> &'static str {
    words::text(match noun {
        "weight" => "measure-weight",
        "height" => "measure-height",
        "pulse" => "measure-pulse",
        "body temperature" => "measure-temperature",
        "oxygen saturation" => "measure-oxygen",
        "blood sugar" => "measure-sugar",
        "upper blood pressure" => "measure-systolic",
        "lower blood pressure" => "measure-diastolic",
        other => return other,
    })
}

#[cfg(test)]
mod tests {
    use super::{Error, PhraseError, ProofFault, Refused, Ways, sentence};

    fn plain() -> Vec<Error> {
        vec![
            Error::NoVault,
            Error::VaultExists,
            Error::InUse,
            Error::WrongKey,
            Error::WrongPhrase,
            Error::KeyLost,
            Error::LastWay,
            Error::NoRecovery,
            Error::PartsDeleted,
            Error::Keystore,
            Error::WeakPassphrase,
            Error::NewerVault,
            Error::Damaged,
            Error::ReadOnlyPlace,
            Error::NotAVault,
            Error::OtherFiles,
            Error::DiskFull,
            Error::Io,
            Error::NewerBackup { format: 3 },
            Error::DanglingLink,
            Error::NoFolder,
            Error::InsideVault,
            Error::NotEmpty,
            Error::Internal,
            Error::NoSuchRecord,
            Error::NoSuchShare,
            Error::NoSuchEntry,
            Error::AnchorNotKept,
            Error::NoVisit,
            Error::NoSuchResult,
            Error::NoSuchPerson,
            Error::SamePerson,
            Error::NotMerged,
            Error::BadName,
            Error::BadRelation,
            Error::BadGender,
            Error::BadBirthDate,
            Error::SameName,
            Error::OwnerIsPart,
            Error::NothingToChange,
            Error::OwnerIsKnown,
            Error::BadField,
            Error::BadContact,
            Error::NoKeystore,
            Error::NoEmergencyCard,
            Error::NoSuchAttachment,
            Error::BadRange,
            Error::NotTheSame,
            Error::NothingToUndo,
            Error::Ambiguous,
            Error::PersonNeeded,
            Error::BadDate,
            Error::BadExpiry,
            Error::BadViews,
            Error::BadKind,
            Error::BadSensitive,
            Error::BadCursor,
            Error::NothingChosen,
            Error::NothingToShare,
            Error::SeveralPersons,
            Error::BadPasscode,
            Error::DirectWithPasscode,
            Error::NotPermitted { detail: "no-purpose", reason: "say what it is for." },
            Error::TooLarge,
            Error::BadRelay,
            Error::RelayUnreachable,
            Error::RelayRefused { detail: "conflict", reason: "the link is taken." },
            Error::UploadTokenNeeded,
            Error::QrTooLong,
            Error::BadLink { detail: "address", reason: "its address may not be opened." },
            Error::LinkEnded,
            Error::PasscodeNeeded,
            Error::WrongPasscode { remaining: None },
            Error::WrongPasscode { remaining: Some(0) },
            Error::WrongPasscode { remaining: Some(1) },
            Error::NotOwnEntry,
            Error::EntryRemoved,
            Error::OtherSort,
            Error::PersonStays,
            Error::SaidAlready,
        ]
    }

    /// Errors that say something beside their code.
    fn with_places() -> Vec<Error> {
        let ways = |passphrase, recovery, device| Ways { passphrase, device, recovery };
        let mut errors = Vec::new();
        errors.extend(
            [
                PhraseError::NotInList { position: 4 },
                PhraseError::WordCount { found: 1 },
                PhraseError::WordCount { found: 23 },
                PhraseError::Checksum,
            ]
            .map(|error| Error::BadPhrase { error }),
        );
        for ways in [ways(true, true, false), ways(true, false, true), ways(false, true, false)] {
            errors.extend([Error::Locked { ways }, Error::NeedsRecovery { ways }]);
        }
        errors
            .extend([ways(false, false, true), ways(false, false, false)].map(|ways| Error::Locked { ways }));
        errors.extend(
            [
                ProofFault::Unreadable,
                ProofFault::Newer,
                ProofFault::BadKey,
                ProofFault::BadCheckpoint,
                ProofFault::OtherKey,
                ProofFault::Signature,
                ProofFault::Entry(7),
                ProofFault::Rewritten,
                ProofFault::CutOff { held: 9, here: 3 },
                ProofFault::NotComparable { held: 9 },
                ProofFault::NothingChosen,
            ]
            .map(Error::Proof),
        );
        errors.extend(
            [
                Refused::NotANumber,
                Refused::AmbiguousNumber,
                Refused::AmbiguousFeet,
                Refused::OutOfBounds { what: "body temperature", low: "20", high: "46", unit: "C" },
                Refused::UnitMissing { units: "kg or lb" },
                Refused::UnitUnknown { units: "kg or lb" },
                Refused::BloodPressure,
                Refused::BloodPressureOrder,
                Refused::BloodGroup,
                Refused::Empty { field: "the note" },
                Refused::TooLong { field: "the place", most: 200 },
                Refused::ControlCharacter { field: "the note" },
                Refused::BadDate,
                Refused::Future,
                Refused::EndsBeforeItBegins,
                Refused::TimesADay,
                Refused::DoseNumber,
                Refused::SeverityOfNothing,
                Refused::NoteOfNote,
            ]
            .map(Error::Own),
        );
        errors
    }

    /// English is kept in two places, for programs and for people: they say the same.
    #[test]
    fn english_is_what_the_error_says_of_itself() {
        for error in plain().into_iter().chain(with_places()) {
            assert_eq!(sentence(&error), error.to_string());
            assert!(crate::words::has(&format!("error-{}", error.code())) || matches!(error, Error::Own(_)));
        }
    }

    #[test]
    fn english_of_backups_and_links_is_what_the_facade_says() {
        let made = concat!(
            include_str!("../../core/wallet/src/backup.rs"),
            include_str!("../../core/wallet/src/view.rs")
        );
        for code in
            ["not-a-backup", "backup-mixed", "backup-unsound", "backup-not-found", "backup-io", "no-scratch"]
                .into_iter()
                .chain([
                    "backup-of-another-vault",
                    "backup-of-another-copy",
                    "backup-unfinished",
                    "backup-surplus",
                ])
                .chain(["backup-cut-short", "backup-head-altered", "backup-needs-secret", "backup-altered"])
                .chain([
                    "backup-no-folder",
                    "backup-is-folder",
                    "link-busy",
                    "no-network",
                    "timeout",
                    "insecure",
                ])
                .chain(["answer-too-large", "not-understood", "redirected", "unreadable"])
        {
            let text = crate::words::find("error", code).unwrap();
            let text = text.strip_prefix("The link could not be opened: ").unwrap_or(text);
            assert!(made.contains(text), "{code}");
        }
        for code in ["inside-vault", "dangling-link"] {
            assert!(made.contains(crate::words::find("errorBackup", code).unwrap()), "{code}");
        }
    }
}
