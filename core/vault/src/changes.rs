//! What commits have changed, coarsely, so that a shell knows which of its lists to read again.

use std::collections::{BTreeSet, VecDeque};

use kosha_crypto::id::PersonId;

use crate::vault::Vault;

/// Most commits that are remembered; whoever asks for more is told that everything may have changed.
const MOST: usize = 1024;

/// Which kinds of things were changed. Ids are random and say nothing about anyone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each names one kind of thing")]
pub struct Changed {
    /// What is too long ago, or was done by something else than a transaction: all of it may be different.
    pub everything: bool,
    /// A person was added, or a profile changed.
    pub persons: bool,
    /// Records of these persons were added or changed.
    pub records_of: BTreeSet<PersonId>,
    /// Documents were added.
    pub documents: bool,
    /// Items of these kinds were put or removed.
    pub items: BTreeSet<u16>,
    /// The log grew.
    pub log: bool,
}

impl Changed {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes in what another one names.
    pub fn merge(&mut self, other: &Self) {
        self.everything |= other.everything;
        self.persons |= other.persons;
        self.records_of.extend(&other.records_of);
        self.documents |= other.documents;
        self.items.extend(&other.items);
        self.log |= other.log;
    }
}

/// Called after each commit that changed something, when all of it can be read, with the number of changes so far.
pub type OnCommit = Box<dyn Fn(u64) + Send>;

/// The commits since the vault was opened.
#[derive(Default)]
pub(crate) struct Recent {
    /// Number of the commit, what it changed; without gaps.
    commits: VecDeque<(u64, Changed)>,
    pub(crate) listener: Option<OnCommit>,
}

impl Recent {
    /// Notes the commit after which the state's sequence is `sequence`.
    pub(crate) fn note(&mut self, sequence: u64, changed: Changed) {
        let follows = self.commits.back().is_none_or(|(last, _)| last.checked_add(1) == Some(sequence));
        if !follows {
            self.commits.clear();
        }
        self.commits.push_back((sequence, changed));
        if self.commits.len() > MOST {
            self.commits.pop_front();
        }
    }

    fn since(&self, since: u64, now: u64) -> Changed {
        let known = self.commits.back().is_some_and(|(last, _)| *last == now)
            && self.commits.front().is_some_and(|(first, _)| *first <= since.saturating_add(1));
        if since == now {
            return Changed::default();
        }
        if since > now || !known {
            return Changed { everything: true, ..Changed::default() };
        }
        let mut all = Changed::default();
        for (_, changed) in self.commits.iter().filter(|(number, _)| *number > since) {
            all.merge(changed);
        }
        all
    }
}

impl Vault {
    /// How many changes were ever made; grows with each commit, also across restarts. Zero when the state is damaged.
    pub fn sequence(&self) -> u64 {
        self.state.as_ref().map_or(0, |state| state.sequence)
    }

    /// What changed after the change of this number. What the vault cannot tell (it was opened since, or too much happened)
    /// is [`Changed::everything`].
    pub fn changes_since(&self, sequence: u64) -> Changed {
        self.recent.since(sequence, self.sequence())
    }

    /// Calls `listener` after each commit; replaces the one before.
    pub fn on_commit(&mut self, listener: OnCommit) {
        self.recent.listener = Some(listener);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Changed {
        Changed { log: true, ..Changed::default() }
    }

    #[test]
    fn what_cannot_be_told_is_everything() {
        let mut recent = Recent::default();
        assert!(recent.since(7, 7).is_empty());
        assert!(recent.since(6, 7).everything, "before the vault was opened");
        recent.note(8, log());
        recent.note(9, Changed { persons: true, ..Changed::default() });
        assert_eq!(recent.since(8, 9), Changed { persons: true, ..Changed::default() });
        assert_eq!(recent.since(7, 9), Changed { persons: true, log: true, ..Changed::default() });
        assert!(recent.since(6, 9).everything);
        assert!(recent.since(10, 9).everything, "a token of another vault, or of before a rollback");
        assert!(recent.since(8, 10).everything, "a change that went another way");
        recent.note(11, log());
        assert!(recent.since(9, 11).everything);
        assert_eq!(recent.since(10, 11), log());
        for number in 12..12 + 2 * MOST as u64 {
            recent.note(number, log());
        }
        assert_eq!(recent.commits.len(), MOST);
    }
}
