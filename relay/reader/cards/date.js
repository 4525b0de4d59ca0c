/** Dates as FHIR gives them: only as exact as they are, on the clock of the place where they were made. */
import { str } from "../tree.js";
import { part, phrase } from "./table.js";

const DATE = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?$/;
const ZONE = /^([^+-]*)([+-])(\d{2}):(\d{2})$/;

/** How exact a date is, from `Y` to `s`. */
const RANK = { Y: 1, M: 2, D: 3, min: 4, s: 5 };

function daysIn(year, month) {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/**
 * Reads a FHIR date, dateTime or instant as `{ms, precision, offset, civil: [y, m, d], clock: [h, m]}`. Undefined for anything else,
 * for days that do not exist, and for years before 1880 or after 2200.
 */
export function parse(text) {
  const split = text.indexOf("T");
  const date = DATE.exec(split < 0 ? text : text.slice(0, split));
  if (!date) return undefined;
  const [year, month, day] = [Number(date[1]), date[2] && Number(date[2]), date[3] && Number(date[3])];
  if (year < 1880 || year > 2200) return undefined;
  if (month !== undefined && (month < 1 || month > 12)) return undefined;
  if (day !== undefined && (day < 1 || day > daysIn(year, month))) return undefined;
  const civil = [year, month ?? 1, day ?? 1];
  const ms = Date.UTC(civil[0], civil[1] - 1, civil[2]);
  const plain = { ms, precision: month === undefined ? "Y" : day === undefined ? "M" : "D", offset: null, civil, clock: [0, 0] };
  if (split < 0) return plain;
  return day === undefined ? undefined : withTime(plain, text.slice(split + 1));
}

function withTime(plain, time) {
  let clock = time;
  let offset = null;
  if (time.endsWith("Z")) [clock, offset] = [time.slice(0, -1), 0];
  else if (/[+-]/.test(time)) {
    const zone = ZONE.exec(time);
    if (!zone) return undefined;
    const [hours, minutes] = [Number(zone[3]), Number(zone[4])];
    if (hours > 14 || minutes > 59) return undefined;
    clock = zone[1];
    offset = (zone[2] === "-" ? -1 : 1) * (hours * 60 + minutes);
  }
  const match = TIME.exec(clock);
  if (!match) return undefined;
  const [hour, minute, whole] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hour > 23 || minute > 59 || whole > 60) return undefined;
  // A leap second stands at the end of its minute.
  const second = Math.min(whole, 59);
  const millis = Number(`${match[4] ?? ""}000`.slice(0, 3));
  if (hour === 0 && minute === 0 && second === 0 && millis === 0) return plain;
  const ofDay = hour * 3_600_000 + minute * 60_000 + second * 1000 + millis;
  return { ...plain, ms: plain.ms + ofDay - (offset ?? 0) * 60_000, precision: match[3] === undefined ? "min" : "s", offset, clock: [hour, minute] };
}

/** Of the end of something: where only its month or year is said, the beginning of the last day that it may be. */
export function asEnd({ ms, precision, civil: [year, month] }) {
  return precision === "Y" ? Date.UTC(year, 11, 31) : precision === "M" ? Date.UTC(year, month, 0) : ms;
}

const monthName = (moment) => part("en", "months")[moment.civil[1] - 1];

/** `2024`, `Mar 2024`, `5 Mar 2024`. */
export function dayText(moment) {
  const [year, , day] = moment.civil;
  if (moment.precision === "Y") return String(year);
  return moment.precision === "M" ? `${monthName(moment)} ${year}` : `${day} ${monthName(moment)} ${year}`;
}

const two = (number) => String(number).padStart(2, "0");

/** With the clock, when one is known: `5 Mar 2024, 10:15`. */
export function momentText(moment) {
  if (RANK[moment.precision] < RANK.min) return dayText(moment);
  return phrase("dateTime", { date: dayText(moment), time: `${two(moment.clock[0])}:${two(moment.clock[1])}` });
}

const whenOf = (moment, end, basis, raw) => ({ start: moment.ms, end: end?.ms ?? null, precision: moment.precision, offset: moment.offset, basis, raw });

/** A date of some basis: `{when, text}`, or `"unclear"`. */
export function date(text, basis) {
  const moment = parse(text);
  return moment ? { when: whenOf(moment, undefined, basis, text), text: momentText(moment) } : "unclear";
}

/** A Period: `{when, text}`, `"unclear"`, or undefined when it has neither end. */
export function period(node, basis) {
  const start = str(node, "start");
  const written = str(node, "end");
  const end = written?.startsWith("9999") ? undefined : written;
  const raw = `${start ?? ""}/${end ?? ""}`;
  const from = start === undefined ? undefined : parse(start);
  const last = end === undefined ? undefined : parse(end);
  if (start !== undefined && !from) return "unclear";
  if (!from && !last) return end === undefined ? undefined : "unclear";
  if (!from) return { when: whenOf(last, last, basis, raw), text: phrase("until", { date: dayText(last) }) };
  if (!last) return { when: whenOf(from, undefined, basis, raw), text: phrase("since", { date: dayText(from) }) };
  const to = last.ms < from.ms ? from : last;
  return { when: whenOf(from, to, basis, raw), text: spanText(from, to) };
}

/** `5–9 Mar 2024`, `28 Feb–3 Mar 2024`, `5 Mar 2024, 10:15`. */
function spanText(from, to) {
  const [begin, end] = [dayText(from), dayText(to)];
  if (begin === end) return momentText(from);
  const days = RANK[from.precision] >= RANK.D && RANK[to.precision] >= RANK.D && from.civil[0] === to.civil[0];
  const short = !days ? begin : from.civil[1] === to.civil[1] ? String(from.civil[2]) : `${from.civil[2]} ${monthName(from)}`;
  return phrase("period", { from: short, to: end });
}

