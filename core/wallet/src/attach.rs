//! Keeping files that are in no FHIR: letters, photos, scans. Each becomes a document of a person, its content a sealed
//! attachment, read in and out piece by piece.

use std::fs::File;
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use kosha_crypto::digest::{Sha256, sha256};
use kosha_crypto::id::{PersonId, RecordId};
use kosha_fhir::Limits;
use kosha_vault::{AttachmentRef, Durability, HeaderAttachment, Hole, NewBody};
use serde::Serialize;
use serde_json::{Value, json};

use crate::import::header;
use crate::person::Profile;
use crate::{Error, Session, date, reason};

/// Largest file that is kept: 2 GiB.
pub const LARGEST: u64 = 1 << 31;
/// Largest size that FHIR R4 can say (`unsignedInt`).
const LARGEST_SAID: u64 = (1 << 31) - 1;
/// Bytes at the beginning by which a file's type is told.
const HEAD: usize = 4096;
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
                Err(reason) => report.refused.push(NotAttached { file, reason, text: reason::text(reason) }),
            }
        }
        Ok(report)
    }

    fn person_to_attach_to(
        &self,
        text: Option<&str>,
        record: Option<RecordId>,
    ) -> Result<Option<PersonId>, Error> {
        let circle = self.circle()?;
        let of_record = record
            .and_then(|record| self.vault().index().get(record))
            .map(|entry| circle.one(entry.person()));
        let named = text.map(|text| self.person_meant(text)).transpose()?;
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
        let mut source = match Source::open(path) {
            Ok(source) => source,
            Err(code) => return Ok(Err(code)),
        };
        let now_ms = self.environment().now_ms();
        let environment = self.environment().clone();
        let short = short(path);
        let title = wish.title.as_deref().map(bounded).filter(|title| !title.is_empty());
        let title = title.unwrap_or_else(|| short.clone());
        let related =
            record.map(|record| self.vault().header(record)).transpose()?.map(|header| header.title);
        let described = Described {
            title: &title,
            file: &short,
            media: source.media,
            len: source.len,
            day: wish.date.as_deref(),
            now_ms,
            related: related.as_deref(),
        };
        let (front, back) = described.around_content();
        let lone = described.resource(None).to_string();
        let limits = Limits { now_ms: Some(now_ms), ..Limits::default() };
        let reading = kosha_fhir::read(lone.as_bytes(), &limits).map_err(|_| Error::Internal)?;
        let extract = reading.extract(0).map_err(|_| Error::Internal)?;
        let text = extract.search_text.clone();

        let mut tx = self.vault_mut().begin(Durability::Full)?;
        environment.steps.reached("attach-begin");
        let person = match person {
            Some(person) => person,
            None => tx.add_person(&Profile { owner: true, ..Profile::default() }.write()?)?,
        };
        let mut hashing = Encoded::new(&mut source.file, &front);
        let added: AttachmentRef = match tx.add_attachment(&mut hashing) {
            Ok(added) => added,
            Err(kosha_vault::Error::Io(_)) if hashing.failed => return Ok(Err("file-unreadable")),
            Err(error) => return Err(error.into()),
        };
        let content = hashing.finish(&back)?;
        if added.len != source.len {
            return Ok(Err("file-changed"));
        }
        let identity = sha256(&[b"kosha/attached/v1", person.as_bytes(), &added.hash]);
        let attached = |id: RecordId, duplicate: bool| Attached {
            file: name.to_owned(),
            id: id.to_string(),
            title: title.clone(),
            content_type: source.media.to_owned(),
            bytes: added.len,
            duplicate,
        };
        if let Some((id, ..)) = tx.vault().index().by_identity(&identity)
            && tx.vault().index().get(id).is_some_and(|entry| !entry.tombstone())
        {
            return Ok(Ok(attached(id, true)));
        }
        let mut header = header::of(person, extract, |_| None);
        SOURCE.clone_into(&mut header.source);
        header.attachments = vec![HeaderAttachment {
            id: added.id,
            hash: added.hash,
            len: added.len,
            media: source.media.to_owned(),
            title: short.clone(),
        }];
        header.identity = identity;
        header.content = content;
        header.parent = record;
        header.added_ms = now_ms;
        let hole = Hole { at: u64::try_from(front.len()).unwrap_or(u64::MAX), attachment: added.id };
        let skeleton = [front, back].concat();
        let body = NewBody { resource_skeleton: skeleton.as_bytes(), holes: &[hole], text: &text };
        let id = tx.add_record(header, &body)?;
        tx.log(now_ms, "attached", "1 file")?;
        environment.steps.reached("attach-commit");
        tx.commit()?;
        environment.steps.reached("attach-durable");
        Ok(Ok(attached(id, false)))
    }
}

/// A file that was opened, with what is known before it is read.
struct Source {
    file: File,
    len: u64,
    media: &'static str,
}

impl Source {
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
        Ok(Self { file, len, media: media(&head) })
    }
}

/// A file's type by its first bytes, never by its name.
fn media(head: &[u8]) -> &'static str {
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

/// What the document says of the file.
struct Described<'a> {
    title: &'a str,
    file: &'a str,
    media: &'a str,
    len: u64,
    day: Option<&'a str>,
    now_ms: i64,
    related: Option<&'a str>,
}

impl Described<'_> {
    /// A `DocumentReference` of FHIR R4, with `data` when it is given.
    fn resource(&self, data: Option<&str>) -> Value {
        let mut attachment = json!({ "contentType": self.media, "title": self.file });
        let mut resource =
            json!({ "resourceType": "DocumentReference", "status": "current", "description": self.title });
        let put = |holder: &mut Value, key: &str, value: Value| {
            if let Some(members) = holder.as_object_mut() {
                members.insert(key.to_owned(), value);
            }
        };
        if self.len <= LARGEST_SAID {
            put(&mut attachment, "size", self.len.into());
        }
        match self.day {
            Some(day) => put(&mut attachment, "creation", day.into()),
            None => put(&mut resource, "date", date::rfc3339(self.now_ms).into()),
        }
        if let Some(data) = data {
            put(&mut attachment, "data", data.into());
        }
        put(&mut resource, "content", json!([{ "attachment": attachment }]));
        if let Some(title) = self.related {
            put(&mut resource, "context", json!({ "related": [{ "display": title }] }));
        }
        resource
    }

    /// The resource before and after the base64 of the content.
    fn around_content(&self) -> (String, String) {
        // No text of the user can hold this: JSON escapes control characters.
        let whole = self.resource(Some("\u{0}")).to_string();
        match whole.split_once("\"data\":\"\\u0000\"") {
            Some((front, back)) => (format!("{front}\"data\":\""), format!("\"{back}")),
            None => (whole, String::new()),
        }
    }
}

/// Passes a file on while it hashes the resource that will hold its base64.
struct Encoded<'a> {
    from: &'a mut File,
    encoder: EncoderWriter<'static, base64::engine::GeneralPurpose, Sha256>,
    failed: bool,
}

impl<'a> Encoded<'a> {
    fn new(from: &'a mut File, front: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(front.as_bytes());
        Self { from, encoder: EncoderWriter::new(hash, &STANDARD), failed: false }
    }

    fn finish(mut self, back: &str) -> Result<[u8; 32], Error> {
        let mut hash = self.encoder.finish().map_err(|_| Error::Internal)?;
        hash.update(back.as_bytes());
        Ok(hash.finish())
    }
}

impl Read for Encoded<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.from.read(out) {
            Ok(read) => {
                self.encoder.write_all(out.get(..read).unwrap_or_default())?;
                Ok(read)
            }
            Err(error) => {
                self.failed = error.kind() != io::ErrorKind::Interrupted;
                Err(error)
            }
        }
    }
}

macro_rules! hidden_debug {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}

hidden_debug!(AttachWish, Attached, NotAttached, AttachReport);

#[cfg(test)]
mod tests {
    use super::{Described, media};

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

    #[test]
    fn the_resource_is_split_around_its_content_whatever_the_title_says() {
        for title in ["Scan", "\"data\":\"\\u0000\"", "a\u{0}b\" }"] {
            let described = Described {
                title,
                file: title,
                media: "text/plain",
                len: 2,
                day: Some("2024"),
                now_ms: 0,
                related: Some(title),
            };
            let (front, back) = described.around_content();
            let whole: serde_json::Value = serde_json::from_str(&format!("{front}aGk={back}")).unwrap();
            assert_eq!(whole["content"][0]["attachment"]["data"], "aGk=");
            assert_eq!(whole["description"], title);
        }
    }
}
