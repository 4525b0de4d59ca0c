//! Words as they are compared: those of a text, and those that someone typed.
//!
//! Both go through the same folding, so that spellings which people take for one word are one: Unicode's normalization
//! form KD, lower case, no accents of Latin, Greek and Cyrillic letters, no joiners, ASCII digits. Vowel signs and the
//! virama are letters of their words. Of Devanagari, where print and keyboards differ from writer to writer, the nukta
//! goes, the candrabindu counts as an anusvara, and so does a nasal before a consonant of its own class: हिन्दी and
//! हिंदी, हँसी and हंसी, ज़ and ज.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use zeroize::Zeroizing;

/// Longest word, in characters; the rest of it is left out.
const MAX_WORD: usize = 64;

const VIRAMA: char = '\u{94d}';
const ANUSVARA: char = '\u{902}';

/// Splits texts; keeps its working memory for the next one.
#[derive(Default)]
pub(super) struct Splitter {
    folded: Zeroizing<String>,
}

impl Splitter {
    /// Gives each word of `text` in turn, folded.
    pub(super) fn each(&mut self, text: &str, mut give: impl FnMut(&str)) {
        self.folded.clear();
        fold(text, &mut self.folded);
        let bytes = self.folded.as_bytes();
        let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        let mut start = None;
        for (at, letter) in self.folded.char_indices() {
            let inside = is_part_of_word(letter)
                || (letter == '.' && is_digit(at.checked_sub(1)) && is_digit(at.checked_add(1)));
            match (inside, start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    give_word(self.folded.get(from..at), &mut give);
                    start = None;
                }
                _ => {}
            }
        }
        if let Some(from) = start {
            give_word(self.folded.get(from..), &mut give);
        }
    }
}

fn give_word(word: Option<&str>, give: &mut impl FnMut(&str)) {
    let Some(word) = word.filter(|word| word.contains(char::is_alphanumeric)) else { return };
    let end = if word.len() > MAX_WORD { word.char_indices().nth(MAX_WORD).map(|(at, _)| at) } else { None };
    give(end.and_then(|end| word.get(..end)).unwrap_or(word));
}

fn is_part_of_word(letter: char) -> bool {
    if letter.is_ascii() {
        letter.is_ascii_alphanumeric()
    } else {
        letter.is_alphanumeric() || is_combining_mark(letter)
    }
}

/// Characters without a shape of their own: joiners, which some keyboards type and others do not, hyphens that show at
/// the end of a line only, marks of direction, selectors of a shape.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\0' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

fn fold(text: &str, out: &mut String) {
    if text.is_ascii() {
        out.push_str(text);
        out.make_ascii_lowercase();
        return;
    }
    for letter in text.chars().filter(|letter| !is_invisible(*letter)).nfkd() {
        if letter.is_ascii() {
            out.push(letter.to_ascii_lowercase());
        } else {
            letter.to_lowercase().for_each(|letter| fold_letter(letter, out));
        }
    }
}

fn fold_letter(letter: char, out: &mut String) {
    match letter {
        // Accents; the nukta of Devanagari.
        '\u{300}'..='\u{36f}' | '\u{93c}' => {}
        'ß' => out.push_str("ss"),
        'ς' => out.push('σ'),
        '\u{901}' => out.push(ANUSVARA),
        '\u{900}'..='\u{d7f}' => fold_indic(letter, out),
        _ => out.push(letter),
    }
}

fn fold_indic(letter: char, out: &mut String) {
    // In each of these blocks of 128 the digits stand at the same place.
    if let digit @ 0x66..=0x6f = u32::from(letter) & 0x7f {
        out.extend(char::from_digit(digit - 0x66, 10));
        return;
    }
    // Letters that hold a virama: khanda ta of Bengali, chillus of Malayalam. Older text spells them out.
    let spelt_out = match letter {
        '\u{9ce}' => Some("\u{9a4}\u{9cd}"),
        '\u{d7a}' => Some("\u{d23}\u{d4d}"),
        '\u{d7b}' => Some("\u{d28}\u{d4d}"),
        '\u{d7c}' => Some("\u{d30}\u{d4d}"),
        '\u{d7d}' => Some("\u{d32}\u{d4d}"),
        '\u{d7e}' => Some("\u{d33}\u{d4d}"),
        '\u{d7f}' => Some("\u{d15}\u{d4d}"),
        _ => None,
    };
    if let Some(letters) = spelt_out {
        out.push_str(letters);
        return;
    }
    if let Some(nasal) = nasal_of_class(letter) {
        let mut before = out.chars().rev();
        if before.next() == Some(VIRAMA) && before.next() == Some(nasal) {
            out.pop();
            out.pop();
            out.push(ANUSVARA);
        }
    }
    out.push(letter);
}

/// The nasal of the class of a consonant of Devanagari.
fn nasal_of_class(consonant: char) -> Option<char> {
    match consonant {
        'क'..='घ' => Some('ङ'),
        'च'..='झ' => Some('ञ'),
        'ट'..='ढ' => Some('ण'),
        'त'..='ध' => Some('न'),
        'प'..='भ' => Some('म'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn words(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        Splitter::default().each(text, |word| found.push(word.to_owned()));
        found
    }

    #[test]
    fn text_falls_into_words() {
        for (text, expected) in [
            ("", &[][..]),
            (" .,;- ", &[]),
            ("Blood pressure (sitting): 120/80", &["blood", "pressure", "sitting", "120", "80"]),
            ("HbA1c 6.9%, was 7.", &["hba1c", "6.9", "was", "7"]),
            (".5 5. a.b 1.2.840", &["5", "5", "a", "b", "1.2.840"]),
            ("Alzheimer's naïve", &["alzheimer", "s", "naive"]),
            ("kg/m² µg ½", &["kg", "m2", "μg", "1", "2"]),
            ("मधुमेह की दवा।", &["मधुमेह", "की", "दवा"]),
            ("உயர் இரத்த அழுத்தம்", &["உயர்", "இரத்த", "அழுத்தம்"]),
            ("\u{94d} \u{301}", &[]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
        assert_eq!(words(&"க்".repeat(100)), ["க்".repeat(32)]);
    }

    /// What stands on one line is the same word.
    #[test]
    fn spellings_of_one_word_are_one() {
        for spellings in [
            &["Élève", "élève", "ELEVE", "e\u{301}le\u{300}ve"][..],
            &["ÅNGSTRÖM", "ångström", "a\u{30a}ngstro\u{308}m", "\u{212b}ngström"],
            &["STRASSE", "Straße", "STRAẞE"],
            &["ＤＯＬＯ", "dolo"],
            &["ﬁbrosis", "fibrosis"],
            &["हिन्दी", "हिंदी"],
            &["सम्पर्क", "संपर्क"],
            &["अण्डा", "अंडा"],
            &["हँसी", "हंसी"],
            &["बुख़ार", "बुखार", "बु\u{916}\u{93c}ार"],
            &["ज\u{93c}ुकाम", "\u{95b}ुकाम", "जुकाम"],
            &["क्षय", "क\u{94d}\u{200d}षय", "क\u{94d}\u{200c}षय"],
            &["१२०", "120", "௧௨௦", "১২০", "౧౨౦"],
            &["ডায়াবেটিস", "ডা\u{9df}াবেটিস", "ডা\u{9af}\u{9bc}াবেটিস"],
            &["রোগ", "র\u{9c7}\u{9be}গ"],
            &["হঠাৎ", "হঠাত্", "হঠাত\u{9cd}\u{200d}"],
            &["கொலஸ்ட்ரால்", "க\u{bc6}\u{bbe}லஸ்ட்ரால்"],
            &["சௌ", "ச\u{bc6}\u{bd7}"],
            &["క\u{c48}", "క\u{c46}\u{c56}"],
            &["അവൻ", "അവന\u{d4d}\u{200d}", "അവന്"],
        ] {
            for other in spellings {
                assert_eq!(words(other), words(spellings[0]), "{other}");
                assert_eq!(words(other).len(), 1, "{other}");
            }
        }
    }

    /// No two of these are the same word.
    #[test]
    fn vowel_signs_tell_words_apart() {
        let apart = [
            "रक्त",
            "रिक्त",
            "कल",
            "काल",
            "किल",
            "कील",
            "अन्य",
            "अंय",
            "जन्म",
            "கல்",
            "கால்",
            "கல",
            "রক্ত",
            "রিক্ত",
            "চাদ",
            "চাঁদ",
            "బల",
            "బాల",
            "బలం",
        ];
        for (at, one) in apart.iter().enumerate() {
            for other in &apart[..at] {
                assert_ne!(words(one), words(other), "{one} {other}");
            }
        }
    }
}
