// conformance-client: the official suite's client leg, both requirement sets. The client under test is one on stdio, which knows nothing
// of HTTP, and `sallyport share --stdio URL` between it and the suite's server. One scenario at a time: the suite's own parallel mode
// starves small machines and produces false failures.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { INTEROP, run, suite, temporaryFolder } from '../process.mjs';
import { dataIn } from '../product.mjs';
import { judge, printRows } from './report.mjs';
import { loadRequirements, SUITE } from './requirements.mjs';

const REVISIONS = ['2025-11-25', '2026-07-28'];
const COMMAND = `${process.execPath} ${path.join(INTEROP, 'conformance/client-driver.mjs')}`;
/** What else the suite has of the kind we demand, though it scores it nowhere. */
const DEMANDED = ['json-schema-2020-12-preservation'];

/** Nothing signs in yet: these wait for the issue on authorization at HTTP servers. */
const needsAuthorization = scenario => scenario.startsWith('auth/');

/** Runs one scenario; {code, checks, log}. Without a readable file of checks it has NOT RUN. */
async function runScenario(revision, scenario, folder) {
  const out = path.join(folder, revision, scenario);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const { code, lines, errors } = await run(`conformance client ${scenario}`, process.execPath,
    [SUITE, 'client', '--command', COMMAND, '--scenario', scenario, '--spec-version', revision, '--force', '--timeout', '80000', '-o', out],
    { env: dataIn(folder), withinMs: 120_000 });
  const files = readdirSync(out).map(name => path.join(out, name, 'checks.json')).filter(existsSync);
  const checks = files.length === 1 ? JSON.parse(readFileSync(files[0], 'utf8')) : undefined;
  const log = [...lines, errors].join('\n');
  writeFileSync(path.join(out, 'log'), log);
  return { code, checks, log };
}

/** In the client leg a warning fails a scenario, and so does a client that did not end well. */
function row(scenario, kind, { code, checks, log }) {
  const judged = judge(scenario, kind, checks);
  if (judged.state === 'pass' && (code !== 0 || judged.warnings > 0)) judged.state = 'FAIL';
  if (judged.state !== 'pass') judged.notes.push(...log.split('\n').filter(line => line.startsWith('client-driver:') || line.startsWith('✗')));
  return judged;
}

async function judgeSet(revision, folder, only) {
  const { required, notScored } = loadRequirements(revision, 'client');
  const extras = notScored.map(entry => entry.scenario).filter(scenario => DEMANDED.includes(scenario));
  const wanted = scenario => !needsAuthorization(scenario) && (only === undefined || scenario === only);
  const rows = [];
  for (const scenario of required.filter(wanted)) rows.push(row(scenario, 'required', await runScenario(revision, scenario, folder)));
  for (const scenario of extras.filter(wanted)) rows.push(row(scenario, 'must pass too', await runScenario(revision, scenario, folder)));
  printRows(`a client on stdio behind share --stdio URL, requirement set ${revision}`, rows);
  const lost = rows.filter(each => each.state !== 'pass');
  const later = required.filter(needsAuthorization);
  console.log(`${lost.length === 0 ? '✓' : '✗'} ${revision}: ${rows.length - lost.length} of ${rows.length} pass; ${later.length} of ${required.length} required ones need authorization, which is not there yet:`);
  console.log(`    ${later.join(', ')}`);
  return lost.length === 0 && (only !== undefined || rows.length > 0);
}

await suite(async () => {
  // Where ./test wants the reports; else they go with the rest. One scenario's name as an argument runs only that one.
  const folder = process.env.SUITE_OUT ?? temporaryFolder('conformance-client');
  let ok = true;
  for (const revision of REVISIONS) ok = await judgeSet(revision, folder, process.argv[2]) && ok;
  return ok;
});
