// Two processes behind a balancer, restarted in turn twenty times while clients of both eras call: not one modern call may fail, and
// whoever has a session is told that it is gone and goes on with another.
import path from 'node:path';
import { Endpoint } from '../federation/endpoint.mjs';
import { INTEROP, sleep } from '../process.mjs';
import { Balancer } from './balancer.mjs';
import { LegacyCaller, Loop, ModernCaller } from './traffic.mjs';

const RESTARTS = 20;
const CALLS = 20_000;
const WITHIN_MS = 300_000;
const READY_WITHIN_MS = 30_000;
const SLOTS = ['left', 'right'];
const LIMITS = { 'drain-delay': '1s', 'requests-per-second': 100_000, burst: 100_000 };

const node = label => ({ command: process.execPath, args: [path.join(INTEROP, 'operations/server.mjs'), label], isolation: 'shared' });

/** A data folder for each, as on two machines, with the same keys. */
const open = (slot, folder, keys) => Endpoint.open(slot, folder, keys, [{ prefix: 'one', config: node('one') }, { prefix: 'two', config: node('two') }], { limits: LIMITS });

async function until(what, holds) {
  for (const deadline = Date.now() + READY_WITHIN_MS; !holds(); await sleep(20)) {
    if (Date.now() > deadline) throw new Error(`${what} not within ${READY_WITHIN_MS / 1000} s`);
  }
}

class Processes {
  constructor({ folder, keys }, balancer) {
    Object.assign(this, { folder, keys, balancer, running: {}, restarts: 0 });
  }

  async start(slot) {
    this.running[slot] = await open(slot, this.folder, this.keys);
    this.balancer.put(slot, this.running[slot].ready);
  }

  /** As an operator does it: the next one only when both are ready again. */
  async restart(slot) {
    await this.running[slot].program.stop();
    await this.start(slot);
    await until('both ready', () => this.balancer.readyCount() === SLOTS.length);
    this.restarts++;
  }

  async stop() {
    for (const slot of SLOTS) await this.running[slot]?.program.stop();
  }
}

function loops(url, keys, gone) {
  const modern = [];
  for (let at = 0; at < 6; at++) modern.push(new Loop(new ModernCaller(url, keys.modern), at % 2 === 0 ? 'one__say' : 'two__say', {}, { is: /^(one|two)$/ }));
  // These are in progress whenever a process is told to stop, and these come seldom.
  for (const ms of [300, 900]) modern.push(new Loop(new ModernCaller(url, keys.modern), 'one__wait', { ms }, { is: /^one$/ }));
  modern.push(new Loop(new ModernCaller(url, keys.modern), 'two__say', {}, { is: /^two$/, pauseMs: 400 }));
  const legacy = [0, 1].map(() => {
    const caller = new LegacyCaller(url, keys.legacy);
    return new Loop(caller, 'one__say', {}, { is: /^one$/, pauseMs: 10, onError: error => {
      if (error.status !== 404) return false;
      gone.push(error.message);
      caller.session = undefined;
      return true;
    } });
  });
  return { modern, legacy };
}

export async function rolling(ground) {
  const { sheet, keys } = ground;
  const balancer = await Balancer.open();
  const processes = new Processes(ground, balancer);
  for (const slot of SLOTS) await processes.start(slot);
  await until('both ready', () => balancer.readyCount() === SLOTS.length);
  const gone = [];
  const begun = performance.now();
  const { modern, legacy } = loops(`http://127.0.0.1:${balancer.port}/mcp`, keys, gone);
  const calls = () => modern.reduce((sum, loop) => sum + loop.calls, 0);
  try {
    for (let at = 0; at < RESTARTS; at++) await processes.restart(SLOTS[at % SLOTS.length]);
    while (calls() < CALLS && performance.now() - begun < WITHIN_MS) await sleep(100);
  } finally {
    for (const loop of [...modern, ...legacy]) await loop.end();
    await processes.stop();
    await balancer.close();
  }
  const seconds = (performance.now() - begun) / 1000;
  const failures = modern.flatMap(loop => loop.failures);
  const slowest = Math.round(Math.max(...modern.map(loop => loop.slowest)));
  sheet.row('rolling: restarts', `${RESTARTS} or more`, `${processes.restarts} in ${Math.round(seconds)} s`, processes.restarts >= RESTARTS);
  sheet.row('rolling: modern calls', `${CALLS} or more, none failed`, `${calls()}, ${failures.length} failed, slowest ${slowest} ms, ${balancer.led} connections${failures.length > 0 ? `: ${failures[0]}` : ''}`,
    calls() >= CALLS && failures.length === 0);
  const strange = legacy.flatMap(loop => loop.failures);
  const sessions = legacy.reduce((sum, loop) => sum + loop.caller.sessions, 0);
  sheet.row('rolling: sessions', 'told 404 when they are gone, and a new one works',
    `${legacy.reduce((sum, loop) => sum + loop.calls, 0)} calls in ${sessions} sessions, ${gone.length} told 404, ${strange.length} failed otherwise${strange.length > 0 ? `: ${strange[0]}` : ''}`,
    gone.length > 0 && strange.length === 0 && sessions === gone.length + legacy.length);
}
