//! A text as a QR code (ISO/IEC 18004): PNG for files and screens, SVG for print, half blocks for a terminal.
//!
//! All three keep the quiet zone of four modules and dark modules on a light ground, since many phone cameras read
//! nothing else. Numeric, alphanumeric and byte segments are chosen so that the code is as small as can be.

mod png;
mod svg;
mod terminal;

use qrcode::types::{Color, QrError as EncodeError};
use qrcode::{EcLevel, QrCode, Version};

/// Light modules around the code on each side, as the standard demands.
pub const QUIET_ZONE: usize = 4;

/// Why there is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrError {
    /// No QR code holds a text as long as this.
    #[error("this is too long for a QR code")]
    TooLong,
    /// There is nothing to show.
    #[error("there is nothing to show as a QR code")]
    Empty,
    /// The image could not be written.
    #[error("the QR code could not be drawn")]
    Drawing,
}

/// How much of the code may be hidden or damaged and still be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorCorrection {
    /// About 7 %.
    Low,
    /// About 15 %; what the guide for health links recommends.
    Medium,
}

/// A QR code. It holds the text that it was made of: keep it as carefully as that.
#[derive(Clone)]
pub struct Qr {
    modules: Vec<bool>,
    size: usize,
    version: u8,
    correction: ErrorCorrection,
}

impl Qr {
    /// Encodes `text` with correction [`ErrorCorrection::Medium`], or [`ErrorCorrection::Low`] when it does not fit else.
    pub fn new(text: &str) -> Result<Self, QrError> {
        if text.is_empty() {
            return Err(QrError::Empty);
        }
        match Self::with_correction(text, ErrorCorrection::Medium) {
            Err(QrError::TooLong) => Self::with_correction(text, ErrorCorrection::Low),
            other => other,
        }
    }

    fn with_correction(text: &str, correction: ErrorCorrection) -> Result<Self, QrError> {
        let level = match correction {
            ErrorCorrection::Low => EcLevel::L,
            ErrorCorrection::Medium => EcLevel::M,
        };
        let code = QrCode::with_error_correction_level(text, level).map_err(|error| match error {
            EncodeError::DataTooLong => QrError::TooLong,
            _ => QrError::Drawing,
        })?;
        let (Version::Normal(version) | Version::Micro(version)) = code.version();
        let version = u8::try_from(version).map_err(|_| QrError::Drawing)?;
        let size = code.width();
        let modules = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { modules, size, version, correction })
    }

    /// Version, 1 to 40: `17 + 4 * version` modules a side.
    pub fn version(&self) -> u8 {
        self.version
    }

    /// Modules a side, without the quiet zone.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The correction level that was used.
    pub fn correction(&self) -> ErrorCorrection {
        self.correction
    }

    /// Modules a side, with the quiet zone.
    pub fn full_size(&self) -> usize {
        self.size + 2 * QUIET_ZONE
    }

    /// Whether the module at column `x`, row `y` is dark, counted with the quiet zone. Light outside.
    pub fn dark(&self, x: usize, y: usize) -> bool {
        let inside = |at: usize| at.checked_sub(QUIET_ZONE).filter(|&at| at < self.size);
        let (Some(x), Some(y)) = (inside(x), inside(y)) else { return false };
        self.modules.get(y * self.size + x).copied().unwrap_or(false)
    }

    /// A PNG of one bit per pixel, at least 600 pixels a side.
    pub fn png(&self) -> Result<Vec<u8>, QrError> {
        png::draw(self)
    }

    /// An SVG of one path on a white ground, one unit per module, crisp at every size.
    pub fn svg(&self) -> String {
        svg::draw(self)
    }

    /// Lines of half blocks, two modules in one character, with explicit black and white (ANSI 256 colours), so that it
    /// reads on dark terminals too. [`Qr::full_size`] columns wide.
    pub fn terminal(&self) -> String {
        terminal::draw(self)
    }
}

impl std::fmt::Debug for Qr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Qr")
            .field("version", &self.version)
            .field("correction", &self.correction)
            .finish_non_exhaustive()
    }
}

/// `text` as a PNG; see [`Qr::png`].
pub fn png(text: &str) -> Result<Vec<u8>, QrError> {
    Qr::new(text)?.png()
}

/// `text` as an SVG; see [`Qr::svg`].
pub fn svg(text: &str) -> Result<String, QrError> {
    Ok(Qr::new(text)?.svg())
}

/// `text` as half blocks for a terminal; see [`Qr::terminal`].
pub fn terminal(text: &str) -> Result<String, QrError> {
    Ok(Qr::new(text)?.terminal())
}
