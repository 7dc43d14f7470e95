// Every client version in front of every upstream, for every row of the reference's table: what was due, what was seen, and the table of
// both. Arguments: parts of rows' names; only those are run then, and nothing is written.
import { chmodSync, cpSync } from 'node:fs';
import path from 'node:path';
import { Cell } from './matrix/cell.mjs';
import { writeDocument } from './matrix/document.mjs';
import { Record } from './matrix/record.mjs';
import { ROWS } from './matrix/rows.mjs';
import { cellOf } from './matrix/verdict.mjs';
import { INTEROP, serve, suite, temporaryFolder } from './process.mjs';
import { readyProblems, sallyport, share } from './product.mjs';
import { printTable } from './table.mjs';

const CLIENTS = ['06', '11', '26'];
const UPSTREAMS = ['legacy', 'modern'].flatMap(era => ['stdio', 'http'].map(transport => ({ era, transport })));
// Each client version is a caller of its own, so that no two share an upstream session.
const OTHERS = ['own 03', 'own 06', 'own 11', 'own 26', 'other 06', 'other 11', 'other 26'];
const OPTIONS = ['--children', '60', '--children-per-caller', '20', '--sandbox', 'none'];
const wanted = process.argv.slice(2);

async function keysIn(folder) {
  const keys = {};
  for (const name of OTHERS) {
    const added = await sallyport(['keys', 'add', name.replace(' ', '-'), '--json'], folder, 300_000);
    if (added.code !== 0) throw added.failure(`exit code ${added.code}`);
    keys[name] = JSON.parse(added.lines[0]).key;
  }
  return keys;
}

/** The upstream and a gateway before it. */
async function start({ era, transport }, keys, data) {
  const folder = temporaryFolder(`matrix-${era}-${transport}`);
  const home = temporaryFolder(`matrix-data-${era}-${transport}`);
  cpSync(data, home, { recursive: true });
  chmodSync(path.join(home, 'data'), 0o700);
  const programs = [];
  let command = [process.execPath, path.join(INTEROP, 'servers/matrix-stdio.mjs'), era, folder];
  if (transport === 'http') {
    const { program, ready } = await serve(`${era} upstream`, process.execPath, [
      path.join(INTEROP, 'servers/matrix-http.mjs'),
      era,
      folder,
    ]);
    programs.push(program);
    command = [ready.url];
  }
  const { program, ready } = await share(`${era} ${transport}`, transport === 'http' ? OPTIONS.slice(0, 4) : OPTIONS, command, home);
  const problems = readyProblems(ready, program);
  if (problems.length > 0) throw program.failure(problems.join('; '));
  programs.unshift(program);
  return { era, transport, url: ready.url, keys, folder, record: new Record(folder), clients: new Map(), everyone: [], programs };
}

async function observe(row, upstream, version, number) {
  const observed = new Map();
  for (const [index, part] of row.parts.entries()) {
    const cell = new Cell(upstream, version, `m${number}p${index}-${version}`);
    const due = part.due(cell);
    if (due.kind === 'none') {
      observed.set(part.name, { due });
      continue;
    }
    try {
      observed.set(part.name, { due, seen: await part.see(cell) });
    } catch (error) {
      observed.set(part.name, { due, failure: `${error.stack.split('\n').slice(0, 3).join(' ')}` });
    }
    await cell.close();
  }
  return cellOf(row.parts, observed);
}

/** All rows in front of one upstream, client by client, so that nothing but what a row itself begins goes on at the same time. */
async function observeAll(rows, upstream, cells) {
  for (const [number, row] of rows.entries()) {
    for (const version of row.versions)
      cells.set([row.name, version, upstream.era, upstream.transport].join(' | '), await observe(row, upstream, version, number));
  }
  for (const client of upstream.clients.values()) await client.close();
}

const columnsOf = versions => versions.flatMap(version => UPSTREAMS.map(({ era, transport }) => ({ version, era, transport })));
const cellAt = (cells, row, { version, era, transport }) =>
  cells.get([row.name, version, era, transport].join(' | ')) ?? {
    state: 'NOT RUN',
    text: 'NOT RUN',
    problems: [{ part: 'the row', path: '', due: 'a run', seen: 'nothing' }],
    reasons: [],
  };

function print(rows, cells, versions) {
  const columns = columnsOf(versions);
  console.log();
  printTable(
    ['row', ...columns.map(({ version, era, transport }) => `${version}>${era[0].toUpperCase()} ${transport}`)],
    rows.map(row => [row.name, ...columns.map(column => cellAt(cells, row, column).text)]),
  );
  for (const row of rows) {
    for (const column of columns) {
      const { state, problems } = cellAt(cells, row, column);
      if (state !== 'FAIL' && state !== 'NOT RUN') continue;
      console.log(`  ✗ ${row.name} (${row.refs}), client ${column.version}, ${column.era} upstream over ${column.transport}`);
      for (const { part, path: where, due, seen } of problems.slice(0, 6))
        console.log(`      ${part}: ${where} due ${String(due).slice(0, 300)}; seen ${String(seen).slice(0, 500)}`);
    }
  }
}

await suite(async () => {
  const data = temporaryFolder('matrix-keys');
  const keys = await keysIn(data);
  const version = (await sallyport(['version'], data, 60_000)).lines[0];
  const rows = ROWS.filter(row => wanted.length === 0 || wanted.some(part => row.name.includes(part)));
  const upstreams = await Promise.all(UPSTREAMS.map(upstream => start(upstream, keys, data)));
  const cells = new Map();
  await Promise.all(upstreams.map(upstream => observeAll(rows, upstream, cells)));
  for (const { programs } of upstreams) for (const program of programs) await program.stop();

  const tables = [CLIENTS, ['03']].map(versions => ({
    versions,
    rows: rows.filter(row => row.versions[0] === versions[0]),
    columns: columnsOf(versions),
  }));
  for (const table of tables.filter(each => each.rows.length > 0)) print(table.rows, cells, table.versions);
  const all = tables.flatMap(table => table.rows.flatMap(row => table.columns.map(column => cellAt(cells, row, column))));
  const count = state => all.filter(cell => cell.state === state).length;
  if (wanted.length === 0 && process.env.SALLYPORT_UNDER_TEST === undefined)
    writeDocument(tables, (row, column) => cellAt(cells, row, column), version);
  const bad = count('FAIL') + count('NOT RUN');
  console.log(
    `\n${bad === 0 ? '✓' : '✗'} ${rows.length} rows: ${count('ok')} cells as they should be, ${count('FAIL')} FAIL, ${count('NOT RUN')} NOT RUN, ${count('none')} not expressible`,
  );
  return bad === 0;
});
