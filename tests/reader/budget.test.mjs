// What the first view weighs, whether its markup is valid, and how long it takes on a slow processor.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { HtmlValidate } from "html-validate";
import { closeBrowser, openReader, pageFiles, READER, serve, testData } from "./harness.mjs";
import { summary } from "./fixtures.mjs";

const FORM = 20_000;

test("the form is at most 20 kB compressed", async (t) => {
  const files = pageFiles();
  const server = await serve();
  const reader = await openReader(server.link([{ value: summary() }]).url);
  await reader.unlock();
  const names = [...new Set(reader.requests.filter((url) => url.includes("/v/")).map((url) => new URL(url).pathname.slice(3) || "index.html"))];
  await reader.close();
  await server.close();
  const size = (name) => gzipSync(files.get(name), { level: 9 }).length;
  assert.ok(names.includes("record.js") && names.includes("display.js"));
  const form = names.filter((name) => !["record.js", "display.js"].includes(name)).reduce((sum, name) => sum + size(name), 0);
  t.diagnostic(`form ${form} bytes; records ${size("record.js")}; words ${size("display.js")}`);
  assert.ok(form <= FORM, `${form}`);
});

const RULES = { extends: ["html-validate:recommended"], rules: { "doctype-style": "off", "no-inline-style": "error", "void-style": "off" } };

test("the page's markup is valid, as written and as built", async () => {
  const validator = new HtmlValidate(RULES);
  const findings = async (markup) => (await validator.validateString(markup)).results.flatMap(({ messages }) => messages.map(({ ruleId, message, line }) => `${ruleId} ${line}: ${message}`));
  assert.deepEqual(await findings(fs.readFileSync(path.join(READER, "index.html"), "utf8")), []);
  const server = await serve();
  const reader = await openReader(server.link([{ value: summary() }], { passcode: "1" }).url);
  const start = await reader.page.content();
  await reader.unlock({ code: "1" });
  await reader.page.locator("#section-results .disclose").first().click();
  await reader.page.locator("#section-results .details dl").waitFor();
  const record = await reader.page.content();
  await reader.close();
  await server.close();
  // The browser writes attributes in its own way: only rules about structure and meaning count here.
  const built = new HtmlValidate({ extends: ["html-validate:standard", "html-validate:a11y"], rules: { "attribute-boolean-style": "off", "attribute-empty-style": "off", "doctype-style": "off", "void-style": "off", "no-trailing-whitespace": "off", "no-implicit-button-type": "error" } });
  for (const markup of [start, record]) {
    const { results } = await built.validateString(markup);
    assert.deepEqual(results.flatMap(({ messages }) => messages.map(({ ruleId, message, selector }) => `${ruleId}: ${message} at ${selector}`)), []);
  }
});

test("modules name nothing outside the page", () => {
  for (const [name, bytes] of pageFiles()) {
    if (!name.endsWith(".js") || name === "display.js") continue;
    const text = bytes.toString();
    for (const forbidden of ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "localStorage", "sessionStorage", "indexedDB", "document.cookie", "DOMParser"]) assert.ok(!text.includes(forbidden), `${name}: ${forbidden}`);
    if (name === "record.js" || name === "app.js") continue;
    for (const [, from] of text.matchAll(/(?:^|;)(?:import|export) [^;]*? from "([^"]+)"/gm)) assert.match(from, /^\.\.?\//, name);
  }
});

test("time to the clinical view with the processor slowed six times", async (t) => {
  const data = testData();
  const whole = data && fs.readdirSync(path.join(data, "fhir/synthea-r4")).map((name) => path.join(data, "fhir/synthea-r4", name)).sort((a, b) => fs.statSync(b).size - fs.statSync(a).size)[0];
  const server = await serve();
  for (const [what, file] of [["summary", { value: summary() }], ...(whole ? [["whole patient", { bytes: fs.readFileSync(whole), zip: true, apart: true }]] : [])]) {
    const reader = await openReader(server.link([file]).url, { slow: 6 });
    const load = await reader.page.evaluate(() => Math.round(performance.now()));
    const opening = await reader.page.evaluate(async () => {
      const begun = performance.now();
      document.querySelector("form").requestSubmit();
      await new Promise((done) => new MutationObserver((_, observer) => document.querySelector("[data-state=record]") && (observer.disconnect(), done())).observe(document.getElementById("main"), { childList: true }));
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return Math.round(performance.now() - begun);
    });
    t.diagnostic(`${what}: form after ${load} ms at most, records ${opening} ms after the button`);
    await reader.close();
  }
  await server.close();
  await closeBrowser();
});
