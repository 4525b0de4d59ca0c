//! Values of a header as text, dates and codes (PS3.5 section 6.2).

use std::cell::Cell;

use super::charset::Charset;
use super::dataset::{Header, tag};
use crate::timestamp::date_time;

/// The texts of one file.
pub(super) struct Texts<'a> {
    header: &'a Header<'a>,
    charset: Charset,
    unknown: Cell<bool>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(header: &'a Header<'a>) -> Self {
        let terms = header.bytes(tag::CHARACTER_SET).unwrap_or_default();
        let charset = Charset::new(&String::from_utf8_lossy(terms));
        Texts { header, charset, unknown: Cell::new(false) }
    }

    /// A text in the file's own letters, its padding gone.
    pub(super) fn text(&self, tag: u32) -> Option<String> {
        let read = self.charset.read(self.header.bytes(tag)?);
        let read = read.trim_matches(|letter: char| letter == '\0' || letter.is_whitespace());
        if read.contains(char::REPLACEMENT_CHARACTER) {
            self.unknown.set(true);
        }
        (!read.is_empty()).then(|| read.to_owned())
    }

    /// Whether a text had letters that the set it declares has not.
    pub(super) fn has_unknown_letters(&self) -> bool {
        self.unknown.get()
    }

    /// The first value of a code, an identifier or a number: ASCII whatever the file's letters are.
    pub(super) fn plain(&self, tag: u32) -> Option<String> {
        self.plain_values(tag).into_iter().next()
    }

    /// All values of such an element.
    pub(super) fn plain_values(&self, tag: u32) -> Vec<String> {
        let bytes = self.header.bytes(tag).unwrap_or_default();
        let values = bytes.split(|byte| *byte == b'\\').filter_map(|value| {
            let value = std::str::from_utf8(value).ok().filter(|value| value.is_ascii())?;
            let value = value.trim_matches(|letter: char| letter == '\0' || letter.is_whitespace());
            (!value.is_empty() && value.len() <= 200).then(|| value.to_owned())
        });
        values.take(20).collect()
    }

    /// A unique identifier.
    pub(super) fn uid(&self, tag: u32) -> Option<String> {
        let uid = self.plain(tag)?;
        let fits = uid.len() <= 64 && uid.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        fits.then_some(uid)
    }

    /// A whole number, as it is written, without leading zeros.
    pub(super) fn whole(&self, tag: u32) -> Option<String> {
        self.plain(tag)?.trim_start_matches('+').parse::<u32>().ok().map(|number| number.to_string())
    }

    /// A day, and the time of it when the file says in which zone.
    pub(super) fn moment(&self, day: u32, time: Option<u32>) -> Option<String> {
        let day: String = self.plain(day)?;
        // Dots are of the standard's first editions.
        let day = if day.len() == 10 { day.replace('.', "") } else { day };
        let time = time.and_then(|time| self.plain(time)).unwrap_or_default();
        let time = time.split('.').next().unwrap_or_default().replace(':', "");
        let zone = self.plain(tag::ZONE).unwrap_or_default();
        date_time(&format!("{day}{time}"), &zone).or_else(|| date_time(&day, ""))
    }
}
