//! The letters of an XML document, whatever they were encoded as (XML 1.0, appendix F).

use std::borrow::Cow;

/// What Windows-1252 has at 0x80 to 0x9F, where ISO-8859-1 has control characters that no text uses.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of a document: UTF-8, UTF-16 with a mark or a declaration, ISO-8859-1 and Windows-1252. The flag tells
/// that some bytes were no letters, and stand as U+FFFD.
///
/// Errors, as a reason code: `xml-encoding` for any other set of letters.
pub(crate) fn decoded(bytes: &[u8]) -> Result<(Cow<'_, str>, bool), &'static str> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => return Ok(utf8(rest)),
        [0xff, 0xfe, rest @ ..] => return Ok(utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => return Ok(utf16(rest, u16::from_be_bytes)),
        [b'<', 0, ..] => return Ok(utf16(bytes, u16::from_le_bytes)),
        [0, b'<', ..] => return Ok(utf16(bytes, u16::from_be_bytes)),
        _ => {}
    }
    match declared(bytes).as_str() {
        // A declaration that can be read byte by byte is none of UTF-16, whatever it says.
        "" | "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-16" => Ok(utf8(bytes)),
        "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252" => {
            let letter = |byte: u8| match byte {
                0x80..=0x9f => WINDOWS.get(usize::from(byte - 0x80)).copied().unwrap_or(char::from(byte)),
                _ => char::from(byte),
            };
            Ok((bytes.iter().copied().map(letter).collect::<String>().into(), false))
        }
        _ => Err("xml-encoding"),
    }
}

fn utf8(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let text = String::from_utf8_lossy(bytes);
    let lost = matches!(text, Cow::Owned(_));
    (text, lost)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (Cow<'_, str>, bool) {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let mut lost = !odd.is_empty();
    let letters = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    let text: String = letters
        .map(|letter| {
            lost |= letter.is_err();
            letter.unwrap_or(char::REPLACEMENT_CHARACTER)
        })
        .collect();
    (text.into(), lost)
}

/// The name in `<?xml … encoding="…"?>`, in small letters.
fn declared(bytes: &[u8]) -> String {
    let head = bytes.get(..bytes.len().min(256)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
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
    use super::decoded;

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
            let (read, lost) = decoded(&bytes).unwrap();
            assert_eq!((read.as_ref(), lost), (text, false));
        }
        for name in ["ISO-8859-1", "windows-1252"] {
            let bytes = with(format!("<?xml encoding = \"{name}\" ?>").as_bytes(), b"caf\xe9 \x80");
            assert!(decoded(&bytes).unwrap().0.ends_with("café €"), "{name}");
        }
        assert_eq!(decoded(b"<?xml encoding='Shift_JIS'?><a/>").err(), Some("xml-encoding"));
        assert!(decoded(b"<a>caf\xe9</a>").unwrap().1, "a byte that is no letter is told of");
    }
}
