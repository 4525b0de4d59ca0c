//! The string literals of a Rust source.

/// In order, escapes resolved. Characters and comments are passed over.
pub(crate) fn of(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '\'', '/', 'r']) {
        let (before, here) = rest.split_at(at);
        let before = before.chars().next_back();
        let in_word = before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        rest = if here.starts_with("//") {
            here.split_once('\n').map_or("", |(_, behind)| behind)
        } else if let Some((text, behind)) = raw(here).filter(|_| !in_word || before == Some('b')) {
            found.push(text.to_owned());
            behind
        } else if let Some(inner) = here.strip_prefix('"') {
            let (text, behind) = plain(inner);
            found.push(text);
            behind
        } else if let Some(inner) = here.strip_prefix("'\\") {
            // An escaped letter: at least one behind the sign.
            let mut letters = inner.chars();
            letters.next();
            letters.as_str().split_once('\'').map_or("", |(_, behind)| behind)
        } else {
            let mut letters = here.chars();
            let first = letters.next();
            let behind_first = letters.as_str();
            letters.next();
            letters.as_str().strip_prefix('\'').filter(|_| first == Some('\'')).unwrap_or(behind_first)
        };
    }
    found
}

/// `r"..."` and `r#"..."#`.
fn raw(here: &str) -> Option<(&str, &str)> {
    let inner = here.strip_prefix('r')?;
    let text = inner.trim_start_matches('#');
    let signs = inner.len() - text.len();
    text.strip_prefix('"')?.split_once(&format!("\"{}", "#".repeat(signs)))
}

/// The text up to its closing quote, and what comes behind.
fn plain(inner: &str) -> (String, &str) {
    let mut out = String::new();
    let mut letters = inner.chars();
    while let Some(letter) = letters.next() {
        if letter == '"' {
            break;
        }
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        let code = |digits: String| u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
        match letters.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('0') => out.push('\0'),
            Some('\n') => letters = letters.as_str().trim_start().chars(),
            Some('x') => out.extend(code(letters.by_ref().take(2).collect())),
            Some('u') => {
                out.extend(code(letters.by_ref().skip(1).take_while(|sign| *sign != '}').collect()));
            }
            other => out.extend(other),
        }
    }
    (out, letters.as_str())
}

#[cfg(test)]
mod tests {
    #[test]
    fn literals_are_read_as_the_compiler_reads_them() {
        let source = "let a = \"x\\n\\\"y\\u{e9}\\x41\"; // \"no\"\nlet b = ('\"', '\\'', \"one \\\n   two\");\n\
                      fn c<'a>(r: &'a str) { r#\"raw \"q\" \\\"#; br\"z\" }";
        assert_eq!(super::of(source), ["x\n\"y\u{e9}A", "one two", "raw \"q\" \\", "z"]);
    }

    #[test]
    fn every_format_has_files() {
        let seeds = crate::all().unwrap();
        for format in ["fhir_json", "narrative", "hl7v2", "csv", "dicom", "ccda", "own_entry"] {
            assert!(seeds.of(format).len() >= 8, "{format}: {}", seeds.of(format).len());
        }
    }
}
