//! Whether a record states a fact, and if not, what it states.

use serde::Serialize;

/// How a record stands. Everything but `Fact` says so in its card's title, so that no list, search result,
/// share or page can show it as a fact by leaving a field out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Standing {
    /// Stated by its source as having been so.
    Fact = 1,
    /// Ordered, advised, booked, suggested or drafted: has not happened yet.
    Planned = 2,
    /// The source withdrew it as a mistake.
    InError = 3,
    /// Looked for and found not to be so.
    Refuted = 4,
    /// Something that was not carried out (a vaccine not given, a procedure not done).
    NotDone = 5,
    /// An order not to do something.
    DoNotPerform = 6,
    /// Called off or stopped before it took place.
    Cancelled = 7,
    /// The patient does not take the medicine.
    NotTaken = 8,
    /// Suspected, provisional, not confirmed.
    Unconfirmed = 9,
}

impl Standing {
    /// The stable number kept in a record's header.
    pub fn as_u8(self) -> u8 {
        self as u8
    }

    /// The standing of a stored number.
    pub fn from_u8(number: u8) -> Option<Standing> {
        use Standing::{
            Cancelled, DoNotPerform, Fact, InError, NotDone, NotTaken, Planned, Refuted, Unconfirmed,
        };
        [Fact, Planned, InError, Refuted, NotDone, DoNotPerform, Cancelled, NotTaken, Unconfirmed]
            .into_iter()
            .find(|standing| standing.as_u8() == number)
    }

    /// True for what says that something was or is *not* so: it never counts in a list of facts.
    pub fn negates(self) -> bool {
        !matches!(self, Standing::Fact | Standing::Planned | Standing::Unconfirmed)
    }

    /// The stable word, as in the card's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Fact => "fact",
            Standing::Planned => "planned",
            Standing::InError => "in-error",
            Standing::Refuted => "refuted",
            Standing::NotDone => "not-done",
            Standing::DoNotPerform => "do-not-perform",
            Standing::Cancelled => "cancelled",
            Standing::NotTaken => "not-taken",
            Standing::Unconfirmed => "unconfirmed",
        }
    }
}
