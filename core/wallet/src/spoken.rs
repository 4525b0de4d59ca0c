//! Records in the language of whoever looks at them.
//!
//! The index keeps each card in English. For another language the cards of one page are made anew, from the records
//! themselves and from those whom they name; nothing is stored for it.

use std::collections::{BTreeMap, HashMap, HashSet};

use kosha_crypto::Zeroizing;
use kosha_crypto::digest::sha256;
use kosha_crypto::id::{DocumentId, RecordId};
use kosha_fhir::{
    Card, Kind, Language, Limits, Meaning, Precision, Standing, Traits, bare_title, card_of, meaning,
};
use kosha_vault::Entry;

use crate::Session;
use crate::import::{format, header};
use crate::own::NO_NAME;
use crate::timeline::{RecordCard, says};
use crate::words::WORDS;

/// Most records of one file that are looked at for the names of those whom a card speaks of.
const MOST_NAMED: usize = 64;

/// Largest file that is read again for what reports and documents in it count, and most bytes of such files for a page.
const LARGEST_FILE: u64 = 256 << 10;
const MOST_OF_FILES: u64 = 2 << 20;

/// Bodies of the supporting records of some files.
type Named = HashMap<DocumentId, Vec<Zeroizing<Vec<u8>>>>;

/// Who said it; absent where nobody is named. In place of a writer who has no name stand words of the language.
pub(crate) fn source_of(entry: Entry<'_>, language: Language) -> Option<String> {
    match entry.source() {
        "" => None,
        NO_NAME => Some(WORDS.text(language, "writer-unnamed").to_owned()),
        source => Some(source.to_owned()),
    }
}

/// Whether the card of a record counts others of its file.
fn counts_others(entry: Entry<'_>) -> bool {
    entry.document().is_some()
        && matches!(entry.resource_type(), "DiagnosticReport" | "Composition" | "DocumentManifest" | "List")
}

impl Session {
    /// The language in which records are shown.
    pub fn language(&self) -> Language {
        self.environment().language
    }

    /// Has this session show records in another language from now on.
    pub fn set_language(&mut self, language: Language) {
        self.environment_mut().language = language;
    }

    /// Puts cards, and the dates of all, into the session's language.
    pub(crate) fn speak(&self, cards: &mut [RecordCard]) {
        let ids: Vec<RecordId> = cards.iter().filter_map(|card| card.id.parse().ok()).collect();
        let mut spoken = self.spoken(&ids);
        for (card, id) in cards.iter_mut().zip(ids) {
            if let Some(made) = spoken.remove(&id) {
                card.plain = card.plain.take().filter(|plain| !says(&made.title, plain));
                card.title = made.title;
                card.summary = made.line;
                card.chips = header::chips(made.chips, made.flag.as_ref());
            }
        }
    }

    /// The cards of records in the session's language; none where that is English, in which they are kept. A record that
    /// cannot be read is left out: its kept card stands.
    pub(crate) fn spoken(&self, records: &[RecordId]) -> HashMap<RecordId, Card> {
        let language = self.language();
        let mut out = HashMap::new();
        if language == Language::English {
            return out;
        }
        let limits = Limits { now_ms: Some(self.environment().now_ms()), language, ..Limits::default() };
        let named = self.named_in(records);
        let counting = self.in_their_files(records, &limits);
        for record in records {
            let Some(entry) = self.vault().index().get(*record) else { continue };
            if counts_others(entry) {
                // One whose file is too large stands as it is kept: what it counts is not guessed.
                out.extend(counting.get(record).map(|card| (*record, card.clone())));
                continue;
            }
            let Ok(body) = self.vault().body(*record) else { continue };
            let of_file = entry.document().and_then(|document| named.get(&document));
            let context: Vec<&[u8]> = of_file.into_iter().flatten().map(|bytes| bytes.as_slice()).collect();
            // One neighbour that cannot be read keeps nobody from being shown.
            let made =
                card_of(&body.resource, &context, &limits).or_else(|_| card_of(&body.resource, &[], &limits));
            let Ok(mut card) = made else { continue };
            // Whose name stands elsewhere still has the one that was found when the file came in.
            let noun = language.noun(entry.resource_type()).unwrap_or_default();
            if !noun.is_empty() && bare_title(&card.title, card.kind, card.standing) == noun {
                entry.title().clone_into(&mut card.title);
            }
            // What was measured is named by Kosha and not by a source in an entry that was written down here.
            if Traits::from_bits(entry.traits()).contains(Traits::OWN) && card.standing == Standing::Fact {
                let codes = entry.codes().map(|code| (code.system.as_str(), code.code.as_str()));
                let own = Some(card.kind).filter(|kind| matches!(kind, Kind::Result | Kind::Vital));
                if let Some(named) = own.and_then(|kind| meaning(language, kind, codes, "")) {
                    card.title = named.name;
                }
            }
            out.insert(*record, card);
        }
        out
    }

    /// The cards of reports and documents, which count what else is in their files: read there again.
    fn in_their_files(&self, records: &[RecordId], limits: &Limits) -> HashMap<RecordId, Card> {
        let index = self.vault().index();
        let mut files: BTreeMap<DocumentId, Vec<Entry<'_>>> = BTreeMap::new();
        for entry in records.iter().filter_map(|record| index.get(*record)).filter(|one| counts_others(*one))
        {
            if let Some(document) = entry.document() {
                files.entry(document).or_default().push(entry);
            }
        }
        let (mut out, mut left) = (HashMap::new(), MOST_OF_FILES);
        for (document, entries) in files {
            let Ok(len) = self.vault().document(document).map(|about| about.len) else { continue };
            if len > LARGEST_FILE.min(left) {
                continue;
            }
            left -= len;
            let mut bytes = Zeroizing::new(Vec::new());
            if self.vault().document_to(document, &mut *bytes).is_err() {
                continue;
            }
            let Some(reading) = format::records(&bytes, limits) else { continue };
            for entry in entries {
                // The same place of a file that was read otherwise before may hold something else.
                let same = sha256(&[reading.bytes(entry.ordinal())]) == *entry.content();
                if let Some(found) = reading.extract(entry.ordinal()).ok().filter(|_| same) {
                    out.insert(entry.id(), found.card);
                }
            }
        }
        out
    }

    /// What a record is, in plain words of the session's language.
    pub(crate) fn meaning(&self, entry: Entry<'_>) -> Option<Meaning> {
        let kind = Kind::from_u16(entry.kind())?;
        let codes = entry.codes().map(|code| (code.system.as_str(), code.code.as_str()));
        meaning(self.language(), kind, codes, entry.title())
    }

    /// A date in words of the session's language.
    pub(crate) fn date_text(&self, start_ms: i64, precision: u8, offset_minutes: Option<i16>) -> String {
        let precision = Precision::from_u8(precision).unwrap_or(Precision::Day);
        self.language().date(start_ms, precision, offset_minutes.map(i32::from))
    }

    /// Those whom the records of the same files may name.
    fn named_in(&self, records: &[RecordId]) -> Named {
        let index = self.vault().index();
        let documents: HashSet<DocumentId> =
            records.iter().filter_map(|record| index.get(*record)?.document()).collect();
        let mut named = Named::new();
        if documents.is_empty() {
            return named;
        }
        for entry in index.of_kinds(&[Kind::Support.as_u16()]) {
            let Some(document) = entry.document().filter(|document| documents.contains(document)) else {
                continue;
            };
            let list = named.entry(document).or_default();
            if list.len() < MOST_NAMED
                && let Ok(body) = self.vault().body(entry.id())
            {
                list.push(body.resource);
            }
        }
        named
    }
}
