// The programs under test, as a person starts them: the relay on loopback and the kosha command on a vault of its own.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const programs = process.env.KOSHA_BIN ?? path.join(root, 'target/debug');

export const samples = path.join(root, 'tests/fixtures/demo');
export const testData = process.env.KOSHA_TEST_DATA ?? path.join(root, '../shared/data');

/** A relay and a vault in a temporary folder; `stop()` ends and removes both. */
export async function start() {
  const folder = await mkdtemp(path.join(tmpdir(), 'kosha-'));
  const relay = spawn(path.join(programs, 'kosha-relay'), ['--listen', '127.0.0.1:0', '--data', path.join(folder, 'relay')], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const address = await new Promise((resolve, reject) => {
    relay.once('error', reject);
    relay.once('exit', () => reject(new Error('the relay ended at once')));
    relay.stdout.once('data', (line) => resolve(/http:\/\/\S+/.exec(line.toString())[0]));
  });
  const environment = {
    ...process.env,
    KOSHA_VAULT: path.join(folder, 'vault'),
    KOSHA_ANCHOR: path.join(folder, 'anchors'),
    KOSHA_RELAY: address,
    KOSHA_PASSPHRASE: 'seven quiet herons',
  };
  return {
    address,
    folder,
    /** Runs a command with `--json`; resolves to {status, json, error}. */
    run(words, extra = {}) {
      return new Promise((resolve) => {
        const options = { env: { ...environment, ...extra }, maxBuffer: 1 << 28 };
        execFile(path.join(programs, 'kosha'), ['--json', ...words], options, (failure, stdout, stderr) => {
          resolve({ status: failure ? failure.code : 0, json: parse(stdout), error: parse(stderr)?.error });
        });
      });
    },
    async stop() {
      relay.kill('SIGTERM');
      await new Promise((resolve) => (relay.exitCode === null ? relay.once('exit', resolve) : resolve()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
