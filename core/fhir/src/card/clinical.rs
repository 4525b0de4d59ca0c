//! Problems, allergies, procedures, family history.

use super::medicine::person;
use super::{Draft, join, narrative, note, plain, status_is, status_word};
use crate::denial::Denial;
use crate::label::{has_code, known, label};
use crate::language::Language;
use crate::names::Holder;
use crate::standing::Standing;
use crate::timeline::age_text;
use crate::tree::Node;
use crate::value;

/// A diagnosis or problem.
pub(crate) fn condition(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    let own = label(language, root.at("code"), "condition", "");
    let none = draft.denial.as_ref().and_then(|denial| denial.statement(language));
    let (denied, doubted) =
        (matches!(draft.denial, Some(Denial::To(_))), matches!(draft.denial, Some(Denial::Maybe(_))));
    let some = none.is_none();
    draft.title = none.or_else(|| match &draft.denial {
        Some(Denial::To(said) | Denial::Maybe(said)) => Some(said.clone()),
        _ => own.clone().or_else(|| narrative(root, 80)),
    });
    if denied || status_is(root, &["refuted"]) {
        draft.stand(Standing::Refuted, "refuted");
    } else if doubted || status_is(root, &["unconfirmed", "provisional", "differential", "suspected"]) {
        draft.stand(Standing::Unconfirmed, "suspected");
    }
    draft.chip(status_word(language, root, "clinicalStatus", "clinicalStatus").filter(|_| some));
    let visit = has_code(root.at("category"), &["encounter-diagnosis", "diagnosis"]);
    draft.chip(visit.then(|| language.phrase("visitDiagnosis", &[])));
    let severity = known(language, root.at("severity"), "severity")
        .or_else(|| label(language, root.at("severity"), "other", "severity"));
    let place = label(language, root.at("bodySite"), "other", "");
    draft.line = join([severity, place]).or_else(|| note(root)).or(own.filter(|_| denied || doubted));
    draft.words.extend(super::reasons(holder));
}

/// An allergy or intolerance, or the statement that there is none.
pub(crate) fn allergy(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    let code = root.any(&["code", "substance"]);
    let statement = draft.denial.as_ref().and_then(|denial| denial.statement(language));
    let none = statement.is_some();
    let denied = draft.denial.is_some() && !none;
    let refuted = status_is(root, &["refuted"]) || denied;
    let own = label(language, code, "medication", "");
    draft.title = statement.or_else(|| {
        let substance = match &draft.denial {
            Some(Denial::To(substance) | Denial::Maybe(substance)) => Some(substance.clone()),
            _ => own
                .clone()
                .or_else(|| label(language, root.at("reaction").first().at("substance"), "medication", ""))
                .or_else(|| narrative(root, 80)),
        };
        substance.map(|substance| allergy_to(language, root, &substance))
    });
    if refuted {
        draft.stand(Standing::Refuted, "refuted");
    } else if status_is(root, &["unconfirmed", "suspected", "presumed"]) {
        draft.stand(Standing::Unconfirmed, "unconfirmed");
    }
    if !none && !refuted {
        draft.chip(status_word(language, root, "criticality", "criticality"));
    }
    draft.chip(status_word(language, root, "clinicalStatus", "clinicalStatus"));
    draft.chip(status_word(language, root, "category", "allergyCategory").filter(|_| !none));
    let reactions: Vec<String> =
        root.at("reaction").items().filter_map(|item| reaction(language, item)).take(4).collect();
    draft.line = if reactions.is_empty() {
        note(root).or(own.filter(|_| denied))
    } else {
        Some(language.phrase("reactions", &[("list", &reactions.join(", "))]))
    };
}

fn allergy_to(language: Language, root: &Node<'_>, substance: &str) -> String {
    let intolerance = root.has("type", "intolerance") || has_code(root.at("type"), &["intolerance"]);
    language.phrase(if intolerance { "intolerance" } else { "allergy" }, &[("x", substance)])
}

fn reaction(language: Language, reaction: &Node<'_>) -> Option<String> {
    let signs: Vec<String> = reaction
        .at("manifestation")
        .items()
        .filter_map(|sign| label(language, sign, "condition", ""))
        .take(4)
        .collect();
    let text = if signs.is_empty() { plain(reaction, "description")? } else { signs.join(", ") };
    Some(match status_word(language, reaction, "severity", "severity") {
        Some(severity) => language.phrase("withSeverity", &[("text", &text), ("severity", severity)]),
        None => text,
    })
}

/// Something that was done, or not.
pub(crate) fn procedure(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    draft.title = label(language, root.at("code"), "procedure", "").or_else(|| narrative(root, 80));
    if status_is(root, &["not-done"])
        || root.truth("notDone") == Some(true)
        || root.truth("notPerformed") == Some(true)
    {
        draft.stand(Standing::NotDone, "not-done");
        let reason =
            label(language, root.any(&["statusReason", "notDoneReason", "reasonNotPerformed"]), "other", "");
        draft.line =
            reason.map(|reason| language.phrase("notGiven", &[("reason", &reason)])).or_else(|| note(root));
        return;
    }
    if status_is(root, &["preparation"]) {
        draft.stand(Standing::Planned, "planned");
    } else {
        draft.chip(status_word(language, root, "status", "procedureStatus"));
    }
    let outcome = label(language, root.at("outcome"), "other", "")
        .map(|text| language.phrase("outcome", &[("text", &text)]));
    draft.line = join([
        label(language, root.at("bodySite"), "other", ""),
        person(holder, root.at("performer")),
        outcome,
    ])
    .or_else(|| note(root));
}

/// What a relative had.
pub(crate) fn family(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    let who = known(language, root.at("relationship"), "relation")
        .or_else(|| label(language, root.at("relationship"), "other", "relation"))
        .or_else(|| plain(root, "name"));
    let conditions: Vec<String> = root
        .at("condition")
        .items()
        .filter_map(|item| label(language, item.at("code"), "condition", ""))
        .take(5)
        .collect();
    draft.title = match (who, conditions.is_empty()) {
        (Some(who), false) => {
            Some(language.phrase("relative", &[("who", &who), ("what", &conditions.join(", "))]))
        }
        (who, true) => who.or_else(|| narrative(root, 80)),
        (None, false) => Some(conditions.join(", ")),
    };
    let onset: Vec<String> = root
        .at("condition")
        .items()
        .filter_map(|item| {
            let (kind, node) = item.choice("onset")?;
            let text = value::of_kind(language, &kind, node, &[])?;
            Some(if kind == "Age" { language.phrase("age", &[("age", age_text(&text))]) } else { text })
        })
        .take(3)
        .collect();
    draft.line = if onset.is_empty() { note(root) } else { Some(onset.join(", ")) };
}
