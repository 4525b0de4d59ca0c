/** From decrypted files to entries: FHIR R4 bundles, lone resources, several files in one. Every byte is foreign: bounded, and one bad entry never loses the good ones. */
import { plainText } from "./cards/narrative.js";
import { Stop } from "./link.js";
import { list, marked, object, survey, text } from "./tree.js";

const MAX_ENTRIES = 60_000;
const MAX_DEPTH = 200;
const LIST_LIMIT = 2_000;

/** The JSON value of a file; throws {@link Stop}. */
export function parse(bytes) {
  const { depth, spans } = survey(bytes);
  if (depth > MAX_DEPTH) throw new Stop("not-understood");
  try {
    return JSON.parse(marked(bytes, spans));
  } catch {
    throw new Stop("not-understood");
  }
}

/** One bundle (or lone resource) with its own space of references: `Type/id` of one file never means a resource of another. */
export class Place {
  constructor(isDocument = false) {
    this.byUrl = new Map();
    this.urls = new Map();
    this.isDocument = isDocument;
  }

  add(fullUrl, resource) {
    const id = text(resource.id);
    for (const key of [fullUrl, id && `${resource.resourceType}/${id}`]) if (key && !this.byUrl.has(key)) this.byUrl.set(key, resource);
    this.urls.set(resource, fullUrl);
  }

  /** The resource that `reference` (text) within `holder` means: exactly; made absolute by the holder's own address; as `Type/id`. Nothing is ever fetched. */
  find(reference, holder) {
    if (!reference) return undefined;
    if (reference.startsWith("#")) return list(holder?.contained).find((inner) => text(object(inner).id) === reference.slice(1));
    const address = reference.split("/_history/")[0].split("#")[0];
    if (address.includes("://") || address.startsWith("urn:")) return this.byUrl.get(address);
    const base = /^(.*:\/\/.*)\/[^/]*\/[^/]*$/.exec(this.urls.get(holder) ?? "");
    return (base && this.byUrl.get(`${base[1]}/${address}`)) ?? this.byUrl.get(address);
  }

  /** What cards are made with (see `dateOf`); `now` in Unix ms, or undefined. */
  context(now) {
    this.links ??= this.gather();
    const { reports, described, heading } = this.links;
    return {
      find: (reference, holder) => this.find(reference, holder),
      report: (resource) => reports.get(resource),
      document: () => heading,
      described: (resource) => described.has(resource),
      now,
    };
  }

  /** Links that only the pointing side knows. */
  gather() {
    const links = { reports: new Map(), described: new Set(), heading: undefined };
    for (const resource of this.urls.keys()) {
      const type = resource.resourceType;
      if (type === "DiagnosticReport") this.members(resource, "result", (found) => links.reports.set(found, resource));
      else if (type === "Observation") this.members(resource, "hasMember", (found) => links.reports.has(found) || links.reports.set(found, resource));
      else if (type === "Composition" && this.isDocument) links.heading ??= resource;
      else if (type === "DocumentReference") {
        for (const content of list(resource.content)) links.described.add(this.find(text(object(object(content).attachment).url), resource));
      }
    }
    return links;
  }

  members(resource, key, visit) {
    for (const member of list(resource[key]).slice(0, LIST_LIMIT)) {
      const found = this.find(text(object(member).reference), resource);
      if (found && found !== resource) visit(found);
    }
  }
}

/**
 * Reads files `[{type, bytes}]` into a dossier:
 * `{patients, entries, absent, compositions, sources, healthCards, unread, unreadFiles, seal}`.
 * An entry is `{resource, place, fullUrl, order}`; `absent` maps a section's LOINC code to `{reason, text, title}`.
 */
export function readFiles(files) {
  const dossier = {
    patients: [],
    entries: [],
    absent: new Map(),
    compositions: [],
    origin: new Map(),
    bundleSource: new Map(),
    made: "",
    healthCards: 0,
    unread: 0,
    unreadFiles: 0,
    seal: null,
  };
  for (const file of files) {
    try {
      readFile(file, dossier);
    } catch (stop) {
      if (files.length === 1) throw stop;
      dossier.unreadFiles += 1;
    }
  }
  if (dossier.unreadFiles > 0 && dossier.unreadFiles === files.length) throw new Stop("not-understood");
  return dossier;
}

function readFile(file, dossier) {
  if (file.type === "application/smart-health-card") {
    dossier.healthCards += 1;
    return;
  }
  const value = parse(file.bytes);
  if (Array.isArray(value?.verifiableCredential)) {
    dossier.healthCards += Math.max(1, value.verifiableCredential.length);
    return;
  }
  const place = new Place(value?.resourceType === "Bundle" && value.type === "document");
  const found = [];
  if (Array.isArray(value)) for (const resource of value) found.push({ resource });
  else if (value?.resourceType === "Bundle") found.push(...bundleEntries(value, dossier));
  else found.push({ resource: value });
  if (found.length + dossier.entries.length > MAX_ENTRIES) throw new Stop("too-large");
  if (found.length > 0 && !found.some((entry) => isResource(entry.resource)) && value?.resourceType !== "Bundle") throw new Stop("not-understood");
  for (const { resource, fullUrl } of found) {
    if (!isResource(resource)) {
      dossier.unread += 1;
      continue;
    }
    place.add(text(fullUrl), resource);
    take({ resource, place, fullUrl: text(fullUrl), order: dossier.entries.length }, dossier);
  }
}

const isResource = (value) => value !== null && typeof value === "object" && typeof value.resourceType === "string" && value.resourceType !== "";

function bundleEntries(bundle, dossier) {
  dossier.made ||= text(bundle.timestamp);
  for (const extension of list(object(bundle.meta).extension)) {
    const { url, valueString } = object(extension);
    if (url === "urn:kosha:log-checkpoint") dossier.seal = { ...dossier.seal, checkpoint: text(valueString) };
    if (url === "urn:kosha:log-key") dossier.seal = { ...dossier.seal, key: text(valueString) };
  }
  return list(bundle.entry)
    .slice(0, MAX_ENTRIES + 1)
    .map((entry) => ({ resource: object(entry).resource, fullUrl: object(entry).fullUrl }));
}

function take(entry, dossier) {
  const { resource, place } = entry;
  switch (resource.resourceType) {
    case "Patient":
      dossier.patients.push(entry);
      return;
    case "Composition":
      dossier.compositions.push(entry);
      readSections(list(resource.section), dossier, 0);
      dossier.entries.push(entry);
      return;
    case "List":
      if (resource.emptyReason && list(resource.entry).length === 0) absence(resource.code, resource, dossier);
      else dossier.entries.push(entry);
      return;
    case "Provenance":
      provenance(resource, place, dossier);
      return;
    case "Bundle":
      // A document inside a bundle: its entries are read in a space of their own.
      for (const inner of bundleEntries(resource, dossier)) {
        if (isResource(inner.resource) && inner.resource.resourceType !== "Bundle") nested(inner, entry, dossier);
        else dossier.unread += 1;
      }
      return;
    default:
      dossier.entries.push(entry);
  }
}

function nested(inner, outer, dossier) {
  outer.inside ??= new Place(outer.resource.type === "document");
  if (dossier.entries.length > MAX_ENTRIES) throw new Stop("too-large");
  outer.inside.add(text(inner.fullUrl), inner.resource);
  take({ resource: inner.resource, place: outer.inside, fullUrl: text(inner.fullUrl), order: dossier.entries.length }, dossier);
}

function readSections(sections, dossier, level) {
  if (level > 8) return;
  for (const section of sections.slice(0, LIST_LIMIT).map(object)) {
    if (list(section.entry).length === 0 && list(section.section).length === 0) absence(section.code, section, dossier);
    readSections(list(section.section), dossier, level + 1);
  }
}

function absence(code, section, dossier) {
  const reason = object(section.emptyReason);
  const narrative = plainText(text(object(section.text).div));
  const known = text(object(list(reason.coding)[0]).code);
  for (const coding of list(object(code).coding).map(object)) {
    const loinc = text(coding.code);
    if (loinc && !dossier.absent.has(loinc)) dossier.absent.set(loinc, { reason: known, text: text(reason.text), narrative });
  }
}

/** Who an entry comes from: the first author that a Provenance names for it, and when it came into the wallet. */
function provenance(resource, place, dossier) {
  const agent = list(resource.agent).map(object);
  const who = object(agent.map((one) => one.who).find((one) => object(one).display || object(one).reference));
  const origin = { source: text(who.display), reference: text(who.reference), place, recorded: text(resource.recorded) };
  for (const target of list(resource.target).slice(0, MAX_ENTRIES)) {
    const reference = text(object(target).reference).replace(/\/_history\/[^/]*$/, "");
    if (!reference) continue;
    let names = dossier.origin.get(place);
    if (!names) dossier.origin.set(place, (names = new Map()));
    if (!names.has(reference)) names.set(reference, origin);
  }
}

/** What a Provenance says of an entry, or undefined. */
export function originOf(dossier, entry) {
  const names = dossier.origin.get(entry.place);
  if (!names) return undefined;
  return names.get(entry.fullUrl) ?? names.get(`${entry.resource.resourceType}/${text(entry.resource.id)}`);
}
