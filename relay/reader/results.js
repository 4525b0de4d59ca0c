/** Rows of results and vital signs: one row a series, its newest value first, the rest behind a button as chart and table. */
import { chart, legend, spark } from "./chart.js";
import { foreign, h } from "./dom.js";
import { disclosure, entryRow, flagOf } from "./entry.js";
import { bloodPressure } from "./cards/observation.js";
import { ranges, theRange } from "./cards/flag.js";
import { float } from "./cards/quantity.js";
import { t } from "./strings.js";

/** Rows of a series; `series.items` are newest first. */
export function seriesRow(series) {
  const [latest, ...older] = series.items;
  const lines = linesOf(series.items);
  const row = entryRow(latest, { lead: valueLine(latest), line: "" });
  if (older.length === 0) return row;
  row.classList.add("entry-series");
  if (lines) row.querySelector(".entry-body").append(spark(lines));
  const [button, box] = disclosure(
    latest.card.title,
    () => historyOf(series, lines),
    t("series.show", { n: series.items.length }),
    t("series.of", { count: t("series.show", { n: series.items.length }), title: latest.card.title }),
  );
  button.classList.add("disclose-series");
  row.querySelector(".actions").prepend(button);
  row.append(box);
  return row;
}

/** Value, flag and range of a result in one line. */
export function valueLine({ card }) {
  const value = card.summary;
  return h(
    "p",
    { class: "value-line" },
    foreign("span", value.length > 40 ? "value value-long" : "value", value),
    flagOf(card.flag),
    card.rangeText && h("span", { class: "range", dir: "auto" }, t("entry.range", { range: card.rangeText })),
  );
}

/** Numbers of a result for a chart: its own, or the pair of a blood pressure; none for what cannot be compared. */
function pointsOf(item) {
  const { resource } = item.entry;
  if (item.card.series) {
    const range = theRange(ranges(resource));
    const bound = (amount) => (amount ? float(amount) : undefined);
    return [{ name: "", value: item.card.series.value, comparator: item.card.series.comparator, low: bound(range?.low), high: bound(range?.high) }];
  }
  const pair = bloodPressure(resource);
  if (!pair || item.card.standing !== "fact") return [];
  return ["systolic", "diastolic"].map((part) => ({ name: t(`chart.${part}`), value: float(pair[part]), comparator: pair[part].comparator })).filter((point) => point.value !== undefined);
}

/** `[{name, points}]` for a chart, or null where there is nothing to draw: fewer than two dated numbers. */
function linesOf(items) {
  const dated = items.filter((item) => item.card.date).reverse().map((item) => ({ item, points: pointsOf(item) })).filter(({ points }) => points.length > 0);
  if (dated.length < 2) return null;
  const sources = [...new Set(dated.map(({ item }) => item.source))];
  const lines = dated.at(-1).points.map(({ name }, i) => ({
    name,
    points: dated
      .filter(({ points }) => points[i] !== undefined)
      .map(({ item, points }) => ({ ...points[i], time: item.card.date.start, shape: sources.indexOf(item.source), words: item.card.summary, date: item.card.dateText })),
  }));
  return lines.every((line) => line.points.length >= 2) ? lines : null;
}

function historyOf({ items }, lines) {
  const { title } = items[0].card;
  const box = h("div", {});
  if (lines) {
    const { points } = lines[0];
    const dates = { from: points[0].date, to: points.at(-1).date };
    const summary = summaryOf(points, dates);
    box.append(chart(lines, t("chart.label", { title, summary }), dates), legend(lines, summary, items.filter((item) => !item.card.date).length));
  }
  box.append(tableOf(items, title));
  return box;
}

function summaryOf(points, dates) {
  const best = (better) => points.reduce((found, point) => (better(point.value, found.value) ? point : found)).words;
  return t("chart.summary", { n: points.length, ...dates, low: best((a, b) => a < b), high: best((a, b) => a > b), last: points.at(-1).words });
}

function tableOf(items, title) {
  const head = ["series.date", "series.value", "series.flag", "series.range", "series.source"];
  const cells = (item) => [item.card.dateText || t("entry.undated"), item.card.summary, flagOf(item.card.flag), item.card.rangeText, item.source || t("app.source.unnamed")];
  const body = h("tbody", {});
  const fill = (from, to) => {
    for (const item of items.slice(from, to)) {
      body.append(h("tr", {}, cells(item).map((cell, i) => (i === 0 ? h("th", { scope: "row" }, cell) : h("td", { dir: "auto" }, cell)))));
    }
  };
  fill(0, 50);
  const table = h(
    "table",
    { class: "history" },
    h("caption", { class: "unseen" }, t("series.caption", { title })),
    h("thead", {}, h("tr", {}, head.map((key) => h("th", { scope: "col" }, t(key))))),
    body,
  );
  const box = h("div", { class: "history-box", tabindex: "0", role: "group", "aria-label": t("series.caption", { title }) }, table);
  if (items.length > 50) box.append(moreRows(items.length, fill));
  return box;
}

function moreRows(total, fill) {
  let shown = 50;
  const button = h("button", { type: "button", class: "button-small" }, t("more", { n: total - shown }));
  button.addEventListener("click", () => {
    fill(shown, shown + 500);
    shown = Math.min(total, shown + 500);
    if (shown >= total) button.remove();
    else button.textContent = t("more", { n: total - shown });
  });
  return button;
}

