//! `vaccinations`.

use kosha::Person;
use kosha::views::{DoseState, DueDose, Source, Vaccinations, VaccinationsQuery, VaccineGroup};

use super::Context;
use super::views::{Listing, said_by, sources};
use crate::output::{Failure, Status};
use crate::{view_args, words};

pub(crate) fn vaccinations(context: &Context, args: view_args::Vaccinations) -> Result<Status, Failure> {
    let session = context.unlock()?;
    let query = VaccinationsQuery { person: args.person, limit: args.limit, after: args.after };
    let found = session.vaccinations(&query)?;
    let persons = session.persons()?.persons;
    context.output.print(&found, || lines(&found, args.all, &persons))?;
    Ok(Status::Done)
}

fn lines(found: &Vaccinations, all: bool, persons: &[Person]) -> Vec<String> {
    let mut listing = Listing::new(persons);
    for group in &found.given {
        listing.heading(words::text("vaccinations-given"));
        push_group(group, &found.person, &mut listing);
    }
    for dose in &found.not_given {
        listing.heading(words::text("vaccinations-notGiven"));
        listing.entry(&dose.title, &found.person, Some(&dose.record));
        listing.below(&dose.summary);
        listing.below(&said_by(dose.source.as_deref(), dose.own, dose.date.as_deref()));
    }
    for advice in &found.advice {
        listing.heading(words::text("vaccinations-advised"));
        listing.entry(&advice.title, &found.person, Some(&advice.record));
        listing.below(&advice.summary);
        listing.below(&said_by(advice.source.as_deref(), false, advice.date.as_deref()));
    }
    let listed = found.due.iter().filter(|dose| {
        all || matches!(dose.state, DoseState::Overdue | DoseState::Due | DoseState::Depends)
            || (dose.state == DoseState::Later && dose.from.is_some())
    });
    for dose in listed {
        listing.heading(heading(dose.state));
        push_due(dose, &found.person, &mut listing);
    }
    if found.due_unknown.is_some() {
        listing.note(words::text("vaccinations-noBirthDate"));
    }
    for notice in &found.notices {
        listing.note(notice);
    }
    for schedule in &found.schedules {
        listing.note(schedule.name);
    }
    listing.finish(words::text("vaccinations-none"), found.next.as_deref(), found.incomplete)
}

fn heading(state: DoseState) -> &'static str {
    match state {
        DoseState::Overdue => words::text("vaccinations-overdue"),
        DoseState::Due => words::text("vaccinations-due"),
        DoseState::Depends => words::text("vaccinations-depends"),
        DoseState::Later => words::text("vaccinations-later"),
        DoseState::Given => words::text("vaccinations-scheduleGiven"),
        DoseState::NotNeeded => words::text("vaccinations-notNeeded"),
    }
}

fn push_group(group: &VaccineGroup, person: &str, listing: &mut Listing<'_>) {
    let record = |sources: &[Source]| sources.first().and_then(|one| one.records.first()).cloned();
    let newest = group.doses.first().and_then(|dose| record(&dose.sources));
    listing.entry(&group.name, person, newest.as_deref());
    listing.plain(group.plain.as_deref());
    for dose in &group.doses {
        let said = sources(&dose.sources);
        if dose.name == group.name {
            listing.below(&said);
        } else {
            listing.below(&words::say("vaccinations-dose", &[("name", &dose.name), ("said", &said)]));
        }
        listing.below(&dose.summary);
    }
}

fn push_due(dose: &DueDose, person: &str, listing: &mut Listing<'_>) {
    listing.entry(
        &words::say_all(
            "vaccinations-label",
            &[("name", dose.name.to_string()), ("label", dose.label.to_string())],
        ),
        person,
        None,
    );
    let span = match (dose.state, dose.from.as_deref(), dose.to.as_deref()) {
        (DoseState::Given | DoseState::NotNeeded, ..) => String::new(),
        _ if dose.condition == Some("pregnancy") => String::new(),
        (_, Some(from), Some(to)) => {
            words::say("span-fromTo", &[("from", &words::day(from)), ("to", &words::day(to))])
        }
        (DoseState::Later | DoseState::Overdue, Some(from), None) => {
            words::say("span-from", &[("from", &words::day(from))])
        }
        _ => String::new(),
    };
    listing.below(&span);
    if let Some(date) = &dose.on_record {
        let id = if dose.state == DoseState::Given { "vaccinations-onRecord" } else { "vaccinations-last" };
        listing.below(&words::say(id, &[("date", &words::day(date))]));
    }
    if let Some(condition) = dose.condition_text {
        listing.below(condition);
    }
}
