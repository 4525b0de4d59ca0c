//! Words that must be nowhere, in every form in which they could be.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Words to look for, as bytes in the encodings in which software leaves them behind.
#[derive(Debug, Default)]
pub struct Canaries {
    forms: Vec<(String, Vec<u8>)>,
    /// Which forms begin with these four bytes.
    by_start: HashMap<[u8; 4], Vec<usize>>,
}

impl Canaries {
    /// From words of 8 bytes or more; shorter ones would be found by chance and are left out.
    pub fn new<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> Self {
        let words: BTreeSet<String> = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
        let forms: Vec<(String, Vec<u8>)> = words
            .into_iter()
            .filter(|word| word.len() >= 8)
            .flat_map(|word| forms(&word).into_iter().map(move |form| (word.clone(), form)))
            .collect();
        let mut by_start: HashMap<[u8; 4], Vec<usize>> = HashMap::new();
        for (index, (_, form)) in forms.iter().enumerate() {
            by_start.entry(*form.first_chunk().expect("8 bytes or more")).or_default().push(index);
        }
        Self { forms, by_start }
    }

    /// How many forms are looked for.
    pub fn len(&self) -> usize {
        self.forms.len()
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.forms.is_empty()
    }

    /// The first word found in these bytes: one pass, whatever the number of words.
    pub fn found_in(&self, bytes: &[u8]) -> Option<&str> {
        // Most places begin no form: two bytes tell that without a look into the map.
        let mut begins = vec![false; 1 << 16];
        for start in self.by_start.keys() {
            begins[usize::from(u16::from_be_bytes([start[0], start[1]]))] = true;
        }
        bytes
            .windows(4)
            .enumerate()
            .filter(|(_, start)| begins[usize::from(u16::from_be_bytes([start[0], start[1]]))])
            .find_map(|(at, start)| {
                let candidates = self.by_start.get(start)?;
                let found =
                    candidates.iter().find(|index| bytes[at..].starts_with(&self.forms[**index].1))?;
                Some(self.forms[*found].0.as_str())
            })
    }

    /// Panics when a word is in any file below the folder, or in the name of one.
    pub fn absent_below(&self, folder: &Path) {
        for file in crate::programs::files_below(folder) {
            // A file may go while a program is at work; what is gone holds nothing.
            let Ok(bytes) = std::fs::read(&file) else { continue };
            let found = self.found_in(&bytes).or_else(|| self.found_in(file.to_string_lossy().as_bytes()));
            assert!(found.is_none(), "{found:?} is readable in {}", file.display());
        }
    }
}

/// UTF-8, UTF-16 in both orders, hex in both cases, and base64 at each of the three alignments.
fn forms(word: &str) -> Vec<Vec<u8>> {
    let bytes = word.as_bytes();
    let mut forms = vec![
        bytes.to_vec(),
        word.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        word.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        bytes.iter().flat_map(|byte| format!("{byte:02x}").into_bytes()).collect(),
        bytes.iter().flat_map(|byte| format!("{byte:02X}").into_bytes()).collect(),
    ];
    for (plus, slash) in [('+', '/'), ('-', '_')] {
        for lead in 0..3 {
            forms.push(base64_core(bytes, lead, plus, slash));
        }
    }
    forms
}

/// The characters of the base64 of `lead` unknown bytes and then `bytes` that depend on `bytes` alone.
fn base64_core(bytes: &[u8], lead: usize, plus: char, slash: char) -> Vec<u8> {
    let alphabet: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain([plus, slash]).collect();
    let mut padded = vec![0_u8; lead];
    padded.extend_from_slice(bytes);
    let bits = |index: usize| -> Option<usize> {
        let bit = index * 6;
        let high = usize::from(*padded.get(bit / 8)?);
        let low = padded.get(bit / 8 + 1).copied().map_or(0, usize::from);
        Some(((high << 8 | low) >> (10 - bit % 8)) & 0x3f)
    };
    let first = (lead * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    (first..last).filter_map(bits).map(|value| u8::try_from(alphabet[value]).expect("ASCII")).collect()
}

#[cfg(test)]
mod tests {
    use super::{Canaries, base64_core};

    #[test]
    fn every_form_is_found() {
        let canaries = Canaries::new(["Raghunathan"]);
        for text in [
            "xxRaghunathanxx",
            "526167 68756e617468616e",
            "UmFnaHVuYXRoYW4",
            "xSYWdodW5hdGhhbg",
            "xxUmFnaHVuYXRoYW4=",
        ] {
            let text = text.replace(' ', "");
            assert!(canaries.found_in(text.as_bytes()).is_some(), "{text}");
        }
        let wide: Vec<u8> = "a Raghunathan".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(canaries.found_in(&wide).is_some());
        assert!(canaries.found_in(b"nothing of the kind").is_none());
    }

    #[test]
    fn base64_keeps_only_what_depends_on_the_word() {
        assert_eq!(base64_core(b"Man", 0, '+', '/'), b"TWFu");
        assert_eq!(base64_core(b"xMan", 2, '+', '/').len(), 5);
    }
}
