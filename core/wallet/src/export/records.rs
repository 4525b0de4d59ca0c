//! Files that came in, bundles of records, attachments.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::{BufWriter, Write};

use kosha_consent::{Record, Release};
use kosha_crypto::Zeroizing;
use kosha_crypto::digest::sha256;
use kosha_crypto::id::{DocumentId, PersonId, RecordId, Version};
use kosha_fhir::{Form, Limits, Outcome, media_of};
use serde_json::{Value, json};

use super::Export;
use super::folder::failed;
use crate::Error;
use crate::attachment::within;
use crate::import::format;
use crate::person::Profile;
use crate::share::gather;

/// How a bundle of records begins.
const FRONT: &[u8] = b"{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[";
/// The same for older versions, so that an import of the folder does not take them for records of today.
const EARLIER: &[u8] =
    b"{\"resourceType\":\"Bundle\",\"meta\":{\"tag\":[{\"code\":\"earlier-versions\"}]},\"type\":\"collection\",\"entry\":[";
/// Records that are handed over at a time.
const PART: usize = 64;

/// Keeps the first bytes of what goes through, to tell its type.
struct Heading<W> {
    out: W,
    head: Vec<u8>,
}

impl<W: Write> Write for Heading<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        let room = 1024_usize.saturating_sub(self.head.len()).min(written);
        self.head.extend_from_slice(bytes.get(..room).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

/// The ending of a file's name. What a browser would run is given as text.
fn ending(head: &[u8]) -> &'static str {
    let first = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start().first();
    match media_of(head).map(|media| media.content_type) {
        Some("application/pdf") => "pdf",
        Some("image/jpeg") => "jpg",
        Some("image/png") => "png",
        Some("image/gif") => "gif",
        Some("image/tiff") => "tiff",
        Some("image/bmp") => "bmp",
        Some("image/webp") => "webp",
        Some("image/heic") => "heic",
        Some("application/zip") => "zip",
        Some("application/gzip") => "gz",
        Some("application/rtf") => "rtf",
        Some("application/msword") => "doc",
        Some("application/dicom") => "dcm",
        Some("audio/ogg") => "ogg",
        Some("audio/mpeg") => "mp3",
        Some("audio/wav") => "wav",
        Some("video/mp4") => "mp4",
        Some("application/xml") => "xml.txt",
        Some("text/html") => "html.txt",
        _ if matches!(first, Some(b'{' | b'[')) => "json",
        _ if !head.is_empty() && !head.contains(&0) && is_text(head) => "txt",
        _ => "bin",
    }
}

/// Whether this is the beginning of UTF-8 text; the last character may be cut.
fn is_text(head: &[u8]) -> bool {
    std::str::from_utf8(head).map_or_else(|error| error.valid_up_to() + 4 > head.len(), |_| true)
}

impl Export<'_> {
    /// Each file that came in, byte for byte, in the order in which they came.
    pub(super) fn write_documents(&mut self) -> Result<(), Error> {
        let mut documents = self.session.vault().documents();
        documents.sort_by_key(|document| (document.received_ms, document.id));
        let own = if self.everyone { HashSet::new() } else { self.own_contents() };
        for document in documents {
            self.step();
            if !self.everyone && !self.is_theirs_alone(document.id, &own) {
                continue;
            }
            let number = self.documents.len() + 1;
            let unnamed = format!("fhir/{number:06}.new");
            let mut file = Heading { out: BufWriter::new(self.folder.create(&unnamed)?), head: Vec::new() };
            let result = self.session.vault().document_to(document.id, &mut file);
            if self.readable(&document.id, result)?.is_none() {
                drop(file);
                self.folder.discard(&unnamed)?;
                continue;
            }
            file.flush().map_err(|error| failed(&error))?;
            let name = format!("fhir/{number:06}.{}", ending(&file.head));
            drop(file);
            self.folder.rename(&unnamed, &name)?;
            self.documents.insert(document.id, name);
            self.report.documents += 1;
        }
        Ok(())
    }

    /// SHA-256 of every version of the records that may be taken.
    fn own_contents(&self) -> HashSet<[u8; 32]> {
        let vault = self.session.vault();
        let mut own = HashSet::new();
        for (copy, _) in &self.copies {
            for entry in self.session.records_of(&self.circle, copy.person()) {
                own.insert(*entry.content());
                for version in vault.history(entry.id()).unwrap_or_default() {
                    if let Ok(header) = vault.header_at(entry.id(), version)
                        && self.circle.one(header.person) == copy.person()
                    {
                        own.insert(header.content);
                    }
                }
            }
        }
        own
    }

    /// Whether a file holds records of the chosen person and nothing else at all.
    fn is_theirs_alone(&self, document: DocumentId, own: &HashSet<[u8; 32]>) -> bool {
        let mut bytes = Zeroizing::new(Vec::new());
        // Whose an unreadable file is cannot be told; the records of the person that are in it are tried one by one.
        if self.session.vault().document_to(document, &mut *bytes).is_err() {
            return false;
        }
        let Some(reading) = format::records(&bytes, &Limits::default()) else { return false };
        let all = reading.entries.iter().all(|entry| match entry.outcome {
            Outcome::Resource { .. } => own.contains(&sha256(&[reading.bytes(entry.ordinal)])),
            _ => false,
        });
        // What stands around the records of a list is its sender's word, about anyone.
        all && !reading.entries.is_empty() && reading.patients.len() <= 1 && reading.form != Form::Array
    }

    /// Records of one person that are in no file written whole, as a bundle.
    pub(super) fn write_records(&mut self, number: usize) -> Result<(), Error> {
        let Some((copy, _)) = self.copies.get(number) else { return Ok(()) };
        let person = copy.person();
        let vault = self.session.vault();
        let mut lone: BTreeMap<Option<DocumentId>, Vec<RecordId>> = BTreeMap::new();
        let mut earlier: Vec<(RecordId, Version)> = Vec::new();
        let written = |document: Option<DocumentId>| {
            document.is_some_and(|document| self.documents.contains_key(&document))
        };
        for entry in self.session.records_of(&self.circle, person) {
            // A refiling is a version too, with the same bytes.
            let mut contents = HashSet::from([*entry.content()]);
            if !written(entry.document()) {
                lone.entry(entry.document()).or_default().push(entry.id());
            }
            let mut history = vault.history(entry.id()).unwrap_or_default();
            history.pop();
            for version in history {
                match vault.header_at(entry.id(), version) {
                    Ok(header)
                        if header.person == person
                            && !written(header.document)
                            && contents.insert(header.content) =>
                    {
                        earlier.push((entry.id(), version));
                    }
                    _ => {}
                }
            }
        }
        // What was added by hand names nobody in itself.
        let own: BTreeMap<_, _> = lone.remove(&None).into_iter().map(|records| (None, records)).collect();
        let person = number + 1;
        self.write_lone(number, &format!("fhir/person-{person}.json"), lone, None)?;
        let patient = self.copies.get(number).and_then(|(copy, profile)| patient(copy.person(), profile));
        self.write_lone(number, &format!("fhir/person-{person}-own.json"), own, patient)?;
        self.write_earlier(number, &format!("earlier/person-{person}.json"), &earlier)
    }

    fn write_lone(
        &mut self,
        number: usize,
        name: &str,
        lone: BTreeMap<Option<DocumentId>, Vec<RecordId>>,
        patient: Option<(String, Vec<u8>)>,
    ) -> Result<(), Error> {
        if lone.is_empty() {
            return Ok(());
        }
        let mut bundle = Bundle::begin(self.folder.create(name)?, FRONT)?;
        if let Some((url, patient)) = patient {
            bundle.entry(url, &patient)?;
        }
        for (document, records) in lone {
            for part in records.chunks(PART) {
                let wanted: BTreeSet<RecordId> = part.iter().copied().collect();
                // The file tells under which address each record stood; where it is damaged they go without.
                let known = match document {
                    Some(_) => gather::bodies(self.session, &wanted).ok(),
                    None => None,
                };
                let mut full_urls: BTreeMap<RecordId, String> = BTreeMap::new();
                for (record, loaded) in known.into_iter().flat_map(|bodies| bodies.records) {
                    full_urls.insert(record, loaded.full_url);
                }
                let mut out = Vec::with_capacity(part.len());
                for record in part {
                    self.step();
                    let body = self.session.vault().body(*record);
                    if let Some(body) = self.readable(record, body)? {
                        let full_url = full_urls.remove(record).unwrap_or_default();
                        out.push(self.record(*record, body.resource, full_url)?);
                        self.records.insert(*record, name.to_owned());
                        self.report.bundled += 1;
                    }
                }
                bundle.put(&self.part(number, out)?)?;
            }
        }
        bundle.end()
    }

    fn write_earlier(
        &mut self,
        number: usize,
        name: &str,
        versions: &[(RecordId, Version)],
    ) -> Result<(), Error> {
        if versions.is_empty() {
            return Ok(());
        }
        let mut bundle = Bundle::begin(self.folder.create(name)?, EARLIER)?;
        for (record, version) in versions {
            let body = self.session.vault().body_at(*record, *version);
            if let Some(body) = self.readable(record, body)? {
                let record = self.record(*record, body.resource, String::new())?;
                bundle.put(&self.part(number, vec![record])?)?;
            }
        }
        bundle.end()
    }

    fn record(&self, id: RecordId, bytes: Zeroizing<Vec<u8>>, full_url: String) -> Result<Record, Error> {
        let vault = self.session.vault();
        let entry = vault.index().get(id).ok_or(Error::NoSuchRecord)?;
        let candidate = gather::candidate(vault, entry, &self.circle)?;
        Ok(Record { candidate, bytes, bundle: String::new(), full_url, received_ms: entry.added_ms() })
    }

    fn part(&self, number: usize, records: Vec<Record>) -> Result<Release, Error> {
        let (copy, _) = self.copies.get(number).ok_or(Error::Internal)?;
        copy.part(records).map_err(|_| Error::Internal)
    }

    /// The files inside records, as files of their own: for whoever has no reader of FHIR.
    pub(super) fn write_attachments(&mut self, number: usize) -> Result<(), Error> {
        let Some((copy, _)) = self.copies.get(number) else { return Ok(()) };
        let of_person = self.session.records_of(&self.circle, copy.person());
        let records: Vec<(RecordId, bool)> =
            of_person.map(|entry| (entry.id(), entry.has_attachments())).collect();
        for (record, has_attachments) in records {
            if has_attachments {
                self.write_apart(record)?;
            }
            self.write_within(record)?;
        }
        Ok(())
    }

    fn write_apart(&mut self, record: RecordId) -> Result<(), Error> {
        let session = self.session;
        let header = session.vault().header(record);
        let Some(header) = self.readable(&record, header)? else { return Ok(()) };
        for attachment in header.attachments.iter().map(|attachment| attachment.id) {
            if !self.attachments.contains_key(&attachment) {
                let write = |out: &mut dyn Write| session.vault().attachment_to(attachment, out);
                if let Some(name) = self.write_attachment(&attachment, write)? {
                    self.attachments.insert(attachment, name);
                }
            }
        }
        Ok(())
    }

    fn write_within(&mut self, record: RecordId) -> Result<(), Error> {
        let skeleton = self.session.vault().resource_skeleton(record);
        let Some(skeleton) = self.readable(&record, skeleton)? else { return Ok(()) };
        for span in within(&skeleton) {
            let content = skeleton.get(span.span).and_then(kosha_fhir::decode_base64);
            let content = Zeroizing::new(content.unwrap_or_default());
            let write = |out: &mut dyn Write| Ok(out.write_all(&content)?);
            if let Some(name) = self.write_attachment(&record, write)? {
                self.within.entry(record).or_default().push((span.title.unwrap_or_default(), name));
            }
        }
        Ok(())
    }

    /// Writes one file under the next number: its name, unless it cannot be read.
    fn write_attachment(
        &mut self,
        id: &impl std::fmt::Display,
        write: impl FnOnce(&mut dyn Write) -> Result<(), kosha_vault::Error>,
    ) -> Result<Option<String>, Error> {
        let at = self.report.attachments + 1;
        let unnamed = format!("attachments/{at:06}.new");
        let mut file = Heading { out: BufWriter::new(self.folder.create(&unnamed)?), head: Vec::new() };
        let result = write(&mut file);
        if self.readable(id, result)?.is_none() {
            drop(file);
            self.folder.discard(&unnamed)?;
            return Ok(None);
        }
        file.flush().map_err(|error| failed(&error))?;
        let name = format!("attachments/{at:06}.{}", ending(&file.head));
        drop(file);
        self.folder.rename(&unnamed, &name)?;
        self.report.attachments += 1;
        Ok(Some(name))
    }
}

/// A FHIR collection bundle, written entry by entry; resources go in byte for byte.
struct Bundle {
    out: BufWriter<std::fs::File>,
    used: HashSet<String>,
}

impl Bundle {
    fn begin(file: std::fs::File, front: &[u8]) -> Result<Self, Error> {
        let mut out = BufWriter::new(file);
        out.write_all(front).map_err(|error| failed(&error))?;
        Ok(Self { out, used: HashSet::new() })
    }

    fn put(&mut self, release: &Release) -> Result<(), Error> {
        for record in release.records() {
            // An address is given once in a bundle.
            let mut url = record.full_url.clone();
            if url.is_empty() || self.used.contains(&url) {
                url = format!("urn:uuid:{}", uuid(&record.candidate.record.to_string(), self.used.len()));
            }
            self.entry(url, &record.bytes)?;
        }
        Ok(())
    }

    fn entry(&mut self, url: String, resource: &[u8]) -> Result<(), Error> {
        let text = serde_json::to_string(&url).map_err(|_| Error::Internal)?;
        let comma = if self.used.is_empty() { "" } else { "," };
        let front = format!("{comma}\n{{\"fullUrl\":{text},\"resource\":");
        for part in [front.as_bytes(), resource, b"}"] {
            self.out.write_all(part).map_err(|error| failed(&error))?;
        }
        self.used.insert(url);
        Ok(())
    }

    fn end(mut self) -> Result<(), Error> {
        self.out.write_all(b"\n]}\n").and_then(|()| self.out.flush()).map_err(|error| failed(&error))
    }
}

/// What the wallet knows of a person, as FHIR, and its address; nothing where nobody named them.
fn patient(id: PersonId, profile: &Profile) -> Option<(String, Vec<u8>)> {
    if profile.says_nobody() {
        return None;
    }
    let identifiers: Vec<Value> = profile
        .identifiers
        .iter()
        .filter(|identifier| Profile::is_telling(identifier))
        .map(|(system, value)| json!({ "system": system, "value": value }))
        .collect();
    let mut patient = json!({ "resourceType": "Patient" });
    let members = [
        ("identifier", (!identifiers.is_empty()).then(|| identifiers.into())),
        ("name", (!profile.name.is_empty()).then(|| json!([{ "text": profile.name }]))),
        ("gender", profile.gender.clone().map(Value::from)),
        ("birthDate", profile.birth_date.clone().map(Value::from)),
    ];
    for (key, value) in members {
        if let (Some(value), Some(patient)) = (value, patient.as_object_mut()) {
            patient.insert(key.to_owned(), value);
        }
    }
    Some((address(id), patient.to_string().into_bytes()))
}

/// The address of a person's `Patient` in what is written here; entries of their own point to it.
pub(crate) fn address(person: PersonId) -> String {
    format!("urn:uuid:{}", uuid(&person.to_string(), 0))
}

/// Whether these are the bytes of older versions that were written here.
pub(crate) fn is_earlier(bytes: &[u8]) -> bool {
    bytes.starts_with(EARLIER)
}

/// A version 8 UUID (RFC 9562) of a record's id and a number.
fn uuid(id: &str, number: usize) -> String {
    let hash = sha256(&[b"kosha/export", id.as_bytes(), &number.to_be_bytes()]);
    let hex = super::log::hex(&hash);
    let piece = |from: usize, to: usize| hex.get(from..to).unwrap_or_default().to_owned();
    format!("{}-{}-8{}-8{}-{}", piece(0, 8), piece(8, 12), piece(13, 16), piece(17, 20), piece(20, 32))
}
