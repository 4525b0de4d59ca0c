//! The letters of an XML document, whatever they were encoded as (XML 1.0, appendix F; names of encodings after the WHATWG
//! Encoding Standard).

use std::borrow::Cow;

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, X_USER_DEFINED};

/// How far a declaration is looked for, in bytes.
const DECLARATION: usize = 256;

/// Whether bytes begin as XML does, in any encoding that [`xml_text`] reads.
pub(crate) fn is_xml(bytes: &[u8]) -> bool {
    let (_, body) = marked(bytes);
    body.trim_ascii_start().starts_with(b"<") || matches!(body, [b'<', 0, ..] | [0, b'<', ..])
}

/// The text of an XML document: by its byte order mark, by the first sign in UTF-16, else as it declares, else UTF-8. The
/// flag tells that some bytes were no letters, and stand as U+FFFD. A text is at most three times as long as the file, as
/// no letter of one byte is longer in UTF-8.
///
/// Errors, as a reason code: `xml-encoding` for a declared set of letters that is not known.
pub fn xml_text(bytes: &[u8]) -> Result<(Cow<'_, str>, bool), &'static str> {
    let (mark, body) = marked(bytes);
    let encoding = match (mark, body) {
        (Some(mark), _) => mark,
        (None, [b'<', 0, ..]) => UTF_16LE,
        (None, [0, b'<', ..]) => UTF_16BE,
        (None, _) => declared(body)?,
    };
    if encoding == UTF_8 {
        let text = String::from_utf8_lossy(body);
        let lost = matches!(text, Cow::Owned(_));
        return Ok((text, lost));
    }
    Ok(encoding.decode_without_bom_handling(body))
}

/// The encoding that a byte order mark names, and what follows it.
fn marked(bytes: &[u8]) -> (Option<&'static Encoding>, &[u8]) {
    match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (Some(encoding), bytes.get(length..).unwrap_or_default()),
        None => (None, bytes),
    }
}

/// The encoding in `<?xml … encoding="…"?>`. What can be read byte by byte is none of UTF-16, whatever it says.
fn declared(bytes: &[u8]) -> Result<&'static Encoding, &'static str> {
    let name = name(bytes);
    let found = if name.is_empty() { Some(UTF_8) } else { Encoding::for_label(name.as_bytes()) };
    match found {
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Ok(UTF_8),
        Some(encoding) if encoding != REPLACEMENT && encoding != X_USER_DEFINED => Ok(encoding),
        // Names that the Encoding Standard leaves out.
        _ if matches!(name.as_str(), "iso-10646-ucs-2" | "ucs-2" | "utf-16be" | "utf-16le") => Ok(UTF_8),
        _ => Err("xml-encoding"),
    }
}

fn name(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(DECLARATION)).unwrap_or_default());
    let declaration = head.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>"));
    let value = declaration.and_then(|(declaration, _)| declaration.split_once("encoding"));
    let value =
        value.map(|(_, value)| value.trim_start().trim_start_matches('=').trim_start()).unwrap_or_default();
    let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else {
        return String::new();
    };
    value.get(1..).and_then(|value| value.split(quote).next()).unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{is_xml, xml_text};

    #[test]
    fn letters_are_read_in_every_set_that_documents_come_in() {
        let text = "<?xml version='1.0' encoding='utf-16'?><a>café €</a>";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let with = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            with(&[0xef, 0xbb, 0xbf], text.as_bytes()),
            with(&[0xff, 0xfe], &little),
            with(&[0xfe, 0xff], &big),
            little.clone(),
            big.clone(),
        ] {
            let (read, lost) = xml_text(&bytes).unwrap();
            assert_eq!((read.as_ref(), lost), (text, false));
            assert!(is_xml(&bytes));
        }
        for name in ["ISO-8859-1", "windows-1252", "latin1", "cp1252"] {
            let bytes = with(format!("<?xml encoding = \"{name}\" ?>").as_bytes(), b"caf\xe9 \x80");
            assert!(xml_text(&bytes).unwrap().0.ends_with("café €"), "{name}");
        }
        let japanese = with(b"<?xml encoding='Shift_JIS'?><a>", b"\x8a\xb3</a>");
        assert!(xml_text(&japanese).unwrap().0.ends_with("<a>患</a>"));
        for unknown in ["x-of-our-own", "utf-7", "iso-2022-kr", "x-user-defined"] {
            let bytes = format!("<?xml encoding='{unknown}'?><a/>");
            assert_eq!(xml_text(bytes.as_bytes()).err(), Some("xml-encoding"), "{unknown}");
        }
        assert!(xml_text(b"<a>caf\xe9</a>").unwrap().1, "a byte that is no letter is told of");
        assert!(xml_text(b"\xff\xfe<\0a\0>\0\xe9").unwrap().1, "half a letter");
    }

    #[test]
    fn a_text_is_never_more_than_three_times_as_long() {
        for name in ["windows-1252", "iso-8859-5", "gb18030", "shift_jis", "big5", "euc-kr", "iso-2022-jp"] {
            for byte in 0x80..=0xff_u8 {
                let head = format!("<?xml encoding='{name}'?>");
                let bytes = [head.as_bytes(), &[byte; 1000]].concat();
                assert!(xml_text(&bytes).unwrap().0.len() <= 3 * bytes.len(), "{name} {byte}");
            }
        }
    }
}
