// Servers nobody here wrote behind `share`, clients nobody here wrote in front: every pairing, every check.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CLIENTS, drive } from './clients/drivers.mjs';
import { serve, suite, temporaryFolder } from './process.mjs';
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

/** What the ready line says about the server must be true. */
function readyProblems(ready, program, profile) {
  const problems = [];
  const [server] = ready.servers ?? [];
  if (ready.servers?.length !== 1) problems.push(`servers: ${JSON.stringify(ready.servers)}`);
  if (server?.era !== profile.era) problems.push(`era ${server?.era}, expected ${profile.era}`);
  if (!(server?.tools >= profile.tools.length)) problems.push(`${server?.tools} tools, expected at least ${profile.tools.length}`);
  if (!/^sp_/.test(ready.key ?? '')) problems.push('the key does not begin with sp_');
  if (!/^http:\/\/127\.0\.0\.1:\d+\//.test(ready.url ?? '')) problems.push(`url ${ready.url}`);
  program.remember();
  if (!program.seen.has(ready.pid)) problems.push(`pid ${ready.pid} is none of ours`);
  return problems;
}

async function pairUp(profile, folder) {
  const tapFile = profile.tap ? path.join(folder, 'tap.jsonl') : undefined;
  const { program, ready } = await serve(`share ${profile.name}`, './sallyport',
    ['share', '--listen', '127.0.0.1:0', '--json', ...profile.pin ? ['--era', profile.pin] : [], '--', ...serverCommand(profile, path.join(folder, 'files'), tapFile)],
    { env: { SALLYPORT_DATA_DIR: path.join(folder, 'data') } });
  const problems = readyProblems(ready, program, profile);
  const columns = [];
  for (const client of CLIENTS) {
    const filled = fill(profile, { folder: path.join(folder, 'files'), client: client.name });
    columns.push({ title: client.title, results: await drive(client, { url: ready.url, key: ready.key, profile: filled, tapFile }) });
  }
  const lost = printResults(`${profile.name} (${ready.servers[0].era}, ${ready.servers[0].tools} tools) behind share`, columns);
  await program.stop();
  if (tapFile && readFileSync(tapFile, 'utf8').includes(ready.key)) problems.push("the caller's key reached the server");
  for (const problem of problems) console.log(`  ✗ ${profile.name}: ${problem}`);
  return lost + problems.length;
}

if (import.meta.filename === process.argv[1]) {
  await suite(async () => {
    let lost = 0;
    for (const profile of loadProfiles()) {
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
