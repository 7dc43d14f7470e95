#!/usr/bin/env node
// A stdio server that is sound until it is told otherwise, by a call of one of its tools or by a file in its folder.
// Arguments: the folder, and `modern` for the other era (legacy is what it speaks by itself). No SDK, no dependencies.
//
// Files in the folder are looked at when a process starts: `exits` ends it at once, `slow` holds the seconds it takes to come up, `deaf`
// lets it read nothing once it was greeted. What a test wants to know later goes into the file `notes`, one JSON line each.
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

const [folder, era = 'legacy'] = process.argv.slice(2);
const MIB = 1 << 20;
const marker = name => path.join(folder, name);
const note = (what, more = {}) => appendFileSync(marker('notes'), `${JSON.stringify({ what, pid: process.pid, at: Date.now(), ...more })}\n`);

/** Sleeps with everything else: no timer, no signal handler, no reading meanwhile. */
const freeze = ms => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Blocks until all of it is written; `process.stdout` would queue it in memory instead. */
function write(descriptor, data) {
  for (let at = 0; at < data.length;) at += writeSync(descriptor, data, at);
}

const out = message => write(1, Buffer.from(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`));
const text = said => ({ content: [{ type: 'text', text: said }], ...era === 'modern' ? { resultType: 'complete' } : {} });
const reply = (id, said) => out({ id, result: text(said) });

const running = new Map();
let counted = 0;
let asked = 0;
const answers = new Map();

/** `mib` of `chunk`, again and again; `between` is written every so many bytes. */
function flood(descriptor, mib, chunk, between = '') {
  const interval = 32 * MIB;
  let until = interval;
  for (let written = 0; written < mib * MIB; written += chunk.length) {
    write(descriptor, chunk);
    if (between !== '' && written >= until) {
      write(descriptor, Buffer.from(between));
      until += interval;
    }
  }
}

const FLOODS = {
  /** Lines that are no messages, 64 KiB each; fewer in a row than make a client give up. */
  garbage: mib => flood(1, mib, Buffer.from(`${'garbage '.repeat(8191)}\n`), `${JSON.stringify({ jsonrpc: '2.0', method: 'x/y' })}\n`),
  /** A message that would be one, if it ever ended. */
  line: mib => {
    write(1, Buffer.from('{"jsonrpc":"2.0","method":"x/y","params":{"x":"'));
    flood(1, mib, Buffer.alloc(MIB, 'x'));
    write(1, Buffer.from('"}}\n'));
  },
  notifications: (mib, progressToken) => {
    const one = params => JSON.stringify({ jsonrpc: '2.0', ...params });
    const data = 'news '.repeat(190);
    const lines = Array.from({ length: 256 }, (_, each) => each % 2 === 0 || progressToken === undefined
      ? one({ method: 'notifications/message', params: { level: 'info', data } })
      : one({ method: 'notifications/progress', params: { progressToken, progress: each, message: data } }));
    flood(1, mib, Buffer.from(`${lines.join('\n')}\n`));
  },
  errors: mib => flood(2, mib, Buffer.from(`${'trouble '.repeat(15)}${'\n'}`.repeat(512))),
};

/** Starts descendants of every kind, and names them: in our group, in a session of its own, adopted by init, deaf to SIGTERM. */
function family(id) {
  const stay = 'while :; do sleep 1; done';
  const one = (options, script) => spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], ...options });
  const kin = {
    'in our group': [{}, `echo $$; exec sleep 600`],
    'a session of its own': [{ detached: true }, `echo $$; exec sleep 600`],
    'adopted by init': [{ detached: true }, `sleep 600 >/dev/null & echo $!`],
    'deaf to SIGTERM': [{ detached: true }, `trap '' TERM; echo $$; exec >/dev/null; ${stay}`],
  };
  const pids = {};
  for (const [name, [options, script]] of Object.entries(kin)) {
    readline.createInterface({ input: one(options, script).stdout }).once('line', line => {
      pids[name] = Number(line);
      if (Object.keys(pids).length === Object.keys(kin).length) {
        note('family', { pids });
        reply(id, JSON.stringify(pids));
      }
    });
  }
}

/** Writes into the folder until there is no room. */
function fill(file) {
  const descriptor = openSync(file, 'w');
  try {
    for (let written = 0; written < 64 * MIB; written += 1024) write(descriptor, Buffer.alloc(1024));
    return 'there is no end of it';
  } catch (error) {
    return error.code;
  } finally {
    closeSync(descriptor);
  }
}

function steps(id, { count, everyMs, mark = '' }, progressToken) {
  let step = 0;
  const timer = setInterval(() => {
    if (progressToken !== undefined) out({ method: 'notifications/progress', params: { progressToken, progress: ++step, message: `${mark} ${step}` } });
    else step++;
    if (step >= count) {
      clearInterval(timer);
      running.delete(id);
      reply(id, `${mark} done`);
    }
  }, everyMs);
  running.set(id, () => {
    clearInterval(timer);
    note('cancelled', { mark });
  });
}

const TOOLS = {
  echo: (id, args) => reply(id, args.text),
  pid: id => reply(id, String(process.pid)),
  count: id => reply(id, String(++counted)),
  wait: (id, { ms }) => setTimeout(() => reply(id, 'waited'), ms),
  never: () => undefined,
  steps,
  large: (id, { mib }) => reply(id, '.'.repeat(mib * MIB)),
  exit: (id, { code, signal, afterMs = 0 }) => setTimeout(() => {
    note('dies');
    if (signal === undefined) process.exit(code);
    process.kill(process.pid, signal);
  }, afterMs),
  hang: (id, { stubborn }) => {
    // A handler runs only when the loop does, so the signal is as good as ignored.
    if (stubborn) process.on('SIGTERM', () => undefined);
    note('hangs');
    setImmediate(() => freeze());
  },
  flood: (id, { kind, mib }, token) => {
    note('flood begins');
    FLOODS[kind](mib, token);
    note('flood ends');
    reply(id, 'flooded');
  },
  family,
  fill: (id, { file }) => reply(id, fill(file)),
  /** Says its mark in a log message and as progress, then gives it back with the next number. */
  tell: (id, { mark }, progressToken) => {
    out({ method: 'notifications/message', params: { level: 'warning', data: mark } });
    if (progressToken !== undefined) out({ method: 'notifications/progress', params: { progressToken, progress: 1, message: mark } });
    setTimeout(() => reply(id, `${mark} ${++counted}`), 2);
  },
  /** Asks whoever called, and tells what came. */
  ask: (id, { mark }) => {
    const question = `ask-${++asked}`;
    answers.set(question, answer => reply(id, `${mark} ${answer.error ? `refused ${answer.error.code}` : answer.result.content?.said ?? answer.result.action}`));
    out({ id: question, method: 'elicitation/create', params: { message: mark,
      requestedSchema: { type: 'object', properties: { said: { type: 'string' } }, required: ['said'] } } });
  },
};

const LISTED = { tools: Object.keys(TOOLS).map(name => ({ name, inputSchema: { type: 'object' } })),
  ...era === 'modern' ? { resultType: 'complete', ttlMs: 0, cacheScope: 'private' } : {} };
const CAPABILITIES = { tools: {}, logging: {} };

let deaf = false;

/** Reads no more, and forgets what it has read without having looked at it. */
function deafen() {
  deaf = existsSync(marker('deaf'));
  if (deaf) process.stdin.pause();
}

function answer({ id, method, params, result, error }) {
  if (method === undefined) {
    answers.get(id)?.({ result, error });
    answers.delete(id);
  } else if (method === 'notifications/cancelled') {
    running.get(params.requestId)?.();
    running.delete(params.requestId);
  } else if (method === 'notifications/initialized') {
    deafen();
  } else if (id === undefined) {
    return;
  } else if (method === 'tools/call' && TOOLS[params.name]) {
    TOOLS[params.name](id, params.arguments ?? {}, params._meta?.progressToken);
  } else if (method === 'tools/list') {
    out({ id, result: LISTED });
  } else if (method === 'ping' || method === 'logging/setLevel') {
    out({ id, result: {} });
  } else if (method === 'server/discover' && era === 'modern') {
    out({ id, result: { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: CAPABILITIES, ttlMs: 0, cacheScope: 'private' } });
  } else if (method === 'initialize' && era === 'legacy') {
    out({ id, result: { protocolVersion: '2025-11-25', capabilities: CAPABILITIES, serverInfo: { name: 'faulty', version: '1.0.0' } } });
  } else {
    out({ id, error: { code: -32601, message: 'no such method' } });
  }
}

note('starts');
if (existsSync(marker('exits'))) process.exit(3);
if (existsSync(marker('slow'))) freeze(1000 * Number(readFileSync(marker('slow'), 'utf8')));
readline.createInterface({ input: process.stdin }).on('line', said => {
  if (!deaf) answer(JSON.parse(said));
}).on('close', () => process.exit(0));
