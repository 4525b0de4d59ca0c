// SMART Health Links in both directions between Kosha and npm kill-the-clipboard.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { SHL, SHLInvalidPasscodeError, SHLManifestBuilder, SHLViewer, encryptSHLFile } from 'kill-the-clipboard';
import { samples, start } from './kosha.mjs';

/** The part of a link that every reader takes, without the page in front of it. */
const bare = (link) => link.slice(link.indexOf('shlink:/'));

const types = (bundle) => new Set(bundle.entry.map((entry) => entry.resource.resourceType));

describe('links made by Kosha, opened by kill-the-clipboard', () => {
  let kosha;
  before(async () => {
    kosha = await start();
    assert.equal((await kosha.run(['init'])).status, 0);
    assert.equal((await kosha.run(['import', samples])).status, 0);
  });
  after(() => kosha.stop());

  const share = async (words, extra) => {
    const made = await kosha.run(['share', '--all', '--purpose', 'Check-up', '--yes', ...words], extra);
    assert.equal(made.status, 0, JSON.stringify(made.error));
    return made.json.share;
  };

  test('a manifest', async () => {
    const made = await share(['--expires', '1d']);
    const viewer = new SHLViewer({ shlinkURI: bare(made.link) });
    const { fhirResources } = await viewer.resolveSHL({ recipient: 'Dr. Peer' });
    assert.equal(fhirResources.length, 1);
    assert.equal(fhirResources[0].type, 'document');
    assert.equal(fhirResources[0].entry[0].resource.resourceType, 'Composition');
    for (const type of ['Patient', 'Condition', 'AllergyIntolerance', 'MedicationRequest', 'Observation']) {
      assert.ok(types(fhirResources[0]).has(type), `${type} is missing`);
    }
  });

  test('a manifest whose file is fetched from its location', async () => {
    const made = await share(['--expires', '1d']);
    const viewer = new SHLViewer({ shlinkURI: bare(made.link) });
    const { manifest, fhirResources } = await viewer.resolveSHL({ recipient: 'Dr. Peer', embeddedLengthMax: 100 });
    assert.ok(manifest.files.every((file) => file.location && !file.embedded));
    assert.equal(fhirResources[0].resourceType, 'Bundle');
  });

  test('a passcode, wrong and right', async () => {
    const made = await share(['--expires', '1d', '--passcode'], { KOSHA_PASSCODE: '4711-herons' });
    const viewer = new SHLViewer({ shlinkURI: bare(made.link) });
    assert.equal(viewer.shl.requiresPasscode, true);
    await assert.rejects(viewer.resolveSHL({ recipient: 'Dr. Peer', passcode: 'guess' }), SHLInvalidPasscodeError);
    const { fhirResources } = await viewer.resolveSHL({ recipient: 'Dr. Peer', passcode: '4711-herons' });
    assert.equal(fhirResources[0].resourceType, 'Bundle');
  });

  test('a direct file', async () => {
    const made = await share(['--expires', '15m', '--direct']);
    const viewer = new SHLViewer({ shlinkURI: bare(made.link) });
    assert.equal(viewer.shl.isDirectFile, true);
    const { fhirResources } = await viewer.resolveSHL({ recipient: 'Dr. Peer' });
    const [bundle] = fhirResources;
    assert.equal(bundle.type, 'collection');
    assert.equal(bundle.entry.filter((entry) => entry.resource.resourceType === 'Patient').length, 1);
  });

  test('who looked is in the log, and a stopped link answers no more', async () => {
    const made = await share(['--expires', '1d']);
    const viewer = new SHLViewer({ shlinkURI: bare(made.link) });
    await viewer.resolveSHL({ recipient: 'Dr. Curious' });
    const log = await kosha.run(['log']);
    assert.ok(JSON.stringify(log.json).includes('Dr. Curious'));
    assert.equal((await kosha.run(['revoke', made.id])).status, 0);
    await assert.rejects(viewer.resolveSHL({ recipient: 'Dr. Curious' }));
  });
});

describe('links made by kill-the-clipboard, opened by Kosha', () => {
  const bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: '2026-03-01T08:00:00Z',
    entry: [
      {
        fullUrl: 'urn:uuid:6a0c6c3e-7b1d-4f0e-9d0a-1f1f1f1f1f01',
        resource: { resourceType: 'Patient', name: [{ text: 'Invented Person' }], birthDate: '1990-01-01', gender: 'female' },
      },
      {
        fullUrl: 'urn:uuid:6a0c6c3e-7b1d-4f0e-9d0a-1f1f1f1f1f02',
        resource: {
          resourceType: 'AllergyIntolerance',
          clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', code: 'active' }] },
          code: { text: 'Latex' },
          patient: { reference: 'urn:uuid:6a0c6c3e-7b1d-4f0e-9d0a-1f1f1f1f1f01' },
        },
      },
    ],
  };
  const passcode = 'amber-river';
  let kosha;
  let server;
  let base;
  const answers = new Map();

  before(async () => {
    kosha = await start();
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part) => (body += part));
      request.on('end', () => answers.get(new URL(request.url, base).pathname)?.(request, response, body) ?? response.writeHead(404).end());
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${server.address().port}`;
  });
  after(async () => {
    await new Promise((resolve) => server.close(resolve));
    await kosha.stop();
  });

  /** A manifest link with one file, served as its library describes. */
  async function manifestLink({ flag, enableCompression, embeddedLengthMax }) {
    const store = new Map();
    const shl = SHL.generate({ baseManifestURL: base, manifestPath: `/${flag ?? 'plain'}-${embeddedLengthMax}-${enableCompression}`, flag, label: 'From a peer' });
    const builder = new SHLManifestBuilder({
      shl,
      uploadFile: async (content) => {
        const name = `/file-${store.size}-${embeddedLengthMax}-${enableCompression}`;
        store.set(name, content);
        answers.set(name, (_, response) => response.writeHead(200, { 'content-type': 'application/jose' }).end(content));
        return name;
      },
      getFileURL: async (name) => base + name,
      loadFile: async (name) => store.get(name),
    });
    await builder.addFHIRResource({ content: bundle, enableCompression });
    let attempts = 3;
    answers.set(new URL(shl.url).pathname, async (_, response, body) => {
      const asked = JSON.parse(body);
      if (flag === 'P' && asked.passcode !== passcode) {
        attempts -= 1;
        response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ remainingAttempts: attempts }));
        return;
      }
      const manifest = await builder.buildManifest({ embeddedLengthMax });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(manifest));
    });
    return shl.toURI();
  }

  for (const enableCompression of [false, true]) {
    for (const embeddedLengthMax of [16384, 10]) {
      test(`a manifest (zip ${enableCompression}, embedded up to ${embeddedLengthMax})`, async () => {
        const link = await manifestLink({ enableCompression, embeddedLengthMax });
        const seen = await kosha.run(['view', link, '--recipient', 'Kosha', '--allow-loopback']);
        assert.equal(seen.status, 0, JSON.stringify(seen.error));
        assert.ok(JSON.stringify(seen.json).includes('Latex'));
      });
    }
  }

  test('a passcode, wrong and right', async () => {
    const link = await manifestLink({ flag: 'P', enableCompression: false, embeddedLengthMax: 16384 });
    const wrong = await kosha.run(['view', link, '--allow-loopback'], { KOSHA_PASSCODE: 'guess' });
    assert.equal(wrong.status, 1);
    assert.equal(wrong.error.remainingAttempts, 2);
    const right = await kosha.run(['view', link, '--allow-loopback'], { KOSHA_PASSCODE: passcode });
    assert.equal(right.status, 0, JSON.stringify(right.error));
  });

  test('a direct file', async () => {
    const shl = SHL.generate({ baseManifestURL: base, manifestPath: '/direct', flag: 'U' });
    const jwe = await encryptSHLFile({ content: JSON.stringify(bundle), key: shl.key, contentType: 'application/fhir+json' });
    answers.set(new URL(shl.url).pathname, (_, response) => response.writeHead(200, { 'content-type': 'application/jose' }).end(jwe));
    const seen = await kosha.run(['view', shl.toURI(), '--allow-loopback']);
    assert.equal(seen.status, 0, JSON.stringify(seen.error));
    assert.ok(JSON.stringify(seen.json).includes('Latex'));
  });
});
