//! Numbers with the digits of their source, and units with the many spellings of laboratories.

use std::cmp::Ordering;

use crate::label::clean;
use crate::language::Language;
use crate::table::word;
use crate::tree::Node;

/// A decimal number as text: exact, of any length.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    /// Without leading zeros; empty for zero.
    whole: String,
    fraction: String,
}

impl Decimal {
    /// Reads a JSON number, or a quoted one. `None` for other text and for exponents beyond 40.
    pub(crate) fn parse(text: &str) -> Option<Decimal> {
        let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (mantissa, exponent) =
            rest.split_once(['e', 'E']).map_or((rest, "0"), |(left, right)| (left, right));
        let exponent: i32 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) || exponent.abs() > 40 {
            return None;
        }
        let (mut whole, mut fraction) = (whole.to_owned(), fraction.to_owned());
        for _ in 0..exponent {
            whole.push(if fraction.is_empty() { '0' } else { fraction.remove(0) });
        }
        for _ in exponent..0 {
            fraction.insert(0, whole.pop().unwrap_or('0'));
        }
        let whole = whole.trim_start_matches('0').to_owned();
        Some(Decimal { negative, whole, fraction })
    }

    fn is_zero(&self) -> bool {
        self.whole.is_empty() && self.fraction.bytes().all(|byte| byte == b'0')
    }

    fn text(&self) -> String {
        let sign = if self.negative && !self.is_zero() { "-" } else { "" };
        let whole = if self.whole.is_empty() { "0" } else { &self.whole };
        let dot = if self.fraction.is_empty() { "" } else { "." };
        format!("{sign}{whole}{dot}{}", self.fraction)
    }

    fn rounded(&self, decimals: usize) -> Decimal {
        if self.fraction.len() <= decimals {
            return self.clone();
        }
        let (kept, rest) = self.fraction.split_at(decimals);
        let mut digits: Vec<u8> = self.whole.bytes().chain(kept.bytes()).collect();
        if rest.as_bytes().first().is_some_and(|digit| *digit >= b'5') {
            let mut carry = true;
            for digit in digits.iter_mut().rev() {
                if *digit == b'9' {
                    *digit = b'0';
                } else {
                    *digit += 1;
                    carry = false;
                    break;
                }
            }
            if carry {
                digits.insert(0, b'1');
            }
        }
        let digits = String::from_utf8(digits).unwrap_or_default();
        let (whole, fraction) =
            digits.split_at_checked(digits.len().saturating_sub(decimals)).unwrap_or_default();
        Decimal {
            negative: self.negative,
            whole: whole.trim_start_matches('0').to_owned(),
            fraction: fraction.to_owned(),
        }
    }

    /// Zeros between the point and the first other digit.
    fn leading_zeros(&self) -> usize {
        self.fraction.bytes().take_while(|byte| *byte == b'0').count()
    }

    pub(crate) fn compare(&self, other: &Decimal) -> Ordering {
        match (self.negative && !self.is_zero(), other.negative && !other.is_zero()) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.size(other),
            (true, true) => other.size(self),
        }
    }

    fn size(&self, other: &Decimal) -> Ordering {
        let width = self.fraction.len().max(other.fraction.len());
        let key = |number: &Decimal| format!("{:0<width$}", number.fraction);
        (self.whole.len(), &self.whole, key(self)).cmp(&(other.whole.len(), &other.whole, key(other)))
    }
}

/// A number for a card: as sent with up to 3 decimals; longer ones rounded, yet never across a bound.
pub(crate) fn shown(digits: &str, bounds: &[Decimal]) -> String {
    let Some(number) = Decimal::parse(digits) else {
        return clean(digits);
    };
    if number.fraction.len() <= 3 {
        return number.text();
    }
    let mut decimals = if number.whole.is_empty() && number.leading_zeros() >= 3 {
        number.leading_zeros() + 3
    } else {
        4usize.saturating_sub(number.whole.len().max(1)).min(3)
    };
    loop {
        let rounded = number.rounded(decimals);
        let same_side = bounds.iter().all(|bound| rounded.compare(bound) == number.compare(bound));
        if same_side || decimals >= number.fraction.len() {
            return rounded.text();
        }
        decimals += 1;
    }
}

/// A dose: no trailing zero, always a leading one.
pub(crate) fn dose_number(digits: &str) -> String {
    let text = shown(digits, &[]);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A unit in words: the source's own, else the pretty form of its code.
pub(crate) fn unit_text(node: &Node<'_>) -> String {
    let own = node.str("unit").map(|unit| clean(&unit)).filter(|unit| !unit.is_empty());
    let text = own.or_else(|| node.str("code").map(|code| clean(&code))).unwrap_or_default();
    pretty_unit(&text)
}

pub(crate) fn pretty_unit(text: &str) -> String {
    word("units.pretty", text).map_or_else(|| without_notes(text), str::to_owned)
}

/// UCUM annotations in braces say nothing to a reader.
fn without_notes(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for char in text.chars() {
        match char {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            char if depth == 0 => out.push(char),
            _ => {}
        }
    }
    if depth > 0 { text.to_owned() } else { out.trim().to_owned() }
}

/// The spelling under which units are compared: lower case, no spaces, variants folded by the table.
pub(crate) fn normal_unit(text: &str) -> String {
    let folded: String = text
        .to_lowercase()
        .chars()
        .filter(|char| !char.is_whitespace())
        .map(|char| if matches!(char, 'µ' | 'μ') { 'u' } else { char })
        .collect();
    let look = |key: &str| word("units.normal", key).map(str::to_owned);
    look(&folded).unwrap_or_else(|| {
        let bare = without_notes(&folded);
        look(&bare).unwrap_or(bare)
    })
}

/// A measured amount.
#[derive(Clone)]
pub(crate) struct Quantity {
    /// As the source wrote it.
    pub(crate) digits: String,
    pub(crate) comparator: &'static str,
    /// For people.
    pub(crate) unit: String,
    /// For comparing.
    pub(crate) normal: String,
    /// Unit text and unit code contradict each other.
    pub(crate) unclear: bool,
}

impl Quantity {
    /// Reads a Quantity. `None` without a number.
    pub(crate) fn read(node: &Node<'_>) -> Option<Quantity> {
        let digits = node.str("value").map(|digits| digits.trim().to_owned())?;
        // A number beyond all reason (1e400) is shown as sent and never compared; words are no number.
        let numeric = digits.bytes().any(|byte| byte.is_ascii_digit())
            && digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
        if !numeric || digits.len() > 400 {
            return None;
        }
        let comparator = match node.str("comparator").as_deref() {
            Some("<") => "<",
            Some("<=" | "≤") => "≤",
            Some(">") => ">",
            Some(">=" | "≥") => "≥",
            _ => "",
        };
        let own = node.str("unit").unwrap_or_default();
        let code = node.str("code").unwrap_or_default();
        let ucum = node.str("system").is_none_or(|system| system.contains("unitsofmeasure"));
        let normal_own = normal_unit(&own);
        let normal_code = normal_unit(&code);
        let unclear = ucum && !own.trim().is_empty() && !code.is_empty() && normal_own != normal_code
            // A bare `1` or an annotation in braces takes any word beside it.
            && !(normal_code.is_empty() && word("units.normal", &normal_own).is_none() && !normal_own.contains('/'));
        let normal = if ucum && !normal_code.is_empty() && !unclear { normal_code } else { normal_own };
        Some(Quantity { digits, comparator, unit: unit_text(node), normal, unclear })
    }

    /// Both name a unit, and not the same.
    pub(crate) fn is_of_another_unit(&self, other: &Quantity) -> bool {
        !self.unit.is_empty() && !other.unit.is_empty() && self.normal != other.normal
    }

    pub(crate) fn decimal(&self) -> Option<Decimal> {
        Decimal::parse(&self.digits)
    }

    /// `<5 mg/L`, with the value rounded but kept on its side of the bounds.
    pub(crate) fn text(&self, language: Language, bounds: &[Decimal]) -> String {
        with_unit(&format!("{}{}", self.comparator, shown(&self.digits, bounds)), self.unit_in(language))
    }

    /// The unit, where it is a word, in a language; a chart and a comparison keep `unit`.
    pub(crate) fn unit_in(&self, language: Language) -> &str {
        unit_word(language, &self.unit)
    }

    pub(crate) fn number_text(&self) -> String {
        format!("{}{}", self.comparator, shown(&self.digits, &[]))
    }

    /// As a dose: `mcg`, `units`, `mL`, plural where the table has one.
    pub(crate) fn dose_text(&self, language: Language) -> String {
        let unit = dose_unit(&self.unit);
        let number = dose_number(&self.digits);
        let unit = dose_noun(language, &unit, &number);
        with_unit(&format!("{}{number}", self.comparator), &unit)
    }

    pub(crate) fn float(&self) -> Option<f64> {
        self.digits.parse().ok().filter(|value: &f64| value.is_finite())
    }
}

/// The noun of a unit of doses as it stands after a number: `tablets`, `गोली`; other units as they are.
pub(crate) fn dose_noun(language: Language, unit: &str, number: &str) -> String {
    if language.has("doses", unit) { language.say("doses", unit, &[("n", number)]) } else { unit.to_owned() }
}

/// A unit that is a word, in a language.
pub(crate) fn unit_word(language: Language, unit: &str) -> &str {
    // Most units are none, and this is asked of every result.
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    let word = unit.len() >= 4 && unit.split([' ', '/']).all(letters);
    if word { language.word("units", unit).unwrap_or(unit) } else { unit }
}

pub(crate) fn dose_unit(unit: &str) -> String {
    word("units.dose", unit).unwrap_or(unit).replace(['µ', 'μ'], "mc")
}

/// `98 %`, `12 mg`; a lone number where there is no unit.
pub(crate) fn with_unit(number: &str, unit: &str) -> String {
    if unit.is_empty() { number.to_owned() } else { format!("{number} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_only_what_is_too_long() {
        for (digits, text) in [
            ("7.40", "7.40"),
            ("100", "100"),
            ("100.0", "100.0"),
            ("0.125", "0.125"),
            ("178.83981355877862", "178.8"),
            ("13.4567", "13.46"),
            ("1234.5678", "1235"),
            ("0.00012345", "0.000123"),
            ("0.12345", "0.123"),
            ("9.99999", "10.000"),
            ("-3.14159", "-3.142"),
            ("1.5e3", "1500"),
            ("1e400", "1e400"),
            ("5e-2", "0.05"),
            ("-0.0", "0.0"),
            ("0.00099999", "0.001000"),
        ] {
            assert_eq!(shown(digits, &[]), text, "{digits}");
        }
    }

    #[test]
    fn rounding_never_crosses_a_bound() {
        let bound = |text| vec![Decimal::parse(text).unwrap()];
        assert_eq!(shown("5.69999", &bound("5.7")), "5.69999");
        assert_eq!(shown("5.70001", &bound("5.7")), "5.70001");
        assert_eq!(shown("5.6449", &bound("5.7")), "5.645");
    }

    #[test]
    fn decimals_compare_exactly() {
        let compare = |a, b| Decimal::parse(a).unwrap().compare(&Decimal::parse(b).unwrap());
        assert_eq!(compare("7.40", "7.4"), Ordering::Equal);
        assert_eq!(compare("-0", "0"), Ordering::Equal);
        assert_eq!(compare("-2", "-10"), Ordering::Greater);
        assert_eq!(compare("0.30000000000000000001", "0.3"), Ordering::Greater);
        assert_eq!(compare("10", "9.99"), Ordering::Greater);
    }

    #[test]
    fn units_fold_and_conflicts_show() {
        for (a, b) in [
            ("mmol/l", "mmol/L"),
            ("gm/dl", "g/dL"),
            ("cells/cumm", "/uL"),
            ("mm/hr", "mm/h"),
            ("breaths/minute", "/min"),
            ("lbs", "[lb_av]"),
            ("°F", "[degF]"),
            ("×10³/µL", "10*3/uL"),
            ("10*9/L", "10*3/uL"),
            ("thou/µL", "10*3/uL"),
            ("kg/m²", "kg/m2"),
            ("{score}", "1"),
            ("beats/min", "{beats}/min"),
            ("mL/min/1.73 m2", "mL/min/{1.73_m2}"),
            ("mm Hg", "mm[Hg]"),
        ] {
            assert_eq!(normal_unit(a), normal_unit(b), "{a} {b}");
        }
        let read = |json: &str| Quantity::read(&Node::parse(json)).unwrap();
        let lie =
            read(r#"{"value":7.2,"unit":"x10^9/L","system":"http://unitsofmeasure.org","code":"mg/dL"}"#);
        assert!(lie.unclear);
        assert_eq!(lie.text(Language::English, &[]), "7.2 x10^9/L");
        assert!(
            !read(r#"{"value":7.2,"unit":"gm/dl","system":"http://unitsofmeasure.org","code":"g/dL"}"#)
                .unclear
        );
        assert_eq!(
            read(r#"{"value":5,"comparator":"<","code":"mm[Hg]"}"#).text(Language::English, &[]),
            "<5 mmHg"
        );
        assert_eq!(read(r#"{"value":"13.5","unit":"g/dL"}"#).text(Language::English, &[]), "13.5 g/dL");
        assert_eq!(read(r#"{"value":50.0,"unit":"ug"}"#).dose_text(Language::English), "50 mcg");
        assert_eq!(read(r#"{"value":2,"unit":"tablet"}"#).dose_text(Language::English), "2 tablets");
        assert!(Quantity::read(&Node::parse(r#"{"value":"high"}"#)).is_none());
    }
}
