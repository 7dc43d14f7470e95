// conformance-http and conformance-share: the same two requirement sets over two set-ups. `v2` runs them against the fixture that is
// written with the TypeScript SDK, without the product, so that what fails behind it can be told from what fails by itself.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { INTEROP, ROOT, serve, suite, temporaryFolder } from '../process.mjs';
import { readyProblems, share } from '../product.mjs';
import { report, runSet } from './report.mjs';

const SETS = [['2025-11-25', 'legacy'], ['2026-07-28', 'modern']];
const FIXTURE = './examples/everything/run';
const V2 = path.join(INTEROP, 'servers/v2-everything.mjs');
// What only a modern server can do, with the reason.
const beyond = JSON.parse(readFileSync(new URL('beyond.json', import.meta.url)));
const disputed = JSON.parse(readFileSync(new URL('disputed.json', import.meta.url)));

async function judgeSet(url, revision, folder, options) {
  const { out, log } = await runSet(url, revision, folder);
  writeFileSync(path.join(folder, `${revision}.log`), log);
  const { ok, rows } = report(revision, out, { ...options, disputed });
  if (rows.every(row => row.state === 'NOT RUN')) console.log(log.slice(-3000));
  return ok;
}

/** One process serves both sets, one after the other: the eras live side by side as they will for users. */
async function overHttp(folder) {
  const { program, ready } = await serve('everything', FIXTURE, ['--http', '127.0.0.1:0']);
  let ok = true;
  for (const [revision] of SETS) {
    ok = await judgeSet(ready.url, revision, folder, { extras: true, title: 'examples/everything over HTTP' }) && ok;
  }
  await program.stop();
  return ok;
}

async function overV2(folder) {
  const { program, ready } = await serve('v2-everything', process.execPath, [V2, '--http', '127.0.0.1:0']);
  let ok = true;
  for (const [revision] of SETS) {
    ok = await judgeSet(ready.url, revision, folder, { extras: true, title: 'the fixture on the TypeScript SDK v2' }) && ok;
  }
  await program.stop();
  return ok;
}

/** What stands behind the gateway: how it is reached, and the era that it speaks. `start` resolves with the words that share it. */
const everything = (era, ...args) => [path.join(ROOT, FIXTURE), ...args, '--era', era];

async function listening(name, command) {
  const { program, ready } = await serve(name, command[0], command.slice(1));
  return { words: [ready.url], stop: () => program.stop() };
}

const BEHIND = [
  { name: 'examples/everything, legacy over HTTP', era: 'legacy', start: () => listening('everything legacy', everything('legacy', '--http', '127.0.0.1:0')) },
  { name: 'examples/everything, modern over HTTP', era: 'modern', start: () => listening('everything modern', everything('modern', '--http', '127.0.0.1:0')) },
  { name: 'examples/everything, legacy over stdio', era: 'legacy', start: () => ({ words: everything('legacy', '--stdio') }) },
  { name: 'examples/everything, modern over stdio', era: 'modern', start: () => ({ words: everything('modern', '--stdio') }) },
  { name: 'the fixture on the TypeScript SDK v2, over HTTP', era: 'modern', start: () => listening('v2-everything', [process.execPath, V2, '--http', '127.0.0.1:0']) },
];

/**
 * A server over a pipe with a handshake has a process for each set of what its clients can be asked, and one scenario gives a new
 * one 600 ms. A JVM on a busy machine needs longer, which is the fixture's time and not the gateway's.
 */
async function wake(url) {
  const META = 'io.modelcontextprotocol/';
  const params = { name: 'test_simple_text', arguments: {},
    _meta: { [`${META}protocolVersion`]: '2026-07-28', [`${META}clientCapabilities`]: { elicitation: {} } } };
  const response = await fetch(url, { method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    headers: { accept: 'application/json, text/event-stream', 'content-type': 'application/json', 'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call', 'mcp-name': 'test_simple_text' } });
  if (response.status !== 200) throw new Error(`HTTP ${response.status} to a first call`);
  await response.text();
}

/** Both sets through the gateway in front of each. A server with a handshake cannot do all that the modern set asks for. */
async function behindShare(folder) {
  let ok = true;
  for (const { name, era, start } of BEHIND) {
    const server = await start();
    // The era is said, because a new JVM on a busy machine may take longer than finding out allows.
    const { program, ready } = await share(name, ['--no-auth', '--era', era], server.words, temporaryFolder('share'));
    for (const problem of readyProblems(ready, program, { key: false })) {
      console.log(`✗ share --no-auth: ${problem}`);
      ok = false;
    }
    for (const [revision, its] of SETS) {
      const set = path.join(folder, name.replaceAll(/[^A-Za-z0-9]+/g, '-'));
      mkdirSync(set, { recursive: true });
      if (its === 'modern') await wake(ready.url);
      const impossible = era === 'legacy' && its === 'modern' ? beyond : [];
      ok = await judgeSet(ready.url, revision, set, { extras: false, impossible, title: `${name}, behind share` }) && ok;
    }
    await program.stop();
    await server.stop?.();
  }
  return ok;
}

const bodies = { http: overHttp, v2: overV2, share: behindShare };
// Where ./test wants the reports; else they go with the rest.
await suite(() => bodies[process.argv[2]](process.env.SUITE_OUT ?? temporaryFolder('conformance')));
