//! Documents: letters, reports with files, pictures, with what is in them.

use kosha_fhir::{Kind, Standing, Traits};
use kosha_vault::Entry;
use serde::Serialize;

use super::paging::{Place, cut};
use super::scope::{has, standing, when};
use crate::hidden::hidden_debug;
use crate::same::Also;
use crate::spoken::source_of;
use crate::timeline::bounds;
use crate::{Error, Session};

/// Which documents are wanted. The default: the first 50 of everybody.
#[derive(Clone)]
pub struct DocumentsQuery {
    /// A person: id, the beginning of one, or name.
    pub person: Option<String>,
    /// First year, month or day.
    pub from: Option<String>,
    /// Last year, month or day.
    pub to: Option<String>,
    /// Also those that were called off or ruled out.
    pub all: bool,
    /// Most documents.
    pub limit: u32,
    /// `next` of the page before.
    pub after: Option<String>,
}

impl Default for DocumentsQuery {
    fn default() -> Self {
        Self { person: None, from: None, to: None, all: false, limit: 50, after: None }
    }
}

/// A page of documents, newest first.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Documents {
    /// The documents.
    pub documents: Vec<Document>,
    /// Where the next page begins; absent when there is none.
    pub next: Option<String>,
    /// Damage keeps some records from being listed. Absent in JSON where it does not.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub incomplete: bool,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// The record.
    pub record: String,
    /// Whose it is.
    pub person: String,
    /// Kind: `document`, `report`, `imaging`, or that of the record in which the file is.
    pub kind: &'static str,
    /// The kind in words of the session's language.
    #[serde(rename = "kindText")]
    pub kind_text: &'static str,
    /// First line. Whatever is no fact says so here.
    pub title: String,
    /// Second line.
    pub summary: String,
    /// Short marks (`Not final`, `Old version`).
    pub chips: Vec<String>,
    /// When, as exactly as the source said.
    pub date: Option<String>,
    /// Who said it.
    pub source: Option<String>,
    /// Attached in Kosha by the patient or a carer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub own: bool,
    /// Whether it states a fact.
    pub standing: &'static str,
    /// Files in it that are kept apart, numbered as `show` does. Small ones stay within the record: `show` lists them.
    pub files: Vec<DocumentFile>,
    /// Records of other sources that tell the same, and are not listed beside it. Absent in JSON where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Also>,
}

/// A file in a document.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct DocumentFile {
    /// Its number within the record, from 1.
    pub number: usize,
    /// Its title, or empty.
    pub title: String,
    /// Media type as its source named it, or empty.
    #[serde(rename = "contentType")]
    pub content_type: String,
    /// Length in bytes.
    pub bytes: u64,
}

fn kind(entry: Entry<'_>) -> Kind {
    Kind::from_u16(entry.kind()).unwrap_or(Kind::Other)
}

/// Whether a record is a document: its kind says so, or it is a report or picture with files.
fn is_document(entry: Entry<'_>) -> bool {
    let kind = entry.kind();
    if entry.kind() == Kind::Support.as_u16() {
        return false;
    }
    kind == Kind::Document.as_u16() || kind == Kind::Imaging.as_u16() || entry.has_attachments()
}

impl Session {
    /// A page of documents: letters and files, pictures, and whatever else has files in it. Only the headers of the
    /// records on the page are opened, for their files.
    ///
    /// Errors: [`Error::NoSuchPerson`], [`Error::Ambiguous`], [`Error::BadDate`], [`Error::BadCursor`].
    pub fn documents(&self, query: &DocumentsQuery) -> Result<Documents, Error> {
        let scope = self.scope(query.person.as_deref())?;
        let (from_ms, to_ms) = bounds(query.from.as_deref(), query.to.as_deref())?;
        let within = |entry: Entry<'_>| match (from_ms, to_ms, entry.date()) {
            (None, None, _) => true,
            (_, _, None) => false,
            (from, to, Some(date)) => {
                from.is_none_or(|from| date.end_ms >= from) && to.is_none_or(|to| date.start_ms <= to)
            }
        };
        let same = self.same()?;
        let kinds = Kind::ALL.map(Kind::as_u16);
        let found = scope
            .entries(self, &kinds)
            .filter(|(_, entry)| is_document(*entry) && within(*entry))
            .filter(|(_, entry)| !same.is_told_by_another(*entry))
            .filter(|(_, entry)| {
                query.all || !matches!(standing(*entry), Standing::Refuted | Standing::Cancelled)
            })
            .map(|(person, entry)| (Place::of(0, entry), (person, entry)))
            .collect();
        let page = cut(found, query.after.as_deref(), query.limit)?;
        let texts = self.texts(page.groups.iter().map(|(_, entry)| *entry));
        let documents = page
            .groups
            .into_iter()
            .map(|(person, entry)| {
                Ok(Document {
                    record: entry.id().to_string(),
                    person: person.to_string(),
                    kind: kind(entry).as_str(),
                    kind_text: self.language().kind(kind(entry)),
                    title: texts.title(entry),
                    summary: texts.line(entry),
                    chips: texts.chips(entry),
                    date: when(entry),
                    source: source_of(entry, self.language()),
                    own: has(entry, Traits::OWN),
                    standing: standing(entry).as_str(),
                    files: self.files(entry)?,
                    also: self.also(&same, entry.id()),
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Documents { documents, next: page.next, incomplete: self.is_incomplete() })
    }

    fn files(&self, entry: Entry<'_>) -> Result<Vec<DocumentFile>, Error> {
        if !entry.has_attachments() {
            return Ok(Vec::new());
        }
        let header = self.vault().header(entry.id())?;
        let files = (1..).zip(header.attachments).map(|(number, file)| DocumentFile {
            number,
            title: file.title,
            content_type: file.media,
            bytes: file.len,
        });
        Ok(files.collect())
    }
}

hidden_debug!(DocumentsQuery, Documents, Document, DocumentFile);
