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
    SERVED
        .iter()
        .find(|(_, name, _)| *name == path)
        .map(|(content_type, _, bytes)| Asset { content_type, bytes })
}

/// The files as they are sent, made once.
static SERVED: LazyLock<Vec<(&str, &str, Vec<u8>)>> = LazyLock::new(|| {
    let style = STYLE.iter().map(|name| tight_style(&lean(source(name)))).collect::<String>();
    let made =
        [(SCRIPT, "display.js", compact(DISPLAY).into_bytes()), (CSS, "reader.css", style.into_bytes())];
    let own = FILES.iter().filter(|(_, name, _)| !STYLE.contains(name));
    let files = own.map(|(content_type, name, text)| {
        let sent = match *name {
            FORM => tight(&joined(FORM)),
            RECORD => tight(&joined(RECORD)),
            _ if *content_type == SCRIPT => tight(&lean(text)),
            _ => (*text).to_owned(),
        };
        (*content_type, *name, sent.into_bytes())
    });
    made.into_iter().chain(files).collect()
});

/// The module that asks for name and passcode.
const FORM: &str = "app.js";
/// The module that shows a record.
const RECORD: &str = "record.js";
/// Modules that both need: they stay files of their own, so that there is one of each.
const APART: [&str; 6] = ["cards/text.js", "display.js", "dom.js", "link.js", "strings.js", "when.js"];

/// The parts of the page's one style sheet, in the order in which they count.
const STYLE: [&str; 6] = [
    "style/base.css",
    "style/frame.css",
    "style/layout.css",
    "style/entries.css",
    "style/details.css",
    "style/media.css",
];

/// A module and those that only it needs in one file: it saves thirty requests, and compresses to two thirds.
/// Each module keeps a scope of its own; what it exports is an object named after it.
fn joined(entry: &str) -> String {
    let (mut scopes, mut done, mut apart) = (String::new(), Vec::new(), Vec::new());
    let mut exports = String::new();
    for line in lean(source(entry)).lines() {
        if let Some((names, module)) = line.strip_prefix("export ").and_then(|rest| imported(rest, entry)) {
            join(&module, &mut scopes, &mut done, &mut apart);
            exports.push_str(&["export const ", &names, " = ", &scope_of(&module), ";\n"].concat());
        }
    }
    if exports.is_empty() {
        join(entry, &mut scopes, &mut done, &mut apart);
    }
    let imports = apart.iter().map(|name| format!("import * as {} from \"./{name}\";\n", scope_of(name)));
    imports.collect::<String>() + &scopes + &exports
}

fn join(name: &str, scopes: &mut String, done: &mut Vec<String>, apart: &mut Vec<String>) {
    if done.iter().chain(apart.iter()).any(|known| known == name) {
        return;
    }
    if APART.contains(&name) {
        apart.push(name.to_owned());
        return;
    }
    done.push(name.to_owned());
    let mut body = String::new();
    let mut exports = Vec::new();
    let text = lean(source(name));
    for line in text.lines() {
        if let Some((names, module)) = line.strip_prefix("import ").and_then(|rest| imported(rest, name)) {
            join(&module, scopes, done, apart);
            let scope = scope_of(&module);
            let (taken, given) = match names.strip_prefix("* as ") {
                Some(whole) => (whole.to_owned(), ""),
                None if names.starts_with('{') => (names.replace(" as ", ": "), ""),
                None => (names, ".default"),
            };
            body.push_str(&["const ", &taken, " = ", &scope, given, ";\n"].concat());
            continue;
        }
        let own = line.strip_prefix("export ");
        exports.extend(own.and_then(declared));
        body.push_str(own.unwrap_or(line));
        body.push('\n');
    }
    let returned = ["return { ", &exports.join(", "), " };\n})();\n"].concat();
    scopes.push_str(&["const ", &scope_of(name), " = (() => {\n", &body, &returned].concat());
}

/// The name that `const x = …`, `function x(…` or `class x …` declares.
fn declared(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let rest = ["const ", "function ", "class "].iter().find_map(|word| line.strip_prefix(word))?;
    rest.split(|char: char| !char.is_alphanumeric() && char != '_').next()
}

/// `{ a, b as c } from "../x.js";` of a module in `cards/`: its names and `x.js`.
fn imported(line: &str, holder: &str) -> Option<(String, String)> {
    let (names, path) = line.split_once(" from \"")?;
    let path = path.strip_suffix("\";")?;
    let folder = holder.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    let module = match path.strip_prefix("../") {
        Some(above) => above.to_owned(),
        None => format!("{folder}{}", path.strip_prefix("./")?),
    };
    Some((names.to_owned(), module))
}

fn scope_of(module: &str) -> String {
    module.trim_end_matches(".js").replace('/', "_") + "_"
}

fn source(name: &str) -> &'static str {
    FILES.iter().find(|(_, known, _)| *known == name).map_or("", |(_, _, text)| text)
}

/// Leaves out white space between the texts of a JSON module; its opening words stand alone on the first line.
fn compact(module: &str) -> String {
    let (opening, json) = module.split_once('{').unwrap_or((module, ""));
    let (mut out, mut in_text, mut escaped) = (format!("{opening}{{"), false, false);
    for char in json.chars() {
        if !in_text && char.is_whitespace() {
            continue;
        }
        in_text ^= char == '"' && !escaped;
        escaped = in_text && char == '\\' && !escaped;
        out.push(char);
    }
    out
}

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

/// Joins lines of a script where one ends a statement, opens something or goes on in a list. A line with `//` in it stays a
/// line: it may end in a comment.
fn tight(script: &str) -> String {
    let mut out = String::with_capacity(script.len());
    for line in script.lines() {
        out.push_str(line);
        if line.contains("//") || !line.ends_with([';', '{', ',', '(', '[']) {
            out.push('\n');
        }
    }
    out
}

/// Leaves out what white space a style sheet has left. The page's sheets hold no texts.
fn tight_style(sheet: &str) -> String {
    sheet.replace(": ", ":").replace(" {\n", "{").replace(";\n", ";").replace("}\n", "}")
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
    (SCRIPT, "cards/denial.js"),
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
    (SCRIPT, "details.js"),
    (SCRIPT, "dom.js"),
    (SCRIPT, "entry.js"),
    (SCRIPT, "fetch.js"),
    (SCRIPT, "files.js"),
    (SCRIPT, "history.js"),
    (HTML, "index.html"),
    (SCRIPT, "jwe.js"),
    (SCRIPT, "link.js"),
    (SVG, "mark.svg"),
    (SCRIPT, "patient.js"),
    (SCRIPT, "record.js"),
    (SCRIPT, "results.js"),
    (SCRIPT, "sections.js"),
    (SCRIPT, "strings-later.js"),
    (SCRIPT, "strings.js"),
    (CSS, "style/base.css"),
    (CSS, "style/details.css"),
    (CSS, "style/entries.css"),
    (CSS, "style/frame.css"),
    (CSS, "style/layout.css"),
    (CSS, "style/media.css"),
    (SCRIPT, "tree.js"),
    (SCRIPT, "view.js"),
    (SCRIPT, "when.js"),
];

#[cfg(test)]
mod tests {
    use super::{APART, FILES, STYLE, find, lean, tight, tight_style};
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
        let source =
            "/** What\n * it is. */\n\nif (a) {\n  b = \"// no\"; // yes\n  // gone\n}\n/* x */\nc;\n";
        assert_eq!(lean(source), "if (a) {\nb = \"// no\"; // yes\n}\nc;\n");
    }

    #[test]
    fn lines_are_joined_only_where_nothing_changes() {
        let script = "if (a) {\nb = \"x\"; // yes;\nc;\n}\nd(\ne);\n";
        assert_eq!(tight(script), "if (a) {b = \"x\"; // yes;\nc;}\nd(e);");
        assert_eq!(
            tight_style("a:hover > b {\ncolor: red;\nmargin: 0 1px;\n}\nc {\n}\n"),
            "a:hover > b{color:red;margin:0 1px;}c{}"
        );
        for name in STYLE {
            assert!(!super::source(name).contains("content: \""), "{name} holds a text");
        }
    }

    #[test]
    fn the_record_s_modules_come_in_one_file() {
        let record = std::str::from_utf8(find("record.js").unwrap().bytes).unwrap();
        for (_, name, _) in
            FILES.iter().filter(|(_, name, _)| name.starts_with("cards/") && !APART.contains(name))
        {
            let scope = format!("const {}_ = (() => {{", name.trim_end_matches(".js").replace('/', "_"));
            assert_eq!(record.matches(&scope).count(), 1, "{name}");
        }
        assert!(
            record.contains("export const { readFiles } = bundle_;")
                && record.contains("export const { showRecord } = view_;")
        );
        let (head, rest) = record.split_at(record.find("const ").unwrap());
        assert!(head.lines().all(|line| line.starts_with("import * as ")));
        assert!(!rest.lines().any(|line| line.starts_with("import ") && line.contains(" from ")));
    }

    #[test]
    fn the_style_sheet_is_one_file_of_all_its_parts() {
        let sheet = std::str::from_utf8(find("reader.css").unwrap().bytes).unwrap();
        let mut rest = sheet;
        for name in STYLE {
            assert!(find(name).is_none(), "{name} is not asked for");
            rest = rest.strip_prefix(tight_style(&lean(super::source(name))).as_str()).unwrap();
        }
        assert!(rest.is_empty() && sheet.len() > 10_000);
    }

    #[test]
    fn the_table_of_words_is_a_module() {
        let display = find("display.js").unwrap();
        assert!(display.bytes.starts_with(b"export default {"));
        assert_eq!(display.content_type, "text/javascript; charset=utf-8");
        let text = std::str::from_utf8(display.bytes).unwrap();
        let json = text.trim_start_matches("export default ").trim_end_matches(';');
        let as_sent: serde_json::Value = serde_json::from_str(json).unwrap();
        let as_written: serde_json::Value =
            serde_json::from_str(include_str!("../../core/fhir/data/display.json")).unwrap();
        assert_eq!(as_sent, as_written);
    }
}
