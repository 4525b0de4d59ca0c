//! SVG: a white ground and one path of horizontal runs.

use std::fmt::Write as _;

use super::Qr;

pub(super) fn draw(qr: &Qr) -> String {
    let side = qr.full_size();
    let mut path = String::new();
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let run = (x..side).take_while(|&at| qr.dark(at, y)).count();
            if run > 0 {
                // Writing to a `String` cannot fail.
                let _ = write!(path, "M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{pixels}\" height=\"{pixels}\" \
         shape-rendering=\"crispEdges\" role=\"img\"><title>QR code</title>\
         <rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path d=\"{path}\" fill=\"#000\"/></svg>\n",
        pixels = side * 8,
    )
}
