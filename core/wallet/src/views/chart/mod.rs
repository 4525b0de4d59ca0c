//! The chart of a trend: where points, lines and ranges lie. Pure geometry; [`svg`] and [`text`] draw it.
//!
//! A chart says nothing that its table does not say: a shape stands for a source, hollow for an own entry or a value that is
//! only a bound, a ring for a flag of the laboratory or of its range, a band for the laboratory's range at that time.

mod place;
pub mod svg;
pub mod text;

use kosha_fhir::Language;

use super::trend::{Trend, TrendPoint, TrendSeries};
use crate::hidden::hidden_debug;
use crate::words::WORDS;

pub use place::{Band, Scale, Tick, Timescale, bands, thinned};

/// Sources that have a shape of their own; all further ones share the last shape.
pub const SHAPES: usize = 6;

/// What is drawn of a trend.
#[derive(Clone, PartialEq)]
pub struct Chart {
    /// The language of its words.
    pub language: Language,
    /// What was measured.
    pub title: String,
    /// All of it in words.
    pub sentence: String,
    /// One below the other: what has different units is never on one axis.
    pub panels: Vec<Panel>,
    /// Names of the sources in the order of their shapes, at most [`SHAPES`]; empty when nothing names one.
    pub sources: Vec<String>,
}

/// Lines on one axis.
#[derive(Clone, PartialEq)]
pub struct Panel {
    /// Unit of the axis, or empty.
    pub unit: String,
    /// One line; two of a blood pressure.
    pub lines: Vec<Line>,
    /// The axis of values.
    pub scale: Scale,
    /// The axis of time.
    pub time: Timescale,
}

/// One line of points, oldest first.
#[derive(Clone, PartialEq)]
pub struct Line {
    /// What it is.
    pub name: String,
    /// Its points.
    pub marks: Vec<Mark>,
}

/// A value that is only a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// It is lower than this.
    Below,
    /// It is higher than this.
    Above,
}

/// One point.
#[derive(Clone, PartialEq)]
pub struct Mark {
    /// First and last instant that its date may mean, Unix milliseconds.
    pub span_ms: (i64, i64),
    /// The number; finite.
    pub value: f64,
    /// The number as it is shown, with its sign.
    pub text: String,
    /// Whether the number is only a bound.
    pub bound: Option<Bound>,
    /// Written down by the patient or a carer.
    pub own: bool,
    /// The laboratory, or its range, says "not as expected".
    pub outside: bool,
    /// Number of its source, below [`SHAPES`].
    pub source: usize,
    /// Lower end of the laboratory's range.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl Mark {
    /// Where it stands in time: a date that is not exact stands in its middle.
    pub fn at_ms(&self) -> i64 {
        let (first, last) = self.span_ms;
        first.midpoint(last.max(first))
    }

    /// It is drawn hollow.
    pub fn is_hollow(&self) -> bool {
        self.own || self.bound.is_some()
    }
}

impl Chart {
    /// The chart of a trend. A series of one point has none: its value is in the sentence.
    pub fn of(trend: &Trend) -> Self {
        let sources = sources(trend);
        let mut panels = Vec::new();
        let last = trend.series.iter().map(|series| series.chart).max().unwrap_or(0);
        for number in 0..=last {
            let of_panel: Vec<&TrendSeries> =
                trend.series.iter().filter(|series| series.chart == number).collect();
            panels.extend(panel(&of_panel, &sources, trend.language));
        }
        Self {
            language: trend.language,
            title: trend.name.clone(),
            sentence: trend.sentence.clone(),
            panels,
            sources,
        }
    }
}

fn sources(trend: &Trend) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    let points = trend.series.iter().flat_map(|series| &series.points);
    for source in points.filter_map(|point| point.sources.first()) {
        if !known.contains(source) {
            if known.len() == SHAPES {
                if let Some(last) = known.last_mut() {
                    WORDS.text(trend.language, "chart-otherSources").clone_into(last);
                }
                break;
            }
            known.push(source.clone());
        }
    }
    known
}

fn panel(series: &[&TrendSeries], sources: &[String], language: Language) -> Option<Panel> {
    let mut lines = Vec::new();
    for one in series {
        let mut marks: Vec<Mark> = one.points.iter().filter_map(|point| mark(point, sources)).collect();
        marks.sort_by_key(Mark::at_ms);
        lines.push(Line { name: one.name.clone(), marks });
    }
    lines.retain(|line| !line.marks.is_empty());
    let marks = || lines.iter().flat_map(|line| &line.marks);
    if marks().count() < 2 {
        return None;
    }
    let unit = series.iter().map(|one| one.unit.clone()).find(|unit| !unit.is_empty()).unwrap_or_default();
    let (scale, time) = (Scale::of(marks()), Timescale::of(marks(), language));
    Some(Panel { unit, lines, scale, time })
}

fn mark(point: &TrendPoint, sources: &[String]) -> Option<Mark> {
    let number = |digits: &str| digits.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let end = |end: &Option<String>| end.as_deref().and_then(number);
    let source = point.sources.first().and_then(|source| sources.iter().position(|known| known == source));
    Some(Mark {
        span_ms: point.span_ms,
        value: number(&point.value)?,
        text: point.number(),
        bound: match point.comparator {
            "<" | "≤" => Some(Bound::Below),
            ">" | "≥" => Some(Bound::Above),
            _ => None,
        },
        own: point.own,
        outside: point.flag.as_ref().is_some_and(super::results::ResultFlag::is_outside),
        source: source.unwrap_or(if point.sources.is_empty() { 0 } else { sources.len().saturating_sub(1) }),
        low: end(&point.range_low),
        high: end(&point.range_high),
    })
}

/// The marks that are written out beside the line: lowest, highest, last.
pub(super) fn notable(line: &Line) -> [Option<usize>; 3] {
    let by_value = |a: &(usize, &Mark), b: &(usize, &Mark)| a.1.value.total_cmp(&b.1.value);
    let lowest = line.marks.iter().enumerate().min_by(by_value).map(|(at, _)| at);
    let highest = line.marks.iter().enumerate().max_by(by_value).map(|(at, _)| at);
    [lowest, highest, line.marks.len().checked_sub(1)]
}

/// Text of a file without what moves, hides or turns it.
pub(super) fn harmless(text: &str) -> String {
    let unsafe_ = |c: char| {
        c.is_control()
            || matches!(c,
                '\u{061c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
                | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
    };
    text.chars().map(|c| if unsafe_(c) { ' ' } else { c }).collect()
}

hidden_debug!(Chart, Panel, Line, Mark);
