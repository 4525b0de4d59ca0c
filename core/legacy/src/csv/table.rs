//! A file as rows of cells.

use std::borrow::Cow;

/// Most columns of a row.
const MOST_COLUMNS: usize = 200;

/// Rows at the start that may stand before the one with the names.
const FIRST_ROWS: usize = 20;

/// A text and the sign between its columns.
pub(super) struct Table<'t> {
    pub(super) text: &'t str,
    pub(super) separator: u8,
}

impl Table<'_> {
    fn reader(&self) -> csv::Reader<&[u8]> {
        csv::ReaderBuilder::new()
            .delimiter(self.separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(self.text.as_bytes())
    }

    pub(super) fn first_rows(&self) -> Vec<csv::StringRecord> {
        self.reader().into_records().take(FIRST_ROWS).map_while(Result::ok).collect()
    }

    /// All rows; a code where there are too many of them, or of columns.
    pub(super) fn rows(&self, most: usize) -> Result<Vec<csv::StringRecord>, &'static str> {
        let mut rows = Vec::new();
        for row in self.reader().into_records() {
            let row = row.map_err(|_| "csv-no-header")?;
            if rows.len() > most + FIRST_ROWS || row.len() > MOST_COLUMNS {
                return Err("too-many-parts");
            }
            rows.push(row);
        }
        Ok(rows)
    }
}

/// The text of a file: UTF-8 or UTF-16, else the Western set that spreadsheets write. None for what is no text.
pub(super) fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let wide = [([0xff, 0xfe], encoding_rs::UTF_16LE), ([0xfe, 0xff], encoding_rs::UTF_16BE)];
    for (mark, encoding) in wide {
        if let Some(rest) = bytes.strip_prefix(&mark) {
            return Some(encoding.decode_without_bom_handling(rest).0);
        }
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(encoding) = unmarked(bytes) {
        return Some(encoding.decode_without_bom_handling(bytes).0);
    }
    if bytes.iter().any(|byte| matches!(byte, 0..=8 | 0xe..=0x1a | 0x1c..=0x1f)) {
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Cow::Borrowed(text)),
        // The start of a file may end within a letter.
        Err(error) if error.error_len().is_none() => {
            Some(String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default()))
        }
        Err(_) => Some(encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0),
    }
}

/// UTF-16 without its mark: every other byte of a row of Western names is zero.
fn unmarked(bytes: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let (pairs, _) = bytes.get(..bytes.len().min(64))?.as_chunks::<2>();
    let letter = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    if pairs.len() < 4 {
        return None;
    }
    if pairs.iter().all(|[low, high]| *high == 0 && letter(*low)) {
        return Some(encoding_rs::UTF_16LE);
    }
    pairs.iter().all(|[high, low]| *high == 0 && letter(*low)).then_some(encoding_rs::UTF_16BE)
}
