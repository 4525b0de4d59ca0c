//! Text on a terminal: made harmless, measured, cut and wrapped.

use crate::words;

use console::{Style, Term, measure_text_width};

/// Narrowest and widest line that is laid out for.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;

/// Columns of the terminal, or 80 when there is none.
pub(crate) fn width() -> usize {
    let columns = Term::stdout().size_checked().map_or(80, |(_, columns)| usize::from(columns));
    columns.clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// Whether a character could move the cursor, hide text or turn its order around.
///
/// Joiners (U+200C, U+200D) stay: Indian scripts are spelt with them.
pub(crate) fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// `text` on one line, with white space and everything unsafe as single spaces.
pub(crate) fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_unsafe(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A time in RFC 3339 (UTC) as people write it: `23 Nov 2026, 22:46 UTC`. Anything else stays as it is, on one line.
pub(crate) fn time(text: &str) -> String {
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse::<usize>().ok());
    let month = part(5, 7).and_then(|month| words::find("month", &month.to_string()));
    match (part(0, 4), month, part(8, 10), text.get(11..16), text.ends_with('Z')) {
        (Some(year), Some(month), Some(day), Some(minute), true) => {
            let places = [
                ("day", day.to_string()),
                ("month", month.to_owned()),
                ("year", year.to_string()),
                ("clock", line(minute)),
            ];
            words::say_all("clock-time", &places)
        }
        _ => line(text),
    }
}

/// JSON text in which unsafe characters, which can only stand inside strings, are escaped.
pub(crate) fn json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut units = [0_u16; 2];
    for c in text.chars() {
        if is_unsafe(c) && !matches!(c, '\n') {
            for unit in c.encode_utf16(&mut units) {
                out.push_str("\\u");
                for shift in [12, 8, 4, 0] {
                    out.push(char::from_digit(u32::from(*unit >> shift & 15), 16).unwrap_or('0'));
                }
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// `text` cut to `columns`, with an ellipsis where something was cut.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    console::truncate_str(text, columns, "…").into_owned()
}

/// `text` filled up with spaces, or cut, to exactly `columns`.
pub(crate) fn column(text: &str, columns: usize) -> String {
    let cut = cut(text, columns);
    let missing = columns.saturating_sub(measure_text_width(&cut));
    cut + &" ".repeat(missing)
}

/// `text` in lines of at most `columns`, broken at spaces where there are any.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let joined = measure_text_width(&current) + 1 + measure_text_width(word);
        if !current.is_empty() && joined > columns {
            lines.push(std::mem::take(&mut current));
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(word);
    }
    if !current.is_empty() || lines.is_empty() {
        lines.push(current);
    }
    lines
}

/// Bold on a terminal that shows colours.
pub(crate) fn strong(text: &str) -> String {
    Style::new().bold().apply_to(text).to_string()
}

/// Dimmed on a terminal that shows colours.
pub(crate) fn faint(text: &str) -> String {
    Style::new().dim().apply_to(text).to_string()
}

/// Standing out, for what deserves a second look.
pub(crate) fn warning(text: &str) -> String {
    Style::new().yellow().bold().apply_to(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::{column, cut, json, line, time, wrap};

    #[test]
    fn a_time_is_written_as_people_do() {
        assert_eq!(time("2026-11-23T22:46:00Z"), "23 Nov 2026, 22:46 UTC");
        assert_eq!(time("2026-01-05T00:01:59Z"), "5 Jan 2026, 00:01 UTC");
        assert_eq!(time("2026-13-05T00:01:59Z"), "2026-13-05T00:01:59Z");
        assert_eq!(time("soon"), "soon");
    }

    #[test]
    fn a_line_holds_nothing_that_moves_or_turns_text() {
        assert_eq!(line("a\u{1b}[31mb\nc\u{202e}d\u{7}"), "a [31mb cd");
        assert_eq!(line("  क\u{94d}\u{200d}ष  "), "क\u{94d}\u{200d}ष");
        assert_eq!(line("x\u{9b}31my"), "x 31my");
    }

    #[test]
    fn json_stays_json_and_loses_nothing() {
        let value = serde_json::json!({"t": "a\u{202e}b\u{9b}\u{e0041}c\u{7f}"});
        let safe = json(&value.to_string());
        assert!(!safe.chars().any(super::is_unsafe));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
    }

    #[test]
    fn columns_are_counted_as_seen() {
        assert_eq!(column("ab", 4), "ab  ");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(column("漢字漢字", 5), "漢字…");
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("", 7), [""]);
    }
}
