//! Numbers as people type them.

use super::Refused;
use crate::quantity::Decimal;

/// Most digits before and after the point; more has no measurement of a body.
const MOST_WHOLE: usize = 6;
const MOST_FRACTION: usize = 6;
/// Zero of each script of India, and of the eastern Arabic digits of Urdu. Nine follow it.
const ZEROS: [char; 11] = ['०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '۰', '٠'];

/// A digit of any of these scripts as an ASCII digit; everything else as it is.
pub fn ascii(char: char) -> char {
    let code = u32::from(char);
    ZEROS
        .iter()
        .find_map(|zero| code.checked_sub(u32::from(*zero)).filter(|digit| *digit < 10))
        .and_then(|digit| char::from_digit(digit, 10))
        .unwrap_or(char)
}

/// A positive decimal number with the digits that were typed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Number(String);

impl Number {
    /// Reads `72`, `72.5`, `72,5`, `७२.५`. A comma before three digits may separate thousands: refused.
    pub(super) fn parse(text: &str) -> Result<Number, Refused> {
        let text: String = text.trim().chars().map(ascii).collect();
        let (whole, fraction) = match (text.matches('.').count(), text.matches([',', '٫']).count()) {
            (0, 0) => (text.as_str(), None),
            (1, 0) => text.split_once('.').map(|(whole, rest)| (whole, Some(rest))).unwrap_or_default(),
            (0, 1) => {
                let (whole, rest) = text.split_once([',', '٫']).unwrap_or_default();
                if rest.len() == 3 {
                    return Err(Refused::AmbiguousNumber);
                }
                (whole, Some(rest))
            }
            _ if text.chars().all(|char| char.is_ascii_digit() || matches!(char, '.' | ',')) => {
                return Err(Refused::AmbiguousNumber);
            }
            _ => return Err(Refused::NotANumber),
        };
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(whole, MOST_WHOLE) || fraction.is_some_and(|fraction| !digits(fraction, MOST_FRACTION)) {
            return Err(Refused::NotANumber);
        }
        // JSON has no zeros in front; they say nothing.
        let whole = match whole.trim_start_matches('0') {
            "" => "0",
            rest => rest,
        };
        Ok(Number(match fraction {
            Some(fraction) => format!("{whole}.{fraction}"),
            None => whole.to_owned(),
        }))
    }

    pub(super) fn of(number: u32) -> Number {
        Number(number.to_string())
    }

    pub(super) fn is_whole(&self) -> bool {
        !self.0.contains('.')
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn decimal(&self) -> Option<Decimal> {
        Decimal::parse(&self.0)
    }

    /// The number as JSON writes it, digit for digit.
    pub(super) fn json(&self) -> serde_json::Value {
        self.0.parse::<serde_json::Number>().map_or(serde_json::Value::Null, serde_json::Value::Number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_doubt_is_refused() {
        for (typed, kept) in [
            ("72.5", "72.5"),
            ("72.50", "72.50"),
            ("072.5", "72.5"),
            ("0.5", "0.5"),
            ("72,5", "72.5"),
            ("72,50", "72.50"),
            ("७२.५", "72.5"),
            ("௧௨", "12"),
            (" 98 ", "98"),
        ] {
            assert_eq!(Number::parse(typed).map(|number| number.0), Ok(kept.to_owned()), "{typed}");
        }
        for typed in ["1,000", "1,234.5", "1.234,5", "1,00,000", "1.2.3"] {
            assert_eq!(Number::parse(typed).err(), Some(Refused::AmbiguousNumber), "{typed}");
        }
        for typed in
            ["", "-5", "+5", ".5", "5.", "5,", "1e3", "NaN", "½", "1234567", "0.1234567", "७२ ५", "७x"]
        {
            assert_eq!(Number::parse(typed).err(), Some(Refused::NotANumber), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_taken_is_a_json_number_of_the_same_value(text in "[0-9०-९.,]{0,9}") {
            if let Ok(number) = Number::parse(&text) {
                let typed: String = text.chars().map(|char| if char == ',' { '.' } else { ascii(char) }).collect();
                prop_assert_eq!(number.0.parse::<f64>(), typed.parse::<f64>());
                prop_assert_eq!(number.json().to_string(), number.0);
            }
        }
    }
}
