// A gateway in front of a scripted server, its callers, and what both cost: the ground every row of the suites faults and leaks
// stands on.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { RawCaller } from '../clients/raw.mjs';
import { INTEROP, sleep, temporaryFolder } from '../process.mjs';
import { sallyport, share } from '../product.mjs';

export const FAULTY = path.join(INTEROP, 'servers/faulty.mjs');
export const TINY = path.join(INTEROP, 'servers/tiny.sh');
export const MIB = 1 << 20;

/** What the servers speak; the stand-in of the self-test translates nothing, so there it is what the callers speak. */
const ERA = process.env.SALLYPORT_UNDER_TEST === undefined ? 'legacy' : 'modern';

export const text = answer => answer.result?.content?.[0]?.text;

export function percentile(values, part) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
}

export const ms = value => value === undefined ? '-' : value < 10 ? `${value.toFixed(1)} ms` : value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
export const spread = values => `p50 ${ms(percentile(values, 0.5))}, p99 ${ms(percentile(values, 0.99))}`;
export const mib = bytes => `${(bytes / MIB).toFixed(bytes < 10 * MIB ? 1 : 0)} MiB`;

/** Looks until `look` finds something; undefined when it does not in time. */
export async function until(look, withinMs, everyMs = 20) {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) return undefined;
    await sleep(everyMs);
  }
}

/** Whether a process runs; one that only waits to be reaped does not. */
export function runs(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !'ZX'.includes(stat[stat.lastIndexOf(')') + 2]);
  } catch {
    return false;
  }
}

export function parentOf(pid) {
  return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))[1]);
}

/**
 * The process that calls itself `pid` in a pid namespace of its own, as this side of it knows it; `pid` itself where there is none.
 * Only what descends from `ancestor` is meant: every sandbox has a process 2.
 */
export function outside(ancestor, pid) {
  const parents = new Map();
  const inner = new Map();
  for (const each of readdirSync('/proc').filter(entry => /^\d+$/.test(entry)).map(Number)) {
    try {
      const status = readFileSync(`/proc/${each}/status`, 'latin1');
      parents.set(each, Number(/^PPid:\s+(\d+)/m.exec(status)[1]));
      const ids = /^NSpid:\s+(.*)$/m.exec(status)[1].split(/\s+/).map(Number);
      if (ids.length > 1) inner.set(each, ids.at(-1));
    } catch {
      continue; // gone meanwhile
    }
  }
  const descends = each => each === ancestor || (parents.has(each) && parents.get(each) > 1 && descends(parents.get(each)));
  for (const [each, id] of inner) if (id === pid && descends(each)) return each;
  return pid;
}

/** What a process holds: resident bytes, descriptors, threads, its direct children and those of them that wait to be reaped. */
export function held(pid) {
  const count = folder => readdirSync(`/proc/${pid}/${folder}`).length;
  let children = 0;
  let zombies = 0;
  for (const each of readdirSync('/proc').filter(entry => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${each}/stat`, 'latin1');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(parent) !== pid) continue;
      if (state === 'Z') zombies++;
      else children++;
    } catch {
      continue; // gone meanwhile
    }
  }
  return { resident: residentOf(pid), descriptors: count('fd'), threads: count('task'), children, zombies };
}

export function residentOf(pid) {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
}

/** Its share of memory that it has together with others counts in part. */
export function proportionalOf(pid) {
  return 1024 * Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
}

/** The highest resident memory while something goes on. */
export class Peak {
  constructor(pid) {
    this.before = residentOf(pid);
    this.most = this.before;
    this.timer = setInterval(() => {
      try {
        this.most = Math.max(this.most, residentOf(pid));
      } catch {
        clearInterval(this.timer);
      }
    }, 25);
  }

  end() {
    clearInterval(this.timer);
    return this.most - this.before;
  }
}

/** How long this process was kept from running while something was measured: a bound on a busy machine is wider by that. */
export class Stalls {
  constructor() {
    this.longest = 0;
    let last = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      this.longest = Math.max(this.longest, now - last - 10);
      last = now;
    }, 10);
  }

  end() {
    clearInterval(this.timer);
    return this.longest;
  }
}

/** A caller in a loop: the latencies of its calls, and what was wrong. */
export class Pulse {
  constructor(caller, pauseMs = 15) {
    this.times = [];
    this.wrong = [];
    this.beating = true;
    this.done = (async () => {
      for (let number = 1; this.beating; number++) {
        const said = `beat ${number}`;
        const start = performance.now();
        try {
          const answer = await caller.call(number, 'echo', { text: said }, { signal: AbortSignal.timeout(60_000) });
          if (text(answer) !== said) this.wrong.push(JSON.stringify(answer).slice(0, 200));
        } catch (error) {
          this.wrong.push(error.message);
        }
        this.times.push(performance.now() - start);
        await sleep(pauseMs);
      }
    })();
  }

  async end() {
    this.beating = false;
    await this.done;
    return this;
  }
}

async function database(file) {
  const emit = process.emitWarning;
  process.emitWarning = () => undefined; // that SQLite is young in Node.js concerns nobody who reads a test's output
  try {
    const { DatabaseSync } = await import('node:sqlite');
    return new DatabaseSync(file, { timeout: 5000 });
  } finally {
    process.emitWarning = emit;
  }
}

let folders = 0;

export class Gateway {
  /**
   * The one that runs for each row; `command` gets the folder of its notes. Without a sandbox, where none is asked for: what is
   * staged here is what a child does to the gateway, with the watchdog as the last resort.
   */
  static async open(label, { options = [], command = folder => [process.execPath, FAULTY, folder, ERA], heap = '512m', java = '', env = {}, wrap } = {}) {
    const folder = temporaryFolder(`faults-${++folders}`);
    const line = command(folder);
    const { program, ready } = await share(label, ['--era', ERA, ...options.includes('--sandbox') ? [] : ['--sandbox', 'none'], ...options], line, folder,
      { env: { SALLYPORT_JAVA_OPTS: `-Xmx${heap} ${java}`.trim(), ...env }, wrap });
    return new Gateway(folder, program, ready);
  }

  constructor(folder, program, ready) {
    Object.assign(this, { folder, program, ready, pid: program.pid, made: 0 });
    this.owner = this.caller(ready.key);
  }

  caller(key, era = 'modern') {
    return new RawCaller({ url: this.ready.url, key, era });
  }

  /** Callers with new keys. Hundreds of `keys add` would take minutes, so beyond a few they are written as the store keeps them. */
  async callers(count) {
    const keys = await this.keys(count);
    const callers = keys.map(key => this.caller(key));
    // What is no message is refused behind the door, and starts no child.
    const known = await until(async () => (await callers.at(-1).exchange('POST', {}, {})).status !== 401, 15_000, 100);
    assert.ok(known, 'a new key is not accepted');
    return callers;
  }

  async keys(count) {
    const file = path.join(this.folder, 'data/sallyport.db');
    if (!existsSync(file)) {
      const made = [];
      for (let each = 0; each < count; each++) {
        const added = await sallyport(['keys', 'add', `caller-${++this.made}`, '--json'], this.folder, 60_000);
        made.push(JSON.parse(added.lines[0]).key);
      }
      return made;
    }
    const store = await database(file);
    try {
      const insert = store.prepare('INSERT INTO access_key (id, name, hash, created, expires) VALUES (?, ?, ?, ?, ?)');
      store.exec('BEGIN IMMEDIATE');
      const made = Array.from({ length: count }, () => {
        const key = `sp_${randomBytes(32).toString('base64url')}`;
        insert.run(randomBytes(9).toString('base64url'), `caller-${++this.made}`, createHash('sha256').update(key).digest('hex'), Date.now(), Date.now() + 86_400_000);
        return key;
      });
      store.exec('COMMIT');
      return made;
    } finally {
      store.close();
    }
  }

  /** What the servers noted, oldest first. */
  notes(what) {
    const file = path.join(this.folder, 'notes');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8').split('\n').filter(line => line.endsWith('}')).map(line => JSON.parse(line)).filter(note => what === undefined || note.what === what);
  }

  /** jcmd beside the java that runs it. */
  jcmd() {
    return path.join(path.dirname(realpathSync(readlinkSync(`/proc/${this.pid}/exe`))), 'jcmd');
  }

  async stop(options) {
    await this.program.stop(options);
  }
}
