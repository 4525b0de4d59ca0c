//! What a file of another format became.

use std::fmt;

use crate::json::{Json, list, object, text};

/// A file as a FHIR R4 bundle, and what of it is not in there.
#[derive(Clone, PartialEq, Eq)]
pub struct Converted {
    /// A `Bundle` of type `collection`, in JSON. Every resource of it was made here; the file itself is to be kept beside.
    pub bundle: Vec<u8>,
    /// How many resources are in it.
    pub resources: usize,
    /// What was not taken.
    pub left: Vec<Left>,
}

/// A piece of the file of which no resource was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    /// Place in the file, from 0: the segment of HL7 v2, the row of a table, the element or text of XML counted in document
    /// order; 0 in a DICOM file.
    pub place: usize,
    /// Why, a stable code of [`reason_text`].
    pub reason: &'static str,
}

/// The code of a part that belongs into an office's files and not into health records. There is one in every message.
pub const NOTHING_FOR_RECORDS: &str = "hl7-nothing-for-records";

/// Why a file as a whole cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", reason_text(self.0))]
pub struct Refusal(pub &'static str);

impl fmt::Debug for Converted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Converted")
            .field("resources", &self.resources)
            .field("left", &self.left.len())
            .finish_non_exhaustive()
    }
}

/// The plain sentence of a code of [`Left`] or [`Refusal`]; empty for another one.
pub fn reason_text(code: &str) -> &'static str {
    match code {
        "file-too-large" => "This file is larger than what can be taken in at once.",
        "too-many-parts" => "This file has more parts than can be taken in at once.",
        "csv-column-unknown" => {
            "This column of the table is not known here. It is kept with the file, and not shown as records."
        }
        "csv-date-unclear" => {
            "The date in this row of the table cannot be read, or may mean two different days, and is not guessed."
        }
        "csv-no-header" => "This table does not name its columns in words that are known here.",
        "csv-no-name" => "This row of the table does not say what was measured.",
        "csv-no-readings" => "This table names its columns, and has no rows.",
        "csv-no-value" => "This row of the table has no value.",
        "csv-not-a-number" => {
            "A value in this row of the table is not a number. It is kept with the file, and not shown as a record."
        }
        "dicom-broken" => "This picture file is damaged or not complete, and nothing in it can be read.",
        "dicom-directory" => {
            "This file only lists the pictures of a disc. The pictures are in the other files of the disc."
        }
        "dicom-truncated" => {
            "This picture file ends early or is damaged. What could be read before that is shown."
        }
        "dicom-unknown-letters" => {
            "This picture file does not say in which letters its words are written, so some of them are missing."
        }
        "hl7-bad-separators" => {
            "This looks like an HL7 message, but the signs that part it are missing or unclear."
        }
        "hl7-no-message" => "This file holds no HL7 message.",
        "hl7-not-a-segment" => "This line of the HL7 message is none that the standard knows.",
        "hl7-no-code" => "This part of the HL7 message does not say what it is about.",
        "hl7-withdrawn" => "The sender has withdrawn this part of the HL7 message.",
        "hl7-not-recorded" => "This part of the HL7 message was never measured, or says so.",
        "hl7-nothing-for-records" => {
            "This part of the HL7 message holds nothing that belongs into health records."
        }
        "hl7-not-read" => "This part of the HL7 message is kept with the file, and not shown as a record.",
        "xml-broken" => "This file is damaged: it is not complete XML.",
        "xml-doctype" => {
            "This XML file asks for parts from outside itself or defines its own. That is not safe to open."
        }
        "xml-encoding" => "The letters of this XML file are written in a way that cannot be read here.",
        "xml-letters-lost" => "Some letters of this file are damaged. They are shown as \u{fffd}.",
        "xml-too-deep" => "This XML file is nested deeper than what can be taken in.",
        "xml-too-long" => "One value in this XML file is longer than what can be taken in.",
        "ccda-not-a-document" => "This file is not a clinical document (C-CDA).",
        "ccda-about-another" => "This entry of the document is about somebody else than the patient.",
        "ccda-file-elsewhere" => "The document points to another file that is not part of it.",
        "ccda-file-not-read" => {
            "A file within the document is damaged or packed in a way that cannot be read here."
        }
        "ccda-in-section-text" => {
            "What this entry of the document says is kept in the text of its section, and not shown as a record."
        }
        "ccda-negated" => {
            "This entry of the document says that something is not so. It is not shown as a record."
        }
        "ccda-no-code" => "This entry of the document does not say what it is about.",
        "ccda-none-known" => {
            "The document says that there is nothing known of this kind. It is kept in the text of its section."
        }
        "ccda-not-read" => "This entry of the document is kept with the file, and not shown as a record.",
        "ccda-not-recorded" => "This entry of the document holds nothing, or says that nothing was recorded.",
        "ccda-nothing-for-records" => {
            "This part of the document holds nothing that belongs into health records."
        }
        "ccda-part-not-read" => {
            "A detail of this entry is kept with the file, and not shown with the record."
        }
        "ccda-text-cut" => {
            "A text of the document was too long. Its beginning is shown; all of it is in the file."
        }
        _ => "",
    }
}

/// A bundle that grows.
#[derive(Default)]
pub(crate) struct Growing {
    entries: Vec<(String, Json)>,
    left: Vec<Left>,
}

impl Growing {
    /// Adds a resource; gives its place. `address` is unique within the file.
    pub(crate) fn add(&mut self, address: String, resource: Json) -> usize {
        self.entries.push((address, resource));
        self.entries.len() - 1
    }

    /// How many resources are in it.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// How much was left.
    pub(crate) fn left(&self) -> usize {
        self.left.len()
    }

    pub(crate) fn get_mut(&mut self, at: usize) -> Option<&mut Json> {
        self.entries.get_mut(at).map(|(_, resource)| resource)
    }

    /// A reference to the resource at a place.
    pub(crate) fn reference(&self, at: usize) -> Option<Json> {
        let (address, _) = self.entries.get(at)?;
        Some(object([("reference", text(address))]))
    }

    pub(crate) fn leave(&mut self, place: usize, reason: &'static str) {
        self.left.push(Left { place, reason });
    }

    pub(crate) fn finish(self) -> Converted {
        let resources = self.entries.len();
        let entries = self
            .entries
            .into_iter()
            .map(|(address, resource)| object([("fullUrl", text(address)), ("resource", Some(resource))]));
        let bundle = object([
            ("resourceType", text("Bundle")),
            ("type", text("collection")),
            ("entry", list(entries)),
        ]);
        let mut out = String::new();
        bundle.write(&mut out);
        Converted { bundle: out.into_bytes(), resources, left: self.left }
    }
}
