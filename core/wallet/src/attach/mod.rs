//! Keeping files that are in no FHIR: letters, photos, scans. Each becomes a document of a person, its content a sealed
//! attachment, read in and out piece by piece.

mod described;

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use kosha_crypto::digest::sha256;
use kosha_crypto::id::{PersonId, RecordId};
use kosha_vault::{AttachmentRef, Durability, HeaderAttachment, Hole, NewBody, Transaction};
use serde::Serialize;

use self::described::{ContentHash, Described, Hashed};
use crate::hidden::hidden_debug;
use crate::import::header;
use crate::person::Profile;
use crate::{Error, Session, date, reason};

/// Largest file that is kept: 2 GiB.
pub const LARGEST: u64 = 1 << 31;
/// Bytes at the beginning by which a file's type is told.
pub(crate) const HEAD: usize = 4096;
/// The source of what somebody added by hand.
const SOURCE: &str = "You";
/// Longest title or file name that is kept, in bytes.
const LONGEST_TITLE: usize = 300;

/// What is to be kept, and as what.
#[derive(Clone, Default)]
pub struct AttachWish {
    /// The files.
    pub files: Vec<PathBuf>,
    /// Whose: id, the beginning of one, or name. Needed when there are several persons and no record is named.
    pub person: Option<String>,
    /// What it is called; the file's name where there is none.
    pub title: Option<String>,
    /// When it is from: a year, month or day. Else the time of adding it.
    pub date: Option<String>,
    /// A record that it belongs to.
    pub record: Option<String>,
}

/// What became of the files.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct AttachReport {
    /// The files that are kept, in the order given.
    pub attached: Vec<Attached>,
    /// Those that are not, and why.
    pub refused: Vec<NotAttached>,
}

/// A file that is kept.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Attached {
    /// Name as it was given.
    pub file: String,
    /// The document that it became.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its type, by its first bytes.
    #[serde(rename = "contentType")]
    pub content_type: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Whether the very same was here already.
    pub duplicate: bool,
    /// Whether it was here, and its title, date or record is another one now.
    pub updated: bool,
    /// Whether it was here damaged or in part, and is whole again.
    #[serde(rename = "putBack")]
    pub put_back: bool,
}

/// A file that is not kept.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct NotAttached {
    /// Name as it was given.
    pub file: String,
    /// Stable code: `file-unreadable`, `not-a-file`, `attachment-too-large`, `file-empty`, `file-changed`.
    pub reason: &'static str,
    /// The reason as a plain sentence.
    pub text: &'static str,
}

impl Session {
    /// Keeps files as documents, each in a transaction of its own. A file that cannot be kept keeps no other one out.
    pub fn attach(&mut self, wish: &AttachWish) -> Result<AttachReport, Error> {
        if let Some(day) = &wish.date {
            date::period(day)?;
        }
        let record = wish.record.as_deref().map(|text| self.record_meant(text)).transpose()?;
        let person = self.person_to_attach_to(wish.person.as_deref(), record)?;
        let mut report = AttachReport::default();
        for path in &wish.files {
            let file = path.to_string_lossy().into_owned();
            match self.attach_file(path, &file, wish, person, record)? {
                Ok(attached) => report.attached.push(attached),
                Err(reason) => {
                    let text = reason::text(self.language(), reason);
                    report.refused.push(NotAttached { file, reason, text });
                }
            }
        }
        Ok(report)
    }

    pub(crate) fn person_to_attach_to(
        &self,
        text: Option<&str>,
        record: Option<RecordId>,
    ) -> Result<Option<PersonId>, Error> {
        let circle = self.circle()?;
        let of_record = record
            .and_then(|record| self.vault().index().get(record))
            .map(|entry| circle.one(entry.person()));
        let named = text.map(|text| self.person_called(text)).transpose()?;
        match (named, of_record) {
            (Some(named), Some(of_record)) if named != of_record => return Err(Error::SeveralPersons),
            (Some(person), _) | (None, Some(person)) => return Ok(Some(person)),
            (None, None) => {}
        }
        match circle.ones() {
            [] => Ok(None),
            [person] => Ok(Some(*person)),
            _ => Err(Error::PersonNeeded),
        }
    }

    /// The inner error is the reason's code for a file that cannot be kept.
    fn attach_file(
        &mut self,
        path: &Path,
        name: &str,
        wish: &AttachWish,
        person: Option<PersonId>,
        record: Option<RecordId>,
    ) -> Result<Result<Attached, &'static str>, Error> {
        match Source::open(path) {
            Ok(source) => self.attach_source(source, name, wish, person, record),
            Err(code) => Ok(Err(code)),
        }
    }

    /// Keeps what an import came upon and is no record: the bytes read so far and the rest of it, `len` in all.
    pub(crate) fn attach_stream(
        &mut self,
        content: &mut dyn Read,
        head: &[u8],
        len: u64,
        name: &str,
        person: Option<PersonId>,
    ) -> Result<Result<Attached, &'static str>, Error> {
        if len > LARGEST {
            return Ok(Err("attachment-too-large"));
        }
        let source = Source { content: Box::new(content), len, media: media(head) };
        self.attach_source(source, name, &AttachWish::default(), person, None)
    }

    fn attach_source(
        &mut self,
        mut source: Source<'_>,
        name: &str,
        wish: &AttachWish,
        person: Option<PersonId>,
        record: Option<RecordId>,
    ) -> Result<Result<Attached, &'static str>, Error> {
        let related =
            record.map(|record| self.vault().header(record)).transpose()?.map(|header| header.title);
        let said = Said { title: wish.title(), day: wish.date.clone(), related, parent: record };
        let now_ms = self.environment().now_ms();
        let environment = self.environment().clone();
        let described = said.of_file(&source, short(Path::new(name)), now_ms);
        let (front, back) = described.around_content();

        let mut tx = self.vault_mut().begin(Durability::Full)?;
        environment.steps.reached("attach-begin");
        let person = match person {
            Some(person) => person,
            None => tx.add_person(&Profile { owner: true, ..Profile::default() }.write()?)?,
        };
        let hash = ContentHash::new(&front);
        let mut hashed = Hashed { from: &mut *source.content, hash, failed: false };
        let added: AttachmentRef = match tx.add_attachment(&mut hashed) {
            Ok(added) => added,
            Err(kosha_vault::Error::Io(_)) if hashed.failed => return Ok(Err("file-unreadable")),
            Err(error) => return Err(error.into()),
        };
        if added.len != source.len {
            return Ok(Err("file-changed"));
        }
        let identity = sha256(&[b"kosha/attached/v1", person.as_bytes(), &added.hash]);
        let content = hashed.hash.finish(&back)?;
        let kept = Kept { person, identity, content: added, now_ms };
        let known = tx.vault().index().by_identity(&identity).map(|(id, ..)| id);
        let known = known.filter(|id| tx.vault().index().get(*id).is_some_and(|entry| !entry.tombstone()));
        let put_back = tx.put_back() > 0;
        let (id, title, updated) = match known {
            None => (kept.put(&mut tx, &described, content, record, None)?, described.title, false),
            Some(id) => kept.add_again(&mut tx, id, &said)?,
        };
        let attached = Attached {
            file: name.to_owned(),
            id: id.to_string(),
            title,
            content_type: source.media.to_owned(),
            bytes: added.len,
            duplicate: known.is_some(),
            updated,
            put_back,
        };
        if known.is_none() || updated || put_back {
            tx.log(now_ms, "attached", "1 file")?;
            environment.steps.reached("attach-commit");
            tx.commit()?;
            environment.steps.reached("attach-durable");
        }
        Ok(Ok(attached))
    }
}

impl AttachWish {
    fn title(&self) -> Option<String> {
        self.title.as_deref().map(bounded).filter(|title| !title.is_empty())
    }
}

/// What the person says of a file beside its content.
struct Said {
    title: Option<String>,
    day: Option<String>,
    /// Title of the record that it belongs to.
    related: Option<String>,
    parent: Option<RecordId>,
}

impl Said {
    fn of_file(&self, source: &Source<'_>, file: String, now_ms: i64) -> Described {
        Described {
            title: self.title.clone().unwrap_or_else(|| file.clone()),
            file,
            media: source.media.to_owned(),
            len: source.len,
            day: self.day.clone(),
            added: self.day.is_none().then(|| date::rfc3339(now_ms)),
            related: self.related.clone(),
        }
    }

    /// What was said before, where nothing else is said now.
    fn of_known(&self, before: &Described) -> Described {
        let before = before.clone();
        Described {
            title: self.title.clone().unwrap_or(before.title),
            added: if self.day.is_some() { None } else { before.added },
            day: self.day.clone().or(before.day),
            related: self.related.clone().or(before.related),
            ..before
        }
    }
}

/// Content that the vault has, to be kept as a document of this person.
struct Kept {
    person: PersonId,
    identity: [u8; 32],
    content: AttachmentRef,
    now_ms: i64,
}

impl Kept {
    /// The document is here already: what is said of it now becomes a new version of it, if it says anything new. Gives its
    /// title, and whether there is a new version.
    fn add_again(
        &self,
        tx: &mut Transaction<'_>,
        known: RecordId,
        said: &Said,
    ) -> Result<(RecordId, String, bool), Error> {
        let header = tx.header(known)?;
        let before = Described::read(&tx.vault().resource_skeleton(known)?, self.content.len);
        let Some(before) = before else { return Ok((known, header.title, false)) };
        let described = said.of_known(&before);
        let parent = said.parent.or(header.parent);
        if described == before && parent == header.parent {
            return Ok((known, described.title, false));
        }
        let (front, back) = described.around_content();
        let mut hash = ContentHash::new(&front);
        tx.vault().attachment_to(self.content.id, &mut hash)?;
        let content = hash.finish(&back)?;
        self.put(tx, &described, content, parent, Some(known))?;
        Ok((known, described.title, true))
    }

    /// A new document, or a new version of `known`. `content` is the hash of the whole resource.
    fn put(
        &self,
        tx: &mut Transaction<'_>,
        described: &Described,
        content: [u8; 32],
        parent: Option<RecordId>,
        known: Option<RecordId>,
    ) -> Result<RecordId, Error> {
        let extract = described.extract(self.now_ms)?;
        let text = extract.search_text.clone();
        let mut header = header::of(self.person, extract, |_| None);
        SOURCE.clone_into(&mut header.source);
        header.attachments = vec![HeaderAttachment {
            id: self.content.id,
            hash: self.content.hash,
            len: self.content.len,
            media: described.media.clone(),
            title: described.file.clone(),
        }];
        header.identity = self.identity;
        header.content = content;
        header.parent = parent;
        header.added_ms = self.now_ms;
        let (front, back) = described.around_content();
        let hole = Hole { at: u64::try_from(front.len()).unwrap_or(u64::MAX), attachment: self.content.id };
        let skeleton = [front, back].concat();
        let body = NewBody { resource_skeleton: skeleton.as_bytes(), holes: &[hole], text: &text };
        match known {
            Some(known) => tx.update_record(known, header, &body).map(|_| known).map_err(Into::into),
            None => Ok(tx.add_record(header, &body)?),
        }
    }
}

/// A file that was opened, with what is known before it is read.
struct Source<'a> {
    content: Box<dyn Read + 'a>,
    len: u64,
    media: &'static str,
}

impl Source<'_> {
    fn open(path: &Path) -> Result<Self, &'static str> {
        // Looked at first: to open a pipe could wait forever.
        if !std::fs::metadata(path).map_err(|_| "file-unreadable")?.is_file() {
            return Err("not-a-file");
        }
        let mut file = File::open(path).map_err(|_| "file-unreadable")?;
        let len = file.metadata().map_err(|_| "file-unreadable")?.len();
        if len == 0 {
            return Err("file-empty");
        }
        if len > LARGEST {
            return Err("attachment-too-large");
        }
        let mut head = Vec::with_capacity(HEAD);
        Read::by_ref(&mut file).take(HEAD as u64).read_to_end(&mut head).map_err(|_| "file-unreadable")?;
        file.rewind().map_err(|_| "file-unreadable")?;
        Ok(Self { content: Box::new(file), len, media: media(&head) })
    }
}

/// A file's type by its first bytes, never by its name.
pub(crate) fn media(head: &[u8]) -> &'static str {
    if let Some(found) = kosha_fhir::media_of(head) {
        return found.content_type;
    }
    let text = match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        // A letter may be cut where the head ends.
        Err(error) if error.error_len().is_none() => {
            head.get(..error.valid_up_to()).and_then(|head| std::str::from_utf8(head).ok())
        }
        Err(_) => None,
    };
    let is_text =
        |text: &str| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    if text.is_some_and(is_text) { "text/plain" } else { "application/octet-stream" }
}

/// The last part of a path, as it is shown.
fn short(path: &Path) -> String {
    let name = path.file_name().map(|name| bounded(&name.to_string_lossy())).unwrap_or_default();
    if name.is_empty() { "Document".to_owned() } else { name }
}

fn bounded(text: &str) -> String {
    let mut text = kosha_fhir::clean(text);
    while text.len() > LONGEST_TITLE {
        text.pop();
    }
    text
}

hidden_debug!(AttachWish, Attached, NotAttached, AttachReport);

#[cfg(test)]
mod tests {
    use super::media;

    #[test]
    fn types_are_told_by_content() {
        let dicom = [vec![0; 128], b"DICM".to_vec()].concat();
        for (head, expected) in [
            (b"%PDF-1.7 x".as_slice(), "application/pdf"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"\x89PNG\r\n\x1a\n", "image/png"),
            (b"\0\0\0\x18ftypheic", "image/heic"),
            (b"II*\0", "image/tiff"),
            (&dicom, "application/dicom"),
            ("ब्लड रिपोर्ट\n".as_bytes(), "text/plain"),
            (&"ब्लड".as_bytes()[..4], "text/plain"),
            (b"\x01\x02binary", "application/octet-stream"),
            (b"\xff\xfe\xfd", "application/octet-stream"),
        ] {
            assert_eq!(media(head), expected);
        }
    }
}
