//! Why something that was typed is not taken.

/// What is wrong with an entry. Holds bounds and names of fields, never what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// No number, or one with more digits than any measurement has.
    #[error("This is not a number. Write it as 72.5.")]
    NotANumber,
    /// A comma that may stand before a fraction or between thousands.
    #[error("This number can be read in two ways. Write it with a point, as 72.5, and without separators.")]
    AmbiguousNumber,
    /// Feet with a fraction: 5.11 may be 5 feet 11 inches.
    #[error("Feet with a fraction can be read in two ways. Write 5 ft 11 in, or centimetres.")]
    AmbiguousFeet,
    /// Beyond what a body can have.
    #[error("What is taken for {what}: {low} to {high} {unit}. Look again at the number and its unit.")]
    OutOfBounds {
        /// What was measured, as a noun.
        what: &'static str,
        /// The lowest value that is taken.
        low: &'static str,
        /// The highest value that is taken.
        high: &'static str,
        /// The unit of both.
        unit: &'static str,
    },
    /// The unit is missing.
    #[error("Say the unit too: {units}.")]
    UnitMissing {
        /// Those that are known.
        units: &'static str,
    },
    /// A unit that this measurement does not have.
    #[error("This unit is not known here. Write {units}.")]
    UnitUnknown {
        /// Those that are known.
        units: &'static str,
    },
    /// Not two numbers with a slash.
    #[error("Write the blood pressure as 130/85.")]
    BloodPressure,
    /// The upper value is not above the lower one.
    #[error("The first value of a blood pressure is the higher one: 130/85.")]
    BloodPressureOrder,
    /// Not a blood group with its rhesus factor.
    #[error("Write the blood group as A+, A-, B+, B-, AB+, AB-, O+ or O-.")]
    BloodGroup,
    /// A field without text.
    #[error("The text for {field} is empty.")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// A field with more text than is kept.
    #[error("The text for {field} is too long: at most {most} characters.")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Most characters.
        most: usize,
    },
    /// A field with characters that no text has.
    #[error("The text for {field} holds control characters, which cannot be kept.")]
    ControlCharacter {
        /// The field.
        field: &'static str,
    },
    /// Not a date.
    #[error("This is not a date. Write 2024, 2024-03, 2024-03-05 or 2024-03-05T10:20.")]
    BadDate,
    /// A date ahead of now.
    #[error("This date lies in the future.")]
    Future,
    /// It ends before it begins.
    #[error("It ends before it begins. Look again at the two dates.")]
    EndsBeforeItBegins,
    /// Not 1 to 24 times a day.
    #[error("A medicine is taken 1 to 24 times a day.")]
    TimesADay,
    /// Not dose 1 to 99 of a vaccine.
    #[error("The number of a dose is between 1 and 99.")]
    DoseNumber,
    /// A severity of no reaction.
    #[error("Say which reaction was so severe.")]
    SeverityOfNothing,
    /// A note has no note beside it.
    #[error("A note is all text; it has no further note.")]
    NoteOfNote,
}

impl Refused {
    /// Stable kebab-case code, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refused::NotANumber => "not-a-number",
            Refused::AmbiguousNumber | Refused::AmbiguousFeet => "ambiguous-number",
            Refused::OutOfBounds { .. } => "out-of-bounds",
            Refused::UnitMissing { .. } | Refused::UnitUnknown { .. } => "bad-unit",
            Refused::BloodPressure | Refused::BloodPressureOrder => "bad-blood-pressure",
            Refused::BloodGroup => "bad-blood-group",
            Refused::Empty { .. } | Refused::TooLong { .. } | Refused::ControlCharacter { .. } => "bad-text",
            Refused::BadDate => "bad-date",
            Refused::Future => "future-date",
            Refused::EndsBeforeItBegins => "ends-before-it-begins",
            Refused::TimesADay | Refused::DoseNumber => "bad-count",
            Refused::SeverityOfNothing => "no-reaction",
            Refused::NoteOfNote => "note-of-note",
        }
    }
}
