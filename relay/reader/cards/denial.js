/** What a code or words deny: `{none}` with the words of a statement that there is none or that nothing is known, `{not}` or `{maybe}` with what is denied or doubted, or nothing of these. */
import { any, at, first, str, there } from "../tree.js";
import { codings, firstOf } from "./label.js";
import { part, word } from "./table.js";
import { clean } from "./text.js";

const NONE = {};

/** An allergy. Whoever saw a reaction and not what made it knows of one. */
export function ofAllergy(root) {
  const code = any(root, "code", "substance");
  const found = byCode("noKnownAllergy", code) ?? allergyInWords(said(code));
  return found.sort?.startsWith("unknown") && there(at(root, "reaction")) ? NONE : found;
}

/** A problem. */
export const ofProblem = (code) => byCode("noKnownProblem", code) ?? problemInWords(said(code));

/** A medicine, by code or words that there is none of any. */
export const ofMedicine = (code) => byCode("noKnownMedicine", code) ?? noneInWords("noKnownMedicine", said(code)) ?? NONE;

/** A vaccine, by code alone: one that was given may be unknown. */
export const ofVaccine = (code) => byCode("noKnownMedicine", code) ?? NONE;

const known = (sort) => sort && { sort, none: word(["en", "noKnown"], sort) };
const inTable = (table, key) => known(word([table], key ?? ""));
const concept = (code) => {
  const held = first(code);
  return there(at(held, "concept")) ? at(held, "concept") : held;
};
const byCode = (table, code) => firstOf(codings(concept(code)), (coding) => inTable(table, str(coding, "code")));

/** The words as their source wrote them. */
function said(code) {
  const held = concept(code);
  const text = typeof held === "string" ? held : (str(held, "text") ?? firstOf(codings(held), (coding) => str(coding, "display")));
  return text === undefined ? "" : clean(text);
}

/** In lower case, without the full stop, and without who says it. */
function plain(text) {
  const lower = text.toLowerCase().replace(/[.। ]+$/, "");
  const who = part("denial", "who").find((one) => lower.startsWith(one) && lower.slice(one.length).startsWith("denie"));
  return who === undefined ? lower : lower.slice(who.length);
}

const split = (text) => text.split(/[ /,()]+/).filter(Boolean);
const is = (list, one) => part("denial", list).includes(one);
const goes = (one) => is("goes", one);
const thing = (one) => is("things", one);
const about = (one) => part("denial", "about").some((stem) => one.startsWith(stem));
const begins = (one) => is("starts", one) && one !== "not";
const whole = (text) => text !== "" && !/[.,;:]/.test(text) && !split(text).some((one) => is("turns", one));

function allergyInWords(text) {
  const lower = plain(text);
  const sort = inTable("noKnownAllergy", lower);
  if (sort) return sort;
  const at = lower.indexOf(" to ");
  const [begin, ...words] = split(at < 0 ? lower : lower.slice(0, at));
  const denies = is("starts", begin) && words.some(about) && words.every((one) => about(one) || goes(one));
  if (at < 0) return denies ? { none: text } : substance(lower);
  if (!denies) return NONE;
  const to = lower.slice(at + 4);
  if (split(to).every(goes)) return { none: text };
  return whole(to) ? { not: to.trim() } : NONE;
}

/** `No penicillin allergy`, `पेनिसिलिन से एलर्जी नहीं`: the substance stands before the word for allergy. */
function substance(lower) {
  const one = (text) => (whole(text) && !text.includes("(") ? { not: text.trim() } : NONE);
  const end = part("denial", "ends").find((ending) => lower.endsWith(ending));
  if (end !== undefined) {
    const rest = lower.slice(0, -end.length).trim().replace(/से$/, "").trim();
    return split(rest).every(goes) ? known("any") : one(rest);
  }
  const [, begin, held] = /^(\S+) (.+) allerg\S*$/.exec(lower) ?? [];
  return begin !== undefined && begins(begin) ? one(held) : NONE;
}

/** `No known problems`: every word is one that such a statement is made of. */
function noneInWords(table, text) {
  const lower = plain(text);
  const [begin, ...words] = split(lower);
  const none = begin !== undefined && begins(begin) && words.some(thing) && words.every((one) => goes(one) || thing(one));
  return inTable(table, lower) ?? (none ? { none: text } : undefined);
}

/** `No history of stroke`, `Rule out malaria`. */
function problemInWords(text) {
  const allergy = allergyInWords(text);
  const none = noneInWords("noKnownProblem", text) ?? (allergy.none && !allergy.sort?.startsWith("unknown") ? allergy : undefined);
  if (none) return none;
  const lower = plain(text);
  const after = (list) => {
    const begin = part("denial", list).find((one) => lower.startsWith(one));
    const rest = begin === undefined ? "" : lower.slice(begin.length);
    return whole(rest) ? rest.trim() : undefined;
  };
  const not = after("denied");
  return not === undefined ? { maybe: after("suspects") } : { not };
}
