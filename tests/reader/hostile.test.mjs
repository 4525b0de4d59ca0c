// What a share holds is text, whatever it says: nothing runs, loads, opens or breaks the page.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { axe, closeBrowser, openReader, serve, testData } from "./harness.mjs";
import { hostile, PDF, summary } from "./fixtures.mjs";

let server;
before(async () => (server = await serve()));
after(async () => {
  await closeBrowser();
  await server.close();
});

async function opened(value, look) {
  const reader = await openReader(server.link([typeof value === "string" || !Buffer.isBuffer(value) ? { value } : { bytes: value }]).url);
  try {
    await reader.unlock();
    await look(reader);
    assert.equal(await reader.page.evaluate(() => globalThis.hit), undefined, "nothing ran");
    assert.equal(await reader.page.evaluate(() => ({}).polluted), undefined, "no prototype was touched");
    assert.deepEqual(reader.requests.filter((url) => !url.startsWith(`${server.origin}/`) && !url.startsWith("blob:")), []);
    assert.deepEqual(reader.problems, []);
  } finally {
    await reader.close();
  }
}

/** Opens every "show more" and every detail with its raw text. */
async function openAll(page) {
  for (let i = 0; i < 40 && (await page.locator(".button-more").count()) > 0; i += 1) await page.locator(".button-more").first().click();
  await page.evaluate(async () => {
    for (const button of document.querySelectorAll(".disclose[aria-expanded=false]")) button.click();
    while (document.querySelector("[aria-busy]")) await new Promise((done) => setTimeout(done, 20));
    for (const button of document.querySelectorAll(".details .button-small[aria-expanded=false]")) button.click();
  });
}

test("markup, scripts, tricks of direction, odd names and shapes stay text", () =>
  opened(hostile(), async ({ page }) => {
    await openAll(page);
    assert.equal(await page.locator("main img, main iframe, main script, main object, main embed").count(), 0);
    assert.equal(await page.locator("main [href], main [src], main [style], main [onerror], main [onload]").count(), 0);
    assert.match(await page.locator("h1").innerText(), /<img src="x" onerror/);
    assert.doesNotMatch(await page.locator("main").innerText(), /[\u202a-\u202e\u2066-\u2069\u0007\u200b]/);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 1440);
    assert.doesNotMatch(await page.locator("#section-allergies").innerText(), /Refuted allergy/);
    assert.match(await page.locator("#section-past").innerText(), /Ruled out: Allergy: Refuted allergy/);
    assert.match(await page.locator(".warnings").innerText(), /could not be read/);
    assert.deepEqual(await axe(page), []);
  }));

test("files open by what they are: PDF in a tab of its own, pictures in place, text saved, nothing else", () =>
  opened(hostile(), async ({ page }) => {
    const text = await page.locator("#section-documents").innerText();
    assert.match(text, /not what its record says/);
    assert.match(text, /cannot be opened here: it is not a PDF, a picture or plain text/);
    assert.match(text, /kept elsewhere/);
    assert.match(text, /damaged/);
    assert.equal(await page.getByRole("button", { name: /Open PDF/ }).count(), 0);
    await page.getByRole("button", { name: "Show the picture" }).first().click();
    const picture = page.locator("img.picture");
    assert.match(await picture.getAttribute("src"), /^blob:/);
    assert.ok(await picture.evaluate((image) => image.decode().then(() => image.naturalWidth === 1)));
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save text" }).click()]);
    assert.equal(download.suggestedFilename(), "record.txt");
    assert.equal(fs.readFileSync(await download.path(), "utf8"), "hello");
  }));

test("a PDF opens in a new tab that knows nothing of the page, or is saved byte for byte", () =>
  opened(summary(), async ({ page }) => {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save PDF" }).click()]);
    assert.deepEqual(fs.readFileSync(await download.path()), PDF);
    const clicked = await page.evaluate(() => {
      let seen = null;
      const click = HTMLAnchorElement.prototype.click;
      HTMLAnchorElement.prototype.click = function () {
        seen = [this.protocol, this.target, this.rel];
      };
      [...document.querySelectorAll("button")].find((button) => button.textContent === "Open PDF in a new tab").click();
      HTMLAnchorElement.prototype.click = click;
      return seen;
    });
    assert.deepEqual(clicked, ["blob:", "_blank", "noopener noreferrer"]);
  }));

test("the edge cases of the test data neither break the page nor become facts", async (t) => {
  const data = testData();
  if (!data) return t.diagnostic("no test data beside the repository: skipped");
  const folder = path.join(data, "fhir/edge/generated");
  for (const name of fs.readdirSync(folder).filter((one) => one.endsWith(".json"))) {
    const bytes = fs.readFileSync(path.join(folder, name));
    const reader = await openReader(server.link([{ bytes }]).url);
    await reader.unlock();
    const state = await reader.page.locator("[data-state=record], [data-stop]").first().evaluate((node) => node.dataset.stop ?? "record");
    assert.ok(["record", "not-understood"].includes(state), `${name}: ${state}`);
    assert.equal(await reader.page.evaluate(() => globalThis.hit), undefined, name);
    assert.deepEqual(reader.problems, [], name);
    assert.deepEqual(reader.requests.filter((url) => !url.startsWith(`${server.origin}/`)), [], name);
    if (name === "entered-in-error.json") {
      for (const facts of await reader.page.locator(".block:not(#section-past) .entry").allInnerTexts()) assert.doesNotMatch(facts, /refuted|error|not done|do not/i);
      assert.ok((await reader.page.locator("#section-past .entry").count()) >= 3);
    }
    await reader.close();
  }
});
