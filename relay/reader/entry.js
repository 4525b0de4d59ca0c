/** One entry as a row of a list, with its details behind a button. */
import display from "./display.js";
import { foreign, h, icon } from "./dom.js";
import { fileList } from "./files.js";
import { plainText } from "./cards/narrative.js";
import { clean } from "./cards/text.js";
import { list, object, pretty, str, text } from "./tree.js";
import { t } from "./strings.js";
import { instant } from "./when.js";

const RAW_LIMIT = 200_000;
const MOST_CODES = 60;

const STRONG = new Set(["very-high", "very-low", "critical"]);
const UP = new Set(["high", "very-high", "above-range"]);
const DOWN = new Set(["low", "very-low", "below-range"]);
const OUT = new Set(["outside"]);
const INSIDE = new Set(["in-range", "within-range"]);

/** A flag as icon and word; colour only repeats what they say. */
export function flagOf(flag) {
  if (!flag) return null;
  const strong = STRONG.has(flag.code);
  const name = strong ? "critical" : UP.has(flag.code) ? "high" : DOWN.has(flag.code) ? "low" : OUT.has(flag.code) ? "alert" : INSIDE.has(flag.code) ? "inside" : "other";
  const tone = strong ? "flag-strong" : ["high", "low", "alert"].includes(name) ? "flag-out" : "flag-plain";
  return h("span", { class: `flag ${tone}`, title: flag.computed ? t("entry.computed") : null }, icon(name), h("span", { dir: "auto" }, clean(flag.text, 60)));
}

/** Date and source of an item: every row says both. */
export function metaOf(item) {
  return h(
    "p",
    { class: "meta" },
    h("span", { class: "meta-date" }, item.card.dateText || t("entry.undated")),
    h("span", { class: "meta-dot", "aria-hidden": "true" }, " · "),
    h("span", { class: "meta-source", dir: "auto" }, item.source || t("app.source.unnamed")),
  );
}

let counter = 0;

/** A list item of the page. `serious` marks an allergy that can be dangerous; `current` leaves out what its section's heading says. */
export function entryRow(item, { extra = null, serious = false, lead = null, line = item.card.summary, current = false } = {}) {
  const { card } = item;
  const chips = current ? card.chips.filter((chip) => !PLAIN_CHIPS.includes(chip)) : card.chips;
  const body = h("div", { class: "entry-body" });
  body.append(
    h("p", { class: "entry-title" }, serious && icon("alert"), foreign("span", "entry-name", card.title), ...chips.map((chip) => foreign("span", chipClass(chip, card), chip))),
  );
  if (lead) body.append(lead);
  if (line) body.append(foreign("p", "entry-line", line));
  if (item.failed) body.append(h("p", { class: "entry-line" }, t("entry.unreadable")));
  if (extra) body.append(extra);
  body.append(metaOf(item));
  const files = fileList(item.entry, card.title);
  if (files) body.append(files);
  const row = h("li", { class: serious ? "entry entry-serious" : "entry" }, body);
  const [button, box] = disclosure(card.title, () => detailsOf(item));
  row.append(h("div", { class: "actions" }, button), box);
  return row;
}

const PLAIN_CHIPS = [display.en.labels.clinicalStatus.active, display.en.labels.medicationStatus.active];

function chipClass(chip, card) {
  if (card.kind === "allergy" && chip === display.en.labels.criticality.high) return "chip chip-serious";
  return chip === display.en.phrases.notFinal ? "chip chip-open" : "chip";
}

/** A button and the hidden box that it opens; the box is filled when it is opened first. */
export function disclosure(title, fill, label = t("entry.details"), spoken = t("entry.details.of", { title })) {
  counter += 1;
  const id = `more-${counter}`;
  const box = h("div", { class: "details", id, hidden: true });
  const button = h("button", { type: "button", class: "disclose", "aria-expanded": "false", "aria-controls": id, "aria-label": spoken }, h("span", {}, label), icon("down"));
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    if (open && !box.firstChild) box.append(fill());
    button.setAttribute("aria-expanded", String(open));
    box.hidden = !open;
  });
  return [button, box];
}

function detailsOf(item) {
  const { card, entry } = item;
  const { resource } = entry;
  const rows = [
    [t("entry.type"), own(display.en.nouns, resource.resourceType) ?? own(display.en.kinds, card.kind)],
    [t("entry.date"), card.dateText || t("entry.undated")],
    [t("entry.source"), item.source || t("app.source.unnamed")],
    [t("entry.received"), instant(item.received)],
    [t("entry.range.word"), card.rangeText],
    [t("entry.values"), card.kind === "result" || card.kind === "vital" ? card.summary : ""],
    [t("entry.notes"), notesOf(resource)],
    [t("entry.text"), clean(plainText(text(object(resource.text).div)), 1_500)],
  ].filter(([, value]) => value);
  const box = h("div", {}, h("dl", { class: "pairs" }, rows.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", { dir: "auto" }, value)))));
  const codes = codesOf(resource);
  if (codes.length > 0) box.append(h("p", { class: "pairs-title" }, t("entry.codes")), h("ul", { class: "codes" }, codes.map((code) => h("li", { dir: "auto" }, code))));
  box.append(rawButton(resource));
  return box;
}

const own = (table, key) => (Object.hasOwn(table, key) ? table[key] : undefined);

const notesOf = (resource) => list(resource.note).slice(0, 10).map((note) => clean(str(note, "text") ?? "", 1_000)).filter(Boolean).join(" · ");

/** Every coding of the resource with its display, code and system, in its order, each once. */
function codesOf(resource) {
  const found = new Set();
  const walk = (value, depth) => {
    if (value === null || typeof value !== "object" || depth > 12 || found.size >= MOST_CODES) return;
    if (Array.isArray(value)) return void value.slice(0, 500).forEach((one) => walk(one, depth + 1));
    if (typeof value.code === "string" && typeof value.system === "string" && value.value === undefined) found.add(codeLine(value));
    for (const key of Object.keys(value)) if (key !== "contained" && key !== "meta") walk(value[key], depth + 1);
  };
  walk(resource, 0);
  return [...found];
}

function codeLine(coding) {
  const system = own(display.systems, coding.system) ?? clean(coding.system, 80);
  const values = { display: clean(str(coding, "display") ?? "", 160), code: clean(coding.code, 60), system };
  return values.display ? t("entry.code.line", values) : t("entry.code.bare", values);
}

/** The whole record as text, on demand. */
function rawButton(resource) {
  counter += 1;
  const id = `raw-${counter}`;
  const box = h("pre", { class: "raw", id, hidden: true, tabindex: "0" });
  const button = h("button", { type: "button", class: "button-small", "aria-expanded": "false", "aria-controls": id }, t("entry.raw"));
  button.addEventListener("click", () => {
    box.hidden = !box.hidden;
    if (!box.firstChild) {
      const words = pretty(resource);
      box.append(words.length > RAW_LIMIT ? `${words.slice(0, RAW_LIMIT)}\n${t("entry.raw.cut")}` : words);
    }
    button.setAttribute("aria-expanded", String(!box.hidden));
    button.textContent = t(box.hidden ? "entry.raw" : "entry.raw.hide");
  });
  return h("div", {}, button, box);
}

/** Words to find an item by. */
export function haystack(item) {
  item.words ??= [item.card.title, item.card.summary, item.card.dosage, item.card.dateText, item.source, ...item.card.chips, ...codesOf(item.entry.resource)].join(" ").toLowerCase();
  return item.words;
}
