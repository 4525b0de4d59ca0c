//! Saying what a scanned text is. Nothing is opened, asked or kept.

use kosha_fhir::Language;
use kosha_share::classify::{AbhaForm, Facts};
use serde::Serialize;

use crate::date;
use crate::words::{WORDS, of_code};

/// What a scanned text is.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Scanned {
    /// `shl`, `shc`, `hc1`, `vhlink`, `abha`, `upi`, `url` or `text`.
    pub kind: &'static str,
    /// One plain sentence.
    pub name: String,
    /// What may be shown of it before the person has decided anything; none of it is verified.
    pub facts: Vec<Fact>,
}

/// One fact with its label.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: &'static str,
    /// The fact itself, as text.
    pub value: String,
}

/// Names `text`, in words of a language. See [`kosha_share::classify()`].
pub fn scan(text: &str, language: Language) -> Scanned {
    let classified = kosha_share::classify(text);
    let mut facts = Vec::new();
    let mut say =
        |label: &str, value: String| facts.push(Fact { label: of_code(language, "scan", label), value });
    let word = |code: &str| of_code(language, "scan", code).to_owned();
    match &classified.facts {
        Facts::Shl(Ok(link)) => {
            if let Some(label) = &link.label {
                say("label", label.clone());
            }
            if let Some(host) = &link.host {
                say("server", host.clone());
            }
            if let Some(expires) = link.expires {
                say("ends", date::rfc3339(expires.saturating_mul(1000)));
            }
            say("passcode", word(if link.flags.passcode { "asked" } else { "notAsked" }));
        }
        Facts::Shc { part, .. } => {
            if let Some(part) = part {
                let places = [("number", &*part.number.to_string()), ("of", &*part.of.to_string())];
                say("part", WORDS.say(language, "scan-partOf", &places));
            }
        }
        Facts::Abha(abha) => {
            let form = match abha.form {
                AbhaForm::Card => "card",
                AbhaForm::Number => "number",
                AbhaForm::Address => "address",
            };
            say("form", word(form));
            if let Some(fits) = abha.checksum_ok {
                say("checkDigit", word(if fits { "fits" } else { "fitsNot" }));
            }
        }
        Facts::Url { host, secure } => {
            say("host", host.clone());
            say("protected", if *secure { "https".to_owned() } else { word("unprotected") });
        }
        Facts::Shl(Err(_)) | Facts::None => {}
    }
    let name = of_code(language, "scanned", classified.code()).to_owned();
    Scanned { kind: classified.kind.as_str(), name, facts }
}

impl std::fmt::Debug for Scanned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scanned").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fact").field("label", &self.label).finish_non_exhaustive()
    }
}
