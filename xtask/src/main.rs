//! `cargo xtask`: everything this repository does besides compiling.
//!
//! | command | what it does |
//! | --- | --- |
//! | `demo [--exit]` | the main job from end to end on the sample patient |
//! | `test` | installs what the tests need and runs them all, with the minutes of each stage |
//! | `lint` | formatting, clippy, dependency rules |
//! | `bench [NAME]` | benchmarks against peers, ratios within one run; `counts`: instructions |
//! | `fuzz [TARGET...] [--minutes N]` | everything that reads foreign bytes, fed with ever new ones |
//! | `torture` | the long form of the fault tests |
//! | `setup` | only the installing part of `test` |
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod demo;
mod failures;
mod fuzz;
mod lint;
mod run;
mod setup;
mod stages;
mod test;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["demo"] => demo::run(demo::After::KeepServing),
        ["demo", "--exit"] => demo::run(demo::After::Exit),
        ["test"] => test::run(test::Extent::Once),
        ["torture"] => test::run(test::Extent::Long),
        ["lint"] => lint::run(),
        ["setup"] => setup::run(),
        ["fuzz", words @ ..] => fuzz::run(words),
        ["bench", names @ ..] => bench::run(names),
        _ => Err("cargo xtask demo [--exit] | test | lint | bench [NAME] | fuzz [TARGET...] [--minutes N] | torture | setup".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("xtask: {reason}");
            ExitCode::FAILURE
        }
    }
}
