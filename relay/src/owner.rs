//! What wallets ask: to create a link, to watch it, to end it. `/api/v1`, see [`kosha_wire::relay`].

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use kosha_wire::relay::{CreateLink, MAX_CREATE_BYTES, MAX_WAIT_SECONDS, UPLOAD_TOKEN_HEADER, Views};
use tokio::time::{Instant, timeout, timeout_at};

use crate::answer::{Refusal, empty, json};
use crate::check;
use crate::relay::{Core, Service};
use crate::request::{bearer, query_value, read_body};
use crate::secrets;
use crate::store::{Created, IdHash, NewFile, NewLink, Owned};

/// How long a creation waits for memory for its body.
const MEMORY_WAIT: Duration = Duration::from_secs(10);

/// `PUT /api/v1/links/{id}`: 201 when stored now, 200 when it was there already; the body is the link's status.
pub(crate) async fn create(State(service): State<Arc<Service>>, request: Request) -> Response {
    answer_create(&service, request).await.unwrap_or_else(Refusal::response)
}

/// `GET /api/v1/links/{id}`
pub(crate) async fn status(State(service): State<Arc<Service>>, request: Parts) -> Response {
    answer_status(&service.core, &request).await.unwrap_or_else(Refusal::response)
}

/// `GET /api/v1/links/{id}/views?after=N&wait=SECONDS`
pub(crate) async fn views(State(service): State<Arc<Service>>, request: Parts) -> Response {
    answer_views(&service, &request).await.unwrap_or_else(Refusal::response)
}

/// `DELETE /api/v1/links/{id}`: 204, also when it had ended before.
pub(crate) async fn withdraw(State(service): State<Arc<Service>>, request: Parts) -> Response {
    answer_withdraw(&service.core, &request).await.unwrap_or_else(Refusal::response)
}

async fn answer_create(service: &Service, request: Request) -> Result<Response, Refusal> {
    let core = &service.core;
    let (request, body) = request.into_parts();
    let id = link_id(&request).ok_or(Refusal::Malformed)?;
    let may_create = service.free_upload || may_upload(core, &request);
    // A link that is here already is answered to its owner whatever has become of the token or its time since: a wallet
    // that repeats a creation must not be told that it failed. Only for a known id a body is read without a token.
    if !may_create && !core.with_store(move |store| store.knows(&id)).await? {
        return Err(Refusal::TokenNeeded);
    }
    let declared = axum::body::HttpBody::size_hint(&body).exact();
    let expected = declared.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(MAX_CREATE_BYTES);
    if expected > MAX_CREATE_BYTES {
        return Err(Refusal::TooLarge);
    }
    let memory = core.body_memory.acquire_many(core.memory_units(expected));
    let _held = timeout(MEMORY_WAIT, memory).await.ok().and_then(Result::ok).ok_or(Refusal::TooMany(5))?;
    let limits = &core.limits;
    let body = read_body(body, MAX_CREATE_BYTES, limits.body_pause, limits.create_total).await?;
    let link: CreateLink = serde_json::from_slice(&body).map_err(|_| Refusal::Malformed)?;
    drop(body);
    let management = check::management(&link)?;
    let now = core.now();
    if let Some(found) = core.with_store(move |store| store.existing(&id, &management, now)).await? {
        return created(found);
    }
    if !may_create {
        return Err(Refusal::TokenNeeded);
    }
    check::link(&link, now, core.entropy.as_ref())?;
    let passcode = hash_passcode(core, &link).await?;
    created(
        core.with_store(move |store| store.create(&id, &to_store(&link, management, passcode), now)).await?,
    )
}

async fn answer_status(core: &Arc<Core>, request: &Parts) -> Result<Response, Refusal> {
    let (id, management) = owner(request)?;
    let now = core.now();
    let found = core.with_store(move |store| store.status(&id, &management, now)).await?;
    Ok(json(StatusCode::OK, &owned(found)?))
}

async fn answer_views(service: &Service, request: &Parts) -> Result<Response, Refusal> {
    let core = &service.core;
    let (id, management) = owner(request)?;
    let number = |name| match query_value(request.uri.query(), name) {
        None => Ok(0),
        Some(text) => text.parse::<u64>().map_err(|_| Refusal::Malformed),
    };
    let after = number("after")?;
    let deadline = Instant::now() + Duration::from_secs(number("wait")?.min(MAX_WAIT_SECONDS));
    let bell = core.bell(&id).ok_or(Refusal::Unavailable)?;
    let mut stop = service.stop.clone();
    loop {
        let mut rung = std::pin::pin!(bell.notified());
        // Listening begins before looking, so that a view in between is not missed.
        rung.as_mut().enable();
        let views = owned(core.with_store(move |store| store.views(&id, &management, after)).await?)?;
        if !views.is_empty() {
            return Ok(json(StatusCode::OK, &Views { views }));
        }
        let over = tokio::select! {
            waited = timeout_at(deadline, rung) => waited.is_err(),
            _ = stop.wait_for(|stopped| *stopped) => true,
        };
        if over {
            return Ok(json(StatusCode::OK, &Views::default()));
        }
    }
}

async fn answer_withdraw(core: &Arc<Core>, request: &Parts) -> Result<Response, Refusal> {
    let (id, management) = owner(request)?;
    let now = core.now();
    if core.with_store(move |store| store.withdraw(&id, &management, now)).await? {
        Ok(empty(StatusCode::NO_CONTENT))
    } else {
        Err(Refusal::NotYours)
    }
}

fn may_upload(core: &Core, request: &Parts) -> bool {
    let token = request.headers.get(UPLOAD_TOKEN_HEADER).and_then(|value| value.to_str().ok());
    core.upload_tokens.as_ref().zip(token).is_some_and(|(tokens, token)| tokens.allow(token))
}

/// The id in `/api/v1/links/{id}` and `/api/v1/links/{id}/views`.
fn link_id(request: &Parts) -> Option<IdHash> {
    secrets::id_hash(request.uri.path().split('/').nth(4)?)
}

fn owner(request: &Parts) -> Result<(IdHash, [u8; 32]), Refusal> {
    let id = link_id(request).ok_or(Refusal::NoSuchLink)?;
    let management = bearer(&request.headers).and_then(secrets::management_hash).ok_or(Refusal::NotYours)?;
    Ok((id, management))
}

fn owned<T>(found: Owned<T>) -> Result<T, Refusal> {
    match found {
        Owned::Yes(value) => Ok(value),
        Owned::NotYours => Err(Refusal::NotYours),
        Owned::Unknown => Err(Refusal::NoSuchLink),
    }
}

fn created(outcome: Created) -> Result<Response, Refusal> {
    match outcome {
        Created::New(status) => Ok(json(StatusCode::CREATED, &status)),
        Created::Same(status) => Ok(json(StatusCode::OK, &status)),
        Created::Conflict => Err(Refusal::Conflict),
        Created::Full => Err(Refusal::Full),
    }
}

async fn hash_passcode(core: &Arc<Core>, link: &CreateLink) -> Result<Option<(String, u32)>, Refusal> {
    let Some(passcode) = link.passcode.clone() else { return Ok(None) };
    let attempts = link.passcode_attempts.unwrap_or(check::USUAL_ATTEMPTS);
    let _permit = core.passcode_checks.acquire().await.map_err(|_| Refusal::Unavailable)?;
    let entropy = Arc::clone(&core.entropy);
    let hash = tokio::task::spawn_blocking(move || secrets::hash_passcode(&passcode, entropy.as_ref()));
    let hash = hash.await.ok().flatten().ok_or(Refusal::Unavailable)?;
    Ok(Some((hash, attempts)))
}

fn to_store(link: &CreateLink, management: [u8; 32], passcode: Option<(String, u32)>) -> NewLink<'_> {
    let files = link.files.iter().map(|file| NewFile {
        content_type: &file.content_type,
        fhir_version: file.fhir_version.as_deref(),
        last_updated: file.last_updated.as_deref(),
        jwe: &file.jwe,
    });
    NewLink {
        management,
        mode: link.mode,
        view_key: &link.view_key,
        expires: link.expires,
        max_views: link.max_views,
        passcode,
        files: files.collect(),
    }
}
