//! What must hold before a byte is looked at closely: size, compression, encoding, and that it is JSON at all, or FHIR in XML.

use std::borrow::Cow;
use std::io::Read as _;

use crate::reading::Limits;
use crate::reason::Refusal;
use crate::xml::{self, Root};

/// How a gzip member begins: magic number and the one method that there is.
const GZIP: [u8; 3] = [0x1f, 0x8b, 8];

/// Most members of a gzip file; each costs memory to be set up.
const MOST_MEMBERS: usize = 10_000;

/// A file that grows this many times and beyond [`SUSPICIOUS`] bytes is a bomb. Text of health records shrinks to a
/// twentieth.
const LARGEST_GROWTH: usize = 500;
const SUSPICIOUS: usize = 8 << 20;

/// Text that may be scanned, within bounds. UTF-8, unless there is a doubt.
pub(crate) struct Guarded<'a> {
    pub(crate) text: Cow<'a, [u8]>,
    pub(crate) inflated: bool,
    /// The text was XML, and is JSON now.
    pub(crate) converted: bool,
    /// Remarks on the file, reason codes: bytes behind the compressed text, bytes that are no letters.
    pub(crate) remarks: Vec<&'static str>,
    /// Why this is no JSON document. It may still be lines of which only some are bad.
    pub(crate) doubt: Option<Refusal>,
}

/// Lets a file through or names why not.
pub(crate) fn guard<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Guarded<'a>, Refusal> {
    if bytes.len() > limits.file_bytes {
        return Err(Refusal::new("too-large"));
    }
    let inflated = bytes.starts_with(&[0x1f, 0x8b]);
    let mut remarks = Vec::new();
    let text = if inflated {
        let (text, unread_rest) = inflate(bytes, limits.inflated_bytes)?;
        remarks.extend(unread_rest.then_some("gzip-unread-rest"));
        Cow::Owned(text)
    } else {
        Cow::Borrowed(bytes)
    };
    if xml::is_xml(&text) && xml::root(&text) == Root::Fhir {
        let (xml, letters_lost) = xml::xml_text(&text).map_err(Refusal::new)?;
        if xml.len() > limits.inflated_bytes {
            return Err(Refusal::new("xml-too-large"));
        }
        remarks.extend(letters_lost.then_some("xml-letters-lost"));
        let text = Cow::Owned(xml::convert(&xml, limits)?);
        return Ok(Guarded { text, inflated, converted: true, remarks, doubt: None });
    }
    let doubt = if is_utf16(&text) { Some(Refusal::new("encoding-utf16")) } else { doubt(&text)? };
    Ok(Guarded { text, inflated, converted: false, remarks, doubt })
}

/// What speaks against a JSON document; an error where it cannot be lines of JSON either.
fn doubt(text: &[u8]) -> Result<Option<Refusal>, Refusal> {
    // A byte order mark stays in the text, so that ranges index the file as it came; the splitter steps over it.
    let body = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let start = body.trim_ascii_start();
    let opens = matches!(start.first(), Some(b'{' | b'['));
    if std::str::from_utf8(text).is_err() {
        return match looks_like(text) {
            // Without a known magic number, what opens like JSON is JSON in another encoding.
            "binary" | "text" if opens => Ok(Some(Refusal::new("encoding-not-utf8"))),
            looks_like => other(looks_like),
        };
    }
    match start.first() {
        None => Err(Refusal::new("empty")),
        Some(b'{' | b'[') => Ok(None),
        Some(b'/') if start.starts_with(b"/*") || start.starts_with(b"//") => {
            Ok(Some(Refusal::new("json-comment")))
        }
        Some(_) if is_scalar(body) => Err(Refusal::new("no-resource-type")),
        Some(_) => other(looks_like(body)),
    }
}

/// Something else than JSON. Text may have a line of JSON further down, the known binary formats have not.
fn other(looks_like: &'static str) -> Result<Option<Refusal>, Refusal> {
    let refusal = Refusal { code: "not-fhir-json", looks_like };
    match looks_like {
        "pdf" | "dicom" | "zip" | "image" => Err(refusal),
        _ => Ok(Some(refusal)),
    }
}

fn is_scalar(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    body.len() < 64 && serde_json::from_slice::<serde_json::Value>(body).is_ok()
}

/// What a gzip file holds; `None` where it is none.
///
/// Errors: `inflates-too-large`, `broken-gzip`, `too-many-parts`.
pub fn unpacked(bytes: &[u8], limits: &Limits) -> Result<Option<Vec<u8>>, Refusal> {
    if !bytes.starts_with(&GZIP) {
        return Ok(None);
    }
    inflate(bytes, limits.inflated_bytes).map(|(text, _)| Some(text))
}

/// Unpacks all members (RFC 1952, section 2.2). The flag says that something else follows them.
fn inflate(bytes: &[u8], limit: usize) -> Result<(Vec<u8>, bool), Refusal> {
    let limit = limit.min(SUSPICIOUS.max(bytes.len().saturating_mul(LARGEST_GROWTH)));
    let mut out = Vec::new();
    let mut rest = bytes;
    for _ in 0..MOST_MEMBERS {
        let take = u64::try_from(limit - out.len()).unwrap_or(u64::MAX).saturating_add(1);
        let mut member = flate2::bufread::GzDecoder::new(rest).take(take);
        let read = member.read_to_end(&mut out);
        if out.len() > limit {
            return Err(Refusal::new("inflates-too-large"));
        }
        read.map_err(|_| Refusal::new("broken-gzip"))?;
        rest = member.into_inner().into_inner();
        if !rest.starts_with(&GZIP) {
            // Zeros fill up the blocks of tapes and disks.
            return Ok((out, rest.iter().any(|byte| *byte != 0)));
        }
    }
    Err(Refusal::new("too-many-parts"))
}

fn is_utf16(text: &[u8]) -> bool {
    if text.starts_with(&[0xff, 0xfe]) || text.starts_with(&[0xfe, 0xff]) {
        return true;
    }
    let head = text.get(..text.len().min(64)).unwrap_or_default();
    let (pairs, _) = head.as_chunks::<2>();
    let text_byte = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    pairs.len() > 1
        && (pairs.iter().all(|[low, high]| *high == 0 && text_byte(*low))
            || pairs.iter().all(|[high, low]| *high == 0 && text_byte(*low)))
}

/// A word for what the bytes seem to be.
fn looks_like(body: &[u8]) -> &'static str {
    let start = body.trim_ascii_start();
    let media = crate::attachment::media_of(body);
    match media.map(|media| media.content_type) {
        Some("application/pdf") => "pdf",
        Some("application/dicom") => "dicom",
        Some("application/zip") => "zip",
        Some(kind) if kind.starts_with("image/") => "image",
        _ if xml::is_xml(start) && xml::root(start) == Root::Ccda => "ccda",
        _ if xml::is_xml(start) => "xml",
        _ if is_hl7v2(start) => "hl7v2",
        _ if body.iter().any(|byte| matches!(byte, 0..=8 | 0xe..=0x1f)) => "binary",
        _ => "text",
    }
}

/// The head of a message or a batch of HL7 v2, and the sign that parts its fields; a frame for transmission before it.
fn is_hl7v2(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let start = start.strip_prefix(b"\x0b").unwrap_or(start);
    let head = start.split_first_chunk::<3>().map(|(head, rest)| (head, rest.first()));
    head.is_some_and(|(head, sign)| {
        [b"MSH", b"FHS", b"BHS"].contains(&head) && sign.is_some_and(u8::is_ascii_punctuation)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> (&'static str, &'static str) {
        crate::read(bytes, &Limits::default())
            .map(|_| ())
            .map_err(|refusal| (refusal.code, refusal.looks_like))
            .unwrap_err()
    }

    #[test]
    fn names_what_is_no_json() {
        assert_eq!(refused(b""), ("empty", ""));
        assert_eq!(refused(b" \r\n\t"), ("empty", ""));
        assert_eq!(refused(b"\xef\xbb\xbf "), ("empty", ""));
        assert_eq!(refused(b"null"), ("no-resource-type", ""));
        assert_eq!(refused(b"%PDF-1.7\n\xff\xfe"), ("not-fhir-json", "pdf"));
        assert_eq!(refused(b"<?xml version=\"1.0\"?><Patient/>"), ("not-fhir-json", "xml"));
        let ccda = b"<?xml version='1.0'?><!-- a --><x:ClinicalDocument xmlns:x='urn:hl7-org:v3'/>";
        assert_eq!(refused(ccda), ("not-fhir-json", "ccda"));
        assert_eq!(refused(b"<ClinicalDocument xmlns='urn:hl7-org:v2'/>"), ("not-fhir-json", "xml"));
        assert_eq!(refused(b"<!DOCTYPE html><html/>"), ("not-fhir-json", "xml"));
        assert_eq!(refused(b"<Patient xmlns='http://hl7.org/fhir'"), ("not-fhir-json", "xml"));
        assert_eq!(refused(b"MSH|^~\\&|LAB|"), ("not-fhir-json", "hl7v2"));
        assert_eq!(refused(b"PK\x03\x04\xff"), ("not-fhir-json", "zip"));
        assert_eq!(
            refused(&[[0u8; 128].as_slice(), b"DICM", &[2, 0, 0xff]].concat()),
            ("not-fhir-json", "dicom")
        );
        assert_eq!(refused(&[0u8; 64]), ("not-fhir-json", "binary"));
        assert_eq!(refused(b"Dear doctor, "), ("not-fhir-json", "text"));
        assert_eq!(refused(b"// a\n{}"), ("json-comment", ""));
    }

    #[test]
    fn names_other_encodings() {
        let utf16: Vec<u8> =
            "{\"resourceType\":\"Patient\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(refused(&utf16).0, "encoding-utf16");
        assert_eq!(refused(&[[0xff, 0xfe].as_slice(), &utf16].concat()).0, "encoding-utf16");
        assert_eq!(refused(b"{\"resourceType\":\"Patient\",\"name\":\"Ren\xe9\"}").0, "encoding-not-utf8");
    }

    #[test]
    fn a_gzip_bomb_stops_at_the_limit() {
        use std::io::Write as _;
        let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        writer.write_all(&vec![b' '; 3_000_000]).unwrap();
        let bomb = writer.finish().unwrap();
        let limits = Limits { inflated_bytes: 1_000_000, ..Limits::default() };
        assert_eq!(guard(&bomb, &limits).map(|_| ()).unwrap_err().code, "inflates-too-large");
        assert_eq!(refused(&bomb[..bomb.len() / 2]).0, "broken-gzip");
        assert_eq!(refused(&bomb).0, "empty");
    }
}
