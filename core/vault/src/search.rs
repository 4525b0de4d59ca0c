//! Full-text search: an FTS5 table in memory, never on disk, filled from the sealed text.

use rusqlite::Connection;

use crate::error::Result;

/// Letters, numbers and marks make words: in Indian scripts vowel signs and the virama are marks, and a word falls apart
/// without them. `remove_diacritics` folds Latin accents only (U+0300 to U+0331 after a base letter).
const TABLE: &str = "CREATE VIRTUAL TABLE t USING fts5(x, content='', contentless_delete=1, detail=full, \
    tokenize=\"unicode61 remove_diacritics 2 categories 'L* N* Co Mn Mc'\")";

/// Most words of a query; more are left out.
const MAX_WORDS: usize = 16;
/// Longest word of a query, in characters; the rest of it is left out.
const MAX_WORD: usize = 64;
/// Most text of one record that is searched, in bytes.
const MAX_TEXT: usize = 1024 * 1024;

/// The searched text of records, by their number in the index.
pub(crate) struct Search {
    conn: Connection,
}

/// Joiners steer how letters are drawn and are typed by some keyboards only; words are compared without them.
fn without_joiners(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\0'))
        .collect()
}

/// The query for FTS5: each word in quotes, so that nothing in it is syntax; the last one is a beginning.
fn query(words: &str) -> Option<String> {
    let words = without_joiners(words);
    let quoted: Vec<String> = words
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(MAX_WORDS)
        .map(|word| {
            let word: String = word.chars().take(MAX_WORD).filter(|c| *c != '"').collect();
            format!("\"{word}\"")
        })
        .collect();
    (!quoted.is_empty()).then(|| format!("{} *", quoted.join(" ")))
}

impl Search {
    pub(crate) fn new() -> Result<Self> {
        let conn = Connection::open_in_memory()?;
        conn.execute_batch("PRAGMA temp_store=MEMORY; PRAGMA journal_mode=OFF; PRAGMA secure_delete=ON;")?;
        conn.execute_batch(TABLE)?;
        Ok(Self { conn })
    }

    /// Fills or changes many records at once: `(number, text, there was a text before)`.
    pub(crate) fn put(
        &self,
        texts: impl IntoIterator<Item = Result<(u32, impl AsRef<str>, bool)>>,
    ) -> Result<()> {
        self.conn.execute_batch("BEGIN")?;
        let mut delete = self.conn.prepare_cached("DELETE FROM t WHERE rowid=?1")?;
        let mut insert = self.conn.prepare_cached("INSERT INTO t(rowid,x) VALUES(?1,?2)")?;
        for item in texts {
            let (number, text, replaces) = item?;
            let text = text.as_ref();
            let text = text.get(..text.floor_char_boundary(MAX_TEXT)).unwrap_or_default();
            if replaces {
                delete.execute([number])?;
            }
            insert.execute((number, without_joiners(text)))?;
        }
        self.conn.execute_batch("COMMIT")?;
        Ok(())
    }

    /// Numbers of all records that hold every word, the last one as a beginning. In no order.
    pub(crate) fn find(&self, words: &str) -> Result<Vec<u32>> {
        let Some(query) = query(words) else {
            return Ok(Vec::new());
        };
        let mut statement = self.conn.prepare_cached("SELECT rowid FROM t WHERE t MATCH ?1")?;
        let found = statement.query_map([query], |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(texts: &[&str]) -> Search {
        let search = Search::new().unwrap();
        search.put((0..).zip(texts).map(|(n, text)| Ok((n, *text, false)))).unwrap();
        search
    }

    #[test]
    fn words_of_indian_scripts_stay_whole() {
        let texts =
            ["मधुमेह की दवा", "உயர் இரத்த அழுத்தம்", "మధుమేహం", "ಮಧುಮೇಹ", "ഹൃദ്രോഗം", "ডায়াবেটিস", "ਸ਼ੂਗਰ", "હૃદય રોગ"];
        let search = search(&texts);
        for (number, text) in (0..).zip(texts) {
            for word in text.split(' ') {
                assert_eq!(search.find(word).unwrap(), [number], "{word}");
            }
        }
        assert_eq!(search.find("मधु").unwrap(), [0], "the beginning of a word");
        assert_eq!(search.find("अழுத்த").unwrap(), [] as [u32; 0]);
        assert_eq!(search.find("அழுத்").unwrap(), [1]);
        assert_eq!(search.find("மேஹ").unwrap(), [] as [u32; 0]);
    }

    #[test]
    fn vowel_signs_tell_words_apart() {
        // रक्त (blood) and रिक्त (empty), कल (tomorrow), काल (time), किल differ in vowel signs only.
        let search = search(&["रक्त", "रिक्त", "कल", "काल", "किल", "கல்", "கால்"]);
        for (number, word) in (0..).zip(["रक्त", "रिक्त", "कल", "काल", "किल", "கல்", "கால்"])
        {
            assert_eq!(search.find(word).unwrap(), [number], "{word}");
        }
    }

    #[test]
    fn joiners_do_not_part_words_and_accents_fold() {
        let search = search(&["क\u{94d}\u{200d}षय रोग", "Café Ménière"]);
        assert_eq!(search.find("क\u{94d}षय").unwrap(), [0]);
        assert_eq!(search.find("cafe meniere").unwrap(), [1]);
    }

    #[test]
    fn nothing_in_a_query_is_syntax() {
        let search = search(&["blood pressure NEAR normal", "other"]);
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
        ] {
            let found = search.find(hostile).unwrap();
            assert!(!found.contains(&1), "{hostile}");
        }
        assert_eq!(search.find("pressure OR other").unwrap(), [] as [u32; 0]);
        assert_eq!(search.find("NEAR norm").unwrap(), [0]);
        assert_eq!(search.find(&"blood ".repeat(10_000)).unwrap(), [0], "bounded");
    }

    #[test]
    fn a_changed_text_replaces_the_old_one() {
        let search = search(&["first", "second"]);
        search.put([Ok((0, "third", true))]).unwrap();
        assert_eq!(search.find("first").unwrap(), [] as [u32; 0]);
        assert_eq!(search.find("third").unwrap(), [0]);
    }
}
