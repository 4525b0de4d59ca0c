//! The recovery phrase, the passphrase and this device's key: made, replaced, removed.

use kosha_crypto::slot::KdfStrength;
use kosha_crypto::{RecoveryPhrase, SlotKind, Zeroizing, phrase};
use serde::Serialize;

use crate::locked::long_enough;
use crate::rotate::Rotated;
use crate::unlocking::Ways;
use crate::words::WORDS;
use crate::{Error, Session};

/// How many words are asked back.
const QUESTIONS: usize = 3;

/// A recovery phrase that was made and does not open the vault yet: [`Session::use_recovery`] makes it so.
pub struct NewRecovery {
    phrase: RecoveryPhrase,
    questions: Vec<usize>,
}

impl NewRecovery {
    /// The 24 words, each parted from the next by a space. To be shown once, and kept nowhere.
    pub fn words(&self) -> Zeroizing<String> {
        self.phrase.to_text()
    }

    /// Places of the words that the person types back, from 1, ascending.
    pub fn questions(&self) -> &[usize] {
        &self.questions
    }

    /// Whether this is the word at a place.
    pub fn is_word(&self, position: usize, typed: &str) -> bool {
        self.phrase.is_word(position, typed)
    }
}

/// How a vault can be opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecoveryStatus {
    /// The ways that there are.
    pub ways: Ways,
    /// What that means for whoever loses a device or forgets a passphrase.
    pub advice: &'static str,
}

/// A way to open the vault was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WayChanged {
    /// The ways that there are now.
    pub ways: Ways,
    /// What giving the vault new keys did; absent where it was not needed, or where a damaged vault did not allow it.
    pub rotated: Option<Rotated>,
}

impl Session {
    /// How this vault can be opened, and whether it survives the loss of a device or of a passphrase.
    pub fn recovery_status(&self) -> Result<RecoveryStatus, Error> {
        let ways = self.ways()?;
        let advice = match (ways.recovery, ways.device) {
            (true, _) => "survival-words",
            (false, true) => "survival-device",
            (false, false) => "survival-passphrase",
        };
        let advice = WORDS.text(self.language(), advice);
        Ok(RecoveryStatus { ways, advice })
    }

    /// Draws a recovery phrase. Nothing is changed by it.
    pub fn new_recovery(&self) -> Result<NewRecovery, Error> {
        let entropy = self.environment().entropy.as_ref();
        let phrase = RecoveryPhrase::generate(entropy).map_err(|_| Error::Internal)?;
        let mut questions = Vec::with_capacity(QUESTIONS);
        // Which words are asked is no secret; a slight preference for the first ones does no harm.
        while questions.len() < QUESTIONS {
            let mut byte = [0];
            entropy.fill(&mut byte).map_err(|_| Error::Internal)?;
            let position = byte.iter().fold(0, |_, byte| usize::from(*byte)) % phrase::WORDS + 1;
            if !questions.contains(&position) {
                questions.push(position);
            }
        }
        questions.sort_unstable();
        Ok(NewRecovery { phrase, questions })
    }

    /// Lets the phrase open the vault, in the place of any before; then the vault gets new keys where there was one before.
    pub fn use_recovery(&mut self, new: &NewRecovery) -> Result<WayChanged, Error> {
        let replaces = self.ways()?.recovery;
        self.vault_mut().replace_recovery(&new.phrase)?;
        self.reached("recovery-durable");
        self.way_changed("recovery-words", if replaces { "made anew" } else { "made" }, replaces)
    }

    /// Takes the recovery phrase away; [`Error::LastWay`] where nothing else opens the vault. The vault gets new keys.
    pub fn remove_recovery(&mut self) -> Result<WayChanged, Error> {
        let slots = self.vault().slots()?;
        let words: Vec<_> = slots.iter().filter(|slot| slot.kind == SlotKind::Recovery).collect();
        if words.is_empty() {
            return Err(Error::NoRecovery);
        }
        for slot in words {
            self.vault_mut().remove_slot(slot.id)?;
        }
        self.way_changed("recovery-words", "removed", true)
    }

    /// Puts a new passphrase in the place of the one before. The vault gets new keys, so that the old passphrase opens old
    /// copies only.
    pub fn change_passphrase(
        &mut self,
        passphrase: &[u8],
        strength: Option<KdfStrength>,
    ) -> Result<WayChanged, Error> {
        if !long_enough(passphrase) {
            return Err(Error::WeakPassphrase);
        }
        self.vault_mut().replace_passphrase(passphrase, strength.unwrap_or(KdfStrength::DEFAULT))?;
        self.reached("passphrase-durable");
        self.way_changed("passphrase", "changed", true)
    }

    /// Lets this device open the vault: after it was opened with passphrase or words on a new device, or where the key of
    /// this one was lost.
    pub fn use_this_device(&mut self) -> Result<WayChanged, Error> {
        let keystore = self.environment().keystore.clone().ok_or(Error::Keystore)?;
        let label = self.new_label()?;
        let prompt = crate::rotate::prompt(self.language());
        let key = self.vault_mut().new_device_key(keystore.as_ref(), &label, prompt)?;
        self.vault_mut().put_device_key(&key)?;
        self.destroy_old_keys();
        self.way_changed("device-key", "made", false)
    }

    fn way_changed(&mut self, event: &str, what: &str, renew: bool) -> Result<WayChanged, Error> {
        self.note(event, what)?;
        self.keep_anchor();
        // What is damaged can still be opened in another way than before.
        let rotated = match renew.then(|| self.rotate()).transpose() {
            Err(Error::Damaged) => None,
            rotated => rotated?,
        };
        Ok(WayChanged { ways: self.ways()?, rotated })
    }
}

impl std::fmt::Debug for NewRecovery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewRecovery(..)")
    }
}
