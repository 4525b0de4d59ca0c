//! The text for people in a section, as lines of plain text.

use crate::json::{Json, object, text};
use crate::xml::{Element, Step};

/// Parts of a narrative (CDA R2, 4.3.5) that begin a line.
const LINES: [&str; 9] = ["tr", "paragraph", "item", "list", "table", "caption", "br", "p", "li"];

/// The lines of a narrative block, at most `most` bytes of them. Cells of a table are parted by ` | `. What an author has
/// struck out (`revised="delete"`) is not in them.
pub(super) fn lines(block: Element<'_>, most: usize) -> Vec<String> {
    let mut told = Lines::default();
    let mut struck: Option<usize> = None;
    for step in block.walk() {
        if told.bytes >= most {
            break;
        }
        match step {
            Step::Enter(element) if struck.is_none() => {
                if element.attribute("revised") == Some("delete") {
                    struck = Some(element.place());
                } else {
                    told.enter(element.name());
                }
            }
            Step::Leave(element) => {
                if struck == Some(element.place()) {
                    struck = None;
                } else if struck.is_none() {
                    told.leave(element.name());
                }
            }
            Step::Text(text) if struck.is_none() => told.text(text),
            Step::Enter(_) | Step::Text(_) => {}
        }
    }
    told.end();
    told.whole
}

#[derive(Default)]
struct Lines {
    whole: Vec<String>,
    line: String,
    cells: usize,
    bytes: usize,
}

impl Lines {
    fn enter(&mut self, name: &str) {
        match name {
            "td" | "th" => {
                if self.cells > 0 {
                    self.line.truncate(self.line.trim_end().len());
                    self.line.push_str(" | ");
                }
                self.cells += 1;
            }
            // A line that ends within a cell does not end the row.
            "tr" => self.end(),
            line if LINES.contains(&line) => self.pause(),
            _ => {}
        }
    }

    fn leave(&mut self, name: &str) {
        match name {
            "tr" | "table" => self.end(),
            line if LINES.contains(&line) => self.pause(),
            _ => {}
        }
    }

    fn pause(&mut self) {
        if self.cells == 0 {
            self.end();
        } else if !self.line.is_empty() && !self.line.ends_with(' ') {
            self.line.push(' ');
        }
    }

    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            if letter.is_whitespace() || letter.is_control() {
                if !self.line.is_empty() && !self.line.ends_with(' ') {
                    self.line.push(' ');
                }
            } else {
                self.line.push(letter);
            }
        }
        self.bytes += text.len();
    }

    fn end(&mut self) {
        let line = self.line.trim_matches([' ', '|']).trim();
        if !line.is_empty() {
            self.whole.push(self.line.trim().to_owned());
        }
        self.line.clear();
        self.cells = 0;
    }
}

/// All text of an element in one line.
pub(super) fn one_line(element: Element<'_>, most: usize) -> Option<String> {
    let line = lines(element, most).join(" ");
    (!line.is_empty()).then_some(line)
}

/// A `Narrative` of nothing but escaped lines.
pub(super) fn div(lines: &[String]) -> Option<Json> {
    if lines.is_empty() {
        return None;
    }
    let mut out = String::from("<div xmlns=\"http://www.w3.org/1999/xhtml\">");
    for line in lines {
        out.push_str("<p>");
        for letter in line.chars() {
            match letter {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                other => out.push(other),
            }
        }
        out.push_str("</p>");
    }
    out.push_str("</div>");
    Some(object([("status", text("additional")), ("div", text(out))]))
}
