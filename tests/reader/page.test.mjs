// The page in a browser: its states, its sections, its words.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { axe, closeBrowser, openReader, serve, testData } from "./harness.mjs";
import { collection, summary } from "./fixtures.mjs";

let server;
before(async () => (server = await serve()));
after(async () => {
  await closeBrowser();
  await server.close();
});

/** Opens a link, unlocks it, and checks what holds in every state: nothing fetched elsewhere, nothing complained about, no serious finding. */
async function visit(link, { code, name, options, quiet = true } = {}, look) {
  const reader = await openReader(link.url ?? link, options);
  try {
    if (await reader.page.locator("[data-state=start]").count()) await reader.unlock({ code, name });
    await look(reader);
    assert.deepEqual(await axe(reader.page), []);
    assert.deepEqual(reader.requests.filter((url) => !url.startsWith(`${server.origin}/`) && !url.startsWith("blob:")), []);
    if (quiet) assert.deepEqual(reader.problems, []);
  } finally {
    await reader.close();
  }
}

const section = (page, key) => page.locator(`#section-${key}`);
const stopped = async (page, code) => {
  assert.equal(await page.locator("[data-stop]").getAttribute("data-stop"), code);
  assert.ok((await page.locator("main h1").innerText()).length > 5);
  assert.ok(await page.evaluate(() => document.activeElement.matches("main h1")), "the message has the focus");
};

const DAY = Math.floor(Date.now() / 1000) + 86_400;

test("a summary shows who, the sections in their order, sources and dates", () =>
  visit(server.link([{ value: summary(), zip: true }], { exp: DAY, label: "Patient summary" }), {}, async ({ page }) => {
    assert.equal(await page.locator("h1").innerText(), "Asha Verma");
    const head = await page.locator(".patient").innerText();
    for (const words of ["Female", "born 12 Mar 1968", "Shared by the patient", "Link ends", "KCH-204-881", "From 3 sources"]) assert.ok(head.includes(words), words);
    assert.match(head, /\b\d\d years\b/);
    assert.deepEqual(await page.locator("h2").allInnerTexts(), ["Allergies and intolerances", "Current medicines", "Problems", "Recent results", "Vital signs", "Immunisations", "Procedures", "Visits", "Documents and reports", "Everything else", "Not current or ruled out"]);
    assert.match(await section(page, "allergies").innerText(), /Penicillin[\s\S]*Can be serious[\s\S]*Anaphylaxis[\s\S]*4 Jul 2016[\s\S]*Kaveri City Hospital/);
    const medicines = await section(page, "medicines").innerText();
    assert.match(medicines, /Metformin 500 mg tablet[\s\S]*1-0-1 \(morning 1, noon 0, night 1\)/);
    assert.match(medicines, /No dosage in this record/);
    assert.doesNotMatch(medicines, /Ibuprofen|Glimepiride/);
    assert.match(await section(page, "results").innerText(), /Potassium[\s\S]*6\.1 mmol\/L[\s\S]*Very high[\s\S]*3\.5 - 5\.1 mmol\/L/);
    assert.match(await section(page, "vitals").innerText(), /142\/88 mmHg/);
    for (const row of await page.locator(".entry").all()) assert.ok((await row.locator(".meta-source").innerText()).length > 2 && (await row.locator(".meta-date").innerText()).length > 2);
  }));

test("nothing negated stands among the facts", () =>
  visit(server.link([{ value: summary() }]), {}, async ({ page }) => {
    const past = await section(page, "past").innerText();
    for (const words of ["Do NOT take: Ibuprofen", "Ruled out: Coronary artery disease", "Not given: Pneumococcal", "Not done: Coronary angiography", "Community acquired pneumonia", "Glimepiride"]) assert.ok(past.includes(words), words);
    for (const other of await page.locator(".block:not(#section-past)").allInnerTexts()) assert.doesNotMatch(other, /Ibuprofen|Coronary|Pneumococcal|Glimepiride|pneumonia\b.*resolved/i);
  }));

test("a series opens as chart and table, a blood pressure as a pair", () =>
  visit(server.link([{ value: summary() }]), {}, async ({ page }) => {
    await page.locator("#section-results .disclose-series").first().click();
    const chart = page.locator("#section-results svg.chart").first();
    await chart.waitFor();
    assert.match(await chart.getAttribute("aria-label"), /8 results from 12 Jan 2022 to 1 Aug 2026: lowest 6\.9 %, highest 8\.9 %, last 8\.2 %/);
    assert.equal(await page.locator("#section-results table tbody tr").count(), 8);
    const pressure = page.locator("#section-vitals .entry", { hasText: "142/88" });
    await pressure.locator(".disclose-series").click();
    await pressure.locator("svg.chart").waitFor();
    assert.equal(await pressure.locator(".chart-line").count(), 2);
  }));

test("absent sections say why", async () => {
  const reasons = { allergies: ["nilknown", /The record states: no known allergies/], medicines: ["withheld", /Not part of this share/], problems: ["unavailable", /nothing of this kind in the patient’s wallet/] };
  const empty = { "48765-2": "nilknown", "10160-0": "withheld", "11450-4": "unavailable" };
  for (const link of [server.link([{ value: summary({ empty }) }]), server.link([{ value: collection() }], { direct: true })]) {
    await visit(link, {}, async ({ page }) => {
      for (const [key, [code, words]] of Object.entries(reasons)) {
        const absent = section(page, key).locator(".absent");
        assert.equal(await absent.getAttribute("data-reason"), code);
        assert.match(await absent.innerText(), words);
      }
      assert.match(await section(page, "immunisations").innerText(), link.payload.flag === "U" ? /No entries in this document/ : /Influenza/);
    });
  }
});

test("where something could not be read, no section says that nothing was sent", async () => {
  const whole = collection();
  const torn = { ...whole, entry: [...whole.entry, { resource: { id: "no-type" } }] };
  const inner = { ...whole, entry: [...whole.entry, { resource: { resourceType: "Bundle", type: "collection", entry: [{ resource: "nothing" }] } }] };
  for (const [value, reason, words] of [
    [whole, "none", /No entries in this document/],
    [torn, "unread", /None could be read/],
    [inner, "unread", /None could be read/],
  ]) {
    await visit(server.link([{ value }], { direct: true }), {}, async ({ page }) => {
      const absent = section(page, "immunisations").locator(".absent");
      assert.equal(await absent.getAttribute("data-reason"), reason);
      assert.match(await absent.innerText(), words);
      // What the sender said of a section stands.
      assert.equal(await section(page, "allergies").locator(".absent").getAttribute("data-reason"), "nilknown");
      if (reason === "unread") assert.match(await page.locator(".warnings").innerText(), /1 entry could not be read/);
    });
  }
});

test("the passcode is asked, a wrong one is counted, the name is passed on", async () => {
  const link = server.link([{ value: summary() }], { passcode: "4711", attempts: 3 });
  await visit(link, { code: "0000", name: "Dr Rao", quiet: false }, async ({ page, unlock }) => {
    assert.equal(await page.locator("#code-error").innerText(), "That passcode did not fit. 2 attempts are left.");
    assert.ok(await page.evaluate(() => document.activeElement.id === "code"));
    assert.deepEqual(await axe(page), []);
    await unlock({ code: "0001" });
    assert.equal(await page.locator("#code-error").innerText(), "That passcode did not fit. 1 attempt is left.");
    await unlock({ code: "4711", name: "Dr Rao" });
    assert.equal(await page.locator("h1").innerText(), "Asha Verma");
  });
  assert.equal(server.asked.at(-1).recipient, "Dr Rao");
  const closing = server.link([{ value: summary() }], { passcode: "4711", attempts: 1 });
  await visit(closing, { code: "0000", quiet: false }, ({ page }) => stopped(page, "no-attempts"));
});

test("a name may be left out", async () => {
  await visit(server.link([{ value: summary() }], { direct: true }), { name: "" }, async ({ page }) => assert.equal(await page.locator("h1").innerText(), "Asha Verma"));
  assert.equal(server.asked.at(-1).recipient, "Name not given");
});

test("every ending has plain words", async () => {
  const file = [{ value: summary() }];
  const cases = [
    ["ended", server.link(file, { ended: true })],
    ["other-server", server.link(file, { target: "https://health.example/l/abc" })],
    ["newer-version", server.link(file, { v: 2, label: "From the year 2030" })],
    ["damaged", server.link(file, { sealKey: Buffer.alloc(32, 7) })],
    ["not-understood", server.link([{ bytes: Buffer.from("not JSON") }])],
    ["not-understood", server.link([{ value: { hello: 1 } }])],
    ["not-understood", server.link([{ bytes: Buffer.from("[".repeat(100_000)) }])],
    ["not-understood", server.link([{ value: summary(), alter: { enc: "A128GCM" } }])],
    ["not-understood", server.link([{ jwe: "not.a.jwe" }])],
    ["not-understood", server.link(file, { raw: { status: 200, body: "<html>" } })],
    ["not-understood", server.link(file, { raw: { status: 200, body: '{"files":5}' } })],
    ["too-large", server.link([{ bytes: Buffer.alloc(40_000_000, 32), zip: true }])],
    ["busy", server.link(file, { raw: { status: 429 } })],
    ["server", server.link(file, { raw: { status: 503 } })],
    // A passcode is asked for, and the link does not say so: there is no field to complain at.
    ["not-understood", server.link(file, { raw: { status: 401 } })],
    ["ended", server.link([{ value: summary(), apart: "gone" }])],
    ["link-damaged", { url: `${server.origin}/v/#shlink:/eyJ1cmwi` }],
    ["link-damaged", { url: `${server.origin}/v/#shlink:/${Buffer.from('{"url":"javascript:alert(1)","key":"x"}').toString("base64url")}` }],
    ["link-damaged", server.link(file, { flag: "PU" })],
    ["no-link", { url: `${server.origin}/v/` }],
  ];
  for (const [code, link] of cases) {
    await visit(link, { quiet: false }, async ({ page }) => {
      await stopped(page, code);
      if (code === "other-server") assert.match(await page.locator("main").innerText(), /health\.example/);
      if (code === "newer-version") assert.match(await page.locator("main").innerText(), /From the year 2030/);
    });
  }
});

test("no network is said, and another try works", () =>
  visit(server.link([{ value: summary() }], { direct: true }), { quiet: false, options: { before: (page) => page.route("**/l/**", (route) => route.abort()) } }, async ({ page, unlock }) => {
    await stopped(page, "no-network");
    await page.unroute("**/l/**");
    await page.getByRole("button", { name: "Try again" }).click();
    await unlock();
    assert.equal(await page.locator("h1").innerText(), "Asha Verma");
  }));

test("an insecure page says so", async () => {
  const reader = await openReader(server.link([{ value: summary() }]).url, { before: (page) => page.addInitScript(() => Object.defineProperty(globalThis, "isSecureContext", { value: false })) });
  await stopped(reader.page, "insecure");
  await reader.close();
});

test("a reload asks again and works; the link stays in the address", () =>
  visit(server.link([{ value: summary() }]), {}, async ({ page, unlock }) => {
    await page.locator(".nav-item").nth(3).click();
    assert.ok(page.url().includes("#shlink:/"));
    await page.reload();
    await unlock();
    assert.equal(await page.locator("h1").innerText(), "Asha Verma");
    assert.deepEqual(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""]);
  }));

test("several files come together; health cards are named, a damaged file is counted", () =>
  visit(
    server.link([{ value: summary(), apart: true, zip: true }, { value: { resourceType: "Condition", code: { text: "Second file" } } }, { value: { verifiableCredential: ["x"] }, type: "application/smart-health-card" }, { jwe: "a.b.c" }]),
    {},
    async ({ page }) => {
      assert.match(await section(page, "problems").innerText(), /Second file/);
      assert.match(await page.locator(".warnings").innerText(), /1 signed health card[\s\S]*1 further file could not be opened/);
    },
  ));

test("words are found, and what does not hold them is hidden", () =>
  visit(server.link([{ value: summary() }]), {}, async ({ page }) => {
    await page.fill("#find", "metformin");
    await page.waitForSelector("#find-result:not(:empty)");
    assert.equal(await page.locator("#find-result").innerText(), "1 entry contains “metformin”.");
    assert.equal(await page.locator(".block:visible").count(), 1);
    assert.equal(await page.locator("#live").innerText(), "1 entry contains “metformin”.");
    await page.fill("#find", "");
    await page.waitForSelector("#section-allergies:visible");
  }));

test("details show codes and the record as it was received", () =>
  visit(server.link([{ value: summary() }]), {}, async ({ page }) => {
    await page.getByRole("button", { name: "Details of Creatinine" }).click();
    const details = page.locator(".details:visible");
    await details.locator("dl").waitFor();
    assert.match(await details.innerText(), /2160-0 \(LOINC\)/);
    await details.getByRole("button", { name: "Show the record as it was received" }).click();
    assert.match(await details.locator("pre").innerText(), /"resourceType": "Observation"/);
  }));

test("the whole way by keyboard alone", async () => {
  const reader = await openReader(server.link([{ value: summary() }], { passcode: "4711" }).url);
  const { page } = reader;
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName);
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "skip");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "main");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "name");
  await page.keyboard.type("Dr Rao");
  await page.keyboard.press("Tab");
  await page.keyboard.type("4711");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-state=record]");
  assert.equal(await focused(), "patient-name");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "nav-item");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  assert.equal(await focused(), "section-medicines-title");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "disclose");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-expanded")), "true");
  await reader.close();
});

for (const [width, height, dark] of [[360, 740, false], [360, 740, true], [1440, 900, true]]) {
  test(`fits ${width} pixels${dark ? ", dark" : ""}, and twice the letters`, () =>
    visit(server.link([{ value: summary() }], { exp: DAY }), { options: { width, height, dark } }, async ({ page }) => {
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
      await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
      await page.evaluate(() => (document.documentElement.style.fontSize = ""));
    }));
}

test("prints as a document", () =>
  visit(server.link([{ value: summary() }]), {}, async ({ page }) => {
    const pdf = await page.pdf({ format: "A4" });
    assert.ok(pdf.subarray(0, 5).toString() === "%PDF-" && pdf.length > 10_000);
  }));

test("whole patients and foreign documents open", async (t) => {
  const data = testData();
  if (!data) return t.diagnostic("no test data beside the repository: skipped");
  const files = ["fhir/synthea-r4", "abdm", "ips"].flatMap((folder) => fs.readdirSync(path.join(data, folder)).filter((name) => name.endsWith(".json") && !/vectors|Information/.test(name)).map((name) => path.join(data, folder, name)));
  assert.ok(files.length > 20);
  for (const file of files) {
    const bytes = fs.readFileSync(file);
    await visit(server.link([{ bytes, zip: true, apart: true }], { direct: false }), {}, async ({ page }) => {
      assert.equal(await page.locator("[data-state=record]").count(), 1, path.basename(file));
      assert.ok((await page.locator(".entry, .absent").count()) >= 4, path.basename(file));
      assert.equal(await page.getByText(/\[object Object\]|undefined|NaN/).count(), 0, path.basename(file));
    });
  }
});
