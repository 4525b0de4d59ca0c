//! `kosha-seeds FOLDER`: writes them, one folder for each format.
#![allow(clippy::print_stderr, reason = "a program says what went wrong")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("kosha-seeds FOLDER");
        return ExitCode::FAILURE;
    };
    match kosha_seeds::all().and_then(|seeds| seeds.write(Path::new(&folder))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("kosha-seeds: {reason}");
            ExitCode::FAILURE
        }
    }
}
