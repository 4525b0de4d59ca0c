//! What must hold before a byte is looked at closely: size, compression, encoding, and that it is JSON at all.

use std::borrow::Cow;
use std::io::Read as _;

use crate::reading::Limits;
use crate::reason::Refusal;

/// Text that may be scanned: UTF-8, without byte order mark, within bounds.
pub(crate) struct Guarded<'a> {
    pub(crate) text: Cow<'a, [u8]>,
    pub(crate) inflated: bool,
}

/// Lets a file through or names why not.
pub(crate) fn guard<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Guarded<'a>, Refusal> {
    if bytes.len() > limits.file_bytes {
        return Err(Refusal::new("too-large"));
    }
    let inflated = bytes.starts_with(&[0x1f, 0x8b]);
    let text =
        if inflated { Cow::Owned(inflate(bytes, limits.inflated_bytes)?) } else { Cow::Borrowed(bytes) };
    encoding(&text)?;
    // A byte order mark stays in the text, so that ranges index the file as it came; the splitter steps over it.
    let body = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => Err(Refusal::new("empty")),
        Some(b'{' | b'[') => Ok(Guarded { text, inflated }),
        Some(b'/')
            if body.trim_ascii_start().starts_with(b"/*") || body.trim_ascii_start().starts_with(b"//") =>
        {
            Err(Refusal::new("json-comment"))
        }
        Some(_) if is_scalar(body) => Err(Refusal::new("no-resource-type")),
        Some(_) => Err(Refusal { code: "not-fhir-json", looks_like: looks_like(body) }),
    }
}

fn is_scalar(body: &[u8]) -> bool {
    let body = body.trim_ascii();
    body.len() < 64 && serde_json::from_slice::<serde_json::Value>(body).is_ok()
}

fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Refusal> {
    let mut out = Vec::new();
    let take = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = flate2::read::MultiGzDecoder::new(bytes).take(take).read_to_end(&mut out);
    if out.len() > limit {
        return Err(Refusal::new("inflates-too-large"));
    }
    read.map_err(|_| Refusal::new("broken-gzip"))?;
    Ok(out)
}

fn encoding(text: &[u8]) -> Result<(), Refusal> {
    if text.starts_with(&[0xff, 0xfe]) || text.starts_with(&[0xfe, 0xff]) {
        return Err(Refusal::new("encoding-utf16"));
    }
    let head = text.get(..text.len().min(64)).unwrap_or_default();
    let (pairs, _) = head.as_chunks::<2>();
    let text_byte = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    if pairs.len() > 1
        && (pairs.iter().all(|[low, high]| *high == 0 && text_byte(*low))
            || pairs.iter().all(|[high, low]| *high == 0 && text_byte(*low)))
    {
        return Err(Refusal::new("encoding-utf16"));
    }
    if std::str::from_utf8(text).is_ok() {
        return Ok(());
    }
    match looks_like(text) {
        // Without a known magic number, what opens like JSON is JSON in another encoding.
        "binary" | "text" if matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) => {
            Err(Refusal::new("encoding-not-utf8"))
        }
        looks_like => Err(Refusal { code: "not-fhir-json", looks_like }),
    }
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
        _ if start.starts_with(b"<") => "xml",
        _ if [b"MSH|".as_slice(), b"FHS|", b"BHS|"].iter().any(|magic| start.starts_with(magic)) => "hl7v2",
        _ if body.iter().any(|byte| matches!(byte, 0..=8 | 0xe..=0x1f)) => "binary",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(bytes: &[u8]) -> (&'static str, &'static str) {
        guard(bytes, &Limits::default())
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
