//! Results, vital signs and reports.

use super::{Draft, Series, join, note, plain, status_is, status_word};
use crate::flag::{self, is_outside};
use crate::kind::Kind;
use crate::label::{clip, codings, has_code, known, label};
use crate::language::Language;
use crate::names::Holder;
use crate::quantity::Quantity;
use crate::series::code_identity;
use crate::standing::Standing;
use crate::table::part;
use crate::tree::Node;
use crate::value;

/// Most results that a report's card looks at.
const RESULTS: usize = 300;

/// A single result or vital sign.
pub(crate) fn observation(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    let vital =
        has_code(root.at("category"), &["vital-signs"]) || has_code(root.at("code"), &["85354-9", "55284-4"]);
    draft.kind = Some(if vital { Kind::Vital } else { Kind::Result });
    draft.title =
        panel_name(language, root.at("code")).or_else(|| label(language, root.at("code"), "lab", ""));
    if status_is(root, &["cancelled"]) {
        draft.stand(Standing::Cancelled, "cancelled");
    }
    draft.chip(
        status_word(language, root, "status", "resultStatus").filter(|_| !status_is(root, &["cancelled"])),
    );
    let ranges = flag::ranges(language, root);
    draft.range_text = flag::range_text(&ranges);
    let quantity = Quantity::read(root.at("valueQuantity"));
    draft.flag = flag::flag(language, root, quantity.as_ref(), &ranges);
    draft.unit_unclear = unit_unclear(root);
    draft.series = quantity.as_ref().and_then(|quantity| series(root, quantity));
    let own = match quantity.as_ref() {
        Some(quantity) => Some(quantity.text(language, &flag::bounds(&ranges))),
        None => value::text(language, root, "value", &flag::bounds(&ranges)),
    };
    draft.line = own
        .or_else(|| blood_pressure(root))
        .or_else(|| components(language, root))
        .or_else(|| value::absent(language, root))
        .or_else(|| members(language, root))
        .or_else(|| note(root))
        .or_else(|| super::narrative(root, 80))
        .or_else(|| Some(language.phrase("noValueAtAll", &[])));
}

/// Whether unit text and unit code of the value, or of a part of it, say different things.
pub(crate) fn unit_unclear(root: &Node<'_>) -> bool {
    let unclear =
        |node: &Node<'_>| Quantity::read(node.at("valueQuantity")).is_some_and(|quantity| quantity.unclear);
    unclear(root) || root.at("component").items().any(unclear)
}

/// The point in a chart; `None` for what cannot be compared.
fn series(root: &Node<'_>, quantity: &Quantity) -> Option<Series> {
    if quantity.unclear {
        return None;
    }
    Some(Series {
        key: format!("{}|{}", code_key(root.at("code"))?, quantity.normal),
        value: quantity.float()?,
        unit: quantity.unit.clone(),
        comparator: quantity.comparator.to_owned(),
    })
}

/// What was measured ([`code_identity`]); `None` of what has neither code nor words.
fn code_key(concept: &Node<'_>) -> Option<String> {
    let code = |coding: &Node<'_>| {
        Some((coding.str("system").unwrap_or_default().into_owned(), coding.str("code")?.into_owned()))
    };
    let codes: Vec<(String, String)> =
        codings(concept.first()).filter_map(code).filter(|(_, code)| !code.is_empty()).collect();
    let words = concept.str("text");
    let codes = codes.iter().map(|(system, code)| (system.as_str(), code.as_str()));
    (codes.len() > 0 || words.is_some()).then(|| code_identity(codes, words.as_deref().unwrap_or_default()))
}

/// The plain name of the blood pressure panel, whose long name says nothing to a patient.
fn panel_name(language: Language, code: &Node<'_>) -> Option<String> {
    let panels: Vec<_> = part(&["bloodPressure", "panel"]).items().filter_map(Node::text).collect();
    let panel = panels.iter().find(|panel| has_code(code, &[panel]))?;
    language.label("LOINC", panel).map(str::to_owned)
}

/// `120/80 mmHg`, when both parts are there in one unit; else each stands with its own.
fn blood_pressure(root: &Node<'_>) -> Option<String> {
    let pressure = part(&["bloodPressure"]);
    let find = |key: &str| {
        let code = pressure.str(key)?;
        root.at("component")
            .items()
            .find(|component| has_code(component.at("code"), &[&code]))
            .and_then(|component| Quantity::read(component.at("valueQuantity")))
    };
    let (systolic, diastolic) = (find("systolic")?, find("diastolic")?);
    if systolic.normal != diastolic.normal || systolic.unclear || diastolic.unclear {
        return None;
    }
    let unit = if systolic.unit.is_empty() {
        pressure.str("unit").unwrap_or_default().into_owned()
    } else {
        systolic.unit.clone()
    };
    Some(format!("{}/{} {unit}", systolic.number_text(), diastolic.number_text()))
}

/// Components as `name value`, six at most.
fn components(language: Language, root: &Node<'_>) -> Option<String> {
    let list: Vec<String> = root
        .at("component")
        .items()
        .filter_map(|component| {
            let name = label(language, component.at("code"), "lab", "")?;
            let value = value::text(language, component, "value", &[])
                .or_else(|| value::absent(language, component))?;
            Some(language.phrase("namedValue", &[("name", &name), ("value", &value)]))
        })
        .take(6)
        .collect();
    (!list.is_empty()).then(|| list.join(" · "))
}

fn members(language: Language, root: &Node<'_>) -> Option<String> {
    let count = root.any(&["hasMember", "related"]).items().filter(|member| member.there()).count();
    match count {
        0 => None,
        _ => Some(language.phrase("panel", &[("n", &language.count(count as u64))])),
    }
}

/// A report: of a laboratory its results in numbers, of imaging its conclusion.
pub(crate) fn report(holder: &Holder<'_>, draft: &mut Draft) {
    let language = holder.language();
    let root = holder.root;
    let category = root.at("category");
    let imaging = has_code(
        category,
        &[
            "RAD",
            "RX",
            "CT",
            "MR",
            "US",
            "NMR",
            "XRC",
            "RUS",
            "NMS",
            "18748-4",
            "LP29684-5",
            "394914008",
            "363679005",
        ],
    );
    draft.title = label(language, root.at("code"), "lab", "")
        .or_else(|| known(language, category, "reportCategory"))
        .or_else(|| label(language, category, "other", "reportCategory"));
    if status_is(root, &["cancelled"]) {
        draft.stand(Standing::Cancelled, "cancelled");
    } else {
        draft.chip(status_word(language, root, "status", "resultStatus"));
    }
    let conclusion = plain(root, "conclusion").map(|text| clip(&text, 140));
    let codes = || label(language, root.any(&["conclusionCode", "codedDiagnosis"]), "condition", "");
    let results = results(holder, draft);
    draft.line = if imaging {
        conclusion.or(results).or_else(codes)
    } else {
        join([results, conclusion]).or_else(codes)
    }
    .or_else(|| note(root))
    .or_else(|| super::narrative(root, 140));
    draft.chip(presented(language, root));
}

fn presented(language: Language, root: &Node<'_>) -> Option<&'static str> {
    root.at("presentedForm").items().find_map(|form| {
        let declared = form.str("contentType")?;
        language.word("media", declared.split(';').next()?.trim())
    })
}

/// `12 results, 2 outside range`, then the first two of those by name.
fn results(holder: &Holder<'_>, draft: &mut Draft) -> Option<String> {
    let language = holder.language();
    let references: Vec<&Node<'_>> =
        holder.root.at("result").items().filter(|item| item.there()).take(RESULTS).collect();
    if references.is_empty() {
        return None;
    }
    let (mut outside, mut named, mut missing) = (0usize, Vec::new(), 0usize);
    for reference in &references {
        let Some(target) = holder.resolve(reference) else {
            missing += 1;
            continue;
        };
        let node = target.node();
        if status_is(node, &["entered-in-error", "cancelled"]) {
            continue;
        }
        let name = label(language, node.at("code"), "lab", "");
        draft.words.extend(name.clone());
        let ranges = flag::ranges(language, node);
        let quantity = Quantity::read(node.at("valueQuantity"));
        if let Some(flag) = flag::flag(language, node, quantity.as_ref(), &ranges).filter(is_outside) {
            outside += 1;
            if named.len() < 2 {
                let value = quantity.map(|quantity| quantity.text(language, &flag::bounds(&ranges)));
                let parts =
                    [("name", name.as_deref()), ("value", value.as_deref()), ("flag", Some(&*flag.text))];
                named.extend(language.sentence("flagged", &parts));
            }
        }
    }
    let count = references.len();
    let counted = language.phrase("results", &[("n", &language.count(count as u64))]);
    let counted = match outside {
        0 => counted,
        _ => language.phrase("resultsOutside", &[("results", &counted), ("n", &outside.to_string())]),
    };
    let missing = (missing > 0).then(|| language.phrase("resultMissing", &[("n", &missing.to_string())]));
    join([Some(counted)].into_iter().chain(named.into_iter().map(Some)).chain([missing]))
}
