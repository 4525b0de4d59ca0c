//! Pages of a view: in an order that tells every group from every other, so that a page goes on where the last one ended
//! although records came in between.

use std::cmp::Reverse;
use std::fmt;

use kosha_crypto::id::RecordId;
use kosha_vault::Entry;

use crate::Error;

/// Most items of one page.
const MOST: u32 = 10_000;
/// Hex digits of a place as text: rank, whether undated, time, record.
const LENGTH: usize = 52;

/// Where a group stands: by rank, then newest first, undated last, then by its newest record.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    rank: u8,
    undated: bool,
    newest: Reverse<i64>,
    record: RecordId,
}

impl Place {
    /// The place of a group of this rank whose newest record is `entry`.
    pub(super) fn of(rank: u8, entry: Entry<'_>) -> Self {
        let start = entry.date().map(|date| date.start_ms);
        Self { rank, undated: start.is_none(), newest: Reverse(start.unwrap_or(0)), record: entry.id() }
    }

    fn read(text: &str) -> Option<Self> {
        let lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() != LENGTH || !lower {
            return None;
        }
        let undated = match text.get(2..4)? {
            "00" => false,
            "01" => true,
            _ => return None,
        };
        Some(Self {
            rank: u8::from_str_radix(text.get(..2)?, 16).ok()?,
            undated,
            newest: Reverse(u64::from_str_radix(text.get(4..20)?, 16).ok()?.cast_signed()),
            record: text.get(20..)?.parse().ok()?,
        })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.newest.0.cast_unsigned();
        write!(f, "{:02x}{:02x}{time:016x}{}", self.rank, u8::from(self.undated), self.record)
    }
}

/// A part of a view.
pub(super) struct Cut<G> {
    pub(super) groups: Vec<G>,
    pub(super) next: Option<String>,
}

/// The groups behind the place `after`, in order, at most `limit`. [`Error::BadCursor`] for a text that is no place.
pub(super) fn cut<G>(mut groups: Vec<(Place, G)>, after: Option<&str>, limit: u32) -> Result<Cut<G>, Error> {
    let after = after.map(|text| Place::read(text).ok_or(Error::BadCursor)).transpose()?;
    groups.retain(|(place, _)| after.is_none_or(|after| *place > after));
    groups.sort_by_key(|(place, _)| *place);
    let limit = usize::try_from(limit.min(MOST)).unwrap_or(usize::MAX);
    let last = limit.checked_sub(1).filter(|_| groups.len() > limit).and_then(|last| groups.get(last));
    let next = last.map(|(place, _)| place.to_string());
    groups.truncate(limit);
    Ok(Cut { groups: groups.into_iter().map(|(_, group)| group).collect(), next })
}

#[cfg(test)]
mod tests {
    use super::{Place, Reverse, cut};
    use kosha_crypto::id::RecordId;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_is_read_as_written_and_orders_pages(
            rank in any::<u8>(), undated in any::<bool>(), time in any::<i64>(), id in any::<[u8; 16]>()
        ) {
            let place = Place { rank, undated, newest: Reverse(time), record: RecordId::from_bytes(id) };
            prop_assert!(Place::read(&place.to_string()) == Some(place));
        }

        #[test]
        fn any_other_text_is_refused(text in "\\PC{0,60}") {
            if let Some(place) = Place::read(&text) {
                prop_assert_eq!(place.to_string(), text);
            }
        }

        #[test]
        fn pages_put_together_are_the_whole(ranks in proptest::collection::vec(0_u8..4, 0..40), limit in 1_u32..9) {
            let groups: Vec<(Place, usize)> = ranks.iter().enumerate().map(|(at, rank)| {
                let id = RecordId::from_bytes([u8::try_from(at).unwrap(); 16]);
                (Place { rank: *rank, undated: at % 3 == 0, newest: Reverse(i64::from(*rank)), record: id }, at)
            }).collect();
            let whole = cut(groups.clone(), None, 1000).unwrap();
            prop_assert!(whole.next.is_none());
            let (mut together, mut after) = (Vec::new(), None);
            loop {
                let part = cut(groups.clone(), after.as_deref(), limit).unwrap();
                together.extend(part.groups);
                after = part.next;
                if after.is_none() { break }
            }
            prop_assert_eq!(together, whole.groups);
        }
    }
}
