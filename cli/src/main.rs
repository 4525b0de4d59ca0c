//! The `kosha` command: a shell over the facade for the desk and for demonstrations. It maps arguments to use cases and
//! their results to text or JSON; it decides nothing else.

mod args;
mod commands;
mod new_file;
mod output;
mod people_args;
mod picture;
mod progress;
mod prompt;
mod records;
mod terminal;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::output::{Failure, Status};

/// Whatever is given back is overwritten, so that nothing of an opened vault outlives its use.
#[global_allocator]
static ALLOCATOR: kosha::WipingAllocator = kosha::WIPING;

fn main() -> ExitCode {
    let status = match args::Cli::try_parse() {
        Ok(cli) => {
            let as_json = cli.json;
            commands::run(cli).unwrap_or_else(|failure| {
                failure.print(as_json);
                failure.status
            })
        }
        Err(error) => misunderstood(&error),
    };
    ExitCode::from(status as u8)
}

/// Help and version go to standard output; anything else was not understood.
fn misunderstood(error: &clap::Error) -> Status {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        drop(error.print());
        return Status::Done;
    }
    if std::env::args_os().any(|arg| arg == "--json") {
        let text = error.render().to_string();
        Failure::usage(text.trim_start_matches("error: ").trim_end()).print(true);
    } else {
        drop(error.print());
    }
    Status::Usage
}
