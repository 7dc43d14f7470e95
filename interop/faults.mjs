// What real servers and clients do, staged: one row a fault, with the figure it costs. Arguments choose rows by a part of their names.
import { rows as children } from './faults/children.mjs';
import { rows as clients } from './faults/clients.mjs';
import { rows as crowd } from './faults/crowd.mjs';
import { rows as disk } from './faults/disk.mjs';
import { rows as families } from './faults/families.mjs';
import { rows as floods } from './faults/floods.mjs';
import { missing, pendingIsRed } from './faults/flags.mjs';
import { suite } from './process.mjs';
import { printTable } from './table.mjs';

const ROWS = [...children, ...floods, ...families, ...crowd, ...clients, ...disk];
const ROW_WITHIN_MS = 150_000;

class Verdict {
  constructor() { this.problems = []; }

  holds(condition, otherwise) {
    if (!condition) this.problems.push(otherwise);
  }
}

async function carryOut(row) {
  const absent = await missing(row.needs ?? []);
  if (absent.length > 0) return { outcome: 'PENDING', figure: `share has no ${absent.join(', ')}`, failed: pendingIsRed() };
  const verdict = new Verdict();
  const start = performance.now();
  let timer;
  const figure = await Promise.race([row.run(verdict), new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${ROW_WITHIN_MS / 1000} s`)), ROW_WITHIN_MS);
  })]).catch(error => {
    verdict.problems.push(error.stack ?? String(error));
    return '-';
  });
  clearTimeout(timer);
  for (const problem of verdict.problems.slice(0, 8)) console.log(`  ✗ ${row.name}: ${problem}`);
  const failed = verdict.problems.length > 0;
  console.log(`${failed ? '✗' : '✓'} ${row.name} (${((performance.now() - start) / 1000).toFixed(1)} s): ${figure}`);
  return { outcome: failed ? 'FAILED' : 'ok', figure, failed };
}

const chosen = process.argv.slice(2);

await suite(async () => {
  const table = [];
  let failed = 0;
  const rows = ROWS.filter(row => chosen.length === 0 || chosen.some(part => row.name.includes(part)));
  if (rows.length === 0) throw new Error(`no row is named like ${chosen.join(', ')}`);
  for (const row of rows) {
    const { outcome, figure, failed: red } = await carryOut(row);
    if (red) failed++;
    table.push([row.name, outcome, figure]);
  }
  console.log();
  printTable(['fault', 'outcome', 'figure'], table);
  console.log(failed === 0 ? `\n✓ ${table.filter(row => row[1] === 'ok').length} faults survived` : `\n✗ ${failed} did not hold`);
  return failed === 0;
});
