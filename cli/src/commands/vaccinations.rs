//! `vaccinations`.

use kosha::Person;
use kosha::views::{DoseState, DueDose, Source, Vaccinations, VaccinationsQuery, VaccineGroup};

use super::Context;
use super::views::{Listing, said_by, sources};
use crate::output::{Failure, Status};
use crate::view_args;

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
        listing.heading("Given");
        push_group(group, &found.person, &mut listing);
    }
    for dose in &found.not_given {
        listing.heading("Not given");
        listing.entry(&dose.title, &found.person, Some(&dose.record));
        listing.below(&dose.summary);
        listing.below(&said_by(dose.source.as_deref(), dose.own, dose.date.as_deref()));
    }
    for advice in &found.advice {
        listing.heading("Advised by a source");
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
        listing.note("What is due cannot be said without a birth date. `kosha person change P --birth-date D` gives one.");
    }
    for notice in &found.notices {
        listing.note(notice);
    }
    for schedule in &found.schedules {
        listing.note(schedule.name);
    }
    listing.finish("No vaccinations in these records.", found.next.as_deref(), found.incomplete)
}

fn heading(state: DoseState) -> &'static str {
    match state {
        DoseState::Overdue => "By the schedule: its time has passed",
        DoseState::Due => "By the schedule: due now",
        DoseState::Depends => "By the schedule: only in some cases",
        DoseState::Later => "By the schedule: later",
        DoseState::Given => "By the schedule: on record",
        DoseState::NotNeeded => "By the schedule: not given any more at this age",
    }
}

fn push_group(group: &VaccineGroup, person: &str, listing: &mut Listing<'_>) {
    let record = |sources: &[Source]| sources.first().and_then(|one| one.records.first()).cloned();
    let newest = group.doses.first().and_then(|dose| record(&dose.sources));
    listing.entry(&group.name, person, newest.as_deref());
    listing.plain(group.plain.as_deref());
    for dose in &group.doses {
        let what = if dose.name == group.name { String::new() } else { format!("{}: ", dose.name) };
        listing.below(&format!("{what}{}", sources(&dose.sources)));
        listing.below(&dose.summary);
    }
}

fn push_due(dose: &DueDose, person: &str, listing: &mut Listing<'_>) {
    listing.entry(&format!("{}, {}", dose.name, dose.label), person, None);
    let span = match (dose.state, dose.from.as_deref(), dose.to.as_deref()) {
        (DoseState::Given | DoseState::NotNeeded, ..) => String::new(),
        _ if dose.condition == Some("pregnancy") => String::new(),
        (_, Some(from), Some(to)) => format!("from {from} to {to}"),
        (DoseState::Later | DoseState::Overdue, Some(from), None) => format!("from {from}"),
        _ => String::new(),
    };
    listing.below(&span);
    if let Some(date) = &dose.on_record {
        let what = if dose.state == DoseState::Given { "on record" } else { "the last one on record" };
        listing.below(&format!("{what}: {}", date.get(..10).unwrap_or(date)));
    }
    match dose.condition {
        Some("endemic-district") => listing.below("where Japanese encephalitis is common"),
        Some("pregnancy") => listing.below("in a pregnancy"),
        _ => {}
    }
}
