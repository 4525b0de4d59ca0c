//! A place in the order of records, which stays right while others are added.

use std::fmt;
use std::str::FromStr;

use kosha_crypto::id::RecordId;

/// The place of a record in the order: newest first, undated last, equal ones by id. Comparing two keys compares
/// the places; no number of the record in a list is involved, so a page can be continued after an import.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OrderKey {
    undated: bool,
    newest: std::cmp::Reverse<i64>,
    id: RecordId,
}

impl OrderKey {
    pub(crate) fn new(start_ms: Option<i64>, id: RecordId) -> Self {
        Self { undated: start_ms.is_none(), newest: std::cmp::Reverse(start_ms.unwrap_or(0)), id }
    }
}

/// Where a page ended. As text it is 50 hexadecimal digits, opaque to callers.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Cursor(pub(crate) OrderKey);

/// The text is not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a place in the timeline that this program gave out")]
pub struct InvalidCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0.newest.0.cast_unsigned();
        write!(f, "{:02x}{bits:016x}{}", u8::from(self.0.undated), self.0.id)
    }
}

impl fmt::Debug for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor(redacted)")
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let lowercase = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() != 50 || !lowercase {
            return Err(InvalidCursor);
        }
        let (undated, rest) = text.split_at_checked(2).ok_or(InvalidCursor)?;
        let (newest, id) = rest.split_at_checked(16).ok_or(InvalidCursor)?;
        let newest = u64::from_str_radix(newest, 16).map_err(|_| InvalidCursor)?.cast_signed();
        let id = id.parse().map_err(|_| InvalidCursor)?;
        match undated {
            "00" => Ok(Self(OrderKey::new(Some(newest), id))),
            "01" if newest == 0 => Ok(Self(OrderKey::new(None, id))),
            _ => Err(InvalidCursor),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trip_and_refusals() {
        let id = RecordId::from_bytes([7; 16]);
        for start in [None, Some(0), Some(-5), Some(i64::MAX), Some(i64::MIN)] {
            let cursor = Cursor(OrderKey::new(start, id));
            assert_eq!(cursor.to_string().parse::<Cursor>().ok(), Some(cursor));
        }
        let good = Cursor(OrderKey::new(Some(1), id)).to_string();
        for bad in [
            "",
            "00",
            &good.to_uppercase().replace('0', "G"),
            &good[1..],
            &format!("02{}", &good[2..]),
            &"é".repeat(25),
        ] {
            assert!(bad.parse::<Cursor>().is_err());
        }
    }

    #[test]
    fn newest_first_undated_last_ties_by_id() {
        let id = |n| RecordId::from_bytes([n; 16]);
        let mut keys = [
            OrderKey::new(None, id(0)),
            OrderKey::new(Some(1), id(9)),
            OrderKey::new(Some(2), id(9)),
            OrderKey::new(Some(2), id(3)),
        ];
        keys.sort();
        let ids: Vec<u8> = keys.iter().map(|key| key.id.as_bytes()[0]).collect();
        assert_eq!(ids, [3, 9, 9, 0]);
    }
}
