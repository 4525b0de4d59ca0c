//! Readings that people take at home or have from a laboratory, with their LOINC codes and UCUM units.

use kosha_fhir::own::{What, is_possible};

/// A reading.
pub(super) struct Measure {
    names: &'static [&'static str],
    /// As people type it themselves, where they can: then one rule tells what a body can have.
    what: Option<What>,
    /// Code of `observation-category`.
    pub(super) category: &'static str,
    /// Units that it comes in, each with the LOINC code that it then has; empty where none is meant exactly.
    units: &'static [(Unit, &'static str)],
    /// The LOINC code where no unit is given; empty where the unit decides.
    plain: &'static str,
}

/// A unit by its UCUM code.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    MgDl,
    MmolL,
    PerMinute,
    Kg,
    Pound,
    Cm,
    Metre,
    Inch,
    Celsius,
    Fahrenheit,
    Percent,
    MmolMol,
    MmHg,
    KgM2,
    Count,
}

/// Every unit: its code, and how it is written, in lower case and without spaces.
const UNITS: [(Unit, &str, &[&str]); 15] = [
    (Unit::MgDl, "mg/dL", &["mg/dl", "mgdl", "mg%", "mgs/dl"]),
    (Unit::MmolL, "mmol/L", &["mmol/l", "mmoll"]),
    (
        Unit::PerMinute,
        "/min",
        &[
            "bpm",
            "/min",
            "beats/min",
            "beatsperminute",
            "permin",
            "perminute",
            "count/min",
            "breaths/min",
            "brpm",
        ],
    ),
    (Unit::Kg, "kg", &["kg", "kgs", "kilogram", "kilograms", "किलो", "किग्रा", "किलोग्राम"]),
    (Unit::Pound, "[lb_av]", &["lb", "lbs", "pound", "pounds"]),
    (Unit::Cm, "cm", &["cm", "cms", "centimetre", "centimeter", "सेमी"]),
    (Unit::Metre, "m", &["m", "metre", "meter"]),
    (Unit::Inch, "[in_i]", &["in", "inch", "inches"]),
    (Unit::Celsius, "Cel", &["°c", "c", "degc", "celsius", "℃", "cel", "ºc"]),
    (Unit::Fahrenheit, "[degF]", &["°f", "f", "degf", "fahrenheit", "℉", "ºf", "[degf]"]),
    (Unit::Percent, "%", &["%", "percent", "pct", "प्रतिशत"]),
    (Unit::MmolMol, "mmol/mol", &["mmol/mol"]),
    (Unit::MmHg, "mm[Hg]", &["mmhg", "mm[hg]"]),
    (Unit::KgM2, "kg/m2", &["kg/m2", "kg/m²", "kg/m^2"]),
    (Unit::Count, "{steps}", &["steps", "count"]),
];

const LABORATORY: &str = "laboratory";
const VITAL: &str = "vital-signs";
const RATES: &[&str] = &[
    "pulse",
    "pulse rate",
    "heart rate",
    "heartrate",
    "hr",
    "resting heart rate",
    "bpm",
    "नाड़ी",
    "नाड़ी",
    "नब्ज",
    "पल्स",
    "हृदय गति",
];

const MEASURES: [Measure; 13] = [
    Measure {
        names: &[
            "glucose",
            "blood glucose",
            "blood sugar",
            "sugar",
            "bg",
            "glucose value",
            "glucose level",
            "glucose reading",
            "blood glucose level",
            "blood glucose value",
            "sugar level",
            "blood sugar level",
            "historic glucose",
            "scan glucose",
            "random blood sugar",
            "rbs",
            "शुगर",
            "ब्लड शुगर",
            "रक्त शर्करा",
            "ग्लूकोज",
            "ग्लूकोज़",
            "शर्करा",
        ],
        what: Some(What::Sugar),
        category: LABORATORY,
        units: &[(Unit::MgDl, "2339-0"), (Unit::MmolL, "15074-8")],
        plain: "",
    },
    Measure {
        names: &[
            "fasting",
            "fasting glucose",
            "fasting blood glucose",
            "fasting blood sugar",
            "fasting sugar",
            "fbs",
            "fbg",
            "glucose fasting",
            "blood sugar fasting",
            "blood glucose fasting",
            "sugar fasting",
            "खाली पेट शुगर",
            "फास्टिंग शुगर",
            "फास्टिंग",
            "शुगर खाली पेट",
        ],
        what: Some(What::Sugar),
        category: LABORATORY,
        units: &[(Unit::MgDl, "1558-6"), (Unit::MmolL, "14771-0")],
        plain: "",
    },
    // How long after the meal is not said, and every code for it is of a certain time.
    Measure {
        names: &[
            "pp",
            "ppbs",
            "ppbg",
            "post prandial",
            "postprandial",
            "post meal",
            "after meal",
            "postprandial glucose",
            "post prandial blood sugar",
            "postprandial blood sugar",
            "post prandial glucose",
            "pp sugar",
            "blood sugar pp",
            "post meal glucose",
            "after meal glucose",
            "glucose after meal",
            "before meal",
            "before meal glucose",
            "खाने के बाद शुगर",
            "शुगर खाने के बाद",
            "भोजन के बाद शुगर",
        ],
        what: Some(What::Sugar),
        category: LABORATORY,
        units: &[(Unit::MgDl, ""), (Unit::MmolL, "")],
        plain: "",
    },
    Measure {
        names: &[
            "hba1c",
            "a1c",
            "hb a1c",
            "hemoglobin a1c",
            "haemoglobin a1c",
            "glycated haemoglobin",
            "glycated hemoglobin",
            "glycosylated haemoglobin",
            "glycosylated hemoglobin",
            "एचबीए1सी",
        ],
        what: None,
        category: LABORATORY,
        units: &[(Unit::Percent, "4548-4"), (Unit::MmolMol, "59261-8")],
        plain: "",
    },
    Measure {
        names: RATES,
        what: Some(What::Pulse),
        category: VITAL,
        units: &[(Unit::PerMinute, "8867-4")],
        plain: "8867-4",
    },
    Measure {
        names: &["weight", "body weight", "bodyweight", "वजन", "वज़न", "वज़न", "शरीर का वजन"],
        what: Some(What::Weight),
        category: VITAL,
        units: &[(Unit::Kg, "29463-7"), (Unit::Pound, "29463-7")],
        plain: "29463-7",
    },
    Measure {
        names: &["height", "body height", "ऊंचाई", "ऊँचाई", "लंबाई", "लम्बाई", "कद", "क़द"],
        what: Some(What::Height),
        category: VITAL,
        units: &[(Unit::Cm, "8302-2"), (Unit::Metre, "8302-2"), (Unit::Inch, "8302-2")],
        plain: "8302-2",
    },
    Measure {
        names: &["temperature", "body temperature", "temp", "body temp", "तापमान", "शरीर का तापमान", "बुखार"],
        what: Some(What::Temperature),
        category: VITAL,
        units: &[(Unit::Celsius, "8310-5"), (Unit::Fahrenheit, "8310-5")],
        plain: "8310-5",
    },
    Measure {
        names: &[
            "spo2",
            "sp o2",
            "oxygen saturation",
            "o2 saturation",
            "oxygen",
            "blood oxygen",
            "oxygen level",
            "pulse oximetry",
            "ऑक्सीजन",
            "ऑक्सीजन स्तर",
            "एसपीओ2",
        ],
        what: Some(What::Oxygen),
        category: VITAL,
        units: &[(Unit::Percent, "59408-5")],
        plain: "59408-5",
    },
    Measure {
        names: &["steps", "step count", "stepcount", "number of steps", "कदम"],
        what: None,
        category: "activity",
        units: &[(Unit::Count, "55423-8")],
        plain: "55423-8",
    },
    Measure {
        names: &[
            "respiratory rate",
            "respiration rate",
            "breathing rate",
            "resp rate",
            "respiration",
            "श्वसन दर",
        ],
        what: None,
        category: VITAL,
        units: &[(Unit::PerMinute, "9279-1")],
        plain: "9279-1",
    },
    Measure {
        names: &["bmi", "body mass index", "बीएमआई"],
        what: None,
        category: VITAL,
        units: &[(Unit::KgM2, "39156-5")],
        plain: "39156-5",
    },
    Measure {
        names: &["body fat", "fat", "body fat percentage", "fat percentage"],
        what: None,
        category: VITAL,
        units: &[(Unit::Percent, "41982-0")],
        plain: "41982-0",
    },
];

pub(super) const SYSTOLIC: Measure = Measure {
    names: &[],
    what: Some(What::Systolic),
    category: VITAL,
    units: &[(Unit::MmHg, "8480-6")],
    plain: "8480-6",
};

pub(super) const DIASTOLIC: Measure = Measure {
    names: &[],
    what: Some(What::Diastolic),
    category: VITAL,
    units: &[(Unit::MmHg, "8462-4")],
    plain: "8462-4",
};

/// The place of a measure by its name in lower case, words parted by spaces.
pub(super) fn named(name: &str) -> Option<usize> {
    MEASURES.iter().position(|measure| measure.names.contains(&name))
}

pub(super) fn get(at: usize) -> Option<&'static Measure> {
    MEASURES.get(at)
}

fn spelled(written: &str) -> String {
    written.to_lowercase().replace([' ', '.'], "")
}

fn unit(written: &str) -> Option<(Unit, &'static str)> {
    let spelled = spelled(written);
    UNITS.iter().find(|(_, _, names)| names.contains(&spelled.as_str())).map(|(unit, code, _)| (*unit, *code))
}

/// Whether a text is the name of a unit.
pub(super) fn is_unit(written: &str) -> bool {
    unit(written).is_some()
}

/// Spellings that readers of FHIR do not take for the unit that they mean.
const RARE: [&str; 10] =
    ["mgdl", "mmoll", "count/min", "brpm", "centimetre", "metre", "meter", "ºc", "ºf", "pct"];

/// Whether a unit is shown as the table writes it: in Western letters, and as other writers have it too.
pub(super) fn is_common(written: &str) -> bool {
    written.chars().all(|letter| letter.is_ascii() || "°℃℉²".contains(letter))
        && !RARE.contains(&spelled(written).as_str())
}

#[cfg(test)]
pub(super) fn spellings() -> impl Iterator<Item = &'static str> {
    UNITS.iter().flat_map(|(_, _, names)| names.iter().copied())
}

/// The UCUM code of a unit; none for one that is not known here.
pub(super) fn ucum(written: &str) -> Option<&'static str> {
    unit(written).map(|(_, code)| code)
}

impl Measure {
    /// Whether a body can have this number, in a unit as it is written.
    pub(super) fn is_possible(&self, digits: &str, written: &str) -> bool {
        let unit = unit(written);
        let code = unit.map_or("", |(_, code)| code);
        match self.what {
            // One that is not known here is not the unit in which it would be judged.
            Some(_) if unit.is_none() && !written.is_empty() => true,
            Some(what) => is_possible(what, digits, code),
            None => !digits.starts_with('-'),
        }
    }

    /// The LOINC code of a reading in a unit. None where the unit is not of this measure, or decides and is not given.
    pub(super) fn loinc(&self, written: &str) -> Option<&'static str> {
        let code = if written.is_empty() {
            self.plain
        } else {
            let (unit, _) = unit(written)?;
            self.units.iter().find(|(known, _)| *known == unit)?.1
        };
        (!code.is_empty()).then_some(code)
    }
}
