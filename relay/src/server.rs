//! Connections: how many, how slow, how long, and how they end.

use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep};
use tower_service::Service as _;

use crate::rate::Remote;
use crate::relay::{Core, Service};
use crate::routes;

/// Most bytes of a request head.
const MAX_HEAD: usize = 16 * 1024;
/// Pause after the operating system refused a connection, most likely for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Takes connections until `shutdown` resolves.
pub(crate) async fn accept(
    service: &Arc<Service>,
    listener: &TcpListener,
    shutdown: impl Future<Output = ()>,
) {
    let router = routes::router(Arc::clone(service));
    let mut shutdown = pin!(shutdown);
    loop {
        let permit = tokio::select! {
            () = &mut shutdown => return,
            permit = Arc::clone(&service.core.connections).acquire_owned() => permit,
        };
        let accepted = tokio::select! {
            () = &mut shutdown => return,
            accepted = listener.accept() => accepted,
        };
        let (Ok(permit), Ok((stream, peer))) = (permit, accepted) else {
            sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let connection = connection(Arc::clone(service), router.clone(), stream, peer);
        tokio::spawn(async move {
            connection.await;
            drop(permit);
        });
    }
}

/// Waits until the running connections have ended, within the grace.
pub(crate) async fn finish(core: &Core) {
    let all = u32::try_from(core.limits.connections).unwrap_or(u32::MAX);
    // Whether they all ended or the time did: either way it is over.
    let _ = tokio::time::timeout(core.limits.stop_grace, core.connections.acquire_many(all)).await;
}

async fn connection(service: Arc<Service>, router: Router, stream: TcpStream, peer: SocketAddr) {
    let core = Arc::clone(&service.core);
    let direct = core.remotes.remote(peer.ip());
    let proxied = core.trusted_proxies.contains(&peer.ip().to_canonical());
    if !proxied && !core.open.enter(direct) {
        return;
    }
    serve_connection(&service, router, stream, (direct, proxied)).await;
    if !proxied {
        core.open.leave(direct);
    }
}

async fn serve_connection(
    service: &Arc<Service>,
    router: Router,
    stream: TcpStream,
    (direct, proxied): (Remote, bool),
) {
    let core = Arc::clone(&service.core);
    let limits = &service.core.limits;
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(WriteGuard::new(stream, limits.write_pause));
    let answer = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        let forwarded = if proxied { forwarded_for(&request) } else { None };
        let remote = forwarded.map_or(direct, |address| core.remotes.remote(address));
        request.extensions_mut().insert(remote);
        let mut router = router.clone();
        async move {
            Ok::<_, Infallible>(
                router.call(request.map(Body::new)).await.unwrap_or_else(|never| match never {}),
            )
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(MAX_HEAD)
        .serve_connection(io, answer);
    let mut connection = pin!(connection);
    let mut stop = service.stop.clone();
    let mut life = pin!(sleep(limits.connection_life));
    tokio::select! {
        _ = connection.as_mut() => return,
        () = life.as_mut() => return,
        _ = stop.wait_for(|stopped| *stopped) => connection.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = connection => {}
        () = life => {}
    }
}

/// The address that the nearest proxy saw: the last entry, since the earlier ones are the client's own words.
fn forwarded_for(request: &Request<Incoming>) -> Option<IpAddr> {
    let last = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .next_back()?
        .to_str()
        .ok()?
        .rsplit(',')
        .next()?
        .trim();
    last.parse().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

/// A connection that fails when its client takes no bytes for too long.
struct WriteGuard {
    stream: TcpStream,
    pause: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl WriteGuard {
    fn new(stream: TcpStream, pause: Duration) -> Self {
        Self { stream, pause, stalled: None }
    }

    fn watch<T>(&mut self, cx: &mut Context<'_>, poll: Poll<std::io::Result<T>>) -> Poll<std::io::Result<T>> {
        if poll.is_ready() {
            self.stalled = None;
            return poll;
        }
        let until = Instant::now() + self.pause;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
        match stalled.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(std::io::ErrorKind::TimedOut.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncRead for WriteGuard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for WriteGuard {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.watch(cx, poll)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        let poll = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(cx, poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
