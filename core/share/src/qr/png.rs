//! PNG: greyscale of one bit, whole pixels per module.

use super::{Qr, QrError};

/// Fewest pixels a side.
const MIN_PIXELS: usize = 600;
/// Fewest pixels per module: below it, scaling in a chat app blurs modules into each other.
const MIN_SCALE: usize = 4;

pub(super) fn draw(qr: &Qr) -> Result<Vec<u8>, QrError> {
    let scale = MIN_PIXELS.div_ceil(qr.full_size()).max(MIN_SCALE);
    let side = qr.full_size() * scale;
    let mut rows = Vec::with_capacity(side * side.div_ceil(8));
    for y in 0..qr.full_size() {
        let row = row(qr, y, scale, side);
        for _ in 0..scale {
            rows.extend_from_slice(&row);
        }
    }
    encode(&rows, side)
}

/// One line of pixels: a set bit is white.
fn row(qr: &Qr, y: usize, scale: usize, side: usize) -> Vec<u8> {
    let mut row = vec![0_u8; side.div_ceil(8)];
    for (at, byte) in row.iter_mut().enumerate() {
        for bit in 0..8 {
            let pixel = at * 8 + bit;
            if pixel < side && !qr.dark(pixel / scale, y) {
                *byte |= 0x80 >> bit;
            }
        }
    }
    row
}

fn encode(rows: &[u8], side: usize) -> Result<Vec<u8>, QrError> {
    let side = u32::try_from(side).map_err(|_| QrError::Drawing)?;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header().map_err(|_| QrError::Drawing)?;
    writer.write_image_data(rows).map_err(|_| QrError::Drawing)?;
    writer.finish().map_err(|_| QrError::Drawing)?;
    Ok(bytes)
}
