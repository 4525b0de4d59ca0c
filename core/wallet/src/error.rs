//! What can go wrong, as a person is told it. No variant carries health data, names, keys or links.

use kosha_crypto::PhraseError;

use crate::proof::ProofFault;
use crate::unlocking::{Ways, phrase_sentence};

/// How serious an [`Error`] is, and whose turn it is; a shell maps it to its own signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// It could not be done.
    Failed,
    /// What was asked for cannot be understood.
    Usage,
    /// It is recorded, yet the relay has not confirmed it.
    Unconfirmed,
    /// The vault stays closed: no key, or a wrong one.
    Locked,
}

/// Errors of the facade. [`Error::code`] is stable; the message is a plain sentence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder holds no vault.
    #[error("There is no vault here yet.")]
    NoVault,
    /// `create` where a vault is.
    #[error("There is a vault here already.")]
    VaultExists,
    /// Another process has the vault open.
    #[error("The vault is open in another program. Close that one first.")]
    InUse,
    /// Wrong passphrase, or a device that does not hold the key.
    #[error("This does not open the vault. Check the passphrase and try again.")]
    WrongKey,
    /// The phrase is whole, and it is not the one of this vault.
    #[error("These 24 words do not open this vault. They may be the words of another one, or older ones.")]
    WrongPhrase,
    /// What was given is no recovery phrase.
    #[error("{}", phrase_sentence(*error))]
    BadPhrase {
        /// What is wrong with it, by place and count.
        error: PhraseError,
    },
    /// It cannot be opened in the way that was tried; others may exist.
    #[error("The vault is locked.{}", ways.sentence())]
    Locked {
        /// The ways that there are.
        ways: Ways,
    },
    /// The device's key is gone: a new phone, or the keystore was reset. Another way has to be taken; a new key is never
    /// made in its place.
    #[error("The key of this device is gone, so it cannot open the vault.{}", ways.sentence())]
    NeedsRecovery {
        /// The ways that there are.
        ways: Ways,
    },
    /// The device's key is gone, and the vault has no other way.
    #[error(
        "The key of this device is gone, and this vault has no other way to be opened. A backup may still have one."
    )]
    KeyLost,
    /// The last way to open the vault was to be removed.
    #[error("This is the only way to open the vault. Add another one first.")]
    LastWay,
    /// There is no recovery phrase.
    #[error("There are no recovery words for this vault.")]
    NoRecovery,
    /// A record that came in this file was deleted.
    #[error(
        "A part of this file was deleted, so it is not kept as it came in. Its other records are still here."
    )]
    PartsDeleted,
    /// The keystore did not give its key.
    #[error("The keystore of this device did not give its key.")]
    Keystore,
    /// The passphrase chosen for a new vault is too short.
    #[error("Choose a passphrase of at least 8 characters.")]
    WeakPassphrase,
    /// The vault was written by a newer version.
    #[error("The vault was written by a newer version of Kosha.")]
    NewerVault,
    /// A seal, the set of rows or the file itself is damaged.
    #[error("Something in the vault that is needed for this is damaged. Nothing was changed.")]
    Damaged,
    /// Nothing can be written where the vault is.
    #[error(
        "The vault is in a place where nothing can be written, so it can only be read. To change it, copy its whole folder to a place that can be written."
    )]
    ReadOnlyPlace,
    /// What is there was a vault, or has the names of one.
    #[error("The vault here is damaged beyond reading.")]
    NotAVault,
    /// Nothing that is there belongs to a vault.
    #[error(
        "This folder already holds other files, and no vault. They were left alone; choose an empty folder, or a new one."
    )]
    OtherFiles,
    /// No room left.
    #[error("The disk is full. Nothing was lost; free some space and try again.")]
    DiskFull,
    /// The system refused to read or write.
    #[error("The system could not read or write the vault's files.")]
    Io,
    /// A backup that cannot be made, verified or restored.
    #[error("{reason}")]
    Backup {
        /// Stable code.
        code: &'static str,
        /// Why, as a plain sentence.
        reason: &'static str,
    },
    /// A backup of a later format.
    #[error(
        "This backup has format {format}, of a newer version of Kosha; this version reads format 1. It was left alone. Update Kosha to use it."
    )]
    NewerBackup {
        /// The format's number.
        format: u8,
    },
    /// The vault's folder is a link to nothing.
    #[error(
        "The folder of the vault is a link that leads to nothing. Check whether the drive that it leads to is connected, or choose another folder."
    )]
    DanglingLink,
    /// The folder in which a vault is to be made is missing.
    #[error(
        "The folder in which the vault is to be made does not exist. Make it first, or choose another one."
    )]
    NoFolder,
    /// An export into the vault's own folder.
    #[error(
        "This is inside the folder of the vault, in which nothing but the vault may be. Choose another place."
    )]
    InsideVault,
    /// An export or a new vault into a folder that holds something.
    #[error("This folder is not empty. Choose one that is empty, or that is not there yet.")]
    NotEmpty,
    /// No randomness, or another fault that has no remedy here.
    #[error("Something went wrong inside. Nothing was changed.")]
    Internal,
    /// No record or document of this id.
    #[error("There is no record or document with this id.")]
    NoSuchRecord,
    /// No share of this id.
    #[error("There is no share with this id.")]
    NoSuchShare,
    /// The log has no entry of this number.
    #[error("The log has no entry with this number.")]
    NoSuchEntry,
    /// The anchor of the vault could not be written.
    #[error(
        "It is recorded, yet the note of how far your records have come could not be kept. Try again later."
    )]
    AnchorNotKept,
    /// Nobody has a visit yet.
    #[error("There is no visit yet. Name a day.")]
    NoVisit,
    /// Nothing that was measured goes by this code or name.
    #[error("No result goes by this code or name.")]
    NoSuchResult,
    /// No person of this id or name.
    #[error("There is no person with this id or name.")]
    NoSuchPerson,
    /// The two are one person already.
    #[error("These two are one person already.")]
    SamePerson,
    /// Not part of another person.
    #[error("This person is not merged with another.")]
    NotMerged,
    /// A name that cannot be used.
    #[error("A name has 1 to 200 characters.")]
    BadName,
    /// Not a relation that is known.
    #[error("Write self, partner, parent, child, sibling, grandparent, grandchild or other.")]
    BadRelation,
    /// Not a gender as FHIR writes it.
    #[error("Write female, male, other or unknown.")]
    BadGender,
    /// A birth date that nobody alive can have.
    #[error(
        "This birth date is in the future, or more than 150 years ago. Write it as 1980-01-02, 1980-01 or 1980."
    )]
    BadBirthDate,
    /// A person of this name is here, and nothing says that this is another one.
    #[error(
        "There is somebody of this name already. If this is another person, say so, or give birth dates that tell them apart."
    )]
    SameName,
    /// The owner was to become a part of somebody else.
    #[error(
        "These records belong to this person, who cannot become a part of somebody else. Merge the two the other way round, or make the other one the owner first."
    )]
    OwnerIsPart,
    /// A change that leaves everything as it is.
    #[error("Nothing would change: say what is to be another.")]
    NothingToChange,
    /// The vault belongs to somebody else, and nobody said that this is to change.
    #[error("These records belong to somebody who is here already. To make this person the owner, say so.")]
    OwnerIsKnown,
    /// No such field of the emergency card.
    #[error("Write name, birth-year, blood-group, allergies, conditions, medicines or contact.")]
    BadField,
    /// The contact text is missing, too long, or not among the chosen fields.
    #[error("The field contact needs a text of at most 200 characters, and the text needs the field.")]
    BadContact,
    /// The device brings no keystore that can be used.
    #[error("This device has no keystore that could keep the key of an emergency card.")]
    NoKeystore,
    /// No emergency card.
    #[error("There is no emergency card.")]
    NoEmergencyCard,
    /// The record has no attachment of this number.
    #[error("The record has no attachment of this number.")]
    NoSuchAttachment,
    /// Not a part of the attachment.
    #[error(
        "This is not a part of the file. Write the first and the last byte, 0-999, or 1000- for the rest."
    )]
    BadRange,
    /// Two records that are not taken for the same.
    #[error("These two are listed apart already.")]
    NotTheSame,
    /// No refiling to take back.
    #[error("There is nothing to take back.")]
    NothingToUndo,
    /// Several begin like this.
    #[error("Several begin like this. Give more letters of the id or the name.")]
    Ambiguous,
    /// Several persons, and none was named.
    #[error("Records of several persons are here. Say whose are meant.")]
    PersonNeeded,
    /// Not a day, month or year.
    #[error("This is not a date. Write 2024, 2024-03 or 2024-03-05.")]
    BadDate,
    /// Not a span of time.
    #[error("This is not a span of time. Write 15m, 6h, 1d or 2w, up to 366d.")]
    BadExpiry,
    /// More openings than a relay counts, or none.
    #[error(
        "A share can be limited to between 1 and 1,000,000 openings. Without a limit it opens until it ends."
    )]
    BadViews,
    /// No such kind.
    #[error("There is no such kind of record.")]
    BadKind,
    /// No such sensitive kind.
    #[error("There is no such sensitive kind. Write hiv, mental, sexual or substance.")]
    BadSensitive,
    /// Not a cursor of an earlier page.
    #[error("This does not continue an earlier page.")]
    BadCursor,
    /// A share without any choice.
    #[error("Say what to share: everything, kinds, single records, or a span of time.")]
    NothingChosen,
    /// Nothing matches the choice.
    #[error("Nothing matches this choice, so there is nothing to share.")]
    NothingToShare,
    /// Records of several persons in one share.
    #[error("These records belong to more than one person. One share never holds two persons.")]
    SeveralPersons,
    /// The passcode cannot be used.
    #[error("A passcode has 4 to 64 characters.")]
    BadPasscode,
    /// A direct link can have no passcode.
    #[error("A direct link cannot ask for a passcode.")]
    DirectWithPasscode,
    /// The consent rules do not allow the release.
    #[error("This share is not permitted: {reason}")]
    NotPermitted {
        /// Why, as a stable word.
        detail: &'static str,
        /// Why, as a plain sentence.
        reason: &'static str,
    },
    /// Too large for a link.
    #[error("This is more than one link can carry. Choose fewer records.")]
    TooLarge,
    /// The relay's address is unusable.
    #[error("The relay's address is not usable: https is needed, except on this computer.")]
    BadRelay,
    /// The relay could not be reached.
    #[error("The relay could not be reached. The share waits and is sent next time.")]
    RelayUnreachable,
    /// The relay said no.
    #[error("The relay did not accept the share: {reason}")]
    RelayRefused {
        /// Why, as a stable word.
        detail: &'static str,
        /// Why, as a plain sentence.
        reason: &'static str,
    },
    /// The relay takes links only from those who have an upload token.
    #[error("The relay did not accept the share: it asks for an upload token.")]
    UploadTokenNeeded,
    /// A QR code cannot hold the link.
    #[error("The link is too long for a QR code.")]
    QrTooLong,
    /// Not a link that can be opened.
    #[error("This is not a health link: {reason}")]
    BadLink {
        /// Why, as a stable word.
        detail: &'static str,
        /// Why, as a plain sentence.
        reason: &'static str,
    },
    /// The link has ended.
    #[error("The link has expired, was withdrawn, or is used up.")]
    LinkEnded,
    /// A passcode is needed.
    #[error("This link asks for a passcode.")]
    PasscodeNeeded,
    /// A wrong passcode.
    #[error("The passcode is not right.{}", tries_left(*remaining))]
    WrongPasscode {
        /// Tries left in the life of the link, where the server said so.
        remaining: Option<u32>,
    },
    /// Something that was to be written down is not taken as it is.
    #[error(transparent)]
    Own(#[from] kosha_fhir::own::Refused),
    /// Only what somebody wrote down here is corrected or removed.
    #[error(
        "This was not written down here, so it is not corrected or removed. It can be filed with another person, or deleted for good."
    )]
    NotOwnEntry,
    /// The entry was removed before.
    #[error("This entry was removed. Write it down anew if it is right after all.")]
    EntryRemoved,
    /// The correction is of another sort than the entry: a weight for a medicine.
    #[error(
        "This entry is of another sort. Correct it by one of its own sort, or remove it and write down the other."
    )]
    OtherSort,
    /// The correction names another person.
    #[error("A correction leaves an entry with its person. File it with the other one first.")]
    PersonStays,
    /// The very same was written down within the last minute.
    #[error("The very same was written down less than a minute ago. If it is meant once more, say so.")]
    SaidAlready,
    /// A proof of the log was not made, or does not hold.
    #[error(transparent)]
    Proof(#[from] ProofFault),
    /// The server of a link could not be reached or behaved badly.
    #[error("The link could not be opened: {reason}")]
    LinkFailed {
        /// Stable code.
        code: &'static str,
        /// Why, as a plain sentence.
        reason: &'static str,
    },
}

impl Error {
    /// Stable kebab-case code, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoVault => "no-vault",
            Self::VaultExists => "vault-exists",
            Self::InUse => "in-use",
            Self::WrongKey => "wrong-key",
            Self::WrongPhrase => "wrong-phrase",
            Self::BadPhrase { error } => match error {
                PhraseError::NotInList { .. } => "phrase-word",
                PhraseError::WordCount { .. } => "phrase-count",
                PhraseError::Checksum => "phrase-order",
            },
            Self::Locked { .. } => "locked",
            Self::NeedsRecovery { .. } => "needs-recovery",
            Self::KeyLost => "key-lost",
            Self::LastWay => "last-way",
            Self::NoRecovery => "no-recovery",
            Self::PartsDeleted => "parts-deleted",
            Self::Keystore => "keystore",
            Self::WeakPassphrase => "weak-passphrase",
            Self::NewerVault => "newer-vault",
            Self::Damaged => "damaged",
            Self::ReadOnlyPlace => "read-only",
            Self::NotAVault => "not-a-vault",
            Self::OtherFiles => "other-files",
            Self::DiskFull => "disk-full",
            Self::Io => "io",
            Self::NotEmpty => "not-empty",
            Self::NewerBackup { .. } => "newer-backup",
            Self::DanglingLink => "dangling-link",
            Self::NoFolder => "no-such-folder",
            Self::InsideVault => "inside-vault",
            Self::Internal => "internal",
            Self::NoSuchRecord => "no-such-record",
            Self::NoSuchShare => "no-such-share",
            Self::NoSuchResult => "no-such-result",
            Self::NoVisit => "no-visit",
            Self::NoSuchPerson => "no-such-person",
            Self::NoSuchEntry => "no-such-entry",
            Self::AnchorNotKept => "anchor-not-kept",
            Self::SamePerson => "same-person",
            Self::NotMerged => "not-merged",
            Self::BadName => "bad-name",
            Self::BadRelation => "bad-relation",
            Self::BadGender => "bad-gender",
            Self::BadBirthDate => "bad-birth-date",
            Self::SameName => "same-name",
            Self::NothingToChange => "nothing-to-change",
            Self::OwnerIsPart => "owner-is-part",
            Self::OwnerIsKnown => "owner-is-known",
            Self::BadField => "bad-field",
            Self::BadContact => "bad-contact",
            Self::NoKeystore => "no-keystore",
            Self::NoEmergencyCard => "no-emergency-card",
            Self::NoSuchAttachment => "no-such-attachment",
            Self::BadRange => "bad-range",
            Self::NotTheSame => "not-the-same",
            Self::NothingToUndo => "nothing-to-undo",
            Self::Ambiguous => "ambiguous",
            Self::PersonNeeded => "person-needed",
            Self::BadDate => "bad-date",
            Self::BadExpiry => "bad-expiry",
            Self::BadViews => "bad-views",
            Self::BadKind => "bad-kind",
            Self::BadSensitive => "bad-sensitive",
            Self::BadCursor => "bad-cursor",
            Self::NothingChosen => "nothing-chosen",
            Self::NothingToShare => "nothing-to-share",
            Self::SeveralPersons => "several-persons",
            Self::BadPasscode => "bad-passcode",
            Self::DirectWithPasscode => "direct-with-passcode",
            Self::NotPermitted { .. } => "not-permitted",
            Self::TooLarge => "too-large",
            Self::BadRelay => "bad-relay",
            Self::RelayUnreachable => "relay-unreachable",
            Self::RelayRefused { .. } => "relay-refused",
            Self::UploadTokenNeeded => "upload-token-needed",
            Self::QrTooLong => "qr-too-long",
            Self::BadLink { .. } => "bad-link",
            Self::LinkEnded => "link-ended",
            Self::PasscodeNeeded => "passcode-needed",
            Self::WrongPasscode { .. } => "wrong-passcode",
            Self::Backup { code, .. } | Self::LinkFailed { code, .. } => code,
            Self::Proof(fault) => fault.code(),
            Self::Own(refused) => refused.code(),
            Self::NotOwnEntry => "not-own-entry",
            Self::EntryRemoved => "entry-removed",
            Self::OtherSort => "other-sort",
            Self::PersonStays => "person-stays",
            Self::SaidAlready => "said-already",
        }
    }

    /// How serious it is.
    pub fn class(&self) -> ErrorClass {
        match self {
            Self::WrongKey
            | Self::WrongPhrase
            | Self::BadPhrase { .. }
            | Self::Locked { .. }
            | Self::NeedsRecovery { .. }
            | Self::KeyLost
            | Self::Keystore => ErrorClass::Locked,
            Self::BadDate
            | Self::BadExpiry
            | Self::BadViews
            | Self::BadKind
            | Self::BadSensitive
            | Self::BadCursor
            | Self::BadName
            | Self::BadRelation
            | Self::BadGender
            | Self::BadBirthDate
            | Self::NothingToChange
            | Self::BadField
            | Self::BadRange
            | Self::BadContact
            | Self::NothingChosen
            | Self::PersonNeeded
            | Self::BadPasscode
            | Self::DirectWithPasscode
            | Self::WeakPassphrase
            | Self::BadRelay
            | Self::Own(_)
            | Self::OtherSort
            | Self::PersonStays
            | Self::Proof(ProofFault::NothingChosen | ProofFault::BadKey) => ErrorClass::Usage,
            Self::RelayUnreachable => ErrorClass::Unconfirmed,
            _ => ErrorClass::Failed,
        }
    }

    /// Tries left after a wrong passcode.
    pub fn remaining_attempts(&self) -> Option<u32> {
        match self {
            Self::WrongPasscode { remaining } => *remaining,
            _ => None,
        }
    }
}

fn tries_left(remaining: Option<u32>) -> String {
    match remaining {
        None => String::new(),
        Some(0) => " No tries are left; the link does not open any more.".to_owned(),
        Some(count) => format!(" Tries left: {count}."),
    }
}
