//! Reading requests: bodies within their bounds, tokens, queries.

use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::{HeaderMap, header};
use tokio::time::{Instant, timeout, timeout_at};

use crate::answer::Refusal;

/// Reads a body of at most `most` bytes, which may pause for `pause` and must be whole within `total`.
pub(crate) async fn read_body(
    mut body: Body,
    most: usize,
    pause: Duration,
    total: Duration,
) -> Result<Vec<u8>, Refusal> {
    if body.size_hint().lower() > u64::try_from(most).unwrap_or(u64::MAX) {
        return Err(Refusal::TooLarge);
    }
    let deadline = Instant::now() + total;
    let mut bytes = Vec::new();
    loop {
        let frame = std::future::poll_fn(|cx| Pin::new(&mut body).poll_frame(cx));
        let frame = timeout_at(deadline, timeout(pause, frame)).await;
        let Ok(Ok(frame)) = frame else { return Err(Refusal::TooSlow) };
        match frame {
            None => return Ok(bytes),
            Some(Err(_)) => return Err(Refusal::Malformed),
            Some(Ok(frame)) => {
                let Some(data) = frame.data_ref() else { continue };
                if bytes.len() + data.len() > most {
                    return Err(Refusal::TooLarge);
                }
                bytes.extend_from_slice(data);
            }
        }
    }
}

/// The bearer token of a request (RFC 6750 section 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The first value of a query parameter, decoded.
pub(crate) fn query_value(query: Option<&str>, name: &str) -> Option<String> {
    form_urlencoded::parse(query?.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// What a reader calls itself, made fit to be shown: no control or direction characters, no white space around,
/// at most `most` characters. `None` when nothing is left.
pub(crate) fn clean_recipient(raw: &str, most: usize) -> Option<String> {
    let clean: String = raw.chars().filter(|c| !c.is_control() && !is_direction(*c)).collect();
    let cut: String = clean.trim().chars().take(most).collect();
    let cut = cut.trim_end();
    (!cut.is_empty()).then(|| cut.to_owned())
}

/// Invisible characters that turn or break the text around them (Unicode bidi controls, separators, BOM).
fn is_direction(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_loses_controls_and_direction_marks_and_is_bounded() {
        assert_eq!(clean_recipient(" Dr\u{202e} A\u{7}\n ", 120).as_deref(), Some("Dr A"));
        assert_eq!(clean_recipient(&"अ".repeat(200), 120).unwrap().chars().count(), 120);
        assert_eq!(clean_recipient("\u{0}\n \u{2066}", 120), None);
    }

    #[test]
    fn a_query_value_is_decoded() {
        let query = Some("x=1&recipient=Dr%20A+B&recipient=other");
        assert_eq!(query_value(query, "recipient").as_deref(), Some("Dr A B"));
        assert_eq!(query_value(query, "y"), None);
        assert_eq!(query_value(None, "x"), None);
    }

    #[test]
    fn only_a_bearer_token_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(bearer(&headers), None);
        headers.insert(header::AUTHORIZATION, "bearer abc".parse().unwrap());
        assert_eq!(bearer(&headers), Some("abc"));
        headers.insert(header::AUTHORIZATION, "Basic abc".parse().unwrap());
        assert_eq!(bearer(&headers), None);
    }
}
