/** Puts cards where a doctor looks for them. What is negated, withdrawn or over never stands among the current facts. */
import { cardOf, NEGATED } from "./cards/card.js";
import { originOf } from "./bundle.js";
import { at, first, has, list, path, str, there, truth } from "./tree.js";
import { hasCode } from "./cards/label.js";
import { endsAt } from "./cards/medicine.js";
import { bloodPressure, codeKey } from "./cards/observation.js";
import { clean } from "./cards/text.js";

/** LOINC codes that documents use for the sections of this page. */
const LOINC = {
  allergies: ["48765-2"],
  medicines: ["10160-0", "29549-3", "57828-6"],
  problems: ["11450-4"],
  results: ["30954-2"],
  vitals: ["8716-3"],
  immunisations: ["11369-6"],
  procedures: ["47519-4"],
  visits: ["46240-8"],
  documents: ["34109-9", "55108-5", "77599-9"],
};

/** Sections in the order of the page; `always` ones are shown with a reason when they are empty. */
export const ORDER = [
  { key: "allergies", always: true },
  { key: "medicines", always: true },
  { key: "problems", always: true },
  { key: "results", always: true },
  { key: "vitals", always: false },
  { key: "immunisations", always: true },
  { key: "procedures", always: false },
  { key: "visits", always: false },
  { key: "documents", always: false },
  { key: "other", always: false },
  { key: "past", always: false },
];

/**
 * Arranges a dossier: `{sections: [{key, always, groups: [{key, items}], count, absent}], sources, total, failed}`.
 * An item is `{entry, card, source, received}`; `today` (Unix ms) tells what has ended.
 */
export function arrange(dossier, today) {
  const byKey = new Map(ORDER.map(({ key }) => [key, new Map()]));
  const sources = new Set();
  let total = 0;
  for (const entry of dossier.entries) {
    const item = itemOf(entry, dossier, today);
    if (item.card.kind === "support" || isSummary(entry)) continue;
    total += 1;
    if (item.source) sources.add(item.source);
    const [section, group] = placeOf(item, today);
    const groups = byKey.get(section);
    if (!groups.has(group)) groups.set(group, []);
    groups.get(group).push(item);
  }
  const sections = ORDER.map(({ key, always }) => {
    const groups = [...byKey.get(key)].map(([group, items]) => ({ key: group, items: items.sort(key === "allergies" ? seriousFirst : newestFirst) }));
    groups.sort((a, b) => GROUP_ORDER.indexOf(a.key) - GROUP_ORDER.indexOf(b.key));
    const absent = absentOf(key, dossier) ?? (always && dossier.unread + dossier.unreadFiles + dossier.healthCards > 0 ? { reason: "unread" } : undefined);
    return { key, always, groups, count: groups.reduce((sum, { items }) => sum + items.length, 0), absent };
  });
  return { sections, sources: [...sources], total };
}

/** The head of a patient summary is the page itself, not an entry of it. */
const isSummary = ({ resource }) => resource.resourceType === "Composition" && hasCode(resource.type, ["60591-5"]);

const GROUP_ORDER = ["", "problems.visit", "other.plans", "other.given", "other.family", "other.background", "other.devices", "other.bills", "other.rest", "past.donot", "past.problems", "past.allergies", "past.medicines", "past.ruledout"];

function absentOf(key, dossier) {
  for (const code of LOINC[key] ?? []) if (dossier.absent.has(code)) return dossier.absent.get(code);
  return undefined;
}

function itemOf(entry, dossier, today) {
  const { resource, place } = entry;
  let card;
  let failed = false;
  try {
    card = cardOf(resource, place.context(today));
  } catch {
    // One entry of an unforeseen shape must not take the others with it.
    failed = true;
    card = { kind: "other", title: clean(resource.resourceType, 60), summary: "", chips: [], date: null, dateText: "", flag: null, rangeText: null, dosage: null, standing: "fact", series: null };
  }
  const origin = originOf(dossier, entry);
  return { entry, card, failed, source: sourceOf(origin, entry, dossier), received: origin?.recorded ?? "" };
}

/** Provenance first; else the custodian or author that the document itself names; else who the record says made it. */
function sourceOf(origin, entry, dossier) {
  const { place, resource } = entry;
  const name = (reference, holder) => clean(str(reference, "display") ?? nameOf(place.find(str(reference, "reference") ?? "", holder)) ?? "", 80);
  if (origin?.source) return clean(origin.source, 80);
  if (origin?.reference) {
    const named = nameOf(origin.place.find(origin.reference, resource));
    if (named) return clean(named, 80);
  }
  for (const field of ["custodian", "performer", "serviceProvider", "managingOrganization", "requester", "asserter", "recorder", "author", "informationSource"]) {
    const value = first(at(resource, field));
    const found = value && (name(value, resource) || name(at(value, "actor"), resource));
    if (found) return found;
  }
  return documentSource(place, dossier);
}

function documentSource(place, dossier) {
  if (dossier.bundleSource.has(place)) return dossier.bundleSource.get(place);
  const composition = dossier.compositions.find((entry) => entry.place === place);
  let source = "";
  if (composition) {
    const { resource } = composition;
    for (const reference of [first(resource.custodian), first(resource.author)]) {
      source ||= clean(str(reference, "display") ?? nameOf(place.find(str(reference, "reference") ?? "", resource)) ?? "", 80);
    }
  }
  dossier.bundleSource.set(place, source);
  return source;
}

/** Name of an organisation, person or device. */
export function nameOf(resource) {
  const name = first(at(resource, "name"));
  if (name === undefined) return str(first(at(resource, "deviceName")), "name");
  if (typeof name === "string") return name;
  return str(name, "text") ?? [...list(at(name, "prefix")), ...list(at(name, "given")), str(name, "family")].filter((part) => typeof part === "string").join(" ");
}

const codeOf = (resource, field) => {
  const value = at(resource, field);
  return typeof value === "string" ? value : (str(first(at(value, "coding")), "code") ?? "");
};

/** Section and group of an item. */
function placeOf({ card, entry }, today) {
  const { resource } = entry;
  if (card.standing === "do-not-perform") return ["past", "past.donot"];
  if (NEGATED.has(card.standing)) return ["past", "past.ruledout"];
  switch (card.kind) {
    case "allergy":
      return ["inactive", "resolved"].includes(codeOf(resource, "clinicalStatus")) ? ["past", "past.allergies"] : ["allergies", ""];
    case "medicine":
      return medicine(card, resource, today);
    case "problem":
      if (["inactive", "resolved"].includes(codeOf(resource, "clinicalStatus")) || isAbated(resource) || past(abatement(resource), today)) return ["past", "past.problems"];
      return visitOnly(resource) ? ["problems", "problems.visit"] : ["problems", ""];
    case "result":
      return background(resource) ? ["other", "other.background"] : ["results", ""];
    case "vital":
      return ["vitals", ""];
    case "immunization":
      return ["immunisations", ""];
    case "procedure":
      return ["procedures", ""];
    case "visit":
      return ["visits", ""];
    case "report":
    case "document":
    case "imaging":
      return ["documents", ""];
    case "request":
    case "plan":
    case "appointment":
      return ["other", "other.plans"];
    case "family":
      return ["other", "other.family"];
    case "device":
      return ["other", "other.devices"];
    case "billing":
      return ["other", "other.bills"];
    default:
      return ["other", "other.rest"];
  }
}

const DAY_MS = 86_400_000;

const CATEGORY = (resource) => list(at(resource, "category")).flatMap((one) => list(at(one, "coding")).map((coding) => str(coding, "code")));

function background(resource) {
  const codes = CATEGORY(resource);
  return codes.some((code) => code === "social-history" || code === "survey") && !codes.includes("laboratory");
}

function visitOnly(resource) {
  const codes = CATEGORY(resource);
  return codes.includes("encounter-diagnosis") && !codes.includes("problem-list-item");
}

const abatement = (resource) => str(resource, "abatementDateTime") ?? str(at(resource, "abatementPeriod"), "end") ?? "";

/** Whether a problem is over by what its source says in place of a day. */
const isAbated = (resource) => codeOf(resource, "clinicalStatus") === "" && (truth(resource, "abatementBoolean") === true || ["Age", "Range", "String"].some((kind) => there(at(resource, `abatement${kind}`))));

/** Whether a date text lies before `today`; a day counts until it is over. */
function past(date, today) {
  const match = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/.exec(date);
  if (!match) return false;
  const [, year, month, dayOfMonth] = match;
  const end = dayOfMonth ? Date.UTC(+year, +month - 1, +dayOfMonth + 1) : month ? Date.UTC(+year, +month, 1) : Date.UTC(+year + 1, 0, 1);
  return end <= today;
}

const OVER = ["completed", "stopped", "ended", "on-hold", "not-taken", "draft", "inactive", "expired"];

function medicine(card, resource, today) {
  if (["MedicationDispense", "MedicationAdministration"].includes(resource.resourceType)) return ["other", "other.given"];
  if (card.standing === "planned") return ["other", "other.plans"];
  const end = endsAt(resource);
  const over = OVER.includes(codeOf(resource, "status")) || (end !== undefined && end + DAY_MS <= today);
  return over ? ["past", "past.medicines"] : ["medicines", ""];
}

/** True where the supply of a prescription has run out, so that it may have ended. */
export function maybeEnded(resource, today) {
  const valid = str(path(resource, "dispenseRequest", "validityPeriod"), "end");
  return resource.resourceType === "MedicationRequest" && has(resource, "status", "active") && valid !== undefined && past(valid, today);
}

const startOf = (item) => item.card.date?.start ?? -Infinity;

/** Newest first; undated last; the document's own order where dates are equal. */
export function newestFirst(a, b) {
  const [x, y] = [startOf(a), startOf(b)];
  return x === y ? a.entry.order - b.entry.order : y > x ? 1 : -1;
}

/** Whether a source calls an allergy one that can be dangerous. */
export const serious = ({ entry }) => ["high", "CRITH"].includes(codeOf(entry.resource, "criticality"));

const seriousFirst = (a, b) => Number(serious(b)) - Number(serious(a)) || newestFirst(a, b);

/** Items of one series together, newest series first: `[{key, items}]`; items without a series stand alone. */
export function bySeries(items) {
  const series = new Map();
  for (const item of items) {
    const key = seriesKey(item);
    if (!series.has(key)) series.set(key, []);
    series.get(key).push(item);
  }
  return [...series.values()].map((members) => ({ items: members }));
}

/** Results of the same code and normal unit; pairs of blood pressure; coded results by their code. Anything else stands alone. */
function seriesKey({ card, entry }) {
  if (card.series) return `n:${card.series.key}`;
  const key = codeKey(at(entry.resource, "code"));
  if (key === undefined) return `t:${entry.order}`;
  const pair = bloodPressure(entry.resource);
  return pair ? `p:${key}|${pair.systolic.normal}` : `c:${key}`;
}
