//! Which records a page or a search shows.

use kosha_crypto::id::PersonId;

use super::Entry;

/// Conditions that a record has to meet, all of them. The default lets every record through that was not deleted.
#[derive(Clone, Copy, Default)]
pub struct Filter<'a> {
    /// Only records of this person.
    pub person: Option<PersonId>,
    /// With `person`: or of these, who are the same.
    pub also: &'a [PersonId],
    /// Only these kinds.
    pub kinds: Option<&'a [u16]>,
    /// None of these kinds.
    pub without_kinds: &'a [u16],
    /// Only records whose date may be at or after this time (Unix milliseconds). Leaves out undated ones.
    pub from_ms: Option<i64>,
    /// Only records whose date may be at or before this time (Unix milliseconds). Leaves out undated ones.
    pub to_ms: Option<i64>,
    /// Bit n set: leave out records of standing n.
    pub hide_standing: u64,
    /// Leave out records that have any of these sensitivity bits.
    pub hide_sensitivity: u32,
}

impl Filter<'_> {
    /// Whether `entry` meets all conditions. Deleted records never do.
    pub fn admits(&self, entry: Entry<'_>) -> bool {
        let period = match (self.from_ms, self.to_ms) {
            (None, None) => true,
            (from, to) => entry.date().is_some_and(|date| {
                from.is_none_or(|from| date.end_ms >= from) && to.is_none_or(|to| date.start_ms <= to)
            }),
        };
        period
            && !entry.tombstone()
            && self
                .person
                .is_none_or(|person| person == entry.person() || self.also.contains(&entry.person()))
            && self.kinds.is_none_or(|kinds| kinds.contains(&entry.kind()))
            && !self.without_kinds.contains(&entry.kind())
            && 1_u64.checked_shl(u32::from(entry.standing())).unwrap_or(0) & self.hide_standing == 0
            && entry.sensitivity() & self.hide_sensitivity == 0
    }
}

impl std::fmt::Debug for Filter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Filter(redacted)")
    }
}
