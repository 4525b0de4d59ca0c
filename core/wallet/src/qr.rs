//! A link as a QR code.

use crate::Error;

/// A PNG image of the code, with its quiet zone, sized for a phone camera.
pub fn png(link: &str) -> Result<Vec<u8>, Error> {
    kosha_share::qr::png(link).map_err(|_| Error::QrTooLong)
}

/// An SVG image of the code.
pub fn svg(link: &str) -> Result<String, Error> {
    kosha_share::qr::svg(link).map_err(|_| Error::QrTooLong)
}

/// The code in the characters of a terminal.
pub fn terminal(link: &str) -> Result<String, Error> {
    kosha_share::qr::terminal(link).map_err(|_| Error::QrTooLong)
}
