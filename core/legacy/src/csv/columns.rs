//! What the columns of a table are, by the names in its first row: English and Hindi, in any case.

use kosha_fhir::own::western_digit;

use super::measure;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Date,
    Time,
    DateTime,
    /// A reading of its own, by its place in the list of measures.
    Measure(usize),
    Systolic,
    Diastolic,
    /// Both in one cell, as `120/80`.
    Pressure,
    /// What a row is about.
    Name,
    Value,
    Unit,
    /// The unit of one measure.
    UnitOf(usize),
    Low,
    High,
    Range,
    Flag,
    Note,
    Loinc,
    /// Numbers a row, and says nothing.
    Counter,
    Empty,
    Unknown,
}

const NAMES: [(Column, &[&str]); 16] = [
    (
        Column::Date,
        &[
            "date",
            "day",
            "reading date",
            "measurement date",
            "test date",
            "date of test",
            "collection date",
            "result date",
            "दिनांक",
            "तारीख",
            "तारीख़",
            "तिथि",
        ],
    ),
    (Column::Time, &["time", "reading time", "measurement time", "time of day", "समय", "टाइम"]),
    (
        Column::DateTime,
        &[
            "datetime",
            "date time",
            "date and time",
            "date & time",
            "timestamp",
            "time stamp",
            "device timestamp",
            "measured at",
            "recorded at",
            "taken at",
            "effective date",
            "start time",
            "start date",
            "recorded on",
            "measured on",
            "तारीख और समय",
            "दिनांक और समय",
            "दिनांक व समय",
            "तिथि और समय",
        ],
    ),
    (
        Column::Systolic,
        &[
            "systolic",
            "sys",
            "sbp",
            "systolic bp",
            "bp systolic",
            "systolic blood pressure",
            "systolic pressure",
            "blood pressure systolic",
            "bp sys",
            "sys bp",
            "सिस्टोलिक",
            "सिस्टोलिक बीपी",
        ],
    ),
    (
        Column::Diastolic,
        &[
            "diastolic",
            "dia",
            "dbp",
            "diastolic bp",
            "bp diastolic",
            "diastolic blood pressure",
            "diastolic pressure",
            "blood pressure diastolic",
            "bp dia",
            "dia bp",
            "डायस्टोलिक",
            "डायस्टोलिक बीपी",
        ],
    ),
    (Column::Pressure, &["bp", "blood pressure", "बीपी", "रक्तचाप", "ब्लड प्रेशर"]),
    (
        Column::Name,
        &[
            "test",
            "test name",
            "name",
            "type",
            "parameter",
            "measurement",
            "investigation",
            "analyte",
            "metric",
            "observation",
            "component",
            "जांच",
            "जाँच",
            "टेस्ट",
            "परीक्षण",
        ],
    ),
    (Column::Value, &["value", "result", "reading", "test result", "result value", "मान", "परिणाम", "रीडिंग"]),
    (Column::Unit, &["unit", "units", "uom", "इकाई", "यूनिट"]),
    (Column::Low, &["low", "reference low", "ref low", "range low", "lower limit", "low limit"]),
    (Column::High, &["high", "reference high", "ref high", "range high", "upper limit", "high limit"]),
    (
        Column::Range,
        &[
            "range",
            "reference range",
            "ref range",
            "normal range",
            "reference interval",
            "biological reference interval",
            "bio ref interval",
            "reference",
            "सामान्य सीमा",
        ],
    ),
    (Column::Flag, &["flag", "abnormal flag", "interpretation", "abnormal"]),
    (Column::Note, &["note", "notes", "comment", "comments", "remark", "remarks", "टिप्पणी", "नोट"]),
    (Column::Loinc, &["loinc", "loinc code", "loinc num"]),
    (Column::Counter, &["no", "sr no", "s no", "sl no", "serial no", "sno", "index", "row", "id", "क्रमांक"]),
];

impl Column {
    pub(super) fn of(name: &str) -> Self {
        let plain = plain(name);
        if plain.is_empty() {
            return Self::Empty;
        }
        if let Some((column, _)) = NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())) {
            return *column;
        }
        if let Some(at) = measure::named(&plain) {
            return Self::Measure(at);
        }
        let stem = plain.strip_suffix(" unit").or_else(|| plain.strip_suffix(" units"));
        stem.and_then(measure::named).map_or(Self::Unknown, Self::UnitOf)
    }

    /// What is measured, if it is a measure or a pressure by itself.
    pub(super) fn measure(self) -> Option<&'static measure::Measure> {
        match self {
            Self::Measure(at) => measure::get(at),
            Self::Systolic => Some(&measure::SYSTOLIC),
            Self::Diastolic => Some(&measure::DIASTOLIC),
            _ => None,
        }
    }
}

/// Lower case, every sign between words a space.
fn plain(name: &str) -> String {
    let spaced = name.to_lowercase().replace('₂', "2");
    let words = spaced.split(|letter: char| {
        letter.is_whitespace() || (letter.is_ascii_punctuation() && letter != '&') || letter == '\u{a0}'
    });
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A column's name, its unit apart.
#[derive(Clone, Default)]
pub(super) struct Name {
    pub(super) words: String,
    /// As written; empty where none is.
    pub(super) unit: String,
}

impl Name {
    /// `Glucose (mg/dL)`, `weight_kg`, `Temp °C`, `Sugar, mmol/L`.
    pub(super) fn read(written: &str) -> Self {
        let written = written.trim().trim_matches('\u{feff}');
        let brackets = [('(', ')'), ('[', ']')].into_iter().find_map(|(open, close)| {
            let (words, rest) = written.split_once(open)?;
            let (inside, behind) = rest.split_once(close)?;
            Some((format!("{} {}", words.trim(), behind.trim()), inside.trim()))
        });
        if let Some((words, unit)) = brackets {
            let words = words.trim().to_owned();
            // Words in brackets may be a part of the name: `Pulse (resting)`.
            if measure::is_unit(unit) {
                return Name { words, unit: unit.to_owned() };
            }
            return Name { words: written.to_owned(), unit: String::new() };
        }
        let ends = written.char_indices().filter(|(_, letter)| matches!(letter, ' ' | '_' | ',' | '-'));
        for (at, sign) in ends {
            let (words, rest) = written.split_at_checked(at).unwrap_or((written, ""));
            let rest = rest.trim_start_matches(sign).trim();
            let spelled = if sign == '_' { rest.replace('_', "/") } else { rest.to_owned() };
            if measure::is_unit(&spelled) && !words.is_empty() {
                return Name { words: words.trim_end_matches(',').to_owned(), unit: spelled };
            }
        }
        Name { words: written.to_owned(), unit: String::new() }
    }
}

/// The row that names the columns.
pub(super) struct Header {
    /// Which row it is.
    pub(super) place: usize,
    pub(super) columns: Vec<(Column, Name)>,
}

impl Header {
    pub(super) fn find(rows: &[csv::StringRecord]) -> Option<Self> {
        rows.iter().enumerate().find_map(|(place, row)| {
            let columns = row.iter().take(200).map(|cell| {
                let name = Name::read(cell);
                (Column::of(&name.words), name)
            });
            Some(Header { place, columns: columns.collect() }).filter(Self::is_one)
        })
    }

    /// Readings with a date, or names with values and something that a list of anything else would not have.
    fn is_one(&self) -> bool {
        let has = |wanted: fn(Column) -> bool| self.all(wanted).next().is_some();
        let dated = has(|column| matches!(column, Column::Date | Column::DateTime));
        let readings = has(|column| {
            matches!(column, Column::Measure(_) | Column::Systolic | Column::Diastolic | Column::Pressure)
        });
        let tells_units = has(|column| {
            matches!(column, Column::Unit | Column::Low | Column::High | Column::Range | Column::Loinc)
        });
        (dated && readings) || (self.is_long() && (tells_units || !self.unit_of_value().is_empty()))
    }

    /// Whether rows name what they are about.
    pub(super) fn is_long(&self) -> bool {
        [Column::Name, Column::Value]
            .into_iter()
            .all(|wanted| self.all(|column| column == wanted).next().is_some())
    }

    pub(super) fn known(&self) -> usize {
        self.all(|column| !matches!(column, Column::Unknown | Column::Empty)).count()
    }

    /// Places of all columns of a kind.
    pub(super) fn all(&self, wanted: impl Fn(Column) -> bool) -> impl Iterator<Item = usize> {
        self.columns.iter().enumerate().filter(move |(_, (column, _))| wanted(*column)).map(|(at, _)| at)
    }

    /// A row with the digits of all scripts of India as Western ones, where it holds numbers and dates.
    pub(super) fn with_western_digits(&self, row: csv::StringRecord) -> csv::StringRecord {
        // Most tables have no others, and are not copied.
        if row.as_slice().is_ascii() {
            return row;
        }
        let western = |(at, cell): (usize, &str)| match self.columns.get(at) {
            Some((
                Column::Date
                | Column::Time
                | Column::DateTime
                | Column::Measure(_)
                | Column::Systolic
                | Column::Diastolic
                | Column::Pressure
                | Column::Value
                | Column::Low
                | Column::High,
                _,
            )) => cell.chars().map(western_digit).collect(),
            _ => cell.to_owned(),
        };
        row.iter().enumerate().map(western).collect::<Vec<String>>().into()
    }

    /// What a row says, without its number in the table.
    pub(super) fn said(&self, row: &csv::StringRecord) -> Vec<String> {
        let counts = |at: usize| matches!(self.columns.get(at), Some((Column::Counter, _)));
        let cells = row.iter().enumerate().filter(|(at, _)| !counts(*at));
        cells.map(|(_, cell)| cell.trim().to_owned()).collect()
    }

    /// Places of the columns that hold numbers.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.all(|column| {
            matches!(
                column,
                Column::Measure(_)
                    | Column::Systolic
                    | Column::Diastolic
                    | Column::Value
                    | Column::Low
                    | Column::High
            )
        })
    }

    fn unit(&self, wanted: impl Fn(Column) -> bool) -> Option<String> {
        let mut units = self.columns.iter().filter(|(column, _)| wanted(*column)).map(|(_, name)| &name.unit);
        units.find(|unit| !unit.is_empty()).cloned()
    }

    pub(super) fn unit_of_value(&self) -> String {
        self.unit(|column| column == Column::Value).unwrap_or_default()
    }

    pub(super) fn unit_of_pressure(&self) -> Option<String> {
        self.unit(|column| matches!(column, Column::Systolic | Column::Diastolic | Column::Pressure))
    }
}
