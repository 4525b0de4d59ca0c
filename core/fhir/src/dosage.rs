//! Dosage instructions in words: the prescriber's own, else put together from the fields. Nothing is guessed.

use crate::date;
use crate::label::{clean, codings, known, label, system_name};
use crate::language::Language;
use crate::quantity::{Quantity, dose_number, normal_unit};
use crate::table::part;
use crate::tree::Node;
use crate::value;

/// A dosage line and whether it was put together here.
pub(crate) struct Dosage {
    pub(crate) text: String,
    pub(crate) generated: bool,
}

/// All instructions of a medicine in their sequence; `None` when there is nothing to say.
pub(crate) fn dosage(language: Language, node: &Node<'_>) -> Option<Dosage> {
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
                let text = glossed(language, &own);
                return Some((
                    sequence,
                    match extra.filter(|extra| !extra.is_empty() && *extra != own) {
                        Some(extra) => language.say("dosage", "extra", &[("text", &text), ("extra", &extra)]),
                        None => text,
                    },
                    false,
                ));
            }
            compose(language, item).map(|text| (sequence, text, true))
        })
        .collect();
    // DSTU2 and STU3 have no list.
    if items.is_empty() {
        let dose = Quantity::read(node.at("doseQuantity")).map(|quantity| quantity.dose_text(language));
        items.extend(dose.map(|text| (0, text, true)));
    }
    items.sort_by_key(|(sequence, ..)| *sequence);
    let mut text = String::new();
    let mut last = None;
    for (sequence, item, _) in &items {
        text = match last {
            None => item.clone(),
            Some(last) => {
                let key = if last == *sequence { "and" } else { "then" };
                language.say("dosage", key, &[("first", &text), ("next", item)])
            }
        };
        last = Some(*sequence);
    }
    let generated = items.iter().any(|(.., generated)| *generated);
    (!text.is_empty()).then(|| Dosage { text: crate::label::clip(&text, 400), generated })
}

/// `1-0-1` keeps its form and gains the times of day.
fn glossed(language: Language, text: &str) -> String {
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
        [a, b, c] => language.say("dosage", "gloss3", &[("text", text), ("a", a), ("b", b), ("c", c)]),
        [a, b, c, d] => {
            language.say("dosage", "gloss4", &[("text", text), ("a", a), ("b", b), ("c", c), ("d", d)])
        }
        _ => text.to_owned(),
    }
}

/// The instruction's fields as one sentence, in the order of the language.
fn compose(language: Language, item: &Node<'_>) -> Option<String> {
    let rate = item.at("doseAndRate").first();
    let sources = [rate, item];
    let dose = sources.iter().find_map(|source| {
        Quantity::read(source.any(&["doseQuantity", "doseSimpleQuantity"]))
            .map(|quantity| quantity.dose_text(language))
            .or_else(|| value::dose_range(language, source.at("doseRange")))
    });
    let speed = sources.iter().find_map(|source| {
        Quantity::read(source.at("rateQuantity"))
            .map(|quantity| quantity.text(language, &[]))
            .or_else(|| value::text(language, source, "rate", &[]))
    });
    let speed = speed.map(|rate| language.say("dosage", "rate", &[("rate", &rate)]));
    let route =
        known(language, item.at("route"), "route").or_else(|| label(language, item.at("route"), "other", ""));
    let timing = Timing::read(language, item.at("timing").first());
    let as_needed = as_needed(language, item);
    let limits = item.at("maxDosePerPeriod").items().filter_map(|ratio| limit(language, ratio));
    let extra = item.any(&["additionalInstruction", "additionalInstructions"]).items();
    let extra =
        extra.filter_map(|extra| ordered(language, extra).or_else(|| label(language, extra, "other", "")));
    let (limits, extra) = (limits.collect::<Vec<_>>().join(", "), extra.collect::<Vec<_>>().join(", "));
    let text = language.sentence(
        "dosage",
        &[
            ("dose", dose.as_deref()),
            ("rate", speed.as_deref()),
            ("route", route.as_deref()),
            ("frequency", timing.frequency.as_deref()),
            ("days", timing.days.as_deref()),
            ("times", timing.times.as_deref()),
            ("meals", timing.meals.as_deref()),
            ("duration", timing.duration.as_deref()),
            ("count", timing.count.as_deref()),
            ("asNeeded", as_needed.as_deref()),
            ("limits", Some(&limits)),
            ("extra", Some(&extra)),
        ],
    );
    let more = item.str("patientInstruction").map(|more| clean(&more)).filter(|more| !more.is_empty());
    match (text, more) {
        (Some(text), Some(more)) => {
            Some(language.say("dosage", "extra", &[("text", &text), ("extra", &more)]))
        }
        (text, more) => text.or(more),
    }
}

fn as_needed(language: Language, item: &Node<'_>) -> Option<String> {
    let reason = label(language, item.any(&["asNeededCodeableConcept", "asNeededFor"]), "other", "");
    let plain = item.truth("asNeededBoolean").or_else(|| item.truth("asNeeded")).unwrap_or(false);
    match reason {
        Some(reason) => Some(language.say("dosage", "asNeededFor", &[("x", &reason)])),
        None => plain.then(|| language.say("dosage", "asNeeded", &[])),
    }
}

fn limit(language: Language, ratio: &Node<'_>) -> Option<String> {
    let amount = Quantity::read(ratio.at("numerator"))?;
    let period = Quantity::read(ratio.at("denominator"))?;
    let number = dose_number(&period.digits);
    let period = format!("{number} {}", period_of(language, &period, &number));
    let places = [("amount", &*amount.dose_text(language)), ("period", period.trim())];
    Some(language.say("dosage", "max", &places))
}

/// The word of a length of time after a number; the unit as written where there is none.
fn period_word(language: Language, unit: &str, number: &str) -> Option<String> {
    language.has("periods", unit).then(|| language.say("periods", unit, &[("n", number)]))
}

fn period_of(language: Language, quantity: &Quantity, number: &str) -> String {
    period_word(language, &normal_unit(&quantity.unit), number).unwrap_or_else(|| quantity.unit.clone())
}

/// A Timing in words, by its parts.
#[derive(Default)]
struct Timing {
    frequency: Option<String>,
    days: Option<String>,
    times: Option<String>,
    meals: Option<String>,
    duration: Option<String>,
    count: Option<String>,
}

impl Timing {
    fn read(language: Language, node: &Node<'_>) -> Timing {
        let repeat = node.at("repeat");
        let days: Vec<String> = repeat
            .at("dayOfWeek")
            .items()
            .filter_map(|day| language.word("days", &day.text()?))
            .map(str::to_owned)
            .collect();
        let times: Vec<String> =
            repeat.at("timeOfDay").items().filter_map(|time| Some(clean(time.text()?.get(..5)?))).collect();
        let list = |key: &str, place: &str, items: &[String]| {
            (!items.is_empty()).then(|| language.say("dosage", key, &[(place, &listed(language, items))]))
        };
        Timing {
            frequency: frequency(language, repeat).or_else(|| coded(language, node.at("code"))),
            days: list("on", "days", &days),
            times: list("at", "times", &times),
            meals: meals(language, repeat),
            duration: bounds(language, repeat),
            count: repeat
                .str("count")
                .map(|count| language.say("dosage", "times", &[("n", &dose_number(&count))])),
        }
    }
}

fn listed(language: Language, items: &[String]) -> String {
    match items {
        [rest @ .., last] if !rest.is_empty() => {
            language.say("dosage", "list", &[("first", &rest.join(", ")), ("last", last)])
        }
        _ => items.join(""),
    }
}

fn meals(language: Language, repeat: &Node<'_>) -> Option<String> {
    let codes: Vec<_> = repeat.at("when").items().filter_map(Node::text).collect();
    let when: Vec<String> =
        codes.iter().filter_map(|code| language.word("when", code)).map(str::to_owned).collect();
    if when.is_empty() {
        return None;
    }
    let text = listed(language, &when);
    let offset = repeat.str("offset").map(|digits| dose_number(&digits)).filter(|digits| digits != "0");
    let Some(minutes) = offset else { return Some(text) };
    if let [code] = codes.as_slice()
        && language.has("minutes", code)
    {
        return Some(language.say("minutes", code, &[("n", &minutes)]));
    }
    Some(language.say("dosage", "minutesBefore", &[("n", &minutes), ("when", &text)]))
}

fn coded(language: Language, code: &Node<'_>) -> Option<String> {
    let known = codings(code).find_map(|coding| {
        let code = coding.str("code")?;
        if let Some(text) = language.word("when", &code) {
            return Some(text.to_owned());
        }
        of_table(language, &code)
    });
    known.or_else(|| label(language, code, "other", ""))
}

/// How often, by a code of the table.
fn of_table(language: Language, code: &str) -> Option<String> {
    let mut entry = part(&["timing", code]).items();
    let (times, period, unit) = (entry.next()?.text()?, entry.next()?.text()?, entry.next()?.text()?);
    Some(every(language, &times, "", &period, "", &unit))
}

/// How often, where an instruction beside the timing says so by a SNOMED CT code, as the examples of ABDM do.
fn ordered(language: Language, extra: &Node<'_>) -> Option<String> {
    codings(extra)
        .filter(|coding| coding.str("system").is_some_and(|system| system_name(&system) == Some("SNOMED CT")))
        .find_map(|coding| of_table(language, &coding.str("code")?))
}

fn frequency(language: Language, repeat: &Node<'_>) -> Option<String> {
    let number = |key: &str| repeat.str(key).map(|digits| dose_number(&digits)).unwrap_or_default();
    let period = number("period");
    let unit = repeat.str("periodUnit").or_else(|| repeat.str("periodUnits"));
    let times = number("frequency");
    let (Some(unit), false) = (unit, period.is_empty()) else {
        // "Twice, before meals" has a frequency alone.
        return None;
    };
    let times = if times.is_empty() { "1".to_owned() } else { times };
    Some(every(language, &times, &number("frequencyMax"), &period, &number("periodMax"), &unit))
}

/// `once a day`, `2 times a day`, `every 6 hours`, `2 to 3 times every 4 to 6 hours`.
fn every(
    language: Language,
    times: &str,
    times_max: &str,
    period: &str,
    period_max: &str,
    unit: &str,
) -> String {
    let say = |key: &str, places: &[(&str, &str)]| language.say("dosage", key, places);
    let span = |low: &str, high: &str| {
        if high.is_empty() || high == low {
            low.to_owned()
        } else {
            say("toTimes", &[("n", low), ("m", high)])
        }
    };
    let form = |number: &str| period_word(language, unit, number).unwrap_or_else(|| clean(unit));
    let (n, m) = (span(times, times_max), span(period, period_max));
    match (n.as_str(), m.as_str()) {
        ("1", "1") if unit != "h" => say("onceA", &[("unit", &form("1"))]),
        ("1", "1") => say("everyOne", &[("unit", &form("1"))]),
        ("1", _) => say("every", &[("n", &m), ("units", &form(&m))]),
        (_, "1") => say("timesA", &[("n", &n), ("unit", &form("1"))]),
        _ => say("timesEvery", &[("n", &n), ("m", &m), ("units", &form(&m))]),
    }
}

fn bounds(language: Language, repeat: &Node<'_>) -> Option<String> {
    let say = |key: &str, places: &[(&str, &str)]| language.say("dosage", key, places);
    if let Some(length) = Quantity::read(repeat.any(&["boundsDuration", "boundsQuantity"])) {
        let n = dose_number(&length.digits);
        return Some(say("for", &[("n", &n), ("units", &period_of(language, &length, &n))]));
    }
    let range = repeat.at("boundsRange");
    if let (Some(low), Some(high)) = (Quantity::read(range.at("low")), Quantity::read(range.at("high"))) {
        let (n, m) = (dose_number(&low.digits), dose_number(&high.digits));
        // Of a span, what stands after its second number is always the form for many.
        return Some(say("forTo", &[("n", &n), ("m", &m), ("units", &period_of(language, &high, ""))]));
    }
    let period = repeat.at("boundsPeriod");
    let day = |key: &str| {
        period.str(key).and_then(|text| date::parse(&text)).map(|moment| moment.day_text(language))
    };
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
            .map(|end| date::parse(&end).map(|end| end.as_end_ms()))
    });
    let mut last = None;
    for end in of_dosage {
        last = last.max(Some(end?));
    }
    let period = node
        .any(&["effectivePeriod"])
        .str("end")
        .and_then(|end| date::parse(&end))
        .map(|end| end.as_end_ms());
    last.or(period)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> String {
        dosage(Language::English, &Node::parse(&format!(r#"{{"dosageInstruction":[{json}]}}"#)))
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
                r#"{"route":{"coding":[{"code":"6064005"}]},"additionalInstruction":[{"coding":[{"system":"http://snomed.info/sct","code":"229799001","display":"Twice a day"}]}]}"#
            ),
            "on the skin, 2 times a day"
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
            dosage(Language::English, &Node::parse(&json)).unwrap().text
        };
        assert_eq!(two(1, 2), "A, then B");
        assert_eq!(two(1, 1), "B; A");
    }
}
