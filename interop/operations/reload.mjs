// A file that changes a hundred times while what it describes is called: servers come, go and are replaced, also by what does not start,
// tools get other names, a route comes and goes, and the file is broken in between. No call may fail but those of what is not there.
import { renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Endpoint } from '../federation/endpoint.mjs';
import { INTEROP, sleep } from '../process.mjs';
import { LegacyCaller, Loop, ModernCaller } from './traffic.mjs';

const RELOADS = 100;
const IN_EFFECT_WITHIN_MS = 20_000;
const LIMITS = { 'requests-per-second': 100_000, burst: 100_000 };
const script = path.join(INTEROP, 'operations/server.mjs');
const node = (label, more = {}) => ({ command: process.execPath, args: [script, label], isolation: 'shared', ...more });

/** What stays whatever the file says: it is called all the time. `changing` is another program each time, under one name. */
const STEADY = { steady: node('steady'), other: node('other') };

const KINDS = [
  { name: 'a server comes', of: at => ({ servers: { guest: node(`guest-${at}`) }, shows: 'guest__say' }) },
  { name: 'a server goes', of: () => ({ hides: 'guest__say' }) },
  { name: 'a server is replaced', of: at => ({ servers: { changing: node(`changing-${at}`) }, says: ['changing__say', `changing-${at}`] }) },
  { name: 'a replacement does not start', of: at => ({ servers: { changing: node(`never-${at}`, { command: `/no/such/program-${at}` }) }, fails: true, shows: 'changing__say' }) },
  { name: 'a tool has another name', of: at => ({ servers: { other: { ...STEADY.other, tools: { rename: { wait: `wait-${at}` } } } }, shows: `other__wait-${at}` }) },
  { name: 'a route comes', of: () => ({ routes: [{ path: '/mcp' }, { path: '/side', servers: ['steady'] }], serves: '/side' }) },
  { name: 'a route goes', of: () => ({ routes: [{ path: '/mcp' }], refuses: '/side' }) },
  { name: 'limits change', of: at => ({ limits: { ...LIMITS, burst: 100_000 + at } }) },
];

class Reloads {
  constructor(ground, endpoint) {
    Object.assign(this, ground, { endpoint, file: path.join(ground.folder, 'reload.yaml'), changing: node('changing') });
    this.looker = new ModernCaller(endpoint.ready.url, ground.keys.modern);
  }

  /** By a rename, as editors and deployments do it. */
  write(text) {
    writeFileSync(`${this.file}.new`, text);
    renameSync(`${this.file}.new`, this.file);
    process.kill(this.endpoint.ready.pid, 'SIGHUP');
  }

  errorsSince(at) {
    return this.endpoint.program.errors.slice(at);
  }

  async change(at) {
    const kind = KINDS[at % KINDS.length];
    const { servers = {}, routes = [{ path: '/mcp' }], limits = LIMITS, fails = false, ...expected } = kind.of(at);
    if (servers.changing && !fails) this.changing = servers.changing;
    const before = this.endpoint.program.errorBytes;
    this.write(JSON.stringify({ listen: '127.0.0.1:0', admin: '127.0.0.1:0', callers: 'keys', limits, routes,
      servers: { ...STEADY, changing: this.changing, ...servers } }));
    await this.until(kind.name, async () => this.endpoint.program.errorBytes > before && /reloaded/.test(this.tail(before)) && await this.holds(expected));
  }

  /** What it said since then. */
  tail(before) {
    const { errors, errorBytes } = this.endpoint.program;
    return errors.slice(Math.max(0, errors.length - (errorBytes - before)));
  }

  async holds({ shows, hides, says, serves, refuses }) {
    const names = (await this.looker.list())?.tools.map(tool => tool.name) ?? [];
    if (shows && !names.includes(shows)) return false;
    if (hides && names.includes(hides)) return false;
    if (says && await this.looker.call(says[0]) !== says[1]) return false;
    if (serves) return this.side().then(text => text === 'steady');
    if (refuses) return this.side().then(() => false, error => error.status === 404);
    return true;
  }

  async side() {
    const caller = new ModernCaller(this.endpoint.ready.url.replace('/mcp', '/side'), this.keys.modern);
    try {
      return await caller.call('say');
    } finally {
      caller.close();
    }
  }

  /** A file that is wrong changes nothing, and is told of. */
  async broken() {
    const before = this.endpoint.program.errorBytes;
    this.write('servers: {steady: {comand: node}}\n');
    await this.until('a broken file is told of', async () => /comand is not a key/.test(this.tail(before)));
    return this.holds({ shows: 'steady__say' });
  }

  async until(what, holds) {
    for (const deadline = Date.now() + IN_EFFECT_WITHIN_MS; !await holds(); await sleep(5)) {
      if (Date.now() > deadline) throw this.endpoint.program.failure(`${what}: not within ${IN_EFFECT_WITHIN_MS / 1000} s`);
    }
  }
}

export async function reload(ground) {
  const { sheet, folder, keys } = ground;
  const servers = Object.entries({ ...STEADY, changing: node('changing') }).map(([prefix, config]) => ({ prefix, config }));
  const endpoint = await Endpoint.open('reload', folder, keys, servers, { limits: LIMITS });
  const reloads = new Reloads(ground, endpoint);
  const url = endpoint.ready.url;
  const lost = [];
  const loops = [
    new Loop(new ModernCaller(url, keys.modern), 'steady__say', {}, { is: /^steady$/ }),
    new Loop(new ModernCaller(url, keys.modern), 'other__say', {}, { is: /^other$/ }),
    new Loop(new ModernCaller(url, keys.modern), 'changing__say', {}, { is: /^changing/ }),
    new Loop(new ModernCaller(url, keys.modern), 'changing__wait', { ms: 150 }, { is: /^changing/ }),
    new Loop(new LegacyCaller(url, keys.legacy), 'steady__wait', { ms: 20 }, { is: /^steady$/ }),
    new Loop(new LegacyCaller(url, keys.legacy), 'changing__say', {}, { is: /^changing/ }),
  ];
  const took = [];
  let broken = 0;
  try {
    for (let at = 0; at < RELOADS; at++) {
      const begun = performance.now();
      await reloads.change(at);
      took.push(performance.now() - begun);
      if (at % 10 === 9 && await reloads.broken()) broken++;
    }
  } finally {
    for (const loop of loops) await loop.end();
    reloads.looker.close();
    await endpoint.stop();
  }
  took.sort((one, two) => one - two);
  lost.push(...loops.flatMap(loop => loop.failures));
  const calls = loops.reduce((sum, loop) => sum + loop.calls, 0);
  sheet.row('reload: changes in effect', `${RELOADS}`, `${took.length}, in ${Math.round(took[took.length >> 1])} ms as a rule, ${Math.round(took.at(-1))} ms at most`, took.length === RELOADS);
  sheet.row('reload: broken files', '10, told of and without effect', broken, broken === RELOADS / 10);
  sheet.row('reload: calls meanwhile', 'none failed, more than 2000', `${calls}, ${lost.length} failed, slowest ${Math.round(Math.max(...loops.map(loop => loop.slowest)))} ms${lost.length > 0 ? `: ${lost.slice(0, 3).join('; ')}` : ''}`,
    lost.length === 0 && calls > 2_000);
  const sessions = loops.filter(loop => loop.caller instanceof LegacyCaller).map(loop => loop.caller.sessions);
  sheet.row('reload: sessions', 'each goes on', sessions.join(' and '), sessions.every(count => count === 1));
}
