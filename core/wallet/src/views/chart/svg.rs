//! A chart as SVG (SVG 2, static): self-contained, without script, link or style sheet, legible on a phone. Colours are those
//! of Okabe and Ito, which stay apart for every kind of colour vision, and never say anything alone.

use std::fmt::Write as _;

use super::{Band, Bound, Chart, Line, Mark, Panel, bands, harmless, notable, thinned};
use crate::words::WORDS;

/// Width of the picture in its own units, about those of a narrow phone.
const WIDTH: f64 = 400.0;
/// Space at the sides.
const SIDE: f64 = 12.0;
/// Height of one panel's plot.
const PLOT: f64 = 210.0;
/// Size of the writing, and room for a line of it.
const SIZE: f64 = 13.0;
const LINE: f64 = 18.0;
/// Letters of a line of writing at that size.
const LETTERS: usize = 54;
/// Radius of a point, of one among many, and room around points.
const RADIUS: f64 = 4.5;
const SMALL: f64 = 1.6;
const INSET: f64 = 9.0;
/// Room above the highest and below the lowest point: for its value.
const HEAD: f64 = 26.0;
/// More points than this are drawn small.
const MANY: usize = 60;
/// Columns in which many points are thinned.
const COLUMNS: usize = 320;

const INK: &str = "#1a1a1a";
const FAINT: &str = "#595959";
const GRID: &str = "#d0d0d0";
const BAND: &str = "#d7e9f5";
const LINES: [&str; 2] = ["#00598c", "#8a3d00"];
const OUTSIDE: &str = "#c23b00";

/// Where a panel's plot lies in the picture.
struct Frame {
    left: f64,
    top: f64,
    width: f64,
}

impl Frame {
    fn x(&self, place: f64) -> f64 {
        self.left + INSET + place * (self.width - 2.0 * INSET)
    }

    fn y(&self, place: f64) -> f64 {
        self.top + PLOT - HEAD - place * (PLOT - 2.0 * HEAD)
    }
}

/// Draws a chart. The title and description hold the sentence.
pub fn draw(chart: &Chart) -> String {
    let mut body = String::new();
    let mut y = SIDE + 16.0;
    text(&mut body, (SIDE, y), 16.0, INK, "start\" font-weight=\"bold", &clip(&chart.title, 44));
    for line in wrapped(&chart.sentence) {
        y += LINE;
        text(&mut body, (SIDE, y), SIZE, INK, "start", &line);
    }
    y += 8.0;
    for each in &chart.panels {
        y = panel(&mut body, each, y);
    }
    if !chart.panels.is_empty() {
        y = legend(&mut body, chart, y + 4.0);
    }
    let height = y + SIDE;
    let (title, sentence) = (escape(&chart.title), escape(&chart.sentence));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {height:.1}\" width=\"100%\" role=\"img\" lang=\"{}\" aria-labelledby=\"t d\" font-family=\"system-ui, sans-serif\">\n<title id=\"t\">{title}</title>\n<desc id=\"d\">{sentence}</desc>\n<rect x=\"0\" y=\"0\" width=\"{WIDTH:.0}\" height=\"{height:.1}\" fill=\"#ffffff\"/>\n{body}</svg>\n",
        chart.language
    )
}

/// One panel from `top` on; gives where it ends.
fn panel(out: &mut String, panel: &Panel, top: f64) -> f64 {
    let letters = panel.scale.ticks.iter().map(|tick| tick.text.chars().count()).max().unwrap_or(0);
    let left = SIDE + 8.0 + 7.6 * f64::from(u8::try_from(letters.min(12)).unwrap_or(12));
    let mut top = top;
    if !panel.unit.is_empty() {
        top += LINE;
        text(out, (SIDE, top - 5.0), SIZE, FAINT, "start", &clip(&panel.unit, 40));
    }
    let frame = Frame { left, top, width: WIDTH - SIDE - left };
    for line in &panel.lines {
        for band in bands(&line.marks, &panel.time) {
            band_of(out, panel, &frame, &band);
        }
    }
    axes(out, panel, &frame);
    for (number, line) in panel.lines.iter().enumerate() {
        line_of(out, panel, &frame, line, number);
    }
    top + PLOT + LINE + 6.0
}

fn band_of(out: &mut String, panel: &Panel, frame: &Frame, band: &Band) {
    // A range that goes on beyond the axis fills the plot to its edge.
    let end = |end: Option<f64>, edge: f64| {
        end.map_or(edge, |end| frame.y(panel.scale.place(end)).clamp(frame.top, frame.top + PLOT))
    };
    let (bottom, top) = (end(band.low, frame.top + PLOT), end(band.high, frame.top));
    let side = |place: f64, edge: f64| if place <= 0.0 || place >= 1.0 { edge } else { frame.x(place) };
    let (from, to) = (side(band.from, frame.left), side(band.to, frame.left + frame.width));
    let _ = writeln!(
        out,
        "<rect x=\"{from:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{BAND}\"/>",
        (to - from).max(0.0),
        (bottom - top).max(0.0)
    );
}

fn axes(out: &mut String, panel: &Panel, frame: &Frame) {
    let right = frame.left + frame.width;
    for tick in &panel.scale.ticks {
        let y = frame.y(tick.at);
        straight(out, (frame.left, y), (right, y), GRID, 1.0);
        text(out, (frame.left - 6.0, y + 4.5), SIZE, INK, "end", &tick.text);
    }
    let bottom = frame.top + PLOT;
    straight(out, (frame.left, bottom), (right, bottom), INK, 1.0);
    let mut free = frame.left - 20.0;
    for tick in &panel.time.ticks {
        let x = frame.x(tick.at);
        let half = 3.7 * f64::from(u8::try_from(tick.text.chars().count().min(30)).unwrap_or(30));
        let middle = x.clamp(half + 2.0, WIDTH - half - 2.0);
        if middle - half < free {
            continue;
        }
        straight(out, (x, bottom), (x, bottom + 4.0), INK, 1.0);
        text(out, (middle, bottom + LINE), SIZE, INK, "middle", &tick.text);
        free = middle + half + 8.0;
    }
}

fn line_of(out: &mut String, panel: &Panel, frame: &Frame, line: &Line, number: usize) {
    let color = LINES.get(number % LINES.len()).copied().unwrap_or(INK);
    let kept = thinned(&line.marks, &panel.time, COLUMNS);
    let place =
        |mark: &Mark| (frame.x(panel.time.place(mark.at_ms())), frame.y(panel.scale.place(mark.value)));
    let drawn: Vec<(usize, &Mark)> = kept.iter().filter_map(|at| Some((*at, line.marks.get(*at)?))).collect();
    if drawn.len() > 1 {
        let points: Vec<String> =
            drawn.iter().map(|(_, mark)| place(mark)).map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let dashes = if number == 0 { "" } else { " stroke-dasharray=\"5 3\"" };
        let _ = writeln!(
            out,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"{dashes}/>",
            points.join(" ")
        );
    }
    let notable = notable(line);
    let many = drawn.len() > MANY;
    for (at, mark) in &drawn {
        let (x, y) = place(mark);
        let told = notable.contains(&Some(*at));
        if many && !told && !mark.is_hollow() {
            if mark.outside {
                shape(out, mark.source, (x, y), SMALL, OUTSIDE, OUTSIDE);
            }
            continue;
        }
        let (first, last) = mark.span_ms;
        if !many && last.saturating_sub(first) > 2 * 86_400_000 {
            // The date is not exact: the line says from when to when it may be.
            straight(
                out,
                (frame.x(panel.time.place(first)), y),
                (frame.x(panel.time.place(last)), y),
                color,
                3.0,
            );
        }
        let fill = if mark.is_hollow() { "#ffffff" } else { color };
        shape(out, mark.source, (x, y), if many { SMALL + 1.4 } else { RADIUS }, fill, color);
        if mark.outside && !many {
            let _ = writeln!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\" fill=\"none\" stroke=\"{OUTSIDE}\" stroke-width=\"1.5\"/>",
                RADIUS + 3.0
            );
        }
        arrow(out, mark, (x, y), color);
    }
    labels(out, frame, line, &notable, &place);
}

/// The values of the lowest, the highest and the last point, where they do not cover each other; with two lines, their names.
fn labels(
    out: &mut String,
    frame: &Frame,
    line: &Line,
    notable: &[Option<usize>; 3],
    place: &dyn Fn(&Mark) -> (f64, f64),
) {
    let mut written: Vec<(f64, f64, f64)> = Vec::new();
    let [lowest, highest, last] = *notable;
    for (at, below) in [(highest, false), (lowest, true), (last, false)] {
        let Some(mark) = at.and_then(|at| line.marks.get(at)) else { continue };
        if !below && at == last && at == lowest && at != highest {
            continue;
        }
        // An arrow needs the room on its side.
        let below = if mark.bound.is_some() { mark.bound == Some(Bound::Above) } else { below };
        let (x, y) = place(mark);
        let words = clip(&mark.text, 14);
        let half = 3.8 * f64::from(u8::try_from(words.chars().count()).unwrap_or(14));
        let x = x.clamp(frame.left + half, WIDTH - half - 2.0);
        let y = (if below { y + 21.0 } else { y - 11.0 }).clamp(frame.top + SIZE, frame.top + PLOT - 3.0);
        if written
            .iter()
            .any(|(other, line, width)| (other - x).abs() < half + width + 4.0 && (line - y).abs() < 14.0)
        {
            continue;
        }
        text(
            out,
            (x, y),
            SIZE,
            INK,
            "middle\" paint-order=\"stroke\" stroke=\"#ffffff\" stroke-width=\"3",
            &words,
        );
        written.push((x, y, half));
    }
}

/// A value that is only a bound points to where the value is.
fn arrow(out: &mut String, mark: &Mark, (x, y): (f64, f64), color: &str) {
    let tip = match mark.bound {
        None => return,
        Some(Bound::Below) => y + 15.0,
        Some(Bound::Above) => y - 15.0,
    };
    let back = if tip > y { tip - 4.0 } else { tip + 4.0 };
    let from = if tip > y { y + RADIUS } else { y - RADIUS };
    let _ = writeln!(
        out,
        "<path d=\"M{x:.1} {from:.1}L{x:.1} {tip:.1}M{:.1} {back:.1}L{x:.1} {tip:.1}L{:.1} {back:.1}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>",
        x - 4.0,
        x + 4.0
    );
}

/// Circle, square, triangle, diamond, triangle on its tip, cross.
fn shape(out: &mut String, source: usize, (x, y): (f64, f64), r: f64, fill: &str, color: &str) {
    let paint = format!("fill=\"{fill}\" stroke=\"{color}\" stroke-width=\"1.5\"");
    let path = |points: &[(f64, f64)]| {
        let mut d = String::new();
        for (at, (dx, dy)) in points.iter().enumerate() {
            let _ = write!(d, "{}{:.1} {:.1}", if at == 0 { 'M' } else { 'L' }, x + dx * r, y + dy * r);
        }
        d
    };
    let _ = match source {
        0 => writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r:.1}\" {paint}/>"),
        1 => writeln!(
            out,
            "<path d=\"{}Z\" {paint}/>",
            path(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
        ),
        2 => writeln!(out, "<path d=\"{}Z\" {paint}/>", path(&[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)])),
        3 => writeln!(
            out,
            "<path d=\"{}Z\" {paint}/>",
            path(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)])
        ),
        4 => writeln!(out, "<path d=\"{}Z\" {paint}/>", path(&[(0.0, 1.2), (1.1, -0.8), (-1.1, -0.8)])),
        _ => writeln!(
            out,
            "<path d=\"{}{}\" {paint}/>",
            path(&[(-1.0, -1.0), (1.0, 1.0)]),
            path(&[(1.0, -1.0), (-1.0, 1.0)])
        ),
    };
}

/// What the signs mean, those that occur.
fn legend(out: &mut String, chart: &Chart, mut y: f64) -> f64 {
    let marks = || chart.panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.marks);
    let say = |id: &str| WORDS.text(chart.language, id);
    let mut row = |draw: &dyn Fn(&mut String, f64), words: &str| {
        y += LINE + 2.0;
        draw(out, y - 4.5);
        text(out, (SIDE + 34.0, y), SIZE, INK, "start", &clip(words, 48));
    };
    let middle = SIDE + 14.0;
    if let Some(panel) = chart.panels.iter().find(|panel| panel.lines.len() > 1) {
        for (number, line) in panel.lines.iter().enumerate() {
            let color = LINES.get(number % LINES.len()).copied().unwrap_or(INK);
            let dashes = if number == 0 { "" } else { " stroke-dasharray=\"5 3\"" };
            let sample = |out: &mut String, y: f64| {
                let _ = writeln!(
                    out,
                    "<path d=\"M{SIDE:.1} {y:.1}L{:.1} {y:.1}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"{dashes}/>",
                    SIDE + 28.0
                );
            };
            row(&sample, &line.name);
        }
    }
    for (number, source) in chart.sources.iter().enumerate() {
        row(&|out, y| shape(out, number, (middle, y), RADIUS, INK, INK), source);
    }
    if marks().any(|mark| mark.own) {
        row(&|out, y| shape(out, 0, (middle, y), RADIUS, "#ffffff", INK), say("chart-hollow"));
    }
    if marks().any(|mark| mark.bound.is_some()) {
        let sample = |out: &mut String, y: f64| {
            shape(out, 0, (middle, y - 4.0), RADIUS - 1.0, "#ffffff", INK);
            let _ = writeln!(
                out,
                "<path d=\"M{middle:.1} {:.1}L{middle:.1} {:.1}M{:.1} {:.1}L{middle:.1} {:.1}L{:.1} {:.1}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.5\"/>",
                y,
                y + 8.0,
                middle - 3.0,
                y + 5.0,
                y + 8.0,
                middle + 3.0,
                y + 5.0
            );
        };
        row(&sample, say("chart-arrow"));
    }
    if marks().any(|mark| mark.outside) {
        let sample = |out: &mut String, y: f64| {
            shape(out, 0, (middle, y), RADIUS - 1.5, INK, INK);
            let _ = writeln!(
                out,
                "<circle cx=\"{middle:.1}\" cy=\"{y:.1}\" r=\"7.0\" fill=\"none\" stroke=\"{OUTSIDE}\" stroke-width=\"1.5\"/>"
            );
        };
        row(&sample, say("chart-ring"));
    }
    if marks().any(|mark| mark.low.is_some() || mark.high.is_some()) {
        let sample = |out: &mut String, y: f64| {
            let _ = writeln!(
                out,
                "<rect x=\"{SIDE:.1}\" y=\"{:.1}\" width=\"28.0\" height=\"12.0\" fill=\"{BAND}\" stroke=\"{FAINT}\" stroke-width=\"0.5\"/>",
                y - 6.0
            );
        };
        row(&sample, say("chart-rangeThen"));
    }
    y + 4.0
}

fn straight(out: &mut String, from: (f64, f64), to: (f64, f64), color: &str, width: f64) {
    let _ = writeln!(
        out,
        "<line x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{color}\" stroke-width=\"{width:.1}\"/>",
        from.0, from.1, to.0, to.1
    );
}

/// `anchor` may bring further attributes of this module with it; never text of a record.
fn text(out: &mut String, (x, y): (f64, f64), size: f64, color: &str, anchor: &str, words: &str) {
    let _ = writeln!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size:.0}\" fill=\"{color}\" text-anchor=\"{anchor}\">{}</text>",
        escape(words)
    );
}

/// Text for XML: its own signs as entities, nothing that XML does not allow.
fn escape(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in harmless(words).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

fn clip(words: &str, letters: usize) -> String {
    if words.chars().count() <= letters {
        return words.to_owned();
    }
    words.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
}

/// A sentence in lines, six at most.
fn wrapped(sentence: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in sentence.split_whitespace() {
        let room = |line: &&mut String| line.chars().count() + 1 + word.chars().count() <= LETTERS;
        match lines.last_mut().filter(room) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(clip(word, LETTERS)),
        }
    }
    if lines.len() > 6 {
        lines.truncate(6);
        if let Some(last) = lines.last_mut() {
            *last = clip(&format!("{last} …"), LETTERS);
        }
    }
    lines
}
