// Servers over HTTP that do what servers over HTTP do: each row says what was done, what was due and what came. Arguments choose groups of
// rows by a part of their names.
import { groups as answers } from './remote-faults/answers.mjs';
import { groups as continuations } from './remote-faults/continuations.mjs';
import { groups as crowd } from './remote-faults/crowd.mjs';
import { groups as drops } from './remote-faults/drops.mjs';
import { groups as restarts } from './remote-faults/restarts.mjs';
import { groups as sizes } from './remote-faults/sizes.mjs';
import { groups as streams } from './remote-faults/streams.mjs';
import { Sheet } from './remote-faults/ground.mjs';
import { suite } from './process.mjs';
import { printTable } from './table.mjs';

const GROUPS = [...restarts, ...drops, ...answers, ...streams, ...continuations, ...crowd, ...sizes];
const GROUP_WITHIN_MS = 120_000;

async function carryOut(group, sheet) {
  const from = sheet.rows.length;
  const start = performance.now();
  let timer;
  await Promise.race([
    group.run(sheet),
    new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`not over after ${GROUP_WITHIN_MS / 1000} s`)), GROUP_WITHIN_MS);
    }),
  ]).catch(error => {
    console.error(error.stack);
    sheet.row(`${group.name}, to its end`, 'no failure', error.message.split('\n')[0], false);
  });
  clearTimeout(timer);
  if (sheet.rows.length === from) sheet.row(group.name, 'at least one row', 'none', false);
  console.log(`  ${group.name}: ${sheet.rows.length - from} rows in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
}

const chosen = process.argv.slice(2);

await suite(async () => {
  const sheet = new Sheet();
  const groups = GROUPS.filter(group => chosen.length === 0 || chosen.some(part => group.name.includes(part)));
  if (groups.length === 0) throw new Error(`no group is named like ${chosen.join(', ')}`);
  for (const group of groups) {
    sheet.where = undefined;
    await carryOut(group, sheet);
  }
  printTable(['', 'done', 'due', 'came'], sheet.rows.map(({ holds, done, due, came }) => [holds ? '✓' : '✗', done, due, came]));
  const wrong = sheet.rows.filter(row => !row.holds).length;
  console.log(wrong === 0 ? `\n✓ ${sheet.rows.length} rows as they should be` : `\n✗ ${wrong} of ${sheet.rows.length} rows are not as they should be`);
  return wrong === 0;
});
