//! The `kosha` command: a shell over the facade for the desk and for demonstrations. It maps arguments to use cases and
//! their results to text or JSON; it decides nothing else.

mod args;
mod clock;
mod commands;
mod failures;
mod new_file;
mod output;
mod own_args;
mod people_args;
mod picture;
mod progress;
mod prompt;
mod records;
mod result_args;
mod terminal;
mod usage;
mod view_args;
mod words;

use std::process::ExitCode;

use clap::Parser;

/// Whatever is given back is overwritten, so that nothing of an opened vault outlives its use.
#[global_allocator]
static ALLOCATOR: kosha::WipingAllocator = kosha::WIPING;

fn main() -> ExitCode {
    let status = match args::Cli::try_parse() {
        Ok(cli) => {
            words::speak(cli.language);
            let as_json = cli.json;
            commands::run(cli).unwrap_or_else(|failure| {
                failure.print(as_json);
                failure.status
            })
        }
        Err(error) => usage::misunderstood(error),
    };
    ExitCode::from(status as u8)
}
