//! HL7 v2 messages: ORU (results), ADT (visits, allergies, diagnoses), VXU (vaccinations), MDM (documents), RDE and others
//! of pharmacy (medicines), SIU (appointments), and what else carries these segments.
//!
//! After "HL7 Version 2 to FHIR" (HL7, 2025), for what a patient's records hold.

mod allergies;
mod corrections;
mod datatypes;
mod documents;
mod medicines;
mod message;
mod patient;
mod problems;
mod results;
mod schedule;
mod syntax;
mod vaccines;
mod values;
mod visit;

use std::borrow::Cow;

use crate::converted::{Converted, Growing, Refusal};
use message::Reader;

/// Largest file, in bytes.
const LARGEST: usize = 32 << 20;

/// Turns a file of HL7 v2 messages, with or without batch headers and transmission frames, into FHIR.
///
/// Errors: a [`Refusal`] when there is no message in it that can be read.
pub fn convert(bytes: &[u8]) -> Result<Converted, Refusal> {
    if bytes.len() > LARGEST {
        return Err(Refusal("file-too-large"));
    }
    let text = decoded(bytes);
    let mut bundle = Growing::default();
    for (number, message) in syntax::messages(&text).map_err(Refusal)?.iter().enumerate() {
        Reader::new(&mut bundle, number, message).read();
    }
    bundle.newest_first();
    Ok(bundle.finish())
}

/// UTF-8 where it is, else Latin-1: what the standard's own set and its commonest other one have in common (MSH-18).
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}
