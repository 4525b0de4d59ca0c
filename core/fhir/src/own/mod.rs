//! What people write down themselves: a weight, a blood pressure, a medicine, an allergy, a note. Each becomes a FHIR R4
//! resource that says, to any reader of FHIR, that the patient (or somebody for them) said it and no clinic.
//!
//! What is typed is taken as it is or refused with a reason ([`Refused`]); nothing is guessed, converted or corrected.
//! `fixtures/own/` holds one example of every resource.

macro_rules! hidden_debug {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
use hidden_debug;

mod mark;
mod measure;
mod moment;
mod number;
mod refused;
mod resource;
mod withdraw;
mod words;

pub use mark::{OwnMark, is_own_entry, own_mark, own_note};
pub(crate) use mark::{identifier, is_marked, is_said_by_patient, source};
pub use measure::{Measured, What, is_possible, is_pressure};
pub use moment::{Now, OwnDate};
pub use number::ascii as western_digit;
pub use refused::Refused;
pub use resource::{By, Subject, Written};
pub use withdraw::{kept_from, same_said, withdrawn};
pub use words::Words;

/// One thing that somebody writes down.
#[derive(Clone, PartialEq, Eq)]
pub enum OwnEntry {
    /// Body weight, height, pulse, temperature or oxygen saturation.
    Measure(Measured),
    /// Blood pressure.
    BloodPressure {
        /// The upper value; [`What::Systolic`].
        systolic: Measured,
        /// The lower value; [`What::Diastolic`].
        diastolic: Measured,
    },
    /// A blood sugar reading.
    Sugar {
        /// The value; [`What::Sugar`].
        value: Measured,
        /// When it was taken, as to meals.
        meal: Meal,
    },
    /// A medicine that is or was taken.
    Medicine(Box<Medicine>),
    /// An allergy or intolerance.
    Allergy(Box<Allergy>),
    /// An illness or complaint.
    Problem(Box<Problem>),
    /// A vaccination that was given.
    Vaccination(Box<Vaccination>),
    /// A visit to, or of, somebody who treats.
    Visit(Box<Visit>),
    /// Anything else, in words.
    Note(Words),
    /// The blood group.
    BloodGroup(BloodGroup),
}

/// When sugar was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meal {
    /// After a night without food.
    Fasting,
    /// After a meal.
    AfterFood,
    /// At any time.
    Random,
}

/// A medicine, as the person who takes it says it.
#[derive(Clone, PartialEq, Eq)]
pub struct Medicine {
    /// What it is called, with its strength if that is part of the name.
    pub name: Words,
    /// Strength, where it is said apart: `500 mg`.
    pub strength: Option<Words>,
    /// How much at a time: `1 tablet`; also a pattern such as `1-0-1`.
    pub dose: Option<Words>,
    /// How often a day, 1 to 24.
    pub times_a_day: Option<u8>,
    /// When: `after food`, `at bedtime`.
    pub when: Option<Words>,
    /// Only when it is needed.
    pub as_needed: bool,
    /// Since when.
    pub since: Option<OwnDate>,
    /// Until when; may lie ahead.
    pub until: Option<OwnDate>,
    /// What it is taken for.
    pub reason: Option<Words>,
}

/// An allergy, as the person who has it says it.
#[derive(Clone, PartialEq, Eq)]
pub struct Allergy {
    /// To what.
    pub what: Words,
    /// What happens.
    pub reaction: Option<Words>,
    /// How bad that was; only with a reaction.
    pub severity: Option<Severity>,
    /// It can be dangerous.
    pub serious: bool,
}

/// How bad a reaction was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Mild.
    Mild,
    /// Moderate.
    Moderate,
    /// Severe.
    Severe,
}

/// An illness or complaint.
#[derive(Clone, PartialEq, Eq)]
pub struct Problem {
    /// What it is.
    pub what: Words,
    /// When it ended, if it did.
    pub until: Option<OwnDate>,
}

/// A vaccination that was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Vaccination {
    /// The vaccine.
    pub vaccine: Words,
    /// Which dose it was, 1 to 99.
    pub dose: Option<u8>,
    /// Where it was given.
    pub place: Option<Words>,
}

/// A visit.
#[derive(Clone, PartialEq, Eq)]
pub struct Visit {
    /// Where: clinic, hospital.
    pub place: Words,
    /// Who was seen.
    pub who: Option<Words>,
    /// Why.
    pub reason: Option<Words>,
    /// What sort of visit.
    pub setting: Setting,
    /// When it ended, where that was another day.
    pub until: Option<OwnDate>,
}

/// What sort of visit it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Setting {
    /// At a clinic or practice, home again the same day.
    #[default]
    Clinic,
    /// At an emergency department.
    Emergency,
    /// A stay in hospital.
    Stay,
    /// At home.
    Home,
    /// By phone or video.
    Online,
}

/// A blood group with its rhesus factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each says itself")]
pub enum BloodGroup {
    APositive,
    ANegative,
    BPositive,
    BNegative,
    AbPositive,
    AbNegative,
    OPositive,
    ONegative,
}

impl OwnEntry {
    /// A blood pressure from `130/85`, in mmHg. The upper value has to be above the lower one.
    pub fn blood_pressure(text: &str) -> Result<OwnEntry, Refused> {
        let (upper, lower) = text.split_once('/').ok_or(Refused::BloodPressure)?;
        let lower = lower.trim();
        let bare = lower
            .len()
            .checked_sub(4)
            .and_then(|at| lower.split_at_checked(at))
            .filter(|(_, unit)| unit.eq_ignore_ascii_case("mmhg"))
            .map_or(lower, |(number, _)| number);
        let systolic = Measured::parse(What::Systolic, upper)?;
        let diastolic = Measured::parse(What::Diastolic, bare)?;
        if !systolic.is_above(&diastolic) {
            return Err(Refused::BloodPressureOrder);
        }
        Ok(OwnEntry::BloodPressure { systolic, diastolic })
    }

    /// The stable word for the sort of entry: `weight`, `medicine`, … An entry is corrected by one of its own sort.
    pub fn sort(&self) -> &'static str {
        match self {
            OwnEntry::Measure(measured) => measured.what().as_str(),
            OwnEntry::BloodPressure { .. } => "blood-pressure",
            OwnEntry::Sugar { .. } => "sugar",
            OwnEntry::Medicine(_) => "medicine",
            OwnEntry::Allergy(_) => "allergy",
            OwnEntry::Problem(_) => "problem",
            OwnEntry::Vaccination(_) => "vaccination",
            OwnEntry::Visit(_) => "visit",
            OwnEntry::Note(_) => "note",
            OwnEntry::BloodGroup(_) => "blood-group",
        }
    }

    /// Whether an entry without a date is of now. An allergy or a problem is only written down now, and a medicine has
    /// spans of its own.
    pub fn is_of_a_moment(&self) -> bool {
        !matches!(
            self,
            OwnEntry::Allergy(_) | OwnEntry::Problem(_) | OwnEntry::Medicine(_) | OwnEntry::BloodGroup(_)
        )
    }

    /// Whether what was written fits together: spans end after they begin, counts are in bounds, a severity has its
    /// reaction. [`OwnEntry::to_resource`] may be called with anything; this says beforehand what is wrong.
    pub fn check(&self, when: Option<&OwnDate>) -> Result<(), Refused> {
        let ordered = |from: Option<&OwnDate>, until: Option<&OwnDate>| match (from, until) {
            (Some(from), Some(until)) if until.ends_before(from) => Err(Refused::EndsBeforeItBegins),
            _ => Ok(()),
        };
        match self {
            OwnEntry::Medicine(medicine) => {
                if medicine.times_a_day.is_some_and(|times| !(1..=24).contains(&times)) {
                    return Err(Refused::TimesADay);
                }
                ordered(medicine.since.as_ref(), medicine.until.as_ref())
            }
            OwnEntry::Problem(problem) => ordered(when, problem.until.as_ref()),
            OwnEntry::Visit(visit) => ordered(when, visit.until.as_ref()),
            OwnEntry::Allergy(allergy) if allergy.severity.is_some() && allergy.reaction.is_none() => {
                Err(Refused::SeverityOfNothing)
            }
            OwnEntry::Vaccination(vaccination)
                if vaccination.dose.is_some_and(|dose| !(1..=99).contains(&dose)) =>
            {
                Err(Refused::DoseNumber)
            }
            _ => Ok(()),
        }
    }
}

impl std::str::FromStr for BloodGroup {
    type Err = Refused;

    /// Reads `B+`, `AB -`, `O positive`, `A Rh negative`, `B +ve`.
    fn from_str(text: &str) -> Result<BloodGroup, Refused> {
        let lower: String = text.to_lowercase().chars().filter(|char| !char.is_whitespace()).collect();
        let at = lower.find(|char: char| !matches!(char, 'a' | 'b' | 'o')).ok_or(Refused::BloodGroup)?;
        let (group, factor) = lower.split_at_checked(at).ok_or(Refused::BloodGroup)?;
        let factor = factor.strip_prefix("rh").unwrap_or(factor);
        let positive = match factor {
            "+" | "+ve" | "positive" | "pos" => true,
            "-" | "-ve" | "negative" | "neg" | "−" | "–" => false,
            _ => return Err(Refused::BloodGroup),
        };
        Ok(match (group, positive) {
            ("a", true) => BloodGroup::APositive,
            ("a", false) => BloodGroup::ANegative,
            ("b", true) => BloodGroup::BPositive,
            ("b", false) => BloodGroup::BNegative,
            ("ab", true) => BloodGroup::AbPositive,
            ("ab", false) => BloodGroup::AbNegative,
            ("o", true) => BloodGroup::OPositive,
            ("o", false) => BloodGroup::ONegative,
            _ => return Err(Refused::BloodGroup),
        })
    }
}

hidden_debug!(OwnEntry, Medicine, Allergy, Problem, Vaccination, Visit, Measured, OwnDate, Words);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blood_pressures() {
        for good in ["130/85", " 130 / 85 ", "१३०/८५", "130/85 mmHg", "130/85mmhg"] {
            assert!(OwnEntry::blood_pressure(good).is_ok(), "{good}");
        }
        for (wrong, why) in [
            ("130", Refused::BloodPressure),
            ("85/130", Refused::BloodPressureOrder),
            ("90/90", Refused::BloodPressureOrder),
        ] {
            assert_eq!(OwnEntry::blood_pressure(wrong), Err(why), "{wrong}");
        }
        for wrong in ["130/", "/85", "1300/85", "130/85/60", "130/8", "130/85 kPa", "-130/85"] {
            assert!(OwnEntry::blood_pressure(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn blood_groups() {
        for (text, group) in [
            ("B+", BloodGroup::BPositive),
            ("ab -", BloodGroup::AbNegative),
            ("O positive", BloodGroup::OPositive),
            ("A Rh negative", BloodGroup::ANegative),
            ("o+ve", BloodGroup::OPositive),
        ] {
            assert_eq!(text.parse(), Ok(group), "{text}");
        }
        for wrong in ["B", "+", "C+", "BA+", "", "0+", "B++", "AB+-"] {
            assert_eq!(wrong.parse::<BloodGroup>(), Err(Refused::BloodGroup), "{wrong}");
        }
    }
}
