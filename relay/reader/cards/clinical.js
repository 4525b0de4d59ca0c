/** Cards of problems, allergies, procedures, family history. */
import { any, at, choice, first, has, list, str, truth } from "../tree.js";
import { ofAllergy, ofProblem } from "./denial.js";
import { hasCode, known, label } from "./label.js";
import { person } from "./medicine.js";
import { join, narrative, note, plain, statusIs, statusWord } from "./shared.js";
import { phrase } from "./table.js";
import { ageText } from "./timeline.js";
import { valueOfKind } from "./value.js";

/** A diagnosis or problem. */
export function condition(root, context, draft) {
  const own = label(at(root, "code"), "condition");
  const { none, not, maybe } = ofProblem(at(root, "code"));
  draft.title = none ?? not ?? maybe ?? own ?? narrative(root, 80);
  if (not !== undefined || statusIs(root, ["refuted"])) draft.stand("refuted", "refuted");
  else if (maybe !== undefined || statusIs(root, ["unconfirmed", "provisional", "differential", "suspected"])) draft.stand("unconfirmed", "suspected");
  if (none === undefined) draft.chip(statusWord(root, "clinicalStatus", "clinicalStatus"));
  if (hasCode(at(root, "category"), ["encounter-diagnosis", "diagnosis"])) draft.chip(phrase("visitDiagnosis"));
  const severity = at(root, "severity");
  const degree = known(severity, "severity") ?? label(severity, "other", "severity");
  draft.line = join([degree, label(at(root, "bodySite"), "other")]) ?? note(root) ?? ((not ?? maybe) && own);
}

/** An allergy or intolerance, or the statement that there is none. */
export function allergy(root, context, draft) {
  const code = any(root, "code", "substance");
  const own = label(code, "medication");
  const { none, not } = ofAllergy(root);
  const refuted = not !== undefined || statusIs(root, ["refuted"]);
  const substance = not ?? own ?? label(at(first(at(root, "reaction")), "substance"), "medication") ?? narrative(root, 80);
  const sort = has(root, "type", "intolerance") || hasCode(at(root, "type"), ["intolerance"]) ? "intolerance" : "allergy";
  draft.title = none ?? (substance && phrase(sort, { x: substance }));
  if (refuted) draft.stand("refuted", "refuted");
  else if (statusIs(root, ["unconfirmed", "suspected", "presumed"])) draft.stand("unconfirmed", "unconfirmed");
  if (none === undefined && !refuted) draft.chip(statusWord(root, "criticality", "criticality"));
  draft.chip(statusWord(root, "clinicalStatus", "clinicalStatus"));
  if (none === undefined) draft.chip(statusWord(root, "category", "allergyCategory"));
  const reactions = list(at(root, "reaction")).map(reaction).filter(Boolean).slice(0, 4);
  draft.line = reactions.length === 0 ? (note(root) ?? (not && own)) : phrase("reactions", { list: reactions.join(", ") });
}

function reaction(node) {
  const signs = list(at(node, "manifestation"))
    .map((sign) => label(sign, "condition"))
    .filter((sign) => sign !== undefined)
    .slice(0, 4);
  const text = signs.length === 0 ? plain(node, "description") : signs.join(", ");
  const severity = statusWord(node, "severity", "severity");
  return text === undefined || severity === undefined ? text : phrase("withSeverity", { text, severity });
}

/** Something that was done, or not. */
export function procedure(root, context, draft) {
  draft.title = label(at(root, "code"), "procedure") ?? narrative(root, 80);
  if (statusIs(root, ["not-done"]) || truth(root, "notDone") === true || truth(root, "notPerformed") === true) {
    draft.stand("not-done", "not-done");
    const reason = label(any(root, "statusReason", "notDoneReason", "reasonNotPerformed"), "other");
    draft.line = reason === undefined ? note(root) : phrase("notGiven", { reason });
    return;
  }
  if (statusIs(root, ["preparation"])) draft.stand("planned", "planned");
  else draft.chip(statusWord(root, "status", "procedureStatus"));
  const outcome = label(at(root, "outcome"), "other");
  draft.line = join([label(at(root, "bodySite"), "other"), person(root, at(root, "performer"), context), outcome && phrase("outcome", { text: outcome })]) ?? note(root);
}

/** What a relative had. */
export function family(root, context, draft) {
  const relationship = at(root, "relationship");
  const who = known(relationship, "relation") ?? label(relationship, "other", "relation") ?? plain(root, "name");
  const members = list(at(root, "condition"));
  const conditions = members
    .map((item) => label(at(item, "code"), "condition"))
    .filter((text) => text !== undefined)
    .slice(0, 5)
    .join(", ");
  if (conditions === "") draft.title = who ?? narrative(root, 80);
  else draft.title = who === undefined ? conditions : phrase("relative", { who, what: conditions });
  const onset = members
    .map((item) => choice(item, "onset"))
    .map((found) => found && [found[0], valueOfKind(found[0], found[1])])
    .filter((found) => found?.[1] !== undefined)
    .map(([kind, text]) => (kind === "Age" ? phrase("age", { age: ageText(text) }) : text))
    .slice(0, 3);
  draft.line = onset.length === 0 ? note(root) : onset.join(", ");
}
