//! What readers ask: manifests, direct files, and the files that a manifest named.
//! SMART Health Links STU1, sections "Manifest Request" and "Direct File Request".

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use kosha_wire::manifest::{JOSE, Manifest, ManifestFile, ManifestRequest, PasscodeRefused};
use kosha_wire::relay::{LinkMode, MAX_RECIPIENT_CHARS, ViewRecord};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::timeout;

use crate::answer::{HeldBody, PieceBody, Refusal, json, typed};
use crate::relay::{Core, Service};
use crate::request::{clean_recipient, query_value, read_body};
use crate::secrets;
use crate::store::{Attempt, IdHash, Store, StoreError, StoredFile};

/// Most bytes of a manifest request.
const MAX_MANIFEST_REQUEST: usize = 16 * 1024;
/// Longest file that is embedded for a reader who did not say how long a file it wants.
const EMBED_UNASKED: u64 = 64 * 1024;
/// Most bytes of embedded files in one manifest, whatever the reader wants; the rest comes by location.
const EMBED_TOTAL: u64 = 8 * 1024 * 1024;
/// How long a location is good, in seconds.
const TICKET_LIFE: u64 = 600;
/// How long a passcode waits for its turn.
const TURN_WAIT: Duration = Duration::from_secs(20);

/// `POST /l/{id}`
pub(crate) async fn manifest(State(service): State<Arc<Service>>, request: Request) -> Response {
    // On its own task: a client that hangs up must not keep a guess from being counted.
    let done = tokio::spawn(async move { answer_manifest(&service, request).await }).await;
    done.unwrap_or(Err(Refusal::Unavailable)).unwrap_or_else(Refusal::response)
}

/// `GET /l/{id}?recipient=…`
pub(crate) async fn direct(State(service): State<Arc<Service>>, request: Parts) -> Response {
    answer_direct(&service, &request).await.unwrap_or_else(Refusal::response)
}

/// `GET /f/{ticket}`
pub(crate) async fn file(State(service): State<Arc<Service>>, request: Parts) -> Response {
    answer_file(&service.core, &request).await.unwrap_or_else(Refusal::response)
}

async fn answer_manifest(service: &Service, request: Request) -> Result<Response, Refusal> {
    let core = &service.core;
    let id = secrets::id_hash(segment(request.uri().path()));
    let limits = &core.limits;
    let body =
        read_body(request.into_body(), MAX_MANIFEST_REQUEST, limits.body_pause, limits.body_total).await?;
    let (asked, recipient) = read_manifest_request(&body)?;
    let id = id.ok_or(Refusal::NoSuchLink)?;

    let Some(passcode) = asked.passcode else {
        return match begin(core, id, LinkMode::Manifest, false).await? {
            Attempt::Open { view_key } => {
                let sealed = seal_view(core, &view_key, &id, recipient)?;
                send_manifest(service, id, false, sealed, asked.embedded_length_max).await
            }
            Attempt::Needed { remaining } => Ok(refused(remaining)),
            Attempt::Reserved { .. } => Err(Refusal::Unavailable),
        };
    };
    // One guess at a time per link: a right one is never turned away because wrong ones are still being judged.
    let turn = core.turn(&id).ok_or(Refusal::Unavailable)?;
    let _turn = timeout(TURN_WAIT, turn.lock()).await.map_err(|_| Refusal::TooMany(2))?;
    match begin(core, id, LinkMode::Manifest, true).await? {
        Attempt::Open { view_key } => {
            let sealed = seal_view(core, &view_key, &id, recipient)?;
            send_manifest(service, id, false, sealed, asked.embedded_length_max).await
        }
        Attempt::Needed { remaining } => Ok(refused(remaining)),
        Attempt::Reserved { view_key, hash } => match judge(core, hash, passcode).await {
            Ok(true) => {
                let sealed = match seal_view(core, &view_key, &id, recipient) {
                    Ok(sealed) => sealed,
                    Err(refusal) => {
                        core.with_store(move |store| store.give_back(&id)).await?;
                        return Err(refusal);
                    }
                };
                send_manifest(service, id, true, sealed, asked.embedded_length_max).await
            }
            Ok(false) => {
                let now = core.now();
                Ok(refused(core.with_store(move |store| store.wrong_passcode(&id, now)).await?))
            }
            Err(refusal) => {
                core.with_store(move |store| store.give_back(&id)).await?;
                Err(refusal)
            }
        },
    }
}

async fn answer_direct(service: &Service, request: &Parts) -> Result<Response, Refusal> {
    let core = &service.core;
    let recipient = query_value(request.uri.query(), "recipient")
        .and_then(|raw| clean_recipient(&raw, MAX_RECIPIENT_CHARS));
    let recipient = recipient.ok_or(Refusal::RecipientNeeded)?;
    let id = secrets::id_hash(segment(request.uri.path())).ok_or(Refusal::NoSuchLink)?;
    let Attempt::Open { view_key } = begin(core, id, LinkMode::Direct, false).await? else {
        return Err(Refusal::NoSuchLink);
    };
    let sealed = seal_view(core, &view_key, &id, recipient)?;
    let now = core.now();
    let files = core.with_store(move |store| store.view(&id, false, &sealed, now)).await?;
    let file = files.and_then(|files| files.into_iter().next()).ok_or(Refusal::NoSuchLink)?;
    ring(core, &id);
    Ok(send_file(core, id, &file))
}

async fn answer_file(core: &Arc<Core>, request: &Parts) -> Result<Response, Refusal> {
    let now = core.now();
    let (id, idx) = core.tickets.open(segment(request.uri.path()), now).ok_or(Refusal::NoSuchLink)?;
    let file =
        core.with_store(move |store| store.ticketed(&id, idx, now)).await?.ok_or(Refusal::NoSuchLink)?;
    Ok(send_file(core, id, &file))
}

/// The last part of a path.
fn segment(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

fn read_manifest_request(body: &[u8]) -> Result<(ManifestRequest, String), Refusal> {
    let asked: serde_json::Value = serde_json::from_slice(body).map_err(|_| Refusal::Malformed)?;
    if asked.get("recipient").is_none_or(serde_json::Value::is_null) {
        return Err(Refusal::RecipientNeeded);
    }
    let asked: ManifestRequest = serde_json::from_slice(body).map_err(|_| Refusal::Malformed)?;
    let recipient = clean_recipient(&asked.recipient, MAX_RECIPIENT_CHARS).ok_or(Refusal::RecipientNeeded)?;
    Ok((asked, recipient))
}

async fn begin(
    core: &Arc<Core>,
    id: IdHash,
    mode: LinkMode,
    offers_passcode: bool,
) -> Result<Attempt, Refusal> {
    let now = core.now();
    core.with_store(move |store| store.begin(&id, mode, offers_passcode, now))
        .await?
        .ok_or(Refusal::NoSuchLink)
}

/// Whether the passcode is right, worked out off the serving threads, a few at a time.
async fn judge(core: &Core, hash: String, passcode: String) -> Result<bool, Refusal> {
    let _permit = core.passcode_checks.acquire().await.map_err(|_| Refusal::Unavailable)?;
    let verdict = tokio::task::spawn_blocking(move || secrets::verify_passcode(&hash, &passcode)).await;
    verdict.ok().flatten().ok_or(Refusal::Unavailable)
}

fn refused(remaining_attempts: u32) -> Response {
    json(StatusCode::UNAUTHORIZED, &PasscodeRefused { remaining_attempts })
}

fn seal_view(core: &Core, view_key: &str, id: &IdHash, recipient: String) -> Result<String, Refusal> {
    let record = ViewRecord { recipient, minute: core.now() / 60 };
    let plain = serde_json::to_vec(&record).map_err(|_| Refusal::Unavailable)?;
    secrets::seal_view(view_key, id, &plain, core.entropy.as_ref()).ok_or(Refusal::Unavailable)
}

fn ring(core: &Core, id: &IdHash) {
    if let Some(bell) = core.bell(id) {
        bell.notify_waiters();
    }
}

/// A file of a manifest, with its text where it is embedded.
type Listed = (StoredFile, Option<String>);

async fn send_manifest(
    service: &Service,
    id: IdHash,
    reserved: bool,
    sealed: String,
    wanted: Option<u64>,
) -> Result<Response, Refusal> {
    let core = &service.core;
    let now = core.now();
    let memory = Arc::clone(core);
    let listed = core
        .with_store(move |store| {
            let Some(files) = store.view(&id, reserved, &sealed, now)? else { return Ok(None) };
            embed(store, &memory, &id, files, wanted.unwrap_or(EMBED_UNASKED)).map(Some)
        })
        .await?;
    let (listed, held) = listed.ok_or(Refusal::NoSuchLink)?;
    ring(core, &id);
    let mut files = Vec::with_capacity(listed.len());
    for (file, embedded) in listed {
        let location = if embedded.is_some() {
            None
        } else {
            let ticket = core.tickets.issue(&id, file.idx, now + TICKET_LIFE).ok_or(Refusal::Unavailable)?;
            Some(format!("{}/f/{ticket}", service.base.text))
        };
        files.push(ManifestFile {
            content_type: file.content_type,
            location,
            embedded,
            last_updated: file.last_updated,
            status: None,
            fhir_version: file.fhir_version,
        });
    }
    let bytes = serde_json::to_vec(&Manifest { files }).map_err(|_| Refusal::Unavailable)?;
    Ok(typed(
        StatusCode::OK,
        "application/json",
        match held {
            Some(held) => Body::new(HeldBody::new(bytes, held)),
            None => Body::from(bytes),
        },
    ))
}

/// Chooses which files are embedded, within what the reader wants, what one answer may carry, and the memory at hand;
/// and reads them.
fn embed(
    store: &Store,
    core: &Core,
    id: &IdHash,
    files: Vec<StoredFile>,
    wanted: u64,
) -> Result<(Vec<Listed>, Option<OwnedSemaphorePermit>), StoreError> {
    let mut total = 0;
    let chosen: Vec<bool> = files
        .iter()
        .map(|file| {
            let fits = file.length <= wanted && total + file.length <= EMBED_TOTAL;
            total += if fits { file.length } else { 0 };
            fits
        })
        .collect();
    let units = core.memory_units(usize::try_from(total).unwrap_or(usize::MAX));
    let Ok(held) = Arc::clone(&core.body_memory).try_acquire_many_owned(units) else {
        return Ok((files.into_iter().map(|file| (file, None)).collect(), None));
    };
    let mut listed = Vec::with_capacity(files.len());
    for (file, chosen) in files.into_iter().zip(chosen) {
        let text = if chosen { store.jwe(id, &file)? } else { None };
        listed.push((file, text));
    }
    Ok((listed, Some(held)))
}

/// Sends a file piece by piece, straight from the store.
fn send_file(core: &Arc<Core>, id: IdHash, file: &StoredFile) -> Response {
    let (sender, pieces) = mpsc::channel(2);
    let core = Arc::clone(core);
    let idx = file.idx;
    tokio::spawn(async move {
        let mut n = 0;
        while let Ok(Some(piece)) = core.with_store(move |store| store.piece(&id, idx, n)).await {
            if sender.send(piece).await.is_err() {
                return;
            }
            n += 1;
        }
    });
    typed(StatusCode::OK, JOSE, Body::new(PieceBody::new(pieces, file.length)))
}
