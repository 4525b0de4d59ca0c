//! What people write down themselves: `add`, `correct`, `remove`.

use kosha::own::{
    Allergy, Meal, Measured, Medicine, Now, OwnDate, OwnEntry, OwnWish, Problem, Refused, Setting, Severity,
    Vaccination, Visit, What, Words,
};
use kosha::timeline::{Page, RecordCard};
use kosha::{Error, Session};
use serde::Serialize;

use super::Context;
use crate::output::{Failure, Status};
use crate::own_args::{self as args, About, Entry};
use crate::{records, terminal, words as words_of};

/// What was written down.
#[derive(Serialize)]
struct Added {
    records: Vec<RecordCard>,
    /// What other records say against them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    against: Vec<String>,
}

/// What an entry is now.
#[derive(Serialize)]
struct Changed {
    record: RecordCard,
}

pub(crate) fn add(context: &Context, entry: Entry) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let wishes = wishes(entry, session.now()).map_err(Error::from)?;
    let records = session.add_together(&wishes)?;
    // They are written down, whatever can be said of them.
    let against = records.iter().flat_map(|record| session.against(&record.id).unwrap_or_default()).collect();
    let added = Added { records, against };
    let persons = session.persons()?.persons;
    context.output.print(&added, || {
        let mut lines = lines(words_of::text("own-added"), &added.records, &persons, context.language);
        let against =
            added.against.iter().flat_map(|text| terminal::wrap(&terminal::line(text), terminal::width()));
        lines.extend(against.map(|line| terminal::warning(&line)));
        lines
    })?;
    Ok(Status::Done)
}

pub(crate) fn correct(context: &Context, args: args::Correct) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let mut wishes = wishes(args.entry, session.now()).map_err(Error::from)?;
    let (Some(wish), true) = (wishes.pop(), wishes.is_empty()) else {
        return Err(Failure::usage(words_of::text("own-pulse")));
    };
    let record = session.correct(&args.id, &wish)?;
    print(context, &session, words_of::text("own-corrected"), record)
}

pub(crate) fn remove(context: &Context, args: &args::Remove) -> Result<Status, Failure> {
    let mut session = context.unlock()?;
    let record = session.remove_own(&args.id)?;
    let text = words_of::text("own-removed");
    print(context, &session, text, record)
}

fn print(context: &Context, session: &Session, text: &str, record: RecordCard) -> Result<Status, Failure> {
    let persons = session.persons()?.persons;
    let changed = Changed { record };
    context
        .output
        .print(&changed, || lines(text, std::slice::from_ref(&changed.record), &persons, context.language))?;
    Ok(Status::Done)
}

fn lines(
    text: &str,
    cards: &[RecordCard],
    persons: &[kosha::Person],
    language: kosha::Language,
) -> Vec<String> {
    let page = Page { records: cards.to_vec(), next: None, incomplete: false };
    let mut lines = terminal::wrap(text, terminal::width());
    lines.extend(records::lines(&page, persons, language));
    lines
}

/// What was typed, as wishes; a blood pressure with a pulse makes two.
fn wishes(entry: Entry, now: Now) -> Result<Vec<OwnWish>, Refused> {
    let (entry, about, pulse) = match entry {
        Entry::Weight(value) => measured(What::Weight, value)?,
        Entry::Height(value) => measured(What::Height, value)?,
        Entry::Pulse(value) => measured(What::Pulse, value)?,
        Entry::Temperature(value) => measured(What::Temperature, value)?,
        Entry::Oxygen(value) => measured(What::Oxygen, value)?,
        Entry::Bp(args) => {
            let pulse = args.pulse.map(|pulse| Measured::parse(What::Pulse, &pulse)).transpose()?;
            (OwnEntry::blood_pressure(&args.value.join(" "))?, args.about, pulse)
        }
        Entry::Sugar(args) => {
            let meal = match (args.fasting, args.after_food) {
                (true, _) => Meal::Fasting,
                (false, true) => Meal::AfterFood,
                (false, false) => Meal::Random,
            };
            let value = Measured::parse(What::Sugar, &args.value.value.join(" "))?;
            (OwnEntry::Sugar { value, meal }, args.value.about, None)
        }
        Entry::Medicine(args) => medicine(args, now)?,
        Entry::Allergy(args) => allergy(args)?,
        Entry::Problem(args) => {
            let problem = Problem {
                what: Words::new(words_of::text("field-problem"), &args.what)?,
                until: until(args.until, now)?,
            };
            (OwnEntry::Problem(Box::new(problem)), args.about, None)
        }
        Entry::Vaccination(args) => {
            let vaccination = Vaccination {
                vaccine: Words::new(words_of::text("field-vaccine"), &args.vaccine)?,
                dose: args.dose,
                place: words("field-place", args.place)?,
            };
            (OwnEntry::Vaccination(Box::new(vaccination)), args.about, None)
        }
        Entry::Visit(args) => visit(args, now)?,
        Entry::Note(args) => (OwnEntry::Note(Words::note(&args.text)?), args.about, None),
        Entry::BloodGroup(args) => (OwnEntry::BloodGroup(args.text.parse()?), args.about, None),
    };
    let wish = OwnWish { entry, person: about.person, when: about.on, note: about.note, again: about.again };
    let pulse = pulse.map(|pulse| OwnWish { entry: OwnEntry::Measure(pulse), note: None, ..wish.clone() });
    Ok([Some(wish), pulse].into_iter().flatten().collect())
}

/// An entry, what is said of it beside, and a pulse that was measured with it.
type Typed = (OwnEntry, About, Option<Measured>);

fn measured(what: What, args: args::Value) -> Result<Typed, Refused> {
    Ok((OwnEntry::Measure(Measured::parse(what, &args.value.join(" "))?), args.about, None))
}

fn medicine(args: args::Medicine, now: Now) -> Result<Typed, Refused> {
    let medicine = Medicine {
        name: Words::new(words_of::text("field-medicine"), &args.name)?,
        strength: words("field-strength", args.strength)?,
        dose: words("field-dose", args.dose)?,
        times_a_day: args.times_a_day,
        when: words("field-when", args.when)?,
        as_needed: args.as_needed,
        since: args.since.map(|since| OwnDate::parse(&since, now)).transpose()?,
        until: args.until.map(|until| OwnDate::parse_any(&until, now)).transpose()?,
        reason: words("field-reason", args.reason)?,
    };
    Ok((OwnEntry::Medicine(Box::new(medicine)), args.about, None))
}

fn allergy(args: args::Allergy) -> Result<Typed, Refused> {
    let allergy = Allergy {
        what: Words::new(words_of::text("field-allergy"), &args.what)?,
        reaction: words("field-reaction", args.reaction)?,
        severity: args.severity.map(|severity| match severity {
            args::Severity::Mild => Severity::Mild,
            args::Severity::Moderate => Severity::Moderate,
            args::Severity::Severe => Severity::Severe,
        }),
        serious: args.serious,
    };
    Ok((OwnEntry::Allergy(Box::new(allergy)), args.about, None))
}

fn visit(args: args::Visit, now: Now) -> Result<Typed, Refused> {
    let visit = Visit {
        place: Words::new(words_of::text("field-place"), &args.place)?,
        who: words("field-doctor", args.doctor)?,
        reason: words("field-reason", args.reason)?,
        setting: match args.setting {
            args::Setting::Clinic => Setting::Clinic,
            args::Setting::Emergency => Setting::Emergency,
            args::Setting::Stay => Setting::Stay,
            args::Setting::Home => Setting::Home,
            args::Setting::Online => Setting::Online,
        },
        until: until(args.until, now)?,
    };
    Ok((OwnEntry::Visit(Box::new(visit)), args.about, None))
}

fn words(field: &'static str, text: Option<String>) -> Result<Option<Words>, Refused> {
    text.map(|text| Words::new(words_of::text(field), &text)).transpose()
}

fn until(text: Option<String>, now: Now) -> Result<Option<OwnDate>, Refused> {
    text.map(|text| OwnDate::parse(&text, now)).transpose()
}
