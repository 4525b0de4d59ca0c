/** A `CodeableConcept` in words. */
import { at, first, list, str, there, truth } from "../tree.js";
import { part, phrase, word } from "./table.js";
import { clean, tidy } from "./text.js";

/** The short name of a code system. */
export const systemName = (system) => word(["systems"], system);

const emptyWords = new Set(part("emptyWords"));

/** True for what may not be shown as a text: addresses, OIDs, nothing. */
function isNoise(text) {
  if (text === "" || (text !== "Na" && emptyWords.has(text.toLowerCase()))) return true;
  if (/^(https?:\/\/|urn:|\[object)/.test(text)) return true;
  return text.length > 6 && /^[0-9.]+$/.test(text) && text.split(".").length > 3;
}

function usable(text) {
  if (text === undefined) return undefined;
  const words = clean(text);
  return isNoise(words) ? undefined : words;
}

/** The codings of a concept; a lone Coding or a bare code count too. */
export function codings(concept) {
  const coding = at(concept, "coding");
  if (there(coding)) return list(coding).filter(there);
  return there(concept) && (there(at(concept, "code")) || there(at(concept, "display"))) ? [concept] : [];
}

/** True when any coding of a concept, or of a list of them, has one of these codes. */
export const hasCode = (concept, codes) =>
  list(concept).some((one) => (typeof one === "string" ? codes.includes(one) : codings(one).some((coding) => codes.includes(str(coding, "code")))));

/** R5 wraps the concept; lists give their first. */
function single(concept) {
  const inner = at(concept, "concept");
  const one = there(inner) ? inner : concept;
  return Array.isArray(one) ? first(one) : one;
}

/** The words of a concept by the display rules: its text, a display in the field's order of systems, the built-in `set`, "Code x (system)"; undefined when it holds nothing. */
export function label(value, field, set = "") {
  const concept = single(value);
  if (typeof concept === "string") {
    const text = clean(concept);
    return builtInCode(text, set) ?? (isNoise(text) ? undefined : text);
  }
  const found = codings(concept);
  const text = usable(str(concept, "text"));
  if (text !== undefined && !found.some((coding) => str(coding, "code") === text)) return text;
  const picked = firstOf(found.filter((coding) => truth(coding, "userSelected") === true), display);
  if (picked !== undefined) return picked;
  for (const name of part("codingOrder", field) ?? []) {
    const words = firstOf(found.filter((coding) => systemName(str(coding, "system") ?? "") === name), display);
    if (words !== undefined) return words;
  }
  return firstOf(found, display) ?? builtIn(concept, set) ?? text ?? bareCode(found);
}

/** The first result of `map` that is not undefined. */
export function firstOf(items, map) {
  for (const item of items) {
    const result = map(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

/** The display of a coding, a LOINC long name made shorter; one that only repeats the code says nothing. */
function display(coding) {
  const text = usable(str(coding, "display"));
  if (text === undefined || str(coding, "code") === text) return undefined;
  return systemName(str(coding, "system") ?? "") === "LOINC" ? shortLoinc(text) : text;
}

/** Drops `[Mass/volume]` and the commonest specimen. */
function shortLoinc(text) {
  let depth = 0;
  let out = "";
  for (const letter of text) {
    if (letter === "[") depth += 1;
    else if (letter === "]") depth = Math.max(0, depth - 1);
    else if (depth === 0) out += letter;
  }
  const short = tidy(out).replace(/ in Serum or Plasma$/, "");
  return short === "" || depth > 0 ? text : short;
}

const builtInCode = (code, set) => (set === "" ? undefined : word(["en", "labels", set], code));

/** A name from the table: first of the field's own set, then of the code's system. */
export function builtIn(concept, set) {
  return firstOf(codings(concept), (coding) => {
    const code = str(coding, "code");
    if (code === undefined) return undefined;
    const system = systemName(str(coding, "system") ?? "");
    return builtInCode(code, set) ?? (system === undefined ? undefined : word(["en", "labels", system], code));
  });
}

/** A built-in name only: for small closed sets (status, class, route). */
export function known(value, set) {
  const concept = Array.isArray(value) ? first(value) : value;
  return typeof concept === "string" ? builtInCode(concept, set) : builtIn(concept, set);
}

function bareCode(found) {
  const coding = found.find((one) => there(at(one, "code")));
  const code = coding && str(coding, "code");
  if (code === undefined) return undefined;
  return phrase("code", { code: clean(code), system: systemName(str(coding, "system") ?? "") ?? phrase("localCode") });
}
