// The judge of the official suite's files: every way in which a scenario has not passed must show.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { judge, judgeClient, readResults, report, runSet } from '../conformance/report.mjs';
import { loadRequirements } from '../conformance/requirements.mjs';
import { INTEROP, serve, sleep, temporaryFolder } from '../process.mjs';

const schema = status => ({ id: 'wire-schema-valid', status, description: '' });
const check = (status, id = 'it-works') => ({ id, status, description: '', errorMessage: status === 'FAILURE' ? 'because' : undefined });

const CASES = [
  ['no file', undefined, undefined, 'NOT RUN'],
  ['no checks', [], undefined, 'NOT RUN'],
  ['only the schema check', [schema('SUCCESS')], undefined, 'NOT RUN'],
  ['only information', [check('INFO'), schema('SUCCESS')], undefined, 'NOT RUN'],
  ['all skipped', [check('SKIPPED')], undefined, 'NOT RUN'],
  ['a success', [check('SUCCESS')], undefined, 'pass'],
  ['a success and a warning', [check('SUCCESS'), check('WARNING', 'other')], undefined, 'pass'],
  ['nothing but a warning', [check('WARNING'), schema('SUCCESS')], undefined, 'FAIL'],
  ['a failure among successes', [check('SUCCESS'), check('FAILURE', 'other')], undefined, 'FAIL'],
  ['the same check failing once', [check('FAILURE'), check('SUCCESS')], undefined, 'FAIL'],
  ['a wrong message on the wire', [check('SUCCESS'), schema('FAILURE')], undefined, 'FAIL'],
  ['demanded, and there', [check('SUCCESS')], ['it-works'], 'pass'],
  ['demanded, and only a warning', [check('SUCCESS', 'other'), check('WARNING')], ['it-works'], 'FAIL'],
  ['demanded, and absent', [check('SUCCESS', 'other')], ['it-works'], 'FAIL'],
  ['all demanded, one skipped', [check('SUCCESS', 'other'), check('SKIPPED')], '*', 'FAIL'],
  ['all demanded, one warned', [check('SUCCESS', 'other'), check('WARNING')], '*', 'FAIL'],
];

const CLIENT_CASES = [
  ['a client that ended well', { code: 0, checks: [check('SUCCESS')] }, 'pass'],
  ['a client that did not', { code: 1, checks: [check('SUCCESS')] }, 'FAIL'],
  ['a client that was warned', { code: 0, checks: [check('SUCCESS'), check('WARNING', 'other')] }, 'FAIL'],
  ['a client that never ran', { code: 0, checks: undefined }, 'NOT RUN'],
];

/** A results folder in which every required and demanded scenario passes, but for `changed`. */
function results(revision, changed) {
  const out = temporaryFolder('results');
  const { required, notScored } = loadRequirements(revision);
  const extras = [...notScored.map(entry => entry.scenario)];
  for (const scenario of [...required, ...extras]) {
    const checks = scenario in changed ? changed[scenario] : [check('SUCCESS'), ...['server-session-initialized-accepted', 'server-session-delete-accepted',
      'server-session-terminated-returns-404', 'server-sse-priming-event', 'server-sse-retry-field', 'server-sse-disconnect-resume'].map(id => check('SUCCESS', id))];
    if (checks === null) continue;
    const folder = path.join(out, `server-${scenario}-2026-01-01T00-00-00-000Z`);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'checks.json'), JSON.stringify(checks));
  }
  return out;
}

const ENTRY = { revision: '2025-11-25', scenario: 'ping', check: 'it-works', line: 'utils.ts:1', sentence: 'a sentence', section: 'a section' };

const REPORTS = [
  ['everything passes', {}, [], true],
  ['a required scenario is missing', { ping: null }, [], false],
  ['a required scenario is empty', { ping: [] }, [], false],
  ['a required scenario fails', { ping: [check('FAILURE')] }, [], false],
  ['a demanded scenario is missing', { 'server-sse-polling': null }, [], false],
  ['a failure that is disputed', { ping: [check('FAILURE')] }, [ENTRY], true],
  ['a failure of another check than the disputed one', { ping: [check('FAILURE', 'another')] }, [ENTRY], false],
  ['a dispute about something that passes', {}, [ENTRY], false],
];

/** Prints what `report` says only when it is wrong. */
async function quietly(body) {
  const said = [];
  const { log } = console;
  console.log = line => said.push(line);
  try {
    return { outcome: await body(), said };
  } finally {
    console.log = log;
  }
}

export async function judgeHolds() {
  for (const [name, checks, demanded, state] of CASES) assert.equal(judge('some', 'required', checks, demanded).state, state, name);
  for (const [name, outcome, state] of CLIENT_CASES) assert.equal(judgeClient('some', 'required', outcome).state, state, name);
  for (const [name, changed, disputed, ok] of REPORTS) {
    const { outcome, said } = await quietly(() => report('2025-11-25', results('2025-11-25', changed), { extras: true, title: name, disputed }));
    assert.equal(outcome.ok, ok, `${name}\n${said.join('\n')}`);
  }
  await assert.rejects(async () => (await quietly(() => report('2025-11-25', results('2025-11-25', {}),
    { extras: true, title: '', disputed: [{ ...ENTRY, sentence: '' }] }))).outcome, /without "sentence"/);
  console.log(`✓ ${CASES.length + CLIENT_CASES.length + REPORTS.length + 1} verdicts of the judge`);

  // The suite itself, against a real server that is not the fixture: some pass, most do not, and it shows.
  const port = 20_000 + process.pid % 20_000;
  const everything = path.join(INTEROP, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
  const { program } = await serve('server-everything', process.execPath, ['-e', `
    process.argv.splice(1, 0, 'node'); process.argv[2] = 'streamableHttp';
    console.log = () => undefined; process.on('SIGTERM', () => process.exit(0));
    await import(${JSON.stringify(everything)});
    process.stdout.write(JSON.stringify({ ready: true }) + '\\n');`, '--input-type=module'], { env: { PORT: String(port) } });
  await sleep(500);
  const { out } = await runSet(`http://127.0.0.1:${port}/mcp`, '2025-11-25', temporaryFolder('conformance'));
  await program.stop();
  const state = name => judge(name, 'required', readResults(out).get(name)).state;
  assert.deepEqual(['server-initialize', 'ping', 'tools-list', 'tools-call-image', 'prompts-get-simple'].map(state), ['pass', 'pass', 'pass', 'FAIL', 'FAIL']);
  console.log('✓ the official suite, run against a server that is not the fixture, is judged as it should be');
}
