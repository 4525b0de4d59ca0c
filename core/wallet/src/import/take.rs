//! One import under way: what each file is, and what becomes of it.

use std::io::{Cursor, Read, Seek};

use kosha_crypto::id::PersonId;
use kosha_fhir::Limits;

use super::archive::{Archive, Member, is_archive};
use super::ask::Asker;
use super::format::{self, Content};
use super::report::{FileReport, ImportReport, Note};
use super::source::{Opened, Source, bounded};
use super::{PersonAnswer, Progress};
use crate::{Error, Session, attach, export};

/// Archives inside an archive are opened down to here.
const DEEPEST: usize = 2;

/// A file as it is told of.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    /// The path as given, with `/` between its parts.
    pub(super) name: &'a str,
    /// Whether it was found in a folder or an archive and not named itself. What is no health record is then passed over.
    pub(super) found: bool,
    /// How many archives it is in.
    depth: usize,
}

impl Named<'_> {
    /// The last part of the name: what the vault keeps.
    pub(super) fn short(&self) -> &str {
        self.name.rsplit('/').find(|part| !part.is_empty()).unwrap_or("-")
    }
}

pub(super) struct Import<'s, 'a> {
    pub(super) session: &'s mut Session,
    /// With whom everything is to be filed.
    pub(super) person: Option<PersonId>,
    pub(super) progress: &'s mut dyn Progress,
    pub(super) asker: Option<Asker<'a>>,
    /// Files to be looked at, as far as it is known.
    pub(super) found: usize,
    pub(super) report: ImportReport,
}

impl Import<'_, '_> {
    /// Takes in one source. An error is one of the vault, after which nothing can go on.
    pub(super) fn source(&mut self, source: &Source) -> Result<(), Error> {
        let named = Named { name: &source.name, found: source.found, depth: 0 };
        match source.open() {
            Err("not-a-file") if source.found => self.done(FileReport::skipped(&source.name, "not-a-file")),
            Err(code) => self.done(FileReport::refused(&source.name, code)),
            Ok(Opened::File(file, length)) => return self.seekable(named, file, length),
            Ok(Opened::Stdin) => match bounded(Vec::new(), std::io::stdin().lock(), 0, self.limit()) {
                Err(code) => self.done(FileReport::refused(&source.name, code)),
                Ok(bytes) => return self.seekable(named, Cursor::new(&bytes), length(&bytes)),
            },
        }
        Ok(())
    }

    fn limits(&self) -> Limits {
        Limits { now_ms: Some(self.session.environment().now_ms()), ..Limits::default() }
    }

    /// Most bytes that are held in memory at once.
    fn limit(&self) -> u64 {
        u64::try_from(self.limits().file_bytes).unwrap_or(u64::MAX)
    }

    fn done(&mut self, mut report: FileReport) {
        report.speak(self.session.language());
        self.progress.file_done(&report);
        self.report.add(report);
    }

    /// What can be read again from its beginning: an archive is opened, all else read.
    fn seekable(&mut self, named: Named<'_>, mut file: impl Read + Seek, len: u64) -> Result<(), Error> {
        let mut head = [0; 4];
        let begins = file.read_exact(&mut head).is_ok() && is_archive(&head);
        if file.rewind().is_err() {
            self.done(FileReport::refused(named.name, "file-unreadable"));
            return Ok(());
        }
        if !begins {
            return self.content(named, &mut file, len);
        }
        if named.depth >= DEEPEST {
            self.done(FileReport::refused(named.name, "zip-too-deep"));
            return Ok(());
        }
        match Archive::open(&mut file) {
            Err(code) => self.done(FileReport::refused(named.name, code)),
            Ok(archive) if archive.is_office_document() => {
                drop(archive);
                if file.rewind().is_err() {
                    self.done(FileReport::refused(named.name, "file-unreadable"));
                    return Ok(());
                }
                return self.document(named, &head, &mut file.take(len), len, "kept-as-document");
            }
            Ok(archive) => return self.members(named, archive),
        }
        Ok(())
    }

    fn members<R: Read + Seek>(&mut self, named: Named<'_>, mut archive: Archive<R>) -> Result<(), Error> {
        self.found += archive.len();
        self.progress.files_found(self.found);
        if archive.len() == 0 {
            self.done(FileReport::refused(named.name, "empty"));
        }
        for number in 0..archive.len() {
            let shown = |inner: &str| format!("{}/{inner}", named.name);
            match archive.member(number) {
                Member::Nothing => {}
                Member::Refused(inner, code) => self.done(FileReport::refused(&shown(&inner), code)),
                Member::File(inner, len, mut content) => {
                    let name = shown(&inner);
                    let named = Named { name: &name, found: true, depth: named.depth + 1 };
                    self.content(named, &mut content, len)?;
                }
            }
        }
        Ok(())
    }

    /// A file, read from its beginning: a document goes on piece by piece, anything else is looked at as a whole.
    fn content(&mut self, named: Named<'_>, content: &mut dyn Read, len: u64) -> Result<(), Error> {
        let mut head = Vec::with_capacity(attach::HEAD);
        let most = u64::try_from(attach::HEAD).unwrap_or(u64::MAX);
        if Read::take(&mut *content, most).read_to_end(&mut head).is_err() {
            self.done(FileReport::refused(named.name, unreadable(named)));
            return Ok(());
        }
        // Images that are too large to be looked at as a whole are kept all the same.
        // Some of a scanner begin as a picture does, so that any program shows them (DICOM PS3.10, section 7.1).
        let of_scanner = kosha_legacy::is_dicom(&head);
        let large = of_scanner && len > self.limit();
        if large || (!of_scanner && format::is_kept_as_it_is(&head)) {
            let mut whole = head.as_slice().chain(content);
            let remark = if large { "too-large-to-read" } else { "kept-as-document" };
            return self.document(named, &head, &mut whole, len, remark);
        }
        match bounded(head, content, len, self.limit()) {
            Ok(bytes) if named.depth > 0 && is_archive(&bytes) => {
                self.seekable(named, Cursor::new(&bytes), length(&bytes))
            }
            Ok(bytes) => {
                let report = self.bytes(named, &bytes)?;
                self.done(report);
                Ok(())
            }
            Err("file-unreadable") => {
                self.done(FileReport::refused(named.name, unreadable(named)));
                Ok(())
            }
            Err(code) => {
                self.done(FileReport::refused(named.name, code));
                Ok(())
            }
        }
    }

    fn bytes(&mut self, named: Named<'_>, bytes: &[u8]) -> Result<FileReport, Error> {
        // What an export has beside the records of today.
        if export::is_log(bytes) {
            let told = if named.found { FileReport::skipped } else { FileReport::refused };
            return Ok(told(named.name, "own-log"));
        }
        if named.found && export::is_earlier(bytes) {
            return Ok(FileReport::skipped(named.name, "own-earlier"));
        }
        match format::read(bytes, &self.limits()) {
            Ok(Content::Records(reading, left)) => {
                let mut report =
                    self.session.import_file(named, bytes, &reading, self.person, self.asker.as_mut())?;
                let left = left.iter().filter(|left| left.reason != kosha_legacy::NOTHING_FOR_RECORDS);
                report
                    .skipped
                    .extend(left.map(|left| Note::new(u32::try_from(left.place).ok(), left.reason)));
                Ok(report)
            }
            // One that has other bytes before its mark.
            Ok(Content::Document) => {
                let mut whole = bytes;
                let head = bytes.get(..attach::HEAD).unwrap_or(bytes);
                self.kept(named, head, &mut whole, length(bytes), "kept-as-document")
            }
            // What else lies in a folder of records is no failure; a file that was named is.
            Err(refusal) if named.found && is_other(&refusal) => {
                Ok(FileReport::skipped(named.name, refusal.code))
            }
            Err(refusal) => Ok(FileReport::refused(named.name, refusal.code)),
        }
    }

    fn document(
        &mut self,
        named: Named<'_>,
        head: &[u8],
        content: &mut dyn Read,
        len: u64,
        remark: &'static str,
    ) -> Result<(), Error> {
        let report = self.kept(named, head, content, len, remark)?;
        self.done(report);
        Ok(())
    }

    /// Keeps a letter or a picture as a document, and says why it is one.
    fn kept(
        &mut self,
        named: Named<'_>,
        head: &[u8],
        content: &mut dyn Read,
        len: u64,
        remark: &'static str,
    ) -> Result<FileReport, Error> {
        let mut report = FileReport::new(named.name);
        let person = match self.whose(named)? {
            Whose::Person(person) => person,
            Whose::Unsaid(owner) => {
                report.warnings.push(Note::new(None, "person-not-named"));
                Some(owner)
            }
            Whose::Nobody => return Ok(FileReport::refused(named.name, "left-out")),
        };
        let attached = match self.session.attach_stream(content, head, len, named.short(), person)? {
            Ok(attached) => attached,
            Err("file-unreadable") => return Ok(FileReport::refused(named.name, unreadable(named))),
            Err(code) => return Ok(FileReport::refused(named.name, code)),
        };
        report.record = Some(attached.id);
        if attached.put_back {
            report.warnings.push(Note::new(None, "put-back"));
        }
        if attached.duplicate {
            report.duplicate = 1;
            report.warnings.push(Note::new(None, "known-file"));
        } else {
            report.stored = 1;
            report.warnings.push(Note::new(None, remark));
        }
        report.judge();
        Ok(report)
    }

    /// Whose a file is that says nothing about it.
    fn whose(&mut self, named: Named<'_>) -> Result<Whose, Error> {
        if let Some(person) = self.person {
            return Ok(Whose::Person(Some(person)));
        }
        let circle = self.session.circle()?;
        let owner = match circle.ones() {
            [] => return Ok(Whose::Person(None)),
            [person] => return Ok(Whose::Person(Some(*person))),
            [first, ..] => self.session.owner()?.unwrap_or(*first),
        };
        let persons = self.session.persons()?.persons;
        let answer = self.asker.as_mut().map(|asker| asker.whose_document(named.name, persons));
        Ok(match answer {
            Some(PersonAnswer::This(id)) => Whose::Person(Some(self.session.person_meant(&id)?)),
            Some(PersonAnswer::LeaveOut) => Whose::Nobody,
            Some(PersonAnswer::New | PersonAnswer::Unsure) | None => Whose::Unsaid(owner),
        })
    }
}

enum Whose {
    /// This person's; the first file of an empty vault is its owner's.
    Person(Option<PersonId>),
    /// Nobody said; the owner's.
    Unsaid(PersonId),
    /// It is to be left out.
    Nobody,
}

/// Why the reading of a file broke off.
fn unreadable(named: Named<'_>) -> &'static str {
    if named.depth > 0 { "zip-broken" } else { "file-unreadable" }
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Whether a file is by its content something else than records. JSON without a record, and bytes that nobody can name, may
/// well be a damaged record: those are refused and seen.
fn is_other(refusal: &kosha_fhir::Refusal) -> bool {
    !matches!(refusal.looks_like, "" | "binary")
}
