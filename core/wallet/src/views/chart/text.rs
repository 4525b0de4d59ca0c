//! A chart for a terminal: Unicode blocks and braille, or plain ASCII. Without colours; nothing is said by place alone that the
//! table below does not say.

use unicode_width::UnicodeWidthChar as _;

use super::place::column;
use super::{Bound, Chart, Line, Mark, Panel, bands, harmless, notable, thinned};
use crate::words::WORDS;

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStyle {
    /// Columns of the terminal; 30 to 80 are used.
    pub columns: usize,
    /// Rows of one panel's plot, at least 4.
    pub rows: usize,
    /// Signs of plain ASCII; words and names stay as they are.
    pub ascii: bool,
}

impl Default for TextStyle {
    fn default() -> Self {
        Self { columns: 80, rows: 12, ascii: false }
    }
}

/// Points by source, of a laboratory and of one's own; bounds.
const FILLED: [char; 6] = ['●', '■', '▲', '◆', '▼', '✚'];
const HOLLOW: [char; 6] = ['○', '□', '△', '◇', '▽', '✛'];
const FILLED_ASCII: [char; 6] = ['*', '#', 'A', 'X', 'V', '+'];
const HOLLOW_ASCII: [char; 6] = ['o', 'o', 'o', 'o', 'o', 'o'];

/// A plot in the making.
struct Grid {
    columns: usize,
    rows: usize,
    cells: Vec<char>,
    /// Braille dots of lines, eight bits a cell.
    dots: Vec<u8>,
}

impl Grid {
    fn new(columns: usize, rows: usize) -> Self {
        Self { columns, rows, cells: vec![' '; columns * rows], dots: vec![0; columns * rows] }
    }

    fn put(&mut self, column: usize, row: usize, sign: char) {
        if column < self.columns
            && let Some(cell) = self.cells.get_mut(row * self.columns + column)
        {
            *cell = sign;
        }
    }

    /// Sets a dot; there are two columns and four rows of them in a cell (Unicode, Braille Patterns).
    fn dot(&mut self, x: usize, y: usize) {
        const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let bit = BITS.get(y % 4).and_then(|row| row.get(x % 2)).copied().unwrap_or(0);
        if x / 2 < self.columns
            && let Some(cell) = self.dots.get_mut(y / 4 * self.columns + x / 2)
        {
            *cell |= bit;
        }
    }

    /// A straight line of dots.
    fn line(&mut self, (x0, y0): (usize, usize), (x1, y1): (usize, usize)) {
        let steps = x0.abs_diff(x1).max(y0.abs_diff(y1)).max(1);
        let between = |from: usize, to: usize, step: usize| {
            if to >= from { from + (to - from) * step / steps } else { from - (from - to) * step / steps }
        };
        for step in 0..=steps {
            self.dot(between(x0, x1, step), between(y0, y1, step));
        }
    }

    /// A row as text: points, else lines, else ranges.
    fn row(&self, row: usize, ascii: bool) -> String {
        let range = row * self.columns..(row + 1) * self.columns;
        let cells = self.cells.get(range.clone()).unwrap_or_default();
        let dots = self.dots.get(range).unwrap_or_default();
        let sign = |(cell, dots): (&char, &u8)| match (*cell, *dots) {
            (' ' | '░' | ':', 1..) if ascii => '.',
            (' ' | '░' | ':', dots @ 1..) => char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' '),
            (cell, _) => cell,
        };
        cells.iter().zip(dots).map(sign).collect()
    }
}

/// The lines of a chart, each at most `style.columns` wide; none where there is nothing to draw.
pub fn draw(chart: &Chart, style: TextStyle) -> Vec<String> {
    let mut lines = Vec::new();
    for each in &chart.panels {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        panel(&mut lines, each, style);
    }
    if !lines.is_empty() {
        lines.extend(legend(chart, style));
    }
    lines
}

fn panel(out: &mut Vec<String>, panel: &Panel, style: TextStyle) {
    let (width, rows) = (style.columns.clamp(30, 80), style.rows.clamp(4, 60));
    let letters = panel.scale.ticks.iter().map(|tick| tick.text.chars().count()).max().unwrap_or(0).min(10);
    // With two lines their names stand behind their last points.
    let longest = panel.lines.iter().map(|line| width_of(&line.name) + 1).max().unwrap_or(0);
    let names = if panel.lines.len() > 1 { longest.clamp(10, 14) } else { 0 };
    let columns = width - letters - 2 - names;
    let mut grid = Grid::new(columns, rows);
    let row_of = |place: f64, rows: usize| rows - 1 - column(place, rows);
    for line in &panel.lines {
        shade(&mut grid, panel, line, style.ascii);
    }
    let mut ends = vec![String::new(); rows];
    for line in &panel.lines {
        plot(&mut grid, panel, line, style.ascii);
        let last = line.marks.last().map(|mark| row_of(panel.scale.place(mark.value), rows));
        if let Some(end) = last.filter(|_| names > 0).and_then(|last| ends.get_mut(last)) {
            *end = format!(" {}", clip(&line.name, names - 1));
        }
    }
    let mut ticks = vec![String::new(); rows];
    for tick in &panel.scale.ticks {
        if let Some(text) = ticks.get_mut(row_of(tick.at, rows)) {
            *text = clip(&tick.text, letters);
        }
    }
    if !panel.unit.is_empty() {
        out.push(clip(&harmless(&panel.unit), width));
    }
    let (side, corner, along, tee) =
        if style.ascii { ('|', '+', '-', '+') } else { ('│', '└', '─', '┬') };
    for (row, (tick, end)) in ticks.iter().zip(&ends).enumerate() {
        let line = format!("{tick:>letters$} {side}{}{end}", grid.row(row, style.ascii));
        out.push(line.trim_end().to_owned());
    }
    let mut axis = vec![along; columns];
    let mut words = vec![" ".to_owned(); width];
    let mut free = 0;
    for tick in &panel.time.ticks {
        let at = column(tick.at, columns);
        let long = width_of(&tick.text);
        let middle = (letters + 2 + at).saturating_sub(long / 2).min(width.saturating_sub(long));
        if middle < free {
            continue;
        }
        if let Some(sign) = axis.get_mut(at) {
            *sign = tee;
        }
        for (place, cell) in words.iter_mut().skip(middle).zip(cells(&tick.text)) {
            *place = cell;
        }
        free = middle + long + 2;
    }
    out.push(format!("{:>letters$} {corner}{}", "", axis.into_iter().collect::<String>()));
    out.push(words.concat().trim_end().to_owned());
}

/// The laboratory's ranges.
fn shade(grid: &mut Grid, panel: &Panel, line: &Line, ascii: bool) {
    let (columns, rows) = (grid.columns, grid.rows);
    for band in bands(&line.marks, &panel.time) {
        let row = |end: Option<f64>, edge: usize| {
            end.map_or(edge, |end| rows - 1 - column(panel.scale.place(end), rows))
        };
        let (bottom, top) = (row(band.low, rows - 1), row(band.high, 0));
        for x in column(band.from, columns)..=column(band.to, columns) {
            for y in top..=bottom {
                grid.put(x, y, if ascii { ':' } else { '░' });
            }
        }
    }
}

fn plot(grid: &mut Grid, panel: &Panel, line: &Line, ascii: bool) {
    let (columns, rows) = (grid.columns, grid.rows);
    let kept = thinned(&line.marks, &panel.time, columns * 2);
    let places = |mark: &Mark| (panel.time.place(mark.at_ms()), panel.scale.place(mark.value));
    let dot = |mark: &Mark| {
        let (x, y) = places(mark);
        (column(x, columns * 2), rows * 4 - 1 - column(y, rows * 4))
    };
    let drawn: Vec<(usize, &Mark)> = kept.iter().filter_map(|at| Some((*at, line.marks.get(*at)?))).collect();
    for pair in drawn.windows(2) {
        if let [(_, from), (_, to)] = pair {
            grid.line(dot(from), dot(to));
        }
    }
    let notable = notable(line);
    // Many points are their line; the lowest, the highest and the last still stand out, and so does what is special.
    let few = drawn.len() <= columns;
    let (filled, hollow) = if ascii { (FILLED_ASCII, HOLLOW_ASCII) } else { (FILLED, HOLLOW) };
    for (at, mark) in drawn {
        if !few && !notable.contains(&Some(at)) && !mark.is_hollow() {
            continue;
        }
        let sign = match (mark.bound, mark.own) {
            (Some(Bound::Below), _) => {
                if ascii {
                    'v'
                } else {
                    '↓'
                }
            }
            (Some(Bound::Above), _) => {
                if ascii {
                    '^'
                } else {
                    '↑'
                }
            }
            (None, true) => hollow.get(mark.source).copied().unwrap_or('o'),
            (None, false) => filled.get(mark.source).copied().unwrap_or('*'),
        };
        let (x, y) = places(mark);
        grid.put(column(x, columns), rows - 1 - column(y, rows), sign);
    }
}

fn legend(chart: &Chart, style: TextStyle) -> Vec<String> {
    let marks = || chart.panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.marks);
    let signed = |unicode: &str, ascii: &str, words: &str| {
        format!("{} {words}", if style.ascii { ascii } else { unicode })
    };
    let say = |id: &str| WORDS.text(chart.language, id);
    let filled = if style.ascii { FILLED_ASCII } else { FILLED };
    let mut words: Vec<String> = chart
        .sources
        .iter()
        .zip(filled)
        .map(|(source, sign)| format!("{sign} {}", harmless(source)))
        .collect();
    if marks().any(|mark| mark.own) {
        words.push(signed("○", "o", say(if style.ascii { "chart-own" } else { "chart-hollow" })));
    }
    if marks().any(|mark| mark.bound.is_some()) {
        words.push(signed("↓ ↑", "v ^", say("chart-bound")));
    }
    if marks().any(|mark| mark.low.is_some() || mark.high.is_some()) {
        words.push(signed("░", ":", say("chart-range")));
    }
    words.into_iter().map(|line| clip(&line, style.columns.clamp(30, 80))).collect()
}

/// Most bytes of a sign with its marks.
const LONGEST_CELL: usize = 16;

/// The signs of a text, each with the marks that stand above or below it and take no column of their own.
fn cells(text: &str) -> Vec<String> {
    let mut cells: Vec<String> = Vec::new();
    for sign in text.chars() {
        match cells.last_mut().filter(|_| sign.width() == Some(0)) {
            Some(cell) if cell.len() < LONGEST_CELL => cell.push(sign),
            Some(_) => {}
            None => cells.push(sign.into()),
        }
    }
    cells
}

/// How many columns a text takes.
fn width_of(text: &str) -> usize {
    cells(text).len()
}

fn clip(words: &str, columns: usize) -> String {
    cells(words).into_iter().take(columns).collect()
}
