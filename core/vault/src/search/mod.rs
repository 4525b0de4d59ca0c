//! Full-text search: an inverted index of the newest versions, in memory, and sealed beside the database.
//!
//! Rows of table h are what is found: a row never changes, so that what is newer than a sealed file is just the rows
//! behind the last one that it knows. Which of the rows are current the index of records tells.

mod find;
mod postings;
mod words;

use zeroize::Zeroizing;

pub(crate) use find::Text;

use crate::bytes::{Malformed, Read, Reader};
use crate::resume::Last;
use postings::{Fresh, Rows, Terms};
use words::Splitter;

/// Layout of the sealed file.
const VERSION: u8 = 1;
/// Most words of a query; more are left out.
const MAX_WORDS: usize = 16;
/// Most text of one record that is searched, in bytes.
const MAX_TEXT: usize = 1024 * 1024;
/// So many fresh rows, or an eighth of all, are sorted in before the next search.
const MAX_FRESH: usize = 1000;

const NONE: u32 = u32::MAX;

/// The words of current versions, by the number of their row.
pub(crate) struct Search {
    terms: Terms,
    fresh: Fresh,
    fresh_rows: usize,
    /// Numbers in the index of records, by row; [`NONE`] for what is no current version.
    numbers: Vec<u32>,
    /// The last row of table h that was taken in.
    last: Last,
    /// The last row that the sealed file knows.
    kept: i64,
    /// No text was left out because it could not be read.
    whole: bool,
    splitter: Splitter,
}

/// What is looked for: words that all have to be there, the last one as a beginning.
pub(crate) struct Query {
    words: Vec<String>,
    last: String,
}

/// A record that holds all words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hit {
    /// Its number in the index.
    number: u32,
    /// The last word, too, is there as a whole.
    exact: bool,
}

impl Query {
    /// Nothing where there is no word.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let mut words = Vec::new();
        let end = text.floor_char_boundary(MAX_TEXT);
        Splitter::default().each(text.get(..end).unwrap_or_default(), |word| {
            if words.len() < MAX_WORDS {
                words.push(word.to_owned());
            }
        });
        let last = words.pop()?;
        Some(Self { words, last })
    }

    /// Whether all words are in this text.
    fn is_in(&self, text: &str, splitter: &mut Splitter) -> bool {
        let (mut missing, mut last) = (self.words.iter().collect::<Vec<_>>(), false);
        splitter.each(text, |word| {
            last |= word.starts_with(&self.last);
            missing.retain(|wanted| *wanted != word);
        });
        last && missing.is_empty()
    }
}

fn place(row: u32) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}

impl Search {
    pub(crate) fn new() -> Self {
        Self::of(Terms::none(), (0, [0; 32]))
    }

    fn of(terms: Terms, last: Last) -> Self {
        Self {
            terms,
            fresh: Fresh::default(),
            fresh_rows: 0,
            numbers: Vec::new(),
            last,
            kept: last.0,
            whole: true,
            splitter: Splitter::default(),
        }
    }

    /// Reads what [`Search::write`] gave, with zeros behind it, which become its own memory. It has to be told the rows
    /// that are current.
    fn read(bytes: Zeroizing<Vec<u8>>) -> Read<Self> {
        let mut reader = Reader::new(&bytes);
        if reader.u8()? != VERSION {
            return Err(Malformed);
        }
        let last = (reader.i64()?, reader.array()?);
        let len = reader.length()?;
        let start = bytes.len().checked_sub(reader.remaining()).ok_or(Malformed)?;
        Ok(Self::of(Terms::read(bytes, start, len)?, last))
    }

    /// Gives its bytes to `out`; call [`Search::pack`] before.
    fn write<E>(&self, out: &mut dyn FnMut(&[u8]) -> Result<(), E>) -> Result<(), E> {
        let terms = self.terms.as_bytes();
        let mut head = vec![VERSION];
        head.extend_from_slice(&self.last.0.to_le_bytes());
        head.extend_from_slice(&self.last.1);
        head.extend_from_slice(&u64::try_from(terms.len()).unwrap_or(u64::MAX).to_le_bytes());
        out(&head)?;
        out(terms)
    }

    /// Which record, by its number in the index, has its current version in this row.
    fn set_number(&mut self, row: i64, number: u32) -> Read<()> {
        let at = usize::try_from(u32::try_from(row).map_err(|_| Malformed)?).map_err(|_| Malformed)?;
        if at >= self.numbers.len() {
            self.numbers.resize(at + 1, NONE);
        }
        *self.numbers.get_mut(at).ok_or(Malformed)? = number;
        Ok(())
    }

    /// Takes in the texts of a row behind all others.
    fn put(&mut self, row: i64, texts: [&str; 2]) -> Read<()> {
        let row = u32::try_from(row).map_err(|_| Malformed)?;
        let Self { fresh, splitter, .. } = self;
        let mut done = Ok(());
        for text in texts {
            let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or_default();
            splitter.each(text, |word| {
                let list = match fresh.get_mut(word) {
                    Some(list) => list,
                    None => fresh.entry(word.to_owned()).or_default(),
                };
                done = done.and_then(|()| list.push(row));
            });
        }
        self.fresh_rows += 1;
        done
    }

    /// Sorts fresh words in and drops what is no longer current.
    fn pack(&mut self) -> Read<()> {
        let numbers = &self.numbers;
        let keeps = |row| numbers.get(place(row)).is_some_and(|number| *number != NONE);
        self.terms = self.terms.merged(&self.fresh, keeps)?;
        self.fresh = Fresh::default();
        self.fresh_rows = 0;
        Ok(())
    }

    /// Number of current rows that the sealed file does not know.
    fn behind(&self) -> usize {
        let first = usize::try_from(self.kept).map_or(usize::MAX, |kept| kept.saturating_add(1));
        self.numbers.get(first..).unwrap_or_default().iter().filter(|number| **number != NONE).count()
    }

    fn exactly(&self, word: &str) -> Read<Rows> {
        let mut rows = Rows::none(self.numbers.len());
        self.terms.exactly(word, &mut rows)?;
        if let Some(list) = self.fresh.get(word) {
            list.put_into(&mut rows)?;
        }
        Ok(rows)
    }

    fn beginning(&self, start: &str) -> Read<Rows> {
        let mut rows = Rows::none(self.numbers.len());
        self.terms.beginning(start, &mut rows)?;
        for (_, list) in self.fresh.iter().filter(|(word, _)| word.starts_with(start)) {
            list.put_into(&mut rows)?;
        }
        Ok(rows)
    }

    /// All records that hold every word, in the order of their rows.
    fn find(&mut self, query: &Query) -> Read<Vec<Hit>> {
        if self.fresh_rows > MAX_FRESH.max(self.numbers.len() / 8) {
            self.pack()?;
        }
        let mut found = self.beginning(&query.last)?;
        for word in &query.words {
            found.retain(&self.exactly(word)?);
        }
        let exact = self.exactly(&query.last)?;
        let hit = |row| {
            let number = self.numbers.get(place(row)).copied().filter(|number| *number != NONE)?;
            Some(Hit { number, exact: exact.contains(row) })
        };
        Ok(found.iter().filter_map(hit).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn filled<'t>(texts: impl IntoIterator<Item = &'t str>) -> Search {
        let mut search = Search::new();
        for (number, text) in (0_u32..).zip(texts) {
            add(&mut search, i64::from(number) + 1, number, text);
        }
        search
    }

    fn add(search: &mut Search, row: i64, number: u32, text: &str) {
        search.put(row, [text, ""]).unwrap();
        search.set_number(row, number).unwrap();
        search.last = (row, [7; 32]);
    }

    fn numbers(search: &mut Search, words: &str) -> Vec<u32> {
        let Some(query) = Query::of(words) else { return Vec::new() };
        search.find(&query).unwrap().iter().map(|hit| hit.number).collect()
    }

    fn bytes(search: &Search) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::new());
        let written: Result<(), ()> = search.write(&mut |piece| {
            bytes.extend_from_slice(piece);
            Ok(())
        });
        written.unwrap();
        bytes
    }

    #[test]
    fn words_of_indian_scripts_are_found_whole_and_by_their_beginning() {
        let texts =
            ["मधुमेह की दवा", "உயர் இரத்த அழுத்தம்", "మధుమేహం", "ಮಧುಮೇಹ", "ഹൃദ്രോഗം", "ডায়াবেটিস", "ਸ਼ੂਗਰ", "હૃદય રોગ"];
        let mut search = filled(texts);
        for packed in [false, true] {
            for (number, text) in (0..).zip(texts) {
                for word in text.split(' ') {
                    assert_eq!(numbers(&mut search, word), [number], "{word}");
                }
            }
            assert_eq!(numbers(&mut search, "मधु"), [0]);
            assert_eq!(numbers(&mut search, "அழுத்"), [1]);
            assert_eq!(numbers(&mut search, "மேஹ"), [0; 0]);
            if !packed {
                search.pack().unwrap();
            }
        }
    }

    #[test]
    fn nothing_in_a_query_is_syntax() {
        let mut search = filled(["blood pressure NEAR normal", "other"]);
        for hostile in [
            "\"",
            "\"\"",
            "*",
            "x:blood",
            "blood\" OR \"other",
            "(",
            "NEAR(",
            "^blood",
            "-blood",
            "a AND",
            "t MATCH",
            "\0",
            "{x}:y",
            "blood + ",
            "';--",
            "%",
            "bl_od",
            ".*",
        ] {
            assert!(!numbers(&mut search, hostile).contains(&1), "{hostile}");
        }
        assert_eq!(numbers(&mut search, "pressure OR other"), [0; 0]);
        assert_eq!(numbers(&mut search, "NEAR norm"), [0]);
        assert_eq!(numbers(&mut search, &"blood ".repeat(10_000)), [0], "bounded");
        assert_eq!(numbers(&mut search, &"b".repeat(3_000_000)), [0; 0], "bounded");
    }

    #[test]
    fn only_current_rows_are_found() {
        let mut search = filled(["first", "second"]);
        search.pack().unwrap();
        search.set_number(1, NONE).unwrap();
        add(&mut search, 3, 0, "third");
        for _ in 0..2 {
            assert_eq!(numbers(&mut search, "first"), [0; 0]);
            assert_eq!(numbers(&mut search, "third"), [0]);
            assert_eq!(numbers(&mut search, "second"), [1]);
            search.pack().unwrap();
        }
        assert!(!bytes(&search).windows(5).any(|word| word == b"first"), "nor kept");
    }

    #[test]
    fn a_whole_last_word_is_told_from_a_beginning() {
        let mut search = filled(["anaemia of pregnancy", "anaemias", "anaem"]);
        let found = search.find(&Query::of("Anaemia").unwrap()).unwrap();
        assert_eq!(found, [Hit { number: 0, exact: true }, Hit { number: 1, exact: false }]);
    }

    #[test]
    fn the_sealed_file_is_as_it_was() {
        let mut search = filled(["Blood test", "blood गुर्दा", "test test"]);
        search.pack().unwrap();
        let expected = [
            &[1_u8][..],
            &3_i64.to_le_bytes(),
            &[7; 32],
            &62_u64.to_le_bytes(),
            // Three words, and where they begin and end.
            &[3, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 15, 0, 0, 0, 35, 0, 0, 0],
            b"\x05blood\x01\x01",
            b"\x04test\x01\x02",
            "\u{12}गुर्दा\u{2}".as_bytes(),
        ];
        let mut expected = expected.concat();
        let len = u64::try_from(expected.len() - 49).unwrap();
        expected[41..49].copy_from_slice(&len.to_le_bytes());
        assert_eq!(*bytes(&search), expected);
    }

    #[test]
    fn damaged_bytes_are_refused_or_hold_less() {
        let mut search = filled(["Blood test", "blood गुर्दा", "test test"]);
        search.pack().unwrap();
        let whole = bytes(&search);
        for len in 0..whole.len() {
            assert!(Search::read(Zeroizing::new(whole[..len].to_vec())).is_err(), "{len}");
        }
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut bad = whole.clone();
                bad[at] = value;
                let Ok(mut read) = Search::read(bad) else { continue };
                (0..3).for_each(|number| read.set_number(i64::from(number) + 1, number).unwrap());
                for words in ["b", "test", "गु", "blood test"] {
                    let _ = read.find(&Query::of(words).unwrap()).map(|hits| assert!(hits.len() <= 3));
                }
                let _ = read.pack();
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn however_it_was_put_together_it_finds_what_is_there(
            texts in proptest::collection::vec("[ab ]{0,6}", 0..40),
            packed in proptest::collection::vec(any::<u8>(), 40),
            replaced in proptest::collection::vec(any::<proptest::sample::Index>(), 40),
            asked in proptest::collection::vec("[ab ]{1,4}", 8),
        ) {
            let mut search = Search::new();
            let mut rows: Vec<Option<&str>> = Vec::new();
            for (at, text) in texts.iter().enumerate() {
                let row = i64::try_from(at).unwrap() + 1;
                // Every third text takes the place of an earlier one.
                if at % 3 == 2 {
                    let old = replaced[at].index(at);
                    rows[old] = None;
                    search.set_number(i64::try_from(old).unwrap() + 1, NONE).unwrap();
                }
                rows.push(Some(text));
                add(&mut search, row, u32::try_from(at).unwrap(), text);
                match packed[at] % 4 {
                    0 => search.pack().unwrap(),
                    1 => {
                        search.pack().unwrap();
                        let mut kept = bytes(&search);
                        kept.extend_from_slice(&vec![0; usize::from(packed[at])]);
                        let numbers = std::mem::take(&mut search.numbers);
                        search = Search::read(kept).unwrap();
                        prop_assert_eq!(search.last, (row, [7; 32]));
                        search.numbers = numbers;
                    }
                    _ => {}
                }
            }
            for words in &asked {
                let wanted: Vec<&str> = words.split_whitespace().collect();
                let holds = |text: &str| {
                    let Some((last, others)) = wanted.split_last() else { return false };
                    let has = |test: &dyn Fn(&str) -> bool| text.split_whitespace().any(test);
                    has(&|word| word.starts_with(last)) && others.iter().all(|other| has(&|word| word == *other))
                };
                let expected: Vec<u32> =
                    (0..).zip(&rows).filter(|(_, text)| text.is_some_and(holds)).map(|(at, _)| at).collect();
                prop_assert_eq!(numbers(&mut search, words), expected);
            }
        }
    }
}
