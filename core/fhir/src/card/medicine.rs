//! Medicines and vaccines.

use super::{Draft, join, narrative, note, plain, reasons, status_is, status_word};
use crate::dosage;
use crate::label::{codings, label};
use crate::names::{Holder, human_name, medication_name};
use crate::quantity::Quantity;
use crate::standing::Standing;
use crate::tree::Node;

/// The medicine's name, under the names of the releases.
fn medicine(holder: &Holder<'_>) -> Option<String> {
    let language = holder.language();
    let root = holder.root;
    let by_reference = |reference: &Node<'_>| {
        holder
            .name(reference)
            .or_else(|| holder.resolve(reference).and_then(|target| medication_name(language, target.node())))
    };
    label(language, root.at("medicationCodeableConcept"), "medication", "")
        .or_else(|| by_reference(root.at("medicationReference")))
        .or_else(|| {
            let medication = root.at("medication").first();
            label(language, medication.at("concept"), "medication", "")
                .or_else(|| by_reference(medication))
                .or_else(|| label(language, medication, "medication", ""))
        })
        .or_else(|| narrative(root, 80))
}

/// That there is none, or that nothing is known of any; true where that is said in place of one.
fn is_none_said(holder: &Holder<'_>, draft: &mut Draft) -> bool {
    draft.title = draft.denial.as_ref().and_then(|denial| denial.statement(holder.language()));
    draft.title.is_some()
}

fn set_dosage(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    if let Some(found) = dosage::dosage(holder.language(), holder.root) {
        draft.dosage = Some(found.text);
        draft.dosage_generated = found.generated;
    }
    let ended = dosage::ends_ms(holder.root)
        .zip(holder.reading.now_ms)
        .is_some_and(|(end, now)| end + 86_400_000 <= now);
    if ended && status_is(holder.root, &["active"]) {
        draft.chips.retain(|chip| Some(chip.as_str()) != language.label("medicationStatus", "active"));
        draft.chip(language.label("medicationStatus", "ended"));
    }
}

/// The dosage, or that there is none; of a medicine that is not to be taken the latter goes without saying.
fn dosage_line(holder: &Holder<'_>, draft: &Draft) -> Option<String> {
    let language = holder.language();
    let negated =
        super::is_negated(holder.root) || matches!(draft.standing, Some((standing, _)) if standing.negates());
    draft.dosage.clone().or_else(|| (!negated).then(|| language.phrase("noDosage", &[])))
}

fn prescriber(holder: &Holder<'_>) -> Option<String> {
    let language = holder.language();
    let requester = holder.root.any(&["requester", "prescriber"]).first();
    let who = if requester.at("agent").there() { requester.at("agent") } else { requester };
    holder.name(who).map(|who| language.phrase("by", &[("who", &who)]))
}

/// A prescription: what was prescribed, never that it is taken.
pub(crate) fn request(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    if is_none_said(holder, draft) {
        return;
    }
    draft.title = medicine(holder);
    if status_is(root, &["cancelled"]) {
        draft.stand(Standing::Cancelled, "cancelled");
    } else if status_is(root, &["draft"]) {
        draft.stand(Standing::Planned, "draft");
    } else if root.has("intent", "proposal") || root.has("intent", "plan") || root.has("intent", "option") {
        draft.stand(Standing::Planned, "suggested");
    } else {
        draft.chip(status_word(language, root, "status", "medicationStatus"));
    }
    draft.chip(reasons(holder).map(|reason| language.phrase("for", &[("reason", &reason)])));
    set_dosage(holder, draft);
    draft.line = join([dosage_line(holder, draft), prescriber(holder)]);
}

/// What the patient is said to take.
pub(crate) fn statement(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    if is_none_said(holder, draft) {
        return;
    }
    draft.title = medicine(holder);
    let not_taken = status_is(root, &["not-taken"])
        || root.has("taken", "n")
        || root.truth("wasNotTaken") == Some(true)
        || codings(root.at("adherence").at("code")).any(|code| {
            code.str("code")
                .is_some_and(|code| matches!(&*code, "not-taking" | "on-hold-not-taking" | "stopped"))
        });
    if not_taken {
        draft.stand(Standing::NotTaken, "not-taken");
    } else if status_is(root, &["intended"]) {
        draft.stand(Standing::Planned, "planned");
    } else {
        let taken = root.at("adherence").at("code");
        let word = codings(taken).find_map(|code| language.label("adherence", &code.str("code")?));
        draft.chip(word.or_else(|| status_word(language, root, "status", "statementStatus")));
    }
    let by_patient = holder
        .resolve(root.at("informationSource").first())
        .is_some_and(|target| target.is("Patient") || target.is("RelatedPerson"))
        || crate::names::address(root.at("informationSource").first())
            .is_some_and(|address| address.contains("Patient/"));
    draft.chip(by_patient.then(|| language.phrase("toldByPatient", &[])));
    draft.chip(reasons(holder).map(|reason| language.phrase("for", &[("reason", &reason)])));
    set_dosage(holder, draft);
    draft.line = dosage_line(holder, draft).or_else(|| note(root));
}

/// What was handed out.
pub(crate) fn dispense(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    draft.title = medicine(holder);
    if status_is(root, &["declined", "cancelled"]) {
        draft.stand(Standing::Cancelled, "not-given");
    } else {
        draft.chip(
            status_word(language, root, "status", "medicationStatus")
                .filter(|_| !status_is(root, &["active"])),
        );
    }
    let quantity = Quantity::read(root.at("quantity")).map(|quantity| quantity.dose_text(language));
    let days = Quantity::read(root.at("daysSupply")).map(|days| crate::quantity::dose_number(&days.digits));
    let supply = match (quantity, days) {
        (Some(quantity), Some(days)) => {
            Some(language.phrase("supply", &[("quantity", &quantity), ("days", &days)]))
        }
        (None, Some(days)) => Some(language.phrase("daysSupply", &[("days", &days)])),
        (quantity, None) => quantity,
    };
    set_dosage(holder, draft);
    draft.line = join([supply, draft.dosage.clone()]);
}

/// What was given.
pub(crate) fn administration(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    draft.title = medicine(holder);
    if status_is(root, &["not-done"])
        || root.truth("notGiven") == Some(true)
        || root.truth("wasNotGiven") == Some(true)
    {
        draft.stand(Standing::NotDone, "not-given");
        let reason = label(language, root.any(&["statusReason", "reasonNotGiven"]), "other", "");
        draft.line = reason.map(|reason| language.phrase("notGiven", &[("reason", &reason)]));
        return;
    }
    draft.chip(
        status_word(language, root, "status", "medicationStatus")
            .filter(|_| !status_is(root, &["completed"])),
    );
    let dosage = root.at("dosage").first();
    let dose = Quantity::read(dosage.any(&["dose", "quantity"])).map(|quantity| quantity.dose_text(language));
    draft.dosage = plain(dosage, "text").or_else(|| {
        let route = label(language, dosage.at("route"), "other", "route");
        language.sentence("dosage", &[("dose", dose.as_deref()), ("route", route.as_deref())])
    });
    draft.line = draft.dosage.clone();
}

/// A vaccination.
pub(crate) fn immunization(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    if is_none_said(holder, draft) {
        return;
    }
    draft.title = label(language, root.at("vaccineCode"), "vaccine", "");
    let not_given = status_is(root, &["not-done"])
        || root.truth("notGiven") == Some(true)
        || root.truth("wasNotGiven") == Some(true);
    if not_given {
        draft.stand(Standing::NotDone, "not-given");
        let reason = root.any(&["statusReason", "reasonNotGiven"]);
        let reason = label(language, reason, "other", "")
            .or_else(|| label(language, root.at("explanation").at("reasonNotGiven"), "other", ""));
        draft.line =
            reason.map(|reason| language.phrase("notGiven", &[("reason", &reason)])).or_else(|| note(root));
        return;
    }
    let protocol = root.any(&["protocolApplied", "vaccinationProtocol"]).first();
    let number =
        protocol.any(&["doseNumberPositiveInt", "doseNumberString", "doseNumber", "doseSequence"]).text();
    let total = protocol.any(&["seriesDosesPositiveInt", "seriesDosesString", "seriesDoses"]).text();
    let dose = match (number, total) {
        (Some(n), Some(total)) => Some(language.phrase("doseOf", &[("n", &n), ("total", &total)])),
        (Some(n), None) => Some(language.phrase("dose", &[("n", &n)])),
        _ => None,
    };
    let lot = plain(root, "lotNumber").map(|lot| language.phrase("lot", &[("lot", &lot)]));
    let maker = holder.name(root.at("manufacturer"));
    let place = holder.name(root.at("location"));
    draft.line = join([dose, label(language, root.at("site"), "other", ""), lot, maker, place]);
    let second_hand = root.truth("primarySource") == Some(false) || root.truth("reported") == Some(true);
    draft.chip(second_hand.then(|| language.phrase("reportedByPatient", &[])));
}

/// A vaccine that is due. Never counts as given.
pub(crate) fn recommendation(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let advice = holder.root.at("recommendation").first();
    draft.title = label(language, advice.at("vaccineCode"), "vaccine", "")
        .or_else(|| label(language, advice.at("targetDisease"), "condition", ""));
    let status = advice.at("forecastStatus");
    let code = codings(status).find_map(|coding| coding.str("code")).unwrap_or_default().to_lowercase();
    draft.chip(
        language
            .label("dueStatus", &code)
            .map(str::to_owned)
            .or_else(|| label(language, status, "other", "dueStatus")),
    );
    match code.as_str() {
        "due" | "overdue" => draft.stand(Standing::Planned, "due"),
        "contraindicated" => draft.stand(Standing::DoNotPerform, "do-not-give"),
        _ => draft.stand(Standing::Planned, "advised"),
    }
    let due = advice.at("dateCriterion").items().find_map(|criterion| {
        crate::date::parse(&criterion.str("value")?).map(|moment| moment.day_text(language))
    });
    draft.line =
        due.map(|date| language.phrase("dueOn", &[("date", &date)])).or_else(|| plain(advice, "description"));
}

/// The name of a performer who is a person, for lines that end with it.
pub(crate) fn person(holder: &Holder<'_>, list: &Node<'_>) -> Option<String> {
    list.items().find_map(|item| {
        let reference = [item.at("actor"), item.at("individual"), item.at("member")]
            .into_iter()
            .find(|inner| inner.there())
            .unwrap_or(item);
        match holder.resolve(reference) {
            Some(target) if target.is("Organization") || target.is("Patient") => None,
            Some(target) if target.is("Practitioner") => reference
                .str("display")
                .map(|text| crate::label::clean(&text))
                .or_else(|| human_name(target.node().at("name"))),
            _ => holder.name(reference),
        }
    })
}
