//! The text of a SMART Health Link: HL7 "SMART Health Cards and Links" 1.0.0 (STU1), payload and URI.
//!
//! `[<viewer>#]shlink:/<base64url of minified JSON>`. Written exactly as the guide says, read with tolerance: padding,
//! any case of the scheme, flags in any order, unknown members and unknown flags are borne and noted.
//!
//! The text is a bearer secret: whoever has it can read the records. Nothing here shows it in `Debug` or in an error.

use kosha_crypto::Zeroizing;
use kosha_crypto::link::{LinkKey, LinkSecret};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::base64url;
use crate::shown::shown;

/// What every link starts with after its viewer, if it has one.
pub const SCHEME: &str = "shlink:/";
/// Longest `url`, in characters.
pub const MAX_URL_CHARS: usize = 128;
/// Longest `label`, in characters.
pub const MAX_LABEL_CHARS: usize = 80;
/// Length of `key` and of an unguessable path segment: 32 bytes as base64url.
pub const KEY_CHARS: usize = 43;
/// Longest text in which a link is looked for, in bytes.
pub const MAX_LINK_BYTES: usize = 8 * 1024;
/// The version of the payload that this crate writes and reads.
pub const VERSION: u64 = 1;

/// Seconds beyond which an `exp` can only be meant as milliseconds (the year 5138).
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// Why a text is not a link that can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    /// No `shlink:/` in the text.
    #[error("this is not a health link")]
    NotALink,
    /// The text is longer than any link.
    #[error("this health link is too long")]
    TooLong,
    /// What follows `shlink:/` is not base64url.
    #[error("this health link is damaged: it is not complete")]
    NotBase64url,
    /// The payload is no JSON object, or a member of it has the wrong type.
    #[error("this health link is damaged: its content is not understood")]
    NotJson,
    /// `url` is absent.
    #[error("this health link names no address")]
    UrlMissing,
    /// `url` is longer than 128 characters.
    #[error("the address in this health link is too long")]
    UrlTooLong,
    /// `url` is no absolute web address.
    #[error("the address in this health link is not understood")]
    UrlMalformed,
    /// `key` is absent.
    #[error("this health link has no key")]
    KeyMissing,
    /// `key` is not 32 bytes as base64url.
    #[error("the key in this health link is damaged")]
    KeyMalformed,
    /// Flags `U` (direct file) and `P` (passcode) exclude each other.
    #[error("this health link contradicts itself: a direct link cannot have a passcode")]
    FlagConflict,
    /// `label` is longer than 80 characters (writing only; a reader cuts it).
    #[error("the label is longer than 80 characters")]
    LabelTooLong,
    /// `v` is newer than [`VERSION`]; nothing may be requested.
    #[error("this health link was made by a newer version than this one understands")]
    NewerVersion,
}

/// What is odd about a link that can be opened all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Oddity {
    /// `exp` is not a number and was set aside.
    ExpNotANumber,
    /// `exp` was in milliseconds and has been read so.
    ExpInMilliseconds,
    /// `flag` holds letters that are not known.
    UnknownFlag,
    /// The letters of `flag` are not in alphabetical order, or one is there twice.
    FlagOrder,
    /// `label` was cut to 80 characters.
    LabelCut,
    /// No path segment of `url` holds 32 random bytes: others may guess the address (not the key).
    GuessableUrl,
}

/// The letters of `flag`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Flags {
    /// `L`: the content may change.
    pub long_term: bool,
    /// `P`: a passcode is asked for.
    pub passcode: bool,
    /// `U`: the address gives the file itself.
    pub direct: bool,
}

impl Flags {
    /// The letters, in alphabetical order.
    pub fn letters(self) -> String {
        [(self.long_term, 'L'), (self.passcode, 'P'), (self.direct, 'U')]
            .into_iter()
            .filter_map(|(set, letter)| set.then_some(letter))
            .collect()
    }
}

/// A link's payload.
#[derive(Clone, PartialEq, Eq)]
pub struct Payload {
    /// Address of the manifest, or of the file with [`Flags::direct`]. A secret, as it is half of a capability.
    pub url: String,
    /// The content key, 43 characters. A secret.
    pub key: Zeroizing<String>,
    /// When the link ends, Unix seconds; a hint, the server decides.
    pub exp: Option<i64>,
    /// How to ask.
    pub flag: Flags,
    /// Generic words for whoever holds the code; at most 80 characters, no control characters.
    pub label: Option<String>,
    /// Payload version; 1 when absent.
    pub v: u64,
    /// What was odd about the text it was read from; empty in a payload to be written.
    pub oddities: Vec<Oddity>,
}

/// A finished link, with its viewer in front. A bearer secret: show it as a code, hand it on, never log it.
#[derive(Clone, PartialEq, Eq)]
pub struct ShareLink(Zeroizing<String>);

impl ShareLink {
    /// The whole text, which any phone camera opens in the viewer.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same without the viewer: `shlink:/…`.
    pub fn bare(&self) -> &str {
        find_scheme(&self.0).and_then(|at| self.0.get(at..)).unwrap_or(&self.0)
    }
}

/// `url`, `key` and the rest as they stand in the JSON. Members that are not named here are ignored; one that is
/// there twice is refused, since two readers could take different ones.
#[derive(Deserialize)]
struct Members {
    url: Option<Value>,
    key: Option<Value>,
    exp: Option<Value>,
    flag: Option<Value>,
    label: Option<Value>,
    v: Option<Value>,
}

/// Members in the order in which they are written.
#[derive(Serialize)]
struct Written<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    #[serde(skip_serializing_if = "str::is_empty")]
    flag: &'a str,
    key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
}

/// Parts of a payload that may be shown before anything is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Preview {
    pub(crate) label: Option<String>,
    pub(crate) exp: Option<i64>,
    pub(crate) flag: Flags,
    pub(crate) url: Option<String>,
    pub(crate) version: u64,
}

/// Writes `payload` as `shlink:/…`, without a viewer.
///
/// Strict: what the guide forbids is an error. `v` is left out, as 1 is its default.
pub fn encode(payload: &Payload) -> Result<Zeroizing<String>, PayloadError> {
    check_url(&payload.url)?;
    check_key(&payload.key)?;
    if payload.flag.direct && payload.flag.passcode {
        return Err(PayloadError::FlagConflict);
    }
    if payload.label.as_ref().is_some_and(|label| label.chars().count() > MAX_LABEL_CHARS) {
        return Err(PayloadError::LabelTooLong);
    }
    if payload.v != VERSION {
        return Err(PayloadError::NewerVersion);
    }
    let flag = payload.flag.letters();
    let label = payload.label.as_deref().filter(|label| !label.is_empty());
    let written = Written { url: &payload.url, exp: payload.exp, flag: &flag, key: &payload.key, label };
    let json = Zeroizing::new(serde_json::to_vec(&written).map_err(|_| PayloadError::NotJson)?);
    Ok(Zeroizing::new(format!("{SCHEME}{}", base64url::encode(&json))))
}

/// Reads the first link in `text`: bare or behind a viewer, in any case of the scheme.
pub fn parse(text: &str) -> Result<Payload, PayloadError> {
    let members = members(text)?;
    let (preview, mut oddities) = preview(&members)?;
    if preview.version > VERSION {
        return Err(PayloadError::NewerVersion);
    }
    let url = preview.url.ok_or(PayloadError::UrlMissing)?;
    check_url(&url)?;
    if !has_random_segment(&url) {
        oddities.push(Oddity::GuessableUrl);
    }
    let Some(key) = members.key else { return Err(PayloadError::KeyMissing) };
    let Value::String(key) = key else { return Err(PayloadError::KeyMalformed) };
    let key = Zeroizing::new(key.trim_end_matches('=').to_owned());
    check_key(&key)?;
    if preview.flag.direct && preview.flag.passcode {
        return Err(PayloadError::FlagConflict);
    }
    let (exp, flag, label) = (preview.exp, preview.flag, preview.label);
    Ok(Payload { url, key, exp, flag, label, v: preview.version, oddities })
}

/// The link of a share: manifest or file at `<base_url>/l/<id>`, viewer at `<base_url>/v/`.
///
/// `base_url` is the relay's public address; `expires` is in Unix seconds; `label` must be generic, since it stands in
/// the code for all to read.
pub fn link_text(
    base_url: &str,
    secret: &LinkSecret,
    expires: u64,
    flag: Flags,
    label: Option<&str>,
) -> Result<ShareLink, PayloadError> {
    let base = base_url.trim_end_matches('/');
    let payload = Payload {
        url: format!("{base}/l/{}", secret.id_text()),
        key: Zeroizing::new(secret.key_text().to_string()),
        exp: i64::try_from(expires).ok(),
        flag,
        label: label.map(str::to_owned),
        v: VERSION,
        oddities: Vec::new(),
    };
    let bare = encode(&payload)?;
    Ok(ShareLink(Zeroizing::new(format!("{base}/v/#{}", bare.as_str()))))
}

/// What may be shown of the link in `text` although it may not be possible to open it.
pub(crate) fn peek(text: &str) -> Result<Preview, PayloadError> {
    preview(&members(text)?).map(|(preview, _)| preview)
}

/// Where `shlink:/` begins, in any case.
pub(crate) fn find_scheme(text: &str) -> Option<usize> {
    text.as_bytes().windows(SCHEME.len()).position(|window| window.eq_ignore_ascii_case(SCHEME.as_bytes()))
}

fn members(text: &str) -> Result<Members, PayloadError> {
    if text.len() > MAX_LINK_BYTES {
        return Err(PayloadError::TooLong);
    }
    let at = find_scheme(text).ok_or(PayloadError::NotALink)?;
    let tail = text.get(at + SCHEME.len()..).unwrap_or_default();
    let end = tail.find(|c| !base64url::is_letter(c) && c != '=').unwrap_or(tail.len());
    let encoded = tail.get(..end).unwrap_or_default();
    if encoded.is_empty() {
        return Err(PayloadError::NotBase64url);
    }
    let json = Zeroizing::new(base64url::decode(encoded).ok_or(PayloadError::NotBase64url)?);
    // A struct may also be read from an array; the guide asks for an object.
    if json.iter().find(|byte| !byte.is_ascii_whitespace()) != Some(&b'{') {
        return Err(PayloadError::NotJson);
    }
    serde_json::from_slice(&json).map_err(|_| PayloadError::NotJson)
}

fn preview(members: &Members) -> Result<(Preview, Vec<Oddity>), PayloadError> {
    let mut oddities = Vec::new();
    let version = match &members.v {
        None => VERSION,
        Some(v) => v.as_u64().filter(|&v| v > 0).ok_or(PayloadError::NotJson)?,
    };
    let url = optional_text(members.url.as_ref())?.map(str::to_owned);
    let flag = read_flags(optional_text(members.flag.as_ref())?.unwrap_or_default(), &mut oddities);
    let label = optional_text(members.label.as_ref())?.map(|label| read_label(label, &mut oddities));
    let exp = members.exp.as_ref().and_then(|exp| read_exp(exp, &mut oddities));
    let label = label.filter(|label| !label.is_empty());
    Ok((Preview { label, exp, flag, url, version }, oddities))
}

fn optional_text(value: Option<&Value>) -> Result<Option<&str>, PayloadError> {
    match value {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(PayloadError::NotJson),
    }
}

/// Whole seconds, rounded down.
#[allow(clippy::cast_possible_truncation)] // `as` saturates, and what saturates is far beyond any date
fn read_exp(value: &Value, oddities: &mut Vec<Oddity>) -> Option<i64> {
    let Value::Number(number) = value else {
        oddities.push(Oddity::ExpNotANumber);
        return None;
    };
    let seconds = number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds.floor() as i64));
    match seconds {
        None => {
            oddities.push(Oddity::ExpNotANumber);
            None
        }
        Some(milliseconds) if milliseconds >= MILLISECONDS_FROM => {
            oddities.push(Oddity::ExpInMilliseconds);
            Some(milliseconds / 1000)
        }
        seconds => seconds,
    }
}

fn read_flags(letters: &str, oddities: &mut Vec<Oddity>) -> Flags {
    let flags = Flags {
        long_term: letters.contains('L'),
        passcode: letters.contains('P'),
        direct: letters.contains('U'),
    };
    if letters.chars().any(|letter| !matches!(letter, 'L' | 'P' | 'U')) {
        oddities.push(Oddity::UnknownFlag);
    }
    if !letters.chars().is_sorted_by(|a, b| a < b) {
        oddities.push(Oddity::FlagOrder);
    }
    flags
}

fn read_label(label: &str, oddities: &mut Vec<Oddity>) -> String {
    if label.chars().count() > MAX_LABEL_CHARS {
        oddities.push(Oddity::LabelCut);
    }
    shown(label, MAX_LABEL_CHARS)
}

fn check_url(text: &str) -> Result<(), PayloadError> {
    if text.chars().count() > MAX_URL_CHARS {
        return Err(PayloadError::UrlTooLong);
    }
    let url = url::Url::parse(text).map_err(|_| PayloadError::UrlMalformed)?;
    let web = matches!(url.scheme(), "https" | "http") && url.host().is_some();
    if web { Ok(()) } else { Err(PayloadError::UrlMalformed) }
}

fn check_key(text: &str) -> Result<(), PayloadError> {
    if text.len() != KEY_CHARS {
        return Err(PayloadError::KeyMalformed);
    }
    LinkKey::from_text(text).map(drop).map_err(|_| PayloadError::KeyMalformed)
}

/// Whether some part of the path or query is long enough to hold 32 random bytes.
fn has_random_segment(url: &str) -> bool {
    url.split(|c| !base64url::is_letter(c)).any(|segment| segment.len() >= KEY_CHARS)
}

impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Payload").field("exp", &self.exp).field("flag", &self.flag).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ShareLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShareLink(…)")
    }
}
