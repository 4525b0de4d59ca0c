//! `log --prove` and `verify-proof`: what the log says, for someone who does not trust this device.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use kosha::proof::{KeyStanding, MOST_BYTES, ProofWish, Since, Verified, VerifyWish};
use serde_json::json;

use super::Context;
use super::vault::event_name;
use crate::output::{Failure, Status};
use crate::{args, new_file, terminal, words};

/// Most bytes of a checkpoint that are read; more is none.
const MOST_NOTE: usize = 8192;

pub(crate) fn prove(context: &Context, args: args::Log) -> Result<Status, Failure> {
    let Some(out) = args.out else { return Err(Failure::usage(words::text("proof-whereTo"))) };
    let since = args.since.as_deref().map(since).transpose()?;
    let mut session = context.unlock()?;
    if out.exists() {
        return Err(new_file::taken());
    }
    session.refresh_shares();
    let wish = ProofWish { entries: args.entry, share: args.share, all: args.all, since };
    let proof = session.prove_log(&wish)?;
    new_file::write(&out, &proof.bytes)?;
    let shown = out.to_string_lossy().into_owned();
    let document = json!({"proof": {
        "file": shown,
        "entries": proof.entries,
        "size": proof.size,
        "fingerprint": proof.fingerprint,
    }});
    context.output.print(&document, || {
        vec![
            words::say_all(
                "proof-written",
                &[
                    ("count", proof.entries.len().to_string()),
                    ("size", proof.size.to_string()),
                    ("file", terminal::line(&shown)),
                ],
            ),
            words::text("proof-readable").to_owned(),
            terminal::faint(&words::say("proof-key", &[("key", &proof.fingerprint)])),
        ]
    })?;
    Ok(Status::Done)
}

fn since(text: &Path) -> Result<Since, Failure> {
    match text.to_str().and_then(|text| text.parse().ok()) {
        Some(size) => Ok(Since::Size(size)),
        None => note(text).map(Since::Checkpoint),
    }
}

/// A file, or standard input, of at most `most` bytes; one more tells that it is longer.
fn read(file: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let most = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)?;
    } else {
        File::open(file).map_err(not_opened)?.take(most).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn not_opened(error: std::io::Error) -> Failure {
    if error.kind() == std::io::ErrorKind::NotFound {
        return Failure::new(Status::Failed, "io", words::text("proof-noFile"));
    }
    error.into()
}

fn note(file: &Path) -> Result<String, Failure> {
    let bytes = read(file, MOST_NOTE)?;
    String::from_utf8(bytes).map_err(|_| kosha::Error::from(kosha::proof::ProofFault::BadCheckpoint).into())
}

pub(crate) fn verify(context: &Context, args: &args::VerifyProof) -> Result<Status, Failure> {
    let against = args.against.as_deref().map(note).transpose()?;
    let wish = VerifyWish { proof: read(&args.file, MOST_BYTES)?, key: args.key.clone(), against };
    let verified = kosha::proof::verify(&wish, words::language())?;
    context.output.print(&verified, || lines(&verified))?;
    Ok(Status::Done)
}

fn lines(verified: &Verified) -> Vec<String> {
    let width = terminal::width();
    let mut lines: Vec<String> = verified
        .entries
        .iter()
        .map(|entry| {
            let event = terminal::column(&terminal::line(event_name(&entry.event)), 20);
            let when = terminal::time(&entry.time);
            format!("{:>4}  {when}  {event}  {}", entry.index, terminal::line(&entry.detail))
        })
        .collect();
    let mut part = |heading: &str, sentences: &[String]| {
        lines.push(String::new());
        lines.push(terminal::strong(heading));
        for sentence in sentences {
            let mut wrapped = terminal::wrap(sentence, width.saturating_sub(4)).into_iter();
            lines.push(format!("  - {}", wrapped.next().unwrap_or_default()));
            lines.extend(wrapped.map(|rest| format!("    {rest}")));
        }
    };
    part(words::text("proof-holds"), &verified.holds);
    part(words::text("proof-unknown"), &verified.unknown);
    lines.push(String::new());
    let key = match verified.key {
        KeyStanding::NotCompared => "proof-keyNotCompared",
        KeyStanding::Compared | KeyStanding::SameAsCheckpoint => "proof-keyCompared",
    };
    lines.push(words::say(key, &[("key", &verified.fingerprint)]));
    lines
}
