// The load generator: a process of its own, told by bench.mjs over IPC what to do. Each session has one request in flight and sends
// the next when the answer has come, up to a rate of its own: a caller of Sallyport may send 1,000 requests a second in the long run,
// so every session of every contender stays just below that.
import { obey } from './actions.mjs';
import { McpSession, MOST_CALLS } from './mcp-session.mjs';
import { cpuOf, memoryOf } from './usage.mjs';

const AT_ONCE = 50;
const ENOUGH_AGAIN = 10;
const RETRY_MS = 5;
const OPENED_TOGETHER = 4;

let sessions = [];
let pace;

class Pace {
  constructor(perSecond) {
    this.perMs = perSecond / 1000;
    this.left = AT_ONCE;
    this.filled = performance.now();
  }

  /** Nothing, or a promise to wait for. */
  next() {
    this.#fill();
    if (this.left >= 1) {
      this.left -= 1;
      return undefined;
    }
    return new Promise(resolve => { setTimeout(resolve, Math.ceil((ENOUGH_AGAIN - this.left) / this.perMs)); }).then(() => this.next());
  }

  #fill() {
    const now = performance.now();
    this.left = Math.min(AT_ONCE, this.left + (now - this.filled) * this.perMs);
    this.filled = now;
  }
}

async function open({ target, keys, count, asks, perSecond, together }) {
  const shared = together ? new Pace(perSecond) : null;
  const began = performance.now();
  let next = 0;
  const opener = async () => {
    while (next < count) {
      const number = next++;
      const session = await McpSession.open({ ...target, key: keys[number % keys.length], asks, number });
      sessions.push(session);
      await session.call();
    }
  };
  await Promise.all(Array.from({ length: OPENED_TOGETHER }, opener));
  pace = sessions.map(() => shared ?? new Pace(perSecond));
  return { openMs: (performance.now() - began) / count };
}

/** Calls for `ms`, or up to `longestMs` until there were `calls`; counts what was sent and answered within. */
async function measure({ ms, calls: atLeast = 0, longestMs = ms, root }) {
  const latencies = [];
  let going = true;
  const from = { usage: root ? cpuOf(root) : null, own: process.cpuUsage(), at: performance.now() };
  const loop = async (session, mine) => {
    for (let calls = 0; going && calls < MOST_CALLS; calls++) {
      const wait = mine.next();
      if (wait) await wait;
      const sent = performance.now();
      await session.call();
      if (going) latencies.push(performance.now() - sent);
    }
  };
  const stop = (async () => {
    for (let spent = ms; ; spent += ms) {
      await new Promise(resolve => setTimeout(resolve, ms));
      if (latencies.length >= atLeast || spent + ms > longestMs) return;
    }
  })();
  const loops = sessions.map((session, i) => loop(session, pace[i]));
  await Promise.race([stop, Promise.all(loops)]);
  going = false;
  const seconds = (performance.now() - from.at) / 1000;
  const own = process.cpuUsage(from.own);
  const usage = root ? cpuOf(root) : null;
  await Promise.all(loops);
  const calls = latencies.length;
  if (calls === 0) throw new Error('not one answer');
  latencies.sort((a, b) => a - b);
  const at = share => latencies[Math.min(calls - 1, Math.floor(calls * share))];
  return { calls, perSecond: calls / seconds, p50: at(0.5), p99: at(0.99),
    ...(usage && { cpu: (usage.tree - from.usage.tree) / calls, gatewayCpu: (usage.gateway - from.usage.gateway) / calls }),
    generatorCpu: (own.user + own.system) / calls, requestBytes: sessions[0].requestBytes };
}

async function close() {
  const open = sessions;
  sessions = [];
  for (const session of open) await session.close();
  return {};
}

/** Until the first right answer. Nobody tells when a foreign server listens, so it is tried over and over. */
async function first({ target, keys, withinMs, root }) {
  const until = performance.now() + withinMs;
  for (;;) {
    try {
      const session = await McpSession.open({ ...target, key: keys[0], asks: false, number: 0 });
      await session.call();
      const at = Date.now();
      const cpu = cpuOf(root).tree;
      await session.close();
      return { at, cpu };
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    await new Promise(resolve => setTimeout(resolve, RETRY_MS));
  }
}

const rest = ({ ms, root }) => new Promise(resolve => setTimeout(() => resolve(memoryOf(root)), ms));

obey({ open, measure, close, first, rest });
