/** The opened record: who, then what a doctor needs first, then everything else. */
import { foreign, h, icon } from "./dom.js";
import { disclosure, entryRow, haystack } from "./entry.js";
import { describe } from "./patient.js";
import { seriesRow, valueLine } from "./results.js";
import { arrange, bySeries, maybeEnded, serious } from "./sections.js";
import { clean } from "./cards/text.js";
import { has, t } from "./strings.js";
import { object } from "./tree.js";
import { instant, when } from "./when.js";

/** How many rows a section shows at first, and how many more at a time. */
const FIRST = { allergies: 60, medicines: 60, problems: 40, results: 12, vitals: 12, immunisations: 8, procedures: 6, visits: 6, documents: 8, other: 4, past: 4 };
const MORE = 50;

/**
 * Builds the page of a dossier. `options`: `today` (Unix ms), `say(words)` for the live region.
 * Returns `{node, heading, name, spoken}`.
 */
export function showRecord(dossier, link, { today, say }) {
  const arranged = arrange(dossier, today);
  const patient = dossier.patients[0]?.resource;
  const who = describe(patient, today);
  const heading = foreign("h1", "patient-name", who.name);
  heading.tabIndex = -1;
  const shown = arranged.sections.filter((section) => section.count > 0 || section.always || section.absent);
  const views = shown.map((section) => sectionView(section, arranged, today));
  const finder = find(views, say);
  const content = h("div", { class: "content" }, finder, ...views.map((view) => view.node), about(dossier));
  const node = h("div", { class: "record", "data-state": "record" }, header(who, heading, dossier, arranged, link), h("div", { class: "layout" }, navigation(views), content));
  return { node, heading, name: who.name, spoken: t("record.ready", { name: who.name, n: arranged.total }) };
}

function header(who, heading, dossier, arranged, link) {
  const facts = [who.age, who.died, who.sex, who.born].filter(Boolean).map((words) => h("li", {}, words));
  facts.push(...who.identifiers.map((words) => h("li", { class: "patient-id", dir: "auto" }, words)));
  const made = instant(dossier.made) || dossier.compositions.map((entry) => instant(object(entry.resource).date ?? "")).find(Boolean);
  const share = [
    h("li", { class: "share-by" }, t("share.by")),
    made && h("li", {}, t("share.on", { date: made })),
    h("li", {}, link.expires ? t("share.ends", { date: when(link.expires) }) : t("share.noend")),
    arranged.sources.length > 0 && h("li", {}, t("share.sources", { n: arranged.sources.length })),
  ];
  const warnings = [
    dossier.patients.length > 1 && differs(dossier.patients) && t("patient.several", { n: dossier.patients.length }),
    dossier.healthCards > 0 && t("cards.text", { n: dossier.healthCards }),
    dossier.unreadFiles > 0 && t("skipped.files", { n: dossier.unreadFiles }),
    dossier.unread > 0 && t("skipped.entries", { n: dossier.unread }),
    arranged.total === 0 && t("record.empty"),
  ].filter(Boolean);
  return h(
    "section",
    { class: "patient", "aria-label": t("patient.label") },
    h("div", { class: "patient-who" }, heading, h("ul", { class: "patient-facts" }, facts)),
    h("ul", { class: "share" }, share),
    h("p", { class: "share-note" }, t("share.note")),
    warnings.length > 0 && h("ul", { class: "warnings" }, warnings.map((words) => h("li", {}, icon("alert"), h("span", {}, words)))),
  );
}

/** Whether the patients of a share could be different persons: another birth date or another name. */
function differs(patients) {
  const keys = patients.map(({ resource }) => `${resource.birthDate ?? ""}|${describe(resource, 0).name.toLowerCase()}`);
  return new Set(keys).size > 1;
}

/** Buttons, not anchors: the address holds the link, and an anchor would replace it. */
function navigation(views) {
  const items = views.map(({ section, node }) =>
    h(
      "li",
      {},
      h("button", { type: "button", class: "nav-item", click: () => go(node) }, h("span", {}, t(`section.${section.key}`)), " ", h("span", { class: section.count > 0 ? "count" : "count count-none" }, String(section.count))),
    ),
  );
  return h("nav", { class: "nav", "aria-label": t("nav.label") }, h("ul", {}, items));
}

function go(node) {
  node.scrollIntoView({ block: "start" });
  node.querySelector("h2").focus({ preventScroll: true });
}

function sectionView(section, arranged, today) {
  const id = `section-${section.key}`;
  const node = h("section", { class: `block block-${section.key}`, id, "aria-labelledby": `${id}-title` });
  const heading = h("h2", { id: `${id}-title`, tabindex: "-1" }, t(`section.${section.key}`));
  const count = h("span", { class: "count", "aria-hidden": "true" });
  const body = h("div", { class: "block-body" });
  node.append(h("div", { class: "block-head" }, heading, count), body);
  const view = { section, node, render: (words) => render(section, body, count, node, words, today) };
  view.render("");
  return view;
}

/** Fills a section with the entries that contain `words`; returns how many there are. */
function render(section, body, count, node, words, today) {
  body.replaceChildren();
  let total = 0;
  for (const group of section.groups) {
    const items = words ? group.items.filter((item) => haystack(item).includes(words)) : group.items;
    if (items.length === 0) continue;
    total += items.length;
    if (group.key) body.append(h("h3", { class: "group" }, t(group.key)));
    body.append(rows(section, group.key, items, today));
  }
  count.textContent = total > 0 ? String(total) : "";
  node.hidden = words !== "" && total === 0;
  if (section.key === "past" && total > 0) body.prepend(h("p", { class: "block-note" }, t("section.past.note")));
  const current = section.groups.some(({ key }) => key === "");
  if (words === "" && !current && (section.always || section.absent)) body.prepend(absence(section));
  return total;
}

/** Why a section has no current entries. */
function absence(section) {
  const { absent, key } = section;
  const node = h("div", { class: "absent", "data-reason": absent?.reason || "none" }, icon("other"));
  const say = (words) => node.append(h("p", {}, words));
  if (!absent) say(t("absent.none"));
  else if (absent.reason === "nilknown") say(has(`absent.nilknown.${key}`) ? t(`absent.nilknown.${key}`) : t("absent.nilknown"));
  else if (["unavailable", "withheld", "notasked", "unread"].includes(absent.reason)) say(t(`absent.${absent.reason}`));
  else if (absent.text) say(t("absent.other", { text: clean(absent.text, 300) }));
  else say(t("absent.none"));
  if (absent?.narrative && !absent.reason) node.append(h("p", { class: "quiet" }, t("absent.narrative")), foreign("p", "entry-line", clean(absent.narrative, 600)));
  return node;
}

/** A list that shows its first rows, and more on demand. */
function rows(section, group, items, today) {
  const series = ["results", "vitals"].includes(section.key);
  const units = series ? bySeries(items) : items;
  const make = (unit) => (series ? seriesRow(unit) : row(section.key, unit, today));
  const list = h("ul", { class: `entries entries-${section.key}` });
  let shown = 0;
  const add = (n) => {
    const nodes = units.slice(shown, shown + n).map(make);
    list.append(...nodes);
    shown += nodes.length;
    return nodes[0];
  };
  add(FIRST[section.key]);
  if (shown >= units.length) return list;
  const button = h("button", { type: "button", class: "button-more" });
  const label = () => {
    const n = Math.min(MORE, units.length - shown);
    button.textContent = t("more", { n });
    button.setAttribute("aria-label", t("more.in", { n, section: group ? t(group) : t(`section.${section.key}`) }));
  };
  label();
  button.addEventListener("click", () => {
    const first = add(MORE);
    if (shown >= units.length) button.remove();
    else label();
    first?.querySelector("button")?.focus();
  });
  return h("div", {}, list, button);
}

function row(key, item, today) {
  const { card } = item;
  if (key === "allergies") return entryRow(item, { serious: serious(item), current: true });
  if (key === "medicines") {
    const ended = maybeEnded(item.entry.resource, today);
    return entryRow(item, { current: true, extra: ended ? h("p", { class: "entry-line" }, t("med.mayhaveended")) : null });
  }
  if (key === "problems") return entryRow(item, { current: true });
  if (card.kind === "result" || card.kind === "vital") return entryRow(item, { lead: valueLine(item), line: "" });
  return entryRow(item);
}

/** The box that narrows the page to entries with certain words. */
function find(views, say) {
  const input = h("input", { id: "find", type: "search", autocomplete: "off", spellcheck: "false", maxlength: 100 });
  const found = h("p", { class: "find-result", id: "find-result" });
  let timer = 0;
  const apply = () => {
    const words = clean(input.value, 100).toLowerCase();
    const n = views.reduce((sum, view) => sum + view.render(words), 0);
    const sentence = words === "" ? "" : t(n === 0 ? "find.none" : "find.result", { n, words });
    found.textContent = sentence;
    say(sentence);
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(apply, 180);
  });
  const form = h("form", { class: "find", role: "search" }, h("label", { for: "find" }, icon("find"), h("span", {}, t("find.label"))), input, h("button", { type: "submit", class: "unseen" }, t("find.go")), found);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    apply();
  });
  return form;
}

function about(dossier) {
  const [button, box] = disclosure("", () => aboutBox(dossier), t("about.title"), t("about.title"));
  return h("footer", { class: "about" }, h("p", { class: "about-how" }, t("about.how")), dossier.seal && h("div", { class: "about-seal" }, button, box));
}

function aboutBox(dossier) {
  const pairs = [
    [t("about.logkey"), dossier.seal.key],
    [t("about.log"), dossier.seal.checkpoint],
  ].filter(([, value]) => value);
  return h("dl", { class: "pairs" }, pairs.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", { class: "mono" }, clean(value, 2_000)))));
}
