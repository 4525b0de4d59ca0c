//! C-CDA documents (HL7 CDA Release 2 with the templates of Consolidated CDA R1.1 and R2.1), and the CCD, C32 and IHE
//! documents before them.
//!
//! After "C-CDA on FHIR" (HL7, 2024), for what a patient's records hold. Entries are told by their templates, and where
//! they have none by the section they stand in.

mod allergies;
mod datatypes;
mod devices;
mod document;
mod dosage;
mod encounters;
mod entries;
mod family;
mod header;
mod intervals;
mod medicines;
mod narrative;
mod oids;
mod plans;
mod pressure;
mod problems;
mod procedures;
mod reader;
mod results;
mod sections;
mod supplies;
mod templates;
mod ucum;
mod vaccines;
mod values;

use crate::converted::{Converted, Refusal};
use crate::xml::{decoded, parse};
use reader::Reader;

/// Largest file, in bytes.
const LARGEST: usize = 32 << 20;
/// How far into a file [`is_ccda`] looks for the root.
const SNIFFED: usize = 64 << 10;

/// Turns a C-CDA document into FHIR.
///
/// Errors: a [`Refusal`] when it is no XML that can be read, or no clinical document.
pub fn convert(bytes: &[u8]) -> Result<Converted, Refusal> {
    if bytes.len() > LARGEST {
        return Err(Refusal("file-too-large"));
    }
    let (text, lost) = decoded(bytes).map_err(Refusal)?;
    let tree = parse(&text).map_err(Refusal)?;
    let root = tree.root();
    if root.name() != "ClinicalDocument" || !reader::of_cda(root) {
        return Err(Refusal("ccda-not-a-document"));
    }
    let mut reader = Reader::new(root);
    if lost {
        reader.leave(root, "xml-letters-lost");
    }
    reader.document();
    reader.finish().map_err(Refusal)
}

/// Whether a file looks like a clinical document, by the name of its first element. Reads only its beginning.
pub fn is_ccda(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(SNIFFED)).unwrap_or_default();
    let Ok((text, _)) = decoded(head) else { return false };
    let mut rest = text.trim_start();
    loop {
        let Some(tag) = rest.strip_prefix('<') else { return false };
        let behind = |end: &str| tag.split_once(end).map(|(_, after)| after.trim_start());
        let after = if tag.starts_with('?') {
            behind("?>")
        } else if tag.starts_with("!--") {
            behind("-->")
        } else {
            // One with a DTD is refused with its reason when it is read.
            let name = tag.strip_prefix("!DOCTYPE").map_or(tag, str::trim_start);
            let end = name.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/' | '['));
            let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
            return name.rsplit(':').next() == Some("ClinicalDocument");
        };
        match after {
            Some(after) => rest = after,
            None => return false,
        }
    }
}
