//! Family history organizers, as `FamilyMemberHistory`.

use super::datatypes::{gender, identifiers, is_code};
use super::reader::{Reader, all, extension, known, negated, one, path, related, statements, status_of};
use super::templates::is_of;
use crate::json::{Json, list, object, text};
use crate::resource::somebody;
use crate::timestamp::date_time;
use crate::xml::Element;

impl<'t> Reader<'t> {
    /// What one relative has or had.
    pub(super) fn family(&mut self, organizer: Element<'t>) {
        let relative = path(organizer, &["subject", "relatedSubject"]);
        let relation = relative.and_then(|relative| self.concept_of(relative, "code"));
        let Some(relation) = relation.filter(|_| !negated(organizer)) else {
            let reason = if negated(organizer) { "ccda-negated" } else { "ccda-no-code" };
            return self.leave(organizer, reason);
        };
        let person = relative.and_then(|relative| one(relative, "subject"));
        let of_person = |name: &'static str| person.and_then(|person| one(person, name));
        let born = of_person("birthTime").and_then(known).and_then(|born| born.attribute("value"));
        let born = born.and_then(|born| date_time(born.get(..8).unwrap_or(born), "")).and_then(text);
        let sex = of_person("administrativeGenderCode").and_then(|code| self.concept(code));
        let sex = sex.filter(|_| gender(of_person("administrativeGenderCode")).is_some());
        let (conditions, died) = self.conditions(organizer);
        if conditions.is_empty() && !died {
            return self.leave(organizer, "ccda-not-recorded");
        }
        let dead = person.and_then(|person| extension(person, "deceasedInd")).and_then(|dead| {
            match known(dead)?.attribute("value")? {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            }
        });
        let dead = if died { Some(true) } else { dead };
        let history = object([
            ("resourceType", text("FamilyMemberHistory")),
            ("identifier", identifiers(organizer)),
            (
                "status",
                text(if status_of(organizer) == "nullified" { "entered-in-error" } else { "completed" }),
            ),
            ("patient", Some(somebody(self.subject()))),
            ("name", of_person("name").and_then(|name| self.full_name(name)).and_then(text)),
            ("relationship", Some(relation)),
            ("sex", sex),
            ("bornDate", born),
            ("deceasedBoolean", dead.map(Json::Bool)),
            ("condition", list(conditions)),
        ]);
        self.add(organizer, history);
    }

    /// `condition`s, and whether the relative died of one.
    fn conditions(&mut self, organizer: Element<'t>) -> (Vec<Json>, bool) {
        let mut conditions = Vec::new();
        let mut died = false;
        for found in all(organizer, "component").flat_map(statements).collect::<Vec<_>>() {
            if found.name() != "observation" {
                self.leave(found, "ccda-not-read");
                continue;
            }
            if negated(found) {
                self.leave(found, "ccda-negated");
                continue;
            }
            let words = self.statement_text(found);
            let code = one(found, "value").and_then(|value| self.concept_or(value, words.clone()));
            let code = code.or_else(|| words.and_then(text).map(|words| object([("text", Some(words))])));
            let Some(code) = code else {
                self.leave(found, "ccda-no-code");
                continue;
            };
            let aside = |templates: &[&str], codes: &[&str]| {
                related(found).map(|related| related.statement).find(|other| {
                    is_of(*other, templates) || one(*other, "code").is_some_and(|code| is_code(code, codes))
                })
            };
            let age = aside(&["cda:22.4.31", "cda:1.38"], &["445518008", "397659008"]);
            let age = age.and_then(|age| self.quantity(one(age, "value")?));
            let death = related(found).filter(|related| !negated(related.statement)).any(|related| {
                is_of(related.statement, &["cda:22.4.47", "cda:1.42"])
                    || (related.kind == "CAUS"
                        && one(related.statement, "value")
                            .is_some_and(|value| is_code(value, &["419099009"])))
            });
            died |= death;
            conditions.push(object([
                ("code", Some(code)),
                ("contributedToDeath", death.then_some(Json::Bool(true))),
                ("onsetAge", age),
                ("note", self.notes(found, Vec::new())),
            ]));
        }
        (conditions, died)
    }
}
