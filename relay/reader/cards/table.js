/** The one table of words, units and codes, shared with the wallet. Foreign codes look up own members only. */
import display from "../display.js";

/** A part of the table; undefined where there is none. */
export function part(...keys) {
  let node = display;
  for (const key of keys) {
    if (node === null || typeof node !== "object" || !Object.hasOwn(node, key)) return undefined;
    node = node[key];
  }
  return node;
}

/** A word of the table: `word(["en", "flags"], "high")`; undefined where there is none. */
export function word(keys, key) {
  const map = part(...keys);
  const found = map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
  return typeof found === "string" ? found : undefined;
}

/** Puts texts in the places of a sentence, once: braces within a text stay. */
export const fill = (sentence, places = {}) => sentence.replace(/\{([^}]*)\}/g, (_, name) => (Object.hasOwn(places, name) ? String(places[name]) : ""));

/** A phrase of the table with its places filled. */
export const phrase = (key, places) => fill(word(["en", "phrases"], key) ?? "", places);

/** The same of the table's dosage part. */
export const say = (key, places) => fill(word(["en", "dosage"], key) ?? "", places);

/** One of two forms: `["thing", "things"]` at a path. */
export const plural = (keys, one) => part(...keys)?.[one ? 0 : 1] ?? "";
