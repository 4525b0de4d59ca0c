//! How often one remote address may ask. In memory only, under a keyed hash: no address is kept or logged.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;

use crate::config::Rate;

/// Most addresses remembered at once.
const MAX_BUCKETS: usize = 100_000;
/// Shared by all newcomers while the table is full of busy addresses.
const OVERFLOW: u64 = 0;

/// What a client is known by: a hash of its address that nobody can undo once the process has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Remote(u64);

/// Makes [`Remote`]s of addresses, with a key drawn at the start of the process.
#[derive(Default)]
pub(crate) struct RemoteKey(RandomState);

impl RemoteKey {
    /// An IPv6 client owns a /64 at least, so that much of the address counts.
    pub(crate) fn remote(&self, address: IpAddr) -> Remote {
        let hash = match address.to_canonical() {
            IpAddr::V4(v4) => self.0.hash_one((4_u8, u64::from(v4.to_bits()))),
            IpAddr::V6(v6) => self.0.hash_one((6_u8, u64::try_from(v6.to_bits() >> 64).unwrap_or_default())),
        };
        Remote(hash)
    }
}

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at: Instant,
}

/// A token bucket per remote address.
pub(crate) struct RateLimit {
    rate: Rate,
    buckets: Mutex<HashMap<u64, Bucket>>,
}

impl RateLimit {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, buckets: Mutex::default() }
    }

    /// Takes one request off the account of `remote`.
    ///
    /// # Errors
    /// Seconds after which the client may ask again.
    pub(crate) fn take(&self, remote: Remote, now: Instant) -> Result<(), u64> {
        let burst = f64::from(self.rate.burst);
        let per_second = f64::from(self.rate.per_second.max(1));
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = remote.0;
        if buckets.len() >= MAX_BUCKETS && !buckets.contains_key(&key) {
            buckets.retain(|_, b| {
                b.tokens + now.saturating_duration_since(b.at).as_secs_f64() * per_second < burst
            });
            if buckets.len() >= MAX_BUCKETS {
                key = OVERFLOW;
            }
        }
        let bucket = buckets.entry(key).or_insert(Bucket { tokens: burst, at: now });
        let earned = now.saturating_duration_since(bucket.at).as_secs_f64() * per_second;
        bucket.tokens = (bucket.tokens + earned).min(burst);
        bucket.at = now;
        if bucket.tokens >= 1.0 {
            bucket.tokens -= 1.0;
            Ok(())
        } else {
            // Below one token at one per second or more: a second is always enough.
            Err(1)
        }
    }
}

/// How many connections each remote address holds open.
pub(crate) struct OpenConnections {
    limit: u32,
    open: Mutex<HashMap<Remote, u32>>,
}

impl OpenConnections {
    pub(crate) fn new(limit: u32) -> Self {
        Self { limit, open: Mutex::default() }
    }

    /// Counts one more, unless the address already holds its share.
    pub(crate) fn enter(&self, remote: Remote) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(remote).or_insert(0);
        if *count >= self.limit {
            return false;
        }
        *count += 1;
        true
    }

    /// Counts one less.
    pub(crate) fn leave(&self, remote: Remote) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&remote) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&remote);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_is_allowed_then_only_the_rate() {
        let limit = RateLimit::new(Rate { burst: 3, per_second: 2 });
        let key = RemoteKey::default();
        let (one, two) = (key.remote("192.0.2.1".parse().unwrap()), key.remote("192.0.2.2".parse().unwrap()));
        let start = Instant::now();
        for _ in 0..3 {
            limit.take(one, start).unwrap();
        }
        assert_eq!(limit.take(one, start), Err(1));
        limit.take(two, start).unwrap();
        let later = start + Duration::from_secs(1);
        limit.take(one, later).unwrap();
        limit.take(one, later).unwrap();
        assert_eq!(limit.take(one, later), Err(1));
    }

    #[test]
    fn one_ipv6_network_is_one_client_and_mapped_ipv4_is_ipv4() {
        let key = RemoteKey::default();
        let of = |text: &str| key.remote(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }

    #[test]
    fn a_full_table_is_bounded() {
        let limit = RateLimit::new(Rate { burst: 2, per_second: 1 });
        let now = Instant::now();
        for n in 1..=(MAX_BUCKETS as u64 + 10) {
            let _ = limit.take(Remote(n), now);
        }
        assert!(limit.buckets.lock().unwrap().len() <= MAX_BUCKETS + 1);
        assert_eq!(limit.take(Remote(u64::MAX), now), Err(1));
    }
}
