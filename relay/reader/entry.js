/** One entry as a row of a list, with its details behind a button. */
import display from "./display.js";
import { foreign, h, icon } from "./dom.js";
import { fileList } from "./files.js";
import { clean } from "./cards/text.js";
import { t } from "./strings.js";

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

/** A box whose content is fetched when it is asked for; until then a line says so. `load` promises the content. */
export function later(load) {
  const box = h("div", { "aria-busy": "true" }, t("later.loading"));
  load()
    .then((content) => box.replaceChildren(content))
    .catch(() => box.replaceChildren(t("later.failed")))
    .finally(() => box.removeAttribute("aria-busy"));
  return box;
}

const detailsOf = (item) => later(() => import("./details.js").then((details) => details.detailsOf(item)));

/** Words to find an item by: what its row says, and the codes and names within the record. */
export function haystack(item) {
  const { card, entry, source } = item;
  item.words ??= [card.title, card.summary, card.dateText, source, ...card.chips, ...namesIn(JSON.stringify(entry.resource).slice(0, 20_000))].join(" ").toLowerCase();
  return item.words;
}

const namesIn = (json) => [...json.matchAll(/"(?:code|display|text)":"([^"]{1,200})"/g)].map(([, words]) => words);
