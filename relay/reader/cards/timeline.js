/** The date under which a record stands: its own, else that of what it belongs to. */
import { at, choice, first, has, list, str, there, word as wordOf } from "../tree.js";
import { date, period } from "./date.js";
import { resolve } from "./names.js";
import { phrase } from "./table.js";
import { clean } from "./text.js";
import { valueOfKind } from "./value.js";

/** The fields that date a record, best first: `stem[x]` for a choice, else a path; `!` marks "recorded", `?` "reported". */
const FIELDS = {
  Observation: "effective[x]",
  DiagnosticReport: "effective[x]",
  MedicationRequest: "authoredOn dateWritten",
  MedicationOrder: "authoredOn dateWritten",
  MedicationStatement: "effective[x] dateAsserted!",
  MedicationUsage: "effective[x] dateAsserted!",
  MedicationDispense: "whenHandedOver whenPrepared recorded!",
  MedicationAdministration: "effective[x] occurence[x] occurrence[x]",
  Condition: "onset[x] recordedDate! assertedDate! dateRecorded!",
  AllergyIntolerance: "onset[x] onset recordedDate! assertedDate! lastOccurrence lastOccurence",
  Immunization: "occurrence[x] date recorded!",
  ImmunizationRecommendation: "recommendation.dateCriterion.value date!",
  Encounter: "period actualPeriod plannedStartDate",
  EpisodeOfCare: "period actualPeriod plannedStartDate",
  Procedure: "performed[x] occurrence[x] recorded!",
  ImagingStudy: "started",
  DocumentReference: "context.period period date created indexed! content.attachment.creation",
  Media: "created[x] issued? content.creation",
  Composition: "event.period date",
  Appointment: "start requestedPeriod created!",
  Goal: "start[x] statusDate!",
  Claim: "billablePeriod created!",
  ExplanationOfBenefit: "billablePeriod created!",
  Consent: "dateTime date",
};
const OTHERS = "period effective[x] occurrence[x] performed[x] date dateTime authored authoredOn orderedOn created issued? recorded! recordedOn! statusDate! sent";

const BASES = new Map([["!", "recorded"], ["?", "reported"]]);

const compiled = new Map();

function fieldsOf(type) {
  if (!compiled.has(type)) {
    const line = Object.hasOwn(FIELDS, type) ? FIELDS[type] : OTHERS;
    compiled.set(
      type,
      line.split(" ").map((written) => {
        const basis = BASES.get(written.at(-1)) ?? "clinical";
        const name = written.replace(/[!?]$/, "");
        return name.endsWith("[x]") ? { stem: name.slice(0, -3), basis } : { path: name.split("."), basis };
      }),
    );
  }
  return compiled.get(type);
}

/**
 * The date of a record: `{when, text}`, `{words}`, `"unclear"`, or undefined. `context`: `find(address, holder)`; `report(resource)`: the
 * report or panel that lists it; `document(resource)`: the Composition of its document; `now` (Unix ms), which bounds the future.
 */
export const dateOf = (node, context) => dated(node, str(node, "resourceType") ?? "", context, 3);

function dated(node, type, context, depth) {
  const found = own(node, type, context);
  if (found !== undefined) return found;
  if (type === "Observation" || type === "DiagnosticReport") {
    const ofReport = type === "Observation" && depth > 0 ? report(node, context, depth - 1) : undefined;
    if (ofReport !== undefined) return begin(ofReport);
    const specimen = resolve(first(at(node, "specimen")), node, context);
    const collected = chosen(at(specimen, "collection"), "collected", "clinical", context);
    if (collected !== undefined) return collected;
    const issued = path(node, ["issued"], "reported", context);
    if (issued !== undefined) return issued;
  }
  const visit = resolve(encounter(node), node, context);
  const ofVisit = visit && has(visit, "resourceType", "Encounter") ? own(visit, "Encounter", context) : undefined;
  if (ofVisit !== undefined) return begin(ofVisit);
  const composition = type === "Composition" ? undefined : context.document?.(node);
  const ofDocument = composition && composition !== node && !isPatientSummary(composition) ? own(composition, "Composition", context) : undefined;
  return ofDocument === undefined ? path(node, ["meta", "lastUpdated"], "received", context) : begin(ofDocument);
}

/** A patient summary gathers what happened at any time: its date is the day it was put together and dates nothing in it. */
const isPatientSummary = (composition) => list(at(at(composition, "type"), "coding")).some((coding) => has(coding, "code", "60591-5"));

/** Of a span that a record has only by belonging to it, its begin. */
function begin(found) {
  const start = found.when?.raw.split("/")[0];
  return start !== undefined && start !== found.when.raw && start !== "" ? date(start, found.when.basis) : found;
}

/** The reference to the visit, under the names of the releases. */
export function encounter(node) {
  const direct = at(node, "encounter");
  if (there(direct)) return first(direct);
  const context = at(node, "context");
  const inner = at(context, "encounter");
  return there(inner) ? first(inner) : first(context);
}

function report(node, context, depth) {
  const parent = context.report?.(node);
  if (!parent) return undefined;
  const type = str(parent, "resourceType") ?? "";
  return depth > 0 ? dated(parent, type, context, depth) : own(parent, type, context);
}

function own(node, type, context) {
  for (const { stem, path: names, basis } of fieldsOf(type)) {
    const found = stem === undefined ? path(node, names, basis, context) : chosen(node, stem, basis, context);
    if (found !== undefined) return found;
  }
  return undefined;
}

function path(from, names, basis, context) {
  let node = from;
  for (const name of names) node = first(at(node, name));
  if (node !== null && typeof node === "object") return there(at(node, "start")) || there(at(node, "end")) ? bounded(period(node, basis), context) : undefined;
  return typeof node === "string" || typeof node === "number" ? bounded(date(wordOf(node) ?? "", basis), context) : undefined;
}

/** What claims to have happened more than two years from now is unclear. */
function bounded(found, { now }) {
  if (now === undefined || found === undefined || found === "unclear") return found;
  return year(found.when.start) > year(now) + 2 ? "unclear" : found;
}

const year = (ms) => 1970 + Math.floor(ms / 31_556_952_000);

function chosen(holder, stem, basis, context) {
  const found = choice(holder, stem);
  if (!found) return undefined;
  const [kind, node] = found;
  const text = wordOf(node);
  switch (kind) {
    case "DateTime":
    case "Date":
    case "Instant":
      return text === undefined ? undefined : bounded(date(text, basis), context);
    case "Period":
      return bounded(period(node, basis), context);
    case "Timing":
      return path(node, ["event"], basis, context) ?? path(node, ["repeat", "boundsPeriod"], basis, context);
    case "Age": {
      const age = valueOfKind("Age", node);
      return age === undefined ? undefined : { words: phrase("age", { age: ageText(age) }) };
    }
    case "Range":
      return { words: phrase("ages", { from: str(at(node, "low"), "value") ?? "", to: str(at(node, "high"), "value") ?? "" }) };
    case "String":
      return text === undefined ? undefined : { words: clean(text) };
    default:
      return undefined;
  }
}

/** `45 years` reads better as `45`. */
export const ageText = (age) => age.replace(/ (years|year|yr)$/, "");

/** The date in words, with what it is the date of where that is not the event itself. */
export function dateText(found) {
  if (found === undefined) return phrase("noDate");
  if (found === "unclear") return phrase("dateUnclear");
  if (found.words !== undefined) return found.words;
  const { basis } = found.when;
  return basis === "clinical" ? found.text : phrase(basis, { date: found.text });
}

