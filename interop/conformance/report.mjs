// Runs the official suite against one URL and judges its own output files, not its exit code: a scenario whose folder is missing,
// empty, or holds no verdict beside the schema check has NOT RUN, and that is a failure.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { run } from '../process.mjs';
import { printTable } from '../table.mjs';
import { loadRequirements, SUITE } from './requirements.mjs';

/** Not scored by the suite, demanded by us: these check ids must be SUCCESS ('*' = every verdict of the scenario is SUCCESS). */
export const EXTRA = {
  'json-schema-2020-12': '*',
  'http-header-validation': '*',
  'http-custom-header-server-validation': '*',
  'server-session-lifecycle': ['server-session-initialized-accepted', 'server-session-delete-accepted', 'server-session-terminated-returns-404'],
  'server-sse-polling': ['server-sse-priming-event', 'server-sse-retry-field', 'server-sse-disconnect-resume'],
};

/** Notes shown for one row; the rest is in the suite's own files. */
const NOTES = 6;
const SCHEMA_CHECK = 'wire-schema-valid';
const VERDICTS = ['SUCCESS', 'FAILURE', 'WARNING'];

/** Runs one requirement set; returns the folder of its results. */
export async function runSet(url, revision, folder) {
  const out = path.join(folder, revision);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const { lines, errors } = await run(`conformance ${revision}`, process.execPath,
    [SUITE, 'server', '--url', url, '--requirements', revision, '--timeout', '10000', '-o', out], { withinMs: 600_000 });
  return { out, log: [...lines, errors].join('\n') };
}

/** scenario -> checks, from the suite's files; a scenario without a readable checks.json is absent. */
export function readResults(out) {
  const results = new Map();
  if (!existsSync(out)) return results;
  for (const folder of readdirSync(out).sort()) {
    const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(folder)?.[1];
    const file = path.join(out, folder, 'checks.json');
    if (scenario && existsSync(file)) results.set(scenario, JSON.parse(readFileSync(file, 'utf8')));
  }
  return results;
}

/** One row: {scenario, kind, state, passed, total, notes}; state is pass | FAIL | NOT RUN. */
export function judge(scenario, kind, checks, demanded) {
  const list = checks ?? [];
  const verdicts = list.filter(check => VERDICTS.includes(check.status));
  const bad = verdicts.filter(check => check.status === 'FAILURE');
  const warned = verdicts.filter(check => check.status === 'WARNING');
  const tested = verdicts.filter(check => check.id !== SCHEMA_CHECK);
  const notes = [...bad, ...warned].map(check => `${check.status === 'WARNING' ? 'warning ' : ''}${check.id}: ${check.errorMessage ?? check.description}`);
  let state = 'pass';
  if (tested.length === 0) state = 'NOT RUN';
  else if (bad.length > 0 || !tested.some(check => check.status === 'SUCCESS')) state = 'FAIL';
  if (demanded && state === 'pass') {
    const missing = demanded === '*'
      ? list.filter(check => !['SUCCESS', 'INFO'].includes(check.status)).map(check => check.id)
      : demanded.filter(id => !list.some(check => check.id === id && check.status === 'SUCCESS'));
    if (missing.length > 0) {
      state = 'FAIL';
      notes.push(`demanded and not SUCCESS: ${missing.join(', ')}`);
    }
  }
  return { scenario, kind, state, passed: verdicts.length - bad.length - warned.length, total: verdicts.length, warnings: warned.length,
    failing: bad.map(check => check.id), warned: warned.map(check => check.id), notes };
}

/** A row of the client leg, where a warning fails a scenario, and so does a client whose suite run did not end with `code` 0. */
export function judgeClient(scenario, kind, { code, checks }) {
  const row = judge(scenario, kind, checks);
  return row.state === 'pass' && (code !== 0 || row.warnings > 0) ? { ...row, state: 'FAIL' } : row;
}

/** A failing required scenario is disputed when each of its failing checks is listed with its line and the specification's sentence. */
function dispute(rows, revision, disputed) {
  const stale = [];
  for (const entry of disputed.filter(entry => entry.revision === revision)) {
    for (const field of ['scenario', 'check', 'line', 'sentence', 'section']) {
      if (!entry[field]) throw new Error(`disputed.json: an entry without "${field}"`);
    }
    const row = rows.find(row => row.scenario === entry.scenario);
    if (!row?.failing.includes(entry.check)) stale.push(`${entry.scenario} ${entry.check} passes: take it off the disputed list`);
  }
  for (const row of rows.filter(row => row.state === 'FAIL' && row.failing.length > 0)) {
    const entries = disputed.filter(entry => entry.revision === revision && entry.scenario === row.scenario);
    if (row.failing.every(id => entries.some(entry => entry.check === id))) row.state = 'disputed';
  }
  return stale;
}

/** A failing scenario cannot be done when each of its failing checks is listed with the reason, which is told. */
function setAside(rows, revision, impossible) {
  const stale = [];
  for (const { scenario, check, reason } of impossible.filter(entry => entry.revision === revision)) {
    const row = rows.find(each => each.scenario === scenario);
    const is = row && (row.failing.includes(check) || row.warned.includes(check));
    if (!is) stale.push(`${scenario} ${check} passes: take it off the list of what is beyond this server`);
    else row.notes.unshift(`beyond this server: ${reason}`);
  }
  for (const row of rows.filter(each => each.state === 'FAIL' && each.failing.length + each.warned.length > 0)) {
    if ([...row.failing, ...row.warned].every(id => impossible.some(entry => entry.scenario === row.scenario && entry.check === id))) row.state = 'beyond it';
  }
  return stale;
}

/** The table of a set, and what is wrong with which row. */
export function printRows(title, rows) {
  console.log(`\n${title}`);
  printTable(['scenario', 'kind', 'checks', 'state'],
    rows.map(row => [row.scenario, row.kind, `${row.passed}/${row.total}${row.warnings ? ` ${row.warnings} warned` : ''}`, row.state]));
  for (const row of rows.filter(row => row.notes.length > 0 && !row.kind.startsWith('not scored'))) {
    console.log(`  ${row.scenario}`);
    for (const note of row.notes.slice(0, NOTES)) console.log(`      ${note.replaceAll('\n', ' ').slice(0, 400)}`);
    if (row.notes.length > NOTES) console.log(`      and ${row.notes.length - NOTES} more`);
  }
}

/** Prints the set's table; returns true when all that is required (and, with `extras`, demanded) passed. */
export function report(revision, out, { extras, title, disputed, impossible = [] }) {
  const results = readResults(out);
  const { required, notScored } = loadRequirements(revision);
  const rows = required.map(scenario => judge(scenario, 'required', results.get(scenario)));
  for (const { scenario, reason } of notScored) {
    const demanded = extras ? EXTRA[scenario] : undefined;
    rows.push(judge(scenario, demanded ? 'must pass too' : `not scored: ${reason}`, results.get(scenario), demanded));
  }
  const stale = [...dispute(rows, revision, disputed), ...setAside(rows, revision, impossible)];
  const counted = rows.filter(row => row.kind === 'required' || row.kind === 'must pass too');
  const lost = counted.filter(row => !['pass', 'disputed', 'beyond it'].includes(row.state));
  const passes = rows.filter(row => row.kind === 'required' && row.state === 'pass').length;

  printRows(`${title}, requirement set ${revision}`, rows);
  for (const text of stale) console.log(`  ${text}`);
  const disputes = rows.filter(row => row.state === 'disputed').length;
  const aside = rows.filter(row => row.state === 'beyond it').length;
  console.log(`${lost.length + stale.length === 0 ? '✓' : '✗'} ${revision}: ${passes} of ${required.length} required scenarios pass`
    + `${disputes ? `, ${disputes} disputed` : ''}${aside ? `, ${aside} beyond this server` : ''}${extras ? `; ${counted.filter(row => row.kind !== 'required' && row.state === 'pass').length} of ${counted.length - required.length} others we demand` : ''}`);
  return { ok: lost.length + stale.length === 0, rows };
}
