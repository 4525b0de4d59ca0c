/** `value[x]` in words. */
import { at, choice, object, str, word as wordOf } from "../tree.js";
import { momentText, parse, period } from "./date.js";
import { boundsText } from "./flag.js";
import { known, label } from "./label.js";
import { doseNumber, doseText, doseUnit, numberText, otherUnit, quantity, quantityText, shown, withUnit } from "./quantity.js";
import { phrase, word } from "./table.js";
import { clean, clip, tidy } from "./text.js";

/** Longest string value on a card, in characters: about three lines. */
const LONGEST = 240;

/** A value in words; `bounds` keep a rounded number on its side of a reference range. Undefined: there is no value. */
export function valueText(holder, stem, bounds = []) {
  const found = choice(holder, stem);
  return found && valueOfKind(found[0], found[1], bounds);
}

export const valueOfKind = (kind, node, bounds = []) => wordsOf(kind, node, bounds) || undefined;

const isObject = (node) => node !== null && typeof node === "object" && !Array.isArray(node);

function wordsOf(kind, node, bounds) {
  const amount = () => {
    const found = quantity(node);
    return found && quantityText(found, bounds);
  };
  const own = wordOf(node);
  switch (kind) {
    case "Quantity":
    case "Age":
    case "Duration":
    case "Count":
    case "Money":
    case "SimpleQuantity":
      return amount();
    case "CodeableConcept":
    case "Coding":
    case "CodeableReference":
      return label(node, "other");
    case "Boolean":
      return own === "true" ? phrase("yes") : own === "false" ? phrase("no") : undefined;
    case "Range":
      return range(at(node, "low"), at(node, "high"));
    case "Ratio":
      return ratio(node);
    case "SampledData":
      return phrase("waveform");
    case "Period": {
      const found = period(node, "clinical");
      return found === "unclear" ? undefined : found?.text;
    }
    case "DateTime":
    case "Date":
    case "Instant": {
      if (own === undefined) return undefined;
      const moment = parse(own);
      return moment ? momentText(moment) : clean(own);
    }
    case "Time":
      return own && clean(own.slice(0, 5));
    case "Integer":
    case "Decimal":
    case "PositiveInt":
    case "UnsignedInt":
    case "Integer64":
      return own && shown(own, bounds);
    case "Attachment":
      return clean(str(node, "title") ?? "");
    case "Reference":
      return clean(str(node, "display") ?? "");
    default:
      return isObject(node) ? (label(node, "other") ?? amount()) : own && clip(tidy(own), LONGEST);
  }
}

/** `1 to 3 mg/L`, `up to 5`, `40 or more`. */
export const range = (low, high) => boundsText("to", quantity(low), quantity(high));

/** The same for doses: `1 to 2 tablets`. */
export function doseRange(node) {
  const [low, high] = [quantity(at(node, "low")), quantity(at(node, "high"))];
  if (!low || !high) return (low ?? high) && doseText(low ?? high);
  if (otherUnit(low, high)) return phrase("to", { low: doseText(low), high: doseText(high) });
  const unit = doseUnit(high.unit === "" ? low.unit : high.unit);
  return withUnit(phrase("to", { low: doseNumber(low.digits), high: doseNumber(high.digits) }), word(["units", "plural"], unit) ?? unit);
}

/** `1:128` where both parts have no unit, else `5 mg / 1 mL`. */
export function ratio(node) {
  const [top, bottom] = [quantity(at(node, "numerator")), quantity(at(node, "denominator"))];
  if (!top || !bottom) return top && quantityText(top);
  return top.unit === "" && bottom.unit === "" ? `${numberText(top)}:${numberText(bottom)}` : `${quantityText(top)} / ${quantityText(bottom)}`;
}

/** Why there is no value, in words. */
export function absent(node) {
  const reason = at(object(node), "dataAbsentReason");
  const text = known(reason, "absentReason") ?? label(reason, "other", "absentReason");
  return text && phrase("noValue", { reason: text });
}
