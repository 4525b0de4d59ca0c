/** Builds elements. Data enters a page only as text nodes and attribute values of the few attributes named by this program: never as markup. */

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat()) {
    if (child === undefined || child === null || child === false || child === "") continue;
    element.append(child);
  }
  return element;
}

/** An HTML element: `h("p", {class: "line"}, "text", node)`; a function as value listens to the event of that name. */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** An SVG element. */
export const s = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** Foreign text in an element of its own, so that its writing direction cannot disturb what stands around it. */
export const foreign = (tag, className, words) => h(tag, { class: className, dir: "auto" }, words);

const PATHS = {
  high: "M8 3l5 6H10v4H6V9H3z",
  low: "M8 13L3 7h3V3h4v4h3z",
  critical: "M8 1.5L15 14H1zM7.2 6v4h1.6V6zm0 5v1.6h1.6V11z",
  alert: "M8 1.5L15 14H1zM7.2 6v4h1.6V6zm0 5v1.6h1.6V11z",
  inside: "M6.4 11.6L3 8.2l1.2-1.2 2.2 2.2 5.4-5.4L13 5z",
  other: "M8 2a6 6 0 100 12A6 6 0 008 2zm0 1.6a4.4 4.4 0 110 8.8 4.4 4.4 0 010-8.8z",
  down: "M3.2 5.2L8 10l4.8-4.8 1.2 1.2-6 6-6-6z",
  find: "M7 2a5 5 0 013.9 8.1l3.5 3.5-1.1 1.1-3.5-3.5A5 5 0 117 2zm0 1.6a3.4 3.4 0 100 6.8 3.4 3.4 0 000-6.8z",
  file: "M3.5 1.5h6l3 3v10h-9zM5 3v10h6V5.5H8.5V3z",
  lock: "M4 7V5a4 4 0 018 0v2h1v7H3V7zm1.6 0h4.8V5a2.4 2.4 0 00-4.8 0z",
  end: "M8 1.5a6.5 6.5 0 100 13 6.5 6.5 0 000-13zM7.2 4h1.6v5H7.2zm0 6.2h1.6v1.6H7.2z",
};

/** A small picture that repeats what a word beside it says; hidden from screen readers. */
export const icon = (name, className = "icon") =>
  s("svg", { class: className, viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" }, s("path", { d: PATHS[name], "fill-rule": "evenodd" }));
