//! What is said where the arguments were not understood.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};

use crate::args::Cli;
use crate::output::{Failure, Status};

/// Help and version go to standard output; anything else was not understood.
pub(crate) fn misunderstood(mut error: clap::Error) -> Status {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        drop(error.print());
        return Status::Done;
    }
    // What a variable gives counts as given, and would stand in the usage as if it had to be typed.
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string().replace(" --vault <DIR>", "").replace(" --language <TAG>", "");
        error.insert(ContextKind::Usage, ContextValue::StyledStr(usage.into()));
    }
    let words: Vec<String> =
        std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    if let Some(tip) = hyphen_tip(&error, &words) {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    if words.iter().any(|word| word == "--json") {
        let text = error.render().to_string();
        Failure::usage(text.trim_start_matches("error: ").trim_end()).print(true);
    } else {
        drop(error.print());
    }
    Status::Usage
}

/// A value that begins with a hyphen is taken for an option, unless it is joined to its own: says how.
fn hyphen_tip(error: &clap::Error, words: &[String]) -> Option<String> {
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg) else { return None };
    // Of several short letters only the first is named.
    let at = words.iter().position(|word| word == unknown).or_else(|| {
        let short = !unknown.starts_with("--");
        words.iter().position(|word| short && !word.starts_with("--") && word.starts_with(unknown.as_str()))
    })?;
    let (before, option) = (words.get(..at)?, words.get(at.checked_sub(1)?)?);
    let value = words.get(at)?;
    takes_a_value(before, option).then(|| {
        format!("a value that begins with a hyphen is joined with an equals sign: '{option}={value}'")
    })
}

/// Whether `option` takes a value in the command that `before` names.
fn takes_a_value(before: &[String], option: &str) -> bool {
    let Some(name) = option.strip_prefix("--") else { return false };
    let root = Cli::command();
    let takes = |command: &Command| {
        let mut options = command.get_arguments();
        options.any(|arg| arg.get_long() == Some(name) && arg.get_action().takes_values())
    };
    let mut command = &root;
    let mut found = takes(command);
    for word in before {
        if let Some(inner) = command.find_subcommand(word) {
            command = inner;
            found |= takes(command);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::hyphen_tip;
    use crate::args::Cli;
    use clap::Parser;

    fn tip(line: &str) -> Option<String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let parsed = Cli::try_parse_from(std::iter::once("kosha".to_owned()).chain(words.iter().cloned()));
        hyphen_tip(&parsed.expect_err("not understood"), &words)
    }

    #[test]
    fn a_value_with_a_hyphen_is_told_from_an_option_that_is_not_known() {
        for (line, joined) in [
            ("share --all --purpose -test", "'--purpose=-test'"),
            ("share --all --purpose x --expires -1d", "'--expires=-1d'"),
            ("timeline --after --x", "'--after=--x'"),
            ("attach a.pdf --title -x", "'--title=-x'"),
            ("--vault -v persons", "'--vault=-v'"),
            ("person change Asha --relation -x", "'--relation=-x'"),
        ] {
            assert!(tip(line).is_some_and(|tip| tip.ends_with(joined)), "{line}");
        }
        for line in ["search -x", "share --all -x", "timeline --nothing", "show 1234 --original -x"] {
            assert_eq!(tip(line), None, "{line}");
        }
    }
}
