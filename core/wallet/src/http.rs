//! The transport over HTTP: `reqwest` with rustls (ring provider) and the Mozilla roots.
//!
//! It keeps the five rules of [`kosha_share::Transport`]: it resolves names itself and connects only to addresses that
//! passed [`kosha_share::address_allowed`], follows no redirect, takes no proxy from the environment, and bounds size
//! and time. It logs nothing.

use std::error::Error as StdError;
use std::io::Read;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use kosha_share::{Method, Request, Response, Transport, TransportError, address_allowed};
use reqwest::blocking::{Client, ClientBuilder};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// Longest wait for a connection, within the time of the whole exchange.
const CONNECT: Duration = Duration::from_secs(10);

/// Carries requests over HTTP and HTTPS.
pub struct HttpTransport {
    tls: rustls::ClientConfig,
    proxy: Option<reqwest::Proxy>,
}

impl HttpTransport {
    /// A transport that talks to servers directly.
    ///
    /// Fails with [`TransportError::Insecure`] when the TLS library cannot be set up.
    pub fn new() -> Result<Self, TransportError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| TransportError::Insecure)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls, proxy: None })
    }

    /// Sends everything but loopback through an HTTP proxy that the user named. The proxy then resolves names, so the
    /// check of addresses is its task; literal private addresses stay refused.
    pub fn with_proxy(mut self, url: &str) -> Result<Self, TransportError> {
        self.proxy = Some(reqwest::Proxy::all(url).map_err(|_| TransportError::Garbled)?);
        Ok(self)
    }

    fn client(&self, request: &Request, target: &Target) -> Result<Client, TransportError> {
        let mut builder: ClientBuilder = Client::builder()
            .tls_backend_preconfigured(self.tls.clone())
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .http1_only()
            .pool_max_idle_per_host(0)
            .connect_timeout(CONNECT)
            .timeout(Duration::from_millis(request.timeout_ms));
        match target {
            Target::Addresses { name: Some(name), addresses } => {
                builder = builder.resolve_to_addrs(name, addresses);
            }
            Target::Addresses { name: None, .. } => {}
            Target::Proxied => {
                if let Some(proxy) = &self.proxy {
                    builder = builder.proxy(proxy.clone());
                }
            }
        }
        builder.build().map_err(|_| TransportError::Insecure)
    }
}

impl std::fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpTransport").field("proxy", &self.proxy.is_some()).finish_non_exhaustive()
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> Result<Response, TransportError> {
        let started = Instant::now();
        let target = self.target(&request)?;
        let left = Duration::from_millis(request.timeout_ms)
            .checked_sub(started.elapsed())
            .ok_or(TransportError::Timeout)?;
        let client = self.client(&request, &target)?;
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut sending =
            client.request(method, request.url.clone()).headers(headers(&request)?).timeout(left);
        if !request.body.is_empty() {
            sending = sending.body(request.body);
        }
        let answer = sending.send().map_err(|error| why(&error))?;
        let status = answer.status().as_u16();
        let headers = answer
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        let ends = started.checked_add(Duration::from_millis(request.timeout_ms));
        let body = bounded(answer, request.max_response, ends)?;
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        Ok(Response { status, headers, body, elapsed_ms })
    }
}

/// Where a request goes.
enum Target {
    /// Straight to one of these; `name` where the URL holds a name and no literal address.
    Addresses { name: Option<String>, addresses: Vec<SocketAddr> },
    /// Through the proxy.
    Proxied,
}

impl HttpTransport {
    fn target(&self, request: &Request) -> Result<Target, TransportError> {
        let host = request.url.host_str().ok_or(TransportError::Garbled)?.to_owned();
        let port = request.url.port_or_known_default().ok_or(TransportError::Garbled)?;
        let clear = match request.url.scheme() {
            "https" => false,
            "http" if request.allow_loopback => true,
            _ => return Err(TransportError::RefusedAddress),
        };
        let allowed = |address: IpAddr| {
            address_allowed(address, request.allow_loopback) && (!clear || address.is_loopback())
        };
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            if !allowed(address) {
                return Err(TransportError::RefusedAddress);
            }
            return Ok(if self.proxy.is_some() && !address.is_loopback() {
                Target::Proxied
            } else {
                Target::Addresses { name: None, addresses: vec![SocketAddr::new(address, port)] }
            });
        }
        if self.proxy.is_some() && !clear {
            return Ok(Target::Proxied);
        }
        let found = resolve(host.clone(), port, Duration::from_millis(request.timeout_ms).min(CONNECT))?;
        let addresses: Vec<SocketAddr> = found.into_iter().filter(|found| allowed(found.ip())).collect();
        if addresses.is_empty() {
            return Err(TransportError::RefusedAddress);
        }
        Ok(Target::Addresses { name: Some(host), addresses })
    }
}

/// Resolves on a thread of its own, since the system's resolver knows no time limit.
fn resolve(host: String, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, TransportError> {
    let (sender, receiver) = mpsc::sync_channel(1);
    std::thread::Builder::new()
        .name("resolve".to_owned())
        .spawn(move || {
            let found = (host.as_str(), port).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
            // Nobody listens any more once the time is up; then the answer is of no use to anyone.
            drop(sender.send(found));
        })
        .map_err(|_| TransportError::Offline)?;
    match receiver.recv_timeout(limit) {
        Ok(Ok(found)) if !found.is_empty() => Ok(found),
        Ok(_) | Err(mpsc::RecvTimeoutError::Disconnected) => Err(TransportError::Offline),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(TransportError::Timeout),
    }
}

fn headers(request: &Request) -> Result<HeaderMap, TransportError> {
    let mut map = HeaderMap::with_capacity(request.headers.len());
    for (name, value) in &request.headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| TransportError::Garbled)?;
        let mut value = HeaderValue::from_str(value).map_err(|_| TransportError::Garbled)?;
        value.set_sensitive(true);
        map.append(name, value);
    }
    Ok(map)
}

/// Reads a body of at most `limit` bytes. What breaks off when the time was over broke off because of it, however the
/// layers below name it.
fn bounded(
    answer: reqwest::blocking::Response,
    limit: usize,
    ends: Option<Instant>,
) -> Result<Vec<u8>, TransportError> {
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    if answer.content_length().is_some_and(|length| length > most) {
        return Err(TransportError::TooLarge);
    }
    let mut body = Vec::new();
    answer.take(most.saturating_add(1)).read_to_end(&mut body).map_err(|error| {
        let timed_out = error.kind() == std::io::ErrorKind::TimedOut
            || ends.is_some_and(|ends| Instant::now() >= ends)
            || chain(&error)
                .any(|cause| cause.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_timeout));
        if timed_out { TransportError::Timeout } else { TransportError::Garbled }
    })?;
    if body.len() > limit { Err(TransportError::TooLarge) } else { Ok(body) }
}

fn why(error: &reqwest::Error) -> TransportError {
    if error.is_timeout() {
        return TransportError::Timeout;
    }
    let insecure = chain(error).any(|cause| {
        cause.is::<rustls::Error>()
            || cause
                .downcast_ref::<std::io::Error>()
                .and_then(std::io::Error::get_ref)
                .is_some_and(<dyn StdError + Send + Sync>::is::<rustls::Error>)
    });
    if insecure {
        TransportError::Insecure
    } else if error.is_connect() {
        TransportError::Offline
    } else {
        TransportError::Garbled
    }
}

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn StdError + 'static) = *error;
        error.source()
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use kosha_share::{Method, Request, Transport, TransportError};

    use super::HttpTransport;

    fn request(url: &str, allow_loopback: bool) -> Request {
        Request {
            method: Method::Get,
            url: url.parse().unwrap(),
            headers: vec![("accept", "*/*".to_owned())],
            body: Vec::new(),
            max_response: 1000,
            timeout_ms: 2_000,
            allow_loopback,
        }
    }

    /// Answers one connection with `answer`, and keeps it open while `hold` is set.
    fn server(answer: Vec<u8>, hold: bool) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0_u8; 4096];
            let _ = stream.read(&mut buffer);
            let _ = stream.write_all(&answer);
            if hold {
                std::thread::sleep(std::time::Duration::from_secs(6));
            }
        });
        format!("http://{address}/x")
    }

    fn send(answer: &[u8], hold: bool) -> Result<kosha_share::Response, TransportError> {
        HttpTransport::new().unwrap().send(request(&server(answer.to_vec(), hold), true))
    }

    #[test]
    fn an_answer_comes_back_whole_and_redirects_are_not_followed() {
        let answer = send(
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nok",
            false,
        )
        .unwrap();
        assert_eq!((answer.status, answer.body.as_slice()), (302, b"ok".as_slice()));
        assert_eq!(answer.header("Location"), Some("http://127.0.0.1:1/"));
    }

    #[test]
    fn size_and_time_are_bounded() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n".to_vec();
        assert_eq!(send(&[head, vec![b'x'; 5000]].concat(), false).unwrap_err(), TransportError::TooLarge);
        let unmeasured = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        assert_eq!(
            send(&[unmeasured, vec![b'x'; 5000]].concat(), false).unwrap_err(),
            TransportError::TooLarge
        );
        assert_eq!(
            send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", true).unwrap_err(),
            TransportError::Timeout
        );
        assert_eq!(
            send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", false).unwrap_err(),
            TransportError::Garbled
        );
        assert_eq!(send(b"nonsense\r\n\r\n", false).unwrap_err(), TransportError::Garbled);
    }

    #[test]
    fn private_addresses_are_refused_at_the_connection() {
        let transport = HttpTransport::new().unwrap();
        for (url, loopback) in [
            ("http://127.0.0.1:9/", false),
            ("https://127.0.0.1:9/", false),
            ("https://localhost:9/", false),
            ("https://10.0.0.1/", true),
            ("http://10.0.0.1/", true),
            ("https://[::ffff:127.0.0.1]/", true),
        ] {
            assert_eq!(
                transport.send(request(url, loopback)).unwrap_err(),
                TransportError::RefusedAddress,
                "{url}"
            );
        }
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert_eq!(
            transport.send(request(&format!("http://{closed}/"), true)).unwrap_err(),
            TransportError::Offline
        );
    }
}
