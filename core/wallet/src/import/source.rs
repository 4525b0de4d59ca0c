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

/// Everything below `paths`, each folder sorted by name. What cannot be listed stays in as a source that fails, and so
/// does the place where the number of files goes beyond the limit.
pub(crate) fn find(paths: &[PathBuf]) -> Vec<Source> {
    let mut walk = Walk { sources: Vec::new(), most: MOST_FILES, full: false };
    for path in paths {
        if path.as_os_str() == "-" {
            walk.push("-".to_owned(), From::Stdin, false);
        } else {
            walk.below(path, display(path), 0);
        }
    }
    walk.sources
}

struct Walk {
    sources: Vec<Source>,
    most: usize,
    /// The limit is reached, and that is said.
    full: bool,
}

impl Walk {
    fn push(&mut self, name: String, from: From, found: bool) {
        if self.full {
            return;
        }
        self.full = self.sources.len() >= self.most;
        let from = if self.full { From::Nowhere("too-many-files") } else { from };
        self.sources.push(Source { name, from, found });
    }

    fn below(&mut self, path: &Path, name: String, depth: usize) {
        if self.full {
            return;
        }
        let found = depth > 0;
        // What was named may be a link. One inside a folder could lead out of it, or round in circles.
        let meta = if found { std::fs::symlink_metadata(path) } else { std::fs::metadata(path) };
        let from = match meta {
            Err(_) => From::Nowhere("file-unreadable"),
            Ok(meta) if meta.is_symlink() => From::Nowhere("file-is-a-link"),
            Ok(meta) if meta.is_dir() && depth >= DEEPEST => From::Nowhere("folder-too-deep"),
            Ok(meta) if meta.is_dir() => return self.folder(path, &name, depth),
            Ok(meta) if meta.is_file() => From::Path(path.to_owned()),
            // A pipe, a socket or a device: to open it could wait forever.
            Ok(_) => From::Nowhere("not-a-file"),
        };
        self.push(name, from, found);
    }

    fn folder(&mut self, path: &Path, name: &str, depth: usize) {
        let Ok(entries) = std::fs::read_dir(path) else {
            return self.push(name.to_owned(), From::Nowhere("file-unreadable"), depth > 0);
        };
        let mut names = Vec::new();
        let mut unreadable = 0_usize;
        // One more than will be taken shows that there are too many.
        for entry in entries.take(self.most.saturating_add(1)) {
            match entry {
                Ok(entry) => names.push(entry.file_name()),
                Err(_) => unreadable += 1,
            }
        }
        names.sort();
        let shown = |inner: &str| format!("{}/{inner}", name.trim_end_matches('/'));
        for inner in names {
            self.below(&path.join(&inner), shown(&inner.to_string_lossy()), depth + 1);
        }
        for _ in 0..unreadable {
            self.push(shown("?"), From::Nowhere("file-unreadable"), true);
        }
    }
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
    /// Opens it; else the reason's code.
    pub(crate) fn open(&self) -> Result<Opened, &'static str> {
        match &self.from {
            From::Nowhere(code) => Err(code),
            From::Stdin => Ok(Opened::Stdin),
            From::Path(path) => {
                // Looked at again: a pipe that took the place of a file since then would never end.
                if !std::fs::metadata(path).map_err(|_| "file-unreadable")?.is_file() {
                    return Err("not-a-file");
                }
                let file = File::open(path).map_err(|_| "file-unreadable")?;
                let length = file.metadata().map_err(|_| "file-unreadable")?.len();
                Ok(Opened::File(file, length))
            }
        }
    }
}

/// A source that is to be read.
pub(crate) enum Opened {
    Stdin,
    /// A file and its length in bytes.
    File(File, u64),
}

/// The whole of `reader`, which is said to have this length, after what was read of it; at most `limit` bytes, else the
/// reason's code.
pub(crate) fn bounded(
    mut bytes: Vec<u8>,
    reader: impl Read,
    length: u64,
    limit: u64,
) -> Result<Vec<u8>, &'static str> {
    if length > limit {
        return Err("file-too-large");
    }
    bytes.reserve_exact(usize::try_from(length).unwrap_or(0).saturating_sub(bytes.len()).saturating_add(1));
    reader.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| "file-unreadable")?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit { Err("file-too-large") } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use super::{From, Opened, Walk, bounded, find};

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
        let names: Vec<&str> = sources.iter().map(|source| source.name.rsplit('/').next().unwrap()).collect();
        #[cfg(unix)]
        assert_eq!(names, ["a.json", "1.json", "2.json", "round", "z.json", "missing.json"]);
        let read = |limit| match sources[1].open() {
            Ok(Opened::File(file, length)) => bounded(Vec::new(), file, length, limit),
            _ => Err("no file"),
        };
        assert_eq!(read(100).unwrap(), b"b/1.json");
        assert_eq!(read(7).unwrap_err(), "file-too-large");
        assert_eq!(sources.last().unwrap().open().err(), Some("file-unreadable"));
    }
    fn code(source: &super::Source) -> &'static str {
        match source.from {
            From::Nowhere(code) => code,
            _ => "",
        }
    }

    #[test]
    fn more_files_than_the_limit_are_said() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["1", "2", "3", "4"] {
            std::fs::write(folder.path().join(name), name).unwrap();
        }
        for (most, expected) in [(4, vec!["", "", "", ""]), (2, vec!["", "", "too-many-files"])] {
            let mut walk = Walk { sources: Vec::new(), most, full: false };
            walk.below(folder.path(), "f".to_owned(), 0);
            walk.below(folder.path().join("1").as_path(), "again".to_owned(), 0);
            let codes: Vec<_> = walk.sources.iter().map(code).take(expected.len()).collect();
            assert_eq!(codes, expected);
            assert_eq!(walk.sources.len(), most + 1);
            assert_eq!(walk.sources.last().map(code), Some("too-many-files"));
        }
    }

    #[cfg(unix)]
    #[test]
    fn pipes_and_sockets_are_never_opened() {
        let folder = tempfile::tempdir().unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("socket")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("dangling")).unwrap();
        std::os::unix::fs::symlink("loop", folder.path().join("loop")).unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        let codes: Vec<_> = find(&[folder.path().to_owned()]).iter().map(code).collect();
        if made.is_ok_and(|status| status.success()) {
            assert_eq!(codes, ["file-is-a-link", "file-is-a-link", "not-a-file", "not-a-file"]);
            let swapped = super::Source { name: String::new(), from: From::Path(pipe), found: true };
            assert_eq!(swapped.open().err(), Some("not-a-file"));
        } else {
            assert_eq!(codes, ["file-is-a-link", "file-is-a-link", "not-a-file"]);
        }
    }
}
