//! Narrative as plain text: every tag, style, script and entity gone, only the words left.

use crate::label::tidy;

/// Elements whose content is no text for people.
const SILENT: [&str; 7] = ["script", "style", "head", "title", "object", "iframe", "svg"];
/// Longest narrative kept, in bytes.
const LONGEST: usize = 64 * 1024;
/// Longest character reference that is read, in bytes, without its signs: `#x10FFFF`.
const LONGEST_REFERENCE: usize = 8;

/// Reduces XHTML (`text.div`) to its words. Nothing is loaded, run or expanded: only five named and numeric
/// character references are read, a DTD and its entities are dropped.
pub fn plain_text(xhtml: &str) -> String {
    let mut out = String::new();
    let mut rest = xhtml;
    let mut silent: Option<&str> = None;
    while out.len() < LONGEST {
        let Some((before, tail)) = rest.split_once('<') else {
            if silent.is_none() {
                out.push_str(rest);
            }
            break;
        };
        if silent.is_none() {
            out.push_str(before);
        }
        if let Some(comment) = tail.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if let Some(data) = tail.strip_prefix("![CDATA[") {
            rest = data.split_once("]]>").map_or("", |(_, after)| after);
            continue;
        }
        let (tag, after) = end_of_tag(tail);
        rest = after;
        let closing = tag.starts_with('/');
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(|char| char.is_ascii_alphanumeric() || *char == ':')
            .map(|char| char.to_ascii_lowercase())
            .collect();
        let name = name.rsplit(':').next().unwrap_or_default();
        if let Some(word) = silent {
            if closing && name == word {
                silent = None;
            }
            continue;
        }
        let opened = SILENT.iter().find(|word| **word == name);
        if let (Some(word), false, false) = (opened, closing, tag.ends_with('/')) {
            silent = Some(word);
        }
        if !matches!(name, "b" | "i" | "span" | "a" | "em" | "strong" | "sub" | "sup" | "u") {
            out.push(' ');
        }
    }
    out.truncate(out.floor_char_boundary(LONGEST));
    tidy(&entities(&out))
}

/// Splits behind the `>` that ends a tag; one within quotes does not end it.
fn end_of_tag(text: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, char) in text.char_indices() {
        match (quote, char) {
            (None, '>') => {
                return (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
            }
            (None, '"' | '\'') => quote = Some(char),
            (Some(open), char) if char == open => quote = None,
            _ => {}
        }
    }
    (text, "")
}

fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('&') {
        out.push_str(before);
        // No further than a reference is long: a text of nothing but `&` would be looked through for each of them.
        let end = tail.bytes().take(LONGEST_REFERENCE + 1).position(|byte| byte == b';');
        let known = end.and_then(|end| tail.split_at_checked(end)).and_then(|(name, after)| {
            let after = after.strip_prefix(';')?;
            let char = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => ' ',
                "deg" => '°',
                "micro" => 'µ',
                "ndash" => '–',
                _ => {
                    let number = name.strip_prefix('#')?;
                    let code = match number.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                        None => number.parse().ok()?,
                    };
                    char::from_u32(code)?
                }
            };
            Some((char, after))
        });
        rest = if let Some((char, after)) = known {
            out.push(char);
            after
        } else {
            out.push('&');
            tail
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_left() {
        assert_eq!(plain_text("<div><p>Hb <b>13</b>&#46;5</p><br/>g/dL &amp; ok</div>"), "Hb 13.5 g/dL & ok");
        assert_eq!(
            plain_text("<div>a<script>alert('<b>x')</script>b<img src=\"x>y\" onerror='q'/>c</div>"),
            "a b c"
        );
        assert_eq!(
            plain_text("<!DOCTYPE x [<!ENTITY e \"boom\">]><div>&e; x<!-- hidden > --> y</div>"),
            "]> &e; x y"
        );
        assert_eq!(plain_text("<style>p{}</style>"), "");
        assert_eq!(plain_text("a < b"), "a");
        assert_eq!(plain_text("x &lt;script&gt; y"), "x <script> y");
    }

    #[test]
    fn a_text_of_signs_without_end_is_read_in_no_time() {
        let start = std::time::Instant::now();
        for sign in ["&", "<", "&#", "<!--", "<b", "\"<", "&#x10FFFF"] {
            assert!(plain_text(&sign.repeat(1 << 20)).len() <= LONGEST);
        }
        assert_eq!(plain_text(&"€".repeat(LONGEST)).len(), LONGEST / 3 * 3);
        assert!(start.elapsed().as_secs() < 5);
    }

    #[test]
    fn a_reference_has_its_length() {
        assert_eq!(
            plain_text("&#x10FFFF;|&#x010FFFF;|&&amp;|&;|&€€€;"),
            "\u{10FFFF}|&#x010FFFF;|&&|&;|&€€€;"
        );
    }
}
