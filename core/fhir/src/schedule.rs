//! Which vaccinations are due: a schedule as a table (`data/immunization-schedule.json`, which names its sources), and rules
//! that hold it against a birth date, a day and the doses given.
//!
//! It says what a schedule says of the doses that are on record. It says of nobody that they are protected, and it is
//! careful where a dose was missed: of the doses of one series only the next is called due.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::date::{days_from_civil, days_in};
use crate::label::system_name;
use crate::language::{Language, Messages};

const TABLE: &str = include_str!("../data/immunization-schedule.json");

/// By how many days a dose may be early and still count, as national schedules do.
const GRACE: i64 = 4;
/// How long a dose of a late start is due before it is overdue, in days.
const LATE: i64 = 28;

static WORDS: Messages = Messages::new(Language::schedule_source);

static SCHEDULE: LazyLock<Schedule> = LazyLock::new(|| serde_json::from_str(TABLE).unwrap_or_default());

#[derive(Deserialize, Default)]
struct Schedule {
    /// Read for the test alone: their names are messages.
    #[cfg(test)]
    sources: Vec<String>,
    vaccines: Vec<Vaccine>,
    series: Vec<Series>,
}

#[derive(Deserialize)]
struct Vaccine {
    id: String,
    cvx: Vec<String>,
    snomed: Vec<String>,
    /// ATC codes, or their beginnings.
    atc: Vec<String>,
    words: Vec<String>,
    /// Words beside which `words` mean something else.
    #[serde(default)]
    unless: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Series {
    vaccine: String,
    /// Other vaccines that count too.
    #[serde(default)]
    also: Vec<String>,
    source: String,
    /// From and up to which age the series is listed.
    since: Option<Span>,
    until: Option<Span>,
    condition: Option<String>,
    /// Again for each time that the condition holds: no dose given before counts.
    #[serde(default)]
    each: bool,
    /// Doses given at any age count.
    #[serde(default)]
    any_age: bool,
    #[serde(default)]
    doses: Vec<Slot>,
    /// Again and again.
    every: Option<Span>,
    label: Option<String>,
    /// Never overdue.
    #[serde(default)]
    soft: bool,
}

#[derive(Deserialize)]
struct Slot {
    label: String,
    from: Span,
    to: Option<Span>,
    /// After this age it is not given any more.
    last: Option<Span>,
    /// Least time since the dose before.
    after: Option<Span>,
}

/// `6w`, `9m`, `5y`, `1d`.
#[derive(Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
enum Span {
    Days(i64),
    Months(i64),
}

impl TryFrom<String> for Span {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (count, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or("no span")?;
        let count: i64 = count.parse().map_err(|_| "no span")?;
        match unit {
            "d" => Ok(Self::Days(count)),
            "w" => Ok(Self::Days(7 * count)),
            "m" => Ok(Self::Months(count)),
            "y" => Ok(Self::Months(12 * count)),
            _ => Err("no span"),
        }
    }
}

/// The day so much later; of a month without such a day its last one.
fn later(day: i64, span: Span) -> i64 {
    match span {
        Span::Days(days) => day.saturating_add(days),
        Span::Months(months) => {
            let (year, month, of_month) = civil(day);
            let months = year * 12 + i64::from(month) - 1 + months;
            let (year, month) =
                (months.div_euclid(12), u32::try_from(months.rem_euclid(12) + 1).unwrap_or(1));
            days_from_civil(year, month.into(), of_month.min(days_in(year, month)).into())
        }
    }
}

/// Year, month and day of a day since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn civil(day: i64) -> (i64, u32, u32) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let of_era = day.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let of_month = u32::try_from(of_year - (153 * shifted + 2) / 5 + 1).unwrap_or(1);
    let month = u32::try_from(if shifted < 10 { shifted + 3 } else { shifted - 9 }).unwrap_or(1);
    (year + era * 400 + i64::from(month <= 2), month, of_month)
}

/// A person, as far as a schedule asks. Days are counted from 1970-01-01.
#[derive(Clone, Copy)]
pub struct Recipient {
    /// First day that the birth date may mean.
    pub born_first: i64,
    /// Last day that the birth date may mean; the same where the day is known.
    pub born_last: i64,
    /// Whether doses for a pregnancy are named.
    pub may_be_pregnant: bool,
}

/// A dose that was given.
#[derive(Clone)]
pub struct GivenDose {
    /// The day, from 1970-01-01; the first that its date may mean.
    pub day: Option<i64>,
    /// What it counts for, of [`vaccines_of`].
    pub vaccines: Vec<&'static str>,
}

/// What a schedule says of one dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DoseState {
    /// Its time has passed, and it is not on record.
    Overdue,
    /// It is its time.
    Due,
    /// Only under a condition that no record tells.
    Depends,
    /// Its time comes later.
    Later,
    /// It is on record.
    Given,
    /// Its time is over, and it is not given any more.
    NotNeeded,
}

impl DoseState {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Due => "due",
            Self::Depends => "depends",
            Self::Later => "later",
            Self::Given => "given",
            Self::NotNeeded => "not-needed",
        }
    }
}

/// One dose of a schedule.
#[derive(Clone, PartialEq, Eq)]
pub struct ScheduledDose {
    /// Id of the vaccine, e.g. `opv`.
    pub vaccine: &'static str,
    /// Id of the dose, for [`dose_name`], e.g. `6-weeks`.
    pub label: &'static str,
    /// What the schedule says.
    pub state: DoseState,
    /// From which day, where that lies ahead or is its time.
    pub from: Option<i64>,
    /// Until which day, where the schedule says so.
    pub to: Option<i64>,
    /// Which of the given doses it is, or was the last one.
    pub given: Option<usize>,
    /// `endemic-district`, `pregnancy`; in words by [`condition_text`].
    pub condition: Option<&'static str>,
    /// Id of the schedule, for [`schedule_source`].
    pub source: &'static str,
    /// Its place in the table.
    place: (usize, usize),
}

/// The name of a schedule.
pub fn schedule_source(language: Language, id: &str) -> Option<&'static str> {
    word(language, "sources", id)
}

/// The name of a vaccine of the table.
pub fn vaccine_name(language: Language, id: &str) -> Option<&'static str> {
    word(language, "vaccines", id)
}

/// Which dose it is, e.g. `at 6 weeks`.
pub fn dose_name(language: Language, label: &str) -> Option<&'static str> {
    word(language, "doses", label)
}

/// The condition under which a dose is given.
pub fn condition_text(language: Language, condition: &str) -> Option<&'static str> {
    word(language, "conditions", condition)
}

fn word(language: Language, section: &str, key: &str) -> Option<&'static str> {
    Some(WORDS.text(language, &format!("{section}-{key}"))).filter(|word| !word.is_empty())
}

/// What a vaccine counts for: ids of the table, by its codes (CVX, SNOMED CT, ATC), else by its name. A combination counts for
/// several; one that the table does not know for none.
pub fn vaccines_of<'c>(codes: impl Iterator<Item = (&'c str, &'c str)>, name: &str) -> Vec<&'static str> {
    let mut found: Vec<&'static str> = Vec::new();
    for (system, code) in codes {
        let known = SCHEDULE.vaccines.iter().filter(|vaccine| match system_name(system) {
            Some("CVX") => vaccine.cvx.iter().any(|known| known == code),
            Some("SNOMED CT") => vaccine.snomed.iter().any(|known| known == code),
            Some("ATC") => vaccine.atc.iter().any(|known| code.starts_with(known.as_str())),
            _ => false,
        });
        found.extend(known.map(|vaccine| vaccine.id.as_str()));
    }
    if found.is_empty() {
        let lower = name.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let has = |phrase: &String| {
            let phrase: Vec<&str> = phrase.split(' ').collect();
            words.windows(phrase.len()).any(|window| window == phrase)
        };
        let known = SCHEDULE
            .vaccines
            .iter()
            .filter(|vaccine| vaccine.words.iter().any(has) && !vaccine.unless.iter().any(has));
        found.extend(known.map(|vaccine| vaccine.id.as_str()));
    }
    let mut seen = Vec::new();
    found.retain(|id| {
        !seen.contains(id) && {
            seen.push(*id);
            true
        }
    });
    found
}

/// What the schedule says on `today` to somebody with these doses. Where only a year or month of birth is known, a dose whose
/// state that decides is called due.
pub fn scheduled(recipient: &Recipient, today: i64, given: &[GivenDose]) -> Vec<ScheduledDose> {
    let older = for_birth(recipient.born_first, recipient.may_be_pregnant, today, given);
    if recipient.born_first == recipient.born_last {
        return older;
    }
    let younger = for_birth(recipient.born_last, recipient.may_be_pregnant, today, given);
    let vague = older.into_iter().filter_map(|dose| {
        let other = younger.iter().find(|other| other.place == dose.place);
        let state = match other {
            None if dose.state == DoseState::Given => DoseState::Given,
            None => return None,
            Some(other) if other.state == dose.state => dose.state,
            Some(other) if dose.state == DoseState::Given || other.state == DoseState::Given => {
                DoseState::Given
            }
            Some(_) => DoseState::Due,
        };
        Some(ScheduledDose { state, from: None, to: None, ..dose })
    });
    vague.collect()
}

fn for_birth(born: i64, may_be_pregnant: bool, today: i64, given: &[GivenDose]) -> Vec<ScheduledDose> {
    let mut all = Vec::new();
    for (number, series) in SCHEDULE.series.iter().enumerate() {
        let begun = series.since.is_none_or(|since| today >= later(born, since));
        let over = series.until.is_some_and(|until| today >= later(born, until));
        let pregnancy = series.condition.as_deref() == Some("pregnancy");
        if !begun || over || today < born || (pregnancy && !may_be_pregnant) {
            continue;
        }
        let counts = |dose: &&(usize, &GivenDose)| {
            dose.1
                .vaccines
                .iter()
                .any(|id| *id == series.vaccine || series.also.iter().any(|also| also == id))
        };
        let mut doses: Vec<(usize, &GivenDose)> = given.iter().enumerate().collect();
        doses.retain(|dose| counts(&dose));
        doses.sort_by_key(|(at, dose)| (dose.day.unwrap_or(i64::MAX), *at));
        let of = Of { number, series, born, today };
        if let Some(every) = series.every {
            all.push(of.repeated(every, &doses));
        } else {
            all.extend(of.slots(&doses));
        }
    }
    all
}

/// One series for one birth date on one day.
struct Of {
    number: usize,
    series: &'static Series,
    born: i64,
    today: i64,
}

impl Of {
    fn dose(&self, place: usize, label: &'static str, state: DoseState) -> ScheduledDose {
        ScheduledDose {
            vaccine: &self.series.vaccine,
            label,
            state,
            from: None,
            to: None,
            given: None,
            condition: self.series.condition.as_deref(),
            source: &self.series.source,
            place: (self.number, place),
        }
    }

    /// Every so many years.
    fn repeated(&self, every: Span, doses: &[(usize, &GivenDose)]) -> ScheduledDose {
        let label = self.series.label.as_deref().unwrap_or_default();
        let last = doses.iter().filter_map(|(at, dose)| Some((dose.day?, *at))).max();
        let Some((day, at)) = last else { return self.dose(0, label, DoseState::Due) };
        let next = later(day, every);
        let state = match (self.today < next, self.series.soft) {
            (true, _) => DoseState::Later,
            (false, true) => DoseState::Due,
            (false, false) => DoseState::Overdue,
        };
        ScheduledDose { from: Some(next), given: Some(at), ..self.dose(0, label, state) }
    }

    /// Which dose fills which slot: each the first one that is open to it.
    fn filled(&self, doses: &[(usize, &GivenDose)]) -> Vec<Option<(usize, Option<i64>)>> {
        let slots = &self.series.doses;
        let mut filled: Vec<Option<(usize, Option<i64>)>> = vec![None; slots.len()];
        let (mut next, mut before) = (0, None);
        for (at, dose) in doses.iter().filter(|_| !self.series.each) {
            let open = slots.iter().enumerate().skip(next).find(|(_, slot)| {
                let Some(day) = dose.day else { return true };
                let early = if self.series.any_age { self.born } else { later(self.born, slot.from) };
                let since =
                    before.zip(slot.after).map_or(early, |(before, after)| early.max(later(before, after)));
                day + GRACE >= since && slot.last.is_none_or(|last| day <= later(self.born, last))
            });
            let Some((place, _)) = open else { continue };
            if let Some(slot) = filled.get_mut(place) {
                *slot = Some((*at, dose.day));
            }
            next = place + 1;
            before = dose.day.or(before);
        }
        filled
    }

    fn slots(&self, doses: &[(usize, &GivenDose)]) -> Vec<ScheduledDose> {
        let (mut open, mut before) = (false, None);
        let filled = self.filled(doses);
        let mut all = Vec::new();
        for (place, (slot, filled)) in self.series.doses.iter().zip(filled).enumerate() {
            let plain = |state| self.dose(place, &slot.label, state);
            if let Some((at, day)) = filled {
                before = day.or(before);
                all.push(ScheduledDose { given: Some(at), ..plain(DoseState::Given) });
                continue;
            }
            if slot.last.is_some_and(|last| self.today > later(self.born, last)) {
                all.push(plain(DoseState::NotNeeded));
                continue;
            }
            let age = later(self.born, slot.from);
            let from = before.zip(slot.after).map_or(age, |(day, after)| age.max(later(day, after)));
            let late = if from > age { Some(from + LATE) } else { None };
            let to = slot.to.map(|to| later(self.born, to).max(late.unwrap_or(i64::MIN)));
            let state = match () {
                () if self.today < from => DoseState::Later,
                () if self.series.condition.is_some() => DoseState::Depends,
                () if open => DoseState::Later,
                () if to.is_some_and(|to| self.today > to) => DoseState::Overdue,
                () => DoseState::Due,
            };
            open = true;
            let from = Some(from).filter(|from| state != DoseState::Later || *from > self.today);
            all.push(ScheduledDose { from, to, ..plain(state) });
        }
        all
    }
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Recipient(..)")
    }
}

impl std::fmt::Debug for GivenDose {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("GivenDose(..)")
    }
}

impl std::fmt::Debug for ScheduledDose {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ScheduledDose(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BORN: i64 = 20_000;

    fn child() -> Recipient {
        Recipient { born_first: BORN, born_last: BORN, may_be_pregnant: false }
    }

    fn dose(vaccine: &'static str, age: i64) -> GivenDose {
        GivenDose { day: Some(BORN + age), vaccines: vec![vaccine] }
    }

    fn states(vaccine: &str, age: i64, given: &[GivenDose]) -> Vec<&'static str> {
        scheduled(&child(), BORN + age, given)
            .into_iter()
            .filter(|dose| dose.vaccine == vaccine)
            .map(|dose| dose.state.as_str())
            .collect()
    }

    #[test]
    fn the_table_is_whole() {
        let table: Schedule = serde_json::from_str(TABLE).unwrap();
        assert!(table.vaccines.len() >= 15 && table.series.len() >= 15);
        for series in &table.series {
            assert!(table.sources.contains(&series.source));
            assert!(schedule_source(Language::English, &series.source).is_some());
            for id in std::iter::once(&series.vaccine).chain(&series.also) {
                assert!(table.vaccines.iter().any(|vaccine| vaccine.id == *id), "{id}");
            }
            assert_eq!(series.every.is_some(), series.doses.is_empty());
            for label in series.doses.iter().map(|slot| &slot.label).chain(&series.label) {
                assert!(dose_name(Language::English, label).is_some(), "{label}");
            }
            let condition = series.condition.as_deref();
            assert!(condition.is_none_or(|one| condition_text(Language::English, one).is_some()));
        }
        for vaccine in &table.vaccines {
            assert!(vaccine_name(Language::English, &vaccine.id).is_some(), "{}", vaccine.id);
        }
    }

    #[test]
    fn vaccines_are_known_by_code_or_by_name() {
        let by_name = |name: &str| vaccines_of(std::iter::empty(), name);
        assert_eq!(by_name("BCG"), ["bcg"]);
        assert_eq!(by_name("Pentavalent-1"), ["hepb", "dtp"]);
        assert_eq!(by_name("DTP-HepB-Hib vaccine"), ["hepb", "dtp"]);
        assert_eq!(by_name("rotavirus, live, pentavalent vaccine"), ["rota"]);
        assert_eq!(by_name("fIPV 2"), ["ipv"]);
        assert_eq!(by_name("OPV-0"), ["opv"]);
        assert_eq!(by_name("Measles Rubella (MR) 1"), ["mr"]);
        assert_eq!(by_name("COVISHIELD"), ["covid"]);
        assert_eq!(by_name("Haemophilus influenza b"), Vec::<&str>::new());
        assert_eq!(by_name("Hepatitis B immune globulin"), Vec::<&str>::new());
        assert_eq!(by_name("Marsh vaccine"), Vec::<&str>::new());
        let cvx = [("http://hl7.org/fhir/sid/cvx", "198")];
        assert_eq!(vaccines_of(cvx.into_iter(), "x"), ["hepb", "dtp"]);
        let atc = [("http://www.whocc.no/atc", "J07BD52")];
        assert_eq!(vaccines_of(atc.into_iter(), "x"), ["mr"]);
    }

    #[test]
    fn a_newborn_is_due_what_is_given_at_birth() {
        assert_eq!(states("bcg", 0, &[]), ["due"]);
        assert_eq!(states("hepb", 0, &[]), ["due"]);
        assert_eq!(states("hepb", 3, &[]), ["not-needed"]);
        assert_eq!(states("opv", 3, &[]), ["due", "later", "later", "later", "later"]);
        assert_eq!(states("bcg", 30, &[]), ["overdue"]);
        assert_eq!(states("bcg", 400, &[]), ["not-needed"]);
    }

    #[test]
    fn doses_fill_the_schedule_in_order_and_only_the_next_is_due() {
        let given = [dose("opv", 0), dose("opv", 43)];
        assert_eq!(states("opv", 50, &given), ["given", "given", "later", "later", "later"]);
        assert_eq!(states("opv", 72, &given), ["given", "given", "due", "later", "later"]);
        assert_eq!(states("opv", 300, &given), ["given", "given", "overdue", "later", "later"]);
        // Without the one at birth the first dose at six weeks is the dose of six weeks.
        assert_eq!(states("opv", 50, &[dose("opv", 43)]), ["not-needed", "given", "later", "later", "later"]);
        // Two doses a day apart are not two doses of the schedule.
        assert_eq!(states("mr", 300, &[dose("mr", 280), dose("mr", 281)]), ["given", "later"]);
    }

    #[test]
    fn a_late_start_is_not_overdue_at_once() {
        let given = [dose("dtp", 200)];
        assert_eq!(states("dtp", 210, &given)[1], "later");
        assert_eq!(states("dtp", 230, &given)[1], "due");
        assert_eq!(states("dtp", 290, &given)[1], "overdue");
    }

    #[test]
    fn what_depends_on_the_district_is_never_called_due() {
        for age in 0..7000 {
            assert!(states("je", age, &[]).iter().all(|state| !matches!(*state, "due" | "overdue")));
        }
        assert_eq!(states("je", 400, &[]), ["depends", "later"]);
    }

    #[test]
    fn adults_have_their_own_list() {
        let years = |years: i64| years * 365 + years / 4 + 1;
        assert_eq!(states("bcg", years(40), &[]), Vec::<&str>::new());
        assert_eq!(states("td", years(40), &[]), ["due"]);
        assert_eq!(states("td", years(40), &[dose("td", years(35))]), ["later"]);
        assert_eq!(states("td", years(40), &[dose("td", years(20))]), ["overdue"]);
        assert_eq!(states("flu", years(40), &[]), Vec::<&str>::new());
        assert_eq!(states("flu", years(70), &[dose("flu", years(60))]), ["due"]);
        assert_eq!(states("zoster", years(55), &[]), ["due", "later"]);
        let childhood = [dose("hepb", 43), dose("hepb", 71), dose("hepb", 130)];
        assert_eq!(states("hepb", years(30), &childhood), ["given", "given", "given"]);
        let woman = Recipient { may_be_pregnant: true, ..child() };
        let of = |who: &Recipient| {
            scheduled(who, BORN + years(30), &[])
                .iter()
                .filter(|dose| dose.condition == Some("pregnancy"))
                .count()
        };
        assert_eq!((of(&woman), of(&child())), (2, 0));
    }

    #[test]
    fn a_year_of_birth_alone_decides_nothing_that_needs_the_day() {
        let vague = Recipient { born_first: BORN, born_last: BORN + 364, may_be_pregnant: false };
        let all = scheduled(&vague, BORN + 380, &[]);
        let bcg = all.iter().find(|dose| dose.vaccine == "bcg").unwrap();
        assert_eq!(bcg.state, DoseState::Due);
    }

    proptest! {
        #[test]
        fn more_doses_never_make_more_overdue(age in 0_i64..30_000, days in proptest::collection::vec(0_i64..30_000, 0..8)) {
            let all: Vec<GivenDose> = days.iter().filter(|day| **day <= age).map(|day| dose("opv", *day)).collect();
            let found = scheduled(&child(), BORN + age, &all);
            let filled: Vec<usize> = found.iter().filter(|dose| dose.state == DoseState::Given).filter_map(|dose| dose.given).collect();
            let mut once = filled.clone();
            once.dedup();
            prop_assert_eq!(once, filled);
            let open = found.iter().filter(|dose| dose.vaccine == "opv" && matches!(dose.state, DoseState::Due | DoseState::Overdue));
            prop_assert!(open.count() <= 1);
        }

        #[test]
        fn months_are_counted_by_the_calendar(day in -10_000_i64..40_000, months in 0_i64..1200) {
            let (year, month, of_month) = civil(day);
            prop_assert_eq!(days_from_civil(year, month.into(), of_month.into()), day);
            let (later_year, later_month, _) = civil(later(day, Span::Months(months)));
            prop_assert_eq!(later_year * 12 + i64::from(later_month), year * 12 + i64::from(month) + months);
        }
    }
}
