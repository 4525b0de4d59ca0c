//! The first page of every view over a vault of a lifetime.

use std::hint::black_box;
use std::path::Path;

use kosha::import::ImportWish;
use kosha::timeline::{SearchQuery, TimelineQuery};
use kosha::views::news::NewsQuery;
use kosha::views::results::ResultsQuery;
use kosha::views::trend::TrendQuery;
use kosha::views::visits::VisitsQuery;
use kosha::views::{AllergiesQuery, DocumentsQuery, MedicinesQuery, ProblemsQuery, VaccinationsQuery};
use kosha::{Language, Session};
use kosha_tests::generator::{STYLES, bundle};
use kosha_tests::measure::{cpu_of, median};
use kosha_tests::wallets::{open, vault_with};

/// How often each view is asked for; the first answer is shown apart, since some are worked out once.
const TIMES: usize = 9;

/// Fills a vault and prints what each view takes.
pub fn print(count: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut session = filled(folder.path(), count);
    let person = session.persons().expect("persons").persons.first().map(|person| person.id.clone());
    println!(
        "\nFirst page of each view after opening, {count} records of one person, processor time in milliseconds:\n"
    );
    println!("| view | first | median of {TIMES} | in Hindi | aim |\n| --- | --- | --- | --- | --- |");
    for (name, view) in views() {
        session.set_language(Language::English);
        let milliseconds = |session: &Session| cpu_of(|| view(session, person.clone())).1.as_secs_f64() * 1e3;
        let times: Vec<f64> = (0..TIMES).map(|_| milliseconds(&session)).collect();
        session.set_language(Language::Hindi);
        let hindi = median((0..TIMES).map(|_| milliseconds(&session)).collect());
        let first = times.first().copied().unwrap_or_default();
        println!("| {name} | {first:.2} | {:.2} | {hindi:.2} | 10 |", median(times));
    }
}

fn filled(folder: &Path, count: usize) -> Session {
    let files: Vec<_> = (0_u64..)
        .zip(STYLES.iter().cycle())
        .take(50)
        .map(|(seed, style)| {
            let file = folder.join(format!("bundle-{seed}.json"));
            std::fs::write(&file, bundle(*style, seed, count / 50)).expect("a file");
            file
        })
        .collect();
    // All of it one person's: nothing is spread over others.
    let (first, others) = files.split_first().expect("files");
    let mut session = vault_with(&folder.join("vault"), std::slice::from_ref(first));
    let person = session.persons().expect("persons").persons.first().map(|person| person.id.clone());
    session.import(&ImportWish { paths: others.to_vec(), person }, &mut ()).expect("an import");
    drop(session);
    // As somebody opens it who looks something up.
    drop(open(&folder.join("vault")));
    open(&folder.join("vault"))
}

type View = Box<dyn Fn(&Session, Option<String>)>;

fn views() -> Vec<(&'static str, View)> {
    fn view<T>(
        name: &'static str,
        ask: impl Fn(&Session, Option<String>) -> Result<T, kosha::Error> + 'static,
    ) -> (&'static str, View) {
        (name, Box::new(move |session, person| drop(black_box(ask(session, person).expect("a view")))))
    }
    vec![
        view("timeline", |session, _| session.timeline(&TimelineQuery::default())),
        view("visits", |session, person| session.visits(&VisitsQuery { person, ..VisitsQuery::default() })),
        view("medicines", |session, person| {
            session.medicines(&MedicinesQuery { person, ..MedicinesQuery::default() })
        }),
        view("allergies", |session, person| {
            session.allergies(&AllergiesQuery { person, ..AllergiesQuery::default() })
        }),
        view("problems", |session, person| {
            session.problems(&ProblemsQuery { person, ..ProblemsQuery::default() })
        }),
        view("vaccinations", |session, person| {
            session.vaccinations(&VaccinationsQuery { person, ..VaccinationsQuery::default() })
        }),
        view("results", |session, person| {
            session.results(&ResultsQuery { person, ..ResultsQuery::default() })
        }),
        view("trend", |session, person| {
            session.trend(&TrendQuery { what: "4548-4".into(), person, ..TrendQuery::default() })
        }),
        view("documents", |session, person| {
            session.documents(&DocumentsQuery { person, ..DocumentsQuery::default() })
        }),
        view("emergency", |session, person| session.emergency(person.as_deref())),
        view("changes", |session, person| {
            session.news(&NewsQuery { person, since: "2024-01-01".into(), ..NewsQuery::default() })
        }),
        view("search", |session, _| session.search(&SearchQuery::words("haemoglobin"))),
    ]
}
