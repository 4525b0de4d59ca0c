//! `share`, `shares`, `revoke`.

use kosha::share::{Review, ShareWish};
use kosha::shares::ShareLine;

use super::Context;
use crate::output::{Failure, Status};
use crate::picture::Picture;
use crate::{args, prompt, terminal};

/// Most records that the review lists by name for one kind, where nobody is asked.
const MOST_NAMED: usize = 12;
/// Columns of the labels of the review: the longest kind with the number of its records.
const LABEL: usize = 20;

pub(crate) fn share(context: &Context, args: args::Share) -> Result<Status, Failure> {
    let picture = args.qr.as_deref().map(Picture::prepare).transpose()?;
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
    // Whoever is asked sees what for. With JSON and nobody to ask, standard error is for the error alone.
    let asks = !yes && prompt::can_ask();
    if asks || !context.output.json {
        let most = if yes { MOST_NAMED } else { usize::MAX };
        let mut review = review_lines(plan.review(), most).join("\n");
        review.push('\n');
        std::io::Write::write_all(&mut std::io::stderr(), review.as_bytes())?;
    }
    if !yes && !prompt::agree("Share this?")? {
        return Err(Failure::new(Status::Failed, "declined", "Nothing was shared."));
    }
    let passcode = if wants_passcode { Some(prompt::new_passcode()?) } else { None };
    let outcome = session.share(plan, passcode.as_ref())?;
    // The link exists now, so it is told first and whatever becomes of the picture.
    let link = outcome.share.link.clone();
    context.output.print(&outcome, || {
        let mut lines = Vec::new();
        if let Ok(code) = kosha::qr::terminal(&outcome.share.link) {
            lines.push(code);
        }
        lines.push(terminal::line(&outcome.share.link));
        lines.push(format!(
            "Ends at {}. Stop it earlier with: kosha revoke {}",
            terminal::time(&outcome.share.expires),
            outcome.share.id
        ));
        if let Some(waiting) = &outcome.waiting {
            lines.push(terminal::warning(&terminal::line(&waiting.message)));
        }
        lines
    })?;
    if let Some(picture) = picture {
        picture.write(&link)?;
    }
    Ok(if outcome.waiting.is_some() { Status::Partly } else { Status::Done })
}

fn review_lines(review: &Review, most: usize) -> Vec<String> {
    let width = terminal::width();
    let mut lines = vec![terminal::strong("What will be seen")];
    let mut say = |label: &str, text: &str| {
        let mut rest = terminal::wrap(&terminal::line(text), width.saturating_sub(LABEL + 4)).into_iter();
        lines.push(format!("  {}  {}", terminal::column(label, LABEL), rest.next().unwrap_or_default()));
        lines.extend(rest.map(|line| format!("{:1$}{line}", "", LABEL + 4)));
    };
    say("Whose", &review.person);
    say("About them", &review.patient_fields.join(", "));
    for group in &review.groups {
        let mut names = group.titles.iter().take(most).cloned().collect::<Vec<_>>().join("; ");
        if group.titles.len() > most {
            names = format!("{names}; and {} more", group.titles.len() - most);
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
    say("Ends", &terminal::time(&review.expires));
    if let Some(views) = review.views {
        say("Openings", &format!("at most {views}"));
    }
    say("Passcode", if review.passcode { "asked for" } else { "none: whoever has the code can open it" });
    lines
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

fn opened(views: u32) -> String {
    match views {
        0 => "not opened".to_owned(),
        1 => "opened once".to_owned(),
        count => format!("opened {count} times"),
    }
}

fn share_lines(share: &ShareLine) -> Vec<String> {
    let views = opened(share.views);
    let state = match share.state {
        "revoking" => format!("not yet confirmed, ends at {}", terminal::time(&share.expires)),
        "active" | "pending" => format!("{}, ends at {}", share.state, terminal::time(&share.expires)),
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
        if revoked.share.state == "failed" {
            return vec![
                "Withdrawn. This share never reached its relay, so there is no link to stop.".to_owned(),
            ];
        }
        vec![if revoked.share.state == "revoking" {
            terminal::warning(&format!(
                "Recorded. Not yet confirmed, ends at {}. Every later command tries again.",
                terminal::time(&revoked.share.expires)
            ))
        } else {
            format!("The link no longer works. It was {}.", opened(revoked.share.views))
        }]
    })?;
    Ok(if revoked.share.state == "revoking" { Status::Partly } else { Status::Done })
}
