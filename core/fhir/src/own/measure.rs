//! Measurements with the units that people use, and the bounds of what a body can have.

use std::cmp::Ordering;

use super::Refused;
use super::number::Number;
use crate::quantity::Decimal;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Body weight, in kg or lb.
    Weight,
    /// Body height, in cm, m, in, or feet and inches.
    Height,
    /// Heart rate, per minute.
    Pulse,
    /// Body temperature, in °C or °F.
    Temperature,
    /// Oxygen saturation, in %.
    Oxygen,
    /// Blood sugar, in mg/dL or mmol/L.
    Sugar,
    /// The upper blood pressure, in mmHg.
    Systolic,
    /// The lower blood pressure, in mmHg.
    Diastolic,
}

/// A unit, and the bounds in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Unit {
    /// Spellings in small letters.
    spellings: &'static [&'static str],
    /// UCUM.
    pub(super) code: &'static str,
    /// As it is written.
    pub(super) name: &'static str,
    low: &'static str,
    high: &'static str,
}

impl Unit {
    /// Whether a body can have this number of it.
    fn holds(&self, number: &Decimal) -> bool {
        let side = |bound: &str| Some(number.compare(&Decimal::parse(bound)?));
        side(self.low).is_some_and(Ordering::is_ge) && side(self.high).is_some_and(Ordering::is_le)
    }
}

const KG: Unit = Unit {
    spellings: &["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "किलो", "किग्रा"],
    code: "kg",
    name: "kg",
    low: "0.2",
    high: "700",
};
const LB: Unit = Unit {
    spellings: &["lb", "lbs", "pound", "pounds"],
    code: "[lb_av]",
    name: "lb",
    low: "0.5",
    high: "1550",
};
const CM: Unit = Unit {
    spellings: &["cm", "cms", "centimeter", "centimeters", "centimetre", "centimetres", "सेमी"],
    code: "cm",
    name: "cm",
    low: "15",
    high: "280",
};
const METRE: Unit = Unit {
    spellings: &["m", "meter", "metre", "meters", "metres"],
    code: "m",
    name: "m",
    low: "0.15",
    high: "2.8",
};
const INCH: Unit = Unit {
    spellings: &["in", "inch", "inches", "\"", "″"],
    code: "[in_i]",
    name: "in",
    low: "6",
    high: "110",
};
const FOOT: Unit =
    Unit { spellings: &["ft", "foot", "feet", "'", "′"], code: "[ft_i]", name: "ft", low: "1", high: "9" };
const BEATS: Unit = Unit {
    spellings: &["/min", "bpm", "per min", "per minute", "beats/min", "beats per minute"],
    code: "/min",
    name: "/min",
    low: "10",
    high: "400",
};
const CELSIUS: Unit =
    Unit {
        spellings: &["c", "°c", "℃", "cel", "celsius"], code: "Cel", name: "°C", low: "20", high: "47"
    };
const FAHRENHEIT: Unit =
    Unit {
        spellings: &["f", "°f", "℉", "fahrenheit"], code: "[degF]", name: "°F", low: "68", high: "117"
    };
const PERCENT: Unit = Unit { spellings: &["%", "percent"], code: "%", name: "%", low: "10", high: "100" };
const MG_DL: Unit =
    Unit { spellings: &["mg/dl", "mg%", "mgdl", "mg"], code: "mg/dL", name: "mg/dL", low: "5", high: "2700" };
const MMOL_L: Unit =
    Unit { spellings: &["mmol/l", "mmol"], code: "mmol/L", name: "mmol/L", low: "0.3", high: "150" };
const UPPER: Unit = Unit { spellings: &["mmhg"], code: "mm[Hg]", name: "mmHg", low: "30", high: "350" };
const LOWER: Unit = Unit { spellings: &["mmhg"], code: "mm[Hg]", name: "mmHg", low: "10", high: "250" };

impl What {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            What::Weight => "weight",
            What::Height => "height",
            What::Pulse => "pulse",
            What::Temperature => "temperature",
            What::Oxygen => "oxygen",
            What::Sugar => "sugar",
            What::Systolic => "systolic",
            What::Diastolic => "diastolic",
        }
    }

    fn noun(self) -> &'static str {
        match self {
            What::Weight => "weight",
            What::Height => "height",
            What::Pulse => "pulse",
            What::Temperature => "body temperature",
            What::Oxygen => "oxygen saturation",
            What::Sugar => "blood sugar",
            What::Systolic => "upper blood pressure",
            What::Diastolic => "lower blood pressure",
        }
    }

    fn units(self) -> &'static [Unit] {
        match self {
            What::Weight => &[KG, LB],
            What::Height => &[CM, METRE, INCH, FOOT],
            What::Pulse => &[BEATS],
            What::Temperature => &[CELSIUS, FAHRENHEIT],
            What::Oxygen => &[PERCENT],
            What::Sugar => &[MG_DL, MMOL_L],
            What::Systolic => &[UPPER],
            What::Diastolic => &[LOWER],
        }
    }

    fn unit_names(self) -> &'static str {
        match self {
            What::Weight => "kg or lb",
            What::Height => "cm, m, in, or 5 ft 11 in",
            What::Pulse => "per minute, or nothing",
            What::Temperature => "C or F",
            What::Oxygen => "%, or nothing",
            What::Sugar => "mg/dL or mmol/L",
            What::Systolic | What::Diastolic => "mmHg, or nothing",
        }
    }
}

/// Whether a body can have this number, with the digits of its source, in a unit of UCUM. Without a unit: in any in which
/// this is measured. In a unit that is not known here nothing is said against it.
pub fn is_possible(what: What, digits: &str, unit: &str) -> bool {
    let Some(number) = Decimal::parse(digits) else { return false };
    let all = what.units();
    let mut meant = all.iter().filter(|known| unit.is_empty() || known.code == unit).peekable();
    let is_known = meant.peek().is_some();
    !is_known || meant.any(|unit| unit.holds(&number))
}

/// Whether the upper blood pressure is above the lower one, in digits.
pub fn is_pressure(upper: &str, lower: &str) -> bool {
    let both = Decimal::parse(upper).zip(Decimal::parse(lower));
    both.is_some_and(|(upper, lower)| upper.compare(&lower).is_gt())
}

/// A measurement with its unit, physically possible, its digits as they were typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Measured {
    what: What,
    number: Number,
    unit: Unit,
}

impl Measured {
    /// Reads a number and its unit: `72.5 kg`, `98.6F`, `5 ft 11 in`, `97`. Where there is only one unit it may be left
    /// out; a missing one is never guessed. Feet and inches are kept as inches, which is exact.
    pub fn parse(what: What, text: &str) -> Result<Measured, Refused> {
        let text = text.trim();
        if text.chars().count() > 64 {
            return Err(Refused::NotANumber);
        }
        let is_number =
            |char: char| super::number::ascii(char).is_ascii_digit() || matches!(char, '.' | ',' | '٫');
        let end = text.find(|char| !is_number(char)).unwrap_or(text.len());
        let (number, unit) = text.split_at_checked(end).unwrap_or((text, ""));
        let number = Number::parse(number)?;
        let unit = unit.trim().to_lowercase();
        if what == What::Height
            && let Some(measured) = feet_and_inches(&number, &unit)?
        {
            return measured.in_bounds();
        }
        let units = what.unit_names();
        let unit = match (unit.as_str(), what.units()) {
            ("", [only]) => *only,
            ("", _) => return Err(Refused::UnitMissing { units }),
            (spelling, all) => *all
                .iter()
                .find(|unit| unit.spellings.contains(&spelling))
                .ok_or(Refused::UnitUnknown { units })?,
        };
        if unit == FOOT && !number.is_whole() {
            return Err(Refused::AmbiguousFeet);
        }
        Measured { what, number, unit }.in_bounds()
    }

    fn in_bounds(self) -> Result<Measured, Refused> {
        let Unit { low, high, name, .. } = self.unit;
        if !self.number.decimal().is_some_and(|number| self.unit.holds(&number)) {
            return Err(Refused::OutOfBounds { what: self.what.noun(), low, high, unit: name });
        }
        Ok(self)
    }

    /// What is measured.
    pub fn what(&self) -> What {
        self.what
    }

    /// Whether the number is greater than that of `other`, which has the same unit.
    pub(super) fn is_above(&self, other: &Measured) -> bool {
        is_pressure(self.number.text(), other.number.text())
    }

    /// UCUM code of the unit.
    pub fn unit_code(&self) -> &'static str {
        self.unit.code
    }

    /// A FHIR `Quantity`.
    pub(super) fn quantity(&self) -> serde_json::Value {
        serde_json::json!({
            "value": self.number.json(),
            "unit": self.unit.name,
            "system": "http://unitsofmeasure.org",
            "code": self.unit.code,
        })
    }
}

/// `5 ft 11 in`, `5'11"`, `5'11`: in inches. `None` for anything else.
fn feet_and_inches(feet: &Number, rest: &str) -> Result<Option<Measured>, Refused> {
    let after = FOOT.spellings.iter().rev().find_map(|spelling| rest.strip_prefix(spelling));
    let Some(inches) = after.map(str::trim).filter(|inches| !inches.is_empty()) else { return Ok(None) };
    if !inches.starts_with(|char| super::number::ascii(char).is_ascii_digit()) {
        return Ok(None);
    }
    let end = inches.find(|char: char| !super::number::ascii(char).is_ascii_digit()).unwrap_or(inches.len());
    let (count, unit) = inches.split_at_checked(end).unwrap_or((inches, ""));
    let unit = unit.trim();
    let known = unit.is_empty() || INCH.spellings.contains(&unit) || matches!(unit, "''" | "′′");
    let whole = |number: &Number| number.text().parse::<u32>().ok();
    let (feet, count) = (whole(feet), whole(&Number::parse(count)?));
    match (feet, count) {
        (Some(feet), Some(count)) if known && count < 12 && feet < 10 => {
            Ok(Some(Measured { what: What::Height, number: Number::of(feet * 12 + count), unit: INCH }))
        }
        _ => Err(Refused::AmbiguousFeet),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(what: What, text: &str) -> String {
        match Measured::parse(what, text) {
            Ok(measured) => format!("{} {}", measured.number.text(), measured.unit.code),
            Err(refused) => refused.code().to_owned(),
        }
    }

    #[test]
    fn measurements_keep_their_digits_and_units() {
        for (what, typed, kept) in [
            (What::Weight, "72.5 kg", "72.5 kg"),
            (What::Weight, "72.50kg", "72.50 kg"),
            (What::Weight, "७२.५ किलो", "72.5 kg"),
            (What::Weight, "160 lb", "160 [lb_av]"),
            (What::Weight, "72.5", "bad-unit"),
            (What::Weight, "72.5 stone", "bad-unit"),
            (What::Weight, "7200 kg", "out-of-bounds"),
            (What::Weight, "0 kg", "out-of-bounds"),
            (What::Weight, "kg", "not-a-number"),
            (What::Height, "170 cm", "170 cm"),
            (What::Height, "1.70 m", "1.70 m"),
            (What::Height, "170 m", "out-of-bounds"),
            (What::Height, "5 ft 11 in", "71 [in_i]"),
            (What::Height, "5'11\"", "71 [in_i]"),
            (What::Height, "5ft 0in", "60 [in_i]"),
            (What::Height, "6 ft", "6 [ft_i]"),
            (What::Height, "5.11 ft", "ambiguous-number"),
            (What::Height, "5.5 ft 2 in", "ambiguous-number"),
            (What::Height, "5 ft 12 in", "ambiguous-number"),
            (What::Pulse, "78", "78 /min"),
            (What::Pulse, "78 bpm", "78 /min"),
            (What::Temperature, "38.2 C", "38.2 Cel"),
            (What::Temperature, "38,2 °C", "38.2 Cel"),
            (What::Temperature, "100.4F", "100.4 [degF]"),
            (What::Temperature, "98.6 C", "out-of-bounds"),
            (What::Temperature, "38.2", "bad-unit"),
            (What::Oxygen, "97", "97 %"),
            (What::Oxygen, "101 %", "out-of-bounds"),
            (What::Sugar, "110 mg/dL", "110 mg/dL"),
            (What::Sugar, "6.1 mmol/l", "6.1 mmol/L"),
            (What::Sugar, "110", "bad-unit"),
            (What::Sugar, "1,100 mg/dL", "ambiguous-number"),
        ] {
            assert_eq!(taken(what, typed), kept, "{typed}");
        }
    }

    #[test]
    fn the_bounds_are_said() {
        let refused = Measured::parse(What::Weight, "7200 kg").unwrap_err();
        assert!(refused.to_string().contains("0.2 to 700 kg"), "{refused}");
    }
}
