//! A relay: its store, its counters, and how it is started and stopped.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::http::Uri;
use kosha_crypto::Entropy;
use tokio::net::TcpListener;
use tokio::sync::{Notify, Semaphore, watch};

use crate::answer::Refusal;
use crate::config::{Clock, Config, Limits, LogSink, RelayFailure};
use crate::page::Page;
use crate::rate::{OpenConnections, RateLimit, RemoteKey};
use crate::secrets::Tickets;
use crate::server;
use crate::store::{IdHash, Store, StoreError, StoreLimits};
use crate::upload_tokens::UploadTokens;

/// Passcodes of one link are tried one after another; so many links can be tried at once.
const TURNS: usize = 64;
/// Waiting wallets are woken by so many bells, shared by the hash of the link.
const BELLS: usize = 256;
/// How often the store is swept.
const SWEEP_EVERY: Duration = Duration::from_mins(1);
/// The unit of the account of body memory, in bytes.
pub(crate) const MEMORY_UNIT: usize = 1024;

/// What lives as long as the store is open.
pub(crate) struct Core {
    store: Mutex<Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) log: Arc<dyn LogSink>,
    pub(crate) limits: Limits,
    pub(crate) upload_tokens: Option<UploadTokens>,
    pub(crate) trusted_proxies: Vec<IpAddr>,
    pub(crate) tickets: Tickets,
    pub(crate) passcode_checks: Semaphore,
    turns: Vec<tokio::sync::Mutex<()>>,
    bells: Vec<Notify>,
    pub(crate) body_memory: Arc<Semaphore>,
    pub(crate) owner_rate: RateLimit,
    pub(crate) reader_rate: RateLimit,
    pub(crate) page_rate: RateLimit,
    pub(crate) remotes: RemoteKey,
    pub(crate) open: OpenConnections,
    pub(crate) connections: Arc<Semaphore>,
    pub(crate) page: Page,
    public_url: Option<PublicUrl>,
    /// Held open: the lock that keeps a second relay out.
    _lock: File,
}

impl Core {
    pub(crate) fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Runs `work` on the store, off the threads that serve connections.
    pub(crate) async fn with_store<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let core = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || {
            // A panic inside rolled its transaction back, so the store is sound even then.
            let mut store = core.store.lock().unwrap_or_else(PoisonError::into_inner);
            work(&mut store).map_err(|error| core.log.line(&format!("store: {error}")))
        });
        match done.await {
            Ok(Ok(value)) => Ok(value),
            _ => Err(Refusal::Unavailable),
        }
    }

    /// Where the passcodes of a link wait for their turn.
    pub(crate) fn turn(&self, id: &IdHash) -> Option<&tokio::sync::Mutex<()>> {
        self.turns.get(usize::from(id[0]) % TURNS)
    }

    /// What rings when a link was viewed.
    pub(crate) fn bell(&self, id: &IdHash) -> Option<&Notify> {
        self.bells.get(usize::from(id[1]) % BELLS)
    }

    /// The account of `bytes` of body memory, in units.
    pub(crate) fn memory_units(&self, bytes: usize) -> u32 {
        let most = self.limits.body_memory / MEMORY_UNIT;
        u32::try_from(bytes.div_ceil(MEMORY_UNIT).min(most)).unwrap_or(u32::MAX)
    }
}

/// What lives as long as one listener.
pub(crate) struct Service {
    pub(crate) core: Arc<Core>,
    pub(crate) base: PublicUrl,
    /// Whether creating needs no token here.
    pub(crate) free_upload: bool,
    /// Turns true when the relay is to stop.
    pub(crate) stop: watch::Receiver<bool>,
}

/// How readers reach the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicUrl {
    /// Without slash at the end.
    pub(crate) text: String,
    /// The path in it, without slash at the end; mostly empty.
    pub(crate) path: String,
    /// Whether the host is this machine itself.
    pub(crate) loopback: bool,
}

impl PublicUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, RelayFailure> {
        let uri: Uri = text.parse().map_err(|_| RelayFailure::PublicUrl)?;
        let plain = uri.query().is_none() && !text.contains(['#', '@']);
        let (Some("http" | "https"), Some(host), true) = (uri.scheme_str(), uri.host(), plain) else {
            return Err(RelayFailure::PublicUrl);
        };
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let loopback = bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        Ok(Self {
            text: text.trim_end_matches('/').to_owned(),
            path: uri.path().trim_end_matches('/').to_owned(),
            loopback,
        })
    }
}

/// An open relay; [`Relay::serve`] lets it answer.
pub struct Relay {
    core: Arc<Core>,
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Relay")
    }
}

impl Relay {
    /// Opens the store in `config.data`, making it if absent, and keeps other relays out of it.
    ///
    /// # Errors
    /// As [`RelayFailure`] says; nothing has been changed then, apart from a folder made.
    pub fn open(config: Config) -> Result<Self, RelayFailure> {
        let public_url = config.public_url.as_deref().map(PublicUrl::parse).transpose()?;
        make_folder(&config.data)?;
        let lock = lock_folder(&config.data)?;
        let limits = config.limits;
        let store_limits = StoreLimits {
            stored_bytes: limits.stored_bytes,
            tombstones: limits.tombstones,
            views_per_link: limits.views_per_link,
            ticket_grace: limits.connection_life.as_secs(),
        };
        let mut store = Store::open(&config.data, store_limits).map_err(store_failure)?;
        store.sweep(config.clock.now()).map_err(store_failure)?;
        let core = Core {
            store: Mutex::new(store),
            tickets: Tickets::new(config.entropy.as_ref()).map_err(|_| RelayFailure::Randomness)?,
            clock: config.clock,
            entropy: config.entropy,
            log: config.log,
            upload_tokens: config.upload_tokens,
            trusted_proxies: config.trusted_proxies,
            passcode_checks: Semaphore::new(limits.passcode_checks.max(1)),
            turns: std::iter::repeat_with(tokio::sync::Mutex::default).take(TURNS).collect(),
            bells: std::iter::repeat_with(Notify::new).take(BELLS).collect(),
            body_memory: Arc::new(Semaphore::new(limits.body_memory / MEMORY_UNIT)),
            owner_rate: RateLimit::new(limits.owner_rate),
            reader_rate: RateLimit::new(limits.reader_rate),
            page_rate: RateLimit::new(limits.page_rate),
            remotes: RemoteKey::default(),
            open: OpenConnections::new(limits.connections_per_address),
            connections: Arc::new(Semaphore::new(limits.connections)),
            page: Page::default(),
            public_url,
            limits,
            _lock: lock,
        };
        Ok(Self { core: Arc::new(core) })
    }

    /// Answers on `listener` until `shutdown` resolves; then takes no more requests, finishes those that run, and
    /// checkpoints the store.
    ///
    /// # Errors
    /// [`RelayFailure::Listen`] when the listener has no address, [`RelayFailure::Store`] when the checkpoint fails.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send,
    ) -> Result<(), RelayFailure> {
        let address = listener.local_addr().map_err(|e| RelayFailure::Listen(e.kind()))?;
        let (stop, stopped) = watch::channel(false);
        let service = Arc::new(Service {
            core: Arc::clone(&self.core),
            base: self.base(address)?,
            free_upload: self.upload_is_free(address),
            stop: stopped,
        });
        let sweeper = tokio::spawn(sweep_now_and_then(Arc::clone(&self.core)));
        server::accept(&service, &listener, shutdown).await;
        drop(listener);
        let _ = stop.send(true);
        server::finish(&self.core).await;
        sweeper.abort();
        self.core
            .with_store(Store::checkpoint)
            .await
            .map_err(|_| RelayFailure::Store("checkpoint".to_owned()))
    }

    /// Deletes what has ended by the clock. [`Relay::serve`] does so every minute by itself.
    ///
    /// # Errors
    /// [`RelayFailure::Store`].
    pub fn sweep(&self) -> Result<(), RelayFailure> {
        let mut store = self.core.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.sweep(self.core.now()).map_err(store_failure)?;
        Ok(())
    }

    /// Whether wallets may create links without a token at a relay that listens on `address`: only where no token
    /// file was given, and neither the listener nor the public URL leaves this machine. A relay behind a proxy on the
    /// same machine listens on loopback and is public all the same; its public URL tells.
    pub fn upload_is_free(&self, address: SocketAddr) -> bool {
        self.core.upload_tokens.is_none()
            && address.ip().is_loopback()
            && self.core.public_url.as_ref().is_none_or(|url| url.loopback)
    }

    /// Whether any upload token is known.
    pub fn has_upload_tokens(&self) -> bool {
        self.core.upload_tokens.as_ref().is_some_and(|tokens| !tokens.is_empty())
    }

    /// Listens on `address` on threads of its own: for tests and for programs without async.
    ///
    /// # Errors
    /// [`RelayFailure::Listen`].
    pub fn start(self, address: SocketAddr) -> Result<Running, RelayFailure> {
        let listen = |e: std::io::Error| RelayFailure::Listen(e.kind());
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(listen)?;
        let listener = runtime.block_on(TcpListener::bind(address)).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let until = async {
                let _ = stopped.await;
            };
            runtime.block_on(self.serve(listener, until))
        });
        Ok(Running { address, stop: Some(stop), thread: Some(thread) })
    }

    fn base(&self, address: SocketAddr) -> Result<PublicUrl, RelayFailure> {
        match &self.core.public_url {
            Some(url) => Ok(url.clone()),
            None => PublicUrl::parse(&format!("http://{address}")),
        }
    }
}

/// A relay that answers on threads of its own; it stops when dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<Result<(), RelayFailure>>>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://<address>`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops it and waits until it has.
    ///
    /// # Errors
    /// What [`Relay::serve`] ended with.
    pub fn stop(mut self) -> Result<(), RelayFailure> {
        self.end()
    }

    fn end(&mut self) -> Result<(), RelayFailure> {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        match self.thread.take().map(std::thread::JoinHandle::join) {
            None => Ok(()),
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(RelayFailure::Store("the serving thread ended early".to_owned())),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

async fn sweep_now_and_then(core: Arc<Core>) {
    let mut tick = tokio::time::interval(SWEEP_EVERY);
    loop {
        tick.tick().await;
        let now = core.now();
        // A failure is in the log already; the next minute tries again.
        let _ = core.with_store(move |store| store.sweep(now)).await;
    }
}

fn store_failure(error: StoreError) -> RelayFailure {
    match error {
        StoreError::Newer => RelayFailure::Newer,
        other => RelayFailure::Store(other.to_string()),
    }
}

fn make_folder(folder: &Path) -> Result<(), RelayFailure> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|e| RelayFailure::Folder(e.kind()))
}

fn lock_folder(folder: &Path) -> Result<File, RelayFailure> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join("lock"));
    let file = file.map_err(|e| RelayFailure::Folder(e.kind()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RelayFailure::InUse),
        Err(TryLockError::Error(e)) => Err(RelayFailure::Folder(e.kind())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_urls_lose_their_last_slash_and_tell_loopback() {
        let url = PublicUrl::parse("https://relay.example/kosha/").unwrap();
        assert_eq!((url.text.as_str(), url.path.as_str()), ("https://relay.example/kosha", "/kosha"));
        assert!(!url.loopback);
        for local in ["http://127.0.0.1:8787", "http://[::1]:1/", "https://localhost"] {
            assert!(PublicUrl::parse(local).unwrap().loopback, "{local}");
        }
        for bad in [
            "",
            "relay.example",
            "ftp://relay.example",
            "https://relay.example/?x",
            "https://u@h/",
            "https://h/#x",
        ] {
            assert!(matches!(PublicUrl::parse(bad), Err(RelayFailure::PublicUrl)), "{bad}");
        }
    }
}
