//! What may be typed after `person`, `refile`, `attach` and `emergency-card`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Person {
    /// List the persons whose records are kept
    List,
    /// Add a person
    Add(AddPerson),
    /// Give a person another name
    Rename {
        /// The person (id or name)
        person: String,
        /// The new name
        name: String,
        /// It is another person than the one of this name who is here
        #[arg(long)]
        same_name: bool,
    },
    /// Change what is known of a person, or to whom the vault belongs
    Change(ChangePerson),
    /// Make A a part of B: both are one person
    Merge {
        /// The one who becomes a part (id or name)
        part: String,
        /// The one who stays (id or name)
        one: String,
    },
    /// Take a merge back
    Unmerge {
        /// The one who was made a part (id or name)
        part: String,
    },
}

/// What may be said of a person.
#[derive(Debug, Args)]
pub(crate) struct AboutPerson {
    /// Birth date (1980-01-02, 1980-01, 1980)
    #[arg(long, value_name = "D")]
    pub(crate) birth_date: Option<String>,
    /// female, male, other or unknown
    #[arg(long, value_name = "G")]
    pub(crate) gender: Option<String>,
    /// How they are related to the owner: self, partner, parent, child, sibling, grandparent, grandchild, other
    #[arg(long, value_name = "R")]
    pub(crate) relation: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct AddPerson {
    /// Name
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) about: AboutPerson,
    /// The vault belongs to this person
    #[arg(long)]
    pub(crate) owner: bool,
    /// It is another person than the one of this name who is here
    #[arg(long)]
    pub(crate) same_name: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ChangePerson {
    /// The person (id or name)
    pub(crate) person: String,
    #[command(flatten)]
    pub(crate) about: AboutPerson,
    /// The vault belongs to this person from now on
    #[arg(long)]
    pub(crate) owner: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Refile {
    /// Records, or files for all records that came in them: ids, or the first letters
    #[arg(required_unless_present = "undo", value_name = "RECORD")]
    pub(crate) records: Vec<String>,
    /// The person with whom they are filed now (id or name)
    #[arg(long, value_name = "P", required_unless_present = "undo")]
    pub(crate) to: Option<String>,
    /// Take the last refiling back
    #[arg(long, conflicts_with_all = ["records", "to"])]
    pub(crate) undo: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Attach {
    /// The files: PDFs, photos, scans, up to 2 GiB each
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Whose they are (id or name); needed when there are several persons
    #[arg(long, value_name = "P")]
    pub(crate) person: Option<String>,
    /// What to call them; else the name of the file
    #[arg(long, value_name = "T")]
    pub(crate) title: Option<String>,
    /// When they are from (2024-03-05, 2024-03, 2024)
    #[arg(long, value_name = "D")]
    pub(crate) date: Option<String>,
    /// A record to which they belong
    #[arg(long, value_name = "ID")]
    pub(crate) record: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EmergencyCard {
    /// Switch the card on, or change what it shows
    On {
        /// name, birth-year, blood-group, allergies, conditions, medicines, contact
        #[arg(long, value_name = "FIELD", num_args = 1.., required = true)]
        fields: Vec<String>,
        /// Whom to call, in your own words
        #[arg(long, value_name = "TEXT")]
        contact: Option<String>,
        /// Whose card (id or name); else the owner's
        #[arg(long, value_name = "P")]
        person: Option<String>,
    },
    /// Show the card, without unlocking
    Show,
    /// Switch the card off: its file and its key are gone
    Off,
    /// Make the card anew from the records
    Refresh,
}
