//! Half blocks: one character shows two modules, one above the other.

use super::Qr;

/// Black ink on a white ground from the fixed part of the 256-colour table; themes change only the first sixteen.
const INK: &str = "\x1b[38;5;16;48;5;231m";
/// Back to the terminal's own colours before the line ends, else the ground runs on to the edge.
const RESET: &str = "\x1b[0m";

pub(super) fn draw(qr: &Qr) -> String {
    let side = qr.full_size();
    let mut out = String::new();
    for y in (0..side).step_by(2) {
        out.push_str(INK);
        out.extend((0..side).map(|x| match (qr.dark(x, y), qr.dark(x, y + 1)) {
            (false, false) => ' ',
            (true, false) => '▀',
            (false, true) => '▄',
            (true, true) => '█',
        }));
        out.push_str(RESET);
        out.push('\n');
    }
    out
}
