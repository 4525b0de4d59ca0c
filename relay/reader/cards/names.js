/** Names of people, places and things that a reference leads to. `context.find(address, holder)` gives the resource, or undefined. */
import { any, at, first, list, object, str, there, word } from "../tree.js";
import { firstOf, label } from "./label.js";
import { clean } from "./text.js";

const DEPTH = 4;

/** The address in a Reference, a CodeableReference, or a bare string. */
export function address(node) {
  if (typeof node === "string") return node;
  const inner = at(node, "reference");
  return inner !== null && typeof inner === "object" && !Array.isArray(inner) ? str(inner, "reference") : str(node, "reference");
}

/** What a reference of `root` leads to. */
export function resolve(reference, root, context) {
  const to = address(reference);
  return to === undefined ? undefined : context.find(to, root);
}

/** A reference in words: its display, its target's name, its identifier. Undefined: leave the line out. */
export const nameOf = (reference, root, context) => nameWithin(reference, root, context, DEPTH);

function nameWithin(value, root, context, depth) {
  const reference = Array.isArray(value) ? first(value) : value;
  if (!there(reference)) return undefined;
  const held = at(reference, "reference");
  const inner = held !== null && typeof held === "object" ? held : reference;
  const display = clean(str(inner, "display") ?? "");
  if (display !== "") return display;
  if (depth > 0) {
    const target = resolve(inner, root, context);
    const found = target && titleWithin(target, target === root ? root : target, context, depth - 1);
    if (found !== undefined) return found;
  }
  const identifier = at(inner, "identifier");
  const number = str(identifier, "value");
  if (number === undefined) return undefined;
  const kind = label(at(identifier, "type"), "other");
  return kind === undefined ? clean(number) : `${kind} ${clean(number)}`;
}

/** What a resource is called when something else points at it. */
function titleWithin(node, root, context, depth) {
  const text = (key) => clean(str(node, key) ?? "") || undefined;
  switch (str(node, "resourceType")) {
    case "Patient":
    case "Practitioner":
    case "Person":
    case "RelatedPerson":
      return humanName(at(node, "name"));
    case "PractitionerRole":
      return nameWithin(at(node, "practitioner"), root, context, depth) ?? nameWithin(at(node, "organization"), root, context, depth);
    case "Medication":
      return medicationName(node);
    case "Device":
      return text("name") ?? cleaned(str(first(at(node, "deviceName")), "name")) ?? label(at(node, "type"), "other");
    default:
      return text("name") ?? label(at(node, "code"), "other") ?? text("description") ?? label(at(node, "type"), "other");
  }
}

const cleaned = (text) => (text === undefined ? undefined : clean(text));

/** A Medication's name; a product without one is named by its ingredients. */
export function medicationName(node) {
  const own = label(at(node, "code"), "medication");
  if (own !== undefined) return own;
  const items = list(at(node, "ingredient"))
    .map((item) => label(any(item, "itemCodeableConcept", "item"), "medication"))
    .filter((item) => item !== undefined)
    .slice(0, 4);
  return items.length > 0 ? items.join(" + ") : undefined;
}

/** A HumanName: official before usual before others before old, its text or its parts. */
export function humanName(names) {
  const rank = (name) => {
    const use = str(name, "use");
    if (use === "old") return 4;
    if (there(at(at(name, "period"), "end"))) return 3;
    return use === "official" ? 0 : use === "usual" ? 1 : 2;
  };
  const all = list(names).filter(there).sort((a, b) => rank(a) - rank(b));
  return firstOf(all, (name) => {
    if (typeof name === "string") return clean(name) || undefined;
    const text = clean(str(name, "text") ?? "");
    if (text !== "") return text;
    const parts = ["prefix", "given", "family", "suffix"].flatMap((key) => list(object(name)[key]).map(word).filter((part) => part !== undefined));
    return clean(parts.join(" ")) || undefined;
  });
}
