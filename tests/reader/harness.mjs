// What the page's tests stand on: a browser, an accessibility check, and a small server that answers as the relay does.
// `openReader` and `axe` work with any server: the whole-system tests use them with the real relay.
import { createCipheriv, randomBytes } from "node:crypto";
import fs from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { chromium } from "playwright-core";

const here = path.dirname(fileURLToPath(import.meta.url));
export const ROOT = path.resolve(here, "../..");
export const READER = path.join(ROOT, "relay/reader");
const DISPLAY = path.join(ROOT, "core/fhir/data/display.json");
const AXE = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES = { ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml" };

/** The folder of test data beside the repository, or null where it is absent. */
export function testData() {
  const folder = path.resolve(ROOT, process.env.KOSHA_TEST_DATA ?? "../shared/data");
  return fs.existsSync(folder) ? folder : null;
}

/** Leaves out indentation, empty lines and lines that are comment alone, as the relay does. */
function lean(text) {
  let inComment = false;
  const kept = text.split("\n").map((line) => line.trim()).filter((line) => {
    if (inComment || line.startsWith("/*")) {
      inComment = !line.endsWith("*/");
      return false;
    }
    return line !== "" && !line.startsWith("//");
  });
  return `${kept.join("\n")}\n`;
}

/** Joins lines of a script where one ends a statement, opens something or goes on in a list, as the relay does. */
const tight = (script) => script.split("\n").map((line) => (line.includes("//") || !/[;{,([]$/.test(line) ? `${line}\n` : line)).join("").trimEnd();

/** Leaves out what white space a style sheet has left, as the relay does. */
const tightStyle = (sheet) => sheet.replaceAll(": ", ":").replaceAll(" {\n", "{").replaceAll(";\n", ";").replaceAll("}\n", "}");

const APART = ["cards/text.js", "display.js", "dom.js", "link.js", "strings.js", "when.js"];

/** A module joined with those that only it needs, as the relay does. */
function joined(entry) {
  const scopes = [];
  const done = new Set();
  const apart = new Set();
  const scope = (name) => `${name.replace(/\.js$/, "").replace("/", "_")}_`;
  const resolve = (from, holder) => path.posix.join(path.posix.dirname(holder), from);
  const lines = (name) => lean(fs.readFileSync(path.join(READER, name), "utf8")).trimEnd().split("\n");
  const join = (name) => {
    if (APART.includes(name)) return void apart.add(name);
    if (done.has(name)) return;
    done.add(name);
    const exports = [];
    const body = lines(name).map((line) => {
      const [, names, from] = /^import (.+) from "(.+)";$/.exec(line) ?? [];
      if (names) {
        const module = resolve(from, name);
        join(module);
        if (names.startsWith("* as ")) return `const ${names.slice(5)} = ${scope(module)};`;
        return names.startsWith("{") ? `const ${names.replaceAll(" as ", ": ")} = ${scope(module)};` : `const ${names} = ${scope(module)}.default;`;
      }
      const own = /^export (?:async )?(?:const|function|class) (\w+)/.exec(line);
      if (own) exports.push(own[1]);
      return line.replace(/^export /, "");
    });
    scopes.push(`const ${scope(name)} = (() => {\n${body.join("\n")}\nreturn { ${exports.join(", ")} };\n})();`);
  };
  const exports = lines(entry).flatMap((line) => {
    const [, names, from] = /^export (.+) from "(.+)";$/.exec(line) ?? [];
    if (!names) return [];
    join(resolve(from, entry));
    return [`export const ${names} = ${scope(resolve(from, entry))};`];
  });
  if (exports.length === 0) join(entry);
  return [...[...apart].map((name) => `import * as ${scope(name)} from "./${name}";`), ...scopes, ...exports, ""].join("\n");
}

const TIGHT = { ".js": tight, ".css": tightStyle };

/** Parts of the style sheet, in the order in which they count. */
const STYLE = ["base", "frame", "layout", "entries", "details", "media"].map((part) => `style/${part}.css`);

/** Every file of the page by its path below `/v/`, `display.js` and `reader.css` included: what the relay serves. */
export function pageFiles() {
  const files = new Map();
  for (const name of fs.readdirSync(READER, { recursive: true })) {
    const file = path.join(READER, name);
    if (fs.statSync(file).isFile() && TYPES[path.extname(name)]) files.set(name.split(path.sep).join("/"), TIGHT[path.extname(name)] ? Buffer.from(TIGHT[path.extname(name)](lean(fs.readFileSync(file, "utf8")))) : fs.readFileSync(file));
  }
  for (const entry of ["app.js", "record.js"]) files.set(entry, Buffer.from(tight(joined(entry))));
  files.set("reader.css", Buffer.concat(STYLE.map((part) => files.get(part))));
  for (const part of STYLE) files.delete(part);
  files.set("display.js", Buffer.from(`export default ${JSON.stringify(JSON.parse(fs.readFileSync(DISPLAY, "utf8")))};`));
  return files;
}

let browser = null;

async function chrome() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", ...(process.env.CHROMIUM_ARGS ?? "").split(" ").filter(Boolean)],
  });
  return browser;
}

/** Ends the browser; call once after all tests of a file. */
export async function closeBrowser() {
  await browser?.close();
  browser = null;
}

/**
 * Opens `url` in a fresh context. Returns `{page, requests, problems, unlock, close}`: `requests` are the addresses asked for,
 * `problems` what the console or the page complained about, `unlock({name, code})` fills the form and waits for the record or a message.
 */
export async function openReader(url, { width = 1440, height = 900, dark = false, slow = 1, reducedMotion = "reduce", before } = {}) {
  const context = await (await chrome()).newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light", reducedMotion, locale: "en-GB", timezoneId: "Asia/Kolkata", acceptDownloads: true });
  const page = await context.newPage();
  const requests = [];
  const problems = [];
  context.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  if (slow > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: slow });
  if (before) await before(page);
  await page.goto(url);
  await page.waitForSelector("[data-state], [data-stop]");
  const unlock = async ({ name = "Dr Rao, City Clinic", code } = {}) => {
    if (name) await page.fill("#name", name);
    if (code !== undefined) await page.fill("#code", code);
    await page.click("button[type=submit]");
    await page.waitForSelector("[data-state=record], [data-stop], #code-error:not(:empty)");
  };
  return { page, requests, problems, unlock, close: () => context.close() };
}

/** Serious and critical accessibility findings of a page's present state, as text. */
export async function axe(page) {
  // The page's policy refuses injected script elements; evaluate goes past it.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
}

/** A compact JWE as the wallet makes it. `alter` changes the header. */
export function seal(key, plain, { cty = "application/fhir+json", zip = false, alter = {} } = {}) {
  const header = Buffer.from(JSON.stringify({ alg: "dir", enc: "A256GCM", cty, ...(zip ? { zip: "DEF" } : {}), ...alter })).toString("base64url");
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(header, "ascii"));
  const body = Buffer.concat([cipher.update(zip ? deflateRawSync(plain) : plain), cipher.final()]);
  return [header, "", iv.toString("base64url"), body.toString("base64url"), cipher.getAuthTag().toString("base64url")].join(".");
}

/** A server of the page and of links. `link(...)` adds a link and gives its address. */
export async function serve() {
  const files = pageFiles();
  const links = new Map();
  const tickets = new Map();
  const asked = [];
  const server = http.createServer((request, answer) => {
    const url = new URL(request.url, "http://localhost");
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => respond(url, request.method, Buffer.concat(chunks), answer));
  });

  function respond(url, method, body, answer) {
    const send = (status, type, content) => {
      answer.writeHead(status, { "content-type": type, "cache-control": "no-store" });
      answer.end(content);
    };
    if (url.pathname.startsWith("/v/")) {
      const name = url.pathname.slice(3) || "index.html";
      const content = files.get(name);
      if (!content) return send(404, "text/plain", "");
      answer.writeHead(200, { "content-type": TYPES[path.extname(name)], "content-security-policy": POLICY, "referrer-policy": "no-referrer", "x-content-type-options": "nosniff" });
      return answer.end(content);
    }
    if (url.pathname.startsWith("/f/")) {
      const jwe = tickets.get(url.pathname);
      return jwe === undefined ? send(404, "text/plain", "") : send(200, "application/jose", jwe);
    }
    const link = links.get(url.pathname);
    if (!link) return send(404, "text/plain", "");
    if (link.raw) return send(link.raw.status, link.raw.type ?? "application/json", link.raw.body ?? "");
    if (link.direct && method === "GET") {
      asked.push({ recipient: url.searchParams.get("recipient") });
      return send(200, "application/jose", link.files[0].jwe);
    }
    if (method !== "POST") return send(405, "text/plain", "");
    const wish = JSON.parse(body.toString());
    asked.push(wish);
    if (link.passcode !== undefined && wish.passcode !== link.passcode) {
      if (link.attempts > 0) link.attempts -= 1;
      return link.attempts > 0 || link.attempts === 0 ? send(401, "application/json", JSON.stringify({ remainingAttempts: link.attempts })) : send(404, "text/plain", "");
    }
    return send(200, "application/json", JSON.stringify({ files: link.files.map(({ jwe, type, apart }) => (apart ? { contentType: type, location: apart } : { contentType: type, embedded: jwe })) }));
  }

  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${server.address().port}`;

  /**
   * Adds a link to `files` (`{value | bytes, type, zip, apart, alter, jwe}`) and returns `{url, payload, link}`.
   * `options`: passcode, attempts, direct, label, exp, v, flag, raw (an answer as is), target (another manifest address), sealKey.
   */
  function link(given, options = {}) {
    const key = randomBytes(32);
    const id = randomBytes(32).toString("base64url");
    const sealed = given.map(({ value, bytes, type = "application/fhir+json", zip, apart, alter, jwe }) => {
      const text = jwe ?? seal(options.sealKey ?? key, bytes ?? Buffer.from(typeof value === "string" ? value : JSON.stringify(value)), { cty: type, zip, alter });
      if (!apart) return { jwe: text, type };
      const place = `/f/${randomBytes(8).toString("hex")}`;
      if (apart !== "gone") tickets.set(place, text);
      return { type, apart: `${origin}${place}` };
    });
    const state = { files: sealed, passcode: options.passcode, attempts: options.attempts ?? 5, direct: options.direct, raw: options.raw };
    if (!options.ended) links.set(`/l/${id}`, state);
    const payload = {
      url: options.target ?? `${origin}/l/${id}`,
      key: key.toString("base64url"),
      ...(options.exp === undefined ? {} : { exp: options.exp }),
      flag: options.flag ?? (options.direct ? "U" : options.passcode === undefined ? "" : "P"),
      ...(options.label === undefined ? {} : { label: options.label }),
      ...(options.v === undefined ? {} : { v: options.v }),
    };
    return { url: `${origin}/v/#shlink:/${Buffer.from(JSON.stringify(payload)).toString("base64url")}`, payload, state, end: () => links.delete(`/l/${id}`) };
  }

  return { origin, link, asked, close: () => new Promise((done) => server.close(done)) };
}

