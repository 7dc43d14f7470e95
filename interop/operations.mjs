// What whoever operates `sallyport serve` does to it while it is used: restarts of one process behind a balancer, changes of its file,
// more and more servers and tools. Arguments choose parts by a part of their names.
import { keysIn } from './federation/endpoint.mjs';
import { reload } from './operations/reload.mjs';
import { rolling } from './operations/rolling.mjs';
import { slope } from './operations/slope.mjs';
import { suite, temporaryFolder } from './process.mjs';
import { Sheet } from './remote-faults/ground.mjs';

const PARTS = { rolling, reload, slope };
const chosen = process.argv.slice(2);

await suite(async () => {
  const sheet = new Sheet();
  for (const [name, part] of Object.entries(PARTS).filter(([each]) => chosen.length === 0 || chosen.some(word => each.includes(word)))) {
    const folder = temporaryFolder(`operations-${name}`);
    const begun = performance.now();
    await part({ sheet, folder, keys: await keysIn(folder) });
    console.log(`  ${name} ${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
  }
  if (sheet.rows.length === 0) throw new Error(`no part is named like ${chosen.join(', ')}`);
  const wrong = sheet.rows.filter(row => !row.holds).length;
  console.log(wrong === 0 ? `✓ ${sheet.rows.length} rows as they should be` : `✗ ${wrong} of ${sheet.rows.length} rows are not as they should be`);
  return wrong === 0;
});
