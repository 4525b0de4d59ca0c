// Lets node import a module of the page: `display.js` is made from the shared table, as the relay makes it.
import { register } from "node:module";
import { pathToFileURL } from "node:url";
import path from "node:path";
import { READER, ROOT } from "./harness.mjs";

const table = pathToFileURL(path.join(ROOT, "core/fhir/data/display.json")).href;
const folder = pathToFileURL(READER).href;
const hooks = `
import { readFile } from "node:fs/promises";
export function resolve(name, context, next) {
  return name.endsWith("/display.js") ? { url: new URL(name, context.parentURL).href, shortCircuit: true } : next(name, context);
}
export async function load(url, context, next) {
  if (!url.startsWith(${JSON.stringify(folder)})) return next(url, context);
  const display = url.endsWith("/display.js");
  const text = await readFile(new URL(display ? ${JSON.stringify(table)} : url), "utf8");
  return { format: "module", shortCircuit: true, source: display ? "export default " + text : text };
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

/** A module of the page, by its path in `relay/reader/`. */
export const pageModule = (name) => import(pathToFileURL(path.join(READER, name)).href);
