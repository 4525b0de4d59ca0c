//! What may be typed after `medicines`, `allergies`, `problems`, `vaccinations`, `documents` and `emergency`.

use clap::Args;

/// Whose records, and how many.
#[derive(Debug, Args)]
pub(crate) struct Part {
    /// Only this person (id or name)
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
    /// Most entries to list
    #[arg(long, default_value_t = 50, value_name = "N", allow_negative_numbers = true)]
    pub(crate) limit: u32,
    /// Go on after the `next` of an earlier page
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Timed {
    #[command(flatten)]
    pub(crate) part: Part,
    /// What was so before
    #[arg(long, conflicts_with = "all")]
    pub(crate) before: bool,
    /// Everything, also what was planned, ruled out or not taken
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Allergies {
    #[command(flatten)]
    pub(crate) part: Part,
    /// Also those that were ruled out or are over
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Vaccinations {
    /// Whose (id or name); else the owner's
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
    /// Also doses of the schedule that are given, come later, or are not needed any more
    #[arg(long)]
    pub(crate) all: bool,
    /// Most vaccines to list
    #[arg(long, default_value_t = 50, value_name = "N", allow_negative_numbers = true)]
    pub(crate) limit: u32,
    /// Go on after the `next` of an earlier page
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Documents {
    #[command(flatten)]
    pub(crate) part: Part,
    /// From this day, month or year (2024-03-05, 2024-03, 2024)
    #[arg(long, value_name = "D")]
    pub(crate) from: Option<String>,
    /// To the end of this day, month or year
    #[arg(long, value_name = "D")]
    pub(crate) to: Option<String>,
    /// Also those that were called off or ruled out
    #[arg(long)]
    pub(crate) all: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OnePerson {
    /// Whose (id or name); else the owner's
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
}
