//! The wallet's calls to its relay ([`kosha_wire::relay`]).

use kosha_crypto::Zeroizing;
use kosha_crypto::link::LinkSecret;
use kosha_wire::relay::{
    API, CreateLink, LinkStatus, MAX_CREATE_BYTES, MAX_RECIPIENT_CHARS, MAX_WAIT_SECONDS, RelayError,
    UPLOAD_TOKEN_HEADER, ViewRecord, Views,
};
use serde::de::DeserializeOwned;
use url::Url;

use crate::address::{UrlRefusal, checked_url};
use crate::shown::shown;
use crate::transport::{Method, Request, Response, Transport, TransportError};

/// Longest duration of a small call.
const CALL_TIMEOUT_MS: u64 = 15_000;
/// Longest duration of an upload: 48 MiB at 3 Mbit/s.
const UPLOAD_TIMEOUT_MS: u64 = 130_000;
/// Most bytes of a small answer.
const MAX_ANSWER: usize = 16 * 1024;
/// Most bytes of an answer with views: 500 sealed records.
const MAX_VIEWS_ANSWER: usize = 2 * 1024 * 1024;
/// Most views that are believed in one answer.
const MAX_VIEWS: usize = 500;

/// Why a call to the relay did not succeed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RelayClientError {
    /// The relay's address cannot be used.
    #[error("the relay's address cannot be used: {0}")]
    Address(#[from] UrlRefusal),
    /// There was no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The relay takes links only from those who have an upload token, and this one has none that it knows.
    #[error("the relay asks for an upload token")]
    UploadTokenNeeded,
    /// The link belongs to another management token.
    #[error("the relay says that this link was made by somebody else")]
    NotYours,
    /// The relay does not know the link (any more).
    #[error("the relay does not know this link")]
    NoSuchLink,
    /// The id is already taken by different content.
    #[error("the relay already holds something else under this link")]
    Conflict,
    /// More than the relay takes.
    #[error("this is more than the relay takes")]
    TooLarge,
    /// The relay asks to wait.
    #[error("the relay is busy")]
    Busy {
        /// Seconds to wait, where the relay said so.
        retry_after_s: Option<u64>,
    },
    /// The relay did not accept the request.
    #[error("the relay did not accept the request")]
    Refused,
    /// A status that has no meaning here, redirects among them.
    #[error("the relay answered with status {status}")]
    Status {
        /// HTTP status.
        status: u16,
    },
    /// The answer is not what a relay says.
    #[error("the relay's answer was not understood")]
    NotUnderstood,
}

/// One opened view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// 1, 2, 3 … within the link.
    pub seq: u64,
    /// What the reader called itself; never verified.
    pub recipient: String,
    /// When, Unix milliseconds, to the minute.
    pub time_ms: i64,
}

/// Answer to [`RelayClient::views`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ViewsPage {
    /// Views newer than asked for, oldest first.
    pub views: Vec<View>,
    /// How many more there were that could not be opened.
    pub unreadable: u32,
    /// The `after` of the next call.
    pub last_seq: u64,
}

/// What it takes to wait for news of a link: its id and management token. Neither what was shared nor who looked can be
/// opened with it, so it may be held while the link's secret is put away.
pub struct LinkWatch {
    id: String,
    token: Zeroizing<String>,
}

impl LinkWatch {
    /// For the link of `secret`.
    pub fn of(secret: &LinkSecret) -> Self {
        Self { id: secret.id_text(), token: secret.management_token_text() }
    }
}

impl std::fmt::Debug for LinkWatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkWatch(..)")
    }
}

/// Calls one relay.
pub struct RelayClient<'a> {
    transport: &'a dyn Transport,
    base: Url,
    upload_token: Option<String>,
    allow_loopback: bool,
}

impl<'a> RelayClient<'a> {
    /// A client of the relay at `base_url` (its public address, perhaps with a path).
    ///
    /// `upload_token` is what the relay's operator gave out, if it asks for one; `allow_loopback` permits a relay on
    /// this very machine, over `http` too.
    pub fn new(
        transport: &'a dyn Transport,
        base_url: &str,
        upload_token: Option<String>,
        allow_loopback: bool,
    ) -> Result<Self, RelayClientError> {
        let base = checked_url(base_url, allow_loopback)?;
        Ok(Self { transport, base, upload_token, allow_loopback })
    }

    /// Creates the link of `secret`. May be repeated after a failure: the relay knows it by id and management hash.
    pub fn create(&self, secret: &LinkSecret, link: &CreateLink) -> Result<(), RelayClientError> {
        let body = serde_json::to_vec(link).map_err(|_| RelayClientError::NotUnderstood)?;
        if body.len() > MAX_CREATE_BYTES {
            return Err(RelayClientError::TooLarge);
        }
        let mut headers = vec![("content-type", "application/json".to_owned())];
        headers.extend(self.upload_token.clone().map(|token| (UPLOAD_TOKEN_HEADER, token)));
        let mut request = self.request(Method::Put, self.link_url(&secret.id_text(), "")?, headers);
        request.body = body;
        request.timeout_ms = UPLOAD_TIMEOUT_MS;
        let response = self.transport.send(request)?;
        match response.status {
            200 | 201 | 204 => Ok(()),
            401 => Err(RelayClientError::UploadTokenNeeded),
            _ => Err(refusal(&response)),
        }
    }

    /// State of the link of `secret`.
    pub fn status(&self, secret: &LinkSecret) -> Result<LinkStatus, RelayClientError> {
        self.link_status(&LinkWatch::of(secret))
    }

    /// Ends the link of `secret` and deletes its ciphertext. May be repeated; an `Ok` is the relay's confirmation.
    pub fn revoke(&self, secret: &LinkSecret) -> Result<(), RelayClientError> {
        let link = LinkWatch::of(secret);
        let response = self.managed(Method::Delete, &link, self.link_url(&link.id, "")?, 0, MAX_ANSWER)?;
        match response.status {
            200 | 204 => Ok(()),
            _ => Err(refusal(&response)),
        }
    }

    /// Views newer than number `after`, waiting up to `wait_s` seconds (30 at most) until there is one.
    pub fn views(&self, secret: &LinkSecret, after: u64, wait_s: u64) -> Result<ViewsPage, RelayClientError> {
        let answer = self.sealed_views(&LinkWatch::of(secret), after, wait_s)?;
        let mut page = ViewsPage { last_seq: after, ..ViewsPage::default() };
        // A number that does not go up is a repetition: counting it again would show a view that was not.
        for sealed in answer.views {
            if sealed.seq <= page.last_seq {
                continue;
            }
            page.last_seq = sealed.seq;
            match open_view(secret, sealed.seq, &sealed.sealed) {
                Some(view) => page.views.push(view),
                None => page.unreadable += 1,
            }
        }
        Ok(page)
    }

    /// Number of the newest view above `after`, waiting up to `wait_s` seconds (30 at most) until there is one; `after`
    /// when there is none.
    pub fn newest_view(&self, link: &LinkWatch, after: u64, wait_s: u64) -> Result<u64, RelayClientError> {
        let answer = self.sealed_views(link, after, wait_s)?;
        Ok(answer.views.iter().map(|view| view.seq).fold(after, u64::max))
    }

    /// Whether the link still answers readers.
    pub fn answers(&self, link: &LinkWatch) -> Result<bool, RelayClientError> {
        Ok(self.link_status(link)?.active)
    }

    fn link_status(&self, link: &LinkWatch) -> Result<LinkStatus, RelayClientError> {
        let response = self.managed(Method::Get, link, self.link_url(&link.id, "")?, 0, MAX_ANSWER)?;
        read(&response)
    }

    fn sealed_views(&self, link: &LinkWatch, after: u64, wait_s: u64) -> Result<Views, RelayClientError> {
        let wait_s = wait_s.min(MAX_WAIT_SECONDS);
        let mut url = self.link_url(&link.id, "/views")?;
        url.query_pairs_mut()
            .append_pair("after", &after.to_string())
            .append_pair("wait", &wait_s.to_string());
        let response = self.managed(Method::Get, link, url, wait_s, MAX_VIEWS_ANSWER)?;
        let answer: Views = read(&response)?;
        if answer.views.len() > MAX_VIEWS {
            return Err(RelayClientError::NotUnderstood);
        }
        Ok(answer)
    }

    fn link_url(&self, id: &str, tail: &str) -> Result<Url, RelayClientError> {
        let base = self.base.as_str().trim_end_matches('/');
        let text = format!("{base}{API}/links/{id}{tail}");
        Ok(checked_url(&text, self.allow_loopback)?)
    }

    fn managed(
        &self,
        method: Method,
        link: &LinkWatch,
        url: Url,
        wait_s: u64,
        max_response: usize,
    ) -> Result<Response, RelayClientError> {
        let bearer = format!("Bearer {}", link.token.as_str());
        let mut request = self.request(method, url, vec![("authorization", bearer)]);
        request.timeout_ms = CALL_TIMEOUT_MS + wait_s * 1000;
        request.max_response = max_response;
        Ok(self.transport.send(request)?)
    }

    fn request(&self, method: Method, url: Url, headers: Vec<(&'static str, String)>) -> Request {
        Request {
            method,
            url,
            headers,
            body: Vec::new(),
            max_response: MAX_ANSWER,
            timeout_ms: CALL_TIMEOUT_MS,
            allow_loopback: self.allow_loopback,
        }
    }
}

impl std::fmt::Debug for RelayClient<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelayClient").field("host", &self.base.host_str()).finish_non_exhaustive()
    }
}

fn read<T: DeserializeOwned>(response: &Response) -> Result<T, RelayClientError> {
    if response.status != 200 {
        return Err(refusal(response));
    }
    serde_json::from_slice(&response.body).map_err(|_| RelayClientError::NotUnderstood)
}

/// The relay's own code where it gave one, else what the status means.
fn refusal(response: &Response) -> RelayClientError {
    let answer: Option<RelayError> = serde_json::from_slice(&response.body).ok();
    match (response.status, answer.as_ref().map(|answer| answer.code.as_str())) {
        (429, _) | (_, Some("too-many")) => RelayClientError::Busy { retry_after_s: response.retry_after() },
        (_, Some("token-needed")) => RelayClientError::UploadTokenNeeded,
        (_, Some("not-yours")) | (401 | 403, _) => RelayClientError::NotYours,
        // Only by the relay's own code: a bare 404 may be a proxy's, or another server's.
        (_, Some("no-such-link")) => RelayClientError::NoSuchLink,
        (_, Some("conflict")) | (409, _) => RelayClientError::Conflict,
        (_, Some("too-large")) | (413, _) => RelayClientError::TooLarge,
        (_, Some("malformed")) | (400 | 415 | 422, _) => RelayClientError::Refused,
        (200..=299, _) => RelayClientError::NotUnderstood,
        (status, _) => RelayClientError::Status { status },
    }
}

fn open_view(secret: &LinkSecret, seq: u64, sealed: &str) -> Option<View> {
    let plaintext = secret.open_view(sealed).ok()?;
    let record: ViewRecord = serde_json::from_slice(&plaintext).ok()?;
    let time_ms = i64::try_from(record.minute).ok()?.checked_mul(60_000)?;
    Some(View { seq, recipient: shown(&record.recipient, MAX_RECIPIENT_CHARS), time_ms })
}
