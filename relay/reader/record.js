/** What shows a record: asked for once the form stands. The relay sends it joined with the modules that only it needs. */
export { readFiles } from "./bundle.js";
export { showRecord } from "./view.js";
