//! What a file is, told by its content and never by its name, and how its records are read.

use kosha_fhir::{Limits, Reading, Refusal};
use kosha_legacy::Left;

/// What is in a file.
pub(crate) enum Content<'a> {
    /// Records, and the parts of a file of another format of which none was made.
    Records(Box<Reading<'a>>, Vec<Left>),
    /// No records, but something that people keep: a letter, a picture.
    Document,
}

/// How a file packed by gzip begins (RFC 1952, section 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Files packed by gzip inside one that is are opened down to here.
const DEEPEST: usize = 2;

/// Reads a file of any format that holds records, as it is or packed by gzip. The same bytes give the same records each time.
///
/// Errors: why it cannot be read. [`Refusal::looks_like`] is not empty where it is plainly something else than records.
pub(crate) fn read<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Content<'a>, Refusal> {
    match kosha_fhir::read(bytes, limits) {
        Ok(reading) => Ok(Content::Records(Box::new(reading), Vec::new())),
        Err(refusal) => other(bytes, refusal, limits, 0),
    }
}

/// What is no FHIR, for the reason given. `packed`: in how many files of gzip it was.
fn other(
    bytes: &[u8],
    refusal: Refusal,
    limits: &Limits,
    packed: usize,
) -> Result<Content<'static>, Refusal> {
    if let Some(inner) = kosha_fhir::unpacked(bytes, limits)? {
        if packed + 1 >= DEEPEST && inner.starts_with(&GZIP) {
            return Err(Refusal { code: "zip-too-deep", looks_like: "" });
        }
        return match kosha_fhir::read(&inner, limits) {
            Ok(reading) => Ok(Content::Records(Box::new(reading.into_owned()), Vec::new())),
            Err(refusal) => other(&inner, refusal, limits, packed + 1),
        };
    }
    let converted = match refusal.looks_like {
        "hl7v2" => kosha_legacy::hl7v2(bytes),
        _ if kosha_legacy::is_ccda(bytes) => kosha_legacy::ccda(bytes),
        _ if kosha_legacy::is_dicom(bytes) => match kosha_legacy::dicom(bytes) {
            // One that is a picture for any other program, too.
            Err(_) if is_kept_as_it_is(bytes) => return Ok(Content::Document),
            read => read,
        },
        "text" | "" if kosha_legacy::is_csv(bytes) => kosha_legacy::csv(bytes),
        _ if is_kept_as_it_is(bytes) => return Ok(Content::Document),
        _ => return Err(refusal),
    };
    let converted = converted.map_err(|refusal| Refusal { code: refusal.0, looks_like: "" })?;
    // What is in a file is longer in FHIR: a letter by a third, a table by many times.
    let wide = Limits { file_bytes: limits.inflated_bytes, ..*limits };
    let reading = kosha_fhir::read(&converted.bundle, &wide).map_err(|refusal| match refusal.code {
        "too-large" => Refusal { code: "becomes-too-large", ..refusal },
        _ => refusal,
    })?;
    Ok(Content::Records(Box::new(reading.into_owned()), converted.left))
}

/// The records of a file that came in before.
pub(crate) fn records<'a>(bytes: &'a [u8], limits: &Limits) -> Option<Box<Reading<'a>>> {
    match read(bytes, limits) {
        Ok(Content::Records(reading, _)) => Some(reading),
        Ok(Content::Document) | Err(_) => None,
    }
}

/// Letters and pictures: what doctors hand out and people photograph.
pub(crate) fn is_kept_as_it_is(head: &[u8]) -> bool {
    let media = crate::attach::media(head);
    media.starts_with("image/")
        || matches!(media, "application/pdf" | "application/rtf" | "application/msword")
}
