// Eight servers of other people and of ours behind one endpoint of `sallyport serve`: what they list, do and say, and what becomes of
// the others while one of them is killed, hung or restarted. Arguments choose parts by a part of their names.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Endpoint, keysIn } from './federation/endpoint.mjs';
import { broken } from './federation/broken.mjs';
import { drivers } from './federation/drivers.mjs';
import { faults } from './federation/faults.mjs';
import { features } from './federation/features.mjs';
import { lists } from './federation/lists.mjs';
import { paging } from './federation/paging.mjs';
import { listens, servers as allServers } from './federation/servers.mjs';
import { suite, temporaryFolder } from './process.mjs';
import { Sheet } from './remote-faults/ground.mjs';
import { printTable } from './table.mjs';

/** Those that need the eight servers, and those that bring their own. */
const TOGETHER = { lists, drivers, features, faults };
const ALONE = { paging, broken };
const PART_WITHIN_MS = 400_000;

const chosen = process.argv.slice(2);
const wanted = name => chosen.length === 0 || chosen.some(part => name.includes(part));
const times = [];

async function carryOut(name, part, ground) {
  const start = performance.now();
  let timer;
  await Promise.race([
    part(ground),
    new Promise((resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`not over after ${PART_WITHIN_MS / 1000} s`)), PART_WITHIN_MS);
    }),
  ]).catch(error => {
    console.error(error.stack);
    ground.sheet.row(`${name}, to its end`, 'no failure', error.message.split('\n')[0], false);
  });
  clearTimeout(timer);
  times.push(`${name} ${((performance.now() - start) / 1000).toFixed(1)} s`);
  console.log(`  ${times.at(-1)}\n`);
}

/** The ready line has every server as it is. */
function ready({ sheet, endpoint, servers }) {
  const { ready: line, program } = endpoint;
  program.remember();
  sheet.row('start: the address', 'this machine, a process of ours', `${line.url}, admin ${line.admin}`,
    /^http:\/\/127\.0\.0\.1:\d+\/mcp$/.test(line.url) && /^http:\/\/127\.0\.0\.1:\d+$/.test(line.admin) && program.seen.has(line.pid));
  for (const { prefix, sdk } of servers) {
    const told = line.servers.find(server => server.prefix === prefix);
    sheet.row(`start: ${prefix} (${sdk})`, 'up', told ? `${told.state}, ${told.era}, ${told.tools} tools` : 'not there', told?.state === 'up' && told.tools > 0);
  }
}

/** Nothing of it is left: whoever looks for its ports and its socket finds none. */
async function gone({ sheet, endpoint, servers, folder }) {
  const { wrong, error } = await endpoint.stop().then(seen => ({ wrong: seen }), failure => ({ wrong: [], error: failure }));
  sheet.row('end: exit code 0, no process left', 'so', error?.message ?? 'so', error === undefined);
  sheet.row('end: what the clients saw', 'nothing their version does not know', wrong.join('; ') || 'nothing', wrong.length === 0);
  const ports = [endpoint.ready.url, endpoint.ready.admin].map(url => Number(new URL(url).port));
  const open = [];
  for (const port of ports) if (await listens(port)) open.push(port);
  sheet.row('end: its ports', 'nobody listens', open.join(' ') || 'nobody', open.length === 0);
  const data = path.join(folder, 'data');
  const sockets = existsSync(data) ? readdirSync(data, { recursive: true, withFileTypes: true }).filter(entry => entry.isSocket()).map(entry => entry.name) : [];
  sheet.row('end: sockets in its data directory', 'none', sockets.join(' ') || 'none', sockets.length === 0);
  for (const { remote } of servers.filter(server => server.remote !== undefined)) {
    remote.signal('SIGTERM');
    await remote.ended();
  }
}

async function together(sheet) {
  const folder = temporaryFolder('federation');
  const keys = await keysIn(folder);
  const servers = await allServers(folder);
  const endpoint = await Endpoint.open('all', folder, keys, servers);
  const ground = { sheet, folder, keys, servers, endpoint };
  ready(ground);
  for (const [name, part] of Object.entries(TOGETHER).filter(([name]) => wanted(name))) await carryOut(name, part, ground);
  await carryOut('end', gone, ground);
}

await suite(async () => {
  const sheet = new Sheet();
  if (Object.keys(TOGETHER).some(wanted)) await together(sheet);
  for (const [name, part] of Object.entries(ALONE).filter(([name]) => wanted(name))) {
    const folder = temporaryFolder(`federation-${name}`);
    await carryOut(name, part, { sheet, folder, keys: await keysIn(folder) });
  }
  if (sheet.rows.length === 0) throw new Error(`no part is named like ${chosen.join(', ')}`);
  printTable(['', 'done', 'due', 'came'], sheet.rows.map(({ holds, done, due, came }) => [holds ? '✓' : '✗', done, due, came]));
  console.log(`\n${times.join(', ')}`);
  const wrong = sheet.rows.filter(row => !row.holds).length;
  console.log(wrong === 0 ? `✓ ${sheet.rows.length} rows as they should be` : `✗ ${wrong} of ${sheet.rows.length} rows are not as they should be`);
  return wrong === 0;
});
