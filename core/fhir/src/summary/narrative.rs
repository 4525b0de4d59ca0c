//! Narrative made anew: escaped text in a fixed frame of XHTML.

use serde_json::{Value, json};

use super::SummaryRecord;
use super::shape::shown;

/// `Narrative` around the inside of a `div`, which must be escaped already.
pub(super) fn narrative(inside: &str) -> Value {
    json!({
        "status": "generated",
        "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inside}</div>"),
    })
}

/// One paragraph.
pub(super) fn paragraph(text: &str) -> Value {
    narrative(&format!("<p>{}</p>", escaped(text)))
}

/// What one record says, in a paragraph.
pub(super) fn of_record(record: &SummaryRecord<'_>) -> Value {
    let parts = [record.title, record.line, record.date_text];
    let said: Vec<String> = parts.iter().map(|part| shown(part)).filter(|part| !part.is_empty()).collect();
    paragraph(&said.join(". "))
}

/// The table of a section: what, value or detail, date, source.
pub(super) fn table<'a>(records: impl Iterator<Item = &'a SummaryRecord<'a>>) -> Value {
    let mut out = String::from(
        "<table><thead><tr><th>What</th><th>Detail</th><th>Date</th><th>Source</th></tr></thead><tbody>",
    );
    for record in records {
        out.push_str("<tr>");
        for cell in [record.title, record.line, record.date_text, record.source] {
            out.push_str("<td>");
            out.push_str(&escaped(&shown(cell)));
            out.push_str("</td>");
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    narrative(&out)
}

/// Text for an XML element.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}
