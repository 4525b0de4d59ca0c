/** Dosage instructions in words: the prescriber's own, else put together from the fields. Nothing is guessed. */
import { any, at, first, list, str, there, truth, word as wordOf } from "../tree.js";
import { dayText, parse } from "./date.js";
import { codings, firstOf, known, label, systemName } from "./label.js";
import { doseNumber, doseText, normalUnit, quantity, quantityText } from "./quantity.js";
import { part, plural, say, word } from "./table.js";
import { clean, clip } from "./text.js";
import { doseRange, valueText } from "./value.js";

/** All instructions of a medicine in their sequence: `{text, generated}`, or undefined when there is nothing to say. */
export function dosage(node) {
  const items = list(any(node, "dosageInstruction", "dosage"))
    .filter(there)
    .slice(0, 20)
    .map(instruction)
    .filter((item) => item !== undefined);
  // DSTU2 and STU3 have no list.
  if (items.length === 0) {
    const dose = quantity(at(node, "doseQuantity"));
    if (dose) items.push({ sequence: 0, text: doseText(dose), generated: true });
  }
  items.sort((a, b) => a.sequence - b.sequence);
  const text = items.reduce((first, item, i) => (i === 0 ? item.text : say(item.sequence === items[i - 1].sequence ? "and" : "then", { first, next: item.text })), "");
  return text === "" ? undefined : { text: clip(text, 400), generated: items.some((item) => item.generated) };
}

function instruction(item) {
  const written = str(item, "sequence") ?? "";
  const sequence = /^[+-]?\d+$/.test(written) ? Number(written) : 0;
  const own = clean((typeof item === "string" ? wordOf(item) : str(item, "text")) ?? "");
  if (own === "") {
    const text = compose(item);
    return text === undefined ? undefined : { sequence, text, generated: true };
  }
  const extra = clean(str(item, "patientInstruction") ?? "");
  const text = glossed(own);
  return { sequence, text: extra !== "" && extra !== own ? say("extra", { text, extra }) : text, generated: false };
}

/** `1-0-1` keeps its form and gains the times of day. */
function glossed(text) {
  const parts = text.split("-");
  if (!parts.every((one) => /^\d+(½|\.5|\/2)?$/.test(one))) return text;
  const [a, b, c, d] = parts;
  if (parts.length === 3) return say("gloss3", { text, a, b, c });
  return parts.length === 4 ? say("gloss4", { text, a, b, c, d }) : text;
}

function compose(item) {
  const sources = [first(at(item, "doseAndRate")), item];
  const dose = firstOf(sources, (source) => {
    const amount = quantity(any(source, "doseQuantity", "doseSimpleQuantity"));
    return amount ? doseText(amount) : doseRange(at(source, "doseRange"));
  });
  const speed = firstOf(sources, (source) => {
    const amount = quantity(at(source, "rateQuantity"));
    return amount ? quantityText(amount) : valueText(source, "rate");
  });
  const route = at(item, "route");
  const parts = [dose, speed && say("rate", { rate: speed }), known(route, "route") ?? label(route, "other"), timing(first(at(item, "timing"))), asNeeded(item)];
  const limits = list(at(item, "maxDosePerPeriod")).map(limit);
  const extras = list(any(item, "additionalInstruction", "additionalInstructions")).map((extra) => ordered(extra) ?? label(extra, "other"));
  const text = [parts.filter(Boolean).join(" "), ...limits, ...extras].filter(Boolean).join(", ");
  const more = clean(str(item, "patientInstruction") ?? "");
  if (more === "") return text || undefined;
  return text === "" ? more : say("extra", { text, extra: more });
}

function asNeeded(item) {
  const reason = label(any(item, "asNeededCodeableConcept", "asNeededFor"), "other");
  if (reason !== undefined) return say("asNeededFor", { x: reason });
  return (truth(item, "asNeededBoolean") ?? truth(item, "asNeeded")) ? say("asNeeded") : undefined;
}

/** The word of a length of time; the unit as it is where the table has none. */
const periodWord = (amount, one) => {
  const unit = normalUnit(amount.unit);
  return part("en", "periods", unit) ? plural(["en", "periods", unit], one) : amount.unit;
};

function limit(ratio) {
  const [amount, length] = [quantity(at(ratio, "numerator")), quantity(at(ratio, "denominator"))];
  if (!amount || !length) return undefined;
  const number = doseNumber(length.digits);
  return say("max", { amount: doseText(amount), period: `${number} ${periodWord(length, number === "1")}`.trim() });
}

/** A Timing in words; also a bare code. */
export function timing(node) {
  const repeat = at(node, "repeat");
  const words = (key, path) => list(at(repeat, key)).map((item) => word(path, wordOf(item) ?? "")).filter(Boolean);
  const days = words("dayOfWeek", ["en", "days"]);
  const times = list(at(repeat, "timeOfDay")).map((time) => clean((wordOf(time) ?? "").slice(0, 5))).filter((time) => time.length >= 5);
  const count = str(repeat, "count");
  const number = count === undefined ? undefined : doseNumber(count);
  const parts = [
    frequency(repeat) ?? coded(at(node, "code")),
    days.length > 0 && say("on", { days: listed(days) }),
    times.length > 0 && say("at", { times: listed(times) }),
    meals(repeat, words("when", ["en", "when"])),
    bounds(repeat),
    number !== undefined && (number === "1" ? say("timesOne") : say("times", { n: number })),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(" ") : undefined;
}

const listed = (items) => (items.length > 1 ? say("list", { first: items.slice(0, -1).join(", "), last: items.at(-1) }) : items.join(""));

function meals(repeat, when) {
  if (when.length === 0) return undefined;
  const offset = str(repeat, "offset");
  const minutes = offset === undefined ? "0" : doseNumber(offset);
  return minutes === "0" ? listed(when) : say("minutesBefore", { n: minutes, when: listed(when) });
}

function coded(code) {
  return firstOf(codings(code), (coding) => word(["en", "when"], str(coding, "code") ?? "") ?? ofTable(coding)) ?? label(code, "other");
}

/** How often, by a code of the table. */
function ofTable(coding) {
  const [times, period, unit] = part("timing", str(coding, "code") ?? "") ?? [];
  return unit === undefined ? undefined : every(String(times), "", String(period), "", unit);
}

/** How often, where an instruction beside the timing says so by a SNOMED CT code. */
const ordered = (extra) =>
  firstOf(codings(extra), (coding) => (systemName(str(coding, "system") ?? "") === "SNOMED CT" ? ofTable(coding) : undefined));

function frequency(repeat) {
  const number = (key) => {
    const digits = str(repeat, key);
    return digits === undefined ? "" : doseNumber(digits);
  };
  const unit = str(repeat, "periodUnit") ?? str(repeat, "periodUnits");
  const period = number("period");
  // "Twice, before meals" has a frequency alone.
  if (unit === undefined || period === "") return undefined;
  return every(number("frequency") || "1", number("frequencyMax"), period, number("periodMax"), unit);
}

/** `once a day`, `2 times a day`, `every 6 hours`, `2 to 3 times every 4 to 6 hours`. */
function every(times, timesMax, period, periodMax, unit) {
  const span = (low, high) => (high === "" || high === low ? low : say("toTimes", { n: low, m: high }));
  const form = (one) => (part("en", "periods", unit) ? plural(["en", "periods", unit], one) : clean(unit));
  const [n, m] = [span(times, timesMax), span(period, periodMax)];
  if (n === "1" && m === "1") return unit === "h" ? say("everyOne", { unit: form(true) }) : say("onceA", { unit: form(true) });
  if (n === "1") return say("every", { n: m, units: form(false) });
  return m === "1" ? say("timesA", { n, unit: form(true) }) : say("timesEvery", { n, m, units: form(false) });
}

function bounds(repeat) {
  const length = quantity(any(repeat, "boundsDuration", "boundsQuantity"));
  if (length) {
    const n = doseNumber(length.digits);
    return say("for", { n, units: periodWord(length, n === "1") });
  }
  const range = at(repeat, "boundsRange");
  const [low, high] = [quantity(at(range, "low")), quantity(at(range, "high"))];
  if (low && high) return say("forTo", { n: doseNumber(low.digits), m: doseNumber(high.digits), units: periodWord(high, false) });
  const day = (key) => {
    const moment = parse(str(at(repeat, "boundsPeriod"), key) ?? "");
    return moment && dayText(moment);
  };
  const [from, to] = [day("start"), day("end")];
  if (from && to) return say("fromTo", { from, to });
  if (to) return say("until", { date: to });
  return from && say("from", { date: from });
}
