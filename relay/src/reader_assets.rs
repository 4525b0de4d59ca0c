//! The doctor's reader page: the files of `relay/reader/`, held in the program itself.

use std::sync::LazyLock;

/// One file of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Value of `Content-Type`.
    pub content_type: &'static str,
    /// The file.
    pub bytes: &'static [u8],
}

/// A file by its path below `/v/` (no leading slash; the empty path is the page itself). `None`: there is no such file.
pub fn find(path: &str) -> Option<Asset> {
    let path = if path.is_empty() { "index.html" } else { path };
    SERVED.iter().find(|(_, name, _)| *name == path).map(|(content_type, _, bytes)| Asset { content_type, bytes })
}

/// The files as they are sent, made once.
static SERVED: LazyLock<Vec<(&str, &str, Vec<u8>)>> = LazyLock::new(|| {
    let display = std::iter::once((SCRIPT, "display.js", DISPLAY.as_bytes().to_vec()));
    let files = FILES.iter().map(|(content_type, name, text)| {
        let sent = if [SCRIPT, CSS].contains(content_type) { lean(text) } else { (*text).to_owned() };
        (*content_type, *name, sent.into_bytes())
    });
    display.chain(files).collect()
});

/// Leaves out indentation, empty lines and lines that are comment alone: a third of what a phone would have to load.
/// The page's scripts hold no text over several lines, so nothing else changes.
fn lean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        if in_comment || line.starts_with("/*") {
            in_comment = !line.ends_with("*/");
        } else if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SVG: &str = "image/svg+xml";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// The table of words that the wallet reads too, as a module of the page.
const DISPLAY: &str = concat!("export default ", include_str!("../../core/fhir/data/display.json"), ";\n");

macro_rules! files {
    ($(($kind:ident, $name:literal),)+) => {
        &[$(($kind, $name, include_str!(concat!("../reader/", $name)))),+]
    };
}

static FILES: &[(&str, &str, &str)] = files![
    (SCRIPT, "app.js"),
    (SCRIPT, "bundle.js"),
    (SCRIPT, "cards/card.js"),
    (SCRIPT, "cards/care.js"),
    (SCRIPT, "cards/clinical.js"),
    (SCRIPT, "cards/date.js"),
    (SCRIPT, "cards/dosage.js"),
    (SCRIPT, "cards/flag.js"),
    (SCRIPT, "cards/label.js"),
    (SCRIPT, "cards/media.js"),
    (SCRIPT, "cards/medicine.js"),
    (SCRIPT, "cards/names.js"),
    (SCRIPT, "cards/narrative.js"),
    (SCRIPT, "cards/observation.js"),
    (SCRIPT, "cards/paper.js"),
    (SCRIPT, "cards/quantity.js"),
    (SCRIPT, "cards/shared.js"),
    (SCRIPT, "cards/table.js"),
    (SCRIPT, "cards/text.js"),
    (SCRIPT, "cards/timeline.js"),
    (SCRIPT, "cards/value.js"),
    (SCRIPT, "chart.js"),
    (SCRIPT, "dom.js"),
    (SCRIPT, "entry.js"),
    (SCRIPT, "fetch.js"),
    (SCRIPT, "files.js"),
    (HTML, "index.html"),
    (SCRIPT, "jwe.js"),
    (SCRIPT, "link.js"),
    (SVG, "mark.svg"),
    (SCRIPT, "patient.js"),
    (CSS, "reader.css"),
    (SCRIPT, "results.js"),
    (SCRIPT, "sections.js"),
    (SCRIPT, "strings.js"),
    (SCRIPT, "tree.js"),
    (SCRIPT, "view.js"),
    (SCRIPT, "when.js"),
];

#[cfg(test)]
mod tests {
    use super::{FILES, find, lean};
    use std::path::Path;

    fn listed(folder: &Path, prefix: &str, into: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.path().is_dir() {
                listed(&entry.path(), &format!("{name}/"), into);
            } else {
                into.push(name);
            }
        }
    }

    #[test]
    fn every_file_of_the_folder_is_served_and_nothing_else() {
        let mut on_disk = Vec::new();
        listed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("reader"), "", &mut on_disk);
        on_disk.retain(|name| [".html", ".css", ".svg", ".js"].iter().any(|ending| name.ends_with(ending)));
        on_disk.sort();
        let mut served: Vec<String> = FILES.iter().map(|(_, name, _)| (*name).to_owned()).collect();
        served.sort();
        assert_eq!(served, on_disk);
        assert_eq!(find(""), find("index.html"));
        assert!(find("../Cargo.toml").is_none() && find("/index.html").is_none());
    }

    #[test]
    fn only_comments_and_indentation_are_left_out() {
        let source = "/** What\n * it is. */\n\nif (a) {\n  b = \"// no\"; // yes\n  // gone\n}\n/* x */\nc;\n";
        assert_eq!(lean(source), "if (a) {\nb = \"// no\"; // yes\n}\nc;\n");
    }

    #[test]
    fn the_table_of_words_is_a_module() {
        let display = find("display.js").unwrap();
        assert!(display.bytes.starts_with(b"export default {"));
        assert_eq!(display.content_type, "text/javascript; charset=utf-8");
    }
}
