/** Cards of medicines and vaccines. */
import { any, at, first, has, list, str, there, truth, word as wordOf } from "../tree.js";
import { asEnd, dayText, parse } from "./date.js";
import { ofMedicine, ofVaccine } from "./denial.js";
import { dosage } from "./dosage.js";
import { codings, firstOf, label } from "./label.js";
import { address, humanName, medicationName, nameOf, resolve } from "./names.js";
import { doseNumber, doseText, quantity } from "./quantity.js";
import { join, narrative, note, overriding, plain, reasons, statusIs, statusWord } from "./shared.js";
import { phrase, word } from "./table.js";
import { clean } from "./text.js";

const DAY_MS = 86_400_000;

/** The medicine's name, under the names of the releases. */
function medicine(root, context) {
  const byReference = (reference) => nameOf(reference, root, context) ?? named(resolve(reference, root, context));
  const named = (target) => (target === undefined ? undefined : medicationName(target));
  const held = first(at(root, "medication"));
  return (
    label(at(root, "medicationCodeableConcept"), "medication") ??
    byReference(at(root, "medicationReference")) ??
    label(at(held, "concept"), "medication") ??
    byReference(held) ??
    label(held, "medication") ??
    narrative(root, 80)
  );
}

const medicineCode = (root) => (there(at(root, "medicationCodeableConcept")) ? at(root, "medicationCodeableConcept") : at(root, "medication"));

/** That there is no medicine, or that nothing is known of any; true where that is said in place of one. */
function noneSaid({ none }, draft) {
  if (none !== undefined) draft.title = none;
  return none !== undefined;
}

function setDosage(root, context, draft) {
  const found = dosage(root);
  if (found) draft.dosage = found.text;
  const end = endsAt(root);
  const ended = end !== undefined && context.now !== undefined && end + DAY_MS <= context.now;
  if (!ended || !statusIs(root, ["active"])) return;
  const current = word(["en", "labels", "medicationStatus"], "active");
  draft.chips = draft.chips.filter((chip) => chip !== current);
  draft.chip(word(["en", "labels", "medicationStatus"], "ended"));
}

/** When a prescription runs out, in Unix milliseconds: end of its dosage or of its period. Undefined when that is not known. */
export function endsAt(node) {
  let last;
  for (const item of list(any(node, "dosageInstruction", "dosage"))) {
    const end = str(at(at(first(at(item, "timing")), "repeat"), "boundsPeriod"), "end");
    if (end === undefined) continue;
    const moment = parse(end);
    if (!moment) return undefined;
    last = Math.max(last ?? -Infinity, asEnd(moment));
  }
  const period = parse(str(at(node, "effectivePeriod"), "end") ?? "");
  return last ?? (period && asEnd(period));
}

/** The dosage, or that there is none; a medicine that is not to be taken has no need of one. */
const dosageLine = (root, draft) => draft.dosage ?? (overriding(root) || NEGATIVE.has(draft.standing?.[0]) ? undefined : phrase("noDosage"));

const NEGATIVE = new Set(["cancelled", "not-taken", "not-done"]);

function prescriber(root, context) {
  const requester = first(any(root, "requester", "prescriber"));
  const agent = at(requester, "agent");
  const who = nameOf(there(agent) ? agent : requester, root, context);
  return who && phrase("by", { who });
}

const forReason = (root, context) => {
  const reason = reasons(root, context);
  return reason && phrase("for", { reason });
};

/** A prescription: what was prescribed, never that it is taken. */
export function request(root, context, draft) {
  if (noneSaid(ofMedicine(medicineCode(root)), draft)) return;
  draft.title = medicine(root, context);
  if (statusIs(root, ["cancelled"])) draft.stand("cancelled", "cancelled");
  else if (statusIs(root, ["draft"])) draft.stand("planned", "draft");
  else if (["proposal", "plan", "option"].some((intent) => has(root, "intent", intent))) draft.stand("planned", "suggested");
  else draft.chip(statusWord(root, "status", "medicationStatus"));
  draft.chip(forReason(root, context));
  setDosage(root, context, draft);
  draft.line = join([dosageLine(root, draft), prescriber(root, context)]);
}

const NOT_TAKING = ["not-taking", "on-hold-not-taking", "stopped"];

/** What the patient is said to take. */
export function statement(root, context, draft) {
  if (noneSaid(ofMedicine(medicineCode(root)), draft)) return;
  draft.title = medicine(root, context);
  const adherence = codings(at(at(root, "adherence"), "code"));
  const notTaken = statusIs(root, ["not-taken"]) || has(root, "taken", "n") || truth(root, "wasNotTaken") === true || adherence.some((code) => NOT_TAKING.includes(str(code, "code")));
  if (notTaken) draft.stand("not-taken", "not-taken");
  else if (statusIs(root, ["intended"])) draft.stand("planned", "planned");
  else draft.chip(firstOf(adherence, (code) => word(["en", "labels", "adherence"], str(code, "code") ?? "")) ?? statusWord(root, "status", "statementStatus"));
  const source = first(at(root, "informationSource"));
  const teller = str(resolve(source, root, context), "resourceType");
  if (teller === "Patient" || teller === "RelatedPerson" || address(source)?.includes("Patient/")) draft.chip(phrase("toldByPatient"));
  draft.chip(forReason(root, context));
  setDosage(root, context, draft);
  draft.line = dosageLine(root, draft) ?? note(root);
}

/** What was handed out. */
export function dispense(root, context, draft) {
  draft.title = medicine(root, context);
  if (statusIs(root, ["declined", "cancelled"])) draft.stand("cancelled", "not-given");
  else if (!statusIs(root, ["active"])) draft.chip(statusWord(root, "status", "medicationStatus"));
  const amount = quantity(at(root, "quantity"));
  const length = quantity(at(root, "daysSupply"));
  const handed = amount && doseText(amount);
  const days = length && doseNumber(length.digits);
  const supply = days === undefined ? handed : handed === undefined ? phrase("daysSupply", { days }) : phrase("supply", { quantity: handed, days });
  setDosage(root, context, draft);
  draft.line = join([supply, draft.dosage]);
}

const wasNotGiven = (root) => statusIs(root, ["not-done"]) || truth(root, "notGiven") === true || truth(root, "wasNotGiven") === true;

/** What was given. */
export function administration(root, context, draft) {
  draft.title = medicine(root, context);
  if (wasNotGiven(root)) {
    draft.stand("not-done", "not-given");
    const reason = label(any(root, "statusReason", "reasonNotGiven"), "other");
    draft.line = reason && phrase("notGiven", { reason });
    return;
  }
  if (!statusIs(root, ["completed"])) draft.chip(statusWord(root, "status", "medicationStatus"));
  const given = first(at(root, "dosage"));
  const amount = quantity(any(given, "dose", "quantity"));
  draft.dosage = plain(given, "text") ?? join([amount && doseText(amount), label(at(given, "route"), "other", "route")])?.replaceAll(" · ", " ");
  draft.line = draft.dosage;
}

/** A vaccination. */
export function immunization(root, context, draft) {
  if (noneSaid(ofVaccine(at(root, "vaccineCode")), draft)) return;
  draft.title = label(at(root, "vaccineCode"), "vaccine");
  if (wasNotGiven(root)) {
    draft.stand("not-done", "not-given");
    const reason = label(any(root, "statusReason", "reasonNotGiven"), "other") ?? label(at(at(root, "explanation"), "reasonNotGiven"), "other");
    draft.line = reason === undefined ? note(root) : phrase("notGiven", { reason });
    return;
  }
  const protocol = first(any(root, "protocolApplied", "vaccinationProtocol"));
  const n = wordOf(any(protocol, "doseNumberPositiveInt", "doseNumberString", "doseNumber", "doseSequence"));
  const total = wordOf(any(protocol, "seriesDosesPositiveInt", "seriesDosesString", "seriesDoses"));
  const dose = n === undefined ? undefined : total === undefined ? phrase("dose", { n }) : phrase("doseOf", { n, total });
  const lot = plain(root, "lotNumber");
  draft.line = join([dose, label(at(root, "site"), "other"), lot && phrase("lot", { lot }), nameOf(at(root, "manufacturer"), root, context), nameOf(at(root, "location"), root, context)]);
  if (truth(root, "primarySource") === false || truth(root, "reported") === true) draft.chip(phrase("reportedByPatient"));
}

/** A vaccine that is due. Never counts as given. */
export function recommendation(root, context, draft) {
  const advice = first(at(root, "recommendation"));
  draft.title = label(at(advice, "vaccineCode"), "vaccine") ?? label(at(advice, "targetDisease"), "condition");
  const status = at(advice, "forecastStatus");
  const code = (firstOf(codings(status), (coding) => str(coding, "code")) ?? "").toLowerCase();
  draft.chip(word(["en", "labels", "dueStatus"], code) ?? label(status, "other", "dueStatus"));
  if (code === "due" || code === "overdue") draft.stand("planned", "due");
  else if (code === "contraindicated") draft.stand("do-not-perform", "do-not-give");
  else draft.stand("planned", "advised");
  const due = firstOf(list(at(advice, "dateCriterion")), (criterion) => parse(str(criterion, "value") ?? ""));
  draft.line = due ? phrase("dueOn", { date: dayText(due) }) : plain(advice, "description");
}

/** The name of a performer who is a person, for lines that end with it. */
export function person(root, performers, context) {
  return firstOf(list(performers), (item) => {
    const reference = [at(item, "actor"), at(item, "individual"), at(item, "member")].find(there) ?? item;
    const target = resolve(reference, root, context);
    const type = str(target, "resourceType");
    if (type === "Organization" || type === "Patient") return undefined;
    if (type !== "Practitioner") return nameOf(reference, root, context);
    const display = str(reference, "display");
    return display === undefined ? humanName(at(target, "name")) : clean(display);
  });
}
