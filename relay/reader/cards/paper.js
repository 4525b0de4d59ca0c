/** Cards of documents, files, and every type that has no rules of its own. */
import { any, at, first, has, list, str, there } from "../tree.js";
import { firstOf, label } from "./label.js";
import { mediaOf, peek } from "./media.js";
import { address, humanName, nameOf } from "./names.js";
import { join, narrative, note, plain, statusIs, statusWord } from "./shared.js";
import { part, phrase, plural, word } from "./table.js";
import { clean } from "./text.js";
import { valueText } from "./value.js";

/** Visits sections and their sub-sections. */
function sections(items, depth, visit) {
  if (depth > 8) return;
  for (const section of list(items)) {
    visit(section);
    sections(at(section, "section"), depth + 1, visit);
  }
}

const ORDER = Object.keys(part("en", "kinds"));

/** A clinical document: its title, who wrote it, what is in it. */
export function composition(root, context, draft) {
  draft.title = plain(root, "title") ?? label(at(root, "type"), "other");
  draft.chip(statusWord(root, "status", "documentStatus"));
  const author = nameOf(first(at(root, "author")), root, context);
  const custodian = nameOf(at(root, "custodian"), root, context);
  draft.line = join([author, custodian === author ? undefined : custodian]);
  const counts = new Map();
  const seen = new Set();
  sections(at(root, "section"), 0, (section) => {
    for (const reference of list(at(section, "entry")).slice(0, 500)) {
      const to = address(reference);
      const found = to === undefined || to.startsWith("#") ? undefined : context.find(to, root);
      if (found === undefined || seen.has(found)) continue;
      seen.add(found);
      const kind = word(["kinds"], str(found, "resourceType") ?? "") ?? "other";
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  });
  for (const kind of ORDER.filter((one) => one !== "support" && one !== "other" && counts.has(one)).slice(0, 3)) {
    const n = counts.get(kind);
    draft.chip(phrase("contains", { n, kind: plural(["en", "counts", kind], n === 1) }));
  }
}

/** A file or what describes one. */
export function document(root, context, draft) {
  // What describes it has the card.
  if (has(root, "resourceType", "Binary") && context.described?.(root)) draft.kind = "support";
  const file = attachment(root);
  const named = plain(file, "title");
  draft.title = plain(root, "description") ?? label(at(root, "type"), "other") ?? named ?? label(at(root, "modality"), "other", "modality");
  if (statusIs(root, ["not-done"])) draft.stand("not-done", "not-done");
  draft.chip(statusWord(root, "status", "documentStatus"));
  draft.chip(statusWord(root, "docStatus", "documentStatus"));
  const author = nameOf(first(any(root, "author", "operator", "custodian")), root, context);
  draft.line = join([described(file, root, context), named === draft.title ? undefined : named, author]);
}

/** The attachment of a DocumentReference, Media or Binary, which is its own. */
function attachment(root) {
  const content = first(at(root, "content"));
  const inner = at(content, "attachment");
  if (there(inner)) return first(inner);
  return ["contentType", "url", "data"].some((key) => there(at(content, key))) ? content : root;
}

/** `PDF, 420 KB`, by the bytes when they are here. */
function described(file, root, context) {
  const url = str(file, "url");
  const node = (url !== undefined && !url.startsWith("#") && context.find(url, root)) || file;
  const data = any(node, "data", "content");
  const look = typeof data === "string" ? peek(data) : undefined;
  const declared = (str(file, "contentType") ?? str(node, "contentType"))?.split(";")[0].trim().toLowerCase();
  const type = (look && mediaOf(look.head)) ?? declared;
  const name = type === undefined ? undefined : (word(["en", "media"], type) ?? clean(type));
  const written = str(file, "size") ?? "";
  const length = look ? look.size : /^\+?\d+$/.test(written) ? Number(written) : undefined;
  const size = length === undefined ? undefined : sizeText(length);
  return name && size ? phrase("sized", { type: name, size }) : name || size;
}

/** `420 KB`: of 1000 bytes, rounded half up. */
function sizeText(bytes) {
  if (bytes < 1000) return phrase("bytes", { n: bytes });
  if (bytes < 1_000_000) return phrase("kb", { n: Math.floor((bytes + 500) / 1000) });
  const tenths = Math.floor((bytes + 50_000) / 100_000);
  return phrase("mb", { n: `${Math.floor(tenths / 10)}.${tenths % 10}` });
}

/** Any other type, unknown ones too: whatever names it, as received. */
export function other(root, context, draft) {
  const type = str(root, "resourceType") ?? "";
  const concept = (...keys) => firstOf(keys, (key) => (typeof at(root, key) === "boolean" ? undefined : label(at(root, key), "other")));
  const text = (key) => (typeof at(root, key) === "string" ? plain(root, key) : undefined);
  const named = first(at(root, "name"));
  const name = typeof named === "string" ? plain(root, "name") : named !== null && typeof named === "object" ? humanName(at(root, "name")) : undefined;
  const device = str(first(at(root, "deviceName")), "name");
  const known = word(["en", "nouns"], type) !== undefined;
  draft.title =
    text("title") ??
    name ??
    concept("code", "vaccineCode", "medicationCodeableConcept") ??
    (device === undefined ? undefined : clean(device)) ??
    concept("type", "deviceCodeableConcept") ??
    nameOf(any(root, "device", "medicationReference"), root, context) ??
    text("description") ??
    concept("category", "scope", "class");
  if (!known && (word(["kinds"], type) ?? "other") === "other") draft.chip(phrase("asReceived"));
  if (draft.title === undefined && !known) draft.title = narrative(root, 80);
  const unlessTitle = (words) => (words === draft.title ? undefined : words);
  draft.line = unlessTitle(text("description")) ?? text("summary") ?? valueText(root, "value") ?? note(root) ?? unlessTitle(narrative(root, 140));
}
