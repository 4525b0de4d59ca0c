//! Visits, imaging, advice, plans, appointments, bills.

use super::medicine::person;
use super::{Draft, join, narrative, note, plain, reasons, status_is, status_word};
use crate::date::{self, Found};
use crate::label::{clean, has_code, known, label};
use crate::names::{Holder, address};
use crate::quantity::{Quantity, shown, with_unit};
use crate::standing::Standing;
use crate::timeline;
use crate::tree::Node;
use crate::value;

const DAY_MS: i64 = 86_400_000;

/// A visit or stay.
pub(crate) fn encounter(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    let class = known(language, root.at("class"), "class");
    draft.title = label(language, root.at("type"), "other", "")
        .or(class)
        .or_else(|| label(language, root.at("class"), "other", "class"))
        .or_else(|| label(language, root.at("serviceType"), "other", ""));
    if status_is(root, &["cancelled"]) {
        draft.stand(Standing::Cancelled, "cancelled");
    } else if status_is(root, &["planned"]) {
        draft.stand(Standing::Planned, "planned");
    } else {
        draft.chip(status_word(language, root, "status", "visitStatus"));
    }
    draft.chip(reasons(holder));
    let place = holder
        .name(root.any(&["serviceProvider", "managingOrganization"]))
        .or_else(|| holder.name(root.at("location").first().at("location")));
    draft.line = join([place, person(holder, root.at("participant")), stay(holder)]);
}

/// `3 days`, for a stay over at least one night.
fn stay(holder: &Holder<'_>) -> Option<String> {
    let language = holder.language();
    let Some(Found::Date(when, _)) = timeline::of(holder, "Encounter") else {
        return None;
    };
    let offset = i64::from(when.offset_minutes.unwrap_or(0)) * 60_000;
    let day = |ms: i64| (ms + offset).div_euclid(DAY_MS);
    let nights = day(when.end_ms?) - day(when.start_ms);
    (nights > 0).then(|| language.phrase("stay", &[("n", &(nights + 1).to_string())]))
}

/// A set of pictures.
pub(crate) fn imaging(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    let first = root.at("series").first();
    let modality = known(language, root.any(&["modality", "modalityList"]), "modality")
        .or_else(|| known(language, first.at("modality"), "modality"))
        .or_else(|| label(language, root.any(&["modality", "modalityList"]), "other", "modality"))
        .or_else(|| label(language, first.at("modality"), "other", "modality"));
    let place = label(language, first.at("bodySite"), "other", "")
        .or_else(|| label(language, root.at("bodySite"), "other", ""));
    draft.title = match (modality, place) {
        (Some(modality), Some(place)) => Some(format!("{modality}, {place}")),
        (modality, place) => modality.or_else(|| plain(root, "description")).or(place),
    };
    if status_is(root, &["cancelled"]) {
        draft.stand(Standing::Cancelled, "cancelled");
    }
    let given = root.at("series").items().filter(|series| series.there()).count();
    let series = root.str("numberOfSeries").unwrap_or_else(|| given.to_string().into());
    let listed: usize = root.at("series").items().map(|series| series.at("instance").items().count()).sum();
    let images = root.str("numberOfInstances").unwrap_or_else(|| listed.to_string().into());
    let counts = match (&*series, &*images) {
        ("0", "0") => None,
        (series, "0") => Some(language.phrase("series", &[("series", series)])),
        ("0", images) => Some(language.phrase("imageCount", &[("images", images)])),
        (series, images) => Some(language.phrase("images", &[("series", series), ("images", images)])),
    };
    let description = plain(root, "description").filter(|text| draft.title.as_ref() != Some(text));
    draft.line = join([description, counts]);
    draft.chip(reasons(holder));
}

/// Something advised or ordered; it is not known to have happened.
pub(crate) fn request(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    draft.title = label(language, root.at("code"), "procedure", "")
        .or_else(|| {
            label(
                language,
                root.any(&["codeCodeableConcept", "serviceRequested", "type", "category"]),
                "other",
                "",
            )
        })
        .or_else(|| label(language, root.at("item").first().at("code"), "lab", ""))
        .or_else(|| plain(root, "description"))
        .or_else(|| narrative(root, 80));
    if status_is(root, &["revoked", "cancelled", "rejected"]) {
        draft.stand(Standing::Cancelled, "cancelled");
    } else if status_is(root, &["draft"]) {
        draft.stand(Standing::Planned, "draft");
    } else {
        draft.stand(Standing::Planned, "advised");
        draft.chip(status_word(language, root, "status", "requestStatus"));
    }
    let reason = reasons(holder).map(|reason| language.phrase("for", &[("reason", &reason)]));
    let by = holder.name(root.at("requester")).map(|who| language.phrase("by", &[("who", &who)]));
    draft.line = join([reason, by]).or_else(|| plain(root, "patientInstruction")).or_else(|| note(root));
}

/// A care plan, goal or team.
pub(crate) fn plan(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    draft.title = plain(root, "title")
        .or_else(|| label(language, root.at("description"), "other", ""))
        .or_else(|| plain(root, "name"))
        .or_else(|| label(language, root.at("category"), "other", ""))
        .or_else(|| plain(root, "description"))
        .or_else(|| narrative(root, 80));
    let word = status_word(language, root, "achievementStatus", "planStatus")
        .or_else(|| status_word(language, root, "status", "planStatus"))
        .or_else(|| status_word(language, root, "lifecycleStatus", "planStatus"));
    draft.chip(word);
    if status_is(root, &["cancelled", "revoked"]) {
        draft.stand(Standing::Cancelled, "cancelled");
    } else if status_is(root, &["rejected"]) {
        draft.stand(Standing::Cancelled, "declined");
    } else {
        draft.stand(Standing::Planned, "");
    }
    let activities = root.at("activity").items().filter(|activity| activity.there()).count();
    let activities =
        (activities > 0).then(|| language.phrase("activities", &[("n", &activities.to_string())]));
    let target = root.at("target").items().find_map(|target| value::text(language, target, "detail", &[]));
    let description = plain(root, "description").filter(|text| draft.title.as_ref() != Some(text));
    draft.line =
        join([target.map(|text| language.phrase("target", &[("text", &text)])), description, activities])
            .or_else(|| note(root));
}

/// An appointment: booked is not kept.
pub(crate) fn appointment(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    draft.title = label(language, root.at("serviceType"), "other", "")
        .or_else(|| plain(root, "description"))
        .or_else(|| label(language, root.at("appointmentType"), "other", ""))
        .or_else(|| reasons(holder));
    draft.chip(status_word(language, root, "status", "appointmentStatus"));
    if status_is(root, &["cancelled"]) {
        draft.stand(Standing::Cancelled, "cancelled");
    } else if status_is(root, &["noshow"]) {
        draft.stand(Standing::Cancelled, "missed");
    } else if !status_is(root, &["fulfilled", "arrived", "checked-in"]) {
        draft.stand(Standing::Planned, "");
    }
    let is_patient = |actor: &Node<'_>| {
        address(actor).is_some_and(|address| address.contains("Patient/"))
            || holder.resolve(actor).is_some_and(|target| target.is("Patient"))
    };
    let others: Vec<String> = root
        .at("participant")
        .items()
        .map(|participant| participant.at("actor"))
        .filter(|actor| actor.there() && !is_patient(actor))
        .filter_map(|actor| holder.name(actor))
        .take(3)
        .collect();
    draft.line = (!others.is_empty())
        .then(|| others.join(" · "))
        .or_else(|| note(root))
        .or_else(|| plain(root, "comment"));
    if let (Some(start), Some(end)) = (root.str("start"), root.str("end"))
        && let (Some(first), Some(last)) = (date::parse(&start), date::parse(&end))
        && first.day_text(language) == last.day_text(language)
    {
        draft.date_text = Some(first.text(language));
    }
}

/// Bills and insurance.
pub(crate) fn billing(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    draft.title = language.word("nouns", &root.str("resourceType").unwrap_or_default()).map(str::to_owned);
    let money = |node: &Node<'_>| {
        let currency = node.str("currency").or_else(|| node.str("code")).unwrap_or_default().into_owned();
        node.str("value").map(|digits| with_unit(&shown(&digits, &[]), &clean(&currency)))
    };
    let amount = money(root.any(&["total", "totalNet", "totalGross"]).first())
        .or_else(|| root.at("total").items().find_map(|total| money(total.at("amount"))))
        .or_else(|| Quantity::read(root.at("totalCost")).map(|quantity| quantity.text(language, &[])));
    let payer = holder.name(root.any(&["insurer", "payor", "payer", "issuer"]));
    draft.line =
        join([label(language, root.at("type"), "other", "").filter(|text| !text.is_empty()), amount, payer]);
    if has_code(root.at("status"), &["cancelled"]) {
        draft.stand(Standing::Cancelled, "cancelled");
    }
}
