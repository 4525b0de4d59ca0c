//! `share`, `shares`, `revoke`.

use kosha::share::{Review, ShareWish};
use kosha::shares::ShareLine;

use super::Context;
use crate::output::{Failure, Status};
use crate::picture::Picture;
use crate::{args, prompt, terminal, words};

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
    if !yes && !prompt::agree(words::text("share-agree"))? {
        return Err(Failure::new(Status::Failed, "declined", words::text("share-declined")));
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
        let time = terminal::time(&outcome.share.expires);
        lines.push(words::say("share-ends", &[("time", &time), ("id", &outcome.share.id)]));
        if let Some(waiting) = &outcome.waiting {
            lines.push(terminal::warning(&terminal::line(
                words::find("error", waiting.code).unwrap_or(&waiting.message),
            )));
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
    let mut lines = vec![terminal::strong(words::text("review-heading"))];
    let mut put = |label: &str, text: &str| {
        let mut rest = terminal::wrap(&terminal::line(text), width.saturating_sub(LABEL + 4)).into_iter();
        lines.push(format!("  {}  {}", terminal::column(label, LABEL), rest.next().unwrap_or_default()));
        lines.extend(rest.map(|line| format!("{:1$}{line}", "", LABEL + 4)));
    };
    put(words::text("review-person"), &review.person);
    put(words::text("review-about"), &review.patient_fields.join(", "));
    for group in &review.groups {
        let mut names = group.titles.iter().take(most).cloned().collect::<Vec<_>>().join("; ");
        if group.titles.len() > most {
            let more = words::counted("review-more", group.titles.len() - most);
            names = format!("{names}; {more}");
        }
        let kind = words::kind(group.kind, group.kind_text);
        put(&format!("{kind} ({})", group.titles.len()), &names);
    }
    for notice in &review.notices {
        put(words::text("review-note"), notice);
    }
    for left_out in &review.left_out {
        put(words::text("review-stays"), left_out);
    }
    put(words::text("review-purpose"), &review.purpose);
    if let Some(recipient) = &review.recipient {
        put(words::text("review-for"), recipient);
    }
    put(words::text("review-ends"), &terminal::time(&review.expires));
    if let Some(views) = review.views {
        put(words::text("review-openings"), &words::say("review-atMost", &[("count", &views.to_string())]));
    }
    let passcode = if review.passcode { "review-passcodeAsked" } else { "review-passcodeNone" };
    put(words::text("review-passcode"), words::text(passcode));
    lines
}

pub(crate) fn shares(context: &Context) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let fresh = session.refresh_shares();
    let shares = session.shares()?;
    context.output.print(&shares, || {
        let mut lines: Vec<String> = shares.shares.iter().flat_map(share_lines).collect();
        if lines.is_empty() {
            lines.push(words::text("shares-none").to_owned());
        }
        if !fresh.is_complete() {
            lines.push(terminal::faint(words::text("shares-stale")));
        }
        lines
    })?;
    Ok(Status::Done)
}

pub(crate) fn opened(views: u32) -> String {
    words::say("shares-opened", &[("count", &views.to_string())])
}

/// How a share stands, in the session's language.
pub(crate) fn state_text(state: &'static str) -> &'static str {
    words::find("shareState", state).unwrap_or(state)
}

fn share_lines(share: &ShareLine) -> Vec<String> {
    let views = opened(share.views);
    let state = match share.state {
        "revoking" | "active" | "pending" => {
            let places = [("state", state_text(share.state)), ("time", &terminal::time(&share.expires))];
            words::say("shares-until", &places)
        }
        state => state_text(state).to_owned(),
    };
    let mut about = terminal::line(&share.purpose);
    if let Some(recipient) = &share.recipient {
        about = format!("{about} · {}", words::say("shares-for", &[("name", &terminal::line(recipient))]));
    }
    vec![
        format!("{}  {}", terminal::strong(&share.id), state),
        format!("  {about} · {} · {views}", words::counted("shares-records", share.records)),
    ]
}

pub(crate) fn revoke(context: &Context, share: &str) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let revoked = session.revoke(share)?;
    context.output.print(&revoked, || {
        if revoked.share.state == "failed" {
            return vec![words::text("shares-neverSent").to_owned()];
        }
        vec![if revoked.share.state == "revoking" {
            let time = terminal::time(&revoked.share.expires);
            terminal::warning(&words::say("shares-unconfirmed", &[("time", &time)]))
        } else {
            words::say("shares-stopped", &[("count", &revoked.share.views.to_string())])
        }]
    })?;
    Ok(if revoked.share.state == "revoking" { Status::Partly } else { Status::Done })
}
