// The page and the wallet show the same card for the same record: every case of the shared file of expected cards.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import test from "node:test";
import { ROOT } from "./harness.mjs";
import { pageModule } from "./page-module.mjs";

const { cardOf } = await pageModule("cards/card.js");
const { Place, parse } = await pageModule("bundle.js");

// Through the page's own parser, which keeps the digits of numbers.
const cases = parse(fs.readFileSync(path.join(ROOT, "core/fhir/fixtures/cards.json")));
const plain = (value) => JSON.parse(JSON.stringify(value).replace(/"\\u0001(-?[0-9.eE+-]+)"/g, "$1"));

test("there are cases", () => assert.ok(cases.length > 10));

for (const { name, resource, context, now, card } of cases) {
  test(name, () => {
    const place = new Place();
    for (const one of [resource, ...(context ?? [])]) {
      place.add(one.id ? `urn:uuid:${one.id}` : "", one);
    }
    assert.deepEqual(plain(cardOf(resource, place.context(now))), plain(card));
  });
}
