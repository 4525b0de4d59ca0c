/** The page's flow: link, who asks and passcode, fetch, decrypt, show. Nothing is stored; a reload starts over from the address. */
import { h, icon } from "./dom.js";
import { fetchFiles, WrongPasscode } from "./fetch.js";
import { openFile } from "./jwe.js";
import { readLink, Stop } from "./link.js";
import { t } from "./strings.js";
import { clean } from "./cards/text.js";
import { when } from "./when.js";

const MAX_NAME = 120;

/** What shows a record comes while the doctor still types: the form stands before it. */
const record = import("./record.js");
record.catch(() => {});

const main = document.getElementById("main");
const live = document.getElementById("live");

/** Says a sentence to screen readers. */
function say(words) {
  live.textContent = words;
}

function show(node, title) {
  document.title = title;
  main.replaceChildren(node);
  scrollTo(0, 0);
}

/** Replaces the page by a plain message. */
function stop(error) {
  const { code, values } = error instanceof Stop ? error : new Stop("failed");
  const title = t(`stop.${code}.title`);
  const heading = h("h1", { tabindex: "-1" }, title);
  const panel = h("section", { class: "panel panel-narrow panel-stop", "data-stop": code }, icon("end", "panel-icon"), heading, h("p", {}, t(`stop.${code}.text`, cleaned(values))));
  if (values.label) panel.append(h("p", { class: "quiet", dir: "auto" }, t(`stop.${code}.label`, cleaned(values))));
  if (["no-network", "busy", "server", "failed"].includes(code)) {
    panel.append(h("button", { type: "button", class: "button", click: () => start() }, t("stop.retry")));
  }
  document.getElementById("print").hidden = true;
  show(panel, `${title} – Kosha`);
  heading.focus();
}

const cleaned = (values) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, clean(String(value), 120)]));

let first = true;

function start() {
  say("");
  document.getElementById("print").hidden = true;
  try {
    if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) throw new Stop("insecure");
    if (typeof DecompressionStream !== "function" || typeof Object.hasOwn !== "function") throw new Stop("old-browser");
    ask(readLink(location.hash, location.origin));
  } catch (error) {
    stop(error);
  }
}

/** The one form: name, and passcode where the link has one. */
function ask(link) {
  const name = h("input", { id: "name", type: "text", autocomplete: "name", maxlength: MAX_NAME, "aria-describedby": "name-hint" });
  const code = h("input", { id: "code", type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: "false", maxlength: 200, "aria-describedby": "code-hint code-error" });
  const error = h("p", { class: "field-error", id: "code-error", role: "alert" });
  const button = h("button", { type: "submit", class: "button" }, icon("lock"), t("start.open"));
  const heading = h("h1", { tabindex: "-1" }, t("start.title"));
  const form = h(
    "form",
    { class: "form", novalidate: true, autocomplete: "off" },
    h("div", { class: "field" }, h("label", { for: "name" }, t("start.name")), h("p", { class: "hint", id: "name-hint" }, t("start.name.hint")), name),
    link.passcode && h("div", { class: "field" }, h("label", { for: "code" }, t("start.code")), h("p", { class: "hint", id: "code-hint" }, t("start.code.hint")), code, error),
    button,
  );
  const complain = (words) => {
    error.replaceChildren(icon("alert"), h("span", {}, words));
    code.setAttribute("aria-invalid", "true");
    code.focus();
    code.select();
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.busy) return;
    if (link.passcode && code.value === "") return void complain(t("start.code.missing"));
    form.dataset.busy = "yes";
    button.setAttribute("aria-disabled", "true");
    error.replaceChildren();
    code.removeAttribute("aria-invalid");
    say(t("start.opening"));
    try {
      await open(link, clean(name.value, MAX_NAME) || t("start.unnamed"), link.passcode ? code.value : null);
    } catch (failure) {
      say("");
      if (failure instanceof WrongPasscode) {
        complain(failure.remaining === null ? t("start.code.wrong.uncounted") : t("start.code.wrong", { n: failure.remaining }));
      } else stop(failure);
    } finally {
      delete form.dataset.busy;
      button.removeAttribute("aria-disabled");
    }
  });
  show(h("section", { class: "panel panel-narrow", "data-state": "start" }, heading, h("p", { class: "lead" }, t("start.lead")), facts(link), form), `${t("start.title")} – Kosha`);
  // On arrival the browser reads the page from its top by itself.
  if (!first) heading.focus();
  first = false;
}

function facts(link) {
  const rows = [
    [t("start.label"), clean(link.label, 80)],
    [t("start.from"), link.url.host],
    [t("start.ends"), link.expires ? when(link.expires) : ""],
  ].filter(([, value]) => value);
  return h("dl", { class: "facts" }, rows.map(([term, value]) => h("div", {}, h("dt", {}, term), h("dd", { dir: "auto" }, value))));
}

async function open(link, recipient, passcode) {
  const fetched = await fetchFiles(link, recipient, passcode);
  say(t("start.decrypting"));
  const opened = await Promise.all(fetched.map((file) => decrypt(file, link.key)));
  const good = opened.filter((file) => !file.stop);
  if (good.length === 0) throw opened.find((file) => file.stop)?.stop ?? new Stop("not-understood");
  const { readFiles, showRecord } = await record.catch(() => {
    throw new Stop("no-network");
  });
  const dossier = readFiles(good);
  dossier.unreadFiles += opened.length - good.length;
  const page = showRecord(dossier, link, { today: Date.now(), say });
  show(page.node, t("app.title.of", { name: page.name }));
  document.getElementById("print").hidden = false;
  page.heading.focus();
  say(page.spoken);
}

async function decrypt(file, key) {
  if (file.stop) return file;
  try {
    const { type, bytes } = await openFile(file.jwe, key);
    return { type: type || file.type, bytes };
  } catch (error) {
    return { stop: error instanceof Stop ? error : new Stop("damaged") };
  }
}

function dress() {
  document.getElementById("bar-note").textContent = t("app.title");
  const print = document.getElementById("print");
  print.textContent = t("print");
  print.addEventListener("click", () => globalThis.print());
  const skip = document.getElementById("skip");
  skip.textContent = t("skip");
  // The fragment holds the link: following an anchor would replace it, and a reload would find nothing.
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  addEventListener("hashchange", start);
}

dress();
start();
