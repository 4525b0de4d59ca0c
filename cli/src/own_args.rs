//! What may be typed after `add` and `correct`.

use clap::{Args, Subcommand, ValueEnum};

/// What is written down.
#[derive(Debug, Subcommand)]
pub(crate) enum Entry {
    /// Body weight: 72.5 kg, 160 lb
    Weight(Value),
    /// Body height: 170 cm, 5 ft 11 in
    Height(Value),
    /// Blood pressure: 130/85
    #[command(alias = "blood-pressure")]
    Bp(BloodPressure),
    /// Pulse: 78
    Pulse(Value),
    /// Body temperature: 38.2 C, 101 F
    Temperature(Value),
    /// Oxygen saturation: 97
    Oxygen(Value),
    /// Blood sugar: 110 mg/dL, 6.1 mmol/L
    Sugar(Sugar),
    /// A medicine that is or was taken: "Metformin 500 mg"
    Medicine(Medicine),
    /// An allergy: Penicillin
    Allergy(Allergy),
    /// An illness or complaint
    Problem(Problem),
    /// A vaccination that was given: Tdap
    Vaccination(Vaccination),
    /// A visit: "City clinic"
    Visit(Visit),
    /// Anything else, in your own words
    Note(Text),
    /// Blood group: B+
    BloodGroup(Text),
}

#[derive(Debug, Args)]
pub(crate) struct Correct {
    /// The entry: its id, or the first letters of it
    pub(crate) id: String,
    #[command(subcommand)]
    pub(crate) entry: Entry,
}

#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The entry: its id, or the first letters of it
    pub(crate) id: String,
}

/// What may be said of any entry.
#[derive(Debug, Args)]
pub(crate) struct About {
    /// When it was so (2024, 2024-03, 2024-03-05, 2024-03-05T10:20); else now
    #[arg(long, value_name = "D")]
    pub(crate) on: Option<String>,
    /// Whose it is (id or name); needed when there are several persons
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
    /// A remark, in your own words
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
    /// It is meant once more although the same was written down a moment ago
    #[arg(long)]
    pub(crate) again: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Value {
    /// The number and its unit
    #[arg(required = true, num_args = 1.., value_name = "VALUE UNIT", allow_negative_numbers = true)]
    pub(crate) value: Vec<String>,
    #[command(flatten)]
    pub(crate) about: About,
}

#[derive(Debug, Args)]
pub(crate) struct BloodPressure {
    /// Upper and lower value in mmHg, with a slash between them
    #[arg(required = true, num_args = 1.., value_name = "UPPER/LOWER")]
    pub(crate) value: Vec<String>,
    /// Pulse that was measured with it; becomes an entry of its own
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) pulse: Option<String>,
    #[command(flatten)]
    pub(crate) about: About,
}

#[derive(Debug, Args)]
pub(crate) struct Sugar {
    #[command(flatten)]
    pub(crate) value: Value,
    /// After a night without food
    #[arg(long, conflicts_with_all = ["after_food", "random"])]
    pub(crate) fasting: bool,
    /// After a meal
    #[arg(long, conflicts_with = "random")]
    pub(crate) after_food: bool,
    /// At any time; also what is taken when nothing is said
    #[arg(long)]
    pub(crate) random: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Medicine {
    /// Its name, with the strength
    pub(crate) name: String,
    /// Strength, where it is not in the name: "500 mg"
    #[arg(long, value_name = "TEXT")]
    pub(crate) strength: Option<String>,
    /// How much at a time: "1 tablet", "1-0-1"
    #[arg(long, value_name = "TEXT")]
    pub(crate) dose: Option<String>,
    /// How often a day
    #[arg(long, value_name = "N")]
    pub(crate) times_a_day: Option<u8>,
    /// When: "after food", "at bedtime"
    #[arg(long, value_name = "TEXT")]
    pub(crate) when: Option<String>,
    /// Only when it is needed
    #[arg(long)]
    pub(crate) as_needed: bool,
    /// Since when it is taken
    #[arg(long, value_name = "D")]
    pub(crate) since: Option<String>,
    /// Until when; may lie ahead
    #[arg(long, value_name = "D")]
    pub(crate) until: Option<String>,
    /// What it is taken for
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) about: About,
}

#[derive(Debug, Args)]
pub(crate) struct Allergy {
    /// To what
    pub(crate) what: String,
    /// What happens: rash, swelling
    #[arg(long, value_name = "TEXT")]
    pub(crate) reaction: Option<String>,
    /// How bad the reaction was
    #[arg(long, value_enum, value_name = "HOW", requires = "reaction")]
    pub(crate) severity: Option<Severity>,
    /// It can be dangerous
    #[arg(long)]
    pub(crate) serious: bool,
    #[command(flatten)]
    pub(crate) about: About,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Severity {
    Mild,
    Moderate,
    Severe,
}

#[derive(Debug, Args)]
pub(crate) struct Problem {
    /// What it is
    pub(crate) what: String,
    /// When it ended, if it is over
    #[arg(long, value_name = "D")]
    pub(crate) until: Option<String>,
    #[command(flatten)]
    pub(crate) about: About,
}

#[derive(Debug, Args)]
pub(crate) struct Vaccination {
    /// The vaccine
    pub(crate) vaccine: String,
    /// Which dose it was
    #[arg(long, value_name = "N")]
    pub(crate) dose: Option<u8>,
    /// Where it was given
    #[arg(long = "at", value_name = "TEXT")]
    pub(crate) place: Option<String>,
    #[command(flatten)]
    pub(crate) about: About,
}

#[derive(Debug, Args)]
pub(crate) struct Visit {
    /// Where: the clinic or hospital
    pub(crate) place: String,
    /// Who was seen
    #[arg(long, value_name = "TEXT")]
    pub(crate) doctor: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// What sort of visit
    #[arg(long, value_enum, default_value = "clinic", value_name = "SORT")]
    pub(crate) setting: Setting,
    /// When it ended, if that was another day
    #[arg(long, value_name = "D")]
    pub(crate) until: Option<String>,
    #[command(flatten)]
    pub(crate) about: About,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Setting {
    /// At a clinic or practice
    Clinic,
    /// At an emergency department
    Emergency,
    /// A stay in hospital
    Stay,
    /// At home
    Home,
    /// By phone or video
    Online,
}

#[derive(Debug, Args)]
pub(crate) struct Text {
    /// The text
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) about: About,
}
