// Servers nobody here wrote behind `share`, clients nobody here wrote in front: every pairing, every check.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CLIENTS, drive } from './clients/drivers.mjs';
import { suite, temporaryFolder } from './process.mjs';
import { readyProblems, share } from './product.mjs';
import { fill, loadProfiles, serverCommand } from './servers/profiles.mjs';
import { printTable } from './table.mjs';

/** Prints one server's table; returns the number of cells that are not ok. */
export function printResults(title, columns) {
  const checks = [...new Set(columns.flatMap(column => [...column.results.keys()]))];
  let lost = 0;
  console.log(`\n${title}`);
  printTable(['check', ...columns.map(column => column.title)], checks.map(check => [check, ...columns.map(({ results }) => {
    const result = results.get(check);
    if (!result) return '-';
    if (result.state === 'ok') return result.detail || 'ok';
    lost++;
    return result.state;
  })]));
  for (const { title: client, results } of columns) {
    for (const [check, { state, detail }] of results) {
      if (state === 'failed') console.log(`  ${client}, ${check}: ${detail.replaceAll('\n', ' ')}`);
    }
  }
  return lost;
}

async function pairUp(profile, folder) {
  const tapFile = profile.tap ? path.join(folder, 'tap.jsonl') : undefined;
  const files = path.join(folder, 'files');
  const clients = CLIENTS.filter(({ name, sse }) => profile.clients?.includes(name) ?? (!sse || profile.sse));
  const options = [...profile.pin ? ['--era', profile.pin] : [], ...clients.some(({ sse }) => sse) ? ['--sse'] : []];
  const { program, ready } = await share(profile.name, options, serverCommand(profile, files, tapFile), folder);
  const problems = readyProblems(ready, program);
  const { era, tools } = ready.servers?.[0] ?? {};
  if (era !== profile.era) problems.push(`era ${era}, expected ${profile.era}`);
  if (!(tools >= profile.tools.length)) problems.push(`${tools} tools, expected at least ${profile.tools.length}`);
  const columns = [];
  for (const client of clients) {
    const filled = fill(profile, { folder: files, client: client.name });
    columns.push({ title: client.title, results: await drive(client, { url: client.sse ? ready.sse : ready.url, key: ready.key, profile: filled, tapFile }) });
  }
  const lost = printResults(`${profile.name} (${era}, ${tools} tools) behind share`, columns);
  await program.stop();
  if (tapFile && readFileSync(tapFile, 'utf8').includes(ready.key)) problems.push("the caller's key reached the server");
  for (const problem of problems) console.log(`  ✗ ${profile.name}: ${problem}`);
  return lost + problems.length;
}

if (import.meta.filename === process.argv[1]) {
  await suite(async () => {
    let lost = 0;
    const only = process.argv[2]; // one server, while looking for a mistake
    for (const profile of loadProfiles().filter(profile => only === undefined || profile.name === only)) {
      try {
        lost += await pairUp(profile, temporaryFolder('real'));
      } catch (error) {
        console.log(`\n✗ ${profile.name}: ${error.message}`);
        lost++;
      }
    }
    console.log(lost === 0 ? '\n✓ every pairing held' : `\n✗ ${lost} did not hold`);
    return lost === 0;
  });
}
