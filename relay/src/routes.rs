//! The table of paths, and what is true of every answer: its headers, its rate, its line in the log.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, get, on, put};

use crate::answer::{Refusal, empty, typed};
use crate::rate::Remote;
use crate::relay::{Core, Service};
use crate::{links, owner};

/// The routes of a relay.
pub(crate) fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/", get(to_page))
        .route("/v", get(to_page))
        .route("/v/", get(page))
        .route("/v/{*path}", get(page))
        .route("/healthz", get(health))
        .route("/l/{id}", open_to_all(without_head(get(links::direct)).post(links::manifest)))
        .route("/f/{ticket}", open_to_all(without_head(get(links::file))))
        .route(
            "/api/v1/links/{id}",
            without_head(put(owner::create).get(owner::status).delete(owner::withdraw)),
        )
        .route("/api/v1/links/{id}/views", without_head(get(owner::views)))
        .fallback(async || Refusal::NoSuchLink.response())
        .method_not_allowed_fallback(async || Refusal::Method.response())
        .layer(from_fn_with_state(Arc::clone(&service), every_answer))
        .with_state(service)
}

/// A HEAD would run the handler of GET, and with it count a view that nobody saw.
fn without_head(routes: MethodRouter<Arc<Service>>) -> MethodRouter<Arc<Service>> {
    routes.merge(on(MethodFilter::HEAD, async || Refusal::Method.response()))
}

/// Answers the preflight of browsers (Fetch standard, "CORS-preflight request").
fn open_to_all(routes: MethodRouter<Arc<Service>>) -> MethodRouter<Arc<Service>> {
    routes.merge(on(MethodFilter::OPTIONS, preflight))
}

async fn preflight() -> Response {
    let mut response = empty(StatusCode::NO_CONTENT);
    set(
        response.headers_mut(),
        &[
            (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, "content-type"),
            (header::ACCESS_CONTROL_MAX_AGE, "86400"),
        ],
    );
    response
}

async fn health() -> Response {
    typed(StatusCode::OK, "text/plain; charset=utf-8", "ok\n".into())
}

async fn to_page(State(service): State<Arc<Service>>) -> Response {
    let mut response = empty(StatusCode::FOUND);
    if let Ok(location) = HeaderValue::from_str(&format!("{}/v/", service.base.path)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

async fn page(State(service): State<Arc<Service>>, request: Request) -> Response {
    let path = request.uri().path().strip_prefix("/v/").unwrap_or_default();
    service.core.page.get(path, request.headers())
}

/// Which account a path is charged to.
fn rate_of(path: &str) -> fn(&Core) -> &crate::rate::RateLimit {
    if path.starts_with("/api/") {
        |core| &core.owner_rate
    } else if is_open(path) {
        |core| &core.reader_rate
    } else {
        |core| &core.page_rate
    }
}

/// Paths that pages of any origin may use.
fn is_open(path: &str) -> bool {
    path.starts_with("/l/") || path.starts_with("/f/")
}

async fn every_answer(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let core = &service.core;
    let begun = Instant::now();
    let open = is_open(request.uri().path());
    let method = method_name(request.method());
    let template =
        request.extensions().get::<MatchedPath>().map_or("-".to_owned(), |path| path.as_str().to_owned());
    let limit = rate_of(request.uri().path())(core);
    let allowed = match request.extensions().get::<Remote>() {
        Some(remote) => limit.take(*remote, tokio::time::Instant::now()),
        None => Ok(()),
    };
    let mut response = match allowed {
        Ok(()) => next.run(request).await,
        Err(wait) => Refusal::TooMany(wait).response(),
    };
    finish_headers(response.headers_mut(), open);
    log(core, method, &template, response.status(), begun.elapsed());
    response
}

fn finish_headers(headers: &mut HeaderMap, open: bool) {
    set(headers, &[(header::REFERRER_POLICY, "no-referrer"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")]);
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    if open {
        set(
            headers,
            &[
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
                (header::ACCESS_CONTROL_EXPOSE_HEADERS, "retry-after"),
            ],
        );
    }
}

fn set(headers: &mut HeaderMap, values: &[(HeaderName, &'static str)]) {
    for (name, value) in values {
        headers.insert(name.clone(), HeaderValue::from_static(value));
    }
}

/// A method is the client's own word, so only known ones are repeated.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

/// Time, method, route, status and duration: nothing that names a link or a person.
fn log(core: &Core, method: &str, template: &str, status: StatusCode, took: Duration) {
    let time = utc(core.now());
    core.log.line(&format!("{time} {method} {template} {} {} ms", status.as_u16(), took.as_millis()));
}

/// A Unix time as `2026-11-22T21:53:35Z`; the date by Howard Hinnant's `civil_from_days`.
fn utc(unix: u64) -> String {
    let (days, second) = (unix / 86_400 + 719_468, unix % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_the_log_are_utc() {
        assert_eq!(utc(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(utc(1_798_761_599), "2026-12-31T23:59:59Z");
    }
}
