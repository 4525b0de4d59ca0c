/** Cards: how a record appears in a list. The same rules as the wallet's; both pass the same file of expected cards. */
import { at, has, list, str, there, truth } from "../tree.js";
import * as care from "./care.js";
import * as clinical from "./clinical.js";
import * as medicine from "./medicine.js";
import * as observation from "./observation.js";
import * as paper from "./paper.js";
import { extensionName, overriding, statusIs } from "./shared.js";
import { fill, phrase, word } from "./table.js";
import { clean, clip, tidy } from "./text.js";
import { dateOf, dateText } from "./timeline.js";

/** Longest line of a card, in characters. */
const LINE = 240;

/** Standings that say something is not so, or was not done. */
export const NEGATED = new Set(["in-error", "refuted", "not-done", "do-not-perform", "cancelled", "not-taken"]);

/** The kind of a resource type before a look inside. */
export const kindOf = (type) => word(["kinds"], type) ?? "other";

const RULES = new Map([
  ["Observation", observation.observation],
  ["DiagnosticReport", observation.report],
  ["MedicationRequest", medicine.request],
  ["MedicationOrder", medicine.request],
  ["MedicationStatement", medicine.statement],
  ["MedicationUsage", medicine.statement],
  ["MedicationDispense", medicine.dispense],
  ["MedicationAdministration", medicine.administration],
  ["Immunization", medicine.immunization],
  ["ImmunizationRecommendation", medicine.recommendation],
  ["Condition", clinical.condition],
  ["AllergyIntolerance", clinical.allergy],
  ["Procedure", clinical.procedure],
  ["FamilyMemberHistory", clinical.family],
  ["Encounter", care.encounter],
  ["EpisodeOfCare", care.encounter],
  ["ImagingStudy", care.imaging],
  ["ImagingSelection", care.imaging],
  ["CarePlan", care.plan],
  ["Goal", care.plan],
  ["CareTeam", care.plan],
  ["Appointment", care.appointment],
  ["Composition", paper.composition],
  ["DocumentReference", paper.document],
  ["Binary", paper.document],
  ["Media", paper.document],
  ["DocumentManifest", paper.document],
]);

function ruleOf(type) {
  const own = RULES.get(type);
  if (own) return own;
  const kind = kindOf(type);
  return kind === "request" ? care.request : kind === "billing" ? care.billing : paper.other;
}

/** A card in the making: what the rules of a type fill in. */
class Draft {
  constructor() {
    this.chips = [];
  }

  /** Adds a short remark, once. */
  chip(text) {
    const words = clean(text ?? "");
    if (words !== "" && !this.chips.includes(words)) this.chips.push(words);
  }

  /** The first to say how the record stands counts; `key` is its word in `en.standing`. */
  stand(standing, key = "") {
    this.standing ??= [standing, key];
  }
}

/**
 * The card of a resource: `{kind, title, summary, chips, date, dateText, flag, rangeText, dosage, standing, series}`; what there is not is null.
 * `context` is described at `dateOf`.
 */
export function cardOf(root, context) {
  const type = str(root, "resourceType") ?? "";
  const draft = new Draft();
  ruleOf(type)(root, context, draft);
  const found = dateOf(root, context);
  const [standing, key] = overriding(root) ?? draft.standing ?? general(root) ?? ["fact", ""];
  if (NEGATED.has(standing)) negate(draft, standing);
  if (draft.unitUnclear) draft.chip(phrase("unitUnclear"));
  if (hasModifier(root)) draft.chip(phrase("modifier"));
  if (isSaidByPatient(root)) {
    // It says more than these do.
    draft.chips = draft.chips.filter((chip) => chip !== phrase("toldByPatient") && chip !== phrase("reportedByPatient"));
    draft.chip(phrase("ownEntry"));
  }
  const title = draft.title || noun(type);
  const sentence = word(["en", "standing"], key);
  return {
    kind: draft.kind ?? kindOf(type),
    title: clean(sentence === undefined ? title : fill(sentence, { title })),
    summary: clip(tidy(draft.line ?? ""), LINE),
    chips: draft.chips,
    date: found?.when ?? null,
    dateText: draft.dateText ?? dateText(found),
    flag: draft.flag ?? null,
    rangeText: draft.rangeText ?? null,
    dosage: draft.dosage ?? null,
    standing,
    series: draft.series ?? null,
  };
}

/** What is no fact takes no part in flags, charts and remarks; of what was withdrawn as a mistake only the name is left. */
function negate(draft, standing) {
  draft.chips = [];
  draft.flag = draft.series = draft.dosage = undefined;
  draft.unitUnclear = false;
  if (standing === "in-error") draft.line = draft.rangeText = undefined;
}

/** True when the patient, or somebody for them, said it: a label of HL7 v3 for who asserted it. */
function isSaidByPatient(root) {
  const labels = list(at(at(root, "meta"), "security"));
  return labels.some((label) => has(label, "system", "http://terminology.hl7.org/CodeSystem/v3-ObservationValue") && (has(label, "code", "PATAST") || has(label, "code", "SDMAST")));
}

/** The generic noun of a type. */
export const noun = (type) => word(["en", "nouns"], type) ?? phrase("otherRecord");

/** The statuses that mean the same for every type. */
function general(root) {
  const is = (...codes) => statusIs(root, codes);
  if (is("refuted", "disproved")) return ["refuted", "refuted"];
  if (truth(root, "notDone") === true || is("not-done")) return ["not-done", "not-done"];
  if (is("cancelled", "canceled", "revoked", "abandoned", "abated-in-error")) return ["cancelled", "cancelled"];
  if (is("rejected", "declined")) return ["cancelled", "declined"];
  if (is("draft")) return ["planned", "draft"];
  return is("planned", "proposed", "preparation", "pending") ? ["planned", "planned"] : undefined;
}

/** True when something unknown changes the meaning of the record. */
const hasModifier = (root) => list(at(root, "modifierExtension")).some((extension) => there(extension) && !extensionName(extension).endsWith("donotperform"));
