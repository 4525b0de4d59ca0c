/** Rows of results and vital signs: one row a series, its newest value first, the rest behind a button as chart and table. */
import { foreign, h, s } from "./dom.js";
import { disclosure, entryRow, flagOf, later } from "./entry.js";
import { bloodPressure } from "./cards/observation.js";
import { rangeOf, ranges } from "./cards/flag.js";
import { float, quantity } from "./cards/quantity.js";
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
    () => later(() => import("./history.js").then(({ historyOf }) => historyOf(series.items, lines, flagOf))),
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
    const range = rangeOf(ranges(resource), quantity(resource.valueQuantity));
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

/** A line of a few millimetres for the row of a series; the row's own words say the same. */
function spark(lines) {
  const points = lines.flatMap((line) => line.points);
  const span = (key) => points.reduce(([low, high], point) => [Math.min(low, point[key]), Math.max(high, point[key])], [Infinity, -Infinity]);
  const [[from, to], [low, high]] = [span("time"), span("value")];
  const place = (value, start, end, size) => Math.round(40 + (end === start ? 0.5 : (value - start) / (end - start)) * size) / 10;
  const [x, y] = [(point) => place(point.time, from, to, 1040), (point) => 30 - place(point.value, low, high, 220)];
  const svg = s("svg", { class: "spark", viewBox: "0 0 112 30", "aria-hidden": "true", focusable: "false" });
  for (const line of lines) {
    // One line in a hundred points is as good as the whole at this size; the chart itself keeps every peak.
    const step = Math.ceil(line.points.length / 100);
    const shown = line.points.filter((_, i) => (line.points.length - 1 - i) % step === 0);
    const last = shown.at(-1);
    svg.append(s("path", { class: "spark-line", d: `M${shown.map((point) => `${x(point)} ${y(point)}`).join("L")}` }), s("circle", { class: "spark-dot", cx: x(last), cy: y(last), r: 2.6 }));
  }
  return svg;
}
