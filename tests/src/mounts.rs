//! File systems of a test's own, where this process may mount them; elsewhere one line says so.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A mounted folder; unmounted when dropped.
#[derive(Debug)]
pub struct Mount(PathBuf);

fn mount(words: &[&OsStr]) -> bool {
    let mounted = Command::new("mount").args(words).output().is_ok_and(|output| output.status.success());
    if !mounted {
        println!("skipped: this process may not mount a file system");
    }
    mounted
}

impl Mount {
    /// A disk in memory of so many KiB, at a place where nothing is.
    pub fn small(at: &Path, kib: usize) -> Option<Self> {
        std::fs::create_dir(at).expect("a folder");
        let size = format!("size={kib}k");
        let words =
            ["-t".as_ref(), "tmpfs".as_ref(), "-o".as_ref(), size.as_ref(), "tmpfs".as_ref(), at.as_ref()];
        mount(&words).then(|| Self(at.to_owned()))
    }

    /// `folder`, seen at another place where nothing can be written.
    pub fn read_only(folder: &Path, at: &Path) -> Option<Self> {
        std::fs::create_dir(at).expect("a folder");
        let bound = mount(&["--bind".as_ref(), folder.as_ref(), at.as_ref()]).then(|| Self(at.to_owned()));
        bound.filter(|_| mount(&["-o".as_ref(), "remount,ro,bind".as_ref(), at.as_ref()]))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}
