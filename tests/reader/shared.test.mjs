// The doctor's page with everything real: kosha shares, the relay serves, Chromium opens.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { samples, start } from "../peers/kosha.mjs";
import { axe, closeBrowser, openReader, testData } from "./harness.mjs";

/** How much slower than this machine the doctor's phone is taken to be. */
const SLOW = 6;

/** Most bytes that a doctor's browser takes before the records are seen. */
const LIMIT = 60_000;

/** How many bytes a file is as it is sent to a browser that takes gzip. */
function compressed(url) {
  return new Promise((resolve, reject) => {
    const asked = http.get(url, { headers: { "accept-encoding": "gzip" } }, (response) => {
      let size = 0;
      response.on("data", (part) => (size += part.length)).on("end", () => resolve(size));
    });
    asked.on("error", reject);
  });
}

/** A vault with these files, and a share of all of it. */
async function shared(files, words = [], extra = {}) {
  const kosha = await start();
  assert.equal((await kosha.run(["init"])).status, 0);
  const imported = await kosha.run(["import", ...files]);
  assert.ok([0, 3].includes(imported.status), JSON.stringify(imported.error));
  const share = async (more = words, environment = extra) => {
    const { persons } = (await kosha.run(["persons"])).json;
    const made = await kosha.run(["share", "--all", "--person", persons[0].id, "--purpose", "Second opinion", "--expires", "1d", "--yes", ...more], environment);
    assert.equal(made.status, 0, JSON.stringify(made.error));
    return made.json.share;
  };
  return { kosha, share, made: await share() };
}

const text = (reader) => reader.page.evaluate(() => document.body.innerText);
const headings = (reader) => reader.page.$$eval("h2", (found) => found.map((one) => one.textContent.trim()));

describe("a share of the sample patient", () => {
  let given;
  before(async () => (given = await shared([samples])));
  after(async () => {
    await given.kosha.stop();
    await closeBrowser();
  });

  test("shows what a doctor needs, and nothing ruled out as a fact", async () => {
    const reader = await openReader(given.made.link);
    await reader.unlock();
    const shown = await text(reader);
    for (const word of ["Asha Raghunathan", "Penicillin", "Amlodipine", "High blood pressure", "HbA1c", "Influenza", "Dengue", "Kaveri General Hospital", "Lakeside Diagnostics", "Sundaram Family Clinic"]) {
      assert.ok(shown.includes(word), `${word} is not on the page`);
    }
    for (const word of ["Depress", "171 kg"]) assert.ok(!shown.includes(word), `${word} is on the page`);
    for (const word of ["Asthma", "Platelet transfusion", "Pneumococcal"]) {
      const apart = await reader.page.evaluate((wanted) => {
        const places = [...document.querySelectorAll("li, article, tr, td, p, h3, h4")].filter((one) => one.textContent.includes(wanted));
        return places.filter((one) => one.children.length === 0 || ![...one.children].some((child) => child.textContent.includes(wanted))).map((one) => one.textContent);
      }, word);
      for (const line of apart) assert.match(line, /ruled out|not done|not given/i, `${word}: ${line}`);
    }
    assert.deepEqual(reader.problems, []);
    assert.deepEqual(await axe(reader.page), []);
    const origin = new URL(given.made.link).origin;
    assert.deepEqual(reader.requests.filter((url) => !url.startsWith(origin) && !url.startsWith("blob:")), []);
    await reader.close();
  });

  test("all that comes before the records are seen is at most 60 kB, as the relay sends it", async (t) => {
    const reader = await openReader(given.made.link);
    await reader.unlock();
    const files = [...new Set(reader.requests.filter((url) => new URL(url).pathname.startsWith("/v/")))];
    await reader.close();
    const sent = await Promise.all(files.map(compressed));
    const total = sent.reduce((sum, size) => sum + size, 0);
    t.diagnostic(`${total} bytes in ${files.length} files`);
    assert.ok(files.length > 5 && total <= LIMIT, `${total}`);
  });

  test("the patient sees the name that the doctor gave", async () => {
    const log = await given.kosha.run(["log"]);
    assert.ok(JSON.stringify(log.json).includes("Dr Rao, City Clinic"));
  });

  test("a wrong passcode tells the attempts left, the right one opens", async () => {
    const made = await given.share(["--passcode"], { KOSHA_PASSCODE: "amber-river-12" });
    const reader = await openReader(made.link);
    await reader.unlock({ code: "guess" });
    assert.match(await reader.page.textContent("#code-error"), /\d/);
    assert.deepEqual(await axe(reader.page), []);
    await reader.unlock({ name: "", code: "amber-river-12" });
    assert.ok((await text(reader)).includes("Penicillin"));
    await reader.close();
  });

  test("a direct link opens too", async () => {
    const made = await given.share(["--direct"]);
    const reader = await openReader(made.link);
    await reader.unlock();
    assert.ok((await text(reader)).includes("Penicillin"));
    await reader.close();
  });

  test("only medicines: the page says that allergies and problems are not part of this share", async () => {
    const { persons } = (await given.kosha.run(["persons"])).json;
    const made = await given.kosha.run(["share", "--kind", "medicine", "--person", persons[0].id, "--purpose", "Pharmacy", "--yes"]);
    assert.equal(made.status, 0, JSON.stringify(made.error));
    const reader = await openReader(made.json.share.link);
    await reader.unlock();
    const shown = await text(reader);
    assert.ok(shown.includes("Amlodipine"));
    assert.ok(!shown.includes("Penicillin"), "an allergy is on a page of medicines");
    assert.match(shown, /not part of this share/i);
    await reader.close();
  });

  test("after it was stopped, the page says so", async () => {
    const made = await given.share();
    assert.equal((await given.kosha.run(["revoke", made.id])).status, 0);
    const reader = await openReader(made.link);
    await reader.unlock();
    assert.match(await text(reader), /expired|withdrawn|used up|ended/i);
    assert.deepEqual(await axe(reader.page), []);
    await reader.close();
  });
});

describe("shares of other people's data", () => {
  const data = testData();
  const files = (folder, wanted) =>
    data ? fs.readdirSync(path.join(data, folder)).filter((name) => name.endsWith(".json") && wanted(name)).map((name) => path.join(data, folder, name)) : [];
  after(closeBrowser);

  test("a whole synthetic patient, on a slow phone", { skip: data ? false : "KOSHA_TEST_DATA names no folder" }, async (context) => {
    const largest = files("fhir/synthea-r4", (name) => !name.includes("Information1"))
      .map((file) => [fs.statSync(file).size, file])
      .sort((a, b) => b[0] - a[0])[0][1];
    const given = await shared([largest]);
    try {
      const reader = await openReader(given.made.link, { slow: SLOW, width: 360, height: 740 });
      const start = performance.now();
      await reader.unlock();
      context.diagnostic(`from the tap to the record, ${SLOW} times slower: ${Math.round(performance.now() - start)} ms`);
      const shown = await headings(reader);
      for (const section of [/allerg/i, /medic/i, /problem/i, /result/i, /immuni|vaccin/i, /procedure/i, /visit/i]) {
        assert.ok(shown.some((one) => section.test(one)), `${section} is not among ${shown.join(", ")}`);
      }
      assert.deepEqual(reader.problems, []);
      assert.deepEqual(await axe(reader.page), []);
      await reader.close();
    } finally {
      await given.kosha.stop();
    }
  });

  test("ABDM documents, with the reasons of absent sections", { skip: data ? false : "KOSHA_TEST_DATA names no folder" }, async () => {
    for (const file of files("abdm", (name) => /Lab|Prescription|DischargeSummary/.test(name)).slice(0, 4)) {
      const given = await shared([file]);
      try {
        const reader = await openReader(given.made.link);
        await reader.unlock();
        const shown = await text(reader);
        assert.match(shown, /nothing|no information|none|not part/i, path.basename(file));
        assert.deepEqual(reader.problems, [], path.basename(file));
        assert.deepEqual(await axe(reader.page), [], path.basename(file));
        await reader.close();
      } finally {
        await given.kosha.stop();
      }
    }
  });
});
