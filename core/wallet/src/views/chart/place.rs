//! Axes, ranges and thinning: from values and times to places between 0 and 1.

use kosha_fhir::{Language, Precision};

use super::Mark;
use crate::date::{civil_from_days, days_from_civil};
use crate::hidden::hidden_debug;
use crate::words::WORDS;

/// More points than this are thinned: lowest and highest of each column.
const MOST_POINTS: usize = 500;
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A place on an axis that is written out.
#[derive(Clone, PartialEq)]
pub struct Tick {
    /// Where, from 0 to 1.
    pub at: f64,
    /// What is written there.
    pub text: String,
}

/// The axis of values.
#[derive(Clone, PartialEq)]
pub struct Scale {
    /// Lowest value on it.
    pub low: f64,
    /// Highest value on it; above `low`.
    pub high: f64,
    /// Its ticks, from below.
    pub ticks: Vec<Tick>,
}

/// Lowest and highest number; `None` of none.
fn span(numbers: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    numbers.fold(None, |span, number| {
        let (low, high) = span.unwrap_or((number, number));
        Some((low.min(number), high.max(number)))
    })
}

impl Scale {
    /// The axis on which all values lie, and their ranges where these do not make the values small.
    pub fn of<'a>(marks: impl Iterator<Item = &'a Mark> + Clone) -> Self {
        let (low, high) = span(marks.clone().map(|mark| mark.value)).unwrap_or((0.0, 1.0));
        // Halves: the difference of the largest and the smallest number is beyond all numbers.
        let half = (high / 2.0 - low / 2.0).max(low.abs().max(high.abs()) * 0.05);
        let half = if half > 0.0 { half } else { 0.5 };
        let near = |end: &f64| *end / 2.0 >= low / 2.0 - 1.5 * half && *end / 2.0 <= high / 2.0 + 1.5 * half;
        let ends = marks.flat_map(|mark| [mark.low, mark.high]).flatten().filter(near);
        let (low, high) = span(ends.chain([low, high])).unwrap_or((low, high));
        let pad = 0.16 * half;
        let fit = |number: f64| number.clamp(f64::MIN, f64::MAX);
        let (mut low, mut high) = (fit(low - pad), fit(high + pad));
        if high <= low {
            (low, high) = if low < 0.0 { (low * 1.1, low * 0.9) } else { (high * 0.9, high * 1.1) };
        }
        let mut scale = Self { low, high, ticks: Vec::new() };
        scale.ticks = scale.round_numbers();
        scale
    }

    /// Where a value lies, from 0 (below) to 1. What lies beyond the axis is at its end.
    pub fn place(&self, value: f64) -> f64 {
        let place = (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0);
        if place.is_finite() { place.clamp(0.0, 1.0) } else { 0.5 }
    }

    /// Three to seven round numbers.
    fn round_numbers(&self) -> Vec<Tick> {
        let rough = self.high / 5.0 - self.low / 5.0;
        let power = rough.log10().floor();
        let unit = 10_f64.powf(power);
        let steps = [1.0, 2.0, 5.0, 10.0].map(|step| step * unit);
        let step = steps.into_iter().find(|step| *step >= rough).unwrap_or(rough);
        if !step.is_finite() || step <= 0.0 || step < self.high.abs().max(self.low.abs()) * 1e-12 {
            return Vec::new();
        }
        let first = (self.low / step).ceil();
        (0..8_u8)
            .map(|number| (first + f64::from(number)) * step)
            .take_while(|value| *value <= self.high)
            .map(|value| Tick { at: self.place(value), text: number_text(value, step) })
            .collect()
    }
}

/// A round number with as many decimals as its step needs.
fn number_text(value: f64, step: f64) -> String {
    let size = value.abs();
    if size >= 1e7 || (step < 1e-4 && size > 0.0) {
        return format!("{value:.1e}");
    }
    let decimals = (0..5_usize)
        .find(|decimals| {
            let factor = [1.0, 10.0, 100.0, 1e3, 1e4].get(*decimals).copied().unwrap_or(1.0);
            (step * factor - (step * factor).round()).abs() < 1e-6
        })
        .unwrap_or(4);
    let text = format!("{value:.decimals$}");
    if text.trim_start_matches('-').bytes().all(|byte| matches!(byte, b'0' | b'.')) {
        return text.trim_start_matches('-').to_owned();
    }
    text
}

/// The axis of time.
#[derive(Clone, PartialEq)]
pub struct Timescale {
    /// First instant on it, Unix milliseconds.
    pub from_ms: i64,
    /// Last instant; after `from_ms`.
    pub to_ms: i64,
    /// Its ticks, from the left.
    pub ticks: Vec<Tick>,
}

impl Timescale {
    /// The axis on which all points lie, its ticks in a language.
    pub fn of<'a>(marks: impl Iterator<Item = &'a Mark>, language: Language) -> Self {
        let (mut from, mut to) = (i64::MAX, i64::MIN);
        for mark in marks {
            from = from.min(mark.at_ms());
            to = to.max(mark.at_ms());
        }
        if from > to {
            (from, to) = (0, DAY);
        }
        if from == to {
            (from, to) = (from.saturating_sub(DAY), to.saturating_add(DAY));
        }
        let mut time = Self { from_ms: from, to_ms: to, ticks: Vec::new() };
        time.ticks = time.round_times(language);
        time
    }

    /// Where an instant lies, from 0 to 1.
    pub fn place(&self, ms: i64) -> f64 {
        let far = |ms: i64| i32::try_from(ms.div_euclid(1000) / 60).map_or(0.0, f64::from);
        // Minutes keep what matters exact in a number of 53 bits; what is left is the part of a minute.
        let part = |ms: i64| i32::try_from(ms.rem_euclid(60_000)).map_or(0.0, f64::from) / 60_000.0;
        let minutes = |ms: i64| far(ms - ms.rem_euclid(60_000)) + part(ms);
        let (from, to) = (minutes(self.from_ms), minutes(self.to_ms));
        let place = (minutes(ms) - from) / (to - from);
        if place.is_finite() { place.clamp(0.0, 1.0) } else { 0.5 }
    }

    /// Two to five round times.
    fn round_times(&self, language: Language) -> Vec<Tick> {
        let days = (self.to_ms.saturating_sub(self.from_ms)) / DAY;
        let ticks = match days {
            0..=2 => self.every_hours(days, language),
            3..=75 => self.every_days((days / 4).max(1), language),
            76..=900 => self.every_months(((days / 30) / 4).max(1), language),
            _ => self.every_years(((days / 365) / 4).max(1)),
        };
        if ticks.len() >= 2 {
            return ticks;
        }
        // Nothing round is in it: say where it begins and ends.
        let day = |ms: i64| language.date(ms, Precision::Day, None);
        vec![Tick { at: 0.0, text: day(self.from_ms) }, Tick { at: 1.0, text: day(self.to_ms) }]
    }

    fn ticks(&self, times: impl Iterator<Item = (i64, String)>) -> Vec<Tick> {
        times
            .skip_while(|(ms, _)| *ms < self.from_ms)
            .take_while(|(ms, _)| *ms <= self.to_ms)
            .take(6)
            .map(|(ms, text)| Tick { at: self.place(ms), text })
            .collect()
    }

    fn every_hours(&self, days: i64, language: Language) -> Vec<Tick> {
        let step = if days > 0 { 12 * HOUR } else { 6 * HOUR };
        let first = self.from_ms.div_euclid(step);
        self.ticks((first..).map(|number| {
            let ms = number * step;
            let (date, hour) = (language.day_month(ms), format!("{:02}", ms.rem_euclid(DAY) / HOUR));
            (ms, WORDS.say(language, "chart-hour", &[("date", &date), ("hour", &hour)]))
        }))
    }

    fn every_days(&self, step: i64, language: Language) -> Vec<Tick> {
        let first = self.from_ms.div_euclid(DAY);
        self.ticks((first..).step_by(usize::try_from(step).unwrap_or(1)).map(|day| {
            let ms = day * DAY;
            (ms, language.day_month(ms))
        }))
    }

    fn every_months(&self, rough: i64, language: Language) -> Vec<Tick> {
        let step = [1, 2, 3, 4, 6, 12].into_iter().find(|step| *step >= rough).unwrap_or(12);
        let (year, _, _) = civil_from_days(self.from_ms.div_euclid(DAY));
        self.ticks((0..).map(|number: i64| {
            let month = number * step;
            let (year, month) = (year + month / 12, month % 12 + 1);
            let ms = days_from_civil(year, month, 1) * DAY;
            (ms, language.date(ms, Precision::Month, None))
        }))
    }

    fn every_years(&self, rough: i64) -> Vec<Tick> {
        let step = [1, 2, 5, 10, 20, 50, 100, 1000].into_iter().find(|step| *step >= rough).unwrap_or(10_000);
        let (year, _, _) = civil_from_days(self.from_ms.div_euclid(DAY));
        let first = year.div_euclid(step) * step;
        self.ticks((0..).map(|number: i64| {
            let year = first + number * step;
            (days_from_civil(year, 1, 1) * DAY, year.to_string())
        }))
    }
}

/// A laboratory's range over a part of the time; an end that it does not name is open.
#[derive(Clone, Copy, PartialEq)]
pub struct Band {
    /// From where, 0 to 1.
    pub from: f64,
    /// To where.
    pub to: f64,
    /// Lower end.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

/// The ranges of a line: each point's own reaches halfway to its neighbours. None where a point has none.
pub fn bands(marks: &[Mark], time: &Timescale) -> Vec<Band> {
    let mut bands: Vec<Band> = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        let here = time.place(mark.at_ms());
        let beside = |other: Option<&Mark>| other.map(|other| here.midpoint(time.place(other.at_ms())));
        let from = beside(at.checked_sub(1).and_then(|before| marks.get(before))).unwrap_or(0.0);
        let to = beside(marks.get(at + 1)).unwrap_or(1.0);
        if mark.low.is_none() && mark.high.is_none() {
            continue;
        }
        match bands.last_mut() {
            Some(last) if last.low == mark.low && last.high == mark.high && (last.to - from).abs() < 1e-9 => {
                last.to = to;
            }
            _ => bands.push(Band { from, to, low: mark.low, high: mark.high }),
        }
    }
    bands
}

/// Which of the marks are drawn in so many columns: all of a few; of many the first, the lowest, the highest and the last of
/// each column, so that no peak is lost.
pub fn thinned(marks: &[Mark], time: &Timescale, columns: usize) -> Vec<usize> {
    if marks.len() <= MOST_POINTS {
        return (0..marks.len()).collect();
    }
    let column = |mark: &Mark| column(time.place(mark.at_ms()), columns);
    let mut kept = vec![0, marks.len() - 1];
    let mut run: Option<(usize, usize, usize)> = None;
    for (at, mark) in marks.iter().enumerate() {
        let value = |at: usize| marks.get(at).map_or(f64::NAN, |mark| mark.value);
        run = match run {
            Some((of, low, high)) if of == column(mark) => Some((
                of,
                if mark.value < value(low) { at } else { low },
                if mark.value > value(high) { at } else { high },
            )),
            before => {
                kept.extend(before.into_iter().flat_map(|(_, low, high)| [low, high]));
                Some((column(mark), at, at))
            }
        };
    }
    kept.extend(run.into_iter().flat_map(|(_, low, high)| [low, high]));
    kept.sort_unstable();
    kept.dedup();
    kept
}

/// The column of a place from 0 to 1.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place is between 0 and 1")]
pub(super) fn column(place: f64, columns: usize) -> usize {
    let columns = u32::try_from(columns).unwrap_or(u32::MAX);
    let at = (place.clamp(0.0, 1.0) * f64::from(columns)).floor() as u32;
    usize::try_from(at.min(columns.saturating_sub(1))).unwrap_or(0)
}

hidden_debug!(Tick, Scale, Timescale, Band);

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(ms: i64, value: f64, range: (Option<f64>, Option<f64>)) -> Mark {
        Mark {
            span_ms: (ms, ms),
            value,
            text: value.to_string(),
            bound: None,
            own: false,
            outside: false,
            source: 0,
            low: range.0,
            high: range.1,
        }
    }

    fn texts(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.text.as_str()).collect()
    }

    #[test]
    fn ticks_are_round_numbers_and_times() {
        let marks = [mark(0, 6.1, (None, None)), mark(4 * 366 * DAY, 8.2, (Some(4.0), Some(5.7)))];
        let scale = Scale::of(marks.iter());
        assert_eq!(texts(&scale.ticks), ["4", "5", "6", "7", "8"]);
        assert_eq!(
            texts(&Timescale::of(marks.iter(), Language::English).ticks),
            ["1970", "1971", "1972", "1973", "1974"]
        );
        let month = [mark(0, 1.0, (None, None)), mark(20 * DAY, 1.0, (None, None))];
        assert_eq!(
            texts(&Timescale::of(month.iter(), Language::English).ticks),
            ["1 Jan", "6 Jan", "11 Jan", "16 Jan", "21 Jan"]
        );
        let hindi = |marks: &[Mark]| texts(&Timescale::of(marks.iter(), Language::Hindi).ticks).join("; ");
        assert!(hindi(&month).starts_with("1 जन"), "{}", hindi(&month));
    }

    #[test]
    fn a_range_far_away_does_not_flatten_the_values() {
        let marks = [mark(0, 6.0, (Some(0.0), Some(1e9))), mark(DAY, 7.0, (None, None))];
        assert!(Scale::of(marks.iter()).high < 10.0);
    }

    #[test]
    fn a_band_steps_with_the_ranges_and_breaks_where_there_is_none() {
        let marks = [
            mark(0, 1.0, (Some(1.0), Some(2.0))),
            mark(10, 1.0, (Some(1.0), Some(2.0))),
            mark(20, 1.0, (None, None)),
            mark(30, 1.0, (None, Some(3.0))),
            mark(40, 1.0, (None, Some(3.0))),
        ];
        let bands = bands(&marks, &Timescale::of(marks.iter(), Language::English));
        let ends: Vec<(f64, f64)> = bands.iter().map(|band| (band.from, band.to)).collect();
        assert_eq!(ends, [(0.0, 0.375), (0.625, 1.0)]);
    }

    #[test]
    fn thinning_keeps_every_peak() {
        let marks: Vec<Mark> = (0..10_000)
            .map(|number: i32| {
                mark(
                    i64::from(number) * DAY,
                    if number == 4321 { 99.0 } else { f64::from(number % 7) },
                    (None, None),
                )
            })
            .collect();
        let kept = thinned(&marks, &Timescale::of(marks.iter(), Language::English), 300);
        assert!(kept.len() <= 602 && kept.contains(&4321) && kept.contains(&0) && kept.contains(&9_999));
    }
}
