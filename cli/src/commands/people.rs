//! Persons: `person`, `refile`, and the question whose records a file holds.

use std::io::{BufRead, Write};

use kosha::Person;
use kosha::family::{NewPerson, PersonChange};
use kosha::import::{PersonAnswer, PersonChoice, PersonQuestion};

use super::{Context, look};
use crate::output::{Failure, Status};
use crate::people_args::{self, Refile};
use crate::{prompt, records, terminal, words};

pub(crate) fn person(context: &Context, command: people_args::Person) -> Result<Status, Failure> {
    if matches!(command, people_args::Person::List) {
        return look::persons(context);
    }
    let mut session = context.unlock()?;
    let one = match command {
        people_args::Person::List => return Ok(Status::Done),
        people_args::Person::Add(add) => session.add_person(&NewPerson {
            name: add.name,
            birth_date: add.about.birth_date,
            gender: add.about.gender,
            relation: add.about.relation,
            owner: add.owner,
            same_name: add.same_name,
        })?,
        people_args::Person::Change(change) => session.change_person(
            &change.person,
            &PersonChange {
                birth_date: change.about.birth_date,
                gender: change.about.gender,
                relation: change.about.relation,
                owner: change.owner,
            },
        )?,
        people_args::Person::Rename { person, name, same_name } => {
            session.rename_person(&person, &name, same_name)?
        }
        people_args::Person::Merge { part, one } => session.merge_persons(&part, &one)?,
        people_args::Person::Unmerge { part } => session.unmerge_person(&part)?,
    };
    context.output.print(&one, || lines(&one.person))?;
    Ok(Status::Done)
}

/// A person, and below those who are a part of them.
pub(crate) fn lines(person: &Person) -> Vec<String> {
    let width = terminal::width().saturating_sub(46).max(12);
    let line = |person: &Person, margin: &str| {
        let name = if person.name.is_empty() { words::text("persons-noName") } else { &person.name };
        let name = terminal::column(&terminal::line(name), width.min(40));
        let born = terminal::column(&terminal::line(person.birth_date.as_deref().unwrap_or("")), 10);
        let relation = person.relation.as_deref().filter(|relation| *relation != "self");
        let role = if person.owner { words::text("persons-owner") } else { relation.map_or("", role) };
        format!("{margin}{}  {name}  {born}  {}", records::short(&person.id), terminal::line(role))
            .trim_end()
            .to_owned()
    };
    let mut lines = vec![line(person, "")];
    lines.extend(person.merged.iter().map(|part| line(part, &format!("  {} ", words::text("persons-also")))));
    lines
}

pub(crate) fn refile(context: &Context, args: &Refile) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let refiled = match &args.to {
        Some(to) if !args.undo => session.refile(&args.records, to)?,
        _ => session.undo_refile()?,
    };
    context.output.print(&refiled, || {
        let mut lines = match refiled.records.len() {
            0 => vec![words::text("filed-none").to_owned()],
            moved => vec![words::counted("filed-anew", moved)],
        };
        if refiled.unchanged > 0 {
            lines.push(words::counted("filed-stayed", refiled.unchanged));
        }
        if !args.undo && !refiled.records.is_empty() {
            lines.push(terminal::faint(words::text("filed-undo")));
        }
        lines
    })?;
    Ok(Status::Done)
}

/// What somebody is to the owner, in the session's language.
fn role(relation: &str) -> &str {
    words::find("relation", relation).unwrap_or(relation)
}

/// Asks on the terminal whose records a file holds.
pub(crate) struct AskOnTerminal {
    pub(crate) bar: Option<indicatif::ProgressBar>,
}

impl AskOnTerminal {
    /// Where there is somebody to ask.
    pub(crate) fn new(bar: Option<indicatif::ProgressBar>) -> Option<Self> {
        prompt::can_ask().then_some(Self { bar })
    }
}

impl PersonChoice for AskOnTerminal {
    fn choose(&mut self, question: &PersonQuestion) -> PersonAnswer {
        let ask = || asked(question).unwrap_or(PersonAnswer::Unsure);
        match &self.bar {
            Some(bar) => bar.suspend(ask),
            None => ask(),
        }
    }
}

fn asked(question: &PersonQuestion) -> std::io::Result<PersonAnswer> {
    let mut err = std::io::stderr().lock();
    for line in question_lines(question) {
        writeln!(err, "{line}")?;
    }
    loop {
        write!(err, "{} ", words::text("whose-question"))?;
        err.flush()?;
        let mut answer = String::new();
        if std::io::stdin().lock().read_line(&mut answer)? == 0 {
            return Ok(PersonAnswer::Unsure);
        }
        if let Some(answer) = understood(question, &answer) {
            return Ok(answer);
        }
    }
}

fn understood(question: &PersonQuestion, answer: &str) -> Option<PersonAnswer> {
    match answer.trim().to_lowercase().as_str() {
        "n" | "new" | "न" | "नया" | "नई" => Some(PersonAnswer::New),
        "l" | "leave" | "छ" | "छोड़ें" => Some(PersonAnswer::LeaveOut),
        number => {
            let at = number.parse::<usize>().ok()?.checked_sub(1)?;
            question.candidates.get(at).map(|candidate| PersonAnswer::This(candidate.person.id.clone()))
        }
    }
}

fn question_lines(question: &PersonQuestion) -> Vec<String> {
    let described = [
        Some(question.name.clone()).filter(|name| !name.is_empty()),
        question.birth_date.as_ref().map(|date| words::say("whose-born", &[("date", date)])),
        question.gender.as_deref().map(|gender| words::find("gender", gender).unwrap_or(gender).to_owned()),
    ];
    let described: Vec<String> = described.into_iter().flatten().collect();
    let mut lines = vec![terminal::strong(&terminal::line(&question.file)), question.text.to_owned()];
    if !described.is_empty() {
        lines.push(format!("  {}", terminal::line(&described.join(", "))));
    }
    for (number, candidate) in (1..).zip(&question.candidates) {
        let person = &candidate.person;
        let name = if person.name.is_empty() { words::text("persons-noName") } else { &person.name };
        let born = person.birth_date.as_ref().map(|date| words::say("whose-born", &[("date", date)]));
        let born = born.map(|born| format!(", {born}")).unwrap_or_default();
        let reasons: Vec<&str> =
            candidate.reasons.iter().map(|reason| words::find("alike", reason).unwrap_or(reason)).collect();
        let why = if reasons.is_empty() { String::new() } else { format!("  ({})", reasons.join(", ")) };
        lines.push(format!("  {number}  {}", terminal::line(&format!("{name}{born}{why}"))));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{PersonAnswer, PersonQuestion, question_lines, understood};
    use kosha::import::Candidate;

    #[test]
    fn an_answer_is_a_number_or_a_word_and_anything_else_is_asked_again() {
        let person = kosha::Person {
            id: "0a".repeat(16),
            name: "Asha\u{1b}[31m Rao".to_owned(),
            birth_date: Some("1980".to_owned()),
            gender: None,
            relation: None,
            owner: true,
            merged: Vec::new(),
        };
        let question = PersonQuestion {
            file: "x.json".to_owned(),
            reason: "new-person",
            text: "The file names a person who is not known here.",
            name: "Asha R".to_owned(),
            birth_date: None,
            gender: None,
            candidates: vec![Candidate { person, reasons: vec!["same-name"] }],
        };
        assert_eq!(understood(&question, " 1 \n"), Some(PersonAnswer::This("0a".repeat(16))));
        assert_eq!(understood(&question, "N"), Some(PersonAnswer::New));
        assert_eq!(understood(&question, "l"), Some(PersonAnswer::LeaveOut));
        for again in ["", "0", "2", "yes", "-1"] {
            assert_eq!(understood(&question, again), None, "{again}");
        }
        let lines = question_lines(&question).join("\n");
        assert!(lines.contains("same name") && !lines.contains("\u{1b}[31m Rao"));
    }
}
