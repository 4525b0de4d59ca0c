/** The history of a series, fetched when it is asked for: a chart, what it says in a sentence, and its table twin. A chart alone never carries a finding. */
import { h, s } from "./dom.js";
import { t } from "./strings.js";
import "./strings-later.js";

const WIDTH = 640;
const HEIGHT = 190;
const EDGE = { left: 52, right: 16, top: 14, bottom: 28 };
const MOST_POINTS = 500;

/**
 * A point: `{time (ms), value, low, high (range, optional), comparator ("" or "<" …), shape (0, 1, 2: which source)}`.
 * `lines` is a list of `{name, points}`, each sorted by time.
 */
function chart(lines, label, dates) {
  const drawn = lines.map(({ name, points }) => ({ name, points: thin(points) }));
  const all = drawn.flatMap((line) => line.points);
  const scale = scaleOf(all);
  const svg = s("svg", { class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label });
  for (const line of drawn) svg.append(...bands(line.points, scale));
  svg.append(...axes(scale, dates));
  drawn.forEach((line, index) => svg.append(...drawLine(line, index, scale, drawn.length > 1)));
  return svg;
}

/** Keeps the lowest and highest point of each pixel column, so that no peak is lost. */
function thin(points) {
  if (points.length <= MOST_POINTS) return points;
  const [from, to] = [points[0].time, points.at(-1).time];
  const columns = new Map();
  for (const point of points) {
    const column = Math.floor(((point.time - from) / (to - from || 1)) * (MOST_POINTS / 2));
    const kept = columns.get(column);
    if (!kept) columns.set(column, { low: point, high: point });
    else if (point.value < kept.low.value) kept.low = point;
    else if (point.value > kept.high.value) kept.high = point;
  }
  return [...columns.values()].flatMap(({ low, high }) => (low === high ? [low] : low.time < high.time ? [low, high] : [high, low]));
}

function scaleOf(points) {
  const [width, height, edge] = [WIDTH, HEIGHT, EDGE];
  let [from, to, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const point of points) {
    from = Math.min(from, point.time);
    to = Math.max(to, point.time);
    low = Math.min(low, point.value);
    high = Math.max(high, point.value);
  }
  [low, high] = withBounds(points, low, high);
  const ticks = ticksOf(low, high);
  const [bottom, top] = [Math.min(low, ticks[0]), Math.max(high, ticks.at(-1))];
  const wide = width - edge.left - edge.right;
  const tall = height - edge.top - edge.bottom;
  return {
    from,
    to,
    ticks,
    bottom,
    top,
    width,
    height,
    edge,
    x: (time) => round(edge.left + (to === from ? 0.5 : (time - from) / (to - from)) * wide),
    y: (value) => round(edge.top + (top === bottom ? 0.5 : 1 - (clamp(value, bottom, top) - bottom) / (top - bottom)) * tall),
  };
}

/** Widens the scale to the lab's bounds where they lie near the values, so that the band can be seen. */
function withBounds(points, low, high) {
  const reach = (high - low || Math.abs(high) || 1) * 0.75;
  const bounds = points.flatMap((point) => [point.low, point.high]).filter((bound) => bound !== undefined && bound >= low - reach && bound <= high + reach);
  return bounds.reduce(([from, to], bound) => [Math.min(from, bound), Math.max(to, bound)], [low, high]);
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const round = (value) => Math.round(value * 10) / 10;

function ticksOf(low, high) {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  const start = Math.floor(low / step);
  const ticks = [];
  for (let i = start; i <= start + 6; i += 1) {
    ticks.push(Number((i * step).toPrecision(10)));
    if (i * step >= high) break;
  }
  return ticks;
}

/** The lab's range steps with each point's own range, and is missing where a point has none. */
function bands(points, scale) {
  return points.flatMap((point, i) => {
    if (point.low === undefined && point.high === undefined) return [];
    const left = i === 0 ? scale.edge.left : (scale.x(points[i - 1].time) + scale.x(point.time)) / 2;
    const right = i === points.length - 1 ? scale.width - scale.edge.right : (scale.x(point.time) + scale.x(points[i + 1].time)) / 2;
    const top = scale.y(point.high ?? scale.top);
    const bottom = scale.y(point.low ?? scale.bottom);
    return bottom - top < 0.5 ? [] : [s("rect", { class: "chart-band", x: round(left), y: top, width: round(right - left), height: round(bottom - top) })];
  });
}

function axes(scale, dates) {
  const nodes = scale.ticks.flatMap((tick) => [
    s("line", { class: "chart-grid", x1: scale.edge.left, x2: scale.width - scale.edge.right, y1: scale.y(tick), y2: scale.y(tick) }),
    s("text", { class: "chart-text", x: scale.edge.left - 8, y: scale.y(tick) + 4, "text-anchor": "end" }, String(tick)),
  ]);
  const floor = scale.height - 8;
  nodes.push(s("text", { class: "chart-text", x: scale.edge.left, y: floor }, dates.from));
  nodes.push(s("text", { class: "chart-text", x: scale.width - scale.edge.right, y: floor, "text-anchor": "end" }, dates.to));
  return nodes;
}

const pathOf = (points, scale) => points.map((point, i) => `${i === 0 ? "M" : "L"}${scale.x(point.time)} ${scale.y(point.value)}`).join("");

function drawLine({ name, points }, index, scale, named) {
  const nodes = [s("path", { class: `chart-line chart-line-${index}`, d: pathOf(points, scale) })];
  const dots = points.length <= 80 ? points : points.filter((point, i) => i === points.length - 1 || point.comparator);
  for (const point of dots) nodes.push(dot(point, index, scale));
  if (named) {
    const last = points.at(-1);
    nodes.push(s("text", { class: "chart-name", x: scale.x(last.time), y: scale.y(last.value) - 9, "text-anchor": "end" }, name));
  }
  return nodes;
}

/** Each source has its own shape; "less than" and "more than" are hollow with an arrow. */
function dot(point, index, scale) {
  const [x, y] = [scale.x(point.time), scale.y(point.value)];
  const hollow = point.comparator ? " chart-hollow" : "";
  const className = `chart-dot chart-dot-${index}${hollow}`;
  const shape = [
    () => s("circle", { class: className, cx: x, cy: y, r: 4 }),
    () => s("rect", { class: className, x: x - 3.6, y: y - 3.6, width: 7.2, height: 7.2 }),
    () => s("path", { class: className, d: `M${x} ${y - 5}L${x + 5} ${y + 4}L${x - 5} ${y + 4}Z` }),
  ][point.shape % 3]();
  if (!point.comparator) return shape;
  const way = point.comparator.startsWith("<") ? 1 : -1;
  return s("g", {}, shape, s("path", { class: "chart-arrow", d: `M${x} ${y + way * 5}v${way * 8}m-3 ${way * -3}l3 ${way * 3}l3 ${way * -3}` }));
}

/** What the chart says, in a sentence and two notes. */
function legend(lines, summary, undated) {
  const points = lines.flatMap((line) => line.points);
  const notes = [summary];
  if (points.some((point) => point.low !== undefined || point.high !== undefined)) notes.push(t("chart.band"));
  if (points.some((point) => point.comparator)) notes.push(t("chart.hollow"));
  if (undated > 0) notes.push(t("series.nodate", { n: undated }));
  return h("p", { class: "chart-note" }, notes.join(" "));
}

/** The history of a series: `items` newest first, `lines` to draw or null, `flagOf` as the rows make it. */
export function historyOf(items, lines, flagOf) {
  const { title } = items[0].card;
  const box = h("div", {});
  if (lines) {
    const { points } = lines[0];
    const dates = { from: points[0].date, to: points.at(-1).date };
    const summary = summaryOf(points, dates);
    box.append(chart(lines, t("chart.label", { title, summary }), dates), legend(lines, summary, items.filter((item) => !item.card.date).length));
  }
  box.append(tableOf(items, title, flagOf));
  return box;
}

function summaryOf(points, dates) {
  const best = (better) => points.reduce((found, point) => (better(point.value, found.value) ? point : found)).words;
  return t("chart.summary", { n: points.length, ...dates, low: best((a, b) => a < b), high: best((a, b) => a > b), last: points.at(-1).words });
}

function tableOf(items, title, flagOf) {
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

