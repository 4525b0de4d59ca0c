//! Whether a unit is one of UCUM ("The Unified Code for Units of Measure"), as CDA wants it to be.

/// Atoms of letters that take no prefix, or rarely one.
const PLAIN: [&str; 22] = [
    "%", "min", "h", "d", "wk", "mo", "a", "deg", "cel", "Cel", "U", "kat", "osm", "dyn", "erg", "Ao", "st",
    "bit", "By", "B", "'", "''",
];
/// Atoms that take prefixes.
const METRIC: [&str; 26] = [
    "m", "s", "g", "rad", "K", "C", "cd", "mol", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S", "Wb",
    "L", "l", "eq", "bar", "cal", "Bq", "Gy",
];
const PREFIXES: [&str; 15] = ["da", "Y", "T", "G", "M", "k", "h", "d", "c", "m", "u", "n", "p", "f", "a"];

/// A unit that is written as UCUM writes it; a word such as `tablet` is none.
pub(super) fn is_ucum(unit: &str) -> bool {
    !unit.is_empty()
        && unit.len() <= 64
        && unit.is_ascii()
        && terms(unit).is_some_and(|mut terms| terms.all(is_term))
}

/// The terms between `.` and `/`, of which those in brackets and braces are no signs.
fn terms(unit: &str) -> Option<impl Iterator<Item = &str>> {
    let (mut parts, mut start, mut closing) = (Vec::new(), 0, None);
    for (at, letter) in unit.char_indices() {
        match (closing, letter) {
            (Some(end), letter) if letter == end => closing = None,
            (None, '{') => closing = Some('}'),
            (None, '[') => closing = Some(']'),
            (None, '.' | '/') => {
                // `/min` begins with its sign.
                if at > 0 {
                    parts.push(unit.get(start..at)?);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(unit.get(start..)?);
    closing.is_none().then(|| parts.into_iter())
}

fn is_term(term: &str) -> bool {
    let (unit, note) = match term.split_once('{') {
        Some((unit, note)) => (unit, note.ends_with('}') && note.len() > 1),
        None => (term, false),
    };
    if unit.is_empty() {
        return note;
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(unit) {
        return true;
    }
    // `10*3` and `10^3`.
    if let Some(power) = unit.strip_prefix("10*").or_else(|| unit.strip_prefix("10^")) {
        return power.is_empty() || digits(power.trim_start_matches(['-', '+']));
    }
    let atom = unit.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let atom = atom.strip_suffix(['-', '+']).unwrap_or(atom);
    let is_metric = |atom: &str| METRIC.contains(&atom) || bracketed(atom);
    let prefixed = || {
        PREFIXES.iter().any(|prefix| {
            atom.strip_prefix(prefix).is_some_and(|rest| is_metric(rest) || PLAIN.contains(&rest))
        })
    };
    PLAIN.contains(&atom) || is_metric(atom) || prefixed()
}

/// `[iU]`, `m[Hg]`, `[degF]`.
fn bracketed(atom: &str) -> bool {
    let Some((before, rest)) = atom.split_once('[') else { return false };
    rest.len() > 1 && rest.ends_with(']') && matches!(before, "" | "m" | "g" | "B")
}

#[cfg(test)]
mod tests {
    use super::is_ucum;

    #[test]
    fn units_of_ucum_are_told_from_words() {
        for unit in [
            "mg",
            "mg/dL",
            "mm[Hg]",
            "10*3/uL",
            "10*9/L",
            "{score}",
            "/min",
            "kg/m2",
            "%",
            "[iU]/L",
            "m[iU]/mL",
            "Cel",
            "[degF]",
            "mL/min/{1.73_m2}",
            "ug",
            "g.m2",
            "[in_i]",
            "[lb_av]",
            "{beats}/min",
            "h",
            "mo",
            "1",
            "mmol/L",
            "U/L",
            "10*3",
            "s-1",
            "mEq/L",
            "meq/L",
        ] {
            // `mEq` is how many write `meq`.
            assert_eq!(is_ucum(unit), unit != "mEq/L", "{unit}");
        }
        for word in [
            "tablet",
            "TAB",
            "mm Hg",
            "",
            "mg//dL",
            "puff(s)",
            "capsules",
            "{",
            "milligram",
            "µg",
            "bpm",
            "x",
        ] {
            assert!(!is_ucum(word), "{word}");
        }
    }
}
