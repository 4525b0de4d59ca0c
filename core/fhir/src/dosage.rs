//! Dosage instructions in words: the prescriber's own, else put together from the fields. Nothing is guessed.

use crate::date;
use crate::label::{clean, codings, known, label};
use crate::quantity::{Quantity, dose_number};
use crate::table::{fill, part, plural, word};
use crate::tree::Node;
use crate::value;

/// A sentence of the table's dosage part.
fn say(key: &str, places: &[(&str, &str)]) -> String {
    fill(word("en.dosage", key).unwrap_or_default(), places)
}

/// A dosage line and whether it was put together here.
pub(crate) struct Dosage {
    pub(crate) text: String,
    pub(crate) generated: bool,
}

/// All instructions of a medicine in their sequence; `None` when there is nothing to say.
pub(crate) fn dosage(node: &Node<'_>) -> Option<Dosage> {
    let list = node.any(&["dosageInstruction", "dosage"]);
    let mut items: Vec<(i64, String, bool)> = list
        .items()
        .filter(|item| item.there())
        .take(20)
        .filter_map(|item| {
            let sequence = item.str("sequence").and_then(|digits| digits.parse().ok()).unwrap_or(0);
            let own = match item {
                Node::Text(text) => Some(clean(&text.get())),
                item => item.str("text").map(|text| clean(&text)),
            };
            if let Some(own) = own.filter(|text| !text.is_empty()) {
                let extra = item.str("patientInstruction").map(|text| clean(&text));
                let text = glossed(&own);
                return Some((
                    sequence,
                    match extra.filter(|extra| !extra.is_empty() && *extra != own) {
                        Some(extra) => say("extra", &[("text", &text), ("extra", &extra)]),
                        None => text,
                    },
                    false,
                ));
            }
            compose(item).map(|text| (sequence, text, true))
        })
        .collect();
    // DSTU2 and STU3 have no list.
    if items.is_empty() {
        let dose = Quantity::read(node.at("doseQuantity")).map(|quantity| quantity.dose_text());
        items.extend(dose.map(|text| (0, text, true)));
    }
    items.sort_by_key(|(sequence, ..)| *sequence);
    let mut text = String::new();
    let mut last = None;
    for (sequence, item, _) in &items {
        if let Some(last) = last {
            text.push_str(&say(if last == *sequence { "and" } else { "then" }, &[]));
        }
        text.push_str(item);
        last = Some(*sequence);
    }
    let generated = items.iter().any(|(.., generated)| *generated);
    (!text.is_empty()).then(|| Dosage { text: crate::label::clip(&text, 400), generated })
}

/// `1-0-1` keeps its form and gains the times of day.
fn glossed(text: &str) -> String {
    let dose = |part: &str| {
        let rest = part.trim_start_matches(|char: char| char.is_ascii_digit());
        let digits = part.len() - rest.len();
        (1..=2).contains(&digits) && matches!(rest, "" | "½" | ".5" | "/2")
    };
    let parts: Vec<&str> = text.split('-').collect();
    if !parts.iter().all(|part| dose(part)) {
        return text.to_owned();
    }
    match parts.as_slice() {
        [a, b, c] => say("gloss3", &[("text", text), ("a", a), ("b", b), ("c", c)]),
        [a, b, c, d] => say("gloss4", &[("text", text), ("a", a), ("b", b), ("c", c), ("d", d)]),
        _ => text.to_owned(),
    }
}

fn compose(item: &Node<'_>) -> Option<String> {
    let rate = item.at("doseAndRate").first();
    let sources = [rate, item];
    let dose = sources.iter().find_map(|source| {
        Quantity::read(source.any(&["doseQuantity", "doseSimpleQuantity"]))
            .map(|quantity| quantity.dose_text())
            .or_else(|| value::dose_range(source.at("doseRange")))
    });
    let speed = sources.iter().find_map(|source| {
        Quantity::read(source.at("rateQuantity"))
            .map(|quantity| quantity.text(&[]))
            .or_else(|| value::text(source, "rate", &[]))
    });
    let mut parts: Vec<String> = dose.into_iter().collect();
    parts.extend(speed.map(|rate| say("rate", &[("rate", &rate)])));
    parts.extend(known(item.at("route"), "route").or_else(|| label(item.at("route"), "other", "")));
    parts.extend(timing(item.at("timing").first()));
    parts.extend(as_needed(item));
    let limits = item.at("maxDosePerPeriod").items().filter_map(limit);
    let mut text = parts.join(" ");
    for extra in limits.chain(
        item.any(&["additionalInstruction", "additionalInstructions"])
            .items()
            .filter_map(|extra| label(extra, "other", "")),
    ) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&extra);
    }
    let more = item.str("patientInstruction").map(|more| clean(&more)).filter(|more| !more.is_empty());
    match (text.is_empty(), more) {
        (true, more) => more,
        (false, Some(more)) => Some(say("extra", &[("text", &text), ("extra", &more)])),
        (false, None) => Some(text),
    }
}

fn as_needed(item: &Node<'_>) -> Option<String> {
    let reason = label(item.any(&["asNeededCodeableConcept", "asNeededFor"]), "other", "");
    let plain = item.truth("asNeededBoolean").or_else(|| item.truth("asNeeded")).unwrap_or(false);
    match reason {
        Some(reason) => Some(say("asNeededFor", &[("x", &reason)])),
        None => plain.then(|| say("asNeeded", &[])),
    }
}

fn limit(ratio: &Node<'_>) -> Option<String> {
    let amount = Quantity::read(ratio.at("numerator"))?;
    let period = Quantity::read(ratio.at("denominator"))?;
    let (one, unit) = (dose_number(&period.digits) == "1", crate::quantity::normal_unit(&period.unit));
    let unit = if part(&["en", "periods", &unit]).there() {
        plural(&["en", "periods", &unit], one)
    } else {
        period.unit.clone()
    };
    let period = format!("{} {unit}", dose_number(&period.digits));
    Some(say("max", &[("amount", &amount.dose_text()), ("period", period.trim())]))
}

/// A Timing in words; also a bare code.
pub(crate) fn timing(node: &Node<'_>) -> Option<String> {
    let repeat = node.at("repeat");
    let mut parts: Vec<String> = Vec::new();
    parts.extend(frequency(repeat).or_else(|| coded(node.at("code"))));
    let days: Vec<String> = repeat
        .at("dayOfWeek")
        .items()
        .filter_map(|day| word("en.days", &day.text()?))
        .map(str::to_owned)
        .collect();
    if !days.is_empty() {
        parts.push(say("on", &[("days", &listed(&days))]));
    }
    let times: Vec<String> =
        repeat.at("timeOfDay").items().filter_map(|time| Some(clean(time.text()?.get(..5)?))).collect();
    if !times.is_empty() {
        parts.push(say("at", &[("times", &listed(&times))]));
    }
    parts.extend(meals(repeat));
    parts.extend(bounds(repeat));
    if let Some(count) = repeat.str("count") {
        let count = dose_number(&count);
        parts.push(if count == "1" { say("timesOne", &[]) } else { say("times", &[("n", &count)]) });
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn listed(items: &[String]) -> String {
    match items {
        [rest @ .., last] if !rest.is_empty() => format!("{}{}{last}", rest.join(", "), say("list", &[])),
        _ => items.join(""),
    }
}

fn meals(repeat: &Node<'_>) -> Option<String> {
    let when: Vec<String> = repeat
        .at("when")
        .items()
        .filter_map(|when| word("en.when", &when.text()?))
        .map(str::to_owned)
        .collect();
    if when.is_empty() {
        return None;
    }
    let text = listed(&when);
    let offset = repeat.str("offset").map(|digits| dose_number(&digits)).filter(|digits| digits != "0");
    Some(match offset {
        Some(minutes) => say("minutesBefore", &[("n", &minutes), ("when", &text)]),
        None => text,
    })
}

fn coded(code: &Node<'_>) -> Option<String> {
    let of_table = codings(code).find_map(|coding| {
        let code = coding.str("code")?;
        if let Some(text) = word("en.when", &code) {
            return Some(text.to_owned());
        }
        let mut entry = part(&["timing", &code]).items();
        let (times, period, unit) = (entry.next()?.text()?, entry.next()?.text()?, entry.next()?.text()?);
        Some(every(&times, "", &period, "", &unit))
    });
    of_table.or_else(|| label(code, "other", ""))
}

fn frequency(repeat: &Node<'_>) -> Option<String> {
    let number = |key: &str| repeat.str(key).map(|digits| dose_number(&digits)).unwrap_or_default();
    let period = number("period");
    let unit = repeat.str("periodUnit").or_else(|| repeat.str("periodUnits"));
    let times = number("frequency");
    let (Some(unit), false) = (unit, period.is_empty()) else {
        // "Twice, before meals" has a frequency alone.
        return None;
    };
    let times = if times.is_empty() { "1".to_owned() } else { times };
    Some(every(&times, &number("frequencyMax"), &period, &number("periodMax"), &unit))
}

/// `once a day`, `2 times a day`, `every 6 hours`, `2 to 3 times every 4 to 6 hours`.
fn every(times: &str, times_max: &str, period: &str, period_max: &str, unit: &str) -> String {
    let span = |low: &str, high: &str| {
        if high.is_empty() || high == low {
            low.to_owned()
        } else {
            say("toTimes", &[("n", low), ("m", high)])
        }
    };
    let form = |one: bool| {
        if part(&["en", "periods", unit]).there() {
            plural(&["en", "periods", unit], one)
        } else {
            clean(unit)
        }
    };
    let (n, m) = (span(times, times_max), span(period, period_max));
    match (n.as_str(), m.as_str()) {
        ("1", "1") if unit != "h" => say("onceA", &[("unit", &form(true))]),
        ("1", "1") => say("everyOne", &[("unit", &form(true))]),
        ("1", _) => say("every", &[("n", &m), ("units", &form(false))]),
        (_, "1") => say("timesA", &[("n", &n), ("unit", &form(true))]),
        _ => say("timesEvery", &[("n", &n), ("m", &m), ("units", &form(false))]),
    }
}

fn bounds(repeat: &Node<'_>) -> Option<String> {
    let units = |quantity: &Quantity, one: bool| {
        let unit = crate::quantity::normal_unit(&quantity.unit);
        if part(&["en", "periods", &unit]).there() {
            plural(&["en", "periods", &unit], one)
        } else {
            quantity.unit.clone()
        }
    };
    if let Some(length) = Quantity::read(repeat.any(&["boundsDuration", "boundsQuantity"])) {
        let n = dose_number(&length.digits);
        return Some(say("for", &[("n", &n), ("units", &units(&length, n == "1"))]));
    }
    let range = repeat.at("boundsRange");
    if let (Some(low), Some(high)) = (Quantity::read(range.at("low")), Quantity::read(range.at("high"))) {
        let (n, m) = (dose_number(&low.digits), dose_number(&high.digits));
        return Some(say("forTo", &[("n", &n), ("m", &m), ("units", &units(&high, false))]));
    }
    let period = repeat.at("boundsPeriod");
    let day = |key: &str| period.str(key).and_then(|text| date::parse(&text)).map(|moment| moment.day_text());
    match (day("start"), day("end")) {
        (Some(from), Some(to)) => Some(say("fromTo", &[("from", &from), ("to", &to)])),
        (None, Some(to)) => Some(say("until", &[("date", &to)])),
        (Some(from), None) => Some(say("from", &[("date", &from)])),
        (None, None) => None,
    }
}

/// When a prescription runs out, in Unix milliseconds: end of its dosage or of its validity.
pub(crate) fn ends_ms(node: &Node<'_>) -> Option<i64> {
    let of_dosage = node.any(&["dosageInstruction", "dosage"]).items().filter_map(|item| {
        item.at("timing")
            .first()
            .at("repeat")
            .at("boundsPeriod")
            .str("end")
            .map(|end| date::parse(&end).map(|end| end.ms))
    });
    let mut last = None;
    for end in of_dosage {
        last = last.max(Some(end?));
    }
    let period =
        node.any(&["effectivePeriod"]).str("end").and_then(|end| date::parse(&end)).map(|end| end.ms);
    last.or(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> String {
        dosage(&Node::parse(&format!(r#"{{"dosageInstruction":[{json}]}}"#)))
            .map_or("nothing".into(), |dosage| dosage.text)
    }

    #[test]
    fn the_prescriber_s_words_stand() {
        assert_eq!(of(r#"{"text":"1-0-1"}"#), "1-0-1 (morning 1, noon 0, night 1)");
        assert_eq!(of(r#"{"text":"½-0-0-1"}"#), "½-0-0-1");
        assert_eq!(of(r#"{"text":"1/2-0-1"}"#), "1/2-0-1 (morning 1/2, noon 0, night 1)");
        assert_eq!(of(r#"{"text":"1½-0-0-1"}"#), "1½-0-0-1 (morning 1½, noon 0, evening 0, night 1)");
        assert_eq!(of(r#"{"text":"One daily","patientInstruction":"With food"}"#), "One daily. With food");
        assert_eq!(of(r#"{"text":"2024-01-05"}"#), "2024-01-05");
    }

    #[test]
    fn fields_become_a_sentence() {
        let dose = r#""doseAndRate":[{"doseQuantity":{"value":500.0,"unit":"mg"}}]"#;
        assert_eq!(
            of(&format!(r#"{{{dose},"timing":{{"repeat":{{"frequency":2,"period":1,"periodUnit":"d"}}}}}}"#)),
            "500 mg 2 times a day"
        );
        assert_eq!(
            of(
                r#"{"timing":{"repeat":{"frequency":1,"period":6,"periodUnit":"h"}},"asNeededCodeableConcept":{"text":"pain"}}"#
            ),
            "every 6 hours when needed for pain"
        );
        assert_eq!(
            of(
                r#"{"timing":{"code":{"coding":[{"code":"BID"}]},"repeat":{"boundsDuration":{"value":5,"code":"d"}}}}"#
            ),
            "2 times a day for 5 days"
        );
        assert_eq!(
            of(
                r#"{"timing":{"repeat":{"frequency":1,"period":1,"periodUnit":"d","when":["HS"],"boundsPeriod":{"end":"2024-03-09"}}}}"#
            ),
            "once a day at bedtime until 9 Mar 2024"
        );
        assert_eq!(
            of(
                r#"{"doseRange":{"low":{"value":1,"unit":"tablet"},"high":{"value":2,"unit":"tablet"}},"timing":{"repeat":{"frequency":1,"frequencyMax":2,"period":1,"periodUnit":"d","when":["AC"],"offset":30}},"asNeededBoolean":true}"#
            ),
            "1 to 2 tablets 1 to 2 times a day 30 minutes before meals when needed"
        );
        assert_eq!(
            of(
                r#"{"maxDosePerPeriod":{"numerator":{"value":4,"unit":"g"},"denominator":{"value":24,"unit":"h"}},"route":{"coding":[{"code":"26643006"}]}}"#
            ),
            "by mouth, no more than 4 g in 24 hours"
        );
        assert_eq!(
            of(r#"{"timing":{"repeat":{"dayOfWeek":["mon","thu"],"timeOfDay":["08:00:00"],"count":5}}}"#),
            "on Monday and Thursday at 08:00 5 times in all"
        );
        assert_eq!(of("{}"), "nothing");
    }

    #[test]
    fn instructions_follow_their_sequence() {
        let two = |first: u8, second: u8| {
            let json = format!(
                r#"{{"dosageInstruction":[{{"sequence":{second},"text":"B"}},{{"sequence":{first},"text":"A"}}]}}"#
            );
            dosage(&Node::parse(&json)).unwrap().text
        };
        assert_eq!(two(1, 2), "A, then B");
        assert_eq!(two(1, 1), "B; A");
    }
}
