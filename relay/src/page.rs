//! The doctor's reader page under `/v/`: static files, under a policy that lets it talk to this relay alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kosha_crypto::digest::sha256;

use crate::answer::{Refusal, empty};
use crate::reader_assets;

/// The page runs its own scripts and styles, asks this relay, shows images it decrypted, and nothing else.
pub(crate) const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file as it is sent.
struct Prepared {
    content_type: &'static str,
    plain: Bytes,
    /// Only where it is smaller.
    gzip: Option<Bytes>,
    /// Weak when sent: one tag for both codings.
    etag: String,
}

/// The files of the page, each compressed once, when it is first asked for.
#[derive(Default)]
pub(crate) struct Page {
    prepared: Mutex<HashMap<String, Arc<Prepared>>>,
}

impl Page {
    /// Answers `GET /v/<path>`; the empty path is the page itself.
    pub(crate) fn get(&self, path: &str, headers: &HeaderMap) -> Response {
        let path = if path.is_empty() { "index.html" } else { path };
        let Some(file) = self.prepare(path) else { return Refusal::NoSuchLink.response() };
        let mut response = if names_etag(headers, &file.etag) {
            empty(StatusCode::NOT_MODIFIED)
        } else {
            body_of(&file, headers)
        };
        let head = response.headers_mut();
        if let Ok(etag) = HeaderValue::from_str(&format!("W/{}", file.etag)) {
            head.insert(header::ETAG, etag);
        }
        head.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        // The page holds nothing of a patient; keeping it and asking whether it is still current saves its transfer.
        head.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        head.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
        head.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
        response
    }

    fn prepare(&self, path: &str) -> Option<Arc<Prepared>> {
        let prepared = || self.prepared.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = prepared().get(path) {
            return Some(Arc::clone(file));
        }
        let asset = reader_assets::find(path)?;
        // Nobody waits for what somebody else asked for first.
        let file = Arc::new(Prepared {
            content_type: asset.content_type,
            plain: Bytes::from_static(asset.bytes),
            gzip: gzip(asset.bytes).filter(|small| small.len() < asset.bytes.len()),
            etag: format!("\"{}\"", URL_SAFE_NO_PAD.encode(sha256(&[asset.bytes]).split_at(16).0)),
        });
        // Only paths that exist come into the map, so it stays as small as the page.
        prepared().insert(path.to_owned(), Arc::clone(&file));
        Some(file)
    }
}

fn body_of(file: &Prepared, headers: &HeaderMap) -> Response {
    let gzip = file.gzip.as_ref().filter(|_| accepts_gzip(headers));
    let mut response = Response::new(Body::from(gzip.unwrap_or(&file.plain).clone()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    if gzip.is_some() {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

/// As small as gzip can be: it is done once, and every doctor waits for it on a phone.
fn gzip(bytes: &[u8]) -> Option<Bytes> {
    let mut small = Vec::new();
    zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, bytes, &mut small).ok()?;
    Some(Bytes::from(small))
}

/// RFC 9110 section 12.5.3, as far as gzip goes: named, and not with weight 0.
fn accepts_gzip(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
                && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
    })
}

fn names_etag(headers: &HeaderMap, etag: &str) -> bool {
    headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|value| {
        value.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == etag || tag == "*")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_only_to_those_who_take_it() {
        let with = |value: &'static str| {
            HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))])
        };
        assert!(accepts_gzip(&with("br, gzip;q=0.5")));
        assert!(!accepts_gzip(&with("gzip;q=0, br")));
        assert!(!accepts_gzip(&with("identity")));
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
