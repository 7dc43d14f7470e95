// The hop from HTTP to HTTP, next to a raw proxy. Start it with `./run hop`, which prepares what it needs.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { suite, temporaryFolder } from '../interop/process.mjs';
import { abilities, makeKeys } from './contenders.mjs';
import { Generator } from './generator.mjs';
import { raw, sallyport, upstream } from './hop/contenders.mjs';
import { bodyOf, load } from './hop/load.mjs';
import { BETWEEN, goals, table } from './hop/report.mjs';
import { writeInto } from './report.mjs';
import { residentOf } from './usage.mjs';

const USAGE = 'usage: bench/run hop [--rounds N] [--seconds S] [--warmup S] [--only raw,sallyport] [--parts load,events,idle]\n'
  + '                     [--connections N] [--idle N] [--settle S] [--share OPTION]... [--write] [--json FILE]';
const SIZES = [400, 10_000, 1_000_000];
const STREAMS = 64;
const EVERY_MS = 50;

/** As many subscriptions as a caller of Sallyport may have. */
const PER_KEY = 16;

/** Of a gateway, beside two for each stream: jars, pipes, loops. */
const OTHER_FILES = 300;
const OPENED_WITHIN_MS = 600_000;

function settings() {
  const { values } = parseArgs({ options: {
    write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false }, rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' }, warmup: { type: 'string', default: '10' }, connections: { type: 'string', default: '64' },
    idle: { type: 'string', default: '10000' }, settle: { type: 'string', default: '10' }, only: { type: 'string', default: BETWEEN.join() },
    parts: { type: 'string', default: 'load,events,idle' }, share: { type: 'string', multiple: true, default: [] }, json: { type: 'string' } } });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const number = name => {
    const value = Number(values[name]);
    if (!(Number.isInteger(value) && value > 0 && value <= 100_000)) throw new Error(`--${name}: not a number from 1 to 100000\n${USAGE}`);
    return value;
  };
  const some = (name, known) => {
    const chosen = values[name].split(',');
    for (const each of chosen) if (!known.includes(each)) throw new Error(`--${name}: there is no ${each}\n${USAGE}`);
    return chosen;
  };
  return { write: values.write, json: values.json, share: values.share, only: some('only', BETWEEN), parts: some('parts', ['load', 'events', 'idle']),
    ...Object.fromEntries(['rounds', 'seconds', 'warmup', 'connections', 'idle', 'settle'].map(name => [name, number(name)])) };
}

/** Fewer than asked for where a process may not have that many files open: a stream through a gateway is two. */
function possibleStreams(wanted) {
  const [, most] = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
  const possible = most === undefined ? wanted : Math.min(wanted, Math.floor((Number(most) - OTHER_FILES) / 2));
  if (possible < wanted) console.error(`! ${wanted} idle streams need ${2 * wanted + OTHER_FILES} open files, a process may have ${most}: ${possible} streams`);
  return possible;
}

let broken = 0;

/** What it resolves with, or nothing: a failure is told, with what the program had to say, and the rest goes on. */
async function attempt({ program } = {}, work) {
  try {
    return await work();
  } catch (error) {
    console.error(`✗ ${(program?.failure(error.message) ?? error).message}`);
    broken += 1;
    return undefined;
  }
}

/** All contenders in turn, once for each size. */
async function loadRound(contenders, server, options, keysFile, { seconds, check }) {
  const figures = Object.fromEntries(contenders.map(({ id }) => [id, {}]));
  for (const bytes of SIZES) {
    for (const contender of contenders) {
      const { connections } = options;
      const bodyLength = contender.lengths[bytes];
      if (bodyLength === undefined) continue;
      figures[contender.id][bytes] = await attempt(contender, () => load(contender, server, { bytes, seconds, connections, keysFile, bodyLength, check }));
    }
  }
  return figures;
}

/** Streams to the upstream itself, and through each contender. */
async function eventsRound(contenders, server, generator, keys, seconds) {
  const figures = {};
  const events = Math.ceil((1000 * seconds) / EVERY_MS);
  for (const contender of [server, ...contenders]) {
    figures[contender.id] = await attempt(contender, () => generator.do('delays', { port: contender.port, keys, count: STREAMS, everyMs: EVERY_MS, events }));
  }
  return figures;
}

/** A gateway that has done nothing else yet, and streams that nothing comes through. */
async function idleStreams(gateway, keys, options) {
  const { port, pid } = gateway;
  const count = possibleStreams(options.idle);
  const generator = new Generator('hop/streams.mjs');
  try {
    const settle = () => generator.do('standing', { ms: 1000 * options.settle }, 1000 * options.settle + 60_000);
    const first = await generator.do('open', { port, keys, count: 1, perKey: PER_KEY });
    if (first.open === 0) throw new Error(first.refusals[0]);
    await settle();
    const before = residentOf(pid);
    const { refusals } = await generator.do('open', { port, keys: keys.slice(1), count: count - 1, perKey: PER_KEY }, OPENED_WITHIN_MS);
    const { open } = await settle();
    const after = residentOf(pid);
    await generator.do('close');
    return { wanted: options.idle, count, open, before, after, refusal: refusals[0] };
  } finally {
    await generator.end();
  }
}

function say(round, options, { load: loaded, events }) {
  for (const id of options.only) {
    const sizes = SIZES.filter(bytes => loaded?.[id]?.[bytes])
      .map(bytes => `${bytes} B ${Math.round(loaded[id][bytes].perSecond)}/s ${loaded[id][bytes].cpu.toFixed(1)} us`);
    const delay = events?.[id] && events.upstream ? [`events +${(events[id].p99 - events.upstream.p99).toFixed(2)} ms`] : [];
    console.error(`round ${round}/${options.rounds} ${id}: ${[...sizes, ...delay].join(', ') || 'nothing'}`);
  }
}

async function rounds(contenders, server, keysFile, keys, options) {
  const generator = new Generator('hop/streams.mjs');
  const has = part => options.parts.includes(part);
  const once = async (seconds, check) => ({
    ...(has('load') && { load: await loadRound(contenders, server, options, keysFile, { seconds, check }) }),
    ...(has('events') && { events: await eventsRound(contenders, server, generator, keys, seconds) }),
  });
  try {
    for (const contender of contenders) {
      contender.lengths = {};
      for (const bytes of SIZES) contender.lengths[bytes] = await attempt(contender, () => bodyOf(contender, bytes, keys[0]));
    }
    await once(options.warmup, true);
    const results = [];
    for (let round = 1; round <= options.rounds; round++) {
      results.push(await once(options.seconds, false));
      say(round, options, results.at(-1));
    }
    return results;
  } finally {
    await generator.end();
  }
}

await suite(async () => {
  const options = settings();
  const folder = temporaryFolder('hop');
  const withIdle = options.parts.includes('idle') && options.only.includes('sallyport');
  const count = options.only.includes('sallyport') ? Math.max(options.connections, withIdle ? Math.ceil(options.idle / PER_KEY) + 1 : 1) : 0;
  if (count > 0) console.error(`making ${count} access keys`);
  if (count > 0) await abilities(folder); // The first start may build the product, which takes longer than a key may.
  const keys = count > 0 ? await makeKeys(count, folder) : ['none'];
  const callers = keys.slice(0, options.connections);
  const keysFile = path.join(folder, 'keys');
  writeFileSync(keysFile, callers.join('\n'));

  const server = await upstream();
  console.error(`the upstream and the raw proxy are on ${server.ready.io}`);
  const starts = { raw: () => raw(server), sallyport: () => sallyport(server, folder, options.share) };
  const end = async contender => {
    await attempt(undefined, () => contender.stop());
    contender.program.kill();
  };

  let measured = [];
  if (options.parts.some(part => part !== 'idle')) {
    const contenders = [];
    for (const id of options.only) {
      const contender = await attempt(undefined, starts[id]);
      if (contender) contenders.push(contender);
    }
    measured = await rounds(contenders, server, keysFile, callers, options);
    for (const contender of contenders) await end(contender);
  }
  let idle;
  if (withIdle) {
    const gateway = await attempt(undefined, starts.sallyport);
    if (gateway) {
      idle = await attempt(gateway, () => idleStreams(gateway, keys, options));
      await end(gateway);
    }
  }
  await end(server);

  const text = `${table(measured, idle, options)}\n\n${goals(measured, idle)}`;
  console.log(text);
  if (options.json) writeFileSync(options.json, JSON.stringify({ rounds: measured, idle }, null, 1));
  if (options.write && broken === 0) {
    writeInto('bench/run hop', text, `${options.rounds} interleaved rounds, ${options.warmup} s of warm-up and ${options.seconds} s of measuring each, `
      + `${options.connections} connections`, 'the client of event streams');
  }
  return broken === 0;
});
