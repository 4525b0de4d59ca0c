//! Hearing of views as they happen, with the vault closed in between.
//!
//! A [`Watcher`] waits at the relays by long poll, one thread for each link, with what a [`WatchPlan`] holds: ids and
//! management tokens, no key. On news the vault is opened briefly and [`Session::tell`] brings the views into the log.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use kosha_crypto::id::ItemId;
use kosha_share::{LinkWatch, RelayClientError};
use serde::Serialize;

use crate::relay::{Freshness, Pace, Relay};
use crate::share::stored::{State, StoredShare};
use crate::{Clock, Error, Session, date};

/// Longest single wait at a relay, in seconds; a relay waits for 30.
const POLL_S: i64 = 25;
/// Most links that are waited for at once. Further ones are looked at whenever the vault is open.
const MOST_FOLLOWED: usize = 32;
/// Before a relay is asked again that failed, or that answered without waiting.
const RETRY: Duration = Duration::from_secs(10);
/// Between the news of a link and the next question about it.
const BREATH: Duration = Duration::from_millis(500);

/// What is to be waited for: the links of the active shares. Needs no vault and holds no key of one.
pub struct WatchPlan {
    links: Vec<Link>,
}

struct Link {
    share: ItemId,
    watch: LinkWatch,
    relay: Relay,
    /// Number of the last view that is in the log.
    after: u64,
    expires_ms: i64,
    clock: Arc<dyn Clock>,
}

/// A view that was not told yet.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct NewView {
    /// Id of the share, 32 hex digits.
    pub share: String,
    /// Its number within the share, from 1.
    pub number: u64,
    /// When, RFC 3339 in UTC, to the minute.
    pub time: String,
    /// What the viewer said they are called; absent when they said nothing. Not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
}

/// What [`Session::tell`] brought.
#[derive(Debug)]
pub struct Told {
    /// The new views, each of them in the log.
    pub views: Vec<NewView>,
    /// Whether the relays could be reached.
    pub freshness: Freshness,
    /// Why nothing more could be written to the log, where that is so; the views above are in it.
    pub stopped: Option<Error>,
}

/// Waits for views. Dropping it ends its threads, each after its present wait at the relay (40 s at most).
pub struct Watcher {
    /// Number of the last view that was told, by share.
    told: BTreeMap<ItemId, u64>,
    /// Links that have a thread.
    followed: BTreeSet<ItemId>,
    /// Shares of which there is news.
    due: BTreeSet<ItemId>,
    /// Links whose thread has ended; where it is begun again it waits first.
    ended: BTreeSet<ItemId>,
    active: usize,
    sender: Sender<News>,
    news: Receiver<News>,
    stop: Arc<Stop>,
}

/// Word of a thread about its link.
struct News {
    share: ItemId,
    /// The thread ends with it.
    last: bool,
}

#[derive(Default)]
struct Stop {
    stopped: Mutex<bool>,
    bell: Condvar,
}

impl Stop {
    /// Waits for `pause`, or until it is over: then true.
    fn wait(&self, pause: Duration) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(stopped, pause, |stopped| !*stopped);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn ring(&self) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
    }
}

impl Session {
    /// The active shares, and what it takes to wait for their next views with the vault closed.
    pub fn watch_plan(&self) -> Result<WatchPlan, Error> {
        let now_ms = self.environment().now_ms();
        let active = StoredShare::all(self.vault())?;
        let links = active.into_iter().filter(|share| share.state_at(now_ms) == State::Active).map(|share| {
            Ok(Link {
                share: share.id,
                watch: LinkWatch::of(&share.secret()?),
                relay: self.relay_client(&share.relay, Pace::Patient),
                after: share.last_view,
                expires_ms: share.expires_ms(),
                clock: self.environment().clock.clone(),
            })
        });
        Ok(WatchPlan { links: links.collect::<Result<_, Error>>()? })
    }

    /// Brings the views that `watcher` has heard of into the log and hands them out, each once, also those that another
    /// command has logged meanwhile. Says what waits to be said, as [`Session::settle`] does, and lets the watcher wait
    /// for the shares that are active then. Relays are asked briefly; what fails is tried again the next time.
    pub fn tell(&mut self, watcher: &mut Watcher) -> Result<Told, Error> {
        let mut complete = self.settle().is_complete();
        let mut unreachable: Vec<String> = Vec::new();
        let mut views = Vec::new();
        let mut stopped = None;
        for share in StoredShare::all(self.vault())? {
            let id = share.id;
            let told = watcher.told.entry(id).or_insert(share.last_view);
            let over = share.closed || matches!(share.state, State::Pending | State::Failed);
            let quiet = watcher.followed.contains(&id) && !watcher.due.contains(&id);
            // What another command has logged is told all the same.
            if (over || quiet) && share.last_view <= *told {
                watcher.due.remove(&id);
                continue;
            }
            let relay = share.relay.clone();
            if unreachable.contains(&relay) {
                continue;
            }
            let mut found = Vec::new();
            let outcome = self.refresh_after(share, told, &mut found);
            views.extend(found.iter().map(|view| NewView::of(id, view)));
            match outcome {
                Ok(()) => {
                    watcher.due.remove(&id);
                }
                Err(Error::RelayUnreachable) => {
                    complete = false;
                    watcher.due.insert(id);
                    unreachable.push(relay);
                }
                Err(error) => {
                    stopped = Some(error);
                    break;
                }
            }
        }
        watcher.follow(self.watch_plan()?);
        Ok(Told { views, freshness: Freshness::of(complete), stopped })
    }
}

impl NewView {
    fn of(share: ItemId, view: &kosha_share::View) -> Self {
        Self {
            share: share.to_string(),
            number: view.seq,
            time: date::rfc3339(view.time_ms),
            recipient: Some(view.recipient.trim().to_owned()).filter(|name| !name.is_empty()),
        }
    }
}

impl Watcher {
    /// Follows nothing yet.
    pub fn new() -> Self {
        let (sender, news) = channel();
        Self {
            told: BTreeMap::new(),
            followed: BTreeSet::new(),
            due: BTreeSet::new(),
            ended: BTreeSet::new(),
            active: 0,
            sender,
            news,
            stop: Arc::default(),
        }
    }

    /// How many shares are active, as far as it knows.
    pub fn active(&self) -> usize {
        self.active
    }

    /// Waits until there is news, `at_most` so long; less, where earlier news could not be fetched. The vault can be closed.
    pub fn wait(&mut self, at_most: Duration) {
        let limit = if self.due.is_empty() { at_most } else { at_most.min(RETRY) };
        match self.news.recv_timeout(limit) {
            Ok(first) => self.hear(&first),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        while let Ok(more) = self.news.try_recv() {
            self.hear(&more);
        }
    }

    fn hear(&mut self, news: &News) {
        self.due.insert(news.share);
        if news.last {
            self.followed.remove(&news.share);
            self.ended.insert(news.share);
        }
    }

    /// Begins to wait for the links of `plan` that are not waited for yet.
    pub fn follow(&mut self, plan: WatchPlan) {
        self.active = plan.links.len();
        for link in plan.links {
            if self.followed.len() >= MOST_FOLLOWED {
                return;
            }
            if !self.followed.insert(link.share) {
                continue;
            }
            let share = link.share;
            // It was said to have ended and is active all the same: no reason to ask without end.
            let pause = if self.ended.remove(&share) { RETRY } else { Duration::ZERO };
            let (sender, stop) = (self.sender.clone(), Arc::clone(&self.stop));
            let thread = std::thread::Builder::new().name("kosha-watch".to_owned());
            if thread.spawn(move || keep_watch(&link, pause, &stop, &sender)).is_err() {
                self.followed.remove(&share);
            }
        }
    }
}

/// Waits at the relay of one link until the link has ended or nobody listens.
fn keep_watch(link: &Link, mut pause: Duration, stop: &Stop, sender: &Sender<News>) {
    let mut after = link.after;
    while !stop.wait(pause) {
        let begun = Instant::now();
        let left_s = link.expires_ms.saturating_sub(link.clock.now_ms()).div_euclid(1_000);
        let (news, last) = match link.ask(after, left_s.saturating_add(1).min(POLL_S)) {
            // The relay's clock may differ: once the time is over here, the rest is told with the vault open.
            _ if link.clock.now_ms() >= link.expires_ms => (true, true),
            Ok(Heard::Ended) => (true, true),
            Ok(Heard::Views(newest)) => {
                after = newest;
                (true, false)
            }
            Ok(Heard::Nothing) | Err(_) => (false, false),
        };
        if (news && sender.send(News { share: link.share, last }).is_err()) || last {
            return;
        }
        pause = if news {
            BREATH
        } else if begun.elapsed() < RETRY {
            RETRY
        } else {
            Duration::ZERO
        };
    }
}

enum Heard {
    Views(u64),
    Nothing,
    Ended,
}

impl Link {
    fn ask(&self, after: u64, wait_s: i64) -> Result<Heard, RelayClientError> {
        let wait_s = u64::try_from(wait_s).unwrap_or_default();
        self.relay.with(|client| {
            let newest = client.newest_view(&self.watch, after, wait_s)?;
            if newest > after {
                return Ok(Heard::Views(newest));
            }
            Ok(if client.answers(&self.watch)? { Heard::Nothing } else { Heard::Ended })
        })
    }
}

impl Default for Watcher {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop.ring();
    }
}

macro_rules! counted_debug {
    ($($name:ident, $field:ident);*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).field(stringify!($field), &self.$field).finish_non_exhaustive()
            }
        }
    )*};
}

counted_debug!(Watcher, active; NewView, number);

impl std::fmt::Debug for WatchPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WatchPlan").field("links", &self.links.len()).finish()
    }
}
