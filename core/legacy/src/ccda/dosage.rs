//! How a medicine is taken, as `Dosage`.

use super::intervals::{Interval, moment};
use super::reader::{Reader, all, code_of, known, one, path, related};
use super::templates::is_of;
use super::values::{bounds, quantity_of};
use crate::json::{Json, list, object, text};
use crate::xml::Element;

/// HL7 v3 `TimingEvent`, as far as FHIR's event timing has it.
const EVENTS: [&str; 14] =
    ["AC", "ACD", "ACM", "ACV", "C", "CD", "CM", "CV", "HS", "PC", "PCD", "PCM", "PCV", "WAKE"];
/// Most nested steps of one dosage.
const MOST_STEPS: usize = 64;

/// The repetitions of a dosage, put together.
#[derive(Default)]
struct Timing {
    /// Members of `Timing.repeat`.
    repeat: Vec<(&'static str, Json)>,
    when: Vec<Json>,
    words: Option<String>,
    /// Something of it could not be said.
    lost: bool,
}

impl<'t> Reader<'t> {
    /// `Dosage`s of a substance administration: its own, and those of the steps in it.
    pub(super) fn dosages(&mut self, statement: Element<'t>, name: Option<&str>, planned: bool) -> Vec<Json> {
        let mut made = Vec::new();
        let (sig, instructions) = self.instructions(statement);
        let own = self.dosage(statement, planned);
        let words = sig.or_else(|| self.sig_of_text(statement, name, own == object([])));
        let mut own = own;
        own.put("text", words.and_then(text));
        own.put("patientInstruction", text(instructions.join("\n")));
        if own != object([]) {
            made.push(own);
        }
        let steps = related(statement).filter(|related| {
            related.statement.name() == "substanceAdministration"
                && related.kind == "COMP"
                && !is_of(related.statement, &["cda:22.4.147"])
        });
        for step in steps.take(MOST_STEPS).collect::<Vec<_>>() {
            let mut dosage = self.dosage(step.statement, planned);
            if dosage == object([]) {
                continue;
            }
            dosage.put("text", self.statement_text(step.statement).and_then(text));
            let number = all(statement, "entryRelationship")
                .find(|relationship| {
                    relationship.children().any(|child| child.place() == step.statement.place())
                })
                .and_then(|relationship| one(relationship, "sequenceNumber")?.attribute("value"));
            dosage.put("sequence", number.filter(|number| is_count(number)).and_then(Json::number));
            made.push(dosage);
        }
        made
    }

    /// Free Text Sig, and what is said to the patient.
    fn instructions(&self, statement: Element<'t>) -> (Option<String>, Vec<String>) {
        let (mut sig, mut told) = (None, Vec::new());
        for found in related(statement).map(|related| related.statement) {
            let code = code_of(one(found, "code"));
            if is_of(found, &["cda:22.4.147"]) || code == Some("76662-6") {
                sig = sig.or_else(|| self.statement_text(found));
            } else if is_of(found, &["cda:22.4.20", "cda:1.49", "ihe:4.3"]) {
                told.extend(self.statement_text(found));
            }
        }
        (sig, told)
    }

    /// In C32 the text of a medicine is how it is to be taken; later it is whatever the narrative says of it, which is a
    /// dosage only where nothing else tells one.
    fn sig_of_text(&self, statement: Element<'t>, name: Option<&str>, alone: bool) -> Option<String> {
        let pointed = self.said(one(statement, "text")?)?;
        let old = !is_of(statement, &["cda:22.4.16", "cda:22.4.42"]);
        let same = name.is_some_and(|name| name.trim().eq_ignore_ascii_case(pointed.words.trim()));
        (!same && !pointed.whole && (old || alone)).then_some(pointed.words)
    }

    fn dosage(&mut self, statement: Element<'t>, planned: bool) -> Json {
        let mut timing = self.timing(statement);
        if planned
            && let Some(count) =
                one(statement, "repeatNumber").and_then(known).and_then(|count| count.attribute("value"))
            && is_count(count)
            && count != "0"
            && let Some(count) = Json::number(count)
        {
            timing.repeat.push(("count", count));
        }
        let bounds = Interval::of(statement);
        if planned && let Some(period) = bounds.period() {
            let period = if bounds.value.is_some() { None } else { Some(period) };
            timing.repeat.extend(period.map(|period| ("boundsPeriod", period)));
        }
        if timing.lost {
            self.leave(statement, "ccda-part-not-read");
        }
        let mut dosage = object([
            ("timing", timing.finish()),
            ("route", self.concept_of(statement, "routeCode")),
            ("site", self.concept_of(statement, "approachSiteCode")),
        ]);
        let (needed, reason) = self.as_needed(statement);
        if reason.is_some() {
            dosage.put("asNeededCodeableConcept", reason);
        } else if needed {
            dosage.put("asNeededBoolean", Some(Json::Bool(true)));
        }
        let rate = amount(statement, "rateQuantity", ["rateQuantity", "rateRange"], None);
        let unit = one(statement, "administrationUnitCode").and_then(|unit| self.label(unit));
        let dose = amount(statement, "doseQuantity", ["doseQuantity", "doseRange"], unit.as_deref());
        let members: Vec<(&'static str, Json)> = dose.into_iter().chain(rate).collect();
        if !members.is_empty() {
            dosage.put("doseAndRate", Some(Json::List(vec![Json::Object(members)])));
        }
        dosage.put("maxDosePerPeriod", one(statement, "maxDoseQuantity").and_then(|most| self.ratio(most)));
        dosage
    }

    /// `precondition`: only when needed, and for what.
    fn as_needed(&self, statement: Element<'t>) -> (bool, Option<Json>) {
        let mut conditions = all(statement, "precondition").filter_map(known).peekable();
        let needed = conditions.peek().is_some();
        let reason = conditions.find_map(|condition| {
            let criterion = one(condition, "criterion")?;
            let value = one(criterion, "value").and_then(|value| self.concept(value));
            let code = || one(criterion, "code").filter(|code| code_of(Some(*code)) != Some("ASSERTION"));
            let words = || one(criterion, "text").and_then(|text| self.said(text)).map(|said| said.words);
            value
                .or_else(|| self.concept(code()?))
                .or_else(|| words().and_then(text).map(|words| object([("text", Some(words))])))
        });
        (needed, reason)
    }

    /// `PIVL_TS`, `EIVL_TS` and combinations of them.
    fn timing(&self, statement: Element<'t>) -> Timing {
        let mut timing = Timing::default();
        let mut open: Vec<Element<'t>> = all(statement, "effectiveTime").collect();
        open.reverse();
        while let Some(time) = open.pop() {
            if known(time).is_none() {
                continue;
            }
            let period = one(time, "period");
            match time.schema_type() {
                Some("SXPR_TS") => open.extend(all(time, "comp").collect::<Vec<_>>().into_iter().rev()),
                Some("EIVL_TS") => self.event(time, &mut timing),
                Some("PIVL_TS") => periodic(time, period, &mut timing),
                _ if period.is_some() => periodic(time, period, &mut timing),
                _ => {}
            }
        }
        timing
    }

    /// `EIVL_TS`: at an event of the day, or some time from it.
    fn event(&self, time: Element<'t>, timing: &mut Timing) {
        let Some(event) = one(time, "event") else {
            timing.lost = true;
            return;
        };
        let code = code_of(Some(event)).unwrap_or_default();
        if !EVENTS.contains(&code) {
            let words = self.label(event).or_else(|| text(code).map(|_| code.to_owned()));
            timing.lost |= words.is_none();
            timing.words = timing.words.take().or(words);
            return;
        }
        timing.when.extend(text(code));
        let Some(offset) = one(time, "offset") else { return };
        let offset = one(offset, "low").unwrap_or(offset);
        let minutes =
            offset.attribute("value").and_then(|value| value.trim_start_matches('-').parse::<u32>().ok());
        let minutes = match offset.attribute("unit") {
            Some("min") => minutes,
            Some("h") => minutes.and_then(|hours| hours.checked_mul(60)),
            _ => None,
        };
        match minutes {
            // FHIR counts an offset from before a meal or after one, and knows no other.
            Some(minutes) if code.starts_with(['A', 'P', 'H']) => {
                timing.repeat.push(("offset", Json::Number(minutes.to_string())));
            }
            _ => timing.lost = true,
        }
    }
}

impl Timing {
    fn finish(self) -> Option<Json> {
        let mut repeat = Json::Object(Vec::new());
        for (key, value) in self.repeat {
            if !repeat.has(key) {
                repeat.put(key, Some(value));
            }
        }
        repeat.put("when", list(self.when));
        let words = self.words.and_then(text).map(|words| object([("text", Some(words))]));
        let made = object([("repeat", Some(repeat).filter(|repeat| *repeat != object([]))), ("code", words)]);
        (made != object([])).then_some(made)
    }
}

/// `PQ` or `IVL_PQ`. A number that has no unit counts what `unit` names: tablets, puffs.
fn amount(
    statement: Element<'_>,
    name: &'static str,
    [one_key, range_key]: [&'static str; 2],
    unit: Option<&str>,
) -> Option<(&'static str, Json)> {
    let element = known(one(statement, name)?)?;
    let counted = |element: Element<'_>| {
        let number = Json::number(known(element)?.attribute("value")?)?;
        let own = element.attribute("unit").filter(|unit| *unit != "1");
        Some(match (own, unit) {
            (None, Some(unit)) => object([("value", Some(number)), ("unit", text(unit))]),
            (own, _) => quantity_of(number, None, own),
        })
    };
    if let Some(quantity) = counted(element) {
        return Some((one_key, quantity));
    }
    let end = |name: &'static str| one(element, name).and_then(counted);
    match (end("low"), end("high")) {
        (Some(low), Some(high)) if low == high => Some((one_key, low)),
        (None, None) => one(element, "center").and_then(counted).map(|center| (one_key, center)),
        (low, high) => Some((range_key, object([("low", low), ("high", high)]))),
    }
}

/// `PIVL_TS`: every so often. Where an institution sets the hours, every 8 hours means three times a day.
fn periodic(time: Element<'_>, period: Option<Element<'_>>, timing: &mut Timing) {
    if timing.repeat.iter().any(|(key, _)| *key == "period") {
        timing.lost = true;
        return;
    }
    let Some(period) = period.and_then(known) else {
        timing.lost |= period.is_none();
        return;
    };
    // An hour or a day of the week is set by a phase, and by its alignment.
    timing.lost |= time.attribute("alignment").is_some();
    let (low, high) = bounds(period, &Json::number);
    let (low_at, high_at) = (one(period, "low"), one(period, "high"));
    let (value, unit) = match low_at {
        Some(low) => (low.attribute("value"), low.attribute("unit")),
        None => (period.attribute("value"), period.attribute("unit")),
    };
    let (Some(value), Some(unit)) = (value, unit.and_then(unit_of_time)) else {
        timing.lost = true;
        return;
    };
    let Some(number) = Json::number(value) else {
        timing.lost = true;
        return;
    };
    let hours = match (unit, value.parse::<u32>()) {
        ("h", Ok(hours)) if hours > 0 && 24 % hours == 0 => Some(24 / hours),
        _ => None,
    };
    if time.attribute("institutionSpecified") == Some("true")
        && low_at.is_none()
        && let Some(times) = hours
    {
        timing.repeat.push(("frequency", Json::Number(times.to_string())));
        timing.repeat.push(("period", Json::Number("1".to_owned())));
        timing.repeat.push(("periodUnit", Json::Text("d".to_owned())));
        return;
    }
    timing.repeat.push(("frequency", Json::Number("1".to_owned())));
    timing.repeat.push(("period", number));
    if low != high
        && let Some(high) = high_at.and_then(|high| high.attribute("value")).and_then(Json::number)
    {
        timing.repeat.push(("periodMax", high));
    }
    timing.repeat.push(("periodUnit", Json::Text(unit.to_owned())));
}

fn unit_of_time(unit: &str) -> Option<&'static str> {
    ["s", "min", "h", "d", "wk", "mo", "a"].into_iter().find(|known| *known == unit)
}

/// A whole number that is small enough to count with.
pub(super) fn is_count(number: &str) -> bool {
    !number.is_empty() && number.len() <= 6 && number.bytes().all(|byte| byte.is_ascii_digit())
}

/// The single moment at which something is to be given.
pub(super) fn single_moment(statement: Element<'_>) -> Option<Json> {
    path(statement, &["effectiveTime"]).and_then(moment)
}
