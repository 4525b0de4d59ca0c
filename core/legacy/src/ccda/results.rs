//! Results, vital signs and what else was observed, as `DiagnosticReport` and `Observation`.

use super::datatypes::{identifiers, is_code};
use super::intervals::Interval;
use super::reader::{Mood, Reader, all, known, mood, negated, one, path, related, statements, status_of};
use super::templates::is_of;
use crate::json::{Json, list, object, text};
use crate::resource::{coded, named};
use crate::xml::Element;

const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const SERVICE: &str = "http://terminology.hl7.org/CodeSystem/v2-0074";

/// Kinds of laboratory studies: LOINC (chemistry, coagulation, haematology, microbiology, serology, all of them) and
/// SNOMED CT.
const LABORATORY: [&str; 9] =
    ["18719-5", "18720-3", "18721-1", "18723-7", "18725-2", "18727-8", "18728-6", "26436-6", "252275004"];

/// Status of an act (HL7 v3 `ActStatus`) as that of an observation or report.
fn status(statement: Element<'_>) -> &'static str {
    match status_of(statement) {
        "completed" => "final",
        "active" => "preliminary",
        "new" | "held" | "suspended" => "registered",
        "aborted" | "cancelled" => "cancelled",
        "nullified" => "entered-in-error",
        _ => "unknown",
    }
}

impl<'t> Reader<'t> {
    /// Result Organizer: `DiagnosticReport` with its `Observation`s.
    pub(super) fn report(&mut self, organizer: Element<'t>) {
        if negated(organizer) {
            return self.leave(organizer, "ccda-negated");
        }
        let before = self.accounted();
        let results = self.components(organizer, Some("laboratory"));
        let code = self.concept_of(organizer, "code");
        if self.accounted() == before {
            return self.leave(organizer, "ccda-not-recorded");
        }
        let Some(code) = code else {
            return self.leave(organizer, "ccda-no-code");
        };
        let names = self.actors(organizer, "performer").into_iter().chain(self.actors(organizer, "author"));
        let mut report = object([
            ("resourceType", text("DiagnosticReport")),
            ("identifier", identifiers(organizer)),
            ("status", text(status(organizer))),
            ("category", list([coded(SERVICE, "LAB")]).filter(|_| is_laboratory(organizer))),
            ("code", Some(code)),
            ("subject", self.subject()),
            ("performer", list(names.filter_map(|name| named(Some(name))))),
            ("result", list(results.iter().filter_map(|at| self.reference(*at)))),
        ]);
        Interval::of(organizer).put(&mut report, "effectiveDateTime", "effectivePeriod");
        if !report.has("effectiveDateTime") && !report.has("effectivePeriod") {
            report.put("effectiveDateTime", self.common_moment(&results));
        }
        report.put("conclusion", text(self.remarks(organizer).join("\n")));
        self.add(organizer, report);
    }

    /// The moment of all these observations, where they have only one.
    fn common_moment(&mut self, results: &[usize]) -> Option<Json> {
        let mut common = None;
        for at in results {
            let moment = self.made(*at)?.get("effectiveDateTime")?.clone();
            if common.get_or_insert_with(|| moment.clone()) != &moment {
                return None;
            }
        }
        common
    }

    /// Vital Signs Organizer: its `Observation`s, each by itself as the document has them, save that the two values of a
    /// blood pressure are one.
    pub(super) fn vitals(&mut self, organizer: Element<'t>) {
        if negated(organizer) {
            return self.leave(organizer, "ccda-negated");
        }
        let before = self.accounted();
        let found = self.components(organizer, Some("vital-signs"));
        self.join_pressures(&found);
        if self.accounted() == before {
            self.leave(organizer, "ccda-not-recorded");
        }
    }

    /// The observations in an organizer, and in organizers within it; gives their places.
    fn components(&mut self, organizer: Element<'t>, category: Option<&'static str>) -> Vec<usize> {
        let mut made = Vec::new();
        let inner = |holder: Element<'t>| {
            let mut found: Vec<(Element<'t>, Element<'t>)> =
                all(holder, "component").flat_map(statements).map(|statement| (holder, statement)).collect();
            found.reverse();
            found
        };
        let mut open = inner(organizer);
        while let Some((holder, statement)) = open.pop() {
            match statement.name() {
                _ if known(statement).is_none() => self.leave(statement, "ccda-not-recorded"),
                "organizer" if !negated(statement) => {
                    let found = inner(statement);
                    if found.is_empty() {
                        self.leave(statement, "ccda-not-recorded");
                    }
                    open.extend(found);
                }
                "observation" if mood(statement) == Mood::Event && one(statement, "subject").is_none() => {
                    let before = self.count();
                    self.observation(statement, Some(holder), category);
                    made.extend(before..self.count());
                }
                "observationMedia" => self.media(statement),
                _ => self.leave(statement, "ccda-not-read"),
            }
        }
        made
    }

    /// `Observation`. `organizer` holds it, and tells when it was where it does not itself.
    pub(super) fn observation(
        &mut self,
        statement: Element<'t>,
        organizer: Option<Element<'t>>,
        category: Option<&'static str>,
    ) {
        if negated(statement) {
            return self.leave(statement, "ccda-negated");
        }
        let words = || self.statement_text(statement);
        let code = one(statement, "code")
            .and_then(|code| self.concept_or(code, if known(code).is_some() { None } else { words() }));
        let Some(code) = code.or_else(|| words().and_then(text).map(|words| object([("text", Some(words))])))
        else {
            return self.leave(statement, "ccda-no-code");
        };
        let names = self.actors(statement, "performer").into_iter().chain(self.actors(statement, "author"));
        let method = one(statement, "methodCode").and_then(|method| self.concept(method));
        let specimen = self.specimen(statement).or_else(|| self.specimen(organizer?));
        let category = category.filter(|category| {
            *category != "laboratory" || has_specimen(statement) || organizer.is_some_and(is_laboratory)
        });
        let mut observation = object([
            ("resourceType", text("Observation")),
            ("identifier", identifiers(statement)),
            ("status", text(status(statement))),
            ("category", list(category.map(|category| coded(CATEGORY, category)))),
            ("code", Some(code)),
            ("subject", self.subject()),
            ("performer", list(names.filter_map(|name| named(Some(name))))),
            ("interpretation", self.interpretations(statement)),
            ("bodySite", one(statement, "targetSiteCode").and_then(|site| self.concept(site))),
            ("method", method),
            ("specimen", named(specimen)),
            ("referenceRange", self.ranges(statement)),
        ]);
        let time = Interval::of(statement);
        time.put(&mut observation, "effectiveDateTime", "effectivePeriod");
        // One moment for all of them is that of each.
        let whole = organizer.map(Interval::of).and_then(|time| time.value);
        if one(statement, "effectiveTime").is_none() {
            observation.put("effectiveDateTime", whole);
        }
        let mut more: Vec<String> = self.put_value(&mut observation, statement);
        more.extend(self.particulars(statement));
        observation.put("note", self.notes(statement, more));
        self.add(statement, observation);
    }

    fn specimen(&self, statement: Element<'t>) -> Option<String> {
        let entity = path(statement, &["specimen", "specimenRole", "specimenPlayingEntity"])?;
        self.label(one(entity, "code")?).or_else(|| self.full_name(one(entity, "name")?))
    }

    /// Observations within an observation, in words: they say more about it.
    fn particulars(&self, statement: Element<'t>) -> Vec<String> {
        let found = related(statement).map(|related| related.statement).filter(|found| {
            found.name() == "observation"
                && known(*found).is_some()
                && !negated(*found)
                && mood(*found) == Mood::Event
                && !is_of(*found, &["cda:22.4.64", "cda:1.40"])
        });
        found
            .filter_map(|found| {
                let value = one(found, "value")
                    .and_then(|value| self.label(value).or_else(|| self.plain_value(value)))?;
                let code = one(found, "code").filter(|code| !is_code(*code, &["ASSERTION"]));
                Some(match code.and_then(|code| self.label(code)) {
                    Some(name) => format!("{name}: {value}"),
                    None => value,
                })
            })
            .collect()
    }

    fn plain_value(&self, value: Element<'t>) -> Option<String> {
        let number = known(value)?.attribute("value");
        match number {
            Some(number) => {
                Some(format!("{number} {}", value.attribute("unit").unwrap_or_default()).trim().to_owned())
            }
            None => self.words(value),
        }
    }
}

/// Whether a report, or what is in it, is said to be a laboratory's: by its kind, or by the sample it was made of.
/// Pictures and readings of the heart are results, too.
fn is_laboratory(organizer: Element<'_>) -> bool {
    let kind = one(organizer, "code").is_some_and(|code| is_code(code, &LABORATORY));
    kind || has_specimen(organizer) || all(organizer, "component").flat_map(statements).any(has_specimen)
}

fn has_specimen(statement: Element<'_>) -> bool {
    one(statement, "specimen").is_some()
}
