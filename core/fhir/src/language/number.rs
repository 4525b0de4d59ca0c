//! Grouping of digits.

/// The digits of a count, grouped: `lakh` (12,34,567), `thousand` (1,234,567), else not at all. Fewer than five digits
/// stay as they are.
pub(crate) fn grouped(digits: &str, grouping: &str) -> String {
    let next: usize = match grouping {
        "lakh" => 2,
        "thousand" => 3,
        _ => return digits.to_owned(),
    };
    if digits.len() < 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.to_owned();
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 2);
    for (at, digit) in digits.chars().enumerate() {
        let left = digits.len() - at;
        if at > 0 && (left == 3 || (left > 3 && (left - 3).is_multiple_of(next))) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn groups_as_people_read() {
        for (digits, lakh, thousand) in [
            ("0", "0", "0"),
            ("1500", "1500", "1500"),
            ("15000", "15,000", "15,000"),
            ("150000", "1,50,000", "150,000"),
            ("12345678", "1,23,45,678", "12,345,678"),
        ] {
            assert_eq!(grouped(digits, "lakh"), lakh);
            assert_eq!(grouped(digits, "thousand"), thousand);
            assert_eq!(grouped(digits, "none"), digits);
        }
        assert_eq!(grouped("12345.6", "lakh"), "12345.6");
    }
}
