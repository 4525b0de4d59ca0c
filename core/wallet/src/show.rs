//! One record or file, opened.

use std::io::Write;

use kosha_crypto::id::{DocumentId, RecordId};
use kosha_fhir::{Language, Limits, card_of, system_name};
use kosha_vault::{Code, Header};
use serde::Serialize;

use crate::attachment::AttachmentShown;
use crate::hidden::hidden_debug;
use crate::timeline::RecordCard;
use crate::views::words::day;
use crate::words::{WORDS, of_code};
use crate::{Error, Session, date, session};

/// What an id stands for.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Shown {
    /// A record.
    Record(Box<RecordShown>),
    /// A file.
    Document(DocumentShown),
}

/// A record with its details.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct RecordShown {
    /// The record as lists show it.
    #[serde(rename = "record")]
    pub card: RecordCard,
    /// What it is, in a sentence or two of plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// More about it, label by label.
    pub details: Vec<Detail>,
    /// Files inside it.
    pub attachments: Vec<AttachmentShown>,
    /// The file it came in.
    pub document: Option<DocumentLine>,
    /// Ids of the other records of the same imaging study, each with a file of its own. Absent in JSON where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
}

/// One detail.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Detail {
    /// What it is.
    pub label: &'static str,
    /// The detail itself.
    pub value: String,
}

/// A file that came in.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DocumentShown {
    /// The file.
    pub document: DocumentLine,
}

/// What is known of a file.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DocumentLine {
    /// Id, 32 hex digits.
    pub id: String,
    /// Its name when it came in.
    pub name: String,
    /// When it came in, RFC 3339.
    pub received: String,
    /// Length in bytes.
    pub bytes: u64,
    /// A record that came in it was deleted, so that the file is not kept as it came in.
    #[serde(rename = "partsDeleted", skip_serializing_if = "std::ops::Not::not")]
    pub parts_deleted: bool,
}

/// Most earlier versions of a record of which is told what they said.
const MOST_EARLIER: usize = 20;

enum Meant {
    Record(RecordId),
    Document(DocumentId),
}

impl Session {
    /// A record or a file, by id or the beginning of one.
    pub fn show(&self, id: &str) -> Result<Shown, Error> {
        match self.meant(id)? {
            Meant::Document(document) => {
                Ok(Shown::Document(DocumentShown { document: self.document_line(document)? }))
            }
            Meant::Record(record) => self.record_shown(record).map(|shown| Shown::Record(Box::new(shown))),
        }
    }

    /// Writes the exact bytes of a record's resource.
    pub fn original_to(&self, id: &str, out: &mut dyn Write) -> Result<(), Error> {
        match self.meant(id)? {
            Meant::Record(record) => Ok(self.vault().resource_to(record, out)?),
            Meant::Document(document) => Ok(self.vault().document_to(document, out)?),
        }
    }

    /// Writes the exact bytes of a file: of the one named, or of the one in which the named record came.
    pub fn document_to(&self, id: &str, out: &mut dyn Write) -> Result<(), Error> {
        let document = match self.meant(id)? {
            Meant::Document(document) => document,
            Meant::Record(record) => self.vault().header(record)?.document.ok_or(Error::NoSuchRecord)?,
        };
        Ok(self.vault().document_to(document, out)?)
    }

    fn meant(&self, id: &str) -> Result<Meant, Error> {
        let document = session::meant(self.vault().document_ids().into_iter(), id);
        match (self.record_meant(id), document) {
            (Ok(_), Ok(_) | Err(Some(_))) | (Err(Error::Ambiguous), _) => Err(Error::Ambiguous),
            (Ok(record), Err(None)) => Ok(Meant::Record(record)),
            (Err(_), Ok(document)) => Ok(Meant::Document(document)),
            (Err(_), Err(ambiguous)) => Err(ambiguous.unwrap_or(Error::NoSuchRecord)),
        }
    }

    fn record_shown(&self, record: RecordId) -> Result<RecordShown, Error> {
        let entry = self.vault().index().get(record).ok_or(Error::NoSuchRecord)?;
        let header = self.vault().header(record)?;
        let mut card = self.card(entry, &self.circle()?);
        card.title.clone_from(&header.title);
        card.summary.clone_from(&header.line);
        self.speak(std::slice::from_mut(&mut card));
        let groups = self.same()?;
        card.also = self.also(&groups, record);
        card.study = self.study(&groups, record);
        self.count_studies(std::slice::from_mut(&mut card));
        let versions = self.vault().history(record)?.len();
        let person = self.persons()?.persons.into_iter().find(|person| person.id == card.person);
        let person = person.map(|person| person.name).filter(|name| !name.is_empty());
        let language = self.language();
        let spoken = self.spoken(&[record]).remove(&record);
        let range = match &spoken {
            Some(card) => card.range_text.clone(),
            None if has_range(&header) => self.range_said(record)?,
            None => None,
        };
        let dosage = spoken.map_or(header.dosage.clone(), |card| card.dosage);
        let mut details = details(&card, &header, (person, dosage, range, versions), language);
        details.extend(self.earlier(record, language)?);
        if let Some(note) = kosha_fhir::own::own_note(&self.vault().resource_skeleton(record)?) {
            details.push(Detail { label: WORDS.text(language, "detail-note"), value: note });
        }
        Ok(RecordShown {
            meaning: self.meaning(entry).map(|meaning| {
                let places = [("name", &*meaning.name), ("text", &*meaning.text)];
                WORDS.say(language, "shown-meaning", &places)
            }),
            details,
            attachments: self.attachments_shown(record, &header)?,
            document: header.document.map(|document| self.document_line(document)).transpose()?,
            parts: groups.parts(record).filter(|part| *part != record).map(|part| part.to_string()).collect(),
            card,
        })
    }

    /// Every range of a result, as its source wrote it: also one that its value is not compared with.
    fn range_said(&self, record: RecordId) -> Result<Option<String>, Error> {
        let body = self.vault().body(record)?;
        let limits = Limits { language: self.language(), ..Limits::default() };
        Ok(card_of(&body.resource, &[], &limits).ok().and_then(|card| card.range_text))
    }

    /// What earlier versions of a record said, the newest first. One that cannot be read any more is not told.
    fn earlier(&self, record: RecordId, language: Language) -> Result<Vec<Detail>, Error> {
        let versions = self.vault().history(record)?;
        let before = versions.into_iter().rev().skip(1).take(MOST_EARLIER);
        let told = before.filter_map(|version| {
            let header = self.vault().header_at(record, version).ok()?;
            let line = if header.line.is_empty() { header.title } else { header.line };
            let added = moment(language, &date::rfc3339(header.added_ms));
            let value = WORDS.say(language, "shown-before", &[("line", &line), ("added", &added)]);
            Some(Detail { label: WORDS.text(language, "detail-before"), value })
        });
        Ok(told.collect())
    }

    pub(crate) fn document_line(&self, id: DocumentId) -> Result<DocumentLine, Error> {
        let info = self.vault().document(id)?;
        Ok(DocumentLine {
            id: info.id.to_string(),
            name: info.name,
            received: date::rfc3339(info.received_ms),
            bytes: info.len,
            parts_deleted: info.parts_deleted,
        })
    }
}

fn details(
    card: &RecordCard,
    header: &Header,
    (person, dosage, range, versions): (Option<String>, Option<String>, Option<String>, usize),
    language: Language,
) -> Vec<Detail> {
    let mut details = Vec::new();
    let mut say = |label: &str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            details.push(Detail { label: WORDS.text(language, label), value });
        }
    };
    let in_words = |section: &str, code: &str| match of_code(language, section, code) {
        "" => code.to_owned(),
        words => words.to_owned(),
    };
    say("detail-person", person);
    say("detail-date", card.date.as_deref().map(|exact| moment(language, exact)));
    say("detail-kind", Some(card.kind_text.to_owned()));
    say("detail-value", header.value.as_ref().map(|value| with_unit(value, header.unit.as_deref())));
    say("detail-range", range);
    say("detail-dosage", dosage);
    say("detail-status", header.clinical_status.as_deref().map(|code| in_words("status", code)));
    say("detail-certainty", header.verification_status.as_deref().map(|code| in_words("certainty", code)));
    say("detail-source", card.source.clone());
    // An address says nothing to people; the resource has it.
    let system = |code: &Code| system_name(&code.system).unwrap_or(&code.system).to_owned();
    let codes: Vec<String> =
        header.codes.iter().map(|code| format!("{} {}", system(code), code.code)).collect();
    say("detail-codes", Some(codes.join("; ")));
    say("detail-type", Some(header.resource_type.clone()));
    say("detail-added", Some(moment(language, &date::rfc3339(header.added_ms))));
    say("detail-versions", (versions > 1).then(|| versions.to_string()));
    details
}

/// A moment as the session's language writes it; in English as it is exact.
fn moment(language: Language, exact: &str) -> String {
    let (date, time) = exact.split_once('T').unwrap_or((exact, ""));
    if language == Language::English {
        return exact.to_owned();
    }
    let (day, minutes) = (day(language, date), time.get(..5).unwrap_or_default());
    if minutes.is_empty() {
        return day;
    }
    let id = if time.ends_with('Z') { "shown-momentUtc" } else { "shown-moment" };
    WORDS.say(language, id, &[("day", &day), ("time", minutes)])
}

fn with_unit(value: &str, unit: Option<&str>) -> String {
    unit.map_or_else(|| value.to_owned(), |unit| format!("{value} {unit}"))
}

/// Whether a record is of a kind that may have ranges.
fn has_range(header: &Header) -> bool {
    header.resource_type == "Observation"
}

hidden_debug!(Shown, RecordShown, Detail, DocumentShown, DocumentLine);
