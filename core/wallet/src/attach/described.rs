//! What is said of a file that somebody added: a `DocumentReference` of FHIR R4 around its content.

use std::io::{self, Read, Write};

use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::STANDARD;
use base64::write::EncoderWriter;
use kosha_crypto::digest::Sha256;
use kosha_fhir::{Extract, Limits};
use serde_json::{Value, json};

use crate::Error;

/// Largest size that FHIR R4 can say (`unsignedInt`).
const LARGEST_SAID: u64 = (1 << 31) - 1;

/// What the document says of the file.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Described {
    pub(super) title: String,
    /// The file's own name.
    pub(super) file: String,
    pub(super) media: String,
    pub(super) len: u64,
    /// When the file is from: a year, month or day.
    pub(super) day: Option<String>,
    /// When it was added, where no day is known.
    pub(super) added: Option<String>,
    /// The title of the record that it belongs to.
    pub(super) related: Option<String>,
}

impl Described {
    /// The resource, with `data` when it is given.
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
        if let Some(day) = &self.day {
            put(&mut attachment, "creation", day.as_str().into());
        } else if let Some(added) = &self.added {
            put(&mut resource, "date", added.as_str().into());
        }
        if let Some(data) = data {
            put(&mut attachment, "data", data.into());
        }
        put(&mut resource, "content", json!([{ "attachment": attachment }]));
        if let Some(title) = &self.related {
            put(&mut resource, "context", json!({ "related": [{ "display": title }] }));
        }
        resource
    }

    /// Reads a resource that was made here, its content taken out of it.
    pub(super) fn read(skeleton: &[u8], len: u64) -> Option<Self> {
        let resource: Value = serde_json::from_slice(skeleton).ok()?;
        let text = |pointer: &str| resource.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        Some(Self {
            title: text("/description")?,
            file: text("/content/0/attachment/title")?,
            media: text("/content/0/attachment/contentType")?,
            len,
            day: text("/content/0/attachment/creation"),
            added: text("/date"),
            related: text("/context/related/0/display"),
        })
    }

    /// The resource before and after the base64 of the content.
    pub(super) fn around_content(&self) -> (String, String) {
        // No text of the user can hold this: JSON escapes control characters.
        let whole = self.resource(Some("\u{0}")).to_string();
        match whole.split_once("\"data\":\"\\u0000\"") {
            Some((front, back)) => (format!("{front}\"data\":\""), format!("\"{back}")),
            None => (whole, String::new()),
        }
    }

    /// What the header of its record says.
    pub(super) fn extract(&self, now_ms: i64) -> Result<Extract, Error> {
        let lone = self.resource(None).to_string();
        let limits = Limits { now_ms: Some(now_ms), ..Limits::default() };
        let reading = kosha_fhir::read(lone.as_bytes(), &limits).map_err(|_| Error::Internal)?;
        reading.extract(0).map_err(|_| Error::Internal)
    }
}

/// Hashes the resource around its content, which goes in as base64.
pub(super) struct ContentHash(EncoderWriter<'static, GeneralPurpose, Sha256>);

impl ContentHash {
    pub(super) fn new(front: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(front.as_bytes());
        Self(EncoderWriter::new(hash, &STANDARD))
    }

    pub(super) fn finish(mut self, back: &str) -> Result<[u8; 32], Error> {
        let mut hash = self.0.finish().map_err(|_| Error::Internal)?;
        hash.update(back.as_bytes());
        Ok(hash.finish())
    }
}

impl Write for ContentHash {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Passes a file on while its content is hashed.
pub(super) struct Hashed<'a> {
    pub(super) from: &'a mut dyn Read,
    pub(super) hash: ContentHash,
    /// The file, and not what it is passed on to, could not go on.
    pub(super) failed: bool,
}

impl Read for Hashed<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        match self.from.read(out) {
            Ok(read) => {
                self.hash.write_all(out.get(..read).unwrap_or_default())?;
                Ok(read)
            }
            Err(error) => {
                self.failed = error.kind() != io::ErrorKind::Interrupted;
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Described;

    #[test]
    fn the_resource_is_split_around_its_content_whatever_the_title_says() {
        for title in ["Scan", "\"data\":\"\\u0000\"", "a\u{0}b\" }"] {
            let described = Described {
                title: title.to_owned(),
                file: title.to_owned(),
                media: "text/plain".to_owned(),
                len: 2,
                day: Some("2024".to_owned()),
                added: None,
                related: Some(title.to_owned()),
            };
            let (front, back) = described.around_content();
            let whole: serde_json::Value = serde_json::from_str(&format!("{front}aGk={back}")).unwrap();
            assert_eq!(whole["content"][0]["attachment"]["data"], "aGk=");
            assert_eq!(whole["description"], title);
            let skeleton = format!("{front}{back}");
            assert!(Described::read(skeleton.as_bytes(), 2) == Some(described));
        }
    }
}
