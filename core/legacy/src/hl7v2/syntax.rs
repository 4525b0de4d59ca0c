//! The syntax of HL7 v2 (chapter 2): segments, fields, repetitions, components, subcomponents, escapes.

use std::borrow::Cow;

/// Most segments of one file.
const MOST_SEGMENTS: usize = 200_000;
/// Most repetitions of a field that are looked at.
const MOST_REPETITIONS: usize = 500;

/// The signs that part a message, from its MSH segment.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Signs {
    field: char,
    component: char,
    repetition: char,
    escape: char,
    subcomponent: char,
}

impl Signs {
    /// Of the text of an MSH segment. None where they are missing, letters or digits, or not all different.
    fn read(msh: &str) -> Option<Self> {
        let mut letters = msh
            .strip_prefix("MSH")
            .or_else(|| msh.strip_prefix("FHS"))
            .or_else(|| msh.strip_prefix("BHS"))?
            .chars();
        let field = letters.next()?;
        let named: Vec<char> = letters.take_while(|letter| *letter != field).take(6).collect();
        let at = |at: usize, usual: char| named.get(at).copied().unwrap_or(usual);
        let signs = Self {
            field,
            component: *named.first()?,
            repetition: at(1, '~'),
            escape: at(2, '\\'),
            subcomponent: at(3, '&'),
        };
        let all = [signs.field, signs.component, signs.repetition, signs.escape, signs.subcomponent];
        let usable = |sign: char| sign.is_ascii_punctuation();
        let different =
            all.iter().enumerate().all(|(at, sign)| !all.iter().take(at).any(|other| other == sign));
        (all.iter().all(|sign| usable(*sign)) && different).then_some(signs)
    }
}

/// A line of a message.
#[derive(Clone, Copy)]
pub(crate) struct Segment<'a> {
    line: &'a str,
    signs: Signs,
    /// Place in the file, from 0.
    pub(crate) number: usize,
}

/// A message: its segments, the MSH first.
pub(crate) struct Message<'a> {
    pub(crate) segments: Vec<Segment<'a>>,
}

/// A field, a repetition of one, a component or a subcomponent: a piece of text that may be parted further.
#[derive(Clone, Copy)]
pub(crate) struct Piece<'a> {
    raw: &'a str,
    signs: Signs,
}

/// Parts a text into messages. Segments before the first MSH, and batch headers and trailers, are passed over.
///
/// Errors, as reason codes: `hl7-bad-separators`, `hl7-no-message`, `too-many-parts`.
pub(crate) fn messages(text: &str) -> Result<Vec<Message<'_>>, &'static str> {
    let mut messages: Vec<Message<'_>> = Vec::new();
    let mut signs = None;
    // Minimal Lower Layer Protocol: a vertical tab before a message, a file separator behind it.
    let lines = text.split(['\r', '\n', '\u{b}', '\u{1c}']).map(|line| line.trim_start_matches('\u{feff}'));
    for (number, line) in lines.filter(|line| !line.trim().is_empty()).enumerate() {
        if number >= MOST_SEGMENTS {
            return Err("too-many-parts");
        }
        if line.starts_with("MSH") {
            let found = Signs::read(line).ok_or("hl7-bad-separators")?;
            signs = Some(found);
            messages.push(Message { segments: Vec::new() });
        }
        let (Some(signs), Some(message)) = (signs, messages.last_mut()) else { continue };
        let name = line.get(..3).unwrap_or_default();
        if !matches!(name, "FHS" | "BHS" | "BTS" | "FTS") {
            message.segments.push(Segment { line, signs, number });
        }
    }
    if messages.is_empty() { Err("hl7-no-message") } else { Ok(messages) }
}

impl<'a> Segment<'a> {
    /// Its three letters; empty for a line that is none.
    pub(crate) fn name(&self) -> &'a str {
        let name = self.line.split(self.signs.field).next().unwrap_or_default().trim_end();
        if name.len() == 3 { name } else { "" }
    }

    /// Field `n` as the standard counts: 1 is the first behind the name. In MSH, field 1 is the sign itself.
    pub(crate) fn field(&self, n: usize) -> Piece<'a> {
        let at = if self.name() == "MSH" { n.saturating_sub(1) } else { n };
        let raw = self.line.split(self.signs.field).nth(at).unwrap_or_default();
        Piece { raw, signs: self.signs }
    }
}

impl<'a> Piece<'a> {
    /// Nothing was sent, or that nothing is known (`""`).
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self.raw.trim(), "" | "\"\"")
    }

    /// The repetitions that hold something.
    pub(crate) fn repetitions(&self) -> impl Iterator<Item = Piece<'a>> + use<'a> {
        let signs = self.signs;
        let all = self.raw.split(signs.repetition).take(MOST_REPETITIONS);
        all.map(move |raw| Piece { raw, signs }).filter(|piece| !piece.is_empty())
    }

    /// The first repetition.
    pub(crate) fn first(&self) -> Piece<'a> {
        self.part(self.signs.repetition, 1)
    }

    /// Component `n`, from 1, of the first repetition.
    pub(crate) fn component(&self, n: usize) -> Piece<'a> {
        self.first().part(self.signs.component, n)
    }

    /// Subcomponent `n`, from 1.
    pub(crate) fn sub(&self, n: usize) -> Piece<'a> {
        self.part(self.signs.subcomponent, n)
    }

    fn part(&self, sign: char, n: usize) -> Piece<'a> {
        let raw = self.raw.split(sign).nth(n.saturating_sub(1)).unwrap_or_default();
        Piece { raw, signs: self.signs }
    }

    /// What is written there, escapes resolved; empty where nothing was sent.
    pub(crate) fn text(&self) -> Cow<'a, str> {
        if self.is_empty() {
            return Cow::Borrowed("");
        }
        let raw = self.raw.trim();
        if raw.contains(self.signs.escape) {
            Cow::Owned(unescaped(raw, self.signs))
        } else {
            Cow::Borrowed(raw)
        }
    }

    /// What is written there as it stands: base64 and codes hold no escapes.
    pub(crate) fn raw(&self) -> &'a str {
        if self.is_empty() { "" } else { self.raw.trim() }
    }

    /// The text of component `n`, or of its first subcomponent.
    pub(crate) fn word(&self, n: usize) -> Cow<'a, str> {
        self.component(n).sub(1).text()
    }
}

/// Resolves `\F\ \S\ \T\ \R\ \E\ \P\`, `\Xhh..\` and line breaks; formatting and character set switches are dropped, and
/// what is no escape stays as it is (2.7 "Use of escape sequences in text fields").
fn unescaped(raw: &str, signs: Signs) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, behind)) = rest.split_once(signs.escape) {
        out.push_str(before);
        let Some((inner, after)) = behind.split_once(signs.escape).filter(|(inner, _)| inner.len() <= 200)
        else {
            out.push(signs.escape);
            rest = behind;
            continue;
        };
        if let Some(meant) = meaning(inner, signs) {
            out.push_str(&meant);
            rest = after;
        } else {
            // Not an escape: its end may be the beginning of one.
            out.push(signs.escape);
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

fn meaning(inner: &str, signs: Signs) -> Option<String> {
    Some(match inner {
        "F" => signs.field.to_string(),
        "S" => signs.component.to_string(),
        "T" => signs.subcomponent.to_string(),
        "R" => signs.repetition.to_string(),
        "E" => signs.escape.to_string(),
        "P" => "#".to_owned(),
        "H" | "N" => String::new(),
        ".br" | ".sp" | ".ce" => "\n".to_owned(),
        _ if inner.starts_with(".sp") && inner.len() <= 6 => "\n".to_owned(),
        ".fi" | ".nf" => String::new(),
        _ if [".in", ".ti", ".sk"].iter().any(|known| inner.starts_with(known)) && inner.len() <= 7 => {
            " ".to_owned()
        }
        _ if inner.starts_with('X') => hex(inner.get(1..)?)?,
        _ if inner.starts_with(['C', 'M', 'Z']) && inner.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            String::new()
        }
        _ => return None,
    })
}

/// Bytes in hexadecimal: UTF-8 where they are, else Latin-1. Control characters but line breaks are dropped.
fn hex(digits: &str) -> Option<String> {
    let digits = digits.as_bytes();
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let (pairs, _) = digits.as_chunks::<2>();
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let bytes: Option<Vec<u8>> =
        pairs.iter().map(|[high, low]| Some(value(*high)? << 4 | value(*low)?)).collect();
    let text = match String::from_utf8(bytes?) {
        Ok(text) => text,
        Err(bytes) => bytes.into_bytes().into_iter().map(char::from).collect(),
    };
    Some(text.replace('\r', "\n").chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect())
}

#[cfg(test)]
mod tests {
    use super::{messages, unescaped};
    use proptest::prelude::*;

    fn first(text: &str) -> Vec<String> {
        let found = messages(text).unwrap();
        found[0].segments.iter().map(|segment| segment.name().to_owned()).collect()
    }

    #[test]
    fn a_message_is_parted_whatever_its_line_ends_and_signs() {
        for end in ["\r", "\n", "\r\n"] {
            let text = format!(
                "\u{b}MSH|^~\\&|A{end}PID|1||77^^^H&1.2&ISO~88||Rao^Asha{end}{end}ZZZ|x{end}\u{1c}{end}"
            );
            assert_eq!(first(&text), ["MSH", "PID", "ZZZ"]);
            let found = messages(&text).unwrap();
            let pid = found[0].segments[1];
            let ids: Vec<String> = pid.field(3).repetitions().map(|id| id.word(1).into_owned()).collect();
            assert_eq!(ids, ["77", "88"]);
            assert_eq!(pid.field(3).component(4).sub(2).text(), "1.2");
            assert_eq!(pid.field(5).word(2), "Asha");
            assert!(pid.field(99).is_empty());
            assert_eq!(found[0].segments[0].field(3).text(), "A");
        }
        let odd = messages("MSH$%*!?$x\rPID$1$$7%8\r").unwrap();
        assert_eq!(odd[0].segments[1].field(3).word(2), "8");
        assert_eq!(messages("BHS|^~\\&\rMSH|^~\\&|A\rMSH|^~\\&|B\rBTS|2").unwrap().len(), 2);
        for (wrong, reason) in [
            ("MSHA^~\\&", "hl7-bad-separators"),
            ("MSH||~\\&", "hl7-bad-separators"),
            ("MSH|^^\\&", "hl7-bad-separators"),
            ("MSH", "hl7-bad-separators"),
            ("PID|1", "hl7-no-message"),
            ("", "hl7-no-message"),
        ] {
            assert_eq!(messages(wrong).err(), Some(reason), "{wrong}");
        }
    }

    #[test]
    fn escapes_are_resolved_and_what_is_none_stays() {
        let found = messages("MSH|^~\\&|").unwrap();
        let signs = found[0].segments[0].signs;
        for (raw, expected) in [
            (r"a\F\b\S\c\T\d\R\e\E\f", r"a|b^c&d~e\f"),
            (r"one\.br\two\.sp2\three", "one\ntwo\nthree"),
            (r"\H\bold\N\ x", "bold x"),
            (r"\X41C3A9\", "Aé"),
            (r"\XE9\", "é"),
            (r"\X0\", r"\X0\"),
            (r"C:\new\folder", r"C:\new\folder"),
            (r"50\% of\E\", r"50\% of\"),
            (r"\C2842\ab", "ab"),
        ] {
            assert_eq!(unescaped(raw, signs), expected, "{raw}");
        }
    }

    proptest! {
        #[test]
        fn nothing_in_a_file_makes_it_panic(text in "(MSH[|^~&$a]{0,6})?[A-Z|^~&\\\\\r\n\"0-9é]{0,200}") {
            if let Ok(messages) = messages(&text) {
                for segment in messages.iter().flat_map(|message| &message.segments) {
                    for n in 0..8 {
                        for piece in segment.field(n).repetitions() {
                            let _ = (piece.text(), piece.word(2), piece.component(3).sub(2).text());
                        }
                    }
                }
            }
        }
    }
}
