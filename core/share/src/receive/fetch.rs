//! Exchanges with a hostile server, within one allowance of bytes and time.

use super::file::Encrypted;
use super::{FileProblem, Limits, OpenOptions, ReceiveError};
use crate::address::checked_url;
use crate::transport::{Method, Request, Response, Transport, TransportError};

/// Makes the requests of one opened link.
pub(super) struct Fetcher<'a> {
    transport: &'a dyn Transport,
    allow_loopback: bool,
    pub(super) limits: Limits,
    time_left_ms: u64,
    bytes_left: usize,
}

impl<'a> Fetcher<'a> {
    pub(super) fn new(transport: &'a dyn Transport, options: &OpenOptions<'_>) -> Self {
        Self {
            transport,
            allow_loopback: options.allow_loopback,
            limits: options.limits,
            time_left_ms: options.limits.total_timeout_ms,
            // Ciphertext in base64 is a third longer than what it holds.
            bytes_left: options.limits.max_total_bytes.saturating_mul(2),
        }
    }

    /// The file of a link with flag `U`. The query that the address may already have stays.
    pub(super) fn direct(
        &mut self,
        address: &str,
        recipient: &str,
    ) -> Result<Result<Encrypted, FileProblem>, ReceiveError> {
        let mut url = checked_url(address, self.allow_loopback)?;
        url.query_pairs_mut().append_pair("recipient", recipient);
        let request = self.request(Method::Get, url, vec![("accept", "application/jose".to_owned())]);
        let response = self.exchange(request)?;
        match response.status {
            200 => Ok(Encrypted::from_body(response.body, None, None)),
            _ => Err(ending(&response)),
        }
    }

    /// The manifest's answer, whatever its status.
    pub(super) fn manifest(&mut self, address: &str, body: Vec<u8>) -> Result<Response, ReceiveError> {
        let url = checked_url(address, self.allow_loopback)?;
        let json = || "application/json".to_owned();
        let mut request = self.request(Method::Post, url, vec![("content-type", json()), ("accept", json())]);
        request.body = body;
        request.max_response = self.limits.max_total_bytes;
        Ok(self.exchange(request)?)
    }

    /// The file at a `location` of the manifest.
    pub(super) fn location(&mut self, address: &str) -> Result<Vec<u8>, FileProblem> {
        if self.time_left_ms == 0 {
            return Err(FileProblem::TotalTime);
        }
        let room = self.limits.max_file_bytes.min(self.bytes_left);
        if room == 0 {
            return Err(FileProblem::TotalTooLarge);
        }
        let url = checked_url(address, self.allow_loopback)?;
        let mut request = self.request(Method::Get, url, vec![("accept", "application/jose".to_owned())]);
        request.max_response = room;
        let response = self.exchange(request)?;
        match response.status {
            200 => Ok(response.body),
            300..=399 => Err(FileProblem::Redirected),
            404 | 410 => Err(FileProblem::Gone),
            429 => Err(FileProblem::Busy),
            status => Err(FileProblem::Status(status)),
        }
    }

    fn request(&self, method: Method, url: url::Url, headers: Vec<(&'static str, String)>) -> Request {
        Request {
            method,
            url,
            headers,
            body: Vec::new(),
            max_response: self.limits.max_file_bytes,
            timeout_ms: self.limits.request_timeout_ms.min(self.time_left_ms),
            allow_loopback: self.allow_loopback,
        }
    }

    /// Sends, and charges what it took. How long a failure took is not known, so it counts as the longest it may; an
    /// answer that is too large counts as the largest that it may be.
    fn exchange(&mut self, request: Request) -> Result<Response, TransportError> {
        let (timeout_ms, max_response) = (request.timeout_ms, request.max_response);
        let outcome = self.transport.send(request).and_then(|response| {
            if response.body.len() > max_response { Err(TransportError::TooLarge) } else { Ok(response) }
        });
        let (took, bytes) = match &outcome {
            Ok(response) => (response.elapsed_ms.min(timeout_ms), response.body.len()),
            Err(TransportError::TooLarge) => (timeout_ms, max_response),
            Err(_) => (timeout_ms, 0),
        };
        self.time_left_ms = self.time_left_ms.saturating_sub(took);
        self.bytes_left = self.bytes_left.saturating_sub(bytes);
        outcome
    }
}

/// What an answer other than 200 means to a reader of links.
pub(super) fn ending(response: &Response) -> ReceiveError {
    match response.status {
        300..=399 => ReceiveError::Redirected,
        404 | 410 => ReceiveError::Ended,
        429 => ReceiveError::Busy { retry_after_s: response.retry_after() },
        status => ReceiveError::Status { status },
    }
}
