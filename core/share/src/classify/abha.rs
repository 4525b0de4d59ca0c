//! ABHA texts: number, address, and the JSON of a card's code (ABDM; the JSON is unsigned).

use serde::Deserialize;
use serde_json::Value;

use super::{AbhaFacts, AbhaForm};

/// Digits of an ABHA number; the last is a Luhn check digit.
const NUMBER_DIGITS: usize = 14;
/// Longest local part of an address; the services differ (18 and more), so this is generous.
const MAX_LOCAL_CHARS: usize = 40;

/// The members by which a card's JSON is known; the others name a person and are not read.
#[derive(Deserialize)]
struct Card {
    hidn: Option<Value>,
    hid: Option<Value>,
    phr: Option<Value>,
}

pub(super) fn recognise(text: &str) -> Option<AbhaFacts> {
    if text.starts_with('{') {
        return card(text);
    }
    if let Some(digits) = number(text) {
        return Some(AbhaFacts { form: AbhaForm::Number, checksum_ok: Some(luhn(&digits)) });
    }
    is_address(text).then_some(AbhaFacts { form: AbhaForm::Address, checksum_ok: None })
}

fn card(text: &str) -> Option<AbhaFacts> {
    let card: Card = serde_json::from_str(text).ok()?;
    let as_text = |value: &Option<Value>| value.as_ref().and_then(Value::as_str).map(str::to_owned);
    let digits = as_text(&card.hidn).and_then(|hidn| number(hidn.trim()));
    let address = [&card.hid, &card.phr].into_iter().filter_map(as_text).any(|text| is_address(text.trim()));
    let checksum_ok = digits.map(|digits| luhn(&digits));
    (address || checksum_ok.is_some()).then_some(AbhaFacts { form: AbhaForm::Card, checksum_ok })
}

/// The digits of `12345678901234` or `12-3456-7890-1234`.
fn number(text: &str) -> Option<Vec<u8>> {
    let dashes_fit = match text.len() {
        NUMBER_DIGITS => !text.contains('-'),
        17 => text.bytes().enumerate().all(|(at, byte)| (byte == b'-') == matches!(at, 2 | 7 | 12)),
        _ => false,
    };
    if !dashes_fit || text.bytes().any(|byte| byte != b'-' && !byte.is_ascii_digit()) {
        return None;
    }
    Some(text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect())
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &digit)| match (at % 2, u32::from(digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let known = ["abdm", "sbx"].iter().any(|known| domain.eq_ignore_ascii_case(known));
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    known
        && local.len() <= MAX_LOCAL_CHARS
        && local.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
        && edge(local.chars().next())
        && edge(local.chars().next_back())
}
