// What more servers and more tools cost: one process serves nine endpoints, of 1, 10 and 100 servers with 10, 1,000 and 10,000 tools in
// all, which are called and listed in turn, so that whatever the machine does meanwhile hits all of them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Endpoint } from '../federation/endpoint.mjs';
import { INTEROP, serve } from '../process.mjs';
import { printTable } from '../table.mjs';
import { ModernCaller } from './traffic.mjs';

const SERVERS = [1, 10, 100];
const TOOLS = [10, 1_000, 10_000];
const ROUNDS = 5;
const CALLS = 600;
const WARM = 1_500;
const LISTS = { 10: 20, 1_000: 6, 10_000: 2 };
/** Of the dearest endpoint to the cheapest: three is what the noise of a shared machine does to equal things, a search through tools is a hundred. */
const FLAT = 3;
const TICK_MS = 1_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

const cells = SERVERS.flatMap(servers => TOOLS.map(tools => ({ servers, each: Math.max(1, tools / servers), tools: Math.max(servers, tools),
  route: `/s${servers}t${tools}`, calls: [], lists: [], callCpu: [], listCpu: [] })));

const prefix = ({ servers, tools }, at) => `s${servers}t${tools}-${at}`;

function configs(port) {
  const servers = [];
  const routes = [];
  for (const cell of cells) {
    const names = Array.from({ length: cell.servers }, (_, at) => prefix(cell, at));
    servers.push(...names.map(name => ({ prefix: name, config: { url: `http://127.0.0.1:${port}/${name}/${cell.each}`, era: 'modern' } })));
    routes.push({ path: cell.route, servers: names });
  }
  return { servers, routes };
}

/** Processor time of a process so far, in milliseconds. */
function cpu(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** All pages; how many tools. */
async function listAll(caller) {
  let cursor;
  let count = 0;
  do {
    const response = await caller.ask('tools/list', cursor === undefined ? {} : { cursor });
    const { result } = JSON.parse(response.whole);
    count += result.tools.length;
    cursor = result.nextCursor;
  } while (cursor !== undefined);
  return count;
}

async function called(cell, count, times) {
  for (let at = 0; at < count; at++) {
    const server = at % cell.servers;
    const tool = `tool_${(at * 7) % cell.each}`;
    const name = cell.servers === 1 ? tool : `${prefix(cell, server)}__${tool}`;
    const begun = performance.now();
    const text = await cell.caller.call(name);
    times.push(performance.now() - begun);
    if (text !== `${prefix(cell, server)} ${tool}`) throw new Error(`${name} answered ${text}`);
  }
}

async function listed(cell, count, times) {
  for (let at = 0; at < count; at++) {
    const begun = performance.now();
    const found = await listAll(cell.caller);
    times.push(performance.now() - begun);
    if (found !== cell.tools) throw new Error(`${cell.route} lists ${found} tools, not ${cell.tools}`);
  }
}

const median = values => values.toSorted((one, two) => one - two)[values.length >> 1];
const spread = values => Math.max(...values) / Math.min(...values);

/** Lists leave garbage behind, which calls must not pay for. */
async function round(pid) {
  for (const cell of cells) {
    const before = cpu(pid);
    await called(cell, CALLS, cell.calls);
    cell.callCpu.push((cpu(pid) - before) / CALLS);
  }
  for (const cell of cells) {
    const before = cpu(pid);
    const lists = LISTS[cell.tools] ?? LISTS[1_000];
    await listed(cell, lists, cell.lists);
    cell.listCpu.push((cpu(pid) - before) / lists);
  }
}

function shown() {
  printTable(['servers', 'tools', 'call p50 ms', 'call CPU ms', 'list p50 ms', 'list CPU ms', 'list CPU a tool us'], cells.map(cell => [cell.servers, cell.tools, cell.callMs.toFixed(2),
    cell.callCpuMs.toFixed(2), cell.listMs.toFixed(1), cell.listCpuMs.toFixed(1), (1_000 * cell.listCpuMs / cell.tools).toFixed(1)]));
}

/** By least squares over the logarithms: 0 is flat, 1 is as the number. */
function exponent(of, by) {
  const points = cells.map(cell => [Math.log(by(cell)), Math.log(of(cell))]);
  const mean = at => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

export async function slope({ sheet, folder, keys }) {
  const { program, ready } = await serve('many servers', process.execPath, [path.join(INTEROP, 'operations/many.mjs')]);
  const { servers, routes } = configs(ready.port);
  const endpoint = await Endpoint.open('slope', folder, keys, servers, { routes, limits: { 'requests-per-second': 100_000, burst: 100_000 } });
  try {
    for (const [at, cell] of cells.entries()) cell.caller = new ModernCaller(endpoint.ready.urls[at], keys.modern);
    for (const cell of cells) {
      await called(cell, WARM / (cell.servers === 1 ? 1 : 2), []);
      await listed(cell, 2, []);
    }
    for (let at = 0; at < ROUNDS; at++) await round(endpoint.ready.pid);
  } finally {
    for (const cell of cells) cell.caller?.close();
    await endpoint.stop();
    await program.stop();
  }
  for (const cell of cells) {
    Object.assign(cell, { callMs: median(cell.calls), callCpuMs: median(cell.callCpu), listMs: median(cell.lists), listCpuMs: median(cell.listCpu) });
  }
  shown();
  const ups = endpoint.ready.servers.filter(server => server.state === 'up').length;
  sheet.row('slope: servers that came up', servers.length, ups, ups === servers.length);
  const many = cells.filter(cell => cell.servers > 1);
  for (const [what, of] of [['p50 of a call', cell => cell.callMs], ['CPU of a call', cell => cell.callCpuMs]]) {
    sheet.row(`slope: ${what}`, `flat: dearest to cheapest at most ${FLAT}`,
      `${spread(cells.map(of)).toFixed(2)}; as servers^${exponent(of, cell => cell.servers).toFixed(2)}, tools^${exponent(of, cell => cell.tools).toFixed(2)}`, spread(many.map(of)) <= FLAT && spread(cells.map(of)) <= FLAT);
  }
  const aTool = cells.filter(cell => cell.tools >= 1_000).map(cell => cell.listCpuMs / cell.tools);
  sheet.row('slope: CPU of a list, a tool', 'no dearer when there are more', `${spread(aTool).toFixed(2)} from dearest to cheapest; a list as tools^${exponent(cell => cell.listCpuMs, cell => cell.tools).toFixed(2)}`,
    exponent(cell => cell.listCpuMs, cell => cell.tools) < 1.1);
}
