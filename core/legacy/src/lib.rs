//! Formats from before FHIR, turned into FHIR R4 resources: HL7 v2 messages, C-CDA documents, DICOM files, tables of
//! readings.
//!
//! The file itself is the record, and is kept beside what is made of it here. What is made says no more than the file
//! does: nothing is guessed, what was withdrawn or refused never becomes a fact, and every part of which no resource is
//! made is named. No I/O, no clock.

mod ccda;
mod converted;
mod csv;
mod dicom;
mod digits;
mod hl7v2;
mod json;
mod resource;
mod timestamp;
mod xml;

pub use ccda::{convert as ccda, is_ccda};
pub use converted::{Converted, Left, NOTHING_FOR_RECORDS, Refusal, reason_in, reason_text};
pub use csv::{convert as csv, is_csv};
pub use dicom::{convert as dicom, is_dicom};
pub use hl7v2::convert as hl7v2;
