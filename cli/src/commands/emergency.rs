//! `emergency-card`.

use kosha::LockedWallet;
use kosha::emergency::{CardFact, CardField, CardShown, CardWish, EmergencyCard};

use super::Context;
use crate::output::{Failure, Status};
use crate::{people_args, terminal, words};

pub(crate) fn emergency_card(
    context: &Context,
    command: people_args::EmergencyCard,
) -> Result<Status, Failure> {
    let shown = match command {
        people_args::EmergencyCard::Show => {
            let environment = Context::environment()?;
            let language = environment.language;
            let card = LockedWallet::open(&context.vault_dir()?, environment)?.emergency_card()?;
            CardShown { on: true, card: Some(card), notices: EmergencyCard::notices(language).to_vec() }
        }
        people_args::EmergencyCard::On { fields, contact, person } => {
            let fields: Vec<CardField> = fields
                .iter()
                .flat_map(|text| text.split(','))
                .filter(|word| !word.is_empty())
                .map(str::parse)
                .collect::<Result<_, _>>()?;
            context.unlock()?.switch_emergency_card_on(&CardWish { fields, person, contact })?
        }
        people_args::EmergencyCard::Off => context.unlock()?.switch_emergency_card_off()?,
        people_args::EmergencyCard::Refresh => {
            let mut session = context.unlock()?;
            session.refresh_emergency_card()?;
            session.emergency_card()?
        }
    };
    context.output.print(&shown, || lines(&shown))?;
    Ok(Status::Done)
}

fn lines(shown: &CardShown) -> Vec<String> {
    let Some(card) = &shown.card else { return vec![words::text("emergency-off").to_owned()] };
    card_lines(card, &shown.notices, "emergency-made")
}

/// A card as text; `made` names the message of the time of its making.
pub(super) fn card_lines(card: &EmergencyCard, notices: &[&str], made: &str) -> Vec<String> {
    let mut lines = vec![terminal::strong(words::text("emergency-title"))];
    let mut say = |label: &str, text: &str| {
        let room = terminal::width().saturating_sub(14);
        for (at, part) in terminal::wrap(&terminal::line(text), room).into_iter().enumerate() {
            lines.push(format!("{}  {part}", terminal::column(if at == 0 { label } else { "" }, 12)));
        }
    };
    for (label, text) in [
        (words::text("emergency-name"), &card.name),
        (words::text("emergency-born"), &card.birth_year),
        (words::text("emergency-call"), &card.contact),
    ] {
        if let Some(text) = text {
            say(label, text);
        }
    }
    let orders = Some(card.not_to_be_taken.clone()).filter(|orders| !orders.is_empty());
    let lists = [
        (words::text("emergency-bloodGroup"), &card.blood_group),
        (words::text("emergency-allergies"), &card.allergies),
        (words::text("emergency-conditions"), &card.conditions),
        (words::text("emergency-medicines"), &card.medicines),
        (words::text("emergency-notToBeTaken"), &orders),
    ];
    for (label, facts) in lists {
        let Some(facts) = facts else { continue };
        if facts.is_empty() {
            say(label, words::text("emergency-nothing"));
        }
        for (at, fact) in facts.iter().enumerate() {
            say(if at == 0 { label } else { "" }, &sentence(fact));
            for note in &fact.notes {
                say("", &words::say("emergency-note", &[("note", note)]));
            }
        }
    }
    if card.left_out > 0 {
        lines.push(words::counted("emergency-leftOut", card.left_out));
    }
    lines.push(String::new());
    lines.push(words::say(made, &[("time", &terminal::time(&card.made))]));
    for notice in notices {
        lines.extend(terminal::wrap(notice, terminal::width()));
    }
    lines
}

fn sentence(fact: &CardFact) -> String {
    let date = fact.date.as_deref().map(words::day);
    let origin: Vec<&str> = [fact.source.as_deref(), date.as_deref()].into_iter().flatten().collect();
    if origin.is_empty() {
        fact.text.clone()
    } else {
        words::say("emergency-fact", &[("text", &fact.text), ("origin", &origin.join(", "))])
    }
}
