//! The recovery phrase: 24 words of the English BIP-39 list that stand for 32 random bytes and a checksum.

use bip39::{Language, Mnemonic};
use zeroize::Zeroizing;

use crate::key::{Key, redacted};
use crate::{CryptoError, Entropy};

/// Number of words.
pub const WORDS: usize = 24;
/// Fewest letters by which a word may be shortened; no two words of the list begin with the same four.
const SHORTEST_PREFIX: usize = 4;
/// Longest text that is looked at, in bytes; 24 words with numbers and line breaks are below 400.
const MAX_TEXT: usize = 4096;
/// Longest word of the list.
const LONGEST_WORD: usize = 8;

/// Why a text is no recovery phrase. Names places and counts, never a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhraseError {
    /// The word at this place, counted from 1, is not in the list: misspelt, or not a word of a phrase.
    #[error("word {position} is not in the list")]
    NotInList {
        /// Place of the word, from 1.
        position: usize,
    },
    /// A phrase has 24 words, and this many were given.
    #[error("{found} words instead of 24")]
    WordCount {
        /// Number of words found.
        found: usize,
    },
    /// Each word is in the list, and together they are no phrase: two are swapped, or one is another one.
    #[error("the words do not belong together in this order")]
    Checksum,
}

/// 32 random bytes that can be written down as [`WORDS`] words. Opens the slot made with it
/// ([`crate::Slot::for_recovery`]); wiped when dropped.
pub struct RecoveryPhrase(pub(crate) Key);

redacted!(RecoveryPhrase);

impl RecoveryPhrase {
    /// A new phrase.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, CryptoError> {
        Key::random(entropy).map(Self)
    }

    /// Reads what a person typed. Capitals, spaces, line breaks, numbers ("1. abandon") and signs do not matter, and a
    /// word may be cut to its first four letters or more.
    pub fn parse(text: &str) -> Result<Self, PhraseError> {
        let words = || text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        if text.len() > MAX_TEXT {
            return Err(PhraseError::WordCount { found: words().count() });
        }
        let mut whole = Zeroizing::new(String::with_capacity(WORDS * (LONGEST_WORD + 1)));
        let mut found = 0;
        for typed in words() {
            found += 1;
            let word = in_list(typed).ok_or(PhraseError::NotInList { position: found })?;
            if found <= WORDS {
                if found > 1 {
                    whole.push(' ');
                }
                whole.push_str(word);
            }
        }
        if found != WORDS {
            return Err(PhraseError::WordCount { found });
        }
        let mnemonic =
            Mnemonic::parse_in_normalized(Language::English, &whole).map_err(|_| PhraseError::Checksum)?;
        let (bytes, len) = mnemonic.to_entropy_array();
        let bytes = Zeroizing::new(bytes);
        let entropy = bytes.get(..len).unwrap_or_default();
        Key::copied_from(entropy).map(Self).map_err(|_| PhraseError::Checksum)
    }

    fn mnemonic(&self) -> Option<Mnemonic> {
        // 32 bytes always make a phrase.
        Mnemonic::from_entropy_in(Language::English, self.0.expose()).ok()
    }

    /// The words, each parted from the next by a space.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(WORDS * (LONGEST_WORD + 1)));
        for word in self.mnemonic().iter().flat_map(Mnemonic::words) {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        text
    }

    /// The word at a place, counted from 1.
    pub fn word(&self, position: usize) -> Option<&'static str> {
        self.mnemonic()?.words().nth(position.checked_sub(1)?)
    }

    /// Whether `typed` is the word at a place, read as leniently as [`RecoveryPhrase::parse`] does.
    pub fn is_word(&self, position: usize, typed: &str) -> bool {
        self.word(position).is_some_and(|word| in_list(typed.trim()) == Some(word))
    }
}

/// The word of the list that is meant. Compares in place, so that no copy of a typed word is left behind.
fn in_list(typed: &str) -> Option<&'static str> {
    let list = Language::English.word_list();
    let begins = |word: &&&str| {
        typed.len() >= SHORTEST_PREFIX
            && word
                .as_bytes()
                .get(..typed.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(typed.as_bytes()))
    };
    list.iter().find(|word| word.eq_ignore_ascii_case(typed)).or_else(|| list.iter().find(begins)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZEROS: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon \
        abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon art";
    /// From the vectors of BIP-39 (trezor/python-mnemonic), 256 bits.
    const VECTORS: [(&str, &str); 4] = [
        ("0000000000000000000000000000000000000000000000000000000000000000", ZEROS),
        (
            "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
            "legal winner thank year wave sausage worth useful legal winner thank year wave sausage worth useful \
             legal winner thank year wave sausage worth title",
        ),
        (
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo vote",
        ),
        (
            "f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f",
            "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol \
             group space point ten exist slush involve unfold",
        ),
    ];

    fn error(text: &str) -> PhraseError {
        RecoveryPhrase::parse(text).unwrap_err()
    }

    #[test]
    fn the_vectors_of_the_standard() {
        for (entropy, words) in VECTORS {
            let bytes: Vec<u8> =
                (0..32).map(|at| u8::from_str_radix(&entropy[2 * at..2 * at + 2], 16).unwrap()).collect();
            let phrase = RecoveryPhrase::parse(words).unwrap();
            assert_eq!(phrase.0.expose().as_slice(), bytes);
            assert_eq!(*phrase.to_text(), words);
            assert_eq!(phrase.word(24), words.split(' ').next_back());
            assert_eq!((phrase.word(0), phrase.word(25)), (None, None));
        }
    }

    #[test]
    fn what_a_person_types_is_understood() {
        let words: Vec<&str> = VECTORS[3].1.split(' ').collect();
        let numbered: Vec<String> = (1..).zip(&words).map(|(n, word)| format!("{n}. {word}")).collect();
        let short: Vec<&str> = words.iter().map(|word| word.get(..4).unwrap_or(word)).collect();
        let lines = format!("\u{feff}  {}\n", words.join(",\n\t"));
        for text in
            [numbered.join("\r\n"), short.join(" "), lines, words.join("  ").to_uppercase(), words.join("-")]
        {
            assert_eq!(*RecoveryPhrase::parse(&text).unwrap().to_text(), VECTORS[3].1, "{text}");
        }
        let phrase = RecoveryPhrase::parse(VECTORS[3].1).unwrap();
        assert!(phrase.is_word(2, " Come ") && phrase.is_word(7, "warr") && !phrase.is_word(7, "war"));
        assert!(!phrase.is_word(3, "come") && !phrase.is_word(25, "come"));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        let mut words: Vec<&str> = VECTORS[3].1.split(' ').collect();
        assert_eq!(error(""), PhraseError::WordCount { found: 0 });
        assert_eq!(error(&words[..23].join(" ")), PhraseError::WordCount { found: 23 });
        assert_eq!(error(&format!("{} void", words.join(" "))), PhraseError::WordCount { found: 25 });
        assert_eq!(error(&"zoo ".repeat(2000)), PhraseError::WordCount { found: 2000 });
        words.swap(0, 1);
        assert_eq!(error(&words.join(" ")), PhraseError::Checksum);
        for other in ["xyzzy", "voi", "voids", "vóid", "воид"] {
            words[4] = other;
            assert_eq!(error(&words.join(" ")), PhraseError::NotInList { position: 5 }, "{other}");
        }
    }

    #[test]
    fn four_letters_are_enough_for_every_word() {
        for word in Language::English.word_list() {
            assert_eq!(in_list(word), Some(*word));
            assert_eq!(in_list(word.get(..4).unwrap_or(word)), Some(*word));
        }
    }
}
