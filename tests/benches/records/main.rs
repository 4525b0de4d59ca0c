//! Records from a file to a list that is read: splitting and understanding bundles beside other readers of JSON and FHIR,
//! importing them, the memory that takes, and the first page of every view over a vault of a lifetime.
//!
//! `cargo xtask bench records`. Reads the synthetic whole-patient bundles of the outside test data, else generated ones. What
//! the figures mean: `docs/performance.md`.

mod import;
mod reading;
mod views;

use std::path::{Path, PathBuf};

use kosha_tests::generator::{STYLES, bundle};
use kosha_tests::programs::{files_below, test_data};

/// As in the command and the apps: memory is wiped when it is given back, and that costs.
#[global_allocator]
static ALLOCATOR: kosha::WipingAllocator = kosha::WIPING;

const ROUNDS: usize = 5;

fn main() {
    if import::is_asked() {
        return import::one_process();
    }
    let folder = tempfile::tempdir().expect("a folder");
    let files = files(folder.path());
    // `cargo bench … -- views` is for one part alone.
    let named: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    if wanted("reading") {
        reading::print(&files);
    }
    if wanted("import") {
        import::print(&files);
    }
    if wanted("views") {
        views::print(100_000);
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    if let Some(data) = test_data() {
        return files_below(&data.join("fhir/synthea-r4"))
            .into_iter()
            .filter(|file| file.extension().is_some_and(|end| end == "json"))
            .collect();
    }
    (0_u64..)
        .zip(STYLES)
        .map(|(seed, style)| {
            let file = folder.join(format!("bundle-{seed}.json"));
            std::fs::write(&file, bundle(style, seed, 1_500)).expect("a file");
            file
        })
        .collect()
}

fn size(file: &Path) -> u64 {
    file.metadata().map_or(0, |about| about.len())
}

#[allow(clippy::cast_precision_loss)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
