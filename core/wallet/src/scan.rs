//! Saying what a scanned text is. Nothing is opened, asked or kept.

use kosha_share::classify::{AbhaForm, Facts};
use serde::Serialize;

use crate::date;

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

/// Names `text`. See [`kosha_share::classify()`].
pub fn scan(text: &str) -> Scanned {
    let classified = kosha_share::classify(text);
    let mut facts = Vec::new();
    let mut say = |label, value: String| facts.push(Fact { label, value });
    match &classified.facts {
        Facts::Shl(Ok(link)) => {
            if let Some(label) = &link.label {
                say("Label", label.clone());
            }
            if let Some(host) = &link.host {
                say("Server", host.clone());
            }
            if let Some(expires) = link.expires {
                say("Ends", date::rfc3339(expires.saturating_mul(1000)));
            }
            say("Passcode", if link.flags.passcode { "asked for" } else { "not asked for" }.to_owned());
        }
        Facts::Shl(Err(problem)) => say("Problem", problem.to_string()),
        Facts::Shc { part, intact } => {
            if let Some(part) = part {
                say("Part", format!("{} of {}", part.number, part.of));
            }
            if !intact {
                say("Problem", "the code is damaged".to_owned());
            }
        }
        Facts::Abha(abha) => {
            let form = match abha.form {
                AbhaForm::Card => "card",
                AbhaForm::Number => "number",
                AbhaForm::Address => "address",
            };
            say("Form", form.to_owned());
            if let Some(fits) = abha.checksum_ok {
                say("Check digit", if fits { "fits" } else { "does not fit" }.to_owned());
            }
        }
        Facts::Url { host, secure } => {
            say("Host", host.clone());
            say("Protected", if *secure { "https" } else { "no" }.to_owned());
        }
        Facts::None => {}
    }
    Scanned { kind: classified.kind.as_str(), name: classified.sentence().to_owned(), facts }
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
