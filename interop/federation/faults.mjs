// Each server in turn is restarted, killed and hung while every server is called in both eras: what the others notice (nothing), what
// callers of the one are told, what lists and whoever operates it say, and how it is when it is back.
import { sleep } from '../process.mjs';
import { connect } from './clients.mjs';
import { ERAS } from './endpoint.mjs';
import { exposed } from './servers.mjs';

const PAUSE_MS = 350;
const OTHERS_WITHIN_MS = 2_000;
const HANG_WITHIN_MS = 60_000;
const LIST_WITHIN_MS = 12_000; // the whole wait for one that hangs, and some for a busy machine
const LIST_SOON_WITHIN_MS = 3_000; // once it is known to hang
const BACK_WITHIN_MS = 30_000;
const HUNG_FOR_MS = 15_000;
const DEAD_FOR_MS = 4_000;
const STEADY_MS = 600;

const now = () => performance.now();
const words = error => `${error.code ?? error.name} ${error.message}`.replace(/MCP error -\d+: /, '').slice(0, 110);

/** A JSON-RPC error that says something; what a client makes up itself because nothing came has one of the other codes. */
const isClear = ({ code, message }) => Number.isInteger(code) && code <= -32600 && code >= -32700 && !/^(MCP error -\d+: )?Internal error$/.test(message);

/** Calls of every server from one session, and lists from a client beside it, until they are ended. */
class Load {
  constructor(era, session, lister, servers) {
    Object.assign(this, { era, session, lister, beats: [], lists: [], going: true });
    this.done = Promise.all([...servers.map(server => this.call(server)), this.list()]);
  }

  async call({ prefix, call }) {
    while (this.going) {
      const beat = { prefix, at: now() };
      try {
        const result = await this.session.call(exposed.name(prefix, call.name), call.arguments);
        const text = result.content[0]?.text;
        if (result.isError || !call.text.test(text)) beat.error = new Error(`a result: ${text}`);
      } catch (error) {
        beat.error = error;
      }
      beat.took = now() - beat.at;
      this.beats.push(beat);
      await sleep(PAUSE_MS);
    }
  }

  async list() {
    while (this.going) {
      const list = { at: now() };
      const { result, error, broken, status } = await this.lister.ask('tools/list').catch(failure => ({ broken: failure.message }));
      list.took = now() - list.at;
      if (result === undefined) list.error = error?.message ?? broken ?? `HTTP ${status}`;
      list.missing = result?._meta?.['dev.sallyport/missing'] ?? [];
      list.prefixes = new Set(result?.tools.map(tool => tool.name.split('__')[0]));
      this.lists.push(list);
      await sleep(PAUSE_MS);
    }
  }

  async end() {
    this.going = false;
    await this.done;
  }
}

/** What is done to a server: `away` does it, `back` undoes it, `meanwhile` is how long it is away. A child is started anew by its next call. */
const FAULTS = {
  restarted: { meanwhile: () => 0,
    away: async (server, send) => {
      send('SIGTERM');
      await server.remote?.ended();
    },
    back: async server => server.remote?.start() },
  killed: { meanwhile: server => (server.remote ? DEAD_FOR_MS : 0),
    away: async (server, send) => {
      send('SIGKILL');
      await server.remote?.ended();
    },
    back: async server => server.remote?.start() },
  hung: { meanwhile: () => HUNG_FOR_MS, away: async (server, send) => send('SIGSTOP'), back: async (server, send) => send('SIGCONT') },
};

/** Sends a signal to what runs the server now; the same processes hear the next one too. */
function sender(endpoint, server) {
  const pids = server.remote ? [server.remote.program.pid] : endpoint.processes(server);
  if (pids.length === 0) throw new Error(`no process of ${server.prefix} runs`);
  return name => {
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch (error) {
        if (error.code !== 'ESRCH') throw error; // the endpoint was faster
      }
    }
  };
}

class Scene {
  constructor({ sheet, endpoint }, loads, server, kind) {
    Object.assign(this, { sheet, endpoint, loads, server, kind, where: `${server.prefix} ${kind}` });
  }

  row(what, due, came, holds) {
    this.sheet.row(`${this.where}: ${what}`, due, came, holds);
  }

  async play() {
    const { away, back, meanwhile } = FAULTS[this.kind];
    const send = sender(this.endpoint, this.server);
    this.begun = now();
    await away(this.server, send);
    const wait = meanwhile(this.server);
    if (wait > 0) await Promise.all([sleep(wait), this.ask(0.7 * wait)]);
    this.toldBefore = this.loads.map(({ session }) => session.toolChanges);
    await back(this.server, send);
    this.returned = now();
    await this.recovers();
    await sleep(STEADY_MS);
    this.ended = now();
    this.judge();
  }

  /** What whoever operates it sees, while it is away. */
  async ask(afterMs) {
    await sleep(afterMs);
    this.readiness = await this.endpoint.admin('/readyz?verbose');
    this.status = await this.endpoint.admin('/status');
  }

  async recovers() {
    const { prefix } = this.server;
    this.recovered = {};
    const mark = (what, holds) => {
      if (holds) this.recovered[what] ??= now() - this.returned;
    };
    const due = 3 * ERAS.length;
    while (now() - this.returned < BACK_WITHIN_MS && Object.keys(this.recovered).length < due) {
      for (const [at, { era, session, beats, lists }] of this.loads.entries()) {
        mark(`${era} called`, beats.some(beat => beat.prefix === prefix && beat.at > this.returned && beat.error === undefined));
        mark(`${era} listed`, lists.some(list => list.at > this.returned && list.missing.length === 0 && list.prefixes.has(prefix)));
        mark(`${era} told`, session.toolChanges > this.toldBefore[at]);
      }
      await sleep(50);
    }
  }

  judge() {
    const during = entry => entry.at + entry.took >= this.begun && entry.at <= this.ended;
    const beats = this.loads.flatMap(load => load.beats.filter(during).map(beat => ({ ...beat, era: load.era })));
    this.judgeOthers(beats.filter(beat => beat.prefix !== this.server.prefix));
    this.judgeOne(beats.filter(beat => beat.prefix === this.server.prefix));
    this.judgeLists(this.loads.flatMap(load => load.lists.filter(during).map(list => ({ ...list, era: load.era }))));
    if (this.readiness !== undefined) this.judgeTold();
    const back = [['called', 'calls work again'], ['listed', 'it is listed again'], ['told', 'who listens was told']];
    for (const [what, name] of back) {
      const ms = ERAS.map(era => this.recovered[`${era} ${what}`]);
      this.row(name, `in each era within ${BACK_WITHIN_MS / 1000} s`, ERAS.map((era, at) => `${era} ${ms[at] === undefined ? 'never' : `${Math.round(ms[at])} ms`}`).join(', '),
        ms.every(value => value !== undefined));
    }
  }

  judgeOthers(beats) {
    const failed = beats.filter(beat => beat.error !== undefined);
    const slowest = beats.reduce((one, other) => (one.took > other.took ? one : other));
    const slow = beats.filter(beat => beat.took > OTHERS_WITHIN_MS);
    this.row('calls of the others', `all well, each within ${OTHERS_WITHIN_MS / 1000} s`,
      failed.length > 0 ? `${failed.length} of ${beats.length} failed: ${failed[0].era} ${failed[0].prefix} ${words(failed[0].error)}`
        : `${beats.length}, slowest ${Math.round(slowest.took)} ms (${slowest.era} ${slowest.prefix})${slow.length > 1 ? `, ${slow.length} too slow` : ''}`,
      failed.length === 0 && slow.length === 0 && beats.length > 0);
  }

  judgeOne(beats) {
    const failed = beats.filter(beat => beat.error !== undefined);
    const unclear = failed.filter(beat => !isClear(beat.error));
    const longest = Math.max(...beats.map(beat => beat.took));
    const first = unclear[0] ?? failed[0];
    this.row('calls of it', `well or a clear error, within ${HANG_WITHIN_MS / 1000} s`,
      `${beats.length}, ${failed.length} failed, longest ${Math.round(longest)} ms${first ? `; ${first.era}: ${words(first.error)}` : ''}`,
      unclear.length === 0 && longest < HANG_WITHIN_MS);
  }

  /** A killed child is started by the list itself, so only what stays away has to be named. */
  judgeLists(lists) {
    const { prefix } = this.server;
    const failed = lists.filter(list => list.error !== undefined);
    const strange = lists.flatMap(list => list.missing).filter(missing => missing !== prefix);
    const wrong = lists.filter(list => list.error === undefined && list.prefixes.has(prefix) === list.missing.includes(prefix));
    const longest = Math.max(...lists.map(list => list.took));
    const naming = ERAS.map(era => lists.filter(list => list.era === era && list.missing.includes(prefix)).length);
    const away = this.readiness !== undefined;
    const late = this.kind === 'hung' ? lists.filter(list => list.at > this.begun + LIST_WITHIN_MS && list.at < this.returned && list.took > LIST_SOON_WITHIN_MS) : [];
    this.row('tools/list', `answers within ${LIST_WITHIN_MS / 1000} s, names nobody else${away ? ', and it' : ''}`,
      `${lists.length}, longest ${Math.round(longest)} ms, ${ERAS.map((era, at) => `${naming[at]} ${era}`).join(' and ')} without it`
        + `${late.length > 0 ? `; ${late.length} late again` : ''}${failed.length > 0 ? `; ${failed.length} failed: ${failed[0].error}` : ''}${strange.length > 0 ? `; without ${[...new Set(strange)]}` : ''}`,
      failed.length === 0 && strange.length === 0 && wrong.length === 0 && late.length === 0 && longest < LIST_WITHIN_MS && (!away || naming.every(count => count > 0)));
  }

  judgeTold() {
    const { prefix } = this.server;
    const line = this.readiness.text.split('\n').find(each => each.startsWith(`${prefix}: `)) ?? 'no line';
    const others = this.readiness.text.trim().split('\n').slice(1).filter(each => !each.startsWith(`${prefix}: `));
    this.row('/readyz?verbose', '200, the others up, it not', `${this.readiness.status}, ${line}`,
      this.readiness.status === 200 && line !== 'no line' && !line.endsWith(': up') && others.every(each => each.endsWith(': up')));
    const standing = JSON.parse(this.status.text).servers;
    const mine = standing.find(each => each.name === prefix);
    const unwell = each => each.state !== 'ready' || each.silent > 0;
    const strange = standing.filter(each => each.name !== prefix && unwell(each))
      .map(each => `${each.name} ${each.state}, ${each.silent} silent`);
    this.row('/status', 'it does not answer, the others do',
      `${mine.state}, ${mine.silent ?? 0} silent${strange.length > 0 ? `; also ${strange.join('; ')}` : ''}`,
      unwell(mine) && strange.length === 0);
  }
}

/** Sessions of their own for each server: what an SDK gathers in a long one is not what is looked at here. */
async function round({ sheet, endpoint, servers }, server) {
  const loads = [];
  for (const era of ERAS) {
    const session = await connect(era, endpoint);
    await session.watchTools();
    loads.push(new Load(era, session, await endpoint.client(era), servers));
  }
  try {
    await warm(loads, servers);
    for (const kind of Object.keys(FAULTS)) await new Scene({ sheet, endpoint }, loads, server, kind).play();
  } finally {
    for (const load of loads) await load.end();
    for (const { session } of loads) await session.close();
  }
  return { calls: loads.flatMap(load => load.beats).length, lists: loads.flatMap(load => load.lists).length };
}

/** The first calls start children, and what comes up is told. */
async function warm(loads, servers) {
  const deadline = now() + BACK_WITHIN_MS;
  const cold = () => loads.some(({ beats, lists }) => lists.length === 0 || servers.some(({ prefix }) => !beats.some(beat => beat.prefix === prefix)));
  while (cold()) {
    if (now() > deadline) throw new Error(`not every server answers within ${BACK_WITHIN_MS / 1000} s`);
    await sleep(50);
  }
  await sleep(STEADY_MS);
}

export async function faults(ground) {
  let calls = 0;
  let lists = 0;
  for (const server of ground.servers) {
    const made = await round(ground, server);
    calls += made.calls;
    lists += made.lists;
  }
  ground.sheet.row('faults, altogether', 'more than 1000 calls', `${calls} calls, ${lists} lists`, calls > 1_000);
}
