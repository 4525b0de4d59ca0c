//! A trend in one sentence, for whoever does not see the chart.

use kosha_fhir::series::compare_digits;

use super::{NotDrawnCount, TrendPoint, TrendSeries};
use crate::views::words::{counted, day, with_unit};

/// `6 results from 2021 to 2024, lowest 6.1, highest 8.2, last 7.4 % on 5 Mar 2024`.
pub(super) fn of_points(points: &[TrendPoint], unit: &str) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let latest = with_unit(&last.number(), unit);
    if points.len() == 1 {
        return format!("1 result, {latest} on {}", day(&last.date));
    }
    let year = |point: &TrendPoint| point.date.get(..4).unwrap_or_default().to_owned();
    let time = match (year(first), year(last)) {
        (from, to) if from == to => format!("in {to}"),
        (from, to) => format!("from {from} to {to}"),
    };
    let (lowest, highest) = extremes(points, first);
    let converted = match points.iter().filter(|point| point.sent.is_some()).count() {
        0 => String::new(),
        1 => "; 1 was sent in another unit and is converted".to_owned(),
        count => format!("; {count} were sent in another unit and are converted"),
    };
    format!(
        "{} {time}, lowest {}, highest {}, last {latest} on {}{converted}",
        counted(points.len(), "result", "results"),
        lowest.number(),
        highest.number(),
        day(&last.date)
    )
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
pub(super) fn of_all(series: &[TrendSeries], not_drawn: &[NotDrawnCount]) -> String {
    let several = series.len() > 1;
    let same_name = series.windows(2).all(|pair| matches!(pair, [a, b] if a.name == b.name));
    let mut sentences: Vec<String> = series
        .iter()
        .map(|one| match (several, same_name) {
            (false, _) => format!("{}.", one.sentence),
            (true, true) if one.unit.is_empty() => format!("Without a unit: {}.", one.sentence),
            (true, true) => format!("In {}: {}.", one.unit, one.sentence),
            (true, false) => format!("{}: {}.", one.name, one.sentence),
        })
        .collect();
    if series.is_empty() {
        sentences.push("Nothing can be drawn.".to_owned());
    }
    sentences.extend(not_drawn.iter().map(|count| {
        let is = if count.count == 1 { "is" } else { "are" };
        format!("{} {is} not drawn: {}.", counted(count.count, "record", "records"), count.text)
    }));
    sentences.join(" ")
}
