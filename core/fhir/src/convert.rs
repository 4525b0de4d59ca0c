//! The same amount in another unit: only where that is exact or settled by the molar mass of what was measured.
//! `HbA1c` is not among them: its two scales are no multiples of each other.

use crate::label::system_name;
use crate::quantity::{normal_unit, shown};

/// `to = (value - before) * times / by + after`, all in the scale of [`UNIT`].
struct Way {
    from: &'static str,
    to: &'static str,
    shown: &'static str,
    before: i128,
    times: i128,
    by: i128,
    after: i128,
    decimals: u32,
}

/// Tenths of millionths: what offsets and values are counted in.
const PLACES: u32 = 7;
const UNIT: i128 = 10_000_000;

const fn way(
    from: &'static str,
    to: &'static str,
    shown: &'static str,
    times: i128,
    by: i128,
    decimals: u32,
) -> Way {
    Way { from, to, shown, before: 0, times, by, after: 0, decimals }
}

/// Both ways between mg/dL and a molar unit. `factor` is how many mg/dL one mmol/L (or µmol/L) is, times 100,000:
/// a tenth of the molar mass in g/mol.
const fn molar(unit: &'static str, shown: &'static str, factor: i128, decimals: u32, back: u32) -> [Way; 2] {
    [way("mg/dl", unit, shown, 100_000, factor, decimals), way(unit, "mg/dl", "mg/dL", factor, 100_000, back)]
}

/// What can be converted: LOINC codes, ways.
static ANALYTES: [(&[&str], [Way; 2]); 13] = [
    // Glucose, 180.156 g/mol.
    (
        &[
            "2339-0", "2345-7", "1558-6", "1557-8", "1521-4", "41653-7", "14743-9", "14749-6", "15074-8",
            "14771-0", "76629-5",
        ],
        molar("mmol/l", "mmol/L", 1_801_560, 1, 0),
    ),
    // Cholesterol and its fractions, 386.65 g/mol.
    (
        &[
            "2093-3", "14647-2", "2085-9", "14646-4", "2089-1", "13457-7", "18262-6", "22748-8", "39469-2",
            "13458-5", "43396-1",
        ],
        molar("mmol/l", "mmol/L", 3_866_500, 2, 0),
    ),
    // Triglycerides, 885.7 g/mol by convention.
    (&["2571-8", "14927-8", "3043-7"], molar("mmol/l", "mmol/L", 8_857_000, 2, 0)),
    // Creatinine, 113.12 g/mol.
    (&["2160-0", "38483-4", "14682-9"], molar("umol/l", "µmol/L", 1_131, 0, 2)),
    // Urea, 60.06 g/mol.
    (&["3091-6", "22664-7", "20977-5"], molar("mmol/l", "mmol/L", 600_600, 1, 0)),
    // Urea told by its nitrogen, two atoms of 14.007 g/mol.
    (&["3094-0", "6299-2"], molar("mmol/l", "mmol/L", 280_140, 1, 0)),
    // Uric acid, 168.11 g/mol.
    (&["3084-1", "14933-6"], molar("umol/l", "µmol/L", 1_681, 0, 1)),
    // Calcium, 40.078 g/mol.
    (&["17861-6", "49765-1", "2000-8"], molar("mmol/l", "mmol/L", 400_780, 2, 1)),
    // Bilirubin, 584.66 g/mol.
    (
        &["1975-2", "42719-5", "14631-6", "1968-7", "15152-2", "1971-1"],
        molar("umol/l", "µmol/L", 5_847, 0, 1),
    ),
    // A pound is 0.45359237 kg.
    (
        &["29463-7", "3141-9", "3142-7", "8339-4"],
        [
            way("kg", "lb", "lb", 100_000_000, 45_359_237, 1),
            way("lb", "kg", "kg", 45_359_237, 100_000_000, 1),
        ],
    ),
    // An inch is 2.54 cm.
    (
        &["8302-2", "8301-4", "8308-9", "8306-3", "3137-7"],
        [way("cm", "in", "in", 100, 254, 1), way("in", "cm", "cm", 254, 100, 1)],
    ),
    (
        &["8287-5", "9843-4", "8280-0", "56086-2"],
        [way("cm", "in", "in", 100, 254, 1), way("in", "cm", "cm", 254, 100, 1)],
    ),
    // 32 °F is 0 °C.
    (
        &["8310-5", "8331-1", "8328-7", "8333-7", "8332-9"],
        [
            Way {
                from: "°c",
                to: "°f",
                shown: "°F",
                before: 0,
                times: 9,
                by: 5,
                after: 32 * UNIT,
                decimals: 1,
            },
            Way {
                from: "°f",
                to: "°c",
                shown: "°C",
                before: 32 * UNIT,
                times: 5,
                by: 9,
                after: 0,
                decimals: 1,
            },
        ],
    ),
];

fn find(code_system: &str, code: &str, unit: &str) -> Option<&'static Way> {
    if system_name(code_system) != Some("LOINC") {
        return None;
    }
    let unit = normal_unit(unit);
    let (_, ways) = ANALYTES.iter().find(|(codes, _)| codes.contains(&code))?;
    ways.iter().find(|way| way.from == unit)
}

/// The other unit in which such a result can be shown: `mmol/L` for glucose in mg/dL, `lb` for a weight in kg. `None`
/// when nothing useful and certain is known. `code_system` is LOINC's address.
pub fn other_unit(code_system: &str, code: &str, unit: &str) -> Option<&'static str> {
    find(code_system, code, unit).map(|way| way.shown)
}

/// A value in another unit, rounded half away from zero to the decimals that laboratories give: `126`, `mg/dL`,
/// `mmol/L` for glucose is `7.0`. `unit` must be one that the record states without contradiction: of a record with
/// the warning `unit-unclear` (its card has no series) nothing may be converted. A comparator stays with the value.
/// `None` for any other code, unit or text, and for negative amounts.
pub fn convert(
    code_system: &str,
    code: &str,
    value_digits: &str,
    unit: &str,
    to_unit: &str,
) -> Option<String> {
    let way = find(code_system, code, unit).filter(|way| way.to == normal_unit(to_unit))?;
    let value = scaled(value_digits)?;
    let temperature = matches!(way.from, "°c" | "°f");
    if value < 0 && !temperature {
        return None;
    }
    let converted = value.checked_sub(way.before)?.checked_mul(way.times)?;
    // Rounded once, at the end: the sum of the quotient and the offset over one denominator.
    let top = converted.checked_add(way.after.checked_mul(way.by)?)?;
    let step = 10_i128.pow(PLACES - way.decimals).checked_mul(way.by)?;
    let half = if top < 0 { -(step / 2) } else { step / 2 };
    let rounded = top.checked_add(half)? / step;
    Some(text(rounded, way.decimals))
}

/// A decimal as a whole number of ten-millionths; `None` beyond 9 digits before or 7 after the point.
fn scaled(digits: &str) -> Option<i128> {
    let plain = shown(digits.trim(), &[]);
    let exact = digits.trim();
    // Exponents are written out; a number that would be rounded is read as it was sent.
    let text = if exact.contains(['e', 'E']) { plain.as_str() } else { exact };
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let places = usize::try_from(PLACES).ok()?;
    if whole.is_empty() || whole.len() > 9 || !digits(whole) || !digits(fraction) {
        return None;
    }
    // What lies beyond the seventh place changes no shown digit that matters.
    let fraction: String = fraction.chars().chain("0000000".chars()).take(places).collect();
    let value: i128 = format!("{whole}{fraction}").parse().ok()?;
    Some(if negative { -value } else { value })
}

fn text(value: i128, decimals: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let power = 10_u128.pow(decimals);
    let size = value.unsigned_abs();
    let (whole, rest) = (size / power, size % power);
    let width = usize::try_from(decimals).unwrap_or(0);
    if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest:0width$}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LOINC: &str = "http://loinc.org";

    #[test]
    fn known_values() {
        for (code, value, unit, to, expected) in [
            ("2345-7", "126", "mg/dL", "mmol/L", "7.0"),
            ("2345-7", "100", "mgs/dl", "mmol/l", "5.6"),
            ("14749-6", "7.0", "mmol/L", "mg/dL", "126"),
            ("2093-3", "200", "mg/dL", "mmol/L", "5.17"),
            ("2093-3", "5.17", "mmol/L", "mg/dL", "200"),
            ("2571-8", "150", "mg/dL", "mmol/L", "1.69"),
            ("2160-0", "1.0", "mg/dL", "umol/L", "88"),
            ("2160-0", "1.2", "mg/dL", "µmol/L", "106"),
            ("14682-9", "106", "µmol/L", "mg/dL", "1.20"),
            ("3091-6", "30", "mg/dL", "mmol/L", "5.0"),
            ("3094-0", "14", "mg/dL", "mmol/L", "5.0"),
            ("3084-1", "6", "mg/dL", "umol/L", "357"),
            ("17861-6", "10", "mg/dL", "mmol/L", "2.50"),
            ("1975-2", "1", "mg/dL", "umol/L", "17"),
            ("29463-7", "70", "kg", "[lb_av]", "154.3"),
            ("29463-7", "154.3", "lbs", "kg", "70.0"),
            ("8302-2", "170", "cm", "in", "66.9"),
            ("8302-2", "66.9", "[in_i]", "cm", "169.9"),
            ("8310-5", "37", "Cel", "[degF]", "98.6"),
            ("8310-5", "98.6", "°F", "°C", "37.0"),
            ("8310-5", "-40", "Cel", "[degF]", "-40.0"),
            ("8310-5", "3.7e1", "Cel", "[degF]", "98.6"),
        ] {
            assert_eq!(
                convert(LOINC, code, value, unit, to).as_deref(),
                Some(expected),
                "{code} {value} {unit}"
            );
        }
    }

    #[test]
    fn nothing_that_is_not_certain() {
        for (system, code, value, unit, to) in [
            (LOINC, "4548-4", "6.5", "%", "mmol/mol"),
            (LOINC, "2345-7", "126", "mg/L", "mmol/L"),
            (LOINC, "2345-7", "126", "mg/dL", "mg/dL"),
            (LOINC, "2345-7", "126", "mg/dL", "umol/L"),
            (LOINC, "2345-7", "-1", "mg/dL", "mmol/L"),
            (LOINC, "2345-7", "high", "mg/dL", "mmol/L"),
            (LOINC, "2345-7", "", "mg/dL", "mmol/L"),
            (LOINC, "2345-7", "1e30", "mg/dL", "mmol/L"),
            (LOINC, "718-7", "12", "g/dL", "mmol/L"),
            ("urn:local", "2345-7", "126", "mg/dL", "mmol/L"),
        ] {
            assert_eq!(convert(system, code, value, unit, to), None, "{code} {value} {unit} {to}");
        }
        assert_eq!(other_unit(LOINC, "2345-7", "mg/dL"), Some("mmol/L"));
        assert_eq!(other_unit(LOINC, "4548-4", "%"), None);
    }

    proptest! {
        /// There and back differs by no more than what rounding took.
        #[test]
        fn there_and_back(tenths in 300_u32..450) {
            let value = format!("{}.{}", tenths / 10, tenths % 10);
            let there = convert(LOINC, "8310-5", &value, "Cel", "[degF]").unwrap();
            prop_assert_eq!(convert(LOINC, "8310-5", &there, "[degF]", "Cel").unwrap(), value);
        }

        #[test]
        fn never_panics(value in ".{0,24}", unit in "(mg/dL|mmol/L|kg|Cel|.{0,6})") {
            for (codes, _) in &ANALYTES {
                for to in ["mmol/L", "mg/dL", "lb", "°F"] {
                    let _ = convert(LOINC, codes[0], &value, &unit, to);
                }
            }
        }
    }
}
