//! What may be typed after `results`, `trend`, `visits` and `changes`.

use std::path::PathBuf;

use clap::Args;

/// Of whom, of when, and how many.
#[derive(Debug, Args)]
pub(crate) struct Narrow {
    /// Only this person (id or name)
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
    /// From this day, month or year (2024-03-05, 2024-03, 2024)
    #[arg(long, value_name = "D")]
    pub(crate) from: Option<String>,
    /// To the end of this day, month or year
    #[arg(long, value_name = "D")]
    pub(crate) to: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Paged {
    /// Most lines to list
    #[arg(long, default_value_t = 50, value_name = "N", allow_negative_numbers = true)]
    pub(crate) limit: u32,
    /// Go on after the `next` of an earlier page
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Results {
    /// Vital signs (blood pressure, weight, …) in place of results
    #[arg(long)]
    pub(crate) vitals: bool,
    #[command(flatten)]
    pub(crate) narrow: Narrow,
    #[command(flatten)]
    pub(crate) paged: Paged,
}

#[derive(Debug, Args)]
pub(crate) struct Trend {
    /// A code (718-7, loinc:718-7, system|code), or words of the name
    #[arg(required = true, value_name = "CODE")]
    pub(crate) what: Vec<String>,
    #[command(flatten)]
    pub(crate) narrow: Narrow,
    /// Draw it into this new file, too (.svg)
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Draw with plain letters
    #[arg(long)]
    pub(crate) ascii: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Visits {
    #[command(flatten)]
    pub(crate) narrow: Narrow,
    #[command(flatten)]
    pub(crate) paged: Paged,
}

#[derive(Debug, Args)]
pub(crate) struct Changes {
    /// Since this day, month or year, since the `now` of an earlier answer, or since the last visit
    #[arg(long, value_name = "D|last-visit", default_value = "last-visit")]
    pub(crate) since: String,
    /// Only this person (id or name)
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
    /// Most records to list
    #[arg(long, default_value_t = 100, value_name = "N", allow_negative_numbers = true)]
    pub(crate) limit: u32,
}
