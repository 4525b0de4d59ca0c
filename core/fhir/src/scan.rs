//! One pass over JSON text without recursion: checks the grammar, finds the ranges that matter, notices doubled keys.
//!
//! The grammar is RFC 8259. Nothing is built but ranges, so that a hostile file costs no more than its size.

use std::ops::Range;

/// What stopped the scan: a reason code of [`crate::reason_text`].
pub(crate) type Fault = &'static str;

/// Remarks gathered since [`Scanner::start_marks`].
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Marks {
    /// Deepest level seen, counted from the start.
    pub(crate) depth: usize,
    /// A key stood twice in one object.
    pub(crate) duplicate_key: bool,
    /// Bytes of base64 members (`data`, over [`ATTACHMENT_FLOOR`]).
    pub(crate) attachment_bytes: usize,
}

/// `data` members longer than this count as attachments, in bytes of base64 text.
pub(crate) const ATTACHMENT_FLOOR: usize = 4096;

struct Open {
    object: bool,
    keys_from: usize,
}

#[derive(Clone, Copy)]
struct Key {
    hash: u64,
    start: usize,
    end: usize,
}

/// A cursor over UTF-8 text that is already known to be valid UTF-8.
pub(crate) struct Scanner<'a> {
    text: &'a [u8],
    pub(crate) at: usize,
    /// Levels opened by the caller around the next value.
    pub(crate) level: usize,
    pub(crate) marks: Marks,
    open: Vec<Open>,
    keys: Vec<Key>,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a [u8], at: usize) -> Scanner<'a> {
        Scanner { text, at, level: 0, marks: Marks::default(), open: Vec::new(), keys: Vec::new() }
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(crate) fn space(&mut self) {
        self.at += space_run(self.text.get(self.at..).unwrap_or_default());
    }

    /// The fault that the byte under the cursor makes where a value, comma or bracket should be.
    pub(crate) fn fault(&self) -> Fault {
        match self.peek() {
            None => "truncated",
            Some(b'/') => "json-comment",
            Some(0..=0x1f | 0x7f) => "control-bytes",
            Some(_) => "broken-json",
        }
    }

    pub(crate) fn eat(&mut self, byte: u8) -> Result<(), Fault> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.fault())
        }
    }

    /// Reads a member's key up to the value's first byte; gives the range between the quotes.
    pub(crate) fn key(&mut self) -> Result<Range<usize>, Fault> {
        if self.peek() == Some(b'}') {
            return Err("trailing-comma");
        }
        let key = self.string()?;
        self.space();
        self.eat(b':')?;
        self.space();
        Ok(key)
    }

    /// After a member or an item: true when another follows, false when `close` ended the list.
    pub(crate) fn more(&mut self, close: u8) -> Result<bool, Fault> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.space();
                if matches!(self.peek(), Some(b'}' | b']')) { Err("trailing-comma") } else { Ok(true) }
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.fault()),
        }
    }

    /// Reads a string; gives the range between its quotes.
    pub(crate) fn string(&mut self) -> Result<Range<usize>, Fault> {
        self.eat(b'"')?;
        let start = self.at;
        loop {
            self.at += plain_run(self.text.get(self.at..).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(start..self.at - 1);
                }
                Some(b'\\') => self.escape()?,
                None => return Err("truncated"),
                Some(_) => return Err("control-bytes"),
            }
        }
    }

    fn escape(&mut self) -> Result<(), Fault> {
        match self.text.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => {
                self.at += 2;
                Ok(())
            }
            Some(b'u') => {
                let digits = self.text.get(self.at + 2..).unwrap_or_default();
                let good = digits.iter().take(4).take_while(|byte| byte.is_ascii_hexdigit()).count();
                if good == 4 {
                    self.at += 6;
                    Ok(())
                } else if good == digits.len() {
                    Err("truncated")
                } else {
                    Err("broken-json")
                }
            }
            None => Err("truncated"),
            Some(_) => Err("broken-json"),
        }
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(self.fault()) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<(), Fault> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Fault> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(word) {
            self.at += word.len();
            Ok(())
        } else if word.starts_with(rest) {
            Err("truncated")
        } else {
            Err("broken-json")
        }
    }

    /// Reads a string, number or word.
    fn scalar(&mut self) -> Result<(), Fault> {
        match self.peek() {
            Some(b'"') => self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            _ => Err(self.fault()),
        }
    }

    /// Reads one value of any kind and depth; gives its range.
    pub(crate) fn skip(&mut self) -> Result<Range<usize>, Fault> {
        let start = self.at;
        let floor = self.open.len();
        let result = self.skip_within(floor);
        if result.is_err() {
            self.open.truncate(floor);
        }
        result.map(|()| start..self.at)
    }

    fn skip_within(&mut self, floor: usize) -> Result<(), Fault> {
        loop {
            // A value starts here.
            if let Some(byte @ (b'{' | b'[')) = self.peek() {
                self.at += 1;
                self.open.push(Open { object: byte == b'{', keys_from: self.keys.len() });
                self.marks.depth = self.marks.depth.max(self.level + self.open.len() - floor);
                self.space();
                let close = if byte == b'{' { b'}' } else { b']' };
                if self.peek() != Some(close) {
                    self.member()?;
                    continue;
                }
                // Empty: ends at once.
                self.at += 1;
                self.open.pop();
            } else {
                self.scalar()?;
            }
            if self.open.len() == floor {
                return Ok(());
            }
            // A value ended here: close what ends with it.
            loop {
                let Some(object) = self.open.get(floor..).and_then(<[Open]>::last).map(|open| open.object)
                else {
                    return Ok(());
                };
                if self.more(if object { b'}' } else { b']' })? {
                    self.member()?;
                    break;
                }
                if let Some(open) = self.open.pop() {
                    self.end_keys(open.keys_from);
                }
            }
        }
    }

    /// At a member or an item: takes the key of a member, so that the value comes next.
    fn member(&mut self) -> Result<(), Fault> {
        if self.open.last().is_some_and(|open| open.object) {
            let key = self.key()?;
            let is_data = self.text.get(key.clone()) == Some(b"data");
            self.note_key(&key);
            if is_data && self.peek() == Some(b'"') {
                // Looked at once more as a value; strings cost little, and `data` is rare.
                let before = self.at;
                let value = self.string()?;
                self.at = before;
                if value.len() > ATTACHMENT_FLOOR {
                    self.marks.attachment_bytes += value.len();
                }
            }
        }
        Ok(())
    }

    /// Where the keys of an object that the caller walks itself begin.
    pub(crate) fn begin_keys(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn note_key(&mut self, key: &Range<usize>) {
        let bytes = self.text.get(key.clone()).unwrap_or_default();
        let hash = if bytes.contains(&b'\\') { quick(unescape(bytes).as_bytes()) } else { quick(bytes) };
        self.keys.push(Key { hash, start: key.start, end: key.end });
    }

    /// Ends an object whose keys began at `from`: marks it when two of them are the same.
    pub(crate) fn end_keys(&mut self, from: usize) {
        if !self.marks.duplicate_key {
            let keys = self.keys.get_mut(from..).unwrap_or_default();
            if keys.len() > 16 {
                keys.sort_unstable_by_key(|key| key.hash);
                let twice = keys.windows(2).any(|pair| matches!(pair, [a, b] if same_key(self.text, *a, *b)));
                self.marks.duplicate_key = twice;
            } else {
                let mut rest: &[Key] = keys;
                while let [first, tail @ ..] = rest {
                    if tail.iter().any(|other| same_key(self.text, *first, *other)) {
                        self.marks.duplicate_key = true;
                        break;
                    }
                    rest = tail;
                }
            }
        }
        self.keys.truncate(from);
    }
}

fn same_key(text: &[u8], a: Key, b: Key) -> bool {
    a.hash == b.hash && {
        let a = text.get(a.start..a.end).unwrap_or_default();
        let b = text.get(b.start..b.end).unwrap_or_default();
        a == b || unescape(a) == unescape(b)
    }
}

/// A quick hash of a key, eight bytes at a time; equal hashes are compared in full.
fn quick(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().fold(bytes.len() as u64, |hash, word| mix(hash, u64::from_le_bytes(*word)));
    mix(hash, rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)))
}

/// How many bytes of white space a text begins with.
pub(crate) fn space_run(text: &[u8]) -> usize {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    let Some((_, behind)) = text.split_first().filter(|(first, _)| is_space(first)) else { return 0 };
    // A line's indentation goes by eight at a time.
    let indent = 8 * behind.as_chunks::<8>().0.iter().take_while(|word| **word == [b' '; 8]).count();
    let behind = behind.get(indent..).unwrap_or_default();
    1 + indent + behind.iter().position(|byte| !is_space(byte)).unwrap_or(behind.len())
}

/// How many bytes go by before a quote, a backslash or a control character: eight at a time.
fn plain_run(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let mut run = 0;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let word = u64::from_le_bytes(*word);
        let quote = word ^ (ONES * 0x22);
        let slash = word ^ (ONES * 0x5c);
        let stop = (quote.wrapping_sub(ONES) & !quote)
            | (slash.wrapping_sub(ONES) & !slash)
            | (word.wrapping_sub(ONES * 0x20) & !word);
        if stop & HIGH != 0 {
            // The lowest marked byte is exact: borrows only run upwards.
            return run + ((stop & HIGH).trailing_zeros() / 8) as usize;
        }
        run += 8;
    }
    run + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

/// The text of a JSON string between its quotes. A lone surrogate becomes U+FFFD.
pub(crate) fn unescape(raw: &[u8]) -> String {
    if memchr::memchr(b'\\', raw).is_none() {
        return String::from_utf8_lossy(raw).into_owned();
    }
    let mut units: Vec<u16> = Vec::new();
    let mut out = String::with_capacity(raw.len());
    let text = String::from_utf8_lossy(raw);
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        let escaped = if char == '\\' { chars.next() } else { None };
        if escaped == Some('u') {
            let digits: String = chars.by_ref().take(4).collect();
            units.push(u16::from_str_radix(&digits, 16).unwrap_or(0xfffd));
            continue;
        }
        flush(&mut units, &mut out);
        out.push(match escaped {
            None => char,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(other) => other,
        });
    }
    flush(&mut units, &mut out);
    out
}

fn flush(units: &mut Vec<u16>, out: &mut String) {
    out.extend(char::decode_utf16(units.drain(..)).map(|unit| unit.unwrap_or('\u{fffd}')));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(text: &str) -> Result<Marks, Fault> {
        let mut scanner = Scanner::new(text.as_bytes(), 0);
        scanner.space();
        scanner.skip()?;
        scanner.space();
        if scanner.peek().is_some() { Err(scanner.fault()) } else { Ok(scanner.marks) }
    }

    #[test]
    fn agrees_with_serde_json_on_what_is_json() {
        for text in [
            "null",
            "true",
            "-0.5e+7",
            "\"a\\u00e9\\n\"",
            "[]",
            "{}",
            "[1,[2,{\"a\":[]}],3]",
            " {\"a\" : 1 , \"b\":[ ] } ",
            "01",
            "1.",
            ".5",
            "+1",
            "1e",
            "tru",
            "nulll",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "[1 2]",
            "{\"a\" 1}",
            "\"\\x\"",
            "\"\\u12g4\"",
            "'a'",
            "[",
            "{\"a\":",
            "\"abc",
            "]",
            "}",
            "",
            "{\"a\":1}}",
            "[{]}",
            "-",
            "\"\t\"",
            "{\"a\":1 \"b\":2}",
        ] {
            let serde = serde_json::from_str::<serde_json::Value>(text).is_ok();
            assert_eq!(scan(text).is_ok(), serde, "{text}");
        }
    }

    #[test]
    fn names_what_is_wrong() {
        assert_eq!(scan("{\"a\":1,}").unwrap_err(), "trailing-comma");
        assert_eq!(scan("[1,]").unwrap_err(), "trailing-comma");
        assert_eq!(scan("{/* x */}").unwrap_err(), "json-comment");
        assert_eq!(scan("{\"a\":1 // x\n}").unwrap_err(), "json-comment");
        assert_eq!(scan("{\"a\":[1,2").unwrap_err(), "truncated");
        assert_eq!(scan("{\"a\":\"x\\u00").unwrap_err(), "truncated");
        assert_eq!(scan("{\"a\":tr").unwrap_err(), "truncated");
        assert_eq!(scan("{\"a\":\"x\u{1}\"}").unwrap_err(), "control-bytes");
    }

    #[test]
    fn counts_depth_and_finds_doubled_keys_even_when_escaped() {
        assert_eq!(scan("[[[1]]]").unwrap().depth, 3);
        assert!(scan(r#"{"a":{"b":1,"c":2,"b":3}}"#).unwrap().duplicate_key);
        assert!(scan(r#"{"ab":1,"\u0061b":3}"#).unwrap().duplicate_key);
        assert!(!scan(r#"{"a":{"b":1},"c":{"b":1},"b":[{"a":1},{"a":2}]}"#).unwrap().duplicate_key);
        let many: Vec<String> = (0..40).map(|n| format!("\"k{n}\":{n}")).collect();
        assert!(!scan(&format!("{{{}}}", many.join(","))).unwrap().duplicate_key);
        assert!(scan(&format!("{{{},\"k7\":0}}", many.join(","))).unwrap().duplicate_key);
    }

    #[test]
    fn runs_past_plain_text_exactly() {
        for length in 0..40 {
            for stop in ['"', '\\', '\u{1f}'] {
                let text = format!("{}{stop}{}", "é-".repeat(length), "x".repeat(20));
                assert_eq!(plain_run(text.as_bytes()), 3 * length, "{length}");
            }
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let text = format!("{}1{}", "[".repeat(300_000), "]".repeat(300_000));
        assert_eq!(scan(&text).unwrap().depth, 300_000);
    }
}
