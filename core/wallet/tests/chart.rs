//! Charts: whatever the values, the SVG is well-formed and within its bounds, and the lowest and the highest are there.
#![allow(
    clippy::needless_pass_by_value,
    clippy::print_stdout,
    clippy::float_cmp,
    clippy::too_many_lines,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

use kosha::Language;
use kosha::views::chart::text::TextStyle;
use kosha::views::chart::{Chart, bands, svg, text, thinned};
use kosha::views::results::ResultFlag;
use kosha::views::trend::{Trend, TrendPoint, TrendSeries};
use proptest::prelude::*;
use quick_xml::events::Event;
use unicode_width::UnicodeWidthChar as _;

const DAY: i64 = 86_400_000;

fn point(day: i64, value: &str) -> TrendPoint {
    TrendPoint {
        date: "2024-03-05".to_owned(),
        span_ms: (day * DAY, day * DAY + DAY - 1),
        value: value.to_owned(),
        shown: value.to_owned(),
        comparator: "",
        unit: "g/dL".to_owned(),
        range_low: None,
        range_high: None,
        range: None,
        flag: None,
        sources: vec!["City Lab".to_owned()],
        records: Vec::new(),
        own: false,
        not_final: false,
        corrected: false,
        sent: None,
    }
}

fn series(name: &str, points: Vec<TrendPoint>) -> TrendSeries {
    let (name, unit) = (name.to_owned(), "g/dL".to_owned());
    TrendSeries { name, unit, chart: 0, sentence: String::new(), points }
}

fn trend(name: &str, sentence: &str, series: Vec<TrendSeries>) -> Trend {
    Trend {
        person: String::new(),
        name: name.to_owned(),
        code: "loinc:718-7".to_owned(),
        sentence: sentence.to_owned(),
        series,
        not_drawn: Vec::new(),
        not_drawn_counts: Vec::new(),
        language: Language::English,
        incomplete: false,
    }
}

/// An invented course with one of everything: two laboratories, an own entry, a bound, a range that changes and one that
/// is missing, a flag, a date that is only a month.
fn course() -> Trend {
    let of = |day: i64, value: &str, low: &str, high: &str| TrendPoint {
        range_low: Some(low.to_owned()).filter(|low| !low.is_empty()),
        range_high: Some(high.to_owned()).filter(|high| !high.is_empty()),
        ..point(day, value)
    };
    let high = ResultFlag { code: "high", text: "High".to_owned(), computed: false };
    let points = vec![
        TrendPoint { comparator: "<", ..of(18_700, "5", "", "10") },
        of(18_900, "8.4", "", "10"),
        TrendPoint {
            flag: Some(high.clone()),
            sources: vec!["Hill Hospital".into()],
            ..of(19_100, "14.25", "", "10")
        },
        TrendPoint { own: true, sources: Vec::new(), ..point(19_250, "12.1") },
        TrendPoint {
            span_ms: (19_350 * DAY, 19_380 * DAY),
            sources: vec!["Hill Hospital".into()],
            ..of(19_350, "9.8", "2", "8")
        },
        TrendPoint { flag: Some(high), ..of(19_600, "11.0", "2", "8") },
        of(19_787, "7.40", "2", "8"),
    ];
    trend(
        "C-reactive protein <high sensitivity> & \"more\"",
        "7 results from 2021 to 2024, lowest <5, highest 14.25, last 7.40 mg/L on 5 Mar 2024.",
        vec![TrendSeries { unit: "mg/L".to_owned(), ..series("C-reactive protein", points) }],
    )
}

fn pressure() -> Trend {
    let line = |name: &str, values: [&str; 5]| {
        let points = (0..).zip(values).map(|(number, value)| point(19_000 + 40 * number, value));
        TrendSeries { unit: "mmHg".to_owned(), ..series(name, points.collect()) }
    };
    let high = line("Systolic", ["120", "128", "141", "135", "126"]);
    let low = line("Diastolic", ["80", "84", "92", "88", "79"]);
    trend("Blood pressure", "Systolic: 5 results in 2022. Diastolic: 5 results in 2022.", vec![high, low])
}

/// Reads an SVG, and makes sure that all of it lies within its view box; gives the places of text.
fn checked(picture: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(picture);
    let (mut width, mut height, mut texts) = (0.0, 0.0, Vec::new());
    let (mut inside, mut depth) = (false, 0);
    loop {
        let event = reader.read_event().unwrap();
        if let Event::Start(tag) | Event::Empty(tag) = &event {
            let name = tag.name().as_ref().to_owned();
            let known = ["svg", "title", "desc", "rect", "circle", "path", "line", "polyline", "text"];
            assert!(known.contains(&name.as_str()), "{name}");
            inside = name == "text";
            for attribute in tag.attributes() {
                let attribute = attribute.unwrap();
                let key = attribute.key.as_ref().to_owned();
                let value = attribute.value.to_string();
                let number = || value.parse::<f64>().unwrap_or_else(|_| panic!("{key} {value}"));
                match key.as_str() {
                    "viewBox" => {
                        let sizes: Vec<f64> = value.split(' ').map(|size| size.parse().unwrap()).collect();
                        (width, height) = (sizes[2], sizes[3]);
                    }
                    "x" | "cx" | "x1" | "x2" => assert!((0.0..=width).contains(&number()), "{key} {value}"),
                    "y" | "cy" | "y1" | "y2" => assert!((0.0..=height).contains(&number()), "{key} {value}"),
                    "points" => {
                        for pair in value.split(' ') {
                            let (x, y) = pair.split_once(',').unwrap();
                            assert!((0.0..=width).contains(&x.parse().unwrap()), "{pair}");
                            assert!((0.0..=height).contains(&y.parse().unwrap()), "{pair}");
                        }
                    }
                    "d" => {
                        for pair in value.split(['M', 'L', 'Z']).filter(|pair| !pair.is_empty()) {
                            let (x, y) = pair.split_once(' ').unwrap();
                            assert!((0.0..=width).contains(&x.parse().unwrap()), "{pair}");
                            assert!((0.0..=height).contains(&y.parse().unwrap()), "{pair}");
                        }
                    }
                    "width" if name == "rect" => assert!((0.0..=width).contains(&number())),
                    "height" => assert!((0.0..=height).contains(&number())),
                    _ => assert!(!key.starts_with("on") && !key.contains("href"), "{key}"),
                }
            }
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => {
                depth -= 1;
                inside = false;
            }
            Event::Text(words) if inside => texts.push(words.to_string()),
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    texts
}

/// Compares with the picture in `tests/known`; with `KOSHA_WRITE_KNOWN` set, writes it anew.
fn known(name: &str, drawn: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known").join(name);
    if std::env::var_os("KOSHA_WRITE_KNOWN").is_some() {
        std::fs::write(&path, drawn).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap();
    assert!(before == drawn, "{name} is drawn otherwise than before:\n{drawn}");
}

#[test]
fn charts_are_drawn_as_before() {
    for (name, trend) in [("trend", course()), ("pressure", pressure())] {
        let chart = Chart::of(&trend);
        let picture = svg::draw(&chart);
        checked(&picture);
        known(&format!("{name}.svg"), &picture);
        for (kind, ascii) in [("txt", false), ("ascii.txt", true)] {
            let lines = text::draw(&chart, TextStyle { ascii, ..TextStyle::default() });
            assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
            assert!(!ascii || lines.join("").is_ascii());
            known(&format!("{name}.{kind}"), &(lines.join("\n") + "\n"));
        }
    }
}

#[test]
fn text_of_a_record_cannot_leave_its_place_and_the_sentence_is_the_description() {
    let mut hostile = course();
    hostile.name = "</title><script>alert(1)</script>\u{202e}\u{0}".to_owned();
    hostile.series[0].points[0].sources = vec!["\"/><image href='x'/>".to_owned()];
    let picture = svg::draw(&Chart::of(&hostile));
    checked(&picture);
    assert!(!picture.contains("<script") && !picture.contains("<image") && !picture.contains('\u{202e}'));
    assert!(picture.contains("<desc id=\"d\">7 results from 2021 to 2024, lowest &lt;5"));
}

#[test]
fn one_point_has_no_chart_and_still_a_sentence() {
    let one = trend(
        "Haemoglobin",
        "1 result, 7 g/dL on 5 Mar 2024.",
        vec![series("Haemoglobin", vec![point(1, "7")])],
    );
    let chart = Chart::of(&one);
    assert!(chart.panels.is_empty() && text::draw(&chart, TextStyle::default()).is_empty());
    assert!(checked(&svg::draw(&chart)).contains(&"1 result, 7 g/dL on 5 Mar 2024.".to_owned()));
    assert!(!format!("{chart:?}").contains("Haemo"));
}

#[test]
fn a_peak_among_a_hundred_thousand_points_is_drawn() {
    let points = (0..100_000_i64).map(|number| match number {
        33_333 => point(number / 50, "31.5"),
        66_666 => point(number / 50, "2.25"),
        _ => point(number / 50, "5.5"),
    });
    let chart = Chart::of(&trend("Glucose", "", vec![series("Glucose", points.collect())]));
    let begun = std::time::Instant::now();
    let picture = svg::draw(&chart);
    println!("SVG of 100,000 points: {:?}, {} bytes", begun.elapsed(), picture.len());
    let texts = checked(&picture);
    assert!(texts.contains(&"31.5".to_owned()) && texts.contains(&"2.25".to_owned()));
    assert!(picture.len() < 60_000);
    let drawn = text::draw(&chart, TextStyle::default()).join("\n");
    assert_eq!(drawn.matches('●').count(), 4, "lowest, highest, last, and in the legend:\n{drawn}");
}

fn any_point() -> impl Strategy<Value = TrendPoint> {
    let digits = prop_oneof![
        (-1e6..1e6).prop_map(|number: f64| number.to_string()),
        any::<f64>().prop_filter("finite", |number| number.is_finite()).prop_map(|number| number.to_string()),
        Just("0".to_owned()),
        Just("1e308".to_owned()),
        Just("-1e308".to_owned()),
        Just("5e-324".to_owned()),
    ];
    let range = || prop::option::of((-1e3..1e9).prop_map(|number: f64| number.to_string()));
    let sign = prop::sample::select(vec!["", "<", "≤", ">", "≥"]);
    let source = prop::option::of("[A-H<>&\"']{1,3}|\\PC{0,90}");
    (0..90_000_i64, 0..800_i64, digits, range(), range(), sign, any::<bool>(), source).prop_map(
        |(day, span, value, range_low, range_high, comparator, own, source)| TrendPoint {
            span_ms: ((day - 30_000) * DAY, (day - 30_000 + span) * DAY),
            range_low,
            range_high,
            comparator,
            own,
            sources: source.into_iter().collect(),
            ..point(0, &value)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_values_give_a_valid_picture_within_its_bounds(
        points in prop::collection::vec(any_point(), 0..40),
        more in prop::collection::vec(any_point(), 0..20),
        name in "\\PC{0,60}",
        unit in "\\PC{0,20}",
        columns in 0..200_usize,
        rows in 0..90_usize,
        ascii in any::<bool>(),
    ) {
        let mut all = vec![series("one", points), series("two", more)];
        all[0].unit = unit;
        let chart = Chart::of(&trend(&name, &name, all));
        let texts = checked(&svg::draw(&chart));
        for panel in &chart.panels {
            for line in &panel.lines {
                let by_value = |a: &&kosha::views::chart::Mark, b: &&kosha::views::chart::Mark| a.value.total_cmp(&b.value);
                let low = line.marks.iter().min_by(by_value).unwrap();
                let high = line.marks.iter().max_by(by_value).unwrap();
                prop_assert!(panel.scale.low <= low.value && high.value <= panel.scale.high);
                prop_assert!(panel.scale.place(low.value) <= panel.scale.place(high.value));
                for band in bands(&line.marks, &panel.time) {
                    prop_assert!(0.0 <= band.from && band.from <= band.to && band.to <= 1.0);
                }
                let kept = thinned(&line.marks, &panel.time, 10);
                prop_assert_eq!(kept.len(), line.marks.len());
            }
        }
        prop_assert!(chart.panels.is_empty() || !texts.is_empty());
        for line in text::draw(&chart, TextStyle { columns, rows, ascii }) {
            prop_assert!(line.chars().filter(|c| c.width() != Some(0)).count() <= 80, "{}", line);
            prop_assert!(line.len() <= 80 * 20);
        }
    }

    #[test]
    fn thinning_keeps_first_last_lowest_and_highest(values in prop::collection::vec(-1000..1000_i32, 501..1500), columns in 1..400_usize) {
        let points = (0_i64..).zip(&values).map(|(day, value)| point(day, &value.to_string())).collect();
        let chart = Chart::of(&trend("x", "", vec![series("x", points)]));
        let (panel, line) = (&chart.panels[0], &chart.panels[0].lines[0]);
        let kept = thinned(&line.marks, &panel.time, columns);
        prop_assert!(kept.len() <= 2 * columns + 2);
        prop_assert!(kept.contains(&0) && kept.contains(&(values.len() - 1)));
        let value = |at: &usize| values[*at];
        prop_assert_eq!(kept.iter().map(value).min(), values.iter().min().copied());
        prop_assert_eq!(kept.iter().map(value).max(), values.iter().max().copied());
    }
}
