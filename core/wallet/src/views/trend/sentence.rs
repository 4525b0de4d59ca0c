//! A trend in one sentence, for whoever does not see the chart.

use kosha_fhir::Language;
use kosha_fhir::series::compare_digits;

use super::{NotDrawnCount, TrendPoint, TrendSeries};
use crate::views::words::{count, day, with_unit};
use crate::words::WORDS;

/// `6 results from 2021 to 2024, lowest 6.1, highest 8.2, last 7.4 % on 5 Mar 2024`.
pub(super) fn of_points(language: Language, points: &[TrendPoint], unit: &str) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let (n, latest) = (count(language, points.len()), latest(language, last, unit));
    if points.len() == 1 {
        return WORDS.say(language, "trend-one", &[("n", &n), ("last", &latest)]);
    }
    let year = |point: &TrendPoint| point.date.get(..4).unwrap_or_default().to_owned();
    let (from, to) = (year(first), year(last));
    let (lowest, highest) = extremes(points, first);
    let (low, high) = (lowest.number(), highest.number());
    let said = [("n", &*n), ("low", &*low), ("high", &*high), ("last", &*latest)];
    let sentence = if from == to {
        WORDS.say(language, "trend-inYear", &[&said[..], &[("year", &from)]].concat())
    } else {
        WORDS.say(language, "trend-overYears", &[&said[..], &[("from", &from), ("to", &to)]].concat())
    };
    match points.iter().filter(|point| point.sent.is_some()).count() {
        0 => sentence,
        converted => {
            let n = count(language, converted);
            WORDS.say(language, "trend-converted", &[("sentence", &sentence), ("n", &n)])
        }
    }
}

/// `7.4 % on 5 Mar 2024`, `7.4 % in 2024`.
fn latest(language: Language, last: &TrendPoint, unit: &str) -> String {
    let (value, date) = (with_unit(&last.number(), unit), day(language, &last.date));
    let id = if last.date.len() < 10 { "trend-inTime" } else { "trend-onDay" };
    WORDS.say(language, id, &[("value", &value), ("date", &date)])
}

/// The points of the lowest and of the highest number.
fn extremes<'a>(points: &'a [TrendPoint], first: &'a TrendPoint) -> (&'a TrendPoint, &'a TrendPoint) {
    points.iter().fold((first, first), |(lowest, highest), point| {
        let than = |other: &TrendPoint| compare_digits(&point.value, &other.value);
        // `<5` is lower than 5, `>5` is higher.
        let lower = than(lowest).is_some_and(|order| {
            order.is_lt()
                || (order.is_eq() && matches!(point.comparator, "<" | "≤") && lowest.comparator.is_empty())
        });
        let higher = than(highest).is_some_and(|order| {
            order.is_gt()
                || (order.is_eq() && matches!(point.comparator, ">" | "≥") && highest.comparator.is_empty())
        });
        (if lower { point } else { lowest }, if higher { point } else { highest })
    })
}

/// All series and what is not drawn.
pub(super) fn of_all(language: Language, series: &[TrendSeries], not_drawn: &[NotDrawnCount]) -> String {
    let several = series.len() > 1;
    let same_name = series.windows(2).all(|pair| matches!(pair, [a, b] if a.name == b.name));
    let of_one = |one: &TrendSeries| {
        let sentence = ("sentence", &*one.sentence);
        match (several, same_name) {
            (false, _) => WORDS.say(language, "trend-whole", &[sentence]),
            (true, true) if one.unit.is_empty() => WORDS.say(language, "trend-withoutUnit", &[sentence]),
            (true, true) => WORDS.say(language, "trend-ofUnit", &[sentence, ("unit", &one.unit)]),
            (true, false) => WORDS.say(language, "trend-ofName", &[sentence, ("name", &one.name)]),
        }
    };
    let mut sentences: Vec<String> = series.iter().map(of_one).collect();
    if series.is_empty() {
        sentences.push(WORDS.text(language, "trend-nothing").to_owned());
    }
    sentences.extend(not_drawn.iter().map(|reason| {
        let n = count(language, reason.count);
        WORDS.say(language, "trend-notDrawn", &[("n", &n), ("reason", &reason.text)])
    }));
    sentences.join(" ")
}
