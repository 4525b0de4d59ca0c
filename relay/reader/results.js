/** Rows of results and vital signs: one row a series, its newest value first, the rest behind a button as chart and table. */
import { chart, legend, spark } from "./chart.js";
import { foreign, h } from "./dom.js";
import { disclosure, entryRow, flagOf } from "./entry.js";
import { t } from "./strings.js";

/** Rows of a series; `series.items` are newest first. */
export function seriesRow(series) {
  const [latest, ...older] = series.items;
  const lines = linesOf(series.items);
  const row = entryRow(latest, { lead: valueLine(latest) });
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
  const value = valueText(card);
  if (!value && !card.flag) return null;
  return h(
    "p",
    { class: "value-line" },
    value && foreign("span", "value", value),
    flagOf(card.flag),
    card.range_text && h("span", { class: "range", dir: "auto" }, t("entry.range", { range: card.range_text })),
  );
}

const valueText = (card) => card.value_text ?? "";

/** `[{name, points}]` for a chart, or null where there is nothing to draw: fewer than two dated numbers. */
function linesOf(items) {
  const dated = items.filter((item) => item.card.date && item.card.points?.length > 0).reverse();
  if (dated.length < 2) return null;
  const sources = [...new Set(dated.map((item) => item.source))];
  const names = dated.at(-1).card.points.map((point) => point.name);
  const lines = names.map((name, i) => ({
    name,
    points: dated
      .filter((item) => item.card.points[i] !== undefined)
      .map((item) => ({ ...item.card.points[i], time: item.card.date.start, shape: sources.indexOf(item.source) })),
  }));
  return lines.every((line) => line.points.length >= 2) ? lines : null;
}

function historyOf({ items }, lines) {
  const { title } = items[0].card;
  const box = h("div", {});
  if (lines) {
    const dated = items.filter((item) => item.card.date);
    const dates = { from: dated.at(-1).card.date_text, to: dated[0].card.date_text };
    const summary = summaryOf(lines, dates, items);
    box.append(chart(lines, t("chart.label", { title, summary }), dates), legend(lines, summary, items.length - dated.length));
  }
  box.append(tableOf(items, title));
  return box;
}

function summaryOf(lines, dates, items) {
  const sorted = items.filter((item) => item.card.date && item.card.points?.length > 0);
  const by = (compare) => sorted.reduce((best, item) => (compare(item.card.points[0].value, best.card.points[0].value) ? item : best));
  return t("chart.summary", {
    n: sorted.length,
    ...dates,
    low: valueText(by((a, b) => a < b).card),
    high: valueText(by((a, b) => a > b).card),
    last: valueText(sorted[0].card),
  });
}

function tableOf(items, title) {
  const head = ["series.date", "series.value", "series.flag", "series.range", "series.source"];
  const cells = (item) => [item.card.date_text || t("entry.undated"), valueText(item.card) || item.card.line, flagOf(item.card.flag), item.card.range_text, item.source || t("app.source.unnamed")];
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

