//! `emergency-card`.

use kosha::LockedWallet;
use kosha::emergency::{CardFact, CardField, CardShown, CardWish, EmergencyCard};

use super::Context;
use crate::output::{Failure, Status};
use crate::{people_args, terminal};

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
    let Some(card) = &shown.card else { return vec!["The emergency card is off.".to_owned()] };
    card_lines(card, &shown.notices, "Made")
}

/// A card as text; `made` is the word before the time of its making.
pub(super) fn card_lines(card: &EmergencyCard, notices: &[&str], made: &str) -> Vec<String> {
    let mut lines = vec![terminal::strong("Emergency card")];
    let mut say = |label: &str, text: &str| {
        let room = terminal::width().saturating_sub(14);
        for (at, part) in terminal::wrap(&terminal::line(text), room).into_iter().enumerate() {
            lines.push(format!("{}  {part}", terminal::column(if at == 0 { label } else { "" }, 12)));
        }
    };
    for (label, text) in [("Name", &card.name), ("Born", &card.birth_year), ("Call", &card.contact)] {
        if let Some(text) = text {
            say(label, text);
        }
    }
    let lists = [
        ("Blood group", &card.blood_group),
        ("Allergies", &card.allergies),
        ("Conditions", &card.conditions),
        ("Medicines", &card.medicines),
    ];
    for (label, facts) in lists {
        let Some(facts) = facts else { continue };
        if facts.is_empty() {
            say(label, "nothing in this wallet");
        }
        for (at, fact) in facts.iter().enumerate() {
            say(if at == 0 { label } else { "" }, &sentence(fact));
        }
    }
    if card.left_out > 0 {
        lines.push(format!("{} more are in the wallet and not on this card.", card.left_out));
    }
    lines.push(String::new());
    lines.push(format!("{made} {}.", terminal::time(&card.made)));
    for notice in notices {
        lines.extend(terminal::wrap(notice, terminal::width()));
    }
    lines
}

fn sentence(fact: &CardFact) -> String {
    let origin: Vec<&str> = [fact.source.as_deref(), fact.date.as_deref()].into_iter().flatten().collect();
    if origin.is_empty() { fact.text.clone() } else { format!("{} ({})", fact.text, origin.join(", ")) }
}
