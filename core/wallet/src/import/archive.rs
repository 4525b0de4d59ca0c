//! Zip archives: their members one by one, bounded, each as if it had been a file of a folder.

use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;
use zip::result::ZipError;

/// Largest table of contents, in bytes. Reading it costs a few times as much memory.
const LARGEST_TABLE: u64 = 16 << 20;
/// Most members that are looked at.
const MOST_MEMBERS: usize = 100_000;
/// Most bytes that all members together may unpack to.
const LARGEST_CONTENT: u64 = 4 << 30;
/// A member that grows this many times and beyond [`SUSPICIOUS`] is a bomb. Text of health records shrinks to a twentieth.
const LARGEST_GROWTH: u64 = 500;
const SUSPICIOUS: u64 = 8 << 20;

/// Whether a file begins as a zip archive does (APPNOTE 4.3.7, and 4.3.16 for an empty one).
pub(super) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// An archive that is read.
pub(super) struct Archive<R> {
    zip: ZipArchive<R>,
    unpacked: u64,
}

/// A member of an archive.
pub(super) enum Member<'a> {
    /// Nothing of the sender's: a folder, or what a computer put there for itself.
    Nothing,
    /// Cannot be read; the name to show, and why.
    Refused(String, &'static str),
    /// A file, its length as the archive tells it.
    File(String, u64, Box<dyn Read + 'a>),
}

impl<R: Read + Seek> Archive<R> {
    /// Reads the table of contents. Error: why the archive cannot be read, a reason's code.
    pub(super) fn open(mut file: R) -> Result<Self, &'static str> {
        if table_length(&mut file).ok_or("zip-broken")? > LARGEST_TABLE {
            return Err("too-many-files");
        }
        let zip = ZipArchive::new(file).map_err(|_| "zip-broken")?;
        Ok(Self { zip, unpacked: 0 })
    }

    /// Whether it is a document of an office program, which comes as an archive.
    pub(super) fn is_office_document(&self) -> bool {
        ["[Content_Types].xml", "mimetype"].iter().any(|name| self.zip.index_for_name(name).is_some())
    }

    pub(super) fn len(&self) -> usize {
        self.zip.len().min(MOST_MEMBERS.saturating_add(1))
    }

    /// The member of this number, from 0.
    pub(super) fn member(&mut self, number: usize) -> Member<'_> {
        if number >= MOST_MEMBERS {
            return Member::Refused("?".to_owned(), "too-many-files");
        }
        let name = match self.zip.name_for_index(number) {
            Some(Ok(name)) => kosha_fhir::clean(&name),
            _ => "?".to_owned(),
        };
        let unpacked = &mut self.unpacked;
        let file = match self.zip.by_index(number) {
            Ok(file) => file,
            Err(ZipError::UnsupportedArchive(why)) => {
                let code = if why == ZipError::PASSWORD_REQUIRED { "zip-encrypted" } else { "zip-method" };
                return Member::Refused(name, code);
            }
            Err(_) => return Member::Refused(name, "zip-broken"),
        };
        if file.is_dir() || is_of_a_computer(&name) {
            return Member::Nothing;
        }
        if file.is_symlink() {
            return Member::Refused(name, "file-is-a-link");
        }
        if file.enclosed_name().is_none() {
            return Member::Refused(name, "zip-outside");
        }
        let length = file.size();
        let grows = length > SUSPICIOUS && length / LARGEST_GROWTH > file.compressed_size();
        if grows || unpacked.saturating_add(length) > LARGEST_CONTENT {
            return Member::Refused(name, "inflates-too-large");
        }
        *unpacked += length;
        // A member that is longer than it says is cut there, and its checksum does not fit then.
        Member::File(name, length, Box::new(file.take(length)))
    }
}

/// What an operating system adds to folders.
fn is_of_a_computer(name: &str) -> bool {
    name.starts_with("__MACOSX/")
        || matches!(name.rsplit('/').next(), Some(".DS_Store" | "Thumbs.db" | "desktop.ini"))
}

/// Length of the table of contents as the end of the file tells it (APPNOTE 4.3.16; with 0xffffffff in 4.3.14). `None`: there
/// is no such end.
fn table_length(file: &mut (impl Read + Seek)) -> Option<u64> {
    /// Longest end: the record and its comment.
    const END: u64 = 22 + 0xffff;
    let length = file.seek(SeekFrom::End(0)).ok()?;
    let from = length.saturating_sub(END);
    file.seek(SeekFrom::Start(from)).ok()?;
    let mut end = Vec::new();
    file.take(END).read_to_end(&mut end).ok()?;
    file.seek(SeekFrom::Start(0)).ok()?;
    let at = end.windows(4).rposition(|sign| sign == b"PK\x05\x06")?;
    let size = end.get(at + 12..at + 16)?.first_chunk::<4>()?;
    let size = u64::from(u32::from_le_bytes(*size));
    // Where it does not fit into 32 bits it is far too long.
    Some(size)
}
