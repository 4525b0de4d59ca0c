// Proof files of Kosha's log, checked by the libraries of Go's checksum database (log/, module golang.org/x/mod).

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { samples, start } from './kosha.mjs';

const source = path.join(path.dirname(fileURLToPath(import.meta.url)), 'log');

const run = (program, words, options = {}) =>
  new Promise((resolve) => {
    execFile(program, words, options, (failure, stdout, stderr) => {
      resolve({ status: failure ? failure.code : 0, stdout, stderr });
    });
  });

describe('the log of Kosha, verified by golang.org/x/mod/sumdb', () => {
  let kosha;
  let peer;
  const place = (name) => path.join(kosha.folder, name);
  const prove = async (name, words) => {
    const made = await kosha.run(['log', '--prove', ...words, '--out', place(name)]);
    assert.equal(made.status, 0, JSON.stringify(made.error));
    return made.json.proof;
  };
  const check = async (name, held) => run(peer, held ? [place(name), place(held)] : [place(name)]);
  const share = async () => {
    const words = ['share', '--all', '--purpose', 'Check-up', '--yes'];
    const made = await kosha.run(words);
    assert.equal(made.status, 0, JSON.stringify(made.error));
    return made.json.share;
  };

  before(async () => {
    kosha = await start();
    peer = place('log-peer');
    const built = await run('go', ['build', '-o', peer, '.'], { cwd: source });
    assert.equal(built.status, 0, built.stderr);
    assert.equal((await kosha.run(['init'])).status, 0);
    assert.equal((await kosha.run(['import', samples])).status, 0);
  });
  after(() => kosha.stop());

  test('every entry, word for word', async () => {
    await share();
    const proof = await prove('all.json', ['--all']);
    const held = await check('all.json');
    assert.equal(held.status, 0, held.stderr);
    const said = JSON.parse(held.stdout);
    assert.equal(said.size, proof.size);
    const own = (await kosha.run(['verify-proof', place('all.json'), '--key', proof.fingerprint])).json;
    assert.equal(own.key, 'compared');
    assert.deepEqual(
      said.entries.map(({ index, event, detail }) => ({ index, event, detail })),
      own.entries.map(({ index, event, detail }) => ({ index, event, detail })),
    );
    assert.equal(said.entries.length, proof.size);
  });

  test('what one share left in the log, and that the log only grew since it', async () => {
    const shared = await share();
    const seen = await kosha.run(['view', shared.link, '--allow-loopback', '--checkpoint', place('held.txt')]);
    assert.equal(seen.status, 0, JSON.stringify(seen.error));
    await share();
    const proof = await prove('one.json', ['--share', shared.id, '--since', place('held.txt')]);
    assert.ok(proof.entries.length >= 3 && proof.entries.length < proof.size);
    const held = await check('one.json', 'held.txt');
    assert.equal(held.status, 0, held.stderr);
    const said = JSON.parse(held.stdout);
    assert.deepEqual(said.since, [seen.json.checkpoint.size, seen.json.checkpoint.size]);
    assert.ok(said.entries.every((entry) => entry.detail.includes(shared.id)));
    assert.ok(said.entries.some((entry) => entry.event === 'viewed'));
  });

  test('a changed, moved or cut proof fails there as here', async () => {
    await prove('whole.json', ['--all', '--since', '2']);
    const whole = JSON.parse(await readFile(place('whole.json'), 'utf8'));
    const spoilt = {
      changed(proof) {
        const bytes = Buffer.from(proof.entries[1].entry, 'base64');
        bytes[bytes.length - 1] ^= 1;
        proof.entries[1].entry = bytes.toString('base64');
      },
      moved(proof) {
        [proof.entries[0].entry, proof.entries[1].entry] = [proof.entries[1].entry, proof.entries[0].entry];
        [proof.entries[0].salt, proof.entries[1].salt] = [proof.entries[1].salt, proof.entries[0].salt];
      },
      shortened: (proof) => proof.entries[1].path.pop(),
      resigned(proof) {
        proof.checkpoint = proof.checkpoint.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size) - 1}\n`);
      },
    };
    for (const [name, spoil] of Object.entries(spoilt)) {
      const proof = structuredClone(whole);
      spoil(proof);
      await writeFile(place('spoilt.json'), JSON.stringify(proof));
      assert.equal((await check('spoilt.json')).status, 1, name);
      assert.equal((await kosha.run(['verify-proof', place('spoilt.json')])).status, 1, name);
    }
  });
});
