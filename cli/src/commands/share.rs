//! `share`, `shares`, `revoke`.

use std::path::Path;

use kosha::share::{Review, ShareWish};
use kosha::shares::ShareLine;

use super::Context;
use crate::output::{Failure, Status};
use crate::{args, prompt, terminal};

/// Most records that the review lists by name for one kind.
const MOST_NAMED: usize = 12;

pub(crate) fn share(context: &Context, args: args::Share) -> Result<Status, Failure> {
    let qr = args.qr.clone();
    if let Some(path) = &qr {
        qr_kind(path)?;
    }
    let yes = args.yes;
    let wants_passcode = args.passcode;
    let mut session = context.unlock()?;
    let wish = ShareWish {
        all: args.all,
        kinds: args.kind,
        records: args.record,
        from: args.from,
        to: args.to,
        person: args.person,
        purpose: args.purpose,
        recipient: args.recipient,
        expires: args.expires,
        passcode: wants_passcode,
        views: args.views,
        direct: args.direct,
        sensitive: args.sensitive,
    };
    let plan = session.plan_share(&wish)?;
    for line in review_lines(plan.review()) {
        if !context.output.json {
            drop(std::io::Write::write_all(&mut std::io::stderr(), format!("{line}\n").as_bytes()));
        }
    }
    if !yes && !prompt::agree("Share this?")? {
        return Err(Failure::new(Status::Failed, "declined", "Nothing was shared."));
    }
    let passcode = if wants_passcode { Some(prompt::new_passcode()?) } else { None };
    let outcome = session.share(plan, passcode.as_ref())?;
    if let Some(path) = &qr {
        write_qr(path, &outcome.share.link)?;
    }
    context.output.print(&outcome, || {
        let mut lines = Vec::new();
        if let Ok(code) = kosha::qr::terminal(&outcome.share.link) {
            lines.push(code);
        }
        lines.push(terminal::line(&outcome.share.link));
        lines.push(format!(
            "Ends at {}. Stop it earlier with: kosha revoke {}",
            outcome.share.expires, outcome.share.id
        ));
        if let Some(waiting) = &outcome.waiting {
            lines.push(terminal::warning(&terminal::line(&waiting.message)));
        }
        lines
    })?;
    Ok(if outcome.waiting.is_some() { Status::Partly } else { Status::Done })
}

fn review_lines(review: &Review) -> Vec<String> {
    let width = terminal::width();
    let mut lines = vec![terminal::strong("What will be seen")];
    let mut say = |label: &str, text: &str| {
        let mut rest = terminal::wrap(&terminal::line(text), width.saturating_sub(18)).into_iter();
        lines.push(format!("  {}{}", terminal::column(label, 16), rest.next().unwrap_or_default()));
        lines.extend(rest.map(|line| format!("{:18}{line}", "")));
    };
    say("Whose", &review.person);
    say("About them", &review.patient_fields.join(", "));
    for group in &review.groups {
        let mut names = group.titles.iter().take(MOST_NAMED).cloned().collect::<Vec<_>>().join("; ");
        if group.titles.len() > MOST_NAMED {
            names = format!("{names}; and {} more", group.titles.len() - MOST_NAMED);
        }
        say(&format!("{} ({})", group.kind, group.titles.len()), &names);
    }
    for notice in &review.notices {
        say("Note", notice);
    }
    for left_out in &review.left_out {
        say("Stays here", left_out);
    }
    say("Purpose", &review.purpose);
    if let Some(recipient) = &review.recipient {
        say("For", recipient);
    }
    say("Ends", &review.expires);
    if let Some(views) = review.views {
        say("Openings", &format!("at most {views}"));
    }
    say("Passcode", if review.passcode { "asked for" } else { "none: whoever has the code can open it" });
    lines
}

/// The format that a file name asks for.
fn qr_kind(path: &Path) -> Result<&'static str, Failure> {
    let extension =
        path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_ascii_lowercase();
    match extension.as_str() {
        "png" => Ok("png"),
        "svg" => Ok("svg"),
        _ => Err(Failure::usage("The file for the QR code has to end in .png or .svg.")),
    }
}

fn write_qr(path: &Path, link: &str) -> Result<(), Failure> {
    let bytes = match qr_kind(path)? {
        "png" => kosha::qr::png(link)?,
        _ => kosha::qr::svg(link)?.into_bytes(),
    };
    Ok(std::fs::write(path, bytes)?)
}

pub(crate) fn shares(context: &Context) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let fresh = session.refresh_shares();
    let shares = session.shares()?;
    context.output.print(&shares, || {
        let mut lines: Vec<String> = shares.shares.iter().flat_map(share_lines).collect();
        if lines.is_empty() {
            lines.push("Nothing was shared yet.".to_owned());
        }
        if !fresh.is_complete() {
            lines.push(terminal::faint("The relay could not be reached; this is what was last known."));
        }
        lines
    })?;
    Ok(Status::Done)
}

fn share_lines(share: &ShareLine) -> Vec<String> {
    let views = match share.views {
        0 => "not opened".to_owned(),
        1 => "opened once".to_owned(),
        count => format!("opened {count} times"),
    };
    let state = match share.state {
        "revoking" => format!("not yet confirmed, ends at {}", share.expires),
        "active" | "pending" => format!("{}, ends at {}", share.state, share.expires),
        state => state.to_owned(),
    };
    let mut about = terminal::line(&share.purpose);
    if let Some(recipient) = &share.recipient {
        about = format!("{about} · for {}", terminal::line(recipient));
    }
    vec![
        format!("{}  {}", terminal::strong(&share.id), state),
        format!("  {about} · {} records · {views}", share.records),
    ]
}

pub(crate) fn revoke(context: &Context, share: &str) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let revoked = session.revoke(share)?;
    context.output.print(&revoked, || {
        vec![if revoked.share.state == "revoking" {
            terminal::warning(&format!(
                "Recorded. Not yet confirmed, ends at {}. Every later command tries again.",
                revoked.share.expires
            ))
        } else {
            format!("The link no longer works. It was opened {} times.", revoked.share.views)
        }]
    })?;
    Ok(if revoked.share.state == "revoking" { Status::Partly } else { Status::Done })
}
