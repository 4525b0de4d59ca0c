//! Files inside records: where their base64 stands, what they are by their first bytes.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::label::clean;
use crate::tree::Node;

/// What bytes are, told by their first ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Media {
    /// The media type, e.g. `application/pdf`.
    pub content_type: &'static str,
}

/// A file within a resource.
#[derive(Clone, PartialEq, Eq)]
pub struct AttachmentSpan {
    /// The base64 between its quotes, as a range of [`crate::Reading::text`].
    pub span: Range<usize>,
    /// The type that the record says.
    pub content_type: Option<String>,
    /// The type that the first bytes show; `None` when they show none.
    pub detected: Option<&'static str>,
    /// The record's title for it.
    pub title: Option<String>,
    /// Decoded length in bytes; `None` when it is no base64.
    pub length: Option<usize>,
    /// True when standard base64 of the decoded bytes gives exactly this text again, so that the file may be kept
    /// apart and put back byte for byte.
    pub canonical: bool,
}

impl std::fmt::Debug for AttachmentSpan {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("AttachmentSpan")
            .field("span", &self.span)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}

impl AttachmentSpan {
    /// True when the record says one type and the bytes show another.
    pub fn type_differs(&self) -> bool {
        let said = self.content_type.as_deref().map(essence);
        match (said, self.detected) {
            (Some(said), Some(shown)) => !same_type(&said, shown),
            (Some(said), None) => self.length.is_some_and(|length| length > 8) && has_magic(&said),
            _ => false,
        }
    }
}

fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn same_type(said: &str, shown: &str) -> bool {
    said == shown
        || match shown {
            "image/jpeg" => matches!(said, "image/jpg" | "image/pjpeg"),
            "application/xml" => said.ends_with("xml") || said == "text/html",
            "text/html" => said.ends_with("html+xml") || said.ends_with("xml"),
            "application/rtf" => said == "text/rtf",
            "application/zip" => {
                said.contains("zip") || said.contains("officedocument") || said.contains("opendocument")
            }
            "image/tiff" => said == "image/tif",
            "image/heic" => said == "image/heif",
            "application/dicom" => said.contains("dicom"),
            _ => false,
        }
}

/// Types whose files always begin with known bytes.
fn has_magic(said: &str) -> bool {
    matches!(
        said,
        "application/pdf"
            | "image/jpeg"
            | "image/jpg"
            | "image/png"
            | "image/gif"
            | "image/tiff"
            | "application/zip"
    )
}

/// Tells a file's type by its first bytes. Text types are not guessed, save XML and HTML.
pub fn media_of(bytes: &[u8]) -> Option<Media> {
    const MAGIC: [(&[u8], &str); 13] = [
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF8", "image/gif"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
        (b"BM", "image/bmp"),
        (b"PK\x03\x04", "application/zip"),
        (b"\x1f\x8b", "application/gzip"),
        (b"{\\rtf", "application/rtf"),
        (b"%PDF-", "application/pdf"),
        (b"OggS", "audio/ogg"),
        (b"ID3", "audio/mpeg"),
        (b"\xd0\xcf\x11\xe0", "application/msword"),
    ];
    let content_type = if let Some((_, found)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        // "BM" opens words as well; a bitmap has zeros after its length.
        if *found == "image/bmp" && bytes.get(6..10) != Some(&[0; 4]) {
            return None;
        }
        found
    } else if bytes.get(128..132) == Some(b"DICM") {
        "application/dicom"
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        "image/webp"
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE") {
        "audio/wav"
    } else if bytes.get(4..8) == Some(b"ftyp") {
        if [b"heic", b"heix", b"mif1", b"hevc"].iter().any(|brand| bytes.get(8..12) == Some(*brand)) {
            "image/heic"
        } else {
            "video/mp4"
        }
    } else {
        return text_media(bytes);
    };
    Some(Media { content_type })
}

fn text_media(bytes: &[u8]) -> Option<Media> {
    let head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = head.get(..head.len().min(1024)).unwrap_or_default();
    // Readers look for the mark of a PDF in the first kilobyte.
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Some(Media { content_type: "application/pdf" });
    }
    let lower = head.to_ascii_lowercase();
    if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") {
        return Some(Media { content_type: "text/html" });
    }
    lower.starts_with(b"<?xml").then_some(Media { content_type: "application/xml" })
}

/// Decodes the base64 of a JSON string as it stands in the text: line breaks and escapes (`\/`, `\n`) are stepped
/// over, padding may be missing. `None` for anything else.
pub fn decode_base64(raw: &[u8]) -> Option<Vec<u8>> {
    if let Ok(bytes) = STANDARD.decode(raw) {
        return Some(bytes);
    }
    let plain = if raw.contains(&b'\\') { crate::scan::unescape(raw).into_bytes() } else { raw.to_vec() };
    let mut plain: Vec<u8> = plain.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
    while plain.last() == Some(&b'=') {
        plain.pop();
    }
    base64::engine::general_purpose::STANDARD_NO_PAD.decode(&plain).ok()
}

/// Every file in a resource: all attachments with data, and any other base64 `data` member over 4 KiB.
pub(crate) fn find(node: &Node<'_>, text: &[u8], start: usize) -> (Vec<AttachmentSpan>, bool) {
    let mut found = Vec::new();
    let mut invalid = false;
    node.each_object(&mut |object| {
        // SampledData carries numbers under the same name.
        if object.at("origin").there() || found.len() >= 1000 {
            return;
        }
        let declared = object.any(&["contentType", "sigFormat"]).text().map(|text| clean(&text));
        for name in ["data", "content", "blob"] {
            let Node::Text(data) = object.at(name) else { continue };
            let here = data.span();
            let span = start + here.start..start + here.end;
            // Binary.content (STU3, DSTU2) only beside a content type.
            if span.is_empty() || (name != "data" && declared.is_none()) {
                continue;
            }
            let raw = text.get(span.clone()).unwrap_or_default();
            if declared.is_none() && raw.len() <= crate::scan::ATTACHMENT_FLOOR {
                continue;
            }
            let strict = STANDARD.decode(raw).ok();
            let canonical = strict.is_some();
            let bytes = strict.or_else(|| decode_base64(raw));
            if bytes.is_none() {
                invalid = true;
            }
            found.push(AttachmentSpan {
                span,
                content_type: declared.clone().filter(|text| !text.is_empty()),
                detected: bytes.as_deref().and_then(media_of).map(|media| media.content_type),
                title: object.str("title").map(|title| clean(&title)).filter(|title| !title.is_empty()),
                length: bytes.map(|bytes| bytes.len()),
                canonical,
            });
        }
    });
    (found, invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_by_first_bytes() {
        let of = |bytes: &[u8]| media_of(bytes).map_or("-", |media| media.content_type);
        assert_eq!(of(b"%PDF-1.4"), "application/pdf");
        assert_eq!(of(b"\n\n%PDF-1.4"), "application/pdf");
        assert_eq!(of(b"\xff\xd8\xff\xe0"), "image/jpeg");
        assert_eq!(of(b"BMI is 22"), "-");
        assert_eq!(of(b"<!DOCTYPE html><p>"), "text/html");
        assert_eq!(of(b"\0\0\0\x18ftypheic"), "image/heic");
        assert_eq!(of(b"plain words"), "-");
        assert_eq!(of(b""), "-");
    }

    #[test]
    fn base64_with_breaks_and_escapes() {
        assert_eq!(decode_base64(b"SGVsbG8=").unwrap(), b"Hello");
        assert_eq!(decode_base64(b"SGVs\\r\\nbG8").unwrap(), b"Hello");
        assert_eq!(decode_base64(b"\\/\\/\\/\\/").unwrap(), [255; 3]);
        assert!(decode_base64(b"not base64!").is_none());
    }

    #[test]
    fn finds_files_and_lies() {
        let text = r#"xx{"a":{"contentType":"image/png","data":"JVBERi0xLjQK","title":"Scan"},"b":{"origin":{"value":1},"data":"1 2"},"c":{"contentType":"text/plain","data":"%%%"}}"#;
        let node = Node::parse(&text[2..]);
        let (found, invalid) = find(&node, text.as_bytes(), 2);
        assert_eq!(found.len(), 2);
        assert_eq!(&text[found[0].span.clone()], "JVBERi0xLjQK");
        assert!(found[0].type_differs() && found[0].canonical && invalid);
        assert_eq!(found[1].length, None);
    }
}
