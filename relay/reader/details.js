/** The details of an entry, fetched when they are asked for. */
import { plainText } from "./cards/narrative.js";
import { clean } from "./cards/text.js";
import display from "./display.js";
import { h } from "./dom.js";
import { t } from "./strings.js";
import "./strings-later.js";
import { list, object, str, text } from "./tree.js";
import { instant } from "./when.js";

const RAW_LIMIT = 200_000;
const MOST_CODES = 60;
let counter = 0;

/** The details of an item: what its row leaves out, every code, and the record as it was received. */
export function detailsOf(item) {
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

const UNSEEN = /[\u007f-\u009f\u200b-\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** A resource as readable JSON with the source's own digits; characters that cannot be seen are written as escapes. */
const pretty = (resource) =>
  JSON.stringify(resource, null, 2)
    .replace(/"\\u0001(-?[0-9.eE+-]+)"/g, "$1")
    .replace(UNSEEN, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
