//! The answers that several calls share, and the bodies that are heavier than a few bytes.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use kosha_wire::relay::RelayError;
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// An answer with a JSON body.
pub(crate) fn json<T: Serialize>(status: StatusCode, value: &T) -> Response {
    match serde_json::to_vec(value) {
        Ok(bytes) => typed(status, "application/json", Body::from(bytes)),
        Err(_) => empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// An answer without body.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// An answer of a given content type.
pub(crate) fn typed(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// A refusal, as every call words it: `{"code":…}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The request does not have the shape that the call needs.
    Malformed,
    /// A reader did not say who asks.
    RecipientNeeded,
    /// Creating needs an upload token.
    TokenNeeded,
    /// The management token is not that of the link.
    NotYours,
    /// Nothing there: unknown, expired, withdrawn, used up, guessed to its end. One answer for all.
    NoSuchLink,
    /// Another method is needed.
    Method,
    /// The body did not arrive in time.
    TooSlow,
    /// The id is taken by another owner, or its owner has ended it.
    Conflict,
    /// The body is longer than allowed.
    TooLarge,
    /// Too many requests; seconds after which to try again.
    TooMany(u64),
    /// The store holds as much as it may.
    Full,
    /// The store does not work.
    Unavailable,
}

impl Refusal {
    fn parts(self) -> (StatusCode, &'static str) {
        match self {
            Self::Malformed => (StatusCode::BAD_REQUEST, "malformed"),
            Self::RecipientNeeded => (StatusCode::BAD_REQUEST, "recipient-needed"),
            Self::TokenNeeded => (StatusCode::UNAUTHORIZED, "token-needed"),
            Self::NotYours => (StatusCode::FORBIDDEN, "not-yours"),
            Self::NoSuchLink => (StatusCode::NOT_FOUND, "no-such-link"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "malformed"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "malformed"),
            Self::Conflict => (StatusCode::CONFLICT, "conflict"),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "too-many"),
            Self::Full => (StatusCode::INSUFFICIENT_STORAGE, "full"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
        }
    }

    /// The answer that says so.
    pub(crate) fn response(self) -> Response {
        let (status, code) = self.parts();
        let mut response = json(status, &RelayError { code: code.to_owned() });
        let wait = match self {
            Self::TooMany(seconds) => Some(seconds),
            Self::Unavailable => Some(5),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// A body whose memory is accounted for until it has been handed over.
pub(crate) struct HeldBody {
    bytes: Option<Bytes>,
    _held: OwnedSemaphorePermit,
}

impl HeldBody {
    pub(crate) fn new(bytes: Vec<u8>, held: OwnedSemaphorePermit) -> Self {
        Self { bytes: Some(Bytes::from(bytes)), _held: held }
    }
}

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let left = self.bytes.as_ref().map_or(0, Bytes::len);
        SizeHint::with_exact(u64::try_from(left).unwrap_or(u64::MAX))
    }
}

/// A body that arrives piece by piece from the store. If the link ends meanwhile, it breaks off short of its length,
/// so that no client takes the part for the whole.
pub(crate) struct PieceBody {
    pieces: mpsc::Receiver<Vec<u8>>,
    left: u64,
}

impl PieceBody {
    pub(crate) fn new(pieces: mpsc::Receiver<Vec<u8>>, length: u64) -> Self {
        Self { pieces, left: length }
    }
}

impl HttpBody for PieceBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let Some(piece) = ready!(self.pieces.poll_recv(cx)) else {
            return Poll::Ready(Some(Err(std::io::ErrorKind::UnexpectedEof.into())));
        };
        let Some(left) = u64::try_from(piece.len()).ok().and_then(|length| self.left.checked_sub(length))
        else {
            return Poll::Ready(Some(Err(std::io::ErrorKind::InvalidData.into())));
        };
        self.left = left;
        Poll::Ready(Some(Ok(Frame::data(Bytes::from(piece)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
