//! Python with the packages of `tests/peers/counts`, where this machine has them.

use std::path::PathBuf;

/// The interpreter into whose environment `cargo xtask setup` installed the pinned packages; says in one line when there is
/// none.
pub fn python() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    let kept = cache.or_else(home)?.join("kosha/python");
    let interpreter = kept.join("bin/python");
    if kept.join("installed").is_file() && interpreter.is_file() {
        return Some(interpreter);
    }
    println!("skipped: no Python with the packages of tests/peers/counts; cargo xtask setup installs them");
    None
}
