//! Ways to open a vault, and what is said when one does not.

use kosha_crypto::{KeystoreError, PhraseError, RecoveryPhrase, SlotKind};
use kosha_vault::SlotInfo;
use serde::Serialize;

use crate::{Error, LockedWallet, Session};

/// Which ways to open a vault there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Ways {
    /// A passphrase.
    pub passphrase: bool,
    /// The key of a device.
    pub device: bool,
    /// The 24 words of a recovery phrase.
    pub recovery: bool,
}

impl Ways {
    pub(crate) fn of(slots: &[SlotInfo]) -> Self {
        let has = |kind| slots.iter().any(|slot| slot.kind == kind);
        Self {
            passphrase: has(SlotKind::Passphrase),
            device: has(SlotKind::Device),
            recovery: has(SlotKind::Recovery),
        }
    }

    /// As the end of a sentence; empty when none is known.
    pub(crate) fn sentence(self) -> &'static str {
        match (self.passphrase, self.recovery) {
            (true, true) => " It opens with the passphrase or the 24 recovery words.",
            (true, false) => " It opens with the passphrase.",
            (false, true) => " It opens with the 24 recovery words.",
            (false, false) if self.device => " It opens with the device that it was made on.",
            (false, false) => "",
        }
    }
}

/// What a text is not, as a recovery phrase.
pub(crate) fn phrase_sentence(error: PhraseError) -> String {
    match error {
        PhraseError::NotInList { position } => {
            format!("Word {position} is not one of the words of a recovery phrase. Check its spelling.")
        }
        PhraseError::WordCount { found: 1 } => "A recovery phrase has 24 words; this is 1.".to_owned(),
        PhraseError::WordCount { found } => format!("A recovery phrase has 24 words; these are {found}."),
        PhraseError::Checksum => {
            "Each word is a right one, yet together they are no recovery phrase. Two may be swapped, or one may be another word."
                .to_owned()
        }
    }
}

/// Reads a recovery phrase as a person typed it.
pub(crate) fn phrase(text: &str) -> Result<RecoveryPhrase, Error> {
    Ok(RecoveryPhrase::parse(text)?)
}

impl From<PhraseError> for Error {
    fn from(error: PhraseError) -> Self {
        Self::BadPhrase { error }
    }
}

impl LockedWallet {
    /// The ways to open this vault. Asks for no key.
    pub fn ways(&self) -> Result<Ways, Error> {
        Ok(Ways::of(&kosha_vault::Vault::ways(self.dir())?))
    }

    /// The refusal of an unlock in the words of what the person can do next.
    pub(crate) fn refused(&self, error: kosha_vault::Error, by_phrase: bool) -> Error {
        match error {
            kosha_vault::Error::NoSlot => Error::Locked { ways: self.ways().unwrap_or_default() },
            kosha_vault::Error::WrongKey if by_phrase => Error::WrongPhrase,
            kosha_vault::Error::Keystore(KeystoreError::KeyMissing) => {
                match self.ways().unwrap_or_default() {
                    Ways { passphrase: false, recovery: false, .. } => Error::KeyLost,
                    ways => Error::NeedsRecovery { ways },
                }
            }
            error => error.into(),
        }
    }
}

impl Session {
    /// The ways to open this vault.
    pub fn ways(&self) -> Result<Ways, Error> {
        Ok(Ways::of(&self.vault().slots()?))
    }
}
