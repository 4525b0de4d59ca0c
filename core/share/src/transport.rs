//! The one way to the network.
//!
//! This crate decides what to ask and what to believe; a [`Transport`] only carries. It is synchronous: the caller
//! puts it on a thread of its own.
//!
//! An implementation keeps these rules, since the other end may be hostile:
//!
//! 1. **Address.** Resolve the name itself, keep only addresses for which [`crate::address_allowed`] holds with the
//!    request's `allow_loopback`, connect to one of those and to no other; when none is left, answer
//!    [`TransportError::RefusedAddress`]. With `http` (only ever sent to this machine) every address must be loopback.
//! 2. **Redirects.** None is followed; a 3xx is returned as it is. No proxy from the environment, no cookies, no
//!    referrer, no credentials but the headers given.
//! 3. **Size.** Stop reading the body, after any content coding is undone, as soon as it passes `max_response` bytes:
//!    [`TransportError::TooLarge`].
//! 4. **Time.** The whole exchange, from resolving to the last byte, ends after `timeout_ms`: [`TransportError::Timeout`].
//! 5. **Silence.** URLs, headers and bodies carry secrets: none of them goes to a log or into an error.

use url::Url;

/// Method of a [`Request`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

impl Method {
    /// As it stands in HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// One exchange to be made.
#[derive(Clone)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Where; already checked by [`crate::address::checked_url`]. Secret.
    pub url: Url,
    /// Header names in lower case with their values. Secret.
    pub headers: Vec<(&'static str, String)>,
    /// Body; empty: none. Secret.
    pub body: Vec<u8>,
    /// Most bytes of the answer's body.
    pub max_response: usize,
    /// Longest duration of the whole exchange, milliseconds.
    pub timeout_ms: u64,
    /// Whether this very machine may be talked to.
    pub allow_loopback: bool,
}

/// An answer, whatever its status.
#[derive(Clone, Default)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Header names in lower case with their values.
    pub headers: Vec<(String, String)>,
    /// Body, at most `max_response` bytes.
    pub body: Vec<u8>,
    /// How long the exchange took, milliseconds. Several exchanges share one allowance of time, so it must be true.
    pub elapsed_ms: u64,
}

impl Response {
    /// First value of the header `name` (any case).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// `Retry-After` in seconds, where it is given so; a date counts as absent.
    pub(crate) fn retry_after(&self) -> Option<u64> {
        self.header("retry-after")?.trim().parse().ok()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No network, no such name, or nobody listens there.
    #[error("the server could not be reached")]
    Offline,
    /// The name leads to no address that may be talked to.
    #[error("the address points into a private network")]
    RefusedAddress,
    /// It took longer than `timeout_ms`.
    #[error("the server took too long to answer")]
    Timeout,
    /// The body is larger than `max_response`.
    #[error("the server sent more than is accepted")]
    TooLarge,
    /// The secure connection failed: certificate or TLS version.
    #[error("no secure connection to the server was possible")]
    Insecure,
    /// What came is not HTTP, or it broke off.
    #[error("the server's answer was not understood")]
    Garbled,
}

/// Carries requests; see the rules in the module documentation.
pub trait Transport: Send + Sync {
    /// Makes one exchange. Every HTTP status is an `Ok`.
    fn send(&self, request: Request) -> Result<Response, TransportError>;
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_len", &self.body.len())
            .finish_non_exhaustive()
    }
}
