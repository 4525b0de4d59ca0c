//! Finding and reading what is to be imported: files, folders in a stable order, a stream.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Most files of one import.
const MOST_FILES: usize = 100_000;
/// Deepest folder below one that was named.
const DEEPEST: usize = 32;

/// One thing to import.
pub(crate) struct Source {
    /// What the report calls it: the path as given, with `/` between its parts.
    pub(crate) name: String,
    pub(crate) from: From,
    /// Whether it was found inside a folder and not named itself. What is no health record is then passed over.
    pub(crate) found: bool,
}

pub(crate) enum From {
    Path(PathBuf),
    Stdin,
    /// Could not even be listed; the reason's code.
    Nowhere(&'static str),
}

/// Everything below `paths`, each folder sorted by name. A path that cannot be listed stays in as a source that fails.
pub(crate) fn find(paths: &[PathBuf]) -> Vec<Source> {
    let mut sources = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            sources.push(Source { name: "-".to_owned(), from: From::Stdin, found: false });
        } else {
            walk(path, display(path), 0, &mut sources);
        }
    }
    sources
}

fn walk(path: &Path, name: String, depth: usize, sources: &mut Vec<Source>) {
    let found = depth > 0;
    let nowhere = |code| From::Nowhere(code);
    if sources.len() >= MOST_FILES {
        return;
    }
    let from = match std::fs::metadata(path) {
        Err(_) => nowhere("file-unreadable"),
        // A link inside a folder could lead out of it, or round in circles.
        Ok(_) if found && path.is_symlink() => nowhere("file-is-a-link"),
        Ok(meta) if meta.is_dir() => match std::fs::read_dir(path) {
            Ok(_) if depth >= DEEPEST => nowhere("folder-too-deep"),
            Ok(entries) => {
                let mut names: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
                names.sort();
                for inner in names {
                    let shown = format!("{}/{}", name.trim_end_matches('/'), inner.to_string_lossy());
                    walk(&path.join(&inner), shown, depth + 1, sources);
                }
                return;
            }
            Err(_) => nowhere("file-unreadable"),
        },
        Ok(meta) if meta.is_file() => From::Path(path.to_owned()),
        Ok(_) => nowhere("not-a-file"),
    };
    sources.push(Source { name, from, found });
}

fn display(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

impl Source {
    /// The last part of the name: what the vault keeps.
    pub(crate) fn short_name(&self) -> &str {
        self.name.rsplit('/').find(|part| !part.is_empty()).unwrap_or("-")
    }

    /// All bytes, at most `limit`; else the reason's code.
    pub(crate) fn read(&self, limit: u64) -> Result<Vec<u8>, &'static str> {
        match &self.from {
            From::Nowhere(code) => Err(code),
            From::Stdin => bounded(std::io::stdin().lock(), 0, limit),
            From::Path(path) => {
                let file = File::open(path).map_err(|_| "file-unreadable")?;
                let length = file.metadata().map_err(|_| "file-unreadable")?.len();
                if length > limit {
                    return Err("file-too-large");
                }
                bounded(file, length, limit)
            }
        }
    }
}

fn bounded(reader: impl Read, length: u64, limit: u64) -> Result<Vec<u8>, &'static str> {
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1));
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| "file-unreadable")?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit { Err("file-too-large") } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn folders_are_walked_in_a_stable_order_and_links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("b/deep")).unwrap();
        for name in ["z.json", "a.json", "b/1.json", "b/deep/2.json"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path(), folder.path().join("b/round")).unwrap();
        let sources = find(&[folder.path().to_owned(), "missing.json".into()]);
        let names: Vec<&str> = sources.iter().map(super::Source::short_name).collect();
        #[cfg(unix)]
        assert_eq!(names, ["a.json", "1.json", "2.json", "round", "z.json", "missing.json"]);
        assert_eq!(sources[1].read(100).unwrap(), b"b/1.json");
        assert_eq!(sources[1].read(7).unwrap_err(), "file-too-large");
        assert_eq!(sources.last().unwrap().read(7).unwrap_err(), "file-unreadable");
    }
}
