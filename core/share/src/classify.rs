//! Names a scanned or pasted text. It opens nothing, asks nobody and keeps nothing.
//!
//! Whatever is on a sticker may be hostile: the result carries only facts that are safe to show before the person has
//! decided anything, and a payment or a web address is never offered for opening.

mod abha;

use serde::Serialize;

use crate::payload::{self, Flags, PayloadError};

/// Longest text that is looked at, in bytes: more than any QR code holds.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// SMART Health Link.
    Shl,
    /// SMART Health Card, whole or a part of one.
    Shc,
    /// National health certificate (WHO and EU: HCERT).
    Hc1,
    /// Verifiable Health Link (IHE, WHO).
    Vhlink,
    /// ABHA number, address or card (Ayushman Bharat Health Account).
    Abha,
    /// Payment request (India's UPI).
    Upi,
    /// Web address.
    Url,
    /// Anything else.
    Text,
}

impl Kind {
    /// Stable name: `shl`, `shc`, `hc1`, `vhlink`, `abha`, `upi`, `url`, `text`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shl => "shl",
            Self::Shc => "shc",
            Self::Hc1 => "hc1",
            Self::Vhlink => "vhlink",
            Self::Abha => "abha",
            Self::Upi => "upi",
            Self::Url => "url",
            Self::Text => "text",
        }
    }
}

/// What is known of a text without opening anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classified {
    /// What it is.
    pub kind: Kind,
    /// What may be shown of it.
    pub facts: Facts,
}

/// Facts that are safe to show. No keys, no names, no numbers of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Facts {
    /// A health link that is well-formed, or why it is not.
    Shl(Result<ShlFacts, PayloadError>),
    /// A health card.
    Shc {
        /// Where the card is spread over several codes: this code's number and how many there are.
        part: Option<Part>,
        /// Whether its letters are those of a card; a false one is damaged.
        intact: bool,
    },
    /// An ABHA identity, as somebody states it: nothing in it is signed.
    Abha(AbhaFacts),
    /// A web address.
    Url {
        /// Its host, in ASCII form (so that look-alike letters show).
        host: String,
        /// Whether it is `https`.
        secure: bool,
    },
    /// Nothing more to say.
    None,
}

/// Facts of a health link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ShlFacts {
    /// The maker's words for it; unverified.
    pub label: Option<String>,
    /// When it ends, Unix seconds; a hint.
    pub expires: Option<i64>,
    /// How it is to be asked for.
    pub flags: Flags,
    /// Host that would be asked.
    pub host: Option<String>,
    /// Payload version; above [`payload::VERSION`] it cannot be opened.
    pub version: u64,
}

/// Place of a code in a card spread over several (deprecated since SMART Health Cards 1.3, still met).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Part {
    /// 1 to `of`.
    pub number: u32,
    /// How many codes there are.
    pub of: u32,
}

/// Facts of an ABHA text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AbhaFacts {
    /// In which form it stood.
    pub form: AbhaForm,
    /// Whether the number's last digit fits the others (Luhn); absent when there is no number.
    pub checksum_ok: Option<bool>,
}

/// Forms of an ABHA text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AbhaForm {
    /// The JSON of a card's or app's QR code.
    Card,
    /// The 14-digit number.
    Number,
    /// `name@abdm` or `name@sbx`.
    Address,
}

impl Classified {
    /// What it is, as a stable word for which there is a sentence for the person who scanned: the kind, and for a link or
    /// a card whether it is whole (`shl-damaged`, `shc-damaged`, `shc-part`).
    pub fn code(&self) -> &'static str {
        match (self.kind, &self.facts) {
            (Kind::Shl, Facts::Shl(Err(_))) => "shl-damaged",
            (Kind::Shc, Facts::Shc { intact: false, .. }) => "shc-damaged",
            (Kind::Shc, Facts::Shc { part: Some(_), .. }) => "shc-part",
            (kind, _) => kind.as_str(),
        }
    }
}

/// Names `text`. Never fails, never panics; looks at [`MAX_TEXT_BYTES`] at most.
pub fn classify(text: &str) -> Classified {
    let text = within_bounds(text).trim();
    named_scheme(text)
        .or_else(|| health_link(text))
        .or_else(|| {
            abha::recognise(text).map(|facts| Classified { kind: Kind::Abha, facts: Facts::Abha(facts) })
        })
        .or_else(|| web_address(text))
        .unwrap_or(Classified { kind: Kind::Text, facts: Facts::None })
}

fn within_bounds(text: &str) -> &str {
    text.get(..text.floor_char_boundary(MAX_TEXT_BYTES)).unwrap_or_default()
}

/// Kinds that their first letters give away. They come first: a payment's note may well hold a health link.
fn named_scheme(text: &str) -> Option<Classified> {
    if let Some(rest) = after(text, "shc:/") {
        let facts = card(rest).unwrap_or(Facts::Shc { part: None, intact: false });
        return Some(Classified { kind: Kind::Shc, facts });
    }
    let kind = if after(text, "hc1:").is_some() {
        Kind::Hc1
    } else if after(text, "vhlink:").is_some() {
        Kind::Vhlink
    } else if after(text, "upi:").is_some() {
        Kind::Upi
    } else {
        return None;
    };
    Some(Classified { kind, facts: Facts::None })
}

fn health_link(text: &str) -> Option<Classified> {
    payload::find_scheme(text)?;
    let facts = payload::peek(text).and_then(|preview| {
        let host = preview.url.as_deref().and_then(host_of);
        if preview.version <= payload::VERSION {
            payload::parse(text)?;
        }
        Ok(ShlFacts {
            label: preview.label,
            expires: preview.exp,
            flags: preview.flag,
            host,
            version: preview.version,
        })
    });
    Some(Classified { kind: Kind::Shl, facts: Facts::Shl(facts) })
}

/// `<digits>` or `<number>/<of>/<digits>`; two digits stand for one character (SMART Health Cards, numeric QR).
fn card(rest: &str) -> Option<Facts> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut pieces = rest.splitn(3, '/');
    match (pieces.next(), pieces.next(), pieces.next()) {
        (Some(all), None, None) if digits(all) => Some(Facts::Shc { part: None, intact: true }),
        (Some(number), Some(of), Some(rest)) if digits(rest) => {
            let (number, of) = (number.parse().ok()?, of.parse().ok()?);
            (1..=of).contains(&number).then_some(Facts::Shc { part: Some(Part { number, of }), intact: true })
        }
        _ => None,
    }
}

fn web_address(text: &str) -> Option<Classified> {
    let secure = after(text, "https://").is_some();
    if !secure && after(text, "http://").is_none() || text.contains(char::is_whitespace) {
        return None;
    }
    let host = host_of(text)?;
    Some(Classified { kind: Kind::Url, facts: Facts::Url { host, secure } })
}

fn host_of(text: &str) -> Option<String> {
    Some(url::Url::parse(text).ok()?.host_str()?.to_owned())
}

/// What follows `scheme` at the start of `text`, in any case.
fn after<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then_some(rest)
}
