//! DICOM files (PS3.10): the header of a picture, a waveform, or a document in a DICOM envelope.
//!
//! Nothing of the picture itself is read: the header ends where the pixels begin. The file is kept beside.

mod charset;
mod dataset;
mod study;
mod text;

use crate::converted::{Converted, Growing, Refusal};
use dataset::{Header, tag};
use text::Texts;

/// Media storage directory: the list of a disc's files, without any picture (PS3.4).
const DIRECTORY: &str = "1.2.840.10008.1.3.10";

/// Turns the header of a DICOM file into a `Patient` and an `ImagingStudy`, or, where the file is an envelope for another
/// one, a `DocumentReference` that holds it.
///
/// Errors: a [`Refusal`] when nothing of it can be read, or it lists other files only.
pub fn convert(bytes: &[u8]) -> Result<Converted, Refusal> {
    let data = dataset::open(bytes).ok_or(Refusal("dicom-broken"))?;
    let header = Header::read(&data);
    let texts = Texts::new(&header);
    let class = texts.plain(tag::SOP_CLASS).or_else(|| data.media_class.clone());
    if class.as_deref() == Some(DIRECTORY) {
        return Err(Refusal("dicom-directory"));
    }
    let mut bundle = Growing::default();
    if !study::add(&header, &texts, class, &mut bundle).map_err(Refusal)? {
        return Err(Refusal("dicom-broken"));
    }
    if data.cut || header.cut {
        bundle.leave(0, "dicom-truncated");
    }
    if texts.has_unknown_letters() {
        bundle.leave(0, "dicom-unknown-letters");
    }
    Ok(bundle.finish())
}

/// Whether bytes are a DICOM file: by the mark behind the preamble, whatever the preamble holds, or, without one, by two
/// elements at the start that only a header begins with.
pub fn is_dicom(bytes: &[u8]) -> bool {
    dataset::start(bytes).is_some()
}
