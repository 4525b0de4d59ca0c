/** Flags and reference ranges: the laboratory's word, else its own range, else nothing. */
import { any, at, list, str, there, word as wordOf } from "../tree.js";
import { codings, firstOf, hasCode, known, label } from "./label.js";
import { compare as compareNumbers, decimal, otherUnit, quantity, shown, withUnit } from "./quantity.js";
import { part, phrase, word } from "./table.js";
import { clean } from "./text.js";

/** Every range of a result that says something: `{low, high, text, usable}`. */
export const ranges = (node) =>
  list(at(node, "referenceRange"))
    .filter(there)
    .slice(0, 20)
    .map(readRange)
    .filter((range) => range !== undefined);

function readRange(node) {
  const [low, high] = [quantity(at(node, "low")), quantity(at(node, "high"))];
  const kind = any(node, "type", "meaning");
  const normal = !there(kind) || hasCode(kind, ["normal", "N"]);
  const plain = boundsText("range", low, high) ?? (clean(str(node, "text") ?? "") || undefined);
  if (plain === undefined) return undefined;
  const meaning = normal ? undefined : (known(kind, "rangeType") ?? label(kind, "other", "rangeType"));
  const [bottom, top] = [low && decimal(low.digits), high && decimal(high.digits)];
  // "0 - 0" stands for no range at all.
  const empty = bottom && top && compareNumbers(bottom, top) !== -1;
  return {
    low,
    high,
    text: meaning === undefined ? plain : phrase("rangeOf", { meaning, range: plain }),
    // Whom a range applies to is not known here well enough to judge by it.
    usable: normal && !empty && !there(at(node, "appliesTo")) && !there(at(node, "age")) && Boolean(low || high),
  };
}

/** `1 to 3 mg/L`, `up to 5`, `40 or more`; `between` is the phrase that joins the ends. Each end keeps its own unit where these differ. */
export function boundsText(between, low, high) {
  const end = ({ digits, unit }) => withUnit(shown(digits), unit);
  if (!low || !high) return high ? phrase("upTo", { high: end(high) }) : low && phrase("orMore", { low: end(low) });
  if (otherUnit(low, high)) return phrase(between, { low: end(low), high: end(high) });
  return withUnit(phrase(between, { low: shown(low.digits), high: shown(high.digits) }), high.unit || low.unit);
}

/** The ranges of a result in one line, or undefined. */
export const rangeText = (all) => (all.length > 0 ? clean(all.map((range) => range.text).join("; ")) : undefined);

/** Every bound, so that rounding does not cross one. */
export const bounds = (all) => all.flatMap(({ low, high }) => [low, high]).flatMap((amount) => (amount ? [decimal(amount.digits)] : [])).filter(Boolean);

/** The only range a value may be compared with or drawn in, or undefined: one in the value's own unit. */
export function rangeOf(all, amount) {
  const usable = all.filter((range) => range.usable);
  const fits = (bound) => !bound || (!bound.unclear && (bound.normal === amount.normal || bound.normal === ""));
  return usable.length === 1 && fits(usable[0].low) && fits(usable[0].high) ? usable[0] : undefined;
}

/** The flag `{code, text, computed}` of a result or of one of its components, or undefined. */
export function flag(node, amount, all) {
  const interpretation = at(node, "interpretation");
  if (there(interpretation)) return firstOf(list(interpretation), stated);
  const usable = amount && !amount.unclear && rangeOf(all, amount);
  const code = usable ? compare(amount, usable) : undefined;
  const text = code && word(["en", "flags"], code);
  return text && { code, text, computed: true };
}

/** An interpretation: its code by the table, its words by the table, its words as they are. */
function stated(concept) {
  const byCode = firstOf(codings(concept), (coding) => word(["interpretation"], str(coding, "code") ?? ""));
  const texts = [wordOf(concept), str(concept, "text"), ...codings(concept).map((coding) => str(coding, "display"))].filter((text) => text !== undefined);
  const code = byCode ?? firstOf(texts, (text) => word(["interpretation"], text.trim()) ?? word(["interpretationWords"], text.trim().toLowerCase()));
  if (code !== undefined) return { code, text: word(["en", "flags"], code), computed: false };
  const text = label(concept, "other");
  return text === undefined ? undefined : { code: "other", text, computed: false };
}

/** Where a value lies in a range; undefined unless it is certain. Bounds belong to the range. */
function compare(amount, range) {
  const value = decimal(amount.digits);
  if (!value) return undefined;
  const against = (bound) => {
    if (!bound) return null;
    const number = decimal(bound.digits);
    return number && compareNumbers(value, number);
  };
  const [low, high] = [against(range.low), against(range.high)];
  if (low === undefined || high === undefined) return undefined;
  switch (amount.comparator) {
    case "":
      return low === -1 ? "below-range" : high === 1 ? "above-range" : "within-range";
    case "<":
      return low !== null && low <= 0 ? "below-range" : undefined;
    case "≤":
      return low === -1 ? "below-range" : undefined;
    case ">":
      return high !== null && high >= 0 ? "above-range" : undefined;
    default:
      return high === 1 ? "above-range" : undefined;
  }
}

const outside = new Set(part("outside"));

/** True for a flag that counts as "outside range". */
export const isOutside = (found) => outside.has(found.code);
