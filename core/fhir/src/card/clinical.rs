//! Problems, allergies, procedures, family history.

use super::medicine::person;
use super::{Draft, join, narrative, note, plain, status_is, status_word};
use crate::label::{codings, has_code, known, label};
use crate::names::Holder;
use crate::standing::Standing;
use crate::table::{phrase, word};
use crate::timeline::age_text;
use crate::tree::Node;
use crate::value;

/// A diagnosis or problem.
pub(crate) fn condition(holder: &Holder<'_>, draft: &mut Draft) {
    let root = holder.root;
    draft.title = label(root.at("code"), "condition", "").or_else(|| narrative(root, 80));
    if status_is(root, &["refuted"]) {
        draft.stand(Standing::Refuted, "refuted");
    } else if status_is(root, &["unconfirmed", "provisional", "differential", "suspected"]) {
        draft.stand(Standing::Unconfirmed, "suspected");
    }
    draft.chip(status_word(root, "clinicalStatus", "clinicalStatus"));
    let visit = has_code(root.at("category"), &["encounter-diagnosis", "diagnosis"]);
    draft.chip(visit.then(|| phrase("visitDiagnosis", &[])));
    let severity =
        known(root.at("severity"), "severity").or_else(|| label(root.at("severity"), "other", "severity"));
    let place = label(root.at("bodySite"), "other", "");
    draft.line = join([severity, place]).or_else(|| note(root));
    draft.words.extend(super::reasons(holder));
}

/// An allergy or intolerance, or the statement that there is none.
pub(crate) fn allergy(holder: &Holder<'_>, draft: &mut Draft) {
    let root = holder.root;
    let code = root.any(&["code", "substance"]);
    let refuted = status_is(root, &["refuted"]);
    let none = codings(code.first()).find_map(|coding| word("noKnownAllergy", &coding.str("code")?));
    if let Some(kind) = none {
        draft.title = word("en.noKnown", kind).map(str::to_owned);
    } else {
        let substance = label(code, "medication", "")
            .or_else(|| label(root.at("reaction").first().at("substance"), "medication", ""))
            .or_else(|| narrative(root, 80));
        let sort = if root.has("type", "intolerance") || has_code(root.at("type"), &["intolerance"]) {
            "intolerance"
        } else {
            "allergy"
        };
        draft.title = substance.map(|x| {
            if sort == "allergy" {
                phrase("allergy", &[("x", &x)])
            } else {
                phrase("intolerance", &[("x", &x)])
            }
        });
    }
    if refuted {
        draft.stand(Standing::Refuted, "refuted");
    } else if status_is(root, &["unconfirmed", "suspected", "presumed"]) {
        draft.stand(Standing::Unconfirmed, "unconfirmed");
    }
    if none.is_none() && !refuted {
        draft.chip(status_word(root, "criticality", "criticality"));
    }
    draft.chip(status_word(root, "clinicalStatus", "clinicalStatus"));
    draft.chip(status_word(root, "category", "allergyCategory").filter(|_| none.is_none()));
    let reactions: Vec<String> = root.at("reaction").items().filter_map(reaction).take(4).collect();
    draft.line = if reactions.is_empty() {
        note(root)
    } else {
        Some(phrase("reactions", &[("list", &reactions.join(", "))]))
    };
}

fn reaction(reaction: &Node<'_>) -> Option<String> {
    let signs: Vec<String> = reaction
        .at("manifestation")
        .items()
        .filter_map(|sign| label(sign, "condition", ""))
        .take(4)
        .collect();
    let text = if signs.is_empty() { plain(reaction, "description")? } else { signs.join(", ") };
    Some(match status_word(reaction, "severity", "severity") {
        Some(severity) => phrase("withSeverity", &[("text", &text), ("severity", severity)]),
        None => text,
    })
}

/// Something that was done, or not.
pub(crate) fn procedure(holder: &Holder<'_>, draft: &mut Draft) {
    let root = holder.root;
    draft.title = label(root.at("code"), "procedure", "").or_else(|| narrative(root, 80));
    if status_is(root, &["not-done"])
        || root.truth("notDone") == Some(true)
        || root.truth("notPerformed") == Some(true)
    {
        draft.stand(Standing::NotDone, "not-done");
        let reason = label(root.any(&["statusReason", "notDoneReason", "reasonNotPerformed"]), "other", "");
        draft.line = reason.map(|reason| phrase("notGiven", &[("reason", &reason)])).or_else(|| note(root));
        return;
    }
    if status_is(root, &["preparation"]) {
        draft.stand(Standing::Planned, "planned");
    } else {
        draft.chip(status_word(root, "status", "procedureStatus"));
    }
    let outcome = label(root.at("outcome"), "other", "").map(|text| phrase("outcome", &[("text", &text)]));
    draft.line =
        join([label(root.at("bodySite"), "other", ""), person(holder, root.at("performer")), outcome])
            .or_else(|| note(root));
}

/// What a relative had.
pub(crate) fn family(holder: &Holder<'_>, draft: &mut Draft) {
    let root = holder.root;
    let who = known(root.at("relationship"), "relation")
        .or_else(|| label(root.at("relationship"), "other", "relation"))
        .or_else(|| plain(root, "name"));
    let conditions: Vec<String> = root
        .at("condition")
        .items()
        .filter_map(|item| label(item.at("code"), "condition", ""))
        .take(5)
        .collect();
    draft.title = match (who, conditions.is_empty()) {
        (Some(who), false) => Some(phrase("relative", &[("who", &who), ("what", &conditions.join(", "))])),
        (who, true) => who.or_else(|| narrative(root, 80)),
        (None, false) => Some(conditions.join(", ")),
    };
    let onset: Vec<String> = root
        .at("condition")
        .items()
        .filter_map(|item| {
            let (kind, node) = item.choice("onset")?;
            let text = value::of_kind(&kind, node, &[])?;
            Some(if kind == "Age" { phrase("age", &[("age", age_text(&text))]) } else { text })
        })
        .take(3)
        .collect();
    draft.line = if onset.is_empty() { note(root) } else { Some(onset.join(", ")) };
}
