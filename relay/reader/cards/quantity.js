/** Numbers with the digits of their source, and units with the many spellings of laboratories. */
import { str } from "../tree.js";
import { word } from "./table.js";
import { clean } from "./text.js";

const DIGITS = /^\d*$/;

/** A decimal number as text, exact, of any length: `{negative, whole, fraction}`; undefined for other text and exponents beyond 40. */
export function decimal(text) {
  const negative = text.startsWith("-");
  const [mantissa, power = "0", more] = (negative ? text.slice(1) : text).split(/[eE]/);
  if (more !== undefined || !/^[+-]?\d{1,9}$/.test(power)) return undefined;
  const exponent = Number(power);
  const point = mantissa.indexOf(".");
  let whole = point < 0 ? mantissa : mantissa.slice(0, point);
  let fraction = point < 0 ? "" : mantissa.slice(point + 1);
  if (whole === "" || !DIGITS.test(whole) || !DIGITS.test(fraction) || Math.abs(exponent) > 40) return undefined;
  for (let i = 0; i < exponent; i += 1) {
    whole += fraction.slice(0, 1) || "0";
    fraction = fraction.slice(1);
  }
  for (let i = exponent; i < 0; i += 1) {
    fraction = (whole.slice(-1) || "0") + fraction;
    whole = whole.slice(0, -1);
  }
  return { negative, whole: whole.replace(/^0+/, ""), fraction };
}

const isZero = (number) => number.whole === "" && /^0*$/.test(number.fraction);

const minus = (number) => number.negative && !isZero(number);

const textOf = (number) => `${minus(number) ? "-" : ""}${number.whole || "0"}${number.fraction ? "." : ""}${number.fraction}`;

function rounded(number, decimals) {
  if (number.fraction.length <= decimals) return number;
  const digits = [...(number.whole + number.fraction.slice(0, decimals))];
  if (number.fraction[decimals] >= "5") {
    let i = digits.length - 1;
    while (i >= 0 && digits[i] === "9") {
      digits[i] = "0";
      i -= 1;
    }
    if (i >= 0) digits[i] = String(Number(digits[i]) + 1);
    else digits.unshift("1");
  }
  const at = Math.max(0, digits.length - decimals);
  return { negative: number.negative, whole: digits.slice(0, at).join("").replace(/^0+/, ""), fraction: digits.slice(at).join("") };
}

/** -1, 0 or 1. */
export function compare(a, b) {
  if (minus(a) !== minus(b)) return minus(a) ? -1 : 1;
  return minus(a) ? size(b, a) : size(a, b);
}

function size(a, b) {
  if (a.whole.length !== b.whole.length) return a.whole.length < b.whole.length ? -1 : 1;
  const width = Math.max(a.fraction.length, b.fraction.length);
  const [x, y] = [a.whole + a.fraction.padEnd(width, "0"), b.whole + b.fraction.padEnd(width, "0")];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** A number for a card: as sent with up to 3 decimals; longer ones rounded, yet never across a bound. */
export function shown(digits, bounds = []) {
  const number = decimal(digits);
  if (!number) return clean(digits);
  if (number.fraction.length <= 3) return textOf(number);
  const zeros = /^0*/.exec(number.fraction)[0].length;
  let decimals = number.whole === "" && zeros >= 3 ? zeros + 3 : Math.min(3, Math.max(0, 4 - Math.max(1, number.whole.length)));
  for (;;) {
    const short = rounded(number, decimals);
    if (decimals >= number.fraction.length || bounds.every((bound) => compare(short, bound) === compare(number, bound))) return textOf(short);
    decimals += 1;
  }
}

/** A dose: no trailing zero, always a leading one. */
export function doseNumber(digits) {
  const text = shown(digits);
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

/** A unit in words: the source's own, else the pretty form of its code. */
export function unitText(node) {
  const own = clean(str(node, "unit") ?? "");
  return prettyUnit(own || clean(str(node, "code") ?? ""));
}

export const prettyUnit = (text) => word(["units", "pretty"], text) ?? withoutNotes(text);

/** UCUM annotations in braces say nothing to a reader. */
function withoutNotes(text) {
  if (!text.includes("{") && !text.includes("}")) return text.trim();
  let depth = 0;
  let out = "";
  for (const letter of text) {
    if (letter === "{") depth += 1;
    else if (letter === "}") depth = Math.max(0, depth - 1);
    else if (depth === 0) out += letter;
  }
  return depth > 0 ? text : out.trim();
}

/** The spelling under which units are compared: lower case, no spaces, variants folded by the table. */
export function normalUnit(text) {
  const folded = text.toLowerCase().replace(/\s+/gu, "").replace(/[µμ]/g, "u");
  const look = (key) => word(["units", "normal"], key);
  const bare = withoutNotes(folded);
  return look(folded) ?? look(bare) ?? bare;
}

const COMPARATORS = new Map([["<", "<"], ["<=", "≤"], ["≤", "≤"], [">", ">"], [">=", "≥"], ["≥", "≥"]]);

/** A measured amount `{digits, comparator, unit, normal, unclear}`; undefined without a number. */
export function quantity(node) {
  const digits = str(node, "value")?.trim();
  if (digits === undefined || !/\d/.test(digits) || !/^[0-9.eE+-]{1,400}$/.test(digits)) return undefined;
  const own = str(node, "unit") ?? "";
  const code = str(node, "code") ?? "";
  const system = str(node, "system");
  const ucum = system === undefined || system.includes("unitsofmeasure");
  const normalOwn = normalUnit(own);
  const normalCode = normalUnit(code);
  // A bare `1` or an annotation in braces takes any word beside it.
  const anyWord = normalCode === "" && word(["units", "normal"], normalOwn) === undefined && !normalOwn.includes("/");
  const unclear = ucum && own.trim() !== "" && code !== "" && normalOwn !== normalCode && !anyWord;
  return {
    digits,
    comparator: COMPARATORS.get(str(node, "comparator")) ?? "",
    unit: unitText(node),
    normal: ucum && normalCode !== "" && !unclear ? normalCode : normalOwn,
    unclear,
  };
}

/** Both name a unit, and not the same. */
export const otherUnit = (a, b) => a.unit !== "" && b.unit !== "" && a.normal !== b.normal;

/** `<5 mg/L`, with the value rounded but kept on its side of the bounds. */
export const quantityText = (amount, bounds = []) => withUnit(`${amount.comparator}${shown(amount.digits, bounds)}`, amount.unit);

export const numberText = (amount) => `${amount.comparator}${shown(amount.digits)}`;

/** As a dose: `mcg`, `units`, `mL`, plural where the table has one. */
export function doseText(amount) {
  const unit = doseUnit(amount.unit);
  const number = doseNumber(amount.digits);
  return withUnit(`${amount.comparator}${number}`, number === "1" ? unit : (word(["units", "plural"], unit) ?? unit));
}

/** The number as a double, or undefined where it is none that is finite. */
export function float(amount) {
  const value = Number(amount.digits);
  return Number.isFinite(value) ? value : undefined;
}

export const doseUnit = (unit) => (word(["units", "dose"], unit) ?? unit).replace(/[µμ]/g, "mc");

/** `98 %`, `12 mg`; a lone number where there is no unit. */
export const withUnit = (number, unit) => (unit === "" ? number : `${number} ${unit}`);
