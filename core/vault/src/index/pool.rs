//! What many entries have in common, held once: origins, codes, titles, units, statuses, writers, epochs.

use std::collections::HashMap;
use std::hash::BuildHasher as _;

use kosha_crypto::id::{DocumentId, PersonId};

use super::titles::Titles;
use crate::bytes::{Malformed, Read, Reader, put_sized, put_varint};
use crate::header::{Code, View, code_list};
use crate::spread::Spread;

/// What many records of one document have in common.
#[derive(PartialEq, Eq, Clone)]
pub(super) struct Origin {
    pub(super) person: PersonId,
    pub(super) document: Option<DocumentId>,
    pub(super) source: Box<str>,
    pub(super) resource_type: Box<str>,
}

/// The codes of a record, with their encoding.
pub(super) struct Codes {
    bytes: Box<[u8]>,
    pub(super) list: Box<[Code]>,
}

impl Codes {
    fn of(bytes: &[u8]) -> Read<Self> {
        let list = code_list(bytes)
            .map(|code| code.map(|(system, code)| Code { system: system.to_owned(), code: code.to_owned() }))
            .collect::<Read<_>>()?;
        Ok(Self { bytes: bytes.into(), list })
    }
}

/// Values by number, found again by their hash.
struct Numbered<T> {
    values: Vec<T>,
    by_hash: HashMap<u64, Vec<u32>, Spread>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { values: Vec::new(), by_hash: HashMap::default() }
    }
}

impl<T> Numbered<T> {
    /// The number of the value that `same` accepts among those of this hash; made by `make` when there is none.
    fn number(&mut self, hash: u64, same: impl Fn(&T) -> bool, make: impl FnOnce() -> T) -> u32 {
        if let Some(known) = self.known(hash, same) {
            return known;
        }
        let Self { values, by_hash } = self;
        let new = u32::try_from(values.len()).unwrap_or(u32::MAX);
        values.push(make());
        by_hash.entry(hash).or_default().push(new);
        new
    }

    /// The number of the value that `same` accepts among those of this hash.
    fn known(&self, hash: u64, same: impl Fn(&T) -> bool) -> Option<u32> {
        self.by_hash.get(&hash)?.iter().copied().find(|number| self.get(*number).is_some_and(&same))
    }

    fn get(&self, number: u32) -> Option<&T> {
        self.values.get(usize::try_from(number).ok()?)
    }
}

/// Most words that are held once. Sources that make up new ones for every record are not to fill the memory.
const MOST_WORDS: usize = 1 << 12;

/// All of it. Numbers are never taken away.
#[derive(Default)]
pub(super) struct Pool {
    origins: Numbered<Origin>,
    codes: Numbered<Codes>,
    /// Writers and epochs: 16 bytes each, a few of them.
    names: Numbered<[u8; 16]>,
    titles: Titles,
    /// Units and clinical statuses: a few hundred of them.
    words: Numbered<Box<str>>,
    spread: Spread,
}

impl Pool {
    pub(super) fn origin_of(&mut self, header: &View<'_>) -> u32 {
        let (person, document) = (header.person(), header.document);
        let (source, resource_type) = (header.source, header.resource_type);
        let hash = self.spread.hash_one((person, document, source, resource_type));
        let same = |known: &Origin| {
            known.person == person
                && known.document == document
                && *known.source == *source
                && *known.resource_type == *resource_type
        };
        let make = || Origin { person, document, source: source.into(), resource_type: resource_type.into() };
        self.origins.number(hash, same, make)
    }

    pub(super) fn codes_of(&mut self, header: &View<'_>) -> u32 {
        let bytes = header.code_bytes();
        // A view's codes were read once, so that they read again.
        let make = || Codes::of(bytes).unwrap_or(Codes { bytes: Box::default(), list: Box::default() });
        self.codes.number(self.spread.hash_one(bytes), |known| *known.bytes == *bytes, make)
    }

    pub(super) fn name_of(&mut self, name: [u8; 16]) -> u16 {
        let number = self.names.number(self.spread.hash_one(name), |known| *known == name, || name);
        u16::try_from(number).unwrap_or(u16::MAX)
    }

    pub(super) fn title_of(&mut self, title: &str) -> u32 {
        self.titles.number_of(title, self.spread)
    }

    /// The number of a word; `None` where too many others were there before.
    pub(super) fn word_of(&mut self, word: &str) -> Option<u16> {
        let hash = self.spread.hash_one(word);
        let known = self.words.known(hash, |known| **known == *word);
        let has_room = self.words.values.len() < MOST_WORDS;
        let number = known.or_else(|| has_room.then(|| self.words.number(hash, |_| false, || word.into())));
        number.and_then(|number| number.try_into().ok())
    }

    pub(super) fn word(&self, number: u16) -> Option<&str> {
        self.words.get(u32::from(number)).map(|word| &**word)
    }

    pub(super) fn title(&self, number: u32) -> Option<&str> {
        self.titles.title(number)
    }

    /// All titles, by number: [`Pool::encode`] leaves them out, [`Pool::title_of`] takes them in again.
    pub(super) fn titles(&self) -> impl Iterator<Item = &[u8]> {
        self.titles.all()
    }

    pub(super) fn origin(&self, number: u32) -> Option<&Origin> {
        self.origins.get(number)
    }

    pub(super) fn codes(&self, number: u32) -> &[Code] {
        self.codes.get(number).map_or(&[], |codes| &codes.list)
    }

    pub(super) fn name(&self, number: u16) -> Option<&[u8; 16]> {
        self.names.get(u32::from(number))
    }

    /// `names | origins | codes | words`, each after its count.
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let count = |out: &mut Vec<u8>, len: usize| put_varint(out, u32::try_from(len).unwrap_or(u32::MAX));
        count(out, self.names.values.len());
        self.names.values.iter().for_each(|name| out.extend_from_slice(name));
        count(out, self.origins.values.len());
        for origin in &self.origins.values {
            out.extend_from_slice(origin.person.as_bytes());
            out.push(u8::from(origin.document.is_some()));
            out.extend_from_slice(origin.document.as_ref().map_or(&[], |id| id.as_bytes().as_slice()));
            put_sized(out, origin.source.as_bytes());
            put_sized(out, origin.resource_type.as_bytes());
        }
        count(out, self.codes.values.len());
        self.codes.values.iter().for_each(|codes| put_sized(out, &codes.bytes));
        count(out, self.words.values.len());
        self.words.values.iter().for_each(|word| put_sized(out, word.as_bytes()));
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Read<Self> {
        let mut pool = Self::default();
        let spread = pool.spread;
        for _ in 0..reader.varint()? {
            let name = reader.array()?;
            pool.names.number(spread.hash_one(name), |_| false, || name);
        }
        for _ in 0..reader.varint()? {
            let person = PersonId::from_bytes(reader.array()?);
            let document = match reader.u8()? {
                0 => None,
                1 => Some(DocumentId::from_bytes(reader.array()?)),
                _ => return Err(Malformed),
            };
            let (source, resource_type) = (reader.text()?, reader.text()?);
            let hash = spread.hash_one((person, document, source, resource_type));
            let make =
                || Origin { person, document, source: source.into(), resource_type: resource_type.into() };
            pool.origins.number(hash, |_| false, make);
        }
        for _ in 0..reader.varint()? {
            let bytes = reader.sized()?;
            let codes = Codes::of(bytes)?;
            pool.codes.number(spread.hash_one(bytes), |_| false, || codes);
        }
        for _ in 0..reader.varint()? {
            let word = reader.text()?;
            pool.words.number(spread.hash_one(word), |_| false, || word.into());
        }
        Ok(pool)
    }
}
