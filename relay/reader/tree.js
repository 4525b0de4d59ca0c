/** A resource as a tree that forgives wrong shapes; the same rules of access as the wallet's own reader. */

/**
 * JSON numbers whose digits a double would lose (`7.40`, 30 digits, exponents) are kept as texts that start with this mark.
 * A source's digits are part of the finding: 7.40 is not 7.4.
 */
export const DIGITS = "\u0001";

/** `value` as a list: itself, nothing, or alone. Sloppy senders mix these. */
export const list = (value) => (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]);
/** `value` where it is an object, else an empty one. */
export const object = (value) => (value !== null && typeof value === "object" && !Array.isArray(value) ? value : {});
/** `value` where it is a text, else "". */
export const text = (value) => (typeof value === "string" ? value : "");

/** Whether there is something in it. */
export function there(value) {
  if (value === undefined || value === null || value === "") return false;
  if (Array.isArray(value)) return value.some(there);
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** A member; undefined when absent. A list of one is seen through. Only own members count: `constructor` is no field. */
export function at(value, key) {
  if (Array.isArray(value)) return value.length === 1 ? at(value[0], key) : undefined;
  return value !== null && typeof value === "object" && Object.hasOwn(value, key) ? (value[key] ?? undefined) : undefined;
}

/** A member of a member of a member. */
export const path = (value, ...keys) => keys.reduce(at, value);

/** The first member present among several names. */
export const any = (value, ...keys) => keys.map((key) => at(value, key)).find(there);

/** The first item with something in it. */
export const first = (value) => list(value).find(there);

/** The text, digits or truth word of a value; of a list, its first such item; undefined for anything else. */
export function word(value) {
  switch (typeof value) {
    case "string":
      return value === "" ? undefined : value.startsWith(DIGITS) ? value.slice(DIGITS.length) : value;
    case "number":
    case "boolean":
      return String(value);
    default:
      if (!Array.isArray(value)) return undefined;
      for (const item of value) {
        const found = word(item);
        if (found !== undefined) return found;
      }
      return undefined;
  }
}

/** The word of a member. */
export const str = (value, key) => word(at(value, key));

/** True when the member is this word (of a list: when any item is). */
export const has = (value, key, wanted) => list(at(value, key)).some((item) => item === wanted);

/** The truth of a member, or undefined. */
export function truth(value, key) {
  const member = at(value, key);
  if (typeof member === "boolean") return member;
  if (member === "true") return true;
  if (member === "false") return false;
  return Array.isArray(member) ? member.find((item) => typeof item === "boolean") : undefined;
}

/** A choice element: `choice(o, "value")` finds `valueQuantity` and gives `["Quantity", its value]`, else undefined. */
export function choice(value, stem) {
  const keys = Object.keys(object(value));
  for (let i = keys.length - 1; i >= 0; i -= 1) {
    const key = keys[i];
    const suffix = key.slice(stem.length);
    if (key.startsWith(stem) && /^[A-Z]/.test(suffix) && there(value[key])) return [suffix, value[key]];
  }
  return undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Position after the string that starts at `from` (behind its quote). */
function afterString(bytes, from) {
  let i = from;
  while (i < bytes.length && bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i + 1;
}

const numeric = (byte) => (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x2d || byte === 0x2b || byte === 0x65 || byte === 0x45;

/**
 * One pass over a JSON text (bytes): its deepest nesting, and the spans of numbers whose digits a double would lose.
 * `{depth, spans: [start, end, start, end, …]}`
 */
export function survey(bytes) {
  let now = 0;
  let depth = 0;
  const spans = [];
  for (let i = 0; i < bytes.length; ) {
    const byte = bytes[i];
    if (byte === QUOTE) i = afterString(bytes, i + 1);
    else if (byte === 0x2d || (byte >= 0x30 && byte <= 0x39)) {
      const start = i;
      while (i < bytes.length && numeric(bytes[i])) i += 1;
      if (i - start > 2 && !survives(bytes, start, i)) spans.push(start, i);
    } else {
      if (byte === 0x7b || byte === 0x5b) {
        now += 1;
        if (now > depth) depth = now;
      } else if (byte === 0x7d || byte === 0x5d) now -= 1;
      i += 1;
    }
  }
  return { depth, spans };
}

function survives(bytes, start, end) {
  if (end - start > 40) return false;
  const digits = String.fromCharCode(...bytes.subarray(start, end));
  return String(Number(digits)) === digits;
}

/** The text of `bytes` with the numbers at `spans` turned into marked strings. Throws on bytes that are not UTF-8. */
export function marked(bytes, spans) {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  if (spans.length === 0) return decoder.decode(bytes);
  const before = new TextEncoder().encode('"\\u0001');
  const out = new Uint8Array(bytes.length + (spans.length / 2) * (before.length + 1));
  let from = 0;
  let to = 0;
  const copy = (part) => {
    out.set(part, to);
    to += part.length;
  };
  for (let i = 0; i < spans.length; i += 2) {
    copy(bytes.subarray(from, spans[i]));
    copy(before);
    copy(bytes.subarray(spans[i], spans[i + 1]));
    out[to] = QUOTE;
    to += 1;
    from = spans[i + 1];
  }
  copy(bytes.subarray(from));
  return decoder.decode(out.subarray(0, to));
}
