// Starts a program under test, reads its ready line, stops it, and proves that nothing of it is left.
//
// A tree is remembered while it lives: a grandchild that moved to a session or a process group of its own, or whose parent died
// first, can no longer be found by walking down from us, so its pid and start time are noted every quarter second.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..');
export const INTEROP = import.meta.dirname;

/** The first start may compile the whole product. */
const READY_WITHIN_MS = 300_000;
const STOPS_WITHIN_MS = 20_000;
const GONE_WITHIN_MS = 5_000;

const started = new Set();
const folders = [];

export const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));

/** A new empty folder that is removed when the suite ends. */
export function temporaryFolder(label) {
  const folder = mkdtempSync(path.join(tmpdir(), `sallyport-${label}-`));
  folders.push(folder);
  return folder;
}

/** pid -> {parent, startTime, state}; an entry that vanishes while it is read is simply not there. */
function processTable() {
  const table = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      table.set(Number(entry), { state: fields[0], parent: Number(fields[1]), startTime: fields[19] });
    } catch {
      continue;
    }
  }
  return table;
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 160);
  } catch {
    return '(gone)';
  }
}

class Program {
  constructor(name, command, args, options) {
    this.name = name;
    this.lines = [];
    this.errors = '';
    this.errorBytes = 0;
    this.seen = new Map();
    this.child = spawn(command, args, {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, ...options.env },
      stdio: [options.input === undefined && !options.interactive ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    if (options.input !== undefined) this.child.stdin.end(options.input);
    started.add(this);
    this.ended = new Promise(resolve => {
      this.child.once('error', error => resolve({ code: 127, signal: null, error }));
      this.child.once('close', (code, signal) => resolve({ code, signal }));
    });
    this.child.stderr.setEncoding('utf8').on('data', text => {
      this.errors = (this.errors + text).slice(-200_000);
      this.errorBytes += Buffer.byteLength(text);
    });
    let rest = '';
    this.child.stdout.setEncoding('utf8').on('data', text => {
      const parts = (rest + text).split('\n');
      rest = parts.pop();
      this.lines.push(...parts);
      this.onLines?.();
    });
    this.child.stdout.on('close', () => { if (rest !== '') this.lines.push(rest); });
    this.watch = setInterval(() => this.remember(), 250);
    this.watch.unref();
  }

  get pid() { return this.child.pid; }

  remember() {
    const table = processTable();
    const mine = new Set(this.pid === undefined ? [] : [this.pid]);
    for (const pid of this.seen.keys()) mine.add(pid);
    for (let grown = true; grown;) {
      grown = false;
      for (const [pid, entry] of table) {
        if (!mine.has(pid) && mine.has(entry.parent) && pid !== process.pid) {
          mine.add(pid);
          grown = true;
        }
      }
    }
    for (const pid of mine) {
      const entry = table.get(pid);
      if (entry && !this.seen.has(pid)) this.seen.set(pid, { startTime: entry.startTime, command: commandLine(pid) });
    }
  }

  /** Those of the remembered processes that still run. A zombie has ended; a reused pid has another start time. */
  survivors() {
    const table = processTable();
    return [...this.seen].filter(([pid, note]) => {
      const entry = table.get(pid);
      return entry && entry.startTime === note.startTime && entry.state !== 'Z' && entry.state !== 'X';
    }).map(([pid, note]) => `${pid} ${note.command}`);
  }

  async jsonLine(withinMs) {
    const line = await Promise.race([
      new Promise(resolve => {
        const look = () => { if (this.lines.length > 0) resolve(this.lines[0]); };
        this.onLines = look;
        look();
      }),
      this.ended.then(end => { throw this.failure(`ended before it was ready (${describe(end)})`); }),
      sleep(withinMs).then(() => { throw this.failure(`not ready within ${withinMs / 1000} s`); }),
    ]);
    try {
      return JSON.parse(line);
    } catch {
      throw this.failure(`the ready line is not JSON: ${line.slice(0, 200)}`);
    }
  }

  failure(text) {
    const tail = this.errors.trim().split('\n').slice(-25).join('\n      ');
    return new Error(`${this.name}: ${text}${tail ? `\n    its stderr ended with\n      ${tail}` : ''}`);
  }

  /** SIGTERM, then: code 0, one line on stdout, and no process of the tree left. */
  async stop({ expectCode = 0, expectLines = 1, withinMs = STOPS_WITHIN_MS } = {}) {
    if (!started.has(this)) return;
    this.remember();
    this.child.kill('SIGTERM');
    const end = await Promise.race([this.ended, sleep(withinMs).then(() => null)]);
    const problems = [];
    if (end === null) problems.push(`still running ${withinMs / 1000} s after SIGTERM`);
    else if (end.code !== expectCode) problems.push(`${describe(end)} after SIGTERM, expected exit code ${expectCode}`);
    if (expectLines !== null && this.lines.length !== expectLines) {
      problems.push(`${this.lines.length} lines on stdout, expected ${expectLines}: ${JSON.stringify(this.lines.slice(0, 4)).slice(0, 400)}`);
    }
    const deadline = Date.now() + GONE_WITHIN_MS;
    while (this.survivors().length > 0 && Date.now() < deadline) await sleep(50);
    const left = this.survivors();
    if (left.length > 0) problems.push(`left running: ${left.join('; ')}`);
    this.kill();
    if (problems.length > 0) throw this.failure(problems.join('; '));
  }

  /** The hard end, for every way out that is not `stop`. */
  kill() {
    clearInterval(this.watch);
    this.remember();
    for (const survivor of this.survivors()) {
      try {
        process.kill(Number(survivor.split(' ')[0]), 'SIGKILL');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    started.delete(this);
  }
}

function describe({ code, signal, error }) {
  if (error) return error.message;
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}

/** Starts a program that is talked to: its standard input stays open. */
export function start(name, command, args, options = {}) {
  return new Program(name, command, args, options);
}

/** Starts a server that prints one JSON line when it is ready; returns {program, ready}. */
export async function serve(name, command, args, options = {}) {
  const program = new Program(name, command, args, options);
  try {
    return { program, ready: await program.jsonLine(options.readyWithinMs ?? READY_WITHIN_MS) };
  } catch (error) {
    program.kill();
    throw error;
  }
}

/** Runs a program to its end; returns {code, lines, errors}. */
export async function run(name, command, args, { withinMs = 60_000, ...options } = {}) {
  const program = new Program(name, command, args, options);
  const end = await Promise.race([program.ended, sleep(withinMs).then(() => null)]);
  if (end === null) {
    program.kill();
    throw program.failure(`did not end within ${withinMs / 1000} s`);
  }
  const deadline = Date.now() + GONE_WITHIN_MS;
  while (program.survivors().length > 0 && Date.now() < deadline) await sleep(50);
  const left = program.survivors();
  program.kill();
  if (left.length > 0) throw program.failure(`left running: ${left.join('; ')}`);
  return { code: end.code ?? 128, lines: program.lines, errors: program.errors, failure: text => program.failure(text) };
}

/** Runs a suite's body; whatever happens, nothing it started outlives it. */
export async function suite(body) {
  const clean = () => {
    for (const program of [...started]) program.kill();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      clean();
      process.exit(143);
    });
  }
  let ok = false;
  try {
    ok = await body();
    const forgotten = [...started].map(program => program.name);
    if (forgotten.length > 0) {
      console.error(`✗ left running at the end: ${forgotten.join(', ')}`);
      ok = false;
    }
  } catch (error) {
    console.error(`✗ ${error.stack ?? error}`);
  } finally {
    clean();
  }
  process.exit(ok ? 0 : 1);
}
