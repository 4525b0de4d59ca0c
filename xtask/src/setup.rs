//! Installing what the tests need. Each step first looks whether it is there, and says what it does.

use crate::run::{Outcome, cache_dir, cargo, present, root, succeed};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::{Command, Stdio};

/// Folders with an npm lock file, below the root.
pub(crate) const NPM_FOLDERS: [&str; 2] = ["tests/reader", "tests/peers"];

/// Folder with a Go module: another implementation of signed notes and log proofs.
const GO_FOLDER: &str = "tests/peers/log";

/// Folder of Python programs that count what is in messages and documents, with the list of their packages.
const PYTHON_FOLDER: &str = "tests/peers/counts";

/// Version of cargo-deny that the rules in `deny.toml` are written for.
const CARGO_DENY: &str = "0.20.2";

/// Installs everything.
pub(crate) fn run() -> Outcome {
    system_packages()?;
    for folder in NPM_FOLDERS {
        npm_packages(&root().join(folder))?;
    }
    go_modules(&root().join(GO_FOLDER))?;
    if let Err(reason) = python_packages() {
        println!("skipped: counts by Python's parsers of HL7 v2 and C-CDA: {reason}");
    }
    cargo_deny()
}

/// Whether the packages of [`PYTHON_FOLDER`] are there.
pub(crate) fn has_python_packages() -> bool {
    let wanted = std::fs::read(root().join(PYTHON_FOLDER).join("requirements.txt")).ok();
    wanted.is_some() && std::fs::read(cache_dir().join("python").join("installed")).ok() == wanted
}

/// Installs the pinned packages into an environment in the cache, once per content of their list. A machine without Python,
/// or without the packages, runs all else.
fn python_packages() -> Outcome {
    if has_python_packages() {
        println!("Python packages of {PYTHON_FOLDER}: all there");
        return Ok(());
    }
    let kept = cache_dir().join("python");
    let list = root().join(PYTHON_FOLDER).join("requirements.txt");
    println!("Python packages of {PYTHON_FOLDER}: installing by their list");
    let io = |reason: std::io::Error| format!("{}: {reason}", kept.display());
    std::fs::create_dir_all(&kept).map_err(io)?;
    succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&kept))?;
    let mut pip = Command::new(kept.join("bin").join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(&list);
    succeed(&mut pip)?;
    std::fs::copy(&list, kept.join("installed")).map(drop).map_err(io)
}

/// Node with npm for the browser tests and the peer library, Go for another peer, Chromium as the doctor's browser.
fn system_packages() -> Outcome {
    let mut missing = Vec::new();
    for (program, package) in [("node", "nodejs"), ("npm", "npm"), ("chromium", "chromium")] {
        if !present(program) {
            missing.push(package);
        }
    }
    if !has_go() {
        missing.push("golang-go");
    }
    if missing.is_empty() {
        println!("system packages: all there");
        return Ok(());
    }
    if !present("apt-get") {
        return Err(format!("please install {} and run this again", missing.join(", ")));
    }
    println!("system packages: installing {}", missing.join(", "));
    let quiet = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        succeed(&mut command)
    };
    quiet(&["update", "-qq"])?;
    let mut install = vec!["install", "-y", "-qq", "--no-install-recommends"];
    install.extend(missing);
    quiet(&install)
}

/// `go --version` is no command of Go.
fn has_go() -> bool {
    Command::new("go")
        .arg("version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|s| s.success())
}

/// Fetches the modules that `go.sum` names, into Go's own cache.
fn go_modules(folder: &Path) -> Outcome {
    println!("Go modules of {}: by its go.sum", folder.display());
    succeed(Command::new("go").args(["mod", "download"]).current_dir(folder))
}

/// Installs by the lock file into the cache, once per content of the lock file, and links it into the folder.
fn npm_packages(folder: &Path) -> Outcome {
    let lock = folder.join("package-lock.json");
    let content = std::fs::read(&lock).map_err(|reason| format!("{}: {reason}", lock.display()))?;
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    let kept = cache_dir().join("npm").join(format!("{:016x}", hasher.finish()));
    let finished = kept.join("installed");
    if finished.exists() {
        println!("npm packages of {}: all there", folder.display());
    } else {
        println!("npm packages of {}: installing by its lock file", folder.display());
        let io = |reason: std::io::Error| format!("{}: {reason}", kept.display());
        std::fs::create_dir_all(&kept).map_err(io)?;
        for file in ["package.json", "package-lock.json"] {
            std::fs::copy(folder.join(file), kept.join(file)).map_err(io)?;
        }
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&kept);
        succeed(&mut npm)?;
        std::fs::write(&finished, b"").map_err(io)?;
    }
    link(&kept.join("node_modules"), &folder.join("node_modules"))
}

#[cfg(unix)]
fn link(target: &Path, at: &Path) -> Outcome {
    if at.is_symlink() {
        std::fs::remove_file(at).map_err(|reason| format!("{}: {reason}", at.display()))?;
    } else if at.is_dir() {
        return Ok(());
    }
    std::os::unix::fs::symlink(target, at).map_err(|reason| format!("{}: {reason}", at.display()))
}

#[cfg(not(unix))]
fn link(_: &Path, at: &Path) -> Outcome {
    Err(format!("please run npm ci in the folder of {}", at.display()))
}

/// The checker of licences, duplicate versions and banned crates.
fn cargo_deny() -> Outcome {
    let program = deny_program();
    if present(&program.to_string_lossy()) {
        println!("cargo-deny {CARGO_DENY}: there");
        return Ok(());
    }
    println!("cargo-deny {CARGO_DENY}: building it once");
    let kept = cache_dir().join("cargo-deny").join(CARGO_DENY);
    succeed(
        cargo(["install", "cargo-deny", "--locked", "--quiet", "--version", CARGO_DENY, "--root"])
            .arg(&kept)
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    )
}

/// Where cargo-deny is kept between clones.
pub(crate) fn deny_program() -> std::path::PathBuf {
    cache_dir().join("cargo-deny").join(CARGO_DENY).join("bin").join("cargo-deny")
}
